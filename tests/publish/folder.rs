//! Folders of this machine, with real readers.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use pressmark::config::{PublishPlace, PublishTarget};
use pressmark::publish::{Patience, PublishOptions, Quiet, Release, open};

use crate::desk::{Desk, assert_same, tree};
use crate::servers::{Disk, Server, free_port, has};

#[test]
fn a_folder_is_a_link_to_the_newest_release_and_goes_back() {
    let desk =
        Desk::new("kind = 'folder'\npath = '../live/site'\nkeep = 2\nurl = 'https://example.org/'");
    let live = desk.dir.path().join("live/site");
    assert!(desk.publish(&[]).contains("https://example.org/"));
    assert!(live.is_symlink());
    assert_same(&tree(&live), &desk.built());
    let first = desk.built();
    assert!(desk.publish(&[]).contains("nothing to publish"));
    desk.edit(1);
    desk.publish(&[]);
    assert_same(&tree(&live), &desk.built());
    let second = desk.built();
    let releases = desk.publish(&["--releases"]);
    assert_eq!(releases.lines().filter(|line| line.ends_with("\tlive")).count(), 1);
    assert!(desk.publish(&["--rollback"]).contains("000001-"));
    assert_same(&tree(&live), &first);
    assert!(desk.fail(2, &["--rollback"]).contains("no such release"));
    let last = releases.lines().last().unwrap().split('\t').next().unwrap().to_owned();
    desk.publish(&["--rollback", &last]);
    assert_same(&tree(&live), &second);
    // As many stay as were asked for.
    desk.edit(2);
    desk.publish(&[]);
    assert_eq!(desk.publish(&["--releases"]).lines().count(), 2);
    // What did not change is not copied.
    let of = |path: &Path| std::os::unix::fs::MetadataExt::nlink(&fs::metadata(path).unwrap());
    let style = desk.built().into_keys().find(|name| name.ends_with(".css")).unwrap();
    assert_eq!(of(&live.join(style)), 2);
}

#[test]
fn a_folder_of_others_is_refused_and_one_of_ours_gives_way() {
    let desk = Desk::new("kind = 'folder'\npath = '../live'");
    let live = desk.dir.path().join("live");
    fs::create_dir(&live).unwrap();
    fs::write(live.join("precious.txt"), "mine").unwrap();
    assert!(desk.fail(2, &[]).contains("did not publish"));
    assert_eq!(tree(&live).len(), 1);
    fs::remove_file(live.join("precious.txt")).unwrap();
    desk.publish(&[]);
    assert_same(&tree(&live), &desk.built());
    // What somebody put into the site is not lost without a word.
    fs::write(live.join("precious.txt"), "mine").unwrap();
    desk.edit(1);
    let said = desk.fail(2, &[]);
    assert!(said.contains("--yes"), "{said}");
    desk.publish(&["--yes"]);
    assert_same(&tree(&live), &desk.built());
    assert!(
        desk.publish(&["--releases"]).lines().count() == 2,
        "it is in the release before still"
    );
    fs::remove_file(&live).unwrap();
    std::os::unix::fs::symlink("/nowhere", &live).unwrap();
    assert!(desk.fail(2, &[]).contains("no release of Pressmark"));
}

