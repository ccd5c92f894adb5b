//! The pages of what is said, counted and told over several articles. A theme that has no template for one has no such pages.

use super::claims;
use super::outputs::List;
use super::{
    FeedOf, Input, Output, PageKind, Pages, Planned, QUOTES_SHOWN, UrlPath, Urls, VOICES_SHOWN,
    Voice,
};
use crate::config::SiteConfig;
use crate::ids::{ArticleId, Id};
use crate::relate::{FactRef, Relations};
use crate::resolve::Site;
use crate::theme::Theme;

/// Template of the page of everybody who is quoted.
pub(crate) const SPEAKERS: &str = "speakers.html";
/// Template of the pages of all quotations or figures of an entity.
pub(crate) const VOICES: &str = "voices.html";
/// Template of the page of what figures are about.
pub(crate) const SUBJECTS: &str = "subjects.html";
/// Template of the pages of figures about the same.
pub(crate) const SUBJECT: &str = "subject.html";
/// Template of the pages that list stories.
pub(crate) const STORIES: &str = "stories.html";
/// Template of the pages of stories.
pub(crate) const STORY: &str = "story.html";

/// Template of the page of what was corrected.
pub(crate) const CORRECTIONS: &str = "corrections.html";
/// Template of the page about the site.
pub(crate) const ABOUT: &str = "about.html";
/// The address of that page, unless something else has it.
pub(super) const ABOUT_PATH: &str = "about-this-site";
/// Template of the page that leads to each letter of the indexes.
pub(crate) const NAMES: &str = "names.html";

/// Where the first file of the search index is, below the site's address.
pub const SEARCH_INDEX: &str = "search/index.js";

/// Template of the page where readers look for something.
pub(crate) const SEARCH: &str = "search.html";

/// Returns whether a site can be searched.
pub(crate) fn has_search(config: &SiteConfig, theme: &Theme) -> bool {
    config.search && theme.template(SEARCH).is_some()
}

/// Returns whether a site has pages of stories: nothing may lead to a list of none.
pub(crate) fn has_stories(relations: &Relations, theme: &Theme) -> bool {
    theme.template(STORY).is_some() && theme.template(STORIES).is_some() && relations.has_stories()
}

/// Returns whether a site has the page of everybody who is quoted.
pub(crate) fn has_speakers(relations: &Relations, theme: &Theme) -> bool {
    theme.template(SPEAKERS).is_some() && relations.ledger.said.iter().any(|said| !said.is_empty())
}

/// Returns whether a site has the page of figures.
pub(crate) fn has_figures(relations: &Relations, theme: &Theme) -> bool {
    theme.template(SUBJECTS).is_some() && !relations.ledger.latest.is_empty()
}

/// Returns whether a site has the page of what was corrected.
pub(crate) fn has_corrections(site: &Site, theme: &Theme) -> bool {
    theme.template(CORRECTIONS).is_some()
        && site.articles.iter().any(|article| !article.corrections.is_empty())
}

