//! What templates are handed: `docs/theme-contract.md`, in Rust.
//!
//! In: the site, its relations and its plan. Out: for each page the name of its
//! template and the values. Values that many pages show (links to entities,
//! topics and sources, dates) are made once and shared: cloning a [`Value`] copies
//! a pointer. Addresses in values carry [`MARK`](super::MARK).
//!
//! **Invariant:** every key of the contract that a template of the theme names is
//! present on every page; what is missing is null or empty. Other keys are left out.

mod about;
mod article;
mod body;
mod calendar;
mod cite;
mod coverage;
mod entity;
mod evidence;
mod facts;
mod guides;
mod home;
mod issues;
mod json_ld;
mod lists;
mod page;
mod roles;
mod stories;
mod strings;
mod svg;
mod tree;
mod value;

use std::borrow::Cow;

use jiff::civil::Date;
use tera::Value;

pub(crate) use self::about::{Census, Count, FIELDS};
pub use self::body::Bodies;
pub(crate) use self::body::escape;
pub(crate) use self::home::{recent, running_stories};
pub use self::page::{Entries, PageView};
pub(crate) use self::stories::active_sources;
pub(crate) use self::strings::Strings;
pub(crate) use self::tree::shown_below;
use self::value::object;
use super::{PageKind, Plan};
use crate::config::SiteConfig;
use crate::ids::{ArticleId, EntityId, Memo, SourceId, TopicId};
use crate::load::When;
use crate::relate::Relations;
use crate::resolve::{Site, Status};
use crate::theme::{Theme, Words};

/// The maker of template values.
#[derive(Debug)]
pub struct Views<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its cross-links.
    pub relations: &'a Relations,
    /// Its outputs.
    pub plan: &'a Plan,
    /// The settings.
    pub config: &'a SiteConfig,
    /// The texts of articles.
    pub(crate) bodies: &'a dyn Bodies,
    theme: &'a Theme,
    /// What templates can read; other values are not made.
    words: &'a Words,
    pub(crate) strings: Strings<'a>,
    /// Headings of the kinds, by number.
    kinds: Vec<Value>,
    shared: Shared,
    head: page::Head,
}

/// Values that many pages show, each made when the first page shows it.
#[derive(Debug)]
struct Shared {
    /// Links to entities with their counts, for indexes.
    entities: Memo<EntityId, Value>,
    /// Links to entities without anything that a new article changes, for articles.
    names: Memo<EntityId, Value>,
    /// Links to topics with their counts, for indexes.
    topics: Memo<TopicId, Value>,
    /// Links to topics for articles: those that a person assigned, and those that a rule did.
    labels: Memo<TopicId, [Value; 2]>,
    /// Links to sources with their counts, for indexes.
    sources: Memo<SourceId, Value>,
    source_names: Memo<SourceId, Value>,
    articles: Memo<ArticleId, Named>,
    /// Links to articles, for their neighbours and those they are related to.
    article_links: Memo<ArticleId, Value>,
    /// Entries of articles on the pages of entities, for themes that show no sentences there.
    sections: Memo<ArticleId, Value>,
}

impl Shared {
    fn new(site: &Site) -> Self {
        Self {
            entities: Memo::new(site.entities.len()),
            names: Memo::new(site.entities.len()),
            topics: Memo::new(site.topics.len()),
            labels: Memo::new(site.topics.len()),
            sources: Memo::new(site.sources.len()),
            source_names: Memo::new(site.sources.len()),
            articles: Memo::new(site.articles.len()),
            article_links: Memo::new(site.articles.len()),
            sections: Memo::new(site.articles.len()),
        }
    }
}

/// What other pages say about an article.
#[derive(Debug)]
struct Named {
    title: Value,
    url: Value,
    date: Value,
}

impl<'a> Views<'a> {
    /// Makes the values that pages share.
    pub fn new(
        site: &'a Site,
        relations: &'a Relations,
        plan: &'a Plan,
        config: &'a SiteConfig,
        theme: &'a Theme,
        bodies: &'a dyn Bodies,
    ) -> Self {
        let strings = Strings::new(theme);
        let all = &config.entities.kinds;
        let mut views = Self {
            site,
            relations,
            plan,
            config,
            bodies,
            theme,
            words: &theme.words,
            strings,
            kinds: all.all().map(|kind| strings.kind(all.plural(kind)).into()).collect(),
            shared: Shared::new(site),
            head: page::Head::empty(),
        };
        views.head = page::Head::new(&views, theme);
        views
    }

    fn named(&self, id: ArticleId) -> &Named {
        self.shared.articles.get(id, || {
            let article = &self.site.articles[id];
            Named {
                title: article.title.value.as_str().into(),
                url: self.href(&self.plan.urls.articles[id]).into(),
                date: article.date.as_ref().map_or_else(Value::none, |date| self.when(&date.value)),
            }
        })
    }

    /// Returns the link to an entity in an article.
    fn entity_name(&self, id: EntityId) -> Value {
        let make = || {
            let entity = &self.site.entities[id];
            object! { self.words;
                "name" => entity.name.as_str(),
                "url" => self.href(&self.plan.urls.entities[id]),
                "suggested" => entity.status == Status::Suggested,
                "role" => Value::none(),
                "role_url" => Value::none(),
                "role_suggested" => false,
            }
        };
        self.shared.names.get(id, make).clone()
    }

