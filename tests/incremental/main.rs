//! A build that remembers makes what a clean build makes, byte for byte, reports included.
//!
//! One site lives through a script of edits and is built after each step, into the same folder
//! and with whatever the last builds left behind. A copy of its files, which no build has seen,
//! is built beside it. `PRESSMARK_INCREMENTAL_CASES` sets how many scripts are tried.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "../common/mod.rs"]
mod common;
mod edits;
mod live;
mod roles;
mod site;
mod world;

use std::fs;
use std::path::{Path, PathBuf};

use pressmark::build::{Progress, Refreshed, Silent, Step};
use proptest::prelude::*;

use crate::edits::{Change, Edit, Switch, Tamper, scripts, scripts_of_texts};
use crate::live::Follower;
use crate::world::{World, changed, copy, remove, write_unnoticed};

/// Scripts that are tried when nobody asks for more.
const CASES: u32 = 100;

fn cases() -> u32 {
    let asked = std::env::var("PRESSMARK_INCREMENTAL_CASES").ok();
    asked.map_or(CASES, |number| number.parse().expect("a number of scripts"))
}

#[track_caller]
fn assert_clean(world: &World, what: &str) {
    let difference = world.difference();
    assert!(difference.is_empty(), "{what}\n{difference}");
}

/// Builds a site after each step of any script, beside clean builds.
fn assert_all_clean(scripts: impl Strategy<Value = Vec<Vec<Edit>>>) {
    let config = ProptestConfig {
        cases: cases(),
        max_shrink_iters: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(script in scripts)| {
        let mut world = World::new(&site::site());
        let first = world.difference();
        prop_assert!(first.is_empty(), "the first build\n{}", first);
        for (at, step) in script.iter().enumerate() {
            for edit in step {
                world.apply(edit);
            }
            let difference = world.difference();
            prop_assert!(difference.is_empty(), "step {}: {:?}\n{}", at + 1, step, difference);
        }
    });
}

#[test]
fn an_incremental_build_equals_a_clean_one() {
    assert_all_clean(scripts());
}

#[test]
fn texts_put_into_the_last_build_make_what_a_clean_build_makes() {
    assert_all_clean(scripts_of_texts());
}

/// Follows a site after each step of any script, beside clean builds.
fn assert_follows(scripts: impl Strategy<Value = Vec<Vec<Edit>>>) {
    let config = ProptestConfig {
        // Each step makes all outputs one by one, which takes longer than a build of those that changed.
        cases: cases().div_ceil(3),
        max_shrink_iters: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(script in scripts)| {
        let mut world = World::new(&site::site());
        let mut follower = Follower::new(&world);
        let first = follower.difference(&world);
        prop_assert!(first.is_empty(), "the first look\n{}", first);
        for (at, step) in script.iter().enumerate() {
            for edit in step {
                world.apply(edit);
            }
            let difference = follower.difference(&world);
            prop_assert!(difference.is_empty(), "step {}: {:?}\n{}", at + 1, step, difference);
        }
    });
}

#[test]
fn a_site_that_follows_its_files_shows_what_a_clean_build_writes() {
    assert_follows(scripts());
}

#[test]
fn texts_put_into_a_site_in_memory_make_what_a_clean_build_writes() {
    assert_follows(scripts_of_texts());
}

