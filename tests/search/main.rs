//! The search index: what queries find, hostile ones among them, and what damaged files lead to.
//!
//! `.ci/search.mjs` asks the readers' script the same queries in a browser.

#[path = "../common/mod.rs"]
mod common;

use common::Tree;
use pressmark::search::{Failure, Results, search};
use proptest::prelude::*;
use serde::Deserialize;

/// A query and what it finds.
#[derive(Deserialize)]
struct Case {
    query: String,
    /// The best result.
    first: Option<String>,
    /// All results.
    only: Option<Vec<String>>,
    /// Some results.
    #[serde(default)]
    has: Vec<String>,
    /// What is not found.
    #[serde(default)]
    without: Vec<String>,
}

/// Returns the site of the tests, built.
fn site() -> Tree {
    common::build_whole(&common::read_tree(&common::repository("tests/search/site")))
}

fn ask(site: &Tree, query: &str) -> Result<Results, Failure> {
    search(query, 100, &|path| site.get(path).cloned())
}

fn urls(site: &Tree, query: &str) -> Vec<String> {
    let results = ask(site, query).expect("the index is whole");
    results.found.into_iter().map(|found| found.url).collect()
}

#[test]
fn queries_find_what_they_should() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("queries.json")).expect("the cases are JSON");
    let site = site();
    for Case { query, first, only, has, without } in cases {
        let found = urls(&site, &query);
        if let Some(first) = &first {
            assert_eq!(found.first(), Some(first), "{query}: {found:?}");
        }
        if let Some(only) = &only {
            assert_eq!(&found, only, "{query}");
        }
        assert!(has.iter().all(|one| found.contains(one)), "{query}: {found:?}");
        assert!(!without.iter().any(|one| found.contains(one)), "{query}: {found:?}");
    }
}

#[test]
fn a_result_says_what_it_is() {
    let site = site();
    let found = ask(&site, "tranquility kind:quote").unwrap().found;
    assert_eq!(found.len(), 1);
    assert!(found[0].title.contains("The Eagle has landed"), "{}", found[0].title);
    assert_eq!((found[0].kind.as_str(), found[0].detail.as_str()), ("quote", "Neil Armstrong"));
    assert_eq!(found[0].date, "1969-07-20");
    let hostile = ask(&site, "constructor").unwrap().found;
    assert_eq!(hostile[0].title, "<script>alert(1)</script> & \"quotes\" \\ back");
}

#[test]
fn every_file_is_one_call_of_plain_data() {
    let site = site();
    let files = site.iter().filter(|(path, _)| path.starts_with("assets/search/"));
    let mut count = 0;
    for (path, bytes) in files.chain(site.get_key_value("search/index.js")) {
        let text = std::str::from_utf8(bytes).unwrap();
        let json = text
            .strip_prefix("(self.pressmarkSearch=self.pressmarkSearch||[]).push(")
            .and_then(|rest| rest.strip_suffix(");\n"));
        let value: serde_json::Value = serde_json::from_str(json.unwrap()).unwrap();
        assert!(value[0].is_string() && !value[1].is_null(), "{path}");
        count += 1;
    }
    assert!(count > 4, "{count}");
}

#[test]
fn what_is_missing_or_damaged_is_told() {
    let whole = site();
    let parts: Vec<String> =
        whole.keys().filter(|path| path.starts_with("assets/search/")).cloned().collect();
    for path in &parts {
        let mut site = whole.clone();
        site.remove(path);
        if let Err(failure) = ask(&site, "soft landing topic:moon tranquilty") {
            assert_eq!(failure, Failure::Missing(path.clone()));
        }
        let bytes = whole[path].clone();
        for cut in [0, 10, bytes.len() / 2, bytes.len() - 3] {
            site.insert(path.clone(), bytes[..cut].to_vec());
            let answer = ask(&site, "soft landing topic:moon tranquilty");
            assert!(matches!(answer, Ok(_) | Err(Failure::Damaged)), "{path}: {answer:?}");
        }
    }
    let mut site = whole.clone();
    site.remove("search/index.js");
    assert_eq!(ask(&site, "moon"), Err(Failure::Missing("search/index.js".to_owned())));
    site.insert("search/index.js".to_owned(), b"(self.x=1);".to_vec());
    assert_eq!(ask(&site, "moon"), Err(Failure::Damaged));
    let index = String::from_utf8(whole["search/index.js"].clone()).unwrap();
    let other = index.replace("\"version\":2", "\"version\":1");
    site.insert("search/index.js".to_owned(), other.into_bytes());
    assert_eq!(ask(&site, "moon"), Err(Failure::Version));
}

#[test]
fn long_queries_end() {
    let site = site();
    for query in ["moon ".repeat(2000), "\"".repeat(10_000), "a:".repeat(5000), "-".repeat(10_000)]
    {
        ask(&site, &query).unwrap();
    }
    assert_eq!(urls(&site, &format!("{}moon", " ".repeat(250))), urls(&site, "moon"));
}

