//! The file of redactions with one more, or one less. What a person wrote stays as it is.

use jiff::civil::Date;
use toml_edit::{Array, ArrayOfTables, Datetime, DocumentMut, Item, Table, value};

use crate::config::SiteConfig;
use crate::diag::Error;
use crate::load::{REDACTIONS, Taken, read_redactions};
use crate::text::fold;

const LIST: &str = "redaction";

/// An entry that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is taken down.
    pub taken: Taken,
    /// When.
    pub date: Date,
    /// A random word of letters and digits.
    pub id: String,
}

/// Returns the text of the file with entries at its end; of a file that does not exist yet, the text is empty. Comments and layout stay.
///
/// # Errors
/// When the text is no file of redactions, or holds one that cannot be used.
pub fn record(text: &str, entries: &[Entry], config: &SiteConfig) -> Result<String, Error> {
    let known = read_redactions(text, config);
    if let Some(error) = known.diagnostics.iter().find(|report| report.is_error()) {
        return Err(refused(&error.message));
    }
    let mut document = document(text)?;
    if entries.is_empty() {
        return Ok(text.to_owned());
    }
    // What stands behind the last table belongs to what was there, and stays in front of what is new.
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    document.set_trailing("");
    let list = document.entry(LIST).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if list.as_array().is_some_and(Array::is_empty) {
        *list = Item::ArrayOfTables(ArrayOfTables::new());
    }
    let Some(tables) = list.as_array_of_tables_mut() else {
        return Err(refused("its entries stand in one list in brackets, which is not edited"));
    };
    for (at, entry) in entries.iter().enumerate() {
        let mut table = table(entry);
        let gap = if text.trim().is_empty() && at == 0 { "" } else { "\n" };
        let before = if at == 0 { trailing.as_str() } else { "" };
        let line = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        table.decor_mut().set_prefix(format!("{before}{line}{gap}"));
        tables.push(table);
    }
    Ok(document.to_string())
}

/// Returns the text of the file without the entries about an article or a name, and how many these were. Comments in front of
/// them stay.
///
/// # Errors
/// When the text is no file of redactions.
pub fn undo(text: &str, taken: &Taken) -> Result<(String, usize), Error> {
    let mut document = document(text)?;
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let Some(list) = document.get_mut(LIST) else { return Ok((text.to_owned(), 0)) };
    let Some(tables) = list.as_array_of_tables_mut() else {
        return Err(refused("its entries stand in one list in brackets, which is not edited"));
    };
    let mut removed = 0;
    let mut before = String::new();
    let mut at = 0;
    while let Some(table) = tables.get_mut(at) {
        let own = prefix(table);
        if is_about(table, taken) {
            before = joined(&before, own.trim_end());
            tables.remove(at);
            removed += 1;
        } else {
            let kept = match (before.is_empty(), at == 0 && removed > 0) {
                (false, _) => format!(
                    "{}\n\n{}",
                    before.trim_start_matches('\n'),
                    own.trim_start_matches('\n')
                ),
                // The first table of a file has no empty line above it.
                (true, true) => own.trim_start_matches('\n').to_owned(),
                (true, false) => own,
            };
            let lead = if at > 0 && !before.is_empty() { "\n" } else { "" };
            table.decor_mut().set_prefix(format!("{lead}{kept}"));
            before.clear();
            at += 1;
        }
    }
    if !before.is_empty() {
        document.set_trailing(format!("{before}\n{trailing}"));
    }
    Ok((document.to_string(), removed))
}

fn joined(first: &str, second: &str) -> String {
    match (first.is_empty(), second.is_empty()) {
        (true, _) => second.to_owned(),
        (_, true) => first.to_owned(),
        _ => format!("{first}\n{second}"),
    }
}

fn is_about(table: &Table, taken: &Taken) -> bool {
    let text = |key: &str| table.get(key).and_then(Item::as_str);
    match taken {
        Taken::Article { path, .. } => text("article").is_some_and(|article| {
            let article = article.strip_prefix("content/").unwrap_or(article);
            path.as_str().strip_prefix("content/") == Some(article)
        }),
        Taken::Name { name, .. } => text("name").is_some_and(|one| fold(one) == fold(name)),
    }
}

fn table(entry: &Entry) -> Table {
    let Entry { taken, date, id } = entry;
    let mut table = Table::new();
    match taken {
        Taken::Article { path, at } => {
            let path = path.as_str();
            table.insert("article", value(path.strip_prefix("content/").unwrap_or(path)));
            if let Some(at) = at {
                table.insert("at", value(at.iter().collect::<Array>()));
            }
        }
        Taken::Name { name, also } => {
            table.insert("name", value(name));
            if !also.is_empty() {
                table.insert("also", value(also.iter().collect::<Array>()));
            }
        }
    }
    if let Ok(date) = date.to_string().parse::<Datetime>() {
        table.insert("date", value(date));
    }
    table.insert("id", value(id));
    table
}

fn document(text: &str) -> Result<DocumentMut, Error> {
    text.parse::<DocumentMut>()
        .map_err(|error| refused(&format!("not valid TOML: {}", error.message())))
}

fn prefix(table: &Table) -> String {
    let prefix = table.decor().prefix().and_then(toml_edit::RawString::as_str);
    prefix.unwrap_or_default().to_owned()
}

fn refused(why: &str) -> Error {
    Error::usage(format!("`{REDACTIONS}` cannot be changed: {why}"))
        .help("`pressmark check` shows what is wrong with it")
}
