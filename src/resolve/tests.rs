//! Tests of the whole stage, from files to the site.

use jiff::Timestamp;

use super::*;
use crate::diag::{Code, Diagnostic};
use crate::files::{MemFiles, SitePath};
use crate::ids::Id;
use crate::load::SourceRef;
use crate::{analyze, load, parse};

/// The present moment of all tests: noon of 2 January 2024 in UTC.
fn visibility() -> Visibility {
    let now: Timestamp = "2024-01-02T12:00:00Z".parse().unwrap();
    Visibility { drafts: false, future: false, expired: false, now }
}

fn join(files: &[(&str, &str)], config: &SiteConfig, visibility: Visibility) -> Warned<Site> {
    let mut mem = MemFiles::new();
    for (path, text) in files {
        mem.insert(SitePath::parse(&format!("content/{path}")).unwrap(), *text);
    }
    let loaded = load::load(&mem, config);
    assert_eq!(loaded.diagnostics, []);
    let set = loaded.value;
    let lexicon = lexicon(&set, visibility, config);
    let draft = |file: &SourceFile| {
        visible(&file.front, &file.name, visibility, config).ok()?;
        Some(parse::parse(file, config).value)
    };
    let parsed = |file| {
        let draft = draft(file)?;
        let analysis = analyze::analyze(&draft.body, &lexicon, config);
        Some(Parsed { draft, analysis })
    };
    let articles = set.articles.iter().map(parsed).collect();
    let pages = set.pages.iter().map(draft).collect();
    resolve(set, articles, pages, visibility, config)
}

/// Joins files below `content/` with default settings.
pub(crate) fn site(files: &[(&str, &str)]) -> Site {
    join(files, &SiteConfig::default(), visibility()).value
}

fn reports(files: &[(&str, &str)]) -> Vec<(Code, Option<String>)> {
    let place = |report: Diagnostic| {
        (report.code, report.place.map(|place| place.path.as_str().to_owned()))
    };
    let found = join(files, &SiteConfig::default(), visibility()).diagnostics;
    found.into_iter().map(place).collect()
}

fn one(code: Code, path: &str) -> Vec<(Code, Option<String>)> {
    vec![(code, Some(format!("content/{path}")))]
}

/// Returns `kind/slug name (aliases) status articles x mentions` of each entity.
fn entities(site: &Site) -> Vec<String> {
    let kinds = SiteConfig::default().entities.kinds;
    let line = |entity: &Entity| {
        let aliases: Vec<String> =
            entity.aliases.iter().map(|alias| format!("{}:{}", alias.name, alias.count)).collect();
        let mark = if entity.status == Status::Confirmed { '!' } else { '?' };
        let articles: Vec<String> =
            entity.articles.iter().map(|id| id.index().to_string()).collect();
        format!(
            "{}/{} {}{mark} [{}] in {} x{}",
            kinds.id(entity.kind),
            entity.slug,
            entity.name,
            aliases.join(" "),
            articles.join(","),
            entity.mentions
        )
    };
    site.entities.iter().map(line).collect()
}

fn md(front: &str, text: &str) -> String {
    format!("+++\n{front}\n+++\n\n{text}\n")
}

/// Returns the only article of a site with this one file.
fn article(path: &str, text: &str) -> Article {
    let mut site = site(&[(&format!("articles/{path}"), text)]);
    site.articles.iter_mut().next().unwrap().clone()
}

const ABOUT_RAIN: &str = "It rained in the morning. Then it stopped, and the streets dried.";

#[test]
fn titles_come_from_front_matter_heading_lead_or_file_name() {
    for (path, text, title, rule) in [
        ("a.md", md("title = 'A  B'", "# Heading\n\nText."), "A B", None),
        ("a.md", "# The  heading\n\nText.".to_owned(), "The heading", Some("title.heading")),
        ("a.md", ABOUT_RAIN.to_owned(), "It rained in the morning", Some("title.lead")),
        ("2020-01-01-élan_vital-now.md", String::new(), "Élan vital now", Some("title.file-name")),
    ] {
        let found = article(path, &text).title;
        assert_eq!((found.value.as_str(), found.rule), (title, rule), "{text}");
    }
}

