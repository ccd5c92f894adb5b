//! What must hold for any bytes: a function for each fuzz target, which panics when it does not hold.
//!
//! Both the targets and `tests/offsets.rs` call these, so what is claimed of a target is tried by every `cargo test`.

use std::ops::Range;

use pressmark::analyze::{
    Analysis, Document, Embedded, LexiconBuilder, Missing, NameId, Speaker, analyze,
};
use pressmark::config::{EntityKind, Recognize, SiteConfig};
use pressmark::diag::Diagnostic;
use pressmark::digest::{Digest, Options, Row};
use pressmark::files::{Found, MemFiles, SitePath};
use pressmark::load::{self, Redaction, SourceFile, Taken};
use pressmark::parse::{Annotation, Body, Draft, parse};
use pressmark::redact::{self, Entry, Known, Was};
use pressmark::resolve;
use pressmark::text::{SlugMode, TextRange, fold, sentences, slugify, tokens, unify};

/// Languages that a text may say it is in: read by the model, by their capitals, or not at all.
const LANGUAGES: &[Option<&str>] = &[
    None,
    Some("en"),
    Some("de"),
    Some("es"),
    Some("fr"),
    Some("pl"),
    Some("pt"),
    Some("ru"),
    Some("tr"),
    Some("uk"),
    Some("el"),
    Some("fa"),
    Some("ar"),
    Some("hi"),
    Some("th"),
    Some("zh"),
    Some("x"),
];

/// Names of editors that texts may hold: of one letter, with marks, in several scripts.
const NAMES: &[&str] =
    &["Iran", "Bank of John", "U.S.", "of", "Aa", "É", "علی", "東京", "ß", "Γ", "İstanbul"];

/// Returns what chooses how a file is read: its last byte, so that any file is an input as it is.
fn choice(bytes: &[u8]) -> usize {
    bytes.last().map_or(0, |last| usize::from(*last))
}

/// Borrows what is between two offsets; panics when that is no part of the text.
fn part(text: &str, range: Range<usize>) -> &str {
    let found = text.get(range.clone());
    found.unwrap_or_else(|| panic!("{range:?} is no part of a text of {} bytes", text.len()))
}

/// Borrows the text of a range that must hold something.
fn words(text: &str, range: TextRange) -> &str {
    let found = part(text, range.range());
    assert!(!found.is_empty(), "{range:?} is empty");
    found
}

fn assert_in_order(ranges: &[TextRange]) {
    let in_order = |pair: &[TextRange]| pair[0].end <= pair[1].start;
    assert!(ranges.windows(2).all(in_order), "{ranges:?}");
}

/// Cutting a text: every sentence and word stands in it, in order, and nothing but space is left over.
pub fn segment(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = sentences(&text, 0);
    assert_in_order(&found);
    let mut rest = 0;
    for sentence in &found {
        let sentence_text = words(&text, *sentence);
        assert_eq!(sentence_text.trim(), sentence_text);
        assert!(part(&text, rest..sentence.start as usize).trim().is_empty());
        rest = sentence.end as usize;
    }
    assert!(part(&text, rest..text.len()).trim().is_empty());
    let tokens: Vec<TextRange> = tokens(&text).iter().map(|token| token.range).collect();
    assert_in_order(&tokens);
    for token in &tokens {
        words(&text, *token);
    }
    let document = Document::new(&text, Document::paragraphs(&text));
    assert_sentences(&document);
    fold(&text);
    unify(&text);
    for mode in [SlugMode::Ascii, SlugMode::Unicode] {
        let slug = slugify(&text, mode);
        assert!(slug.is_empty() || SitePath::parse(&slug).is_some(), "{slug:?}");
    }
}

fn assert_sentences(document: &Document<'_>) {
    assert_in_order(document.blocks());
    let all: Vec<TextRange> = document.sentences().collect();
    assert_in_order(&all);
    for range in &all {
        words(document.text(), *range);
        assert!(document.blocks().iter().any(|block| block.contains(*range)), "{range:?}");
    }
}

