//! `pressmark review`: from raw articles to pages that somebody vouches for.

use std::fs;

use serde_json::Value;

use crate::folder::{Folder, Run, has_escape};

const DECISIONS: &str = "content/decisions.toml";

const TALKS: &str = "\
Talks on river water resume in Geneva

GENEVA, May 6, 2024 - Delegations from four countries met in Geneva on Monday to talk about the river.
The United Nations offered to mediate. \"We have a month,\" said Jane Doe, who leads the talks. Doe left.
";

const DAM: &str = "\
Dam opens after ten years of work

VIENNA, May 8, 2024 - The dam on the river opened on Wednesday. Jane Doe and Karl Weber cut the ribbon.
\"It was worth it,\" said Janie Roe of the United Nations. Weber thanked the workers.
";

/// A site of two raw articles and a topic, on which nobody has decided anything.
pub(crate) fn raw() -> Folder {
    Folder::with(&[
        ("content/articles/talks.txt", TALKS),
        ("content/articles/dam.txt", DAM),
        ("content/topics/water.toml", "name = \"Water\"\nkeywords = [\"river\"]\n"),
        ("site.toml", "base_url = \"https://example.org/\"\n"),
    ])
}

pub(crate) fn review(folder: &Folder, args: &[&str]) -> Run {
    folder.run_with(&[("SOURCE_DATE_EPOCH", "1717200000")], &[&["review"], args].concat())
}

/// Decides, and returns what was printed.
pub(crate) fn decide(folder: &Folder, args: &[&str]) -> String {
    let run = review(folder, args).expect(0);
    assert_eq!(run.err, "");
    run.out
}

/// Builds, and returns a file of the site.
pub(crate) fn built(folder: &Folder, path: &str) -> String {
    folder.run(&["build", "--quiet"]).expect(0);
    folder.read(&format!("public/{path}"))
}

/// Returns `status kind name` of each entity.
fn entities(folder: &Folder) -> Vec<String> {
    let rows = folder.run(&["list", "entities", "--json"]).expect(0).json();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let row = |row: &Value| [text(row, "status"), text(row, "kind"), text(row, "name")].join(" ");
    rows.as_array().unwrap().iter().map(row).collect()
}

fn has(folder: &Folder, entity: &str) -> bool {
    entities(folder).iter().any(|one| one == entity)
}

#[test]
fn what_nobody_decided_about_is_listed_with_its_sentences() {
    let folder = raw();
    let run = folder.run(&["review"]).expect(0);
    assert_eq!(run.err, "");
    let part = "Jane Doe  person, 3 mentions in 2 articles\n  also: Doe\n  \
                content/articles/dam.txt: Jane Doe and Karl Weber cut the ribbon.\n";
    assert!(run.out.contains(part), "{}", run.out);
    assert!(run.out.contains("\n  Water  content/articles/dam.txt: Dam opens"), "{}", run.out);
    let places = folder.run(&["review", "list", "--kind", "places"]).expect(0).out;
    assert!(places.starts_with("Geneva  place") && !places.contains("person"), "{places}");
    let one = folder.run(&["review", "--limit", "1"]).expect(0).out;
    assert!(one.contains("\nand ") && one.contains("  and 1 more (--limit 0)\n"), "{one}");

    let json = folder.run(&["review", "--json"]).expect(0).json();
    let mentions = |one: &Value| one["mentions"].as_u64().unwrap();
    let all = json["entities"].as_array().unwrap();
    assert!(all.is_sorted_by(|a, b| mentions(a) >= mentions(b)), "{json}");
    for entity in all {
        let sentences = entity["sentences"].as_array().unwrap();
        assert!((1..=3).contains(&sentences.len()), "{entity}");
        for sentence in sentences {
            let article = folder.read(sentence["article"].as_str().unwrap());
            assert!(
                article
                    .replace('\n', " ")
                    .contains(&sentence["text"].as_str().unwrap().replace('\n', " ")),
                "{sentence}"
            );
        }
    }
    assert_eq!(json["topics"][0]["rule"], "topic.keyword");
    assert_eq!(json["review"]["topics"], 2);
}

