//! Small changes, made in the live tree: written down first, then carried out.
//!
//! A journal is there from the moment when all staged files are on the disk until the
//! last of them stands in its place. Whoever finds one carries it out again from
//! the start; what is done already is passed over. One that ends too early was
//! never begun, so it is dropped with its stage.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::place::Place;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;

const HEAD: &str = "pressmark-journal 1\n";

/// What is to be done in the live tree.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Journal {
    /// Staged files, in the order in which they take their places.
    renames: Vec<SitePath>,
    /// Files of the last build that go.
    removals: Vec<SitePath>,
}

impl Journal {
    /// Orders a change: new files first, then changed ones, those deep in the tree before the pages
    /// that list them; `last` comes last.
    pub(super) fn new(
        mut new: Vec<SitePath>,
        mut changed: Vec<SitePath>,
        last: SitePath,
        removals: Vec<SitePath>,
    ) -> Self {
        let depth = |path: &SitePath| path.as_str().bytes().filter(|byte| *byte == b'/').count();
        for paths in [&mut new, &mut changed] {
            paths.sort_by(|a, b| (depth(b), a).cmp(&(depth(a), b)));
        }
        new.append(&mut changed);
        new.push(last);
        Self { renames: new, removals }
    }

    /// Returns whether the change can be made file by file: nothing of another kind is in the way,
    /// and no folder on the way is a link to somewhere else. `old` tells the files of the last build.
    pub(super) fn fits(&self, live: &Path, old: impl Fn(&SitePath) -> bool) -> bool {
        let lower = |path: &SitePath| path.as_str().to_lowercase();
        // On some disks, names that differ in case are one file.
        let gone: FxHashSet<String> = self.removals.iter().map(lower).collect();
        let mut folders = BTreeSet::new();
        self.renames.iter().all(|path| {
            let in_the_way = match fs::symlink_metadata(path.on_disk(live)) {
                Ok(meta) => meta.is_dir() || !old(path),
                Err(error) => error.kind() != io::ErrorKind::NotFound,
            };
            !in_the_way && !gone.contains(&lower(path)) && are_folders(live, path, &mut folders)
        })
    }

    /// Brings the staged files and the journal to the disk. From here on, the change happens.
    pub(super) fn write(&self, place: &Place) -> Result<(), Error> {
        self.renames.par_iter().try_for_each(|path| {
            let path = path.on_disk(&place.stage);
            let synced = File::open(&path).and_then(|file| file.sync_data());
            synced.map_err(|error| Error::io("write", &path, error))
        })?;
        let path = &place.journal;
        let mut file = File::create(path).map_err(|error| Error::io("create", path, error))?;
        file.write_all(self.to_string().as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| Error::io("write", path, error))
    }

    /// Carries the journal out, and drops it.
    pub(super) fn carry_out(&self, place: &Place) -> Result<(), Error> {
        for path in &self.renames {
            let (from, to) = (path.on_disk(&place.stage), path.on_disk(&place.live));
            take_place(&from, &to).map_err(|error| Error::io("replace", &to, error))?;
        }
        for path in &self.removals {
            remove(&place.live, path)?;
        }
        let path = &place.journal;
        fs::remove_file(path).map_err(|error| Error::io("remove", path, error))
    }

    fn parse(text: &str) -> Option<Self> {
        let (body, sum) = text.rsplit_once("end ")?;
        if Fingerprint::parse(sum.strip_suffix('\n')?)? != Fingerprint::of(body.as_bytes()) {
            return None;
        }
        let mut journal = Self::default();
        for line in body.strip_prefix(HEAD)?.lines() {
            let (what, path) = line.split_at_checked(1)?;
            let list = if what == "+" { &mut journal.renames } else { &mut journal.removals };
            list.push(SitePath::parse(path)?);
        }
        Some(journal)
    }
}

impl std::fmt::Display for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut body = HEAD.to_owned();
        for (what, paths) in [('+', &self.renames), ('-', &self.removals)] {
            for path in paths {
                body.push(what);
                body.push_str(path.as_str());
                body.push('\n');
            }
        }
        write!(f, "{body}end {}\n", Fingerprint::of(body.as_bytes()))
    }
}

/// Completes the change of a build that died in the middle of one. The lock must be held.
pub(super) fn recover(place: &Place) -> Result<(), Error> {
    let path = &place.journal;
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        // A torn journal need not be text.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => String::new(),
        Err(error) => return Err(Error::io("read", path, error)),
    };
    match Journal::parse(&text) {
        Some(journal) => journal.carry_out(place),
        None => fs::remove_file(path).map_err(|error| Error::io("remove", path, error)),
    }
}

