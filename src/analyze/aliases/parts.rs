//! Parts of names: surnames, `Red Sox`, `Morningside` of `Morningside Recovery`.

use rustc_hash::FxHashMap;

use super::super::tagger::NameClass;
use super::{SMALL, Spelling, attach, bare, heads, root, variants};

/// Names with one word in common that are looked at; so many are told apart by no surname.
const MOST_HOSTS: usize = 2_000;

/// Joins parts of names to the one name that they are a part of.
pub(super) fn join(spellings: &mut [Spelling]) {
    let mut by_word: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, spelling) in
        spellings.iter().enumerate().filter(|(_, one)| one.is_name() && one.words.len() > 1)
    {
        for word in &spelling.words {
            by_word.entry(word.clone()).or_default().push(at);
        }
    }
    let mut order: Vec<usize> = (0..spellings.len())
        .filter(|at| !spellings[*at].is_settled() && spellings[*at].is_name())
        .filter(|at| !spellings[*at].company)
        .collect();
    order.sort_by_key(|at| (std::cmp::Reverse(spellings[*at].words.len()), *at));
    for at in order {
        if spellings[at].host.is_some() {
            continue;
        }
        let part = bare(&spellings[at].words);
        let Some(last) = part.last() else { continue };
        let mut hosts: Vec<(u8, usize)> = by_word
            .get(last)
            .into_iter()
            .flatten()
            .take(MOST_HOSTS)
            .filter(|host| **host != at && spellings[**host].words.len() >= part.len())
            .filter_map(|host| {
                Some((shortens(&spellings[at], part, &spellings[*host])?, root(spellings, *host)))
            })
            .filter(|(_, host)| *host != at)
            .collect();
        hosts.sort_unstable();
        hosts.dedup_by_key(|(_, host)| *host);
        let best = hosts.first().map(|(rank, _)| *rank);
        let mut best = hosts.iter().filter(|(rank, _)| Some(*rank) == best).map(|(_, host)| *host);
        if let (Some(host), None) = (best.next(), best.next()) {
            attach(spellings, at, host);
        }
    }
}

/// Returns how well `part`, the bare words of `short`, shortens a fuller name: 0 best; none if it does not.
fn shortens(short: &Spelling, part: &[String], full: &Spelling) -> Option<u8> {
    let whole = bare(&full.words);
    if part == whole {
        // A title was cut off.
        return (short.words.len() != full.words.len()).then_some(0);
    }
    // `Immigrants` is not the `Council for Immigrants`.
    let before = whole.len().checked_sub(part.len() + 1).and_then(|at| whole.get(at));
    let held = before.is_some_and(|word| SMALL.contains(&word.as_str()) || is_held(word));
    let ends = whole.ends_with(part) && !held;
    let starts = whole.starts_with(part);
    let named = short.words.len() == 1 && is_personal(full);
    let personal = (full.is_class(NameClass::Person) || named)
        && (short.class() != Some(NameClass::Group) || !variants::is_people(&part[0]))
        // `Nunavut` is not the `Nunavut Tunngavik` that was taken for a person.
        && (short.class() != Some(NameClass::Place) || ends);
    if personal && full.class().is_some() {
        let inner = whole.len() > 2
            && !whole.ends_with(part)
            && whole.windows(part.len()).any(|some| some == part);
        return match (ends, starts, inner) {
            (true, ..) => Some(0),
            (false, false, false) => skips(part, whole).then_some(1),
            _ => Some(1),
        };
    }
    shortens_other(short, part, full, (starts, ends))
}

/// Whether a name begins with a forename and could be a person's, whatever it was taken for.
pub(super) fn is_personal(full: &Spelling) -> bool {
    let whole = bare(&full.words);
    full.words.len() < 4
        && whole.first().is_some_and(|first| variants::is_forename(first))
        && !whole.last().is_some_and(|last| heads::is_kind(last))
}

/// The same for names that are no person's, of which a part may begin or end the full name.
fn shortens_other(
    short: &Spelling,
    part: &[String],
    full: &Spelling,
    (starts, ends): (bool, bool),
) -> Option<u8> {
    let whole = bare(&full.words);
    let numbered = |words: &[String]| words.iter().any(|word| word.contains(char::is_numeric));
    if numbered(whole) != numbered(part) {
        // The `World Cup` may be any year's.
        return None;
    }
    let kinds = starts && whole[part.len()..].iter().all(|word| heads::is_kind(word));
    let (short_class, full_class) = (short.class(), full.class());
    let unknown = part.len() == 1 && !variants::is_known(&part[0]);
    // What a single word stands for is easily mistaken where nobody bears such a name.
    let mistaken = short_class == Some(NameClass::Person) && unknown
        || matches!(short_class, Some(NameClass::Person | NameClass::Place)) && kinds;
    let same = short_class.is_none() || full_class.is_none() || short_class == full_class;
    if !same && !mistaken {
        return None;
    }
    // Who fits by class goes first.
    let rank = if same { 0 } else { 2 };
    match full_class {
        Some(NameClass::Organization | NameClass::Work | NameClass::Event) => {
            // `Southern Indiana` is no university, but `Red Sox` are those of Boston.
            // A word that was taken for no name can only be what it ends.
            let bare = short_class.is_none() && full_class != Some(NameClass::Organization);
            let ends = ends && (short_class == full_class || unknown || bare);
            (starts || ends).then_some(rank + u8::from(!starts))
        }
        Some(_) => (kinds && part.len() < whole.len()).then_some(rank),
        None => (ends || starts).then_some(rank + u8::from(!ends)),
    }
}

/// Whether a word holds what follows as a part of something else.
fn is_held(word: &str) -> bool {
    matches!(word, "with" | "from" | "by" | "against" | "s")
}

/// Whether `part` is the first and the last of the words: `Ali Kani` of `Ali Bagheri Kani`.
fn skips(part: &[String], whole: &[String]) -> bool {
    part.len() == 2
        && whole.len() > 2
        && part.first() == whole.first()
        && part.last() == whole.last()
}
