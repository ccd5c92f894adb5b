//! The address of every record, and the list of outputs.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::issues::{Issue, has_issues, is_issue};
use super::{
    Addresses, FeedFormat, FeedOf, HostOutput, Input, Output, PageKind, Pages, Period, Plan,
    Planned, UrlPath, Urls, claims,
};
use crate::config::{HostFile, RemovedPlace, SiteConfig};
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;
use crate::ids::{Id, Rows};
use crate::load::{AssetFile, FileName, FrontMatter, SourceFile};
use crate::resolve::{Article, Site};
use crate::text::slugify;

/// Where it is told what was taken down.
const REMOVALS: &str = "removed.json";

/// Decides where each record's page is.
pub(super) fn urls(input: Input<'_>, reports: &mut Vec<Diagnostic>) -> Urls {
    let Input { site, relations, config, .. } = input;
    let articles: Vec<(UrlPath, Option<Diagnostic>)> =
        site.articles.par_iter().map(|article| article_url(article, config)).collect();
    let articles: Vec<UrlPath> = articles
        .into_iter()
        .map(|(url, report)| {
            reports.extend(report);
            url
        })
        .collect();
    let kinds = &config.entities.kinds;
    let entity = |entity: &crate::resolve::Entity| {
        UrlPath::page(kinds.plural(entity.kind)).child(&entity.slug)
    };
    let pages = site.pages.iter().map(|page| {
        let file = File { path: &page.path, name: &page.name, bundle: page.bundle };
        file.page_url(&page.front, config)
    });
    Urls {
        articles: articles.into(),
        entities: each(&site.entities, entity),
        topics: each(&site.topics, |topic| UrlPath::page("topics").child(&topic.slug)),
        sources: each(&site.sources, |source| UrlPath::page("sources").child(&source.slug)),
        pages: pages.collect(),
        subjects: each(&relations.ledger.subjects, |subject| {
            UrlPath::page("figures").child(&subject.slug)
        }),
    }
}

fn each<I: Id, T>(items: &Rows<I, T>, url: impl Fn(&T) -> UrlPath) -> Rows<I, UrlPath> {
    items.iter().map(url).collect()
}

/// What the address of an article or page is made from.
struct File<'a> {
    path: &'a SitePath,
    name: &'a FileName,
    bundle: bool,
}

impl File<'_> {
    /// Returns the folders between `content/` and the file, or its bundle's folder.
    fn folders(&self) -> Vec<&str> {
        let below = self.path.as_str().strip_prefix("content/").unwrap_or(self.path.as_str());
        let mut parts: Vec<&str> = below.split('/').collect();
        parts.truncate(parts.len().saturating_sub(if self.bundle { 2 } else { 1 }));
        parts
    }

    /// Returns the last part of the address.
    fn slug(&self, given: Option<&str>, config: &SiteConfig) -> String {
        given.map_or_else(|| slugify(&self.name.stem, config.slug_mode), str::to_owned)
    }

    fn url(&self, slug: Option<&str>, path: Option<&str>, config: &SiteConfig) -> UrlPath {
        match path {
            Some(path) => UrlPath::page(path),
            None => self.folder_url(config).child(&self.slug(slug, config)),
        }
    }

    fn page_url(&self, front: &FrontMatter, config: &SiteConfig) -> UrlPath {
        self.url(front.slug.as_deref(), front.path.as_deref(), config)
    }

    fn folder_url(&self, config: &SiteConfig) -> UrlPath {
        let folders = self.folders();
        let names = &config.redactions.names;
        let slug = |part: &&str| slugify(&names.erase_slug(part), config.slug_mode);
        UrlPath::page(&folders.iter().map(slug).collect::<Vec<_>>().join("/"))
    }
}

/// Returns the address that an article has when it is shown.
pub fn article_address(article: &Article, config: &SiteConfig) -> UrlPath {
    article_url(article, config).0
}

/// Returns the address that a standalone page has when it is shown.
pub fn page_address(page: &SourceFile, config: &SiteConfig) -> UrlPath {
    let file = File { path: &page.path, name: &page.name, bundle: page.bundle };
    file.page_url(&page.front, config)
}

