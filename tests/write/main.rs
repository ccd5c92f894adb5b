//! The output folder is a whole site at any moment, and nobody's files are lost.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]
#![expect(clippy::print_stderr, reason = "a skipped test says why")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use pressmark::diag::Error;
use pressmark::files::SitePath;
use pressmark::write::{Force, Output, WriteOptions, WriteReport};
use rayon::prelude::*;

mod killed;
mod small;

type Tree = BTreeMap<String, String>;

/// A folder with a site in it; its output goes to `site/public`.
struct Site {
    dir: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("site/content")).unwrap();
        Self { dir }
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("site")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join("public").join(path)
    }

    fn add(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    fn build(&self, files: &[(&str, &str)]) -> Result<WriteReport, Error> {
        self.build_with(files, Force::Refuse)
    }

    fn build_with(&self, files: &[(&str, &str)], force: Force) -> Result<WriteReport, Error> {
        let tree =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let report = build(&self.root().join("public"), &self.root(), &tree, force);
        self.assert_clean();
        report
    }

    /// No stage, old tree or lock may stay behind.
    fn assert_clean(&self) {
        let names = fs::read_dir(self.root())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let left: Vec<String> = names.filter(|name| name.starts_with('.')).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

fn build(out: &Path, root: &Path, tree: &Tree, force: Force) -> Result<WriteReport, Error> {
    let output = Output::open(out, root, WriteOptions { force })?;
    tree.par_iter()
        .try_for_each(|(path, text)| output.put(&site_path(path), text.as_bytes()).map(|_| ()))?;
    output.commit()
}

fn site_path(text: &str) -> SitePath {
    SitePath::parse(text).unwrap()
}

fn modified(path: &Path) -> SystemTime {
    fs::symlink_metadata(path).unwrap().modified().unwrap()
}

/// Waits until the file system's clock has moved on.
fn tick() {
    std::thread::sleep(Duration::from_millis(25));
}

fn counts(report: WriteReport) -> (usize, usize, usize, usize) {
    (report.written, report.unchanged, report.removed, report.kept)
}

#[test]
fn a_first_build_writes_all_and_a_second_touches_nothing() {
    let site = Site::new();
    let files = [("index.html", "home"), ("a/b/index.html", "deep")];
    assert_eq!(counts(site.build(&files).unwrap()), (2, 0, 0, 0));
    assert_eq!(site.read("a/b/index.html"), "deep");
    assert!(site.read("manifest.json").starts_with(
        r#"{"generator":"pressmark","format":1,"files":{"a/b/index.html":{"size":4,"blake3":""#
    ));
    let times = || {
        ["", "index.html", "a", "a/b/index.html", "manifest.json"]
            .map(|path| modified(&site.at(path)))
    };
    let before = times();
    tick();
    assert_eq!(counts(site.build(&files).unwrap()), (0, 2, 0, 0));
    assert_eq!(times(), before);
}

#[test]
fn an_existing_empty_folder_is_used() {
    let site = Site::new();
    fs::create_dir(site.at("")).unwrap();
    assert_eq!(counts(site.build(&[("a", "1")]).unwrap()), (1, 0, 0, 0));
}

#[test]
fn changed_files_are_written_and_others_keep_their_time() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b", "1")]).unwrap();
    let before = modified(&site.at("b"));
    tick();
    let report = site.build(&[("a", "2"), ("b", "1")]).unwrap();
    assert_eq!((counts(report), report.bytes_written), ((1, 1, 0, 0), 1));
    assert_eq!((site.read("a"), modified(&site.at("b"))), ("2".to_owned(), before));
}

#[test]
fn removed_files_go_with_their_empty_folders() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b/c/d", "1"), ("e/f", "1")]).unwrap();
    fs::write(site.at("e/mine"), "x").unwrap();
    assert_eq!(counts(site.build(&[("a", "1")]).unwrap()), (0, 1, 2, 1));
    assert!(!site.at("b").exists() && !site.at("e/f").exists());
    assert_eq!(site.read("e/mine"), "x");
}

