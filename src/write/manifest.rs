//! The list of the files that the last build wrote.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};

/// Name of the list of files at the top of a site.
pub const MANIFEST: &str = "manifest.json";
const GENERATOR: &str = "pressmark";
const FORMAT: u32 = 1;
/// What the file is made of; a test compares it with the constants above.
const HEAD: &str = r#"{"generator":"pressmark","format":1,"files":{"#;
const BEFORE_SIZE: &str = r#"":{"size":"#;
const BEFORE_PRINT: &str = r#","blake3":""#;
const AFTER_LINE: &str = r#""}"#;
const TAIL: &str = "}}\n";
/// The digits of a fingerprint.
const HEX: usize = 32;
/// About the length of a line without its path, in bytes.
const LINE: usize = 70;

/// The files of a build; sorted by path, so that equal sites have equal manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Paths and stamps, sorted by path.
    pub files: Vec<(SitePath, Stamp)>,
}

/// What is known of the build that filled a folder.
#[derive(Debug)]
pub(super) enum Previous {
    /// No manifest of ours: a new folder, or somebody else's.
    None,
    /// Ours, but damaged or of another version: everything is written again.
    Unknown,
    /// A manifest, and when it was written. It is written last, so a file of ours is never newer.
    Known(Known),
}

/// A manifest that could be read.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) manifest: Manifest,
    /// When it was written.
    pub(super) written: SystemTime,
    /// The fingerprint of its bytes.
    pub(super) print: Fingerprint,
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
    /// Returns where a path stands in the list.
    pub fn find(&self, path: &SitePath) -> Option<usize> {
        self.files.binary_search_by(|(each, _)| each.cmp(path)).ok()
    }

    /// Returns the bytes of the manifest; they depend on nothing but the files.
    pub fn to_bytes(&self) -> Vec<u8> {
        let paths: usize = self.files.iter().map(|(path, _)| path.as_str().len()).sum();
        let mut out = String::with_capacity(paths + self.files.len() * LINE + HEAD.len());
        out.push_str(HEAD);
        for (at, (path, stamp)) in self.files.iter().enumerate() {
            out.push_str(if at == 0 { "\"" } else { ",\"" });
            push_escaped(&mut out, path.as_str());
            // Writing to a string cannot fail.
            let _ = write!(out, "{BEFORE_SIZE}{}{BEFORE_PRINT}", stamp.size);
            push_hex(&mut out, stamp.print);
            out.push_str(AFTER_LINE);
        }
        out.push_str(TAIL);
        out.into_bytes()
    }

    /// Reads the manifest of the folder `dir` and returns it with its bytes; nothing when there is none of ours.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(dir: &Path) -> Result<Option<(Self, Vec<u8>)>, Error> {
        let path = dir.join(MANIFEST);
        match fs::read(&path) {
            Ok(bytes) => Ok(Self::parse(&bytes).map(|manifest| (manifest, bytes))),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(Error::io("read", &path, error)),
        }
    }

    /// Reads a manifest; paths that would leave the folder make it invalid as a whole.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        Self::scan(std::str::from_utf8(bytes).ok()?).or_else(|| Self::parse_json(bytes))
    }

    /// Reads exactly what [`to_bytes`](Self::to_bytes) writes, without the detours of a parser for any JSON.
    fn scan(text: &str) -> Option<Self> {
        let mut rest = text.strip_prefix(HEAD)?;
        let mut files: Vec<(SitePath, Stamp)> = Vec::with_capacity(rest.len() / (2 * LINE));
        while rest != TAIL {
            let line = if files.is_empty() { rest } else { rest.strip_prefix(',')? };
            let (path, line) = line.strip_prefix('"')?.split_once('"')?;
            let (size, line) = line.strip_prefix(&BEFORE_SIZE[1..])?.split_once(',')?;
            let line = line.strip_prefix(&BEFORE_PRINT[1..])?;
            let (print, line) = line.split_at_checked(HEX)?;
            rest = line.strip_prefix(AFTER_LINE)?;
            // A path with a backslash would be an escaped one; it is none, and so left to JSON.
            let path = SitePath::parse(path).filter(|parsed| parsed.as_str() == path)?;
            if files.last().is_some_and(|(last, _)| *last >= path) {
                return None;
            }
            let stamp = Stamp { size: size.parse().ok()?, print: Fingerprint::parse(print)? };
            files.push((path, stamp));
        }
        Some(Self { files })
    }

    fn parse_json(bytes: &[u8]) -> Option<Self> {
        let document: Document = serde_json::from_slice(bytes).ok()?;
        if document.generator != GENERATOR || document.format != FORMAT {
            return None;
        }
        let stamp =
            |line: &Line| Some(Stamp { size: line.size, print: Fingerprint::parse(&line.blake3)? });
        let files = document.files.into_iter().map(|(path, line)| Some((path, stamp(&line)?)));
        Some(Self { files: files.collect::<Option<_>>()? })
    }
}

