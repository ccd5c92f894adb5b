//! What a given mention names: `former Senator Rick Santorum` names `Rick Santorum`.
//!
//! Mentions that come from elsewhere hold more than a name: what stands before it (`in`, `the`, `attorney`), what
//! stands behind it (`of the Labour Party`, `, who won`), several names at once, or none. Only the name in the head
//! can be compared with others; a mention that has none is compared as a whole.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::super::document::{Document, Name};
use super::super::gazetteer::{Classes, classes};
use super::super::tagger::NameClass;
use super::roles::is_person;
use super::{Naming, TITLES, is_pronoun};
use crate::text::{TextRange, spaced};

/// What a mention names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<'t> {
    /// The name, or the words that describe instead.
    pub text: &'t str,
    /// What it stands for, as far as known.
    pub class: Option<NameClass>,
    /// How it names.
    pub naming: Naming,
}

/// Words before a name that are no part of it.
const BEFORE: &[&str] = &[
    "in", "at", "to", "from", "on", "near", "inside", "outside", "into", "of", "by", "with", "for",
    "off", "around", "across", "the", "this", "these", "that", "those",
];

/// Those of them behind which a place stands.
const PLACING: &[&str] = &["in", "at", "inside", "into", "near", "outside", "around", "off"];

/// First words of what is somebody else than the name that follows.
const OTHERS: &[&str] = &[
    "a", "an", "all", "another", "any", "both", "each", "every", "her", "his", "its", "many",
    "most", "my", "no", "other", "our", "several", "some", "their", "two", "three", "various",
    "your",
];

/// Words that end the head of a phrase.
const BEHIND: &[&str] = &[
    "of", "from", "in", "at", "on", "near", "for", "with", "by", "to", "between", "who", "whom",
    "whose", "which", "that", "where", "when", "while", "as", "during", "into", "is", "was",
    "along", "off",
];

/// Those of them that end it although no name came yet.
const CLAUSES: &[&str] = &["who", "whom", "whose", "which", "where", "when", "while"];

/// Words that make a part of what follows, or another of its kind.
const PARTS: &[&str] = &[
    "central",
    "downtown",
    "east",
    "eastern",
    "greater",
    "north",
    "northeastern",
    "northern",
    "northwestern",
    "south",
    "southeastern",
    "southern",
    "southwestern",
    "suburban",
    "upstate",
    "west",
    "western",
];

/// Words that say what a name stands for, and that it can do without.
static KINDS: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    FxHashSet::from_iter([
        "company",
        "magazine",
        "newspaper",
        "center",
        "centre",
        "clinic",
        "facility",
        "resort",
        "rehab",
        "hospital",
        "store",
        "supermarket",
        "plant",
        "factory",
        "island",
        "province",
        "county",
        "city",
        "group",
        "party",
        "club",
        "hotel",
        "recovery",
        "mine",
        "agency",
        "restaurant",
        "treatment",
        "weekly",
    ])
});

/// Whether a word in lower case only says what a name stands for.
pub(in super::super) fn is_kind(word: &str) -> bool {
    KINDS.contains(word)
}

/// More words for what stands somewhere, of which a text often means only one.
const SITES: &[&str] = &[
    "apartment",
    "bank",
    "boutique",
    "building",
    "church",
    "courthouse",
    "firm",
    "jail",
    "neighborhood",
    "neighbourhood",
    "office",
    "prison",
    "school",
    "shop",
    "street",
];

/// Returns the word in the head of a mention that says what kind of place or body it is: `store` of `a store in Rome`.
pub(super) fn kind_in(mention: &str) -> Option<String> {
    let words: Vec<&str> = spaced(mention).collect();
    let lead =
        words.iter().take_while(|word| BEFORE.contains(&word.to_lowercase().as_str())).count();
    let words = &words[lead..];
    let head = words.iter().take_while(|word| !BEHIND.contains(word)).count();
    words.iter().take(head).enumerate().find_map(|(at, word)| {
        let next = words.get(at + 1);
        let ends = word.ends_with(',')
            || next
                .is_none_or(|next| BEHIND.contains(next) || !next.contains(char::is_alphanumeric));
        if !ends {
            return None;
        }
        let low = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let kind = is_kind(&low) || SITES.contains(&low.as_str());
        kind.then(|| if low == "centre" { "center".to_owned() } else { low })
    })
}

