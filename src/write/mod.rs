//! Puts the files of a site on the disk so that readers only ever see a whole site.
//!
//! In: paths and bytes, from many threads. Out: the output folder. An
//! [`Output`] is a transaction: files go to a stage, a hidden sibling of the
//! output folder; [`Output::commit`] completes the stage with hard links to
//! what did not change, and exchanges the two folders in one step.
//!
//! **Invariants:** only files that our last manifest names are ever replaced or
//! removed, unless the user forces it. No file of the live tree is opened for
//! writing. A build that changes nothing touches nothing.
//!
//! # What survives what
//!
//! - *An error, a full disk, `kill -9`:* the output folder is the old site or the
//!   new one, at any moment. Where the system cannot exchange two folders (not
//!   Linux or macOS, some network file systems), it is missing for the time
//!   between two renames; a build that dies there is undone by the next.
//! - *A power cut:* the old site or the new one on Linux, where one `syncfs`
//!   brings the stage to the disk before the exchange. There is no `fsync` per
//!   file, because thousands of them take minutes on a spinning disk. The
//!   exchange itself is not synced: a power cut may lose the last build.
//!   Elsewhere only the manifest is synced, and files may come back short; their
//!   size gives them away, and the next build writes them again.

mod complete;
mod lock;
mod manifest;
mod place;
mod scan;
mod shards;
mod stage;
mod swap;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use self::lock::Lock;
use self::manifest::{Claims, MANIFEST, Manifest, Previous, Stamp};
use self::place::Place;
use self::scan::Scan;
use self::shards::Shards;
use self::stage::Stage;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;

/// What to do about files in the output folder that Pressmark did not write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Force {
    /// Refuse a folder that is not ours, and never replace a foreign file.
    #[default]
    Refuse,
    /// Use the folder, and replace foreign files that are in the way. Others are kept.
    Overwrite,
}

/// How an output folder is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// What to do about foreign files.
    pub force: Force,
}

/// What a build did to the output folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteReport {
    /// Files that are new or changed.
    pub written: usize,
    /// Files that stayed as they were.
    pub unchanged: usize,
    /// Files of the last build that are not part of this one.
    pub removed: usize,
    /// Files that Pressmark did not write and left alone.
    pub kept: usize,
    /// The total size of the written files.
    pub bytes_written: u64,
}

/// What became of a file in this build.
#[derive(Clone, Copy, Debug)]
struct Put {
    stamp: Stamp,
    written: bool,
}

/// An open transaction on an output folder; dropping it leaves the folder as it was.
#[derive(Debug)]
pub struct Output {
    place: Place,
    options: WriteOptions,
    previous: Previous,
    /// The live tree as it was when the transaction began.
    live: Scan,
    puts: Shards<SitePath, Put>,
    stage: Stage,
    /// Set when a file could not be put; such a stage must never become the site.
    failed: AtomicBool,
    /// Last, so that it is released after the stage was removed.
    _lock: Lock,
}

impl Output {
    /// Begins a build of the site at `root` into `dir`.
    ///
    /// Undoes what an interrupted build left behind. A symbolic link at `dir` is followed.
    ///
    /// # Errors
    /// A usage failure when `dir` holds the site's own files, is not empty and not ours
    /// (unless forced), or is being written by another build; otherwise when the disk fails.
    pub fn open(dir: &Path, root: &Path, options: WriteOptions) -> Result<Self, Error> {
        let place = Place::find(dir, root)?;
        let lock = Lock::take(&place.lock, &place.live)?;
        swap::recover(&place)?;
        let previous = Previous::read(&place.live)?;
        let live = Scan::of(&place.live, &previous.claims())?;
        let is_foreign = matches!(previous, Previous::None) && !live.foreign.is_empty();
        if is_foreign && options.force == Force::Refuse {
            let message = format!(
                "the output folder `{}` holds files that Pressmark did not write",
                place.live.display()
            );
            return Err(
                Error::usage(message).help("choose another folder, or use this one with `--force`")
            );
        }
        let stage = Stage::create(&place.stage)?;
        Ok(Self {
            place,
            options,
            previous,
            live,
            puts: Shards::new(),
            stage,
            failed: AtomicBool::new(false),
            _lock: lock,
        })
    }

