//! Makes a stage a whole site: what did not change, what is not ours, the manifest.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;

use super::manifest::{Claims, LateClaims, MANIFEST};
use super::scan;
use super::stage::Stage;
use super::swap::is_vacant;
use crate::diag::Error;
use crate::files::SitePath;

/// Carries the unchanged files over from the live tree.
pub(super) fn carry_unchanged(
    stage: &Stage,
    live: &Path,
    unchanged: &[SitePath],
) -> Result<(), Error> {
    unchanged.par_iter().try_for_each(|path| stage.link(live, path))
}

/// Carries over what is not ours, and returns the number of files.
///
/// An entry in the way of a new file is an error, or left out when `overwrite` is set.
pub(super) fn carry_foreign(
    stage: &Stage,
    live: &Path,
    (old, new): (&Claims, &LateClaims<'_>),
    overwrite: bool,
) -> Result<usize, Error> {
    let mut foreign = scan::foreign(live, old)?;
    if !overwrite
        && let Some(entry) = foreign.iter().find(|entry| new.collide(&entry.path, entry.is_folder))
    {
        return Err(collision(&live.join(&entry.path)));
    }
    foreign.retain(|entry| !new.collide(&entry.path, entry.is_folder));
    let (folders, files): (Vec<_>, Vec<_>) = foreign.into_iter().partition(|entry| entry.is_folder);
    for folder in &folders {
        stage.make_foreign_folder(&folder.path)?;
    }
    files.par_iter().try_for_each(|file| {
        // A folder of ours that holds no page any more is there no longer.
        if let Some(folder) = file.path.parent() {
            stage.make_foreign_folder(folder)?;
        }
        stage.link_entry(live, &file.path)
    })?;
    // Permissions last and from the inside out: a folder may be closed to writing.
    for folder in folders.iter().rev() {
        copy_permissions(&live.join(&folder.path), &stage.dir().join(&folder.path))?;
    }
    Ok(files.len())
}

/// Returns the refusal to write over the file at `path`.
pub(super) fn collision(path: &Path) -> Error {
    let message =
        format!("`{}` was not written by Pressmark and is in the way of a page", path.display());
    Error::usage(message).help("move it to `static/`, remove it, or overwrite it with `--force`")
}

/// Writes the manifest to the stage.
///
/// It is written last, so that no other file is newer.
pub(super) fn write_manifest(stage: &Stage, bytes: &[u8]) -> Result<(), Error> {
    let path = stage.dir().join(MANIFEST);
    File::create_new(&path)
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|error| Error::io("write", &path, error))
}

/// Brings the stage to the disk, and gives it the permissions of the live folder that it will replace.
///
/// A first build replaces nothing. There is no site that a power cut could take, and no wait.
pub(super) fn seal(stage: &Stage, live: &Path) -> Result<(), Error> {
    if is_vacant(live)? {
        return match copy_permissions(live, stage.dir()) {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        };
    }
    let path = stage.dir().join(MANIFEST);
    File::open(&path)
        .and_then(|file| flush(&file))
        .map_err(|error| Error::io("write", &path, error))?;
    copy_permissions(live, stage.dir())
}

/// Brings the file system that `file` is on to the disk, in one call.
///
/// # Errors
/// When the disk fails.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn flush(file: &File) -> io::Result<()> {
    Ok(rustix::fs::syncfs(file)?)
}

/// Brings a file to the disk; there is no call for a whole tree here.
///
/// # Errors
/// When the disk fails.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub fn flush(file: &File) -> io::Result<()> {
    file.sync_all()
}

fn copy_permissions(from: &Path, to: &Path) -> Result<(), Error> {
    let meta = fs::metadata(from).map_err(|error| Error::io("read", from, error))?;
    fs::set_permissions(to, meta.permissions())
        .map_err(|error| Error::io("set the permissions of", to, error))
}
