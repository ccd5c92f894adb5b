//! Quotations and figures as lists show them: with the article that each stands in.

use std::collections::BTreeSet;

use tera::Value;

use super::evidence::anchor;
use super::page::Meta;
use super::value::{object, optional};
use super::{PageView, Views};
use crate::ids::{ArticleId, EntityId, SubjectId};
use crate::plan::{PageKind, Pages, QUOTES_SHOWN, VOICES_SHOWN, Voice, has_figures};
use crate::relate::FactRef;
use crate::resolve::{Article, Status};
use crate::text::TextRange;

/// Quotations on the page of speakers, the latest.
const LATEST: usize = 20;

impl Views<'_> {
    /// Returns a quotation with its article.
    pub(super) fn quote_row(&self, fact: FactRef) -> Option<Value> {
        let article = &self.site.articles[fact.article];
        let quote = article.quotes.get(fact.number as usize)?;
        let part = |range: TextRange| self.bodies.part(fact.article, range);
        let speaker = self.site.speaker(article, quote);
        let said_by = || quote.found.speaker.map(part);
        let said_by = quote.speaker.clone().or_else(said_by).filter(|_| speaker.is_none());
        let row = object! { self.words;
            "text" => part(quote.found.range),
            "url" => self.sentence_url(fact.article, quote.found.sentence),
            "direct" => quote.found.direct,
            "speaker" => self.link_to(speaker),
            "said_by" => optional(said_by.as_deref()),
            "suggested" => quote.status == Status::Suggested,
            "article" => self.article_link(fact.article),
            "source" => self.source_of(article),
        };
        Some(row)
    }

    /// Returns a figure with its article.
    pub(super) fn figure_row(&self, fact: FactRef) -> Option<Value> {
        let article = &self.site.articles[fact.article];
        let figure = article.figures.get(fact.number as usize)?;
        let found = &figure.found;
        let part = |range: TextRange| self.bodies.part(fact.article, range);
        let what = found.what.filter(|what| !found.range.contains(*what));
        let by = found.by.and_then(|place| article.named_at(place));
        let said_by = found.by.filter(|_| by.is_none()).map(part);
        let row = object! { self.words;
            "text" => part(found.range),
            "value" => plain_number(found.value),
            "url" => self.sentence_url(fact.article, found.sentence),
            "what" => optional(what.map(part).as_deref()),
            "as_of" => optional(found.as_of.map(part).as_deref()),
            "speaker" => self.link_to(by),
            "said_by" => optional(said_by.as_deref()),
            "suggested" => figure.status == Status::Suggested,
            "sentence" => self.sentence(fact.article, found.sentence),
            "article" => self.article_link(fact.article),
            "source" => self.source_of(article),
        };
        Some(row)
    }

    /// Returns the words of a sentence, without making them when no template reads them.
    fn sentence(&self, id: ArticleId, number: u32) -> Value {
        let range = self.site.articles[id].sentences.get(number as usize);
        range.map_or_else(Value::none, |range| self.bodies.part(id, *range).as_str().into())
    }

    fn source_of(&self, article: &Article) -> Value {
        let source = article.origin.as_ref().and_then(|origin| origin.source);
        source.map_or_else(Value::none, |id| self.source_name(id))
    }

    /// Returns the address of a sentence in its article's page.
    pub(super) fn sentence_url(&self, id: ArticleId, sentence: u32) -> String {
        anchor(&self.href(&self.plan.urls.articles[id]), sentence)
    }

    fn row(&self, voice: Voice, fact: FactRef) -> Option<Value> {
        match voice {
            Voice::Said | Voice::SpokenOf => self.quote_row(fact),
            Voice::Counted => self.figure_row(fact),
        }
    }

    /// Returns the latest quotations or figures of an entity, and where all of them are.
    pub(super) fn voices(&self, id: EntityId, voice: Voice) -> Value {
        let facts = voice.facts(&self.relations.ledger, id);
        let latest = facts.iter().rev().take(VOICES_SHOWN);
        let has_page = self.theme.template(crate::plan::VOICES).is_some();
        let all = (facts.len() > VOICES_SHOWN && has_page)
            .then(|| self.page_href(PageKind::Voices(id, voice, None)));
        object! { self.words;
            "items" => latest.filter_map(|fact| self.row(voice, *fact)).collect::<Vec<Value>>(),
            "total" => facts.len(),
            "url" => optional(all.as_deref()),
        }
    }

    /// Returns a page of all quotations or figures of an entity.
    pub(super) fn all_voices(&self, id: EntityId, voice: Voice, number: Option<usize>) -> PageView {
        let entity = &self.site.entities[id];
        let facts = voice.facts(&self.relations.ledger, id);
        let (key, title) = match voice {
            Voice::Said => ("said", "said_by_name"),
            Voice::SpokenOf => ("spoken_of", "said_of_name"),
            Voice::Counted => ("counted", "counted_by_name"),
        };
        let title = self.strings.fill(title, "name", &entity.name);
        let plural = self.config.entities.kinds.plural(entity.kind);
        let mut trail =
            self.trail(|| (self.strings.kind(plural).into(), PageKind::Kind(entity.kind)));
        trail.extend(self.trail(|| (entity.name.as_str().into(), PageKind::Entity(id, None))));
        let meta = Meta {
            title: title.as_str().into(),
            robots: super::page::entity_robots(entity),
            nav_id: Some(plural),
            trail,
            ..Meta::default()
        };
        let page = PageKind::Voices(id, voice, number);
        let cut = Pages::new(facts.len(), self.config.page_size);
        let rows = facts[cut.items(number)].iter().rev();
        let rows: Vec<Value> = rows.filter_map(|fact| self.row(voice, *fact)).collect();
        let bare = self.plan.url(page.newest(), self.config);
        let value = object! { self.words;
            "name" => title.as_str(),
            "of" => self.entity_name(id),
            "way" => key,
            "items" => rows,
        };
        PageView {
            template: crate::plan::VOICES.into(),
            values: vec![
                ("page", self.page(page, "voices", meta)),
                ("pager", self.pager(&bare, cut, number)),
                ("voices", value),
            ],
        }
    }

    /// Returns the page of everybody who is quoted, with the latest quotations.
    pub(super) fn speakers(&self) -> PageView {
        let name = self.strings.get("quotes_page");
        let speakers = self.relations.ledger.said.pairs().filter(|(_, facts)| !facts.is_empty());
        let items = speakers.map(|(id, facts)| {
            let entity = &self.site.entities[id];
            let link = object! { self.words;
                "name" => entity.name.as_str(),
                "url" => [&self.href(&self.plan.urls.entities[id]), "#said"].concat(),
                "count" => facts.len(),
                "suggested" => entity.status == Status::Suggested,
                "kind_name" => self.kinds[entity.kind.index()].clone(),
                "last" => facts.last().map_or_else(Value::none, |one| self.named(one.article).date.clone()),
            };
            (entity.name.as_str(), link)
        });
        let mut view = self.index(PageKind::Speakers, name, "quotes", items.collect());
        view.template = crate::plan::SPEAKERS.into();
        let new = self.site.articles.ids().rev().take(QUOTES_SHOWN);
        let quotes = new.flat_map(|id| {
            let article = &self.site.articles[id];
            let total = if article.may_repeat() { article.quotes.len() } else { 0 };
            (0..total)
                .map(move |at| FactRef { article: id, number: u32::try_from(at).unwrap_or(0) })
        });
        let attributed = quotes.filter(|fact| {
            let article = &self.site.articles[fact.article];
            self.site.speaker(article, &article.quotes[fact.number as usize]).is_some()
        });
        let latest: Vec<Value> =
            attributed.take(LATEST).filter_map(|fact| self.quote_row(fact)).collect();
        view.values.push(("latest", latest.into()));
        view
    }

    /// Returns the page of what figures are about.
    pub(super) fn subjects_page(&self) -> PageView {
        let name = self.strings.get("figures_page");
        let all = self.relations.ledger.subjects.pairs();
        let items = all.map(|(id, subject)| {
            let link = object! { self.words;
                "name" => subject.name.as_str(),
                "url" => self.href(&self.plan.urls.subjects[id]),
                "count" => subject.figures.len(),
                "suggested" => false,
                "kind_name" => Value::none(),
                "last" => subject.figures.last().map_or_else(Value::none, |one| self.named(one.article).date.clone()),
            };
            (subject.name.as_str(), link)
        });
        let mut view = self.index(PageKind::Subjects, name, "figures", items.collect());
        view.template = crate::plan::SUBJECTS.into();
        let latest = self.relations.ledger.latest.iter();
        let latest: Vec<Value> = latest.filter_map(|fact| self.latest_figure(*fact)).collect();
        view.values.push(("latest", latest.into()));
        view
    }

    /// Returns a figure with what it is about, and where all figures about that are.
    fn latest_figure(&self, fact: FactRef) -> Option<Value> {
        let row = self.figure_row(fact)?;
        let article = &self.site.articles[fact.article];
        let found = &article.figures.get(fact.number as usize)?.found;
        let has_page = self.theme.template(crate::plan::SUBJECT).is_some();
        let page = self.relations.ledger.subject_of(found, self.config.slug_mode);
        let url = page.filter(|_| has_page).map(|(id, _)| self.href(&self.plan.urls.subjects[id]));
        let subject = object! { self.words;
            "name" => page.map_or(found.subject.as_str(), |(_, subject)| subject.name.as_str()),
            "url" => optional(url.as_deref()),
        };
        let subject = if found.subject.is_empty() { Value::none() } else { subject };
        Some(object! { self.words; "figure" => row, "subject" => subject })
    }

    /// Returns a page of the figures about something: each as it was given, never joined with another.
    pub(super) fn subject_page(&self, id: SubjectId, number: Option<usize>) -> PageView {
        let subject = &self.relations.ledger.subjects[id];
        let meta = Meta {
            title: self.strings.fill("figures_about", "name", &subject.name).into(),
            nav_id: Some("figures"),
            trail: if has_figures(self.relations, self.theme) {
                self.trail(|| (self.strings.get("figures_page").into(), PageKind::Subjects))
            } else {
                Vec::new()
            },
            ..Meta::default()
        };
        let page = PageKind::Subject(id, number);
        let cut = Pages::new(subject.figures.len(), self.config.page_size);
        let shown = &subject.figures[cut.items(number)];
        let differing = self.differing(shown);
        let rows = shown.iter().rev().filter_map(|fact| {
            let row = self.figure_row(*fact)?;
            let differs = differing.contains(fact);
            Some(object! { self.words; "figure" => row, "differs" => differs })
        });
        let rows: Vec<Value> = rows.collect();
        let value = object! { self.words;
            "name" => subject.name.as_str(),
            "total" => subject.figures.len(),
            "rows" => rows,
            "plot" => self.plot(shown),
        };
        PageView {
            template: crate::plan::SUBJECT.into(),
            values: vec![
                ("page", self.page(page, "subject", meta)),
                ("pager", self.pager(&self.plan.urls.subjects[id], cut, number)),
                ("subject", value),
            ],
        }
    }

    /// Returns the figures of one day's reports on one event that are not equal although they are about the same.
    fn differing(&self, facts: &[FactRef]) -> BTreeSet<FactRef> {
        let key = |fact: &FactRef| {
            let (story, _) = self.relations.story_of(fact.article)?;
            Some((story, self.site.articles[fact.article].date.as_ref()?.value.date))
        };
        let value = |fact: &FactRef| {
            self.site.articles[fact.article].figures[fact.number as usize].found.value
        };
        let mut all: Vec<_> = facts.iter().filter_map(|fact| Some((key(fact)?, *fact))).collect();
        all.sort_unstable();
        let groups = all.chunk_by(|a, b| a.0 == b.0);
        let unlike = groups.filter(|group| {
            let first = value(&group[0].1).to_bits();
            let sources = group.iter().map(|(_, fact)| fact.article).collect::<BTreeSet<_>>();
            sources.len() > 1 && group.iter().any(|(_, fact)| value(fact).to_bits() != first)
        });
        unlike.flat_map(|group| group.iter().map(|(_, fact)| *fact)).collect()
    }

    /// Returns a drawing with a point for each figure; null when there are too few to see anything.
    fn plot(&self, facts: &[FactRef]) -> Value {
        let point = |fact: &FactRef| {
            let article = &self.site.articles[fact.article];
            let day = article.date.as_ref()?.value.date;
            let figure = &article.figures.get(fact.number as usize)?.found;
            let title = format!(
                "{}, {}: {}",
                self.strings.date(day),
                article.title.value,
                self.bodies.part(fact.article, figure.range)
            );
            Some(super::svg::Point { day, value: figure.value, title })
        };
        let points: Vec<_> = facts.iter().filter_map(point).collect();
        super::svg::plot(&points).map_or_else(Value::none, |svg| Value::safe_string(&svg))
    }
}

/// Returns a number as people who sort tables and programs need it.
fn plain_number(value: f64) -> String {
    format!("{value}")
}
