//! Quotations, figures and roles with a person's word on them.
//!
//! What was rejected is gone from the article, what was accepted is confirmed. The choices stay with the article, so
//! that another reading of its file can be joined in the same way.

use serde::{Deserialize, Serialize};

use super::{Article, EntityLink, Site, Status, name_key};
use crate::analyze::{LocalFigure, LocalQuote, LocalRole};
use crate::config::Rights;
use crate::ids::EntityId;
use crate::load::{FactKey, FactKind, Reviewed};
use crate::text::TextRange;

/// Something that a text says, and whether a person vouches for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// What was found.
    pub found: T,
    /// Under what decisions are about it.
    pub key: FactKey,
    /// Whether a person vouches for it.
    pub status: Status,
    /// Who said it, in the words of a person who put that right; none for what the text says.
    pub speaker: Option<String>,
}

/// A person's word on a quotation, figure or role of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactChoice {
    /// Which.
    pub key: FactKey,
    /// Whether it is right.
    pub holds: bool,
    /// Who said it, where that was put right.
    pub speaker: Option<String>,
    /// Who decided.
    pub reviewed: Reviewed,
    /// Whether the article says it still, and no later word is about it.
    pub applies: bool,
}

/// What stands at a place of a text.
pub(super) trait Local {
    const KIND: FactKind;
    fn place(&self) -> (TextRange, u32);
}

impl Local for LocalQuote {
    const KIND: FactKind = FactKind::Quote;

    fn place(&self) -> (TextRange, u32) {
        (self.range, self.sentence)
    }
}

impl Local for LocalFigure {
    const KIND: FactKind = FactKind::Figure;

    fn place(&self) -> (TextRange, u32) {
        (self.range, self.sentence)
    }
}

impl Local for LocalRole {
    const KIND: FactKind = FactKind::Role;

    fn place(&self) -> (TextRange, u32) {
        (self.with_person(), self.sentence)
    }
}

/// Returns what was found in a text, on which nobody has decided yet.
pub(super) fn suggested<T: Local>(
    found: Vec<T>,
    text: &str,
    sentences: &[TextRange],
) -> Vec<Fact<T>> {
    let fact = |found: T| {
        let (range, sentence) = found.place();
        let sentence = sentences.get(sentence as usize).map(|range| range.slice(text));
        let key = FactKey::new(T::KIND, range.slice(text), sentence);
        Fact { found, key, status: Status::Suggested, speaker: None }
    };
    found.into_iter().map(fact).collect()
}

/// Puts people's words on what an article says into effect. Of several about one fact the last holds.
pub(super) fn choose(article: &mut Article, mut choices: Vec<FactChoice>) {
    for choice in &mut choices {
        choice.applies = false;
    }
    if !choices.is_empty() {
        article.quotes.retain_mut(|fact| fact.is_kept(&mut choices));
        article.figures.retain_mut(|fact| fact.is_kept(&mut choices));
        article.roles.retain_mut(|fact| fact.is_kept(&mut choices));
    }
    article.facts = choices;
}

impl<T> Fact<T> {
    /// Takes the last word on the fact, and returns whether it stays.
    fn is_kept(&mut self, choices: &mut [FactChoice]) -> bool {
        let Some(choice) = choices.iter_mut().rev().find(|choice| choice.key.names(&self.key))
        else {
            return true;
        };
        choice.applies = true;
        self.status = Status::Confirmed;
        self.speaker.clone_from(&choice.speaker);
        choice.holds
    }
}

impl Article {
    /// Returns whether pages and data may repeat what its text says.
    pub fn may_repeat(&self) -> bool {
        matches!(self.rights, Rights::Full | Rights::Own)
    }

    /// Returns whom the text names at a place.
    pub fn named_at(&self, place: TextRange) -> Option<&EntityLink> {
        self.entities.iter().find(|link| {
            let at = link.mentions.partition_point(|mention| mention.range.end <= place.start);
            link.mentions.get(at).is_some_and(|mention| mention.range.overlaps(place))
        })
    }

    /// Returns whom the text names within a range.
    pub fn named_within(&self, range: TextRange) -> impl Iterator<Item = EntityId> + '_ {
        let names = move |link: &&EntityLink| {
            let at = link.mentions.partition_point(|mention| mention.range.end <= range.start);
            link.mentions.get(at).is_some_and(|mention| range.contains(mention.range))
        };
        self.entities.iter().filter(names).map(|link| link.entity)
    }
}

