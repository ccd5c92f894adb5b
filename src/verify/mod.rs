//! Holds a published site against the list of files that the build wrote.
//!
//! In: a folder, or the address of a live site. Out: a [`Report`] that names each file that is missing, or is not as it was built, and
//! says whether the signature of the list is right.
//!
//! The list at the place itself finds what was damaged or changed file by file. Who changes a whole site changes its list too; that is
//! found by the list of an output folder ([`VerifyOptions::against`]), or by a signature. Each file is read once, and no more of it than
//! the list says and one byte.

mod folder;
#[cfg(feature = "network")]
mod web;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::PublicKey;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};
use crate::publish::{Mistrust, check};
use crate::write::{MANIFEST, Manifest};

/// Where a site is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Site {
    /// A folder of this machine.
    Folder(PathBuf),
    /// An address of the web, below which its files are.
    Web(String),
}

impl Site {
    /// Tells an address from a folder.
    pub fn of(text: &str) -> Self {
        let is_web = ["http://", "https://"].iter().any(|scheme| {
            text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
        });
        if is_web { Self::Web(text.to_owned()) } else { Self::Folder(PathBuf::from(text)) }
    }
}

/// How a site is verified.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerifyOptions<'a> {
    /// An output folder whose list is the truth; without it, the list at the place is.
    pub against: Option<&'a Path>,
    /// The key that the list has to be signed by.
    pub key: Option<&'a PublicKey>,
    /// How a server is asked.
    pub pace: Pace,
}

/// How a server is asked.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many requests are under way at once.
    pub lanes: usize,
    /// How often a request is tried when the server is busy or the line breaks.
    pub tries: u32,
    /// The time before the second try; it doubles with each.
    pub pause: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { lanes: 16, tries: 5, pause: Duration::from_millis(300) }
    }
}

/// Is told how far it is, from several threads.
pub trait Progress: Sync {
    /// So many files are looked at.
    fn begin(&self, files: usize);
    /// One of them is done.
    fn advance(&self);
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Fingerprint of the list that is the truth.
    pub print: Fingerprint,
    /// How many files it names.
    pub files: usize,
    /// How many of them are as they were built, and their size in bytes.
    pub intact: (usize, u64),
    /// What is not, sorted by path.
    pub problems: Vec<Problem>,
    /// Files that tell the host what to do, and that it shows nobody.
    pub withheld: Vec<SitePath>,
    /// Files of a folder that the list does not name.
    pub foreign: Vec<PathBuf>,
    /// What the signature says.
    pub signature: Signature,
}

impl Report {
    /// Returns whether all is as it was built, and signed by the key if there is one.
    pub fn is_right(&self) -> bool {
        self.problems.is_empty() && self.signature.is_good()
    }
}

/// A file that is not as it was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: SitePath,
    /// What is wrong with it.
    pub what: Difference,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It is not there.
    Missing,
    /// It has fewer bytes: so many.
    Shorter(u64),
    /// It has more bytes: so many, if it was read to its end.
    Longer(Option<u64>),
    /// It has as many bytes, but others.
    Other,
    /// The server sent it in this coding, though it was asked for the file as it is.
    Encoded(String),
    /// The server leads elsewhere, to this address.
    Moved(String),
    /// The server answers with this status.
    Status(u16),
    /// It cannot be read, for this reason.
    Unreadable(String),
}

impl Difference {
    /// Returns the word for it, for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Shorter(_) => "shorter",
            Self::Longer(_) => "longer",
            Self::Other => "other",
            Self::Encoded(_) => "encoded",
            Self::Moved(_) => "moved",
            Self::Status(_) => "status",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Tells two files apart; nothing when they are the same.
    fn between(expected: Stamp, found: Stamp) -> Option<Self> {
        if found == expected {
            None
        } else if found.size == expected.size {
            Some(Self::Other)
        } else {
            Some(Self::of_size(expected.size, found.size))
        }
    }

    fn of_size(expected: u64, found: u64) -> Self {
        if found < expected { Self::Shorter(found) } else { Self::Longer(Some(found)) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Shorter(size) => write!(f, "shorter: {size} bytes"),
            Self::Longer(Some(size)) => write!(f, "longer: {size} bytes"),
            Self::Longer(None) => f.write_str("longer"),
            Self::Other => f.write_str("other bytes"),
            Self::Encoded(coding) => write!(f, "sent as {coding}, though not asked for"),
            Self::Moved(address) => write!(f, "leads to {address}"),
            Self::Status(status) => write!(f, "cannot be fetched: status {status}"),
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
        }
    }
}

/// What a signature says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// There is none, and none is wanted.
    None,
    /// There is one, and nobody said whose it should be.
    Unchecked,
    /// It is that of the key; with what the signer noted.
    Right(String),
    /// There is none.
    Missing,
    /// It is not that of the key for this list.
    Wrong(Mistrust),
    /// It cannot be read, for this reason.
    Unreadable(String),
}

