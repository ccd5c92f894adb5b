//! How an article was joined to the others, so that a new reading of its file can take its place.
//!
//! Most edits change a text and nothing that is seen of the article elsewhere: title, date, topics, whom it names.
//! Then the article has to be joined to nothing anew.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::articles::Reading;
use super::entities::Told;
use super::facts::{self, FactChoice};
use super::{Article, EntityLink, Reviewed, Stated, TopicLink};
use crate::analyze::LocalMention;
use crate::config::EntityKind;
use crate::ids::{EntityId, Fingerprint, SourceId};
use crate::text::TextRange;

/// Whom an article names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seating {
    /// Each entity once, its kind, and whether front matter lists it: in the order of front matter, then of the text.
    pub(super) named: Vec<(EntityId, EntityKind, bool)>,
    /// For each name that was found in the text, whom it means.
    pub(super) found: Vec<EntityId>,
}

/// What joining added to the reading of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Join {
    /// Its topics.
    pub topics: Vec<TopicLink>,
    /// Who decided about them.
    pub reviewed: Vec<Reviewed>,
    /// What people decided about its quotations, figures and roles.
    pub facts: Vec<FactChoice>,
    /// Where it comes from.
    pub source: Option<SourceId>,
    /// Whom it names.
    pub seating: Seating,
}

impl Seating {
    /// Returns the links of the article: by kind, then by first mention, those without mention last.
    ///
    /// `told` is where each entity is named and by which rule it was found, in the order of the seating.
    pub(super) fn links(&self, told: impl Iterator<Item = Told>) -> Vec<EntityLink> {
        let named = self.named.iter().zip(told);
        let link = |(&(entity, kind, given), (mentions, rule)): (_, Told)| {
            (kind, EntityLink { entity, given, mentions, rule })
        };
        let mut links: Vec<(EntityKind, EntityLink)> = named.map(link).collect();
        links.sort_by_key(|(kind, link)| {
            let first = link.mentions.first().copied();
            (*kind, first.is_none(), first)
        });
        links.into_iter().map(|(_, link)| link).collect()
    }
}

impl Join {
    /// Returns the article of a reading that is joined as another reading of the same file was; none when
    /// it names others.
    pub fn article(&self, reading: Reading) -> Option<Article> {
        let Reading { mut article, found, .. } = reading;
        let Seating { named, found: meant } = &self.seating;
        if found.len() != meant.len() {
            return None;
        }
        let places: FxHashMap<EntityId, usize> =
            named.iter().enumerate().map(|(at, (id, ..))| (*id, at)).collect();
        let mut all: Vec<Told> = vec![(Vec::new(), None); named.len()];
        for (told, id) in found.into_iter().zip(meant) {
            let (mentions, rule) = &mut all[*places.get(id)?];
            mentions.extend(told.mentions);
            rule.get_or_insert(told.rule);
        }
        for (mentions, _) in &mut all {
            mentions.sort_unstable();
            mentions.dedup();
        }
        article.entities = self.seating.links(all.into_iter());
        article.topics.clone_from(&self.topics);
        article.reviewed.clone_from(&self.reviewed);
        facts::choose(&mut article, self.facts.clone());
        if let Some(origin) = &mut article.origin {
            origin.source = self.source;
        }
        Some(*article)
    }
}

/// How much of two readings of one file differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The text, and where things stand in it: the article is joined to others in the same way, and all that is said of
    /// it on other pages is the same.
    Text,
    /// Title or summary too.
    Title,
    /// More.
    More,
}

impl Reading {
    /// Returns how much of two readings of one file differs; nothing when that cannot be told.
    pub fn differs(&self, other: &Self) -> Option<Difference> {
        let (mut one, mut other) = (self.outside(), other.outside());
        if postcard::to_stdvec(&one).ok()? == postcard::to_stdvec(&other).ok()? {
            return Some(Difference::Text);
        }
        for seen in [&mut one, &mut other] {
            seen.article.title = Stated::given(String::new());
            seen.article.summary = None;
        }
        let same = postcard::to_stdvec(&one).ok()? == postcard::to_stdvec(&other).ok()?;
        Some(if same { Difference::Title } else { Difference::More })
    }

    /// Returns the reading without what others do not see.
    fn outside(&self) -> Self {
        let mut seen = self.clone();
        seen.article.fingerprint = Fingerprint::of(b"");
        // What is set apart from the text shows on its own page alone. Of what was said and counted, others see what
        // `Article::tells_like` compares, and the words, which are looked up. Everything that is not taken out here counts.
        seen.article.sentences.clear();
        seen.article.key_sentences.clear();
        seen.article.boilerplate.clear();
        seen.article.quotes.clear();
        seen.article.figures.clear();
        seen.article.roles.clear();
        // Matters to the articles of its story alone, which whoever calls has to look at.
        seen.article.sketch = None;
        for link in &mut seen.article.links {
            (link.html, link.source) = ((0, 0), (0, 0));
        }
        let nowhere = LocalMention { range: TextRange::new(0, 0), sentence: 0 };
        for told in &mut seen.found {
            told.mentions.fill(nowhere);
        }
        seen
    }
}

impl Article {
    /// Returns what joining added to the article, given whom it names.
    pub fn join<'a>(&'a self, seating: &'a Seating) -> impl Serialize + use<'a> {
        let source = self.origin.as_ref().and_then(|origin| origin.source);
        (&self.topics, &self.reviewed, &self.facts, source, seating)
    }

    /// Returns whether two articles name the same, in the same order, and as often.
    pub fn names_like(&self, other: &Self) -> bool {
        let seen = |link: &EntityLink| (link.entity, link.given, link.mentions.len());
        self.entities.iter().map(seen).eq(other.entities.iter().map(seen))
    }

    /// Returns whether two articles quote the same people about the same, count the same, and call people the same, as other
    /// pages see it.
    pub fn tells_like(&self, other: &Self) -> bool {
        self.quoted().eq(other.quoted())
            && self.counted().eq(other.counted())
            && self.titled().eq(other.titled())
    }

    /// Returns for each role whether somebody vouches for it, whose it is, and the words.
    fn titled(&self) -> impl Iterator<Item = impl PartialEq> {
        self.roles.iter().map(|role| {
            let person = self.named_at(role.found.person);
            (role.status, person.map(|link| link.entity), &role.found.name)
        })
    }

    /// Returns for each quotation what counts it, who said it and whom it names.
    fn quoted(&self) -> impl Iterator<Item = impl PartialEq> {
        self.quotes.iter().map(|quote| {
            let speaker = quote.found.speaker.and_then(|place| self.named_at(place));
            let named: Vec<EntityId> = self.named_within(quote.found.range).collect();
            let counted = (quote.found.direct, quote.status);
            (counted, &quote.speaker, speaker.map(|link| link.entity), named)
        })
    }

    /// Returns for each figure whether somebody vouches for it, who gave it and what it is a number of.
    fn counted(&self) -> impl Iterator<Item = impl PartialEq> {
        self.figures.iter().map(|figure| {
            let by = figure.found.by.and_then(|place| self.named_at(place));
            (figure.status, by.map(|link| link.entity), &figure.found.subject)
        })
    }
}
