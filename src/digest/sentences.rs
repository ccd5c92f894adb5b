//! Key sentences, and the one line that stands for a text.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Part;
use super::offsets::{CodePoints, real};
use super::terms::terms;
use crate::analyze::{Document, shortened};
use crate::text::TextRange;

/// Most key sentences without a wish.
const THREE: usize = 3;
/// Most words of key sentences without a wish; the first may be longer.
const WORDS: usize = 50;
/// How much a sentence loses when all of its words were said by those chosen before it.
const AGAIN: f64 = 0.5;
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
    let words: Vec<Vec<String>> =
        all.iter().map(|range| terms(range.slice(text)).collect()).collect();
    let scores = scores(&words, title, ratio.is_some());
    let mut chosen = match ratio {
        Some(ratio) => share(&all, &scores, ratio),
        None => few(text, &all, &scores, &words),
    };
    chosen.sort_unstable();
    let part = |at: &usize| {
        let [start, end] = points.range(all[*at]);
        Part { start, end, text: all[*at].slice(text).to_owned() }
    };
    chosen.iter().map(part).collect()
}

/// Chooses the best sentences until they make up a share of the text.
fn share(all: &[TextRange], scores: &[f64], ratio: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let whole: usize = all.iter().map(|range| range.len() as usize).sum();
    let mut taken = 0;
    let enough = |at: &usize| {
        let before = taken;
        taken += all[*at].len() as usize;
        real(before) < ratio * real(whole)
    };
    order.into_iter().take_while(enough).collect()
}

/// Chooses a few sentences that say different things, and that are read at a glance.
fn few(text: &str, all: &[TextRange], scores: &[f64], words: &[Vec<String>]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..all.len()).collect();
    let mut chosen: Vec<usize> = Vec::new();
    let mut said: FxHashSet<&str> = FxHashSet::default();
    let mut taken = 0;
    while chosen.len() < THREE {
        let value = |at: usize| {
            let again = words[at].iter().filter(|word| said.contains(word.as_str())).count();
            scores[at] * (1.0 - AGAIN * real(again) / real(words[at].len().max(1)))
        };
        let best = (0..left.len()).max_by(|a, b| {
            value(left[*a]).total_cmp(&value(left[*b])).then(left[*b].cmp(&left[*a]))
        });
        let Some(best) = best else { break };
        let at = left.remove(best);
        let length = all[at].slice(text).split_whitespace().count();
        if !chosen.is_empty() && taken + length > WORDS {
            continue;
        }
        taken += length;
        said.extend(words[at].iter().map(String::as_str));
        chosen.push(at);
    }
    chosen
}

/// Returns how much each sentence says of what the whole says: words that many sentences share, and an early place.
fn scores(words: &[Vec<String>], title: Option<&str>, long: bool) -> Vec<f64> {
    let mut shared: FxHashMap<&str, f64> = FxHashMap::default();
    for sentence in words {
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
        let central = central / real(own.len()).powf(if long { 0.35 } else { 0.6 });
        let in_title = real(own.iter().filter(|word| title.iter().any(|one| one == *word)).count());
        let early = 1.0 / (1.0 + real(at));
        let short = if sentence.len() < SHORT { 0.5 } else { 1.0 };
        let (place, headline) = if long { (3.0, 0.5) } else { (4.0, 0.6) };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str, ratio: Option<f64>) -> Vec<String> {
        let document = Document::new(text, Document::paragraphs(text));
        let parts = summary(&document, None, ratio, &|_| true, &CodePoints::new(text));
        parts.into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn sentences_do_not_say_the_same_again() {
        let text = "Rivers flooded. Rivers flooded. Trains stopped. Schools closed.";
        let all: Vec<TextRange> =
            [0..15, 16..31, 32..47, 48..63].into_iter().map(TextRange::of).collect();
        let words: Vec<Vec<String>> =
            all.iter().map(|range| terms(range.slice(text)).collect()).collect();
        assert_eq!(few(text, &all, &[1.0, 0.9, 0.8, 0.7], &words), [0, 2, 3]);
    }

    #[test]
    fn a_long_sentence_leaves_no_room_for_others() {
        let long = format!("The council {} voted.", "of the city and the county ".repeat(10));
        let text =
            format!("{long} The council of the city was pleased with the vote in the county.");
        assert_eq!(chosen(&text, None), [long]);
        assert_eq!(chosen(&text, Some(1.0)).len(), 2);
    }
}
