//! What texts say: the digest of rows, as other programs use it.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

#[expect(dead_code, unreachable_pub, reason = "the targets call the rest")]
#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use fuzz::assert_digest;
use pressmark::digest::{Digest, Options, Row, digest};
use proptest::prelude::*;

const ALONE: Options = Options { across: false, summary_ratio: None };
const ACROSS: Options = Options { across: true, summary_ratio: None };

fn row(id: &str, text: &str) -> Row {
    Row { id: id.to_owned(), text: text.to_owned(), ..Row::default() }
}

fn alone(text: &str) -> Digest {
    digest(&[row("a", text)], ALONE).pop().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_has_a_sound_digest(text in "(?s)[ \\n\"“”$%.,A-Za-zéß東تہ0-9'’()-]{0,300}|.{0,60}") {
        let rows = [row("a", &text), row("b", &text)];
        for options in [ALONE, ACROSS, Options { summary_ratio: Some(0.4), ..ALONE }] {
            for one in digest(&rows, options) {
                assert_digest(&one, &text);
            }
        }
    }
}

/// Names of a text with types in brackets, as in `training`.
fn marked(paragraph: &str) -> (String, Vec<(usize, usize, String)>) {
    let (mut text, mut names, mut rest) = (String::new(), Vec::new(), paragraph);
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (inner, behind) = after.split_once(']').unwrap();
        let (kind, name) = inner.split_once(' ').unwrap();
        let start = text.chars().count();
        text.push_str(name);
        names.push((start, text.chars().count(), kind.to_owned()));
        rest = behind;
    }
    text.push_str(rest);
    (text, names)
}

/// A floor under what `docs/quality.md` reports of large sets: if it is passed, something broke.
#[test]
fn names_of_the_world_s_papers_are_found() {
    let (mut there, mut found, mut right) = (0, 0, 0);
    for paragraph in include_str!("quality/names.txt").split("\n\n") {
        let (text, mut names) = marked(paragraph.trim());
        names.retain(|(.., kind)| matches!(kind.as_str(), "PER" | "ORG" | "LOC"));
        let one = alone(&text);
        assert_digest(&one, &text);
        there += names.len();
        for entity in &one.entities {
            let kind = match entity.kind {
                "person" => "PER",
                "organization" => "ORG",
                "place" => "LOC",
                _ => continue,
            };
            for [start, end] in &entity.mentions {
                found += 1;
                right += usize::from(names.contains(&(*start, *end, kind.to_owned())));
            }
        }
    }
    let f1 = 200 * right / (there + found);
    assert!(f1 >= 80, "F1 {f1} %: {right} right of {found} found and {there} there");
}

#[test]
fn forms_of_one_name_are_one() {
    let one = alone(
        "The International Atomic Energy Agency (IAEA) sent Rafael Montes Ortega to Vienna. Montes said the IAEA had time. \
         Ortega's report is due in May.",
    );
    let of = |name: &str| one.entities.iter().find(|entity| entity.name == name).unwrap();
    assert_eq!(of("International Atomic Energy Agency").aliases, ["IAEA"]);
    assert_eq!(of("Rafael Montes Ortega").mentions.len(), 3, "{:?}", one.entities);
}

#[test]
fn towns_and_peoples_tell_the_country() {
    let one = alone(
        "JEDDAH: Officials in Jeddah met the governor on Monday. Jeddah is a port, and Saudi officials want more ships there. \
         The day after that, when the storm was over, they flew to Kenya.",
    );
    let short: Vec<(&str, bool, String)> = one
        .countries
        .iter()
        .map(|country| (country.name, country.named, country.from.join(" ")))
        .collect();
    assert_eq!(short, [("Saudi Arabia", false, "Jeddah Saudi".to_owned())]);
    let one = alone("Officials in Kenya met the governor on Monday.");
    assert!(one.countries[0].named, "{:?}", one.countries);
}

