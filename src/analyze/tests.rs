//! Tests of the whole stage.

use proptest::prelude::*;

use super::*;
use crate::config::{Recognize, SiteConfig};
use crate::parse::{Block, BlockKind};

/// Analyses a text with the recognizer that is built in.
fn analyzed(body: &Body, lexicon: &Lexicon, config: &SiteConfig) -> Analysis {
    analyze(body, lexicon, &Embedded, Missing::ALL, config).unwrap()
}

/// A body with one paragraph for each line.
fn body(text: &str) -> Body {
    let mut at = 0;
    let blocks = text.split('\n').map(|line| {
        let range = TextRange::of(at..at + line.len());
        at += line.len() + 1;
        Block { kind: BlockKind::Paragraph, text: range, section: 0 }
    });
    Body { blocks: blocks.collect(), text: text.to_owned(), ..Body::default() }
}

fn named(text: &str, config: &SiteConfig) -> Vec<String> {
    let found = analyzed(&body(text), &LexiconBuilder::default().build(), config);
    let kinds = ["person", "org", "place", "event", "work"];
    let line = |entity: LocalEntity| {
        let kind = kinds.get(entity.kind.index()).copied().unwrap_or("other");
        format!("{kind} {} x{} {}", entity.name, entity.mentions.len(), entity.aliases.join("/"))
            .trim_end()
            .to_owned()
    };
    found.entities.into_iter().map(line).collect()
}

