//! Whom a role stands for: `the prime minister`, `Actress`.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::super::document::Document;
use super::super::gazetteer::{Classes, classes};
use super::super::tagger::NameClass;
use super::heads::Head;
use super::pronouns::{Gender, gender};
use super::{Naming, heads, is_same_person, name_key};
use crate::text::TextRange;

/// Words for persons that news puts for the one it is about, beside the roles of the gazetteer.
const PERSONS: &[&str] = &[
    "accountant",
    "activist",
    "actor",
    "actress",
    "athlete",
    "author",
    "boxer",
    "champ",
    "champion",
    "climber",
    "comedian",
    "con",
    "convict",
    "escapee",
    "fighter",
    "filmmaker",
    "fugitive",
    "girl",
    "grandfather",
    "grandmother",
    "hero",
    "host",
    "icon",
    "inmate",
    "killer",
    "legend",
    "lifer",
    "mermaid",
    "mountaineer",
    "murderer",
    "prisoner",
    "rapist",
    "robber",
    "singer",
    "star",
    "suspect",
    "swimmer",
    "teen",
    "teenager",
    "widow",
    "woman",
    "worker",
];

/// Characters between two roles of one person: `swimmer and actress`.
const BESIDE: u32 = 8;

/// Most words that a title has.
const LONGEST: usize = 3;

