//! A site that is kept joined in memory, follows the files, and makes an output when somebody asks for it.
//!
//! In: [`BuildOptions`], and what may have changed. Out: outputs, byte for byte those of a build, and reports.
//! Nothing is written but the store.
//!
//! [`Live::refresh`] brings the site up to date, in one of two ways: articles whose text or title alone has changed
//! are put into the joined site ([`Before`](super::reread::Before) tells whether that is all); for anything else the
//! stages run again, with what they found out about each file before. While they run, the last good site is shown, and
//! it stays when there are errors.
//!
//! **Invariant:** after a refresh without errors, each output is what a build from nothing would write for the files
//! that it saw. `tests/live.rs` holds it to that over random edits.

mod files;
mod site;

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use jiff::Timestamp;

pub use self::files::Touched;
use self::files::{LiveFiles, Seen};
use self::site::LiveSite;
use super::recall::Recall;
use super::stages::Ready;
use super::{BuildOptions, Counts, Silent, StoreReport, open_kept, sorted, stages};
use crate::diag::{Diagnostic, Error};
use crate::files::{DiskFiles, Found, SitePath};
use crate::plan::{PageKind, UrlPath};
use crate::resolve::Skipped;
use crate::review::Known;

/// A site that follows its files.
pub struct Live {
    options: BuildOptions,
    files: LiveFiles,
    /// What the last look at the files came to. Held while the site is brought up to date: one at a time.
    last: Mutex<Last>,
    shown: RwLock<Shown>,
}

/// What a look at the files came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// There was none yet.
    None,
    Good,
    /// There were errors: what is shown is older than the files.
    Failed,
}

/// What readers see.
#[derive(Default)]
struct Shown {
    /// The last good site; none when there has been none yet.
    site: Option<LiveSite>,
    report: Arc<LiveReport>,
}

/// How it stands with a site.
#[derive(Clone, Debug, Default)]
pub struct LiveReport {
    /// All reports, sorted. With errors among them, what is shown is an earlier state.
    pub diagnostics: Vec<Diagnostic>,
    /// What was counted, in what is shown.
    pub counts: Counts,
    /// Articles and pages that are left out.
    pub skipped: Vec<Skipped>,
    /// Articles and pages that are shown, and that a site as it is published would leave out.
    pub unpublished: Vec<Skipped>,
    /// How much was found out before.
    pub store: StoreReport,
    /// Time that each stage took.
    pub timings: Vec<(&'static str, Duration)>,
}

/// What a refresh came to.
#[derive(Clone, Debug)]
pub enum Refreshed {
    /// Nothing has changed.
    Same,
    /// The texts or titles of these articles were put into the site.
    Articles(Vec<SitePath>),
    /// All articles were joined anew.
    Whole(Arc<LiveReport>),
}

/// What is at an address.
#[derive(Clone, Debug)]
pub enum Answer {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Nothing.
    Missing,
    /// An output that cannot be made now, because of a template, or because the file that it copies cannot be read.
    Failed(Box<Diagnostic>),
}

impl Live {
    /// Returns a site that shows nothing until it is refreshed. Of the options, those about output are not looked at.
    pub fn new(options: BuildOptions) -> Self {
        let files = LiveFiles::new(DiskFiles::new(&options.root));
        Self { options, files, last: Mutex::new(Last::None), shown: RwLock::default() }
    }

    /// Brings the site up to date. `now` decides about future and expired articles.
    pub fn refresh(&self, touched: &Touched, now: Timestamp) -> Refreshed {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = self.files.look(touched);
        let lasts =
            *last == Last::Good && self.read().site.as_ref().is_some_and(|site| site.lasts(now));
        match seen {
            // Errors stay as long as the files do.
            Seen::Same if lasts || *last == Last::Failed => return Refreshed::Same,
            Seen::Files(found) if lasts => {
                if let Some(articles) = self.put(&found) {
                    let done = Refreshed::Articles(articles);
                    return if done.is_same() { Refreshed::Same } else { done };
                }
            }
            _ => {}
        }
        let (site, report) = self.join(now);
        *last = if site.is_some() { Last::Good } else { Last::Failed };
        let report = Arc::new(report);
        let old = {
            let mut shown = self.write();
            shown.report = Arc::clone(&report);
            // With errors, the last good site stays.
            site.and_then(|site| shown.site.replace(site))
        };
        // Nobody need wait until all that memory is given back.
        rayon::spawn(|| drop(old));
        Refreshed::Whole(report)
    }