/// Returns the address of an article, and the report when it cannot be the one that is wanted.
fn article_url(article: &Article, config: &SiteConfig) -> (UrlPath, Option<Diagnostic>) {
    let file = File { path: &article.path, name: &article.name, bundle: article.bundle };
    let Some(pattern) = config.article_url.as_deref().filter(|_| article.url_path.is_none()) else {
        return (file.url(article.slug.as_deref(), article.url_path.as_deref(), config), None);
    };
    let date = article.date.as_ref().map(|date| date.value.date);
    if date.is_none() && ["{year}", "{month}", "{day}"].iter().any(|part| pattern.contains(part)) {
        let message =
            "the article has no date, which `article_url` needs; its path is used instead";
        let report = Diagnostic::new(Code::ArticleUndated, message).in_file(&article.path);
        let report = report.help("set `date` in the front matter, or put it into the file's name");
        return (file.url(article.slug.as_deref(), None, config), Some(report));
    }
    let slug = file.slug(article.slug.as_deref(), config);
    let mut url = pattern.replace("{slug}", &slug);
    let folder = file.folder_url(config);
    url = url.replace("{path}", &format!("{}{slug}", folder.as_str()));
    if let Some(date) = date {
        url = url.replace("{year}", &format!("{:04}", date.year()));
        url = url.replace("{month}", &format!("{:02}", date.month()));
        url = url.replace("{day}", &format!("{:02}", date.day()));
    }
    (UrlPath::page(&url), None)
}

/// Returns where an asset beside an article or page goes: into the article's folder when it is
/// of a bundle, else to its own path.
fn asset_url(asset: &AssetFile, bundles: &[(SitePath, UrlPath)], config: &SiteConfig) -> UrlPath {
    let mut folder = asset.path.parent();
    while let Some(path) = folder {
        if let Ok(at) = bundles.binary_search_by(|(bundle, _)| bundle.cmp(&path)) {
            let rest = asset.path.below(&path).unwrap_or_default();
            return bundles[at].1.beside(&config.redactions.names.erase_slug(rest));
        }
        folder = path.parent();
    }
    let name = FileName { date: None, stem: String::new() };
    let file = File { path: &asset.path, name: &name, bundle: false };
    file.folder_url(config).beside(asset.path.file_name())
}

/// Returns the folders of bundles with their addresses, sorted.
pub(super) fn bundles(site: &Site, urls: &Urls) -> Vec<(SitePath, UrlPath)> {
    let articles = site.articles.iter().zip(urls.articles.iter());
    let articles = articles.filter(|(article, _)| article.bundle).map(|(a, url)| (&a.path, url));
    let pages = site.pages.iter().zip(&urls.pages);
    let pages = pages.filter(|(page, _)| page.bundle).map(|(page, url)| (&page.path, url));
    let folder = |(path, url): (&SitePath, &UrlPath)| Some((path.parent()?, url.clone()));
    let mut all: Vec<_> = articles.chain(pages).filter_map(folder).collect();
    all.sort();
    all
}

/// Returns the address of a page.
pub(super) fn url(urls: &Urls, page: PageKind, config: &SiteConfig) -> UrlPath {
    let bare = match page {
        PageKind::Home(_) => UrlPath::home(),
        PageKind::Article(id) => urls.articles[id].clone(),
        PageKind::Entity(id, _) => urls.entities[id].clone(),
        PageKind::Topic(id, _) => urls.topics[id].clone(),
        PageKind::Source(id, _) => urls.sources[id].clone(),
        PageKind::Kind(kind) => UrlPath::page(config.entities.kinds.plural(kind)),
        PageKind::Topics => UrlPath::page("topics"),
        PageKind::Sources => UrlPath::page("sources"),
        PageKind::Speakers => UrlPath::page("quotes"),
        PageKind::Voices(id, voice, _) => urls.entities[id].child(voice.slug()),
        PageKind::Subjects => UrlPath::page("figures"),
        PageKind::Subject(id, _) => urls.subjects[id].clone(),
        PageKind::Stories(_) => UrlPath::page("stories"),
        // Of a single one, the plan knows more.
        PageKind::Issues(_) | PageKind::Issue(_) => UrlPath::page("issues"),
        PageKind::Story(first) => {
            UrlPath::page("stories").child(urls.articles[first].as_str().trim_end_matches('/'))
        }
        PageKind::Corrections => UrlPath::page("corrections"),
        PageKind::About => UrlPath::page(super::facts::ABOUT_PATH),
        PageKind::Names => UrlPath::page("a-z"),
        PageKind::Search => UrlPath::page("search"),
        PageKind::Archive => UrlPath::page("archive"),
        PageKind::Year(period, _) => UrlPath::page("archive").child(&format!("{:04}", period.year)),
        PageKind::Month(period, _) => UrlPath::page("archive")
            .child(&format!("{:04}", period.year))
            .child(&format!("{:02}", period.month)),
        PageKind::Standalone(number) => urls.pages[number].clone(),
        PageKind::NotFound => UrlPath::file("404.html"),
        PageKind::Removed(number) => removed(&config.redactions.places[number]),
    };
    Plan::numbered(&bare, page.number())
}

