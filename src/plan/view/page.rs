//! What every page has: the site's values, the page's head, the pager.

use std::borrow::Cow;

use tera::Value;

use super::value::{object, optional};
use super::{Views, direction, json_ld};
use crate::ids::ArticleId;
use crate::plan::{
    FeedFormat, FeedOf, NAMES, PageKind, Pages, Plan, UrlPath, has_figures, has_issues, has_search,
    has_speakers, has_stories, is_issue,
};
use crate::resolve::Status;
use crate::theme::Theme;

/// Files of a site's `static` folder that are its icon, the best one first.
const ICONS: [&str; 3] = ["favicon.svg", "favicon.png", "favicon.ico"];

/// A page, ready for its template.
#[derive(Debug)]
pub struct PageView {
    /// Name of the template.
    pub template: Cow<'static, str>,
    /// The values that are this page's own, by name.
    pub values: Vec<(&'static str, Value)>,
}

/// Values of the head that pages share.
#[derive(Debug)]
pub(super) struct Head {
    /// `site`.
    pub(super) site: Value,
    /// The link to the site's feed.
    feed: Option<Value>,
    /// The trail that starts at the home page.
    home: Option<Value>,
}

/// What a page's head says.
#[derive(Debug, Default)]
pub(super) struct Meta<'a> {
    pub(super) title: Cow<'a, str>,
    pub(super) description: Option<&'a str>,
    /// In place of the page's own address.
    pub(super) canonical: Option<&'a str>,
    pub(super) robots: Option<&'static str>,
    pub(super) json_ld: Option<String>,
    /// Day or instant, for articles.
    pub(super) published: Option<String>,
    pub(super) nav_id: Option<&'a str>,
    /// Name and address of each step below the home page.
    pub(super) trail: Vec<(Cow<'a, str>, String)>,
    pub(super) language: Option<&'a str>,
    /// The feed of this page, if it has one of its own.
    pub(super) feed: Option<FeedOf>,
    /// What is said in the place of what was taken down.
    pub(super) removed: Option<String>,
}

impl Head {
    /// Returns a head without values, to begin with.
    pub(super) fn empty() -> Self {
        Self { site: Value::none(), feed: None, home: None }
    }

    pub(super) fn new(views: &Views<'_>, theme: &Theme) -> Self {
        let config = views.config;
        let home = views.page_href(PageKind::Home(None));
        let site = object! { views.words;
            "title" => config.title.as_str(),
            "description" => optional(Some(config.description.as_str()).filter(|text| !text.is_empty())),
            "language" => config.language.as_str(),
            "dir" => direction(&config.language),
            "url" => home.as_str(),
            "author" => optional(config.author.as_deref()),
            "style" => views.href(&UrlPath::file(theme.style.as_str())),
            "assets" => assets(views, theme),
            "icon" => optional(icon(views, theme).as_deref()),
            "policy" => optional(config.hosting.policy_in_pages().as_deref()),
            "nav" => views.nav(),
            "topics_url" => views.page_href(PageKind::Topics),
            "names_url" => if views.theme.template(NAMES).is_some() {
                views.page_href(PageKind::Names).into()
            } else {
                Value::none()
            },
            "search_url" => if has_search(config, views.theme) {
                views.page_href(PageKind::Search).into()
            } else {
                Value::none()
            },
            "archive_url" => views.page_href(PageKind::Archive),
            "about_url" => if views.plan.has_about {
                views.page_href(PageKind::About).into()
            } else {
                Value::none()
            },
            "extra" => Value::from_serializable(&config.extra),
        };
        let trail = object! { views.words; "name" => views.strings.get("home"), "url" => home };
        let feed = views.feed(FeedOf::Site, &config.title);
        Self { site, feed: Some(feed), home: Some(trail) }
    }
}

/// Returns the addresses of the theme's files by their names, and of the images that its options name.
fn assets(views: &Views<'_>, theme: &Theme) -> Value {
    let href = |path: &str| Value::from(views.href(&UrlPath::file(path)));
    let own = theme.paths.iter().map(|(name, path)| (name.clone(), href(path.as_str())));
    let images = theme.images().map(|path| (path.to_owned(), href(&path[1..])));
    Value::from(own.chain(images).collect::<std::collections::BTreeMap<String, Value>>())
}

/// Returns the address of the icon that the site brings itself.
fn icon(views: &Views<'_>, theme: &Theme) -> Option<String> {
    let is_own = |name: &&str| theme.site_assets.iter().any(|asset| asset.output.as_str() == *name);
    ICONS.iter().copied().find(is_own).map(|name| views.href(&UrlPath::file(name)))
}

impl Views<'_> {
    /// Returns the entries of the navigation: what there is, and the standalone pages at the top.
    fn nav(&self) -> Value {
        let mut nav: Vec<Value> = Vec::new();
        let mut add = |name: &str, page: PageKind, id: &str| {
            nav.push(
                object! { self.words; "name" => name, "url" => self.page_href(page), "id" => id },
            );
        };
        add(self.strings.get("latest"), PageKind::Home(None), "home");
        if !self.site.topics.is_empty() {
            add(self.strings.get("topics"), PageKind::Topics, "topics");
        }
        let kinds = &self.config.entities.kinds;
        for kind in kinds.all() {
            if self.site.of_kind(kind).len() > 0 {
                let plural = kinds.plural(kind);
                add(&self.strings.kind(plural), PageKind::Kind(kind), plural);
            }
        }
        if has_issues(self.site, self.config, self.theme) {
            add(self.strings.get("issues"), PageKind::Issues(None), "issues");
        }
        if has_stories(self.relations, self.theme) {
            add(self.strings.get("stories"), PageKind::Stories(None), "stories");
        }
        if has_speakers(self.relations, self.theme) {
            add(self.strings.get("quotes_page"), PageKind::Speakers, "quotes");
        }
        if has_figures(self.relations, self.theme) {
            add(self.strings.get("figures_page"), PageKind::Subjects, "figures");
        }
        if !self.site.sources.is_empty() {
            add(self.strings.get("sources"), PageKind::Sources, "sources");
        }
        add(self.strings.get("archive"), PageKind::Archive, "archive");
        for (number, page) in self.site.pages.iter().enumerate() {
            let top = !is_issue(page)
                && page.path.as_str().matches('/').count() == if page.bundle { 3 } else { 2 };
            if top {
                let id = self.config.redactions.names.erase_slug(page.path.as_str());
                add(&page.title.value, PageKind::Standalone(number), &id);
            }
        }
        nav.into()
    }

