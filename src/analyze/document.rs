//! A text cut into blocks, sentences and words.

use super::likes::Likes;
use super::recognizer::{Recognizer, Unanswered};
use super::tagger::NameClass;
use super::words::{Word, words};
use crate::text::{TextRange, sentences};

/// A sentence with its words.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) range: TextRange,
    /// Number of the block.
    pub(super) block: usize,
    pub(super) words: Vec<Word>,
}

/// A name in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// Where.
    pub range: TextRange,
    /// Number of the sentence.
    pub sentence: usize,
    /// What it stands for.
    pub class: NameClass,
    /// The name that everybody knows it by, where the recognizer tells.
    pub main: Option<&'static str>,
    /// How much the recognizer likes each class at the place; nothing when it does not tell.
    pub likes: Likes,
    /// Stable name of the rule that found it, such as `name.model`.
    pub rule: &'static str,
}

/// A text, ready for everything that reads it.
#[derive(Debug)]
pub struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) blocks: Vec<TextRange>,
    pub(super) lines: Vec<Line>,
    pub(super) names: Vec<Name>,
}

impl<'t> Document<'t> {
    /// Cuts a text whose paragraphs are known; ranges are trimmed and in order. Names are not looked for.
    pub fn new(text: &'t str, blocks: Vec<TextRange>) -> Self {
        let mut lines = Vec::new();
        for (block, range) in blocks.iter().enumerate() {
            for range in sentences(range.slice(text), range.start) {
                lines.push(Line { range, block, words: words(text, range) });
            }
        }
        Self { text, blocks, lines, names: Vec::new() }
    }

    /// Cuts raw English text and looks for its names.
    #[cfg(test)]
    pub(super) fn read(text: &'t str) -> Self {
        let mut document = Self::new(text, Self::paragraphs(text));
        document.recognize(&super::recognizer::Embedded, None).unwrap();
        document
    }

    /// Looks for the names of the text.
    ///
    /// # Errors
    /// Those of the recognizer; the document has no names then.
    pub fn recognize(
        &mut self,
        recognizer: &dyn Recognizer,
        language: Option<&str>,
    ) -> Result<(), Unanswered> {
        self.names = recognizer.names(self, language)?;
        Ok(())
    }

    /// Returns a name at a place of the text; none when that is not inside one sentence.
    pub fn name(&self, range: TextRange, class: NameClass, rule: &'static str) -> Option<Name> {
        let sentence = self.line_at(range.start)?;
        let inside = self.lines[sentence].range.contains(range);
        inside.then_some(Name { range, sentence, class, main: None, likes: Likes::default(), rule })
    }

    /// Returns the paragraphs of raw text: parted by blank lines, and by every line break where lines are long.
    pub fn paragraphs(text: &str) -> Vec<TextRange> {
        let lines: Vec<&str> = text.split('\n').collect();
        let blank = lines.iter().filter(|line| line.trim().is_empty()).count();
        let longest = lines.iter().map(|line| line.len()).max().unwrap_or_default();
        let wrapped = blank > 0 && longest <= WRAPPED && lines.len() > 2 * blank + 2;
        let mut found: Vec<TextRange> = Vec::new();
        let (mut at, mut goes_on) = (0, false);
        for line in lines {
            let trimmed = line.trim();
            if trimmed.is_empty() {
                goes_on = false;
            } else {
                let start = at + line.len() - line.trim_start().len();
                let range = TextRange::of(start..start + trimmed.len());
                match found.last_mut().filter(|_| goes_on && wrapped) {
                    Some(last) => last.end = range.end,
                    None => found.push(range),
                }
                goes_on = true;
            }
            at += line.len() + 1;
        }
        found
    }

    /// Returns the number of the sentence at a place; of the next one between two, none behind the last.
    pub(super) fn line_at(&self, at: u32) -> Option<usize> {
        let found = self.lines.partition_point(|line| line.range.end <= at);
        (found < self.lines.len()).then_some(found)
    }

    /// Borrows the text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Borrows the paragraphs.
    pub fn blocks(&self) -> &[TextRange] {
        &self.blocks
    }

    /// Returns the sentences.
    pub fn sentences(&self) -> impl ExactSizeIterator<Item = TextRange> + '_ {
        self.lines.iter().map(|line| line.range)
    }

    /// Returns how much each class is liked for the name at a place.
    pub fn likes_at(&self, place: TextRange) -> Likes {
        let found = self.names.binary_search_by_key(&place, |name| name.range);
        found.map_or_else(|_| Likes::default(), |at| self.names[at].likes)
    }

    /// Borrows the names.
    pub fn names(&self) -> &[Name] {
        &self.names
    }
}

/// Lines of a text that was wrapped by hand are not longer than this.
const WRAPPED: usize = 100;
