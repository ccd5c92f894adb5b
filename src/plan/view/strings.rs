//! The visible strings of the theme, as views need them.

use std::collections::BTreeMap;

use jiff::civil::Date;

/// Looks up the strings of `i18n/LANG.toml`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strings<'a> {
    all: &'a BTreeMap<String, String>,
}

impl<'a> Strings<'a> {
    /// Wraps a theme's strings.
    pub(crate) fn new(all: &'a BTreeMap<String, String>) -> Self {
        Self { all }
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

    /// Returns a date for people, by the pattern `date`.
    pub(crate) fn date(self, date: Date) -> String {
        self.get("date")
            .replace("{day}", &date.day().to_string())
            .replace("{month}", &self.month(date.month()))
            .replace("{year}", &date.year().to_string())
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
