//! `theme`: the name of the theme, and the options that the site gives it.

use std::fmt;

use toml::de::DeValue;

use super::section::{Section, Source, Value, to_json};
use super::settings::SiteConfig;
use crate::diag::{Code, Diagnostic, Place};
use crate::files::SitePath;

/// An option of the theme as the site gives it; whether it can be used is for the theme to say.
#[derive(Clone, PartialEq)]
pub struct ThemeOption {
    /// Its name.
    pub name: String,
    /// What it is to be.
    pub value: serde_json::Value,
    /// Where its name stands.
    pub at: Option<Place>,
    /// Where its value stands.
    pub value_at: Option<Place>,
}

/// Without the places: they say nothing about what pages show.
impl fmt::Debug for ThemeOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.name, self.value)
    }
}

const SHAPE: &str = "the name of a theme, or a table with `name` and the theme's options";

/// Reads `theme = "NAME"`, or `[theme]` with `name` and options.
pub(super) fn read_theme(source: &Source<'_>, root: &mut Section<'_>, config: &mut SiteConfig) {
    if let Some(old) = root.raw("theme_options") {
        let message = "`theme_options` has become a part of `[theme]`";
        let help = "write the theme as a table: `[theme]`, `name = \"...\"`, and its options below";
        source.report(Diagnostic::new(Code::ConfigKey, message).help(help), old.span());
    }
    let Some(value) = root.raw("theme") else { return };
    match value.get_ref() {
        DeValue::String(_) => {
            if let Some(name) = root.parsed("theme", SHAPE, name) {
                config.theme = name;
            }
        }
        DeValue::Table(_) => {
            let mut section = root.section("theme");
            if let Some(name) = section.parsed("name", "the name of a theme", name) {
                config.theme = name;
            }
            let option = |(key, value): (_, &Value<'_>)| option(source, key, value);
            config.theme_options = section.others().into_iter().map(option).collect();
        }
        _ => root.wrong_type("theme", SHAPE, value),
    }
}

fn option(
    source: &Source<'_>,
    key: &toml::Spanned<std::borrow::Cow<'_, str>>,
    value: &Value<'_>,
) -> ThemeOption {
    ThemeOption {
        name: key.get_ref().to_string(),
        value: to_json(value.get_ref()),
        at: Some(source.place(key.span())),
        value_at: Some(source.place(value.span())),
    }
}

fn name(name: &str) -> Result<String, String> {
    match SitePath::parse(name) {
        Some(path) if path.as_str() == name && !name.contains(['/', ':']) => Ok(name.to_owned()),
        _ => Err("it is not a plain name".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SiteConfig, Vec<Diagnostic>> {
        SiteConfig::parse(text, &SitePath::parse("site.toml").unwrap()).map(|read| read.value)
    }

    #[test]
    fn a_theme_is_a_name_or_a_table() {
        assert_eq!(read("theme = 'plain'").unwrap().theme, "plain");
        let config = read("[theme]\naccent = '#fff'\nname = 'plain'\npanels = ['a', 2]\n").unwrap();
        assert_eq!(config.theme, "plain");
        let options = format!("{:?}", config.theme_options);
        assert_eq!(options, r##"[accent = "#fff", panels = ["a",2]]"##);
        let span = |place: &Option<Place>| {
            place.as_ref().and_then(|place| place.span.clone()).map(|span| (span.line, span.column))
        };
        let panels = &config.theme_options[1];
        assert_eq!((span(&panels.at), span(&panels.value_at)), (Some((4, 1)), Some((4, 10))));
        assert_eq!(read("[theme]\nx = 1").unwrap().theme, SiteConfig::default().theme);
    }

    #[test]
    fn what_is_no_theme_is_reported() {
        for bad in ["theme = 3", "theme = '../x'", "[theme]\nname = 'a/b'", "theme.name = 3"] {
            assert_eq!(read(bad).unwrap_err().len(), 1, "{bad}");
        }
        let report = read("[theme_options]\nx = 1").unwrap_err().remove(0);
        assert!(report.help.unwrap().contains("[theme]"), "{}", report.message);
    }
}
