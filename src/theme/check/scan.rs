//! Which values the templates of a theme read: each name is followed through the values of the contract.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::tags::{Kind, Tag, Token, tags};
use super::{Template, Theme, at, bare, sample};
use crate::diag::{Code, Diagnostic};
use crate::theme::{OPTIONAL, REQUIRED};

/// The values that hold HTML, in which lists are `[]`: nothing else may be shown without escapes.
const HTML: [&[&str]; 16] = [
    &["article", "body"],
    &["content", "body"],
    &["days[]", "entries[]"],
    &["entity", "body"],
    &["entity", "coverage", "svg"],
    &["entity", "graph"],
    &["entries[]"],
    &["issue", "body"],
    &["page", "json_ld"],
    &["sections[]", "entry"],
    &["sections[]", "sentences[]", "html"],
    &["source", "body"],
    &["source", "coverage", "svg"],
    &["subject", "plot"],
    &["topic", "body"],
    &["topic", "coverage", "svg"],
];

/// Words that are no values.
const WORDS: [&str; 12] =
    ["and", "or", "not", "in", "is", "true", "false", "none", "null", "if", "else", "for"];

/// Values whose keys are the site's own.
const OPEN: [&str; 2] = ["site.extra", "article.extra"];

/// All that templates are handed.
pub(super) struct Contract {
    /// The values of each page, by the name of its template.
    pages: BTreeMap<&'static str, Value>,
    /// Those of all pages, for templates that serve for several.
    all: Value,
}

/// What is known of a value: its shape, and its name in the contract; none when anything may be there.
#[derive(Clone)]
struct Known<'a>(Option<(&'a Value, String)>);

impl Contract {
    /// Collects the values of all pages.
    pub(super) fn of(theme: &Theme) -> Self {
        let entry = [String::new()];
        let mut pages = BTreeMap::new();
        let mut all = Value::Object(Map::new());
        for page in REQUIRED.iter().chain(OPTIONAL).copied() {
            let mut values = Value::Object(Map::new());
            merge(&mut values, sample::context(theme, page, true, &entry));
            if page == "entry.html" {
                values["card"] = sample::card("A title", true);
            }
            merge(&mut all, values.clone());
            pages.insert(page, values);
        }
        pages.remove("base.html");
        Self { pages, all }
    }

    /// Returns what a template reads that nobody hands it, and what it shows without escapes.
    pub(super) fn scan(&self, template: &Template) -> Vec<Diagnostic> {
        let values = self.pages.get(bare(template)).unwrap_or(&self.all);
        let scopes = vec![BTreeMap::new()];
        let mut scan = Scan { values, template, scopes, reports: Vec::new() };
        for tag in tags(&template.text) {
            scan.tag(&tag);
        }
        scan.reports
    }
}

/// Adds what another page has to the values; a list gets all that its items have.
fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(more)) => {
            for item in more {
                match into.first_mut() {
                    Some(first) => merge(first, item),
                    None => into.push(item),
                }
            }
        }
        (into, Value::Array(items)) if into.is_null() => {
            *into = Value::Array(Vec::new());
            merge(into, Value::Array(items));
        }
        (into, Value::Object(map)) if into.is_null() => {
            *into = Value::Object(Map::new());
            merge(into, Value::Object(map));
        }
        (into, more) if into.is_null() => *into = more,
        // Two pages have different things of one name.
        (into, more) if (into.is_array() || into.is_object()) && !more.is_null() => {
            *into = Value::Null;
        }
        _ => {}
    }
}

struct Scan<'a> {
    values: &'a Value,
    template: &'a Template,
    /// The names that loops, components and `set` give.
    scopes: Vec<BTreeMap<String, Known<'a>>>,
    reports: Vec<Diagnostic>,
}