/// Cuts a text and looks for its names.
fn read(text: &str, language: usize) -> Document<'_> {
    let mut document = Document::new(text, Document::paragraphs(text));
    let language = LANGUAGES[language % LANGUAGES.len()];
    document.recognize(&Embedded, language).expect("what is built in always answers");
    document
}

/// Finding names: each lies inside the sentence that it says, in order.
pub fn recognize(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let document = read(&text, choice(bytes));
    let sentences: Vec<TextRange> = document.sentences().collect();
    let ranges: Vec<TextRange> = document.names().iter().map(|name| name.range).collect();
    assert_in_order(&ranges);
    for name in document.names() {
        words(&text, name.range);
        assert!(sentences[name.sentence].contains(name.range), "{name:?}");
    }
    document.subjects();
}

/// Finding what was said and counted: every place stands in the text.
pub fn quotes(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let document = read(&text, choice(bytes));
    let speaker = |speaker: Speaker| match speaker {
        Speaker::Name(number) => drop(words(&text, document.names()[number].range)),
        Speaker::Words(range) => drop(words(&text, range)),
        Speaker::Unresolved => {}
    };
    let quotes = document.quotes();
    for quote in &quotes {
        words(&text, quote.range);
        quote.cue.map(|cue| words(&text, cue));
        speaker(quote.speaker);
    }
    assert!(quotes.is_sorted_by_key(|quote| quote.range.start), "{quotes:?}");
    let sentences: Vec<TextRange> = document.sentences().collect();
    for figure in document.figures(&quotes) {
        assert!(sentences[figure.sentence].contains(figure.range), "{figure:?}");
        assert!(figure.value.is_finite(), "{figure:?}");
        words(&text, figure.range);
        figure.what.map(|what| words(&text, what));
        figure.as_of.map(|as_of| words(&text, as_of));
        speaker(figure.by);
    }
}

/// Reading an article in Markdown or HTML, with front matter.
pub fn article(bytes: &[u8]) {
    let choice = choice(bytes);
    let ending = if choice % 4 == 3 { "html" } else { "md" };
    whole(&format!("content/articles/a.{ending}"), bytes, choice / 4);
}

/// Reading an article in raw text: headline, dateline, source, disclaimers.
pub fn raw_text(bytes: &[u8]) {
    whole("content/articles/2024-05-06-a.txt", bytes, 0);
}

/// Takes a file through all stages that look at one article only.
fn whole(path: &str, bytes: &[u8], choice: usize) {
    let path = SitePath::parse(path).expect("a good path");
    let mut files = MemFiles::new();
    files.insert(path.clone(), bytes);
    let mut config = SiteConfig::default();
    config.digest.detect_language = choice.is_multiple_of(2);
    config.entities.recognize = if choice % 4 == 3 { Recognize::Given } else { Recognize::All };
    let found = Found { path, size: bytes.len() as u64, stamp: None };
    let loaded = load::article(&files, &found, &config);
    let Some(file) = loaded.value else { return assert_places(&loaded.diagnostics, None) };
    assert_places(&loaded.diagnostics, Some(&file.text));
    part(&file.text, file.body.clone());
    let parsed = parse(&file, &config);
    assert_places(&parsed.diagnostics, Some(&file.text));
    let draft = parsed.value;
    assert_draft(&draft, &file);
    let mut names = LexiconBuilder::default();
    let given = file.front.entities.iter().map(|(kind, name)| (*kind, name.as_str()));
    let all = NAMES.iter().map(|name| (EntityKind::PLACE, *name)).chain(given);
    for (id, (kind, name)) in (0..).zip(all) {
        names.add(name, NameId(id), kind);
    }
    let analysis = analyze(&draft.body, &names.build(), &Embedded, Missing::ALL, &config)
        .expect("what is built in always answers");
    assert_analysis(&analysis, &draft.body, &config);
    assert_anchors(&analysis, &draft.body);
    resolve::read(file, draft, analysis, &config);
}

