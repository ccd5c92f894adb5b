//! The tree that is being made, out of sight of readers.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::shards::Shards;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};

/// A chunk of a copied file.
const CHUNK: usize = 128 * 1024;

/// A folder that is removed again unless it was moved away.
#[derive(Debug)]
pub(super) struct Stage {
    dir: PathBuf,
    /// Folders that exist already, so that each is made once.
    folders: Shards<PathBuf, ()>,
}

impl Stage {
    /// Makes an empty stage at `dir`.
    pub(super) fn create(dir: &Path) -> Result<Self, Error> {
        fs::create_dir(dir).map_err(|error| Error::io("create", dir, error))?;
        Ok(Self { dir: dir.to_owned(), folders: Shards::new() })
    }

    /// Borrows the path of the stage.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Makes a folder below the stage, and those above it.
    pub(super) fn make_folder(&self, relative: &Path) -> Result<(), Error> {
        let folder = self.dir.join(relative);
        if self.folders.contains(&folder) {
            return Ok(());
        }
        // No lock is held meanwhile: making a folder twice does no harm.
        fs::create_dir_all(&folder).map_err(|error| Error::io("create", &folder, error))?;
        self.folders.insert(folder, ());
        Ok(())
    }

    /// Writes a file.
    pub(super) fn write(&self, path: &SitePath, bytes: &[u8]) -> Result<(), Error> {
        let (mut file, full) = self.create_file(path)?;
        file.write_all(bytes).map_err(|error| Error::io("write", &full, error))
    }

    /// Copies a file in chunks and returns what was copied.
    pub(super) fn copy(&self, path: &SitePath, source: &Path) -> Result<Stamp, Error> {
        let mut input = File::open(source).map_err(|error| Error::io("read", source, error))?;
        let (mut file, full) = self.create_file(path)?;
        let mut each =
            |chunk: &[u8]| file.write_all(chunk).map_err(|error| Error::io("write", &full, error));
        stream(&mut input, source, &mut each)
    }

    fn create_file(&self, path: &SitePath) -> Result<(File, PathBuf), Error> {
        self.make_folder_of(Path::new(path.as_str()))?;
        let full = path.on_disk(&self.dir);
        // Always a new file: an existing one could be a hard link into the live tree.
        let file = File::create_new(&full).map_err(|error| Error::io("create", &full, error))?;
        Ok((file, full))
    }

    /// Carries an entry over from the live tree, without its bytes where the file system permits it.
    pub(super) fn link(&self, live: &Path, relative: &Path) -> Result<(), Error> {
        self.make_folder_of(relative)?;
        let (from, to) = (live.join(relative), self.dir.join(relative));
        if fs::hard_link(&from, &to).is_ok() {
            return Ok(());
        }
        copy_entry(&from, &to).map_err(|error| Error::io("carry over", &from, error))
    }

    fn make_folder_of(&self, relative: &Path) -> Result<(), Error> {
        relative.parent().map_or(Ok(()), |parent| self.make_folder(parent))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Nobody is left to tell; the next build removes what stays behind.
        let _ = fs::remove_dir_all(&self.dir);
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
        assert_eq!(stamp, Stamp { size: bytes.len() as u64, print: Fingerprint::of(&bytes) });
        assert_eq!(stamp, stamp_of(&source).unwrap());
        assert_eq!(fs::read(stage.dir().join("a/b")).unwrap(), bytes);
    }
}
