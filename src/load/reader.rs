//! Typed reading of a table: collects every problem instead of stopping at the first.

use std::ops::Range;

use jiff::tz::TimeZone;

use super::When;
use super::dates::parse_when;
use super::node::{Entry, Node, Value};
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;
use crate::text::strip_controls;

/// The reports on one file.
pub(super) struct Reports<'a> {
    path: &'a SitePath,
    text: &'a str,
    list: Vec<Diagnostic>,
}

impl<'a> Reports<'a> {
    pub(super) fn new(path: &'a SitePath, text: &'a str) -> Self {
        Self { path, text, list: Vec::new() }
    }

    /// Adds a report, at `span` if it is known.
    pub(super) fn add(&mut self, report: Diagnostic, span: Option<&Range<usize>>) {
        self.list.push(match span {
            Some(span) => report.at(self.path, self.text, span.clone()),
            None => report.in_file(self.path),
        });
    }

    /// Reports a value that has the right type and cannot be used.
    pub(super) fn bad_value(&mut self, node: &Node, message: String, help: &str) {
        self.add(Diagnostic::new(Code::FrontMatterValue, message).help(help), node.span.as_ref());
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong_type(&mut self, key: &str, node: &Node, expected: &str) {
        let message =
            format!("`{}` holds {} instead of {expected}", shown(key), node.value.type_name());
        self.add(Diagnostic::new(Code::FrontMatterType, message), node.span.as_ref());
    }

    pub(super) fn into_list(self) -> Vec<Diagnostic> {
        self.list
    }

    /// Returns the text of a scalar, just as it was written; reports anything else.
    pub(super) fn scalar(&mut self, key: &str, node: &Node) -> Option<String> {
        match &node.value {
            Value::String(text) | Value::Date(text) => Some(text.clone()),
            Value::Int(number) => Some(self.written(node).unwrap_or_else(|| number.to_string())),
            Value::Float(number) => Some(self.written(node).unwrap_or_else(|| number.to_string())),
            Value::Null => None,
            Value::Bool(_) | Value::List(_) | Value::Table(_) => {
                self.wrong_type(key, node, "a string");
                None
            }
        }
    }

    /// Returns a number as the writer spelt it, so that `1.10` does not become `1.1`.
    fn written(&self, node: &Node) -> Option<String> {
        let text = self.text.get(node.span.clone()?)?.trim();
        text.parse::<f64>().is_ok().then(|| text.to_owned())
    }

    /// Returns one line of text; reports what is none.
    pub(super) fn line(&mut self, key: &str, node: &Node) -> Option<String> {
        let line = match &node.value {
            Value::String(text) => one_line(text),
            _ => one_line(&self.scalar(key, node)?),
        };
        Some(line).filter(|text| !text.is_empty())
    }

    /// Adds the names in a list, a single name, or tables with `name`, leaving repetitions out.
    pub(super) fn names(&mut self, key: &str, node: &Node, out: &mut Vec<String>) {
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.name(key, item, out)),
            _ => self.name(key, node, out),
        }
    }

    fn name(&mut self, key: &str, item: &Node, out: &mut Vec<String>) {
        let name = match &item.value {
            Value::Table(entries) => {
                let named = entries.iter().find(|entry| entry.key == "name");
                if named.is_none() {
                    self.wrong_type(key, item, "a name or a table with `name`");
                }
                named.and_then(|entry| self.line(key, &entry.node))
            }
            _ => self.line(key, item),
        };
        out.extend(name.filter(|name| !out.contains(name)));
    }

    /// Returns a date; reports what is none.
    pub(super) fn when(&mut self, key: &str, node: &Node, zone: &TimeZone) -> Option<When> {
        let text = self.line(key, node)?;
        let when = parse_when(&text, zone);
        if when.is_none() {
            let help = "write it as `2024-05-06` or `2024-05-06T07:08:09Z`";
            self.bad_value(node, format!("`{}` is not a date: `{text}`", shown(key)), help);
        }
        when
    }

    /// Returns an address of the web; reports what is none.
    pub(super) fn url(&mut self, key: &str, node: &Node) -> Option<String> {
        let text = self.line(key, node)?;
        if is_web_url(&text) {
            return Some(text);
        }
        let help = "it must start with `https://` or `http://` and hold no space or quote";
        self.bad_value(node, format!("`{}` is not a web address: `{text}`", shown(key)), help);
        None
    }
}

/// The keys of one table, read by name; what nobody asked for is unknown.
pub(super) struct Reader<'a, 'r> {
    entries: &'a [Entry],
    used: Vec<bool>,
    asked: Vec<&'a str>,
    /// Where problems go.
    pub(super) reports: &'r mut Reports<'a>,
}