#[test]
fn dates_come_from_front_matter_file_name_or_text() {
    let line = "OSLO, March 3, 2020 - It rained.";
    for (path, text, date, rule) in [
        ("2021-01-01-a.md", md("date = 2022-02-02", line), "2022-02-02", None),
        ("2021-01-01-a.md", line.to_owned(), "2021-01-01", Some("date.file-name")),
        ("a.md", line.to_owned(), "2020-03-03", Some("date.dateline")),
    ] {
        let found = article(path, &text).date.unwrap();
        assert_eq!((found.value.date.to_string().as_str(), found.rule), (date, rule), "{text}");
    }
    assert_eq!(article("a.md", ABOUT_RAIN).date, None);
}

#[test]
fn summaries_come_from_front_matter_mark_or_lead_and_repeat_nothing() {
    let long = format!("{} <!-- more -->\n\n{ABOUT_RAIN}", "Drops fall. ".repeat(60));
    let cut = article("a.md", &long).summary.unwrap();
    assert_eq!(cut.rule, Some("summary.more"));
    assert!(cut.value.chars().count() <= 280 && cut.value.ends_with('…'), "{}", cut.value);
    let given = article("a.md", &md("summary = 'S'", &long)).summary.unwrap();
    assert_eq!((given.value.as_str(), given.rule), ("S", None));
    let lead =
        format!("# Rain\n\n{ABOUT_RAIN}\n\n{}", "More of it was to come, they said. ".repeat(20));
    let lead = article("a.md", &lead).summary.unwrap();
    assert!(lead.rule.is_some() && lead.value.starts_with("It rained"), "{lead:?}");
    assert_eq!(article("a.md", &format!("# Rain\n\n{ABOUT_RAIN}")).summary, None);
    let repeated =
        md("title = 'It rained.'", "It rained.\n<!-- more -->\n\nMuch more text follows here.");
    assert_eq!(article("a.md", &repeated).summary, None);
}

#[test]
fn authors_and_language_are_those_of_front_matter_else_of_the_text() {
    let text = format!("# Rain\n\nBy Ann Lee\n\n{}", ABOUT_RAIN.repeat(3));
    let found = article("a.md", &md("title = 'T'\nauthors = ['Bo']\nlang = 'nb'", &text));
    assert_eq!(found.authors, [Stated::given("Bo".to_owned())]);
    assert_eq!(found.language.as_deref(), Some("nb"));
    let found = article("a.txt", &format!("By Ann Lee\n\n{}", ABOUT_RAIN.repeat(3)));
    let author = Stated { value: "Ann Lee".to_owned(), rule: Some("author.byline") };
    assert_eq!((found.authors, found.language.as_deref()), (vec![author], Some("en")));
}

#[test]
fn files_are_left_out_until_their_time() {
    let files = [
        ("articles/draft.md", md("draft = true", "Text.")),
        ("articles/expired.md", md("expiry = 2024-01-02T12:00:00Z", "Text.")),
        ("articles/late.md", md("expiry = 2024-01-03", "Text.")),
        ("articles/publish.md", md("date = 2023-01-01\npublish_date = 2024-01-03", "Text.")),
        ("articles/today.md", md("date = 2024-01-02", "Text.")),
        ("articles/2024-01-03-name.md", "Text.".to_owned()),
        ("pages/soon.md", md("date = 2024-01-02T12:00:01Z", "Text.")),
    ];
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let shown = site(&files);
    let skipped: Vec<(&str, SkipReason)> =
        shown.skipped.iter().map(|file| (file.path.stem(), file.reason)).collect();
    assert_eq!(
        skipped,
        [
            ("2024-01-03-name", SkipReason::Future),
            ("draft", SkipReason::Draft),
            ("expired", SkipReason::Expired),
            ("publish", SkipReason::Future),
            ("soon", SkipReason::Future),
        ]
    );
    assert_eq!((shown.articles.len(), shown.pages.len()), (2, 0));
    let all = Visibility { drafts: true, future: true, expired: true, ..visibility() };
    let all = join(&files, &SiteConfig::default(), all).value;
    assert_eq!((all.articles.len(), all.pages.len(), all.skipped.len()), (6, 1, 0));
}

