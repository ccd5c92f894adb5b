//! Template values, made without a detour through a serialiser.

use tera::Value;

/// Makes a map value of those keys that the theme's templates read: `object! { words; "name" => value, ... }`.
///
/// The value of a key that no template names is not even evaluated.
macro_rules! object {
    ($words:expr; $($key:literal => $value:expr),* $(,)?) => {{
        let words: &$crate::theme::Words = $words;
        // The engine copies any map into one of its own, so the cheapest one to fill is best.
        let mut map: std::collections::BTreeMap<$crate::plan::view::value::Key, tera::Value> = Default::default();
        let mut place = 0;
        $(
            if words.has($key) {
                map.insert($crate::plan::view::value::Key(place, $key), tera::Value::from($value));
            }
            place += 1;
        )*
        let _all: usize = place;
        tera::Value::from(map)
    }};
}
pub(super) use object;

/// A key of a map, ordered by where it stands among the others: a number is compared faster than letters.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) struct Key(pub(in crate::plan) usize, pub(in crate::plan) &'static str);

impl From<Key> for tera::value::Key<'static> {
    fn from(Key(_, name): Key) -> Self {
        Self::Str(name)
    }
}

/// Returns a string or null.
pub(super) fn optional(text: Option<&str>) -> Value {
    text.map_or_else(Value::none, Value::from)
}
