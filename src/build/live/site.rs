//! A joined site whose articles can be replaced, and whose outputs are made one by one.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use tera::Tera;

use super::{Answer, Ready, Recall};
use crate::analyze::Lexicon;
use crate::build::bodies::Texts;
use crate::build::recall::Kept;
use crate::build::recognizer::Chosen;
use crate::build::reread::{Before, Changed, points_at_sentences};
use crate::build::sinks::MemorySink;
use crate::build::snapshot::Valid;
use crate::build::wanted;
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic, Error};
use crate::files::{Files, Found, MemFiles, SitePath};
use crate::ids::{ArticleId, Fingerprint, IdVec};
use crate::load::Decision;
use crate::plan::view::{Bodies as _, Views};
use crate::plan::{FeedOf, Input, Output, PageKind, Plan, Planned, UrlPath};
use crate::relate::{self, Relations};
use crate::render::{render_one, share};
use crate::resolve::{Join, Site};
use crate::review::Known;
use crate::search;
use crate::store::Store;
use crate::theme::Theme;

/// Returns whether a path is that of a file of the search index other than the first.
fn is_of_index(path: &SitePath) -> bool {
    path.as_str().starts_with(search::FOLDER)
}

/// With more edits than this, what they left in memory is worth joining all articles anew.
const MAX_EDITS: usize = 500;

/// A site, ready to be asked for outputs.
pub(super) struct LiveSite {
    config: SiteConfig,
    theme: Theme,
    templates: Tera,
    lexicon: Lexicon,
    chosen: Chosen,
    site: Site,
    plan: Plan,
    relations: Relations,
    /// Whether what the relations say of stories is still so.
    told: bool,
    /// Positions in the plan's outputs, sorted by their paths.
    paths: Vec<u32>,
    store: Store,
    decisions: Vec<Decision>,
    valid: Valid,
    articles: FxHashMap<SitePath, ArticleId>,
    /// Keys of the readings.
    keys: IdVec<ArticleId, Fingerprint>,
    /// What the articles say that have changed since all were joined.
    edited: FxHashMap<ArticleId, Kept>,
    /// How often an article was changed since.
    edits: usize,
    points_at_sentences: bool,
    /// Whether people have given all articles their topics, so that no title decides about any.
    topics_are_given: bool,
    /// The files of the search index; none until somebody asks for one.
    index: Mutex<Option<MemFiles>>,
}

/// Returns the positions of a plan's outputs, sorted by their paths.
fn sorted_paths(plan: &Plan) -> Vec<u32> {
    let mut paths: Vec<u32> = (0..).take(plan.outputs.len()).collect();
    paths.par_sort_by_key(|at| plan.outputs[*at as usize].path.as_ref());
    paths
}

impl LiveSite {
    /// Takes a site over from the stages. It has no texts before it gets its store: see [`with`](Self::with).
    pub(super) fn new(ready: Ready<'_>, mut templates: Tera, store: &Store, valid: Valid) -> Self {
        let Ready { recall, config, lexicon, theme, site, relations, plan, .. } = ready;
        let texts = Texts::new(store, recall.files, &config, &site);
        share(&Views::new(&site, &relations, &plan, &config, &theme, &texts), &mut templates);
        let paths = sorted_paths(&plan);
        let keys: Vec<Fingerprint> = site
            .articles
            .iter()
            .map(|article| recall.key(&article.path, article.fingerprint))
            .collect();
        let articles = site.articles.pairs().map(|(id, article)| (article.path.clone(), id));
        Self {
            articles: articles.collect(),
            keys: keys.into(),
            points_at_sentences: points_at_sentences(&site),
            topics_are_given: site.topics_are_given(),
            chosen: recall.into_chosen(),
            edited: FxHashMap::default(),
            edits: 0,
            told: true,
            store: Store::in_memory(),
            decisions: Vec::new(),
            index: Mutex::default(),
            config,
            theme,
            templates,
            lexicon,
            site,
            plan,
            relations,
            paths,
            valid,
        }
    }

    /// Takes the store that has the texts.
    pub(super) fn with(self, store: Store) -> Self {
        Self { store, ..self }
    }

    /// Takes what people have decided.
    pub(super) fn decided(self, decisions: Vec<Decision>) -> Self {
        Self { decisions, ..self }
    }

