//! Puts the files of a site on the disk, so that readers find a whole site.
//!
//! In: paths and bytes, from many threads. Out: the output folder. An
//! [`Output`] is a transaction: files go to a stage, a hidden sibling of the
//! output folder, and [`Output::commit`] puts them in place in one of two ways.
//! A large change is made whole with hard links to what did not change, and then
//! the two folders are exchanged in one step; that costs time for every file
//! of the site. A small change (see `patch`) is renamed into the live tree file by file,
//! within milliseconds, in an order that never leads to a page that is not there;
//! a journal beside the stage lists the steps.
//!
//! **Invariants:** only files that our last manifest names are ever replaced or
//! removed, unless the user forces it. No file of the live tree is opened for
//! writing. A build that changes nothing touches nothing.
//!
//! # What survives what
//!
//! - *An error or a full disk before the commit:* the output folder is the old site. All that
//!   takes room is written before the first file of the live tree is touched.
//! - *`kill -9`, large change:* the old site or the new one, at any moment. Where the system
//!   cannot exchange two folders (not Linux or macOS, some network file systems), the folder is
//!   missing for the time between two renames; a build that dies there is undone by the next.
//! - *`kill -9` or a disk that fails within the steps of a small change:* each file is the old or the
//!   new one and whole, but some may be old and others new. The next build finishes the steps before it does
//!   anything else. A journal that is not whole was never begun, and is dropped.
//! - *A power cut:* the same on Linux, where one `syncfs` brings stage and journal to the
//!   disk before the first step. There is no `fsync` per file, because thousands of
//!   them take minutes on a spinning disk. What follows is not synced: a power cut may lose the
//!   last build, and a small change counts on a file system that keeps renames in order, as ext4,
//!   XFS and Btrfs do. Elsewhere only the manifest or journal is synced, and files may come back short;
//!   their size gives them away, and the next build writes them again.
//! - *A power cut after a first build:* there is no old site to lose, so nothing is synced. Files may be
//!   short or missing until the next build, which finds them by their size.

mod complete;
mod found;
mod journal;
mod live;
mod lock;
mod manifest;
mod patch;
mod place;
mod scan;
mod shards;
mod stage;
mod swap;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

pub use self::complete::flush;
pub use self::found::{Found, find, foreign_files};
use self::journal::Journal;
pub use self::lock::Lock;
use self::manifest::{Claims, Known, Previous};
pub use self::manifest::{MANIFEST, Manifest};
use self::patch::Changes;
use self::place::Place;
use self::shards::Shards;
use self::stage::Stage;
pub use self::swap::exchange;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};

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
    /// Files that Pressmark did not write and carried along when the folder was exchanged; 0 when it was not.
    pub kept: usize,
    /// The total size of the written files.
    pub bytes_written: u64,
    /// Fingerprint of the manifest of the whole site.
    pub manifest: Option<Fingerprint>,
}

/// What became of a file in this build.
#[derive(Clone, Copy, Debug)]
struct Put {
    stamp: Stamp,
    written: bool,
}

/// A build, summed up.
#[derive(Debug, Default)]
struct Tally {
    manifest: Manifest,
    unchanged: Vec<SitePath>,
    changes: Changes,
    report: WriteReport,
}

/// An open transaction on an output folder; dropping it leaves the folder as it was.
#[derive(Debug)]
pub struct Output {
    place: Place,
    options: WriteOptions,
    previous: Previous,
    /// For each file of the last build, whether it is still as that build left it.
    intact: Vec<bool>,
    puts: Shards<SitePath, Put>,
    /// Files of the last build that are to go, in a build whose other files stay.
    dropped: Mutex<Vec<SitePath>>,
    stage: Stage,
    /// Set when a file could not be put; such a stage must never become the site.
    failed: AtomicBool,
    /// Last, so that it is released after the stage was removed.
    _lock: Lock,
}

/// Keeps builds from writing the output folder `dir` of the site at `root`, as long as the lock lives.
///
/// # Errors
/// A usage failure when a build is writing it; otherwise when the disk fails.
pub fn keep_still(dir: &Path, root: &Path) -> Result<Lock, Error> {
    hold(&Place::find(dir, root)?)
}

