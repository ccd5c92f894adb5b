//! Builds that are killed: a large change is whole, a small one is finished.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pressmark::write::{Force, Output, WriteOptions};

use crate::small::many;
use crate::{Site, Tree, build, read_tree};

const CHILD: &str = "PRESSMARK_TEST_WRITE_CHILD";

/// One of two sites that differ in every file but one, and in their sets of files.
fn tree_of(name: &str) -> Tree {
    let mut tree: Tree =
        (0..300).map(|i| (format!("{}/{i}.html", i % 17), format!("{name} {i}"))).collect();
    tree.insert(format!("only-{name}/index.html"), format!("{name} only"));
    tree.insert("same.css".to_owned(), "same".to_owned());
    tree
}

/// One of two sites that differ in a few files.
fn small_tree_of(name: &str) -> Tree {
    let mut tree = many(&[("index.html", name), (&format!("only-{name}/index.html"), name)]);
    tree.extend((0..3).map(|i| (format!("p/{i}/x"), format!("{name} {i}"))));
    // So many that the first build of a child takes its time.
    tree.extend((0..200).map(|i| (format!("r/{i}.html"), "same".to_owned())));
    tree
}

/// Not a test of its own: the process that `kill_dash_nine_in_a_small_change_is_finished` kills.
#[test]
fn child_that_changes_little_until_it_is_killed() {
    let Some(root) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    loop {
        for name in ["A", "B"] {
            build(&root.join("public"), &root, &small_tree_of(name), Force::Refuse).unwrap();
        }
    }
}

#[test]
fn kill_dash_nine_in_a_small_change_is_finished() {
    let site = Site::new();
    build(&site.at(""), &site.root(), &small_tree_of("A"), Force::Refuse).unwrap();
    let (a, b) = (small_tree_of("A"), small_tree_of("B"));
    let mut mixed = 0;
    for round in 0..20 {
        let mut child =
            spawn_child("killed::child_that_changes_little_until_it_is_killed", &site.root());
        std::thread::sleep(Duration::from_micros(20_000 + round * 1_237));
        assert!(child.try_wait().unwrap().is_none(), "the child failed in round {round}");
        child.kill().unwrap();
        child.wait().unwrap();
        let tree = read_tree(&site.at(""));
        mixed += usize::from(tree != a && tree != b);
        for (path, text) in &tree {
            assert!([a.get(path), b.get(path)].contains(&Some(text)), "round {round}: {path}");
        }
        // Opening is enough to finish it.
        drop(Output::open(&site.at(""), &site.root(), WriteOptions::default()).unwrap());
        let tree = read_tree(&site.at(""));
        assert!(tree == a || tree == b, "round {round}");
        site.assert_clean();
    }
    eprintln!("mixed sites seen after a kill: {mixed} of 20");
}

/// Not a test of its own: the process that `kill_dash_nine_never_mixes_two_sites` kills.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Some(root) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    loop {
        for name in ["A", "B"] {
            build(&root.join("public"), &root, &tree_of(name), Force::Refuse).unwrap();
        }
    }
}

fn spawn_child(test: &str, root: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test]).env(CHILD, root);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn kill_dash_nine_never_mixes_two_sites() {
    let site = Site::new();
    site.build_with(&[("a", "1")], Force::Refuse).unwrap();
    build(&site.at(""), &site.root(), &tree_of("A"), Force::Refuse).unwrap();
    site.add("CNAME", "example.org");
    let (mut state, mut sites) = (0x2545_f491_4f6c_dd1d_u64, BTreeMap::<&str, usize>::new());
    for round in 0..25 {
        let mut child = spawn_child("killed::child_that_writes_until_it_is_killed", &site.root());
        // Xorshift: the same moments in every run, as far as the machine keeps time.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        std::thread::sleep(Duration::from_micros(5_000 + state % 120_000));
        assert!(child.try_wait().unwrap().is_none(), "the child failed in round {round}");
        child.kill().unwrap();
        child.wait().unwrap();
        let tree = read_tree(&site.at(""));
        let name = ["A", "B"].into_iter().find(|name| tree == tree_of(name));
        *sites.entry(name.unwrap_or_else(|| panic!("round {round}: a mixed site"))).or_default() +=
            1;
        if round % 5 == 4 {
            build(&site.at(""), &site.root(), &tree_of("A"), Force::Refuse).unwrap();
            assert_eq!(read_tree(&site.at("")), tree_of("A"));
            site.assert_clean();
        }
    }
    assert_eq!(site.read("CNAME"), "example.org");
    eprintln!("sites seen after a kill: {sites:?}");
}
