//! Brings the texts of articles back from the store.

use std::borrow::Cow;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::recall::body_again;
use crate::config::SiteConfig;
use crate::files::Files;
use crate::ids::{ArticleId, IdVec, Memo};
use crate::parse::{Body, TEXT};
use crate::plan::view::Bodies;
use crate::resolve::Site;
use crate::store::{Blob, Store};
use crate::text::TextRange;

/// Bytes of plain text that stay in memory. Most texts are asked for more than once: by their twin, by the search index, and by the
/// pages and twins of all whom they name.
const KEPT: usize = 64 << 20;
/// Of a site with more articles, so few texts would stay that it is not worth their memory.
const MANY: usize = 32_768;

/// The texts of a site's articles.
pub(super) struct Texts<'a> {
    store: &'a Store,
    files: &'a dyn Files,
    config: &'a SiteConfig,
    site: &'a Site,
    /// Whether each text was found to be whole, so that parts of it may be read.
    whole: IdVec<ArticleId, AtomicBool>,
    /// Plain texts that somebody asked for, as long as there is room.
    kept: Memo<ArticleId, Option<Box<str>>>,
    room: AtomicUsize,
}

impl<'a> Texts<'a> {
    /// Returns the texts that `store` has; one that it has lost is read from `files` once more.
    pub(super) fn new(
        store: &'a Store,
        files: &'a dyn Files,
        config: &'a SiteConfig,
        site: &'a Site,
    ) -> Self {
        let whole: Vec<AtomicBool> = site.articles.ids().map(|_| AtomicBool::new(false)).collect();
        // Without a store, texts are in memory anyway. How long all are is not asked: that would read every article of a site of which
        // one was edited.
        let some = store.is_kept() && whole.len() <= MANY;
        let room = AtomicUsize::new(if some { KEPT } else { 0 });
        let kept = Memo::new(whole.len());
        Self { store, files, config, site, whole: whole.into(), kept, room }
    }

    /// Returns the plain text of an article, read anew.
    fn read_text(&self, id: ArticleId) -> String {
        let bytes = self.site.articles[id].text.and_then(|blob| self.store.read(blob));
        bytes.and_then(|bytes| Body::unpack_text(&bytes)).unwrap_or_else(|| self.body(id).text)
    }

    /// Borrows the plain text of an article from memory; none when there is no more room.
    fn kept(&self, id: ArticleId) -> Option<&str> {
        let make = || {
            if self.room.load(Ordering::Relaxed) == 0 {
                return None;
            }
            let text = self.read_text(id).into_boxed_str();
            let take = |room: usize| room.checked_sub(text.len());
            let taken = self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
            if taken.is_err() {
                self.room.store(0, Ordering::Relaxed);
            }
            taken.is_ok().then_some(text)
        };
        self.kept.get(id, make).as_deref()
    }

    /// Returns the blob of an article whose bytes are known to be undamaged.
    fn checked(&self, id: ArticleId) -> Option<Blob> {
        let blob = self.site.articles[id].text?;
        let store = self.store;
        if store.is_new(blob) || self.whole[id].load(Ordering::Relaxed) {
            return Some(blob);
        }
        store.read(blob)?;
        self.whole[id].store(true, Ordering::Relaxed);
        Some(blob)
    }
}

impl Bodies for Texts<'_> {
    fn body(&self, id: ArticleId) -> Body {
        let article = &self.site.articles[id];
        let bytes = article.text.and_then(|blob| self.store.read(blob));
        let body = bytes.and_then(|bytes| Body::unpack(&bytes));
        body.unwrap_or_else(|| body_again(self.files, self.config, &article.path))
    }

    fn text(&self, id: ArticleId) -> Cow<'_, str> {
        self.kept(id).map_or_else(|| self.read_text(id).into(), Cow::Borrowed)
    }

    fn part(&self, id: ArticleId, range: TextRange) -> String {
        if let Some(text) = self.kept(id) {
            return range.slice(text).to_owned();
        }
        let read = |blob| self.store.read_part(blob, TEXT + range.start, range.len());
        let text = self.checked(id).and_then(read).and_then(|bytes| String::from_utf8(bytes).ok());
        text.unwrap_or_else(|| range.slice(&self.body(id).text).to_owned())
    }
}

impl fmt::Debug for Texts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({})", self.whole.len())
    }
}
