//! Which articles a feed holds, and what it says about them.

use super::feed::{self, Feed, FeedEntry};
use crate::config::Rights;
use crate::ids::{ArticleId, Fingerprint, Memo};
use crate::load::When;
use crate::plan::view::{Views, escape};
use crate::plan::{FeedFormat, FeedOf, PageKind, UrlPath, place};
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
        match of {
            FeedOf::Issues => return self.issues().into_bytes(),
            FeedOf::Stories => return self.stories().into_bytes(),
            _ => {}
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
            FeedOf::Issues | FeedOf::Stories => Vec::new(),
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
            FeedOf::Stories => Some(views.strings.get("stories")),
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
                    content_html: Some(self.list(issue.articles.iter())),
                    ..FeedEntry::default()
                }
            })
            .collect();
        let mut head = self.head(FeedOf::Issues, FeedFormat::Atom, &[]);
        head.updated = entries.first().map(|entry| entry.updated.clone());
        Self::atom(&head, &entries)
    }

    fn atom(head: &Feed<'_>, entries: &[FeedEntry]) -> String {
        let fragments: Vec<String> = entries.iter().map(feed::atom_entry).collect();
        feed::atom(head, fragments.iter().map(String::as_str))
    }

    /// Returns a list of articles as HTML.
    fn list<'i>(&self, ids: impl Iterator<Item = &'i ArticleId>) -> String {
        let (views, plan) = (self.views, self.views.plan);
        let item = |id: &ArticleId| {
            let title = escape(&views.site.articles[*id].title.value);
            let url = plan.addresses.best(&plan.urls.articles[*id]);
            format!("<li><a href=\"{url}\">{title}</a></li>")
        };
        format!("<ul>{}</ul>", ids.map(item).collect::<String>())
    }

    /// Returns the Atom feed of the stories, those with the latest reports first.
    ///
    /// A story has one entry from its second report on, under a name that stays: that of the page, which is named by the
    /// first report. When another report comes, the entry is up to date again, and readers show it anew.
    fn stories(&self) -> String {
        let (views, plan) = (self.views, self.views.plan);
        let articles = &views.site.articles;
        let latest = views.relations.latest_stories().into_iter().take(views.config.feeds.limit);
        let entries: Vec<FeedEntry> = latest
            .map(|first| {
                let reports = &views.relations.reports[first];
                let latest = &articles[reports.last().copied().unwrap_or(first)];
                let url = plan.url(PageKind::Story(first), views.config);
                let began = articles[first].date.as_ref();
                FeedEntry {
                    id: self.permanent(&url),
                    url: plan.addresses.best(&url),
                    title: latest.title.value.clone(),
                    published: began.map(|date| self.instant(&date.value)),
                    updated: reports
                        .iter()
                        .map(|id| self.changed(&articles[*id]))
                        .max()
                        .unwrap_or_else(|| feed::NEVER.to_owned()),
                    summary: latest.summary.as_ref().map(|summary| summary.value.clone()),
                    content_html: Some(self.list(reports.iter().rev())),
                    ..FeedEntry::default()
                }
            })
            .collect();
        let mut head = self.head(FeedOf::Stories, FeedFormat::Atom, &[]);
        head.updated = entries.iter().map(|entry| entry.updated.clone()).max();
        Self::atom(&head, &entries)
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
