//! One tree with places for TOML, YAML and JSON, so that one reader serves all three.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};
use toml::de::{DeTable, DeValue};

use super::split::Syntax;
use crate::text::strip_controls;

/// A value and the bytes of the file that it was read from, where they are known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) span: Option<Range<usize>>,
}

/// What the three formats have in common.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(String),
    /// A date of TOML, as it is written.
    Date(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) span: Option<Range<usize>>,
    pub(super) node: Node,
}

/// Why a block cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub(super) message: String,
    pub(super) span: Range<usize>,
}

impl Value {
    /// Returns the type in words, for reports.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "`true` or `false`",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// Returns the value for templates; texts lose their control characters.
    pub(super) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Int(value) => Json::from(*value),
            Self::Float(value) => Json::from(*value),
            Self::String(text) | Self::Date(text) => Json::from(strip_controls(text).into_owned()),
            Self::List(items) => {
                Json::Array(items.iter().map(|item| item.value.to_json()).collect())
            }
            Self::Table(entries) => Json::Object(to_json_map(entries)),
        }
    }
}

/// Returns a table for templates.
pub(super) fn to_json_map(entries: &[Entry]) -> serde_json::Map<String, serde_json::Value> {
    entries.iter().map(|e| (strip_controls(&e.key).into_owned(), e.node.value.to_json())).collect()
}

/// Reads the block `head` of `text`; all places are offsets into `text`.
///
/// # Errors
/// When the block is not valid in its format.
pub(super) fn parse(
    text: &str,
    syntax: Syntax,
    head: Range<usize>,
) -> Result<Vec<Entry>, SyntaxError> {
    let block = text.get(head.clone()).unwrap_or_default();
    match syntax {
        Syntax::Toml => parse_toml(block, head.start),
        Syntax::Yaml => parse_yaml(block, head.start),
        Syntax::Json => parse_json(block, head.start),
    }
}

fn shifted(span: Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

fn parse_toml(block: &str, offset: usize) -> Result<Vec<Entry>, SyntaxError> {
    let table = DeTable::parse(block).map_err(|error| SyntaxError {
        message: error.message().to_owned(),
        span: shifted(error.span().unwrap_or(0..0), offset),
    })?;
    Ok(toml_entries(table.get_ref(), offset))
}

/// Lists a table in the order of its file, which the map of the reader does not keep.
fn toml_entries(table: &DeTable<'_>, offset: usize) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            span: Some(shifted(key.span(), offset)),
            node: Node {
                value: toml_value(value.get_ref(), offset),
                span: Some(shifted(value.span(), offset)),
            },
        })
        .collect();
    entries.sort_by_key(|entry| entry.span.as_ref().map(|span| span.start));
    entries
}

fn toml_value(value: &DeValue<'_>, offset: usize) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(int) => match i64::from_str_radix(int.as_str(), int.radix()) {
            Ok(number) => Value::Int(number),
            Err(_) => Value::String(int.to_string()),
        },
        DeValue::Float(float) => {
            float.as_str().parse().map_or_else(|_| Value::String(float.to_string()), Value::Float)
        }
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(when) => Value::Date(when.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| Node {
                    value: toml_value(item.get_ref(), offset),
                    span: Some(shifted(item.span(), offset)),
                })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(toml_entries(table, offset)),
    }
}

fn parse_yaml(block: &str, offset: usize) -> Result<Vec<Entry>, SyntaxError> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: 64 },
        // The country code `NO` is a name, not a truth value.
        strict_booleans: true,
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    };
    let tree: Option<Yaml> =
        serde_saphyr::from_str_with_options(block, options).map_err(|error| SyntaxError {
            message: yaml_message(&error),
            span: yaml_error_span(&error, block, offset),
        })?;
    match tree.map(|yaml| yaml.into_value(offset)) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Table(entries)) => Ok(entries),
        Some(other) => Err(SyntaxError {
            message: format!("expected keys with values, found {}", other.type_name()),
            span: shifted(0..block.len(), offset),
        }),
    }
}

/// Returns the reader's message without its own place, which counts lines from the fence.
fn yaml_message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let line = text.lines().next().unwrap_or_default();
    let line = line.rfind(" at line ").map_or(line, |at| &line[..at]);
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

fn yaml_span(at: Location, offset: usize) -> Option<Range<usize>> {
    let start = usize::try_from(at.span().byte_offset()?).ok()?;
    let len = usize::try_from(at.span().byte_len().unwrap_or(0)).ok()?;
    Some(shifted(start..start.saturating_add(len), offset))
}

/// Returns the place of an error, of which the reader may know only the line and column.
fn yaml_error_span(error: &serde_saphyr::Error, block: &str, offset: usize) -> Range<usize> {
    let Some(at) = error.location() else { return offset..offset };
    yaml_span(at, offset).unwrap_or_else(|| {
        let one_less = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(0);
        let (line, column) = (one_less(at.line()), one_less(at.column()));
        let line_start: usize = block.split_inclusive('\n').take(line).map(str::len).sum();
        let before: usize = block[line_start..].chars().take(column).map(char::len_utf8).sum();
        shifted(line_start + before..line_start + before + 1, offset)
    })
}

/// A YAML value as the reader hands it over.
enum Yaml {
    Leaf(Value),
    List(Vec<Spanned<Yaml>>),
    Table(Vec<(Spanned<Yaml>, Spanned<Yaml>)>),
}

