//! What is known of the words of languages other than English, and of names in them.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyze::gazetteer::{Classes, Known, classes, lookup};

/// What a word of a language is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    /// Stands at the beginning of a sentence, and names nobody.
    Opener,
    /// Stands before a person's name.
    Title,
    /// First word of an organization's name.
    Organization,
    /// First word of a place's name.
    Place,
    /// First word of an event's name.
    Event,
    /// First word of a treaty's or law's name.
    Work,
    /// Last word of an organization's name.
    Tail,
    /// Days, months and other words with a capital that name nobody.
    Calendar,
    /// Preposition before places.
    In,
}

impl Use {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "opener" => Self::Opener,
            "title" => Self::Title,
            "org" => Self::Organization,
            "place" => Self::Place,
            "event" => Self::Event,
            "work" => Self::Work,
            "tail" => Self::Tail,
            "calendar" => Self::Calendar,
            "in" => Self::In,
            _ => return None,
        })
    }
}

/// Words by language and use. Only looked up, never iterated.
struct Words {
    words: FxHashSet<(&'static str, Use, &'static str)>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = FxHashSet::default();
    for line in include_str!("../data/elsewhere.txt").lines() {
        let mut cells = line.split('\t');
        let (Some(language), Some(name), Some(all)) = (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        let Some(kind) = Use::named(name) else { continue };
        words.extend(all.split(' ').map(|word| (language, kind, word)));
    }
    Words { words }
});

/// Returns whether a word in lower case has a use in a language.
pub(super) fn has_use(language: &str, kind: Use, word: &str) -> bool {
    let language = match language {
        "ca" | "gl" => "es",
        "af" => "nl",
        "be" => "ru",
        other => other,
    };
    WORDS.words.contains(&(language, kind, word))
}

/// Names of countries and large towns in other languages, by spelling and by stem.
struct Exonyms {
    names: FxHashMap<String, &'static str>,
    /// None when two names share a stem.
    stems: FxHashMap<String, Option<&'static str>>,
}

static EXONYMS: LazyLock<Exonyms> = LazyLock::new(|| {
    let mut found = Exonyms { names: FxHashMap::default(), stems: FxHashMap::default() };
    for line in include_str!("../data/exonyms.txt").lines() {
        let Some((main, names)) = line.split_once('\t') else { continue };
        for name in names.split(' ').map(|name| name.replace('_', " ")) {
            let other = |known: &mut Option<&'static str>| {
                *known = known.filter(|known| *known == main);
            };
            found.stems.entry(stems(&name)).and_modify(other).or_insert(Some(main));
            found.names.insert(name, main);
        }
    }
    found
});

/// Returns what everybody knows under a name, in English or in another language; with `inflected`, in any case of its
/// declension.
pub(super) fn known(name: &str, inflected: bool) -> Option<Known> {
    if let Some(found) = lookup(name) {
        return Some(found);
    }
    let main = EXONYMS.names.get(name).copied();
    let by_stem = || *EXONYMS.stems.get(&stems(name)).filter(|_| inflected)?;
    lookup(main.or_else(by_stem)?)
}

/// Languages whose names have endings for each case.
pub(super) fn is_inflected(language: &str) -> bool {
    matches!(
        language,
        "be" | "bg"
            | "cs"
            | "el"
            | "hr"
            | "lt"
            | "lv"
            | "mk"
            | "pl"
            | "ru"
            | "sk"
            | "sl"
            | "sr"
            | "uk"
    )
}

fn stems(name: &str) -> String {
    name.split(' ').map(stem).collect::<Vec<_>>().join(" ")
}

/// Returns a word without the ending of its case: `Москве` and `Москвой` are `Москв`.
///
/// Weak on purpose: what is cut off is vowels, and few consonants before them.
pub(super) fn stem(word: &str) -> &str {
    const LEAST: usize = 3;
    let long = |part: &&str| part.chars().nth(LEAST - 1).is_some();
    let adjective = ["ого", "его", "ому", "ему", "ego", "emu"];
    let behind_vowel = ["м", "х", "ch", "m", "ς", "ν"];
    let ending = adjective.iter().find_map(|ending| word.strip_suffix(ending)).filter(long);
    let shorter = |ending: &&str| {
        let rest = word.strip_suffix(*ending).filter(|rest| rest.ends_with(is_vowel));
        rest.map(|rest| rest.trim_end_matches(is_vowel)).filter(long)
    };
    let ending = ending.or_else(|| behind_vowel.iter().find_map(shorter));
    let rest = ending.unwrap_or(word).trim_end_matches(is_vowel);
    if long(&rest) { rest } else { word }
}

