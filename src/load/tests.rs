//! Rules of loading, by the file.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::config::{EntityKind, SiteConfig};
use crate::diag::{Code, Warned};
use crate::files::{DiskFiles, MemFiles, SitePath};

/// Settings with a declared kind, Tehran time and a bound of 2,000 bytes.
fn config() -> SiteConfig {
    let mut config = SiteConfig::default();
    config.entities.kinds.declare("vessel", "vessels").unwrap();
    config.time_zone = TimeZone::get("Asia/Tehran").unwrap();
    config.security.max_file_size = 2_000;
    config
}

fn load_files(files: &[(&str, &[u8])]) -> Warned<SourceSet> {
    let mut mem = MemFiles::new();
    for (path, bytes) in files {
        mem.insert(SitePath::parse(path).unwrap(), *bytes);
    }
    load(&mem, &config())
}

fn codes(loaded: &Warned<SourceSet>) -> Vec<Code> {
    loaded.diagnostics.iter().map(|report| report.code).collect()
}

/// Loads one Markdown article.
fn article(text: &str) -> (FrontMatter, Vec<Code>) {
    let mut loaded = load_files(&[("content/articles/a.md", text.as_bytes())]);
    let codes = codes(&loaded);
    (loaded.value.articles.remove(0).front, codes)
}

#[test]
fn the_example_collection_loads_without_a_report() {
    let mut config = config();
    config.security.max_file_size = 8 << 20;
    let loaded = load(&DiskFiles::new(env!("CARGO_MANIFEST_DIR")), &config);
    assert_eq!(loaded.diagnostics, []);
    assert!(
        loaded.value.articles.len() > 50
            && !loaded.value.entities.is_empty()
            && !loaded.value.topics.is_empty()
    );
}

#[test]
fn files_are_sorted_into_articles_pages_and_assets() {
    let loaded = load_files(&[
        ("content/articles/2024-05-06-x.MD", b"x"),
        ("content/articles/2024-05-07_trip/index.html", b"x"),
        ("content/articles/2024-05-07_trip/map.svg", b"x"),
        ("content/articles/2024-02-30-y.txt", b"x"),
        ("content/articles/index.md", b"x"),
        ("content/articles/_index.md", b"+++\nbroken"),
        ("content/pages/about.markdown", b"x"),
    ]);
    assert_eq!(codes(&loaded), []);
    let names: Vec<(&str, Option<String>, bool)> = loaded
        .value
        .articles
        .iter()
        .map(|a| (a.name.stem.as_str(), a.name.date.map(|d| d.to_string()), a.bundle))
        .collect();
    let date = |text: &str| Some(text.to_owned());
    assert_eq!(
        names,
        [
            ("2024-02-30-y", None, false),
            ("x", date("2024-05-06"), false),
            ("trip", date("2024-05-07"), true),
            ("index", None, false)
        ]
    );
    assert_eq!((loaded.value.pages.len(), loaded.value.assets.len()), (1, 1));
}

#[test]
fn unusable_files_are_skipped_with_a_report() {
    let big = vec![b'x'; 2_001];
    let loaded =
        load_files(&[("content/articles/a.md", b"caf\xe9"), ("content/articles/b.md", &big)]);
    assert_eq!(codes(&loaded), [Code::FileEncoding, Code::FileSize]);
    assert!(loaded.diagnostics[0].message.contains('3'));
    assert!(
        loaded.diagnostics[1].message.contains("2001")
            && loaded.diagnostics[1].message.contains("2000")
    );
    assert!(loaded.value.articles.is_empty());
}

#[test]
fn the_formats_mean_the_same() {
    let (toml, a) = article(
        "+++\ntitle = 2024\ndate = 2024-05-06T07:08:00\ntags = \"One\"\npeople = [{ name = \"P\" }, \"Q\"]\n[source]\nname = \"S\"\nurl = \"https://x.org\"\n+++\nb",
    );
    let (yaml, b) = article(
        "---\ntitle: 2024\ndate: 2024-05-06 07:08\ntags: One\npeople:\n  - name: P\n  - Q\nsource:\n  name: S\n  url: https://x.org\n---\nb",
    );
    let (json, c) = article(
        "{\"title\": 2024, \"date\": \"2024-05-06T07:08\", \"tags\": \"One\", \"people\": [{\"name\": \"P\"}, \"Q\"], \"source\": {\"name\": \"S\", \"url\": \"https://x.org\"}}\nb",
    );
    assert_eq!([a, b, c].concat(), []);
    assert_eq!(toml, yaml);
    assert_eq!(toml, json);
    assert_eq!(toml.title.as_deref(), Some("2024"));
    assert_eq!(
        toml.entities,
        [(EntityKind::PERSON, "P".to_owned()), (EntityKind::PERSON, "Q".to_owned())]
    );
    assert_eq!(toml.date.unwrap().instant.unwrap().to_string(), "2024-05-06T03:38:00Z");
}

