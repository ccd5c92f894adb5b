//! Articles about the same event.
//!
//! A text is a vector of rarity-weighted words, in which the words of names count twice. In their order, texts join the
//! story whose mean they are most like, if they are like enough, or begin one. At first only close ones find each other, so
//! that it matters little which text comes first; then the bar is lowered, stories that turned out alike are joined, and
//! every text is looked at once more.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::vectors::{Counts, Vector, normalise, rarity, weigh};
use super::{Entity, Row};
use crate::analyze::terms::{stem, terms, words};
use crate::text::Interner;
use crate::text::real;

/// The least likeness, as a cosine, between a text and the mean of its story.
const ALIKE: f64 = 0.165;

/// How often all texts are looked at, and how much more alike than `ALIKE` they must be each time.
const ROUNDS: [f64; 4] = [1.75, 1.4, 1.0, 1.0];

/// The likeness of stories that are one: a mean of many texts is like another sooner than a text is.
const ONE: f64 = 0.42;

/// What is left of a weight that was taken out again, by rounding.
const NOTHING: f64 = 1e-9;

/// Characters at the beginning that count twice.
const LEAD: usize = 500;

/// Terms of a text that stories are sought by.
const STRONGEST: usize = 200;

/// A story in the making.
#[derive(Default)]
struct Story {
    sum: FxHashMap<u32, f64>,
    /// Length of the sum, squared.
    square: f64,
    texts: Vec<usize>,
}

/// Returns the name of each row's story.
pub(super) fn assign(rows: &[Row], named: &[&[Entity]]) -> Vec<String> {
    let mut vocabulary = Interner::default();
    let counted: Vec<Counts> = rows
        .iter()
        .zip(named)
        .map(|(row, entities)| count(row, entities, &mut vocabulary))
        .collect();
    let rarity = rarity(counted.iter(), vocabulary.len());
    let told = |counts: &Counts| strongest(&weigh(counts, &rarity));
    let vectors: Vec<Vector> = counted.par_iter().map(told).collect();
    let stories = join(&vectors);
    let mut of_row = vec![String::new(); rows.len()];
    for (number, story) in (1..).zip(stories) {
        for text in story.texts {
            of_row[text] = format!("story-{number}");
        }
    }
    of_row
}

fn count(row: &Row, entities: &[Entity], vocabulary: &mut Interner) -> Counts {
    let mut counts: Counts = Counts::new();
    let title = row.title.as_deref().unwrap_or_default();
    let lead = row.text.char_indices().nth(LEAD).map_or(row.text.len(), |(at, _)| at);
    for text in [title, &row.text, &row.text[..lead]] {
        for term in terms(text) {
            *counts.entry(vocabulary.number(&term)).or_default() += 1.0;
        }
    }
    for entity in entities {
        for word in words(&entity.name) {
            *counts.entry(vocabulary.number(stem(&word))).or_default() +=
                real(entity.mentions.len());
        }
    }
    counts
}

fn join(vectors: &[Vector]) -> Vec<Story> {
    let mut shelf = Shelf::default();
    for (round, stricter) in ROUNDS.into_iter().enumerate() {
        if round + 1 == ROUNDS.len() {
            shelf.unite();
        }
        let mut of_text = vec![None; vectors.len()];
        for (at, story) in shelf.stories.iter().enumerate() {
            for text in &story.texts {
                of_text[*text] = Some(at);
            }
        }
        for (text, vector) in vectors.iter().enumerate() {
            if let Some(at) = of_text[text] {
                shelf.remove(text, vector, at);
            }
            shelf.add(text, vector, ALIKE * stricter, of_text[text]);
        }
    }
    let mut stories = shelf.stories;
    stories.retain(|story| !story.texts.is_empty());
    for story in &mut stories {
        story.texts.sort_unstable();
    }
    stories.sort_by_key(|story| story.texts.first().copied());
    stories
}

/// The stories so far.
#[derive(Default)]
struct Shelf {
    stories: Vec<Story>,
    /// For each term the stories that have it, ascending, with the weight in their sums: all that a text is held against.
    index: Vec<Vec<(usize, f64)>>,
    /// Memory for sums, one for each story.
    likeness: Vec<f64>,
}

impl Shelf {
    /// Puts a text into the story that it is most like, or into one of its own: that which it `left`, if nothing is in it.
    fn add(&mut self, text: usize, vector: &Vector, alike: f64, left: Option<usize>) {
        let found = self.nearest(vector, alike);
        let own = left.filter(|at| self.stories[*at].texts.is_empty());
        let at = found.or(own).unwrap_or(self.stories.len());
        if at == self.stories.len() {
            self.stories.push(Story::default());
            self.likeness.push(0.0);
        }
        self.stories[at].texts.push(text);
        self.put(at, vector);
    }

    /// Adds weights to the sum of a story.
    fn put(&mut self, at: usize, vector: &Vector) {
        let story = &mut self.stories[at];
        for (term, weight) in vector {
            let sum = story.sum.entry(*term).or_default();
            story.square += weight * (2.0 * *sum + weight);
            *sum += weight;
            note(&mut self.index, *term, at, *sum);
        }
    }

