//! How many articles there are from each year or month: a drawing, and the same numbers for a table.

use std::collections::BTreeMap;

use jiff::civil::Date;
use tera::Value;

use super::value::object;
use super::{Views, svg};
use crate::ids::ArticleId;
use crate::relate::Companion;

/// Fewer articles with a date are counted at a glance.
const LEAST: usize = 3;
/// More years than this are too many for a bar each month.
const MONTHS_UP_TO: i16 = 3;
/// Names in a drawing of who is named with whom.
const NODES: usize = 8;

impl Views<'_> {
    /// Returns how many of some articles, oldest first, there are from each year or month; null when one bar would show all.
    pub(super) fn coverage(&self, articles: &[ArticleId]) -> Value {
        let date = |id: &ArticleId| Some(self.site.articles[*id].date.as_ref()?.value.date);
        let dates: Vec<Date> = articles.iter().filter_map(date).collect();
        let (Some(first), Some(last)) = (dates.iter().min(), dates.iter().max()) else {
            return Value::none();
        };
        let by_month = last.year() - first.year() < MONTHS_UP_TO;
        let place = |date: &Date| {
            if by_month {
                usize::try_from(
                    i32::from(date.year() - first.year()) * 12 + i32::from(date.month())
                        - i32::from(first.month()),
                )
            } else {
                usize::try_from(date.year() - first.year())
            }
            .unwrap_or(0)
        };
        if dates.len() < LEAST || place(last) == 0 {
            return Value::none();
        }
        let mut counts = vec![0; place(last) + 1];
        let mut named: BTreeMap<usize, Date> = BTreeMap::new();
        for date in &dates {
            counts[place(date)] += 1;
            named.entry(place(date)).or_insert(*date);
        }
        let rows = named.into_iter().map(|(at, date)| {
            let year = date.year();
            let (name, url) = if by_month {
                let month = Some(date.month());
                let name = self.strings.month_year(date.month(), year);
                (name, self.plan.archive_url(year, month))
            } else {
                (self.strings.year(year), self.plan.archive_url(year, None))
            };
            object! { self.words; "name" => name.as_str(), "url" => self.href(&url), "count" => counts[at] }
        });
        let rows: Vec<Value> = rows.collect();
        let svg = svg::bars(&counts).unwrap_or_default();
        object! { self.words;
            "svg" => Value::safe_string(&svg),
            "from" => self.strings.date(*first),
            "to" => self.strings.date(*last),
            "rows" => rows,
        }
    }

    /// Returns a drawing of who is named with somebody; null when there are too few.
    pub(super) fn graph(&self, companions: &[Companion]) -> Value {
        let node = |one: &Companion| svg::Node {
            name: self.site.entities[one.entity].name.clone(),
            url: self.href(&self.plan.urls.entities[one.entity]),
            count: one.articles as usize,
        };
        let nodes: Vec<svg::Node> = companions.iter().take(NODES).map(node).collect();
        svg::graph(&nodes).map_or_else(Value::none, |svg| Value::safe_string(&svg))
    }
}
