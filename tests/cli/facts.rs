//! `pressmark review` of quotations, figures and roles.

use std::fs;

use serde_json::Value;

use crate::folder::Folder;
use crate::review::{built, decide, raw, review};

const QUOTE: &str = "\"We have a month,\"";

/// Adds an article with quotations and figures, and returns the site.
fn said() -> Folder {
    let folder = raw();
    folder.write(
        "content/articles/plant.txt",
        "Plant closes\n\nMay 9, 2024 - The plant on the coast has closed. At least 120 engineers were dismissed on Tuesday.\n\
         \"Nobody told us,\" said Jane Doe. \"The   work\nis done,\" a spokesman said. Karl Weber came too.\n",
    );
    folder
}

/// Returns the id of what stands in the list with these words.
fn id(folder: &Folder, words: &str) -> String {
    let json = folder.run(&["review", "--json"]).expect(0).json();
    let facts = json["facts"].as_array().unwrap().iter();
    let found: Vec<&Value> = facts.filter(|fact| fact["text"] == words).collect();
    assert_eq!(found.len(), 1, "{words} in {json:#}");
    found[0]["id"].as_str().unwrap().to_owned()
}

/// Returns a key of what a twin lists, by its words with single spaces.
fn listed(folder: &Folder, article: &str, list: &str, key: &str) -> Vec<(String, String)> {
    let text = built(folder, &format!("articles/{article}/index.json"));
    let twin: Value = serde_json::from_str(&text).unwrap();
    let facts = twin[list].as_array().unwrap().iter();
    let words = |fact: &Value| {
        let words: Vec<&str> = fact["text"].as_str().unwrap().split_whitespace().collect();
        words.join(" ")
    };
    facts.map(|fact| (words(fact), fact[key].as_str().unwrap_or("-").to_owned())).collect()
}

#[test]
fn quotations_and_figures_are_listed_with_their_sentences() {
    let folder = said();
    let out = folder.run(&["review"]).expect(0).out;
    let quote = id(&folder, QUOTE);
    let part = format!(
        "  {quote}  content/articles/talks.txt: {QUOTE} — Jane Doe\n    {QUOTE} said Jane Doe, who leads the talks.\n"
    );
    assert!(out.contains(&part), "{out}");
    assert!(out.contains(": \"The work is done,\" — a spokesman\n"), "{out}");
    assert!(out.find("plant.txt: \"Nobody").unwrap() < out.find("dam.txt: \"It").unwrap(), "{out}");
    assert!(out.contains(" quotations, 2 figures to review"), "{out}");
    let one = folder.run(&["review", "--limit", "1"]).expect(0).out;
    assert!(
        one.contains("Quotations, figures and roles\n") && !one.contains("dam.txt: \""),
        "{one}"
    );
    let people = folder.run(&["review", "--kind", "person"]).expect(0).out;
    assert!(!people.contains("quote:"), "{people}");
    let json = folder.run(&["review", "--json"]).expect(0).json();
    let figure = json["facts"].as_array().unwrap().iter().find(|fact| fact["kind"] == "figure");
    assert_eq!(figure.unwrap()["rule"], "figure.number");
    assert_eq!(json["review"]["figures"], 2);
}

#[test]
fn an_accepted_quotation_is_confirmed_and_a_rejected_one_is_gone() {
    let folder = said();
    let (told, done) = (id(&folder, "\"Nobody told us,\""), id(&folder, "\"The work is done,\""));
    let figure = id(&folder, "At least 120 engineers");
    let marks = |page: &str| {
        let said = page.split("<details class=\"fold said\">").nth(1).unwrap();
        said.split("</details>").next().unwrap().matches("</span><sup class=\"mark\"").count()
    };
    let page = "articles/plant/index.html";
    assert_eq!(marks(&built(&folder, page)), 2);
    let out = decide(&folder, &["accept", &told, "Karl Weber", "--by", "Ann Lee"]);
    let expected = "accepted  \"Nobody told us,\": content/articles/plant.txt\naccepted  Karl Weber (person)\n";
    assert_eq!(out, expected);
    decide(&folder, &["reject", &done, &figure, "--by", "Bo Ek"]);
    let html = built(&folder, page);
    assert_eq!(marks(&html), 0);
    assert!(html.contains("<bdi>Bo Ek</bdi>") && html.contains("<bdi>Ann Lee</bdi>"), "{html}");
    assert!(!html.contains("At least 120 engineers</a>"), "{html}");
    let quotes = listed(&folder, "plant", "quotes", "status");
    assert_eq!(quotes, [("\"Nobody told us,\"".to_owned(), "confirmed".to_owned())]);
    assert_eq!(listed(&folder, "plant", "figures", "status"), []);
    let out = folder.run(&["review"]).expect(0).out;
    assert!(!out.contains(&told) && !out.contains(&done) && !out.contains(&figure), "{out}");
    assert!(decide(&folder, &["accept", &told]).starts_with("kept "));
    let run = review(&folder, &["accept", &done]).expect(2);
    assert!(run.err.contains("was rejected") && run.err.contains("undo"), "{}", run.err);
    let out = decide(&folder, &["undo", &done]);
    assert_eq!(out, "undone    reject-quote \"The work is done,\", content/articles/plant.txt\n");
    assert_eq!(marks(&built(&folder, page)), 1);
}

