//! What can be found: articles, quotations, names, topics, sources, stories, pages; and the words of each.
//!
//! All documents have one order, in which a new article comes last: articles, oldest first, and beside them in the same order what belongs to each: its quotations and
//! the names, topics, sources and the story that come up with it for the first time. What belongs to no article is at the very end.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::words::{bucket, each_word, words};
use crate::config::{EntityKind, Rights, SiteConfig};
use crate::ids::{ArticleId, EntityId, SourceId, TopicId};
use crate::parse::{BlockKind, Body};
use crate::plan::view::Views;
use crate::plan::{PageKind, is_issue};
use crate::resolve::{Article, Fact, LocalQuote};
use crate::text::real;

/// Characters that are shown of a summary or a quotation.
const SHOWN: usize = 240;
/// Marks what is said in this way, and what is a filter, from words.
pub(super) const PAIR: char = '#';
pub(super) const FILTER: char = '=';
pub(super) const NAME: char = '@';

/// How much a word counts by where it stands; that of the text itself is 1.
mod field {
    pub(super) const TITLE: u32 = 5;
    pub(super) const NAME: u32 = 8;
    pub(super) const ALIAS: u32 = 5;
    pub(super) const TOPIC: u32 = 2;
    pub(super) const TEXT: u32 = 1;
}

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

/// Something that can be found.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) row: Row,
    /// Its terms, each once and in no order, with their weights.
    pub(super) terms: Vec<(String, u8)>,
    /// The numbers of its pairs of neighbouring words, ascending.
    pub(super) pairs: Vec<u16>,
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
        let mut found = self.of_text(id, article, || bodies.body(id));
        let is_told = relations.reports.get(id).is_some_and(|reports| !reports.is_empty());
        if is_told && self.has_stories {
            found.push(self.story(id, article));
        }
        if let Some(new) = self.all_new().0.get(&id) {
            self.names(new, &mut found);
        }
        found
    }

    /// Returns what is made of the text of an article, which may be another one than the site has: itself and its quotations.
    pub(super) fn of_text(
        &self,
        id: ArticleId,
        article: &Article,
        body: impl FnOnce() -> Body,
    ) -> Vec<Document> {
        let text = shown(article, body);
        let mut found = vec![self.article(id, article, &text)];
        let mut about = words(&article.title.value);
        for link in &article.topics {
            about.extend(words(&self.views.site.topics[link.topic].name));
        }
        // What a text reports somebody to have said counts too: most of what is said is told so.
        let quotes = article.quotes.iter();
        found.extend(quotes.filter_map(|quote| self.quote(article, quote, &text, &about)));
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
        // Every dozen bytes or so there is a word that was not there before.
        words.counts.reserve(text.len() / 12);
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
            url: format!("#s{}", quote.found.sentence + 1),
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
fn shown(article: &Article, body: impl FnOnce() -> Body) -> String {
    match article.rights {
        Rights::Full | Rights::Own => body().text,
        Rights::Excerpt => {
            let body = body();
            let first = body.blocks.iter().find(|block| block.kind == BlockKind::Paragraph);
            first.map_or("", |block| block.text.slice(&body.text)).to_owned()
        }
        Rights::LinkOnly => String::new(),
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

/// Collects the words of a document.
#[derive(Debug, Default)]
struct Words {
    /// How often each stands there, by where it stands.
    counts: FxHashMap<String, u32>,
    /// What has a weight of its own.
    weighted: FxHashMap<String, u8>,
    pairs: Vec<u16>,
    /// Words of the text.
    length: usize,
}

impl Words {
    /// Adds a text.
    fn text(&mut self, text: &str) {
        self.length += self.add(text, field::TEXT);
    }

    /// Adds words that stand side by side, and returns how many there are.
    fn add(&mut self, text: &str, weight: u32) -> usize {
        let (mut last, mut count) = (String::new(), 0);
        each_word(text, |word| {
            self.count(word, weight);
            if !last.is_empty() {
                self.pairs.push(bucket(&last, word));
            }
            last.clear();
            last.push_str(word);
            count += 1;
        });
        count
    }

    /// Adds words that do not stand there as they are here.
    fn mention(&mut self, name: &str, weight: u32) {
        each_word(name, |word| self.count(word, weight));
    }

    fn count(&mut self, word: &str, weight: u32) {
        match self.counts.get_mut(word) {
            Some(count) => *count += weight,
            None => {
                self.counts.insert(word.to_owned(), weight);
            }
        }
    }

    /// Adds what a name is suggested by.
    fn called(&mut self, name: &str, articles: usize, is_main: bool) {
        let weight = if is_main { 12 } else { 4 } + log2(articles).min(19);
        each_word(name, |word| {
            let best = self.weighted.entry(format!("{NAME}{word}")).or_default();
            *best = weight.max(*best);
        });
    }

    /// Adds a filter.
    fn filter(&mut self, field: &str, value: &str) {
        self.weighted.insert(format!("{FILTER}{field}:{value}"), 0);
    }

    /// Adds a filter for each word of a name.
    fn filter_words(&mut self, field: &str, name: &str) {
        each_word(name, |word| {
            self.weighted.insert(format!("{FILTER}{field}:{word}"), 0);
        });
    }

    fn document(self, row: Row, boost: f64) -> Document {
        let Self { counts, weighted, mut pairs, length } = self;
        pairs.sort_unstable();
        pairs.dedup();
        let words = counts.into_iter().map(|(word, count)| (word, weigh(count, length, boost)));
        let terms = words.chain(weighted).collect();
        Document { row, terms, pairs }
    }
}

/// Returns the weight of a word that stands `count` times in a text of `length` words: what BM25 adds for it, in sixteenths.
///
/// The text is held against one of 300 words, not against the mean of the collection, so that no other article changes it. k1 and b are 1.2
/// and 0.6. Words of titles count as several (BM25F: Zaragoza and others, "Microsoft Cambridge at TREC-13", 2004).
fn weigh(count: u32, length: usize, boost: f64) -> u8 {
    let norm = 1.2 * (0.4 + 0.6 * real(length) / 300.0);
    let count = f64::from(count);
    let weight = (16.0 * boost * count / (count + norm)).round().clamp(1.0, 31.0);
    (1..=31).rev().find(|one| f64::from(*one) <= weight).unwrap_or(1)
}

/// Returns the whole binary logarithm of one more than a count.
fn log2(count: usize) -> u8 {
    u8::try_from((count + 1).ilog2()).unwrap_or(u8::MAX)
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
