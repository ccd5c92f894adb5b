//! What `build`, `check` and `list` say about problems and skipped files.

use pressmark::diag::{Diagnostic, Severity, render};
use pressmark::files::SitePath;
use pressmark::resolve::{SkipReason, Skipped};
use serde_json::{Value, json};

use super::args::FormatArg;
use super::term::{ERROR, GOOD, LABEL, Stream, WARNING, count, safe_json};
use super::{Failure, Outcome, Session, Volume};

/// How many problems there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) notes: usize,
}

impl Tally {
    /// Counts.
    pub(super) fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut tally = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Note => tally.notes += 1,
            }
        }
        tally
    }

    /// Returns what the problems mean for the exit status.
    pub(super) fn outcome(self, strict: bool) -> Outcome {
        if self.errors > 0 || (strict && self.warnings > 0) {
            Outcome::Flawed
        } else {
            Outcome::Clean
        }
    }

    /// Returns `2 errors, 1 warning`, or `no problems`.
    pub(super) fn text(self, stream: &Stream) -> String {
        let mut parts = Vec::new();
        if self.errors > 0 {
            parts.push(stream.paint(ERROR, count(self.errors, "error", "errors")));
        }
        if self.warnings > 0 {
            parts.push(stream.paint(WARNING, count(self.warnings, "warning", "warnings")));
        }
        if parts.is_empty() {
            parts.push(stream.paint(GOOD, "no problems"));
        }
        if self.notes > 0 {
            parts.push(count(self.notes, "note", "notes"));
        }
        parts.join(", ")
    }
}

/// Shows problems on standard error: people see all, or none where a JSON object on standard output holds them.
pub(super) fn show(
    session: &mut Session,
    diagnostics: &[Diagnostic],
    format: Option<FormatArg>,
    json: bool,
) -> Result<(), Failure> {
    let format = match format {
        None if json => return Ok(()),
        format => format.unwrap_or(FormatArg::Human),
    };
    let audible = |d: &&Diagnostic| session.volume != Volume::Quiet || d.severity != Severity::Note;
    let mut shown: Vec<Diagnostic> = diagnostics.iter().filter(audible).cloned().collect();
    if format != FormatArg::Json {
        from_here(session, &mut shown);
    }
    let text = render(&shown, format.into(), session.err.palette());
    let text = if format == FormatArg::Json { safe_json(&text) } else { text };
    session.err.write(text.as_bytes())?;
    Ok(())
}

/// Turns paths below the site's root into paths below the current folder, which editors and GitHub can open.
fn from_here(session: &Session, diagnostics: &mut [Diagnostic]) {
    let Some(root) = SitePath::from_relative(&session.root) else { return };
    for place in diagnostics.iter_mut().filter_map(|diagnostic| diagnostic.place.as_mut()) {
        if let Some(path) = root.join(place.path.as_str()) {
            place.path = path;
        }
    }
}

/// Returns problems as JSON, in the form of `--format json`.
pub(super) fn to_json(diagnostics: &[Diagnostic]) -> Vec<Value> {
    let lines = render(diagnostics, pressmark::diag::Format::Json, pressmark::diag::Palette::Plain);
    lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Returns skipped files as JSON.
pub(super) fn skipped_json(skipped: &[Skipped]) -> Vec<Value> {
    skipped.iter().map(|s| json!({ "path": s.path.as_str(), "reason": word(s.reason) })).collect()
}

/// Returns the word for a reason, in JSON and for people.
fn word(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Draft => "draft",
        SkipReason::Future => "future",
        SkipReason::Expired => "expired",
        SkipReason::Removed => "removed",
    }
}

/// A block of labelled lines.
#[derive(Default)]
pub(super) struct Block {
    rows: Vec<(&'static str, String)>,
}

impl Block {
    /// Adds a line.
    pub(super) fn row(&mut self, label: &'static str, text: impl Into<String>) {
        self.rows.push((label, text.into()));
    }

    /// Adds what was skipped and why, if anything was.
    pub(super) fn skipped(&mut self, skipped: &[Skipped], volume: Volume) {
        if skipped.is_empty() {
            return;
        }
        let of = |reason| skipped.iter().filter(|skipped| skipped.reason == reason).count();
        let reasons = [
            (of(SkipReason::Draft), "draft", "drafts", "--drafts"),
            (of(SkipReason::Future), "in the future", "in the future", "--future"),
            (of(SkipReason::Expired), "expired", "expired", "--expired"),
            (of(SkipReason::Removed), "removed", "removed", ""),
        ];
        let parts: Vec<String> = reasons
            .into_iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, one, many, flag)| {
                let number = count(number, one, many);
                if flag.is_empty() { number } else { format!("{number} ({flag})") }
            })
            .collect();
        self.row("skipped", parts.join(", "));
        if volume == Volume::Verbose {
            for skipped in skipped {
                self.row("", format!("{}: {}", skipped.path, word(skipped.reason)));
            }
        }
    }

    /// Returns the block, its labels in a column.
    pub(super) fn text(&self, stream: &Stream) -> String {
        let width = self.rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
        let line = |(label, text): &(&str, String)| {
            format!("{}  {text}\n", stream.paint(LABEL, format_args!("{label:width$}")))
        };
        self.rows.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::When;

    fn skipped(path: &str, reason: SkipReason) -> Skipped {
        Skipped { path: SitePath::parse(path).unwrap(), reason }
    }

    #[test]
    fn skipped_files_are_counted_by_reason_and_named_on_request() {
        let files = [
            skipped("a.md", SkipReason::Draft),
            skipped("b.md", SkipReason::Draft),
            skipped("c.md", SkipReason::Expired),
        ];
        let stream = Stream::stdout(When::Never);
        let mut block = Block::default();
        block.row("output", "public");
        block.skipped(&files, Volume::Normal);
        assert_eq!(
            block.text(&stream),
            "output   public\nskipped  2 drafts (--drafts), 1 expired (--expired)\n"
        );
        let mut block = Block::default();
        block.skipped(&files, Volume::Verbose);
        assert!(block.text(&stream).ends_with("         c.md: expired\n"));
    }

    #[test]
    fn warnings_count_when_they_must() {
        let tally = Tally { errors: 0, warnings: 2, notes: 1 };
        assert_eq!(tally.text(&Stream::stdout(When::Never)), "2 warnings, 1 note");
        assert_eq!((tally.outcome(false), tally.outcome(true)), (Outcome::Clean, Outcome::Flawed));
    }
}
