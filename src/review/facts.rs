//! Quotations, figures and roles: which there are, what somebody wishes to decide about one, and decisions about none.

use super::decide::{Answer, Known};
use super::lookup::{self, new_name, short};
use crate::diag::Error;
use crate::ids::ArticleId;
use crate::load::{Action, FactKey, FactKind, FactName, is_fact_id};
use crate::resolve::{Article, LocalFigure, Site, Status, name_key};
use crate::text::TextRange;

/// A quotation, figure or role that pages show.
pub(super) struct Found<'s> {
    /// The article that says it.
    pub(super) article: &'s Article,
    pub(super) key: FactKey,
    pub(super) status: Status,
    /// The rule that found it.
    pub(super) rule: &'static str,
    id: ArticleId,
    range: TextRange,
    sentence: u32,
    /// Who said it: where the text says so, and what a person says.
    by: Option<TextRange>,
    speaker: Option<&'s str>,
}

/// Returns all quotations, figures and roles that pages show: newest article first, and in this order.
pub(super) fn all(site: &Site) -> impl Iterator<Item = Found<'_>> {
    let articles = site.articles.ids().rev().map(|id| (id, &site.articles[id]));
    articles.filter(|(_, article)| article.may_repeat()).flat_map(|(id, article)| {
        let quotes = article.quotes.iter().map(move |fact| Found {
            article,
            key: fact.key,
            status: fact.status,
            rule: fact.found.rule(),
            id,
            range: fact.found.range,
            sentence: fact.found.sentence,
            by: fact.found.speaker,
            speaker: fact.speaker.as_deref(),
        });
        let figures = article.figures.iter().map(move |fact| Found {
            article,
            key: fact.key,
            status: fact.status,
            rule: LocalFigure::RULE,
            id,
            range: fact.found.range,
            sentence: fact.found.sentence,
            by: fact.found.by,
            speaker: None,
        });
        let roles = article.roles.iter().map(move |fact| Found {
            article,
            key: fact.key,
            status: fact.status,
            rule: fact.found.rule(),
            id,
            range: fact.found.with_person(),
            sentence: fact.found.sentence,
            by: None,
            speaker: None,
        });
        quotes.chain(figures).chain(roles)
    })
}

impl Found<'_> {
    /// Returns what it is called in commands.
    pub(super) fn id(&self) -> String {
        self.key.id(&self.article.path)
    }

    /// Returns its words.
    pub(super) fn words(&self, part: &dyn Fn(ArticleId, TextRange) -> String) -> String {
        spaced(&part(self.id, self.range))
    }

    /// Returns the words of the sentence that it begins in.
    pub(super) fn sentence(&self, part: &dyn Fn(ArticleId, TextRange) -> String) -> Option<String> {
        let range = self.article.sentences.get(self.sentence as usize)?;
        Some(spaced(&part(self.id, *range)))
    }

    /// Returns the words for who said it.
    pub(super) fn said_by(&self, part: &dyn Fn(ArticleId, TextRange) -> String) -> Option<String> {
        let words = || Some(spaced(&part(self.id, self.by?)));
        self.speaker.map(str::to_owned).or_else(words)
    }

    /// Returns how a decision names it.
    fn name(&self, known: Known<'_>) -> FactName {
        let kind = self.key.kind;
        let sentence = self.sentence(known.part).filter(|_| kind != FactKind::Quote);
        let (article, words) = (self.article.path.clone(), self.words(known.part));
        FactName { kind, article, words, sentence }
    }
}

/// Returns a text with single spaces.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the ids of what an article says and nobody has decided about.
///
/// # Errors
/// When no article has that file.
pub fn open_facts(known: Known<'_>, article: &str) -> Result<Vec<String>, Error> {
    let article = lookup::article(known.site, article)?;
    let of_it = all(known.site).filter(|found| std::ptr::eq(found.article, article));
    let mut ids: Vec<String> = Vec::new();
    for found in of_it.filter(|found| found.status == Status::Suggested) {
        let id = found.id();
        // Words that stand in an article twice are decided about at once.
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Decides about a quotation, figure or role.
pub(super) fn decide(
    known: Known<'_>,
    id: &str,
    holds: bool,
    speaker: Option<&str>,
) -> Result<Answer, Error> {
    let found = find(known, id)?;
    let fact = found.name(known);
    let mut text = format!("{}: {}", short(&fact.words), fact.article);
    if !holds {
        return Ok(Answer::decided("rejected", text, Action::RejectFact { fact }));
    }
    if speaker.is_some() && fact.kind != FactKind::Quote {
        let kind = fact.kind.word();
        return Err(Error::usage(format!(
            "`{id}` is a {kind}, and only quotations have a speaker"
        )));
    }
    let speaker = speaker.map(|name| speaker_name(known, name)).transpose()?;
    if let Some(name) = &speaker {
        text = format!("{text}, said by {}", short(name));
    }
    if found.status == Status::Confirmed
        && (speaker.is_none() || speaker.as_deref() == found.speaker)
    {
        return Ok(Answer::kept(format!("{text}: confirmed already")));
    }
    Ok(Answer::decided("accepted", text, Action::AcceptFact { fact, speaker }))
}

/// Returns the name of a speaker, as the site spells it if it knows it.
fn speaker_name(known: Known<'_>, name: &str) -> Result<String, Error> {
    let name = new_name(name)?;
    let key = name_key(&name);
    let entity = known.site.entities.iter().find(|entity| name_key(&entity.name) == key);
    Ok(entity.map_or(name, |entity| entity.name.clone()))
}

/// Finds what an id means, or its beginning.
fn find<'s>(known: Known<'s>, id: &str) -> Result<Found<'s>, Error> {
    let mut found: Option<(String, Found<'s>)> = None;
    if !is_fact_id(id) {
        return Err(Error::usage(format!(
            "`{}` is no id of a quotation, figure or role",
            short(id)
        ))
        .help("ids look like `quote:1f3a5b7c9d0e`; `pressmark review` lists them"));
    }
    for one in all(known.site) {
        let whole = one.id();
        if !whole.starts_with(id) {
            continue;
        }
        match &found {
            Some((other, two)) if two.key != one.key || two.article.path != one.article.path => {
                return Err(Error::usage(format!(
                    "`{other}` and `{whole}` both begin with `{id}`"
                ))
                .help("write more of it"));
            }
            Some(_) => {}
            None => found = Some((whole, one)),
        }
    }
    if let Some((_, found)) = found {
        return Ok(found);
    }
    let is_rejected = known.decisions.iter().any(|decision| match &decision.action {
        Action::RejectFact { fact } => fact.id().starts_with(id),
        _ => false,
    });
    Err(if is_rejected {
        Error::usage(format!("`{id}` was rejected"))
            .help("`pressmark review undo` and the id take that back")
    } else {
        Error::usage(format!("no article says what `{id}` is"))
            .help("`pressmark review` lists what nobody has decided about")
    })
}

/// Returns why a decision has no effect on an article, if it has none.
pub(super) fn idle(fact: &FactName, article: &Article) -> Option<String> {
    let key = fact.key();
    // A later word on the same, which names it more or less precisely, is no reason to complain.
    let is_said = article
        .facts
        .iter()
        .any(|choice| choice.applies && (choice.key.names(&key) || key.names(&choice.key)));
    let message = || format!("`{}` does not say `{}`", fact.article, short(&fact.words));
    (!is_said).then(message)
}
