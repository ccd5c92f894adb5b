//! Which countries a text is about.
//!
//! A text is about a country that it names often or early, be it by one of its towns or parts or by its people: what
//! happens in Riyadh happens in Saudi Arabia. Where only such names tell, they are the evidence.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::Entity;
use super::offsets::CodePoints;
use crate::analyze::{Document, NameClass, home_of};

/// A country that a text is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Country {
    /// Its name.
    pub name: &'static str,
    /// Whether the text names it; otherwise it is concluded from the names in `from`.
    pub named: bool,
    /// Names in the text that belong to it, most frequent first.
    pub from: Vec<String>,
}

/// So many names tell a country wherever they stand.
const OFTEN: usize = 3;

/// Or one in this part of the text from its beginning, or among so many characters: a short text is all beginning.
const EARLY: usize = 4;
const LEAD: usize = 150;

/// A name in the text that belongs to a country.
struct Sign {
    /// Where it begins.
    start: usize,
    name: String,
    /// Whether it is the country's own.
    itself: bool,
}

/// Returns the countries that a text is about, those that it names most often first.
pub(super) fn countries(
    document: &Document<'_>,
    entities: &[Entity],
    points: &CodePoints<'_>,
) -> Vec<Country> {
    let mut found: BTreeMap<&'static str, Vec<Sign>> = BTreeMap::new();
    for entity in entities.iter().filter(|entity| entity.kind == NameClass::Place.as_str()) {
        let mut names = std::iter::once(&entity.name).chain(&entity.aliases);
        let Some(home) = names.find_map(|name| home_of(name)) else { continue };
        let sign = |[start, _]: &[usize; 2]| {
            let name = entity.name.clone();
            Sign { start: *start, name, itself: home.itself }
        };
        found.entry(home.country).or_default().extend(entity.mentions.iter().map(sign));
    }
    for name in document.names().iter().filter(|name| name.class == NameClass::Group) {
        let [start, _] = points.range(name.range);
        let name = name.range.slice(document.text());
        let Some(home) = home_of(name) else { continue };
        let sign = Sign { start, name: name.to_owned(), itself: home.itself };
        found.entry(home.country).or_default().push(sign);
    }
    let length = points.at(document.text().len());
    let early = |sign: &Sign| sign.start < LEAD || sign.start * EARLY <= length;
    let told = |(_, signs): &(&str, Vec<Sign>)| signs.len() >= OFTEN || signs.iter().any(early);
    let mut told: Vec<(&str, Vec<Sign>)> = found.into_iter().filter(told).collect();
    told.sort_by_key(|(_, signs)| Reverse(signs.len()));
    told.into_iter().map(|(name, signs)| country(name, &signs)).collect()
}

fn country(name: &'static str, signs: &[Sign]) -> Country {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for sign in signs {
        *counts.entry(&sign.name).or_default() += 1;
    }
    let mut from: Vec<(&str, usize)> = counts.into_iter().collect();
    from.sort_by_key(|(_, count)| Reverse(*count));
    Country {
        name,
        named: signs.iter().any(|sign| sign.itself),
        from: from.into_iter().map(|(name, _)| name.to_owned()).collect(),
    }
}
