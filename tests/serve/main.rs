//! The preview on real sockets: what is shown is the state of the disk, and no client can stop it.

#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod clients;
#[path = "../common/mod.rs"]
mod common;
mod links;
mod preview;
mod stale;
mod terminal;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use crate::preview::{Answer, LONGEST, Preview, write};

const FERRY: &str = "content/articles/ferry.md";
const PAGE: &str = "/articles/ferry/";

#[test]
fn every_change_of_the_files_is_shown() {
    for options in [&[][..], &["--poll"][..]] {
        let preview = Preview::start(options);
        assert_eq!(preview.get(PAGE).status, 200, "the first page waits for the site");
        // A text, a title, which lists show too, and a date, which puts it elsewhere.
        preview.change(FERRY, "leave.", "leave at dawn.");
        preview.wait_for(PAGE, "leave at dawn.");
        preview.change(FERRY, "Ferry leaves", "Ferry returns");
        preview.wait_for("/topics/ships/", "Ferry returns");
        preview.wait_for("/people/ada-moreau/", "Ferry returns");
        preview.wait_for("/", "Ferry returns");
        preview.change(FERRY, "2024-05-01", "2023-04-01");
        preview.wait_for("/archive/2023/04/", "Ferry returns");
        // Another topic: the page of the old one goes.
        preview.change(FERRY, "\"Ships\"", "\"Ports\"");
        preview.wait_for("/topics/ports/", "Ferry returns");
        preview.wait("/topics/ships/", |answer| answer.status == 404);
        // A new article, one that moves, one that goes.
        preview.write(
            "content/articles/new/gull.md",
            "+++\ntitle = \"Gull seen\"\n+++\n\nA gull was seen.\n",
        );
        preview.wait_for("/articles/new/gull/", "A gull was seen.");
        fs::rename(preview.path("content/articles/new"), preview.path("content/articles/old"))
            .unwrap();
        preview.wait_for("/articles/old/gull/", "A gull was seen.");
        preview.wait("/articles/new/gull/", |answer| answer.status == 404);
        fs::remove_dir_all(preview.path("content/articles/old")).unwrap();
        preview.wait("/articles/old/gull/", |answer| answer.status == 404);
        // As editors save: another file is moved over it.
        fs::write(
            preview.path("content/articles/.ferry.swp"),
            "+++\ntitle = \"Swapped\"\n+++\n\nText.\n",
        )
        .unwrap();
        fs::rename(preview.path("content/articles/.ferry.swp"), preview.path(FERRY)).unwrap();
        preview.wait_for(PAGE, "Swapped");
        // Settings, a template, a string, a static file.
        preview.change("site.toml", "Harbour News", "Dock News");
        preview.wait_for("/articles/storm/", "Dock News");
        preview.write(
            "templates/404.html",
            "<!doctype html><title>{{ site.title }}</title><body>Gone fishing</body>",
        );
        preview.wait_for("/nowhere/", "Gone fishing");
        preview.write("static/extra.css", "body { color: navy }\n");
        preview.wait_for("/extra.css", "navy");
        fs::remove_dir_all(preview.path("templates")).unwrap();
        preview.wait("/nowhere/", |answer| !answer.body.contains("Gone fishing"));
        // Another branch is checked out: many files at once.
        for n in 0..300 {
            preview.write(
                &format!("content/articles/branch/a{n}.md"),
                &format!("Report number {n} is here.\n"),
            );
        }
        preview.wait_for("/articles/branch/a299/", "Report number 299");
        preview.wait_for("/articles/branch/a0/", "Report number 0");
        // The site gets an address, below which all is from then on.
        preview.change("site.toml", "title", "base_url = \"https://example.org/dock/\"\ntitle");
        preview.wait("/dock/articles/storm/", |answer| answer.status == 200);
        preview.wait("/articles/storm/", |answer| answer.status == 404);
        assert!(!preview.path("public").exists(), "nothing is written into the output folder");
    }
}

