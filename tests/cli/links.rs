//! `check --links`, against a server on this machine.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

use crate::folder::{Folder, Run};

/// A server that answers each path with a status line and headers, and writes down what it was asked.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(table: &[(&'static str, &'static str)]) -> Self {
        let table: BTreeMap<&str, &str> = table.iter().copied().collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let head = head(&mut stream);
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let answer = table.get(path.as_str()).copied().unwrap_or("404 Not Found");
                log.lock().unwrap().push(head);
                let text =
                    format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _gone = stream.write_all(text.as_bytes());
            }
        });
        Self { port, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn head(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// A site with links of all kinds.
fn site(server: &Server) -> Folder {
    let url = |path| server.url(path);
    let article = format!(
        "+++\ntitle = \"Talks resume in Geneva\"\ndate = 2024-05-06\ntopics = [\"Diplomacy\"]\npeople = [\"Jane Doe\"]\n\n[source]\nname = \"The Paper\"\nurl = \"{}\"\narchive_url = \"{}\"\n+++\n\nJane Doe arrived: see [one]({}), [two]({}), [three]({}#part), [own](https://example.org/x/), <mailto:a@b.example>.\n\n![a picture]({})\n",
        url("/source"),
        url("/copy"),
        url("/old"),
        url("/busy"),
        url("/good"),
        url("/none.png"),
    );
    let record = format!(
        "+++\nname = \"Jane Doe\"\nkind = \"person\"\nwebsite = \"{}\"\n+++\n\nShe has [a page]({}).\n",
        url("/site"),
        url("/good"),
    );
    Folder::with(&[
        ("content/articles/geneva.md", &article),
        ("content/entities/jane-doe.md", &record),
        ("site.toml", "base_url = \"https://example.org/\"\n"),
    ])
}

const TABLE: [(&str, &str); 4] = [
    ("/good", "200 OK"),
    ("/copy", "200 OK"),
    ("/old", "301 Moved Permanently\r\nLocation: /good"),
    ("/busy", "403 Forbidden"),
];

fn check(folder: &Folder, day: &str, more: &[&str]) -> Run {
    let clock = format!("{day}T12:00:00Z");
    let mut args =
        vec!["check", "--links", "--allow-private", "--links-pause", "0", "--clock", &clock];
    args.extend(more);
    folder.run(&args)
}

#[test]
fn links_are_found_asked_reported_and_remembered() {
    let server = Server::new(&TABLE);
    let folder = site(&server);
    let run = check(&folder, "2026-03-10", &[]).expect(0);
    assert_eq!(
        run.out,
        "\
3 warnings, 2 notes in 1 article
links     7 external addresses: 7 asked now, 0 known from before
ok        2
moved     1 for good
broken    3: the server answers 404 (3)
doubtful  1: the server answers 403 (1)
"
    );
    for part in [
        format!(
            "warning[W0511]: the source `{}` is broken: the server answers 404\n",
            server.url("/source")
        ),
        "content/articles/geneva.md:9:8\n".to_owned(),
        format!("`archive_url` names a copy of it: `{}`", server.url("/copy")),
        format!("warning[W0511]: the image `{}` is broken", server.url("/none.png")),
        format!("https://web.archive.org/web/20240506/{}", server.url("/none.png")),
        format!("warning[W0511]: the website `{}` is broken", server.url("/site")),
        "content/entities/jane-doe.md:4:12\n".to_owned(),
        format!("note[N0512]: the link `{}` has moved for good", server.url("/old")),
        format!("write `{}`", server.url("/good")),
        format!(
            "note[N0513]: the link `{}` cannot be checked: the server answers 403",
            server.url("/busy")
        ),
    ] {
        assert!(run.err.contains(&part), "{part:?} in {}", run.err);
    }
    let asked = server.count();
    let file = folder.read(".pressmark/links.json");
    // An hour later nothing is asked; strictness makes broken links count, and only those.
    let run = check(&folder, "2026-03-10", &["--strict", "--json"]).expect(1);
    assert_eq!(
        run.json()["links"],
        json!({"addresses": 7, "asked": 0, "ok": 2, "moved": 1, "broken": 3, "doubtful": 1, "unknown": 0})
    );
    assert_eq!((server.count(), folder.read(".pressmark/links.json")), (asked, file));
    // Two days later those that were not good are, and it is known since when.
    let run = check(&folder, "2026-03-12", &[]).expect(0);
    assert!(run.out.contains("4 asked now, 3 known from before"), "{}", run.out);
    assert!(run.err.contains("the server answers 404, since 2026-03-10\n"), "{}", run.err);
    // A build takes no notice of all that.
    folder.run(&["build", "--strict"]).expect(0);
    assert!(
        folder.read(".pressmark/links.json").contains("\"broken_since\":\"2026-03-10T12:00:00Z\"")
    );
}

#[test]
fn doubtful_and_moved_links_never_fail_a_check() {
    let server = Server::new(&[
        ("/busy", "429 Too Many Requests"),
        ("/old", "308 Permanent Redirect\r\nLocation: /new"),
        ("/new", "200 OK"),
    ]);
    let text = format!(
        "+++\ntitle = \"T\"\ndate = 2024-05-06\n+++\n\nSee [a]({}) and [b]({}).\n",
        server.url("/busy"),
        server.url("/old")
    );
    let folder = Folder::with(&[
        ("content/articles/a.md", &text),
        ("site.toml", "base_url = \"https://example.org/\"\n"),
    ]);
    let run = check(&folder, "2026-03-10", &["--strict"]).expect(0);
    assert!(run.out.starts_with("no problems, 2 notes in 1 article\n"), "{}", run.out);
    let run = check(&folder, "2026-03-10", &["--strict", "--quiet"]).expect(0);
    assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""));
}

