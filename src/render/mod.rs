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
mod pages;
mod sitemap;
mod xml;

use rayon::prelude::*;
use tera::Tera;

use self::feeds::Feeds;
use self::pages::Pages;
use crate::diag::{Diagnostic, Error};
use crate::files::SitePath;
use crate::ids::{Id, IdVec};
use crate::plan::view::{Entries, Views};
use crate::plan::{Output, Planned, UrlPath, place};
use crate::theme::Theme;

/// Takes outputs. Called from many threads.
pub trait Sink: Sync {
    /// Takes a file's content.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<(), Error>;

    /// Takes a copy of a file of the site's folder.
    ///
    /// # Errors
    /// When it cannot be read or kept.
    fn copy(&self, path: &SitePath, source: &SitePath) -> Result<(), Error>;
}

/// Renders all outputs into `sink`. `done` is called after each.
///
/// When a report is returned, the site is not whole and must not be shown.
///
/// # Errors
/// Those of the sink.
pub fn render(
    views: &Views<'_>,
    tera: &mut Tera,
    theme: &Theme,
    sink: &dyn Sink,
    done: &(dyn Fn() + Sync),
) -> Result<Vec<Diagnostic>, Error> {
    for (name, value) in views.globals() {
        tera.global_context().insert_value(name, value);
    }
    let pages = Pages::new(views, tera, theme);
    let entries: Vec<_> = (0..views.site.articles.len())
        .into_par_iter()
        .map(|at| pages.entry(Id::from_index(at)))
        .collect();
    let entries = match collect(entries) {
        Ok(entries) => entries,
        Err(reports) => return Ok(reports),
    };
    let renderer = Renderer { views, pages, entries, feeds: Feeds::new(views), theme, sink };
    let failed: Vec<Option<Box<Diagnostic>>> = views
        .plan
        .outputs
        .par_iter()
        .map(|planned| {
            let failed = renderer.output(planned);
            done();
            failed
        })
        .collect::<Result<_, Error>>()?;
    Ok(first_of_each(failed.into_iter().flatten()))
}

/// Separates the values from the failures.
fn collect(entries: Vec<Result<tera::Value, Box<Diagnostic>>>) -> Result<Entries, Vec<Diagnostic>> {
    let mut failed = Vec::new();
    let mut values = Vec::with_capacity(entries.len());
    for entry in entries {
        match entry {
            Ok(value) => values.push(value),
            Err(report) => failed.push(report),
        }
    }
    if failed.is_empty() { Ok(IdVec::from(values)) } else { Err(first_of_each(failed.into_iter())) }
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

/// Everything that outputs are made from.
struct Renderer<'a> {
    views: &'a Views<'a>,
    pages: Pages<'a>,
    entries: Entries,
    feeds: Feeds<'a>,
    theme: &'a Theme,
    sink: &'a dyn Sink,
}

/// An error of the sink stops all; a report is about one output.
type Done = Result<Option<Box<Diagnostic>>, Error>;

impl Renderer<'_> {
    fn output(&self, planned: &Planned) -> Done {
        let url = &planned.url;
        match &planned.output {
            Output::Page(page) => match self.pages.render(*page, url, &self.entries) {
                Ok(bytes) => self.put(url, &bytes),
                Err(report) => Ok(Some(report)),
            },
            Output::Data(page) => self.put(url, &data::twin(self.views, *page)),
            Output::Redirect(to) => self.put(url, self.pages.redirect(to).as_bytes()),
            Output::Feed(of, format) => self.put(url, &self.feeds.write(*of, *format)),
            Output::Catalog => self.put(url, &catalog::catalog(self.views)),
            Output::Sitemap => self.sitemap(),
            Output::Robots => self.put(url, self.robots().as_bytes()),
            Output::Copy(source) => self.copy(url, source),
            Output::Asset(number) => {
                let asset = &self.theme.assets[*number];
                self.sink.put(&asset.path, &asset.bytes).map(|()| None)
            }
        }
    }

    /// Puts a file, with its own prefix before every address inside the site.
    fn put(&self, url: &UrlPath, marked: &[u8]) -> Done {
        let bytes = place(marked, &self.views.plan.addresses.prefix(url));
        match url.output() {
            Some(path) => self.sink.put(&path, &bytes).map(|()| None),
            None => Err(Error::internal(format!("`{url}` is not the address of a file"))),
        }
    }

    fn copy(&self, url: &UrlPath, source: &SitePath) -> Done {
        match url.output() {
            Some(path) => self.sink.copy(&path, source).map(|()| None),
            None => Err(Error::internal(format!("`{url}` is not the address of a file"))),
        }
    }

    fn sitemap(&self) -> Done {
        let addresses = &self.views.plan.addresses;
        let Some(base) = addresses.absolute(&UrlPath::home()) else { return Ok(None) };
        for (name, xml) in sitemap::sitemap(&base, &self.pages.for_search_engines()) {
            self.put(&UrlPath::file(&name), xml.as_bytes())?;
        }
        Ok(None)
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
