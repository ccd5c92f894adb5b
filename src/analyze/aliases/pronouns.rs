//! Whom pronouns stand for.
//!
//! `I` in a quotation is its speaker. `He` and `she` are the person of fitting gender that a sentence before named
//! first, the nearest sentence first. Genders come from titles and forenames.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::super::document::Document;
use super::super::gazetteer::{Classes, classes};
use super::super::quotes::Speaker;
use super::super::tagger::NameClass;
use super::heads::Head;
use super::{Naming, name_key};
use crate::text::{TextRange, spaced};

/// Grammatical gender of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Gender {
    Female,
    Male,
}

static FORENAMES: LazyLock<FxHashMap<&'static str, Gender>> = LazyLock::new(|| {
    let mut all = FxHashMap::default();
    for line in include_str!("../data/genders.txt").lines() {
        let Some((gender, names)) = line.split_once('\t') else { continue };
        let gender = if gender == "female" { Gender::Female } else { Gender::Male };
        all.extend(names.split(' ').map(|name| (name, gender)));
    }
    all
});

/// Returns a pronoun in lower case without the verb that clings to it: `He's` is `he`.
fn bare(word: &str) -> String {
    let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    let end = word.find(['\'', '’']).unwrap_or(word.len());
    word[..end].to_owned()
}

/// Whether a mention is a pronoun for one person.
pub(super) fn is_pronoun(word: &str) -> bool {
    is_own(word) || gender_of_pronoun(word).is_some()
}

fn is_own(word: &str) -> bool {
    matches!(bare(word).as_str(), "i" | "me" | "my" | "mine" | "myself")
        && !word.chars().any(char::is_numeric)
        && !word.ends_with('.')
}

fn gender_of_pronoun(word: &str) -> Option<Gender> {
    match bare(word).as_str() {
        "he" | "him" | "his" | "himself" => Some(Gender::Male),
        "she" | "her" | "hers" | "herself" => Some(Gender::Female),
        _ => None,
    }
}

/// A person at a place.
struct Person {
    form: usize,
    /// The last word of the name.
    key: String,
    range: TextRange,
    sentence: usize,
    gender: Option<Gender>,
}

