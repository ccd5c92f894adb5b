//! Under which names an entity stands in texts: its name, its other forms, its kind.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Alias;
use super::entities::{Mentioned, Seats, articles};
use super::key::{key, one_line};
use super::names::Bearer;
use crate::analyze::{Ballot, class_of, kind_of};
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
    seats: &[Seats],
    bearers: &[Bearer],
    keys: &[String],
) -> Vec<Facts> {
    let gather = |(slot, places): (usize, &Vec<(usize, usize)>)| {
        let told = places.iter().filter_map(|(article, at)| seats[*article].told(*at));
        let told: Vec<&Mentioned> = told.collect();
        let bearer = bearers.get(slot);
        let mentions = told.iter().map(|told| told.mentions.len()).sum::<usize>();
        let forms = count(&told);
        let name = bearer.map(|bearer| bearer.name.clone());
        let name = name.or_else(|| spelling(&told, &keys[slot]));
        let name = name.unwrap_or_else(|| keys[slot].clone());
        Facts {
            kind: bearer.map_or_else(|| kind(&told), |bearer| bearer.kind),
            aliases: aliases(&name, bearer, forms),
            name,
            articles: articles(places),
            mentions: u32::try_from(mentions).unwrap_or(u32::MAX),
            confirmed: bearer.is_some(),
        }
    };
    places.par_iter().enumerate().map(gather).collect()
}

/// Returns the kind that most mentions are taken for, unless the texts together speak for another: one that says
/// clearly what a name stands for settles it for others that guessed.
fn kind(told: &[&Mentioned]) -> EntityKind {
    let named = || told.iter().filter(|told| !told.name.is_empty());
    let most = most_voted(named().map(|told| (told.kind, told.mentions.len())));
    let mut ballot = Ballot::default();
    named().for_each(|told| ballot.add(told.vote));
    class_of(most).and_then(|class| kind_of(ballot.class(class))).unwrap_or(most)
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

/// How often each form stands in texts.
type Forms<'a> = FxHashMap<&'a str, u32>;

/// Counts the forms of all mentions.
fn count<'a>(told: &[&'a Mentioned]) -> Forms<'a> {
    let mut forms = Forms::default();
    for (form, count) in told.iter().flat_map(|told| &told.forms) {
        *forms.entry(form).or_default() += count;
    }
    forms
}

/// Returns the spelling that stands for most mentions, as the articles' own analyses put it; of several,
/// the first, and capitals throughout last, as they stand in datelines.
fn spelling(told: &[&Mentioned], name: &str) -> Option<String> {
    let mut votes: FxHashMap<&str, (usize, usize)> = FxHashMap::default();
    for told in told.iter().filter(|told| key(&told.name) == name) {
        let place = votes.len();
        votes.entry(&told.name).or_insert((0, place)).0 += told.mentions.len();
    }
    let shouted = |form: &str| !form.chars().any(char::is_lowercase);
    votes
        .into_iter()
        .min_by_key(|(form, (count, first))| (Reverse(*count), shouted(form), *first))
        .map(|(form, _)| one_line(form))
}

/// Returns the other forms: those of the record, then the others, most frequent first.
fn aliases(name: &str, bearer: Option<&Bearer>, mut forms: Forms<'_>) -> Vec<Alias> {
    forms.remove(name);
    let spellings = bearer.map(|bearer| bearer.spellings.as_slice()).unwrap_or_default();
    let mut given: Vec<Alias> = spellings
        .iter()
        .filter(|spelling| *spelling != name)
        .map(|spelling| Alias {
            name: spelling.clone(),
            count: forms.remove(spelling.as_str()).unwrap_or_default(),
        })
        .collect();
    let found = forms.into_iter();
    let mut found: Vec<Alias> =
        found.map(|(name, count)| Alias { name: name.to_owned(), count }).collect();
    if bearer.is_none_or(|bearer| bearer.record.is_none()) {
        found.append(&mut given);
    }
    found.sort_unstable_by(|a, b| (Reverse(a.count), &a.name).cmp(&(Reverse(b.count), &b.name)));
    given.append(&mut found);
    given
}
