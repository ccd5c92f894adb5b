//! What pages choose to show, and which pages there are: small sites, each with one thing to look at.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "../common/mod.rs"]
mod common;
mod facts;
mod people;
mod told;

use common::Tree;
use common::html::assert_links_arrive;
use serde_json::Value;

/// Returns a site of Markdown files: name, front matter, text.
pub(crate) fn site(articles: &[(&str, &str, &str)]) -> Tree {
    let file = |(name, front, text): &(&str, &str, &str)| {
        (
            format!("content/articles/{name}.md"),
            format!("+++\n{front}\n+++\n\n{text}\n").into_bytes(),
        )
    };
    articles.iter().map(file).collect()
}

pub(crate) fn with(mut tree: Tree, path: &str, text: &str) -> Tree {
    tree.insert(path.to_owned(), text.as_bytes().to_vec());
    tree
}

pub(crate) fn page<'t>(made: &'t Tree, path: &str) -> &'t str {
    let bytes = made.get(path).unwrap_or_else(|| panic!("{path} in {:?}", made.keys()));
    str::from_utf8(bytes).unwrap()
}

pub(crate) fn twin(made: &Tree, path: &str) -> Value {
    serde_json::from_str(page(made, path)).unwrap()
}

/// Returns what stands between two marks, without what is around it.
pub(crate) fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{from} in {text}"));
    rest.split_once(to).unwrap_or_else(|| panic!("{to} in {rest}")).0
}

#[test]
fn the_site_says_what_it_has_and_how_it_was_found() {
    let told = "“We saw 30 houses burn,” said Ada Moreau. It rained in Lagos.";
    let front = "title = \"Fire\"\ndate = 2024-05-06\npeople = [\"Ada Moreau\"]\ntopics = [\"Fires\"]\nsource = \"The Gazette\"";
    let tree = site(&[
        ("fire", front, told),
        ("2024-05-09-calm", "people = [\"Ben Okafor\"]", "It rained in Lagos."),
    ]);
    let made = common::build_whole(&tree);
    let about = twin(&made, "about-this-site/index.json");
    assert_eq!(about["article_count"], 2);
    assert_eq!((&about["first"], &about["last"]), (&"2024-05-06".into(), &"2024-05-09".into()));
    assert_eq!((&about["topic_count"], &about["source_count"]), (&1.into(), &1.into()));
    let kind = |name: &str| {
        let all = about["entities"].as_array().unwrap();
        all.iter().find(|one| one["kind"] == name).unwrap().clone()
    };
    assert_eq!(
        kind("person"),
        serde_json::json!({"kind": "person", "count": 2, "confirmed": 2, "suggested": 0})
    );
    assert_eq!(
        kind("place"),
        serde_json::json!({"kind": "place", "count": 1, "confirmed": 0, "suggested": 1})
    );
    assert_eq!(about["quotes"], serde_json::json!({"count": 1, "confirmed": 0, "suggested": 1}));
    let articles = |field: &str, rule: Option<&str>| {
        let all = about["methods"].as_array().unwrap();
        let found = all.iter().find(|one| one["field"] == field && one["rule"].as_str() == rule);
        found.map(|one| one["articles"].as_u64().unwrap())
    };
    assert_eq!(articles("title", None), Some(1));
    assert_eq!(articles("date", None), Some(1));
    assert_eq!(articles("date", Some("date.file-name")), Some(1));
    assert_eq!(articles("names", None), Some(2));
    assert_eq!(articles("quotes", Some("quote.marks")), Some(1));
    let html = page(&made, "about-this-site/index.html");
    for part in [
        "written by a person",
        "the name of the file",
        "catalog.json",
        "feed.xml",
        "href=\"../people/index.html\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(page(&made, "index.html").contains("href=\"about-this-site/index.html\""));
    assert_links_arrive(&made, "");
}

