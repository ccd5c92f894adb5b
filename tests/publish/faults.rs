//! What networks and servers do: the site at the target stays whole, and the next publish finishes the work.

use crate::desk::{Tree, assert_same, assert_whole};
use crate::relay::Mode;
use crate::servers::{Disk, World, each};

const ALL: [&str; 5] = ["S3", "Azure", "WebDAV", "rsync", "SFTP"];

/// Publishes while something is wrong; returns whether it came through all the same.
fn try_with(world: &World, round: usize, mode: Mode) -> bool {
    world.desk.edit(round);
    world.relay.set(mode);
    let output = world.desk.run(&[]);
    world.relay.set(Mode::Pass);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked"), "{said}");
    assert_whole(&world.there());
    output.status.success()
}

fn finish(world: &World) {
    world.desk.publish(&[]);
    assert_same(&world.there(), &world.desk.built());
}

#[test]
fn connections_that_break() {
    each(&ALL, |world| {
        world.desk.publish(&[]);
        for (round, bytes) in [40, 3_000, 20_000].into_iter().enumerate() {
            let came_through = try_with(&world, round + 1, Mode::Cut(bytes));
            println!("{}: cut after {bytes} bytes: {came_through}", world.name);
            finish(&world);
        }
    });
}

#[test]
fn a_storm_of_503_is_waited_for() {
    each(&["S3", "Azure", "WebDAV"], |world| {
        assert!(world.is_http);
        world.desk.publish(&[]);
        assert!(try_with(&world, 1, Mode::Answer(503, 4)), "{}: tried again", world.name);
        assert_same(&world.there(), &world.desk.built());
    });
}

#[test]
fn rights_that_are_lost() {
    each(&["S3", "Azure", "WebDAV"], |world| {
        world.desk.publish(&[]);
        let before = world.there();
        world.desk.edit(1);
        world.relay.set(Mode::Answer(403, usize::MAX));
        let said = world.desk.fail(1, &[]);
        assert!(
            said.contains("403")
                || said.to_lowercase().contains("forbidden")
                || said.contains("permission"),
            "{said}"
        );
        world.relay.set(Mode::Pass);
        assert_same(&world.there(), &before);
        finish(&world);
    });
}

#[test]
fn a_slow_line() {
    each(&ALL, |world| {
        world.desk.publish(&[]);
        assert!(try_with(&world, 1, Mode::Slow(2_000)), "{}", world.name);
        assert_same(&world.there(), &world.desk.built());
    });
}

#[test]
fn a_server_that_is_killed() {
    // The emulator of Azure forgets when it is killed, and that of S3 keeps all in memory.
    each(&["WebDAV", "rsync", "SFTP"], |mut world| {
        world.desk.publish(&[]);
        let before = world.there();
        world.desk.edit(1);
        let mut child = world.desk.start();
        std::thread::sleep(std::time::Duration::from_millis(400));
        world.kill_server();
        let ended = child.wait().unwrap();
        println!("{}: published all the same: {}", world.name, ended.success());
        world.start_server();
        let mut there = world.there();
        if world.name == "WebDAV" {
            there.extend(begun_moves(&world.all(), &before));
        }
        assert_whole(&there);
        finish(&world);
    });
}

/// Returns the files that a killed server of WebDAV had begun to move.
///
/// Such a server deletes what is in the way before it moves a file there (RFC 4918, 9.9.3), so between the two a file that was
/// there before is missing, and the one to come lies beside. No request can ask for anything better; a file that was not there
/// before has no such excuse.
fn begun_moves(all: &Tree, before: &Tree) -> Tree {
    let begun = all.iter().filter_map(|(name, bytes)| {
        let (place, _) = name.strip_suffix(".pressmark-part")?.rsplit_once('.')?;
        let is_between = before.contains_key(place) && !all.contains_key(place);
        is_between.then(|| (place.to_owned(), bytes.clone()))
    });
    begun.collect()
}

#[test]
fn only_what_was_there_may_be_between_two_places() {
    let tree = |names: &[&str]| -> Tree {
        names.iter().map(|name| ((*name).to_owned(), name.as_bytes().to_vec())).collect()
    };
    let before = tree(&["index.html", "a/index.html", "b/index.html"]);
    let parts =
        ["index.html.0f.pressmark-part", "a/index.html.1e.pressmark-part", "c.2d.pressmark-part"];
    let all = tree(&[&["index.html", "b/index.html"][..], &parts].concat());
    let begun: Vec<String> = begun_moves(&all, &before).into_keys().collect();
    assert_eq!(begun, ["a/index.html"]);
}

/// Room for a site of these tests and its changes.
const ROOM: usize = 4 << 20;

#[test]
fn a_disk_that_is_full() {
    each(&["WebDAV", "rsync", "SFTP"], |world| {
        let Some(disk) = Disk::mount(world.place.as_deref().unwrap(), ROOM) else {
            println!("skipped: {}: a disk may not be mounted", world.name);
            return;
        };
        world.desk.publish(&[]);
        let before = world.there();
        disk.fill();
        world.desk.edit(1);
        world.desk.fail(1, &[]);
        assert_whole(&world.there());
        assert_eq!(world.there().get("index.html"), before.get("index.html"));
        disk.empty();
        finish(&world);
    });
}
