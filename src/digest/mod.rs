//! What texts say, for programs and for people: the command `digest`.
//!
//! In: [`Row`]s, texts with what is known of each. Out: a [`Digest`] for each row, in the same order. By
//! itself, or `across`: then the rows are one collection, in which the same name means the same one, rows that have
//! topics teach those that have none, and articles about the same event form a story.
//!
//! Offsets are Unicode code points into the row's text, end exclusive, as in JSON that other languages read.

mod across;
mod boilerplate;
mod countries;
mod entities;
mod keywords;
mod kinds;
mod offsets;
mod phrases;
mod ratios;
mod row;
mod stories;
mod topics;
mod vectors;

use rayon::prelude::*;
use std::borrow::Cow;

use serde::Serialize;

pub use self::countries::Country;
use self::entities::Entities;
use self::offsets::CodePoints;
pub use self::row::Row;
use crate::analyze::{
    self, Document, Embedded, Extent, Glossary, KeySentences, Speaker, Subject, Vote, choose,
    headline_of, is_read_as_english, language_of,
};
use crate::text::{SlugMode, TextRange, real, slugify};

/// Longest title that is made from a text, in characters.
const TITLE: usize = 90;

/// How rows are read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// Whether the rows are one collection.
    pub across: bool,
    /// Share of the text that key sentences make up, more than 0 and at most 1; three sentences without.
    pub summary_ratio: Option<f64>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Offset of its first code point.
    pub start: usize,
    /// Offset behind its last code point.
    pub end: usize,
    /// As it stands.
    pub text: String,
}

/// A range of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    /// Offset of its first code point.
    pub start: usize,
    /// Offset behind its last code point.
    pub end: usize,
}

/// Somebody or something that a text names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entity {
    /// The same for the same one: in the text, or across the collection.
    pub id: String,
    /// Its fullest name.
    pub name: String,
    /// `person`, `organization`, `place`, `event` or `work`.
    pub kind: &'static str,
    /// Other spellings in the text, most frequent first.
    pub aliases: Vec<String>,
    /// How much the text is about it: from 0 to 1.
    pub salience: f64,
    /// Start and end of each place where it is named, ascending.
    pub mentions: Vec<[usize; 2]>,
    /// Whether only words or pronouns stand for it, and no name.
    #[serde(skip)]
    pub(crate) described: bool,
    /// What the text says of its kind.
    #[serde(skip)]
    pub(crate) vote: Vote,
}

/// A topic of a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Topic {
    /// Its slug.
    pub id: String,
    /// Its name.
    pub label: String,
    /// How sure: from 0 to 1.
    pub score: f64,
    /// Words that speak for it, the strongest first.
    pub evidence: Vec<String>,
}

/// A phrase that tells what a text is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeyPhrase {
    /// As it stands most often.
    pub text: String,
    /// How much: from 0 to 1.
    pub score: f64,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// Offset of its first code point: the quotation mark of direct speech.
    pub start: usize,
    /// Offset behind its last code point.
    pub end: usize,
    /// As it stands.
    pub text: String,
    /// Who said it, as the text names them; none when that is not told near by.
    pub speaker: Option<String>,
    /// The id of the speaker among the entities.
    pub speaker_entity: Option<String>,
    /// `direct` or `reported`.
    pub kind: &'static str,
}

/// A number with what it counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Offset of its first code point, hedge included.
    pub start: usize,
    /// Offset behind its last code point.
    pub end: usize,
    /// The number.
    pub value: f64,
    /// What is counted, or the unit: `people`, `%`, `USD`.
    pub unit: Option<String>,
    /// What happened to it.
    pub what: Option<String>,
    /// Who says so.
    pub by: Option<String>,
    /// As of when, as the text says it.
    pub as_of: Option<String>,
}

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Digest {
    /// Of the row.
    pub id: String,
    /// ISO 639-1 code, if it can be told.
    pub language: Option<String>,
    /// As given, else found.
    pub title: Option<String>,
    /// One line: at most 200 characters, whole clauses.
    pub line: Option<String>,
    /// Key sentences, in the order of the text.
    pub summary: Vec<Part>,
    /// Paragraphs that are not the article's own.
    pub boilerplate: Vec<Range>,
    /// Most salient first.
    pub entities: Vec<Entity>,
    /// Countries that it is about, those that it names most often first.
    pub countries: Vec<Country>,
    /// Surest first.
    pub topics: Vec<Topic>,
    /// Best first.
    pub keyphrases: Vec<KeyPhrase>,
    /// In order.
    pub quotes: Vec<Quote>,
    /// In order.
    pub figures: Vec<Figure>,
    /// The same for articles about the same event; none of a text alone.
    pub story: Option<String>,
}

/// Digests rows, each by itself or all as one collection.
pub fn digest(rows: &[Row], options: Options) -> Vec<Digest> {
    let mut all: Vec<Digest> = rows.par_iter().map(|row| alone(row, options)).collect();
    if options.across {
        kinds::settle(&mut all);
        let topics = topics::assign(rows);
        let topics = if rows.iter().any(Row::teaches) { topics } else { discovered(rows) };
        let named: Vec<&[Entity]> = all.iter().map(|one| one.entities.as_slice()).collect();
        let stories = stories::assign(rows, &named);
        across::identify(&mut all, &stories);
        for ((one, topics), story) in all.iter_mut().zip(topics).zip(stories) {
            one.topics = topics;
            one.story = Some(story);
        }
    }
    all
}

