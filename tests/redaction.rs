//! What was taken down is in no output, and all else stays as it was.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod common;

use std::fmt::Write as _;

use pressmark::text::fold;
use proptest::prelude::*;

use crate::common::{Tree, build, build_whole, line};

const PEOPLE: [&str; 4] = ["Jané O’Doe", "Max van der Moe", "王小明", "Ann-Marie Roe"];

/// Words that stand in one article only.
fn words(n: usize) -> [String; 4] {
    ["zirp", "quax", "morv", "blinx"]
        .map(|stem| format!("{stem}{}", ["ek", "ol", "um", "ax", "iz"][n]))
}

/// Returns a site that says names in every way that people do.
fn site() -> Tree {
    let mut tree = Tree::new();
    let mut add = |path: &str, text: String| tree.insert(path.to_owned(), text.into_bytes());
    add("site.toml", "title = \"News\"\nbase_url = \"https://example.org/n/\"\n[feeds]\nfull_text = true\n[hosting]\nfiles = [\"netlify\", \"apache\"]\n".to_owned());
    for n in 0..5 {
        let [title, text, heading, alias] = words(n);
        let (one, other) = (PEOPLE[n % 4], PEOPLE[(n + 1) % 4]);
        let plain = fold(one).replace(' ', "-");
        let body = format!(
            "{one} said that the {text} would be closed on Monday. \u{201c}We close the {text} now,\u{201d} said {other}.\n\n\
             ## {heading} of {one}\n\nThen **{one}**'s friends met {other} at the {text}, and 300 people came.\n\n\
             [Look]({}#{}) and ![{one}](pic.svg \"{other}\") <https://example.com/{plain}>.\n",
            ["a1.md", "b/a2/index.md", "../../a3.txt", "a4.html", "a0.md"][n],
            words((n + 1) % 5)[2],
        );
        let front = format!(
            "title = \"{one} and the {title}\"\ndate = 2024-03-0{}\npeople = [\"{one}\", \"{other}\"]\nauthors = [\"{other}\"]\n\
             summary = \"The {text} of {one}.\"\naliases = [\"old/{alias}\"]\ntopics = [\"Trial of {other}\", \"Water\"]\n\
             source = {{ name = \"{one} Wire\", url = \"https://example.com/{plain}/{title}\" }}\n\
             corrections = [{{ date = 2024-03-20, text = \"{other} is right.\" }}]\n[extra]\nby = \"{one}\"\n",
            n + 1
        );
        let (path, text) = match n {
            2 => ("b/a2/index.md".to_owned(), format!("+++\n{front}+++\n\n{body}")),
            3 => (
                "a3.txt".to_owned(),
                format!("{one} and the {title}\n\nBy {other}\n\n2024-03-04\n\n{body}"),
            ),
            4 => (
                "a4.html".to_owned(),
                format!(
                    "<html><head><title>{one}: {title}</title></head><body><p>2024-03-05. {one} has <b>{other}</b>, &amp; the {text}.</p></body></html>"
                ),
            ),
            _ => (format!("a{n}.md"), format!("+++\n{front}+++\n\n{body}")),
        };
        add(&format!("content/articles/{path}"), text);
    }
    add("content/articles/pic.svg", "<svg/>".to_owned());
    add("content/articles/b/a2/pic.svg", "<svg/>".to_owned());
    add(
        "content/pages/about.md",
        format!("# About\n\nAsk {} or [Max](mailto:max.van.der.moe@example.org).\n", PEOPLE[3]),
    );
    add(
        "content/topics/water.md",
        format!(
            "+++\nname = \"Water\"\ndescription = \"{} drinks it.\"\n+++\n\nSo *{}* says.\n",
            PEOPLE[0], PEOPLE[1]
        ),
    );
    add("content/entities/moe.toml", "kind = \"person\"\nname = \"Max van der Moe\"\naliases = [\"The Fox\"]\ndescription = \"Knows Ann-Marie Roe.\"\n".to_owned());
    add(
        "content/decisions.toml",
        format!(
            "[[decision]]\naction = \"accept\"\nname = \"{}\"\nkind = \"person\"\nby = \"{}\"\n",
            PEOPLE[3], PEOPLE[0]
        ),
    );
    tree
}

