//! Who and what the articles name: the same one in all of them.
//!
//! A *slot* is an entity in the making: first the bearers of [`Names`], by
//! their number, then what only texts name, by key. A *seat* is a slot in one
//! article. What the text says stays where the analysis of the article put it,
//! and seats point there: it would be large to move for every name of every
//! article. All steps are linear in the number of names in articles.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::articles::Piece;
use super::forms::{self, Facts};
use super::key::{is_abbreviation, key, line};
use super::names::{Bearer, Names};
use super::parents::{Node, parents};
use super::seating::Seating;
use super::slugs::{Claim, Clash, Standing, assign};
use super::surnames::Surnames;
use super::topics::collision;
use super::{Entity, Status};
use crate::analyze::{LocalEntity, LocalMention, Vote};
use crate::config::{EntityKind, SiteConfig};
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;
use crate::ids::{ArticleId, EntityId, Id};
use crate::load::EntityRecord;
use crate::text::{rules, slugify};

/// Who or what a text names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mentioned {
    /// Its fullest form in the text; empty when that is no spelling of the slot's name.
    pub(super) name: String,
    /// What the text takes it for.
    pub(super) kind: EntityKind,
    /// Number of the bearer in [`Names`], when it is a name that editors gave.
    known: Option<u32>,
    /// Its short forms in the text, such as `OIC`.
    abbreviations: Vec<String>,
    /// The forms under which it stands in the text, with their counts.
    pub(super) forms: Vec<(String, u32)>,
    pub(super) mentions: Vec<LocalMention>,
    /// What the text says of the kind.
    pub(super) vote: Vote,
    /// The rule that found it.
    #[serde(with = "rules")]
    pub(super) rule: rules::Rule,
}

/// Where a text names somebody, and by which rule that was found.
pub(super) type Told = (Vec<LocalMention>, Option<rules::Rule>);

impl Mentioned {
    /// Takes what the analysis of `text` found.
    pub(super) fn new(entity: LocalEntity, text: &str) -> Self {
        let LocalEntity { name, kind, known, aliases, mentions, vote, rule } = entity;
        let mut forms: Vec<(String, u32)> = Vec::new();
        for mention in &mentions {
            let form = line(mention.range.slice(text));
            match forms.iter_mut().find(|(known, _)| *known == form) {
                _ if form.is_empty() => {}
                Some((_, count)) => *count += 1,
                None => forms.push((form.into_owned(), 1)),
            }
        }
        let mut abbreviations = aliases;
        abbreviations.retain(|alias| is_abbreviation(alias));
        let known = known.map(|id| id.0);
        Self { name, kind, known, abbreviations, forms, mentions, vote, rule }
    }
}

/// What one article names, before articles are joined.
#[derive(Debug)]
pub(super) struct Named {
    who: Who,
    /// Place of what the text says among all that it names; none when front matter lists it.
    found: Option<usize>,
}

/// Who is named.
#[derive(Debug)]
enum Who {
    /// Number of a bearer in [`Names`].
    Bearer(u32),
    /// Key of a name that only texts have.
    Text(String),
}

/// Returns what an article names; reports names whose record has another kind.
pub(super) fn named(
    given: Vec<(EntityKind, String)>,
    found: &[Mentioned],
    path: &SitePath,
    names: &Names,
    reports: &mut Vec<Diagnostic>,
) -> Vec<Named> {
    let mut all = Vec::with_capacity(given.len() + found.len());
    for (kind, name) in given {
        let Some(id) = names.given(kind, &name) else { continue };
        let kind_of = names.bearer(id).map_or(kind, |bearer| bearer.kind);
        if kind_of != kind {
            let message = format!("the record of `{name}` has another kind than the front matter");
            let report = Diagnostic::new(Code::KindConflict, message);
            reports.push(report.help("list it under the record's kind").in_file(path));
        }
        all.push(Named { who: Who::Bearer(id), found: None });
    }
    for (at, entity) in found.iter().enumerate() {
        let who = if let Some(id) = entity.known.filter(|id| names.bearer(*id).is_some()) {
            Who::Bearer(id)
        } else {
            let key = key(&entity.name);
            names.unique(&key).map_or(Who::Text(key), Who::Bearer)
        };
        all.push(Named { who, found: Some(at) });
    }
    all
}

/// One slot in one article.
struct Seat {
    slot: usize,
    given: bool,
    /// Place in `found` of [`Seats`]; none when the text does not name it.
    found: Option<usize>,
    /// Further places, whose mentions were added to the first.
    more: Vec<usize>,
}

