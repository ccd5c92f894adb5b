//! The program as people call it: arguments, the two streams, exit status.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod facts;
mod folder;
mod hosting;
#[cfg(feature = "network")]
mod links;
mod recognizer;
mod redact;
mod review;
mod sites;
mod themes;

use std::fs;
use std::process::Stdio;

use crate::folder::{Folder, has_escape};

#[test]
fn help_goes_to_standard_output_and_has_examples_when_it_is_long() {
    let folder = Folder::empty();
    let short = folder.run(&["-h"]).expect(0);
    let long = folder.run(&["--help"]).expect(0);
    for command in [
        "init",
        "new",
        "build",
        "serve",
        "check",
        "publish",
        "verify",
        "list",
        "hosting",
        "review",
        "redact",
        "theme",
        "digest",
        "completions",
        "man",
    ] {
        assert!(short.out.contains(&format!("\n  {command} ")), "{command} in {}", short.out);
        folder.run(&[command, "--help"]).expect(0);
    }
    assert!(long.out.contains("Examples:") && !short.out.contains("Examples:"));
    assert_eq!(short.err, "");
    let version = folder.run(&["--version"]).expect(0);
    assert_eq!(version.out, concat!("pressmark ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn wrong_usage_exits_with_2_and_says_why_on_standard_error() {
    let folder = Folder::site();
    for (args, part) in [
        (&[][..], "Usage: pressmark"),
        (&["bild"], "'build'"),
        (&["build", "--dratfs"], "'--drafts'"),
        (&["build", "--jobs", "0"], "1..=1024"),
        (&["build", "--quiet", "--verbose"], "cannot be used with"),
        (&["build", "--base-url", "ftp://x"], "must start with"),
        (&["build", "--clock", "soon"], "2024-05-06"),
        (&["build", "--clock", "2024-02-30"], "2024-05-06"),
        (&["check", "--format", "xml"], "github"),
        (&["list", "planets"], "entities"),
        (&["list", "topics", "--kind", "person"], "list entities"),
        (&["completions", "cmd"], "powershell"),
        (&["man", "bild"], "did you mean `build`?"),
        (&["new", " "], "the title is empty"),
        (&["new", "../x.md"], "content/articles"),
        (&["build", "--root", "nowhere"], "does not exist"),
    ] {
        let run = folder.run(args).expect(2);
        assert!(run.err.contains(part), "{part:?} in {}", run.err);
        assert_eq!(run.out, "", "{args:?}");
    }
    let run = folder.run_with(&[("SOURCE_DATE_EPOCH", "soon")], &["build"]).expect(2);
    assert!(run.err.contains("SOURCE_DATE_EPOCH") && run.err.contains("help: "), "{}", run.err);
}

#[test]
fn a_folder_without_a_site_is_refused_with_a_hint() {
    let folder = Folder::empty();
    for args in [&["build"][..], &["check"], &["list"], &["new", "A title"]] {
        let run = folder.run(args).expect(2);
        assert!(run.err.contains("neither `site.toml` nor `content`"), "{}", run.err);
        assert!(run.err.contains("help: run `pressmark init`"), "{}", run.err);
    }
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 0);
}

#[test]
fn init_writes_a_site_once_and_never_changes_a_file() {
    let folder = Folder::with(&[("demo/site.toml", "# mine\n")]);
    let run = folder.run(&["init", "demo"]).expect(0);
    assert_eq!(
        run.out,
        "\
kept  demo/site.toml
made  demo/content/articles/welcome.md
made  demo/content/pages/about.md
made  demo/.gitignore
next: pressmark build --root demo
"
    );
    assert_eq!(folder.read("demo/site.toml"), "# mine\n");
    assert_eq!(folder.read("demo/.gitignore"), "/public\n/.pressmark\n");
    folder.write("demo/content/articles/welcome.md", "mine");
    let again = folder.run(&["init", "--root", "demo"]).expect(0);
    assert!(!again.out.contains("made"), "{}", again.out);
    assert_eq!(folder.read("demo/content/articles/welcome.md"), "mine");
}

#[test]
fn what_a_build_found_out_is_used_by_the_next_one_but_not_without_cache() {
    let folder = Folder::with(&[
        ("content/articles/a.txt", "Title A\n\nOSLO, May 6, 2024 - They met in Oslo on Monday."),
        ("content/articles/b.txt", "Title B\n\nVIENNA, May 7, 2024 - They met in Vienna."),
    ]);
    let build = |options: &[&str]| {
        let run = folder.run(&[&["build", "--json"], options].concat()).expect(0).json();
        let number = |at: &str| run.pointer(at).and_then(serde_json::Value::as_u64).unwrap();
        (number("/reused"), number("/store/found"), number("/written/written"))
    };
    let (reused, found, written) = build(&["--no-cache"]);
    assert_eq!((reused, found), (0, 0));
    assert!(written > 10 && !folder.path(".pressmark").exists());
    let (reused, found, written) = build(&[]);
    assert_eq!((reused, found, written), (0, 0, 0));
    folder.write("content/articles/b.txt", "Title B\n\nVIENNA, May 7, 2024 - All met in Vienna.");
    let (reused, found, written) = build(&[]);
    assert!(reused > 5, "{reused} outputs");
    assert!(found >= 1 && written >= 1, "{found} values, {written} files");
    let (reused, found, _) = build(&["--no-cache"]);
    assert_eq!((reused, found), (0, 0));
}

#[test]
fn init_beside_articles_adds_no_example() {
    let folder = Folder::with(&[("content/articles/a.txt", "Mine.")]);
    let run = folder.run(&["init"]).expect(0);
    assert!(run.out.contains("made  site.toml\n") && !run.out.contains("welcome"), "{}", run.out);
    assert!(run.out.ends_with("next: pressmark build\n"), "{}", run.out);
    assert!(!folder.path("content/articles/welcome.md").exists());
}

#[cfg(unix)]
#[test]
fn init_does_not_write_through_a_link() {
    let folder = Folder::empty();
    std::os::unix::fs::symlink("elsewhere", folder.path("site.toml")).unwrap();
    folder.run(&["init"]).expect(0);
    assert!(!folder.path("elsewhere").exists());
}

#[test]
fn new_writes_a_draft_and_prints_its_path() {
    let folder = Folder::with(&[("s/site.toml", "time_zone = \"Asia/Tokyo\"\n")]);
    let args = ["new", "-r", "s", "Talks \"resume\"", "--clock", "2024-05-06T20:00:00Z"];
    let run = folder.run(&args).expect(0);
    assert_eq!(run.out, "s/content/articles/2024/2024-05-07-talks-resume.md\n");
    let text = folder.read(run.out.trim());
    let front: toml::Table = text.trim().trim_matches('+').parse().unwrap();
    assert_eq!(front["title"].as_str(), Some("Talks \"resume\""));
    assert_eq!(front["date"].to_string(), "2024-05-07");
    assert_eq!(front["draft"].as_bool(), Some(true));

    folder.write(run.out.trim(), "mine");
    let again = folder.run(&args).expect(2);
    assert!(again.err.contains("exists already"), "{}", again.err);
    assert_eq!(folder.read(run.out.trim()), "mine");
}

#[test]
fn new_takes_a_path_and_the_time_of_the_environment() {
    let folder = Folder::with(&[("site.toml", "")]);
    let epoch = [("SOURCE_DATE_EPOCH", "86400")];
    let run = folder.run_with(&epoch, &["new", "deep/summit-in-geneva.md"]).expect(0);
    assert_eq!(run.out, "content/articles/deep/summit-in-geneva.md\n");
    let text = folder.read(run.out.trim());
    assert!(text.contains("title = \"Summit in geneva\"\ndate = 1970-01-02\n"), "{text}");
}

#[test]
fn new_shows_what_is_wrong_with_the_settings() {
    let folder = Folder::with(&[("site.toml", "titel = \"x\"\n")]);
    let run = folder.run(&["new", "x"]).expect(1);
    assert!(run.err.contains("error[E0102]") && run.err.contains("site.toml:1"), "{}", run.err);
    assert!(!folder.path("content").exists());
}

#[test]
fn shells_get_completions_and_readers_a_manual() {
    let folder = Folder::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = folder.run(&["completions", shell]).expect(0);
        assert!(run.out.contains("base-url") && run.err.is_empty(), "{shell}");
    }
    let run = folder.run(&["man"]).expect(0);
    assert!(run.out.contains(".TH pressmark 1") && run.out.contains("Exit status"), "{}", run.out);
    let run = folder.run(&["man", "build"]).expect(0);
    assert!(run.out.contains(".TH pressmark-build 1") && run.out.contains("strict"), "{}", run.out);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::empty();
    for args in [&["completions", "zsh"][..], &["--help"]] {
        let mut child =
            folder.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let folder = Folder::empty();
    let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    for args in [&["man"][..], &["--help"]] {
        let status = folder.command(args).stdout(full()).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(1), "{args:?}");
    }
}

