//! The signature beside the manifest, in every kind of target.

use std::fs;
use std::path::Path;
use std::process::Command;

use pressmark::config::PublicKey;
use pressmark::publish::check;

use crate::desk::{Desk, Tree, assert_same, tree};
use crate::servers::{World, each};

/// Made for tests.
const SECRET: &str = "untrusted comment: x\n\
    RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAq5DvlRYMX5tcAVgsxiQJiYUXmdCWIgIg0Va1TXGeBFDc8GBoqsmDnqp0TiF8FI4PCXO6dEfiyTheYVS+h0lfVQtInJrXl/LdAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
/// The same key with a password.
const LOCKED: &str = "untrusted comment: x\n\
    RWRTY0IyAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AgAAAAAAAAAAAAAEAAAAAoaCb2+ufnE6ep1k/hEZ0nawDkGZGJDrSS6XiMMz1lmR23+dfNa9ZTJkd02ZLhkoFUWu0yUFwXS9A9dRZedrAaorwR5nltuRI/BpmMbecsxncjcL7/trQvVop4w8OgTMH/ESJU8Covtk=\n";
const PUBLIC: &str = "RWSrkO+VFgxfm6p0TiF8FI4PCXO6dEfiyTheYVS+h0lfVQtInJrXl/Ld";
const SIGNATURE: &str = "manifest.json.minisig";
const KEY: &str = "PRESSMARK_MINISIGN_KEY";
const PASSWORD: &str = "PRESSMARK_MINISIGN_PASSWORD";

/// A desk whose publishes are signed as long as the key has a name; the file is made beside it.
fn with_key(desk: Desk, secret: &str) -> Desk {
    desk.write("a.key", secret);
    desk.with(&[(KEY, "a.key")])
}

/// Fails unless the files are those of the build and a signature that is right.
fn assert_signed(mut there: Tree, desk: &Desk) -> Vec<u8> {
    let signature = there.remove(SIGNATURE).expect("a signature");
    assert_same(&there, &desk.built());
    let key = PublicKey::parse(PUBLIC).unwrap();
    let comment = check(&there["manifest.json"], &signature, &key).unwrap();
    // The moment is the one that was handed in.
    assert!(comment.starts_with("timestamp:1714953600\tfile:manifest.json\tprint:"), "{comment}");
    signature
}

/// Publishes without a key, with one, again, something else, and without one again.
fn a_signature_comes_and_goes(desk: Desk, there: impl Fn(&Desk) -> Tree) {
    desk.publish(&[]);
    assert_same(&there(&desk), &desk.built());
    let mut desk = with_key(desk, SECRET);
    let said = desk.publish(&[]);
    assert!(said.contains("added") && said.contains(SIGNATURE), "{said}");
    let first = assert_signed(there(&desk), &desk);
    // The same site keeps it, and it is nobody else's.
    let said = desk.publish(&["--prune"]);
    assert!(said.contains("nothing to publish"), "{said}");
    assert_eq!(there(&desk)[SIGNATURE], first);
    desk.edit(1);
    desk.publish(&[]);
    assert_ne!(assert_signed(there(&desk), &desk), first);
    // Without the key it stays as long as it is right, and goes with the next manifest.
    desk = desk.with(&[(KEY, "")]);
    assert!(desk.publish(&["--prune"]).contains("nothing to publish"));
    assert_signed(there(&desk), &desk);
    desk.edit(2);
    let said = desk.publish(&[]);
    assert!(said.contains("removed"), "{said}");
    // A few of the files are named; the signature is no longer there.
    assert_same(&there(&desk), &desk.built());
}

#[test]
fn a_folder_is_signed() {
    let desk = Desk::new("kind = 'folder'\npath = '../live'");
    a_signature_comes_and_goes(desk, |desk| tree(&desk.dir.path().join("live")));
}

