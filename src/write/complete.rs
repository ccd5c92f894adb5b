//! Makes a stage a whole site: what did not change, what is not ours, the manifest.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;

use super::manifest::{Claims, MANIFEST, Manifest};
use super::scan::{Foreign, Scan};
use super::stage::Stage;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;

/// Carries the unchanged files over from the live tree.
pub(super) fn carry_unchanged(
    stage: &Stage,
    live: &Path,
    unchanged: &[SitePath],
) -> Result<(), Error> {
    unchanged.par_iter().try_for_each(|path| stage.link(live, Path::new(path.as_str())))
}

/// Carries over what is not ours, and returns the number of files.
///
/// An entry in the way of a new file is an error, or left out when `overwrite` is set.
pub(super) fn carry_foreign(
    stage: &Stage,
    live: &Path,
    (old, new): (&Claims, &Claims),
    overwrite: bool,
) -> Result<usize, Error> {
    let mut foreign = Scan::of(live, old)?.foreign;
    if !overwrite
        && let Some(entry) = foreign.iter().find(|entry| new.collide(&entry.path, entry.is_folder))
    {
        return Err(collision(live, entry));
    }
    foreign.retain(|entry| !new.collide(&entry.path, entry.is_folder));
    let (folders, files): (Vec<_>, Vec<_>) = foreign.into_iter().partition(|entry| entry.is_folder);
    for folder in &folders {
        stage.make_folder(&folder.path)?;
    }
    files.par_iter().try_for_each(|file| stage.link(live, &file.path))?;
    // Permissions last and from the inside out: a folder may be closed to writing.
    for folder in folders.iter().rev() {
        copy_permissions(&live.join(&folder.path), &stage.dir().join(&folder.path))?;
    }
    Ok(files.len())
}

fn collision(live: &Path, entry: &Foreign) -> Error {
    let path = live.join(&entry.path);
    let message =
        format!("`{}` was not written by Pressmark and is in the way of a page", path.display());
    Error::usage(message).help("move it to `static/`, remove it, or overwrite it with `--force`")
}

/// Writes the manifest, last of all files.
pub(super) fn write_manifest(stage: &Stage, manifest: &mut Manifest) -> Result<File, Error> {
    let path = stage.dir().join(MANIFEST);
    let mut file = File::create_new(&path).map_err(|error| Error::io("create", &path, error))?;
    let bytes = manifest.to_bytes();
    manifest.print = Some(Fingerprint::of(&bytes));
    let written = file.write_all(&bytes);
    written.map_err(|error| Error::io("write", &path, error)).map(|()| file)
}

/// Writes the manifest, brings everything to the disk, and gives the stage the live folder's permissions.
///
/// Where there is no site yet, a power cut can take nothing away, so nothing is synced.
pub(super) fn seal(stage: &Stage, live: &Path, manifest: &mut Manifest) -> Result<(), Error> {
    let file = write_manifest(stage, manifest)?;
    match copy_permissions(live, stage.dir()) {
        Ok(()) => flush(&file).map_err(|error| Error::io("write", stage.dir(), error)),
        Err(error) if error.is_not_found() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Brings the file system that `file` is on to the disk, in one call.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn flush(file: &File) -> io::Result<()> {
    Ok(rustix::fs::syncfs(file)?)
}

/// Brings the manifest to the disk; there is no call for a whole tree here.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn flush(file: &File) -> io::Result<()> {
    file.sync_all()
}

fn copy_permissions(from: &Path, to: &Path) -> Result<(), Error> {
    let meta = fs::metadata(from).map_err(|error| Error::io("read", from, error))?;
    fs::set_permissions(to, meta.permissions())
        .map_err(|error| Error::io("set the permissions of", to, error))
}
