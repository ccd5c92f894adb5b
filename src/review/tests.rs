//! Decisions without any article.

use std::fmt::Write as _;

use super::edit::append;
use super::*;
use crate::config::EntityKind;
use crate::diag::Warned;
use crate::files::SitePath;
use crate::load::{EntityRecord, FactName, Reviewed, read_decisions};

/// Reads decisions that are written as `action name key=value ...`, with `_` for spaces.
fn decisions(lines: &[&str]) -> Vec<Decision> {
    let mut text = String::new();
    for line in lines {
        let mut words = line.split(' ');
        let (action, name) = (words.next().unwrap(), words.next().unwrap());
        writeln!(text, "[[decision]]\naction = \"{action}\"\nname = \"{name}\"").unwrap();
        for word in words {
            let (key, value) = word.split_once('=').unwrap();
            writeln!(text, "{key} = \"{value}\"").unwrap();
        }
    }
    let Warned { value, diagnostics } =
        read_decisions(&text.replace('_', " "), &SiteConfig::default());
    assert_eq!(diagnostics, []);
    value
}

fn record(name: &str, aliases: &[&str]) -> EntityRecord {
    EntityRecord {
        path: SitePath::parse("content/entities/x.toml").unwrap(),
        id: name.to_lowercase(),
        name: name.to_owned(),
        kind: EntityKind::PLACE,
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        description: None,
        parent: None,
        wikidata: None,
        wikipedia: None,
        website: None,
        roles: None,
        body: String::new(),
        reviewed: None,
    }
}

/// Returns each record as `id kind name/alias/...`, and what is rejected as `- name`.
fn folded(records: Vec<EntityRecord>, lines: &[&str]) -> Vec<String> {
    let config = SiteConfig::default();
    let folded = fold(records, &decisions(lines), &config);
    let kinds = &config.entities.kinds;
    let one = |record: &EntityRecord| {
        let names: Vec<&str> =
            std::iter::once(&record.name).chain(&record.aliases).map(String::as_str).collect();
        format!("{} {} {}", record.id, kinds.id(record.kind), names.join("/"))
    };
    let reports = folded.reports.iter().map(|report| format!("{}", report.code));
    let rejected = folded.rejected.iter().map(|name| format!("- {name}"));
    folded.records.iter().map(one).chain(rejected).chain(reports).collect()
}

#[test]
fn each_action_does_what_it_says() {
    for (lines, expected) in [
        (&["accept Ann_Lee kind=person"][..], &["ann-lee person Ann Lee"][..]),
        (&["reject Ann_Lee"], &["- Ann Lee"]),
        (&["merge A._Lee into=Ann_Lee kind=person"], &["ann-lee person Ann Lee/A. Lee"]),
        (&["rename Ann_Lee to=Ann_Poe kind=person"], &["ann-poe person Ann Poe/Ann Lee"]),
        (&["kind Oslo kind=place"], &["oslo place Oslo"]),
        (&["split Ann_Lee form=Lee kind=person"], &["lee person Lee"]),
        // No record says what it is.
        (&["accept Oslo"], &["E0412"]),
    ] {
        assert_eq!(folded(Vec::new(), lines), expected, "{lines:?}");
    }
}

#[test]
fn the_later_of_two_decisions_holds() {
    for (lines, expected) in [
        (&["reject Ann", "accept ANN kind=person"][..], &["ann person ANN"][..]),
        (&["reject Ann", "accept Ann kind=person"], &["ann person Ann"]),
        (&["accept Ann kind=person", "reject ann"], &["- ann"]),
        (&["accept Ann kind=person", "accept Ann kind=place"], &["ann place Ann"]),
        (
            &["merge B into=A kind=person", "merge B into=C kind=person"],
            &["a person A", "c person C/B"],
        ),
        (
            &["merge B into=A kind=person", "split A form=B kind=place"],
            &["a person A", "b place B"],
        ),
        (&["merge B into=A kind=person", "reject A"], &["- A", "- B"]),
        (&["merge B into=A kind=person", "reject B"], &["a person A", "- B"]),
        (&["merge B into=A kind=person", "merge A into=C kind=person"], &["c person C/A/B"]),
        (&["rename A to=B kind=person", "rename B to=A kind=person"], &["a person A/B"]),
        (&["accept B kind=person", "rename A to=B kind=place"], &["b place B/A"]),
        (&["reject B", "merge B into=A kind=person"], &["a person A/B"]),
    ] {
        assert_eq!(folded(Vec::new(), lines), expected, "{lines:?}");
    }
}

#[test]
fn what_was_rejected_together_comes_back_together() {
    let text =
        "[[decision]]\naction = \"reject\"\nname = \"Ann Lee\"\nforms = [\"Lee\", \"Annie\"]\n";
    let config = SiteConfig::default();
    let mut all = read_decisions(text, &config).value;
    assert_eq!(fold(Vec::new(), &all, &config).rejected, ["Ann Lee", "Annie", "Lee"]);
    all.extend(decisions(&["accept Ann_Lee kind=person"]));
    assert_eq!(fold(Vec::new(), &all, &config).rejected, [""; 0]);
}

