//! Tests of the whole stage.

use super::*;
use crate::ids::Id;
use crate::resolve::tests::{many, md, site};

const ALL: Wanted = Wanted { together: true, often: true, stories: true, ledger: true };

/// Makes a site of articles in this order: people, topics, text.
fn site_of(articles: &[(&[&str], &[&str], &str)]) -> Site {
    let file = |(n, (people, topics, text)): (usize, &(&[&str], &[&str], &str))| {
        let front = format!("people = {people:?}\ntopics = {topics:?}");
        let date = format!("date = 20{:02}-01-01", n % 20);
        (format!("articles/{n:03}.md"), format!("+++\n{date}\n{front}\n+++\n\nIt rained. {text}\n"))
    };
    let files: Vec<(String, String)> = articles.iter().enumerate().map(file).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    site(&files)
}

fn related(site: &Site, article: usize) -> Vec<(usize, Vec<String>)> {
    let relations = relate(site, &SiteConfig::default(), ALL);
    let name = |shared: &Shared| match *shared {
        Shared::Entity(id) => site.entities[id].name.clone(),
        Shared::Topic(id) => site.topics[id].name.clone(),
    };
    relations.related[ArticleId::from_index(article)]
        .iter()
        .map(|related| (related.article.index(), related.shared.iter().map(name).collect()))
        .collect()
}

#[test]
fn older_articles_with_the_rarest_common_names_are_related() {
    let site = site_of(&[
        (&["Ann Lee", "Bo Ek", "Cy Moe"], &["Sea"], ""),
        (&["Ann Lee", "Bo Ek"], &[], ""),
        (&["Di Orr"], &["Sea"], ""),
        (&["Ann Lee", "Cy Moe", "Di Orr"], &["Sea"], ""),
        (&["Ann Lee"], &["Rain"], ""),
        (&["Ann Lee", "Bo Ek", "Cy Moe"], &["Sea"], ""),
    ]);
    // Topics weigh half: Sea, in four articles, is as much as Ann Lee, in five.
    // Ann Lee is in five of six articles: not enough alone.
    assert_eq!(related(&site, 4), []);
    assert_eq!(related(&site, 0), []);
    let lists = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        related(&site, 5),
        [
            (0, lists(&["Bo Ek", "Cy Moe", "Ann Lee"])),
            (3, lists(&["Cy Moe", "Ann Lee", "Sea"])),
            (1, lists(&["Bo Ek", "Ann Lee"])),
        ]
    );
}

#[test]
fn of_equals_the_newer_ones_are_kept_up_to_the_setting() {
    let same: (&[&str], &[&str], &str) = (&["Ann Lee", "Bo Ek"], &[], "");
    let site = site_of(&[same; 9]);
    let found: Vec<usize> = related(&site, 7).into_iter().map(|(article, _)| article).collect();
    assert_eq!(found, [6, 5, 4, 3, 2]);
    let mut config = SiteConfig::default();
    config.digest.related = 0;
    assert!(relate(&site, &config, ALL).related.iter().all(Vec::is_empty));
    assert_eq!(relate(&site, &config, ALL).related.len(), 9);
}

#[test]
fn a_name_in_passing_counts_less() {
    let about = |name: &'static [&'static str]| (name, [].as_slice(), "");
    let (lee, ek): (&[&str], &[&str]) = (&["Ann Lee"], &["Bo Ek"]);
    let last = (ek, [].as_slice(), "Ann Lee came.");
    let found = |articles: &[(&[&str], &[&str], &str)]| -> Vec<usize> {
        related(&site_of(articles), 3).into_iter().map(|(article, _)| article).collect()
    };
    let other = about(&["Cy Moe"]);
    assert_eq!(found(&[about(&["Ann Lee"]), about(&["Bo Ek"]), other, last]), [1, 0]);
    assert_eq!(found(&[about(&["Bo Ek"]), about(&["Ann Lee"]), other, last]), [0, 1]);
    // The older article's side counts as well.
    let newest = (lee, [].as_slice(), "");
    let passing = (ek, [].as_slice(), "Ann Lee came.");
    assert_eq!(found(&[about(&["Ann Lee"]), passing, other, newest]), [0, 1]);
    assert_eq!(found(&[passing, about(&["Ann Lee"]), other, newest]), [1, 0]);
    assert_eq!(found(&[about(&["Ann Lee"]), about(&["Ann Lee"]), other, newest]), [1, 0]);
    // What both name in passing is not enough, however rare.
    assert!(found(&[other, passing, other, (&["Di Orr"], &[], "Ann Lee came.")]).is_empty());
}

#[test]
fn companions_share_two_articles_unless_there_are_few() {
    let site = site_of(&[
        (&["Ann Lee", "Bo Ek"], &["Sea"], ""),
        (&["Ann Lee", "Bo Ek"], &["Sea"], ""),
        (&["Ann Lee", "Cy Moe"], &["Sea", "Rain"], ""),
    ]);
    let relations = relate(&site, &SiteConfig::default(), ALL);
    let names = |companions: &[Companion]| -> Vec<(String, u32)> {
        companions.iter().map(|c| (site.entities[c.entity].name.clone(), c.articles)).collect()
    };
    let together: Vec<_> = relations.together.iter().map(|list| names(list)).collect();
    let one = |name: &str, count| vec![(name.to_owned(), count)];
    assert_eq!(together, [one("Bo Ek", 2), one("Ann Lee", 2), one("Ann Lee", 1)]);
    let often: Vec<_> = relations.often.iter().map(|list| names(list)).collect();
    let both = |a: &str, n, b: &str, m| [one(a, n), one(b, m)].concat();
    assert_eq!(often, [both("Ann Lee", 1, "Cy Moe", 1), both("Ann Lee", 3, "Bo Ek", 2)]);
}

