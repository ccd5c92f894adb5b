//! What is in a folder, held against a manifest.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{Claims, Manifest};
use super::scan::foreign;
use super::stage::stamp_of;
use crate::diag::Error;
use crate::ids::Stamp;

/// What is at a place where a file should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A folder, or something else that is no file.
    NoFile,
    /// A file of another size, which therefore was not read.
    Size(u64),
    /// A file that was read.
    File(Stamp),
}

/// Looks at a file that should have this size.
///
/// # Errors
/// When it is there and cannot be read.
pub fn find(file: &Path, size: u64) -> Result<Found, Error> {
    let meta = match fs::metadata(file) {
        Ok(meta) => meta,
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(Found::Nothing);
        }
        Err(error) => return Err(Error::io("read", file, error)),
    };
    if !meta.is_file() {
        Ok(Found::NoFile)
    } else if meta.len() == size {
        stamp_of(file).map(Found::File)
    } else {
        Ok(Found::Size(meta.len()))
    }
}

/// Lists the files of a folder that a manifest does not name, sorted and relative to the folder.
///
/// # Errors
/// When a folder cannot be listed.
pub fn foreign_files(dir: &Path, manifest: &Manifest) -> Result<Vec<PathBuf>, Error> {
    let found = foreign(&fs::canonicalize(dir).unwrap_or(dir.to_owned()), &Claims::of(manifest))?;
    let mut files: Vec<PathBuf> =
        found.into_iter().filter(|found| !found.is_folder).map(|found| found.path).collect();
    files.sort_unstable();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::SitePath;

    #[test]
    fn files_are_told_from_everything_else() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("folder")).unwrap();
        fs::write(at("file"), "abc").unwrap();
        assert_eq!(find(&at("file"), 3).unwrap(), Found::File(Stamp::of(b"abc")));
        assert_eq!(find(&at("file"), 4).unwrap(), Found::Size(3));
        assert_eq!(find(&at("folder"), 3).unwrap(), Found::NoFile);
        assert_eq!(find(&at("none"), 3).unwrap(), Found::Nothing);
        assert_eq!(find(&at("file/below"), 3).unwrap(), Found::Nothing);
        let path = SitePath::parse("file").unwrap();
        let manifest = Manifest { files: vec![(path, Stamp::of(b""))] };
        fs::write(at("folder/b"), "").unwrap();
        fs::write(at("a"), "").unwrap();
        assert_eq!(
            foreign_files(dir.path(), &manifest).unwrap(),
            ["a", "folder/b"].map(PathBuf::from)
        );
    }
}