    /// Puts changed articles into the site; nothing when they change more than their own texts and titles.
    fn put(&self, found: &[Found]) -> Option<Vec<SitePath>> {
        let changed = {
            let shown = self.read();
            let site = shown.site.as_ref()?;
            let is_reported = |path: &SitePath| {
                let mut places =
                    shown.report.diagnostics.iter().filter_map(|one| one.place.as_ref());
                places.any(|place| place.path == *path)
            };
            if found.iter().any(|found| is_reported(&found.path)) {
                return None;
            }
            site.reread(found, &self.files.recorder)?
        };
        Some(self.write().site.as_mut()?.put(changed))
    }

    /// Runs the stages; no site when there are errors.
    fn join(&self, now: Timestamp) -> (Option<LiveSite>, LiveReport) {
        let options = BuildOptions { now, ..self.options.clone() };
        let store = open_kept(&options);
        let mut stages = stages(&self.files.recorder, &store, &options, &Silent);
        let ready = stages.config().and_then(|config| stages.run(config));
        let mut report = LiveReport {
            counts: ready.as_ref().map(Counts::of).unwrap_or_default(),
            skipped: ready.as_ref().map(|ready| ready.site.skipped.clone()).unwrap_or_default(),
            unpublished: std::mem::take(&mut stages.unpublished),
            ..LiveReport::default()
        };
        let site = ready.filter(|_| !stages.failed()).and_then(|ready| {
            let templates = ready.theme.compile();
            stages.clock.lap("compile");
            match templates {
                Ok(templates) => {
                    let site = LiveSite::new(ready, templates, &store, stages.valid);
                    let site = site.decided(std::mem::take(&mut stages.decisions));
                    stages.clock.lap("relate");
                    Some(site)
                }
                Err(reports) => {
                    stages.reports.extend(reports);
                    None
                }
            }
        });
        report.diagnostics = sorted(std::mem::take(&mut stages.reports));
        report.timings = std::mem::take(&mut stages.clock.timings);
        drop(stages);
        let (store, found) = store.settle();
        report.store = found;
        (site.map(|site| site.with(store)), report)
    }

    /// Returns how it stands with the site.
    pub fn report(&self) -> Arc<LiveReport> {
        Arc::clone(&self.read().report)
    }

    /// Returns whether there is anything to show.
    pub fn is_shown(&self) -> bool {
        self.read().site.is_some()
    }

    /// Returns the path that the site is published under, with `/` at both ends; none while there is nothing to show.
    pub fn base_path(&self) -> Option<String> {
        self.read().site.as_ref().map(LiveSite::base_path)
    }

    /// Returns whether there is an output at `path`, which is that of a file of the output folder.
    pub fn has(&self, path: &SitePath) -> bool {
        self.tell(path);
        self.read().site.as_ref().is_some_and(|site| site.has(path))
    }

    /// Makes the output that is at `path`.
    ///
    /// # Errors
    /// When the program itself fails.
    pub fn answer(&self, path: &SitePath) -> Result<Answer, Error> {
        self.tell(path);
        let shown = self.read();
        let Some(site) = shown.site.as_ref() else { return Ok(Answer::Missing) };
        site.answer(path, &self.files.recorder)
    }

    /// Finds the stories anew if that is due and `path` may be one that shows them.
    fn tell(&self, path: &SitePath) {
        if self.read().site.as_ref().is_none_or(|site| site.is_told(path)) {
            return;
        }
        if let Some(site) = self.write().site.as_mut() {
            site.tell_stories();
        }
    }

    /// Lends all that decisions are held against; none while there is nothing to show.
    pub fn consult<T>(&self, ask: impl FnOnce(Known<'_>) -> T) -> Option<T> {
        let shown = self.read();
        shown.site.as_ref().map(|site| site.consult(&self.files.recorder, ask))
    }

    /// Returns what is behind the page at `path`.
    pub fn page(&self, path: &SitePath) -> Option<(PageKind, UrlPath)> {
        self.read().site.as_ref()?.page(path)
    }

    /// Returns the title and the address of the page that is made of a file.
    pub fn page_of(&self, file: &SitePath) -> Option<(String, UrlPath)> {
        self.read().site.as_ref()?.page_of(file)
    }

    /// Returns the addresses of pages whose title or address holds all words, at most `most`.
    pub fn find(&self, words: &str, most: usize) -> Vec<(String, UrlPath)> {
        self.read().site.as_ref().map(|site| site.find(words, most)).unwrap_or_default()
    }

    fn read(&self) -> RwLockReadGuard<'_, Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Shown> {
        self.shown.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Refreshed {
    fn is_same(&self) -> bool {
        matches!(self, Self::Same) || matches!(self, Self::Articles(paths) if paths.is_empty())
    }
}
