//! The visible strings of a theme, in the language of the site.

use std::collections::BTreeMap;

use super::layers::{self, Layered};
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic};
use crate::files::{Files, SitePath};

/// The language whose strings stand in for those that a translation lacks.
const FALLBACK: &str = "en";

/// Returns one of the strings that the theme and the site have in the language of the settings; none when there is none of that name.
pub fn string(files: &dyn Files, config: &SiteConfig, key: &str) -> Option<String> {
    // What is wrong with these files is reported when the whole theme is loaded.
    let reports = &mut Vec::new();
    let own = layers::collect(files, &config.theme, reports)?;
    collect(files, &own, &config.language, reports).remove(key)
}

/// Collects the strings of a language: English below its primary language below itself; of each, those of the base
/// layer below the theme's, below the site's.
pub(super) fn collect(
    files: &dyn Files,
    own: &BTreeMap<String, Layered>,
    language: &str,
    reports: &mut Vec<Diagnostic>,
) -> BTreeMap<String, String> {
    let primary = language.split('-').next().unwrap_or(language);
    let mut chain = vec![FALLBACK, primary, language];
    chain.dedup();
    let mut out = BTreeMap::new();
    for tag in chain {
        let name = format!("i18n/{tag}.toml");
        if let Some(file) = layers::of_base(&name) {
            add(&file, &mut out, reports);
        }
        if let Some(file) = own.get(&name) {
            add(file, &mut out, reports);
        }
        let Some(path) = SitePath::parse(&name).filter(|path| files.is_file(path)) else {
            continue;
        };
        if let Some(bytes) = layers::read(files, &path, reports) {
            add(&Layered { path, bytes }, &mut out, reports);
        }
    }
    out
}

fn add(file: &Layered, out: &mut BTreeMap<String, String>, reports: &mut Vec<Diagnostic>) {
    let Some((text, table)) = table(file, reports) else { return };
    for (key, value) in table {
        if let toml::Value::String(string) = value {
            out.insert(key, string);
        } else {
            let at = text.find(&key).unwrap_or(0);
            let report = Diagnostic::new(
                Code::ThemeFile,
                format!("`{}` must be a string", key.escape_debug()),
            );
            reports.push(report.at(&file.path, &text, at..at + key.len()));
        }
    }
}

/// Reads a file as TOML; a failure becomes a report.
fn table(file: &Layered, reports: &mut Vec<Diagnostic>) -> Option<(String, toml::Table)> {
    let text = layers::text(&file.path, file.bytes.clone(), reports)?;
    match text.parse::<toml::Table>() {
        Ok(table) => Some((text, table)),
        Err(error) => {
            let report =
                Diagnostic::new(Code::ThemeFile, format!("not valid TOML: {}", error.message()));
            reports.push(report.at(&file.path, &text, error.span().unwrap_or(0..0)));
            None
        }
    }
}
