//! The page and the card of an article.

use tera::Value;

use super::page::Meta;
use super::value::{object, optional};
use super::{PageView, Views, direction, iso};
use crate::config::Rights;
use crate::ids::{ArticleId, Id};
use crate::plan::{CORRECTIONS, PageKind, has_stories};
use crate::relate::{Related, Shared};
use crate::resolve::{Article, EntityLink, Origin};

/// Topics named on a card.
const CARD_TOPICS: usize = 2;
/// Names on a card, those that the text has most often.
const CARD_NAMES: usize = 4;

impl Views<'_> {
    /// Returns the values for an article's entry in lists.
    pub fn card(&self, id: ArticleId) -> Value {
        let article = &self.site.articles[id];
        let named = self.named(id);
        let topics = article
            .topics
            .iter()
            .take(CARD_TOPICS)
            .map(|link| self.topic_label(link.topic, link.rule.is_some()));
        let language = self.foreign(article);
        object! { self.words;
            "title" => named.title.clone(),
            "url" => named.url.clone(),
            "date" => named.date.clone(),
            "summary" => optional(article.summary.as_ref().map(|summary| summary.value.as_str())),
            "summary_derived" => article.summary.as_ref().is_some_and(crate::resolve::Stated::is_derived),
            "source" => self.card_source(article),
            "topics" => topics.collect::<Vec<Value>>(),
            "main_names" => self.main_names(article),
            "draft" => article.draft,
            "language" => optional(language),
            "dir" => optional(language.map(direction)),
            "heading" => "h3",
        }
    }

    /// Returns whom and what an article names most; of equals those that come first in it.
    fn main_names(&self, article: &Article) -> Value {
        let mut links: Vec<&EntityLink> = article.entities.iter().collect();
        links.sort_by_key(|link| std::cmp::Reverse(link.mentions.len()));
        let names = links.into_iter().take(CARD_NAMES).map(|link| self.entity_name(link.entity));
        names.collect::<Vec<Value>>().into()
    }

    fn card_source(&self, article: &Article) -> Value {
        let source = article.origin.as_ref().and_then(|origin| origin.source);
        source.map_or_else(Value::none, |id| self.source_name(id))
    }

    /// Returns the article's language when it is not the site's.
    pub(super) fn foreign<'s>(&self, article: &'s Article) -> Option<&'s str> {
        let primary = |tag: &str| tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
        let language = article.language.as_deref()?;
        (primary(language) != primary(&self.config.language)).then_some(language)
    }

    pub(super) fn article(&self, id: ArticleId) -> PageView {
        let article = &self.site.articles[id];
        let page = self.page(PageKind::Article(id), "article", self.article_meta(id));
        let template = self.template(article.template.as_ref(), "article.html");
        PageView {
            template,
            values: vec![
                ("page", page),
                ("pager", Value::none()),
                ("article", self.article_value(id, article)),
            ],
        }
    }

    fn article_meta(&self, id: ArticleId) -> Meta<'_> {
        let article = &self.site.articles[id];
        let original = article.origin.as_ref().and_then(|origin| origin.url.as_deref());
        let mut trail = Vec::new();
        if let Some(date) = article.date.as_ref().filter(|_| self.words.has("breadcrumbs")) {
            let day = date.value.date;
            let year = self.plan.archive_url(day.year(), None);
            let month = self.plan.archive_url(day.year(), Some(day.month()));
            trail.push((self.strings.year(day.year()).into(), self.href(&year)));
            trail.push((self.strings.month(day.month()).into(), self.href(&month)));
        }
        Meta {
            title: article.title.value.as_str().into(),
            description: article.summary.as_ref().map(|summary| summary.value.as_str()),
            // A text that stands in full elsewhere has its home there.
            canonical: original.filter(|_| article.rights == Rights::Full),
            robots: article.draft.then_some("noindex"),
            json_ld: self.words.has("json_ld").then(|| self.article_json_ld(id)),
            published: Some(article.date.as_ref().map(|date| iso(&date.value)).unwrap_or_default()),
            trail,
            language: self.foreign(article),
            ..Meta::default()
        }
    }

    fn article_value(&self, id: ArticleId, article: &Article) -> Value {
        let topics =
            article.topics.iter().map(|link| self.topic_label(link.topic, link.rule.is_some()));
        let corrections = article.corrections.iter().map(|one| {
            object! { self.words; "date" => self.day(one.date), "text" => one.text.as_str() }
        });
        // A disclaimer is shown with the source, as its words.
        let disclaimer = article.origin.as_ref().and_then(|origin| origin.disclaimer.as_deref());
        let apart = article.boilerplate.iter().filter(|one| Some(one.value.as_str()) != disclaimer);
        let boilerplate = apart.map(|one| {
            object! { self.words; "text" => one.value.as_str(), "rule" => self.strings.rule(one.rule) }
        });
        let body = self.text(id);
        // Its own sentences: an address in the page.
        let url = "";
        let authors: Vec<Value> =
            article.authors.iter().map(|author| author.value.as_str().into()).collect();
        object! { self.words;
            "title" => self.named(id).title.clone(),
            "title_derived" => article.title.is_derived(),
            "summary" => optional(article.summary.as_ref().map(|summary| summary.value.as_str())),
            "summary_derived" => article.summary.as_ref().is_some_and(crate::resolve::Stated::is_derived),
            "key_points" => self.key_points(article, url, &body),
            "date" => self.named(id).date.clone(),
            "date_derived" => article.date.as_ref().is_some_and(crate::resolve::Stated::is_derived),
            "updated" => article.updated.as_ref().map_or_else(Value::none, |when| self.when(when)),
            "authors" => authors,
            "body" => Value::safe_string(&self.html(id, &body)),
            "draft" => article.draft,
            "source" => article.origin.as_ref().map_or_else(Value::none, |origin| self.origin(origin)),
            "boilerplate" => boilerplate.collect::<Vec<Value>>(),
            "topics" => topics.collect::<Vec<Value>>(),
            "kinds" => self.kinds_named(article),
            "story" => self.story(id),
            "story_url" => self.story_url(id),
            "related" => self.related(id),
            "in_topics" => self.in_topics(id, article),
            "cite" => self.cite(id, article),
            "newer" => self.neighbour(id, 1),
            "older" => self.neighbour(id, -1),
            "rights" => match article.rights {
                Rights::Full | Rights::Own => "full",
                Rights::Excerpt => "excerpt",
                Rights::LinkOnly => "link-only",
            },
            "corrections_url" => self.corrections_url(),
            "corrections" => corrections.collect::<Vec<Value>>(),
            "quotes" => self.said(article, url, &body),
            "figures" => self.figures(article, url, &body),
            "made" => self.made(article),
            "made_from" => self.made_from(article),
            "reviewed" => self.reviewed(article),
            "extra" => Value::from_serializable(&article.extra),
        }
    }

    fn origin(&self, origin: &Origin) -> Value {
        let source = origin.source.map(|id| (&self.site.sources[id], id));
        let host = source
            .and_then(|(source, _)| source.host.as_deref().filter(|host| *host != source.name));
        object! { self.words;
            "name" => optional(source.map(|(source, _)| source.name.as_str())),
            "url" => optional(source.map(|(_, id)| self.href(&self.plan.urls.sources[id])).as_deref()),
            "original" => optional(origin.url.as_deref()),
            "retrieved" => self.day(origin.retrieved),
            "archive" => optional(origin.archive_url.as_deref()),
            "disclaimer" => optional(origin.disclaimer.as_deref()),
            "host" => optional(host),
        }
    }

    /// Returns what the article names, by kind.
    fn kinds_named(&self, article: &Article) -> Value {
        let kinds = &self.config.entities.kinds;
        let groups = article.entities.chunk_by(|a, b| {
            self.site.entities[a.entity].kind == self.site.entities[b.entity].kind
        });
        let groups = groups.map(|links| {
            let kind = self.site.entities[links[0].entity].kind;
            let items: Vec<Value> = links.iter().map(|link| self.name_with_role(article, link)).collect();
            object! { self.words; "id" => kinds.id(kind), "name" => self.kinds[kind.index()].clone(), "items" => items }
        });
        groups.collect::<Vec<Value>>().into()
    }

    fn related(&self, id: ArticleId) -> Value {
        let Some(related) = self.relations.related.get(id) else {
            return Vec::<Value>::new().into();
        };
        // Where the theme shows stories, the articles of this one are listed there.
        let most = if self.words.has("story") { self.config.digest.stories } else { 0 };
        let earlier: Vec<ArticleId> = self.relations.earlier(id, most).collect();
        let items = related.iter().filter(|one| !earlier.contains(&one.article)).map(|one| {
            if !self.words.has("reason") {
                // Then it is the same on all pages.
                return self.article_link(one.article);
            }
            let named = self.named(one.article);
            object! { self.words;
                "title" => named.title.clone(),
                "url" => named.url.clone(),
                "date" => named.date.clone(),
                "reason" => self.strings.fill("shares", "names", &self.reason(one)),
            }
        });
        items.collect::<Vec<Value>>().into()
    }

    /// Returns the reports before this one on the same event, latest first.
    fn story(&self, id: ArticleId) -> Value {
        let told = self.relations.stories.get(id).and_then(|told| told.as_ref());
        let copy = told.and_then(|told| told.copy_of);
        let earlier = self.relations.earlier(id, self.config.digest.stories);
        let item = |other: ArticleId| {
            let named = self.named(other);
            object! { self.words;
                "title" => named.title.clone(),
                "url" => named.url.clone(),
                "date" => named.date.clone(),
                "same_text" => copy == Some(other),
            }
        };
        earlier.map(item).collect::<Vec<Value>>().into()
    }

    /// Returns the page of all corrections; it is there when an article has one, and only such an article asks.
    fn corrections_url(&self) -> Value {
        let has_page = self.theme.template(CORRECTIONS).is_some();
        if has_page { self.page_href(PageKind::Corrections).into() } else { Value::none() }
    }

    /// Returns the page of the story that an article belongs to.
    fn story_url(&self, id: ArticleId) -> Value {
        let story = self.relations.story_of(id).filter(|_| has_stories(self.relations, self.theme));
        story.map_or_else(Value::none, |(first, _)| self.page_href(PageKind::Story(first)).into())
    }

    fn reason(&self, related: &Related) -> String {
        let names = related.shared.iter().map(|shared| match shared {
            Shared::Entity(id) => self.site.entities[*id].name.as_str(),
            Shared::Topic(id) => self.site.topics[*id].name.as_str(),
        });
        // A place and a topic may have one name.
        let mut said: Vec<&str> = Vec::new();
        for name in names {
            if !said.contains(&name) {
                said.push(name);
            }
        }
        said.join(", ")
    }

    /// Returns for each topic of an article the ones before and after it there.
    fn in_topics(&self, id: ArticleId, article: &Article) -> Value {
        let neighbours = article.topics.iter().filter_map(|link| {
            let (newer, older) = self.site.topics[link.topic].beside(id);
            let link_to =
                |id: Option<ArticleId>| id.map_or_else(Value::none, |id| self.article_link(id));
            (newer.is_some() || older.is_some()).then(|| {
                object! { self.words;
                    "name" => self.site.topics[link.topic].name.as_str(),
                    "url" => self.href(&self.plan.urls.topics[link.topic]),
                    "newer" => link_to(newer),
                    "older" => link_to(older),
                }
            })
        });
        neighbours.collect::<Vec<Value>>().into()
    }

    fn neighbour(&self, id: ArticleId, step: isize) -> Value {
        let Some(at) =
            id.index().checked_add_signed(step).filter(|at| *at < self.site.articles.len())
        else {
            return Value::none();
        };
        self.article_link(ArticleId::from_index(at))
    }

    /// Returns the link to an article.
    pub(super) fn article_link(&self, id: ArticleId) -> Value {
        let make = || {
            let named = self.named(id);
            object! { self.words;
                "title" => named.title.clone(),
                "url" => named.url.clone(),
                "date" => named.date.clone(),
            }
        };
        self.shared.article_links.get(id, make).clone()
    }
}
