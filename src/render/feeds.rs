//! Which articles a feed holds, and what it says about them.

use super::feed::{self, Feed, FeedEntry};
use crate::config::Rights;
use crate::ids::{ArticleId, Fingerprint, Memo};
use crate::load::When;
use crate::plan::view::{Views, escape};
use crate::plan::{FeedFormat, FeedOf, UrlPath, place};
use crate::resolve::Article;

/// Writes feeds; what feeds share is made once.
pub(super) struct Feeds<'a> {
    views: &'a Views<'a>,
    /// Atom fragments, made when first needed: most articles are too old for any feed.
    fragments: Memo<ArticleId, String>,
}

impl<'a> Feeds<'a> {
    pub(super) fn new(views: &'a Views<'a>) -> Self {
        Self { views, fragments: Memo::new(views.site.articles.len()) }
    }

    pub(super) fn write(&self, of: FeedOf, format: FeedFormat) -> Vec<u8> {
        if of == FeedOf::Issues {
            return self.issues().into_bytes();
        }
        let ids = self.newest(of);
        let mut head = self.head(of, format, &ids);
        match format {
            FeedFormat::Atom => {
                let fragment = |id: &ArticleId| {
                    self.fragments.get(*id, || feed::atom_entry(&self.entry(*id))).as_str()
                };
                feed::atom(&head, ids.iter().map(fragment)).into_bytes()
            }
            FeedFormat::Rss | FeedFormat::Json => {
                let entries: Vec<FeedEntry> = ids.iter().map(|id| self.entry(*id)).collect();
                head.entries = entries.iter().collect();
                if format == FeedFormat::Rss {
                    feed::rss(&head).into_bytes()
                } else {
                    feed::json_feed(&head)
                }
            }
        }
    }

    /// Returns the newest articles of a feed, newest first.
    fn newest(&self, of: FeedOf) -> Vec<ArticleId> {
        let site = self.views.site;
        let limit = self.views.config.feeds.limit;
        let of_list = |ids: &[ArticleId]| ids.iter().rev().take(limit).copied().collect();
        match of {
            FeedOf::Site => site.articles.ids().rev().take(limit).collect(),
            FeedOf::Topic(id) => of_list(&site.topics[id].articles),
            FeedOf::Entity(id) => of_list(&site.entities[id].articles),
            FeedOf::Source(id) => of_list(&site.sources[id].articles),
            FeedOf::Issues => Vec::new(),
        }
    }

