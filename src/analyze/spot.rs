//! Runs of capitalised words: where a name may stand.

use std::ops::Range;

use super::gazetteer::{Classes, lookup};
use super::words::Word;

/// The words of one sentence, with what is already settled about them.
pub(super) struct Line<'a> {
    /// The article's plain text.
    pub(super) text: &'a str,
    /// The words of the sentence.
    pub(super) words: &'a [Word],
    /// For each word, whether a name of the lexicon covers it.
    pub(super) taken: &'a [bool],
}

impl<'a> Line<'a> {
    /// Borrows a word; empty past the end.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| word.of(self.text))
    }

    /// Borrows the text from the first to the last word of a run.
    pub(super) fn slice(&self, run: &Range<usize>) -> &'a str {
        let Some((first, last)) =
            self.words.get(run.start).zip(self.words.get(run.end.wrapping_sub(1)))
        else {
            return "";
        };
        self.text.get(first.start..last.end).unwrap_or_default()
    }

    /// Whether a word has one of the classes.
    pub(super) fn has(&self, at: usize, classes: Classes) -> bool {
        self.words.get(at).is_some_and(|word| word.classes.has(classes))
    }

    /// Whether one of the words of a run has one of the classes.
    pub(super) fn any(&self, mut run: Range<usize>, classes: Classes) -> bool {
        run.any(|at| self.has(at, classes))
    }

    /// Whether only spaces part a word from the one before.
    pub(super) fn joined(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.joined)
    }

    /// Whether most words are capitalised, as in headlines: then capitals mean nothing.
    pub(super) fn is_headline(&self) -> bool {
        let behind =
            self.words.last().and_then(|word| self.text.get(word.end..)).unwrap_or_default();
        let long = || self.words.iter().filter(|word| word.end - word.start > 3);
        let capital = long().filter(|word| word.capital).count();
        !behind.starts_with('.') && self.words.len() >= 5 && capital * 5 >= long().count() * 4
    }

    /// Whether a word can be part of a name.
    fn nameable(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        // `US$5` is money.
        if self.text.get(word.end..).is_some_and(|rest| rest.starts_with('$')) {
            return false;
        }
        let free = word.capital && !self.taken.get(at).copied().unwrap_or_default();
        let named_may =
            at > 0 && self.joined(at) && self.has(at - 1, Classes::FORENAME | Classes::TITLE);
        let dull = word.classes.has(Classes::STOP | Classes::CALENDAR) && !named_may;
        free && (!dull || (word.classes.has(Classes::STOP) && self.starts_known_name(at)))
    }

    /// Whether a well-known name starts with a function word, as `New York` does.
    fn starts_known_name(&self, at: usize) -> bool {
        let next = at + 1;
        self.words.get(next).is_some_and(|word| word.capital && word.joined)
            && (at + 2..=at + 4)
                .any(|end| end <= self.words.len() && lookup(self.slice(&(at..end))).is_some())
            || self.word(at) == "New"
                && self.words.get(next).is_some_and(|word| word.capital && word.joined)
    }

    /// Returns the index behind the connecting words at `at`, when the name `start..at` goes on behind them.
    fn connect(&self, start: usize, at: usize) -> Option<usize> {
        let last = at.checked_sub(1)?;
        let goes_on = |to: usize| (at + 1..=to).all(|n| self.joined(n)) && self.nameable(to);
        if !self.joined(at) || self.taken.get(at).copied().unwrap_or_default() {
            return None;
        }
        let article = usize::from(self.word(at + 1) == "the");
        let next = at + 1 + article;
        let head = |classes| self.any(start..at, classes);
        let fits = match self.word(at) {
            "of" => {
                head(Classes::HEAD)
                    || (self.word(last) == "Secretary" && self.word(next) == "State")
                    || self.is_known_of(start, next)
            }
            "for" => head(Classes::ORGANIZATION),
            "on" => head(Classes::EVENT | Classes::WORK),
            "and" | "&" => {
                let apart = lookup(self.word(next)).is_some();
                let listed = (start..at).any(|n| matches!(self.word(n), "of" | "for" | "on"));
                article == 0 && !apart && listed && self.has(start, Classes::WITH_AND)
            }
            _ => self.has(at, Classes::PARTICLE) && article == 0,
        };
        if fits && goes_on(next) {
            return Some(next);
        }
        let pair = self.has(at, Classes::PARTICLE) && self.has(at + 1, Classes::PARTICLE);
        (pair && goes_on(at + 2)).then_some(at + 2)
    }

    /// Whether the words up to `next` stand in the gazetteer, as `Republic of Korea` does.
    fn is_known_of(&self, start: usize, next: usize) -> bool {
        (next + 1..=next + 4)
            .any(|end| end <= self.words.len() && lookup(self.slice(&(start..end))).is_some())
    }

    /// Returns the runs of words that may be names, as ranges of word numbers.
    pub(super) fn runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            if !self.nameable(at) {
                at += 1;
                continue;
            }
            let start = at;
            at += 1;
            loop {
                if self.joined(at) && (self.nameable(at) || self.is_number(at)) {
                    at += 1;
                } else if let Some(next) = self.connect(start, at) {
                    at = next + 1;
                } else {
                    break;
                }
            }
            runs.push(start..at);
        }
        runs
    }

    /// Whether a word is a short number that ends a name, as in `Apollo 11`.
    fn is_number(&self, at: usize) -> bool {
        let word = self.word(at);
        let follows_capital = at.checked_sub(1).is_some_and(|last| {
            matches!(
                self.word(last),
                "Apollo"
                    | "Soyuz"
                    | "Voyager"
                    | "Gemini"
                    | "Luna"
                    | "Vostok"
                    | "Artemis"
                    | "Chandrayaan"
                    | "Salyut"
            )
        });
        follows_capital && word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit())
    }
}
