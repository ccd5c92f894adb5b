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
    /// Addresses at which something stood and a page says so.
    pub places: Vec<RemovedPlace>,
    /// Addresses at which something stood and nothing says so.
    pub silent: Vec<String>,
    /// What may be told of each redaction, sorted.
    pub told: Vec<Removal>,
}

/// An address at which something stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedPlace {
    /// Path below the site's address.
    pub address: String,
    /// The files that it was the page of; none for an old address.
    pub files: Vec<SitePath>,
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

    /// Returns whether a file is an article that is not read, or lies in the folder of one.
    pub fn hides_file(&self, path: &SitePath) -> bool {
        self.hides(path) || self.bundles().any(|folder| path.below(&folder).is_some())
    }

    /// Returns the folders of articles that have one of their own.
    pub fn bundles(&self) -> impl Iterator<Item = SitePath> + use<'_> {
        self.articles.iter().filter_map(|path| {
            let folder = path.parent().filter(|_| path.stem().eq_ignore_ascii_case("index"))?;
            let is_top = ["content/articles", "content/pages"].contains(&folder.as_str());
            (!is_top).then_some(folder)
        })
    }

    /// Returns whether something stood at or below an address that was taken down.
    pub fn was_at(&self, address: &str) -> bool {
        let address = address.trim_matches('/');
        let places = self.places.iter().map(|place| &place.address).chain(&self.silent);
        places.map(|old| old.trim_matches('/')).any(|old| {
            let rest = address.strip_prefix(old).filter(|_| !old.is_empty());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Notes the addresses at which a file stood, its own in front, and returns how many have a page that says so. Two files
    /// that stood at the same one share that page. An address that holds a name has none.
    pub fn put(&mut self, addresses: &[String], path: &SitePath, date: Date) -> usize {
        let mut pages = 0;
        for (number, address) in addresses.iter().enumerate() {
            if self.names.holds_address(address) {
                self.silent.push(address.clone());
                continue;
            }
            pages += 1;
            let known = self.places.iter().position(|place| place.address == *address);
            let at = known.unwrap_or_else(|| {
                let (address, files) = (address.clone(), Vec::new());
                self.places.push(RemovedPlace { address, files, date });
                self.places.len() - 1
            });
            if number == 0 {
                self.places[at].files.push(path.clone());
            }
        }
        pages
    }

    /// Returns whether a file is not read.
    pub fn hides(&self, path: &SitePath) -> bool {
        self.articles.binary_search(path).is_ok()
    }
}
