//! What is said of one article or page, from front matter, file name and text.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::entities::{self, Mentioned, Named};
use super::facts::{self, FactChoice};
use super::key::{cut, key, one_line};
use super::names::Names;
use super::sources::{self, Outlet};
use super::topics::{self, TopicChoice, TopicNames, Wanted};
use super::{Article, StandalonePage, Stated};
use crate::analyze::{Analysis, Extent, Glossary, KeySentences, LocalTopic, Subject};
use crate::config::{EntityKind, SiteConfig};
use crate::diag::{Code, Diagnostic, Warned};
use crate::files::SitePath;
use crate::ids::Fingerprint;
use crate::load::{FileName, FrontMatter, SourceFile, When};
use crate::parse::{BlockKind, Body, Draft, Found};
use crate::store::Blob;
use crate::text::{TextRange, capitalised};

/// What one file says, by itself and before articles are joined.
///
/// It depends on the file, the settings and the [`Lexicon`](crate::analyze::Lexicon) alone, so it may be kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reading {
    /// The article, still without topics, entities and source; boxed, as it is handed on often and is large.
    pub(super) article: Box<Article>,
    /// What front matter says that it names.
    pub(super) given: Vec<(EntityKind, String)>,
    /// What its text names.
    pub(super) found: Vec<Mentioned>,
    /// Topics of front matter.
    pub(super) topics: Vec<String>,
    /// Topics whose words stand in the text.
    pub(super) hints: Vec<LocalTopic>,
    /// What the text is about.
    pub(super) subjects: Vec<Subject>,
    /// Where it comes from.
    pub(super) outlet: Outlet,
}

impl Reading {
    /// Borrows the article, as far as its file alone tells of it.
    pub fn article(&self) -> &Article {
        &self.article
    }

    /// Says where the text of the article is kept.
    pub fn set_text(&mut self, text: Blob) {
        self.article.text = Some(text);
    }

    /// Returns the file's path and the fingerprint of its bytes.
    pub fn file(&self) -> (&SitePath, Fingerprint) {
        (&self.article.path, self.article.fingerprint)
    }
}

/// What all articles are joined with.
pub(super) struct Context<'a> {
    pub(super) names: &'a Names,
    pub(super) topics: &'a TopicNames,
    /// What people decided about the topics of articles.
    pub(super) choices: &'a BTreeMap<SitePath, Vec<TopicChoice>>,
    /// What they decided about quotations, figures and roles.
    pub(super) facts: &'a BTreeMap<SitePath, Vec<FactChoice>>,
}

/// An article before it is joined to the others.
pub(super) struct Piece {
    /// The article, still without topics, entities and source.
    pub(super) article: Box<Article>,
    /// Who and what it names.
    pub(super) named: Vec<Named>,
    /// What its text says of them.
    pub(super) found: Vec<Mentioned>,
    /// Its topics.
    pub(super) wanted: Wanted,
    /// Where it comes from.
    pub(super) outlet: Outlet,
}

impl Piece {
    /// Returns what articles are ordered by: undated ones first, ties by path.
    pub(super) fn order(&self) -> (Option<When>, &str) {
        let date = self.article.date.as_ref().map(|date| date.value);
        (date, self.article.path.as_str())
    }
}

/// Texts with fewer sentences are read as fast as what stands for them.
const LONG: usize = 10;
/// Shorter sentences say nothing by themselves.
const WORDS: usize = 6;

/// Returns the sentences that say most of what a text says; of paragraphs, which headings and tables are not.
fn key_sentences(body: &Body, sentences: &[TextRange], title: &str) -> Vec<(u32, TextRange)> {
    let mut blocks = body.blocks.iter().peekable();
    let mut is_told = |range: &TextRange| {
        while blocks.next_if(|block| block.text.end <= range.start).is_some() {}
        blocks.peek().is_some_and(|block| block.kind == BlockKind::Paragraph)
    };
    let has_words =
        |range: &TextRange| range.slice(&body.text).split_whitespace().take(WORDS).count() == WORDS;
    let told = sentences.iter().copied().enumerate().filter(|(_, range)| is_told(range));
    let told: Vec<(usize, TextRange)> = told.filter(|(_, range)| has_words(range)).collect();
    if told.len() < LONG {
        return Vec::new();
    }
    let mut glossary = Glossary::default();
    let ranges = told.iter().map(|(_, range)| *range).collect();
    let key = KeySentences::of(&body.text, ranges, Some(title), &mut glossary);
    let chosen = key.chosen(Extent::Points, &glossary).into_iter();
    chosen.map(|at| (u32::try_from(told[at].0).unwrap_or(u32::MAX), key.said(at))).collect()
}

