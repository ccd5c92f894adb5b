//! Topics and sources.

use super::*;
use crate::load::SourceRef;

/// Returns `slug name articles` of each topic.
fn topics(site: &Site) -> Vec<String> {
    let line = |topic: &Topic| format!("{} {} x{}", topic.slug, topic.name, topic.articles.len());
    site.topics.iter().map(line).collect()
}

#[test]
fn topics_are_joined_by_name_alias_and_id() {
    let a = md("topics = ['Mars', 'sea level', 'MARS']", "T.");
    let b = md("topics = ['red planet', 'Sea Level', 'Sea-Level']", "T.");
    let c = md("topics = ['mars-landings', 'Sea Level']", "T.");
    let files = [
        ("topics/mars-landings.toml", "name = 'Mars'\naliases = ['Red planet']"),
        ("articles/a.md", a.as_str()),
        ("articles/b.md", b.as_str()),
        ("articles/c.md", c.as_str()),
    ];
    let site = site(&files);
    assert_eq!(topics(&site), ["mars-landings Mars x3", "sea-level Sea Level x3"]);
    let first = &site.articles.iter().next().unwrap().topics;
    let expected = [0, 1].map(|id| TopicLink {
        topic: TopicId::from_index(id),
        rule: None,
        evidence: Vec::new(),
    });
    assert_eq!(first.as_slice(), expected);
    let collision = md("topics = ['C++', 'C']", "T.");
    let collision = [("articles/a.md", collision.as_str())];
    assert_eq!(reports(&collision), one(Code::UrlCollision, "articles/a.md"));
}

#[test]
fn words_of_a_text_suggest_topics() {
    let record = "name = 'Mars'\nkeywords = ['Martian']";
    let derived = |text: &str| {
        let found = site(&[("topics/mars.toml", record), ("articles/a.md", text)]);
        found.articles.iter().flat_map(|article| article.topics.clone()).collect::<Vec<_>>()
    };
    let link = |words: &[&str]| TopicLink {
        topic: TopicId::from_index(0),
        rule: Some("topic.keyword"),
        evidence: words.iter().map(|word| (*word).to_owned()).collect(),
    };
    assert_eq!(derived("It rained on mars."), [link(&["mars"])]);
    assert_eq!(derived("It rained.\n\nThe martian Mars."), [link(&["mars", "martian"])]);
    let titled = md("title = 'Martian rain'", "It rained.");
    assert_eq!(derived(&titled), [link(&["martian"])]);
    assert_eq!(derived("It rained.\n\nOn Mars, that is."), []);
    let other = derived(&md("topics = ['Rain']", "Mars, Mars."));
    assert!(other.iter().all(|link| link.rule.is_none()) && other.len() == 1);
    let mut config = SiteConfig::default();
    config.topics.from_text = false;
    let files = [("topics/mars.toml", record), ("articles/a.md", "It rained on Mars.")];
    let site = join(&files, &config, visibility()).value;
    assert!(site.articles.iter().all(|article| article.topics.is_empty()));
}

#[test]
fn a_text_suggests_the_three_best_topics() {
    let files = [
        ("topics/a.toml", "name = 'Rain'"),
        ("topics/b.toml", "name = 'Snow'"),
        ("topics/c.toml", "name = 'Wind'"),
        ("topics/d.toml", "name = 'Hail'"),
        ("articles/a.md", "# T\n\nRain, hail, snow, wind, wind, hail, wind, snow."),
    ];
    let site = site(&files);
    let names: Vec<&str> = site
        .articles
        .iter()
        .next()
        .unwrap()
        .topics
        .iter()
        .map(|link| site.topics[link.topic].name.as_str())
        .collect();
    assert_eq!(names, ["Wind", "Snow", "Hail"]);
}

