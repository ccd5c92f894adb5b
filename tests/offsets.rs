//! Every place that is named in a text is a place in it, on borders of characters, whatever the script; and every
//! anchor of a sentence that a page links to is there.
//!
//! The bodies of the fuzz targets (`fuzz/src/lib.rs`) say what must hold. Here they are given texts of many scripts.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod common;
#[expect(unreachable_pub, reason = "the targets, which call it too, are other crates")]
#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::panic::catch_unwind;

use common::Tree;
use common::html::assert_links_arrive;
use common::twin::assert_places;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

/// Pieces of texts that mean something to what reads them, in scripts with and without case, spaces and full stops.
const PIECES: &[&str] = &[
    "Ana Ferreira said so. ",
    "“It is, ” said Dr. O’Brien, “12.5 per cent.” ",
    "At least 36,379 people were killed, the U.N. said on 3 May 2021. ",
    "She told reporters that $2.4 million was lost. ",
    "LISBON, May 6 (Wire) — ",
    "By Ana Ferreira\n",
    "Source: The Wire\n",
    "The views expressed here are not those of the publisher.\n",
    "Jürgen Groß sagte am 3. Oktober: „Straße“. ",
    "M. Dupont a dit : « Été ». ",
    "Ankara’da İsmail Yıldız “Iğdır” dedi. ",
    "Ο κ. Νίκος Παππάς είπε: «Ναι»; ",
    "Иван Петров из г. Москва сказал: «Ёлка». ",
    "علی رضایی گفت: «بله»؛ ۱۲ نفر در تهران کشته شدند؟ ",
    "دیوید شٰهر بِسْمِ\u{200c}ها۔ ",
    "דוד כהן אמר: ״כן״. ",
    "東京で田中さんは「12人」と言った。",
    "北京，3月5日（新华社）——“好”！",
    "김철수는 서울에서 \"예\"라고 말했다. ",
    "นายกฯ กล่าวว่า ไม่ ",
    "डॉ. सिंह ने दिल्ली में कहा। १२ लोग। ",
    "ქართული ენა ᲗᲑᲘᲚᲘᲡᲘ. ",
    "ǅungla ŉ ﬁne ẞ 𝔄𝔫𝔫 e\u{301}\u{323} ",
    "👩‍👩‍👧 🇵🇹🇵 ",
    "\u{feff}\u{202e}\u{2028}\u{85}\u{ad}",
    "U.S. ",
    "Mr. ",
    "’s ",
    "“",
    "”",
    "«",
    "'",
    "(",
    ")",
    "…",
    "—",
    "½",
    "٪",
    "%",
    "$",
    "€",
    "1,000",
    "-",
    ".",
    "\n",
    "\n\n",
    "\t",
    "\u{a0}",
    " ",
];

/// Words of a file of decisions, and what breaks them.
const DECISIONS: &[&str] = &[
    "[[decision]]\n",
    "[[decision]]\naction = ",
    "\"accept\"\n",
    "\"merge\"\n",
    "\"reject\"\n",
    "\"accept-topic\"\n",
    "name = ",
    "into = ",
    "kind = ",
    "topic = ",
    "\"person\"\n",
    "\"Ü\"\n",
    "\"東京\"\n",
    "on = 2024-02-30\n",
    "on = 2024-05-06\n",
    "article = \"../x\"\n",
    "forms = [\"É\", 1]\n",
    "[",
    "]",
    "\"",
    "{",
    "}",
    "é",
    "# 漢\n",
    "\n",
    "\0",
];

/// Words of a file of what was taken down, and what breaks them.
const REDACTIONS: &[&str] = &[
    "[[redaction]]\n",
    "[[redaction]]\narticle = \"articles/a.md\"\ndate = 2024-05-06\n",
    "[[redaction]]\nname = \"Ana Ferreira\"\ndate = 2024-05-06\n",
    "[[redaction]]\nname = \"Zuzanna Quix\"\ndate = 2024-05-06\n",
    "article = ",
    "\"articles/zu.md\"\n",
    "at = [\"a/\", \"old/ana-ferreira\"]\n",
    "at = []\n",
    "at = \"../x\"\n",
    "name = ",
    "also = [\"Ana\", \"É\", 1]\n",
    "\"東京\"\n",
    "date = 2024-05-06\n",
    "date = 2024-02-30\n",
    "id = \"1f\"\n",
    "note = \"Ana  FERREIRA, ana-ferreira\"\n",
    "# Ana\u{301} Ferreira, 東京\n",
    "redaction = [",
    "{ name = \"Ana\", date = 2024-05-06 }",
    "]",
    "\"",
    "{",
    "}",
    "é",
    "\n",
    "\0",
];

