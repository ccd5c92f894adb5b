//! What is counted, and what is not.

use super::super::Document;
use super::*;

/// Returns each figure as value, unit and what happened.
fn told(text: &str) -> Vec<String> {
    let mut document = Document::new(text, Document::paragraphs(text));
    document.recognize(&crate::analyze::Embedded, Some("en")).expect("built in");
    let quotes = document.quotes();
    let line = |one: &Figure| {
        let what = one.what.map_or("-", |what| what.slice(text));
        format!("{} {} {what}", one.value, one.unit.as_deref().unwrap_or("-"))
    };
    document.figures(&quotes).iter().map(line).collect()
}

#[test]
fn money_has_many_spellings() {
    for (text, expected) in [
        ("The gold was worth ₹70 lakhs.", "7000000 INR -"),
        ("They signed a $175-million agreement.", "175000000 USD signed"),
        ("The fine is QR 250,000 for each.", "250000 QAR -"),
        ("It will cost 187 billion baht.", "187000000000 THB -"),
        ("They spent $5m on the road.", "5000000 USD spent"),
        ("The budget is 92,2 million euros.", "92200000 EUR -"),
        ("It costs Rs 1,50,000 a year.", "150000 rupees a year"),
        ("It costs 40,000 pesos.", "40000 pesos -"),
    ] {
        assert_eq!(told(text), [expected], "{text}");
    }
}

#[test]
fn numbers_of_a_list_count_the_same() {
    for (text, expected) in [
        (
            "The wards hold 28, 59 and 84 patients.",
            &["28 patients -", "59 patients -", "84 patients -"][..],
        ),
        (
            "They were jailed for 8, 9, and 12 years.",
            &["8 years jailed", "9 years jailed", "12 years jailed"],
        ),
        // Two lists, and years.
        ("The wards of 28 and 84 patients are full.", &["84 patients -"]),
        ("In 2003, 2004 and 2005 ships were few; it rained.", &[]),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn both_ends_of_a_range_are_figures() {
    for (text, expected) in [
        ("Each ward holds 18 to 25 patients.", ["18 patients -", "25 patients -"]),
        ("Prices will grow by 40-70 percent.", ["40 % -", "70 % -"]),
        ("It costs between 2 and 2.2 billion dollars.", ["2000000000 USD -", "2200000000 USD -"]),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn percentages_say_of_what() {
    assert_eq!(told("Some 45 percent of young voters stayed at home."), ["45 % of young voters"]);
    assert_eq!(told("Exports fell by 21,6% in May."), ["21.6 % fell"]);
}

#[test]
fn rates_say_what_they_are_reckoned_by() {
    assert_eq!(told("It flew at 10.3 kilometers a second."), ["10.3 kilometers a second"]);
    assert_eq!(told("Oil rose to $75 a barrel."), ["75 USD rose"]);
    assert_eq!(told("They pay 30 euros per head, a week before."), ["30 EUR per head"]);
    assert_eq!(told("It weighed 300 kilograms a day before."), ["300 kilograms -"]);
}

#[test]
fn numbers_that_count_nothing_are_no_figures() {
    for text in [
        "Law No. (10) of 2021 regarding measures was passed.",
        "All but eight of Nunavut's 25 towns' roads are closed.",
        "There are two factors and three types.",
        "He read Article 5 and took flight 370 at 10 a.m. on 3 May.",
    ] {
        assert_eq!(told(text), Vec::<String>::new(), "{text}");
    }
    // A number may be a part of a name.
    let named = "In Moscow, Apollo 11 astronauts met Ann Lee.";
    assert_eq!(told(named), Vec::<String>::new());
    // What is waiting to be done has not happened.
    assert_eq!(told("Goods worth $100 wait to be seized."), ["100 USD -"]);
}
