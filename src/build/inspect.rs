//! Reads and joins a site without rendering it: for `check` and `list`.

use super::bodies::Texts;
use super::stages::Ready;
use super::{BuildOptions, Silent, Store, sorted, stages};
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic, Error, Severity};
use crate::files::{DiskFiles, SitePath};
use crate::hosting::{Server, snippet};
use crate::load::Decision;
use crate::plan::UrlPath;
use crate::plan::view::Bodies as _;
use crate::resolve::Site;
use crate::review::{self, Known, Pending, Wish};

/// A site that was read and joined, not rendered: for `check` and `list`.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The settings.
    pub config: SiteConfig,
    /// The site.
    pub site: Site,
    /// What people decided.
    pub decisions: Vec<Decision>,
    /// URL of each article, topic, entity and source as a path below the site's address, such as
    /// `articles/2024/x/`; in the order of the site's tables.
    pub urls: InspectedUrls,
    /// All reports, sorted; those of links too.
    pub diagnostics: Vec<Diagnostic>,
}

/// See [`Inspection::urls`].
#[derive(Clone, Debug, Default)]
pub struct InspectedUrls {
    /// Of articles.
    pub articles: Vec<String>,
    /// Of topics.
    pub topics: Vec<String>,
    /// Of entities.
    pub entities: Vec<String>,
    /// Of sources.
    pub sources: Vec<String>,
    /// Of standalone pages.
    pub pages: Vec<String>,
}

/// Reads and joins the site and checks its links, and writes nothing.
///
/// `strict` turns broken links and anchors into errors and adds unused records, as `check` does,
/// with a note about what the site lacks without a `base_url`. The inspection is `None` when the settings or the theme have errors; the reports say which.
///
/// # Errors
/// None today; reserved for a folder that cannot be read at all.
pub fn inspect(
    options: &BuildOptions,
    strict: bool,
) -> Result<(Option<Inspection>, Vec<Diagnostic>), Error> {
    let files = DiskFiles::new(&options.root);
    let store = Store::in_memory();
    let mut stages = stages(&files, &store, options, &Silent);
    let ready = stages.config().and_then(|config| stages.run(config));
    if strict {
        for report in &mut stages.reports {
            if matches!(report.code, Code::LinkBroken | Code::AnchorBroken) {
                report.severity = Severity::Error;
            }
        }
        stages.reports.extend(ready.iter().flat_map(|ready| unused(&ready.site)));
        let idle = |ready: &Ready<'_>| review::idle(&stages.decisions, &ready.site);
        let idle: Vec<Diagnostic> = ready.iter().flat_map(idle).collect();
        stages.reports.extend(idle);
        if let Some(ready) = &ready {
            stages.reports.extend(ready.theme.compile().err().unwrap_or_default());
            if !ready.plan.addresses.is_absolute() {
                let message =
                    "RSS and `sitemap.xml` are left out, because the site has no address yet";
                let note = Diagnostic::new(Code::FeedsNeedBase, message);
                stages
                    .reports
                    .push(note.help("set `base_url` in `site.toml`, or use `--base-url`"));
            }
        }
    }
    let reports = sorted(stages.reports);
    let decisions = stages.decisions;
    Ok((ready.map(|ready| Inspection::new(ready, decisions, &reports)), reports))
}

/// What nobody has decided about yet, and the settings it was found with.
#[derive(Clone, Debug)]
pub struct Review {
    /// The list.
    pub pending: Pending,
    /// The settings.
    pub config: SiteConfig,
}

/// Reads and joins the site, and lists what nobody has decided about yet. Writes nothing.
///
/// The list is `None` when the settings or the theme have errors; the reports say which.
///
/// # Errors
/// Those of `wish`.
pub fn pending(
    options: &BuildOptions,
    wish: impl FnOnce(&SiteConfig) -> Result<Wish, Error>,
) -> Result<(Option<Review>, Vec<Diagnostic>), Error> {
    consult(options, |known, _| {
        let pending = review::pending(known, wish(known.config)?);
        Ok(Review { pending, config: known.config.clone() })
    })
}

