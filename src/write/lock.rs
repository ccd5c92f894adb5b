//! Keeps two builds, or two publishes, from writing the same folder at once.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use crate::diag::Error;

/// An exclusive lock; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock file at `path`.
    ///
    /// # Errors
    /// What `taken` returns when another process holds it; otherwise when the disk fails.
    pub fn take(path: &Path, taken: impl FnOnce() -> Error) -> Result<Self, Error> {
        let trouble = |error| Error::io("lock", path, error);
        loop {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)
                .map_err(trouble)?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => return Err(taken()),
                Err(error) => return Err(trouble(error.into())),
            }
            // The holder before us may have removed the file after we opened it; such a lock guards nothing.
            if is_still_at(&file, path).map_err(trouble)? {
                return Ok(Self { path: path.to_owned(), _file: file });
            }
        }
    }
}

fn is_still_at(file: &File, path: &Path) -> io::Result<bool> {
    let held = file.metadata()?;
    match fs::symlink_metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (held.dev(), held.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is held, see `take`. A file that stays behind does no harm.
        let _ = fs::remove_file(&self.path);
    }
}
