//! The list of steps that swap a few staged files into the live tree.
//!
//! In: what a small change renames and removes. Out: a file beside the stage that is
//! whole before the first step is taken, so that a build that dies in between is
//! finished by the next one ([`recover`]).
//!
//! Every step may be taken twice: a staged file that is gone has been renamed, and
//! what is to be removed may be missing. So the journal needs no marks of progress. It
//! ends with its own fingerprint; one that is torn was never begun.

use std::cmp::Reverse;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use super::complete::{collision, flush};
use super::manifest::MANIFEST;
use super::patch::Changes;
use super::place::Place;
use super::swap::exists;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;

const HEADER: &str = "pressmark journal 1";

/// A change of one file in the live tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A staged file goes where nothing was.
    Add(SitePath),
    /// A staged file goes over the one of the last build.
    Replace(SitePath),
    /// The staged manifest goes over the old one.
    Seal,
    /// A file of the last build goes, and the folders that it leaves empty.
    Remove(SitePath),
}

/// The steps from one site to the next, in the order in which they are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Journal {
    /// The fingerprints of the old manifest and the new: the journal is for no other folder.
    sites: [Fingerprint; 2],
    steps: Vec<Step>,
}

impl Journal {
    /// Orders the steps so that no page shows a link to one that is not there yet.
    ///
    /// New files come first. Of the changed ones the deepest come first, since those
    /// near the top are the lists. What is removed goes last, when nothing leads there.
    pub(super) fn new(sites: [Fingerprint; 2], changes: &Changes) -> Self {
        let deepest_first = |paths: &[SitePath]| {
            let mut paths = paths.to_vec();
            paths.sort_by_cached_key(|path| Reverse(depth(path)));
            paths.into_iter()
        };
        let mut steps: Vec<Step> = deepest_first(&changes.added).map(Step::Add).collect();
        steps.extend(deepest_first(&changes.replaced).map(Step::Replace));
        steps.push(Step::Seal);
        steps.extend(deepest_first(&changes.removed).map(Step::Remove));
        Self { sites, steps }
    }

    /// Writes the journal, and brings it and the stage to the disk.
    pub(super) fn write(&self, place: &Place) -> Result<(), Error> {
        let path = &place.journal;
        let mut file = File::create_new(path).map_err(|error| Error::io("create", path, error))?;
        file.write_all(self.to_text().as_bytes())
            .and_then(|()| flush(&file))
            .map_err(|error| Error::io("write", path, error))
            .inspect_err(|_| drop(fs::remove_file(path)))
    }

    /// Takes all steps; with `overwrite`, also over a file that came into the way meanwhile.
    pub(super) fn run(&self, place: &Place, overwrite: bool) -> Result<(), Error> {
        self.steps.iter().try_for_each(|step| step.take(place, overwrite))
    }

    /// Takes the first steps only, as a build does that is killed then.
    #[cfg(test)]
    pub(super) fn run_first(
        &self,
        count: usize,
        place: &Place,
        overwrite: bool,
    ) -> Result<(), Error> {
        self.steps.iter().take(count).try_for_each(|step| step.take(place, overwrite))
    }

    /// Returns the number of steps.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    fn to_text(&self) -> String {
        let [old, new] = self.sites;
        let mut text = format!("{HEADER}\n{old} {new}\n");
        for step in &self.steps {
            let (mark, path) = match step {
                Step::Add(path) => ('+', path.as_str()),
                Step::Replace(path) => ('=', path.as_str()),
                Step::Seal => ('!', MANIFEST),
                Step::Remove(path) => ('-', path.as_str()),
            };
            // No path holds a control character, so a line is a step.
            text.extend([mark, ' ']);
            text.push_str(path);
            text.push('\n');
        }
        let end = Fingerprint::of(text.as_bytes()).to_string();
        text.extend(["end ", end.as_str(), "\n"]);
        text
    }

    /// Reads a journal; one that is torn or of another version is `None`.
    fn parse(text: &str) -> Option<Self> {
        let (body, end) = text.split_at_checked(text.rfind("end ")?)?;
        let end = end.strip_prefix("end ")?.strip_suffix('\n')?;
        if Fingerprint::parse(end)? != Fingerprint::of(body.as_bytes()) {
            return None;
        }
        let mut lines = body.lines();
        if lines.next()? != HEADER {
            return None;
        }
        let (old, new) = lines.next()?.split_once(' ')?;
        let sites = [Fingerprint::parse(old)?, Fingerprint::parse(new)?];
        Some(Self { sites, steps: lines.map(Step::parse).collect::<Option<_>>()? })
    }
}

impl Step {
    fn parse(line: &str) -> Option<Self> {
        let (mark, path) = line.split_once(' ')?;
        let path = SitePath::parse(path)?;
        match mark {
            "+" => Some(Self::Add(path)),
            "=" => Some(Self::Replace(path)),
            "!" => Some(Self::Seal),
            "-" => Some(Self::Remove(path)),
            _ => None,
        }
    }

    fn take(&self, place: &Place, overwrite: bool) -> Result<(), Error> {
        match self {
            Self::Add(path) => bring(place, path.as_str(), !overwrite),
            Self::Replace(path) => bring(place, path.as_str(), false),
            Self::Seal => bring(place, MANIFEST, false),
            Self::Remove(path) => take_away(&place.live, path),
        }
    }
}

/// Renames a staged file into the live tree, unless that was done before.
fn bring(place: &Place, path: &str, only_new: bool) -> Result<(), Error> {
    let (from, to) = (place.stage.join(path), place.live.join(path));
    if !exists(&from)? {
        return Ok(());
    }
    if only_new && exists(&to)? {
        return Err(collision(&to));
    }
    let trouble = |error| Error::io("replace", &to, error);
    match fs::rename(&from, &to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = to.parent().unwrap_or(&place.live);
            fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
            fs::rename(&from, &to).map_err(trouble)
        }
        result => result.map_err(trouble),
    }
}

/// Removes a file, and the folders above it as long as they are empty.
fn take_away(live: &Path, path: &SitePath) -> Result<(), Error> {
    let full = live.join(path.as_str());
    match fs::remove_file(&full) {
        Err(error) if !is_gone(&error) => return Err(Error::io("remove", &full, error)),
        _ => {}
    }
    let mut folder = path.parent();
    while let Some(path) = folder {
        let full = live.join(path.as_str());
        match fs::remove_dir(&full) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => break,
            Err(error) if !is_gone(&error) => return Err(Error::io("remove", &full, error)),
            _ => folder = path.parent(),
        }
    }
    Ok(())
}

/// Tells that there is no such file; a folder in its place is somebody else's.
fn is_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(error.kind(), IsADirectory | NotADirectory | NotFound)
}

fn depth(path: &SitePath) -> usize {
    path.as_str().bytes().filter(|byte| *byte == b'/').count()
}

/// Finishes what an interrupted build began; a torn journal and one for another folder are dropped.
pub(super) fn recover(place: &Place, overwrite: bool) -> Result<(), Error> {
    let bytes = match fs::read(&place.journal) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("read", &place.journal, error)),
    };
    let journal = std::str::from_utf8(&bytes).ok().and_then(Journal::parse);
    if let Some(journal) = journal
        && let Ok(manifest) = fs::read(place.live.join(MANIFEST))
        && journal.sites.contains(&Fingerprint::of(&manifest))
    {
        journal.run(place, overwrite)?;
    }
    remove(place)
}

/// Removes the journal of a change that is complete.
pub(super) fn remove(place: &Place) -> Result<(), Error> {
    fs::remove_file(&place.journal).map_err(|error| Error::io("remove", &place.journal, error))
}