#[test]
fn foreign_files_links_and_folders_are_kept() {
    let site = Site::new();
    site.build(&[("a", "1")]).unwrap();
    for (path, text) in
        [("CNAME", "example.org"), (".git/HEAD", "ref"), (".git/objects/00/x", "blob")]
    {
        site.add(path, text);
    }
    fs::create_dir_all(site.at(".git/refs/tags")).unwrap();
    std::os::unix::fs::symlink("../content", site.at("link")).unwrap();
    assert_eq!(counts(site.build(&[("a", "2"), ("new/b", "1")]).unwrap()), (2, 0, 0, 4));
    assert_eq!(
        (site.read("CNAME"), site.read(".git/objects/00/x")),
        ("example.org".into(), "blob".into())
    );
    assert!(site.at(".git/refs/tags").is_dir());
    assert_eq!(fs::read_link(site.at("link")).unwrap(), Path::new("../content"));
    // Nothing is exchanged, so nobody looks for what is not ours.
    assert_eq!(counts(site.build(&[("a", "2"), ("new/b", "1")]).unwrap()), (0, 2, 0, 0));
    assert_eq!(site.read("CNAME"), "example.org");
}

#[test]
fn a_foreign_folder_is_refused_unless_forced() {
    let site = Site::new();
    site.add("thesis.tex", "years of work");
    site.add("a", "mine");
    let error = site.build(&[("a", "1")]).unwrap_err();
    assert!(error.is_usage() && error.help_text().unwrap().contains("--force"), "{error}");
    assert_eq!(site.read("a"), "mine");
    assert_eq!(counts(site.build_with(&[("a", "1")], Force::Overwrite).unwrap()), (1, 0, 0, 1));
    assert_eq!((site.read("a"), site.read("thesis.tex")), ("1".into(), "years of work".into()));
}

#[test]
fn a_foreign_file_in_the_way_is_refused_unless_forced() {
    for (foreign, page) in [("p", "p"), ("p", "p/index.html"), ("p/index.html", "p")] {
        let site = Site::new();
        site.build(&[("a", "1")]).unwrap();
        site.add(foreign, "mine");
        let error = site.build(&[("a", "2"), (page, "page")]).unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("public/p"), "{error}");
        assert_eq!((site.read("a"), site.read(foreign)), ("1".into(), "mine".into()));
        site.build_with(&[("a", "2"), (page, "page")], Force::Overwrite).unwrap();
        assert_eq!((site.read("a"), site.read(page)), ("2".into(), "page".into()));
    }
}

#[test]
fn hand_edited_and_deleted_files_come_back() {
    let site = Site::new();
    let files = [("a", "1"), ("b", "1"), ("c/d", "1"), ("e", "1")];
    site.build(&files).unwrap();
    tick();
    fs::write(site.at("a"), "2").unwrap();
    fs::write(site.at("b"), "longer").unwrap();
    fs::remove_dir_all(site.at("c")).unwrap();
    assert_eq!(counts(site.build(&files).unwrap()), (3, 1, 0, 0));
    assert!(files.iter().all(|(path, text)| site.read(path) == *text));
}

#[test]
fn behind_a_damaged_manifest_all_is_written_again_and_nothing_lost() {
    let site = Site::new();
    site.build(&[("a", "1"), ("b", "1")]).unwrap();
    fs::write(site.at("manifest.json"), "{\"generator\":").unwrap();
    assert_eq!(counts(site.build(&[("a", "1")]).unwrap()), (1, 0, 0, 1));
    assert_eq!(site.read("b"), "1");
}

#[test]
fn a_second_build_at_the_same_time_is_refused() {
    let site = Site::new();
    let (out, root) = (site.root().join("public"), site.root());
    let first = Output::open(&out, &root, WriteOptions::default()).unwrap();
    let error = Output::open(&out, &root, WriteOptions::default()).unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("another build"), "{error}");
    drop(first);
    site.assert_clean();
    assert!(!out.exists());
    site.build(&[("a", "1")]).unwrap();
}

#[test]
fn copies_are_streamed_and_compared() {
    let site = Site::new();
    let source = site.root().join("content/photo.jpg");
    let copy = || {
        let output = Output::open(&site.at(""), &site.root(), WriteOptions::default()).unwrap();
        output.put_copy(&site_path("img/photo.jpg"), &source).unwrap();
        counts(output.commit().unwrap())
    };
    fs::write(&source, vec![1; 300_000]).unwrap();
    assert_eq!(copy(), (1, 0, 0, 0));
    assert_eq!(copy(), (0, 1, 0, 0));
    fs::write(&source, vec![2; 300_000]).unwrap();
    assert_eq!(copy(), (1, 0, 0, 0));
    assert_eq!(fs::read(site.at("img/photo.jpg")).unwrap(), vec![2; 300_000]);
}