#[test]
fn what_is_taken_down_is_gone_and_comes_back() {
    let preview = Preview::start(&[]);
    preview.wait_for(PAGE, "saw the ferry");
    let entry = "[[redaction]]\narticle = \"articles/ferry.md\"\nat = [\"articles/ferry/\"]\ndate = 2024-05-06\n";
    // As `pressmark redact` and most editors do: half a file may be a whole one that takes less down.
    let replace = |text: &str| {
        preview.write("content/.new", text);
        fs::rename(preview.path("content/.new"), preview.path("content/redactions.toml")).unwrap();
    };
    replace(entry);
    let gone = |answer: &Answer| answer.status == 410 && answer.body.contains("removed here");
    preview.wait(PAGE, gone);
    assert!(!preview.get("/feed.xml").body.contains("saw the ferry"));
    // Without its closing quotation mark nothing is known of it, and nothing else is shown meanwhile.
    replace("[[redaction]]\narticle = \"articles");
    preview.wait("/__pressmark/about?path=/", |answer| !answer.body.contains("\"errors\":[]"));
    assert_eq!(preview.get(PAGE).status, 410);
    fs::remove_file(preview.path("content/redactions.toml")).unwrap();
    preview.wait_for(PAGE, "saw the ferry");
}

#[test]
fn errors_are_told_and_the_last_good_page_stays() {
    let preview = Preview::start(&["--editor-url", "edit://{file}:{line}:{column}"]);
    preview.wait_for(PAGE, "saw the ferry");
    let good = fs::read_to_string(preview.path(FERRY)).unwrap();
    preview.write(FERRY, "+++\ntitle = [\n+++\n\nBroken.\n");
    let about = preview.wait_for("/__pressmark/about?path=/", "content/articles/ferry.md");
    assert!(about.body.contains("edit://") && about.body.contains("ferry.md:2:"), "{}", about.body);
    assert!(preview.get(PAGE).body.contains("saw the ferry"));
    assert!(preview.get("/__pressmark/").body.contains("Errors: 1"));
    preview.write(FERRY, &good);
    preview.wait_for("/__pressmark/about?path=/", "\"errors\":[]");
    // Each of these would be the end of a lesser preview.
    for (path, text) in [
        ("site.toml", "title = \n"),
        ("templates/article.html", "{% if %}"),
        ("content/entities/x.toml", "kind = 7\n"),
    ] {
        let before = fs::read_to_string(preview.path(path)).ok();
        preview.write(path, text);
        preview.wait("/__pressmark/about?path=/", |answer| !answer.body.contains("\"errors\":[]"));
        assert_eq!(preview.get(PAGE).status, 200, "{path}");
        match before {
            Some(text) => preview.write(path, &text),
            None => fs::remove_file(preview.path(path)).unwrap(),
        }
        preview.wait_for("/__pressmark/about?path=/", "\"errors\":[]");
    }
    // A template that fails on a page: that page says so.
    preview.write("templates/article.html", "<body>{{ nothing.at.all }}</body>");
    preview.wait(PAGE, |answer| answer.status == 500 && answer.body.contains("article.html"));
    assert_eq!(preview.get("/").status, 200);
    fs::remove_dir_all(preview.path("templates")).unwrap();
    preview.wait(PAGE, |answer| answer.status == 200);
    // The settings go, then the content, and come back.
    fs::remove_file(preview.path("site.toml")).unwrap();
    preview.wait(PAGE, |answer| answer.status == 200 && !answer.body.contains("Harbour News"));
    fs::rename(preview.path("content"), preview.path("elsewhere")).unwrap();
    preview.wait(PAGE, |answer| answer.status == 404);
    fs::rename(preview.path("elsewhere"), preview.path("content")).unwrap();
    preview.wait_for(PAGE, "saw the ferry");
    preview.change(FERRY, "saw the ferry", "watched the ferry");
    preview.wait_for(PAGE, "watched the ferry");
}

#[test]
fn a_site_that_is_broken_from_the_start_is_shown_once_it_is_whole() {
    let folder = common::temporary();
    write(&folder, "site.toml", "title = \n");
    write(&folder, FERRY, "The ferry left.\n");
    let preview = Preview::of(folder, &[]);
    let answer = preview.get(PAGE);
    assert_eq!(answer.status, 503);
    assert!(
        answer.body.contains("site.toml") && answer.body.contains("client.js"),
        "{}",
        answer.body
    );
    preview.write("site.toml", "title = \"Whole\"\n");
    preview.wait_for(PAGE, "The ferry left.");
}

