//! What names stand for in a whole collection.
//!
//! A name that is clear in some texts is known in all of them: `Whitehorse` in a list of names may be anything, unless
//! others of the texts go there. Each text votes once for a name, by how clear it is about it (see `Ballot`).

use rustc_hash::FxHashMap;

use super::Digest;
use crate::analyze::{Ballot, NameClass, is_known_name, name_key};

/// Gives the same name the kind for which all texts together speak. Linear.
pub(super) fn settle(all: &mut [Digest]) {
    let mut ballots: FxHashMap<String, Ballot> = FxHashMap::default();
    for entity in all.iter().flat_map(|one| &one.entities) {
        ballots.entry(name_key(&entity.name)).or_default().add(entity.vote);
    }
    for entity in all.iter_mut().flat_map(|one| &mut one.entities) {
        if is_known_name(&entity.name) {
            continue;
        }
        let ballot = ballots.get(&name_key(&entity.name)).copied().unwrap_or_default();
        let Some(class) = NameClass::named(entity.kind).map(|class| ballot.class(class)) else {
            continue;
        };
        // `Jordan, 34, said he was tired`: somebody may be called like what others are about.
        if !entity.vote.denies(class) {
            entity.kind = class.as_str();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::digest::{Options, Row, digest};

    const LIST: &str = "He joined Bergheim, Kalvik and Tormunde.";
    const TRAIN: &str = "The train to Kalvik was late. The town of Kalvik lies in the north of Norway, and roads in Kalvik were closed.";
    const SHIP: &str = "A ship left from Kalvik. Residents of Kalvik, in northern Norway, were told to stay at home.";

    /// Returns what `Kalvik` is taken for in each text.
    fn kinds(texts: &[&str], across: bool) -> Vec<&'static str> {
        let row = |text: &&str| Row { text: (*text).to_owned(), ..Row::default() };
        let rows: Vec<Row> = texts.iter().map(row).collect();
        let found = digest(&rows, Options { across, summary_ratio: None });
        let kind = |one: &crate::digest::Digest| {
            one.entities.iter().find(|entity| entity.name == "Kalvik").map_or("none", |it| it.kind)
        };
        found.iter().map(kind).collect()
    }

    #[test]
    fn a_name_that_is_clear_elsewhere_is_known_in_a_list() {
        assert_eq!(kinds(&[LIST, TRAIN, SHIP], false), ["person", "place", "place"]);
        assert_eq!(kinds(&[LIST, TRAIN, SHIP], true), ["place", "place", "place"]);
        assert_eq!(kinds(&[LIST], true), ["person"]);
    }

    #[test]
    fn a_text_that_is_clear_keeps_its_own_word() {
        let person = "Mr. Kalvik, 34, said he was tired. Mr. Kalvik said he would rest. \"I am tired,\" Mr. Kalvik said.";
        let found = kinds(&[LIST, TRAIN, SHIP, person], true);
        assert_eq!(found, ["place", "place", "place", "person"]);
    }
}
