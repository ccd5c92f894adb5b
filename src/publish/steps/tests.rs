use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::publish::{Quiet, Signer, check};

/// A target in memory that can die, and whose readers are asked after each change.
#[derive(Default)]
struct Shelf {
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    files: BTreeMap<SitePath, (Vec<u8>, u64)>,
    /// Counts versions.
    clock: u64,
    /// Requests so far, by name.
    calls: Vec<String>,
    /// Requests that are left before it dies.
    left: Option<usize>,
    /// Whether the last request is done before it dies.
    is_done: bool,
    /// Whether readers meet only what is there.
    is_watched: bool,
}

const ROOT: &str = "index.html";

impl Inside {
    /// Walks from the start page along all links, and returns one that leads nowhere.
    fn dead_link(&self) -> Option<String> {
        let mut open = vec![path(ROOT)];
        let mut seen = BTreeSet::new();
        while let Some(page) = open.pop() {
            let Some((bytes, _)) = self.files.get(&page) else { continue };
            for link in links(bytes) {
                if !self.files.contains_key(&link) {
                    return Some(format!("`{page}` leads to `{link}`, which is missing"));
                }
                if seen.insert(link.clone()) {
                    open.push(link);
                }
            }
        }
        None
    }

    fn version(&self, path: &SitePath) -> Option<Version> {
        self.files.get(path).map(|(_, version)| Version(version.to_string()))
    }
}

fn links(bytes: &[u8]) -> Vec<SitePath> {
    let text = std::str::from_utf8(bytes).unwrap();
    text.lines().skip(1).map(path).collect()
}

fn path(text: &str) -> SitePath {
    SitePath::parse(text).unwrap()
}

impl Shelf {
    /// Does a request, unless it is dead by now.
    fn ask<T>(&self, call: String, work: impl FnOnce(&mut Inside) -> T) -> Result<T, Error> {
        let mut inside = self.inside.lock().unwrap();
        let dead = || Error::usage("dead");
        let is_last = inside.left == Some(0);
        if is_last && !std::mem::take(&mut inside.is_done) {
            return Err(dead());
        }
        inside.left = inside.left.map(|left| left.saturating_sub(1));
        inside.calls.push(call);
        let answer = work(&mut inside);
        if inside.is_watched
            && let Some(link) = inside.dead_link()
        {
            panic!("{link}, after {:?}", inside.calls);
        }
        if is_last { Err(dead()) } else { Ok(answer) }
    }

    fn put(&self, inside: &mut Inside, path: &SitePath, bytes: &[u8]) -> Version {
        let _ = self;
        inside.clock += 1;
        let clock = inside.clock;
        inside.files.insert(path.clone(), (bytes.to_vec(), clock));
        Version(clock.to_string())
    }

    fn files(&self) -> BTreeMap<SitePath, Vec<u8>> {
        let inside = self.inside.lock().unwrap();
        inside.files.iter().map(|(path, (bytes, _))| (path.clone(), bytes.clone())).collect()
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.inside.lock().unwrap().calls)
    }
}

impl Remote for Shelf {
    fn read(&self, path: &SitePath) -> Result<Option<(Vec<u8>, Version)>, Error> {
        self.ask(format!("read {path}"), |inside| {
            let version = inside.version(path)?;
            Some((inside.files[path].0.clone(), version))
        })
    }

    fn is_still(&self, path: &SitePath, version: &Version) -> Result<bool, Error> {
        self.ask(format!("is {path}"), |inside| inside.version(path).as_ref() == Some(version))
    }

    fn list(&self) -> Result<Vec<Listed>, Error> {
        self.ask("list".to_owned(), |inside| {
            let listed = |(path, (bytes, _)): (&SitePath, &(Vec<u8>, u64))| Listed {
                path: path.clone(),
                size: Some(bytes.len() as u64),
                // Some targets do not tell.
                md5: (path.as_str().len() % 2 == 0).then(|| Md5::digest(bytes).into()),
            };
            inside.files.iter().map(listed).collect()
        })
    }

