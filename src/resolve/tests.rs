//! Tests of the whole stage, from files to the site.

mod grouped;
mod named;

use jiff::Timestamp;

use super::*;
use crate::diag::{Code, Diagnostic};
use crate::files::{MemFiles, SitePath};
use crate::ids::Id;
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
    let mut skipped = Vec::new();
    let mut shown = |file: &SourceFile| {
        let hidden = visible(&file.front, &file.name, visibility, config).err();
        skipped.extend(hidden.map(|reason| Skipped { path: file.path.clone(), reason }));
        hidden.is_none()
    };
    let articles: Vec<SourceFile> = set.articles.into_iter().filter(&mut shown).collect();
    let given: Vec<_> = articles.iter().map(|file| file.front.entities.as_slice()).collect();
    let names = Names::new(&set.entities, &given, config);
    let lexicon = names.lexicon(&set.topics, config);
    let mut diagnostics = Vec::new();
    let mut readings = Vec::new();
    for file in articles {
        let draft = parse::parse(&file, config).value;
        let analysis = analyze::analyze(
            &draft.body,
            &lexicon,
            &analyze::Embedded,
            analyze::Missing::ALL,
            config,
        )
        .unwrap();
        readings.push(read(file, draft, analysis, config).drain_into(&mut diagnostics));
    }
    let with_draft = |file| {
        let draft = parse::parse(&file, config).value;
        (file, draft)
    };
    let pages = set.pages.into_iter().filter(&mut shown).map(with_draft).collect();
    let (topics, entities) = (set.topics, set.entities);
    let gathered = Gathered { readings, pages, skipped, topics, entities, ..Gathered::default() };
    let joined = resolve(gathered, &names, config);
    diagnostics.extend(joined.diagnostics);
    Warned { value: joined.value, diagnostics }
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

pub(crate) fn md(front: &str, text: &str) -> String {
    format!("+++\n{front}\n+++\n\n{text}\n")
}

/// Returns the only article of a site with this one file.
fn article(path: &str, text: &str) -> Article {
    let site = site(&[(&format!("articles/{path}"), text)]);
    site.articles.iter().next().unwrap().clone()
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
        ("a.md", md("path = '2019/05/06/rain'", line), "2019-05-06", Some("date.path")),
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
