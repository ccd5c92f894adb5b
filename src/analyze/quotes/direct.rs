//! Direct speech, in quotation marks.

use std::ops::Range;

use super::super::document::{Line, Name};
use super::super::gazetteer::{Classes, classes};
use super::super::tagger::NameClass;
use super::speakers::{JOINING, NEAR, Speakers, word_range};
use super::{Quote, Speaker};
use crate::text::{TextRange, spaced};

/// Who speaks, and the verb that says so.
type Told = (Speaker, Option<TextRange>);

impl Speakers<'_, '_> {
    /// Takes what stands in quotation marks for said by whom its own sentences tell.
    pub(super) fn direct(&self, range: TextRange) -> Quote {
        let (speaker, cue) = self.told(range).unwrap_or((Speaker::Unresolved, None));
        Quote { range, speaker, cue, direct: true }
    }

    /// Whether something in quotation marks was said by somebody: not a title, nor a word that is held at a distance.
    pub(super) fn is_speech(&self, quote: &Quote) -> bool {
        let text = self.document.text;
        let inner = quote.range.slice(text).trim_matches(|c: char| !c.is_alphanumeric());
        let words = spaced(inner).count();
        let titled =
            spaced(inner).all(|word| word.len() < 4 || word.starts_with(char::is_uppercase));
        let marked = self.ends_with(quote.range, &[',', '.', '?', '!']);
        let said = quote.cue.is_some_and(|cue| classes(cue.slice(text)).has(Classes::SAYING));
        if titled {
            // `"The Hunger Games"` is a title, whoever mentions it.
            return said && marked && !(2..5).contains(&words);
        }
        said || words > 1 || marked
    }

    /// Whether one of these marks stands before the closing quotation marks.
    fn ends_with(&self, range: TextRange, marks: &[char]) -> bool {
        let inner = range.slice(self.document.text);
        inner.trim_end_matches(['"', '”', '\'', '’']).ends_with(marks)
    }

    /// Finds the speaker of a quotation in the sentences that it begins and ends in.
    fn told(&self, range: TextRange) -> Option<Told> {
        let first = self.document.line_at(range.start)?;
        let last = self.document.line_at(range.end.saturating_sub(1))?;
        let behind = self.behind(last, range);
        let before = self.before(first, range);
        let comma = self.ends_with(range, &[',', '?', '!']);
        if comma { behind.or(before) } else { before.or(behind) }
    }

    /// `..., said Ann Lee`, `..., Lee said`.
    fn behind(&self, line: usize, range: TextRange) -> Option<Told> {
        // The splitter may end the sentence inside the marks.
        let here = self.line(line);
        let goes_on = here.words.iter().any(|word| word.start >= range.end as usize);
        let line = if goes_on { line } else { line + 1 };
        let there = self.document.lines.get(line).filter(|there| there.block == here.block)?;
        let from = there.words.iter().position(|word| word.start >= range.end as usize)?;
        if !goes_on && from > 0 {
            return None;
        }
        // A new sentence that does not begin in lower case or with a verb of saying is not about the quotation.
        let gap = self.document.text.get(range.end as usize..there.words[from].start)?;
        if gap.contains(['.', ';', '(']) {
            return None;
        }
        // `..., but said`, `..., warning that`: those words are about what follows.
        let opening = self.word(there, from);
        if opening == "according" && self.word(there, from + 1) == "to" {
            let speaker = self.subject_behind(line, from + 2)?;
            return Some((speaker, Some(word_range(there, from))));
        }
        if JOINING.contains(&opening) || opening.ends_with("ing") {
            return None;
        }
        let to = there.words.len().min(from + NEAR);
        let cue = (from..to)
            .take_while(|at| self.is_outside(there, *at))
            .find(|at| self.is_saying(there, *at))
            .or_else(|| self.tail(there, from..there.words.len()));
        let Some(cue) = cue else {
            // `"...," Lee barked`: a person right behind the comma speaks, whatever the verb.
            let begins = |name: &Name| name.range.start as usize == there.words[from].start;
            let person = |name: &Name| name.class == NameClass::Person && begins(name);
            let comma = goes_on && self.ends_with(range, &[',', '?', '!']);
            let (number, _) = self.names_of(line).find(|(_, name)| comma && person(name))?;
            return Some((Speaker::Name(number), None));
        };
        if !goes_on && cue > from + 4 {
            return None;
        }
        let inverted = cue > from && !there.words[cue].joined && self.is_named(line, cue + 1);
        let speaker = if cue == from || inverted {
            self.subject_behind(line, cue + 1)
        } else {
            self.subject_before(line, from..cue)
        };
        Some((speaker?, Some(word_range(there, cue))))
    }

