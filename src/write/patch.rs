//! Decides whether a change is small enough to be swapped in file by file.
//!
//! In: what a build changes. Out: a yes or no. Whatever is out of the ordinary (something in
//! the way, a file that becomes a folder, a link or another disk on the way) is left
//! to the exchange of whole trees, which knows what to refuse.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::manifest::Manifest;
use super::place::Place;
use super::stage::parent;
use super::swap::exists;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Stamp;

/// One file in so many may change for a change to be small.
///
/// The exchange costs about as much per file of the site (a link, and later its removal) as
/// a step of the journal costs per changed file. At an eighth, the exchange takes several
/// times as long. There is no floor: a site of a few files is exchanged in no time.
const SMALL: usize = 8;

/// What a build changes, in paths.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// New files.
    pub(super) added: Vec<SitePath>,
    /// Files with other bytes than in the last build, or that somebody touched.
    pub(super) replaced: Vec<SitePath>,
    /// Files of the last build that are not part of this one.
    pub(super) removed: Vec<SitePath>,
}

impl Changes {
    /// Adds a file that was written.
    pub(super) fn write(&mut self, path: &SitePath, old: &Manifest) {
        let list = if old.find(path).is_some() { &mut self.replaced } else { &mut self.added };
        list.push(path.clone());
    }

    /// Adds all files of the old manifest that the new one does not have.
    pub(super) fn remove(&mut self, old: &Manifest, new: &Manifest) {
        let mut rest = new.files.iter().peekable();
        for (path, _) in &old.files {
            let is_before = |(each, _): &&(SitePath, Stamp)| each < path;
            while rest.next_if(is_before).is_some() {}
            if rest.peek().is_none_or(|(each, _)| each != path) {
                self.removed.push(path.clone());
            }
        }
    }

    /// Returns whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    /// Returns whether few of a site's files change.
    pub(super) fn is_small(&self, files: usize) -> bool {
        self.all().count() <= files / SMALL
    }

    /// Returns whether each file can go to its place, or from it, by one call.
    pub(super) fn is_plain(&self, place: &Place) -> Result<bool, Error> {
        let device = device_of(&place.stage)?;
        let mut seen = FxHashSet::default();
        for path in self.all() {
            if !is_open_way(&place.live, path.as_str(), device, &mut seen)? {
                return Ok(false);
            }
        }
        for path in &self.added {
            // On a disk that does not tell upper case from lower, this also finds the page's old name.
            if exists(&place.live.join(path.as_str()))? {
                return Ok(false);
            }
        }
        let is_folder = |path: &SitePath| {
            let full = place.live.join(path.as_str());
            fs::symlink_metadata(full).is_ok_and(|meta| meta.is_dir())
        };
        Ok(!self.replaced.iter().chain(&self.removed).any(is_folder))
    }

    fn all(&self) -> impl Iterator<Item = &SitePath> {
        self.added.iter().chain(&self.replaced).chain(&self.removed)
    }
}

/// Returns whether all folders above a path are real ones on the stage's disk, or missing.
fn is_open_way<'a>(
    live: &Path,
    path: &'a str,
    device: u64,
    seen: &mut FxHashSet<&'a str>,
) -> Result<bool, Error> {
    let folder = parent(path);
    if folder.is_empty() || !seen.insert(folder) {
        return Ok(true);
    }
    if !is_open_way(live, folder, device, seen)? {
        return Ok(false);
    }
    let full = live.join(folder);
    match fs::symlink_metadata(&full) {
        Ok(meta) => Ok(meta.is_dir() && meta.dev() == device),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::io("find", &full, error)),
    }
}

fn device_of(path: &Path) -> Result<u64, Error> {
    fs::metadata(path).map(|meta| meta.dev()).map_err(|error| Error::io("find", path, error))
}
