//! The words of a text that say what it is about.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::analyze::{is_function_word, is_unspaced};
use crate::text::{NON_JOINER, unify};

/// Numbers the terms of a collection.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    numbers: FxHashMap<String, u32>,
    pub(super) words: Vec<String>,
}

impl Vocabulary {
    pub(super) fn number(&mut self, term: &str) -> u32 {
        if let Some(number) = self.numbers.get(term) {
            return *number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.numbers.insert(term.to_owned(), number);
        self.words.push(term.to_owned());
        number
    }
}

/// How often a text has each term.
pub(super) type Counts = BTreeMap<u32, f64>;

/// A text as weights of terms, ascending by number, of length 1 (or empty).
pub(super) type Vector = Vec<(u32, f64)>;

/// Returns the words of a text in lower case, without function words, in their stems.
pub(super) fn terms(text: &str) -> impl Iterator<Item = String> + '_ {
    words(text).filter(|word| !is_function_word(word)).map(|word| stem(&word).to_owned())
}

/// Returns the words of a text in lower case; of scripts without spaces between words, pairs of characters.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !is_part(c)).flat_map(|word| {
        let pairs =
            if !word.is_ascii() && word.contains(is_unspaced) { pairs(word) } else { Vec::new() };
        let whole = if pairs.is_empty() { whole_word(word) } else { None };
        whole.into_iter().chain(pairs)
    })
}

/// Whether a character is part of a word: a letter, a mark on one, a digit, an apostrophe or the joint of a Persian word.
fn is_part(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\'' | '’')
        || !c.is_ascii() && (is_combining_mark(c) || c == NON_JOINER)
}

/// Returns the pairs of neighbouring characters.
fn pairs(word: &str) -> Vec<String> {
    let characters: Vec<&str> = word.graphemes(true).collect();
    characters.windows(2).map(<[&str]>::concat).collect()
}

fn whole_word(word: &str) -> Option<String> {
    let word = {
        let word = word.trim_matches(['\'', '’']);
        let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
        unify(word)
    };
    (word.chars().nth(1).is_some() && word.chars().any(char::is_alphabetic))
        .then(|| word.to_lowercase())
}

/// Cuts the commonest endings of English off: plurals, `-ed`, `-ing`, `-ly` (a weak form of Porter's algorithm of 1980).
pub(super) fn stem(word: &str) -> &str {
    let keep = |ending: &str, least: usize| {
        word.strip_suffix(ending).filter(|stem| stem.chars().count() >= least)
    };
    if !word.is_ascii() {
        return word;
    }
    if let Some(stem) = keep("ies", 2).or_else(|| keep("ied", 2)) {
        return stem;
    }
    if let Some(stem) = keep("sses", 2) {
        return &word[..stem.len() + 2];
    }
    for ending in ["ing", "ed", "ly", "es"] {
        if let Some(stem) = keep(ending, 3) {
            return stem.strip_suffix('e').unwrap_or(stem);
        }
    }
    let stem = keep("s", 3).filter(|stem| !stem.ends_with(['s', 'u', 'i'])).unwrap_or(word);
    stem.strip_suffix(['e', 'y']).filter(|stem| stem.len() > 2).unwrap_or(stem)
}

/// Weighs counts by rarity: `(1 + ln tf) * ln(N / df)`, made one long.
pub(super) fn weigh(counts: &Counts, rarity: &[f64]) -> Vector {
    let mut vector: Vector = counts
        .iter()
        .map(|(term, count)| {
            (*term, (1.0 + count.ln()) * rarity.get(*term as usize).copied().unwrap_or_default())
        })
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    normalise(&mut vector);
    vector
}

pub(super) fn normalise(vector: &mut Vector) {
    let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    if length > 0.0 {
        for (_, weight) in vector {
            *weight /= length;
        }
    }
}

/// Returns for each term the logarithm of how rare it is among texts.
pub(super) fn rarity<'c>(all: impl Iterator<Item = &'c Counts>, terms: usize) -> Vec<f64> {
    let mut seen = vec![0.0f64; terms];
    let mut texts = 0.0;
    for counts in all {
        texts += 1.0;
        for term in counts.keys() {
            seen[*term as usize] += 1.0;
        }
    }
    seen.into_iter().map(|count| ((1.0 + texts) / (0.5 + count)).ln()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_script_are_whole() {
        let found = |text: &str| words(text).collect::<Vec<String>>();
        assert_eq!(found("The mayor's 2 cafés"), ["the", "mayor", "cafés"]);
        assert_eq!(found("क्या हिन्दी"), ["क्या", "हिन्दी"]);
        assert_eq!(found("مى\u{200c}رود كتاب"), ["میرود", "کتاب"]);
        assert_eq!(found("北京市, 東"), ["北京", "京市"]);
    }
}
