//! What servers answer, and what is made of it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use super::server::{Server, ask, ask_with, names, options, reply, told};
use crate::links::Cache;

#[test]
fn each_status_has_its_class() {
    let server = Server::of(&[
        ("/200", "200 OK"),
        ("/204", "204 No Content"),
        ("/401", "401 Unauthorized"),
        ("/403", "403 Forbidden"),
        ("/405", "405 Method Not Allowed"),
        ("/410", "410 Gone"),
        ("/429", "429 Too Many Requests"),
        ("/451", "451 Unavailable For Legal Reasons"),
        ("/500", "500 Internal Server Error"),
        ("/503", "503 Service Unavailable"),
        ("/999", "999 Denied"),
        ("/304", "304 Not Modified"),
    ]);
    for (path, expected) in [
        ("200", "Good 200"),
        ("204", "Good 204"),
        ("401", "Doubtful 401 the server answers 401"),
        ("403", "Doubtful 403 the server answers 403"),
        ("404", "Broken 404 the server answers 404"),
        ("405", "Doubtful 405 the server answers 405"),
        ("410", "Broken 410 the server answers 410"),
        ("429", "Doubtful 429 the server answers 429"),
        ("451", "Doubtful 451 the server answers 451"),
        ("500", "Doubtful 500 the server answers 500"),
        ("503", "Doubtful 503 the server answers 503"),
        ("999", "Doubtful 999 the server answers 999"),
        ("304", "Doubtful 304 the server answers 304"),
    ] {
        assert_eq!(told(&ask(&format!("http://a.test/{path}"), &server, &options())), expected);
    }
}

#[test]
fn where_head_is_refused_get_decides() {
    let server = Server::of(&[
        ("HEAD /a", "405 Method Not Allowed"),
        ("GET /a", "200 OK\n\nthe page"),
        ("HEAD /b", "404 Not Found"),
        ("GET /b", "200 OK\n\nthe page"),
        ("HEAD /c", "501 Not Implemented"),
        ("GET /c", "301 Moved Permanently\nLocation: /d"),
        ("/d", "200 OK"),
        ("/e", "410 Gone"),
    ]);
    assert_eq!(told(&ask("http://a.test/a", &server, &options())), "Good 200");
    assert_eq!(server.asked(), ["HEAD /a", "GET /a"]);
    assert_eq!(told(&ask("http://a.test/b", &server, &options())), "Good 200");
    assert_eq!(told(&ask("http://a.test/c", &server, &options())), "Moved 200 -> http://a.test/d");
    ask("http://a.test/e", &server, &options());
    assert_eq!(
        server.asked()[2..],
        ["HEAD /b", "GET /b", "HEAD /c", "GET /c", "HEAD /d", "HEAD /e"]
    );
}

#[test]
fn a_server_that_cuts_head_is_asked_again_and_then_by_get() {
    let server = Server::with(|method, path, stream| {
        if path == "/robots.txt" || method == "GET" {
            let _gone = stream.write_all(reply("200 OK").as_bytes());
        }
    });
    assert_eq!(told(&ask("http://a.test/", &server, &options())), "Good 200");
    assert_eq!(server.asked(), ["HEAD /", "HEAD /", "GET /"]);
    let server = Server::with(|_, _, _| {});
    assert_eq!(
        told(&ask("http://a.test/", &server, &options())),
        "Broken 0 it cuts the connection"
    );
}

