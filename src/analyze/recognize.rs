//! Finds the sentences of an article and what they name.
//!
//! Names of the lexicon come first; then runs of capitalised words are judged
//! by the gazetteer, by titles, head words and what stands beside them; at last
//! the forms of one name are joined.

use super::aliases::kind_of;
use super::classify::{Candidate, unshouted};
use super::gazetteer::lookup;
use super::merge::merge;
use super::tagger::tag;
use super::words::{Word, words};
use super::{Analysis, Lexicon, Missing, summary};
use crate::config::{Recognize, SiteConfig};
use crate::parse::{BlockKind, Body};
use crate::text::{TextRange, fold, sentences};

/// Fewer characters do not tell a language.
const LANGUAGE_CHARS: usize = 60;

/// No more than this is read to tell the language.
const LANGUAGE_SAMPLE: usize = 1_000;

/// Analyses one article; see [`super::analyze`].
pub(super) fn analyze(
    body: &Body,
    lexicon: &Lexicon,
    missing: Missing,
    config: &SiteConfig,
) -> Analysis {
    let text = body.text.as_str();
    let mut found = Vec::new();
    let mut lead = 0..0;
    let names = config.entities.recognize != Recognize::None;
    let wants_lead = missing.title || missing.summary;
    for block in body.blocks.iter().filter(|block| block.kind != BlockKind::Code) {
        // Without names, nothing asks for sentences behind the lead.
        if !names && (!wants_lead || !lead.is_empty()) {
            break;
        }
        let first = found.len();
        found.extend(sentences(block.text.slice(text), block.text.start));
        if lead.is_empty() && matches!(block.kind, BlockKind::Paragraph | BlockKind::Quote) {
            lead = first..found.len();
        }
    }
    let language = config.digest.detect_language.then(|| language(text)).flatten();
    let english = if config.digest.detect_language {
        language.as_deref().is_none_or(|code| code == "en")
    } else {
        config.language.split('-').next() == Some("en")
    };
    let candidates =
        if names { candidates(text, &found, lexicon, config, english) } else { Vec::new() };
    let lead = found.get(lead).unwrap_or_default();
    Analysis {
        headline: missing
            .title
            .then(|| summary::headline(text, lead, config.digest.title_length, english))
            .flatten(),
        summary: missing
            .summary
            .then(|| summary::summary(text, lead, config.digest.summary_length))
            .flatten(),
        entities: merge(text, candidates),
        topics: lexicon.topics().of_body(body),
        sentences: if names { found } else { Vec::new() },
        language,
    }
}

