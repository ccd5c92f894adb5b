//! What texts say and count, on pages of its own.

use crate::common;
use crate::common::Tree;
use crate::common::html::assert_links_arrive;
use crate::told::{FERRY, of};
use crate::{between, page, site, twin, with};

/// The pages that show what texts say and tell.
const OF_FACTS: [&str; 3] = ["quotes/", "figures/", "stories/"];

#[test]
fn pages_with_nothing_to_show_are_not_there_and_nothing_leads_to_them() {
    for theme in ["broadsheet", "wire"] {
        let tree = site(&[("calm", "date = 2024-05-06", "It rained in Lagos. Nobody minded.")]);
        let made = common::build_whole(&with(tree, "site.toml", &format!("theme = \"{theme}\"\n")));
        for folder in OF_FACTS {
            let found: Vec<&String> = made.keys().filter(|path| path.starts_with(folder)).collect();
            assert!(found.is_empty(), "{theme}: {found:?}");
        }
        assert_links_arrive(&made, "");
    }
}

#[test]
fn pages_of_facts_come_with_the_first_that_has_something_to_show() {
    let text = "At least 120 engineers were dismissed on Monday, said Ada Moreau.";
    let tree = site(&[("one", "date = 2024-05-06\npeople = [\"Ada Moreau\"]", text)]);
    for theme in ["broadsheet", "wire"] {
        let tree = with(tree.clone(), "site.toml", &format!("theme = \"{theme}\"\n"));
        let made = common::build_whole(&tree);
        assert_links_arrive(&made, "");
        let home = page(&made, "index.html");
        assert!(home.contains("href=\"figures/index.html\""), "{theme}: {home}");
        assert!(!home.contains("href=\"stories/index.html\""), "{theme}");
        // Nothing was counted twice, and still there is the figure with all that is known of it.
        let shown = page(&made, "figures/index.html");
        let table = between(shown, "<tbody>", "</tbody>");
        for part in ["120 engineers", "Ada Moreau", "articles/one/index.html#s1", "2024-05-06"] {
            assert!(table.contains(part), "{theme}: {part} in {table}");
        }
        assert!(!shown.contains("Counted more than once"), "{theme}");
        let figures = twin(&made, "figures/index.json");
        assert_eq!(figures["subjects"], serde_json::json!([]));
        assert_eq!(figures["latest"][0]["article"], "articles/one");
        assert_eq!(figures["latest"][0]["figure"]["value"], 120);
    }
}

#[test]
fn the_latest_figures_are_those_of_the_latest_articles_in_the_order_of_their_texts() {
    let text = "At least 11 engineers were dismissed. Later 12 pilots resigned. \
                The blast killed 13 sailors. Some 14 miners were arrested. The storm injured 15 nurses. \
                Another 16 farmers were evacuated. The raid killed 17 guards. Police arrested 18 drivers.";
    let names = ["a", "b", "c", "d"];
    let fronts: Vec<String> = (1..=4).map(|day| format!("date = 2024-05-{day:02}")).collect();
    let articles: Vec<(&str, &str, &str)> =
        names.into_iter().zip(&fronts).map(|(name, front)| (name, front.as_str(), text)).collect();
    let made = common::build_whole(&site(&articles));
    let count = twin(&made, "articles/a/index.json")["figures"].as_array().unwrap().len();
    assert!((6..=10).contains(&count), "the texts are too poor or too rich: {count}");
    let latest = twin(&made, "figures/index.json")["latest"].clone();
    let shown: Vec<(&str, f64)> = latest
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["article"].as_str().unwrap(), row["figure"]["value"].as_f64().unwrap()))
        .collect();
    assert_eq!(shown.len(), 20);
    assert!(shown.is_sorted_by(|a, b| a.0 > b.0 || a.0 == b.0 && a.1 < b.1), "{shown:?}");
    assert_eq!(shown[0], ("articles/d", 11.0));
    // What was counted in several articles leads to all figures about it, in the order of a page.
    let html = page(&made, "figures/index.html");
    let rows: Vec<&str> = between(html, "<tbody>", "</tbody>").split("<tr>").skip(1).collect();
    assert_eq!(rows.len(), 20);
    assert!(rows[0].contains("articles/d/"), "{}", rows[0]);
    let subject =
        "<a href=\"../figures/drivers-arrested/index.html\"><bdi>drivers arrested</bdi></a>";
    assert!(html.contains(subject), "{html}");
    assert_links_arrive(&made, "");
}

