//! The real file system.

use std::io::Read as _;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::WalkDir;

use super::{FileStamp, Files, Found, SitePath, Walk};
use crate::diag::{Code, Diagnostic, Error};

/// The files below a folder of the disk.
#[derive(Clone, Debug)]
pub struct DiskFiles {
    root: PathBuf,
}

impl DiskFiles {
    /// Returns the files below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Borrows the root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the stamp of a regular file that is not a link; none of anything else, and of what walks leave out.
    pub(crate) fn stamp_of_file(&self, path: &SitePath) -> Option<FileStamp> {
        let meta = std::fs::symlink_metadata(path.on_disk(&self.root)).ok()?;
        meta.is_file().then(|| stamp(&meta))
    }

    /// Returns the path of a file below the root, for a path of the system; none when it lies elsewhere, or when walks
    /// leave it out because it is hidden or an editor's backup.
    pub fn touched(&self, path: &Path) -> Option<SitePath> {
        let path = self.site_path(path)?;
        (!path.as_str().split('/').any(is_hidden)).then_some(path)
    }

    fn site_path(&self, path: &Path) -> Option<SitePath> {
        SitePath::from_relative(path.strip_prefix(&self.root).ok()?)
    }
}

/// Returns what the system notes about a file.
fn stamp(meta: &std::fs::Metadata) -> FileStamp {
    let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000) + rest;
    FileStamp {
        size: meta.len(),
        modified: nanoseconds(meta.mtime(), meta.mtime_nsec()),
        changed: nanoseconds(meta.ctime(), meta.ctime_nsec()),
        inode: meta.ino(),
    }
}

/// Resolves a symbolic link and returns the reason when it must not be followed.
fn link_trouble(link: &Path, folder: &Path) -> Option<String> {
    match std::fs::canonicalize(link) {
        Err(error) => Some(format!("the symbolic link cannot be followed: {error}")),
        Ok(target) => match std::fs::canonicalize(folder) {
            Ok(folder) if target.starts_with(&folder) => None,
            _ => Some("the symbolic link points outside the folder it is in".to_owned()),
        },
    }
}

/// Tells hidden files and editors' leftovers from content.
pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

impl Files for DiskFiles {
    fn walk(&self, folder: &SitePath) -> Walk {
        let top = folder.on_disk(&self.root);
        if !top.is_dir() {
            return Walk::default();
        }
        match plain_walk(&top, folder, MAX_PLAIN_DEPTH) {
            Some(mut files) => {
                files.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
                Walk { files, skipped: Vec::new() }
            }
            None => self.careful_walk(folder, &top),
        }
    }

    fn read(&self, path: &SitePath) -> Result<Vec<u8>, Error> {
        let full = path.on_disk(&self.root);
        std::fs::read(&full).map_err(|error| Error::io("read", &full, error))
    }

    fn head(&self, path: &SitePath, most: usize) -> Result<Vec<u8>, Error> {
        let full = path.on_disk(&self.root);
        let read = || {
            let mut head = Vec::new();
            std::fs::File::open(&full)?.take(most as u64).read_to_end(&mut head)?;
            Ok(head)
        };
        read().map_err(|error| Error::io("read", &full, error))
    }

    fn is_file(&self, path: &SitePath) -> bool {
        path.on_disk(&self.root).is_file()
    }

    fn stamp(&self, path: &SitePath) -> Option<FileStamp> {
        let meta = std::fs::metadata(path.on_disk(&self.root)).ok()?;
        meta.is_file().then(|| stamp(&meta))
    }
}

/// Folders deeper than this are out of the ordinary: each level takes room on a thread's stack.
const MAX_PLAIN_DEPTH: usize = 32;

/// Lists a folder in which nothing is out of the ordinary, with one call for each file, folders in
/// parallel. None when there is a link, a name that no path may hold, anything unreadable, or more
/// levels than `depth`.
fn plain_walk(top: &Path, folder: &SitePath, depth: usize) -> Option<Vec<Found>> {
    let depth = depth.checked_sub(1)?;
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(top).ok()? {
        let entry = entry.ok()?;
        let kind = entry.file_type().ok()?;
        let name = entry.file_name();
        let name = name.to_str()?;
        if is_hidden(name) {
            continue;
        }
        let path = folder.entry(name)?;
        if kind.is_dir() {
            folders.push((entry.path(), path));
        } else if kind.is_file() {
            let meta = entry.metadata().ok()?;
            files.push(Found { path, size: meta.len(), stamp: Some(stamp(&meta)) });
        } else {
            return None;
        }
    }
    let below: Vec<Vec<Found>> = folders
        .par_iter()
        .map(|(top, folder)| plain_walk(top, folder, depth))
        .collect::<Option<_>>()?;
    files.extend(below.into_iter().flatten());
    Some(files)
}

