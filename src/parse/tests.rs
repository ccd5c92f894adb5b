//! Tests of the whole stage: what comes out, and the invariants on any input.

use proptest::prelude::*;

use super::html::{Piece, attributes, pieces, unescape};
use super::*;
use crate::config::HtmlMode;
use crate::files::SitePath;
use crate::ids::Fingerprint;
use crate::load::{FileName, Format, FrontMatter};

fn config(html: HtmlMode) -> SiteConfig {
    let mut config = SiteConfig::default();
    config.security.html = html;
    config
}

fn file(format: Format, text: &str) -> SourceFile {
    SourceFile {
        path: SitePath::parse("content/articles/a.md").unwrap(),
        format,
        text: text.to_owned(),
        body: 0..text.len(),
        front: FrontMatter::default(),
        name: FileName { date: None, stem: "a".into() },
        bundle: false,
        fingerprint: Fingerprint::of(text.as_bytes()),
    }
}

fn parsed(format: Format, text: &str) -> Warned<Draft> {
    let parsed = parse(&file(format, text), &config(HtmlMode::Sanitise));
    assert_sound(&parsed.value);
    parsed
}

/// Checks the map between HTML and text, the order of blocks, and the nesting of tags.
fn assert_sound(draft: &Draft) {
    let body = &draft.body;
    let mut end = 0;
    for run in &body.runs {
        let text = run.text.slice(&body.text);
        assert!(!text.is_empty() && run.text.start >= end, "{run:?} {body:?}");
        end = run.text.end;
        let html = body.html.get(run.html as usize..).expect("a run starts on a character border");
        let html = html.split('<').next().unwrap();
        assert!(unescape(html).starts_with(text), "{text:?} / {html:?}");
    }
    let joined: Vec<&str> = body.blocks.iter().map(|block| block.text.slice(&body.text)).collect();
    assert_eq!(joined.join("\n"), body.text);
    for link in &draft.links {
        assert!(
            body.html
                .get(link.html.0 as usize..link.html.1 as usize)
                .is_some_and(|text| !text.contains('"'))
        );
    }
    assert_eq!(Body::unpack(&body.pack()).as_ref(), Some(body));
    assert_balanced(&body.html);
    assert_harmless(&body.html);
}

fn assert_balanced(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for piece in pieces(html) {
        match piece {
            Piece::Open("br" | "hr" | "img" | "input", _) | Piece::Text(_) => {}
            Piece::Open(name, _) => {
                assert!(name != "a" || !open.contains(&"a"), "link in link: {html}");
                open.push(name);
            }
            Piece::Close(name) => assert_eq!(open.pop(), Some(name), "{html}"),
        }
    }
    assert!(open.is_empty(), "{open:?} in {html}");
}

fn assert_harmless(html: &str) {
    for piece in pieces(html) {
        let Piece::Open(name, text) = piece else { continue };
        assert!(
            !matches!(name, "script" | "style" | "iframe" | "svg" | "form" | "object"),
            "{html}"
        );
        for (key, value) in attributes(text) {
            assert!(!key.starts_with("on") && key != "style", "{html}");
            assert!(!matches!(key, "href" | "src") || url::is_safe(&unescape(value)), "{html}");
        }
    }
}

fn check(input: &str, expected: &str) {
    let html = parsed(Format::Markdown, input).value.body.html;
    assert_eq!(html.replace('\n', ""), expected, "{input}");
}

#[test]
fn markdown_becomes_html() {
    for (input, expected) in [
        (
            "a *b* **c** ~~d~~ `e<f`",
            "<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;f</code></p>",
        ),
        ("AT&T \"x\"", "<p>AT&amp;T &quot;x&quot;</p>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- [x] a", "<ul><li><input type=\"checkbox\" checked disabled> a</li></ul>"),
        ("3. a", "<ol start=\"3\"><li>a</li></ol>"),
        ("```rust\na<b\n```", "<pre><code class=\"language-rust\">a&lt;b</code></pre>"),
        ("a\n\n# B\n\n### C", "<p>a</p><h2 id=\"b\">B</h2><h3 id=\"c\">C</h3>"),
        ("a\n\n## S1\n\n## S1", "<p>a</p><h2 id=\"h-s1\">S1</h2><h2 id=\"h-s1-2\">S1</h2>"),
        ("[a](b.md \"t\")", "<p><a href=\"b.md\" title=\"t\">a</a></p>"),
        (
            "![a *b*](c.png)",
            "<p><img src=\"c.png\" alt=\"a b\" loading=\"lazy\" decoding=\"async\"></p>",
        ),
        (
            "|a|b|\n|-|-:|\n|1|2|",
            "<table><thead><tr><th>a</th><th class=\"align-right\">b</th></tr></thead><tbody><tr><td>1</td><td class=\"align-right\">2</td></tr></tbody></table>",
        ),
        ("a <b onclick=x>c</b><script>d</script>", "<p>a <b>c</b></p>"),
        (
            "a[^n]\n\n[^n]: b",
            "<p>a<sup class=\"footnote-ref\"><a id=\"fnref-n\" href=\"#fn-n\">1</a></sup></p><div class=\"footnotes\"><ol><li id=\"fn-n\"><p>b</p><a class=\"footnote-back\" href=\"#fnref-n\" aria-label=\"Back\">↩</a></li></ol></div>",
        ),
    ] {
        check(input, expected);
    }
}

