//! The file of decisions with one more, or one less. What a person wrote stays as it is.

use toml_edit::{Array, ArrayOfTables, Datetime, DocumentMut, InlineTable, Item, Table, value};

use crate::config::{EntityKind, Kinds, SiteConfig};
use crate::diag::Error;
use crate::files::SitePath;
use crate::load::{
    Action, DECISIONS, Decision, FactKind, FactName, Reviewed, is_fact_id, read_decisions,
};
use crate::resolve::name_key;

const LIST: &str = "decision";
/// The keys whose values are names, the path of an article, or the words of what it says.
const NAMES: [&str; 9] =
    ["name", "into", "form", "to", "topic", "quote", "figure", "role", "article"];

/// A decision that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Its action.
    pub action: String,
    /// Its names, in the order of the file.
    pub names: Vec<String>,
}

/// Returns the text of the file with decisions at its end. `who` decides; of a file that does not exist yet, the text is
/// empty. Comments and layout stay.
///
/// # Errors
/// When the text is no file of decisions, or holds one that cannot be used.
pub fn record(
    text: &str,
    actions: &[Action],
    who: &Reviewed,
    config: &SiteConfig,
) -> Result<String, Error> {
    let known = read_decisions(text, config);
    if let Some(error) = known.diagnostics.iter().find(|report| report.is_error()) {
        return Err(refused(&error.message));
    }
    let Reviewed { by, on } = who;
    let decision = |action: &Action| {
        let (action, by) = (action.clone(), by.clone());
        Decision { action, on: *on, by, place: None }
    };
    let decisions: Vec<Decision> = actions.iter().map(decision).collect();
    append(text, &decisions, &config.entities.kinds)
}

/// Returns the text of the file with decisions at its end; see [`record`].
pub(super) fn append(text: &str, decisions: &[Decision], kinds: &Kinds) -> Result<String, Error> {
    let mut document = document(text)?;
    if decisions.is_empty() {
        return Ok(text.to_owned());
    }
    // What stands behind the last table belongs to what was there, and stays in front of what is new.
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    document.set_trailing("");
    let list = document.entry(LIST).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    // An empty list that stands in one line says nothing.
    if list.as_array().is_some_and(Array::is_empty) {
        *list = Item::ArrayOfTables(ArrayOfTables::new());
    }
    for (at, decision) in decisions.iter().enumerate() {
        let mut table = table(decision, kinds);
        if let Some(tables) = list.as_array_of_tables_mut() {
            let is_first = text.trim().is_empty() && at == 0;
            let gap = if is_first { "" } else { "\n" };
            let before = if at == 0 { trailing.as_str() } else { "" };
            let line = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
            table.decor_mut().set_prefix(format!("{before}{line}{gap}"));
            tables.push(table);
        } else if let Some(items) = list.as_array_mut() {
            let inline: InlineTable = table.into_inline_table();
            items.push(inline);
        } else {
            return Err(refused("`decision` is not a list"));
        }
    }
    if list.as_array_of_tables().is_none() {
        document.set_trailing(trailing);
    }
    Ok(document.to_string())
}

/// Returns the text of the file without its last decision, or the last one that is about `name`, which may be the id of
/// a quotation, figure or role; none when there is none. Comments in front of it stay.
///
/// # Errors
/// When the text is no file of decisions.
pub fn undo(text: &str, name: Option<&str>) -> Result<Option<(String, Undone)>, Error> {
    let mut document = document(text)?;
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let Some(list) = document.get_mut(LIST) else { return Ok(None) };
    let Some(tables) = list.as_array_of_tables_mut() else {
        return Err(refused("the decisions stand in one list in brackets, which is not edited"));
    };
    let (wanted, id) = (name.map(name_key), name.filter(|name| is_fact_id(name)));
    let is_about = |table: &Table| {
        let Some(wanted) = &wanted else { return true };
        names(table).iter().any(|name| name_key(name) == *wanted)
            || id.is_some_and(|id| fact(table).is_some_and(|fact| fact.id().starts_with(id)))
    };
    let places: Vec<usize> =
        tables.iter().enumerate().filter(|(_, table)| is_about(table)).map(|(at, _)| at).collect();
    let Some(at) = places.last().copied() else { return Ok(None) };
    let Some(table) = tables.get(at) else { return Ok(None) };
    let action = table.get("action").and_then(Item::as_str).unwrap_or_default().to_owned();
    let undone = Undone { action, names: names(table) };
    let before = prefix(table);
    let before = before.trim_end();
    tables.remove(at);
    if let Some(next) = tables.get_mut(at) {
        let own = prefix(next);
        let kept = if before.is_empty() {
            // The first table of a file has no empty line above it.
            if at == 0 { own.trim_start_matches('\n').to_owned() } else { own }
        } else {
            let gap = if own.starts_with('\n') { "\n" } else { "\n\n" };
            format!("{before}{gap}{own}")
        };
        next.decor_mut().set_prefix(kept);
    } else if !before.is_empty() {
        document.set_trailing(format!("{before}\n{trailing}"));
    }
    Ok(Some((document.to_string(), undone)))
}

