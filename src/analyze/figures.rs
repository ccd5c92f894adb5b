//! Numbers with what they count: `at least 36,379 Palestinians killed`, `$2.4 million`, `12.5 percent`.
//!
//! What is counted stands right behind the number, what happened to it near by in the same sentence. Years, days,
//! ages, times, scores and numbers of rooms, laws and flights count nothing and are passed over: a number whose
//! noun is not found is no figure.

use super::document::{Document, Line};
use super::gazetteer::{Classes, classes};
use super::quotes::{Quote, Speaker};
use super::when;
use super::words::number_of;
use crate::text::TextRange;

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

/// Signs of currencies, with their ISO 4217 codes.
const SIGNS: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("HK$", "HKD"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("Rs.", "INR"),
    ("Rs", "INR"),
];

/// Words for money that only one country can be meant by.
const MONEY: &[(&str, &str)] =
    &[("dollars", "USD"), ("euros", "EUR"), ("pounds", "GBP"), ("rupees", "INR"), ("yen", "JPY")];

/// Words that multiply the number before them.
const SCALES: &[(&str, f64)] = &[
    ("hundred", 1e2),
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
    ("trillion", 1e12),
    ("lakh", 1e5),
    ("crore", 1e7),
    ("bn", 1e9),
    ("mn", 1e6),
];

/// What happened to what is counted.
const EVENTS: &[&str] = &[
    "abducted",
    "arrested",
    "born",
    "built",
    "cut",
    "dead",
    "deported",
    "destroyed",
    "detained",
    "died",
    "displaced",
    "evacuated",
    "executed",
    "fired",
    "freed",
    "hospitalized",
    "infected",
    "injured",
    "jailed",
    "killed",
    "lost",
    "missing",
    "moved",
    "released",
    "rescued",
    "seized",
    "sentenced",
    "sold",
    "stolen",
    "stranded",
    "trapped",
    "vaccinated",
    "wounded",
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
            short && number_of(word.of(text)).is_some()
        })
}

