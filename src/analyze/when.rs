//! Words that say when: `as of Tuesday`, `on 7 October 2023`, `last month`.

use super::words::number_of;
use crate::text::TextRange;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Words before the name of a time.
const BEFORE: [&str; 9] = ["on", "in", "by", "since", "until", "during", "of", "at", "late"];

/// Whether a word is a month, or its first letters as they are written short.
pub(super) fn is_month(word: &str) -> bool {
    if !word.starts_with(['J', 'F', 'M', 'A', 'S', 'O', 'N', 'D']) {
        return false;
    }
    let word = word.trim_end_matches('.');
    word.len() >= 3 && MONTHS.iter().any(|month| *month == word || is_short(month, word))
}

/// `Sept`, `Oct`; the first three or four letters.
fn is_short(month: &str, word: &str) -> bool {
    (3..=4).contains(&word.len()) && month.starts_with(word)
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && (word.starts_with("19") || word.starts_with("20"))
        && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_day_of_month(word: &str) -> bool {
    word.len() <= 2 && number_of(word).is_some_and(|day| (1.0..=31.0).contains(&day))
}

/// Returns how many words from one on name a time; 0 when they do not.
fn named<'t>(word: &dyn Fn(usize) -> &'t str, at: usize) -> usize {
    // Few words begin like a time.
    let begins =
        |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || matches!(c, 'l' | 't' | 'y');
    if !word(at).starts_with(begins) {
        return 0;
    }
    let year = |at: usize| usize::from(is_year(word(at)));
    if is_month(word(at)) {
        let day = usize::from(is_day_of_month(word(at + 1)));
        return 1 + day + year(at + 1 + day);
    }
    if is_day_of_month(word(at)) && is_month(word(at + 1)) {
        return 2 + year(at + 2);
    }
    match word(at) {
        day if DAYS.contains(&day) => 1,
        "today" | "yesterday" | "Today" | "Yesterday" => 1,
        "last" | "Last" | "this" | "This" => {
            let next = word(at + 1);
            let unit = matches!(next, "week" | "month" | "year" | "quarter" | "night" | "season");
            if unit || DAYS.contains(&next) || is_month(next) { 2 } else { 0 }
        }
        _ => 0,
    }
}

/// Returns when a number of a sentence held, as the sentence says it: after `as of` if that is there, else the time that
/// is named nearest behind the number, else nearest before it. A bare year counts behind `in`, `since` and the like only.
pub(super) fn as_of(text: &str, words: &[TextRange], number: usize) -> Option<TextRange> {
    let word = |at: usize| words.get(at).map_or("", |word| word.slice(text));
    let at = |at: usize| {
        let before = at.checked_sub(1).map_or("", word);
        let count = match named(&word, at) {
            0 => usize::from(is_year(word(at)) && BEFORE.contains(&before)),
            count => count,
        };
        (count > 0).then(|| TextRange::new(words[at].start, words[at + count - 1].end))
    };
    let stated = (0..words.len()).find_map(|place| {
        let follows =
            word(place).eq_ignore_ascii_case("as") && matches!(word(place + 1), "of" | "at");
        if follows && place + 2 < words.len() { at(place + 2) } else { None }
    });
    let behind = || (number + 1..words.len()).find_map(at);
    let before = || (0..number).rev().find_map(at);
    stated.or_else(behind).or_else(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::spaced;

    fn told(text: &str) -> Option<&str> {
        let mut words = Vec::new();
        for word in spaced(text) {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let word = word.trim_end_matches(['.', ',']);
            words.push(TextRange::of(start..start + word.len()));
        }
        let number = words.iter().position(|word| word.slice(text) == "12")?;
        as_of(text, &words, number).map(|range| range.slice(text))
    }

    #[test]
    fn the_time_of_a_number_is_the_nearest_that_is_named() {
        for (text, when) in [
            ("On Monday the toll was 12 dead as of Sunday.", Some("Sunday")),
            ("On Monday 12 people died.", Some("Monday")),
            ("The army said 12 people died on 7 October 2023, a Saturday.", Some("7 October 2023")),
            ("Sales fell by 12 percent last month.", Some("last month")),
            ("It sold 12 ships in 1998.", Some("1998")),
            ("It sold 12 ships to the 1998 Fund.", None),
            ("There may be 12 ships.", None),
        ] {
            assert_eq!(told(text), when, "{text}");
        }
    }
}