/// Writes text for between the quotes of JSON; a path holds neither control characters nor backslashes.
fn push_escaped(out: &mut String, text: &str) {
    for (at, part) in text.split('"').enumerate() {
        out.push_str(if at == 0 { "" } else { "\\\"" });
        out.push_str(part);
    }
}

fn push_hex(out: &mut String, print: Fingerprint) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in print.as_bytes() {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
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
            Some(manifest) => {
                let print = Fingerprint::of(&bytes);
                Self::Known(Known { manifest, written: time, print })
            }
            None if is_foreign(&bytes) => Self::None,
            None => Self::Unknown,
        })
    }

    /// Borrows what is known, if the manifest could be read.
    pub(super) fn known(&self) -> Option<&Known> {
        match self {
            Self::Known(known) => Some(known),
            Self::None | Self::Unknown => None,
        }
    }

    /// Returns the paths that the build laid claim to.
    pub(super) fn claims(&self) -> Claims {
        match self {
            Self::None => Claims::default(),
            Self::Unknown => Claims::of(&Manifest::default()),
            Self::Known(known) => Claims::of(&known.manifest),
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

/// Claims that are only made when something foreign is found, which is seldom.
pub(super) type LateClaims<'a> = LazyCell<Claims, Box<dyn FnOnce() -> Claims + 'a>>;

impl Claims {
    /// Returns the claims of a manifest for when they are needed.
    pub(super) fn late(manifest: &Manifest) -> LateClaims<'_> {
        LazyCell::new(Box::new(|| Self::of(manifest)))
    }

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
        let stamp = Stamp::of(b"x");
        Manifest { files: paths.iter().map(|p| (SitePath::parse(p).unwrap(), stamp)).collect() }
    }

    #[test]
    fn a_manifest_survives_a_round_trip() {
        for paths in [&["a.html", "b/c.html"][..], &[], &["a\"b.html", "\u{e9}t\u{e9}"]] {
            let made = manifest(paths);
            let bytes = made.to_bytes();
            assert_eq!(Manifest::parse(&bytes), Some(made.clone()));
            assert_eq!(Manifest::parse_json(&bytes), Some(made.clone()));
            let quoted = paths.iter().any(|path| path.contains('"'));
            let scanned = Manifest::scan(std::str::from_utf8(&bytes).unwrap());
            assert_eq!(scanned, (!quoted).then_some(made));
        }
    }

    #[test]
    fn what_is_not_in_our_hand_is_read_as_json() {
        let made = manifest(&["a", "b"]);
        let text = String::from_utf8(made.to_bytes()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        assert_eq!(Manifest::parse(&pretty), Some(made.clone()));
        let swapped = text.replace("\"a\"", "\"c\"");
        let files = Manifest::parse(swapped.as_bytes()).unwrap().files;
        assert!(files.is_sorted_by_key(|(path, _)| path.clone()) && files.len() == 2);
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
