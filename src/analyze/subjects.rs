//! What texts are about when nobody says so: plain words that come again and again in one text, and in several.
//!
//! In one text, words and pairs of words are ranked by how often they stand there (its *subjects*). In a collection, those that
//! rank high in several texts, yet not in many, become topics. A word that most texts use is about none of them
//! (Spärck Jones, "A statistical interpretation of term specificity", 1972); one that a text repeats says more about it than
//! one that it mentions (Katz, "Distribution of content words and phrases in text and language modelling", 1996).

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::document::{Document, Line};
use super::gazetteer::{Classes, classes};
use super::words::Word;
use crate::text::spaced;

/// Subjects of one text, at most.
const MOST: usize = 8;
/// Topics of one text, at most.
const TOPICS: usize = 3;
/// How often a word must stand in a text, and a pair of words.
const LEAST: [usize; 2] = [3, 2];
/// Texts that a topic needs.
const TEXTS: usize = 3;

/// Words that tell no topic by themselves.
static GENERAL: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("data/general.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// A word or pair of words that a text is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The same for singular and plural.
    pub key: String,
    /// As it stands most often.
    pub form: String,
}

/// A subject in the making.
#[derive(Default)]
struct Seen {
    count: usize,
    /// The same, where what is said first counts twice.
    weight: usize,
    /// Number of the sentence.
    first: usize,
    words: usize,
    forms: Vec<(String, usize)>,
}

impl Document<'_> {
    /// Returns what the text is about, best first.
    pub fn subjects(&self) -> Vec<Subject> {
        let mut seen: FxHashMap<String, Seen> = FxHashMap::default();
        let mut names = self.names.iter().peekable();
        for (number, line) in self.lines.iter().enumerate() {
            while names.next_if(|name| name.sentence < number).is_some() {}
            let next = names.peek().filter(|name| name.sentence == number);
            let opens = next.is_none_or(|name| name.range.start > line.range.start);
            let nouns: Vec<Noun> = (0..line.words.len())
                .map(|at| Noun::of(line.words[at], at == 0 && opens, self.text))
                .collect();
            for at in 0..line.words.len() {
                for words in 1..=2 {
                    if !is_subject(line, &nouns, at..at + words, self.text) {
                        continue;
                    }
                    let part = &line.words[at..at + words];
                    // Nothing but the first word of a sentence has a capital here.
                    let form = self.text[part[0].start..part[words - 1].end].to_lowercase();
                    let fresh = || Seen { first: number, words, ..Seen::default() };
                    let one = seen.entry(key(&form)).or_insert_with(fresh);
                    one.count += 1;
                    one.weight += if number == 0 { 2 } else { 1 };
                    match one.forms.iter_mut().find(|(known, _)| *known == form) {
                        Some((_, count)) => *count += 1,
                        None => one.forms.push((form, 1)),
                    }
                }
            }
        }
        let enough = |one: &Seen| one.count >= LEAST[one.words - 1];
        let mut all: Vec<(String, Seen)> =
            seen.into_iter().filter(|(_, one)| enough(one)).collect();
        // Two words say twice as much as one.
        let rank = |one: &Seen| std::cmp::Reverse(one.weight * one.words);
        all.sort_by(|(key, one), (other_key, other)| {
            (rank(one), one.first, key).cmp(&(rank(other), other.first, other_key))
        });
        all.truncate(MOST);
        all.into_iter().map(|(key, one)| Subject { key, form: usual(one.forms) }).collect()
    }
}

/// Returns the form that is used most, of several the first.
fn usual(forms: Vec<(String, usize)>) -> String {
    let best = forms.into_iter().rev().max_by_key(|(_, count)| *count);
    best.map_or_else(String::new, |(form, _)| form)
}

/// Returns the key of the subject that a topic is called after.
pub fn subject_key(topic: &str) -> String {
    key(&topic.to_lowercase())
}

/// Returns what singular and plural have in common.
fn key(form: &str) -> String {
    let singular = |word: &str| match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ => {
            let plural = word.len() > 3 && !word.ends_with("ss") && !word.ends_with("us");
            word.strip_suffix('s').filter(|_| plural).unwrap_or(word).to_owned()
        }
    };
    spaced(form).map(singular).collect::<Vec<_>>().join(" ")
}

/// What the spelling of a word tells of whether it is a noun.
#[derive(Clone, Copy, Default)]
struct Noun {
    /// It has a meaning of its own, and is part of no name.
    plain: bool,
    /// Its ending is that of a verb or adverb.
    verb: bool,
    /// It tells no topic by itself.
    general: bool,
}

