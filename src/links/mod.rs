//! Asks the addresses that a site points at outside of itself whether they still answer.
//!
//! In: the joined site, what was found out before ([`Cache`]), and [`LinkOptions`]. Out: an answer for each
//! address ([`Checked`]) and the reports about it. The caller reads and writes the cache, hands in the present
//! moment and the certificates, and hears how far it is ([`Witness`]).
//!
//! An answer is about one address, asked once, wherever it stands. What only *looks* broken to a program (a server
//! that wants people, a wait, `robots.txt`) is [`Verdict::Doubtful`]: a class of its own that fails no check, because a
//! checker whose alarms are false is soon not read any more.
//!
//! **Invariants:** a host gets one request at a time, and a pause after each. A name and password in an address are
//! neither sent, nor printed, nor kept. The address that is connected to is the one that was looked at: an article
//! cannot have this program look around in a private network, by a redirect or a changing name either.

mod address;
mod ask;
mod cache;
mod crawl;
mod find;
mod gates;
mod import;
mod private;
mod report;
mod robots;
mod visit;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

pub use self::address::{Address, mask};
pub use self::cache::{Answer, Cache, Known, Verdict};
pub use self::find::{Link, Use, links};
pub use self::import::read_results;
pub use self::report::{Counts, reports};
use crate::diag::Error;

/// How links are asked.
#[derive(Clone, Debug)]
pub struct LinkOptions {
    /// The present moment: that of this run's answers.
    pub now: Timestamp,
    /// Which addresses are asked.
    pub asking: Asking,
    /// How long a good answer holds.
    pub keep_good: Duration,
    /// How long any other answer holds.
    pub keep_bad: Duration,
    /// Time between two requests to a host.
    pub pause: Duration,
    /// Requests at the same time, to as many hosts.
    pub hosts: usize,
    /// Time that one request may take.
    pub timeout: Duration,
    /// The longest wait that a server may ask for (`Retry-After`).
    pub longest_wait: Duration,
    /// Ask addresses of this machine and of private networks too.
    pub allow_private: bool,
    /// Certificates of the authorities that are trusted, in DER.
    pub roots: Vec<Vec<u8>>,
}

impl LinkOptions {
    /// Returns the usual options.
    pub fn new(now: Timestamp) -> Self {
        const DAY: Duration = Duration::from_hours(24);
        Self {
            now,
            asking: Asking::Due,
            keep_good: 7 * DAY,
            keep_bad: DAY,
            pause: Duration::from_secs(1),
            hosts: 16,
            timeout: Duration::from_secs(20),
            longest_wait: Duration::from_secs(30),
            allow_private: false,
            roots: Vec::new(),
        }
    }
}

/// Which addresses are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Those whose last answer is too old, and those without one.
    Due,
    /// All.
    All,
    /// None: what is known must do.
    None,
}

/// Hears how far a check has come.
pub trait Witness {
    /// The check begins; so many addresses are to be asked.
    fn begin(&self, total: usize);
    /// One more address was asked; the cache holds its answer, if it is one that lasts.
    fn advance(&self, so_far: &Cache);
}

/// What is known of all addresses after a check.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The answers; an address that was not asked and of which nothing is known has none.
    pub answers: BTreeMap<Address, Known>,
    /// How many addresses were asked.
    pub asked: usize,
}

/// Asks those of `links` that are due, and keeps the answers in `cache`.
///
/// # Errors
/// When no host at all can be reached, which says nothing about links; or when connections cannot be made ready.
pub fn check(
    links: &[Link],
    cache: &mut Cache,
    options: &LinkOptions,
    witness: &dyn Witness,
) -> Result<Checked, Error> {
    check_with(links, cache, options, witness, ask::Names::System)
}

fn check_with(
    links: &[Link],
    cache: &mut Cache,
    options: &LinkOptions,
    witness: &dyn Witness,
    names: ask::Names,
) -> Result<Checked, Error> {
    let mut checked = Checked::default();
    let mut due = Vec::new();
    for Link { address, .. } in links {
        match cache.get(address) {
            Some(known) if !is_due(known, options) => {
                checked.answers.insert(address.clone(), known.clone());
            }
            // Without the network, an old answer is better than none.
            Some(known) if options.asking == Asking::None => {
                checked.answers.insert(address.clone(), known.clone());
            }
            None if options.asking == Asking::None => {}
            _ => due.push(address.clone()),
        }
    }
    witness.begin(due.len());
    if !due.is_empty() {
        // Answers go to a copy, which counts only when somebody could be reached.
        let mut next = cache.clone();
        checked.asked = due.len();
        let answers = &mut checked.answers;
        crawl::ask_all(due, options, names, &mut |address: Address, answer: Answer| {
            let known = next.put(&address, answer, options.now);
            answers.insert(address, known);
            witness.advance(&next);
        })?;
        *cache = next;
    }
    cache.forget_others(links.iter().map(|link| &link.address), options.now);
    Ok(checked)
}

/// Returns whether an answer is too old, or from a time that has not come.
fn is_due(known: &Known, options: &LinkOptions) -> bool {
    let keep = match known.answer.verdict {
        Verdict::Good | Verdict::Moved => options.keep_good,
        Verdict::Broken | Verdict::Doubtful => options.keep_bad,
    };
    let age = options.now.duration_since(known.checked);
    let is_old = age.is_negative() || age.unsigned_abs() >= keep;
    options.asking == Asking::All || is_old
}
