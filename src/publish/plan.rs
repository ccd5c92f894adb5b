//! What a publish would change at its target.

use std::cmp::Reverse;

use super::release::Release;
use super::sign::{self, Change};
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Stamp;
use crate::write::Manifest;

/// What differs between a release and what is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files that are new.
    pub added: Vec<SitePath>,
    /// Files that have other bytes.
    pub changed: Vec<SitePath>,
    /// Files of what is published that are not part of the release.
    pub removed: Vec<SitePath>,
    /// How many files stay as they are.
    pub unchanged: usize,
    /// The size of what is sent, in bytes.
    pub bytes: u64,
    /// Files at the target that Pressmark did not put there, and that files of the site replace.
    pub replaced: Vec<SitePath>,
    /// Files at the target that Pressmark did not put there, and that were asked to be removed.
    pub pruned: Vec<SitePath>,
    /// Whether an earlier publish did not end, so that what is there is only known when it is looked at.
    pub is_interrupted: bool,
}

impl Plan {
    /// Returns what differs between a release and the files of a manifest.
    pub(super) fn between(base: Option<&Manifest>, release: &Release) -> Self {
        let mut plan = Self::default();
        for (path, stamp) in release.files() {
            match stamp_of(base, path) {
                Some(old) if old == *stamp => {
                    plan.unchanged += 1;
                    continue;
                }
                Some(_) => plan.changed.push(path.clone()),
                None => plan.added.push(path.clone()),
            }
            plan.bytes += stamp.size;
        }
        let old = base.map_or(&[][..], |base| &base.files);
        let gone = old.iter().filter(|(path, _)| release.manifest().find(path).is_none());
        plan.removed = gone.map(|(path, _)| path.clone()).collect();
        plan
    }

    /// Notes what becomes of the signature.
    pub(super) fn note(&mut self, change: &Change, was_there: bool) -> Result<(), Error> {
        match change {
            Change::Keep => return Ok(()),
            Change::Remove => self.removed.push(sign::path()?),
            Change::Write(bytes) => {
                self.bytes += bytes.len() as u64;
                let list = if was_there { &mut self.changed } else { &mut self.added };
                list.push(sign::path()?);
            }
        }
        Ok(())
    }

    /// Returns whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.changed.is_empty()
            && self.removed.is_empty()
            && self.pruned.is_empty()
            && !self.is_interrupted
    }

    /// Returns how many files would be lost that Pressmark did not put there.
    pub fn foreign(&self) -> usize {
        self.replaced.len() + self.pruned.len()
    }
}

/// Returns the stamp of a file of a manifest.
pub(super) fn stamp_of(base: Option<&Manifest>, path: &SitePath) -> Option<Stamp> {
    base.and_then(|base| base.find(path).map(|at| base.files[at].1))
}

/// Returns in which wave a changed file is sent: what pages load, then pages with those near the top last, then
/// lists for machines.
///
/// Waves are sent one after another, so a reader who comes by meets a new list no sooner than the new pages on it.
pub(super) fn wave(path: &SitePath) -> (u8, Reverse<usize>) {
    let path = path.as_str();
    let ending = path.rsplit('.').next().unwrap_or_default();
    let depth = path.matches('/').count();
    match ending {
        "html" => (1, Reverse(depth)),
        "xml" | "json" | "txt" => (2, Reverse(depth)),
        _ => (0, Reverse(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_after_what_they_list() {
        let path = |text: &str| SitePath::parse(text).unwrap();
        let mut paths =
            ["feed.json", "index.html", "a.css", "topics/x/index.html", "topics/index.html"]
                .map(path);
        paths.sort_by_key(wave);
        let sorted =
            ["a.css", "topics/x/index.html", "topics/index.html", "index.html", "feed.json"];
        assert_eq!(paths, sorted.map(path));
    }
}