fn assert_draft(draft: &Draft, file: &SourceFile) {
    let body = &draft.body;
    let blocks: Vec<TextRange> = body.blocks.iter().map(|block| block.text).collect();
    let runs: Vec<TextRange> = body.runs.iter().map(|run| run.text).collect();
    assert_in_order(&blocks);
    assert_in_order(&runs);
    for range in blocks.iter().chain(&runs) {
        part(&body.text, range.range());
    }
    for link in &draft.links {
        part(&body.html, link.html.0 as usize..link.html.1 as usize);
        part(&file.text, link.source.0 as usize..link.source.1 as usize);
    }
    if let Some(more) = draft.more {
        part(&body.text, 0..more as usize);
    }
    assert_eq!(Body::unpack(&body.pack()).as_ref(), Some(body));
}

/// Fails unless every offset of every fact is a place in the text.
fn assert_analysis(analysis: &Analysis, body: &Body, config: &SiteConfig) {
    let text = body.text.as_str();
    let sentences = &analysis.sentences;
    assert_in_order(sentences);
    for sentence in sentences {
        words(text, *sentence);
    }
    let inside = |sentence: u32, range: TextRange| {
        let within = sentences[sentence as usize].contains(range);
        assert!(within, "{range:?} is not in sentence {sentence} of {sentences:?}");
    };
    let mut mentions = Vec::new();
    for entity in &analysis.entities {
        assert!(!entity.name.is_empty() && !entity.mentions.is_empty(), "{entity:?}");
        for mention in &entity.mentions {
            words(text, mention.range);
            inside(mention.sentence, mention.range);
            mentions.push(mention.range);
        }
    }
    mentions.sort();
    assert_in_order(&mentions);
    for quote in &analysis.quotes {
        let start = quote.range.start;
        words(text, quote.range);
        inside(quote.sentence, TextRange::new(start, start + 1));
        quote.speaker.map(|speaker| words(text, speaker));
    }
    for figure in &analysis.figures {
        words(text, figure.range);
        inside(figure.sentence, figure.range);
        for range in [figure.what, figure.by, figure.as_of].into_iter().flatten() {
            words(text, range);
        }
        assert!(figure.value.is_finite(), "{figure:?}");
    }
    let bounded = [
        (&analysis.headline, config.digest.title_length),
        (&analysis.summary, config.digest.summary_length),
    ];
    for (found, limit) in bounded {
        assert!(
            found.as_ref().is_none_or(|found| found.value.chars().count() <= limit),
            "{found:?}"
        );
    }
}

/// Fails unless the HTML has the anchor of each sentence, once.
fn assert_anchors(analysis: &Analysis, body: &Body) {
    let anchors: Vec<Annotation> = (1..)
        .zip(&analysis.sentences)
        .map(|(n, range)| Annotation::Anchor { range: *range, id: format!("s{n}") })
        .collect();
    let html = body.annotate(&anchors, &[]);
    for n in 1..=anchors.len() {
        assert_eq!(html.matches(&format!(" id=\"s{n}\"")).count(), 1, "s{n} in {html}");
    }
}

/// Fails unless each report that says where points into the file, and marks a part of what it shows.
fn assert_places(reports: &[Diagnostic], text: Option<&str>) {
    for report in reports {
        let Some(span) = report.place.as_ref().and_then(|place| place.span.as_ref()) else {
            continue;
        };
        let text = text.expect("a file that cannot be read has no parts");
        part(text, span.bytes.0 as usize..span.bytes.1 as usize);
        part(&span.excerpt, span.mark.0 as usize..span.mark.1 as usize);
    }
}

/// Reading what people decided.
pub fn decisions(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = load::read_decisions(&text, &SiteConfig::default());
    for decision in &read.value {
        let span = decision.place.as_ref().and_then(|place| place.span.as_ref());
        span.map(|span| part(&text, span.bytes.0 as usize..span.bytes.1 as usize));
    }
    assert_places(&read.diagnostics, Some(&text));
}

