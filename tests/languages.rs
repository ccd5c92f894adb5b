//! What is found in texts of many languages. All texts were written for these tests.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use pressmark::digest::{Digest, Options, Row, digest};

fn alone(text: &str) -> Digest {
    let row = Row { id: "a".to_owned(), text: text.to_owned(), ..Row::default() };
    digest(&[row], Options { across: false, summary_ratio: None }).pop().unwrap()
}

/// Where a name stands, in code points, and its kind.
type Place = (usize, usize, String);

/// Takes the marks of names, `[kind name]`, out of a text.
fn marked(paragraph: &str) -> (String, Vec<Place>) {
    let (mut text, mut names, mut rest) = (String::new(), Vec::new(), paragraph);
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (inner, behind) = after.split_once(']').unwrap();
        let (kind, name) = inner.split_once(' ').unwrap();
        let start = text.chars().count();
        text.push_str(name);
        let kind = if kind == "org" { "organization" } else { kind };
        names.push((start, text.chars().count(), kind.to_owned()));
        rest = behind;
    }
    text.push_str(rest);
    (text, names)
}

/// Names that are right in place, right in kind too, found, and there.
#[derive(Default)]
struct Count {
    placed: usize,
    right: usize,
    found: usize,
    there: usize,
}

impl Count {
    fn f1(right: usize, found: usize, there: usize) -> f64 {
        let real = |count: usize| f64::from(u32::try_from(count).unwrap());
        2.0 * real(right) / real(found + there)
    }
}

fn count(language: &str, annotated: &str) -> Count {
    let mut count = Count::default();
    let (text, names) = marked(annotated);
    let one = alone(&text);
    assert_eq!(one.language.as_deref(), Some(language));
    let points: Vec<char> = text.chars().collect();
    let mut places: Vec<Place> = Vec::new();
    for entity in &one.entities {
        let own = entity.mentions.iter().map(|[start, end]| (*start, *end, entity.kind.to_owned()));
        places.extend(own);
    }
    places.sort();
    for place in &places {
        if !names.contains(place) {
            println!(
                "{language} found {} {}",
                place.2,
                points[place.0..place.1].iter().collect::<String>()
            );
        }
    }
    for name in &names {
        if !places.contains(name) {
            println!(
                "{language} not {} {}",
                name.2,
                points[name.0..name.1].iter().collect::<String>()
            );
        }
    }
    let same = |a: &Place, b: &Place| (a.0, a.1) == (b.0, b.1);
    count.placed = names.iter().filter(|name| places.iter().any(|place| same(name, place))).count();
    count.right = names.iter().filter(|name| places.contains(name)).count();
    (count.found, count.there) = (places.len(), names.len());
    count
}

/// A floor under what is found in languages with case; `docs/quality.md` has the figures.
#[test]
fn names_are_found_by_their_capitals() {
    for (language, text, least) in [
        ("es", include_str!("languages/es.txt"), 0.1),
        ("fr", include_str!("languages/fr.txt"), 0.1),
        ("de", include_str!("languages/de.txt"), 0.1),
        ("pt", include_str!("languages/pt.txt"), 0.1),
        ("tr", include_str!("languages/tr.txt"), 0.1),
        ("pl", include_str!("languages/pl.txt"), 0.1),
        ("ru", include_str!("languages/ru.txt"), 0.1),
        ("uk", include_str!("languages/uk.txt"), 0.1),
        ("el", include_str!("languages/el.txt"), 0.1),
    ] {
        let one = count(language, text);
        let strict = Count::f1(one.right, one.found, one.there);
        println!(
            "{language} place {:.3} kind {strict:.3} of {}",
            Count::f1(one.placed, one.found, one.there),
            one.there
        );
        assert!(strict > least, "{language}: {strict}");
    }
}

/// The same for texts that were written when the rules were made already, so that no rule was made for them.
#[test]
fn names_are_found_in_texts_that_no_rule_was_made_for() {
    let mut all = Count::default();
    let blocks = include_str!("languages/held.txt").split("\n\n");
    for (language, text) in blocks.map(|block| block.split_once('\n').unwrap()) {
        let one = count(language, text.trim_end());
        all.placed += one.placed;
        all.right += one.right;
        all.found += one.found;
        all.there += one.there;
    }
    println!(
        "held place {:.3} kind {:.3} of {}",
        Count::f1(all.placed, all.found, all.there),
        Count::f1(all.right, all.found, all.there),
        all.there
    );
}
