//! Joins all articles into one [`Site`]: who is who, which topics, which source, in what order.
//!
//! In: what `load` read, with each article's [`Draft`] and [`Analysis`]. Out: the
//! [`Site`], immutable from here on, and the reports of what does not fit
//! together. Nothing here knows about URLs or pages.
//!
//! Precedence everywhere: what a record says, then front matter, then what was
//! found in the text. A value that no person wrote carries the rule it came from.
//!
//! **Invariants:** articles are in date order, oldest first (undated ones before
//! all others, ties by path); entities in order of kind, then name; topics and
//! sources in order of their slug. Slugs are unique within a kind, within topics
//! and within sources. [`Entity::articles`], [`Topic::articles`] and
//! [`Source::articles`] are ascending and agree with what the articles list.
//! Every entity has an article or a record. The result does not depend on the
//! number of threads or on the order of directory entries.

mod articles;
mod entities;
mod facts;
mod forms;
mod key;
mod names;
mod parents;
mod seating;
mod slugs;
mod sources;
mod surnames;
mod taught;
#[cfg(test)]
pub(crate) mod tests;
mod topics;
mod visible;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use self::articles::Reading;
use self::articles::{Context, Piece};
pub use self::facts::{Fact, FactChoice};
pub use self::names::{Names, lexicon_without_names};
pub use self::seating::{Difference, Join, Seating};
pub use self::topics::TopicChoice;
use self::topics::TopicNames;
use crate::analyze::{Analysis, LocalMention, Sketch};
pub use crate::analyze::{LocalFigure, LocalQuote, LocalRole};
use crate::config::{EntityKind, Rights, SiteConfig};
use crate::diag::Warned;
use crate::files::SitePath;
use crate::ids::{ArticleId, EntityId, Fingerprint, Id, Rows, SourceId, TopicId};
use crate::load::{
    Correction, EntityRecord, FileName, FrontMatter, NoAutolink, Reviewed, SourceFile,
    SourceRecord, TopicRecord, When,
};
use crate::parse::{Body, Draft, Found, LinkRef, Targets};
use crate::store::Blob;
use crate::text::{TextRange, rules};

/// A value, and the rule that derived it; none when a person wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// Stable name of the rule, such as `title.first-line`; none for a person's word.
    #[serde(with = "rules::optional")]
    pub rule: Option<rules::Rule>,
}

impl<T> Stated<T> {
    /// Returns a value that a person wrote.
    pub fn given(value: T) -> Self {
        Self { value, rule: None }
    }

    /// Returns whether a rule derived the value.
    pub fn is_derived(&self) -> bool {
        self.rule.is_some()
    }
}

impl<T> From<Found<T>> for Stated<T> {
    fn from(found: Found<T>) -> Self {
        Self { value: found.value, rule: Some(found.rule) }
    }
}

/// Everything that the site is about.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Oldest first.
    pub articles: Rows<ArticleId, Article>,
    /// By weight, then title.
    pub pages: Vec<StandalonePage>,
    /// By kind, then name.
    pub entities: Rows<EntityId, Entity>,
    /// By slug.
    pub topics: Rows<TopicId, Topic>,
    /// By slug.
    pub sources: Rows<SourceId, Source>,
    /// How each article was joined to the others, to be kept; empty when that is known from an earlier build.
    pub seatings: Rows<ArticleId, Seating>,
    /// Articles and pages that are left out, sorted by path.
    pub skipped: Vec<Skipped>,
}

/// An article.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Article {
    /// The file.
    pub path: SitePath,
    /// What the file's name says.
    pub name: FileName,
    /// Whether it is the `index.*` of a folder bundle.
    pub bundle: bool,
    /// Fingerprint of the file's bytes.
    pub fingerprint: Fingerprint,
    /// Never empty.
    pub title: Stated<String>,
    /// When it was published.
    pub date: Option<Stated<When>>,
    /// When it was last changed.
    pub updated: Option<When>,
    /// A few sentences of plain text.
    pub summary: Option<Stated<String>>,
    /// Who wrote it.
    pub authors: Vec<Stated<String>>,
    /// Language: BCP 47 tag as given, else found in the text, else none (the site's).
    pub language: Option<String>,
    /// Topics, in the order of front matter, then derived ones.
    pub topics: Vec<TopicLink>,
    /// What it names: in order of kind, then of first mention (those of front matter without mention last).
    pub entities: Vec<EntityLink>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// Set apart from the text: paragraph and rule.
    pub boilerplate: Vec<Found<String>>,
    /// What was corrected.
    pub corrections: Vec<Correction>,
    /// Whether it is a draft (shown only on request).
    pub draft: bool,
    /// What may be republished.
    pub rights: Rights,
    /// Names that are not linked in the text.
    pub no_autolink: NoAutolink,
    /// `slug` of the front matter.
    pub slug: Option<String>,
    /// `path` of the front matter.
    pub url_path: Option<String>,
    /// Old URL paths.
    pub aliases: Vec<String>,
    /// `template` of the front matter.
    pub template: Option<String>,
    /// `extra` of the front matter.
    #[serde(with = "crate::load::json_text")]
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// What of the text can be pointed at.
    pub targets: Targets,
    /// Links of the text.
    pub links: Vec<LinkRef>,
    /// The sentences of the plain text.
    pub sentences: Vec<TextRange>,
    /// The sentences that say most of what the text says, ascending: their numbers, and where they say it. None of a short text.
    pub key_sentences: Vec<(u32, TextRange)>,
    /// What people said, in order.
    pub quotes: Vec<Fact<LocalQuote>>,
    /// What was counted, in order.
    pub figures: Vec<Fact<LocalFigure>>,
    /// What it calls people, in order.
    pub roles: Vec<Fact<LocalRole>>,
    /// What the text is recognised by when it comes again; none of a short text, or when names are not looked for.
    pub sketch: Option<Sketch>,
    /// Who decided about its topics.
    pub reviewed: Vec<Reviewed>,
    /// What people decided about its quotations, figures and roles; already done.
    pub facts: Vec<FactChoice>,
    /// Where the text itself is kept.
    #[serde(skip)]
    pub text: Option<Blob>,
}

