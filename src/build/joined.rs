//! The joined site, kept: so that the text of an article can be changed in it without joining all articles anew.
//!
//! The table begins with what such a change replaces: which build it was, the stamps of the articles' files, the keys
//! of their readings, the addresses of their links. Behind it is what stays, copied as it is from one table to the next.
//! An article is its reading, which the store has under its key, and the [`Join`] that is kept here.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::BuildOptions;
use super::recall::Kept;
use super::reread::points_at_sentences;
use super::snapshot::table;
use super::stages::Ready;
use crate::analyze::{Analysis, Lexicon};
use crate::config::SiteConfig;
use crate::files::{FileStamp, Recorder, SitePath};
use crate::ids::{ArticleId, Fingerprint, Id, MakeRow, Rows};
use crate::load::{FileName, Format, FrontMatter, SourceFile};
use crate::parse::{Address, Draft};
use crate::plan::{Addresses, Plan, UrlPath, Urls};
use crate::resolve::{Article, Join, Site, StandalonePage, read};
use crate::store::Store;

const TABLE: &str = "joined";
/// Length of a fingerprint.
const PRINT: usize = 16;

/// A site and its plan, as the last build left them; without its list of outputs and of what is left out.
pub(super) struct Joined {
    pub(super) site: Site,
    pub(super) plan: Plan,
    /// Of the cross-links that belong to it.
    pub(super) relations: Fingerprint,
    pub(super) lexicon: Lexicon,
    /// Whether a link points at a sentence by its number, so that numbers matter elsewhere.
    pub(super) points_at_sentences: bool,
    /// The files of the articles, sorted by path.
    files: Vec<ArticleFile>,
    articles: Arc<Articles>,
    keys: Vec<Fingerprint>,
    bytes: Arc<[u8]>,
    /// The part of the table that a changed text leaves as it is.
    lasting: Range<usize>,
}

/// The file of an article.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ArticleFile {
    path: SitePath,
    pub(super) stamp: FileStamp,
    pub(super) id: ArticleId,
}

/// What is read whole, because it is little or needed at once: whether links point at sentences, whether the site has a
/// page about itself, the lexicon, and the standalone pages with their addresses and those of their links.
type Whole = (bool, bool, Lexicon, Vec<StandalonePage>, Vec<UrlPath>, Vec<Vec<Address>>);

/// Makes articles from what is kept of them.
struct Articles {
    store: Arc<Store>,
    keys: Vec<Fingerprint>,
    joins: Rows<ArticleId, Join>,
    /// In the place of one that is damaged.
    blank: Article,
    is_whole: AtomicBool,
}

impl MakeRow<Article> for Articles {
    fn make(&self, at: usize) -> Article {
        let reading = self.keys.get(at).and_then(|key| Kept::read(&self.store, *key));
        let join = &self.joins[ArticleId::from_index(at)];
        reading.and_then(|kept| join.article(kept.reading)).unwrap_or_else(|| {
            self.is_whole.store(false, Ordering::Relaxed);
            self.blank.clone()
        })
    }

    fn is_whole(&self) -> bool {
        self.is_whole.load(Ordering::Relaxed) && self.joins.is_whole()
    }
}

/// The joined site as bytes, but for the build that it is of.
pub(super) struct Packed(Vec<u8>);

/// Packs the site of a build; none when the file of an article has no stamp.
pub(super) fn pack(ready: &Ready<'_>, files: &Recorder) -> Option<Packed> {
    let Ready { recall, site, plan, lexicon, .. } = ready;
    let urls = &plan.urls;
    let key = |article: &Article| recall.key(&article.path, article.fingerprint);
    let keys: Vec<Fingerprint> = site.articles.iter().map(key).collect();
    let mut lasting = Vec::new();
    let marks = (points_at_sentences(site), plan.has_about);
    let whole = (marks.0, marks.1, lexicon, &site.pages, &urls.pages, &plan.page_links);
    section(&mut lasting, &whole);
    let joins = site.articles.iter().zip(site.seatings.iter());
    joins
        .map(|(article, seating)| article.join(seating))
        .collect::<Rows<ArticleId, _>>()
        .pack(&mut lasting);
    site.entities.pack(&mut lasting);
    site.topics.pack(&mut lasting);
    site.sources.pack(&mut lasting);
    urls.articles.pack(&mut lasting);
    urls.entities.pack(&mut lasting);
    urls.topics.pack(&mut lasting);
    urls.sources.pack(&mut lasting);
    urls.subjects.pack(&mut lasting);
    let files = article_files(site, files)?;
    Some(Packed::new(&files, &keys, &plan.article_links, &lasting))
}

