//! A map that many threads fill at once.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

/// More shards than a desktop has cores, so that two threads seldom meet.
const SHARDS: u64 = 64;

/// A hash map in shards, each with a lock that is held for one look-up only.
#[derive(Debug)]
pub(super) struct Shards<K, V> {
    shards: Vec<Mutex<FxHashMap<K, V>>>,
}

impl<K: Eq + Hash, V> Shards<K, V> {
    /// Returns an empty map.
    pub(super) fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }

    /// Adds or replaces an entry and returns the one that was there.
    pub(super) fn insert(&self, key: K, value: V) -> Option<V> {
        self.shard(&key).insert(key, value)
    }

    /// Returns whether there is an entry for `key`.
    pub(super) fn contains<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.shard(key).contains_key(key)
    }

    /// Moves all entries out, in no order.
    pub(super) fn drain(&mut self) -> Vec<(K, V)> {
        let inner = |shard| Mutex::get_mut(shard).unwrap_or_else(PoisonError::into_inner);
        self.shards.iter_mut().map(inner).flat_map(FxHashMap::drain).collect()
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> MutexGuard<'_, FxHashMap<K, V>> {
        // The high bits choose the shard; the map inside uses the others.
        let at = (FxBuildHasher.hash_one(key) >> 32) % SHARDS;
        // An insertion cannot be left half done, so a panic elsewhere does not spoil the map.
        self.shards[usize::try_from(at).unwrap_or(0)].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
