//! Key sentences, and the one line that stands for a text.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::glossary::Glossary;
use super::{shortened, without_dateline};
use crate::text::{TextRange, real, single_spaced, spaced};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};

/// Most key sentences, unless they are to make up a share of the text.
const THREE: usize = 3;
/// Most words of a summary; its first sentence may be longer.
const WORDS: usize = 47;
/// Most words of points, which are read one by one.
const POINTS: usize = 100;
/// Words that a heading has not.
const HEADING: usize = 7;
/// How much is left of a sentence that says nothing by itself.
const FRAGMENT: f64 = 0.25;
/// How much a sentence loses when all of its words were said by those chosen before it.
const AGAIN: f64 = 0.5;
/// Longest line, in characters.
const LINE: usize = 200;
/// Sentences with fewer words say little by themselves.
const SHORT: usize = 5;

/// How much key sentences say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// As much as editors' summaries do: three at most, of 47 words together.
    Summary,
    /// Three, which stand in a list: of 100 words together at most.
    Points,
    /// This share of the text.
    Share(f64),
}

/// The sentences of a text that are its own, with their terms.
#[derive(Debug)]
pub struct KeySentences<'t> {
    text: &'t str,
    all: Vec<TextRange>,
    /// For each sentence the numbers of its terms, in order.
    terms: Vec<Vec<u32>>,
    title: Vec<u32>,
}

impl<'t> KeySentences<'t> {
    /// Reads some sentences of a text.
    pub fn of(
        text: &'t str,
        all: Vec<TextRange>,
        title: Option<&str>,
        glossary: &mut Glossary,
    ) -> Self {
        let terms = all.iter().map(|range| glossary.terms(range.slice(text))).collect();
        Self { text, all, terms, title: glossary.terms(title.unwrap_or_default()) }
    }

    /// Returns the places of the key sentences among all, ascending.
    ///
    /// These are three at most, but for a share of the text.
    pub fn chosen(&self, extent: Extent, glossary: &Glossary) -> Vec<usize> {
        let is_share = matches!(extent, Extent::Share(_));
        let mut scores = scores(&self.terms, &self.title, is_share, glossary);
        for (score, range) in scores.iter_mut().zip(&self.all) {
            if !is_share && is_fragment(range.slice(self.text)) {
                *score *= FRAGMENT;
            }
        }
        let said = vec![false; glossary.stems()];
        let mut chosen = match extent {
            Extent::Share(ratio) => share(&self.all, &scores, ratio),
            Extent::Summary => few(self.text, &self.all, &scores, &self.terms, (WORDS, said)),
            Extent::Points => few(self.text, &self.all, &scores, &self.terms, (POINTS, said)),
        };
        chosen.sort_unstable();
        chosen
    }

    /// Returns where a sentence says something, behind the place and date that it may begin with.
    pub fn said(&self, at: usize) -> TextRange {
        let range = self.all[at];
        let said = without_dateline(range.slice(self.text));
        TextRange::new(range.end - TextRange::of(0..said.len()).end, range.end)
    }

    /// Returns one line: the sentence among the first that says most of the title, cut at the end of a clause when it is
    /// long, and with the next one when both are short.
    pub fn line(&self) -> Option<String> {
        let lead = self.all.len().min(LEAD);
        let all: Vec<Cow<'_, str>> =
            self.all[..lead].iter().map(|range| single_spaced(range.slice(self.text))).collect();
        let title = &self.title;
        let score = |at: usize| {
            let words = &self.terms[at];
            let shared = title.iter().filter(|word| words.contains(word)).count();
            let repeats =
                !title.is_empty() && shared == title.len() && words.len() <= title.len() + 1;
            let short = all[at].split(' ').take(SHORT).count() < SHORT;
            let penalty = if repeats || short || is_caption(&all[at]) { 2.0 } else { 0.0 };
            0.8 * real(shared) / real(title.len().max(1)) + 1.0 / (1.0 + 0.5 * real(at)) - penalty
        };
        let scores: Vec<f64> = (0..lead).map(score).collect();
        let best = (0..lead).max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)))?;
        let line = shortened(&all[best], LINE);
        let next = all
            .get(best + 1)
            .filter(|_| scores[best + 1] > -1.0 && line.len() < LINE / 2 && line.ends_with('.'));
        Some(match next {
            Some(next) if line.chars().count() + next.chars().count() < LINE => {
                format!("{line} {next}")
            }
            _ => line,
        })
    }
}