#[test]
fn a_release_of_before_something_was_taken_down_goes() {
    let desk = Desk::new("kind = 'folder'\npath = '../live'");
    let releases = desk.dir.path().join("live").with_file_name(".live.pressmark-releases");
    let holding = || {
        let tree = tree(&releases);
        let holds = |bytes: &[u8]| bytes.windows(4).any(|part| part.eq_ignore_ascii_case(b"gull"));
        // The address stays.
        tree.iter()
            .filter(|(_, bytes)| holds(bytes))
            .map(|(path, _)| path.clone())
            .collect::<Vec<_>>()
    };
    desk.publish(&[]);
    desk.edit(1);
    desk.publish(&[]);
    assert!(!holding().is_empty());
    desk.write(
        "content/redactions.toml",
        "[[redaction]]\narticle = \"articles/gull.txt\"\nat = [\"articles/gull/\"]\ndate = 2024-05-06\n",
    );
    desk.publish(&[]);
    let left = holding();
    assert!(
        left.iter()
            .all(|path| path.ends_with("manifest.json") || path.ends_with("gull/index.html")),
        "{left:?}"
    );
    assert!(desk.fail(2, &["--rollback"]).contains("no such release"));
    assert_eq!(desk.publish(&["--releases"]).lines().count(), 1);
    // What came afterwards is kept, and can be gone back to.
    desk.edit(2);
    desk.publish(&[]);
    desk.publish(&["--rollback"]);
    // A release of before that a publish which was killed has left is not shown.
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let live = name(&fs::canonicalize(desk.dir.path().join("live")).unwrap());
    let old = releases.join("000000-before");
    fs::create_dir(&old).unwrap();
    assert!(
        desk.fail(2, &["--rollback", "000000-before"]).contains("before something was taken down")
    );
    assert!(desk.publish(&["--releases"]).contains(&live));
}

#[test]
fn a_folder_that_may_not_be_written_keeps_its_site() {
    let desk = Desk::new("kind = 'folder'\npath = '../live/site'");
    if std::os::unix::fs::MetadataExt::uid(&fs::metadata(desk.root()).unwrap()) == 0 {
        println!("skipped: the administrator may write everywhere");
        return;
    }
    desk.publish(&[]);
    let before = desk.built();
    let folder = desk.dir.path().join("live/.site.pressmark-releases");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    desk.edit(1);
    desk.fail(1, &[]);
    assert_same(&tree(&desk.dir.path().join("live/site")), &before);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    desk.publish(&[]);
    assert_same(&tree(&desk.dir.path().join("live/site")), &desk.built());
}

#[test]
fn a_disk_that_is_full_keeps_its_site() {
    let desk = Desk::new("kind = 'folder'\npath = '../live/site'");
    let place = desk.dir.path().join("live");
    fs::create_dir(&place).unwrap();
    let Some(mounted) = Disk::mount(&place, 4 << 20) else {
        println!("skipped: a disk may not be mounted");
        return;
    };
    desk.publish(&[]);
    let before = desk.built();
    mounted.fill();
    desk.edit(1);
    let said = desk.fail(1, &[]);
    assert!(said.contains("space"), "{said}");
    assert_same(&tree(&place.join("site")), &before);
    mounted.empty();
    desk.publish(&[]);
    assert_same(&tree(&place.join("site")), &desk.built());
}