#[test]
fn a_day_begins_at_midnight_of_the_sites_zone() {
    let file = md("date = 2024-01-03", "Text.");
    let files = [("articles/a.md", file.as_str())];
    let mut now = visibility();
    now.now = "2024-01-02T21:00:00Z".parse().unwrap();
    let mut config = SiteConfig::default();
    assert_eq!(join(&files, &config, now).value.articles.len(), 0);
    config.time_zone = jiff::tz::TimeZone::get("Asia/Tehran").unwrap();
    assert_eq!(join(&files, &config, now).value.articles.len(), 1);
}

#[test]
fn articles_without_text_are_reported() {
    let empty = md("title = 'A'", "");
    let files = [("articles/a.md", empty.as_str()), ("articles/b.md", ABOUT_RAIN)];
    assert_eq!(reports(&files), one(Code::ArticleEmpty, "articles/a.md"));
}

#[test]
fn articles_are_in_date_order_and_pages_by_weight() {
    let files = [
        ("articles/z.md", md("date = 2020-01-02", "T.")),
        ("articles/c.md", md("date = 2020-01-02", "T.")),
        ("articles/b.md", md("date = 2020-01-02T08:00:00Z", "T.")),
        ("articles/old.md", md("date = 2019-01-02", "T.")),
        ("articles/undated.md", "It rained.".to_owned()),
        ("pages/b.md", md("title = 'B'", "T.")),
        ("pages/a.md", md("title = 'Z'\nweight = 1", "T.")),
        ("pages/about-us.md", "T.".to_owned()),
    ];
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let site = site(&files);
    let stems: Vec<&str> = site.articles.iter().map(|article| article.path.stem()).collect();
    assert_eq!(stems, ["undated", "old", "c", "z", "b"]);
    let titles: Vec<&str> = site.pages.iter().map(|page| page.title.value.as_str()).collect();
    assert_eq!(titles, ["Z", "About us", "B"]);
}

const OIC: &str = "name = 'Organization of Islamic Cooperation'\nkind = 'organization'\n";

#[test]
fn records_front_matter_and_texts_name_the_same_entity() {
    let record = format!("id = 'oic'\n{OIC}aliases = ['OIC', 'Islamic Bloc']");
    let given = md(
        "date = 2020-01-01\norganizations = ['organization of islamic cooperation']\npeople = ['Ann Lee']",
        "The OIC met. Ann Lee came, and Lee spoke.",
    );
    let later =
        md("date = 2020-01-02\npeople = ['ANN LEE', 'Bo Ek']", "The OIC and Ann Lee agreed.");
    let third = md("date = 2020-01-03\npeople = ['Ann Lee']", "It rained.");
    let files = [
        ("entities/oic.toml", record.as_str()),
        ("articles/a.md", given.as_str()),
        ("articles/b.md", later.as_str()),
        ("articles/c.md", third.as_str()),
    ];
    let site = site(&files);
    assert_eq!(
        entities(&site),
        [
            "person/ann-lee Ann Lee! [Lee:1 ANN LEE:0] in 0,1,2 x3",
            "person/bo-ek Bo Ek! [] in 1 x0",
            "organization/oic Organization of Islamic Cooperation! [OIC:2 Islamic Bloc:0 \
             organization of islamic cooperation:0] in 0,1 x2",
        ]
    );
    let links = &site.articles.as_slice()[1].entities;
    let order: Vec<(usize, bool, usize)> =
        links.iter().map(|link| (link.entity.index(), link.given, link.mentions.len())).collect();
    assert_eq!(order, [(0, true, 1), (1, true, 0), (2, false, 1)]);
}

#[test]
fn a_record_wins_over_the_kind_of_front_matter() {
    let given = md("places = ['OIC']\npeople = ['Ann Lee']", "The OIC met.");
    let record = format!("{OIC}aliases = ['OIC']");
    let files = [("entities/oic.toml", record.as_str()), ("articles/a.md", given.as_str())];
    assert_eq!(reports(&files), one(Code::KindConflict, "articles/a.md"));
    let site = site(&files);
    assert_eq!(site.entities.len(), 2);
    assert!(site.articles.iter().all(|article| article.entities[1].given));
}