#[test]
fn a_record_with_a_file_keeps_its_place_and_gains_what_was_decided() {
    for (lines, expected) in [
        (&["accept Oslo"][..], &["oslo place Oslo/Christiania"][..]),
        (&["accept Oslo kind=event"], &["oslo place Oslo/Christiania"]),
        (&["merge Kristiania into=Oslo"], &["oslo place Oslo/Christiania/Kristiania"]),
        (&["merge Kristiania into=christiania"], &["oslo place Oslo/Christiania/Kristiania"]),
        (&["rename Oslo to=Oslo_City"], &["oslo place Oslo City/Christiania/Oslo"]),
        (&["kind Oslo kind=event"], &["oslo event Oslo/Christiania"]),
        (&["split Oslo form=Christiania"], &["oslo place Oslo", "christiania place Christiania"]),
        (&["reject Christiania"], &["oslo place Oslo", "- Christiania"]),
        (&["reject Oslo"], &["oslo place Oslo/Christiania", "- Oslo"]),
        // The file's record takes the place of one that decisions made.
        (
            &["accept Big_City kind=place", "merge Oslo into=Big_City"],
            &["oslo place Big City/Christiania/Oslo"],
        ),
    ] {
        assert_eq!(folded(vec![record("Oslo", &["Christiania"])], lines), expected, "{lines:?}");
    }
}

#[test]
fn two_files_are_not_joined() {
    let records = vec![record("Lyon", &[]), record("Lyons", &[])];
    let expected = ["lyon place Lyon", "lyons place Lyons", "N0413"];
    assert_eq!(folded(records, &["merge Lyons into=Lyon"]), expected);
}

#[test]
fn ids_are_unique_within_a_kind() {
    let lines = ["accept C kind=place", "accept C++ kind=place", "accept C# kind=work"];
    let expected = ["c place X", "c-2 place C", "c-3 place C++", "c work C#"];
    let mut with_id = record("X", &[]);
    with_id.id = "c".to_owned();
    assert_eq!(folded(vec![with_id], &lines), expected);
}

#[test]
fn the_last_word_on_a_topic_of_an_article_holds() {
    let text = |action: &str, topic: &str| {
        format!(
            "[[decision]]\naction = \"{action}\"\ntopic = \"{topic}\"\narticle = \"content/articles/a.md\"\n"
        )
    };
    let text = text("accept-topic", "Water")
        + &text("reject-topic", "Rail")
        + &text("reject-topic", "WATER");
    let all = choices(&read_decisions(&text, &SiteConfig::default()).value);
    let words: Vec<(&str, bool)> =
        all.values().flatten().map(|choice| (choice.topic.as_str(), choice.holds)).collect();
    assert_eq!(words, [("Rail", false), ("WATER", false)]);
}

#[test]
fn the_last_word_on_a_quotation_or_figure_holds() {
    let text = "\
[[decision]]\naction = \"accept-quote\"\nquote = \"“No,”\"\narticle = \"content/articles/a.md\"\nspeaker = \"Ann\"\n\
[[decision]]\naction = \"reject-figure\"\nfigure = \"two days\"\nsentence = \"It took two days.\"\narticle = \"content/articles/a.md\"\n\
[[decision]]\naction = \"reject-quote\"\nquote = '''“No,”'''\narticle = \"content/articles/a.md\"\nby = \"Bo\"\n";
    let Warned { value, diagnostics } = read_decisions(text, &SiteConfig::default());
    assert_eq!(diagnostics, []);
    let all = fact_choices(&value);
    let words: Vec<(FactKind, bool, Option<&str>)> = all
        .values()
        .flatten()
        .map(|choice| (choice.key.kind, choice.holds, choice.reviewed.by.as_deref()))
        .collect();
    assert_eq!(words, [(FactKind::Figure, false, None), (FactKind::Quote, false, Some("Bo"))]);
}

#[test]
fn decisions_about_facts_are_taken_back_by_their_ids() {
    let config = SiteConfig::default();
    let fact = |kind, words: &str, sentence: Option<&str>| FactName {
        kind,
        article: SitePath::parse("content/articles/a.md").unwrap(),
        words: words.to_owned(),
        sentence: sentence.map(str::to_owned),
    };
    let quote = fact(FactKind::Quote, "“No,”", None);
    let figure = fact(FactKind::Figure, "two days", Some("It took two days."));
    let role = fact(FactKind::Role, "Mayor Ann Lee", Some("Mayor Ann Lee left."));
    let actions = [
        Action::AcceptFact { fact: quote.clone(), speaker: Some("Ann".to_owned()) },
        Action::RejectFact { fact: figure.clone() },
        Action::RejectFact { fact: role.clone() },
        Action::AcceptFact { fact: role.clone(), speaker: None },
    ];
    let who = Reviewed { by: None, on: None };
    let text = super::record("", &actions, &who, &config).unwrap();
    let read: Vec<Action> =
        read_decisions(&text, &config).value.into_iter().map(|one| one.action).collect();
    assert_eq!(read, actions);
    let (rest, undone) = undo(&text, Some(&quote.id()[..12])).unwrap().unwrap();
    assert_eq!((undone.action.as_str(), undone.names[0].as_str()), ("accept-quote", "“No,”"));
    let (rest, undone) = undo(&rest, Some(&role.id())).unwrap().unwrap();
    assert_eq!(
        (undone.action.as_str(), undone.names[0].as_str()),
        ("accept-role", "Mayor Ann Lee")
    );
    let (rest, undone) = undo(&rest, Some(&role.id())).unwrap().unwrap();
    assert_eq!(undone.action, "reject-role");
    let (rest, _) = undo(&rest, Some(&figure.id())).unwrap().unwrap();
    assert_eq!(rest, "");
    assert_eq!(undo(&text, Some("quote:0000")).unwrap(), None);
}