#[test]
fn an_accepted_name_is_confirmed_on_its_page() {
    let folder = raw();
    let heading = || -> String {
        let page = built(&folder, "people/jane-doe/index.html");
        page.lines().find(|line| line.starts_with("<h1>")).unwrap().to_owned()
    };
    assert!(heading().contains("not yet confirmed"), "{}", heading());
    let out = decide(&folder, &["accept", "jane doe", "Geneva", "--by", "Ann \"A\" Lee"]);
    assert_eq!(out, "accepted  Jane Doe (person)\naccepted  Geneva (place)\n");
    assert!(has(&folder, "confirmed person Jane Doe") && has(&folder, "confirmed place Geneva"));
    assert!(has(&folder, "suggested person Karl Weber"));
    assert!(!heading().contains("not yet confirmed"), "{}", heading());
    let decisions: toml::Table = folder.read(DECISIONS).parse().unwrap();
    let first = &decisions["decision"][0];
    assert_eq!(first["by"].as_str(), Some("Ann \"A\" Lee"));
    assert_eq!(first["on"].to_string(), "2024-06-01");
    let again = decide(&folder, &["--root", ".", "accept", "Jane Doe"]);
    assert_eq!(again, "kept      Jane Doe (person): confirmed already\n");
    assert!(!folder.run(&["review"]).expect(0).out.contains("Jane Doe  person"));
}

#[test]
fn a_reviewer_may_be_named_by_the_environment() {
    let folder = raw();
    let by = [("PRESSMARK_REVIEWER", " Ann\u{1b}[31m Lee ")];
    folder.run_with(&by, &["review", "accept", "Geneva", "--kind", "event"]).expect(0);
    assert!(folder.read(DECISIONS).contains("kind = \"event\"\n"));
    assert!(
        folder.read(DECISIONS).contains("by = \"Ann[31m Lee\"\n"),
        "{}",
        folder.read(DECISIONS)
    );
    assert!(has(&folder, "confirmed event Geneva"));
}

#[test]
fn pages_say_who_reviewed_them() {
    let folder = raw();
    let page = "articles/dam/index.html";
    assert!(!built(&folder, page).contains("Reviewed by"));
    let ann = [("PRESSMARK_REVIEWER", "Ann <Lee>"), ("SOURCE_DATE_EPOCH", "1717200000")];
    folder.run_with(&ann, &["review", "accept", "Karl Weber"]).expect(0);
    folder.run_with(&ann, &["review", "accept", "Karl Weber", "--kind", "person"]).expect(0);
    let bo = [("PRESSMARK_REVIEWER", "Bo Ek"), ("SOURCE_DATE_EPOCH", "1717200000")];
    folder.run_with(&bo, &["review", "reject", "--topic", "Water", "dam.txt"]).expect(0);
    let dam = built(&folder, page);
    let lines = |page: &str| page.matches("<dt>Reviewed by</dt>").count();
    assert!(dam.contains("<dt>Reviewed by</dt><dd><bdi>Ann &lt;Lee&gt;</bdi>, <time"), "{dam}");
    assert!(dam.contains("<bdi>Bo Ek</bdi>"), "{dam}");
    assert_eq!(lines(&dam), 2);
    // Karl Weber is not named there.
    assert_eq!(lines(&built(&folder, "articles/talks/index.html")), 0);
}

#[test]
fn a_rejected_name_goes_with_its_forms_until_that_is_taken_back() {
    let folder = raw();
    let before = entities(&folder);
    let out = decide(&folder, &["reject", "Karl Weber"]);
    assert_eq!(out, "rejected  Karl Weber (person), also as Weber\n");
    assert!(!entities(&folder).iter().any(|one| one.contains("Weber")));
    assert!(!built(&folder, "articles/dam/index.html").contains("karl-weber"));
    assert!(!folder.path("public/people/karl-weber/index.html").exists());
    let run = review(&folder, &["accept", "Karl Weber"]).expect(2);
    assert!(run.err.contains("was rejected") && run.err.contains("undo"), "{}", run.err);
    assert_eq!(decide(&folder, &["undo", "karl weber"]), "undone    reject Karl Weber\n");
    assert_eq!(entities(&folder), before);
    assert_eq!(folder.read(DECISIONS), "");
}

