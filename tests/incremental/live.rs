//! A site that follows its files shows what a clean build writes, whatever is done to it.

use std::collections::BTreeSet;
use std::path::Path;

use pressmark::build::BuildOptions;
use pressmark::build::{Answer, Live, Refreshed, Silent, StoreMode, Touched, build};
use pressmark::files::SitePath;

use crate::common::{self, Tree};
use crate::world::World;

/// A site in memory beside the one on the disk.
pub(crate) struct Follower {
    live: Live,
    options: String,
    /// The files at the last look.
    source: Tree,
    /// What was shown then.
    shown: Tree,
    looks: usize,
}

impl Follower {
    pub(crate) fn new(world: &World) -> Self {
        let live = Live::new(world.options.clone());
        let options = format!("{:?}", world.options);
        Self { live, options, source: Tree::new(), shown: Tree::new(), looks: 0 }
    }

    /// Looks at what has changed.
    pub(crate) fn refresh(&mut self, world: &World) -> Refreshed {
        let options = format!("{:?}", world.options);
        if options != self.options {
            // Options are for life.
            *self = Self::new(world);
        }
        let source = world.source();
        let paths = source.keys().chain(self.source.keys()).collect::<BTreeSet<_>>();
        let paths = paths.into_iter().filter(|path| source.get(*path) != self.source.get(*path));
        let paths: BTreeSet<SitePath> = paths.filter_map(|path| SitePath::parse(path)).collect();
        self.looks += 1;
        self.source = source;
        // One watcher knows the paths, another one only that time has passed.
        let touched =
            if self.looks.is_multiple_of(3) { Touched::Everything } else { Touched::Paths(paths) };
        self.live.refresh(&touched, world.options.now)
    }

    /// Looks at what has changed, and returns in what the outputs differ from those of a clean build.
    pub(crate) fn difference(&mut self, world: &World) -> String {
        self.refresh(world);
        let copy = World::new(&self.source);
        let options = BuildOptions {
            root: copy.root().to_owned(),
            output: Some(copy.output()),
            store: StoreMode::Ignore,
            ..world.options.clone()
        };
        let clean = build(&options, &Silent).unwrap();
        let report = self.live.report();
        let broken = report.diagnostics.iter().any(pressmark::diag::Diagnostic::is_error);
        if clean.written.is_none() && !broken {
            // A template that fails on some page: the page says so when it is asked for.
            self.shown = Tree::new();
            return String::new();
        }
        let said = |all: &[pressmark::diag::Diagnostic]| {
            let text = all.iter().map(common::line).collect::<Vec<_>>().join("\n");
            Tree::from([("what is said".to_owned(), text.into_bytes())])
        };
        let mut difference =
            common::difference(&said(&clean.diagnostics), &said(&report.diagnostics));
        let gone = self.shown.clone();
        if clean.written.is_some() {
            self.shown = common::read_tree(&copy.output());
            self.shown.remove("manifest.json");
            // Compressed files are for hosts; no browser asks for them by their names.
            self.shown.retain(|path, _| Path::new(path).extension() != Some("gz".as_ref()));
        }
        let mut made = Tree::new();
        for path in gone.keys().chain(self.shown.keys()).collect::<BTreeSet<_>>() {
            match self.live.answer(&SitePath::parse(path).unwrap()).unwrap() {
                Answer::Bytes(bytes) => {
                    made.insert(path.clone(), bytes);
                }
                Answer::Missing => {}
                // A copy of a file that is gone while errors keep the last site.
                Answer::Failed(_) if clean.written.is_none() => {
                    made.insert(path.clone(), self.shown[path].clone());
                }
                Answer::Failed(report) => {
                    difference.push_str(&(path.clone() + ": " + &report.message + "\n"));
                }
            }
        }
        if clean.written.is_none() {
            // Copies are read when they are asked for, so they are those of today.
            made.retain(|path, _| is_made(path));
            self.shown.retain(|path, _| is_made(path));
        }
        difference + &common::difference(&self.shown, &made)
    }
}

/// Returns whether an output is made from what is joined, and not copied from a file.
fn is_made(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end == "html") && !path.contains("static")
}
