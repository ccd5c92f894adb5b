//! RSS 2.0 (rssboard.org), with elements of Dublin Core, Atom and the content module where RSS has none.

use std::fmt::{self, Write as _};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use super::{Feed, FeedEntry};
use crate::render::xml::{address, text};

/// Returns an RSS feed of [`Feed::entries`].
///
/// Authors are `dc:creator`, because `author` must be an e-mail address. The outlet is
/// `dc:source` and a link `via`, because `source` must be given the address of a feed.
pub(crate) fn rss(feed: &Feed<'_>) -> String {
    let mut out = String::with_capacity(16 * 1024);
    write_feed(&mut out, feed).expect("writing to a string cannot fail");
    out
}

fn write_feed(out: &mut String, feed: &Feed<'_>) -> fmt::Result {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>")?;
    write!(out, "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"")?;
    write!(out, " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"")?;
    writeln!(out, " xmlns:dc=\"http://purl.org/dc/elements/1.1/\">")?;
    writeln!(out, "<channel>")?;
    writeln!(out, "<title>{}</title>", text(&feed.title))?;
    writeln!(out, "<link>{}</link>", address(&feed.home_url))?;
    let description = feed.subtitle.as_deref().filter(|text| !text.trim().is_empty());
    writeln!(
        out,
        "<description>{}</description>",
        text(&as_html(description.unwrap_or(&feed.title)))
    )?;
    let own = address(&feed.self_url);
    writeln!(out, "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"{own}\"/>")?;
    writeln!(out, "<language>{}</language>", text(feed.language))?;
    if let Some(time) = feed.updated.as_deref().and_then(rfc_822) {
        writeln!(out, "<lastBuildDate>{time}</lastBuildDate>")?;
    }
    writeln!(out, "<generator>Pressmark</generator>")?;
    for entry in &feed.entries {
        write_item(out, entry)?;
    }
    writeln!(out, "</channel>\n</rss>")
}

fn write_item(out: &mut String, entry: &FeedEntry) -> fmt::Result {
    writeln!(out, "<item>")?;
    writeln!(out, "<title>{}</title>", text(&entry.title))?;
    writeln!(out, "<link>{}</link>", address(&entry.url))?;
    writeln!(out, "<guid isPermaLink=\"false\">{}</guid>", address(&entry.id))?;
    if let Some(time) = entry.published.as_deref().and_then(rfc_822) {
        writeln!(out, "<pubDate>{time}</pubDate>")?;
    }
    for name in &entry.authors {
        writeln!(out, "<dc:creator>{}</dc:creator>", text(name))?;
    }
    for (_, label) in &entry.categories {
        writeln!(out, "<category>{}</category>", text(label))?;
    }
    if let Some((name, url)) = &entry.source {
        writeln!(out, "<dc:source>{}</dc:source>", text(name))?;
        if let Some(url) = url {
            writeln!(out, "<atom:link rel=\"via\" href=\"{}\"/>", address(url))?;
        }
    }
    if let Some(rights) = &entry.rights {
        writeln!(out, "<dc:rights>{}</dc:rights>", text(rights))?;
    }
    if let Some(tag) = &entry.language {
        writeln!(out, "<dc:language>{}</dc:language>", text(tag))?;
    }
    if let Some(summary) = &entry.summary {
        writeln!(out, "<description>{}</description>", text(&as_html(summary)))?;
    }
    if let Some(html) = &entry.content_html {
        writeln!(out, "<content:encoded>{}</content:encoded>", address(html))?;
    }
    writeln!(out, "</item>")
}

/// Returns plain text as HTML, which is what readers take descriptions for.
fn as_html(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns a time as RSS wants it (RFC 822 with a year of four digits), in Greenwich time.
///
/// None when the time cannot be read, or its year has not four digits: no date is better than a wrong one.
fn rfc_822(time: &str) -> Option<String> {
    let time: Timestamp = time.parse().ok()?;
    DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok()
}

#[cfg(test)]
mod tests {
    use super::rfc_822;

    #[test]
    fn times_are_written_in_greenwich_time() {
        let shown = rfc_822("2024-02-29T23:30:00-02:00");
        assert_eq!(shown.as_deref(), Some("Fri, 01 Mar 2024 01:30:00 GMT"));
        assert_eq!(rfc_822("2024-02-30T00:00:00Z"), None);
        assert_eq!(rfc_822("yesterday"), None);
        assert_eq!(rfc_822("-000400-01-01T00:00:00Z"), None);
    }
}
