//! Where rendered files go: the output folder, or memory.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::diag::Error;
use crate::files::{Files, MemFiles, SitePath};
use crate::ids::{Fingerprint, Stamp};
use crate::render::Sink;
use crate::write::{Output, WriteReport};

/// The output folder.
pub(super) struct FolderSink<'a> {
    pub(super) output: &'a Output,
    /// The site's folder, which copies come from.
    pub(super) root: &'a Path,
}

impl Sink for FolderSink<'_> {
    fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Stamp, Error> {
        self.output.put(path, bytes)
    }

    fn keep(&self, path: &SitePath, stamp: Stamp) -> bool {
        self.output.keep(path, stamp)
    }

    fn holds(&self, path: &SitePath, stamp: Stamp) -> bool {
        self.output.holds(path, stamp)
    }

    fn left(&self, path: &SitePath) -> Option<Stamp> {
        self.output.left(path)
    }

    fn read(&self, path: &SitePath) -> Option<Vec<u8>> {
        self.output.read(path)
    }

    fn drop(&self, path: &SitePath) {
        self.output.drop_file(path);
    }

    fn copy(&self, path: &SitePath, source: &SitePath) -> Result<Stamp, Error> {
        self.output.put_copy(path, &source.on_disk(self.root))
    }
}

/// Memory, for tests and previews.
pub(super) struct MemorySink<'a> {
    pub(super) source: &'a dyn Files,
    pub(super) files: Mutex<MemFiles>,
}

impl Sink for MemorySink<'_> {
    fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Stamp, Error> {
        let mut files = self.files.lock().map_err(|_| Error::internal("a renderer panicked"))?;
        files.insert(path.clone(), bytes);
        Ok(Stamp::of(bytes))
    }

    fn keep(&self, _: &SitePath, _: Stamp) -> bool {
        false
    }

    fn holds(&self, _: &SitePath, _: Stamp) -> bool {
        false
    }

    fn copy(&self, path: &SitePath, source: &SitePath) -> Result<Stamp, Error> {
        self.put(path, &self.source.read(source)?)
    }
}

/// Nowhere: outputs are counted and forgotten.
#[derive(Default)]
pub(super) struct CountingSink {
    files: AtomicUsize,
    bytes: AtomicU64,
}

impl CountingSink {
    /// Returns what would have been written.
    pub(super) fn report(&self) -> WriteReport {
        WriteReport {
            written: self.files.load(Ordering::Relaxed),
            bytes_written: self.bytes.load(Ordering::Relaxed),
            ..WriteReport::default()
        }
    }

    fn count(&self, bytes: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Sink for CountingSink {
    fn put(&self, _: &SitePath, bytes: &[u8]) -> Result<Stamp, Error> {
        let stamp = Stamp::of(bytes);
        self.count(stamp.size);
        Ok(stamp)
    }

    fn keep(&self, _: &SitePath, _: Stamp) -> bool {
        false
    }

    fn holds(&self, _: &SitePath, _: Stamp) -> bool {
        false
    }

    fn copy(&self, _: &SitePath, source: &SitePath) -> Result<Stamp, Error> {
        let stamp = Stamp { size: 0, print: Fingerprint::of(source.as_str().as_bytes()) };
        self.count(0);
        Ok(stamp)
    }
}
