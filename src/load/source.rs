//! The files of a site, read and split.

use std::ops::Range;

use jiff::civil::Date;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::dates::leading_date;
use super::decode::decode;
use super::erase::erase_source;
use super::front::read_front;
use super::node::{Entry, parse};
use super::outlets::read_source;
use super::reader::{Reports, one_line};
use super::records::{RecordFile, read_entity, read_topic};
use super::split::{Syntax, split};
use super::{EntityRecord, FrontMatter, SourceRecord, TopicRecord};
use crate::config::{Redactions, SiteConfig};
use crate::diag::{Code, Diagnostic, Warned};
use crate::files::{Files, Found, SitePath};
use crate::ids::Fingerprint;

/// How the text of a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// `.md`, `.markdown`.
    Markdown,
    /// `.txt`, `.text`.
    PlainText,
    /// `.html`, `.htm`.
    Html,
}

/// What a file's name says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileName {
    /// Date of `YYYY-MM-DD-slug.ext`.
    pub date: Option<Date>,
    /// The rest of the stem; for `slug/index.md`, the folder's name (date split off as well).
    pub stem: String,
}

/// An article or page, as read.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFile {
    /// Where it is, below the site's root.
    pub path: SitePath,
    /// How it is written.
    pub format: Format,
    /// The whole text of the file.
    pub text: String,
    /// Where the text without front matter is, in `text`.
    pub body: Range<usize>,
    /// What the front matter says; all empty when there is none.
    pub front: FrontMatter,
    /// What the file's name says.
    pub name: FileName,
    /// Whether it is the `index.*` of a folder bundle.
    pub bundle: bool,
    /// Fingerprint of the file's bytes.
    pub fingerprint: Fingerprint,
}

/// A file that is copied as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetFile {
    /// Where it is, below the site's root.
    pub path: SitePath,
    /// Its size in bytes.
    pub size: u64,
}

/// Everything under `content/`.
#[derive(Clone, Debug, Default)]
pub struct SourceSet {
    /// Files under `content/articles`, sorted by path.
    pub articles: Vec<SourceFile>,
    /// Files under `content/issues` and `content/pages`, sorted by path.
    pub pages: Vec<SourceFile>,
    /// Records under `content/topics`, sorted by path.
    pub topics: Vec<TopicRecord>,
    /// Records under `content/entities`, sorted by path.
    pub entities: Vec<EntityRecord>,
    /// Other files under `content/articles` and `content/pages`, sorted by path.
    pub assets: Vec<AssetFile>,
}

/// The files under `content/`, told apart by what they are.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Texts under `content/articles`, sorted by path.
    pub articles: Vec<Found>,
    /// Texts under `content/issues` and `content/pages`, sorted by path.
    pub pages: Vec<Found>,
    /// Records under `content/topics`, sorted by path.
    pub topics: Vec<Found>,
    /// Records under `content/entities`, sorted by path.
    pub entities: Vec<Found>,
    /// Records under `content/sources`, sorted by path.
    pub sources: Vec<Found>,
    /// Other files under `content/articles` and `content/pages`, sorted by path.
    pub assets: Vec<AssetFile>,
}

/// Where articles are.
const ARTICLES: &str = "content/articles";
/// Where standalone pages are.
const PAGES: &str = "content/pages";
/// Where issues are that somebody has put together; each is a page with a list of articles.
pub(crate) const ISSUES: &str = "content/issues";

/// Lists everything under `content/`, and reports what is passed over.
pub fn list(files: &dyn Files) -> Warned<Listing> {
    let mut reports = Vec::new();
    let mut listing = Listing::default();
    let mut issues = Vec::new();
    for (folder, into) in
        [(ARTICLES, &mut listing.articles), (PAGES, &mut listing.pages), (ISSUES, &mut issues)]
    {
        let (mut texts, others): (Vec<Found>, Vec<Found>) = walk(files, folder, &mut reports)
            .into_iter()
            .partition(|found| Format::of(&found.path).is_some());
        texts.retain(|found| !is_section(found));
        *into = texts;
        listing.assets.extend(
            others.into_iter().map(|found| AssetFile { path: found.path, size: found.size }),
        );
    }
    // Sorted by path, and `issues` is before `pages`.
    listing.pages.splice(..0, issues);
    listing.sources = records(files, "content/sources", &mut reports);
    listing.topics = records(files, "content/topics", &mut reports);
    listing.entities = records(files, "content/entities", &mut reports);
    Warned { value: listing, diagnostics: reports }
}

fn walk(files: &dyn Files, folder: &str, reports: &mut Vec<Diagnostic>) -> Vec<Found> {
    let walk = SitePath::parse(folder).map(|folder| files.walk(&folder)).unwrap_or_default();
    reports.extend(walk.skipped);
    walk.files
}

/// Whether a file is of Zola's making, and describes its folder.
fn is_section(found: &Found) -> bool {
    found.path.file_name().starts_with("_index.")
}

