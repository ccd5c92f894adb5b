//! The page about the site itself: how much there is, how it was found, and what people vouch for.

use std::collections::BTreeMap;

use tera::Value;

use super::page::Meta;
use super::value::{object, optional};
use super::{PageView, Views};
use crate::config::EntityKind;
use crate::ids::ArticleId;
use crate::plan::{
    ABOUT, FeedOf, PageKind, UrlPath, has_corrections, has_figures, has_issues, has_speakers,
    has_stories,
};
use crate::relate::Relations;
use crate::resolve::{Article, LocalFigure, Site, Status};

/// The fields whose origin is counted, as data files and as the theme's strings call them.
pub(crate) const FIELDS: [(&str, &str); 10] = [
    ("title", "field_title"),
    ("date", "field_date"),
    ("summary", "field_summary"),
    ("authors", "field_author"),
    ("source", "field_source"),
    ("topics", "field_topics"),
    ("names", "field_names"),
    ("quotes", "field_quotes"),
    ("figures", "field_figures"),
    ("roles", "field_roles"),
];

/// How many there are of something, and for how many of them a person vouches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) all: usize,
    pub(crate) confirmed: usize,
}

impl Count {
    fn of(statuses: impl Iterator<Item = Status>) -> Self {
        statuses.fold(Self::default(), |mut count, status| {
            count.all += 1;
            count.confirmed += usize::from(status == Status::Confirmed);
            count
        })
    }

    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.confirmed += other.confirmed;
    }

    /// Returns for how many nobody vouches.
    pub(crate) fn suggested(self) -> usize {
        self.all - self.confirmed
    }
}

/// What a site has, counted.
#[derive(Debug)]
pub(crate) struct Census {
    /// The first article that has a date, and the last.
    pub(crate) ends: Option<(ArticleId, ArticleId)>,
    /// Names of each kind that has any.
    pub(crate) kinds: Vec<(EntityKind, Count)>,
    pub(crate) quotes: Count,
    pub(crate) figures: Count,
    pub(crate) stories: usize,
    /// For each of [`FIELDS`] in how many articles each rule found it; no rule is a person.
    pub(crate) methods: [BTreeMap<Option<&'static str>, usize>; FIELDS.len()],
}

impl Census {
    /// Counts what a site has. Linear in all that articles say.
    pub(crate) fn of(site: &Site, relations: &Relations, kinds: &crate::config::Kinds) -> Self {
        let statuses = |kind| site.of_kind(kind).map(|id| site.entities[id].status);
        let kinds = kinds.all().map(|kind| (kind, Count::of(statuses(kind))));
        let is_dated = |id: &ArticleId| site.articles[*id].date.is_some();
        let first = site.articles.ids().find(is_dated);
        let mut census = Self {
            ends: first.zip(site.articles.ids().rev().find(is_dated)),
            kinds: kinds.filter(|(_, count)| count.all > 0).collect(),
            quotes: Count::default(),
            figures: Count::default(),
            stories: relations.told_stories().len(),
            methods: Default::default(),
        };
        for article in site.articles.iter() {
            if article.may_repeat() {
                census.quotes.add(Count::of(article.quotes.iter().map(|quote| quote.status)));
                census.figures.add(Count::of(article.figures.iter().map(|figure| figure.status)));
            }
            for (field, rules) in census.methods.iter_mut().zip(origins(article)) {
                for rule in rules {
                    *field.entry(rule).or_default() += 1;
                }
            }
        }
        census
    }
}

/// Returns for each of [`FIELDS`] who or what found it in an article, each once; nothing where the article has none.
fn origins(article: &Article) -> [Vec<Option<&'static str>>; FIELDS.len()] {
    let Article { title, date, summary, authors, origin, topics, entities, .. } = article;
    let source = origin.as_ref().filter(|origin| origin.source.is_some());
    // Front matter may list a name that the text has too.
    let names = entities.iter().flat_map(|link| {
        let found = link.rule.map(Some);
        link.given.then_some(None).into_iter().chain(found)
    });
    let may_repeat = article.may_repeat();
    let quotes = article.quotes.iter().filter(|_| may_repeat).map(|one| Some(one.found.rule()));
    let figures = article.figures.iter().filter(|_| may_repeat).map(|_| Some(LocalFigure::RULE));
    let roles = article.roles.iter().filter(|_| may_repeat).map(|role| Some(role.found.rule()));
    let mut all = [
        vec![title.rule],
        date.iter().map(|date| date.rule).collect(),
        summary.iter().map(|summary| summary.rule).collect(),
        authors.iter().map(|author| author.rule).collect(),
        source.iter().map(|source| source.rule).collect(),
        topics.iter().map(|link| link.rule).collect(),
        names.collect(),
        quotes.collect(),
        figures.collect(),
        roles.collect(),
    ];
    for rules in &mut all {
        rules.sort_unstable();
        rules.dedup();
    }
    all
}

impl Views<'_> {
    /// Returns the page about the site.
    pub(super) fn about(&self) -> PageView {
        let title = self.strings.get("about_site");
        let meta = Meta { title: title.into(), nav_id: Some("about"), ..Meta::default() };
        let census = Census::of(self.site, self.relations, &self.config.entities.kinds);
        let date = |id: ArticleId| self.named(id).date.clone();
        let (first, last) = census.ends.unzip();
        let corrections =
            has_corrections(self.site, self.theme).then(|| self.page_href(PageKind::Corrections));
        let catalog = self.config.data.then(|| self.href(&UrlPath::file("catalog.json")));
        let mut feeds = vec![self.feed(FeedOf::Site, &self.config.title)];
        if has_issues(self.site, self.config, self.theme) {
            feeds.push(self.feed(FeedOf::Issues, self.strings.get("issues")));
        }
        if has_stories(self.relations, self.theme) {
            feeds.push(self.feed(FeedOf::Stories, self.strings.get("stories")));
        }
        let value = object! { self.words;
            "articles" => self.site.articles.len(),
            "first" => first.map_or_else(Value::none, date),
            "last" => last.map_or_else(Value::none, date),
            "rows" => self.census_rows(&census),
            "methods" => self.methods(&census),
            "corrections_url" => optional(corrections.as_deref()),
            "catalog_url" => optional(catalog.as_deref()),
            "feeds" => feeds,
        };
        PageView {
            template: ABOUT.into(),
            values: vec![
                ("page", self.page(PageKind::About, "about", meta)),
                ("pager", Value::none()),
                ("about", value),
            ],
        }
    }