impl Document<'_> {
    /// Returns for each mention that is a pronoun the mention of the one it stands for, as far as it can be told.
    pub fn antecedents(&self, mentions: &[(TextRange, Head<'_>)]) -> Vec<Option<usize>> {
        let mut found = vec![None; mentions.len()];
        let mut pronouns: Vec<usize> =
            (0..mentions.len()).filter(|at| mentions[*at].1.naming == Naming::Pronoun).collect();
        if pronouns.is_empty() {
            return found;
        }
        pronouns.sort_by_key(|at| mentions[*at].0);
        let mut people = self.people(mentions);
        let quotes = self.quotes();
        for pronoun in pronouns {
            let (range, head) = &mentions[pronoun];
            let sentence = self.sentence_at(range.start);
            let at = if is_own(head.text) {
                let quote = quotes.iter().find(|quote| quote.range.overlaps(*range));
                match quote.map(|quote| quote.speaker) {
                    Some(Speaker::Name(name)) => nearest(&people, self.names[name].range),
                    _ => self.speaker(&people, *range, sentence),
                }
            } else {
                before(&people, *range, sentence, gender_of_pronoun(head.text))
            };
            let Some(at) = at else { continue };
            let (form, key) = (people[at].form, people[at].key.clone());
            found[pronoun] = Some(form);
            // Who is spoken of goes on being so, and is from now on known to be he or she.
            let gender = people[at].gender.or_else(|| gender_of_pronoun(head.text));
            for person in people.iter_mut().filter(|person| person.key == key) {
                person.gender = person.gender.or(gender);
            }
            let place = people.partition_point(|person| person.range <= *range);
            people.insert(place, Person { form, key, range: *range, sentence, gender });
        }
        found
    }

    /// Returns who says `I` where no quotation is marked: who is said to say something in this sentence or the
    /// next, else who was spoken of before.
    fn speaker(&self, people: &[Person], range: TextRange, sentence: usize) -> Option<usize> {
        let says = |word: Option<&str>| {
            let word = word.unwrap_or_default().trim_matches(|c: char| !c.is_alphabetic());
            classes(word).has(Classes::SAY | Classes::SAYING)
        };
        let speaks = |at: &usize| {
            let place = people[*at].range.range();
            let (before, after) = (&self.text[..place.start], &self.text[place.end..]);
            says(spaced(after).next()) || says(before.split_whitespace().next_back())
        };
        let next = people.partition_point(|person| person.range.start < range.start);
        let after = (next..people.len()).take_while(|at| people[*at].sentence <= sentence + 1);
        after.into_iter().find(speaks).or_else(|| before(people, range, sentence, None))
    }

    fn sentence_at(&self, offset: u32) -> usize {
        self.lines.partition_point(|line| line.range.end <= offset)
    }

    /// Returns the people among the mentions, in the order of the text.
    fn people(&self, mentions: &[(TextRange, Head<'_>)]) -> Vec<Person> {
        let mut genders: FxHashMap<String, Gender> = FxHashMap::default();
        let mut people = Vec::new();
        for (form, (range, head)) in mentions.iter().enumerate() {
            if head.naming == Naming::Name && head.class == Some(NameClass::Person) {
                let own = gender(head.text).or_else(|| gender(range.slice(self.text)));
                if let (Some(own), Some(last)) = (own, last_word(head.text)) {
                    genders.entry(last).or_insert(own);
                }
                people.push((form, *range, own));
            }
        }
        let mut people: Vec<Person> = people
            .into_iter()
            .map(|(form, range, own)| {
                let key = last_word(mentions[form].1.text).unwrap_or_default();
                let gender = own.or_else(|| genders.get(&key).copied());
                Person { form, key, range, sentence: self.sentence_at(range.start), gender }
            })
            .collect();
        people.sort_by_key(|person| (person.range, person.form));
        people
    }
}

fn last_word(name: &str) -> Option<String> {
    name_key(name.trim_end_matches("'s").trim_end_matches("’s"))
        .split(' ')
        .next_back()
        .map(str::to_owned)
}

/// Returns the gender of a person with a title or a forename that tells.
pub(in super::super) fn gender(name: &str) -> Option<Gender> {
    spaced(name).find_map(|word| match word.trim_end_matches('.').to_lowercase().as_str() {
        "mr" | "man" | "boy" | "father" | "husband" | "grandfather" | "gunman" | "sir" | "lord"
        | "king" | "prince" | "actor" | "chairman" | "spokesman" | "pope" => Some(Gender::Male),
        "mrs" | "woman" | "girl" | "mother" | "wife" | "widow" | "grandmother" | "ms" | "miss"
        | "lady" | "queen" | "princess" | "actress" | "dame" | "spokeswoman" => {
            Some(Gender::Female)
        }
        _ => FORENAMES.get(word).copied(),
    })
}

/// Returns the person whose place covers a name, or is nearest to it.
fn nearest(people: &[Person], name: TextRange) -> Option<usize> {
    (0..people.len()).min_by_key(|at| people[*at].range.start.abs_diff(name.start))
}

/// Returns the person of a gender that was named first in the nearest sentence before a place.
fn before(
    people: &[Person],
    range: TextRange,
    sentence: usize,
    gender: Option<Gender>,
) -> Option<usize> {
    let fits = |at: &usize| {
        let person = &people[*at];
        gender.is_none() || person.gender.is_none() || person.gender == gender
    };
    let end = people.partition_point(|person| person.range.start < range.start);
    let last = (0..end).rev().find(fits)?;
    let nearest = people[last].sentence;
    // In the sentence of the pronoun itself, as in those before, who was named first is spoken of.
    let first = (0..end).filter(fits).find(|at| people[*at].sentence == nearest);
    debug_assert!(nearest <= sentence, "who was named before is not named later");
    first.or(Some(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(text: &str, mentions: &[&str]) -> Vec<Option<usize>> {
        let document = Document::read(text);
        let mut from = 0;
        let mut found = Vec::new();
        for mention in mentions {
            let at = from + text[from..].find(mention).unwrap_or_default();
            from = at + mention.len();
            let range = TextRange::of(at..from);
            found.push((range, document.head(range)));
        }
        document.antecedents(&found)
    }

    #[test]
    fn pronouns_agree_in_gender() {
        let text = "Tony Blair met Angela Merkel in Berlin. He praised her work. She thanked him.";
        let mentions = ["Tony Blair", "Angela Merkel", "He", "her", "She", "him"];
        let expected = vec![None, None, Some(0), Some(1), Some(1), Some(0)];
        assert_eq!(answers(text, &mentions), expected);
    }

    #[test]
    fn whoever_speaks_says_i() {
        let text =
            "Tony Blair met Angela Merkel in Berlin. \"I am glad,\" Angela Merkel said on Monday.";
        let mentions = ["Tony Blair", "Angela Merkel", "I", "Angela Merkel"];
        assert_eq!(answers(text, &mentions), vec![None, None, Some(3), None]);
    }
}