/// A standalone page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StandalonePage {
    /// The file.
    pub path: SitePath,
    /// What the file's name says.
    pub name: FileName,
    /// Whether it is the `index.*` of a folder bundle.
    pub bundle: bool,
    /// Title: of the front matter, of the text, else the stem with spaces.
    pub title: Stated<String>,
    /// What the front matter says.
    pub front: FrontMatter,
    /// The text.
    pub body: Body,
    /// What of it can be pointed at.
    pub targets: Targets,
    /// Links of the body.
    pub links: Vec<LinkRef>,
}

/// A topic of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicLink {
    /// Which.
    pub topic: TopicId,
    /// The rule that assigned it; none when the front matter did.
    #[serde(with = "rules::optional")]
    pub rule: Option<rules::Rule>,
    /// The words that speak for it; none for a topic that is called by its words, and for those of front matter.
    pub evidence: Vec<String>,
}

/// Somebody or something that an article names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityLink {
    /// Who or what.
    pub entity: EntityId,
    /// Whether the front matter lists it.
    pub given: bool,
    /// Where the text names it, ascending; may be empty when the front matter lists it.
    pub mentions: Vec<LocalMention>,
    /// The rule that found the mentions; none when there are none.
    #[serde(with = "rules::optional")]
    pub rule: Option<rules::Rule>,
}

/// Where an article comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The outlet; none when only a disclaimer is known.
    pub source: Option<SourceId>,
    /// Address of the original, `http` or `https`.
    pub url: Option<String>,
    /// Day on which it was retrieved.
    pub retrieved: Option<Date>,
    /// Address of an archived copy.
    pub archive_url: Option<String>,
    /// The source's own words about its text.
    pub disclaimer: Option<String>,
    /// The rule that found it; none when the front matter gave it.
    #[serde(with = "rules::optional")]
    pub rule: Option<rules::Rule>,
}

/// Whether a person vouches for a derived thing.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Status {
    /// Found by rules only.
    #[default]
    Suggested,
    /// A record or front matter names it.
    Confirmed,
}

/// A person, organization, place, event, work or a kind declared by the site.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// Its name, as written.
    pub name: String,
    /// Last part of the URL; unique within the kind.
    pub slug: String,
    /// Whether a person vouches for it.
    pub status: Status,
    /// Other forms: those of the record, then those found, most frequent first.
    pub aliases: Vec<Alias>,
    /// The record, if there is one.
    pub record: Option<EntityRecord>,
    /// The entity above (a place in a place).
    pub parent: Option<EntityId>,
    /// Those below, ascending.
    pub children: Vec<EntityId>,
    /// Articles that name it, ascending.
    pub articles: Vec<ArticleId>,
    /// How often texts name it.
    pub mentions: u32,
    /// Whom a surname may mean that several persons share, ascending; none when it is clear.
    pub candidates: Vec<EntityId>,
}

/// Another form of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// The form.
    pub name: String,
    /// How often texts use it.
    pub count: u32,
}

/// A topic.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Topic {
    /// Its name, as written.
    pub name: String,
    /// Last part of the URL; unique.
    pub slug: String,
    /// The record, if there is one.
    pub record: Option<TopicRecord>,
    /// The topic above.
    pub parent: Option<TopicId>,
    /// Those below, ascending.
    pub children: Vec<TopicId>,
    /// Its articles, ascending.
    pub articles: Vec<ArticleId>,
}

/// An outlet or institution that articles come from.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Source {
    /// Its name, else its host.
    pub name: String,
    /// Last part of the URL; unique.
    pub slug: String,
    /// The record, if there is one.
    pub record: Option<SourceRecord>,
    /// Host of its addresses, without `www.`: the most frequent one.
    pub host: Option<String>,
    /// Its articles, ascending.
    pub articles: Vec<ArticleId>,
}

/// An article or page that is not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file.
    pub path: SitePath,
    /// Why.
    pub reason: SkipReason,
}

/// Why an article or page is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SkipReason {
    /// `draft = true`.
    Draft,
    /// Its date or `publish_date` lies ahead.
    Future,
    /// Its `expiry` has passed.
    Expired,
    /// It was taken down.
    Removed,
}

