//! What the model says of a word by itself: by its letters and its shape.

use super::super::gazetteer::{Classes, classes};
use super::adder::Adder;
use super::features::{Seen, hash, lowered};
use super::model::{Model, Sum};
use crate::text::Interner;

/// What is known of a word wherever it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    /// Weights of the features that it has by itself, added up.
    pub(super) sum: Sum,
    /// Whether it is a common word in lower case.
    pub(super) common: bool,
    /// Whether it has no letters but capitals.
    pub(super) shouted: bool,
    /// Letters, eight at most.
    pub(super) length: u64,
}

impl Own {
    /// Works out what is known of a word; its features go to `take`.
    pub(super) fn of(word: &str, seen: Seen, take: impl FnOnce(&[u32])) -> Self {
        let mut lower = String::new();
        lowered(word, &mut lower);
        let mut add = Adder::new();
        add.one(seen.form, 0);
        add.one(seen.lower, 0);
        add.one(shape(word), 0);
        for length in [1, 2, 3, 4] {
            add.one(hash(head(&lower, length)), 0);
            add.one(hash(tail(&lower, length)), 0);
        }
        take(add.own());
        Self {
            sum: Sum::default(),
            common: classes(&lower).has(Classes::COMMON),
            shouted: word.len() > 1 && word.chars().all(|c| c.is_uppercase() || c == '.'),
            length: word.chars().count().min(8) as u64,
        }
    }
}

/// More words than this are not kept.
const MOST: usize = 1 << 15;

/// What one model says of the words that stood somewhere: a quarter of all features are of the word alone, and the same words
/// stand in all texts.
#[derive(Debug, Default)]
pub(super) struct OwnScores {
    spellings: Interner,
    /// By the numbers of the spellings.
    known: Vec<Own>,
}

impl OwnScores {
    /// Returns what `model`, the same each time, says of a word.
    pub(super) fn of(&mut self, word: &str, seen: Seen, model: &Model) -> &Own {
        if self.known.len() >= MOST {
            *self = Self::default();
        }
        let number = self.spellings.number(word) as usize;
        if number == self.known.len() {
            let mut sum = Sum::default();
            let own = Own::of(word, seen, |features| sum = model.sum(features));
            self.known.push(Own { sum, ..own });
        }
        &self.known[number]
    }
}

/// Returns the shape of a word, equal neighbours once: `McNeil-7` is `XxXx-d`; three bits to a letter.
fn shape(word: &str) -> u64 {
    let mut shape = 0;
    for c in word.chars() {
        let class = match c {
            _ if c.is_uppercase() => 1,
            _ if c.is_alphabetic() => 2,
            _ if c.is_numeric() => 3,
            '.' => 4,
            '-' | '‑' => 5,
            '\'' | '’' => 6,
            _ => 7,
        };
        if shape & 7 != class || class == 1 && shape < 1 << 9 {
            shape = shape << 3 | class;
        }
    }
    shape
}

fn head(word: &str, length: usize) -> &str {
    word.char_indices().nth(length).map_or(word, |(at, _)| &word[..at])
}

fn tail(word: &str, length: usize) -> &str {
    word.char_indices().rev().nth(length - 1).map_or(word, |(at, _)| &word[at..])
}