/// Reads and joins the site, and asks about it while its texts are at hand. Writes nothing.
///
/// `ask` is handed the reports too, and is not called when the settings or the theme have errors: then nothing is
/// returned beside the reports, which say which.
///
/// # Errors
/// Those of `ask`.
pub fn consult<T>(
    options: &BuildOptions,
    ask: impl FnOnce(Known<'_>, &[Diagnostic]) -> Result<T, Error>,
) -> Result<(Option<T>, Vec<Diagnostic>), Error> {
    let files = DiskFiles::new(&options.root);
    let store = Store::in_memory();
    let mut stages = stages(&files, &store, options, &Silent);
    let ready = stages.config().and_then(|config| stages.run(config));
    let reports = sorted(std::mem::take(&mut stages.reports));
    let Some(ready) = ready else { return Ok((None, reports)) };
    let texts = Texts::new(&store, &files, &ready.config, &ready.site);
    let part = |id, range| texts.part(id, range);
    let known = Known {
        site: &ready.site,
        decisions: &stages.decisions,
        config: &ready.config,
        part: &part,
    };
    let answer = ask(known, &reports)?;
    Ok((Some(answer), reports))
}

/// Reads and joins the site, and returns what belongs into the configuration of a server whose files of the site are
/// in `folder`. Writes nothing.
///
/// There is no snippet when the site has errors; the reports say which.
///
/// # Errors
/// Those of [`hosting::snippet`](crate::hosting::snippet).
pub fn server_snippet(
    options: &BuildOptions,
    server: Server,
    folder: &str,
) -> Result<(Option<String>, Vec<Diagnostic>), Error> {
    let files = DiskFiles::new(&options.root);
    let store = Store::in_memory();
    let mut stages = stages(&files, &store, options, &Silent);
    let ready = stages.config().and_then(|config| stages.run(config));
    let text = match ready.filter(|_| !stages.failed()) {
        Some(ready) => Some(snippet(server, folder, &ready.plan, &ready.config)?),
        None => None,
    };
    Ok((text, sorted(stages.reports)))
}

/// Reports records that no article uses. About those that decisions made, see [`review::idle`].
pub fn unused(site: &Site) -> Vec<Diagnostic> {
    let entities = site.entities.iter().filter(|entity| {
        entity.articles.is_empty()
            && entity.children.iter().all(|child| site.entities[*child].articles.is_empty())
    });
    let entities = entities
        .filter_map(|entity| entity.record.as_ref().filter(|record| !review::is_decided(record)))
        .map(|record| (&record.path, &record.name));
    let topics =
        site.topics.iter().filter(|topic| topic.articles.is_empty() && topic.children.is_empty());
    let topics =
        topics.filter_map(|topic| topic.record.as_ref().map(|record| (&record.path, &record.name)));
    let report = |(path, name): (&SitePath, &String)| {
        let message = format!("no article names `{}`", name.escape_debug());
        Diagnostic::new(Code::RecordUnused, message).in_file(path)
    };
    entities.chain(topics).map(report).collect()
}

impl Inspection {
    fn new(ready: Ready<'_>, decisions: Vec<Decision>, reports: &[Diagnostic]) -> Self {
        fn paths<'u>(urls: impl Iterator<Item = &'u UrlPath>) -> Vec<String> {
            urls.map(|url| url.as_str().to_owned()).collect()
        }
        let urls = &ready.plan.urls;
        Self {
            urls: InspectedUrls {
                articles: paths(urls.articles.iter()),
                topics: paths(urls.topics.iter()),
                entities: paths(urls.entities.iter()),
                sources: paths(urls.sources.iter()),
                pages: paths(urls.pages.iter()),
            },
            config: ready.config,
            site: ready.site,
            decisions,
            diagnostics: reports.to_vec(),
        }
    }
}
