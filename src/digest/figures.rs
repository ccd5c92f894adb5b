//! Numbers with what they count: `at least 36,379 Palestinians killed`, `$2.4 million`, `12.5 percent`.

use super::Figure;
use super::offsets::CodePoints;
use crate::analyze::{Document, Quote, Speaker, is_function_word, number_of};
use crate::text::TextRange;

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

/// Finds the figures of a text, in order.
pub(super) fn figures(
    document: &Document<'_>,
    quotes: &[Quote],
    points: &CodePoints<'_>,
) -> Vec<Figure> {
    let text = document.text();
    let mut found = Vec::new();
    for sentence in document.sentences() {
        let words = pieces(text, sentence);
        let mut at = 0;
        while at < words.len() {
            let Some(amount) = amount(text, &words, at) else {
                at += 1;
                continue;
            };
            let end = amount.end;
            found.push(figure(document, sentence, &words, at, &amount, quotes, points));
            at = end;
        }
    }
    found.into_iter().flatten().collect()
}

/// An amount: the words up to `end`.
struct Amount {
    value: f64,
    unit: Option<String>,
    end: usize,
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

/// Reads an amount that begins with a word.
fn amount(text: &str, words: &[TextRange], at: usize) -> Option<Amount> {
    let word = words[at].slice(text);
    let (sign, digits) = SIGNS
        .iter()
        .find_map(|(sign, code)| Some((Some(*code), word.strip_prefix(sign)?)))
        .unwrap_or((None, word));
    let (digits, percent) =
        digits.strip_suffix('%').map_or((digits, false), |digits| (digits, true));
    let (digits, scale) = digits
        .strip_suffix("bn")
        .map(|digits| (digits, 1e9))
        .or_else(|| digits.strip_suffix('m').filter(|_| sign.is_some()).map(|digits| (digits, 1e6)))
        .unwrap_or((digits, 1.0));
    let mut value = number_of(digits)? * scale;
    let mut end = at + 1;
    let spelled = !digits.starts_with(|c: char| c.is_ascii_digit());
    if sign.is_none() && !percent && (is_date(text, words, at) || spelled && digits == "one") {
        return None;
    }
    while let Some((_, factor)) =
        words.get(end).and_then(|word| SCALES.iter().find(|(scale, _)| *scale == word.slice(text)))
    {
        value *= factor;
        end += 1;
    }
    let next = words.get(end).map_or("", |word| word.slice(text));
    let per = matches!(next, "percent" | "per")
        && (next == "percent" || words.get(end + 1).is_some_and(|word| word.slice(text) == "cent"));
    if percent || per {
        end += if next == "percent" {
            1
        } else if per {
            2
        } else {
            0
        };
        return Some(Amount { value, unit: Some("%".to_owned()), end });
    }
    let money = match next {
        "dollars" => Some("USD"),
        "euros" => Some("EUR"),
        "pounds" => Some("GBP"),
        "rupees" => Some("INR"),
        "yen" => Some("JPY"),
        _ => None,
    };
    if let Some(code) = sign.or(money) {
        end += usize::from(sign.is_none());
        return Some(Amount { value, unit: Some(code.to_owned()), end });
    }
    Some(Amount { value, unit: None, end })
}

/// Whether a number is a year, a day of a month, an age or a time.
fn is_date(text: &str, words: &[TextRange], at: usize) -> bool {
    let word = |at: usize| words.get(at).map_or("", |word| word.slice(text));
    let this = word(at);
    let year = this.len() == 4
        && this.starts_with(['1', '2'])
        && this.bytes().all(|byte| byte.is_ascii_digit());
    let month = |word: &str| {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            .iter()
            .any(|name| word.starts_with(name))
    };
    let before = at.checked_sub(1).map_or("", word);
    let next = word(at + 1);
    let counted = next.ends_with('s') && next.chars().all(char::is_lowercase);
    (year && !counted)
        || month(before)
        || month(next)
        || matches!(next, "a.m" | "p.m" | "am" | "pm" | "GMT" | "years-old")
        || this.contains(':')
}

fn figure(
    document: &Document<'_>,
    sentence: TextRange,
    words: &[TextRange],
    at: usize,
    amount: &Amount,
    quotes: &[Quote],
    points: &CodePoints<'_>,
) -> Option<Figure> {
    let text = document.text();
    let word = |at: usize| words.get(at).map_or("", |word| word.slice(text));
    let hedge = (1..=3).rev().filter(|count| at >= *count).find(|count| {
        let range = TextRange::new(words[at - count].start, words[at - 1].end);
        HEDGES.contains(&range.slice(text).to_lowercase().as_str())
    });
    let start = words[at - hedge.unwrap_or(0)].start;
    let mut end = words[amount.end - 1].end;
    let mut unit = amount.unit.clone();
    if unit.is_none() {
        let last = (amount.end..words.len().min(amount.end + 4)).find(|at| {
            let word = word(*at);
            !is_function_word(&word.to_lowercase())
                && word.chars().next().is_some_and(char::is_alphabetic)
                && is_thing(word)
        })?;
        let between = (amount.end..last)
            .any(|at| is_function_word(&word(at).to_lowercase()) && word(at) != "of");
        let gap = text.get(words[amount.end - 1].end as usize..words[last].start as usize)?;
        if between || gap.contains([',', '.', ';', '(']) {
            return None;
        }
        unit = Some(word(last).to_owned());
        end = words[last].end;
    }
    // What happened stands behind the number, as a rule, else right before it.
    let happened = |at: &usize| EVENTS.contains(&word(*at));
    let what = (amount.end..words.len().min(amount.end + 8))
        .find(happened)
        .or_else(|| (at.saturating_sub(5)..at).rev().find(happened));
    let by =
        quotes.iter().find(|quote| quote.range.overlaps(sentence)).and_then(|quote| {
            match quote.speaker {
                Speaker::Name(name) => Some(document.names()[name].range.slice(text).to_owned()),
                Speaker::Words(range) => Some(range.slice(text).to_owned()),
                Speaker::Unresolved => None,
            }
        });
    let [start, end] = points.range(TextRange::new(start, end));
    Some(Figure {
        start,
        end,
        value: amount.value,
        unit,
        what: what.map(|at| word(at).to_owned()),
        by,
        as_of: None,
    })
}

/// Whether a word can be what is counted: a plural, or one of people.
fn is_thing(word: &str) -> bool {
    word.ends_with('s')
        || matches!(
            word,
            "people"
                | "women"
                | "men"
                | "children"
                | "police"
                | "cattle"
                | "percent"
                | "km"
                | "kg"
                | "tonnes"
        )
}
