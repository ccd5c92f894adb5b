//! What a query finds, and in which order.
//!
//! `docs/search.md` is the specification; the reader's script is the other implementation of it, and `tests/search` has cases for both. Scores are whole numbers or
//! made of them by one multiplication or division at a time, which are exact to the last bit everywhere; the only logarithm is rounded at once.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::collect::FILTER;
use super::files::{Names, RootTier};
use super::query::{Condition, Query};
use super::reader::{Lists, Reader};
use super::tier::pair_term;
use super::words::{bucket, order, words};
use super::{Failure, postings};

/// What a word counts when it is there itself, and when another one is that goes on with it or was meant.
const EXACT: u32 = 16;
const NEAR: u32 = 10;
/// Words that a beginning may go on to, in a tier.
const LONGER: usize = 24;
/// Files in which these may be; for a beginning that more have, none is looked for.
const SPREAD: usize = 3;
/// Words that may be meant by one that is nowhere.
const MEANT: usize = 3;
/// Documents that must have all words; with fewer, those that have some are found too.
const ENOUGH: usize = 10;

/// A document that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hit {
    /// Its tier and its number in that.
    pub(super) tier: usize,
    pub(super) document: usize,
    pub(super) score: f64,
    /// Whether it has all words.
    pub(super) whole: bool,
}

/// A word of a query with the lists that speak for it.
struct Sought {
    /// For each tier: the weight for each document.
    weights: Vec<Vec<u32>>,
    /// In how many documents it is.
    found: usize,
}

/// Returns what a query finds, best first.
pub(super) fn rank(query: &Query, reader: &Reader<'_>) -> Result<Vec<Hit>, Failure> {
    let root = reader.root();
    let total: u32 = root.tiers.iter().map(|tier| tier.documents).sum();
    let telling = telling(query, &root.tiers[0].common);
    let sought: Vec<Sought> =
        telling.iter().map(|word| sought(word, query, reader)).collect::<Result<_, _>>()?;
    let worth: Vec<f64> = sought.iter().map(|one| worth(total, one.found)).collect();
    let mut hits = Vec::new();
    let mut before = 0;
    for (number, tier) in root.tiers.iter().enumerate() {
        let allowed = allowed(query, reader, tier)?;
        for document in 0..tier.documents as usize {
            if allowed.as_ref().is_some_and(|allowed| !allowed[document]) {
                continue;
            }
            let (mut sum, mut matched) = (0.0, 0);
            for (one, worth) in sought.iter().zip(&worth) {
                let weight = one.weights[number][document];
                sum += worth * f64::from(weight);
                matched += usize::from(weight > 0);
            }
            if matched == 0 && !sought.is_empty() {
                continue;
            }
            let place = f64::from(before) + crate::text::real(document);
            let score = score(sum, (matched, sought.len()), (place, f64::from(total)));
            hits.push(Hit { tier: number, document, score, whole: matched == sought.len() });
        }
        before += tier.documents;
    }
    if hits.iter().filter(|hit| hit.whole).count() >= ENOUGH || query.words.is_empty() {
        hits.retain(|hit| hit.whole);
    }
    hits.sort_by(|a, b| {
        let newer = || (b.tier, b.document).cmp(&(a.tier, a.document));
        b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal).then_with(newer)
    });
    Ok(hits)
}

/// Returns the score of a document: what its words add, less when some are missing, a twentieth more for the newest than for the oldest.
fn score(sum: f64, (matched, words): (usize, usize), (place, total): (f64, f64)) -> f64 {
    let share =
        if words == 0 { 1.0 } else { crate::text::real(matched) / crate::text::real(words) };
    sum * share * share * (20.0 * total + place)
}

/// Returns what a word is worth that is in `found` of `total` documents: its inverse document frequency as in BM25, times 1,024.
fn worth(total: u32, found: usize) -> f64 {
    let (total, found) = (f64::from(total), crate::text::real(found));
    (1024.0 * (1.0 + (total - found + 0.5) / (found + 0.5)).ln()).round()
}

