//! Pages that other previews are known to show as they were, and whole branches that change.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::Command;

use crate::common;
use crate::preview::{LONGEST, Preview, harbour, write};
use crate::{FERRY, PAGE};

/// Replaces a file in one step, so that nobody sees half of it.
fn swap(preview: &Preview, path: &str, text: &str) {
    preview.write("next", text);
    fs::rename(preview.path("next"), preview.path(path)).unwrap();
}

/// Two addresses of one article, of which the first stays, are known from others (gohugoio/hugo#5266).
#[test]
fn an_article_is_at_its_present_address_only() {
    let preview = Preview::start(&[]);
    preview.wait_for(PAGE, "saw the ferry");
    preview.change(FERRY, "+++\ntitle", "+++\nslug = \"boat\"\ntitle");
    preview.wait_for("/articles/boat/", "saw the ferry");
    assert_eq!(preview.get(PAGE).status, 404);
    for list in ["/", "/topics/ships/", "/people/ada-moreau/", "/archive/2024/05/"] {
        let body = preview.get(list).body;
        assert!(body.contains("articles/boat/") && !body.contains("articles/ferry/"), "{list}");
    }
    preview.change(FERRY, "slug = \"boat\"\n", "");
    preview.wait_for(PAGE, "saw the ferry");
    assert_eq!(preview.get("/articles/boat/").status, 404);
}

/// Lists that are cut into pages, and collections that are asked for elsewhere (gohugoio/hugo#5838, #7085, getzola/zola#789).
#[test]
fn what_lists_show_of_an_article_follows_it() {
    let folder = harbour();
    for n in 1..60 {
        let text = format!(
            "+++\ntitle = \"Report {n}\"\ndate = 2023-01-01T00:{n:02}:00Z\ntopics = [\"Ships\"]\nsummary = \"As it was.\"\n+++\n\nText {n}.\n"
        );
        write(&folder, &format!("content/articles/r{n}.md"), &text);
    }
    let preview = Preview::of(folder, &[]);
    let lists = ["/topics/ships/page/1/", "/archive/2023/01/page/1/"];
    for list in lists {
        preview.wait_for(list, "As it was.");
    }
    preview.change("content/articles/r1.md", "As it was.", "As it is.");
    for list in lists {
        preview.wait_for(list, "As it is.");
    }
    preview.change("content/articles/r1.md", "Report 1", "Report one");
    for list in lists {
        preview.wait_for(list, "Report one");
    }
    preview.wait_for("/articles/r2/", "Report one");
    fs::remove_file(preview.path("content/articles/r1.md")).unwrap();
    for list in lists {
        preview.wait(list, |answer| answer.status == 200 && !answer.body.contains("Report one"));
    }
    assert!(!preview.get("/articles/r2/").body.contains("Report one"));
}

/// A template that others are made of, and the page for what is missing (getzola/zola#731); a record (getzola/zola#242).
#[test]
fn what_many_pages_share_is_shown_on_each() {
    let preview = Preview::start(&[]);
    preview.wait_for(PAGE, "saw the ferry");
    let base = fs::read_to_string(common::repository("themes/broadsheet/templates/base.html"));
    preview.write("templates/base.html", &base.unwrap().replace("</body>", "Mark one</body>"));
    let pages = ["/", PAGE, "/topics/ships/", "/people/ada-moreau/", "/archive/", "/nowhere/"];
    for page in pages {
        preview.wait_for(page, "Mark one");
    }
    preview.change("templates/base.html", "Mark one", "Mark two");
    for page in pages {
        preview.wait_for(page, "Mark two");
    }
    let record = "content/entities/ada.toml";
    preview.write(record, "name = \"Ada Moreau\"\nkind = \"person\"\ndescription = \"A pilot\"\n");
    preview.wait_for("/people/ada/", "A pilot");
    preview.wait_for(PAGE, "people/ada/");
    preview.wait_for_status("/people/ada-moreau/", 404);
    preview.write(
        record,
        "name = \"Captain Moreau\"\nkind = \"person\"\naliases = [\"Ada Moreau\"]\n",
    );
    preview.wait_for("/people/", "Captain Moreau");
    preview.wait("/people/ada/", |answer| !answer.body.contains("A pilot"));
    fs::remove_file(preview.path(record)).unwrap();
    preview.wait_for_status("/people/ada-moreau/", 200);
    preview.wait_for(PAGE, "people/ada-moreau/");
    preview.wait_for_status("/people/ada/", 404);
}

