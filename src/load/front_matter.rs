//! Front matter, checked.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::json_text;
use crate::config::{EntityKind, Rights};

/// A date, with a time of day only if the writer gave one. A date-only stays a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct When {
    /// The day, in the site's time zone (or in the zone that was written).
    #[serde(with = "super::dates::compact_day")]
    pub date: Date,
    /// The exact instant, if a time was given; a time without offset is read in the site's zone.
    #[serde(with = "super::dates::compact_instant")]
    pub instant: Option<Timestamp>,
}

/// Where an article comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRef {
    /// Name of the outlet or institution.
    pub name: Option<String>,
    /// Address of the original article (`http` or `https` only).
    pub url: Option<String>,
    /// Day on which it was retrieved.
    pub retrieved: Option<Date>,
    /// Address of an archived copy.
    pub archive_url: Option<String>,
    /// The source's own words about its text.
    pub disclaimer: Option<String>,
}

/// A correction that was made to an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// When.
    pub date: Option<Date>,
    /// What was wrong and what is right.
    pub text: String,
}

/// Which names of an article are not linked in its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoAutolink {
    /// All are linked.
    #[default]
    None,
    /// None is linked (`no_autolink = true`).
    All,
    /// These are not linked (`no_autolink = ["May"]`).
    Names(Vec<String>),
}

/// The checked front matter of an article or page; all fields may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FrontMatter {
    /// `title`.
    pub title: Option<String>,
    /// `date` (also `published`, `pubdate`).
    pub date: Option<When>,
    /// `updated` (also `lastmod`, `modified`).
    pub updated: Option<When>,
    /// `publish_date` (also `publishDate`, `embargo`): not shown before.
    pub publish: Option<When>,
    /// `expiry` (also `expiry_date`, `expiryDate`, `unpublishdate`): not shown from then on.
    pub expiry: Option<When>,
    /// `summary` (also `description`).
    pub summary: Option<String>,
    /// `slug`, already safe.
    pub slug: Option<String>,
    /// `path`: the whole URL path without slashes at the ends, already safe (`archive/2020/x`).
    pub path: Option<String>,
    /// `aliases`: old URL paths, without slashes at the ends, already safe.
    pub aliases: Vec<String>,
    /// `draft`.
    pub draft: bool,
    /// `articles` of an issue: the paths of their files below `content/`, or their addresses.
    pub articles: Vec<String>,
    /// `weight`: order of standalone pages.
    pub weight: Option<i64>,
    /// `authors` (also `author`).
    pub authors: Vec<String>,
    /// `language` (also `lang`), a BCP 47 tag.
    pub language: Option<String>,
    /// `topics` (also `tags`, `categories`, `keywords`, `[taxonomies] tags`), merged without repetition.
    pub topics: Vec<String>,
    /// `people`, `organizations`, `places`, `events`, `works` and declared plurals, in the order of kinds.
    pub entities: Vec<(EntityKind, String)>,
    /// `source`, with `original_url`, `retrieved`, `archive_url`, `disclaimer` at the top level read too.
    pub source: Option<SourceRef>,
    /// `rights`.
    pub rights: Option<Rights>,
    /// `no_autolink`.
    pub no_autolink: NoAutolink,
    /// `template`: a template name of the theme or site.
    pub template: Option<String>,
    /// `corrections`: strings, or tables with `date` and `text`.
    pub corrections: Vec<Correction>,
    /// `extra`.
    #[serde(with = "json_text")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}