/// Returns the words that tell something; all of them when none does.
fn telling<'q>(query: &'q Query, common: &[String]) -> Vec<&'q str> {
    let is_telling = |word: &&String| !common.contains(word);
    let mut telling: Vec<&str> =
        query.words.iter().filter(is_telling).map(String::as_str).collect();
    if telling.is_empty() {
        telling = query.words.iter().map(String::as_str).collect();
    }
    telling
}

/// Looks for a word, for those that go on with it when it is the last one, and when it is nowhere for those that may be meant.
fn sought(word: &str, query: &Query, reader: &Reader<'_>) -> Result<Sought, Failure> {
    let tiers = &reader.root().tiers;
    let blank = |tier: &RootTier| vec![0; tier.documents as usize];
    let mut sought = Sought { weights: tiers.iter().map(blank).collect(), found: 0 };
    let begun =
        query.begun.as_deref().filter(|_| query.words.last().is_some_and(|last| last == word));
    for (tier, weights) in tiers.iter().zip(&mut sought.weights) {
        put(reader.list(tier, word)?.as_deref(), EXACT, weights)?;
        if let Some(begun) = begun {
            for list in longer(begun, word, &reader.beginning(tier, begun, SPREAD)?) {
                put(Some(list), NEAR, weights)?;
            }
        }
    }
    if sought.weights.iter().flatten().all(|weight| *weight == 0) {
        for meant in meant(word, reader)? {
            for (tier, weights) in tiers.iter().zip(&mut sought.weights) {
                put(reader.list(tier, &meant)?.as_deref(), NEAR, weights)?;
            }
        }
    }
    sought.found = sought.weights.iter().flatten().filter(|weight| **weight > 0).count();
    Ok(sought)
}

/// Puts a list where it counts for more than what is there.
fn put(list: Option<&str>, factor: u32, weights: &mut [u32]) -> Result<(), Failure> {
    let Some(list) = list else { return Ok(()) };
    for (document, weight) in postings::decode(list).ok_or(Failure::Damaged)? {
        let place = weights.get_mut(document as usize).ok_or(Failure::Damaged)?;
        *place = (*place).max(factor * u32::from(weight));
    }
    Ok(())
}

/// Returns the lists of the words that go on with a beginning: the longest ones.
fn longer<'l>(begun: &str, word: &str, lists: &'l Lists) -> Vec<&'l str> {
    let goes_on = |(term, _): &&(String, String)| term.starts_with(begun) && term != word;
    let mut all: Vec<&(String, String)> = lists.iter().filter(goes_on).collect();
    all.sort_by(|(a, one), (b, other)| other.len().cmp(&one.len()).then_with(|| order(a, b)));
    all.into_iter().take(LONGER).map(|(_, list)| list.as_str()).collect()
}

/// Returns the words that may be meant by one that is nowhere: those with the fewest letters to change, the most frequent first.
fn meant(word: &str, reader: &Reader<'_>) -> Result<Vec<String>, Failure> {
    let letters: Vec<char> = word.chars().collect();
    let most = match letters.len() {
        ..4 => return Ok(Vec::new()),
        4..8 => 1,
        _ => 2,
    };
    let mut found: BTreeSet<(usize, usize, String)> = BTreeSet::new();
    for tier in &reader.root().tiers {
        for (other, rank) in reader.spelling(tier)? {
            let others: Vec<char> = other.chars().collect();
            if let Some(distance) = distance(&letters, &others, most) {
                found.insert((distance, usize::MAX - rank, other));
            }
        }
    }
    let least = found.first().map_or(0, |(distance, ..)| *distance);
    let mut words: Vec<String> = Vec::new();
    for (_, _, word) in found.into_iter().filter(|(distance, ..)| *distance == least) {
        if !words.contains(&word) && words.len() < MEANT {
            words.push(word);
        }
    }
    Ok(words)
}

