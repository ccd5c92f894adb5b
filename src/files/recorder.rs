//! Files whose use is written down, so that a later build, or a later look of the preview, can tell whether it would see the same.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use super::{DiskFiles, FileStamp, Files, Found, SitePath, Walk};
use crate::diag::Error;
use crate::ids::Fingerprint;

/// The disk, with a memory of what was asked and answered. A folder is walked once.
pub struct Recorder {
    pub(crate) disk: DiskFiles,
    walks: Mutex<Walks>,
    asked: Mutex<Asked>,
}

/// Folders, with what was found in them.
pub(crate) type Walks = BTreeMap<SitePath, Walk>;
/// Files outside of walks: none when there was no file.
pub(crate) type Asked = BTreeMap<SitePath, Option<FileStamp>>;

/// All that was asked of files, and what the answers were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Folders with fingerprints of what was found in them.
    walks: Vec<(SitePath, Fingerprint)>,
    files: Vec<(SitePath, Option<FileStamp>)>,
}

impl Recorder {
    /// Records the use of `disk`.
    pub fn new(disk: DiskFiles) -> Self {
        Self { disk, walks: Mutex::default(), asked: Mutex::default() }
    }

    /// Lends the memory. Whoever asks for a file that no walk has found waits until it is given back.
    pub(crate) fn memory(&self) -> (MutexGuard<'_, Walks>, MutexGuard<'_, Asked>) {
        (locked(&self.walks), locked(&self.asked))
    }

    /// Returns whether everything on a record would be answered in the same way now.
    pub fn is_same(&self, record: &Record) -> bool {
        record.files.iter().all(|(path, stamp)| self.is_as(path, *stamp))
            && record.walks.iter().all(|(folder, print)| {
                self.walk(folder);
                locked(&self.walks).get(folder).and_then(print_of) == Some(*print)
            })
    }

    /// Returns whether a file has this stamp now, or is still missing.
    pub(crate) fn is_as(&self, path: &SitePath, stamp: Option<FileStamp>) -> bool {
        self.disk.stamp(path) == stamp && (stamp.is_some() || !self.disk.is_file(path))
    }

    /// Returns the record of what was asked so far; none when a file could have changed unseen after
    /// it was read, because its last change was not before `begun` (in nanoseconds since 1970).
    pub fn record(&self, begun: i64) -> Option<Record> {
        let (walks, files) = self.memory();
        let in_walks =
            walks.values().flat_map(|walk| &walk.files).map(|found| found.stamp.as_ref());
        let mut stamps = in_walks.flatten().chain(files.values().flatten());
        if stamps.any(|stamp| stamp.changed >= begun) {
            return None;
        }
        let prints = walks.iter().map(|(folder, walk)| Some((folder.clone(), print_of(walk)?)));
        Some(Record {
            walks: prints.collect::<Option<_>>()?,
            files: files.iter().map(|(path, stamp)| (path.clone(), *stamp)).collect(),
        })
    }

    /// Returns the files that changed since `record` was made; none when anything else did: a file that came or
    /// went, or one outside of folders.
    ///
    /// `known` returns the stamp that a file had then. It is asked for each file of a folder in which something has
    /// changed.
    pub fn changed(
        &self,
        record: &Record,
        mut known: impl FnMut(&SitePath) -> Option<FileStamp>,
    ) -> Option<Vec<Found>> {
        if !record.files.iter().all(|(path, stamp)| self.is_as(path, *stamp)) {
            return None;
        }
        let mut changed = Vec::new();
        for (folder, print) in &record.walks {
            let mut walk = self.walk(folder);
            if print_of(&walk) == Some(*print) {
                continue;
            }
            for found in &mut walk.files {
                let Some(stamp) = known(&found.path).filter(|stamp| found.stamp != Some(*stamp))
                else {
                    continue;
                };
                changed.push(found.clone());
                found.stamp = Some(stamp);
            }
            // Now the folder is as it was, unless something else has changed too.
            if print_of(&walk) != Some(*print) {
                return None;
            }
        }
        Some(changed)
    }

    /// Hands on every file that was found in a folder.
    pub fn each_found(&self, mut take: impl FnMut(&Found)) {
        locked(&self.walks).values().flat_map(|walk| &walk.files).for_each(&mut take);
    }

    /// Notes a file, unless a walk has found it.
    fn note(&self, path: &SitePath) {
        let walks = locked(&self.walks);
        let walked = |(folder, walk): (&SitePath, &Walk)| {
            path.below(folder).is_some()
                && walk.files.binary_search_by(|found| found.path.cmp(path)).is_ok()
        };
        if !walks.iter().any(walked) {
            locked(&self.asked).entry(path.clone()).or_insert_with(|| self.disk.stamp(path));
        }
    }
}

