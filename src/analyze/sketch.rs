//! Texts that are nearly the same.
//!
//! A sketch is the least of the hashes of all runs of five words, for eight ways of hashing (Broder, "On the resemblance
//! and containment of documents", 1997). Two texts have about as many of the eight in common as they share of their runs.

use serde::{Deserialize, Serialize};

use super::is_unspaced;
use crate::text::is_alphanumeric;

/// Ways of hashing. Few, so that a small edit of a text seldom changes its sketch.
const WAYS: usize = 8;
/// Words of a run.
const RUN: usize = 5;
/// Bits that a word of a run is turned by for each that follows, and what that is for the first of a run.
const TURN: u32 = 9;
const FIRST: u32 = TURN * 4;
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
        // All words of the run, each turned by nine bits more than the next.
        let mut turned = 0u64;
        each_hash(text, |word| {
            let place = count % RUN;
            let gone = std::mem::replace(&mut run_of_words[place], word);
            turned = (turned ^ gone.rotate_left(FIRST)).rotate_left(TURN) ^ word;
            count += 1;
            let run = mix(turned);
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
    // The multiplier of FNV-1a (Fowler, Noll, Vo).
    let add = |word: u64, code: u32| (word ^ (u64::from(code) + 1)).wrapping_mul(0x0100_0000_01b3);
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let mut ends = true;
        if is_alphanumeric(*byte) {
            word = add(word, u32::from(byte.to_ascii_lowercase()));
            ends = false;
        } else if !byte.is_ascii()
            && let Some(c) = text.get(at..).and_then(|rest| rest.chars().next())
        {
            at += c.len_utf8() - 1;
            if c.is_alphanumeric() {
                word = add(word, u32::from(c));
                ends = is_unspaced(c);
            }
        }
        at += 1;
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