impl Noun {
    /// Looks at a word; one that `opens` a sentence may have a capital.
    fn of(word: Word, opens: bool, text: &str) -> Self {
        let form = word.of(text);
        let passed_over = Classes::FUNCTION
            | Classes::CALENDAR
            | Classes::SAYING
            | Classes::TELLING
            | Classes::SAY
            | Classes::TITLE
            | Classes::ROLE;
        let skipped = usize::from(opens);
        let lower = form.chars().skip(skipped).all(|c| c.is_lowercase() || c == '-');
        if form.len() < 4 || !lower || word.classes.has(passed_over) {
            return Self::default();
        }
        let small = if opens { Cow::Owned(form.to_lowercase()) } else { Cow::Borrowed(form) };
        if opens && classes(&small).has(passed_over) {
            return Self::default();
        }
        Self {
            plain: true,
            verb: ["ed", "ing", "ly"].iter().any(|ending| form.ends_with(ending)),
            general: GENERAL.contains(small.as_ref()),
        }
    }
}

/// Whether a word or pair of words may be what a text is about: nouns, as far as their spelling tells.
fn is_subject(line: &Line, nouns: &[Noun], place: Range<usize>, text: &str) -> bool {
    let (Some(part), Some(words)) = (nouns.get(place.clone()), line.words.get(place.clone()))
    else {
        return false;
    };
    let joined = words.iter().skip(1).all(|word| word.joined);
    let whole = joined && part.iter().all(|noun| noun.plain);
    if !whole || part.last().is_none_or(|noun| noun.verb) || part.iter().all(|noun| noun.general) {
        return false;
    }
    // `public` of `the Public Health Act` is part of a name.
    let next = line.words.get(place.end).filter(|word| word.joined);
    !next.is_some_and(|word| word.of(text).starts_with(char::is_uppercase))
}

/// Chooses the topics of a collection: for each text, given its subjects, the ones that are topics, best first.
///
/// A topic is the subject of at least three texts and at most a sixth of them (half, in a small collection); there are no more than a
/// tenth as many topics as texts, and at least five, at most 200. O(n log n).
pub fn choose<'s>(texts: &[&'s [Subject]]) -> Vec<Vec<&'s str>> {
    let mut counts: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    let mut about = 0;
    for subjects in texts {
        about += usize::from(!subjects.is_empty());
        for (rank, subject) in subjects.iter().enumerate() {
            let one = counts.entry(&subject.key).or_default();
            (one.0, one.1) = (one.0 + 1, one.1 + MOST.saturating_sub(rank));
        }
    }
    let most = if about < 40 { about.div_ceil(2) } else { about / 6 };
    let mut found: Vec<(&str, usize, usize)> = counts
        .into_iter()
        .map(|(key, (texts, weight))| (key, texts, weight))
        .filter(|(_, texts, _)| (TEXTS..=most.max(TEXTS)).contains(texts))
        .collect();
    found.sort_unstable_by(|a, b| (b.2, a.0).cmp(&(a.2, b.0)));
    found.truncate((about / 10).clamp(5, 200));
    let chosen: FxHashSet<&str> = found.iter().map(|(key, ..)| *key).collect();
    let of_text = |subjects: &&'s [Subject]| {
        let topics: Vec<&str> = subjects
            .iter()
            .map(|one| one.key.as_str())
            .filter(|key| chosen.contains(key))
            .collect();
        // `phone` says nothing more beside `mobile phone`.
        let is_part = |key: &str| {
            topics.iter().any(|other| *other != key && other.split(' ').any(|word| word == key))
        };
        topics.iter().filter(|key| !is_part(key)).take(TOPICS).copied().collect()
    };
    texts.iter().map(of_text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subjects(text: &str) -> Vec<Subject> {
        Document::new(text, Document::paragraphs(text)).subjects()
    }

    fn keys(subjects: &[Subject]) -> Vec<&str> {
        subjects.iter().map(|one| one.key.as_str()).collect()
    }

    #[test]
    fn what_a_text_repeats_is_what_it_is_about() {
        let text = "The cholera outbreak closed two schools in Beira. Doctors fear that the cholera outbreak will spread. \
                    Cholera kills within hours, and cholera vaccines are short. The Cholera Fund gave years of help, the \
                    people said, and people said so for years and years.";
        assert_eq!(keys(&subjects(text)), ["cholera outbreak", "cholera"]);
        assert_eq!(subjects("No word of it stands twice.").len(), 0);
    }

    #[test]
    fn a_topic_is_the_subject_of_several_texts_and_not_of_most() {
        let subject = |key: &str| Subject { key: key.to_owned(), form: key.to_owned() };
        let about = |keys: &[&str]| keys.iter().map(|key| subject(key)).collect::<Vec<_>>();
        let mut texts = vec![about(&["mobile phone", "phone", "rain"]); 3];
        texts.extend(vec![about(&["rain"]); 4]);
        texts.push(about(&["snow"]));
        texts.push(Vec::new());
        let texts: Vec<&[Subject]> = texts.iter().map(Vec::as_slice).collect();
        let topics = choose(&texts);
        // Of eight texts that are about something, seven are about rain.
        assert_eq!(topics[0], ["mobile phone"]);
        assert!(topics[3..].iter().all(Vec::is_empty), "{topics:?}");
    }
}
