//! `content/redactions.toml`: what people have taken down.
//!
//! A person may edit the file by hand, so it is read as carefully as a record. Nothing of it is passed over with a warning: what
//! stands in a line that cannot be read would be published.

use std::ops::Range;

use jiff::civil::Date;

use super::Format;
use super::decisions::text_of;
use super::node::{Entry, Node, Value, parse};
use super::reader::{Reader, Reports, one_line, shown};
use super::safe_path::safe_path;
use super::split::Syntax;
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic, Place, Warned};
use crate::files::{Files, SitePath};
use crate::text::fold;

/// Where it says what was taken down.
pub const REDACTIONS: &str = "content/redactions.toml";

/// The longest random word, in bytes.
const LONGEST_ID: usize = 64;

/// Something that was taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// What.
    pub taken: Taken,
    /// When.
    pub date: Date,
    /// A random word, which is public and says nothing; empty for one that was written by hand.
    pub id: String,
    /// Where it stands in the file.
    pub place: Place,
}

/// What is taken down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// An article or standalone page.
    Article {
        /// Its file.
        path: SitePath,
        /// The addresses at which it stood, the page's own in front: an empty list when nothing is to stand there,
        /// none when the entry does not say.
        at: Option<Vec<String>>,
    },
    /// Somebody's name.
    Name {
        /// The name.
        name: String,
        /// Other names of the same.
        also: Vec<String>,
    },
}

/// Reads what was taken down; nothing when there is no file.
pub fn redactions(files: &dyn Files, config: &SiteConfig) -> Warned<Vec<Redaction>> {
    let Some(path) = SitePath::parse(REDACTIONS).filter(|path| files.is_file(path)) else {
        return Warned::clean(Vec::new());
    };
    match text_of(files, &path, config, Code::RedactionFile) {
        // So it is left by a full disk, and for a moment by an editor that writes in place.
        Ok(text) if text.is_empty() => {
            let report = Diagnostic::new(Code::RedactionFile, "the file is empty")
                .help("delete it if nothing is to be taken down any more")
                .in_file(&path);
            Warned { value: Vec::new(), diagnostics: vec![report] }
        }
        Ok(text) => read(&text, &path, config),
        Err(report) => Warned { value: Vec::new(), diagnostics: vec![*report] },
    }
}

/// Reads the text of such a file.
pub fn read_redactions(text: &str, config: &SiteConfig) -> Warned<Vec<Redaction>> {
    SitePath::parse(REDACTIONS).map_or(Warned::clean(Vec::new()), |path| read(text, &path, config))
}

fn read(text: &str, path: &SitePath, config: &SiteConfig) -> Warned<Vec<Redaction>> {
    let mut reports = Reports::new(path, text);
    let entries = parse(text, Syntax::Toml, 0..text.len()).unwrap_or_else(|error| {
        let message = format!("not valid TOML: {}", one_line(&error.message));
        reports.add(Diagnostic::new(Code::RedactionFile, message), Some(&error.span));
        Vec::new()
    });
    let mut all = Vec::new();
    for entry in &entries {
        match (entry.key.as_str(), &entry.node.value) {
            ("redaction", Value::List(items)) => {
                for item in items {
                    all.extend(one(item, (path, text), config, &mut reports));
                }
            }
            (key, _) => {
                let message = format!("`{}` is no list of tables `redaction`", shown(key));
                let report = Diagnostic::new(Code::RedactionFile, message)
                    .help("begin each entry with a line `[[redaction]]`");
                reports.add(report, entry.span.as_ref());
            }
        }
    }
    Warned { value: all, diagnostics: reports.into_list() }
}

/// Reads one entry; none when it cannot be used, which is an error.
fn one<'a>(
    item: &'a Node,
    (path, text): (&'a SitePath, &'a str),
    config: &'a SiteConfig,
    reports: &mut Reports<'a>,
) -> Option<Redaction> {
    let Value::Table(entries) = &item.value else {
        let report = Diagnostic::new(Code::RedactionValue, "an entry of `redaction` is no table");
        reports
            .add(report.help("begin each entry with a line `[[redaction]]`"), item.span.as_ref());
        return None;
    };
    let mut keys = Keys { reader: Reader::new(entries, reports), item };
    let taken = keys.taken();
    let date = keys.date(config);
    let id = keys.id();
    let _note = keys.reader.line(&["note"]);
    let unknown = entries.iter().find(|entry| !KEYS.contains(&entry.key.as_str()));
    if let Some(entry) = unknown {
        // A key that is misspelt would silently not apply.
        keys.complain(format!("unknown key `{}`", shown(&entry.key)), KNOWN, entry.span.clone());
    }
    let span = place(entries, item).map(|span| crate::diag::Span::new(text, span));
    let place = Place { path: path.clone(), span };
    Some(Redaction { taken: taken?, date: date?, id: id?, place }).filter(|_| unknown.is_none())
}