/// Returns where a page says that something was removed: an old address may be one of a file.
pub(super) fn removed(place: &RemovedPlace) -> UrlPath {
    address(&place.address)
}

/// Returns the address that front matter or a redaction names.
fn address(path: &str) -> UrlPath {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let is_file = matches!(ending.as_deref(), Some("html" | "htm"));
    if is_file { UrlPath::file(path) } else { UrlPath::page(path) }
}

/// Lists all outputs.
pub(super) fn outputs(
    input: Input<'_>,
    (urls, issues): (&Urls, &[Issue]),
    addresses: &Addresses,
) -> Vec<Planned> {
    let Site { articles, pages, entities, topics, sources, .. } = input.site;
    let records = articles.len() + pages.len() + entities.len() + topics.len() + sources.len();
    // Most records have one page, and its twin.
    let outputs = Vec::with_capacity(records * if input.config.data { 2 } else { 1 } * 9 / 8);
    let mut list = List { input, urls, issues, outputs };
    // The largest file is made while little else is in memory.
    if input.config.data {
        list.add(UrlPath::home().beside("catalog.json"), Output::Catalog);
    }
    list.records();
    list.indexes();
    list.facts();
    list.stories();
    list.guides();
    list.issues(issues.len());
    list.archive();
    list.files(addresses);
    list.about();
    list.outputs
}

pub(super) struct List<'a> {
    pub(super) input: Input<'a>,
    pub(super) urls: &'a Urls,
    pub(super) issues: &'a [Issue],
    pub(super) outputs: Vec<Planned>,
}