    fn write(&self, path: &SitePath, bytes: Vec<u8>) -> Result<(), Error> {
        self.ask(format!("write {path}"), |inside| {
            self.put(inside, path, &bytes);
        })
    }

    fn remove(&self, path: &SitePath) -> Result<(), Error> {
        self.ask(format!("remove {path}"), |inside| {
            inside.files.remove(path);
        })
    }

    fn create(&self, path: &SitePath, bytes: &[u8]) -> Result<Option<Version>, Error> {
        self.ask(format!("create {path}"), |inside| {
            let is_free = !inside.files.contains_key(path);
            is_free.then(|| self.put(inside, path, bytes))
        })
    }

    fn replace(
        &self,
        path: &SitePath,
        bytes: &[u8],
        old: &Version,
    ) -> Result<Option<Version>, Error> {
        self.ask(format!("replace {path}"), |inside| {
            let is_same = inside.version(path).as_ref() == Some(old);
            is_same.then(|| self.put(inside, path, bytes))
        })
    }

    fn lanes(&self) -> usize {
        1
    }
}

fn publisher(owner: &str) -> Publisher {
    let patience = Patience {
        look: std::time::Duration::ZERO,
        silent: 2,
        longest: 9,
        beat: std::time::Duration::from_hours(1),
    };
    let owner = owner.to_owned();
    Publisher { who: owner.clone(), run: "1".to_owned(), owner, patience, wants_break: false }
}

fn publish(shelf: &Shelf, release: &Release, owner: &str) -> Result<Plan, Error> {
    let (plan, seen) = look(shelf, release, false)?;
    if plan.is_empty() {
        return Ok(plan);
    }
    send(shelf, release, (plan, seen), &publisher(owner), &Quiet)
}

/// A site with some of eight articles; `seed` says which there are, what they say and where they lead.
fn site(seed: u64) -> Release {
    let has = |n: u64| seed >> n & 1 == 1;
    let articles: Vec<u64> = (0..8).filter(|n| has(*n)).collect();
    let name = |n: u64| format!("articles/a{n}/index.html");
    let mut files = BTreeMap::new();
    let mut add = |at: &str, said: u64, links: Vec<String>| {
        let text = format!("{said}\n{}", links.join("\n"));
        files.insert(path(at), text.trim_end().as_bytes().to_vec());
    };
    for n in &articles {
        let others = articles.iter().filter(|other| seed >> (8 + (*n * 3 + **other) % 40) & 1 == 1);
        add(&name(*n), seed >> (48 + n) & 1, others.map(|other| name(*other)).collect());
    }
    let lists = ["lists/index.html".to_owned()];
    add(
        ROOT,
        seed >> 20 & 1,
        if has(9) { lists.to_vec() } else { articles.iter().map(|n| name(*n)).collect() },
    );
    if has(9) {
        add(&lists[0], seed >> 21 & 1, articles.iter().map(|n| name(*n)).collect());
    }
    add("style.css", seed >> 22 & 1, Vec::new());
    Release::of(files)
}

fn whole(release: &Release) -> BTreeMap<SitePath, Vec<u8>> {
    let files = release.files().iter().map(|(path, _)| (path.clone(), release.read(path).unwrap()));
    files.chain([(manifest_path().unwrap(), release.manifest_bytes().to_vec())]).collect()
}

