//! The two streams, their colours, and text that is safe to print.

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Style};
use pressmark::diag::Palette;
pub(super) use pressmark::text::one_line;

use super::args::When;

pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const HELP: Style = AnsiColor::Cyan.on_default().bold();
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(super) const LABEL: Style = Style::new().bold();

/// Standard output or standard error.
///
/// A reader that goes away, as `head` does, is no failure: what is written
/// after that vanishes, and the exit status is what it would have been.
pub(super) struct Stream {
    writer: Box<dyn Write + Send>,
    palette: Palette,
    closed: bool,
}

impl Stream {
    /// Returns standard output.
    pub(super) fn stdout(when: When) -> Self {
        let stdout = io::stdout();
        let palette = palette(when, stdout.is_terminal());
        Self { writer: Box::new(stdout), palette, closed: false }
    }

    /// Returns standard error. It is not locked: a progress bar writes to it from other threads.
    pub(super) fn stderr(when: When) -> Self {
        let stderr = io::stderr();
        let palette = palette(when, stderr.is_terminal());
        Self { writer: Box::new(stderr), palette, closed: false }
    }

    /// Returns whether colours are used.
    pub(super) fn palette(&self) -> Palette {
        self.palette
    }

    /// Writes text as it is.
    pub(super) fn write(&mut self, text: &[u8]) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        match self.writer.write_all(text).and_then(|()| self.writer.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            result => result,
        }
    }

    /// Returns `text` in a style, when colours are used.
    pub(super) fn paint(&self, style: Style, text: impl fmt::Display) -> String {
        match self.palette {
            Palette::Plain => text.to_string(),
            Palette::Colour => format!("{style}{text}{style:#}"),
        }
    }
}

/// Decides on colours as <https://no-color.org> and <https://bixense.com/clicolors> ask.
fn palette(when: When, terminal: bool) -> Palette {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let is = |name, value| set(name).is_some_and(|found| found == OsStr::new(value));
    let colour = match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR").is_some() => false,
        When::Auto if set("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0") => true,
        When::Auto => terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb"),
    };
    if colour { Palette::Colour } else { Palette::Plain }
}

/// Escapes the control characters that JSON allows and a terminal may obey (`DEL` and U+0080 to U+009F).
///
/// Outside of strings JSON holds none of them, so the value stays the same.
pub(super) fn safe_json(json: &str) -> String {
    let escaped = |c: char| match c {
        '\u{7f}'..='\u{9f}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    if json.contains(|c| matches!(c, '\u{7f}'..='\u{9f}')) {
        json.chars().map(escaped).collect()
    } else {
        json.to_owned()
    }
}

/// Returns a path for people, on one line and without `./` in front.
pub(super) fn shown(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    if path.as_os_str().is_empty() { ".".to_owned() } else { one_line(&path.to_string_lossy()) }
}

/// Returns `3 pages`, or `1 page`.
pub(super) fn count(number: usize, singular: &str, plural: &str) -> String {
    format!("{number} {}", if number == 1 { singular } else { plural })
}

/// Returns a time for people.
pub(super) fn time(took: Duration) -> String {
    match took.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{:.0} ms", seconds * 1000.0),
        seconds => format!("{seconds:.2} s"),
    }
}

/// Returns a size for people.
pub(super) fn size(bytes: u64) -> String {
    const KILO: u64 = 1000;
    match bytes {
        0..KILO => format!("{bytes} B"),
        KILO..1_000_000 => format!("{} kB", bytes / KILO),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_articles_cannot_command_a_terminal() {
        assert_eq!(one_line("a\u{1b}[31m\tb\r\nc\u{9b}"), "a[31m b c");
        assert_eq!(shown(Path::new("./a\u{7}/b")), "a/b");
        assert_eq!(shown(Path::new(".")), ".");
    }

    #[test]
    fn json_cannot_command_a_terminal_either() {
        let value = serde_json::json!({ "k": "a\u{9b}31m\u{7f}\u{1b}é" });
        let text = safe_json(&value.to_string());
        assert_eq!(text, r#"{"k":"a\u009b31m\u007f\u001bé"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_choice_comes_before_the_terminal() {
        assert_eq!(palette(When::Always, false), Palette::Colour);
        assert_eq!(palette(When::Never, true), Palette::Plain);
    }

    #[test]
    fn a_reader_that_goes_away_is_no_failure() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut stream = Stream { writer: Box::new(Gone), palette: Palette::Plain, closed: false };
        assert!(stream.write(b"a").is_ok() && stream.closed && stream.write(b"b").is_ok());
    }
}
