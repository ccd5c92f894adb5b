//! Words whose presence suggests a topic.
//!
//! All words are looked for at once, in time linear in the text. Upper and
//! lower case are one, save for abbreviations (`WHO` is not `who`). A word
//! counts only as a whole word.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};

use super::borders::stands_alone;
use crate::ids::Fingerprint;
use crate::parse::{BlockKind, Body};
use crate::text::{Unified, unify};

/// A topic whose words stand in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTopic {
    /// Number of the topic, as handed to [`TopicWordsBuilder::add`].
    pub topic: u32,
    /// How often one of its words stands in the text; words that overlap count once.
    pub count: u32,
    /// Whether one stands in the first paragraph.
    pub lead: bool,
    /// Which of its words stand in the text, in the order of the alphabet; a few at most.
    pub words: Vec<String>,
}

/// Words of a topic that are kept for a text, at most.
const SHOWN: usize = 5;

/// How often the words of a topic stand in a text, and which.
#[derive(Default)]
struct Count {
    count: u32,
    /// Numbers of the words, ascending.
    words: BTreeSet<usize>,
}

/// Collects words for [`TopicWords`].
#[derive(Clone, Debug, Default)]
pub struct TopicWordsBuilder {
    /// Lower-case form, form as given, topic.
    words: Vec<(String, String, u32)>,
}

/// Finds the words of topics in texts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TopicWords {
    /// In the order of the automaton's patterns.
    words: Vec<Word>,
    /// Made when the first text is searched; none when there are no words.
    #[serde(skip)]
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// One word with a topic that it suggests.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Word {
    /// The lower-case form, which is looked for.
    lower: String,
    /// The only form that counts, for an abbreviation.
    exact: Option<String>,
    topic: u32,
}

impl TopicWordsBuilder {
    /// Adds a word that suggests topic number `topic`. A word may suggest several.
    pub fn add(&mut self, word: &str, topic: u32) {
        let word = word.trim();
        if word.chars().any(char::is_alphanumeric) {
            let word = unify(word);
            self.words.push((lower(&word), word.into_owned(), topic));
        }
    }

    /// Returns a fingerprint of the words.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut words: Vec<_> = self.words.iter().collect();
        words.sort();
        Fingerprint::of(format!("{words:?}").as_bytes())
    }

    /// Builds the finder.
    pub fn build(mut self) -> TopicWords {
        self.words.sort();
        self.words.dedup();
        let word = |(lower, given, topic): (String, String, u32)| {
            let shouted = !given.chars().any(char::is_lowercase) && given != lower;
            let exact = (shouted && given.chars().count() <= 6).then_some(given);
            Word { lower, exact, topic }
        };
        let words = self.words.into_iter().map(word).collect();
        TopicWords { words, automaton: OnceLock::new() }
    }
}

impl TopicWords {
    fn automaton(&self) -> Option<&AhoCorasick> {
        let build = || {
            // An automaton that grew too large is the one way to fail; then no topic is suggested.
            AhoCorasick::new(self.words.iter().map(|word| &word.lower))
                .ok()
                .filter(|_| !self.words.is_empty())
        };
        self.automaton.get_or_init(build).as_ref()
    }

    /// Returns the topics whose words stand in `text`, ascending; none of them `lead`.
    pub fn find(&self, text: &str) -> Vec<LocalTopic> {
        let mut counts = BTreeMap::new();
        self.count(text, &mut counts);
        counts.into_iter().map(|(topic, count)| self.local(topic, &count, false)).collect()
    }

    fn local(&self, topic: u32, Count { count, words }: &Count, lead: bool) -> LocalTopic {
        let words = words.iter().take(SHOWN).filter_map(|at| self.words.get(*at));
        let form = |word: &Word| word.exact.as_ref().unwrap_or(&word.lower).clone();
        LocalTopic { topic, count: *count, lead, words: words.map(form).collect() }
    }

    /// Returns the topics whose words stand in the text of a body, ascending. Code does not count.
    pub(super) fn of_body(&self, body: &Body) -> Vec<LocalTopic> {
        if self.words.is_empty() {
            return Vec::new();
        }
        let mut counts = BTreeMap::new();
        let mut lead: Option<Vec<u32>> = None;
        for block in body.blocks.iter().filter(|block| block.kind != BlockKind::Code) {
            let text = block.text.slice(&body.text);
            if lead.is_none() && matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote) {
                lead = Some(self.find(text).into_iter().map(|found| found.topic).collect());
            }
            self.count(text, &mut counts);
        }
        let lead = lead.unwrap_or_default();
        let leads = |topic: u32| lead.binary_search(&topic).is_ok();
        counts.into_iter().map(|(topic, count)| self.local(topic, &count, leads(topic))).collect()
    }

    /// Adds how often each topic's words stand in `text`.
    fn count(&self, text: &str, counts: &mut BTreeMap<u32, Count>) {
        let Some(automaton) = self.automaton() else { return };
        let unified = Unified::new(text);
        let text = unified.text();
        let lower = lower(text);
        let mut ends: BTreeMap<u32, usize> = BTreeMap::new();
        for hit in automaton.find_overlapping_iter(&lower) {
            let number = hit.pattern().as_usize();
            let Some(word) = self.words.get(number) else { continue };
            let as_given =
                word.exact.as_deref().is_none_or(|exact| text.get(hit.range()) == Some(exact));
            let end = ends.entry(word.topic).or_default();
            if as_given && hit.start() >= *end && stands_alone(&unified, hit.start(), hit.end()) {
                *end = hit.end();
                let counted = counts.entry(word.topic).or_default();
                counted.count += 1;
                counted.words.insert(number);
            }
        }
    }
}

/// Returns `text` in lower case, each character in as many bytes as before, so that offsets stay the same.
///
/// The few characters whose lower-case form has another length stay as they are.
fn lower(text: &str) -> String {
    let one = |c: char| {
        let mut lower = c.to_lowercase();
        lower.next().filter(|low| lower.len() == 0 && low.len_utf8() == c.len_utf8()).unwrap_or(c)
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &[(&str, u32)], text: &str) -> Vec<(u32, u32)> {
        let mut builder = TopicWordsBuilder::default();
        for (word, topic) in words {
            builder.add(word, *topic);
        }
        builder.build().find(text).iter().map(|found| (found.topic, found.count)).collect()
    }

    #[test]
    fn whole_words_are_counted_in_any_case() {
        let words = [("Space law", 0), ("space", 1), ("Mars", 2), ("mars rover", 2), ("Élan", 3)];
        assert_eq!(
            found(&words, "SPACE LAW of spaces. The Mars rover on mars, an élan."),
            [(0, 1), (1, 1), (2, 2), (3, 1)]
        );
        assert_eq!(found(&[], "Mars"), []);
        let words = [("انتخابات", 0), ("هسته‌ای", 1), ("経済", 2)];
        assert_eq!(
            found(&words, "الإنتخابات، هسته‌اي و هسته ای؛ 日本経済"),
            [(0, 1), (1, 1), (2, 1)]
        );
        assert_eq!(found(&words, "وانتخابات إنتخابات"), [(0, 2)]);
    }

    #[test]
    fn abbreviations_count_as_written() {
        assert_eq!(found(&[("WHO", 0)], "who knows what the Who knows"), []);
        assert_eq!(found(&[("WHO", 0), ("who", 1)], "the WHO’s view"), [(0, 1), (1, 1)]);
    }
}
