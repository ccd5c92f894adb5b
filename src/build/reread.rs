//! An article whose file has changed, read anew, to be put into a site that is joined already.
//!
//! Most edits change a text and nothing that other pages say of the article. Then the joined site holds, and what has to
//! be known is whether that is so. Whoever calls decides what to do about the few things that may differ all the same.

use super::recall::{Front, Kept, Recall};
use crate::analyze::Lexicon;
use crate::diag::Warned;
use crate::files::Found;
use crate::ids::{ArticleId, Fingerprint};
use crate::parse::Address;
use crate::resolve::{Article, Difference, Join, Site};

/// An article as it is in a joined site.
pub(super) struct Before<'a> {
    pub(super) id: ArticleId,
    /// Key of its reading.
    pub(super) key: Fingerprint,
    /// What joining added to it.
    pub(super) join: &'a Join,
    /// The addresses of its links.
    pub(super) links: &'a [Address],
    /// What was looked for in its text.
    pub(super) lexicon: &'a Lexicon,
    /// Whether a link of the site points at a sentence by its number, so that numbers matter elsewhere.
    pub(super) points_at_sentences: bool,
}

/// A file that has another stamp than before.
pub(super) struct Changed {
    /// Key of its reading.
    pub(super) key: Fingerprint,
    /// None when its bytes are the same.
    pub(super) article: Option<Reread>,
}

/// An article that says something else.
pub(super) struct Reread {
    pub(super) id: ArticleId,
    pub(super) article: Article,
    /// As it was.
    pub(super) before: Article,
    /// The addresses of its links.
    pub(super) links: Vec<Address>,
    /// Whether the names in it have other places.
    pub(super) moved: bool,
    /// Whether it would be recognised by something else.
    pub(super) resketched: bool,
    /// Whether its title or summary is another one, which other pages show.
    pub(super) retitled: bool,
    /// What it was made from.
    pub(super) kept: Kept,
}

impl Before<'_> {
    /// Reads a changed file; nothing when more than the article's own text, title and summary has changed, or when
    /// there is a report on it. `old` returns what was kept of it before.
    pub(super) fn reread(
        &self,
        found: &Found,
        recall: &Recall<'_>,
        old: impl FnOnce() -> Option<Kept>,
    ) -> Option<Changed> {
        let file = clean(recall.article_anew(found))??;
        let key = recall.key(&found.path, file.file().fingerprint);
        if key == self.key {
            return Some(Changed { key, article: None });
        }
        let old = old().filter(|old| old.reports.is_empty())?;
        let front = Front::of(file.file(), Vec::new());
        if old.front != front {
            return None;
        }
        let reading = clean(recall.reading(file, self.lexicon))?;
        let retitled = match reading.differs(&old.reading)? {
            Difference::Text => false,
            Difference::Title => true,
            Difference::More => return None,
        };
        let before = self.join.article(old.reading)?;
        let kept = Kept { front, reading: reading.clone(), reports: Vec::new() };
        let article = self.join.article(reading)?;
        let same_sentences =
            !self.points_at_sentences || article.sentences.len() == before.sentences.len();
        let same_facts = article.tells_like(&before);
        if !same_sentences || !same_facts || !article.names_like(&before) {
            return None;
        }
        let links = moved_links(self.links, &before, &article)?;
        let moved = article.entities != before.entities;
        let resketched = article.sketch != before.sketch;
        let id = self.id;
        Some(Changed {
            key,
            article: Some(Reread { id, article, before, links, moved, resketched, retitled, kept }),
        })
    }
}

/// Returns whether a link points at a sentence, here or in another article.
pub(super) fn points_at_sentences(site: &Site) -> bool {
    let is_sentence = |target: &str| {
        let fragment = target.rsplit_once('#').map_or("", |(_, fragment)| fragment);
        let number = fragment.strip_prefix('s').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let articles = site.articles.iter().flat_map(|article| &article.links);
    let pages = site.pages.iter().flat_map(|page| &page.links);
    articles.chain(pages).any(|link| is_sentence(&link.target))
}

/// Returns the value of something that there is no report on.
fn clean<T>(warned: Warned<T>) -> Option<T> {
    warned.diagnostics.is_empty().then_some(warned.value)
}

/// Returns the addresses of links that point where they did, and stand elsewhere.
fn moved_links(links: &[Address], before: &Article, after: &Article) -> Option<Vec<Address>> {
    // Both lists are in the order of the text; links to other sites have no new address.
    let mut pairs = before.links.iter().zip(&after.links);
    let moved = |address: &Address| {
        let (_, link) = pairs.find(|(link, _)| link.html == address.html)?;
        Some(Address { html: link.html, url: address.url.clone(), size: address.size })
    };
    links.iter().map(moved).collect()
}
