//! Shows reports: for people, for machines, for GitHub.

use super::Diagnostic;

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
pub fn render(_diagnostics: &[Diagnostic], _format: Format, _palette: Palette) -> String {
    String::new()
}
