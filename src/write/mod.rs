//! Puts the files of a site on the disk so that readers only ever see a whole site.
//!
//! In: paths and bytes, from many threads. Out: the output folder. An
//! [`Output`] is a transaction: files go to a stage, a hidden sibling of the
//! output folder, and [`Output::commit`] makes them the site in one of two ways:
//!
//! - *A new tree:* the stage is completed with hard links to what did not
//!   change, and the two folders are exchanged in one step. The cost grows with the
//!   site: a link for each file and a call for each folder.
//! - *In place,* when less than one file in [`IN_PLACE`] changes: the changes are
//!   written down in a journal, and each file is renamed over its place. The cost
//!   grows with the change.
//!
//! **Invariants:** only files that our last manifest names are ever replaced or
//! removed, unless the user forces it. No file of the live tree is opened for
//! writing: a reader sees the old file or the new one, whole. A build that changes
//! nothing touches nothing.
//!
//! # What survives what
//!
//! - *An error or a full disk:* the old site stays.
//! - *`kill -9`:* a new tree is the old site or the new one, at any moment. In place,
//!   the renames take some milliseconds: new pages come first, the pages that
//!   list them after that, and what is gone goes last, so no link leads nowhere
//!   meanwhile. A build that dies in these milliseconds leaves some pages old and
//!   some new; the next build, whatever it is of, completes the journal first.
//!   For a new tree, where the system cannot exchange two folders (not
//!   Linux or macOS, some network file systems), it is missing for the time
//!   between two renames; a build that dies there is undone by the next.
//! - *A power cut:* in place, each new file and the journal are synced before the
//!   first rename. For a new tree: the old site or the new one on Linux, where one
//!   `syncfs` brings the stage to the disk before the exchange. A first build
//!   replaces nothing and is not synced. There is no `fsync` per
//!   file, because thousands of them take minutes on a spinning disk. The
//!   exchange itself is not synced: a power cut may lose the last build.
//!   Elsewhere only the manifest is synced, and files may come back short; their
//!   size gives them away, and the next build writes them again.

mod complete;
mod journal;
mod lock;
mod manifest;
mod place;
mod scan;
mod shards;
mod stage;
mod swap;

use std::io::ErrorKind::{NotADirectory, NotFound};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use self::journal::Journal;
use self::lock::Lock;
use self::manifest::{Claims, MANIFEST, Manifest, Previous};
use self::place::Place;
use self::scan::Scan;
use self::shards::Shards;
use self::stage::Stage;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};

/// A change of less than one file in so many is made in place. Below that, a new tree takes about as
/// long: each file that changes costs a rename and a sync, each one that stays a link.
const IN_PLACE: usize = 32;

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
    /// Files that Pressmark did not write and carried over into a new tree.
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

