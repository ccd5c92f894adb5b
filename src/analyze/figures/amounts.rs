//! Amounts: a number with its scale, its sign or its currency.

use super::super::when;
use super::super::words::{begins_number, number_of};
use super::{PLURALS, Sentence};
use crate::text::TextRange;

/// An amount: the words up to `end`.
pub(super) struct Amount {
    pub(super) value: f64,
    pub(super) unit: Option<&'static str>,
    pub(super) end: usize,
    /// What the number was multiplied by.
    scale: f64,
    /// Lower end of a range that is written in one word: `40-70`.
    low: Option<f64>,
}

/// Signs of currencies, with their ISO 4217 codes.
const SIGNS: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("A$", "AUD"),
    ("C$", "CAD"),
    ("HK$", "HKD"),
    ("NZ$", "NZD"),
    ("R$", "BRL"),
    ("S$", "SGD"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₦", "NGN"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₱", "PHP"),
    ("₺", "TRY"),
    ("₽", "RUB"),
    ("Rs.", "rupees"),
    ("Rs", "rupees"),
];

/// Letters before or behind a number that name a currency, with their ISO 4217 codes.
const CODES: &[(&str, &str)] = &[
    ("AED", "AED"),
    ("AUD", "AUD"),
    ("BD", "BHD"),
    ("BHD", "BHD"),
    ("CAD", "CAD"),
    ("CHF", "CHF"),
    ("CNY", "CNY"),
    ("Dh", "AED"),
    ("Dhs", "AED"),
    ("EGP", "EGP"),
    ("EUR", "EUR"),
    ("GBP", "GBP"),
    ("GHS", "GHS"),
    ("INR", "INR"),
    ("JD", "JOD"),
    ("JOD", "JOD"),
    ("JPY", "JPY"),
    ("KD", "KWD"),
    ("KES", "KES"),
    ("KWD", "KWD"),
    ("NGN", "NGN"),
    ("OMR", "OMR"),
    ("PKR", "PKR"),
    ("QAR", "QAR"),
    ("QR", "QAR"),
    ("RM", "MYR"),
    ("RMB", "CNY"),
    ("Rs", "rupees"),
    ("Rs.", "rupees"),
    ("SAR", "SAR"),
    ("SR", "SAR"),
    ("Sh", "KES"),
    ("Tk", "BDT"),
    ("USD", "USD"),
    ("ZAR", "ZAR"),
];