    fn head(&self, of: FeedOf, format: FeedFormat, ids: &[ArticleId]) -> Feed<'a> {
        let (views, plan) = (self.views, self.views.plan);
        let home = plan.feed_home(of);
        let about = match of {
            FeedOf::Site => None,
            FeedOf::Topic(id) => Some(views.site.topics[id].name.as_str()),
            FeedOf::Entity(id) => Some(views.site.entities[id].name.as_str()),
            FeedOf::Source(id) => Some(views.site.sources[id].name.as_str()),
            FeedOf::Issues => Some(views.strings.get("issues")),
        };
        let site = views.config.title.as_str();
        let name = format.file_name();
        let subtitle = Some(views.config.description.clone());
        Feed {
            title: about.map_or_else(|| site.to_owned(), |name| format!("{name} · {site}")),
            subtitle: subtitle.filter(|text| about.is_none() && !text.is_empty()),
            id: self.permanent(&home),
            self_url: plan.addresses.best(&home.beside(name)),
            home_url: plan.addresses.best(&home),
            updated: ids.iter().map(|id| self.changed(&views.site.articles[*id])).max(),
            author: views.config.author.as_deref().or(Some(site)),
            language: &views.config.language,
            entries: Vec::new(),
        }
    }

    /// Returns the Atom feed of the issues: each with a list of its articles.
    fn issues(&self) -> String {
        let (views, plan) = (self.views, self.views.plan);
        let latest = plan.issues.iter().rev().take(views.config.feeds.limit);
        let entries: Vec<FeedEntry> = latest
            .map(|issue| {
                let item = |id: &ArticleId| {
                    let title = escape(&views.site.articles[*id].title.value);
                    format!(
                        "<li><a href=\"{}\">{title}</a></li>",
                        plan.addresses.best(&plan.urls.articles[*id])
                    )
                };
                let list: String = issue.articles.iter().map(item).collect();
                let when = issue.date.map(|date| When { date, instant: None });
                FeedEntry {
                    id: self.permanent(&issue.url),
                    url: plan.addresses.best(&issue.url),
                    title: views.issue_name(issue),
                    published: when.as_ref().map(|when| self.instant(when)),
                    updated: when
                        .as_ref()
                        .map_or_else(|| feed::NEVER.to_owned(), |when| self.instant(when)),
                    summary: issue.summary.clone(),
                    content_html: Some(format!("<ul>{list}</ul>")),
                    ..FeedEntry::default()
                }
            })
            .collect();
        let mut head = self.head(FeedOf::Issues, FeedFormat::Atom, &[]);
        head.updated = entries.first().map(|entry| entry.updated.clone());
        let fragments: Vec<String> = entries.iter().map(feed::atom_entry).collect();
        feed::atom(&head, fragments.iter().map(String::as_str))
    }

    fn entry(&self, id: ArticleId) -> FeedEntry {
        let (views, plan) = (self.views, self.views.plan);
        let article = &views.site.articles[id];
        let origin = article.origin.as_ref();
        let source = origin.and_then(|origin| {
            let name = views.site.sources[origin.source?].name.clone();
            Some((name, origin.url.clone()))
        });
        let whole = matches!(article.rights, Rights::Full | Rights::Own);
        let topics = article.topics.iter().map(|link| &views.site.topics[link.topic]);
        FeedEntry {
            id: self.permanent(&plan.urls.articles[id]),
            url: plan.addresses.best(&plan.urls.articles[id]),
            title: article.title.value.clone(),
            published: article.date.as_ref().map(|date| self.instant(&date.value)),
            updated: self.changed(article),
            summary: article.summary.as_ref().map(|summary| summary.value.clone()),
            content_html: (views.config.feeds.full_text && whole).then(|| self.whole_text(id)),
            authors: article.authors.iter().map(|author| author.value.clone()).collect(),
            categories: topics.map(|topic| (topic.slug.clone(), topic.name.clone())).collect(),
            source,
            rights: None,
            language: article.language.clone(),
        }
    }

    /// Returns the text as a feed reader can show it: without the anchors of sentences, which would stand
    /// twice on a page of two articles, and with whole addresses, because there is no page to be relative to.
    fn whole_text(&self, id: ArticleId) -> String {
        let html = self.views.plain_body(id);
        match self.views.plan.addresses.absolute(&UrlPath::home()) {
            Some(base) => String::from_utf8(place(html.as_bytes(), &base)).unwrap_or(html),
            None => html,
        }
    }

    /// Returns when an article last changed; the beginning of time when nobody knows.
    fn changed(&self, article: &Article) -> String {
        let when = article.updated.as_ref().or(article.date.as_ref().map(|date| &date.value));
        when.map_or_else(|| jiff::Timestamp::UNIX_EPOCH.to_string(), |when| self.instant(when))
    }

    /// Returns an instant: a day without a time begins at midnight in the site's zone.
    fn instant(&self, when: &When) -> String {
        let zone = self.views.config.time_zone.clone();
        let midnight = || when.date.to_zoned_datetime(zone).ok().map(|zoned| zoned.timestamp());
        when.instant.or_else(midnight).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
    }

    /// Returns the permanent name of a page: its URL, or, where the site has no
    /// address yet, a name made from the site's title and the page's path (RFC 9562, version 8).
    fn permanent(&self, url: &UrlPath) -> String {
        if let Some(url) = self.views.plan.addresses.absolute(url) {
            return url;
        }
        let parts = [self.views.config.title.as_bytes(), url.as_str().as_bytes()];
        let mut hex = Fingerprint::of_parts(parts).to_string();
        hex.replace_range(12..13, "8");
        hex.replace_range(16..17, "a");
        format!(
            "urn:uuid:{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }
}
