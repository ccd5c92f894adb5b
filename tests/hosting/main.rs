//! What hosts make of the files and snippets for them: nginx itself serves a site as the snippet says.
//!
//! Where there is no nginx, the tests say so and pass.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]
#![expect(clippy::print_stderr, reason = "a test that cannot run says why")]

#[path = "../common/mod.rs"]
mod common;
mod nginx;

use std::fs;
use std::path::Path;

use pressmark::build::{BuildOptions, Silent, build, server_snippet};
use pressmark::hosting::Server;

use crate::common::Tree;
use crate::nginx::Nginx;

const SETTINGS: &str = "title = \"Hosted\"\npage_size = 2\n";
const HOSTING: &str = "[hosting]\nfiles = [\"netlify\", \"apache\"]\n";
/// At the end of the settings, so within `[hosting]`.
const COMPRESSED: &str = "precompress = [\"gzip\", \"brotli\"]\n";

/// Returns a site with old addresses, some of them odd, and lists of several pages.
fn site(base: &str, more: &str) -> Tree {
    let mut tree = Tree::new();
    let settings = format!("{base}{SETTINGS}{HOSTING}{more}");
    tree.insert("site.toml".to_owned(), settings.into_bytes());
    let text = "Words about the river and its water. ".repeat(40);
    for day in 1..=5 {
        let article = format!(
            "+++\ntitle = \"Talks {day}\"\ndate = 2024-05-0{day}\ntopics = [\"Water\"]\n\
             aliases = [\"old/{day}\", \"odd $x {{é}} it's; {day}\", \"a+b({day}).html\"]\n+++\n{text}"
        );
        tree.insert(format!("content/articles/t{day}.md"), article.into_bytes());
    }
    tree.insert("static/plain.css".to_owned(), "body { margin: 0 }\n".repeat(100).into_bytes());
    tree.insert(
        "static/small.svg".to_owned(),
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".into(),
    );
    tree
}

/// Builds a site below a folder and returns the options of the build.
fn built(folder: &Path, base: &str, more: &str) -> BuildOptions {
    common::write_tree(folder, &site(base, more));
    let options = common::options(folder);
    let report = build(&options, &Silent).unwrap();
    assert!(report.written.is_some(), "{:?}", report.diagnostics);
    options
}

/// Starts nginx with the snippet for a site; none where there is no nginx.
fn serve(folder: &Path, base: &str, more: &str) -> Option<Nginx> {
    let options = built(folder, base, more);
    let public = folder.join("public");
    let (text, reports) =
        server_snippet(&options, Server::Nginx, public.to_str().unwrap()).unwrap();
    let text = text.unwrap_or_else(|| panic!("{reports:?}"));
    match Nginx::start(folder, &text) {
        Ok(nginx) => Some(nginx),
        Err(why) => {
            eprintln!("skipped: {why}");
            None
        }
    }
}