/// Lists the record files of a folder; others, such as notes of the editors, are not read.
fn records(files: &dyn Files, folder: &str, reports: &mut Vec<Diagnostic>) -> Vec<Found> {
    let mut found = walk(files, folder, reports);
    found.retain(|found| {
        let extension = found.path.extension().unwrap_or_default().to_ascii_lowercase();
        matches!(extension.as_str(), "toml" | "md") && !is_section(found)
    });
    found
}

/// Reads an article; none when it had to be passed over.
pub fn article(files: &dyn Files, found: &Found, config: &SiteConfig) -> One<SourceFile> {
    Stage { files, config }.text_file(ARTICLES, found)
}

/// Reads a standalone page; none when it had to be passed over.
pub fn page(files: &dyn Files, found: &Found, config: &SiteConfig) -> One<SourceFile> {
    let is_issue = found.path.as_str().starts_with(ISSUES);
    Stage { files, config }.text_file(if is_issue { ISSUES } else { PAGES }, found)
}

/// Reads the records of topics.
pub fn topics(files: &dyn Files, found: &[Found], config: &SiteConfig) -> Warned<Vec<TopicRecord>> {
    let stage = Stage { files, config };
    let mut read = each(found, |found| {
        stage.record(found, |file, config, reports| Some(read_topic(file, config, reports)))
    });
    read.value.iter_mut().for_each(|topic| topic.erase(&config.redactions.names));
    read
}

/// Reads the records of entities.
pub fn entities(
    files: &dyn Files,
    found: &[Found],
    config: &SiteConfig,
) -> Warned<Vec<EntityRecord>> {
    let stage = Stage { files, config };
    let mut read = each(found, |found| stage.record(found, read_entity));
    read.value.retain_mut(|entity| entity.erase(&config.redactions.names));
    read
}

/// Reads the records of sources.
pub fn outlets(
    files: &dyn Files,
    found: &[Found],
    config: &SiteConfig,
) -> Warned<Vec<SourceRecord>> {
    let stage = Stage { files, config };
    let mut read = each(found, |found| {
        stage.record(found, |file, config, reports| Some(read_source(file, config, reports)))
    });
    read.value.retain_mut(|source| source.erase(&config.redactions.names));
    read
}

/// Reads the records of entities as they were written, for those who have to know what they are called.
pub fn entities_as_written(files: &dyn Files, config: &SiteConfig) -> Vec<EntityRecord> {
    let found = records(files, "content/entities", &mut Vec::new());
    let config = SiteConfig { redactions: Redactions::default(), ..config.clone() };
    entities(files, &found, &config).value
}

/// Reads everything under `content/`. Files are read in parallel; the result does not depend on how.
pub fn load(files: &dyn Files, config: &SiteConfig) -> Warned<SourceSet> {
    let mut reports = Vec::new();
    let listing = list(files).drain_into(&mut reports);
    let set = SourceSet {
        articles: each(&listing.articles, |found| article(files, found, config))
            .drain_into(&mut reports),
        pages: each(&listing.pages, |found| page(files, found, config)).drain_into(&mut reports),
        topics: topics(files, &listing.topics, config).drain_into(&mut reports),
        entities: entities(files, &listing.entities, config).drain_into(&mut reports),
        assets: listing.assets,
    };
    Warned { value: set, diagnostics: reports }
}

impl Format {
    /// Returns the format that the file's extension names; none for an asset.
    pub fn of(path: &SitePath) -> Option<Self> {
        match path.extension()?.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "txt" | "text" => Some(Self::PlainText),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

/// What all files are read with.
struct Stage<'a> {
    files: &'a dyn Files,
    config: &'a SiteConfig,
}

/// What reading one file gave; nothing when it was skipped.
type One<T> = Warned<Option<T>>;

/// Reads files in parallel and keeps their order.
fn each<T: Send>(found: &[Found], read: impl Fn(&Found) -> One<T> + Sync + Send) -> Warned<Vec<T>> {
    let all: Vec<One<T>> = found.par_iter().map(read).collect();
    let mut diagnostics = Vec::new();
    let value = all.into_iter().filter_map(|one| one.drain_into(&mut diagnostics)).collect();
    Warned { value, diagnostics }
}

impl Stage<'_> {
    /// Returns the text and fingerprint of a file, or the report that says why it was skipped.
    fn text(&self, found: &Found) -> Result<(String, Fingerprint), Box<Diagnostic>> {
        let skip = |code, message: String, help: &str| {
            Box::new(Diagnostic::new(code, message).help(help).in_file(&found.path))
        };
        let bound = self.config.security.max_file_size;
        if found.size > bound {
            let message = format!("the file has {} bytes, and the bound is {bound}", found.size);
            let help = "raise `[security] max_file_size` if the file belongs here";
            return Err(skip(Code::FileSize, message, help));
        }
        let bytes = self.files.read(&found.path).map_err(|error| {
            // The cause alone: the full message names the folder on this machine.
            let cause = std::error::Error::source(&error)
                .map_or_else(String::new, |cause| format!(": {cause}"));
            skip(
                Code::FileUnreadable,
                format!("the file cannot be read{cause}"),
                "check its permissions",
            )
        })?;
        let fingerprint = Fingerprint::of(&bytes);
        let text = decode(bytes).map_err(|at| {
            let message = format!("the byte at offset {at} is not UTF-8");
            skip(Code::FileEncoding, message, "convert the file to UTF-8")
        })?;
        Ok((text, fingerprint))
    }

