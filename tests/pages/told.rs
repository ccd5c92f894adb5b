//! Which article leads, and what is told of events and issues.

use crate::common;
use crate::common::Tree;
use crate::{between, page, site, twin, with};

/// Returns an article for each title: named by its place, a day after the one before, and about nothing that the others are.
fn lone(titles: &[&str]) -> Vec<(String, String, String)> {
    let place = ["Lagos", "Vienna", "Lima", "Oslo", "Quito", "Hanoi", "Accra", "Perth"];
    let article = |(n, title): (usize, &&str)| {
        let front = format!("title = \"{title}\"\ndate = 2024-05-{:02}", n + 1);
        (format!("a{n}"), front, format!("{title} in {}.", place[n % place.len()]))
    };
    titles.iter().enumerate().map(article).collect()
}

pub(crate) fn of(articles: &[(String, String, String)]) -> Tree {
    let borrowed: Vec<(&str, &str, &str)> =
        articles.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    site(&borrowed)
}

/// Returns the title of the article that leads the home page.
fn lead(tree: &Tree) -> String {
    let made = common::build_whole(tree);
    let lead = between(page(&made, "index.html"), "<article class=\"lead\"", "</article>");
    between(between(lead, "<h2>", "</h2>"), "<bdi>", "</bdi>").to_owned()
}

pub(crate) const FERRY: [(&str, &str); 3] = [
    (
        "Ferry sinks off Halden",
        "A ferry with forty people on board sank in the bay of Halden on Monday, the coast guard said.",
    ),
    (
        "Divers reach sunken ferry off Halden",
        "Divers reached the wreck of the ferry in the bay of Halden on Tuesday, the coast guard said.",
    ),
    (
        "Sunken ferry off Halden is raised",
        "The wreck of the ferry that sank in the bay of Halden was raised by the coast guard.",
    ),
];

/// Returns reports of one event, each on the given day of May.
fn ferry(days: &[u32]) -> Vec<(String, String, String)> {
    let report = |(n, (day, (title, text))): (usize, (&u32, (&str, &str)))| {
        (
            format!("ferry{n}"),
            format!("title = \"{title}\"\ndate = 2024-05-{day:02}"),
            text.to_owned(),
        )
    };
    days.iter().zip(FERRY).enumerate().map(report).collect()
}

#[test]
fn the_newest_article_leads_unless_an_event_has_many_reports() {
    let mut articles =
        lone(&["Wheat is sown", "Choir tours", "Chess club wins", "Mill reopens", "Zoo gains owl"]);
    assert_eq!(lead(&of(&articles)), "Zoo gains owl");
    // Two reports of an event are worth three places, and the latest of them leads; it is the fourth in time.
    articles.extend(ferry(&[1, 2]));
    articles[2].1 = articles[2].1.replace("05-03", "05-02");
    assert_eq!(lead(&of(&articles)), "Divers reach sunken ferry off Halden");
    // Were it further down, the newest would lead.
    let more = [
        "Hens lay more",
        "Bell is cast",
        "Wheat is sown",
        "Choir tours",
        "Chess club wins",
        "Mill reopens",
        "Zoo gains owl",
    ];
    let mut articles = lone(&more);
    articles.extend(ferry(&[1, 2]));
    assert_eq!(lead(&of(&articles)), "Zoo gains owl");
    // Three reports are worth more, though an earlier one of the same event never leads.
    let mut articles = lone(&more);
    articles.extend(ferry(&[1, 2, 3]));
    assert_eq!(lead(&of(&articles)), "Sunken ferry off Halden is raised");
}

#[test]
fn nothing_leads_that_is_older_than_a_week_before_the_latest() {
    let mut articles = ferry(&[1, 2, 3]);
    let latest = |day: u32| {
        let front = format!("title = \"Zoo gains owl\"\ndate = 2024-05-{day:02}");
        ("zoo".to_owned(), front, "Zoo gains owl in Perth.".to_owned())
    };
    articles.push(latest(9));
    assert_eq!(lead(&of(&articles)), "Sunken ferry off Halden is raised");
    articles.pop();
    articles.push(latest(10));
    assert_eq!(lead(&of(&articles)), "Zoo gains owl");
}

#[test]
fn sources_with_other_articles_from_the_time_of_a_story_did_not_report_it() {
    let mut articles = ferry(&[6, 8]);
    for (article, source) in articles.iter_mut().zip(["The Gazette", "Halden News"]) {
        article.1 = format!("{}\nsource = \"{source}\"", article.1);
    }
    for (day, source) in [(5, "Before"), (7, "Between"), (9, "Behind"), (7, "The Gazette")] {
        let front = format!(
            "title = \"{source} on {day} May\"\ndate = 2024-05-{day:02}\nsource = \"{source}\""
        );
        articles.push((
            format!("other-{source}-{day}").replace(' ', "-"),
            front,
            format!("Wheat is sown, wrote {source}."),
        ));
    }
    let made = common::build_whole(&of(&articles));
    let story = twin(&made, "stories/articles/ferry0/index.json");
    assert_eq!(story["carried_by"], serde_json::json!(["halden-news", "the-gazette"]));
    assert_eq!(story["not_carried_by"], serde_json::json!(["between"]));
    let shown = page(&made, "stories/articles/ferry0/index.html");
    let (_, silent) = shown.split_once("Not reported by").unwrap();
    assert!(silent.contains("sources/between/"), "{silent}");
    assert!(
        !["before", "behind", "gazette"]
            .iter()
            .any(|name| silent.contains(&format!("sources/{name}/")))
    );
}

