//! Clients that do harm, and more of everything than anybody needs.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::sync::Mutex;

use crate::PAGE;
use crate::preview::{Preview, harbour, write};

#[test]
fn no_client_stops_it() {
    let preview = Preview::start(&[]);
    preview.wait_for(PAGE, "saw the ferry");
    // Clients that say nothing, that never read, that never end their request.
    let mut held = Vec::new();
    for n in 0..150 {
        let mut stream = TcpStream::connect(&preview.address).unwrap();
        let request = match n % 3 {
            0 => String::new(),
            1 => format!("GET {PAGE} HTTP/1.1\r\nHost: {}\r\n\r\n", preview.address).repeat(20),
            _ => "GET / HTTP/1.1\r\nHost: loc".to_owned(),
        };
        let _reset = stream.write_all(request.as_bytes());
        held.push(stream);
    }
    for request in [
        "\r\n\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "\0\u{1}\u{2}\u{3}\r\n\r\n",
        "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        "POST /__pressmark/decide HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999\r\nConnection: close\r\n\r\n",
        &format!(
            "GET /{} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "a/".repeat(20_000)
        ),
        &format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "y".repeat(100_000)),
    ] {
        if let Some(answer) = preview.send(request) {
            assert!(answer.status >= 400, "{}: {request:.40}", answer.status);
        }
    }
    // Many readers while somebody saves and saves.
    std::thread::scope(|scope| {
        for _ in 0..200 {
            scope.spawn(|| {
                let answer = preview.get(PAGE);
                assert!(
                    answer.status == 200 && answer.body.ends_with("</html>\n"),
                    "{}",
                    answer.status
                );
            });
        }
        for n in 0..1000 {
            preview.write(
                "content/articles/storm.md",
                &format!("+++\ntitle = \"Storm {n}\"\n+++\n\nWind force {n}.\n"),
            );
        }
    });
    preview.wait_for("/articles/storm/", "Wind force 999.");
    drop(held);
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn an_ordinary_request_is_answered_when_thousands_of_connections_say_nothing() {
    /// As many as the limits of most systems permit, and some files for the test itself.
    const MOST: usize = 10_000;
    const SPARE: usize = 50;
    const OPENERS: usize = 8;
    let preview = Preview::start(&[]);
    preview.wait_for(PAGE, "saw the ferry");
    // Several at once: a connection may have to wait until others are given up.
    let opened = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..OPENERS {
            scope.spawn(|| {
                for _ in 0..MOST / OPENERS {
                    let Ok(stream) = TcpStream::connect(&preview.address) else { return };
                    opened.lock().unwrap().push(stream);
                }
            });
        }
    });
    let mut held = opened.into_inner().unwrap();
    if held.len() < MOST {
        held.truncate(held.len().saturating_sub(SPARE));
    }
    assert!(held.len() > 500, "{} are fewer than the preview takes at once", held.len());
    assert_eq!(preview.get(PAGE).status, 200);
    // As well as before, too, when they are gone.
    drop(held);
    preview.change("content/articles/storm.md", "noon", "dusk");
    preview.wait_for("/articles/storm/", "The storm came at dusk.");
}

#[test]
fn after_ten_thousand_events_what_is_shown_is_what_is_on_the_disk() {
    const EVENTS: usize = 10_000;
    const FILES: usize = 100;
    let article = |n: usize| format!("content/articles/many/{n}.md");
    let copy = |n: usize| format!("static/many/{n}.txt");
    let folder = harbour();
    // The folders are there before: new ones are looked at once more, whatever the system tells.
    for path in (0..FILES).flat_map(|n| [article(n), copy(n)]) {
        write(&folder, &path, "This is how it was.\n");
    }
    let preview = Preview::of(folder, &[]);
    preview.wait_for(PAGE, "saw the ferry");
    for event in 0..EVENTS {
        // Each file is written three times, then moved, then removed, and not all at the same time.
        let n = event * 37 % FILES;
        let path = preview.path(&if event % 2 == 0 { article(n) } else { copy(n) });
        match (event / FILES + n) % 5 {
            3 => drop(fs::rename(
                &path,
                path.with_file_name(format!("x{n}")).with_extension(path.extension().unwrap()),
            )),
            4 => drop(fs::remove_file(&path)),
            _ => {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, format!("Event number {event} is here.\n")).unwrap();
            }
        }
        // Now and then all of a folder goes.
        if event % 1777 == 1776 {
            fs::remove_dir_all(preview.path("content/articles/many")).unwrap();
        }
    }
    let mut shown = 0;
    for n in 0..FILES {
        for (file, url) in [
            (article(n), format!("/articles/many/{n}/")),
            (format!("content/articles/many/x{n}.md"), format!("/articles/many/x{n}/")),
            (copy(n), format!("/many/{n}.txt")),
            (format!("static/many/x{n}.txt"), format!("/many/x{n}.txt")),
        ] {
            if let Ok(text) = fs::read_to_string(preview.path(&file)) {
                shown += 1;
                preview.wait_for(&url, text.trim_end());
            } else {
                preview.wait_for_status(&url, 404);
            }
        }
    }
    assert!(shown > FILES, "{shown} files are left");
}
