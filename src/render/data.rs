//! JSON twins: what a page shows, for programs. `docs/data.md` describes them.

use serde_json::{Map, Value, json};

use crate::config::{EntityKind, Rights};
use crate::ids::{ArticleId, EntityId, Id};
use crate::plan::json::to_json;
use crate::plan::view::{Views, iso};
use crate::plan::{PageKind, Pages, Plan, UrlPath};
use crate::resolve::{EntityLink, Status};

/// Version of the form of all JSON outputs.
pub(super) const VERSION: u32 = 1;

/// Returns the twin of a page.
pub(super) fn twin(views: &Views<'_>, page: PageKind) -> Vec<u8> {
    let data = Data { views };
    let mut value = data.page(page);
    if let Some(map) = value.as_object_mut() {
        map.shift_insert(0, "version".to_owned(), VERSION.into());
    }
    to_json(&value, false)
}

/// Makes JSON values of records; addresses carry their mark.
pub(super) struct Data<'a> {
    pub(super) views: &'a Views<'a>,
}

impl Data<'_> {
    fn page(&self, page: PageKind) -> Value {
        let site = self.views.site;
        match page {
            PageKind::Article(id) => self.whole_article(id),
            PageKind::Home(number) => {
                let ids: Vec<ArticleId> = site.articles.ids().collect();
                self.list(
                    json!({"type": "home", "title": self.views.config.title}),
                    &ids,
                    page,
                    number,
                )
            }
            PageKind::Entity(id, number) => self.entity_page(id, page, number),
            PageKind::Topic(id, number) => {
                let mut value = self.topic(id);
                value["type"] = "topic".into();
                value["often_named"] = self.companions(&self.views.relations.often[id]);
                self.list(lasting(value, number), &site.topics[id].articles, page, number)
            }
            PageKind::Source(id, number) => {
                let mut value = self.source(id);
                value["type"] = "source".into();
                self.list(lasting(value, number), &site.sources[id].articles, page, number)
            }
            PageKind::Kind(kind) => self.kind(kind),
            PageKind::Topics => {
                json!({"type": "topics", "topics": site.topics.ids().map(|id| self.topic(id)).collect::<Vec<_>>()})
            }
            PageKind::Sources => {
                json!({"type": "sources", "sources": site.sources.ids().map(|id| self.source(id)).collect::<Vec<_>>()})
            }
            PageKind::Archive => {
                let months = crate::plan::periods(site).into_iter().filter(|one| one.month != 0);
                let months = months.map(|one| {
                    let url = self.views.plan.archive_url(one.year, Some(one.month));
                    json!({"year": one.year, "month": one.month, "articles": one.end - one.first, "url": self.url(&url)})
                });
                json!({"type": "archive", "months": months.collect::<Vec<_>>()})
            }
            PageKind::Year(period, number) | PageKind::Month(period, number) => {
                let ids: Vec<ArticleId> = (period.first..period.end)
                    .map(|at| ArticleId::from_index(at as usize))
                    .collect();
                let month = (period.month != 0).then_some(period.month);
                let value = json!({"type": "period", "year": period.year, "month": month});
                self.list(value, &ids, page, number)
            }
            PageKind::Standalone(_) | PageKind::NotFound => Value::Null,
        }
    }

    /// Adds one page of a list of articles: the newest first, and where the older ones are.
    fn list(
        &self,
        mut value: Value,
        ids: &[ArticleId],
        page: PageKind,
        number: Option<usize>,
    ) -> Value {
        let pages = Pages::new(ids.len(), self.views.config.page_size);
        let shown = ids[pages.items(number)].iter().rev();
        value["articles"] = shown.map(|id| self.article(*id)).collect();
        value["page"] = json!(number);
        let older = match number {
            Some(1) => None,
            Some(number) => Some(number - 1),
            None => Some(pages.numbered()).filter(|last| *last > 0),
        };
        let bare = page.newest();
        let bare = self.views.plan.url(bare, self.views.config);
        value["older"] =
            json!(older.map(|older| {
                self.url(&Plan::numbered(&bare, Some(older)).beside("index.json"))
            }));
        value
    }

    fn entity_page(&self, id: EntityId, page: PageKind, number: Option<usize>) -> Value {
        let entity = &self.views.site.entities[id];
        let mut value = self.entity(id);
        value["type"] = "entity".into();
        value["often_named_with"] = self.companions(&self.views.relations.together[id]);
        let mut value = self.list(lasting(value, number), &entity.articles, page, number);
        let pages = Pages::new(entity.articles.len(), self.views.config.page_size);
        let shown = entity.articles[pages.items(number)].iter().rev();
        if let Some(list) = value["articles"].as_array_mut() {
            for (item, article) in list.iter_mut().zip(shown) {
                let links = &self.views.site.articles[*article].entities;
                let link = links.iter().find(|link| link.entity == id);
                item["mentions"] = link.map_or(Value::Null, |link| self.mentions(*article, link));
            }
        }
        value
    }

    fn kind(&self, kind: EntityKind) -> Value {
        let all = self.views.site.entities.pairs().filter(|(_, entity)| entity.kind == kind);
        let entities: Vec<Value> = all.map(|(id, _)| self.entity(id)).collect();
        json!({"type": "kind", "kind": self.views.config.entities.kinds.id(kind), "entities": entities})
    }

    fn companions(&self, companions: &[crate::relate::Companion]) -> Value {
        let all = companions
            .iter()
            .map(|one| json!({"entity": self.entity_id(one.entity), "articles": one.articles}));
        all.collect()
    }

    pub(super) fn url(&self, url: &UrlPath) -> String {
        self.views.plan.addresses.best(url)
    }

    /// Returns what names an entity for ever: its kind's folder and its slug.
    pub(super) fn entity_id(&self, id: EntityId) -> String {
        self.views.plan.urls.entities[id].as_str().trim_end_matches('/').to_owned()
    }

    pub(super) fn article_id(&self, id: ArticleId) -> String {
        self.views.plan.urls.articles[id].as_str().trim_end_matches('/').to_owned()
    }

    /// Returns what lists say about an article.
    pub(super) fn article(&self, id: ArticleId) -> Value {
        let site = self.views.site;
        let article = &site.articles[id];
        let origin = article.origin.as_ref();
        let mut derived = Map::new();
        let rules = [
            ("title", article.title.rule),
            ("date", article.date.as_ref().and_then(|date| date.rule)),
            ("summary", article.summary.as_ref().and_then(|summary| summary.rule)),
            ("authors", article.authors.iter().find_map(|author| author.rule)),
            ("source", origin.and_then(|origin| origin.rule)),
            ("topics", article.topics.iter().find_map(|link| link.rule)),
        ];
        for (field, rule) in rules {
            if let Some(rule) = rule {
                derived.insert(field.to_owned(), rule.into());
            }
        }
        json!({
            "id": self.article_id(id),
            "url": self.url(&self.views.plan.urls.articles[id]),
            "file": article.path.as_str(),
            "title": article.title.value,
            "date": article.date.as_ref().map(|date| iso(&date.value)),
            "updated": article.updated.as_ref().map(iso),
            "language": article.language,
            "summary": article.summary.as_ref().map(|summary| summary.value.as_str()),
            "authors": article.authors.iter().map(|author| author.value.as_str()).collect::<Vec<_>>(),
            "topics": article.topics.iter().map(|link| site.topics[link.topic].slug.as_str()).collect::<Vec<_>>(),
            "source": origin.and_then(|origin| origin.source).map(|id| site.sources[id].slug.as_str()),
            "original_url": origin.and_then(|origin| origin.url.as_deref()),
            "derived": derived,
        })
    }

    /// Returns an article with everything it names, and its text where its rights allow that.
    fn whole_article(&self, id: ArticleId) -> Value {
        let article = &self.views.site.articles[id];
        let mut value = self.article(id);
        value["type"] = "article".into();
        value["entities"] = self.entity_links(id);
        if matches!(article.rights, Rights::Full | Rights::Own) {
            value["text"] = article.body.text.as_str().into();
            let sentences = article.sentences.iter().map(|range| json!([range.start, range.end]));
            value["sentences"] = sentences.collect();
        }
        value
    }

    /// Returns what an article names, with every place.
    pub(super) fn entity_links(&self, id: ArticleId) -> Value {
        let links = self.views.site.articles[id].entities.iter();
        let links = links.map(|link| {
            json!({
                "entity": self.entity_id(link.entity),
                "given": link.given,
                "mentions": self.mentions(id, link),
            })
        });
        links.collect()
    }

    fn mentions(&self, id: ArticleId, link: &EntityLink) -> Value {
        let text = &self.views.site.articles[id].body.text;
        let mentions = link.mentions.iter().map(|mention| {
            json!({
                "start": mention.range.start,
                "end": mention.range.end,
                "sentence": mention.sentence + 1,
                "form": mention.range.slice(text),
            })
        });
        mentions.collect()
    }

    pub(super) fn entity(&self, id: EntityId) -> Value {
        let entity = &self.views.site.entities[id];
        let record = entity.record.as_ref();
        let aliases =
            entity.aliases.iter().map(|alias| json!({"name": alias.name, "count": alias.count}));
        json!({
            "id": self.entity_id(id),
            "url": self.url(&self.views.plan.urls.entities[id]),
            "kind": self.views.config.entities.kinds.id(entity.kind),
            "name": entity.name,
            "status": if entity.status == Status::Confirmed { "confirmed" } else { "suggested" },
            "description": record.and_then(|record| record.description.as_deref()),
            "aliases": aliases.collect::<Vec<_>>(),
            "parent": entity.parent.map(|id| self.entity_id(id)),
            "wikidata": record.and_then(|record| record.wikidata.as_deref()),
            "wikipedia": record.and_then(|record| record.wikipedia.as_deref()),
            "website": record.and_then(|record| record.website.as_deref()),
            "article_count": entity.articles.len(),
            "mention_count": entity.mentions,
        })
    }

    pub(super) fn topic(&self, id: crate::ids::TopicId) -> Value {
        let site = self.views.site;
        let topic = &site.topics[id];
        json!({
            "id": topic.slug,
            "url": self.url(&self.views.plan.urls.topics[id]),
            "name": topic.name,
            "description": topic.record.as_ref().and_then(|record| record.description.as_deref()),
            "parent": topic.parent.map(|id| site.topics[id].slug.as_str()),
            "article_count": topic.articles.len(),
        })
    }

    pub(super) fn source(&self, id: crate::ids::SourceId) -> Value {
        let source = &self.views.site.sources[id];
        json!({
            "id": source.slug,
            "url": self.url(&self.views.plan.urls.sources[id]),
            "name": source.name,
            "host": source.host,
            "article_count": source.articles.len(),
        })
    }
}

/// Leaves what a numbered page may say about its subject: nothing that a newer article could change.
fn lasting(mut value: Value, number: Option<usize>) -> Value {
    if let Some(map) = value.as_object_mut().filter(|_| number.is_some()) {
        map.retain(|key, _| matches!(key.as_str(), "type" | "id" | "url" | "kind" | "name"));
    }
    value
}