/// Vowels of Cyrillic, Greek and Polish, and the letters that soften what is before them.
fn is_vowel(c: char) -> bool {
    "аеёиоуыэюяіїєйьaeiouyąęóαεηιουωάέήίόύώ".contains(c)
}

/// The sounds of first names, without what spellings differ in.
static FORENAMES: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    include_str!("../data/forenames.txt")
        .lines()
        .map(sounds)
        .filter(|name| name.len() > 2)
        .collect()
});

/// Returns whether a word is a first name, in any script with case.
pub(super) fn is_forename(word: &str, inflected: bool) -> bool {
    if classes(word).has(Classes::FORENAME) {
        return true;
    }
    let word = word.split('-').next().unwrap_or(word);
    let sounds = sounds(word);
    if word.is_ascii() && !inflected {
        return false;
    }
    let cut =
        |by: usize| sounds.len().checked_sub(by).filter(|end| *end > 3).map(|end| &sounds[..end]);
    FORENAMES.contains(&sounds)
        || inflected
            && (1..=2)
                .filter_map(cut)
                .any(|part| FORENAMES.contains(part) || FORENAMES.contains(&format!("{part}a")))
}

/// Returns whether a word is a family name that is no other word of English.
pub(super) fn is_surname(word: &str) -> bool {
    classes(word).has(Classes::SURNAME)
}

/// Returns how a name sounds, roughly, in letters of ASCII: `Юрий` and `Yuri` are one.
fn sounds(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        let part = cyrillic(c).or_else(|| deunicode::deunicode_char(c)).unwrap_or_default();
        for c in part.chars().map(|c| c.to_ascii_lowercase()) {
            let c = match c {
                'y' | 'j' => 'i',
                'w' => 'v',
                'c' | 'q' => 'k',
                'h' => continue,
                c if c.is_ascii_lowercase() => c,
                _ => continue,
            };
            if !out.ends_with(c) {
                out.push(c);
            }
        }
    }
    out
}

/// Returns the letters of ASCII for a letter of Cyrillic, as English newspapers write them.
fn cyrillic(c: char) -> Option<&'static str> {
    Some(match c {
        'ю' => "yu",
        'я' => "ya",
        'є' | 'е' | 'э' | 'ё' => "e",
        'ї' | 'и' | 'і' | 'ы' | 'й' => "i",
        'ь' | 'ъ' => "",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ж' => "zh",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::EntityKind;

    #[test]
    fn names_in_other_languages_are_those_that_everybody_knows() {
        for line in include_str!("../data/exonyms.txt").lines() {
            let (main, names) = line.split_once('\t').unwrap();
            assert!(lookup(main).is_some(), "{main} is not in the gazetteer");
            for name in names.split(' ') {
                assert!(known(&name.replace('_', " "), false).is_some(), "{name}");
            }
        }
        assert!(include_str!("../data/exonyms.txt").lines().is_sorted());
        assert_eq!(known("Москве", true).map(|found| found.main), Some("Moscow"));
        assert_eq!(known("Німеччині", true).map(|found| found.main), Some("Germany"));
        assert_eq!(known("Warszawie", true).map(|found| found.main), Some("Warsaw"));
        assert_eq!(known("Ελλάδας", true).map(|found| found.main), Some("Greece"));
        assert_eq!(known("ООН", true).map(|found| found.kind), Some(EntityKind::ORGANIZATION));
        assert_eq!(known("Москве", false), None);
    }

    #[test]
    fn every_line_of_words_has_a_use() {
        for line in include_str!("../data/elsewhere.txt").lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(cells.len() == 3 && Use::named(cells[1]).is_some(), "{line}");
            assert!(
                cells[2].split(' ').all(|word| !word.is_empty() && word == word.to_lowercase()),
                "{line}"
            );
        }
    }

    #[test]
    fn first_names_are_known_in_other_scripts_and_cases() {
        for name in ["Юрий", "Сергей", "Михаил", "Володимир", "Тарас", "Κωνσταντίνος"]
        {
            assert!(is_forename(name, true), "{name}");
        }
        assert!(is_forename("Владимира", true) && is_forename("Андреем", true));
        assert!(!is_forename("Правительство", true) && !is_forename("Εκλογές", true));
    }
}
