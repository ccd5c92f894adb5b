//! Numbers for strings, each of which is kept once.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::FxHasher;

/// Strings with dense numbers, in the order in which they came.
///
/// A table of strings would keep each in memory of its own; a text has some hundred different words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    /// All strings, one after the other.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
    /// Hash and number of each string, at the lower bits of the hash or at the next free place behind.
    table: Vec<Option<(u32, u32)>>,
}

impl Interner {
    /// Returns the number of a string: the same as before, or the next.
    pub(crate) fn number(&mut self, string: &str) -> u32 {
        if self.table.len() <= 2 * self.ends.len() {
            self.grow();
        }
        let hash = hash(string);
        let mask = self.table.len() - 1;
        let mut at = hash as usize & mask;
        while let Some((other, number)) = self.table[at] {
            if other == hash && self.bytes(number) == string.as_bytes() {
                return number;
            }
            at = (at + 1) & mask;
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.table[at] = Some((hash, number));
        self.text.push_str(string);
        self.ends.push(self.text.len());
        number
    }

    /// Borrows the string with a number; an empty one when there is none.
    pub(crate) fn get(&self, number: u32) -> &str {
        self.text.get(self.place(number)).unwrap_or_default()
    }

    /// The same as bytes, which need not be on borders of characters.
    fn bytes(&self, number: u32) -> &[u8] {
        self.text.as_bytes().get(self.place(number)).unwrap_or_default()
    }

    fn place(&self, number: u32) -> Range<usize> {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        start.unwrap_or_default()..self.ends.get(at).copied().unwrap_or_default()
    }

    /// Returns all strings, in the order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.text.get(start..*end).unwrap_or_default())
    }

    /// Returns how many strings there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn grow(&mut self) {
        let size = (2 * self.table.len()).max(256);
        let old = std::mem::replace(&mut self.table, vec![None; size]);
        for (hash, number) in old.into_iter().flatten() {
            let mut at = hash as usize & (size - 1);
            while self.table[at].is_some() {
                at = (at + 1) & (size - 1);
            }
            self.table[at] = Some((hash, number));
        }
    }
}

fn hash(string: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(string.as_bytes());
    // The lower half is as good as the whole.
    u32::try_from(hasher.finish() & u64::from(u32::MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_keeps_its_number() {
        let mut all = Interner::default();
        let words: Vec<String> = (0..2_000).map(|n| format!("word {n}")).collect();
        for word in words.iter().chain(&words) {
            let number = all.number(word);
            assert_eq!(all.get(number), word);
            assert_eq!(*word, format!("word {number}"));
        }
        assert_eq!((all.len(), all.get(2_000)), (2_000, ""));
        assert!(all.iter().eq(&words));
        assert_eq!(all.number(""), 2_000);
    }
}
