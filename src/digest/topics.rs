//! Topics, learned from texts that have them.
//!
//! For each topic a linear classifier over rarity-weighted words: a support vector machine with squared loss, found by
//! dual coordinate descent (Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent method for
//! large-scale linear SVM", 2008). Where every text that teaches has one topic, every text gets one, and naive Bayes over
//! words and pairs of words has a say as well, since it tells short texts better (`ratios`); elsewhere a text gets as many as
//! pass a bar. How much of a say, which bar, and what an error costs, is what serves best on the teaching texts, each scored by
//! what the others teach.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::ratios::{Pairs, pairs, ratios};
use super::vectors::{Counts, Vector, rarity, weigh};
use super::{Row, Topic};
use crate::analyze::terms::terms;
use crate::text::real;
use crate::text::{Interner, SlugMode, slugify};

/// What an error may cost, against how large weights may be. Where texts have several topics, it is the first.
const COSTS: [f64; 2] = [1.0, 0.5];
const ROUNDS: usize = 30;
/// Words of evidence shown.
const EVIDENCE: usize = 5;
/// Topics of a text.
const MOST: usize = 8;

/// Says that naive Bayes may have.
const SAYS: [f64; 6] = [0.0, 0.1, 0.2, 0.4, 0.8, 1.6];

/// A text as it is scored.
struct Told {
    vector: Vector,
    /// Nothing where texts have several topics.
    pairs: Pairs,
}

/// Texts that teach, and how.
struct School<'r> {
    teachers: Vec<usize>,
    /// The texts of each topic, ascending.
    labels: BTreeMap<&'r str, Vec<usize>>,
    texts: Vec<Told>,
    /// Number of terms.
    size: usize,
    /// Whether every text has one topic.
    single: bool,
}

/// What the classifier of one topic learned.
struct Line {
    label: String,
    weights: Vec<f64>,
    ratios: Vec<f64>,
}

impl Line {
    fn score(&self, text: &Told, say: f64) -> f64 {
        // Most collections need no ratios.
        let ratios = if say > 0.0 { text.pairs.mean(&self.ratios) } else { 0.0 };
        (dot(&self.weights, &text.vector) + say * ratios) / (1.0 + say)
    }
}

/// Assigns topics to the rows that have none.
pub(super) fn assign(rows: &[Row]) -> Vec<Vec<Topic>> {
    let teachers: Vec<usize> = (0..rows.len())
        .filter(|at| rows[*at].topics.as_ref().is_some_and(|topics| !topics.is_empty()))
        .collect();
    let given = |at: usize| rows[at].topics.as_deref().unwrap_or_default();
    let mut answers: Vec<Vec<Topic>> =
        (0..rows.len()).map(|at| given(at).iter().map(|topic| said(topic)).collect()).collect();
    if teachers.len() < 2 || teachers.len() == rows.len() {
        return answers;
    }
    let single = teachers.iter().all(|at| given(*at).len() == 1);
    let mut vocabulary = Interner::default();
    let (counted, paired): (Vec<Counts>, Vec<Pairs>) =
        rows.iter().map(|row| count(row, single, &mut vocabulary)).unzip();
    let mut rarity = rarity(teachers.iter().map(|at| &counted[*at]), vocabulary.len());
    // Topics of which a text has several are wide, and the words that tell them are not so rare.
    let power = if single { 0.8 } else { 0.5 };
    for weight in &mut rarity {
        *weight = weight.max(0.0).powf(power);
    }
    let vectors: Vec<Vector> = counted.par_iter().map(|counts| weigh(counts, &rarity)).collect();
    let size = vocabulary.len();
    let texts = vectors.into_iter().zip(paired).map(|(vector, pairs)| Told { vector, pairs });
    let mut labels: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in &teachers {
        for topic in given(*at) {
            labels.entry(topic).or_default().push(*at);
        }
    }
    let school = School { teachers, labels, texts: texts.collect(), size, single };
    let (cost, say, bar) = if single {
        let (cost, say) = school.best();
        (cost, say, f64::NEG_INFINITY)
    } else {
        (COSTS[0], 0.0, bar(&school.tried(COSTS[0])))
    };
    let lines = school.learn(&school.teachers, cost);
    let asked: Vec<usize> = (0..rows.len()).filter(|at| given(*at).is_empty()).collect();
    let found: Vec<Vec<Topic>> = asked
        .par_iter()
        .map(|at| {
            let text = &school.texts[*at];
            let mut scored: Vec<(f64, &Line)> =
                lines.iter().map(|line| (line.score(text, say), line)).collect();
            scored.sort_by(|a, b| b.0.total_cmp(&a.0));
            let most = if single { 1 } else { MOST };
            // An editor gives every text a topic.
            let best = scored
                .iter()
                .take(most)
                .enumerate()
                .filter(|(at, (score, _))| *at == 0 || *score >= bar);
            best.map(|(_, found)| found)
                .map(|(score, line)| topic(*score, line, &text.vector, &vocabulary))
                .collect()
        })
        .collect();
    for (at, topics) in asked.into_iter().zip(found) {
        answers[at] = topics;
    }
    answers
}

