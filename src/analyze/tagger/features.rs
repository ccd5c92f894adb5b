//! What the model looks at: the word, its neighbours, its run of capitalised words, and the rest of the article.

use std::hash::Hasher;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};

use super::super::classify::unshouted;
use super::super::gazetteer::{Classes, classes, lookup};
use super::super::words::Word;
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

/// How an article writes its words.
pub(super) struct DocumentWords(FxHashMap<String, Written>);

impl DocumentWords {
    pub(super) fn new<'w>(text: &str, sentences: impl Iterator<Item = &'w [Word]>) -> Self {
        let mut seen: FxHashMap<String, Written> = FxHashMap::default();
        let mut lower: Vec<&str> = Vec::new();
        for words in sentences {
            for (at, word) in words.iter().enumerate() {
                let form = word.of(text);
                if form.starts_with(char::is_uppercase) {
                    let written = seen.entry(form.to_lowercase()).or_default();
                    written.capital += u32::from(at > 0);
                } else {
                    lower.push(form);
                }
            }
        }
        // Only what is written with a capital somewhere is ever asked for.
        for form in lower {
            if let Some(written) = seen.get_mut(form) {
                written.lower += 1;
            }
        }
        Self(seen)
    }

    fn of(&self, lower: &str) -> Written {
        self.0.get(lower).copied().unwrap_or_default()
    }
}

/// The words of a sentence, with what features need of each.
pub(super) struct Sentence<'a> {
    text: &'a str,
    words: &'a [Word],
    seen: &'a DocumentWords,
    /// Whether a word may be part of a name.
    open: Vec<bool>,
    /// Class and place of a word in a well-known name.
    known: Vec<u8>,
    /// Whether most words are capitalised.
    headline: bool,
    start: usize,
    end: usize,
}