#[test]
fn a_name_of_two_records_links_neither_and_is_reported() {
    let text = "The Georgia vote came late.";
    let files = [
        ("entities/georgia-country.toml", "name = 'Georgia'\nkind = 'place'"),
        (
            "entities/georgia-state.toml",
            "name = 'State of Georgia'\nkind = 'place'\naliases = ['GEORGIA']",
        ),
        ("articles/a.md", text),
    ];
    assert_eq!(reports(&files), one(Code::RecordName, "entities/georgia-state.toml"));
    assert!(site(&files).articles.iter().all(|article| article.entities.is_empty()));
}

#[test]
fn rejected_names_and_those_of_hidden_files_are_nobody() {
    let draft = md("draft = true\nworks = ['the rain song']", "Text.");
    let given = md("people = ['Ann Lee']", "He hummed the rain song for Ann Lee.");
    let files = [("articles/a.md", draft.as_str()), ("articles/b.md", given.as_str())];
    assert_eq!(entities(&site(&files)), ["person/ann-lee Ann Lee! [] in 0 x1"]);
    let mut config = SiteConfig::default();
    config.entities.reject = vec!["ann lee".to_owned()];
    assert_eq!(join(&files, &config, visibility()).value.entities.len(), 0);
    let drafts = Visibility { drafts: true, ..visibility() };
    let shown = join(&files, &SiteConfig::default(), drafts).value;
    assert_eq!(
        entities(&shown),
        ["person/ann-lee Ann Lee! [] in 1 x1", "work/the-rain-song the rain song! [] in 0,1 x1"]
    );
}

#[test]
fn names_of_texts_are_joined_across_articles() {
    let full = "President Ann Lee spoke. Lee left.";
    let again = "President Ann Lee came back, and Ann  Lee left.";
    let files = [("articles/a.md", full), ("articles/b.md", again)];
    assert_eq!(entities(&site(&files)), ["person/ann-lee Ann Lee? [Lee:1] in 0,1 x4"]);
}

#[test]
fn an_abbreviation_joins_the_one_that_has_it_elsewhere() {
    let spelled = "The Organization of Forest Keepers (OFK) met.";
    let alone = "The OFK met. The OFK left.";
    let files = [("articles/a.md", alone), ("articles/b.md", spelled)];
    assert_eq!(
        entities(&site(&files)),
        [
            "organization/organization-of-forest-keepers Organization of Forest Keepers? [OFK:3] in 0,1 x4"
        ]
    );
    let other = [files[0], files[1], ("articles/c.md", "The Office of Free Kites (OFK) met.")];
    let names: Vec<String> = entities(&site(&other));
    assert!(names.contains(&"organization/ofk OFK? [] in 0 x2".to_owned()), "{names:?}");
}

#[test]
fn the_kind_is_that_of_most_mentions() {
    let person = "President Vale spoke. Mr. Vale left. Later Mr. Vale came back.";
    let place = md("places = ['Oslo']", "The rain fell.");
    let site = site(&[("articles/a.md", person), ("articles/b.md", &place)]);
    assert_eq!(site.entities.as_slice()[0].kind, EntityKind::PERSON);
    let kinds = [(EntityKind::PLACE, 1), (EntityKind::PERSON, 2), (EntityKind::EVENT, 2)];
    assert_eq!(forms::most_voted(kinds), EntityKind::PERSON);
}

#[test]
fn slugs_that_collide_are_reported_or_marked() {
    let works = md("works = ['C', 'C++']", "Text.");
    let files = [("articles/a.md", works.as_str())];
    assert_eq!(reports(&files), one(Code::UrlCollision, "articles/a.md"));
    let record = md("", "President Анн Ли spoke.");
    let given = md("people = ['Ann Li', 'Анн Ли']", "Text.");
    let record = [("articles/a.md", given.as_str()), ("articles/b.md", record.as_str())];
    let found = join(&record, &SiteConfig::default(), visibility());
    assert_eq!(found.diagnostics.len(), 1, "{:?}", found.diagnostics);
    let slugs: Vec<&str> = found.value.entities.iter().map(|entity| entity.slug.as_str()).collect();
    assert!(slugs.contains(&"ann-li") && slugs.iter().any(|slug| slug.starts_with("ann-li-")));
}

