//! The words that a theme says, which tell what its templates may read.
//!
//! Most of what a page could show costs more to make than to show: structured
//! data, the sentences that name somebody, who is named with whom. A value whose
//! name stands in no template cannot be read by one, so it need not be made. That
//! is decided by words, not by parsing: too many words only cost time.

use rustc_hash::FxHashSet;

/// A set of identifiers, or all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Option<Table>);

/// Identifiers, each at the lower bits of its hash or at the next free place behind.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Table(Vec<Option<(u32, Box<str>)>>);

/// An identifier with its hash, which the compiler works out for those in the source: each value of each page asks for its name.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    text: &'static str,
    hash: u32,
}

impl Name {
    /// Returns an identifier.
    pub const fn new(text: &'static str) -> Self {
        Self { text, hash: hash(text) }
    }
}

/// FNV-1a (Fowler, Noll, Vo).
const fn hash(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let (mut hash, mut at) = (0x811c_9dc5_u32, 0);
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash
}

impl Table {
    fn new(words: FxHashSet<&str>) -> Self {
        // Most places stay free, so that a search ends at the first.
        let mut table = Self(vec![None; (4 * words.len() + 1).next_power_of_two()]);
        // The same words make the same table.
        let mut words: Vec<&str> = words.into_iter().collect();
        words.sort_unstable();
        for word in words {
            let hash = hash(word);
            let place = table.place(word, hash);
            table.0[place] = Some((hash, word.into()));
        }
        table
    }

    /// Returns where a word is, or would be.
    fn place(&self, word: &str, hash: u32) -> usize {
        let mask = self.0.len() - 1;
        let mut at = hash as usize & mask;
        while let Some((other, text)) = &self.0[at] {
            if *other == hash && **text == *word {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }

    fn has(&self, word: &str, hash: u32) -> bool {
        self.0[self.place(word, hash)].is_some()
    }
}

impl Default for Words {
    /// No word at all.
    fn default() -> Self {
        Self::of([])
    }
}

impl Words {
    /// Collects the words of some texts: runs of ASCII letters, digits and `_`.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let parts = |text: &'a str| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let words = texts.into_iter().flat_map(parts).filter(|word| !word.is_empty());
        Self(Some(Table::new(words.collect())))
    }

    /// Returns the set that holds every word.
    pub fn all() -> Self {
        Self(None)
    }

    /// Returns whether a template may read a value of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|words| words.has(name, hash(name)))
    }

    /// The same for a name of which the hash is known.
    pub fn have(&self, name: Name) -> bool {
        self.0.as_ref().is_none_or(|words| words.has(name.text, name.hash))
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
