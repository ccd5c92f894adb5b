//! What the parts of the search index depend on.

use std::ops::Range;

use super::{Ink, Prints};
use crate::ids::{ArticleId, Fingerprint, Id};

impl Prints<'_> {
    /// Returns the fingerprint of the documents of some articles, and with `rest` of those that belong to none.
    ///
    /// Unlike what pages show, it does not count articles that come later: see `search`.
    pub fn documents(&self, articles: Range<usize>, rest: bool) -> Fingerprint {
        let mut ink = Ink::default();
        ink.print(self.base);
        for at in articles.clone() {
            let id = ArticleId::from_index(at);
            ink.print(self.articles[id].own);
            for link in &self.site.articles[id].entities {
                ink.print(self.entities[link.entity].name);
            }
            ink.value(&self.site.articles[id].facts);
            let reports = self.relations.reports.get(id);
            ink.value(&reports.is_some_and(|reports| !reports.is_empty()));
        }
        let is_new = |of: &[ArticleId]| match of.first() {
            Some(first) => articles.contains(&first.index()),
            None => rest,
        };
        let count = |ink: &mut Ink, of: &[ArticleId]| {
            ink.number((of.len() + 1).ilog2() as usize)
                .number(of.first().map_or(0, |id| id.index()));
        };
        for (id, topic) in self.site.topics.pairs().filter(|(_, one)| is_new(&one.articles)) {
            ink.print(self.topics[id].name).value(&topic.record);
            count(&mut ink, &topic.articles);
        }
        for (id, source) in self.site.sources.pairs().filter(|(_, one)| is_new(&one.articles)) {
            ink.print(self.sources[id].name).value(&source.record);
            count(&mut ink, &source.articles);
        }
        for (id, entity) in self.site.entities.pairs().filter(|(_, one)| is_new(&one.articles)) {
            ink.print(self.entities[id].name).value(&entity.record);
            for alias in &entity.aliases {
                ink.text(&alias.name);
            }
            count(&mut ink, &entity.articles);
        }
        if rest {
            for (page, url) in self.site.pages.iter().zip(&self.plan.urls.pages) {
                ink.text(&page.title.value).text(url.as_str()).value(&page.front.summary);
                ink.value(&page.body);
            }
        }
        ink.dry()
    }
}
