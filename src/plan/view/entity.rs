//! The pages of entities.

use tera::Value;

use super::page::{Entries, Meta};
use super::value::{object, optional};
use super::{PageView, Views};
use crate::ids::{ArticleId, EntityId};
use crate::load::EntityRecord;
use crate::plan::{FeedOf, PageKind, Pages, Voice};
use crate::relate::Companion;
use crate::resolve::{Entity, Status};

/// Other forms of a name shown on its page.
const ALIASES: usize = 12;

impl Views<'_> {
    pub(super) fn entity(
        &self,
        id: EntityId,
        number: Option<usize>,
        entries: &dyn Entries,
    ) -> PageView {
        let entity = &self.site.entities[id];
        let pages = Pages::new(entity.articles.len(), self.config.page_size);
        let plural = self.config.entities.kinds.plural(entity.kind);
        let description = entity.record.as_ref().and_then(|record| record.description.as_deref());
        let meta = Meta {
            title: entity.name.as_str().into(),
            description,
            robots: super::page::entity_robots(entity),
            json_ld: self.reads_json_ld(number).then(|| self.entity_json_ld(id)).flatten(),
            nav_id: Some(plural),
            trail: self.trail(|| (self.strings.kind(plural).into(), PageKind::Kind(entity.kind))),
            feed: self.config.feeds.entities.then_some(FeedOf::Entity(id)),
            ..Meta::default()
        };
        let page = self.page(PageKind::Entity(id, number), "entity", meta);
        let shown = entity.articles[pages.items(number)].iter().rev();
        let sections = shown.map(|article| self.section(id, *article, entries));
        PageView {
            template: "entity.html".into(),
            values: vec![
                ("page", page),
                ("pager", self.pager(&self.plan.urls.entities[id], pages, number)),
                ("entity", self.entity_value(id, entity, number.is_none())),
                ("sections", sections.collect::<Vec<Value>>().into()),
            ],
        }
    }

    /// Returns whether structured data is wanted: only on the newest page of a list.
    fn reads_json_ld(&self, number: Option<usize>) -> bool {
        number.is_none() && self.words.has("json_ld")
    }

    /// Returns an article's entry with the sentences that name the entity.
    fn section(&self, id: EntityId, article: ArticleId, entries: &dyn Entries) -> Value {
        if !self.words.quotes() {
            // Then it is the same on all pages.
            let make = || object! { self.words; "entry" => entries.entry(article) };
            return self.shared.sections.get(article, make).clone();
        }
        let mut links = self.site.articles[article].entities.iter();
        let link = links.find(|link| link.entity == id);
        let quotes = link.map(|link| self.quotes(article, link)).unwrap_or_default();
        object! { self.words;
            "entry" => entries.entry(article),
            "sentences" => quotes.shown,
            "more" => quotes.more,
        }
    }

    fn entity_value(&self, id: EntityId, entity: &Entity, is_newest: bool) -> Value {
        // A numbered page shows nothing that a newer article could change.
        let articles = if is_newest { entity.articles.as_slice() } else { &[] };
        let companions = self.relations.together.get(id).filter(|_| is_newest);
        let companions = companions.map(Vec::as_slice).unwrap_or_default();
        let voices = |voice| if is_newest { self.voices(id, voice) } else { Value::none() };
        let kinds = &self.config.entities.kinds;
        let record = entity.record.as_ref();
        let body = record.filter(|record| !record.body.is_empty());
        let body = body.map(|record| crate::parse::markdown_to_html(&record.body, self.config));
        let aliases =
            entity.aliases.iter().filter(|alias| alias.count > 0).take(ALIASES).map(|alias| {
                object! { self.words; "name" => alias.name.as_str(), "count" => alias.count }
            });
        let links = |ids: &[EntityId]| -> Value {
            ids.iter().map(|id| self.entity_link(*id)).collect::<Vec<_>>().into()
        };
        object! { self.words;
            "name" => entity.name.as_str(),
            "kind" => kinds.id(entity.kind),
            "kind_name" => self.kinds[entity.kind.index()].clone(),
            "kind_url" => self.page_href(PageKind::Kind(entity.kind)),
            "suggested" => entity.status == Status::Suggested,
            "description" => optional(record.and_then(|record| record.description.as_deref())),
            "body" => body.map_or_else(Value::none, |html| Value::safe_string(&html)),
            "aliases" => aliases.collect::<Vec<Value>>(),
            "external" => record.map_or_else(|| Vec::<Value>::new().into(), |record| self.external(record)),
            "articles" => entity.articles.len(),
            "mentions" => entity.mentions,
            "first" => self.first_date(&entity.articles),
            "last" => self.last_date(&entity.articles),
            "first_url" => self.url_of(self.first_dated(&entity.articles)),
            "last_url" => self.url_of(entity.articles.last()),
            "parent" => entity.parent.map_or_else(Value::none, |id| self.entity_link(id)),
            "children" => links(&entity.children),
            "candidates" => links(&entity.candidates),
            "together" => self.companions(&self.relations.together[id]),
            "graph" => self.graph(companions),
            "coverage" => self.coverage(articles),
            "said" => voices(Voice::Said),
            "spoken_of" => voices(Voice::SpokenOf),
            "counted" => voices(Voice::Counted),
            "roles" => if is_newest { self.roles(id) } else { Vec::<Value>::new().into() },
        }
    }

    fn url_of(&self, article: Option<&ArticleId>) -> Value {
        article.map_or_else(Value::none, |id| self.named(*id).url.clone())
    }

    /// Returns links to entities, each with the number of shared articles.
    pub(super) fn companions(&self, companions: &[Companion]) -> Value {
        let links = companions.iter().map(|companion| {
            let entity = &self.site.entities[companion.entity];
            object! { self.words;
                "name" => entity.name.as_str(),
                "url" => self.href(&self.plan.urls.entities[companion.entity]),
                "count" => companion.articles,
                "suggested" => entity.status == Status::Suggested,
                "kind_name" => self.kinds[entity.kind.index()].clone(),
            }
        });
        links.collect::<Vec<Value>>().into()
    }

    fn external(&self, record: &EntityRecord) -> Value {
        let wikidata = record
            .wikidata
            .as_ref()
            .map(|item| ("wikidata", format!("https://www.wikidata.org/wiki/{item}")));
        let wikipedia = record.wikipedia.clone().map(|url| ("wikipedia", url));
        let website = record.website.clone().map(|url| ("website", url));
        let links = [wikipedia, wikidata, website].into_iter().flatten();
        let links = links.map(
            |(name, url)| object! { self.words; "name" => self.strings.get(name), "url" => url },
        );
        links.collect::<Vec<Value>>().into()
    }
}
