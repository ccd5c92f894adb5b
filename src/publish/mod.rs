//! Puts a finished site where its readers are.
//!
//! In: the output folder of a build, and a target of the settings. Out: that target shows the site. What differs is told before
//! anything is done, only that is sent, and at no moment is a half-published site shown.
//!
//! Targets are of two sorts. Some take a site as a whole: a folder whose link is switched, a branch, an archive. At the others, files
//! are written one by one (`steps` says in which order and why); those have a lock, because two publishes could mix.

mod archive;
mod claim;
mod folder;
mod git;
#[cfg(feature = "network")]
mod net;
#[cfg(feature = "network")]
mod object;
mod plan;
mod program;
mod release;
mod remote;
mod removed;
mod sftp;
mod sign;
mod ssh;
mod steps;
mod turns;
#[cfg(feature = "network")]
mod webdav;

use std::path::Path;

use jiff::Timestamp;

use self::archive::Archive;
pub use self::claim::Patience;
use self::folder::Folder;
use self::git::{Branch, GitOptions};
#[cfg(feature = "network")]
pub(crate) use self::net::{provide_tls, reason, runtime};
pub use self::plan::Plan;
pub use self::release::Release;
use self::remote::Remote;
pub use self::sign::{Mistrust, SIGNATURE, Signer, check, signature_of};
use self::ssh::Machine;
use self::steps::{OneByOne, Publisher};
use crate::config::{PublishPlace, PublishTarget};
use crate::diag::Error;

/// What a publish is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It sends files.
    Send,
    /// It removes files.
    Remove,
}

/// Is told how a publish comes along, from several threads.
pub trait Progress: Sync {
    /// A step begins, with this many files.
    fn begin(&self, step: Step, files: usize);
    /// A file of this size is done.
    fn advance(&self, bytes: u64);
    /// Another publish, whose name is told, is waited for.
    fn waiting(&self, who: &str);
}

/// Nobody is told.
#[derive(Clone, Copy, Debug)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: Step, _: usize) {}
    fn advance(&self, _: u64) {}
    fn waiting(&self, _: &str) {}
}

/// Who publishes, and how.
#[derive(Clone, Debug)]
pub struct PublishOptions<'a> {
    /// The folder of the site.
    pub root: &'a Path,
    /// Name of the target in the settings.
    pub name: &'a str,
    /// Remove files from the target that Pressmark did not put there.
    pub prune: bool,
    /// Replace a branch whose history would be lost.
    pub force: bool,
    /// Take over the lock of another publish at once.
    pub break_lock: bool,
    /// A word that this copy of the site has of its own.
    pub owner: String,
    /// A word that is new for each publish.
    pub run: String,
    /// Who publishes, for people who wait for it.
    pub who: String,
    /// How long another publish is waited for.
    pub patience: Patience,
    /// Variables of the environment, which hold what the settings must not.
    pub env: Vec<(String, String)>,
    /// The moment, for targets that note it.
    pub now: Timestamp,
}

/// A place that a site is published to.
pub trait Target {
    /// Looks at what is there, and returns what would be changed.
    ///
    /// # Errors
    /// When the place cannot be reached, or holds what must not be replaced.
    fn look(&mut self) -> Result<Plan, Error>;

    /// Does what the last look returned. Returns what was done when that was more, because an earlier publish had not ended.
    ///
    /// # Errors
    /// When the place fails. It shows a whole site then, and the next publish goes on from there.
    fn send(&mut self, plan: Plan, progress: &dyn Progress) -> Result<Option<Plan>, Error>;

    /// Returns the names of the releases that are kept, oldest first, and which one readers see.
    ///
    /// # Errors
    /// When the place keeps none.
    fn releases(&self) -> Result<Vec<(String, bool)>, Error> {
        Err(keeps_none())
    }

    /// Has readers see an earlier release, the one before when none is named, and returns its name.
    ///
    /// # Errors
    /// When the place keeps none, or there is no such release.
    fn roll_back(&mut self, _to: Option<&str>) -> Result<String, Error> {
        Err(keeps_none())
    }
}

fn keeps_none() -> Error {
    Error::usage("only targets of the kind `folder` keep releases")
        .help("build the site as it was before, and publish that")
}

/// Opens a target of the settings; nothing is asked yet.
///
/// # Errors
/// When the target cannot be used as it is described, or credentials are missing.
pub fn open<'a>(
    target: &'a PublishTarget,
    release: &'a Release,
    options: &PublishOptions<'a>,
) -> Result<Box<dyn Target + 'a>, Error> {
    let own = options.root.join(".pressmark/publish");
    Ok(match &target.place {
        PublishPlace::Folder { path, keep } => {
            Box::new(Folder::new(release, &options.root.join(path), *keep)?)
        }
        PublishPlace::Archive { path } => {
            Box::new(Archive { release, path: options.root.join(path) })
        }
        PublishPlace::Git { remote, branch, history, cname } => {
            let own = own.join(format!("{}.git", safe(options.name)));
            let options = GitOptions {
                root: options.root,
                own,
                remote,
                branch,
                history: *history,
                cname: cname.as_deref(),
                prune: options.prune,
                force: options.force,
                now: options.now,
            };
            Box::new(Branch::new(release, options)?)
        }
        #[cfg(feature = "network")]
        PublishPlace::Bucket(bucket) => {
            one_by_one(Box::new(object::Objects::open(bucket, &options.env)?), release, options)
        }
        #[cfg(feature = "network")]
        PublishPlace::WebDav { address } => {
            one_by_one(Box::new(webdav::WebDav::open(address, &options.env)?), release, options)
        }
        #[cfg(not(feature = "network"))]
        PublishPlace::Bucket(_) | PublishPlace::WebDav { .. } => {
            let message = "this program was made without the feature `network`";
            return Err(Error::usage(message).help("install one with it, as the default is"));
        }
        PublishPlace::Ssh { host, port, path, transfer } => {
            let machine = Machine {
                host: host.clone(),
                port: *port,
                path: path.clone(),
                options: ssh_options(&options.env),
                scratch: own.join(format!("{}.sftp", safe(options.name))),
            };
            one_by_one(ssh::open(machine, *transfer)?, release, options)
        }
    })
}

/// Returns a target whose files are written one by one.
fn one_by_one<'a>(
    remote: Box<dyn Remote + 'a>,
    release: &'a Release,
    options: &PublishOptions<'_>,
) -> Box<dyn Target + 'a> {
    let publisher = Publisher {
        owner: options.owner.clone(),
        who: options.who.clone(),
        run: options.run.clone(),
        patience: options.patience,
        wants_break: options.break_lock,
    };
    Box::new(OneByOne {
        remote,
        release,
        publisher,
        prune: options.prune,
        seen: steps::Seen::default(),
    })
}

/// Returns what the environment says to `ssh`, as words between spaces.
fn ssh_options(env: &[(String, String)]) -> Vec<String> {
    let found = env.iter().find(|(name, _)| name == "PRESSMARK_SSH_OPTIONS");
    found.map_or_else(Vec::new, |(_, words)| words.split_whitespace().map(str::to_owned).collect())
}

/// Returns a target's name as the name of a file.
fn safe(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect()
}
