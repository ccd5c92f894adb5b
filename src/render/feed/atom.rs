//! Atom 1.0 (RFC 4287).

use std::fmt::{self, Write as _};

use super::{Feed, FeedEntry, NEVER};
use crate::render::xml::{address, text};

/// Returns the `<entry>` of an article (RFC 4287, 4.1.2), to be handed to [`atom`].
///
/// The original of a digested article is a link with the relation `via` (4.2.7.2), and the
/// outlet's name is the title of `atom:source` (4.2.11).
pub(crate) fn atom_entry(entry: &FeedEntry) -> String {
    let mut out = String::with_capacity(1024 + entry.content_html.as_ref().map_or(0, String::len));
    write_entry(&mut out, entry).expect("writing to a string cannot fail");
    out
}

fn write_entry(out: &mut String, entry: &FeedEntry) -> fmt::Result {
    match &entry.language {
        Some(tag) => writeln!(out, "<entry xml:lang=\"{}\">", text(tag))?,
        None => writeln!(out, "<entry>")?,
    }
    writeln!(out, "<id>{}</id>", address(&entry.id))?;
    writeln!(out, "<title>{}</title>", text(&entry.title))?;
    writeln!(out, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", address(&entry.url))?;
    if let Some(time) = &entry.published {
        writeln!(out, "<published>{}</published>", text(time))?;
    }
    writeln!(out, "<updated>{}</updated>", text(&entry.updated))?;
    for name in &entry.authors {
        writeln!(out, "<author><name>{}</name></author>", text(name))?;
    }
    for (term, label) in &entry.categories {
        writeln!(out, "<category term=\"{}\" label=\"{}\"/>", text(term), text(label))?;
    }
    if let Some((name, url)) = &entry.source {
        if let Some(url) = url {
            writeln!(out, "<link rel=\"via\" href=\"{}\"/>", address(url))?;
        }
        writeln!(out, "<source><title>{}</title></source>", text(name))?;
    }
    if let Some(rights) = &entry.rights {
        writeln!(out, "<rights>{}</rights>", text(rights))?;
    }
    if let Some(summary) = &entry.summary {
        writeln!(out, "<summary>{}</summary>", text(summary))?;
    }
    if let Some(html) = &entry.content_html {
        writeln!(out, "<content type=\"html\">{}</content>", address(html))?;
    }
    writeln!(out, "</entry>")
}

/// Returns an Atom feed of the given entries, which [`atom_entry`] made; [`Feed::entries`] are not looked at.
///
/// The feed always has an author, so that entries without one are valid (RFC 4287, 4.1.1).
pub(crate) fn atom<'a>(feed: &Feed<'_>, entries: impl Iterator<Item = &'a str>) -> String {
    let mut out = String::with_capacity(16 * 1024);
    write_head(&mut out, feed).expect("writing to a string cannot fail");
    entries.for_each(|entry| out.push_str(entry));
    out.push_str("</feed>\n");
    out
}

fn write_head(out: &mut String, feed: &Feed<'_>) -> fmt::Result {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>")?;
    let language = text(feed.language);
    writeln!(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">")?;
    writeln!(out, "<id>{}</id>", address(&feed.id))?;
    writeln!(out, "<title>{}</title>", text(&feed.title))?;
    if let Some(subtitle) = &feed.subtitle {
        writeln!(out, "<subtitle>{}</subtitle>", text(subtitle))?;
    }
    let home = address(&feed.home_url);
    writeln!(out, "<link rel=\"alternate\" type=\"text/html\" href=\"{home}\"/>")?;
    let own = address(&feed.self_url);
    writeln!(out, "<link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>")?;
    writeln!(out, "<updated>{}</updated>", text(feed.updated.as_deref().unwrap_or(NEVER)))?;
    writeln!(out, "<author><name>{}</name></author>", text(feed.author()))?;
    writeln!(out, "<generator>Pressmark</generator>")
}
