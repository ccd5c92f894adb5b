//! What a site says about a name before it is taken down: where it stands, and whether it is only a part of longer names.

use std::collections::BTreeSet;
use std::path::Path;

use pressmark::build::Inspection;
use pressmark::diag::{Code, Diagnostic};
use pressmark::files::{DiskFiles, Files as _, SitePath};
use pressmark::load::list;
use pressmark::resolve::Entity;
use pressmark::text::{Eraser, SlugMode, fold};

use super::super::term::{count, one_line};

/// How many longer names are told.
const TOLD: usize = 5;

/// A name that somebody asks to be taken out.
pub(super) struct Asked<'a> {
    pub(super) name: &'a str,
    pub(super) also: &'a [String],
}

/// What the files say of it.
pub(super) struct Found {
    /// Files that hold the name or one of the others.
    with: usize,
    /// Files that hold its last word without the rest.
    last_alone: usize,
    /// Names of others, of which it is a part.
    longer: Vec<String>,
    /// The first file that holds one of these.
    longer_in: Option<SitePath>,
    /// Whether it stands somewhere without them.
    stands_alone: bool,
}

impl Asked<'_> {
    fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name).chain(self.also.iter().map(String::as_str))
    }

    fn last_word(&self) -> Option<&str> {
        let last = self.name.split_whitespace().last();
        last.filter(|last| self.name.contains(' ') && last.chars().count() > 1)
    }

    /// Looks for it in the files, and among the names of the site.
    pub(super) fn find(&self, root: &Path, site: &Inspection) -> Found {
        let whole = eraser(self.all());
        let name = eraser([self.name]);
        let last = self.last_word().map(|last| eraser([last]));
        let longer = self.longer(&name, site);
        let longer_names = eraser(longer.iter().map(String::as_str));
        let mut found =
            Found { with: 0, last_alone: 0, longer, longer_in: None, stands_alone: false };
        let files = DiskFiles::new(root);
        let listing = list(&files).value;
        for file in listing.articles.iter().chain(&listing.pages) {
            let Ok(bytes) = files.read(&file.path) else { continue };
            let text = String::from_utf8_lossy(&bytes);
            let rest = whole.erase(&text);
            found.with += usize::from(rest != text);
            found.last_alone += usize::from(last.as_ref().is_some_and(|last| last.holds(&rest)));
            let without = longer_names.erase(&text);
            found.stands_alone |= name.holds(&without);
            if found.longer_in.is_none() && without != text {
                found.longer_in = Some(file.path.clone());
            }
        }
        found
    }

    /// Returns the names of others that hold it, sorted.
    fn longer(&self, name: &Eraser, site: &Inspection) -> Vec<String> {
        let whole = eraser(self.all());
        let mut longer = BTreeSet::new();
        for entity in site.site.entities.iter().filter(|entity| !is_called(entity, self.name)) {
            let forms = entity.aliases.iter().map(|alias| &alias.name);
            let forms = std::iter::once(&entity.name).chain(forms);
            longer.extend(forms.filter(|form| name.holds(form) && !whole.is_name(form)).cloned());
        }
        longer.into_iter().collect()
    }
}

/// Returns whether all names of somebody go when this one goes: it is the name of the page, or a person wrote that it is theirs.
fn is_called(entity: &Entity, name: &str) -> bool {
    let record = entity.record.iter();
    let written = record.flat_map(|record| std::iter::once(&record.name).chain(&record.aliases));
    let mut names = std::iter::once(&entity.name).chain(written);
    names.any(|one| fold(one) == fold(name))
}

fn eraser<'n>(names: impl IntoIterator<Item = &'n str>) -> Eraser {
    Eraser::new(names, "\n", SlugMode::Ascii)
}

impl Found {
    /// Returns the report when the name is never more than a part of longer ones: it would leave the rest of them behind.
    pub(super) fn refusal(&self, asked: &Asked<'_>) -> Option<Diagnostic> {
        if self.longer.is_empty() || self.stands_alone {
            return None;
        }
        let message = format!("`{}` is only a part of {}", asked.name, self.told());
        let report = Diagnostic::new(Code::RedactionPart, message).help(
            "take down the longer name, or say `--only-these-words` if the rest of it is to stay",
        );
        Some(match &self.longer_in {
            Some(path) => report.in_file(path),
            None => report,
        })
    }

    /// Returns the longer names in a row, the first ones.
    fn told(&self) -> String {
        let mut names: Vec<String> =
            self.longer.iter().take(TOLD).map(|name| format!("`{}`", one_line(name))).collect();
        if let Some(more) = self.longer.len().checked_sub(TOLD).filter(|more| *more > 0) {
            names.push(format!("{more} more"));
        }
        names.join(", ")
    }

    /// Returns what is said about it, a line each.
    pub(super) fn said(&self, asked: &Asked<'_>) -> String {
        let mut lines =
            vec![format!("redacted  {}, in {}", asked.name, count(self.with, "file", "files"))];
        if self.with == 0 {
            lines.push("note      no file holds it: is it spelt as it stands there?".to_owned());
        }
        if !self.longer.is_empty() {
            let names = self.told();
            lines.push(format!("note      only these words go, and the rest stays, in {names}"));
        }
        if let Some(last) = asked.last_word().filter(|_| self.last_alone > 0) {
            let files = count(self.last_alone, "file", "files");
            lines.push(format!(
                "note      `{last}` stands in {files} without the rest of the name; if that is the same person, add `--also {last}`"
            ));
        }
        lines.join("\n") + "\n"
    }
}