    /// Returns how many there are of everything that has a page, with those that a person vouches for where that is said.
    fn census_rows(&self, census: &Census) -> Value {
        let row = |name: &str, page: Option<PageKind>, all: usize, count: Option<Count>| {
            let url = page.map(|page| self.page_href(page));
            object! { self.words;
                "name" => name,
                "url" => optional(url.as_deref()),
                "count" => all,
                "confirmed" => count.map_or_else(Value::none, |count| count.confirmed.into()),
                "suggested" => count.map_or_else(Value::none, |count| count.suggested().into()),
            }
        };
        let said = |key: &str| self.strings.get(key).to_owned();
        let (relations, theme) = (self.relations, self.theme);
        let mut rows = vec![
            row(&said("articles"), Some(PageKind::Archive), self.site.articles.len(), None),
            row(&said("topics"), Some(PageKind::Topics), self.site.topics.len(), None),
        ];
        for (kind, count) in &census.kinds {
            let name = self.strings.kind(self.config.entities.kinds.plural(*kind));
            rows.push(row(&name, Some(PageKind::Kind(*kind)), count.all, Some(*count)));
        }
        rows.push(row(&said("sources"), Some(PageKind::Sources), self.site.sources.len(), None));
        for (name, page, is_there, count) in [
            ("field_quotes", PageKind::Speakers, has_speakers(relations, theme), census.quotes),
            ("field_figures", PageKind::Subjects, has_figures(relations, theme), census.figures),
        ] {
            rows.push(row(&said(name), Some(page).filter(|_| is_there), count.all, Some(count)));
        }
        let stories = Some(PageKind::Stories(None)).filter(|_| has_stories(relations, theme));
        rows.push(row(&said("stories"), stories, census.stories, None));
        rows.into()
    }

    /// Returns by what each field was found, in how many articles: people first, then the rule with the most.
    fn methods(&self, census: &Census) -> Value {
        let fields = FIELDS.iter().zip(&census.methods).filter(|(_, rules)| !rules.is_empty());
        let fields = fields.map(|((_, key), rules)| {
            let mut rules: Vec<_> = rules.iter().collect();
            rules.sort_by_key(|(rule, count)| (rule.is_some(), std::cmp::Reverse(**count), **rule));
            let rules = rules.into_iter().map(|(rule, count)| {
                let name = rule.map_or_else(
                    || self.strings.get("by_hand").to_owned(),
                    |rule| self.strings.rule(rule),
                );
                object! { self.words; "rule" => name, "derived" => rule.is_some(), "count" => *count }
            });
            object! { self.words;
                "field" => self.strings.get(key),
                "rules" => rules.collect::<Vec<Value>>(),
            }
        });
        fields.collect::<Vec<Value>>().into()
    }
}
