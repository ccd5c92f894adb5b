//! What can be found: articles, quotations, names, topics, sources, stories, pages; and the words of each.
//!
//! All documents have one order, in which a new article comes last: articles, oldest first, and beside them in the same order what belongs to each: its quotations and
//! the names, topics, sources and the story that come up with it for the first time. What belongs to no article is at the very end.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::collect::{Document, Words, field, log2};
use super::words::words;
use crate::config::{EntityKind, Rights, SiteConfig};
use crate::ids::{ArticleId, EntityId, SourceId, TopicId};
use crate::parse::{BlockKind, Body};
use crate::plan::view::Views;
use crate::plan::{PageKind, is_issue};
use crate::resolve::{Article, Fact, LocalQuote};
use crate::text::numbered;

/// Characters that are shown of a summary or a quotation.
const SHOWN: usize = 240;

/// What is shown of a document in a list of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Below the site's address, encoded; of a quotation the anchor of its sentence alone.
    pub(super) url: String,
    pub(super) title: String,
    /// Number in [`kinds`].
    pub(super) kind: usize,
    /// The day; empty when there is none, and for quotations.
    pub(super) date: String,
    /// A summary; of a quotation who said it.
    pub(super) detail: String,
    /// Of a quotation, the number of its article in the tier.
    pub(super) article: Option<u32>,
}

impl Row {
    pub(super) fn is_article(&self) -> bool {
        self.kind == ARTICLE
    }

    pub(super) fn is_quote(&self) -> bool {
        self.kind == QUOTE
    }

    /// Tells a quotation which article it stands in, by its number in the tier.
    pub(super) fn belongs_to(&mut self, article: u32) {
        if self.is_quote() {
            self.article = Some(article);
        }
    }
}

/// The kinds of documents that are not entities.
pub(super) const KINDS: [&str; 6] = ["article", "quote", "topic", "source", "story", "page"];

const ARTICLE: usize = 0;
const QUOTE: usize = 1;
const TOPIC: usize = 2;
const SOURCE: usize = 3;
const STORY: usize = 4;
const PAGE: usize = 5;

/// Returns the names of all kinds of documents, by number.
pub(super) fn kinds(config: &SiteConfig) -> Vec<String> {
    let kinds = &config.entities.kinds;
    let own = kinds.all().map(|kind| kinds.id(kind).to_owned());
    KINDS.iter().map(|kind| (*kind).to_owned()).chain(own).collect()
}

fn number_of(kind: EntityKind) -> usize {
    KINDS.len() + kind.index()
}

/// What comes up with each article for the first time.
#[derive(Debug, Default)]
struct New {
    topics: Vec<TopicId>,
    sources: Vec<SourceId>,
    entities: Vec<EntityId>,
}

/// Makes the documents of a site.
#[derive(Debug)]
pub(super) struct Documents<'a> {
    views: &'a Views<'a>,
    has_stories: bool,
    /// What comes up with which article, and what has none; made when somebody asks for it.
    new: OnceLock<(BTreeMap<ArticleId, New>, New)>,
}

impl<'a> Documents<'a> {
    pub(super) fn new(views: &'a Views<'a>, has_stories: bool) -> Self {
        Self { views, has_stories, new: OnceLock::new() }
    }

    pub(super) fn views(&self) -> &'a Views<'a> {
        self.views
    }

    fn all_new(&self) -> &(BTreeMap<ArticleId, New>, New) {
        self.new.get_or_init(|| {
            let (mut new, mut rest) = (BTreeMap::<ArticleId, New>::new(), New::default());
            let mut of = |articles: &[ArticleId], put: &mut dyn FnMut(&mut New)| {
                put(articles.first().map_or(&mut rest, |id| new.entry(*id).or_default()));
            };
            let site = self.views.site;
            site.topics
                .pairs()
                .for_each(|(id, one)| of(&one.articles, &mut |new| new.topics.push(id)));
            site.sources
                .pairs()
                .for_each(|(id, one)| of(&one.articles, &mut |new| new.sources.push(id)));
            site.entities
                .pairs()
                .for_each(|(id, one)| of(&one.articles, &mut |new| new.entities.push(id)));
            (new, rest)
        })
    }

