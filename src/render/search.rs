//! The search index, whose files are known when it is made.

use rustc_hash::FxHashSet;

use super::{Done, Known, Made, Outcome, Renderer, Sink, name_of};
use crate::config::Redactions;
use crate::diag::{Diagnostic, Error};
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};
use crate::plan::print::Prints;
use crate::plan::view::Views;
use crate::plan::{SEARCH_INDEX, UrlPath, has_stories};
use crate::redact;
use crate::search::{self, Asks, Edit, FOLDER, Shelf, tiers};

/// Parts the forms of a string that has several.
const FORMS: char = '|';

impl Renderer<'_> {
    /// Puts the files of the search index, or keeps those whose documents are the same.
    pub(super) fn search(&self) -> Done {
        let strings = &self.views.strings;
        let forms = |key: &str| -> Vec<String> {
            let all = strings.get(key).split(FORMS).map(|form| form.trim().to_lowercase());
            all.filter(|form| !form.is_empty()).collect()
        };
        let asks = Asks { quotes: forms("search_asks"), years: forms("search_years") };
        let articles = self.views.site.articles.len();
        let redactions = &self.views.config.redactions;
        let mut target = SinkShelf::new(self.sink, self.known, articles, redactions);
        let has_stories = has_stories(self.views.relations, self.theme);
        search::write(self.views, has_stories, asks, &mut target)?;
        Ok(target.report.map_or(Outcome::Parts(target.made), Outcome::Failed))
    }
}

/// Changes the search index of the last build, in which the texts of some articles were other ones; returns whether that could be done.
///
/// # Errors
/// Those of the sink.
pub fn patch_search(
    views: &Views<'_>,
    edits: Vec<Edit<'_>>,
    sink: &dyn Sink,
) -> Result<bool, Error> {
    let redactions = &views.config.redactions;
    let mut target = SinkShelf::new(sink, None, views.site.articles.len(), redactions);
    let read = |path: &str| sink.read(&SitePath::parse(path)?);
    let Some(gone) = search::patch(edits, views, &read, &mut target)? else { return Ok(false) };
    for path in gone {
        sink.drop(&site_path(&path)?);
    }
    Ok(target.report.is_none())
}

/// Puts the files of an index into a sink.
struct SinkShelf<'a> {
    sink: &'a dyn Sink,
    known: Option<(&'a Prints<'a>, &'a dyn Known)>,
    articles: usize,
    /// Files that were put or kept: two with the same content are one.
    done: FxHashSet<String>,
    made: Vec<(Fingerprint, Made)>,
    redactions: &'a Redactions,
    /// That a file would hold what was taken down.
    report: Option<Box<Diagnostic>>,
}

impl<'a> SinkShelf<'a> {
    fn new(
        sink: &'a dyn Sink,
        known: Option<(&'a Prints<'a>, &'a dyn Known)>,
        articles: usize,
        redactions: &'a Redactions,
    ) -> Self {
        let (done, made) = (FxHashSet::default(), Vec::new());
        Self { sink, known, articles, done, made, redactions, report: None }
    }
}

impl Shelf for SinkShelf<'_> {
    type Error = Error;

    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        // Lists are signs that spell anything, and words come from texts that were erased.
        let is_list = path.strip_prefix(FOLDER).is_some_and(|name| name.starts_with(['s', 't']));
        let left = || redact::left(path, bytes, self.redactions);
        if let Some(report) = (!is_list).then(left).flatten() {
            self.report = Some(Box::new(report));
        } else if self.done.insert(path.to_owned()) {
            self.sink.put(&site_path(path)?, bytes)?;
        }
        Ok(())
    }

    fn last(&self) -> Option<Vec<u8>> {
        self.known?;
        self.sink.read(&SitePath::parse(SEARCH_INDEX)?)
    }

    fn keep(&mut self, tier: usize, paths: &[String]) -> bool {
        let Some((prints, known)) = self.known else { return false };
        let ranges = tiers(self.articles);
        let Some(range) = ranges.get(tier) else { return false };
        let print = prints.documents(range.clone(), tier + 1 == ranges.len());
        let name = name_of(&UrlPath::file(&format!("{SEARCH_INDEX}#{tier}")));
        let made = Made { print, stamp: Stamp { size: 0, print } };
        self.made.push((name, made));
        if known.made(name) != Some(made) {
            return false;
        }
        let is_kept = |path: &String| {
            if self.done.contains(path) {
                return true;
            }
            let Some(path) = SitePath::parse(path) else { return false };
            self.sink.left(&path).is_some_and(|stamp| self.sink.keep(&path, stamp))
        };
        // What was kept of a tier that is not whole is not put once more.
        let kept = paths.iter().filter(|path| is_kept(path)).cloned().collect::<Vec<String>>();
        let is_whole = kept.len() == paths.len();
        self.done.extend(kept);
        is_whole
    }
}

fn site_path(path: &str) -> Result<SitePath, Error> {
    SitePath::parse(path)
        .ok_or_else(|| Error::internal(format!("`{path}` is not the path of a file")))
}
