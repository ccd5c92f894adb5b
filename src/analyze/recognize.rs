//! Finds what an article says: sentences, whom it names, what was said and counted.
//!
//! Names of the lexicon come first, then those of the recognizer that do not overlap with them; at last the forms
//! of one name are joined.

use super::aliases::kind_of;
use super::classify::{Candidate, unshouted};
use super::document::{Document, Name};
use super::gazetteer::lookup;
use super::language::language;
use super::likes::Likes;
use super::merge::merge;
use super::quotes::Speaker;
use super::recognizer::{Recognizer, Unanswered};
use super::roles::roles;
use super::space;
use super::{Analysis, Figure, Lexicon, LocalFigure, LocalQuote, Missing, Quote, Sketch, summary};
use crate::config::{Recognize, SiteConfig};
use crate::parse::{Block, BlockKind, Body};
use crate::text::{TextRange, fold, sentences};

/// Analyses one article; see [`super::analyze`].
pub(super) fn analyze(
    body: &Body,
    lexicon: &Lexicon,
    recognizer: &dyn Recognizer,
    missing: Missing,
    config: &SiteConfig,
) -> Result<Analysis, Unanswered> {
    let text = body.text.as_str();
    let language = config.digest.detect_language.then(|| language(text)).flatten();
    let written_in = if config.digest.detect_language {
        language.as_deref()
    } else {
        config.language.split('-').next()
    };
    let document = document(body, recognizer, written_in, config)?;
    let lead = match &document {
        Some(document) => document.lead(body),
        // Without names, nothing asks for sentences behind the lead.
        None if missing.title || missing.summary => lead(body),
        None => Vec::new(),
    };
    let english = written_in.is_none_or(|code| code == "en");
    let headline = || summary::headline(text, &lead, config.digest.title_length, english);
    let summary = || summary::summary(text, &lead, config.digest.summary_length);
    let mut analysis = Analysis {
        headline: missing.title.then(headline).flatten(),
        summary: missing.summary.then(summary).flatten(),
        topics: lexicon.topics().of_body(body),
        language,
        ..Analysis::default()
    };
    if let Some(document) = document {
        let quotes = document.quotes();
        let figures = document.figures(&quotes);
        // The words that are passed over are English.
        let wanted = config.topics.learn || config.topics.discover;
        if missing.topics && english && wanted {
            analysis.subjects = document.subjects();
        }
        analysis.sketch = Sketch::of(text);
        analysis.entities = merge(text, &candidates(&document, lexicon, config));
        if english {
            analysis.roles = roles(&document, &analysis.entities);
        }
        analysis.figures = figures.iter().map(|figure| document.local_figure(figure)).collect();
        analysis.quotes = quotes.iter().map(|quote| document.local_quote(quote)).collect();
        analysis.sentences = document.into_sentences();
    }
    Ok(analysis)
}

fn blocks(body: &Body) -> impl Iterator<Item = &Block> {
    body.blocks.iter().filter(|block| block.kind != BlockKind::Code)
}

fn may_lead(block: &Block) -> bool {
    matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote)
}

/// Returns the sentences of the first paragraph.
fn lead(body: &Body) -> Vec<TextRange> {
    let mut paragraphs = blocks(body).filter(|block| may_lead(block));
    let found = paragraphs.find_map(|block| {
        let found = sentences(block.text.slice(&body.text), block.text.start);
        (!found.is_empty()).then_some(found)
    });
    found.unwrap_or_default()
}

/// Cuts the text and finds its names; none when the site wants none.
fn document<'t>(
    body: &'t Body,
    recognizer: &dyn Recognizer,
    language: Option<&str>,
    config: &SiteConfig,
) -> Result<Option<Document<'t>>, Unanswered> {
    if config.entities.recognize == Recognize::None {
        return Ok(None);
    }
    let mut document = Document::new(&body.text, blocks(body).map(|block| block.text).collect());
    if config.entities.recognize == Recognize::All {
        document.recognize(recognizer, language)?;
    }
    Ok(Some(document))
}

