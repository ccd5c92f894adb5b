//! The home page.

use std::cmp::Reverse;

use tera::Value;

use super::page::{Entries, Meta};
use super::value::object;
use super::{PageView, Views};
use crate::ids::{ArticleId, EntityId, Id, TopicId};
use crate::plan::{FeedOf, PageKind, Pages, UrlPath};
use crate::resolve::Status;

impl Views<'_> {
    pub(super) fn home(&self, number: Option<usize>, entries: &dyn Entries) -> PageView {
        let total = self.site.articles.len();
        let cut = Pages::new(total, self.config.page_size);
        let ids: Vec<ArticleId> = cut.items(number).rev().map(ArticleId::from_index).collect();
        let pager = self.pager(&UrlPath::home(), cut, number);
        if number.is_some() {
            let title = self.strings.get("latest");
            return self.list_page(PageKind::Home(number), title, total, &ids, pager, entries);
        }
        let meta = Meta {
            title: self.config.title.as_str().into(),
            description: Some(self.config.description.as_str()).filter(|text| !text.is_empty()),
            json_ld: self.words.has("json_ld").then(|| self.home_json_ld()),
            nav_id: Some("home"),
            feed: Some(FeedOf::Site),
            ..Meta::default()
        };
        let page = self.page(PageKind::Home(None), "home", meta);
        let (lead, rest) = match ids.split_first() {
            Some((first, rest)) => (self.card(*first), rest),
            None => (Value::none(), &[][..]),
        };
        let rest: Vec<Value> = rest.iter().map(|id| entries.entry(*id)).collect();
        let counts = object! { self.words;
            "articles" => total,
            "topics" => self.site.topics.len(),
            "entities" => self.site.entities.len(),
            "sources" => self.site.sources.len(),
        };
        PageView {
            template: "home.html".into(),
            values: vec![
                ("page", page),
                ("pager", pager),
                ("lead", lead),
                ("entries", rest.into()),
                ("topics", self.main_topics()),
                ("kinds", self.most_named()),
                ("counts", counts),
            ],
        }
    }

    fn main_topics(&self) -> Value {
        let mut ids: Vec<TopicId> = self.site.topics.ids().collect();
        ids.retain(|id| !self.site.topics[*id].articles.is_empty());
        ids.sort_by_key(|id| (Reverse(self.site.topics[*id].articles.len()), *id));
        let top = ids.into_iter().take(self.config.topics.on_home);
        top.map(|id| self.topic_link(id)).collect::<Vec<_>>().into()
    }

    /// Returns the entities in most articles, of each kind; those that a person vouches for first among equals.
    fn most_named(&self) -> Value {
        let kinds = &self.config.entities.kinds;
        let shown = self.config.entities.on_home;
        let groups = kinds.all().filter_map(|kind| {
            let mut ids: Vec<EntityId> = self.site.of_kind(kind).collect();
            ids.retain(|id| !self.site.entities[*id].articles.is_empty());
            let rank = |id: &EntityId| {
                let entity = &self.site.entities[*id];
                (Reverse(entity.articles.len()), entity.status == Status::Suggested, *id)
            };
            ids.sort_by_key(rank);
            let items: Vec<Value> =
                ids.into_iter().take(shown).map(|id| self.entity_link(id)).collect();
            let plural = kinds.plural(kind);
            (!items.is_empty()).then(|| {
                object! { self.words;
                    "id" => kinds.id(kind),
                    "name" => self.strings.kind(plural),
                    "url" => self.page_href(PageKind::Kind(kind)),
                    "items" => items,
                }
            })
        });
        groups.collect::<Vec<Value>>().into()
    }
}
