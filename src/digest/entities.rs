//! Whom a text names, and how much it is about each.

use std::collections::{BTreeMap, BTreeSet};

use super::offsets::CodePoints;
use super::{Entity, Row};
use crate::analyze::terms::words;
use crate::analyze::{Alike, Document, Form, Head, Likes, Name, NameClass, Naming, defined, join};
use crate::text::real;
use crate::text::{SlugMode, TextRange, slugify};

/// The entities of a text.
pub(super) struct Entities {
    pub(super) all: Vec<Entity>,
}

impl Entities {
    pub(super) fn of(document: &Document<'_>, row: &Row, points: &CodePoints<'_>) -> Self {
        let names = named(document, row, points);
        let antecedents = document.antecedents(&names);
        let bearers = document.bearers(&names);
        let text = document.text();
        let ranges: Vec<TextRange> = names.iter().map(|(range, _)| *range).collect();
        let full = defined(text, &ranges);
        // Of names that are given, no class is asked for.
        let found = row.mentions.is_none();
        let forms: Vec<Form<'_>> = names
            .iter()
            .enumerate()
            .map(|(number, (range, head))| {
                let defined = antecedents[number].or(bearers[number]).or(full[number]);
                let likes = if found { document.likes_at(*range) } else { Likes::default() };
                Form { defined, likes, ..Form::new(head.text, head.class, head.naming) }
            })
            .collect();
        let alike = join(&forms);
        let salience = salience(document, row.title.as_deref(), &names, &alike);
        let mut ids = Ids::default();
        let mut all: Vec<Entity> = alike
            .into_iter()
            .zip(salience)
            .map(|(one, salience)| {
                let one = titled(one, row.title.as_deref());
                let class = one.class.filter(|class| *class != NameClass::Group);
                let kind = class.unwrap_or(NameClass::Organization).as_str();
                let id = ids.take(&one.name);
                let mentions = one.forms.iter().map(|form| points.range(names[*form].0)).collect();
                let described = one.naming != Naming::Name;
                Entity {
                    id,
                    name: one.name,
                    kind,
                    aliases: one.aliases,
                    salience,
                    mentions,
                    described,
                    vote: one.vote,
                }
            })
            .collect();
        all.sort_by(|a, b| {
            b.salience.total_cmp(&a.salience).then_with(|| a.mentions.cmp(&b.mentions))
        });
        for one in &mut all {
            one.salience = (one.salience * 1000.0).round() / 1000.0;
        }
        Self { all }
    }
}

/// Returns an entity by the name that the title calls it, if that is a full one: who is `Matthew Goode` in the title need not
/// be `Matthew William Goode`.
fn titled(mut one: Alike, title: Option<&str>) -> Alike {
    let Some(title) = title else { return one };
    let stands = |name: &str| {
        title.match_indices(name).any(|(at, _)| {
            let (before, after) = (&title[..at], &title[at + name.len()..]);
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
        })
    };
    let full = |name: &str| name.contains(' ') && stands(name);
    if !full(&one.name)
        && let Some(at) = one.aliases.iter().position(|name| full(name))
    {
        std::mem::swap(&mut one.name, &mut one.aliases[at]);
    }
    one
}

