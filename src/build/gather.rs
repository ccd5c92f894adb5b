//! All files, read; and what they say.

use rayon::prelude::*;

use super::Step;
use super::recall::{Article, Recall};
use super::snapshot::Valid;
use super::stages::Stages;
use crate::analyze::Lexicon;
use crate::config::{EntityKind, SiteConfig};
use crate::diag::{Diagnostic, Warned};
use crate::files::Found;
use crate::ids::Fingerprint;
use crate::load::{self, Listing, SourceFile};
use crate::parse::parse;
use crate::resolve::{
    Gathered, Names, Reading, Skipped, Visibility, lexicon_without_names, turns, visible,
};
use crate::review::{self, Folded};

/// An article, as far as others depend on it.
struct Seen {
    /// Why it would be hidden from the public, if it is shown all the same.
    unpublished: Option<Skipped>,
    /// Of its bytes.
    fingerprint: Fingerprint,
    /// How long it is shown, or hidden, as it is now.
    valid: Valid,
    /// The names that it gives.
    names: Vec<(EntityKind, String)>,
    shown: Result<Shown, Skipped>,
}

/// An article that is shown.
enum Shown {
    /// Its text has to wait for the names that other articles give.
    Waiting(Box<Article>),
    /// Its text has been read.
    Read(Reading),
}

impl Stages<'_> {
    /// Reads every file and finds out what it says.
    pub(super) fn gather(
        &mut self,
        listing: &Listing,
        recall: &Recall<'_>,
        config: &SiteConfig,
    ) -> (Gathered, Names, Lexicon) {
        let topics =
            load::topics(self.files, &listing.topics, config).drain_into(&mut self.reports);
        let written =
            load::entities(self.files, &listing.entities, config).drain_into(&mut self.reports);
        let Folded { records: entities, reports, .. } =
            review::fold(written, &self.decisions, config);
        self.reports.extend(reports);
        let sources =
            load::outlets(self.files, &listing.sources, config).drain_into(&mut self.reports);
        let early = lexicon_without_names(&topics, config);
        let articles = self.see(listing, recall, config, early.as_ref());
        let mut skipped = Vec::new();
        let pages = self.pages(listing, config, &mut skipped);
        self.clock.lap("load");
        let shown = articles.iter().filter(|article| article.shown.is_ok());
        let given: Vec<_> = shown.map(|article| article.names.as_slice()).collect();
        let names = Names::new(&entities, &given, config);
        let lexicon = early.unwrap_or_else(|| names.lexicon(&topics, config));
        self.clock.lap("names");
        let mut waiting = Vec::with_capacity(articles.len());
        for article in articles {
            match article.shown {
                Ok(shown) => waiting.push(shown),
                Err(hidden) => skipped.push(hidden),
            }
        }
        let readings = self.read(waiting, recall, &lexicon);
        self.clock.lap("read");
        let choices = review::choices(&self.decisions);
        let facts = review::fact_choices(&self.decisions);
        let gathered =
            Gathered { readings, pages, skipped, topics, entities, sources, choices, facts };
        (gathered, names, lexicon)
    }

    /// Reads all articles, and those of their texts that need not wait.
    fn see(
        &mut self,
        listing: &Listing,
        recall: &Recall<'_>,
        config: &SiteConfig,
        lexicon: Option<&Lexicon>,
    ) -> Vec<Seen> {
        if lexicon.is_some() {
            self.progress.begin(Step::Read, listing.articles.len());
        }
        let (visibility, progress) = (self.visibility(), self.progress);
        let see = |found: &Found| {
            let Warned { value, mut diagnostics } = recall.article(found);
            let value = value.map(|article| {
                let seen = Seen::new(article, visibility, config);
                let Some(lexicon) = lexicon else { return seen };
                progress.advance();
                seen.read(recall, lexicon, &mut diagnostics)
            });
            Warned { value, diagnostics }
        };
        let seen: Vec<Warned<Option<Seen>>> = listing.articles.par_iter().map(see).collect();
        if let Some(begun) = self.begun {
            let read = seen.iter().zip(&listing.articles);
            let read =
                read.filter_map(|(seen, found)| Some((found, seen.value.as_ref()?.fingerprint)));
            recall.remember(&read.collect::<Vec<(&Found, Fingerprint)>>(), begun);
        }
        let mut seen = self.values(seen);
        for article in &mut seen {
            self.valid = self.valid.and(article.valid);
            self.unpublished.extend(article.unpublished.take());
        }
        seen
    }

    /// Reads all standalone pages that are shown.
    fn pages(
        &mut self,
        listing: &Listing,
        config: &SiteConfig,
        skipped: &mut Vec<Skipped>,
    ) -> Vec<(SourceFile, crate::parse::Draft)> {
        let pages: Vec<_> =
            listing.pages.par_iter().map(|found| load::page(self.files, found, config)).collect();
        let mut pages = self.values(pages);
        let visibility = self.visibility();
        pages.retain(|file| {
            let Look { valid, hidden, unpublished } = look(file, visibility, config);
            self.valid = self.valid.and(valid);
            self.unpublished.extend(unpublished);
            let is_shown = hidden.is_none();
            skipped.extend(hidden);
            is_shown
        });
        let pages: Vec<_> = pages
            .into_par_iter()
            .map(|file| {
                let Warned { value: draft, diagnostics } = parse(&file, config);
                Warned { value: Some((file, draft)), diagnostics }
            })
            .collect();
        self.values(pages)
    }

    /// Reads the texts that had to wait.
    fn read(
        &mut self,
        articles: Vec<Shown>,
        recall: &Recall<'_>,
        lexicon: &Lexicon,
    ) -> Vec<Reading> {
        let is_waiting = |article: &&Shown| matches!(article, Shown::Waiting(_));
        let waiting = articles.iter().filter(is_waiting).count();
        if waiting > 0 {
            self.progress.begin(Step::Read, waiting);
        }
        let progress = self.progress;
        let readings: Vec<_> = articles
            .into_par_iter()
            .map(|article| match article {
                Shown::Read(reading) => Warned::clean(Some(reading)),
                Shown::Waiting(article) => {
                    let Warned { value, diagnostics } = recall.reading(*article, lexicon);
                    progress.advance();
                    Warned { value: Some(value), diagnostics }
                }
            })
            .collect();
        self.values(readings)
    }

    fn visibility(&self) -> Visibility {
        Visibility {
            drafts: self.options.drafts,
            future: self.options.future,
            expired: self.options.expired,
            now: self.options.now,
        }
    }

    /// Keeps the reports, and returns the values that there are.
    fn values<T>(&mut self, all: Vec<Warned<Option<T>>>) -> Vec<T> {
        let reports: &mut Vec<Diagnostic> = &mut self.reports;
        all.into_iter().filter_map(|one| one.drain_into(reports)).collect()
    }
}