#[test]
fn answers_are_those_of_static_hosts() {
    let preview = Preview::start(&["--base-path", "/news/"]);
    let page = preview.get("/news/articles/ferry/");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.body.contains("/news/topics/ships/"), "links are below the path");
    let tag = page.header("etag").to_owned();
    let again =
        preview.ask("GET", "/news/articles/ferry/", &format!("If-None-Match: {tag}\r\n"), "");
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let head = preview.ask("HEAD", "/news/articles/ferry/", "", "");
    assert_eq!((head.status, head.body.as_str(), head.header("etag")), (200, "", tag.as_str()));
    for (path, to) in
        [("/", "/news/"), ("/news", "/news/"), ("/news/topics?q=1", "/news/topics/?q=1")]
    {
        let answer = preview.get(path);
        assert_eq!((answer.status, answer.header("location")), (301, to), "{path}");
    }
    assert_eq!(preview.get("/news/extra.css").header("content-type"), "text/css; charset=utf-8");
    for path in [
        "/news/nowhere/",
        "/articles/ferry/",
        "/news/../site.toml",
        "/news/%2e%2e/site.toml",
        "/news/articles/ferry/index.html/",
        "/news//etc/passwd",
        "/news/.pressmark/index",
    ] {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
    let post = preview.ask("POST", "/news/", "", "x");
    assert_eq!((post.status, post.header("allow")), (405, "GET, HEAD"));
    assert_eq!(page.header("access-control-allow-origin"), "");
}

#[test]
fn a_part_of_a_file_is_answered_with_that_part() {
    let preview = Preview::start(&[]);
    let text = "0123456789";
    preview.write("static/film.txt", text);
    let whole = preview.wait_for("/film.txt", text);
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let tag = whole.header("etag");
    let ask = |headers: &str| preview.ask("GET", "/film.txt", headers, "");
    for (range, part, place) in [
        ("2-4", "234", "bytes 2-4/10"),
        ("7-", "789", "bytes 7-9/10"),
        ("-2", "89", "bytes 8-9/10"),
        ("0-99", text, "bytes 0-9/10"),
    ] {
        let answer = ask(&format!("Range: bytes={range}\r\nIf-Range: {tag}\r\n"));
        assert_eq!((answer.status, answer.body.as_str()), (206, part), "{range}");
        assert_eq!(answer.header("content-range"), place);
        assert_eq!(answer.header("content-length"), part.len().to_string());
        assert_eq!(
            (answer.header("etag"), answer.header("content-type")),
            (tag, "text/plain; charset=utf-8")
        );
    }
    let behind = ask("Range: bytes=10-\r\n");
    assert_eq!((behind.status, behind.header("content-range")), (416, "bytes */10"));
    assert_eq!(behind.body, "");
    for headers in [
        "Range: bytes=0-1,3-4\r\n",
        "Range: bytes=4-2\r\n",
        "Range: bytes=0-1\r\nIf-Range: \"old\"\r\n",
    ] {
        let answer = ask(headers);
        assert_eq!((answer.status, answer.body.as_str()), (200, text), "{headers}");
    }
    let known = ask(&format!("Range: bytes=0-1\r\nIf-None-Match: {tag}\r\n"));
    assert_eq!(known.status, 304);
    let head = preview.ask("HEAD", "/film.txt", "Range: bytes=0-1\r\n", "");
    assert_eq!((head.status, head.header("content-length")), (200, "10"));
    // The script of the preview in a page changes with each state: two parts may not be put together by its tag.
    let page = preview.get(PAGE);
    let headers = format!("Range: bytes=0-8\r\nIf-Range: {}\r\n", page.header("etag"));
    assert_eq!(preview.ask("GET", PAGE, &headers, "").status, 200);
    let start = preview.ask("GET", PAGE, "Range: bytes=0-8\r\n", "");
    assert_eq!((start.status, start.body.as_str()), (206, "<!doctype"));
    assert_eq!(preview.ask("GET", "/nowhere/", "Range: bytes=0-8\r\n", "").status, 404);
}