impl Seating {
    /// Keeps who has which seat of an article; `ids` are the entities of the slots.
    fn new(seats: &[Seat], found: usize, ids: &[EntityId], entities: &[Entity]) -> Self {
        let mut named = Vec::with_capacity(seats.len());
        let mut meant = vec![EntityId::from_index(0); found];
        for seat in seats {
            let id = ids[seat.slot];
            named.push((id, entities[id.index()].kind, seat.given));
            for at in seat.found.iter().chain(&seat.more) {
                meant[*at] = id;
            }
        }
        Self { named, found: meant }
    }
}

/// The seats of one article.
pub(super) struct Seats {
    seats: Vec<Seat>,
    /// What the text says.
    found: Vec<Mentioned>,
}

impl Seats {
    /// Returns what the text says of the seat at a place.
    pub(super) fn told(&self, at: usize) -> Option<&Mentioned> {
        self.found.get(self.seats[at].found?)
    }

    /// Returns the slots that the text names, with what it says.
    pub(super) fn all_told(&self) -> impl Iterator<Item = (usize, &Mentioned)> {
        self.seats.iter().filter_map(|seat| Some((seat.slot, self.found.get(seat.found?)?)))
    }
}

/// Makes the entities of all articles, which are in their final order, and links them.
pub(super) fn join(
    pieces: &mut [Piece],
    names: &Names,
    records: Vec<EntityRecord>,
    config: &SiteConfig,
    reports: &mut Vec<Diagnostic>,
) -> (Vec<Entity>, Vec<Seating>) {
    let (mut seats, keys) = seat(pieces, names);
    adopt_abbreviations(&mut seats, names.bearers().len());
    let surnames = Surnames::new(&seats, &keys, names);
    seats.par_iter_mut().for_each(|seats| {
        adopt_surnames(seats, &surnames);
        merge(seats);
    });
    let facts = forms::gather(&by_slot(&seats, keys.len()), &seats, names.bearers(), &keys);
    let table = Table { names, keys: &keys, facts: &facts, records: &records, config };
    let slugs = table.slugs(pieces, reports);
    let used: Vec<bool> = (0..keys.len()).map(|slot| table.is_used(slot)).collect();
    let mut order: Vec<usize> = (0..keys.len()).filter(|slot| used[*slot]).collect();
    order.sort_by_key(|slot| (facts[*slot].kind, &keys[*slot], &slugs[*slot]));
    let mut ids = vec![EntityId::from_index(0); keys.len()];
    for (place, slot) in order.iter().enumerate() {
        ids[*slot] = EntityId::from_index(place);
    }
    let above = parents(&table.nodes(&order), reports);
    let origin: Vec<Option<usize>> = order
        .iter()
        .map(|slot| names.bearers().get(*slot).and_then(|bearer| bearer.record))
        .collect();
    let mut entities = build(order, facts, slugs, &origin, above, records);
    #[expect(clippy::iter_over_hash_type, reason = "each is put in its own place")]
    for (slot, found) in surnames.candidates {
        let mut found: Vec<EntityId> =
            found.into_iter().filter(|slot| used[*slot]).map(|slot| ids[slot]).collect();
        found.sort_unstable();
        if let Some(entity) = entities.get_mut(ids[slot].index()).filter(|_| used[slot]) {
            entity.candidates = found;
        }
    }
    let seatings = pieces.par_iter_mut().zip(seats).map(|(piece, seats)| {
        let Seats { seats, mut found } = seats;
        let seating = Seating::new(&seats, found.len(), &ids, &entities);
        piece.article.entities = seating.links(told(&seats, &mut found));
        seating
    });
    let seatings = seatings.collect();
    (entities, seatings)
}

/// Moves the mentions out of what the text says, in the order of the seats.
fn told<'s>(seats: &'s [Seat], found: &'s mut [Mentioned]) -> impl Iterator<Item = Told> + 's {
    seats.iter().map(|seat| {
        let told = seat.found.and_then(|at| found.get_mut(at));
        told.map(|told| (std::mem::take(&mut told.mentions), Some(told.rule))).unwrap_or_default()
    })
}

/// Numbers the slots, in the order of the articles; returns their keys too.
fn seat(pieces: &mut [Piece], names: &Names) -> (Vec<Seats>, Vec<String>) {
    let mut keys: Vec<String> = names.bearers().iter().map(|bearer| bearer.key.clone()).collect();
    let mut slots: FxHashMap<String, usize> = FxHashMap::default();
    let mut seats = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let mut sit = |local: Named| {
            let slot = match local.who {
                Who::Bearer(id) => id as usize,
                Who::Text(key) => *slots.entry(key).or_insert_with_key(|key| {
                    keys.push(key.clone());
                    keys.len() - 1
                }),
            };
            Seat { slot, given: local.found.is_none(), found: local.found, more: Vec::new() }
        };
        let (local, found) = (std::mem::take(&mut piece.named), std::mem::take(&mut piece.found));
        seats.push(Seats { seats: local.into_iter().map(&mut sit).collect(), found });
    }
    (seats, keys)
}

