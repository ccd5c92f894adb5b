//! Naive Bayes over words and pairs of words.
//!
//! How often a term stands counts by its logarithm, as its second mention in a text tells less than its first (Rennie,
//! Shih, Teevan and Karger, "Tackling the poor assumptions of naive Bayes text classifiers", 2003).

use super::vectors::{Counts, Vector};
use crate::text::{Interner, real};

/// Counted in addition for each term and topic.
const SMOOTHING: f64 = 0.3;

/// Mark of terms that are two words.
const PAIR: &str = "pair/";

/// Words of a text and their pairs, with the logarithms of their counts.
#[derive(Default)]
pub(super) struct Pairs {
    terms: Vector,
    /// Length of the vector.
    length: f64,
}

impl Pairs {
    /// Returns what the ratios of a topic say of the text, however long it is.
    pub(super) fn mean(&self, ratios: &[f64]) -> f64 {
        let sum: f64 = self.terms.iter().map(|(term, count)| ratios[*term as usize] * count).sum();
        sum / self.length.max(1.0)
    }
}

/// Adds pairs of neighbours to the words of a text.
pub(super) fn pairs(words: &Counts, runs: &[Vec<String>], vocabulary: &mut Interner) -> Pairs {
    let mut counts = words.clone();
    for pair in runs.iter().flat_map(|run| run.windows(2)) {
        let term = format!("{PAIR}{} {}", pair[0], pair[1]);
        *counts.entry(vocabulary.number(&term)).or_default() += 1.0;
    }
    let terms: Vector = counts.into_iter().map(|(term, count)| (term, 1.0 + count.ln())).collect();
    let length = terms.iter().map(|(_, count)| count * count).sum::<f64>().sqrt();
    Pairs { terms, length }
}

/// Returns for each term how much it speaks for a topic among `topics`: the logarithm of its share in texts of the topic,
/// against that in others.
pub(super) fn ratios<'p>(
    texts: impl Iterator<Item = (&'p Pairs, bool)>,
    topics: usize,
    size: usize,
) -> Vec<f64> {
    let others = real(topics.saturating_sub(1).max(1));
    let mut own = vec![SMOOTHING; size];
    let mut other = vec![SMOOTHING * others; size];
    for (text, is_member) in texts {
        let counts = if is_member { &mut own } else { &mut other };
        for (term, count) in &text.terms {
            counts[*term as usize] += count;
        }
    }
    let sum = |counts: &[f64]| counts.iter().sum::<f64>();
    let whole = (sum(&own) / sum(&other)).ln();
    own.iter().zip(&other).map(|(own, other)| (own / other).ln() - whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_tell_what_their_words_do_not() {
        let mut vocabulary = Interner::default();
        let mut read = |text: &str| {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            let numbers = words.iter().map(|word| (vocabulary.number(word), 1.0));
            let counts: Counts = numbers.collect();
            pairs(&counts, &[words], &mut vocabulary)
        };
        let texts =
            [read("white house"), read("green card"), read("white card"), read("green house")];
        let asked = read("white house");
        let size = vocabulary.len();
        let taught = texts.iter().enumerate().map(|(at, text)| (text, at < 2));
        let learned = ratios(taught, 2, size);
        assert!(asked.mean(&learned) > 0.1);
        assert!(texts[2].mean(&learned) < -0.1);
    }
}
