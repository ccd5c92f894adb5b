//! The pages of documentation that are made from tables of the program say what the program says.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pressmark::config::reference;
use pressmark::diag::{Code, Severity};
use pressmark::theme;

const NOTE: &str =
    "<!-- Made from the program by `UPDATE_DOCS=1 cargo test --test docs`; edit it there. -->\n";

/// Compares a page with what it should hold, or rewrites it when `UPDATE_DOCS` is set.
fn check(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    let is_update = std::env::var_os("UPDATE_DOCS").is_some_and(|value| value != "0");
    // Git may have checked the page out with the line ends of Windows.
    let found = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if found == expected {
        return;
    }
    if is_update {
        fs::write(&path, expected).unwrap();
        return;
    }
    let lines = found.lines().zip(expected.lines()).take_while(|(old, new)| old == new).count();
    let line = |text: &str| text.lines().nth(lines).unwrap_or("(end of the page)").to_owned();
    panic!(
        "docs/{name} is stale from line {}:\n  page:    {}\n  program: {}\n\
         `UPDATE_DOCS=1 cargo test --test docs` rewrites it",
        lines + 1,
        line(&found),
        line(expected),
    );
}

#[test]
fn the_page_of_diagnostics_is_current() {
    let mut page = format!("# Reports\n\n{NOTE}\n");
    page.push_str(
        "Every report has a code that stays the same from version to version. The letter is its weight, the\n\
         first two digits the part of the program that noticed:\n\n\
         - **E**, error: nothing is written, and the last good site stays in place.\n\
         - **W**, warning: the site is written; the report says what was left out or guessed.\n\
         - **N**, note: worth knowing.\n\n\
         | Code | What |\n| --- | --- |\n",
    );
    for code in Code::ALL {
        let title = code.title();
        writeln!(page, "| [{code}](#{}) | {title} |", code.as_str().to_lowercase()).unwrap();
    }
    for code in Code::ALL {
        let weight = match code.severity() {
            Severity::Note => "Note",
            Severity::Warning => "Warning",
            Severity::Error => "Error",
        };
        let (title, explanation) = (code.title(), code.explanation());
        write!(page, "\n## {code}\n\n**{weight}:** {title}.\n\n{explanation}\n").unwrap();
    }
    check("diagnostics.md", &page);
}

#[test]
fn the_page_of_settings_is_current() {
    let page = format!(
        "# Settings\n\n{NOTE}\n\
         Settings are in `site.toml`, in the folder of the site. All of them may be left out, and so may the\n\
         file. A name with a dot is a key of a table: `feeds.limit` is `limit` under `[feeds]`. A key that is\n\
         not listed is an error, so that a misspelt one does not pass unnoticed.\n\n{}",
        reference()
    );
    check("settings.md", &page);
}

#[test]
fn the_page_of_the_options_of_themes_is_current() {
    let mut page = format!(
        "# Options of the built-in themes\n\n{NOTE}\n\
         They stand under `[theme]` in `site.toml`, beside the `name` of the theme; see [themes](themes.md).\n"
    );
    for (name, manifest) in theme::built_in() {
        writeln!(page, "\n## {name}\n\n{}\n\n{}", manifest.description, manifest.table()).unwrap();
    }
    check("theme-options.md", &format!("{}\n", page.trim_end()));
}