/// Words that stress who is meant.
const SELVES: &[&str] = &["himself", "herself", "itself", "themselves"];

/// Parts of names behind commas.
const SUFFIXES: &[&str] = &["jr", "sr", "ii", "iii", "iv", "inc", "ltd", "llc", "corp", "co"];

impl<'t> Document<'t> {
    /// Returns what a given mention names.
    pub fn head(&self, range: TextRange) -> Head<'t> {
        let text = self.text();
        let whole = range.slice(text);
        if is_pronoun(whole) {
            return Head { text: whole, class: None, naming: Naming::Pronoun };
        }
        let from = self.names.partition_point(|name| name.range.start < range.start);
        let inside = self.names[from..].iter().take_while(|name| name.range.end <= range.end);
        let names: Vec<Name> = inside.copied().collect();
        let words = split(whole, range.start);
        let lead = leading(text, &words, &names);
        let words = &words[lead.skipped..];
        let Some(first) = words.first() else {
            return Head { text: whole, class: None, naming: Naming::Words };
        };
        let start = first.start;
        let end = cut(text, words, &names, range.end);
        let rest = TextRange { start, end: range.end };
        if is_list(text, rest, &names) {
            return Head { text: rest.slice(text), class: None, naming: Naming::Words };
        }
        let kept = TextRange { start, end };
        let (found, naming) =
            if lead.other { (None, Naming::Words) } else { name_in(text, kept, &names) };
        // `Americans with disabilities` are not all Americans, nor is a cup every year's.
        let some = found
            .and_then(|it| it.1)
            .is_some_and(|class| matches!(class, NameClass::Group | NameClass::Event));
        let narrowed = some && text[end as usize..rest.end as usize].starts_with(' ');
        let (found, naming) = if narrowed { (None, Naming::Words) } else { (found, naming) };
        let range = found.map_or(if naming == Naming::Words { rest } else { kept }, |it| it.0);
        let class = found.and_then(|it| it.1);
        let placed = lead.place && class == Some(NameClass::Person);
        let class = if placed { Some(NameClass::Place) } else { class };
        Head { text: range.slice(text), class, naming }
    }
}