#[test]
fn problems_have_their_codes() {
    for (text, expected) in [
        ("+++\ntitle = \n+++\n", vec![Code::FrontMatterSyntax]),
        ("---\na: [1\n---\n", vec![Code::FrontMatterSyntax]),
        ("{\n\"a\": x\n}\n", vec![Code::FrontMatterSyntax]),
        ("+++\ntitle = 1\n", vec![Code::FrontMatterOpen]),
        ("---\ntitle: 1\n", vec![Code::FrontMatterOpen]),
        ("---\n\nA rule.\n", vec![]),
        ("---\ntitle: [a]\n---\n", vec![Code::FrontMatterType]),
        ("---\ntitle: ''\ndate:\ntags:\nauthors: []\n---\n", vec![]),
        ("---\ndate: 2024-02-30\n---\n", vec![Code::FrontMatterValue]),
        ("---\nrights: some\n---\n", vec![Code::FrontMatterValue]),
        ("---\nlang: en_US\n---\n", vec![]),
        ("---\nlang: English language\n---\n", vec![Code::FrontMatterValue]),
        (
            "---\nsource:\n  url: ftp://x\n  nam: y\n---\n",
            vec![Code::FrontMatterValue, Code::FrontMatterKey],
        ),
        ("---\noriginal_url: javascript:alert(1)\n---\n", vec![Code::FrontMatterValue]),
        (
            "---\nslug: ../x\npath: C:/x\naliases: [/ok/, a//b]\n---\n",
            vec![Code::FrontMatterPath; 3],
        ),
        ("+++\nslug = \"a\\u0000b\"\n+++\n", vec![Code::FrontMatterPath]),
        ("---\nupdated: 2024-01-01\nlastmod: 2024-01-02\n---\n", vec![Code::FrontMatterTwice]),
        ("---\ntopcs: [a]\n---\n", vec![Code::FrontMatterKey]),
        ("---\ndraft: perhaps\nweight: heavy\nextra: 1\n---\n", vec![Code::FrontMatterType; 3]),
        ("---\ntitle: [a]\ndate: x\n---\n", vec![Code::FrontMatterType, Code::FrontMatterValue]),
    ] {
        assert_eq!(article(text).1, expected, "{text}");
    }
}

#[test]
fn a_report_marks_the_place_and_suggests() {
    let loaded =
        load_files(&[("content/articles/a.md", "---\ntitle: é\ntopcs: [a]\n---\n".as_bytes())]);
    let report = &loaded.diagnostics[0];
    assert_eq!(report.help.as_deref(), Some("did you mean `topics`?"));
    let span = report.place.as_ref().unwrap().span.as_ref().unwrap();
    assert_eq!((span.line, span.column, span.excerpt.as_str()), (3, 1, "topcs: [a]"));
}

#[test]
fn sites_of_other_generators_load_without_errors() {
    let zola = "+++\ntitle = \"x\"\npath = \"2024/01/01/x.html\"\nweight = 3\nin_search_index = true\nsort_by = \"date\"\naliases = [\"/old\"]\n[taxonomies]\ntags = [\"A\"]\nauthors = [\"B\"]\nvessels = [\"V\"]\nseries = [\"S\"]\n[extra]\nn = 1\n+++\n";
    let hugo = "---\ntitle: x\ndate: 2024-05-06T07:08:09+0330\nlayout: post\nmenu: main\ncascade: {a: 1}\nimages: [a.png]\nauthor: {name: B}\ndraft: yes\ntags: [NO, 1.10]\n---\n";
    let jekyll = "---\nlayout: post\ntitle: \"x\"\npublished: false\npermalink: /x/\n---\n";
    for text in [zola, hugo, jekyll] {
        let (front, codes) = article(text);
        assert!(codes.iter().all(|code| *code == Code::FrontMatterKey), "{codes:?}");
        assert_eq!(front.title.as_deref(), Some("x"));
    }
    let front = article(zola).0;
    assert_eq!(
        (front.path.as_deref(), front.aliases),
        (Some("2024/01/01/x.html"), vec!["old".to_owned()])
    );
    assert_eq!(
        (front.topics, front.authors, front.entities.len()),
        (vec!["A".to_owned()], vec!["B".to_owned()], 1)
    );
    let front = article(hugo).0;
    assert_eq!((front.draft, front.topics), (true, vec!["NO".to_owned(), "1.10".to_owned()]));
    assert!(article(jekyll).0.draft);
}

#[test]
fn control_characters_never_get_in() {
    let (front, _) = article("+++\ntitle = \"a\\u0001b\"\n[extra]\nx = \"\\u001b\"\n+++\n");
    assert_eq!((front.title.as_deref(), front.extra["x"].as_str()), (Some("ab"), Some("")));
}