#[test]
fn a_branch_is_signed() {
    let desk = Desk::new("kind = 'git'\nremote = '../pages.git'");
    let git = |folder: &Path, args: &[&str]| {
        let output = Command::new("git").args(args).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(desk.dir.path(), &["init", "--quiet", "--bare", "pages.git"]);
    a_signature_comes_and_goes(desk, |desk| {
        let to = desk.dir.path().join("out");
        let _unless_first = fs::remove_dir_all(&to);
        let clone = ["clone", "--quiet", "--branch", "gh-pages", "pages.git", "out"];
        git(desk.dir.path(), &clone);
        fs::remove_dir_all(to.join(".git")).unwrap();
        let mut there = tree(&to);
        assert_eq!(there.remove(".nojekyll"), Some(Vec::new()));
        there
    });
}

#[test]
fn archives_are_signed() {
    for name in ["site.tar.gz", "site.zip"] {
        let desk = Desk::new(&format!("kind = 'archive'\npath = '../{name}'"));
        let desk = with_key(desk, LOCKED).with(&[(PASSWORD, "tide and time")]);
        desk.publish(&[]);
        let (from, to) = (desk.dir.path().join(name), desk.dir.path().join("read"));
        let script = "import sys, shutil; shutil.unpack_archive(sys.argv[1], sys.argv[2])";
        match Command::new("python3").args(["-c", script]).args([&from, &to]).status() {
            Ok(status) => {
                assert!(status.success());
                assert_signed(tree(&to), &desk);
            }
            Err(error) => println!("skipped: python3: {error}"),
        }
    }
}

#[test]
fn a_wrong_password_is_told_before_anything_is_done_and_not_shown() {
    let desk = with_key(Desk::new("kind = 'folder'\npath = '../live'"), LOCKED);
    let said = desk.fail(2, &[]);
    assert!(said.contains("has a password") && said.contains(PASSWORD), "{said}");
    let desk = desk.with(&[(PASSWORD, "hunter2")]);
    let said = desk.fail(2, &[]);
    assert!(said.contains("does not open") && !said.contains("hunter2"), "{said}");
    assert!(!desk.path("public").exists() && !desk.dir.path().join("live").exists());
    let desk = desk.with(&[(PASSWORD, "tide and time")]);
    let said = desk.publish(&["--verbose"]);
    assert!(!said.contains("tide"), "{said}");
    let live = tree(&desk.dir.path().join("live"));
    // Neither the password nor the key is anywhere in what was published, or beside it.
    let secret = LOCKED.lines().nth(1).unwrap();
    for (name, bytes) in live.iter().chain(&tree(&desk.path(".pressmark"))) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("tide and time") && !text.contains(secret), "{name}");
    }
    assert_signed(live, &desk);
    // Neither is a file that is no key.
    let desk = desk.with(&[(KEY, "site.toml")]);
    assert!(desk.fail(2, &[]).contains("no secret key"));
    let desk = desk.with(&[(KEY, "nowhere.key")]);
    assert!(desk.fail(1, &[]).contains("nowhere.key"));
}

#[test]
fn a_site_with_a_file_of_that_name_is_refused() {
    let desk = Desk::new("kind = 'folder'\npath = '../live'");
    desk.write(&format!("static/{SIGNATURE}"), "mine");
    assert!(desk.fail(2, &[]).contains("Pressmark's own"));
}

#[test]
fn a_release_that_is_gone_back_to_has_its_own_signature() {
    let desk = with_key(Desk::new("kind = 'folder'\npath = '../live'"), SECRET);
    let live = desk.dir.path().join("live");
    desk.publish(&[]);
    let first = tree(&live);
    desk.edit(1);
    desk.publish(&[]);
    desk.publish(&["--rollback"]);
    assert_same(&tree(&live), &first);
    let output = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(["verify", "--key", PUBLIC])
        .arg(&live)
        .current_dir(desk.root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn targets_whose_files_go_one_by_one_are_signed() {
    each(&["S3", "Azure", "WebDAV", "rsync", "SFTP"], |mut world| {
        let desk =
            std::mem::replace(&mut world.desk, Desk::new("kind = 'archive'\npath = 'x.zip'"));
        let world: &World = &world;
        a_signature_comes_and_goes(desk, |_| world.there());
    });
}
