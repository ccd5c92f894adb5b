//! Statements without quotation marks: `Lee said that ...`, `..., Lee said.`

use super::super::document::Line;
use super::super::gazetteer::{Classes, classes};
use super::speakers::{PREPOSITIONS, Speakers, word_range};
use super::{Quote, Speaker};
use crate::text::TextRange;

/// Verbs with which somebody says that something is not so, or does not say whether it is.
const DENYING: &[&str] = &[
    "criticised",
    "criticises",
    "criticising",
    "criticized",
    "criticizes",
    "criticizing",
    "decried",
    "decries",
    "decrying",
    "denied",
    "denies",
    "deny",
    "denying",
    "dismissed",
    "dismisses",
    "dismissing",
    "mocked",
    "mocking",
    "opposed",
    "rejected",
    "wonder",
    "wondered",
    "wonders",
];

/// Words before a verb with which nothing was said, or not yet.
const UNSAID: &[&str] = &[
    "can", "cannot", "could", "if", "may", "might", "neither", "never", "no", "nobody", "none",
    "nor", "not", "should", "to", "unless", "whether", "would",
];

/// Words behind a verb that stand for what was said, and do not say it.
const NOTHING: &[&str] =
    &["anything", "little", "more", "much", "nothing", "so", "something", "this"];

/// Fewest words of a statement.
const LEAST: usize = 3;

impl Speakers<'_, '_> {
    /// Finds statements without quotation marks in sentences that have none.
    pub(super) fn reported(&self, direct: &[TextRange]) -> Vec<Quote> {
        let lines = self.document.lines.iter().enumerate();
        let plain =
            lines.filter(|(_, line)| !direct.iter().any(|range| range.overlaps(line.range)));
        plain.filter_map(|(number, line)| self.statement(number, line)).collect()
    }

    /// Returns what a sentence reports.
    fn statement(&self, number: usize, line: &Line) -> Option<Quote> {
        let cue = (1..line.words.len()).find(|at| self.is_saying(line, *at))?;
        if DENYING.contains(&self.word(line, cue)) || self.is_unsaid(line, cue) {
            return None;
        }
        let behind = self.statement_behind(line, cue).map(|range| (range, 0));
        let (range, from) = behind.or_else(|| self.statement_before(line, cue))?;
        // Who is not named here is looked for nowhere else.
        let speaker = self.subject_before(number, from..cue)?;
        if !matches!(speaker, Speaker::Name(_)) {
            return None;
        }
        Some(Quote { range, speaker, cue: Some(word_range(line, cue)), direct: false })
    }

    /// Whether the words before a verb say that it was not said: `did not say`, `never said`, `if he said`.
    fn is_unsaid(&self, line: &Line, cue: usize) -> bool {
        let joined = (0..cue).rev().take(3).take_while(|at| line.words[*at + 1].joined);
        joined.into_iter().any(|at| {
            let word = self.word(line, at).to_lowercase();
            UNSAID.contains(&word.as_str()) || word.ends_with("n't") || word.ends_with("n’t")
        })
    }

    /// `Lee said that the port would close.`
    fn statement_behind(&self, line: &Line, cue: usize) -> Option<TextRange> {
        let words = &line.words;
        let mut from = cue + 1;
        if matches!(self.word(line, cue), "told" | "tells") {
            from = (from..words.len().min(from + 6)).find(|at| self.word(line, *at) == "that")?;
        }
        // `The port, he said, would close.`
        if !words.get(from)?.joined && self.gap_before(line, from).contains(',') {
            return None;
        }
        // `agreed to a truce`, `announced a scheme` and `found a politician` report no statement.
        let next = self.word(line, from);
        let plainly = matches!(self.word(line, cue), "said" | "says")
            && !(PREPOSITIONS.contains(&next) || NOTHING.contains(&next));
        if next != "that" && !plainly {
            return None;
        }
        from += usize::from(next == "that");
        if words.len() < from + LEAST + 1 {
            return None;
        }
        let gap = self.gap_before(line, from);
        let mark = gap.trim_end_matches(|c: char| !c.is_whitespace()).len();
        let start = words[from].start - (gap.len() - mark);
        Some(TextRange::of(start..line.range.end as usize))
    }

    /// `The port would close, Lee said on Monday.` Returns the first word of who said it, too.
    fn statement_before(&self, line: &Line, cue: usize) -> Option<(TextRange, usize)> {
        let said = matches!(self.word(line, cue), "said" | "says" | "added" | "adds" | "told");
        let words = &line.words;
        if !said || words.len() > cue + 8 {
            return None;
        }
        let rest = &words[cue + 1..];
        if rest.iter().any(|word| word.classes.has(Classes::SAYING)) {
            return None;
        }
        let comma = (1..cue).rev().find(|at| !words[*at].joined)?;
        if comma < LEAST || !self.gap_before(line, comma).starts_with(',') {
            return None;
        }
        // `When the port closed, Lee said ...`, `In Geneva, Lee said ...`
        let opening = self.word(line, 0).to_lowercase();
        let clause = PREPOSITIONS.contains(&opening.as_str())
            || matches!(
                opening.as_str(),
                "although" | "asked" | "if" | "since" | "though" | "when" | "while"
            );
        if clause || classes(&opening).has(Classes::SAYING) || opening.ends_with("ing") {
            return None;
        }
        Some((TextRange::of(line.range.start as usize..words[comma - 1].end), comma))
    }

    /// Returns what stands between a word and the one before it.
    fn gap_before(&self, line: &Line, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(line.range.start as usize, |at| line.words[at].end);
        self.document.text.get(from..line.words[at].start).unwrap_or_default()
    }
}
