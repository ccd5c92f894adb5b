//! Small changes are swapped in file by file, and end as a whole build does.

use std::fs;
use std::path::Path;

use pressmark::diag::Error;
use pressmark::ids::Stamp;
use pressmark::write::{Force, Output, WriteOptions, WriteReport};

use crate::{Site, Tree, build, counts, read_tree, site_path, tick};

/// Forty files, of which a few may be other ones; a change of few of them is a small one.
pub(crate) fn many<'a>(others: &[(&'a str, &'a str)]) -> Tree {
    let mut tree: Tree = (0..40).map(|i| (format!("p/{i}/x"), format!("{i}"))).collect();
    tree.extend(others.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    tree
}

fn build_many(site: &Site, tree: &Tree, force: Force) -> Result<WriteReport, Error> {
    let report = build(&site.at(""), &site.root(), tree, force);
    site.assert_clean();
    report
}

fn inode(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    fs::symlink_metadata(path).unwrap().ino()
}

#[test]
fn a_small_change_leaves_the_folder_where_it_is() {
    let site = Site::new();
    build_many(&site, &many(&[("gone/deep/x", "1"), ("q", "1")]), Force::Refuse).unwrap();
    site.add("CNAME", "example.org");
    let before = (inode(&site.at("")), inode(&site.at("p/7/x")));
    let tree = many(&[("q", "2"), ("new/y", "1")]);
    let report = build_many(&site, &tree, Force::Refuse).unwrap();
    assert_eq!(counts(report), (2, 40, 1, 0));
    assert_eq!((inode(&site.at("")), inode(&site.at("p/7/x"))), before);
    assert_eq!(read_tree(&site.at("")), tree);
    assert!(!site.at("gone").exists() && site.read("CNAME") == "example.org");
    assert_eq!(counts(build_many(&site, &tree, Force::Refuse).unwrap()), (0, 42, 0, 0));
}

#[test]
fn a_small_change_is_the_same_as_a_whole_build() {
    let (site, other) = (Site::new(), Site::new());
    build_many(&site, &many(&[("a", "1"), ("b", "1")]), Force::Refuse).unwrap();
    let tree = many(&[("b", "2"), ("c/d", "1")]);
    build_many(&site, &tree, Force::Refuse).unwrap();
    build_many(&other, &tree, Force::Refuse).unwrap();
    assert_eq!(site.read("manifest.json"), other.read("manifest.json"));
}

#[test]
fn a_small_change_is_refused_where_a_large_one_is() {
    for (foreign, page) in [("q", "q"), ("q", "q/index.html"), ("q/index.html", "q")] {
        let site = Site::new();
        build_many(&site, &many(&[]), Force::Refuse).unwrap();
        site.add(foreign, "mine");
        let tree = many(&[("p/1/x", "changed"), (page, "page")]);
        let error = build_many(&site, &tree, Force::Refuse).unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("public/q"), "{error}");
        assert_eq!((site.read("p/1/x"), site.read(foreign)), ("1".into(), "mine".into()));
        build_many(&site, &tree, Force::Overwrite).unwrap();
        assert_eq!(read_tree(&site.at("")), tree);
    }
}

#[test]
fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let site = Site::new();
    for others in [[("q", "1")], [("q/x", "1")], [("q/x/y", "1")], [("q", "2")]] {
        let tree = many(&others);
        build_many(&site, &tree, Force::Refuse).unwrap();
        assert_eq!(read_tree(&site.at("")), tree);
    }
}

#[test]
fn nothing_is_written_through_a_link_in_the_live_tree() {
    let site = Site::new();
    build_many(&site, &many(&[("q/x", "1")]), Force::Refuse).unwrap();
    let elsewhere = site.dir.path().join("elsewhere");
    fs::rename(site.at("q"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, site.at("q")).unwrap();
    let error = build_many(&site, &many(&[("q/x", "2")]), Force::Refuse).unwrap_err();
    assert!(error.is_usage(), "{error}");
    assert_eq!(fs::read_to_string(elsewhere.join("x")).unwrap(), "1");
}

#[test]
fn a_touched_file_comes_back_in_place() {
    let site = Site::new();
    build_many(&site, &many(&[]), Force::Refuse).unwrap();
    tick();
    fs::write(site.at("p/1/x"), "X").unwrap();
    fs::remove_dir_all(site.at("p/2")).unwrap();
    let before = inode(&site.at(""));
    let report = build_many(&site, &many(&[]), Force::Refuse).unwrap();
    assert_eq!((counts(report), inode(&site.at(""))), ((2, 38, 0, 0), before));
    assert_eq!(read_tree(&site.at("")), many(&[]));
}

#[test]
fn what_is_as_it_was_is_kept_unseen() {
    let site = Site::new();
    let open = || Output::open(&site.at(""), &site.root(), WriteOptions::default()).unwrap();
    let output = open();
    let (a, b) = (site_path("a"), site_path("b"));
    let stamp = output.put(&a, b"1").unwrap();
    assert_eq!(stamp, Stamp::of(b"1"));
    assert!(!output.keep(&b, stamp), "there is no last build");
    output.put(&b, b"1").unwrap();
    output.commit().unwrap();
    tick();
    fs::write(site.at("b"), "2").unwrap();
    let output = open();
    assert!(!output.keep(&a, Stamp::of(b"2")), "other bytes");
    assert!(output.keep(&a, stamp));
    assert!(!output.keep(&b, stamp), "touched");
    assert!(!output.keep(&site_path("c"), stamp), "unknown");
    output.put(&b, b"1").unwrap();
    assert_eq!(counts(output.commit().unwrap()), (1, 1, 0, 0));
    let output = open();
    assert!(output.keep(&a, stamp));
    output.put(&a, b"1").expect_err("it is there already");
}