    pub(super) fn feed(&self, of: FeedOf, title: &str) -> Value {
        let bare = self.plan.feed_home(of);
        object! { self.words;
            "title" => self.strings.fill("feed", "name", title),
            "url" => self.href(&bare.beside(FeedFormat::Atom.file_name())),
            "type" => FeedFormat::Atom.media_type(),
        }
    }

    /// Returns the trail to a page that stands right below another one.
    pub(super) fn trail<'t>(
        &self,
        step: impl FnOnce() -> (Cow<'t, str>, PageKind),
    ) -> Vec<(Cow<'t, str>, String)> {
        let step = self.words.has("breadcrumbs").then(step);
        step.into_iter().map(|(name, page)| (name, self.page_href(page))).collect()
    }

    /// Returns `page`.
    pub(super) fn page(&self, page: PageKind, kind: &'static str, meta: Meta<'_>) -> Value {
        let url = self.plan.url(page, self.config);
        // A missing page has no address of its own, and one that is gone is not to be remembered.
        let own = self
            .plan
            .addresses
            .absolute(&url)
            .filter(|_| !matches!(page, PageKind::NotFound | PageKind::Removed(_)));
        let title = match page.number() {
            Some(number) => {
                let number = self.strings.count(number);
                format!("{}, {} {number}", meta.title, self.strings.get("page_in_title")).into()
            }
            None => meta.title.clone(),
        };
        let canonical = meta.canonical.or(own.as_deref());
        let language = meta.language;
        let feeds = || -> Vec<Value> {
            match meta.feed {
                Some(of) => vec![self.feed(of, &meta.title)],
                None => self.head.feed.clone().into_iter().collect(),
            }
        };
        let trail = meta.trail.iter().map(
            |(name, url)| object! { self.words; "name" => name.as_ref(), "url" => url.as_str() },
        );
        let crumbs = || -> Vec<Value> {
            match page {
                PageKind::Home(None) | PageKind::NotFound | PageKind::Removed(_) => Vec::new(),
                _ => self.head.home.clone().into_iter().chain(trail).collect(),
            }
        };
        let og = || {
            object! { self.words;
                "type" => if meta.published.is_some() { "article" } else { "website" },
                "title" => meta.title.as_ref(),
                "description" => optional(meta.description),
                "url" => optional(own.as_deref()),
                "published" => optional(meta.published.as_deref()),
            }
        };
        let data = || {
            let twin = self.plan.has_twin(page, self.config).then(|| url.beside("index.json"));
            twin.map_or_else(Value::none, |twin| self.href(&twin).into())
        };
        object! { self.words;
            "kind" => kind,
            "title" => title.as_ref(),
            "description" => optional(meta.description),
            "url" => self.href(&url),
            "canonical" => optional(canonical),
            "robots" => optional(meta.robots),
            "feeds" => feeds(),
            "json_ld" => meta.json_ld.map_or_else(Value::none, |json| Value::safe_string(&json_ld::script(&json))),
            "og" => og(),
            "nav_id" => optional(meta.nav_id),
            "breadcrumbs" => crumbs(),
            "language" => optional(language),
            "dir" => optional(language.map(direction)),
            "data_url" => data(),
            "removed" => optional(meta.removed.as_deref()),
        }
    }

