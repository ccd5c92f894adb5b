//! Stories: articles that report the same event, one after the other.
//!
//! A single pass, from the oldest article to the newest, as in Allan, Papka and Lavrenko, "On-line new event detection
//! and tracking" (1998): an article joins the story whose articles are together most like it, by the words of its title
//! and summary and by whom it names, weighed by their rarity up to then; or it begins a story. A story without a new
//! article for some weeks is over, unless the next one is far more like it; after half a year it is over in any case. What comes later never changes what was found before.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

use super::related::log2;
use crate::analyze::is_common_word;
use crate::analyze::terms::terms;
use crate::ids::{ArticleId, Id, Rows};
use crate::resolve::{Article, Site};

/// Where an article stands in its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The first article of the story.
    pub first: ArticleId,
    /// The article of the story before this one; none for the first.
    pub before: Option<ArticleId>,
    /// The latest article before it whose text is nearly the same.
    pub copy_of: Option<ArticleId>,
}

/// Least cosine between an article and the articles of its story, in hundredths.
const ALIKE: u128 = 17;

/// Days after which a story without a new article is over, unless the next one is far more like it.
const DAYS: i64 = 21;
const FAR_MORE: u128 = 32;

/// Days after which a story is over whatever comes: a later event of the same kind is another one.
const MOST_DAYS: i64 = 180;

/// Features that an article is told by, the weightiest.
const STRONGEST: usize = 40;

/// Stories of a feature that are looked at, latest first: this bounds the cost of an article.
const WINDOW: usize = 64;

/// Articles of a story that later ones are compared with, the first.
const MEMBERS: u32 = 200;

/// Articles that are taken to have been there before the first, so that rarity means something from the beginning.
const BEFORE: usize = 512;

/// One of so many of them is taken to have a feature: a common word, another word, a name.
const COMMON: usize = 8;
const RARE: usize = 64;

/// A number for a word or a name, the same in all articles.
type Feature = u64;

/// Features with their weights.
type Vector = Vec<(Feature, u64)>;

/// A story in the making.
struct Story {
    first: ArticleId,
    last: ArticleId,
    day: Option<i64>,
    members: u32,
    /// Length of the sum of its articles, squared.
    square: u128,
}

/// The stories so far.
#[derive(Default)]
struct Shelf {
    stories: Vec<Story>,
    /// For each feature the stories that have it, with the sum of its weights, in the order of their beginning.
    index: FxHashMap<Feature, Vec<(u32, u64)>>,
    /// In how many articles each feature was.
    seen: FxHashMap<Feature, u32>,
    /// Memory for likeness, one for each story.
    tally: Vec<u64>,
    touched: Vec<u32>,
}

/// Finds the story of each article. Linear in the features of articles.
pub(super) fn stories(site: &Site, wanted: bool) -> Rows<ArticleId, Option<Told>> {
    if !wanted {
        return site.articles.iter().map(|_| None).collect();
    }
    let mut shelf = Shelf::default();
    let mut all: Vec<Option<Told>> = Vec::with_capacity(site.articles.len());
    for (at, article) in site.articles.iter().enumerate() {
        let mut told = shelf.add(ArticleId::from_index(at), article);
        let before = |id: ArticleId| all.get(id.index()).and_then(|told| told.as_ref()?.before);
        told.copy_of = copy_of(site, article, told.before, before);
        all.push(Some(told));
    }
    all.into()
}

/// Returns for the first article of each story of several all of its articles.
pub(super) fn reports(stories: &Rows<ArticleId, Option<Told>>) -> Rows<ArticleId, Vec<ArticleId>> {
    let mut all: Vec<Vec<ArticleId>> = vec![Vec::new(); stories.len()];
    for (id, told) in stories.pairs() {
        let Some(told) = told.filter(|told| told.before.is_some()) else { continue };
        let reports = &mut all[told.first.index()];
        if reports.is_empty() {
            reports.push(told.first);
        }
        reports.push(id);
    }
    all.into()
}

/// Returns the latest article of a story before another whose text is nearly the same; `before` steps back in it.
pub(super) fn copy_of(
    site: &Site,
    article: &Article,
    last: Option<ArticleId>,
    before: impl Fn(ArticleId) -> Option<ArticleId>,
) -> Option<ArticleId> {
    let sketch = article.sketch?;
    let resembles =
        |id: &ArticleId| site.articles[*id].sketch.is_some_and(|other| sketch.resembles(&other));
    std::iter::successors(last, |id| before(*id)).take(WINDOW).find(resembles)
}

