//! The conductor: runs the stages in order and counts what they did. No logic of its own.
//!
//! In: [`BuildOptions`]. Out: a [`BuildReport`]. An [`Error`] stops the program;
//! trouble with the user's site is in [`BuildReport::diagnostics`], and when one
//! of them is an error nothing was written.

mod bodies;
mod command;
mod compressed;
mod draw;
mod former;
mod gather;
mod inspect;
mod joined;
mod live;
mod outputs;
mod patch;
mod recall;
mod recognizer;
mod reread;
mod sinks;
mod snapshot;
mod stages;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::draw::{Drawn, known_relations, render, wanted};
pub use self::inspect::{
    InspectedUrls, Inspection, Review, consult, inspect, pending, server_snippet, unused,
};
pub use self::live::{Answer, Live, LiveReport, Refreshed, Touched};
use self::outputs::Outputs;
use self::patch::Patched;
use self::sinks::{CountingSink, FolderSink, MemorySink};
use self::snapshot::{Snapshot, Valid};
use self::stages::{Clock, Ready, Stages};
use crate::config::BaseUrl;
use crate::diag::{self, Diagnostic, Error};
use crate::files::{DiskFiles, Files, MemFiles, Recorder, SitePath};
use crate::load::REDACTIONS;
use crate::resolve::{Article, Entity, Skipped, Stated, Status};
use crate::store::Store;
pub use crate::store::{StoreMode, StoreReport};
use crate::write::{Force, Output, WriteOptions, WriteReport};

/// Names this program, down to its source: see `build.rs`.
const ENGINE: &str = env!("PRESSMARK_ENGINE");