#[test]
fn a_path_is_put_once_and_the_manifest_not_at_all() {
    let site = Site::new();
    let output = Output::open(&site.at(""), &site.root(), WriteOptions::default()).unwrap();
    output.put(&site_path("a"), b"1").unwrap();
    assert!(!output.put(&site_path("a"), b"2").unwrap_err().is_usage());
    assert!(output.put(&site_path("manifest.json"), b"2").unwrap_err().is_usage());
    output.commit().expect_err("a put failed");
    assert!(!site.at("").exists());
}

#[test]
fn a_linked_output_folder_stays_a_link() {
    let site = Site::new();
    let target = site.dir.path().join("www");
    fs::create_dir(&target).unwrap();
    std::os::unix::fs::symlink(&target, site.root().join("public")).unwrap();
    for text in ["1", "2"] {
        site.build(&[("a", text)]).unwrap();
        assert_eq!(fs::read_to_string(target.join("a")).unwrap(), text);
    }
    assert!(site.root().join("public").is_symlink());
}

#[test]
fn leftovers_of_an_interrupted_build_are_cleared_away() {
    let site = Site::new();
    site.build(&[("a", "1")]).unwrap();
    let old = site.root().join(".public.pressmark-old");
    // Stopped between the two renames, with a stage.
    fs::rename(site.at(""), &old).unwrap();
    fs::create_dir_all(site.root().join(".public.pressmark-stage/x")).unwrap();
    assert_eq!(counts(site.build(&[("a", "1")]).unwrap()), (0, 1, 0, 0));
    // Stopped before the old tree was removed; foreign files came into it too late.
    site.add("CNAME", "new");
    fs::create_dir_all(old.join("deep")).unwrap();
    fs::copy(site.at("manifest.json"), old.join("manifest.json")).unwrap();
    for (path, text) in [("a", "old"), ("CNAME", "old"), ("deep/late", "kept")] {
        fs::write(old.join(path), text).unwrap();
    }
    assert_eq!(counts(site.build(&[("a", "1")]).unwrap()), (0, 1, 0, 0));
    assert_eq!(
        (site.read("a"), site.read("CNAME"), site.read("deep/late")),
        ("1".into(), "new".into(), "kept".into())
    );
}

#[test]
fn a_full_disk_leaves_the_site_whole() {
    let site = Site::new();
    let mount = site.dir.path().join("small");
    fs::create_dir(&mount).unwrap();
    let Some(_guard) = Mount::tmpfs(&mount) else {
        eprintln!("skipped: mounting a small file system is not permitted here");
        return;
    };
    let out = mount.join("public");
    let tree = |text: &str, count: usize| {
        (0..count).map(|i| (format!("{i}"), text.repeat(4000))).collect::<Tree>()
    };
    build(&out, &site.root(), &tree("1", 20), Force::Refuse).unwrap();
    let error = build(&out, &site.root(), &tree("2", 60), Force::Refuse).unwrap_err();
    assert!(error.to_string().contains("No space left"), "{error}");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 21);
    assert!((0..20).all(|i| fs::read(out.join(format!("{i}"))).unwrap() == [b'1'; 4000]));
    assert_eq!(fs::read_dir(&mount).unwrap().count(), 1, "the stage is gone");
}

/// A small file system, for as long as this value lives.
struct Mount<'a>(&'a Path);

impl<'a> Mount<'a> {
    fn tmpfs(at: &'a Path) -> Option<Self> {
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).arg(at).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success()).then_some(Self(at))
    }
}

impl Drop for Mount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_read_only_parent_leaves_the_site_whole() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    site.build(&[("a", "1")]).unwrap();
    fs::set_permissions(site.root(), fs::Permissions::from_mode(0o555)).unwrap();
    let may_write = fs::write(site.root().join("probe"), "").is_ok();
    let result = (!may_write).then(|| site.build(&[("a", "2")]));
    fs::set_permissions(site.root(), fs::Permissions::from_mode(0o755)).unwrap();
    match result {
        Some(result) => assert!(!result.unwrap_err().is_usage()),
        None => eprintln!("skipped: permissions do not bind this user (root)"),
    }
    assert_eq!(site.read("a"), "1");
}

/// Reads a site as visitors see it, without the manifest and the foreign file.
fn read_tree(dir: &Path) -> Tree {
    let files = walkdir::WalkDir::new(dir)
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|e| e.file_type().is_file());
    let line = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
        (path, fs::read_to_string(entry.path()).unwrap())
    };
    files.map(line).filter(|(path, _)| path != "manifest.json" && path != "CNAME").collect()
}