impl List<'_> {
    fn has(&self, template: &str) -> bool {
        self.input.theme.template(template).is_some()
    }

    /// Adds the pages of quotations and figures.
    pub(super) fn facts(&mut self) {
        let Input { site, relations, theme, .. } = self.input;
        let ledger = &relations.ledger;
        if has_speakers(relations, theme) {
            self.page(PageKind::Speakers);
        }
        if self.has(VOICES) {
            for id in site.entities.ids() {
                for voice in Voice::ALL {
                    let total = voice.facts(ledger, id).len();
                    if total > VOICES_SHOWN {
                        self.list(total, |number| PageKind::Voices(id, voice, number));
                    }
                }
            }
        }
        if has_figures(relations, theme) {
            self.page(PageKind::Subjects);
        }
        if self.has(SUBJECT) {
            for (id, subject) in ledger.subjects.pairs() {
                self.list(subject.figures.len(), |number| PageKind::Subject(id, number));
            }
        }
    }

    /// Adds what leads to corrections and to names.
    pub(super) fn guides(&mut self) {
        if has_corrections(self.input.site, self.input.theme) {
            self.page(PageKind::Corrections);
        }
        if self.has(NAMES) {
            self.page(PageKind::Names);
        }
        if has_search(self.input.config, self.input.theme) {
            self.page(PageKind::Search);
            self.add(UrlPath::file(SEARCH_INDEX), Output::Search);
        }
    }

    /// Adds the page about the site, unless its place is taken: by a page or record of the site, an old address, a file.
    pub(super) fn about(&mut self) {
        if !self.has(ABOUT) || self.input.site.articles.is_empty() {
            return;
        }
        let is_there = |planned: &Planned| {
            let path = planned.path.as_ref().map(|path| claims::key(path.as_str()));
            let rest = path.as_deref().and_then(|path| path.strip_prefix(ABOUT_PATH));
            rest.is_some_and(|rest| ["", "/index.html", "/index.json"].contains(&rest))
        };
        if !self.outputs.iter().any(is_there) {
            self.page(PageKind::About);
        }
    }

    /// Adds the pages of stories.
    pub(super) fn stories(&mut self) {
        if !has_stories(self.input.relations, self.input.theme) {
            return;
        }
        let first = self.input.relations.told_stories();
        self.list(first.len(), PageKind::Stories);
        for first in first {
            self.page(PageKind::Story(first));
        }
        let bare = UrlPath::page("stories");
        self.feed(FeedOf::Stories, &bare);
    }
}

/// Returns the outputs of stories.
pub(super) fn stories_of(input: Input<'_>, urls: &Urls) -> Vec<Planned> {
    let mut list = List { input, urls, issues: &[], outputs: Vec::new() };
    list.stories();
    list.outputs
}

/// Returns the pages besides its own that show what an article tells, for a change of its text alone: what is told by whom
/// about what is the same as before.
pub(super) fn pages_of(input: Input<'_>, id: ArticleId) -> Vec<PageKind> {
    let Input { site, relations, config, theme, .. } = input;
    let article = &site.articles[id];
    let has = |template: &str| theme.template(template).is_some();
    let cut = |total: usize| Pages::new(total, config.page_size);
    let mut pages = Vec::new();
    if has_stories(relations, theme) {
        pages.extend(relations.story_of(id).map(|(first, _)| PageKind::Story(first)));
    }
    for entity in article.entities.iter().map(|link| link.entity) {
        // A role leads to the sentence that has it first.
        let held = relations.ledger.roles.get(entity).into_iter().flatten();
        if held.into_iter().any(|held| held.first.article == id) {
            pages.push(PageKind::Entity(entity, None));
        }
        for voice in Voice::ALL {
            let facts = voice.facts(&relations.ledger, entity);
            for place in places(facts, id) {
                if facts.len() - place <= VOICES_SHOWN {
                    pages.push(PageKind::Entity(entity, None));
                }
                if facts.len() > VOICES_SHOWN && has(VOICES) {
                    let number = cut(facts.len()).number_of(place);
                    pages.push(PageKind::Voices(entity, voice, number));
                }
            }
        }
    }
    if has(SUBJECT) {
        for figure in &article.figures {
            let found = relations.ledger.subject_of(&figure.found, config.slug_mode);
            let Some((subject, about)) = found else { continue };
            let cut = cut(about.figures.len());
            let places = places(&about.figures, id);
            pages.extend(places.map(|place| PageKind::Subject(subject, cut.number_of(place))));
        }
    }
    let is_new = site.articles.len() - id.index() <= QUOTES_SHOWN;
    if is_new && !article.quotes.is_empty() && has_speakers(relations, theme) {
        pages.push(PageKind::Speakers);
    }
    if has(SUBJECTS) && relations.ledger.latest.iter().any(|fact| fact.article == id) {
        pages.push(PageKind::Subjects);
    }
    pages
}

/// Returns the places of an article's facts in a list.
fn places(facts: &[FactRef], id: ArticleId) -> std::ops::Range<usize> {
    let first = facts.partition_point(|fact| fact.article < id);
    first..facts.partition_point(|fact| fact.article <= id)
}
