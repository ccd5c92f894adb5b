//! What pages depend on besides settings and theme.

use super::{ArticleFaces, Ink, Prints};
use crate::ids::{ArticleId, EntityId, Fingerprint, Id};
use crate::plan::view::{active_sources, recent, running_stories, shown_below};
use crate::plan::{PageKind, Pages, QUOTES_SHOWN, VOICES_SHOWN, Voice};
use crate::relate::{Companion, FactRef};
use crate::resolve::EntityLink;
use crate::text::TextRange;

/// Articles of which one may lead the home page, and no fewer.
const LATEST: usize = 16;

impl Prints<'_> {
    /// Adds what a page and its twin depend on; none when that is not worth while.
    pub(super) fn page(&self, ink: &mut Ink, page: PageKind) -> Option<()> {
        match page {
            PageKind::Home(number) => {
                if number.is_none() {
                    ink.print(self.all);
                    for first in running_stories(self.site, self.relations) {
                        self.story_name(ink, first);
                    }
                    for id in self.site.articles.ids().rev().take(LATEST) {
                        let story = self.relations.story_of(id);
                        ink.value(&story.map(|(_, reports)| (reports.len(), reports.last())));
                    }
                    for id in recent(self.site).into_iter().flat_map(|(_, ids)| ids) {
                        ink.print(self.articles[id].listed);
                    }
                }
                let ids: Vec<ArticleId> = self.site.articles.ids().collect();
                self.list(ink, &ids, number);
            }
            PageKind::Article(id) => {
                ink.print(self.articles[id].page);
            }
            PageKind::Entity(id, number) => self.entity(ink, id, number),
            PageKind::Topic(id, number) => {
                ink.print(self.topics[id].own);
                self.companions(ink, &self.relations.often[id]);
                if number.is_none() {
                    self.dates(ink, &self.site.topics[id].articles);
                    for below in shown_below(self.site, id) {
                        ink.print(self.topics[below].own);
                    }
                }
                self.list(ink, &self.site.topics[id].articles, number);
            }
            PageKind::Source(id, number) => {
                ink.print(self.sources[id].own);
                if number.is_none() {
                    self.dates(ink, &self.site.sources[id].articles);
                }
                self.list(ink, &self.site.sources[id].articles, number);
            }
            PageKind::Kind(kind) => {
                for id in self.site.of_kind(kind) {
                    ink.print(self.entities[id].own);
                }
            }
            PageKind::Topics => self.topics.iter().for_each(|faces| {
                ink.print(faces.own);
            }),
            PageKind::Sources => self.sources.iter().for_each(|faces| {
                ink.print(faces.own);
            }),
            PageKind::Speakers
            | PageKind::Voices(..)
            | PageKind::Subjects
            | PageKind::Subject(..)
            | PageKind::Stories(_)
            | PageKind::Story(_) => self.facts_page(ink, page),
            PageKind::Issues(_)
            | PageKind::Issue(_)
            | PageKind::Corrections
            | PageKind::About
            | PageKind::Names => {
                self.guide(ink, page)?;
            }
            PageKind::Archive => {
                for period in crate::plan::periods(self.site) {
                    ink.number(usize::from(period.year.unsigned_abs()));
                    ink.number(usize::from(period.month.unsigned_abs()));
                    ink.number((period.end - period.first) as usize);
                }
            }
            PageKind::Year(period, number) | PageKind::Month(period, number) => {
                let ids: Vec<ArticleId> = (period.first..period.end)
                    .map(|at| ArticleId::from_index(at as usize))
                    .collect();
                if number.is_none() {
                    self.dates(ink, &ids);
                }
                self.list(ink, &ids, number);
            }
            // All that changes is in the index.
            PageKind::Search => {}
            PageKind::Standalone(_) | PageKind::NotFound | PageKind::Removed(_) => return None,
        }
        Some(())
    }

    /// Adds what the page of an entity depends on.
    fn entity(&self, ink: &mut Ink, id: EntityId, number: Option<usize>) {
        ink.print(self.entities[id].own);
        self.companions(ink, &self.relations.together[id]);
        let articles = &self.site.entities[id].articles;
        self.list(ink, articles, number);
        if self.quotes {
            self.quotes(ink, id, number);
        }
        if number.is_none() {
            self.dates(ink, articles);
            let first = articles.iter().find(|id| self.date(**id).is_some());
            for id in first.into_iter().chain(articles.last()) {
                ink.print(self.articles[*id].name);
            }
            self.roles(ink, id);
            for voice in Voice::ALL {
                let facts = voice.facts(&self.relations.ledger, id);
                ink.number(facts.len());
                self.facts(ink, &facts[facts.len().saturating_sub(VOICES_SHOWN)..]);
            }
        }
    }

    /// Adds what a page of what is said, counted and told depends on.
    fn facts_page(&self, ink: &mut Ink, page: PageKind) {
        match page {
            PageKind::Speakers => {
                for (id, facts) in self.relations.ledger.said.pairs() {
                    if !facts.is_empty() {
                        ink.print(self.entities[id].link).number(facts.len());
                    }
                }
                for id in self.site.articles.ids().rev().take(QUOTES_SHOWN) {
                    self.whole_article(ink, id);
                }
            }
            PageKind::Voices(id, voice, number) => {
                ink.print(self.entities[id].name);
                self.listed_facts(ink, voice.facts(&self.relations.ledger, id), number);
            }
            PageKind::Subjects => {
                for (id, subject) in self.relations.ledger.subjects.pairs() {
                    let url = self.plan.urls.subjects[id].as_str();
                    ink.text(&subject.name).text(url).number(subject.figures.len());
                    let last = subject.figures.last();
                    ink.when(last.and_then(|fact| self.date(fact.article)));
                }
                self.facts(ink, &self.relations.ledger.latest);
            }
            PageKind::Subject(id, number) => {
                let subject = &self.relations.ledger.subjects[id];
                ink.text(&subject.name);
                self.listed_facts(ink, &subject.figures, number);
            }
            PageKind::Stories(number) => {
                let stories = self.relations.told_stories();
                let pages = Pages::new(stories.len(), self.config.page_size);
                ink.number(stories.len()).number(number.unwrap_or(0));
                for first in &stories[pages.items(number)] {
                    self.story_name(ink, *first);
                }
            }
            PageKind::Story(first) => {
                let reports = &self.relations.reports[first];
                for id in reports {
                    self.whole_article(ink, *id);
                    let told = self.relations.stories[*id].as_ref();
                    ink.value(&told.and_then(|told| told.copy_of).map(Id::index));
                }
                for (id, _) in active_sources(self.site, reports) {
                    ink.print(self.sources[id].name);
                }
            }
            _ => {}
        }
    }

    /// Adds what issues depend on, and pages that lead to other pages; none when that is not worth while.
    fn guide(&self, ink: &mut Ink, page: PageKind) -> Option<()> {
        match page {
            PageKind::Issues(number) => {
                let issues = &self.plan.issues;
                let pages = Pages::new(issues.len(), self.config.page_size);
                ink.number(issues.len()).number(number.unwrap_or(0));
                for at in pages.items(number) {
                    self.issue_name(ink, at);
                }
            }
            PageKind::Issue(at) => {
                self.issue_name(ink, at);
                for beside in [at.checked_sub(1), Some(at + 1)] {
                    match beside.filter(|at| *at < self.plan.issues.len()) {
                        Some(at) => self.issue_name(ink, at),
                        None => ink.number(0).tag(b'-'),
                    };
                }
                let issue = &self.plan.issues[at];
                // A note is read anew each time, as standalone pages are.
                if issue.note.is_some() {
                    return None;
                }
                for id in &issue.articles {
                    ink.print(self.card(*id));
                }
            }
            PageKind::Corrections => {
                for (id, article) in self.site.articles.pairs() {
                    if !article.corrections.is_empty() {
                        ink.print(self.articles[id].name).value(&article.corrections);
                    }
                }
            }
            PageKind::About => {
                ink.print(self.whole).number(self.relations.told_stories().len());
            }
            PageKind::Names => {
                ink.print(self.all);
            }
            _ => {}
        }
        Some(())
    }

    /// Adds what lists say of an issue.
    pub(super) fn issue_name<'i>(&self, ink: &'i mut Ink, at: usize) -> &'i mut Ink {
        let issue = &self.plan.issues[at];
        let date = issue.date.map(|date| date.to_string()).unwrap_or_default();
        ink.text(&issue.title).text(issue.url.as_str()).text(&date);
        ink.number(issue.articles.len()).value(&issue.summary)
    }

    /// Adds one page of a list of articles.
    fn list(&self, ink: &mut Ink, ids: &[ArticleId], number: Option<usize>) {
        let pages = Pages::new(ids.len(), self.config.page_size);
        ink.number(ids.len()).number(number.unwrap_or(0));
        for id in &ids[pages.items(number)] {
            ink.print(self.card(*id));
        }
    }

    /// Returns the fingerprint of what lists show of an article.
    fn card(&self, id: ArticleId) -> Fingerprint {
        let ArticleFaces { entry, listed, .. } = self.articles[id];
        if self.names { listed } else { entry }
    }

    fn companions(&self, ink: &mut Ink, companions: &[Companion]) {
        ink.number(companions.len());
        for one in companions {
            ink.print(self.entities[one.entity].name).number(one.articles as usize);
        }
    }

    /// Adds the sentences that name an entity.
    fn quotes(&self, ink: &mut Ink, id: EntityId, number: Option<usize>) {
        let articles = &self.site.entities[id].articles;
        let pages = Pages::new(articles.len(), self.config.page_size);
        for article in &articles[pages.items(number)] {
            let article = &self.site.articles[*article];
            ink.print(article.fingerprint).value(&article.rights);
            let named = article.entities.iter().find(|link| link.entity == id);
            ink.value(&named.map(|link| &link.mentions));
            let sentences = |link: &EntityLink| {
                let numbers = link.mentions.iter().map(|mention| mention.sentence as usize);
                numbers.filter_map(|number| article.sentences.get(number).copied()).collect()
            };
            let sentences: Vec<TextRange> = named.map(sentences).unwrap_or_default();
            ink.value(&sentences);
        }
    }

    /// Adds the roles in which articles name somebody, and where each stands first.
    fn roles(&self, ink: &mut Ink, id: EntityId) {
        for held in self.relations.ledger.roles.get(id).into_iter().flatten() {
            let first = &self.site.articles[held.first.article];
            let role = first.roles.get(held.first.number as usize);
            ink.text(&held.name).number(held.articles as usize);
            ink.value(&(role.map(|role| role.found.sentence), held.confirmed))
                .print(self.articles[held.first.article].name);
            ink.when(self.date(held.last));
        }
    }

    /// Adds what lists say of a story.
    pub(super) fn story_name(&self, ink: &mut Ink, first: ArticleId) {
        let reports = &self.relations.reports[first];
        ink.number(reports.len()).text(self.plan.urls.articles[first].as_str());
        for id in reports.first().into_iter().chain(reports.last()) {
            ink.print(self.articles[*id].entry);
        }
    }

    /// Adds when some articles are from.
    fn dates(&self, ink: &mut Ink, articles: &[ArticleId]) {
        for id in articles {
            ink.when(self.date(*id));
        }
    }

    /// Adds one page of a list of quotations or figures.
    fn listed_facts(&self, ink: &mut Ink, facts: &[FactRef], number: Option<usize>) {
        let pages = Pages::new(facts.len(), self.config.page_size);
        ink.number(facts.len()).number(number.unwrap_or(0));
        self.facts(ink, &facts[pages.items(number)]);
    }

    /// Adds quotations or figures with the articles that they stand in.
    fn facts(&self, ink: &mut Ink, facts: &[FactRef]) {
        for fact in facts {
            ink.number(fact.number as usize);
            self.whole_article(ink, fact.article);
        }
    }

    /// Adds an article's text and all names in it.
    fn whole_article(&self, ink: &mut Ink, id: ArticleId) {
        let ArticleFaces { own, listed, .. } = self.articles[id];
        ink.print(own).print(listed).value(&self.site.articles[id].facts);
    }
}