/// Which articles and pages are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visibility {
    /// Drafts too.
    pub drafts: bool,
    /// Those whose time has not come too.
    pub future: bool,
    /// Those whose time has passed too.
    pub expired: bool,
    /// The present moment.
    pub now: Timestamp,
}

/// Returns the moments at which a file begins or ceases to be [`visible()`].
pub fn turns(
    front: &FrontMatter,
    name: &FileName,
    config: &SiteConfig,
) -> impl Iterator<Item = Timestamp> {
    visible::turns(front, name, config)
}

/// Everything that is joined.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// What the articles that are shown say.
    pub readings: Vec<Reading>,
    /// The standalone pages that are shown, with their texts.
    pub pages: Vec<(SourceFile, Draft)>,
    /// Articles and pages that are not.
    pub skipped: Vec<Skipped>,
    /// Records, in the order in which [`Names`] was made from them.
    pub topics: Vec<TopicRecord>,
    /// Records, in the order in which [`Names`] was made from them.
    pub entities: Vec<EntityRecord>,
    /// Records of sources.
    pub sources: Vec<SourceRecord>,
    /// What people decided about the topics of articles, by the article's file.
    pub choices: BTreeMap<SitePath, Vec<TopicChoice>>,
    /// What they decided about quotations, figures and roles.
    pub facts: BTreeMap<SitePath, Vec<FactChoice>>,
}

/// Returns what two spellings of one name have in common: case, accents and dashes do not count.
pub fn name_key(name: &str) -> String {
    key::key(name)
}

/// Decides what one article's file says: front matter before text. Pure.
pub fn read(
    file: SourceFile,
    draft: Draft,
    analysis: Analysis,
    config: &SiteConfig,
) -> Warned<Reading> {
    articles::read(file, draft, analysis, config)
}

/// Tells whether a file is shown; files that are not need no parsing.
///
/// # Errors
/// With the reason why it is not shown.
pub fn visible(
    front: &FrontMatter,
    name: &FileName,
    visibility: Visibility,
    config: &SiteConfig,
) -> Result<(), SkipReason> {
    visible::visible(front, name, visibility, config)
}

/// Joins all articles. O(n log n) in what the articles name.
pub fn resolve(all: Gathered, names: &Names, config: &SiteConfig) -> Warned<Site> {
    let Gathered { readings, pages, mut skipped, topics, entities, sources, choices, facts } = all;
    let mut reports = names.shared(&entities);
    let topic_names = TopicNames::new(&topics, config, &mut reports);
    skipped.sort_by(|a, b| a.path.cmp(&b.path));
    let context = Context { names, topics: &topic_names, choices: &choices, facts: &facts };
    let pieces: Vec<Warned<Piece>> =
        readings.into_par_iter().map(|reading| articles::piece(reading, &context)).collect();
    let pieces: Vec<Piece> =
        pieces.into_iter().map(|piece| piece.drain_into(&mut reports)).collect();
    let mut pieces = in_order(pieces);
    let topics = topics::join(&mut pieces, &topic_names, &topics, config, &mut reports);
    let sources = sources::join(&mut pieces, sources, config, &mut reports);
    let (entities, seatings) = entities::join(&mut pieces, names, entities, config, &mut reports);
    let site = Site {
        articles: pieces.into_iter().map(|piece| *piece.article).collect(),
        pages: self::pages(pages),
        entities: entities.into(),
        topics: topics.into(),
        sources: sources.into(),
        seatings: seatings.into(),
        skipped,
    };
    Warned { value: site, diagnostics: reports }
}

/// Returns the standalone pages in their order.
pub fn pages(pages: Vec<(SourceFile, Draft)>) -> Vec<StandalonePage> {
    let mut pages: Vec<StandalonePage> =
        pages.into_iter().map(|(file, draft)| articles::page(file, draft)).collect();
    let weight =
        |page: &StandalonePage| page.front.weight.map_or((true, 0), |weight| (false, weight));
    pages.sort_by(|a, b| {
        (weight(a), &a.title.value, &a.path).cmp(&(weight(b), &b.title.value, &b.path))
    });
    pages
}

impl Site {
    /// Returns the entities of a kind, which stand together.
    pub fn of_kind(
        &self,
        kind: EntityKind,
    ) -> impl DoubleEndedIterator<Item = EntityId> + ExactSizeIterator + use<> {
        let begin = self.entities.partition_point(|entity| entity.kind < kind);
        let end = self.entities.partition_point(|entity| entity.kind <= kind);
        (begin..end).map(EntityId::from_index)
    }

    /// Returns whether each row that was looked at was what had been kept.
    pub fn is_whole(&self) -> bool {
        self.articles.is_whole()
            && self.entities.is_whole()
            && self.topics.is_whole()
            && self.sources.is_whole()
    }
}

/// Sorts the pieces; each is moved once, because they are large.
fn in_order(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.par_sort_by_key(|at| pieces[*at].order());
    let mut pieces: Vec<Option<Piece>> = pieces.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| pieces[at].take()).collect()
}
