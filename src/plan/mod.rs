//! Decides every output: its address, what it shows, and that no two are in one place.
//!
//! In: the [`Site`], the settings, the theme's files and the assets. Out: a
//! [`Plan`]: the list of outputs, the address of every record, and the new
//! addresses of links inside articles. Nothing is rendered here; [`view`] turns a
//! planned page into template values when its turn comes, so that the values of
//! all pages never exist at once.
//!
//! **Invariants:** no two outputs have the same path, also where upper and lower
//! case do not count; no output is a folder that another one is a file of. A page
//! of a list with a number never changes once it is full: see [`Pages`].

mod address;
mod claims;
mod edited;
mod facts;
mod issues;
pub(crate) mod json;
mod links;
mod outputs;
mod paginate;
pub mod print;
pub mod view;

pub use self::address::{Addresses, MARK, UrlPath, place, place_into};
pub use self::edited::{Edited, outputs_of};
pub use self::facts::SEARCH_INDEX;
pub(crate) use self::facts::{
    ABOUT, CORRECTIONS, NAMES, SEARCH, SPEAKERS, STORIES, STORY, SUBJECT, SUBJECTS, VOICES,
    has_corrections, has_figures, has_search, has_speakers, has_stories,
};
pub use self::issues::Issue;
pub(crate) use self::issues::{ISSUE, has_issues, is_issue};
pub(crate) use self::outputs::periods;
pub use self::outputs::{article_address, page_address};
pub use self::paginate::Pages;
use crate::config::{EntityKind, SiteConfig};
use crate::diag::Warned;
use crate::files::SitePath;
use crate::ids::{ArticleId, EntityId, Rows, SourceId, SubjectId, TopicId};
use crate::load::AssetFile;
use crate::parse::Address;
use crate::relate::{FactRef, Ledger, Relations};
use crate::resolve::Site;
use crate::theme::Theme;

/// Every output of a site.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In the order in which they are made. Of a plan that is known from an earlier build, those that
    /// have to be made anew.
    pub outputs: Vec<Planned>,
    /// The issues, oldest first; none in a plan that is known from an earlier build.
    pub issues: Vec<Issue>,
    /// Where each record is.
    pub urls: Urls,
    /// Whether the site has the page about itself.
    pub has_about: bool,
    /// How pages point at each other.
    pub addresses: Addresses,
    /// The new addresses of links inside articles.
    pub article_links: Rows<ArticleId, Vec<Address>>,
    /// The new addresses of links inside standalone pages.
    pub page_links: Vec<Vec<Address>>,
}

/// Where each record's page is.
#[derive(Clone, Debug, Default)]
pub struct Urls {
    /// Of articles.
    pub articles: Rows<ArticleId, UrlPath>,
    /// Of entities.
    pub entities: Rows<EntityId, UrlPath>,
    /// Of topics.
    pub topics: Rows<TopicId, UrlPath>,
    /// Of sources.
    pub sources: Rows<SourceId, UrlPath>,
    /// Of standalone pages.
    pub pages: Vec<UrlPath>,
    /// Of what figures are about.
    pub subjects: Rows<SubjectId, UrlPath>,
}

/// One output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Where.
    pub url: UrlPath,
    /// The file that holds it; none when the address cannot be one.
    pub path: Option<SitePath>,
    /// What.
    pub output: Output,
}

/// What an output is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// An HTML page.
    Page(PageKind),
    /// The JSON twin of a page.
    Data(PageKind),
    /// A page that sends its visitors to another one.
    Redirect(UrlPath),
    /// A feed.
    Feed(FeedOf, FeedFormat),
    /// `catalog.json`.
    Catalog,
    /// `search/index.js`, with all other files of the search index.
    Search,
    /// `sitemap.xml`, with its parts when there are too many URLs for one.
    Sitemap,
    /// `robots.txt`.
    Robots,
    /// `removed.json`: what may be told of what was taken down.
    Removals,
    /// A file that tells a host how to serve the site.
    Host(HostOutput),
    /// A file that is copied from the site's folder.
    Copy(SitePath),
    /// A file of the theme: its number in [`Theme::assets`].
    Asset(usize),
}

/// A file that tells a host how to serve the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostOutput {
    /// `_headers`, for Netlify and Cloudflare Pages.
    Headers,
    /// `_redirects`, for the same.
    Redirects,
    /// `.htaccess`, for Apache.
    Apache,
}

impl HostOutput {
    /// Returns the name of the file, at the top of the site.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Headers => "_headers",
            Self::Redirects => "_redirects",
            Self::Apache => ".htaccess",
        }
    }
}