impl List<'_> {
    pub(super) fn add(&mut self, url: UrlPath, output: Output) {
        let path = url.output();
        self.outputs.push(Planned { url, path, output });
    }

    /// Adds a page, and its twin when it is one of an index.
    pub(super) fn page(&mut self, page: PageKind) {
        let url = match page {
            PageKind::Issue(number) => self.issues[number].url.clone(),
            _ => url(self.urls, page, self.input.config),
        };
        self.add(url.clone(), Output::Page(page));
        if page.has_data() && self.input.config.data {
            self.add(url.beside("index.json"), Output::Data(page));
        }
    }

    /// Adds all pages of a list of `total` articles.
    ///
    /// The page after the last full one sends its visitors to the newest page
    /// until it is full itself, so that the last full page can point at it for ever.
    pub(super) fn list(&mut self, total: usize, page: impl Fn(Option<usize>) -> PageKind) {
        let pages = Pages::new(total, self.input.config.page_size);
        for number in pages.all() {
            self.page(page(number));
        }
        if pages.numbered() > 0 {
            let bare = url(self.urls, page(None), self.input.config);
            let next = Plan::numbered(&bare, Some(pages.numbered() + 1));
            self.add(next, Output::Redirect(bare));
        }
    }

    pub(super) fn feed(&mut self, of: FeedOf, bare: &UrlPath) {
        let format = FeedFormat::Atom;
        self.add(bare.beside(format.file_name()), Output::Feed(of, format));
    }

    fn records(&mut self) {
        let (site, feeds) = (self.input.site, &self.input.config.feeds);
        self.list(site.articles.len(), PageKind::Home);
        for (id, article) in site.articles.pairs() {
            self.page(PageKind::Article(id));
            self.redirects(&article.aliases, &self.urls.articles[id].clone());
        }
        for (id, topic) in site.topics.pairs() {
            self.list(topic.articles.len(), |number| PageKind::Topic(id, number));
            if feeds.topics {
                self.feed(FeedOf::Topic(id), &self.urls.topics[id].clone());
            }
        }
        for (id, entity) in site.entities.pairs() {
            self.list(entity.articles.len(), |number| PageKind::Entity(id, number));
            if feeds.entities {
                self.feed(FeedOf::Entity(id), &self.urls.entities[id].clone());
            }
        }
        for (id, source) in site.sources.pairs() {
            self.list(source.articles.len(), |number| PageKind::Source(id, number));
            if feeds.sources {
                self.feed(FeedOf::Source(id), &self.urls.sources[id].clone());
            }
        }
        for (number, page) in site.pages.iter().enumerate() {
            if !is_issue(page) || !has_issues(site, self.input.config, self.input.theme) {
                self.page(PageKind::Standalone(number));
            }
            self.redirects(&page.front.aliases, &self.urls.pages[number].clone());
        }
    }

    fn redirects(&mut self, aliases: &[String], to: &UrlPath) {
        for alias in aliases {
            let from = address(alias);
            if from != *to {
                self.add(from, Output::Redirect(to.clone()));
            }
        }
    }

    fn indexes(&mut self) {
        self.page(PageKind::Topics);
        for kind in self.input.config.entities.kinds.all() {
            self.page(PageKind::Kind(kind));
        }
        self.page(PageKind::Sources);
    }

    fn archive(&mut self) {
        self.page(PageKind::Archive);
        for period in periods(self.input.site) {
            let total = (period.end - period.first) as usize;
            if period.month == 0 {
                self.list(total, |number| PageKind::Year(period, number));
            } else {
                self.list(total, |number| PageKind::Month(period, number));
            }
        }
    }

    pub(super) fn site_feeds(&mut self, addresses: &Addresses) {
        let extra = self.input.config.feeds.extra_formats;
        let formats = [
            (FeedFormat::Atom, true),
            (FeedFormat::Json, extra),
            (FeedFormat::Rss, extra && addresses.is_absolute()),
        ];
        for (format, _) in formats.into_iter().filter(|(_, wanted)| *wanted) {
            let url = UrlPath::home().beside(format.file_name());
            self.add(url, Output::Feed(FeedOf::Site, format));
        }
    }

    fn files(&mut self, addresses: &Addresses) {
        let Input { site, config, theme, assets, .. } = self.input;
        self.page(PageKind::NotFound);
        let home = UrlPath::home();
        self.site_feeds(addresses);
        if addresses.is_absolute() {
            self.add(home.beside("sitemap.xml"), Output::Sitemap);
        }
        for (number, asset) in theme.assets.iter().enumerate() {
            self.add(UrlPath::file(asset.path.as_str()), Output::Asset(number));
        }
        let mut own_robots = false;
        for asset in &theme.site_assets {
            own_robots |= asset.output.as_str() == "robots.txt";
            self.add(UrlPath::file(asset.output.as_str()), Output::Copy(asset.source.clone()));
        }
        // The site's own file wins: robots.txt and files for hosts are outputs that people write themselves.
        if !own_robots {
            self.add(home.beside("robots.txt"), Output::Robots);
        }
        self.host_files();
        let bundles = bundles(site, self.urls);
        for asset in assets {
            self.add(asset_url(asset, &bundles, config), Output::Copy(asset.path.clone()));
        }
        self.removed();
    }

    /// Adds the pages that say that something was removed, where nothing else is now.
    fn removed(&mut self) {
        let redactions = &self.input.config.redactions;
        if redactions.is_empty() {
            return;
        }
        let key = |path: SitePath| claims::key(path.as_str()).into_owned();
        let paths = self.outputs.iter().filter_map(|planned| planned.path.clone());
        let mut taken: FxHashSet<String> = paths.map(key).collect();
        for (number, place) in redactions.places.iter().enumerate() {
            // Two that stood where disks see one place share a page.
            if removed(place).output().is_some_and(|path| taken.insert(key(path))) {
                self.page(PageKind::Removed(number));
            }
        }
        self.add(UrlPath::file(REMOVALS), Output::Removals);
    }

    /// Adds the files for hosts that the site does not bring itself.
    fn host_files(&mut self) {
        let Input { config, theme, .. } = self.input;
        let has_rules = [HostFile::Netlify, HostFile::Cloudflare];
        let has_rules = has_rules.iter().any(|host| config.hosting.is_for(*host));
        for (file, wanted) in [
            (HostOutput::Headers, has_rules),
            (HostOutput::Redirects, has_rules),
            (HostOutput::Apache, config.hosting.is_for(HostFile::Apache)),
        ] {
            let name = file.file_name();
            let is_own = theme.site_assets.iter().any(|asset| asset.output.as_str() == name);
            if wanted && !is_own {
                self.add(UrlPath::file(name), Output::Host(file));
            }
        }
    }
}

/// Returns the years and months that have articles, newest first, each year before its months.
pub(crate) fn periods(site: &Site) -> Vec<Period> {
    let mut all: Vec<Period> = Vec::new();
    let mut months: Vec<Period> = Vec::new();
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    for (id, article) in site.articles.pairs().rev() {
        let Some(date) = article.date.as_ref().map(|date| date.value.date) else { continue };
        let at = number(id.index());
        let period = Period { year: date.year(), month: date.month(), first: at, end: at + 1 };
        match months.last_mut() {
            Some(last) if (last.year, last.month) == (period.year, period.month) => last.first = at,
            _ => months.push(period),
        }
    }
    for months in months.chunk_by(|a, b| a.year == b.year) {
        let (newest, oldest) = (months[0], months[months.len() - 1]);
        all.push(Period { month: 0, first: oldest.first, ..newest });
        all.extend_from_slice(months);
    }
    all
}
