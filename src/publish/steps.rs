//! Publishing to a place whose files are written one by one.
//!
//! # What readers meet
//!
//! At any moment, and after a death at any moment, each page at the target leads to files that are there. Let *led* be a set of
//! files that holds the start page, all of which exist, and each of which leads only to others of the set, whatever version
//! of it is there. To go from one site to the next:
//!
//! 1. Files of the new site that are not led are written. Nobody comes by them yet. Then all of the new site is added to the set.
//! 2. Files that are led are given their new bytes. What these lead to is in the set. In the end, all that can be reached is
//!    the new site, so the set is that.
//! 3. The signature of the manifest, if there is one, and the manifest are written, and what is not in the set is removed.
//!
//! The set changes between the steps, and is part of the [`Claim`] that is the lock of the target; so the next publish begins with the
//! set that holds, even if it sends another site, and even if many died before it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};

use md5::{Digest as _, Md5};

use super::claim::{self, Claim, Held, Patience, Taken};
use super::plan::{Plan, stamp_of, wave};
use super::release::Release;
use super::remote::{Listed, Remote, Version};
use super::sign::{self, Change, SIGNATURE};
use super::{Progress, Step, Target};
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;
use crate::write::{MANIFEST, Manifest};

/// Where readers begin, so that it counts as led even before it is there.
const START: &str = "index.html";

/// Who publishes, and how long others are waited for.
#[derive(Clone, Debug)]
pub(super) struct Publisher {
    /// A word that each copy of a site has of its own.
    pub(super) owner: String,
    /// For people.
    pub(super) who: String,
    /// A word that is new for each publish.
    pub(super) run: String,
    pub(super) patience: Patience,
    pub(super) wants_break: bool,
}

/// A target whose files are written one by one.
pub(super) struct OneByOne<'a> {
    pub(super) remote: Box<dyn Remote + 'a>,
    pub(super) release: &'a Release,
    pub(super) publisher: Publisher,
    pub(super) prune: bool,
    pub(super) seen: Seen,
}

impl Target for OneByOne<'_> {
    fn look(&mut self) -> Result<Plan, Error> {
        let (plan, seen) = look(&*self.remote, self.release, self.prune)?;
        self.seen = seen;
        Ok(plan)
    }

    fn send(&mut self, plan: Plan, progress: &dyn Progress) -> Result<Option<Plan>, Error> {
        let seen = std::mem::take(&mut self.seen);
        let was = plan.is_interrupted;
        let done = send(&*self.remote, self.release, (plan, seen), &self.publisher, progress)?;
        Ok(Some(done).filter(|done| done.is_interrupted && !was))
    }
}

/// What a look at the target found.
#[derive(Debug, Default)]
pub(super) struct Seen {
    base: Option<Base>,
    /// All files that are there, when they were listed.
    there: Option<BTreeMap<SitePath, Listed>>,
    /// The signature that is there, when it was looked at.
    signature: Option<Vec<u8>>,
    /// Whether an earlier publish may have written a signature without the manifest that it belongs to.
    is_torn: bool,
}

/// The manifest at the target.
#[derive(Debug)]
struct Base {
    manifest: Manifest,
    print: Fingerprint,
    version: Version,
}

impl Seen {
    fn base(remote: &dyn Remote) -> Result<Option<Base>, Error> {
        let Some((bytes, version)) = remote.read(&manifest_path()?)? else { return Ok(None) };
        let print = Fingerprint::of(&bytes);
        // That of another program is a file like others.
        Ok(Manifest::parse(&bytes).map(|manifest| Base { manifest, print, version }))
    }

    fn all(remote: &dyn Remote) -> Result<BTreeMap<SitePath, Listed>, Error> {
        let lock = claim::path()?;
        let files = remote.list()?.into_iter().filter(|file| file.path != lock);
        Ok(files.map(|file| (file.path.clone(), file)).collect())
    }

