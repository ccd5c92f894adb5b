//! Key phrases: words and short runs of words that stand out by how often and how early they stand, and by their length.

use std::collections::BTreeMap;

use super::KeyPhrase;
use super::offsets::real;
use super::terms::stem;
use crate::analyze::{is_common_word, is_function_word};

/// Longest phrase, in words.
const LONGEST: usize = 3;
/// Phrases of a text.
const MOST: usize = 15;

/// A phrase in the making.
#[derive(Default)]
struct Seen {
    count: usize,
    first: usize,
    /// Its spellings, with their counts.
    forms: BTreeMap<String, usize>,
    /// Whether it stood between function words or marks: then it is whole.
    whole: usize,
    words: usize,
}

/// Returns the key phrases of a text, best first.
pub(super) fn phrases(title: Option<&str>, text: &str) -> Vec<KeyPhrase> {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut place = 0;
    let mut total = 0;
    for part in [title.unwrap_or_default(), text] {
        for run in runs(part) {
            total += run.len();
            for from in 0..run.len() {
                for to in from + 1..=run.len().min(from + LONGEST) {
                    let words = &run[from..to];
                    let key = words
                        .iter()
                        .map(|word| stem(&word.to_lowercase()).to_owned())
                        .collect::<Vec<_>>()
                        .join(" ");
                    let one = seen.entry(key).or_insert_with(|| Seen {
                        first: place,
                        words: words.len(),
                        ..Seen::default()
                    });
                    one.count += 1;
                    one.whole += usize::from(from == 0 && to == run.len());
                    *one.forms.entry(words.join(" ")).or_default() += 1;
                }
                place += 1;
            }
        }
    }
    let all = real(total.max(1));
    let mut scored: Vec<(f64, &String, &Seen)> =
        seen.iter().map(|(key, one)| (score(key, one, all, &seen), key, one)).collect();
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| a.2.first.cmp(&b.2.first)).then_with(|| a.1.cmp(b.1))
    });
    let most = scored.first().map_or(1.0, |best| best.0).max(f64::MIN_POSITIVE);
    let mut chosen: Vec<(&str, KeyPhrase)> = Vec::new();
    for (score, key, one) in scored {
        if chosen.len() == MOST || score <= 0.0 {
            break;
        }
        let text = one
            .forms
            .iter()
            .max_by_key(|(form, count)| (**count, std::cmp::Reverse((*form).clone())));
        let text = text.map_or_else(String::new, |(form, _)| form.clone());
        chosen.push((key, KeyPhrase { text, score: (score / most * 1000.0).round() / 1000.0 }));
    }
    chosen.into_iter().map(|(_, phrase)| phrase).collect()
}

fn score(key: &str, one: &Seen, all: f64, seen: &BTreeMap<String, Seen>) -> f64 {
    let count = real(one.count);
    let early = 1.0 + 1.0 / (1.0 + 6.0 * real(one.first) / all);
    if one.words == 1 {
        // Short texts are told by phrases, long ones by the words that come again and again.
        let rare = if is_common_word(key) { 0.75 } else { 1.25 };
        return count.powf(1.1) * early * rare * (all / 130.0).powf(1.5).clamp(0.25, 3.0);
    }
    let parts: f64 =
        key.split(' ').map(|word| seen.get(word).map_or(1.0, |part| real(part.count))).sum::<f64>();
    let mean = parts / real(one.words);
    // Words that mostly stand together are one phrase.
    let bound = count / mean.max(1.0);
    let whole = 0.5 + real(one.whole) / count;
    count.powf(0.9) * early * whole * (0.4 + bound) * (1.0 + 0.25 * real(one.words))
}

/// Returns the runs of words that no function word, number or mark breaks.
fn runs(text: &str) -> Vec<Vec<&str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for piece in text.split_whitespace() {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
        let opens = piece.starts_with(|c: char| !c.is_alphanumeric());
        let closes = piece.ends_with(|c: char| !c.is_alphanumeric() && c != '\'');
        if opens {
            end(&mut run, &mut found);
        }
        let letters = word.chars().any(char::is_alphabetic);
        if !letters || word.chars().count() < 2 || is_function_word(&word.to_lowercase()) {
            end(&mut run, &mut found);
            continue;
        }
        run.push(word);
        if closes {
            end(&mut run, &mut found);
        }
    }
    end(&mut run, &mut found);
    found
}

/// Keeps a run, and begins another.
fn end<'t>(run: &mut Vec<&'t str>, found: &mut Vec<Vec<&'t str>>) {
    if !run.is_empty() {
        found.push(std::mem::take(run));
    }
}
