//! The visible strings of the theme, as views need them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::theme::{Numbers, Theme};

/// Looks up the strings of `i18n/LANG.toml`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strings<'a> {
    all: &'a BTreeMap<String, String>,
    numbers: &'a Numbers,
}

impl<'a> Strings<'a> {
    /// Wraps a theme's strings.
    pub(crate) fn new(theme: &'a Theme) -> Self {
        Self { all: &theme.strings, numbers: &theme.numbers }
    }

    /// Returns how many there are of something, for people.
    pub(crate) fn count(self, number: usize) -> String {
        self.numbers.write(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// Returns a year, for people.
    pub(crate) fn year(self, year: i16) -> String {
        self.numbers.digits(year.into())
    }

    /// Returns a month of a year, by the pattern `month_year`.
    pub(crate) fn month_year(self, month: i8, year: i16) -> String {
        let pattern = self.get("month_year").replace("{month}", &self.month(month));
        pattern.replace("{year}", &self.year(year))
    }

    /// Returns a string; its key when the theme lacks it.
    pub(crate) fn get<'k>(self, key: &'k str) -> &'k str
    where
        'a: 'k,
    {
        self.all.get(key).map_or(key, String::as_str)
    }

    /// Returns a kind's heading: the theme's word for its plural, else the plural with a capital.
    pub(crate) fn kind(self, plural: &str) -> String {
        self.all.get(&format!("kind_{plural}")).cloned().unwrap_or_else(|| {
            let mut chars = plural.chars();
            let first = chars.next().into_iter().flat_map(char::to_uppercase);
            first.chain(chars).map(|c| if c == '_' || c == '-' { ' ' } else { c }).collect()
        })
    }

    /// Returns the name of a month, 1 to 12.
    pub(crate) fn month(self, month: i8) -> String {
        self.get(&format!("month_{month}")).to_owned()
    }

    /// Returns a date for people, by the pattern `date`, or `date_first` for the first day of a month in languages that have it.
    pub(crate) fn date(self, date: Date) -> String {
        let first = self.all.get("date_first").filter(|_| date.day() == 1);
        first
            .map_or_else(|| self.get("date"), String::as_str)
            .replace("{day}", &self.numbers.digits(date.day().into()))
            .replace("{month}", &self.month(date.month()))
            .replace("{year}", &self.year(date.year()))
    }

    /// Returns what a rule does, for people; the rule's own name when the theme has no words for it.
    pub(crate) fn rule(self, rule: &str) -> String {
        let key = format!("rule_{}", rule.replace(['.', '-'], "_"));
        self.all.get(&key).cloned().unwrap_or_else(|| rule.to_owned())
    }

    /// Returns a string with `{name}` replaced.
    pub(crate) fn fill(self, key: &str, name: &str, value: &str) -> String {
        self.get(key).replace(&format!("{{{name}}}"), value)
    }
}