#[test]
fn redirects_are_followed_and_lasting_ones_name_the_new_address() {
    let server = Server::of(&[
        ("/old", "301 Moved Permanently\nLocation: http://b.test/new#part"),
        ("/older", "308 Permanent Redirect\nLocation: /old"),
        ("/new", "200 OK"),
        ("/today", "302 Found\nLocation: /new"),
        ("/both", "301 Moved Permanently\nLocation: /today"),
        ("/late", "302 Found\nLocation: /old"),
        ("/gone", "301 Moved Permanently\nLocation: /nowhere"),
        ("/app", "302 Found\nLocation: app:open"),
        ("/nameless", "302 Found"),
        ("/login", "301 Moved Permanently\nLocation: http://u:pw@b.test/new?token=abc"),
        ("/new?token=abc", "200 OK"),
    ]);
    for (path, expected) in [
        ("old", "Moved 200 -> http://b.test/new"),
        ("older", "Moved 200 -> http://b.test/new"),
        ("today", "Good 200"),
        // Only as far as it is for good.
        ("both", "Moved 200 -> http://a.test/today"),
        ("late", "Good 200"),
        ("gone", "Broken 404 the server answers 404"),
        ("app", "Doubtful 0 it leads to something that is not of the web"),
        ("nameless", "Doubtful 302 the server answers 302"),
        ("login", "Moved 200 -> http://b.test/new?token=***"),
    ] {
        assert_eq!(told(&ask(&format!("http://a.test/{path}"), &server, &options())), expected);
    }
    let sent = server.heads().concat();
    assert!(
        !sent.contains("Authorization") && !sent.contains("pw") && !sent.contains('#'),
        "{sent}"
    );
}

#[test]
fn redirects_without_end_are_broken_unless_a_cookie_would_end_them() {
    let server = Server::with(|_, path, stream| {
        let answer = match path {
            "/a" => "302 Found\nLocation: /b".to_owned(),
            "/b" => "302 Found\nLocation: /a".to_owned(),
            "/cookie" => "302 Found\nSet-Cookie: in=1\nLocation: /cookie".to_owned(),
            "/robots.txt" => "404 Not Found".to_owned(),
            path => format!("302 Found\nLocation: {path}x"),
        };
        let _gone = stream.write_all(reply(&answer).as_bytes());
    });
    let told = |path: &str| told(&ask(&format!("http://a.test/{path}"), &server, &options()));
    assert_eq!(told("a"), "Broken 0 its redirects go in a circle");
    assert_eq!(told("cookie"), "Doubtful 0 it wants cookies");
    assert_eq!(told("long"), "Broken 0 it redirects more than 10 times");
    assert_eq!(server.asked().iter().filter(|line| line.contains("/long")).count(), 11);
}

#[test]
fn hosts_that_are_not_there_are_broken_and_tried_once() {
    let server = Server::of(&[]);
    assert_eq!(
        told(&ask("http://nobody.test/", &server, &options())),
        "Broken 0 there is no such host"
    );
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let known = ask(&format!("http://{free}/"), &server, &options());
    assert_eq!(told(&known), "Broken 0 the connection is refused");
    // A server that talks no TLS.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _gone =
                stream.and_then(|mut stream| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
        }
    });
    let known = ask(&format!("https://{plain}/"), &server, &options());
    assert_eq!(told(&known), "Broken 0 the secure connection fails");
    assert_eq!(server.all(), [""; 0]);
}

#[test]
fn an_answer_that_does_not_come_is_given_up() {
    let server = Server::with(|_, path, stream| {
        if path == "/robots.txt" {
            let _gone = stream.write_all(reply("404 Not Found").as_bytes());
        } else {
            // Until the other side goes.
            let _gone = stream.read(&mut [0]);
        }
    });
    let mut options = options();
    options.timeout = Duration::from_millis(300);
    assert_eq!(
        told(&ask("http://a.test/", &server, &options)),
        "Broken 0 it does not answer in time"
    );
    server.wait_for(3);
    assert_eq!(server.asked(), ["HEAD /", "GET /"]);
}

#[test]
fn a_host_that_never_answers_in_time_is_given_up() {
    let server = Server::with(|_, _, stream| {
        let _gone = stream.read(&mut [0]);
    });
    let mut options = options();
    options.timeout = Duration::from_millis(100);
    let addresses: Vec<String> = (0..9).map(|number| format!("http://a.test/{number}")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let table = names(&[("a.test", &[server.address])]);
    let mut cache = Cache::default();
    let checked = ask_with(&addresses, table, &options, &mut cache);
    let told: Vec<String> = checked.answers.values().map(told).collect();
    assert_eq!(told[0], "Broken 0 it does not answer in time");
    assert_eq!(told[8], "Doubtful 0 its host has not answered in time again and again");
    server.wait_for(6);
    assert_eq!(server.all().len(), 6);
    // What was not asked is not kept.
    assert_eq!(cache.iter().count(), 2);
}