const KEYS: [&str; 7] = ["article", "at", "name", "also", "date", "id", "note"];
const KNOWN: &str =
    "the keys are `article` with `at`, or `name` with `also`; and `date`, `id` and `note`";

/// Returns the place that reports on an entry name: what it takes down, else the whole.
fn place(entries: &[Entry], item: &Node) -> Option<Range<usize>> {
    let what = entries.iter().find(|entry| ["article", "name"].contains(&entry.key.as_str()));
    what.and_then(|entry| entry.node.span.clone()).or_else(|| item.span.clone())
}

/// The keys of one entry.
struct Keys<'a, 'r> {
    reader: Reader<'a, 'r>,
    item: &'a Node,
}

impl Keys<'_, '_> {
    fn taken(&mut self) -> Option<Taken> {
        let (article, name) = (self.reader.line(&["article"]), self.reader.line(&["name"]));
        let also = self.reader.names(&["also"]);
        let at = self.reader.entry(&["at"]).map(|entry| {
            let mut at = Vec::new();
            self.reader.reports.names("at", &entry.node, &mut at);
            at
        });
        match (article, name) {
            (Some(article), None) if also.is_empty() => {
                let (path, addresses) = (self.article(&article), at.map(|at| self.addresses(&at)));
                // One that cannot be used is an error, so the whole entry is none.
                let at = match addresses {
                    Some(at) => Some(at?),
                    None => None,
                };
                Some(Taken::Article { path: path?, at })
            }
            (None, Some(name)) if at.is_none() => {
                let fits = std::iter::once(&name).chain(&also).all(|name| self.is_name(name));
                fits.then_some(Taken::Name { name, also })
            }
            (None, None) => {
                let help = "add a line `article = \"articles/x.md\"` or `name = \"...\"`";
                self.complain("nothing is taken down".to_owned(), help, None);
                None
            }
            _ => {
                let message = "an article and a name in one entry";
                self.complain(message.to_owned(), "write two entries", None);
                None
            }
        }
    }

    /// Returns the file of an article, which may be given from `content` or from the site's folder.
    fn article(&mut self, text: &str) -> Option<SitePath> {
        let below = text.strip_prefix("content/").unwrap_or(text);
        let path = SitePath::parse(&format!("content/{below}"));
        let fits = path.filter(|path| {
            let path = path.as_str();
            path.starts_with("content/articles/") || path.starts_with("content/pages/")
        });
        // A picture would stay, and nobody would know.
        let fits = fits.filter(|path| Format::of(path).is_some());
        if fits.is_none() {
            let message = format!("`{}` is not the path of an article or page", shown(text));
            let span = self.reader.span("article");
            self.complain(message, "write it as `articles/2024/talks.md`", span);
        }
        fits
    }

    fn addresses(&mut self, texts: &[String]) -> Option<Vec<String>> {
        let mut all = Vec::new();
        for text in texts {
            match safe_path(text) {
                Ok(path) => all.push(path),
                Err(reason) => {
                    let message =
                        format!("`{}` is no address below the site's: {reason}", shown(text));
                    let help = "write it as `articles/2024/talks/`";
                    self.complain(message, help, self.reader.span("at"));
                }
            }
        }
        (all.len() == texts.len()).then_some(all)
    }

    /// Returns whether a name can be looked for: one of a single letter would take every text apart.
    fn is_name(&mut self, name: &str) -> bool {
        let fits = fold(name).chars().nth(1).is_some();
        if !fits {
            let message = format!("`{}` is too short for a name", shown(name));
            self.complain(message, "write the whole name", self.reader.span("name"));
        }
        fits
    }

    fn date(&mut self, config: &SiteConfig) -> Option<Date> {
        let entry = self.reader.entry(&["date"]);
        let Some(entry) = entry else {
            let help = "add a line `date = 2024-05-06`";
            self.complain("the entry has no `date`".to_owned(), help, None);
            return None;
        };
        // What is no date has been reported with its place.
        Some(self.reader.reports.when("date", &entry.node, &config.time_zone)?.date)
    }

    /// Returns the random word; empty when there is none.
    fn id(&mut self) -> Option<String> {
        let Some(id) = self.reader.line(&["id"]) else { return Some(String::new()) };
        let fits = id.len() <= LONGEST_ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits {
            let message = format!("`{}` is no random word", shown(&id));
            let help = "it is public: use letters and digits that say nothing, or leave it out";
            self.complain(message, help, self.reader.span("id"));
        }
        fits.then_some(id)
    }

    fn complain(&mut self, message: String, help: &str, span: Option<Range<usize>>) {
        let report = Diagnostic::new(Code::RedactionValue, message).help(help);
        let span = span.or_else(|| self.item.span.clone());
        self.reader.reports.add(report, span.as_ref());
    }
}
