//! Golden sites: `tests/sites/NAME/site` is built in memory and compared with `expected`.
//!
//! `UPDATE_SITES=1 cargo test --test sites` writes what is expected; read the changes before
//! you commit them. Sites may use the theme `plain` of `tests/sites/theme`, which shows the
//! values that templates are handed. Reports are expected in `expected/reports.txt`.

mod common;

use std::fs;

use common::Tree;

/// The reports of a site, beside its output.
const REPORTS: &str = "reports.txt";

fn check(name: &str) {
    let folder = common::repository("tests/sites").join(name);
    let mut site = common::read_tree(&folder.join("site"));
    assert!(!site.is_empty(), "{name} has no files");
    common::add_plain_theme(&mut site);
    let (made, reports) = common::build(&site);
    let lines: Vec<String> = reports.iter().map(common::line).collect();
    let mut made = made.unwrap_or_else(|| panic!("{name}: {}", lines.join("\n")));
    if !lines.is_empty() {
        made.insert(REPORTS.to_owned(), (lines.join("\n") + "\n").into_bytes());
    }
    let expected = folder.join("expected");
    if std::env::var_os("UPDATE_SITES").is_some() {
        let _ = fs::remove_dir_all(&expected);
        common::write_tree(&expected, &made);
    }
    let difference = common::difference(&common::read_tree(&expected), &made);
    assert!(
        difference.is_empty(),
        "{name} is not as expected; if it should be so, run \
         `UPDATE_SITES=1 cargo test --test sites`\n{difference}"
    );
}

#[test]
fn minimal() {
    check("minimal");
}

#[test]
fn front_matter() {
    check("front-matter");
}

#[test]
fn pagination() {
    check("pagination");
}

#[test]
fn base_url() {
    check("base-url");
}

#[test]
fn rtl() {
    check("rtl");
}

#[test]
fn broadsheet() {
    check("broadsheet");
}

#[test]
fn wire() {
    check("wire");
}

#[test]
fn every_golden_site_has_a_test() {
    let mut names: Vec<String> = fs::read_dir(common::repository("tests/sites"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let known =
        ["base-url", "broadsheet", "front-matter", "minimal", "pagination", "rtl", "theme", "wire"];
    assert_eq!(names, known);
}

#[test]
fn differences_are_seen() {
    let tree = |files: &[(&str, &str)]| -> Tree {
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
    };
    let expected = tree(&[("a", "1\n2\n3"), ("b", "x"), ("same", "y")]);
    let made = tree(&[("a", "1\nII\n3"), ("c", "x"), ("same", "y")]);
    let difference = common::difference(&expected, &made);
    assert_eq!(difference, "different: a\n  -    2 2\n  +    2 II\nmissing: b\nextra: c\n");
    assert_eq!(common::difference(&made, &made), "");
}

#[test]
fn the_icon_is_that_of_the_site_where_it_brings_one() {
    let mut site = common::read_tree(&common::repository("tests/sites/broadsheet/site"));
    let link = |site: &Tree| {
        let made = common::build(site).0.expect("a site");
        let home = String::from_utf8(made["index.html"].clone()).expect("UTF-8");
        let (_, rest) = home.split_once("<link rel=\"icon\" href=\"").expect("an icon");
        let address = rest.split('"').next().unwrap_or_default();
        let address = address.trim_start_matches('/').to_owned();
        assert!(made.contains_key(&address), "{address} is there");
        address
    };
    assert!(link(&site).starts_with("assets/icon."));
    site.insert("static/favicon.ico".to_owned(), b"x".to_vec());
    assert_eq!(link(&site), "favicon.ico");
    site.insert("static/favicon.svg".to_owned(), b"<svg/>".to_vec());
    assert_eq!(link(&site), "favicon.svg");
}