/// A site, after how many requests its publish dies, and whether the last one of these is done.
fn runs() -> impl Strategy<Value = Vec<(u64, usize, bool, bool)>> {
    let sites = prop_oneof![any::<u64>(), 0..3_u64];
    proptest::collection::vec((sites, 0..40_usize, any::<bool>(), any::<bool>()), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_publish_that_dies_leaves_a_whole_site_and_is_finished_by_the_next(
        first in any::<u64>(), runs in runs(), last in any::<u64>(), again in any::<bool>(),
    ) {
        let shelf = Shelf::default();
        shelf.inside.lock().unwrap().is_watched = true;
        let first = site(first);
        publish(&shelf, &first, "a").unwrap();
        prop_assert_eq!(shelf.files(), whole(&first));
        for (seed, left, is_done, is_other) in &runs {
            {
                let mut inside = shelf.inside.lock().unwrap();
                (inside.left, inside.is_done) = (Some(*left), *is_done);
            }
            let release = site(*seed);
            let owner = if *is_other { "a" } else { "b" };
            if publish(&shelf, &release, owner).is_ok() {
                prop_assert_eq!(shelf.files(), whole(&release));
            }
            shelf.inside.lock().unwrap().left = None;
        }
        // The last one may be the one that was there first.
        let last = if again { first } else { site(last) };
        publish(&shelf, &last, "c").unwrap();
        prop_assert_eq!(shelf.files(), whole(&last));
    }

    #[test]
    fn files_of_others_stay_and_a_first_publish_that_dies_is_finished(
        seed in any::<u64>(), left in 0..30_usize, is_done in any::<bool>(), last in any::<u64>(),
    ) {
        let shelf = Shelf::default();
        for name in ["index.html", "old/page.html", "style.css"] {
            let links = if name == "index.html" { "old\nold/page.html" } else { "old" };
            shelf.write(&path(name), links.as_bytes().to_vec()).unwrap();
        }
        {
            let mut inside = shelf.inside.lock().unwrap();
            (inside.is_watched, inside.left, inside.is_done) = (true, Some(left), is_done);
        }
        let _may_die = publish(&shelf, &site(seed), "a");
        shelf.inside.lock().unwrap().left = None;
        let last = site(last);
        publish(&shelf, &last, "a").unwrap();
        let mut expected = whole(&last);
        expected.insert(path("old/page.html"), b"old".to_vec());
        prop_assert_eq!(shelf.files(), expected);
    }
}

/// Fails unless the signature at the target is right, or there is none where nobody signs.
fn assert_signed(shelf: &Shelf, release: &Release, signer: Option<&Signer>) {
    let mut files = shelf.files();
    let there = files.remove(&sign::path().unwrap());
    assert_eq!(files, whole(release));
    match signer {
        None => assert_eq!(there, None),
        Some(signer) => {
            check(release.manifest_bytes(), &there.unwrap(), signer.public_key()).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_next_publish_puts_a_signature_right(
        runs in runs(), last in 0..3_u64, signs in any::<u8>(), is_last_signed in any::<bool>(),
    ) {
        let signer = sign::tests::signer();
        let signed = |seed: u64, is_signed: bool| {
            site(seed).signed(Some(&signer).filter(|_| is_signed), None).unwrap()
        };
        let shelf = Shelf::default();
        for (at, (seed, left, is_done, is_other)) in runs.iter().enumerate() {
            {
                let mut inside = shelf.inside.lock().unwrap();
                (inside.left, inside.is_done) = (Some(*left), *is_done);
            }
            let owner = if *is_other { "a" } else { "b" };
            let _may_die = publish(&shelf, &signed(*seed, signs >> at & 1 == 1), owner);
            shelf.inside.lock().unwrap().left = None;
        }
        publish(&shelf, &signed(last, is_last_signed), "c").unwrap();
        let is_signed = shelf.files().contains_key(&path(SIGNATURE));
        prop_assert!(is_signed || !is_last_signed);
        assert_signed(&shelf, &site(last), Some(&signer).filter(|_| is_signed));
    }
}

#[test]
fn a_signature_comes_before_its_manifest_and_is_made_once() {
    let (shelf, signer) = (Shelf::default(), sign::tests::signer());
    let with = |seed| site(seed).signed(Some(&signer), None).unwrap();
    // A site that is there already gets one.
    publish(&shelf, &site(ALL), "a").unwrap();
    shelf.calls();
    let plan = publish(&shelf, &with(ALL), "a").unwrap();
    assert_eq!((plan.added.len(), plan.changed.len(), plan.removed.len()), (1, 0, 0));
    let written = |calls: Vec<String>| -> Vec<String> {
        calls
            .into_iter()
            .filter(|call| call.contains(MANIFEST) && call.starts_with(['w', 'r']))
            .collect()
    };
    let (read, write) = ("read manifest.json", "write manifest.json");
    let sign = |what: &str| format!("{what}.minisig");
    assert_eq!(written(shelf.calls()), [read.to_owned(), sign(read), sign(write)]);
    assert_signed(&shelf, &site(ALL), Some(&signer));
    assert!(publish(&shelf, &with(ALL), "a").unwrap().is_empty());
    // Nobody signs any more; it stays as long as it is right.
    assert!(publish(&shelf, &site(ALL), "a").unwrap().is_empty());
    assert_signed(&shelf, &site(ALL), Some(&signer));
    shelf.calls();
    let changed = ALL | 1 << 48;
    let plan = publish(&shelf, &with(changed), "a").unwrap();
    assert_eq!((plan.added.len(), plan.changed.len(), plan.removed.len()), (0, 2, 0));
    let calls = [read.to_owned(), sign(read), sign(write), write.to_owned()];
    assert_eq!(written(shelf.calls()), calls);
    let plan = publish(&shelf, &site(ALL), "a").unwrap();
    assert_eq!(plan.removed, [path(SIGNATURE)]);
    let calls = [read.to_owned(), sign(read), sign("remove manifest.json"), write.to_owned()];
    assert_eq!(written(shelf.calls()), calls);
    assert_signed(&shelf, &site(ALL), None);
}

#[test]
fn a_signature_is_ours() {
    let shelf = Shelf::default();
    let release = site(ALL);
    publish(&shelf, &release, "a").unwrap();
    shelf.write(&path(SIGNATURE), b"none".to_vec()).unwrap();
    let (plan, _) = look(&shelf, &release, true).unwrap();
    assert!(plan.is_empty(), "{plan:?}");
    // One that is wrong is put right.
    let signer = sign::tests::signer();
    let release = release.signed(Some(&signer), None).unwrap();
    let plan = publish(&shelf, &release, "a").unwrap();
    assert_eq!((plan.changed, plan.replaced), (vec![path(SIGNATURE)], Vec::new()));
    assert_signed(&shelf, &site(ALL), Some(&signer));
}

/// All articles, lists, and seeds that differ from this one in a known way.
const ALL: u64 = 0x3ff;

#[test]
fn a_change_costs_as_many_requests_as_files_and_a_few() {
    let shelf = Shelf::default();
    publish(&shelf, &site(ALL), "a").unwrap();
    shelf.calls();
    // One article says something else.
    publish(&shelf, &site(ALL | 1 << 48), "a").unwrap();
    let lock = LOCK_NAME;
    let expected = [
        "read manifest.json",
        "read manifest.json.minisig",
        &format!("create {lock}"),
        "is manifest.json",
        "write articles/a0/index.html",
        "write manifest.json",
        &format!("remove {lock}"),
    ];
    assert_eq!(shelf.calls(), expected);
    // One article goes, another one comes, and the lists change.
    publish(&shelf, &site(ALL & !1), "a").unwrap();
    shelf.calls();
    let plan = publish(&shelf, &site(ALL & !2), "a").unwrap();
    assert_eq!((plan.added.len(), plan.changed.len(), plan.removed.len()), (1, 1, 1));
    let calls = shelf.calls();
    let files = 4; // with the manifest
    assert_eq!(calls.len(), files + 6, "{calls:?}");
    assert!(!calls.contains(&"list".to_owned()));
    // Nothing differs.
    assert!(publish(&shelf, &site(ALL & !2), "a").unwrap().is_empty());
    assert_eq!(shelf.calls(), ["read manifest.json".to_owned(), format!("read {lock}")]);
}

const LOCK_NAME: &str = claim::LOCK;

#[test]
fn what_a_dead_publish_has_sent_is_not_sent_again_where_the_target_tells_its_md5() {
    let shelf = Shelf::default();
    shelf.inside.lock().unwrap().left = Some(9);
    publish(&shelf, &site(ALL), "a").unwrap_err();
    shelf.inside.lock().unwrap().left = None;
    let sent = |calls: &[String]| -> BTreeSet<String> {
        calls.iter().filter(|call| call.starts_with("write")).cloned().collect()
    };
    let before = sent(&shelf.calls());
    publish(&shelf, &site(ALL), "a").unwrap();
    let after = sent(&shelf.calls());
    let told = |call: &&String| (call.len() - "write ".len()).is_multiple_of(2);
    assert!(before.iter().filter(told).count() > 1);
    assert!(before.intersection(&after).filter(told).count() == 0);
}

/// Gives a sign of life each time that it is looked for.
struct Lives<'a>(&'a Shelf, Mutex<u64>);
impl Progress for Lives<'_> {
    fn begin(&self, _: Step, _: usize) {}
    fn advance(&self, _: u64) {}
    fn waiting(&self, who: &str) {
        let mut beat = self.1.lock().unwrap();
        *beat += 1;
        let claim =
            Claim { owner: who.to_owned(), who: who.to_owned(), beat: *beat, ..Claim::default() };
        self.0.write(&claim::path().unwrap(), claim.to_bytes()).unwrap();
    }
}

#[test]
fn two_publishes_do_not_interleave() {
    let shelf = Shelf::default();
    let alive = Claim { owner: "b".to_owned(), who: "b".to_owned(), ..Claim::default() };
    shelf.write(&claim::path().unwrap(), alive.to_bytes()).unwrap();
    // It gives signs of life, so it is waited for.
    let release = site(ALL);
    let look_ = || look(&shelf, &release, false).unwrap();
    let lives = Lives(&shelf, Mutex::default());
    let error = send(&shelf, &release, look_(), &publisher("a"), &lives).unwrap_err();
    assert!(error.to_string().contains("still at work"), "{error}");
    // It is silent, so it is dead.
    send(&shelf, &release, look_(), &publisher("a"), &Quiet).unwrap();
    assert_eq!(shelf.files(), whole(&release));
    // Somebody publishes between the look and the lock.
    let other = site(ALL | 1 << 48);
    let early = look(&shelf, &other, false).unwrap();
    publish(&shelf, &site(ALL & !1), "b").unwrap();
    let error = send(&shelf, &other, early, &publisher("a"), &Quiet).unwrap_err();
    assert!(error.to_string().contains("in the meantime"), "{error}");
    assert_eq!(shelf.files(), whole(&site(ALL & !1)));
    // A lock that nobody can read is broken on demand only.
    shelf.write(&claim::path().unwrap(), b"?".to_vec()).unwrap();
    let seen = look(&shelf, &other, false).unwrap();
    let error = send(&shelf, &other, seen, &publisher("a"), &Quiet).unwrap_err();
    assert!(error.help_text().unwrap().contains("--break-lock"));
    let seen = look(&shelf, &other, false).unwrap();
    let breaks = Publisher { wants_break: true, ..publisher("a") };
    send(&shelf, &other, seen, &breaks, &Quiet).unwrap();
    assert_eq!(shelf.files(), whole(&other));
}

#[test]
fn foreign_files_are_named_and_only_removed_on_demand() {
    let shelf = Shelf::default();
    for name in ["index.html", "mine.txt", MANIFEST] {
        shelf.write(&path(name), b"mine".to_vec()).unwrap();
    }
    let release = site(ALL);
    let (plan, seen) = look(&shelf, &release, false).unwrap();
    assert_eq!(plan.replaced, ["index.html", MANIFEST].map(path));
    assert!(plan.pruned.is_empty());
    send(&shelf, &release, (plan, seen), &publisher("a"), &Quiet).unwrap();
    let (plan, seen) = look(&shelf, &release, true).unwrap();
    assert_eq!(plan.pruned, [path("mine.txt")]);
    assert!(!plan.is_interrupted && plan.replaced.is_empty());
    send(&shelf, &release, (plan, seen), &publisher("a"), &Quiet).unwrap();
    assert_eq!(shelf.files(), whole(&release));
}
