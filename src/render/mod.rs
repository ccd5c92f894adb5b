//! Turns what was planned into bytes, page by page, in parallel.
//!
//! In: the [`Views`] of a plan, the compiled templates, and a [`Sink`]. Out: every
//! output, handed to the sink as soon as it is made, so that the site is never
//! held in memory; and the reports of templates that failed.
//!
//! **Invariants:** an output's bytes depend on the plan only, not on the order in
//! which threads get to it; no output holds a [`MARK`](crate::plan::MARK).

mod catalog;
mod data;
mod feed;
mod feeds;
mod json;
mod pages;
mod search;
mod sitemap;
mod xml;

use rayon::prelude::*;
use tera::Tera;

pub use self::search::patch_search;

use self::data::Data;
use self::feeds::Feeds;
use self::pages::{EntriesOnDemand, Pages};
use crate::config::{Removal, SiteConfig};
use crate::diag::{Diagnostic, Error};
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};
use crate::plan::print::{Ink, Prints};
use crate::plan::view::Views;
use crate::plan::{Output, Planned, UrlPath, place_into};
use crate::redact;
use crate::theme::Theme;

/// Takes outputs. Called from many threads.
pub trait Sink: Sync {
    /// Takes a file's content, and returns its stamp.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Stamp, Error>;

    /// Takes a file that is the same as in the last build, if that is still there; returns whether it is.
    fn keep(&self, path: &SitePath, stamp: Stamp) -> bool;

    /// Returns whether [`keep`](Self::keep) would take a file.
    fn holds(&self, path: &SitePath, stamp: Stamp) -> bool;

    /// Returns the stamp of a file of the last build that is as it was left; none where nothing is kept.
    fn left(&self, _path: &SitePath) -> Option<Stamp> {
        None
    }

    /// Leaves such a file out of the site, whose other files all stay.
    fn drop(&self, _path: &SitePath) {}

    /// Returns the content of such a file.
    fn read(&self, _path: &SitePath) -> Option<Vec<u8>> {
        None
    }

    /// Takes a copy of a file of the site's folder, and returns its stamp.
    ///
    /// # Errors
    /// When it cannot be read or kept.
    fn copy(&self, path: &SitePath, source: &SitePath) -> Result<Stamp, Error>;
}

/// What an output was made from, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Fingerprint of all that it depends on.
    pub print: Fingerprint,
    /// Its size and content.
    pub stamp: Stamp,
}

/// Knows what earlier builds made. Called from many threads.
pub trait Known: Sync {
    /// Returns what the output with this address, as a fingerprint, was made from the last time.
    fn made(&self, url: Fingerprint) -> Option<Made>;
}

/// What rendering came to.
#[derive(Debug, Default)]
pub struct Rendered {
    /// Reports of templates that failed. When there is one, the site is not whole and must not be shown.
    pub reports: Vec<Diagnostic>,
    /// The outputs that could be known the next time, by fingerprints of their addresses, in the order of the plan.
    pub made: Vec<(Fingerprint, Made)>,
    /// How many outputs were not rendered, because they are the same as before.
    pub reused: usize,
}

