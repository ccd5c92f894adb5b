//! Heavenly bodies and craft: names that a model of news takes for people and companies.
//!
//! `Halley's Comet` is nobody, and `Vega 2` no firm. Names that mean nothing else are known by a list; those that do, such as
//! `Odyssey`, only in a text about space, and where they are not a part of a longer name: `Suzanne Vega` stays a person.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::document::{Line, Name};
use super::likes::Likes;
use super::tagger::NameClass;
use crate::text::{TextRange, spaced};

/// What a name of the list stands for.
#[derive(Clone, Copy)]
struct Known {
    name: &'static str,
    class: NameClass,
    /// Whether it means something else as often.
    vague: bool,
    /// Whether a number follows.
    numbered: bool,
}

/// Names by their first word, longest first.
static KNOWN: LazyLock<FxHashMap<&'static str, Vec<Known>>> = LazyLock::new(|| {
    let mut all: Vec<Known> = Vec::new();
    for line in include_str!("data/space.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut names = line.split('\t');
        let list = names.next().unwrap_or_default();
        let class = if list.starts_with("place") { NameClass::Place } else { NameClass::Work };
        let numbered = list == "numbered";
        let vague = numbered || list.ends_with('?');
        all.extend(names.map(|name| Known { name, class, vague, numbered }));
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.numbered, one.name.len())));
    let mut by_first: FxHashMap<&'static str, Vec<Known>> = FxHashMap::default();
    for one in all {
        let first = one.name.split([' ', '\'']).next().unwrap_or_default();
        by_first.entry(first).or_default().push(one);
    }
    by_first
});

/// Words of which a text about space has several.
const WORDS: &[&str] = &[
    "asteroid",
    "astronaut",
    "astronauts",
    "astronomers",
    "comet",
    "cosmonaut",
    "cosmonauts",
    "ESA",
    "galaxy",
    "lander",
    "lunar",
    "NASA",
    "orbit",
    "orbiter",
    "planet",
    "planets",
    "probe",
    "probes",
    "rocket",
    "rover",
    "shuttle",
    "spacecraft",
    "spaceflight",
    "telescope",
];

/// So many different ones make a text one about space.
const ENOUGH: usize = 2;

/// Corrects the names of a text: what is known to be a body is a place, and what is known to be a craft is a work.
pub(super) fn correct(text: &str, lines: &[Line], names: Vec<Name>) -> Vec<Name> {
    let found = known(text, lines, &names);
    if found.is_empty() {
        return names;
    }
    let free = |name: &Name| {
        let at = found.partition_point(|one| one.range.end <= name.range.start);
        found.get(at).is_none_or(|one| !one.range.overlaps(name.range))
    };
    let mut all: Vec<Name> = names.into_iter().filter(free).collect();
    all.extend(&found);
    all.sort_by_key(|name| name.range);
    all
}

/// Returns the bodies and craft of a text, in order.
fn known(text: &str, lines: &[Line], names: &[Name]) -> Vec<Name> {
    let mut about = None;
    let mut found: Vec<Name> = Vec::new();
    for (sentence, line) in lines.iter().enumerate() {
        for word in &line.words {
            // Most words have a small letter, and need not be looked up.
            if !text.as_bytes().get(word.start).is_some_and(u8::is_ascii_uppercase) {
                continue;
            }
            let Some(list) = KNOWN.get(head(word.of(text))) else { continue };
            let rest = TextRange::of(word.start..line.range.end as usize).slice(text);
            let hit = list.iter().find_map(|one| Some((one, one.length(rest)?)));
            let Some((one, length)) = hit else { continue };
            let range = TextRange::of(word.start..word.start + length);
            let at = names.partition_point(|name| name.range.end <= range.start);
            let there = names.get(at).filter(|name| name.range.overlaps(range));
            let part = there.is_some_and(|name| name.range != range && name.range.contains(range));
            let taken = found.last().is_some_and(|last| last.range.overlaps(range));
            // Where the model saw no name, a word that means something else is none.
            let seen = one.numbered || there.is_some_and(|name| name.range == range);
            let mut clear = || {
                let about = *about.get_or_insert_with(|| is_about(text, lines));
                about && seen && !is_borne(text, names, one.name)
            };
            if !part && !taken && (!one.vague || clear()) {
                found.push(Name {
                    range,
                    sentence,
                    class: one.class,
                    main: None,
                    likes: Likes::default(),
                    rule: RULE,
                });
            }
        }
    }
    found
}

