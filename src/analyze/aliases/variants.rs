//! Spellings of one name: nicknames, initials, misspelt letters.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::super::gazetteer::{Classes, classes, lookup};
use super::super::tagger::NameClass;
use super::pronouns::{Gender, gender};
use super::{Spelling, attach, bare, root};

/// Forenames that a short form stands for.
static NICKNAMES: LazyLock<FxHashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut all: FxHashMap<&'static str, Vec<&'static str>> = FxHashMap::default();
    for line in include_str!("../data/nicknames.txt").lines() {
        let mut names = line.split(' ');
        let Some(full) = names.next() else { continue };
        for nick in names {
            all.entry(nick).or_default().push(full);
        }
    }
    all
});

/// Names longer than this are not looked at for misspelt letters.
const LONGEST: usize = 40;

/// Joins names that differ only in how they are spelt.
pub(super) fn join(spellings: &mut [Spelling]) {
    join_forenames(spellings);
    join_misspelt(spellings);
}

/// Whether one forename may stand for the other.
fn same_forename(a: &str, b: &str) -> bool {
    let nick =
        |short: &str, full: &str| NICKNAMES.get(short).is_some_and(|all| all.contains(&full));
    let initial = |short: &str, full: &str| short.chars().count() == 1 && full.starts_with(short);
    let shared = || {
        let both = NICKNAMES.get(a).zip(NICKNAMES.get(b));
        both.is_some_and(|(a, b)| a.iter().any(|full| b.contains(full)))
    };
    a == b || nick(a, b) || nick(b, a) || initial(a, b) || initial(b, a) || shared()
}

/// Joins `Bill Clinton` to the one `William Clinton`, and `W. Clinton`.
fn join_forenames(spellings: &mut [Spelling]) {
    let mut by_surname: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, one) in spellings.iter().enumerate() {
        let words = bare(&one.words);
        let person = one.class() == Some(NameClass::Person);
        if let (true, true, [_, .., last]) = (one.is_name(), person, words) {
            by_surname.entry(last.clone()).or_default().push(at);
        }
    }
    for family in by_surname.into_values().filter(|all| all.len() > 1 && all.len() < 50) {
        for at in &family {
            let first = bare(&spellings[*at].words).first().cloned().unwrap_or_default();
            let short = first.chars().count() == 1 || NICKNAMES.contains_key(first.as_str());
            if !short || bare(&spellings[*at].words).len() != 2 {
                continue;
            }
            let mut hosts: Vec<usize> = family
                .iter()
                .filter(|other| {
                    let full = bare(&spellings[**other].words);
                    *other != at
                        && full
                            .first()
                            .is_some_and(|full| *full != first && same_forename(&first, full))
                })
                .map(|other| root(spellings, *other))
                .collect();
            hosts.sort_unstable();
            hosts.dedup();
            if let [host] = hosts[..] {
                attach(spellings, *at, host);
            }
        }
    }
}

