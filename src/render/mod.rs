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
mod sitemap;
mod xml;

use rayon::prelude::*;
use tera::Tera;

use self::data::Data;
use self::feeds::Feeds;
use self::pages::Pages;
use crate::diag::{Diagnostic, Error};
use crate::files::SitePath;
use crate::ids::{Id, IdVec, Stamp};
use crate::plan::view::{Entries, Views};
use crate::plan::{Output, Planned, UrlPath, place_into};
use crate::theme::Theme;

/// Takes outputs. Called from many threads.
pub trait Sink: Sync {
    /// Takes a file's content, and returns its stamp.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Stamp, Error>;

    /// Takes a file that is the same as in the last build, if that is still there; returns whether it is.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn keep(&self, path: &SitePath, stamp: Stamp) -> Result<bool, Error>;

    /// Takes a copy of a file of the site's folder, and returns its stamp.
    ///
    /// # Errors
    /// When it cannot be read or kept.
    fn copy(&self, path: &SitePath, source: &SitePath) -> Result<Stamp, Error>;
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
        .map_init(Vec::new, |buffer, at| pages.entry(Id::from_index(at), buffer))
        .collect();
    let entries = match collect(entries) {
        Ok(entries) => entries,
        Err(reports) => return Ok(reports),
    };
    let (feeds, data) = (Feeds::new(views), Data::new(views));
    let renderer = Renderer { views, pages, entries, feeds, data, theme, sink };
    let failed: Vec<Option<Box<Diagnostic>>> = views
        .plan
        .outputs
        .par_iter()
        .map_init(Buffers::default, |buffers, planned| {
            let failed = renderer.output(planned, buffers);
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
    data: Data<'a>,
    theme: &'a Theme,
    sink: &'a dyn Sink,
}

/// Memory that grows to the largest output once, instead of anew for every output.
#[derive(Default)]
struct Buffers {
    /// An output whose addresses carry their mark.
    marked: Vec<u8>,
    /// The finished output.
    placed: Vec<u8>,
}

/// An error of the sink stops all; a report is about one output.
type Done = Result<Option<Box<Diagnostic>>, Error>;

impl Renderer<'_> {
    fn output(&self, planned: &Planned, buffers: &mut Buffers) -> Done {
        let url = &planned.url;
        buffers.marked.clear();
        let marked = &mut buffers.marked;
        match &planned.output {
            Output::Page(page) => {
                if let Err(report) = self.pages.render(*page, url, &self.entries, marked) {
                    return Ok(Some(report));
                }
            }
            Output::Data(page) => self.data.twin(*page, marked),
            Output::Redirect(to) => marked.extend(self.pages.redirect(to).as_bytes()),
            Output::Feed(of, format) => marked.extend(self.feeds.write(*of, *format)),
            Output::Catalog => marked.extend(catalog::catalog(self.views, &self.data)),
            Output::Robots => marked.extend(self.robots().as_bytes()),
            Output::Sitemap => return self.sitemap(buffers),
            Output::Copy(source) => return self.copy(url, source),
            Output::Asset(number) => {
                let asset = &self.theme.assets[*number];
                return self.sink.put(&asset.path, &asset.bytes).map(|_| None);
            }
        }
        self.put(url, buffers)
    }

    /// Puts a file, with its own prefix before every address inside the site.
    fn put(&self, url: &UrlPath, buffers: &mut Buffers) -> Done {
        let prefix = self.views.plan.addresses.prefix(url);
        buffers.placed.clear();
        place_into(&buffers.marked, &prefix, &mut buffers.placed);
        match url.output() {
            Some(path) => self.sink.put(&path, &buffers.placed).map(|_| None),
            None => Err(Error::internal(format!("`{url}` is not the address of a file"))),
        }
    }

    fn copy(&self, url: &UrlPath, source: &SitePath) -> Done {
        match url.output() {
            Some(path) => self.sink.copy(&path, source).map(|_| None),
            None => Err(Error::internal(format!("`{url}` is not the address of a file"))),
        }
    }

    fn sitemap(&self, buffers: &mut Buffers) -> Done {
        let addresses = &self.views.plan.addresses;
        let Some(base) = addresses.absolute(&UrlPath::home()) else { return Ok(None) };
        for (name, xml) in sitemap::sitemap(&base, &self.pages.for_search_engines()) {
            buffers.marked.clear();
            buffers.marked.extend(xml.as_bytes());
            self.put(&UrlPath::file(&name), buffers)?;
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
