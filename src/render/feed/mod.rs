//! Writes feeds: Atom 1.0 (RFC 4287), RSS 2.0 and JSON Feed 1.1.
//!
//! In: a [`Feed`] and its [`FeedEntry`]s. Out: whole files. Nothing here looks
//! anything up or knows where a feed goes.
//!
//! An article stands in the feeds of the site, of its topics, its entities and its
//! source, so its Atom fragment is made once by [`atom_entry`] and shared.
//!
//! **Invariants:** any text leads to a well-formed file; a feed without entries is
//! valid. Fields for addresses ([`Feed::id`], [`Feed::self_url`],
//! [`Feed::home_url`], [`FeedEntry::id`], [`FeedEntry::url`],
//! [`FeedEntry::content_html`], the address in [`FeedEntry::source`]) may hold the
//! mark of site addresses; from all other fields it is dropped.

mod atom;
mod json_feed;
mod rss;

pub(crate) use self::atom::{atom, atom_entry};
pub(crate) use self::json_feed::json_feed;
pub(crate) use self::rss::rss;

/// What a feed without any dated entry gives as the time of its last change: it must give one, and the
/// present moment would change the file with every build.
pub(crate) const NEVER: &str = "1970-01-01T00:00:00Z";

/// A feed.
#[derive(Clone, Debug)]
pub(crate) struct Feed<'a> {
    /// What it is about.
    pub(crate) title: String,
    /// One or two sentences more.
    pub(crate) subtitle: Option<String>,
    /// Permanent name: a URI that stays when the feed moves.
    pub(crate) id: String,
    /// Where the feed itself is.
    pub(crate) self_url: String,
    /// The page that it belongs to.
    pub(crate) home_url: String,
    /// When it last changed (RFC 3339); none when no entry is dated.
    pub(crate) updated: Option<String>,
    /// Who stands for entries without authors; the title does when nobody is given.
    pub(crate) author: Option<&'a str>,
    /// BCP 47 tag.
    pub(crate) language: &'a str,
    /// Newest first. [`atom()`] takes finished fragments in their place.
    pub(crate) entries: Vec<&'a FeedEntry>,
}

impl Feed<'_> {
    /// Returns who stands for entries without authors.
    fn author(&self) -> &str {
        self.author.filter(|name| !name.trim().is_empty()).unwrap_or(&self.title)
    }
}

/// An article in a feed.
#[derive(Clone, Debug, Default)]
pub(crate) struct FeedEntry {
    /// Permanent name: a URI that stays when the article moves.
    pub(crate) id: String,
    /// The article's page.
    pub(crate) url: String,
    /// Headline, plain text.
    pub(crate) title: String,
    /// When it was published (RFC 3339).
    pub(crate) published: Option<String>,
    /// When it last changed (RFC 3339).
    pub(crate) updated: String,
    /// A few sentences, plain text.
    pub(crate) summary: Option<String>,
    /// The whole text, safe HTML.
    pub(crate) content_html: Option<String>,
    /// Who wrote it.
    pub(crate) authors: Vec<String>,
    /// Term (stable, for machines) and label (for people).
    pub(crate) categories: Vec<(String, String)>,
    /// Name of the outlet, and the absolute address of the original.
    pub(crate) source: Option<(String, Option<String>)>,
    /// What may be done with it, plain text.
    pub(crate) rights: Option<String>,
    /// BCP 47 tag, where it is not the feed's.
    pub(crate) language: Option<String>,
}

#[cfg(test)]
mod tests;
