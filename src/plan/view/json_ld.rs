//! Structured data (schema.org, as JSON-LD) for search engines.
//!
//! Only what a person vouches for goes in: a suggested entity is never told to a search engine.

use serde_json::{Value, json};

use super::{Views, iso};
use crate::config::EntityKind;
use crate::ids::{ArticleId, EntityId};
use crate::plan::json::to_json;
use crate::resolve::{EntityLink, Status};

/// How many entities an article is about; the others it mentions.
const ABOUT: usize = 3;

/// Returns the script element; no `<` in it, so nothing can end it early.
pub(super) fn script(json: &str) -> String {
    format!("<script type=\"application/ld+json\">{json}</script>")
}

/// Returns JSON that can stand inside a script element.
fn text(mut value: Value) -> String {
    if let Some(map) = value.as_object_mut() {
        map.retain(|_, value| {
            !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
        });
        map.shift_insert(0, "@context".to_owned(), "https://schema.org".into());
    }
    String::from_utf8(to_json(&value, false)).unwrap_or_default().replace('<', "\\u003c")
}

/// Returns the schema.org type of a kind.
fn schema_type(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::PERSON => "Person",
        EntityKind::ORGANIZATION => "Organization",
        EntityKind::PLACE => "Place",
        EntityKind::EVENT => "Event",
        EntityKind::WORK => "CreativeWork",
        _ => "Thing",
    }
}

impl Views<'_> {
    pub(super) fn home_json_ld(&self) -> String {
        let url = self.plan.addresses.best(&crate::plan::UrlPath::home());
        let description = Some(self.config.description.as_str()).filter(|text| !text.is_empty());
        text(json!({
            "@type": "WebSite",
            "name": self.config.title,
            "description": description,
            "url": url,
            "inLanguage": self.config.language,
            "publisher": self.publisher(),
        }))
    }

    pub(super) fn article_json_ld(&self, id: ArticleId) -> String {
        let article = &self.site.articles[id];
        let url = self.plan.addresses.best(&self.plan.urls.articles[id]);
        let (about, mentions) = self.subjects(&article.entities);
        let topics = article.topics.iter().filter(|link| link.rule.is_none()).map(|link| {
            let url = self.plan.addresses.best(&self.plan.urls.topics[link.topic]);
            json!({"@type": "Thing", "name": self.site.topics[link.topic].name, "url": url})
        });
        let date = article.date.as_ref();
        let authors = article.authors.iter();
        let corrections = article.corrections.iter();
        text(json!({
            "@type": "NewsArticle",
            "headline": article.title.value,
            "description": article.summary.as_ref().map(|summary| &summary.value),
            "url": url,
            "mainEntityOfPage": url,
            "datePublished": date.map(|date| iso(&date.value)),
            "dateModified": article.updated.as_ref().or(date.map(|date| &date.value)).map(iso),
            "inLanguage": article.language.as_deref().unwrap_or(&self.config.language),
            "author": authors.map(|name| json!({"@type": "Person", "name": name.value})).collect::<Vec<_>>(),
            "publisher": self.publisher(),
            "isBasedOn": article.origin.as_ref().and_then(|origin| origin.url.as_deref()),
            "correction": corrections.map(|one| one.text.as_str()).collect::<Vec<_>>(),
            "about": topics.chain(about.into_iter().map(|id| self.thing(id))).collect::<Vec<_>>(),
            "mentions": mentions.into_iter().map(|id| self.thing(id)).collect::<Vec<_>>(),
        }))
    }

    /// Returns none for a suggested entity.
    pub(super) fn entity_json_ld(&self, id: EntityId) -> Option<String> {
        let entity = &self.site.entities[id];
        if entity.status == Status::Suggested {
            return None;
        }
        let record = entity.record.as_ref();
        let wikidata = record
            .and_then(|record| record.wikidata.as_deref())
            .map(|item| format!("https://www.wikidata.org/wiki/{item}"));
        let others = record.into_iter().flat_map(|record| [&record.wikipedia, &record.website]);
        let same: Vec<String> = wikidata.into_iter().chain(others.flatten().cloned()).collect();
        let aliases = record.map_or(&[][..], |record| &record.aliases);
        let mut thing = self.thing(id);
        thing["alternateName"] = json!(aliases);
        thing["description"] = json!(record.and_then(|record| record.description.as_deref()));
        thing["sameAs"] = json!(same);
        Some(text(thing))
    }

    fn publisher(&self) -> Option<Value> {
        let name = self.config.publisher.as_deref()?;
        Some(json!({"@type": "Organization", "name": name}))
    }

    fn thing(&self, id: EntityId) -> Value {
        let entity = &self.site.entities[id];
        let url = self.plan.addresses.best(&self.plan.urls.entities[id]);
        json!({"@type": schema_type(entity.kind), "name": entity.name, "url": url})
    }

    /// Parts the confirmed entities of an article: those named most often, and the others.
    fn subjects(&self, links: &[EntityLink]) -> (Vec<EntityId>, Vec<EntityId>) {
        let mut confirmed: Vec<&EntityLink> = links
            .iter()
            .filter(|link| self.site.entities[link.entity].status == Status::Confirmed)
            .collect();
        // A stable sort: the article's own order decides among equals.
        confirmed.sort_by_key(|link| std::cmp::Reverse((link.given, link.mentions.len())));
        let mut all: Vec<EntityId> = confirmed.into_iter().map(|link| link.entity).collect();
        let mentions = all.split_off(all.len().min(ABOUT));
        (all, mentions)
    }
}