    /// Returns `pager`: null when the list has one page.
    ///
    /// A numbered page shows nothing that depends on the pages after it, so that it never changes:
    /// its newer neighbour has an address even before it is a page of its own, see the plan.
    pub(super) fn pager(&self, bare: &UrlPath, pages: Pages, number: Option<usize>) -> Value {
        let last = pages.numbered();
        if last == 0 {
            return Value::none();
        }
        let url = |number: Option<usize>| self.href(&Plan::numbered(bare, number));
        let top = number.unwrap_or(last);
        let mut shown: Vec<usize> = (1..=top).rev().take(SHOWN).collect();
        if !shown.contains(&1) {
            shown.push(1);
        }
        let newest = object! { self.words; "number" => Value::none(), "url" => url(None), "current" => number.is_none() };
        let numbered = shown.into_iter().map(|one| {
            object! { self.words; "number" => one, "url" => url(Some(one)), "current" => number == Some(one) }
        });
        let items = pages.items(number);
        object! { self.words;
            "newer" => number.map_or_else(Value::none, |number| url(Some(number + 1)).into()),
            "older" => match number {
                Some(1) => Value::none(),
                Some(number) => url(Some(number - 1)).into(),
                None => url(Some(last)).into(),
            },
            "newest" => url(None),
            "number" => number.map_or_else(Value::none, Value::from),
            "pages" => std::iter::once(newest).chain(numbered).collect::<Vec<Value>>(),
            "range" => format!("{}–{}", self.strings.count(items.start + 1), self.strings.count(items.end)),
        }
    }

    /// Returns the view of a page.
    pub fn view(&self, page: PageKind, entries: &dyn Entries) -> PageView {
        match page {
            PageKind::Home(number) => self.home(number, entries),
            PageKind::Article(id) => self.article(id),
            PageKind::Entity(id, number) => self.entity(id, number, entries),
            PageKind::Topic(id, number) => self.topic(id, number, entries),
            PageKind::Source(id, number) => self.source(id, number, entries),
            PageKind::Kind(kind) => {
                let name = |id| self.site.entities[id].name.as_str();
                let items = self.site.of_kind(kind).map(|id| (name(id), self.entity_link(id)));
                let plural = self.config.entities.kinds.plural(kind);
                self.index(page, &self.strings.kind(plural), plural, items.collect())
            }
            PageKind::Topics => {
                let all = self.site.topics.pairs();
                let items = all.map(|(id, topic)| (topic.name.as_str(), self.topic_link(id)));
                self.index(page, self.strings.get("topics"), "topics", items.collect())
            }
            PageKind::Sources => {
                let all = self.site.sources.pairs();
                let items = all.map(|(id, source)| (source.name.as_str(), self.source_link(id)));
                self.index(page, self.strings.get("sources"), "sources", items.collect())
            }
            PageKind::Speakers => self.speakers(),
            PageKind::Voices(id, voice, number) => self.all_voices(id, voice, number),
            PageKind::Subjects => self.subjects_page(),
            PageKind::Subject(id, number) => self.subject_page(id, number),
            PageKind::Stories(number) => self.stories(number),
            PageKind::Story(first) => self.story_page(first),
            PageKind::Issues(number) => self.issues(number),
            PageKind::Issue(at) => self.issue(at, entries),
            PageKind::About => self.about(),
            PageKind::Corrections => self.corrections(),
            PageKind::Names => self.names(),
            PageKind::Search => self.search(),
            PageKind::Archive => self.archive(),
            PageKind::Year(period, number) | PageKind::Month(period, number) => {
                self.period(page, period, number, entries)
            }
            PageKind::Standalone(number) => self.standalone(number),
            PageKind::NotFound => self.not_found(),
            PageKind::Removed(number) => self.removed(number),
        }
    }

    /// Returns a page that says that something was removed, and when. It has no address of its own: search engines are to forget it.
    fn removed(&self, number: usize) -> PageView {
        let place = &self.config.redactions.places[number];
        let meta = Meta {
            title: self.strings.get("removed_title").into(),
            robots: Some("noindex"),
            removed: Some(self.strings.fill(
                "removed_text",
                "date",
                &self.strings.date(place.date),
            )),
            ..Meta::default()
        };
        let page = self.page(PageKind::Removed(number), "removed", meta);
        // Themes of before do not have it.
        let own = self.theme.template("removed.html").is_some();
        let template = if own { "removed.html" } else { "404.html" };
        PageView {
            template: template.into(),
            values: vec![("page", page), ("pager", Value::none())],
        }
    }

    fn not_found(&self) -> PageView {
        let meta = Meta {
            title: self.strings.get("missing_title").into(),
            robots: Some("noindex"),
            ..Meta::default()
        };
        let page = self.page(PageKind::NotFound, "404", meta);
        PageView {
            template: "404.html".into(),
            values: vec![("page", page), ("pager", Value::none())],
        }
    }
}

/// Returns what robots are told about an entity's page: a person whom no editor
/// confirmed, or a page about one article, is not for search engines.
pub(super) fn entity_robots(entity: &crate::resolve::Entity) -> Option<&'static str> {
    let thin = entity.articles.len() < 2 || entity.kind == crate::config::EntityKind::PERSON;
    (entity.status == Status::Suggested && thin).then_some("noindex")
}

/// Page numbers that a pager shows at once.
const SHOWN: usize = 8;

/// The rendered entries of articles, for lists. Called from many threads.
pub trait Entries: Sync {
    /// Returns the entry of an article as safe HTML.
    fn entry(&self, id: ArticleId) -> Value;
}
