//! The outputs that show the texts of some articles.

use std::collections::BTreeSet;

use super::outputs::List;
use super::{FeedOf, Input, Output, PageKind, Pages, Plan, Planned, UrlPath, facts};
use crate::config::SiteConfig;
use crate::ids::{ArticleId, Id};
use crate::resolve::{Article, Site};

/// An article whose text has changed, and nothing that is said of it elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Edited {
    /// Which.
    pub article: ArticleId,
    /// Whether the names in it have other places than before.
    pub moved: bool,
}

/// Lists the outputs that show the texts of some articles; `plan` has the addresses.
///
/// What is left out does not depend on them: compare [`Prints`](super::print::Prints).
pub fn outputs_of(edited: &[Edited], plan: &Plan, input: Input<'_>) -> Vec<Planned> {
    let Input { site, config, theme, .. } = input;
    let mut list = List { input, urls: &plan.urls, issues: &[], outputs: Vec::new() };
    let mut feeds = BTreeSet::new();
    let mut pages = BTreeSet::new();
    for Edited { article: id, .. } in edited {
        list.page(PageKind::Article(*id));
        if config.feeds.full_text {
            feeds.extend(feeds_with(site, config, *id));
        }
        if theme.words.quotes() || config.data {
            pages.extend(site.articles[*id].entities.iter().map(|link| {
                let articles = &site.entities[link.entity].articles;
                let cut = Pages::new(articles.len(), config.page_size);
                let place = articles.partition_point(|other| other < id);
                PageKind::Entity(link.entity, cut.number_of(place))
            }));
        }
    }
    for Edited { article, .. } in edited {
        pages.extend(facts::pages_of(input, *article));
    }
    for page in pages {
        list.page(page);
    }
    for of in feeds {
        match of {
            FeedOf::Site => list.site_feeds(&plan.addresses),
            other => list.feed(other, &plan.feed_home(other)),
        }
    }
    if config.data && edited.iter().any(|one| one.moved) {
        list.add(UrlPath::home().beside("catalog.json"), Output::Catalog);
    }
    list.outputs
}

/// Returns the feeds that hold an article.
fn feeds_with(site: &Site, config: &SiteConfig, id: ArticleId) -> Vec<FeedOf> {
    let Article { topics, entities, origin, .. } = &site.articles[id];
    let source = origin.as_ref().and_then(|origin| origin.source);
    let topics = topics.iter().map(|link| link.topic).filter(|_| config.feeds.topics);
    let entities = entities.iter().map(|link| link.entity).filter(|_| config.feeds.entities);
    let sources = source.into_iter().filter(|_| config.feeds.sources);
    let holds = |articles: &[ArticleId]| {
        articles.iter().rev().take(config.feeds.limit).any(|one| *one == id)
    };
    let topics = topics.filter(|id| holds(&site.topics[*id].articles)).map(FeedOf::Topic);
    let entities = entities.filter(|id| holds(&site.entities[*id].articles)).map(FeedOf::Entity);
    let sources = sources.filter(|id| holds(&site.sources[*id].articles)).map(FeedOf::Source);
    let is_new = site.articles.len() - id.index() <= config.feeds.limit;
    topics.chain(entities).chain(sources).chain(is_new.then_some(FeedOf::Site)).collect()
}
