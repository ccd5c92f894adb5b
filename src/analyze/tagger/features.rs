//! What the model looks at: the word, its neighbours, its run of capitalised words, and the rest of the article.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};

use super::super::classify::unshouted;
use super::super::gazetteer::{Classes, lookup};
use super::super::words::Word;
use super::adder::Adder;
use super::model::Model;
use super::own::{Own, OwnScores};
use crate::config::EntityKind;
use crate::text::TextRange;

/// Lower-case words that may stand inside a name.
const LINKS: &[&str] = &[
    "a", "against", "al", "and", "at", "ben", "bin", "bint", "by", "da", "das", "de", "del",
    "della", "den", "der", "di", "do", "dos", "du", "e", "el", "et", "for", "ibn", "im", "in",
    "la", "le", "los", "of", "on", "the", "to", "ul", "und", "van", "von", "with", "y",
];

/// Most links in a row, as in `Office for the Coordination`.
const MAX_LINKS: usize = 3;

/// How an article writes a word.
#[derive(Clone, Copy, Debug, Default)]
struct Written {
    lower: u32,
    /// With a capital, not at the start of a sentence.
    capital: u32,
}

/// A word as the features see it, worked out once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// Hash of the word.
    pub(super) form: u64,
    /// Hash of the word in lower case.
    pub(super) lower: u64,
    /// Whether it has a capital letter, and is no `I've` or `Don't`.
    capital: bool,
}

/// The words of an article, and how it writes each.
pub(super) struct DocumentWords {
    written: FxHashMap<u64, Written>,
    /// Of all sentences, one after the other.
    words: Vec<Seen>,
}

impl DocumentWords {
    pub(super) fn new<'w>(text: &str, sentences: impl Iterator<Item = &'w [Word]> + Clone) -> Self {
        let mut written: FxHashMap<u64, Written> = FxHashMap::default();
        let mut words = Vec::with_capacity(sentences.clone().map(<[Word]>::len).sum());
        let mut small = String::new();
        for sentence in sentences {
            for (at, word) in sentence.iter().enumerate() {
                let form = word.of(text);
                let seen = Seen::new(form, &mut small);
                if form.starts_with(char::is_uppercase) {
                    written.entry(seen.lower).or_default().capital += u32::from(at > 0);
                }
                words.push(seen);
            }
        }
        // Only what is written with a capital somewhere is ever asked for.
        for seen in words.iter().filter(|seen| !seen.capital) {
            if let Some(written) = written.get_mut(&seen.form) {
                written.lower += 1;
            }
        }
        Self { written, words }
    }

    fn of(&self, lower: u64) -> Written {
        self.written.get(&lower).copied().unwrap_or_default()
    }
}

impl Seen {
    /// The place before and behind a sentence.
    const NONE: Self = Self { form: 1, lower: 1, capital: false };

    fn new(form: &str, small: &mut String) -> Self {
        let hash = hash(form);
        if form.bytes().all(|byte| !byte.is_ascii_uppercase() && byte.is_ascii()) {
            return Self { form: hash, lower: hash, capital: false };
        }
        lowered(form, small);
        Self { form: hash, lower: self::hash(small), capital: has_capital(form) }
    }
}

pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Puts a word in lower case into `small`.
pub(super) fn lowered(word: &str, small: &mut String) {
    small.clear();
    if word.is_ascii() {
        small.push_str(word);
        small.make_ascii_lowercase();
    } else {
        small.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// The words of a sentence, with what features need of each.
pub(super) struct Sentence<'a> {
    text: &'a str,
    words: &'a [Word],
    seen: &'a [Seen],
    document: &'a DocumentWords,
    /// Whether a word may be part of a name.
    open: Vec<bool>,
    /// Class and place of a word in a well-known name.
    known: Vec<u8>,
    /// For each word the stretch of joined open words round it.
    stretches: Vec<(usize, usize)>,
    /// What stands before each word, and behind the last: see [`mark`].
    marks: Vec<u8>,
    /// Whether most words are capitalised.
    headline: bool,
    start: usize,
    end: usize,
}

impl<'a> Sentence<'a> {
    /// `first` is the number of the sentence's first word in the document.
    pub(super) fn new(
        text: &'a str,
        range: TextRange,
        words: &'a [Word],
        document: &'a DocumentWords,
        first: usize,
    ) -> Self {
        let seen = document.words.get(first..first + words.len()).unwrap_or_default();
        let mut sentence = Self {
            text,
            words,
            seen,
            document,
            open: seen.iter().map(|seen| seen.capital).collect(),
            known: vec![0; words.len()],
            stretches: Vec::new(),
            marks: Vec::new(),
            headline: false,
            start: range.start as usize,
            end: range.end as usize,
        };
        if !sentence.open.contains(&true) {
            return sentence;
        }
        let long = words.iter().zip(&sentence.open).filter(|(word, _)| word.end - word.start > 3);
        let (all, capitals) = long.fold((0, 0), |(all, capitals), (_, capital)| {
            (all + 1, capitals + usize::from(*capital))
        });
        sentence.headline = all >= 4 && capitals * 5 >= all * 4;
        sentence.open_links();
        sentence.find_known();
        let joined = |at: usize| words.get(at).is_some_and(|word| word.joined);
        sentence.marks = (0..=words.len())
            .map(|at| if joined(at) { b' ' } else { mark(sentence.gap(at)) })
            .collect();
        sentence.stretches = sentence.find_stretches();
        sentence
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| word.of(self.text))
    }

    /// Whether a word and the one before are parted by white space, or by `&`, only.
    fn is_joined(&self, at: usize) -> bool {
        at > 0
            && self.words.get(at).is_some_and(|word| {
                word.joined || matches!(self.gap(at).trim(), "&" | "-" | "–" | "’" | "'" | "/")
            })
    }

    /// Returns what stands between a word and the one before.
    fn gap(&self, at: usize) -> &'a str {
        let from = at
            .checked_sub(1)
            .and_then(|last| self.words.get(last))
            .map_or(self.start, |last| last.end);
        let to = self.words.get(at).map_or(self.end, |word| word.start);
        self.text.get(from..to).unwrap_or_default()
    }

    /// Opens links between open words, and numbers behind them.
    fn open_links(&mut self) {
        for at in 1..self.words.len() {
            if self.open[at] || !self.open[at - 1] || !self.is_joined(at) {
                continue;
            }
            if self.word(at).starts_with(|c: char| c.is_ascii_digit())
                && self.words[at].end - self.words[at].start <= 4
            {
                self.open[at] = true;
                continue;
            }
            let mut end = at;
            while end < self.words.len()
                && end - at < MAX_LINKS
                && !self.open[end]
                && self.is_joined(end)
                && LINKS.contains(&self.word(end))
            {
                end += 1;
            }
            if end > at && self.open.get(end).copied().unwrap_or_default() && self.is_joined(end) {
                self.open[at..end].fill(true);
            }
        }
    }

    /// Marks the longest well-known names.
    fn find_known(&mut self) {
        let mut at = 0;
        while at < self.words.len() {
            let mut to = at;
            if self.open[at] {
                let mut limit = at + 1;
                while limit < self.words.len()
                    && limit - at < 8
                    && self.open[limit]
                    && self.is_joined(limit)
                {
                    limit += 1;
                }
                for end in (at + 1..=limit).rev() {
                    let name = self
                        .text
                        .get(self.words[at].start..self.words[end - 1].end)
                        .unwrap_or_default();
                    if let Some(known) = lookup(name).or_else(|| lookup(&unshouted(name)?)) {
                        let class = match known.kind {
                            EntityKind::PLACE => 1,
                            EntityKind::ORGANIZATION => 4,
                            _ => 7,
                        };
                        for place in at..end {
                            let single = end == at + 1;
                            self.known[place] = class
                                + if single {
                                    0
                                } else if place == at {
                                    1
                                } else {
                                    2
                                };
                        }
                        to = end;
                        break;
                    }
                }
            }
            at = to.max(at + 1);
        }
    }

    /// Returns the runs of open words.
    pub(super) fn runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for at in 0..self.words.len() {
            if !self.open[at] {
                continue;
            }
            match runs.last_mut() {
                Some(last) if last.end == at => last.end = at + 1,
                _ => runs.push(at..at + 1),
            }
        }
        runs
    }

    /// Whether a comma stands before a word.
    pub(super) fn is_listed(&self, at: usize) -> bool {
        self.gap(at).contains([',', '،'])
    }

    /// Whether a mark stands before a word across which no name goes.
    pub(super) fn is_parted(&self, at: usize) -> bool {
        self.gap(at).contains(['(', ')', '"', '“', '”', ';', ':', '!', '?', '[', ']'])
    }

    /// Whether a word may be part of a name.
    pub(super) fn is_open(&self, at: usize) -> bool {
        self.open.get(at).copied().unwrap_or_default()
    }

    /// Returns for each word the stretch of joined open words round it.
    fn find_stretches(&self) -> Vec<(usize, usize)> {
        let mut found = vec![(0, 0); self.words.len()];
        let mut at = 0;
        while at < self.words.len() {
            let mut to = at + 1;
            while to < self.words.len() && self.open[to - 1] && self.open[to] && self.is_joined(to)
            {
                to += 1;
            }
            found[at..to].fill((at, to));
            at = to;
        }
        found
    }

    fn seen(&self, at: usize) -> Seen {
        self.seen.get(at).copied().unwrap_or(Seen::NONE)
    }

    /// Appends the features of a word, with those that it has by itself; for [`super::train`].
    pub(super) fn all_features(&self, at: usize, out: &mut Vec<u32>) {
        let own = Own::of(self.word(at), self.seen(at), |own| out.extend_from_slice(own));
        self.features(at, &own, out);
    }

    /// Returns what is known of a word by itself; `known` keeps it for the next time that it stands somewhere.
    pub(super) fn own<'o>(&self, at: usize, known: &'o mut OwnScores, model: &Model) -> &'o Own {
        known.of(self.word(at), self.seen(at), model)
    }

    /// Appends the features that a word has at its place.
    pub(super) fn features(&self, at: usize, own: &Own, out: &mut Vec<u32>) {
        let here = self.seen(at);
        let (next, after) = (self.seen(at + 1), self.seen(at + 2));
        let last = at.checked_sub(1).map_or(Seen::NONE, |at| self.seen(at));
        let before = at.checked_sub(2).map_or(Seen::NONE, |at| self.seen(at));
        let mut add = Adder::behind_own();
        add.one(last.form, 0);
        add.one(next.form, 0);
        add.one(before.form, 0);
        add.one(after.form, 0);
        add.one(last.form, here.form);
        add.one(here.form, next.form);
        add.one(before.form, last.form);
        add.one(next.form, after.form);
        let (left, right) = (u64::from(self.marks[at]), u64::from(self.marks[at + 1]));
        add.one(left, right);
        add.one(left, last.form);
        add.one(right, next.form);
        self.class_features(at, &mut add);
        self.run_features(at, &mut add);
        self.document_features(at, own, &mut add);
        out.extend_from_slice(add.others());
    }

    /// Lists that hold the word and its neighbours.
    fn class_features(&self, at: usize, add: &mut Adder) {
        let classes =
            |at: usize| u64::from(self.words.get(at).map_or(0, |word| word.classes.bits()));
        let (here, next) = (classes(at), classes(at + 1));
        let last = at.checked_sub(1).map_or(0, classes);
        add.one(here, 0);
        add.one(last, 0);
        add.one(next, 0);
        add.one(last, here);
        add.one(here, next);
        let known = |at: usize| u64::from(self.known.get(at).copied().unwrap_or_default());
        let before = at.checked_sub(1).map_or(0, known);
        add.one(known(at), 0);
        add.one(before << 16 | known(at) << 8 | known(at + 1), 0);
        let link = u64::from(!self.seen(at).capital);
        add.one(link << 16 | before << 8 | known(at + 1), self.seen(at).form);
        add.one(link << 32 | last, next);
    }

    /// The stretch of capitals that the word stands in.
    fn run_features(&self, at: usize, add: &mut Adder) {
        let (start, end) = self.stretches[at];
        let few = |count: usize, most: usize| count.min(most) as u64;
        let flags =
            u64::from(start == at) | u64::from(end == at + 1) << 1 | u64::from(start == 0) << 2;
        add.one(flags | u64::from(self.headline) << 3, few(end - start, 6));
        let (first, last) = (self.seen(start).form, self.seen(end - 1).form);
        let (near, far) = (few(end - 1 - at, 4), few(at - start, 4));
        add.one(last, 0);
        add.one(last, near + 1);
        add.one(first, far + 1);
        add.one(u64::from(self.words[end - 1].classes.bits()), near);
        add.one(u64::from(self.words[start].classes.bits()), far);
        let outer = start.checked_sub(1).map_or(Seen::NONE, |before| self.seen(before)).form;
        let behind = self.seen(end).form;
        let (left, right) = (u64::from(self.marks[start]), u64::from(self.marks[end]));
        add.one(outer, left);
        add.one(behind, right);
        add.one(outer, left << 8 | few(end - start, 4));
        add.one(behind, right << 8 | few(end - start, 4));
        add.one(outer.rotate_left(8) ^ left << 8 ^ right, behind);
    }

    /// How the rest of the article writes the word.
    fn document_features(&self, at: usize, own: &Own, add: &mut Adder) {
        let written = self.document.of(self.seen(at).lower);
        let few = |count: u32| u64::from(count.min(2));
        let counts = few(written.lower) << 8 | few(written.capital);
        let first = u64::from(at == 0 || self.marks[at] == b'q');
        add.one(counts, first);
        let (start, end) = self.stretches[at];
        let alone = u64::from(end - start == 1);
        let common = u64::from(own.common);
        add.one(common, 0);
        add.one(common << 16 | counts, first << 8 | alone);
        let next = self.words.get(at + 1);
        let follows = next.map_or(0, |next| {
            u64::from(next.classes.has(Classes::COMMON)) | u64::from(self.is_open(at + 1)) << 1
        });
        add.one(common, follows + 1);
        add.one(u64::from(own.shouted) << 1 | u64::from(self.headline), own.length);
    }
}

/// Whether a word may begin or go on a name: it has a capital letter, and is no `I've` or `Don't`.
fn has_capital(word: &str) -> bool {
    if !word.chars().any(char::is_uppercase) {
        return false;
    }
    let behind = word.rsplit_once(['\'', '’']).map_or("", |(_, behind)| behind);
    let contracted =
        matches!(behind, "ve" | "m" | "ll" | "re" | "d") || behind == "t" && word.len() > 3;
    !contracted
}

/// Returns a letter for what stands between two words.
fn mark(gap: &str) -> u8 {
    let gap = gap.trim();
    match gap.chars().next() {
        None => b' ',
        Some(',') => b',',
        Some('(') => b'(',
        Some(')') => b')',
        Some('"' | '“' | '‘' | '«') => b'q',
        Some('”' | '»') => b'e',
        Some('\'' | '’') if gap.len() > 1 => b's',
        Some('-' | '–' | '—') => b'-',
        Some(':' | ';') => b':',
        Some('.' | '!' | '?') => b'.',
        Some(_) => b'o',
    }
}
