//! A new article changes little: full numbered pages and older articles keep their bytes.

mod common;

use std::fmt::Write as _;

use common::Tree;

const SIZE: usize = 3;
const PEOPLE: [&str; 4] = ["Ada Moreau", "Ben Okafor", "Chen Liu", "Dora Weiss"];
const PLACES: [&str; 3] = ["Lagos", "Vienna", "Lima"];

/// Returns a site of `count` articles, one for each day; they share people, places and topics.
fn site(count: usize) -> Tree {
    let mut tree = Tree::new();
    let settings = format!("title = \"Stable\"\npage_size = {SIZE}\n");
    tree.insert("site.toml".to_owned(), settings.into_bytes());
    for n in 0..count {
        let (person, place) = (PEOPLE[n % PEOPLE.len()], PLACES[n % PLACES.len()]);
        let topic = ["Energy", "Water"][n % 2];
        let (month, day) = (1 + n / 10, 1 + n % 10);
        let mut text = format!(
            "+++\ntitle = \"Report {n}\"\ndate = 2024-{month:02}-{day:02}\ntopics = [\"{topic}\"]\n\
             people = [\"{person}\"]\nsource = \"The Gazette\"\n+++\n\n"
        );
        writeln!(text, "{person} spoke in {place} about {topic}. Nobody else did.\n")
            .expect("text");
        writeln!(text, "## After\n\nThe talks with {person} go on in {place}.").expect("text");
        tree.insert(format!("content/articles/r{n:02}.md"), text.into_bytes());
    }
    tree
}

/// Returns whether a path is one of a numbered page, its HTML or its JSON.
fn is_numbered(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let number = parts.next().unwrap_or_default();
    matches!(file, "index.html" | "index.json")
        && number.parse::<usize>().is_ok()
        && parts.next() == Some("page")
}

#[test]
fn full_pages_and_older_articles_keep_their_bytes() {
    let (mut pages, mut articles) = (0, 0);
    for count in 2 * SIZE - 2..=4 * SIZE + 2 {
        let (before, after) =
            (common::build_whole(&site(count)), common::build_whole(&site(count + 1)));
        for (path, bytes) in &before {
            // A page that is not full yet has an address already, which leads to the newest one.
            let is_full = before.contains_key(&path.replace("index.html", "index.json"));
            // The last article, and the last of the topic.
            let is_neighbour =
                [1, 2].iter().any(|n| path.starts_with(&format!("articles/r{:02}/", count - n)));
            // Where a story begins is told where it goes on, once.
            let is_first = !before.contains_key(&format!("stories/{path}"))
                && after.contains_key(&format!("stories/{path}"));
            let is_article = path.starts_with("articles/") && !is_neighbour && !is_first;
            if (is_numbered(path) && is_full) || is_article {
                let same = after.get(path) == Some(bytes);
                let one = Tree::from([(path.clone(), bytes.clone())]);
                let other = after.get(path).map(|bytes| (path.clone(), bytes.clone()));
                let other: Tree = other.into_iter().collect();
                assert!(same, "{count} articles\n{}", common::difference(&one, &other));
                pages += usize::from(is_numbered(path));
                articles += usize::from(is_article);
            }
        }
        // The newest page and the article that got a neighbour change, or the test is blind.
        let neighbour = format!("articles/r{:02}/index.html", count - 1);
        for path in ["index.html", "index.json", neighbour.as_str()] {
            assert_ne!(before[path], after[path], "{path} with {count} articles");
        }
    }
    assert!(pages > 100 && articles > 100, "{pages} pages, {articles} articles");
}

#[test]
fn the_address_of_the_next_page_is_taken_before_it_is_full() {
    let before = common::build_whole(&site(3 * SIZE - 1));
    let after = common::build_whole(&site(3 * SIZE));
    let redirect = String::from_utf8_lossy(&before["page/2/index.html"]).into_owned();
    assert!(redirect.contains("http-equiv=\"refresh\""), "{redirect}");
    assert!(!before.contains_key("page/2/index.json") && after.contains_key("page/2/index.json"));
    assert!(!after.contains_key("page/4/index.html"));
}

#[test]
fn an_older_month_keeps_its_bytes_when_another_begins() {
    let (before, after) = (common::build_whole(&site(10)), common::build_whole(&site(11)));
    for path in ["archive/2024/01/index.html", "archive/2024/01/index.json"] {
        assert_eq!(before[path], after[path], "{path}");
    }
    assert!(!before.contains_key("archive/2024/02/index.html"));
    assert!(after.contains_key("archive/2024/02/index.html"));
}