#[test]
fn a_publish_that_is_killed_leaves_one_release_or_the_other() {
    let desk = Desk::new("kind = 'folder'\npath = '../live'");
    let live = desk.dir.path().join("live");
    desk.publish(&[]);
    let mut before = desk.built();
    for round in 1..12 {
        desk.edit(round);
        let mut child = desk.start();
        std::thread::sleep(std::time::Duration::from_millis(40 * round as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let there = tree(&live);
        if there != before {
            // Then it came as far as the switch.
            assert_same(&there, &desk.built());
        }
        before = there;
    }
    desk.publish(&[]);
    assert_same(&tree(&live), &desk.built());
}

const PUBLISHES: usize = 200;
const REQUESTS: usize = 100_000;
const READERS: usize = 4;
const PAGES: usize = 25;

/// Two hundred publishes while nginx serves the folder: each page comes whole, from one release, and none is missing.
#[test]
fn readers_meet_whole_pages_of_one_release() {
    if !has("nginx") {
        println!("skipped: nginx is not installed");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let live = dir.path().join("live");
    let releases: Vec<Release> =
        (0..2).map(|n| release(&dir.path().join(format!("site-{n}")), n)).collect();
    let target = PublishTarget {
        url: None,
        after: Vec::new(),
        place: PublishPlace::Folder { path: live.to_str().unwrap().to_owned(), keep: 3 },
    };
    let options = PublishOptions {
        root: dir.path(),
        name: "t",
        prune: false,
        force: false,
        break_lock: false,
        owner: "a".to_owned(),
        run: "1".to_owned(),
        who: "a".to_owned(),
        patience: Patience::default(),
        env: Vec::new(),
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    let publish = |release: &Release| {
        let mut target = open(&target, release, &options).unwrap();
        let plan = target.look().unwrap();
        assert!(!plan.is_empty());
        target.send(plan, &Quiet).unwrap();
    };
    publish(&releases[0]);
    let port = free_port();
    let _nginx = Server::nginx(dir.path(), port, &live);
    let (done, asked, is_over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for reader in 0..READERS {
            let (asked, is_over) = (&asked, &is_over);
            scope.spawn(move || {
                let mut wire = BufReader::new(TcpStream::connect(("127.0.0.1", port)).unwrap());
                let mut page = reader;
                while !is_over.load(Ordering::Relaxed) {
                    page = (page + 1) % PAGES;
                    assert_one_release(&get(&mut wire, port, &format!("/page-{page}.html")));
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let (done, asked, is_over) = (&done, &asked, &is_over);
        scope.spawn(move || {
            while done.load(Ordering::Relaxed) < PUBLISHES
                || asked.load(Ordering::Relaxed) < REQUESTS
            {
                let n = done.fetch_add(1, Ordering::Relaxed) + 1;
                publish(&releases[n % 2]);
            }
            is_over.store(true, Ordering::Relaxed);
        });
    });
    println!("{} publishes, {} requests", done.into_inner(), asked.into_inner());
}

/// A site whose pages say their release in each line.
fn release(dir: &Path, n: usize) -> Release {
    fs::create_dir(dir).unwrap();
    let files: Vec<(String, String)> = (0..PAGES)
        .map(|page| {
            (
                format!("page-{page}.html"),
                format!("release {n}\n").repeat(400 + 10 * page + 100 * n),
            )
        })
        .collect();
    let mut manifest = pressmark::write::Manifest::default();
    for (name, text) in files {
        fs::write(dir.join(&name), &text).unwrap();
        let path = pressmark::files::SitePath::parse(&name).unwrap();
        manifest.files.push((path, pressmark::ids::Stamp::of(text.as_bytes())));
    }
    manifest.files.sort_by(|(a, _), (b, _)| a.cmp(b));
    fs::write(dir.join("manifest.json"), manifest.to_bytes()).unwrap();
    Release::open(dir).unwrap()
}

/// Gets a page over a connection that stays open, and anew when the server has closed it.
fn get(line: &mut BufReader<TcpStream>, port: u16, path: &str) -> String {
    for _ in 0..3 {
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let mut status = String::new();
        let is_sent = line.get_mut().write_all(head.as_bytes()).is_ok();
        if is_sent && line.read_line(&mut status).is_ok_and(|bytes| bytes > 0) {
            let mut length = 0;
            loop {
                let mut header = String::new();
                line.read_line(&mut header).unwrap();
                if header.trim().is_empty() {
                    break;
                }
                if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            line.read_exact(&mut body).unwrap();
            assert!(status.contains(" 200 "), "{path}: {status}");
            return String::from_utf8(body).unwrap();
        }
        *line = BufReader::new(TcpStream::connect(("127.0.0.1", port)).unwrap());
    }
    panic!("the server does not answer")
}

fn assert_one_release(body: &str) {
    let first = body.lines().next().unwrap();
    assert!(body.lines().all(|line| line == first) && body.ends_with('\n'), "a mixed page");
    let n: usize = first.strip_prefix("release ").unwrap().parse().unwrap();
    assert!(
        (400 + 100 * n..400 + 100 * n + 10 * PAGES).contains(&body.lines().count()),
        "half a page"
    );
}
