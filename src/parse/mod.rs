//! A file's text becomes clean HTML, plain text, and the map between the two.
//!
//! In: a [`SourceFile`] and the settings. Out: a [`Draft`]: the [`Body`], the
//! links that must be checked, and what the text itself says about title, date
//! and source. Pure, per file, safe on any input.
//!
//! **Invariants:** [`Body::html`] is well-formed and safe (no script, no event
//! handler, no `javascript:` URL), whatever the input. Every [`Run`] maps equal
//! text: unescaping `html[run]` gives `text[run]`. So later stages insert
//! sentence anchors and entity links by offset, without parsing again: see
//! [`Body::annotate`].

mod annotate;
mod body;
mod boilerplate;
mod dates;
mod erase;
mod html;
mod infer;
mod markdown;
mod packed;
mod plain;
mod sanitise;
mod url;
mod writer;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::body::{Address, Annotation, Block, BlockKind, Body, Heading, Run, Targets};
pub use self::packed::TEXT;
use crate::config::SiteConfig;
use crate::diag::{Diagnostic, Warned};
use crate::load::{SourceFile, SourceRef, When};
use crate::text::{TextRange, rules};

/// A parsed article or page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// The text.
    pub body: Body,
    /// What of it can be pointed at.
    pub targets: Targets,
    /// Links of the body, in order.
    pub links: Vec<LinkRef>,
    /// Title found in the text (first heading, first line), never from front matter.
    pub title: Option<Found<String>>,
    /// Date found in the text (dateline, first line).
    pub date: Option<Found<When>>,
    /// Source found in the text (first-line URL, `Source:` line, disclaimer).
    pub source: Option<Found<SourceRef>>,
    /// Author found in the text (`By ...` line).
    pub author: Option<Found<String>>,
    /// Byte offset in the plain text of `<!-- more -->`, if the writer set it.
    pub more: Option<u32>,
    /// Paragraphs set apart as boilerplate or disclaimer: their text and the rule that found them.
    pub boilerplate: Vec<Found<String>>,
}

/// A value found in a text, with the rule that found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found<T> {
    /// The value.
    pub value: T,
    /// Stable name of the rule, such as `title.first-line`.
    #[serde(with = "rules")]
    pub rule: rules::Rule,
}

/// A link or image of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRef {
    /// The address as written.
    pub target: String,
    /// Byte range of the address in [`Body::html`] (attribute text, escaped), to be replaced when the link is internal.
    pub html: (u32, u32),
    /// Byte range of the whole link in the file, for reports.
    pub source: (u32, u32),
    /// Whether it is an image (or other embedded file).
    pub image: bool,
}

/// Parses one file.
pub fn parse(file: &SourceFile, config: &SiteConfig) -> Warned<Draft> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut draft = match file.format {
        crate::load::Format::Markdown => markdown::parse(file, config, &mut diagnostics),
        crate::load::Format::PlainText => plain::parse(file, config),
        crate::load::Format::Html => sanitise::parse(file, config, &mut diagnostics),
    };
    erase::erase(&mut draft, &config.redactions.names);
    Warned { value: draft, diagnostics }
}

/// Returns the rule by which a paragraph at an end of an article is a credit or disclaimer, if it is.
pub fn boilerplate_rule(paragraph: &str) -> Option<&'static str> {
    boilerplate::rule_of(paragraph)
}

/// Renders a short Markdown text (a record's body) to safe HTML.
pub fn markdown_to_html(text: &str, config: &SiteConfig) -> String {
    erase::erase_html(markdown::fragment(text, config), &config.redactions.names)
}

/// Returns the links of a short Markdown text (a record's body); their places are those in `text`.
pub fn markdown_links(text: &str, config: &SiteConfig) -> Vec<LinkRef> {
    markdown::fragment_links(text, config)
}

/// Returns the plain-text range that `range` covers, cut to `text`; a convenience for callers of [`Body::annotate`].
pub fn clamp(range: TextRange, text: &str) -> TextRange {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    TextRange::new(range.start.min(end), range.end.min(end))
}
