//! Numbers for strings, each of which is kept once.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::FxHasher;

/// Places of the first table: enough for the words of most texts.
const FIRST: usize = 1024;

/// Strings with dense numbers, in the order in which they came.
///
/// A table of strings would keep each in memory of its own; a text has some hundred different words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    /// All strings, one after the other.
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
    /// Key and number of each string, at the place that its key tells or at the next free one behind.
    table: Vec<(Key, u32)>,
}

impl Interner {
    /// Returns the number of a string: the same as before, or the next.
    pub(crate) fn number(&mut self, string: &str) -> u32 {
        if self.table.len() <= 2 * self.ends.len() {
            self.grow();
        }
        let key = Key::of(string);
        let mask = self.table.len() - 1;
        let mut at = key.place() & mask;
        loop {
            let (other, number) = self.table[at];
            if other == key && (key.is_whole() || self.bytes(number) == string.as_bytes()) {
                return number;
            }
            if other == Key::NONE {
                break;
            }
            at = (at + 1) & mask;
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.table[at] = (key, number);
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
        let size = (2 * self.table.len()).max(FIRST);
        let old = std::mem::replace(&mut self.table, vec![(Key::NONE, 0); size]);
        for (key, number) in old.into_iter().filter(|(key, _)| *key != Key::NONE) {
            let mut at = key.place() & (size - 1);
            while self.table[at].0 != Key::NONE {
                at = (at + 1) & (size - 1);
            }
            self.table[at] = (key, number);
        }
    }
}

/// What strings are told apart by: short ones, as most words are, are it, with their length; of others it is a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key(u64);

impl Key {
    /// Of no string.
    const NONE: Self = Self(0);
    /// The topmost byte is the length and one; of a hash, all its bits are set.
    const LENGTH: u32 = 56;
    const HASHED: u64 = 0xff << Self::LENGTH;

    fn of(string: &str) -> Self {
        let bytes = string.as_bytes();
        let len = bytes.len() as u64;
        // The first and the last bytes overlap where there are fewer than twice as many; there they are the same.
        let both = |first: u64, last: u64, width: u64| first | last << (8 * (len - width));
        let packed = match *bytes {
            [] => 0,
            [one] => u64::from(one),
            [a, b] | [a, b, _] => {
                let last = [bytes[bytes.len() - 2], bytes[bytes.len() - 1]];
                both(u64::from(u16::from_le_bytes([a, b])), u64::from(u16::from_le_bytes(last)), 2)
            }
            [a, b, c, d] | [a, b, c, d, _] | [a, b, c, d, _, _] | [a, b, c, d, _, _, _] => {
                let last = bytes.last_chunk().map_or(0, |last| u32::from_le_bytes(*last));
                both(u64::from(u32::from_le_bytes([a, b, c, d])), u64::from(last), 4)
            }
            _ => {
                let mut hasher = FxHasher::default();
                hasher.write(bytes);
                return Self(hasher.finish() | Self::HASHED);
            }
        };
        Self(packed | (len + 1) << Self::LENGTH)
    }

    /// Whether it says all of its string.
    fn is_whole(self) -> bool {
        self.0 < Self::HASHED
    }

    /// Returns where to look for it.
    fn place(self) -> usize {
        // By Fibonacci hashing (Knuth, "The art of computer programming", volume 3): the upper bits depend on all.
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
    }
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

    #[test]
    fn strings_of_all_lengths_are_told_apart() {
        let mut all = Interner::default();
        let mut given: Vec<String> = Vec::new();
        for len in 0..20 {
            given.push("a".repeat(len));
            given.push("\0".repeat(len));
            // Each differs from the first in one place.
            given.extend(
                (0..len).map(|at| format!("{}b{}", "a".repeat(at), "a".repeat(len - at - 1))),
            );
        }
        given.sort();
        given.dedup();
        let numbers: Vec<u32> = given.iter().map(|one| all.number(one)).collect();
        assert!(numbers.iter().copied().eq((0..).take(given.len())));
        assert!(given.iter().zip(&numbers).all(|(one, number)| all.number(one) == *number));
    }
}
