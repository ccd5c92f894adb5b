//! Who is named with whom: entities that share articles, and the entities of a topic.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::Companion;
use crate::ids::{ArticleId, EntityId, Id, Rows, TopicId};
use crate::resolve::Site;

/// Articles of an entity or topic that are counted, latest first.
const MAX_ARTICLES: usize = 1_000;

/// Entities of an article that are counted.
const MAX_ENTITIES: usize = 200;

/// Longest list of companions.
const MAX_COMPANIONS: usize = 12;

/// With fewer articles than this, one shared article is enough.
const FEW: usize = 3;

/// Fewest items of a job: each one starts with a counter of its own.
const MIN_JOB: usize = 512;

/// Counts for each entity; made once for each job of a thread, and swept after use.
struct Counter {
    counts: Vec<u32>,
    touched: Vec<EntityId>,
}

impl Counter {
    fn new(site: &Site) -> Self {
        Self { counts: vec![0; site.entities.len()], touched: Vec::new() }
    }

    /// Counts the entities of the latest of `articles`, and returns the most frequent; ties by id.
    fn count(
        &mut self,
        site: &Site,
        articles: &[ArticleId],
        without: Option<EntityId>,
    ) -> Vec<Companion> {
        let from = articles.len().saturating_sub(MAX_ARTICLES);
        for article in &articles[from..] {
            for link in site.articles[*article].entities.iter().take(MAX_ENTITIES) {
                let count = &mut self.counts[link.entity.index()];
                if *count == 0 {
                    self.touched.push(link.entity);
                }
                *count += 1;
            }
        }
        let least = if articles.len() < FEW { 1 } else { 2 };
        let mut found = Vec::new();
        for entity in self.touched.drain(..) {
            let count = std::mem::take(&mut self.counts[entity.index()]);
            if count >= least && Some(entity) != without {
                found.push((Reverse(count), entity));
            }
        }
        if found.len() > MAX_COMPANIONS {
            found.select_nth_unstable(MAX_COMPANIONS);
            found.truncate(MAX_COMPANIONS);
        }
        found.sort_unstable();
        let companion = |(Reverse(articles), entity)| Companion { entity, articles };
        found.into_iter().map(companion).collect()
    }
}

/// Returns for each entity those that share most articles with it; none unless they are wanted.
///
/// Cost: the articles of each entity times their entities, with the bounds above.
pub(super) fn together(site: &Site, wanted: bool) -> Rows<EntityId, Vec<Companion>> {
    if !wanted {
        return site.entities.iter().map(|_| Vec::new()).collect();
    }
    let found: Vec<Vec<Companion>> = site
        .entities
        .par_iter()
        .with_min_len(MIN_JOB)
        .enumerate()
        .map_init(
            || Counter::new(site),
            |counter, (at, entity)| {
                counter.count(site, &entity.articles, Some(EntityId::from_index(at)))
            },
        )
        .collect();
    found.into()
}

/// Returns for each topic the entities that most of its articles name.
pub(super) fn often(site: &Site, wanted: bool) -> Rows<TopicId, Vec<Companion>> {
    if !wanted {
        return site.topics.iter().map(|_| Vec::new()).collect();
    }
    let found: Vec<Vec<Companion>> = site
        .topics
        .par_iter()
        .with_min_len(MIN_JOB)
        .map_init(
            || Counter::new(site),
            |counter, topic| counter.count(site, &topic.articles, None),
        )
        .collect();
    found.into()
}