/// Whether a sentence says nothing by itself: a heading, the start of a list, a piece of what somebody said.
fn is_fragment(sentence: &str) -> bool {
    let words = spaced(sentence).take(HEADING).count();
    let plain = sentence.bytes().filter(|byte| *byte == b'"').count();
    let curly = || sentence.matches('“').count() != sentence.matches('”').count();
    let open = plain % 2 == 1 || !sentence.is_ascii() && curly();
    let ends = sentence.ends_with(|c: char| !c.is_alphanumeric() && c != ':');
    words < 4 || open || words < HEADING && !ends
}

/// Chooses the best sentences until they make up a share of the text.
fn share(all: &[TextRange], scores: &[f64], ratio: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let whole: usize = all.iter().map(|range| range.len() as usize).sum();
    let mut taken = 0;
    let enough = |at: &usize| {
        let before = taken;
        taken += all[*at].len() as usize;
        real(before) < ratio * real(whole)
    };
    order.into_iter().take_while(enough).collect()
}

/// Chooses a few sentences of so many words that say different things; `said` has room for each term.
fn few(
    text: &str,
    all: &[TextRange],
    scores: &[f64],
    terms: &[Vec<u32>],
    (most, mut said): (usize, Vec<bool>),
) -> Vec<usize> {
    let mut left: Vec<usize> = (0..all.len()).collect();
    let mut chosen: Vec<usize> = Vec::new();
    let mut taken = 0;
    let mut values = scores.to_vec();
    while chosen.len() < THREE {
        let best = (0..left.len()).max_by(|a, b| {
            values[left[*a]].total_cmp(&values[left[*b]]).then(left[*b].cmp(&left[*a]))
        });
        let Some(best) = best else { break };
        let at = left.remove(best);
        let room = if chosen.is_empty() { usize::MAX } else { most.saturating_sub(taken) };
        if room == 0 {
            break;
        }
        let length = spaced(all[at].slice(text)).take(room.saturating_add(1)).count();
        if length > room {
            continue;
        }
        taken += length;
        for term in &terms[at] {
            said[*term as usize] = true;
        }
        chosen.push(at);
        for at in &left {
            let again = terms[*at].iter().filter(|term| said[**term as usize]).count();
            values[*at] = scores[*at] * (1.0 - AGAIN * real(again) / real(terms[*at].len().max(1)));
        }
    }
    chosen
}

