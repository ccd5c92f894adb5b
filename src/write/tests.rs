//! Small changes that are interrupted after any of their steps.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::*;

type Files = BTreeMap<String, String>;

fn open(dir: &Path) -> Output {
    Output::open(&dir.join("out"), &dir.join("site"), WriteOptions::default()).unwrap()
}

fn fill(output: &Output, files: &Files) {
    for (path, text) in files {
        output.put(&SitePath::parse(path).unwrap(), text.as_bytes()).unwrap();
    }
}

fn build(dir: &Path, files: &Files) -> WriteReport {
    let output = open(dir);
    fill(&output, files);
    output.commit().unwrap()
}

/// The old site and the new one: two files are changed, one is new, one goes with its folders.
fn sites() -> (Files, Files) {
    let mut old: Files = (0..40).map(|i| (format!("p/{i}"), "same".to_owned())).collect();
    old.insert("index.html".to_owned(), "old home".to_owned());
    old.insert("gone/deep/x".to_owned(), "gone".to_owned());
    let mut new = old.clone();
    new.remove("gone/deep/x");
    for (path, text) in [("index.html", "new home"), ("p/3", "changed"), ("n/e/w", "new")] {
        new.insert(path.to_owned(), text.to_owned());
    }
    (old, new)
}

/// Begins a small change and stops after some of its steps.
fn interrupt(dir: &Path, new: &Files, steps: usize) -> usize {
    let mut output = open(dir);
    fill(&output, new);
    let puts = output.puts.drain();
    let tally = output.tally(puts);
    let bytes = tally.manifest.to_bytes();
    complete::write_manifest(&output.stage, &bytes).unwrap();
    let journal = output.begin_steps(&tally, &bytes).unwrap().expect("the change is small");
    journal.run_first(steps, &output.place, false).unwrap();
    output.stage.leave();
    journal.len()
}

fn read(dir: &Path) -> Files {
    let out = dir.join("out");
    let files = walkdir::WalkDir::new(&out).into_iter().map(Result::unwrap);
    files
        .filter(|entry| entry.file_type().is_file() && entry.file_name() != MANIFEST)
        .map(|entry| {
            let path = entry.path().strip_prefix(&out).unwrap().to_str().unwrap().to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn a_change_that_stops_after_any_step_is_finished_by_the_next_build() {
    let (old, new) = sites();
    for steps in 0..=5 {
        let dir = tempfile::tempdir().unwrap();
        build(dir.path(), &old);
        assert_eq!(interrupt(dir.path(), &new, steps), 5);
        for (path, text) in read(dir.path()) {
            assert!([old.get(&path), new.get(&path)].contains(&Some(&text)), "{steps}: {path}");
        }
        drop(open(dir.path()));
        assert_eq!(read(dir.path()), new, "after {steps} steps");
        assert!(!dir.path().join("out/gone").exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "only the output is left");
        let report = build(dir.path(), &new);
        assert_eq!((report.written, report.unchanged, report.removed), (0, 42, 0));
    }
}

#[test]
fn pages_come_before_what_leads_to_them() {
    let (old, new) = sites();
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), &old);
    let seen = (0..=5).map(|steps| {
        interrupt(dir.path(), &new, steps);
        let tree = read(dir.path());
        build(dir.path(), &old);
        let home = tree["index.html"] == "new home";
        [
            tree.contains_key("n/e/w"),
            tree["p/3"] == "changed",
            home,
            !tree.contains_key("gone/deep/x"),
        ]
        .iter()
        .filter(|is_new| **is_new)
        .count()
    });
    // The fourth step is the manifest's.
    assert_eq!(seen.collect::<Vec<_>>(), [0, 1, 2, 3, 3, 4]);
}

#[test]
fn a_torn_journal_and_one_for_another_folder_are_dropped() {
    let (old, new) = sites();
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), &old);
    interrupt(dir.path(), &new, 0);
    let journal = dir.path().join(".out.pressmark-journal");
    let text = fs::read_to_string(&journal).unwrap();
    for length in 0..text.len() {
        fs::write(&journal, &text[..length]).unwrap();
        drop(open(dir.path()));
        assert!(read(dir.path()) == old && !journal.exists(), "cut after {length} bytes");
        interrupt(dir.path(), &new, 0);
    }
    fs::remove_dir_all(dir.path().join("out")).unwrap();
    fs::create_dir(dir.path().join("out")).unwrap();
    drop(open(dir.path()));
    assert!(read(dir.path()).is_empty() && !journal.exists());
}

#[test]
fn a_foreign_file_that_came_into_the_way_meanwhile_is_not_lost() {
    let (old, new) = sites();
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), &old);
    interrupt(dir.path(), &new, 0);
    fs::create_dir_all(dir.path().join("out/n/e")).unwrap();
    fs::write(dir.path().join("out/n/e/w"), "mine").unwrap();
    let options = WriteOptions::default();
    let (out, root) = (dir.path().join("out"), dir.path().join("site"));
    assert!(Output::open(&out, &root, options).unwrap_err().is_usage());
    assert_eq!(read(dir.path())["n/e/w"], "mine");
    fs::remove_file(dir.path().join("out/n/e/w")).unwrap();
    drop(open(dir.path()));
    assert_eq!(read(dir.path()), new);
}