#[test]
fn private_addresses_are_left_alone_unless_allowed() {
    let server = Server::new(&TABLE);
    let folder = site(&server);
    let run = folder.run(&["check", "--links", "--strict"]).expect(0);
    assert!(
        run.out.contains(
            "doubtful  7: it belongs to this machine or a private network, and is not asked (7)\n"
        ),
        "{}",
        run.out
    );
    assert_eq!(server.count(), 0);
    folder.run(&["check"]).expect(0);
    assert_eq!(server.count(), 0);
}

#[test]
fn results_of_others_are_taken_over_without_asking() {
    let server = Server::new(&[]);
    let folder = site(&server);
    let lines = format!(
        "{{\"url\":\"{}\",\"status\":404}}\n{{\"url\":\"{}\",\"verdict\":\"ok\"}}\n",
        server.url("/old"),
        server.url("/good"),
    );
    folder.write("found.jsonl", &lines);
    let lychee = json!({"success_map": {}, "error_map": {"a.md": [{"url": server.url("/busy"), "status": {"text": "403 Forbidden", "code": 403}}]}});
    folder.write("lychee.json", &lychee.to_string());
    let import = [
        "--links-offline",
        "--links-import",
        "found.jsonl",
        "--links-import",
        "lychee.json",
        "--links-cache",
        "team/links.json",
    ];
    let run = check(&folder, "2026-03-10", &import).expect(0);
    assert_eq!(
        run.out,
        "\
1 warning, 1 note in 1 article
links     7 external addresses: 0 asked now, 3 known from before
ok        1
broken    1: the server answers 404 (1)
doubtful  1: the server answers 403 (1)
unknown   4, because nothing was asked
"
    );
    assert_eq!(server.count(), 0);
    assert!(!folder.path(".pressmark/links.json").exists());
    assert!(
        folder.read("team/links.json").contains("/busy\",\"verdict\":\"doubtful\",\"status\":403")
    );
    let run =
        check(&folder, "2026-03-10", &["--links-offline", "--links-cache", "team/links.json"])
            .expect(0);
    assert!(run.out.contains("0 asked now, 3 known from before"), "{}", run.out);
}

#[test]
fn secrets_are_neither_sent_nor_printed_nor_kept() {
    let server = Server::new(&[(
        "/x?token=t0psecret",
        "301 Moved Permanently\r\nLocation: /y?key=k3ysecret",
    )]);
    let port = server.port;
    let text = format!(
        "+++\ntitle = \"T\"\ndate = 2024-05-06\n+++\n\nSee [a](http://ann:pa55word@127.0.0.1:{port}/gone) and [b](http://127.0.0.1:{port}/x?token=t0psecret), [c](nowhere.md).\n"
    );
    let folder = Folder::with(&[
        ("content/articles/a.md", &text),
        ("site.toml", "base_url = \"https://example.org/\"\n"),
    ]);
    for format in ["human", "json", "github"] {
        let run = check(&folder, "2026-03-10", &["--format", format, "--json"]).expect(1);
        let said = run.out.clone() + &run.err;
        assert!(
            said.contains("/gone") && said.contains("W0511") && said.contains("W0501"),
            "{said}"
        );
        for secret in ["pa55word", "t0psecret", "k3ysecret"] {
            assert!(!said.contains(secret), "{secret} in {said}");
        }
    }
    let file = folder.read(".pressmark/links.json");
    assert!(
        file.contains("/gone") && !file.contains("secret") && !file.contains("pa55word"),
        "{file}"
    );
    let heads = server.asked.lock().unwrap().concat();
    assert!(
        heads.contains("/gone") && !heads.contains("pa55word") && !heads.contains("uthorization"),
        "{heads}"
    );
}

