//! What lies in an output folder.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustc_hash::FxHashMap;
use walkdir::WalkDir;

use super::manifest::Claims;
use crate::diag::Error;
use crate::files::SitePath;

/// The size and time of a regular file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) size: u64,
    pub(super) modified: SystemTime,
}

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
    /// The files of the manifest that are there, as regular files.
    pub(super) ours: FxHashMap<SitePath, Seen>,
    /// All else, folders before what is in them.
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
            } else if entry.file_type().is_file()
                && let Some(path) = SitePath::from_relative(path)
            {
                let meta = entry.metadata().map_err(|error| walk_error(dir, error))?;
                scan.ours.insert(
                    path,
                    Seen { size: meta.len(), modified: modified(&meta, entry.path())? },
                );
            }
        }
        Ok(scan)
    }

    /// Returns the number of foreign files, links and the like, without folders.
    pub(super) fn foreign_files(&self) -> usize {
        self.foreign.iter().filter(|entry| !entry.is_folder).count()
    }
}

fn modified(meta: &Metadata, path: &Path) -> Result<SystemTime, Error> {
    meta.modified().map_err(|error| Error::io("read the time of", path, error))
}

fn is_missing_top(error: &walkdir::Error) -> bool {
    error.depth() == 0
        && error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn walk_error(dir: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(dir).to_owned();
    Error::io("list", &path, error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into()))
}