#[test]
fn an_edit_of_text_or_title_joins_nothing_anew() {
    let world = World::new(&site::site());
    let mut follower = Follower::new(&world);
    assert_eq!(follower.difference(&world), "");
    let title = |text: &str| text.replacen("title = \"", "title = \"New: ", 1);
    let end = |text: &str| format!("{text}\nThe talks went on.\n");
    for (name, change, is_put) in [
        ("a00.md", &end as &dyn Fn(&str) -> String, true),
        // Other articles have no topics: what this one is called may decide about them.
        ("a00.md", &title, false),
        ("deep/a05.md", &end, true),
        ("a00.md", &|text| text.replace("2021", "2022"), false),
    ] {
        let path = world.article(name);
        fs::write(&path, change(&fs::read_to_string(&path).unwrap())).unwrap();
        let refreshed = follower.refresh(&world);
        assert_eq!(matches!(refreshed, Refreshed::Articles(_)), is_put, "{name}: {refreshed:?}");
        assert_eq!(follower.difference(&world), "", "{name}");
    }
    // Where people give all topics, titles decide about nothing but what is shown.
    let text =
        |n: usize| format!("+++\ntitle = \"{n}\"\ntopics = [\"Rail\"]\n+++\n\n{}", site::body(n));
    let article = |n: usize| (format!("content/articles/a{n}.md"), text(n).into_bytes());
    let world = World::new(&(0..6).map(article).collect());
    let mut follower = Follower::new(&world);
    assert_eq!(follower.difference(&world), "");
    let path = world.article("a3.md");
    for _ in 0..2 {
        fs::write(&path, title(&fs::read_to_string(&path).unwrap())).unwrap();
        assert!(matches!(follower.refresh(&world), Refreshed::Articles(_)));
        assert_eq!(follower.difference(&world), "");
    }
}

#[test]
fn only_what_shows_a_text_is_made_anew_when_nothing_else_changes() {
    let world = World::new(&site::site());
    assert_clean(&world, "first");
    let apply = |name: &str, change| {
        // So that the files are older than the build.
        std::thread::sleep(std::time::Duration::from_millis(20));
        let path = world.article(name);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, changed(&text, change)).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    for (name, change, is_patched) in [
        ("a00.md", Change::End("\nThe talks went on.\n"), true),
        ("a00.md", Change::Before("Nobody had expected this to happen so soon."), true),
        ("deep/a05.md", Change::End("\nThe talks went on.\n"), true),
        ("a02.txt", Change::End("\nThe talks went on.\n"), true),
        ("deep/a04/index.md", Change::Cut, false),
        ("deep/a05.md", Change::Name(3), false),
        ("deep/a05.md", Change::End("\n[gone](nowhere.md)\n"), false),
        ("deep/a05.md", Change::End("\nIt is reported on.\n"), false),
    ] {
        apply(name, change);
        assert_eq!(world.patches(), is_patched, "{name}: {change:?}");
        assert_clean(&world, name);
    }
}

#[test]
fn a_picture_of_another_size_changes_the_pages_that_show_it() {
    let world = World::new(&site::site());
    let mut follower = Follower::new(&world);
    assert_clean(&world, "first");
    for (sides, shown) in [("4 3", "width=\"4\" height=\"3\""), ("3 4", "width=\"3\" height=\"4\"")]
    {
        let svg = format!("<svg viewBox=\"0 0 {sides}\"/>\n");
        fs::write(world.article("deep/a04/map.svg"), svg).unwrap();
        assert_clean(&world, sides);
        assert_eq!(follower.difference(&world), "", "{sides}");
        let page = world.output().join("articles/deep/a04/index.html");
        let page = fs::read_to_string(page).unwrap();
        assert!(page.contains(shown), "{shown} in {page}");
    }
}