/// What a page shows. A list's page has a number, or none when it is the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageKind {
    /// `/` when it has no number: the latest articles.
    Home(Option<usize>),
    /// An article.
    Article(ArticleId),
    /// An entity and the articles that name it.
    Entity(EntityId, Option<usize>),
    /// A topic and its articles.
    Topic(TopicId, Option<usize>),
    /// A source and its articles.
    Source(SourceId, Option<usize>),
    /// All entities of a kind.
    Kind(EntityKind),
    /// All topics.
    Topics,
    /// All sources.
    Sources,
    /// Everybody who is quoted.
    Speakers,
    /// Quotations or figures of an entity, all of them.
    Voices(EntityId, Voice, Option<usize>),
    /// What figures are about.
    Subjects,
    /// The figures about something.
    Subject(SubjectId, Option<usize>),
    /// All stories.
    Stories(Option<usize>),
    /// The story that begins with an article.
    Story(ArticleId),
    /// All issues.
    Issues(Option<usize>),
    /// An issue: a number in [`Plan::issues`].
    Issue(usize),
    /// What was corrected.
    Corrections,
    /// What the site has, and how it was found.
    About,
    /// Where each letter is in the indexes of everything.
    Names,
    /// Where readers look for something.
    Search,
    /// The years and months that have articles.
    Archive,
    /// The articles of a year: the year and the articles' positions.
    Year(Period, Option<usize>),
    /// The articles of a month.
    Month(Period, Option<usize>),
    /// A standalone page, by its number.
    Standalone(usize),
    /// `404.html`.
    NotFound,
    /// Says that something was removed: a number in [`Redactions::places`](crate::config::Redactions).
    Removed(usize),
}

/// In which way an entity has to do with a quotation or figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Voice {
    /// It said the quotation.
    Said,
    /// The quotation of somebody else names it.
    SpokenOf,
    /// It gave the figure.
    Counted,
}

impl Voice {
    /// All of them, in the order of pages.
    pub const ALL: [Self; 3] = [Self::Said, Self::SpokenOf, Self::Counted];

    /// Returns the last part of the address of a list, below its entity's page.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Said => "quotes",
            Self::SpokenOf => "spoken-of",
            Self::Counted => "figures",
        }
    }

    /// Returns the facts of an entity, oldest article first.
    pub fn facts(self, ledger: &Ledger, id: EntityId) -> &[FactRef] {
        let rows = match self {
            Self::Said => &ledger.said,
            Self::SpokenOf => &ledger.spoken_of,
            Self::Counted => &ledger.counted,
        };
        rows.get(id).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Quotations or figures of each way on an entity's own page, the latest; where there are more, they have pages of their own.
pub(crate) const VOICES_SHOWN: usize = 8;

/// Articles from which the page of speakers shows quotations, the latest.
pub(crate) const QUOTES_SHOWN: usize = 40;

/// A stretch of time, and the articles in it, which are neighbours in the site's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12; 0 for the whole year.
    pub month: i8,
    /// Number of the first article.
    pub first: u32,
    /// Number behind the last article.
    pub end: u32,
}

/// What a feed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedOf {
    /// The whole site.
    Site,
    /// A topic.
    Topic(TopicId),
    /// An entity.
    Entity(EntityId),
    /// A source.
    Source(SourceId),
    /// The issues.
    Issues,
    /// Events that several articles report.
    Stories,
}

/// How a feed is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedFormat {
    /// Atom 1.0 (RFC 4287).
    Atom,
    /// RSS 2.0.
    Rss,
    /// JSON Feed 1.1.
    Json,
}

impl FeedFormat {
    /// Returns the name of the feed's file, beside the page that it belongs to.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Atom => "feed.xml",
            Self::Rss => "rss.xml",
            Self::Json => "feed.json",
        }
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Rss => "application/rss+xml",
            Self::Json => "application/feed+json",
        }
    }
}

impl PageKind {
    /// Returns the newest page of the same list.
    #[must_use]
    pub fn newest(self) -> Self {
        match self {
            Self::Home(_) => Self::Home(None),
            Self::Entity(id, _) => Self::Entity(id, None),
            Self::Topic(id, _) => Self::Topic(id, None),
            Self::Source(id, _) => Self::Source(id, None),
            Self::Year(period, _) => Self::Year(period, None),
            Self::Month(period, _) => Self::Month(period, None),
            Self::Voices(id, voice, _) => Self::Voices(id, voice, None),
            Self::Subject(id, _) => Self::Subject(id, None),
            Self::Stories(_) => Self::Stories(None),
            Self::Issues(_) => Self::Issues(None),
            other => other,
        }
    }

    /// Returns whether the page is one of a story, or lists stories.
    pub fn is_of_stories(self) -> bool {
        matches!(self, Self::Story(_) | Self::Stories(_))
    }

    /// Returns whether the page shows records, so that it has a JSON twin.
    pub fn has_data(self) -> bool {
        !matches!(
            self,
            Self::Standalone(_) | Self::NotFound | Self::Removed(_) | Self::Names | Self::Search
        )
    }