fn said(label: &str) -> Topic {
    Topic {
        id: slugify(label, SlugMode::default()),
        label: label.to_owned(),
        score: 1.0,
        evidence: Vec::new(),
    }
}

fn topic(score: f64, line: &Line, vector: &Vector, vocabulary: &Interner) -> Topic {
    let mut parts: Vec<(f64, u32)> = vector
        .iter()
        .map(|(term, weight)| (weight * line.weights[*term as usize], *term))
        .filter(|(part, _)| *part > 0.0)
        .collect();
    parts.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut evidence: Vec<String> = Vec::new();
    for (_, term) in parts {
        let word = vocabulary.get(term);
        let word = word.strip_prefix(IN_TITLE).unwrap_or(word);
        // Parts of words tell readers nothing.
        if !word.starts_with(PART) && !evidence.iter().any(|shown| shown == word) {
            evidence.push(word.to_owned());
        }
        if evidence.len() == EVIDENCE {
            break;
        }
    }
    let score = 1.0 / (1.0 + (-2.0 * score).exp());
    Topic { score: (score * 1000.0).round() / 1000.0, evidence, ..said(&line.label) }
}

/// Marks of terms that are no words of the text: words of the title, and parts of words.
const IN_TITLE: &str = "title/";
const PART: &str = "part/";

/// Letters of a part of a word, and how much one counts: so little that only what comes again and again tells.
const LETTERS: usize = 4;
const LITTLE: f64 = 0.1;

/// Counts the words of a row. Those of the title count twice, and once more as words of a title. Where texts have one topic,
/// so do pairs of words; where they have several, parts of words: `mobile` and `mobilize` are mostly about the same.
fn count(row: &Row, single: bool, vocabulary: &mut Interner) -> (Counts, Pairs) {
    let mut counts: Counts = Counts::new();
    let mut add = |term: &str, weight: f64| {
        *counts.entry(vocabulary.number(term)).or_default() += weight;
    };
    let title = terms(row.title.as_deref().unwrap_or_default());
    let text = terms(&row.text);
    for term in &title {
        add(term, 2.0);
        add(&format!("{IN_TITLE}{term}"), 1.0);
    }
    for term in &text {
        add(term, 1.0);
    }
    if single {
        let pairs = pairs(&counts, &[title, text], vocabulary);
        return (counts, pairs);
    }
    for term in title.iter().chain(&text) {
        parts(term, &mut add);
    }
    (counts, Pairs::default())
}

/// Counts the parts of a word, with marks for where it begins and ends.
fn parts(term: &str, add: &mut dyn FnMut(&str, f64)) {
    let letters: Vec<char> = format!("<{term}>").chars().collect();
    for part in letters.windows(LETTERS) {
        add(
            &part.iter().fold(PART.to_owned(), |all, letter| all + letter.encode_utf8(&mut [0; 4])),
            LITTLE,
        );
    }
}

impl School<'_> {
    /// Learns from some of the teaching texts.
    fn learn(&self, teachers: &[usize], cost: f64) -> Vec<Line> {
        let all: Vec<(&&str, &Vec<usize>)> = self.labels.iter().collect();
        all.into_par_iter()
            .map(|(label, members)| {
                let is_member = |at: usize| members.binary_search(&at).is_ok();
                let sign = |at: usize| if is_member(at) { 1.0 } else { -1.0 };
                let examples: Vec<(&Vector, f64)> =
                    teachers.iter().map(|at| (&self.texts[*at].vector, sign(*at))).collect();
                let weights = separate(&examples, cost, self.size);
                let ratios = if self.single {
                    let pairs = |at: &usize| (&self.texts[*at].pairs, is_member(*at));
                    ratios(teachers.iter().map(pairs), self.labels.len(), self.size)
                } else {
                    Vec::new()
                };
                Line { label: (**label).to_owned(), weights, ratios }
            })
            .collect()
    }

    /// Returns what an error is to cost and which say naive Bayes is to have; of two as good, the first.
    fn best(&self) -> (f64, f64) {
        let mut best = (COSTS[0], SAYS[0]);
        let mut most = None;
        for cost in COSTS {
            let tried = self.tried(cost);
            for (at, say) in SAYS.into_iter().enumerate() {
                let right = Some(right(&tried, at));
                if right > most {
                    (most, best) = (right, (cost, say));
                }
            }
        }
        best
    }

    /// Scores each teaching text by what texts of other folds teach.
    fn tried(&self, cost: f64) -> Vec<Tried> {
        let mut tried: Vec<Tried> = Vec::new();
        for fold in 0..FOLDS {
            let (kept, learned): (Vec<usize>, Vec<usize>) =
                self.teachers.iter().partition(|at| **at % FOLDS == fold);
            let lines = self.learn(&learned, cost);
            let says = if self.single { &SAYS[..] } else { &SAYS[..1] };
            let scores = |at: &usize| {
                let is_right =
                    |line: &Line| self.labels[line.label.as_str()].binary_search(at).is_ok();
                let text = &self.texts[*at];
                let score = |line| says.iter().map(|say| Line::score(line, text, *say)).collect();
                lines.iter().map(|line| (score(line), is_right(line))).collect()
            };
            tried.par_extend(kept.par_iter().map(scores));
        }
        tried
    }
}