/// Texts of many scripts.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        12 => select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[A-Z][a-z]{1,7} ",
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Heads of files, whole and broken.
fn head() -> impl Strategy<Value = &'static str> {
    select(vec![
        "",
        "+++\npeople = [\"Ana Ferreira\", \"علی رضایی\"]\nplaces = [\"東京\", \"ß\"]\n+++\n",
        "---\ntitle: “É”\ndate: 2024-05-06\n---\n",
        "{\"title\": \"東京\"}\n",
        "+++\ntitle = É\n+++\n",
        "# ",
        "> ",
        "<p>",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn places_in_a_text_lie_in_it(text in text(), last in any::<u8>()) {
        // The last byte chooses the language; see the targets.
        let bytes = [text.as_bytes(), &[last]].concat();
        fuzz::segment(&bytes);
        fuzz::recognize(&bytes);
        fuzz::quotes(&bytes);
    }

    #[test]
    fn places_in_an_article_lie_in_it(head in head(), text in text(), last in 0..128_u8) {
        let bytes = [head.as_bytes(), text.as_bytes(), &[last]].concat();
        fuzz::article(&bytes);
        fuzz::raw_text(&bytes);
    }

    #[test]
    fn places_in_rows_lie_in_them(
        texts in vec(text(), 1..4), places in vec((0..90_usize, 0..90_usize), 0..4), given in any::<bool>(),
    ) {
        let mut rows = String::new();
        for (id, text) in texts.iter().enumerate() {
            let mut row = serde_json::json!({"id": id.to_string(), "text": text});
            if given {
                row["mentions"] = places.iter().map(|(from, to)| vec![*from, *to]).collect();
            }
            rows += &(row.to_string() + "\n");
        }
        fuzz::digest(rows.as_bytes());
    }

    #[test]
    fn places_of_decisions_lie_in_the_file(words in vec(select(DECISIONS), 0..16)) {
        fuzz::decisions(words.concat().as_bytes());
    }

    #[test]
    fn redactions_are_read_and_written_whatever_stands_in_the_file(words in vec(select(REDACTIONS), 0..12)) {
        fuzz::redactions(words.concat().as_bytes());
    }
}

/// Builds a site of articles in three formats, and checks its data and its links; returns the anchors that pages
/// link to, with their page.
fn assert_site(texts: &[String]) -> Vec<(String, String)> {
    let record = "name = \"東京\"\nkind = \"place\"\naliases = [\"Tokyo\"]\n";
    let mut site =
        Tree::from([("content/entities/tokyo.toml".to_owned(), record.as_bytes().to_vec())]);
    for (n, text) in (1..).zip(texts) {
        let ending = ["md", "txt", "html"][n % 3];
        // Whatever the text begins with, it is no front matter, which may have errors.
        let text = format!("Of {n}: {text}");
        site.insert(format!("content/articles/2024-05-0{n}-a{n}.{ending}"), text.into_bytes());
    }
    let made = common::build_whole(&site);
    for (path, bytes) in made.iter().filter(|(path, _)| path.ends_with("index.json")) {
        let twin: Value = serde_json::from_slice(bytes).unwrap();
        if let (true, Some(text)) = (twin["type"] == "article", twin["text"].as_str()) {
            assert_places(path, &twin, text);
        }
    }
    assert_links_arrive(&made, "").into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anchors_of_sentences_are_there(texts in vec(text(), 1..5)) {
        assert_site(&texts);
    }
}

#[test]
fn pages_link_to_sentences() {
    let text =
        "It rained.\n\nTokyo was dry. In Tokyo, “12 people were killed”, said Ana Ferreira.\n";
    let anchors = assert_site(&[text.to_owned(), text.to_owned(), text.to_owned()]);
    let is_sentence = |anchor: &str| {
        let number = anchor.strip_prefix('s').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let sentences = anchors.iter().filter(|(_, anchor)| is_sentence(anchor));
    let pages: std::collections::BTreeSet<&String> = sentences.map(|(page, _)| page).collect();
    assert_eq!(pages.len(), 3, "{anchors:?}");
}

#[test]
fn the_checks_see_what_they_should() {
    let is_sound = |start: usize, end: usize| {
        let found = catch_unwind(|| {
            let mention =
                serde_json::json!({"form": "Ana", "start": start, "end": end, "sentence": 1});
            let twin = serde_json::json!({
                "sentences": [[0, 7]], "quotes": [], "figures": [],
                "entities": [{"mentions": [mention]}],
            });
            assert_places("x", &twin, "Ö Ana.")
        });
        found.is_ok()
    };
    assert!(is_sound(3, 6));
    // In code points; on half a letter; behind the end.
    assert!(!is_sound(2, 5) && !is_sound(1, 4) && !is_sound(3, 60));
}