/// Renders all outputs of the plan into `sink`, but for those that are `known` and still there. `done` is called after each.
///
/// # Errors
/// Those of the sink.
pub fn render(
    views: &Views<'_>,
    tera: &mut Tera,
    theme: &Theme,
    known: Option<(&Prints<'_>, &dyn Known)>,
    sink: &dyn Sink,
    done: &(dyn Fn() + Sync),
) -> Result<Rendered, Error> {
    share(views, tera);
    let pages = Pages::new(views, tera, theme);
    let entries = EntriesOnDemand::new(&pages);
    let (feeds, data) = (Feeds::new(views), Data::new(views));
    let pages = &pages;
    let renderer = Renderer { views, pages, entries, feeds, data, theme, known, sink };
    let all: Vec<Outcome> = views
        .plan
        .outputs
        .par_iter()
        .map_init(Buffers::default, |buffers, planned| {
            let outcome = renderer.output(planned, buffers);
            done();
            outcome
        })
        .collect::<Result<_, Error>>()?;
    let mut sum = Rendered::default();
    let mut failed = Vec::new();
    for outcome in all {
        match outcome {
            Outcome::Anew => {}
            Outcome::Made(url, made) => sum.made.push((url, made)),
            Outcome::Reused(url, made) => {
                sum.reused += 1;
                sum.made.push((url, made));
            }
            Outcome::Parts(parts) => sum.made.extend(parts),
            Outcome::Failed(report) => failed.push(report),
        }
    }
    sum.reports = first_of_each(failed.into_iter().chain(renderer.entries.into_failures()));
    Ok(sum)
}

/// Renders one output of the plan into `sink`; the site map with all its parts. `tera` has the values that all pages
/// share: see [`share`].
///
/// # Errors
/// Those of the sink. The inner error is the report of a template that failed.
pub fn render_one(
    views: &Views<'_>,
    tera: &Tera,
    theme: &Theme,
    planned: &Planned,
    sink: &dyn Sink,
) -> Result<Result<(), Box<Diagnostic>>, Error> {
    let pages = Pages::new(views, tera, theme);
    let entries = EntriesOnDemand::new(&pages);
    let (feeds, data) = (Feeds::new(views), Data::new(views));
    let renderer =
        Renderer { views, pages: &pages, entries, feeds, data, theme, known: None, sink };
    let outcome = renderer.output(planned, &mut Buffers::default())?;
    let failed = match outcome {
        Outcome::Failed(report) => Some(report),
        _ => renderer.entries.into_failures().next(),
    };
    Ok(failed.map_or(Ok(()), Err))
}

/// Hands the values that all pages share to the templates.
pub fn share(views: &Views<'_>, tera: &mut Tera) {
    for (name, value) in views.globals() {
        tera.global_context().insert_value(name, value);
    }
}

/// Keeps the first report of each place: a template that fails does so on every page.
fn first_of_each(reports: impl Iterator<Item = Box<Diagnostic>>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    for report in reports {
        if !kept.iter().any(|one| one.place == report.place) {
            kept.push(*report);
        }
    }
    kept
}

/// Returns what an output is known by.
fn name_of(url: &UrlPath) -> Fingerprint {
    Fingerprint::of(url.as_str().as_bytes())
}

fn file_of(planned: &Planned) -> Result<&SitePath, Error> {
    let missing = || Error::internal(format!("`{}` is not the address of a file", planned.url));
    planned.path.as_ref().ok_or_else(missing)
}

/// Returns what may be told of what was taken down, as JSON.
fn removals(config: &SiteConfig) -> String {
    let row = |told: &Removal| {
        let Removal { date, id, pages, names } = told;
        let mut row =
            serde_json::json!({ "removed": date.to_string(), "pages": pages, "names": names });
        if !id.is_empty() {
            row["id"] = id.as_str().into();
        }
        format!("  {row}")
    };
    let rows: Vec<String> = config.redactions.told.iter().map(row).collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

/// Everything that outputs are made from.
struct Renderer<'a> {
    views: &'a Views<'a>,
    pages: &'a Pages<'a>,
    entries: EntriesOnDemand<'a>,
    feeds: Feeds<'a>,
    data: Data<'a>,
    theme: &'a Theme,
    /// What outputs are made from, and were made from; none when all are wanted.
    known: Option<(&'a Prints<'a>, &'a dyn Known)>,
    sink: &'a dyn Sink,
}

/// Memory that grows to the largest output once, instead of anew for every output.
#[derive(Default)]
struct Buffers {
    /// An output whose addresses carry their mark.
    marked: Vec<u8>,
    /// The finished output.
    placed: Vec<u8>,
    ink: Ink,
}

/// What became of a planned output.
enum Outcome {
    /// It is made anew each time.
    Anew,
    Made(Fingerprint, Made),
    Reused(Fingerprint, Made),
    /// The parts of the site map or the search index.
    Parts(Vec<(Fingerprint, Made)>),
    Failed(Box<Diagnostic>),
}

/// An error of the sink stops all; a report is about one output.
type Done = Result<Outcome, Error>;

impl Renderer<'_> {
    fn output(&self, planned: &Planned, buffers: &mut Buffers) -> Done {
        let url = &planned.url;
        let name = name_of(url);
        let print = self.known.and_then(|(prints, _)| prints.of(&planned.output, &mut buffers.ink));
        if let (Some(print), Some(path)) = (print, &planned.path)
            && !matches!(planned.output, Output::Sitemap | Output::Search)
            && let Some(made) = self.keep(name, path, print)
        {
            return Ok(Outcome::Reused(name, made));
        }
        buffers.marked.clear();
        let marked = &mut buffers.marked;
        match &planned.output {
            Output::Page(page) => {
                if let Err(report) = self.pages.render(*page, url, &self.entries, marked) {
                    return Ok(Outcome::Failed(report));
                }
            }
            Output::Data(page) => self.data.twin(*page, marked),
            Output::Redirect(to) => marked.extend(self.pages.redirect(to).as_bytes()),
            Output::Feed(of, format) => marked.extend(self.feeds.write(*of, *format)),
            Output::Catalog => return self.catalog(planned, print),
            Output::Removals => marked.extend(removals(self.views.config).into_bytes()),
            Output::Robots => marked.extend(self.robots().as_bytes()),
            Output::Host(file) => {
                let Views { plan, config, .. } = self.views;
                marked.extend(crate::hosting::host_file(*file, plan, config).into_bytes());
            }
            Output::Sitemap => return self.sitemap(planned, print),
            Output::Search => return self.search(),
            Output::Copy(source) => return self.copy(planned, source),
            Output::Asset(number) => {
                let asset = &self.theme.assets[*number];
                self.sink.put(&asset.path, &asset.bytes)?;
                return Ok(Outcome::Anew);
            }
        }
        let stamp = match self.put(planned, buffers)? {
            Ok(stamp) => stamp,
            Err(report) => return Ok(Outcome::Failed(report)),
        };
        Ok(print.map_or(Outcome::Anew, |print| Outcome::Made(name, Made { print, stamp })))
    }

    /// Keeps a file that is made from the same as before, if it is still there.
    fn keep(&self, name: Fingerprint, path: &SitePath, print: Fingerprint) -> Option<Made> {
        let made = self.known?.1.made(name).filter(|made| made.print == print)?;
        self.sink.keep(path, made.stamp).then_some(made)
    }

    /// Puts a file, with its own prefix before every address inside the site.
    ///
    /// The inner error is the report when it would hold what was taken down.
    fn put(
        &self,
        planned: &Planned,
        buffers: &mut Buffers,
    ) -> Result<Result<Stamp, Box<Diagnostic>>, Error> {
        let prefix = self.views.plan.addresses.prefix(&planned.url);
        buffers.placed.clear();
        place_into(&buffers.marked, &prefix, &mut buffers.placed);
        self.put_placed(planned, &buffers.placed)
    }

    /// Puts a file whose addresses have their prefix.
    fn put_placed(
        &self,
        planned: &Planned,
        bytes: &[u8],
    ) -> Result<Result<Stamp, Box<Diagnostic>>, Error> {
        let redactions = &self.views.config.redactions;
        if let Some(report) = redact::left(planned.url.as_str(), bytes, redactions) {
            return Ok(Err(Box::new(report)));
        }
        self.sink.put(file_of(planned)?, bytes).map(Ok)
    }

    /// Puts the catalog, whose memory is given back at once: it is larger by far than any other file.
    fn catalog(&self, planned: &Planned, print: Option<Fingerprint>) -> Done {
        let prefix = self.views.plan.addresses.prefix(&planned.url);
        let bytes = catalog::catalog(self.views, &self.data, &prefix);
        let stamp = match self.put_placed(planned, &bytes)? {
            Ok(stamp) => stamp,
            Err(report) => return Ok(Outcome::Failed(report)),
        };
        let name = name_of(&planned.url);
        Ok(print.map_or(Outcome::Anew, |print| Outcome::Made(name, Made { print, stamp })))
    }

    fn copy(&self, planned: &Planned, source: &SitePath) -> Done {
        let redactions = &self.views.config.redactions;
        if let Some(report) = redact::left(planned.url.as_str(), &[], redactions) {
            return Ok(Outcome::Failed(Box::new(report.in_file(source))));
        }
        self.sink.copy(file_of(planned)?, source).map(|_| Outcome::Anew)
    }

    /// Puts the site map, or keeps it; how many parts it has is only known when it is made.
    fn sitemap(&self, planned: &Planned, print: Option<Fingerprint>) -> Done {
        let base = self.views.plan.addresses.absolute(&UrlPath::home());
        let Some(base) = base else { return Ok(Outcome::Anew) };
        let name = name_of(&planned.url);
        // One in several parts is made anew: a part that is gone would be found after others were kept.
        let part = name_of(&sitemap::part(1));
        let is_whole = self.known.is_some_and(|(_, known)| known.made(part).is_none());
        if is_whole
            && let Some(made) =
                print.and_then(|print| self.keep(name, planned.path.as_ref()?, print))
        {
            return Ok(Outcome::Reused(name, made));
        }
        let mut parts = Vec::new();
        for (name, xml) in sitemap::sitemap(&base, &self.pages.for_search_engines()) {
            let url = UrlPath::file(&name);
            let Some(path) = url.output() else { continue };
            let stamp = self.sink.put(&path, xml.as_bytes())?;
            parts.extend(print.map(|print| (name_of(&url), Made { print, stamp })));
        }
        Ok(Outcome::Parts(parts))
    }

    fn robots(&self) -> String {
        let mut text = "User-agent: *\nAllow: /\n".to_owned();
        if let Some(url) = self.views.plan.addresses.absolute(&UrlPath::file("sitemap.xml")) {
            text.push_str("\nSitemap: ");
            text.push_str(&url);
            text.push('\n');
        }
        text
    }
}
