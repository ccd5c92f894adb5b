//! A reader for one table of `site.toml` that reports instead of stopping.
//!
//! # Design
//!
//! Deserializing with `deny_unknown_fields` stops at the first problem. A
//! [`Section`] is asked for keys by name and notes every name it is asked for,
//! so [`Section::finish`] knows which keys of the table nobody wanted, and the
//! names cannot drift apart from the code that reads them. A getter leaves its
//! target alone when the key is absent or wrong: the default stays.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diag::{Code, Diagnostic, Place, Span};
use crate::files::SitePath;
use crate::text::strip_controls;

/// A key or value with its place.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// The file that is read, and what is wrong with it so far.
pub(super) struct Source<'a> {
    path: &'a SitePath,
    text: &'a str,
    /// Shared by all sections of the file, which are open at the same time.
    problems: RefCell<Vec<Diagnostic>>,
}

impl<'a> Source<'a> {
    /// Returns a source without problems.
    pub(super) fn new(path: &'a SitePath, text: &'a str) -> Self {
        Self { path, text, problems: RefCell::default() }
    }

    /// Adds a problem at a byte range of the file.
    pub(super) fn report(&self, problem: Diagnostic, range: std::ops::Range<usize>) {
        self.problems.borrow_mut().push(problem.at(self.path, self.text, range));
    }

    /// Returns a byte range of the file as the place of a report.
    pub(super) fn place(&self, range: std::ops::Range<usize>) -> Place {
        Place { path: self.path.clone(), span: Some(Span::new(self.text, range)) }
    }

    /// Returns the problems, in the order of the file.
    pub(super) fn into_problems(self) -> Vec<Diagnostic> {
        let mut problems = self.problems.into_inner();
        crate::diag::sort(&mut problems);
        problems
    }
}

/// One table of the file; absent tables read as empty ones.
pub(super) struct Section<'a> {
    source: &'a Source<'a>,
    table: Option<&'a DeTable<'a>>,
    /// `feeds.` for `[feeds]`, empty for the root.
    prefix: String,
    known: Vec<&'a str>,
}

impl<'a> Section<'a> {
    /// Returns the root of the file.
    pub(super) fn root(source: &'a Source<'a>, table: &'a DeTable<'a>) -> Self {
        Self { source, table: Some(table), prefix: String::new(), known: Vec::new() }
    }

    /// Returns the table `name`.
    pub(super) fn section(&mut self, name: &'static str) -> Self {
        let table = self.typed(name, "a table", DeValue::as_table).map(|(table, _)| table);
        Self {
            source: self.source,
            table,
            prefix: format!("{}{name}.", self.prefix),
            known: Vec::new(),
        }
    }

    /// Returns the entries of the table `name` whose keys the user chooses, in the order of the file.
    pub(super) fn entries(
        &mut self,
        name: &'static str,
    ) -> Vec<(&'a Spanned<std::borrow::Cow<'a, str>>, &'a Value<'a>)> {
        self.typed(name, "a table", DeValue::as_table)
            .map(|(table, _)| in_order(table))
            .unwrap_or_default()
    }

    /// Returns the entries that were not asked for, which thereby are, in the order of the file.
    pub(super) fn others(self) -> Vec<(&'a Spanned<std::borrow::Cow<'a, str>>, &'a Value<'a>)> {
        let mut entries = self.table.map(in_order).unwrap_or_default();
        entries.retain(|(key, _)| !self.known.contains(&key.get_ref().as_ref()));
        entries
    }

    /// Returns the tables of the table `name`, whose keys the user chooses, in the order of the file.
    pub(super) fn tables(
        &mut self,
        name: &'static str,
        shape: &str,
    ) -> Vec<(&'a Spanned<std::borrow::Cow<'a, str>>, Self)> {
        let mut out = Vec::new();
        for (key, value) in self.entries(name) {
            let inner = format!("{name}.{}", key.get_ref());
            match value.get_ref().as_table() {
                Some(table) => {
                    let prefix = format!("{}{inner}.", self.prefix);
                    let table = Some(table);
                    out.push((key, Self { source: self.source, table, prefix, known: Vec::new() }));
                }
                None => self.wrong_type(&inner, shape, value),
            }
        }
        out
    }