#[test]
fn figures_keep_hedge_unit_and_what_happened() {
    let one = alone(
        "The quake killed at least 36,379 people and cost $2.4 billion, the ministry said. Some 12.5 percent of homes were \
         destroyed on 3 May 2021, and twenty-one villagers are missing.",
    );
    let short: Vec<(f64, &str, Option<&str>)> = one
        .figures
        .iter()
        .map(|figure| {
            (figure.value, figure.unit.as_deref().unwrap_or_default(), figure.what.as_deref())
        })
        .collect();
    assert_eq!(
        short,
        [
            (36_379.0, "people", Some("killed")),
            (2_400_000_000.0, "USD", None),
            (12.5, "%", Some("destroyed")),
            (21.0, "villagers", Some("missing")),
        ]
    );
}

#[test]
fn figures_say_who_counted_and_as_of_when() {
    let one = alone(
        "Rescuers found 12 bodies on Sunday. Health Minister Amina Rahal said that at least 36,379 had died by Monday. The \
         state lost $3 million in 2019.",
    );
    let told: Vec<String> = one
        .figures
        .iter()
        .map(|one| {
            let told = [&one.unit, &one.what, &one.by, &one.as_of];
            let told = told.map(|part| part.as_deref().unwrap_or("-"));
            format!("{} {}", one.value, told.join(" / "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "12 bodies / - / - / Sunday",
            "36379 - / died / Amina Rahal / Monday",
            "3000000 USD / lost / - / 2019",
        ]
    );
    let one = alone(
        "The storm killed at least 36,379 farmers, mostly old men, and wounded 82,407 people. They released 105 of the captives.",
    );
    let told: Vec<(f64, Option<&str>)> =
        one.figures.iter().map(|one| (one.value, one.what.as_deref())).collect();
    assert_eq!(
        told,
        [(36_379.0, Some("killed")), (82_407.0, Some("wounded")), (105.0, Some("released"))]
    );
    // More digits than a number has.
    assert!(alone(&format!("They sold {} ships.", "9".repeat(400))).figures.is_empty());
}

#[test]
fn rows_with_topics_teach_those_without_and_alike_ones_are_a_story() {
    let teach = |id: &str, text: &str, topic: &str| Row {
        topics: Some(vec![topic.to_owned()]),
        ..row(id, text)
    };
    let rows = [
        teach("1", "The bank raised its interest rate as inflation and prices rose.", "Economy"),
        teach("2", "The striker scored twice and the team won the cup final.", "Sport"),
        teach("3", "Shares fell after the central bank warned of inflation.", "Economy"),
        teach(
            "4",
            "The coach praised his team after a goal in the last minute of the match.",
            "Sport",
        ),
        row("5", "Inflation slowed, and the bank left its interest rate alone."),
        row("6", "A late goal won the match, and the team is in the final."),
        row(
            "7",
            "A tram derailed in Croydon on Wednesday, killing seven passengers; its driver was arrested.",
        ),
        row(
            "8",
            "Police arrested the driver of the tram that derailed in Croydon and killed seven passengers.",
        ),
    ];
    let all = digest(&rows, ACROSS);
    assert!(all.iter().map(|one| one.id.as_str()).eq(rows.iter().map(|row| row.id.as_str())));
    assert_eq!(all[4].topics[0].label, "Economy");
    assert!(
        all[4].topics[0].evidence.iter().any(|word| word.starts_with("inflation")),
        "{:?}",
        all[4].topics
    );
    assert_eq!(all[5].topics[0].label, "Sport");
    assert_eq!(all[6].story, all[7].story);
    assert_ne!(all[6].story, all[0].story);
    assert!(alone("A tram derailed.").story.is_none());
}

#[test]
fn menus_and_disclaimers_are_set_apart() {
    let menu = "Home\nNews\nSport\nWeather\nVideo\nMore\nSign in\nShare\nLatest\nTrending\n";
    let text = "The river rose by two metres overnight, and the people of the lower town were told to leave their houses before noon.";
    let page = format!("{menu}{text}\n{text}\n{text}\nRelated\nContact us\nTerms of use\nCookies");
    let one = alone(&page);
    let apart: usize = one.boilerplate.iter().map(|range| range.end - range.start).sum();
    let kept = page.chars().count() - apart;
    assert!(kept >= 3 * text.len() && kept < 3 * text.len() + 20, "{kept} of {}", page.len());
    let plain = alone(
        "The river rose.\n\nThe town was warned.\n\nThe views expressed here are the author's own.",
    );
    assert_eq!(plain.boilerplate.len(), 1);
}

#[test]
fn across_texts_an_abbreviation_is_its_name_and_a_surname_is_its_only_bearer() {
    let rows = [
        row(
            "1",
            "The Organization of Southern Fisheries (OSF) met in Lima. Amalia Quispe Rojas spoke for the OSF.",
        ),
        row("2", "The OSF was founded in Lima. Rojas led it for years, Rojas said on Monday."),
        row("3", "Peter Hollis went to Lima. Anna Hollis stayed, Anna Hollis told reporters."),
        row("4", "Mr. Hollis said nothing in Lima."),
    ];
    let all = digest(&rows, ACROSS);
    let id = |at: usize, name: &str| {
        let of = |one: &&pressmark::digest::Entity| {
            one.name == name || one.aliases.iter().any(|alias| alias == name)
        };
        all[at].entities.iter().find(of).map(|one| one.id.clone())
    };
    assert!(id(0, "OSF").is_some() && id(0, "OSF") == id(1, "OSF"), "{:?}", all[1].entities);
    assert_eq!(id(0, "Amalia Quispe Rojas"), id(1, "Rojas"));
    let hollis = id(3, "Hollis").unwrap();
    assert!(
        [id(2, "Peter Hollis"), id(2, "Anna Hollis")]
            .iter()
            .all(|other| other.as_ref() != Some(&hollis))
    );
    assert!((1..4).all(|at| id(at, "Lima") == id(0, "Lima")));
}

#[test]
fn a_collection_without_topics_has_those_that_its_texts_share() {
    let about = |place: &str| {
        format!(
            "Cholera has reached {place}. The cholera wards of {place} are full, and cholera spreads by water."
        )
    };
    let mut rows: Vec<Row> =
        ["Beira", "Lusaka", "Goma"].map(|place| row(place, &about(place))).into();
    rows.extend(
        ["Oslo", "Turku", "Riga"].map(|place| row(place, &format!("It rained in {place}."))),
    );
    let topics: Vec<Vec<String>> = digest(&rows, ACROSS)
        .into_iter()
        .map(|one| one.topics.into_iter().map(|topic| topic.id).collect())
        .collect();
    assert!(topics[..3].iter().all(|ids| ids == &["cholera"]), "{topics:?}");
    assert!(topics[3..].iter().all(Vec::is_empty), "{topics:?}");
}

#[test]
fn a_copied_page_gives_no_names_to_the_article() {
    let menu =
        ["Home", "World", "Business", "Sport", "Weather", "Sign in", "Newsletters", "About us"];
    let story = "The council of Halden voted on Tuesday to close the old bridge over the river for a year, \
                 because the two pillars in the middle of it have moved by more than a hand's breadth.\n\n\
                 Mayor Karin Nilsen said that the town would pay for a ferry until the new bridge is open.";
    let others = "Watch: Oscar Pettersen on tour\n\nRead more: Lima prepares for the match\n\nShare this story\n\nTags\n\nHalden\n\nMost read";
    let text = format!("{}\n\n{story}\n\n{others}", menu.join("\n\n"));
    let one = alone(&text);
    let names: Vec<&str> = one.entities.iter().map(|entity| entity.name.as_str()).collect();
    assert!(names.contains(&"Karin Nilsen") && names.contains(&"Halden"), "{names:?}");
    assert!(
        !names.iter().any(|name| name.contains("Pettersen") || name.contains("Lima")),
        "{names:?}"
    );
}

#[test]
fn a_list_is_no_page() {
    let rows: Vec<String> = (1..20).map(|at| format!("Karin Nilsen (Norway) {at}.25")).collect();
    let one = alone(&rows.join("\n\n"));
    assert!(one.boilerplate.is_empty());
    assert!(!one.entities.is_empty());
}

#[test]
fn leads_of_agencies_make_titles_and_lines() {
    let one = alone(
        "MANILA (Reuters) - A ferry sank in the bay on Monday and forty people were saved. Divers look for others.",
    );
    assert!(one.line.as_deref().unwrap().starts_with("A ferry sank in the bay"), "{one:?}");
    assert!(one.summary[0].text.starts_with("A ferry sank"), "{:?}", one.summary);
    assert_eq!(one.summary[0].start, 19);
    let one = alone("As per Law No. (10) of 2021, each ship must carry a second pilot in the bay.");
    assert!(one.line.as_deref().unwrap().contains("second pilot"), "{one:?}");
    let one =
        alone("Coast News, 26 June - In Manila a ferry sank on Monday with forty people on board.");
    assert!(one.line.as_deref().unwrap().starts_with("In Manila"), "{one:?}");
}

#[test]
fn neighbours_of_a_name_are_no_part_of_it() {
    let one = alone(
        "AMMAN (AFP) - ILO Cynthia Samuel met the mayor in Amman on Monday. The harbour costs US$5 billion, Samuel said.",
    );
    let names: Vec<&str> = one.entities.iter().map(|entity| entity.name.as_str()).collect();
    assert!(names.contains(&"Cynthia Samuel") && names.contains(&"Amman"), "{names:?}");
    assert!(!names.contains(&"US") && !names.contains(&"AMMAN"), "{names:?}");
    let amman = one.entities.iter().find(|entity| entity.name == "Amman").unwrap();
    assert!(!amman.aliases.iter().any(|alias| alias == "AFP"), "{amman:?}");
}

#[test]
fn mentions_of_a_row_may_be_in_any_order_and_those_that_are_no_places_are_passed_over() {
    let mut row = row("a", "Ana Ferreira left.");
    row.mentions = Some(vec![[13, 17], [0, 12], [3, 3], [0, 12], [12, 4], [18, 30], [40, 50]]);
    let one = digest(&[row], ALONE).pop().unwrap();
    assert_digest(&one, "Ana Ferreira left.");
    let mut places: Vec<[usize; 2]> =
        one.entities.iter().flat_map(|entity| entity.mentions.clone()).collect();
    places.sort_unstable();
    assert_eq!(places, [[0, 12], [13, 17]]);
}

#[test]
fn mentions_of_one_entity_come_in_the_order_of_the_text() {
    let text = "Ana Ferreira left. Ana Ferreira came.";
    let mut row = row("a", text);
    row.mentions = Some(vec![[19, 31], [0, 12]]);
    let one = digest(&[row], ALONE).pop().unwrap();
    assert_eq!(one.entities[0].mentions, [[0, 12], [19, 31]]);
}

#[test]
fn a_country_is_not_the_one_that_its_name_ends_with() {
    let one = alone(
        "China said it opposes missile launches by the Democratic People's Republic of Korea (DPRK) on Friday. \
         The DPRK fired a missile over Japan.",
    );
    let names: Vec<&str> = one.entities.iter().map(|entity| entity.name.as_str()).collect();
    assert!(names.contains(&"Democratic People's Republic of Korea"), "{names:?}");
    let korea = one.entities.iter().find(|entity| entity.name.contains("Korea")).unwrap();
    assert_eq!((korea.kind, &korea.aliases[..]), ("place", &["DPRK".to_owned()][..]));
    // Where the last words stand alone, the letters are not theirs.
    let one = alone("The launch by the Republic of Korea (DPRX) was seen from Japan.");
    let korea = one.entities.iter().find(|entity| entity.name.contains("Korea")).unwrap();
    assert!(korea.aliases.is_empty(), "{korea:?}");
}
