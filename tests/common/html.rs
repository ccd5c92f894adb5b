//! Reads pages as browsers do, as far as tests need.

use std::collections::BTreeSet;

use super::Tree;

/// An element's name and attributes, values unescaped.
pub(crate) type Tag = (String, Vec<(String, String)>);

/// Reads the tags of a page as a browser does; the text of scripts is passed over.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let (mut out, mut rest) = (Vec::new(), html);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = |text: &str, stop: fn(char) -> bool| text.find(stop).unwrap_or(text.len());
        let (name, mut inside) =
            rest.split_at(end(rest, |c| c.is_ascii_whitespace() || "/>".contains(c)));
        let mut attributes = Vec::new();
        loop {
            inside = inside.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if inside.is_empty() || inside.starts_with('>') {
                break;
            }
            let stop = 1.max(end(inside, |c| c.is_ascii_whitespace() || "/>=".contains(c)));
            let (key, after) = inside.split_at(inside.ceil_char_boundary(stop));
            inside = after.trim_start();
            let mut value = "";
            if let Some(after) = inside.strip_prefix('=') {
                let after = after.trim_start();
                let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
                let (from, stop) = match quote {
                    Some(quote) => (1, after[1..].find(quote).map_or(after.len(), |at| at + 1)),
                    None => (0, end(after, |c| c.is_ascii_whitespace() || c == '>')),
                };
                value = &after[from..stop];
                inside = after.get(stop + from..).unwrap_or_default();
            }
            attributes.push((key.to_ascii_lowercase(), unescape(value)));
        }
        rest = inside;
        let name = name.to_ascii_lowercase();
        if name == "script" {
            rest = rest.find("</script").map_or("", |at| &rest[at..]);
        }
        out.push((name, attributes));
    }
    out
}

fn unescape(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find(';') else { break };
        let name = &rest[1..end];
        let number = name.strip_prefix("#x").map(|hex| u32::from_str_radix(hex, 16));
        let number = number.or_else(|| name.strip_prefix('#').map(str::parse));
        let known = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "colon" => Some(':'),
            _ => number.and_then(|number| char::from_u32(number.ok()?)),
        };
        out.push(known.unwrap_or('&'));
        rest = &rest[if known.is_some() { end + 1 } else { 1 }..];
    }
    out + rest
}

/// Fails when a link of a page leads to no file, or to no anchor in it; returns the anchors that
/// are pointed at, with their pages.
pub(crate) fn assert_links_arrive(made: &Tree, base: &str) -> BTreeSet<(String, String)> {
    let origin = "https://example.org";
    let folder = base.strip_prefix(origin).unwrap_or(base);
    let page_tags = |path: &str| tags(str::from_utf8(&made[path]).unwrap());
    let mut seen = BTreeSet::new();
    for path in made.keys().filter(|path| path.rsplit('.').next() == Some("html")) {
        for (name, attributes) in page_tags(path) {
            for (_, value) in
                attributes.iter().filter(|(key, _)| matches!(key.as_str(), "href" | "src"))
            {
                let value = match value.strip_prefix(origin) {
                    Some(rest) if !folder.is_empty() => rest,
                    _ if value.contains(':') => continue,
                    _ => value.as_str(),
                };
                let (target, anchor) = value.split_once('#').unwrap_or((value, ""));
                let mut parts: Vec<&str> = path.split('/').collect();
                parts.pop();
                let mut rest = target;
                if let Some(below) = target.strip_prefix('/') {
                    parts.clear();
                    // The page for errors is shown at any address; without a base it takes the host's root.
                    let below = format!("/{below}");
                    rest = &target[below.strip_prefix(folder).map_or_else(
                        || panic!("{path}: <{name}> {value}"),
                        |rest| target.len() - rest.len(),
                    )..];
                    rest = rest.trim_start_matches('/');
                }
                for part in rest.split('/') {
                    match part {
                        ".." => assert!(parts.pop().is_some(), "{path}: {value}"),
                        "" | "." => {}
                        part => parts.push(part),
                    }
                }
                let mut to = if target.is_empty() { path.clone() } else { parts.join("/") };
                if !made.contains_key(&to) {
                    to = if to.is_empty() { "index.html".to_owned() } else { to + "/index.html" };
                }
                assert!(made.contains_key(&to), "{path}: <{name}> leads to {value}, {to}");
                if !anchor.is_empty() && seen.insert((to.clone(), anchor.to_owned())) {
                    let is_there = page_tags(&to)
                        .iter()
                        .flat_map(|tag| &tag.1)
                        .any(|(key, id)| key == "id" && id == anchor);
                    assert!(is_there, "{path}: {to} has no anchor {anchor}");
                }
            }
        }
    }
    seen
}