impl<'a, 'r> Reader<'a, 'r> {
    pub(super) fn new(entries: &'a [Entry], reports: &'r mut Reports<'a>) -> Self {
        Self { entries, used: vec![false; entries.len()], asked: Vec::new(), reports }
    }

    /// Returns all entries with one of the names, in the order of `names`; missing values are left out.
    pub(super) fn all(&mut self, names: &[&'a str]) -> Vec<&'a Entry> {
        self.asked.extend(names);
        let mut found = Vec::new();
        for name in names {
            for (entry, used) in self.entries.iter().zip(&mut self.used) {
                if entry.key == *name && !*used {
                    *used = true;
                    found.extend((!is_missing(&entry.node.value)).then_some(entry));
                }
            }
        }
        found
    }

    /// Returns the first entry with one of the names, and reports the others as repetitions.
    pub(super) fn entry(&mut self, names: &[&'a str]) -> Option<&'a Entry> {
        let mut found = self.all(names).into_iter();
        let first = found.next()?;
        for other in found {
            let message =
                format!("`{}` and `{}` mean the same, and both are set", first.key, other.key);
            let report = Diagnostic::new(Code::FrontMatterTwice, message)
                .help(format!("`{}` is used; remove `{}`", first.key, other.key));
            self.reports.add(report, other.span.as_ref());
        }
        Some(first)
    }

    /// Returns and uses up the value of `name` if it is true or false; else leaves it for another reading.
    pub(super) fn flag_only(&mut self, name: &str) -> Option<bool> {
        let at = self.entries.iter().position(|entry| entry.key == name)?;
        let Value::Bool(value) = self.entries[at].node.value else { return None };
        self.used[at] = true;
        Some(value)
    }

    pub(super) fn line(&mut self, names: &[&'a str]) -> Option<String> {
        let entry = self.entry(names)?;
        self.reports.line(&entry.key, &entry.node)
    }

    pub(super) fn url(&mut self, names: &[&'a str]) -> Option<String> {
        let entry = self.entry(names)?;
        self.reports.url(&entry.key, &entry.node)
    }

    pub(super) fn when(&mut self, names: &[&'a str], zone: &TimeZone) -> Option<When> {
        let entry = self.entry(names)?;
        self.reports.when(&entry.key, &entry.node, zone)
    }

    /// Merges the names under all of the keys.
    pub(super) fn names(&mut self, names: &[&'a str]) -> Vec<String> {
        let mut out = Vec::new();
        for entry in self.all(names) {
            self.reports.names(&entry.key, &entry.node, &mut out);
        }
        out
    }

    pub(super) fn flag(&mut self, name: &'a str) -> Option<bool> {
        let entry = self.entry(&[name])?;
        let value = match &entry.node.value {
            Value::Bool(value) => Some(*value),
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        };
        if value.is_none() {
            self.reports.wrong_type(&entry.key, &entry.node, "`true` or `false`");
        }
        value
    }

    pub(super) fn int(&mut self, name: &'a str) -> Option<i64> {
        let entry = self.entry(&[name])?;
        let value = match &entry.node.value {
            Value::Int(value) => Some(*value),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if value.is_none() {
            self.reports.wrong_type(&entry.key, &entry.node, "a whole number");
        }
        value
    }

    /// Returns where the value of a key is.
    pub(super) fn span(&self, key: &str) -> Option<Range<usize>> {
        self.entries.iter().find(|entry| entry.key == key)?.node.span.clone()
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self) {
        self.finish_with("it has no effect; values of your own belong in `[extra]`");
    }

    /// Reports the keys that nobody asked for, with what to do about them.
    pub(super) fn finish_with(self, help: &str) {
        for (entry, _) in self.entries.iter().zip(&self.used).filter(|(_, used)| !**used) {
            let message = format!("unknown key `{}`", shown(&entry.key));
            let report = Diagnostic::new(Code::FrontMatterKey, message)
                .help(help)
                .did_you_mean(&entry.key, self.asked.iter().copied());
            self.reports.add(report, entry.span.as_ref());
        }
    }
}

/// A key or value as a report shows it.
pub(super) fn shown(text: &str) -> String {
    text.escape_debug().to_string()
}

/// Templates of new articles leave keys empty; an empty value is no value.
fn is_missing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Drops control characters and turns every run of white space into one space.
pub(super) fn one_line(text: &str) -> String {
    let bytes = text.as_bytes();
    let plain = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ");
    if plain {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    strip_controls(&words.join(" ")).into_owned()
}

/// Returns whether `text` is an address of the web that can stand in an attribute.
pub(super) fn is_web_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let bad =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '`');
    web && !rest.is_empty() && !rest.starts_with(['/', '?', '#']) && !rest.contains(bad)
}