/// Returns how many letters are to be put in, left out, changed, or exchanged with their neighbour, at most `most`: the restricted distance of Damerau (1964) and Levenshtein (1966).
fn distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut rows: [Vec<usize>; 3] = [Vec::new(), vec![0; b.len() + 1], (0..=b.len()).collect()];
    for (at, one) in a.iter().enumerate() {
        rows.rotate_left(1);
        let mut row = vec![at + 1];
        for (place, other) in b.iter().enumerate() {
            let cost = usize::from(one != other);
            let mut least = (rows[1][place] + cost).min(rows[1][place + 1] + 1).min(row[place] + 1);
            if at > 0 && place > 0 && *one == b[place - 1] && a[at - 1] == *other {
                least = least.min(rows[0][place - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        rows[2] = row;
    }
    rows[2].last().copied().filter(|distance| *distance <= most)
}

/// Returns for each document of a tier whether all conditions hold; none when there are none.
fn allowed(
    query: &Query,
    reader: &Reader<'_>,
    tier: &RootTier,
) -> Result<Option<Vec<bool>>, Failure> {
    if query.conditions.is_empty() {
        return Ok(None);
    }
    let mut allowed = vec![true; tier.documents as usize];
    for (condition, holds) in &query.conditions {
        let has = having(condition, reader, tier)?;
        allowed.iter_mut().zip(has).for_each(|(allowed, has)| *allowed &= has == *holds);
    }
    Ok(Some(allowed))
}

/// Returns for each document of a tier whether a condition holds.
fn having(
    condition: &Condition,
    reader: &Reader<'_>,
    tier: &RootTier,
) -> Result<Vec<bool>, Failure> {
    let terms = |field: &str, values: &[String]| -> Vec<String> {
        values.iter().map(|value| format!("{FILTER}{field}:{value}")).collect()
    };
    match condition {
        Condition::Word(word) => all(std::slice::from_ref(word), reader, tier),
        Condition::Phrase(words) => {
            let common = &reader.root().tiers[0].common;
            let pairs =
                words.windows(2).map(|two| pair_term(usize::from(bucket(&two[0], &two[1]))));
            let single = words.iter().filter(|word| !common.contains(word)).cloned();
            all(&single.chain(pairs).collect::<Vec<String>>(), reader, tier)
        }
        Condition::Field(field, values) if field == "topic" || field == "source" => {
            let names = reader.names()?;
            let mut any = vec![false; tier.documents as usize];
            for slug in named(field, values, &names) {
                let one = all(&terms(field, &[slug]), reader, tier)?;
                any.iter_mut().zip(one).for_each(|(any, one)| *any |= one);
            }
            Ok(any)
        }
        Condition::Field(field, values) => all(&terms(field, values), reader, tier),
    }
}

/// Returns the topics or sources in whose names all words are.
fn named(field: &str, values: &[String], names: &Names) -> Vec<String> {
    let list = if field == "topic" { &names.topics } else { &names.sources };
    let has_all = |(_, name): &&(String, String)| {
        let found = words(name);
        values.iter().all(|value| found.contains(value))
    };
    list.iter().filter(has_all).map(|(slug, _)| slug.clone()).collect()
}

/// Returns for each document of a tier whether it has all terms.
fn all(terms: &[String], reader: &Reader<'_>, tier: &RootTier) -> Result<Vec<bool>, Failure> {
    let mut counts = vec![0usize; tier.documents as usize];
    for term in terms {
        let Some(list) = reader.list(tier, term)? else { continue };
        for (document, _) in postings::decode(&list).ok_or(Failure::Damaged)? {
            *counts.get_mut(document as usize).ok_or(Failure::Damaged)? += 1;
        }
    }
    Ok(counts.into_iter().map(|count| count == terms.len()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_neighbours_that_changed_places() {
        let far = |a: &str, b: &str, most| {
            distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), most)
        };
        assert_eq!(far("ceasefire", "ceasefire", 2), Some(0));
        assert_eq!(far("caesefire", "ceasefire", 2), Some(1));
        assert_eq!(far("ceasfire", "ceasefire", 2), Some(1));
        assert_eq!(far("kitten", "sitting", 2), None);
        assert_eq!(far("", "ab", 2), Some(2));
    }
}