#[test]
fn the_result_is_the_same_for_any_number_of_threads() {
    let files = many();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let site = site(&files);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| format!("{:?}", relate(&site, &SiteConfig::default(), ALL)))
    };
    assert_eq!(with(1), with(4));
    let relations = relate(&site, &SiteConfig::default(), ALL);
    let mut any = 0;
    for (id, list) in relations.related.pairs() {
        any += list.len();
        assert!(list.iter().all(|related| related.article < id && !related.shared.is_empty()));
    }
    assert!(any > 100);
}

#[test]
fn a_new_article_changes_nothing_for_old_ones() {
    let files = many();
    let lists = |files: &[(String, String)]| {
        let files: Vec<(&str, &str)> =
            files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
        let site = site(&files);
        site.articles.ids().take(60).map(|id| related(&site, id.index())).collect::<Vec<_>>()
    };
    let mut more = files.clone();
    let news = "+++\ndate = 2021-01-01\npeople = ['Ann Lee', 'Bo Ek']\ntopics = ['Topic 1', 'Rain']\n+++\n\nIt rained.";
    more.extend((0..9).map(|n| (format!("articles/new-{n}.md"), news.to_owned())));
    let before = lists(&files);
    assert!(before.iter().any(|list| !list.is_empty()));
    assert_eq!(before, lists(&more));
}

/// Returns the first article of each article's story.
fn stories_of(articles: &[(&str, &str, &str)]) -> Vec<usize> {
    let file = |(n, (date, title, text)): (usize, &(&str, &str, &str))| {
        let front = format!("+++\ndate = {date}\ntitle = \"{title}\"\n+++\n\n{text}\n");
        (format!("articles/{n:03}.md"), front)
    };
    let files: Vec<(String, String)> = articles.iter().enumerate().map(file).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let relations = relate(&site(&files), &SiteConfig::default(), ALL);
    let first = |told: &Option<Told>| told.map_or(usize::MAX, |told| told.first.index());
    relations.stories.iter().map(first).collect()
}

const FERRY: &str =
    "A ferry with forty people on board sank in the bay of Halden on Monday, the coast guard said.";
const DIVERS: &str =
    "Divers reached the wreck of the ferry in the bay of Halden on Tuesday, the coast guard said.";
const BUDGET: &str =
    "The council of Tromso passed a budget for schools on Tuesday after a debate of nine hours.";

const SHIP: &str = "The coast guard buys a ship of nine million crowns for the whole northern coast, a minister said \
                    in Halden, where its yard is to close and others are to follow in the spring.";

#[test]
fn reports_of_one_event_are_a_story_until_it_is_over() {
    let ferry = ("2014-05-06", "Ferry sinks off Halden", FERRY);
    let budget = ("2014-05-07", "Tromso passes budget for schools", BUDGET);
    let divers = ("2014-05-08", "Divers reach sunken ferry off Halden", DIVERS);
    let soon = ("2014-05-09", "Coast guard buys ship", SHIP);
    assert_eq!(stories_of(&[ferry, budget, divers, soon]), [0, 1, 0, 0]);
    let late = ("2014-08-09", "Coast guard buys ship", SHIP);
    // Far more alike: the story goes on.
    let raised = ("2014-09-01", "Ferry that sank off Halden is raised", FERRY);
    assert_eq!(stories_of(&[ferry, budget, divers, late, raised]), [0, 1, 0, 3, 0]);
}

#[test]
fn a_story_lists_its_earlier_reports() {
    let files = many();
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let site = site(&files);
    let relations = relate(&site, &SiteConfig::default(), ALL);
    for id in site.articles.ids() {
        let earlier: Vec<ArticleId> = relations.earlier(id, 3).collect();
        assert!(earlier.len() <= 3 && earlier.iter().all(|other| *other < id));
        let first = |id: ArticleId| relations.stories[id].map(|told| told.first);
        assert!(earlier.iter().all(|other| first(*other) == first(id)));
    }
    let off = Wanted { stories: false, ..ALL };
    let relations = relate(&site, &SiteConfig::default(), off);
    assert!(relations.stories.iter().all(Option::is_none));
}

#[test]
fn a_text_that_comes_again_is_told() {
    let long = format!("{FERRY} {BUDGET} {SHIP} {DIVERS}");
    let again = format!("{long} This report was shortened.");
    let file = |day: u32, text: &str| {
        md(&format!("date = 2014-05-{day:02}\ntitle = 'Ferry sinks off Halden'"), text)
    };
    let files = [file(6, &long), file(7, FERRY), file(8, &again)];
    let names = ["articles/a.md", "articles/b.md", "articles/c.md"];
    let refs: Vec<(&str, &str)> = names.into_iter().zip(files.iter().map(String::as_str)).collect();
    let relations = relate(&site(&refs), &SiteConfig::default(), ALL);
    let copies: Vec<Option<usize>> =
        relations.stories.iter().map(|told| told.unwrap().copy_of.map(Id::index)).collect();
    assert_eq!(copies, [None, None, Some(0)]);
}
