//! What each output depends on, as a fingerprint: equal fingerprints, equal bytes.
//!
//! A fingerprint is made from the site itself, not from template values, which would cost
//! more than the page. So it may be too careful: it may change although the page stays
//! as it is, which costs time. It must never stay although the page changes; a
//! property test compares thousands of edits with builds from nothing.
//!
//! Records have *faces*: fingerprints of what other pages say about them. A page is
//! made of the settings and the theme, its own record, and the faces of the others. Cost: linear in what
//! pages show, with a few bytes for each item.

mod pages;
mod search;

use rayon::prelude::*;
use serde::Serialize;

use super::{FeedOf, Output, Plan, has_figures, has_issues, has_speakers, has_stories, is_issue};
use crate::config::SiteConfig;
use crate::ids::{ArticleId, EntityId, Fingerprint, Id, IdVec, Rows, SourceId, TopicId};
use crate::load::{NoAutolink, When};
use crate::relate::{Relations, Shared};
use crate::resolve::{Article, Entity, Site, Topic};
use crate::theme::Theme;

/// The fingerprints of a site's outputs.
#[derive(Debug)]
pub struct Prints<'a> {
    site: &'a Site,
    relations: &'a Relations,
    plan: &'a Plan,
    config: &'a SiteConfig,
    /// Of what every page depends on.
    base: Fingerprint,
    articles: IdVec<ArticleId, ArticleFaces>,
    entities: IdVec<EntityId, EntityFaces>,
    topics: IdVec<TopicId, EntityFaces>,
    sources: IdVec<SourceId, EntityFaces>,
    /// Of all faces in indexes; for pages that show the site as a whole.
    all: Fingerprint,
    /// Of what lists say about articles, and of who is named where.
    listed: Fingerprint,
    /// Of all that is said about anything.
    whole: Fingerprint,
    /// Whether pages or twins quote the sentences that name an entity.
    quotes: bool,
    /// Whether lists say whom articles name.
    names: bool,
}

/// What pages say about an article.
#[derive(Clone, Copy, Debug)]
struct ArticleFaces {
    /// In the lists of other articles: title, address, date.
    name: Fingerprint,
    /// In lists: the entry, and the record in twins.
    entry: Fingerprint,
    /// In lists, and whom it names.
    listed: Fingerprint,
    /// Its own text and fields.
    own: Fingerprint,
    /// On its own page: with what it names and what is related.
    page: Fingerprint,
}

/// What pages say about an entity, topic or source.
#[derive(Clone, Copy, Debug)]
struct EntityFaces {
    /// In articles: name, address, kind and status.
    name: Fingerprint,
    /// In indexes: with counts and dates.
    link: Fingerprint,
    /// On its own page.
    own: Fingerprint,
}

/// Collects what a fingerprint is made of; one may serve for many.
#[derive(Debug, Default)]
pub struct Ink(Vec<u8>);

impl Ink {
    fn text(&mut self, text: &str) -> &mut Self {
        self.0.extend((text.len() as u64).to_le_bytes());
        self.0.extend(text.as_bytes());
        self
    }

    fn tag(&mut self, tag: u8) -> &mut Self {
        self.0.push(tag);
        self
    }

    fn number(&mut self, number: usize) -> &mut Self {
        self.0.extend((number as u64).to_le_bytes());
        self
    }

    fn print(&mut self, print: Fingerprint) -> &mut Self {
        self.0.extend(print.as_bytes());
        self
    }

    /// Adds a value in a form that is unique to it.
    fn value(&mut self, value: &impl Serialize) -> &mut Self {
        let bytes = postcard::to_extend(value, std::mem::take(&mut self.0));
        self.0 = bytes.expect("our own structs can be written, and memory takes all bytes");
        self
    }

    fn when(&mut self, when: Option<&When>) -> &mut Self {
        self.value(&when)
    }

    /// Returns the fingerprint and begins anew.
    fn dry(&mut self) -> Fingerprint {
        let print = Fingerprint::of(&self.0);
        self.0.clear();
        print
    }
}

