//! Numbers with what they count: `at least 36,379 Palestinians killed`, `$2.4 million`, `12.5 percent`.
//!
//! What is counted stands right behind the number, what happened to it near by in the same sentence. Years, days,
//! ages, times, scores and numbers of rooms, laws and flights count nothing and are passed over: a number whose
//! noun is not found is no figure.

use super::document::{Document, Line, Name};
use super::gazetteer::{Classes, classes};
use super::quotes::{Quote, Speaker};
use super::when;
use super::words::{begins_number, number_of};
use crate::text::{TextRange, spaced};

mod amounts;
#[cfg(test)]
mod tests;

use self::amounts::Amount;

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// From the hedge or the number to the unit.
    pub range: TextRange,
    /// Number of the sentence.
    pub sentence: usize,
    /// The number.
    pub value: f64,
    /// What is counted as the text says it, or `%`, or an ISO 4217 code; none when only `what` tells.
    pub unit: Option<String>,
    /// What happened to it, such as `killed`.
    pub what: Option<TextRange>,
    /// Who says so.
    pub by: Speaker,
    /// As of when, as the text says it.
    pub as_of: Option<TextRange>,
}

/// Words before a number that say how sure it is.
const HEDGES: &[&str] = &[
    "about",
    "almost",
    "approximately",
    "around",
    "at least",
    "at most",
    "close to",
    "fewer than",
    "less than",
    "more than",
    "nearly",
    "no more than",
    "over",
    "roughly",
    "some",
    "up to",
    "as many as",
    "an estimated",
    "only",
];

/// What happened to what is counted, or to the number itself.
const EVENTS: &[&str] = &[
    "abducted",
    "approved",
    "arrested",
    "attended",
    "born",
    "built",
    "climbed",
    "closed",
    "created",
    "cut",
    "dead",
    "declined",
    "decreased",
    "deported",
    "destroyed",
    "detained",
    "died",
    "displaced",
    "donated",
    "doubled",
    "dropped",
    "earned",
    "elected",
    "evacuated",
    "executed",
    "exported",
    "fallen",
    "fell",
    "fined",
    "fired",
    "freed",
    "gained",
    "grew",
    "grown",
    "hired",
    "hospitalized",
    "imported",
    "increased",
    "infected",
    "injured",
    "invested",
    "jailed",
    "jumped",
    "killed",
    "lost",
    "missing",
    "moved",
    "opened",
    "owed",
    "paid",
    "planted",
    "produced",
    "raised",
    "recovered",
    "released",
    "rescued",
    "risen",
    "rose",
    "seized",
    "sentenced",
    "shrank",
    "signed",
    "slumped",
    "sold",
    "spent",
    "stolen",
    "stranded",
    "surged",
    "tested",
    "trapped",
    "tripled",
    "vaccinated",
    "voted",
    "wounded",
];

/// What amounts are reckoned by.
const RATES: &[&str] = &[
    "acre",
    "barrel",
    "bushel",
    "capita",
    "child",
    "day",
    "employee",
    "gallon",
    "head",
    "hectare",
    "hour",
    "household",
    "kilo",
    "kilogram",
    "kilometer",
    "kilometre",
    "liter",
    "litre",
    "mile",
    "minute",
    "month",
    "night",
    "ounce",
    "person",
    "pound",
    "quarter",
    "second",
    "share",
    "ticket",
    "ton",
    "tonne",
    "unit",
    "vehicle",
    "week",
    "year",
];

/// Verbs before what happened.
const HELPING: &[&str] = &["are", "be", "been", "had", "has", "have", "is", "was", "were"];

/// Words between a number and what it counts, at most.
const BETWEEN: usize = 4;
/// Words behind what is counted that may say what happened to it.
const BEHIND: usize = 8;
/// Words before a number that may say what happened.
const BEFORE: usize = 5;

impl Document<'_> {
    /// Finds the figures of the text, in order; `quotes` are its quotations.
    pub fn figures(&self, quotes: &[Quote]) -> Vec<Figure> {
        let mut found = Vec::new();
        for (number, line) in self.lines.iter().enumerate() {
            if !may_count(line, self.text) {
                continue;
            }
            let sentence =
                Sentence { document: self, number, words: pieces(self.text, line.range) };
            sentence.figures(quotes, &mut found);
        }
        found
    }
}

/// Whether any word of a sentence is a number.
fn may_count(line: &Line, text: &str) -> bool {
    line.range.slice(text).bytes().any(|byte| byte.is_ascii_digit())
        || line.words.iter().any(|word| {
            // A number is no name, and few words are that short.
            let short = word.end - word.start >= 3;
            let word = word.of(text);
            short && begins_number(word) && number_of(word).is_some()
        })
}