    /// Reads the signature, unless it can only be right: its manifest stays, and nobody signs.
    fn read_signature(&mut self, remote: &dyn Remote, release: &Release) -> Result<(), Error> {
        let path = sign::path()?;
        let is_there = self.there.as_ref().is_none_or(|there| there.contains_key(&path));
        if is_there && (release.is_signed() || !self.is_settled(release)) {
            self.signature = remote.read(&path)?.map(|(bytes, _)| bytes);
        }
        Ok(())
    }

    /// Returns what becomes of the signature.
    fn change(&self, release: &Release) -> Change {
        release.signature(self.signature.as_deref(), self.is_settled(release))
    }

    /// Returns whether the manifest of the release is there, with the signature that it was published with.
    fn is_settled(&self, release: &Release) -> bool {
        self.print() == Some(release.print()) && !self.is_torn
    }

    fn manifest(&self) -> Option<&Manifest> {
        self.base.as_ref().map(|base| &base.manifest)
    }

    fn print(&self) -> Option<Fingerprint> {
        self.base.as_ref().map(|base| base.print)
    }
}

fn manifest_path() -> Result<SitePath, Error> {
    SitePath::parse(MANIFEST).ok_or_else(|| Error::internal("the manifest has no usable path"))
}

/// Looks at what is published, and returns what a release would change.
///
/// Two requests, for manifest and signature, when the manifest at the target is ours and something differs. The files are listed when
/// there is no manifest, or when foreign ones are to be removed.
pub(super) fn look(
    remote: &dyn Remote,
    release: &Release,
    prune: bool,
) -> Result<(Plan, Seen), Error> {
    let mut seen = Seen { base: Seen::base(remote)?, ..Seen::default() };
    let mut plan = Plan::between(seen.manifest(), release);
    if seen.base.is_none() || prune {
        seen.there = Some(Seen::all(remote)?);
    }
    seen.read_signature(remote, release)?;
    plan.note(&seen.change(release), seen.signature.is_some())?;
    let is_filled = seen.there.as_ref().is_some_and(|there| !there.is_empty());
    let claim = if plan.is_empty() || is_filled { remote.read(&claim::path()?)? } else { None };
    plan.is_interrupted = claim.is_some();
    let claim = claim.and_then(|(bytes, _)| Claim::parse(&bytes)).unwrap_or_default();
    for path in seen.there.iter().flat_map(|there| there.keys()) {
        let is_manifest = path.as_str() == MANIFEST;
        let is_ours = stamp_of(seen.manifest(), path).is_some()
            || path.as_str() == SIGNATURE
            || claim.touched.contains(path)
            || (is_manifest && seen.base.is_some());
        if is_ours {
        } else if is_manifest || release.manifest().find(path).is_some() {
            plan.replaced.push(path.clone());
        } else if prune {
            plan.pruned.push(path.clone());
        }
    }
    Ok((plan, seen))
}

