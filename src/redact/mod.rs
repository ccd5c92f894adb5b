//! What people have taken down, brought together with what the site says about it.
//!
//! In: the entries of `content/redactions.toml`, records, decisions. Out: [`Redactions`], which go with the settings through all
//! stages, the decisions and files that are left, and the text of the file with one entry more or less.
//!
//! An article is not read at all, as if its file were not there. A name is taken out of whatever is read, before anything is
//! derived from it: `load` does that to front matter and records, `parse` to texts. So no later stage can let it through by mistake,
//! and the last one (`render`) looks at the finished bytes all the same, because templates and settings may say the name too.
//!
//! **Invariants:** with an entry that cannot be used, there is an error, so that nothing is written. What may be told of a redaction
//! is a [`Removal`]: no part of it depends on the article or name.

mod edit;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use self::edit::{Entry, record, undo};
use crate::config::{Redactions, Removal, SiteConfig};
use crate::diag::{Code, Diagnostic, Place, Severity, Warned};
use crate::files::{Files, SitePath};
use crate::load::{Action, Decision, EntityRecord, FactName, Listing, Redaction, Taken};
use crate::text::{Eraser, fold};

/// What else the site knows about what was taken down.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Records of entities, as they were written.
    pub records: &'a [EntityRecord],
    /// What people decided.
    pub decisions: &'a [Decision],
    /// What stands in the place of names.
    pub marker: &'a str,
    /// Where an article was on the day on which it was taken down.
    pub was: &'a dyn Fn(&SitePath, Date) -> Was,
}

/// Where an article was that has been taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Was {
    /// At these addresses, its own in front.
    At(Vec<String>),
    /// Nowhere: it was a draft, or its time had not come.
    Unpublished,
    /// Its file does not say so any more.
    Unknown,
}

/// Brings the entries together. `files` tell whether an article is there that no address is noted of.
///
/// Addresses that an entry does not note are those that its article would have, if it were shown.
pub fn settle(
    entries: &[Redaction],
    known: Known<'_>,
    files: &dyn Files,
    config: &SiteConfig,
) -> Warned<Redactions> {
    let mut diagnostics = Vec::new();
    let names = names(entries, known);
    let mut redactions = Redactions {
        names: Eraser::new(names.iter().map(String::as_str), known.marker, config.slug_mode),
        ..Redactions::default()
    };
    for Redaction { taken, date, id, place } in entries {
        let mut told = Removal { date: *date, id: id.clone(), pages: 0, names: 0 };
        match taken {
            Taken::Name { also, .. } => told.names = 1 + also.len(),
            Taken::Article { path, at } => {
                redactions.articles.push(path.clone());
                let was = match at {
                    Some(at) if !at.is_empty() => Was::At(at.clone()),
                    _ if !files.is_file(path) => {
                        diagnostics.push(no_file(path, place));
                        continue;
                    }
                    _ => (known.was)(path, *date),
                };
                let is_shown = at.as_ref().is_none_or(|at| !at.is_empty());
                match was {
                    Was::At(at) if is_shown => {
                        told.pages = redactions.put(&at, path, *date);
                    }
                    Was::At(at) => redactions.silent.extend(at),
                    Was::Unknown if is_shown => diagnostics.push(without_address(path, place)),
                    Was::Unknown | Was::Unpublished => {}
                }
            }
        }
        redactions.told.push(told);
    }
    redactions.articles.sort();
    redactions.told.sort();
    Warned { value: redactions, diagnostics }
}

/// Reports an article that is not there: it may be misspelt, and then what was meant is still there for all to read.
fn no_file(path: &SitePath, place: &Place) -> Diagnostic {
    let report = Diagnostic::new(Code::RedactionValue, format!("there is no file `{path}`"));
    let mut report = report.help(
        "put its path right; if the file is gone for good, note its old address, as `at = [\"articles/2024/talks/\"]`, or remove the entry",
    );
    report.place = Some(place.clone());
    report
}

/// Reports an article whose address cannot be found out.
fn without_address(path: &SitePath, place: &Place) -> Diagnostic {
    let message = format!(
        "the old address of `{path}` is not known, so nothing there says that it was removed"
    );
    let mut report = Diagnostic::new(Code::RedactionPlace, message).help(
        "note it as `at = [\"articles/2024/talks/\"]`, or write `at = []` if nothing is to stand there",
    );
    report.place = Some(place.clone());
    report
}

/// Returns all names that were taken down: those of entries, and what records and decisions say that the same is called.
fn names(entries: &[Redaction], known: Known<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in entries {
        if let Taken::Name { name, also } = &entry.taken {
            names.push(name.clone());
            names.extend(also.iter().cloned());
        }
    }
    if names.is_empty() {
        return names;
    }
    let record = |record: &EntityRecord| -> Vec<String> {
        std::iter::once(&record.name).chain(&record.aliases).cloned().collect()
    };
    let decided = |decision: &Decision| match &decision.action {
        Action::Merge { name, into: other, .. } | Action::Rename { name, to: other, .. } => {
            Some(vec![name.clone(), other.clone()])
        }
        _ => None,
    };
    let mut groups: Vec<Vec<String>> = known.records.iter().map(record).collect();
    groups.extend(known.decisions.iter().filter_map(decided));
    let mut keys: BTreeSet<String> = names.iter().map(|name| fold(name)).collect();
    loop {
        // Each round takes a group away or is the last.
        let is_same = |group: &Vec<String>| group.iter().any(|name| keys.contains(&fold(name)));
        let (same, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_same);
        groups = others;
        if same.is_empty() {
            // A name of one letter would take every text apart.
            names.retain(|name| fold(name).chars().nth(1).is_some());
            return names;
        }
        for name in same.into_iter().flatten() {
            keys.insert(fold(&name));
            names.push(name);
        }
    }
}

