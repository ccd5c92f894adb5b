//! The stages in order, from settings to plan.

use std::time::{Duration, Instant};

use super::draw::{relations, wanted};
use super::former;
use super::recall::Recall;
use super::recognizer::choose;
use super::snapshot::Valid;
use super::{BuildOptions, Progress, Step};
use crate::analyze::Lexicon;
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic, Severity};
use crate::files::{Files, SitePath, picture_size};
use crate::ids::Fingerprint;
use crate::load::{self, Decision, Taken};
use crate::plan::{Input, Look, Plan, plan};
use crate::redact::{self, Known};
use crate::relate::Relations;
use crate::resolve::{Site, SkipReason, Skipped, resolve};
use crate::review;
use crate::store::Store;
use crate::theme::{self, Theme};

/// How long each stage took.
#[derive(Debug)]
pub(super) struct Clock {
    last: Instant,
    pub(super) timings: Vec<(&'static str, Duration)>,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { last: Instant::now(), timings: Vec::new() }
    }

    /// Ends a stage.
    pub(super) fn lap(&mut self, name: &'static str) {
        let now = Instant::now();
        self.timings.push((name, now - self.last));
        self.last = now;
    }
}

/// A site that is ready to be rendered.
pub(super) struct Ready<'a> {
    /// Where the texts of articles come from.
    pub(super) recall: Recall<'a>,
    pub(super) config: SiteConfig,
    /// What was looked for in texts.
    pub(super) lexicon: Lexicon,
    pub(super) theme: Theme,
    pub(super) site: Site,
    pub(super) relations: Relations,
    /// Fingerprint of the relations.
    pub(super) related: Fingerprint,
    pub(super) plan: Plan,
}

/// What the stages have in common.
pub(super) struct Stages<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) store: &'a Store,
    pub(super) options: &'a BuildOptions,
    pub(super) progress: &'a dyn Progress,
    pub(super) reports: Vec<Diagnostic>,
    pub(super) clock: Clock,
    /// The moment at which the build began, by the clock of the store's disk.
    pub(super) begun: Option<i64>,
    /// Articles and pages that are shown because the options say so.
    pub(super) unpublished: Vec<Skipped>,
    /// What people decided.
    pub(super) decisions: Vec<Decision>,
    /// When the same articles are shown.
    pub(super) valid: Valid,
}