#[test]
fn source_may_be_a_name_or_an_address() {
    let source = |text: &str| {
        article(&format!("---\nsource: {text}\nretrieved: 2024-01-02\n---\n")).0.source.unwrap()
    };
    assert_eq!(source("Reuters").name.as_deref(), Some("Reuters"));
    let address = source("https://x.org/a");
    assert_eq!((address.url.as_deref(), address.name), (Some("https://x.org/a"), None));
    assert_eq!(address.retrieved.unwrap().to_string(), "2024-01-02");
}

#[test]
fn records_are_read_and_checked() {
    let loaded = load_files(&[
        ("content/topics/space-law.toml", b"parent = \"law\"\nbody = \"Text\"\nkeywords = [\"a\"]"),
        ("content/topics/Bad Name.toml", b"name = \"x\""),
        (
            "content/entities/nasa.md",
            b"---\nname: NASA\nkind: organization\nwikidata: Q23548\n---\nText\n",
        ),
        (
            "content/entities/ship.toml",
            b"kind = \"vessel\"\nwikidata = \"23\"\nwebsite = \"x\"\nnme = \"y\"",
        ),
        ("content/entities/who.toml", b"kind = \"persn\""),
        ("content/entities/zzz.toml", b"name = \"Z\""),
        ("content/entities/notes.csv", b"\xff"),
    ]);
    assert_eq!(
        codes(&loaded),
        [
            Code::FrontMatterPath,
            Code::FrontMatterValue,
            Code::FrontMatterValue,
            Code::FrontMatterKey,
            Code::RecordKind,
            Code::RecordKind
        ]
    );
    let topic = &loaded.value.topics[1];
    assert_eq!(
        (topic.id.as_str(), topic.name.as_str(), topic.body.as_str()),
        ("space-law", "space law", "Text")
    );
    let nasa = &loaded.value.entities[0];
    assert_eq!(
        (nasa.kind, nasa.wikidata.as_deref(), nasa.body.as_str()),
        (EntityKind::ORGANIZATION, Some("Q23548"), "Text\n")
    );
    assert_eq!(loaded.value.entities.len(), 2);
}

#[test]
fn hostile_yaml_is_refused_in_time() {
    let line = |name: char, before: &str| format!("{name}: &{name} [{}]", [before; 9].join(", "));
    let mut lines = vec!["---".to_owned(), line('a', "x")];
    lines.extend(
        "bcdefgh"
            .chars()
            .zip(["*a", "*b", "*c", "*d", "*e", "*f", "*g"])
            .map(|(name, before)| line(name, before)),
    );
    let bomb = lines.join("\n") + "\n---\n";
    assert_eq!(article(&bomb).1, [Code::FrontMatterSyntax]);
}

#[test]
fn unusual_yaml_is_read() {
    let (front, codes) =
        article("---\nextra:\n  1: a\n  true: b\n  x: &x {y: .nan}\n  z: *x\n---\n");
    assert_eq!(codes, []);
    assert_eq!((&front.extra["1"], &front.extra["true"]), (&"a".into(), &"b".into()));
    assert_eq!(article("---\n? [a]\n: b\n---\n").1, [Code::FrontMatterSyntax]);
    assert_eq!(article("---\ntitle: a\ntitle: b\n---\n").1, [Code::FrontMatterSyntax]);
}

#[test]
fn line_breaks_and_marks_of_windows_vanish() {
    let loaded = load_files(&[(
        "content/articles/a.md",
        b"\xef\xbb\xbf+++\r\ntitle = \"x\"\r\n+++\r\nA\r\nB\x01\rC",
    )]);
    let article = &loaded.value.articles[0];
    assert_eq!(
        (article.front.title.as_deref(), &article.text[article.body.clone()]),
        (Some("x"), "A\nB\nC")
    );
}

proptest! {
    #[test]
    fn loading_never_panics(
        fence in prop::sample::select(vec!["+++", "---", ""]),
        lines in prop::collection::vec(
            ("(title|date|slug|aliases|source|extra|people|weight|rights|[a-z]{1,4})", "( = |: |\\.)", "[\\PC]{0,12}|\\[.{0,8}\\]|\\{.{0,8}\\}|[0-9T:+./-]{0,20}"),
            0..5,
        ),
        body in "\\PC{0,20}",
    ) {
        let lines: Vec<String> = lines.iter().map(|(key, sign, value)| format!("{key}{sign}{value}")).collect();
        let block = lines.join("\n") + "\n";
        let text = format!("{fence}\n{block}{fence}\n{body}");
        let loaded = load_files(&[("content/articles/a.md", text.as_bytes()), ("content/topics/t.toml", block.as_bytes())]);
        for article in &loaded.value.articles {
            prop_assert!(article.text.get(article.body.clone()).is_some());
            for path in article.front.slug.iter().chain(&article.front.path).chain(&article.front.aliases) {
                prop_assert!(SitePath::parse(path).is_some_and(|safe| safe.as_str() == path));
            }
        }
    }
}
