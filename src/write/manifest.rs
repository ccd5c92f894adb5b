//! The list of the files that the last build wrote.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};

/// The manifest's name at the root of the output folder.
pub(super) const MANIFEST: &str = "manifest.json";
const GENERATOR: &str = "pressmark";
const FORMAT: u32 = 1;

/// The files of a build; sorted by path, so that equal sites have equal manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) files: Vec<(SitePath, Stamp)>,
    /// Fingerprint of its bytes, once they are made or read.
    pub(super) print: Option<Fingerprint>,
}

/// What is known of the build that filled a folder.
#[derive(Debug)]
pub(super) enum Previous {
    /// No manifest of ours: a new folder, or somebody else's.
    None,
    /// Ours, but damaged or of another version: everything is written again.
    Unknown,
    /// A manifest, and when it was written. It is written last, so a file of ours is never newer.
    Known(Manifest, SystemTime),
}

#[derive(Deserialize)]
struct Document {
    generator: String,
    format: u32,
    files: BTreeMap<SitePath, Line>,
}

#[derive(Deserialize)]
struct Line {
    size: u64,
    blake3: String,
}

impl Manifest {
    /// Returns the bytes of the manifest; they depend on nothing but the files.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128 * self.files.len() + 64);
        out.extend(Self::head().as_bytes());
        for (number, (path, stamp)) in self.files.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            // A path holds neither control characters nor backslashes.
            let quoted = path.as_str().replace('"', "\\\"");
            // Writing to memory cannot fail.
            let _ = write!(
                out,
                "\"{quoted}\":{{\"size\":{},\"blake3\":\"{}\"}}",
                stamp.size, stamp.print
            );
        }
        out.extend(b"}}\n");
        out
    }

    fn head() -> String {
        format!("{{\"generator\":\"{GENERATOR}\",\"format\":{FORMAT},\"files\":{{")
    }

    /// Reads a manifest; paths that would leave the folder make it invalid as a whole.
    fn parse(bytes: &[u8]) -> Option<Self> {
        if let Some(manifest) = std::str::from_utf8(bytes).ok().and_then(Self::parse_own) {
            return Some(manifest);
        }
        let document: Document = serde_json::from_slice(bytes).ok()?;
        if document.generator != GENERATOR || document.format != FORMAT {
            return None;
        }
        let stamp =
            |line: &Line| Some(Stamp { size: line.size, print: Fingerprint::parse(&line.blake3)? });
        let files = document.files.into_iter().map(|(path, line)| Some((path, stamp(&line)?)));
        Some(Self { files: files.collect::<Option<_>>()?, print: Some(Fingerprint::of(bytes)) })
    }

    /// Reads a manifest just as this program writes it, which is several times as fast.
    fn parse_own(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix(Self::head().as_str())?;
        let mut files: Vec<(SitePath, Stamp)> = Vec::with_capacity(rest.len() / 112);
        while rest != "}}\n" {
            rest = rest.strip_prefix(if files.is_empty() { "\"" } else { ",\"" })?;
            let (path, tail) = rest.split_once("\":{\"size\":")?;
            let (size, tail) = tail.split_once(",\"blake3\":\"")?;
            let (print, tail) = tail.split_at_checked(32)?;
            rest = tail.strip_prefix("\"}")?;
            let path = SitePath::parse(path).filter(|path| !path.as_str().contains('"'))?;
            if files.last().is_some_and(|(last, _)| *last >= path) {
                return None;
            }
            let stamp = Stamp { size: size.parse().ok()?, print: Fingerprint::parse(print)? };
            files.push((path, stamp));
        }
        Some(Self { files, print: Some(Fingerprint::of(text.as_bytes())) })
    }

    /// Returns the files of an older manifest that this one lacks. Linear.
    pub(super) fn missing(&self, old: &Self) -> Vec<SitePath> {
        let mut new = self.files.iter().map(|(path, _)| path).peekable();
        let mut missing = Vec::new();
        for (path, _) in &old.files {
            while new.next_if(|other| *other < path).is_some() {}
            if new.next_if_eq(&path).is_none() {
                missing.push(path.clone());
            }
        }
        missing
    }

    /// Returns the stamp of a file.
    pub(super) fn get(&self, path: &SitePath) -> Option<Stamp> {
        let at = self.files.binary_search_by(|(known, _)| known.cmp(path)).ok()?;
        Some(self.files[at].1)
    }
}

