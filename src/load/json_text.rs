//! JSON maps inside other formats, for serde's `with`: written as text, because only a format that
//! describes itself can hold a value of any type.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

pub(crate) fn serialize<S: Serializer>(map: &Map<String, Value>, to: S) -> Result<S::Ok, S::Error> {
    let text = (!map.is_empty()).then(|| serde_json::to_string(map)).transpose();
    text.map_err(serde::ser::Error::custom)?.serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Map<String, Value>, D::Error> {
    match Option::<String>::deserialize(from)? {
        Some(text) => serde_json::from_str(&text).map_err(D::Error::custom),
        None => Ok(Map::new()),
    }
}
