//! HTML pages and redirects.

use std::borrow::Cow;

use tera::{Context, Tera, Value};

use crate::config::Rights;
use crate::diag::Diagnostic;
use crate::ids::{ArticleId, IdVec, Memo};
use crate::plan::view::{Entries, Views, escape, iso};
use crate::plan::{Output, PageKind, UrlPath};
use crate::resolve::Article;
use crate::theme::{Theme, render_error};

/// The entries of articles, each rendered when the first list shows it.
pub(super) struct EntriesOnDemand<'a> {
    pages: &'a Pages<'a>,
    entries: Memo<ArticleId, Result<Value, Box<Diagnostic>>>,
}

impl<'a> EntriesOnDemand<'a> {
    pub(super) fn new(pages: &'a Pages<'a>) -> Self {
        Self { pages, entries: Memo::new(pages.views.site.articles.len()) }
    }

    /// Returns the reports of entries that could not be rendered; lists without them are not whole.
    pub(super) fn into_failures(self) -> impl Iterator<Item = Box<Diagnostic>> {
        self.entries.into_made().filter_map(Result::err)
    }
}

impl Entries for EntriesOnDemand<'_> {
    fn entry(&self, id: ArticleId) -> Value {
        let entry = self.entries.get(id, || self.pages.entry(id));
        entry.as_ref().map_or_else(|_| Value::none(), Clone::clone)
    }
}

/// Renders pages.
pub(super) struct Pages<'a> {
    views: &'a Views<'a>,
    tera: &'a Tera,
    theme: &'a Theme,
}

impl<'a> Pages<'a> {
    pub(super) fn new(views: &'a Views<'a>, tera: &'a Tera, theme: &'a Theme) -> Self {
        Self { views, tera, theme }
    }

    /// Renders an article's entry in lists.
    fn entry(&self, id: ArticleId) -> Result<Value, Box<Diagnostic>> {
        let mut context = Context::new();
        context.insert_value("card", self.views.card(id));
        let url = &self.views.plan.urls.articles[id];
        let mut html = Vec::with_capacity(1024);
        self.template("entry.html", &context, url, &mut html)?;
        Ok(Value::safe_string(&String::from_utf8_lossy(&html)))
    }

    /// Appends a page to `out`; addresses in it still carry their mark.
    pub(super) fn render(
        &self,
        page: PageKind,
        url: &UrlPath,
        entries: &EntriesOnDemand<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        let view = self.views.view(page, entries);
        let mut context = Context::new();
        for (name, value) in view.values {
            context.insert_value(name, value);
        }
        self.template(&view.template, &context, url, out)
    }

    fn template(
        &self,
        name: &str,
        context: &Context,
        url: &UrlPath,
        out: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        let done = self.tera.render_to(name, context, out);
        done.map_err(|error| Box::new(render_error(self.theme, &error, &url.to_string())))
    }

    /// Returns a page that sends its visitors on, also where the host knows nothing of redirects.
    pub(super) fn redirect(&self, to: &UrlPath) -> String {
        let href = escape(&self.views.plan.addresses.href(to));
        let canonical = self.views.plan.addresses.absolute(to);
        let canonical = canonical.map_or_else(|| href.clone(), |url| escape(&url));
        let language = escape(&self.views.config.language);
        let title = escape(&self.views.config.title);
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <meta name=\"robots\" content=\"noindex\">\n<link rel=\"canonical\" href=\"{canonical}\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={href}\">\n</head>\n<body>\n\
             <p><a href=\"{href}\">{title}</a></p>\n</body>\n</html>\n"
        )
    }

    /// Returns the absolute URLs that search engines are invited to, each with its last change:
    /// pages that are canonical and not closed to robots, lists by their newest page only.
    pub(super) fn for_search_engines(&self) -> Vec<(String, Option<String>)> {
        let plan = self.views.plan;
        let pages = plan.outputs.iter().filter_map(|planned| match planned.output {
            Output::Page(page) if page.number().is_none() => Some((page, &planned.url)),
            _ => None,
        });
        let open = pages.filter(|(page, _)| self.is_open(*page));
        let site = self.views.site;
        let times: Vec<Option<String>> = site.articles.iter().map(changed).collect();
        let times = IdVec::from(times);
        let entry = |(page, url): (PageKind, &UrlPath)| {
            let changed = self.changed(page, &times).map(Cow::into_owned);
            Some((plan.addresses.absolute(url)?, changed))
        };
        open.filter_map(entry).collect()
    }

    fn is_open(&self, page: PageKind) -> bool {
        let site = self.views.site;
        match page {
            PageKind::NotFound | PageKind::Removed(_) => false,
            PageKind::Article(id) => {
                let article = &site.articles[id];
                let elsewhere = article.origin.as_ref().is_some_and(|origin| origin.url.is_some());
                let is_copy = elsewhere && article.rights == Rights::Full;
                !article.draft && !is_copy
            }
            PageKind::Entity(id, _) => self.views.is_open(id),
            PageKind::Kind(kind) => site.of_kind(kind).len() > 0,
            PageKind::Topics => !site.topics.is_empty(),
            PageKind::Sources => !site.sources.is_empty(),
            _ => true,
        }
    }

    /// Returns when a page last changed; `times` is when each article did.
    fn changed<'t>(
        &self,
        page: PageKind,
        times: &'t IdVec<ArticleId, Option<String>>,
    ) -> Option<Cow<'t, str>> {
        let site = self.views.site;
        let newest = |ids: &[ArticleId]| ids.iter().filter_map(|id| times[*id].as_deref()).max();
        let all = times.as_slice();
        let newest_of = |range: &'t [Option<String>]| range.iter().flatten().max();
        match page {
            PageKind::Article(id) => times[id].as_deref().map(Cow::from),
            PageKind::Entity(id, _) => newest(&site.entities[id].articles).map(Cow::from),
            PageKind::Topic(id, _) => newest(&site.topics[id].articles).map(Cow::from),
            PageKind::Source(id, _) => newest(&site.sources[id].articles).map(Cow::from),
            PageKind::Standalone(number) => {
                site.pages[number].front.updated.as_ref().map(|when| iso(when).into())
            }
            PageKind::Year(period, _) | PageKind::Month(period, _) => {
                newest_of(&all[period.first as usize..period.end as usize]).map(Cow::from)
            }
            PageKind::Home(_) | PageKind::Archive => newest_of(all).map(Cow::from),
            PageKind::Story(first) => newest(&self.views.relations.reports[first]).map(Cow::from),
            PageKind::Issue(at) => newest(&self.views.plan.issues[at].articles).map(Cow::from),
            PageKind::Kind(_)
            | PageKind::Issues(_)
            | PageKind::Corrections
            | PageKind::About
            | PageKind::Names
            | PageKind::Search
            | PageKind::Speakers
            | PageKind::Voices(..)
            | PageKind::Subjects
            | PageKind::Subject(..)
            | PageKind::Stories(_)
            | PageKind::Topics
            | PageKind::Sources
            | PageKind::NotFound
            | PageKind::Removed(_) => None,
        }
    }
}

/// Returns when an article last changed, as far as it is known.
fn changed(article: &Article) -> Option<String> {
    article.updated.as_ref().or(article.date.as_ref().map(|date| &date.value)).map(iso)
}
