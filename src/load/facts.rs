//! Names of quotations, figures and roles: their own words, so that a decision about one survives whatever is edited elsewhere.
//!
//! White space counts as one space. A quotation is named by the words of the article that hold it, its marks included; a figure
//! by its words and those of its sentence, as one article says `two days` more than once; a role by the words from it to the name
//! that it stands beside, and those of its sentence.

use serde::{Deserialize, Serialize};

use crate::files::SitePath;
use crate::ids::Fingerprint;

/// Digits of an id behind its kind. Of sites with a million facts, one in five hundred has an id twice; who looks one up
/// has to notice.
const DIGITS: usize = 12;
/// Fewest digits of an id that somebody may type.
const FEWEST: usize = 4;

/// What a text says, other than names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FactKind {
    /// What somebody said.
    Quote,
    /// A number with what it counts.
    Figure,
    /// What somebody is called.
    Role,
}

impl FactKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Quote, Self::Figure, Self::Role];

    /// Returns the word for it, which is the key of decisions and begins ids.
    pub fn word(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Figure => "figure",
            Self::Role => "role",
        }
    }

    /// Returns whether the words of the sentence are part of the name.
    pub(super) fn has_sentence(self) -> bool {
        self != Self::Quote
    }
}

/// A quotation, figure or role, as a decision names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactName {
    /// Which of them.
    pub kind: FactKind,
    /// The article's file.
    pub article: SitePath,
    /// Its words.
    pub words: String,
    /// The words of the sentence of a figure or role; none for all of these words in the article.
    pub sentence: Option<String>,
}

/// A quotation, figure or role of an article, by fingerprints of its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactKey {
    /// Which of them.
    pub kind: FactKind,
    words: Fingerprint,
    sentence: Option<Fingerprint>,
}

impl FactName {
    /// Returns the key that goes with the name.
    pub fn key(&self) -> FactKey {
        FactKey::new(self.kind, &self.words, self.sentence.as_deref())
    }

    /// Returns the id.
    pub fn id(&self) -> String {
        self.key().id(&self.article)
    }
}

impl FactKey {
    /// Returns the key of a quotation, figure or role; the sentence of a quotation does not count.
    pub fn new(kind: FactKind, words: &str, sentence: Option<&str>) -> Self {
        let sentence = sentence.filter(|_| kind.has_sentence()).map(print);
        Self { kind, words: print(words), sentence }
    }

    /// Returns whether a decision that names `self` is about `found`.
    pub fn names(&self, found: &Self) -> bool {
        self.kind == found.kind
            && self.words == found.words
            && (self.sentence.is_none() || self.sentence == found.sentence)
    }

    /// Returns what the fact of an article is called in commands and data: `quote:1f3a5b7c9d0e`.
    pub fn id(&self, article: &SitePath) -> String {
        let sentence = self.sentence.unwrap_or(self.words.complement());
        let parts = [article.as_str().as_bytes(), self.words.as_bytes(), sentence.as_bytes()];
        let print = Fingerprint::of_parts(parts).to_string();
        format!("{}:{}", self.kind.word(), &print[..DIGITS])
    }
}

/// Returns whether a text looks like an id, or like the beginning of one that is long enough to tell.
pub fn is_fact_id(text: &str) -> bool {
    let Some((kind, digits)) = text.split_once(':') else { return false };
    FactKind::ALL.iter().any(|one| one.word() == kind) && {
        (FEWEST..=DIGITS).contains(&digits.len())
            && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// Returns the fingerprint of words, however they are spaced.
fn print(words: &str) -> Fingerprint {
    Fingerprint::of_parts(words.split_whitespace().map(str::as_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_all_that_words_may_differ_in() {
        let key = |kind, words| FactKey::new(kind, words, Some("In a sentence."));
        let told = key(FactKind::Quote, "“We have\n a month,”");
        assert!(told.names(&key(FactKind::Quote, " “We have a month,”")));
        for other in ["“we have a month,”", "“We have a month”", "“We havea month,”", ""]
        {
            assert!(!told.names(&key(FactKind::Quote, other)), "{other:?}");
        }
        assert!(!told.names(&key(FactKind::Figure, "“We have a month,”")));
    }

    #[test]
    fn a_figure_or_role_is_told_by_its_sentence_unless_that_is_left_out() {
        let role = |sentence| FactKey::new(FactKind::Role, "Mayor Ann Lee", Some(sentence));
        assert!(!role("Mayor Ann Lee left.").names(&role("Mayor Ann Lee came.")));
        let figure = |sentence| FactKey::new(FactKind::Figure, "two days", sentence);
        assert!(figure(Some("It took two\ndays.")).names(&figure(Some("It took two days."))));
        assert!(!figure(Some("It took two days.")).names(&figure(Some("Two days passed."))));
        assert!(figure(None).names(&figure(Some("It took two days."))));
        assert!(!figure(Some("It took two days.")).names(&figure(None)));
    }

    #[test]
    fn ids_differ_by_article_kind_and_words() {
        let [a, b] = ["content/articles/a.md", "content/articles/b.md"]
            .map(|path| SitePath::parse(path).unwrap());
        let keys = [
            FactKey::new(FactKind::Quote, "x", None),
            FactKey::new(FactKind::Quote, "y", None),
            FactKey::new(FactKind::Figure, "x", None),
            FactKey::new(FactKind::Figure, "x", Some("x y")),
        ];
        let mut ids: Vec<String> = keys.iter().flat_map(|key| [key.id(&a), key.id(&b)]).collect();
        assert!(ids.iter().all(|id| is_fact_id(id)), "{ids:?}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 8);
        for other in ["quote:", "quote:12", "quote:1234g", "quota:1234", "Jane Doe"] {
            assert!(!is_fact_id(other), "{other}");
        }
    }
}
