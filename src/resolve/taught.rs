//! Topics that articles teach: those of front matter, for the articles that have none.
//!
//! A word or name tells of a topic when it stands in several of its articles, and far more often in them than in the
//! other articles that carry topics. An article gets the topic when several such words are in its title or summary, among what it
//! is about or among whom it names. Counts and ratios only, so that each word of the evidence can be looked up.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::articles::Piece;
use super::key::key;
use crate::analyze::terms::words;
use crate::analyze::{is_function_word, subject_key};

/// Articles that a topic needs to be learned.
const ARTICLES: usize = 3;
/// Articles with other topics that it is compared with.
const OTHERS: usize = 3;
/// Articles of the topic that a word must be in.
const SEEN: usize = 2;
/// How many times as frequent a word must be in articles of the topic as elsewhere; more tells more.
const TELLING: [usize; 2] = [6, 24];
/// What the words must tell together, where one that is told by the first ratio counts 1, and by the second 2.
const ENOUGH: usize = 4;
/// Words that must agree.
const WORDS: usize = 2;
/// Topics of one article, at most, and words that are shown for each.
const MOST: usize = 3;
const SHOWN: usize = 5;

/// A topic that an article gets, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taught {
    /// As the front matter of others spells it.
    pub(super) topic: String,
    /// The words and names that tell, as this article has them, the strongest first.
    pub(super) evidence: Vec<String>,
}

/// What an article can be told by: a key, and how this article spells it.
type Features = BTreeMap<String, String>;

/// Returns for each article the topics that others teach, best first; none for those that have topics. `topic_key` returns
/// what all spellings of a topic have in common.
pub(super) fn taught(pieces: &[Piece], topic_key: &dyn Fn(&str) -> String) -> Vec<Vec<Taught>> {
    let mut found = vec![Vec::new(); pieces.len()];
    // Where all have topics, nobody learns.
    if pieces.iter().all(|piece| !piece.wanted.given.is_empty()) {
        return found;
    }
    let has_topics = |piece: &&Piece| !piece.wanted.given.is_empty();
    let teachers: Vec<(&Piece, Features)> =
        pieces.iter().filter(has_topics).map(|piece| (piece, features(piece))).collect();
    let lessons = Lessons::new(&teachers, topic_key);
    if lessons.topics.is_empty() {
        return found;
    }
    for (piece, found) in pieces.iter().zip(&mut found) {
        if piece.wanted.given.is_empty() {
            let decided: BTreeSet<String> =
                piece.wanted.decided.iter().map(|topic| topic_key(topic)).collect();
            *found = lessons.topics_of(&features(piece), &decided);
        }
    }
    found
}

/// Returns what an article can be told by: words of its title, what it is about, and whom it names.
fn features(piece: &Piece) -> Features {
    let mut found = Features::new();
    let summary = piece.article.summary.as_ref().map(|summary| summary.value.as_str());
    for text in [piece.article.title.value.as_str(), summary.unwrap_or_default()] {
        for word in words(text) {
            if word.chars().nth(2).is_some() && !is_function_word(&word) {
                found.insert(subject_key(&word), word);
            }
        }
    }
    for subject in &piece.wanted.subjects {
        found.insert(subject.key.clone(), subject.form.clone());
    }
    for told in piece.found.iter().filter(|told| !told.name.is_empty()) {
        found.insert(key(&told.name), told.name.clone());
    }
    found
}

/// A topic that can be learned.
struct Topic {
    key: String,
    name: String,
    articles: usize,
}

/// What the words of an article tell of a topic, together and each.
#[derive(Default)]
struct Told<'w> {
    weight: usize,
    words: Vec<(usize, &'w str)>,
}

/// What the articles with topics teach.
struct Lessons {
    topics: Vec<Topic>,
    /// Articles that carry topics.
    all: usize,
    /// For each feature its articles, and how many of them have each topic.
    seen: FxHashMap<String, (usize, BTreeMap<usize, usize>)>,
}

impl Lessons {
    fn new(teachers: &[(&Piece, Features)], topic_key: &dyn Fn(&str) -> String) -> Self {
        let mut numbers: FxHashMap<String, usize> = FxHashMap::default();
        let mut topics: Vec<Topic> = Vec::new();
        let mut of_article: Vec<BTreeSet<usize>> = Vec::with_capacity(teachers.len());
        for (piece, _) in teachers {
            let mut own = BTreeSet::new();
            for name in &piece.wanted.given {
                let key = topic_key(name);
                let number = *numbers.entry(key.clone()).or_insert(topics.len());
                if number == topics.len() {
                    topics.push(Topic { key, name: name.clone(), articles: 0 });
                }
                own.insert(number);
            }
            for number in &own {
                topics[*number].articles += 1;
            }
            of_article.push(own);
        }
        let learned =
            |topic: &Topic| topic.articles >= ARTICLES && topic.articles + OTHERS <= teachers.len();
        let mut lessons =
            Self { topics: Vec::new(), all: teachers.len(), seen: FxHashMap::default() };
        if !topics.iter().any(learned) {
            return lessons;
        }
        for ((_, features), own) in teachers.iter().zip(&of_article) {
            for feature in features.keys() {
                let one = lessons.seen.entry(feature.clone()).or_default();
                one.0 += 1;
                for topic in own.iter().filter(|topic| learned(&topics[**topic])) {
                    *one.1.entry(*topic).or_default() += 1;
                }
            }
        }
        lessons.topics = topics;
        lessons
    }

    /// Returns the topics of an article, best first.
    fn topics_of(&self, features: &Features, decided: &BTreeSet<String>) -> Vec<Taught> {
        let mut told: BTreeMap<usize, Told<'_>> = BTreeMap::new();
        for (feature, form) in features {
            let Some((all, by_topic)) = self.seen.get(feature) else { continue };
            for (topic, count) in by_topic {
                let weight = self.tells(*topic, *count, *all);
                if weight > 0 {
                    let one = told.entry(*topic).or_default();
                    one.weight += weight;
                    one.words.push((weight, form));
                }
            }
        }
        let key = |topic: &usize| &self.topics[*topic].key;
        let enough = |one: &Told<'_>| one.weight >= ENOUGH && one.words.len() >= WORDS;
        let mut best: Vec<(usize, Told<'_>)> = told
            .into_iter()
            .filter(|(topic, one)| enough(one) && !decided.contains(key(topic)))
            .collect();
        best.sort_by_key(|(topic, one)| (std::cmp::Reverse(one.weight), key(topic)));
        best.truncate(MOST);
        let taught = |(topic, mut one): (usize, Told<'_>)| {
            one.words.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
            let words = one.words.into_iter().take(SHOWN).map(|(_, word)| word.to_owned());
            Taught { topic: self.topics[topic].name.clone(), evidence: words.collect() }
        };
        best.into_iter().map(taught).collect()
    }

    /// Returns how much a word tells of a topic that `count` of its `all` articles have.
    fn tells(&self, topic: usize, count: usize, all: usize) -> usize {
        let inside = self.topics[topic].articles;
        let (elsewhere, outside) = (all - count, self.all - inside);
        // Shares, where half an article more is taken to have the word elsewhere: `count / inside` against
        // `(elsewhere + 1/2) / outside`.
        let telling =
            |times: &&usize| 2 * count * outside >= **times * (2 * elsewhere + 1) * inside;
        if count < SEEN { 0 } else { TELLING.iter().take_while(telling).count() }
    }
}
