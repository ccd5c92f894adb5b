//! Who is who in a whole collection.
//!
//! In texts about the same event, whatever would be one in a single text is one: surnames, abbreviations, even
//! `the store`. Texts that have no event in common must agree in more: in a full name, or in a name that is well known.

use std::collections::BTreeMap;

use super::Digest;
use super::entities::Ids;
use crate::analyze::{
    Alike, Form, NameClass, Naming, is_forename, is_known_name, join, join_distant, name_key,
};

/// An entity of a text: numbers of both.
type Place = (usize, usize);

/// Entities of texts about one event that are one.
struct Group {
    name: String,
    class: Option<NameClass>,
    naming: Naming,
    /// Capitals that stand for the name.
    short: Vec<String>,
    members: Vec<Place>,
}

impl Group {
    /// Returns how others may be joined with it whose texts have nothing else in common.
    fn meets(&self) -> Meets {
        let words = name_key(&self.name).split(' ').count();
        if self.naming != Naming::Name {
            Meets::Nobody
        } else if words > 1 || is_known_name(&self.name) || is_capitals(&self.name) {
            Meets::Names
        } else if self.class == Some(NameClass::Person) && is_forename(&self.name) {
            Meets::Nobody
        } else {
            Meets::Equals
        }
    }
}

/// Who may be one with a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meets {
    Names,
    Equals,
    Nobody,
}

/// Gives the same one the same id in all texts; `stories` tells the event of each.
pub(super) fn identify(all: &mut [Digest], stories: &[String]) {
    let mut by_story: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (text, story) in stories.iter().enumerate() {
        by_story.entry(story).or_default().push(text);
    }
    let mut groups: Vec<Group> =
        by_story.into_values().flat_map(|texts| in_story(all, &texts)).collect();
    groups.sort_by_key(|group| group.members.first().copied());
    let (met, alone): (Vec<&Group>, Vec<&Group>) =
        groups.iter().partition(|group| group.meets() != Meets::Nobody);
    let mut forms: Vec<Form<'_>> = Vec::new();
    let mut of_form: Vec<usize> = Vec::new();
    for (at, group) in met.iter().enumerate() {
        let equals = group.meets() == Meets::Equals;
        let naming = if equals { Naming::Words } else { Naming::Name };
        let main = forms.len();
        forms.push(Form::new(&group.name, group.class, naming));
        of_form.push(at);
        for text in &group.short {
            forms.push(Form { defined: Some(main), ..Form::new(text, group.class, naming) });
            of_form.push(at);
        }
    }
    let mut joined: Vec<(String, Vec<Place>)> = join_distant(&forms)
        .into_iter()
        .map(|one| {
            let members =
                one.forms.iter().flat_map(|form| met[of_form[*form]].members.iter().copied());
            (one.name, members.collect())
        })
        .collect();
    joined.extend(alone.into_iter().map(|group| (group.name.clone(), group.members.clone())));
    joined.sort_by_key(|(_, members)| members.iter().min().copied());
    let mut taken = Ids::default();
    let mut ids: Vec<(usize, usize, String)> = Vec::new();
    for (name, members) in joined {
        let id = taken.take(&name);
        ids.extend(members.into_iter().map(|(text, at)| (text, at, id.clone())));
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

/// Joins the entities of texts about one event.
fn in_story(all: &[Digest], texts: &[usize]) -> Vec<Group> {
    let mut forms: Vec<Form<'_>> = Vec::new();
    let mut of_form: Vec<Place> = Vec::new();
    for text in texts {
        for (at, entity) in all[*text].entities.iter().enumerate() {
            let class = NameClass::named(entity.kind);
            let main = forms.len();
            let naming = if entity.described { Naming::Words } else { Naming::Name };
            forms.push(Form::new(&entity.name, class, naming));
            of_form.push((*text, at));
            for alias in entity.aliases.iter().filter(|alias| is_abbreviation(alias, &entity.name))
            {
                forms.push(Form { defined: Some(main), ..Form::new(alias, class, naming) });
                of_form.push((*text, at));
            }
        }
    }
    let group = |one: Alike| {
        let mut members: Vec<Place> = one.forms.iter().map(|form| of_form[*form]).collect();
        members.sort_unstable();
        members.dedup();
        let mut short = one.aliases;
        short.retain(|alias| is_abbreviation(alias, &one.name));
        Group { name: one.name, class: one.class, naming: one.naming, short, members }
    };
    join(&forms).into_iter().map(group).collect()
}

/// Whether an alias is capitals that stand for a longer name.
fn is_abbreviation(alias: &str, name: &str) -> bool {
    name.contains(' ') && is_capitals(alias)
}

fn is_capitals(name: &str) -> bool {
    name.len() > 1 && name.chars().all(|c| c.is_uppercase() || c == '.')
}
