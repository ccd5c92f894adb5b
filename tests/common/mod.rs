//! What several tests need: sites in memory, trees of files, and their differences.

#![allow(dead_code, reason = "each test uses a part")]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

pub(crate) mod html;
pub(crate) mod twin;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use pressmark::build::{BuildOptions, build_in_memory};
use pressmark::diag::Diagnostic;
use pressmark::files::{MemFiles, SitePath};
use pressmark::write::Force;

/// Files by their path.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// Returns a path below the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Returns an empty folder, in memory where there is such a place: a build waits for its disk.
pub(crate) fn temporary() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Returns options for a build at a set moment.
pub(crate) fn options(root: &Path) -> BuildOptions {
    BuildOptions {
        root: root.to_owned(),
        output: None,
        base_url: None,
        theme: None,
        allow_command: false,
        onnx_runtime: None,
        drafts: false,
        future: false,
        expired: false,
        force: Force::Refuse,
        dry_run: false,
        store: pressmark::build::StoreMode::Ignore,
        now: "2024-06-01T12:00:00Z".parse::<Timestamp>().unwrap(),
    }
}

/// Reads all files below a folder; none when it does not exist.
pub(crate) fn read_tree(folder: &Path) -> Tree {
    let mut out = Tree::new();
    if folder.exists() {
        for entry in walkdir::WalkDir::new(folder) {
            let entry = entry.unwrap();
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap();
                out.insert(path.replace('\\', "/"), fs::read(entry.path()).unwrap());
            }
        }
    }
    out
}

/// Writes all files below a folder.
pub(crate) fn write_tree(folder: &Path, tree: &Tree) {
    for (path, bytes) in tree {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Returns the site of a tree.
pub(crate) fn site(tree: &Tree) -> MemFiles {
    let mut files = MemFiles::new();
    for (path, bytes) in tree {
        files.insert(SitePath::parse(path).expect(path), bytes.clone());
    }
    files
}

/// Adds the theme `plain`, whose pages are short.
pub(crate) fn add_plain_theme(tree: &mut Tree) {
    for (path, bytes) in read_tree(&repository("tests/sites/theme")) {
        tree.entry(format!("themes/plain/{path}")).or_insert(bytes);
    }
}

/// Builds a tree in memory; the output is none when there are errors.
pub(crate) fn build(tree: &Tree) -> (Option<Tree>, Vec<Diagnostic>) {
    let (made, reports) =
        build_in_memory(&site(tree), &options(Path::new("nowhere"))).expect("memory is readable");
    let tree = |files: MemFiles| {
        files.iter().map(|(path, bytes)| (path.as_str().to_owned(), bytes.to_vec())).collect()
    };
    (made.map(tree), reports)
}

/// Builds a tree that has no errors.
pub(crate) fn build_whole(tree: &Tree) -> Tree {
    let (made, reports) = build(tree);
    made.unwrap_or_else(|| panic!("{}", reports.iter().map(line).collect::<Vec<_>>().join("\n")))
}

/// Returns a report in one line: its weight, code, place, message, and help.
pub(crate) fn line(report: &Diagnostic) -> String {
    let mut out = format!("{}[{}] ", report.severity, report.code);
    match &report.place {
        Some(place) => {
            out += place.path.as_str();
            if let Some(span) = &place.span {
                write!(out, ":{}:{}", span.line, span.column).unwrap();
            }
        }
        None => out.push('-'),
    }
    out.push(' ');
    out += &report.message;
    if let Some(help) = &report.help {
        write!(out, " | {help}").unwrap();
    }
    out.replace('\n', "\\n")
}

/// Returns what differs between two trees, in words; empty when nothing does.
pub(crate) fn difference(expected: &Tree, made: &Tree) -> String {
    let mut out = String::new();
    for (path, bytes) in expected {
        match made.get(path) {
            None => writeln!(out, "missing: {path}").unwrap(),
            Some(other) if other != bytes => {
                writeln!(out, "different: {path}").unwrap();
                lines(bytes, other, &mut out);
            }
            Some(_) => {}
        }
    }
    for path in made.keys().filter(|path| !expected.contains_key(*path)) {
        writeln!(out, "extra: {path}").unwrap();
    }
    out
}

/// Shows the lines between the common start and the common end of two files.
fn lines(expected: &[u8], made: &[u8], out: &mut String) {
    const MOST: usize = 12;
    let (Ok(expected), Ok(made)) = (str::from_utf8(expected), str::from_utf8(made)) else {
        writeln!(out, "  bytes that are not text").unwrap();
        return;
    };
    let split = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    let (expected, made) = (split(expected), split(made));
    let start = expected.iter().zip(&made).take_while(|(a, b)| a == b).count();
    let rest = expected.len().min(made.len()) - start;
    let same = expected.iter().rev().zip(made.iter().rev());
    let end = same.take(rest).take_while(|(a, b)| a == b).count();
    for (mark, lines) in [('-', &expected), ('+', &made)] {
        let lines = &lines[start..lines.len() - end];
        for (at, line) in lines.iter().take(MOST).enumerate() {
            writeln!(out, "  {mark} {:>4} {line}", start + at + 1).unwrap();
        }
        if lines.len() > MOST {
            writeln!(out, "  {mark}      ... {} lines more", lines.len() - MOST).unwrap();
        }
    }
}