#[test]
fn pages_of_what_is_said_counted_and_told_come_and_go_with_it() {
    let article = |day: u32, title: &str, text: &str| {
        // A name that all have would make one story of them.
        let people = if text.contains("Moreau") { "people = [\"Ada Moreau\"]\n" } else { "" };
        format!("+++\ntitle = \"{title}\"\ndate = 2024-05-{day:02}\n{people}+++\n\n{text}\n")
    };
    let report =
        "A ferry with forty people on board sank in the bay of Halden, the coast guard said.";
    let calm = article(6, "Calm", "It rained in Lagos.");
    let first = [("content/articles/a.md".to_owned(), calm.clone().into_bytes())];
    let world = World::new(&first.into_iter().collect());
    let mut follower = Follower::new(&world);
    let texts = [
        ("a.md", calm.clone()),
        ("a.md", article(6, "Calm", "At least 120 engineers were dismissed.")),
        ("a.md", article(6, "Calm", "At least 130 engineers were dismissed.")),
        ("a.md", article(6, "Calm", "“We saw it burn,” said Ada Moreau. It rained.")),
        ("b.md", article(7, "Ferry sinks off Halden", report)),
        ("c.md", article(8, "Ferry that sank off Halden is raised", report)),
        ("c.md", article(8, "Wheat is sown", "Wheat is sown in Perth.")),
        ("b.md", article(7, "Choir tours", "A choir tours Quito.")),
        ("a.md", calm),
    ];
    let mut seen = Vec::new();
    for (name, text) in texts {
        fs::write(world.article(name), &text).unwrap();
        assert_clean(&world, &text);
        assert_eq!(follower.difference(&world), "", "{text}");
        let is_there = |page: &&str| world.output().join(page).join("index.html").exists();
        seen.push(
            ["quotes", "figures", "stories"].into_iter().filter(is_there).collect::<Vec<_>>(),
        );
    }
    assert_eq!(seen[0], [""; 0], "a calm site");
    assert_eq!(
        (&seen[1], &seen[2], &seen[3]),
        (&vec!["figures"], &vec!["figures"], &vec!["quotes"])
    );
    assert!(seen[5].contains(&"stories") && !seen[6].contains(&"stories"), "{seen:?}");
    assert_eq!(seen[8], [""; 0], "calm again");
}

#[test]
fn the_first_site_has_no_error_and_a_page_of_each_kind() {
    let made = common::build_whole(&site::site());
    for path in ["articles/a00/index.html", "places/lagos/index.html", "topics/rail/index.html"] {
        assert!(made.contains_key(path), "{path} in {:?}", made.keys());
    }
}

#[test]
fn redactions_are_seen_by_the_next_build_and_undone_by_the_one_after() {
    let mut world = World::new(&site::site());
    let mut follower = Follower::new(&world);
    assert_clean(&world, "first");
    for (at, text) in site::TAKEN_DOWN.into_iter().enumerate() {
        fs::write(world.path(site::REDACTIONS), text).unwrap();
        assert_clean(&world, "taken down");
        assert_eq!(follower.difference(&world), "", "{at}");
        world.apply(&Edit::Body {
            article: 3,
            change: Change::End("\nThe talks went on in Lagos.\n"),
        });
        assert_clean(&world, "a text afterwards");
        assert_eq!(follower.difference(&world), "", "{at}: a text afterwards");
    }
    fs::remove_file(world.path(site::REDACTIONS)).unwrap();
    assert_clean(&world, "undone");
    assert_eq!(follower.difference(&world), "", "undone");
}

#[test]
fn decisions_are_seen_by_the_next_build() {
    let mut world = World::new(&site::site());
    assert_clean(&world, "first");
    let path = "content/decisions.toml";
    for (name, kind) in [("Dora Weiss", "person"), ("Vienna", "place"), ("Dora Weiss", "work")] {
        let text =
            format!("[[decision]]\naction = \"accept\"\nname = \"{name}\"\nkind = \"{kind}\"\n");
        fs::write(world.path(path), text).unwrap();
        assert_clean(&world, name);
        world.apply(&Edit::Body { article: 0, change: Change::End("\nThe talks went on.\n") });
        assert_clean(&world, "a text after a decision");
    }
    let text = fs::read_to_string(world.path(path)).unwrap();
    write_unnoticed(&world.path(path), &text.replace("Dora Weiss", "Ben Okafor"));
    assert_clean(&world, "another name of the same length");
    let text = text.replace("accept", "reject").replace("kind = \"work\"\n", "");
    fs::write(world.path(path), text).unwrap();
    assert_clean(&world, "rejected");
    fs::remove_file(world.path(path)).unwrap();
    assert_clean(&world, "without");
}

