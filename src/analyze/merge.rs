//! Joins the forms under which one article names somebody.

use std::collections::BTreeMap;

use super::classify::{Candidate, is_acronym};
use super::lexicon::NameId;
use super::{LocalEntity, LocalMention};
use crate::config::EntityKind;

/// Under what mentions are one entity without further thought.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Known(NameId),
    Main(&'static str),
    Name(String),
}

/// The mentions of one name, and later of one bearer.
#[derive(Clone, Debug)]
struct Group {
    /// Distinct forms, in the order of first mention.
    forms: Vec<String>,
    kind: EntityKind,
    known: Option<NameId>,
    /// Whether the gazetteer knows it: then it is nobody's short form.
    fixed: bool,
    rule: &'static str,
    mentions: Vec<LocalMention>,
}

impl Group {
    fn main(&self) -> &str {
        self.forms.first().map_or("", String::as_str)
    }

    fn words(&self) -> usize {
        self.main().split(' ').count()
    }

    /// Takes in the mentions of a short form.
    fn absorb(&mut self, other: Self) {
        for form in other.forms {
            if !self.forms.contains(&form) {
                self.forms.push(form);
            }
        }
        self.mentions.extend(other.mentions);
    }

    /// Turns into what the stage hands on: the fullest form is the name.
    fn finish(mut self) -> Option<LocalEntity> {
        self.mentions.sort_unstable();
        let rank =
            |form: &String| (!is_acronym(form), form.split(' ').count(), form.chars().count());
        let mut best = self.forms.first()?;
        for form in &self.forms {
            if rank(form) > rank(best) {
                best = form;
            }
        }
        let name = best.clone();
        self.forms.retain(|form| *form != name);
        let Self { kind, known, forms: aliases, mentions, rule, .. } = self;
        Some(LocalEntity { name, kind, known, aliases, mentions, rule })
    }
}

/// Joins candidates to entities, in the order of first mention; those that nothing vouches for go.
pub(super) fn merge(text: &str, candidates: Vec<Candidate>) -> Vec<LocalEntity> {
    let mut groups = group(text, candidates);
    link_abbreviations(text, &mut groups);
    link_short_forms(&mut groups);
    let mut entities: Vec<LocalEntity> =
        groups.into_iter().flatten().filter_map(Group::finish).collect();
    entities.sort_by_key(|entity| entity.mentions.first().copied());
    entities
}

/// Puts equal names together.
fn group(text: &str, candidates: Vec<Candidate>) -> Vec<Option<Group>> {
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    let mut groups: Vec<Option<Group>> = Vec::new();
    for candidate in candidates {
        let name = candidate.range.slice(text).split_whitespace().collect::<Vec<_>>().join(" ");
        let key = match (candidate.known, candidate.main) {
            (Some(id), _) => Key::Known(id),
            (None, Some(main)) => Key::Main(main),
            (None, None) => Key::Name(name.clone()),
        };
        // `U.S.` and `OTTAWA` are what everybody calls them, in all articles, whatever this one writes.
        let forms = match candidate.main {
            Some(main) if main != name => vec![main.to_owned(), name],
            _ => vec![name],
        };
        let found = Group {
            forms,
            kind: candidate.kind,
            known: candidate.known,
            fixed: candidate.known.is_some() || candidate.main.is_some(),
            rule: candidate.rule,
            mentions: vec![LocalMention { range: candidate.range, sentence: candidate.sentence }],
        };
        let at = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(Some(group)) => {
                group.absorb(found);
            }
            _ => groups.push(Some(found)),
        }
    }
    groups
}

/// Moves the mentions of group `from` to group `to`.
fn join(groups: &mut [Option<Group>], from: usize, to: usize) {
    if from == to {
        return;
    }
    let Some(moved) = groups.get_mut(from).and_then(Option::take) else { return };
    if let Some(Some(host)) = groups.get_mut(to) {
        host.absorb(moved);
    }
}

/// Joins `(ABC)` to the name right before it, and other abbreviations to the one name with these initials.
fn link_abbreviations(text: &str, groups: &mut [Option<Group>]) {
    let mut ends: BTreeMap<usize, usize> = BTreeMap::new();
    let mut initials: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        let Some(group) = group.as_ref().filter(|group| group.words() > 1) else { continue };
        ends.extend(group.mentions.iter().map(|mention| (mention.range.range().end, at)));
        let key = group
            .main()
            .split([' ', '-'])
            .filter_map(|word| word.chars().next().filter(|c| c.is_uppercase()))
            .collect();
        initials.entry(key).or_default().push(at);
    }
    for at in 0..groups.len() {
        let Some(group) =
            groups[at].as_ref().filter(|group| group.words() == 1 && group.known.is_none())
        else {
            continue;
        };
        let defined = group.mentions.iter().find_map(|mention| {
            let before = text.get(..mention.range.range().start)?.strip_suffix('(')?.trim_end();
            let closed = text.get(mention.range.range().end..)?.starts_with(')');
            ends.get(&before.len()).copied().filter(|_| closed)
        });
        let spelled = || {
            let hosts =
                initials.get(group.main()).filter(|_| is_acronym(group.main()) && !group.fixed)?;
            (hosts.len() == 1).then(|| hosts[0])
        };
        if let Some(host) =
            defined.or_else(spelled).filter(|_| is_acronym(group.main()) || defined.is_some())
        {
            join(groups, at, host);
        }
    }
}

/// Joins surnames and first words to the one fuller name in the article; a form with two fuller names goes.
fn link_short_forms(groups: &mut [Option<Group>]) {
    let mut ends: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut order: Vec<(usize, usize)> = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let Some(group) = group else { continue };
        order.push((group.words(), at));
        for form in group.forms.iter().filter(|form| form.contains(' ')) {
            for key in short_forms(form, group.kind) {
                let hosts = ends.entry(key.to_owned()).or_default();
                if hosts.last() != Some(&at) {
                    hosts.push(at);
                }
            }
        }
    }
    // Longer forms first: `Kani` then finds one host, whatever forms that has.
    order.sort_by_key(|(words, at)| (std::cmp::Reverse(*words), *at));
    for (_, at) in order {
        let Some(group) = groups[at].as_ref().filter(|group| !group.fixed) else { continue };
        let alive = |host: &&usize| **host != at && groups.get(**host).is_some_and(Option::is_some);
        let hosts: Vec<usize> = ends
            .get(group.main())
            .map_or_else(Vec::new, |hosts| hosts.iter().filter(alive).copied().collect());
        let personal = group.kind == EntityKind::PERSON;
        match hosts.as_slice() {
            [] => {}
            [host] => join(groups, at, *host),
            _ if personal => groups[at] = None,
            _ => {}
        }
    }
}

/// Returns the forms by which a name may be shortened: last words and the first word of persons, first words of
/// organizations.
fn short_forms(name: &str, kind: EntityKind) -> Vec<&str> {
    let gaps = name.match_indices(' ').map(|(at, _)| at);
    match kind {
        EntityKind::PERSON => {
            gaps.map(|at| &name[at + 1..]).chain(name.split(' ').take(1)).collect()
        }
        EntityKind::ORGANIZATION => gaps.map(|at| &name[..at]).collect(),
        _ => Vec::new(),
    }
}