/// Returns the places of the words of a stretch that begins at an offset.
fn split(stretch: &str, offset: u32) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in stretch.char_indices().chain([(stretch.len(), ' ')]) {
        let at = offset + TextRange::of(0..at).end;
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(begun)) => {
                found.push(TextRange { start: begun, end: at });
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// Returns a word in lower case without the marks around it.
fn plain(text: &str, word: TextRange) -> String {
    word.slice(text).trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// What stands before the head.
struct Lead {
    skipped: usize,
    /// A place is to follow.
    place: bool,
    /// Not the named one but another.
    other: bool,
}

fn leading(text: &str, words: &[TextRange], names: &[Name]) -> Lead {
    let mut lead = Lead { skipped: 0, place: false, other: false };
    for word in words {
        let begun =
            names.iter().any(|name| name.range.start <= word.start && name.range.contains(*word));
        let low = plain(text, *word);
        let known = BEFORE.contains(&low.as_str()) || low.is_empty();
        if begun || !known || lead.skipped + 1 == words.len() {
            lead.other = !begun && OTHERS.contains(&low.as_str()) && words.len() > 1;
            break;
        }
        lead.place |= PLACING.contains(&low.as_str());
        lead.skipped += 1;
    }
    lead
}

/// Returns where the head of a phrase ends, modifiers behind it left out.
fn cut(text: &str, words: &[TextRange], names: &[Name], end: u32) -> u32 {
    let mut begun = false;
    for (at, word) in words.iter().enumerate() {
        let in_name = names.iter().find(|name| name.range.overlaps(*word));
        if in_name.is_some_and(|name| name.range.start < word.start)
            && !word.slice(text).ends_with(',')
        {
            begun = true;
            continue;
        }
        let low = plain(text, *word);
        let behind = BEHIND.contains(&low.as_str()) && (begun || CLAUSES.contains(&low.as_str()));
        if at > 0 && in_name.is_none() && (behind || word.slice(text).starts_with('(')) {
            return words[at - 1].end;
        }
        begun |= in_name.is_some();
        if let Some(bare) = word.slice(text).strip_suffix(',') {
            let next = words.get(at + 1).map(|next| plain(text, *next));
            let inside = in_name.is_some_and(|name| name.range.end > word.end);
            let suffix = next.is_none_or(|next| SUFFIXES.contains(&next.as_str()));
            if !inside && !suffix {
                return word.start + TextRange::of(0..bare.len()).end;
            }
        }
    }
    end
}

/// Whether a stretch holds several names side by side.
fn is_list(text: &str, range: TextRange, names: &[Name]) -> bool {
    let mut before: Option<&Name> = None;
    let mut commas = 0;
    for name in names.iter().filter(|name| name.range.start >= range.start) {
        let gap = before.map(|before| {
            (
                TextRange { start: before.range.end.min(name.range.start), end: name.range.start }
                    .slice(text),
                before,
            )
        });
        if let Some((gap, before)) = gap {
            let words: Vec<&str> = spaced(gap).collect();
            if words.iter().any(|word| *word == "between" || CLAUSES.contains(word)) {
                return false;
            }
            if words.iter().any(|word| matches!(*word, "and" | "&" | "or" | ",and")) {
                return true;
            }
            let people = before.class == NameClass::Person && name.class == NameClass::Person;
            commas += usize::from(matches!(gap.trim(), "," | ";"));
            if commas > 0 && (people || commas > 2) {
                return true;
            }
        }
        before = Some(name);
    }
    let whole = range.slice(text);
    let parts = |mark: &str| {
        whole.split_once(mark).is_some_and(|(left, right)| {
            let capital = |part: &str| {
                part.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_uppercase)
            };
            capital(left) && capital(right)
        })
    };
    names.is_empty() && (parts(" and ") || parts(" & ")) && whole.contains(", ")
}

type Named = (TextRange, Option<NameClass>);

/// Returns the name that a stretch without modifiers behind it has in its head, and how the stretch names.
fn name_in(text: &str, range: TextRange, names: &[Name]) -> (Option<Named>, Naming) {
    let kept: Vec<&Name> = names
        .iter()
        .filter(|name| range.start <= name.range.start && name.range.end <= range.end)
        .collect();
    let words = split(range.slice(text), range.start);
    let Some(last) = kept.last() else {
        let naming = if looks_like_name(text, &words) { Naming::Name } else { Naming::Words };
        return (None, naming);
    };
    let after = TextRange { start: last.range.end, end: range.end }.slice(text);
    let after = after.trim_start_matches(['\'', '’', '"', '”', '.', ')']);
    let after = after.strip_prefix("s ").unwrap_or(if after == "s" { "" } else { after });
    let more: Vec<&str> = spaced(after)
        .filter(|word| word.chars().any(char::is_alphanumeric) && !SELVES.contains(word))
        .collect();
    let small = |word: &&str| word.chars().next().is_some_and(char::is_lowercase);
    let gap = TextRange { start: range.start, end: last.range.start };
    let outside = |word: &TextRange| !names.iter().any(|name| name.range.overlaps(*word));
    let apart = split(gap.slice(text), gap.start)
        .iter()
        .filter(|word| outside(word))
        .map(|word| plain(text, *word))
        // `Mr` stands in no dictionary as a title.
        .any(|word| classes(&word).has(Classes::FUNCTION) && !TITLES.contains(word.as_str()));
    let part = split(gap.slice(text), gap.start)
        .last()
        .is_some_and(|word| PARTS.contains(&plain(text, *word).as_str()));
    let group = last.class == NameClass::Group && (part || !more.is_empty());
    let apart = apart || part || group;
    if apart || !more.iter().all(|word| KINDS.contains(word)) && more.iter().any(small) {
        return (None, Naming::Words);
    }
    let end = if more.iter().all(|word| KINDS.contains(word)) { last.range.end } else { range.end };
    let class =
        class_by_word(text, TextRange { start: last.range.start, end }).unwrap_or(last.class);
    let person = class == NameClass::Person;
    let start = if person { last.range.start } else { capital_before(text, last, gap, &kept) };
    let kept = TextRange { start, end };
    // `Michael Tien of NPP`.
    let of = kept.slice(text).find(" of ").filter(|_| person);
    let end = of.map_or(end, |of| start + TextRange::of(0..of).end);
    (Some((TextRange { start, end }, Some(class))), Naming::Name)
}

/// Returns what a name of several words stands for by its last one, as `Street` and `University` tell.
fn class_by_word(text: &str, name: TextRange) -> Option<NameClass> {
    let words = split(name.slice(text), name.start);
    let last = words.last().filter(|_| words.len() > 1)?;
    let found = classes(last.slice(text).trim_matches(|c: char| !c.is_alphanumeric()));
    if found.has(Classes::FORENAME | Classes::SURNAME) {
        return None;
    }
    [
        (Classes::ORGANIZATION, NameClass::Organization),
        (Classes::PLACE, NameClass::Place),
        (Classes::EVENT, NameClass::Event),
    ]
    .into_iter()
    .find(|(word, _)| found.has(*word))
    .map(|(_, class)| class)
}

/// Returns where the capitals before a name begin that belong to it.
fn capital_before(text: &str, name: &Name, gap: TextRange, names: &[&Name]) -> u32 {
    let mut start = name.range.start;
    for word in split(gap.slice(text), gap.start).iter().rev() {
        let own = word.slice(text);
        let taken = names.iter().any(|other| other.range.overlaps(*word));
        let capital = own.chars().next().is_some_and(char::is_uppercase);
        if taken || !capital || own.ends_with(',') || own.ends_with("'s") {
            break;
        }
        start = word.start;
    }
    start
}

/// Whether words that the tagger took for no name look like one nevertheless: capitals, and not only a common word.
fn looks_like_name(text: &str, words: &[TextRange]) -> bool {
    let capital = |word: &TextRange| {
        let word = word.slice(text).trim_start_matches(|c: char| !c.is_alphanumeric());
        word.chars().next().is_none_or(|c| c.is_uppercase() || c.is_numeric())
            || word.starts_with("al-")
            || matches!(word, "of" | "the" | "and" | "for" | "de" | "al" | "&")
    };
    let common = |word: &TextRange| {
        let low = plain(text, *word);
        classes(&low).has(Classes::COMMON | Classes::ROLE | Classes::FUNCTION | Classes::APPOSITIVE)
    };
    let ends = words.last().is_some_and(capital);
    // `Lifer escapes prison van`.
    let role = words.len() == 1 && words.iter().all(|word| is_person(&plain(text, *word)));
    ends && !role && words.iter().all(capital) && !words.iter().all(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head_of(text: &str, mention: &str) -> (String, Naming) {
        let document = Document::read(text);
        let at = text.find(mention).unwrap_or_default();
        let head = document.head(TextRange::of(at..at + mention.len()));
        (head.text.to_owned(), head.naming)
    }

    #[test]
    fn a_mention_names_what_stands_in_its_head() {
        let text = "On Monday, the lawyer Tony Blair of Scotland met Angela Merkel in London.";
        let named = |name: &str| (name.to_owned(), Naming::Name);
        assert_eq!(head_of(text, "the lawyer Tony Blair of Scotland"), named("Tony Blair"));
        assert_eq!(head_of(text, "in London"), named("London"));
        let text = "Bradley Sova left. Later Mr. Sova came back.";
        assert_eq!(head_of(text, "Mr. Sova"), named("Sova"));
        let text = "They sailed to the Gulf of Aden between Somalia and Yemen.";
        assert_eq!(
            head_of(text, "the Gulf of Aden between Somalia and Yemen"),
            named("Gulf of Aden")
        );
    }

    #[test]
    fn several_names_or_none_are_taken_as_a_whole() {
        let text = "Tony Blair and George Bush met. His move to London surprised his party in Britain. He spoke.";
        assert_eq!(head_of(text, "Tony Blair and George Bush").1, Naming::Words);
        assert_eq!(head_of(text, "His move to London").1, Naming::Words);
        assert_eq!(head_of(text, "He").1, Naming::Pronoun);
    }
}
