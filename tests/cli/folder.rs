//! Folders to run the program in, and what a run gave.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// An article without any problem.
pub(crate) const ARTICLE: &str = "\
+++
title = \"Talks resume in Geneva\"
date = 2024-05-06
topics = [\"Diplomacy\"]
people = [\"Jane Doe\"]
places = [\"Geneva\"]
+++

Jane Doe arrived in Geneva on Monday. The talks will go on for a week, she said.
";

/// A folder to work in.
pub(crate) struct Folder(tempfile::TempDir);

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Run {
    /// Exit status.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let code = output.status.code().expect("the program exits by itself");
        Self { code, out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Reads what was printed as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Checks the exit status.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

impl Folder {
    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::empty();
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    /// A site of one article without any problem.
    pub(crate) fn site() -> Self {
        Self::with(&[
            ("content/articles/geneva.md", ARTICLE),
            ("site.toml", "base_url = \"https://example.org/\"\n"),
        ])
    }

    /// Returns the path of a file of the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, with its folders.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Returns the program with arguments, in this folder and without variables that change it.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressmark"));
        command.args(args).current_dir(self.0.path());
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "ORT_DYLIB_PATH",
            "PRESSMARK_REVIEWER",
            "SOURCE_DATE_EPOCH",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(&[], args)
    }

    /// Runs the program with variables.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Run {
        Run::of(&self.command(args).envs(variables.iter().copied()).output().unwrap())
    }

    /// Runs the program with a text as standard input.
    pub(crate) fn feed(&self, args: &[&str], text: &str) -> Run {
        let input = tempfile::NamedTempFile::new().unwrap();
        fs::write(input.path(), text).unwrap();
        Run::of(&self.command(args).stdin(fs::File::open(input.path()).unwrap()).output().unwrap())
    }
}

/// Returns whether a text could command a terminal.
pub(crate) fn has_escape(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
}