/// Whether all folders above a path that exist are folders, and no links. `known` holds those seen.
fn are_folders(live: &Path, path: &SitePath, known: &mut BTreeSet<SitePath>) -> bool {
    let mut folder = path.parent();
    while let Some(above) = folder {
        if known.contains(&above) {
            return true;
        }
        match fs::symlink_metadata(above.on_disk(live)) {
            Ok(meta) if meta.is_dir() => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            _ => return false,
        }
        folder = above.parent();
        known.insert(above);
    }
    true
}

/// Renames a staged file over its place; one that is not staged any more has been.
fn take_place(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        done => return done,
    }
    if !from.try_exists()? {
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::rename(from, to)
}

/// Removes a file, and the folders that are empty then.
fn remove(live: &Path, path: &SitePath) -> Result<(), Error> {
    let full = path.on_disk(live);
    // What is no file any more is not ours.
    if fs::symlink_metadata(&full).is_ok_and(|meta| meta.is_file()) {
        fs::remove_file(&full).map_err(|error| Error::io("remove", &full, error))?;
    }
    let mut folder = path.parent();
    while let Some(above) = folder {
        if fs::remove_dir(above.on_disk(live)).is_err() {
            break;
        }
        folder = above.parent();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SitePath {
        SitePath::parse(text).unwrap()
    }

    /// A live tree with `old` and `gone`, and a stage with `old`, `new/page` and the manifest.
    fn prepared() -> (tempfile::TempDir, Place, Journal) {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::find(&dir.path().join("out"), &dir.path().join("site")).unwrap();
        for (name, text) in [("old", "1"), ("deep/gone", "1"), ("m", "1")] {
            fs::create_dir_all(place.live.join("deep")).unwrap();
            fs::write(place.live.join(name), text).unwrap();
        }
        fs::create_dir_all(place.stage.join("new")).unwrap();
        for name in ["old", "new/page", "m"] {
            fs::write(place.stage.join(name), "2").unwrap();
        }
        let journal = Journal::new(
            vec![path("new/page")],
            vec![path("old")],
            path("m"),
            vec![path("deep/gone")],
        );
        (dir, place, journal)
    }

    fn assert_done(place: &Place) {
        for name in ["old", "new/page", "m"] {
            assert_eq!(fs::read_to_string(place.live.join(name)).unwrap(), "2", "{name}");
        }
        assert!(!place.live.join("deep").exists() && !place.journal.exists());
    }

    #[test]
    fn new_pages_come_first_and_the_home_page_late() {
        let paths = |list: &[&str]| list.iter().map(|text| path(text)).collect();
        let changed = paths(&["index.html", "a/b/c", "a/b"]);
        let journal = Journal::new(paths(&["x", "x/y"]), changed, path("m"), Vec::new());
        let order: Vec<&str> = journal.renames.iter().map(SitePath::as_str).collect();
        assert_eq!(order, ["x/y", "x", "a/b/c", "a/b", "index.html", "m"]);
        assert_eq!(Journal::parse(&journal.to_string()), Some(journal));
    }

    #[test]
    fn a_change_that_stopped_anywhere_is_completed() {
        for done in 0..=4 {
            let (_dir, place, journal) = prepared();
            journal.write(&place).unwrap();
            for path in journal.renames.iter().take(done) {
                take_place(&path.on_disk(&place.stage), &path.on_disk(&place.live)).unwrap();
            }
            if done == 4 {
                remove(&place.live, &path("deep/gone")).unwrap();
            }
            recover(&place).unwrap();
            assert_done(&place);
            recover(&place).unwrap();
        }
    }

    #[test]
    fn a_torn_journal_was_never_begun() {
        let (_dir, place, journal) = prepared();
        let text = journal.to_string();
        for end in 0..text.len() {
            fs::write(&place.journal, &text[..end]).unwrap();
            recover(&place).unwrap();
            assert_eq!(fs::read_to_string(place.live.join("old")).unwrap(), "1", "{end}");
            assert!(place.live.join("deep/gone").exists() && !place.journal.exists());
        }
    }

    #[test]
    fn what_is_in_the_way_is_noticed() {
        let (_dir, place, journal) = prepared();
        let old = |path: &SitePath| matches!(path.as_str(), "old" | "m" | "deep/gone");
        assert!(journal.fits(&place.live, old));
        assert!(!journal.fits(&place.live, |_| false), "files of somebody else");
        fs::remove_file(place.live.join("old")).unwrap();
        assert!(journal.fits(&place.live, old), "a file that somebody removed");
        fs::write(place.live.join("new"), "a file").unwrap();
        assert!(!journal.fits(&place.live, old), "a file where a folder must be");
        fs::remove_file(place.live.join("new")).unwrap();
        std::os::unix::fs::symlink("/", place.live.join("new")).unwrap();
        assert!(!journal.fits(&place.live, old), "a link where a folder must be");
        let same = Journal::new(vec![path("A")], Vec::new(), path("m"), vec![path("a")]);
        assert!(!same.fits(&place.live, old), "another spelling of a file that goes");
    }
}