/// Makes the release what is published, and returns what was done.
///
/// # Errors
/// When the target fails for good, or is not as it was when it was looked at. The next publish goes on from there.
pub(super) fn send(
    remote: &dyn Remote,
    release: &Release,
    (plan, seen): (Plan, Seen),
    publisher: &Publisher,
    progress: &dyn Progress,
) -> Result<Plan, Error> {
    let touched = [&plan.added, &plan.changed, &plan.removed, &plan.pruned];
    let is_file = |path: &&SitePath| path.as_str() != SIGNATURE;
    let goal = Some(release.print()).filter(|goal| Some(*goal) != seen.print());
    let claim = Claim {
        owner: publisher.owner.clone(),
        who: publisher.who.clone(),
        run: publisher.run.clone(),
        goal: goal.map(|goal| goal.to_string()),
        // A signature is neither led nor left over; it is looked at each time.
        touched: touched.into_iter().flatten().filter(is_file).cloned().collect(),
        led: plan.replaced.iter().filter(|path| path.as_str() != MANIFEST).cloned().collect(),
        ..Claim::default()
    };
    let Publisher { patience, wants_break, .. } = *publisher;
    let waiting = |who: &str| progress.waiting(who);
    let (mut held, way) = match Held::take(remote, claim, patience, wants_break, &waiting)? {
        Taken::Fresh(held) => {
            let is_same = match &seen.base {
                Some(base) => remote.is_still(&manifest_path()?, &base.version)?,
                None => Seen::base(remote)?.is_none(),
            };
            if !is_same {
                held.release()?;
                return Err(Error::usage("somebody else has published in the meantime")
                    .help("publish again, to see what differs from that"));
            }
            let (led, pruned) = (held.claim().led.clone(), plan.pruned.iter().cloned().collect());
            (
                held,
                Way::new(release, plan, &seen, Known { uncertain: BTreeSet::new(), led, pruned })?,
            )
        }
        Taken::Over(held) => {
            let (base, there) = (Seen::base(remote)?, Some(Seen::all(remote)?));
            let mut seen = Seen { base, there, ..Seen::default() };
            seen.is_torn = held.claim().goal != seen.print().map(|print| print.to_string());
            seen.read_signature(remote, release)?;
            let (known, mut fresh) = (
                Known::left_by(held.claim(), &seen, &plan),
                Plan::between(seen.manifest(), release),
            );
            fresh.note(&seen.change(release), seen.signature.is_some())?;
            let plan = Plan {
                pruned: plan.pruned,
                replaced: plan.replaced,
                is_interrupted: true,
                ..fresh
            };
            (held, Way::new(release, plan, &seen, known)?)
        }
    };
    if way.plan.is_interrupted {
        held.say(|claim| way.claim(claim))?;
    }
    let result = walk(remote, release, &way, held, (patience, progress));
    result.map(|()| way.plan)
}

/// What a publish that did not end left behind.
struct Known {
    /// Files whose bytes are not known.
    uncertain: BTreeSet<SitePath>,
    /// Files besides those of the manifest that are led.
    led: BTreeSet<SitePath>,
    /// Foreign files to remove.
    pruned: BTreeSet<SitePath>,
}

impl Known {
    fn left_by(claim: &Claim, seen: &Seen, plan: &Plan) -> Self {
        let pruned = plan.pruned.iter().cloned().collect();
        let print = seen.print().map(|print| print.to_string());
        if claim.goal.is_none() || claim.goal != print {
            return Self { uncertain: claim.touched.clone(), led: claim.led.clone(), pruned };
        }
        // It came as far as its manifest, so all of that is in place.
        let is_rest = |path: &&SitePath| stamp_of(seen.manifest(), path).is_none();
        let uncertain = claim.touched.iter().filter(is_rest).cloned().collect();
        Self { uncertain, led: BTreeSet::new(), pruned }
    }
}

/// What is done, step by step.
struct Way {
    plan: Plan,
    /// The files that are not led.
    fresh: Vec<SitePath>,
    /// Those that are.
    led: Vec<SitePath>,
    /// What is removed.
    gone: Vec<SitePath>,
    /// What becomes led after the first step.
    joins: BTreeSet<SitePath>,
    known: Known,
    goal: Option<Fingerprint>,
    signature: Change,
}

impl Way {
    fn new(release: &Release, plan: Plan, seen: &Seen, known: Known) -> Result<Self, Error> {
        let goal = Some(release.print()).filter(|goal| Some(*goal) != seen.print());
        let (mut fresh, mut led, mut joins) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (path, stamp) in release.files() {
            let old = stamp_of(seen.manifest(), path);
            let is_start = path.as_str() == START;
            let is_led = is_start || old.is_some() || known.led.contains(path);
            if !is_led {
                joins.insert(path.clone());
            }
            let listed = seen.there.as_ref().map(|there| there.get(path));
            let has = match (old == Some(*stamp) && !known.uncertain.contains(path), listed) {
                (is_certain, None) => is_certain,
                (_, Some(None)) => false,
                (true, Some(Some(file))) => file.size.is_none_or(|size| size == stamp.size),
                (false, Some(Some(file))) => is_same(file, release, path, stamp.size)?,
            };
            let is_missing = matches!(listed, Some(None));
            match has {
                true => {}
                false if is_start || (is_led && !is_missing) => led.push(path.clone()),
                false => fresh.push(path.clone()),
            }
        }
        led.sort_by_key(wave);
        let old =
            seen.manifest().into_iter().flat_map(|base| base.files.iter().map(|(path, _)| path));
        let gone: BTreeSet<&SitePath> = old
            .chain(&known.uncertain)
            .chain(&known.pruned)
            .filter(|path| release.manifest().find(path).is_none())
            .filter(|path| seen.there.as_ref().is_none_or(|there| there.contains_key(*path)))
            .collect();
        let gone = gone.into_iter().cloned().collect();
        let signature = seen.change(release);
        Ok(Self { plan, fresh, led, gone, joins, known, goal, signature })
    }