#[test]
fn a_note_without_reference_is_kept() {
    check(
        "a\n\n[^x]: b",
        "<p>a</p><div class=\"footnotes\"><ol><li id=\"fn-x\"><p>b</p></li></ol></div>",
    );
}

#[test]
fn raw_html_can_be_shown_as_text() {
    let html =
        parse(&file(Format::Markdown, "a <b>c</b>"), &config(HtmlMode::Escape)).value.body.html;
    assert_eq!(html, "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
}

#[test]
fn the_first_heading_is_the_title_and_more_is_found() {
    let draft = parsed(Format::Markdown, "# The *Title*\n\nOne.\n\n<!-- more -->\n\nTwo.").value;
    assert_eq!(draft.title, Some(Found { value: "The Title".into(), rule: "title.heading" }));
    assert_eq!((draft.body.text.as_str(), draft.more), ("One.\nTwo.", Some(4)));
}

#[test]
fn hostile_markup_is_disarmed() {
    for attack in [
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#10;script:alert(1))",
        "[a](&#106;avascript:x)",
        "[a](<\u{1} javascript:x>)",
        "[a](data:text/html;base64,x)",
        "![a](vbscript:x)",
        "<javascript:alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<a href=\"java\tscript:x\">a</a>",
        "<svg><script>x</script></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=x>",
        "<p style=\"x\" onclick=y>z",
        "<iframe src=x></iframe>a",
        "<noscript><p title=\"</noscript><img src=x onerror=x>\">",
        "`<script>`",
        "[a]: javascript:x\n\n[a]",
        "<details open ontoggle=x>a</details>",
    ] {
        for format in [Format::Markdown, Format::Html, Format::PlainText] {
            parsed(format, attack);
        }
    }
    assert_eq!(
        parsed(Format::Markdown, "[a](javascript:x)").diagnostics[0].code,
        crate::diag::Code::UrlRemoved
    );
    assert_eq!(
        parsed(Format::Markdown, "a <script>x</script>").diagnostics[0].code,
        crate::diag::Code::HtmlRemoved
    );
}

#[test]
fn html_files_are_read() {
    let page = "<html><head><title>Site</title><meta name=author content='A. Writer'><link rel=canonical href=\"https://example.org/x\">\
        </head><body><nav>Menu</nav><article><h1>The Title</h1><time datetime=\"2020-01-02\">x</time><center><p>One <font>two</font>.<p align=left>Three &amp; four</center>\
        <h3>Sub</h3><img src=a.png></article></body></html>";
    let draft = parsed(Format::Html, page).value;
    assert_eq!(draft.title.unwrap().value, "The Title");
    assert_eq!(draft.author.unwrap().value, "A. Writer");
    assert_eq!(draft.date.unwrap().value.date.to_string(), "2020-01-02");
    assert_eq!(draft.source.unwrap().value.url.as_deref(), Some("https://example.org/x"));
    let expected = "x<p>One two.</p><p>Three &amp; four</p><h2 id=\"sub\">Sub</h2><img src=\"a.png\" alt=\"\" loading=\"lazy\" decoding=\"async\">";
    assert_eq!(draft.body.html.replace('\n', ""), expected);
}

#[test]
fn plain_text_says_what_it_is() {
    let text = "https://example.org/news/1\n\nA River Rises\n2 March 2017\nBy Ann Example\n\nThe river rose.\nIt fell, see (https://example.org/a).\n\n- one\n- two\n\nThe end.\n\nThe views expressed are the author's own.\n";
    let draft = parsed(Format::PlainText, text).value;
    assert_eq!(draft.title.unwrap().value, "A River Rises");
    assert_eq!(draft.date.unwrap().value.date.to_string(), "2017-03-02");
    assert_eq!(draft.author.unwrap().value, "Ann Example");
    let source = draft.source.unwrap();
    assert_eq!(
        (source.rule, source.value.url.as_deref()),
        ("source.first-line", Some("https://example.org/news/1"))
    );
    assert_eq!(
        source.value.disclaimer.as_deref(),
        Some("The views expressed are the author's own.")
    );
    assert_eq!(draft.boilerplate[0].rule, "boilerplate.disclaimer");
    assert_eq!(
        draft.body.text,
        "The river rose. It fell, see (https://example.org/a).\none\ntwo\nThe end."
    );
    assert_eq!(draft.links[0].target, "https://example.org/a");
}

#[test]
fn a_lead_is_no_title_and_a_dateline_gives_the_date() {
    let draft =
        parsed(Format::PlainText, "GENEVA, Sept 3, 1998 (Agency) - Talks began.\n\nMore.").value;
    assert_eq!((draft.title, draft.date.unwrap().rule), (None, "date.dateline"));
    assert_eq!(draft.body.blocks.len(), 2);
}

#[test]
fn annotations_nest() {
    let body = parsed(Format::Markdown, "A & B met *C*. D left.").value.body;
    let at =
        |part: &str| TextRange::of(body.text.find(part).map(|at| at..at + part.len()).unwrap());
    let anchor = |part: &str, id: &str| Annotation::Anchor { range: at(part), id: id.into() };
    let link = |part: &str| Annotation::Link { range: at(part), open: "<a href=\"x\">".into() };
    let html = body.annotate(
        &[
            anchor("A & B met C.", "s1"),
            anchor("D left.", "s2"),
            link("A & B"),
            link("D left."),
            link("met C"),
        ],
        &[],
    );
    let expected = "<p><span id=\"s1\" class=\"s\"><a href=\"x\">A &amp; B</a> met <em>C</em>.</span> <span id=\"s2\" class=\"s\"><a href=\"x\">D left.</a></span></p>\n";
    assert_eq!(html, expected);
}

fn markdownish() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z&<>\"é世 .]{1,12}",
        prop::sample::select(vec![
            "\n\n",
            "\n",
            "# ",
            "## ",
            "- ",
            "> ",
            "1. ",
            "*",
            "**",
            "`",
            "```\n",
            "[a](b)",
            "![x](y)",
            "[^1]",
            "\n\n[^1]: n\n\n",
            "|a|b|\n|-|-|\n|c|d|\n",
            "<b>",
            "</b>",
            "<p>",
            "<div>",
            "</div>",
            "<a href=x>",
            "<li>",
            "<table><tr><td>",
            "<pre>",
            "<h2>",
            "<!-- more -->",
            "<script>",
            "&amp;",
            "&nbsp;",
            "\u{1}",
            "~~",
            "  \n",
            "https://example.org/a.",
            "    ",
            "\t",
            "Source: X\n",
            "By Ann\n",
            "\u{85}",
            "<object><p>",
            "<ul>",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_parsed_soundly(text in markdownish()) {
        for format in [Format::Markdown, Format::Html, Format::PlainText] {
            parsed(format, &text);
        }
        parse(&file(Format::Markdown, &text), &config(HtmlMode::Escape));
    }

    #[test]
    fn any_characters_are_parsed_soundly(text in "\\PC{0,200}") {
        for format in [Format::Markdown, Format::Html, Format::PlainText] {
            parsed(format, &text);
        }
    }

    #[test]
    fn annotations_keep_tags_balanced(text in markdownish(), cuts in prop::collection::vec(0_usize..400, 0..12), wild in any::<bool>()) {
        let body = parsed(Format::Markdown, &text).value.body;
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|at| body.text.is_char_boundary(*at)).collect();
        if !wild {
            cuts.sort_unstable();
        }
        let mut annotations = Vec::new();
        for (n, pair) in cuts.windows(2).enumerate() {
            let range = TextRange::of(pair[0]..pair[1]);
            annotations.push(Annotation::Anchor { range, id: format!("s{n}") });
            annotations.push(Annotation::Link { range, open: "<a href=\"x\">".into() });
        }
        let html = body.annotate(&annotations, &[]);
        assert_balanced(&html);
        prop_assert_eq!(html.matches("class=\"s\"").count(), annotations.len() / 2);
    }
}

#[test]
fn addresses_are_replaced_beside_annotations() {
    let parsed =
        parsed(Format::Markdown, "Ask [Oslo](b.md \"t\") and Bergen.\n\n![x](y.png)\n").value;
    let at = |part: &str| {
        let start = parsed.body.text.find(part).unwrap();
        TextRange::of(start..start + part.len())
    };
    let addresses: Vec<Address> = parsed
        .links
        .iter()
        .map(|link| Address {
            html: link.html,
            url: Some(format!("/new?{}&x", link.target)),
            size: None,
        })
        .collect();
    let link = Annotation::Link { range: at("Bergen"), open: "<a href=\"z\">".into() };
    let html = parsed.body.annotate(&[link], &addresses);
    assert!(html.contains("href=\"/new?b.md&amp;x\""), "{html}");
    assert!(html.contains("src=\"/new?y.png&amp;x\""), "{html}");
    assert!(html.contains("<a href=\"z\">Bergen</a>"), "{html}");
}

#[test]
fn pictures_get_a_size_unless_the_writer_gave_one() {
    let text = "![x](y.png \"t\") <img src=z.png width=40> <img src=\"v.png\" height=\"9\" width=\"50%\">\n\n\
                <img alt=' width=\"1\"' src=w.png>\n";
    let parsed = parsed(Format::Markdown, text).value;
    let sized = |link: &crate::parse::LinkRef| Address {
        html: link.html,
        url: Some(format!("/{}", link.target)),
        size: Some((640, 480)),
    };
    let addresses: Vec<Address> = parsed.links.iter().map(sized).collect();
    let html = parsed.body.annotate(&[], &addresses);
    let tags: Vec<&str> = html.split('<').filter(|tag| tag.starts_with("img")).collect();
    let tag = |at: usize| tags[at].split('>').next().unwrap();
    let end = "loading=\"lazy\" decoding=\"async\"";
    assert_eq!(
        tag(0),
        format!("img src=\"/y.png\" width=\"640\" height=\"480\" alt=\"x\" title=\"t\" {end}")
    );
    assert_eq!(tag(1), format!("img src=\"/z.png\" alt=\"\" width=\"40\" {end}"));
    assert_eq!(
        tag(2),
        format!("img src=\"/v.png\" alt=\"\" height=\"9\" {end}"),
        "a share is no number"
    );
    assert_eq!(
        tag(3),
        format!(
            "img src=\"/w.png\" width=\"640\" height=\"480\" alt=\" width=&quot;1&quot;\" {end}"
        )
    );
}

#[test]
fn an_address_that_may_not_stand_goes_with_its_picture() {
    let text = "Ask [*Oslo*](b.md \"t\") and ![a picture](y.png). <a title=\"c\" href='d.md'>Rome</a>\n\n\
                <figure><a href=\"e.md\"><img alt=\"x y\" src=\"f.png\"></a></figure>\n";
    let parsed = parsed(Format::Markdown, text).value;
    let none = |link: &crate::parse::LinkRef| Address { html: link.html, url: None, size: None };
    let addresses: Vec<Address> = parsed.links.iter().map(none).collect();
    assert_eq!(addresses.len(), 5);
    let range = TextRange::of(0..parsed.body.text.len().min(3));
    let anchor = Annotation::Anchor { range, id: "s1".to_owned() };
    let html = parsed.body.annotate(&[anchor], &addresses);
    assert_eq!(
        html.split_whitespace().collect::<Vec<_>>().join(" "),
        "<p><span id=\"s1\" class=\"s\">Ask</span> <a title=\"t\"><em>Oslo</em></a> and . <a title=\"c\">Rome</a></p> \
         <figure><a></a></figure>"
    );
}

#[test]
fn a_source_line_may_hold_a_link() {
    let text =
        "# Title\n\nThe text of the article.\n\nSource: [The Agency](https://agency.example/a).\n";
    let source = parsed(Format::Markdown, text).value.source.unwrap().value;
    assert_eq!(source.name.as_deref(), Some("The Agency"));
    assert_eq!(source.url.as_deref(), Some("https://agency.example/a"));
}

#[test]
fn no_level_of_headings_is_skipped() {
    let levels = |text: &str| -> Vec<u8> {
        let targets = parsed(Format::Markdown, text).value.targets;
        targets.headings.iter().map(|heading| heading.level).collect()
    };
    assert_eq!(levels("x\n\n### a\n\n##### b\n\n#### c\n\n## d\n\n### e\n"), [2, 3, 3, 2, 3]);
    assert_eq!(levels("x\n\n## a\n\n###### b\n\n## c\n"), [2, 3, 2]);
}
