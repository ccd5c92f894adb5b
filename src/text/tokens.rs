//! Words, numbers and marks of a text.

use unicode_segmentation::UnicodeSegmentation;

use super::TextRange;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, perhaps with digits, inner apostrophes, hyphens or dots.
    Word,
    /// Digits, perhaps with separators.
    Number,
    /// Anything else that is not a space.
    Mark,
}

/// A word, number or mark, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// Where it stands.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
}

/// Returns the tokens of `text` in order, by the word borders of Unicode (UAX #29).
pub fn tokens(text: &str) -> Vec<Token> {
    text.split_word_bound_indices()
        .filter(|(_, word)| !word.chars().all(char::is_whitespace))
        .map(|(at, word)| {
            let kind = match word.chars().next() {
                Some(c) if c.is_numeric() => TokenKind::Number,
                Some(c) if c.is_alphabetic() => TokenKind::Word,
                _ => TokenKind::Mark,
            };
            Token { range: TextRange::of(at..at + word.len()), kind }
        })
        .collect()
}
