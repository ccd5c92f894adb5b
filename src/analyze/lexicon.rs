//! The names that editors gave: from records and from all front matter; and the words that suggest topics.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use super::topics::{TopicWords, TopicWordsBuilder};
use crate::config::EntityKind;
use crate::ids::Fingerprint;
use crate::text::TextRange;

/// Number of a name's bearer in the lexicon, as handed to [`LexiconBuilder::add`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NameId(pub u32);

/// Collects names for a [`Lexicon`].
#[derive(Clone, Debug, Default)]
pub struct LexiconBuilder {
    names: Vec<(String, NameId, EntityKind)>,
    topics: TopicWordsBuilder,
}

/// Finds the given names in texts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Lexicon {
    /// One entry for each spelling, in the order of the automaton's patterns.
    names: Vec<Entry>,
    /// Made when the first text is searched; none when there are no names.
    #[serde(skip)]
    automaton: OnceLock<Option<AhoCorasick>>,
    topics: TopicWords,
    fingerprint: Fingerprint,
}

/// One spelling.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    name: String,
    /// Length in characters, for the configured minimum.
    chars: usize,
    /// None when two bearers share the spelling.
    bearer: Option<(NameId, EntityKind)>,
}

/// A place where a given name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LexiconMatch {
    /// Where, without a possessive ending.
    pub(super) range: TextRange,
    /// Whose name it is; none when it has two bearers.
    pub(super) bearer: Option<(NameId, EntityKind)>,
}

impl LexiconBuilder {
    /// Adds a name or alias of bearer `id`. A name that two bearers share is found, but linked to neither.
    pub fn add(&mut self, name: &str, id: NameId, kind: EntityKind) {
        let name = name.trim();
        if !name.is_empty() {
            self.names.push((name.to_owned(), id, kind));
        }
    }

    /// Adds the words that suggest topics.
    pub fn add_topics(&mut self, words: TopicWordsBuilder) {
        self.topics = words;
    }

    /// Builds the lexicon.
    pub fn build(mut self) -> Lexicon {
        self.names.sort();
        let fingerprint = self.fingerprint();
        let mut names: Vec<Entry> = Vec::new();
        for (name, id, kind) in self.names {
            match names.last_mut() {
                Some(last) if last.name == name => {
                    last.bearer = last.bearer.filter(|(known, _)| *known == id);
                }
                _ => names.push(Entry {
                    chars: name.chars().count(),
                    name,
                    bearer: Some((id, kind)),
                }),
            }
        }
        Lexicon { names, automaton: OnceLock::new(), topics: self.topics.build(), fingerprint }
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut bytes = Vec::new();
        for (name, id, kind) in &self.names {
            bytes.extend(name.as_bytes());
            bytes.push(0);
            bytes.extend(id.0.to_le_bytes());
            bytes.extend(kind.index().to_le_bytes());
        }
        Fingerprint::of_parts([bytes.as_slice(), self.topics.fingerprint().as_bytes()])
    }
}

