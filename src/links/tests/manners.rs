//! How hosts are treated: turns, pauses, waits, `robots.txt`, what they are told.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use super::server::{Server, ask, ask_with, names, options, reply, told};
use crate::links::Cache;

#[test]
fn a_host_gets_one_request_at_a_time_also_when_others_redirect_to_it() {
    let target = Server::with(|_, _, stream| {
        // Long enough for a second request to come, if one does.
        std::thread::sleep(Duration::from_millis(20));
        let _gone = stream.write_all(reply("200 OK").as_bytes());
    });
    let redirecting = Server::of(&[("/x", "302 Found\nLocation: http://busy.test/from")]);
    let mut table: Vec<(String, Vec<SocketAddr>)> =
        (0..5).map(|number| (format!("r{number}.test"), vec![redirecting.address])).collect();
    table.push(("busy.test".to_owned(), vec![target.address]));
    let mut addresses: Vec<String> =
        (0..5).map(|number| format!("http://r{number}.test/x")).collect();
    addresses.extend((0..5).map(|number| format!("http://busy.test/{number}")));
    let table: Vec<(&str, &[SocketAddr])> =
        table.iter().map(|(name, all)| (name.as_str(), all.as_slice())).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let checked = ask_with(&addresses, names(&table), &options(), &mut Cache::default());
    assert_eq!(checked.answers.len(), 10);
    assert!(checked.answers.values().all(|known| told(known) == "Good 200"), "{checked:?}");
    assert_eq!(target.most(), 1);
    // Once for all ten.
    assert_eq!(target.all().iter().filter(|line| line.ends_with("/robots.txt")).count(), 1);
    assert_eq!(target.asked().len(), 10);
}

#[test]
fn several_hosts_are_asked_at_once_and_no_more_than_allowed() {
    // Three requests must be there together, or none is ever answered.
    let meeting = Arc::new(Barrier::new(3));
    let server = Server::with(move |_, path, stream| {
        if path != "/robots.txt" {
            meeting.wait();
        }
        let _gone = stream.write_all(reply("200 OK").as_bytes());
    });
    let all = [server.address];
    let table: Vec<String> = (0..6).map(|number| format!("h{number}.test")).collect();
    let hosts: Vec<(&str, &[SocketAddr])> =
        table.iter().map(|name| (name.as_str(), &all[..])).collect();
    let addresses: Vec<String> = table.iter().map(|name| format!("http://{name}/")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let mut options = options();
    options.hosts = 3;
    let checked = ask_with(&addresses, names(&hosts), &options, &mut Cache::default());
    assert!(checked.answers.values().all(|known| told(known) == "Good 200"), "{checked:?}");
    assert_eq!(server.most(), 3);
}

#[test]
fn there_is_a_pause_between_two_requests_to_a_host() {
    let server = Server::of(&[("/a", "200 OK"), ("/b", "200 OK")]);
    let mut options = options();
    options.pause = Duration::from_millis(100);
    let start = Instant::now();
    let table = names(&[("a.test", &[server.address])]);
    ask_with(&["http://a.test/a", "http://a.test/b"], table, &options, &mut Cache::default());
    // `robots.txt` and two pages.
    assert!(start.elapsed() >= Duration::from_millis(200));
    assert_eq!(server.all().len(), 3);
}

#[test]
fn a_short_wait_is_obeyed_and_the_page_asked_once_more() {
    let times = AtomicUsize::new(0);
    let server = Server::with(move |_, path, stream| {
        let first = path == "/a" && times.fetch_add(1, Ordering::SeqCst) == 0;
        let answer = if first { "429 Too Many Requests\nRetry-After: 1" } else { "200 OK" };
        let _gone = stream.write_all(reply(answer).as_bytes());
    });
    let start = Instant::now();
    assert_eq!(told(&ask("http://a.test/a", &server, &options())), "Good 200");
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.asked(), ["HEAD /a", "HEAD /a"]);
}

#[test]
fn a_host_that_wants_a_long_wait_is_not_asked_any_more() {
    let server = Server::of(&[
        ("/a", "200 OK"),
        ("/b", "429 Too Many Requests\nRetry-After: 3600"),
        ("/c", "200 OK"),
    ]);
    let table = names(&[("a.test", &[server.address])]);
    let mut cache = Cache::default();
    let addresses = ["http://a.test/a", "http://a.test/b", "http://a.test/c"];
    let checked = ask_with(&addresses, table, &options(), &mut cache);
    let told: Vec<String> = checked.answers.values().map(told).collect();
    assert_eq!(
        told,
        [
            "Good 200",
            "Doubtful 429 the server answers 429",
            "Doubtful 0 its host asks for a longer wait"
        ]
    );
    assert_eq!(server.asked(), ["HEAD /a", "HEAD /b"]);
    // That nobody asked is no answer to be kept.
    assert_eq!(cache.iter().count(), 2);
}

#[test]
fn what_robots_txt_forbids_is_not_asked() {
    let server = Server::of(&[
        ("/robots.txt", "200 OK\n\nUser-agent: *\nDisallow: /private\nAllow: /private/but\n"),
        ("/private/x", "200 OK"),
        ("/private/but", "200 OK"),
        ("/way", "302 Found\nLocation: /private/x"),
    ]);
    let forbidden = "Doubtful 0 `robots.txt` forbids programs to ask";
    assert_eq!(told(&ask("http://a.test/private/x", &server, &options())), forbidden);
    assert_eq!(server.all(), ["GET /robots.txt"]);
    assert_eq!(told(&ask("http://a.test/private/but", &server, &options())), "Good 200");
    assert_eq!(told(&ask("http://a.test/way", &server, &options())), forbidden);
}

#[test]
fn rules_that_cannot_be_read_forbid_and_rules_elsewhere_are_followed() {
    let server = Server::of(&[("/robots.txt", "500 Internal Server Error"), ("/a", "200 OK")]);
    let known = ask("http://a.test/a", &server, &options());
    assert_eq!(told(&known), "Doubtful 500 `robots.txt` cannot be read (status 500)");
    assert_eq!(server.asked(), [""; 0]);
    let server = Server::of(&[
        ("/robots.txt", "301 Moved Permanently\nLocation: http://b.test/rules"),
        ("/rules", "200 OK\n\nuser-agent: pressmark\ndisallow: /a$\n"),
        ("/a", "200 OK"),
        ("/ab", "200 OK"),
    ]);
    assert!(told(&ask("http://a.test/a", &server, &options())).contains("forbids"));
    assert_eq!(told(&ask("http://a.test/ab", &server, &options())), "Good 200");
}

#[test]
fn servers_are_told_who_asks_and_nothing_else() {
    let server = Server::of(&[("/a?b=c%20d", "200 OK")]);
    let known = ask("http://Ann:secret@A.test/a?b=c d#e", &server, &options());
    assert_eq!(told(&known), "Good 200");
    let version = env!("CARGO_PKG_VERSION");
    let head = format!(
        "HEAD /a?b=c%20d HTTP/1.1\r\nhost: a.test\r\nuser-agent: pressmark/{version} (link check)\r\naccept: */*\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(server.heads().last(), Some(&head));
}