/// Returns topics for rows of which none has any: subjects that several share.
fn discovered(rows: &[Row]) -> Vec<Vec<Topic>> {
    let subjects: Vec<Vec<Subject>> = rows
        .par_iter()
        .map(|row| {
            let language = row.language.clone().or_else(|| language_of(&row.text));
            if !is_read_as_english(language.as_deref(), &row.text) {
                return Vec::new();
            }
            Document::new(&row.text, Document::paragraphs(&row.text)).subjects()
        })
        .collect();
    let lent: Vec<&[Subject]> = subjects.iter().map(Vec::as_slice).collect();
    let chosen = choose(&lent);
    let topic = |(place, key): (usize, &&str)| Topic {
        id: slugify(key, SlugMode::default()),
        label: (*key).to_owned(),
        // The first is what the text is about most.
        score: 1.0 / real(place + 1),
        evidence: key.split(' ').map(str::to_owned).collect(),
    };
    chosen.iter().map(|keys| keys.iter().enumerate().map(topic).collect()).collect()
}

fn alone(row: &Row, options: Options) -> Digest {
    let language = row.language.clone().or_else(|| language_of(&row.text));
    let points = CodePoints::new(&row.text);
    let all = Document::paragraphs(&row.text);
    let judged = all.iter().zip(boilerplate::boilerplate(&row.text, &all));
    let (apart, own): (Vec<_>, Vec<_>) = judged.partition(|(_, apart)| *apart);
    let blocks = |some: &[(&TextRange, bool)]| some.iter().map(|(block, _)| **block).collect();
    let (apart, own): (Vec<TextRange>, Vec<TextRange>) = (blocks(&apart), blocks(&own));
    let own_text = own_text(&row.text, &apart, &own);
    // Names that are given may stand anywhere.
    let read = if row.mentions.is_some() { all } else { own };
    let own = |range: TextRange| !apart.iter().any(|block| block.overlaps(range));
    let mut document = Document::new(&row.text, read);
    // What is built in always answers.
    let _ = document.recognize(&Embedded, language.as_deref());
    let entities = Entities::of(&document, row, &points);
    let said_by = document.quotes();
    let quotes = said_by.iter().map(|quote| said(quote, &document, &entities, &points)).collect();
    let title = row.title.as_deref();
    let range = |block: &TextRange| {
        let [start, end] = points.range(*block);
        Range { start, end }
    };
    let mut glossary = Glossary::default();
    let sentences = document.sentences().filter(|range| own(*range)).collect();
    let key = KeySentences::of(&row.text, sentences, title, &mut glossary);
    let extent = options.summary_ratio.map_or(Extent::Summary, Extent::Share);
    let summary = key.chosen(extent, &glossary).into_iter().map(|at| {
        let range = key.said(at);
        let [start, end] = points.range(range);
        Part { start, end, text: range.slice(&row.text).to_owned() }
    });
    Digest {
        id: row.id.clone(),
        language: language.clone(),
        title: row.title.clone().or_else(|| headline(&document, &own, language.as_deref())),
        line: key.line(),
        summary: summary.collect(),
        boilerplate: apart.iter().map(range).collect(),
        countries: countries::countries(&document, &entities.all, &points),
        topics: Vec::new(),
        keyphrases: if is_read_as_english(language.as_deref(), &row.text) {
            phrases::phrases(title, &own_text, &mut glossary)
        } else {
            keywords::keywords(title, &own_text, language.as_deref().unwrap_or_default())
        },
        quotes,
        figures: document
            .figures(&said_by)
            .iter()
            .map(|one| counted(one, &document, &points))
            .collect(),
        story: None,
        entities: entities.all,
    }
}

/// Returns a text without the paragraphs that are not its own.
fn own_text<'t>(text: &'t str, apart: &[TextRange], own: &[TextRange]) -> Cow<'t, str> {
    if apart.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(own.iter().map(|block| block.slice(text)).collect::<Vec<&str>>().join("\n\n"))
}

/// Returns the title of a text that has none: its first own sentence, cut.
fn headline(
    document: &Document<'_>,
    own: &dyn Fn(TextRange) -> bool,
    language: Option<&str>,
) -> Option<String> {
    let lead: Vec<TextRange> = document.sentences().filter(|range| own(*range)).take(1).collect();
    let english = language.is_none_or(|code| code == "en");
    headline_of(document.text(), &lead, TITLE, english)
}

/// Returns a quotation with the entity that said it.
fn said(
    quote: &analyze::Quote,
    document: &Document<'_>,
    entities: &Entities,
    points: &CodePoints<'_>,
) -> Quote {
    let text = document.text();
    let (speaker, speaker_entity) = match quote.speaker {
        Speaker::Name(number) => {
            let range = document.names()[number].range;
            let entity = entities.at(points.range(range));
            (Some(range.slice(text).to_owned()), entity.map(|entity| entity.id.clone()))
        }
        Speaker::Words(range) => (Some(range.slice(text).to_owned()), None),
        Speaker::Unresolved => (None, None),
    };
    let [start, end] = points.range(quote.range);
    let kind = if quote.direct { "direct" } else { "reported" };
    Quote { start, end, text: quote.range.slice(text).to_owned(), speaker, speaker_entity, kind }
}

/// Returns a figure with who says it, as the text names them.
fn counted(one: &analyze::Figure, document: &Document<'_>, points: &CodePoints<'_>) -> Figure {
    let text = document.text();
    let [start, end] = points.range(one.range);
    let words = |range: TextRange| range.slice(text).to_owned();
    let by = match one.by {
        Speaker::Name(number) => Some(words(document.names()[number].range)),
        Speaker::Words(range) => Some(words(range)),
        Speaker::Unresolved => None,
    };
    Figure {
        start,
        end,
        value: one.value,
        unit: one.unit.clone(),
        what: one.what.map(words),
        by,
        as_of: one.as_of.map(words),
    }
}
