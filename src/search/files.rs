//! The files of the index, as they are written and read.
//!
//! Each is a script that hands a value to whoever waits for it, because browsers let a page that was opened from the disk load scripts,
//! and nothing else. What is behind `push(` and before the last `)` is JSON: a name and a value. Only the first file has a lasting name; those of the others
//! are made of their content, so they can be kept for ever, and a list never leads to a file of another build.

use serde::{Deserialize, Serialize};

use super::documents::Row;
use crate::ids::Fingerprint;

/// Version of the format. A reader refuses another one.
pub(super) const VERSION: u32 = 2;
/// Folder of the other files, below the site's address.
pub const FOLDER: &str = "assets/search/";

const BEFORE: &str = "(self.pressmarkSearch=self.pressmarkSearch||[]).push(";
const BEHIND: &str = ");\n";

/// What the first file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Root {
    pub(super) version: u32,
    /// What is behind the address of a page: `index.html` where links work from the disk.
    pub(super) page: String,
    /// The names of the kinds of documents.
    pub(super) kinds: Vec<String>,
    /// Words at the beginning of a question for what somebody said, one form a string, and those before a year.
    pub(super) asks: [Vec<String>; 2],
    /// Oldest documents first.
    pub(super) tiers: Vec<RootTier>,
    /// File of the names of topics and sources.
    pub(super) names: String,
}

/// What the first file says of a tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RootTier {
    /// How many documents it has.
    pub(super) documents: u32,
    /// The first term and the file of each part, in order.
    pub(super) terms: Vec<(String, String)>,
    /// How many of them are articles, which come first.
    pub(super) articles: u32,
    /// For each file of rows the number of the article that its first row belongs to, and the file, in order.
    pub(super) rows: Vec<(u32, String)>,
    /// The file of words that may be meant.
    pub(super) spelling: String,
    /// Words that tell nothing.
    pub(super) common: Vec<String>,
}

impl RootTier {
    /// Returns the names of all files of the tier.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        let terms = self.terms.iter().map(|(_, file)| file.as_str());
        terms.chain(self.rows.iter().map(|(_, file)| file.as_str())).chain([self.spelling.as_str()])
    }
}

/// The names of topics and sources, each with the last part of its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Names {
    pub(super) topics: Vec<(String, String)>,
    pub(super) sources: Vec<(String, String)>,
}

/// A row as it is written: a list, without what is empty at its end.
pub(super) fn pack(row: &Row) -> serde_json::Value {
    let Row { url, title, kind, date, detail, article } = row;
    let mut values = match article {
        Some(article) => serde_json::json!([url, title, kind, article, detail]),
        None => serde_json::json!([url, title, kind, date, detail]),
    };
    if let Some(values) = values.as_array_mut() {
        while values.last().is_some_and(|value| value == "") {
            values.pop();
        }
    }
    values
}

/// Reads a row.
pub(super) fn unpack(value: &serde_json::Value) -> Option<Row> {
    let values = value.as_array()?;
    let text =
        |at: usize| values.get(at).and_then(|one| one.as_str()).unwrap_or_default().to_owned();
    let number = |at: usize| values.get(at).and_then(serde_json::Value::as_u64);
    let article = match number(3) {
        Some(article) => Some(u32::try_from(article).ok()?),
        None => None,
    };
    let kind = usize::try_from(number(2)?).ok()?;
    Some(Row { url: text(0), title: text(1), kind, date: text(3), detail: text(4), article })
}

/// Returns a value as a file, and its name: a letter for what it is, and what it holds.
pub(super) fn file(letter: char, value: &impl Serialize) -> (String, Vec<u8>) {
    let json = json(value);
    let print = Fingerprint::of(json.as_bytes()).to_string();
    let lead = char::from(b"abcdef"[usize::from(print.as_bytes()[31]) % 6]);
    let name = format!("{letter}{}.{lead}{}", &print[..4], &print[4..11]);
    let bytes = script(&name, &json);
    (name, bytes)
}

/// Returns the first file.
pub(super) fn root(root: &Root) -> Vec<u8> {
    script("index", &json(root))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn script(name: &str, json: &str) -> Vec<u8> {
    [BEFORE, "[\"", name, "\",", json, "]", BEHIND].concat().into_bytes()
}

/// Reads a file that has this name; none when it is damaged.
pub(super) fn read<T: for<'d> Deserialize<'d>>(name: &str, bytes: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(bytes).ok()?;
    let json = text.strip_prefix(BEFORE)?.strip_suffix(BEHIND)?;
    let (found, value): (String, T) = serde_json::from_str(json).ok()?;
    (found == name).then_some(value)
}
