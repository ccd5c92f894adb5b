//! Whatever the files say: no panic, no file outside of the site, no code and no dead link in pages.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod common;

use std::fmt::Write as _;

use common::Tree;
use common::html::{assert_links_arrive, tags};
use pressmark::files::SitePath;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces that mean something to one of the readers, or that attackers like.
const PIECES: &[&str] = &[
    "+++\n",
    "---\n",
    "{\n",
    "}\n",
    "title = \"x\"\n",
    "title: x\n",
    "\"title\": \"x\",\n",
    "date = ",
    "2024-02-30",
    "2024-05-06\n",
    "slug = \"",
    "path = \"../../x\"\n",
    "aliases = [\"/a\", \"..\"]\n",
    "people = [\"<script>alert(1)</script>\"]\n",
    "topics = [\"a\\\"><img src=x onerror=alert(1)>\"]\n",
    "template = \"../x\"\n",
    "language = \"en\\\" onload=\\\"x\"\n",
    "source = \"javascript:alert(1)\"\n",
    "original_url = \"https://a/?\\\"><script>\"\n",
    "<script>alert(1)</script>",
    "<ScRiPt\n>",
    "</script>",
    "<img src=x onerror=alert(1)>",
    "<a href=\"java&#115;cript:alert(1)\">x</a>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "![x](data:text/html,<script>)",
    "[x](#a\" onclick=\"alert(1))",
    "<javascript:alert(1)>",
    "[x]: vbscript:x\n",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "\u{1}",
    "\u{1}~",
    "\0",
    "\u{202e}",
    "\u{feff}",
    "\u{2028}",
    "&lt;script&gt;",
    "&#1;",
    "%01",
    "# Heading {#a\"b onclick=x}\n",
    "## Two\n\n",
    "| a | b |\n| - | - |\n| c | d |\n",
    "```html\n<script>\n```\n",
    "[^1]",
    "[^1]: note\n",
    "> quote\n",
    "- item\n",
    "    code\n",
    "<!-- more -->\n",
    "Ana Ferreira said so. ",
    "Lisbon, the United Nations and Dr. Smith. ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    " ",
    "é",
    "漢字。",
    "سلام",
    "🙂",
    "\"",
    "'",
    "<",
    ">",
    "&",
    "\\",
    "{{ x }}",
    "{% raw %}",
    "[[",
    "]]",
    "x = 1\n",
    "[extra]\n",
    "a.b.c = 1\n",
    "kind = \"person\"\n",
    "name = \"N\"\n",
    "parent = \"self\"\n",
    "id = \"..\"\n",
    "body = \"<script>\"\n",
    "website = \"javascript:x\"\n",
    "base_url = \"",
    "page_size = 1\n",
    "[feeds]\nfull_text = true\n",
    "slug.mode = \"unicode\"\n",
    "article_url = \"{slug}/../{path}\"\n",
    "output_dir = \"/\"\n",
    "The views expressed here are not those of the publisher.\n",
    "Source: <b>x</b>\n",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
        1 => "[a-z .]{0,12}".prop_map(String::into_bytes),
    ];
    prop_oneof![
        12 => vec(piece, 0..24).prop_map(|pieces| pieces.concat()),
        1 => vec(any::<u8>(), 0..200),
        1 => ".{0,200}".prop_map(String::into_bytes),
    ]
}

/// A part of a path, as odd as a path may be.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z0-9 ._~%&?#+-]{1,12}",
        1 => "\\PC{1,8}",
        1 => select(vec!["index", "2024-05-06", "con", "feed", "page", "404", "a\"b", "<b>", "..."])
            .prop_map(str::to_owned),
    ]
}

/// The name of a record; mostly one that is allowed, or the rest would not count.
fn record_stem() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z]{1,6}", 1 => part()]
}