impl Seen {
    fn new(article: Article, visibility: Visibility, config: &SiteConfig) -> Self {
        let file = article.file();
        let Look { valid, hidden, unpublished } = look(file, visibility, config);
        let (fingerprint, names) = (file.fingerprint, file.front.entities.clone());
        let shown = match hidden {
            Some(hidden) => Err(hidden),
            None => Ok(Shown::Waiting(Box::new(article))),
        };
        Self { unpublished, fingerprint, valid, names, shown }
    }

    /// Reads its text, if it is shown.
    fn read(self, recall: &Recall<'_>, lexicon: &Lexicon, reports: &mut Vec<Diagnostic>) -> Self {
        let shown = self.shown.map(|shown| match shown {
            Shown::Waiting(article) => {
                Shown::Read(recall.reading(*article, lexicon).drain_into(reports))
            }
            Shown::Read(reading) => Shown::Read(reading),
        });
        Self { shown, ..self }
    }
}

/// Whether a file is shown.
struct Look {
    /// How long it is shown, or hidden, as it is now.
    valid: Valid,
    /// Why it is hidden, if it is.
    hidden: Option<Skipped>,
    /// Why it would be hidden from the public, if it is shown.
    unpublished: Option<Skipped>,
}

fn look(file: &SourceFile, visibility: Visibility, config: &SiteConfig) -> Look {
    let turns = turns(&file.front, &file.name, config);
    let valid = turns.fold(Valid::ALWAYS, |valid, turn| valid.narrow(visibility.now, turn));
    let why = |visibility| {
        let reason = visible(&file.front, &file.name, visibility, config).err()?;
        Some(Skipped { path: file.path.clone(), reason })
    };
    let hidden = why(visibility);
    let public = Visibility { drafts: false, future: false, expired: false, ..visibility };
    let unpublished = if hidden.is_none() && public != visibility { why(public) } else { None };
    Look { valid, hidden, unpublished }
}
