//! `pressmark redact`: what was taken down, and taken back.

use std::fs;

use crate::folder::{Folder, Run};
use crate::review::raw;

const FILE: &str = "content/redactions.toml";

fn redact(folder: &Folder, args: &[&str]) -> Run {
    folder.run_with(&[("SOURCE_DATE_EPOCH", "1717200000")], &[&["redact"], args].concat())
}

#[test]
fn an_article_is_taken_down_and_back() {
    let folder = raw();
    folder.run(&["build", "--quiet"]).expect(0);
    let before = folder.read("public/index.html");
    assert!(
        folder.path(".pressmark").join("tables").exists() || folder.path(".pressmark").exists()
    );
    let dry = redact(&folder, &["talks.txt", "--dry-run"]).expect(0);
    assert!(
        dry.out.contains("1 address") && dry.out.contains("nothing was written"),
        "{}",
        dry.out
    );
    assert!(!folder.path(FILE).exists());

    let run = redact(&folder, &["content/articles/talks.txt"]).expect(0);
    assert!(
        run.out.starts_with("redacted  content/articles/talks.txt (1 address)\nnext "),
        "{}",
        run.out
    );
    let written = folder.read(FILE);
    assert!(
        written.starts_with(
            "[[redaction]]\narticle = \"articles/talks.txt\"\nat = [\"articles/talks/\"]\ndate = 2024-06-01\nid = \""
        ),
        "{written}"
    );
    let kept = fs::read_dir(folder.path(".pressmark")).unwrap();
    let kept: Vec<_> = kept.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(kept, ["lock"], "what builds found out");
    assert!(redact(&folder, &["talks.txt"]).expect(0).out.contains("nothing has changed"));
    assert_eq!(folder.read(FILE), written);
    let list = redact(&folder, &["--list"]).expect(0).out;
    assert_eq!(list, "2024-06-01\tarticle\tarticles/talks.txt\n");

    let built = folder.run(&["build"]).expect(0);
    assert!(built.out.contains("1 removed"), "{}", built.out);
    let page = folder.read("public/articles/talks/index.html");
    assert!(page.contains("Something was removed here on 1 June 2024."), "{page}");
    assert!(!folder.read("public/index.html").contains("Talks on river"));

    let run = redact(&folder, &["--undo", "articles/talks"]).expect(0);
    assert!(run.out.starts_with("undone "), "{}", run.out);
    assert!(!folder.path(FILE).exists());
    folder.run(&["build", "--quiet"]).expect(0);
    assert_eq!(folder.read("public/index.html"), before);
    assert!(!folder.path("public/removed.json").exists());
    redact(&folder, &["--undo", "talks.txt"]).expect(2);
}

#[test]
fn nothing_is_left_of_what_was_taken_down_by_hand() {
    let folder = raw();
    folder.run(&["build", "--quiet"]).expect(0);
    let clean = folder.read("public/index.html");
    let held = |word: &str| {
        let files =
            fs::read_dir(folder.path(".pressmark")).unwrap().map(|entry| entry.unwrap().path());
        let holds = |bytes: Vec<u8>| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        files.filter(|path| path.is_file()).any(|path| holds(fs::read(path).unwrap()))
    };
    assert!(held("who leads the talks") && held("Jane Doe"));
    folder.write(FILE, "[[redaction]]\narticle = \"articles/talks.txt\"\ndate = 2024-06-01\n");
    folder.run(&["build", "--quiet"]).expect(0);
    assert!(!held("who leads the talks") && held("Jane Doe"));
    let page = folder.read("public/articles/talks/index.html");
    assert!(page.contains("Something was removed here on 1 June 2024."), "{page}");
    folder.write(FILE, "[[redaction]]\nname = \"Jane Doe\"\ndate = 2024-06-01\n");
    folder.run(&["build", "--quiet"]).expect(0);
    assert!(held("who leads the talks") && !held("Jane Doe"));
    fs::remove_file(folder.path(FILE)).unwrap();
    folder.run(&["build", "--quiet"]).expect(0);
    assert_eq!(folder.read("public/index.html"), clean);
}