impl Shelf {
    fn add(&mut self, id: ArticleId, article: &Article) -> Told {
        let counts = features(article);
        let vector = self.weigh(&counts, id.index());
        for (feature, _) in &counts {
            *self.seen.entry(*feature).or_default() += 1;
        }
        let day = article.date.as_ref().map(|date| day(date.value.date));
        let square: u128 = vector.iter().map(|(_, weight)| square(*weight)).sum();
        let found = self.nearest(&vector, square, day);
        let told = if let Some(at) = found {
            let story = &mut self.stories[at];
            let before = story.last;
            (story.last, story.day) = (id, day);
            Told { first: story.first, before: Some(before), copy_of: None }
        } else {
            self.stories.push(Story { first: id, last: id, day, members: 0, square: 0 });
            self.tally.push(0);
            Told { first: id, before: None, copy_of: None }
        };
        self.learn(found.unwrap_or(self.stories.len() - 1), &vector);
        told
    }

    /// Adds an article to what a story is told by.
    fn learn(&mut self, at: usize, vector: &Vector) {
        let story = &mut self.stories[at];
        if story.members >= MEMBERS {
            return;
        }
        story.members += 1;
        let number = u32::try_from(at).unwrap_or(u32::MAX);
        for (feature, weight) in vector {
            let list = self.index.entry(*feature).or_default();
            let from = list.len().saturating_sub(WINDOW);
            let known = list[from..].iter().position(|(story, _)| *story == number);
            let place = known.map_or(list.len(), |at| from + at);
            if known.is_none() {
                list.push((number, 0));
            }
            let sum = &mut list[place].1;
            story.square += square(*sum + weight) - square(*sum);
            *sum += weight;
        }
    }

    /// Returns the story that is most like an article; of equals the latest.
    fn nearest(&mut self, vector: &Vector, own: u128, day: Option<i64>) -> Option<usize> {
        for (feature, weight) in vector {
            let list = self.index.get(feature).map(Vec::as_slice).unwrap_or_default();
            for (story, sum) in &list[list.len().saturating_sub(WINDOW)..] {
                let likeness = &mut self.tally[*story as usize];
                if *likeness == 0 {
                    self.touched.push(*story);
                }
                *likeness += weight * sum;
            }
        }
        // The square of the cosine, without the article's own length, as a fraction.
        let mut best: Option<(u128, u128, usize)> = None;
        for number in self.touched.drain(..) {
            let at = number as usize;
            let dot = u128::from(std::mem::take(&mut self.tally[at]));
            let story = &self.stories[at];
            let pause = story.day.zip(day).map_or(0, |(last, day)| day - last);
            if pause > MOST_DAYS {
                continue;
            }
            let over = pause > DAYS;
            let like = dot * dot * 10_000;
            let least = if over { FAR_MORE } else { ALIKE };
            if like < least * least * own * story.square {
                continue;
            }
            let better = best.is_none_or(|(most, square, other)| {
                let (one, two) = (like * square, most * story.square);
                one > two || one == two && at > other
            });
            if better {
                best = Some((like, story.square, at));
            }
        }
        best.map(|(_, _, at)| at)
    }

    /// Weighs the features of an article by their rarity among those before it, and keeps the weightiest.
    fn weigh(&self, counts: &[(Feature, (u32, usize))], before: usize) -> Vector {
        let mut vector: Vector = counts
            .iter()
            .map(|(feature, (count, prior))| {
                let seen = self.seen.get(feature).copied().unwrap_or_default() as usize;
                let rarity = log2(before + BEFORE).saturating_sub(log2(seen + BEFORE / prior));
                // Often named is more, but not as often more.
                let often = u64::from(u32::BITS - count.leading_zeros());
                (*feature, rarity * (1 + often) / 8)
            })
            .filter(|(_, weight)| *weight > 0)
            .collect();
        // Of equals the first stay: the order of names does not change with other articles, their numbers do.
        vector.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        vector.truncate(STRONGEST);
        vector
    }
}

/// Returns what an article is told by, with how often, and in one of how many articles that is taken to be: words, then
/// names.
fn features(article: &Article) -> Vec<(Feature, (u32, usize))> {
    let mut counts: BTreeMap<Feature, (u32, usize)> = BTreeMap::new();
    let mut add = |text: &str, weight: u32| {
        for term in terms(text) {
            let prior = if is_common_word(&term) { COMMON } else { RARE };
            counts.entry(word(&term)).or_insert((0, prior)).0 += weight;
        }
    };
    add(&article.title.value, 2);
    if let Some(summary) = &article.summary {
        add(&summary.value, 1);
    }
    let names = article.entities.iter().map(|link| {
        let count = u32::try_from(link.mentions.len()).unwrap_or(u32::MAX).min(7);
        (name(link.entity.index()), (count + u32::from(link.given), RARE))
    });
    counts.into_iter().chain(names).collect()
}

fn word(term: &str) -> Feature {
    let mut hasher = FxHasher::default();
    term.hash(&mut hasher);
    hasher.finish() | 1
}

/// Names have even numbers, words odd ones.
fn name(entity: usize) -> Feature {
    (entity as u64) << 1
}

fn square(weight: u64) -> u128 {
    u128::from(weight) * u128::from(weight)
}

/// Returns a number for a day, near enough to count those between two.
fn day(date: jiff::civil::Date) -> i64 {
    i64::from(date.year()) * 365 + i64::from(date.day_of_year())
}
