//! Many small values, found by a fingerprint of what they were made from.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::StoreReport;
use super::segment::{self, Segment};
use crate::ids::Fingerprint;

/// The number that stands for memory instead of a segment.
const MEMORY: u32 = u32::MAX;
/// With more segments than this, the small ones become one.
const MAX_SEGMENTS: usize = 32;
/// So that two threads that put a blob seldom meet.
const SHARDS: usize = 16;

/// Where a blob is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blob {
    pub(super) segment: u32,
    pub(super) len: u32,
    pub(super) offset: u64,
    pub(super) check: u64,
}

/// A segment that is made when the first blob is put.
#[derive(Debug)]
struct New {
    dir: PathBuf,
    number: u32,
    /// None when it cannot be made.
    segment: OnceLock<Option<Segment>>,
}

impl New {
    fn to_write(&self) -> Option<&Segment> {
        self.segment.get_or_init(|| Segment::create(&self.dir, self.number)).as_ref()
    }

    /// Returns the segment if it holds something.
    fn written(&self) -> Option<&Segment> {
        self.segment.get()?.as_ref()
    }
}

/// The blobs of earlier builds and of this one.
#[derive(Debug)]
pub(super) struct Blobs {
    /// Sorted by key.
    old: Vec<(Fingerprint, Blob)>,
    /// Where each key is in `old`.
    places: FxHashMap<Fingerprint, usize>,
    /// Whether each of `old` was asked for.
    used: Vec<AtomicBool>,
    files: FxHashMap<u32, File>,
    /// The segment that is being written; none when nothing may be.
    new: Option<New>,
    put: [Mutex<Vec<(Fingerprint, Blob)>>; SHARDS],
    memory: Mutex<Vec<Vec<u8>>>,
    found: AtomicUsize,
    /// Whether those that nobody asked for stay too.
    keep_all: AtomicBool,
    /// The index that the build ended with, if it is another one.
    settled: OnceLock<Vec<(Fingerprint, Blob)>>,
}

impl Blobs {
    /// Opens the segments of `old`; writes a new one if `writable`.
    pub(super) fn new(dir: &Path, mut old: Vec<(Fingerprint, Blob)>, writable: bool) -> Self {
        old.sort_unstable_by_key(|(key, _)| *key);
        let numbers: FxHashSet<u32> = old.iter().map(|(_, blob)| blob.segment).collect();
        let next = old.iter().map(|(_, blob)| blob.segment).max().map_or(0, |max| max + 1);
        let mut blobs = Self::in_memory();
        let open = |number: &u32| Some((*number, File::open(segment::path(dir, *number)).ok()?));
        blobs.files = numbers.iter().filter_map(open).collect();
        old.retain(|(_, blob)| blobs.files.contains_key(&blob.segment));
        let segment = OnceLock::new();
        blobs.new = writable.then(|| New { dir: dir.to_owned(), number: next, segment });
        blobs.with(old)
    }

    /// Returns no blobs; those that are put stay in memory.
    pub(super) fn in_memory() -> Self {
        Self {
            old: Vec::new(),
            places: FxHashMap::default(),
            used: Vec::new(),
            files: FxHashMap::default(),
            new: None,
            put: [const { Mutex::new(Vec::new()) }; SHARDS],
            memory: Mutex::default(),
            found: AtomicUsize::new(0),
            keep_all: AtomicBool::new(false),
            settled: OnceLock::new(),
        }
    }

    pub(super) fn find(&self, key: Fingerprint) -> Option<Blob> {
        let at = *self.places.get(&key)?;
        self.used[at].store(true, Ordering::Relaxed);
        self.found.fetch_add(1, Ordering::Relaxed);
        Some(self.old[at].1)
    }

    pub(super) fn put(&self, key: Fingerprint, bytes: Vec<u8>) -> Blob {
        let stored = self.append(&bytes);
        if let Some(blob) = stored {
            locked(&self.put[usize::from(key.as_bytes()[0]) % SHARDS]).push((key, blob));
            return blob;
        }
        let mut memory = locked(&self.memory);
        let blob = Blob {
            segment: MEMORY,
            len: narrow(bytes.len()),
            offset: memory.len() as u64,
            check: 0,
        };
        memory.push(bytes);
        blob
    }

    /// Writes bytes to the new segment; none without one, when the disk is full, or for 4 GiB and more.
    fn append(&self, bytes: &[u8]) -> Option<Blob> {
        let new = self.new.as_ref()?;
        let len = u32::try_from(bytes.len()).ok()?;
        let offset = new.to_write()?.append(bytes)?;
        Some(Blob { segment: new.number, len, offset, check: check(bytes) })
    }

    pub(super) fn is_new(&self, blob: Blob) -> bool {
        !self.files.contains_key(&blob.segment)
    }

    pub(super) fn read(&self, blob: Blob) -> Option<Vec<u8>> {
        let bytes = self.read_part(blob, 0, blob.len)?;
        // What this process wrote need not be checked.
        (self.is_new(blob) || check(&bytes) == blob.check).then_some(bytes)
    }

