//! What nobody has decided about yet, with the sentences that help to decide.

use std::cmp::Reverse;

use super::{Known, Unreviewed, facts, gate};
use crate::config::EntityKind;
use crate::files::SitePath;
use crate::ids::{ArticleId, EntityId};
use crate::load::FactKind;
use crate::resolve::{Entity, EntityLink, Site, Status, name_key};
use crate::text::TextRange;

/// Most sentences that are quoted for one entity.
const QUOTES: usize = 3;

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Entities of one kind only, and nothing else.
    pub kind: Option<EntityKind>,
    /// At most so many entities, so many topics, and so many quotations, figures and roles.
    pub limit: Option<usize>,
}

/// What waits for a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Suggested entities, most mentioned first.
    pub entities: Vec<PendingEntity>,
    /// Derived topics, newest article first.
    pub topics: Vec<PendingTopic>,
    /// Quotations and figures, newest article first.
    pub facts: Vec<PendingFact>,
    /// How many entities there are of what was asked for, with those beyond the limit.
    pub all_entities: usize,
    /// The same of topics.
    pub all_topics: usize,
    /// The same of quotations, figures and roles.
    pub all_facts: usize,
    /// How many there are in the site.
    pub unreviewed: Unreviewed,
}

/// An entity that only rules have found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEntity {
    /// What it is taken for.
    pub kind: EntityKind,
    /// Its name.
    pub name: String,
    /// Its other forms in texts.
    pub forms: Vec<String>,
    /// How many articles name it.
    pub articles: usize,
    /// How often they name it.
    pub mentions: u32,
    /// Sentences that name it, of the newest articles first.
    pub quotes: Vec<Quote>,
}

/// A sentence as it stands in the text of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The article's file.
    pub article: SitePath,
    /// The sentence.
    pub text: String,
}

/// A topic that the text of an article suggests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingTopic {
    /// The topic's name.
    pub topic: String,
    /// The article's file.
    pub article: SitePath,
    /// The article's title.
    pub title: String,
    /// The rule that found it.
    pub rule: &'static str,
}

/// A quotation, figure or role that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingFact {
    /// What it is called in commands.
    pub id: String,
    /// Which of them it is.
    pub kind: FactKind,
    /// The article's file.
    pub article: SitePath,
    /// Its words.
    pub text: String,
    /// The sentence that it begins in.
    pub sentence: String,
    /// The words for who said it; none where the text does not tell.
    pub speaker: Option<String>,
    /// The rule that found it.
    pub rule: &'static str,
}

/// Lists what nobody has decided about.
pub fn pending(known: Known<'_>, wish: Wish) -> Pending {
    let Known { site, config, part, .. } = known;
    let limit = wish.limit.unwrap_or(usize::MAX);
    let is_asked = |entity: &Entity| {
        entity.status == Status::Suggested && wish.kind.is_none_or(|kind| entity.kind == kind)
    };
    let mut entities: Vec<(EntityId, &Entity)> =
        site.entities.pairs().filter(|(_, entity)| is_asked(entity)).collect();
    entities.sort_by_key(|(id, entity)| {
        (Reverse(entity.mentions), Reverse(entity.articles.len()), *id)
    });
    let all_entities = entities.len();
    entities.truncate(limit);
    let mut topics = if wish.kind.is_none() { topics(site) } else { Vec::new() };
    let all_topics = topics.len();
    topics.truncate(limit);
    let (facts, all_facts) =
        if wish.kind.is_none() { open_facts(known, limit) } else { (Vec::new(), 0) };
    let entity = |(id, entity): (EntityId, &Entity)| PendingEntity {
        kind: entity.kind,
        name: entity.name.clone(),
        forms: other_forms(entity),
        articles: entity.articles.len(),
        mentions: entity.mentions,
        quotes: quotes(site, id, entity, part),
    };
    Pending {
        entities: entities.into_iter().map(entity).collect(),
        topics,
        facts,
        all_entities,
        all_topics,
        all_facts,
        unreviewed: gate(site, config),
    }
}

/// Returns the forms of an entity that are more than another way to write its name.
pub fn other_forms(entity: &Entity) -> Vec<String> {
    let mut known = vec![name_key(&entity.name)];
    let mut forms = Vec::new();
    for alias in &entity.aliases {
        let key = name_key(&alias.name);
        if !known.contains(&key) {
            known.push(key);
            forms.push(alias.name.clone());
        }
    }
    forms
}

fn topics(site: &Site) -> Vec<PendingTopic> {
    let mut topics = Vec::new();
    for article in site.articles.iter().rev() {
        for link in &article.topics {
            let Some(rule) = link.rule else { continue };
            topics.push(PendingTopic {
                topic: site.topics[link.topic].name.clone(),
                article: article.path.clone(),
                title: article.title.value.clone(),
                rule,
            });
        }
    }
    topics
}

/// Returns quotations, figures and roles, and how many there are beyond the limit too.
fn open_facts(known: Known<'_>, limit: usize) -> (Vec<PendingFact>, usize) {
    let (mut listed, mut all) = (Vec::new(), 0);
    for found in facts::all(known.site).filter(|found| found.status == Status::Suggested) {
        all += 1;
        if listed.len() < limit {
            let text = found.words(known.part);
            listed.push(PendingFact {
                id: found.id(),
                kind: found.key.kind,
                article: found.article.path.clone(),
                sentence: found.sentence(known.part).unwrap_or_else(|| text.clone()),
                speaker: found.said_by(known.part),
                rule: found.rule,
                text,
            });
        }
    }
    (listed, all)
}

/// Returns sentences of several articles, if there are several, and never one twice.
fn quotes(
    site: &Site,
    id: EntityId,
    entity: &Entity,
    part: &dyn Fn(ArticleId, TextRange) -> String,
) -> Vec<Quote> {
    let mut places: Vec<(usize, Reverse<ArticleId>, u32)> = Vec::new();
    for article in entity.articles.iter().rev().take(QUOTES) {
        let links = &site.articles[*article].entities;
        let Some(EntityLink { mentions, .. }) = links.iter().find(|link| link.entity == id) else {
            continue;
        };
        let mut numbers: Vec<u32> = mentions.iter().map(|mention| mention.sentence).collect();
        numbers.dedup();
        let of_article = numbers.into_iter().take(QUOTES).enumerate();
        places.extend(of_article.map(|(round, number)| (round, Reverse(*article), number)));
    }
    places.sort_unstable();
    let quote = |(_, Reverse(id), number): (usize, Reverse<ArticleId>, u32)| {
        let article = &site.articles[id];
        let range = *article.sentences.get(number as usize)?;
        Some(Quote { article: article.path.clone(), text: part(id, range) })
    };
    places.into_iter().filter_map(quote).take(QUOTES).collect()
}
