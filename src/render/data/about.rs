//! The twin of the page about the site.

use super::{Data, Object, iso};
use crate::ids::ArticleId;
use crate::plan::view::{Census, Count, FIELDS};

impl Data<'_> {
    pub(super) fn about(&self, object: &mut Object<'_>) {
        let views = self.views;
        let kinds = &views.config.entities.kinds;
        let census = Census::of(views.site, views.relations, kinds);
        let day =
            |id: ArticleId| views.site.articles[id].date.as_ref().map(|date| iso(&date.value));
        let (first, last) = census.ends.unzip();
        object.text("type", "about");
        object.number("article_count", views.site.articles.len());
        object.optional("first", first.and_then(day).as_deref());
        object.optional("last", last.and_then(day).as_deref());
        object.number("topic_count", views.site.topics.len());
        object.number("source_count", views.site.sources.len());
        object.number("story_count", census.stories);
        object.list("entities", &census.kinds, |out, (kind, count)| {
            let mut row = Object::new(out);
            row.text("kind", kinds.id(*kind));
            numbers(&mut row, *count);
            row.end();
        });
        for (key, count) in [("quotes", census.quotes), ("figures", census.figures)] {
            let mut row = Object::new(object.key(key));
            numbers(&mut row, count);
            row.end();
        }
        let fields = FIELDS.iter().zip(&census.methods);
        let methods =
            fields.flat_map(|((field, _), rules)| rules.iter().map(move |one| (field, one)));
        object.list("methods", methods, |out, (field, (rule, articles))| {
            let mut row = Object::new(out);
            row.text("field", field);
            row.optional("rule", *rule);
            row.number("articles", *articles);
            row.end();
        });
    }
}

fn numbers(object: &mut Object<'_>, count: Count) {
    object.number("count", count.all);
    object.number("confirmed", count.confirmed);
    object.number("suggested", count.suggested());
}