const FILES: [&str; 5] = [
    "articles/a0.md",
    "articles/a1.md",
    "articles/b/a2/index.md",
    "articles/a3.txt",
    "articles/a4.html",
];
const PAGES: [&str; 5] =
    ["articles/a0", "articles/a1", "articles/b/a2", "articles/a3", "articles/a4"];

/// Returns the entries that take articles and people down.
fn entries(articles: &[usize], people: &[usize]) -> String {
    let mut text = "# Taken down.\n".to_owned();
    for n in articles {
        let alias = if *n < 3 { format!(", \"old/{}\"", words(*n)[3]) } else { String::new() };
        writeln!(
            text,
            "[[redaction]]\narticle = \"{}\"\nat = [\"{}/\"{alias}]\ndate = 2024-05-06\n",
            FILES[*n], PAGES[*n]
        )
        .unwrap();
    }
    for n in people {
        writeln!(
            text,
            "[[redaction]]\nname = \"{}\"\ndate = 2024-05-07\nnote = \"{0} asked.\"\n",
            PEOPLE[*n]
        )
        .unwrap();
    }
    text
}

fn redacted(articles: &[usize], people: &[usize]) -> Tree {
    let mut tree = site();
    let entries = entries(articles, people);
    if !entries.is_empty() {
        tree.insert("content/redactions.toml".to_owned(), entries.into_bytes());
    }
    tree
}

