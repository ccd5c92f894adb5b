//! Names that were taken down, taken out of what files say besides their texts.

use serde_json::{Map, Value};

use super::{
    Correction, EntityRecord, FrontMatter, NoAutolink, Rating, SourceFile, SourceRecord, SourceRef,
    TopicRecord,
};
use crate::text::Eraser;

impl FrontMatter {
    /// Takes names away. A list loses those that are nothing else; a path that holds one is another path.
    fn erase(&mut self, names: &Eraser) {
        let Self { title, summary, slug, path, aliases, authors, topics, entities, .. } = self;
        title.iter_mut().chain(summary).for_each(|text| line(text, names));
        slug.iter_mut().chain(path).for_each(|text| address(text, names));
        aliases.retain(|alias| !names.holds_address(alias));
        list(authors, names);
        list(topics, names);
        entities.retain(|(_, name)| !names.is_name(name));
        for (_, name) in entities.iter_mut() {
            line(name, names);
        }
        // Two may be the same now.
        let mut seen = Vec::new();
        entities.retain(|one| {
            let is_new = !seen.contains(one);
            seen.push(one.clone());
            is_new
        });
        if let Some(source) = &mut self.source {
            source.erase(names);
        }
        if let NoAutolink::Names(listed) = &mut self.no_autolink {
            listed.retain(|name| !names.holds(name));
        }
        for Correction { text, .. } in &mut self.corrections {
            line(text, names);
        }
        erase_map(&mut self.extra, names);
    }
}

impl SourceRef {
    /// Takes names away; an address that holds one leads to it, and goes.
    pub(crate) fn erase(&mut self, names: &Eraser) {
        let Self { name, url, archive_url, disclaimer, .. } = self;
        name.iter_mut().chain(disclaimer).for_each(|text| line(text, names));
        for address in [url, archive_url] {
            address.take_if(|address| names.holds_address(address));
        }
    }
}

impl TopicRecord {
    pub(super) fn erase(&mut self, names: &Eraser) {
        let Self { id, name, aliases, keywords, description, parent, .. } = self;
        address(id, names);
        line(name, names);
        list(aliases, names);
        list(keywords, names);
        if let Some(text) = description {
            line(text, names);
        }
        if let Some(id) = parent {
            address(id, names);
        }
    }
}

impl EntityRecord {
    /// Takes names away; returns whether anything is left of it.
    pub(super) fn erase(&mut self, names: &Eraser) -> bool {
        let Self { id, name, aliases, description, parent, wikipedia, website, roles, .. } = self;
        if names.is_name(name) {
            return false;
        }
        address(id, names);
        line(name, names);
        list(aliases, names);
        if let Some(text) = description {
            line(text, names);
        }
        if let Some(id) = parent {
            address(id, names);
        }
        roles.iter_mut().flatten().for_each(|role| line(&mut role.name, names));
        for address in [wikipedia, website] {
            address.take_if(|address| names.holds_address(address));
        }
        true
    }
}

impl SourceRecord {
    /// Takes names away; returns whether anything is left of it.
    pub(super) fn erase(&mut self, names: &Eraser) -> bool {
        let Self { id, name, aliases, hosts, description, owner, website, ratings, .. } = self;
        if names.is_name(name) {
            return false;
        }
        address(id, names);
        line(name, names);
        list(aliases, names);
        hosts.retain(|host| !names.holds_address(host));
        description.iter_mut().chain(owner).for_each(|text| line(text, names));
        website.take_if(|address| names.holds_address(address));
        ratings.retain(|rating| !names.is_name(&rating.by));
        for Rating { says, by, url, .. } in ratings {
            line(says, names);
            line(by, names);
            url.take_if(|address| names.holds_address(address));
        }
        true
    }
}

/// Takes names out of what a file and its name say; the text is left to `parse`.
pub(crate) fn erase_source(file: &mut SourceFile, names: &Eraser) {
    if !names.is_empty() {
        file.front.erase(names);
        address(&mut file.name.stem, names);
    }
}

fn line(text: &mut String, names: &Eraser) {
    if let std::borrow::Cow::Owned(erased) = names.erase(text) {
        *text = erased;
    }
}

fn address(text: &mut String, names: &Eraser) {
    if let std::borrow::Cow::Owned(erased) = names.erase_slug(text) {
        *text = erased;
    }
}

fn list(all: &mut Vec<String>, names: &Eraser) {
    all.retain(|text| !names.is_name(text));
    for text in all.iter_mut() {
        line(text, names);
    }
    // Two may be the same now.
    let mut seen = Vec::new();
    all.retain(|text| {
        let is_new = !seen.contains(text);
        seen.push(text.clone());
        is_new
    });
}

fn erase_map(map: &mut Map<String, Value>, names: &Eraser) {
    let entries = std::mem::take(map).into_iter().map(|(mut key, mut value)| {
        line(&mut key, names);
        erase_value(&mut value, names);
        (key, value)
    });
    map.extend(entries);
}

fn erase_value(value: &mut Value, names: &Eraser) {
    match value {
        Value::String(text) if names.holds_address(text) && !names.holds(text) => text.clear(),
        Value::String(text) => line(text, names),
        Value::Array(items) => items.iter_mut().for_each(|item| erase_value(item, names)),
        Value::Object(map) => erase_map(map, names),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