    /// `..., Lee said.`: the verb of saying at the end of a sentence, of which all of it is said.
    pub(super) fn tail(&self, line: &Line, words: Range<usize>) -> Option<usize> {
        words.rev().take(3).find(|at| self.is_outside(line, *at) && self.is_saying(line, *at))
    }

    /// `Lee said: "..."`, `Lee said that it was "..."`, `According to Lee, "..."`.
    fn before(&self, line: usize, range: TextRange) -> Option<Told> {
        let here = self.line(line);
        let end = here.words.iter().take_while(|word| word.end <= range.start as usize).count();
        // Of several verbs the first is that of the main clause.
        for cue in (0..end).filter(|at| self.is_outside(here, *at) && self.is_saying(here, *at)) {
            let speaker = if self.word(here, cue).ends_with("ing") {
                self.subject_of(line, range)
            } else {
                self.subject_before(line, 0..cue).or_else(|| self.subject_behind(line, cue + 1))
            };
            if let Some(speaker) = speaker {
                return Some((speaker, Some(word_range(here, cue))));
            }
        }
        let according = (0..end).find(|at| self.word(here, *at).eq_ignore_ascii_case("according"));
        if let Some(according) = according {
            let speaker = self.subject_behind(line, according + 2)?;
            return Some((speaker, Some(word_range(here, according))));
        }
        (end > 2).then(|| self.subject_of(line, range)).flatten().map(|speaker| (speaker, None))
    }

    /// Gives quotations without a verb of saying the speaker of their paragraph, or of the one before that they go on.
    pub(super) fn carry_on(&self, block: TextRange, first: usize, found: &mut [Quote]) {
        let text = self.document.text;
        let before = self.document.blocks.iter().rev().find(|before| before.end <= block.start);
        let resolved = |quote: &&Quote| quote.speaker != Speaker::Unresolved;
        let (old, new) = found.split_at_mut(first);
        let mut speaker = None;
        for at in 0..new.len() {
            if new[at].speaker == Speaker::Unresolved {
                let words = spaced(new[at].range.slice(text)).count();
                let begins = new[at].range.start == block.start && words > 5;
                let last = old.last().filter(resolved).filter(|last| {
                    // A paragraph that is one quotation goes on with what the one before said.
                    let alone = new[at].range.end == block.end
                        && before.is_some_and(|before| before.start <= last.range.start);
                    begins && (alone || last.range.end + 4 >= block.start)
                });
                let ahead = new.get(at + 1).filter(resolved).filter(|_| begins);
                // A sentence of its own, however short, goes on with what was said.
                let whole = self.ends_with(new[at].range, &['.', '?', '!'])
                    && self.starts_sentence(new[at].range);
                new[at].speaker = speaker
                    .filter(|_| words > 3 || whole)
                    .or_else(|| {
                        self.announced(block).filter(|_| new[at].range.start == block.start)
                    })
                    .or_else(|| ahead.map(|quote| quote.speaker))
                    .or_else(|| last.map(|quote| quote.speaker))
                    .unwrap_or(Speaker::Unresolved);
            }
            if new[at].speaker != Speaker::Unresolved {
                speaker = Some(new[at].speaker);
            }
        }
    }

    /// Whether a quotation begins with a capital letter behind the end of a sentence.
    fn starts_sentence(&self, range: TextRange) -> bool {
        let text = self.document.text;
        let before = text[..range.start as usize].trim_end();
        let first = range.slice(text).chars().find(|c| c.is_alphanumeric());
        before.ends_with(['.', '?', '!', '"', '”']) && first.is_some_and(char::is_uppercase)
    }

    /// Returns who speaks in a paragraph that the sentence before announces: `Lee went on:`.
    fn announced(&self, block: TextRange) -> Option<Speaker> {
        let lines = &self.document.lines;
        let last = lines.partition_point(|line| line.range.end <= block.start).checked_sub(1)?;
        let line = &lines[last];
        if !line.range.slice(self.document.text).trim_end().ends_with(':') {
            return None;
        }
        let end = TextRange { start: line.range.end, end: line.range.end };
        self.before(last, end).map(|(speaker, _)| speaker)
    }
}
