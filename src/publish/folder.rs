//! A folder of this machine: a link to the newest of a few releases.
//!
//! ```text
//! /srv/www/site -> .site.pressmark-releases/000007-1f3a5b7c     what readers see
//! /srv/www/.site.pressmark-releases/000006-0a1b2c3d             the one before
//! ```
//!
//! A release is made beside the others, from hard links to what did not change; then the link is exchanged in one step.
//! A reader opens each file in one release or the other, and neither is ever changed. What dies on the way leaves a release
//! that no link names, and the next publish removes it.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::plan::{Plan, stamp_of};
use super::release::Release;
use super::removed;
use super::sign::{Change, SIGNATURE, signature_of};
use super::{Progress, Step, Target};
use crate::diag::Error;
use crate::files::SitePath;
use crate::write::{Lock, MANIFEST, Manifest, exchange, flush};

/// A folder that is published to.
pub(super) struct Folder<'a> {
    release: &'a Release,
    /// The link that readers follow.
    live: PathBuf,
    /// The folder of releases.
    releases: PathBuf,
    keep: usize,
}

/// What stands at the place of the link.
enum There {
    Nothing,
    /// A link to this release.
    Release(String),
    /// A folder that may become the first release: it is empty, or holds a site of ours.
    Folder,
}

impl<'a> Folder<'a> {
    pub(super) fn new(release: &'a Release, live: &Path, keep: usize) -> Result<Self, Error> {
        let live = std::path::absolute(live).map_err(|error| Error::io("find", live, error))?;
        let (Some(parent), Some(name)) = (live.parent(), live.file_name()) else {
            return Err(Error::usage("the target cannot be the root of the file system"));
        };
        let releases = parent.join(format!(".{}.pressmark-releases", name.to_string_lossy()));
        Ok(Self { release, live, releases, keep })
    }

    fn there(&self) -> Result<There, Error> {
        let meta = match fs::symlink_metadata(&self.live) {
            Ok(meta) => meta,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(There::Nothing),
            Err(error) => return Err(Error::io("look at", &self.live, error)),
        };
        let shown = self.live.display();
        if meta.is_symlink() {
            let to =
                fs::read_link(&self.live).map_err(|error| Error::io("read", &self.live, error))?;
            let is_ours = to.parent().and_then(Path::file_name) == self.releases.file_name();
            return match to.file_name() {
                Some(name) if is_ours => Ok(There::Release(name.to_string_lossy().into_owned())),
                _ => Err(Error::usage(format!(
                    "`{shown}` is a link to `{}`, which is no release of Pressmark",
                    to.display()
                ))
                .help("choose another path, or remove the link")),
            };
        }
        let is_empty =
            || fs::read_dir(&self.live).is_ok_and(|mut entries| entries.next().is_none());
        if meta.is_dir() && (is_empty() || Manifest::read(&self.live)?.is_some()) {
            return Ok(There::Folder);
        }
        Err(Error::usage(format!("`{shown}` holds what Pressmark did not publish"))
            .help("choose another path, or move what is there elsewhere"))
    }

