//! A site on the disk that is built again and again, and carries out edits.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use pressmark::build::{BuildOptions, BuildReport, Progress, Silent, StoreMode, build};
use tempfile::TempDir;

use crate::common::{self, Tree};
use crate::edits::{Change, Edit, Switch, Tamper};
use crate::site;

const STORE: &str = ".pressmark";
const FOREIGN: &str = "foreign.txt";

/// A site that lives through a script.
pub(crate) struct World {
    /// Holds the site for as long as it lives.
    _folder: TempDir,
    pub(crate) options: BuildOptions,
    /// What broken files held before.
    whole: BTreeMap<PathBuf, Option<Vec<u8>>>,
    /// How many files were given a new name.
    named: usize,
}

impl World {
    pub(crate) fn new(tree: &Tree) -> Self {
        let folder = common::temporary();
        common::write_tree(&folder.path().join("site"), tree);
        let options = common::options(&folder.path().join("site"));
        let options = BuildOptions { store: StoreMode::Use, ..options };
        Self { _folder: folder, options, whole: BTreeMap::new(), named: 0 }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.options.root
    }

    pub(crate) fn output(&self) -> PathBuf {
        self.options.output.clone().unwrap_or_else(|| self.root().join("public"))
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Returns the path of an article of the first site.
    pub(crate) fn article(&self, name: &str) -> PathBuf {
        self.path("content/articles").join(name)
    }

    /// Builds what is there, and a copy without store and output, and returns what differs.
    pub(crate) fn difference(&self) -> String {
        self.difference_after(&Silent)
    }

    /// As [`Self::difference`]; `progress` hears the first of the two builds.
    pub(crate) fn difference_after(&self, progress: &dyn Progress) -> String {
        let before = common::read_tree(&self.output());
        let copy = World::new(&self.source());
        let options = BuildOptions {
            root: copy.root().to_owned(),
            output: Some(copy.output()),
            store: StoreMode::Ignore,
            ..self.options.clone()
        };
        let clean = build(&options, &Silent).unwrap();
        let again = match build(&self.options, progress) {
            Ok(again) => again,
            Err(error) => return format!("the build stopped: {error}"),
        };
        let expected =
            if clean.written.is_some() { common::read_tree(&copy.output()) } else { before };
        let mut made = common::read_tree(&self.output());
        let mut expected = expected;
        made.remove(FOREIGN);
        expected.remove(FOREIGN);
        said(&clean, &again) + &common::difference(&expected, &made)
    }

    /// Builds, and returns whether that put texts into the last build instead of joining all anew.
    pub(crate) fn patches(&self) -> bool {
        self.build(&Silent).timings.iter().any(|(stage, _)| *stage == "patch")
    }

    /// Builds, and compares with nothing.
    pub(crate) fn build(&self, progress: &dyn Progress) -> BuildReport {
        build(&self.options, progress).unwrap()
    }

    /// Returns all files of the site that people wrote.
    pub(crate) fn source(&self) -> Tree {
        let mut tree = common::read_tree(&self.path("content"));
        tree = tree.into_iter().map(|(path, bytes)| (format!("content/{path}"), bytes)).collect();
        for folder in ["templates", "themes", "static", "i18n"] {
            for (path, bytes) in common::read_tree(&self.path(folder)) {
                tree.insert(format!("{folder}/{path}"), bytes);
            }
        }
        if let Ok(settings) = fs::read(self.path("site.toml")) {
            tree.insert("site.toml".to_owned(), settings);
        }
        tree
    }

    /// Carries out an edit.
    pub(crate) fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Nothing => {}
            Edit::Add { form, date, text } => {
                let name = self.new_name();
                let (path, text) = site::article(*form, &name, date, *text);
                write(&self.article(&path), text.as_bytes());
            }
            Edit::Body { article, change } => {
                self.change(*article, |text| changed(text, *change));
            }
            Edit::Front { article, key, value } => {
                self.change(*article, |text| with_key(text, key, *value));
            }
            Edit::Link { from, to } => self.link(*from, *to),
            Edit::Rename { article } => {
                let name = self.new_name();
                self.carry(*article, |path| path.with_file_name(&name));
            }
            Edit::Move { article, folder } => {
                let folder = self.article(folder);
                self.carry(*article, |path| folder.join(path.file_stem().unwrap()));
            }
            Edit::Delete { article } => {
                if let Some(path) = self.nth(*article) {
                    fs::remove_file(path).unwrap();
                }
            }
            Edit::DeleteFolder(folder) => remove(&self.article(folder)),
            Edit::Swap { one, other } => self.swap(*one, *other),
            Edit::Touch { article } => self.change(*article, str::to_owned),
            Edit::Unnoticed { article } => self.change_unnoticed(*article),
            Edit::Replace { article, text } => self.replace(*article, *text),
            Edit::File { path, text: Some(text) } => write(&self.path(path), text.as_bytes()),
            Edit::File { path, text: None } => remove(&self.path(path)),
            Edit::Setting { table, line } => self.set(table, line),
            Edit::Options(switch) => self.switch(*switch),
            Edit::Break { path, text } => self.break_file(self.path(path), text),
            Edit::BreakArticle { article } => {
                if let Some(path) = self.nth(*article) {
                    self.break_file(path, "+++\ntitle = [\ndate = \"never\"\n+++\n\nText.\n");
                }
            }
            Edit::Repair => self.repair(),
            Edit::Output(tamper, at) => self.tamper_output(*tamper, *at),
            Edit::Store(tamper, at) => tamper_with(&self.path(STORE), *tamper, *at),
        }
    }

    fn new_name(&mut self) -> String {
        self.named += 1;
        format!("n{:02}", self.named)
    }

    /// Returns one of the articles; none when there is none.
    fn nth(&self, at: usize) -> Option<PathBuf> {
        let folder = self.path("content/articles");
        let mut paths = files(&folder);
        paths.retain(|path| path.extension().is_some_and(|end| end != "svg"));
        (!paths.is_empty()).then(|| paths.swap_remove(at % paths.len()))
    }

    fn change(&self, article: usize, change: impl Fn(&str) -> String) {
        if let Some(path) = self.nth(article) {
            let text = fs::read_to_string(&path).unwrap();
            write(&path, change(&text).as_bytes());
        }
    }

    fn link(&self, from: usize, to: usize) {
        if let Some(to) = self.nth(to) {
            let content = self.path("content");
            let to = to.strip_prefix(content).unwrap().to_str().unwrap().to_owned();
            self.change(from, |text| format!("{text}\nSee [there](/{to}).\n"));
        }
    }

    /// Gives an article another path; the ending stays.
    fn carry(&self, article: usize, to: impl Fn(&Path) -> PathBuf) {
        if let Some(path) = self.nth(article) {
            let to = to(&path).with_extension(path.extension().unwrap());
            if !to.exists() {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::rename(path, to).unwrap();
            }
        }
    }

    fn swap(&self, one: usize, other: usize) {
        if let (Some(one), Some(other)) = (self.nth(one), self.nth(other)) {
            let texts = (fs::read(&one).unwrap(), fs::read(&other).unwrap());
            write(&one, &texts.1);
            write(&other, &texts.0);
        }
    }

    fn change_unnoticed(&self, article: usize) {
        if let Some(path) = self.nth(article) {
            let text = fs::read_to_string(&path).unwrap();
            write_unnoticed(&path, &changed(&text, Change::SameLength));
        }
    }

    fn replace(&self, article: usize, text: usize) {
        if let Some(path) = self.nth(article) {
            let other = self.path("content/.other");
            write(&other, site::body(text).as_bytes());
            fs::rename(other, path).unwrap();
        }
    }

    /// Puts a line into `site.toml`, in the place of the one that has its key.
    fn set(&self, table: &str, line: &str) {
        let text = fs::read_to_string(self.path("site.toml")).unwrap_or_default();
        let head = format!("[{table}]");
        let key = line.split(" = ").next().unwrap();
        let mut lines = Vec::new();
        let mut inside = table.is_empty();
        if inside {
            lines.push(line);
        }
        let mut found = inside;
        for old in text.lines() {
            if old.starts_with('[') {
                inside = old == head;
            }
            if !(inside && old.split(" = ").next() == Some(key)) {
                lines.push(old);
            }
            if old == head {
                found = true;
                lines.push(line);
            }
        }
        if !found {
            lines.extend([head.as_str(), line]);
        }
        write(&self.path("site.toml"), (lines.join("\n") + "\n").as_bytes());
    }

    fn switch(&mut self, switch: Switch) {
        let options = &mut self.options;
        match switch {
            Switch::Drafts(on) => options.drafts = on,
            Switch::Future(on) => options.future = on,
            Switch::Expired(on) => options.expired = on,
            Switch::Now(now) => options.now = now.parse().unwrap(),
            Switch::BaseUrl(url) => {
                options.base_url = url.map(|url| pressmark::config::BaseUrl::parse(url).unwrap());
            }
            Switch::Theme(theme) => options.theme = theme.map(str::to_owned),
        }
    }

    fn break_file(&mut self, path: PathBuf, text: &str) {
        let whole = fs::read(&path).ok();
        write(&path, text.as_bytes());
        self.whole.entry(path).or_insert(whole);
    }

    fn repair(&mut self) {
        for (path, whole) in std::mem::take(&mut self.whole) {
            match whole {
                Some(bytes) => write(&path, &bytes),
                None => remove(&path),
            }
        }
    }

    /// Without its manifest an output folder is not ours, so that one stays, or all goes.
    fn tamper_output(&self, tamper: Tamper, at: usize) {
        let output = self.output();
        if matches!(tamper, Tamper::DeleteAll) {
            return remove(&output);
        }
        let mut paths = files(&output);
        paths.retain(|path| !path.ends_with("manifest.json") && !path.ends_with(FOREIGN));
        if matches!(tamper, Tamper::AddForeign) && output.exists() {
            write(&output.join(FOREIGN), b"not ours");
        } else if !paths.is_empty() {
            tamper_file(&paths[at % paths.len()], tamper, at);
        }
    }
}

