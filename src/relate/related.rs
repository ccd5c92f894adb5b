//! Related articles: older ones that share entities and topics, the rare ones most.
//!
//! What two articles share is weighed by its rarity, as in Spärck Jones, "A
//! statistical interpretation of term specificity" (1972): `log2(N / df)`, with
//! `N` articles of which `df` have the key. Both count the articles up to the one
//! whose relations are sought, so that later articles never change them.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{Related, Shared};
use crate::config::SiteConfig;
use crate::ids::{ArticleId, EntityId, Id, IdVec};
use crate::resolve::Site;

/// How far back the articles of a key are looked through: this bounds the cost of an article by its keys, and
/// what is further back is rarely wanted.
const WINDOW: usize = 64;

/// Most keys that a related article shows.
const MAX_SHARED: usize = 3;

/// One unit of `log2`, in steps of a weight.
const ONE: u64 = 256;

/// Something that two articles share.
#[derive(Clone, Copy)]
struct Key {
    shared: Shared,
    weight: u64,
    /// Whether it is enough by itself; never what both only name in passing.
    rare: bool,
}

/// What each of the older articles shares.
type Scores = FxHashMap<ArticleId, Vec<Key>>;

/// For each entity whether its articles, in their order, name it in passing: once, and not in front matter.
///
/// Such a name says little about what an article is about.
struct Passing(IdVec<EntityId, Vec<bool>>);

impl Passing {
    fn new(site: &Site) -> Self {
        let lists = site.entities.iter().map(|entity| Vec::with_capacity(entity.articles.len()));
        let mut passing: IdVec<EntityId, Vec<bool>> = lists.collect::<Vec<_>>().into();
        for link in site.articles.iter().flat_map(|article| &article.entities) {
            passing[link.entity].push(!link.given && link.mentions.len() < 2);
        }
        Self(passing)
    }

    /// Whether the article at `place` of the entity's list names it in passing.
    fn is(&self, entity: EntityId, place: usize) -> bool {
        self.0[entity].get(place).copied().unwrap_or_default()
    }
}

/// Finds the related articles of all articles. Linear in the keys of articles.
pub(super) fn related(site: &Site, config: &SiteConfig) -> IdVec<ArticleId, Vec<Related>> {
    let wanted = config.digest.related;
    if wanted == 0 {
        return site.articles.iter().map(|_| Vec::new()).collect::<Vec<_>>().into();
    }
    let passing = Passing::new(site);
    let articles = site.articles.as_slice();
    let found: Vec<Vec<Related>> = articles
        .par_iter()
        .enumerate()
        .map_init(Scores::default, |scores, (at, _)| {
            scores.clear();
            collect(site, &passing, ArticleId::from_index(at), scores);
            best(scores, wanted)
        })
        .collect();
    found.into()
}

/// Adds up what the article shares with older ones: half as much for each of the two that names it in passing.
fn collect(site: &Site, passing: &Passing, id: ArticleId, scores: &mut Scores) {
    let total = id.index() + 1;
    let article = &site.articles[id];
    for link in &article.entities {
        let articles = &site.entities[link.entity].articles;
        let here = articles.partition_point(|other| *other < id);
        let own = u32::from(passing.is(link.entity, here));
        let key =
            Key { shared: Shared::Entity(link.entity), weight: 0, rare: is_rare(total, here + 1) };
        let weight = weight(total, here + 1);
        for place in window(here) {
            let halves = own + u32::from(passing.is(link.entity, place));
            let key = Key { weight: weight >> halves, rare: key.rare && halves < 2, ..key };
            scores.entry(articles[place]).or_default().push(key);
        }
    }
    for link in &article.topics {
        let articles = &site.topics[link.topic].articles;
        let here = articles.partition_point(|other| *other < id);
        let weight = weight(total, here + 1) / 2;
        let key = Key { shared: Shared::Topic(link.topic), weight, rare: is_rare(total, here + 1) };
        for place in window(here) {
            scores.entry(articles[place]).or_default().push(key);
        }
    }
}

/// Whether a key is in so few articles that sharing it alone relates two of them.
fn is_rare(total: usize, df: usize) -> bool {
    df <= (total / 200).max(3)
}

/// Returns the last places before `here` that are looked at.
fn window(here: usize) -> Range<usize> {
    here.saturating_sub(WINDOW)..here
}

/// Returns the best of the articles that share two keys, or a rare one.
fn best(scores: &mut Scores, wanted: usize) -> Vec<Related> {
    let mut found: Vec<(Reverse<u64>, Reverse<ArticleId>)> = scores
        .iter()
        .filter(|(_, keys)| keys.len() > 1 || keys.iter().any(|key| key.rare))
        .map(|(id, keys)| (Reverse(keys.iter().map(|key| key.weight).sum()), Reverse(*id)))
        .collect();
    found.sort_unstable();
    found.truncate(wanted);
    let related = |(_, Reverse(article)): (_, Reverse<ArticleId>)| {
        let mut keys = scores.remove(&article).unwrap_or_default();
        keys.sort_by_key(|key| (Reverse(key.weight), key.shared));
        let shared = keys.into_iter().map(|key| key.shared).take(MAX_SHARED).collect();
        Related { article, shared }
    };
    found.into_iter().map(related).collect()
}

/// Returns `log2(total / df)` in steps of 1/[`ONE`], and at least one step.
fn weight(total: usize, df: usize) -> u64 {
    log2(total).saturating_sub(log2(df)).max(1)
}

/// Returns `log2(n)` in steps of 1/[`ONE`], between powers of two by a straight line: less than 0.09 too small,
/// and the same on every machine.
fn log2(n: usize) -> u64 {
    let n = (n as u64).max(1);
    let whole = n.ilog2();
    let rest = (u128::from(n - (1 << whole)) * u128::from(ONE)) >> whole;
    u64::from(whole) * ONE + u64::try_from(rest).unwrap_or(ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_exact_at_powers_of_two_and_grow() {
        assert_eq!((log2(0), log2(1), log2(2), log2(1024)), (0, 0, ONE, 10 * ONE));
        assert_eq!(log2(3), ONE + ONE / 2);
        assert!((1..5_000).all(|n| log2(n) <= log2(n + 1)));
        assert_eq!((weight(1024, 1), weight(1024, 1024)), (10 * ONE, 1));
        assert!(log2(usize::MAX) <= 64 * ONE);
    }
}