#[test]
fn nginx_serves_a_site_as_the_snippet_says() {
    let folder = common::temporary();
    let Some(nginx) = serve(folder.path(), "base_url = \"https://example.org/digest/\"\n", "")
    else {
        return;
    };
    let page = nginx.get("/digest/articles/t1/", "");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("public, max-age=0, must-revalidate"));
    for (name, part) in [
        ("content-security-policy", "default-src 'self'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin"),
        ("permissions-policy", "camera=()"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert!(page.header(name).is_some_and(|value| value.contains(part)), "{name}");
    }

    // Addresses without a `/` at the end, of folders and of files.
    for (path, to) in [("/digest", "/digest/"), ("/digest/topics", "/digest/topics/")] {
        let answer = nginx.get(path, "");
        assert_eq!((answer.status, answer.header("location")), (301, Some(to)), "{path}");
    }
    assert_eq!(nginx.get("/digest/404", "").status, 200, "`/x` shows `x.html`");

    for path in ["/digest/nothing", "/digest/articles/", "/digest/.hidden", "/digest/a/b/c.css"] {
        let answer = nginx.get(path, "");
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text().contains("Hosted"), "the site's own page: {path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        assert_eq!(answer.header("cache-control"), None, "{path}");
    }

    let style = fs::read_dir(folder.path().join("public/assets")).unwrap();
    let style = style.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let style = style.into_iter().find(|name| name.starts_with("style.")).unwrap();
    let lasting = nginx.get(&format!("/digest/assets/{style}"), "");
    assert_eq!(lasting.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let other = nginx.get("/digest/plain.css", "");
    assert_eq!(other.header("cache-control"), Some("public, max-age=0, must-revalidate"));
}

#[test]
fn nginx_sends_visitors_of_old_addresses_on() {
    let folder = common::temporary();
    for (at, base) in ["/digest/", "/"].into_iter().enumerate() {
        let root = folder.path().join(at.to_string());
        let Some(nginx) = serve(&root, &format!("base_url = \"{base}\"\n"), "") else { return };
        for (path, status, to) in [
            ("old/1/", 301, "articles/t1/"),
            ("old/2/?a=b", 301, "articles/t2/?a=b"),
            ("odd%20$x%20%7B%C3%A9%7D%20it's;%203/", 301, "articles/t3/"),
            ("a+b(4).html", 301, "articles/t4/"),
            ("page/2/", 302, ""),
            ("topics/water/page/2/", 302, "topics/water/"),
        ] {
            let answer = nginx.get(&format!("{base}{path}"), "");
            let to = format!("{base}{to}");
            assert_eq!((answer.status, answer.header("location")), (status, Some(&*to)), "{path}");
        }
        assert_eq!(nginx.get(&format!("{base}page/1/"), "").status, 200);
    }
}

#[test]
fn nginx_says_that_something_is_gone_and_shows_the_page_that_says_so() {
    let folder = common::temporary();
    for (at, base) in ["/digest/", "/"].into_iter().enumerate() {
        let root = folder.path().join(at.to_string());
        fs::create_dir_all(root.join("content")).unwrap();
        let entry = "[[redaction]]\narticle = \"articles/t3.md\"\ndate = 2024-05-06\n\
                     at = [\"articles/t3/\", \"old/3\", \"a+b(3).html\", \"odd $x {é} it's; 3\"]\n";
        fs::write(root.join("content/redactions.toml"), entry).unwrap();
        let Some(nginx) = serve(&root, &format!("base_url = \"{base}\"\n"), "") else { return };
        // An address of a file, and what nginx would read as a variable, have the page with the status of any page.
        for (path, status) in [
            ("articles/t3/", 410),
            ("old/3/", 410),
            ("a+b(3).html", 200),
            ("odd%20$x%20%7B%C3%A9%7D%20it's;%203/", 200),
            ("articles/t2/", 200),
        ] {
            let answer = nginx.get(&format!("{base}{path}"), "");
            assert_eq!(answer.status, status, "{path}");
            let says_so = answer.text().contains("Something was removed here on 6 May 2024.");
            assert_eq!(says_so, path != "articles/t2/", "{path}: {}", answer.text());
            assert!(answer.header("x-content-type-options").is_some(), "{path}");
        }
        assert!(!nginx.get(&format!("{base}feed.xml"), "").text().contains("Talks 3"));
    }
}

#[test]
fn nginx_serves_the_files_that_were_compressed_beforehand() {
    let folder = common::temporary();
    let Some(nginx) = serve(folder.path(), "", COMPRESSED) else { return };
    for (encoding, ending, is_there) in
        [("gzip", "gz", nginx.has_gzip), ("br", "br", nginx.has_brotli)]
    {
        if !is_there {
            eprintln!("skipped: this nginx has no module for {encoding}");
            continue;
        }
        for (path, file) in [("/", "index.html"), ("/plain.css", "plain.css")] {
            let answer = nginx.get(path, &format!("Accept-Encoding: {encoding}\r\n"));
            assert_eq!(answer.header("content-encoding"), Some(encoding), "{path}");
            let file = folder.path().join(format!("public/{file}.{ending}"));
            assert_eq!(answer.body, fs::read(file).unwrap(), "{path}");
            let plain = nginx.get(path, "");
            assert_eq!(plain.header("content-encoding"), None);
            assert_eq!(plain.header("content-type"), answer.header("content-type"));
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        }
    }
    // A small file has no compressed form, and is served as it is.
    assert!(!folder.path().join("public/small.svg.gz").exists());
    assert_eq!(nginx.get("/small.svg", "Accept-Encoding: gzip\r\n").status, 200);
}

#[test]
fn files_for_hosts_are_outputs_unless_the_site_has_its_own() {
    let folder = common::temporary();
    let options = built(folder.path(), "", "");
    let read = |name: &str| fs::read_to_string(folder.path().join("public").join(name)).unwrap();
    assert!(read("_redirects").contains("/old/1/ /articles/t1/ 301!\n"));
    assert!(read("_headers").starts_with("/*\n  Content-Security-Policy: "));
    assert!(read(".htaccess").contains("RedirectMatch 301 \"^/old/1/$\" \"/articles/t1/\""));
    assert!(read("manifest.json").contains("_redirects"));
    fs::write(folder.path().join("static/_redirects"), "/mine /yours 301\n").unwrap();
    assert!(build(&options, &Silent).unwrap().written.is_some());
    assert_eq!(read("_redirects"), "/mine /yours 301\n");
    assert!(read("_headers").starts_with("/*\n"));
}

#[test]
fn nothing_on_a_page_is_against_the_policy() {
    let folder = common::temporary();
    built(folder.path(), "", "");
    for (path, bytes) in common::read_tree(&folder.path().join("public")) {
        if Path::new(&path).extension() != Some("html".as_ref()) {
            continue;
        }
        let page = String::from_utf8(bytes).unwrap();
        assert!(!page.contains(" style=") && !page.contains("<style"), "{path}");
        assert!(!page.contains("src=\"data:") && !page.contains(" onclick="), "{path}");
        // Structured data is no script: browsers do not run it, so no policy stops it.
        for script in page.split("<script").skip(1) {
            let is_data = script.starts_with(" type=\"application/ld+json\"");
            let address = script.strip_prefix(" src=\"").and_then(|rest| rest.split('"').next());
            let is_own =
                address.is_some_and(|one| one.trim_start_matches("../").starts_with("assets/"));
            assert!(is_data || is_own, "{path}: {address:?}");
        }
    }
}
