//! The words of texts and queries in the form in which they are looked for.
//!
//! The same rules are in the reader's script (`themes/base/static/search.js`), and `tests/search/words.json` holds both to the same
//! cases. They are described in `docs/search.md`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::analyze::is_unspaced;
use crate::analyze::terms::stem;
use crate::text::{is_alphanumeric, is_vowel_mark, one_form};

/// Buckets for pairs of words.
pub(super) const BUCKETS: usize = 1 << 14;
/// Characters of the longest word that is kept; what is longer is no word.
const LONGEST: usize = 64;

/// Calls `each` with the words of a text, in order: in lower case, without accents, with one form for each letter, in their
/// stems; of scripts without spaces between words, with pairs of neighbouring characters.
pub(super) fn each_word(text: &str, mut each: impl FnMut(&str)) {
    let mut small = String::new();
    spelled(text).for_each(|word| each_form(word, &mut small, &mut each));
}

/// Returns the words of a text as they are spelled.
pub(super) fn spelled(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (word, behind) = next_word(rest)?;
        rest = behind;
        Some(word)
    })
}

/// Calls `each` with what a word is looked for as: one form mostly, several in scripts without spaces. `small` is memory to work in.
pub(super) fn each_form(word: &str, small: &mut String, each: &mut impl FnMut(&str)) {
    if word.is_ascii() {
        small.clear();
        small.push_str(word);
        small.make_ascii_lowercase();
        if word.contains(',') {
            small.retain(|c| c != ',');
        }
        give(small, each);
    } else {
        fold_into(word, small);
        parts(small, each);
    }
}

/// Returns the words of a short text.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    each_word(text, |word| found.push(word.to_owned()));
    found
}

/// Returns the last word as it was typed so far, not in its stem; none when something stands behind it.
pub(super) fn typed(text: &str) -> Option<String> {
    let mut rest = text;
    let mut last = None;
    while let Some((word, behind)) = next_word(rest) {
        (rest, last) = (behind, Some(word));
    }
    let word = last.filter(|_| rest.is_empty() || rest.starts_with(['\'', '’']))?;
    let mut small = String::new();
    fold_into(word, &mut small);
    (!small.chars().any(is_unspaced) && !small.is_empty()).then_some(small)
}

/// Returns the number of the bucket for two words that stand side by side: FNV-1a over their UTF-16 units, folded to 14 bits.
/// Source: Fowler, Noll, Vo, <https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>.
pub(super) fn bucket(first: &str, second: &str) -> u16 {
    Pair::of(first).bucket(second)
}

/// The first of two words, as a hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair(u32);

impl Pair {
    /// Begins a pair.
    pub(super) fn of(first: &str) -> Self {
        Self(0x811c_9dc5).with(first).with(" ")
    }

    /// Returns the number of the bucket for the pair with a second word.
    pub(super) fn bucket(self, second: &str) -> u16 {
        let Self(hash) = self.with(second);
        let folded = (hash ^ (hash >> 14) ^ (hash >> 28)) & 0x3fff;
        u16::try_from(folded).unwrap_or_default()
    }

    fn with(self, text: &str) -> Self {
        let add = |hash: u32, unit: u32| (hash ^ unit).wrapping_mul(0x0100_0193);
        Self(if text.is_ascii() {
            text.bytes().map(u32::from).fold(self.0, add)
        } else {
            text.encode_utf16().map(u32::from).fold(self.0, add)
        })
    }
}

/// Returns the first word of a text and what is behind it.
fn next_word(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut start = bytes.iter().position(|byte| is_alphanumeric(*byte) || !byte.is_ascii())?;
    if !bytes[start].is_ascii() {
        start += text[start..].find(is_part)?;
    }
    let mut end = start;
    loop {
        while bytes.get(end).is_some_and(|byte| is_alphanumeric(*byte)) {
            end += 1;
        }
        let Some(byte) = bytes.get(end) else { break };
        if byte.is_ascii() {
            if !joins(text, start, end) {
                break;
            }
            end += 1;
        } else {
            match text[end..].chars().next().filter(|c| is_part(*c)) {
                Some(c) => end += c.len_utf8(),
                None => break,
            }
        }
    }
    Some((&text[start..end], skip_possessive(&text[end..])))
}