    /// Returns keys, their places and values that are strings, in the order of the file.
    pub(super) fn texts(&self) -> Vec<(&'a str, std::ops::Range<usize>, Option<&'a str>)> {
        let entries = self.table.into_iter().flat_map(|table| in_order(table));
        entries
            .map(|(key, value)| (key.get_ref().as_ref(), key.span(), value.get_ref().as_str()))
            .collect()
    }

    /// Reports at a key, and quotes nothing that stands behind it.
    pub(super) fn report_hidden(&self, problem: Diagnostic, key: std::ops::Range<usize>) {
        let Source { path, text, problems } = self.source;
        problems.borrow_mut().push(problem.at(path, &text[..key.end], key));
    }

    /// Reports that the table, whose name is `key`, does not say something that it must.
    pub(super) fn missing<T>(&self, key: &Spanned<T>, name: &str, help: &str) {
        let table = self.prefix.trim_end_matches('.');
        let message = format!("`{table}` does not say its {name}");
        self.source.report(Diagnostic::new(Code::ConfigValue, message).help(help), key.span());
    }

    /// Returns the value of `name` as it is.
    pub(super) fn raw(&mut self, name: &'static str) -> Option<&'a Value<'a>> {
        self.known.push(name);
        self.table?.get(name)
    }

    /// Reads a string.
    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.typed(name, "a string", DeValue::as_str)
            .map(|(text, _)| strip_controls(text).into_owned())
    }

    /// Reads `true` or `false`.
    pub(super) fn flag(&mut self, name: &'static str, into: &mut bool) {
        if let Some((flag, _)) = self.typed(name, "`true` or `false`", DeValue::as_bool) {
            *into = flag;
        }
    }

    /// Reads a whole number within a range.
    pub(super) fn number<N: TryFrom<u64>>(
        &mut self,
        name: &'static str,
        range: RangeInclusive<u64>,
        into: &mut N,
    ) {
        let shape = format!("a whole number from {} to {}", range.start(), range.end());
        let Some((integer, value)) = self.typed(name, &shape, DeValue::as_integer) else { return };
        let number = u64::from_str_radix(integer.as_str(), integer.radix())
            .ok()
            .filter(|n| range.contains(n));
        match number.and_then(|n| N::try_from(n).ok()) {
            Some(number) => *into = number,
            None => self.invalid(name, integer.as_str(), "it is out of range", &shape, value),
        }
    }

    /// Reads a string that `parse` turns into a checked value; `shape` says what is expected.
    pub(super) fn parsed<T>(
        &mut self,
        name: &'static str,
        shape: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let (text, value) = self.typed(name, shape, DeValue::as_str)?;
        parse(text).map_err(|why| self.invalid(name, text, &why, shape, value)).ok()
    }

    /// Reads one of a few words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        words: &[(&str, T)],
        into: &mut T,
    ) {
        let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let shape = format!("one of {}", list.join(", "));
        let find =
            |text: &str| words.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
        let found = self.parsed(name, &shape, |text| {
            find(text).ok_or_else(|| "there is no such choice".to_owned())
        });
        if let Some(choice) = found {
            *into = choice;
        }
    }

    /// Reads a list of a few words, each of which stands in the result once; every other item is reported.
    pub(super) fn choices<T: Copy + PartialEq>(
        &mut self,
        name: &'static str,
        words: &[(&str, T)],
        into: &mut Vec<T>,
    ) {
        let list: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let shape = format!("a list of {}", list.join(", "));
        let Some((items, _)) = self.typed(name, &shape, DeValue::as_array) else { return };
        into.clear();
        for item in items {
            let Some(text) = item.get_ref().as_str() else {
                self.wrong_type(name, &shape, item);
                continue;
            };
            match words.iter().find(|(word, _)| *word == text) {
                Some((_, choice)) if into.contains(choice) => {}
                Some((_, choice)) => into.push(*choice),
                None => self.invalid(name, text, "there is no such choice", &shape, item),
            }
        }
    }

    /// Reads a list of strings; every item that is not one is reported.
    pub(super) fn names(&mut self, name: &'static str, into: &mut Vec<String>) {
        const SHAPE: &str = "a list of strings";
        let Some((items, _)) = self.typed(name, SHAPE, DeValue::as_array) else { return };
        into.clear();
        for item in items {
            match item.get_ref().as_str() {
                Some(text) => into.push(strip_controls(text).into_owned()),
                None => self.wrong_type(name, SHAPE, item),
            }
        }
    }

    /// Reads a table whose content is not checked.
    pub(super) fn open(
        &mut self,
        name: &'static str,
    ) -> serde_json::Map<String, serde_json::Value> {
        self.typed(name, "a table", DeValue::as_table)
            .map(|(table, _)| to_map(table))
            .unwrap_or_default()
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong_type(&self, name: &str, shape: &str, value: &Value<'_>) {
        let message =
            format!("`{}{name}` holds a value of type {}", self.prefix, value.get_ref().type_str());
        let problem = Diagnostic::new(Code::ConfigType, message).help(format!("expected {shape}"));
        self.source.report(problem, value.span());
    }

    /// Reports every key of the table that was not asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.table.into_iter().flat_map(|table| in_order(table)) {
            let name = key.get_ref().as_ref();
            if !self.known.contains(&name) {
                let problem = Diagnostic::new(
                    Code::ConfigKey,
                    format!("unknown setting `{}{name}`", self.prefix),
                )
                .help("settings of your own belong in `[extra]`")
                .did_you_mean(name, self.known.iter().copied());
                self.source.report(problem, key.span());
            }
        }
    }

    /// Returns the value of `name` when `get` accepts its type, and reports it otherwise.
    fn typed<T>(
        &mut self,
        name: &'static str,
        shape: &str,
        get: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<(T, &'a Value<'a>)> {
        let value = self.raw(name)?;
        let typed = get(value.get_ref());
        if typed.is_none() {
            self.wrong_type(name, shape, value);
        }
        typed.map(|typed| (typed, value))
    }

    fn invalid(&self, name: &str, found: &str, why: &str, shape: &str, value: &Value<'_>) {
        let message = format!("`{found}` is not valid for `{}{name}`: {why}", self.prefix);
        let problem = Diagnostic::new(Code::ConfigValue, message).help(format!("expected {shape}"));
        self.source.report(problem, value.span());
    }
}

/// Returns the entries of a table in the order of the file; the parser sorts them by name.
pub(super) fn in_order<'a>(
    table: &'a DeTable<'a>,
) -> Vec<(&'a Spanned<std::borrow::Cow<'a, str>>, &'a Value<'a>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Converts a table for templates.
pub(super) fn to_map(table: &DeTable<'_>) -> serde_json::Map<String, serde_json::Value> {
    in_order(table)
        .into_iter()
        .map(|(key, value)| (key.get_ref().to_string(), to_json(value.get_ref())))
        .collect()
}

/// Converts a value for templates. Dates, and numbers that JSON cannot hold, become strings.
pub(super) fn to_json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => strip_controls(text).as_ref().into(),
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix())
            .map_or_else(|_| n.to_string().into(), Into::into),
        DeValue::Float(n) => match n.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => number.into(),
            _ => n.as_str().into(),
        },
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Datetime(date) => date.to_string().into(),
        DeValue::Array(items) => items.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::Table(table) => to_map(table).into(),
    }
}
