//! No two outputs in one place.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;

use super::{Input, Output, PageKind, Planned};
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;

/// Reports outputs that would be written to the same file, or into each other.
///
/// Paths that differ only in case, or in how accents are encoded, are the same
/// file on the disks of macOS and Windows, so they count as the same here.
pub(super) fn check(outputs: &[Planned], input: Input<'_>, reports: &mut Vec<Diagnostic>) {
    let mut claims: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
    claims.reserve(outputs.len());
    let mut clashes: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (number, planned) in outputs.iter().enumerate() {
        let Some(path) = &planned.path else { continue };
        if let Some(first) = claims.insert(key(path.as_str()), number) {
            clashes.insert((first, number));
        }
    }
    for (number, planned) in outputs.iter().enumerate() {
        let Some(path) = &planned.path else { continue };
        let mut folder = path.as_str();
        while let Some(at) = folder.rfind('/') {
            folder = &folder[..at];
            if let Some(file) = claims.get(&key(folder)) {
                clashes.insert((*file.min(&number), *file.max(&number)));
            }
        }
    }
    // How many parts a site map has is only known when it is written, so all their names are taken.
    if let Some(map) = outputs.iter().position(|planned| planned.output == Output::Sitemap) {
        let part = |planned: &Planned| {
            let number = planned.url.as_str().trim_end_matches('/');
            let number = number.strip_prefix("sitemap-")?.strip_suffix(".xml")?;
            number.parse::<usize>().ok()
        };
        let taken = outputs.iter().enumerate().filter(|(_, planned)| part(planned).is_some());
        clashes.extend(taken.map(|(number, _)| (map.min(number), map.max(number))));
    }
    // One report for the pages of a record, not another for its feed and its twin.
    let mut told: FxHashSet<(String, String)> = FxHashSet::default();
    for (first, second) in clashes {
        let owners = [owner(&outputs[first], input), owner(&outputs[second], input)];
        let pair = (owners[0].name.clone(), owners[1].name.clone());
        if told.insert(pair) {
            reports.push(report(&outputs[first], &owners));
        }
    }
}

/// Returns what paths are compared by.
pub(super) fn key(path: &str) -> Cow<'_, str> {
    if !path.is_ascii() {
        path.nfc().flat_map(char::to_lowercase).collect::<String>().into()
    } else if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        path.to_ascii_lowercase().into()
    } else {
        path.into()
    }
}

/// Whose an output is.
struct Owner {
    name: String,
    path: Option<SitePath>,
}

fn report(planned: &Planned, owners: &[Owner; 2]) -> Diagnostic {
    let [first, second] = owners;
    let message = format!("{} and {} are both put at `{}`", first.name, second.name, planned.url);
    let report = Diagnostic::new(Code::UrlCollision, message)
        .help("set another `slug` or `path` in one of them, or rename it");
    match second.path.as_ref().or(first.path.as_ref()) {
        Some(path) => report.in_file(path),
        None => report,
    }
}

fn owner(planned: &Planned, input: Input<'_>) -> Owner {
    let site = input.site;
    let quoted = |kind: &str, name: &str| format!("the {kind} `{}`", name.escape_debug());
    let (name, path) = match &planned.output {
        Output::Page(page) | Output::Data(page) => match *page {
            PageKind::Article(id) => {
                let path = &site.articles[id].path;
                (format!("`{path}`"), Some(path.clone()))
            }
            PageKind::Standalone(number) => {
                let path = &site.pages[number].path;
                (format!("`{path}`"), Some(path.clone()))
            }
            PageKind::Entity(id, _) => {
                let entity = &site.entities[id];
                let kind = input.config.entities.kinds.id(entity.kind);
                let path = entity.record.as_ref().map(|record| record.path.clone());
                (quoted(kind, &entity.name), path)
            }
            PageKind::Topic(id, _) => {
                let topic = &site.topics[id];
                let path = topic.record.as_ref().map(|record| record.path.clone());
                (quoted("topic", &topic.name), path)
            }
            PageKind::Source(id, _) => (quoted("source", &site.sources[id].name), None),
            _ => (format!("the list at `{}`", planned.url), None),
        },
        Output::Redirect(to) => {
            let alias = planned.url.as_str().trim_matches('/');
            let mut owners = site.articles.iter().map(|a| (&a.path, &a.aliases));
            let found = owners
                .find(|(_, aliases)| aliases.iter().any(|one| one.trim_matches('/') == alias));
            match found {
                Some((path, _)) => (format!("an alias of `{path}`"), Some(path.clone())),
                None => (format!("the redirect to `{to}`"), None),
            }
        }
        Output::Copy(path) => (format!("the file `{path}`"), Some(path.clone())),
        Output::Asset(_) => ("a file of the theme".to_owned(), None),
        Output::Feed(..) => (format!("the feed at `{}`", planned.url), None),
        Output::Catalog
        | Output::Search
        | Output::Sitemap
        | Output::Robots
        | Output::Removals
        | Output::Host(_) => (format!("the generated file `{}`", planned.url), None),
    };
    Owner { name, path }
}
