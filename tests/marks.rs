//! No text can pose as the mark that stands for addresses inside the program.

use pressmark::build::{BuildOptions, build_in_memory};
use pressmark::config::BaseUrl;
use pressmark::files::{MemFiles, SitePath};
use pressmark::write::Force;

/// Every way to write the control character that marks addresses inside the program, with `ZZ` behind it.
const MARKS: &[(&str, &str)] = &[
    (
        "site.toml",
        "title = \"T\\u0001ZZ\"\ndescription = \"D\\u0001ZZ\"\nauthor = \"A\\u0001ZZ\"\n\
         [publisher]\nname = \"P\\u0001ZZ\"\n[extra]\nx = [\"X\\u0001ZZ\"]\n",
    ),
    (
        "content/articles/a.md",
        "+++\ntitle = \"A\\u0001ZZ\"\ndate = 2024-01-01\nauthors = [\"B\\u0001ZZ\"]\ntopics = [\"To\\u0001ZZ\"]\n\
         people = [\"Ja\\u0001ZZ Doe\"]\nsource = { name = \"S\\u0001ZZ\", url = \"https://e.org/\\u0001ZZ\" }\n\
         summary = \"Su\\u0001ZZ\"\naliases = [\"old\"]\n[extra]\nx = \"E\\u0001ZZ\"\n+++\n\
         Text&#1;ZZ \u{1}ZZ [l&#1;ZZ](https://e.org/a&#1;ZZ \"t&#x1;ZZ\") `c&#1;ZZ` <b title=\"q&#1;ZZ\">b&#1;ZZ</b>\n\
         ![al&#1;ZZ](https://e.org/i.png \"it&#1;ZZ\") ![x](a&#1;ZZ.png) <a href=\"&#1;ZZ\">x</a>\n\n\
         # H&#1;ZZ\n\n    code&#1;ZZ\n\n> [!NOTE]\n> n&#1;ZZ\n\n<p id=\"a&#1;ZZ\">p&#1;ZZ</p>\n\n\
         | a&#1;ZZ |\n| --- |\n| b&#1;ZZ |\n\n[^1&#1;ZZ]: f&#1;ZZ\n",
    ),
    ("content/articles/b.txt", "A line\u{1}ZZ\n\nBy B\u{1}ZZ C\n\nMore &#1;text \u{1}ZZ.\n"),
    ("content/articles/y.md", "---\ntitle: \"Y\\x01ZZ\"\nsummary: \"S\\u0001ZZ\"\n---\nText.\n"),
    (
        "content/articles/j.md",
        "{\"title\": \"J\\u0001ZZ\", \"authors\": [\"J\\u0001ZZ\"]}\n\nText.\n",
    ),
    (
        "content/articles/c.html",
        "<html><head><title>T&#1;ZZ</title><meta name=author content=\"A&#1;ZZ B\"></head>\
         <body><h1>H&#1;ZZ</h1><p>x&#1;ZZ <img src=\"i&#1;ZZ.png\" alt=\"a&#1;ZZ\"></p></body></html>",
    ),
    (
        "content/entities/e.toml",
        "name = \"E\\u0001ZZ\"\nkind = \"place\"\naliases = [\"Al\\u0001ZZ\"]\nbody = \"b&#1;ZZ [x](y \\\"t&#1;ZZ\\\")\"\n\
         description = \"d\\u0001ZZ\"\n",
    ),
    ("content/topics/t.toml", "name = \"T\\u0001ZZ\"\nbody = \"b&#1;ZZ\"\n"),
    (
        "content/pages/p.md",
        "+++\ntitle = \"P\\u0001ZZ\"\n+++\n![a&#1;ZZ](https://e.org/x \"t&#1;ZZ\")\n",
    ),
];

#[test]
fn no_text_can_pose_as_the_mark_of_addresses() {
    let mut files = MemFiles::new();
    for (path, text) in MARKS {
        files.insert(SitePath::parse(path).unwrap(), text.as_bytes());
    }
    for base in ["/PREFIX/", "https://PREFIX/"] {
        let options = BuildOptions {
            root: ".".into(),
            output: None,
            base_url: Some(BaseUrl::parse(base).unwrap()),
            theme: None,
            allow_command: false,
            onnx_runtime: None,
            drafts: false,
            future: true,
            expired: true,
            force: Force::Refuse,
            dry_run: false,
            store: pressmark::build::StoreMode::Ignore,
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
        };
        let (made, reports) = build_in_memory(&files, &options).unwrap();
        let made = made.unwrap_or_else(|| panic!("{reports:#?}"));
        for (path, bytes) in made.iter() {
            let text = std::str::from_utf8(bytes).unwrap();
            let control = text.char_indices().find(|(_, c)| c.is_control() && !"\n\t".contains(*c));
            assert_eq!(control, None, "{path}");
            if let Some(at) = text.find("PREFIX/ZZ") {
                let from = text.floor_char_boundary(at.saturating_sub(60));
                panic!("{path}: …{}…", &text[from..at + 9]);
            }
        }
        assert!(made.iter().count() > 20);
    }
}
