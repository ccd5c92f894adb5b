//! Who is who in a whole collection.

use std::collections::BTreeMap;

use super::Digest;
use super::entities::Ids;
use crate::analyze::{Form, NameClass, Naming, join};

/// Gives the same one the same id in all texts: by its fullest name in each, and its abbreviations.
///
/// Surnames alone are joined to the one person of the collection who has them, and stay by themselves where there are two.
pub(super) fn identify(all: &mut [Digest]) {
    let mut forms: Vec<Form<'_>> = Vec::new();
    let mut of_form: Vec<(usize, usize)> = Vec::new();
    for (text, one) in all.iter().enumerate() {
        for (at, entity) in one.entities.iter().enumerate() {
            let class = class_of(entity.kind);
            let main = forms.len();
            forms.push(Form { text: &entity.name, class, defined: None, naming: Naming::Name });
            of_form.push((text, at));
            for alias in entity.aliases.iter().filter(|alias| is_abbreviation(alias, &entity.name))
            {
                forms.push(Form { text: alias, class, defined: Some(main), naming: Naming::Name });
                of_form.push((text, at));
            }
        }
    }
    let mut taken = Ids::default();
    let mut ids: Vec<(usize, usize, String)> = Vec::new();
    for one in join(&forms) {
        let id = taken.take(&one.name);
        ids.extend(one.forms.iter().map(|form| (of_form[*form].0, of_form[*form].1, id.clone())));
    }
    let mut renamed: Vec<BTreeMap<String, String>> = vec![BTreeMap::new(); all.len()];
    for (text, at, id) in ids {
        let entity = &mut all[text].entities[at];
        renamed[text].insert(std::mem::replace(&mut entity.id, id.clone()), id);
    }
    for (one, renamed) in all.iter_mut().zip(renamed) {
        for quote in &mut one.quotes {
            if let Some(id) = quote.speaker_entity.as_ref().and_then(|id| renamed.get(id)) {
                quote.speaker_entity = Some(id.clone());
            }
        }
    }
}

fn class_of(kind: &str) -> Option<NameClass> {
    match kind {
        "person" => Some(NameClass::Person),
        "organization" => Some(NameClass::Organization),
        "place" => Some(NameClass::Place),
        "event" => Some(NameClass::Event),
        "work" => Some(NameClass::Work),
        _ => None,
    }
}

/// Whether an alias is capitals that stand for a longer name.
fn is_abbreviation(alias: &str, name: &str) -> bool {
    name.contains(' ') && alias.len() > 1 && alias.chars().all(|c| c.is_uppercase() || c == '.')
}
