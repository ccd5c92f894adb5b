//! `pressmark verify`: folders, live sites with all that servers do, and signatures.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]
#![expect(clippy::print_stdout, reason = "a test that is passed over says so")]

mod folder;
mod keys;
#[cfg(feature = "network")]
mod server;
#[cfg(feature = "network")]
mod web;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pressmark::files::SitePath;
use pressmark::ids::Stamp;
use pressmark::verify::{Progress, Report};
use pressmark::write::Manifest;
use tempfile::TempDir;

/// Nobody is told.
struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: usize) {}
    fn advance(&self) {}
}

/// A folder for a test, with a site in `public`.
struct World {
    dir: TempDir,
}

impl World {
    /// A site of these files, which all say their name.
    fn of(names: &[&str]) -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap() };
        let mut manifest = Manifest::default();
        for name in names {
            let text = text(name);
            world.write(&format!("public/{name}"), &text);
            manifest.files.push((SitePath::parse(name).unwrap(), Stamp::of(text.as_bytes())));
        }
        manifest.files.sort_by(|(a, _), (b, _)| a.cmp(b));
        fs::create_dir_all(world.path("public")).unwrap();
        fs::write(world.path("public/manifest.json"), manifest.to_bytes()).unwrap();
        world.write("site.toml", "title = 'x'\n");
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressmark"));
        command.arg("verify").args(args).current_dir(self.dir.path()).output().unwrap()
    }

    /// Runs the program, which has to end with this status; returns what it said.
    fn says(&self, status: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
        said
    }

    fn json(&self, status: i32, args: &[&str]) -> serde_json::Value {
        let said = self.says(status, &[args, &["--json"]].concat());
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }
}

/// What a file says.
fn text(name: &str) -> String {
    format!("This is {name}.\n").repeat(50)
}

/// The problems of a report, as words.
fn words(report: &Report) -> Vec<(&str, String)> {
    let problems = report.problems.iter();
    problems.map(|problem| (problem.path.as_str(), problem.what.to_string())).collect()
}

/// Runs `minisign`; nothing when it is not installed.
fn minisign(dir: &Path, args: &[&str]) -> Option<Output> {
    match Command::new("minisign").args(args).current_dir(dir).output() {
        Ok(output) => Some(output),
        Err(error) => {
            let may_miss = std::env::var_os("PRESSMARK_TEST_SERVERS").is_none();
            assert!(may_miss, "minisign has to be there");
            println!("skipped: minisign: {error}");
            None
        }
    }
}
