//! What somebody looks for, read from what they typed.

use super::words::{typed, words};

/// Characters of a query that are looked at.
const LONGEST: usize = 256;
/// Words, phrases and filters that are looked at.
const MOST: usize = 16;
/// Marks that open and close a phrase.
const MARKS: [char; 6] = ['"', '“', '”', '„', '«', '»'];
/// Fields that are not kinds of entities.
const FIELDS: [&str; 4] = ["topic", "source", "year", "kind"];

/// A query. All of its conditions hold for what is found; its words decide about the order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    /// The words, each once.
    pub(super) words: Vec<String>,
    /// The beginning of a word that may go on: the last one, which is among the words too.
    pub(super) begun: Option<String>,
    /// What has to be there, and with `false` what must not.
    pub(super) conditions: Vec<(Condition, bool)>,
}

/// What has to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// A word.
    Word(String),
    /// Words side by side.
    Phrase(Vec<String>),
    /// A field, and the words of its value.
    Field(String, Vec<String>),
}

impl Query {
    /// Reads a query. `kinds` are the names of kinds of documents, `asks` what questions for quotations begin with, and what stands before a year.
    pub(super) fn parse(text: &str, kinds: &[String], asks: &[Vec<String>; 2]) -> Self {
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
        let mut query = Self::default();
        let text = query.question(&text[..end], asks);
        let mut rest = text.trim_start();
        while !rest.is_empty() && query.words.len() + query.conditions.len() < MOST {
            rest = query.token(rest, kinds).trim_start();
        }
        query
    }

    /// Takes a question for quotations apart: who said something, in which year. Returns what is left.
    fn question(&mut self, text: &str, [asks, years]: &[Vec<String>; 2]) -> String {
        let lower = text.trim().to_lowercase();
        let lower = lower.trim_end_matches(['?', '؟', '？']).trim_end();
        let behind =
            |ask: &String| lower.strip_prefix(ask.as_str()).filter(|rest| rest.starts_with(' '));
        let Some(mut rest) = asks.iter().filter_map(behind).min_by_key(|rest| rest.len()) else {
            return text.to_owned();
        };
        let mut field = |name: &str, value: String| {
            self.conditions.push((Condition::Field(name.to_owned(), vec![value]), true));
        };
        field("kind", "quote".to_owned());
        if let Some((before, last)) = rest.rsplit_once(' ') {
            let year = words(last).concat();
            let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
            let before = years.iter().find_map(|word| before.strip_suffix(word.as_str()));
            if let Some(before) =
                before.filter(|before| is_year && (before.is_empty() || before.ends_with(' ')))
            {
                field("year", year);
                rest = before;
            }
        }
        // What was asked is whole: no word of it goes on.
        format!("{} ", rest.trim())
    }

    /// Takes the first token of a text, and returns what is behind it.
    fn token<'t>(&mut self, text: &'t str, kinds: &[String]) -> &'t str {
        let (holds, text) = match text.strip_prefix('-') {
            Some(behind) if behind.starts_with(|c: char| !c.is_whitespace() && c != '-') => {
                (false, behind)
            }
            _ => (true, text),
        };
        let (field, text) = field(text, kinds);
        let (value, is_marked, behind) = value(text);
        let found = words(value);
        let condition = match (field, found.len()) {
            // Kinds have names that are no words of a text.
            (Some("kind"), _) => {
                Some(Condition::Field("kind".to_owned(), vec![value.to_lowercase()]))
            }
            (Some(name), 1..) => Some(Condition::Field(name.to_owned(), found.clone())),
            (None, 2..) if is_marked => Some(Condition::Phrase(found.clone())),
            (None, 1) if is_marked || !holds => Some(Condition::Word(found[0].clone())),
            (None, 2..) if !holds => Some(Condition::Phrase(found.clone())),
            _ => None,
        };
        if field.is_none() && holds {
            if !is_marked && behind.is_empty() {
                self.begun = typed(value);
            }
            for word in found {
                if !self.words.contains(&word) && self.words.len() < MOST {
                    self.words.push(word);
                }
            }
        }
        self.conditions.extend(condition.map(|condition| (condition, holds)));
        behind
    }
}

/// Returns the field before a colon, and what is behind it.
fn field<'t>(text: &'t str, kinds: &[String]) -> (Option<&'t str>, &'t str) {
    let known = |name: &str| FIELDS.contains(&name) || kinds.iter().any(|kind| kind == name);
    match text.split_once(':') {
        Some((name, behind)) if known(name) && !behind.starts_with(char::is_whitespace) => {
            (Some(name), behind)
        }
        _ => (None, text),
    }
}

/// Returns the value at the beginning of a text, whether it stands in marks, and what is behind it.
fn value(text: &str) -> (&str, bool, &str) {
    if let Some(inner) = text.strip_prefix(MARKS) {
        let end = inner.find(MARKS).unwrap_or(inner.len());
        let behind = inner[end..].strip_prefix(MARKS).unwrap_or_default();
        return (&inner[..end], true, behind);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (&text[..end], false, &text[end..])
}
