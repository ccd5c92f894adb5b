//! Learns the weights from annotated texts: an averaged structured perceptron.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::features::{DocumentWords, Sentence};
use super::model::Model;
use super::{
    LANES, Lanes, NameClass, OUTSIDE, Scratch, TAGS, Tag, begin, decode, names, possible, viterbi,
};
use crate::analyze::words::{Word, words};
use crate::text::{TextRange, sentences};

/// A text whose names are known.
#[derive(Clone, Debug, Default)]
pub struct Annotated {
    /// The text; a line break ends a sentence.
    pub text: String,
    /// Byte range and class of each name, ascending, without overlap.
    pub names: Vec<(usize, usize, NameClass)>,
}

/// How well names were found: exact ranges and classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Names that are there.
    pub there: usize,
    /// Names that were found.
    pub found: usize,
    /// Names that were found as they are there.
    pub right: usize,
}

impl Outcome {
    /// Returns the harmonic mean of precision and recall, in thousandths.
    pub fn f1(self) -> usize {
        (2_000 * self.right).checked_div(self.there + self.found).unwrap_or_default()
    }
}

/// One text, ready to learn from.
struct Lesson {
    /// For each run of words: the features of each word, and the tags.
    runs: Vec<(Vec<Vec<u32>>, Vec<Tag>)>,
}

/// Sum of a weight over all steps, and its value.
#[derive(Clone, Copy, Default)]
struct Weight {
    value: Lanes,
    sum: [i64; LANES],
    /// Step up to which the sum holds.
    step: i64,
}

impl Weight {
    fn add(&mut self, tag: Tag, by: i32, step: i64) {
        let since = step - self.step;
        for lane in 0..LANES {
            self.sum[lane] += i64::from(self.value[lane]) * since;
        }
        self.step = step;
        self.value[usize::from(tag)] += by;
    }

    /// Returns the averages in steps of 1/[`FINE`].
    fn average(&self, steps: i64) -> [i64; LANES] {
        let mut average = [0; LANES];
        for (lane, average) in average.iter_mut().enumerate() {
            let sum = self.sum[lane] + i64::from(self.value[lane]) * (steps - self.step);
            *average = (2 * sum * FINE + steps).div_euclid(2 * steps);
        }
        average
    }
}

/// Steps of the file: a weight of 1 is so many there.
const SCALE: i64 = 16;
/// The same for a single model.
const FINE: i64 = 64 * SCALE;

/// How a model is learned.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How often each text is read.
    pub rounds: usize,
    /// Features that stand in fewer places are left out.
    pub least: u32,
    /// Of a hundred features of a word, how many are not looked at in a step, so that none learns to rely on another.
    pub dropout: u32,
    /// How many models are learned, from the texts in other orders and with other features left out. Their mean is better than each
    /// (Breiman, "Bagging predictors", 1996), and as fast as one, since all are linear.
    pub models: usize,
    /// Features of which no weight reaches this many sixteenths are left out in the end.
    pub smallest: u8,
}

/// Learns from texts in the order given, and returns the model's file. Deterministic.
pub fn train(texts: &[Annotated], settings: &Settings) -> Vec<u8> {
    let mut lessons: Vec<Lesson> = texts.iter().map(lesson).collect();
    drop_rare(&mut lessons, settings.least);
    let models: Vec<Learned> =
        (0..settings.models).into_par_iter().map(|seed| learn(&lessons, settings, seed)).collect();
    mean(&models, settings.smallest).encode()
}

/// The weights of one model, summed over its steps.
struct Learned {
    weights: FxHashMap<u32, Weight>,
    pairs: [Weight; TAGS],
    steps: i64,
}

/// Steps between those of two models, so that no two of them leave out the same features.
const APART: i64 = 100_000_000;

/// Learns one model.
fn learn(lessons: &[Lesson], settings: &Settings, seed: usize) -> Learned {
    let weights = FxHashMap::default();
    let mut learned = Learned { weights, pairs: [Weight::default(); TAGS], steps: 1 };
    let apart = i64::try_from(seed).unwrap_or_default() * APART;
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    for round in 0..settings.rounds {
        shuffle(&mut order, (round + 1_000 * seed) as u64);
        for at in &order {
            for (rows, gold) in &lessons[*at].runs {
                learned.steps += 1;
                let step = learned.steps + apart;
                let rows: Vec<Vec<u32>> =
                    rows.iter().map(|row| thinned(row, step, settings.dropout)).collect();
                learned.correct(&rows, gold);
            }
        }
    }
    learned
}

