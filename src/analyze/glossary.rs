//! The words of one text, each worked out once: its stem, and whether it only holds others together.
//!
//! Key sentences and key phrases ask for the same words again and again, and most words of a text stand in it more than once.

use super::is_function_word;
use super::terms::{Part, each_word, lowered, stem};
use crate::text::Interner;

/// What is known of a word as it is spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// The same for the same spelling.
    pub number: u32,
    /// The same for the same stem: a number of [`Glossary::stem`].
    pub stem: u32,
    /// Whether it only holds others together.
    pub function: bool,
}

/// The words of a text that were asked for.
#[derive(Debug, Default)]
pub struct Glossary {
    spellings: Interner,
    /// By the numbers of the spellings.
    known: Vec<Spelled>,
    stems: Interner,
    /// Memory that is used for one word after the other.
    small: String,
}

impl Glossary {
    /// Looks a word up, whatever its case.
    pub fn word(&mut self, word: &str) -> Spelled {
        let number = self.spellings.number(word);
        if let Some(known) = self.known.get(number as usize) {
            return *known;
        }
        let lower = lowered(word, &mut self.small);
        let stem = self.stems.number(stem(lower));
        let one = Spelled { number, stem, function: is_function_word(lower) };
        self.known.push(one);
        one
    }

    /// Returns the numbers of a text's terms, in order: the stems of its words without function words.
    pub fn terms(&mut self, text: &str) -> Vec<u32> {
        let mut found = Vec::with_capacity(text.len() / 8);
        each_word(text, |part| {
            let (stem, function) = match part {
                Part::Word(word) => {
                    let word = self.word(&word);
                    (word.stem, word.function)
                }
                Part::Pair(pair) => (self.stems.number(stem(&pair)), is_function_word(&pair)),
            };
            if !function {
                found.push(stem);
            }
        });
        found
    }

    /// Returns the stem with a number.
    pub fn stem(&self, number: u32) -> &str {
        self.stems.get(number)
    }

    /// Returns how many stems there are.
    pub fn stems(&self) -> usize {
        self.stems.len()
    }
}
