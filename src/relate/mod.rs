//! Cross-links between finished records: related articles with their reasons, and who is named with whom.
//!
//! In: the [`Site`]. Out: [`Relations`], tables parallel to the site's. Pure.
//!
//! **Invariants:** a related article is older than the article it is related to,
//! so a new article never changes the pages of old ones. Scores are integers and
//! ties are broken by id, so the result is the same on every machine. No step's
//! cost grows faster than the number of links in the site.

mod ledger;
mod related;
mod stories;
#[cfg(test)]
mod tests;
mod together;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::analyze::Sketch;
use crate::config::SiteConfig;
use crate::ids::{ArticleId, EntityId, Fingerprint, Id, Rows, TopicId};
use crate::resolve::Site;

pub use self::ledger::{FactRef, Held, Ledger, Subject};
pub use self::stories::Told;

/// The cross-links of a site.
#[derive(Clone, Debug, Default)]
pub struct Relations {
    /// For each article the related ones, best first; none when `[digest] related` is 0.
    pub related: Rows<ArticleId, Vec<Related>>,
    /// For each entity those named in the same articles, most shared articles first.
    pub together: Rows<EntityId, Vec<Companion>>,
    /// For each topic the entities named in most of its articles.
    pub often: Rows<TopicId, Vec<Companion>>,
    /// For each article its story; none when stories are not wanted.
    pub stories: Rows<ArticleId, Option<Told>>,
    /// For the first article of each story all of them, oldest first; nothing for others, and for stories of one article.
    pub reports: Rows<ArticleId, Vec<ArticleId>>,
    /// Who said what, and what was counted.
    pub ledger: Ledger,
}

/// A related article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// Which; older.
    pub article: ArticleId,
    /// What the two share, weightiest first; never empty.
    pub shared: Vec<Shared>,
}

/// Something that two articles share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Shared {
    /// Both name it.
    Entity(EntityId),
    /// Both belong to it.
    Topic(TopicId),
}

/// An entity and the number of articles shared with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companion {
    /// Which.
    pub entity: EntityId,
    /// In how many articles.
    pub articles: u32,
}

/// Which cross-links are wanted; the others are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a list that may be wanted or not")]
pub struct Wanted {
    /// Who is named with whom.
    pub together: bool,
    /// Who is named in the articles of a topic.
    pub often: bool,
    /// Which articles report the same event.
    pub stories: bool,
    /// Who said what, and what was counted.
    pub ledger: bool,
}

/// Returns the fingerprint of all that the cross-links depend on: who and what is named where, and how.
pub fn fingerprint(site: &Site, config: &SiteConfig, wanted: Wanted) -> Fingerprint {
    let number = |id: usize| u32::try_from(id).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = Vec::new();
    bytes.extend(number(config.digest.related));
    bytes.extend([wanted.together, wanted.often, wanted.stories, wanted.ledger].map(u8::from));
    bytes.extend(number(site.entities.len()));
    bytes.extend(number(site.topics.len()));
    for article in site.articles.iter() {
        bytes.extend(number(article.entities.len()));
        for link in &article.entities {
            bytes.extend(number(link.entity.index()));
            bytes.push(u8::from(related::in_passing(link)));
        }
        for link in &article.topics {
            bytes.extend(number(link.topic.index()));
        }
        if wanted.stories {
            let text = |text: &str| Fingerprint::of(text.as_bytes()).as_bytes().to_vec();
            bytes.extend(text(&article.title.value));
            let summary = article.summary.as_ref().map(|summary| summary.value.as_str());
            bytes.extend(text(summary.unwrap_or_default()));
            bytes.extend(
                article
                    .entities
                    .iter()
                    .map(|link| u8::try_from(link.mentions.len()).unwrap_or(u8::MAX)),
            );
            let date = article.date.as_ref().map(|date| date.value.date.to_string());
            bytes.extend(date.unwrap_or_default().as_bytes());
            bytes.extend(article.sketch.iter().flat_map(Sketch::to_bytes));
        }
        if wanted.ledger {
            ledger::ink(site, article, &mut bytes);
        }
        bytes.push(b'.');
    }
    Fingerprint::of(&bytes)
}

