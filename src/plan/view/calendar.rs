//! Calendars of a year or a month: for each day how many articles there are, and where they stand.

use jiff::ToSpan as _;
use jiff::civil::Date;
use tera::Value;

use super::Views;
use super::page::Entries;
use super::value::{object, optional};
use crate::ids::{ArticleId, Id};
use crate::load::When;
use crate::plan::{PageKind, Pages, Period};

/// Days of a week.
const WEEK: usize = 7;

/// How many articles there are from a day, and the address of the first of them on a page.
struct Day {
    date: Date,
    count: usize,
    url: String,
}

/// Returns the anchor of a day on the pages of its month.
fn anchor(date: Date) -> String {
    format!("d-{date}")
}

impl Views<'_> {
    /// Returns the calendar of a year or month.
    pub(super) fn calendar(&self, period: Period) -> Value {
        if !self.words.has("calendar") {
            return Value::none();
        }
        let date = |at: u32| {
            Some(self.site.articles[ArticleId::from_index(at as usize)].date.as_ref()?.value.date)
        };
        let is_year = period.month == 0;
        let dates: Vec<Date> = (period.first..period.end).filter_map(date).collect();
        let months: Vec<Vec<Day>> = dates
            .chunk_by(|a, b| a.month() == b.month())
            .map(|dates| self.month_days(dates, is_year))
            .collect();
        let most = months.iter().flatten().map(|day| day.count).max().unwrap_or(1);
        let rows = months.iter().flatten().rev().map(|day| {
            object! { self.words; "name" => self.strings.date(day.date), "url" => day.url.as_str(), "count" => day.count }
        });
        let rows: Vec<Value> = rows.collect();
        let months = months.iter().map(|days| self.month(days, most, is_year));
        object! { self.words;
            "weekdays" => self.weekdays(),
            "months" => months.collect::<Vec<Value>>(),
            "rows" => rows,
        }
    }

    /// Counts the articles of a month, whose dates are in order, by day; for the newest page of the month itself unless `afar`.
    fn month_days(&self, dates: &[Date], afar: bool) -> Vec<Day> {
        let pages = Pages::new(dates.len(), self.config.page_size);
        let mut end = 0;
        let days = dates.chunk_by(|a, b| a == b).map(|day| {
            end += day.len();
            let date = day[0];
            let month = Period { year: date.year(), month: date.month(), first: 0, end: 0 };
            // A page shows the last of its articles first.
            let number = pages.number_of(end - 1);
            let is_here = !afar && number.is_none();
            let page = || self.page_href(PageKind::Month(month, number));
            let page = if is_here { String::new() } else { page() };
            let url = [&page, "#", &anchor(date)].concat();
            Day { date, count: day.len(), url }
        });
        days.collect()
    }

    /// Returns a month as weeks of seven days, which may be of another month: null; `linked` says whether it leads to its page.
    fn month(&self, days: &[Day], most: usize, linked: bool) -> Value {
        let Some(first) = days.first().map(|day| day.date.first_of_month()) else {
            return Value::none();
        };
        let before = (weekday(first) + WEEK - self.week_begins()) % WEEK;
        let mut cells = vec![Value::none(); before];
        for number in 0..first.days_in_month() {
            let date = first.saturating_add(i64::from(number).days());
            let day = days.iter().find(|day| day.date == date);
            let count = day.map_or(0, |day| day.count);
            cells.push(object! { self.words;
                "day" => self.strings.count(usize::try_from(date.day()).unwrap_or(0)),
                "name" => self.strings.date(date),
                "url" => optional(day.map(|day| day.url.as_str())),
                "count" => count,
                // None at all is 0, the fullest day is 4.
                "level" => (count * 4).div_ceil(most),
            });
        }
        cells.resize(cells.len().next_multiple_of(WEEK), Value::none());
        let month = Period { year: first.year(), month: first.month(), first: 0, end: 0 };
        object! { self.words;
            "name" => self.strings.month_year(first.month(), first.year()),
            "url" => if linked { self.page_href(PageKind::Month(month, None)).into() } else { Value::none() },
            "weeks" => cells.chunks(WEEK).map(|week| Value::from(week.to_vec())).collect::<Vec<Value>>(),
        }
    }

    /// Returns the day with which a week begins, from 0 for Monday on.
    fn week_begins(&self) -> usize {
        let day = self.strings.get("week_begins").parse().unwrap_or(1);
        usize::checked_sub(day, 1).unwrap_or(0) % WEEK
    }

    fn weekdays(&self) -> Value {
        let days = (0..WEEK).map(|at| (self.week_begins() + at) % WEEK + 1);
        let days = days.map(|day| {
            object! { self.words;
                "name" => self.strings.get(&format!("weekday_{day}")),
                "short" => self.strings.get(&format!("weekday_short_{day}")),
            }
        });
        days.collect::<Vec<Value>>().into()
    }

    /// Returns the entries of some articles of a month, newest first, by day.
    pub(super) fn month_entries(&self, ids: &[ArticleId], entries: &dyn Entries) -> Value {
        let date = |id: &ArticleId| Some(self.site.articles[*id].date.as_ref()?.value.date);
        let days = ids.chunk_by(|a, b| date(a) == date(b)).filter_map(|ids| {
            let date = date(ids.first()?)?;
            let entries: Vec<Value> = ids.iter().map(|id| entries.entry(*id)).collect();
            Some(object! { self.words;
                "id" => anchor(date),
                "date" => self.when(&When { date, instant: None }),
                "entries" => entries,
            })
        });
        days.collect::<Vec<Value>>().into()
    }
}

/// Returns the day of the week, from 0 for Monday on.
fn weekday(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)
}
