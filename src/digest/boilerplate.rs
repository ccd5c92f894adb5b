//! Paragraphs that are not the article's own: menus, lists of links, credits, disclaimers.
//!
//! A text that was copied with the page round it has many short lines. There, a line is judged by its length and by its
//! share of function words, and a line between by its neighbours, as in Pomikálek, "Removing boilerplate and
//! duplicate content from web corpora" (2011). In other texts, only credits and disclaimers at both ends are set apart.

use super::offsets::real;
use crate::analyze::is_function_word;
use crate::parse::boilerplate_rule;
use crate::text::TextRange;

/// Shorter lines are a menu's, unless they stand in the text.
const SHORT: usize = 60;
/// Longer lines with enough function words are text.
const LONG: usize = 140;
/// Share of function words in running text.
const RUNNING: f64 = 0.28;
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
        return blocks.iter().enumerate().map(judge).collect();
    }
    let classes: Vec<Class> = blocks.iter().map(|block| class(block.slice(text))).collect();
    let settled = settle(&classes);
    let judge =
        |(block, good): (&TextRange, bool)| !good || boilerplate_rule(block.slice(text)).is_some();
    blocks.iter().zip(settled).map(judge).collect()
}

/// Whether a text brought its page along: many lines, most of them short and without an end.
fn is_page(text: &str, blocks: &[TextRange]) -> bool {
    let open = |block: &&TextRange| {
        let line = block.slice(text);
        line.len() < SHORT && !line.ends_with(['.', '!', '?', '"', '”', ':'])
    };
    blocks.len() > 12 && blocks.iter().filter(open).count() * 3 > blocks.len()
}

fn class(line: &str) -> Class {
    let words: Vec<&str> = line.split_whitespace().collect();
    let function = words.iter().filter(|word| {
        is_function_word(&word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
    });
    let share = real(function.count()) / real(words.len().max(1));
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

/// Decides on lines in between by the nearest that are decided.
fn settle(classes: &[Class]) -> Vec<bool> {
    let decided = |at: &usize| matches!(classes[*at], Class::Good | Class::Bad);
    let near = |at: usize| {
        let before = (0..at).rev().find(decided).map(|at| classes[at] == Class::Good);
        let behind = (at + 1..classes.len()).find(decided).map(|at| classes[at] == Class::Good);
        (before.unwrap_or(false), behind.unwrap_or(false))
    };
    let first: Vec<bool> = (0..classes.len())
        .map(|at| match classes[at] {
            Class::Good => true,
            Class::Bad => false,
            Class::NearGood => {
                let (before, behind) = near(at);
                before || behind
            }
            Class::Short => {
                let (before, behind) = near(at);
                before && behind
            }
        })
        .collect();
    // A short line that text stands on both sides of is a heading; a run of them is a menu.
    (0..first.len())
        .map(|at| {
            if classes[at] != Class::Short || !first[at] {
                return first[at];
            }
            let run = |range: &mut dyn Iterator<Item = usize>| {
                range.take_while(|at| classes[*at] == Class::Short).count()
            };
            run(&mut (0..at).rev()) + run(&mut (at + 1..classes.len())) < 3
        })
        .collect()
}
