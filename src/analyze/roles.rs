//! What a text calls the people that it names: `Foreign Minister`, `the administrator of NASA`.
//!
//! A role stands right before a name (`Soviet President Mikhail Gorbachev`), or between commas beside it (`Bill Nelson,
//! the administrator of NASA,`; `the administrator of NASA, Bill Nelson,`). The words are English. What somebody is to
//! somebody else (`wife`, `rival`) and how people are addressed (`Dr.`) is no role. Cost: linear in the mentions of people.

use std::ops::Range;

use super::document::{Document, Line};
use super::gazetteer::{Classes, classes, lookup};
use super::words::Word;
use super::{LocalEntity, LocalMention, LocalRole};
use crate::config::EntityKind;
use crate::text::{TextRange, capitalised, fold, spaced};

/// Words for what somebody does, beside those of the gazetteer.
const OFFICES: &[&str] = &[
    "administrator",
    "adviser",
    "advisor",
    "architect",
    "astronomer",
    "biologist",
    "chair",
    "chemist",
    "co-chair",
    "co-founder",
    "commissioner",
    "delegate",
    "executive",
    "geologist",
    "inspector",
    "mathematician",
    "negotiator",
    "pilot",
    "poet",
    "prosecutor",
    "rapporteur",
    "representative",
    "treasurer",
    "undersecretary",
    "vice-president",
];

/// Words of the gazetteer beside names that are no roles: relations, forms of address, parts of titles.
const NO_OFFICES: &[&str] = &[
    "brother",
    "called",
    "counterpart",
    "dame",
    "daughter",
    "deputy",
    "dr",
    "father",
    "fr",
    "hon",
    "hrh",
    "hh",
    "husband",
    "lady",
    "lord",
    "madam",
    "messrs",
    "miss",
    "mother",
    "mr",
    "mrs",
    "ms",
    "named",
    "opponent",
    "predecessor",
    "presidential",
    "rev",
    "reverend",
    "rival",
    "saint",
    "sir",
    "sister",
    "son",
    "state",
    "successor",
    "wife",
    "winner",
];

/// Words before an office that say more of it, beside the parts of titles.
const KINDS: &[&str] = &[
    "acting",
    "assistant",
    "associate",
    "chief",
    "co",
    "deputy",
    "designate",
    "elect",
    "ex",
    "first",
    "former",
    "incoming",
    "interim",
    "last",
    "late",
    "lead",
    "new",
    "newly",
    "outgoing",
    "retired",
    "second",
    "senior",
    "state",
    "then",
    "third",
    "vice",
];

const ARTICLES: &[&str] = &["a", "an", "the"];

/// Words that lead from an office to where it is held.
const LINKS: &[&str] = &["at", "for", "of", "to"];

/// Words before a place where something happens.
const WHERE: &[&str] = &["at", "in", "near"];

/// Words with which something else than the office begins.
const BORDERS: &[&str] = &[
    "after", "and", "as", "because", "before", "but", "during", "from", "in", "on", "or", "since",
    "that", "until", "when", "where", "which", "while", "who", "whom", "whose", "with",
];

/// Most words before a name that are its role.
const BEFORE: usize = 6;
/// Most words between commas.
const BESIDE: usize = 12;

/// Returns the roles of the people whom a text names, in order; of each person the same role once.
pub(super) fn roles(document: &Document<'_>, entities: &[LocalEntity]) -> Vec<LocalRole> {
    let mut people: Vec<(LocalMention, usize)> = Vec::new();
    for (number, entity) in entities.iter().enumerate() {
        if entity.kind == EntityKind::PERSON {
            people.extend(entity.mentions.iter().map(|mention| (*mention, number)));
        }
    }
    people.sort_unstable();
    let names: Vec<TextRange> = people.iter().map(|(mention, _)| mention.range).collect();
    let mut told: Vec<(usize, String)> = Vec::new();
    let mut found: Vec<LocalRole> = Vec::new();
    for (mention, number) in people {
        let Some(line) = document.lines.get(mention.sentence as usize) else { continue };
        let Some(beside) = Beside::new(document.text, line, mention.range, &names) else {
            continue;
        };
        let title = beside.before().map(|range| (range, false));
        let apposed = beside.behind().or_else(|| beside.ahead()).map(|range| (range, true));
        for (range, apposed) in title.into_iter().chain(apposed) {
            let words: Vec<&str> = spaced(range.slice(document.text)).collect();
            let name = words.join(" ");
            let key = (number, fold(&name));
            if told.contains(&key) {
                continue;
            }
            told.push(key);
            let LocalMention { range: person, sentence } = mention;
            found.push(LocalRole { range, sentence, person, name, apposed });
        }
    }
    found.sort_by_key(|role| (role.range, role.person));
    found
}