/// Returns in what the reports of two builds differ.
fn said(clean: &BuildReport, again: &BuildReport) -> String {
    let tell = |report: &BuildReport| {
        let skipped = report.skipped.iter().map(|skipped| format!("{skipped:?}"));
        let full =
            report.diagnostics.iter().map(|one| format!("{}\n    {one:?}", common::line(one)));
        let whole = [format!("{:?}, written: {}", report.counts, report.written.is_some())];
        whole.into_iter().chain(skipped).chain(full).collect::<Vec<_>>().join("\n").into_bytes()
    };
    let tree = |report| Tree::from([("what the build says".to_owned(), tell(report))]);
    common::difference(&tree(clean), &tree(again))
}

/// Returns all files below a folder in order; none when there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    let found = walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    found.map(walkdir::DirEntry::into_path).collect()
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Writes a text of the same length and puts the time of the last change back.
pub(crate) fn write_unnoticed(path: &Path, text: &str) {
    let before = fs::metadata(path).unwrap();
    assert_eq!(before.len(), text.len() as u64, "another length would be noticed");
    write(path, text.as_bytes());
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(before.modified().unwrap()).unwrap();
}

/// Removes a file, a link or a folder, if it is there.
pub(crate) fn remove(path: &Path) {
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    if metadata.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.unwrap();
}