#[test]
fn names_are_joined_and_parted() {
    let folder = raw();
    assert!(has(&folder, "suggested person Janie Roe"));
    assert_eq!(
        decide(&folder, &["merge", "Jane Doe", "Janie Roe"]),
        "merged    Janie Roe into Jane Doe (person)\n"
    );
    let joined = entities(&folder);
    assert!(!joined.iter().any(|one| one.ends_with("Janie Roe")), "{joined:?}");
    assert!(
        built(&folder, "people/jane-doe/index.html").contains("said <mark>Janie Roe</mark> of")
    );
    assert!(decide(&folder, &["merge", "Jane Doe", "Janie Roe"]).starts_with("kept "));

    let out = decide(&folder, &["split", "Jane Doe", "janie roe"]);
    assert_eq!(out, "split     Janie Roe (person) from Jane Doe\n");
    assert!(
        has(&folder, "confirmed person Janie Roe") && has(&folder, "confirmed person Jane Doe")
    );
    // A form that the text itself joined, which no decision knows of.
    decide(&folder, &["split", "Jane Doe", "Doe"]);
    assert!(has(&folder, "confirmed person Doe"));
    assert_eq!(decide(&folder, &["undo"]), "undone    split Jane Doe, Doe\n");
    assert_eq!(decide(&folder, &["undo"]), "undone    split Jane Doe, Janie Roe\n");
    assert_eq!(entities(&folder), joined);
}

#[test]
fn somebody_gets_another_name_or_kind() {
    let folder = raw();
    decide(&folder, &["rename", "Karl Weber", " Karl \"K\"\n\u{1b}[1mWeber' "]);
    assert!(has(&folder, "confirmed person Karl \"K\" [1mWeber'"), "{:?}", entities(&folder));
    decide(&folder, &["rename", "Karl \"K\" [1mWeber'", "Karl-Maria Weber"]);
    assert!(has(&folder, "confirmed person Karl-Maria Weber"));
    assert!(built(&folder, "people/karl-maria-weber/index.html").contains("<bdi>Karl Weber</bdi>"));
    decide(&folder, &["kind", "United Nations", "events"]);
    assert!(has(&folder, "confirmed event United Nations"));
    decide(&folder, &["undo", "United Nations"]);
    assert!(has(&folder, "suggested organization United Nations"));
}

#[test]
fn topics_of_articles_are_decided_about_one_by_one() {
    let folder = raw();
    let topics = |title: &str| -> Value {
        let rows = folder.run(&["list", "--json"]).expect(0).json();
        let row = rows.as_array().unwrap().iter().find(|row| row["title"].as_str() == Some(title));
        row.unwrap()["topics"].clone()
    };
    let (talks, dam) =
        ("Talks on river water resume in Geneva", "Dam opens after ten years of work");
    decide(&folder, &["reject", "--topic", "water", "talks.txt"]);
    decide(&folder, &["accept", "--topic", "Water", "content/articles/dam.txt"]);
    assert_eq!((topics(talks), topics(dam)), (serde_json::json!([]), serde_json::json!(["Water"])));
    let json = folder.run(&["review", "--json"]).expect(0).json();
    assert_eq!(json["topics"], serde_json::json!([]));
    // Nobody's text suggests it any more, and it stays.
    folder.write("content/topics/water.toml", "name = \"Water\"\n");
    assert_eq!(topics(dam), serde_json::json!(["Water"]));
    decide(&folder, &["reject", "--topic", "Water", "dam.txt"]);
    assert_eq!(topics(dam), serde_json::json!([]));
    folder.write("content/articles/c.md", "+++\ntitle = \"C\"\ntopics = [\"Water\"]\n+++\nText.\n");
    let run = review(&folder, &["reject", "--topic", "Water", "c.md"]).expect(2);
    assert!(run.err.contains("front matter"), "{}", run.err);
}

#[test]
fn a_record_that_covers_a_name_is_not_changed() {
    let folder = raw();
    let record = "# mine\nname = \"Jane Doe\"\nkind = \"person\"\ndescription = \"Leads.\"\n";
    folder.write("content/entities/jane.toml", record);
    decide(&folder, &["merge", "Jane Doe", "Janie Roe"]);
    decide(&folder, &["rename", "Jane Doe", "Dr Jane Doe"]);
    assert!(has(&folder, "confirmed person Dr Jane Doe"));
    assert!(built(&folder, "people/jane/index.html").contains("Leads."));
    assert_eq!(folder.read("content/entities/jane.toml"), record);
    let run = review(&folder, &["reject", "Dr Jane Doe"]).expect(2);
    assert!(run.err.contains("content/entities/jane.toml"), "{}", run.err);
}