#[test]
fn files_that_cannot_be_used_are_refused_and_left_as_they_are() {
    let server = Server::new(&TABLE);
    let folder = site(&server);
    let damaged = "{\n<<<<<<< HEAD\n";
    folder.write(".pressmark/links.json", damaged);
    let run = check(&folder, "2026-03-10", &[]).expect(2);
    assert!(
        run.err.contains("`.pressmark/links.json` cannot be used") && run.err.contains("help: "),
        "{}",
        run.err
    );
    assert_eq!((folder.read(".pressmark/links.json").as_str(), server.count()), (damaged, 0));
    let cache = ["--links-cache", "other.json", "--links-import", "site.toml"];
    let run = check(&folder, "2026-03-10", &cache).expect(2);
    assert!(run.err.contains("`site.toml` cannot be imported: line 1"), "{}", run.err);
    let run = folder.run(&["check", "--links-fresh"]).expect(2);
    assert!(run.err.contains("--links"), "{}", run.err);
    let run = check(&folder, "2026-03-10", &["--links-pause", "-1"]).expect(2);
    assert!(run.err.contains("links-pause") || run.err.contains("'-1'"), "{}", run.err);
}

#[test]
fn links_are_looked_for_in_pages_topics_and_records_and_prefixes_passed_over() {
    let article = "+++\ntitle = \"T\"\ndate = 2024-05-06\ntopics = [\"Water\"]\npeople = [\"Jane Doe\"]\n+++\n\n<https://a.example/article#x> <https://a.example/article> <https://skip.example/x> <ftp://a.example/x>\n";
    let folder = Folder::with(&[
        ("content/articles/a.md", article),
        (
            "content/articles/draft.md",
            "+++\ntitle = \"D\"\ndraft = true\n+++\n\n<https://a.example/draft>\n",
        ),
        (
            "content/pages/about.md",
            "+++\ntitle = \"About\"\n+++\n\n<a href=\"https://a.example/page\">us</a> [over](//a.example/scheme)\n",
        ),
        (
            "content/topics/water.md",
            "+++\nname = \"Water\"\n+++\n\nSee [this](https://a.example/topic).\n",
        ),
        (
            "content/entities/jane-doe.toml",
            "name = \"Jane Doe\"\nkind = \"person\"\nwebsite = \"https://a.example/entry/two\"\nwikipedia = \"https://a.example/entry\"\nbody = \"See [this](https://a.example/record).\"\n",
        ),
        (
            "site.toml",
            "base_url = \"https://example.org/\"\n[links]\nskip_prefixes = [\"https://skip.example/\"]\n",
        ),
    ]);
    let names = ["article", "page", "scheme", "topic", "entry", "record"];
    let row = |name| format!("{{\"url\":\"https://a.example/{name}\",\"status\":410}}\n");
    let found = names.map(row).concat();
    folder.write("found.jsonl", &found);
    let run = check(&folder, "2026-03-10", &["--links-offline", "--links-import", "found.jsonl"])
        .expect(0);
    assert!(
        run.out.contains(
            "links    7 external addresses: 0 asked now, 6 known from before\nbroken   6: "
        ),
        "{}",
        run.out
    );
    for (place, what) in [
        ("content/articles/a.md:8:1\n", "link `https://a.example/article`"),
        ("content/articles/a.md:8:31\n", "link `https://a.example/article`"),
        ("content/pages/about.md:5:10\n", "link `https://a.example/page`"),
        ("content/pages/about.md:5:48\n", "link `https://a.example/scheme`"),
        ("content/topics/water.md:5:12\n", "link `https://a.example/topic`"),
        ("content/entities/jane-doe.toml:4:14\n", "encyclopedia entry `https://a.example/entry`"),
        ("content/entities/jane-doe.toml:5:20\n", "link `https://a.example/record`"),
    ] {
        assert!(run.err.contains(place) && run.err.contains(what), "{place} {what} in {}", run.err);
    }
    let run = check(&folder, "2026-03-10", &["--links-offline", "--drafts"]).expect(0);
    assert!(
        run.out.contains("8 external addresses") && run.out.contains("unknown  2"),
        "{}",
        run.out
    );
}
