//! Who said what: direct speech in quotation marks, and statements that the text reports.
//!
//! The speaker is who stands beside a verb of saying in the sentence that the quotation begins or ends in; for a
//! pronoun, the person named last before it; for a quotation that goes on, the speaker of the part before. Who
//! is not told like that is not told: nobody is guessed from far away.

use std::ops::Range;

use super::document::{Document, Line, Name};
use super::gazetteer::{Classes, classes};
use super::tagger::NameClass;
use crate::text::TextRange;

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Where it stands, quotation marks included.
    pub range: TextRange,
    /// Who said it.
    pub speaker: Speaker,
    /// The verb of saying.
    pub cue: Option<TextRange>,
    /// Whether it stands in quotation marks.
    pub direct: bool,
}

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// Number of a name of the document.
    Name(usize),
    /// Words that name nobody, such as `a spokesman`.
    Words(TextRange),
    /// Nobody near by.
    Unresolved,
}

/// Pronouns that stand for one person.
const HE: &[&str] = &["he", "she"];

/// Words after which a name is not the subject of its clause.
const PREPOSITIONS: &[&str] = &[
    "about", "after", "against", "among", "at", "before", "behind", "between", "by", "for", "from",
    "in", "into", "of", "on", "over", "than", "to", "toward", "towards", "under", "via", "with",
    "without",
];

/// Words before a noun: what follows is no verb.
const NOUN_NEXT: &[&str] = &[
    "a", "an", "another", "any", "each", "every", "her", "his", "in", "its", "my", "no", "of",
    "our", "recent", "some", "the", "their", "these", "this", "your",
];

/// Words before a participle: who is asked says nothing.
const PASSIVE: &[&str] =
    &["are", "as", "be", "been", "being", "if", "is", "was", "were", "when", "while"];

/// Words that begin a clause in which somebody else may speak.
const JOINING: &[&str] = &[
    "although", "and", "as", "because", "but", "if", "or", "since", "so", "that", "though", "when",
    "which", "while", "who", "whose", "yet",
];

/// Longest stretch between a quotation and its verb of saying, in words.
const NEAR: usize = 14;

