//! What a `GLiNER` model is asked, as numbers, and the names in what it answers.
//!
//! A model "in span mode" judges every stretch of up to [`WIDTH`] words, once for each label.

use std::ops::Range;

/// Most words of a name: all models in span mode are made for so many.
pub(super) const WIDTH: usize = 12;

/// The numbers of one question.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// Parts of words: the labels, then the text.
    pub(super) parts: Vec<i64>,
    /// For the first part of each word of the text its number, from 1; zero for all else.
    pub(super) starts: Vec<i64>,
    /// Number of words of the text.
    pub(super) words: usize,
}

impl Question {
    /// Puts a question together: what stands before the words, the parts of each word, the mark of the end.
    pub(super) fn new<'p>(
        prompt: &[i64],
        words: impl Iterator<Item = &'p [i64]>,
        end: i64,
    ) -> Self {
        let mut question = Self { parts: prompt.to_vec(), starts: vec![0; prompt.len()], words: 0 };
        for (number, parts) in (1..).zip(words) {
            question.words += 1;
            question.parts.extend(parts);
            let rest = parts.len().saturating_sub(1);
            question.starts.extend(std::iter::once(number).chain(std::iter::repeat_n(0, rest)));
        }
        question.parts.push(end);
        question.starts.push(0);
        question
    }

    /// Returns the first and last word of each stretch, one after the other, and whether the stretch is one: those that
    /// would go over the end are there, since the model counts on them, and are marked.
    pub(super) fn stretches(&self) -> (Vec<i64>, Vec<bool>) {
        let (mut places, mut marks) = (Vec::new(), Vec::new());
        for first in 0..self.words {
            for last in first..first + WIDTH {
                let is_one = last < self.words;
                let place = |word: usize| i64::try_from(word).ok().filter(|_| is_one).unwrap_or(0);
                places.extend([place(first), place(last)]);
                marks.push(is_one);
            }
        }
        (places, marks)
    }
}

/// Returns the words of each name and the number of its label, in the order of the text; none when the scores are not
/// as many as were asked for.
///
/// A stretch is a name when its score (a logit) is above zero: the model then finds it more likely than not. Of names
/// that overlap, the one with the higher score stays.
pub(super) fn names(
    scores: &[f32],
    words: usize,
    labels: usize,
) -> Option<Vec<(Range<usize>, usize)>> {
    if labels == 0 || scores.len() != words * WIDTH * labels {
        return None;
    }
    let mut found: Vec<(f32, Range<usize>, usize)> = Vec::new();
    for (stretch, of_labels) in scores.chunks_exact(labels).enumerate() {
        let (first, more) = (stretch / WIDTH, stretch % WIDTH);
        let range = first..first + more + 1;
        let likely = of_labels.iter().enumerate().filter(|(_, score)| **score > 0.0);
        if let Some((label, score)) = likely.max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))
            && range.end <= words
        {
            found.push((*score, range, label));
        }
    }
    // The sort is stable: of equal ones, the first and shortest goes first.
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut names: Vec<(Range<usize>, usize)> = Vec::new();
    for (_, range, label) in found {
        let overlaps =
            |other: &(Range<usize>, usize)| other.0.start < range.end && range.start < other.0.end;
        if !names.iter().any(overlaps) {
            names.push((range, label));
        }
    }
    names.sort_by_key(|(range, _)| range.start);
    Some(names)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Scores of nothing but what is given: first word, number of words, label, score.
    fn scores(words: usize, labels: usize, given: &[(usize, usize, usize, f32)]) -> Vec<f32> {
        let mut scores = vec![-1.0; words * WIDTH * labels];
        for (first, len, label, score) in given {
            scores[(first * WIDTH + len - 1) * labels + label] = *score;
        }
        scores
    }

    #[test]
    fn a_question_numbers_its_words() {
        let words: [&[i64]; 3] = [&[7], &[8, 9, 10], &[11]];
        let question = Question::new(&[1, 2], words.into_iter(), 3);
        assert_eq!(question.parts, [1, 2, 7, 8, 9, 10, 11, 3]);
        assert_eq!(question.starts, [0, 0, 1, 2, 0, 0, 3, 0]);
        let (places, marks) = question.stretches();
        assert_eq!((places.len(), marks.len()), (3 * WIDTH * 2, 3 * WIDTH));
        assert_eq!(places[..6], [0, 0, 0, 1, 0, 2]);
        assert_eq!(marks.iter().filter(|mark| **mark).count(), 6);
        // Behind the end, places are those of no word.
        assert_eq!(places[2 * WIDTH * 2..][..4], [2, 2, 0, 0]);
    }

    #[test]
    fn the_likelier_of_two_names_that_overlap_stays() {
        let given =
            [(0, 2, 1, 2.0), (1, 1, 0, 3.0), (3, 2, 0, 0.5), (3, 2, 1, 0.4), (4, 1, 1, 0.5)];
        assert_eq!(names(&scores(5, 2, &given), 5, 2), Some(vec![(1..2, 0), (3..5, 0)]));
        assert_eq!(names(&scores(2, 1, &[]), 2, 1), Some(Vec::new()));
    }

    #[test]
    fn what_cannot_be_a_name_is_none() {
        // Over the end, and no number.
        let given = [(1, 2, 0, 9.0), (0, 1, 0, f32::NAN)];
        assert_eq!(names(&scores(2, 1, &given), 2, 1), Some(Vec::new()));
        assert_eq!(names(&[1.0; 5], 2, 1), None);
        assert_eq!(names(&[], 2, 0), None);
    }

    proptest! {
        #[test]
        fn names_do_not_overlap(
            values in prop::collection::vec(prop_oneof![Just(f32::NAN), Just(f32::INFINITY), -2.0..2.0_f32], 6 * WIDTH * 2),
        ) {
            let names = names(&values, 6, 2).unwrap();
            for pair in names.windows(2) {
                prop_assert!(pair[0].0.end <= pair[1].0.start);
            }
            for (range, label) in names {
                prop_assert!(!range.is_empty() && range.end <= 6 && label < 2);
            }
        }
    }
}