impl Document<'_> {
    /// Returns the sentences of the first paragraph.
    fn lead(&self, body: &Body) -> Vec<TextRange> {
        let first = blocks(body)
            .enumerate()
            .filter(|(_, block)| may_lead(block))
            .find_map(|(number, _)| self.lines.iter().position(|line| line.block == number));
        let lines = first.map(|first| &self.lines[first..]).unwrap_or_default();
        let block = lines.first().map(|line| line.block);
        let same = lines.iter().take_while(|line| Some(line.block) == block);
        same.map(|line| line.range).collect()
    }

    fn into_sentences(self) -> Vec<TextRange> {
        self.lines.into_iter().map(|line| line.range).collect()
    }

    /// Returns where the text names or describes a speaker.
    fn place(&self, speaker: Speaker) -> Option<TextRange> {
        match speaker {
            Speaker::Name(name) => self.names.get(name).map(|name| name.range),
            Speaker::Words(words) => Some(words),
            Speaker::Unresolved => None,
        }
    }

    fn local_quote(&self, quote: &Quote) -> LocalQuote {
        let sentence = self.line_at(quote.range.start).unwrap_or(self.lines.len());
        LocalQuote {
            range: quote.range,
            sentence: u32::try_from(sentence).unwrap_or(u32::MAX),
            speaker: self.place(quote.speaker),
            direct: quote.direct,
        }
    }

    /// Returns what a figure is a number of: what is counted, and what happened to it.
    fn subject(&self, figure: &Figure) -> String {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let happened = figure.what.map(|what| words(&what.slice(self.text).to_lowercase()));
        // A currency is a code.
        let counted = figure.unit.as_deref().map(|unit| {
            let is_code = unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase());
            if is_code { unit.to_owned() } else { words(&unit.to_lowercase()) }
        });
        counted.into_iter().chain(happened).collect::<Vec<_>>().join(" ")
    }

    fn local_figure(&self, figure: &Figure) -> LocalFigure {
        LocalFigure {
            range: figure.range,
            sentence: u32::try_from(figure.sentence).unwrap_or(u32::MAX),
            value: figure.value,
            unit: figure.unit.clone(),
            what: figure.what,
            subject: self.subject(figure),
            by: self.place(figure.by),
            as_of: figure.as_of,
        }
    }
}

impl Document<'_> {
    /// Whether a place is a part of a longer name that everybody knows.
    fn is_part_of_known(&self, range: TextRange) -> bool {
        let at = self.names.partition_point(|name| name.range.end <= range.start);
        self.names.get(at).is_some_and(|name| {
            name.rule == space::RULE && name.range != range && name.range.contains(range)
        })
    }
}

/// Finds all candidates of an article, in order.
fn candidates(document: &Document<'_>, lexicon: &Lexicon, config: &SiteConfig) -> Vec<Candidate> {
    let text = document.text;
    let mut all = Vec::new();
    let mut names = document.names.iter().peekable();
    for (number, line) in document.lines.iter().enumerate() {
        let sentence = line.range;
        let mut matches = lexicon.find(sentence.slice(text), config.entities.min_length);
        let shift = |range: TextRange| {
            TextRange::new(range.start + sentence.start, range.end + sentence.start)
        };
        // The record of the planet is not meant by `Saturn V`.
        matches.retain(|hit| !document.is_part_of_known(shift(hit.range)));
        let covered: Vec<TextRange> = matches.iter().map(|hit| shift(hit.range)).collect();
        let number_32 = u32::try_from(number).unwrap_or(u32::MAX);
        for hit in &matches {
            let Some((id, kind)) = hit.bearer else { continue };
            let range = shift(hit.range);
            all.push(Candidate {
                range,
                sentence: number_32,
                kind,
                known: Some(id),
                main: None,
                likes: Likes::default(),
                rule: "name.lexicon",
            });
        }
        while let Some(name) = names.next_if(|name| name.sentence <= number) {
            if !covered.iter().any(|cover| cover.overlaps(name.range)) {
                all.extend(candidate(text, name));
            }
        }
    }
    let mut rejected: Vec<String> = config.entities.reject.iter().map(|name| fold(name)).collect();
    rejected.sort();
    if !rejected.is_empty() {
        all.retain(|candidate| rejected.binary_search(&fold(candidate.range.slice(text))).is_err());
    }
    for candidate in all.iter_mut().filter(|candidate| candidate.known.is_none()) {
        // Another spelling of a name that editors gave, such as `U.S.` for `United States`.
        if let Some((id, kind)) = candidate.main.and_then(|main| lexicon.bearer(main)) {
            (candidate.known, candidate.kind) = (Some(id), kind);
        }
    }
    all.sort_by_key(|candidate| candidate.range);
    all
}

/// Bodies that every country has. A page of them would be about many, and nobody could tell which.
const SHARED: &[&str] = &[
    "Army",
    "Assembly",
    "Cabinet",
    "Commission",
    "Committee",
    "Congress",
    "Council",
    "Court",
    "Government",
    "Ministry",
    "Navy",
    "Opposition",
    "Parliament",
    "Police",
    "Senate",
];

/// Returns a name that may become an entity.
fn candidate(text: &str, name: &Name) -> Option<Candidate> {
    let kind = kind_of(name.class)?;
    let form = name.range.slice(text);
    if SHARED.contains(&form) {
        return None;
    }
    let known = lookup(form).or_else(|| lookup(&unshouted(form)?));
    let known = known.filter(|known| known.kind == kind).map(|known| known.main);
    Some(Candidate {
        range: name.range,
        sentence: u32::try_from(name.sentence).ok()?,
        kind,
        known: None,
        main: name.main.or(known),
        likes: name.likes,
        rule: name.rule,
    })
}
