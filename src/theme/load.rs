//! From files to a [`Theme`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::layers::{self, Layered};
use super::{Asset, CONTRACT, OWN, REQUIRED, SiteAsset, Template, Theme, Words};
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic, Warned};
use crate::files::{Files, SitePath};
use crate::ids::Fingerprint;

/// The language whose strings stand in for those that a translation lacks.
const FALLBACK: &str = "en";

/// Loads the theme that the settings name, with the site's changes on top.
///
/// # Errors
/// Reports a theme that does not exist or lacks a required file, and files that cannot be used.
/// Templates are only compiled by [`Theme::compile`].
pub fn load(files: &dyn Files, config: &SiteConfig) -> Result<Warned<Theme>, Vec<Diagnostic>> {
    let mut reports = Vec::new();
    let Some(layers) = layers::collect(files, &config.theme, &mut reports) else {
        return Err(vec![missing(files, &config.theme)]);
    };
    let defaults = manifest(&layers, &config.theme, &mut reports);
    let mut options = defaults;
    options.extend(config.theme_options.clone());
    let strings = strings(files, &layers, &config.language, &mut reports);

    let mut templates = Vec::new();
    let mut assets = Vec::new();
    let mut style = None;
    for (inside, file) in layers {
        if let Some(name) = inside.strip_prefix("templates/").filter(|name| is_template(name)) {
            let Some(text) = layers::text(&file.path, file.bytes, &mut reports) else { continue };
            templates.push(Template { name: format!("{OWN}{name}"), text, path: file.path });
        } else if let Some(name) = inside.strip_prefix("static/") {
            let is_style = name == "style.css";
            let output = if is_style { hashed(&file.bytes) } else { format!("assets/{name}") };
            let Some(path) = SitePath::parse(&output) else { continue };
            if is_style {
                style = Some(path.clone());
            }
            assets.push(Asset { path, bytes: file.bytes });
        }
    }
    require(&config.theme, &templates, style.is_some(), &mut reports);
    site_templates(files, &mut templates, &mut reports);
    let site_assets = site_assets(files, &mut reports);

    let failed = reports.iter().any(Diagnostic::is_error);
    let (false, Some(style)) = (failed, style) else { return Err(reports) };
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    let name = config.theme.clone();
    let fingerprint = fingerprint(&name, &templates, &assets, &site_assets, &strings, &options);
    let words = words(&templates, &options);
    let theme =
        Theme { name, templates, assets, style, site_assets, strings, options, words, fingerprint };
    Ok(Warned { value: theme, diagnostics: reports })
}

/// Returns one of the strings that the theme and the site have in the language of the settings; none when there is none of that name.
pub fn string(files: &dyn Files, config: &SiteConfig, key: &str) -> Option<String> {
    // What is wrong with these files is reported when the whole theme is loaded.
    let reports = &mut Vec::new();
    let layers = layers::collect(files, &config.theme, reports)?;
    strings(files, &layers, &config.language, reports).remove(key)
}

/// Returns the report for a theme that does not exist.
fn missing(files: &dyn Files, name: &str) -> Diagnostic {
    let mut known = layers::built_in();
    known.extend(layers::of_site(files));
    let list: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::new(Code::ThemeMissing, format!("there is no theme `{}`", name.escape_debug()))
        .help(format!("known themes: {}", list.join(", ")))
        .did_you_mean(name, known.iter().map(String::as_str))
}

fn is_template(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension == "html")
}

/// Returns the output path of a style sheet.
fn hashed(bytes: &[u8]) -> String {
    let print = Fingerprint::of(bytes).to_string();
    format!("assets/style.{}.css", &print[..8])
}

