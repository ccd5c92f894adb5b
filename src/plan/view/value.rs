//! Template values, made without a detour through a serialiser.

use tera::Value;

/// Makes a map value of those keys that the theme's templates read: `object! { words; "name" => value, ... }`.
///
/// The value of a key that no template names is not even evaluated.
macro_rules! object {
    ($words:expr; $($key:literal => $value:expr),* $(,)?) => {{
        let words: &$crate::theme::Words = $words;
        // The engine copies any map into one of its own, so the cheapest one to fill is best.
        let mut map: std::collections::BTreeMap<&'static str, tera::Value> = Default::default();
        $(if words.has($key) {
            map.insert($key, tera::Value::from($value));
        })*
        tera::Value::from(map)
    }};
}
pub(super) use object;

/// Returns a string or null.
pub(super) fn optional(text: Option<&str>) -> Value {
    text.map_or_else(Value::none, Value::from)
}