#[test]
fn what_a_person_wrote_into_the_file_stays() {
    let folder = raw();
    let mine = "# The desk decides.\n\n[[decision]]\naction   = 'accept' # by phone\nname = \"Geneva\"\nkind = \"place\"\n\n# Not sure about Weber.\n";
    folder.write(DECISIONS, mine);
    decide(&folder, &["reject", "Karl Weber"]);
    let text = folder.read(DECISIONS);
    assert!(text.starts_with(mine), "{text}");
    decide(&folder, &["undo"]);
    assert_eq!(folder.read(DECISIONS).trim_end(), mine.trim_end());
    let left = fs::read_dir(folder.path("content")).unwrap().count();
    assert_eq!(left, 3, "articles, topics and the file; no other");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_of_the_site() {
    let folder = Folder::with(&[("s/content/articles/talks.txt", TALKS), ("mine.toml", "")]);
    let link = folder.path("s/content/decisions.toml");
    std::os::unix::fs::symlink("../../mine.toml", &link).unwrap();
    let run = review(&folder, &["-r", "s", "accept", "Geneva"]).expect(2);
    assert!(run.err.contains("out of the site"), "{}", run.err);
    assert_eq!(folder.read("mine.toml"), "");
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("../desk.toml", &link).unwrap();
    folder.write("s/desk.toml", "# The desk.\n");
    decide(&folder, &["-r", "s", "accept", "Geneva"]);
    assert!(folder.read("s/desk.toml").starts_with("# The desk.\n\n[[decision]]\n"));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[test]
fn wrong_arguments_change_nothing() {
    let folder = raw();
    let long = "x".repeat(100_000);
    for (args, part) in [
        (&["accept"][..], "<NAME>"),
        (&["accept", "Geneva", "Jane Deo"], "did you mean `Jane Doe`?"),
        (&["accept", "Doe"], "another form of `Jane Doe`"),
        (&["accept", "\u{1b}[31m\"\n'"], "no article names `[31m\" '`"),
        (&["accept", ""], "no article names ``"),
        (&["reject", &long], "x…`"),
        (&["accept", "Geneva", "--kind", "plaice"], "did you mean `place`?"),
        (&["merge", "Jane Doe", "JANE DOE"], "are one name"),
        (&["merge", "Jane Doe", "Karl Wbeer"], "did you mean `Karl Weber`?"),
        (&["split", "Jane Doe", "Weber"], "its other forms are: Doe"),
        (&["split", "Geneva", "Oslo"], "is not another form of `Geneva`"),
        (&["rename", "Jane Doe", "karl weber"], "there is a `Karl Weber` already"),
        (&["rename", "Jane Doe", " \n\u{1b}"], "the new name is empty"),
        (&["rename", "Jane Doe", &long], "too long"),
        (&["kind", "Jane Doe", "persn"], "did you mean `person`?"),
        (&["accept", "--topic", "Watre", "dam.txt"], "did you mean `Water`?"),
        (&["accept", "--topic", "Water", "content/articles/dan.txt"], "dam.txt`?"),
        (&["accept", "--topic", "Water", "../../x"], "no article that is shown"),
        (&["list", "--kind", "persn"], "did you mean `person`?"),
        (&["ls"], "'ls'"),
        (&["--json", "accept", "Geneva"], "`--json` stands in front"),
    ] {
        let run = review(&folder, args).expect(2);
        assert!(run.err.contains(part) && run.err.len() < 2000, "{part:?} in {}", run.err);
        assert!(!has_escape(&run.err) && run.out.is_empty(), "{run:?}");
    }
    for args in [&["review", "undo"][..], &["review", "undo", "Jane"]] {
        let run = folder.run(args).expect(2);
        assert!(run.err.contains("there is no decision"), "{}", run.err);
    }
    assert!(!folder.path(DECISIONS).exists());
    decide(&folder, &["accept", "Geneva"]);
    let run = folder.run(&["review", "undo", "Genevа"]).expect(2);
    assert!(run.err.contains("did you mean `Geneva`?"), "{}", run.err);
}

#[test]
fn a_file_with_errors_is_reported_and_left_alone() {
    let folder = raw();
    for (text, code) in [
        ("[[decision]]\naction = \"acept\"\nname = \"Geneva\"\n", "E0412"),
        ("[[decision]\n", "E0411"),
        ("decision = 3\n", "E0411"),
    ] {
        folder.write(DECISIONS, text);
        for args in [
            &["build"][..],
            &["check"],
            &["review"],
            &["review", "accept", "Geneva"],
            &["review", "undo"],
        ] {
            let run = folder.run(args).expect(1);
            assert!(run.err.contains(&format!("error[{code}]")), "{args:?}: {}", run.err);
            assert!(run.err.contains("content/decisions.toml:"), "{}", run.err);
        }
        assert_eq!(folder.read(DECISIONS), text);
    }
    // An error elsewhere keeps nobody from deciding.
    folder.write(DECISIONS, "");
    folder.write("content/articles/bad.md", "+++\ntitle = \n+++\nText.\n");
    decide(&folder, &["accept", "Geneva"]);
}

#[test]
fn names_of_hostile_articles_cannot_harm_the_file() {
    let name = "Karl \\\"\"\"'''\u{1}\u{202e} = [[decision]] \u{7f}Weber";
    let article =
        format!("+++\ntitle = \"T\"\npeople = ['''{}''']\n+++\nText.\n", "K\"\\ [[decision]] W");
    let folder = Folder::with(&[("content/articles/a.md", &article), ("site.toml", "")]);
    decide(&folder, &["kind", "K\"\\ [[decision]] W", "event"]);
    decide(&folder, &["rename", "K\"\\ [[decision]] W", name]);
    let list: toml::Table = folder.read(DECISIONS).parse().unwrap();
    assert_eq!(list["decision"].as_array().unwrap().len(), 2);
    folder.run(&["build"]).expect(0);
    assert!(folder.run(&["list", "entities"]).expect(0).out.contains("confirmed\tevents/"));
}

#[test]
fn the_gate_is_shut_until_all_is_decided() {
    let folder = raw();
    let open = folder.run(&["check", "--json"]).expect(0).json();
    assert_eq!(
        (&open["review"]["gate"], &open["review"]["blocks"]),
        (&"label".into(), &false.into())
    );
    folder.write("site.toml", "base_url = \"https://example.org/\"\n[review]\ngate = \"block\"\n");
    let run = folder.run(&["check"]).expect(3);
    assert!(
        run.err.contains("suggested entities, 2 derived topics")
            && run.err.contains("pressmark review"),
        "{}",
        run.err
    );
    let lines = folder.run(&["check", "--format", "json"]).expect(3).err;
    let line: Value = serde_json::from_str(&lines).unwrap();
    assert_eq!(line["code"], "E0414");
    let shut = folder.run(&["check", "--json"]).expect(3).json();
    assert!(shut["diagnostics"][0]["help"].as_str().unwrap().contains("pressmark review accept"));
    assert_eq!((&shut["ok"], &shut["review"]["blocks"]), (&false.into(), &true.into()));
    // A build only writes files on this machine.
    folder.run(&["build"]).expect(0);

    let json = folder.run(&["review", "--json"]).expect(0).json();
    for entity in json["entities"].as_array().unwrap() {
        decide(&folder, &["accept", entity["name"].as_str().unwrap()]);
    }
    folder.run(&["check"]).expect(3);
    decide(&folder, &["accept", "--topic", "Water", "talks.txt", "dam.txt"]);
    let run = folder.run(&["check"]).expect(3);
    assert!(run.err.contains("nobody has reviewed 2 quotations"), "{}", run.err);
    decide(&folder, &["accept", "--facts", "talks.txt", "content/articles/dam.txt"]);
    let run = folder.run(&["check"]).expect(0);
    assert_eq!(run.err, "");
    folder.write("content/articles/bad.md", "+++\ntitle = \n+++\nText.\n");
    folder.run(&["check"]).expect(1);
}