fn document(text: &str) -> Result<DocumentMut, Error> {
    text.parse::<DocumentMut>()
        .map_err(|error| refused(&format!("not valid TOML: {}", error.message())))
}

fn refused(why: &str) -> Error {
    Error::usage(format!("`{DECISIONS}` cannot be changed: {why}"))
        .help("`pressmark check` shows what is wrong with it")
}

/// Returns what stands in front of a table.
fn prefix(table: &Table) -> String {
    let prefix = table.decor().prefix().and_then(toml_edit::RawString::as_str);
    prefix.unwrap_or_default().to_owned()
}

/// Returns the names of a decision.
fn names(table: &Table) -> Vec<String> {
    let values = table.iter().filter(|(key, _)| NAMES.contains(key));
    values.filter_map(|(_, item)| item.as_str().map(str::to_owned)).collect()
}

/// Returns the quotation, figure or role that a decision is about.
fn fact(table: &Table) -> Option<FactName> {
    let line = |key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
    let named = |kind: FactKind| line(kind.word()).map(|words| (kind, words));
    let (kind, words) = FactKind::ALL.into_iter().find_map(named)?;
    let article = SitePath::parse(&line("article")?)?;
    Some(FactName { kind, article, words, sentence: line("sentence") })
}

fn table(decision: &Decision, kinds: &Kinds) -> Table {
    let (names, kind): (Vec<(&str, &str)>, Option<EntityKind>) = match &decision.action {
        Action::Accept { name, kind } => (vec![("name", name)], *kind),
        Action::Reject { name, .. } => (vec![("name", name)], None),
        Action::Merge { name, into, kind } => (vec![("name", name), ("into", into)], *kind),
        Action::Split { name, form, kind } => (vec![("name", name), ("form", form)], *kind),
        Action::Rename { name, to, kind } => (vec![("name", name), ("to", to)], *kind),
        Action::Kind { name, kind } => (vec![("name", name)], Some(*kind)),
        Action::AcceptTopic { topic, article } | Action::RejectTopic { topic, article } => {
            (vec![("topic", topic), ("article", article.as_str())], None)
        }
        Action::AcceptFact { fact, .. } | Action::RejectFact { fact } => {
            let mut keys = vec![(fact.kind.word(), fact.words.as_str())];
            keys.extend(fact.sentence.as_deref().map(|sentence| ("sentence", sentence)));
            keys.push(("article", fact.article.as_str()));
            (keys, None)
        }
    };
    let mut table = Table::new();
    table.insert("action", value(decision.action.word()));
    for (key, name) in names {
        table.insert(key, value(name));
    }
    match &decision.action {
        Action::Reject { forms, .. } if !forms.is_empty() => {
            table.insert("forms", value(forms.iter().collect::<Array>()));
        }
        Action::AcceptFact { speaker: Some(speaker), .. } => {
            table.insert("speaker", value(speaker));
        }
        _ => {}
    }
    if let Some(kind) = kind {
        table.insert("kind", value(kinds.id(kind)));
    }
    if let Some(date) = decision.on.and_then(|on| on.to_string().parse::<Datetime>().ok()) {
        table.insert("on", value(date));
    }
    if let Some(by) = &decision.by {
        table.insert("by", value(by.as_str()));
    }
    table
}