impl<'a> Scan<'a> {
    fn tag(&mut self, tag: &Tag) {
        let tokens = tag.tokens.as_slice();
        let word = if tag.prints { "" } else { tokens.first().map_or("", |first| &first.text) };
        match word {
            "for" => {
                let split =
                    tokens.iter().position(|one| one.kind == Kind::Name && one.text == "in");
                let split = split.unwrap_or(tokens.len());
                let names: Vec<&Token> =
                    tokens[1..split].iter().filter(|one| one.kind == Kind::Name).collect();
                let rest = tokens.get(split + 1..).unwrap_or_default();
                let value = self.expression(rest);
                let mut scope = BTreeMap::from([("loop".to_owned(), Known(None))]);
                for name in &names {
                    let item = if names.len() == 1 { item(&value) } else { Known(None) };
                    scope.insert(name.text.clone(), item);
                }
                self.scopes.push(scope);
            }
            "set" | "set_global" => {
                let value = match tokens.get(2) {
                    Some(mark) if mark.is("=") => self.expression(&tokens[3..]),
                    _ => Known(None),
                };
                if let Some(name) = tokens.get(1) {
                    let at = if word == "set" { self.scopes.len() - 1 } else { 0 };
                    self.scopes[at].insert(name.text.clone(), value);
                }
            }
            "component" => {
                // Its arguments may be anything; `@ui` is the value of that name.
                let mut scope = BTreeMap::from([("body".to_owned(), Known(None))]);
                for pair in tokens.get(2..).unwrap_or_default().windows(2) {
                    if (pair[0].is("(") || pair[0].is(",") || pair[0].is("."))
                        && pair[1].kind == Kind::Name
                    {
                        scope.insert(pair[1].text.clone(), Known(None));
                    }
                }
                self.scopes.push(scope);
            }
            "endfor" | "endcomponent" => {
                if self.scopes.len() > 1 {
                    self.scopes.pop();
                }
            }
            "block" | "extends" | "include" | "raw" | "else" => {}
            word if word.starts_with("end") => {}
            "if" | "elif" | "filter" => {
                self.expression(tokens.get(1..).unwrap_or_default());
            }
            _ => {
                self.expression(tokens);
            }
        }
    }

