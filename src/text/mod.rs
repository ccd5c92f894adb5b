//! Language-neutral text tools over byte offsets.
//!
//! In: strings. Out: ranges, keys and slugs. Nothing here knows about articles.
//!
//! **Invariant:** every range lies on character borders of the text it was made from.

mod erase;
mod fold;
mod interner;
mod letters;
pub mod rules;
mod sentences;
mod slug;
mod spaced;
mod tokens;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use self::erase::Eraser;
pub use self::fold::{fold, one_line, strip_controls};
pub(crate) use self::interner::Interner;
pub(crate) use self::letters::{NON_JOINER, is_alphanumeric, is_vowel_mark, one_form};
pub use self::letters::{Unified, unify};
pub use self::sentences::sentences;
pub(crate) use self::slug::is_reserved;
pub use self::slug::{SlugMode, slugify};
pub(crate) use self::spaced::{single_spaced, spaced};
pub use self::tokens::{Token, TokenKind, tokens};

/// A byte range of an article's plain text, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TextRange {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl TextRange {
    /// Returns the range from `start` to `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Narrows a range of machine words; texts are bounded far below 4 GiB when they are loaded.
    pub fn of(range: Range<usize>) -> Self {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: narrow(range.start), end: narrow(range.end) }
    }

    /// Returns the range as machine words, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the length in bytes.
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Returns whether the range holds nothing.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Returns whether `other` lies inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether the two share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Borrows the text of the range; empty when it does not fit `text`.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// Returns some texts with a number behind them: `#s12`. Far cheaper than formatting, for what each sentence has.
pub(crate) fn numbered(texts: &[&str], number: u32) -> String {
    // The longest number has ten digits.
    let mut out = String::with_capacity(texts.iter().map(|text| text.len()).sum::<usize>() + 10);
    for text in texts {
        out.push_str(text);
    }
    let mut unit = 1;
    while number / unit > 9 {
        unit *= 10;
    }
    while unit > 0 {
        out.push(char::from_digit(number / unit % 10, 10).unwrap_or('0'));
        unit /= 10;
    }
    out
}

/// Returns a count as a real number; more than four thousand million count as that many.
pub fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Returns a text with a capital at its beginning.
pub fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn numbers_stand_behind_texts() {
        for number in [0, 7, 10, 99, 100, 4_000_000_000, u32::MAX] {
            assert_eq!(numbered(&["a", "#s"], number), format!("a#s{number}"));
        }
    }
}