/// The words around a name.
struct Beside<'d, 't> {
    text: &'t str,
    line: &'d Line,
    /// Words of the name, without titles that are a part of it.
    name: Range<usize>,
    /// Where it stands, with them.
    place: TextRange,
    /// The names of people in the text, ascending.
    people: &'d [TextRange],
}

impl<'d, 't> Beside<'d, 't> {
    fn new(
        text: &'t str,
        line: &'d Line,
        place: TextRange,
        people: &'d [TextRange],
    ) -> Option<Self> {
        let bytes = place.range();
        let end = line.words.partition_point(|word| word.start < bytes.end);
        let first = line.words.partition_point(|word| word.start < bytes.start);
        let is_title = |word: &Word| word.classes.has(Classes::TITLE | Classes::TITLE_PART);
        let titles = line.words.get(first..end)?.iter().take_while(|word| is_title(word)).count();
        // A name of titles alone is no name with a title.
        let start = if first + titles < end { first + titles } else { first };
        (start < end).then_some(Self { text, line, name: start..end, place, people })
    }

    fn word(&self, at: usize) -> &'t str {
        self.line.words.get(at).map_or("", |word| word.of(self.text))
    }

    fn lower(&self, at: usize) -> String {
        self.word(at).trim_end_matches('.').to_lowercase()
    }

    /// Returns what stands between a word and the one before it.
    fn gap(&self, at: usize) -> &'t str {
        let words = &self.line.words;
        let end = at.checked_sub(1).and_then(|at| words.get(at)).map(|word| word.end);
        let start = words.get(at).map_or(self.line.range.end as usize, |word| word.start);
        end.and_then(|end| self.text.get(end..start)).unwrap_or("\n")
    }

    /// Whether a word goes on with what the one before it begins: `NASA's launch director`.
    fn is_joined(&self, at: usize) -> bool {
        let gap = self.gap(at);
        gap.trim().is_empty() && at > 0 || self.is_owned(at)
    }

    /// Whether the word before another says whose that is.
    fn is_owned(&self, at: usize) -> bool {
        matches!(self.gap(at).trim_end(), "'s" | "’s" | "'" | "’")
    }

    fn is_office(&self, at: usize) -> bool {
        let lower = self.lower(at);
        let is_one = classes(self.word(at)).has(Classes::TITLE | Classes::ROLE);
        (is_one || OFFICES.contains(&lower.as_str())) && !NO_OFFICES.contains(&lower.as_str())
    }

    /// Whether a word says more of the office behind it.
    fn is_kind(&self, at: usize) -> bool {
        let word = self.word(at);
        // `Under Secretary`, but not `the States under President Bush`.
        word != "under" && classes(&capitalised(word)).has(Classes::TITLE_PART | Classes::DEMONYM)
            || KINDS.contains(&self.lower(at).as_str())
            || self.is_office(at)
            || word.starts_with(char::is_uppercase) && lookup(word).is_some()
            || word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase())
            // `the flight director`
            || self.is_noun(at) && at > 0 && self.is_joined(at) && ARTICLES.contains(&self.lower(at - 1).as_str())
    }

    fn range(&self, words: Range<usize>) -> Option<TextRange> {
        let (first, last) =
            (self.line.words.get(words.start)?, self.line.words.get(words.end.checked_sub(1)?)?);
        let range = TextRange::of(first.start..last.end);
        (!self.names_somebody(range)).then_some(range)
    }

    /// Whether a range holds a part of somebody else's name, who then has the role.
    fn names_somebody(&self, range: TextRange) -> bool {
        let at = self.people.partition_point(|name| name.end <= range.start);
        let mut others = self.people[at..].iter().filter(|name| **name != self.place);
        others.next().is_some_and(|name| name.overlaps(range))
    }

    /// Returns the role right before the name: `Soviet President`, `U.S. Secretary of State`.
    fn before(&self) -> Option<TextRange> {
        let end = self.name.start;
        if end == 0 || !self.gap(end).trim().is_empty() {
            return None;
        }
        let mut at = end;
        while at > 0 && end - at < BEFORE {
            let is_part = self.is_kind(at - 1);
            // `Secretary of State`
            let leads = at < end && at > 1 && self.word(at - 1) == "of" && self.is_office(at - 2);
            if (at < end && !self.is_joined(at)) || !(is_part || leads) {
                break;
            }
            at -= 1;
        }
        // `In Moscow President Nixon`: where, and not of what.
        let is_place = |at: usize| lookup(self.word(at)).is_some() && !self.is_office(at);
        if at > 0 && self.is_joined(at) && WHERE.contains(&self.lower(at - 1).as_str()) {
            at += (at..end).take_while(|at| is_place(*at)).count();
        }
        let nearest = end - 1;
        let of = nearest
            .checked_sub(2)
            .is_some_and(|at| self.word(at + 1) == "of" && self.is_office(at));
        if at == end || !(self.is_office(nearest) || of) {
            return None;
        }
        self.range(at..end)
    }

    /// Returns the role between the name and the next mark: `, the administrator of NASA,`.
    fn behind(&self) -> Option<TextRange> {
        let start = self.name.end;
        if self.gap(start).trim() != "," || start >= self.line.words.len() {
            return None;
        }
        let words = (start + 1..self.line.words.len()).take_while(|at| self.is_joined(*at));
        let end = words.last().unwrap_or(start) + 1;
        if end - start > BESIDE || self.names_somebody(self.span(start..end)) {
            return None;
        }
        self.phrase(start..end).and_then(|words| self.range(words))
    }

    /// Returns the role between an article and the comma before the name: `the administrator of NASA, Bill Nelson,`.
    fn ahead(&self) -> Option<TextRange> {
        let end = self.name.start;
        let is_closed = self.name.end >= self.line.words.len()
            || !self.gap(self.name.end).trim().is_empty() && !self.is_owned(self.name.end);
        if end == 0 || self.gap(end).trim() != "," || !is_closed {
            return None;
        }
        let mut start = end - 1;
        while start > 0 && end - start < BESIDE && self.is_joined(start) {
            if ARTICLES.contains(&self.lower(start).as_str()) {
                // `the father of the president, John Smith`: one of several.
                if LINKS.contains(&self.word(start - 1)) {
                    start -= 1;
                    continue;
                }
                break;
            }
            start -= 1;
        }
        let is_begun = ARTICLES.contains(&self.lower(start).as_str()) || self.is_owned(start + 1);
        let found = self.phrase(start..end).filter(|words| is_begun && words.end == end)?;
        self.range(found)
    }

    fn span(&self, words: Range<usize>) -> TextRange {
        let at = |at: usize| &self.line.words[at];
        TextRange::of(at(words.start).start..at(words.end - 1).end)
    }

    /// Returns the words of a phrase that name an office and where it is held; the phrase begins with it.
    fn phrase(&self, words: Range<usize>) -> Option<Range<usize>> {
        let lower = |at: usize| self.lower(at);
        let start = words.start + usize::from(ARTICLES.contains(&lower(words.start).as_str()));
        let head = (start..words.end).find(|at| self.is_office(*at))?;
        // `the first woman to serve as`: what is before an office says more of it, or whose it is.
        let says_more = |at: usize| self.is_kind(at) || self.is_noun(at) || self.is_owned(at + 1);
        if !(start..head).all(says_more) {
            return None;
        }
        let mut end = head + 1;
        while end < words.end && (self.is_office(end) || lower(end) == "general") {
            end += 1;
        }
        // `president and founder`
        if end + 1 < words.end && lower(end) == "and" && self.is_office(end + 1) {
            end += 2;
        }
        if end < words.end && LINKS.contains(&lower(end).as_str()) {
            let place =
                (end + 1..words.end).take_while(|at| !BORDERS.contains(&lower(*at).as_str()));
            end = place.last().map_or(end, |last| last + 1);
        }
        Some(start..end)
    }

    /// Whether a word may stand before a noun: one with a capital, or none that holds others together or tells what happens.
    fn is_noun(&self, at: usize) -> bool {
        let word = self.word(at);
        let holds = Classes::FUNCTION | Classes::SAY | Classes::SAYING | Classes::TELLING;
        let is_verb = word.ends_with("ed") || word.ends_with("ing");
        !classes(&word.to_lowercase()).has(holds)
            && (word.starts_with(char::is_uppercase) || !is_verb)
    }
}
