//! The program as people call it: arguments, the two streams, exit status.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const ARTICLE: &str = "\
+++
title = \"Talks resume in Geneva\"
date = 2024-05-06
topics = [\"Diplomacy\"]
people = [\"Jane Doe\"]
places = [\"Geneva\"]
+++

Jane Doe arrived in Geneva on Monday. The talks will go on for a week, she said.
";

/// A folder to work in.
struct Folder(tempfile::TempDir);

/// What a run of the program gave.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

impl Folder {
    /// An empty folder.
    fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with these files.
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::empty();
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    /// A site of one article without any problem.
    fn site() -> Self {
        Self::with(&[
            ("content/articles/geneva.md", ARTICLE),
            ("site.toml", "base_url = \"https://example.org/\"\n"),
        ])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressmark"));
        command.args(args).current_dir(self.0.path());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "SOURCE_DATE_EPOCH"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_with(&[], args)
    }

    fn run_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Run {
        let output = self.command(args).envs(variables.iter().copied()).output().unwrap();
        Run {
            code: output.status.code().expect("the program exits by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn has_escape(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
}

#[test]
fn help_goes_to_standard_output_and_has_examples_when_it_is_long() {
    let folder = Folder::empty();
    let short = folder.run(&["-h"]).expect(0);
    let long = folder.run(&["--help"]).expect(0);
    for command in ["init", "new", "build", "check", "list", "completions", "man"] {
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
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 0);
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
    assert_eq!(folder.read("demo/.gitignore"), "/public\n");
    folder.write("demo/content/articles/welcome.md", "mine");
    let again = folder.run(&["init", "--root", "demo"]).expect(0);
    assert!(!again.out.contains("made"), "{}", again.out);
    assert_eq!(folder.read("demo/content/articles/welcome.md"), "mine");
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

// From here on, a site is built or read.

#[test]
fn a_new_site_builds_without_a_warning() {
    let folder = Folder::empty();
    folder.run(&["init"]).expect(0);
    let run = folder.run(&["build", "--strict"]).expect(0);
    assert!(!run.err.contains("warning"), "{}", run.err);
    assert!(run.out.lines().count() <= 6, "{}", run.out);
    assert!(run.out.contains("1 article, 1 topic"), "{}", run.out);
    assert!(run.out.contains("built     public/index.html in "), "{}", run.out);
    assert!(folder.read("public/index.html").contains("My digest"));
    folder.run(&["check", "--strict"]).expect(0);
}

#[test]
fn a_single_text_is_a_site() {
    let folder = Folder::with(&[("content/articles/a.txt", "A headline\n\nSome text follows.\n")]);
    folder.run(&["build"]).expect(0);
    assert!(folder.path("public/index.html").is_file());
}

#[test]
fn a_build_tells_programs_what_it_did() {
    let folder = Folder::site();
    let run = folder.run(&["build", "--json", "-o", "out/site"]).expect(0);
    assert_eq!(run.err, "");
    let first = run.json();
    assert_eq!(first["command"], "build");
    assert_eq!(first["ok"], true);
    assert_eq!(first["counts"]["articles"], 1);
    assert_eq!(first["counts"]["topics"], 1);
    assert!(first["counts"]["pages"].as_u64().unwrap() > 3, "{first}");
    assert!(first["written"]["written"].as_u64().unwrap() > 3, "{first}");
    assert!(first["timings"].as_array().is_some_and(|steps| !steps.is_empty()), "{first}");
    assert!(Path::new(first["output"].as_str().unwrap()).ends_with("out/site"));
    assert!(folder.path("out/site/index.html").is_file());

    let second = folder.run(&["build", "--json", "-o", "out/site"]).expect(0).json();
    assert_eq!(second["written"]["written"], 0);
    assert_eq!(second["written"]["removed"], 0);
}

#[test]
fn an_error_keeps_the_last_good_site() {
    let folder = Folder::site();
    folder.run(&["build", "--quiet"]).expect(0);
    let before = folder.read("public/index.html");
    folder.write("content/articles/bad.md", "+++\ntitle = \n+++\nText.\n");
    folder.write("content/articles/worse.md", "+++\ndate = \"someday\"\n+++\nText.\n");
    let run = folder.run(&["build"]).expect(1);
    for part in ["error[E0211]", "bad.md:2:", "error[E0214]", "worse.md:2:"] {
        assert!(run.err.contains(part), "{part:?} in {}", run.err);
    }
    assert_eq!(run.out, "failed  2 errors; nothing was written; the last good site is unchanged\n");
    assert_eq!(folder.read("public/index.html"), before);

    let json = folder.run(&["build", "--json"]).expect(1).json();
    assert_eq!(json["ok"], false);
    assert!(json["written"].is_null());
    assert_eq!(json["diagnostics"][0]["path"], "content/articles/bad.md");
    assert_eq!(json["diagnostics"][0]["code"], "E0211");
}

#[test]
fn settings_with_errors_stop_every_command() {
    let folder = Folder::site();
    folder.write("site.toml", "titel = \"x\"\n");
    for args in [&["build"][..], &["check"], &["list"]] {
        let run = folder.run(args).expect(1);
        assert!(run.err.contains("did you mean `title`?"), "{}", run.err);
    }
    assert!(!folder.path("public").exists());
}

#[test]
fn warnings_count_as_errors_when_asked() {
    let folder = Folder::site();
    folder.write("content/articles/b.md", "+++\ntitle = \"B\"\ntitel = 1\n+++\nText.\n");
    let run = folder.run(&["build"]).expect(0);
    assert!(run.err.contains("warning[W0221]") && run.out.contains("1 warning"), "{run:?}");
    let run = folder.run(&["build", "--strict"]).expect(1);
    assert!(run.out.contains("warnings count as errors"), "{}", run.out);
    assert!(folder.path("public/index.html").is_file());
    folder.run(&["check", "--strict"]).expect(1);
    let quiet = folder.run(&["build", "--quiet"]).expect(0);
    assert!(quiet.out.is_empty() && quiet.err.contains("warning[W0221]"), "{quiet:?}");
}

#[test]
fn problems_are_shown_to_github_and_to_programs() {
    let folder = Folder::with(&[("s/content/articles/b.md", "+++\ntitel = 1\n+++\nText.\n")]);
    let run = folder.run(&["check", "-r", "s", "--format", "github"]).expect(0);
    let start = "::warning file=s/content/articles/b.md,line=2,col=1,title=W0221::";
    assert!(run.err.lines().any(|line| line.starts_with(start)), "{}", run.err);
    let run = folder.run(&["check", "-r", "s", "--format", "json"]).expect(0);
    let lines: Vec<Value> =
        run.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        lines.iter().any(|d| d["code"] == "W0221" && d["path"] == "content/articles/b.md"),
        "{lines:?}"
    );
}

#[test]
fn skipped_articles_are_counted_and_named_on_request() {
    let folder = Folder::site();
    folder.write("content/articles/d.md", "+++\ntitle = \"D\"\ndraft = true\n+++\nText.\n");
    folder.write("content/articles/f.md", "+++\ntitle = \"F\"\ndate = 2030-01-01\n+++\nText.\n");
    folder.write("content/articles/e.md", "+++\ntitle = \"E\"\nexpiry = 2024-01-01\n+++\nText.\n");
    let clock = ["--clock", "2025-01-01"];
    let run = folder.run(&[&["build"], &clock[..]].concat()).expect(0);
    let counted = "1 draft (--drafts), 1 in the future (--future), 1 expired (--expired)\n";
    assert!(run.out.contains(counted), "{}", run.out);
    assert!(!run.out.contains("d.md"), "{}", run.out);
    let run = folder.run(&[&["build", "--verbose"], &clock[..]].concat()).expect(0);
    for line in ["d.md: draft\n", "e.md: expired\n", "f.md: future\n"] {
        assert!(run.out.contains(line), "{line:?} in {}", run.out);
    }
    let json = folder
        .run_with(&[("SOURCE_DATE_EPOCH", "1735689600")], &["check", "--json"])
        .expect(0)
        .json();
    assert_eq!(json["counts"]["skipped"], 3);
    assert_eq!(json["skipped"][0]["path"], "content/articles/d.md");
    assert_eq!(json["skipped"][0]["reason"], "draft");
    let all = ["build", "--drafts", "--future", "--expired", "--json"];
    let json = folder.run(&[&all, &clock[..]].concat()).expect(0).json();
    assert_eq!(json["counts"]["articles"], 4);
}

#[test]
fn a_foreign_output_folder_is_refused_unless_forced() {
    let folder = Folder::site();
    folder.write("public/mine.txt", "mine");
    let run = folder.run(&["build"]).expect(2);
    assert!(run.err.contains("--force"), "{}", run.err);
    folder.run(&["build", "--force"]).expect(0);
    assert_eq!(folder.read("public/mine.txt"), "mine");
}

#[test]
fn a_check_writes_nothing_and_is_stricter_about_links() {
    let folder = Folder::site();
    let run = folder.run(&["check"]).expect(0);
    assert_eq!(run.out, "no problems in 1 article\n");
    folder.write(
        "content/articles/l.md",
        "+++\ntitle = \"L\"\ndate = 2024-05-07\n+++\n[gone](gone.md)\n",
    );
    let run = folder.run(&["check"]).expect(1);
    assert!(run.err.contains("error[W0501]"), "{}", run.err);
    assert_eq!(run.out, "1 error in 2 articles\n");
    assert!(!folder.path("public").exists());
    folder.run(&["build"]).expect(0);
}

#[test]
fn lists_have_columns_for_people_and_keys_for_programs() {
    let folder = Folder::site();
    folder.write("content/articles/b.txt", "A headline\n\nSome text follows.\n");
    let run = folder.run(&["list"]).expect(0);
    let rows: Vec<Vec<&str>> = run.out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0][0], "2024-05-06");
    assert!(rows[0][1].starts_with("articles/") && rows[0][1].ends_with('/'), "{rows:?}");
    assert_eq!(rows[0][2], "Talks resume in Geneva");
    assert_eq!(rows[1][0], "-");

    let run = folder.run(&["list", "topics"]).expect(0);
    assert_eq!(run.out, "1\ttopics/diplomacy/\tDiplomacy\n");
    let run = folder.run(&["list", "entities", "--kind", "person"]).expect(0);
    assert!(run.out.contains("person\t1\tconfirmed\tpeople/jane-doe/\tJane Doe\n"), "{}", run.out);
    assert!(!run.out.contains("Geneva"), "{}", run.out);
    let run = folder.run(&["list", "entities", "--kind", "persn"]).expect(2);
    assert!(run.err.contains("did you mean `person`?"), "{}", run.err);

    let json = folder.run(&["list", "--json"]).expect(0).json();
    assert_eq!(json[0]["title"], "Talks resume in Geneva");
    assert_eq!(json[0]["topics"][0], "Diplomacy");
    assert_eq!(json[1]["guessed"][0], "title");
    let json = folder.run(&["list", "entities", "--json"]).expect(0).json();
    assert!(json.as_array().unwrap().iter().any(|e| e["name"] == "Geneva" && e["kind"] == "place"));
    let json = folder.run(&["list", "topics", "--json"]).expect(0).json();
    assert_eq!(json[0]["articles"], 1);
}

#[test]
fn articles_cannot_command_the_terminal() {
    let folder = Folder::with(&[(
        "content/articles/x.md",
        "+++\ntitle = \"a\\u001b[31m\\tb\\nc\"\n\"k\\u001b[2J\\u009b\" = 1\ntopics = [\"t\\u009b\"]\n+++\nText\u{1b}[1m.\n",
    )]);
    for args in [
        &["build", "--verbose"][..],
        &["check"],
        &["check", "--format", "github"],
        &["check", "--format", "json"],
        &["check", "--json"],
        &["list"],
        &["list", "topics"],
        &["list", "--json"],
    ] {
        let run = folder.run(args).expect(0);
        assert!(!has_escape(&run.out) && !has_escape(&run.err), "{args:?}: {run:?}");
    }
    let run = folder.run(&["list"]).expect(0);
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    assert_eq!(run.out.matches('\t').count(), 2, "{}", run.out);
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let folder = Folder::site();
    for n in 0..20 {
        folder.write(
            &format!("content/articles/{n}.md"),
            &ARTICLE.replace("resume", &format!("round {n}")),
        );
    }
    folder.run(&["build", "--jobs", "1", "-o", "one"]).expect(0);
    folder.run(&["build", "--jobs", "4", "-o", "four"]).expect(0);
    for page in ["index.html", "topics/diplomacy/index.html", "people/jane-doe/index.html"] {
        assert_eq!(folder.read(&format!("one/{page}")), folder.read(&format!("four/{page}")));
    }
}

#[test]
fn every_option_is_documented() {
    let manual = include_str!("../docs/commands.md");
    let folder = Folder::empty();
    for command in ["init", "new", "build", "check", "list", "completions", "man"] {
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
