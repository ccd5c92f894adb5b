//! What earlier builds found out, so that nothing is done twice.
//!
//! In: keys and bytes. Out: the same bytes in a later build of the same site. Two
//! kinds: *blobs*, many and small, found by a [`Fingerprint`] of everything they
//! were made from; and *tables*, few and large, found by name. All is below
//! `.pressmark/` in the site's folder, which may be deleted at any time.
//!
//! Blobs are appended to segments, which never change once a build has ended; an
//! index says where each is. A build writes at most one segment, without locks:
//! a thread reserves its place by adding to a counter. So a site of 10,000
//! articles has a handful of files here, not 20,000.
//!
//! **Invariants:** whatever is in the folder, a value is either what was put
//! under its key or not there at all: values carry a check sum, and a store that
//! another version of the program wrote counts as empty. A store that cannot be
//! read or written costs time and nothing else. One process writes at a time; the
//! others read what was there when they began. Nothing that was found out before something
//! was taken down outlasts the next build.
//!
//! A power cut may tear a segment whose index is whole. The check sums find that.

mod blobs;
mod forget;
mod index;
mod segment;
mod tables;
#[cfg(test)]
mod tests;

use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

pub use self::blobs::Blob;
use self::blobs::Blobs;
pub use self::forget::forget;
use crate::ids::Fingerprint;

/// The folder below the site's root.
pub const FOLDER: &str = ".pressmark";

/// How a build uses the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoreMode {
    /// Reads and writes it.
    #[default]
    Use,
    /// Neither reads nor writes it: everything is done anew.
    Ignore,
}

/// An open store. Called from many threads.
#[derive(Debug)]
pub struct Store {
    /// None when nothing is read and written on the disk.
    dir: Option<PathBuf>,
    /// Fingerprint of the program: what another one found out does not count.
    engine: Fingerprint,
    blobs: Blobs,
    /// Held while the store may be written; none when another process does.
    lock: Option<File>,
}

/// How much of the store was of use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreReport {
    /// Blobs that were found.
    pub found: usize,
    /// Blobs that were put.
    pub put: usize,
}

impl Store {
    /// Opens the store of the site at `root`, and makes its folder.
    ///
    /// `engine` names the program and its version, down to the last change of its source. `taken` says what people have
    /// taken down, in any form: what was put when it was something else is removed, and until then not found.
    pub fn open(root: &Path, engine: &str, taken: &[u8]) -> Self {
        let engine = Fingerprint::of(&[engine.as_bytes(), b"\0", taken].concat());
        let dir = root.join(FOLDER);
        // A folder that cannot be made (a site on a read-only disk) is a store that is empty.
        let lock = fs::create_dir_all(&dir).ok().and_then(|()| lock(&dir));
        if lock.is_some() {
            forget::forget_others(root, taken);
        }
        let index = tables::read(&dir, engine, index::NAME);
        let entries = index.and_then(|bytes| index::decode(&bytes)).unwrap_or_default();
        let blobs = Blobs::new(&dir, entries, lock.is_some());
        Self { dir: Some(dir), engine, blobs, lock }
    }

    /// Returns a store that keeps values for the length of one build, in memory.
    pub fn in_memory() -> Self {
        let engine = Fingerprint::of(b"memory");
        Self { dir: None, engine, blobs: Blobs::in_memory(), lock: None }
    }

    /// Returns whether values outlive the build.
    pub fn is_kept(&self) -> bool {
        self.lock.is_some()
    }

    /// Finds a blob. Its bytes may still turn out to be damaged.
    pub fn find(&self, key: Fingerprint) -> Option<Blob> {
        self.blobs.find(key)
    }

    /// Keeps a blob.
    pub fn put(&self, key: Fingerprint, bytes: Vec<u8>) -> Blob {
        self.blobs.put(key, bytes)
    }

    /// Returns the bytes of a blob; none when they are damaged.
    pub fn read(&self, blob: Blob) -> Option<Vec<u8>> {
        self.blobs.read(blob)
    }

    /// Returns whether a blob was put by this build, so that it cannot be damaged.
    pub fn is_new(&self, blob: Blob) -> bool {
        self.blobs.is_new(blob)
    }

    /// Returns the present moment of the disk's clock, in nanoseconds since 1970; none when the store
    /// cannot be written. What is written to that disk later has a time that is no earlier.
    pub fn clock(&self) -> Option<i64> {
        let mut lock = self.lock.as_ref()?;
        lock.write_all(b".").and_then(|()| lock.rewind()).ok()?;
        let time = lock.metadata().and_then(|meta| meta.modified()).ok()?;
        let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_nanos()).ok()
    }

    /// Returns `len` bytes of a blob from `start` on, unchecked; none when it is shorter.
    pub fn read_part(&self, blob: Blob, start: u32, len: u32) -> Option<Vec<u8>> {
        self.blobs.read_part(blob, start, len)
    }

    /// Returns the table `name`; none when it is missing or damaged.
    pub fn table(&self, name: &str) -> Option<Vec<u8>> {
        tables::read(self.dir.as_deref()?, self.engine, name)
    }

    /// Replaces the table `name` at once. Does nothing when the store cannot be written.
    pub fn set_table(&self, name: &str, bytes: &[u8]) {
        if let (Some(dir), Some(_)) = (&self.dir, &self.lock) {
            tables::write(dir, self.engine, name, bytes);
        }
    }

    /// Keeps all blobs, asked for or not: for a build that asks for what it needs only.
    pub fn keep_all(&self) {
        self.blobs.keep_all();
    }

    /// Ends the build as [`commit`](Self::commit) does, and returns the store as the next one finds it, without the lock: it
    /// finds and reads, also what other builds have removed since, and what is put stays in memory.
    #[must_use]
    pub fn settle(mut self) -> (Self, StoreReport) {
        let report = self.commit();
        self.blobs = self.blobs.settle();
        self.lock = None;
        (self, report)
    }

    /// Ends the build: what was put is there for the next one. Blobs that are not asked for any more
    /// are dropped when they are more than those that are.
    pub fn commit(&self) -> StoreReport {
        let report = self.blobs.report();
        if let (Some(dir), Some(_)) = (&self.dir, &self.lock)
            && let Some(entries) = self.blobs.finish()
        {
            tables::write(dir, self.engine, index::NAME, &index::encode(&entries));
            segment::remove_others(dir, &entries);
        }
        report
    }
}

/// Takes the lock that lets one process write; none when another has it.
fn lock(dir: &Path) -> Option<File> {
    let path = dir.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(path).ok()?;
    file.try_lock().is_ok().then_some(file)
}
