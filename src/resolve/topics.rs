//! Topics: of front matter, of records, and those that a text suggests.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::articles::Piece;
use super::key::key;
use super::names::shared_name;
use super::parents::{Node, parents};
use super::slugs::{Claim, Clash, Standing, assign};
use super::taught::{Taught, taught};
use super::{Article, Stated, Topic, TopicLink};
use crate::analyze::{LocalTopic, Subject, TopicWords, TopicWordsBuilder, choose, subject_key};
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic};
use crate::ids::{ArticleId, Id, TopicId};
use crate::load::{Reviewed, TopicRecord};
use crate::text::{capitalised, slugify};

/// Most topics that a text suggests to one article.
const MAX_DERIVED: usize = 3;

/// Weight of a word in the title, in words of the text.
const TITLE_WEIGHT: u32 = 3;

/// The rule that assigned the topic of a record.
const KEYWORD: &str = "topic.keyword";

/// The rule that made a topic of words that several texts are about.
const SUBJECT: &str = "topic.subject";

/// The rule that learned a topic from the articles that carry it.
const TAUGHT: &str = "topic.taught";

/// Which record has which name, and the words that suggest a topic.
pub(super) struct TopicNames {
    by_key: FxHashMap<String, usize>,
    words: TopicWords,
}

/// The topics of an article, before articles are joined.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Those of front matter.
    pub(super) given: Vec<String>,
    /// Those that a person decided on.
    accepted: Vec<String>,
    /// Positions of the records that the text suggests, best first, with the words that do.
    derived: Vec<(usize, Vec<String>)>,
    /// Those that a person has decided about, one way or the other.
    pub(super) decided: Vec<String>,
    /// What the text is about.
    pub(super) subjects: Vec<Subject>,
}

/// A person's word on a topic of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicChoice {
    /// The topic's name.
    pub topic: String,
    /// Whether the article has it.
    pub holds: bool,
    /// Who decided.
    pub reviewed: Reviewed,
}

impl super::Site {
    /// Returns whether each article has topics of its front matter, and none of another origin: then no text or title
    /// decides about topics.
    pub fn topics_are_given(&self) -> bool {
        self.articles.iter().all(|article| {
            let mut topics = article.topics.iter();
            !article.topics.is_empty()
                && article.reviewed.is_empty()
                && topics.all(|link| link.rule.is_none())
        })
    }
}

/// Returns the words that suggest a topic, numbered by record; none when the site does not want them.
pub(super) fn words(records: &[TopicRecord], config: &SiteConfig) -> TopicWordsBuilder {
    let mut builder = TopicWordsBuilder::default();
    for (number, record) in (0u32..).zip(records).filter(|_| config.topics.from_text) {
        let names = std::iter::once(&record.name).chain(&record.aliases).chain(&record.keywords);
        names.for_each(|word| builder.add(word, number));
    }
    builder
}

impl TopicNames {
    /// Collects the names of all records. A name goes before an alias, and an alias before an id.
    pub(super) fn new(
        records: &[TopicRecord],
        config: &SiteConfig,
        reports: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut by_key: FxHashMap<String, usize> = FxHashMap::default();
        let names = records.iter().enumerate().map(|(at, record)| (at, &record.name));
        let aliases = records
            .iter()
            .enumerate()
            .flat_map(|(at, record)| record.aliases.iter().map(move |alias| (at, alias)));
        for (at, name) in names.chain(aliases) {
            let first = *by_key.entry(key(name)).or_insert(at);
            if first != at {
                let record = &records[at];
                let report = shared_name(name, &records[first].id, &record.id);
                reports.push(report.in_file(&record.path));
            }
        }
        for (at, record) in records.iter().enumerate() {
            by_key.entry(key(&record.id)).or_insert(at);
        }
        Self { by_key, words: words(records, config).build() }
    }
}

