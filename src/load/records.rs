//! Records: what the editors know about a topic or an entity.

use super::node::Entry;
use super::reader::{Reader, Reports, shown};
use super::roles::{Role, roles};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::config::{EntityKind, SiteConfig};
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;
use crate::text::{slugify, strip_controls};

/// `content/topics/ID.toml` or `.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicRecord {
    /// The file.
    pub path: SitePath,
    /// `id`, else the file's stem; a slug, and the last part of the URL.
    pub id: String,
    /// `name`, else the stem with spaces.
    pub name: String,
    /// `aliases`.
    pub aliases: Vec<String>,
    /// `keywords`: words whose presence suggests the topic.
    pub keywords: Vec<String>,
    /// `description`.
    pub description: Option<String>,
    /// `parent`: id of the topic above.
    pub parent: Option<String>,
    /// Markdown under the front matter (`.md`) or `body` (`.toml`); may be empty.
    pub body: String,
}

/// `content/entities/ID.toml` or `.md`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntityRecord {
    /// The file.
    pub path: SitePath,
    /// `id`, else the file's stem; a slug, and the last part of the URL.
    pub id: String,
    /// `name`, else the stem with spaces.
    pub name: String,
    /// `kind`.
    pub kind: EntityKind,
    /// `aliases`.
    pub aliases: Vec<String>,
    /// `description`.
    pub description: Option<String>,
    /// `parent`: id of the entity above (a place in a place).
    pub parent: Option<String>,
    /// `wikidata`: `Q` and digits.
    pub wikidata: Option<String>,
    /// `wikipedia`: an address.
    pub wikipedia: Option<String>,
    /// `website`: an address.
    pub website: Option<String>,
    /// `roles`: what it is and was, in the place of what articles call it; none when the record does not say.
    pub roles: Option<Vec<Role>>,
    /// Markdown under the front matter (`.md`) or `body` (`.toml`); may be empty.
    pub body: String,
    /// The last decision about it; none for what only the file says.
    pub reviewed: Option<Reviewed>,
}

/// Who looked at what was found, and when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reviewed {
    /// Who; none where the decision does not say.
    pub by: Option<String>,
    /// When; likewise.
    pub on: Option<Date>,
}

/// A record file, read and split.
pub(super) struct RecordFile<'a> {
    /// Where it is.
    pub(super) path: &'a SitePath,
    /// Its keys.
    pub(super) entries: &'a [Entry],
    /// The text under the front matter; none for a `.toml` file, which may have the key `body`.
    pub(super) body: Option<&'a str>,
}

impl RecordFile<'_> {
    /// Returns the file's stem as a name.
    pub(super) fn stem_name(&self) -> String {
        self.path.stem().replace(['-', '_'], " ")
    }
}

/// Reads a topic.
pub(super) fn read_topic<'a>(
    file: &RecordFile<'a>,
    config: &'a SiteConfig,
    reports: &mut Reports<'a>,
) -> TopicRecord {
    let mut reader = Reader::new(file.entries, reports);
    let topic = TopicRecord {
        path: file.path.clone(),
        id: id(&mut reader, file, config),
        name: reader.line(&["name", "title"]).unwrap_or_else(|| file.stem_name()),
        aliases: reader.names(&["aliases"]),
        keywords: reader.names(&["keywords"]),
        description: reader.line(&["description", "summary"]),
        parent: reader.line(&["parent"]),
        body: body(&mut reader, file),
    };
    reader.finish();
    topic
}

/// Reads an entity; none when its kind is not known.
pub(super) fn read_entity<'a>(
    file: &RecordFile<'a>,
    config: &'a SiteConfig,
    reports: &mut Reports<'a>,
) -> Option<EntityRecord> {
    let mut reader = Reader::new(file.entries, reports);
    let kind = kind(&mut reader, config);
    // The other keys are checked in any case, so that all problems show at once.
    let record = EntityRecord {
        path: file.path.clone(),
        id: id(&mut reader, file, config),
        name: reader.line(&["name", "title"]).unwrap_or_else(|| file.stem_name()),
        kind: kind.unwrap_or(EntityKind::PERSON),
        aliases: reader.names(&["aliases"]),
        description: reader.line(&["description", "summary"]),
        parent: reader.line(&["parent"]),
        wikidata: wikidata(&mut reader),
        wikipedia: reader.url(&["wikipedia"]),
        website: reader.url(&["website"]),
        roles: roles(&mut reader),
        body: body(&mut reader, file),
        reviewed: None,
    };
    reader.finish();
    kind.map(|_| record)
}

/// Returns the id: the key, else the file's stem; either must be a slug already, because it names the page for ever.
pub(super) fn id(
    reader: &mut Reader<'_, '_>,
    file: &RecordFile<'_>,
    config: &SiteConfig,
) -> String {
    let entry = reader.entry(&["id"]);
    let given = entry.and_then(|entry| reader.reports.scalar("id", &entry.node));
    let id = given.unwrap_or_else(|| file.path.stem().to_owned());
    let slug = slugify(&id, config.slug_mode);
    if slug != id {
        let what = if entry.is_some() { "`id`" } else { "the file name" };
        let report = Diagnostic::new(
            Code::FrontMatterPath,
            format!("{what} is not a slug: `{}`", shown(&id)),
        )
        .help(format!("use `{slug}`"));
        reader.reports.add(report, entry.and_then(|entry| entry.node.span.as_ref()));
    }
    slug
}

fn kind(reader: &mut Reader<'_, '_>, config: &SiteConfig) -> Option<EntityKind> {
    let kinds = &config.entities.kinds;
    let entry = reader.entry(&["kind"]);
    let text = match entry {
        Some(entry) => Some(reader.reports.line("kind", &entry.node)?),
        None => None,
    };
    let found = text.as_deref().and_then(|text| kinds.by_id(text));
    if found.is_none() {
        let message = match &text {
            Some(text) => format!("unknown kind `{text}`"),
            None => "the entity has no `kind`".to_owned(),
        };
        let known: Vec<String> = kinds.all().map(|kind| format!("`{}`", kinds.id(kind))).collect();
        let report = Diagnostic::new(Code::RecordKind, message)
            .help(format!("the kinds are {}", known.join(", ")));
        reader.reports.add(report, entry.and_then(|entry| entry.node.span.as_ref()));
    }
    found
}

fn wikidata(reader: &mut Reader<'_, '_>) -> Option<String> {
    let entry = reader.entry(&["wikidata"])?;
    let text = reader.reports.line("wikidata", &entry.node)?;
    let digits = text.strip_prefix('Q').unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Some(text);
    }
    reader.reports.bad_value(
        &entry.node,
        format!("`wikidata` is not an item: `{text}`"),
        "write it as `Q42`",
    );
    None
}

pub(super) fn body(reader: &mut Reader<'_, '_>, file: &RecordFile<'_>) -> String {
    if let Some(body) = file.body {
        return body.to_owned();
    }
    let entry = reader.entry(&["body"]);
    let text = entry.and_then(|entry| reader.reports.scalar("body", &entry.node));
    text.map(|text| strip_controls(&text).into_owned()).unwrap_or_default()
}
