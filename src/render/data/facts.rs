//! Twins of the pages of what is said, counted and told over several articles.

use super::{Data, Object, status};
use crate::ids::{ArticleId, EntityId, SubjectId};
use crate::load::Role;
use crate::plan::view::{active_sources, iso};
use crate::plan::{PageKind, Pages, Plan, Voice};
use crate::relate::{FactRef, Held};
use crate::resolve::Status;

impl Data<'_> {
    pub(super) fn speakers(&self, object: &mut Object<'_>) {
        object.text("type", "speakers");
        let said = self.views.relations.ledger.said.pairs().filter(|(_, said)| !said.is_empty());
        object.list("speakers", said, |out, (id, said)| {
            let mut speaker = Object::new(out);
            self.entity_name(&mut speaker, id);
            speaker.number("quote_count", said.len());
            speaker.end();
        });
    }

    /// Writes the roles of somebody: those of the record, else all that were found.
    pub(super) fn roles(&self, object: &mut Object<'_>, id: EntityId) {
        let record = self.views.site.entities[id].record.as_ref();
        if let Some(given) = record.and_then(|record| record.roles.as_ref()) {
            object.list("roles", given, given_role);
        } else {
            let held = self.views.relations.ledger.roles.get(id).into_iter().flatten();
            object.list("roles", held, |out, held| self.found_role(out, held));
        }
    }

    fn found_role(&self, out: &mut Vec<u8>, held: &Held) {
        let articles = &self.views.site.articles;
        let date = |id| articles[id].date.as_ref().map(|date| iso(&date.value));
        let role = articles[held.first.article].roles.get(held.first.number as usize);
        let url = &self.views.plan.urls.articles[held.first.article];
        let mut row = Object::new(out);
        row.text("name", &held.name);
        row.optional("from", None);
        row.optional("until", None);
        row.optional("first", date(held.first.article).as_deref());
        row.optional("last", date(held.last).as_deref());
        row.number("articles", held.articles);
        row.text("article", url.as_str().trim_end_matches('/'));
        row.number("sentence", role.map_or(0, |role| role.found.sentence) + 1);
        row.optional("rule", role.map(|role| role.found.rule()));
        let is = if held.confirmed { Status::Confirmed } else { Status::Suggested };
        row.text("status", status(is));
        row.end();
    }

    pub(super) fn voices(
        &self,
        object: &mut Object<'_>,
        (id, voice, number): (EntityId, Voice, Option<usize>),
    ) {
        object.text("type", voice.slug());
        object.text("entity", self.entity_id(id));
        let facts = voice.facts(&self.views.relations.ledger, id);
        let is_figure = voice == Voice::Counted;
        self.facts(object, facts, PageKind::Voices(id, voice, number), is_figure);
    }

    pub(super) fn subjects(&self, object: &mut Object<'_>) {
        object.text("type", "subjects");
        let subjects = self.views.relations.ledger.subjects.pairs();
        object.list("subjects", subjects, |out, (id, subject)| {
            let mut row = Object::new(out);
            row.text("name", &subject.name);
            row.text("url", &self.url(&self.views.plan.urls.subjects[id]));
            row.number("figure_count", subject.figures.len());
            row.end();
        });
        let latest = &self.views.relations.ledger.latest;
        object.list("latest", latest, |out, fact| self.fact(out, *fact, true));
    }

    pub(super) fn subject(&self, object: &mut Object<'_>, id: SubjectId, number: Option<usize>) {
        let subject = &self.views.relations.ledger.subjects[id];
        object.text("type", "subject");
        object.text("name", &subject.name);
        self.facts(object, &subject.figures, PageKind::Subject(id, number), true);
    }

    /// Writes one page of a list of quotations or figures, the latest first.
    fn facts(&self, object: &mut Object<'_>, facts: &[FactRef], page: PageKind, is_figure: bool) {
        let cut = Pages::new(facts.len(), self.views.config.page_size);
        let shown = facts[cut.items(page.number())].iter().rev();
        let key = if is_figure { "figures" } else { "quotes" };
        object.list(key, shown, |out, fact| self.fact(out, *fact, is_figure));
        self.older(object, page, cut);
    }

    /// Writes a quotation or figure with its article.
    fn fact(&self, out: &mut Vec<u8>, fact: FactRef, is_figure: bool) {
        let article = &self.views.site.articles[fact.article];
        let text = &self.views.bodies.text(fact.article);
        let number = fact.number as usize;
        let mut row = Object::new(out);
        let url = &self.views.plan.urls.articles[fact.article];
        row.text("article", url.as_str().trim_end_matches('/'));
        if is_figure {
            let figure = article.figures.get(number);
            row.optional("subject", figure.map(|one| one.found.subject.as_str()));
        }
        let fact = row.key(if is_figure { "figure" } else { "quote" });
        match (is_figure, article.quotes.get(number), article.figures.get(number)) {
            (false, Some(quote), _) => self.quote(fact, article, quote, text),
            (true, _, Some(figure)) => self.figure(fact, article, figure, text),
            _ => fact.extend(b"null"),
        }
        row.end();
    }

    pub(super) fn stories(&self, object: &mut Object<'_>, number: Option<usize>) {
        object.text("type", "stories");
        let all = self.views.relations.told_stories();
        let cut = Pages::new(all.len(), self.views.config.page_size);
        object.list("stories", all[cut.items(number)].iter().rev(), |out, first| {
            let mut row = Object::new(out);
            self.story_keys(&mut row, *first);
            row.end();
        });
        self.older(object, PageKind::Stories(number), cut);
    }

    pub(super) fn story(&self, object: &mut Object<'_>, first: ArticleId) {
        let reports = &self.views.relations.reports[first];
        object.text("type", "story");
        self.story_keys(object, first);
        object.list("articles", reports, |out, id| {
            out.extend(self.article_keys(*id));
            Object::resume(out).end();
        });
        let sources = active_sources(self.views.site, reports);
        let slug = |id| self.views.site.sources[id].slug.as_str();
        let carried = sources.iter().filter(|(_, count)| *count > 0);
        object.list("carried_by", carried, |out, (id, _)| super::string(out, slug(*id)));
        let silent = sources.iter().filter(|(_, count)| *count == 0);
        object.list("not_carried_by", silent, |out, (id, _)| super::string(out, slug(*id)));
    }

    fn story_keys(&self, object: &mut Object<'_>, first: ArticleId) {
        let reports = &self.views.relations.reports[first];
        let url = self.views.plan.url(PageKind::Story(first), self.views.config);
        object.text("id", url.as_str().trim_end_matches('/'));
        object.text("url", &self.url(&url));
        let latest = reports.last().copied().unwrap_or(first);
        object.text("title", &self.views.site.articles[latest].title.value);
        object.number("article_count", reports.len());
    }

    pub(super) fn corrections(&self, object: &mut Object<'_>) {
        object.text("type", "corrections");
        let corrected = self.views.site.articles.pairs().rev();
        let all = corrected
            .flat_map(|(id, article)| article.corrections.iter().map(move |one| (id, one)));
        object.list("corrections", all, |out, (id, one)| {
            let mut row = Object::new(out);
            row.optional("date", one.date.map(|date| date.to_string()).as_deref());
            row.text("text", &one.text);
            row.text("article", self.views.plan.urls.articles[id].as_str().trim_end_matches('/'));
            row.end();
        });
    }

    pub(super) fn issues(&self, object: &mut Object<'_>, number: Option<usize>) {
        object.text("type", "issues");
        let cut = Pages::new(self.views.plan.issues.len(), self.views.config.page_size);
        object.list("issues", cut.items(number).rev(), |out, at| {
            let mut row = Object::new(out);
            self.issue_keys(&mut row, at);
            row.end();
        });
        self.older(object, PageKind::Issues(number), cut);
    }

    pub(super) fn issue(&self, object: &mut Object<'_>, at: usize) {
        object.text("type", "issue");
        self.issue_keys(object, at);
        object.list("articles", &self.views.plan.issues[at].articles, |out, id| {
            out.extend(self.article_keys(*id));
            Object::resume(out).end();
        });
    }

    fn issue_keys(&self, object: &mut Object<'_>, at: usize) {
        let issue = &self.views.plan.issues[at];
        object.text("id", issue.url.as_str().trim_end_matches('/'));
        object.text("url", &self.url(&issue.url));
        object.text("title", &self.views.issue_name(issue));
        object.optional("from", issue.from.map(|date| date.to_string()).as_deref());
        object.optional("date", issue.date.map(|date| date.to_string()).as_deref());
        object.number("article_count", issue.articles.len());
    }

    /// Writes which page of a list this is, and where the older ones are.
    pub(super) fn older(&self, object: &mut Object<'_>, page: PageKind, cut: Pages) {
        match page.number() {
            Some(number) => object.number("page", number),
            None => object.optional("page", None),
        }
        let older = match page.number() {
            Some(1) => None,
            Some(number) => Some(number - 1),
            None => Some(cut.numbered()).filter(|last| *last > 0),
        };
        let bare = self.views.plan.url(page.newest(), self.views.config);
        let older =
            older.map(|older| self.url(&Plan::numbered(&bare, Some(older)).beside("index.json")));
        object.optional("older", older.as_deref());
    }
}

/// Writes a role of a record.
fn given_role(out: &mut Vec<u8>, role: &Role) {
    let mut row = Object::new(out);
    row.text("name", &role.name);
    row.optional("from", role.from.map(|moment| moment.to_string()).as_deref());
    row.optional("until", role.until.map(|moment| moment.to_string()).as_deref());
    for key in ["first", "last", "articles", "article", "sentence", "rule"] {
        row.optional(key, None);
    }
    row.text("status", status(Status::Confirmed));
    row.end();
}
