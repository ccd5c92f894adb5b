//! Builds that are killed, or may not write: the output folder is a whole site or none.

#![cfg(unix)]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod common;

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::Tree;

const ARTICLES: usize = 300;
const PEOPLE: [&str; 5] = ["Ada Moreau", "Ben Okafor", "Chen Liu", "Dora Weiss", "Emil Novak"];

/// Parts of a build's time, in percent, after which it is killed: early, all along, and about the
/// end, where the folders are exchanged.
const MOMENTS: [u32; 10] = [5, 50, 75, 90, 97, 103, 108, 114, 121, 130];

/// Writes a site; another `title` makes another file of every page.
fn write_site(root: &Path, title: &str) {
    let mut tree = Tree::new();
    tree.insert("site.toml".to_owned(), format!("title = \"{title}\"\n").into_bytes());
    for n in 0..ARTICLES {
        let (one, two) = (PEOPLE[n % 5], PEOPLE[(n + 2) % 5]);
        let mut text = format!("+++\ntitle = \"Article {n}\"\n");
        let (month, day) = (n / 28 + 1, n % 28 + 1);
        writeln!(text, "date = 2023-{month:02}-{day:02}\npeople = [\"{one}\"]\n+++\n").unwrap();
        writeln!(text, "{one} met {two} about matter {n}.").unwrap();
        tree.insert(format!("content/articles/a{n}.md"), text.into_bytes());
    }
    common::write_tree(root, &tree);
}

fn command(root: &Path, output: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pressmark"));
    command.args(["build", "--quiet", "--clock", "2024-06-01", "--jobs", "2", "--root"]);
    command.arg(root).arg("--output").arg(output);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Builds undisturbed; returns the site, and how long it took.
fn build(root: &Path, output: &Path) -> (Tree, Duration) {
    let start = Instant::now();
    assert!(command(root, output).status().unwrap().success());
    (common::read_tree(output), start.elapsed())
}

#[test]
fn kill_dash_nine_leaves_a_whole_site_or_none() {
    let folder = common::temporary();
    let (root, output) = (folder.path().join("site"), folder.path().join("public"));
    let mut references = Vec::new();
    let mut whole = Duration::MAX;
    for title in ["First", "Second"] {
        write_site(&root, title);
        let (tree, time) = build(&root, &folder.path().join(title));
        assert!(tree.len() > ARTICLES * 2);
        whole = whole.min(time);
        references.push(tree);
    }
    assert!(!common::difference(&references[0], &references[1]).is_empty());

    let (mut killed, mut absent, mut old, mut new) = (0, 0, 0, 0);
    for (round, percent) in MOMENTS.into_iter().enumerate() {
        // Every third build has no site to replace.
        if round % 3 == 0 && output.exists() {
            fs::remove_dir_all(&output).unwrap();
        }
        let wanted = round % 2;
        write_site(&root, ["First", "Second"][wanted]);
        let mut child = command(&root, &output).spawn().unwrap();
        std::thread::sleep(whole * percent / 100);
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());

        let tree = common::read_tree(&output);
        if !output.exists() {
            absent += 1;
            assert_eq!(round % 3, 0, "the old site is gone after {percent} %");
        } else if tree == references[wanted] {
            new += 1;
        } else {
            old += 1;
            let difference = common::difference(&references[1 - wanted], &tree);
            assert!(difference.is_empty(), "killed after {percent} %, a mixed site:\n{difference}");
        }
        let (tree, _) = build(&root, &output);
        let difference = common::difference(&references[wanted], &tree);
        assert!(difference.is_empty(), "the build after {percent} %:\n{difference}");
    }
    // Stages and locks of builds that died are not left beside the site.
    let mut beside: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    beside.sort();
    assert_eq!(beside, ["First", "Second", "public", "site"]);
    let seen = format!("{killed} kills: {absent} without a site, {old} old, {new} new");
    assert!(killed > 2, "too few builds were killed before their end: {seen}");
}

#[test]
fn a_folder_that_may_not_be_written_to_keeps_its_site() {
    let folder = common::temporary();
    let (root, parent) = (folder.path().join("site"), folder.path().join("parent"));
    fs::create_dir(&parent).unwrap();
    common::write_tree(
        &root,
        &Tree::from([("content/articles/a.txt".to_owned(), b"A headline\n\nText.\n".to_vec())]),
    );
    let (before, _) = build(&root, &parent.join("public"));
    fs::set_permissions(&parent, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(parent.join("probe"), "").is_ok() {
        println!("skipped: this user (root?) may write to folders that are read-only");
        return;
    }
    common::write_tree(
        &root,
        &Tree::from([("content/articles/b.txt".to_owned(), b"Another\n\nText.\n".to_vec())]),
    );
    let status = command(&root, &parent.join("public")).status().unwrap();
    let after = common::read_tree(&parent.join("public"));
    fs::set_permissions(&parent, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(status.code(), Some(1));
    assert_eq!(before, after);
}