#[test]
fn colours_are_used_when_asked_for() {
    let folder = Folder::empty();
    let force = ("CLICOLOR_FORCE", "1");
    for (variables, args, colours) in [
        (&[][..], &["build"][..], false),
        (&[], &["build", "--color", "always"], true),
        (&[force], &["build"], true),
        (&[("CLICOLOR_FORCE", "0")], &["build"], false),
        (&[force, ("NO_COLOR", "1")], &["build"], false),
        (&[force], &["build", "--color=never"], false),
        (&[force], &["bild", "--color", "never"], false),
        (&[("NO_COLOR", "1")], &["bild", "--color", "always"], true),
    ] {
        let run = folder.run_with(variables, args).expect(2);
        assert_eq!(has_escape(&run.err), colours, "{variables:?} {args:?}: {}", run.err);
    }
}

#[test]
fn every_option_is_documented() {
    let manual = include_str!("../../docs/commands.md");
    let folder = Folder::empty();
    for command in [
        "init",
        "new",
        "build",
        "check",
        "publish",
        "verify",
        "list",
        "hosting",
        "review",
        "digest",
        "completions",
        "man",
    ] {
        assert!(manual.contains(&format!("\n## `pressmark {command}")), "{command}");
        let help = folder.run(&[command, "--help"]).expect(0).out;
        // An option is described on the line that begins with it.
        let starts = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
        for line in starts.filter(|line| !line.starts_with("- ")) {
            let at = line.find("--").unwrap();
            let name = line[at..].split([' ', ',']).next().unwrap();
            let known = [format!("`{name}`"), format!("`{name} ")];
            assert!(known.iter().any(|known| manual.contains(known)), "{command} {name}");
        }
    }
}