#[test]
fn decisions_about_what_a_text_says_hold_for_its_next_readings() {
    let world = World::new(&site::site());
    let pause = || std::thread::sleep(std::time::Duration::from_millis(20));
    let edit = |name: &str, text: &dyn Fn(&str) -> String| {
        // So that the files are older than the build.
        pause();
        let path = world.article(name);
        fs::write(&path, text(&fs::read_to_string(&path).unwrap())).unwrap();
        pause();
    };
    for name in ["a00.md", "deep/a05.md"] {
        edit(name, &|text| format!("{text}{}", edits::SAID));
    }
    assert_clean(&world, "undecided");
    let twin = |name: &str| -> serde_json::Value {
        let path = format!("public/articles/{name}/index.json");
        serde_json::from_str(&fs::read_to_string(world.path(&path)).unwrap()).unwrap()
    };
    assert_eq!(twin("a00")["quotes"][0]["status"], "suggested");
    fs::write(world.path("content/decisions.toml"), edits::OF_FACTS).unwrap();
    pause();
    assert_clean(&world, "decided");
    let is_decided = || {
        let (a00, a05) = (twin("a00"), twin("deep/a05"));
        assert_eq!(a00["quotes"].as_array().map(Vec::len), Some(0), "{a00}");
        assert_eq!(a00["figures"][0]["status"], "confirmed");
        let role = |twin: &serde_json::Value| {
            let mut all = twin["roles"].as_array().into_iter().flatten();
            all.find(|role| role["person"] == "Ben Okafor").map(|role| role["status"].clone())
        };
        assert_eq!((role(&a00), role(&a05)), (None, Some("confirmed".into())));
        let said = &a05["quotes"][0];
        assert_eq!(
            (&said["speaker"], &said["entity"]),
            (&"Chen Liu".into(), &"people/chen-liu".into())
        );
    };
    is_decided();
    for round in 0..2 {
        edit("a00.md", &|text| changed(text, Change::Before("It rained for days.")));
        edit("deep/a05.md", &|text| changed(text, Change::End("\nThe talks went on.\n")));
        assert!(world.patches(), "a text in round {round}");
        assert_clean(&world, "another reading");
        is_decided();
    }
    edit("a00.md", &|text| text.replace(edits::SAID, ""));
    assert_clean(&world, "not said any more");
    edit("a00.md", &|text| format!("{text}{}", edits::SAID));
    assert_clean(&world, "said again");
    is_decided();
}

#[test]
fn an_edit_that_keeps_size_and_time_is_seen() {
    let world = World::new(&site::site());
    assert_clean(&world, "first");
    for name in ["a00.md", "a01.md", "a02.txt", "deep/a03.html"] {
        let path = world.article(name);
        let text = fs::read_to_string(&path).unwrap();
        write_unnoticed(&path, &changed(&text, Change::SameLength));
        assert_clean(&world, name);
    }
    let settings = "title = \"Stops\"\ntheme = \"plain\"\npage_size = 3\n";
    write_unnoticed(&world.path("site.toml"), settings);
    assert_clean(&world, "settings");
    let asset = world.article("deep/a04/map.svg");
    let bytes = fs::read_to_string(&asset).unwrap();
    write_unnoticed(&asset, &bytes.replace("m04", "n04"));
    assert_clean(&world, "an asset");
}

#[test]
fn compressed_files_follow_the_text_that_they_stand_beside() {
    let world = World::new(&site::site());
    let settings = fs::read_to_string(world.path("site.toml")).unwrap();
    let hosting = "[hosting]\nprecompress = [\"gzip\"]\n";
    fs::write(world.path("site.toml"), settings + hosting).unwrap();
    fs::write(world.path("templates/article.html"), "{{ article.body | safe }}").unwrap();
    assert_clean(&world, "first");
    let article = world.article("a00.md");
    let text = fs::read_to_string(&article).unwrap();
    let compressed = world.output().join("articles/a00/index.html.gz");
    let longer = text.clone() + &"\nThe talks went on.\n".repeat(40);
    for (text, is_large) in [(&longer, true), (&text, false), (&longer, true)] {
        // So that the files are older than the build, which takes the short way then.
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&article, text).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
        // A compressed file that would stay beside a text that is not compressed is the whole build's to remove.
        assert_eq!(world.patches(), is_large);
        assert_eq!(compressed.exists(), is_large);
        assert_clean(&world, "a text of another length");
    }
    let is_compressed = |path: &String| Path::new(path).extension() == Some("gz".as_ref());
    let gone = common::read_tree(&world.output()).into_keys().find(is_compressed).unwrap();
    fs::remove_file(world.output().join(&gone)).unwrap();
    assert_clean(&world, "a compressed file is gone");
    let own = world.path("static").join(&gone);
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(own, "mine").unwrap();
    assert_clean(&world, "its name is another file's");
    assert_eq!(fs::read(world.output().join(&gone)).unwrap(), b"mine");
    fs::write(&article, &text).unwrap();
    assert_clean(&world, "the name is still another file's");
    assert_eq!(fs::read(world.output().join(&gone)).unwrap(), b"mine");
}

