//! The home page: an edition of what is new, not a list.

use std::cmp::Reverse;

use jiff::ToSpan as _;
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use tera::Value;

use super::lists::Listed;
use super::page::{Entries, Meta};
use super::value::object;
use super::{PageView, Views};
use crate::ids::{ArticleId, EntityId, Id, TopicId};
use crate::load::When;
use crate::plan::{FeedOf, PageKind, Pages, UrlPath};
use crate::relate::Relations;
use crate::resolve::{Site, Status};

/// Articles of which one leads, the latest.
const LEADING: usize = 10;
/// Days before the latest article from which none leads any more.
const LEAD_DAYS: i32 = 7;
/// How many places in the order of time one more report of its story is worth, and the most that count.
const REPORT: usize = 3;
const REPORTS: usize = 4;
/// Stories on the home page, those with the latest reports.
const STORIES: usize = 4;
/// Days before the latest article whose names are counted, and the most articles.
const RECENT_DAYS: i32 = 30;
const RECENT: usize = 500;
/// With fewer articles in that time, names are counted in all.
const FEW: usize = 12;

/// Names a day, month or year.
type Name<'n> = &'n dyn Fn(Date) -> Value;

/// Returns the articles of the last days of the collection, oldest first; none when they are too few to count anything.
pub(crate) fn recent(site: &Site) -> Option<(Date, Vec<ArticleId>)> {
    let date = |id: ArticleId| Some(site.articles[id].date.as_ref()?.value.date);
    let newest = site.articles.ids().next_back().and_then(date)?;
    let from = newest.checked_sub(RECENT_DAYS.days()).ok()?;
    let latest = site.articles.ids().rev().take(RECENT);
    let mut ids: Vec<ArticleId> =
        latest.take_while(|id| date(*id).is_some_and(|date| date > from)).collect();
    ids.reverse();
    let first = date(*ids.first()?)?;
    (ids.len() >= FEW && ids.len() < site.articles.len()).then_some((first, ids))
}

