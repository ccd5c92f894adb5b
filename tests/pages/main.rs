//! What pages choose to show, and which pages there are: small sites, each with one thing to look at.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "../common/mod.rs"]
mod common;
mod facts;

use common::Tree;
use serde_json::Value;

/// Returns a site of Markdown files: name, front matter, text.
pub(crate) fn site(articles: &[(&str, &str, &str)]) -> Tree {
    let file = |(name, front, text): &(&str, &str, &str)| {
        (
            format!("content/articles/{name}.md"),
            format!("+++\n{front}\n+++\n\n{text}\n").into_bytes(),
        )
    };
    articles.iter().map(file).collect()
}

pub(crate) fn with(mut tree: Tree, path: &str, text: &str) -> Tree {
    tree.insert(path.to_owned(), text.as_bytes().to_vec());
    tree
}

pub(crate) fn page<'t>(made: &'t Tree, path: &str) -> &'t str {
    let bytes = made.get(path).unwrap_or_else(|| panic!("{path} in {:?}", made.keys()));
    str::from_utf8(bytes).unwrap()
}

pub(crate) fn twin(made: &Tree, path: &str) -> Value {
    serde_json::from_str(page(made, path)).unwrap()
}

/// Returns what stands between two marks, without what is around it.
pub(crate) fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{from} in {text}"));
    rest.split_once(to).unwrap_or_else(|| panic!("{to} in {rest}")).0
}