#[test]
fn roles_are_decided_about_too() {
    let folder = said();
    let text = "Talks end\n\nForeign Minister Ann Lee left on Monday. Nobody else came.\n";
    fs::write(folder.path("content/articles/end.txt"), text).unwrap();
    let role = id(&folder, "Foreign Minister Ann Lee");
    let marked = || {
        let page = built(&folder, "articles/end/index.html");
        let behind = page.split(">Foreign Minister</a>").nth(1).map(str::to_owned);
        behind.map(|behind| behind.starts_with("<sup class=\"mark\""))
    };
    let of_person = || {
        let twin: Value =
            serde_json::from_str(&built(&folder, "people/ann-lee/index.json")).unwrap();
        let role = twin["roles"].as_array().unwrap().first().cloned();
        role.map(|role| role["status"].clone())
    };
    assert!(role.starts_with("role:"), "{role}");
    decide(&folder, &["accept", "Ann Lee"]);
    assert_eq!((marked(), of_person()), (Some(true), Some("suggested".into())));
    decide(&folder, &["accept", &role]);
    assert_eq!((marked(), of_person()), (Some(false), Some("confirmed".into())));
    let run = review(&folder, &["accept", &role, "--speaker", "Ann Lee"]).expect(2);
    assert!(run.err.contains("is a role"), "{}", run.err);
    decide(&folder, &["reject", &role]);
    assert_eq!((marked(), of_person()), (None, None));
    assert!(folder.run(&["check"]).expect(0).err.is_empty());
}

#[test]
fn a_decision_holds_while_the_words_stand() {
    let folder = said();
    let (quote, figure) =
        (id(&folder, "\"Nobody told us,\""), id(&folder, "At least 120 engineers"));
    decide(&folder, &["accept", &quote[..11], &figure]);
    assert!(folder.run(&["check"]).expect(0).err.is_empty());
    let path = folder.path("content/articles/plant.txt");
    let text = fs::read_to_string(&path).unwrap();
    let other = text.replace("The plant on", "It rained. 300 trucks were lost. The plant on");
    fs::write(&path, other.replace("Nobody told us", "Nobody\ntold us")).unwrap();
    let status = |list: &str, at: usize| listed(&folder, "plant", list, "status")[at].1.clone();
    assert_eq!(
        (status("quotes", 0), status("figures", 1)),
        ("confirmed".into(), "confirmed".into())
    );
    assert_eq!(listed(&folder, "plant", "quotes", "id")[0].1, quote);
    // The figure stands in another sentence now, and the quotation is gone.
    fs::write(
        &path,
        text.replace("on Tuesday", "on Monday").replace("Nobody told us", "Nobody knew"),
    )
    .unwrap();
    assert_eq!(
        (status("quotes", 0), status("figures", 0)),
        ("suggested".into(), "suggested".into())
    );
    assert!(!built(&folder, "articles/plant/index.html").contains("Reviewed by"));
    let notes = folder.run(&["check"]).expect(0).err;
    assert_eq!(notes.matches("note[N0413]").count(), 2, "{notes}");
    assert!(notes.contains("`content/articles/plant.txt` does not say `At least 120"), "{notes}");
}

#[test]
fn a_speaker_is_put_right() {
    let folder = said();
    let done = id(&folder, "\"The work is done,\"");
    let out = decide(&folder, &["accept", &done, "--speaker", "karl weber"]);
    assert!(out.ends_with("plant.txt, said by Karl Weber\n"), "{out}");
    let speaker = |key: &str| listed(&folder, "plant", "quotes", key)[1].1.clone();
    assert_eq!(
        (speaker("speaker"), speaker("entity")),
        ("Karl Weber".into(), "people/karl-weber".into())
    );
    let html = built(&folder, "articles/plant/index.html");
    let list = html.split("<details class=\"fold said\">").nth(1).unwrap();
    let said = list.split("is done,").nth(1).unwrap().split("</li>").next().unwrap();
    assert!(said.contains("people/karl-weber/") && !said.contains("spokesman"), "{said}");
    // The name follows whoever has it.
    decide(&folder, &["rename", "Karl Weber", "Karla Weber"]);
    assert_eq!(speaker("entity"), "people/karla-weber");
    decide(&folder, &["accept", &done, "--speaker", "Nobody <Else>"]);
    assert_eq!((speaker("speaker"), speaker("entity")), ("Nobody <Else>".into(), "-".into()));
    assert!(built(&folder, "articles/plant/index.html").contains("<bdi>Nobody &lt;Else&gt;</bdi>"));
}

#[test]
fn wrong_ids_change_nothing() {
    let folder = said();
    let figure = id(&folder, "At least 120 engineers");
    for (args, part) in [
        (&["accept", "quote:0000"][..], "no article says what `quote:0000` is"),
        (&["accept", "Geneva", "--speaker", "Jane Doe"], "`Geneva` is no id"),
        (&["accept", &figure, "--speaker", "Jane Doe"], "only quotations have a speaker"),
        (&["accept", &figure, "--speaker", " "], "is a figure"),
        (&["accept", "--facts", "gone.txt"], "no article that is shown"),
        (&["accept", "--facts", "talks.txt", "--topic", "Water"], "cannot be used with"),
        (&["undo", "quote:0000"], "there is no decision"),
    ] {
        let run = review(&folder, args).expect(2);
        assert!(run.err.contains(part) && run.out.is_empty(), "{part:?} in {}", run.err);
    }
    assert!(!folder.path("content/decisions.toml").exists());
}

#[test]
fn what_an_article_may_not_repeat_is_not_asked_about() {
    let folder = said();
    folder.write(
        "site.toml",
        "base_url = \"https://example.org/\"\n[rights]\ndefault = \"excerpt\"\n",
    );
    let json = folder.run(&["review", "--json"]).expect(0).json();
    assert_eq!((&json["facts"], &json["review"]["quotes"]), (&serde_json::json!([]), &0.into()));
}
