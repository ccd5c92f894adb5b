//! Records of sources: what the editors know about an outlet.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::node::Value;
use super::reader::{Reader, Reports};
use super::records::{RecordFile, body, id};
use crate::config::SiteConfig;
use crate::files::SitePath;

/// `content/sources/ID.toml` or `.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRecord {
    /// The file.
    pub path: SitePath,
    /// `id`, else the file's stem; a slug, and the last part of the URL.
    pub id: String,
    /// `name`, else the stem with spaces.
    pub name: String,
    /// `aliases`: other names that articles give it.
    pub aliases: Vec<String>,
    /// `hosts`: of the addresses of its articles, in lower case and without `www.`.
    pub hosts: Vec<String>,
    /// `description`.
    pub description: Option<String>,
    /// `owner`: who owns or pays it.
    pub owner: Option<String>,
    /// `country`.
    pub country: Option<String>,
    /// `website`: an address.
    pub website: Option<String>,
    /// `ratings`: what others say of it; each with who says so, and when.
    pub ratings: Vec<Rating>,
    /// Markdown under the front matter (`.md`) or `body` (`.toml`); may be empty.
    pub body: String,
}

/// What somebody says of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// `says`: the words.
    pub says: String,
    /// `by`: who says so.
    pub by: String,
    /// `on`: when.
    pub on: Date,
    /// `url`: where.
    pub url: Option<String>,
}

/// Reads a source.
pub(super) fn read_source<'a>(
    file: &RecordFile<'a>,
    config: &'a SiteConfig,
    reports: &mut Reports<'a>,
) -> SourceRecord {
    let mut reader = Reader::new(file.entries, reports);
    let hosts = reader.names(&["hosts", "host"]).into_iter();
    let record = SourceRecord {
        path: file.path.clone(),
        id: id(&mut reader, file, config),
        name: reader.line(&["name", "title"]).unwrap_or_else(|| file.stem_name()),
        aliases: reader.names(&["aliases"]),
        hosts: hosts
            .map(|host| {
                let host = host.to_lowercase();
                host.strip_prefix("www.").unwrap_or(&host).to_owned()
            })
            .collect(),
        description: reader.line(&["description", "summary"]),
        owner: reader.line(&["owner"]),
        country: reader.line(&["country"]),
        website: reader.url(&["website"]),
        ratings: ratings(&mut reader, config),
        body: body(&mut reader, file),
    };
    reader.finish();
    record
}

/// Reads what others say of a source. A rating without a rater or a date is none: nobody could weigh it.
fn ratings<'a>(reader: &mut Reader<'a, '_>, config: &'a SiteConfig) -> Vec<Rating> {
    let Some(entry) = reader.entry(&["ratings", "rating"]) else { return Vec::new() };
    let items = match &entry.node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    };
    let mut ratings = Vec::new();
    for item in items {
        let Value::Table(entries) = &item.value else {
            reader.reports.wrong_type("ratings", item, "a table with `says`, `by` and `on`");
            continue;
        };
        let mut inner = Reader::new(entries, reader.reports);
        let says = inner.line(&["says"]);
        let by = inner.line(&["by"]);
        let on = inner.when(&["on"], &config.time_zone).map(|when| when.date);
        let url = inner.url(&["url"]);
        inner.finish();
        let (Some(says), Some(by), Some(on)) = (says, by, on) else {
            let message = "a rating needs `says`, `by` and `on`".to_owned();
            let help = "say who rates the source, and on which day";
            reader.reports.bad_value(item, message, help);
            continue;
        };
        ratings.push(Rating { says, by, on, url });
    }
    ratings
}
