//! The files that a theme puts out: their names, and what of the base layer is among them.

use std::collections::BTreeMap;

use super::css;
use super::layers::{self, Layered};
use super::{Asset, Template};
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;
use crate::ids::Fingerprint;

/// Folder of the finished site that a theme's files are in.
const FOLDER: &str = "assets";
/// Digits of a fingerprint in a name.
const DIGITS: usize = 8;

/// The files that a theme puts out.
#[derive(Debug, Default)]
pub(super) struct Assets {
    /// Sorted by output path.
    pub(super) all: Vec<Asset>,
    /// Where each is, by its name below `static/`.
    pub(super) paths: BTreeMap<String, SitePath>,
}

/// Collects files, each of which may lead to others.
pub(super) struct Collector<'a> {
    own: BTreeMap<String, Layered>,
    base: BTreeMap<String, Layered>,
    made: Assets,
    /// The style sheets that are being read, each named by the one before.
    open: Vec<String>,
    /// What is put at the end of `style.css`.
    options: String,
    reports: &'a mut Vec<Diagnostic>,
}

impl<'a> Collector<'a> {
    /// Takes the files by their names below `static/`: all of a theme, and those of the base layer to choose from.
    pub(super) fn new(
        own: BTreeMap<String, Layered>,
        base: BTreeMap<String, Layered>,
        options: String,
        reports: &'a mut Vec<Diagnostic>,
    ) -> Self {
        Self { own, base, made: Assets::default(), open: Vec::new(), options, reports }
    }

    /// Returns all files of the theme, and those of the base layer that templates or style sheets name.
    pub(super) fn collect(mut self, templates: &[Template]) -> Assets {
        let named = |name: &str| {
            let quotes = [format!("\"{name}\""), format!("'{name}'")];
            templates.iter().any(|one| quotes.iter().any(|name| one.text.contains(name)))
        };
        let wanted = self.base.keys().filter(|name| named(name)).chain(self.own.keys());
        let wanted: Vec<String> = wanted.cloned().collect();
        for name in wanted {
            self.make(&name);
        }
        self.made.all.sort_by(|a, b| a.path.cmp(&b.path));
        self.made
    }

    /// Makes a file if it is not made yet, and returns its output path; none when there is no such file.
    fn make(&mut self, name: &str) -> Option<SitePath> {
        if let Some(path) = self.made.paths.get(name) {
            return Some(path.clone());
        }
        let file = self.own.remove(name).or_else(|| self.base.remove(name))?;
        let bytes = match extension(name) {
            "css" => self.style(name, file)?.into_bytes(),
            _ => file.bytes,
        };
        let path = SitePath::parse(&format!("{FOLDER}/{}", printed(name, &bytes)))?;
        self.made.all.push(Asset { path: path.clone(), bytes });
        self.made.paths.insert(name.to_owned(), path.clone());
        Some(path)
    }

    /// Makes a style sheet, and before it the files that it names.
    fn style(&mut self, name: &str, file: Layered) -> Option<String> {
        let text = layers::text(&file.path, file.bytes, self.reports)?;
        self.open.push(name.to_owned());
        let mut circle = None;
        let mut out = css::shrink(&text, &mut |address| {
            let (path, rest) = split(address)?;
            let target = inside(name, path)?;
            if self.open.contains(&target) {
                circle = Some(address.to_owned());
                return None;
            }
            let made = self.make(&target)?;
            let folder = path.rfind('/').map_or("", |at| &path[..=at]);
            Some(format!("{folder}{}{rest}", encoded(made.file_name())))
        });
        self.open.pop();
        if let Some(address) = circle {
            let at = text.find(&address).unwrap_or(0);
            let report = Diagnostic::new(Code::ThemeFile, "style sheets import each other");
            self.reports.push(report.at(&file.path, &text, at..at + address.len()));
        }
        if name == "style.css" {
            out.push_str(&self.options);
        }
        Some(out)
    }
}

fn extension(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Returns a name with the fingerprint of what the file holds: `fonts/a.woff2` becomes `fonts/a.b01dface.woff2`.
fn printed(name: &str, bytes: &[u8]) -> String {
    let print = Fingerprint::of(bytes).to_string();
    // It begins with a letter, so that no date or number in a name looks like one.
    let at = print.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
    let at = at.min(print.len() - DIGITS);
    let digits = &print[at..at + DIGITS];
    match extension(name) {
        "" => format!("{name}.{digits}"),
        extension => format!("{}{digits}.{extension}", &name[..name.len() - extension.len()]),
    }
}

/// Splits an address in a style sheet into the path and what follows it; none when it leads out of the theme.
fn split(address: &str) -> Option<(&str, &str)> {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, rest) = address.split_at(end);
    (!path.is_empty() && !path.starts_with('/') && !path.contains(':')).then_some((path, rest))
}

