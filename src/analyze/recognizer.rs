//! What finds names in a text: the recognizer that is built in, or another one in its place.

use std::fmt::Debug;

use super::capitals;
use super::document::{Document, Name};
use super::space;
use super::tagger;

/// Why a recognizer gave no answer, as the end of a sentence that begins with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered(pub String);

/// Finds the names of texts. Called from many threads.
pub trait Recognizer: Debug + Send + Sync {
    /// Returns the names of a text, in order; they do not overlap, and each lies inside one sentence.
    ///
    /// `language` is an ISO 639-1 code, if the text's language is known. The answer depends on nothing but the
    /// text, the language and the recognizer, so that it may be kept.
    ///
    /// # Errors
    /// When a recognizer that is another program fails. The one that is built in never does.
    fn names(
        &self,
        document: &Document<'_>,
        language: Option<&str>,
    ) -> Result<Vec<Name>, Unanswered>;
}

/// The recognizer that is built in: a model of English news (see `training/README.md`), and capitals in other languages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded;

impl Recognizer for Embedded {
    fn names(
        &self,
        document: &Document<'_>,
        language: Option<&str>,
    ) -> Result<Vec<Name>, Unanswered> {
        Ok(if capitals::reads(language, document.text) {
            capitals::names(document.text, &document.lines, language)
        } else {
            space::correct(
                document.text,
                &document.lines,
                tagger::tag(document.text, &document.lines),
            )
        })
    }
}