/// Returns the words of a sentence, marks at their ends apart.
fn pieces(text: &str, sentence: TextRange) -> Vec<TextRange> {
    let part = sentence.slice(text);
    let base = sentence.range().start;
    let mut found = Vec::new();
    for word in spaced(part) {
        let from = word.as_ptr() as usize - part.as_ptr() as usize;
        let is_edge =
            |c: char| !c.is_alphanumeric() && !matches!(c, '$' | '€' | '£' | '¥' | '₹' | '%');
        let rest = word.trim_start_matches(is_edge);
        let trimmed = rest.trim_end_matches(is_edge);
        if !trimmed.is_empty() {
            let start = base + from + word.len() - rest.len();
            found.push(TextRange::of(start..start + trimmed.len()));
        }
    }
    found
}

/// A sentence that figures are looked for in.
struct Sentence<'d, 't> {
    document: &'d Document<'t>,
    number: usize,
    words: Vec<TextRange>,
}

impl<'t> Sentence<'_, 't> {
    fn word(&self, at: usize) -> &'t str {
        self.words.get(at).map_or("", |word| word.slice(self.document.text))
    }

    fn figures(&self, quotes: &[Quote], found: &mut Vec<Figure>) {
        let mut at = 0;
        while at < self.words.len() {
            let Some(amount) = self.amount(at).filter(|_| !self.is_named(at)) else {
                at += 1;
                continue;
            };
            if let Some(figure) = self.figure(at, &amount, quotes) {
                // `18 to 25 patients` are two figures with one noun.
                if let Some((value, range)) = self.lower(at, &amount) {
                    found.push(Figure { range, value, ..figure.clone() });
                }
                let listed = self.listed(at, &amount).into_iter();
                found.extend(listed.map(|(value, range)| Figure {
                    range,
                    value,
                    ..figure.clone()
                }));
                found.push(figure);
            }
            at = amount.end;
        }
    }

    /// Whether a number is a part of a name, such as `Two Plus Four` or `Apollo 11`.
    fn is_named(&self, at: usize) -> bool {
        let word = self.words[at];
        let is_part = |name: &Name| {
            name.range.start <= word.start && word.end <= name.range.end && name.range != word
        };
        let names = self.document.names.iter();
        names.filter(|name| name.sentence == self.number).any(is_part)
    }

    fn figure(&self, at: usize, amount: &Amount, quotes: &[Quote]) -> Option<Figure> {
        let first = at - self.hedge(at);
        let start = self.words[first].start;
        let mut next = amount.end;
        let mut unit = amount.unit.map(str::to_owned);
        if unit.is_none() && !self.happens(amount.end) {
            let last = self.thing(amount.end)?;
            unit = Some(self.word(last).to_owned());
            next = last + 1;
        }
        let end = self.words[next - 1].end;
        let what = self.happened(first, next);
        let word = unit.as_deref().unwrap_or_default();
        if TIMES.contains(&word) && what.is_none() || VAGUE.contains(&word) {
            return None;
        }
        let what = match what {
            Some(at) => Some(self.words[at]),
            None if word == "%" => self.share(next),
            None => self.rate(next),
        };
        let range = TextRange::new(start, end);
        // Too many digits are no number.
        amount.value.is_finite().then(|| Figure {
            range,
            sentence: self.number,
            value: amount.value,
            unit,
            what,
            by: self.source(range, quotes),
            as_of: when::as_of(self.document.text, &self.words, at),
        })
    }

    /// Returns the words for what a percentage is a part of: `of the voters`.
    fn share(&self, of: usize) -> Option<TextRange> {
        if self.word(of) != "of" {
            return None;
        }
        let from =
            of + 1 + usize::from(matches!(self.word(of + 1), "all" | "its" | "the" | "their"));
        let plain = |at: &usize| {
            let word = self.word(*at);
            self.is_joined(*at)
                && word.starts_with(char::is_alphabetic)
                && !classes(&word.to_lowercase()).has(Classes::FUNCTION)
        };
        let phrase = (from..self.words.len().min(from + BETWEEN)).take_while(plain);
        let noun = phrase.clone().find(|at| is_thing(self.word(*at)));
        let last = noun.or_else(|| phrase.last())?;
        Some(TextRange::new(self.words[of].start, self.words[last].end))
    }

    /// Returns the words for what an amount is reckoned by: `a second`, `per head`.
    fn rate(&self, from: usize) -> Option<TextRange> {
        let by = matches!(self.word(from), "a" | "an" | "each" | "every" | "per");
        // `a day before` is a moment.
        let is_moment =
            matches!(self.word(from + 2), "after" | "ago" | "before" | "earlier" | "later");
        let is_rate = by && RATES.contains(&self.word(from + 1)) && !is_moment;
        let is_near = || self.is_joined(from) && self.is_joined(from + 1);
        (is_rate && is_near())
            .then(|| TextRange::new(self.words[from].start, self.words[from + 1].end))
    }

    /// Whether only white space parts a word from the one before.
    fn is_joined(&self, at: usize) -> bool {
        let gap = at.checked_sub(1).map(|before| self.words[before].end..self.words[at].start);
        gap.and_then(|gap| self.document.text.get(gap.start as usize..gap.end as usize))
            .is_some_and(|gap| gap.chars().all(char::is_whitespace))
    }

    /// Returns the word for what happened to what is counted, which stands from `first` to before `next`: the nearest, and of two
    /// as near the one behind.
    fn happened(&self, first: usize, next: usize) -> Option<usize> {
        let behind = (next..self.words.len().min(next + BEHIND)).find(|at| self.is_event(*at));
        let before = (first.saturating_sub(BEFORE)..first).rev().find(|at| self.is_event(*at));
        match (before, behind) {
            (Some(before), Some(behind)) if first - before < behind + 1 - next => Some(before),
            (before, behind) => behind.or(before),
        }
    }

    /// Returns how many words before a number say how sure it is.
    fn hedge(&self, at: usize) -> usize {
        let is_hedge = |count: &usize| {
            let words = TextRange::new(self.words[at - count].start, self.words[at - 1].end);
            let words = words.slice(self.document.text);
            HEDGES.iter().any(|hedge| hedge.eq_ignore_ascii_case(words))
        };
        (1..=at.min(3)).rev().find(is_hedge).unwrap_or_default()
    }

    /// Whether a word says what happened; what is `to be seized` has not been.
    fn is_event(&self, at: usize) -> bool {
        let open = || at > 1 && self.word(at - 1) == "be" && !HELPING.contains(&self.word(at - 2));
        is_event(self.word(at)) && !open()
    }

    /// Whether something happens to what is counted, from a word on: `killed`, `had been killed`.
    fn happens(&self, end: usize) -> bool {
        let helps = |at: &usize| HELPING.contains(&self.word(*at));
        let helping = (end..self.words.len()).take_while(helps).count();
        self.is_event(end + helping)
    }

    /// Returns the word for what is counted, behind an amount that ends at a word.
    fn thing(&self, end: usize) -> Option<usize> {
        let is_small = |at: usize| {
            let lower = self.word(at).to_lowercase();
            classes(&lower).has(Classes::FUNCTION)
        };
        let last = (end..self.words.len().min(end + BETWEEN)).find(|at| {
            let word = self.word(*at);
            let counts = is_thing(word) && !self.is_owner(*at);
            word.starts_with(char::is_alphabetic) && counts && !is_small(*at)
        })?;
        let gap = (self.words[end - 1].end as usize)..(self.words[last].start as usize);
        let gap = self.document.text.get(gap)?;
        // `105 of the captives`
        let of_the = end + 2 <= last && self.word(end) == "of";
        let small = if of_the { end + 2 } else { end };
        let breaks = |at: usize| {
            let word = self.word(at);
            is_small(at) && word != "of"
                || self.is_owner(at)
                || word.contains(|c: char| c.is_ascii_digit())
                || matches!(
                    word,
                    "according" | "concerning" | "following" | "including" | "regarding"
                )
        };
        let goes_on = (small..last).any(breaks);
        (!goes_on && !gap.contains([',', '.', ';', '('])).then_some(last)
    }

    /// Whether an apostrophe makes a word somebody's: `the workers' union`.
    fn is_owner(&self, at: usize) -> bool {
        let behind = self.document.text.get(self.words[at].end as usize..).unwrap_or_default();
        behind.starts_with(['\'', '’']) || self.word(at).contains(['\'', '’'])
    }

    /// Returns who says a figure: whoever says the words that it is among, else all of its sentence.
    fn source(&self, range: TextRange, quotes: &[Quote]) -> Speaker {
        let sentence = self.document.lines[self.number].range;
        let within = quotes.iter().rfind(|quote| quote.range.contains(range));
        let told = within.or_else(|| quotes.iter().find(|quote| quote.range.overlaps(sentence)));
        told.map_or(Speaker::Unresolved, |quote| quote.speaker)
    }
}

