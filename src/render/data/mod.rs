//! JSON twins: what a page shows, for programs. `docs/data.md` describes them.
//!
//! What a twin says about an article, entity, topic or source is the same in all
//! of them, so it is written once and copied.

mod about;
mod facts;

use super::json::{Object, decimal, string};
use crate::config::EntityKind;
use crate::ids::{ArticleId, EntityId, Id, Memo, SourceId, TopicId};
use crate::plan::view::{Views, iso};
use crate::plan::{PageKind, Pages, UrlPath};
use crate::relate::Companion;
use crate::resolve::{Article, EntityLink, Fact, LocalFigure, LocalQuote, LocalRole, Status};
use crate::text::TextRange;

/// Version of the form of all JSON outputs.
pub(super) const VERSION: u32 = 1;

/// Records of a kind as JSON objects that are not closed, made when they are first needed.
type Records<I> = Memo<I, Box<[u8]>>;

/// Writes records as JSON; addresses carry their mark.
pub(super) struct Data<'a> {
    views: &'a Views<'a>,
    articles: Records<ArticleId>,
    entities: Records<EntityId>,
}

impl<'a> Data<'a> {
    pub(super) fn new(views: &'a Views<'a>) -> Self {
        let wanted = |count: usize| if views.config.data { count } else { 0 };
        Self {
            views,
            articles: Memo::new(wanted(views.site.articles.len())),
            entities: Memo::new(wanted(views.site.entities.len())),
        }
    }

    /// Appends the twin of a page.
    pub(super) fn twin(&self, page: PageKind, out: &mut Vec<u8>) {
        let site = self.views.site;
        let mut object = Object::new(out);
        object.number("version", VERSION);
        match page {
            PageKind::Article(id) => {
                self.whole_article(id, object.out);
                return;
            }
            PageKind::Home(number) => {
                object.text("type", "home");
                object.text("title", &self.views.config.title);
                let ids: Vec<ArticleId> = site.articles.ids().collect();
                self.list(&mut object, &ids, page, number, |_, _| {});
            }
            PageKind::Entity(id, number) => self.entity_page(&mut object, id, page, number),
            PageKind::Topic(id, number) => {
                self.topic_keys(&mut object, id, number.is_some());
                object.text("type", "topic");
                if number.is_none() {
                    self.companions(&mut object, "often_named", &self.views.relations.often[id]);
                }
                self.list(&mut object, &site.topics[id].articles, page, number, |_, _| {});
            }
            PageKind::Source(id, number) => {
                self.source_keys(&mut object, id, number.is_some());
                object.text("type", "source");
                self.list(&mut object, &site.sources[id].articles, page, number, |_, _| {});
            }
            PageKind::Kind(kind) => self.kind(&mut object, kind),
            PageKind::Topics => {
                object.text("type", "topics");
                object.list("topics", site.topics.ids(), |out, id| self.topic(id, out));
            }
            PageKind::Sources => {
                object.text("type", "sources");
                object.list("sources", site.sources.ids(), |out, id| self.source(id, out));
            }
            PageKind::Speakers => self.speakers(&mut object),
            PageKind::Voices(id, voice, number) => self.voices(&mut object, (id, voice, number)),
            PageKind::Subjects => self.subjects(&mut object),
            PageKind::Subject(id, number) => self.subject(&mut object, id, number),
            PageKind::Stories(number) => self.stories(&mut object, number),
            PageKind::Story(first) => self.story(&mut object, first),
            PageKind::Issues(number) => self.issues(&mut object, number),
            PageKind::Issue(at) => self.issue(&mut object, at),
            PageKind::Archive => self.archive(&mut object),
            PageKind::Year(period, number) | PageKind::Month(period, number) => {
                let ids: Vec<ArticleId> = (period.first..period.end)
                    .map(|at| ArticleId::from_index(at as usize))
                    .collect();
                object.text("type", "period");
                object.number("year", period.year);
                match period.month {
                    0 => object.optional("month", None),
                    month => object.number("month", month),
                }
                self.list(&mut object, &ids, page, number, |_, _| {});
            }
            PageKind::Corrections => self.corrections(&mut object),
            PageKind::About => self.about(&mut object),
            PageKind::Standalone(_)
            | PageKind::NotFound
            | PageKind::Removed(_)
            | PageKind::Names
            | PageKind::Search => {}
        }
        object.end();
    }

