//! What templates are handed: `docs/theme-contract.md`, in Rust.
//!
//! In: the site, its relations and its plan. Out: for each page the name of its
//! template and the values. Values that many pages show (links to entities,
//! topics and sources, dates) are made once and shared: cloning a [`Value`] copies
//! a pointer. Addresses in values carry [`MARK`](super::MARK).
//!
//! **Invariant:** every key of the contract is present on every page; what is
//! missing is null or empty.

mod article;
mod body;
mod entity;
mod home;
mod json_ld;
mod lists;
mod page;
mod strings;
mod value;

use std::borrow::Cow;

use jiff::civil::Date;
use tera::Value;

pub(crate) use self::body::escape;
pub use self::page::{Entries, PageView};
pub(crate) use self::strings::Strings;
use self::value::object;
use super::{PageKind, Plan};
use crate::config::SiteConfig;
use crate::ids::{ArticleId, EntityId, IdVec, SourceId, TopicId};
use crate::load::When;
use crate::relate::Relations;
use crate::resolve::{Article, Entity, Site, Status};
use crate::theme::Theme;

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
    theme: &'a Theme,
    pub(crate) strings: Strings<'a>,
    /// Links to entities with their counts, for indexes.
    entities: IdVec<EntityId, Value>,
    /// Links to entities without anything that a new article changes, for articles.
    names: IdVec<EntityId, Value>,
    topics: IdVec<TopicId, Value>,
    sources: IdVec<SourceId, Value>,
    source_names: IdVec<SourceId, Value>,
    dates: IdVec<ArticleId, Value>,
    options: Value,
    ui: Value,
    head: page::Head,
}

impl<'a> Views<'a> {
    /// Makes the values that pages share.
    pub fn new(
        site: &'a Site,
        relations: &'a Relations,
        plan: &'a Plan,
        config: &'a SiteConfig,
        theme: &'a Theme,
    ) -> Self {
        let strings = Strings::new(&theme.strings);
        let mut views = Self {
            site,
            relations,
            plan,
            config,
            theme,
            strings,
            entities: IdVec::new(),
            names: IdVec::new(),
            topics: IdVec::new(),
            sources: IdVec::new(),
            source_names: IdVec::new(),
            dates: IdVec::new(),
            options: Value::from_serializable(&theme.options),
            ui: Value::from_serializable(&theme.strings),
            head: page::Head::empty(),
        };
        views.dates = map(site.articles.iter(), |article| views.date_of(article));
        views.entities = map(site.entities.pairs(), |(id, entity)| views.entity_link(id, entity));
        views.names = map(site.entities.pairs(), |(id, entity)| {
            object! {
                "name" => entity.name.as_str(),
                "url" => views.href(&plan.urls.entities[id]),
                "suggested" => entity.status == Status::Suggested,
            }
        });
        let link = |name: &str, url| object! { "name" => name, "url" => views.href(url) };
        let sources = site.sources.iter().zip(plan.urls.sources.iter());
        let source_names = map(sources, |(source, url)| link(&source.name, url));
        views.source_names = source_names;
        views.topics = map(site.topics.pairs(), |(id, topic)| {
            object! {
                "name" => topic.name.as_str(),
                "url" => views.href(&plan.urls.topics[id]),
                "count" => topic.articles.len(),
                "last" => views.last_date(&topic.articles),
                "suggested" => false,
                "kind_name" => Value::none(),
            }
        });
        views.sources = map(site.sources.pairs(), |(id, source)| {
            object! {
                "name" => source.name.as_str(),
                "url" => views.href(&plan.urls.sources[id]),
                "count" => source.articles.len(),
                "last" => views.last_date(&source.articles),
                "suggested" => false,
                "kind_name" => Value::none(),
            }
        });
        views.head = page::Head::new(&views, theme);
        views
    }

    /// Returns the values that are the same on every page, by name.
    pub fn globals(&self) -> [(&'static str, Value); 3] {
        [("site", self.head.site.clone()), ("theme", self.options.clone()), ("ui", self.ui.clone())]
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

    fn entity_link(&self, id: EntityId, entity: &Entity) -> Value {
        object! {
            "name" => entity.name.as_str(),
            "url" => self.href(&self.plan.urls.entities[id]),
            "count" => entity.articles.len(),
            "suggested" => entity.status == Status::Suggested,
            "kind_name" => self.strings.kind(self.config.entities.kinds.plural(entity.kind)),
            "last" => self.last_date(&entity.articles),
        }
    }

    fn date_of(&self, article: &Article) -> Value {
        article.date.as_ref().map_or_else(Value::none, |date| self.when(&date.value))
    }

    /// Returns the date of the newest of some articles, which are in ascending order.
    fn last_date(&self, articles: &[ArticleId]) -> Value {
        articles.last().map_or_else(Value::none, |id| self.dates[*id].clone())
    }

    fn first_date(&self, articles: &[ArticleId]) -> Value {
        let dated = articles.iter().find(|id| self.site.articles[**id].date.is_some());
        dated.map_or_else(Value::none, |id| self.dates[*id].clone())
    }

    fn when(&self, when: &When) -> Value {
        object! { "iso" => iso(when), "text" => self.strings.date(when.date) }
    }

    fn day(&self, day: Option<Date>) -> Value {
        day.map_or_else(Value::none, |date| self.when(&When { date, instant: None }))
    }
}

/// Makes a table of values.
fn map<I: crate::ids::Id, T>(
    items: impl Iterator<Item = T>,
    make: impl Fn(T) -> Value,
) -> IdVec<I, Value> {
    items.map(make).collect::<Vec<_>>().into()
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