    /// Returns the names of all whole releases, oldest first.
    fn names(&self) -> Result<Vec<String>, Error> {
        let entries = match fs::read_dir(&self.releases) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io("list", &self.releases, error)),
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| number(name).is_some()).collect();
        names.sort_by_key(|name| number(name));
        Ok(names)
    }

    /// Returns the manifest of the site that is there, and whether it is that of the release.
    fn base(&self, there: Option<&Path>) -> Result<(Option<Manifest>, bool), Error> {
        let Some((manifest, bytes)) = there.map(Manifest::read).transpose()?.flatten() else {
            return Ok((None, false));
        };
        Ok((Some(manifest), bytes == self.release.manifest_bytes()))
    }

    /// Makes the release as a folder of its own, and returns its name.
    fn make(&self, progress: &dyn Progress) -> Result<String, Error> {
        let stage = self.releases.join("next");
        remove_all(&stage)?;
        create(&stage)?;
        let old = fs::canonicalize(&self.live).ok();
        let (manifest, is_same) = self.base(old.as_deref())?;
        let mut folders: Vec<&Path> = self
            .release
            .files()
            .iter()
            .filter_map(|(path, _)| Path::new(path.as_str()).parent())
            .collect();
        folders.dedup();
        folders.iter().try_for_each(|folder| create(&stage.join(folder)))?;
        progress.begin(Step::Send, self.release.files().len());
        self.release.files().par_iter().try_for_each(|(path, stamp)| {
            let to = stage.join(path.as_str());
            let same = old.as_ref().filter(|_| stamp_of(manifest.as_ref(), path) == Some(*stamp));
            let linked = same.is_some_and(|old| link(&old.join(path.as_str()), &to, stamp.size));
            if !linked {
                let bytes = self.release.read(path)?;
                fs::write(&to, bytes).map_err(|error| Error::io("write", &to, error))?;
            }
            progress.advance(stamp.size);
            Ok(())
        })?;
        let there = old.as_deref().map(signature_of).transpose()?.flatten();
        let signature = match self.release.signature(there.as_deref(), is_same) {
            Change::Keep => there,
            Change::Write(bytes) => Some(bytes),
            Change::Remove => None,
        };
        if let Some(bytes) = signature {
            let to = stage.join(SIGNATURE);
            fs::write(&to, bytes).map_err(|error| Error::io("write", &to, error))?;
        }
        let to = stage.join(MANIFEST);
        fs::write(&to, self.release.manifest_bytes())
            .map_err(|error| Error::io("write", &to, error))?;
        sync(&stage)?;
        let last = self.names()?.last().and_then(|name| number(name)).unwrap_or(0);
        let print = self.release.print().to_string();
        let name = format!("{:06}-{}", last + 1, &print[..8]);
        rename(&stage, &self.releases.join(&name))?;
        Ok(name)
    }

    /// Has readers see a release from now on.
    fn switch(&self, name: &str) -> Result<(), Error> {
        let there = self.there()?;
        let link = self.releases.join("link");
        remove_all(&link)?;
        let folder = self.releases.file_name().unwrap_or_default();
        symlink(Path::new(folder).join(name), &link)
            .map_err(|error| Error::io("make the link", &link, error))?;
        if matches!(there, There::Folder) {
            // A folder gives way to the link in one step too, and becomes the first release.
            let exchanged = exchange(&link, &self.live);
            if !exchanged.map_err(|error| Error::io("exchange", &self.live, error))? {
                return Err(Error::usage(format!(
                    "this system cannot exchange `{}` for a link",
                    self.live.display()
                ))
                .help("remove the folder, and publish again"));
            }
            let is_site = Manifest::read(&link)?.is_some();
            return if is_site {
                rename(&link, &self.releases.join("000000-before"))
            } else {
                remove_all(&link)
            };
        }
        rename(&link, &self.live)?;
        sync(&self.releases)
    }

    /// Returns what a release tells of what was taken down.
    fn told(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.releases.join(name).join(removed::REMOVED);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", &path, error)),
        }
    }

    /// Returns whether a release shows what the other has taken down.
    fn is_before(&self, name: &str, other: &str) -> Result<bool, Error> {
        Ok(removed::is_before(self.told(name)?.as_deref(), self.told(other)?.as_deref()))
    }

    /// Removes the oldest releases, and those that were made before something was taken down; never the one that readers see.
    fn forget(&self, live: &str) -> Result<(), Error> {
        for name in self.names()? {
            if name != live && self.is_before(&name, live)? {
                remove_all(&self.releases.join(&name))?;
            }
        }
        let names = self.names()?;
        let mut old =
            names.iter().filter(|name| *name != live).rev().skip(self.keep.saturating_sub(1));
        old.try_for_each(|name| remove_all(&self.releases.join(name)))
    }

    fn lock(&self) -> Result<Lock, Error> {
        create(&self.releases)?;
        Lock::take(&self.releases.join("lock"), || {
            Error::usage(format!("another publish is writing `{}`", self.live.display()))
                .help("wait until it has ended")
        })
    }
}