impl Known {
    /// Returns the length of the name where a text begins with it, and with its number.
    fn length(&self, text: &str) -> Option<usize> {
        let rest = text.strip_prefix(self.name).or_else(|| {
            // With a curved apostrophe.
            let (first, last) = self.name.split_once('\'')?;
            text.strip_prefix(first)?.strip_prefix('’')?.strip_prefix(last)
        })?;
        let number = if self.numbered { number(rest)? } else { 0 };
        let ends = !rest[number..].starts_with(char::is_alphanumeric);
        ends.then_some(text.len() - rest.len() + number)
    }
}

/// Returns the length of the number that a text begins with, and of what stands before it: ` 2`, `-1`, ` IV`.
fn number(text: &str) -> Option<usize> {
    let rest = text.strip_prefix([' ', '-'])?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let roman = rest.bytes().take_while(|byte| matches!(byte, b'I' | b'V' | b'X')).count();
    let length = if digits > 0 { digits } else { roman };
    (1..=DIGITS).contains(&length).then_some(length + 1)
}

/// Returns the first part of a word, by which names are found: without what an apostrophe or a number adds.
fn head(word: &str) -> &str {
    let end = word.find(['\'', '’']).unwrap_or(word.len());
    let word = &word[..end];
    match word.rsplit_once('-') {
        Some((first, last)) if last.bytes().all(|byte| byte.is_ascii_digit()) => first,
        _ => word,
    }
}

/// Whether a text has several words that texts about space have.
fn is_about(text: &str, lines: &[Line]) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    for word in lines.iter().flat_map(|line| &line.words) {
        let word = word.of(text);
        if WORDS.contains(&word) && !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen.len() >= ENOUGH
}

/// Whether somebody in the text bears a name: where there is a `Moon Jae-in`, `Moon` is he.
fn is_borne(text: &str, names: &[Name], name: &str) -> bool {
    let person = |one: &&Name| one.class == NameClass::Person;
    names.iter().filter(person).any(|one| {
        let full = one.range.slice(text);
        full.len() > name.len() && spaced(full).any(|word| word == name)
    })
}

/// Digits of the longest number of a craft.
const DIGITS: usize = 4;

/// Stable name of the rule.
pub(super) const RULE: &str = "name.known";

#[cfg(test)]
mod tests {
    use super::super::document::Document;
    use NameClass::{Person, Place, Work};

    use super::*;

    fn classes(text: &str, names: &[&str]) -> Vec<Option<NameClass>> {
        let document = Document::read(text);
        let class = |name: &&str| {
            let found = document.names().iter().find(|one| one.range.slice(text) == *name);
            found.map(|one| one.class)
        };
        names.iter().map(class).collect()
    }

    #[test]
    fn bodies_are_places_and_craft_are_works() {
        let text = "The Soviet probes Vega 1 and Vega 2 flew past Halley’s Comet in 1986. Vega then left the orbit of the comet.";
        let found = classes(text, &["Vega 1", "Vega 2", "Halley’s Comet", "Vega"]);
        assert_eq!(found, [Some(Work), Some(Work), Some(Place), Some(Work)]);
        let text = "NASA's Odyssey went into orbit around Mars. The Saturn V was a rocket.";
        assert_eq!(classes(text, &["Odyssey", "Saturn V"]), [Some(Work); 2]);
    }

    #[test]
    fn people_and_other_texts_are_left_alone() {
        let text = "Suzanne Vega sang in Berlin on Monday. Later Vega went home.";
        assert_eq!(classes(text, &["Suzanne Vega", "Vega"]), [Some(Person); 2]);
        let text = "Moon Jae-in spoke of the rocket and its orbit in Seoul. President Moon said it was a probe.";
        assert_ne!(classes(text, &["Moon"]), [Some(Place)]);
    }
}
