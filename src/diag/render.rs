//! Shows reports: for people, for machines, for GitHub.
//!
//! In: reports, sorted by the caller. Out: text that is safe to print. Messages
//! and excerpts quote untrusted files, so no control character of theirs reaches
//! a terminal or a workflow log. Cost: O(n) in the text shown.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde_json::json;

use super::{Diagnostic, Place, Severity, Span};

/// How reports are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With the quoted source, for a terminal.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
    /// GitHub workflow commands.
    Github,
}

/// Whether colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// Plain text.
    #[default]
    Plain,
    /// ANSI colours.
    Colour,
}

/// Returns the reports as text, each ending with a line break.
pub fn render(diagnostics: &[Diagnostic], format: Format, palette: Palette) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&match format {
            Format::Human => human(diagnostic, palette),
            Format::Json => json_line(diagnostic),
            Format::Github => github(diagnostic),
        });
        out.push('\n');
    }
    out
}

/// Returns a report with its quoted source; lines wider than the terminal are cut around the mark.
fn human(diagnostic: &Diagnostic, palette: Palette) -> String {
    let level = match diagnostic.severity {
        Severity::Note => Level::NOTE,
        Severity::Warning => Level::WARNING,
        Severity::Error => Level::ERROR,
    };
    let title = level.primary_title(one_line(&diagnostic.message)).id(diagnostic.code.as_str());
    let mut group = annotate_snippets::Group::with_title(title);
    if let Some(Place { path, span }) = &diagnostic.place {
        let path = path.as_str();
        group = match span {
            None => group.element(Origin::path(path)),
            // An empty excerpt has nothing to underline.
            Some(span) if span.excerpt.is_empty() => {
                let origin =
                    Origin::path(path).line(span.line as usize).char_column(span.column as usize);
                group.element(origin)
            }
            Some(span) => group.element(
                Snippet::source(same_length(&span.excerpt))
                    .line_start(span.line as usize)
                    .path(path)
                    .annotation(AnnotationKind::Primary.span(mark(span))),
            ),
        };
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(one_line(help)));
    }
    let renderer = match palette {
        Palette::Plain => Renderer::plain(),
        Palette::Colour => Renderer::styled(),
    };
    let mut text = renderer.render(&[group]);
    text.push('\n');
    text
}

/// Returns the marked range of the excerpt, forced onto character borders: reports are also read from caches.
fn mark(span: &Span) -> std::ops::Range<usize> {
    let start = super::floor_char(&span.excerpt, span.mark.0 as usize);
    let end = super::floor_char(&span.excerpt, span.mark.1 as usize);
    start..end.max(start)
}

/// Replaces control characters by spaces; for text that must stay on one line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Replaces control characters by spaces of the same length in bytes, so that offsets stay right.
fn same_length(excerpt: &str) -> String {
    let blank = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() && c.len_utf8() == 1 => ' ',
        c if c.is_control() => '\u{a0}',
        c => c,
    };
    excerpt.chars().map(blank).collect()
}

/// Returns a report as one JSON object; JSON escapes control characters itself.
fn json_line(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.place.as_ref();
    let span = place.and_then(|place| place.span.as_ref());
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "path": place.map(|place| place.path.as_str()),
        "line": span.map(|span| span.line),
        "column": span.map(|span| span.column),
        "start": span.map(|span| span.bytes.0),
        "end": span.map(|span| span.bytes.1),
        "help": diagnostic.help,
    })
    .to_string()
}

/// Returns a report as a GitHub workflow command, which becomes an annotation of the changed file.
fn github(diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut out = format!("::{command} ");
    if let Some(Place { path, span }) = &diagnostic.place {
        push(&mut out, format_args!("file={},", escape_property(path.as_str())));
        if let Some(span) = span {
            push(&mut out, format_args!("line={},col={},", span.line, span.column));
        }
    }
    push(&mut out, format_args!("title={}::{}", diagnostic.code, escape_data(&diagnostic.message)));
    if let Some(help) = &diagnostic.help {
        push(&mut out, format_args!("%0Ahelp: {}", escape_data(help)));
    }
    out
}

/// Appends formatted text; writing to a string cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _infallible = out.write_fmt(text);
}

/// Escapes the message of a workflow command; other control characters are dropped.
fn escape_data(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Escapes a property of a workflow command, where `,` and `:` have a meaning too.
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;
    use crate::files::SitePath;

    fn report(source: &str, range: std::ops::Range<usize>) -> Diagnostic {
        let path = SitePath::parse("a,b.toml").unwrap();
        Diagnostic::new(Code::ConfigKey, "50% `x\u{1b}[31m`")
            .at(&path, source, range)
            .help("one\ntwo")
    }

    #[test]
    fn people_see_place_excerpt_and_help() {
        let text = render(&[report("a = 1\n\ttopcs = 2\n", 7..12)], Format::Human, Palette::Plain);
        assert!(text.starts_with("error[E0102]: 50% `x [31m`\n"), "{text}");
        for part in ["--> a,b.toml:2:2\n", "2 |     topcs = 2\n", "^^^^^\n", "= help: one two\n"] {
            assert!(text.contains(part), "{part:?} in\n{text}");
        }
    }

    #[test]
    fn control_characters_never_reach_the_terminal() {
        let text = render(&[report("a\u{1b}[2J\u{9b}b\r\nx", 0..9)], Format::Human, Palette::Plain);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let source = format!("{}MARK{}", "x".repeat(5000), "y".repeat(5000));
        let text = render(&[report(&source, 5000..5004)], Format::Human, Palette::Plain);
        assert!(text.contains("MARK") && text.contains("...") && text.len() < 800, "{text}");
    }

    #[test]
    fn odd_places_are_shown_without_a_panic() {
        for (source, range) in
            [("", 0..0), ("a\n", 2..2), ("é", 1..2), ("a\nb\nc\nd", 0..7), ("a", 1..1)]
        {
            let text = render(&[report(source, range)], Format::Human, Palette::Colour);
            assert!(text.contains("a,b.toml"), "{source:?}");
        }
        let bare = Diagnostic::new(Code::ConfigKey, "m");
        assert_eq!(render(&[bare], Format::Human, Palette::Plain), "error[E0102]: m\n\n");
    }

    #[test]
    fn machines_get_one_object_a_line() {
        let bare = Diagnostic::new(Code::ConfigKey, "m");
        let text = render(&[report("ab", 0..1), bare], Format::Json, Palette::Plain);
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["line"], 1);
        assert_eq!(lines[0]["code"], "E0102");
        assert!(lines[1]["path"].is_null() && lines[1]["help"].is_null());
    }

    #[test]
    fn github_gets_an_escaped_command() {
        let text = render(&[report("ab", 0..1)], Format::Github, Palette::Plain);
        assert_eq!(
            text,
            "::error file=a%2Cb.toml,line=1,col=1,title=E0102::50%25 `x[31m`%0Ahelp: one%0Atwo\n"
        );
    }
}