/// Sites of a few files, each in a place where it is read.
fn site() -> impl Strategy<Value = Tree> {
    let article = (part(), select(vec!["md", "txt", "html", "svg"]), text());
    let article = article
        .prop_map(|(stem, ending, text)| (format!("content/articles/{stem}.{ending}"), text));
    let nested = (part(), part(), text())
        .prop_map(|(folder, stem, text)| (format!("content/articles/{folder}/{stem}.md"), text));
    let page = (part(), text()).prop_map(|(stem, text)| (format!("content/pages/{stem}.md"), text));
    let record =
        (select(vec!["topics", "entities"]), record_stem(), select(vec!["toml", "md"]), text())
            .prop_map(|(folder, stem, ending, text)| {
                (format!("content/{folder}/{stem}.{ending}"), text)
            });
    let file = prop_oneof![5 => article, 1 => nested, 1 => page, 2 => record];
    // Settings are mostly good ones, or no other file would ever count.
    let settings = prop_oneof![
        6 => select(vec![
            "", "page_size = 1\n", "base_url = \"https://example.org/sub\"\nfeeds.full_text = true\n",
            "slug.mode = \"unicode\"\nbase_url = \"/sub\"\n", "security.html = \"escape\"\n",
            "title = \"<script>alert(1)</script>\"\ndescription = \"\\u0001\\\"'>\"\nrights.default = \"excerpt\"\n",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => text(),
    ];
    (vec(file, 1..5), settings).prop_map(|(files, settings)| {
        let mut tree = Tree::from([("site.toml".to_owned(), settings)]);
        tree.extend(files.into_iter().filter(|(path, _)| SitePath::parse(path).is_some()));
        tree
    })
}

/// Fails when an output could harm a visitor or the one who builds.
fn assert_harmless(site: &Tree, made: &Tree) {
    for (path, bytes) in made {
        let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
        assert!(path.split('/').all(plain), "{path:?}");
        assert!(!path.chars().any(char::is_control), "{path:?}");
        // What is copied is the user's own.
        if site.values().any(|source| source == bytes) {
            continue;
        }
        let text = str::from_utf8(bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(!text.contains('\u{1}'), "{path}: {text:?}");
        let ending = path.rsplit('.').next().unwrap_or_default();
        match ending {
            "html" => assert_no_code(path, text),
            "json" => drop(serde_json::from_str::<serde_json::Value>(text).expect(path)),
            "xml" => assert_xml(path, text),
            _ => {}
        }
    }
}

/// Returns whether a script element is empty and its file is one of the theme's, which the site holds.
fn is_of_the_theme(html: &str) -> bool {
    let Some(rest) = html.strip_prefix("<script src=\"") else { return false };
    let Some((file, rest)) = rest.split_once('"') else { return false };
    let below = file
        .trim_start_matches("../")
        .trim_start_matches("https://example.org")
        .trim_start_matches('/');
    let name = below.rsplit_once("assets/").map_or("", |(_, name)| name);
    let is_file = name.strip_suffix(".js").is_some_and(|name| {
        name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
    });
    let ends = ["></script>", " defer></script>", " defer blocking=\"render\"></script>"];
    is_file && ends.iter().any(|end| rest.starts_with(end))
}

fn assert_no_code(path: &str, html: &str) {
    const ALLOWED: &str = "<script type=\"application/ld+json\">";
    for (at, _) in html.to_ascii_lowercase().match_indices("<script") {
        if is_of_the_theme(&html[at..]) {
            continue;
        }
        let rest = html[at..].strip_prefix(ALLOWED);
        let rest = rest.unwrap_or_else(|| panic!("{path}: a script at {at} of {html}"));
        let json = rest.split('<').next().unwrap();
        serde_json::from_str::<serde_json::Value>(json).expect(path);
    }
    for (name, attributes) in tags(html) {
        // Drawings are the program's own, and those of its themes.
        let is_ours = |class: &str| ["plot", "bars", "graph", "share"].contains(&class);
        let is_drawing =
            name == "svg" && attributes.iter().any(|(key, value)| key == "class" && is_ours(value));
        // Articles have no forms; the page where readers look for something is one.
        let is_search = name == "form" && path == "search/index.html";
        let harmless = is_drawing
            || is_search
            || !matches!(
                name.as_str(),
                "iframe" | "object" | "embed" | "style" | "form" | "base" | "svg"
            );
        assert!(harmless, "{path}: <{name}> in {html}");
        for (key, value) in attributes {
            assert!(
                !key.starts_with("on") && key != "style" && key != "srcdoc",
                "{path}: {key} in {html}"
            );
            if matches!(key.as_str(), "href" | "src") {
                let bare: String =
                    value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
                let bare = bare.to_ascii_lowercase();
                let code = ["javascript:", "vbscript:", "data:"]
                    .iter()
                    .any(|scheme| bare.starts_with(scheme));
                assert!(!code, "{path}: {key}={value:?} in {html}");
            }
        }
    }
}

fn assert_xml(path: &str, text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(quick_xml::events::Event::Eof) => break,
            Ok(_) => {}
            Err(error) => panic!("{path}: {error} in {text}"),
        }
    }
    let allowed = |c: char| !c.is_control() || matches!(c, '\n' | '\t' | '\r');
    assert!(text.chars().all(allowed), "{path}: {text:?}");
}

/// An article's two people, its rights, its month, and whether it is dated.
type Article = (usize, usize, usize, usize, bool);

/// Sites that no honest editor would be ashamed of, with links between all their parts; each with
/// its address and how names are looked for.
/// The themes inside the program.
const THEMES: &[&str] = &["broadsheet", "wire"];

fn benign() -> impl Strategy<Value = (Tree, &'static str, &'static str)> {
    let article = (0..5_usize, 0..4_usize, 0..3_usize, 0..4_usize, any::<bool>());
    let base = select(vec!["", "https://example.org", "https://example.org/a/b", "/sub"]);
    let recognize = select(vec!["all", "given", "none"]);
    (vec(article, 2..12), base, 1..4_usize, recognize, select(THEMES)).prop_map(
        |(articles, base, size, recognize, theme)| {
            let mut tree = linked(&articles);
            let address =
                if base.is_empty() { String::new() } else { format!("base_url = \"{base}\"\n") };
            let settings = format!(
                "{address}theme = \"{theme}\"\npage_size = {size}\n\
                 entities.recognize = \"{recognize}\"\n"
            );
            tree.insert("site.toml".to_owned(), settings.into_bytes());
            (tree, base, recognize)
        },
    )
}

fn linked(articles: &[Article]) -> Tree {
    let people = ["Ada Moreau", "Ben Okafor", "Chen Liu", "Dora Weiss", "Emil Novak"];
    let mut tree = Tree::new();
    let mut add = |path: &str, text: &str| tree.insert(path.to_owned(), text.as_bytes().to_vec());
    add("content/pages/about.md", "# About\n\nSee [one](../articles/a0.md).\n");
    add("content/entities/vienna.toml", "kind = \"place\"\nname = \"Vienna\"\n");
    for (n, (one, two, rights, month, is_dated)) in articles.iter().enumerate() {
        let (one, two) = (people[*one], people[(one + two) % 5]);
        // The first is whole, so that there is a sentence and a heading to point at.
        let rights = if n == 0 { "own" } else { ["own", "excerpt", "link-only"][*rights] };
        let mut text = format!(
            "+++\ntitle = \"Article {n}\"\nrights = \"{rights}\"\npeople = [\"{one}\"]\n\
             topics = [\"Topic {month}\"]\naliases = [\"old/{n}\", \"older/{n}.html\"]\n\
             source = {{ name = \"Wire {}\", url = \"https://wire.example/{n}\" }}\n",
            n % 2
        );
        if *is_dated {
            writeln!(text, "date = 2024-0{}-0{}", month + 1, n % 9 + 1).unwrap();
        }
        writeln!(
            text,
            "+++\n\n{one} met {two} in Vienna. See [the first](a0.md#then) and \
             [about](../pages/about.md).\n\n## Then\n\n{two} left with {one}.[^1]\n\n[^1]: A note."
        )
        .unwrap();
        add(&format!("content/articles/a{n}.md"), &text);
    }
    tree
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_site_does_harm(site in site()) {
        if let (Some(made), _) = common::build(&site) {
            assert_harmless(&site, &made);
        }
    }

    #[test]
    fn no_template_and_no_theme_file_makes_a_panic(
        stem in part(), text in text(), theme in text(), strings in text(), wanted in ".{0,12}",
    ) {
        let article = format!("+++\ntemplate = {wanted:?}\n+++\nText.\n");
        let mut site = Tree::from([("content/articles/a.md".to_owned(), article.into_bytes())]);
        let mut add = |path: String, bytes: Vec<u8>| {
            if SitePath::parse(&path).is_some() {
                site.insert(path, bytes);
            }
        };
        add(format!("templates/{stem}.html"), text.clone());
        add("templates/entry.html".to_owned(), text);
        add("i18n/en.toml".to_owned(), strings);
        add("themes/broadsheet/theme.toml".to_owned(), theme);
        add(format!("static/{stem}"), vec![0, 159]);
        if let (Some(made), _) = common::build(&site) {
            for path in made.keys() {
                prop_assert!(!path.split('/').any(|part| part == ".."), "{}", path);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn links_arrive((site, base, recognize) in benign()) {
        let made = common::build_whole(&site);
        assert_harmless(&site, &made);
        let anchors = assert_links_arrive(&made, base);
        let is_seen = |anchor: &str| anchors.iter().any(|(_, seen)| seen == anchor);
        prop_assert!(is_seen("then"));
        prop_assert_eq!(is_seen("s1"), recognize != "none");
    }
}

#[test]
fn a_site_of_all_pieces_is_harmless() {
    let head = "+++\ntitle = \"<script>alert(1)</script>\"\nsummary = \"\\u0001<img onerror=x>\"\n\
                people = [\"<b onclick=x>\", \"Ana Ferreira\"]\ntopics = [\"\\\"><script>\"]\n\
                source = { name = \"</script><script>\", url = \"https://x.example/'a\" }\n+++\n\n";
    let body = format!("Start.\n\n{}\n", PIECES.join("\n\n"));
    let settings = "title = \"</script><script>alert(1)</script>\"\nbase_url = \"https://example.org\"\n\
                    feeds.full_text = true\n";
    for theme in THEMES {
        let settings = format!("theme = \"{theme}\"\n{settings}");
        let site = Tree::from([
            ("site.toml".to_owned(), settings.into_bytes()),
            ("content/articles/a.md".to_owned(), (head.to_owned() + &body).into_bytes()),
            ("content/articles/b.txt".to_owned(), body.clone().into_bytes()),
            ("content/articles/c.html".to_owned(), body.clone().into_bytes()),
        ]);
        let made = common::build_whole(&site);
        assert!(made.len() > 20, "{:?}", made.keys());
        assert_harmless(&site, &made);
    }
}

#[test]
fn the_checks_see_what_they_should() {
    let bad = |html: &str| std::panic::catch_unwind(|| assert_no_code("x", html)).is_err();
    for html in [
        "<script>1</script>",
        "<SCRIPT src=x>",
        "<script type=\"application/ld+json\">{</script>",
        "<p onclick=x>",
        "<img alt=\"a>b\" onerror='x'>",
        "<a href=\"java&#115;cript:x\">",
        "<a href='\tJavascript&colon;x'>",
        "<iframe>",
    ] {
        assert!(bad(html), "{html}");
    }
    let good = "<p title=\"onclick=x\">&lt;script> on=1 <a href=\"a:b\">javascript:</a>\
                <script type=\"application/ld+json\">{}</script>";
    assert!(!bad(good));
    let page = |html: &str| Tree::from([("index.html".to_owned(), html.as_bytes().to_vec())]);
    let dead = |html: &str| {
        let page = page(html);
        std::panic::catch_unwind(|| assert_links_arrive(&page, "")).is_err()
    };
    assert!(!dead("<a id=\"s1\" href=\"#s1\">"));
    assert!(dead("<a id=\"s1\" href=\"#s1\"><a href=\"x/\">"));
    assert!(dead("<a id=\"s1\" href=\"#s2\">"));
    assert!(dead("<a id=\"s1\" href=\"#s1\"><a href=\"../index.html\">"));
}