const WRITTEN: &str = "\
# Decisions of the desk.

[[decision]] # first
action = 'accept'   # by phone
name    = \"Ann Lee\"
kind = \"person\"

# About the place.
[[decision]]
name = \"Oslo\"
action = \"reject\"
# The end.
";

#[test]
fn comments_and_layout_stay() {
    let kinds = &SiteConfig::default().entities.kinds;
    let added = decisions(&["merge A._Lee into=Ann_Lee"]);
    let text = append(WRITTEN, &added, kinds).unwrap();
    let new = "\n[[decision]]\naction = \"merge\"\nname = \"A. Lee\"\ninto = \"Ann Lee\"\n";
    assert_eq!(text, format!("{WRITTEN}{new}"));
    let (back, undone) = undo(&text, None).unwrap().unwrap();
    assert_eq!(back, WRITTEN);
    assert_eq!((undone.action.as_str(), undone.names.len()), ("merge", 2));
    let (back, _) = undo(WRITTEN, Some("ann lee")).unwrap().unwrap();
    assert_eq!(
        back,
        "# Decisions of the desk.\n\n# About the place.\n[[decision]]\nname = \"Oslo\"\naction = \"reject\"\n# The end.\n"
    );
    let (back, _) = undo(WRITTEN, None).unwrap().unwrap();
    assert!(back.ends_with("kind = \"person\"\n\n# About the place.\n# The end.\n"), "{back}");
    assert_eq!(undo(WRITTEN, Some("Nobody")).unwrap(), None);
    assert_eq!(undo("", None).unwrap(), None);
}

#[test]
fn a_decision_is_written_down_with_who_decided_and_when() {
    let config = SiteConfig::default();
    let who = Reviewed { by: Some("Ann".to_owned()), on: Some(jiff::civil::date(2024, 5, 6)) };
    let action = Action::Accept { name: "Oslo".to_owned(), kind: Some(EntityKind::PLACE) };
    let text = super::record("# Mine.\n", &[action], &who, &config).unwrap();
    assert_eq!(
        text,
        "# Mine.\n\n[[decision]]\naction = \"accept\"\nname = \"Oslo\"\nkind = \"place\"\non = 2024-05-06\nby = \"Ann\"\n"
    );
    // What a build would refuse must not be buried under more.
    assert!(super::record("[[decision]]\naction = \"acept\"\n", &[], &who, &config).is_err());
}

#[test]
fn a_list_in_brackets_grows_too() {
    let kinds = &SiteConfig::default().entities.kinds;
    let added = decisions(&["reject A"]);
    for text in ["", "decision = []\n", "decision = [{ action = \"reject\", name = \"B\" }]\n"] {
        let grown = append(text, &added, kinds).unwrap();
        let Warned { value, diagnostics } = read_decisions(&grown, &SiteConfig::default());
        assert_eq!(diagnostics, [], "{grown}");
        assert_eq!(value.last().map(|one| &one.action), Some(&added[0].action), "{grown}");
    }
    assert!(append("decision = 1\n", &added, kinds).is_err());
    assert!(append("decision = \n", &added, kinds).is_err());
}

mod properties {
    use proptest::prelude::*;

    use super::super::edit::append;
    use super::super::*;
    use crate::load::read_decisions;

    proptest! {
        #[test]
        fn any_name_is_read_as_it_was_written(name in "\\PC{1,40}", form in "\\PC{1,20}") {
            let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (name, form) = (line(&name), line(&form));
            prop_assume!(!name.is_empty() && !form.is_empty());
            prop_assume!(crate::text::strip_controls(&name) == name && crate::text::strip_controls(&form) == form);
            let config = SiteConfig::default();
            let action = Action::Split { name, form, kind: None };
            let new = Decision { action: action.clone(), on: None, by: None, place: None };
            let text = append("", &[new], &config.entities.kinds).unwrap();
            let read = read_decisions(&text, &config);
            prop_assert_eq!(read.diagnostics, []);
            prop_assert_eq!(&read.value[0].action, &action);
            prop_assert_eq!(undo(&text, None).unwrap().unwrap().0, "");
        }
    }
}
