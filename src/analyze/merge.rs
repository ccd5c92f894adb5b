//! Joins the forms under which one article names somebody, and says what is known of each.

use super::aliases::{Alike, Form, Naming, class_of, defined, join, kind_of};
use super::classify::Candidate;
use super::{LocalEntity, LocalMention, Vote};
use crate::text::TextRange;

/// Joins candidates, which are in the order of the text, to entities, in the order of first mention.
pub(super) fn merge(text: &str, candidates: &[Candidate]) -> Vec<LocalEntity> {
    let ranges: Vec<TextRange> = candidates.iter().map(|candidate| candidate.range).collect();
    let form = |(candidate, defined): (&Candidate, Option<usize>)| {
        let class = class_of(candidate.kind);
        let form = Form::new(candidate.range.slice(text), class, Naming::Name);
        Form { defined, known: candidate.known, likes: candidate.likes, ..form }
    };
    let forms: Vec<Form<'_>> = candidates.iter().zip(defined(text, &ranges)).map(form).collect();
    join(&forms).into_iter().filter_map(|one| entity(one, candidates)).collect()
}

/// Returns the entity of names that are one.
fn entity(one: Alike, candidates: &[Candidate]) -> Option<LocalEntity> {
    let Alike { mut name, mut aliases, class, forms, vote, .. } = one;
    let members = || forms.iter().filter_map(|form| candidates.get(*form));
    let known = members().find(|member| member.known.is_some());
    // `U.S.` and `OTTAWA` are what everybody calls them, in all articles, whatever this one writes.
    let settled = known.or_else(|| members().find(|member| member.main.is_some()));
    if let Some(main) = members().find_map(|member| member.main) {
        aliases.retain(|alias| alias != main);
        if name != main {
            aliases.insert(0, std::mem::replace(&mut name, main.to_owned()));
        }
    }
    let first = settled.or_else(|| members().next())?;
    let kind = match settled {
        Some(settled) => settled.kind,
        None => class.and_then(kind_of).unwrap_or(first.kind),
    };
    let mention =
        |member: &Candidate| LocalMention { range: member.range, sentence: member.sentence };
    let mentions = members().map(mention).collect();
    // What is settled is not for texts to say.
    let vote = if settled.is_some() { Vote::default() } else { vote };
    let (known, rule) = (first.known, first.rule);
    Some(LocalEntity { name, kind, known, aliases, mentions, vote, rule })
}
