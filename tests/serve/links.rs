//! Broken links, beside the page that has them and in the list of all.

use serde_json::Value;

use crate::preview::{Preview, harbour, write};
use crate::{FERRY, PAGE};

const ABOUT: &str = "/__pressmark/about?path=/articles/ferry/";
const STATE: &str = "/__pressmark/";

/// Returns the texts of the broken links of a page.
fn links(body: &str) -> Vec<String> {
    let about: Value = serde_json::from_str(body).unwrap();
    let links = about["page"]["links"].as_array().unwrap();
    links.iter().map(|link| link["text"].as_str().unwrap().to_owned()).collect()
}

/// Returns the part of the list of all that is about links.
fn section(body: &str) -> &str {
    let section = body.split("<h2>").find(|part| part.starts_with("Broken links")).unwrap();
    section.trim()
}

#[test]
fn broken_links_are_listed_with_their_pages() {
    let folder = harbour();
    write(&folder, "content/pages/about.md", "# About & us\n\nSee [it](/nowhere/at-all/).\n");
    let preview =
        Preview::of(folder, &["--base-path", "/news/", "--editor-url", "edit://{file}:{line}"]);
    let about = "/__pressmark/about?path=/news/articles/ferry/";
    preview.wait_for("/news/articles/ferry/", "saw the ferry");
    assert!(links(&preview.get(about).body).is_empty());
    let text = "leave.\n\nSee [one](missing.md), [two](storm.md#nothing) and [three](storm.md).\n";
    preview.change(FERRY, "leave.\n", text);
    let answer = preview.wait_for(about, "missing.md");
    let found = links(&answer.body);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("missing.md") && found[1].contains("has no anchor `nothing`"));
    let json: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(json["page"]["reports"], Value::Array(Vec::new()), "they are told once");
    assert!(json["page"]["links"][0]["editor"].as_str().unwrap().ends_with("ferry.md:10"));
    let state = preview.get(STATE).body;
    let section = section(&state);
    assert!(section.starts_with("Broken links: 3</h2>"), "{section}");
    let places = [
        "<h3><a href=\"/news/articles/ferry/\">Ferry leaves</a></h3>",
        "missing.md",
        "`nothing`",
        "edit://",
    ];
    assert!(places.iter().all(|text| section.contains(text)), "{section}");
    assert!(section.contains("About &amp; us</a></h3>"), "{section}");
    assert!(state.contains("<h2>Warnings: 0</h2>"), "{state}");
}

#[test]
fn a_link_that_leads_somewhere_again_is_listed_no_more() {
    let preview = Preview::start(&[]);
    preview.wait_for(PAGE, "saw the ferry");
    preview.change(FERRY, "leave.\n", "leave. See [what came](storm.md) later.\n");
    preview.wait_for(PAGE, "what came");
    assert!(preview.get(STATE).body.contains("Broken links: 0"));
    // The page that is linked to goes, and comes back; then the link goes.
    std::fs::rename(preview.path("content/articles/storm.md"), preview.path("storm")).unwrap();
    preview.wait(ABOUT, |answer| links(&answer.body).len() == 1);
    assert!(preview.get(STATE).body.contains("Broken links: 1"));
    std::fs::rename(preview.path("storm"), preview.path("content/articles/storm.md")).unwrap();
    preview.wait(ABOUT, |answer| links(&answer.body).is_empty());
    preview.change(FERRY, "storm.md", "gale.md");
    preview.wait(ABOUT, |answer| links(&answer.body).len() == 1);
    preview.change(FERRY, "[what came](gale.md)", "what came");
    preview.wait(ABOUT, |answer| links(&answer.body).is_empty());
    assert!(preview.get(STATE).body.contains("Broken links: 0"));
}