impl Files for Recorder {
    fn walk(&self, folder: &SitePath) -> Walk {
        if let Some(walk) = locked(&self.walks).get(folder) {
            return walk.clone();
        }
        let walk = self.disk.walk(folder);
        locked(&self.walks).insert(folder.clone(), walk.clone());
        walk
    }

    fn read(&self, path: &SitePath) -> Result<Vec<u8>, Error> {
        self.note(path);
        self.disk.read(path)
    }

    fn head(&self, path: &SitePath, most: usize) -> Result<Vec<u8>, Error> {
        self.note(path);
        self.disk.head(path, most)
    }

    fn is_file(&self, path: &SitePath) -> bool {
        self.note(path);
        self.disk.is_file(path)
    }

    fn stamp(&self, path: &SitePath) -> Option<FileStamp> {
        self.note(path);
        self.disk.stamp(path)
    }
}

impl Record {
    /// Adds what an earlier record has and this one has not.
    #[must_use]
    pub fn and(self, earlier: &Self) -> Self {
        let Self { walks, files } = earlier.clone();
        let walks: BTreeMap<_, _> = walks.into_iter().chain(self.walks).collect();
        let files: BTreeMap<_, _> = files.into_iter().chain(self.files).collect();
        Self { walks: walks.into_iter().collect(), files: files.into_iter().collect() }
    }
}

/// Returns the fingerprint of what a walk found; none when a file has no stamp.
fn print_of(walk: &Walk) -> Option<Fingerprint> {
    let mut bytes = Vec::with_capacity(walk.files.len() * 128);
    for found in &walk.files {
        let FileStamp { size, modified, changed, inode } = found.stamp?;
        bytes.extend(found.path.as_str().as_bytes());
        bytes.push(0);
        bytes.extend(size.to_le_bytes());
        bytes.extend(modified.to_le_bytes());
        bytes.extend(changed.to_le_bytes());
        bytes.extend(inode.to_le_bytes());
    }
    for skipped in &walk.skipped {
        bytes.extend(format!("{skipped:?}").as_bytes());
    }
    Some(Fingerprint::of(&bytes))
}

/// An insertion cannot be left half done, so a panic elsewhere does not spoil the table.
fn locked<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::DiskFiles;
    use super::*;

    fn path(text: &str) -> SitePath {
        SitePath::parse(text).unwrap()
    }

    #[test]
    fn any_change_of_what_was_asked_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("c/a.md", "one");
        write("site.toml", "one");
        write("other", "one");
        let disk = DiskFiles::new(dir.path());
        let record = || {
            let recorder = Recorder::new(disk.clone());
            recorder.walk(&path("c"));
            assert_eq!(recorder.read(&path("c/a.md")).unwrap(), b"one");
            assert!(recorder.is_file(&path("site.toml")) && !recorder.is_file(&path("absent")));
            recorder.record(i64::MAX).unwrap()
        };
        let is_same = |record: &Record| Recorder::new(disk.clone()).is_same(record);
        let first = record();
        assert_eq!(first.files.len(), 2, "a file of a walk is noted once: {first:?}");
        assert!(is_same(&first));
        write("other", "two");
        assert!(is_same(&first), "nobody asked for it");
        for (name, text) in [
            ("c/b.md", "new"),
            ("site.toml", "other"),
            ("absent", "there now"),
            ("c/d/e.md", "deep"),
        ] {
            let before = record_of(&disk);
            write(name, text);
            assert!(!is_same(&before), "{name}");
        }
        let before = record_of(&disk);
        fs::remove_file(dir.path().join("c/b.md")).unwrap();
        assert!(!is_same(&before));
    }

    fn record_of(disk: &DiskFiles) -> Record {
        let recorder = Recorder::new(disk.clone());
        recorder.walk(&path("c"));
        for name in ["site.toml", "absent"] {
            recorder.is_file(&path(name));
        }
        recorder.record(i64::MAX).unwrap()
    }

    #[test]
    fn a_file_that_changed_a_moment_ago_makes_no_record() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a"), "one").unwrap();
        let disk = DiskFiles::new(dir.path());
        let recorder = Recorder::new(disk.clone());
        recorder.is_file(&path("a"));
        let changed = disk.stamp(&path("a")).unwrap().changed;
        assert_eq!(recorder.record(changed), None);
        assert!(recorder.record(changed + 1).is_some());
    }
}
