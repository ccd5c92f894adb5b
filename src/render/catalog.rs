//! `catalog.json`: the whole site as data. Its schema is `docs/catalog.schema.json`.

use rayon::prelude::*;
use serde_json::json;

use super::data::{Data, VERSION};
use crate::ids::{ArticleId, Id};
use crate::plan::UrlPath;
use crate::plan::json::to_json;
use crate::plan::view::Views;

/// Returns the catalog: one record a line, so that it can be read and compared line by line.
pub(super) fn catalog(views: &Views<'_>) -> Vec<u8> {
    let data = Data { views };
    let site = views.site;
    let head = json!({
        "title": views.config.title,
        "description": views.config.description,
        "language": views.config.language,
        "url": data.url(&UrlPath::home()),
    });
    let mut out = format!("{{\"version\":{VERSION},\"site\":").into_bytes();
    out.extend(to_json(&head, false));
    let article = |at: usize| {
        let id = ArticleId::from_index(at);
        let mut value = data.article(id);
        value["entities"] = data.entity_links(id);
        to_json(&value, false)
    };
    list(&mut out, "articles", (0..site.articles.len()).into_par_iter().map(article).collect());
    let entities = site.entities.ids().map(|id| to_json(&data.entity(id), false)).collect();
    list(&mut out, "entities", entities);
    let topics = site.topics.ids().map(|id| to_json(&data.topic(id), false)).collect();
    list(&mut out, "topics", topics);
    let sources = site.sources.ids().map(|id| to_json(&data.source(id), false)).collect();
    list(&mut out, "sources", sources);
    out.extend(b"}\n");
    out
}

fn list(out: &mut Vec<u8>, name: &str, items: Vec<Vec<u8>>) {
    out.extend(format!(",\n\"{name}\":[").as_bytes());
    for (number, item) in items.into_iter().enumerate() {
        out.extend(if number == 0 { &b"\n"[..] } else { b",\n" });
        out.extend(item);
    }
    out.extend(b"\n]");
}
