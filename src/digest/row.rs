//! Rows of input.

use serde::Deserialize;

/// A text, with what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// Whatever names the row; it comes back with the answer.
    pub id: String,
    /// The text.
    pub text: String,
    /// Its title, when that is not part of the text.
    #[serde(default)]
    pub title: Option<String>,
    /// When it was published.
    #[serde(default)]
    pub date: Option<String>,
    /// ISO 639-1 code of its language.
    #[serde(default)]
    pub language: Option<String>,
    /// Topics that an editor gave.
    #[serde(default)]
    pub topics: Option<Vec<String>>,
    /// Places of names: then none are looked for. Offsets in code points.
    #[serde(default)]
    pub mentions: Option<Vec<[usize; 2]>>,
}

impl Row {
    /// Returns whether an editor gave it topics, so that others can learn from it.
    pub(super) fn teaches(&self) -> bool {
        self.topics.as_ref().is_some_and(|topics| !topics.is_empty())
    }

    /// Reads a line.
    ///
    /// # Errors
    /// When it is not a JSON object with `id` and `text`.
    pub fn parse(line: &str) -> Result<Self, String> {
        serde_json::from_str(line).map_err(|error| error.to_string())
    }
}
