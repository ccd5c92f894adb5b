//! The same input makes the same bytes, whatever the threads, the folders and their order are.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod common;

use std::path::Path;
use std::process::Command;

use common::Tree;

const COUNT: usize = 60;
const PEOPLE: [&str; 7] = [
    "Ada Moreau",
    "Ben Okafor",
    "Chen Liu",
    "Dora Weiss",
    "Emil Novak",
    "Fatima Zahra",
    "Goran Ilic",
];
const PLACES: [&str; 5] = ["Lagos", "Vienna", "Lima", "Oslo", "Nairobi"];

/// Returns a site with everything that could come out in another order: names that are found,
/// given, recorded and ambiguous, equal dates, shared topics, bundles, pages and static files.
fn site() -> Tree {
    let mut tree = Tree::new();
    let mut add = |path: &str, text: String| tree.insert(path.to_owned(), text.into_bytes());
    add("site.toml", "title = \"Same\"\npage_size = 7\n".to_owned());
    add("static/favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n".to_owned());
    add("content/pages/about.md", "# About\n\nSee [one](../articles/a07.md).\n".to_owned());
    for (n, place) in PLACES.iter().enumerate().take(3) {
        let id = place.to_lowercase();
        let text = format!("kind = \"place\"\nname = \"{place}\"\naliases = [\"Port {n}\"]\n");
        add(&format!("content/entities/{id}.toml"), text);
    }
    add(
        "content/topics/water.toml",
        "name = \"Water\"\nkeywords = [\"river\", \"dam\"]\n".to_owned(),
    );
    for n in 0..COUNT {
        let (one, two) = (PEOPLE[n % 7], PEOPLE[(n * 3 + 1) % 7]);
        let (place, other) = (PLACES[n % 5], PLACES[(n * 2 + 1) % 5]);
        let last = two.rsplit(' ').next().unwrap();
        let body = format!(
            "{one} met {two} in {place} on Monday. {last} had come from {other}, where the \
             Harbour Authority of {other} plans a dam on the river.\n\n\
             The United Nations asked {one} for a report, {last} said.\n"
        );
        let day = 1 + n % 9;
        let date = format!("2024-03-0{day}");
        let (path, head) = match n % 4 {
            0 => (format!("{date}-t{n:02}.txt"), format!("Talks {n} resume\n\n")),
            1 => {
                let tags = "tags: [Talks, Water]";
                let head =
                    format!("---\ntitle: Bundle {n}\ndate: {date}\n{tags}\n---\n\n![a](a.svg)\n\n");
                (format!("b{n:02}/index.md"), head)
            }
            _ => {
                let given = format!("people = [\"{one}\"]\nsource = \"Wire {}\"", n % 3);
                let head = format!("+++\ntitle = \"Article {n}\"\ndate = {date}\n{given}\n+++\n\n");
                (format!("a{n:02}.md"), head)
            }
        };
        add(&format!("content/articles/{path}"), head + &body);
        if n % 4 == 1 {
            add(&format!("content/articles/b{n:02}/a.svg"), format!("<svg id=\"n{n}\"/>"));
        }
    }
    tree
}

/// Writes the files in another order, so that the folders list them in another order.
fn write_shuffled(folder: &Path, tree: &Tree, mut state: u64) {
    let mut left: Vec<(&String, &Vec<u8>)> = tree.iter().collect();
    while !left.is_empty() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let at = usize::try_from(state % left.len() as u64).unwrap();
        let (path, bytes) = left.swap_remove(at);
        common::write_tree(folder, &Tree::from([(path.clone(), bytes.clone())]));
    }
}

/// Builds with the program and returns the whole output, with the manifest.
fn build(root: &Path, output: &str, args: &[&str]) -> Tree {
    let out = root.join(output);
    let run = Command::new(env!("CARGO_BIN_EXE_pressmark"))
        .args(["build", "--quiet", "--clock", "2024-06-01", "--root"])
        .arg(root)
        .arg("--output")
        .arg(&out)
        .args(args)
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let tree = common::read_tree(&out);
    assert!(tree.len() > COUNT * 2 && tree.contains_key("manifest.json"), "{:?}", tree.keys());
    tree
}

fn assert_same(what: &str, one: &Tree, other: &Tree) {
    let difference = common::difference(one, other);
    assert!(difference.is_empty(), "{what}\n{difference}");
}

#[test]
fn threads_do_not_show() {
    let folder = common::temporary();
    common::write_tree(folder.path(), &site());
    for extra in [&[][..], &["--base-url", "https://example.org/sub/"]] {
        let jobs = |n: &'static str| [&["--jobs", n], extra].concat();
        let name = |n: &str| format!("{n}-{}", extra.len());
        let first = build(folder.path(), &name("one"), &jobs("1"));
        assert_same("four threads", &first, &build(folder.path(), &name("four"), &jobs("4")));
        assert_same("four again", &first, &build(folder.path(), &name("again"), &jobs("4")));
        assert_same("one, over itself", &first, &build(folder.path(), &name("four"), &jobs("1")));
    }
}

#[test]
fn folders_and_the_order_of_their_entries_do_not_show() {
    let site = site();
    let folder = common::temporary();
    let deep = folder.path().join("a/much/deeper and longer/folder");
    let plain = folder.path().join("b");
    write_shuffled(&deep, &site, 0x2545_f491_4f6c_dd1d);
    common::write_tree(&plain, &site);
    for args in [&[][..], &["--base-url", "https://example.org/"], &["--base-url", "/sub"]] {
        let name = format!("out-{}", args.last().unwrap_or(&"").len());
        assert_same("another folder", &build(&plain, &name, args), &build(&deep, &name, args));
    }
    let third = folder.path().join("c");
    write_shuffled(&third, &site, 0x9e37_79b9_7f4a_7c15);
    assert_same("another order", &build(&third, "x", &[]), &build(&plain, "y", &[]));
}

#[test]
fn nothing_of_the_folder_is_in_the_site() {
    let folder = common::temporary();
    let root = folder.path().join("a-name-that-no-article-says");
    common::write_tree(&root, &site());
    for (path, bytes) in build(&root, "public", &[]) {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("a-name-that-no-article-says"), "{path}");
    }
}
