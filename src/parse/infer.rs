//! What the text says about itself: title, date, source, author, boilerplate.
//!
//! Only the two ends of a text are ever taken off, never its middle; and front
//! matter always knows better.

use std::ops::Range;

use super::writer::Written;
use super::{Draft, Found, boilerplate, dates, url};
use crate::config::SiteConfig;
use crate::load::{Format, SourceFile, SourceRef, When};
use crate::text::fold;

/// The longest line that can be a title, in characters.
const MAX_TITLE: usize = 120;
/// Lines at the start that may be about the text.
const MAX_HEAD_LINES: usize = 8;
/// Paragraphs at the end that may be boilerplate.
const MAX_TAIL: usize = 3;

/// What was found, and what is left.
#[derive(Default)]
pub(super) struct Inferred {
    /// The text of the article, in the file.
    pub(super) body: Range<usize>,
    pub(super) title: Option<Found<String>>,
    date: Option<Found<When>>,
    source: Option<Found<SourceRef>>,
    author: Option<Found<String>>,
    boilerplate: Vec<Found<String>>,
}

impl Inferred {
    /// Joins what was found with the parsed text.
    pub(super) fn into_draft(
        self,
        written: Written,
        heading: Option<Found<String>>,
        more: Option<u32>,
    ) -> Draft {
        let Written { body, targets, links } = written;
        Draft {
            body,
            targets,
            links,
            title: heading.or(self.title),
            date: self.date,
            source: self.source,
            author: self.author,
            more,
            boilerplate: self.boilerplate,
        }
    }
}

/// Looks at both ends of a file's text.
pub(super) fn infer(file: &SourceFile, config: &SiteConfig) -> Inferred {
    let text = &file.text;
    let mut found = Inferred { body: file.body.clone(), ..Inferred::default() };
    if text.get(found.body.clone()).is_none() {
        found.body = 0..0;
        return found;
    }
    trim(text, &mut found.body);
    let whole = found.body.clone();
    for n in 0..MAX_HEAD_LINES {
        let line = line_at(text, &found.body);
        if !found.take_head(file, line.clone(), n) {
            break;
        }
        found.body.start = line.end;
        trim(text, &mut found.body);
    }
    if found.body.is_empty() {
        // All lines looked like head lines: then they are the text.
        return Inferred { body: whole, ..Inferred::default() };
    }
    if config.digest.boilerplate {
        found.take_tail(file);
    }
    if found.date.is_none() && file.front.date.is_none() {
        let lead = &text[line_at(text, &found.body)];
        found.date = dates::dateline(lead)
            .map(|date| Found { value: dates::day(date), rule: "date.dateline" });
    }
    found
}

impl Inferred {
    /// Takes one line off the start if it is about the text; returns whether it did.
    fn take_head(&mut self, file: &SourceFile, range: Range<usize>, n: usize) -> bool {
        let line = file.text[range.clone()].trim();
        if line.is_empty() {
            return false;
        }
        if let Some(address) = url::only(line).filter(|_| n == 0) {
            self.set_source(file, None, Some(address), "source.first-line");
        } else if boilerplate::is_navigation(line) {
            self.boilerplate.push(Found { value: line.to_owned(), rule: "boilerplate.navigation" });
        } else if let Some(date) = dates::only(line).filter(|_| n < 4) {
            if file.front.date.is_none() && self.date.is_none() {
                self.date = Some(Found { value: dates::day(date), rule: "date.first-lines" });
            }
        } else if let Some(source) = source_line(line) {
            self.set_source_line(file, source);
        } else if let Some(author) = byline(line).filter(|_| self.author.is_none()) {
            self.author = file
                .front
                .authors
                .is_empty()
                .then(|| Found { value: author.to_owned(), rule: "author.byline" });
        } else {
            return self.take_title(file, range, line);
        }
        true
    }

    fn take_title(&mut self, file: &SourceFile, range: Range<usize>, line: &str) -> bool {
        if self.title.is_some() {
            return false;
        }
        let rest = &file.text[range.end..self.body.end];
        if let Some(title) = &file.front.title {
            // The file's own title once more.
            return file.format == Format::PlainText
                && fold(title) == fold(line)
                && !rest.trim().is_empty();
        }
        if !is_title(line, rest, file.format) {
            return false;
        }
        self.title = Some(Found { value: line.to_owned(), rule: "title.first-line" });
        true
    }

    /// Takes what stands behind `Source:`: a name, an address, or a Markdown link, which is both.
    fn set_source_line(&mut self, file: &SourceFile, source: &str) {
        let rule = "source.line";
        let link =
            source.strip_prefix('[').and_then(|rest| rest.trim_end_matches('.').strip_suffix(')'));
        let link = link.and_then(|link| link.split_once("]("));
        match link.and_then(|(name, target)| Some((name, url::only(target.trim())?))) {
            Some((name, address)) => {
                self.set_source(file, None, Some(address), rule);
                self.set_source(
                    file,
                    Some(name.trim()).filter(|name| !name.is_empty()),
                    None,
                    rule,
                );
            }
            None => self.set_source(file, Some(source), url::only(source), rule),
        }
    }

    fn set_source(
        &mut self,
        file: &SourceFile,
        name: Option<&str>,
        address: Option<&str>,
        rule: &'static str,
    ) {
        if file.front.source.is_some() {
            return;
        }
        let found = self.source.get_or_insert_with(|| Found { value: SourceRef::default(), rule });
        let name = name.filter(|_| address.is_none()).map(str::to_owned);
        found.value.name = found.value.name.take().or(name);
        found.value.url = found.value.url.take().or_else(|| address.map(str::to_owned));
    }