/// Words for money that only one country can be meant by.
const MONEY: &[(&str, &str)] = &[
    ("baht", "THB"),
    ("birr", "ETB"),
    ("cedis", "GHS"),
    ("dollars", "USD"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("naira", "NGN"),
    ("pounds", "GBP"),
    ("rand", "ZAR"),
    ("reais", "BRL"),
    ("renminbi", "CNY"),
    ("ringgit", "MYR"),
    ("roubles", "RUB"),
    ("rubles", "RUB"),
    ("rupiah", "IDR"),
    ("shekels", "ILS"),
    ("taka", "BDT"),
    ("yen", "JPY"),
    ("yuan", "CNY"),
    ("zlotys", "PLN"),
];

/// Words that multiply the number before them.
const SCALES: &[(&str, f64)] = &[
    ("hundred", 1e2),
    ("thousand", 1e3),
    ("million", 1e6),
    ("millions", 1e6),
    ("billion", 1e9),
    ("billions", 1e9),
    ("trillion", 1e12),
    ("lakh", 1e5),
    ("lakhs", 1e5),
    ("crore", 1e7),
    ("crores", 1e7),
    ("bn", 1e9),
    ("mn", 1e6),
];

/// Words before a number that is a name: `Law No. (10)`, `Article 5`.
const LABELS: &[&str] = &[
    "article",
    "articles",
    "chapter",
    "flight",
    "highway",
    "no",
    "no.",
    "nos",
    "number",
    "page",
    "phase",
    "resolution",
    "room",
    "route",
    "section",
    "type",
];

/// Whether a word may begin with a number or the sign of a currency. Most do not, and need not be read.
fn may_begin(word: &str) -> bool {
    !word.starts_with(|c: char| c.is_ascii_alphabetic())
        || begins_number(word)
        || may_be_signed(word)
}

/// Whether a word may begin with the sign of a currency, by the first letters of those that have letters.
fn may_be_signed(word: &str) -> bool {
    !word.starts_with(|c: char| c.is_ascii_alphanumeric() && !"UACHNRS".contains(c))
}

fn named<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

/// Letters behind digits that multiply them: `2bn`, `$5m`.
fn short_scale(digits: &str, money: bool) -> Option<(&str, f64)> {
    let short = [("bn", 1e9), ("mn", 1e6), ("m", 1e6), ("k", 1e3)];
    let mut known = short.into_iter().filter(|(letters, _)| money || *letters == "bn");
    known.find_map(|(letters, scale)| Some((digits.strip_suffix(letters)?, scale)))
}

impl Sentence<'_, '_> {
    /// Reads an amount that begins with a word.
    pub(super) fn amount(&self, at: usize) -> Option<Amount> {
        let word = self.word(at);
        // `QR 250,000`
        let counted = self.word(at + 1).starts_with(|c: char| c.is_ascii_digit());
        if let Some(code) = Some(word).filter(|_| counted).and_then(|word| named(CODES, word)) {
            let amount = self.amount(at + 1).filter(|amount| amount.unit.is_none())?;
            return self.is_joined(at + 1).then_some(Amount { unit: Some(code), ..amount });
        }
        if !may_begin(word) {
            return None;
        }
        let signed =
            || SIGNS.iter().find_map(|(sign, code)| Some((Some(*code), word.strip_prefix(sign)?)));
        let (sign, digits) = Some(word)
            .filter(|word| may_be_signed(word))
            .and_then(|_| signed())
            .unwrap_or((None, word));
        let (digits, percent) =
            digits.strip_suffix('%').map_or((digits, false), |digits| (digits, true));
        // `$175-million`
        let (digits, hyphen) = digits
            .rsplit_once('-')
            .and_then(|(digits, scale)| Some((digits, named(SCALES, scale)?)))
            .unwrap_or((digits, 1.0));
        let (digits, letters) = short_scale(digits, sign.is_some()).unwrap_or((digits, 1.0));
        let (low, digits) = range(digits).map_or((None, digits), |(low, high)| (Some(low), high));
        let number = number_of(digits)?;
        let spelled = !digits.starts_with(|c: char| c.is_ascii_digit());
        if sign.is_none() && !percent && (self.is_date(at) || spelled && digits == "one") {
            return None;
        }
        let mut scale = letters * hyphen;
        let mut end = at + 1;
        while let Some(factor) = named(SCALES, self.word(end)) {
            scale *= factor;
            end += 1;
        }
        let amount = |unit, end| Amount { value: number * scale, unit, end, scale, low };
        let percent = match (self.word(end), self.word(end + 1)) {
            _ if percent => Some(0),
            ("%" | "percent", _) => Some(1),
            ("per", "cent") => Some(2),
            _ => None,
        };
        if let Some(words) = percent {
            return Some(amount(Some("%"), end + words));
        }
        let next = self.word(end);
        let money = named(MONEY, next).or_else(|| named(CODES, next)).filter(|_| sign.is_none());
        end += usize::from(money.is_some());
        Some(amount(sign.or(money), end))
    }

    /// Whether a number is a year, a day of a month, an age, a time or the number of something.
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
            || LABELS.contains(&before.to_lowercase().as_str())
            || matches!(next, "a.m" | "p.m" | "am" | "pm" | "GMT" | "years-old")
            || this.contains(':')
    }

    /// Returns the lower end of the range that an amount ends, with its place: `18 to 25`, `between 2 and 2.2 billion`.
    pub(super) fn lower(&self, at: usize, amount: &Amount) -> Option<(f64, TextRange)> {
        if let Some(low) = amount.low {
            return Some((low * amount.scale, self.words[at]));
        }
        let number = at.checked_sub(2)?;
        let between = || number > 0 && matches!(self.word(number - 1), "between" | "Between");
        let joined = match self.word(at - 1) {
            "to" => true,
            "and" => between(),
            _ => false,
        };
        let (digits, own) = SIGNS
            .iter()
            .find_map(|(sign, _)| Some((self.word(number).strip_prefix(sign)?, true)))
            .unwrap_or((self.word(number), false));
        if !joined || own && amount.unit.is_none() || self.is_date(number) {
            return None;
        }
        let value = number_of(digits.trim_end_matches('%'))?;
        // `from $2 to 3 million` leaves open whether two dollars are meant.
        let scale = if own { 1.0 } else { amount.scale };
        let low = value * scale;
        (low < amount.value && low.is_finite()).then_some((low, self.words[number]))
    }

    /// Returns the numbers that a list has before an amount that ends it, with their places: `28, 59 and 84 patients`.
    pub(super) fn listed(&self, at: usize, amount: &Amount) -> Vec<(f64, TextRange)> {
        let mut found = Vec::new();
        // Whether millions are meant all along is open.
        let plain = amount.low.is_none() && (amount.scale - 1.0).abs() < f64::EPSILON;
        if !plain || at < 3 || !matches!(self.word(at - 1), "and" | "or") {
            return found;
        }
        let comma = |number: usize| {
            let gap = self.words[number].end as usize..self.words[number + 1].start as usize;
            self.document.text.get(gap).is_some_and(|gap| gap.trim() == ",")
        };
        for number in (0..at - 1).rev() {
            let is_last = number + 2 == at;
            let value = number_of(self.word(number)).filter(|value| value.is_finite());
            let Some(value) = value.filter(|_| !self.is_date(number)) else { break };
            if !is_last && !comma(number) {
                break;
            }
            found.push((value, self.words[number]));
        }
        found.reverse();
        // `in 12 and 15 patients` may be of two lists.
        if found.len() < 2 {
            found.clear();
        }
        found
    }
}

/// Returns the ends of a range in one word: `40-70`, the upper one as written.
fn range(digits: &str) -> Option<(f64, &str)> {
    let (low, high) = digits.split_once(['-', '–'])?;
    let digit = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    if !digit(low) || !digit(high) {
        return None;
    }
    let (value, upper) = (number_of(low)?, number_of(high)?);
    (value < upper).then_some((value, high))
}