/// What to build, and how.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each one is an option of its own")]
pub struct BuildOptions {
    /// The folder that holds `site.toml` (which may be missing) and `content`.
    pub root: PathBuf,
    /// Where the site goes; none for `output_dir` of the settings, below the root.
    pub output: Option<PathBuf>,
    /// In place of the settings' `base_url`.
    pub base_url: Option<BaseUrl>,
    /// In place of the settings' `theme`.
    pub theme: Option<String>,
    /// Let the site run the program that its settings name to find names.
    pub allow_command: bool,
    /// Where ONNX Runtime is, the library that runs a model of the site; without, the system looks for it.
    pub onnx_runtime: Option<PathBuf>,
    /// Show drafts.
    pub drafts: bool,
    /// Show articles whose time has not come.
    pub future: bool,
    /// Show articles whose time has passed.
    pub expired: bool,
    /// Use an output folder that is not ours.
    pub force: Force,
    /// Render everything, count it, and write nothing.
    pub dry_run: bool,
    /// What to do with what earlier builds found out.
    pub store: StoreMode,
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// How many outputs were not rendered, because they are made from the same as before.
    pub reused: usize,
    /// How much was found out before.
    pub store: StoreReport,
    /// Time that each step took.
    pub timings: Vec<(&'static str, Duration)>,
}

/// Builds the site and writes it.
///
/// # Errors
/// When the disk fails or the output folder is refused; never because of an article.
pub fn build(options: &BuildOptions, progress: &dyn Progress) -> Result<BuildReport, Error> {
    if options.dry_run {
        return rehearse(options, progress);
    }
    let store = Arc::new(open_store(options));
    let files = Recorder::new(DiskFiles::new(&options.root));
    let opened = match look(options, &store, &files) {
        Look::Same(report) => return Ok(*report),
        Look::Changed(opened) => opened,
    };
    let opened = match opened {
        None => None,
        Some(opened) => match patch::patch(options, &store, &files, opened, progress)? {
            Patched::Done(report) => return Ok(*report),
            Patched::Not(opened) => opened,
        },
    };
    let mut stages = stages(&files, &store, options, progress);
    let config = stages.config();
    let output = options.output.clone().unwrap_or_else(|| {
        options.root.join(config.as_ref().map_or("public", |config| config.output_dir.as_str()))
    });
    // Looking at the output folder takes the disk's time, reading the site the processor's.
    let (ready, folder) = rayon::join(
        || config.and_then(|config| stages.run(config)),
        || match opened {
            Some(opened) if *opened.snapshot.output() == *output => opened.folder,
            // Another folder than the last time; the lock of that one is given back first.
            opened => {
                drop(opened);
                open(&output, options)
            }
        },
    );
    let mut report = BuildReport::new(output, ready.as_ref());
    let mut joined = None;
    if let Some(ready) = ready.as_ref().filter(|_| !stages.failed()) {
        let folder = folder?;
        stages.clock.lap("open");
        let sink = FolderSink { output: &folder, root: &options.root };
        let outputs = Outputs::read(&store, &report.output.to_string_lossy());
        if let Some(drawn) = render(ready, &mut stages, &outputs, &sink)? {
            let Drawn { rendered, print, compressed } = drawn;
            report.reused = rendered.reused;
            progress.begin(Step::Commit, 0);
            // One waits for the disk, the other for the processor.
            let (written, packed) = rayon::join(
                || folder.commit(),
                || {
                    outputs.write(&store, &rendered.made);
                    outputs.compressed.write(&store, &compressed);
                    stages.begun.and_then(|_| joined::pack(ready, &files))
                },
            );
            report.written = Some(written?);
            joined = packed.zip(Some(print));
            stages.clock.lap("commit");
        }
    }
    let Stages { reports, mut clock, begun, valid, .. } = stages;
    report.diagnostics = sorted(reports);
    let snapshot = begun.and_then(|begun| Snapshot::new(&report, &files, begun, valid));
    if let Some(snapshot) = snapshot {
        if let Some(((packed, relations), build)) = joined.zip(snapshot.fingerprint()) {
            packed.write(&store, build, relations, options);
        }
        snapshot.write(&store, options);
    }
    report.store = store.commit();
    if let Some(Ready { site, plan, .. }) = ready {
        // Nobody need wait until all that memory is given back.
        rayon::spawn(|| drop((site, plan)));
    }
    clock.lap("store");
    report.timings = clock.timings;
    Ok(report)
}

fn open(output: &Path, options: &BuildOptions) -> Result<Box<Output>, Error> {
    let write = WriteOptions { force: options.force };
    Output::open(output, &options.root, write).map(Box::new)
}

/// Builds the site, counts what would be written, and forgets it.
fn rehearse(options: &BuildOptions, progress: &dyn Progress) -> Result<BuildReport, Error> {
    let files = DiskFiles::new(&options.root);
    let store = open_store(options);
    let mut stages = stages(&files, &store, options, progress);
    let ready = stages.config().and_then(|config| stages.run(config));
    let output = options.output.clone().unwrap_or_else(|| options.root.clone());
    let mut report = BuildReport::new(output, ready.as_ref());
    let sink = CountingSink::default();
    if let Some(ready) = ready.filter(|_| !stages.failed())
        && render(&ready, &mut stages, &Outputs::read(&store, ""), &sink)?.is_some()
    {
        report.written = Some(sink.report());
    }
    report.timings = stages.clock.timings;
    report.diagnostics = sorted(stages.reports);
    report.store = store.commit();
    Ok(report)
}

fn open_store(options: &BuildOptions) -> Store {
    match options.store {
        StoreMode::Use => open_kept(options),
        StoreMode::Ignore => Store::in_memory(),
    }
}

/// Opens the store of the site, in which there is nothing that was found out before something was taken down.
fn open_kept(options: &BuildOptions) -> Store {
    let files = DiskFiles::new(&options.root);
    let taken = SitePath::parse(REDACTIONS).and_then(|path| files.read(&path).ok());
    Store::open(&options.root, ENGINE, &taken.unwrap_or_default())
}

/// What a first look at a site shows.
enum Look {
    /// Nothing has changed; the report of the last build holds.
    Same(Box<BuildReport>),
    /// Something has.
    Changed(Option<Box<Opened>>),
}

/// What is known of the last build, when something has changed since.
struct Opened {
    snapshot: Snapshot,
    /// The folder that it wrote to.
    folder: Result<Box<Output>, Error>,
    /// How long it took to look.
    look: Clock,
}

/// Looks whether anything has changed since the last build: what it read, and what it wrote.
fn look(options: &BuildOptions, store: &Store, files: &Recorder) -> Look {
    let mut clock = Clock::start();
    let Some(snapshot) = Snapshot::read(store, options) else { return Look::Changed(None) };
    let mut report = BuildReport::new(snapshot.output().to_owned(), None);
    let (is_current, folder) =
        rayon::join(|| snapshot.is_current(files, options.now), || open(&report.output, options));
    clock.lap("look");
    report.written = match &folder {
        Ok(folder) if is_current => folder.is_whole(snapshot.manifest()),
        _ => None,
    };
    if report.written.is_none() {
        return Look::Changed(Some(Box::new(Opened { snapshot, folder, look: clock })));
    }
    snapshot.tell(&mut report);
    report.timings = clock.timings;
    Look::Same(Box::new(report))
}

/// Builds the site of `files` in memory; no output when there are errors. [`BuildOptions::root`],
/// [`BuildOptions::output`] and [`BuildOptions::force`] are not looked at.
///
/// # Errors
/// When a file that is to be copied cannot be read.
pub fn build_in_memory(
    files: &dyn Files,
    options: &BuildOptions,
) -> Result<(Option<MemFiles>, Vec<Diagnostic>), Error> {
    let store = Store::in_memory();
    let mut stages = stages(files, &store, options, &Silent);
    let ready = stages.config().and_then(|config| stages.run(config));
    let sink = MemorySink { source: files, files: Mutex::default() };
    let outputs = Outputs::read(&store, "");
    let whole = match ready.filter(|_| !stages.failed()) {
        Some(ready) => render(&ready, &mut stages, &outputs, &sink)?.is_some(),
        None => false,
    };
    let made = sink.files.into_inner().map_err(|_| Error::internal("a renderer panicked"))?;
    Ok((whole.then_some(made), sorted(stages.reports)))
}

fn stages<'a>(
    files: &'a dyn Files,
    store: &'a Store,
    options: &'a BuildOptions,
    progress: &'a dyn Progress,
) -> Stages<'a> {
    Stages {
        files,
        store,
        options,
        progress,
        reports: Vec::new(),
        clock: Clock::start(),
        begun: store.clock(),
        unpublished: Vec::new(),
        decisions: Vec::new(),
        valid: Valid::ALWAYS,
    }
}

