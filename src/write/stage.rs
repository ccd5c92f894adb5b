//! The tree that is being made, out of sight of readers.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::{Mode, OFlags, mkdirat, openat};
use rustix::io::Errno;

use super::manifest::MANIFEST;
use super::shards::Shards;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};

/// A chunk of a copied file.
const CHUNK: usize = 128 * 1024;
/// Permissions of what is made, before the user's mask takes some away.
const FOLDER_MODE: u32 = 0o777;
const FILE_MODE: u32 = 0o666;

/// A folder that is removed again unless it was moved away or left to the next build.
#[derive(Debug)]
pub(super) struct Stage {
    dir: PathBuf,
    /// The folder, opened; what is in it is named relative to it, which spares the system the way there.
    handle: OwnedFd,
    /// Folders that exist already, so that each is made once.
    folders: Shards<String, ()>,
    is_left: bool,
}

impl Stage {
    /// Makes an empty stage at `dir`.
    pub(super) fn create(dir: &Path) -> Result<Self, Error> {
        let create = || -> io::Result<OwnedFd> {
            fs::create_dir(dir)?;
            Ok(File::open(dir)?.into())
        };
        let handle = create().map_err(|error| Error::io("create", dir, error))?;
        Ok(Self { dir: dir.to_owned(), handle, folders: Shards::new(), is_left: false })
    }

    /// Borrows the path of the stage.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Leaves the stage where it is, for the next build to finish what it is part of.
    pub(super) fn leave(&mut self) {
        self.is_left = true;
    }

    /// Makes a folder below the stage, after those above it.
    fn make_folder(&self, folder: &str) -> Result<(), Error> {
        if folder.is_empty() || self.folders.contains(folder) {
            return Ok(());
        }
        self.make_folder(parent(folder))?;
        // No lock is held meanwhile: making a folder twice does no harm.
        match mkdirat(&self.handle, folder, Mode::from_raw_mode(FOLDER_MODE)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(Error::io("create", &self.dir.join(folder), error.into())),
        }
        self.folders.insert(folder.to_owned(), ());
        Ok(())
    }

    /// Makes a folder that need not have a name of ours, and those above it.
    pub(super) fn make_foreign_folder(&self, relative: &Path) -> Result<(), Error> {
        let folder = self.dir.join(relative);
        fs::create_dir_all(&folder).map_err(|error| Error::io("create", &folder, error))
    }

    /// Writes a file.
    pub(super) fn write(&self, path: &SitePath, bytes: &[u8]) -> Result<(), Error> {
        let mut file = self.create_file(path)?;
        file.write_all(bytes).map_err(|error| Error::io("write", &path.on_disk(&self.dir), error))
    }

    /// Copies a file in chunks and returns what was copied.
    pub(super) fn copy(&self, path: &SitePath, source: &Path) -> Result<Stamp, Error> {
        let mut input = File::open(source).map_err(|error| Error::io("read", source, error))?;
        let mut file = self.create_file(path)?;
        let mut each = |chunk: &[u8]| {
            file.write_all(chunk)
                .map_err(|error| Error::io("write", &path.on_disk(&self.dir), error))
        };
        stream(&mut input, source, &mut each)
    }

    fn create_file(&self, path: &SitePath) -> Result<File, Error> {
        self.make_folder(parent(path.as_str()))?;
        // Always a new file: an existing one could be a hard link into the live tree.
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
        openat(&self.handle, path.as_str(), flags, Mode::from_raw_mode(FILE_MODE))
            .map(File::from)
            .map_err(|error| Error::io("create", &path.on_disk(&self.dir), error.into()))
    }

    /// Carries a file of ours over from the live tree.
    pub(super) fn link(&self, live: &Path, path: &SitePath) -> Result<(), Error> {
        self.make_folder(parent(path.as_str()))?;
        self.link_entry(live, Path::new(path.as_str()))
    }

    /// Carries an entry over from the live tree, without its bytes where the file system permits it.
    ///
    /// Its folder must be there.
    pub(super) fn link_entry(&self, live: &Path, relative: &Path) -> Result<(), Error> {
        let (from, to) = (live.join(relative), self.dir.join(relative));
        if fs::hard_link(&from, &to).is_ok() {
            return Ok(());
        }
        copy_entry(&from, &to).map_err(|error| Error::io("carry over", &from, error))
    }
}

/// Returns the folder of a path; empty at the top.
pub(super) fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// Removes a folder with all that is in it, on all processors.
///
/// The manifest goes last: without it, what is left after a `kill -9` would pass for foreign files.
pub(super) fn clear(dir: &Path) -> io::Result<()> {
    if fs::symlink_metadata(dir)?.is_symlink() {
        return fs::remove_file(dir);
    }
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let list = if entry.file_type()?.is_dir() { &mut folders } else { &mut files };
        list.push(entry.path());
    }
    folders.par_iter().try_for_each(|folder| clear(folder))?;
    files.sort_by_key(|file| file.ends_with(MANIFEST));
    files.iter().try_for_each(fs::remove_file)?;
    fs::remove_dir(dir)
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.is_left {
            // Nobody is left to tell; the next build removes what stays behind.
            let _ = clear(&self.dir);
        }
    }
}

/// Returns the size and fingerprint of a file.
pub(super) fn stamp_of(source: &Path) -> Result<Stamp, Error> {
    let mut input = File::open(source).map_err(|error| Error::io("read", source, error))?;
    stream(&mut input, source, &mut |_| Ok(()))
}

fn stream(
    input: &mut File,
    source: &Path,
    each: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
) -> Result<Stamp, Error> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; CHUNK];
    let mut size = 0;
    loop {
        let length = match input.read(&mut buffer) {
            Ok(0) => return Ok(Stamp { size, print: Fingerprint::from_hash(hasher.finalize()) }),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::io("read", source, error)),
        };
        hasher.update(&buffer[..length]);
        each(&buffer[..length])?;
        size += length as u64;
    }
}

/// Copies a file or link where hard links are not to be had.
fn copy_entry(from: &Path, to: &Path) -> io::Result<()> {
    let kind = fs::symlink_metadata(from)?.file_type();
    if kind.is_symlink() {
        std::os::unix::fs::symlink(fs::read_link(from)?, to)
    } else if kind.is_file() {
        fs::copy(from, to).map(|_| ())
    } else {
        // Opening a pipe or device would wait for somebody at the other end.
        Err(io::Error::new(io::ErrorKind::Unsupported, "it is neither a file nor a link"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_copied_as_links_and_pipes_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::os::unix::fs::symlink("nowhere", at("link")).unwrap();
        copy_entry(&at("link"), &at("copy")).unwrap();
        assert_eq!(fs::read_link(at("copy")).unwrap(), Path::new("nowhere"));
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        assert!(copy_entry(&at("socket"), &at("copy2")).is_err());
    }

    #[test]
    fn a_copy_has_the_stamp_of_its_source() {
        let dir = tempfile::tempdir().unwrap();
        let source = dir.path().join("source");
        let bytes = vec![7; 3 * CHUNK / 2];
        fs::write(&source, &bytes).unwrap();
        let stage = Stage::create(&dir.path().join("stage")).unwrap();
        let stamp = stage.copy(&SitePath::parse("a/b").unwrap(), &source).unwrap();
        assert_eq!(stamp, Stamp::of(&bytes));
        assert_eq!(stamp, stamp_of(&source).unwrap());
        assert_eq!(fs::read(stage.dir().join("a/b")).unwrap(), bytes);
    }
}