/// Returns the mean of models, rounded to the steps of the file; the largest of its weights fits.
fn mean(models: &[Learned], smallest: u8) -> Model {
    let part = FINE / SCALE * i64::try_from(models.len()).unwrap_or(1);
    let round = |sum: i64| (2 * sum + part).div_euclid(2 * part);
    let mut table = [[0i64; LANES]; TAGS];
    let mut sums: FxHashMap<u32, [i64; LANES]> = FxHashMap::default();
    let add = |sum: &mut [i64; LANES], weight: &Weight, steps: i64| {
        for (sum, value) in sum.iter_mut().zip(weight.average(steps)) {
            *sum += value;
        }
    };
    for model in models {
        for (row, weight) in table.iter_mut().zip(&model.pairs) {
            add(row, weight, model.steps);
        }
        #[expect(clippy::iter_over_hash_type, reason = "the order of a sum is nothing to it")]
        for (feature, weight) in &model.weights {
            add(sums.entry(*feature).or_default(), weight, model.steps);
        }
    }
    let table = table.map(|row| row.map(|sum| i32::try_from(round(sum)).unwrap_or_default()));
    let narrow = |sum: i64| i8::try_from(round(sum).clamp(-127, 127)).unwrap_or_default();
    let rows = sums.into_iter().map(|(feature, sum)| (feature, sum.map(narrow)));
    let tells = |(_, row): &(u32, [i8; LANES])| {
        row.iter().any(|weight| weight.unsigned_abs() >= smallest.max(1))
    };
    Model::new(&table, &rows.filter(tells).collect::<Vec<_>>())
}

/// Measures a model's file on texts, class by class.
pub fn evaluate(model: &[u8], texts: &[Annotated]) -> BTreeMap<NameClass, Outcome> {
    let model = Model::decode(model);
    let mut outcomes: BTreeMap<NameClass, Outcome> = BTreeMap::new();
    for text in texts {
        let (lines, seen) = read(text);
        let mut scratch = Scratch::default();
        let mut first = 0;
        for (range, words) in &lines {
            let sentence = Sentence::new(&text.text, *range, words, &seen, first);
            first += words.len();
            for name in names(&decode(&model, &sentence, &mut scratch)) {
                let range =
                    (words[name.words.start].start, words[name.words.end - 1].end, name.class);
                let outcome = outcomes.entry(name.class).or_default();
                outcome.found += 1;
                outcome.right += usize::from(text.names.binary_search(&range).is_ok());
            }
        }
        for (_, _, class) in &text.names {
            outcomes.entry(*class).or_default().there += 1;
        }
    }
    outcomes
}

fn read(text: &Annotated) -> (Vec<(TextRange, Vec<Word>)>, DocumentWords) {
    let mut lines: Vec<(TextRange, Vec<Word>)> = Vec::new();
    let mut at = 0;
    for line in text.text.split('\n') {
        for range in sentences(line, TextRange::of(at..at).start) {
            lines.push((range, words(&text.text, range)));
        }
        at += line.len() + 1;
    }
    let seen = DocumentWords::new(&text.text, lines.iter().map(|(_, words)| words.as_slice()));
    (lines, seen)
}

fn lesson(text: &Annotated) -> Lesson {
    let (lines, seen) = read(text);
    let mut runs = Vec::new();
    let mut from = 0;
    for (range, words) in &lines {
        let sentence = Sentence::new(&text.text, *range, words, &seen, from);
        from += words.len();
        let mut tags = vec![OUTSIDE; words.len()];
        let first = text.names.partition_point(|name| name.1 <= range.start as usize);
        for (start, end, class) in &text.names[first..] {
            if *start >= range.end as usize {
                break;
            }
            let covered = |word: &Word| word.start < *end && *start < word.end;
            let class = NameClass::ALL.iter().position(|one| one == class).unwrap_or_default();
            let mut tag = begin(class);
            for (at, word) in words.iter().enumerate().filter(|(_, word)| covered(word)) {
                if sentence.is_open(at) && word.start >= *start && word.end <= *end {
                    tags[at] = tag;
                    tag = begin(class) + 1;
                }
            }
        }
        for run in sentence.runs() {
            let rows = run.clone().map(|at| {
                let mut row = Vec::new();
                sentence.all_features(at, &mut row);
                row
            });
            runs.push((rows.collect(), tags[run].to_vec()));
        }
    }
    Lesson { runs }
}

