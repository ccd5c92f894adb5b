//! A program, or a model, of the site that finds names.

use crate::folder::Folder;

/// Answers every question with the name at the beginning, and counts the questions.
const SCRIPT: &str = "while read -r line; do echo \"$line\" >> asked.jsonl; echo '{\"mentions\":[[0,11,\"person\"]]}'; done\n";

fn site(script: &str) -> Folder {
    Folder::with(&[
        ("site.toml", "[digest]\ncommand = [\"sh\", \"names.sh\"]\n"),
        ("names.sh", script),
        ("content/articles/a.md", "+++\ntitle = \"One\"\n+++\ndoña kerrim went home.\n"),
        ("content/articles/b.md", "+++\ntitle = \"Two\"\n+++\nharo vistel left in the evening.\n"),
    ])
}

#[test]
fn a_program_may_find_names_and_is_asked_once() {
    let folder = site(SCRIPT);
    folder.run(&["build", "--allow-command"]).expect(0);
    let page = folder.read("public/articles/a/index.html");
    assert!(page.contains("people/dona-kerrim") && page.contains("doña kerrim</a>"), "{page}");
    assert!(page.contains("a program of this site that finds names"), "{page}");
    assert_eq!(folder.read("asked.jsonl").lines().count(), 2);
    folder.write("content/articles/a.md", "+++\ntitle = \"One\"\n+++\ndoña kerrim went away.\n");
    folder.run(&["build", "--allow-command"]).expect(0);
    let asked = folder.read("asked.jsonl");
    assert_eq!(asked.lines().count(), 3);
    assert!(
        asked.ends_with("{\"text\":\"doña kerrim went away.\",\"language\":null}\n"),
        "{asked}"
    );
}

#[test]
fn no_site_runs_a_program_unasked() {
    let folder = site(SCRIPT);
    for command in ["build", "check", "list"] {
        let run = folder.run(&[command]).expect(1);
        assert!(
            run.err.contains("error[E0105]") && run.err.contains("--allow-command"),
            "{}",
            run.err
        );
    }
    assert!(!folder.path("asked.jsonl").exists() && !folder.path("public").exists());
}

#[test]
fn a_program_that_fails_stops_the_build_and_says_why() {
    for (script, reason) in [
        ("exit 3\n", "exit status: 3"),
        ("read -r line; echo '[]'\n", "did not answer with mentions"),
        ("read -r line; echo '{\"mentions\":[[0,900,\"person\"]]}'\n", "the place 0 to 900"),
        ("read -r line; echo '{\"mentions\":[[0,5,\"city\"]]}'\n", "the kind `city`"),
    ] {
        let folder = site(script);
        let run = folder.run(&["build", "--allow-command", "--jobs", "1"]).expect(1);
        assert!(run.err.contains("error[E0304]") && run.err.contains(reason), "{}", run.err);
        assert!(run.err.contains("content/articles/a.md"), "{}", run.err);
        assert!(!folder.path("public").exists());
        // What failed is asked again.
        folder.write("names.sh", SCRIPT);
        folder.run(&["build", "--allow-command"]).expect(0);
        assert!(folder.path("public/people/haro-vistel/index.html").is_file());
    }
    let folder = site("");
    folder.write("site.toml", "[digest]\ncommand = [\"no-such-program-at-all\"]\n");
    let run = folder.run(&["build", "--allow-command"]).expect(1);
    assert!(run.err.contains("cannot be started"), "{}", run.err);
}

/// A tokenizer that knows what `GLiNER` models need, and one word.
#[cfg(feature = "ner-onnx")]
const TOKENIZER: &str = r#"{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
    "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null, "model": {"type": "WordLevel",
    "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "<<ENT>>": 3, "<<SEP>>": 4, "person": 5}, "unk_token": "[UNK]"}}"#;

fn modelled(recognize: &str) -> Folder {
    let settings = format!(
        "entities.recognize = \"{recognize}\"\n[digest]\nmodel = \"m/names.onnx\"\ntokenizer = \"m/tokenizer.json\"\n"
    );
    Folder::with(&[
        ("site.toml", &settings),
        ("content/articles/a.md", "+++\ntitle = \"One\"\n+++\nDoña Kerrim went home.\n"),
    ])
}

#[cfg(not(feature = "ner-onnx"))]
#[test]
fn a_program_without_models_says_how_to_build_one_with() {
    let run = modelled("all").run(&["build"]).expect(1);
    let says = |what: &str| assert!(run.err.contains(what), "{}", run.err);
    says("error[E0106]");
    says("site.toml");
    says("the model `m/names.onnx`");
    says("cargo build --release --features ner-onnx");
}

#[test]
fn a_model_is_not_asked_for_where_no_names_are_looked_for() {
    modelled("given").run(&["build"]).expect(0);
}

#[cfg(feature = "ner-onnx")]
#[test]
fn a_model_that_cannot_be_used_is_reported_with_what_is_to_blame() {
    let folder = modelled("all");
    let fails = |what: &[&str]| {
        let run = folder.run_with(&[("ORT_DYLIB_PATH", "/nowhere/libonnxruntime.so")], &["build"]);
        let run = run.expect(1);
        for what in ["error[E0107]", "site.toml"].iter().chain(what) {
            assert!(run.err.contains(what), "{what} is not in {}", run.err);
        }
        assert!(!folder.path("public").exists());
    };
    fails(&["the model `m/names.onnx`", "Pressmark brings no models"]);
    folder.write("m/names.onnx", "no model");
    fails(&["the tokenizer `m/tokenizer.json`", "Pressmark brings no models"]);
    folder.write("m/tokenizer.json", "{}");
    fails(&["the tokenizer `m/tokenizer.json`", "that belongs to the model"]);
    folder.write("m/tokenizer.json", &TOKENIZER.replace("<<ENT>>", "<<X>>"));
    fails(&["the tokenizer `m/tokenizer.json`", "does not know `<<ENT>>`"]);
    folder.write("m/tokenizer.json", TOKENIZER);
    fails(&["ONNX Runtime cannot be used", "/nowhere/libonnxruntime.so", "`ORT_DYLIB_PATH`"]);
}