/// Gives abbreviations that stand alone in an article to the one entity that has them elsewhere.
///
/// Only slots from `first_text` on are given away; the others are editors' own words.
fn adopt_abbreviations(all: &mut [Seats], first_text: usize) {
    // None when several have it.
    let mut hosts: FxHashMap<String, Option<usize>> = FxHashMap::default();
    for (slot, told) in all.iter().flat_map(Seats::all_told) {
        if told.abbreviations.is_empty() || is_abbreviation(&told.name) {
            continue;
        }
        for short in &told.abbreviations {
            match hosts.get_mut(short.as_str()) {
                Some(host) => *host = host.filter(|host| *host == slot),
                None => {
                    hosts.insert(short.clone(), Some(slot));
                }
            }
        }
    }
    all.par_iter_mut().for_each(|Seats { seats, found }| {
        for seat in seats.iter_mut().filter(|seat| seat.slot >= first_text) {
            let Some(told) = seat.found.and_then(|at| found.get_mut(at)) else { continue };
            // Only names that are abbreviations themselves are among the hosts' keys.
            if let Some(Some(host)) = hosts.get(&told.name) {
                seat.slot = *host;
                told.name.clear();
            }
        }
    });
}

/// Gives surnames that stand alone in an article to the one person of the collection who has them.
fn adopt_surnames(Seats { seats, found }: &mut Seats, surnames: &Surnames) {
    for seat in seats {
        let Some(host) = surnames.host(seat.slot) else { continue };
        seat.slot = host;
        if let Some(told) = seat.found.and_then(|at| found.get_mut(at)) {
            told.name.clear();
        }
    }
}

/// Joins the seats of one article that turned out to be the same entity; the others keep their order.
fn merge(Seats { seats, found }: &mut Seats) {
    let mut slots: Vec<usize> = seats.iter().map(|seat| seat.slot).collect();
    slots.sort_unstable();
    // Mostly all are different, and nothing needs to be moved.
    if !slots.windows(2).any(|pair| pair[0] == pair[1]) {
        return;
    }
    let mut places: FxHashMap<usize, usize> = FxHashMap::default();
    let mut merged: Vec<Seat> = Vec::with_capacity(seats.len());
    for seat in seats.drain(..) {
        let place = *places.entry(seat.slot).or_insert(merged.len());
        let Some(host) = merged.get_mut(place) else {
            merged.push(seat);
            continue;
        };
        host.given |= seat.given;
        match (host.found, seat.found) {
            (Some(to), Some(from)) => {
                join_told(found, to, from);
                host.more.push(from);
            }
            (known, other) => host.found = known.or(other),
        }
    }
    *seats = merged;
}

/// Adds what the text says at the place `from` to what it says at the place `to`.
fn join_told(found: &mut [Mentioned], to: usize, from: usize) {
    let Some(other) = found.get_mut(from) else { return };
    let (kind, vote) = (other.kind, other.vote);
    let name = std::mem::take(&mut other.name);
    let forms = std::mem::take(&mut other.forms);
    let mentions = std::mem::take(&mut other.mentions);
    let Some(host) = found.get_mut(to) else { return };
    if mentions.len() > host.mentions.len() && !name.is_empty() || host.name.is_empty() {
        (host.kind, host.vote, host.name) = (kind, vote, name);
    }
    host.forms.extend(forms);
    host.mentions.extend(mentions);
    host.mentions.sort_unstable();
    host.mentions.dedup();
}

/// Returns for each slot its places: number of the article and of the seat, ascending.
fn by_slot(all: &[Seats], slots: usize) -> Vec<Vec<(usize, usize)>> {
    let mut counts = vec![0; slots];
    for seat in all.iter().flat_map(|one| &one.seats) {
        counts[seat.slot] += 1;
    }
    let mut places: Vec<_> = counts.into_iter().map(Vec::with_capacity).collect();
    for (article, one) in all.iter().enumerate() {
        for (at, seat) in one.seats.iter().enumerate() {
            places[seat.slot].push((article, at));
        }
    }
    places
}

/// What is known of all slots.
struct Table<'a> {
    names: &'a Names,
    keys: &'a [String],
    facts: &'a [Facts],
    records: &'a [EntityRecord],
    config: &'a SiteConfig,
}

