//! `theme.toml`: what a theme says about itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::CONTRACT;
use super::layers::{self, Layered};
use super::options::{OptionKind, OptionSpec};
use crate::diag::{Code, Diagnostic};
use crate::files::Files;

/// What a theme says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// What it is like, in a sentence; empty when it does not say.
    pub description: String,
    /// The options that it declares.
    pub options: Vec<OptionSpec>,
}

impl Manifest {
    /// Returns the options as a table of Markdown.
    pub fn table(&self) -> String {
        let mut out =
            String::from("| Option | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
        for OptionSpec { name, kind, default, help, property } in &self.options {
            let default =
                if default.is_null() { "none".to_owned() } else { format!("`{default}`") };
            let property = property.as_deref();
            let property =
                property.map_or_else(String::new, |name| format!(" In style sheets: `{name}`."));
            // Writing to a string cannot fail.
            let _infallible =
                writeln!(out, "| `{name}` | {} | {default} | {help}{property} |", kind.shape());
        }
        out
    }
}

/// Returns the themes inside the program, by their names.
pub fn built_in() -> Vec<(String, Manifest)> {
    let manifest = |name: String| {
        // What is wrong with one of our own shows in tests.
        let manifest = read(&layers::embedded(&name), &name, &mut Vec::new());
        (name, manifest)
    };
    layers::built_in().into_iter().map(manifest).collect()
}

/// A theme that a site may use.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub origin: Origin,
    /// What it says about itself.
    pub manifest: Manifest,
}

/// Where a theme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Inside the program.
    Program,
    /// In the site's `themes` folder.
    Site,
    /// Inside the program, with files of the site on top.
    Both,
}

/// Returns the themes that a site may use, by name.
pub fn all(files: &dyn Files) -> Vec<Listed> {
    let (inside, own) = (layers::built_in(), layers::of_site(files));
    let listed = |name: &String| {
        let origin = match (inside.contains(name), own.contains(name)) {
            (true, true) => Origin::Both,
            (true, false) => Origin::Program,
            (false, _) => Origin::Site,
        };
        // What is wrong with its files is for `check` to say.
        let layers = layers::collect(files, name, &mut Vec::new())?;
        let manifest = read(&layers, name, &mut Vec::new());
        Some(Listed { name: name.clone(), origin, manifest })
    };
    inside.union(&own).filter_map(listed).collect()
}

/// A table of `theme.toml`, and where what is wrong with it is told.
struct Reader<'a> {
    file: &'a Layered,
    text: &'a str,
    reports: &'a mut Vec<Diagnostic>,
}

type Entry<'a> = (&'a toml::Spanned<std::borrow::Cow<'a, str>>, &'a toml::Spanned<DeValue<'a>>);

/// Reads `theme.toml`.
pub(super) fn read(
    layers: &BTreeMap<String, Layered>,
    name: &str,
    reports: &mut Vec<Diagnostic>,
) -> Manifest {
    let Some(file) = layers.get("theme.toml") else {
        let report =
            Diagnostic::new(Code::ThemeFile, format!("the theme `{name}` has no `theme.toml`"));
        reports.push(report.help("it holds at least `name = \"...\"` and `contract = 1`"));
        return Manifest::default();
    };
    let Some(text) = layers::text(&file.path, file.bytes.clone(), reports) else {
        return Manifest::default();
    };
    let table = match DeTable::parse(&text) {
        Ok(table) => table,
        Err(error) => {
            let message = format!("not valid TOML: {}", error.message().replace('\n', ", "));
            let report = Diagnostic::new(Code::ThemeFile, message);
            reports.push(report.at(&file.path, &text, error.span().unwrap_or_default()));
            return Manifest::default();
        }
    };
    Reader { file, text: &text, reports }.manifest(table.get_ref())
}

