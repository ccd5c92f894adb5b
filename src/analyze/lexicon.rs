//! The names that editors gave: from records and from all front matter.

use crate::config::EntityKind;

/// Number of a name's bearer in the lexicon, as handed to [`LexiconBuilder::add`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u32);

/// Collects names for a [`Lexicon`].
#[derive(Clone, Debug, Default)]
pub struct LexiconBuilder {
    names: Vec<(String, NameId, EntityKind)>,
}

/// Finds the given names in texts.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    names: Vec<(String, NameId, EntityKind)>,
}

impl LexiconBuilder {
    /// Adds a name or alias of bearer `id`. A name that two bearers share is found, but linked to neither.
    pub fn add(&mut self, name: &str, id: NameId, kind: EntityKind) {
        self.names.push((name.to_owned(), id, kind));
    }

    /// Builds the lexicon.
    pub fn build(self) -> Lexicon {
        Lexicon { names: self.names }
    }
}
