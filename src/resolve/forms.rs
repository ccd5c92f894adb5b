//! Under which names an entity stands in texts: its name, its other forms, its kind.

use std::borrow::Cow;
use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Alias;
use super::articles::Piece;
use super::entities::{Seat, articles};
use super::key::one_line;
use super::names::Bearer;
use crate::config::EntityKind;
use crate::ids::ArticleId;

/// What the articles say of one entity.
pub(super) struct Facts {
    pub(super) kind: EntityKind,
    pub(super) name: String,
    pub(super) aliases: Vec<Alias>,
    /// Ascending.
    pub(super) articles: Vec<ArticleId>,
    pub(super) mentions: u32,
    /// Whether a record or front matter names it.
    pub(super) confirmed: bool,
}

/// Gathers the facts of each slot: `places[slot]` are its articles and seats. Linear in the mentions.
pub(super) fn gather(
    places: &[Vec<(usize, usize)>],
    seats: &[Vec<Seat>],
    pieces: &[Piece],
    bearers: &[Bearer],
    keys: &[String],
) -> Vec<Facts> {
    let gather = |(slot, places): (usize, &Vec<(usize, usize)>)| {
        let seats: Vec<(&Seat, &str)> = places
            .iter()
            .map(|(article, at)| {
                (&seats[*article][*at], pieces[*article].article.body.text.as_str())
            })
            .collect();
        let bearer = bearers.get(slot);
        let mentions = seats.iter().map(|(seat, _)| seat.mentions.len()).sum::<usize>();
        let name = bearer.map(|bearer| bearer.name.clone()).or_else(|| spelling(&seats));
        let name = name.unwrap_or_else(|| keys[slot].clone());
        Facts {
            kind: bearer.map_or_else(|| kind(&seats), |bearer| bearer.kind),
            aliases: aliases(&name, bearer, &seats),
            name,
            articles: articles(places),
            mentions: u32::try_from(mentions).unwrap_or(u32::MAX),
            confirmed: bearer.is_some(),
        }
    };
    places.par_iter().enumerate().map(gather).collect()
}

/// Returns the kind that most mentions are taken for.
fn kind(seats: &[(&Seat, &str)]) -> EntityKind {
    let named = seats.iter().filter(|(seat, _)| !seat.name.is_empty());
    most_voted(named.map(|(seat, _)| (seat.kind, seat.mentions.len())))
}

/// Returns the kind with most votes; ties go to the first kind.
pub(super) fn most_voted(votes: impl IntoIterator<Item = (EntityKind, usize)>) -> EntityKind {
    let mut counts: FxHashMap<EntityKind, usize> = FxHashMap::default();
    for (kind, count) in votes {
        *counts.entry(kind).or_default() += count;
    }
    let best = counts.iter().max_by_key(|(kind, count)| (**count, Reverse(**kind)));
    best.map_or(EntityKind::PERSON, |(kind, _)| *kind)
}

/// Returns the spelling of most articles; of several, that of the oldest article.
fn spelling(seats: &[(&Seat, &str)]) -> Option<String> {
    let mut counts: FxHashMap<&str, (usize, Reverse<usize>)> = FxHashMap::default();
    for (place, (seat, _)) in
        seats.iter().enumerate().filter(|(_, (seat, _))| !seat.name.is_empty())
    {
        counts.entry(&seat.name).or_insert((0, Reverse(place))).0 += 1;
    }
    counts.iter().max_by_key(|(_, rank)| **rank).map(|(name, _)| (*name).to_owned())
}

/// Returns the other forms: those of the record, then the others, most frequent first.
fn aliases(name: &str, bearer: Option<&Bearer>, seats: &[(&Seat, &str)]) -> Vec<Alias> {
    let mut counts: FxHashMap<Cow<'_, str>, u32> = FxHashMap::default();
    for (seat, text) in seats {
        for mention in &seat.mentions {
            *counts.entry(line(mention.range.slice(text))).or_default() += 1;
        }
    }
    counts.remove(name);
    counts.remove("");
    let spellings = bearer.map(|bearer| bearer.spellings.as_slice()).unwrap_or_default();
    let given = spellings.iter().filter(|spelling| *spelling != name).map(|spelling| Alias {
        name: spelling.clone(),
        count: counts.remove(spelling.as_str()).unwrap_or(0),
    });
    let mut aliases: Vec<Alias> = given.collect();
    let mut found: Vec<Alias> =
        counts.into_iter().map(|(name, count)| Alias { name: name.into_owned(), count }).collect();
    if bearer.is_none_or(|bearer| bearer.record.is_none()) {
        found.append(&mut aliases);
    }
    found.sort_unstable_by(|a, b| (Reverse(a.count), &a.name).cmp(&(Reverse(b.count), &b.name)));
    aliases.append(&mut found);
    aliases
}

/// Returns a form on one line.
fn line(form: &str) -> Cow<'_, str> {
    let plain = !form.contains("  ") && !form.contains(|c: char| c.is_whitespace() && c != ' ');
    if plain { Cow::Borrowed(form) } else { Cow::Owned(one_line(form)) }
}
