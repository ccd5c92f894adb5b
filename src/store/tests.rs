//! Stores that are whole, damaged, shared and written by others.

use super::*;

/// Nothing was taken down.
const NONE: &[u8] = b"";

fn key(n: u32) -> Fingerprint {
    Fingerprint::of(&n.to_le_bytes())
}

fn bytes(n: u32) -> Vec<u8> {
    n.to_le_bytes().repeat(1 + n as usize % 7)
}

fn fill(root: &Path, range: std::ops::Range<u32>) {
    let store = Store::open(root, "engine", NONE);
    // What was there is still wanted.
    for n in 0..range.start {
        store.find(key(n));
    }
    for n in range {
        store.put(key(n), bytes(n));
    }
    store.set_table("table", b"value");
    store.commit();
}

fn found(root: &Path, engine: &str, n: u32) -> Option<Vec<u8>> {
    let store = Store::open(root, engine, NONE);
    store.read(store.find(key(n))?)
}

/// Returns the files of the store, sorted.
fn names(root: &Path) -> Vec<String> {
    let all = fs::read_dir(root.join(FOLDER)).unwrap();
    let mut all: Vec<String> =
        all.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    all.sort();
    all
}

#[test]
fn what_was_put_is_there_for_later_builds() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), 0..50);
    fill(dir.path(), 50..60);
    for n in 0..60 {
        assert_eq!(found(dir.path(), "engine", n), Some(bytes(n)), "{n}");
    }
    assert_eq!(found(dir.path(), "engine", 60), None);
    assert_eq!(Store::open(dir.path(), "engine", NONE).table("table"), Some(b"value".to_vec()));
    assert_eq!(names(dir.path()), ["00000000.blobs", "00000001.blobs", "index", "lock", "table"]);
}

#[test]
fn another_program_finds_nothing_and_starts_anew() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), 0..5);
    assert_eq!(found(dir.path(), "other", 1), None);
    assert_eq!(Store::open(dir.path(), "other", NONE).table("table"), None);
    let store = Store::open(dir.path(), "other", NONE);
    store.put(key(9), bytes(9));
    store.commit();
    assert_eq!(found(dir.path(), "other", 9), Some(bytes(9)));
    assert_eq!(names(dir.path()), ["00000000.blobs", "index", "lock", "table"]);
}

#[test]
fn no_damage_gives_a_wrong_value() {
    for file in ["00000000.blobs", "index", "table"] {
        for damage in [
            |text: &mut Vec<u8>| text.truncate(text.len() / 2),
            |text: &mut Vec<u8>| text.clear(),
            |text: &mut Vec<u8>| text.iter_mut().for_each(|byte| *byte ^= 0x55),
            |text: &mut Vec<u8>| text.extend(b"more"),
            |text: &mut Vec<u8>| {
                let at = text.len() / 3;
                text[at] ^= 1;
            },
        ] {
            let dir = tempfile::tempdir().unwrap();
            fill(dir.path(), 0..50);
            let path = dir.path().join(FOLDER).join(file);
            let mut text = fs::read(&path).unwrap();
            damage(&mut text);
            fs::write(&path, text).unwrap();
            let store = Store::open(dir.path(), "engine", NONE);
            for n in 0..50 {
                let read = store.find(key(n)).and_then(|blob| store.read(blob));
                assert!(read.is_none_or(|read| read == bytes(n)), "{file}");
            }
            assert!(store.table("table").is_none_or(|table| table == b"value"), "{file}");
            // What is put again counts from then on.
            store.put(key(3), bytes(3));
            store.commit();
            assert_eq!(found(dir.path(), "engine", 3), Some(bytes(3)), "{file}");
        }
    }
}

#[test]
fn a_second_process_reads_and_does_not_write() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), 0..5);
    let first = Store::open(dir.path(), "engine", NONE);
    let second = Store::open(dir.path(), "engine", NONE);
    assert!(first.is_kept() && !second.is_kept());
    let blob = second.put(key(7), bytes(7));
    assert_eq!(second.read(blob), Some(bytes(7)));
    assert_eq!(second.find(key(4)).and_then(|blob| second.read(blob)), Some(bytes(4)));
    second.set_table("table", b"other");
    second.commit();
    first.commit();
    assert_eq!(found(dir.path(), "engine", 7), None);
    assert_eq!(Store::open(dir.path(), "engine", NONE).table("table"), Some(b"value".to_vec()));
}

#[test]
fn what_nobody_asks_for_is_dropped_in_time() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), 0..100);
    let build = || {
        let store = Store::open(dir.path(), "engine", NONE);
        for n in 0..20 {
            let blob = store.find(key(n)).expect("a blob that is used stays");
            assert_eq!(store.read(blob), Some(bytes(n)));
        }
        store.commit();
    };
    build();
    assert_eq!(found(dir.path(), "engine", 50), None);
    build();
}