    /// Looks up each value of an expression; returns it when the expression is that value and nothing more.
    fn expression(&mut self, tokens: &[Token]) -> Known<'a> {
        let names = comprehended(tokens);
        let mut at = 0;
        let mut only = Known(None);
        let mut parts = 0_usize;
        while at < tokens.len() {
            let token = &tokens[at];
            let before = at.checked_sub(1).map(|before| &tokens[before]);
            let next = tokens.get(at + 1);
            let is_value = token.kind == Kind::Name
                && !WORDS.contains(&token.text.as_str())
                && !names.contains(&token.text)
                // A filter, a test, a component, a function, an argument's name, a key.
                && !before.is_some_and(|one| one.is("|") || one.is(".") || one.is("<") || one.is("/") || one.is("@"))
                && !before.is_some_and(|one| one.text == "is" || one.text == "for")
                && !(before.is_some_and(|one| one.text == "not") && at > 1 && tokens[at - 2].text == "is")
                && !next.is_some_and(|one| one.is("(") || one.is("=") || one.is(":"));
            if !is_value {
                parts += 1;
                at += 1;
                continue;
            }
            let (value, end) = self.chain(tokens, at);
            let is_safe = tokens.get(end).is_some_and(|one| one.is("|"))
                && tokens.get(end + 1).is_some_and(|one| one.text == "safe");
            if is_safe {
                self.safe(&value, tokens[at].range.start..tokens[end + 1].range.end);
            }
            only = value;
            parts += 1;
            at = end;
        }
        if parts == 1 { only } else { Known(None) }
    }

    /// Follows a name and what stands behind it, such as `article.source.name`; returns the token after it too.
    fn chain(&mut self, tokens: &[Token], start: usize) -> (Known<'a>, usize) {
        let mut value = self.root(&tokens[start]);
        let mut at = start + 1;
        loop {
            let dot = tokens.get(at).is_some_and(|one| one.is("."));
            let optional = tokens.get(at).is_some_and(|one| one.is("?"))
                && tokens.get(at + 1).is_some_and(|one| one.is("."));
            let name = at + 1 + usize::from(optional);
            if (dot || optional) && tokens.get(name).is_some_and(|one| one.kind == Kind::Name) {
                value = self.field(&value, &tokens[name]);
                at = name + 1;
            } else if tokens.get(at).is_some_and(|one| one.is("[")) {
                let end = matching(tokens, at);
                let inside = &tokens[at + 1..end.min(tokens.len())];
                value = match inside {
                    [key] if key.kind == Kind::Text => self.field(&value, key),
                    inside => {
                        self.expression(inside);
                        item(&value)
                    }
                };
                at = end + 1;
            } else {
                return (value, at.min(tokens.len()));
            }
        }
    }

    fn root(&mut self, token: &Token) -> Known<'a> {
        let name = token.text.as_str();
        if let Some(known) = self.scopes.iter().rev().find_map(|scope| scope.get(name)) {
            return known.clone();
        }
        if name.starts_with("__tera") {
            return Known(None);
        }
        if let Some(value) = self.values.get(name) {
            return Known(Some((value, name.to_owned())));
        }
        let keys = self.values.as_object().into_iter().flat_map(Map::keys);
        let report = self.unknown(format!("no value `{name}` is handed to this template"), token);
        self.reports.push(report.did_you_mean(name, keys.map(String::as_str)));
        Known(None)
    }

    fn field(&mut self, of: &Known<'a>, token: &Token) -> Known<'a> {
        let Known(Some((value, name))) = of else { return Known(None) };
        if OPEN.contains(&name.as_str()) {
            return Known(None);
        }
        let path = format!("{name}.{}", token.text);
        match value {
            Value::Object(map) => {
                if let Some(value) = map.get(&token.text) {
                    return Known(Some((value, path)));
                }
                let wanted = token.text.escape_debug();
                let message = match name.as_str() {
                    "ui" => format!("there is no string `{wanted}`"),
                    "theme" => format!("the theme has no option `{wanted}`"),
                    "site.assets" => format!("the theme has no file `static/{wanted}`"),
                    _ => format!("`{name}` has no value `{wanted}`"),
                };
                let report = self.unknown(message, token);
                let keys = map.keys().map(String::as_str);
                self.reports.push(report.did_you_mean(&token.text, keys));
                Known(None)
            }
            Value::Null => Known(None),
            _ => {
                let what = if value.is_array() { "a list" } else { "a single value" };
                let message = format!("`{name}` is {what}, and has no value `{}`", token.text);
                let report = self.unknown(message, token);
                self.reports.push(report);
                Known(None)
            }
        }
    }

    fn unknown(&self, message: String, token: &Token) -> Diagnostic {
        let report = at(self.template, Code::ThemeValue, message, token.range.clone());
        report.help("docs/theme-contract.md lists what templates are handed")
    }

    /// Reports a value that is shown without escapes though it holds text.
    fn safe(&mut self, value: &Known<'a>, range: std::ops::Range<usize>) {
        let Known(Some((_, name))) = value else { return };
        if HTML.iter().any(|path| name.split('.').eq(path.iter().copied())) {
            return;
        }
        let message = format!("`{name}` is text, and `safe` shows it without escapes");
        let report = at(self.template, Code::ThemeUnsafe, message, range);
        self.reports
            .push(report.help("leave `safe` out: an article could write HTML into the page"));
    }
}

/// Returns what is known of the items of a list.
fn item<'a>(list: &Known<'a>) -> Known<'a> {
    match list {
        Known(Some((Value::Array(items), name))) => {
            Known(items.first().map(|first| (first, format!("{name}[]"))))
        }
        _ => Known(None),
    }
}

/// Returns the names that comprehensions such as `[one.name for one in all]` give.
fn comprehended(tokens: &[Token]) -> Vec<String> {
    let given = tokens.windows(3).filter(|three| three[0].text == "for" && three[2].text == "in");
    given.map(|three| three[1].text.clone()).collect()
}

/// Returns where the bracket at `open` is closed.
fn matching(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.is("[") {
            depth += 1;
        } else if token.is("]") {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        }
    }
    tokens.len()
}