impl<'a> Prints<'a> {
    /// Makes the faces of all records.
    pub fn new(
        site: &'a Site,
        relations: &'a Relations,
        plan: &'a Plan,
        config: &'a SiteConfig,
        theme: &'a Theme,
    ) -> Self {
        let words = &theme.words;
        let none = Fingerprint::of(b"");
        let mut prints = Self {
            site,
            relations,
            plan,
            config,
            base: none,
            articles: IdVec::new(),
            entities: IdVec::new(),
            topics: IdVec::new(),
            sources: IdVec::new(),
            all: none,
            listed: none,
            whole: none,
            quotes: config.data || words.quotes(),
            names: words.has("main_names"),
        };
        prints.base = prints.base(theme);
        prints.sources = table(&site.sources, |ink, id, source| {
            let url = &plan.urls.sources[id];
            let name = ink.text(&source.name).text(url.as_str()).value(&source.host).dry();
            let faces = prints.group(ink, name, &source.articles);
            ink.print(faces.link).value(&source.record);
            EntityFaces { own: ink.dry(), ..faces }
        });
        prints.topics = table(&site.topics, |ink, id, topic| prints.topic_faces(ink, id, topic));
        prints.articles =
            table(&site.articles, |ink, id, article| prints.article_faces(ink, id, article));
        prints.entities =
            table(&site.entities, |ink, id, entity| prints.entity_faces(ink, id, entity));
        // What articles say of entities, now that the faces of these are known.
        let named: Vec<(Fingerprint, Fingerprint)> = (0..site.articles.len())
            .into_par_iter()
            .map_init(Ink::default, |ink, at| prints.naming(ink, ArticleId::from_index(at)))
            .collect();
        for (faces, (listed, page)) in prints.articles.iter_mut().zip(named) {
            (faces.listed, faces.page) = (listed, page);
        }
        let mut ink = Ink::default();
        let groups = prints.entities.iter().chain(&prints.topics).chain(&prints.sources);
        groups.for_each(|faces| {
            ink.print(faces.link);
        });
        prints.all = ink.number(site.articles.len()).dry();
        ink.print(prints.all);
        prints.articles.iter().for_each(|faces| {
            ink.print(faces.listed);
        });
        prints.listed = ink.dry();
        ink.print(prints.all);
        prints.articles.iter().for_each(|faces| {
            ink.print(faces.page);
        });
        let groups = prints.entities.iter().chain(&prints.topics).chain(&prints.sources);
        groups.for_each(|faces| {
            ink.print(faces.own);
        });
        prints.whole = ink.dry();
        prints
    }

    /// Returns the fingerprint of what every page depends on: settings, theme, navigation.
    fn base(&self, theme: &Theme) -> Fingerprint {
        let mut ink = Ink::default();
        ink.text(&format!("{:?}", self.config)).print(theme.fingerprint);
        let kinds = self.config.entities.kinds.all();
        for kind in kinds {
            ink.value(&(self.site.of_kind(kind).len() > 0));
        }
        ink.value(&self.site.topics.is_empty()).value(&self.site.sources.is_empty());
        let relations = self.relations;
        ink.value(&(has_speakers(relations, theme), has_figures(relations, theme)));
        ink.value(&(has_stories(relations, theme), self.plan.has_about));
        ink.value(&has_issues(self.site, self.config, theme));
        let pages = self.site.pages.iter().zip(&self.plan.urls.pages);
        for (page, url) in pages.filter(|(page, _)| !is_issue(page)) {
            ink.text(page.path.as_str()).text(&page.title.value).text(url.as_str());
        }
        ink.dry()
    }

    fn date(&self, id: ArticleId) -> Option<&When> {
        self.site.articles[id].date.as_ref().map(|date| &date.value)
    }

    /// Adds the dates and the number of some articles.
    fn counted(&self, ink: &mut Ink, articles: &[ArticleId]) {
        ink.number(articles.len());
        ink.when(articles.last().and_then(|id| self.date(*id)));
        ink.when(articles.iter().find_map(|id| self.date(*id)));
    }

    fn group(&self, ink: &mut Ink, name: Fingerprint, articles: &[ArticleId]) -> EntityFaces {
        ink.print(name);
        self.counted(ink, articles);
        let face = ink.dry();
        EntityFaces { name, link: face, own: face }
    }

    fn topic_faces(&self, ink: &mut Ink, id: TopicId, topic: &Topic) -> EntityFaces {
        let url = |id: TopicId| self.plan.urls.topics[id].as_str();
        let name = ink.text(&topic.name).text(&topic.slug).text(url(id)).dry();
        let faces = self.group(ink, name, &topic.articles);
        ink.print(faces.link).value(&topic.record);
        for other in topic.parent.iter().chain(&topic.children) {
            let topic = &self.site.topics[*other];
            ink.text(&topic.name).text(&topic.slug).text(url(*other));
            self.counted(ink, &topic.articles);
        }
        ink.value(&topic.parent.is_some());
        EntityFaces { own: ink.dry(), ..faces }
    }