fn sorted(mut reports: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diag::sort(&mut reports);
    reports
}

impl BuildReport {
    fn new(output: PathBuf, ready: Option<&Ready<'_>>) -> Self {
        Self {
            diagnostics: Vec::new(),
            counts: ready.map(Counts::of).unwrap_or_default(),
            skipped: ready.map(|ready| ready.site.skipped.clone()).unwrap_or_default(),
            written: None,
            output,
            reused: 0,
            store: StoreReport::default(),
            timings: Vec::new(),
        }
    }
}

impl Counts {
    fn of(ready: &Ready<'_>) -> Self {
        let site = &ready.site;
        let suggested = |entity: &&Entity| entity.status == Status::Suggested;
        let guessed = |article: &Article| {
            let origin = article.origin.as_ref().is_some_and(|origin| origin.rule.is_some());
            usize::from(article.title.is_derived())
                + usize::from(article.date.as_ref().is_some_and(Stated::is_derived))
                + usize::from(article.summary.as_ref().is_some_and(Stated::is_derived))
                + usize::from(article.authors.iter().any(Stated::is_derived))
                + usize::from(origin)
        };
        Self {
            pages: ready.plan.pages(),
            articles: site.articles.len(),
            topics: site.topics.len(),
            entities: site.entities.len(),
            suggested: site.entities.iter().filter(suggested).count(),
            sources: site.sources.len(),
            guessed: site.articles.iter().map(guessed).sum(),
        }
    }
}