/// Returns the words of a sentence, marks at their ends apart.
fn pieces(text: &str, sentence: TextRange) -> Vec<TextRange> {
    let part = sentence.slice(text);
    let base = sentence.range().start;
    let mut found = Vec::new();
    for word in part.split_whitespace() {
        let from = word.as_ptr() as usize - part.as_ptr() as usize;
        let trimmed = word.trim_matches(|c: char| !c.is_alphanumeric() && !"$€£¥₹%".contains(c));
        if let Some(inner) = word.find(trimmed).filter(|_| !trimmed.is_empty()) {
            let start = base + from + inner;
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

/// An amount: the words up to `end`.
struct Amount {
    value: f64,
    unit: Option<&'static str>,
    end: usize,
}

impl<'t> Sentence<'_, 't> {
    fn word(&self, at: usize) -> &'t str {
        self.words.get(at).map_or("", |word| word.slice(self.document.text))
    }

    fn figures(&self, quotes: &[Quote], found: &mut Vec<Figure>) {
        let mut at = 0;
        while at < self.words.len() {
            let Some(amount) = self.amount(at) else {
                at += 1;
                continue;
            };
            // Too many digits are no number.
            found.extend(self.figure(at, &amount, quotes).filter(|one| one.value.is_finite()));
            at = amount.end;
        }
    }

    /// Reads an amount that begins with a word.
    fn amount(&self, at: usize) -> Option<Amount> {
        let word = self.word(at);
        let (sign, digits) = SIGNS
            .iter()
            .find_map(|(sign, code)| Some((Some(*code), word.strip_prefix(sign)?)))
            .unwrap_or((None, word));
        let (digits, percent) =
            digits.strip_suffix('%').map_or((digits, false), |digits| (digits, true));
        let (digits, scale) = digits
            .strip_suffix("bn")
            .map(|digits| (digits, 1e9))
            .or_else(|| {
                digits.strip_suffix('m').filter(|_| sign.is_some()).map(|digits| (digits, 1e6))
            })
            .unwrap_or((digits, 1.0));
        let mut value = number_of(digits)? * scale;
        let spelled = !digits.starts_with(|c: char| c.is_ascii_digit());
        if sign.is_none() && !percent && (self.is_date(at) || spelled && digits == "one") {
            return None;
        }
        let mut end = at + 1;
        while let Some((_, factor)) = SCALES.iter().find(|(scale, _)| *scale == self.word(end)) {
            value *= factor;
            end += 1;
        }
        let percent = match (self.word(end), self.word(end + 1)) {
            _ if percent => Some(0),
            ("percent", _) => Some(1),
            ("per", "cent") => Some(2),
            _ => None,
        };
        if let Some(words) = percent {
            return Some(Amount { value, unit: Some("%"), end: end + words });
        }
        let next = self.word(end);
        let money = MONEY.iter().find(|(name, _)| *name == next).map(|(_, code)| *code);
        if sign.is_none() && money.is_some() {
            end += 1;
        }
        Some(Amount { value, unit: sign.or(money), end })
    }

    /// Whether a number is a year, a day of a month, an age or a time.
    fn is_date(&self, at: usize) -> bool {
        let this = self.word(at);
        let year = this.len() == 4
            && this.starts_with(['1', '2'])
            && this.bytes().all(|byte| byte.is_ascii_digit());
        let before = at.checked_sub(1).map_or("", |at| self.word(at));
        let next = self.word(at + 1);
        // `2000 people`, but `the law of 1996 contains`.
        (year && self.hedge(at) == 0 && !PLURALS.contains(&next))
            || when::is_month(before)
            || when::is_month(next)
            || matches!(next, "a.m" | "p.m" | "am" | "pm" | "GMT" | "years-old")
            || this.contains(':')
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
        if what.is_none() && unit.as_deref().is_some_and(|unit| TIMES.contains(&unit)) {
            return None;
        }
        let range = TextRange::new(start, end);
        Some(Figure {
            range,
            sentence: self.number,
            value: amount.value,
            unit,
            what: what.map(|at| self.words[at]),
            by: self.source(range, quotes),
            as_of: when::as_of(self.document.text, &self.words, at),
        })
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
            HEDGES.contains(&words.slice(self.document.text).to_lowercase().as_str())
        };
        (1..=at.min(3)).rev().find(is_hedge).unwrap_or_default()
    }

    fn is_event(&self, at: usize) -> bool {
        EVENTS.contains(&self.word(at))
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
            word.starts_with(char::is_alphabetic) && is_thing(word) && !is_small(*at)
        })?;
        let gap = (self.words[end - 1].end as usize)..(self.words[last].start as usize);
        let gap = self.document.text.get(gap)?;
        // `105 of the captives`
        let of_the = end + 2 <= last && self.word(end) == "of";
        let small = if of_the { end + 2 } else { end };
        let goes_on = (small..last).any(|at| is_small(at) && self.word(at) != "of");
        (!goes_on && !gap.contains([',', '.', ';', '('])).then_some(last)
    }

    /// Returns who says a figure: whoever says the words that it is among, else all of its sentence.
    fn source(&self, range: TextRange, quotes: &[Quote]) -> Speaker {
        let sentence = self.document.lines[self.number].range;
        let within = quotes.iter().rfind(|quote| quote.range.contains(range));
        let told = within.or_else(|| quotes.iter().find(|quote| quote.range.overlaps(sentence)));
        told.map_or(Speaker::Unresolved, |quote| quote.speaker)
    }
}

/// Plurals and units that do not end in `s`.
const PLURALS: &[&str] =
    &["people", "women", "men", "children", "police", "cattle", "percent", "km", "kg", "tonnes"];

/// Lengths of time: no figures, unless the text says what happened, as in `jailed for 12 years`.
const TIMES: &[&str] =
    &["seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades", "centuries"];

/// Whether a word can be what is counted: a plural, or one of people.
fn is_thing(word: &str) -> bool {
    word.ends_with('s') || PLURALS.contains(&word)
}