/// Finds all candidates of an article, in order.
fn candidates(
    text: &str,
    found: &[TextRange],
    lexicon: &Lexicon,
    config: &SiteConfig,
    english: bool,
) -> Vec<Candidate> {
    let mut rejected: Vec<String> = config.entities.reject.iter().map(|name| fold(name)).collect();
    rejected.sort();
    let mut all = Vec::new();
    let wants_all = config.entities.recognize == Recognize::All && english;
    let lines: Vec<(TextRange, Vec<Word>)> = if wants_all {
        found.iter().map(|sentence| (*sentence, words(text, *sentence))).collect()
    } else {
        Vec::new()
    };
    let mut tagged = tag(text, &lines).into_iter();
    for (number, sentence) in (0u32..).zip(found) {
        let matches = lexicon.find(sentence.slice(text), config.entities.min_length);
        let shift = |range: TextRange| {
            TextRange::new(range.start + sentence.start, range.end + sentence.start)
        };
        let covered: Vec<TextRange> = matches.iter().map(|hit| shift(hit.range)).collect();
        for hit in &matches {
            let Some((id, kind)) = hit.bearer else { continue };
            let range = shift(hit.range);
            all.push(Candidate {
                range,
                sentence: number,
                kind,
                known: Some(id),
                main: None,
                rule: "name.lexicon",
            });
        }
        for name in tagged.next().into_iter().flatten() {
            let Some(kind) = kind_of(name.class) else { continue };
            let Some((_, words)) = lines.get(number as usize) else { continue };
            let range = TextRange::of(words[name.words.start].start..words[name.words.end - 1].end);
            if covered.iter().any(|cover| cover.overlaps(range)) {
                continue;
            }
            let name = range.slice(text);
            let known = lookup(name).or_else(|| lookup(&unshouted(name)?));
            let known = known.filter(|known| known.kind == kind);
            all.push(Candidate {
                range,
                sentence: number,
                kind,
                known: None,
                main: known.map(|known| known.main),
                rule: "name.model",
            });
        }
    }
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

/// Returns the ISO 639-1 code of the text's language, if it can be told.
pub(super) fn language(text: &str) -> Option<String> {
    let sample: &str =
        text.char_indices().nth(LANGUAGE_SAMPLE).map_or(text, |(end, _)| &text[..end]);
    if sample.chars().take(LANGUAGE_CHARS).count() < LANGUAGE_CHARS {
        return None;
    }
    if is_plainly_english(sample) {
        return Some("en".to_owned());
    }
    let info = whatlang::detect(sample).filter(whatlang::Info::is_reliable)?;
    short_code(info.lang()).map(str::to_owned)
}

/// Whether enough of the first words are the commonest ones of English, and of English only.
///
/// Telling a language apart from all others costs more than the rest of the analysis of a short
/// article, and most articles need not be asked.
fn is_plainly_english(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "the", "and", "that", "with", "from", "which", "this", "have", "their", "were", "been",
        "said",
    ];
    const ASKED: usize = 80;
    let words = text.split_ascii_whitespace().take(ASKED);
    let (mut all, mut english) = (0, 0);
    for word in words {
        all += 1;
        english += usize::from(WORDS.contains(&word));
    }
    all >= 20 && english * 10 >= all
}

/// Returns the two-letter code of a language.
fn short_code(language: whatlang::Lang) -> Option<&'static str> {
    const CODES: &[(&str, &str)] = &[
        ("afr", "af"),
        ("aka", "ak"),
        ("amh", "am"),
        ("ara", "ar"),
        ("aze", "az"),
        ("bel", "be"),
        ("ben", "bn"),
        ("bul", "bg"),
        ("cat", "ca"),
        ("ces", "cs"),
        ("cmn", "zh"),
        ("cym", "cy"),
        ("dan", "da"),
        ("deu", "de"),
        ("ell", "el"),
        ("eng", "en"),
        ("epo", "eo"),
        ("est", "et"),
        ("fin", "fi"),
        ("fra", "fr"),
        ("guj", "gu"),
        ("heb", "he"),
        ("hin", "hi"),
        ("hrv", "hr"),
        ("hun", "hu"),
        ("hye", "hy"),
        ("ind", "id"),
        ("ita", "it"),
        ("jav", "jv"),
        ("jpn", "ja"),
        ("kan", "kn"),
        ("kat", "ka"),
        ("khm", "km"),
        ("kor", "ko"),
        ("lat", "la"),
        ("lav", "lv"),
        ("lit", "lt"),
        ("mal", "ml"),
        ("mar", "mr"),
        ("mkd", "mk"),
        ("mya", "my"),
        ("nep", "ne"),
        ("nld", "nl"),
        ("nob", "nb"),
        ("ori", "or"),
        ("pan", "pa"),
        ("pes", "fa"),
        ("pol", "pl"),
        ("por", "pt"),
        ("ron", "ro"),
        ("rus", "ru"),
        ("sin", "si"),
        ("slk", "sk"),
        ("slv", "sl"),
        ("sna", "sn"),
        ("spa", "es"),
        ("srp", "sr"),
        ("swe", "sv"),
        ("tam", "ta"),
        ("tel", "te"),
        ("tgl", "tl"),
        ("tha", "th"),
        ("tuk", "tk"),
        ("tur", "tr"),
        ("ukr", "uk"),
        ("urd", "ur"),
        ("uzb", "uz"),
        ("vie", "vi"),
        ("yid", "yi"),
        ("zul", "zu"),
    ];
    let code = language.code();
    CODES.iter().find(|(long, _)| *long == code).map(|(_, short)| *short)
}
