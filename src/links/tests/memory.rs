//! What is kept from one check to the next, and what is reported.

use std::time::Duration;

use jiff::civil::date;

use super::server::{Server, ask_with, at, link, names, options, told};
use crate::diag::{Code, Severity};
use crate::files::{MemFiles, SitePath};
use crate::links::{Asking, Cache, Counts, read_results, reports};

const DAY: Duration = Duration::from_hours(24);

#[test]
fn a_second_check_asks_nothing_until_answers_are_old() {
    let server = Server::of(&[("/good", "200 OK"), ("/busy", "403 Forbidden")]);
    let addresses = ["http://a.test/bad", "http://a.test/busy", "http://a.test/good"];
    let mut cache = Cache::default();
    let asked = |options: &_, cache: &mut Cache| {
        let before = server.asked().len();
        let table = names(&[("a.test", &[server.address])]);
        let checked = ask_with(&addresses, table, options, cache);
        let told: Vec<String> = checked.answers.values().map(told).collect();
        let expected = [
            "Broken 404 the server answers 404",
            "Doubtful 403 the server answers 403",
            "Good 200",
        ];
        assert_eq!(told, expected);
        let mut paths: Vec<String> = server.asked()[before..].to_vec();
        paths.retain(|line| line.starts_with("HEAD"));
        paths.sort();
        paths.concat()
    };
    let mut options = options();
    assert_eq!(asked(&options, &mut cache), "HEAD /badHEAD /busyHEAD /good");
    let file = cache.to_json();
    // It comes back from the file as it was.
    let mut cache = Cache::parse(&file).unwrap();
    assert_eq!(asked(&options, &mut cache), "");
    assert_eq!(cache.to_json(), file);
    options.now += 2 * DAY;
    assert_eq!(asked(&options, &mut cache), "HEAD /badHEAD /busy");
    options.now += 6 * DAY;
    options.asking = Asking::None;
    assert_eq!(asked(&options, &mut cache), "");
    options.asking = Asking::Due;
    assert_eq!(asked(&options, &mut cache), "HEAD /badHEAD /busyHEAD /good");
    options.asking = Asking::All;
    assert_eq!(asked(&options, &mut cache), "HEAD /badHEAD /busyHEAD /good");
    let bad = cache.get(&link("http://a.test/bad").address).unwrap();
    assert_eq!(bad.broken_since, Some(at("2026-03-10T12:00:00Z")));
    assert_eq!(bad.checked, at("2026-03-18T12:00:00Z"));
}

#[test]
fn an_answer_of_a_time_that_has_not_come_is_asked_again() {
    let server = Server::of(&[("/", "200 OK")]);
    let mut cache = Cache::default();
    let mut options = options();
    let table = || names(&[("a.test", &[server.address])]);
    ask_with(&["http://a.test/"], table(), &options, &mut cache);
    options.now -= DAY;
    assert_eq!(ask_with(&["http://a.test/"], table(), &options, &mut cache).asked, 1);
}

#[test]
fn addresses_with_secrets_are_asked_each_time_and_not_kept() {
    let server = Server::of(&[("/?token=abc", "200 OK")]);
    let mut cache = Cache::default();
    for _ in 0..2 {
        let table = names(&[("a.test", &[server.address])]);
        let checked = ask_with(&["http://a.test/?token=abc"], table, &options(), &mut cache);
        assert_eq!(told(checked.answers.values().next().unwrap()), "Good 200");
    }
    assert_eq!(server.asked().len(), 2);
    assert!(!cache.to_json().contains("a.test"));
}