impl Packed {
    fn new(
        files: &[ArticleFile],
        keys: &[Fingerprint],
        links: &Rows<ArticleId, Vec<Address>>,
        lasting: &[u8],
    ) -> Self {
        let mut out = Vec::with_capacity(lasting.len() + 256 * keys.len());
        out.extend([0; 2 * PRINT]);
        section(&mut out, &files);
        for key in keys {
            out.extend(key.as_bytes());
        }
        links.pack(&mut out);
        out.extend(lasting);
        Self(out)
    }

    /// Keeps the site. `build` is the fingerprint of all that the build depended on, `relations` that of the cross-links.
    pub(super) fn write(
        mut self,
        store: &Store,
        build: Fingerprint,
        relations: Fingerprint,
        options: &BuildOptions,
    ) {
        self.0[..PRINT].copy_from_slice(build.as_bytes());
        self.0[PRINT..2 * PRINT].copy_from_slice(relations.as_bytes());
        store.set_table(&table(TABLE, options), &self.0);
    }
}

/// Returns the files of the articles, sorted by path; none when one has no stamp.
fn article_files(site: &Site, files: &Recorder) -> Option<Vec<ArticleFile>> {
    let ids: FxHashMap<&SitePath, ArticleId> =
        site.articles.pairs().map(|(id, article)| (&article.path, id)).collect();
    let mut found = Vec::with_capacity(ids.len());
    files.each_found(|file| {
        if let (Some(id), Some(stamp)) = (ids.get(&file.path), file.stamp) {
            found.push(ArticleFile { path: file.path.clone(), stamp, id: *id });
        }
    });
    found.sort_by(|a, b| a.path.cmp(&b.path));
    (found.len() == ids.len()).then_some(found)
}

/// Appends a value, with its length in front.
fn section(out: &mut Vec<u8>, value: &impl Serialize) {
    let at = out.len();
    out.extend([0; 4]);
    *out = postcard::to_extend(value, std::mem::take(out))
        .expect("our own structs can be written, and memory takes all bytes");
    let len = u32::try_from(out.len() - at - 4).unwrap_or(u32::MAX).to_le_bytes();
    out[at..at + 4].copy_from_slice(&len);
}

