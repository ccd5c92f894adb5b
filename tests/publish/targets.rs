//! Targets whose files go one by one: first publish, changes, nothing to do, files of others.

use crate::desk::{assert_same, assert_whole};
use crate::servers::{World, each};

fn changes_arrive(world: &World) {
    let World { desk, .. } = world;
    let said = desk.publish(&[]);
    assert!(said.contains("published"), "{said}");
    assert_same(&world.there(), &desk.built());
    assert!(desk.publish(&[]).contains("nothing to publish"));
    for round in 1..4 {
        desk.edit(round);
        assert!(desk.publish(&["--dry-run"]).contains("dry run"));
        desk.publish(&[]);
        assert_same(&world.there(), &desk.built());
    }
    let left: Vec<String> =
        world.names().into_iter().filter(|name| name.contains(".pressmark-")).collect();
    assert!(left.is_empty(), "{}: {left:?}", world.name);
    // Back to what was there before, by way of a copy that knows nothing of the target.
    std::fs::remove_dir_all(desk.path(".pressmark")).unwrap();
    desk.edit(1);
    desk.publish(&[]);
    assert_same(&world.there(), &desk.built());
}

fn kills_are_survived(world: &World) {
    let World { desk, .. } = world;
    let mut deaths = 0;
    for round in 1..9 {
        desk.edit(round);
        let mut child = desk.start();
        std::thread::sleep(std::time::Duration::from_millis(100 + 70 * round as u64));
        child.kill().unwrap();
        deaths += usize::from(!child.wait().unwrap().success());
        assert_whole(&world.there());
    }
    desk.publish(&[]);
    assert_same(&world.there(), &desk.built());
    println!("{}: {deaths} deaths", world.name);
}

macro_rules! for_each_target {
    ($($module:ident: $name:literal),*) => {$(
        mod $module {
            #[test]
            fn changes_arrive() {
                super::each(&[$name], |world| super::changes_arrive(&world));
            }

            #[test]
            fn kills_are_survived() {
                super::each(&[$name], |world| super::kills_are_survived(&world));
            }
        }
    )*};
}

for_each_target!(s3: "S3", azure: "Azure", webdav: "WebDAV", rsync: "rsync", sftp: "SFTP");
