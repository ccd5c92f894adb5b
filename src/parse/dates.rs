//! Dates as people write them in English.

use jiff::civil::Date;

use crate::load::When;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words that may stand beside a date in a line that is only a date.
const COMPANIONS: [&str; 28] = [
    "published",
    "posted",
    "updated",
    "date",
    "dated",
    "on",
    "at",
    "of",
    "the",
    "last",
    "modified",
    "first",
    "am",
    "pm",
    "gmt",
    "utc",
    "est",
    "edt",
    "ist",
    "cet",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "release",
];

/// A date without a time of day.
pub(super) fn day(date: Date) -> When {
    When { date, instant: None }
}

/// Reads the `YYYY-MM-DD` at the start of a text.
pub(super) fn iso_prefix(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// Reads a whole date (day, month, year in any usual order) anywhere in a short text.
pub(super) fn find(text: &str) -> Option<Date> {
    let words: Vec<&str> = words(text).collect();
    (0..words.len()).find_map(|at| at_word(&words[at..])).map(|(date, _)| date)
}

/// Reads a line that holds a date, perhaps a time and a label, and nothing else.
pub(super) fn only(line: &str) -> Option<Date> {
    if line.len() > 80 {
        return None;
    }
    let words: Vec<&str> = words(line).collect();
    let start = (0..words.len()).find(|at| at_word(&words[*at..]).is_some())?;
    let (date, used) = at_word(&words[start..])?;
    let harmless = |word: &&str| word.bytes().all(|b| b.is_ascii_digit()) || is_companion(word);
    let rest = words[..start].iter().chain(&words[start + used..]);
    rest.copied().all(|word| harmless(&word)).then_some(date)
}

fn is_companion(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    COMPANIONS.contains(&word.as_str())
        || (word.len() >= 3 && COMPANIONS[20..27].iter().any(|day| day.starts_with(&word)))
        || word
            .strip_suffix("am")
            .or_else(|| word.strip_suffix("pm"))
            .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Reads a date at the start of a list of words, with the number of words used.
fn at_word(words: &[&str]) -> Option<(Date, usize)> {
    let [a, b, c, ..] = words else { return None };
    let (year, month, day) = if a.len() == 4 && a.bytes().all(|b| b.is_ascii_digit()) {
        (year(a)?, b.parse().ok().or_else(|| month(b))?, day_of(c)?)
    } else if let Some(month) = month(a) {
        (year(c)?, month, day_of(b)?)
    } else {
        (year(c)?, month(b)?, day_of(a)?)
    };
    Some((Date::new(year, month, day).ok()?, 3))
}

fn year(word: &str) -> Option<i16> {
    (word.len() == 4).then(|| word.parse().ok())?.filter(|year| (1500..=2200).contains(year))
}

fn day_of(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    matches!(&word[digits.len()..], "" | "st" | "nd" | "rd" | "th").then(|| digits.parse().ok())?
}

/// Month by name or by an abbreviation of at least three letters (`Sept`).
fn month(word: &str) -> Option<i8> {
    let word = word.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    i8::try_from(at + 1).ok()
}

/// Reads the dateline that a lead starts with: `GENEVA, Sept 3, 1998 (Agency) -`.
pub(super) fn dateline(lead: &str) -> Option<Date> {
    const SEPARATORS: [&str; 6] = [" - ", "--", " – ", " — ", ") -", ": "];
    let heads = SEPARATORS
        .iter()
        .filter_map(|mark| lead.get(..lead.find(mark)?))
        .filter(|head| head.len() <= 60);
    heads.min_by_key(|head| (find(head).is_none(), head.len())).and_then(find)
}

/// Whether a line starts with a dateline, with or without a whole date: `TEHRAN (TT) --`.
pub(super) fn is_dateline(line: &str) -> bool {
    let dash = [" - ", " – ", " — ", " -- "].iter().filter_map(|dash| line.find(dash)).min();
    let Some(place) = dash.and_then(|at| line.get(..at)) else { return false };
    let shout = words(place)
        .next()
        .is_some_and(|word| word.len() > 2 && word.chars().all(char::is_uppercase));
    place.len() <= 80
        && (shout || place.ends_with(')') || words(place).any(|word| month(word).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_any_usual_order() {
        for text in [
            "Sept 3, 1998",
            "3 September 1998",
            "1998-09-03",
            "September 3rd, 1998",
            "GENEVA, 3 Sep. 1998 (X)",
        ] {
            assert_eq!(
                find(text).map(|date| date.to_string()).as_deref(),
                Some("1998-09-03"),
                "{text}"
            );
        }
        assert_eq!(find("27 January"), None);
        assert_eq!(find("31 February 2001"), None);
    }

    #[test]
    fn a_date_line_holds_nothing_else() {
        for text in [
            "Published: 2 March 2017",
            "2017-03-02",
            "March 2, 2017 | 10:30",
            "Thu, 2 Mar 2017 10:30 GMT",
        ] {
            assert_eq!(
                only(text).map(|date| date.to_string()).as_deref(),
                Some("2017-03-02"),
                "{text}"
            );
        }
        assert_eq!(only("The treaty of 2 March 2017 failed"), None);
    }

    #[test]
    fn a_dateline_ends_at_its_dash() {
        let read = |text| dateline(text).map(|date| date.to_string());
        assert_eq!(
            read("GENEVA, Sept 3, 1998 (Agency) - Talks began").as_deref(),
            Some("1998-09-03")
        );
        assert_eq!(read("CAIRO – 26 July 2022: The embassy"), Some("2022-07-26".to_owned()));
        assert_eq!(read("afrol News, 27 January - The minister"), None);
    }
}