impl<'a> Stages<'a> {
    /// Runs all stages between settings and rendering; nothing when the theme cannot be used.
    ///
    /// Errors in articles do not stop a stage, so that all are reported at once.
    pub(super) fn run(&mut self, config: SiteConfig) -> Option<Ready<'a>> {
        let theme = match theme::load(self.files, &config) {
            Ok(theme) => Some(theme.drain_into(&mut self.reports)),
            Err(reports) => {
                self.reports.extend(reports);
                None
            }
        };
        self.clock.lap("settings");
        self.progress.begin(Step::Load, 0);
        let mut listing = load::list(self.files).drain_into(&mut self.reports);
        let removed = redact::hide(&mut listing, &config.redactions).drain_into(&mut self.reports);
        self.clock.lap("list");
        let chosen = match choose(self.files, &config, self.options) {
            Ok(chosen) => chosen,
            Err(report) => {
                self.reports.push(*report);
                return None;
            }
        };
        let recall = Recall::new(self.store, self.files, &config, chosen);
        let assets = std::mem::take(&mut listing.assets);
        let (mut gathered, names, lexicon) = self.gather(&listing, &recall, &config);
        let reason = SkipReason::Removed;
        gathered.skipped.extend(removed.into_iter().map(|path| Skipped { path, reason }));
        self.progress.begin(Step::Join, 0);
        let site = resolve(gathered, &names, &config).drain_into(&mut self.reports);
        self.clock.lap("resolve");
        // The reports of articles are worth having even when the theme is broken.
        let theme = theme?;
        self.templates(&site, &theme);
        let (relations, related) =
            relations(self.store, &site, &config, wanted(&config, &theme.words));
        self.clock.lap("relate");
        let input = Input {
            site: &site,
            relations: &relations,
            config: &config,
            theme: &theme,
            assets: &assets,
        };
        let plan = self.plan(input);
        self.clock.lap("plan");
        Some(Ready { recall, config, lexicon, theme, site, relations, related, plan })
    }

    /// Reads the settings and the decisions; nothing when the settings cannot be used.
    pub(super) fn config(&mut self) -> Option<SiteConfig> {
        let path = SitePath::parse("site.toml")?;
        let mut config = if self.files.is_file(&path) {
            match self.text(&path).map(|text| SiteConfig::parse(&text, &path)) {
                Some(Ok(config)) => config.drain_into(&mut self.reports),
                Some(Err(reports)) => {
                    self.reports.extend(reports);
                    return None;
                }
                None => return None,
            }
        } else {
            SiteConfig::default()
        };
        if let Some(base_url) = &self.options.base_url {
            config.base_url = Some(base_url.clone());
        }
        if let Some(theme) = &self.options.theme {
            // Options are those of the theme that the settings name.
            if config.theme != *theme {
                config.theme_options.clear();
            }
            config.theme.clone_from(theme);
        }
        if !config.digest.command.is_empty() && !self.options.allow_command {
            let command = config.digest.command.join(" ");
            let message = format!("the site wants to run `{}`", command.escape_debug());
            let report = Diagnostic::new(Code::CommandNotAllowed, message);
            let help = "if you trust this site, allow it with `--allow-command`";
            self.reports.push(report.help(help).in_file(&path));
            return None;
        }
        self.decisions = load::decisions(self.files, &config).drain_into(&mut self.reports);
        // How texts are read depends on the names that are nobody's. Records do not change which these are.
        self.redact(&mut config);
        let rejected = review::fold(Vec::new(), &self.decisions, &config).rejected;
        config.entities.reject.extend(rejected);
        Some(config)
    }

    /// Reads what was taken down, and takes it out of settings and decisions.
    fn redact(&mut self, config: &mut SiteConfig) {
        let entries = load::redactions(self.files, config).drain_into(&mut self.reports);
        if entries.is_empty() {
            return;
        }
        let has_names = entries.iter().any(|entry| matches!(entry.taken, Taken::Name { .. }));
        let ask = || (load::entities_as_written(self.files, config), self.marker(config));
        let (records, marker) = has_names.then(ask).unwrap_or_default();
        let was = |path: &SitePath, date| former::was(self.files, path, date, config);
        let decisions = &self.decisions;
        let known = Known { records: &records, decisions, marker: &marker, was: &was };
        let settled = redact::settle(&entries, known, self.files, config);
        config.redactions = settled.drain_into(&mut self.reports);
        redact::erase_settings(config);
        let decisions = std::mem::take(&mut self.decisions);
        self.decisions = redact::decisions(decisions, &config.redactions);
    }

    /// Returns what stands in the place of a name.
    fn marker(&self, config: &SiteConfig) -> String {
        let said = theme::string(self.files, config, "name_removed");
        said.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| "[name removed]".to_owned())
    }

    /// Reads the settings' text; a report when that fails.
    fn text(&mut self, path: &SitePath) -> Option<String> {
        let (code, message, help) = match self.files.read(path) {
            Ok(bytes) => match crate::load::decode(bytes) {
                Ok(text) => return Some(text),
                Err(at) => (
                    Code::ConfigSyntax,
                    format!("the byte at offset {at} is not UTF-8"),
                    "convert the file to UTF-8",
                ),
            },
            Err(_) => {
                (Code::ConfigSyntax, "the file cannot be read".to_owned(), "check its permissions")
            }
        };
        self.reports.push(Diagnostic::new(code, message).help(help).in_file(path));
        None
    }

    /// Reports templates that front matter names and that do not exist.
    fn templates(&mut self, site: &Site, theme: &Theme) {
        let articles = site.articles.iter().map(|article| (&article.path, &article.template));
        let pages = site.pages.iter().map(|page| (&page.path, &page.front.template));
        for (path, template) in articles.chain(pages) {
            let Some(name) = template.as_deref().filter(|name| theme.template(name).is_none())
            else {
                continue;
            };
            let message = format!("there is no template `{}`", name.escape_debug());
            let known = theme.templates.iter().map(|one| one.name.trim_start_matches("theme/"));
            let report = Diagnostic::new(Code::TemplateUnknown, message).did_you_mean(name, known);
            self.reports.push(report.in_file(path));
        }
    }

    fn plan(&mut self, input: Input<'_>) -> Plan {
        let files = self.files;
        let text_of = |path: &SitePath| crate::load::decode(files.read(path).ok()?).ok();
        let size_of = |path: &SitePath| picture_size(files, path);
        let look = Look { text_of: &text_of, size_of: &size_of };
        plan(input, look).drain_into(&mut self.reports)
    }

    /// Returns whether a report forbids to show the site.
    pub(super) fn failed(&self) -> bool {
        self.reports.iter().any(|report| report.severity == Severity::Error)
    }
}