/// Returns how much each sentence says of what the whole says: terms that many sentences share, and an early place.
fn scores(terms: &[Vec<u32>], title: &[u32], long: bool, glossary: &Glossary) -> Vec<f64> {
    // The last sentence in which a term was seen, counted from one.
    let mut seen = vec![0; glossary.stems()];
    let distinct: Vec<Vec<u32>> = (1..)
        .zip(terms)
        .map(|(at, sentence)| {
            let is_new = |term: &&u32| std::mem::replace(&mut seen[**term as usize], at) != at;
            sentence.iter().filter(is_new).copied().collect()
        })
        .collect();
    let mut counts = vec![0usize; glossary.stems()];
    for term in distinct.iter().flatten() {
        counts[*term as usize] += 1;
    }
    // Sums of real numbers depend on the order: that of the alphabet is the same for all texts.
    let stem = |term: u32| (first_bytes(glossary.stem(term)), term);
    let mut shared: Vec<(u64, u32)> =
        (0..).zip(&counts).filter(|(_, count)| **count > 1).map(|it| stem(it.0)).collect();
    shared.sort_unstable_by(|(first, a), (other, b)| {
        first.cmp(other).then_with(|| glossary.stem(*a).cmp(glossary.stem(*b)))
    });
    let mut weights = vec![None; counts.len()];
    for (place, (_, term)) in shared.iter().enumerate() {
        let count = counts[*term as usize];
        weights[*term as usize] = Some((place, real(count - 1).ln_1p()));
    }
    let mut sum: Vec<(usize, f64)> = Vec::new();
    let mut score = |(at, own): (usize, &Vec<u32>)| {
        if own.is_empty() {
            return 0.0;
        }
        sum.clear();
        sum.extend(own.iter().filter_map(|term| weights[*term as usize]));
        sum.sort_unstable_by_key(|(place, _)| *place);
        let central: f64 = sum.iter().map(|(_, weight)| weight).sum();
        let central = central / real(own.len()).powf(if long { 0.35 } else { 0.6 });
        let in_title = real(own.iter().filter(|term| title.contains(term)).count());
        let early = 1.0 / (1.0 + real(at));
        let short = if terms[at].len() < SHORT { 0.5 } else { 1.0 };
        let headline = if long { 0.5 } else { 0.6 };
        (central + headline * in_title + 3.0 * early) * short
    };
    distinct.iter().enumerate().map(&mut score).collect()
}

/// Returns the first eight bytes of a word as a number: they are enough to order most words.
fn first_bytes(word: &str) -> u64 {
    let mut bytes = [0; 8];
    let len = word.len().min(bytes.len());
    bytes[..len].copy_from_slice(&word.as_bytes()[..len]);
    u64::from_be_bytes(bytes)
}

/// Sentences at the beginning that the line may be.
const LEAD: usize = 6;

/// Words of captions of pictures.
const CAPTIONS: &[&str] = &[
    "file photo",
    "(photo",
    "photo:",
    "photo by",
    "getty images",
    "image caption",
    "pictured",
    "is seen in",
    "are seen in",
    "poses for",
    "made available by",
    "toggle caption",
    "/ap)",
    "/reuters)",
];

/// Finds them, whatever the case.
static CAPTION: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasickBuilder::new();
    builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(CAPTIONS).ok()
});

/// Whether a sentence is the caption of a picture.
fn is_caption(sentence: &str) -> bool {
    let files = sentence.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("file -"));
    files
        || sentence.ends_with("(Reuters)")
        || CAPTION.as_ref().is_some_and(|captions| captions.is_match(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str, extent: Extent) -> Vec<String> {
        let mut glossary = Glossary::default();
        let all = crate::text::sentences(text, 0);
        let sentences = KeySentences::of(text, all, None, &mut glossary);
        let chosen = sentences.chosen(extent, &glossary).into_iter();
        chosen.map(|at| sentences.said(at).slice(text).to_owned()).collect()
    }

    #[test]
    fn sentences_do_not_say_the_same_again() {
        let text = "Rivers flooded. Rivers flooded. Trains stopped. Schools closed.";
        let all: Vec<TextRange> =
            [0..15, 16..31, 32..47, 48..63].into_iter().map(TextRange::of).collect();
        let mut glossary = Glossary::default();
        let words: Vec<Vec<u32>> =
            all.iter().map(|range| glossary.terms(range.slice(text))).collect();
        let few =
            few(text, &all, &[1.0, 0.9, 0.8, 0.7], &words, (WORDS, vec![false; glossary.stems()]));
        assert_eq!(few, [0, 2, 3]);
    }

    #[test]
    fn a_long_sentence_leaves_no_room_for_others() {
        let long = format!("The council {} voted.", "of the city and the county ".repeat(10));
        let text =
            format!("{long} The council of the city was pleased with the vote in the county.");
        assert_eq!(chosen(&text, Extent::Summary), [long]);
        assert_eq!(chosen(&text, Extent::Points).len(), 2);
        assert_eq!(chosen(&text, Extent::Share(1.0)).len(), 2);
    }
}