fn hold(place: &Place) -> Result<Lock, Error> {
    Lock::take(&place.lock, || {
        Error::usage(format!("another build is writing `{}`", place.live.display()))
            .help("wait until it has finished, or choose another output folder")
    })
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
        let lock = hold(&place)?;
        let is_forced = options.force == Force::Overwrite;
        swap::recover(&place, is_forced)?;
        let previous = Previous::read(&place.live)?;
        let intact = match &previous {
            Previous::Known(known) => live::intact(&place.live, &known.manifest, known.written)?,
            Previous::None if !is_forced => refuse_foreign(&place.live).map(|()| Vec::new())?,
            Previous::None | Previous::Unknown => Vec::new(),
        };
        let stage = Stage::create(&place.stage)?;
        Ok(Self {
            place,
            options,
            previous,
            intact,
            puts: Shards::new(),
            dropped: Mutex::default(),
            stage,
            failed: AtomicBool::new(false),
            _lock: lock,
        })
    }

    /// Returns the report of a build that changes nothing, if the folder holds the site with this
    /// manifest, and every file is as the last build left it.
    pub fn is_whole(&self, manifest: Fingerprint) -> Option<WriteReport> {
        let known = self.previous.known().filter(|known| known.print == manifest)?;
        let unchanged = known.manifest.files.len();
        let report = WriteReport { unchanged, manifest: Some(manifest), ..WriteReport::default() };
        self.intact.iter().all(|intact| *intact).then_some(report)
    }

    /// Returns how many files the last build wrote.
    pub fn files(&self) -> usize {
        self.previous.known().map_or(0, |known| known.manifest.files.len())
    }

    /// Returns whether the last build wrote a file.
    pub fn has(&self, path: &SitePath) -> bool {
        self.previous.known().is_some_and(|known| known.manifest.find(path).is_some())
    }

    /// Keeps a file of the last build if it has this stamp and is on the disk as it was left.
    ///
    /// For callers who know what the bytes would be without making them. Returns `false` when the
    /// file must be [put](Self::put). May be called from many threads.
    pub fn keep(&self, path: &SitePath, stamp: Stamp) -> bool {
        self.holds(path, stamp) && self.record(path, Put { stamp, written: false }).is_ok()
    }

    /// Returns whether [`keep`](Self::keep) would keep a file.
    pub fn holds(&self, path: &SitePath, stamp: Stamp) -> bool {
        self.intact(path) == Some(stamp)
    }

    /// Adds a file with the given content and returns its stamp. May be called from many threads.
    ///
    /// A file that was edited by hand within the same tick of the file system's clock as the
    /// last build, keeping its size, is taken to be unchanged.
    ///
    /// # Errors
    /// When the disk fails, or a path is put twice.
    pub fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Stamp, Error> {
        self.watch(|| {
            let stamp = Stamp::of(bytes);
            let written = self.intact(path) != Some(stamp);
            self.record(path, Put { stamp, written })?;
            if written {
                self.stage.write(path, bytes)?;
            }
            Ok(stamp)
        })
    }

    /// Leaves a file of the last build out of one that is [put into](Self::commit_into) it.
    pub fn drop_file(&self, path: &SitePath) {
        self.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
    }

    /// Adds a copy of the file `source` and returns its stamp. May be called from many threads.
    ///
    /// # Errors
    /// When `source` cannot be read, the disk fails, or a path is put twice.
    pub fn put_copy(&self, path: &SitePath, source: &Path) -> Result<Stamp, Error> {
        self.watch(|| self.copy(path, source))
    }

    fn copy(&self, path: &SitePath, source: &Path) -> Result<Stamp, Error> {
        let size =
            std::fs::metadata(source).map_err(|error| Error::io("read", source, error))?.len();
        // Reading twice is cheaper than writing, so a file of the same size is compared first.
        if let Some(old) = self.intact(path).filter(|old| old.size == size)
            && stage::stamp_of(source)? == old
        {
            self.record(path, Put { stamp: old, written: false })?;
            return Ok(old);
        }
        let stamp = self.stage.copy(path, source)?;
        self.record(path, Put { stamp, written: true })?;
        Ok(stamp)
    }

    /// Makes the files that were put or kept the whole of the site.
    ///
    /// # Errors
    /// When the disk fails, a file could not be put, or a foreign file is in the way of a new one. The old site stays in
    /// place then. Only after a failure in the last steps is the new one in place already, or
    /// partly so; the next build goes on from there.
    pub fn commit(mut self) -> Result<WriteReport, Error> {
        let puts = self.puts.drain();
        self.finish(puts)
    }

    /// Puts the files that were put into the site of the last build, all of whose other files stay.
    ///
    /// # Errors
    /// Those of [`commit`](Self::commit); and when a file is not as the last build left it.
    pub fn commit_into(mut self) -> Result<WriteReport, Error> {
        let mut puts = self.puts.drain();
        puts.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let fresh = puts.len();
        let dropped =
            std::mem::take(self.dropped.get_mut().unwrap_or_else(PoisonError::into_inner));
        let files = self.previous.known().map(|known| known.manifest.files.as_slice());
        for ((path, stamp), intact) in files.unwrap_or_default().iter().zip(&self.intact) {
            if puts[..fresh].binary_search_by(|(put, _)| put.cmp(path)).is_ok()
                || dropped.contains(path)
            {
                continue;
            }
            if !intact {
                return Err(Error::internal(format!("`{path}` is not as it was left")));
            }
            puts.push((path.clone(), Put { stamp: *stamp, written: false }));
        }
        self.finish(puts)
    }

    fn finish(mut self, puts: Vec<(SitePath, Put)>) -> Result<WriteReport, Error> {
        if *self.failed.get_mut() {
            return Err(Error::internal(
                "a site with a file that could not be written was committed",
            ));
        }
        let mut tally = self.tally(puts);
        if let Some(known) = self.previous.known()
            && tally.changes.is_empty()
        {
            return Ok(WriteReport { manifest: Some(known.print), ..tally.report });
        }
        let bytes = tally.manifest.to_bytes();
        tally.report.manifest = Some(Fingerprint::of(&bytes));
        complete::write_manifest(&self.stage, &bytes)?;
        match self.begin_steps(&tally, &bytes)? {
            Some(journal) => self.take_steps(&journal).map(|()| tally.report),
            None => self.exchange(&tally),
        }
    }

    /// Writes down the steps of a small change; `None` when the trees must be exchanged.
    fn begin_steps(&self, tally: &Tally, manifest: &[u8]) -> Result<Option<Journal>, Error> {
        let Previous::Known(Known { print, .. }) = &self.previous else { return Ok(None) };
        let changes = &tally.changes;
        if !changes.is_small(tally.manifest.files.len()) || !changes.is_plain(&self.place)? {
            return Ok(None);
        }
        let journal = Journal::new([*print, Fingerprint::of(manifest)], changes);
        journal.write(&self.place)?;
        Ok(Some(journal))
    }

    /// Takes the steps of a small change; after a failure the rest is left to the next build.
    fn take_steps(&mut self, journal: &Journal) -> Result<(), Error> {
        let is_forced = self.options.force == Force::Overwrite;
        journal.run(&self.place, is_forced).inspect_err(|_| self.stage.leave())?;
        journal::remove(&self.place)
    }

    /// Completes the stage and exchanges it with the live tree.
    fn exchange(&self, tally: &Tally) -> Result<WriteReport, Error> {
        let (old, new) = (self.previous.claims(), Claims::late(&tally.manifest));
        let live = &self.place.live;
        complete::carry_unchanged(&self.stage, live, &tally.unchanged)?;
        // Behind a manifest that cannot be read, a file in the way is most likely our own.
        let overwrite =
            self.options.force == Force::Overwrite || matches!(self.previous, Previous::Unknown);
        let kept = complete::carry_foreign(&self.stage, live, (&old, &new), overwrite)?;
        complete::seal(&self.stage, live)?;
        if swap::swap(&self.place, swap::exchange)? {
            swap::discard(&self.place, &old, &new)?;
        }
        Ok(WriteReport { kept, ..tally.report })
    }

    /// Remembers a failure, so that a caller who overlooks it cannot commit half a site.
    fn watch(&self, put: impl FnOnce() -> Result<Stamp, Error>) -> Result<Stamp, Error> {
        put().inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
    }

    /// Returns the stamp of a file of the last build that is on the disk as it was left.
    pub fn left(&self, path: &SitePath) -> Option<Stamp> {
        self.intact(path)
    }

    /// Returns the content of a file of the last build that is on the disk as it was left.
    pub fn read(&self, path: &SitePath) -> Option<Vec<u8>> {
        let stamp = self.intact(path)?;
        let bytes = std::fs::read(self.place.live.join(path.as_str())).ok()?;
        (Stamp::of(&bytes) == stamp).then_some(bytes)
    }

    /// Returns the stamp of a file that is on the disk as the last build left it.
    fn intact(&self, path: &SitePath) -> Option<Stamp> {
        let manifest = &self.previous.known()?.manifest;
        let at = manifest.find(path)?;
        self.intact[at].then_some(manifest.files[at].1)
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

    /// Sums up what was put and kept.
    fn tally(&self, mut puts: Vec<(SitePath, Put)>) -> Tally {
        let old = self.previous.known().map(|known| &known.manifest);
        puts.par_sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let mut tally = Tally::default();
        for (path, put) in &puts {
            if put.written {
                tally.report.written += 1;
                tally.report.bytes_written += put.stamp.size;
                // Nothing to change where nothing was: then the whole tree is put in place.
                if let Some(old) = old {
                    tally.changes.write(path, old);
                }
            } else {
                tally.unchanged.push(path.clone());
            }
        }
        tally.manifest.files = puts.into_iter().map(|(path, put)| (path, put.stamp)).collect();
        if let Some(old) = old {
            tally.changes.remove(old, &tally.manifest);
        }
        tally.report.unchanged = tally.unchanged.len();
        tally.report.removed = tally.changes.removed.len();
        tally
    }
}

/// Refuses a folder with anything in it.
fn refuse_foreign(live: &Path) -> Result<(), Error> {
    if swap::is_vacant(live)? {
        return Ok(());
    }
    let message =
        format!("the output folder `{}` holds files that Pressmark did not write", live.display());
    Err(Error::usage(message).help("choose another folder, or use this one with `--force`"))
}