    fn entity_name(&self, ink: &mut Ink, id: EntityId, entity: &Entity) {
        ink.text(&entity.name).text(self.plan.urls.entities[id].as_str());
        ink.value(&entity.kind).number(entity.status as usize);
    }

    fn entity_faces(&self, ink: &mut Ink, id: EntityId, entity: &Entity) -> EntityFaces {
        self.entity_name(ink, id, entity);
        let name = ink.dry();
        let faces = self.group(ink, name, &entity.articles);
        ink.print(faces.link).value(&entity.record).number(entity.mentions as usize);
        for alias in &entity.aliases {
            ink.text(&alias.name).number(alias.count as usize);
        }
        ink.number(entity.candidates.len());
        for other in entity.parent.iter().chain(&entity.children).chain(&entity.candidates) {
            let entity = &self.site.entities[*other];
            self.entity_name(ink, *other, entity);
            self.counted(ink, &entity.articles);
        }
        ink.value(&entity.parent.is_some());
        EntityFaces { own: ink.dry(), ..faces }
    }

    fn article_faces(&self, ink: &mut Ink, id: ArticleId, article: &Article) -> ArticleFaces {
        let url = &self.plan.urls.articles[id];
        ink.text(&article.title.value).text(url.as_str());
        let name = ink.when(self.date(id)).dry();
        ink.print(name).text(article.path.as_str());
        ink.value(&(&article.title, &article.date, &article.updated, &article.summary));
        ink.value(&(&article.authors, &article.language, article.draft));
        for link in &article.topics {
            ink.print(self.topics[link.topic].name).value(&(link.rule, &link.evidence));
        }
        let origin = article.origin.as_ref();
        let source = origin.and_then(|origin| origin.source);
        ink.value(&source.is_some());
        if let Some(source) = source {
            ink.print(self.sources[source].name).text(&self.site.sources[source].slug);
        }
        ink.value(&origin.map(|origin| (&origin.url, origin.rule)));
        let entry = ink.dry();
        ink.print(entry).print(article.fingerprint);
        ink.value(&origin.map(|one| (&one.retrieved, &one.archive_url, &one.disclaimer)));
        ink.value(&(&article.boilerplate, &article.corrections, article.rights));
        ink.value(&(&article.no_autolink, &article.template, &article.sentences));
        ink.value(&article.key_sentences);
        ink.value(&(&article.quotes, &article.figures, &article.roles));
        ink.text(&serde_json::Value::from(article.extra.clone()).to_string());
        for link in &article.entities {
            // The names of entities come with the page: theirs are not all known yet.
            ink.value(&(link.given, &link.mentions, link.rule));
        }
        for address in &self.plan.article_links[id] {
            ink.value(&(&address.html, &address.url, &address.size));
        }
        let own = ink.dry();
        ArticleFaces { name, entry, listed: entry, own, page: own }
    }

    /// Returns the fingerprint of an output; none when it is made anew each time. It is only compared
    /// with others of the same address, which is no part of it.
    pub fn of(&self, output: &Output, ink: &mut Ink) -> Option<Fingerprint> {
        ink.0.clear();
        ink.print(self.base);
        match output {
            // What most outputs are made of fits into the 64 bytes that BLAKE3 takes in one go.
            Output::Page(page) => self.page(ink.tag(b'p'), *page)?,
            Output::Data(page) => self.page(ink.tag(b'd'), *page)?,
            Output::Redirect(to) => {
                ink.tag(b'r').text(to.as_str());
            }
            Output::Feed(of, format) => {
                ink.tag(b'f').text(format.file_name());
                self.feed(ink, *of);
            }
            Output::Sitemap => {
                ink.print(self.listed);
            }
            Output::Catalog => {
                ink.print(self.whole);
            }
            Output::Search => {
                ink.print(self.whole);
                for page in &self.site.pages {
                    ink.value(&page.body);
                }
            }
            Output::Robots
            | Output::Removals
            | Output::Host(_)
            | Output::Copy(_)
            | Output::Asset(_) => return None,
        }
        Some(ink.dry())
    }

