//! Finds what in an output folder is not ours.

use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::manifest::Claims;
use crate::diag::Error;

/// An entry that the last build did not write.
#[derive(Clone, Debug)]
pub(super) struct Foreign {
    /// Relative to the folder.
    pub(super) path: PathBuf,
    pub(super) is_folder: bool,
}

/// Lists all that a manifest does not claim, folders before what is in them.
///
/// A folder that does not exist is empty. Symbolic links are not followed.
pub(super) fn foreign(dir: &Path, claims: &Claims) -> Result<Vec<Foreign>, Error> {
    let mut foreign = Vec::new();
    for entry in WalkDir::new(dir).follow_root_links(false).min_depth(1) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if is_missing_top(&error) => break,
            Err(error) => return Err(walk_error(dir, error)),
        };
        let Ok(path) = entry.path().strip_prefix(dir) else { continue };
        let is_folder = entry.file_type().is_dir();
        if !claims.own(path, is_folder) {
            foreign.push(Foreign { path: path.to_owned(), is_folder });
        }
    }
    Ok(foreign)
}

fn is_missing_top(error: &walkdir::Error) -> bool {
    error.depth() == 0
        && error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn walk_error(dir: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(dir).to_owned();
    Error::io("list", &path, error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into()))
}
