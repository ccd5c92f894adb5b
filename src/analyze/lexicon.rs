//! The names that editors gave: from records and from all front matter; and the words that suggest topics.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use super::borders::stands_alone;
use super::topics::{TopicWords, TopicWordsBuilder};
use crate::config::EntityKind;
use crate::ids::Fingerprint;
use crate::text::{TextRange, Unified, unify};

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
    /// In the one form of its letters, in which texts are searched.
    name: String,
    /// Whether another word is this name but for the form of its last letter: `على` ("on") is not `علي`.
    exact_end: bool,
    /// Length in characters, for the configured minimum.
    chars: usize,
    /// None when two bearers share the spelling.
    bearer: Bearer,
}

/// Whose name it is; none when it has two bearers.
type Bearer = Option<(NameId, EntityKind)>;

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
        let mut forms: Vec<(String, bool, NameId, EntityKind)> = Vec::new();
        for (name, id, kind) in self.names {
            let form = unify(&name).into_owned();
            if let Some(rest) = form.strip_prefix("ال") {
                // "To" and the article of Arabic become one.
                forms.push((format!("لل{rest}"), false, id, kind));
            }
            let exact = form.chars().count() < 4 && form.ends_with('ی') && !name.ends_with('ى');
            forms.push((form, exact, id, kind));
        }
        forms.sort();
        let mut names: Vec<Entry> = Vec::new();
        for (name, exact_end, id, kind) in forms.into_iter().filter(|(form, ..)| !form.is_empty()) {
            match names.last_mut() {
                Some(last) if last.name == name => {
                    last.bearer = last.bearer.filter(|(known, _)| *known == id);
                    last.exact_end &= exact_end;
                }
                _ => names.push(Entry {
                    chars: name.chars().count(),
                    name,
                    exact_end,
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
        let unified = Unified::new(text);
        let text = unified.text();
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(hit) = automaton.find(aho_corasick::Input::new(text).range(from..)) {
            let Some(entry) = self.names.get(hit.pattern().as_usize()) else { break };
            let whole = stands_alone(&unified, hit.start(), hit.end())
                && !(entry.exact_end && unified.slice(hit.range()).ends_with('ى'));
            if whole && entry.chars >= min_length {
                found.push((hit.range(), entry.bearer));
                from = hit.end();
            } else if let Some((range, bearer)) =
                self.shorter(&unified, hit.start(), hit.end(), min_length)
            {
                from = range.end;
                found.push((range, bearer));
            } else {
                // A name may begin inside the part of a word that matched.
                from = hit.start() + text[hit.start()..].chars().next().map_or(1, char::len_utf8);
            }
        }
        let original = |(range, bearer)| LexiconMatch {
            range: TextRange::of(unified.original(range)),
            bearer,
        };
        found.into_iter().map(original).collect()
    }

    /// Returns the one bearer of a name.
    pub(super) fn bearer(&self, name: &str) -> Option<(NameId, EntityKind)> {
        let name = unify(name);
        let index = self.names.binary_search_by(|entry| (*entry.name).cmp(&*name)).ok()?;
        self.names.get(index)?.bearer
    }

    /// Returns the longest name that starts at `start`, ends before `end` and stands alone.
    ///
    /// `New York` must be found in `New Yorkers` when `New Yorker` is a name too.
    fn shorter(
        &self,
        text: &Unified<'_>,
        start: usize,
        end: usize,
        min_length: usize,
    ) -> Option<(Range<usize>, Bearer)> {
        let part = text.text().get(start..end)?;
        let borders = part.char_indices().rev().map(|(at, _)| at).filter(|at| *at > 0);
        for at in borders.filter(|at| stands_alone(text, start, start + at)) {
            let Ok(index) =
                self.names.binary_search_by(|entry| entry.name.as_str().cmp(&part[..at]))
            else {
                continue;
            };
            let entry = self.names.get(index).filter(|entry| entry.chars >= min_length)?;
            return Some((start..start + at, entry.bearer));
        }
        None
    }
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
        assert_eq!(found(&lexicon(&[("กรุงเทพ", 0)]), "ฝนตกในกรุงเทพวันนี้"), [("กรุงเทพ", Some(0))]);
        let names = lexicon(&[("インド", 0), ("東京", 1)]);
        assert_eq!(found(&names, "インドネシアの首都は東京ではない。"), [("東京", Some(1))]);
        assert_eq!(found(&names, "インドの首相"), [("インド", Some(0))]);
    }

    #[test]
    fn letters_of_arabic_have_one_form_and_stay_as_they_are_written() {
        let names =
            lexicon(&[("علی خامنه‌ای", 0), ("محمد", 1), ("غزه", 2), ("إيران", 3), ("علي", 4)]);
        assert_eq!(found(&names, "قال علي خامنئی"), [("علي", Some(4))]);
        assert_eq!(found(&names, "علي خامنه‌اي گفت"), [("علي خامنه‌اي", Some(0))]);
        assert_eq!(found(&names, "جاء مُحَمَّدٌ إلى غزّة"), [("مُحَمَّدٌ", Some(1)), ("غزّة", Some(2))]);
        assert_eq!(found(&names, "ایران، ايران"), [("ایران", Some(3)), ("ايران", Some(3))]);
        assert_eq!(found(&names, "على الطاولة"), []);
        assert_eq!(found(&names, "ایرانی‌ها، ایران‌ها، بی‌ایران"), [("ایران", Some(3))]);
    }

    #[test]
    fn short_words_that_are_written_together_with_a_name_do_not_hide_it() {
        let names =
            lexicon(&[("طهران", 0), ("الأمم المتحدة", 1), ("مصر", 2), ("ישראל", 3), ("عالم", 4)]);
        assert_eq!(found(&names, "وطهران وبطهران"), [("طهران", Some(0)), ("طهران", Some(0))]);
        assert_eq!(
            found(&names, "والأمم المتحدة للأمم المتحدة"),
            [("الأمم المتحدة", Some(1)), ("للأمم المتحدة", Some(1))]
        );
        assert_eq!(found(&names, "ومصر"), [("مصر", Some(2))]);
        assert_eq!(found(&names, "قمصر متعالم"), []);
        assert_eq!(found(&names, "בישראל, ושישראל"), [("ישראל", Some(3)), ("ישראל", Some(3))]);
        let names = lexicon(&[("서울", 0), ("한국", 1)]);
        assert_eq!(
            found(&names, "서울에서 한국은 한국어를"),
            [("서울", Some(0)), ("한국", Some(1))]
        );
    }
}
