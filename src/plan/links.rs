//! Links inside articles and pages: which point into the site, and whether they arrive.

use std::borrow::Cow;
use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Addresses, Input, Look, Output, PageKind, Planned, UrlPath, Urls, claims, outputs};
use crate::config::Rights;
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;
use crate::ids::{ArticleId, Rows};
use crate::load::Format;
use crate::parse::{Address, LinkRef, Targets};

/// New addresses, by article and by standalone page.
type Found = (Rows<ArticleId, Vec<Address>>, Vec<Vec<Address>>);

/// Finds the targets of all links, and reports those that do not exist.
pub(super) fn resolve(
    input: Input<'_>,
    urls: &Urls,
    addresses: &Addresses,
    outputs: &[Planned],
    look: Look<'_>,
    reports: &mut Vec<Diagnostic>,
) -> Found {
    let resolver = Resolver::new(input, urls, addresses, outputs);
    let site = input.site;
    let articles: Vec<_> = site
        .articles
        .par_iter()
        .zip(urls.articles.par_iter())
        .map(|(article, url)| resolver.file(&article.path, url, &article.links, look))
        .collect();
    let pages: Vec<_> = site
        .pages
        .iter()
        .zip(&urls.pages)
        .map(|(page, url)| resolver.file(&page.path, url, &page.links, look))
        .collect();
    let mut take = |all: Vec<(Vec<Address>, Vec<Diagnostic>)>| -> Vec<Vec<Address>> {
        all.into_iter()
            .map(|(links, found)| {
                reports.extend(found);
                links
            })
            .collect()
    };
    (take(articles).into(), take(pages))
}

/// Names that a broken link is compared with: a site with thousands of broken links must not wait for advice.
const COMPARED: usize = 200;

/// What a link points at.
enum Target<'a> {
    /// Another site, or nothing that this program looks after.
    Elsewhere,
    /// An output of this site, and the fragment.
    Here(&'a UrlPath, Option<&'a str>),
    /// Something that was taken down, and no page says so.
    Removed,
    /// Nothing.
    Missing,
}

/// Everything that can be linked to; each table is made when the first link asks for it.
struct Resolver<'a> {
    input: Input<'a>,
    urls: &'a Urls,
    addresses: &'a Addresses,
    outputs: &'a [Planned],
    /// Sources of pages and of copied files.
    by_source: OnceLock<FxHashMap<&'a str, &'a UrlPath>>,
    /// Articles and pages by the stem of their file, which stays when a file moves.
    by_stem: OnceLock<FxHashMap<&'a str, &'a SitePath>>,
    /// File names of articles and pages by their folder.
    by_folder: OnceLock<FxHashMap<String, Vec<&'a str>>>,
    /// Pages that say that something was removed.
    removed: OnceLock<Removed<'a>>,
    /// Sources of copied files by their addresses.
    copies: OnceLock<FxHashMap<&'a UrlPath, &'a SitePath>>,
    /// Outputs by their path below the site's address.
    by_url: OnceLock<FxHashMap<&'a str, &'a UrlPath>>,
    /// Anchors of articles and pages, by address: none where the rights leave no text to point at.
    anchors: OnceLock<Anchors<'a>>,
}

/// Pages that say that something was removed.
#[derive(Default)]
struct Removed<'a> {
    pages: FxHashSet<&'a UrlPath>,
    /// By the files that were there.
    by_file: FxHashMap<&'a SitePath, &'a UrlPath>,
}

