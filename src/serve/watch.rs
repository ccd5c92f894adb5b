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
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::build::Touched;
use crate::files::{DiskFiles, SitePath};

/// How often the files are looked at where nobody tells of changes.
const POLL: Duration = Duration::from_millis(400);
/// How often it is looked whether the time of an article has come.
const TICK: Duration = Duration::from_secs(1);
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
    watcher: Option<Box<dyn Watcher + Send>>,
    /// Why it cannot, as long as nobody has been told.
    trouble: Option<String>,
    /// New folders, and when to look at them once more: what is put into one before it is watched is told by nobody.
    later: Option<(Instant, BTreeSet<SitePath>)>,
    // So that the channel lives without a watcher.
    _tell: Sender<Told>,
}

/// Takes what a watcher tells.
type Hear = Box<dyn FnMut(notify::Result<Event>) + Send>;

impl Watch {
    /// Watches the folder of a site, unless the files are to be looked at again and again.
    pub(super) fn new(root: &Path, poll: bool) -> Self {
        let system = |hear: Hear| -> notify::Result<Box<dyn Watcher + Send>> {
            Ok(Box::new(RecommendedWatcher::new(hear, notify::Config::default())?))
        };
        Self::with(root, (!poll).then_some(system))
    }

    /// Watches by a watcher of one's own; without one, the files are looked at again and again.
    fn with<W>(root: &Path, start: Option<W>) -> Self
    where
        W: FnOnce(Hear) -> notify::Result<Box<dyn Watcher + Send>>,
    {
        let (tell, told) = channel();
        // The system tells of absolute paths.
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let mut watch = Self {
            disk: DiskFiles::new(&root),
            root,
            told,
            watcher: None,
            trouble: None,
            later: None,
            _tell: tell.clone(),
        };
        let Some(start) = start else { return watch };
        let hear = move |event: notify::Result<Event>| {
            // Nobody listens any more when the preview ends.
            let _ended = tell.send(event.map_or(Told::Lost, sort));
        };
        let started = start(Box::new(hear)).and_then(|mut watcher| {
            watcher.watch(&watch.root, RecursiveMode::NonRecursive)?;
            Ok(watcher)
        });
        match started {
            Ok(watcher) => watch.watcher = Some(watcher),
            Err(error) => watch.give_up(&error),
        }
        watch.watch_folders();
        watch
    }

    /// Looks at the files again and again from now on: a folder that nobody watches would be shown as it was.
    fn give_up(&mut self, error: &notify::Error) {
        self.watcher = None;
        self.trouble = Some(error.to_string());
    }

    /// Returns why the files have to be looked at again and again, once.
    pub(super) fn trouble(&mut self) -> Option<String> {
        self.trouble.take()
    }

    /// Watches the folders that there are.
    fn watch_folders(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        let folders = FOLDERS.map(|name| self.root.join(name));
        let mut there = folders.iter().filter(|folder| folder.is_dir());
        let done = there.try_for_each(|folder| watcher.watch(folder, RecursiveMode::Recursive));
        if let Err(error) = done {
            self.give_up(&error);
        }
    }

    /// Waits for a change, or until it is time to look anyway.
    pub(super) fn next(&mut self) -> Touched {
        match (self.wait(if self.watcher.is_some() { TICK } else { POLL }), &self.watcher) {
            (Some(touched), _) => touched,
            (None, Some(_)) => Touched::Paths(BTreeSet::new()),
            (None, None) => Touched::Everything,
        }
    }

    /// Waits for a change, at most for some time; nothing when there was none.
    fn wait(&mut self, longest: Duration) -> Option<Touched> {
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
            self.watch_folders();
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::{Arc, Mutex};

    use notify::{Config, ErrorKind, EventHandler, WatcherKind};

    use super::*;

    /// A system that watches no folder of one name.
    struct Refuses(&'static str);

    impl Watcher for Refuses {
        fn new<F: EventHandler>(_: F, _: Config) -> notify::Result<Self> {
            Ok(Self(""))
        }

        fn watch(&mut self, path: &Path, _: RecursiveMode) -> notify::Result<()> {
            let is_it = path.ends_with(self.0);
            if is_it { Err(notify::Error::new(ErrorKind::MaxFilesWatch)) } else { Ok(()) }
        }

        fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
            Ok(())
        }

        fn kind() -> WatcherKind {
            WatcherKind::NullWatcher
        }
    }

    /// Watches a site with articles by a system that refuses a folder; returns by what that is told, too.
    fn watch(root: &Path, refused: &'static str) -> (Watch, Hear) {
        fs::create_dir_all(root.join("content")).unwrap();
        let kept: Arc<Mutex<Option<Hear>>> = Arc::default();
        let keep = Arc::clone(&kept);
        let start = move |hear: Hear| -> notify::Result<Box<dyn Watcher + Send>> {
            *keep.lock().unwrap() = Some(hear);
            Ok(Box::new(Refuses(refused)))
        };
        let watch = Watch::with(root, Some(start));
        let hear = kept.lock().unwrap().take().unwrap();
        (watch, hear)
    }

    #[test]
    fn files_are_looked_at_again_and_again_when_the_system_refuses_to_watch() {
        let dir = tempfile::tempdir().unwrap();
        let (mut watched, _hear) = watch(dir.path(), "static");
        assert_eq!(watched.trouble(), None);
        assert_eq!(watched.next(), Touched::Paths(BTreeSet::new()));
        let (mut refused, _hear) = watch(dir.path(), "content");
        assert!(refused.trouble().is_some_and(|text| text.contains("limit")));
        assert_eq!(refused.trouble(), None, "it is told once");
        assert_eq!(refused.next(), Touched::Everything);
        let none = |_: Hear| Err(notify::Error::generic("no instance is left"));
        let mut none = Watch::with(dir.path(), Some(none));
        assert_eq!(none.trouble().as_deref(), Some("no instance is left"));
        assert_eq!(none.next(), Touched::Everything);
        let mut wanted = Watch::new(dir.path(), true);
        assert_eq!((wanted.trouble(), wanted.next()), (None, Touched::Everything));
    }

    #[test]
    fn a_new_folder_that_the_system_refuses_to_watch_is_looked_at_again_and_again() {
        let dir = tempfile::tempdir().unwrap();
        let (mut watch, mut hear) = watch(dir.path(), "static");
        fs::create_dir(dir.path().join("static")).unwrap();
        let made = Event::new(EventKind::Create(CreateKind::Folder));
        hear(Ok(made.add_path(dir.path().join("static"))));
        assert_eq!(watch.next(), Touched::Everything);
        assert!(watch.trouble().is_some_and(|text| text.contains("limit")));
        // What was new is looked at once more, and then all of it, for good.
        let looks = [watch.next(), watch.next(), watch.next()];
        assert_eq!(looks[1..], [Touched::Everything, Touched::Everything]);
    }
}