    fn text_file(&self, folder: &str, found: &Found) -> One<SourceFile> {
        let (text, fingerprint) = match self.text(found) {
            Ok(read) => read,
            Err(report) => return Warned { value: None, diagnostics: vec![*report] },
        };
        let format = Format::of(&found.path).unwrap_or(Format::PlainText);
        let mut reports = Reports::new(&found.path, &text);
        let (entries, body) = head(&text, format == Format::PlainText, &mut reports);
        let front = read_front(entries.as_deref().unwrap_or_default(), self.config, &mut reports);
        let diagnostics = reports.into_list();
        let (name, bundle) = FileName::of(&found.path, folder);
        let path = found.path.clone();
        let mut file = SourceFile { path, format, text, body, front, name, bundle, fingerprint };
        erase_source(&mut file, &self.config.redactions.names);
        Warned { value: Some(file), diagnostics }
    }

    fn record<T>(
        &self,
        found: &Found,
        read: for<'a> fn(&RecordFile<'a>, &'a SiteConfig, &mut Reports<'a>) -> Option<T>,
    ) -> One<T> {
        let text = match self.text(found) {
            Ok((text, _)) => text,
            Err(report) => return Warned { value: None, diagnostics: vec![*report] },
        };
        let mut reports = Reports::new(&found.path, &text);
        let is_toml =
            found.path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
        let (entries, body) = if is_toml {
            (block(&text, Syntax::Toml, 0..text.len(), &mut reports), None)
        } else {
            let (entries, body) = head(&text, false, &mut reports);
            (entries, text.get(body))
        };
        // Without its keys, a record would turn the one report into many.
        let value = entries.as_deref().and_then(|entries| {
            read(&RecordFile { path: &found.path, entries, body }, self.config, &mut reports)
        });
        Warned { value, diagnostics: reports.into_list() }
    }
}

/// Splits and reads the front matter; no keys when it cannot be read, which is reported.
fn head(text: &str, plain: bool, reports: &mut Reports<'_>) -> (Option<Vec<Entry>>, Range<usize>) {
    let split = split(text, plain);
    if split.unclosed {
        let first = text.lines().next().unwrap_or_default();
        let fence = if first.starts_with('{') { "}" } else { first.trim_end() };
        let report = Diagnostic::new(
            Code::FrontMatterOpen,
            format!("the front matter has no closing `{fence}`"),
        );
        reports.add(report, Some(&(0..first.len())));
        return (None, split.body);
    }
    let entries = match split.head {
        Some((syntax, head)) => block(text, syntax, head, reports),
        None => Some(Vec::new()),
    };
    (entries, split.body)
}

fn block(
    text: &str,
    syntax: Syntax,
    head: Range<usize>,
    reports: &mut Reports<'_>,
) -> Option<Vec<Entry>> {
    parse(text, syntax, head)
        .map_err(|error| {
            let format = match syntax {
                Syntax::Toml => "TOML",
                Syntax::Yaml => "YAML",
                Syntax::Json => "JSON",
            };
            let message = format!("not valid {format}: {}", one_line(&error.message));
            reports.add(Diagnostic::new(Code::FrontMatterSyntax, message), Some(&error.span));
        })
        .ok()
}

impl FileName {
    /// Reads a file's name, or its folder's for the `index.*` of a bundle; returns whether it is one.
    fn of(path: &SitePath, top: &str) -> (Self, bool) {
        let folder = path.parent().filter(|folder| folder.as_str() != top);
        match folder.filter(|_| path.stem().eq_ignore_ascii_case("index")) {
            Some(folder) => (Self::parse(folder.file_name()), true),
            None => (Self::parse(path.stem()), false),
        }
    }

    /// Splits the date from a stem, if it starts with one that exists.
    fn parse(stem: &str) -> Self {
        let dated = leading_date(stem).filter(|_| !stem.contains('/'));
        match dated.map(|(date, rest)| (date, rest.strip_prefix(['-', '_']).unwrap_or(rest), rest))
        {
            Some((date, _, "")) => Self { date: Some(date), stem: stem.to_owned() },
            Some((date, name, rest)) if name.len() < rest.len() && !name.is_empty() => {
                Self { date: Some(date), stem: name.to_owned() }
            }
            _ => Self { date: None, stem: stem.to_owned() },
        }
    }
}