type Anchors<'a> = FxHashMap<&'a str, (Option<&'a Targets>, usize)>;

impl<'a> Resolver<'a> {
    fn new(
        input: Input<'a>,
        urls: &'a Urls,
        addresses: &'a Addresses,
        outputs: &'a [Planned],
    ) -> Self {
        Self {
            input,
            urls,
            addresses,
            outputs,
            by_source: OnceLock::new(),
            by_stem: OnceLock::new(),
            by_folder: OnceLock::new(),
            removed: OnceLock::new(),
            copies: OnceLock::new(),
            by_url: OnceLock::new(),
            anchors: OnceLock::new(),
        }
    }

    fn by_source(&self) -> &FxHashMap<&'a str, &'a UrlPath> {
        self.by_source.get_or_init(|| {
            let site = self.input.site;
            let articles = site.articles.iter().zip(self.urls.articles.iter());
            let articles = articles.map(|(article, url)| (article.path.as_str(), url));
            let pages = site.pages.iter().zip(&self.urls.pages);
            let pages = pages.map(|(page, url)| (page.path.as_str(), url));
            let copies = self.outputs.iter().filter_map(|planned| match &planned.output {
                Output::Copy(source) => Some((source.as_str(), &planned.url)),
                _ => None,
            });
            articles.chain(pages).chain(copies).collect()
        })
    }

    fn removed(&self) -> &Removed<'a> {
        self.removed.get_or_init(|| {
            let places = &self.input.config.redactions.places;
            let is_page = |output: &Output| matches!(output, Output::Page(PageKind::Removed(_)));
            let pages = self.outputs.iter().filter(|planned| is_page(&planned.output));
            // Two places that disks take for one have one page.
            let key = |url: &UrlPath| claims::key(url.as_str()).into_owned();
            let pages: FxHashMap<String, &UrlPath> =
                pages.map(|planned| (key(&planned.url), &planned.url)).collect();
            let mut removed = Removed::default();
            for place in places {
                let Some(url) = pages.get(&key(&outputs::removed(place))) else { continue };
                removed.pages.insert(url);
                removed.by_file.extend(place.files.iter().map(|file| (file, *url)));
            }
            removed
        })
    }

    /// Returns the files of articles and pages.
    fn files(&self) -> impl Iterator<Item = &'a SitePath> + use<'a> {
        let site = self.input.site;
        let articles = site.articles.iter().map(|article| &article.path);
        articles.chain(site.pages.iter().map(|page| &page.path))
    }

    fn by_stem(&self) -> &FxHashMap<&'a str, &'a SitePath> {
        self.by_stem.get_or_init(|| self.files().map(|path| (path.stem(), path)).collect())
    }

    fn by_folder(&self) -> &FxHashMap<String, Vec<&'a str>> {
        self.by_folder.get_or_init(|| {
            let mut folders: FxHashMap<String, Vec<&str>> = FxHashMap::default();
            for path in self.files() {
                let folder = path.parent().map(String::from).unwrap_or_default();
                folders.entry(folder).or_default().push(path.file_name());
            }
            folders
        })
    }

    fn copies(&self) -> &FxHashMap<&'a UrlPath, &'a SitePath> {
        self.copies.get_or_init(|| {
            let copies = self.outputs.iter().filter_map(|planned| match &planned.output {
                Output::Copy(source) => Some((&planned.url, source)),
                _ => None,
            });
            copies.collect()
        })
    }

    fn by_url(&self) -> &FxHashMap<&'a str, &'a UrlPath> {
        let entry = |planned: &'a Planned| (planned.url.as_str(), &planned.url);
        self.by_url.get_or_init(|| self.outputs.iter().map(entry).collect())
    }

    fn anchors(&self) -> &Anchors<'a> {
        self.anchors.get_or_init(|| {
            let site = self.input.site;
            let articles = site.articles.iter().zip(self.urls.articles.iter());
            let articles = articles.map(|(article, url)| {
                let whole = matches!(article.rights, Rights::Full | Rights::Own);
                let sentences = if whole { article.sentences.len() } else { 0 };
                (url.as_str(), (Some(&article.targets).filter(|_| whole), sentences))
            });
            let pages = site.pages.iter().zip(&self.urls.pages);
            articles
                .chain(pages.map(|(page, url)| (url.as_str(), (Some(&page.targets), 0))))
                .collect()
        })
    }

    /// Handles all links of one file.
    fn file(
        &self,
        path: &SitePath,
        url: &UrlPath,
        links: &[LinkRef],
        look: Look<'_>,
    ) -> (Vec<Address>, Vec<Diagnostic>) {
        let (mut found, mut reports, mut text) = (Vec::new(), Vec::new(), None);
        for link in links {
            let (target, fragment) = split(&link.target);
            let report = match self.target(path, url, target, fragment) {
                Target::Elsewhere => None,
                Target::Here(to, fragment) => {
                    let is_self = target.is_empty();
                    if !is_self {
                        let mut href = self.addresses.href(to);
                        href.push_str(target.find('?').map_or("", |at| &target[at..]));
                        if let Some(fragment) = fragment {
                            href.push('#');
                            href.push_str(fragment);
                        }
                        let picture = link.image.then(|| self.copies().get(to)).flatten();
                        let size = picture.and_then(|source| (look.size_of)(source));
                        found.push(Address { html: link.html, url: Some(href), size });
                    }
                    fragment.filter(|one| !self.has_anchor(to, one)).map(|fragment| {
                        let message = format!(
                            "`{}` has no anchor `{}`",
                            if is_self { "the page".to_owned() } else { to.to_string() },
                            fragment.escape_debug()
                        );
                        self.suggest_anchor(
                            Diagnostic::new(Code::AnchorBroken, message),
                            to,
                            fragment,
                        )
                    })
                }
                // Those who link to it need not change their text.
                Target::Removed => {
                    found.push(Address { html: link.html, url: None, size: None });
                    None
                }
                Target::Missing => {
                    let what = if link.image { "the image" } else { "the link" };
                    let message = format!(
                        "{what} `{}` leads nowhere in this site",
                        link.target.escape_debug()
                    );
                    Some(self.suggest_file(
                        Diagnostic::new(Code::LinkBroken, message),
                        path,
                        (target, link.image),
                    ))
                }
            };
            if let Some(report) = report {
                let text = text.get_or_insert_with(|| (look.text_of)(path).unwrap_or_default());
                let (start, end) = (link.source.0 as usize, link.source.1 as usize);
                reports.push(report.at(path, text, start..end));
            }
        }
        (found, reports)
    }

    fn target<'t>(
        &'t self,
        path: &SitePath,
        url: &'t UrlPath,
        target: &str,
        fragment: Option<&'t str>,
    ) -> Target<'t> {
        let skipped = &self.input.config.links.skip_prefixes;
        if has_scheme(target)
            || target.starts_with("//")
            || skipped.iter().any(|prefix| target.starts_with(prefix.as_str()))
        {
            return Target::Elsewhere;
        }
        if target.is_empty() {
            return Target::Here(url, fragment);
        }
        let query = memchr::memchr(b'?', target.as_bytes()).unwrap_or(target.len());
        let target = decode(&target[..query]);
        let (file, address) = (|| self.by_file(path, &target), || self.by_address(url, &target));
        // What ends like the address of a page is looked for as one first.
        let found =
            if target.ends_with('/') { address().or_else(file) } else { file().or_else(address) };
        match found {
            // Anchors are made of words of what was removed.
            Some(found) if self.is_removed(found) => Target::Here(found, None),
            Some(found) => Target::Here(found, fragment),
            None => self.missing(path, url, &target),
        }
    }

    /// Returns what a link points at that leads to no source and no output.
    fn missing(&self, path: &SitePath, url: &UrlPath, target: &str) -> Target<'_> {
        let redactions = &self.input.config.redactions;
        if redactions.articles.is_empty() {
            return Target::Missing;
        }
        if let Some(source) = sources(path, target).find(|source| redactions.hides_file(source)) {
            let page = self.removed().by_file.get(&source);
            return page.map_or(Target::Removed, |page| Target::Here(page, None));
        }
        let is_there = |address: &str| redactions.was_at(address);
        let was = below(url, target).is_some_and(|address| is_there(&address));
        if was { Target::Removed } else { Target::Missing }
    }

    fn is_removed(&self, url: &UrlPath) -> bool {
        !self.input.config.redactions.places.is_empty() && self.removed().pages.contains(url)
    }

    fn by_file(&self, path: &SitePath, target: &str) -> Option<&'a UrlPath> {
        let by_source = self.by_source();
        sources(path, target).find_map(|source| by_source.get(source.as_str()).copied())
    }

    /// Finds a link to an address: below the site's, or relative to the page's.
    fn by_address(&self, url: &UrlPath, target: &str) -> Option<&'a UrlPath> {
        let path = below(url, target)?;
        let page = path.strip_suffix("index.html").unwrap_or(&path);
        self.by_url()
            .get(page)
            .or_else(|| self.by_url().get(format!("{}/", page.trim_end_matches('/')).as_str()))
            .or_else(|| self.by_url().get("").filter(|_| page.trim_matches('/').is_empty()))
            .copied()
    }

    /// Pages other than articles and standalone ones are made by templates, whose anchors are not known here.
    fn has_anchor(&self, url: &UrlPath, fragment: &str) -> bool {
        let fragment = decode(fragment);
        let Some((targets, sentences)) = self.anchors().get(url.as_str()) else { return true };
        let sentence = fragment.strip_prefix('s').and_then(|rest| rest.parse::<usize>().ok());
        fragment.is_empty()
            || fragment == "main"
            || sentence.is_some_and(|number| (1..=*sentences).contains(&number))
            || targets.is_some_and(|targets| targets.has(&fragment))
    }

    fn suggest_anchor(&self, report: Diagnostic, url: &UrlPath, fragment: &str) -> Diagnostic {
        let Some((Some(targets), _)) = self.anchors().get(url.as_str()) else { return report };
        report.did_you_mean(fragment, targets.headings.iter().map(|heading| heading.id.as_str()))
    }

    fn suggest_file(
        &self,
        report: Diagnostic,
        path: &SitePath,
        (target, image): (&str, bool),
    ) -> Diagnostic {
        if image {
            return report
                .help("put the file beside the article, and write its path relative to it");
        }
        let folder = path.parent();
        if let Some(source) = folder.and_then(|folder| folder.join(target)) {
            let skipped = &self.input.site.skipped;
            if skipped.binary_search_by(|one| one.path.cmp(&source)).is_ok() {
                return report.help("the article is there, but it is not shown: it is a draft, in the future or expired");
            }
            if let Some(moved) = self.by_stem().get(source.stem()) {
                return report.help(format!(
                    "did you mean `/{}`?",
                    moved.as_str().trim_start_matches("content/")
                ));
            }
            let beside = source.parent().and_then(|folder| self.by_folder().get(folder.as_str()));
            let is_text = source.extension().is_none() || Format::of(&source).is_some();
            let names = beside.into_iter().flatten().take(COMPARED).copied();
            let names = names.filter(|name| is_text && *name != path.file_name());
            if let Some(name) = crate::diag::nearest(source.file_name(), names) {
                return report.help(format!("did you mean `{name}`?"));
            }
        }
        report.help("write a path relative to this file, such as `../other.md`, or an address that starts with `/`")
    }
}

