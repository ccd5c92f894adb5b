//! The site's files as they were at the last look, so that one that was saved need not be looked for among all others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::files::{DiskFiles, FileStamp, Files as _, Found, Recorder, SitePath, Walk};
use crate::ids::Fingerprint;

/// What may have changed since the last look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// Files and folders, as paths below the site's root; what does not lie there is left out.
    Paths(BTreeSet<SitePath>),
    /// Anything.
    Everything,
}

/// What has changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing.
    Same,
    /// These files, at most: they were there, and are still.
    Files(Vec<Found>),
    /// Something else: files came or went, or one outside of folders has changed.
    More,
}

/// Files that were recorded when they were asked for, and are looked at again.
pub(super) struct LiveFiles {
    /// What stages and outputs ask. Its memory is what was found at the last look.
    pub(super) recorder: Recorder,
    /// Files that the last look found changed. The system's clock ticks: they may have been written once more since, within
    /// the same tick, and have the same stamp.
    fresh: Mutex<BTreeSet<SitePath>>,
    /// What was in files when they were touched: one save is told of more than once.
    prints: Mutex<BTreeMap<SitePath, Fingerprint>>,
}

impl LiveFiles {
    pub(super) fn new(disk: DiskFiles) -> Self {
        Self { recorder: Recorder::new(disk), fresh: Mutex::default(), prints: Mutex::default() }
    }

    fn disk(&self) -> &DiskFiles {
        &self.recorder.disk
    }

    /// Looks at what may have changed.
    pub(super) fn look(&self, touched: &Touched) -> Seen {
        let (mut walks, mut asked) = self.recorder.memory();
        let mut fresh = locked(&self.fresh);
        let is_touched = |path: &SitePath| match touched {
            Touched::Everything => false,
            // It may have the same stamp all the same: see `fresh`.
            Touched::Paths(paths) => paths.contains(path),
        };
        let other = asked.iter().any(|(path, stamp)| {
            is_touched(path) && (stamp.is_some() || self.disk().is_file(path))
                || !self.recorder.is_as(path, *stamp)
        });
        let mut newly = BTreeSet::new();
        let mut seen = if other { Seen::More } else { Seen::Same };
        for (folder, walk) in walks.iter_mut() {
            let paths: Vec<&SitePath> = match touched {
                Touched::Everything => Vec::new(),
                Touched::Paths(paths) => {
                    let below = |path: &&SitePath| *path == folder || path.below(folder).is_some();
                    paths.iter().filter(below).collect()
                }
            };
            if *touched == Touched::Everything || !paths.is_empty() {
                seen = seen.and(self.look_into(folder, walk, &paths, &fresh, &mut newly));
            }
        }
        if seen == Seen::More {
            asked.clear();
        }
        *fresh = newly;
        seen
    }

    /// Looks at some files of a folder, or at all of it when there are none.
    fn look_into(
        &self,
        folder: &SitePath,
        walk: &mut Walk,
        paths: &[&SitePath],
        fresh: &BTreeSet<SitePath>,
        newly: &mut BTreeSet<SitePath>,
    ) -> Seen {
        let known = |path: &&SitePath| {
            let at = walk.files.binary_search_by(|found| found.path.cmp(path)).ok()?;
            let stamp = self.disk().stamp_of_file(path)?;
            Some((at, stamp))
        };
        let known: Option<Vec<(usize, FileStamp)>> =
            if paths.is_empty() { None } else { paths.iter().map(known).collect() };
        let Some(known) = known else {
            let again = |path: &SitePath| paths.contains(&path) || fresh.contains(path);
            return self.walk_again(folder, walk, &again, newly);
        };
        let known: Vec<(usize, FileStamp)> = known
            .into_iter()
            .filter(|(at, stamp)| self.differs(&walk.files[*at], *stamp))
            .collect();
        if known.is_empty() {
            return Seen::Same;
        }
        let mut places: Vec<usize> = known.iter().map(|(at, _)| *at).collect();
        let touched: BTreeSet<u64> = known.iter().filter_map(|(at, _)| inode(walk, *at)).collect();
        for (at, stamp) in known {
            update(&mut walk.files[at], stamp);
        }
        // A link to a file that was saved has changed too.
        for at in 0..walk.files.len() {
            if inode(walk, at).is_some_and(|inode| touched.contains(&inode))
                && !places.contains(&at)
                && let Some(stamp) = self.disk().stamp(&walk.files[at].path)
            {
                update(&mut walk.files[at], stamp);
                places.push(at);
            }
        }
        Seen::Files(places.into_iter().map(|at| walk.files[at].clone()).collect())
    }

    /// Returns whether a file that was touched is another one than at the last touch; its stamp alone does not tell.
    fn differs(&self, found: &Found, stamp: FileStamp) -> bool {
        let print = self.disk().read(&found.path).ok().map(|bytes| Fingerprint::of(&bytes));
        let mut prints = locked(&self.prints);
        let before = prints.get(&found.path).copied();
        match print {
            Some(print) => prints.insert(found.path.clone(), print),
            None => prints.remove(&found.path),
        };
        found.stamp != Some(stamp) || print.is_none() || before != print
    }

