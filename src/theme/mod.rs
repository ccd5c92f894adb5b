//! The look of the site: templates, style, strings.
//!
//! In: the site's files and its settings. Out: a [`Theme`], which [`Theme::compile`]
//! turns into a template engine. What templates are handed is in `docs/theme-contract.md`.
//!
//! # Layers
//!
//! Lowest first; a file of a higher layer replaces the file of the same name:
//!
//! 1. the base layer, `themes/base/` inside the program: what all themes share;
//! 2. the theme of that name inside the program, if there is one;
//! 3. the site's folder `themes/NAME/`;
//! 4. the site's `templates/*.html`, `i18n/LANG.toml` and `static/`.
//!
//! Strings are layered key by key. A theme's templates are registered as `theme/NAME.html`, the site's as
//! `NAME.html`, those of the base layer as `base/NAME.html`. Looking up `NAME.html` finds the site's first, then the theme's,
//! then the base layer's, so a site may replace `base.html` for every page of the theme, and
//! its own `base.html` may still `{% extends "theme/base.html" %}`. The same holds for components.
//! Of the base layer, only those templates and files are taken that a template or style sheet names.
//!
//! # Output paths
//!
//! A theme's `static/a/b.css` becomes `assets/a/b.HASH.css` (eight digits of
//! its fingerprint, so no cache is ever stale). Style sheets are made smaller, and name files by their new names.
//! To replace the style sheet, write `themes/NAME/static/style.css`.
//! The site's own `static/x` is copied to `/x` and is not read into memory here.
//!
//! **Invariants:** template names are unique; every required template is there;
//! equal inputs give an equal fingerprint; filters are pure.

mod assets;
mod check;
mod compile;
mod css;
mod filters;
mod layers;
mod load;
mod locale;
mod manifest;
mod options;
mod parts;
mod sample;
mod strings;
#[cfg(test)]
mod tests;
mod value_of;
mod words;

use std::collections::BTreeMap;

pub use self::check::check;
pub use self::compile::render_error;
pub use self::layers::{files_of, may_be_named};
pub use self::load::load;
pub use self::locale::Numbers;
pub use self::manifest::{Listed, Manifest, Origin, all, built_in};
pub use self::options::{OptionKind, OptionSpec};
pub use self::strings::string;
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
    "issues.html",
    "issue.html",
    "corrections.html",
    "about.html",
    "names.html",
    "search.html",
];

/// The name that a theme's own templates are registered under starts with this.
pub(crate) const OWN: &str = "theme/";

/// The name that a template of the base layer is registered under starts with this.
pub(crate) const BASE: &str = "base/";

/// A theme with the site's changes on top.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Its name in the settings.
    pub name: String,
    /// What it says about itself.
    pub manifest: Manifest,
    /// Templates of the theme and of the site, and those of the base layer that they use, sorted by name.
    pub templates: Vec<Template>,
    /// Files that the theme brings, and those of the base layer that it uses, sorted by output path.
    pub assets: Vec<Asset>,
    /// Output paths of these files, by their names below `static/`.
    pub paths: BTreeMap<String, SitePath>,
    /// Output path of the style sheet; one of `assets`.
    pub style: SitePath,
    /// The site's static files, sorted by output path.
    pub site_assets: Vec<SiteAsset>,
    /// Visible strings, passed to templates as `ui`.
    pub strings: BTreeMap<String, String>,
    /// How the site's language writes numbers.
    pub numbers: Numbers,
    /// The values of the theme's options, passed to templates as `theme`.
    pub options: serde_json::Map<String, serde_json::Value>,
    /// The words of the templates and options: only values of these names can be read.
    pub words: Words,
    /// Fingerprint of everything above except the bytes of the site's static files.
    pub fingerprint: Fingerprint,
}

/// The text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// `theme/home.html` for the theme's, `home.html` for the site's, `base/head.html` for what all themes share.
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
    /// Returns the images that options name, as addresses from the root of the site.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        let images = self.manifest.options.iter().filter(|spec| spec.kind == OptionKind::Image);
        images.filter_map(|spec| self.options.get(&spec.name)?.as_str())
    }

    /// Returns the template that is registered under `name`, or that a site's page would find under it.
    pub fn template(&self, name: &str) -> Option<&Template> {
        let find = |wanted: &str| {
            let at = self.templates.binary_search_by(|template| template.name.as_str().cmp(wanted));
            at.ok().map(|at| &self.templates[at])
        };
        find(name)
            .or_else(|| find(&format!("{OWN}{name}")))
            .or_else(|| find(&format!("{BASE}{name}")))
    }
}