/// Reads `theme.toml` and returns the defaults of the theme's options.
fn manifest(
    layers: &BTreeMap<String, Layered>,
    name: &str,
    reports: &mut Vec<Diagnostic>,
) -> Map<String, Value> {
    let Some(file) = layers.get("theme.toml") else {
        let report =
            Diagnostic::new(Code::ThemeFile, format!("the theme `{name}` has no `theme.toml`"));
        reports.push(report.help("it holds at least `name = \"...\"` and `contract = 1`"));
        return Map::new();
    };
    let Some((text, table)) = table(file, reports) else { return Map::new() };
    let at = |key: &str| {
        let found = text.find(key).unwrap_or(0);
        found..found + if text[found..].starts_with(key) { key.len() } else { 0 }
    };
    let mut options = Map::new();
    for (key, value) in &table {
        let wrong = match (key.as_str(), value) {
            ("name" | "description" | "author" | "license" | "url", toml::Value::String(_))
            | ("contract", toml::Value::Integer(CONTRACT)) => None,
            ("contract", other) => {
                Some(format!("the theme wants contract {other}, this program keeps {CONTRACT}"))
            }
            ("options", toml::Value::Table(values)) => {
                // Dates of TOML become strings; everything else has its like in JSON.
                options = serde_json::to_value(values)
                    .ok()
                    .and_then(|v| v.as_object().cloned())
                    .unwrap_or_default();
                None
            }
            ("name" | "description" | "author" | "license" | "url", _) => {
                Some(format!("`{key}` must be a string"))
            }
            ("options", _) => Some("`options` must be a table".to_owned()),
            _ => Some(format!("unknown key `{}`", key.escape_debug())),
        };
        if let Some(message) = wrong {
            reports.push(Diagnostic::new(Code::ThemeFile, message).at(&file.path, &text, at(key)));
        }
    }
    if !table.contains_key("contract") {
        let report = Diagnostic::new(Code::ThemeFile, "`contract` is missing").in_file(&file.path);
        reports.push(report.help(format!("add `contract = {CONTRACT}`")));
    }
    options
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

/// Collects the strings of a language: English below its primary language below itself.
fn strings(
    files: &dyn Files,
    layers: &BTreeMap<String, Layered>,
    language: &str,
    reports: &mut Vec<Diagnostic>,
) -> BTreeMap<String, String> {
    let primary = language.split('-').next().unwrap_or(language);
    let mut chain = vec![FALLBACK, primary, language];
    chain.dedup();
    let mut out = BTreeMap::new();
    for tag in chain {
        let name = format!("i18n/{tag}.toml");
        if let Some(file) = layers::of_default(&name) {
            add_strings(&file, &mut out, reports);
        }
        if let Some(file) = layers.get(&name) {
            add_strings(file, &mut out, reports);
        }
        let Some(path) = SitePath::parse(&name).filter(|path| files.is_file(path)) else {
            continue;
        };
        if let Some(bytes) = layers::read(files, &path, reports) {
            add_strings(&Layered { path, bytes }, &mut out, reports);
        }
    }
    out
}

fn add_strings(file: &Layered, out: &mut BTreeMap<String, String>, reports: &mut Vec<Diagnostic>) {
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

/// Reports what a theme may not lack.
fn require(name: &str, templates: &[Template], has_style: bool, reports: &mut Vec<Diagnostic>) {
    let has = |wanted: &str| {
        templates.iter().any(|template| template.name.strip_prefix(OWN) == Some(wanted))
    };
    let absent =
        REQUIRED.iter().filter(|wanted| !has(wanted)).map(|wanted| format!("templates/{wanted}"));
    let absent = absent.chain((!has_style).then(|| "static/style.css".to_owned()));
    for file in absent {
        // A template that is there and unreadable has been reported already.
        if !reports
            .iter()
            .any(|r| r.place.as_ref().is_some_and(|p| p.path.as_str().ends_with(&file)))
        {
            reports.push(Diagnostic::new(
                Code::ThemeFile,
                format!("the theme `{name}` has no `{file}`"),
            ));
        }
    }
}

/// Adds the site's `templates/`.
fn site_templates(files: &dyn Files, templates: &mut Vec<Template>, reports: &mut Vec<Diagnostic>) {
    let Some(folder) = SitePath::parse("templates") else { return };
    let walk = files.walk(&folder);
    reports.extend(walk.skipped);
    for found in walk.files {
        let Some(name) = found.path.below(&folder).filter(|name| is_template(name)) else {
            continue;
        };
        if name.starts_with(OWN) {
            let report = Diagnostic::new(
                Code::ThemeFile,
                "the folder `templates/theme/` is reserved for the theme",
            );
            reports.push(report.in_file(&found.path).help("move the file to `templates/`"));
            continue;
        }
        let Some(bytes) = layers::read(files, &found.path, reports) else { continue };
        let Some(text) = layers::text(&found.path, bytes, reports) else { continue };
        templates.push(Template { name: name.to_owned(), text, path: found.path.clone() });
    }
}

/// Lists the site's `static/`.
fn site_assets(files: &dyn Files, reports: &mut Vec<Diagnostic>) -> Vec<SiteAsset> {
    let Some(folder) = SitePath::parse("static") else { return Vec::new() };
    let walk = files.walk(&folder);
    reports.extend(walk.skipped);
    let asset = |found: crate::files::Found| {
        let output = SitePath::parse(found.path.below(&folder)?)?;
        Some(SiteAsset { source: found.path, output, size: found.size })
    };
    walk.files.into_iter().filter_map(asset).collect()
}

/// Collects the words of a theme. A template may look a value up by an option, so these count too.
fn words(templates: &[Template], options: &Map<String, Value>) -> Words {
    let options = Value::Object(options.clone()).to_string();
    let texts = templates.iter().map(|template| template.text.as_str());
    Words::of(texts.chain([options.as_str()]))
}

/// Returns the fingerprint of everything that a page can depend on.
fn fingerprint(
    name: &str,
    templates: &[Template],
    assets: &[Asset],
    site_assets: &[SiteAsset],
    strings: &BTreeMap<String, String>,
    options: &Map<String, Value>,
) -> Fingerprint {
    let options = Value::Object(options.clone()).to_string();
    let mut parts: Vec<&[u8]> = vec![name.as_bytes(), options.as_bytes(), b"templates"];
    parts.extend(templates.iter().flat_map(|t| [t.name.as_bytes(), t.text.as_bytes()]));
    parts.push(b"assets");
    parts.extend(
        assets.iter().flat_map(|asset| [asset.path.as_str().as_bytes(), asset.bytes.as_slice()]),
    );
    parts.push(b"site assets");
    parts.extend(site_assets.iter().map(|asset| asset.output.as_str().as_bytes()));
    parts.push(b"strings");
    parts.extend(strings.iter().flat_map(|(key, value)| [key.as_bytes(), value.as_bytes()]));
    Fingerprint::of_parts(parts)
}
