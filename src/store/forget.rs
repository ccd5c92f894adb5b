//! All that was kept, removed: what was taken down is not to be left in it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::FOLDER;
use crate::diag::Error;
use crate::ids::Fingerprint;

/// Says what was taken down when the folder was filled.
const TAKEN: &str = "taken";
/// Held by those who write; who waits for it has opened it already.
const LOCK: &str = "lock";
/// What publishing keeps: who publishes, locks, and copies of branches.
const PUBLISH: &str = "publish";

/// Removes what earlier builds found out, and the copies of branches: both hold what was taken down since.
///
/// # Errors
/// When the disk fails.
pub fn forget(root: &Path) -> Result<(), Error> {
    for path in kept(&root.join(FOLDER))? {
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir());
        let gone = if is_folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        match gone {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(Error::io("remove", &path, error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Removes all that was kept before this was taken down, once; there is no mark for nothing. When that fails, the next build
/// tries again.
pub(super) fn forget_others(root: &Path, taken: &[u8]) {
    let path = root.join(FOLDER).join(TAKEN);
    let mark = if taken.is_empty() { String::new() } else { Fingerprint::of(taken).to_string() };
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known != mark && forget(root).is_ok() && !mark.is_empty() {
        let _unwritten = fs::write(&path, mark);
    }
}

/// Returns the files and folders that may hold what somebody wrote.
fn kept(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let trouble = |error: io::Error| Error::io("list", folder, error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(trouble(error)),
    };
    let mut kept = Vec::new();
    for entry in entries {
        let path = entry.map_err(trouble)?.path();
        if !path.ends_with(PUBLISH) && !path.ends_with(LOCK) {
            kept.push(path);
        }
    }
    // Who publishes, and with which lock, is no part of what was published.
    let copies = fs::read_dir(folder.join(PUBLISH)).into_iter().flatten().flatten();
    let is_copy = |path: &PathBuf| path.extension().is_some_and(|end| end == "git");
    kept.extend(copies.map(|entry| entry.path()).filter(is_copy));
    Ok(kept)
}
