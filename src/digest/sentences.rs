//! Key sentences, and the one line that stands for a text.

use rustc_hash::FxHashMap;

use super::Part;
use super::offsets::{CodePoints, real};
use super::terms::terms;
use crate::analyze::{Document, shortened};
use crate::text::TextRange;

/// Key sentences without a wish.
const THREE: usize = 3;
/// Longest line, in characters.
const LINE: usize = 200;
/// Sentences with fewer words say little by themselves.
const SHORT: usize = 5;

/// Returns the key sentences in the order of the text.
pub(super) fn summary(
    document: &Document<'_>,
    title: Option<&str>,
    ratio: Option<f64>,
    own: &dyn Fn(TextRange) -> bool,
    points: &CodePoints<'_>,
) -> Vec<Part> {
    let text = document.text();
    let all: Vec<TextRange> = document.sentences().filter(|range| own(*range)).collect();
    let scores = scores(text, &all, title, ratio.is_some());
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let whole: usize = all.iter().map(|range| range.len() as usize).sum();
    let mut chosen: Vec<usize> = Vec::new();
    let mut taken = 0;
    for at in order {
        let enough =
            ratio.map_or(chosen.len() >= THREE, |ratio| real(taken) >= ratio * real(whole));
        if enough {
            break;
        }
        taken += all[at].len() as usize;
        chosen.push(at);
    }
    chosen.sort_unstable();
    let part = |at: &usize| {
        let [start, end] = points.range(all[*at]);
        Part { start, end, text: all[*at].slice(text).to_owned() }
    };
    chosen.iter().map(part).collect()
}

/// Returns how much each sentence says of what the whole says: words that many sentences share, and an early place.
fn scores(text: &str, all: &[TextRange], title: Option<&str>, long: bool) -> Vec<f64> {
    let words: Vec<Vec<String>> =
        all.iter().map(|range| terms(range.slice(text)).collect()).collect();
    let mut shared: FxHashMap<&str, f64> = FxHashMap::default();
    for sentence in &words {
        let mut own: Vec<&str> = sentence.iter().map(String::as_str).collect();
        own.sort_unstable();
        own.dedup();
        for word in own {
            *shared.entry(word).or_default() += 1.0;
        }
    }
    let title: Vec<String> = title.map(|title| terms(title).collect()).unwrap_or_default();
    let score = |(at, sentence): (usize, &Vec<String>)| {
        if sentence.is_empty() {
            return 0.0;
        }
        let mut own: Vec<&str> = sentence.iter().map(String::as_str).collect();
        own.sort_unstable();
        own.dedup();
        let central: f64 = own
            .iter()
            .map(|word| shared.get(word).map_or(0.0, |count| (count - 1.0).max(0.0).ln_1p()))
            .sum();
        let central = central / real(own.len()).powf(if long { 0.35 } else { 0.75 });
        let in_title = real(own.iter().filter(|word| title.iter().any(|one| one == *word)).count());
        let early = 1.0 / (1.0 + real(at));
        let short = if sentence.len() < SHORT { 0.5 } else { 1.0 };
        let (place, headline) = if long { (3.0, 0.5) } else { (8.0, 0.6) };
        (central + headline * in_title + place * early) * short
    };
    words.iter().enumerate().map(score).collect()
}

/// Sentences at the beginning that the line may be.
const LEAD: usize = 6;

/// Words of captions of pictures.
const CAPTIONS: &[&str] = &[
    "file photo",
    "(photo",
    "photo:",
    "photo by",
    "getty images",
    "image caption",
    "pictured",
    "is seen in",
    "are seen in",
    "poses for",
    "made available by",
    "toggle caption",
    "/ap)",
    "(reuters)",
];

/// Returns one line: the sentence among the first that says most of the title, cut at the end of a clause when it is
/// long, and with the next one when both are short.
pub(super) fn line(
    document: &Document<'_>,
    title: Option<&str>,
    own: &dyn Fn(TextRange) -> bool,
) -> Option<String> {
    let text = document.text();
    let flat =
        |range: TextRange| range.slice(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let all: Vec<String> =
        document.sentences().filter(|range| own(*range)).take(LEAD).map(flat).collect();
    let title: Vec<String> = title.map(|title| terms(title).collect()).unwrap_or_default();
    let score = |at: usize| {
        let words: Vec<String> = terms(&all[at]).collect();
        let shared = title.iter().filter(|word| words.contains(word)).count();
        let repeats = !title.is_empty() && shared == title.len() && words.len() <= title.len() + 1;
        let lower = all[at].to_lowercase();
        let is_caption =
            lower.starts_with("file -") || CAPTIONS.iter().any(|word| lower.contains(word));
        let short = all[at].split(' ').count() < SHORT;
        let penalty = if repeats || is_caption || short { 2.0 } else { 0.0 };
        0.8 * real(shared) / real(title.len().max(1)) + 1.0 / (1.0 + 0.5 * real(at)) - penalty
    };
    let best = (0..all.len()).max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.cmp(a)))?;
    let line = shortened(&all[best], LINE);
    let next = all
        .get(best + 1)
        .filter(|_| score(best + 1) > -1.0 && line.len() < LINE / 2 && line.ends_with('.'));
    Some(match next {
        Some(next) if line.chars().count() + next.chars().count() < LINE => {
            format!("{line} {next}")
        }
        _ => line,
    })
}
