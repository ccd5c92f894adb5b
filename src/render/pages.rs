//! HTML pages and redirects.

use std::cell::RefCell;

use tera::{Context, Tera, Value};

use crate::config::Rights;
use crate::diag::Diagnostic;
use crate::ids::ArticleId;
use crate::plan::view::{Entries, Views, escape, iso};
use crate::plan::{Output, PageKind, UrlPath};
use crate::theme::{Theme, render_error};

/// Renders pages.
pub(super) struct Pages<'a> {
    views: &'a Views<'a>,
    tera: &'a Tera,
    theme: &'a Theme,
}

thread_local! {
    /// Grows to the largest page once, instead of growing anew for every page.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl<'a> Pages<'a> {
    pub(super) fn new(views: &'a Views<'a>, tera: &'a Tera, theme: &'a Theme) -> Self {
        Self { views, tera, theme }
    }

    /// Renders an article's entry in lists.
    pub(super) fn entry(&self, id: ArticleId) -> Result<Value, Box<Diagnostic>> {
        let mut context = Context::new();
        context.insert_value("card", self.views.card(id));
        let url = &self.views.plan.urls.articles[id];
        let html = self.template("entry.html", &context, url)?;
        Ok(Value::safe_string(&String::from_utf8_lossy(&html)))
    }

    /// Renders a page; addresses in it still carry their mark.
    pub(super) fn render(
        &self,
        page: PageKind,
        url: &UrlPath,
        entries: &Entries,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let view = self.views.view(page, entries);
        let mut context = Context::new();
        for (name, value) in view.values {
            context.insert_value(name, value);
        }
        self.template(&view.template, &context, url)
    }

    fn template(
        &self,
        name: &str,
        context: &Context,
        url: &UrlPath,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.clear();
            match self.tera.render_to(name, context, &mut *buffer) {
                Ok(()) => Ok(buffer.clone()),
                Err(error) => Err(Box::new(render_error(self.theme, &error, &url.to_string()))),
            }
        })
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
        open.filter_map(|(page, url)| Some((plan.addresses.absolute(url)?, self.changed(page))))
            .collect()
    }

    fn is_open(&self, page: PageKind) -> bool {
        let site = self.views.site;
        match page {
            PageKind::NotFound => false,
            PageKind::Article(id) => {
                let article = &site.articles[id];
                let elsewhere = article.origin.as_ref().is_some_and(|origin| origin.url.is_some());
                let is_copy = elsewhere && article.rights == Rights::Full;
                !article.draft && !is_copy
            }
            PageKind::Entity(id, _) => self.views.is_open(id),
            PageKind::Kind(kind) => site.entities.iter().any(|entity| entity.kind == kind),
            PageKind::Topics => !site.topics.is_empty(),
            PageKind::Sources => !site.sources.is_empty(),
            _ => true,
        }
    }

    fn changed(&self, page: PageKind) -> Option<String> {
        let site = self.views.site;
        let newest =
            |ids: &[ArticleId]| ids.iter().filter_map(|id| self.article_changed(*id)).max();
        match page {
            PageKind::Article(id) => self.article_changed(id),
            PageKind::Entity(id, _) => newest(&site.entities[id].articles),
            PageKind::Topic(id, _) => newest(&site.topics[id].articles),
            PageKind::Source(id, _) => newest(&site.sources[id].articles),
            PageKind::Standalone(number) => site.pages[number].front.updated.as_ref().map(iso),
            PageKind::Year(period, _) | PageKind::Month(period, _) => {
                let all = site.articles.pairs().skip(period.first as usize);
                let shown = all.take((period.end - period.first) as usize);
                shown.filter_map(|(id, _)| self.article_changed(id)).max()
            }
            PageKind::Home(_) | PageKind::Archive => {
                site.articles.ids().filter_map(|id| self.article_changed(id)).max()
            }
            PageKind::Kind(_) | PageKind::Topics | PageKind::Sources | PageKind::NotFound => None,
        }
    }

    fn article_changed(&self, id: ArticleId) -> Option<String> {
        let article = &self.views.site.articles[id];
        article.updated.as_ref().or(article.date.as_ref().map(|date| &date.value)).map(iso)
    }
}
