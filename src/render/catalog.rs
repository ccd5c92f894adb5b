//! `catalog.json`: the whole site as data. Its schema is `docs/catalog.schema.json`.

use rayon::prelude::*;

use super::data::{Data, VERSION};
use super::json::Object;
use crate::ids::{ArticleId, Id};
use crate::plan::UrlPath;
use crate::plan::view::Views;

/// Returns the catalog: one record a line, so that it can be read and compared line by line.
pub(super) fn catalog(views: &Views<'_>, data: &Data<'_>) -> Vec<u8> {
    let site = views.site;
    let mut out = format!("{{\"version\":{VERSION},\"site\":").into_bytes();
    let mut head = Object::new(&mut out);
    head.text("title", &views.config.title);
    head.text("description", &views.config.description);
    head.text("language", &views.config.language);
    head.text("url", &data.url(&UrlPath::home()));
    head.end();
    let article = |at: usize| {
        let id = ArticleId::from_index(at);
        let mut out = data.article_keys(id).to_vec();
        let mut object = Object::resume(&mut out);
        data.entity_links(&mut object, id, &views.bodies.text(id));
        object.end();
        out
    };
    let articles: Vec<Vec<u8>> = (0..site.articles.len()).into_par_iter().map(article).collect();
    list(&mut out, "articles", articles, Vec::extend);
    list(&mut out, "entities", site.entities.ids(), |out, id| data.entity(id, out));
    list(&mut out, "topics", site.topics.ids(), |out, id| data.topic(id, out));
    list(&mut out, "sources", site.sources.ids(), |out, id| data.source(id, out));
    out.extend(b"}\n");
    out
}

fn list<T>(
    out: &mut Vec<u8>,
    name: &str,
    items: impl IntoIterator<Item = T>,
    item: impl Fn(&mut Vec<u8>, T),
) {
    out.extend(format!(",\n\"{name}\":[").as_bytes());
    for (number, one) in items.into_iter().enumerate() {
        out.extend(if number == 0 { &b"\n"[..] } else { b",\n" });
        item(out, one);
    }
    out.extend(b"\n]");
}
