//! From files to a [`Theme`].

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::assets::{Assets, Collector};
use super::layers::{self, Layered};
use super::locale::Numbers;
use super::{
    BASE, OWN, REQUIRED, SiteAsset, Template, Theme, Words, manifest, options, parts, strings,
};
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic, Warned};
use crate::files::{Files, SitePath};
use crate::ids::Fingerprint;

/// Loads the theme that the settings name, with the site's changes on top.
///
/// # Errors
/// Reports a theme that does not exist or lacks a required file, and files that cannot be used.
/// Templates are only compiled by [`Theme::compile`].
pub fn load(files: &dyn Files, config: &SiteConfig) -> Result<Warned<Theme>, Vec<Diagnostic>> {
    let mut reports = Vec::new();
    let Some(own) = layers::collect(files, &config.theme, &mut reports) else {
        return Err(vec![missing(files, &config.theme)]);
    };
    let name = config.theme.clone();
    let manifest = manifest::read(&own, &name, &mut reports);
    let strings = strings::collect(files, &own, &config.language, &mut reports);
    let site_assets = site_assets(files, &mut reports);
    let specs = &manifest.options;
    let options = options::values(&name, specs, &config.theme_options, &site_assets, &mut reports);

    // Of the base layer, there is what no higher layer replaces.
    let mut base = layers::base();
    base.retain(|inside, _| !own.contains_key(inside));
    let (own_templates, own_static) = sort(own);
    let (base_templates, base_static) = sort(base);
    require(&name, &own_templates, &own_static, &mut reports);
    let mut templates = Vec::new();
    read_templates(OWN, own_templates, &mut templates, &mut reports);
    site_templates(files, &mut templates, &mut reports);
    let mut shared = Vec::new();
    read_templates(BASE, base_templates, &mut shared, &mut reports);
    parts::add_wanted(&mut templates, shared);

    let style = options::style(specs, &options);
    let collector = Collector::new(own_static, base_static, style, &mut reports);
    let Assets { all: assets, paths } = collector.collect(&templates);
    let style = paths.get("style.css").cloned();
    let failed = reports.iter().any(Diagnostic::is_error);
    let (false, Some(style)) = (failed, style) else { return Err(reports) };
    templates.sort_by(|a, b| a.name.cmp(&b.name));
    let words = words(&templates, &options);
    let numbers = Numbers::new(&config.language);
    let mut theme = Theme {
        name,
        manifest,
        templates,
        assets,
        paths,
        style,
        site_assets,
        strings,
        numbers,
        options,
        words,
        fingerprint: Fingerprint::of(b""),
    };
    theme.fingerprint = fingerprint(&theme);
    Ok(Warned { value: theme, diagnostics: reports })
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

/// Files by their names below a folder of a theme.
type Named = BTreeMap<String, Layered>;

/// Splits the files of a layer into templates and what is put out.
fn sort(layer: BTreeMap<String, Layered>) -> (Named, Named) {
    let (mut templates, mut statics) = (Named::new(), Named::new());
    for (inside, file) in layer {
        if let Some(name) = inside.strip_prefix("templates/").filter(|name| is_template(name)) {
            templates.insert(name.to_owned(), file);
        } else if let Some(name) = inside.strip_prefix("static/") {
            statics.insert(name.to_owned(), file);
        }
    }
    (templates, statics)
}

/// Adds templates under names that start with `prefix`.
fn read_templates(
    prefix: &str,
    files: Named,
    templates: &mut Vec<Template>,
    reports: &mut Vec<Diagnostic>,
) {
    for (name, file) in files {
        let Some(text) = layers::text(&file.path, file.bytes, reports) else { continue };
        templates.push(Template { name: format!("{prefix}{name}"), text, path: file.path });
    }
}

/// Reports what a theme may not lack.
fn require(name: &str, templates: &Named, statics: &Named, reports: &mut Vec<Diagnostic>) {
    let absent = REQUIRED.iter().filter(|wanted| !templates.contains_key(**wanted));
    let absent = absent.map(|wanted| format!("templates/{wanted}"));
    let has_style = statics.contains_key("style.css");
    for file in absent.chain((!has_style).then(|| "static/style.css".to_owned())) {
        reports
            .push(Diagnostic::new(Code::ThemeFile, format!("the theme `{name}` has no `{file}`")));
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
        if let Some(taken) = [OWN, BASE].into_iter().find(|prefix| name.starts_with(prefix)) {
            let message = format!("the folder `templates/{taken}` is reserved for the theme");
            let report = Diagnostic::new(Code::ThemeFile, message);
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
fn fingerprint(theme: &Theme) -> Fingerprint {
    let options = Value::Object(theme.options.clone()).to_string();
    let numbers = format!("{:?}", theme.numbers);
    let mut parts: Vec<&[u8]> =
        vec![theme.name.as_bytes(), options.as_bytes(), numbers.as_bytes(), b"templates"];
    parts.extend(theme.templates.iter().flat_map(|t| [t.name.as_bytes(), t.text.as_bytes()]));
    parts.push(b"assets");
    let assets = theme.assets.iter();
    parts.extend(assets.flat_map(|asset| [asset.path.as_str().as_bytes(), asset.bytes.as_slice()]));
    parts.push(b"site assets");
    parts.extend(theme.site_assets.iter().map(|asset| asset.output.as_str().as_bytes()));
    parts.push(b"strings");
    parts.extend(theme.strings.iter().flat_map(|(key, value)| [key.as_bytes(), value.as_bytes()]));
    Fingerprint::of_parts(parts)
}