/// Joins names that one letter parts, such as `Kristen Wilkins` and `Kristin Wilkins`: the rarer to the other.
fn join_misspelt(spellings: &mut [Spelling]) {
    let mut near: Vec<Near> = Vec::new();
    for (at, one) in spellings.iter().enumerate() {
        let letters = one.key.chars().filter(|c| c.is_alphabetic()).count();
        let digits = one.key.chars().any(char::is_numeric);
        if !one.is_name() || one.main.is_some() || letters < 5 || digits || one.key.len() > LONGEST
        {
            continue;
        }
        add_near(&one.key, at, &mut near);
    }
    near.sort_unstable_by_key(|one| one.hash);
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for alike in near.chunk_by(|a, b| a.hash == b.hash).filter(|alike| alike.len() > 1) {
        let mut close: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for one in alike {
            let mut key = spellings[one.at].key.clone();
            if let Some(place) = one.without {
                key.remove(place);
            }
            close.entry(key).or_default().push(one.at);
        }
        for mut close in close.into_values().filter(|close| close.len() < 8) {
            close.sort_unstable();
            close.dedup();
            for (n, a) in close.iter().enumerate() {
                pairs.extend(close[n + 1..].iter().map(|b| (*a, *b)));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    for (a, b) in pairs {
        if misspelt(&spellings[a], &spellings[b]) {
            let (from, to) = if spellings[b].count > spellings[a].count { (a, b) } else { (b, a) };
            attach(spellings, from, to);
        }
    }
}

/// A spelling without one of its letters, or with all of them.
#[derive(Clone, Copy)]
struct Near {
    /// The same for the same letters; seldom for others.
    hash: u64,
    /// Number of the spelling.
    at: usize,
    /// Offset of the letter that is left out.
    without: Option<usize>,
}

/// Adds a key as it is and without each of its letters, by hashes: most of them are alone with theirs, and need not be
/// written.
fn add_near(key: &str, at: usize, near: &mut Vec<Near>) {
    // A polynomial of the letters, the last one with the lowest power, so that a letter can be taken out.
    let next = |hash: u64, c: char| hash.wrapping_mul(BASE).wrapping_add(u64::from(c) + 1);
    let whole = key.chars().fold(0, next);
    near.push(Near { hash: whole, at, without: None });
    let (mut behind, mut power) = (0u64, 1u64);
    let mut before = whole;
    for (place, c) in key.char_indices().rev() {
        // What is left of the whole before this letter, times the power of the letters behind it.
        before = before.wrapping_sub((u64::from(c) + 1).wrapping_mul(power));
        let hash = before.wrapping_mul(INVERSE).wrapping_add(behind);
        near.push(Near { hash, at, without: Some(place) });
        behind = behind.wrapping_add((u64::from(c) + 1).wrapping_mul(power));
        power = power.wrapping_mul(BASE);
    }
}

/// An odd number, so that it has an inverse.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// What undoes a multiplication by [`BASE`]: by Newton's method, of which each step doubles the bits that are right.
const INVERSE: u64 = {
    let mut inverse = BASE;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(BASE.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
};

/// Whether two keys that a letter parts are one name: the letter is inside a longer word that is unknown in one of them.
fn misspelt(a: &Spelling, b: &Spelling) -> bool {
    if a.class().is_some() && b.class().is_some() && a.class() != b.class() {
        return false;
    }
    if a.words.len() != b.words.len() {
        // `Mc Donald`: only the gap is missing.
        return a.key.replace(' ', "") == b.key.replace(' ', "");
    }
    let mut differing = a.words.iter().zip(&b.words).filter(|(a, b)| a != b);
    let (Some((x, y)), None) = (differing.next(), differing.next()) else { return false };
    let plural = |long: &str, short: &str| long.strip_suffix('s') == Some(short);
    let first = x.chars().next() == y.chars().next();
    let least = if a.words.len() > 1 { 4 } else { 6 };
    first
        && x.len().min(y.len()) >= least
        && !plural(x, y)
        && !plural(y, x)
        && !(is_known(x) && is_known(y) && !same_bearer(a, x, y))
}

/// Whether two forenames with all else the same are of one person: not of two genders.
fn same_bearer(name: &Spelling, x: &str, y: &str) -> bool {
    let both = gender_of(x).zip(gender_of(y));
    name.class() == Some(NameClass::Person)
        && name.words.len() > 1
        && name.words.last().is_some_and(|last| last != x && last != y)
        && both.is_none_or(|(x, y)| x == y)
}

fn gender_of(word: &str) -> Option<Gender> {
    gender(&capitalised(word))
}

fn capitalised(word: &str) -> String {
    let mut capital = word.to_owned();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    capital
}

/// Whether a word in lower case is a first name.
pub(super) fn is_forename(word: &str) -> bool {
    classes(&capitalised(word)).has(Classes::FORENAME) || gender_of(word).is_some()
}

/// Whether a word in lower case is what a people, faith or party is called.
pub(super) fn is_people(word: &str) -> bool {
    classes(&capitalised(word)).has(Classes::DEMONYM)
}

/// Whether a word in lower case is a word or a name that many bear.
pub(super) fn is_known(word: &str) -> bool {
    let capital = capitalised(word);
    let listed = Classes::SURNAME | Classes::DEMONYM | Classes::COMMON;
    classes(&capital).has(listed) || classes(word).has(listed) || lookup(&capital).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_without_a_letter_have_the_hashes_of_what_is_left() {
        let hash_of = |key: &str| {
            let mut near = Vec::new();
            add_near(key, 0, &mut near);
            near
        };
        for key in ["wilkins", "josé maría", "aab", "x"] {
            for one in &hash_of(key)[1..] {
                let mut left = key.to_owned();
                left.remove(one.without.unwrap());
                assert_eq!(one.hash, hash_of(&left)[0].hash, "{key} {left}");
            }
        }
        assert_ne!(hash_of("ab")[0].hash, hash_of("ba")[0].hash);
    }
}