#[test]
fn edits_right_after_a_build_are_seen() {
    let world = World::new(&site::site());
    let path = world.article("a00.md");
    for round in 0..10 {
        world.build(&Silent);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, changed(&text, Change::SameLength)).unwrap();
        assert_clean(&world, &format!("round {round}"));
    }
}

/// Changes a file while a build runs, when a step begins.
struct Meddler {
    when: Step,
    path: PathBuf,
    text: String,
}

impl Progress for Meddler {
    fn begin(&self, step: Step, _: usize) {
        if step == self.when {
            fs::write(&self.path, &self.text).unwrap();
        }
    }

    fn advance(&self) {}
}

#[test]
fn edits_during_a_build_are_seen_by_the_next_one() {
    for when in [Step::Load, Step::Read, Step::Join, Step::Render, Step::Commit] {
        let world = World::new(&site::site());
        for name in ["a00.md", "deep/a04/index.md", "deep/a04/map.svg"] {
            let path = world.article(name);
            let text = fs::read_to_string(&path).unwrap();
            let text = if name.ends_with("svg") {
                text.replace("m04", "n04")
            } else {
                changed(&text, Change::SameLength)
            };
            world.build(&Meddler { when, path, text });
            assert_clean(&world, &format!("{name} at {when:?}"));
        }
    }
}

#[test]
fn the_store_of_another_site_says_nothing() {
    let (one, mut other) = (World::new(&site::site()), World::new(&site::site()));
    other.apply(&Edit::Setting { table: "", line: "title = \"Others\"" });
    other.apply(&Edit::Body { article: 0, change: Change::SameLength });
    for world in [&one, &other, &one, &other] {
        assert_clean(world, "in turn");
    }
    let store = other.path(".pressmark");
    remove(&store);
    copy(&one.path(".pressmark"), &store);
    assert_clean(&other, "with a store that was made for another site");
}

#[test]
fn two_outputs_of_one_site_are_built_in_turn() {
    let mut world = World::new(&site::site());
    for round in 0..3_usize {
        for (output, url) in
            [("one", None), ("two", Some("https://example.org/a/")), ("three", Some("/b/"))]
        {
            world.options.output = Some(world.root().with_file_name(output));
            world.apply(&Edit::Options(Switch::BaseUrl(url)));
            assert_clean(&world, &format!("{output} in round {round}"));
        }
        world.apply(&Edit::Body { article: round, change: Change::Name(round) });
    }
}

#[test]
fn what_became_of_the_output_meanwhile_is_mended() {
    let mut world = World::new(&site::site());
    assert_clean(&world, "first");
    for at in 0..12 {
        for tamper in [Tamper::DeleteFile, Tamper::Append] {
            world.apply(&Edit::Output(tamper, at * 17));
            assert_clean(&world, &format!("{tamper:?} {at}"));
        }
    }
}

#[test]
fn a_broken_site_says_the_same_again_and_keeps_the_last_good_one() {
    let mut world = World::new(&site::site());
    assert_clean(&world, "first");
    for _ in 0..2 {
        world.apply(&Edit::BreakArticle { article: 3 });
        assert_clean(&world, "broken");
        assert!(world.build(&Silent).written.is_none(), "a broken site was written");
        assert_clean(&world, "broken, again");
        world.apply(&Edit::Repair);
        assert_clean(&world, "repaired");
    }
}
