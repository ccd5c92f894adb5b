//! The files of a site, read and split.

use std::ops::Range;

use jiff::civil::Date;

use super::{EntityRecord, FrontMatter, TopicRecord};
use crate::config::SiteConfig;
use crate::diag::Warned;
use crate::files::{Files, SitePath};
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Files under `content/pages`, sorted by path.
    pub pages: Vec<SourceFile>,
    /// Records under `content/topics`, sorted by path.
    pub topics: Vec<TopicRecord>,
    /// Records under `content/entities`, sorted by path.
    pub entities: Vec<EntityRecord>,
    /// Other files under `content/articles` and `content/pages`, sorted by path.
    pub assets: Vec<AssetFile>,
}

/// Reads everything under `content/`. Files are read in parallel; the result does not depend on how.
pub fn load(_files: &dyn Files, _config: &SiteConfig) -> Warned<SourceSet> {
    Warned::clean(SourceSet::default())
}
