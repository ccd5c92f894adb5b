//! Surnames that stand alone in an article whose text nowhere has the full name.
//!
//! `Bagheri Kani said` in one article is the Ali Bagheri Kani of another, when no second person of the collection is
//! called so. Where two are, nobody is guessed: the surname stays by itself, and its page names them all.

use rustc_hash::FxHashMap;

use super::entities::Seats;
use super::names::Names;
use crate::analyze::is_forename;
use crate::config::EntityKind;
use crate::text::capitalised;

/// What becomes of a slot that is a part of other names.
pub(super) struct Surnames {
    /// For each slot the one whose name it shortens.
    hosts: Vec<Option<usize>>,
    /// For each slot those of whose names it could be a part, ascending, where there are several.
    pub(super) candidates: FxHashMap<usize, Vec<usize>>,
}

impl Surnames {
    /// Finds out which slots shorten which; only those that editors did not name are given away. O(n log n).
    pub(super) fn new(all: &[Seats], keys: &[String], names: &Names) -> Self {
        let persons = persons(all, keys.len(), names);
        // The fullest names first: what is part of one of them adds no bearer of its own.
        let mut order: Vec<usize> = (0..keys.len()).filter(|slot| persons[*slot]).collect();
        let words = |slot: usize| keys[slot].split(' ').count();
        order.sort_by_key(|slot| (std::cmp::Reverse(words(*slot)), *slot));
        let mut bearers: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        let mut hosts = vec![None; keys.len()];
        let mut candidates = FxHashMap::default();
        for slot in order {
            let key = keys[slot].as_str();
            let is_text = slot >= names.bearers().len();
            // A first name alone may be anybody's.
            let first = !key.contains(' ') && is_forename(&capitalised(key));
            if let Some(found) = bearers.get(key).filter(|_| is_text && !first) {
                if let [host] = found[..] {
                    hosts[slot] = Some(host);
                    continue;
                }
                let mut found = found.clone();
                found.sort_unstable();
                candidates.insert(slot, found);
                continue;
            }
            for (at, _) in key.match_indices(' ') {
                bearers.entry(&key[at + 1..]).or_default().push(slot);
            }
        }
        Self { hosts, candidates }
    }

    /// Returns whose surname a slot is.
    pub(super) fn host(&self, slot: usize) -> Option<usize> {
        self.hosts.get(slot).copied().flatten()
    }
}

/// Returns for each slot whether it is a person: what editors say, else what most texts take it for.
fn persons(all: &[Seats], slots: usize, names: &Names) -> Vec<bool> {
    let mut votes = vec![0i64; slots];
    for (slot, told) in all.iter().flat_map(Seats::all_told) {
        votes[slot] += if told.kind == EntityKind::PERSON { 1 } else { -1 };
    }
    let person = |(slot, votes): (usize, i64)| {
        let bearer = names.bearers().get(slot);
        bearer.map_or(votes > 0, |bearer| bearer.kind == EntityKind::PERSON)
    };
    votes.into_iter().enumerate().map(person).collect()
}
