//! The text of articles: with anchors and links, and cut into quotable sentences.

use std::borrow::Cow;
use std::fmt::Debug;

use tera::Value;

use super::Views;
use super::value::object;
use crate::config::Rights;
use crate::ids::ArticleId;
use crate::load::NoAutolink;
use crate::parse::{Annotation, BlockKind, Body};
use crate::resolve::{Article, EntityLink, Status};
use crate::text::{TextRange, fold, numbered};

/// Sentences of one article shown on an entity's page.
const SENTENCES: usize = 3;

/// Sentences of one article that name an entity, and how many more there are.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    pub(super) shown: Vec<Value>,
    pub(super) more: usize,
}

/// Brings the texts of articles back, which are not kept in memory: there may be too many. Called
/// from many threads.
pub trait Bodies: Debug + Sync {
    /// Returns the text of an article.
    fn body(&self, id: ArticleId) -> Body;

    /// Returns its plain text.
    fn text(&self, id: ArticleId) -> Cow<'_, str>;

    /// Returns a part of its plain text.
    fn part(&self, id: ArticleId, range: TextRange) -> String;
}

impl Views<'_> {
    /// Returns the article's text; nothing when its rights allow to show nothing of it.
    pub(super) fn text(&self, id: ArticleId) -> Body {
        match self.site.articles[id].rights {
            Rights::LinkOnly => Body::default(),
            Rights::Full | Rights::Own | Rights::Excerpt => self.bodies.body(id),
        }
    }

    /// Returns the article's text as HTML, as far as its rights allow; `body` is what [`Self::text`] returns.
    pub(super) fn html(&self, id: ArticleId, body: &Body) -> String {
        let article = &self.site.articles[id];
        match article.rights {
            Rights::Full | Rights::Own => {
                let mut annotations = anchors(article);
                self.autolink(article, body, &mut annotations);
                body.annotate(&annotations, &self.plan.article_links[id])
            }
            Rights::Excerpt => excerpt(body),
            Rights::LinkOnly => String::new(),
        }
    }

    /// Returns the whole text as HTML, with the writer's own links and nothing added.
    pub(crate) fn plain_body(&self, id: ArticleId) -> String {
        self.bodies.body(id).annotate(&[], &self.plan.article_links[id])
    }

    /// Links the first mention of each entity in each section.
    fn autolink(&self, article: &Article, body: &Body, out: &mut Vec<Annotation>) {
        let barred: Vec<String> = match &article.no_autolink {
            NoAutolink::All => return,
            NoAutolink::None => Vec::new(),
            NoAutolink::Names(names) => names.iter().map(|name| fold(name)).collect(),
        };
        if !self.config.entities.autolink {
            return;
        }
        for link in &article.entities {
            let entity = &self.site.entities[link.entity];
            let names = std::iter::once(&entity.name).chain(entity.aliases.iter().map(|a| &a.name));
            if !barred.is_empty() && names.into_iter().any(|name| barred.contains(&fold(name))) {
                continue;
            }
            let mut last = None;
            for mention in &link.mentions {
                let section = section_of(body, mention.range);
                if last == Some(section) || !is_linkable(body, mention.range) {
                    continue;
                }
                last = Some(section);
                let class =
                    if entity.status == Status::Suggested { " class=\"suggested\"" } else { "" };
                let href = self.href(&self.plan.urls.entities[link.entity]);
                let open = ["<a", class, " href=\"", &href, "\">"].concat();
                out.push(Annotation::Link { range: mention.range, open });
            }
        }
    }

    /// Returns the sentences of an article that name an entity, with the name marked.
    pub(super) fn quotes(&self, id: ArticleId, link: &EntityLink) -> Quotes {
        let article = &self.site.articles[id];
        if !matches!(article.rights, Rights::Full | Rights::Own) {
            return Quotes::default();
        }
        let mut quotes = Quotes::default();
        for mentions in link.mentions.chunk_by(|a, b| a.sentence == b.sentence) {
            let number = mentions[0].sentence;
            let Some(sentence) = article.sentences.get(number as usize) else { continue };
            if quotes.shown.len() == SENTENCES {
                quotes.more += 1;
                continue;
            }
            let ranges = mentions.iter().map(|mention| mention.range);
            let html = marked(&self.bodies.part(id, *sentence), *sentence, ranges);
            let url = self.sentence_url(id, number);
            quotes
                .shown
                .push(object! { self.words; "html" => Value::safe_string(&html), "url" => url });
        }
        quotes
    }
}

/// Returns an anchor for each sentence, so that anybody can point at it.
fn anchors(article: &Article) -> Vec<Annotation> {
    let all = (1..).zip(&article.sentences);
    all.map(|(n, range)| Annotation::Anchor { range: *range, id: numbered(&["s"], n) }).collect()
}

/// Returns the section that a range lies in.
fn section_of(body: &Body, range: TextRange) -> u32 {
    let at = body.blocks.partition_point(|block| block.text.start <= range.start);
    at.checked_sub(1).map_or(0, |at| body.blocks[at].section)
}

fn is_linkable(body: &Body, range: TextRange) -> bool {
    let at = body.runs.partition_point(|run| run.text.end <= range.start);
    body.runs.get(at).is_some_and(|run| run.linkable && run.text.contains(range))
}

/// Returns the first paragraph.
fn excerpt(body: &Body) -> String {
    let first = body.blocks.iter().find(|block| block.kind == BlockKind::Paragraph);
    let text = first.map_or("", |block| block.text.slice(&body.text));
    format!("<p>{}</p>\n", escape(text))
}

/// Returns a sentence with some ranges marked; `text` is the sentence, the ranges are those of the whole.
fn marked(text: &str, sentence: TextRange, ranges: impl Iterator<Item = TextRange>) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    let part = |start: u32, end: u32| {
        escape(TextRange::new(start - sentence.start, end - sentence.start).slice(text))
    };
    let mut from = sentence.start;
    for range in ranges.filter(|range| sentence.contains(*range)) {
        if range.start < from {
            continue;
        }
        html.push_str(&part(from, range.start));
        html.push_str("<mark>");
        html.push_str(&part(range.start, range.end));
        html.push_str("</mark>");
        from = range.end;
    }
    html.push_str(&part(from, sentence.end));
    html
}

/// Escapes text for HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() + 8);
    // Writing to memory cannot fail.
    let _ = tera::escape_html(text, &mut out);
    String::from_utf8(out).unwrap_or_default()
}
