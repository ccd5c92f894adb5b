//! Files of blobs, one behind the other.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashSet;

use super::blobs::Blob;
use crate::ids::Fingerprint;

const ENDING: &str = "blobs";

/// Returns the path of segment `number`.
pub(super) fn path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("{number:08}.{ENDING}"))
}

/// A segment that this build writes.
#[derive(Debug)]
pub(super) struct Segment {
    file: File,
    end: AtomicU64,
}

impl Segment {
    /// Makes an empty segment; one of that name is left over from a build that did not end.
    pub(super) fn create(dir: &Path, number: u32) -> Option<Self> {
        let path = path(dir, number);
        let _ = fs::remove_file(&path);
        let file = File::options().read(true).write(true).create_new(true).open(path).ok()?;
        Some(Self { file, end: AtomicU64::new(0) })
    }

    /// Returns the file, to be read.
    pub(super) fn into_file(self) -> File {
        self.file
    }

    /// Appends bytes and returns where they are.
    pub(super) fn append(&self, bytes: &[u8]) -> Option<u64> {
        let offset = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.file.write_all_at(bytes, offset).ok()?;
        Some(offset)
    }

    pub(super) fn read(&self, offset: u64, len: u32) -> Option<Vec<u8>> {
        read(&self.file, offset, len)
    }
}

/// Reads `len` bytes at `offset`; none when the file ends before.
pub(super) fn read(file: &File, offset: u64, len: u32) -> Option<Vec<u8>> {
    let mut bytes = vec![0; len as usize];
    file.read_exact_at(&mut bytes, offset).ok()?;
    Some(bytes)
}

/// Removes the segments that no entry points at.
pub(super) fn remove_others(dir: &Path, entries: &[(Fingerprint, Blob)]) {
    let live: FxHashSet<u32> = entries.iter().map(|(_, blob)| blob.segment).collect();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()?.parse::<u32>().ok());
        let is_segment = path.extension().is_some_and(|ending| ending == ENDING);
        if is_segment && number.is_none_or(|number| !live.contains(&number)) {
            // One that stays does no harm, and the next build tries again.
            let _ = fs::remove_file(path);
        }
    }
}
