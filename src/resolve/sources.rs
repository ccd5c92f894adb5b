//! Sources: the outlets and institutions that articles come from.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::articles::Piece;
use super::key::{key, one_line};
use super::slugs::{Claim, Clash, Standing, assign};
use super::topics::collision;
use super::{Origin, Source};
use crate::config::SiteConfig;
use crate::diag::Diagnostic;
use crate::ids::{ArticleId, Id, SourceId};
use crate::load::{SourceRecord, SourceRef};
use crate::parse::Found;
use crate::text::slugify;

/// What an article says about its outlet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Outlet {
    name: Option<String>,
    /// Host of the address, without `www.`.
    host: Option<String>,
}

/// Joins what front matter and text say about the origin: front matter wins, and the text fills the gaps.
///
/// A name or address of the text is only taken when front matter has neither:
/// they could belong to two outlets.
pub(super) fn origin(
    given: Option<SourceRef>,
    found: Option<Found<SourceRef>>,
) -> (Option<Origin>, Outlet) {
    let (found, found_rule) =
        found.map_or_else(Default::default, |found| (found.value, Some(found.rule)));
    let mut rule = found_rule.filter(|_| given.is_none());
    let mut source = given.unwrap_or_default();
    if source.name.is_none() && source.url.is_none() {
        (source.name, source.url) = (found.name, found.url);
        if source.name.is_some() || source.url.is_some() {
            rule = found_rule;
        }
    }
    source.disclaimer = source.disclaimer.or(found.disclaimer);
    source.archive_url = source.archive_url.or(found.archive_url);
    source.retrieved = source.retrieved.or(found.retrieved);
    if source == SourceRef::default() {
        return (None, Outlet::default());
    }
    let SourceRef { name, url, retrieved, archive_url, disclaimer } = source;
    let name = name.map(|name| one_line(&name)).filter(|name| !name.is_empty());
    let outlet = Outlet { name, host: url.as_deref().and_then(host) };
    (Some(Origin { source: None, url, retrieved, archive_url, disclaimer, rule }), outlet)
}

/// Returns the host of an address in lower case, without `www.`, user and port.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.to_lowercase();
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host.as_str(), |(host, _)| host);
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then(|| host.to_owned())
}

/// A source while the articles are joined.
#[derive(Default)]
struct Slot {
    key: String,
    /// Spellings with count and first appearance.
    spellings: FxHashMap<String, (u32, usize)>,
    hosts: FxHashMap<String, (u32, usize)>,
    articles: Vec<ArticleId>,
    /// Whether front matter gives the name; a host alone makes way for it.
    given: bool,
}

/// Returns the most frequent, of several the first.
fn most(counts: &FxHashMap<String, (u32, usize)>) -> Option<&str> {
    let by_count =
        |(_, (count, first)): &(&String, &(u32, usize))| (std::cmp::Reverse(*count), *first);
    counts.iter().min_by_key(by_count).map(|(name, _)| name.as_str())
}

/// Counts one more.
fn count(counts: &mut FxHashMap<String, (u32, usize)>, name: &str) {
    let place = counts.len();
    match counts.get_mut(name) {
        Some(known) => known.0 += 1,
        None => {
            counts.insert(name.to_owned(), (1, place));
        }
    }
}

impl Slot {
    fn name(&self) -> &str {
        most(&self.spellings).unwrap_or(&self.key)
    }
}

/// Makes the sources of all articles, which are in their final order, and links them.
///
/// An article is of the source whose record has its name or its host, whatever the article calls it.
pub(super) fn join(
    pieces: &mut [Piece],
    records: Vec<SourceRecord>,
    config: &SiteConfig,
    reports: &mut Vec<Diagnostic>,
) -> Vec<Source> {
    let names = names_of_hosts(pieces);
    let known = Known::new(&records);
    let mut slots: Vec<Slot> = Vec::new();
    let mut keys: FxHashMap<String, usize> = FxHashMap::default();
    let mut spelled: FxHashMap<String, usize> = FxHashMap::default();
    let mut seats = vec![None; pieces.len()];
    for (number, (piece, seat)) in pieces.iter_mut().zip(&mut seats).enumerate() {
        let Outlet { name, host } = std::mem::take(&mut piece.outlet);
        let rule = piece.article.origin.as_ref().and_then(|origin| origin.rule);
        let given = name.is_some() && rule.is_none();
        let by_host = || names.get(host.as_deref()?).cloned();
        let record = known.find(name.as_deref(), host.as_deref());
        let recorded = record.map(|at| records[at].name.clone());
        let Some(name) = recorded.or(name).or_else(by_host).or_else(|| host.clone()) else {
            continue;
        };
        // The same few spellings come up again and again, so each is folded once.
        let at = *spelled.entry(name.clone()).or_insert_with_key(|name| {
            let key = key(name);
            *keys.entry(key.clone()).or_insert_with(|| {
                slots.push(Slot { key, ..Slot::default() });
                slots.len() - 1
            })
        });
        let slot = &mut slots[at];
        count(&mut slot.spellings, &name);
        if let Some(host) = &host {
            count(&mut slot.hosts, host);
        }
        slot.given |= given;
        slot.articles.push(ArticleId::from_index(number));
        *seat = Some(at);
    }
    let (sources, places) = finish(slots, pieces, (records, config), reports);
    for (piece, seat) in pieces.iter_mut().zip(seats) {
        if let (Some(origin), Some(at)) = (&mut piece.article.origin, seat) {
            origin.source = Some(places[at]);
        }
    }
    sources
}