    /// Says what is about to be done.
    fn claim(&self, claim: &mut Claim) {
        claim.goal = self.goal.map(|goal| goal.to_string());
        let more = [&self.fresh, &self.led, &self.gone];
        claim.touched =
            self.known.uncertain.iter().chain(more.into_iter().flatten()).cloned().collect();
        claim.led.clone_from(&self.known.led);
    }
}

/// Returns whether a file at the target has the bytes of the release, by its MD5.
fn is_same(file: &Listed, release: &Release, path: &SitePath, size: u64) -> Result<bool, Error> {
    match file.md5 {
        Some(md5) if file.size.is_none_or(|listed| listed == size) => {
            Ok(Md5::digest(release.read(path)?).as_slice() == md5)
        }
        _ => Ok(false),
    }
}

/// Takes the steps, and gives signs of life meanwhile.
fn walk(
    remote: &dyn Remote,
    release: &Release,
    way: &Way,
    held: Held<'_>,
    (patience, progress): (Patience, &dyn Progress),
) -> Result<(), Error> {
    let held = Mutex::new(held);
    let (end, ended) = mpsc::channel::<()>();
    let shared = &held;
    let result = std::thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(patience.beat) == Err(mpsc::RecvTimeoutError::Timeout) {
                // What is wrong with it shows before the next step.
                let _later = lock(shared).say(|_| {});
            }
        });
        // Dropped even when a step panics, so that the other thread ends.
        let _end = end;
        take_steps(remote, release, way, shared, progress)
    });
    let mut held = held.into_inner().unwrap_or_else(PoisonError::into_inner);
    match result {
        Ok(()) => held.release(),
        Err(error) => {
            // So that nobody waits for it; when even that fails, they do.
            let _unsaid = held.say(|claim| claim.is_over = true);
            Err(error)
        }
    }
}

fn lock<'a, 'h>(held: &'a Mutex<Held<'h>>) -> MutexGuard<'a, Held<'h>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take_steps(
    remote: &dyn Remote,
    release: &Release,
    way: &Way,
    held: &Mutex<Held<'_>>,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let sent = |bytes| progress.advance(bytes);
    progress.begin(Step::Send, way.fresh.len() + way.led.len());
    remote.send(release, &way.fresh.iter().collect::<Vec<_>>(), &sent)?;
    if !way.led.is_empty() {
        if !way.joins.is_empty() {
            lock(held).say(|claim| claim.led.extend(way.joins.iter().cloned()))?;
        }
        for wave in way.led.chunk_by(|a, b| wave(a) == wave(b)) {
            remote.send(release, &wave.iter().collect::<Vec<_>>(), &sent)?;
        }
    }
    match &way.signature {
        Change::Keep => {}
        Change::Write(bytes) => remote.write(&sign::path()?, bytes.clone())?,
        Change::Remove => remote.remove(&sign::path()?)?,
    }
    if way.goal.is_some() {
        remote.write(&manifest_path()?, release.manifest_bytes().to_vec())?;
    } else if !way.gone.is_empty() {
        // The manifest was there before, so it cannot tell that all of it is in place now.
        let goal = release.print().to_string();
        lock(held).say(|claim| {
            claim.goal = Some(goal);
            claim.led.clear();
        })?;
    }
    if !way.gone.is_empty() {
        progress.begin(Step::Remove, way.gone.len());
        remote.discard(&way.gone.iter().collect::<Vec<_>>())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