/// Returns the topics of one article. What a person decided about it is not derived any more.
pub(super) fn wanted(
    mut given: Vec<String>,
    title: &Stated<String>,
    hints: &[LocalTopic],
    subjects: Vec<Subject>,
    names: &TopicNames,
    choices: &[TopicChoice],
) -> Wanted {
    given.retain(|name| !name.trim().is_empty());
    let mut derived = if given.is_empty() { derived(title, hints, names) } else { Vec::new() };
    if !choices.is_empty() {
        let decided = choices.iter().filter_map(|choice| names.by_key.get(&key(&choice.topic)));
        let decided: Vec<usize> = decided.copied().collect();
        derived.retain(|(at, _)| !decided.contains(at));
    }
    let decided = choices.iter().map(|choice| choice.topic.clone()).collect();
    let accepted = choices.iter().filter(|choice| choice.holds);
    let accepted = accepted.map(|choice| choice.topic.clone()).collect();
    Wanted { given, accepted, derived, decided, subjects }
}

/// Returns the positions of the records that a text suggests, best first.
fn derived(
    title: &Stated<String>,
    hints: &[LocalTopic],
    names: &TopicNames,
) -> Vec<(usize, Vec<String>)> {
    // Topic, weight, whether it is certain, words.
    let mut found: FxHashMap<u32, (u32, bool, BTreeSet<String>)> = FxHashMap::default();
    for local in hints {
        let words = local.words.iter().cloned().collect();
        found.insert(local.topic, (local.count, local.lead || local.count > 1, words));
    }
    for local in names.words.find(&title.value) {
        let known = found.entry(local.topic).or_default();
        known.0 += local.count * TITLE_WEIGHT;
        known.1 = true;
        known.2.extend(local.words);
    }
    let mut best: Vec<(std::cmp::Reverse<u32>, u32, BTreeSet<String>)> = found
        .into_iter()
        .filter(|(_, (_, certain, _))| *certain)
        .map(|(topic, (weight, _, words))| (std::cmp::Reverse(weight), topic, words))
        .collect();
    best.sort_unstable();
    let one =
        |(_, topic, words): (_, u32, BTreeSet<String>)| (topic as usize, Vec::from_iter(words));
    best.into_iter().take(MAX_DERIVED).map(one).collect()
}

/// Returns for each article the names of topics that the collection itself suggests to those that have no others.
fn discovered(pieces: &[Piece], taught: &[Vec<Taught>]) -> Vec<Vec<String>> {
    fn open<'p>((piece, taught): (&'p Piece, &Vec<Taught>)) -> Cow<'p, [Subject]> {
        let wanted = &piece.wanted;
        let has_none = wanted.given.is_empty() && wanted.derived.is_empty() && taught.is_empty();
        if !has_none || wanted.decided.is_empty() {
            return Cow::Borrowed(if has_none { wanted.subjects.as_slice() } else { &[] });
        }
        let decided: Vec<String> = wanted.decided.iter().map(|topic| subject_key(topic)).collect();
        let left = wanted.subjects.iter().filter(|one| !decided.contains(&one.key));
        Cow::Owned(left.cloned().collect::<Vec<Subject>>())
    }
    let subjects: Vec<Cow<'_, [Subject]>> = pieces.iter().zip(taught).map(open).collect();
    let subjects: Vec<&[Subject]> = subjects.iter().map(Cow::as_ref).collect();
    let chosen = choose(&subjects);
    // A topic is called what most texts call it, of several the first form in the alphabet.
    let mut forms: FxHashMap<&str, BTreeMap<&str, usize>> = FxHashMap::default();
    for (subjects, keys) in subjects.iter().zip(&chosen) {
        for one in subjects.iter().filter(|one| keys.contains(&one.key.as_str())) {
            *forms.entry(&one.key).or_default().entry(&one.form).or_default() += 1;
        }
    }
    let name = |key: &&str| -> Option<String> {
        let forms = forms.get(key)?;
        let (best, _) = forms.iter().rev().max_by_key(|(_, count)| **count)?;
        Some(capitalised(best))
    };
    chosen.iter().map(|keys| keys.iter().filter_map(name).collect()).collect()
}

/// A topic that an article gets.
struct Chosen {
    slot: usize,
    rule: Option<&'static str>,
    evidence: Vec<String>,
}

/// A topic while the articles are joined.
#[derive(Default)]
struct Slot<'a> {
    key: String,
    record: Option<&'a TopicRecord>,
    /// Spellings of front matter with their counts, in order of first appearance.
    spellings: Vec<(String, u32)>,
    /// Whether front matter names it.
    given: bool,
    articles: Vec<ArticleId>,
}