impl Target for Folder<'_> {
    fn look(&mut self) -> Result<Plan, Error> {
        let there = match self.there()? {
            There::Nothing => None,
            There::Release(_) | There::Folder => Some(self.live.as_path()),
        };
        let (base, is_same) = self.base(there)?;
        let mut plan = Plan::between(base.as_ref(), self.release);
        let signature = there.map(signature_of).transpose()?.flatten();
        let change = self.release.signature(signature.as_deref(), is_same);
        plan.note(&change, signature.is_some())?;
        let own = |path: &SitePath| {
            [MANIFEST, SIGNATURE].contains(&path.as_str())
                || stamp_of(base.as_ref(), path).is_some()
        };
        let foreign = walk(&self.live)?.into_iter().filter(|path| !own(path));
        plan.pruned = foreign.collect();
        Ok(plan)
    }

    fn send(&mut self, _: Plan, progress: &dyn Progress) -> Result<Option<Plan>, Error> {
        if let Some(parent) = self.live.parent() {
            create(parent)?;
        }
        let _lock = self.lock()?;
        self.there()?;
        let name = self.make(progress)?;
        self.switch(&name)?;
        self.forget(&name)?;
        Ok(None)
    }

    fn releases(&self) -> Result<Vec<(String, bool)>, Error> {
        let live = match self.there()? {
            There::Release(name) => name,
            There::Nothing | There::Folder => String::new(),
        };
        Ok(self.names()?.into_iter().map(|name| (name.clone(), name == live)).collect())
    }

    fn roll_back(&mut self, to: Option<&str>) -> Result<String, Error> {
        let _lock = self.lock()?;
        let releases = self.releases()?;
        let before = || {
            releases
                .iter()
                .take_while(|(_, is_live)| !is_live)
                .last()
                .map(|(name, _)| name.as_str())
        };
        let name = match to {
            Some(name) => {
                releases.iter().find(|(each, _)| each == name).map(|(name, _)| name.as_str())
            }
            None => before(),
        };
        let name = name.ok_or_else(|| {
            Error::usage("there is no such release to go back to")
                .help("list what there is with `--releases`")
        })?;
        let live = releases.iter().find(|(_, is_live)| *is_live);
        if let Some((live, _)) = live
            && self.is_before(name, live)?
        {
            let message = format!("the release {name} was made before something was taken down");
            return Err(Error::usage(message).help("publish again, which removes it"));
        }
        self.switch(name)?;
        Ok(name.to_owned())
    }
}

/// Returns the number of a release; names that are none have none.
fn number(name: &str) -> Option<u64> {
    name.split_once('-').and_then(|(number, _)| number.parse().ok())
}

/// Links a file that did not change; not when its size shows that it was damaged, or the system cannot.
fn link(from: &Path, to: &Path, size: u64) -> bool {
    fs::symlink_metadata(from).is_ok_and(|meta| meta.is_file() && meta.len() == size)
        && fs::hard_link(from, to).is_ok()
}

/// Lists the files of a folder that is there.
fn walk(folder: &Path) -> Result<Vec<SitePath>, Error> {
    let Ok(folder) = fs::canonicalize(folder) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::io("list", &folder, error.into()))?;
        let below = entry
            .path()
            .strip_prefix(&folder)
            .ok()
            .and_then(Path::to_str)
            .and_then(SitePath::parse);
        if !entry.file_type().is_dir() {
            out.extend(below);
        }
    }
    Ok(out)
}

fn create(folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    fs::rename(from, to).map_err(|error| Error::io("put in place", to, error))
}

/// Brings what was written to the disk, all at once.
fn sync(folder: &Path) -> Result<(), Error> {
    let trouble = |error| Error::io("bring to the disk", folder, error);
    File::open(folder).and_then(|file| flush(&file)).map_err(trouble)
}

fn remove_all(path: &Path) -> Result<(), Error> {
    let removed = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path, error)),
        _ => Ok(()),
    }
}