#[test]
fn sources_are_joined_by_name_and_host() {
    let a = md(
        "date = 2020-01-01\n[source]\nname = 'Daily Post'\nurl = 'https://www.post.example/1'",
        "T.",
    );
    let b = md("date = 2020-01-02\n[source]\nurl = 'https://post.example/2'", "T.");
    let c = "https://other.example/x\n\nIt rained. And it rained again.";
    let d = md("date = 2020-01-04\nsource = 'DAILY POST'", "T.");
    let files = [
        ("articles/a.md", a.as_str()),
        ("articles/b.md", b.as_str()),
        ("articles/2020-01-03-c.txt", c),
        ("articles/d.md", d.as_str()),
    ];
    let site = site(&files);
    let found: Vec<(&str, &str, Option<&str>, usize)> = site
        .sources
        .iter()
        .map(|s| (s.name.as_str(), s.slug.as_str(), s.host.as_deref(), s.articles.len()))
        .collect();
    assert_eq!(
        found,
        [
            ("Daily Post", "daily-post", Some("post.example"), 3),
            ("other.example", "other-example", Some("other.example"), 1),
        ]
    );
    let origin = |at: usize| site.articles.iter().nth(at).unwrap().origin.clone().unwrap();
    assert_eq!((origin(1).rule, origin(1).source), (None, Some(SourceId::from_index(0))));
    assert_eq!(
        (origin(2).rule, origin(2).url.as_deref()),
        (Some("source.first-line"), Some("https://other.example/x"))
    );
}

#[test]
fn the_texts_disclaimer_fills_the_gap() {
    let found = |value| Some(Found { value, rule: "boilerplate.disclaimer" });
    let text = SourceRef { disclaimer: Some("Not ours.".to_owned()), ..SourceRef::default() };
    let (origin, _) = sources::origin(None, found(text.clone()));
    let origin = origin.unwrap();
    assert_eq!(
        (origin.source, origin.url, origin.rule),
        (None, None, Some("boilerplate.disclaimer"))
    );
    let given = SourceRef { name: Some("Post".to_owned()), ..SourceRef::default() };
    let (origin, _) = sources::origin(Some(given.clone()), found(text.clone()));
    let origin = origin.unwrap();
    assert_eq!((origin.disclaimer.as_deref(), origin.rule), (Some("Not ours."), None));
    let given = SourceRef { disclaimer: Some("Mine.".to_owned()), ..given };
    let (origin, _) = sources::origin(Some(given), found(text));
    assert_eq!(origin.unwrap().disclaimer.as_deref(), Some("Mine."));
    assert_eq!(sources::origin(None, None).0, None);
}

#[test]
fn articles_with_topics_teach_those_without() {
    let flood = |n: usize| {
        let text = format!(
            "The dam burst and the flood took {n} roads. Engineers closed the dam as the flood rose. The flood and the dam.\n\nNobody in the valley below had been told of it before that day, as all lines were down."
        );
        md(&format!("title = 'Flood of river below dam {n}'\ntopics = ['Water']"), &text)
    };
    let strike = |n: usize| {
        let text = format!(
            "Drivers began a strike over wages in {n} towns. The strike and wages: no strike before."
        );
        md(&format!("title = 'Strike over wages {n}'\ntopics = ['Labour']"), &text)
    };
    let mut files: Vec<(String, String)> = Vec::new();
    for n in 1..5 {
        files.push((format!("articles/flood{n}.md"), flood(n)));
        files.push((format!("articles/strike{n}.md"), strike(n)));
    }
    let plain = |title: &str, text: &str| md(&format!("title = '{title}'"), text);
    let dam = plain(
        "Dam on river burst at night",
        "The flood reached the dam in the night. A flood, a flood, said all at the dam near the dam.\n\nThe road is closed, and nobody knows how long that will be so, as the water has not fallen.",
    );
    let rain = plain("It rained in town", "Nobody was wet, as nobody was there.");
    files.push(("articles/x-dam.md".to_owned(), dam));
    files.push(("articles/x-rain.md".to_owned(), rain));
    let refs: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let found = |site: &Site, path: &str| {
        let article = site.articles.iter().find(|article| article.path.as_str().contains(path));
        let links = article.unwrap().topics.clone();
        let name = |link: &TopicLink| {
            format!("{} {:?} {}", site.topics[link.topic].name, link.rule, link.evidence.join(" "))
        };
        links.iter().map(name).collect::<Vec<String>>()
    };
    let all = site(&refs);
    assert_eq!(found(&all, "x-dam"), ["Water Some(\"topic.taught\") burst dam flood river"]);
    assert_eq!(found(&all, "x-rain"), Vec::<String>::new());
    assert_eq!(found(&all, "flood1"), ["Water None "]);
    let mut config = SiteConfig::default();
    config.topics.learn = false;
    config.topics.discover = false;
    let off = join(&refs, &config, visibility()).value;
    assert_eq!(found(&off, "x-dam"), Vec::<String>::new());
}