#[test]
fn the_page_about_the_site_makes_way_for_whatever_has_its_address() {
    let tree = site(&[("calm", "date = 2024-05-06", "It rained in Lagos.")]);
    assert!(common::build_whole(&tree).contains_key("about-this-site/index.json"));
    for (path, text) in [
        ("content/pages/us.md", "+++\npath = \"about-this-site\"\n+++\n\nWe are few.\n"),
        ("content/pages/we.md", "+++\naliases = [\"/About-This-Site/\"]\n+++\n\nWe are few.\n"),
        ("content/articles/own.md", "+++\npath = \"about-this-site\"\n+++\n\nWe are few.\n"),
        ("static/about-this-site/index.html", "<p>We are few."),
        ("site.toml", "[entities.kinds]\nself = \"about-this-site\"\n"),
    ] {
        let made = common::build_whole(&with(tree.clone(), path, text));
        let own = made.get("about-this-site/index.json");
        let is_ours = own.is_some_and(|bytes| str::from_utf8(bytes).unwrap().contains("methods"));
        assert!(!is_ours, "{path}");
        let home = page(&made, "index.html");
        assert!(!home.contains("About this site"), "{path}: {home}");
    }
}

#[test]
fn topics_stand_within_topics() {
    let mut tree = site(&[
        ("a", "date = 2024-05-06\ntopics = [\"Rail\"]", "It rained in Lagos."),
        ("b", "date = 2024-05-07\ntopics = [\"Rail\", \"Science\"]", "It rained in Lima."),
    ]);
    for (id, name, parent) in [
        ("transport", "Transport", None),
        ("rail", "Rail", Some("transport")),
        ("tram", "Trams", Some("rail")),
    ] {
        let parent = parent.map(|parent| format!("parent = \"{parent}\"\n")).unwrap_or_default();
        tree.insert(
            format!("content/topics/{id}.toml"),
            format!("name = \"{name}\"\n{parent}").into_bytes(),
        );
    }
    for theme in ["broadsheet", "wire"] {
        let made = common::build_whole(&with(
            tree.clone(),
            "site.toml",
            &format!("theme = \"{theme}\"\n"),
        ));
        let index = page(&made, "topics/index.html");
        let shown = between(index, "<ul class=\"tree\">", "</section>");
        let places = ["Transport", "Rail", "Trams"]
            .map(|name| shown.find(&format!("<bdi>{name}</bdi>")).unwrap());
        assert!(places.is_sorted(), "{shown}");
        assert_eq!(shown.matches("<ul class=\"tree\">").count(), 2, "{shown}");
        assert!(
            !shown.contains("Science"),
            "{theme}: it stands alone, so in the index by letters only"
        );
        let rail = shown[places[1]..].split("</li>").next().unwrap();
        assert!(rail.contains("<span class=\"count\">2</span>"), "{rail}");
        let topic = page(&made, "topics/transport/index.html");
        let below = between(topic, "<ul class=\"tree\">", "</section>");
        assert!(
            below.contains("/topics/rail/index.html") && below.contains("/topics/tram/index.html"),
            "{below}"
        );
        assert!(!page(&made, "topics/tram/index.html").contains("class=\"tree\""));
        assert_links_arrive(&made, "");
    }
}

#[test]
fn a_chain_of_topics_of_any_depth_is_cut_where_nobody_reads_on() {
    let mut tree = site(&[("a", "date = 2024-05-06\ntopics = [\"t0\"]", "It rained in Lagos.")]);
    for n in 0..300 {
        let parent = if n == 0 { String::new() } else { format!("parent = \"t{}\"\n", n - 1) };
        tree.insert(
            format!("content/topics/t{n}.toml"),
            format!("name = \"T{n}\"\n{parent}").into_bytes(),
        );
    }
    let made = common::build_whole(&tree);
    let top = page(&made, "topics/t0/index.html");
    assert!(top.contains("<bdi>T6</bdi>") && !top.contains("<bdi>T7</bdi>"));
    assert!(page(&made, "topics/index.html").contains("<bdi>T299</bdi>"), "the letters have it");
}

