//! A finished site that is to be published, held against its own manifest.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::sign::{Change, SIGNATURE, Signed, Signer};
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};
use crate::write::{MANIFEST, Manifest};

/// The files of an output folder, as a build left them.
#[derive(Debug)]
pub struct Release {
    source: Source,
    manifest: Manifest,
    bytes: Vec<u8>,
    signed: Option<Signed>,
}

#[derive(Debug)]
enum Source {
    Folder(PathBuf),
    #[cfg(test)]
    Memory(std::collections::BTreeMap<SitePath, Vec<u8>>),
}

impl Release {
    /// Opens the output folder of a build.
    ///
    /// # Errors
    /// A usage failure when the folder holds no site; otherwise when the disk fails.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let missing = || {
            Error::usage(format!("`{}` holds no site that Pressmark built", dir.display()))
                .help("run `pressmark build` first")
        };
        let (manifest, bytes) = Manifest::read(dir)?.ok_or_else(missing)?;
        if manifest.files.iter().any(|(path, _)| path.as_str() == SIGNATURE) {
            let message = format!("`{SIGNATURE}` at the top of a site is Pressmark's own");
            return Err(Error::usage(message).help("give the file another name"));
        }
        Ok(Self { source: Source::Folder(dir.to_owned()), manifest, bytes, signed: None })
    }

    /// Returns the same release with its signature; without a signer, it has none.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn signed(self, by: Option<&Signer>, now: Option<Timestamp>) -> Result<Self, Error> {
        let sign = |signer: &Signer| -> Result<Signed, Error> {
            Ok(Signed { bytes: signer.sign(&self.bytes, now)?, key: signer.public_key().clone() })
        };
        Ok(Self { signed: by.map(sign).transpose()?, ..self })
    }

    /// Returns whether the release has a signature.
    pub(super) fn is_signed(&self) -> bool {
        self.signed.is_some()
    }

    /// Returns what becomes of the signature at a target; `is_same` says that the manifest there is this one.
    pub(super) fn signature(&self, there: Option<&[u8]>, is_same: bool) -> Change {
        Change::of(self.signed.as_ref(), &self.bytes, there, is_same)
    }

    /// Returns a release without files.
    pub fn empty() -> Self {
        Self {
            source: Source::Folder(PathBuf::new()),
            manifest: Manifest::default(),
            bytes: Vec::new(),
            signed: None,
        }
    }

    /// Returns a release that is in memory.
    #[cfg(test)]
    pub(super) fn of(files: std::collections::BTreeMap<SitePath, Vec<u8>>) -> Self {
        let stamps = files.iter().map(|(path, bytes)| (path.clone(), Stamp::of(bytes)));
        let manifest = Manifest { files: stamps.collect() };
        let bytes = manifest.to_bytes();
        Self { source: Source::Memory(files), manifest, bytes, signed: None }
    }

    /// Returns the files, sorted by path; the manifest itself is not among them.
    pub fn files(&self) -> &[(SitePath, Stamp)] {
        &self.manifest.files
    }

    /// Returns the list of the files.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the bytes of the manifest.
    pub fn manifest_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the fingerprint of the manifest, which tells two sites apart.
    pub fn print(&self) -> Fingerprint {
        Fingerprint::of(&self.bytes)
    }

    /// Returns the total size of the files in bytes.
    pub fn size(&self) -> u64 {
        self.files().iter().map(|(_, stamp)| stamp.size).sum()
    }

    /// Returns the bytes of a file.
    ///
    /// # Errors
    /// When the file is not as the build left it, so that nothing damaged is ever published.
    pub fn read(&self, path: &SitePath) -> Result<Vec<u8>, Error> {
        if path.as_str() == MANIFEST {
            return Ok(self.bytes.clone());
        }
        let at = self.manifest.find(path);
        let at = at.ok_or_else(|| Error::internal(format!("`{path}` is not part of the site")))?;
        let bytes = match &self.source {
            Source::Folder(dir) => {
                let file = dir.join(path.as_str());
                std::fs::read(&file).map_err(|error| Error::io("read", &file, error))?
            }
            #[cfg(test)]
            Source::Memory(files) => files[path].clone(),
        };
        if Stamp::of(&bytes) == self.manifest.files[at].1 {
            return Ok(bytes);
        }
        let message = format!("`{path}` is not as the build left it");
        Err(Error::usage(message).help("run `pressmark build`, and publish again"))
    }

    /// Returns the folder that holds the files; nothing when the site is in memory.
    pub fn folder(&self) -> Option<&Path> {
        match &self.source {
            Source::Folder(dir) => Some(dir),
            #[cfg(test)]
            Source::Memory(_) => None,
        }
    }

    /// Returns where a file is on the disk; nothing when the site is in memory.
    pub fn place(&self, path: &SitePath) -> Option<PathBuf> {
        self.folder().map(|folder| folder.join(path.as_str()))
    }
}