/// Returns the name of the file that a path in the style sheet `name` leads to; none when that is outside of the theme.
fn inside(name: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/").replace("%20", " "))
}

/// Returns a file's name as a part of an address.
fn encoded(name: &str) -> String {
    name.replace('%', "%25").replace(' ', "%20").replace('?', "%3F").replace('#', "%23")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(
        files: &[(&str, &str)],
        base: &[(&str, &str)],
        template: &str,
    ) -> (Assets, Vec<Diagnostic>) {
        let layer = |files: &[(&str, &str)]| {
            let file = |(name, text): &(&str, &str)| {
                let path = SitePath::parse(&format!("themes/x/static/{name}"))?;
                Some(((*name).to_owned(), Layered { path, bytes: text.as_bytes().to_vec() }))
            };
            files.iter().filter_map(file).collect()
        };
        let path = SitePath::parse("templates/a.html").expect("a path");
        let templates = [Template { name: "a.html".into(), text: template.into(), path }];
        let mut reports = Vec::new();
        let collector = Collector::new(layer(files), layer(base), ":root{}".into(), &mut reports);
        (collector.collect(&templates), reports)
    }

    fn text(assets: &Assets, name: &str) -> String {
        let path = &assets.paths[name];
        let asset = assets.all.iter().find(|asset| asset.path == *path).expect("it is there");
        String::from_utf8_lossy(&asset.bytes).into_owned()
    }

    #[test]
    fn style_sheets_name_files_by_their_new_names() {
        let files = [
            ("style.css", "@import 'sub/more.css'; a { b: url(fonts/a.woff2?v=1#x) }"),
            (
                "sub/more.css",
                "a { b: url(../fonts/a.woff2); c: url(/x.png); d: url(../../logo.svg); e: url(none.png) }",
            ),
            ("fonts/a.woff2", "font"),
            ("LICENSE", "x"),
        ];
        let (assets, reports) = collect(&files, &[], "");
        assert!(reports.is_empty(), "{reports:?}");
        let font = assets.paths["fonts/a.woff2"].as_str();
        let hashed = font.strip_prefix("assets/fonts/").expect("its folder");
        assert!(
            hashed.starts_with("a.") && hashed.contains(".woff2") && hashed.len() == 16,
            "{font}"
        );
        let more = text(&assets, "sub/more.css");
        assert_eq!(
            more,
            format!(
                "a{{b:url(\"../fonts/{hashed}\");c:url(/x.png);d:url(../../logo.svg);e:url(none.png)}}"
            )
        );
        let style = text(&assets, "style.css");
        let sub = assets.paths["sub/more.css"].file_name();
        assert_eq!(
            style,
            format!("@import \"sub/{sub}\";a{{b:url(\"fonts/{hashed}?v=1#x\")}}:root{{}}")
        );
        assert_eq!(assets.paths["LICENSE"].as_str().len(), "assets/LICENSE.".len() + DIGITS);
        let changed = collect(&[files[0], files[1], ("fonts/a.woff2", "other")], &[], "").0;
        assert_ne!(changed.paths["style.css"], assets.paths["style.css"]);
    }

    #[test]
    fn only_what_is_named_comes_from_the_base_layer() {
        let base = [("a.js", "1"), ("b.js", "2"), ("c.png", "3"), ("style.css", "base{}")];
        let own = [("style.css", "a{b:url(c.png)}"), ("d.js", "4")];
        let (assets, _) = collect(&own, &base, "{{ site.assets[\"a.js\"] }}");
        let names: Vec<&str> = assets.paths.keys().map(String::as_str).collect();
        assert_eq!(names, ["a.js", "c.png", "d.js", "style.css"]);
        assert!(text(&assets, "style.css").starts_with("a{"));
    }

    #[test]
    fn a_circle_of_style_sheets_is_reported() {
        let (_, reports) =
            collect(&[("a.css", "@import 'b.css';"), ("b.css", "@import 'a.css';")], &[], "");
        assert_eq!(reports.len(), 1, "{reports:?}");
        assert_eq!(reports[0].message, "style sheets import each other");
    }

    #[test]
    fn fingerprints_in_names_are_no_numbers() {
        for n in 0..200 {
            let name = printed("a.css", n.to_string().as_bytes());
            assert!(name.as_bytes()[2].is_ascii_alphabetic() && name.len() == 14, "{name}");
        }
    }
}