/// Returns the source files that a link may mean: relative to the folder of the one that links, or `@/` for
/// `content/`, as in Zola, whose articles have often moved to `content/articles/`.
fn sources(path: &SitePath, target: &str) -> impl Iterator<Item = SitePath> {
    let top = || SitePath::parse("content");
    let found = match target.strip_prefix("@/") {
        Some(rest) => {
            let moved = || top()?.join("articles")?.join(rest);
            [top().and_then(|top| top.join(rest)), moved()]
        }
        None if target.starts_with('/') => [top().and_then(|top| top.join(target)), None],
        None => [path.parent().and_then(|folder| folder.join(target)), None],
    };
    found.into_iter().flatten()
}

/// Returns the path below the site's address that a link means; none when it climbs out of the site.
fn below<'t>(url: &UrlPath, target: &'t str) -> Option<Cow<'t, str>> {
    match target.strip_prefix('/') {
        Some(rooted) => Some(rooted.into()),
        None => join(url.as_str(), target).map(Cow::from),
    }
}

/// Parts a target from its fragment.
fn split(target: &str) -> (&str, Option<&str>) {
    match memchr::memchr(b'#', target.as_bytes()) {
        Some(at) => (&target[..at], Some(&target[at + 1..])),
        None => (target, None),
    }
}

/// Whether a target begins with a scheme, such as `https:` or `mailto:` (RFC 3986, 3.1).
fn has_scheme(target: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    let rest = target.bytes().position(|byte| !is_part(&byte));
    target.starts_with(|c: char| c.is_ascii_alphabetic())
        && rest.is_some_and(|at| target.as_bytes()[at] == b':')
}

/// Undoes percent-encoding; bytes that are no UTF-8 then are replaced.
fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return text.into();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = hex.filter(|_| bytes[at] == b'%') {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned().into()
}

/// Joins a relative address to a page's; none when it climbs out of the site.
fn join(page: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    let slash = if relative.ends_with('/') || relative.ends_with("..") { "/" } else { "" };
    Some(parts.join("/") + slash)
}
