//! The conductor: runs the stages in order and counts what they did. No logic of its own.
//!
//! In: [`BuildOptions`]. Out: a [`BuildReport`]. An [`Error`] stops the program;
//! trouble with the user's site is in [`BuildReport::diagnostics`], and when one
//! of them is an error nothing was written.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

use crate::config::{BaseUrl, SiteConfig};
use crate::diag::{Diagnostic, Error};
use crate::resolve::{Site, Skipped};
use crate::write::{Force, WriteReport};

/// What to build, and how.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The folder that holds `site.toml` (which may be missing) and `content`.
    pub root: PathBuf,
    /// Where the site goes; none for `output_dir` of the settings, below the root.
    pub output: Option<PathBuf>,
    /// In place of the settings' `base_url`.
    pub base_url: Option<BaseUrl>,
    /// In place of the settings' `theme`.
    pub theme: Option<String>,
    /// Show drafts.
    pub drafts: bool,
    /// Show articles whose time has not come.
    pub future: bool,
    /// Show articles whose time has passed.
    pub expired: bool,
    /// Use an output folder that is not ours.
    pub force: Force,
    /// The present moment, which decides about future and expired articles and nothing else.
    pub now: Timestamp,
}

/// The steps of a build, for progress bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Reading files.
    Load,
    /// Parsing and analysing articles.
    Read,
    /// Joining articles.
    Join,
    /// Rendering pages and writing them.
    Render,
    /// Putting the site in place.
    Commit,
}

/// Hears how far a build has come. Called from many threads.
pub trait Progress: Sync {
    /// A step begins that consists of `total` items (0: unknown).
    fn begin(&self, step: Step, total: usize);
    /// One more item of the step is done.
    fn advance(&self);
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: Step, _: usize) {}
    fn advance(&self) {}
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// HTML pages.
    pub pages: usize,
    /// Articles.
    pub articles: usize,
    /// Topics.
    pub topics: usize,
    /// Entities.
    pub entities: usize,
    /// Entities that no person vouches for.
    pub suggested: usize,
    /// Sources.
    pub sources: usize,
    /// Titles, dates, summaries, authors and sources that were derived from texts.
    pub guessed: usize,
}

/// What a build did.
#[derive(Clone, Debug)]
pub struct BuildReport {
    /// All reports, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What was counted.
    pub counts: Counts,
    /// Articles and pages that were left out.
    pub skipped: Vec<Skipped>,
    /// What was written; none when errors kept the last good site in place.
    pub written: Option<WriteReport>,
    /// Where the site is.
    pub output: PathBuf,
    /// Time that each step took.
    pub timings: Vec<(&'static str, Duration)>,
}

/// A site that was read and joined, not rendered: for `check` and `list`.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The settings.
    pub config: SiteConfig,
    /// The site.
    pub site: Site,
    /// URL of each article, topic, entity and source as a path below the site's address, such as
    /// `articles/2024/x/`; in the order of the site's tables.
    pub urls: InspectedUrls,
    /// All reports, sorted; those of links too.
    pub diagnostics: Vec<Diagnostic>,
}

/// See [`Inspection::urls`].
#[derive(Clone, Debug, Default)]
pub struct InspectedUrls {
    /// Of articles.
    pub articles: Vec<String>,
    /// Of topics.
    pub topics: Vec<String>,
    /// Of entities.
    pub entities: Vec<String>,
    /// Of sources.
    pub sources: Vec<String>,
}

/// Builds the site and writes it.
///
/// # Errors
/// When the disk fails or the output folder is refused; never because of an article.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<BuildReport, Error> {
    let _ = (options, progress);
    Err(Error::internal("not written yet"))
}

/// Reads and joins the site and checks its links, and writes nothing.
///
/// `strict_links` turns broken links and anchors into errors and adds unused records, as `check` does.
///
/// # Errors
/// When the site's folder cannot be read. `None` when the settings have errors; the reports say which.
pub fn inspect(
    options: &BuildOptions,
    strict_links: bool,
) -> Result<(Option<Inspection>, Vec<Diagnostic>), Error> {
    let _ = (options, strict_links);
    Err(Error::internal("not written yet"))
}
