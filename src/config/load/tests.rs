use super::*;
use crate::config::{EntityKind, PublishPlace};

fn parse(text: &str) -> Result<SiteConfig, Vec<Diagnostic>> {
    SiteConfig::parse(text, &SitePath::parse("site.toml").unwrap()).map(|warned| warned.value)
}

/// Returns code, line, column of each problem.
fn places(text: &str) -> Vec<(&'static str, u32, u32)> {
    let place = |problem: &Diagnostic| {
        let span = problem.place.as_ref().unwrap().span.as_ref().unwrap();
        (problem.code.as_str(), span.line, span.column)
    };
    parse(text).unwrap_err().iter().map(place).collect()
}

#[test]
fn an_empty_file_gives_the_defaults() {
    let config = parse("\u{feff}").unwrap();
    assert_eq!(
        (config.title.as_str(), config.page_size, config.feeds.limit),
        ("Pressmark", 20, 20)
    );
    assert_eq!(config.security.max_file_size, 8 * 1024 * 1024);
    assert!(config.data && config.base_url.is_none() && config.publish.is_empty());
}

#[test]
fn every_setting_is_read() {
    let config = parse(include_str!("full.toml")).unwrap();
    assert_eq!(config.base_url.unwrap().to_string(), "https://example.org/news/");
    assert_eq!(config.time_zone.to_fixed_offset().unwrap().seconds(), 12_600);
    assert_eq!(config.publisher.as_deref(), Some("The Press"));
    assert_eq!(config.entities.kinds.by_plural("vessels").map(EntityKind::index), Some(5));
    assert_eq!((config.rights, config.review.gate), (Rights::LinkOnly, ReviewGate::Block));
    let folder = PublishPlace::Folder { path: "/srv/www".to_owned(), keep: 3 };
    assert_eq!(config.publish["web"].place, folder);
    assert_eq!(serde_json::Value::from(config.extra).to_string(), r#"{"z":1,"a":[1.5,true]}"#);
    assert!(!config.data && !config.feeds.topics && config.slug_mode == SlugMode::Unicode);
}

#[test]
fn all_problems_are_reported_at_once_in_their_places() {
    let text = "titel = 'x'\npage_size = 'ten'\ntime_zone = 'Mars/Base'\n[feeds]\nlimit = 0\ntopcs = true\n";
    let expected =
        [("E0102", 1, 1), ("E0103", 2, 13), ("E0104", 3, 13), ("E0104", 5, 9), ("E0102", 6, 1)];
    assert_eq!(places(text), expected);
}

#[test]
fn unknown_keys_name_the_nearest_known_one() {
    let problems = parse("titel = 'x'\n[feeds]\ntopcs = true\n[wether]\n").unwrap_err();
    let help: Vec<_> = problems.iter().map(|problem| problem.help.as_deref().unwrap()).collect();
    let own = "settings of your own belong in `[extra]`";
    assert_eq!(help, ["did you mean `title`?", "did you mean `topics`?", own]);
}

#[test]
fn a_syntax_error_is_the_only_problem() {
    assert_eq!(places("a = 1\nb = = 2\n").len(), 1);
}

#[test]
fn numbers_keep_to_their_ranges() {
    for (table, key, least, most) in [
        ("", "page_size", 1, 1000),
        ("[feeds]", "limit", 1, 1000),
        ("[topics]", "on_home", 0, 100),
        ("[entities]", "on_home", 0, 100),
        ("[entities]", "min_length", 1, 100),
        ("[digest]", "summary_length", 80, 2000),
        ("[digest]", "title_length", 30, 200),
        ("[digest]", "related", 0, 50),
        ("[digest]", "stories", 0, 50),
        ("[security]", "max_file_size", 1024, 1 << 30),
    ] {
        let ok = |n: i64| parse(&format!("{table}\n{key} = {n}")).is_ok();
        assert!(ok(least) && ok(most), "{key}");
        assert!(!ok(least - 1) && !ok(most + 1), "{key}");
    }
}

#[test]
fn bad_values_are_refused() {
    for bad in [
        "base_url = 'ftp://x'",
        "title = ' '",
        "language = 'english!'",
        "time_zone = 'EST5EDT,M3.2.0,M11.1.0'",
        "theme = '../x'",
        "output_dir = '../x'",
        "output_dir = 'content/out'",
        "output_dir = '/srv'",
        "article_url = '{year}/{month}'",
        "article_url = '{title}'",
        "article_url = '../{slug}'",
        "article_url = '{slug'",
        "slug.mode = 'latin'",
        "security.html = 'trust'",
        "digest.model = 'a.onnx'",
        "digest.tokenizer = 'a.json'",
        "[digest]\nmodel = '../a.onnx'\ntokenizer = 'a.json'",
        "[digest]\nmodel = 'a.onnx'\ntokenizer = '/a.json'",
        "[digest]\nmodel = 3\ntokenizer = 'a.json'",
        "[digest]\nmodel = 'a.onnx'\ntokenizer = 'a.json'\ncommand = ['x']",
        "rights.default = 'none'",
        "publisher = 3",
        "publisher.nme = 'x'",
        "links.skip_prefixes = ['a', 2]",
        "entities.kinds.person = 'persons'",
        "entities.kinds.ship = 3",
        "publish.web.to = 'x'",
        "publish.web = 'x'",
        "feeds = 3",
    ] {
        assert_eq!(places(bad).len(), 1, "{bad}");
    }
}

#[test]
fn a_model_is_two_files_of_the_site() {
    let config = parse("[digest]\nmodel = './models/a.onnx'\ntokenizer = 'models/t.json'\n");
    let model = config.unwrap().digest.model.unwrap();
    let paths = (model.network.as_str(), model.tokenizer.as_str());
    assert_eq!(paths, ("models/a.onnx", "models/t.json"));
}
