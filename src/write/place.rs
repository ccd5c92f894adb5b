//! Where the output and its helpers lie, and where output must not go.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::diag::Error;

/// Folders of the site that hold the user's work.
const SOURCES: [&str; 4] = ["content", "themes", "templates", "static"];
/// As many symbolic links in a row as Linux follows.
const MAX_LINKS: usize = 40;

/// The output folder and its siblings, all on one file system.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// What readers see.
    pub(super) live: PathBuf,
    /// The tree that is being made.
    pub(super) stage: PathBuf,
    /// The steps of a small change, while they are taken.
    pub(super) journal: PathBuf,
    /// The tree that was swapped out; for a moment before that, the finished new one.
    pub(super) old: PathBuf,
    /// The lock file.
    pub(super) lock: PathBuf,
}

impl Place {
    /// Resolves the output folder; a symbolic link is followed, so that the link stays.
    pub(super) fn find(dir: &Path, root: &Path) -> Result<Self, Error> {
        let live = resolve(dir)?;
        refuse_sources(&live, &resolve(root)?)?;
        let (Some(parent), Some(name)) = (live.parent(), live.file_name()) else {
            return Err(Error::usage("the output folder cannot be the root of the file system"));
        };
        if live.exists() && !live.is_dir() {
            return Err(Error::usage(format!("the output `{}` is not a folder", live.display())));
        }
        fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        let sibling = |what: &str| parent.join(hidden(name, what));
        Ok(Self {
            stage: sibling("stage"),
            journal: sibling("journal"),
            old: sibling("old"),
            lock: sibling("lock"),
            live,
        })
    }
}

fn hidden(name: &OsStr, what: &str) -> OsString {
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".pressmark-");
    hidden.push(what);
    hidden
}

/// Refuses an output folder whose replacement would take the user's own files with it.
fn refuse_sources(live: &Path, root: &Path) -> Result<(), Error> {
    let trouble = if root.starts_with(live) {
        "the output folder holds the site's own files"
    } else {
        let mut inside = false;
        for name in SOURCES {
            let folder = root.join(name);
            inside |= live.starts_with(&folder) || live.starts_with(resolve(&folder)?);
        }
        if !inside {
            return Ok(());
        }
        "the output folder is inside a folder of the site's sources"
    };
    let message = format!("{trouble}: `{}`", live.display());
    Err(Error::usage(message).help("choose a folder of its own, such as `public`"))
}

/// Returns the absolute path without symbolic links; the end of it need not exist yet.
fn resolve(path: &Path) -> Result<PathBuf, Error> {
    let trouble = |error| Error::io("find", path, error);
    let mut path_now = std::path::absolute(path).map_err(trouble)?;
    for _ in 0..MAX_LINKS {
        let mut rest = PathBuf::new();
        let mut top = path_now.as_path();
        loop {
            match fs::canonicalize(top) {
                Ok(found) if rest.as_os_str().is_empty() => return Ok(found),
                Ok(found) => return Ok(found.join(rest)),
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(trouble(error));
                }
                Err(_) if top.is_symlink() => break,
                Err(error) => match (top.parent(), top.components().next_back()) {
                    (Some(parent), Some(Component::Normal(name))) => {
                        rest = if rest.as_os_str().is_empty() {
                            name.into()
                        } else {
                            Path::new(name).join(rest)
                        };
                        top = parent;
                    }
                    _ => return Err(trouble(error)),
                },
            }
        }
        // A link to a folder that is not there yet (or not at this moment, see `recover`).
        let target = fs::read_link(top).map_err(trouble)?;
        path_now = top.parent().unwrap_or(top).join(target).join(rest);
    }
    Err(Error::usage(format!("`{}` goes through too many symbolic links", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_refused_and_others_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        fs::create_dir_all(root.join("content")).unwrap();
        for bad in
            ["site", "", "site/content", "site/content/out", "site/static/deep/out", "site/../site"]
        {
            let error = Place::find(&dir.path().join(bad), &root).unwrap_err();
            assert!(error.is_usage(), "{bad}: {error}");
        }
        assert!(!root.join("static").exists(), "a refusal makes no folder");
        for good in ["site/public", "elsewhere/deep/public", "site/contents"] {
            Place::find(&dir.path().join(good), &root).unwrap();
        }
        assert!(Place::find(Path::new("/"), &root).unwrap_err().is_usage());
    }

    #[test]
    fn links_are_followed_even_to_what_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        let base = fs::canonicalize(dir.path()).unwrap();
        fs::create_dir(base.join("site")).unwrap();
        std::os::unix::fs::symlink("../www/pub", base.join("site/public")).unwrap();
        let place = Place::find(&base.join("site/public"), &base.join("site")).unwrap();
        assert!(place.live.ends_with("www/pub"));
        std::os::unix::fs::symlink("loop", base.join("site/loop")).unwrap();
        assert!(Place::find(&base.join("site/loop"), &base.join("site")).is_err());
    }
}
