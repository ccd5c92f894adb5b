//! The words that a theme says, which tell what its templates may read.
//!
//! Most of what a page could show costs more to make than to show: structured
//! data, the sentences that name somebody, who is named with whom. A value whose
//! name stands in no template cannot be read by one, so it need not be made. That
//! is decided by words, not by parsing: too many words only cost time.

use rustc_hash::FxHashSet;

/// A set of identifiers, or all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Option<FxHashSet<Box<str>>>);

impl Default for Words {
    /// No word at all.
    fn default() -> Self {
        Self(Some(FxHashSet::default()))
    }
}

impl Words {
    /// Collects the words of some texts: runs of ASCII letters, digits and `_`.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = FxHashSet::default();
        for text in texts {
            for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
                if !word.is_empty() && !words.contains(word) {
                    words.insert(word.into());
                }
            }
        }
        Self(Some(words))
    }

    /// Returns the set that holds every word.
    pub fn all() -> Self {
        Self(None)
    }

    /// Returns whether a template may read a value of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|words| words.contains(name))
    }

    /// Returns whether a template may read the sentences that name an entity.
    pub fn quotes(&self) -> bool {
        self.has("sentences") || self.has("more")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_they_stand() {
        let words = Words::of(["{% for e in page.json_ld %}{{ a[\"og\"].x }}", "{{ 'made' }}"]);
        for word in ["page", "json_ld", "og", "x", "made"] {
            assert!(words.has(word), "{word}");
        }
        assert!(!words.has("json") && !words.has("") && !words.has("ld"));
    }
}
