//! What stands between white space.

use std::borrow::Cow;

/// Returns what stands between white space, as [`str::split_whitespace`] does and several times as fast: texts are cut in this way
/// more often than they are read in any other, and nearly all of their white space is one byte long.
pub(crate) fn spaced(text: &str) -> Spaced<'_> {
    Spaced { text, at: 0 }
}

/// Returns a text with one space between two words, and none around them.
pub(crate) fn single_spaced(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let other = |byte: &u8| !byte.is_ascii() || KINDS[usize::from(*byte)] == SPACE && *byte != b' ';
    let double = |pair: &[u8]| pair == b"  ";
    let around = bytes.first() == Some(&b' ') || bytes.last() == Some(&b' ');
    if around || bytes.iter().any(other) || bytes.windows(2).any(double) {
        return Cow::Owned(spaced(text).collect::<Vec<_>>().join(" "));
    }
    Cow::Borrowed(text)
}

/// The pieces of a text that are left.
#[derive(Clone, Debug)]
pub(crate) struct Spaced<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Spaced<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        let mut start = self.at;
        while let Some(width) = space(bytes, start).filter(|width| *width > 0) {
            start += width;
        }
        let mut end = behind_letters(bytes, start);
        while space(bytes, end) == Some(0) {
            end = behind_letters(bytes, end + 1);
        }
        self.at = end;
        self.text.get(start..end).filter(|piece| !piece.is_empty())
    }
}

/// Returns the place behind bytes that are surely no white space, eight looked at in a step: they are of ASCII, and signs and letters.
#[inline]
fn behind_letters(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = ONES << 7;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*eight);
        // The top bit of a byte stays where it was set, and is set where the byte is less than `!`; a borrow makes mistakes only
        // behind the first of these.
        let others = (eight | eight.wrapping_sub(ONES * u64::from(b'!'))) & TOPS;
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    at
}

/// A byte that is no white space and begins none.
const PLAIN: u8 = 0;
/// White space.
const SPACE: u8 = 1;
/// The first byte of white space, or of another character.
const FIRST: u8 = 2;

/// What each byte may be.
const KINDS: [u8; 256] = {
    let mut kinds = [PLAIN; 256];
    let mut at = b'\t';
    while at <= b'\r' {
        kinds[at as usize] = SPACE;
        at += 1;
    }
    kinds[b' ' as usize] = SPACE;
    kinds[0xc2] = FIRST;
    kinds[0xe1] = FIRST;
    kinds[0xe2] = FIRST;
    kinds[0xe3] = FIRST;
    kinds
};

/// Returns how many bytes the white space has that stands at a place, 0 where none does: the characters that have the property
/// `White_Space` of Unicode. None at the end.
#[inline]
fn space(bytes: &[u8], at: usize) -> Option<usize> {
    match KINDS[usize::from(*bytes.get(at)?)] {
        PLAIN => Some(0),
        SPACE => Some(1),
        _ => Some(wide_space(&bytes[at..])),
    }
}

/// The same for characters of several bytes that begin a text.
fn wide_space(bytes: &[u8]) -> usize {
    match bytes {
        [0xc2, 0x85 | 0xa0, ..] => 2,
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_those_of_the_standard_library() {
        for text in
            ["", " ", "a", " a", "a ", "one  two\nthree\u{b}four", "één\u{a0}twee", "\u{1c} x"]
        {
            assert!(spaced(text).eq(text.split_whitespace()), "{text:?}");
            let single = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(single_spaced(text), single, "{text:?}");
        }
        for c in '\0'..=char::MAX {
            let text = format!("é{c}ü{c}{c} {c}a");
            assert!(spaced(&text).eq(text.split_whitespace()), "{c:?}");
        }
    }
}