/// Others tell browsers before the page is there, which then show that nothing is (getzola/zola#2626).
#[test]
fn a_browser_that_is_told_of_a_change_can_load_it() {
    let folder = harbour();
    // So that it takes a while to join them.
    for n in 0..500 {
        write(
            &folder,
            &format!("content/articles/more/{n}.md"),
            &format!("Report {n} by Ada Moreau.\n"),
        );
    }
    let preview = Preview::of(folder, &[]);
    preview.wait_for(PAGE, "saw the ferry");
    let mut stream = TcpStream::connect(&preview.address).unwrap();
    stream.set_read_timeout(Some(LONGEST)).unwrap();
    let request = format!("GET /__pressmark/events HTTP/1.1\r\nHost: {}\r\n\r\n", preview.address);
    stream.write_all(request.as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let mut told = || lines.find(|line| line.starts_with("data: ")).unwrap();
    told();
    let good = fs::read_to_string(preview.path(FERRY)).unwrap();
    for n in 0..20 {
        // A text alone is put into the site; a date joins all articles anew.
        let date = if n % 2 == 0 { "2024-05-01" } else { "2024-05-03" };
        let text = good.replace("leave.", &format!("leave {n} times.")).replace("2024-05-01", date);
        swap(&preview, FERRY, &text);
        told();
        let answer = preview.get(PAGE);
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains(&format!("leave {n} times.")), "{n}: {}", answer.body);
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_site_is_refused_as_in_a_build() {
    use std::os::unix::fs::symlink;
    let elsewhere = common::temporary();
    fs::write(elsewhere.path().join("secret.md"), "The secret word is out.\n").unwrap();
    let folder = harbour();
    let links = [
        ("content/articles/out.md", "secret.md", "/articles/out/"),
        ("static/out.txt", "secret.md", "/out.txt"),
        ("static/out", "", "/out/secret.md"),
    ];
    for (link, target, _) in links {
        symlink(elsewhere.path().join(target), folder.path().join(link)).unwrap();
    }
    symlink("extra.css", folder.path().join("static/inside.css")).unwrap();
    let built = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .arg("build")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(built.status.success(), "{built:?}");
    let output = common::read_tree(&folder.path().join("public"));
    let secret = |bytes: &[u8]| memchr::memmem::find(bytes, b"secret word").is_some();
    assert!(output.contains_key("inside.css") && !output.values().any(|bytes| secret(bytes)));
    let preview = Preview::of(folder, &[]);
    preview.wait_for("/inside.css", "color: black");
    for (link, _, url) in links {
        assert_eq!(preview.get(url).status, 404, "{link}");
    }
    let state = preview.get("/__pressmark/").body;
    assert!(links.iter().all(|(link, ..)| state.contains(link)), "{state}");
    // One that is put in the place of a file while the preview runs.
    for (path, url) in [("static/extra.css", "/extra.css"), (FERRY, PAGE)] {
        assert_eq!(preview.get(url).status, 200);
        symlink(elsewhere.path().join("secret.md"), preview.path("next")).unwrap();
        fs::rename(preview.path("next"), preview.path(path)).unwrap();
        preview.wait_for_status(url, 404);
    }
}

/// Runs Git in a folder; nothing of the machine's own settings decides about it.
fn git(preview: &Preview, arguments: &[&str]) {
    let done = Command::new("git")
        .current_dir(preview.folder.path())
        .args(["-c", "user.name=Editor", "-c", "user.email=editor@example.org"])
        .args([
            "-c",
            "commit.gpgsign=false",
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "core.autocrlf=false",
        ])
        .args(arguments)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .unwrap();
    assert!(done.status.success(), "{arguments:?}: {done:?}");
}

#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests learns that one was passed over")]
fn another_branch_is_shown_as_a_whole_and_so_is_the_first_one_again() {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("passed over: there is no `git` here");
        return;
    }
    let preview = Preview::start(&[]);
    preview.wait_for(PAGE, "saw the ferry");
    preview.write(".gitignore", ".pressmark/\n");
    git(&preview, &["init", "--quiet", "--initial-branch", "day"]);
    git(&preview, &["add", "."]);
    git(&preview, &["commit", "--quiet", "--message", "Day"]);
    git(&preview, &["checkout", "--quiet", "-b", "night"]);
    let mut theme = BTreeMap::new();
    common::add_plain_theme(&mut theme);
    common::write_tree(preview.folder.path(), &theme);
    preview.change(
        "site.toml",
        "title = \"Harbour News\"",
        "title = \"Night News\"\ntheme = \"plain\"",
    );
    fs::remove_file(preview.path(FERRY)).unwrap();
    preview.change("content/articles/storm.md", "Weather", "Darkness");
    preview.change("content/articles/storm.md", "at noon", "at midnight");
    for n in 0..100 {
        preview.write(&format!("content/articles/night/n{n}.md"), &format!("Night report {n}.\n"));
    }
    git(&preview, &["add", "."]);
    git(&preview, &["commit", "--quiet", "--message", "Night"]);
    let by_day = || {
        preview.wait_for(PAGE, "saw the ferry");
        preview.wait_for("/topics/ships/", "Ferry leaves");
        preview.wait("/articles/storm/", |answer| {
            let has = |text: &str| answer.body.contains(text);
            has("at noon") && has("Harbour News") && has("class=\"masthead\"")
        });
        for gone in ["/topics/darkness/", "/articles/night/n0/", "/articles/night/n99/"] {
            preview.wait_for_status(gone, 404);
        }
    };
    let by_night = || {
        preview.wait("/articles/storm/", |answer| {
            let has = |text: &str| answer.body.contains(text);
            has("at midnight") && has("Night News") && !has("class=\"masthead\"")
        });
        preview.wait_for("/topics/darkness/", "Storm ahead");
        preview.wait_for("/articles/night/n99/", "Night report 99.");
        for gone in [PAGE, "/topics/ships/", "/topics/weather/", "/people/ada-moreau/"] {
            preview.wait_for_status(gone, 404);
        }
    };
    for _ in 0..3 {
        git(&preview, &["checkout", "--quiet", "day"]);
        by_day();
        git(&preview, &["checkout", "--quiet", "night"]);
        by_night();
    }
    // Faster than anybody looks.
    for branch in ["day", "night", "day", "night", "day"] {
        git(&preview, &["checkout", "--quiet", branch]);
    }
    by_day();
    assert!(preview.get("/__pressmark/").body.contains("Errors: 0"));
}