impl Reader<'_> {
    fn wrong(&mut self, message: impl Into<String>, at: std::ops::Range<usize>) {
        let report = Diagnostic::new(Code::ThemeFile, message);
        self.reports.push(report.at(&self.file.path, self.text, at));
    }

    fn manifest(&mut self, table: &DeTable<'_>) -> Manifest {
        let mut out = Manifest::default();
        for (key, value) in in_order(table) {
            let at = key.span();
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("description", DeValue::String(text)) => out.description = text.to_string(),
                ("name" | "author" | "license" | "url", DeValue::String(_)) => {}
                ("contract", DeValue::Integer(n)) if n.as_str() == CONTRACT.to_string() => {}
                ("contract", other) => {
                    let wanted = match other {
                        DeValue::Integer(n) => n.as_str().to_owned(),
                        other => format!("of type {}", other.type_str()),
                    };
                    let message =
                        format!("the theme wants contract {wanted}, this program keeps {CONTRACT}");
                    self.wrong(message, at);
                }
                ("options", DeValue::Table(options)) => {
                    for entry in in_order(options) {
                        out.options.extend(self.option(entry));
                    }
                }
                ("name" | "description" | "author" | "license" | "url", _) => {
                    self.wrong(format!("`{}` must be a string", key.get_ref()), at);
                }
                ("options", _) => self.wrong("`options` must be a table", at),
                (key, _) => self.wrong(format!("unknown key `{}`", key.escape_debug()), at),
            }
        }
        if !table.contains_key("contract") {
            let report =
                Diagnostic::new(Code::ThemeFile, "`contract` is missing").in_file(&self.file.path);
            self.reports.push(report.help(format!("add `contract = {CONTRACT}`")));
        }
        out
    }

    /// Reads the declaration of an option; a value that is no table is one of the type of its default.
    fn option(&mut self, (key, value): Entry<'_>) -> Option<OptionSpec> {
        let name = key.get_ref().to_string();
        let DeValue::Table(table) = value.get_ref() else {
            let default = json(value.get_ref());
            let kind = match &default {
                Some(Value::Bool(_)) => OptionKind::Bool,
                Some(Value::Number(_)) => OptionKind::Integer(i64::MIN, i64::MAX),
                Some(Value::String(_)) => OptionKind::Text,
                _ => {
                    let message = format!("the option `{}` has no type", name.escape_debug());
                    self.wrong(message, key.span());
                    return None;
                }
            };
            let help = String::new();
            return Some(OptionSpec { name, kind, default: default?, help, property: None });
        };
        let known = ["type", "default", "help", "property", "choices", "min", "max"];
        for (inner, _) in in_order(table) {
            if !known.contains(&inner.get_ref().as_ref()) {
                let message = format!("unknown key `{}`", inner.get_ref().escape_debug());
                let report =
                    Diagnostic::new(Code::ThemeFile, message).did_you_mean(inner.get_ref(), known);
                self.reports.push(report.at(&self.file.path, self.text, inner.span()));
            }
        }
        let text = |key: &str| table.get(key).and_then(|value| value.get_ref().as_str());
        let Some(kind) = kind(table, text("type").unwrap_or_default()) else {
            let message = format!(
                "the option `{}` has no type that there is, or lacks `choices`",
                name.escape_debug()
            );
            let help = "a `type` is `bool`, `integer`, `string`, `choice`, `list`, `color`, `font` or `image`; \
                        `choice` and `list` need `choices`";
            let report = Diagnostic::new(Code::ThemeFile, message).help(help);
            self.reports.push(report.at(&self.file.path, self.text, key.span()));
            return None;
        };
        let default = match table.get("default") {
            None if kind == OptionKind::Image => Ok(Value::Null),
            None => Err("there is none".to_owned()),
            Some(value) => kind.check(&json(value.get_ref()).unwrap_or_default()),
        };
        let default = match default {
            Ok(default) => default,
            Err(why) => {
                let message = format!(
                    "the default of the option `{}` cannot be used: {why}",
                    name.escape_debug()
                );
                self.wrong(message, table.get("default").map_or(key.span(), toml::Spanned::span));
                return None;
            }
        };
        let property = text("property").map(str::to_owned);
        if let Some(bad) = property.as_deref().filter(|name| !is_property(name)) {
            let message = format!("`{}` is not a custom property", bad.escape_debug());
            self.wrong(message, table.get("property").map_or(key.span(), toml::Spanned::span));
            return None;
        }
        Some(OptionSpec {
            name,
            kind,
            default,
            help: text("help").unwrap_or_default().to_owned(),
            property,
        })
    }
}

fn kind(table: &DeTable<'_>, name: &str) -> Option<OptionKind> {
    let number = |key: &str| table.get(key).and_then(|value| json(value.get_ref())?.as_i64());
    let choices = || -> Option<Vec<String>> {
        let items = table.get("choices")?.get_ref().as_array()?;
        items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect()
    };
    Some(match name {
        "bool" => OptionKind::Bool,
        "integer" => OptionKind::Integer(
            number("min").unwrap_or(i64::MIN),
            number("max").unwrap_or(i64::MAX),
        ),
        "string" => OptionKind::Text,
        "choice" => OptionKind::Choice(choices()?),
        "list" => OptionKind::List(choices()?),
        "color" => OptionKind::Color,
        "font" => OptionKind::Font,
        "image" => OptionKind::Image,
        _ => return None,
    })
}

fn is_property(name: &str) -> bool {
    name.strip_prefix("--").is_some_and(|rest| {
        !rest.is_empty()
            && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    })
}

/// Converts a value; none for one that no option can have.
fn json(value: &DeValue<'_>) -> Option<Value> {
    Some(match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok()?.into(),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Array(items) => {
            items.iter().map(|item| json(item.get_ref())).collect::<Option<Value>>()?
        }
        _ => return None,
    })
}

fn in_order<'a>(table: &'a DeTable<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
