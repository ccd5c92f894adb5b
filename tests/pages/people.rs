//! What people are called over time, and calendars that lead to days.

use crate::common;
use crate::common::Tree;
use crate::common::html::assert_links_arrive;
use crate::{between, page, site, twin, with};

/// Three articles that call one person two things.
fn minister() -> Tree {
    site(&[
        ("a", "date = 2024-04-06", "Foreign Minister Ada Moreau spoke in Oslo. It rained."),
        ("b", "date = 2024-05-01", "It rained. Later foreign minister Ada Moreau left Oslo."),
        ("c", "date = 2024-05-20", "Ada Moreau, a former foreign minister, came to Lagos."),
    ])
}

#[test]
fn roles_are_listed_by_their_first_report() {
    for theme in ["broadsheet", "wire"] {
        let tree = with(minister(), "site.toml", &format!("theme = \"{theme}\"\n"));
        let made = common::build_whole(&tree);
        let roles = twin(&made, "people/ada-moreau/index.json")["roles"].clone();
        let told = |at: usize| {
            let role = &roles[at];
            (
                role["name"].clone(),
                role["first"].clone(),
                role["last"].clone(),
                role["articles"].clone(),
            )
        };
        assert_eq!(
            told(0),
            ("Foreign Minister".into(), "2024-04-06".into(), "2024-05-01".into(), 2.into())
        );
        assert_eq!(
            told(1),
            ("former foreign minister".into(), "2024-05-20".into(), "2024-05-20".into(), 1.into())
        );
        assert_eq!(
            (&roles[1]["rule"], &roles[1]["status"]),
            (&"role.apposition".into(), &"suggested".into())
        );
        let html = page(&made, "people/ada-moreau/index.html");
        let shown = between(html, "id=\"roles\"", "</section>");
        for part in [
            "Foreign Minister",
            "articles/a/index.html#s1",
            "2024-05-01",
            "former foreign minister",
        ] {
            assert!(shown.contains(part), "{theme}: {part} in {shown}");
        }
        // Beside the name in the article, with the way to its sentence.
        let article = page(&made, "articles/b/index.html");
        assert!(article.contains("href=\"#s2\">foreign minister</a>"), "{theme}: {article}");
        let told = &twin(&made, "articles/b/index.json")["roles"][0];
        assert_eq!(
            (&told["text"], &told["entity"]),
            (&"foreign minister".into(), &"people/ada-moreau".into())
        );
        assert_links_arrive(&made, "");
    }
}

#[test]
fn roles_of_a_record_take_the_place_of_those_that_were_found() {
    let record = "name = \"Ada Moreau\"\nkind = \"person\"\n\
                  roles = [{ name = \"envoy\", from = 1999, until = \"2001-02\" }, \"senator\"]\n";
    for theme in ["broadsheet", "wire"] {
        let tree = with(minister(), "site.toml", &format!("theme = \"{theme}\"\n"));
        let made = common::build_whole(&with(tree, "content/entities/ada-moreau.toml", record));
        let html = page(&made, "people/ada-moreau/index.html");
        let shown = between(html, "id=\"roles\"", "</section>");
        for part in [
            "envoy",
            "<time datetime=\"1999\">1999</time>",
            "datetime=\"2001-02\">February 2001</time>",
            "senator",
        ] {
            assert!(shown.contains(part), "{theme}: {part} in {shown}");
        }
        assert!(!shown.contains("oreign") && !shown.contains("mark"), "{theme}: {shown}");
        let roles = &twin(&made, "people/ada-moreau/index.json")["roles"];
        assert_eq!(
            (&roles[0]["until"], &roles[1]["status"]),
            (&"2001-02".into(), &"confirmed".into())
        );
    }
    // None at all, said by a person.
    let record = "name = \"Ada Moreau\"\nkind = \"person\"\nroles = []\n";
    let made = common::build_whole(&with(minister(), "content/entities/ada-moreau.toml", record));
    assert!(!page(&made, "people/ada-moreau/index.html").contains("id=\"roles\""));
}

#[test]
fn each_day_of_a_calendar_leads_to_its_articles() {
    let days: Vec<(String, String)> = [3, 3, 14, 14, 14, 31]
        .iter()
        .enumerate()
        .map(|(at, day)| (format!("a{at}"), format!("date = 2024-05-{day:02}")))
        .collect();
    let articles: Vec<(&str, &str, &str)> = days
        .iter()
        .map(|(name, front)| (name.as_str(), front.as_str(), "It rained in Lagos."))
        .collect();
    for theme in ["broadsheet", "wire"] {
        let tree =
            with(site(&articles), "site.toml", &format!("theme = \"{theme}\"\npage_size = 2\n"));
        let made = common::build_whole(&tree);
        let month = page(&made, "archive/2024/05/index.html");
        let calendar = between(month, "<table class=\"heat days\">", "</table>");
        // 1 May 2024 was a Wednesday: two cells of the month before, two days after Friday the 31st.
        assert!(
            calendar.contains("<tbody>\n<tr><td></td><td></td><td class=\"l0\">1</td>"),
            "{calendar}"
        );
        assert!(
            calendar.contains("31 May 2024: 1 article</span></a></td><td></td><td></td></tr>"),
            "{calendar}"
        );
        for (day, part) in [
            // The third page is the newest; the 14th begins on the second.
            ("31", "<td class=\"l2\"><a href=\"#d-2024-05-31\">"),
            ("14", "<td class=\"l4\"><a href=\"#d-2024-05-14\">"),
            (
                "3",
                "<td class=\"l3\"><a href=\"../../../archive/2024/05/page/1/index.html#d-2024-05-03\">",
            ),
        ] {
            assert!(calendar.contains(part), "{theme}: {day}: {part} in {calendar}");
        }
        assert!(month.contains("id=\"d-2024-05-14\""), "{theme}");
        assert!(
            page(&made, "archive/2024/05/page/1/index.html").contains("id=\"d-2024-05-03\""),
            "{theme}"
        );
        let year = page(&made, "archive/2024/index.html");
        assert!(year.contains("/2024/05/page/1/index.html#d-2024-05-03\""), "{theme}: {year}");
        assert!(year.contains("/2024/05/index.html\">May 2024</a></caption>"), "{theme}");
        assert_links_arrive(&made, "");
    }
}

#[test]
fn a_week_begins_as_the_language_has_it() {
    for (language, first, cell) in [
        ("de", "Montag", "<td></td><td></td><td class"),
        ("fa", "شنبه", "<td></td><td></td><td></td><td></td><td class"),
    ] {
        let tree = site(&[("a", "date = 2024-05-03", "It rained in Lagos.")]);
        let made =
            common::build_whole(&with(tree, "site.toml", &format!("language = \"{language}\"\n")));
        let month = page(&made, "archive/2024/05/index.html");
        let calendar = between(month, "<table class=\"heat days\">", "</table>");
        let head = between(calendar, "<thead>", "</abbr>");
        assert!(head.contains(&format!("title=\"{first}\"")), "{head}");
        assert!(calendar.contains(&format!("<tr>{cell}")), "{calendar}");
    }
}
