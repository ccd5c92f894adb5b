//! Live sites.

use std::fs;
use std::time::Duration;

use pressmark::config::PublicKey;
use pressmark::diag::Error;
use pressmark::files::SitePath;
use pressmark::verify::{Pace, Report, Signature, Site, VerifyOptions, verify};

use crate::server::{Server, Way};
use crate::{Quiet, World, keys, text, words};

const PACE: Pace = Pace { lanes: 16, tries: 4, pause: Duration::from_millis(1) };
const FILES: [&str; 6] =
    ["a b/ü%20#1.html", "a.css", "index.html", "list/index.html", "list/p.html", "z.txt"];

/// A server that shows a site as it is.
fn serve(world: &World, names: &[&str]) -> Server {
    let server = Server::start();
    let all = names.iter().copied().chain(["manifest.json", "manifest.json.minisig"]);
    for name in all {
        if let Ok(bytes) = fs::read(world.path("public").join(name)) {
            server.set(&encoded(name), Way::Bytes(bytes));
        }
    }
    server
}

/// The path of a file in a request.
fn encoded(name: &str) -> String {
    let parts = name.replace('%', "%25").replace(' ', "%20").replace('#', "%23");
    format!("/{}", parts.replace('ü', "%C3%BC"))
}

fn check(server: &Server) -> Result<Report, Error> {
    let options = VerifyOptions { pace: PACE, ..VerifyOptions::default() };
    verify(&Site::of(&server.url()), &options, &Quiet)
}

#[test]
fn a_site_that_is_as_it_was_built_is_right() {
    let world = World::of(&FILES);
    let server = serve(&world, &FILES);
    let report = check(&server).unwrap();
    assert!(report.is_right(), "{report:?}");
    assert_eq!((report.files, report.intact.0), (6, 6));
    // Each file was asked for once, as it is.
    assert!(FILES.iter().all(|name| server.asked(&encoded(name)) == 1));
    let heads = server.heads().to_ascii_lowercase();
    assert!(heads.matches("accept-encoding: identity").count() == 8, "{heads}");
    let said = world.says(0, &[&server.url(), "--against", "public"]);
    assert!(said.contains("6 of 6 files right"), "{said}");
}

#[test]
fn whatever_a_server_does_each_file_is_told_by_name() {
    let names: Vec<String> = (0..9).map(|n| format!("p{n}.html")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).chain(["q.css", "r.txt"]).collect();
    let world = World::of(&names);
    let server = serve(&world, &names);
    let bytes = |name: &str| text(name).into_bytes();
    let changed = text("p0.html").replacen("This", "That", 1).into_bytes();
    server.set("/p0.html", Way::Bytes(changed));
    server.set("/p1.html", Way::Status(404));
    server.set("/p2.html", Way::Slow(bytes("p2.html")));
    server.set("/p3.html", Way::Endless);
    server.set("/p4.html", Way::To("/login".to_owned()));
    server.set("/login", Way::Bytes(bytes("p4.html")));
    server.set("/p5.html", Way::Busy(503, 2, bytes("p5.html")));
    server.set("/p6.html", Way::Status(500));
    server.set("/p7.html", Way::Bytes(b"short".to_vec()));
    server.set("/p8.html", Way::Broken(2, bytes("p8.html")));
    server.set("/q.css", Way::Coded("gzip", b"squeezed".to_vec()));
    server.set("/r.txt", Way::Coded("gzip", bytes("r.txt")));
    let report = check(&server).unwrap();
    let moved = format!("leads to {}login", server.url());
    let expected = [
        ("p0.html", "other bytes"),
        ("p1.html", "missing"),
        ("p3.html", "longer"),
        ("p4.html", &moved),
        ("p6.html", "cannot be fetched: status 500"),
        ("p7.html", "shorter: 5 bytes"),
        ("q.css", "sent as gzip, though not asked for"),
    ];
    assert_eq!(words(&report), expected.map(|(path, what)| (path, what.to_owned())));
    assert_eq!(report.intact.0, 4);
    let asked = |name: &str| server.asked(name);
    assert_eq!((asked("/login"), asked("/p1.html"), asked("/p5.html")), (0, 1, 3));
    assert_eq!((asked("/p6.html"), asked("/p8.html")), (4, 3));
    // A line that never holds is told as such.
    server.set("/p8.html", Way::Broken(100, bytes("p8.html")));
    let report = check(&server).unwrap();
    let (path, what) = words(&report).into_iter().nth(6).unwrap();
    assert!(path == "p8.html" && what.starts_with("cannot be read: "), "{what}");
    let object = world.json(1, &[&server.url()]);
    assert_eq!(object["problems"][4]["status"], 500);
}