#[test]
fn the_feed_of_issues_has_an_entry_for_each_with_its_articles() {
    let titles = ["Wheat is sown", "Fish & chips", "Chess club wins"];
    let mut articles = lone(&titles);
    for (article, date) in articles.iter_mut().zip(["2024-05-06", "2024-05-12", "2024-05-13"]) {
        article.1 = format!(
            "title = \"{}\"\ndate = {date}",
            titles[article.0[1..].parse::<usize>().unwrap()]
        );
    }
    let settings =
        "title = \"Digest\"\nbase_url = \"https://example.org/\"\n[issues]\nevery = \"week\"\n";
    let note = "+++\ntitle = \"Best of May\"\ndate = 2024-05-31\nsummary = \"Two to keep.\"\n\
                articles = [\"articles/a2.md\", \"articles/a0.md\"]\n+++\n\nRead on.\n";
    let tree = with(of(&articles), "site.toml", settings);
    let made = common::build_whole(&with(tree, "content/issues/best.md", note));
    let feed = page(&made, "issues/feed.xml");
    let entries: Vec<&str> = feed.split("<entry>").skip(1).collect();
    assert_eq!(entries.len(), 3, "{feed}");
    let title =
        |entry: &str| between(entry, "<title", "</title>").split_once('>').unwrap().1.to_owned();
    let titles: Vec<String> = entries.iter().map(|entry| title(entry)).collect();
    assert_eq!(titles[0], "Best of May");
    assert!(titles[1].starts_with("Week 20") && titles[2].starts_with("Week 19"), "{titles:?}");
    assert!(entries[0].contains("Two to keep."), "{}", entries[0]);
    let at = |entry: &str, name: &str| entry.find(&format!("https://example.org/articles/{name}/"));
    // What somebody picked stays in that order; a week has its latest first.
    assert!(at(entries[0], "a2") < at(entries[0], "a0") && at(entries[0], "a2").is_some());
    assert_eq!(at(entries[0], "a1"), None);
    assert!(at(entries[1], "a2").is_some() && at(entries[1], "a1").is_none());
    assert!(at(entries[2], "a1") < at(entries[2], "a0") && at(entries[2], "a1").is_some());
    assert!(entries[2].contains("Fish &amp;amp; chips"), "{}", entries[2]);
    for (entry, day) in entries.iter().zip(["2024-05-31", "2024-05-19", "2024-05-12"]) {
        assert!(between(entry, "<updated>", "</updated>").starts_with(day), "{entry}");
        let id = between(entry, "<id>", "</id>");
        assert!(entry.contains(&format!("href=\"{id}\"")) && id.contains("/issues/"), "{entry}");
    }
    assert!(between(feed, "<updated>", "</updated>").starts_with("2024-05-31"));
}

#[test]
fn a_story_has_one_entry_in_its_feed_which_grows() {
    let build = |days: &[u32]| {
        let mut articles = ferry(days);
        articles.extend(lone(&["Wheat is sown", "Choir tours"]));
        let settings = "title = \"Digest\"\nbase_url = \"https://example.org/\"\n";
        common::build_whole(&with(of(&articles), "site.toml", settings))
    };
    assert!(!build(&[6]).contains_key("stories/feed.xml"), "one report is no story");
    let (began, grown) = (build(&[6, 8]), build(&[6, 8, 9]));
    let entries = |made: &'_ Tree| -> Vec<String> {
        page(made, "stories/feed.xml").split("<entry>").skip(1).map(str::to_owned).collect()
    };
    let (before, after) = (entries(&began), entries(&grown));
    assert_eq!((before.len(), after.len()), (1, 1));
    let part = |entry: &str, name: &str| {
        between(entry, &format!("<{name}>"), &format!("</{name}>")).to_owned()
    };
    let id = "https://example.org/stories/articles/ferry0/";
    assert_eq!((part(&before[0], "id").as_str(), part(&after[0], "id").as_str()), (id, id));
    assert!(part(&before[0], "updated").starts_with("2024-05-08"), "{}", before[0]);
    assert!(part(&after[0], "updated").starts_with("2024-05-09"), "{}", after[0]);
    assert_eq!(part(&before[0], "published"), part(&after[0], "published"));
    assert!(part(&after[0], "published").starts_with("2024-05-06"));
    assert!(after[0].contains("Sunken ferry off Halden is raised</title>"), "{}", after[0]);
    let at = |name: &str| after[0].find(&format!("https://example.org/articles/{name}/"));
    assert!(at("ferry2").is_some() && at("ferry2") < at("ferry1") && at("ferry1") < at("ferry0"));
    let head = page(&grown, "stories/index.html");
    assert!(
        head.contains("type=\"application/atom+xml\"") && head.contains("/stories/feed.xml\""),
        "{head}"
    );
    // The story with the latest report stands first.
    let mut two = ferry(&[6, 8]);
    for (n, day) in [(0, 7), (1, 9)] {
        let front = format!(
            "title = \"Council of Tromso passes budget for schools\"\ndate = 2024-05-{day:02}"
        );
        let text =
            "The council of Tromso passed a budget for schools after a debate of nine hours.";
        two.push((format!("budget{n}"), front, text.to_owned()));
    }
    let both = entries(&common::build_whole(&of(&two)));
    assert_eq!(both.len(), 2);
    assert!(both[0].contains("budget1") && both[1].contains("ferry1"), "{both:?}");
}