impl<'a> Sentence<'a> {
    pub(super) fn new(
        text: &'a str,
        range: TextRange,
        words: &'a [Word],
        seen: &'a DocumentWords,
    ) -> Self {
        let capital: Vec<bool> = words.iter().map(|word| has_capital(word.of(text))).collect();
        let mut sentence = Self {
            text,
            words,
            seen,
            open: capital,
            known: vec![0; words.len()],
            headline: false,
            start: range.start as usize,
            end: range.end as usize,
        };
        let long = words.iter().zip(&sentence.open).filter(|(word, _)| word.end - word.start > 3);
        let (all, capitals) = long.fold((0, 0), |(all, capitals), (_, capital)| {
            (all + 1, capitals + usize::from(*capital))
        });
        sentence.headline = all >= 4 && capitals * 5 >= all * 4;
        sentence.open_links();
        sentence.find_known();
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

    /// Whether a mark stands before a word across which no name goes.
    pub(super) fn is_parted(&self, at: usize) -> bool {
        self.gap(at).contains(['(', ')', '"', '“', '”', ';', ':', '!', '?', '[', ']'])
    }

    /// Whether a word may be part of a name.
    pub(super) fn is_open(&self, at: usize) -> bool {
        self.open.get(at).copied().unwrap_or_default()
    }

    /// Returns the borders of the stretch of joined open words round a word.
    fn stretch(&self, at: usize) -> Range<usize> {
        let (mut from, mut to) = (at, at + 1);
        while from > 0 && self.open[from - 1] && self.is_joined(from) {
            from -= 1;
        }
        while to < self.words.len() && self.open[to] && self.is_joined(to) {
            to += 1;
        }
        from..to
    }

    /// Appends the features of a word.
    pub(super) fn features(&self, at: usize, out: &mut Vec<u32>) {
        let word = self.word(at);
        let lower = word.to_lowercase();
        let mut add = Adder { out, template: 0 };
        let next = self.word(at + 1);
        let last = if at > 0 { self.word(at - 1) } else { "^" };
        let before = if at > 1 { self.word(at - 2) } else { "^" };
        let after = self.word(at + 2);
        add.one(&[b""]);
        add.one(&[word.as_bytes()]);
        add.one(&[lower.as_bytes()]);
        let shape = shape(word);
        add.one(&[&shape]);
        for length in [1, 2, 3, 4] {
            add.one(&[head(&lower, length).as_bytes()]);
            add.one(&[tail(&lower, length).as_bytes()]);
        }
        add.one(&[last.as_bytes()]);
        add.one(&[next.as_bytes()]);
        add.one(&[before.as_bytes()]);
        add.one(&[after.as_bytes()]);
        add.one(&[last.as_bytes(), b" ", word.as_bytes()]);
        add.one(&[word.as_bytes(), b" ", next.as_bytes()]);
        add.one(&[before.as_bytes(), b" ", last.as_bytes()]);
        add.one(&[next.as_bytes(), b" ", after.as_bytes()]);
        let (left, right) = (mark(self.gap(at)), mark(self.gap(at + 1)));
        add.one(&[&[left, right]]);
        add.one(&[&[left], last.as_bytes()]);
        add.one(&[&[right], next.as_bytes()]);
        self.class_features(at, &mut add);
        self.run_features(at, &mut add);
        self.document_features(at, word, &lower, &mut add);
    }

    /// Lists that hold the word and its neighbours.
    fn class_features(&self, at: usize, add: &mut Adder<'_>) {
        let classes = |at: usize| {
            self.words.get(at).map_or(Classes::default(), |word| word.classes).bits().to_le_bytes()
        };
        let (here, next) = (classes(at), classes(at + 1));
        let last = at.checked_sub(1).map_or([0; 4], classes);
        add.one(&[&here]);
        add.one(&[&last]);
        add.one(&[&next]);
        add.one(&[&last, &here]);
        add.one(&[&here, &next]);
        let known = |at: usize| self.known.get(at).copied().unwrap_or_default();
        let before = at.checked_sub(1).map_or(0, known);
        add.one(&[&[known(at)]]);
        add.one(&[&[before, known(at), known(at + 1)]]);
        let is_link = u8::from(!has_capital(self.word(at)));
        add.one(&[&[is_link, before, known(at + 1)], self.word(at).as_bytes()]);
        add.one(&[&[is_link], &last, &next]);
    }

    /// The stretch of capitals that the word stands in.
    fn run_features(&self, at: usize, add: &mut Adder<'_>) {
        let run = self.stretch(at);
        let place = [
            u8::from(run.start == at) | u8::from(run.end == at + 1) << 1,
            u8::try_from(run.len().min(6)).unwrap_or(6),
            u8::from(run.start == 0),
            u8::from(self.headline),
        ];
        add.one(&[&place]);
        let (first, end) = (self.word(run.start), self.word(run.end - 1));
        let near = u8::try_from((run.end - 1 - at).min(4)).unwrap_or(4);
        let far = u8::try_from((at - run.start).min(4)).unwrap_or(4);
        add.one(&[end.as_bytes()]);
        add.one(&[&[near], end.as_bytes()]);
        add.one(&[&[far], first.as_bytes()]);
        let end_classes = self.words[run.end - 1].classes.bits().to_le_bytes();
        let first_classes = self.words[run.start].classes.bits().to_le_bytes();
        add.one(&[&[near], &end_classes]);
        add.one(&[&[far], &first_classes]);
        let outer = run.start.checked_sub(1).map_or("^", |before| self.word(before));
        let behind = self.word(run.end);
        let (left, right) = (mark(self.gap(run.start)), mark(self.gap(run.end)));
        add.one(&[&[left], outer.as_bytes()]);
        add.one(&[&[right], behind.as_bytes()]);
        add.one(&[&[left, u8::try_from(run.len().min(4)).unwrap_or(4)], outer.as_bytes()]);
        add.one(&[&[right, u8::try_from(run.len().min(4)).unwrap_or(4)], behind.as_bytes()]);
        add.one(&[&[left, right], outer.as_bytes(), b" ", behind.as_bytes()]);
    }

    /// How the rest of the article writes the word.
    fn document_features(&self, at: usize, word: &str, lower: &str, add: &mut Adder<'_>) {
        let written = self.seen.of(lower);
        let few = |count: u32| u8::try_from(count.min(2)).unwrap_or(2);
        let first = at == 0 || mark(self.gap(at)) == b'q';
        add.one(&[&[few(written.lower), few(written.capital), u8::from(first)]]);
        let common = u8::from(classes(lower).has(Classes::COMMON));
        let run = self.stretch(at);
        let alone = u8::from(run.len() == 1);
        add.one(&[&[common]]);
        add.one(&[&[common, u8::from(first), alone, few(written.lower), few(written.capital)]]);
        let next = u8::from(classes(&self.word(at + 1).to_lowercase()).has(Classes::COMMON))
            | u8::from(self.is_open(at + 1)) << 1;
        add.one(&[&[common, next]]);
        let shouted = word.len() > 1 && word.chars().all(|c| c.is_uppercase() || c == '.');
        let length = u8::try_from(word.chars().count().min(8)).unwrap_or(8);
        add.one(&[&[u8::from(shouted), length, u8::from(self.headline)]]);
    }
}

/// Hands out features: each call is a template of its own.
struct Adder<'o> {
    out: &'o mut Vec<u32>,
    template: u8,
}

impl Adder<'_> {
    fn one(&mut self, parts: &[&[u8]]) {
        let mut hasher = FxHasher::default();
        hasher.write_u8(self.template);
        for part in parts {
            hasher.write(part);
            hasher.write_u8(0xff);
        }
        self.template += 1;
        self.out.push(u32::try_from(hasher.finish() >> 32).unwrap_or_default());
    }
}

/// Whether a word may begin or go on a name: it has a capital letter, and is no `I've` or `Don't`.
fn has_capital(word: &str) -> bool {
    let contracted =
        ["'ve", "’ve", "'m", "’m", "'ll", "’ll", "'re", "’re", "n't", "n’t", "'d", "’d"];
    word.chars().any(char::is_uppercase) && !contracted.iter().any(|end| word.ends_with(end))
}

/// Returns the shape of a word, equal neighbours once: `McNeil-7` is `XxXx-d`.
fn shape(word: &str) -> Vec<u8> {
    let mut shape = Vec::new();
    for c in word.chars() {
        let class = match c {
            _ if c.is_uppercase() => b'X',
            _ if c.is_alphabetic() => b'x',
            _ if c.is_numeric() => b'd',
            '.' => b'.',
            '-' | '‑' => b'-',
            '\'' | '’' => b'\'',
            _ => b'?',
        };
        if shape.last() != Some(&class) || class == b'X' && shape.len() < 3 {
            shape.push(class);
        }
    }
    shape
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

fn head(word: &str, length: usize) -> &str {
    word.char_indices().nth(length).map_or(word, |(at, _)| &word[..at])
}

fn tail(word: &str, length: usize) -> &str {
    word.char_indices().rev().nth(length - 1).map_or(word, |(at, _)| &word[at..])
}
