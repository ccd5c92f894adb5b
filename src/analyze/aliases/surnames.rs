//! Surnames that several people of a text share.
//!
//! Whoever reads a surname alone while only one of them has been named takes it for theirs, and writers go on using it so:
//! `Matthew Goode was born in Exeter. Goode has two daughters, Matilda Goode and Eloise Goode.`

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::tagger::NameClass;
use super::{Head, Naming, bare, name_key, without_possessive};
use crate::text::TextRange;

/// Who bore a surname before it stood alone.
struct Family {
    /// Number of the first name with it.
    first: usize,
    /// Their forenames: middle names come and go.
    members: FxHashSet<String>,
}

/// Returns for each surname that stands alone before a second person with it is named the number of the first one.
/// Names are in the order of the text.
pub fn surnames(names: &[(TextRange, Head<'_>)]) -> Vec<Option<usize>> {
    let mut families: FxHashMap<String, Family> = FxHashMap::default();
    let mut found = vec![None; names.len()];
    let mut alone: FxHashSet<String> = FxHashSet::default();
    let person = |head: &Head<'_>| {
        let class = head.class.is_none_or(|class| class == NameClass::Person);
        head.naming == Naming::Name && class
    };
    // Where nobody shares a surname, parts of names tell.
    if names.iter().filter(|(_, head)| person(head)).count() < 3 {
        return found;
    }
    for (number, (_, head)) in names.iter().enumerate().filter(|(_, (_, head))| person(head)) {
        let key = name_key(without_possessive(head.text));
        let words: Vec<String> = key.split(' ').map(str::to_owned).collect();
        let words = bare(&words);
        let Some(last) = words.last() else { continue };
        if words.len() > 1 {
            let new = || Family { first: number, members: FxHashSet::default() };
            families.entry(last.clone()).or_insert_with(new).members.insert(words[0].clone());
        } else if alone.insert(last.clone()) {
            // What the first place tells holds for all.
            let family = families.get(last).filter(|family| family.members.len() == 1);
            found[number] = family.map(|family| family.first);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearers(names: &[&'static str]) -> Vec<Option<usize>> {
        let head = |text: &&'static str| Head {
            text,
            class: Some(NameClass::Person),
            naming: Naming::Name,
        };
        let names: Vec<_> = names.iter().map(|name| (TextRange::new(0, 0), head(name))).collect();
        surnames(&names)
    }

    #[test]
    fn a_surname_alone_is_whose_it_was_when_it_first_stood_alone() {
        let found = bearers(&["Matthew Goode", "Goode", "Matilda Goode", "Goode"]);
        assert_eq!(found, [None, Some(0), None, None]);
        let found = bearers(&["Bill Clinton", "Hillary Clinton", "Clinton"]);
        assert_eq!(found, [None; 3]);
    }
}