    /// Takes boilerplate and source lines off the end, but never the last paragraph that is left.
    fn take_tail(&mut self, file: &SourceFile) {
        let head = self.boilerplate.len();
        for _ in 0..MAX_TAIL {
            let Some(range) = last_paragraph(&file.text, &self.body) else { break };
            let paragraph = file.text[range.clone()].trim();
            if let Some(source) = source_line(paragraph) {
                self.set_source_line(file, source);
            } else if let Some(rule) = boilerplate::rule_of(paragraph) {
                self.boilerplate.insert(head, Found { value: paragraph.to_owned(), rule });
            } else {
                break;
            }
            self.body.end = range.start;
            trim(&file.text, &mut self.body);
        }
        self.set_disclaimer(file);
    }

    fn set_disclaimer(&mut self, file: &SourceFile) {
        let rule = "boilerplate.disclaimer";
        let Some(disclaimer) = self.boilerplate.iter().find(|found| found.rule == rule) else {
            return;
        };
        if file.front.source.as_ref().is_none_or(|source| source.disclaimer.is_none()) {
            let value = disclaimer.value.clone();
            let found =
                self.source.get_or_insert_with(|| Found { value: SourceRef::default(), rule });
            found.value.disclaimer = Some(value);
        }
    }
}

/// Shrinks a range by the blank lines at its ends; indentation of the first line stays.
fn trim(text: &str, range: &mut Range<usize>) {
    let part = &text[range.clone()];
    range.end = range.start + part.trim_end().len();
    let part = &text[range.clone()];
    let blank = part.len() - part.trim_start().len();
    range.start += part[..blank].rfind('\n').map_or(0, |at| at + 1);
}

fn line_at(text: &str, range: &Range<usize>) -> Range<usize> {
    let end = text[range.clone()].find('\n').map_or(range.end, |at| range.start + at);
    range.start..end
}

/// The last paragraph, if another one stands before it.
fn last_paragraph(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let part = &text[range.clone()];
    let mut end = part.len();
    let mut last_blank = None;
    while let Some(at) = part[..end].rfind('\n') {
        let line = &part[at + 1..end];
        if line.trim().is_empty() {
            last_blank = Some(at + 1);
            break;
        }
        end = at;
    }
    // A text without blank lines has a paragraph on each line.
    let at = last_blank.or_else(|| part.rfind('\n').filter(|_| !part.contains("\n\n")))?;
    Some(range.start + at..range.end)
}

/// Reads `Source: NAME`, `Source - NAME`, `Original: URL`.
fn source_line(line: &str) -> Option<&str> {
    let rest =
        ["Source", "SOURCE", "Original"].iter().find_map(|label| line.strip_prefix(label))?;
    let rest = rest.trim_start();
    let value = [":", "-", "–"].iter().find_map(|mark| rest.strip_prefix(mark))?.trim();
    (!value.is_empty() && value.len() <= 200 && !value.contains('\n')).then_some(value)
}

/// Reads `By NAME`: up to six words that start upper-case or link names.
fn byline(line: &str) -> Option<&str> {
    let name = line.strip_prefix("By ").or_else(|| line.strip_prefix("BY "))?.trim();
    let fits = |word: &str| {
        word.starts_with(|c: char| !c.is_lowercase())
            || matches!(word, "and" | "de" | "van" | "von" | "al" | "bin" | "da" | "el")
    };
    let words = name.split_whitespace().count();
    let plain =
        !name.ends_with(['.', ':', ';', '?', '!']) && !name.contains(|c: char| c.is_ascii_digit());
    (plain && (1..=8).contains(&words) && name.split_whitespace().all(fits)).then_some(name)
}

/// Whether the first line is a headline of the rest.
fn is_title(line: &str, rest: &str, format: Format) -> bool {
    let next = rest.strip_prefix('\n').unwrap_or(rest);
    let next = &next[..next.find('\n').unwrap_or(next.len())];
    let about = dates::only(next).is_some()
        || byline(next.trim()).is_some()
        || source_line(next.trim()).is_some();
    let parted = next.trim().is_empty()
        || about
        || (format == Format::PlainText && next.len() > line.len().saturating_mul(2));
    if rest.trim().is_empty() || !parted || line.chars().count() > MAX_TITLE {
        return false;
    }
    let start = |c: char| {
        c.is_uppercase()
            || c.is_numeric()
            || matches!(c, '"' | '“' | '‘' | '\'' | '«' | '¿')
            || (c.is_alphabetic() && !c.is_lowercase())
    };
    let markup = format == Format::Markdown
        && (line.contains(['`', '*', '_', '<', '[', '|'])
            || line.starts_with(|c: char| c.is_ascii_digit())
            || line.starts_with("    "));
    let bullet = line.starts_with(['-', '*', '•', '#', '>', '+', '~', '|', '!']);
    line.starts_with(start)
        && !line.ends_with(['.', ',', ';', ':', '。', '۔'])
        && !line.ends_with(".\"")
        && !line.ends_with(".”")
        && !markup
        && !bullet
        && line.contains(char::is_alphabetic)
        && !dates::is_dateline(line)
        && dates::only(line).is_none()
        && url::only(line).is_none()
}