impl DiskFiles {
    /// Lists a folder entry by entry, follows links, and reports what is passed over.
    fn careful_walk(&self, folder: &SitePath, top: &Path) -> Walk {
        let mut walk = Walk::default();
        let mut entries = WalkDir::new(top).follow_links(true).into_iter();
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    walk.skipped.push(self.walk_trouble(folder, &error));
                    continue;
                }
            };
            let hidden = entry.depth() > 0 && entry.file_name().to_str().is_some_and(is_hidden);
            let is_dir = entry.file_type().is_dir();
            let outward = (!hidden && entry.path_is_symlink())
                .then(|| link_trouble(entry.path(), top))
                .flatten();
            if (hidden || outward.is_some()) && is_dir {
                entries.skip_current_dir();
            }
            if hidden || (is_dir && outward.is_none()) {
                continue;
            }
            let Some(path) = self.site_path(entry.path()) else {
                let below = entry.path().strip_prefix(&self.root).unwrap_or(entry.path());
                let shown = below.to_string_lossy();
                let message =
                    format!("the name `{}` cannot be used in a URL", shown.escape_debug());
                walk.skipped.push(Diagnostic::new(Code::FileName, message).in_file(folder));
                continue;
            };
            if let Some(reason) = outward {
                walk.skipped.push(Diagnostic::new(Code::FileLink, reason).in_file(&path));
                continue;
            }
            match entry.metadata() {
                Ok(meta) if meta.is_file() => {
                    let stamp = Some(stamp(&meta));
                    walk.files.push(Found { path, size: meta.len(), stamp });
                }
                Ok(_) => walk.skipped.push(
                    Diagnostic::new(Code::FileUnreadable, "this is neither a file nor a folder")
                        .in_file(&path),
                ),
                Err(error) => walk.skipped.push(self.walk_trouble(folder, &error)),
            }
        }
        walk.files.sort_by(|a, b| a.path.cmp(&b.path));
        walk
    }

    /// Turns a failure of the walk into a report that names the file.
    fn walk_trouble(&self, folder: &SitePath, error: &walkdir::Error) -> Diagnostic {
        let path = error.path().and_then(|path| self.site_path(path));
        let code = match error.path() {
            Some(path) if error.loop_ancestor().is_some() || path.is_symlink() => Code::FileLink,
            _ => Code::FileUnreadable,
        };
        let reason = match (error.loop_ancestor(), error.io_error()) {
            (Some(_), _) => "the symbolic link forms a loop".to_owned(),
            (None, Some(io)) => format!("cannot be read: {io}"),
            (None, None) => "cannot be read".to_owned(),
        };
        Diagnostic::new(code, reason).in_file(path.as_ref().unwrap_or(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site_path(text: &str) -> SitePath {
        SitePath::parse(text).unwrap()
    }

    #[test]
    fn a_walk_is_sorted_and_leaves_hidden_files_out() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["c/b.md", "c/a.md", "c/.git/x", "c/d/e.txt", "c/x.md~", "c/#y#"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let walk = DiskFiles::new(dir.path()).walk(&site_path("c"));
        let names: Vec<&str> = walk.files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(names, ["c/a.md", "c/b.md", "c/d/e.txt"]);
        assert_eq!(walk.skipped, []);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_leave_the_folder_are_reported_and_not_followed() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("c/sub")).unwrap();
        std::fs::write(dir.path().join("secret.txt"), "x").unwrap();
        std::fs::write(dir.path().join("c/sub/in.txt"), "x").unwrap();
        symlink("../secret.txt", dir.path().join("c/out.txt")).unwrap();
        symlink("..", dir.path().join("c/up")).unwrap();
        symlink("nowhere", dir.path().join("c/broken")).unwrap();
        symlink("sub/in.txt", dir.path().join("c/fine.txt")).unwrap();
        symlink("../sub", dir.path().join("c/sub/loop")).unwrap();
        let walk = DiskFiles::new(dir.path()).walk(&site_path("c"));
        let names: Vec<&str> = walk.files.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(names, ["c/fine.txt", "c/sub/in.txt"]);
        let skipped: Vec<(Code, &str)> = walk
            .skipped
            .iter()
            .map(|d| (d.code, d.place.as_ref().unwrap().path.as_str()))
            .collect();
        for path in ["c/out.txt", "c/up", "c/broken", "c/sub/loop"] {
            assert!(skipped.contains(&(Code::FileLink, path)), "{path} in {skipped:?}");
        }
    }
}
