//! What lies in an output folder.

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

/// The contents of a folder, told apart by a manifest.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// What the manifest does not name, folders before what is in them.
    pub(super) foreign: Vec<Foreign>,
}

impl Scan {
    /// Looks through `dir`; one that does not exist is empty. Symbolic links are not followed.
    pub(super) fn of(dir: &Path, claims: &Claims) -> Result<Self, Error> {
        let mut scan = Self::default();
        for entry in WalkDir::new(dir).follow_root_links(false).min_depth(1) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if is_missing_top(&error) => break,
                Err(error) => return Err(walk_error(dir, error)),
            };
            let Ok(path) = entry.path().strip_prefix(dir) else { continue };
            let is_folder = entry.file_type().is_dir();
            if !claims.own(path, is_folder) {
                scan.foreign.push(Foreign { path: path.to_owned(), is_folder });
            }
        }
        Ok(scan)
    }
}

fn is_missing_top(error: &walkdir::Error) -> bool {
    error.depth() == 0
        && error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn walk_error(dir: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(dir).to_owned();
    Error::io("list", &path, error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into()))
}