impl<'a> Table<'a> {
    fn bearer(&self, slot: usize) -> Option<&'a Bearer> {
        self.names.bearers().get(slot)
    }

    fn record(&self, slot: usize) -> Option<&'a EntityRecord> {
        self.bearer(slot)?.record.and_then(|at| self.records.get(at))
    }

    /// Whether the slot becomes an entity: it has an article or a record.
    fn is_used(&self, slot: usize) -> bool {
        !self.facts[slot].articles.is_empty() || self.record(slot).is_some()
    }

    /// Returns the slug of each slot; reports those that two want.
    fn slugs(&self, pieces: &[Piece], reports: &mut Vec<Diagnostic>) -> Vec<String> {
        let used: Vec<usize> = (0..self.keys.len()).filter(|slot| self.is_used(*slot)).collect();
        let claims: Vec<Claim<'_, EntityKind>> =
            used.par_iter().map(|slot| self.claim(*slot)).collect();
        let (found, clashes) = assign(&claims);
        for Clash { first, second } in clashes {
            let slug = &claims[second].slug;
            reports.push(self.report(used[first], used[second], slug, pieces));
        }
        let mut slugs = vec![String::new(); self.keys.len()];
        for (slot, slug) in used.into_iter().zip(found) {
            slugs[slot] = slug;
        }
        slugs
    }

    fn claim(&self, slot: usize) -> Claim<'a, EntityKind> {
        let facts = &self.facts[slot];
        let record = self.record(slot);
        let standing = match self.bearer(slot) {
            _ if record.is_some() => Standing::Record,
            Some(_) => Standing::Given,
            None => Standing::Derived,
        };
        let slug = record.map_or_else(
            || slugify(&facts.name, self.config.slug_mode),
            |record| record.id.clone(),
        );
        Claim { space: facts.kind, slug, key: &self.keys[slot], standing }
    }

    /// Returns the report about two slots that want the same slug.
    fn report(&self, first: usize, second: usize, slug: &str, pieces: &[Piece]) -> Diagnostic {
        let kinds = &self.config.entities.kinds;
        let kind = self.facts[second].kind;
        if let (Some(first), Some(second)) = (self.record(first), self.record(second)) {
            let message =
                format!("the {} id `{slug}` is taken by `{}`", kinds.id(kind), first.path);
            return Diagnostic::new(Code::RecordTwice, message)
                .help("give one of the two another `id`")
                .in_file(&second.path);
        }
        let named = |slot: usize| {
            let facts = &self.facts[slot];
            let article = facts.articles.first().and_then(|id| pieces.get(id.index()));
            let of_article = article.map(|piece| piece.article.path.clone());
            let file = self.record(slot).map(|record| record.path.clone()).or(of_article);
            (facts.name.as_str(), file)
        };
        collision(kinds.plural(kind), slug, named(first), named(second))
    }

    /// Returns the records of the slots in `order`, to find their parents.
    fn nodes(&self, order: &[usize]) -> Vec<Node<'a>> {
        let node = |slot: &usize| Node {
            space: self.facts[*slot].kind.index(),
            record: self
                .record(*slot)
                .map(|record| (record.id.as_str(), record.parent.as_deref(), &record.path)),
        };
        order.iter().map(node).collect()
    }
}

/// Builds the entities from the slots in `order`; `origin` and `above` run parallel to it.
fn build(
    order: Vec<usize>,
    facts: Vec<Facts>,
    mut slugs: Vec<String>,
    origin: &[Option<usize>],
    above: Vec<Option<usize>>,
    records: Vec<EntityRecord>,
) -> Vec<Entity> {
    let mut records: Vec<Option<EntityRecord>> = records.into_iter().map(Some).collect();
    let mut facts: Vec<Option<Facts>> = facts.into_iter().map(Some).collect();
    let mut entities: Vec<Entity> = Vec::with_capacity(order.len());
    for (place, slot) in order.into_iter().enumerate() {
        let Some(facts) = facts[slot].take() else { continue };
        entities.push(Entity {
            kind: facts.kind,
            name: facts.name,
            slug: std::mem::take(&mut slugs[slot]),
            status: if facts.confirmed { Status::Confirmed } else { Status::Suggested },
            aliases: facts.aliases,
            record: origin[place].and_then(|at| records.get_mut(at)?.take()),
            parent: above[place].map(EntityId::from_index),
            children: Vec::new(),
            articles: facts.articles,
            mentions: facts.mentions,
            candidates: Vec::new(),
        });
    }
    for (child, parent) in above.into_iter().enumerate() {
        if let Some(parent) = parent {
            entities[parent].children.push(EntityId::from_index(child));
        }
    }
    entities
}

/// Returns the articles of a slot.
pub(super) fn articles(places: &[(usize, usize)]) -> Vec<ArticleId> {
    places.iter().map(|(article, _)| ArticleId::from_index(*article)).collect()
}