#[test]
fn a_new_article_changes_few_files() {
    let mut source = Tree::new();
    source.insert("site.toml".to_owned(), b"title = \"Many\"".to_vec());
    for n in 0..300 {
        let text = format!(
            "---\ntitle: Report {n} of the harbour\ndate: 20{:02}-{:02}-{:02}\n---\n\nShip {n} came in with cargo number {}.\n",
            n / 300,
            1 + n / 25,
            1 + n % 25,
            n * 7
        );
        source.insert(format!("content/articles/r{n}.md"), text.into_bytes());
    }
    let before = common::build_whole(&source);
    let text = "---\ntitle: The lighthouse is lit again\ndate: 2001-01-01\n---\n\nIts lamp had been dark for years.\n";
    source.insert("content/articles/new.md".to_owned(), text.as_bytes().to_vec());
    let after = common::build_whole(&source);
    let of_index =
        |path: &&String| path.starts_with("assets/search/") || path.starts_with("search/");
    let new: Vec<&String> = after
        .keys()
        .filter(of_index)
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    assert!((3..=6).contains(&new.len()), "{new:?}");
    assert!(urls(&after, "lighthouse").len() == 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_query_does_harm(query in "(\\PC|moon|landing |\"|-|person:|year:1969|[ا-ی北京市\u{202e}]){0,30}") {
        thread_local! { static SITE: Tree = site(); }
        SITE.with(|site| ask(site, &query)).unwrap();
    }
}

/// Returns a text of made-up words, many of them in one article only, so that their list is long enough to be cut.
fn made_up(seed: u64, words: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let letters = [b"bdfgklmnprst".as_slice(), b"aiou".as_slice()].into_iter().cycle();
        let number = state;
        let signs = letters
            .take(6)
            .enumerate()
            .map(|(at, some)| some[number.to_le_bytes()[at] as usize % some.len()]);
        signs.map(char::from).collect::<String>()
    };
    let all: Vec<String> = (0..words).map(|_| word()).collect();
    all.join(" ")
}

#[test]
fn an_index_whose_texts_were_changed_is_that_of_a_clean_build() {
    let dir = common::temporary();
    let mut source = Tree::new();
    let settings = "title = \"Many\"\n[topics]\ndiscover = false\nlearn = false\n[entities]\nrecognize = \"none\"\n[digest]\ndetect_language = false\n";
    source.insert("site.toml".to_owned(), settings.as_bytes().to_vec());
    let article = |n: usize, text: &str| {
        let (month, day) = (1 + n / 27, 1 + n % 27);
        format!("---\ntitle: Report {n}\nsummary: It is known.\ndate: 2023-{month:02}-{day:02}\n---\n\n{text}.\n").into_bytes()
    };
    for n in 0..290 {
        source.insert(format!("content/articles/r{n}.md"), article(n, &made_up(n as u64, 90)));
    }
    let write = |path: &str, bytes: &[u8]| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    for (path, bytes) in &source {
        write(path, bytes);
    }
    let options = pressmark::build::BuildOptions {
        store: pressmark::build::StoreMode::Use,
        ..common::options(dir.path())
    };
    let build = || pressmark::build::build(&options, &pressmark::build::Silent).unwrap();
    // What was written a moment ago may be written once more, unseen.
    let pause = || std::thread::sleep(std::time::Duration::from_millis(30));
    pause();
    build();
    let of_index = |tree: Tree| -> Tree {
        let is_its =
            |path: &String| path.starts_with("assets/search/") || path == "search/index.js";
        tree.into_iter().filter(|(path, _)| is_its(path)).collect()
    };
    // A word less, others more, all of them other ones, and back; in the first tier and in the last.
    for (step, (n, text)) in [
        (7, made_up(7, 89)),
        (7, made_up(1007, 400)),
        (281, made_up(281, 60)),
        (130, "only".to_owned()),
        (130, made_up(130, 90)),
        (7, made_up(7, 90)),
    ]
    .into_iter()
    .enumerate()
    {
        let path = format!("content/articles/r{n}.md");
        source.insert(path.clone(), article(n, &text));
        write(&path, &source[&path]);
        pause();
        let report = build();
        let laps: Vec<&str> = report.timings.iter().map(|(name, _)| *name).collect();
        assert!(laps.contains(&"patch"), "step {step} was a whole build: {laps:?}");
        let (made, clean) =
            (common::read_tree(&dir.path().join("public")), common::build_whole(&source));
        let (made, clean) = (of_index(made), of_index(clean));
        assert!(clean.len() > 20, "there are parts to be cut anew: {}", clean.len());
        let index = std::str::from_utf8(&clean["search/index.js"]).unwrap();
        // One for each of the two tiers, and more.
        assert!(index.matches("[\"#").count() > 2, "pairs of words have parts, too: {index}");
        assert!(made == clean, "step {step}: {:?} / {:?}", made.keys(), clean.keys());
    }
}
