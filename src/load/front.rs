//! Fills [`FrontMatter`] from a tree.

use super::node::{Entry, Value, to_json_map};
use super::reader::{Reader, Reports, is_web_url, shown};
use super::safe_path::{safe_path, safe_slug};
use super::{Correction, FrontMatter, NoAutolink, SourceRef};
use crate::config::{Rights, SiteConfig};
use crate::diag::{Code, Diagnostic};

/// Keys whose values are topics.
const TOPICS: &[&str] = &["topics", "tags", "categories", "keywords"];
/// Keys whose values are authors.
const AUTHORS: &[&str] = &["authors", "author"];

/// Reads and checks all keys; problems go to `reports`.
pub(super) fn read_front<'a>(
    entries: &'a [Entry],
    config: &'a SiteConfig,
    reports: &mut Reports<'a>,
) -> FrontMatter {
    let zone = &config.time_zone;
    let mut reader = Reader::new(entries, reports);
    // Jekyll's `published: false` is a draft, not a date.
    let hidden = reader.flag_only("published") == Some(false);
    let mut front = FrontMatter {
        title: reader.line(&["title"]),
        date: reader.when(&["date", "published", "pubdate"], zone),
        updated: reader.when(&["updated", "lastmod", "modified"], zone),
        publish: reader.when(&["publish_date", "publishDate", "embargo"], zone),
        expiry: reader
            .when(&["expiry", "expiry_date", "expiryDate", "unpublishdate", "unpublishDate"], zone),
        summary: reader.line(&["summary", "description"]),
        slug: checked_path(&mut reader, "slug", safe_slug),
        path: checked_path(&mut reader, "path", safe_path),
        aliases: aliases(&mut reader),
        draft: reader.flag("draft").unwrap_or(false) || hidden,
        articles: reader.names(&["articles"]),
        weight: reader.int("weight"),
        authors: reader.names(AUTHORS),
        language: language(&mut reader),
        topics: reader.names(TOPICS),
        entities: Vec::new(),
        source: source(&mut reader, config),
        rights: rights(&mut reader),
        no_autolink: no_autolink(&mut reader),
        template: reader.line(&["template"]),
        corrections: corrections(&mut reader, config),
        extra: extra(&mut reader),
    };
    let kinds = &config.entities.kinds;
    for kind in kinds.all() {
        front
            .entities
            .extend(reader.names(&[kinds.plural(kind)]).into_iter().map(|name| (kind, name)));
    }
    taxonomies(&mut reader, config, &mut front);
    reader.finish();
    front
}

/// Reads a `slug` or `path`, without cleaning: what is removed silently could hide an attack.
fn checked_path<'a>(
    reader: &mut Reader<'a, '_>,
    key: &'a str,
    check: fn(&str) -> Result<String, String>,
) -> Option<String> {
    let entry = reader.entry(&[key])?;
    let text = reader.reports.scalar(key, &entry.node)?;
    check(&text).map_err(|reason| bad_path(reader.reports, entry, key, &text, &reason)).ok()
}

fn bad_path(reports: &mut Reports<'_>, entry: &Entry, key: &str, text: &str, reason: &str) {
    let message = format!("`{key}` is not a safe path: `{}`", shown(text));
    reports.add(
        Diagnostic::new(Code::FrontMatterPath, message).help(reason),
        entry.node.span.as_ref(),
    );
}

fn aliases(reader: &mut Reader<'_, '_>) -> Vec<String> {
    let Some(entry) = reader.entry(&["aliases"]) else { return Vec::new() };
    let items = match &entry.node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    };
    let mut paths = Vec::new();
    for item in items {
        let Some(text) = reader.reports.scalar("aliases", item).filter(|text| !text.is_empty())
        else {
            continue;
        };
        match safe_path(&text) {
            Ok(path) if paths.contains(&path) => {}
            Ok(path) => paths.push(path),
            Err(reason) => {
                let place = Entry { node: item.clone(), ..entry.clone() };
                bad_path(reader.reports, &place, "aliases", &text, &reason);
            }
        }
    }
    paths
}

fn language(reader: &mut Reader<'_, '_>) -> Option<String> {
    let entry = reader.entry(&["language", "lang"])?;
    let tag = reader.reports.line(&entry.key, &entry.node)?.replace('_', "-");
    if is_language_tag(&tag) {
        return Some(tag);
    }
    let message = format!("`{}` is not a language tag: `{tag}`", entry.key);
    reader.reports.bad_value(
        &entry.node,
        message,
        "use a BCP 47 tag such as `en`, `fa` or `pt-BR`",
    );
    None
}

/// Checks the outer form of a BCP 47 tag: letters first, then parts of up to eight letters or digits.
fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

