//! JSON Feed 1.1 (jsonfeed.org).

use serde::Serialize;

use super::{Feed, FeedEntry};
use crate::plan::MARK;
use crate::plan::json::to_json;

/// Returns a JSON Feed of [`Feed::entries`].
///
/// An item must have a text, so the summary stands in for one that is not given. The original is
/// `external_url`; the outlet and the rights, for which the format has no words, are in the
/// extension `_pressmark`.
pub(crate) fn json_feed(feed: &Feed<'_>) -> Vec<u8> {
    let file = File {
        version: "https://jsonfeed.org/version/1.1",
        title: plain(&feed.title),
        home_page_url: &feed.home_url,
        feed_url: &feed.self_url,
        description: feed.subtitle.as_deref().map(plain),
        authors: [Author { name: plain(feed.author()) }],
        language: feed.language,
        items: feed.entries.iter().map(|entry| Item::of(entry)).collect(),
    };
    to_json(&file, true)
}

/// Drops the mark of site addresses from text that holds none; all else can be escaped in JSON.
fn plain(text: &str) -> String {
    text.replace(MARK, "")
}

#[derive(Serialize)]
struct File<'a> {
    version: &'static str,
    title: String,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    authors: [Author; 1],
    language: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Author {
    name: String,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<&'a str>,
    date_modified: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Author>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(rename = "_pressmark", skip_serializing_if = "Extension::is_empty")]
    extension: Extension,
}

#[derive(Serialize)]
struct Extension {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<String>,
}

impl Extension {
    fn is_empty(&self) -> bool {
        self.source.is_none() && self.rights.is_none()
    }
}

impl<'a> Item<'a> {
    fn of(entry: &'a FeedEntry) -> Self {
        let summary = entry.summary.as_deref().map(plain);
        let content_text = match entry.content_html {
            Some(_) => None,
            None => Some(summary.clone().unwrap_or_default()),
        };
        let source = entry.source.as_ref();
        Self {
            id: &entry.id,
            url: &entry.url,
            external_url: source.and_then(|(_, url)| url.as_deref()),
            title: plain(&entry.title),
            content_html: entry.content_html.as_deref(),
            content_text,
            summary,
            date_published: entry.published.as_deref(),
            date_modified: &entry.updated,
            authors: entry.authors.iter().map(|name| Author { name: plain(name) }).collect(),
            tags: entry.categories.iter().map(|(_, label)| plain(label)).collect(),
            language: entry.language.as_deref().map(plain),
            extension: Extension {
                source: source.map(|(name, _)| plain(name)),
                rights: entry.rights.as_deref().map(plain),
            },
        }
    }
}
