//! Who said what: direct speech in quotation marks, and statements that the text reports.
//!
//! The speaker is who stands beside a verb of saying in the sentence that the quotation begins or ends in; for a
//! pronoun, the person named last before it; for a quotation that goes on, the speaker of the part before. Who
//! is not told like that is not told: nobody is guessed from far away. What somebody denied is not what they said.

mod direct;
mod marks;
mod reported;
mod speakers;
#[cfg(test)]
mod tests;

use self::marks::{has_single_only, quoted};
use self::speakers::Speakers;
use super::document::Document;
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

impl Document<'_> {
    /// Finds what people said, in order.
    pub fn quotes(&self) -> Vec<Quote> {
        let single = has_single_only(self.text);
        let marked: Vec<Vec<TextRange>> =
            self.blocks.iter().map(|block| quoted(self.text, *block, single)).collect();
        let all = marked.concat();
        let speakers = Speakers::new(self, &all);
        let mut found: Vec<Quote> = Vec::new();
        for (block, ranges) in self.blocks.iter().zip(&marked) {
            let first = found.len();
            found.extend(ranges.iter().map(|range| speakers.direct(*range)));
            speakers.carry_on(*block, first, &mut found);
        }
        found.retain(|quote| speakers.is_speech(quote));
        let direct: Vec<TextRange> = found.iter().map(|quote| quote.range).collect();
        found.extend(speakers.reported(&direct));
        found.sort_by_key(|quote| quote.range);
        found
    }
}