/// Reads a value with its length in front, and moves `at` behind it.
fn read_section<'b, T: Deserialize<'b>>(bytes: &'b [u8], at: &mut usize) -> Option<T> {
    let len = bytes.get(*at..)?.first_chunk::<4>()?;
    let begin = *at + 4;
    let end = begin.checked_add(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
    *at = end;
    postcard::from_bytes(bytes.get(begin..end)?).ok()
}

fn print_at(bytes: &[u8], at: &mut usize) -> Option<Fingerprint> {
    let print = bytes.get(*at..)?.first_chunk::<PRINT>()?;
    *at += PRINT;
    Some(Fingerprint::from_bytes(*print))
}

impl Joined {
    /// Reads what was kept of the build with this fingerprint and the same options.
    pub(super) fn read(
        store: &Arc<Store>,
        build: Fingerprint,
        config: &SiteConfig,
        options: &BuildOptions,
    ) -> Option<Self> {
        let bytes: Arc<[u8]> = store.table(&table(TABLE, options))?.into();
        let at = &mut 0;
        if print_at(&bytes, at)? != build {
            return None;
        }
        let relations = print_at(&bytes, at)?;
        let files: Vec<ArticleFile> = read_section(&bytes, at)?;
        let keys: Vec<Fingerprint> =
            files.iter().map(|_| print_at(&bytes, at)).collect::<Option<_>>()?;
        let article_links = Rows::unpack(&bytes, at)?;
        let begin = *at;
        let (points_at_sentences, has_about, lexicon, pages, page_urls, page_links): Whole =
            read_section(&bytes, at)?;
        let (joins, blank, is_whole) =
            (Rows::unpack(&bytes, at)?, blank(config)?, AtomicBool::new(true));
        let articles = Arc::new(Articles {
            store: Arc::clone(store),
            keys: keys.clone(),
            joins,
            blank,
            is_whole,
        });
        let site = Site {
            articles: Rows::late(keys.len(), Arc::clone(&articles) as Arc<dyn MakeRow<Article>>),
            pages,
            entities: Rows::unpack(&bytes, at)?,
            topics: Rows::unpack(&bytes, at)?,
            sources: Rows::unpack(&bytes, at)?,
            ..Site::default()
        };
        let urls = Urls {
            articles: Rows::unpack(&bytes, at)?,
            entities: Rows::unpack(&bytes, at)?,
            topics: Rows::unpack(&bytes, at)?,
            sources: Rows::unpack(&bytes, at)?,
            subjects: Rows::unpack(&bytes, at)?,
            pages: page_urls,
        };
        let plan = Plan {
            outputs: Vec::new(),
            issues: Vec::new(),
            urls,
            has_about,
            addresses: Addresses::new(config.base_url.as_ref()),
            article_links,
            page_links,
        };
        let lasting = begin..*at;
        (lasting.end == bytes.len()).then_some(Self {
            site,
            plan,
            relations,
            lexicon,
            points_at_sentences,
            files,
            articles,
            keys,
            bytes,
            lasting,
        })
    }

    /// Returns the file of an article.
    pub(super) fn file(&self, path: &SitePath) -> Option<&ArticleFile> {
        self.files.get(self.place(path)?)
    }

    fn place(&self, path: &SitePath) -> Option<usize> {
        self.files.binary_search_by(|file| file.path.cmp(path)).ok()
    }

    /// Returns the key of an article's reading.
    pub(super) fn key(&self, id: ArticleId) -> Option<Fingerprint> {
        self.keys.get(id.index()).copied()
    }

    /// Borrows what joining added to an article.
    pub(super) fn join(&self, id: ArticleId) -> Option<&Join> {
        self.articles.joins.get(id)
    }

    /// Takes the file of an article that has another stamp; `key` is that of its reading.
    pub(super) fn touch(&mut self, path: &SitePath, stamp: FileStamp, key: Fingerprint) {
        let Some(at) = self.place(path) else { return };
        let file = &mut self.files[at];
        file.stamp = stamp;
        self.keys[file.id.index()] = key;
    }

    /// Returns whether everything that was looked at was what had been kept.
    pub(super) fn is_whole(&self) -> bool {
        self.site.is_whole() && self.plan.is_whole()
    }

    /// Keeps the changed site; `build` is the fingerprint of all that it depends on now.
    pub(super) fn write(&self, store: &Store, build: Fingerprint, options: &BuildOptions) {
        let lasting = &self.bytes[self.lasting.clone()];
        let links = &self.plan.article_links;
        let packed = Packed::new(&self.files, &self.keys, links, lasting);
        packed.write(store, build, self.relations, options);
    }
}

/// Returns an article that says nothing.
fn blank(config: &SiteConfig) -> Option<Article> {
    let path = SitePath::parse("content/lost.txt")?;
    let file = SourceFile {
        path,
        format: Format::PlainText,
        text: String::new(),
        body: 0..0,
        front: FrontMatter::default(),
        name: FileName { date: None, stem: String::new() },
        bundle: false,
        fingerprint: Fingerprint::of(b""),
    };
    Join::default().article(read(file, Draft::default(), Analysis::default(), config).value)
}