#[test]
fn only_this_machine_asks_and_only_its_pages_write() {
    let preview = Preview::start(&["--host-name", "desk.example"]);
    let page = preview.get("/");
    let token =
        page.body.split("data-token=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for (host, status) in [
        ("evil.example", 403),
        ("desk.example", 200),
        ("localhost", 200),
        ("127.0.0.1.evil.example", 403),
    ] {
        assert_eq!(
            preview.ask("GET", "/", &format!("Host: {host}\r\n"), "").status,
            status,
            "{host}"
        );
    }
    let body = "{\"what\":\"name\",\"name\":\"Nobody At All\",\"holds\":true}";
    let kind = "Content-Type: application/json\r\n";
    let origin = format!("Origin: http://{}\r\n", preview.address);
    let word = format!("X-Pressmark-Token: {token}\r\n");
    let decide =
        |headers: &str, body: &str| preview.ask("POST", "/__pressmark/decide", headers, body);
    for headers in [
        kind.to_owned(),
        format!("{kind}{origin}"),
        format!("{kind}{word}"),
        format!("{kind}Origin: http://evil.example\r\n{word}"),
    ] {
        assert_eq!(decide(&headers, body).status, 403, "{headers}");
    }
    let trusted = format!("{kind}{origin}{word}");
    assert_eq!(decide(&trusted, body).status, 409, "nobody is called so");
    assert!(!preview.path("content/decisions.toml").exists());
    preview.write("content/articles/news.txt", "Parliament talks\n\nMs. Elena Kovacs, the minister, met Prime Minister Tomas Berg in Vienna. \"We are ready,\" Ms. Kovacs said.\n");
    let about = preview.wait_for("/__pressmark/about?path=/articles/news/", "Elena Kovacs");
    let json: serde_json::Value = serde_json::from_str(about.body.trim()).unwrap();
    let facts = json["page"]["facts"].as_array().unwrap();
    let fact = |kind: &str| facts.iter().find(|fact| fact["kind"] == kind).unwrap();
    for (kind, holds) in [("person", true), ("quotation", false)] {
        let mut wish = fact(kind).clone();
        wish["holds"] = holds.into();
        let answer = decide(&trusted, &wish.to_string());
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let written = fs::read_to_string(preview.path("content/decisions.toml")).unwrap();
    assert!(
        written.contains("action = \"accept\"") && written.contains("reject-quote"),
        "{written}"
    );
    let place =
        serde_json::json!({ "what": "name", "name": "Vienna", "holds": true, "kind": "event" });
    assert_eq!(decide(&trusted, &place.to_string()).status, 200);
    let written = fs::read_to_string(preview.path("content/decisions.toml")).unwrap();
    assert!(written.contains("name = \"Vienna\"\nkind = \"event\""), "{written}");
    let none =
        serde_json::json!({ "what": "name", "name": "Tomas Berg", "holds": true, "kind": "ship" });
    assert_eq!(decide(&trusted, &none.to_string()).status, 409);
    preview.wait("/__pressmark/about?path=/articles/news/", |answer| {
        !answer.body.contains("quotation")
    });
}

#[test]
fn drafts_are_shown_with_a_badge_unless_the_public_view_is_wanted() {
    for (options, is_shown) in [(&[][..], true), (&["--as-published"][..], false)] {
        let preview = Preview::start(options);
        preview.write(
            "content/articles/secret.md",
            "+++\ntitle = \"Not yet\"\ndraft = true\n+++\n\nText.\n",
        );
        preview.write(
            "content/articles/later.md",
            "+++\ntitle = \"Later\"\ndate = 2999-01-01\n+++\n\nText.\n",
        );
        preview.write("content/articles/last.md", "+++\ntitle = \"Seen\"\n+++\n\nText.\n");
        preview.wait_for("/articles/last/", "Seen");
        assert_eq!(preview.get("/articles/secret/").status, if is_shown { 200 } else { 404 });
        if is_shown {
            for (path, badge) in [("secret", "draft"), ("later", "future")] {
                let about = preview.get(&format!("/__pressmark/about?path=/articles/{path}/"));
                assert!(about.body.contains(&format!("\"badge\":\"{badge}\"")), "{}", about.body);
            }
            assert!(preview.get("/__pressmark/").body.contains("secret.md (draft)"));
        }
    }
}

#[test]
fn browsers_are_told_of_each_change() {
    let preview = Preview::start(&[]);
    preview.wait_for(PAGE, "saw the ferry");
    let mut stream = TcpStream::connect(&preview.address).unwrap();
    stream.set_read_timeout(Some(LONGEST)).unwrap();
    let request = format!("GET /__pressmark/events HTTP/1.1\r\nHost: {}\r\n\r\n", preview.address);
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut next = || loop {
        let line = lines.next().unwrap().unwrap();
        if let Some(data) = line.strip_prefix("data: ") {
            let value: serde_json::Value = serde_json::from_str(data).unwrap();
            return (value["generation"].as_u64().unwrap(), value["errors"].as_u64().unwrap());
        }
    };
    let (first, errors) = next();
    assert_eq!(errors, 0);
    preview.change(FERRY, "saw", "watched");
    let (second, _) = next();
    assert!(second > first);
    preview.write(FERRY, "+++\ntitle = [\n+++\n");
    let mut last = next();
    while last.1 == 0 {
        last = next();
    }
    assert_eq!(last.1, 1);
}