/// An open transaction on an output folder; dropping it leaves the folder as it was.
#[derive(Debug)]
pub struct Output {
    place: Place,
    options: WriteOptions,
    previous: Previous,
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
        if matches!(previous, Previous::None)
            && options.force == Force::Refuse
            && !Scan::of(&place.live, &Claims::default())?.foreign.is_empty()
        {
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
            puts: Shards::new(),
            stage,
            failed: AtomicBool::new(false),
            _lock: lock,
        })
    }

    /// Adds a file with the given content, and returns its stamp. May be called from many threads.
    ///
    /// A file that was edited by hand within the same tick of the file system's clock as the
    /// last build, keeping its size, is taken to be unchanged.
    ///
    /// # Errors
    /// When the disk fails, or a path is put twice.
    pub fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Stamp, Error> {
        self.watch(|| {
            let stamp = Stamp::of(bytes);
            let written = !self.is_intact(path, stamp)?;
            self.record(path, Put { stamp, written })?;
            if written {
                self.stage.write(path, bytes)?;
            }
            Ok(stamp)
        })
    }

    /// Adds a file that would be the same as in the last build, if it is still there. Returns whether
    /// it is; otherwise it must be put. May be called from many threads.
    ///
    /// # Errors
    /// When the disk fails, or a path is put twice.
    pub fn keep(&self, path: &SitePath, stamp: Stamp) -> Result<bool, Error> {
        self.watch(|| {
            let intact = self.is_intact(path, stamp)?;
            if intact {
                self.record(path, Put { stamp, written: false })?;
            }
            Ok(intact)
        })
    }

    /// Adds a copy of the file `source`, and returns its stamp. May be called from many threads.
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
        let old = self.previous.stamp(path).filter(|old| old.size == size);
        if let Some(old) = old
            && self.is_intact(path, old)?
            && stage::stamp_of(source)? == old
        {
            self.record(path, Put { stamp: old, written: false })?;
            return Ok(old);
        }
        let stamp = self.stage.copy(path, source)?;
        self.record(path, Put { stamp, written: true })?;
        Ok(stamp)
    }

    /// Returns the report of a build that changes nothing, if the folder holds the site with this
    /// manifest, and every file is as the last build left it.
    pub fn is_whole(&self, manifest: Fingerprint) -> Option<WriteReport> {
        let Previous::Known(old, _) = &self.previous else { return None };
        let is_whole = old.print == Some(manifest)
            && old.files.par_iter().all(|(path, stamp)| self.is_intact(path, *stamp).unwrap_or(false));
        let unchanged = old.files.len();
        is_whole.then(|| WriteReport { unchanged, manifest: Some(manifest), ..WriteReport::default() })
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
        let mut change = self.tally();
        if matches!(self.previous, Previous::Known(..)) {
            if change.written.is_empty() && change.removed.is_empty() {
                return Ok(WriteReport { manifest: self.previous.print(), ..change.report() });
            }
            if let Some(journal) = self.small(&change) {
                complete::write_manifest(&self.stage, &mut change.manifest)?;
                journal.write(&self.place)?;
                journal.carry_out(&self.place)?;
                return Ok(change.report());
            }
        }
        self.replace(&mut change)
    }

    /// Returns a change as a journal, if it can be made in place.
    fn small(&self, change: &Change) -> Option<Journal> {
        let count = change.written.len() + change.removed.len();
        if count * IN_PLACE > change.manifest.files.len() {
            return None;
        }
        let is_old = |path: &SitePath| self.previous.stamp(path).is_some();
        let (changed, new) = change.written.iter().cloned().partition(is_old);
        let manifest = SitePath::parse(MANIFEST)?;
        let journal = Journal::new(new, changed, manifest, change.removed.clone());
        let fits = journal.fits(&self.place.live, |path| is_old(path) || path.as_str() == MANIFEST);
        fits.then_some(journal)
    }

    /// Puts a new tree in the place of the old one.
    fn replace(&self, change: &mut Change) -> Result<WriteReport, Error> {
        let (old, new) = (self.previous.claims(), Claims::of(&change.manifest));
        let live = &self.place.live;
        complete::carry_unchanged(&self.stage, live, &change.unchanged)?;
        // Behind a manifest that cannot be read, a file in the way is most likely our own.
        let overwrite =
            self.options.force == Force::Overwrite || matches!(self.previous, Previous::Unknown);
        let kept = complete::carry_foreign(&self.stage, live, (&old, &new), overwrite)?;
        complete::seal(&self.stage, live, &mut change.manifest)?;
        if swap::swap(&self.place, swap::exchange)? {
            swap::discard(&self.place, &old, &new)?;
        }
        Ok(WriteReport { kept, ..change.report() })
    }

    /// Remembers a failure, so that a caller who overlooks it cannot commit half a site.
    fn watch<T>(&self, put: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        put().inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
    }

    /// Returns whether the last build wrote a file with this stamp, and it is still as that left it.
    fn is_intact(&self, path: &SitePath, stamp: Stamp) -> Result<bool, Error> {
        let Previous::Known(_, written) = &self.previous else { return Ok(false) };
        if self.previous.stamp(path) != Some(stamp) {
            return Ok(false);
        }
        let full = path.on_disk(&self.place.live);
        match std::fs::symlink_metadata(&full) {
            Ok(meta) => {
                let modified =
                    meta.modified().map_err(|error| Error::io("read the time of", &full, error))?;
                Ok(meta.is_file() && meta.len() == stamp.size && modified <= *written)
            }
            // A file may stand where a folder was.
            Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(false),
            Err(error) => Err(Error::io("find", &full, error)),
        }
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

    /// Sums up what was put.
    fn tally(&mut self) -> Change {
        let mut puts = self.puts.drain();
        puts.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut change = Change::default();
        for (path, put) in puts {
            if put.written {
                change.bytes_written += put.stamp.size;
                change.written.push(path.clone());
            } else {
                change.unchanged.push(path.clone());
            }
            change.manifest.files.push((path, put.stamp));
        }
        if let Previous::Known(old, _) = &self.previous {
            change.removed = change.manifest.missing(old);
        }
        change
    }
}

/// What a build makes of the output folder.
#[derive(Debug, Default)]
struct Change {
    manifest: Manifest,
    /// Staged files: new or changed.
    written: Vec<SitePath>,
    /// Files that stay as they are.
    unchanged: Vec<SitePath>,
    /// Files of the last build that are not part of this one.
    removed: Vec<SitePath>,
    bytes_written: u64,
}

impl Change {
    fn report(&self) -> WriteReport {
        WriteReport {
            written: self.written.len(),
            unchanged: self.unchanged.len(),
            removed: self.removed.len(),
            kept: 0,
            bytes_written: self.bytes_written,
            manifest: self.manifest.print,
        }
    }
}