#[test]
fn many_small_segments_become_one() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), 0..400);
    for n in 400..500 {
        fill(dir.path(), n..n + 1);
        assert!(names(dir.path()).len() < 40);
    }
    for n in 0..500 {
        assert_eq!(found(dir.path(), "engine", n), Some(bytes(n)), "{n}");
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_an_empty_store() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(FOLDER), "a file").unwrap();
    let store = Store::open(dir.path(), "engine", NONE);
    assert!(!store.is_kept() && store.find(key(1)).is_none() && store.table("table").is_none());
    let blob = store.put(key(1), bytes(10));
    assert_eq!(store.read(blob), Some(bytes(10)));
    assert_eq!(store.read_part(blob, 4, 4), Some(bytes(10)[4..8].to_vec()));
    assert_eq!(store.read_part(blob, 4, 400), None);
    store.commit();
    assert_eq!(fs::read(dir.path().join(FOLDER)).unwrap(), b"a file");
}

#[test]
fn a_settled_store_reads_what_it_held_and_lets_others_write() {
    let dir = tempfile::tempdir().unwrap();
    fill(dir.path(), 0..5);
    let store = Store::open(dir.path(), "engine", NONE);
    let kept = store.find(key(2)).unwrap();
    let put = store.put(key(7), bytes(7));
    store.keep_all();
    let (settled, report) = store.settle();
    assert_eq!((report.found, report.put), (1, 1));
    assert!(!settled.is_kept());
    assert_eq!((settled.read(kept), settled.read(put)), (Some(bytes(2)), Some(bytes(7))));
    let other = Store::open(dir.path(), "engine", NONE);
    assert!(other.is_kept(), "the lock is free");
    let found = |n| settled.find(key(n)).and_then(|blob| settled.read(blob));
    assert_eq!((found(7), found(4), found(9)), (Some(bytes(7)), Some(bytes(4)), None));
    drop(other);
    fs::remove_dir_all(dir.path().join(FOLDER)).unwrap();
    assert_eq!((found(7), settled.read(kept)), (Some(bytes(7)), Some(bytes(2))));
    let late = settled.put(key(8), bytes(8));
    assert_eq!(settled.read(late), Some(bytes(8)));
}

#[test]
fn what_was_taken_down_is_not_left_in_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join(FOLDER);
    let fill = |taken: &[u8]| {
        let store = Store::open(dir.path(), "engine", taken);
        store.put(key(1), b"Jane Doe".to_vec());
        store.set_table("table", b"Jane Doe");
        store.commit();
    };
    let knows = |taken: &[u8]| {
        let store = Store::open(dir.path(), "engine", taken);
        (store.find(key(1)).is_some(), store.table("table").is_some())
    };
    let holds = || {
        let held = |path: std::path::PathBuf| {
            fs::read(path).is_ok_and(|bytes| bytes.windows(8).any(|part| part == b"Jane Doe"))
        };
        names(dir.path()).iter().any(|name| held(folder.join(name)))
    };
    fill(NONE);
    // What others keep there stays for as long as nothing is taken down.
    fs::write(folder.join("links.json"), "Jane Doe").unwrap();
    fs::create_dir_all(folder.join("publish/web.git")).unwrap();
    fs::write(folder.join("publish/owner"), "word").unwrap();
    assert_eq!(knows(NONE), (true, true));
    assert!(folder.join("links.json").exists() && holds());

    // While another process writes, nothing is removed, and nothing found.
    let writer = Store::open(dir.path(), "engine", NONE);
    assert_eq!(knows(b"one"), (false, false));
    assert!(holds());
    drop(writer);
    assert_eq!(knows(b"one"), (false, false));
    assert!(!holds(), "{:?}", names(dir.path()));
    assert_eq!(names(dir.path()), ["lock", "publish", "taken"]);
    assert!(folder.join("publish/owner").exists() && !folder.join("publish/web.git").exists());

    // What is found out afterwards is kept, until something else is taken down, or it is taken back.
    fill(b"one");
    fs::create_dir_all(folder.join("publish/web.git")).unwrap();
    assert_eq!(knows(b"one"), (true, true));
    assert!(folder.join("publish/web.git").exists());
    assert_eq!(knows(b"two"), (false, false));
    assert!(!holds());
    fill(b"two");
    assert_eq!(knows(NONE), (false, false));
    assert!(!holds());
    assert_eq!(names(dir.path()), ["lock", "publish"]);
}