impl Relations {
    /// Returns the articles of an article's story before it, latest first and at most `most`.
    pub fn earlier(&self, id: ArticleId, most: usize) -> impl Iterator<Item = ArticleId> + '_ {
        let before = |id: ArticleId| self.stories.get(id).and_then(|told| told.as_ref()?.before);
        std::iter::successors(before(id), move |id| before(*id)).take(most)
    }

    /// Returns whether there is a story of several articles.
    pub fn has_stories(&self) -> bool {
        self.reports.iter().any(|reports| !reports.is_empty())
    }

    /// Returns the first article of each story of several, in the order of their second reports: what is new is last.
    pub fn told_stories(&self) -> Vec<ArticleId> {
        let second =
            |(first, reports): (ArticleId, &Vec<ArticleId>)| Some((*reports.get(1)?, first));
        let mut all: Vec<_> = self.reports.pairs().filter_map(second).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, first)| first).collect()
    }

    /// Returns the first article of each story of several, that with the latest report first.
    pub fn latest_stories(&self) -> Vec<ArticleId> {
        let last = |(first, reports): (ArticleId, &Vec<ArticleId>)| Some((*reports.last()?, first));
        let mut all: Vec<_> = self.reports.pairs().filter_map(last).collect();
        all.sort_unstable_by_key(|one| std::cmp::Reverse(*one));
        all.into_iter().map(|(_, first)| first).collect()
    }

    /// Returns the articles of the story that an article belongs to, oldest first; none when there is no other.
    pub fn story_of(&self, id: ArticleId) -> Option<(ArticleId, &[ArticleId])> {
        let first = self.stories.get(id)?.as_ref()?.first;
        let reports = self.reports.get(first).filter(|reports| !reports.is_empty())?;
        Some((first, reports))
    }

    /// Returns whether the same texts of an article's story are nearly the same as before, with the article as it is now in `site`.
    pub fn copies_hold(&self, site: &Site, id: ArticleId) -> bool {
        let told = |id: ArticleId| self.stories.get(id).copied().flatten();
        let Some(first) = told(id).map(|told| told.first) else { return true };
        let before = |id: ArticleId| told(id).and_then(|told| told.before);
        let later = site.articles.ids().skip(id.index());
        let mut of_story =
            later.filter_map(|id| Some((id, told(id).filter(|one| one.first == first)?)));
        of_story.all(|(id, told)| {
            told.copy_of == stories::copy_of(site, &site.articles[id], told.before, before)
        })
    }

    /// Returns the cross-links as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.related.pack(&mut bytes);
        self.together.pack(&mut bytes);
        self.often.pack(&mut bytes);
        self.stories.pack(&mut bytes);
        self.reports.pack(&mut bytes);
        let Ledger { said, spoken_of, counted, roles, subjects, latest } = &self.ledger;
        said.pack(&mut bytes);
        spoken_of.pack(&mut bytes);
        counted.pack(&mut bytes);
        roles.pack(&mut bytes);
        subjects.pack(&mut bytes);
        // What cannot be written is not there when it is read, and found anew.
        bytes.extend(postcard::to_stdvec(latest).unwrap_or_default());
        bytes
    }

    /// Reads cross-links that begin at `at`; each is read when it is looked at. None when bytes are missing or left over.
    pub fn from_bytes(bytes: &Arc<[u8]>, mut at: usize) -> Option<Self> {
        let related = Rows::unpack(bytes, &mut at)?;
        let together = Rows::unpack(bytes, &mut at)?;
        let often = Rows::unpack(bytes, &mut at)?;
        let stories = Rows::unpack(bytes, &mut at)?;
        let reports = Rows::unpack(bytes, &mut at)?;
        let (said, spoken_of) = (Rows::unpack(bytes, &mut at)?, Rows::unpack(bytes, &mut at)?);
        let (counted, roles) = (Rows::unpack(bytes, &mut at)?, Rows::unpack(bytes, &mut at)?);
        let subjects = Rows::unpack(bytes, &mut at)?;
        let (latest, rest) = postcard::take_from_bytes(bytes.get(at..)?).ok()?;
        let ledger = Ledger { said, spoken_of, counted, roles, subjects, latest };
        rest.is_empty().then_some(Self { related, together, often, stories, reports, ledger })
    }

    /// Returns whether each row that was looked at was what had been kept.
    pub fn is_whole(&self) -> bool {
        self.related.is_whole()
            && self.together.is_whole()
            && self.often.is_whole()
            && self.stories.is_whole()
            && self.reports.is_whole()
            && self.ledger.is_whole()
    }
}

/// Finds the stories anew, when titles, summaries or sketches have changed and nothing else.
pub fn tell(relations: &mut Relations, site: &Site, wanted: Wanted) {
    let stories = stories::stories(site, wanted.stories);
    (relations.reports, relations.stories) = (stories::reports(&stories), stories);
}

/// Finds the cross-links.
pub fn relate(site: &Site, config: &SiteConfig, wanted: Wanted) -> Relations {
    let stories = stories::stories(site, wanted.stories);
    Relations {
        related: related::related(site, config),
        together: together::together(site, wanted.together),
        often: together::often(site, wanted.often),
        reports: stories::reports(&stories),
        stories,
        ledger: ledger::ledger(site, config, wanted.ledger),
    }
}