/// Reading what people have taken down, with an entry more and without it again; and the text without the names.
pub fn redactions(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let config = SiteConfig::default();
    let read = load::read_redactions(&text, &config);
    assert_places(&read.diagnostics, Some(&text));
    for one in &read.value {
        let span = one.place.span.as_ref();
        span.map(|span| part(&text, span.bytes.0 as usize..span.bytes.1 as usize));
    }
    let was = |path: &SitePath, _| match path.as_str().len() % 3 {
        0 => Was::Unknown,
        1 => Was::Unpublished,
        _ => Was::At(vec![path.stem().to_owned()]),
    };
    let known = Known { records: &[], decisions: &[], marker: "[name removed]", was: &was };
    let settled = redact::settle(&read.value, known, &MemFiles::new(), &config);
    assert_places(&settled.diagnostics, Some(&text));
    let redactions = settled.value;
    let names = &redactions.names;
    for left in [names.erase(&text), names.erase_slug(&text)] {
        assert!(!names.holds(&left), "{names:?}: {left:?}");
    }
    for place in &redactions.places {
        assert!(!names.holds_address(&place.address), "{place:?}");
    }
    let taken = [
        Taken::Name { name: "Zuzanna Quix".to_owned(), also: vec!["Quix".to_owned()] },
        Taken::Article {
            path: SitePath::parse("content/articles/zu.md").expect("a good path"),
            at: Some(vec!["zu".to_owned()]),
        },
    ];
    let is_same = |one: &Taken, other: &Taken| match (one, other) {
        (Taken::Name { name: one, .. }, Taken::Name { name: other, .. }) => {
            fold(one) == fold(other)
        }
        (Taken::Article { path: one, .. }, Taken::Article { path: other, .. }) => one == other,
        _ => false,
    };
    for taken in &taken {
        let date = "2024-05-06".parse().expect("a day");
        let entry = Entry { taken: taken.clone(), date, id: "1f".to_owned() };
        let Ok(with) = redact::record(&text, &[entry], &config) else { continue };
        let longer = load::read_redactions(&with, &config);
        assert!(!longer.diagnostics.iter().any(Diagnostic::is_error), "{with}");
        assert_eq!(longer.value.len(), read.value.len() + 1, "{with}");
        assert_eq!(&longer.value[read.value.len()].taken, taken, "{with}");
        let (without, number) = redact::undo(&with, taken).expect("what was written is read");
        let all = load::read_redactions(&without, &config).value;
        let said = |all: &[Redaction]| -> Vec<(Taken, String)> {
            let others = all.iter().filter(|one| !is_same(&one.taken, taken));
            others.map(|one| (one.taken.clone(), one.id.clone())).collect()
        };
        assert_eq!(said(&all), said(&read.value), "{without}");
        assert!(number > 0 && all.iter().all(|one| !is_same(&one.taken, taken)), "{without}");
    }
}

/// The digest of rows, one JSON object a line, as one collection.
pub fn digest(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let rows: Vec<Row> = text.lines().filter_map(|line| Row::parse(line).ok()).collect();
    let options = Options { across: true, summary_ratio: None };
    let digests = pressmark::digest::digest(&rows, options);
    assert_eq!(rows.len(), digests.len());
    for (row, digest) in rows.iter().zip(&digests) {
        assert_digest(digest, &row.text);
    }
}

/// Fails unless every offset of a digest is a place in the text, and every quoted part stands there.
pub fn assert_digest(digest: &Digest, text: &str) {
    let points: Vec<char> = text.chars().collect();
    let slice = |start: usize, end: usize| -> String {
        assert!(start < end && end <= points.len(), "{start}..{end} of {}", points.len());
        points[start..end].iter().collect()
    };
    for part in &digest.summary {
        assert_eq!(slice(part.start, part.end), part.text);
    }
    for quote in &digest.quotes {
        assert_eq!(slice(quote.start, quote.end), quote.text);
    }
    for range in &digest.boilerplate {
        slice(range.start, range.end);
    }
    for figure in &digest.figures {
        slice(figure.start, figure.end);
        assert!(figure.value.is_finite(), "{figure:?}");
    }
    for entity in &digest.entities {
        let is_share = (0.0..=1.0).contains(&entity.salience);
        assert!(entity.mentions.is_sorted() && is_share, "{entity:?}");
        for [start, end] in &entity.mentions {
            slice(*start, *end);
        }
    }
    for country in &digest.countries {
        assert!(!country.from.is_empty(), "{country:?}");
    }
    let line = digest.line.as_ref();
    assert!(line.is_none_or(|line| line.chars().count() <= 200), "{line:?}");
}
