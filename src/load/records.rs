//! Records: what the editors know about a topic or an entity.

use crate::config::EntityKind;
use crate::files::SitePath;

/// `content/topics/ID.toml` or `.md`.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
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
    /// Markdown under the front matter (`.md`) or `body` (`.toml`); may be empty.
    pub body: String,
}