impl Views<'_> {
    pub(super) fn home(&self, number: Option<usize>, entries: &dyn Entries) -> PageView {
        let total = self.site.articles.len();
        let cut = Pages::new(total, self.config.page_size);
        let mut ids: Vec<ArticleId> = cut.items(number).rev().map(ArticleId::from_index).collect();
        let pager = self.pager(&UrlPath::home(), cut, number);
        if number.is_some() {
            let name = self.strings.get("latest");
            let (calendar, days) = (Value::none(), Value::none());
            let list = Listed { name, total, ids: &ids, pager, calendar, days };
            return self.list_page(PageKind::Home(number), list, entries);
        }
        let meta = Meta {
            title: self.config.title.as_str().into(),
            description: Some(self.config.description.as_str()).filter(|text| !text.is_empty()),
            json_ld: self.words.has("json_ld").then(|| self.home_json_ld()),
            nav_id: Some("home"),
            feed: Some(FeedOf::Site),
            ..Meta::default()
        };
        let page = self.page(PageKind::Home(None), "home", meta);
        let lead = self.leading(&ids).map(|at| ids.remove(at));
        let rest: Vec<Value> = ids.iter().map(|id| entries.entry(*id)).collect();
        let counts = object! { self.words;
            "articles" => total,
            "topics" => self.site.topics.len(),
            "entities" => self.site.entities.len(),
            "sources" => self.site.sources.len(),
        };
        let recent = recent(self.site);
        let since = recent.as_ref().map(|(date, _)| *date);
        let counted = recent.map(|(_, ids)| ids);
        PageView {
            template: "home.html".into(),
            values: vec![
                ("page", page),
                ("pager", pager),
                ("lead", lead.map_or_else(Value::none, |id| self.card(id))),
                ("entries", rest.into()),
                ("days", self.days(&ids, entries)),
                ("stories", self.running()),
                ("since", self.day(since)),
                ("topics", self.main_topics()),
                ("kinds", self.most_named(counted.as_deref())),
                ("counts", counts),
            ],
        }
    }

    /// Returns which of the latest articles, newest first, leads: a new one, or one of an event that many report.
    fn leading(&self, ids: &[ArticleId]) -> Option<usize> {
        let date = |id: &ArticleId| Some(self.site.articles[*id].date.as_ref()?.value.date);
        let newest = ids.first().and_then(date);
        let from = newest.and_then(|newest| newest.checked_sub(LEAD_DAYS.days()).ok());
        // The reports of one event are worth the same, so its latest leads.
        let worth = |(at, id): (usize, &ArticleId)| {
            let reports = self.relations.story_of(*id).map_or(0, |(_, reports)| reports.len() - 1);
            (LEADING - at + reports.min(REPORTS) * REPORT, Reverse(at))
        };
        let latest = ids.iter().take(LEADING).enumerate();
        let latest = latest.filter(|(at, id)| *at == 0 || date(id) > from);
        latest.max_by_key(|one| worth(*one)).map(|(at, _)| at)
    }

    /// Returns the entries of some articles, newest first, by the day of each; by months or years where days have one alone.
    fn days(&self, ids: &[ArticleId], entries: &dyn Entries) -> Value {
        if !self.words.has("days") {
            return Value::none();
        }
        let date = |id: &ArticleId| Some(self.site.articles[*id].date.as_ref()?.value.date);
        let cut = |unit: fn(Date) -> (i16, i8, i8)| {
            ids.chunk_by(move |a, b| date(a).map(unit) == date(b).map(unit)).collect::<Vec<_>>()
        };
        let by_day = cut(|date| (date.year(), date.month(), date.day()));
        let by_month = cut(|date| (date.year(), date.month(), 0));
        let by_year = cut(|date| (date.year(), 0, 0));
        let is_full = |groups: &[&[ArticleId]]| groups.len() * 2 <= ids.len();
        let day: Name<'_> = &|date| self.when(&When { date, instant: None });
        let named =
            |iso: String, text: String| object! { self.words; "iso" => iso, "text" => text };
        let month: Name<'_> = &|date| {
            let name = self.strings.month_year(date.month(), date.year());
            named(format!("{:04}-{:02}", date.year(), date.month()), name)
        };
        let year: Name<'_> =
            &|date| named(format!("{:04}", date.year()), self.strings.year(date.year()));
        let (groups, name) = if is_full(&by_day) {
            (by_day, day)
        } else if is_full(&by_month) {
            (by_month, month)
        } else {
            (by_year, year)
        };
        let groups = groups.into_iter().map(|ids| {
            let entries: Vec<Value> = ids.iter().map(|id| entries.entry(*id)).collect();
            let date = ids.first().and_then(date).map_or_else(Value::none, name);
            object! { self.words; "date" => date, "entries" => entries }
        });
        groups.collect::<Vec<Value>>().into()
    }

    /// Returns the stories with the latest reports.
    fn running(&self) -> Value {
        if !self.words.has("stories") {
            return Value::none();
        }
        let stories = running_stories(self.site, self.relations).into_iter();
        stories.map(|first| self.story_link(first)).collect::<Vec<Value>>().into()
    }

    fn main_topics(&self) -> Value {
        let mut ids: Vec<TopicId> = self.site.topics.ids().collect();
        ids.retain(|id| !self.site.topics[*id].articles.is_empty());
        ids.sort_by_key(|id| (Reverse(self.site.topics[*id].articles.len()), *id));
        let top = ids.into_iter().take(self.config.topics.on_home);
        top.map(|id| self.topic_link(id)).collect::<Vec<_>>().into()
    }

    /// Returns the entities in most articles, of each kind, or in most of `among`; those that a person vouches for first among
    /// equals.
    fn most_named(&self, among: Option<&[ArticleId]>) -> Value {
        let kinds = &self.config.entities.kinds;
        let shown = self.config.entities.on_home;
        let mut counts: FxHashMap<EntityId, usize> = FxHashMap::default();
        for id in among.into_iter().flatten() {
            for link in &self.site.articles[*id].entities {
                *counts.entry(link.entity).or_default() += 1;
            }
        }
        let count = |id: EntityId| match among {
            Some(_) => counts.get(&id).copied().unwrap_or_default(),
            None => self.site.entities[id].articles.len(),
        };
        let groups = kinds.all().filter_map(|kind| {
            let mut ids: Vec<EntityId> = self.site.of_kind(kind).collect();
            ids.retain(|id| count(*id) > 0);
            let rank = |id: &EntityId| {
                let entity = &self.site.entities[*id];
                (Reverse(count(*id)), entity.status == Status::Suggested, *id)
            };
            ids.sort_by_key(rank);
            let link = |id: EntityId| match among {
                Some(_) => self.counted_link(id, count(id)),
                None => self.entity_link(id),
            };
            let items: Vec<Value> = ids.into_iter().take(shown).map(link).collect();
            let plural = kinds.plural(kind);
            (!items.is_empty()).then(|| {
                object! { self.words;
                    "id" => kinds.id(kind),
                    "name" => self.strings.kind(plural),
                    "url" => self.page_href(PageKind::Kind(kind)),
                    "items" => items,
                }
            })
        });
        groups.collect::<Vec<Value>>().into()
    }

    /// Returns the link to an entity with another number than that of all its articles.
    fn counted_link(&self, id: EntityId, count: usize) -> Value {
        let entity = &self.site.entities[id];
        object! { self.words;
            "name" => entity.name.as_str(),
            "url" => self.href(&self.plan.urls.entities[id]),
            "count" => count,
            "suggested" => entity.status == Status::Suggested,
            "kind_name" => self.kinds[entity.kind.index()].clone(),
            "last" => self.last_date(&entity.articles),
        }
    }
}

/// Returns the first articles of the stories that go on: those with the latest reports, the latest first.
pub(crate) fn running_stories(site: &Site, relations: &Relations) -> Vec<ArticleId> {
    let date = |id: &ArticleId| Some(site.articles[*id].date.as_ref()?.value.date);
    let newest = site.articles.ids().next_back().as_ref().and_then(date);
    let from = newest.and_then(|newest| newest.checked_sub(RECENT_DAYS.days()).ok());
    let last = |first: &ArticleId| relations.reports[*first].last().copied();
    let mut all = relations.told_stories();
    all.retain(|first| last(first).as_ref().and_then(date) >= from);
    all.sort_by_key(|first| Reverse(last(first)));
    all.truncate(STORIES);
    all
}
