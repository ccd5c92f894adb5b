//! `catalog.json`: the whole site as data. Its schema is `docs/catalog.schema.json`.

use rayon::prelude::*;

use super::data::{Data, VERSION};
use super::json::Object;
use crate::ids::{ArticleId, Id};
use crate::plan::view::Views;
use crate::plan::{UrlPath, place_into};

/// Articles that are written at once: enough for all processors, and little beside the whole.
const BATCH: usize = 1024;

/// Returns the catalog, with `prefix` before the addresses inside the site: one record a line, so that it can be read and
/// compared line by line.
///
/// It is the largest file of a site, so no more than a batch of it is in memory twice.
pub(super) fn catalog(views: &Views<'_>, data: &Data<'_>, prefix: &str) -> Vec<u8> {
    let site = views.site;
    let mut start = format!("{{\"version\":{VERSION},\"site\":").into_bytes();
    let mut head = Object::new(&mut start);
    head.text("title", &views.config.title);
    head.text("description", &views.config.description);
    head.text("language", &views.config.language);
    head.text("url", &data.url(&UrlPath::home()));
    head.end();
    let mut lines = Lines { out: Vec::new(), prefix };
    lines.put(&start);
    lines.list("articles", |lines| {
        let count = site.articles.len();
        for first in (0..count).step_by(BATCH) {
            let batch = first..count.min(first + BATCH);
            let rows: Vec<Vec<u8>> =
                batch.into_par_iter().map(|at| article(views, data, at)).collect();
            for row in &rows {
                lines.item(row);
            }
            if first == 0 {
                // Growing by itself, it would be copied again and again.
                lines.out.reserve(lines.out.len() * (count / BATCH) / 10 * 11);
            }
        }
    });
    let mut row = Vec::new();
    lines.each("entities", site.entities.ids(), &mut row, |id, out| data.entity(id, out));
    lines.each("topics", site.topics.ids(), &mut row, |id, out| data.topic(id, out));
    lines.each("sources", site.sources.ids(), &mut row, |id, out| data.source(id, out));
    lines.put(b"}\n");
    lines.out
}

fn article(views: &Views<'_>, data: &Data<'_>, at: usize) -> Vec<u8> {
    let id = ArticleId::from_index(at);
    let mut out = data.article_keys(id).to_vec();
    let mut object = Object::resume(&mut out);
    data.entity_links(&mut object, id, &views.bodies.text(id));
    object.end();
    out
}

/// The lines so far.
struct Lines<'p> {
    out: Vec<u8>,
    /// What stands before addresses inside the site.
    prefix: &'p str,
}

impl Lines<'_> {
    fn put(&mut self, part: &[u8]) {
        place_into(part, self.prefix, &mut self.out);
    }

    /// Adds a list; `items` adds what is in it.
    fn list(&mut self, name: &str, items: impl FnOnce(&mut Self)) {
        self.put(format!(",\n\"{name}\":[").as_bytes());
        items(self);
        self.put(b"\n]");
    }

    fn item(&mut self, item: &[u8]) {
        let is_first = self.out.ends_with(b"[");
        self.put(if is_first { &b"\n"[..] } else { b",\n" });
        self.put(item);
    }

    /// Adds a list of records, one after the other in the memory of `row`.
    fn each<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        row: &mut Vec<u8>,
        write: impl Fn(T, &mut Vec<u8>),
    ) {
        self.list(name, |lines| {
            for one in items {
                row.clear();
                write(one, row);
                lines.item(row);
            }
        });
    }
}
