//! What a run of capitalised words names.

use super::lexicon::NameId;
use super::likes::Likes;
use crate::config::EntityKind;
use crate::text::TextRange;

/// A place where something is named, before the article's names are joined.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Where.
    pub(super) range: TextRange,
    /// Number of the sentence.
    pub(super) sentence: u32,
    /// What it names.
    pub(super) kind: EntityKind,
    /// The bearer in the lexicon.
    pub(super) known: Option<NameId>,
    /// The common name of all spellings in the gazetteer.
    pub(super) main: Option<&'static str>,
    /// How much each class is liked at its place.
    pub(super) likes: Likes,
    /// The rule that found it.
    pub(super) rule: &'static str,
}

/// Returns a name that is written in capitals as it is written elsewhere: `OTTAWA` is `Ottawa`.
///
/// Datelines and headlines shout; three letters and fewer are as good as always an abbreviation.
pub(super) fn unshouted(name: &str) -> Option<String> {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    // Most names have a small letter at the second place.
    if !letters().all(char::is_uppercase) || letters().count() < 4 {
        return None;
    }
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if out.ends_with(char::is_alphabetic) {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    Some(out)
}

/// Whether a word is 2 to 6 capital letters (dots aside) and no Roman numeral.
pub(super) fn is_acronym(word: &str) -> bool {
    let letters = || word.chars().filter(|c| *c != '.');
    (2..=6).contains(&letters().count())
        && letters().all(char::is_uppercase)
        && !letters().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'M'))
}
