//! What is asked of a target whose files are put there one by one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::release::Release;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;

/// A version of a file at a target; the target's own word, such as an entity tag. Where a target has none, it begins with a line
/// for the bytes of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version(pub(super) String);

impl Version {
    /// Returns the version of a file that nothing is known of but its bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Fingerprint::of(bytes).to_string())
    }

    fn first_line(&self) -> &str {
        self.0.split('\n').next().unwrap_or_default()
    }
}

/// A file that a target listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) path: SitePath,
    /// Its size in bytes, where the target tells it.
    pub(super) size: Option<u64>,
    /// The MD5 of its bytes, where the target tells it.
    pub(super) md5: Option<[u8; 16]>,
}

/// A place whose files are written and removed one by one, each as a whole.
///
/// Errors are final: who implements this has tried again where that helps.
pub(super) trait Remote: Sync {
    /// Returns a file with its version; nothing when it does not exist.
    fn read(&self, path: &SitePath) -> Result<Option<(Vec<u8>, Version)>, Error>;

    /// Returns whether a file still has this version. One small request.
    fn is_still(&self, path: &SitePath, version: &Version) -> Result<bool, Error> {
        Ok(self.read(path)?.is_some_and(|(_, now)| now.first_line() == version.first_line()))
    }

    /// Lists all files.
    fn list(&self) -> Result<Vec<Listed>, Error>;

    /// Writes a file, over another one if there is one, and makes sure that it arrived.
    fn write(&self, path: &SitePath, bytes: Vec<u8>) -> Result<(), Error>;

    /// Removes a file; one that does not exist is no failure.
    fn remove(&self, path: &SitePath) -> Result<(), Error>;

    /// Writes a file unless there is one; nothing when there is.
    fn create(&self, path: &SitePath, bytes: &[u8]) -> Result<Option<Version>, Error>;

    /// Writes a file in the place of a version of it; nothing when it has another one by now.
    fn replace(
        &self,
        path: &SitePath,
        bytes: &[u8],
        old: &Version,
    ) -> Result<Option<Version>, Error>;

    /// How many requests may be under way at once.
    fn lanes(&self) -> usize;

    /// Writes files of a release, in any order.
    fn send(
        &self,
        release: &Release,
        paths: &[&SitePath],
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<(), Error> {
        each(self.lanes(), paths, |path| {
            let bytes = release.read(path)?;
            let size = bytes.len() as u64;
            self.write(path, bytes)?;
            done(size);
            Ok(())
        })
    }

    /// Removes files, in any order.
    fn discard(&self, paths: &[&SitePath]) -> Result<(), Error> {
        each(self.lanes(), paths, |path| self.remove(path))
    }
}

/// Does some work for each item, for several at once; after a failure, none is begun.
pub(super) fn each<T: Sync>(
    lanes: usize,
    items: &[T],
    work: impl Fn(&T) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let failure = Mutex::new(None);
    let lane = || {
        while !stopped.load(Ordering::Relaxed) {
            let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            if let Err(error) = work(item) {
                stopped.store(true, Ordering::Relaxed);
                if let Ok(mut failure) = failure.lock() {
                    failure.get_or_insert(error);
                }
            }
        }
    };
    let lanes = lanes.min(items.len());
    if lanes <= 1 {
        lane();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..lanes {
                scope.spawn(lane);
            }
        });
    }
    match failure.into_inner() {
        Ok(Some(error)) => Err(error),
        _ => Ok(()),
    }
}