impl Lexicon {
    /// Returns a fingerprint of all that the lexicon can find.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    fn automaton(&self) -> Option<&AhoCorasick> {
        let build = || {
            // An automaton that grew too large is the one way to fail; then no name is found, and the rest works.
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(self.names.iter().map(|entry| &entry.name))
                .ok()
                .filter(|_| !self.names.is_empty())
        };
        self.automaton.get_or_init(build).as_ref()
    }

    /// Borrows the words that suggest topics.
    pub(super) fn topics(&self) -> &TopicWords {
        &self.topics
    }

    /// Returns the names of at least `min_length` characters in `text`, in order, without overlap.
    pub(super) fn find(&self, text: &str, min_length: usize) -> Vec<LexiconMatch> {
        let Some(automaton) = self.automaton() else { return Vec::new() };
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(hit) = automaton.find(aho_corasick::Input::new(text).range(from..)) {
            let Some(entry) = self.names.get(hit.pattern().as_usize()) else { break };
            let whole = stands_alone(text, hit.start(), hit.end());
            if whole && entry.chars >= min_length {
                found
                    .push(LexiconMatch { range: TextRange::of(hit.range()), bearer: entry.bearer });
                from = hit.end();
            } else if let Some(shorter) = self.shorter(text, hit.start(), hit.end(), min_length) {
                from = shorter.range.range().end;
                found.push(shorter);
            } else {
                // A name may begin inside the part of a word that matched.
                from = hit.start() + text[hit.start()..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found
    }

    /// Returns the one bearer of a name.
    pub(super) fn bearer(&self, name: &str) -> Option<(NameId, EntityKind)> {
        let index = self.names.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.names.get(index)?.bearer
    }

    /// Returns the longest name that starts at `start`, ends before `end` and stands alone.
    ///
    /// `New York` must be found in `New Yorkers` when `New Yorker` is a name too.
    fn shorter(
        &self,
        text: &str,
        start: usize,
        end: usize,
        min_length: usize,
    ) -> Option<LexiconMatch> {
        let part = text.get(start..end)?;
        let borders = part.char_indices().rev().map(|(at, _)| at).filter(|at| *at > 0);
        for at in borders.filter(|at| stands_alone(text, start, start + at)) {
            let Ok(index) =
                self.names.binary_search_by(|entry| entry.name.as_str().cmp(&part[..at]))
            else {
                continue;
            };
            let entry = self.names.get(index).filter(|entry| entry.chars >= min_length)?;
            return Some(LexiconMatch {
                range: TextRange::of(start..start + at),
                bearer: entry.bearer,
            });
        }
        None
    }
}

/// Whether no word goes on across the ends of `start..end`.
pub(super) fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let inner = |at: usize| {
        let before = text.get(..at).and_then(|part| part.chars().next_back());
        let after = text.get(at..).and_then(|part| part.chars().next());
        matches!((before, after), (Some(b), Some(a)) if joins(b) && joins(a) && !is_unspaced(b) && !is_unspaced(a))
    };
    !inner(start) && !inner(end)
}

/// Whether a character is part of a word.
fn joins(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || unicode_normalization::char::is_combining_mark(c)
}

/// Whether a character is of a script that writes words without spaces between.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(names: &[(&str, u32)]) -> Lexicon {
        let mut builder = LexiconBuilder::default();
        for (name, id) in names {
            builder.add(name, NameId(*id), EntityKind::PLACE);
        }
        builder.build()
    }

    fn found<'a>(lexicon: &Lexicon, text: &'a str) -> Vec<(&'a str, Option<u32>)> {
        let matches = lexicon.find(text, 2);
        matches.iter().map(|m| (m.range.slice(text), m.bearer.map(|(id, _)| id.0))).collect()
    }

    #[test]
    fn whole_words_of_the_same_case_are_found() {
        let names = lexicon(&[("York", 0), ("New York", 1), ("New Yorker", 2), ("Oslo", 3)]);
        assert_eq!(
            found(&names, "New York's mayor flew to Oslo, not york."),
            [("New York", Some(1)), ("Oslo", Some(3))]
        );
        assert_eq!(found(&names, "The New Yorkers left Osloer."), []);
        assert_eq!(
            found(&lexicon(&[("New York", 1), ("New York City Hall", 2)]), "New York City Halls"),
            [("New York", Some(1))]
        );
        assert_eq!(found(&lexicon(&[]), "New York"), []);
    }

    #[test]
    fn names_of_two_bearers_belong_to_neither() {
        let names = lexicon(&[("Georgia", 0), ("Georgia", 1), ("Oslo", 3), ("Oslo", 3)]);
        assert_eq!(found(&names, "Georgia, Oslo"), [("Georgia", None), ("Oslo", Some(3))]);
    }

    #[test]
    fn scripts_without_spaces_need_no_borders() {
        assert_eq!(found(&lexicon(&[("北京", 0)]), "我在北京工作"), [("北京", Some(0))]);
        assert_eq!(found(&lexicon(&[("تهران", 0)]), "در تهران است، تهرانی"), [("تهران", Some(0))]);
    }
}
