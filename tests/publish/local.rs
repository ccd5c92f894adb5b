//! What needs no server: arguments, settings, gates, archives.

use std::fs;
use std::process::Command;

use crate::desk::Desk;

#[test]
fn a_target_has_to_be_chosen_and_described() {
    let desk = Desk::new(
        "kind = 'folder'\npath = '../live'\n[publish.u]\nkind = 'archive'\npath = 'x.zip'",
    );
    let said = desk.fail(2, &[]);
    assert!(said.contains("`t`, `u`"), "{said}");
    assert!(desk.fail(2, &["w"]).contains("no target `w`"));
    desk.write("site.toml", "title = 'x'\n");
    assert!(desk.fail(2, &[]).contains("[publish.NAME]"));
    desk.write("site.toml", "[publish.t]\nkind = 's3'\nbucket = 'b'\nsecret = 'hunter2'\n");
    let said = desk.fail(1, &[]);
    assert!(said.contains("no place in the settings") && !said.contains("hunter2"), "{said}");
    desk.write(
        "site.toml",
        "[publish.t]\nkind = 'git'\nremote = 'https://me:hunter2@h.example/x'\n",
    );
    let said = desk.fail(1, &[]);
    assert!(said.contains("password") && !said.contains("hunter2"), "{said}");
}

#[test]
fn a_site_with_errors_or_without_review_is_not_published() {
    let desk = Desk::new("kind = 'folder'\npath = '../live'");
    desk.write("content/articles/bad.md", "A [link](nowhere.md) to nothing.\n");
    let said = desk.fail(1, &[]);
    assert!(said.contains("nothing was published"), "{said}");
    fs::remove_file(desk.path("content/articles/bad.md")).unwrap();
    let settings = fs::read_to_string(desk.path("site.toml")).unwrap();
    desk.write(
        "site.toml",
        &settings.replace("[publish.t]", "[review]\ngate = 'block'\n[publish.t]"),
    );
    desk.fail(3, &[]);
    assert!(!desk.root().parent().unwrap().join("live").exists());
    desk.write("site.toml", &settings);
    let said = desk.publish(&["--dry-run"]);
    assert!(said.contains("dry run") && said.contains("added"), "{said}");
    assert!(!desk.root().parent().unwrap().join("live").exists());
}

#[test]
fn a_file_that_is_not_as_the_build_left_it_is_not_published() {
    let desk = Desk::new("kind = 'folder'\npath = '../live'");
    desk.publish(&[]);
    desk.edit(1);
    let built = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .arg("build")
        .current_dir(desk.root())
        .output();
    assert!(built.unwrap().status.success());
    fs::write(desk.path("public/articles/ferry/index.html"), "damaged").unwrap();
    let said = desk.fail(2, &["--no-build"]);
    assert!(said.contains("not as the build left it"), "{said}");
    let live =
        fs::read_to_string(desk.root().parent().unwrap().join("live/articles/ferry/index.html"))
            .unwrap();
    assert!(live.contains("leaves at noon"));
    // A build mends it.
    desk.publish(&[]);
}

#[test]
fn the_same_site_makes_the_same_archive_and_others_can_read_it() {
    for name in ["site.tar.gz", "site.zip"] {
        let desk = Desk::new(&format!("kind = 'archive'\npath = '../out/{name}'"));
        let path = desk.root().parent().unwrap().join("out").join(name);
        desk.publish(&[]);
        let first = fs::read(&path).unwrap();
        let other = Desk::new(&format!("kind = 'archive'\npath = '{name}'"));
        other.publish(&[]);
        assert_eq!(first, fs::read(other.path(name)).unwrap(), "{name}");
        let to = desk.dir.path().join("read");
        fs::create_dir(&to).unwrap();
        let script = "import sys, shutil; shutil.unpack_archive(sys.argv[1], sys.argv[2])";
        let read = Command::new("python3").args(["-c", script]).args([&path, &to]).status();
        match read {
            Ok(status) => {
                assert!(status.success());
                crate::desk::assert_same(&crate::desk::tree(&to), &desk.built());
            }
            Err(error) => println!("skipped: python3: {error}"),
        }
        assert!(
            fs::read_dir(path.parent().unwrap()).unwrap().count() == 1,
            "nothing is left beside it"
        );
    }
}