impl Previous {
    /// Reads the manifest of the folder `dir`.
    pub(super) fn read(dir: &Path) -> Result<Self, Error> {
        let path = dir.join(MANIFEST);
        let meta = match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_file() => meta,
            Ok(_) => return Ok(Self::None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::None),
            Err(error) => return Err(Error::io("read", &path, error)),
        };
        let bytes = fs::read(&path).map_err(|error| Error::io("read", &path, error))?;
        let time = meta.modified().map_err(|error| Error::io("read the time of", &path, error))?;
        Ok(match Manifest::parse(&bytes) {
            Some(manifest) => Self::Known(manifest, time),
            None if is_foreign(&bytes) => Self::None,
            None => Self::Unknown,
        })
    }

    /// Returns the fingerprint of the manifest.
    pub(super) fn print(&self) -> Option<Fingerprint> {
        match self {
            Self::Known(manifest, _) => manifest.print,
            Self::None | Self::Unknown => None,
        }
    }

    /// Returns the stamp that a file had after the last build.
    pub(super) fn stamp(&self, path: &SitePath) -> Option<Stamp> {
        match self {
            Self::Known(manifest, _) => manifest.get(path),
            Self::None | Self::Unknown => None,
        }
    }

    /// Returns the paths that the build laid claim to.
    pub(super) fn claims(&self) -> Claims {
        match self {
            Self::None => Claims::default(),
            Self::Unknown => Claims::of(&Manifest::default()),
            Self::Known(manifest, _) => Claims::of(manifest),
        }
    }
}

/// Tells another program's manifest (a web app's, say) from a damaged one of ours.
fn is_foreign(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(bytes)
        .is_ok_and(|value| value.get("generator").and_then(|g| g.as_str()) != Some(GENERATOR))
}

/// The places that a manifest's files take up, for telling them from foreign ones.
///
/// Keyed by the system's paths, because a foreign name need not be UTF-8.
#[derive(Debug, Default)]
pub(super) struct Claims {
    files: FxHashSet<PathBuf>,
    folders: FxHashSet<PathBuf>,
}

impl Claims {
    /// Returns the places of a manifest's files and of the manifest itself.
    pub(super) fn of(manifest: &Manifest) -> Self {
        let mut claims = Self::default();
        claims.files.insert(PathBuf::from(MANIFEST));
        for (path, _) in &manifest.files {
            let path = PathBuf::from(path.as_str());
            for folder in path.ancestors().skip(1) {
                if !claims.folders.insert(folder.to_owned()) {
                    break;
                }
            }
            claims.files.insert(path);
        }
        claims
    }

    /// Returns whether an entry of the disk is one of these files or a folder on the way to one.
    pub(super) fn own(&self, path: &Path, is_folder: bool) -> bool {
        if is_folder { self.folders.contains(path) } else { self.files.contains(path) }
    }

    /// Returns whether an entry of the disk cannot stand beside these files.
    pub(super) fn collide(&self, path: &Path, is_folder: bool) -> bool {
        let below_a_file = || path.ancestors().skip(1).any(|folder| self.files.contains(folder));
        self.files.contains(path)
            || (!is_folder && self.folders.contains(path))
            || (path.parent().is_some_and(|parent| parent.as_os_str() != OsStr::new(""))
                && below_a_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(paths: &[&str]) -> Manifest {
        let stamp = Stamp { size: 1, print: Fingerprint::of(b"x") };
        let files = paths.iter().map(|p| (SitePath::parse(p).unwrap(), stamp)).collect();
        Manifest { files, print: None }
    }

    #[test]
    fn a_manifest_survives_a_round_trip() {
        for paths in [&["a.html", "b/c.html", "b/é x.html"][..], &["a\"b", "c"], &[]] {
            let made = manifest(paths);
            let bytes = made.to_bytes();
            let read = |bytes: &[u8]| Manifest::parse(bytes).map(|manifest| manifest.files);
            assert_eq!(read(&bytes).as_ref(), Some(&made.files));
            let spaced = String::from_utf8(bytes).unwrap().replace("\":{", "\": {");
            assert_eq!(read(spaced.as_bytes()), Some(made.files));
        }
    }

    #[test]
    fn hostile_and_damaged_manifests_are_unknown_and_those_of_others_foreign() {
        let dir = tempfile::tempdir().unwrap();
        let read = |text: &str| {
            fs::write(dir.path().join(MANIFEST), text).unwrap();
            Previous::read(dir.path()).unwrap()
        };
        let line = r#"{"size":1,"blake3":"00000000000000000000000000000000"}"#;
        let climbing = format!(
            r#"{{"generator":"pressmark","format":1,"files":{{"../../etc/passwd":{line}}}}}"#
        );
        assert!(matches!(read(&climbing), Previous::Unknown));
        assert!(matches!(read(r#"{"generator":"pressmark","format":2}"#), Previous::Unknown));
        assert!(matches!(read(r#"{"generator":"press"#), Previous::Unknown));
        assert!(matches!(read(r#"{"name":"My app","icons":[]}"#), Previous::None));
        assert!(matches!(read(&climbing.replace("../../etc/", "")), Previous::Known(..)));
    }

    #[test]
    fn claims_tell_what_can_stand_side_by_side() {
        let claims = Claims::of(&manifest(&["a/b/c.html", "d"]));
        assert!(
            claims.own(Path::new("a/b"), true) && claims.own(Path::new("manifest.json"), false)
        );
        assert!(!claims.own(Path::new("e"), true));
        for (path, is_folder) in
            [("d", false), ("d", true), ("d/x", false), ("a/b", false), ("d/x/y", true)]
        {
            assert!(claims.collide(Path::new(path), is_folder), "{path}");
        }
        for (path, is_folder) in [("a/b", true), ("a/b/x", false), ("e", false), ("e", true)] {
            assert!(!claims.collide(Path::new(path), is_folder), "{path}");
        }
    }
}
