//! Texts that are nearly the same.
//!
//! A sketch is the least of the hashes of all runs of five words, for eight ways of hashing (Broder, "On the resemblance
//! and containment of documents", 1997). Two texts have about as many of the eight in common as they share of their runs.

use serde::{Deserialize, Serialize};

use super::is_unspaced;

/// Ways of hashing. Few, so that a small edit of a text seldom changes its sketch.
const WAYS: usize = 8;
/// Words of a run.
const RUN: usize = 5;
/// Fewer words are told apart by nothing.
const LEAST: usize = 40;
/// What two texts that are nearly the same have in common, at least.
const SAME: usize = 6;

/// What each way begins with: the fractions of the golden ratio and of square roots of primes, which are in no relation to words.
const SEEDS: [u64; WAYS] = [
    0x9e37_79b9_7f4a_7c15,
    0x6a09_e667_f3bc_c909,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
];

/// What a text is recognised by when it comes again, with few changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch([u32; WAYS]);

impl Sketch {
    /// Returns the sketch of a text; none of a short one.
    pub fn of(text: &str) -> Option<Self> {
        let mut least = [u32::MAX; WAYS];
        let mut run_of_words = [0u64; RUN];
        let mut count = 0;
        each_hash(text, |word| {
            run_of_words.rotate_left(1);
            run_of_words[RUN - 1] = word;
            count += 1;
            let run = mix(run_of_words.iter().fold(0u64, |sum, word| sum.rotate_left(9) ^ word));
            // One run of four is enough to tell texts apart.
            if count >= RUN && run.is_multiple_of(4) {
                for (least, seed) in least.iter_mut().zip(SEEDS) {
                    let mixed = mix(run ^ seed);
                    *least = (*least).min(u32::try_from(mixed >> 32).unwrap_or(u32::MAX));
                }
            }
        });
        (count >= LEAST).then_some(Self(least))
    }

    /// Returns how many of a hundred runs of words two texts share, as far as their sketches tell.
    pub fn likeness(&self, other: &Self) -> usize {
        let same = self.0.iter().zip(other.0).filter(|(one, other)| *one == other).count();
        same * 100 / WAYS
    }

    /// Returns whether two texts are nearly the same.
    pub fn resembles(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).filter(|(one, other)| *one == other).count() >= SAME
    }

    /// Returns the sketch as bytes.
    pub fn to_bytes(&self) -> [u8; 4 * WAYS] {
        let mut bytes = [0; 4 * WAYS];
        for (place, part) in bytes.chunks_exact_mut(4).zip(self.0) {
            place.copy_from_slice(&part.to_le_bytes());
        }
        bytes
    }
}

/// Calls `each` with a hash of each word, whatever the case of its ASCII letters; scripts without spaces between words
/// have one for each character.
fn each_hash(text: &str, mut each: impl FnMut(u64)) {
    let mut word = 0u64;
    for c in text.chars() {
        let part = c.is_ascii_alphanumeric() || !c.is_ascii() && c.is_alphanumeric();
        if part {
            let code = u64::from(u32::from(c.to_ascii_lowercase()));
            // The multiplier of FNV-1a (Fowler, Noll, Vo).
            word = (word ^ (code + 1)).wrapping_mul(0x0100_0000_01b3);
        }
        let ends = !part || !c.is_ascii() && is_unspaced(c);
        if ends && word != 0 {
            each(word);
            word = 0;
        }
    }
    if word != 0 {
        each(word);
    }
}

/// Makes each bit depend on all (the last steps of `SplitMix64`: Steele, Lea and Flood, 2014).
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(seed: usize, words: usize) -> String {
        let word = |at: usize| format!("word{} ", (at * (7919 + 2 * seed) + seed) % 10_007);
        (0..words).map(word).collect()
    }

    #[test]
    fn a_text_resembles_itself_with_few_changes_and_no_other() {
        let plain = text(1, 400);
        let sketch = |text: &str| Sketch::of(text).unwrap();
        let edited = plain.replacen("word", "edited-word", 3);
        assert!(sketch(&plain).resembles(&sketch(&edited)));
        assert!(sketch(&plain).resembles(&sketch(&plain.to_uppercase())));
        assert!((2..60).all(|seed| !sketch(&plain).resembles(&sketch(&text(seed, 400)))));
        // Half of it is the same.
        let half = format!("{}{}", text(1, 200), text(77, 200));
        assert!(!sketch(&plain).resembles(&sketch(&half)));
        assert_eq!(Sketch::of(&text(1, 39)), None);
    }
}