#[test]
fn a_name_is_taken_down_and_its_last_word_is_noted() {
    let folder = raw();
    let run = redact(&folder, &["--name", "jane doe"]).expect(0);
    assert!(run.out.contains("in 2 files\n"), "{}", run.out);
    assert!(run.out.contains("`doe` stands in 1 file without"), "{}", run.out);
    let run = redact(&folder, &["--name", "Jane Doe", "--also", "Doe"]).expect(0);
    assert!(!run.out.contains("without"), "{}", run.out);
    folder.run(&["build", "--quiet"]).expect(0);
    assert!(!folder.read("public/articles/talks/index.html").contains("Doe"));
    assert!(!folder.path("public/people/jane-doe/index.html").exists());
    redact(&folder, &["--undo", "--name", "Jane Doe"]).expect(0);
    assert!(!folder.path(FILE).exists());
    let unknown = redact(&folder, &["--name", "Nobody Atall"]).expect(0);
    assert!(unknown.out.contains("no file holds it"), "{}", unknown.out);
}

#[test]
fn a_part_of_a_longer_name_is_refused_unless_it_is_meant_so() {
    let folder = raw();
    let envoy = "Envoy arrives\n\nGENEVA, May 9, 2024 - Ali Bagheri Kani arrived in Geneva on Thursday. \
                 \"We are ready,\" said Ali **Bagheri** Kani, who leads the talks.\n";
    folder.write("content/articles/envoy.md", envoy);
    let people =
        "+++\npeople = [\"Ali Bagheri Kani\"]\ndate = 2024-05-10\n+++\nAli Bagheri Kani left.\n";
    folder.write("content/articles/left.md", people);
    for args in [&["--dry-run"][..], &[], &["--also", "Mr Bagheri"]] {
        let run = redact(&folder, &[&["--name", "ali bagheri"], args].concat()).expect(1);
        assert!(
            run.err.contains("E0426")
                && run.err.contains("`ali bagheri` is only a part of `Ali Bagheri Kani`")
                && run.err.contains("--only-these-words")
                && run.err.contains("envoy.md"),
            "{}",
            run.err
        );
        assert!(run.out.is_empty() && !folder.path(FILE).exists(), "{}", run.out);
    }
    // It goes with the longer name, or alone when that is meant.
    let run = redact(&folder, &["--name", "Ali Bagheri", "--also", "Ali Bagheri Kani", "-n"]);
    assert!(!run.expect(0).out.contains("only these"));
    redact(&folder, &["--name", "Ali Bagheri Kani", "-n"]).expect(0);
    let run = redact(&folder, &["--name", "Ali Bagheri", "--only-these-words"]).expect(0);
    assert!(run.out.contains("the rest stays, in `Ali Bagheri Kani`"), "{}", run.out);
    folder.run(&["build", "--quiet"]).expect(0);
    assert!(
        folder.read("public/articles/envoy/index.html").contains("[name removed] Kani arrived")
    );
}

#[test]
fn a_name_that_stands_by_itself_too_is_taken_down_with_a_note() {
    let folder = raw();
    let front = "+++\norganizations = [\"Karl Weber Foundation\"]\ndate = 2024-05-10\n+++\n";
    folder.write(
        "content/articles/gift.md",
        &format!("{front}The Karl Weber Foundation gave money.\n"),
    );
    let run = redact(&folder, &["--name", "Karl Weber", "-n"]).expect(0);
    assert!(run.out.contains("in `Karl Weber Foundation`\n"), "{}", run.out);
    // What a record says that somebody is called goes with the name.
    let record = "kind = \"person\"\nname = \"Karl Heinz Weber\"\naliases = [\"Karl Weber\", \"Karl Weber Jr\"]\n";
    folder.write("content/entities/weber.toml", record);
    let run = redact(&folder, &["--name", "Karl Heinz Weber", "-n"]).expect(0);
    assert!(!run.out.contains("only these words"), "{}", run.out);
}

#[test]
fn what_cannot_be_taken_down_is_refused() {
    let folder = raw();
    for (args, part) in [
        (&[][..], "ARTICLE"),
        (&["articles/talk.txt"], "did you mean `articles/talks.txt`"),
        (&["--name", "J."], "too short"),
        (&["--also", "Doe"], "--name"),
        (&["talks.txt", "--name", "Jane Doe"], "cannot be used with"),
        (&["--undo", "--name", "Jane Doe"], "was not taken down"),
    ] {
        let run = redact(&folder, args).expect(2);
        assert!(run.err.contains(part), "{args:?}: {}", run.err);
        assert!(!folder.path(FILE).exists());
    }
    folder.write(FILE, "[[redaction]]\nname = 1\n");
    let run = redact(&folder, &["talks.txt"]).expect(1);
    assert!(run.err.contains("E0422"), "{}", run.err);
    assert_eq!(folder.read(FILE), "[[redaction]]\nname = 1\n");
    folder.run(&["build"]).expect(1);
}
