//! Template values, made without a detour through a serialiser.

use tera::value::Key;
use tera::{Map, Value};

/// Makes a map value: `object! { "name" => value, ... }`.
macro_rules! object {
    ($($key:literal => $value:expr),* $(,)?) => {
        $crate::plan::view::value::from_pairs([$(($key, tera::Value::from($value))),*])
    };
}
pub(super) use object;

/// Returns the map of some pairs.
pub(super) fn from_pairs<const N: usize>(pairs: [(&'static str, Value); N]) -> Value {
    let mut map = Map::with_capacity(N);
    for (key, value) in pairs {
        map.insert(Key::from(key), value);
    }
    Value::from(map)
}

/// Returns a string or null.
pub(super) fn optional(text: Option<&str>) -> Value {
    text.map_or_else(Value::none, Value::from)
}
