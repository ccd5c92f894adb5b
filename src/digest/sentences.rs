//! Key sentences, and the one line that stands for a text.

use rustc_hash::FxHashMap;

use super::Part;
use super::offsets::{CodePoints, real};
use super::terms::terms;
use crate::analyze::Document;
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
        let central = central / real(own.len()).powf(0.35);
        let in_title = real(own.iter().filter(|word| title.iter().any(|one| one == *word)).count());
        let early = 1.0 / (1.0 + real(at));
        let short = if sentence.len() < SHORT { 0.5 } else { 1.0 };
        let (place, headline) = if long { (3.0, 0.5) } else { (8.0, 0.6) };
        (central + headline * in_title + place * early) * short
    };
    words.iter().enumerate().map(score).collect()
}

/// Returns one line: the first sentence of the text's own, cut at the end of a clause when it is long.
pub(super) fn line(document: &Document<'_>, own: &dyn Fn(TextRange) -> bool) -> Option<String> {
    let text = document.text();
    let told = |range: &TextRange| range.slice(text).split_whitespace().count() > 5;
    let first = document.sentences().filter(|range| own(*range)).find(told)?;
    let sentence = first.slice(text).split_whitespace().collect::<Vec<_>>().join(" ");
    Some(crate::analyze::shortened(&sentence, LINE))
}