/// Returns the decisions that are about something else. Quotations and figures are named by their words, and these lose names as
/// texts do.
pub fn decisions(all: Vec<Decision>, redactions: &Redactions) -> Vec<Decision> {
    if redactions.is_empty() {
        return all;
    }
    let names = &redactions.names;
    let fact = |fact: FactName| {
        let erase = |text: String| names.erase(&text).into_owned();
        FactName { words: erase(fact.words), sentence: fact.sentence.map(erase), ..fact }
    };
    let keep = |decision: Decision| {
        let is_about = |texts: &[&String]| texts.iter().any(|text| names.holds(text));
        let action = match decision.action {
            Action::AcceptFact { fact: about, speaker } if !redactions.hides(&about.article) => {
                let speaker = speaker.filter(|name| !names.holds(name));
                Action::AcceptFact { fact: fact(about), speaker }
            }
            Action::RejectFact { fact: about } if !redactions.hides(&about.article) => {
                Action::RejectFact { fact: fact(about) }
            }
            Action::AcceptFact { .. } | Action::RejectFact { .. } => return None,
            Action::AcceptTopic { topic, article } => {
                let topic = names.erase(&topic).into_owned();
                Action::AcceptTopic { topic, article }
            }
            Action::RejectTopic { topic, article } => {
                let topic = names.erase(&topic).into_owned();
                Action::RejectTopic { topic, article }
            }
            Action::Accept { ref name, .. } | Action::Kind { ref name, .. }
                if is_about(&[name]) =>
            {
                return None;
            }
            Action::Reject { ref name, .. } if is_about(&[name]) => return None,
            Action::Merge { ref name, into: ref other, .. }
            | Action::Rename { ref name, to: ref other, .. }
            | Action::Split { ref name, form: ref other, .. }
                if is_about(&[name, other]) =>
            {
                return None;
            }
            other => other,
        };
        match &action {
            Action::AcceptTopic { article, .. } | Action::RejectTopic { article, .. }
                if redactions.hides(article) =>
            {
                None
            }
            _ => {
                let by = decision.by.filter(|name| !names.holds(name));
                Some(Decision { action, by, ..decision })
            }
        }
    };
    all.into_iter().filter_map(keep).collect()
}

/// Takes articles and the files of their bundles out of a listing, and files that are called by a name; returns the articles and pages.
pub fn hide(listing: &mut Listing, redactions: &Redactions) -> Warned<Vec<SitePath>> {
    let mut diagnostics = Vec::new();
    let mut hidden = Vec::new();
    let names = &redactions.names;
    for texts in [&mut listing.articles, &mut listing.pages] {
        texts.retain(|found| {
            if redactions.hides(&found.path) {
                hidden.push(found.path.clone());
                return false;
            }
            if names.holds(below(&found.path)) {
                let message = "a redacted name stands in the path of the file";
                let report = Diagnostic::new(Code::RedactionMoved, message).in_file(&found.path);
                diagnostics.push(
                    report.help("rename it; its page is at another address, without the name"),
                );
            }
            true
        });
    }
    let bundles: Vec<SitePath> = redactions.bundles().collect();
    listing.assets.retain(|asset| {
        let is_of = |bundle: &SitePath| asset.path.below(bundle).is_some();
        if bundles.iter().any(is_of) {
            return false;
        }
        let is_named = names.holds(asset.path.file_name());
        if is_named {
            let message = "a redacted name stands in the name of the file, which is left out";
            let report = Diagnostic::new(Code::RedactionMoved, message).in_file(&asset.path);
            diagnostics.push(report.help("rename it if it may be shown"));
        }
        !is_named
    });
    Warned { value: hidden, diagnostics }
}

/// Returns a path without the folder that all articles, or all pages, have in common.
fn below(path: &SitePath) -> &str {
    let path = path.as_str();
    path.strip_prefix("content/articles/")
        .or_else(|| path.strip_prefix("content/pages/"))
        .unwrap_or(path)
}

/// Returns the settings without names where pages show them.
pub fn erase_settings(config: &mut SiteConfig) {
    let names = config.redactions.names.clone();
    if names.is_empty() {
        return;
    }
    for text in [&mut config.title, &mut config.description] {
        *text = names.erase(text).into_owned();
    }
    for name in [&mut config.author, &mut config.publisher] {
        name.take_if(|name| names.holds(name));
    }
    // What stands for a name is nobody's name, in languages too that write it with a capital.
    let marker = names.marker().trim_matches(|c: char| !c.is_alphanumeric());
    config.entities.reject.push(marker.to_owned());
}

/// Returns the report when an output would hold a name.
pub fn left(address: &str, bytes: &[u8], redactions: &Redactions) -> Option<Diagnostic> {
    let names = &redactions.names;
    if names.is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    // The words of a name that stand in two values are no name.
    let is_one = |text: &str| !text.contains(|c: char| "\"<>{}\n".contains(c));
    let in_text = names.find(&text).into_iter().any(|range| is_one(&text[range]));
    if !in_text && !names.holds_address(address) {
        return None;
    }
    let message = format!("the output `{}` would hold a redacted name", address.escape_debug());
    let help = "it stands in a template, in `site.toml`, in a file of `static/` or in a string of `i18n/`: remove it there";
    let mut report = Diagnostic::new(Code::RedactionLeft, message).help(help);
    report.severity = Severity::Error;
    Some(report)
}