    /// Adds a file with the given content. May be called from many threads.
    ///
    /// A file that was edited by hand within the same tick of the file system's clock as the
    /// last build, keeping its size, is taken to be unchanged.
    ///
    /// # Errors
    /// When the disk fails, or a path is put twice.
    pub fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<(), Error> {
        self.watch(|| {
            let stamp = Stamp { size: bytes.len() as u64, print: Fingerprint::of(bytes) };
            let written = self.intact(path) != Some(stamp);
            self.record(path, Put { stamp, written })?;
            if written { self.stage.write(path, bytes) } else { Ok(()) }
        })
    }

    /// Adds a copy of the file `source`. May be called from many threads.
    ///
    /// # Errors
    /// When `source` cannot be read, the disk fails, or a path is put twice.
    pub fn put_copy(&self, path: &SitePath, source: &Path) -> Result<(), Error> {
        self.watch(|| self.copy(path, source))
    }

    fn copy(&self, path: &SitePath, source: &Path) -> Result<(), Error> {
        let size =
            std::fs::metadata(source).map_err(|error| Error::io("read", source, error))?.len();
        // Reading twice is cheaper than writing, so a file of the same size is compared first.
        if let Some(old) = self.intact(path).filter(|old| old.size == size)
            && stage::stamp_of(source)? == old
        {
            return self.record(path, Put { stamp: old, written: false });
        }
        let stamp = self.stage.copy(path, source)?;
        self.record(path, Put { stamp, written: true })
    }

    /// Makes the files that were put the whole of the site.
    ///
    /// # Errors
    /// When the disk fails, a file could not be put, or a foreign file is in the way of a new one. The old site stays in
    /// place then; only after a failure to clear it away is the new one in place already.
    pub fn commit(mut self) -> Result<WriteReport, Error> {
        if *self.failed.get_mut() {
            return Err(Error::internal(
                "a site with a file that could not be written was committed",
            ));
        }
        let (manifest, unchanged, mut report) = self.tally();
        let is_known = matches!(self.previous, Previous::Known(..));
        if is_known && report.written == 0 && report.removed == 0 {
            report.kept = self.live.foreign_files();
            return Ok(report);
        }
        let (old, new) = (self.previous.claims(), Claims::of(&manifest));
        let live = &self.place.live;
        complete::carry_unchanged(&self.stage, live, &unchanged)?;
        // Behind a manifest that cannot be read, a file in the way is most likely our own.
        let overwrite =
            self.options.force == Force::Overwrite || matches!(self.previous, Previous::Unknown);
        report.kept = complete::carry_foreign(&self.stage, live, (&old, &new), overwrite)?;
        complete::seal(&self.stage, live, &manifest)?;
        if swap::swap(&self.place, swap::exchange)? {
            swap::discard(&self.place, &old, &new)?;
        }
        Ok(report)
    }

    /// Remembers a failure, so that a caller who overlooks it cannot commit half a site.
    fn watch(&self, put: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        put().inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
    }

    /// Returns the stamp of a file that is on the disk as the last build left it.
    fn intact(&self, path: &SitePath) -> Option<Stamp> {
        let Previous::Known(manifest, written) = &self.previous else { return None };
        let (stamp, seen) = (manifest.files.get(path)?, self.live.ours.get(path)?);
        (seen.size == stamp.size && seen.modified <= *written).then_some(*stamp)
    }

    fn record(&self, path: &SitePath, put: Put) -> Result<(), Error> {
        if path.as_str() == MANIFEST {
            let message =
                format!("`{MANIFEST}` at the top of the output folder is Pressmark's own");
            return Err(Error::usage(message).help("give the file another name"));
        }
        match self.puts.insert(path.clone(), put) {
            None => Ok(()),
            Some(_) => Err(Error::internal(format!("`{path}` is written twice"))),
        }
    }

    /// Sums up what was put: the new manifest, the unchanged paths, and the report.
    fn tally(&mut self) -> (Manifest, Vec<SitePath>, WriteReport) {
        let (mut manifest, mut unchanged) = (Manifest::default(), Vec::new());
        let mut report = WriteReport::default();
        for (path, put) in self.puts.drain() {
            if put.written {
                report.written += 1;
                report.bytes_written += put.stamp.size;
            } else {
                unchanged.push(path.clone());
            }
            manifest.files.insert(path, put.stamp);
        }
        report.unchanged = unchanged.len();
        let old = self.previous.manifest().into_iter().flat_map(|old| old.files.keys());
        report.removed = old.filter(|path| !manifest.files.contains_key(path)).count();
        (manifest, unchanged, report)
    }
}
