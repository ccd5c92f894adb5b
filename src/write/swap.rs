//! Puts the finished tree in the place of the old one, and gets rid of that.

use std::fs;
use std::io;
use std::path::Path;

use super::journal;
use super::manifest::{Claims, LateClaims, Previous};
use super::place::Place;
use super::scan::{self, Foreign};
use super::stage::clear;
use crate::diag::Error;

/// Which of two foreign files of one name is right when an old tree is cleared away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Newer {
    /// The old tree's: until a moment ago it was the live one.
    Old,
    /// The live tree's: readers and users have seen it since.
    Live,
}

/// Makes the stage the live tree. Returns whether an old tree is left over.
pub(super) fn swap(
    place: &Place,
    exchange: fn(&Path, &Path) -> io::Result<bool>,
) -> Result<bool, Error> {
    let move_to = |from: &Path, to: &Path| {
        fs::rename(from, to).map_err(|error| Error::io("replace", to, error))
    };
    if is_vacant(&place.live)? {
        // An empty folder may be renamed over, so this is one step as well.
        move_to(&place.stage, &place.live)?;
        return Ok(false);
    }
    // Under the name of the old tree first: a leftover of that name is always a whole
    // tree with a manifest, so its foreign files can be told from ours.
    move_to(&place.stage, &place.old)?;
    match exchange(&place.old, &place.live) {
        Ok(true) => return Ok(true),
        Ok(false) => move_to(&place.old, &place.stage)?,
        Err(error) => {
            move_to(&place.old, &place.stage)?;
            return Err(Error::io("replace", &place.live, error));
        }
    }
    move_to(&place.live, &place.old)?;
    let moved = move_to(&place.stage, &place.live);
    if moved.is_err() {
        move_to(&place.old, &place.live)?;
    }
    moved.map(|()| true)
}

/// Exchanges what is at two paths in one step; returns `false` where the system cannot.
///
/// # Errors
/// When the disk fails.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
pub fn exchange(a: &Path, b: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Exchanges what is at two paths in one step; returns `false` where the system cannot.
///
/// # Errors
/// When the disk fails.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
pub fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

/// Clears away what an interrupted build left. The lock must be held.
///
/// With `overwrite`, a foreign file does not stop a small change from being finished.
pub(super) fn recover(place: &Place, overwrite: bool) -> Result<(), Error> {
    journal::recover(place, overwrite)?;
    if exists(&place.old)? {
        if exists(&place.live)? {
            let live = Previous::read(&place.live)?;
            let new = LateClaims::new(Box::new(|| live.claims()));
            retire(place, &Previous::read(&place.old)?.claims(), &new, Newer::Live)?;
        } else {
            // Stopped between the two renames: the old site comes back.
            fs::rename(&place.old, &place.live)
                .map_err(|error| Error::io("restore", &place.live, error))?;
        }
    }
    match clear(&place.stage) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("remove", &place.stage, error))
        }
        _ => Ok(()),
    }
}

/// Deletes the tree that was just swapped out.
pub(super) fn discard(place: &Place, claims: &Claims, new: &LateClaims<'_>) -> Result<(), Error> {
    retire(place, claims, new, Newer::Old)
}

/// Deletes an old tree, after moving back the foreign files that came in too late to be carried over.
fn retire(place: &Place, claims: &Claims, new: &LateClaims<'_>, newer: Newer) -> Result<(), Error> {
    for entry in scan::foreign(&place.old, claims)? {
        if !new.collide(&entry.path, entry.is_folder) {
            move_back(place, &entry, newer)?;
        }
    }
    clear(&place.old).map_err(|error| Error::io("remove", &place.old, error))
}

fn move_back(place: &Place, entry: &Foreign, newer: Newer) -> Result<(), Error> {
    let (from, to) = (place.old.join(&entry.path), place.live.join(&entry.path));
    if entry.is_folder {
        return fs::create_dir_all(&to).map_err(|error| Error::io("create", &to, error));
    }
    if newer == Newer::Live && exists(&to)? {
        return Ok(());
    }
    // For a file that was carried over as a hard link, this does nothing.
    fs::rename(&from, &to).map_err(|error| Error::io("move back", &from, error))
}

/// Returns whether there is nothing at `path`, or an empty folder.
pub(super) fn is_vacant(path: &Path) -> Result<bool, Error> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::io("list", path, error)),
    }
}

/// Returns whether there is anything at `path`, be it a broken link.
pub(super) fn exists(path: &Path) -> Result<bool, Error> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::io("find", path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_an_exchange_two_renames_do() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::find(&dir.path().join("out"), &dir.path().join("site")).unwrap();
        for (folder, text) in [(&place.live, "old"), (&place.stage, "new")] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("a"), text).unwrap();
        }
        assert!(swap(&place, |_, _| Ok(false)).unwrap());
        assert_eq!(fs::read(place.live.join("a")).unwrap(), b"new");
        assert_eq!(fs::read(place.old.join("a")).unwrap(), b"old");
        assert!(!place.stage.exists());
    }

    #[test]
    fn a_failed_exchange_leaves_all_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::find(&dir.path().join("out"), &dir.path().join("site")).unwrap();
        for folder in [&place.live, &place.stage] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("a"), "x").unwrap();
        }
        swap(&place, |_, _| Err(io::ErrorKind::ResourceBusy.into())).unwrap_err();
        assert!(
            place.live.join("a").exists() && place.stage.join("a").exists() && !place.old.exists()
        );
    }
}
