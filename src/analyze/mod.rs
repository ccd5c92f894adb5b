//! What an article's text says, by itself: language, sentences, mentions of entities.
//!
//! In: the [`Body`] of a parsed text, the names given in front matter, and the [`Lexicon`]
//! of all names that editors gave anywhere in the site. Out: an [`Analysis`].
//! Pure, per article, offline, deterministic; the article's other facts are not
//! consulted, so the result can be kept.
//!
//! **Invariants:** every range lies on character borders inside the plain text;
//! mentions are sorted and do not overlap; a mention lies inside one sentence.

mod aliases;
mod borders;
mod capitals;
mod classify;
mod countries;
mod document;
mod figures;
mod gazetteer;
#[cfg(any(test, feature = "ner-onnx"))]
mod gliner;
mod glossary;
mod headline;
mod key_sentences;
mod language;
mod lexicon;
mod likes;
mod merge;
mod quotes;
mod recognize;
mod recognizer;
mod roles;
mod sketch;
mod space;
mod subjects;
mod summary;
mod tagger;
pub(crate) mod terms;
#[cfg(test)]
mod tests;
mod topics;
mod when;
mod words;

use serde::{Deserialize, Serialize};

pub use self::aliases::{
    Alike, Form, Head, Naming, class_of, defined, join, join_distant, kind_of, name_key,
};
pub use self::countries::{Home, home_of};
pub use self::document::{Document, Name};
pub use self::figures::Figure;
#[cfg(feature = "ner-onnx")]
pub use self::gliner::{Gliner, Refused};
pub use self::glossary::{Glossary, Spelled};
pub use self::key_sentences::{Extent, KeySentences};
pub use self::lexicon::{Lexicon, LexiconBuilder, NameId};
pub use self::likes::{Ballot, Likes, Vote};
pub use self::quotes::{Quote, Speaker};
pub use self::recognizer::{Embedded, Recognizer, Unanswered};
pub use self::sketch::Sketch;
pub use self::subjects::{Subject, choose, subject_key};
pub use self::tagger::NameClass;
pub use self::tagger::train::{Annotated, Outcome, Settings, evaluate, train};
pub use self::topics::{LocalTopic, TopicWords, TopicWordsBuilder};
use crate::config::{EntityKind, SiteConfig};
use crate::parse::{Body, Found};
use crate::text::TextRange;

/// What was found in one article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysis {
    /// ISO 639-1 code of the language, if the text is long enough to tell.
    pub language: Option<String>,
    /// The sentences of all blocks but code, in order; empty when no names are looked for.
    pub sentences: Vec<TextRange>,
    /// What the text names, each with its mentions, in the order of first mention.
    pub entities: Vec<LocalEntity>,
    /// Headline cut from the lead: at most `[digest] title_length` characters.
    pub headline: Option<Found<String>>,
    /// Summary from the lead sentences: at most `[digest] summary_length` characters.
    pub summary: Option<Found<String>>,
    /// Topics whose words stand in the text, ascending.
    pub topics: Vec<LocalTopic>,
    /// What the text is about, best first, for topics that nobody gave; none when names are not looked for.
    pub subjects: Vec<Subject>,
    /// What people said, in order; none when no names are looked for.
    pub quotes: Vec<LocalQuote>,
    /// What the text is recognised by when it comes again; none when names are not looked for, and of a short text.
    pub sketch: Option<Sketch>,
    /// What was counted, in order; none when no names are looked for.
    pub figures: Vec<LocalFigure>,
    /// What people are called, in order; none when no names are looked for, and in texts that are not English.
    pub roles: Vec<LocalRole>,
}

/// What somebody said, in one article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalQuote {
    /// Where it stands, quotation marks included.
    pub range: TextRange,
    /// Number of the sentence that it begins in.
    pub sentence: u32,
    /// Where the text says who said it: a name that may stand some sentences before, or words such as `a spokesman`.
    pub speaker: Option<TextRange>,
    /// Whether it stands in quotation marks; otherwise the text reports it.
    pub direct: bool,
}

impl LocalQuote {
    /// Returns the stable name of the rule that found it.
    pub fn rule(&self) -> &'static str {
        if self.direct { "quote.marks" } else { "quote.reported" }
    }
}

/// A number with what it counts, in one article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalFigure {
    /// From the hedge or the number to the unit.
    pub range: TextRange,
    /// Number of the sentence.
    pub sentence: u32,
    /// The number.
    pub value: f64,
    /// What is counted as the text says it, or `%`, or an ISO 4217 code; none when only `what` tells.
    pub unit: Option<String>,
    /// What happened to it.
    pub what: Option<TextRange>,
    /// What it is a number of, in lower case, such as `people killed`: figures with the same can be held against each other.
    pub subject: String,
    /// Where the text says who says so.
    pub by: Option<TextRange>,
    /// As of when, as the text says it.
    pub as_of: Option<TextRange>,
}

