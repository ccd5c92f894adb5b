//! The only code that touches the file system for input.
//!
//! In: paths inside the site. Out: bytes and listings. [`DiskFiles`] reads the
//! real folder, [`MemFiles`] is its twin in memory for tests and for the
//! preview. (Output goes through `write/`, which has its own needs.)
//!
//! **Invariants:** a [`SitePath`] never leaves the site's root; a walk is sorted;
//! every entry that a walk passes over is reported, none is swallowed.

mod disk;
mod media;
mod mem;
mod path;
mod picture;
mod recorder;

use serde::{Deserialize, Serialize};

pub use self::disk::DiskFiles;
pub use self::media::{cache_control, is_compressible, media_type};
pub use self::mem::MemFiles;
pub use self::path::SitePath;
pub use self::picture::picture_size;
pub use self::recorder::{Record, Recorder};
use crate::diag::{Diagnostic, Error};

/// A file that a walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub path: SitePath,
    /// Its size in bytes.
    pub size: u64,
    /// Tells whether it may have changed; none when only its bytes can.
    pub stamp: Option<FileStamp>,
}

/// What the system notes about a file. Any write changes it, down to the tick of the system's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// Its size in bytes.
    pub size: u64,
    /// When its bytes were changed last, in nanoseconds since 1970; anybody may set that.
    pub modified: i64,
    /// When anything about it was changed last, in nanoseconds since 1970; the system sets that.
    pub changed: i64,
    /// Number of the file on its disk: another one when the file was replaced.
    pub inode: u64,
}

/// What a walk returned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// The regular files, sorted by path.
    pub files: Vec<Found>,
    /// Entries that were passed over: broken or outward links, unreadable folders, names that are not UTF-8.
    pub skipped: Vec<Diagnostic>,
}

/// A source of files: the disk, or memory.
pub trait Files: Sync {
    /// Lists all regular files below `folder`, sorted; hidden files and folders (`.name`)
    /// and editors' backups (`name~`, `#name#`) are left out. A folder that does not exist is empty.
    ///
    /// Symbolic links are followed when they stay inside `folder`, and reported otherwise.
    fn walk(&self, folder: &SitePath) -> Walk;

    /// Returns the bytes of a file.
    ///
    /// # Errors
    /// When the file does not exist or cannot be read; the message names the path.
    fn read(&self, path: &SitePath) -> Result<Vec<u8>, Error>;

    /// Returns the first bytes of a file, `most` or all that there are.
    ///
    /// # Errors
    /// When the file does not exist or cannot be read; the message names the path.
    fn head(&self, path: &SitePath, most: usize) -> Result<Vec<u8>, Error>;

    /// Returns whether `path` is a regular file.
    fn is_file(&self, path: &SitePath) -> bool;

    /// Returns the stamp of a regular file; none when there is none, or files have no stamps.
    fn stamp(&self, path: &SitePath) -> Option<FileStamp>;
}
