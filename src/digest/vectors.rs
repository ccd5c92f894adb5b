//! Texts as weights of their terms.

use std::collections::BTreeMap;

/// How often a text has each term.
pub(super) type Counts = BTreeMap<u32, f64>;

/// A text as weights of terms, ascending by number, of length 1 (or empty).
pub(super) type Vector = Vec<(u32, f64)>;

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
