//! Files in memory, for tests and for the preview.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::disk::is_hidden;
use super::{FileStamp, Files, Found, SitePath, Walk};
use crate::diag::Error;

/// A set of files in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemFiles {
    files: BTreeMap<SitePath, Vec<u8>>,
}

impl MemFiles {
    /// Returns an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: SitePath, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path, bytes.into());
    }

    /// Removes a file and returns its bytes.
    pub fn remove(&mut self, path: &SitePath) -> Option<Vec<u8>> {
        self.files.remove(path)
    }

    /// Iterates over the files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&SitePath, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path, bytes.as_slice()))
    }
}

impl Files for MemFiles {
    fn walk(&self, folder: &SitePath) -> Walk {
        let inside = |path: &&SitePath| {
            path.below(folder).is_some_and(|rest| !rest.split('/').any(is_hidden))
        };
        let found = |path: &SitePath| Found {
            path: path.clone(),
            size: self.files[path].len() as u64,
            stamp: None,
        };
        Walk { files: self.files.keys().filter(inside).map(found).collect(), skipped: Vec::new() }
    }

    fn read(&self, path: &SitePath) -> Result<Vec<u8>, Error> {
        self.files.get(path).cloned().ok_or_else(|| {
            Error::io("read", Path::new(path.as_str()), io::Error::from(io::ErrorKind::NotFound))
        })
    }

    fn head(&self, path: &SitePath, most: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = self.read(path)?;
        bytes.truncate(most);
        Ok(bytes)
    }

    fn is_file(&self, path: &SitePath) -> bool {
        self.files.contains_key(path)
    }

    fn stamp(&self, _: &SitePath) -> Option<FileStamp> {
        None
    }
}