#[test]
fn imported_answers_stand_in_for_asking() {
    let mut cache = Cache::default();
    let mut options = options();
    let text = "{\"url\":\"http://a.test/x\",\"status\":404}\n{\"url\":\"http://a.test/y\",\"status\":200}\n";
    for (address, known) in read_results(text, options.now).unwrap() {
        assert!(cache.import(address, known));
    }
    let addresses = ["http://a.test/x", "http://a.test/y"];
    let checked = ask_with(&addresses, names(&[]), &options, &mut cache);
    assert_eq!(checked.asked, 0);
    let told: Vec<String> = checked.answers.values().map(told).collect();
    assert_eq!(told, ["Broken 404 the server answers 404", "Good 200"]);
    // Older news do not replace newer ones; since when it is broken may be longer ago.
    let old = "{\"url\":\"http://a.test/x\",\"status\":200,\"checked\":\"2026-01-01T00:00:00Z\"}";
    for (address, known) in read_results(old, options.now).unwrap() {
        assert!(!cache.import(address, known));
    }
    options.now += DAY;
    let new = "{\"url\":\"http://a.test/x\",\"status\":410}";
    for (address, known) in read_results(new, options.now).unwrap() {
        assert!(cache.import(address.clone(), known));
        assert_eq!(cache.get(&address).unwrap().broken_since, Some(at("2026-03-10T12:00:00Z")));
    }
}

#[test]
fn broken_links_are_warned_of_at_each_place_and_others_noted_once() {
    let path = |text: &str| SitePath::parse(text).unwrap();
    let mut files = MemFiles::new();
    for (name, text) in [
        (
            "content/articles/a.md",
            "+++\n[source]\nurl = \"http://a.test/gone\"\n+++\nSee [x](http://ann:pw@a.test/gone).\n",
        ),
        ("content/articles/b.md", "See <http://a.test/403> and <http://a.test/old?key=k>.\n"),
    ] {
        files.insert(path(name), text);
    }
    let text = "\
{\"url\":\"http://a.test/gone\",\"status\":404,\"broken_since\":\"2026-01-02T00:00:00Z\"}
{\"url\":\"http://a.test/403\",\"status\":403}
{\"url\":\"http://a.test/copy\",\"status\":200}
";
    let mut cache = Cache::default();
    for (address, known) in read_results(text, at("2026-03-10T12:00:00Z")).unwrap() {
        cache.import(address, known);
    }
    let mut gone = link("http://a.test/gone");
    gone.uses[0].what = "source";
    gone.uses[0].date = Some(date(2024, 5, 6));
    let mut second = gone.uses[0].clone();
    second.range = Some((47, 79));
    second.what = "link";
    second.archive = Some("http://a.test/copy".to_owned());
    gone.uses.push(second);
    let mut busy = link("http://a.test/403");
    busy.uses[0].path = path("content/articles/b.md");
    busy.uses.push(busy.uses[0].clone());
    let links = [gone, busy, link("http://a.test/new")];
    let mut options = options();
    options.asking = Asking::None;
    let checked = crate::links::check_with(
        &links,
        &mut cache,
        &options,
        &super::server::Ear::default(),
        names(&[]),
    )
    .unwrap();
    let found = reports(&links, &checked, &files);
    let told: Vec<String> = found
        .iter()
        .map(|report| {
            let span = report.place.as_ref().and_then(|place| place.span.clone()).unwrap();
            format!(
                "{} {}: {} | {} | {}",
                report.code,
                span.line,
                report.message,
                report.help.as_deref().unwrap(),
                span.excerpt
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "W0511 3: the source `http://a.test/gone` is broken: the server answers 404, since 2026-01-02 | write its new address, or, if there is a copy, `archive_url = \"https://web.archive.org/web/20240506/http://a.test/gone\"` | url = \"http://a.test/gone\"",
            "W0511 5: the link `http://a.test/gone` is broken: the server answers 404, since 2026-01-02 | `archive_url` names a copy of it: `http://a.test/copy` | See [x](http://******@a.test/gone).",
            "N0513 1: the link `http://a.test/403` cannot be checked: the server answers 403 (and 1 more place) | look at it in a browser; `links.skip_prefixes` in `site.toml` passes over such addresses | See <http://a.test/403> and <http://a.test/old?key=*>.",
        ]
    );
    assert_eq!((found[0].severity, found[2].severity), (Severity::Warning, Severity::Note));
    assert_eq!(found[2].code, Code::ExternalDoubtful);
    let counts = Counts::of(&links, &checked);
    assert_eq!(
        (counts.addresses, counts.broken, counts.doubtful, counts.unknown, counts.asked),
        (3, 1, 1, 1, 0)
    );
    assert_eq!(counts.broken_because, [("the server answers 404".to_owned(), 1)]);
}