/// Whether a word is one of [`EVENTS`], which are in order.
fn is_event(word: &str) -> bool {
    // What they end in, which half of all words do not.
    word.ends_with(['d', 'e', 'g', 'k', 'l', 'n', 't', 'w']) && EVENTS.binary_search(&word).is_ok()
}

/// Plurals and units that do not end in `s`.
const PLURALS: &[&str] =
    &["people", "women", "men", "children", "police", "cattle", "percent", "km", "kg", "tonnes"];

/// Words that can be counted, and say nothing.
const VAGUE: &[&str] = &[
    "aspects",
    "categories",
    "examples",
    "factors",
    "forms",
    "items",
    "kinds",
    "levels",
    "matters",
    "options",
    "others",
    "parts",
    "phases",
    "points",
    "reasons",
    "respects",
    "rounds",
    "sections",
    "sides",
    "sorts",
    "stages",
    "steps",
    "terms",
    "themes",
    "things",
    "times",
    "types",
    "ways",
    "words",
];

/// Lengths of time: no figures, unless the text says what happened, as in `jailed for 12 years`.
const TIMES: &[&str] =
    &["seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades", "centuries"];

/// Whether a word can be what is counted: a plural, or one of people.
fn is_thing(word: &str) -> bool {
    word.ends_with('s') || PLURALS.contains(&word)
}