#[test]
fn a_record_of_a_source_is_found_by_its_host() {
    let front = |line: &str| format!("date = 2024-05-06\n{line}");
    let lines = [
        front("source = \"https://WWW.News.Example.org:443/a\""),
        front("source = \"https://news.example.org/b\""),
        front("source = \"https://example.org/c\""),
        front("source = \"The Gazette\"\noriginal_url = \"https://news.example.org/d\""),
    ];
    let names = ["a", "b", "c", "d"];
    let articles: Vec<(&str, &str, &str)> = names
        .into_iter()
        .zip(&lines)
        .map(|(name, front)| (name, front.as_str(), "It rained in Lagos."))
        .collect();
    let record =
        "name = \"Example News\"\nhosts = [\"www.news.example.org\"]\nowner = \"Example Press\"\n";
    let made = common::build_whole(&with(site(&articles), "content/sources/news.toml", record));
    let source = |name: &str| twin(&made, &format!("articles/{name}/index.json"))["source"].clone();
    assert_eq!(["a", "b"].map(source), ["news", "news"]);
    assert_eq!(source("c"), "example-org", "another host");
    assert_eq!(source("d"), "the-gazette", "a name goes before a host");
    assert!(page(&made, "sources/news/index.html").contains("Example Press"));
    assert_eq!(twin(&made, "sources/news/index.json")["article_count"], 2);
}

#[test]
fn pictures_of_the_site_say_how_large_they_are() {
    let text = "![a](own.svg) ![b](/logo.svg) ![c](broken.png) ![d](https://example.org/e.svg)";
    let mut tree = site(&[("a", "date = 2024-05-06", text)]);
    tree.insert("content/articles/own.svg".to_owned(), b"<svg viewBox='0 0 64 32'/>".to_vec());
    tree.insert("content/articles/broken.png".to_owned(), b"<svg viewBox='0 0 64 32'/>".to_vec());
    tree.insert("static/logo.svg".to_owned(), b"<svg width='9' height='8'/>".to_vec());
    let html = "<h1>B</h1><p>It rained.</p><p><img src=\"own.svg\" alt=\"a\"> <img src='own.svg' alt='b' height=7>";
    tree.insert("content/articles/b.html".to_owned(), html.as_bytes().to_vec());
    tree.insert("content/pages/us.md".to_owned(), b"# Us\n\n![a](/articles/own.svg)\n".to_vec());
    let made = common::build_whole(&tree);
    let sizes = |path: &str| -> Vec<String> {
        let images =
            common::html::tags(page(&made, path)).into_iter().filter(|(name, _)| name == "img");
        let size = |(_, attributes): (String, Vec<(String, String)>)| {
            let value = |name: &str| {
                let found = attributes.iter().find(|(key, _)| key == name);
                found.map_or("-", |(_, value)| value.as_str())
            };
            assert_eq!((value("loading"), value("decoding")), ("lazy", "async"));
            format!("{}x{}", value("width"), value("height"))
        };
        images.map(size).collect()
    };
    assert_eq!(sizes("articles/a/index.html"), ["64x32", "9x8", "-x-", "-x-"]);
    assert_eq!(sizes("articles/b/index.html"), ["64x32", "-x7"]);
    assert_eq!(sizes("pages/us/index.html"), ["64x32"]);
}

#[test]
fn lists_of_the_theme_for_analysts_say_whom_articles_name_most() {
    let text = "Ben Okafor met Ada Moreau, Chen Liu, Dora Weiss and Rui Costa. Ada Moreau spoke. Ada Moreau left with Ben Okafor.";
    let people =
        "people = [\"Ada Moreau\", \"Ben Okafor\", \"Chen Liu\", \"Dora Weiss\", \"Rui Costa\"]";
    let tree = site(&[("a", &format!("date = 2024-05-06\ntopics = [\"Talks\"]\n{people}"), text)]);
    let made = common::build_whole(&with(tree, "site.toml", "theme = \"wire\"\n"));
    for path in ["archive/2024/index.html", "topics/talks/index.html"] {
        let row = between(page(&made, path), "<tr class=\"entry\"", "</tr>");
        let names: Vec<&str> =
            row.split("/people/").skip(1).map(|rest| rest.split('/').next().unwrap()).collect();
        assert_eq!(names, ["ada-moreau", "ben-okafor", "chen-liu", "dora-weiss"], "{path}: {row}");
    }
}