impl Slot<'_> {
    /// Returns the record's name, else the most frequent spelling, of several the first.
    fn name(&self) -> &str {
        let spelled = || {
            let best = self.spellings.iter().min_by_key(|(_, count)| std::cmp::Reverse(*count));
            best.map(|(name, _)| name.as_str())
        };
        self.record.map(|record| record.name.as_str()).or_else(spelled).unwrap_or(&self.key)
    }

    fn slug(&self, config: &SiteConfig) -> String {
        self.record
            .map_or_else(|| slugify(self.name(), config.slug_mode), |record| record.id.clone())
    }
}

/// Makes the topics of all articles, which are in their final order, and links them.
pub(super) fn join(
    pieces: &mut [Piece],
    names: &TopicNames,
    records: &[TopicRecord],
    config: &SiteConfig,
    reports: &mut Vec<Diagnostic>,
) -> Vec<Topic> {
    let mut slots: Vec<Slot<'_>> = records.iter().map(of_record).collect();
    let mut seats: Vec<Vec<Chosen>> = Vec::with_capacity(pieces.len());
    let mut keys: FxHashMap<String, usize> = FxHashMap::default();
    // Slot of each spelling, and its place there: the same few come up again and again, so each is folded once.
    let mut spelled: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    let topic_key = |name: &str| {
        let key = key(name);
        names.by_key.get(&key).map_or(key, |at| records[*at].id.clone())
    };
    let taught = if config.topics.learn {
        taught(pieces, &topic_key)
    } else {
        vec![Vec::new(); pieces.len()]
    };
    let discovered = if config.topics.discover {
        discovered(pieces, &taught)
    } else {
        vec![Vec::new(); pieces.len()]
    };
    for (((number, piece), found), taught) in
        pieces.iter_mut().enumerate().zip(discovered).zip(taught)
    {
        let wanted = std::mem::take(&mut piece.wanted);
        let mut chosen: Vec<Chosen> = Vec::new();
        let given = wanted.given.into_iter().chain(wanted.accepted);
        let given = given.map(|name| (name, None, Vec::new()));
        let taught = taught.into_iter().map(|one| (one.topic, Some(TAUGHT), one.evidence));
        let found = found.into_iter().map(|name| (name.clone(), Some(SUBJECT), Vec::new()));
        for (name, rule, evidence) in given.chain(taught).chain(found) {
            let (at, place) = *spelled.entry(name).or_insert_with_key(|name| {
                let key = key(name);
                let at = names.by_key.get(&key).copied().unwrap_or_else(|| {
                    *keys.entry(key.clone()).or_insert_with(|| {
                        slots.push(Slot { key, ..Slot::default() });
                        slots.len() - 1
                    })
                });
                slots[at].spellings.push((name.clone(), 0));
                (at, slots[at].spellings.len() - 1)
            });
            slots[at].spellings[place].1 += 1;
            slots[at].given |= rule.is_none();
            if !chosen.iter().any(|one| one.slot == at) {
                chosen.push(Chosen { slot: at, rule, evidence });
            }
        }
        for (slot, evidence) in wanted.derived.into_iter().filter(|(at, _)| *at < records.len()) {
            if !chosen.iter().any(|one| one.slot == slot) {
                chosen.push(Chosen { slot, rule: Some(KEYWORD), evidence });
            }
        }
        for Chosen { slot: at, .. } in &chosen {
            slots[*at].articles.push(ArticleId::from_index(number));
        }
        seats.push(chosen);
    }
    let (topics, places) = finish(slots, pieces, config, reports);
    for (piece, chosen) in pieces.iter_mut().zip(seats) {
        let link = |one: Chosen| TopicLink {
            topic: places[one.slot],
            rule: one.rule,
            evidence: one.evidence,
        };
        piece.article.topics = chosen.into_iter().map(link).collect();
    }
    topics
}

fn of_record(record: &TopicRecord) -> Slot<'_> {
    Slot { key: key(&record.name), record: Some(record), ..Slot::default() }
}

