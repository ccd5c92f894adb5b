//! Topics, sources, A-Z indexes, the archive, standalone pages.

use std::collections::BTreeMap;

use tera::Value;

use super::page::{Entries, Meta};
use super::value::{object, optional};
use super::{PageView, Views};
use crate::ids::{ArticleId, Id, SourceId, TopicId};
use crate::plan::{FeedOf, PageKind, Pages, Period};
use crate::text::fold;

/// What a page that lists articles and nothing else shows.
pub(super) struct Listed<'a> {
    /// The heading.
    pub(super) name: &'a str,
    /// How many articles the whole list has.
    pub(super) total: usize,
    /// Those of the page, newest first.
    pub(super) ids: &'a [ArticleId],
    pub(super) pager: Value,
    /// A calendar of the whole list, or null.
    pub(super) calendar: Value,
    /// The entries by day, or null.
    pub(super) days: Value,
}

impl Views<'_> {
    pub(super) fn topic(
        &self,
        id: TopicId,
        number: Option<usize>,
        entries: &dyn Entries,
    ) -> PageView {
        let topic = &self.site.topics[id];
        let record = topic.record.as_ref();
        let description = record.and_then(|record| record.description.as_deref());
        let meta = Meta {
            title: topic.name.as_str().into(),
            description,
            nav_id: Some("topics"),
            trail: self.trail(|| (self.strings.get("topics").into(), PageKind::Topics)),
            feed: self.config.feeds.topics.then_some(FeedOf::Topic(id)),
            ..Meta::default()
        };
        let page = self.page(PageKind::Topic(id, number), "topic", meta);
        let pages = Pages::new(topic.articles.len(), self.config.page_size);
        let body = record.filter(|record| !record.body.is_empty());
        let body = body.map(|record| crate::parse::markdown_to_html(&record.body, self.config));
        let children: Vec<Value> = topic.children.iter().map(|id| self.topic_link(*id)).collect();
        let value = object! { self.words;
            "name" => topic.name.as_str(),
            "description" => optional(description),
            "body" => body.map_or_else(Value::none, |html| Value::safe_string(&html)),
            "parent" => topic.parent.map_or_else(Value::none, |id| self.topic_link(id)),
            "children" => children,
            "tree" => if number.is_none() { self.topics_below(id) } else { Vec::<Value>::new().into() },
            "entities" => self.companions(&self.relations.often[id]),
            "coverage" => self.coverage(if number.is_none() { &topic.articles } else { &[] }),
            "articles" => topic.articles.len(),
        };
        PageView {
            template: "topic.html".into(),
            values: vec![
                ("page", page),
                ("pager", self.pager(&self.plan.urls.topics[id], pages, number)),
                ("topic", value),
                ("entries", newest_first(&topic.articles[pages.items(number)], entries)),
            ],
        }
    }

    pub(super) fn source(
        &self,
        id: SourceId,
        number: Option<usize>,
        entries: &dyn Entries,
    ) -> PageView {
        let source = &self.site.sources[id];
        // A numbered page shows nothing that is not the article's own.
        let record = source.record.as_ref().filter(|_| number.is_none());
        let ratings = record.iter().flat_map(|record| &record.ratings).map(|rating| {
            object! { self.words;
                "says" => rating.says.as_str(),
                "by" => rating.by.as_str(),
                "on" => self.day(Some(rating.on)),
                "url" => optional(rating.url.as_deref()),
            }
        });
        let body = record.filter(|record| !record.body.is_empty());
        let body = body.map(|record| crate::parse::markdown_to_html(&record.body, self.config));
        let meta = Meta {
            title: source.name.as_str().into(),
            nav_id: Some("sources"),
            trail: self.trail(|| (self.strings.get("sources").into(), PageKind::Sources)),
            feed: self.config.feeds.sources.then_some(FeedOf::Source(id)),
            ..Meta::default()
        };
        let page = self.page(PageKind::Source(id, number), "source", meta);
        let pages = Pages::new(source.articles.len(), self.config.page_size);
        let value = object! { self.words;
            "name" => source.name.as_str(),
            "host" => optional(source.host.as_deref().filter(|host| *host != source.name)),
            "description" => optional(record.and_then(|one| one.description.as_deref())),
            "owner" => optional(record.and_then(|one| one.owner.as_deref())),
            "country" => optional(record.and_then(|one| one.country.as_deref())),
            "website" => optional(record.and_then(|one| one.website.as_deref())),
            "ratings" => ratings.collect::<Vec<Value>>(),
            "body" => body.map_or_else(Value::none, |html| Value::safe_string(&html)),
            "coverage" => self.coverage(if number.is_none() { &source.articles } else { &[] }),
            "articles" => source.articles.len(),
            "first" => self.first_date(&source.articles),
            "last" => self.last_date(&source.articles),
        };
        PageView {
            template: "source.html".into(),
            values: vec![
                ("page", page),
                ("pager", self.pager(&self.plan.urls.sources[id], pages, number)),
                ("source", value),
                ("entries", newest_first(&source.articles[pages.items(number)], entries)),
            ],
        }
    }

    /// Returns an A-Z index: names with their links.
    pub(super) fn index(
        &self,
        page: PageKind,
        name: &str,
        nav_id: &str,
        items: Vec<(&str, Value)>,
    ) -> PageView {
        let meta = Meta { title: name.to_owned().into(), nav_id: Some(nav_id), ..Meta::default() };
        let is_of_topics = page == PageKind::Topics;
        let page = self.page(page, "index", meta);
        let total = items.len();
        let mut letters: BTreeMap<(bool, String), Vec<(String, Value)>> = BTreeMap::new();
        for (name, link) in items {
            letters.entry(letter(name)).or_default().push((fold(name), link));
        }
        let groups = (1..).zip(letters).map(|(number, ((is_other, letter), mut items))| {
            items.sort_by(|a, b| a.0.cmp(&b.0));
            let links: Vec<Value> = items.into_iter().map(|(_, link)| link).collect();
            let place = (is_other, letter);
            let (id, letter) = (letter_id(&place, number), place.1);
            object! { self.words; "letter" => if is_other { "#" } else { letter.as_str() }, "id" => id, "items" => links }
        });
        let groups: Vec<Value> = groups.collect();
        let value = object! { self.words;
            "name" => name,
            "total" => total,
            "groups" => groups,
            "tree" => if is_of_topics { self.topic_trees() } else { Vec::<Value>::new().into() },
        };
        PageView {
            template: "index.html".into(),
            values: vec![("page", page), ("pager", Value::none()), ("index", value)],
        }
    }

    pub(super) fn archive(&self) -> PageView {
        let meta = Meta {
            title: self.strings.get("archive").into(),
            nav_id: Some("archive"),
            ..Meta::default()
        };
        let page = self.page(PageKind::Archive, "archive", meta);
        let periods = crate::plan::outputs::periods(self.site);
        let heat = self.heat(&periods);
        let years = periods.chunk_by(|_, next| next.month != 0).map(|year| {
            let months = year[1..].iter().map(|month| {
                object! { self.words;
                    "name" => self.strings.month(month.month),
                    "url" => self.page_href(PageKind::Month(*month, None)),
                    "count" => month.end - month.first,
                }
            });
            object! { self.words;
                "name" => self.strings.year(year[0].year),
                "url" => self.page_href(PageKind::Year(year[0], None)),
                "count" => year[0].end - year[0].first,
                "months" => months.collect::<Vec<Value>>(),
            }
        });
        let years: Vec<Value> = years.collect();
        PageView {
            template: "archive.html".into(),
            values: vec![
                ("page", page),
                ("pager", Value::none()),
                ("years", years.into()),
                ("heat", heat),
            ],
        }
    }

    /// Returns a calendar: for each year that has articles its twelve months, each with how full it is beside the fullest.
    fn heat(&self, periods: &[Period]) -> Value {
        if !self.words.has("heat") {
            return Value::none();
        }
        let count = |period: &Period| period.end - period.first;
        let most = periods.iter().filter(|one| one.month != 0).map(count).max().unwrap_or(1);
        let years = periods.chunk_by(|_, next| next.month != 0).map(|year| {
            let cells = (1..=12).map(|month| {
                let period = year.iter().find(|period| period.month == month);
                let articles = period.map_or(0, count);
                object! { self.words;
                    "name" => self.strings.month(month),
                    "url" => period.map_or_else(Value::none, |one| self.page_href(PageKind::Month(*one, None)).into()),
                    "count" => articles,
                    // None at all is 0, the fullest month is 4.
                    "level" => (articles * 4).div_ceil(most),
                }
            });
            object! { self.words;
                "name" => self.strings.year(year[0].year),
                "cells" => cells.collect::<Vec<Value>>(),
            }
        });
        years.collect::<Vec<Value>>().into()
    }

    pub(super) fn period(
        &self,
        page: PageKind,
        period: Period,
        number: Option<usize>,
        entries: &dyn Entries,
    ) -> PageView {
        let total = (period.end - period.first) as usize;
        let cut = Pages::new(total, self.config.page_size);
        let first = period.first as usize;
        let ids: Vec<ArticleId> =
            cut.items(number).rev().map(|at| ArticleId::from_index(first + at)).collect();
        let name = match period.month {
            0 => self.strings.year(period.year),
            month => self.strings.month_year(month, period.year),
        };
        let bare = match page {
            PageKind::Month(..) => PageKind::Month(period, None),
            _ => PageKind::Year(period, None),
        };
        let pager = self.pager(&self.plan.url(bare, self.config), cut, number);
        let is_month = period.month != 0;
        let list = Listed {
            name: &name,
            total,
            ids: &ids,
            pager,
            // A numbered page shows nothing that a newer article could change.
            calendar: if number.is_none() { self.calendar(period) } else { Value::none() },
            days: if is_month { self.month_entries(&ids, entries) } else { Value::none() },
        };
        self.list_page(page, list, entries)
    }

    /// Returns a page that lists articles and nothing else.
    pub(super) fn list_page(
        &self,
        page: PageKind,
        list: Listed<'_>,
        entries: &dyn Entries,
    ) -> PageView {
        let Listed { name, total, ids, pager, calendar, days } = list;
        let is_home = matches!(page, PageKind::Home(_));
        let meta = Meta {
            title: name.to_owned().into(),
            nav_id: Some(if is_home { "home" } else { "archive" }),
            trail: if is_home {
                Vec::new()
            } else {
                self.trail(|| (self.strings.get("archive").into(), PageKind::Archive))
            },
            ..Meta::default()
        };
        let shown: Vec<Value> = ids.iter().map(|id| entries.entry(*id)).collect();
        PageView {
            template: "list.html".into(),
            values: vec![
                ("page", self.page(page, "list", meta)),
                ("pager", pager),
                ("list", object! { self.words; "name" => name, "count" => total }),
                ("entries", shown.into()),
                ("days", days),
                ("calendar", calendar),
            ],
        }
    }

    pub(super) fn standalone(&self, number: usize) -> PageView {
        let page = &self.site.pages[number];
        let language = page.front.language.as_deref();
        let nav_id = self.config.redactions.names.erase_slug(page.path.as_str());
        let meta = Meta {
            title: page.title.value.as_str().into(),
            description: page.front.summary.as_deref(),
            robots: page.front.draft.then_some("noindex"),
            nav_id: Some(&nav_id),
            language,
            ..Meta::default()
        };
        let head = self.page(PageKind::Standalone(number), "page", meta);
        let body = page.body.annotate(&[], &self.plan.page_links[number]);
        let value = object! { self.words;
            "title" => page.title.value.as_str(),
            "body" => Value::safe_string(&body),
            "updated" => page.front.updated.as_ref().map_or_else(Value::none, |when| self.when(when)),
            "extra" => Value::from_serializable(&page.front.extra),
        };
        let template = self.template(page.front.template.as_ref(), "page.html");
        PageView {
            template,
            values: vec![("page", head), ("pager", Value::none()), ("content", value)],
        }
    }
}

/// Returns the entries of some articles, the last first.
fn newest_first(ids: &[ArticleId], entries: &dyn Entries) -> Value {
    ids.iter().rev().map(|id| entries.entry(*id)).collect::<Vec<_>>().into()
}

/// Returns the heading that a name stands under: its first letter, without accents and in upper case.
pub(super) fn letter(name: &str) -> (bool, String) {
    let folded = fold(name);
    match folded.chars().next() {
        Some(first) if first.is_alphabetic() => (false, first.to_uppercase().collect()),
        _ => (true, String::new()),
    }
}

/// Returns the anchor of a letter, which is the letter with a number in its index.
pub(super) fn letter_id((is_other, letter): &(bool, String), number: usize) -> String {
    if *is_other {
        "letter-other".to_owned()
    } else if letter.is_ascii() {
        format!("letter-{}", letter.to_ascii_lowercase())
    } else {
        format!("letter-{number}")
    }
}
