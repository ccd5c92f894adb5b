//! Files of the site that people edit and commands add to: read, and replaced in one step.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use pressmark::diag::Error;
use pressmark::files::SitePath;

/// Returns where a file of the site is, whose name is one of ours.
pub(super) fn path(root: &Path, name: &str) -> Result<PathBuf, Error> {
    let path = SitePath::parse(name)
        .ok_or_else(|| Error::internal(format!("`{name}` is no usable path")))?;
    let path = path.on_disk(root);
    let Ok(target) = fs::canonicalize(&path) else { return Ok(path) };
    let root = fs::canonicalize(root).map_err(|error| Error::io("find", root, error))?;
    if !target.starts_with(&root) {
        return Err(Error::usage(format!("`{name}` is a link that leads out of the site"))
            .help("put the file itself there"));
    }
    // A link inside the site stays one; the file that it leads to is replaced.
    Ok(if fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink()) { target } else { path })
}

/// Reads the file; none when there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<String>, Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", path, error)),
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::io("read", path, ErrorKind::InvalidData.into()))?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

/// Puts `text` in the place of what was read before, in one step: a reader or a crash sees the one or the other.
pub(super) fn replace(path: &Path, before: Option<&str>, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    }
    let new = path.with_file_name(format!(".pressmark.{}.new", std::process::id()));
    let done = write(&new, path, text).and_then(|()| {
        // Somebody else may have written it in between.
        if read(path)?.as_deref() != before {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            return Err(Error::usage(format!("`{name}` was changed by somebody else"))
                .help("run the command again"));
        }
        fs::rename(&new, path).map_err(|error| Error::io("replace", path, error))
    });
    if done.is_err() {
        // What is half written must not stay.
        let _gone = fs::remove_file(&new);
    }
    done
}

fn write(new: &Path, old: &Path, text: &str) -> Result<(), Error> {
    let trouble = |error| Error::io("write", new, error);
    // One of this name is left of a process that was killed.
    let _gone = fs::remove_file(new);
    let mut file = OpenOptions::new().write(true).create_new(true).open(new).map_err(trouble)?;
    file.write_all(text.as_bytes()).map_err(trouble)?;
    if let Ok(meta) = fs::metadata(old) {
        file.set_permissions(meta.permissions()).map_err(trouble)?;
    }
    file.sync_all().map_err(trouble)
}
