//! Holds a theme against the contract: what its templates read, run, load and say.
//!
//! In: a site's files and settings. Out: reports. Each template is read as text, which finds what no page of an
//! example would show, and then rendered with every value and with as few as there may be, which finds the rest.

mod lint;
mod scan;
mod tags;

use std::collections::BTreeSet;

use super::{BASE, OPTIONAL, OWN, REQUIRED, Template, Theme, layers, load, render_error, sample};
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic, sort};
use crate::files::Files;

/// Returns everything that is wrong with the theme that the settings name, with the site's changes on top, sorted.
pub fn check(files: &dyn Files, config: &SiteConfig) -> Vec<Diagnostic> {
    let (theme, mut reports) = match load(files, config) {
        Ok(loaded) => (loaded.value, loaded.diagnostics),
        Err(reports) => return sorted(reports),
    };
    let tera = match theme.compile() {
        Ok(tera) => tera,
        Err(errors) => {
            reports.extend(errors);
            return sorted(reports);
        }
    };
    let contract = scan::Contract::of(&theme);
    for template in theme.templates.iter().filter(|one| !one.name.starts_with(BASE)) {
        reports.extend(contract.scan(template));
        reports.extend(lint::template(template));
    }
    reports.extend(lint::styles(files, &config.theme));
    reports.extend(languages(files, config));
    // What was found in the text is not told a second time.
    let mut told: BTreeSet<(String, u32)> = reports.iter().filter_map(place).collect();
    // A template fails in the same place on every page.
    for failure in rendered(&theme, &tera) {
        if place(&failure).is_none_or(|at| told.insert(at)) {
            reports.push(failure);
        }
    }
    sorted(reports)
}

fn sorted(mut reports: Vec<Diagnostic>) -> Vec<Diagnostic> {
    sort(&mut reports);
    reports
}

/// Returns the file and the line of a report.
fn place(report: &Diagnostic) -> Option<(String, u32)> {
    let place = report.place.as_ref()?;
    Some((place.path.as_str().to_owned(), place.span.as_ref()?.line))
}

/// Renders each page with every value, and with as few as there may be.
fn rendered(theme: &Theme, tera: &tera::Tera) -> Vec<Diagnostic> {
    let mut reports = Vec::new();
    let entries = match sample::entries(theme, tera) {
        Ok(entries) => entries,
        Err(error) => {
            reports.push(render_error(theme, &error, "entry.html"));
            Vec::new()
        }
    };
    let pages = REQUIRED.iter().filter(|name| !matches!(**name, "base.html" | "entry.html"));
    let optional = OPTIONAL.iter().filter(|name| theme.template(name).is_some());
    for page in pages.chain(optional).copied() {
        for rich in [true, false] {
            let entries = if rich { entries.as_slice() } else { &[] };
            let context = sample::context(theme, page, rich, entries);
            let failure = tera::Context::from_serialize(&context)
                .and_then(|context| tera.render(page, &context))
                .err();
            if let Some(error) = failure {
                reports.push(render_error(theme, &error, page));
                break;
            }
        }
    }
    reports
}

/// Reports strings that the theme or the site has in English, and not in another language that it speaks.
fn languages(files: &dyn Files, config: &SiteConfig) -> Vec<Diagnostic> {
    let mut reports = Vec::new();
    let mut ignored = Vec::new();
    let Some(own) = layers::collect(files, &config.theme, &mut ignored) else { return reports };
    let tables = own.iter().filter_map(|(inside, file)| {
        let tag = inside.strip_prefix("i18n/")?.strip_suffix(".toml")?;
        let text = std::str::from_utf8(&file.bytes).ok()?;
        Some((tag, &file.path, text.parse::<toml::Table>().ok()?))
    });
    let tables: Vec<_> = tables.collect();
    let Some((_, _, english)) = tables.iter().find(|(tag, ..)| *tag == "en") else {
        return reports;
    };
    for (tag, path, table) in &tables {
        let base = layers::of_base(&format!("i18n/{tag}.toml"));
        let base =
            base.and_then(|file| String::from_utf8(file.bytes).ok()?.parse::<toml::Table>().ok());
        let is_known = |key: &str| {
            table.contains_key(key) || base.as_ref().is_some_and(|base| base.contains_key(key))
        };
        // A part of a language, such as `de-AT`, says only what differs.
        let missing = english.keys().filter(|key| !tag.contains('-') && !is_known(key));
        for key in missing {
            let message = format!("the string `{}` is missing in `{tag}`", key.escape_debug());
            let report = Diagnostic::new(Code::ThemeString, message).in_file(path);
            reports.push(report.help("readers of that language see the English one"));
        }
    }
    reports
}

/// Returns a report at a range of a template.
fn at(
    template: &Template,
    code: Code,
    message: String,
    range: std::ops::Range<usize>,
) -> Diagnostic {
    Diagnostic::new(code, message).at(&template.path, &template.text, range)
}

/// Returns the name of a template without its layer.
fn bare(template: &Template) -> &str {
    template.name.strip_prefix(OWN).unwrap_or(&template.name)
}

#[cfg(test)]
mod tests;