/// Copies all files of a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    common::write_tree(to, &common::read_tree(from));
}

/// Harms the store, if there is one.
fn tamper_with(store: &Path, tamper: Tamper, at: usize) {
    match tamper {
        Tamper::DeleteAll => remove(store),
        Tamper::AddForeign if store.is_dir() => write(&store.join(FOREIGN), b"not ours"),
        Tamper::FileForFolder => {
            remove(store);
            write(store, b"a file");
        }
        Tamper::DanglingLink if at.is_multiple_of(4) => {
            remove(store);
            std::os::unix::fs::symlink("nowhere/at/all", store).unwrap();
        }
        _ => {
            let paths = files(store);
            if !paths.is_empty() {
                tamper_file(&paths[at % paths.len()], tamper, at);
            }
        }
    }
}

fn tamper_file(path: &Path, tamper: Tamper, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    match tamper {
        Tamper::Append => bytes.extend(b"more"),
        Tamper::Empty => bytes.clear(),
        Tamper::Halve => bytes.truncate(bytes.len() / 2),
        Tamper::FlipByte => {
            let at = (at * 7919).checked_rem(bytes.len()).unwrap_or(0);
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 0x55;
            }
        }
        Tamper::Garbage => bytes = (0..=255).cycle().take(bytes.len() + 1).collect(),
        Tamper::FolderForFile => {
            remove(path);
            return fs::create_dir(path).unwrap();
        }
        Tamper::DanglingLink => {
            remove(path);
            return std::os::unix::fs::symlink("nowhere", path).unwrap();
        }
        Tamper::DeleteFile | Tamper::DeleteAll | Tamper::AddForeign | Tamper::FileForFolder => {
            return remove(path);
        }
    }
    // A file of the output may share its bytes with another by a hard link, so it is made anew.
    remove(path);
    write(path, &bytes);
}

