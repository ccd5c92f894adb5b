//! Related articles: older ones that share entities and topics, the rare ones most.
//!
//! What two articles share is weighed by its rarity, as in Spärck Jones, "A
//! statistical interpretation of term specificity" (1972): `log2(N / df)`, with
//! `N` articles of which `df` have the key. Both count the articles up to the one
//! whose relations are sought, so that later articles never change them.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;

use super::{Related, Shared};
use crate::config::SiteConfig;
use crate::ids::{ArticleId, EntityId, Id, IdVec, Rows};
use crate::resolve::{EntityLink, Site};

/// How far back the articles of a key are looked through: this bounds the cost of an article by its keys, and
/// what is further back is rarely wanted.
const WINDOW: usize = 64;

/// Fewest articles of a job: each one starts with a tally of its own.
const MIN_JOB: usize = 256;

/// Most keys that a related article shows.
const MAX_SHARED: usize = 3;

/// One unit of `log2`, in steps of a weight.
const ONE: u64 = 256;

/// For each entity whether its articles, in their order, name it in passing: once, and not in front matter.
///
/// Such a name says little about what an article is about.
struct Passing(IdVec<EntityId, Vec<bool>>);

/// Whether an article names an entity in passing.
pub(super) fn in_passing(link: &EntityLink) -> bool {
    !link.given && link.mentions.len() < 2
}

impl Passing {
    fn new(site: &Site) -> Self {
        let lists = site.entities.iter().map(|entity| Vec::with_capacity(entity.articles.len()));
        let mut passing: IdVec<EntityId, Vec<bool>> = lists.collect::<Vec<_>>().into();
        for link in site.articles.iter().flat_map(|article| &article.entities) {
            passing[link.entity].push(in_passing(link));
        }
        Self(passing)
    }
}

/// Finds the related articles of all articles. Linear in the keys of articles.
pub(super) fn related(site: &Site, config: &SiteConfig) -> Rows<ArticleId, Vec<Related>> {
    let wanted = config.digest.related;
    if wanted == 0 {
        return site.articles.iter().map(|_| Vec::new()).collect();
    }
    let passing = Passing::new(site);
    let found: Vec<Vec<Related>> = site
        .articles
        .par_iter()
        .with_min_len(MIN_JOB)
        .enumerate()
        .map_init(
            || Tally::new(site.articles.len()),
            |tally, (at, _)| {
                let keys = keys(site, &passing, ArticleId::from_index(at));
                for key in &keys {
                    tally.add(key);
                }
                let best = tally.best(wanted);
                best.into_iter().map(|article| explain(article, &keys)).collect()
            },
        )
        .collect();
    found.into()
}

/// Something that an article may share with older ones.
struct Key<'a> {
    shared: Shared,
    /// The latest of the older articles that have it, ascending.
    articles: &'a [ArticleId],
    /// Whether each of them names it in passing; empty for a topic.
    passing: &'a [bool],
    /// What it weighs, as far as this article's side goes.
    weight: u64,
    /// Whether this article names it in passing.
    in_passing: bool,
    /// Whether it is enough by itself.
    rare: bool,
}

impl Key<'_> {
    /// Returns what the key weighs between this article and the one at `place` of its list, and
    /// whether it is enough by itself: half as much for each of the two that names it in passing,
    /// and never enough when both do.
    fn weigh(&self, place: usize) -> (u64, bool) {
        let there = self.passing.get(place).copied().unwrap_or_default();
        let halves = u32::from(self.in_passing) + u32::from(there);
        (self.weight >> halves, self.rare && halves < 2)
    }
}

/// Returns what an article may share with older ones.
fn keys<'a>(site: &'a Site, passing: &'a Passing, id: ArticleId) -> Vec<Key<'a>> {
    let total = id.index() + 1;
    let article = &site.articles[id];
    let mut keys = Vec::with_capacity(article.entities.len() + article.topics.len());
    for link in &article.entities {
        let articles = &site.entities[link.entity].articles;
        let here = articles.partition_point(|other| *other < id);
        let all = &passing.0[link.entity];
        keys.push(Key {
            shared: Shared::Entity(link.entity),
            articles: &articles[window(here)],
            passing: &all[window(here)],
            weight: weight(total, here + 1),
            in_passing: all.get(here).copied().unwrap_or_default(),
            rare: is_rare(total, here + 1),
        });
    }
    for link in &article.topics {
        let articles = &site.topics[link.topic].articles;
        let here = articles.partition_point(|other| *other < id);
        keys.push(Key {
            shared: Shared::Topic(link.topic),
            articles: &articles[window(here)],
            passing: &[],
            weight: weight(total, here + 1) / 2,
            in_passing: false,
            rare: is_rare(total, here + 1),
        });
    }
    keys
}

/// Returns a related article with the weightiest of what is shared.
fn explain(article: ArticleId, keys: &[Key<'_>]) -> Related {
    let place = |key: &Key<'_>| key.articles.binary_search(&article).ok();
    let mut shared: Vec<(Reverse<u64>, Shared)> = keys
        .iter()
        .filter_map(|key| Some((Reverse(key.weigh(place(key)?).0), key.shared)))
        .collect();
    shared.sort_unstable();
    let shared = shared.into_iter().map(|(_, shared)| shared).take(MAX_SHARED).collect();
    Related { article, shared }
}

/// Adds up what each older article shares; made once for each job of a thread, and swept after use.
struct Tally {
    sums: Vec<Sum>,
    touched: Vec<ArticleId>,
}

/// What one older article shares.
#[derive(Clone, Copy, Default)]
struct Sum {
    score: u64,
    keys: u32,
    /// Whether one of the keys is enough by itself.
    enough: bool,
}

impl Tally {
    fn new(articles: usize) -> Self {
        Self { sums: vec![Sum::default(); articles], touched: Vec::new() }
    }

    fn add(&mut self, key: &Key<'_>) {
        for (place, article) in key.articles.iter().enumerate() {
            let sum = &mut self.sums[article.index()];
            if sum.keys == 0 {
                self.touched.push(*article);
            }
            let (weight, enough) = key.weigh(place);
            sum.score += weight;
            sum.keys += 1;
            sum.enough |= enough;
        }
    }

    /// Returns the best articles that share two keys, or a rare one; of equals the newest. Sweeps.
    fn best(&mut self, wanted: usize) -> Vec<ArticleId> {
        let mut best: Vec<(u64, ArticleId)> = Vec::with_capacity(wanted + 1);
        for article in self.touched.drain(..) {
            let sum = std::mem::take(&mut self.sums[article.index()]);
            let found = (sum.score, article);
            let is_better = best.len() < wanted || best.last().is_some_and(|last| found > *last);
            if (sum.keys > 1 || sum.enough) && is_better {
                let at = best.partition_point(|other| *other > found);
                best.insert(at, found);
                best.truncate(wanted);
            }
        }
        best.into_iter().map(|(_, article)| article).collect()
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

/// Returns `log2(total / df)` in steps of 1/[`ONE`], and at least one step.
fn weight(total: usize, df: usize) -> u64 {
    log2(total).saturating_sub(log2(df)).max(1)
}

/// Returns `log2(n)` in steps of 1/[`ONE`], between powers of two by a straight line: less than 0.09 too small,
/// and the same on every machine.
pub(super) fn log2(n: usize) -> u64 {
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
