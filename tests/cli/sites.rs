//! Commands that build or read a site.

use std::path::Path;

use serde_json::Value;

use crate::folder::{ARTICLE, Folder, has_escape};

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
fn texts_that_nobody_tagged_get_topics_that_say_they_were_found() {
    let folder = Folder::empty();
    for place in ["Beira", "Lusaka", "Goma"] {
        let text = format!(
            "Cholera in {place}\n\nCholera has reached {place}. The cholera wards of {place} are full, and cholera spreads by water.\n"
        );
        folder.write(&format!("content/articles/{place}.txt"), &text);
    }
    folder.write(
        "content/articles/tagged.md",
        "+++\ntopics = [\"Rain\"]\n+++\nCholera, cholera, cholera and cholera.\n",
    );
    folder.run(&["build"]).expect(0);
    assert!(folder.path("public/topics/cholera/index.html").is_file());
    let twin: Value =
        serde_json::from_str(&folder.read("public/topics/cholera/index.json")).unwrap();
    assert_eq!(twin["article_count"], 3, "{twin}");
    let page = folder.read("public/articles/beira/index.html");
    assert!(page.contains("words that come again and again in this text, and in others"), "{page}");
    // Edits of one text are edits of the topic, too.
    folder.write("content/articles/Goma.txt", "Rain in Goma\n\nIt rained.\n");
    folder.run(&["build"]).expect(0);
    assert!(!folder.path("public/topics/cholera/index.html").exists());
    folder.write("site.toml", "[topics]\ndiscover = false\n");
    folder.run(&["build"]).expect(0);
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
fn timings_are_lines_after_the_summary_on_request() {
    let folder = Folder::site();
    let run = folder.run(&["build", "--timings"]).expect(0);
    let after = run.out.split("\nbuilt ").nth(1).unwrap();
    let steps: Vec<&str> =
        after.lines().skip(1).map(|line| line.split(' ').next().unwrap()).collect();
    assert!(steps.starts_with(&["settings", "list", "load"]), "{steps:?}");
    assert!(steps.ends_with(&["other", "all"]), "{steps:?}");
    assert!(!folder.run(&["build"]).expect(0).out.contains("render "));
    assert_eq!(folder.run(&["build", "--timings", "--quiet"]).expect(0).out, "");
}

#[test]
fn a_dry_run_counts_and_writes_nothing() {
    let folder = Folder::site();
    let dry = folder.run(&["build", "--dry-run"]).expect(0);
    assert!(dry.out.contains("nothing was written"), "{}", dry.out);
    assert!(!folder.path("public").exists());
    let files = |out: &str| {
        out.lines()
            .find(|line| line.starts_with("files "))
            .map(|line| line.split(" written").next().unwrap().to_owned())
    };
    assert_eq!(files(&dry.out), files(&folder.run(&["build"]).expect(0).out));
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
fn a_site_without_names_in_texts_still_has_those_of_front_matter_and_topics_but_no_drafts() {
    let folder = Folder::site();
    folder.write("site.toml", "title = \"S\"\n[entities]\nrecognize = \"none\"\n");
    let front = |name: &str, more: &str| {
        format!(
            "+++\ntitle = \"T\"\npeople = [\"{name}\"]\n{more}+++\nAda Lovelace met Charles Babbage.\n"
        )
    };
    folder.write("content/topics/meetings.toml", "name = \"Meetings\"\nkeywords = [\"met\"]\n");
    folder.write("content/articles/shown.md", &front("Ada Lovelace", ""));
    folder.write("content/articles/hidden.md", &front("Charles Babbage", "draft = true\n"));
    let run = folder.run(&["build"]).expect(0);
    assert!(folder.path("public/people/ada-lovelace/index.html").exists());
    assert!(!folder.path("public/people/charles-babbage").exists());
    assert!(folder.read("public/topics/meetings/index.html").contains("articles/shown/"));
    assert!(run.out.contains("1 draft"), "{}", run.out);
    folder.run(&["build", "--drafts"]).expect(0);
    assert!(folder.path("public/people/charles-babbage/index.html").exists());
}