#[test]
fn the_number_beside_an_entry_of_an_index_is_explained_as_what_it_is() {
    let text = "“We saw 30 houses burn,” said Ada Moreau. At least 30 houses were destroyed.";
    let front = |day: u32| format!("date = 2024-05-{day:02}\npeople = [\"Ada Moreau\"]");
    let made = common::build_whole(&site(&[("a", &front(1), text), ("b", &front(2), text)]));
    let legend = |path: &str| {
        let (_, rest) = page(&made, path).rsplit_once("<p class=\"legend\">").unwrap();
        rest.split_once("</p>").unwrap().0.to_owned()
    };
    assert!(legend("people/index.html").ends_with("the number of its articles."));
    assert!(legend("quotes/index.html").ends_with("the number of its quotations."));
    assert!(legend("figures/index.html").ends_with("the number of figures about it."));
}

/// Returns the rows of a page of figures that are marked, by their figures.
fn marked(tree: &Tree) -> Vec<(String, bool)> {
    let made = common::build_whole(tree);
    let shown = page(&made, "figures/sailors-killed/index.html");
    let rows = between(shown, "<tbody>", "</tbody>").split("<tr>").skip(1);
    let row = |row: &str| {
        let cell = between(row, "<td class=\"number\"", "</td>");
        (between(cell, "data-value=\"", "\"").to_owned(), cell.contains("reports differ"))
    };
    rows.map(row).collect()
}

#[test]
fn figures_differ_when_reports_of_one_event_and_day_give_unlike_ones() {
    let report = |name: &str, day: u32, killed: u32| {
        let front = format!("title = \"Ferry sinks off Halden\"\ndate = 2024-05-{day:02}");
        let text = format!("{} Some {killed} sailors were killed.", FERRY[0].1);
        (name.to_owned(), front, text)
    };
    let values = |articles: &[(String, String, String)]| marked(&of(articles));
    let is = |value: &str, differs: bool| (value.to_owned(), differs);
    // The latest stands first.
    assert_eq!(values(&[report("a", 6, 12), report("b", 6, 14)]), [is("14", true), is("12", true)]);
    assert_eq!(
        values(&[report("a", 6, 12), report("b", 6, 12)]),
        [is("12", false), is("12", false)]
    );
    assert_eq!(
        values(&[report("a", 6, 12), report("b", 7, 14)]),
        [is("14", false), is("12", false)]
    );
    let mixed = [report("a", 6, 12), report("b", 6, 14), report("c", 7, 14)];
    assert_eq!(values(&mixed), [is("14", false), is("14", true), is("12", true)]);
    // Of two events of one day, each has its own figure.
    let other = (
        "c".to_owned(),
        "title = \"Council of Tromso passes budget for schools\"\ndate = 2024-05-06".to_owned(),
        "The council of Tromso passed a budget for schools after a debate of nine hours. Some 14 sailors were killed.".to_owned(),
    );
    let apart = [report("a", 6, 12), other];
    assert_eq!(values(&apart), [is("14", false), is("12", false)]);
    // One report that gives two figures contradicts nobody.
    let mut twice = report("a", 6, 12);
    twice.2 += " Some 13 sailors were killed.";
    let twice = [twice, report("b", 7, 14)];
    assert!(values(&twice).iter().all(|(_, differs)| !differs), "{:?}", values(&twice));
}
