//! Who said what, who is spoken of, what was counted, and what people are called, over all articles.
//!
//! A quotation, figure or role stays where it is, in its article; the ledger lists under each entity and each subject where to
//! look. Only articles whose text may be repeated are in it.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::SiteConfig;
use crate::ids::{ArticleId, EntityId, Id, IdVec, Rows, SubjectId};
use crate::resolve::{Article, LocalFigure, Site, Status};
use crate::text::{SlugMode, fold, slugify};

/// A quotation or figure: its article, and its place in the article's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FactRef {
    /// Which article.
    pub article: ArticleId,
    /// Place in [`Article::quotes`] or [`Article::figures`].
    pub number: u32,
}

/// What figures are numbers of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// As the first article says it, in lower case.
    pub name: String,
    /// The last part of its address.
    pub slug: String,
    /// The figures, oldest article first.
    pub figures: Vec<FactRef>,
}

/// A role in which articles name somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// As the first article has it.
    pub name: String,
    /// Where it stands first: an article, and the place in its [`Article::roles`].
    pub first: FactRef,
    /// The last article that has it.
    pub last: ArticleId,
    /// In how many articles it stands.
    pub articles: u32,
    /// Whether a person vouches for it in one of them.
    pub confirmed: bool,
}

/// Quotations, figures and roles by whom they are of; every list begins with the oldest article.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The quotations that each entity said.
    pub said: Rows<EntityId, Vec<FactRef>>,
    /// The quotations of others that name it.
    pub spoken_of: Rows<EntityId, Vec<FactRef>>,
    /// The figures that it gave.
    pub counted: Rows<EntityId, Vec<FactRef>>,
    /// The roles in which each entity is named.
    pub roles: Rows<EntityId, Vec<Held>>,
    /// What was counted more than once.
    pub subjects: Rows<SubjectId, Subject>,
    /// The figures of the latest articles: the latest article first, those of an article in the order of its text.
    pub latest: Vec<FactRef>,
}

/// Figures in [`Ledger::latest`].
const LATEST: usize = 20;

/// Returns the last part of the address of what a figure is about; empty when that has no words.
fn slug_of(figure: &LocalFigure, mode: SlugMode) -> String {
    // A sign has no letters to make an address of.
    slugify(&figure.subject.replace('%', "percent"), mode)
}

impl Ledger {
    /// Returns what a figure is about, if others are about it too.
    pub fn subject_of(
        &self,
        figure: &LocalFigure,
        mode: SlugMode,
    ) -> Option<(SubjectId, &Subject)> {
        let slug = slug_of(figure, mode);
        let at = self.subjects.partition_point(|subject| subject.slug < slug);
        let id = SubjectId::from_index(at);
        self.subjects.get(id).filter(|subject| subject.slug == slug).map(|subject| (id, subject))
    }

    /// Returns whether each row that was looked at was what had been kept.
    pub fn is_whole(&self) -> bool {
        // The latest figures are read at once.
        let Self { said, spoken_of, counted, roles, subjects, latest: _ } = self;
        said.is_whole()
            && spoken_of.is_whole()
            && counted.is_whole()
            && roles.is_whole()
            && subjects.is_whole()
    }
}

/// Appends all that an article adds to the ledger: when it is the same, the ledger is.
pub(super) fn ink(site: &Site, article: &Article, out: &mut Vec<u8>) {
    let mut id = |id: Option<EntityId>| {
        let number = id.map_or(u32::MAX, |id| u32::try_from(id.index()).unwrap_or(u32::MAX));
        out.extend(number.to_le_bytes());
    };
    if !article.may_repeat() {
        return id(None);
    }
    for quote in &article.quotes {
        id(site.speaker(article, quote).map(|link| link.entity));
        article.named_within(quote.found.range).for_each(|named| id(Some(named)));
        id(None);
    }
    for figure in &article.figures {
        id(figure.found.by.and_then(|place| article.named_at(place)).map(|link| link.entity));
    }
    for figure in &article.figures {
        out.extend(figure.found.subject.as_bytes());
        out.push(0);
    }
    for role in &article.roles {
        let link = article.named_at(role.found.person);
        let number =
            link.map_or(u32::MAX, |link| u32::try_from(link.entity.index()).unwrap_or(u32::MAX));
        out.extend(number.to_le_bytes());
        out.extend(role.found.name.as_bytes());
        out.push(u8::from(role.status == Status::Confirmed));
    }
}

