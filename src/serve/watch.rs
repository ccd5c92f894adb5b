//! Tells which files may have changed, as soon as they have been saved.
//!
//! A file counts as saved when whoever wrote it closes it, moves it into its place or removes it: then it is looked at at
//! once. Of other events (a file is made, or written to and kept open) more is to come, so they wait a moment. When many files
//! change together, as in a checkout, the rest is waited for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::build::Touched;
use crate::files::{DiskFiles, SitePath};

/// Folders of a site that are read.
const FOLDERS: [&str; 5] = ["content", "i18n", "static", "templates", "themes"];
/// How long is waited for the rest of something that has only begun.
const REST: Duration = Duration::from_millis(25);
/// More files at once than this are part of something larger.
const FEW: usize = 16;
/// How long is waited for the rest of that, since the last event and in all.
const QUIET: Duration = Duration::from_millis(40);
/// After this time a new folder is surely watched.
const ONCE_MORE: Duration = Duration::from_millis(300);
const LONGEST: Duration = Duration::from_millis(500);

/// What the system told.
enum Told {
    /// It has been saved.
    Saved(Vec<PathBuf>),
    /// More is to come.
    Begun(Vec<PathBuf>),
    /// A folder was made.
    Folder(Vec<PathBuf>),
    /// Something was missed.
    Lost,
}

/// Hands out what has changed, and watches as long as it lives.
pub(super) struct Watch {
    root: PathBuf,
    disk: DiskFiles,
    told: Receiver<Told>,
    /// None when the system cannot tell of changes.
    watcher: Option<RecommendedWatcher>,
    /// New folders, and when to look at them once more: what is put into one before it is watched is told by nobody.
    later: Option<(Instant, BTreeSet<SitePath>)>,
    // So that the channel lives without a watcher.
    _tell: Sender<Told>,
}

impl Watch {
    /// Watches the folder of a site, unless the files are to be looked at again and again; the text says why they have to be.
    pub(super) fn new(root: &Path, poll: bool) -> (Self, Option<String>) {
        let (tell, told) = channel();
        // The system tells of absolute paths.
        let root = &std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let disk = DiskFiles::new(root);
        let mut watch = Self {
            root: root.to_owned(),
            disk,
            told,
            watcher: None,
            later: None,
            _tell: tell.clone(),
        };
        if poll {
            return (watch, None);
        }
        let hear = move |event: notify::Result<Event>| {
            // Nobody listens any more when the preview ends.
            let _ended = tell.send(event.map_or(Told::Lost, sort));
        };
        let started = notify::recommended_watcher(hear).and_then(|mut watcher| {
            watcher.watch(root, RecursiveMode::NonRecursive)?;
            Ok(watcher)
        });
        match started {
            Ok(watcher) => {
                watch.watcher = Some(watcher);
                let trouble = watch.watch_folders().err();
                if trouble.is_some() {
                    watch.watcher = None;
                }
                (watch, trouble.map(|error| error.to_string()))
            }
            Err(error) => (watch, Some(error.to_string())),
        }
    }

    /// Returns whether files have to be looked at again and again.
    pub(super) fn polls(&self) -> bool {
        self.watcher.is_none()
    }

    /// Watches the folders that there are.
    fn watch_folders(&mut self) -> notify::Result<()> {
        let Some(watcher) = &mut self.watcher else { return Ok(()) };
        for folder in FOLDERS.map(|name| self.root.join(name)) {
            if folder.is_dir() {
                watcher.watch(&folder, RecursiveMode::Recursive)?;
            }
        }
        Ok(())
    }

    /// Waits for a change, at most for some time; nothing when there was none.
    pub(super) fn wait(&mut self, longest: Duration) -> Option<Touched> {
        let now = Instant::now();
        let due = self.later.as_ref().map(|(when, _)| when.saturating_duration_since(now));
        let first = match self.told.recv_timeout(due.map_or(longest, |due| due.min(longest))) {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                let is_due = due.is_some_and(|due| due <= longest);
                return self.later.take_if(|_| is_due).map(|(_, paths)| Touched::Paths(paths));
            }
        };
        let start = Instant::now();
        let mut batch = Batch::default();
        self.add(first, &mut batch);
        loop {
            while let Ok(more) = self.told.try_recv() {
                self.add(more, &mut batch);
            }
            let pause = match () {
                () if batch.lost || start.elapsed() > LONGEST => break,
                () if batch.paths.len() > FEW => QUIET,
                () if batch.saved || batch.paths.is_empty() => break,
                () => REST,
            };
            match self.told.recv_timeout(pause) {
                Ok(more) => self.add(more, &mut batch),
                Err(_) => break,
            }
        }
        if !batch.folders.is_empty() {
            let (when, folders) =
                self.later.get_or_insert_with(|| (Instant::now(), BTreeSet::new()));
            *when = Instant::now() + ONCE_MORE;
            folders.append(&mut batch.folders);
        }
        let is_folder = |path: &SitePath| FOLDERS.contains(&path.as_str());
        if batch.paths.iter().any(is_folder) {
            // One that came into being has been written to before it was watched.
            batch.lost = true;
            batch.lost |= self.watch_folders().is_err();
        }
        Some(if batch.lost { Touched::Everything } else { Touched::Paths(batch.paths) })
    }

    fn add(&self, told: Told, batch: &mut Batch) {
        let (paths, saved) = match told {
            Told::Saved(paths) => (paths, true),
            Told::Folder(paths) => {
                let paths = paths.iter().filter_map(|path| self.disk.touched(path));
                batch.folders.extend(paths);
                batch.paths.extend(batch.folders.iter().cloned());
                return;
            }
            Told::Begun(paths) => (paths, false),
            Told::Lost => {
                batch.lost = true;
                return;
            }
        };
        for path in paths.iter().filter_map(|path| self.disk.touched(path)) {
            batch.paths.insert(path);
            batch.saved |= saved;
        }
    }
}

/// What was told together.
#[derive(Default)]
struct Batch {
    paths: BTreeSet<SitePath>,
    /// Whether something is finished, so that there is no reason to wait.
    saved: bool,
    lost: bool,
    /// Those that are new.
    folders: BTreeSet<SitePath>,
}

/// Returns what an event means.
fn sort(event: Event) -> Told {
    if event.need_rescan() {
        return Told::Lost;
    }
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(_))
        | EventKind::Remove(_) => Told::Saved(event.paths),
        EventKind::Create(CreateKind::Folder) => Told::Folder(event.paths),
        EventKind::Access(_) => Told::Begun(Vec::new()),
        // Where the system does not tell when a file is closed, a moment has to be enough.
        _ => Told::Begun(event.paths),
    }
}