/// Gives the topics slugs, order and parents; returns the id of each slot too.
fn finish(
    slots: Vec<Slot<'_>>,
    pieces: &[Piece],
    config: &SiteConfig,
    reports: &mut Vec<Diagnostic>,
) -> (Vec<Topic>, Vec<TopicId>) {
    let claims: Vec<Claim<'_, ()>> = slots
        .iter()
        .map(|slot| Claim {
            space: (),
            slug: slot.slug(config),
            key: &slot.key,
            standing: match slot.record {
                Some(_) => Standing::Record,
                None if slot.given => Standing::Given,
                None => Standing::Derived,
            },
        })
        .collect();
    let (slugs, clashes) = assign(&claims);
    reports.extend(
        clashes.iter().map(|clash| report(*clash, &slots, &claims[clash.second].slug, pieces)),
    );
    let mut order: Vec<usize> = (0..slots.len()).collect();
    order.sort_by_key(|at| &slugs[*at]);
    let mut places = vec![TopicId::from_index(0); slots.len()];
    for (place, at) in order.iter().enumerate() {
        places[*at] = TopicId::from_index(place);
    }
    let nodes: Vec<Node<'_>> = order
        .iter()
        .map(|at| Node {
            space: 0,
            record: slots[*at]
                .record
                .map(|record| (record.id.as_str(), record.parent.as_deref(), &record.path)),
        })
        .collect();
    let above = parents(&nodes, reports);
    let mut slots: Vec<(Option<Slot<'_>>, String)> =
        slots.into_iter().map(Some).zip(slugs).collect();
    let mut topics: Vec<Topic> = Vec::with_capacity(slots.len());
    for (at, parent) in order.iter().zip(&above) {
        let (slot, slug) = std::mem::take(&mut slots[*at]);
        let Some(slot) = slot else { continue };
        topics.push(Topic {
            name: slot.name().to_owned(),
            slug,
            parent: parent.map(TopicId::from_index),
            children: Vec::new(),
            record: slot.record.cloned(),
            articles: slot.articles,
        });
    }
    for (child, parent) in above.into_iter().enumerate() {
        if let Some(parent) = parent {
            topics[parent].children.push(TopicId::from_index(child));
        }
    }
    (topics, places)
}

/// Returns the report about two topics that want the same slug.
fn report(clash: Clash, slots: &[Slot<'_>], slug: &str, pieces: &[Piece]) -> Diagnostic {
    let (first, second) = (&slots[clash.first], &slots[clash.second]);
    if let (Some(first), Some(second)) = (first.record, second.record) {
        let message = format!("the topic id `{slug}` is taken by `{}`", first.path);
        return Diagnostic::new(Code::RecordTwice, message)
            .help("give one of the two another `id`")
            .in_file(&second.path);
    }
    let article = |slot: &Slot<'_>| -> Option<&Article> {
        slot.articles.first().and_then(|id| pieces.get(id.index())).map(|piece| &*piece.article)
    };
    let place = |slot: &Slot<'_>| {
        slot.record.map(|record| &record.path).or_else(|| Some(&article(slot)?.path)).cloned()
    };
    collision("topics", slug, (first.name(), place(first)), (second.name(), place(second)))
}

/// Returns the report about two names whose slug in `folder` is the same, with a file that has each.
pub(super) fn collision(
    folder: &str,
    slug: &str,
    (first, first_file): (&str, Option<crate::files::SitePath>),
    (second, second_file): (&str, Option<crate::files::SitePath>),
) -> Diagnostic {
    let named = first_file.map_or_else(String::new, |file| format!(" (in `{file}`)"));
    let message = format!("`{second}` and `{first}`{named} would both be at `{folder}/{slug}`");
    let report = Diagnostic::new(Code::UrlCollision, message)
        .help("write both the same way, or make a record with an `id` of its own for one of them");
    match second_file {
        Some(file) => report.in_file(&file),
        None => report,
    }
}

impl super::Topic {
    /// Returns the article after another one in the topic, and the one before it.
    pub fn beside(&self, id: ArticleId) -> (Option<ArticleId>, Option<ArticleId>) {
        let at = self.articles.partition_point(|article| *article < id);
        let older = at.checked_sub(1).and_then(|at| self.articles.get(at));
        (self.articles.get(at + 1).copied(), older.copied())
    }
}