/// Writes down where it runs, how it is called and what it is told, once more each time.
const RECORD: &str = "#!/bin/sh\n{ echo \"in $(basename \"$PWD\")\"; for word; do echo \"word $word\"; done; cat; echo end; } >> ../told\n";

#[cfg(unix)]
#[test]
fn what_empties_a_cache_is_told_what_readers_may_hold() {
    use std::os::unix::fs::PermissionsExt;

    let kind = "kind = 'folder'\npath = '../live'\nafter = ['./purge', 'a b', '*', '$(x)']";
    let desk = Desk::new(kind);
    desk.write("purge", RECORD);
    fs::set_permissions(desk.path("purge"), fs::Permissions::from_mode(0o755)).unwrap();
    let (told, live) = (desk.root().join("../told"), desk.root().join("../live"));
    let head = "in site\nword a b\nword *\nword $(x)\n";
    let publish = |args: &[&str]| -> Vec<String> {
        let _none = fs::remove_file(&told);
        desk.publish(&[&["--allow-command"], args].concat());
        let told = fs::read_to_string(&told).unwrap_or_default();
        let runs: Vec<&str> = told.split_inclusive("end\n").collect();
        let Some(run) = runs.first() else { return Vec::new() };
        assert_eq!(runs.len(), 1, "{told}");
        let paths = run.strip_prefix(head).and_then(|rest| rest.strip_suffix("end\n"));
        let mut paths: Vec<String> = paths.unwrap().lines().map(str::to_owned).collect();
        paths.sort();
        paths
    };
    // Nobody has seen anything yet.
    assert_eq!(publish(&[]), Vec::<String>::new());
    assert!(told.exists());
    for round in 1..4 {
        let before = crate::desk::tree(&live);
        desk.edit(round);
        let _none = fs::remove_file(&told);
        publish(&["--dry-run"]);
        assert!(!told.exists(), "nothing was published");
        let paths = publish(&[]);
        let after = crate::desk::tree(&live);
        let differs = |path: &&String| after.get(*path) != before.get(*path);
        let mut expected: Vec<String> =
            before.keys().filter(differs).map(|path| format!("/{path}")).collect();
        expected.sort();
        assert_eq!(paths, expected);
        assert!(expected.contains(&"/articles/ferry/index.html".to_owned()));
        let removed = format!("/articles/new-{}/index.html", round - 1);
        assert_eq!(expected.contains(&removed), round > 1);
    }
    // Nothing differs, and nothing is told.
    let _none = fs::remove_file(&told);
    assert_eq!(publish(&[]), Vec::<String>::new());
}

#[test]
fn a_program_runs_afterwards_when_it_is_allowed() {
    let desk =
        Desk::new("kind = 'folder'\npath = '../live'\nafter = ['sh', '-c', 'cat > ../told']");
    let told = desk.root().parent().unwrap().join("told");
    assert!(desk.fail(2, &[]).contains("--allow-command"));
    assert!(!told.exists());
    desk.publish(&["--allow-command"]);
    assert_eq!(fs::read_to_string(&told).unwrap(), "");
    desk.edit(1);
    desk.publish(&["--allow-command"]);
    assert!(fs::read_to_string(&told).unwrap().contains("/articles/ferry/index.html\n"));
    let settings = fs::read_to_string(desk.path("site.toml")).unwrap();
    desk.write("site.toml", &settings.replace("'cat > ../told'", "'exit 3'"));
    desk.edit(2);
    let said = desk.fail(1, &["--allow-command"]);
    assert!(said.contains("the site is published, but"), "{said}");
}
