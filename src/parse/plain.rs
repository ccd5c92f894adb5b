//! Plain text: paragraphs, simple lists, bare addresses.

use super::body::BlockKind;
use super::writer::Writer;
use super::{Draft, infer, url};
use crate::config::SiteConfig;
use crate::load::SourceFile;

/// A line longer than this is a paragraph by itself, when no blank line parts any.
const LONG_LINE: usize = 80;

/// What starts an item of a list.
const BULLETS: [&str; 3] = ["- ", "* ", "• "];

/// Parses a plain-text file.
pub(super) fn parse(file: &SourceFile, config: &SiteConfig) -> Draft {
    let found = infer::infer(file, config);
    let text = file.text.get(found.body.clone()).unwrap_or_default();
    let mut out = Writer::new(text.len(), config.slug_mode);
    let alone = lines_are_paragraphs(text);
    let mut paragraph: Vec<(&str, usize)> = Vec::new();
    let mut at = found.body.start;
    for line in text.split('\n') {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            write(&mut out, &mut paragraph);
        } else {
            paragraph.push((trimmed, at + line.len() - line.trim_start().len()));
            if alone && bullet(trimmed).is_none() {
                write(&mut out, &mut paragraph);
            }
        }
        at += line.len() + 1;
    }
    write(&mut out, &mut paragraph);
    found.into_draft(out.finish(), None, None)
}

/// Whether each line of a text without blank lines is a paragraph.
fn lines_are_paragraphs(text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').map(str::trim).collect();
    if lines.len() < 3 || lines.iter().any(|line| line.is_empty()) {
        return false;
    }
    let long = lines.iter().filter(|line| line.len() > LONG_LINE).count();
    let ends = |line: &&str| line.ends_with(['.', '!', '?', '"', '”', ')', '。', '؟', '۔', ':']);
    long * 2 > lines.len() || lines.iter().all(ends)
}

/// Returns the bullet that a line starts with.
fn bullet(line: &str) -> Option<&'static str> {
    BULLETS.into_iter().find(|bullet| line.starts_with(bullet))
}

/// Writes the lines of one paragraph, and empties them.
fn write(out: &mut Writer, lines: &mut Vec<(&str, usize)>) {
    let Some((first, _)) = lines.first() else { return };
    let mark = bullet(first).filter(|mark| lines.iter().all(|(line, _)| line.starts_with(mark)));
    if let Some(mark) = mark {
        out.open("<ul>\n", None);
        for (line, at) in lines.drain(..) {
            out.open("<li>", Some(BlockKind::Item));
            linked_text(out, &line[mark.len()..], at + mark.len());
            out.end_block();
            out.close("</li>\n");
        }
        return out.close("</ul>\n");
    }
    out.open("<p>", None);
    for (n, (line, at)) in lines.drain(..).enumerate() {
        if n > 0 {
            out.gap("\n");
        }
        linked_text(out, line, at);
    }
    out.end_block();
    out.close("</p>\n");
}

/// Writes text, with bare addresses as links.
fn linked_text(out: &mut Writer, text: &str, source: usize) {
    let mut from = 0;
    for found in url::bare(text) {
        out.text(&text[from..found.start], source + from);
        let target = &text[found.clone()];
        out.raw("<a");
        out.address("href", target, (source + found.start, source + found.end), false);
        out.raw(">");
        out.push(None, true);
        out.text(target, source + found.start);
        out.close("</a>");
        from = found.end;
    }
    out.text(&text[from..], source + from);
}
