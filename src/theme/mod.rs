//! The look of the site: templates, style, strings.
//!
//! In: the site's files and its settings. Out: a [`Theme`], which [`Theme::compile`]
//! turns into a template engine. What templates are handed is in `docs/theme-contract.md`.
//!
//! # Layers
//!
//! Lowest first; a file of a higher layer replaces the file of the same name:
//!
//! 1. the theme of that name inside the program, if there is one;
//! 2. the site's folder `themes/NAME/`;
//! 3. the site's `templates/*.html`, `i18n/LANG.toml` (key by key) and `static/`.
//!
//! A theme's templates are registered as `theme/NAME.html`, the site's as
//! `NAME.html`. Looking up `NAME.html` finds the site's first and the theme's
//! otherwise, so a site may replace `base.html` for every page of the theme, and
//! its own `base.html` may still `{% extends "theme/base.html" %}`.
//!
//! # Output paths
//!
//! The theme's `static/style.css` becomes `assets/style.HASH.css` (eight digits of
//! its fingerprint, so no cache is ever stale), its other `static/x` become
//! `assets/x`. To replace the style sheet, write `themes/NAME/static/style.css`.
//! The site's own `static/x` is copied to `/x` and is not read into memory here.
//!
//! **Invariants:** template names are unique; every required template is there;
//! equal inputs give an equal fingerprint; filters are pure.

mod compile;
mod filters;
mod layers;
mod load;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

pub use self::compile::render_error;
pub use self::load::{load, string};
pub use self::words::Words;
use crate::files::SitePath;
use crate::ids::Fingerprint;

/// The version of the contract between the program and its templates.
pub const CONTRACT: i64 = 1;

/// The templates that every theme has.
pub const REQUIRED: &[&str] = &[
    "base.html",
    "home.html",
    "article.html",
    "entity.html",
    "topic.html",
    "source.html",
    "index.html",
    "archive.html",
    "list.html",
    "page.html",
    "404.html",
    "entry.html",
];

/// The templates of pages that a site has only when its theme has the template.
pub const OPTIONAL: &[&str] = &[
    "removed.html",
    "speakers.html",
    "voices.html",
    "subjects.html",
    "subject.html",
    "stories.html",
    "story.html",
];

/// The name that a theme's own templates are registered under starts with this.
pub(crate) const OWN: &str = "theme/";

/// A theme with the site's changes on top.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its name in the settings.
    pub name: String,
    /// Templates of the theme and of the site, sorted by name.
    pub templates: Vec<Template>,
    /// Files that the theme brings, sorted by output path.
    pub assets: Vec<Asset>,
    /// Output path of the style sheet; one of `assets`.
    pub style: SitePath,
    /// The site's static files, sorted by output path.
    pub site_assets: Vec<SiteAsset>,
    /// Visible strings, passed to templates as `ui`.
    pub strings: BTreeMap<String, String>,
    /// The theme's options with the settings' on top, passed to templates as `theme`.
    pub options: serde_json::Map<String, serde_json::Value>,
    /// The words of the templates and options: only values of these names can be read.
    pub words: Words,
    /// Fingerprint of everything above except the bytes of the site's static files.
    pub fingerprint: Fingerprint,
}

/// The text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// `theme/home.html` for the theme's, `home.html` for the site's.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Where it came from; `themes/NAME/templates/home.html` also when it is built in.
    pub path: SitePath,
}

/// A file of the theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Where it goes, relative to the output folder.
    pub path: SitePath,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A static file of the site, to be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteAsset {
    /// Where it is, such as `static/favicon.ico`.
    pub source: SitePath,
    /// Where it goes, such as `favicon.ico`.
    pub output: SitePath,
    /// Its size in bytes.
    pub size: u64,
}

impl Theme {
    /// Returns the template that is registered under `name`, or that a site's page would find under it.
    pub fn template(&self, name: &str) -> Option<&Template> {
        let find = |wanted: &str| {
            let at = self.templates.binary_search_by(|template| template.name.as_str().cmp(wanted));
            at.ok().map(|at| &self.templates[at])
        };
        find(name).or_else(|| find(&format!("{OWN}{name}")))
    }
}