    /// Returns the number of a page of a list that is not its newest.
    pub fn number(self) -> Option<usize> {
        match self {
            Self::Home(number)
            | Self::Entity(_, number)
            | Self::Topic(_, number)
            | Self::Source(_, number)
            | Self::Year(_, number)
            | Self::Voices(_, _, number)
            | Self::Subject(_, number)
            | Self::Stories(number)
            | Self::Issues(number)
            | Self::Month(_, number) => number,
            _ => None,
        }
    }
}

impl Plan {
    /// Plans the pages of stories anew, when the stories of `input` are others than before.
    pub fn replace_stories(&mut self, input: Input<'_>) {
        self.outputs.retain(|planned| match planned.output {
            Output::Page(page) | Output::Data(page) => !page.is_of_stories(),
            // Where the next page of the list will be.
            Output::Redirect(_) => !planned.url.as_str().starts_with("stories/page/"),
            Output::Feed(of, _) => of != FeedOf::Stories,
            _ => true,
        });
        self.outputs.extend(facts::stories_of(input, &self.urls));
    }

    /// Returns the address of a page.
    pub fn url(&self, page: PageKind, config: &SiteConfig) -> UrlPath {
        match page {
            PageKind::Issue(number) => self.issues[number].url.clone(),
            _ => outputs::url(&self.urls, page, config),
        }
    }

    /// Returns the address of page `number` of the list whose newest page is at `bare`.
    pub fn numbered(bare: &UrlPath, number: Option<usize>) -> UrlPath {
        match number {
            Some(number) => bare.child("page").child(&number.to_string()),
            None => bare.clone(),
        }
    }

    /// Returns the page that a feed belongs to.
    pub fn feed_home(&self, of: FeedOf) -> UrlPath {
        match of {
            FeedOf::Site => UrlPath::home(),
            FeedOf::Topic(id) => self.urls.topics[id].clone(),
            FeedOf::Entity(id) => self.urls.entities[id].clone(),
            FeedOf::Source(id) => self.urls.sources[id].clone(),
            FeedOf::Issues => UrlPath::page("issues"),
            FeedOf::Stories => UrlPath::page("stories"),
        }
    }

    /// Returns the address of a year's or month's articles.
    pub fn archive_url(&self, year: i16, month: Option<i8>) -> UrlPath {
        let year = UrlPath::page("archive").child(&format!("{year:04}"));
        month.map_or(year.clone(), |month| year.child(&format!("{month:02}")))
    }

    /// Returns whether a page has a JSON twin.
    pub fn has_twin(&self, page: PageKind, config: &SiteConfig) -> bool {
        config.data && page.has_data()
    }

    /// Returns whether each row that was looked at was what had been kept.
    pub fn is_whole(&self) -> bool {
        let Urls { articles, entities, topics, sources, subjects, pages: _ } = &self.urls;
        articles.is_whole()
            && entities.is_whole()
            && topics.is_whole()
            && sources.is_whole()
            && subjects.is_whole()
            && self.article_links.is_whole()
    }

    /// Counts the HTML pages, redirects left out.
    pub fn pages(&self) -> usize {
        self.outputs.iter().filter(|planned| matches!(planned.output, Output::Page(_))).count()
    }
}

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its cross-links.
    pub relations: &'a Relations,
    /// The settings.
    pub config: &'a SiteConfig,
    /// The theme; its files are outputs too.
    pub theme: &'a Theme,
    /// Files beside articles and pages.
    pub assets: &'a [AssetFile],
}

/// What is asked about files while links are resolved.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Returns a file's text, for reports about broken links.
    pub text_of: &'a (dyn Fn(&SitePath) -> Option<String> + Sync),
    /// Returns width and height of a picture.
    pub size_of: &'a (dyn Fn(&SitePath) -> Option<(u32, u32)> + Sync),
}

/// Plans all outputs.
pub fn plan(input: Input<'_>, look: Look<'_>) -> Warned<Plan> {
    let mut diagnostics = Vec::new();
    let urls = outputs::urls(input, &mut diagnostics);
    let addresses = Addresses::new(input.config.base_url.as_ref());
    let issues = issues::issues(input, &urls, &mut diagnostics);
    let outputs = outputs::outputs(input, (&urls, &issues), &addresses);
    let has_about = outputs.iter().any(|one| one.output == Output::Page(PageKind::About));
    let mut broken = Vec::new();
    let ((), (article_links, page_links)) = rayon::join(
        || claims::check(&outputs, input, &mut diagnostics),
        || links::resolve(input, &urls, &addresses, &outputs, look, &mut broken),
    );
    diagnostics.extend(broken);
    Warned {
        value: Plan { outputs, issues, urls, has_about, addresses, article_links, page_links },
        diagnostics,
    }
}