    pub(super) fn read_part(&self, blob: Blob, start: u32, len: u32) -> Option<Vec<u8>> {
        if u64::from(start) + u64::from(len) > u64::from(blob.len) {
            return None;
        }
        if blob.segment == MEMORY {
            let memory = locked(&self.memory);
            let bytes = memory.get(usize::try_from(blob.offset).ok()?)?;
            return bytes.get(start as usize..(start + len) as usize).map(<[u8]>::to_vec);
        }
        let offset = blob.offset + u64::from(start);
        match &self.new {
            Some(new) if new.number == blob.segment => new.written()?.read(offset, len),
            _ => segment::read(self.files.get(&blob.segment)?, offset, len),
        }
    }

    pub(super) fn report(&self) -> StoreReport {
        let put = self.put.iter().map(|shard| locked(shard).len()).sum::<usize>();
        StoreReport {
            found: self.found.load(Ordering::Relaxed),
            put: put + locked(&self.memory).len(),
        }
    }

    /// Returns the blobs of earlier builds together with those that this one has put, to be read.
    pub(super) fn settle(self) -> Self {
        let Self { old, mut files, new, settled, mut memory, .. } = self;
        let new = new.and_then(|new| Some((new.number, new.segment.into_inner()??.into_file())));
        files.extend(new);
        let memory = std::mem::take(memory.get_mut().unwrap_or_else(PoisonError::into_inner));
        let old = settled.into_inner().unwrap_or(old);
        Self { files, memory: Mutex::new(memory), ..Self::in_memory() }.with(old)
    }

    fn with(mut self, old: Vec<(Fingerprint, Blob)>) -> Self {
        self.used = old.iter().map(|_| AtomicBool::new(false)).collect();
        self.places = old.iter().enumerate().map(|(at, (key, _))| (*key, at)).collect();
        self.old = old;
        self
    }

    pub(super) fn keep_all(&self) {
        self.keep_all.store(true, Ordering::Relaxed);
    }

    /// Tidies up and returns the new index, sorted; none when it is the same as before.
    pub(super) fn finish(&self) -> Option<Vec<(Fingerprint, Blob)>> {
        let put: Vec<(Fingerprint, Blob)> =
            self.put.iter().flat_map(|shard| std::mem::take(&mut *locked(shard))).collect();
        let size = |blobs: &mut dyn Iterator<Item = &(Fingerprint, Blob)>| -> u64 {
            blobs.map(|(_, blob)| u64::from(blob.len)).sum()
        };
        let live = self.old.iter().zip(&self.used).filter(|(_, used)| used.load(Ordering::Relaxed));
        let live_size = size(&mut live.clone().map(|(entry, _)| entry)) + size(&mut put.iter());
        let whole_size = size(&mut self.old.iter()) + size(&mut put.iter());
        let may_drop = !self.keep_all.load(Ordering::Relaxed);
        let mut entries: Vec<(Fingerprint, Blob)> = if may_drop && whole_size > 2 * live_size {
            live.map(|(entry, _)| *entry).collect()
        } else {
            self.old.clone()
        };
        let merged = self.files.len() > MAX_SEGMENTS && self.merge(&mut entries, whole_size / 8);
        if put.is_empty() && entries.len() == self.old.len() && !merged {
            return None;
        }
        entries.extend(put);
        // The last of equal keys is the newest: put again because the old one was damaged.
        entries.sort_by_key(|(key, _)| *key);
        entries.reverse();
        entries.dedup_by_key(|(key, _)| *key);
        entries.reverse();
        // A build ends once.
        let _ = self.settled.set(entries.clone());
        Some(entries)
    }

    /// Copies the blobs of segments below `bound` bytes to the new one; returns whether it could.
    fn merge(&self, entries: &mut [(Fingerprint, Blob)], bound: u64) -> bool {
        let is_small = |number: &u32| {
            let size = self.files.get(number).and_then(|file| file.metadata().ok());
            size.is_none_or(|meta| meta.len() < bound)
        };
        let small: FxHashSet<u32> = self.files.keys().copied().filter(is_small).collect();
        for (_, blob) in entries.iter_mut().filter(|(_, blob)| small.contains(&blob.segment)) {
            let Some(copy) = self.read(*blob).and_then(|bytes| self.append(&bytes)) else {
                continue;
            };
            *blob = copy;
        }
        self.new.as_ref().is_some_and(|new| new.written().is_some())
    }
}

/// A push or read cannot be left half done, so a panic elsewhere does not spoil the list.
fn locked<T>(list: &Mutex<T>) -> MutexGuard<'_, T> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the check sum of a blob: its XXH3-64. It finds what a disk has spoilt; who can write to the
/// store can write its index too.
fn check(bytes: &[u8]) -> u64 {
    twox_hash::XxHash3_64::oneshot(bytes)
}

fn narrow(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