/// What one article adds.
#[derive(Debug, Default)]
struct Page {
    /// Speaker, whom it names, number of the quotation.
    quotes: Vec<(Option<EntityId>, Vec<EntityId>, u32)>,
    /// Who gave it, slug of the subject, number of the figure.
    figures: Vec<(Option<EntityId>, String, u32)>,
    /// Whose it is, number of the role.
    roles: Vec<(EntityId, u32)>,
}

impl Page {
    fn of(site: &Site, article: &Article, config: &SiteConfig) -> Self {
        if !article.may_repeat() {
            return Self::default();
        }
        let quotes = (0..).zip(&article.quotes).map(|(number, quote)| {
            let speaker = site.speaker(article, quote).map(|link| link.entity);
            let named = article.named_within(quote.found.range);
            (speaker, named.filter(|id| Some(*id) != speaker).collect(), number)
        });
        let figures = (0..).zip(&article.figures).map(|(number, figure)| {
            let by = figure.found.by.and_then(|place| article.named_at(place));
            (by.map(|link| link.entity), slug_of(&figure.found, config.slug_mode), number)
        });
        let roles = (0..).zip(&article.roles).filter_map(|(number, role)| {
            Some((article.named_at(role.found.person)?.entity, number))
        });
        Self { quotes: quotes.collect(), figures: figures.collect(), roles: roles.collect() }
    }
}

/// Fills the ledger; it stays empty unless it is wanted. Linear in quotations and figures, but for the order of subjects.
pub(super) fn ledger(site: &Site, config: &SiteConfig, wanted: bool) -> Ledger {
    let none = || -> IdVec<EntityId, Vec<FactRef>> {
        site.entities.iter().map(|_| Vec::new()).collect::<Vec<_>>().into()
    };
    let (mut said, mut spoken_of, mut counted) = (none(), none(), none());
    let mut subjects: BTreeMap<String, Subject> = BTreeMap::new();
    let pages: Vec<Page> = if wanted {
        site.articles.par_iter().map(|article| Page::of(site, article, config)).collect()
    } else {
        Vec::new()
    };
    let latest = latest(&pages);
    let roles = roles(site, &pages);
    for (at, page) in pages.into_iter().enumerate() {
        let article = ArticleId::from_index(at);
        for (speaker, named, number) in page.quotes {
            let fact = FactRef { article, number };
            if let Some(speaker) = speaker {
                said[speaker].push(fact);
            }
            for id in named {
                spoken_of[id].push(fact);
            }
        }
        for (by, slug, number) in page.figures {
            let fact = FactRef { article, number };
            if let Some(by) = by {
                counted[by].push(fact);
            }
            if slug.is_empty() {
                continue;
            }
            let name = || site.articles[article].figures[number as usize].found.subject.clone();
            let subject = subjects.entry(slug).or_insert_with_key(|slug| Subject {
                name: name(),
                slug: slug.clone(),
                figures: Vec::new(),
            });
            subject.figures.push(fact);
        }
    }
    let again = subjects.into_values().filter(|subject| subject.figures.len() > 1);
    Ledger {
        said: Vec::from(said).into(),
        spoken_of: Vec::from(spoken_of).into(),
        counted: Vec::from(counted).into(),
        roles,
        subjects: again.collect(),
        latest,
    }
}

/// Returns the roles in which each entity is named, by the first article of each; case and dots do not tell two apart.
fn roles(site: &Site, pages: &[Page]) -> Rows<EntityId, Vec<Held>> {
    let mut all: BTreeMap<(EntityId, String), Held> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        let article = ArticleId::from_index(at);
        for (entity, number) in &page.roles {
            let role = &site.articles[article].roles[*number as usize];
            let name = &role.found.name;
            let first = FactRef { article, number: *number };
            let held = all.entry((*entity, fold(name))).or_insert_with(|| Held {
                name: name.clone(),
                first,
                last: article,
                articles: 1,
                confirmed: false,
            });
            held.confirmed |= role.status == Status::Confirmed;
            // Two names in one article may be one person.
            if held.last != article {
                held.articles += 1;
                held.last = article;
            }
        }
    }
    let mut rows: IdVec<EntityId, Vec<Held>> =
        site.entities.iter().map(|_| Vec::new()).collect::<Vec<_>>().into();
    for ((entity, _), held) in all {
        rows[entity].push(held);
    }
    for row in &mut rows {
        row.sort_by_key(|held| held.first);
    }
    Vec::from(rows).into()
}

/// Returns the figures of the latest articles.
fn latest(pages: &[Page]) -> Vec<FactRef> {
    let figures = pages.iter().enumerate().rev().flat_map(|(at, page)| {
        let article = ArticleId::from_index(at);
        page.figures.iter().map(move |(_, _, number)| FactRef { article, number: *number })
    });
    figures.take(LATEST).collect()
}
