//! Servers and articles that mean harm.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::server::{
    Conn, Ear, Server, ask, ask_with, link, names, open_names, options, reply, told,
};
use crate::links::{Cache, check_with};

const PRIVATE: &str =
    "Doubtful 0 it belongs to this machine or a private network, and is not asked";

fn write(stream: &mut Conn, text: &str) {
    let _gone = stream.write_all(text.as_bytes());
}

/// Writes the same again and again, until the other side is gone.
fn flood(stream: &mut Conn, text: &str) {
    let text = text.repeat(1000);
    while stream.write_all(text.as_bytes()).is_ok() {}
}

#[test]
fn addresses_of_private_networks_are_not_asked() {
    let server = Server::of(&[("/", "200 OK")]);
    let mut options = options();
    options.allow_private = false;
    let port = server.address.port();
    for address in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://127.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://0x7f000001:{port}/"),
        format!("http://a.test:{port}/"),
        "http://169.254.169.254/latest".to_owned(),
        "http://[::1]/".to_owned(),
    ] {
        assert_eq!(told(&ask(&address, &server, &options)), PRIVATE, "{address}");
    }
    assert_eq!(server.all(), [""; 0]);
    let mut cache = Cache::default();
    ask_with(&["http://127.0.0.1/"], names(&[]), &options, &mut cache);
    assert_eq!(cache, Cache::default());
}

#[test]
fn a_redirect_does_not_lead_into_a_private_network() {
    let server = Server::of(&[
        ("/number", "302 Found\nLocation: http://127.0.0.2/"),
        ("/name", "301 Moved Permanently\nLocation: http://inner.test/"),
        ("/", "200 OK"),
    ]);
    let inner = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), server.address.port()));
    let mut options = options();
    options.allow_private = false;
    for (path, expected) in [("", "Good 200"), ("number", PRIVATE), ("name", PRIVATE)] {
        let table = open_names(&[("a.test", &[server.address]), ("inner.test", &[inner])]);
        let address = format!("http://a.test/{path}");
        let checked = ask_with(&[&address], table, &options, &mut Cache::default());
        assert_eq!(told(checked.answers.values().next().unwrap()), expected);
    }
}

#[test]
fn a_name_that_changes_its_number_is_looked_at_each_time() {
    let server = Server::of(&[("/", "200 OK")]);
    let inner = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), server.address.port()));
    let mut options = options();
    options.allow_private = false;
    let table = open_names(&[("a.test", &[server.address, inner])]);
    let checked = ask_with(&["http://a.test/"], table, &options, &mut Cache::default());
    assert_eq!(told(checked.answers.values().next().unwrap()), PRIVATE);
    assert_eq!(server.all(), ["GET /robots.txt"]);
}

#[test]
fn a_body_without_end_is_not_read() {
    let server = Server::with(|method, path, stream| match (method, path) {
        ("GET", "/robots.txt") => {
            write(stream, "HTTP/1.1 200 OK\r\n\r\nuser-agent: *\ndisallow: /no\n");
            flood(stream, "user-agent: other\n");
        }
        ("GET", _) => {
            write(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            flood(stream, "5\r\nhello\r\n");
        }
        _ => write(stream, &reply("405 Method Not Allowed")),
    });
    assert_eq!(told(&ask("http://a.test/", &server, &options())), "Good 200");
    // The rules at the beginning hold all the same.
    assert!(told(&ask("http://a.test/no", &server, &options())).contains("forbids"));
}

#[test]
fn a_head_without_end_is_cut_off() {
    let server = Server::with(|_, path, stream| match path {
        "/many" => {
            write(stream, "HTTP/1.1 200 OK\r\n");
            flood(stream, "X-A: b\r\n");
        }
        "/long" => {
            write(stream, "HTTP/1.1 200 OK\r\nX-A: ");
            flood(stream, "b");
        }
        // Neither of these is without end, and both are more than anybody needs.
        "/large" => {
            write(stream, &reply(&format!("200 OK\nX-A: {}", "b".repeat(250_000))));
        }
        "/fields" => write(stream, &reply(&format!("200 OK{}", "\nA: b".repeat(300)))),
        "/never" => {
            write(stream, "HTTP/1.1 200 OK\r\n");
            while stream.write_all(b"X-A: b\r\n").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        "/between" => flood(stream, "HTTP/1.1 102 Processing\r\n\r\n"),
        "/else" => write(stream, "SSH-2.0-OpenSSH\r\n\r\n"),
        _ => write(stream, &reply("404 Not Found")),
    });
    let mut options = options();
    let told =
        |path: &str, options: &_| told(&ask(&format!("http://a.test/{path}"), &server, options));
    assert_eq!(told("many", &options), "Broken 0 its answer is no HTTP that can be read");
    assert_eq!(told("long", &options), "Broken 0 its answer is no HTTP that can be read");
    assert_eq!(told("large", &options), "Broken 0 its answer is no HTTP that can be read");
    assert_eq!(told("fields", &options), "Broken 0 its answer is no HTTP that can be read");
    assert_eq!(told("else", &options), "Broken 0 its answer is no HTTP that can be read");
    options.timeout = Duration::from_millis(400);
    assert_eq!(told("never", &options), "Broken 0 it does not answer in time");
    assert!(told("between", &options).starts_with("Broken 0 "));
}

#[test]
fn what_servers_say_does_not_reach_the_terminal_or_the_file_as_it_is() {
    let server = Server::of(&[
        ("/a", "301 Moved Permanently\nLocation: /b?x=\u{e9}[31m`\"<"),
        ("/b?x=%C3%A9[31m`%22%3C", "200 OK"),
        ("/c", "301 Moved Permanently\nLocation: /\u{1b}[31m"),
    ]);
    let known = ask("http://a.test/a", &server, &options());
    assert_eq!(told(&known), "Moved 200 -> http://a.test/b?x=%C3%A9[31m`%22%3C");
    let known = ask("http://a.test/c", &server, &options());
    assert_eq!(told(&known), "Broken 0 its answer is no HTTP that can be read");
}

#[test]
fn a_machine_without_network_learns_nothing_about_links() {
    let addresses: Vec<String> = (0..4).map(|number| format!("http://h{number}.test/")).collect();
    let links: Vec<_> = addresses.iter().map(|address| link(address)).collect();
    let mut cache = Cache::default();
    let error =
        check_with(&links, &mut cache, &options(), &Ear::default(), names(&[])).unwrap_err();
    assert!(error.to_string().contains("on the network?"), "{error}");
    assert_eq!(cache, Cache::default());
    let server = Server::with(|_, _, stream| {
        write(stream, &reply("404 Not Found"));
    });
    let table = names(&[("h0.test", &[server.address])]);
    assert!(check_with(&links, &mut cache, &options(), &Ear::default(), table).is_ok());
    assert_eq!(cache.iter().count(), 4);
}