/// Decides what one file says: front matter before text.
pub(super) fn read(
    file: SourceFile,
    mut draft: Draft,
    analysis: Analysis,
    config: &SiteConfig,
) -> Warned<Reading> {
    let SourceFile { path, mut front, name, bundle, fingerprint, .. } = file;
    let mut diagnostics = Vec::new();
    // A draft is shown to those who write it, and they know.
    if draft.body.text.trim().is_empty() && !front.draft {
        let report = Diagnostic::new(Code::ArticleEmpty, "the article has no text");
        diagnostics.push(report.help("write a text, or set `draft = true`").in_file(&path));
    }
    let title = title(&mut front, draft.title.take(), analysis.headline.clone(), &name);
    let summary = summary(&mut front, &draft, &analysis, &title, config);
    let (origin, outlet) = sources::origin(front.source.take(), draft.source.take());
    let authors = authors(&mut front, draft.author.take());
    let found = analysis.entities.into_iter();
    let found = found.map(|entity| Mentioned::new(entity, &draft.body.text)).collect();
    let (text, sentences) = (draft.body.text.as_str(), &analysis.sentences);
    let quotes = facts::suggested(analysis.quotes, text, sentences);
    let roles = facts::suggested(analysis.roles, text, sentences);
    let figures = facts::suggested(analysis.figures, text, sentences);
    let key_sentences = key_sentences(&draft.body, sentences, &title.value);
    let Draft { targets, links, boilerplate, .. } = draft;
    let article = Box::new(Article {
        date: date(&front, &name, draft.date),
        updated: front.updated,
        summary,
        authors,
        language: front.language.or(analysis.language),
        topics: Vec::new(),
        entities: Vec::new(),
        origin,
        boilerplate,
        corrections: front.corrections,
        draft: front.draft,
        rights: front.rights.unwrap_or(config.rights),
        no_autolink: front.no_autolink,
        slug: front.slug,
        url_path: front.path,
        aliases: front.aliases,
        template: front.template,
        extra: front.extra,
        targets,
        links,
        sentences: analysis.sentences,
        key_sentences,
        quotes,
        figures,
        roles,
        sketch: analysis.sketch,
        reviewed: Vec::new(),
        facts: Vec::new(),
        text: None,
        path,
        name,
        bundle,
        fingerprint,
        title,
    });
    let (given, topics, hints) = (front.entities, front.topics, analysis.topics);
    let subjects = analysis.subjects;
    let reading = Reading { article, given, found, topics, hints, subjects, outlet };
    Warned { value: reading, diagnostics }
}

/// Takes what one file says as part of the whole.
pub(super) fn piece(reading: Reading, context: &Context<'_>) -> Warned<Piece> {
    let Reading { mut article, given, found, topics, hints, subjects, outlet } = reading;
    let mut diagnostics = Vec::new();
    let choices = context.choices.get(&article.path).map(Vec::as_slice).unwrap_or_default();
    article.reviewed = choices.iter().map(|choice| choice.reviewed.clone()).collect();
    if let Some(choices) = context.facts.get(&article.path) {
        facts::choose(&mut article, choices.clone());
    }
    let wanted = topics::wanted(topics, &article.title, &hints, subjects, context.topics, choices);
    let named = entities::named(given, &found, &article.path, context.names, &mut diagnostics);
    Warned { value: Piece { article, named, found, wanted, outlet }, diagnostics }
}

/// Reads one page; its file's text is dropped.
pub(super) fn page(file: SourceFile, draft: Draft) -> StandalonePage {
    let SourceFile { path, mut front, name, bundle, .. } = file;
    let Draft { body, targets, links, title: found, .. } = draft;
    let title = title(&mut front, found, None, &name);
    StandalonePage { path, name, bundle, title, front, body, targets, links }
}

/// Returns the title: of front matter, of the text, cut from the lead, else the file's name.
fn title(
    front: &mut FrontMatter,
    found: Option<Found<String>>,
    headline: Option<Found<String>>,
    name: &FileName,
) -> Stated<String> {
    let given = front.title.take().map(Stated::given);
    let candidates = [given, found.map(Stated::from), headline.map(Stated::from)];
    let lines = candidates.into_iter().flatten();
    lines
        .map(|title| Stated { value: one_line(&title.value), ..title })
        .find(|title| !title.value.is_empty())
        .unwrap_or_else(|| Stated { value: spoken(&name.stem), rule: Some("title.file-name") })
}

/// Returns a file's stem as a title: with spaces, and a capital at the start.
fn spoken(stem: &str) -> String {
    let words = one_line(&stem.replace(['-', '_'], " "));
    if words.is_empty() { stem.to_owned() } else { capitalised(&words) }
}

fn date(front: &FrontMatter, name: &FileName, found: Option<Found<When>>) -> Option<Stated<When>> {
    let of_name = || {
        let value = When { date: name.date?, instant: None };
        Some(Stated { value, rule: Some("date.file-name") })
    };
    let of_path = || {
        let value = When { date: day_of(front.path.as_deref()?)?, instant: None };
        Some(Stated { value, rule: Some("date.path") })
    };
    let given = front.date.map(Stated::given);
    given.or_else(of_name).or_else(of_path).or_else(|| found.map(Stated::from))
}

/// Reads the day of an address such as `2020/05/15/five-years`, as blogs have them.
fn day_of(path: &str) -> Option<Date> {
    let mut parts = path.split('/');
    let mut number = |len: usize| -> Option<i16> {
        let part = parts.next()?;
        (part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn authors(front: &mut FrontMatter, found: Option<Found<String>>) -> Vec<Stated<String>> {
    if front.authors.is_empty() {
        return found.map(Stated::from).into_iter().collect();
    }
    std::mem::take(&mut front.authors).into_iter().map(Stated::given).collect()
}

/// Returns the summary: of front matter, else the text up to the writer's mark, else cut from the lead.
///
/// A derived one that only repeats the title, or that is the whole article, is none.
fn summary(
    front: &mut FrontMatter,
    draft: &Draft,
    analysis: &Analysis,
    title: &Stated<String>,
    config: &SiteConfig,
) -> Option<Stated<String>> {
    if let Some(given) = front.summary.take().filter(|given| !given.trim().is_empty()) {
        return Some(Stated::given(one_line(&given)));
    }
    let text = draft.body.text.as_str();
    let before = draft.more.and_then(|more| text.get(..more as usize)).unwrap_or_default();
    let value = cut(before, config.digest.summary_length);
    let derived = if value.is_empty() {
        Stated::from(analysis.summary.clone()?)
    } else {
        Stated { value, rule: Some("summary.more") }
    };
    let summary = key(&derived.value);
    let whole = text.len() <= derived.value.len() * 2 && key(text) == summary;
    (!summary.is_empty() && !whole && summary != key(&title.value)).then_some(derived)
}
