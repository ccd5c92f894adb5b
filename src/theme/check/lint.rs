//! What a page may not run or load: scripts, styles and handlers in the page, files of other hosts.

use std::ops::Range;

use super::{Template, at, bare, layers};
use crate::diag::{Code, Diagnostic};
use crate::files::Files;

/// Elements that load what their attribute names.
const LOADS: [(&str, &str); 9] = [
    ("script", "src"),
    ("img", "src"),
    ("link", "href"),
    ("iframe", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("source", "src"),
    ("object", "data"),
    ("embed", "src"),
];

/// Relations of a `<link>` that load nothing.
const ONLY_NAMED: [&str; 12] = [
    "alternate",
    "author",
    "canonical",
    "help",
    "license",
    "me",
    "next",
    "prev",
    "privacy-policy",
    "search",
    "up",
    "pgpkey",
];

/// Returns what is wrong with the HTML of a template.
pub(super) fn template(template: &Template) -> Vec<Diagnostic> {
    let text = masked(&template.text);
    let mut out = Vec::new();
    let mut report = |message: String, help: &str, range: Range<usize>| {
        out.push(at(template, Code::ThemeUnsafe, message, range).help(help));
    };
    for element in elements(&text) {
        let Element { name, range, attributes } = &element;
        let value = |wanted: &str| attributes.iter().find(|(key, ..)| key == wanted);
        let is_data = value("type").is_some_and(|(_, kind, _)| kind.contains("json"));
        if name == "script" && value("src").is_none() && !is_data {
            let help = "write it to a file of `static/`, and load that";
            report("a script stands inside of the page".to_owned(), help, range.clone());
        }
        if name == "style" {
            let help = "write it to a style sheet of `static/`";
            report("a style stands inside of the page".to_owned(), help, range.clone());
        }
        for (key, text, place) in attributes {
            if key == "style" {
                let help = "give the element a class, and the class a rule";
                report("a style stands inside of the page".to_owned(), help, place.clone());
            }
            if key.starts_with("on") && key.len() > 3 {
                let help = "listen for the event in a script of `static/`";
                report(format!("`{key}` runs a script inside of the page"), help, place.clone());
            }
            if text.trim_start().to_ascii_lowercase().starts_with("javascript:") {
                report(
                    "the address runs a script".to_owned(),
                    "use a button and a script",
                    place.clone(),
                );
            }
        }
        let loads = LOADS.iter().find(|(element, _)| element == name);
        let Some((_, address, place)) = loads.and_then(|(_, key)| value(key)) else { continue };
        let rel = value("rel").map_or("", |(_, rel, _)| rel.as_str());
        let is_named =
            name == "link" && rel.split_whitespace().all(|one| ONLY_NAMED.contains(&one));
        if is_elsewhere(address) && !is_named {
            let help = "put the file into `static/`, or allow the host in `content_security_policy` under `[hosting]`";
            report(format!("{} asks another host for a file", bare(template)), help, place.clone());
        }
    }
    out
}

/// Returns what style sheets of the theme load from elsewhere.
pub(super) fn styles(files: &dyn Files, theme: &str) -> Vec<Diagnostic> {
    let Some(own) = layers::collect(files, theme, &mut Vec::new()) else { return Vec::new() };
    let mut out = Vec::new();
    for (inside, file) in own.iter().filter(|(inside, _)| inside.rsplit('.').next() == Some("css"))
    {
        let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
        for start in ["url(", "@import"].iter().flat_map(|word| text.match_indices(word)) {
            let (begin, word) = start;
            let rest = text[begin + word.len()..].trim_start_matches([' ', '"', '\'', '(']);
            let rest = rest.strip_prefix("url(").unwrap_or(rest).trim_start_matches(['"', '\'']);
            let is_data = rest.starts_with("data:");
            if !is_elsewhere(rest) && !is_data {
                continue;
            }
            let what = if is_data {
                "holds a file that policies forbid"
            } else {
                "asks another host for a file"
            };
            let report = Diagnostic::new(Code::ThemeUnsafe, format!("{inside} {what}"));
            let report = report.at(&file.path, text, begin..begin + word.len());
            out.push(report.help("put the file into `static/`"));
        }
    }
    out
}

fn is_elsewhere(address: &str) -> bool {
    let address = address.trim_start().to_ascii_lowercase();
    ["http:", "https:", "//"].iter().any(|start| address.starts_with(start))
}

/// Returns the text with the tags of the template engine blanked out, so that what they say is no HTML.
fn masked(text: &str) -> String {
    let mut out = text.as_bytes().to_vec();
    let mut at = 0;
    while let Some(start) = text[at..].find(['{']).map(|found| at + found) {
        let close = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                at = start + 1;
                continue;
            }
        };
        let end = text[start..].find(close).map_or(text.len(), |end| start + end + 2);
        out[start..end].fill(b' ');
        at = end;
    }
    String::from_utf8(out).unwrap_or_default()
}

/// An element's start.
struct Element {
    name: String,
    range: Range<usize>,
    /// Name, value and place of each.
    attributes: Vec<(String, String, Range<usize>)>,
}

/// Returns the starts of elements.
fn elements(text: &str) -> Vec<Element> {
    let mut out = Vec::new();
    for (start, _) in text.match_indices('<') {
        let rest = &text[start + 1..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        if end == 0 {
            continue;
        }
        let name = rest[..end].to_ascii_lowercase();
        let (attributes, length) = attributes(&rest[end..], start + 1 + end);
        out.push(Element { name, range: start..start + 1 + end + length, attributes });
    }
    out
}

/// Returns the attributes up to `>`, and the length of all.
fn attributes(text: &str, offset: usize) -> (Vec<(String, String, Range<usize>)>, usize) {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len()
            - text[at..].trim_start_matches(|c: char| c.is_whitespace() || c == '/').len();
        let Some(first) = text[at..].chars().next() else { return (out, at) };
        if first == '>' || first == '<' {
            return (out, at + usize::from(first == '>'));
        }
        let begin = at;
        let end = text[at..]
            .find(|c: char| c.is_whitespace() || "=>/".contains(c))
            .unwrap_or(text[at..].len());
        at += end.max(first.len_utf8());
        let name = text[begin..at].to_ascii_lowercase();
        let mut value = String::new();
        if text[at..].starts_with('=') {
            at += 1;
            let quote = text[at..].chars().next().filter(|c| *c == '"' || *c == '\'');
            let (open, close) = if let Some(quote) = quote {
                let open = at + 1;
                (open, text[open..].find(quote).map_or(text.len(), |end| open + end))
            } else {
                let end = text[at..].find(|c: char| c.is_whitespace() || c == '>');
                (at, end.map_or(text.len(), |end| at + end))
            };
            value.push_str(&text[open..close]);
            at = (close + usize::from(quote.is_some())).min(text.len());
        }
        out.push((name, value, offset + begin..offset + at));
    }
}