#[test]
fn ids_and_parents_of_records_are_checked() {
    let twice = [
        ("entities/a.toml", "id = 'x'\nname = 'A'\nkind = 'place'"),
        ("entities/b.toml", "id = 'x'\nname = 'B'\nkind = 'place'"),
        ("entities/c.toml", "id = 'x'\nname = 'C'\nkind = 'event'"),
    ];
    assert_eq!(reports(&twice), one(Code::RecordTwice, "entities/b.toml"));
    let topics = [
        ("topics/a.toml", "id = 'x'\nname = 'A'"),
        ("topics/b.md", "+++\nid = 'x'\nname = 'B'\n+++"),
    ];
    assert_eq!(reports(&topics), one(Code::RecordTwice, "topics/b.md"));
    let parents = [
        ("entities/a.toml", "name = 'A'\nkind = 'place'\nparent = 'b'"),
        ("entities/b.toml", "name = 'B'\nkind = 'place'"),
        ("entities/c.toml", "name = 'C'\nkind = 'place'\nparent = 'nowhere'"),
        ("topics/sea.toml", "parent = 'sea'"),
    ];
    let mut expected = one(Code::RecordParent, "entities/c.toml");
    expected.extend(one(Code::RecordParent, "topics/sea.toml"));
    let mut found = reports(&parents);
    found.sort();
    assert_eq!(found, expected);
    let site = site(&parents);
    let [a, b, _] = site.entities.as_slice() else { panic!("three entities") };
    assert_eq!(
        (a.parent, &b.children),
        (Some(EntityId::from_index(1)), &vec![EntityId::from_index(0)])
    );
}

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
    let first = &site.articles.as_slice()[0].topics;
    let expected = [0, 1].map(|id| TopicLink { topic: TopicId::from_index(id), rule: None });
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
    let link = TopicLink { topic: TopicId::from_index(0), rule: Some("topic.keyword") };
    assert_eq!(derived("It rained on mars."), [link]);
    assert_eq!(derived("It rained.\n\nThe martian Mars."), [link]);
    assert_eq!(derived(&md("title = 'Martian rain'", "It rained.")), [link]);
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
    let names: Vec<&str> = site.articles.as_slice()[0]
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
    let origin = |at: usize| site.articles.as_slice()[at].origin.clone().unwrap();
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

/// Files with entities, topics and sources that overlap in many ways.
pub(crate) fn many() -> Vec<(String, String)> {
    let people = ["Ann Lee", "Bo Ek", "Cy Moe", "ann lee", "Di Orr", "Ed Poe", "Flo Quay"];
    let mut files = vec![("topics/rain.toml".to_owned(), "name = 'Rain'".to_owned())];
    for n in 0..60 {
        let (a, b) = (people[n % 7], people[n * n % 5]);
        let front = format!(
            "date = 2020-01-{:02}\npeople = ['{a}', '{b}']\ntopics = ['Topic {}']\nsource = 'Post {}'",
            n % 28 + 1,
            n % 4,
            n % 3
        );
        let text = format!(
            "President Guy Roe met {a}. The Union of Lakes (UOL) met. {}",
            ["UOL came.", ""][n % 2]
        );
        files.push((format!("articles/{n}.md"), md(&front, &text)));
    }
    files
}

#[test]
fn the_result_does_not_depend_on_threads() {
    let files = many();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let found = pool.install(|| join(&files, &SiteConfig::default(), visibility()));
        format!("{found:?}")
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn lists_of_articles_agree_with_the_articles() {
    let files = many();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let site = site(&files);
    let having = |has: &dyn Fn(&Article) -> bool| -> Vec<ArticleId> {
        site.articles.pairs().filter(|(_, article)| has(article)).map(|(id, _)| id).collect()
    };
    for (id, entity) in site.entities.pairs() {
        let has = |article: &Article| article.entities.iter().any(|link| link.entity == id);
        assert_eq!(entity.articles, having(&has), "{}", entity.name);
    }
    for (id, topic) in site.topics.pairs() {
        let has = |article: &Article| article.topics.iter().any(|link| link.topic == id);
        assert_eq!(topic.articles, having(&has), "{}", topic.name);
    }
    for (id, source) in site.sources.pairs() {
        let has = |article: &Article| {
            article.origin.as_ref().and_then(|origin| origin.source) == Some(id)
        };
        assert_eq!(source.articles, having(&has), "{}", source.name);
    }
    assert!(site.entities.len() >= 8 && site.sources.len() == 3 && site.topics.len() == 5);
}
