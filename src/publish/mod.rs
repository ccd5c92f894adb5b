//! Puts a finished site where its readers are.
//!
//! In: the output folder of a build, and a target of the settings. Out: that target shows the site. What differs is told before
//! anything is done, only that is sent, and at no moment is a half-published site shown.
//!
//! Targets are of two sorts. Some take a site as a whole: a folder whose link is switched, a branch, an archive. At the others, files
//! are written one by one ([`steps`] says in which order and why); those have a lock, because two publishes could mix.

mod claim;
mod plan;
mod release;
mod remote;
mod steps;

pub use self::claim::Patience;
pub use self::plan::Plan;
pub use self::release::Release;

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
