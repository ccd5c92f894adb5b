//! One report type, its codes, and the ways to show it.
//!
//! Two kinds of trouble are kept apart. A [`Diagnostic`] is about the user's
//! site: stages collect them, all are shown, sorted by place. An [`Error`] is
//! what stops the program itself (the disk, the arguments).
//!
//! The rule that ties severity to effect: after an *error* nothing is written
//! and the last good site stays; after a *warning* the site is written, and the
//! warning says what was left out or guessed.
//!
//! **Invariant:** a diagnostic is self-contained. It carries the excerpt it
//! quotes, so it can be cached, sent to a browser, or shown long after the file
//! has changed.

mod codes;
mod error;
mod render;
mod suggest;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use self::codes::{Code, Severity};
pub use self::error::Error;
pub use self::render::{Format, Palette, render};
pub use self::suggest::nearest;
use crate::files::SitePath;

/// A report about the user's site, with its place and, where there is one, its fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What kind of trouble; names the paragraph in the documentation.
    pub code: Code,
    /// How grave; the code's own severity unless a command raised it.
    pub severity: Severity,
    /// One fact: lower-case start, no trailing period, values in backticks.
    pub message: String,
    /// Where, if there is a place.
    pub place: Option<Place>,
    /// The fix, or what was expected.
    pub help: Option<String>,
}

/// A place in a file, with the lines that a report quotes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file, relative to the site's root.
    pub path: SitePath,
    /// The part of the file that the report is about; none when it is about the whole file.
    pub span: Option<Span>,
}

/// A range of a text file, with its line and the text of the lines it lies on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Byte offsets into the file, end exclusive.
    pub bytes: (u32, u32),
    /// Line of the start, from 1.
    pub line: u32,
    /// Column of the start in characters, from 1.
    pub column: u32,
    /// The whole lines that the range lies on, at most three, without the last line break.
    pub excerpt: String,
    /// Byte range inside `excerpt`, end exclusive.
    pub mark: (u32, u32),
}

impl Diagnostic {
    /// Returns a report without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, severity: code.severity(), message: message.into(), place: None, help: None }
    }

    /// Sets the place to a whole file.
    #[must_use]
    pub fn in_file(mut self, path: &SitePath) -> Self {
        self.place = Some(Place { path: path.clone(), span: None });
        self
    }

    /// Sets the place to a byte range of the file `path`, whose text is `source`.
    ///
    /// A range outside the text, or inside a character, is moved to the nearest
    /// character border, so a caller's arithmetic can never make a report panic.
    #[must_use]
    pub fn at(mut self, path: &SitePath, source: &str, range: Range<usize>) -> Self {
        self.place = Some(Place { path: path.clone(), span: Some(Span::new(source, range)) });
        self
    }

    /// Sets the help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the help line to "did you mean", when `candidates` hold a near match for `found`.
    #[must_use]
    pub fn did_you_mean<'a>(
        self,
        found: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        match nearest(found, candidates) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Returns whether the report is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Returns the key that reports are sorted by: file, offset, code, text.
    fn order(&self) -> (Option<&SitePath>, u32, Code, &str) {
        let place = self.place.as_ref();
        let offset = place.and_then(|p| p.span.as_ref()).map_or(0, |s| s.bytes.0);
        (place.map(|p| &p.path), offset, self.code, &self.message)
    }
}

impl Span {
    /// Returns the span of `range` in `source`.
    pub fn new(source: &str, range: Range<usize>) -> Self {
        const MAX_LINES: usize = 3;
        let start = floor_char(source, range.start);
        let end = floor_char(source, range.end).max(start);
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let mut line_end = line_start;
        for _ in 0..MAX_LINES {
            line_end = source[line_end..].find('\n').map_or(source.len(), |at| line_end + at);
            if line_end >= end || line_end == source.len() {
                break;
            }
            line_end += 1;
        }
        let excerpt = source[line_start..line_end].trim_end_matches(['\n', '\r']).to_owned();
        let mark_end = (end - line_start).min(excerpt.len());
        let mark = ((start - line_start).min(excerpt.len()), mark_end);
        Self {
            bytes: (offset(start), offset(end)),
            line: offset(source[..start].bytes().filter(|b| *b == b'\n').count() + 1),
            column: offset(source[line_start..start].chars().count() + 1),
            excerpt,
            mark: (offset(mark.0), offset(mark.1)),
        }
    }
}

/// Returns the greatest character border that is not behind `at`.
fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Narrows an offset; files are bounded far below 4 GiB when they are loaded.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Sorts reports by file, offset, code and text, and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
    diagnostics.dedup();
}

/// A value with the reports that came up while it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warned<T> {
    /// The value.
    pub value: T,
    /// The reports, in the order they were found.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Warned<T> {
    /// Returns a value with no report.
    pub fn clean(value: T) -> Self {
        Self { value, diagnostics: Vec::new() }
    }

    /// Moves the reports into `sink` and returns the value.
    pub fn drain_into(self, sink: &mut Vec<Diagnostic>) -> T {
        sink.extend(self.diagnostics);
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_knows_its_line_and_quotes_it() {
        let source = "title = \"x\"\ntopcs = [\"é\"]\n";
        let at = source.find("topcs").unwrap();
        let span = Span::new(source, at..at + 5);
        assert_eq!((span.line, span.column), (2, 1));
        assert_eq!(span.excerpt, "topcs = [\"é\"]");
        assert_eq!(span.mark, (0, 5));
    }

    #[test]
    fn a_span_outside_the_text_is_clamped() {
        let span = Span::new("aé", 2..900);
        assert_eq!(span.bytes, (1, 3));
        assert_eq!(Span::new("", 5..9).excerpt, "");
    }

    #[test]
    fn a_long_range_quotes_three_lines() {
        let span = Span::new("a\nb\nc\nd\ne", 0..9);
        assert_eq!(span.excerpt, "a\nb\nc");
    }
}