/// Returns whether the comma or dot at `at` is part of the word that begins at `start`: `36,379`, `3.5`, `U.S.`
fn joins(text: &str, start: usize, at: usize) -> bool {
    let bytes = text.as_bytes();
    let (before, behind) = (bytes[at - 1], bytes.get(at + 1).copied().unwrap_or(b' '));
    match bytes[at] {
        b',' => before.is_ascii_digit() && behind.is_ascii_digit(),
        b'.' if before.is_ascii_digit() => behind.is_ascii_digit(),
        // One letter between dots, or at the beginning.
        b'.' => {
            let is_single = at - 1 == start || bytes[at - 2] == b'.';
            is_single && before.is_ascii_alphabetic() && behind.is_ascii_alphabetic()
        }
        _ => false,
    }
}

/// Passes over the `'s` of an owner.
fn skip_possessive(text: &str) -> &str {
    // Most words end at a space, which says at once that there is none.
    if !matches!(text.as_bytes().first(), Some(b'\'' | 0xe2)) {
        return text;
    }
    let behind = text.strip_prefix("'s").or_else(|| text.strip_prefix("’s"));
    behind.filter(|behind| !behind.starts_with(is_part)).unwrap_or(text)
}

/// Whether a character is part of a word: a letter, a mark on one, a digit, or nothing that anybody sees.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || one_form(c).is_none()
}

/// Puts a word into the one form of its letters.
fn fold_into(word: &str, small: &mut String) {
    small.clear();
    let lower = word.to_lowercase();
    let letters = lower.nfkd().filter(|c| !is_accent(*c)).filter_map(one_form);
    small.extend(letters.nfc());
    small.retain(|c| c != ',' && c != ' ');
    if small.contains('ß') {
        *small = small.replace('ß', "ss");
    }
}

/// Whether a mark may be left out: accents of European letters, vowel signs of Arabic and Hebrew.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}') || is_vowel_mark(c)
}

/// Parts a word where the script changes between those with and those without spaces.
fn parts(word: &str, each: &mut impl FnMut(&str)) {
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let kind = is_unspaced(first);
        let end = rest.find(|c| is_unspaced(c) != kind).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        rest = behind;
        if kind { pairs(part, each) } else { give(part, each) }
    }
}

fn pairs(part: &str, each: &mut impl FnMut(&str)) {
    let borders: Vec<usize> = part.char_indices().map(|(at, _)| at).chain([part.len()]).collect();
    if borders.len() < 3 {
        return each(part);
    }
    borders.windows(3).for_each(|three| each(&part[three[0]..three[2]]));
}

fn give(word: &str, each: &mut impl FnMut(&str)) {
    if word.is_empty() || word.len() > LONGEST && word.chars().nth(LONGEST).is_some() {
        return;
    }
    if word.contains('.') && !word.starts_with(|c: char| c.is_ascii_digit()) {
        return each(&word.replace('.', ""));
    }
    each(stem(word));
}

/// Orders terms as scripts in browsers do, by UTF-16 units.
pub(super) fn order(a: &str, b: &str) -> std::cmp::Ordering {
    if a.is_ascii() || b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

/// Returns how many UTF-16 units at the beginning of both are the same, not within a character.
pub(super) fn shared(a: &str, b: &str) -> (usize, usize) {
    let (mut units, mut bytes) = (0, 0);
    for (one, other) in a.chars().zip(b.chars()) {
        if one != other {
            break;
        }
        units += one.len_utf16();
        bytes += one.len_utf8();
    }
    (units, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_the_words_that_the_script_finds_too() {
        let cases: Vec<serde_json::Value> =
            serde_json::from_str(include_str!("../../tests/search/words.json")).unwrap();
        for case in cases {
            let text = case["text"].as_str().unwrap();
            assert_eq!(serde_json::json!(words(text)), case["words"], "{text}");
        }
    }

    #[test]
    fn the_last_word_is_taken_as_it_is_typed() {
        let typed = |text: &str| super::typed(text);
        assert_eq!(typed("the Ceasefire").as_deref(), Some("ceasefire"));
        assert_eq!(typed("mayor's").as_deref(), Some("mayor"));
        assert_eq!((typed("the "), typed("北京"), typed("")), (None, None, None));
    }
}