    /// Lends all that decisions are held against.
    pub(super) fn consult<T>(&self, files: &dyn Files, ask: impl FnOnce(Known<'_>) -> T) -> T {
        let Self { site, config, decisions, .. } = self;
        let texts = Texts::new(&self.store, files, config, site);
        let part = |id, range| texts.part(id, range);
        ask(Known { site, decisions, config, part: &part })
    }

    /// Returns what is behind the page at a path.
    pub(super) fn page(&self, path: &SitePath) -> Option<(PageKind, UrlPath)> {
        let planned = self.planned(path)?;
        match planned.output {
            Output::Page(page) => Some((page, planned.url.clone())),
            _ => None,
        }
    }

    /// Returns the title and the address of the page that is made of a file.
    pub(super) fn page_of(&self, file: &SitePath) -> Option<(String, UrlPath)> {
        let Self { site, plan, .. } = self;
        if let Some(id) = self.articles.get(file) {
            let title = &site.articles[*id].title.value;
            return Some((title.clone(), plan.urls.articles[*id].clone()));
        }
        let at = site.pages.iter().position(|page| page.path == *file)?;
        Some((site.pages[at].title.value.clone(), plan.urls.pages[at].clone()))
    }

    /// Returns titles and addresses of pages that hold all words.
    pub(super) fn find(&self, words: &str, most: usize) -> Vec<(String, UrlPath)> {
        let words = words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let Self { site, plan, .. } = self;
        let articles = site
            .articles
            .pairs()
            .rev()
            .map(|(id, article)| (article.title.value.as_str(), &plan.urls.articles[id]));
        let entities =
            site.entities.pairs().map(|(id, one)| (one.name.as_str(), &plan.urls.entities[id]));
        let topics =
            site.topics.pairs().map(|(id, one)| (one.name.as_str(), &plan.urls.topics[id]));
        let sources =
            site.sources.pairs().map(|(id, one)| (one.name.as_str(), &plan.urls.sources[id]));
        let pages = site
            .pages
            .iter()
            .zip(&plan.urls.pages)
            .map(|(page, url)| (page.title.value.as_str(), url));
        let all = topics.chain(sources).chain(pages).chain(entities).chain(articles);
        let holds = |(name, url): &(&str, &UrlPath)| {
            let text = format!("{} {}", name.to_lowercase(), url.as_str().to_lowercase());
            words.iter().all(|word| text.contains(word))
        };
        all.filter(holds).take(most).map(|(name, url)| (name.to_owned(), url.clone())).collect()
    }

    /// Returns the path that the site is published under.
    pub(super) fn base_path(&self) -> String {
        let base = self.config.base_url.as_ref();
        base.map_or_else(|| "/".to_owned(), |base| base.path().to_owned())
    }

    /// Returns whether the same articles are shown at this moment.
    pub(super) fn lasts(&self, now: Timestamp) -> bool {
        self.valid.contains(now)
    }

    /// Reads changed files; nothing when they change more than what can be put into the site.
    pub(super) fn reread(&self, found: &[Found], files: &dyn Files) -> Option<Vec<Changed>> {
        if self.edits + found.len() > MAX_EDITS {
            return None;
        }
        let recall = Recall::new(&self.store, files, &self.config, self.chosen.clone());
        let changed = found.par_iter().map(|found| self.reread_one(found, &recall));
        changed.collect()
    }

    fn reread_one(&self, found: &Found, recall: &Recall<'_>) -> Option<Changed> {
        let id = *self.articles.get(&found.path)?;
        let article = &self.site.articles[id];
        let join = Join {
            topics: article.topics.clone(),
            reviewed: article.reviewed.clone(),
            facts: article.facts.clone(),
            source: article.origin.as_ref().and_then(|origin| origin.source),
            seating: self.site.seatings.get(id)?.clone(),
        };
        let key = self.keys[id];
        let before = Before {
            id,
            key,
            join: &join,
            links: self.plan.article_links.get(id)?,
            lexicon: &self.lexicon,
            points_at_sentences: self.points_at_sentences,
        };
        let old = || match self.edited.get(&id) {
            Some(kept) => Some(kept.clone()),
            None => Kept::read(&self.store, key),
        };
        let changed = before.reread(found, recall, old)?;
        let is_retitled = changed.article.as_ref().is_some_and(|article| article.retitled);
        (!is_retitled || self.topics_are_given).then_some(changed)
    }

    /// Puts changed articles in, and returns their files.
    pub(super) fn put(&mut self, changed: Vec<Changed>) -> Vec<SitePath> {
        let mut paths = Vec::new();
        *self.index.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
        for Changed { key, article } in changed {
            let Some(article) = article else { continue };
            let id = article.id;
            paths.push(article.article.path.clone());
            self.site.articles.replace(id, article.article);
            self.plan.article_links.replace(id, article.links);
            self.keys[id] = key;
            self.edited.insert(id, article.kept);
            self.edits += 1;
            self.told &= !article.retitled;
            if self.told && article.resketched {
                self.told = self.relations.copies_hold(&self.site, id);
            }
        }
        paths
    }

    /// Returns whether all is known that the output at `path` shows.
    pub(super) fn is_told(&self, path: &SitePath) -> bool {
        let shows_stories = |planned: &Planned| match planned.output {
            Output::Page(page) | Output::Data(page) => {
                let counts =
                    matches!(page, PageKind::Article(_) | PageKind::Home(None) | PageKind::About);
                counts || page.is_of_stories()
            }
            Output::Feed(of, _) => of == FeedOf::Stories,
            Output::Catalog | Output::Search => true,
            _ => false,
        };
        // There may be a page of a story that was none before.
        self.told || self.planned(path).is_some_and(|planned| !shows_stories(planned))
    }

    /// Finds the stories anew.
    pub(super) fn tell_stories(&mut self) {
        if self.told {
            return;
        }
        self.told = true;
        *self.index.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
        let before = self.relations.told_stories();
        relate::tell(&mut self.relations, &self.site, wanted(&self.config, &self.theme.words));
        if self.relations.told_stories() != before {
            let Self { site, relations, config, theme, plan, .. } = self;
            plan.replace_stories(Input { site, relations, config, theme, assets: &[] });
            self.paths = sorted_paths(plan);
        }
    }

    /// Returns what is planned at a path.
    pub(super) fn planned(&self, path: &SitePath) -> Option<&Planned> {
        let outputs = &self.plan.outputs;
        let at =
            self.paths.binary_search_by(|at| outputs[*at as usize].path.as_ref().cmp(&Some(path)));
        at.ok().map(|at| &outputs[self.paths[at] as usize])
    }

    /// Returns whether there may be an output at a path.
    pub(super) fn has(&self, path: &SitePath) -> bool {
        self.planned(path).is_some() || is_of_index(path)
    }

    /// Makes the output at a path.
    pub(super) fn answer(&self, path: &SitePath, files: &dyn Files) -> Result<Answer, Error> {
        // The parts of the site map are known when it is made.
        let sitemap = || self.plan.outputs.iter().find(|planned| planned.output == Output::Sitemap);
        let planned = match self.planned(path) {
            Some(planned) => planned,
            None if path.as_str().starts_with("sitemap") => match sitemap() {
                Some(planned) => planned,
                None => return Ok(Answer::Missing),
            },
            None if is_of_index(path) => return self.searched(path, files),
            None => return Ok(Answer::Missing),
        };
        if planned.output == Output::Search {
            return self.searched(path, files);
        }
        if let Output::Copy(source) = &planned.output {
            return Ok(match files.read(source) {
                Ok(bytes) => Answer::Bytes(bytes),
                Err(error) => {
                    let report = Diagnostic::new(Code::FileUnreadable, error.to_string());
                    Answer::Failed(Box::new(report.in_file(source)))
                }
            });
        }
        match self.made(planned, files)? {
            Ok(made) => Ok(made.read(path).map_or(Answer::Missing, Answer::Bytes)),
            Err(report) => Ok(Answer::Failed(report)),
        }
    }

    /// Makes an output with all its parts. The inner error is the report of a template that failed.
    fn made(
        &self,
        planned: &Planned,
        files: &dyn Files,
    ) -> Result<Result<MemFiles, Box<Diagnostic>>, Error> {
        let Self { site, relations, plan, config, theme, .. } = self;
        let texts = Texts::new(&self.store, files, config, site);
        let views = Views::new(site, relations, plan, config, theme, &texts);
        let sink = MemorySink { source: files, files: Mutex::default() };
        if let Err(report) = render_one(&views, &self.templates, theme, planned, &sink)? {
            return Ok(Err(report));
        }
        let made = sink.files.into_inner().map_err(|_| Error::internal("a renderer panicked"))?;
        Ok(Ok(made))
    }

    /// Returns a file of the search index, which is made whole and kept until something changes.
    fn searched(&self, path: &SitePath, files: &dyn Files) -> Result<Answer, Error> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if index.is_none() {
            let outputs = &self.plan.outputs;
            let Some(planned) = outputs.iter().find(|one| one.output == Output::Search) else {
                return Ok(Answer::Missing);
            };
            match self.made(planned, files)? {
                Ok(made) => *index = Some(made),
                Err(report) => return Ok(Answer::Failed(report)),
            }
        }
        let found = index.as_ref().and_then(|index| index.read(path).ok());
        Ok(found.map_or(Answer::Missing, Answer::Bytes))
    }
}