impl Document<'_> {
    /// Finds what people said, in order.
    pub fn quotes(&self) -> Vec<Quote> {
        let mut found: Vec<Quote> = Vec::new();
        for block in &self.blocks {
            let marked = quoted(self.text, *block);
            let first = found.len();
            for range in &marked {
                let told = self.told(*range, &marked);
                let (speaker, cue) = told.unwrap_or((Speaker::Unresolved, None));
                found.push(Quote { range: *range, speaker, cue, direct: true });
            }
            self.carry_on(*block, first, &mut found);
        }
        found.retain(|quote| self.is_speech(quote));
        let direct: Vec<TextRange> = found.iter().map(|quote| quote.range).collect();
        self.reported(&direct, &mut found);
        found.sort_by_key(|quote| quote.range);
        found
    }

    /// Whether something in quotation marks was said by somebody: not a title, nor a word that is held at a distance.
    fn is_speech(&self, quote: &Quote) -> bool {
        let inner = quote.range.slice(self.text).trim_matches(|c: char| !c.is_alphanumeric());
        let words = inner.split_whitespace().count();
        let titled = inner
            .split_whitespace()
            .all(|word| word.len() < 4 || word.starts_with(char::is_uppercase));
        let marked = self.ends_with(quote.range, &[',', '.', '?', '!']);
        let said = quote.cue.is_some_and(|cue| classes(cue.slice(self.text)).has(Classes::SAYING));
        if titled {
            // `"The Hunger Games"` is a title, whoever mentions it.
            return said && !(2..5).contains(&words);
        }
        said || words > 1 || marked
    }

    /// Whether one of these marks stands before the closing quotation marks.
    fn ends_with(&self, range: TextRange, marks: &[char]) -> bool {
        range.slice(self.text).trim_end_matches(['"', '”', '\'', '’']).ends_with(marks)
    }

    /// Finds the speaker of a quotation in the sentences that it begins and ends in.
    fn told(&self, range: TextRange, marked: &[TextRange]) -> Option<(Speaker, Option<TextRange>)> {
        let (first, last) =
            (self.line_at(range.start)?, self.line_at(range.end.saturating_sub(1))?);
        let outside = |line: &Line, at: usize| {
            let word = line.words[at];
            !marked
                .iter()
                .any(|mark| mark.start as usize <= word.start && word.end <= mark.end as usize)
        };
        let behind = self.behind(last, range, &outside);
        let before = self.before(first, range, &outside);
        let comma = self.ends_with(range, &[',', '?', '!']);
        if comma { behind.or(before) } else { before.or(behind) }
    }

    /// `..., said Ann Lee`, `..., Lee said`.
    fn behind(
        &self,
        line: usize,
        range: TextRange,
        outside: &dyn Fn(&Line, usize) -> bool,
    ) -> Option<(Speaker, Option<TextRange>)> {
        // The splitter may end the sentence inside the marks.
        let here = &self.lines[line];
        let goes_on = here.words.iter().any(|word| word.start >= range.end as usize);
        let line = if goes_on { line } else { line + 1 };
        let there = self.lines.get(line).filter(|there| there.block == here.block)?;
        let from = there.words.iter().position(|word| word.start >= range.end as usize)?;
        if !goes_on && from > 0 {
            return None;
        }
        // A new sentence that does not begin in lower case or with a verb of saying is not about the quotation.
        let gap = self.text.get(range.end as usize..there.words[from].start)?;
        if gap.contains(['.', ';', '(']) {
            return None;
        }
        let to = there.words.len().min(from + NEAR);
        // `..., but said`, `..., warning that`: those words are about what follows.
        let opening = self.word(there, from);
        if JOINING.contains(&opening) || opening.ends_with("ing") {
            return None;
        }
        let cue = (from..to)
            .take_while(|at| outside(there, *at))
            .find(|at| self.is_saying(there, *at))
            .or_else(|| self.tail(there, from..there.words.len(), outside));
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
    fn tail(
        &self,
        line: &Line,
        words: Range<usize>,
        outside: &dyn Fn(&Line, usize) -> bool,
    ) -> Option<usize> {
        words.rev().take(3).find(|at| outside(line, *at) && self.is_saying(line, *at))
    }

    /// Whether a name begins at a word.
    fn is_named(&self, line: usize, word: usize) -> bool {
        let start = self.lines[line].words.get(word).map(|word| word.start);
        self.names_of(line).any(|(_, name)| Some(name.range.start as usize) == start)
    }

    /// `Lee said: "..."`, `Lee said that it was "..."`, `According to Lee, "..."`.
    fn before(
        &self,
        line: usize,
        range: TextRange,
        outside: &dyn Fn(&Line, usize) -> bool,
    ) -> Option<(Speaker, Option<TextRange>)> {
        let here = &self.lines[line];
        let end = here.words.iter().take_while(|word| word.end <= range.start as usize).count();
        // Of several verbs the first is that of the main clause.
        for cue in (0..end).filter(|at| outside(here, *at) && self.is_saying(here, *at)) {
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

    /// Returns the first person of a sentence that stands before a quotation: its subject, as a rule.
    fn subject_of(&self, line: usize, range: TextRange) -> Option<Speaker> {
        let here = &self.lines[line];
        let before = |name: &Name| name.range.end <= range.start;
        let free = |name: &Name| self.is_free(here, name);
        let mut names = self.names_of(line).filter(|(_, name)| before(name) && free(name));
        if let Some((number, _)) = names.find(|(_, name)| name.class == NameClass::Person) {
            return Some(Speaker::Name(number));
        }
        let start = here.words.first()?;
        let he = HE.contains(&start.of(self.text).to_lowercase().as_str());
        he.then(|| self.person_before(u32::try_from(start.start).unwrap_or(u32::MAX))).flatten()
    }

    /// Whether no preposition makes a name a part of something else.
    fn is_free(&self, line: &Line, name: &Name) -> bool {
        let before =
            line.words.iter().take_while(|word| word.end <= name.range.start as usize).count();
        let word = before.checked_sub(1).map_or("", |at| self.word(line, at));
        !PREPOSITIONS.contains(&word.to_lowercase().as_str())
    }

    fn word(&self, line: &Line, at: usize) -> &str {
        line.words.get(at).map_or("", |word| word.of(self.text))
    }

    /// Whether a word is a verb of saying with a subject: not the noun (`in another tweet`), nor a participle (`when
    /// asked`, `he was asked`).
    fn is_saying(&self, line: &Line, at: usize) -> bool {
        let Some(word) = line.words.get(at) else { return false };
        let verbs = Classes::SAYING | Classes::TELLING;
        // `Continued Stone: "..."`
        let first = at == 0 && classes(&word.of(self.text).to_lowercase()).has(verbs);
        if !first && !word.classes.has(verbs) {
            return false;
        }
        let before = at.checked_sub(1).filter(|_| word.joined).map_or("", |at| self.word(line, at));
        let before = before.to_lowercase();
        !NOUN_NEXT.contains(&before.as_str()) && !PASSIVE.contains(&before.as_str())
    }

    /// Returns who stands behind a verb of saying.
    fn subject_behind(&self, line: usize, from: usize) -> Option<Speaker> {
        let here = &self.lines[line];
        let start = here.words.get(from)?.start;
        if HE.contains(&self.word(here, from)) {
            return self.person_before(TextRange::of(start..start).start);
        }
        let limit = here.words.get(from + NEAR).map_or(here.range.end as usize, |word| word.start);
        let near = self
            .names_of(line)
            .filter(|(_, name)| (start..limit).contains(&(name.range.start as usize)));
        let mut near: Vec<(usize, Name)> = near.collect();
        near.sort_by_key(|(_, name)| (name.class != NameClass::Person, name.range.start));
        match near.first() {
            // `said a spokesman for the UN` is not said by the UN itself, but that is who can be named.
            Some((number, name))
                if name.class == NameClass::Person || name.range.start as usize == start =>
            {
                Some(Speaker::Name(*number))
            }
            _ => Self::words_at(here, from),
        }
    }

    /// Returns the subject of the clause that ends before a verb of saying.
    fn subject_before(&self, line: usize, words: Range<usize>) -> Option<Speaker> {
        let here = &self.lines[line];
        let last = words.end.checked_sub(1).filter(|last| words.contains(last))?;
        // `he said`, `he also said`
        if let Some(at) = (words.start..words.end).rev().take(3).find(|at| {
            let lower = self.word(here, *at).to_lowercase();
            HE.contains(&lower.as_str())
        }) {
            return self.person_before(u32::try_from(here.words[at].start).unwrap_or(u32::MAX));
        }
        let span = here.words[words.start].start..here.words[last].end;
        let names: Vec<(usize, Name)> = self
            .names_of(line)
            .filter(|(_, name)| span.contains(&(name.range.start as usize)))
            .filter(|(_, name)| {
                matches!(name.class, NameClass::Person | NameClass::Organization | NameClass::Place)
            })
            .collect();
        let best = |class: NameClass| {
            names.iter().rev().find(|(_, name)| name.class == class && self.is_free(here, name))
        };
        let found = best(NameClass::Person)
            .or_else(|| best(NameClass::Organization))
            .or_else(|| best(NameClass::Place));
        match found {
            Some((number, _)) => Some(Speaker::Name(*number)),
            None => Some(Self::words_before(here, last)),
        }
    }

    /// Returns the names of a sentence with their numbers.
    fn names_of(&self, line: usize) -> impl DoubleEndedIterator<Item = (usize, Name)> + '_ {
        let first = self.names.partition_point(|name| name.sentence < line);
        let end = self.names.partition_point(|name| name.sentence <= line);
        (first..end).map(|number| (number, self.names[number]))
    }

    /// Returns the person named last before a place, in its sentence or the three before.
    fn person_before(&self, at: u32) -> Option<Speaker> {
        let here = self.line_at(at)?;
        let end = self.names.partition_point(|name| name.range.start < at);
        let near = |name: &Name| name.class == NameClass::Person && name.sentence + 3 >= here;
        let found = (0..end).rev().find(|number| near(&self.names[*number]));
        Some(found.map_or(Speaker::Unresolved, Speaker::Name))
    }

    /// Returns a few plain words as who said it: `police`, `the ministry`.
    fn words_at(line: &Line, from: usize) -> Option<Speaker> {
        let first = line.words.get(from)?;
        let end = (from + 1..line.words.len().min(from + 6))
            .take_while(|at| line.words[*at].joined)
            .last()
            .unwrap_or(from);
        Some(Speaker::Words(TextRange::of(first.start..line.words[end].end)))
    }

    fn words_before(line: &Line, last: usize) -> Speaker {
        let mut first = last;
        while first > 0 && last - first < 4 && line.words[first].joined {
            first -= 1;
        }
        Speaker::Words(TextRange::of(line.words[first].start..line.words[last].end))
    }

    /// Gives quotations without a verb of saying the speaker of their paragraph, or of the one before that they go on.
    fn carry_on(&self, block: TextRange, first: usize, found: &mut [Quote]) {
        let before = self.blocks.iter().rev().find(|before| before.end <= block.start);
        let resolved = |quote: &&Quote| quote.speaker != Speaker::Unresolved;
        let (old, new) = found.split_at_mut(first);
        let mut speaker = None;
        for at in 0..new.len() {
            if new[at].speaker == Speaker::Unresolved {
                let words = new[at].range.slice(self.text).split_whitespace().count();
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
        let before = self.text[..range.start as usize].trim_end();
        let first = range.slice(self.text).chars().find(|c| c.is_alphanumeric());
        before.ends_with(['.', '?', '!', '"', '”']) && first.is_some_and(char::is_uppercase)
    }

    /// Returns who speaks in a paragraph that the sentence before announces: `Lee went on:`.
    fn announced(&self, block: TextRange) -> Option<Speaker> {
        let last =
            self.lines.partition_point(|line| line.range.end <= block.start).checked_sub(1)?;
        let line = &self.lines[last];
        if !line.range.slice(self.text).trim_end().ends_with(':') {
            return None;
        }
        let end = TextRange { start: line.range.end, end: line.range.end };
        self.before(last, end, &|_, _| true).map(|(speaker, _)| speaker)
    }

    /// Adds statements without quotation marks: `Lee said that ...`.
    fn reported(&self, direct: &[TextRange], found: &mut Vec<Quote>) {
        for (number, line) in self.lines.iter().enumerate() {
            if direct.iter().any(|range| range.overlaps(line.range)) {
                continue;
            }
            let Some(cue) = (1..line.words.len()).find(|at| self.is_saying(line, *at)) else {
                continue;
            };
            let mut from = cue + 1;
            if matches!(self.word(line, cue), "told" | "tells") {
                let that = (from..line.words.len().min(from + 6))
                    .find(|at| self.word(line, *at) == "that");
                let Some(that) = that else { continue };
                from = that;
            }
            // `agreed to a truce`, `announced a scheme` and `found a politician` report no statement.
            let next = self.word(line, from);
            let plainly = matches!(self.word(line, cue), "said" | "says")
                && !(PREPOSITIONS.contains(&next) || matches!(next, "this" | "so"));
            if next != "that" && !plainly {
                continue;
            }
            from += usize::from(next == "that");
            let Some(Speaker::Name(name)) = self.subject_before(number, 0..cue) else { continue };
            if line.words.len() < from + 4 {
                continue;
            }
            found.push(Quote {
                range: TextRange::of(line.words[from].start..line.range.end as usize),
                speaker: Speaker::Name(name),
                cue: Some(word_range(line, cue)),
                direct: false,
            });
        }
    }
}

fn word_range(line: &Line, at: usize) -> TextRange {
    TextRange::of(line.words[at].start..line.words[at].end)
}

/// Returns what stands in quotation marks in a paragraph, marks included.
///
/// A quotation that is not closed goes on to the end of the paragraph where the next one takes it up.
fn quoted(text: &str, block: TextRange) -> Vec<TextRange> {
    let part = block.slice(text);
    let base = block.start as usize;
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, c) in part.char_indices() {
        match (open, c) {
            // The value of an attribute of markup: `date="May 6"`.
            (None, '"') if part[..at].ends_with('=') => open = Some((at, '=')),
            (None, '"' | '“' | '«' | '„' | '＂') => open = Some((at, c)),
            (Some((_, '=')), '"') => open = None,
            (None, '”') if !found.is_empty() || at > 0 => {}
            (Some((start, mark)), _) if closes(mark, c) => {
                found.push(TextRange::of(base + start..base + at + c.len_utf8()));
                open = None;
            }
            _ => {}
        }
    }
    // Where a quotation ends that nothing closes is not told, unless the next paragraph takes it up.
    let goes_on = text[block.end as usize..].trim_start().starts_with(['"', '“', '«', '„']);
    if let Some((start, mark)) = open
        && part.len() - start > 20
        && mark != '='
        && goes_on
    {
        found.push(TextRange::of(base + start..block.end as usize));
    }
    found
}

fn closes(open: char, c: char) -> bool {
    match open {
        '"' | '＂' => matches!(c, '"' | '”' | '＂'),
        '“' => matches!(c, '”' | '"'),
        '«' => c == '»',
        '„' => matches!(c, '“' | '”'),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