impl Signature {
    /// Returns whether nothing was wanted of it, or it is right.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::None | Self::Unchecked | Self::Right(_))
    }

    fn of(
        manifest: &[u8],
        there: Result<Option<Vec<u8>>, String>,
        key: Option<&PublicKey>,
    ) -> Self {
        match (there, key) {
            (Ok(None), None) => Self::None,
            (Ok(None), Some(_)) => Self::Missing,
            (Ok(Some(_)) | Err(_), None) => Self::Unchecked,
            (Err(why), Some(_)) => Self::Unreadable(why),
            (Ok(Some(bytes)), Some(key)) => match check(manifest, &bytes, key) {
                Ok(comment) => Self::Right(comment),
                Err(why) => Self::Wrong(why),
            },
        }
    }
}

/// Holds a site against its list, or against that of an output folder.
///
/// # Errors
/// When there is no list to go by, or the place cannot be reached at all.
pub fn verify(
    site: &Site,
    options: &VerifyOptions<'_>,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let truth = options.against.map(List::open).transpose()?;
    let mut report = match site {
        Site::Folder(dir) => folder::verify(dir, truth, options, progress)?,
        #[cfg(feature = "network")]
        Site::Web(address) => web::verify(address, truth, options, progress)?,
        #[cfg(not(feature = "network"))]
        Site::Web(_) => {
            let message = "this program was made without the feature `network`";
            return Err(Error::usage(message).help("install one with it, as the default is"));
        }
    };
    report.problems.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(report)
}

/// A list of files, with its bytes.
struct List {
    manifest: Manifest,
    bytes: Vec<u8>,
}

impl List {
    fn open(dir: &Path) -> Result<Self, Error> {
        let (manifest, bytes) = Manifest::read(dir)?.ok_or_else(|| Self::missing(dir))?;
        Ok(Self { manifest, bytes })
    }

    fn missing(dir: &Path) -> Error {
        Error::usage(format!("`{}` holds no site that Pressmark built", dir.display()))
            .help("name the output folder of a build, such as `public`")
    }
}

/// What a place has besides the files of the list.
struct Top {
    /// Its list, or what is wrong with it.
    list: Result<Vec<u8>, Difference>,
    /// Its signature, or why that cannot be read.
    signature: Result<Option<Vec<u8>>, String>,
}

impl Top {
    /// Begins a report, and returns the list that its files are held against.
    fn begin(
        self,
        truth: Option<List>,
        shown: &str,
        key: Option<&PublicKey>,
    ) -> Result<(Manifest, Report), Error> {
        let there = self.list.as_deref().unwrap_or_default();
        let mut problems = Vec::new();
        let signature = Signature::of(there, self.signature, key);
        let list = match (truth, &self.list) {
            (Some(truth), list) => {
                let what = match list {
                    Ok(there) => Difference::between(Stamp::of(&truth.bytes), Stamp::of(there)),
                    Err(what) => Some(what.clone()),
                };
                let path = SitePath::parse(MANIFEST);
                problems.extend(path.zip(what).map(|(path, what)| Problem { path, what }));
                truth
            }
            (None, list) => {
                let read = list.as_deref().map(|there| (Manifest::parse(there), there));
                let trouble =
                    |why: &str| Error::remote(format!("`{MANIFEST}` of `{shown}`: {why}"));
                let against =
                    "hold the site against the list of an output folder, with `--against`";
                match read {
                    Ok((Some(manifest), there)) => List { manifest, bytes: there.to_vec() },
                    Ok((None, _)) | Err(Difference::Other) => {
                        return Err(trouble("damaged, or none of Pressmark's").help(against));
                    }
                    Err(what @ Difference::Missing) => {
                        return Err(trouble(&what.to_string()).help(against));
                    }
                    Err(what) => return Err(trouble(&what.to_string())),
                }
            }
        };
        Ok(Self::report(list, problems, signature))
    }

    fn report(list: List, problems: Vec<Problem>, signature: Signature) -> (Manifest, Report) {
        let report = Report {
            print: Fingerprint::of(&list.bytes),
            files: list.manifest.files.len(),
            intact: (0, 0),
            problems,
            withheld: Vec::new(),
            foreign: Vec::new(),
            signature,
        };
        (list.manifest, report)
    }
}

impl Report {
    /// Takes in what was found at the place of a file.
    fn add(&mut self, path: &SitePath, size: u64, what: Option<Difference>) {
        match what {
            None => {
                self.intact.0 += 1;
                self.intact.1 += size;
            }
            Some(what) => self.problems.push(Problem { path: path.clone(), what }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_a_folder() {
        assert_eq!(Site::of("HTTPS://h.example/x"), Site::Web("HTTPS://h.example/x".to_owned()));
        for folder in ["public", "http", "https:/x", "é", "./http://x"] {
            assert_eq!(Site::of(folder), Site::Folder(PathBuf::from(folder)));
        }
    }

    #[test]
    fn a_difference_says_how() {
        let (a, b) = (Stamp::of(b"abc"), Stamp::of(b"abd"));
        assert_eq!(Difference::between(a, a), None);
        assert_eq!(Difference::between(a, b), Some(Difference::Other));
        assert_eq!(Difference::between(a, Stamp::of(b"ab")), Some(Difference::Shorter(2)));
        assert_eq!(Difference::between(a, Stamp::of(b"abcd")), Some(Difference::Longer(Some(4))));
    }
}
