//! Who and what articles name, and their records.

use super::*;

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
    let links = &site.articles.iter().nth(1).unwrap().entities;
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
    assert_eq!(site.entities.iter().next().unwrap().kind, EntityKind::PERSON);
    let kinds = [(EntityKind::PLACE, 1), (EntityKind::PERSON, 2), (EntityKind::EVENT, 2)];
    assert_eq!(forms::most_voted(kinds), EntityKind::PERSON);
}

#[test]
fn texts_that_are_clear_about_a_name_go_before_mentions_that_are_guessed() {
    let list = "He joined Bergheim, Kalvik and Tormunde.";
    let train = "The town of Kalvik lies in the north of Norway, and roads in Kalvik were closed.";
    let kind = |files: &[(&str, &str)]| {
        let site = site(files);
        site.entities.iter().find(|entity| entity.name == "Kalvik").map(|entity| entity.kind)
    };
    let lists = [("articles/a.md", list), ("articles/b.md", list), ("articles/c.md", list)];
    assert_eq!(kind(&lists), Some(EntityKind::PERSON));
    let [a, b, c] = lists;
    assert_eq!(kind(&[a, b, c, ("articles/d.md", train)]), Some(EntityKind::PLACE));
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
    let [a, b, _] = site.entities.iter().collect::<Vec<_>>()[..] else { panic!("three entities") };
    assert_eq!(
        (a.parent, &b.children),
        (Some(EntityId::from_index(1)), &vec![EntityId::from_index(0)])
    );
}

#[test]
fn the_name_is_the_most_frequent_spelling() {
    let found = |texts: &[&str]| {
        let files: Vec<(String, &str)> = (0..)
            .zip(texts)
            .map(|(n, text): (u32, _)| (format!("articles/{n}.md"), *text))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), *t)).collect();
        entities(&site(&files))
    };
    assert_eq!(
        found(&["President Jose Roe spoke.", "President José Roe came, and José Roe left."]),
        ["person/jose-roe José Roe? [Jose Roe:1] in 0,1 x3"]
    );
    assert_eq!(
        found(&["KYOTO, March 3, 2020 - It rained, they said.", "He flew to Kyoto."]),
        ["place/kyoto Kyoto? [KYOTO:1] in 0,1 x2"]
    );
}

#[test]
fn spellings_in_one_article_become_one_link_in_order() {
    let text = "The Al-Noor Bank fell. The Al Noor Bank rose. The Al-Noor Bank fell again.";
    let site = site(&[("articles/a.md", text)]);
    let [link] = site.articles.iter().next().unwrap().entities.as_slice() else {
        panic!("one entity")
    };
    let starts: Vec<u32> = link.mentions.iter().map(|mention| mention.range.start).collect();
    assert_eq!(starts, [4, 27, 50]);
}

#[test]
fn a_surname_alone_is_the_one_person_who_has_it_and_stays_open_where_two_do() {
    let full = md(
        "date = 2020-01-01\ntopics = ['x']",
        "Tomas Quillfeather met Anna Hollis and Peter Hollis in Oslo.",
    );
    let alone = md(
        "date = 2020-01-02\ntopics = ['x']",
        "Mr. Quillfeather said so. Mr. Hollis said nothing.",
    );
    let site = site(&[("articles/a.md", full.as_str()), ("articles/b.md", alone.as_str())]);
    let of = |name: &str| site.entities.iter().find(|one| one.name == name);
    let surname = of("Tomas Quillfeather").unwrap();
    assert_eq!(surname.articles.len(), 2);
    assert!(of("Quillfeather").is_none() && surname.candidates.is_empty());
    let open = of("Hollis").unwrap();
    let whom: Vec<&str> =
        open.candidates.iter().map(|id| site.entities[*id].name.as_str()).collect();
    assert_eq!((open.articles.len(), whom), (1, vec!["Anna Hollis", "Peter Hollis"]));
}
