//! Each rule by an example, and what it must not join.
use super::*;

fn groups(names: &[(&str, NameClass)]) -> Vec<Vec<String>> {
    let forms: Vec<Form<'_>> =
        names.iter().map(|(text, class)| Form::new(text, Some(*class), Naming::Name)).collect();
    join(&forms)
        .into_iter()
        .map(|one| one.forms.iter().map(|at| names[*at].0.to_owned()).collect())
        .collect()
}

fn count(names: &[&str], class: NameClass) -> usize {
    groups(&names.iter().map(|name| (*name, class)).collect::<Vec<_>>()).len()
}

#[test]
fn people_go_by_short_names() {
    use NameClass::Person;
    assert_eq!(count(&["Arcade Joseph Comeaux Jr", "Comeaux"], Person), 1);
    assert_eq!(count(&["Maurice Cheeks", "Mo Cheeks", "Cheeks"], Person), 1);
    assert_eq!(count(&["W. Clinton", "William Clinton"], Person), 1);
    assert_eq!(count(&["Kristen Walkins", "Kristin Walkins"], Person), 1);
}

#[test]
fn people_who_share_a_surname_stay_two() {
    use NameClass::Person;
    assert_eq!(count(&["Bill Clinton", "Hillary Clinton"], Person), 2);
    assert_eq!(count(&["Bill Clinton", "Hillary Clinton", "Clinton"], Person), 3);
    assert_eq!(count(&["Daniel Walkins", "Danielle Walkins"], Person), 2);
    assert_eq!(count(&["J. Smith", "John Smith", "James Smith"], Person), 3);
}

#[test]
fn organizations_are_named_by_their_beginning() {
    use NameClass::Organization;
    assert_eq!(count(&["Morningside Recovery", "Morningside"], Organization), 1);
    let found = groups(&[
        ("Promises Treatment Center", Organization),
        // A single word is easily taken for a place.
        ("Promises", NameClass::Place),
    ]);
    assert_eq!(found.len(), 1);
    assert_eq!(count(&["Council for the Welfare of Immigrants", "Immigrants"], Organization), 2);
    assert_eq!(count(&["New People's Party", "NPP"], Organization), 1);
}

#[test]
fn companies_go_without_their_legal_form() {
    use NameClass::Organization;
    assert_eq!(count(&["Home Depot", "The Home Depot Inc."], Organization), 1);
    assert_eq!(count(&["Home Depot", "The Home Depot Inc.", "Home Depot Supply"], Organization), 2);
}

#[test]
fn articles_count_in_initials_and_accounts_are_read_in_words() {
    use NameClass::Organization;
    assert_eq!(count(&["Hollywood Reporter", "THR"], Organization), 1);
    assert_eq!(count(&["Academy", "TheAcademy", "@TheAcademy"], Organization), 1);
}

#[test]
fn what_names_are_abbreviated_by_is_seen_through() {
    use NameClass::{Person, Place, Work};
    assert_eq!(count(&["Main Street", "Main St."], Place), 1);
    assert_eq!(count(&["St. John", "Saint John"], Place), 1);
    assert_eq!(count(&["Northeast Philadelphia", "NE Philadelphia"], Place), 1);
    assert_eq!(count(&["INS Sukanya", "Sukanya"], Work), 1);
    assert_eq!(count(&["Kimani (Kiki) Gray", "Kimani Gray"], Person), 1);
    assert_eq!(count(&["Zaha Hadid DBE RA", "Zaha Hadid"], Person), 1);
}

#[test]
fn surnames_that_were_taken_for_something_else_are_surnames() {
    let class = |text, class, naming| Form::new(text, class, naming);
    let sizes = |forms: &[Form<'_>]| -> Vec<usize> {
        join(forms).iter().map(|one| one.forms.len()).collect()
    };
    let group = [
        class("Lindsay Lohan", Some(NameClass::Person), Naming::Name),
        class("Lohan", Some(NameClass::Group), Naming::Name),
    ];
    assert_eq!(sizes(&group), [2]);
    let common = [
        class("Bettie Page", Some(NameClass::Work), Naming::Name),
        class("Page", None, Naming::Words),
    ];
    assert_eq!(sizes(&common), [2]);
}

#[test]
fn words_are_joined_with_their_equals_only() {
    let form = |text, naming| Form::new(text, None, naming);
    let forms = [
        form("Court", Naming::Words),
        form("the Court", Naming::Words),
        form("Supreme Court", Naming::Name),
    ];
    let sizes: Vec<usize> = join(&forms).iter().map(|one| one.forms.len()).collect();
    assert_eq!(sizes, [2, 1]);
    for name in ["People", "People Magazine"] {
        let magazine = [form(name, Naming::Name), form("PEOPLE", Naming::Words)];
        assert_eq!(join(&magazine).len(), 1, "{name}");
    }
}

#[test]
fn pronouns_go_with_whom_they_stand_for() {
    let form = |text, defined, naming| Form {
        defined,
        ..Form::new(text, Some(NameClass::Person), naming)
    };
    let forms = [
        form("Tony Blair", None, Naming::Name),
        form("George Bush", None, Naming::Name),
        form("He", Some(0), Naming::Pronoun),
        form("He", Some(1), Naming::Pronoun),
    ];
    let found: Vec<Vec<usize>> = join(&forms).into_iter().map(|one| one.forms).collect();
    assert_eq!(found, [vec![0, 2], vec![1, 3]]);
}

#[test]
fn texts_with_nothing_in_common_must_spell_alike() {
    let form = |text| Form::new(text, Some(NameClass::Person), Naming::Name);
    let forms = [form("Marc Jones"), form("Mark Jones"), form("Mark Jones")];
    assert_eq!(join(&forms).len(), 1);
    assert_eq!(join_distant(&forms).len(), 2);
}

#[test]
fn a_place_is_not_the_longer_name_that_it_begins() {
    let found = groups(&[
        ("Nunavut", NameClass::Place),
        ("Nunavut Tunngavik", NameClass::Person),
        ("Tunngavik", NameClass::Person),
    ]);
    assert_eq!(found, [vec!["Nunavut"], vec!["Nunavut Tunngavik", "Tunngavik"]]);
}

#[test]
fn an_agency_in_brackets_is_no_name_of_the_town() {
    let names = ["Geneva", "Reuters", "Democratic Republic of Congo", "DRC"];
    let classes =
        [NameClass::Place, NameClass::Organization, NameClass::Place, NameClass::Organization];
    let form = |(at, (text, class)): (usize, (&'static str, NameClass))| Form {
        defined: (at % 2 == 1).then(|| at - 1),
        ..Form::new(text, Some(class), Naming::Name)
    };
    let forms: Vec<Form<'_>> = names.into_iter().zip(classes).enumerate().map(form).collect();
    let found: Vec<Vec<usize>> = join(&forms).into_iter().map(|one| one.forms).collect();
    assert_eq!(found, [vec![0], vec![1], vec![2, 3]]);
}
