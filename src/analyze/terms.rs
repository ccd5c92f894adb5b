//! The words of a text that say what it is about.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use super::{is_function_word, is_unspaced};
use crate::text::{NON_JOINER, is_alphanumeric, unify};

/// Returns the words of a text in lower case, without function words, in their stems.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let (mut found, mut small) = (Vec::new(), String::new());
    each_word(text, |part| {
        let lower = part.lower(&mut small);
        if !is_function_word(lower) {
            found.push(stem(lower).to_owned());
        }
    });
    found
}

/// Returns the words of a text in lower case; of scripts without spaces between words, pairs of characters.
pub(crate) fn words(text: &str) -> Vec<String> {
    let (mut found, mut small) = (Vec::new(), String::new());
    each_word(text, |part| found.push(part.lower(&mut small).to_owned()));
    found
}

/// A part of a text that tells what it is about.
pub(crate) enum Part<'t> {
    /// A word as it is spelled, but for letters that have one form.
    Word(Cow<'t, str>),
    /// Two characters of a script without spaces between words.
    Pair(String),
}

impl Part<'_> {
    /// Returns the part in lower case, with `small` for memory to work in.
    fn lower<'s>(&'s self, small: &'s mut String) -> &'s str {
        match self {
            Self::Word(word) => lowered(word, small),
            Self::Pair(pair) => pair,
        }
    }
}

/// Calls `each` with the words of a text, in order; of scripts without spaces between words, with pairs of characters.
pub(crate) fn each_word<'t>(text: &'t str, mut each: impl FnMut(Part<'t>)) {
    let mut rest = text;
    while let Some((start, end, plain)) = next_part(rest) {
        let word = &rest[start..end];
        rest = &rest[end..];
        if let Some(has_letter) = plain {
            if has_letter && word.len() > 1 {
                each(Part::Word(Cow::Borrowed(word)));
            }
            continue;
        }
        if !word.is_ascii() && word.contains(is_unspaced) {
            let pairs = pairs(word);
            if !pairs.is_empty() {
                pairs.into_iter().map(Part::Pair).for_each(&mut each);
                continue;
            }
        }
        if let Some(word) = whole_word(word) {
            each(Part::Word(word));
        }
    }
}

/// Returns where the next parts of a word stand that nothing else parts; and, when they are nothing but letters and digits of
/// ASCII, as most are, whether a letter is among them.
fn next_part(text: &str) -> Option<(usize, usize, Option<bool>)> {
    let bytes = text.as_bytes();
    let begins = |byte: u8| is_alphanumeric(byte) || byte == b'\'' || !byte.is_ascii();
    let mut start = bytes.iter().position(|byte| begins(*byte))?;
    if !bytes[start].is_ascii() {
        start += text[start..].find(is_part)?;
    }
    let mut has_letter = false;
    let mut end = start;
    while let Some(byte) = bytes.get(end).filter(|byte| is_alphanumeric(**byte)) {
        has_letter |= *byte >= b'A';
        end += 1;
    }
    match bytes.get(end) {
        Some(byte) if begins(*byte) => {
            let behind = text[end..].find(|c| !is_part(c)).map_or(text.len(), |more| end + more);
            Some((start, behind, (behind == end).then_some(has_letter)))
        }
        _ => Some((start, end, Some(has_letter))),
    }
}

/// Whether a character is part of a word: a letter, a mark on one, a digit, an apostrophe or the joint of a Persian word.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '\'' | '’')
        || !c.is_ascii() && (c.is_alphanumeric() || is_combining_mark(c) || c == NON_JOINER)
}

/// Returns the pairs of neighbouring characters.
fn pairs(word: &str) -> Vec<String> {
    let characters: Vec<&str> = word.graphemes(true).collect();
    characters.windows(2).map(<[&str]>::concat).collect()
}

fn whole_word(word: &str) -> Option<Cow<'_, str>> {
    let word = word.trim_matches(['\'', '’']);
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    if word.is_ascii() {
        let counts = word.len() > 1 && word.bytes().any(|byte| byte.is_ascii_alphabetic());
        return counts.then_some(Cow::Borrowed(word));
    }
    let word = unify(word);
    (word.chars().nth(1).is_some() && word.chars().any(char::is_alphabetic)).then_some(word)
}

/// Puts a word in lower case into `small`.
pub(crate) fn lowered<'s>(word: &str, small: &'s mut String) -> &'s str {
    small.clear();
    if word.is_ascii() {
        small.push_str(word);
        small.make_ascii_lowercase();
    } else {
        // What a capital sigma becomes depends on its place, which the library knows.
        small.push_str(&word.to_lowercase());
    }
    small
}

/// Cuts the commonest endings of English off: plurals, `-ed`, `-ing`, `-ly` (a weak form of Porter's algorithm of 1980).
pub(crate) fn stem(word: &str) -> &str {
    if !word.is_ascii() {
        return word;
    }
    let len = word.len();
    // As many letters stay as the pattern has places before the ending.
    let cut = match word.as_bytes() {
        [_, _, .., b'i', b'e', b's' | b'd'] => return &word[..len - 3],
        [_, _, .., b's', b's', b'e', b's'] => return &word[..len - 2],
        [_, _, _, .., b'i', b'n', b'g'] => 3,
        [_, _, _, .., b'e', b'd' | b's'] | [_, _, _, .., b'l', b'y'] => 2,
        [_, _, .., last, b's'] if !matches!(last, b's' | b'u' | b'i') => {
            return without_vowel(&word[..len - 1]);
        }
        _ => return without_vowel(word),
    };
    let stem = &word[..len - cut];
    stem.strip_suffix('e').unwrap_or(stem)
}

/// Cuts the last letter off when it is one that comes and goes, and two are left.
fn without_vowel(word: &str) -> &str {
    word.strip_suffix(['e', 'y']).filter(|stem| stem.len() > 2).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_script_are_whole() {
        let found = |text: &str| words(text);
        assert_eq!(found("The mayor's 2 cafés"), ["the", "mayor", "cafés"]);
        assert_eq!(found("क्या हिन्दी"), ["क्या", "हिन्दी"]);
        assert_eq!(found("مى\u{200c}رود كتاب"), ["میرود", "کتاب"]);
        assert_eq!(found("北京市, 東"), ["北京", "京市"]);
    }
}