    fn remove(&mut self, text: usize, vector: &Vector, at: usize) {
        let story = &mut self.stories[at];
        story.texts.retain(|one| *one != text);
        for (term, weight) in vector {
            if let Some(sum) = story.sum.get_mut(term) {
                *sum -= weight;
                story.square -= weight * (2.0 * *sum + weight);
                note(&mut self.index, *term, at, *sum);
            }
        }
    }

    /// Joins stories that are one.
    fn unite(&mut self) {
        for at in 0..self.stories.len() {
            // A story that grew may be like others.
            while let Some(other) = self.twin(at) {
                let story = std::mem::take(&mut self.stories[other]);
                let sum = ordered(story.sum);
                for (term, _) in &sum {
                    note(&mut self.index, *term, other, 0.0);
                }
                self.stories[at].texts.extend(story.texts);
                self.put(at, &sum);
            }
        }
    }

    /// Returns the story that is most like another one, if they are one.
    fn twin(&mut self, at: usize) -> Option<usize> {
        if self.stories[at].texts.is_empty() {
            return None;
        }
        let texts = std::mem::take(&mut self.stories[at].texts);
        let mut sum = ordered(self.stories[at].sum.clone());
        normalise(&mut sum);
        // Without texts, it is not found itself.
        let twin = self.nearest(&sum, ONE);
        self.stories[at].texts = texts;
        twin
    }

    /// Returns the story whose mean is most like a vector.
    fn nearest(&mut self, vector: &Vector, alike: f64) -> Option<usize> {
        let mut touched: Vec<usize> = Vec::new();
        for (term, weight) in vector {
            for (story, sum) in self.index.get(*term as usize).into_iter().flatten() {
                let likeness = &mut self.likeness[*story];
                if *likeness == 0.0 {
                    touched.push(*story);
                }
                *likeness += weight * sum;
            }
        }
        touched.sort_unstable();
        let mut best: Option<(f64, usize)> = None;
        for at in touched {
            let dot = std::mem::take(&mut self.likeness[at]);
            let story = &self.stories[at];
            if story.texts.is_empty() {
                continue;
            }
            let like = dot / story.square.max(f64::MIN_POSITIVE).sqrt();
            if like >= alike && best.is_none_or(|(most, _)| like > most) {
                best = Some((like, at));
            }
        }
        best.map(|(_, at)| at)
    }
}

/// Notes the weight of a term in the sum of a story.
fn note(index: &mut Vec<Vec<(usize, f64)>>, term: u32, story: usize, weight: f64) {
    let term = term as usize;
    if index.len() <= term {
        index.resize_with(term + 1, Vec::new);
    }
    let stories = &mut index[term];
    match stories.binary_search_by_key(&story, |(one, _)| *one) {
        Ok(at) if weight <= NOTHING => {
            stories.remove(at);
        }
        Ok(at) => stories[at].1 = weight,
        Err(_) if weight <= NOTHING => {}
        Err(at) => stories.insert(at, (story, weight)),
    }
}

/// Returns a sum as a vector: its terms with weight, ascending.
fn ordered(sum: FxHashMap<u32, f64>) -> Vector {
    let mut vector: Vector = sum.into_iter().filter(|(_, weight)| *weight > NOTHING).collect();
    vector.sort_unstable_by_key(|(term, _)| *term);
    vector
}

/// Returns the terms that a text is told by, which are enough to find its story.
fn strongest(vector: &Vector) -> Vector {
    let mut best = vector.clone();
    best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    best.truncate(STRONGEST);
    best.sort_unstable_by_key(|(term, _)| *term);
    normalise(&mut best);
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of two groups, of which any two have the likeness 0.3 in a group and `across` between them.
    fn groups(across: f64) -> Vec<Vector> {
        let text = |at: u32| {
            let own = 10 + at;
            vec![(0, across.sqrt()), (1 + at / 20, (0.3 - across).sqrt()), (own, 0.7f64.sqrt())]
        };
        (0..40).map(text).collect()
    }

    #[test]
    fn stories_whose_means_are_alike_are_one() {
        assert_eq!(join(&groups(0.16)).len(), 1);
        let apart = join(&groups(0.1));
        let texts: Vec<&[usize]> = apart.iter().map(|story| story.texts.as_slice()).collect();
        let (first, second): (Vec<usize>, Vec<usize>) = ((0..20).collect(), (20..40).collect());
        assert_eq!(texts, [first.as_slice(), second.as_slice()]);
    }

    #[test]
    fn the_order_of_texts_tells_nothing() {
        let vectors = groups(0.1);
        let order: Vec<usize> = (0..40).map(|at| at * 7 % 40).collect();
        let mixed: Vec<Vector> = order.iter().map(|at| vectors[*at].clone()).collect();
        for story in join(&mixed) {
            let of: Vec<bool> = story.texts.iter().map(|text| order[*text] < 20).collect();
            assert!(of.iter().all(|one| *one == of[0]) && of.len() == 20, "{of:?}");
        }
    }
}