fn source(reader: &mut Reader<'_, '_>, config: &SiteConfig) -> Option<SourceRef> {
    let zone = &config.time_zone;
    let mut source = SourceRef::default();
    if let Some(entry) = reader.entry(&["source"]) {
        match &entry.node.value {
            Value::Table(entries) => {
                let mut inner = Reader::new(entries, reader.reports);
                source = SourceRef {
                    name: inner.line(&["name"]),
                    url: inner.url(&["url"]),
                    retrieved: inner.when(&["retrieved"], zone).map(|when| when.date),
                    archive_url: inner.url(&["archive_url"]),
                    disclaimer: inner.line(&["disclaimer"]),
                };
                inner.finish();
            }
            _ => match reader.reports.line("source", &entry.node) {
                Some(text) if is_web_url(&text) => source.url = Some(text),
                Some(text) if text.starts_with("http://") || text.starts_with("https://") => {
                    source.url = reader.reports.url("source", &entry.node);
                }
                name => source.name = name,
            },
        }
    }
    // Keys at the top level are read in any case, so that they are never unknown.
    let url = reader.url(&["original_url"]);
    let retrieved = reader.when(&["retrieved"], zone).map(|when| when.date);
    let archive_url = reader.url(&["archive_url"]);
    let disclaimer = reader.line(&["disclaimer"]);
    source.disclaimer = source.disclaimer.or(disclaimer);
    source.url = source.url.or(url);
    source.retrieved = source.retrieved.or(retrieved);
    source.archive_url = source.archive_url.or(archive_url);
    (source != SourceRef::default()).then_some(source)
}

fn rights(reader: &mut Reader<'_, '_>) -> Option<Rights> {
    let entry = reader.entry(&["rights"])?;
    let text = reader.reports.line("rights", &entry.node)?;
    match text.as_str() {
        "full" => Some(Rights::Full),
        "excerpt" => Some(Rights::Excerpt),
        "own" => Some(Rights::Own),
        "link-only" => Some(Rights::LinkOnly),
        _ => {
            let message = format!("`rights` has an unknown value: `{text}`");
            reader.reports.bad_value(
                &entry.node,
                message,
                "use `full`, `own`, `excerpt` or `link-only`",
            );
            None
        }
    }
}

fn no_autolink(reader: &mut Reader<'_, '_>) -> NoAutolink {
    let Some(entry) = reader.entry(&["no_autolink"]) else { return NoAutolink::None };
    match entry.node.value {
        Value::Bool(true) => NoAutolink::All,
        Value::Bool(false) => NoAutolink::None,
        _ => {
            let mut names = Vec::new();
            reader.reports.names("no_autolink", &entry.node, &mut names);
            if names.is_empty() { NoAutolink::None } else { NoAutolink::Names(names) }
        }
    }
}

fn corrections(reader: &mut Reader<'_, '_>, config: &SiteConfig) -> Vec<Correction> {
    let Some(entry) = reader.entry(&["corrections"]) else { return Vec::new() };
    let items = match &entry.node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    };
    let mut corrections = Vec::new();
    for item in items {
        let (date, text) = match &item.value {
            Value::Table(entries) => {
                let mut inner = Reader::new(entries, reader.reports);
                let date = inner.when(&["date"], &config.time_zone).map(|when| when.date);
                let text = inner.line(&["text"]);
                inner.finish();
                if text.is_none() {
                    reader.reports.wrong_type(
                        "corrections",
                        item,
                        "a string or a table with `text`",
                    );
                }
                (date, text)
            }
            _ => (None, reader.reports.line("corrections", item)),
        };
        corrections.extend(text.map(|text| Correction { date, text }));
    }
    corrections
}

fn extra(reader: &mut Reader<'_, '_>) -> serde_json::Map<String, serde_json::Value> {
    match reader.entry(&["extra"]).map(|entry| (&entry.node, &entry.node.value)) {
        Some((_, Value::Table(entries))) => to_json_map(entries),
        Some((node, _)) => {
            reader.reports.wrong_type("extra", node, "a table");
            serde_json::Map::new()
        }
        None => serde_json::Map::new(),
    }
}

/// Adds Zola's `[taxonomies]`; taxonomies that mean nothing here are left alone, as sites declare their own.
fn taxonomies<'a>(reader: &mut Reader<'a, '_>, config: &'a SiteConfig, front: &mut FrontMatter) {
    let Some(entry) = reader.entry(&["taxonomies"]) else { return };
    let Value::Table(entries) = &entry.node.value else {
        reader.reports.wrong_type("taxonomies", &entry.node, "a table");
        return;
    };
    let mut inner = Reader::new(entries, reader.reports);
    add_new(&mut front.topics, inner.names(TOPICS));
    add_new(&mut front.authors, inner.names(AUTHORS));
    let kinds = &config.entities.kinds;
    for kind in kinds.all() {
        let names = inner.names(&[kinds.plural(kind)]).into_iter().map(|name| (kind, name));
        add_new(&mut front.entities, names);
    }
    // A stable sort keeps the order of names within a kind.
    front.entities.sort_by_key(|(kind, _)| *kind);
}

fn add_new<T: PartialEq>(list: &mut Vec<T>, items: impl IntoIterator<Item = T>) {
    for item in items {
        if !list.contains(&item) {
            list.push(item);
        }
    }
}
