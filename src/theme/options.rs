//! The options of a theme: what `theme.toml` declares, and what the site says of them.

use serde_json::{Map, Value};

use super::{SiteAsset, value_of};
use crate::config::ThemeOption;
use crate::diag::{Code, Diagnostic, Place};

/// An option that a theme declares.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionSpec {
    /// Its name in `[theme]` of the settings, and in templates.
    pub name: String,
    /// Which values it may have.
    pub kind: OptionKind,
    /// Its value when the site says nothing; null for an image that there need not be.
    pub default: Value,
    /// What it does, in a line.
    pub help: String,
    /// The custom property of CSS that has its value in the style sheet.
    pub property: Option<String>,
}

/// Which values an option may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// `true` or `false`.
    Bool,
    /// A whole number between two others, both included.
    Integer(i64, i64),
    /// Any text.
    Text,
    /// One of a few words.
    Choice(Vec<String>),
    /// Some of a few words, in any order.
    List(Vec<String>),
    /// A colour of CSS.
    Color,
    /// Names of fonts, the best first.
    Font,
    /// A file of the site's `static` folder.
    Image,
}

impl OptionKind {
    /// Returns what is expected, for people.
    pub fn shape(&self) -> String {
        let words = |words: &[String]| {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            words.join(", ")
        };
        match self {
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Integer(min, max) => format!("a whole number from {min} to {max}"),
            Self::Text => "a string".to_owned(),
            Self::Choice(choices) => format!("one of {}", words(choices)),
            Self::List(choices) => format!("a list of {}", words(choices)),
            Self::Color => "a colour such as `#8a1c1c`, `teal` or `oklch(45% 0.2 25)`".to_owned(),
            Self::Font => "fonts such as `\"Source Serif 4\", Georgia, serif`".to_owned(),
            Self::Image => "a file of the site's `static` folder, such as `logo.svg`".to_owned(),
        }
    }

    /// Checks a value, and returns it in the form that templates are handed.
    ///
    /// # Errors
    /// Returns why it cannot be used.
    pub(super) fn check(&self, value: &Value) -> Result<Value, String> {
        let text = value.as_str();
        match self {
            Self::Bool if value.is_boolean() => Ok(value.clone()),
            Self::Integer(min, max) => match value.as_i64() {
                Some(n) if (*min..=*max).contains(&n) => Ok(n.into()),
                Some(_) => Err("it is out of range".to_owned()),
                None => Err("it is not a whole number".to_owned()),
            },
            Self::Text if text.is_some() => Ok(value.clone()),
            Self::Choice(choices) => match text {
                Some(text) if choices.iter().any(|choice| choice == text) => Ok(text.into()),
                _ => Err("there is no such choice".to_owned()),
            },
            Self::List(choices) => {
                let items = value.as_array().ok_or("it is not a list")?;
                let unknown = items.iter().find(|item| {
                    !item.as_str().is_some_and(|item| choices.iter().any(|one| one == item))
                });
                match unknown {
                    Some(item) => Err(format!("{item} is no such choice")),
                    None => Ok(value.clone()),
                }
            }
            Self::Color => text
                .map(str::trim)
                .filter(|text| value_of::is_color(text))
                .map(Into::into)
                .ok_or_else(|| "it is not a colour".to_owned()),
            Self::Font => text
                .map(str::trim)
                .filter(|text| value_of::is_fonts(text))
                .map(Into::into)
                .ok_or_else(|| "it is not a list of fonts".to_owned()),
            // An address from the root of the site, by which templates find it.
            Self::Image => match text.map(|text| text.trim_start_matches('/')) {
                Some("") => Ok(Value::Null),
                Some(path) => Ok(format!("/{path}").into()),
                None => Err("it is not a path".to_owned()),
            },
            Self::Bool | Self::Text => Err(format!("it is not {}", self.shape())),
        }
    }
}

/// Returns the values of all options: those that the site gives, and the theme's for the rest.
pub(super) fn values(
    theme: &str,
    specs: &[OptionSpec],
    given: &[ThemeOption],
    files: &[SiteAsset],
    reports: &mut Vec<Diagnostic>,
) -> Map<String, Value> {
    let mut out: Map<String, Value> =
        specs.iter().map(|spec| (spec.name.clone(), spec.default.clone())).collect();
    for option in given {
        let Some(spec) = specs.iter().find(|spec| spec.name == option.name) else {
            reports.push(unknown(theme, specs, option));
            continue;
        };
        let wrong = |why: &str| {
            let value = match &option.value {
                Value::String(text) => text.escape_debug().to_string(),
                other => other.to_string(),
            };
            let message = format!("`{value}` is not valid for the option `{}`: {why}", spec.name);
            let report = Diagnostic::new(Code::ThemeOption, message);
            placed(report.help(format!("expected {}", spec.kind.shape())), option.value_at.as_ref())
        };
        match spec.kind.check(&option.value) {
            Ok(value) => {
                if spec.kind == OptionKind::Image
                    && let Some(path) = value.as_str()
                    && !files.iter().any(|file| path[1..] == *file.output.as_str())
                {
                    let known = files.iter().map(|file| file.output.as_str());
                    let report = wrong("there is no such file in `static`");
                    reports.push(report.did_you_mean(&path[1..], known));
                }
                out.insert(spec.name.clone(), value);
            }
            Err(why) => {
                let report = wrong(&why);
                let choices = match &spec.kind {
                    OptionKind::Choice(choices) => choices.as_slice(),
                    _ => &[],
                };
                let found = option.value.as_str().unwrap_or_default();
                reports.push(report.did_you_mean(found, choices.iter().map(String::as_str)));
            }
        }
    }
    out
}

fn unknown(theme: &str, specs: &[OptionSpec], option: &ThemeOption) -> Diagnostic {
    let name = option.name.escape_debug();
    let message = format!("the theme `{theme}` has no option `{name}`");
    let names: Vec<String> = specs.iter().map(|spec| format!("`{}`", spec.name)).collect();
    let help = match names.as_slice() {
        [] => "it has no options at all".to_owned(),
        names => format!("its options are {}", names.join(", ")),
    };
    let report = Diagnostic::new(Code::ThemeOption, message).help(help);
    let report = report.did_you_mean(&option.name, specs.iter().map(|spec| spec.name.as_str()));
    placed(report, option.at.as_ref())
}

fn placed(report: Diagnostic, place: Option<&Place>) -> Diagnostic {
    Diagnostic { place: place.cloned(), ..report }
}

/// Returns the rule that gives the custom properties of options their values.
///
/// It weighs less than any rule of the theme, and needs no place before them.
pub(super) fn style(specs: &[OptionSpec], values: &Map<String, Value>) -> String {
    let set = specs.iter().filter_map(|spec| {
        let property = spec.property.as_deref()?;
        let value = match values.get(&spec.name)? {
            Value::String(text) => text.clone(),
            Value::Null => return None,
            other => other.to_string(),
        };
        Some(format!("{property}:{value}"))
    });
    let set: Vec<String> = set.collect();
    if set.is_empty() { String::new() } else { format!(":where(:root){{{}}}", set.join(";")) }
}
