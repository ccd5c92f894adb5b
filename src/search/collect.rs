//! The terms of a document, with their weights.

use super::documents::Row;
use super::words::{BUCKETS, Pair, each_form, each_word, spelled};
use crate::text::{Interner, real};

/// Marks what is said in this way, and what is a filter, from words.
pub(super) const PAIR: char = '#';
pub(super) const FILTER: char = '=';
pub(super) const NAME: char = '@';

/// How much a word counts by where it stands; that of the text itself is 1.
pub(super) mod field {
    pub(in super::super) const TITLE: u32 = 5;
    pub(in super::super) const NAME: u32 = 8;
    pub(in super::super) const ALIAS: u32 = 5;
    pub(in super::super) const TOPIC: u32 = 2;
    pub(in super::super) const TEXT: u32 = 1;
}

/// Something that can be found.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) row: Row,
    /// Its terms.
    terms: Interner,
    /// Their weights, by their numbers.
    weights: Vec<u8>,
    /// The numbers of its pairs of neighbouring words, ascending.
    pub(super) pairs: Vec<u16>,
}

impl Document {
    /// Returns its terms, each once, with their weights.
    pub(super) fn terms(&self) -> impl Iterator<Item = (&str, u8)> {
        self.terms.iter().zip(self.weights.iter().copied())
    }
}

/// Collects the words of a document.
#[derive(Debug, Default)]
pub(super) struct Words {
    terms: Interner,
    /// By their numbers.
    values: Vec<Value>,
    pairs: Pairs,
    /// Words of the text.
    length: usize,
    /// The words as they are spelled.
    spellings: Interner,
    /// By their numbers: the number of the term, and what a pair with it begins with. None when a word is no term, or several.
    forms: Vec<Option<(u32, Pair)>>,
    /// Memory to work in.
    small: String,
}

/// A set of pairs of words, a bit for each bucket: cheaper than sorting them.
#[derive(Debug)]
struct Pairs(Box<[u64; BUCKETS / 64]>);

impl Default for Pairs {
    fn default() -> Self {
        Self(Box::new([0; BUCKETS / 64]))
    }
}

impl Pairs {
    fn add(&mut self, bucket: u16) {
        self.0[usize::from(bucket) / 64] |= 1 << (bucket % 64);
    }

    /// Returns the buckets, ascending.
    fn all(&self) -> Vec<u16> {
        let mut found =
            Vec::with_capacity(self.0.iter().map(|bits| bits.count_ones() as usize).sum());
        for (first, bits) in (0..).step_by(64).zip(self.0.iter()) {
            let mut bits = *bits;
            while bits != 0 {
                found.push(first + u16::try_from(bits.trailing_zeros()).unwrap_or(0));
                bits &= bits - 1;
            }
        }
        found
    }
}

/// How much a term counts: words by how often and where they stand, what begins with a mark by a weight of its own.
#[derive(Clone, Copy, Debug)]
enum Value {
    Counted(u32),
    Weighed(u8),
}

impl Words {
    /// Returns the number of a term, which may be new.
    fn number(&mut self, term: &str, fresh: Value) -> u32 {
        let number = self.terms.number(term);
        if number as usize == self.values.len() {
            self.values.push(fresh);
        }
        number
    }

    /// Borrows the value of a term, which may be new.
    fn value(&mut self, term: &str, fresh: Value) -> &mut Value {
        let number = self.number(term, fresh) as usize;
        &mut self.values[number]
    }

    /// Adds a text.
    pub(super) fn text(&mut self, text: &str) {
        self.length += self.add(text, field::TEXT);
    }

    /// Adds words that stand side by side, and returns how many there are.
    pub(super) fn add(&mut self, text: &str, weight: u32) -> usize {
        let (mut last, mut count) = (None::<Pair>, 0);
        let mut small = std::mem::take(&mut self.small);
        for word in spelled(text) {
            // Most words of a text stand in it again, and are folded once.
            let spelling = self.spellings.number(word) as usize;
            if let Some((term, pair)) = self.forms.get(spelling).copied().flatten() {
                self.tally(term, weight);
                if let Some(last) = last.replace(pair) {
                    self.pairs.add(last.bucket(self.terms.get(term)));
                }
                count += 1;
                continue;
            }
            let (mut form, before) = (None, count);
            each_form(word, &mut small, &mut |word: &str| {
                let term = self.number(word, Value::Counted(0));
                self.tally(term, weight);
                let pair = Pair::of(word);
                if let Some(last) = last.replace(pair) {
                    self.pairs.add(last.bucket(word));
                }
                form = Some((term, pair));
                count += 1;
            });
            if spelling == self.forms.len() {
                self.forms.push(form.filter(|_| count == before + 1));
            }
        }
        self.small = small;
        count
    }

    /// Adds words that do not stand there as they are here.
    pub(super) fn mention(&mut self, name: &str, weight: u32) {
        each_word(name, |word| self.count(word, weight));
    }

    pub(super) fn count(&mut self, word: &str, weight: u32) {
        let term = self.number(word, Value::Counted(0));
        self.tally(term, weight);
    }

    /// Counts a word once more.
    fn tally(&mut self, term: u32, weight: u32) {
        if let Some(Value::Counted(count)) = self.values.get_mut(term as usize) {
            *count += weight;
        }
    }

    /// Adds what a name is suggested by.
    pub(super) fn called(&mut self, name: &str, articles: usize, is_main: bool) {
        let weight = if is_main { 12 } else { 4 } + log2(articles).min(19);
        let mut term = String::new();
        each_word(name, |word| {
            term.clear();
            term.push(NAME);
            term.push_str(word);
            if let Value::Weighed(best) = self.value(&term, Value::Weighed(0)) {
                *best = weight.max(*best);
            }
        });
    }

    /// Adds a filter.
    pub(super) fn filter(&mut self, field: &str, value: &str) {
        let term = [FILTER.encode_utf8(&mut [0; 4]), field, ":", value].concat();
        self.value(&term, Value::Weighed(0));
    }

    /// Adds a filter for each word of a name.
    pub(super) fn filter_words(&mut self, field: &str, name: &str) {
        each_word(name, |word| self.filter(field, word));
    }

    pub(super) fn document(self, row: Row, boost: f64) -> Document {
        let Self { terms, values, pairs, length, .. } = self;
        let weight = |value: &Value| match value {
            Value::Counted(count) => weigh(*count, length, boost),
            Value::Weighed(weight) => *weight,
        };
        let weights = values.iter().map(weight).collect();
        Document { row, terms, weights, pairs: pairs.all() }
    }
}

/// Returns the weight of a word that stands `count` times in a text of `length` words: what BM25 adds for it, in sixteenths.
///
/// The text is held against one of 300 words, not against the mean of the collection, so that no other article changes it. k1 and b are 1.2
/// and 0.6. Words of titles count as several (BM25F: Zaragoza and others, "Microsoft Cambridge at TREC-13", 2004).
fn weigh(count: u32, length: usize, boost: f64) -> u8 {
    let norm = 1.2 * (0.4 + 0.6 * real(length) / 300.0);
    let count = f64::from(count);
    let weight = (16.0 * boost * count / (count + norm)).round().clamp(1.0, 31.0);
    (1..=31).rev().find(|one| f64::from(*one) <= weight).unwrap_or(1)
}

/// Returns the whole binary logarithm of one more than a count.
pub(super) fn log2(count: usize) -> u8 {
    u8::try_from((count + 1).ilog2()).unwrap_or(u8::MAX)
}