impl Yaml {
    /// Returns a key as text; numbers and truth values may be keys in YAML.
    fn into_key(self) -> String {
        match self {
            Self::Leaf(Value::String(text) | Value::Date(text)) => text,
            Self::Leaf(Value::Bool(value)) => value.to_string(),
            Self::Leaf(Value::Int(number)) => number.to_string(),
            Self::Leaf(Value::Float(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn into_value(self, offset: usize) -> Value {
        let node = |item: Spanned<Self>| Node {
            span: yaml_span(item.defined, offset),
            value: item.value.into_value(offset),
        };
        match self {
            Self::Leaf(value) => value,
            Self::List(items) => Value::List(items.into_iter().map(node).collect()),
            Self::Table(entries) => {
                let entry = |(key, value): (Spanned<Self>, Spanned<Self>)| Entry {
                    span: yaml_span(key.defined, offset),
                    key: key.value.into_key(),
                    node: node(value),
                };
                Value::Table(entries.into_iter().map(entry).collect())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YamlVisitor)
    }
}

struct YamlVisitor;

impl<'de> Visitor<'de> for YamlVisitor {
    type Value = Yaml;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(Value::Int(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(
            i64::try_from(value).map_or_else(|_| Value::String(value.to_string()), Value::Int),
        ))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(Value::String(value.to_string())))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(Value::String(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(Value::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(Value::String(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Yaml, E> {
        Ok(Yaml::Leaf(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Yaml, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Yaml, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Yaml::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Yaml, A::Error> {
        let mut table = Vec::new();
        while let Some(entry) = entries.next_entry::<Spanned<Yaml>, _>()? {
            if !matches!(entry.0.value, Yaml::Leaf(_)) {
                return Err(A::Error::custom("a key must be a word, not a list or table"));
            }
            table.push(entry);
        }
        Ok(Yaml::Table(table))
    }
}

fn parse_json(block: &str, offset: usize) -> Result<Vec<Entry>, SyntaxError> {
    let map: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(block).map_err(|error| {
            let line_start: usize = block
                .split_inclusive('\n')
                .take(error.line().saturating_sub(1))
                .map(str::len)
                .sum();
            let at = offset + line_start + error.column().saturating_sub(1);
            let text = error.to_string();
            let message =
                text.rfind(" at line ").map_or(text.as_str(), |end| &text[..end]).to_owned();
            SyntaxError { message, span: at..at + 1 }
        })?;
    Ok(json_entries(map, block, offset))
}

/// Lists an object; its reader keeps no places, so keys are looked up in the text.
fn json_entries(
    map: serde_json::Map<String, serde_json::Value>,
    block: &str,
    offset: usize,
) -> Vec<Entry> {
    let entry = |(key, value): (String, serde_json::Value)| {
        let quoted = format!("\"{key}\"");
        let span = block.find(&quoted).map(|at| shifted(at..at + quoted.len(), offset));
        Entry {
            key,
            node: Node { value: json_value(value, block, offset), span: span.clone() },
            span,
        }
    };
    map.into_iter().map(entry).collect()
}

fn json_value(value: serde_json::Value, block: &str, offset: usize) -> Value {
    use serde_json::Value as Json;
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(int), _) => Value::Int(int),
            (None, Some(float)) => Value::Float(float),
            (None, None) => Value::String(number.to_string()),
        },
        Json::String(text) => Value::String(text),
        Json::Array(items) => Value::List(
            items
                .into_iter()
                .map(|item| Node { value: json_value(item, block, offset), span: None })
                .collect(),
        ),
        Json::Object(map) => Value::Table(json_entries(map, block, offset)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_formats_give_one_tree_with_places() {
        for (syntax, text) in [
            (Syntax::Toml, "\"é\" = 1\ntitle = \"x\"\ntags = [\"a\", 2]\n[extra]\nb = true\n"),
            (Syntax::Yaml, "é: 1\ntitle: x\ntags: [a, 2]\nextra:\n  b: true\n"),
            (
                Syntax::Json,
                "{\"é\": 1, \"title\": \"x\", \"tags\": [\"a\", 2], \"extra\": {\"b\": true}}",
            ),
        ] {
            let file = format!("+++\n{text}");
            let entries = parse(&file, syntax, 4..file.len()).unwrap();
            let json = serde_json::Value::Object(to_json_map(&entries));
            assert_eq!(
                json,
                serde_json::json!({"é": 1, "title": "x", "tags": ["a", 2], "extra": {"b": true}})
            );
            let span = entries[1].span.clone().unwrap();
            assert_eq!(file[span].trim_matches('"'), "title", "{syntax:?}");
        }
    }

    #[test]
    fn syntax_errors_have_a_place_in_the_file() {
        for (syntax, text, marked) in [
            (Syntax::Toml, "a = 1\nb = \n", 2),
            (Syntax::Yaml, "a: 1\nb: [1, 2\n", 2),
            (Syntax::Json, "{\"a\": 1,\n\"b\": x}", 2),
        ] {
            let file = format!("###\n{text}");
            let error = parse(&file, syntax, 4..file.len()).unwrap_err();
            let line = file[..error.span.start].matches('\n').count();
            assert!(line >= marked && !error.message.is_empty(), "{syntax:?} {error:?}");
            assert!(!error.message.contains("line") && !error.message.contains('\n'), "{error:?}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        for (syntax, open) in
            [(Syntax::Toml, "a = "), (Syntax::Yaml, "a: "), (Syntax::Json, "{\"a\": ")]
        {
            let text = format!("{open}{}", "[".repeat(100_000));
            assert!(parse(&text, syntax, 0..text.len()).is_err(), "{syntax:?}");
        }
    }
}