/// Returns where names stand: where the row says, else where they are found.
fn named<'t>(
    document: &Document<'t>,
    row: &Row,
    points: &CodePoints<'_>,
) -> Vec<(TextRange, Head<'t>)> {
    if let Some(given) = &row.mentions {
        let place = |[start, end]: &[usize; 2]| {
            let range = TextRange::of(points.byte(*start)..points.byte((*end).max(*start)));
            (range, document.head(range))
        };
        // A place that is empty, or behind the end, is none of the text.
        let mut places: Vec<(TextRange, Head<'t>)> =
            given.iter().map(place).filter(|(range, _)| !range.is_empty()).collect();
        // All that follows goes through the text from its beginning.
        places.sort_by_key(|(range, _)| *range);
        places.dedup_by_key(|(range, _)| *range);
        return places;
    }
    let names = document.names().iter().filter(|name| name.class != NameClass::Group);
    let head = |name: &Name| {
        let text = name.range.slice(document.text());
        (name.range, Head { text, class: Some(name.class), naming: Naming::Name })
    };
    names.map(head).collect()
}

impl Entities {
    /// Returns the entity that is named at a place.
    pub(super) fn at(&self, place: [usize; 2]) -> Option<&Entity> {
        self.all.iter().find(|entity| entity.mentions.binary_search(&place).is_ok())
    }
}

/// Hands out ids: the slug of a name, with a number from the second of a slug on.
#[derive(Default)]
pub(super) struct Ids(BTreeMap<String, usize>);

impl Ids {
    pub(super) fn take(&mut self, name: &str) -> String {
        let slug = slugify(name, SlugMode::default());
        let count = self.0.entry(slug.clone()).or_default();
        *count += 1;
        if *count > 1 { format!("{slug}-{count}") } else { slug }
    }
}

/// Characters at the beginning that tell what a text is about.
const LEAD: u32 = 250;

/// Returns how much the text is about each: by how often and how early it is named, whether in the title, and how
/// often it begins a sentence; less so what stands in brackets, and who only reports. The weights are those of a logistic regression on GUM's texts of open licences
/// (`docs/quality.md`).
fn salience(
    document: &Document<'_>,
    title: Option<&str>,
    names: &[(TextRange, Head<'_>)],
    all: &[Alike],
) -> Vec<f64> {
    let length = real(document.text().len().max(1));
    let title: BTreeSet<String> = words(title.unwrap_or_default()).into_iter().collect();
    let starts: Vec<u32> = document.sentences().map(|sentence| sentence.start).collect();
    let score = |one: &Alike| {
        let first = one.forms.first().map_or(u32::MAX, |form| names[*form].0.start);
        let mut spellings = std::iter::once(&one.name).chain(&one.aliases);
        let in_title = !title.is_empty()
            && spellings.any(|name| {
                words(name).iter().any(|word| word.chars().count() > SHORT && title.contains(word))
            });
        let begun = one.forms.iter().filter(|form| begins(names[**form].0.start, &starts)).count();
        let kind = match one.class {
            Some(NameClass::Place) => 0.85,
            Some(NameClass::Event) => 1.32,
            Some(NameClass::Work) => -0.78,
            _ => 0.0,
        };
        let bracketed =
            one.forms.iter().filter(|form| is_bracketed(document.text(), names[**form].0));
        let bracketed = real(bracketed.count()) / real(one.forms.len().max(1));
        let reports = one.class != Some(NameClass::Person) && is_of_media(&one.name);
        let share = 1.0 - (f64::from(first) / length).min(1.0);
        let odds = 1.3 * real(one.forms.len() + 1).ln()
            + 0.79 * real(begun + 1).ln()
            + 1.53 * share
            + if first < LEAD { 0.8 } else { 0.0 }
            + if in_title { 1.54 } else { 0.0 }
            + if reports { -0.95 } else { 0.0 }
            - 1.12 * bracketed
            + kind
            - 4.43;
        1.0 / (1.0 + (-odds).exp())
    };
    let scores: Vec<f64> = all.iter().map(score).collect();
    let most = scores.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    scores.into_iter().map(|score| score / most).collect()
}

/// Words in the names of those that report, beside such as begin or end with `news`.
const MEDIA: &[&str] = &[
    "abc",
    "afp",
    "ap",
    "bbc",
    "broadcasting",
    "cbc",
    "cbs",
    "cnn",
    "daily",
    "fox",
    "gazette",
    "guardian",
    "herald",
    "journal",
    "magazine",
    "nbc",
    "post",
    "press",
    "radio",
    "reuters",
    "tass",
    "telegraph",
    "television",
    "times",
    "tribune",
    "tv",
    "xinhua",
];

/// Whether a name is that of a paper, a station or an agency.
fn is_of_media(name: &str) -> bool {
    name.split([' ', '-']).any(|word| {
        let begins = word.get(..4).is_some_and(|part| part.eq_ignore_ascii_case("news"));
        let ends = word.len() > 4
            && word.get(word.len() - 4..).is_some_and(|part| part.eq_ignore_ascii_case("news"));
        begins || ends || MEDIA.iter().any(|known| word.eq_ignore_ascii_case(known))
    })
}

/// Whether a bracket stands right beside a name.
fn is_bracketed(text: &str, name: TextRange) -> bool {
    let (before, behind) = (text.get(..name.start as usize), text.get(name.end as usize..));
    before.is_some_and(|text| text.ends_with('('))
        || behind.is_some_and(|text| text.starts_with(')'))
}

/// Words of a title that are not longer tell nothing.
const SHORT: usize = 3;

/// Characters before a name that begins a sentence: a quotation mark, `The`.
const ARTICLE: u32 = 4;

/// Whether a name stands at the beginning of a sentence.
fn begins(name: u32, starts: &[u32]) -> bool {
    let before = starts.partition_point(|start| *start <= name);
    before.checked_sub(1).is_some_and(|at| name - starts[at] <= ARTICLE)
}

#[cfg(test)]
mod tests {
    use crate::digest::{Options, digest};

    #[test]
    fn who_is_in_the_title_and_begins_sentences_comes_first() {
        let row = r#"{"id": "1", "title": "Merkel wins", "text": "Angela Merkel won on Sunday, said Martin Schulz. Merkel thanked Martin Schulz."}"#;
        let rows = [crate::digest::Row::parse(row).expect("a row")];
        let found = digest(&rows, Options::default());
        let names: Vec<&str> = found[0].entities.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Angela Merkel", "Martin Schulz"]);
    }

    #[test]
    fn who_only_reports_comes_last() {
        let row = r#"{"id": "1", "text": "Speaking to The Jordan Times, Angela Merkel met Martin Schulz (Berlin) on Sunday. Angela Merkel left."}"#;
        let rows = [crate::digest::Row::parse(row).expect("a row")];
        let found = digest(&rows, Options::default());
        let names: Vec<&str> = found[0].entities.iter().map(|one| one.name.as_str()).collect();
        let place = |name: &str| names.iter().position(|one| *one == name);
        assert_eq!(place("Angela Merkel"), Some(0), "{names:?}");
        assert!(place("Martin Schulz") < place("The Jordan Times"), "{names:?}");
    }

    #[test]
    fn the_full_name_of_the_title_is_shown() {
        let row = r#"{"id": "1", "title": "Matthew Goode", "text": "Matthew William Goode met Angela Merkel in Berlin. Then Matthew Goode left Berlin."}"#;
        let rows = [crate::digest::Row::parse(row).expect("a row")];
        let found = digest(&rows, Options::default());
        let one = &found[0].entities[0];
        assert_eq!(
            (one.name.as_str(), &one.aliases[..]),
            ("Matthew Goode", &["Matthew William Goode".to_owned()][..])
        );
    }

    #[test]
    fn a_surname_that_two_share_is_given_to_neither() {
        let row = r#"{"id": "1", "text": "Matthew Goode was born in Exeter. Goode has a daughter, Matilda Goode."}"#;
        let rows = [crate::digest::Row::parse(row).expect("a row")];
        let found = digest(&rows, Options::default());
        let goodes = found[0].entities.iter().filter(|one| one.name.ends_with("Goode"));
        let sizes: Vec<(&str, usize)> =
            goodes.map(|one| (one.name.as_str(), one.mentions.len())).collect();
        assert_eq!(sizes.len(), 3, "{sizes:?}");
        assert!(sizes.iter().all(|(_, count)| *count == 1), "{sizes:?}");
    }
}