fn drop_rare(lessons: &mut [Lesson], least: u32) {
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    let rows = || lessons.iter().flat_map(|lesson| lesson.runs.iter().flat_map(|(rows, _)| rows));
    for feature in rows().flatten() {
        *counts.entry(*feature).or_default() += 1;
    }
    for lesson in lessons {
        for (rows, _) in &mut lesson.runs {
            for row in rows {
                row.retain(|feature| counts.get(feature).is_some_and(|count| *count >= least));
            }
        }
    }
}

/// Mixes the order, the same on every machine (a linear congruential generator with Knuth's constants).
fn shuffle(order: &mut [usize], seed: u64) {
    let mut state = seed.wrapping_add(1);
    for at in (1..order.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap_or_default() % (at + 1);
        order.swap(at, other);
    }
}

/// Returns the features that are looked at in a step.
fn thinned(row: &[u32], step: i64, dropout: u32) -> Vec<u32> {
    let kept = |feature: &&u32| {
        let mixed = (u64::from(**feature)
            ^ step.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_mul(0xff51_afd7_ed55_8ccd);
        (mixed >> 40) % 100 >= u64::from(dropout)
    };
    row.iter().filter(kept).copied().collect()
}

fn score(weights: &FxHashMap<u32, Weight>, row: &[u32]) -> Lanes {
    let mut sum = [0; LANES];
    for weight in row.iter().filter_map(|feature| weights.get(feature)) {
        for (sum, value) in sum.iter_mut().zip(&weight.value) {
            *sum += value;
        }
    }
    sum
}

impl Learned {
    /// Moves weights from what is guessed for a run of words to what is right.
    fn correct(&mut self, rows: &[Vec<u32>], gold: &[Tag]) {
        let scores: Vec<Lanes> = rows.iter().map(|row| score(&self.weights, row)).collect();
        let table = self.pairs.map(|weight| weight.value);
        let mut guess = vec![OUTSIDE; gold.len()];
        viterbi(&scores, &possible(&table), &mut guess);
        if guess == gold {
            return;
        }
        let step = self.steps;
        let (mut right, mut wrong) = (OUTSIDE, OUTSIDE);
        for ((row, gold), guess) in rows.iter().zip(gold).zip(&guess) {
            if gold != guess {
                for feature in row {
                    let weight = self.weights.entry(*feature).or_default();
                    weight.add(*gold, 1, step);
                    weight.add(*guess, -1, step);
                }
            }
            if (right, *gold) != (wrong, *guess) {
                self.pairs[usize::from(right)].add(*gold, 1, step);
                self.pairs[usize::from(wrong)].add(*guess, -1, step);
            }
            (right, wrong) = (*gold, *guess);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<Annotated> {
        let people = ["Ama Boateng", "Lars Hauge", "Mei Tanaka"];
        let places = ["Kumasi", "Bergen", "Nagoya"];
        let text = |(person, place): (&str, &str)| {
            let text = format!("Minister {person} spoke in {place} on the harbour.");
            let at = |name: &str, class| {
                let start = text.find(name).unwrap_or_default();
                (start, start + name.len(), class)
            };
            let names = vec![at(person, NameClass::Person), at(place, NameClass::Place)];
            Annotated { text, names }
        };
        people.into_iter().zip(places).map(text).collect()
    }

    #[test]
    fn learning_is_the_same_each_time_and_finds_what_was_shown() {
        let texts = texts();
        let settings = Settings { rounds: 5, least: 1, dropout: 20, models: 2, smallest: 1 };
        let model = train(&texts, &settings);
        assert_eq!(model, train(&texts, &settings));
        for (class, outcome) in evaluate(&model, &texts) {
            assert_eq!(outcome.f1(), 1_000, "{class:?} {outcome:?}");
        }
        // A model that is cut off finds nothing, and does no harm.
        let broken = evaluate(&model[..model.len() - 1], &texts);
        assert!(broken.values().all(|outcome| outcome.found == 0));
    }
}