#[test]
fn a_server_that_is_gone_is_not_asked_again_and_again() {
    let names: Vec<String> = (0..60).map(|n| format!("p{n:02}.html")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let world = World::of(&names);
    let server = serve(&world, &names);
    let asked = || names.iter().map(|name| server.asked(&encoded(name))).sum::<usize>();
    let one_by_one = |tries| {
        let pace = Pace { lanes: 1, tries, ..PACE };
        let options = VerifyOptions { pace, ..VerifyOptions::default() };
        verify(&Site::of(&server.url()), &options, &Quiet).unwrap()
    };
    let breaks =
        |name: &str| server.set(&encoded(name), Way::Broken(9999, text(name).into_bytes()));
    // An answer in between begins the count anew: 30 failures, and 30 more.
    let (first, last) = (&names[..10], &names[11..21]);
    for name in first.iter().chain(last) {
        breaks(name);
    }
    let report = one_by_one(3);
    assert_eq!((report.problems.len(), report.intact.0), (20, 40));
    assert_eq!(asked(), 20 * 3 + 40);
    // Forty in a row, and each of the other files is asked for once.
    let before = asked();
    for name in &names {
        breaks(name);
    }
    let report = one_by_one(3);
    // Thirteen files three times, one twice, as the second failure of that is the one after forty; the rest once.
    assert_eq!(asked() - before, 13 * 3 + 2 + 46);
    assert_eq!((report.problems.len(), report.intact.0), (60, 0));
    let before = asked();
    let report = check(&server).unwrap();
    // At once: at most the first forty are followed by another try, fewer where some of these are the last of a file.
    let again = asked() - before - 60;
    assert!(report.problems.len() == 60 && (30..=40).contains(&again), "{again}");
    assert!(words(&report).iter().all(|(_, what)| what.starts_with("cannot be read: ")));
}

#[test]
fn short_addresses_of_pages_are_followed_once_and_on_the_same_host_only() {
    let world = World::of(&["404.html", "a/index.html", "b/index.html", "index.html", "p.html"]);
    let server = Server::start();
    let other = Server::start();
    let bytes = |name: &str| text(name).into_bytes();
    server.set("/manifest.json", Way::Bytes(fs::read(world.path("public/manifest.json")).unwrap()));
    server.set("/index.html", Way::To("/".to_owned()));
    server.set("/", Way::Bytes(bytes("index.html")));
    server.set("/p.html", Way::To("p".to_owned()));
    server.set("/p", Way::Bytes(bytes("p.html")));
    server.set("/404.html", Way::Page(404, bytes("404.html")));
    server.set("/a/index.html", Way::To("/a/".to_owned()));
    server.set("/a/", Way::To("/a/index.html".to_owned()));
    server.set("/b/index.html", Way::To(format!("{}b/", other.url())));
    other.set("/b/", Way::Bytes(bytes("b/index.html")));
    let report = check(&server).unwrap();
    let paths: Vec<&str> = words(&report).iter().map(|(path, _)| *path).collect();
    assert_eq!(paths, ["a/index.html", "b/index.html"], "{report:?}");
    assert_eq!((server.asked("/a/"), other.asked("/b/")), (1, 0));
    // What is read there is compared.
    server.set("/", Way::Bytes(bytes("p.html")));
    assert_eq!(words(&check(&server).unwrap())[2].0, "index.html");
}

#[test]
fn files_for_the_host_may_be_kept_back() {
    let world = World::of(&[".htaccess", "_headers", "_redirects", "a/_headers"]);
    let server = Server::start();
    server.set("/manifest.json", Way::Bytes(fs::read(world.path("public/manifest.json")).unwrap()));
    server.set("/.htaccess", Way::Status(403));
    server.set("/_redirects", Way::Bytes(b"others".to_vec()));
    let report = check(&server).unwrap();
    let paths: Vec<&str> = words(&report).iter().map(|(path, _)| *path).collect();
    assert_eq!(paths, ["_redirects", "a/_headers"]);
    assert_eq!(
        report.withheld,
        [".htaccess", "_headers"].map(|name| SitePath::parse(name).unwrap())
    );
}

#[test]
fn a_server_is_asked_for_a_few_files_at_once() {
    let names: Vec<String> = (0..200).map(|n| format!("p{n}.html")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let world = World::of(&names);
    let server = serve(&world, &names);
    for name in &names {
        server.set(&encoded(name), Way::Slow(text(name).into_bytes()));
    }
    assert!(check(&server).unwrap().is_right());
    assert!(server.most() <= PACE.lanes, "{}", server.most());
}

#[test]
fn a_site_that_was_changed_as_a_whole_is_found_by_another_list_or_its_signature() {
    let world = keys::signed(&["a.html", "b.html"]);
    let server = serve(&world, &["a.html", "b.html"]);
    let key = fs::read_to_string(world.path("a.pub")).unwrap();
    let key = PublicKey::parse(&key).unwrap();
    let public = world.path("public");
    let check = |against: bool| {
        let against = against.then_some(public.as_path());
        let options = VerifyOptions { against, key: Some(&key), pace: PACE };
        verify(&Site::of(&server.url()), &options, &Quiet).unwrap()
    };
    assert!(matches!(check(false).signature, Signature::Right(_)));
    assert!(check(true).is_right());
    let forged = World::of(&["a.html", "c.html"]);
    let list = fs::read(forged.path("public/manifest.json")).unwrap();
    server.set("/manifest.json", Way::Bytes(list));
    server.set("/c.html", Way::Bytes(text("c.html").into_bytes()));
    server.set("/b.html", Way::Status(404));
    let report = check(false);
    assert!(report.problems.is_empty() && !report.is_right());
    let report = check(true);
    assert_eq!(words(&report)[0], ("b.html", "missing".to_owned()));
    assert_eq!(words(&report)[1].0, "manifest.json");
    server.set("/manifest.json.minisig", Way::Status(404));
    assert_eq!(check(false).signature, Signature::Missing);
    // A page for everything that is not there is no signature.
    server.set("/manifest.json.minisig", Way::Bytes(b"<!doctype html>".to_vec()));
    assert_eq!(check(false).signature, Signature::Missing);
    server.set("/manifest.json.minisig", Way::Endless);
    assert!(matches!(check(false).signature, Signature::Unreadable(_)));
    server.set("/manifest.json", Way::Status(404));
    assert_eq!(words(&check(true))[1], ("manifest.json", "missing".to_owned()));
}

#[test]
fn a_site_without_a_list_or_without_a_server_is_told() {
    let world = World::of(&["a.html"]);
    let server = Server::start();
    let said = world.says(1, &[&server.url()]);
    assert!(said.contains("`manifest.json`") && said.contains("--against"), "{said}");
    server.set("/manifest.json", Way::Bytes(b"<html>".to_vec()));
    assert!(world.says(1, &[&server.url()]).contains("damaged"));
    server.set("/manifest.json", Way::To("https://h.example/manifest.json".to_owned()));
    let said = world.says(1, &[&server.url()]);
    assert!(said.contains("leads to `https://h.example/manifest.json`"), "{said}");
    for bad in ["http://me:hunter2@127.0.0.1/", "http://127.0.0.1/?hunter2"] {
        assert!(!world.says(2, &[bad]).contains("hunter2"));
    }
    // A port that nobody listens at.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let site = Site::of(&format!("http://127.0.0.1:{port}/"));
    let options = VerifyOptions { pace: PACE, ..VerifyOptions::default() };
    let error = verify(&site, &options, &Quiet).unwrap_err();
    assert!(!error.is_usage() && error.to_string().contains("cannot be read"), "{error}");
}
