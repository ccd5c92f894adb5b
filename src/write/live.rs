//! Looks at the files of the last build in the live tree, one call for each.
//!
//! What else lies in the folder does not matter until the whole tree is exchanged,
//! so nothing is listed here. Cost: one `fstatat` per file, on all processors.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rayon::prelude::*;
use rustix::fs::{AtFlags, FileType, Stat, statat};

use super::manifest::Manifest;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Stamp;

/// So many files are looked at before a thread takes others.
const AT_ONCE: usize = 256;

/// Tells for each file of a manifest, in its order, whether it is as the last build left it.
///
/// `written` is when the manifest was written; a newer file is somebody else's.
pub(super) fn intact(
    dir: &Path,
    manifest: &Manifest,
    written: SystemTime,
) -> Result<Vec<bool>, Error> {
    let folder: OwnedFd = File::open(dir).map_err(|error| Error::io("open", dir, error))?.into();
    let check = |(path, stamp): &(SitePath, Stamp)| {
        // Whatever the trouble is with a file: it is written again, and that tells.
        statat(&folder, path.as_str(), AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|stat| {
            FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
                && u64::try_from(stat.st_size).is_ok_and(|size| size == stamp.size)
                && modified(&stat).is_some_and(|time| time <= written)
        })
    };
    Ok(manifest.files.par_iter().with_min_len(AT_ONCE).map(check).collect())
}

fn modified(stat: &Stat) -> Option<SystemTime> {
    let nanos = u32::try_from(stat.st_mtime_nsec).ok()?;
    // A time before 1970 is as good as any other old one.
    let seconds = u64::try_from(stat.st_mtime).unwrap_or(0);
    SystemTime::UNIX_EPOCH.checked_add(Duration::new(seconds, nanos))
}
