//! Words of a sentence as the recognizer sees them.

use super::gazetteer::{Classes, classes, lookup};
use crate::text::{TextRange, is_alphanumeric};

/// A word, without a possessive ending.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Offset of its first byte in the text.
    pub(super) start: usize,
    /// Offset behind its last byte.
    pub(super) end: usize,
    /// Whether only white space parts it from the word before.
    pub(super) joined: bool,
    /// What it is known for.
    pub(super) classes: Classes,
}

impl Word {
    /// Borrows the word.
    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// Returns the words of a sentence in order.
pub(super) fn words(text: &str, sentence: TextRange) -> Vec<Word> {
    let part = sentence.slice(text);
    let base = sentence.range().start;
    let mut found: Vec<Word> = Vec::with_capacity(part.len() / 6 + 1);
    let mut behind = 0;
    while let Some(start) = word_start(part, behind) {
        let plain = plain_end(part, start);
        let end = plain.unwrap_or_else(|| word_end(part, start));
        let whole = &part[start..end];
        let word = if plain.is_some() { whole } else { without_possessive(whole) };
        let gap = &part[found.last().map_or(0, |last| last.end - base)..start];
        found.push(Word {
            start: base + start,
            end: base + start + word.len(),
            joined: !found.is_empty() && (gap == " " || gap.chars().all(char::is_whitespace)),
            classes: classes(word),
        });
        behind = end;
    }
    found
}

fn without_possessive(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

/// Returns where the next word starts.
fn word_start(part: &str, from: usize) -> Option<usize> {
    let bytes = part.as_bytes();
    let letter = |byte: &u8| is_alphanumeric(*byte) || !byte.is_ascii();
    let at = from + bytes[from..].iter().position(letter)?;
    if bytes[at].is_ascii() {
        return Some(at);
    }
    part[at..].find(char::is_alphanumeric).map(|more| at + more)
}

/// Returns the offset behind a word of plain letters and digits that ends at a space or comma, as most do.
fn plain_end(part: &str, start: usize) -> Option<usize> {
    let bytes = &part.as_bytes()[start..];
    let end = bytes.iter().position(|byte| !is_alphanumeric(*byte))?;
    matches!(bytes[end], b' ' | b',' | b'\n' | b')' | b'"' | b';' | b':').then_some(start + end)
}

/// Returns the offset behind the word that starts at `start`.
fn word_end(part: &str, start: usize) -> usize {
    let mut chars = part[start..].char_indices().peekable();
    let mut end = start;
    while let Some((at, c)) = chars.next() {
        let word = &part[start..start + at];
        let next = chars.peek().map(|(_, next)| *next);
        let inner = match c {
            '\'' | '’' | '&' => next.is_some_and(char::is_alphanumeric),
            '-' | '‑' => next.is_some_and(|n| {
                n.is_alphanumeric()
                    && (!n.is_lowercase()
                        || !is_capital(word)
                        || keeps_hyphen(word, &part[start + at + c.len_utf8()..]))
            }),
            '.' => {
                let initials = is_initials(word);
                let shortened = initials || classes(word).has(Classes::ABBREVIATION);
                let goes_on =
                    next.is_some_and(char::is_alphanumeric) && (initials || ends_in_digit(word));
                if shortened && !goes_on {
                    return start + at + 1;
                }
                goes_on
            }
            c => {
                c.is_alphanumeric()
                    || unicode_normalization::char::is_combining_mark(c)
                    || c == '\u{200c}'
            }
        };
        if !inner {
            return end;
        }
        end = start + at + c.len_utf8();
    }
    end
}

/// Whether a decimal point may follow.
fn ends_in_digit(word: &str) -> bool {
    word.ends_with(|c: char| c.is_ascii_digit())
}

/// What follows the hyphen of a compound that is no name: `Tehran-based`.
const COMPOUND: &[&str] = &[
    "aged", "aid", "area", "based", "born", "bound", "class", "day", "era", "free", "held", "hit",
    "home", "hour", "kong", "laden", "language", "led", "level", "like", "line", "linked", "long",
    "made", "member", "month", "named", "old", "only", "owned", "part", "prone", "ravaged",
    "related", "rich", "round", "ruled", "run", "scale", "size", "style", "term", "time", "torn",
    "type", "war", "week", "wide", "winning", "year",
];

/// Whether the part before a hyphen belongs to the lower-case part behind it, as in `Ki-moon`.
fn keeps_hyphen(before: &str, behind: &str) -> bool {
    if before == "Co" && ["op", "ord", "ex"].iter().any(|start| behind.starts_with(start)) {
        return true;
    }
    if matches!(before, "Al" | "El" | "Secretary" | "Director" | "Editor" | "Editor-in" | "Sharm") {
        return true;
    }
    let letters = behind.bytes().take_while(u8::is_ascii_lowercase).count();
    let part = &behind[..letters];
    let last = before.rsplit('-').next().unwrap_or_default();
    let is_prefix = matches!(
        last,
        "Pre"
            | "Anti"
            | "Non"
            | "Mid"
            | "Post"
            | "Pro"
            | "Self"
            | "Re"
            | "Co"
            | "Semi"
            | "Long"
            | "High"
            | "Ex"
            | "Multi"
    );
    let syllables = (2..=7).contains(&last.len())
        && last.bytes().skip(1).all(|b| b.is_ascii_lowercase())
        && (1..=6).contains(&letters);
    let ending = part.len() > 3 && (part.ends_with("ed") || part.ends_with("ing"));
    syllables
        && !is_prefix
        && !ending
        && !COMPOUND.contains(&part)
        && !(classes(part).has(Classes::COMMON)
            && (last.len() > 3 || classes(&last.to_lowercase()).has(Classes::COMMON)))
        && lookup(before).is_none()
        && !classes(before).has(Classes::DEMONYM)
}

/// Whether a word is single capital letters, with dots between them: `J`, `U.S`.
fn is_initials(word: &str) -> bool {
    word.split('.').all(|part| {
        let mut chars = part.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.next().is_none()
    })
}

/// Whether a word is spelled like a name: `Oslo`, `al-Assad`, but not `3rd`.
fn is_capital(word: &str) -> bool {
    if word.starts_with(char::is_uppercase) {
        return true;
    }
    let article = word.split_once('-').filter(|(before, _)| {
        matches!(*before, "al" | "el" | "as" | "ash" | "an" | "ad" | "ar" | "at")
    });
    article.is_some_and(|(_, after)| after.starts_with(char::is_uppercase))
}

/// Bytes of `seventy-seven`.
const LONGEST_NUMBER: usize = 13;

/// Numbers in words.
const NUMBERS: &[(&str, f64)] = &[
    ("one", 1.0),
    ("two", 2.0),
    ("three", 3.0),
    ("four", 4.0),
    ("five", 5.0),
    ("six", 6.0),
    ("seven", 7.0),
    ("eight", 8.0),
    ("nine", 9.0),
    ("ten", 10.0),
    ("eleven", 11.0),
    ("twelve", 12.0),
    ("thirteen", 13.0),
    ("fourteen", 14.0),
    ("fifteen", 15.0),
    ("sixteen", 16.0),
    ("seventeen", 17.0),
    ("eighteen", 18.0),
    ("nineteen", 19.0),
    ("twenty", 20.0),
    ("thirty", 30.0),
    ("forty", 40.0),
    ("fifty", 50.0),
    ("sixty", 60.0),
    ("seventy", 70.0),
    ("eighty", 80.0),
    ("ninety", 90.0),
];

/// Whether a word may begin with a number in words. Most do not, and their first letters tell.
pub(super) fn begins_number(word: &str) -> bool {
    let Some(first) = word.as_bytes().first_chunk() else { return false };
    let first = three(*first);
    // `for` is a common word, `forty` is not.
    BEGINNINGS.contains(&first)
        || first == three(*b"for")
            && word.as_bytes().get(3).is_some_and(|byte| matches!(byte, b't' | b'T'))
}

/// How numbers in words begin.
const BEGINNINGS: [u32; 14] = [
    three(*b"one"),
    three(*b"two"),
    three(*b"thr"),
    three(*b"fou"),
    three(*b"fiv"),
    three(*b"six"),
    three(*b"sev"),
    three(*b"eig"),
    three(*b"nin"),
    three(*b"ten"),
    three(*b"ele"),
    three(*b"twe"),
    three(*b"thi"),
    three(*b"fif"),
];

/// Returns three letters of ASCII in one number, whatever their case; others than letters give the number of no letters.
const fn three([first, second, third]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, first, second, third]) | 0x20_2020
}

