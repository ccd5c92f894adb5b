//! What was taken down: it goes with the settings, because every stage that reads or names something has to know.
//!
//! It is no part of `site.toml`: `load` reads it from a file of its own, and `redact` brings the two together.

use jiff::civil::Date;

use crate::files::SitePath;
use crate::text::Eraser;

/// All that was taken down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Redactions {
    /// Names that are not to be read anywhere.
    pub names: Eraser,
    /// Files of articles and pages that are not read, sorted.
    pub articles: Vec<SitePath>,
    /// Addresses at which something stood.
    pub places: Vec<RemovedPlace>,
    /// What may be told of each redaction, sorted.
    pub told: Vec<Removal>,
}

/// An address at which something stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedPlace {
    /// Path below the site's address.
    pub address: String,
    /// The file that it was the page of; none for an old address.
    pub file: Option<SitePath>,
    /// When it was taken down.
    pub date: Date,
}

/// What may be told of a redaction: that it was, and when. Nothing of it leads to what it was about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Removal {
    /// When.
    pub date: Date,
    /// A random word, which tells two redactions of one day apart.
    pub id: String,
    /// How many addresses have a page that says so.
    pub pages: usize,
    /// How many names were taken out of all texts.
    pub names: usize,
}

impl Redactions {
    /// Returns whether nothing was taken down.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Returns whether a file is not read.
    pub fn hides(&self, path: &SitePath) -> bool {
        self.articles.binary_search(path).is_ok()
    }
}