    /// Returns an article, its quotations and what comes up with it.
    pub(super) fn of_article(&self, id: ArticleId) -> Vec<Document> {
        let Views { site, relations, bodies, .. } = self.views;
        let article = &site.articles[id];
        let mut found = match article.rights {
            Rights::Full | Rights::Own => self.of_text(id, article, &bodies.text(id)),
            Rights::Excerpt => self.of_text(id, article, shown(article, &bodies.body(id))),
            Rights::LinkOnly => self.of_text(id, article, ""),
        };
        let is_told = relations.reports.get(id).is_some_and(|reports| !reports.is_empty());
        if is_told && self.has_stories {
            found.push(self.story(id, article));
        }
        if let Some(new) = self.all_new().0.get(&id) {
            self.names(new, &mut found);
        }
        found
    }

    /// Returns what is made of the text of an article that its page shows, which may be another one than the site has: itself and its
    /// quotations.
    pub(super) fn of_text(&self, id: ArticleId, article: &Article, text: &str) -> Vec<Document> {
        let mut found = vec![self.article(id, article, text)];
        let mut about = words(&article.title.value);
        for link in &article.topics {
            about.extend(words(&self.views.site.topics[link.topic].name));
        }
        // What a text reports somebody to have said counts too: most of what is said is told so.
        let quotes = article.quotes.iter();
        found.extend(quotes.filter_map(|quote| self.quote(article, quote, text, &about)));
        found
    }

    /// Returns what belongs to no article: records that none names, and standalone pages.
    pub(super) fn others(&self) -> Vec<Document> {
        let mut found = Vec::new();
        self.names(&self.all_new().1, &mut found);
        let Views { site, plan, .. } = self.views;
        for (number, page) in site.pages.iter().enumerate().filter(|(_, page)| !is_issue(page)) {
            let mut words = Words::default();
            words.add(&page.title.value, field::TITLE);
            words.text(&page.body.text);
            words.filter("kind", KINDS[PAGE]);
            let row = Row {
                url: plan.urls.pages[number].encoded(),
                title: page.title.value.clone(),
                kind: PAGE,
                date: String::new(),
                detail: shortened(page.front.summary.as_deref().unwrap_or_default()),
                article: None,
            };
            found.push(words.document(row, 1.0));
        }
        found
    }

    fn article(&self, id: ArticleId, article: &Article, text: &str) -> Document {
        let mut words = Words::default();
        words.add(&article.title.value, field::TITLE);
        words.text(text);
        self.filters(article, &mut words);
        words.filter("kind", KINDS[ARTICLE]);
        for link in &article.topics {
            words.mention(&self.views.site.topics[link.topic].name, field::TOPIC);
        }
        for link in &article.entities {
            // Texts may use another name; each name counts once more under its own.
            words.mention(&self.views.site.entities[link.entity].name, field::TEXT);
        }
        let summary = article.summary.as_ref().map(|summary| summary.value.as_str());
        let row = Row {
            url: self.views.plan.urls.articles[id].encoded(),
            title: article.title.value.clone(),
            kind: ARTICLE,
            date: day(article),
            detail: shortened(summary.unwrap_or_default()),
            article: None,
        };
        words.document(row, 1.0)
    }

    /// Adds what documents of an article are filtered by.
    fn filters(&self, article: &Article, words: &mut Words) {
        let Views { site, config, .. } = self.views;
        if let Some(date) = &article.date {
            words.filter("year", &format!("{:04}", date.value.date.year()));
        }
        for link in &article.topics {
            words.filter("topic", &site.topics[link.topic].slug);
        }
        let source = article.origin.as_ref().and_then(|origin| origin.source);
        if let Some(source) = source {
            words.filter("source", &site.sources[source].slug);
        }
        for link in &article.entities {
            let entity = &site.entities[link.entity];
            words.filter_words(config.entities.kinds.id(entity.kind), &entity.name);
        }
    }