/// Returns the value of a number in digits or words: `36,379`, `2.5`, `eleven`; none for others.
pub(super) fn number_of(word: &str) -> Option<f64> {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let Some((whole, last)) = word.rsplit_once(',') else { return word.parse().ok() };
        // `92,2` as most of the world writes it; groups may have two digits, as in `1,50,000`, but the last.
        if last.len() < 3 && !whole.contains([',', '.']) {
            return word.replace(',', ".").parse().ok();
        }
        let thousands = last.split('.').next().is_some_and(|part| part.len() == 3);
        let groups = whole.split(',').skip(1).all(|group| group.len() >= 2);
        return word.replace(',', "").parse().ok().filter(|_| thousands && groups);
    }
    if word.len() > LONGEST_NUMBER || !begins_number(word) {
        return None;
    }
    let value = |part: &str| {
        let same = |name: &str| name.len() == part.len() && name.eq_ignore_ascii_case(part);
        let found = NUMBERS.iter().find(|(name, _)| same(name));
        found.map(|(_, value)| *value)
    };
    match word.split_once('-') {
        Some((tens, ones)) => Some(
            value(tens).filter(|tens| *tens >= 20.0)? + value(ones).filter(|ones| *ones < 10.0)?,
        ),
        None => value(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        words(text, TextRange::of(0..text.len())).into_iter().map(|word| word.of(text)).collect()
    }

    #[test]
    fn numbers_in_words_are_told_by_their_first_letters() {
        for (name, value) in NUMBERS {
            assert!(begins_number(name) && begins_number(&name.to_uppercase()), "{name}");
            assert_eq!(number_of(name), Some(*value));
        }
        assert!(["for", "the", "on", "tw"].iter().all(|word| !begins_number(word)));
    }

    #[test]
    fn words_keep_what_belongs_to_them() {
        assert_eq!(split("The U.S.'s Dr. O’Hara"), ["The", "U.S.", "s", "Dr.", "O’Hara"]);
        assert_eq!(
            split("Tehran-based al-Assad met J. Doe's son."),
            ["Tehran", "based", "al-Assad", "met", "J.", "Doe", "son"]
        );
        assert_eq!(split("Ban Ki-moon, Iran-backed"), ["Ban", "Ki-moon", "Iran", "backed"]);
        assert_eq!(split("cost 3.5 percent."), ["cost", "3.5", "percent"]);
    }
}
