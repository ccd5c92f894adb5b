//! Articles about the same event.
//!
//! A text is a vector of rarity-weighted words, in which the words of names count twice. In their order, texts join the
//! story whose mean they are most like, if they are like enough, or begin one; then stories that turned out alike are joined.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::vectors::{Counts, Vector, normalise, rarity, weigh};
use super::{Entity, Row};
use crate::analyze::terms::{stem, terms, words};
use crate::text::Interner;
use crate::text::real;

/// The least likeness, as a cosine, between a text and the mean of its story.
const ALIKE: f64 = 0.195;

/// Characters at the beginning that count twice.
const LEAD: usize = 500;

/// Terms of a text that stories are sought by.
const STRONGEST: usize = 200;

/// Times that all texts are looked at once more.
const ROUNDS: usize = 3;

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
    for (text, vector) in vectors.iter().enumerate() {
        shelf.add(text, vector);
    }
    // Once all stories are known, some texts turn out to be of another one.
    for _ in 0..ROUNDS {
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (at, story) in shelf.stories.iter().enumerate() {
            places.extend(story.texts.iter().map(|text| (*text, at)));
        }
        places.sort_unstable();
        for (text, at) in places {
            shelf.remove(text, &vectors[text], at);
            shelf.add(text, &vectors[text]);
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
    /// Stories that have each term, or had it.
    index: FxHashMap<u32, Vec<usize>>,
    /// Memory for sums, one for each story.
    likeness: Vec<f64>,
}

impl Shelf {
    /// Puts a text into the story that it is most like, or into one of its own.
    fn add(&mut self, text: usize, vector: &Vector) {
        let at = self.nearest(vector).unwrap_or(self.stories.len());
        if at == self.stories.len() {
            self.stories.push(Story::default());
            self.likeness.push(0.0);
        }
        let story = &mut self.stories[at];
        story.texts.push(text);
        for (term, weight) in vector {
            let sum = story.sum.entry(*term).or_insert_with(|| {
                self.index.entry(*term).or_default().push(at);
                0.0
            });
            story.square += weight * (2.0 * *sum + weight);
            *sum += weight;
        }
    }

    fn remove(&mut self, text: usize, vector: &Vector, at: usize) {
        let story = &mut self.stories[at];
        story.texts.retain(|one| *one != text);
        for (term, weight) in vector {
            if let Some(sum) = story.sum.get_mut(term) {
                *sum -= weight;
                story.square -= weight * (2.0 * *sum + weight);
            }
        }
    }

    fn nearest(&mut self, vector: &Vector) -> Option<usize> {
        let mut touched: Vec<usize> = Vec::new();
        for (term, weight) in vector {
            for story in self.index.get(term).into_iter().flatten() {
                if self.likeness[*story] == 0.0 {
                    touched.push(*story);
                }
                self.likeness[*story] +=
                    weight * self.stories[*story].sum.get(term).copied().unwrap_or_default();
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
            if like >= ALIKE && best.is_none_or(|(most, _)| like > most) {
                best = Some((like, at));
            }
        }
        best.map(|(_, at)| at)
    }
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