#[test]
fn names_are_found_and_sorted_into_kinds() {
    let cases: &[(&str, &[&str])] = &[
        (
            "Since Monday, President Ronald Reagan has been in Reykjavik. He met no Soviet officials.",
            &["person Ronald Reagan x1", "place Reykjavik x1"],
        ),
        (
            "The International Telecommunication Union (ITU) sits in Geneva. The ITU was founded in 1865.",
            &["org International Telecommunication Union x3 ITU", "place Geneva x1"],
        ),
        (
            "Foreign Minister Hans-Dietrich Genscher spoke in Prague. Genscher's words were drowned by cheers.",
            &["person Hans-Dietrich Genscher x2 Genscher", "place Prague x1"],
        ),
        (
            "The Outer Space Treaty was signed in 1967 by the U.S. and the Soviet Union.",
            &["work Outer Space Treaty x1", "place United States x1 U.S.", "place Soviet Union x1"],
        ),
        (
            "The University of Oslo honoured Fridtjof Nansen, 61. Nansen thanked the students.",
            &["org University of Oslo x1", "person Fridtjof Nansen x2 Nansen"],
        ),
        (
            "John Kennedy and his brother Robert Kennedy agreed. Kennedy left.",
            // Nobody is guessed: the surname stays by itself.
            &["person John Kennedy x1", "person Robert Kennedy x1", "person Kennedy x1"],
        ),
        (
            "The crew, Charles \"Pete\" Conrad and Paul Weitz, followed. Conrad was glad.",
            &["person Charles \"Pete\" Conrad x2 Conrad", "person Paul Weitz x1"],
        ),
        (
            "It was late, Mary Smith told \"Peter\" and Ann Lee.",
            &["person Mary Smith x1", "person Peter x1", "person Ann Lee x1"],
        ),
        (
            "The Islamic Republic said on Saturday that the Strip and Muslim countries were not named.",
            &[],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(named(text, &SiteConfig::default()), *expected, "{text}");
    }
}

#[test]
fn a_rocket_is_not_the_planet_that_it_is_named_after() {
    let mut builder = LexiconBuilder::default();
    builder.add("Saturn", NameId(7), EntityKind::PLACE);
    let text = body("The Saturn V was a rocket. It never went into orbit around Saturn.");
    let found = analyzed(&text, &builder.build(), &SiteConfig::default());
    let counts = found.entities.iter().map(|one| (one.name.as_str(), one.mentions.len()));
    assert_eq!(counts.collect::<Vec<_>>(), [("Saturn V", 1), ("Saturn", 1)]);
}

#[test]
fn names_of_editors_come_first_and_rejected_ones_never() {
    let mut builder = LexiconBuilder::default();
    builder.add("United States", NameId(7), EntityKind::ORGANIZATION);
    builder.add("apollo guidance computer", NameId(8), EntityKind::WORK);
    let lexicon = builder.build();
    let text = body("The U.S. built the apollo guidance computer. Paris did not.");
    let mut config = SiteConfig::default();
    config.entities.reject = vec!["PARIS".to_owned()];
    let known = |config: &SiteConfig| -> Vec<_> {
        analyzed(&text, &lexicon, config)
            .entities
            .into_iter()
            .map(|entity| (entity.name, entity.known))
            .collect()
    };
    let computer = ("apollo guidance computer".to_owned(), Some(NameId(8)));
    assert_eq!(known(&config), [("United States".to_owned(), Some(NameId(7))), computer.clone()]);
    config.entities.recognize = Recognize::Given;
    assert_eq!(known(&config), [computer]);
    config.entities.recognize = Recognize::None;
    assert_eq!(known(&config), []);
}

#[test]
fn english_is_told_by_its_commonest_words_and_others_are_not() {
    let english = "The treaty of the two states was signed by their leaders in the autumn, and it came into force with the \
                   consent of both chambers, which had asked for changes to the text that the first draft did not have.";
    let dutch = "De Verenigde Naties was van plan of een verdrag te sluiten, en de staten of hun leiders waren het daar niet \
                 mee eens, was de mening van een woordvoerder die was aangekomen met zijn collega of de tolk.";
    let config = SiteConfig::default();
    for (text, expected) in [(english, "en"), (dutch, "nl")] {
        let found = analyzed(&body(text), &LexiconBuilder::default().build(), &config);
        assert_eq!(found.language.as_deref(), Some(expected));
    }
}

#[test]
fn who_said_it_is_a_person() {
    let text = body("\"We have a month\", said Jeva Doolan, who leads the talks.");
    let found = analyzed(&text, &LexiconBuilder::default().build(), &SiteConfig::default());
    let names: Vec<_> = found.entities.iter().map(|one| (one.name.as_str(), one.kind)).collect();
    assert_eq!(names, [("Jeva Doolan", EntityKind::PERSON)]);
}

#[test]
fn numbers_are_no_part_of_people() {
    let text = "Jane Okafor 3.2 came second. Ruth Weber 1.4 was last, and RM177mil was paid to Jane Okafor.";
    let found = named(text, &SiteConfig::default());
    assert_eq!(found, ["person Jane Okafor x2", "person Ruth Weber x1"]);
}

#[test]
fn places_in_capitals_are_places() {
    let text = body(
        "OTTAWA, Dec. 3 - Canada signed the convention.\nGENEVA hosted the talks, which Geneva paid for.",
    );
    let found = analyzed(&text, &LexiconBuilder::default().build(), &SiteConfig::default());
    let names: Vec<_> = found.entities.iter().map(|one| (one.name.as_str(), one.kind)).collect();
    let place = EntityKind::PLACE;
    assert_eq!(names, [("Ottawa", place), ("Canada", place), ("Geneva", place)]);
}

#[test]
fn headlines_end_where_a_clause_does() {
    for (text, expected) in [
        (
            "Zarvelt, India – The council of the town has voted for a second bridge.",
            "The council of the town has voted for a second bridge",
        ),
        (
            "KUALA LUMPUR: 25 July 2022: The port authority signed a lease with two shipping lines.",
            "The port authority signed a lease with two shipping lines",
        ),
        (
            "MOSCOW, April 12 - The Soviet Union launched a man into orbit for the first time on Wednesday while the \
             world listened to its radio sets.",
            "The Soviet Union launched a man into orbit for the first time on Wednesday",
        ),
        (
            "The treaty bans weapons in orbit, the ministry said.",
            "The treaty bans weapons in orbit",
        ),
        ("Rain fell.", "Rain fell"),
    ] {
        let found =
            analyzed(&body(text), &LexiconBuilder::default().build(), &SiteConfig::default());
        assert_eq!(found.headline.map(|found| found.value).as_deref(), Some(expected));
    }
}

#[test]
fn languages_get_their_two_letter_code() {
    for (text, expected) in [
        (
            "The spacecraft left the launch pad early in the morning and reached its orbit an hour later.",
            Some("en"),
        ),
        (
            "فضاپیما صبح زود سکوی پرتاب را ترک کرد و یک ساعت بعد به مدار خود رسید و پیام فرستاد.",
            Some("fa"),
        ),
        ("Too short.", None),
    ] {
        assert_eq!(
            analyzed(&body(text), &LexiconBuilder::default().build(), &SiteConfig::default())
                .language
                .as_deref(),
            expected
        );
    }
}

proptest! {
    #[test]
    fn mentions_lie_in_sentences(text in "(\\PC|[A-C][a-c]{1,4}[ .,'()-]|(Mr|Dr|Iran|the|of|Bank|John|U\\.S|NATO|said|\n|، )[ .]){0,60}") {
        let mut builder = LexiconBuilder::default();
        for (id, name) in (0..).zip(["Iran", "Bank of John", "U.S.", "of", "Aa"]) {
            builder.add(name, NameId(id), EntityKind::PLACE);
        }
        let config = SiteConfig::default();
        let found = analyzed(&body(&text), &builder.build(), &config);
        let mut mentions: Vec<LocalMention> = Vec::new();
        for entity in &found.entities {
            prop_assert!(!entity.mentions.is_empty() && entity.mentions.is_sorted());
            mentions.extend(&entity.mentions);
        }
        mentions.sort();
        prop_assert!(mentions.windows(2).all(|pair| !pair[0].range.overlaps(pair[1].range)));
        for mention in mentions {
            prop_assert!(text.get(mention.range.range()).is_some_and(|name| !name.is_empty()));
            prop_assert!(found.sentences[mention.sentence as usize].contains(mention.range));
        }
        for (value, limit) in [(found.headline, config.digest.title_length), (found.summary, config.digest.summary_length)] {
            prop_assert!(value.is_none_or(|found| found.value.chars().count() <= limit));
        }
    }
}

#[test]
fn roles_are_what_people_are_called() {
    let cases: &[(&str, &[&str])] = &[
        (
            "Soviet President Mikhail Gorbachev met U.S. Secretary of State James Baker in Geneva.",
            &["Soviet President > Mikhail Gorbachev", "U.S. Secretary of State > James Baker"],
        ),
        (
            "Bill Nelson, the administrator of NASA, spoke. The president of the conference, Luc Hoffmann, agreed.",
            &["administrator of NASA > Bill Nelson", "president of the conference > Luc Hoffmann"],
        ),
        (
            "Claude Nicollier, a Swiss astronaut of ESA who flew four times, retired. Lothar de Maizière, the last prime \
             minister of East Germany, signed.",
            &[
                "Swiss astronaut of ESA > Claude Nicollier",
                "last prime minister of East Germany > Lothar de Maizière",
            ],
        ),
        // Once for each person, whatever the case.
        (
            "Former President Jimmy Carter came. Later former president Jimmy Carter left.",
            &["Former President > Jimmy Carter"],
        ),
        // What somebody is to others, how people are addressed, and the next one of a list.
        ("Mr. James Baker came with his wife Susan Baker and Dr. Karl Weber.", &[]),
        (
            "James Baker, the retired astronaut Mark Kelly, and others came.",
            &["retired astronaut > Mark Kelly"],
        ),
        (
            "NASA grew under President John Kennedy. The flight director Gene Kranz met UNFCCC chief Anna Berg.",
            &[
                "President > John Kennedy",
                "flight director > Gene Kranz",
                "UNFCCC chief > Anna Berg",
            ],
        ),
        ("In Moscow President Richard Nixon signed.", &["President > Richard Nixon"]),
        ("Anna Berg, the first woman to serve as launch director, spoke.", &[]),
    ];
    for (text, expected) in cases {
        let found =
            analyzed(&body(text), &LexiconBuilder::default().build(), &SiteConfig::default());
        let line = |role: &LocalRole| format!("{} > {}", role.name, role.person.slice(text));
        assert_eq!(found.roles.iter().map(line).collect::<Vec<_>>(), *expected, "{text}");
    }
}

proptest! {
    #[test]
    fn roles_lie_inside_their_sentence(text in "(president|The|of|,|\\.|Ann Lee|U\\.S\\.|'s|NASA|minister|é| |\n){0,40}") {
        let found = analyzed(&body(&text), &LexiconBuilder::default().build(), &SiteConfig::default());
        for role in &found.roles {
            let sentence = found.sentences[role.sentence as usize];
            prop_assert!(sentence.contains(role.range) && sentence.contains(role.person));
            prop_assert!(text.get(role.range.range()).is_some_and(|words| !words.is_empty()));
        }
    }
}
