//! Issues, and the list of them.

use tera::Value;

use super::page::{Entries, Meta};
use super::value::{object, optional};
use super::{PageView, Views};
use crate::config::Every;
use crate::plan::{FeedOf, Issue, PageKind, Pages};

impl Views<'_> {
    /// Returns what an issue is called.
    pub(crate) fn issue_name(&self, issue: &Issue) -> String {
        let (Some(date), Some(from)) = (issue.date, issue.from) else { return issue.title.clone() };
        match self.config.issues {
            Every::Month => self.strings.month_year(date.month(), date.year()),
            Every::Week => {
                let week = from.iso_week_date();
                let name =
                    self.strings.fill("issue_week", "week", &self.strings.year(week.week().into()));
                name.replace("{year}", &self.strings.year(week.year()))
            }
            Every::Day | Every::Never => self.strings.date(date),
        }
    }

    fn issue_link(&self, at: usize) -> Value {
        let Some(issue) = self.plan.issues.get(at) else { return Value::none() };
        let first = issue.articles.first().map(|id| self.site.articles[*id].title.value.as_str());
        object! { self.words;
            "title" => self.issue_name(issue),
            "url" => self.href(&issue.url),
            "date" => self.day(issue.date),
            "from" => self.day(issue.from),
            "count" => issue.articles.len(),
            "summary" => optional(issue.summary.as_deref()),
            "first_title" => optional(first),
        }
    }

    /// Returns a page of the list of issues, the latest first.
    pub(super) fn issues(&self, number: Option<usize>) -> PageView {
        let name = self.strings.get("issues");
        let feed = Some(FeedOf::Issues);
        let meta = Meta { title: name.into(), nav_id: Some("issues"), feed, ..Meta::default() };
        let cut = Pages::new(self.plan.issues.len(), self.config.page_size);
        let page = PageKind::Issues(number);
        let bare = self.plan.url(page.newest(), self.config);
        let items: Vec<Value> = cut.items(number).rev().map(|at| self.issue_link(at)).collect();
        let value = object! { self.words; "name" => name, "count" => self.plan.issues.len(), "items" => items };
        PageView {
            template: "issues.html".into(),
            values: vec![
                ("page", self.page(page, "issues", meta)),
                ("pager", self.pager(&bare, cut, number)),
                ("issues", value),
            ],
        }
    }

    /// Returns the page of an issue.
    pub(super) fn issue(&self, at: usize, entries: &dyn Entries) -> PageView {
        let issue = &self.plan.issues[at];
        let name = self.issue_name(issue);
        let note = issue.note.map(|number| &self.site.pages[number]);
        let meta = Meta {
            title: name.as_str().into(),
            description: issue.summary.as_deref(),
            robots: note.filter(|note| note.front.draft).map(|_| "noindex"),
            nav_id: Some("issues"),
            trail: self.trail(|| (self.strings.get("issues").into(), PageKind::Issues(None))),
            language: note.and_then(|note| note.front.language.as_deref()),
            feed: Some(FeedOf::Issues),
            ..Meta::default()
        };
        let body = issue.note.map(|number| {
            let note = &self.site.pages[number];
            Value::safe_string(&note.body.annotate(&[], &self.plan.page_links[number]))
        });
        let beside = |at: Option<usize>| at.map_or_else(Value::none, |at| self.issue_link(at));
        let shown: Vec<Value> = issue.articles.iter().map(|id| entries.entry(*id)).collect();
        let value = object! { self.words;
            "title" => name.as_str(),
            "date" => self.day(issue.date),
            "from" => self.day(issue.from),
            "count" => issue.articles.len(),
            "body" => body.unwrap_or_else(Value::none),
            "newer" => beside(Some(at + 1)),
            "older" => beside(at.checked_sub(1)),
        };
        PageView {
            template: crate::plan::ISSUE.into(),
            values: vec![
                ("page", self.page(PageKind::Issue(at), "issue", meta)),
                ("pager", Value::none()),
                ("issue", value),
                ("entries", shown.into()),
            ],
        }
    }
}