    /// Returns the fingerprints of an article in lists with those it names, and of its page.
    fn naming(&self, ink: &mut Ink, id: ArticleId) -> (Fingerprint, Fingerprint) {
        ink.print(self.articles[id].entry).value(&self.site.articles[id].rights);
        for link in &self.site.articles[id].entities {
            ink.print(self.entities[link.entity].name);
            // Those that a text has most often come first.
            if self.names {
                ink.number(link.mentions.len());
            }
        }
        let listed = ink.dry();
        ink.print(self.articles[id].own);
        for link in &self.site.articles[id].entities {
            ink.print(self.entities[link.entity].name);
            ink.value(&self.site.entities[link.entity].aliases.len());
            let record = self.site.entities[link.entity].record.as_ref();
            ink.value(&record.and_then(|record| record.reviewed.as_ref()));
            if !matches!(self.site.articles[id].no_autolink, NoAutolink::None) {
                self.site.entities[link.entity].aliases.iter().for_each(|alias| {
                    ink.text(&alias.name);
                });
            }
        }
        for related in self.relations.related.get(id).into_iter().flatten() {
            ink.print(self.articles[related.article].name).number(related.shared.len());
            for shared in &related.shared {
                ink.print(match shared {
                    Shared::Entity(id) => self.entities[*id].name,
                    Shared::Topic(id) => self.topics[*id].name,
                });
            }
        }
        let article = &self.site.articles[id];
        ink.value(&(&article.reviewed, &article.facts));
        for quote in article.quotes.iter().filter(|quote| quote.speaker.is_some()) {
            // Other names of somebody decide whom a person meant.
            let speaker = self.site.speaker(article, quote);
            ink.value(&speaker.map(|link| self.entities[link.entity].name));
        }
        let story = self.relations.stories.get(id).and_then(|told| told.as_ref());
        ink.value(&story.map(|told| self.articles[told.first].name));
        ink.value(&self.relations.story_of(id).is_some());
        let copy = story.and_then(|told| told.copy_of);
        ink.value(&copy.map(|id| self.articles[id].name));
        for earlier in self.relations.earlier(id, self.config.digest.stories) {
            ink.print(self.articles[earlier].name);
        }
        ink.number(0);
        for link in &article.topics {
            let (newer, older) = self.site.topics[link.topic].beside(id);
            ink.value(&[newer, older].map(|id| id.map(|id| self.articles[id].name)));
        }
        for step in [-1, 1] {
            let other = id.index().checked_add_signed(step);
            let other = other.and_then(|at| self.articles.as_slice().get(at));
            ink.value(&other.map(|faces| faces.name));
        }
        (listed, ink.dry())
    }

    fn feed(&self, ink: &mut Ink, of: FeedOf) {
        let all: Vec<ArticleId>;
        let (name, ids) = match of {
            FeedOf::Site => {
                all = self.site.articles.ids().collect();
                (self.base, &all)
            }
            FeedOf::Topic(id) => (self.topics[id].name, &self.site.topics[id].articles),
            FeedOf::Entity(id) => (self.entities[id].name, &self.site.entities[id].articles),
            FeedOf::Source(id) => (self.sources[id].name, &self.site.sources[id].articles),
            FeedOf::Stories => {
                for first in
                    self.relations.latest_stories().into_iter().take(self.config.feeds.limit)
                {
                    self.story_name(ink, first);
                    for id in &self.relations.reports[first] {
                        ink.print(self.articles[*id].entry);
                    }
                }
                return;
            }
            FeedOf::Issues => {
                for at in (0..self.plan.issues.len()).rev().take(self.config.feeds.limit) {
                    self.issue_name(ink, at);
                    for id in &self.plan.issues[at].articles {
                        ink.print(self.articles[*id].name);
                    }
                }
                return;
            }
        };
        ink.print(name);
        for id in ids.iter().rev().take(self.config.feeds.limit) {
            ink.print(self.articles[*id].own);
        }
    }
}

/// Makes a table that runs parallel to another.
fn table<I: Id + Send, T: Send + Sync, V: Send>(
    items: &Rows<I, T>,
    make: impl Fn(&mut Ink, I, &T) -> V + Sync + Send,
) -> IdVec<I, V> {
    let numbered = items.par_iter().enumerate();
    let faces = numbered.map_init(Ink::default, |ink, (at, one)| make(ink, I::from_index(at), one));
    faces.collect::<Vec<V>>().into()
}