    /// Returns a quotation whose speaker is known; `about` are words that tell what its article is about.
    fn quote(
        &self,
        article: &Article,
        quote: &Fact<LocalQuote>,
        text: &str,
        about: &[String],
    ) -> Option<Document> {
        let Views { site, config, .. } = self.views;
        let said = text.get(quote.found.range.range()).filter(|said| !said.is_empty())?;
        let speaker = &site.entities[site.speaker(article, quote)?.entity];
        let mut words = Words::default();
        words.text(said);
        words.mention(&speaker.name, field::TOPIC);
        for word in about {
            words.count(word, field::TEXT);
        }
        for link in &article.topics {
            words.filter("topic", &site.topics[link.topic].slug);
        }
        if let Some(date) = &article.date {
            words.filter("year", &format!("{:04}", date.value.date.year()));
        }
        if let Some(source) = article.origin.as_ref().and_then(|origin| origin.source) {
            words.filter("source", &site.sources[source].slug);
        }
        words.filter_words(config.entities.kinds.id(speaker.kind), &speaker.name);
        words.filter("kind", KINDS[QUOTE]);
        let row = Row {
            url: numbered(&["#s"], quote.found.sentence + 1),
            title: shortened(said),
            kind: QUOTE,
            date: String::new(),
            detail: speaker.name.clone(),
            article: None,
        };
        Some(words.document(row, 1.0))
    }

    fn story(&self, id: ArticleId, first: &Article) -> Document {
        let mut words = Words::default();
        words.add(&first.title.value, field::TITLE);
        words.called(&first.title.value, 1, false);
        words.filter("kind", KINDS[STORY]);
        let row = Row {
            url: self.views.plan.url(PageKind::Story(id), self.views.config).encoded(),
            title: first.title.value.clone(),
            kind: STORY,
            date: day(first),
            detail: String::new(),
            article: None,
        };
        words.document(row, 1.1)
    }

    fn names(&self, new: &New, found: &mut Vec<Document>) {
        let Views { site, plan, config, .. } = self.views;
        for id in &new.topics {
            let topic = &site.topics[*id];
            let record = topic.record.as_ref();
            let about = record.and_then(|record| record.description.as_deref());
            let named = Named {
                name: &topic.name,
                aliases: Vec::new(),
                about,
                articles: topic.articles.len(),
            };
            found.push(named.document(plan.urls.topics[*id].encoded(), TOPIC, KINDS[TOPIC]));
        }
        for id in &new.sources {
            let source = &site.sources[*id];
            let record = source.record.as_ref();
            let about = record.and_then(|record| record.description.as_deref());
            let aliases = source.host.as_deref().into_iter().collect();
            let named =
                Named { name: &source.name, aliases, about, articles: source.articles.len() };
            found.push(named.document(plan.urls.sources[*id].encoded(), SOURCE, KINDS[SOURCE]));
        }
        for id in &new.entities {
            let entity = &site.entities[*id];
            let about = entity.record.as_ref().and_then(|record| record.description.as_deref());
            let aliases = entity.aliases.iter().map(|alias| alias.name.as_str()).collect();
            let named =
                Named { name: &entity.name, aliases, about, articles: entity.articles.len() };
            let kind = config.entities.kinds.id(entity.kind);
            found.push(named.document(
                plan.urls.entities[*id].encoded(),
                number_of(entity.kind),
                kind,
            ));
        }
    }
}

/// Returns as much of an article's text as its page shows.
pub(super) fn shown<'b>(article: &Article, body: &'b Body) -> &'b str {
    match article.rights {
        Rights::Full | Rights::Own => &body.text,
        Rights::Excerpt => {
            let first = body.blocks.iter().find(|block| block.kind == BlockKind::Paragraph);
            first.map_or("", |block| block.text.slice(&body.text))
        }
        Rights::LinkOnly => "",
    }
}

/// Something that has a name and a page.
struct Named<'n> {
    name: &'n str,
    aliases: Vec<&'n str>,
    about: Option<&'n str>,
    articles: usize,
}

impl Named<'_> {
    fn document(self, url: String, kind: usize, id: &str) -> Document {
        let mut words = Words::default();
        words.add(self.name, field::NAME);
        words.called(self.name, self.articles, true);
        for alias in self.aliases {
            words.add(alias, field::ALIAS);
            words.called(alias, self.articles, false);
        }
        words.text(self.about.unwrap_or_default());
        words.filter("kind", id);
        words.filter_words(id, self.name);
        let detail = shortened(self.about.unwrap_or_default());
        let row = Row {
            url,
            title: self.name.to_owned(),
            kind,
            date: String::new(),
            detail,
            article: None,
        };
        // It changes when the number of articles doubles, and not with each.
        words.document(row, 1.2 + 0.04 * f64::from(log2(self.articles)))
    }
}

fn day(article: &Article) -> String {
    article.date.as_ref().map(|date| date.value.date.to_string()).unwrap_or_default()
}

/// Returns a text on one line, cut behind a word when it is long.
fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(SHOWN) else { return text };
    let end = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", &text[..end])
}