    fn archive(&self, object: &mut Object<'_>) {
        object.text("type", "archive");
        let periods = crate::plan::periods(self.views.site);
        let months = periods.into_iter().filter(|one| one.month != 0);
        object.list("months", months, |out, one| {
            let mut month = Object::new(out);
            month.number("year", one.year);
            month.number("month", one.month);
            month.number("articles", one.end - one.first);
            let url = self.views.plan.archive_url(one.year, Some(one.month));
            month.text("url", &self.url(&url));
            month.end();
        });
    }

    /// Adds one page of a list of articles: the newest first, and where the older ones are.
    /// `more` adds keys to each.
    fn list(
        &self,
        object: &mut Object<'_>,
        ids: &[ArticleId],
        page: PageKind,
        number: Option<usize>,
        more: impl Fn(&mut Object<'_>, ArticleId),
    ) {
        let pages = Pages::new(ids.len(), self.views.config.page_size);
        let shown = ids[pages.items(number)].iter().rev();
        object.list("articles", shown, |out, id| {
            out.extend(self.article_keys(*id));
            let mut article = Object::resume(out);
            more(&mut article, *id);
            article.end();
        });
        self.older(object, page, pages);
    }

    fn entity_page(
        &self,
        object: &mut Object<'_>,
        id: EntityId,
        page: PageKind,
        number: Option<usize>,
    ) {
        let entity = &self.views.site.entities[id];
        if number.is_some() {
            // Nothing that a newer article could change.
            self.entity_name(object, id);
        } else {
            object.key_list(&self.entity_keys(id)[1..]);
        }
        object.text("type", "entity");
        if number.is_none() {
            let together = &self.views.relations.together[id];
            self.companions(object, "often_named_with", together);
            object.list("may_be", &entity.candidates, |out, id| string(out, self.entity_id(*id)));
            self.roles(object, id);
        }
        self.list(object, &entity.articles, page, number, |object, article| {
            let links = &self.views.site.articles[article].entities;
            match links.iter().find(|link| link.entity == id) {
                Some(link) => mentions(object, link, &self.views.bodies.text(article)),
                None => object.optional("mentions", None),
            }
        });
    }

    fn kind(&self, object: &mut Object<'_>, kind: EntityKind) {
        object.text("type", "kind");
        object.text("kind", self.views.config.entities.kinds.id(kind));
        object.list("entities", self.views.site.of_kind(kind), |out, id| self.entity(id, out));
    }

    fn companions(&self, object: &mut Object<'_>, key: &'static str, companions: &[Companion]) {
        object.list(key, companions, |out, one| {
            let mut companion = Object::new(out);
            companion.text("entity", self.entity_id(one.entity));
            companion.number("articles", one.articles);
            companion.end();
        });
    }

    pub(super) fn url(&self, url: &UrlPath) -> String {
        self.views.plan.addresses.best(url)
    }

    /// Returns what names an entity for ever: its kind's folder and its slug.
    fn entity_id(&self, id: EntityId) -> &str {
        self.views.plan.urls.entities[id].as_str().trim_end_matches('/')
    }

    /// Returns what lists say about an article, as an object that is not closed.
    pub(super) fn article_keys(&self, id: ArticleId) -> &[u8] {
        self.articles.get(id, || {
            let mut out = Vec::with_capacity(768);
            self.write_article(id, &mut Object::new(&mut out));
            out.into_boxed_slice()
        })
    }

    fn write_article(&self, id: ArticleId, object: &mut Object<'_>) {
        let site = self.views.site;
        let article = &site.articles[id];
        let origin = article.origin.as_ref();
        let url = &self.views.plan.urls.articles[id];
        object.text("id", url.as_str().trim_end_matches('/'));
        object.text("url", &self.url(url));
        let names = &self.views.config.redactions.names;
        object.text("file", &names.erase_slug(article.path.as_str()));
        object.text("title", &article.title.value);
        let date = article.date.as_ref().map(|date| iso(&date.value));
        object.optional("date", date.as_deref());
        object.optional("updated", article.updated.as_ref().map(iso).as_deref());
        object.optional("language", article.language.as_deref());
        object.optional("summary", article.summary.as_ref().map(|summary| summary.value.as_str()));
        object.list("authors", &article.authors, |out, author| string(out, &author.value));
        object.list("topics", &article.topics, |out, link| {
            string(out, &site.topics[link.topic].slug);
        });
        let source = origin.and_then(|origin| origin.source).map(|id| &site.sources[id]);
        object.optional("source", source.map(|source| source.slug.as_str()));
        object.optional("original_url", origin.and_then(|origin| origin.url.as_deref()));
        let rules = [
            ("title", article.title.rule),
            ("date", article.date.as_ref().and_then(|date| date.rule)),
            ("summary", article.summary.as_ref().and_then(|summary| summary.rule)),
            ("authors", article.authors.iter().find_map(|author| author.rule)),
            ("source", origin.and_then(|origin| origin.rule)),
            ("topics", article.topics.iter().find_map(|link| link.rule)),
        ];
        let mut derived = Object::new(object.key("derived"));
        for (field, rule) in rules {
            if let Some(rule) = rule {
                derived.text(field, rule);
            }
        }
        derived.end();
    }

    /// Writes an article with everything it names, and its text where its rights allow that;
    /// `out` holds the beginning of the object.
    fn whole_article(&self, id: ArticleId, out: &mut Vec<u8>) {
        let article = &self.views.site.articles[id];
        let mut object = Object::resume(out);
        object.key_list(&self.article_keys(id)[1..]);
        object.text("type", "article");
        let text = &self.views.bodies.text(id);
        self.entity_links(&mut object, id, text);
        let story = self.views.relations.stories.get(id).and_then(|told| told.as_ref());
        let first = story.map(|told| self.url(&self.views.plan.urls.articles[told.first]));
        object.optional("story", first.as_deref());
        let copy = story.and_then(|told| told.copy_of);
        let copy = copy.map(|id| self.url(&self.views.plan.urls.articles[id]));
        object.optional("copy_of", copy.as_deref());
        if article.may_repeat() {
            object.text("text", text);
            object.list("sentences", &article.sentences, |out, range| {
                out.push(b'[');
                decimal(out, range.start as usize);
                out.push(b',');
                decimal(out, range.end as usize);
                out.push(b']');
            });
            object.list("quotes", &article.quotes, |out, quote| {
                self.quote(out, article, quote, text);
            });
            object.list("figures", &article.figures, |out, figure| {
                self.figure(out, article, figure, text);
            });
            object.list("roles", &article.roles, |out, role| self.role(out, article, role, text));
        }
        object.end();
    }

    fn quote(&self, out: &mut Vec<u8>, article: &Article, fact: &Fact<LocalQuote>, text: &str) {
        let quote = fact.found;
        let mut object = Object::new(out);
        object.text("id", &fact.key.id(&article.path));
        place(&mut object, quote.range, quote.sentence, text);
        object.text("kind", if quote.direct { "direct" } else { "reported" });
        let said_by = || quote.speaker.map(|place| place.slice(text));
        let link = self.views.site.speaker(article, fact);
        self.by(&mut object, "speaker", fact.speaker.as_deref().or_else(said_by), link);
        object.text("rule", quote.rule());
        object.text("status", status(fact.status));
        object.end();
    }

    fn figure(&self, out: &mut Vec<u8>, article: &Article, fact: &Fact<LocalFigure>, text: &str) {
        let figure = &fact.found;
        let words = |range: Option<TextRange>| range.map(|range| range.slice(text));
        let mut object = Object::new(out);
        object.text("id", &fact.key.id(&article.path));
        place(&mut object, figure.range, figure.sentence, text);
        object.number("value", figure.value);
        object.optional("unit", figure.unit.as_deref());
        object.optional("what", words(figure.what));
        let link = figure.by.and_then(|place| article.named_at(place));
        self.by(&mut object, "by", words(figure.by), link);
        object.optional("as_of", words(figure.as_of));
        object.text("rule", LocalFigure::RULE);
        object.text("status", status(fact.status));
        object.end();
    }

    fn role(&self, out: &mut Vec<u8>, article: &Article, fact: &Fact<LocalRole>, text: &str) {
        let role = &fact.found;
        let mut object = Object::new(out);
        object.text("id", &fact.key.id(&article.path));
        place(&mut object, role.range, role.sentence, text);
        let link = article.named_at(role.person);
        self.by(&mut object, "person", Some(role.person.slice(text)), link);
        object.text("rule", role.rule());
        object.text("status", status(fact.status));
        object.end();
    }

    /// Writes who said something: as the text puts it, and whom that names.
    fn by(
        &self,
        object: &mut Object<'_>,
        key: &'static str,
        words: Option<&str>,
        link: Option<&EntityLink>,
    ) {
        object.optional(key, words);
        object.optional("entity", link.map(|link| self.entity_id(link.entity)));
    }

    /// Writes what an article names, with every place in its `text`.
    pub(super) fn entity_links(&self, object: &mut Object<'_>, id: ArticleId, text: &str) {
        object.list("entities", &self.views.site.articles[id].entities, |out, link| {
            let mut entity = Object::new(out);
            entity.text("entity", self.entity_id(link.entity));
            entity.flag("given", link.given);
            entity.optional("rule", link.rule);
            mentions(&mut entity, link, text);
            entity.end();
        });
    }

    /// Writes an entity.
    pub(super) fn entity(&self, id: EntityId, out: &mut Vec<u8>) {
        out.extend(self.entity_keys(id));
        out.push(b'}');
    }

    /// Writes what says which entity it is, and nothing else.
    fn entity_name(&self, object: &mut Object<'_>, id: EntityId) {
        let entity = &self.views.site.entities[id];
        object.text("id", self.entity_id(id));
        object.text("url", &self.url(&self.views.plan.urls.entities[id]));
        object.text("kind", self.views.config.entities.kinds.id(entity.kind));
        object.text("name", &entity.name);
    }

    /// Returns an entity as an object that is not closed.
    fn entity_keys(&self, id: EntityId) -> &[u8] {
        self.entities.get(id, || {
            let mut out = Vec::with_capacity(512);
            self.write_entity(id, &mut Object::new(&mut out));
            out.into_boxed_slice()
        })
    }

    fn write_entity(&self, id: EntityId, object: &mut Object<'_>) {
        let entity = &self.views.site.entities[id];
        let record = entity.record.as_ref();
        self.entity_name(object, id);
        object.text("status", status(entity.status));
        object.optional("description", record.and_then(|record| record.description.as_deref()));
        object.list("aliases", &entity.aliases, |out, alias| {
            let mut object = Object::new(out);
            object.text("name", &alias.name);
            object.number("count", alias.count);
            object.end();
        });
        object.optional("parent", entity.parent.map(|id| self.entity_id(id)));
        object.optional("wikidata", record.and_then(|record| record.wikidata.as_deref()));
        object.optional("wikipedia", record.and_then(|record| record.wikipedia.as_deref()));
        object.optional("website", record.and_then(|record| record.website.as_deref()));
        object.count("article_count", entity.articles.len());
        object.number("mention_count", entity.mentions);
    }

    /// Writes a topic.
    pub(super) fn topic(&self, id: TopicId, out: &mut Vec<u8>) {
        let mut object = Object::new(out);
        self.topic_keys(&mut object, id, false);
        object.end();
    }

    /// Writes the keys of a topic; `lasting` leaves those that a newer article could change out.
    fn topic_keys(&self, object: &mut Object<'_>, id: TopicId, lasting: bool) {
        let site = self.views.site;
        let topic = &site.topics[id];
        object.text("id", &topic.slug);
        object.text("url", &self.url(&self.views.plan.urls.topics[id]));
        object.text("name", &topic.name);
        if !lasting {
            let record = topic.record.as_ref();
            object.optional("description", record.and_then(|record| record.description.as_deref()));
            object.optional("parent", topic.parent.map(|id| site.topics[id].slug.as_str()));
            object.count("article_count", topic.articles.len());
        }
    }

    /// Writes a source.
    pub(super) fn source(&self, id: SourceId, out: &mut Vec<u8>) {
        let mut object = Object::new(out);
        self.source_keys(&mut object, id, false);
        object.end();
    }

    fn source_keys(&self, object: &mut Object<'_>, id: SourceId, lasting: bool) {
        let source = &self.views.site.sources[id];
        object.text("id", &source.slug);
        object.text("url", &self.url(&self.views.plan.urls.sources[id]));
        object.text("name", &source.name);
        if !lasting {
            object.optional("host", source.host.as_deref());
            object.count("article_count", source.articles.len());
        }
    }
}

/// Returns whether a person vouches for something, as a word.
fn status(status: Status) -> &'static str {
    match status {
        Status::Suggested => "suggested",
        Status::Confirmed => "confirmed",
    }
}

/// Writes where a text names an entity.
fn mentions(object: &mut Object<'_>, link: &EntityLink, text: &str) {
    object.list("mentions", &link.mentions, |out, mention| {
        let mut object = Object::new(out);
        stands(&mut object, mention.range, mention.sentence);
        object.text("form", mention.range.slice(text));
        object.end();
    });
}

/// Writes where something stands, and its words.
fn place(object: &mut Object<'_>, range: TextRange, sentence: u32, text: &str) {
    stands(object, range, sentence);
    object.text("text", range.slice(text));
}

fn stands(object: &mut Object<'_>, range: TextRange, sentence: u32) {
    object.count("start", range.start as usize);
    object.count("end", range.end as usize);
    object.count("sentence", sentence as usize + 1);
}