    /// Returns the link to an entity in an index.
    fn entity_link(&self, id: EntityId) -> Value {
        let make = || {
            let entity = &self.site.entities[id];
            object! { self.words;
                "name" => entity.name.as_str(),
                "url" => self.href(&self.plan.urls.entities[id]),
                "count" => entity.articles.len(),
                "suggested" => entity.status == Status::Suggested,
                "kind_name" => self.kinds[entity.kind.index()].clone(),
                "last" => self.last_date(&entity.articles),
            }
        };
        self.shared.entities.get(id, make).clone()
    }

    /// Returns the link to a topic in an article; `derived` when a rule assigned it.
    fn topic_label(&self, id: TopicId, derived: bool) -> Value {
        let make = || {
            [false, true].map(|derived| {
                object! { self.words;
                    "name" => self.site.topics[id].name.as_str(),
                    "url" => self.href(&self.plan.urls.topics[id]),
                    "derived" => derived,
                }
            })
        };
        self.shared.labels.get(id, make)[usize::from(derived)].clone()
    }

    /// Returns the link to a topic in an index.
    fn topic_link(&self, id: TopicId) -> Value {
        let topic = &self.site.topics[id];
        let make = || self.group(&topic.name, &self.plan.urls.topics[id], &topic.articles);
        self.shared.topics.get(id, make).clone()
    }

    /// Returns the link to a source in an article.
    fn source_name(&self, id: SourceId) -> Value {
        let make = || {
            object! { self.words;
                "name" => self.site.sources[id].name.as_str(),
                "url" => self.href(&self.plan.urls.sources[id]),
            }
        };
        self.shared.source_names.get(id, make).clone()
    }

    /// Returns the link to a source in an index.
    fn source_link(&self, id: SourceId) -> Value {
        let source = &self.site.sources[id];
        let make = || self.group(&source.name, &self.plan.urls.sources[id], &source.articles);
        self.shared.sources.get(id, make).clone()
    }

    /// Returns the link to a topic or source in an index.
    fn group(&self, name: &str, url: &super::UrlPath, articles: &[ArticleId]) -> Value {
        object! { self.words;
            "name" => name,
            "url" => self.href(url),
            "count" => articles.len(),
            "last" => self.last_date(articles),
            "suggested" => false,
            "kind_name" => Value::none(),
        }
    }

    /// Returns the values that are the same on every page, by name.
    pub fn globals(&self) -> [(&'static str, Value); 3] {
        [
            ("site", self.head.site.clone()),
            ("theme", Value::from_serializable(&self.theme.options)),
            ("ui", Value::from_serializable(&self.theme.strings)),
        ]
    }

    /// Returns whether search engines may list an entity's page.
    pub(crate) fn is_open(&self, id: EntityId) -> bool {
        page::entity_robots(&self.site.entities[id]).is_none()
    }

    /// Returns the template that front matter names, if it exists, else the usual one.
    fn template(&self, named: Option<&String>, usual: &'static str) -> Cow<'static, str> {
        let known = named.filter(|name| self.theme.template(name).is_some());
        known.map_or(usual.into(), |name| name.clone().into())
    }

    /// Returns the marked address of an output.
    fn href(&self, url: &super::UrlPath) -> String {
        self.plan.addresses.href(url)
    }

    fn page_href(&self, page: PageKind) -> String {
        self.href(&self.plan.url(page, self.config))
    }

    /// Returns the date of the newest of some articles, which are in ascending order.
    fn last_date(&self, articles: &[ArticleId]) -> Value {
        articles.last().map_or_else(Value::none, |id| self.named(*id).date.clone())
    }

    /// Returns the first of some articles that has a date.
    fn first_dated<'i>(&self, articles: &'i [ArticleId]) -> Option<&'i ArticleId> {
        articles.iter().find(|id| self.site.articles[**id].date.is_some())
    }

    fn first_date(&self, articles: &[ArticleId]) -> Value {
        let dated = self.first_dated(articles);
        dated.map_or_else(Value::none, |id| self.named(*id).date.clone())
    }

    fn when(&self, when: &When) -> Value {
        object! { self.words; "iso" => iso(when), "text" => self.strings.date(when.date) }
    }

    fn day(&self, day: Option<Date>) -> Value {
        day.map_or_else(Value::none, |date| self.when(&When { date, instant: None }))
    }
}

/// Returns the form that `<time datetime>` and JSON-LD take: a day, or an instant when a time is known.
pub(crate) fn iso(when: &When) -> String {
    when.instant.map_or_else(|| when.date.to_string(), |instant| instant.to_string())
}

/// Returns the direction in which a language is written.
pub(crate) fn direction(language: &str) -> &'static str {
    let primary = language.split(['-', '_']).next().unwrap_or(language).to_ascii_lowercase();
    match primary.as_str() {
        "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ku" | "ps" | "sd" | "syr" | "ug" | "ur"
        | "yi" => "rtl",
        _ => "ltr",
    }
}
