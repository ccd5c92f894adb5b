//! Paragraphs that are not the article's own: menus, lists of links, credits, disclaimers.
//!
//! A text that was copied with the page round it has many short lines. There, a line is judged by its length and by its
//! share of function words, and a line between by its neighbours, as in Pomikálek, "Removing boilerplate and
//! duplicate content from web corpora" (2011). In other texts, only credits and disclaimers at both ends are set apart.

use crate::analyze::{is_function_word, language_of};
use crate::parse::boilerplate_rule;
use crate::text::{TextRange, real, spaced};

/// Shorter lines are a menu's, unless they stand in the text.
const SHORT: usize = 60;
/// Longer lines with enough function words are text.
const LONG: usize = 140;
/// Share of function words in running text.
const RUNNING: f64 = 0.28;
/// A page has at least one word in so many that are the article's.
const LEAST: usize = 16;
/// Paragraphs at each end that may be credits.
const ENDS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Good,
    NearGood,
    Short,
    Bad,
}

/// Returns for each paragraph whether it is not the article's own.
pub(super) fn boilerplate(text: &str, blocks: &[TextRange]) -> Vec<bool> {
    if !is_page(text, blocks) {
        let count = blocks.len();
        let at_end = |at: usize| at < ENDS || at + ENDS >= count;
        let judge = |(at, block): (usize, &TextRange)| {
            at_end(at) && boilerplate_rule(block.slice(text)).is_some()
        };
        let apart: Vec<bool> = blocks.iter().enumerate().map(judge).collect();
        // What speaks of itself in its only paragraph is still the article.
        return if apart.contains(&false) { apart } else { vec![false; count] };
    }
    let english = language_of(text).is_none_or(|code| code == "en");
    let classes: Vec<Class> =
        blocks.iter().map(|block| class(block.slice(text), english)).collect();
    let words: Vec<usize> = blocks.iter().map(|block| spaced(block.slice(text)).count()).collect();
    let settled = settle(&classes, &words);
    let judge =
        |(block, good): (&TextRange, bool)| !good || boilerplate_rule(block.slice(text)).is_some();
    let apart: Vec<bool> = blocks.iter().zip(settled).map(judge).collect();
    let mine: usize = words.iter().zip(&apart).filter(|it| !it.1).map(|it| it.0).sum();
    // A text of which next to nothing would be left is a table or a list, and no page with an article in it.
    if mine * LEAST < words.iter().sum() {
        return vec![false; blocks.len()];
    }
    apart
}

/// Whether a text brought its page along: many lines, most of them short and without an end.
fn is_page(text: &str, blocks: &[TextRange]) -> bool {
    let open = |block: &&TextRange| {
        let line = block.slice(text);
        line.len() < SHORT && !line.ends_with(['.', '!', '?', '"', '”', ':'])
    };
    blocks.len() > 12 && blocks.iter().filter(open).count() * 3 > blocks.len()
}

fn class(line: &str, english: bool) -> Class {
    let words: Vec<&str> = spaced(line).collect();
    let function = words.iter().filter(|word| {
        is_function_word(&word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
    });
    // Function words of other languages are not known.
    let share = if english { real(function.count()) / real(words.len().max(1)) } else { RUNNING };
    if line.contains('©') || line.to_lowercase().contains("copyright") {
        return Class::Bad;
    }
    if line.len() < SHORT {
        return Class::Short;
    }
    match (share >= RUNNING, line.len() > LONG) {
        (true, true) => Class::Good,
        (true, false) => Class::NearGood,
        (false, true) if share > RUNNING / 2.0 => Class::NearGood,
        _ => Class::Bad,
    }
}

/// Decides which lines are the article: those of the stretch that has most running text, less what is not.
///
/// The stretch is the one with the greatest sum (Bentley, "Programming pearls: algorithm design techniques", 1984): lines of
/// running text count for as many words as they have, others against it.
fn settle(classes: &[Class], words: &[usize]) -> Vec<bool> {
    let worth = |at: usize| {
        let words = real(words[at]);
        match classes[at] {
            Class::Good => words,
            Class::NearGood => 0.4 * words,
            Class::Short => -10.0,
            Class::Bad => -16.0 - 0.7 * words,
        }
    };
    let (mut best, mut from, mut sum, mut start) = (0.0, 0, 0.0, 0);
    let mut to = 0;
    for at in 0..classes.len() {
        if sum <= 0.0 {
            (sum, start) = (0.0, at);
        }
        sum += worth(at);
        if sum > best {
            (best, from, to) = (sum, start, at + 1);
        }
    }
    let is_short = |at: &usize| matches!(classes[*at], Class::Short | Class::Bad);
    (0..classes.len())
        .map(|at| {
            let inside = (from..to).contains(&at);
            // A short line that text stands on both sides of is a heading; a run of them is a menu.
            let run = (from..at).rev().take_while(is_short).count()
                + (at + 1..to).take_while(is_short).count();
            inside && (!is_short(&at) || run < 3)
        })
        .collect()
}