/// Returns a text with a change of its body.
pub(crate) fn changed(text: &str, change: Change) -> String {
    let (head, body) = text
        .rsplit_once("+++\n")
        .or_else(|| text.rsplit_once("---\n"))
        .map_or(("", text), |(head, body)| (&text[..head.len() + 4], body));
    let body = match change {
        Change::Word => body.replacen(" about ", " on the subject of ", 1),
        Change::Name(n) => body.replacen(" in ", &format!(" with {} in ", site::NAMES[n]), 1),
        Change::Whole(n) => site::body(n),
        Change::SameLength => swapped(body),
        Change::End(end) => format!("{body}{end}"),
        Change::Before(text) => match body.trim().rsplit_once("\n\n") {
            Some((rest, last)) => format!("\n{rest}\n\n{text}\n\n{last}\n"),
            None => body.to_owned(),
        },
        Change::Cut => match body.trim_end().trim_end_matches('.').rsplit_once(". ") {
            Some((rest, _)) => format!("{rest}.\n"),
            None => body.to_owned(),
        },
        Change::Turn => match body.trim().rsplit_once("\n\n") {
            Some((rest, last)) => format!("\n{last}\n\n{rest}\n"),
            None => body.to_owned(),
        },
    };
    format!("{head}{body}")
}

/// Returns a text of the same length in which names, or else letters, have changed places.
fn swapped(text: &str) -> String {
    let (one, other) = ("Ada Moreau", "Dora Weiss");
    if text.contains(one) || text.contains(other) {
        return text.replace(one, "\u{1}").replace(other, one).replace('\u{1}', other);
    }
    text.replace('m', "\u{1}").replace('n', "m").replace('\u{1}', "n")
}

/// Returns a text whose front matter has the key, or has it no longer.
fn with_key(text: &str, key: &str, value: Option<&str>) -> String {
    let (fence, sign) = if text.starts_with("---\n") { ("---\n", ": ") } else { ("+++\n", " = ") };
    let inner = text.strip_prefix(fence).and_then(|rest| rest.split_once(fence));
    let (head, body) = inner.unwrap_or(("", text));
    let start = format!("{key}{sign}");
    let mut lines: Vec<String> =
        head.lines().filter(|line| !line.starts_with(&start)).map(str::to_owned).collect();
    lines.extend(value.map(|value| format!("{start}{value}")));
    format!("{fence}{}\n{fence}{body}", lines.join("\n"))
}
