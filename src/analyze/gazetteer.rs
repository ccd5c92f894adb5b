//! The names and words of English news that ship with the program.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::config::EntityKind;

/// Classes of a word, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(u32);

impl Classes {
    /// Function words and adverbs that open sentences.
    pub(super) const STOP: Self = Self(1);
    /// Days, months, feasts.
    pub(super) const CALENDAR: Self = Self(1 << 1);
    /// Titles and offices before a person's name.
    pub(super) const TITLE: Self = Self(1 << 2);
    /// Words that stand before a title and belong to it.
    pub(super) const TITLE_PART: Self = Self(1 << 3);
    /// Head words of organizations.
    pub(super) const ORGANIZATION: Self = Self(1 << 4);
    /// Head words of events.
    pub(super) const EVENT: Self = Self(1 << 5);
    /// Head words of treaties and laws.
    pub(super) const WORK: Self = Self(1 << 6);
    /// Head words of places.
    pub(super) const PLACE: Self = Self(1 << 7);
    /// Head words whose names may hold `and`.
    pub(super) const WITH_AND: Self = Self(1 << 8);
    /// Lower-case words for what a person is.
    pub(super) const ROLE: Self = Self(1 << 9);
    /// Verbs that persons do.
    pub(super) const SAY: Self = Self(1 << 10);
    /// Lower-case words for what an organization is.
    pub(super) const APPOSITIVE: Self = Self(1 << 11);
    /// Capital letters that name nobody.
    pub(super) const NOT_NAME: Self = Self(1 << 12);
    /// Lower-case parts of personal names.
    pub(super) const PARTICLE: Self = Self(1 << 13);
    /// Words that are shortened with a full stop.
    pub(super) const ABBREVIATION: Self = Self(1 << 14);
    /// First names.
    pub(super) const FORENAME: Self = Self(1 << 15);
    /// Adjectives and nouns of nations, faiths and parties.
    pub(super) const DEMONYM: Self = Self(1 << 16);

    /// Family names.
    pub(super) const SURNAME: Self = Self(1 << 17);
    /// Words that news writes in lower case at least as often as with a capital.
    pub(super) const COMMON: Self = Self(1 << 18);

    /// Forms of verbs of saying: who stands beside one says something.
    pub(super) const SAYING: Self = Self(1 << 19);
    /// Forms of verbs that may be used of saying.
    pub(super) const TELLING: Self = Self(1 << 20);

    /// Words in lower case that only hold others together.
    pub(super) const FUNCTION: Self = Self(1 << 21);

    /// Returns whether the two sets share a class.
    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the set as a number, a bit for each class.
    pub(super) fn bits(self) -> u32 {
        self.0
    }

    /// Returns the two sets together.
    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the class of a line of `words.txt`.
    fn named(name: &str) -> Self {
        match name {
            "stop" => Self::STOP,
            "calendar" => Self::CALENDAR,
            "title" => Self::TITLE,
            "titlemod" => Self::TITLE_PART,
            "org" => Self::ORGANIZATION,
            "event" => Self::EVENT,
            "work" => Self::WORK,
            "placehead" => Self::PLACE,
            "ands" => Self::WITH_AND,
            "role" => Self::ROLE,
            "say" => Self::SAY,
            "appos" => Self::APPOSITIVE,
            "notorg" => Self::NOT_NAME,
            "particle" => Self::PARTICLE,
            "abbr" => Self::ABBREVIATION,
            "saying" => Self::SAYING,
            "telling" => Self::TELLING,
            "function" => Self::FUNCTION,
            _ => Self::default(),
        }
    }
}

impl std::ops::BitOr for Classes {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

/// A name of the gazetteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// What bears it.
    pub(super) kind: EntityKind,
    /// The name that all spellings of it share.
    pub(super) main: &'static str,
}

/// Names and words by their exact spelling. Only looked up, never iterated.
struct Gazetteer {
    names: FxHashMap<&'static str, Known>,
    words: FxHashMap<&'static str, Classes>,
}

/// Countries, one a line, with other names that they have.
pub(super) const COUNTRIES: &str = include_str!("data/countries.txt");

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let mut built = Gazetteer { names: FxHashMap::default(), words: FxHashMap::default() };
    // The first list that holds a name decides.
    built.add_names(COUNTRIES, EntityKind::PLACE);
    built.add_names(include_str!("data/regions.txt"), EntityKind::PLACE);
    built.add_names(include_str!("data/organizations.txt"), EntityKind::ORGANIZATION);
    built.add_names(include_str!("data/cities.txt"), EntityKind::PLACE);
    for line in include_str!("data/words.txt").lines() {
        let Some((class, words)) = line.split_once('\t') else { continue };
        built.add_words(words.split(' '), Classes::named(class));
    }
    built.words.reserve(include_str!("data/common.txt").len() / 6);
    built.add_words(include_str!("data/forenames.txt").lines(), Classes::FORENAME);
    built.add_words(include_str!("data/surnames.txt").lines(), Classes::SURNAME);
    built.add_words(include_str!("data/demonyms.txt").lines(), Classes::DEMONYM);
    built.add_words(include_str!("data/common.txt").lines(), Classes::COMMON);
    built
});

impl Gazetteer {
    fn add_names(&mut self, list: &'static str, kind: EntityKind) {
        // A name has about a dozen letters.
        self.names.reserve(list.len() / 12);
        for line in list.lines() {
            let mut names = line.split('\t').filter(|name| !name.is_empty());
            let Some(main) = names.next() else { continue };
            for name in std::iter::once(main).chain(names) {
                self.names.entry(name).or_insert(Known { kind, main });
            }
        }
    }

    fn add_words(&mut self, words: impl Iterator<Item = &'static str>, class: Classes) {
        for word in words {
            self.words.entry(word).or_default().0 |= class.0;
        }
    }
}

/// Returns the bearer of a name, if it is a well-known one.
pub(super) fn lookup(name: &str) -> Option<Known> {
    GAZETTEER.names.get(name).copied()
}

/// Returns the classes of a word; a hyphenated word without any has those of its parts if they are demonyms.
pub(super) fn classes(word: &str) -> Classes {
    if let Some(found) = GAZETTEER.words.get(word) {
        return *found;
    }
    let demonym =
        |part: &str| GAZETTEER.words.get(part).is_some_and(|found| found.has(Classes::DEMONYM));
    if word.contains('-') && word.split('-').any(demonym) {
        Classes::DEMONYM
    } else {
        Classes::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_hold_what_news_needs() {
        for list in [
            COUNTRIES,
            include_str!("data/cities.txt"),
            include_str!("data/regions.txt"),
            include_str!("data/organizations.txt"),
            include_str!("data/forenames.txt"),
            include_str!("data/surnames.txt"),
            include_str!("data/demonyms.txt"),
            include_str!("data/common.txt"),
        ] {
            assert!(list.lines().is_sorted());
        }
        assert_eq!(lookup("U.S."), lookup("United States"));
        assert_eq!(lookup("Tehran").map(|known| known.kind), Some(EntityKind::PLACE));
        assert_eq!(lookup("Strip"), None);
        assert!(classes("Israeli-Palestinian").has(Classes::DEMONYM));
    }
}