/// Finds the weights that part examples of the two signs.
fn separate(examples: &[(&Vector, f64)], cost: f64, size: usize) -> Vec<f64> {
    let mut weights = vec![0.0; size];
    let mut alphas = vec![0.0f64; examples.len()];
    let slack = 0.5 / cost;
    for _ in 0..ROUNDS {
        let mut moved = 0.0f64;
        for ((vector, sign), alpha) in examples.iter().zip(&mut alphas) {
            let gradient = sign * dot(&weights, vector) - 1.0 + *alpha * slack;
            let length = if vector.is_empty() { 0.0 } else { 1.0 };
            let next = (*alpha - gradient / (length + slack)).max(0.0);
            let step = (next - *alpha) * sign;
            moved = moved.max(step.abs());
            *alpha = next;
            for (term, weight) in *vector {
                weights[*term as usize] += step * weight;
            }
        }
        if moved < 1e-3 {
            break;
        }
    }
    weights
}

fn dot(weights: &[f64], vector: &Vector) -> f64 {
    vector.iter().map(|(term, weight)| weights[*term as usize] * weight).sum()
}

/// Parts of the teaching texts, each scored by what the others teach.
const FOLDS: usize = 5;

/// A text that was not learned from: for each topic its score with each say of naive Bayes, and whether it has the topic.
type Tried = Vec<(Vec<f64>, bool)>;

/// Returns how many texts have the topic that is best, with one of the says of naive Bayes.
fn right(tried: &[Tried], say: usize) -> usize {
    let best = |one: &&Tried| {
        let best = one.iter().max_by(|a, b| a.0[say].total_cmp(&b.0[say]));
        best.is_some_and(|(_, is_right)| *is_right)
    };
    tried.iter().filter(best).count()
}

/// Returns the bar at which most is right among teaching texts that were not learned from.
fn bar(tried: &[Tried]) -> f64 {
    let mut scored: Vec<(f64, bool)> =
        tried.iter().flatten().map(|(scores, is_right)| (scores[0], *is_right)).collect();
    let there = real(scored.iter().filter(|(_, is_right)| *is_right).count());
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut best, mut bar) = (0.0, 0.0, 0.0);
    for (found, (score, is_right)) in scored.into_iter().enumerate() {
        right += f64::from(u8::from(is_right));
        let f1 = 2.0 * right / (real(found + 1) + there);
        if f1 > best {
            (best, bar) = (f1, score);
        }
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str, topics: &[&str]) -> Row {
        Row {
            id: text.to_owned(),
            title: Some(text.to_owned()),
            text: text.to_owned(),
            topics: Some(topics.iter().map(|topic| (*topic).to_owned()).collect()),
            ..Row::default()
        }
    }

    #[test]
    fn evidence_is_words_of_the_text_once_each() {
        let mut rows: Vec<Row> = Vec::new();
        for n in 0..10 {
            rows.push(row(&format!("harbour ships sailing {n}"), &["sea", "trade"]));
            rows.push(row(&format!("mountain hikers climbing {n}"), &["land"]));
        }
        rows.push(row("sailing ships near the harbour", &[]));
        let found = assign(&rows);
        let topics: Vec<&str> = found[20].iter().map(|topic| topic.label.as_str()).collect();
        assert_eq!(topics, ["sea", "trade"]);
        let mut evidence = found[20][0].evidence.clone();
        evidence.sort_unstable();
        assert_eq!(evidence, ["harbour", "sail", "ship"]);
    }
}