/// What records of sources are known by: numbers of records by the keys of their names, and by their hosts.
struct Known<'r> {
    names: FxHashMap<String, usize>,
    hosts: FxHashMap<&'r str, usize>,
}

impl<'r> Known<'r> {
    fn new(records: &'r [SourceRecord]) -> Self {
        let mut known = Self { names: FxHashMap::default(), hosts: FxHashMap::default() };
        for (at, record) in records.iter().enumerate() {
            for name in std::iter::once(&record.name).chain(&record.aliases) {
                known.names.entry(key(name)).or_insert(at);
            }
            for host in &record.hosts {
                known.hosts.entry(host).or_insert(at);
            }
        }
        known
    }

    fn find(&self, name: Option<&str>, host: Option<&str>) -> Option<usize> {
        if self.names.is_empty() {
            return None;
        }
        let by_name = name.and_then(|name| self.names.get(&key(name)));
        // A name that is no record's own goes before a host that is.
        let by_host = || host.filter(|_| name.is_none()).and_then(|host| self.hosts.get(host));
        by_name.or_else(by_host).copied()
    }
}

/// Returns the name that articles with an address at a host give most often.
fn names_of_hosts(pieces: &[Piece]) -> FxHashMap<String, String> {
    let mut firsts: Vec<&str> = Vec::new();
    let mut keys: FxHashMap<String, usize> = FxHashMap::default();
    let mut spelled: FxHashMap<&str, usize> = FxHashMap::default();
    // By host, the names by key, so that two spellings count as one.
    let mut hosts: FxHashMap<&str, FxHashMap<usize, (u32, usize)>> = FxHashMap::default();
    for outlet in pieces.iter().map(|piece| &piece.outlet) {
        let (Some(name), Some(host)) = (&outlet.name, &outlet.host) else { continue };
        let number = *spelled.entry(name).or_insert_with(|| {
            *keys.entry(key(name)).or_insert_with(|| {
                firsts.push(name);
                firsts.len() - 1
            })
        });
        let names = hosts.entry(host).or_default();
        let place = names.len();
        names.entry(number).or_insert((0, place)).0 += 1;
    }
    let best = |names: &FxHashMap<usize, (u32, usize)>| {
        let by_count =
            |(_, (count, first)): &(&usize, &(u32, usize))| (std::cmp::Reverse(*count), *first);
        let (number, _) = names.iter().min_by_key(by_count)?;
        firsts.get(*number).map(|name| (*name).to_owned())
    };
    hosts.iter().filter_map(|(host, names)| Some(((*host).to_owned(), best(names)?))).collect()
}

/// Gives the sources slugs and order; returns the id of each slot too.
fn finish(
    slots: Vec<Slot>,
    pieces: &[Piece],
    (records, config): (Vec<SourceRecord>, &SiteConfig),
    reports: &mut Vec<Diagnostic>,
) -> (Vec<Source>, Vec<SourceId>) {
    let mut records: FxHashMap<String, SourceRecord> =
        records.into_iter().map(|record| (key(&record.name), record)).collect();
    let claims: Vec<Claim<'_, ()>> = slots
        .iter()
        .map(|slot| {
            let record = records.get(&slot.key);
            let slug = record.map(|record| record.id.clone());
            Claim {
                space: (),
                slug: slug.unwrap_or_else(|| slugify(slot.name(), config.slug_mode)),
                key: &slot.key,
                standing: match record {
                    Some(_) => Standing::Record,
                    None if slot.given => Standing::Given,
                    None => Standing::Derived,
                },
            }
        })
        .collect();
    let (slugs, clashes) = assign(&claims);
    let report = |clash: &Clash| {
        let place = |at: usize| {
            let first = slots[at].articles.first().and_then(|id| pieces.get(id.index()));
            (slots[at].name(), first.map(|piece| piece.article.path.clone()))
        };
        collision("sources", &claims[clash.second].slug, place(clash.first), place(clash.second))
    };
    reports.extend(clashes.iter().map(report));
    let mut all: Vec<(String, usize, Slot)> = slugs
        .into_iter()
        .zip(slots)
        .enumerate()
        .map(|(at, (slug, slot))| (slug, at, slot))
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    let mut places = vec![SourceId::from_index(0); all.len()];
    let mut sources = Vec::with_capacity(all.len());
    for (slug, at, slot) in all {
        let record = records.remove(&slot.key);
        let name = record.as_ref().map_or_else(|| slot.name().to_owned(), |one| one.name.clone());
        let host = most(&slot.hosts).map(str::to_owned);
        places[at] = SourceId::from_index(sources.len());
        sources.push(Source { name, slug, record, host, articles: slot.articles });
    }
    (sources, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_bare() {
        for (url, expected) in [
            ("https://www.Example.org/a?b", Some("example.org")),
            ("http://user@example.org:8080", Some("example.org")),
            ("https://[::1]:80/", Some("[::1]")),
            ("mailto:x", None),
            ("https:///x", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }
}