/// Undoes percent-encoding, and the references of HTML and JSON.
fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes().peekable();
    let text = text.as_bytes();
    let mut at = 0;
    while rest.next().is_some() && at < text.len() {
        let hex = text.get(at + 1..at + 3).filter(|_| text[at] == b'%');
        let hex = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(hex.unwrap_or(text[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    ["amp", "#x27", "#39", "quot", "nbsp"]
        .iter()
        .fold(text, |text, name| text.replace(&format!("&{name};"), "'"))
}

/// Returns the outputs that hold a word, however it is written.
fn holding(made: &Tree, word: &str) -> Vec<String> {
    let folded = fold(word);
    let holds = |text: &str| {
        let text = fold(text);
        text.contains(&folded) || text.replace(' ', "").contains(&folded.replace(' ', ""))
    };
    let mut found = Vec::new();
    for (path, bytes) in made {
        let text = String::from_utf8_lossy(bytes);
        for line in text.lines().chain([path.as_str()]) {
            if holds(line) || holds(&plain(line)) {
                found.push(format!("{path}: {line}"));
            }
        }
    }
    found
}

#[test]
fn the_site_says_all_of_it_before() {
    let made = build_whole(&site());
    for n in 0..5 {
        for word in &words(n)[..if n < 3 { 4 } else { 2 }] {
            assert!(!holding(&made, word).is_empty(), "{word}");
        }
    }
    for person in PEOPLE {
        assert!(holding(&made, person).len() > 10, "{person}");
    }
    assert!(!made.contains_key("removed.json"));
    assert!(!holding(&made, "The Fox").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_output_holds_what_was_taken_down(
        articles in prop::sample::subsequence(vec![0, 1, 2, 3, 4], 0..=3),
        people in prop::sample::subsequence(vec![0, 1, 2, 3], 0..=3),
    ) {
        let made = build_whole(&redacted(&articles, &people));
        for n in &articles {
            let known = if *n < 3 { 4 } else { 2 };
            for word in &words(*n)[..known - usize::from(*n < 3)] {
                let found = holding(&made, word);
                prop_assert!(found.is_empty(), "{} of {}: {:?}", word, n, found);
            }
            let tombstone = String::from_utf8_lossy(&made[&format!("{}/index.html", PAGES[*n])]).into_owned();
            prop_assert!(tombstone.contains("6 May 2024") && tombstone.contains("noindex"), "{}", tombstone);
            let twin = format!("{}/index.json", PAGES[*n]);
            prop_assert!(!made.contains_key(&twin), "{}", twin);
        }
        for n in &people {
            let found = holding(&made, PEOPLE[*n]);
            prop_assert!(found.is_empty(), "{}: {:?}", PEOPLE[*n], found);
        }
        let told = made.get("removed.json");
        prop_assert_eq!(told.is_some(), !(articles.is_empty() && people.is_empty()));
        let listed = String::from_utf8_lossy(&made["sitemap.xml"]);
        for n in &articles {
            let page = format!("{}/", PAGES[*n]);
            prop_assert!(!listed.contains(&page), "{}", page);
        }
    }
}

#[test]
fn what_is_told_of_it_is_a_date_and_numbers() {
    let made = build_whole(&redacted(&[0, 2], &[1]));
    let told: serde_json::Value = serde_json::from_slice(&made["removed.json"]).unwrap();
    let expected = serde_json::json!([
        { "removed": "2024-05-06", "pages": 2, "names": 0 },
        { "removed": "2024-05-06", "pages": 2, "names": 0 },
        { "removed": "2024-05-07", "pages": 0, "names": 1 },
    ]);
    assert_eq!(told, expected);
    assert!(String::from_utf8_lossy(&made[".htaccess"]).contains("410"));
    assert!(holding(&made, "The Fox").is_empty(), "a name of the record");
}

#[test]
fn undoing_it_brings_the_same_bytes_back() {
    let mut tree = redacted(&[1], &[0]);
    assert_ne!(build_whole(&tree), build_whole(&site()));
    tree.insert("content/redactions.toml".to_owned(), b"# Nothing.\n".to_vec());
    assert_eq!(build_whole(&tree), build_whole(&site()));
}

#[test]
fn nothing_is_built_when_it_cannot_be_read() {
    for text in ["[[redaction", "[[redaction]]\nname = \"Jane\"\n", "\u{feff}x", "name = \"Jane\""]
    {
        let mut tree = site();
        tree.insert("content/redactions.toml".to_owned(), text.as_bytes().to_vec());
        assert!(build(&tree).0.is_none(), "{text}");
    }
    let mut tree = site();
    for bytes in [&b"\xff"[..], b""] {
        tree.insert("content/redactions.toml".to_owned(), bytes.to_vec());
        assert!(build(&tree).0.is_none(), "{bytes:?}");
    }
}

#[test]
fn a_name_in_a_template_or_in_settings_stops_the_build() {
    for (path, text) in [
        ("i18n/en.toml", "latest = \"From Ann-Marie Roe\"\n"),
        (
            "templates/404.html",
            "{% extends \"theme/404.html\" %}{% block main %}ANN MARIE ROE{% endblock main %}",
        ),
        ("static/ann_marie_roe.txt", "x"),
    ] {
        let mut tree = redacted(&[], &[3]);
        tree.insert(path.to_owned(), text.as_bytes().to_vec());
        let (made, reports) = build(&tree);
        assert!(made.is_none(), "{path}");
        assert!(reports.iter().any(|report| line(report).contains("E0425")), "{path}");
    }
}

#[test]
fn a_file_that_is_called_by_a_name_has_an_address_without_it() {
    let mut tree = redacted(&[], &[3]);
    tree.insert(
        "content/articles/2024-01-02-ann-marie-roe-resigns.md".to_owned(),
        b"Text.".to_vec(),
    );
    tree.insert("content/articles/Ann-Marie Roe/pic.md".to_owned(), b"Text.".to_vec());
    tree.insert("content/articles/ann-marie-roe.png".to_owned(), b"png".to_vec());
    let (made, reports) = build(&tree);
    let made = made.unwrap();
    assert!(made.contains_key("articles/name-removed-resigns/index.html"), "{:?}", made.keys());
    assert_eq!(holding(&made, "Ann-Marie Roe"), Vec::<String>::new());
    let moved = reports.iter().filter(|report| line(report).contains("W0424")).count();
    assert_eq!(moved, 3);
}

/// Returns an entry for an article, as a person writes it.
fn by_hand(file: &str, more: &str) -> Vec<u8> {
    format!("[[redaction]]\narticle = \"{file}\"\ndate = 2024-05-06\n{more}").into_bytes()
}

/// Returns what a page says, without the places of its sentences.
fn said(html: &[u8]) -> String {
    let html = String::from_utf8_lossy(html);
    let mut parts = html.split("<span id=\"s");
    let first = parts.next().unwrap().to_owned();
    let rest = parts.map(|part| part.split_once('>').unwrap().1.replacen("</span>", "", 1));
    first + &rest.collect::<String>()
}

#[test]
fn an_address_that_nobody_noted_is_the_one_that_the_article_had() {
    for settings in
        ["", "article_url = \"/{year}/{month}/{slug}-{day}/\"\n", "article_url = \"n/{path}/x\"\n"]
    {
        let mut tree = site();
        let text = tree.get_mut("site.toml").unwrap();
        text.splice(0..0, settings.bytes());
        let slug = "+++\nslug = \"Own-slug\"\naliases = [\"one\", \"two.html\"]\n+++\nA text of May 5, 2024.\n";
        tree.insert("content/articles/slug.md".to_owned(), slug.into());
        tree.insert("content/pages/Deep/help.md".to_owned(), b"Help.\n".to_vec());
        let before = build_whole(&tree);
        let more = ["articles/slug.md", "pages/Deep/help.md", "pages/about.md"];
        for file in FILES.into_iter().chain(more) {
            let mut redacted = tree.clone();
            let entry = by_hand(file, "");
            redacted.insert("content/redactions.toml".to_owned(), entry.clone());
            let (made, reports) = build(&redacted);
            let made = made.unwrap();
            assert!(!reports.iter().any(|report| line(report).contains("redactions")), "{file}");
            let mut gone = tree.clone();
            gone.remove(&format!("content/{file}"));
            let gone = build_whole(&gone);
            let said = "Something was removed here on 6 May 2024.";
            let said = |path: &&String| String::from_utf8_lossy(&made[*path]).contains(said);
            let told: Vec<&String> = made.keys().filter(said).collect();
            let expected: Vec<&String> = before
                .keys()
                .filter(|path| !gone.contains_key(*path) && path.contains(".html"))
                .filter(|path| {
                    ![
                        "people/",
                        "places/",
                        "sources/",
                        "topics/",
                        "archive/",
                        "stories/",
                        "quotations/",
                        "figures/",
                        "organizations/",
                    ]
                    .iter()
                    .any(|list| path.starts_with(list))
                })
                .collect();
            assert!(
                !told.is_empty() && told == expected,
                "{settings}{file}: {told:?}, {expected:?}"
            );
        }
    }
}

#[test]
fn what_was_never_published_has_no_page() {
    for (front, pages) in [
        ("draft = true", 0),
        ("date = 2024-05-07", 0),
        ("date = 2024-05-06T23:59:00Z", 1),
        ("publish_date = 2024-06-01", 0),
        ("expiry_date = 2024-01-01", 1),
        ("date = 2024-05-06", 1),
    ] {
        let mut tree = site();
        let text = format!("+++\n{front}\n+++\nA text.\n");
        tree.insert("content/articles/x.md".to_owned(), text.into_bytes());
        tree.insert("content/redactions.toml".to_owned(), by_hand("articles/x.md", ""));
        let (made, reports) = build(&tree);
        let made = made.unwrap();
        assert_eq!(made.contains_key("articles/x/index.html"), pages == 1, "{front}");
        let told = String::from_utf8_lossy(&made["removed.json"]).into_owned();
        assert!(told.contains(&format!("\"pages\":{pages}")), "{front}: {told}");
        assert!(!reports.iter().any(|report| line(report).contains("redactions")), "{front}");
    }
}

#[test]
fn links_to_what_was_taken_down_lead_to_its_page_or_nowhere() {
    let text = "[One](a0.md#x), [two](b/a2/index.md?y), [three](/articles/a0/#main), [four](@/a0.md), [five](../a0/index.html), \
                [six](/old/blinxek \"A hint\") and ![a picture](b/a2/pic.svg); [a file](b/a2/pic.svg).\n";
    let page = "[About](../articles/a0.md) it.\n\n<a href=\"/articles/b/a2/\">Here</a>.\n";
    let mut tree = site();
    tree.insert(
        "content/articles/links.md".to_owned(),
        format!("+++\ndate = 2024-03-06\n+++\n{text}").into_bytes(),
    );
    tree.insert("content/pages/links.md".to_owned(), page.into());
    tree.insert("content/articles/a1.md".to_owned(), b"Other.\n".to_vec());
    let mut told = tree.clone();
    let entries = [
        by_hand("articles/a0.md", ""),
        by_hand("articles/b/a2/index.md", "at = [\"articles/b/a2/\"]\n"),
    ];
    told.insert("content/redactions.toml".to_owned(), entries.concat());
    let (made, reports) = build(&told);
    let made = made.unwrap();
    let about = |reports: &[pressmark::diag::Diagnostic]| -> Vec<String> {
        reports
            .iter()
            .map(line)
            .filter(|line| line.contains("W050") && line.contains("links.md"))
            .collect()
    };
    assert_eq!(about(&reports), Vec::<String>::new());
    let html = said(&made["articles/links/index.html"]);
    for part in [
        "<a href=\"/n/articles/a0/\">One</a>",
        "<a href=\"/n/articles/b/a2/?y\">two</a>",
        "<a href=\"/n/articles/a0/\">three</a>",
        "<a href=\"/n/articles/a0/\">four</a>",
        "<a href=\"/n/articles/a0/\">five</a>",
        "<a href=\"/n/old/blinxek/\" title=\"A hint\">six</a> and ; <a>a file</a>.",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let html = said(&made["pages/links/index.html"]);
    assert!(html.contains("<a href=\"/n/articles/a0/\">About</a>"), "{html}");

    let entries =
        [by_hand("articles/a0.md", "at = []\n"), by_hand("articles/b/a2/index.md", "at = []\n")];
    tree.insert("content/redactions.toml".to_owned(), entries.concat());
    let (made, reports) = build(&tree);
    let made = made.unwrap();
    assert_eq!(about(&reports), Vec::<String>::new());
    for word in ["a0.md", "articles/a0", "index.md", "b/a2", "blinxek", "a picture"] {
        assert_eq!(holding(&made, word), Vec::<String>::new(), "{word}");
    }
    let html = said(&made["articles/links/index.html"]);
    let expected = "<a>One</a>, <a>two</a>, <a>three</a>, <a>four</a>, <a>five</a>, <a title=\"A hint\">six</a> and ; <a>a file</a>.";
    assert!(html.contains(expected), "{html}");
    let html = said(&made["pages/links/index.html"]);
    assert!(html.contains("<a>About</a> it") && html.contains("<a>Here</a>"), "{html}");
}

#[test]
fn two_that_stood_at_one_address_share_its_page() {
    for (second, other) in [("same", "articles/same/"), ("Same", "articles/Same/")] {
        let mut tree = site();
        for (file, slug) in [("x", "same"), ("y", second)] {
            let text = format!("+++\nslug = \"{slug}\"\ndate = 2024-03-07\n+++\nA text.\n");
            tree.insert(format!("content/articles/{file}.md"), text.into_bytes());
        }
        tree.insert("content/articles/z.md".to_owned(), b"[One](x.md) and [two](y.md).\n".to_vec());
        assert!(build(&tree).0.is_none(), "two at one address");
        // With one of them taken down, the other has the address.
        let mut one = tree.clone();
        one.insert("content/redactions.toml".to_owned(), by_hand("articles/x.md", ""));
        let (made, reports) = build(&one);
        let reports: Vec<String> = reports.iter().map(line).collect();
        let page = made.unwrap_or_else(|| panic!("{reports:?}"));
        let page = said(&page["articles/z/index.html"]);
        assert!(
            page.contains("<a>One</a>")
                && page.contains(&format!("<a href=\"/n/articles/{second}/\">two</a>")),
            "{page}"
        );
        for second in [String::new(), format!("at = [\"{other}\"]\n")] {
            let entries = [by_hand("articles/x.md", ""), by_hand("articles/y.md", &second)];
            tree.insert("content/redactions.toml".to_owned(), entries.concat());
            let (made, reports) = build(&tree);
            let reports: Vec<String> = reports.iter().map(line).collect();
            let made = made.unwrap_or_else(|| panic!("{reports:?}"));
            let page = said(&made["articles/same/index.html"]);
            assert!(page.contains("6 May 2024"), "{page}");
            let page = said(&made["articles/z/index.html"]);
            let links =
                ["<a href=\"/n/articles/same/\">One</a>", "<a href=\"/n/articles/same/\">two</a>"];
            assert!(links.iter().all(|link| page.contains(link)), "{page}");
            let told = said(&made["removed.json"]);
            assert_eq!(told.matches("\"pages\":1").count(), 2, "{told}");
        }
    }
}