#[test]
fn digest_answers_rows_in_their_order_and_reads_files_as_a_build_does() {
    let folder = Folder::site();
    let run = folder.run(&["digest", "content/articles/geneva.md"]).expect(0);
    assert!(run.out.starts_with("Talks resume in Geneva\n"), "{}", run.out);
    assert!(
        run.out.contains("\nPeople\n  Jane Doe (1)\n")
            && run.out.contains("\nPlaces\n  Geneva (1)\n"),
        "{}",
        run.out
    );
    let json = folder.run(&["digest", "--json", "content/articles/geneva.md"]).expect(0).json();
    let person = json["entities"].as_array().unwrap().iter().find(|one| one["kind"] == "person");
    assert_eq!(person.unwrap()["name"], "Jane Doe");
    for (args, part) in [
        (&["digest"][..], "no file to digest"),
        (&["digest", "nowhere.txt"], "nowhere.txt"),
        (&["digest", "site.toml"], "not an article"),
        (&["digest", "--summary-ratio", "2", "content/articles/geneva.md"], "at most 1"),
        (&["digest", "--jsonl", "a.txt"], "cannot be used with"),
    ] {
        let run = folder.run(args);
        assert!(run.code != 0 && run.err.contains(part), "{part:?} in {run:?}");
    }
    let rows = "{\"id\":\"b\",\"text\":\"Oslo is cold.\"}\n\n{\"id\":\"a\",\"text\":\"\"}\n";
    let run = folder.feed(&["digest", "--jsonl"], rows).expect(0);
    let ids: Vec<String> = run
        .out
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["id"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(ids, ["b", "a"]);
    let run = folder
        .feed(&["digest", "--jsonl"], "{\"id\":\"b\",\"text\":\"x\"}\n{\"id\":1}\n")
        .expect(2);
    assert!(run.err.contains("line 2 of standard input"), "{}", run.err);
}