    /// Lists a folder anew, and compares; what is to be read again counts as changed.
    fn walk_again(
        &self,
        folder: &SitePath,
        walk: &mut Walk,
        again: &dyn Fn(&SitePath) -> bool,
        newly: &mut BTreeSet<SitePath>,
    ) -> Seen {
        let before = std::mem::replace(walk, self.disk().walk(folder));
        let same_names = before.skipped == walk.skipped
            && before.files.len() == walk.files.len()
            && before.files.iter().zip(&walk.files).all(|(one, other)| one.path == other.path);
        if !same_names {
            return Seen::More;
        }
        let pairs = before.files.iter().zip(&walk.files);
        let mut differs = |(old, new): &(&Found, &Found)| {
            let is_new = old.stamp != new.stamp;
            newly.extend(is_new.then(|| new.path.clone()));
            is_new || again(&new.path)
        };
        let files: Vec<Found> = pairs.filter(&mut differs).map(|(_, new)| new.clone()).collect();
        if files.is_empty() { Seen::Same } else { Seen::Files(files) }
    }
}

impl Seen {
    /// Returns what both are together.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::More, _) | (_, Self::More) => Self::More,
            (Self::Same, other) => other,
            (seen, Self::Same) => seen,
            (Self::Files(mut files), Self::Files(more)) => {
                files.extend(more);
                Self::Files(files)
            }
        }
    }
}

fn inode(walk: &Walk, at: usize) -> Option<u64> {
    Some(walk.files[at].stamp?.inode)
}

fn update(found: &mut Found, stamp: FileStamp) {
    found.size = stamp.size;
    found.stamp = Some(stamp);
}

/// An insertion cannot be left half done, so a panic elsewhere does not spoil the table.
fn locked<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn path(text: &str) -> SitePath {
        SitePath::parse(text).unwrap()
    }

    fn write(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn touched(paths: &[&str]) -> Touched {
        Touched::Paths(paths.iter().map(|text| path(text)).collect())
    }

    fn names(seen: Seen) -> Vec<String> {
        match seen {
            Seen::Same => Vec::new(),
            Seen::Files(files) => files.iter().map(|found| found.path.to_string()).collect(),
            Seen::More => vec!["more".to_owned()],
        }
    }

    /// Files that were looked at once.
    fn live(root: &Path) -> LiveFiles {
        for name in ["c/a.md", "c/b/b.md", "site.toml"] {
            write(root, name, "one");
        }
        let files = LiveFiles::new(DiskFiles::new(root));
        assert_eq!(files.recorder.walk(&path("c")).files.len(), 2);
        assert_eq!(files.recorder.walk(&path("static")).files.len(), 0);
        assert!(
            files.recorder.is_file(&path("site.toml"))
                && !files.recorder.is_file(&path("none.toml"))
        );
        files
    }

    #[test]
    fn what_was_touched_is_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let files = live(dir.path());
        assert_eq!(files.look(&touched(&["c/.a.md.swp", "elsewhere"])), Seen::Same);
        write(dir.path(), "c/a.md", "two, and longer");
        assert_eq!(names(files.look(&touched(&["c/a.md"]))), ["c/a.md"]);
        assert_eq!(files.recorder.walk(&path("c")).files[0].size, 15);
        assert_eq!(files.look(&touched(&["c/a.md"])), Seen::Same, "told of once more");
        // The same stamp, as far as the files of the system can tell: the clock ticks.
        let stamp = files.recorder.walk(&path("c")).files[0].stamp.unwrap();
        let found = Found { path: path("c/a.md"), size: 15, stamp: Some(stamp) };
        write(dir.path(), "c/a.md", "two, and linger");
        assert!(files.differs(&found, stamp) && !files.differs(&found, stamp));
        write(dir.path(), "site.toml", "title = 'Two'");
        assert_eq!(files.look(&touched(&["site.toml"])), Seen::More);
    }

    #[test]
    fn files_that_come_and_go_are_more_than_a_change() {
        for (event, change) in [
            ("c/new.md", (|root| write(root, "c/new.md", "x")) as fn(&Path)),
            ("c/a.md", |root| fs::remove_file(root.join("c/a.md")).unwrap()),
            ("c/b", |root| fs::rename(root.join("c/b"), root.join("c/d")).unwrap()),
            ("c", |root| fs::remove_dir_all(root.join("c")).unwrap()),
            ("static/x.css", |root| write(root, "static/x.css", "x")),
            ("static", |root| write(root, "static/x.css", "x")),
            ("none.toml", |root| write(root, "none.toml", "x")),
            ("site.toml", |root| fs::remove_file(root.join("site.toml")).unwrap()),
        ] {
            for touched in [touched(&[event]), Touched::Everything] {
                let dir = tempfile::tempdir().unwrap();
                let files = live(dir.path());
                change(dir.path());
                assert_eq!(files.look(&touched), Seen::More, "{event}");
                assert!(!matches!(files.look(&Touched::Everything), Seen::More), "{event}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_changes_with_its_file() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "c/a.md", "one");
        std::os::unix::fs::symlink("a.md", dir.path().join("c/z.md")).unwrap();
        let files = LiveFiles::new(DiskFiles::new(dir.path()));
        assert_eq!(files.recorder.walk(&path("c")).files.len(), 2);
        write(dir.path(), "c/a.md", "two!");
        assert_eq!(names(files.look(&touched(&["c/a.md"]))), ["c/a.md", "c/z.md"]);
    }

    #[test]
    fn everything_is_looked_at_when_nobody_knows() {
        let dir = tempfile::tempdir().unwrap();
        let files = live(dir.path());
        write(dir.path(), "c/b/b.md", "two!");
        assert_eq!(names(files.look(&Touched::Everything)), ["c/b/b.md"]);
        assert_eq!(names(files.look(&Touched::Everything)), ["c/b/b.md"], "perhaps once more");
        assert_eq!(files.look(&Touched::Everything), Seen::Same);
    }
}