impl Site {
    /// Returns whom an article names as the speaker of a quotation: whom a person said, else who stands in the text.
    pub fn speaker<'s>(
        &'s self,
        article: &'s Article,
        quote: &Fact<LocalQuote>,
    ) -> Option<&'s EntityLink> {
        let Some(name) = &quote.speaker else { return article.named_at(quote.found.speaker?) };
        let key = name_key(name);
        let is_called = |id: EntityId| {
            let entity = &self.entities[id];
            name_key(&entity.name) == key
                || entity.aliases.iter().any(|alias| name_key(&alias.name) == key)
        };
        let mut links = article.entities.iter();
        // Of two of one name, whoever is called so goes before whoever is also called so.
        links
            .find(|link| name_key(&self.entities[link.entity].name) == key)
            .or_else(|| article.entities.iter().find(|link| is_called(link.entity)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::site;
    use super::*;

    const TEXT: &str = "Plant closes\n\nAt least 120 engineers were dismissed on Tuesday. “Nobody told us,” said Jane Doe. \
                        “It is done,” a spokesman said. Karl Weber and Weber's son came. At least 120 engineers were dismissed, he said.\n";

    fn choice(kind: FactKind, words: &str, sentence: Option<&str>, holds: bool) -> FactChoice {
        let key = FactKey::new(kind, words, sentence);
        let reviewed = Reviewed { by: None, on: None };
        FactChoice { key, holds, speaker: None, reviewed, applies: true }
    }

    /// Returns the article with the choices, as `status words` of what is left.
    fn chosen(article: &mut Article, choices: Vec<FactChoice>) -> Vec<String> {
        choose(article, choices);
        let text = TEXT.split_once("\n\n").unwrap().1;
        let told = |range: TextRange, status| format!("{status:?} {}", range.slice(text));
        let quotes = article.quotes.iter().map(|fact| told(fact.found.range, fact.status));
        let figures = article.figures.iter().map(|fact| told(fact.found.range, fact.status));
        quotes
            .chain(figures)
            .filter(|line| !line.contains(" At least 120 engineers were"))
            .collect()
    }

    #[test]
    fn what_is_rejected_goes_and_what_is_accepted_is_confirmed() {
        let site = site(&[("articles/a.txt", TEXT)]);
        let article = site.articles.iter().next().unwrap();
        let told = choice(FactKind::Quote, "“Nobody told us,”", None, true);
        let done = choice(FactKind::Quote, "“It is done,”", None, false);
        let gone = choice(FactKind::Quote, "“It was done,”", None, true);
        let mut one = article.clone();
        let lines = chosen(&mut one, vec![told.clone(), done, gone]);
        assert_eq!(
            lines,
            [
                "Confirmed “Nobody told us,”",
                "Suggested At least 120 engineers",
                "Suggested At least 120 engineers"
            ]
        );
        let applies: Vec<bool> = one.facts.iter().map(|choice| choice.applies).collect();
        assert_eq!(applies, [true, true, false]);
        // All figures of the words but one; the later word goes before the earlier.
        let all = choice(FactKind::Figure, "At least 120 engineers", None, false);
        let first = "At least 120 engineers were dismissed on Tuesday.";
        let first = choice(FactKind::Figure, "At least 120 engineers", Some(first), true);
        let lines = chosen(&mut article.clone(), vec![all.clone(), first.clone()]);
        assert_eq!(lines[2..], ["Confirmed At least 120 engineers"]);
        let mut one = article.clone();
        assert_eq!(chosen(&mut one, vec![first, all])[2..], [""; 0]);
        assert_eq!(one.facts.iter().filter(|choice| choice.applies).count(), 1);
    }

    #[test]
    fn a_role_is_told_by_the_name_beside_it() {
        const TEXT: &str =
            "Talks end\n\nForeign Minister Jane Doe left. Foreign Minister Karl Weber stayed.\n";
        let site = site(&[("articles/a.txt", TEXT)]);
        let article = site.articles.iter().next().unwrap();
        let left = |words, holds, sentence| {
            let mut article = article.clone();
            choose(&mut article, vec![choice(FactKind::Role, words, sentence, holds)]);
            let told = |role: &Fact<LocalRole>| (role.found.sentence, role.status);
            article.roles.iter().map(told).collect::<Vec<_>>()
        };
        let (suggested, confirmed) = (Status::Suggested, Status::Confirmed);
        let jane = "Foreign Minister Jane Doe";
        assert_eq!(left(jane, true, None), [(0, confirmed), (1, suggested)]);
        let said = Some("Foreign Minister Jane Doe left.");
        assert_eq!(left(jane, false, said), [(1, suggested)]);
        let other = Some("Foreign Minister Jane Doe stayed.");
        assert_eq!(left(jane, false, other), [(0, suggested), (1, suggested)]);
    }

    #[test]
    fn a_speaker_is_who_a_person_says() {
        let site = site(&[("articles/a.txt", TEXT)]);
        let article = site.articles.iter().next().unwrap();
        let speaker = |name: Option<&str>| {
            let mut article = article.clone();
            let told = choice(FactKind::Quote, "“Nobody told us,”", None, true);
            choose(&mut article, vec![FactChoice { speaker: name.map(str::to_owned), ..told }]);
            let link = site.speaker(&article, &article.quotes[0]);
            link.map(|link| site.entities[link.entity].name.clone())
        };
        assert_eq!(speaker(None).as_deref(), Some("Jane Doe"));
        for name in ["Karl Weber", "WEBER"] {
            assert_eq!(speaker(Some(name)).as_deref(), Some("Karl Weber"), "{name}");
        }
        assert_eq!(speaker(Some("Somebody Else")), None);
    }
}