impl Document<'_> {
    /// Returns for each mention that is a role the mention of the person who has it, as far as it can be told.
    ///
    /// That is the one person before whose name the same words stand as a title; else, for what one person is
    /// called, the person who is named most.
    pub fn bearers(&self, mentions: &[(TextRange, Head<'_>)]) -> Vec<Option<usize>> {
        let mut found = vec![None; mentions.len()];
        let roles: Vec<(usize, String)> = mentions
            .iter()
            .enumerate()
            .filter(|(_, (_, head))| head.naming == Naming::Words)
            .map(|(at, (_, head))| (at, role_key(head.text)))
            .filter(|(_, key)| key.split(' ').count() <= LONGEST)
            .collect();
        self.join_kinds(mentions, &mut found);
        if roles.is_empty() {
            return found;
        }
        // `King` is no king where there is a `Billy King`.
        let surnames: FxHashSet<String> = mentions
            .iter()
            .filter(|(_, head)| {
                head.naming == Naming::Name && head.class == Some(NameClass::Person)
            })
            .filter_map(|(_, head)| Some(role_key(head.text).split(' ').next_back()?.to_owned()))
            .collect();
        let titles = self.titles(mentions);
        let most = named_most(mentions);
        let mut roles = roles;
        roles.retain(|(at, role)| found[*at].is_none() && !surnames.contains(role));
        roles.sort_by_key(|(at, _)| mentions[*at].0);
        let mut before: Vec<(TextRange, String, usize)> = Vec::new();
        for (at, role) in roles {
            // `Woman killed, driver charged`: whom another role in the sentence stands for.
            let range = mentions[at].0;
            let taken: Vec<usize> = before
                .iter()
                .filter(|(other, key, _)| *key != role && self.are_two(*other, range))
                .map(|(_, _, person)| *person)
                .collect();
            found[at] = match titles.get(&role) {
                Some(holders) => single(holders, mentions),
                None if is_person(&role) => {
                    let fits = |(form, _): &&(usize, Option<Gender>)| *form != at;
                    let wanted = gender(&role);
                    let agrees = |(_, own): &&(usize, Option<Gender>)| {
                        wanted.is_none() || own.is_none() || *own == wanted
                    };
                    let free = |(form, _): &&(usize, Option<Gender>)| !taken.contains(form);
                    most.iter().filter(fits).filter(free).find(agrees).map(|(form, _)| *form)
                }
                None => None,
            };
            before.extend(found[at].map(|person| (range, role, person)));
        }
        found
    }

    /// Whether two roles are those of two people: both in one sentence, and not side by side.
    fn are_two(&self, first: TextRange, second: TextRange) -> bool {
        let line =
            |range: TextRange| self.lines.partition_point(|one| one.range.end <= range.start);
        line(first) == line(second) && second.start.saturating_sub(first.end) > BESIDE
    }

    /// Joins `the store in Rome` to the one store that is named, or else to the first that is spoken of.
    fn join_kinds(&self, mentions: &[(TextRange, Head<'_>)], found: &mut [Option<usize>]) {
        let mut kinds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (range, head)) in mentions.iter().enumerate() {
            let thing = head.naming != Naming::Pronoun && head.class != Some(NameClass::Person);
            let kind = Some(*range).filter(|_| thing);
            if let Some(kind) = kind.and_then(|range| heads::kind_in(range.slice(self.text))) {
                kinds.entry(kind).or_default().push(at);
            }
        }
        for alike in kinds.into_values() {
            let name = |at: &&usize| mentions[**at].1.naming == Naming::Name;
            let mut keys: Vec<String> =
                alike.iter().filter(name).map(|at| role_key(mentions[*at].1.text)).collect();
            keys.sort_unstable();
            keys.dedup();
            let first = alike.iter().min_by_key(|at| mentions[**at].0);
            let Some(host) = alike.iter().find(name).or(first) else { continue };
            if keys.len() < 2 {
                for at in alike
                    .iter()
                    .filter(|at| *at != host && mentions[**at].1.naming == Naming::Words)
                {
                    found[*at] = Some(*host);
                }
            }
        }
    }

    /// Returns the people before whose names each title stands.
    fn titles(&self, mentions: &[(TextRange, Head<'_>)]) -> BTreeMap<String, Vec<usize>> {
        let mut titles: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (range, head)) in mentions.iter().enumerate() {
            if head.naming != Naming::Name || head.class != Some(NameClass::Person) {
                continue;
            }
            let start = range.slice(self.text).find(head.text).unwrap_or_default();
            let start = range.start as usize + start;
            let line = self.lines.partition_point(|line| (line.range.end as usize) <= start);
            let from = self.lines.get(line).map_or(start, |line| line.range.start as usize);
            let before = self.text.get(from.min(start)..start).unwrap_or_default();
            let mut words: Vec<&str> = Vec::new();
            for word in before.split_whitespace().rev().take(LONGEST) {
                if word.ends_with([',', '.', ':', ';', '"', '”']) {
                    break;
                }
                words.insert(0, word);
                titles.entry(name_key(&words.join(" "))).or_default().push(at);
            }
        }
        titles.retain(|key, _| is_title(key));
        titles
    }
}

/// Returns the key of a role: without the possessive.
fn role_key(text: &str) -> String {
    let text = text.trim_end_matches(['\'', '’']);
    name_key(text.strip_suffix("'s").or_else(|| text.strip_suffix("’s")).unwrap_or(text))
}

/// Whether words before a name are its title.
fn is_title(key: &str) -> bool {
    let last = key.split(' ').next_back().unwrap_or_default();
    let mut capital = last.to_owned();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    classes(&capital).has(Classes::TITLE)
        || classes(last).has(Classes::ROLE)
        || PERSONS.contains(&last)
}

/// Whether a word in lower case is one that news puts for the person it is about.
pub(super) fn is_person(role: &str) -> bool {
    PERSONS.contains(&role)
}

/// Returns the one who is named at all of some places.
fn single(holders: &[usize], mentions: &[(TextRange, Head<'_>)]) -> Option<usize> {
    let longest = holders
        .iter()
        .copied()
        .max_by_key(|at| (mentions[*at].1.text.len(), std::cmp::Reverse(*at)))?;
    let same = |at: &usize| is_same_person(mentions[*at].1.text, mentions[longest].1.text);
    holders.iter().all(same).then_some(longest)
}

/// Returns people by how often their last name stands, the first mention of each, with their gender.
fn named_most(mentions: &[(TextRange, Head<'_>)]) -> Vec<(usize, Option<Gender>)> {
    let mut people: BTreeMap<String, (usize, usize, Option<Gender>)> = BTreeMap::new();
    for (at, (range, head)) in mentions.iter().enumerate() {
        if head.naming == Naming::Name && head.class == Some(NameClass::Person) {
            let key = role_key(head.text);
            let last = key.split(' ').next_back().unwrap_or_default().to_owned();
            let one = people.entry(last).or_insert((0, at, None));
            one.0 += 1;
            one.2 = one.2.or_else(|| gender(head.text));
            if mentions[one.1].0 > *range {
                one.1 = at;
            }
        }
    }
    let mut people: Vec<(usize, usize, Option<Gender>)> = people.into_values().collect();
    people.sort_by_key(|(count, at, _)| (std::cmp::Reverse(*count), mentions[*at].0));
    people.into_iter().map(|(_, at, gender)| (at, gender)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(text: &str, role: &str, person: &str) -> Option<usize> {
        let document = Document::read(text);
        let place = |name: &str| {
            let at = text.rfind(name).unwrap_or_default();
            TextRange::of(at..at + name.len())
        };
        let found = [place(person), place(role)].map(|range| (range, document.head(range)));
        document.bearers(&found)[1]
    }

    #[test]
    fn the_only_one_of_its_kind_is_meant() {
        let text = "The Waldorf hotel in Berlin burned. They left the hotel on Monday.";
        assert_eq!(bearer(text, "the hotel", "The Waldorf hotel"), Some(0));
        let text = "The hotel burned. They went to the store.";
        assert_eq!(bearer(text, "the store", "The hotel"), None);
    }

    #[test]
    fn two_roles_in_a_sentence_are_two_people() {
        let text = "Woman dies, killer flees. Elizabeth Taylor was shot. Richard Burton knew Elizabeth Taylor.";
        let document = Document::read(text);
        let place = |name: &str| {
            let at = text.rfind(name).unwrap_or_default();
            TextRange::of(at..at + name.len())
        };
        let mentions = ["Elizabeth Taylor", "Richard Burton", "Woman", "killer"];
        let found = mentions.map(|name| (place(name), document.head(place(name))));
        assert_eq!(document.bearers(&found)[2..], [Some(0), Some(1)]);
    }

    #[test]
    fn roles_go_to_who_has_them() {
        let text = "The coach Tony Blair met Angela Merkel. Later the coach left.";
        assert_eq!(bearer(text, "the coach", "Tony Blair"), Some(0));
        let text = "Actress dies at 91. Elizabeth Taylor was a star.";
        assert_eq!(bearer(text, "Actress", "Elizabeth Taylor"), Some(0));
        let text = "Actress dies at 91. Richard Burton mourned.";
        assert_eq!(bearer(text, "Actress", "Richard Burton"), None);
    }
}