/// What one article calls somebody whom it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalRole {
    /// The words.
    pub range: TextRange,
    /// Number of the sentence.
    pub sentence: u32,
    /// The name that they stand beside.
    pub person: TextRange,
    /// The words with one space between.
    pub name: String,
    /// Whether commas part them from the name; otherwise they stand right before it.
    pub apposed: bool,
}

impl LocalRole {
    /// Returns where the words stand together with the name.
    pub fn with_person(&self) -> TextRange {
        TextRange::new(self.range.start.min(self.person.start), self.range.end.max(self.person.end))
    }

    /// Returns the stable name of the rule that found it.
    pub fn rule(&self) -> &'static str {
        if self.apposed { "role.apposition" } else { "role.title" }
    }
}

/// Who or what one article names, before articles are joined.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalEntity {
    /// The fullest form found in the article, titles and possessives cut off.
    pub name: String,
    /// What it is taken for.
    pub kind: EntityKind,
    /// The name in the lexicon, when it is one that editors gave; then `kind` is the lexicon's.
    pub known: Option<NameId>,
    /// Other forms of the name found in the article, such as a surname or an abbreviation.
    pub aliases: Vec<String>,
    /// Where it is named.
    pub mentions: Vec<LocalMention>,
    /// What the text says of its kind.
    pub vote: Vote,
    /// Stable name of the rule that found it, such as `name.lexicon`, `name.model`.
    pub rule: &'static str,
}

impl LocalFigure {
    /// Stable name of the rule that finds figures.
    pub const RULE: &str = "figure.number";
}

/// A place where an entity is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LocalMention {
    /// Where, in the plain text.
    pub range: TextRange,
    /// Number of the sentence it lies in.
    pub sentence: u32,
}

/// What front matter leaves to the text; the rest is not derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// No title is given.
    pub title: bool,
    /// No summary is given.
    pub summary: bool,
    /// No topic is given.
    pub topics: bool,
}

impl Missing {
    /// Nothing is given.
    pub const ALL: Self = Self { title: true, summary: true, topics: true };
}

/// Returns the ISO 639-1 code of a text's language, if it can be told.
pub fn language_of(text: &str) -> Option<String> {
    language::language(text)
}

/// Returns whether a word in lower case only holds others together, such as `the`.
pub fn is_function_word(word: &str) -> bool {
    gazetteer::classes(word).has(gazetteer::Classes::FUNCTION)
}

/// Returns whether a word in lower case only holds others together in a language other than English, as far as known.
pub fn is_function_word_of(language: &str, word: &str) -> bool {
    capitals::is_opener(language, word)
}

/// Returns whether a character is of a script that writes words without spaces between.
pub fn is_unspaced(c: char) -> bool {
    borders::is_unspaced(c)
}

/// Returns whether a text is read as English: it is, or it is too short to tell and in Latin letters.
pub fn is_read_as_english(language: Option<&str>, text: &str) -> bool {
    !capitals::reads(language, text)
}

/// Returns whether a word is a first name.
pub fn is_forename(word: &str) -> bool {
    gazetteer::classes(word).has(gazetteer::Classes::FORENAME)
}

/// Returns whether everybody knows what bears a name.
pub fn is_known_name(name: &str) -> bool {
    gazetteer::lookup(name).is_some()
}

/// Returns whether news often uses a word, or its stem, in lower case.
pub fn is_common_word(word: &str) -> bool {
    gazetteer::classes(word).has(gazetteer::Classes::COMMON)
}

/// Returns a headline of at most `limit` characters for a text that begins with these sentences.
pub fn headline_of(text: &str, lead: &[TextRange], limit: usize, english: bool) -> Option<String> {
    summary::headline(text, lead, limit, english).map(|found| found.value)
}

/// Returns a sentence without its dateline, cut at the end of a clause when it has more than `limit` characters.
pub fn shortened(sentence: &str, limit: usize) -> String {
    summary::shortened(sentence, limit)
}

/// Returns a sentence without the place and day of a report before it.
pub fn without_dateline(sentence: &str) -> &str {
    summary::without_dateline(sentence)
}

/// Returns whether a word is an adjective or noun of a nation, people or faith that everybody knows.
pub fn is_group(word: &str) -> bool {
    gazetteer::classes(word).has(gazetteer::Classes::DEMONYM)
}

/// Analyses one article.
///
/// # Errors
/// Those of the recognizer.
pub fn analyze(
    body: &Body,
    lexicon: &Lexicon,
    recognizer: &dyn Recognizer,
    missing: Missing,
    config: &SiteConfig,
) -> Result<Analysis, Unanswered> {
    recognize::analyze(body, lexicon, recognizer, missing, config)
}
