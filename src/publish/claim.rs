//! The lock at a target, which also says how far a publish came.
//!
//! A publish that dies leaves its claim, and the next one goes on from what it says. Two sets are enough:
//!
//! - **touched**: files that may have been written or removed since the manifest at the target was written. What
//!   the manifest says of them is not to be trusted.
//! - **led**: files besides those of the manifest to which pages at the target may lead. All of them exist, and what they lead to
//!   is in this set or in the manifest.
//!
//! A claim has a goal, the manifest of the release that is sent. Once that is the manifest at the target, all files
//! of it are in place, and what is touched is only left to be removed.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::remote::{Remote, Version};
use super::sign::SIGNATURE;
use crate::diag::Error;
use crate::files::SitePath;
use crate::write::MANIFEST;

/// Name of the lock at the target.
pub(super) const LOCK: &str = ".pressmark-publish.json";

/// What a lock says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claim {
    /// Who holds it: a word that each copy of a site has of its own.
    pub(super) owner: String,
    /// The holder, for people.
    pub(super) who: String,
    /// A word that is new for each publish.
    pub(super) run: String,
    /// Counts as long as the holder lives.
    pub(super) beat: u64,
    /// Whether the holder gave up, so that nobody needs to wait.
    pub(super) is_over: bool,
    /// Fingerprint of the manifest that is to be there in the end; nothing when it is there already.
    pub(super) goal: Option<String>,
    pub(super) touched: BTreeSet<SitePath>,
    pub(super) led: BTreeSet<SitePath>,
}

/// How long a publish waits for another one.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Time between two looks.
    pub look: Duration,
    /// Looks without a sign of life after which the other one counts as dead.
    pub silent: u32,
    /// Looks after which a publish gives up waiting for one that lives.
    pub longest: u32,
    /// Time between signs of life.
    pub beat: Duration,
}

impl Patience {
    /// Two and a half minutes without a sign of life, half an hour in all.
    pub const DEFAULT: Self = Self {
        look: Duration::from_secs(3),
        silent: 50,
        longest: 600,
        beat: Duration::from_secs(30),
    };
}

impl Default for Patience {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A lock that is held.
pub(super) struct Held<'a> {
    remote: &'a dyn Remote,
    path: SitePath,
    claim: Claim,
    version: Version,
}

/// How a lock was got.
pub(super) enum Taken<'a> {
    /// There was none.
    Fresh(Held<'a>),
    /// A publish that did not end had it; the claim is as that one left it, but for the owner.
    Over(Held<'a>),
}

/// Returns the path of the lock.
pub(super) fn path() -> Result<SitePath, Error> {
    SitePath::parse(LOCK).ok_or_else(|| Error::internal("the lock has no usable path"))
}

impl<'a> Held<'a> {
    /// Takes the lock with a claim; waits for another publish that has it.
    ///
    /// A lock of the same owner is left over: a site's folder is locked by itself while it is published.
    ///
    /// # Errors
    /// A usage failure when another publish is still at work after the longest wait.
    pub(super) fn take(
        remote: &'a dyn Remote,
        claim: Claim,
        patience: Patience,
        wants_break: bool,
        waiting: &dyn Fn(&str),
    ) -> Result<Taken<'a>, Error> {
        let path = path()?;
        let mut last: Option<Version> = None;
        let mut silent = 0;
        for _ in 0..patience.longest.max(1) {
            if let Some(version) = remote.create(&path, &claim.to_bytes())? {
                return Ok(Taken::Fresh(Self { remote, path, claim, version }));
            }
            let Some((bytes, version)) = remote.read(&path)? else { continue };
            let found = Claim::parse(&bytes);
            if found.as_ref() == Some(&claim) {
                // Made by this very publish, which did not hear of it.
                return Ok(Taken::Fresh(Self { remote, path, claim, version }));
            }
            silent = if last.as_ref() == Some(&version) { silent + 1 } else { 0 };
            let is_over = match &found {
                Some(found) => {
                    found.owner == claim.owner || found.is_over || silent >= patience.silent
                }
                None => false,
            };
            if is_over || wants_break {
                let found = found.map_or_else(|| Claim::unknown(remote), Ok)?;
                let mine = Claim {
                    owner: claim.owner.clone(),
                    who: claim.who.clone(),
                    is_over: false,
                    ..found
                };
                if let Some(version) = remote.replace(&path, &mine.to_bytes(), &version)? {
                    return Ok(Taken::Over(Self { remote, path, claim: mine, version }));
                }
                continue;
            }
            let Some(found) = found else {
                let message = format!("`{LOCK}` at the target is none of ours, or damaged");
                return Err(
                    Error::usage(message).help("look at it, and take it over with `--break-lock`")
                );
            };
            waiting(&found.who);
            last = Some(version);
            std::thread::sleep(patience.look);
        }
        Err(Error::usage("another publish to this target is still at work")
            .help("wait until it has ended; when you know that it is dead, use `--break-lock`"))
    }

    /// Returns what the lock says.
    pub(super) fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Changes what the lock says, before anything is done that it has to cover.
    ///
    /// # Errors
    /// When another publish has taken the lock over, or the target cannot be reached.
    pub(super) fn say(&mut self, change: impl FnOnce(&mut Claim)) -> Result<(), Error> {
        change(&mut self.claim);
        self.claim.beat += 1;
        let bytes = self.claim.to_bytes();
        let said = self.remote.replace(&self.path, &bytes, &self.version)?;
        // It may have been said without an answer that arrived.
        let heard = match said {
            None => self
                .remote
                .read(&self.path)?
                .filter(|(there, _)| *there == bytes)
                .map(|(_, version)| version),
            said => said,
        };
        match heard {
            Some(version) => {
                self.version = version;
                Ok(())
            }
            None => Err(Error::usage("another publish has taken the lock of the target over")
                .help("publish again when that one has ended")),
        }
    }

    /// Gives the lock back.
    pub(super) fn release(self) -> Result<(), Error> {
        self.remote.remove(&self.path)
    }
}

impl Claim {
    /// Returns the bytes of the lock.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Strings, numbers and lists always have a form in JSON.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads a lock.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// A claim of which nothing is known: anything may have been done to any file.
    fn unknown(remote: &dyn Remote) -> Result<Self, Error> {
        let files = remote.list()?.into_iter().map(|file| file.path);
        let all: BTreeSet<SitePath> =
            files.filter(|path| ![LOCK, MANIFEST, SIGNATURE].contains(&path.as_str())).collect();
        Ok(Self { led: all.clone(), touched: all, ..Self::default() })
    }
}
