//! The search index: made with the site, as files that any host can serve, and read by readers' browsers and by `pressmark search`.
//!
//! In: the [`Views`] of a site. Out: files, handed on one by one. `docs/search.md` describes their format and how results are ranked.
//!
//! **Invariants:** the files depend on the site alone, not on what was built before nor on the number of threads; a file other than the first
//! has a name that is made of its content; a new article that is the newest changes the files of the last tier and the first file only.

mod collect;
mod documents;
mod files;
mod patch;
mod postings;
mod query;
mod rank;
mod reader;
mod tier;
mod words;

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use self::documents::{Documents, Row};
pub use self::files::FOLDER;
use self::files::{Names, Root, RootTier, VERSION};
pub use self::patch::{Edit, patch};
use self::query::Query;
pub use self::reader::Open;
use self::reader::Reader;
use self::tier::{Part, Tier};
use crate::plan::SEARCH_INDEX as INDEX;
use crate::plan::view::Views;

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where, below the site's address.
    pub url: String,
    /// What it is called; of a quotation, what was said.
    pub title: String,
    /// The name of the kind of thing that it is.
    pub kind: String,
    /// The day; empty when there is none.
    pub date: String,
    /// A summary; of a quotation who said it.
    pub detail: String,
    /// How well it fits. Only to be compared with others of the same query.
    pub score: f64,
}

/// All that a query finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// How many documents.
    pub total: usize,
    /// The best ones.
    pub found: Vec<Found>,
}

/// Why nothing can be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A file of the index is not there.
    Missing(String),
    /// A file of the index is not whole.
    Damaged,
    /// The index was made by another version.
    Version,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(path) => write!(f, "`{path}` is missing"),
            Self::Damaged => f.write_str("a file of the search index is damaged"),
            Self::Version => {
                f.write_str("the search index was made by another version of Pressmark")
            }
        }
    }
}

/// Looks for something in the index of a site; `open` reads its files. The best `limit` documents are returned.
///
/// # Errors
/// When a file that is needed is missing or damaged.
pub fn search(text: &str, limit: usize, open: &Open<'_>) -> Result<Results, Failure> {
    let reader = Reader::new(open)?;
    let root = reader.root();
    let query = Query::parse(text, &root.kinds, &root.asks);
    if query == Query::default() {
        return Ok(Results::default());
    }
    let hits = rank::rank(&query, &reader)?;
    let found = hits.iter().take(limit).map(|hit| {
        let (row, article) = reader.row(hit.tier, hit.document)?;
        let kind = root.kinds.get(row.kind).cloned().ok_or(Failure::Damaged)?;
        let (url, date) = match article {
            Some(article) => (article.url + &root.page + &row.url, article.date),
            None => (row.url + &root.page, row.date),
        };
        Ok(Found { url, title: row.title, kind, date, detail: row.detail, score: hit.score })
    });
    Ok(Results { total: hits.len(), found: found.collect::<Result<_, Failure>>()? })
}

/// Words of the site's language that questions are made of.
#[derive(Clone, Debug, Default)]
pub struct Asks {
    /// What a question for quotations begins with, in lower case.
    pub quotes: Vec<String>,
    /// What stands before a year.
    pub years: Vec<String>,
}

/// Takes the files of an index, with their paths below the site's folder.
pub trait Shelf {
    /// What goes wrong.
    type Error;

    /// Takes a file.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Returns the first file of the index that the last build made; none when it is not there as it was left.
    fn last(&self) -> Option<Vec<u8>>;

    /// Keeps the files of a tier if it is made of the same documents as in the last build, and all are there as they were left; returns whether it is so.
    fn keep(&mut self, tier: usize, paths: &[String]) -> bool;
}

/// Returns the articles of each tier of an index, which is what [`Shelf::keep`] counts. The last one has what belongs to no article, too.
pub fn tiers(articles: usize) -> Vec<Range<usize>> {
    tier::tiers(articles)
}

/// Makes the index of a site; the first file comes last.
///
/// # Errors
/// Those of the target.
pub fn write<S: Shelf>(
    views: &Views<'_>,
    has_stories: bool,
    asks: Asks,
    target: &mut S,
) -> Result<(), S::Error> {
    let site = views.site;
    let documents = Documents::new(views, has_stories);
    let last = target.last().and_then(|bytes| files::read::<Root>("index", &bytes));
    let last = last.filter(|root| root.version == VERSION).map(|root| root.tiers);
    let ranges = tiers(site.articles.len());
    let mut made = Vec::with_capacity(ranges.len());
    for (number, range) in ranges.iter().enumerate() {
        let known = last.as_ref().and_then(|tiers| tiers.get(number)).filter(|tier| {
            let paths: Vec<String> = tier.files().map(path_of).collect();
            target.keep(number, &paths)
        });
        made.push(if let Some(tier) = known {
            tier.clone()
        } else {
            let is_last = number + 1 == ranges.len();
            put_tier(&documents, range.clone(), is_last, target)?
        });
    }
    let topics = site.topics.iter().map(|topic| (topic.slug.clone(), topic.name.clone()));
    let sources = site.sources.iter().map(|source| (source.slug.clone(), source.name.clone()));
    let names = Names { topics: topics.collect(), sources: sources.collect() };
    let names = put(target, 'n', &names)?;
    let page = if views.plan.addresses.has_base() { "" } else { "index.html" };
    let (page, asks) = (page.to_owned(), [asks.quotes, asks.years]);
    let kinds = documents::kinds(views.config);
    let root = Root { version: VERSION, page, kinds, asks, tiers: made, names };
    target.put(INDEX, &files::root(&root))
}

fn path_of(name: &str) -> String {
    format!("{FOLDER}{name}.js")
}

/// Puts a value as a file, and returns its name.
fn put<S: Shelf>(target: &mut S, letter: char, value: &impl Serialize) -> Result<String, S::Error> {
    let (name, bytes) = files::file(letter, value);
    target.put(&path_of(&name), &bytes).map(|()| name)
}

/// Puts the files of a tier: of some articles, and with `rest` of what belongs to none.
fn put_tier<S: Shelf>(
    documents: &Documents<'_>,
    articles: Range<usize>,
    rest: bool,
    target: &mut S,
) -> Result<RootTier, S::Error> {
    let mut tier = Tier::collect(documents, articles, rest, &mut |rows| put_rows(rows, target))?;
    let count = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let articles = count(tier.articles.count);
    let all = count(tier.articles.count + tier.others.count);
    let mut rows = std::mem::take(&mut tier.articles.files);
    rows.append(&mut tier.others.files);
    let common = tier.common().into_iter().map(str::to_owned).collect();
    let spelling = put(target, 's', &tier.spelling())?;
    let parts = tier.invert();
    let mut terms = Vec::with_capacity(parts.len());
    for Part { first, text } in parts {
        terms.push((first, put(target, 't', &text)?));
    }
    Ok(RootTier { documents: all, terms, articles, rows, spelling, common })
}

fn put_rows<S: Shelf>(rows: &[Row], target: &mut S) -> Result<String, S::Error> {
    put(target, 'r', &rows.iter().map(files::pack).collect::<Vec<_>>())
}
