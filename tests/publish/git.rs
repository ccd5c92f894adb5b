//! Branches of Git repositories.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::desk::{Desk, Tree, assert_same, tree};

const BRANCH: &str = "gh-pages";

fn git(folder: &Path, args: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(args)
        .current_dir(folder);
    let output = git.output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A site that publishes to a bare repository beside it.
fn desk(more: &str) -> (Desk, PathBuf) {
    let desk = Desk::new(&format!("kind = 'git'\nremote = '../pages.git'\n{more}"));
    let bare = desk.dir.path().join("pages.git");
    git(desk.dir.path(), &["init", "--quiet", "--bare", "pages.git"]);
    (desk, bare)
}

/// The files of the branch.
fn there(desk: &Desk, bare: &Path) -> Tree {
    let to = desk.dir.path().join("checked-out");
    let _unless_first = fs::remove_dir_all(&to);
    git(
        desk.dir.path(),
        &["clone", "--quiet", "--branch", BRANCH, bare.to_str().unwrap(), "checked-out"],
    );
    fs::remove_dir_all(to.join(".git")).unwrap();
    tree(&to)
}

fn expected(desk: &Desk) -> Tree {
    let mut tree = desk.built();
    tree.insert(".nojekyll".to_owned(), Vec::new());
    tree
}

fn commits(bare: &Path) -> usize {
    git(bare, &["rev-list", "--count", BRANCH]).trim().parse().unwrap()
}

#[test]
fn a_branch_gets_a_commit_when_something_differs() {
    let (desk, bare) = desk("cname = 'example.org'");
    desk.publish(&[]);
    let mut site = expected(&desk);
    site.insert("CNAME".to_owned(), b"example.org\n".to_vec());
    assert_same(&there(&desk, &bare), &site);
    assert!(desk.publish(&[]).contains("nothing to publish"));
    assert_eq!(commits(&bare), 1);
    desk.edit(1);
    desk.publish(&[]);
    assert_eq!(commits(&bare), 2);
    site.retain(|name, _| name == "CNAME");
    site.extend(expected(&desk));
    assert_same(&there(&desk, &bare), &site);
    // Another machine, which has never seen the branch, goes on from it.
    fs::remove_dir_all(desk.path(".pressmark")).unwrap();
    assert!(desk.publish(&[]).contains("nothing to publish"));
    // Files of others stay; what somebody took out comes back.
    let work = desk.dir.path().join("work");
    git(desk.dir.path(), &["clone", "--quiet", "--branch", BRANCH, bare.to_str().unwrap(), "work"]);
    fs::write(work.join("keep.txt"), "mine").unwrap();
    fs::remove_file(work.join("index.html")).unwrap();
    git(&work, &["add", "--all"]);
    git(&work, &["commit", "--quiet", "-m", "By hand"]);
    git(&work, &["push", "--quiet"]);
    desk.publish(&[]);
    site.insert("keep.txt".to_owned(), b"mine".to_vec());
    assert_same(&there(&desk, &bare), &site);
    assert!(desk.fail(2, &["--prune"]).contains("--yes"));
    desk.publish(&["--prune", "--yes"]);
    site.remove("keep.txt");
    assert_same(&there(&desk, &bare), &site);
}

#[test]
fn a_branch_without_history_holds_one_commit() {
    let (desk, bare) = desk("history = false");
    desk.publish(&[]);
    for round in 1..4 {
        desk.edit(round);
        desk.publish(&[]);
        assert_eq!(commits(&bare), 1);
        assert_same(&there(&desk, &bare), &expected(&desk));
    }
}

#[test]
fn a_branch_with_history_is_begun_anew_when_something_was_taken_down() {
    let (desk, bare) = desk("");
    desk.publish(&[]);
    desk.edit(1);
    desk.publish(&[]);
    let before = git(&bare, &["rev-parse", BRANCH]);
    let entry = "[[redaction]]\narticle = \"articles/gull.txt\"\nat = [\"articles/gull/\"]\ndate = 2024-05-06\n";
    desk.write("content/redactions.toml", entry);
    assert!(desk.fail(2, &[]).contains("--force"));
    assert_eq!(git(&bare, &["rev-parse", BRANCH]), before);
    desk.publish(&["--force"]);
    assert_eq!(commits(&bare), 1);
    assert_same(&there(&desk, &bare), &expected(&desk));
    let own = desk.path(".pressmark/publish/t.git");
    let known = Command::new("git")
        .args(["cat-file", "-e", before.trim()])
        .current_dir(own)
        .status()
        .unwrap();
    assert!(!known.success(), "our copy of the branch");
    // From here on it has a history again, and what is taken back needs no force.
    desk.edit(2);
    desk.publish(&[]);
    assert_eq!(commits(&bare), 2);
    desk.write("content/redactions.toml", "# Nothing.\n");
    desk.publish(&[]);
    assert_eq!(commits(&bare), 3);
}

#[test]
fn a_branch_without_history_needs_no_force_when_something_was_taken_down() {
    let (desk, bare) = desk("history = false");
    desk.publish(&[]);
    desk.write(
        "content/redactions.toml",
        "[[redaction]]\nname = \"Ada Moreau\"\ndate = 2024-05-06\n",
    );
    desk.publish(&[]);
    assert_eq!(commits(&bare), 1);
    assert_same(&there(&desk, &bare), &expected(&desk));
}

#[test]
fn a_branch_of_others_is_not_replaced_without_force() {
    let (desk, bare) = desk("history = false");
    let work = desk.dir.path().join("work");
    git(desk.dir.path(), &["clone", "--quiet", bare.to_str().unwrap(), "work"]);
    git(&work, &["checkout", "--quiet", "-b", BRANCH]);
    fs::write(work.join("precious.txt"), "mine").unwrap();
    git(&work, &["add", "--all"]);
    git(&work, &["commit", "--quiet", "-m", "Mine"]);
    git(&work, &["push", "--quiet", "--set-upstream", "origin", BRANCH]);
    let before = git(&bare, &["rev-parse", BRANCH]);
    let said = desk.fail(2, &[]);
    assert!(said.contains("--force"), "{said}");
    assert_eq!(git(&bare, &["rev-parse", BRANCH]), before);
    desk.publish(&["--force"]);
    assert!(there(&desk, &bare).contains_key("precious.txt"), "files of others stay even so");
    assert_eq!(commits(&bare), 1);
}

#[test]
fn the_repository_of_the_site_is_left_alone() {
    let (desk, bare) = desk("");
    let root = desk.root();
    git(&root, &["init", "--quiet"]);
    git(&root, &["remote", "add", "pages", bare.to_str().unwrap()]);
    fs::write(root.join(".gitignore"), "/.pressmark\n/public\n").unwrap();
    git(&root, &["add", "--all"]);
    git(&root, &["commit", "--quiet", "-m", "Site"]);
    let settings = fs::read_to_string(root.join("site.toml")).unwrap();
    fs::write(root.join("site.toml"), settings.replace("../pages.git", "pages")).unwrap();
    fs::write(root.join("staged.txt"), "x").unwrap();
    git(&root, &["add", "staged.txt"]);
    let state = || {
        [
            git(&root, &["status", "--porcelain"]),
            git(&root, &["for-each-ref"]),
            git(&root, &["rev-parse", "HEAD"]),
        ]
    };
    let before = state();
    desk.publish(&[]);
    assert_eq!(state(), before);
    assert_same(&there(&desk, &bare), &expected(&desk));
    assert!(desk.fail(2, &["--rollback"]).contains("kind `folder`"));
}

#[test]
fn a_hook_that_rejects_and_a_branch_that_moved_leave_it_as_it_was() {
    let (desk, bare) = desk("");
    desk.publish(&[]);
    let before = git(&bare, &["rev-parse", BRANCH]);
    desk.edit(1);
    let hook = bare.join("hooks/pre-receive");
    fs::write(&hook, "#!/bin/sh\necho 'no push on Sundays' >&2\nexit 1\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let said = desk.fail(1, &[]);
    assert!(said.contains("no push on Sundays"), "{said}");
    assert_eq!(git(&bare, &["rev-parse", BRANCH]), before);
    // Somebody pushes while we do.
    fs::remove_file(&hook).unwrap();
    let other = desk.dir.path().join("other");
    git(
        desk.dir.path(),
        &["clone", "--quiet", "--branch", BRANCH, bare.to_str().unwrap(), "other"],
    );
    fs::write(other.join("note.txt"), "x").unwrap();
    git(&other, &["add", "--all"]);
    git(&other, &["commit", "--quiet", "-m", "By hand"]);
    let tip = git(&other, &["rev-parse", "HEAD"]);
    git(&other, &["push", "--quiet", "origin", "HEAD:refs/heads/side"]);
    let script = format!("#!/bin/sh\ngit update-ref refs/heads/{BRANCH} {}\n", tip.trim());
    fs::write(&hook, script.replace("git ", "env -u GIT_QUARANTINE_PATH git ")).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let output = desk.run(&[]);
    assert!(!output.status.success(), "a branch that moved is not overwritten");
    assert_eq!(git(&bare, &["rev-parse", BRANCH]), tip);
    fs::remove_file(&hook).unwrap();
    desk.publish(&[]);
    let there = there(&desk, &bare);
    assert!(there.contains_key("note.txt"));
    let mut site = expected(&desk);
    site.insert("note.txt".to_owned(), b"x".to_vec());
    assert_same(&there, &site);
}
