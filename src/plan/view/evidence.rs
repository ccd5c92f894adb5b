//! What an article says by itself: quotations, figures, and how all that no person wrote was found.

use tera::Value;

use super::Views;
use super::value::{object, optional};
use crate::load::Reviewed;
use crate::parse::Body;
use crate::resolve::{Article, EntityLink, LocalFigure, Status};
use crate::text::{TextRange, numbered};

impl Views<'_> {
    /// Returns the sentences that say most of what an article says; `body` is its own.
    pub(super) fn key_points(&self, article: &Article, url: &str, body: &Body) -> Value {
        let sentences = article.key_sentences.iter().filter(|_| article.may_repeat());
        let points = sentences.map(|(number, range)| {
            object! { self.words; "text" => range.slice(&body.text), "url" => anchor(url, *number) }
        });
        points.collect::<Vec<Value>>().into()
    }

    /// Returns what people said, as far as the rights allow to repeat it; `body` is the article's.
    pub(super) fn said(&self, article: &Article, url: &str, body: &Body) -> Value {
        let quotes = article.quotes.iter().filter(|_| article.may_repeat()).map(|fact| {
            let quote = fact.found;
            let said_by = || quote.speaker.map(|place| place.slice(&body.text));
            object! { self.words;
                "id" => fact.key.id(&article.path),
                "text" => quote.range.slice(&body.text),
                "url" => anchor(url, quote.sentence),
                "direct" => quote.direct,
                "speaker" => self.link_to(self.site.speaker(article, fact)),
                "said_by" => optional(fact.speaker.as_deref().or_else(said_by)),
                "suggested" => fact.status == Status::Suggested,
            }
        });
        quotes.collect::<Vec<Value>>().into()
    }

    /// Returns what was counted; `body` is the article's.
    pub(super) fn figures(&self, article: &Article, url: &str, body: &Body) -> Value {
        let words = |range: Option<TextRange>| optional(range.map(|range| range.slice(&body.text)));
        let figures = article.figures.iter().filter(|_| article.may_repeat()).map(|fact| {
            let figure = &fact.found;
            // What happened may stand among the words for what was counted.
            let what = figure.what.filter(|what| !figure.range.contains(*what));
            object! { self.words;
                "id" => fact.key.id(&article.path),
                "text" => figure.range.slice(&body.text),
                "url" => anchor(url, figure.sentence),
                "what" => words(what),
                "as_of" => words(figure.as_of),
                "speaker" => self.link_to(figure.by.and_then(|place| article.named_at(place))),
                "said_by" => words(figure.by),
                "suggested" => fact.status == Status::Suggested,
            }
        });
        figures.collect::<Vec<Value>>().into()
    }

    /// Returns the link to somebody whom the article names.
    pub(super) fn link_to(&self, link: Option<&EntityLink>) -> Value {
        link.map_or_else(Value::none, |link| self.entity_name(link.entity))
    }

    /// Returns what was derived from the text, and how.
    pub(super) fn made(&self, article: &Article) -> Value {
        let origin = article.origin.as_ref().and_then(|origin| origin.rule);
        let repeated = article.may_repeat();
        let mut fields = vec![
            ("field_title", article.title.rule),
            ("field_date", article.date.as_ref().and_then(|date| date.rule)),
            ("field_summary", article.summary.as_ref().and_then(|summary| summary.rule)),
            ("field_author", article.authors.iter().find_map(|author| author.rule)),
            ("field_source", origin),
            ("field_topics", article.topics.iter().find_map(|link| link.rule)),
        ];
        let mut names: Vec<_> = article.entities.iter().filter_map(|link| link.rule).collect();
        names.sort_unstable();
        names.dedup();
        fields.extend(names.into_iter().map(|rule| ("field_names", Some(rule))));
        let mut quotes: Vec<_> = article.quotes.iter().map(|quote| quote.found.rule()).collect();
        quotes.sort_unstable();
        quotes.dedup();
        fields.extend(
            quotes.into_iter().map(|rule| ("field_quotes", Some(rule).filter(|_| repeated))),
        );
        let figures = article.figures.first().filter(|_| repeated).map(|_| LocalFigure::RULE);
        fields.push(("field_figures", figures));
        let mut titled: Vec<_> = article.roles.iter().map(|role| role.found.rule()).collect();
        titled.sort_unstable();
        titled.dedup();
        fields.extend(
            titled.into_iter().map(|rule| ("field_roles", Some(rule).filter(|_| repeated))),
        );
        let topic = article.topics.iter().find(|link| link.rule.is_some());
        let evidence = topic.map(|link| link.evidence.join(", ")).unwrap_or_default();
        // A field that several rules found is named once: a list of terms has each of them once.
        let mut made: Vec<(&str, String)> = Vec::new();
        for (field, rule) in fields {
            let Some(rule) = rule else { continue };
            let rule = self.strings.rule(rule);
            match made.last_mut() {
                Some((last, rules)) if *last == field => *rules = format!("{rules}; {rule}"),
                // The words by which a topic was learned.
                _ if field == "field_topics" && !evidence.is_empty() => {
                    made.push((field, format!("{rule}: {evidence}")));
                }
                _ => made.push((field, rule)),
            }
        }
        let made = made.into_iter().map(|(field, rule)| {
            object! { self.words; "field" => self.strings.get(field), "rule" => rule }
        });
        made.collect::<Vec<Value>>().into()
    }

    /// Returns who decided about what was found, and when; each once, in the order of days.
    pub(super) fn reviewed(&self, article: &Article) -> Value {
        let records = article
            .entities
            .iter()
            .filter_map(|link| self.site.entities[link.entity].record.as_ref()?.reviewed.as_ref());
        let facts = article.facts.iter().filter(|choice| choice.applies);
        let facts = facts.map(|choice| &choice.reviewed);
        let mut all: Vec<&Reviewed> = records.chain(&article.reviewed).chain(facts).collect();
        all.sort_unstable_by_key(|one| (one.on, &one.by));
        all.dedup();
        let one = |one: &Reviewed| {
            object! { self.words; "by" => optional(one.by.as_deref()), "on" => self.day(one.on) }
        };
        all.into_iter().map(one).collect::<Vec<Value>>().into()
    }

    /// Returns what the page was made from, and by which program.
    pub(super) fn made_from(&self, article: &Article) -> Value {
        object! { self.words;
            "file" => self.config.redactions.names.erase_slug(article.path.as_str()).as_ref(),
            "fingerprint" => article.fingerprint.to_string(),
            "program" => concat!("Pressmark ", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// Returns the address of a sentence.
pub(super) fn anchor(url: &str, sentence: u32) -> String {
    numbered(&[url, "#s"], sentence + 1)
}
