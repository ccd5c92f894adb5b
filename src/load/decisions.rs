//! `content/decisions.toml`: what people decided about what the program found.
//!
//! The file is a list that grows at its end. A person may edit it by hand, so it is read as
//! carefully as a record. It is never passed over with a warning: without it, names that somebody
//! has rejected would be published.

use jiff::civil::Date;

use super::decode::decode;
use super::facts::{FactKind, FactName};
use super::node::{Entry, Node, Value, parse};
use super::reader::{Reader, Reports, one_line, shown};
use super::split::Syntax;
use crate::config::{EntityKind, SiteConfig};
use crate::diag::{Code, Diagnostic, Place, Warned, nearest};
use crate::files::{Files, SitePath};

/// Where the decisions are.
pub const DECISIONS: &str = "content/decisions.toml";

/// What a person decided, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub action: Action,
    /// When.
    pub on: Option<Date>,
    /// Who.
    pub by: Option<String>,
    /// Where it stands in the file; none for one that is not written yet.
    pub place: Option<Place>,
}

/// What a decision does. Names are spellings, not ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The name is that of somebody or something.
    Accept {
        /// Whose.
        name: String,
        /// What it is; may be left out where a record says it.
        kind: Option<EntityKind>,
    },
    /// The name is nobody's.
    Reject {
        /// Which.
        name: String,
        /// Forms of it in texts, which are nobody's either.
        forms: Vec<String>,
    },
    /// One name is another name of somebody.
    Merge {
        /// The other name.
        name: String,
        /// Whose it is.
        into: String,
        /// What that one is.
        kind: Option<EntityKind>,
    },
    /// A form that was taken for a name of somebody is somebody else's.
    Split {
        /// Whose it was taken for.
        name: String,
        /// The form.
        form: String,
        /// What the other one is.
        kind: Option<EntityKind>,
    },
    /// Somebody is called otherwise.
    Rename {
        /// The old name, which stays as another name.
        name: String,
        /// The new one.
        to: String,
        /// What it is.
        kind: Option<EntityKind>,
    },
    /// Somebody or something is of another kind.
    Kind {
        /// Whose.
        name: String,
        /// The kind.
        kind: EntityKind,
    },
    /// An article has a topic.
    AcceptTopic {
        /// The topic's name.
        topic: String,
        /// The article's file.
        article: SitePath,
    },
    /// An article does not have a topic that its text suggests.
    RejectTopic {
        /// The topic's name.
        topic: String,
        /// The article's file.
        article: SitePath,
    },
    /// A quotation, figure or role is right.
    AcceptFact {
        /// Which.
        fact: FactName,
        /// Who said it, when the text was misread; of quotations only.
        speaker: Option<String>,
    },
    /// A quotation, figure or role is none.
    RejectFact {
        /// Which.
        fact: FactName,
    },
}

/// The words for actions, as they are written.
const WORDS: [&str; 14] = [
    "accept",
    "reject",
    "merge",
    "split",
    "rename",
    "kind",
    "accept-topic",
    "reject-topic",
    "accept-quote",
    "reject-quote",
    "accept-figure",
    "reject-figure",
    "accept-role",
    "reject-role",
];

impl Action {
    /// Returns the word for the action.
    pub fn word(&self) -> &'static str {
        let first_of = |kind: FactKind| match kind {
            FactKind::Quote => 8,
            FactKind::Figure => 10,
            FactKind::Role => 12,
        };
        let at = match self {
            Self::Accept { .. } => 0,
            Self::Reject { .. } => 1,
            Self::Merge { .. } => 2,
            Self::Split { .. } => 3,
            Self::Rename { .. } => 4,
            Self::Kind { .. } => 5,
            Self::AcceptTopic { .. } => 6,
            Self::RejectTopic { .. } => 7,
            Self::AcceptFact { fact, .. } => first_of(fact.kind),
            Self::RejectFact { fact } => first_of(fact.kind) + 1,
        };
        WORDS[at]
    }
}

/// Reads all decisions, in their order; none when there is no file.
pub fn decisions(files: &dyn Files, config: &SiteConfig) -> Warned<Vec<Decision>> {
    let Some(path) = SitePath::parse(DECISIONS).filter(|path| files.is_file(path)) else {
        return Warned::clean(Vec::new());
    };
    match text_of(files, &path, config, Code::DecisionFile) {
        Ok(text) => read(&text, &path, config),
        Err(report) => Warned { value: Vec::new(), diagnostics: vec![*report] },
    }
}

/// Reads the text of a file of decisions.
pub fn read_decisions(text: &str, config: &SiteConfig) -> Warned<Vec<Decision>> {
    SitePath::parse(DECISIONS).map_or(Warned::clean(Vec::new()), |path| read(text, &path, config))
}

/// Returns the text of a file that a site is not built without; `code` is that of the report when it cannot be read.
pub(super) fn text_of(
    files: &dyn Files,
    path: &SitePath,
    config: &SiteConfig,
    code: Code,
) -> Result<String, Box<Diagnostic>> {
    let fail = |message: String, help: &str| {
        Box::new(Diagnostic::new(code, message).help(help).in_file(path))
    };
    let bytes = files.read(path).map_err(|error| {
        // The cause alone: the full message names the folder on this machine.
        let cause = std::error::Error::source(&error);
        let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
        fail(format!("the file cannot be read{cause}"), "check its permissions")
    })?;
    let bound = config.security.max_file_size;
    if u64::try_from(bytes.len()).is_ok_and(|len| len > bound) {
        let message = format!("the file has {} bytes, and the bound is {bound}", bytes.len());
        return Err(fail(message, "raise `[security] max_file_size`"));
    }
    decode(bytes).map_err(|at| {
        fail(format!("the byte at offset {at} is not UTF-8"), "convert the file to UTF-8")
    })
}

fn read(text: &str, path: &SitePath, config: &SiteConfig) -> Warned<Vec<Decision>> {
    let mut reports = Reports::new(path, text);
    let entries = parse(text, Syntax::Toml, 0..text.len()).unwrap_or_else(|error| {
        let message = format!("not valid TOML: {}", one_line(&error.message));
        reports.add(Diagnostic::new(Code::DecisionFile, message), Some(&error.span));
        Vec::new()
    });
    let mut decisions = Vec::new();
    for entry in &entries {
        match (entry.key.as_str(), &entry.node.value) {
            ("decision", Value::List(items)) => {
                for item in items {
                    decisions.extend(one(item, (path, text), config, &mut reports));
                }
            }
            ("decision", _) => {
                let message = "`decision` is not a list of tables";
                let report = Diagnostic::new(Code::DecisionFile, message)
                    .help("begin each decision with a line `[[decision]]`");
                reports.add(report, entry.span.as_ref());
            }
            (key, _) => {
                let message = format!("unknown key `{}`", shown(key));
                let report = Diagnostic::new(Code::DecisionFile, message)
                    .help("the file holds decisions only, each below a line `[[decision]]`");
                reports.add(report, entry.span.as_ref());
            }
        }
    }
    Warned { value: decisions, diagnostics: reports.into_list() }
}

/// Reads one decision; none when it cannot be used.
fn one<'a>(
    item: &'a Node,
    (path, text): (&'a SitePath, &'a str),
    config: &'a SiteConfig,
    reports: &mut Reports<'a>,
) -> Option<Decision> {
    let Value::Table(entries) = &item.value else {
        reports.wrong_type("decision", item, "a table");
        return None;
    };
    let place = place(entries, item, (path, text));
    let mut keys = Keys { reader: Reader::new(entries, reports), item, config };
    let action = keys.action();
    // The other keys are checked in any case, so that all problems show at once.
    let on = keys.reader.when(&["on"], &config.time_zone).map(|when| when.date);
    let by = keys.reader.line(&["by"]);
    if action.is_some() {
        keys.reader.finish_with("it has no effect; remove it, or put it right");
    }
    Some(Decision { action: action?, on, by, place: Some(place) })
}

/// Returns the place that reports on a decision name: its action, else the whole.
fn place(entries: &[Entry], item: &Node, (path, text): (&SitePath, &str)) -> Place {
    let action = entries.iter().find(|entry| entry.key == "action");
    let span = action.and_then(|entry| entry.node.span.clone()).or_else(|| item.span.clone());
    let span = span.map(|span| crate::diag::Span::new(text, span));
    Place { path: path.clone(), span }
}

/// The keys of one decision.
struct Keys<'a, 'r> {
    reader: Reader<'a, 'r>,
    item: &'a Node,
    config: &'a SiteConfig,
}

impl Keys<'_, '_> {
    fn action(&mut self) -> Option<Action> {
        let Some(word) = self.reader.line(&["action"]) else {
            self.complain("the decision has no `action`", &known());
            return None;
        };
        match word.as_str() {
            "accept" => {
                let (name, kind) = (self.need("name", &word), self.kind());
                Some(Action::Accept { name: name?, kind: kind? })
            }
            "reject" => {
                let (name, forms) = (self.need("name", &word), self.reader.names(&["forms"]));
                Some(Action::Reject { name: name?, forms })
            }
            "merge" => {
                let (name, into) = (self.need("name", &word), self.need("into", &word));
                let kind = self.kind();
                Some(Action::Merge { name: name?, into: into?, kind: kind? })
            }
            "split" => {
                let (name, form) = (self.need("name", &word), self.need("form", &word));
                let kind = self.kind();
                Some(Action::Split { name: name?, form: form?, kind: kind? })
            }
            "rename" => {
                let (name, to) = (self.need("name", &word), self.need("to", &word));
                let kind = self.kind();
                Some(Action::Rename { name: name?, to: to?, kind: kind? })
            }
            "kind" => {
                let (name, given) = (self.need("name", &word), self.need("kind", &word));
                let kind = given.map(|given| self.kind_of(&given));
                Some(Action::Kind { name: name?, kind: kind?? })
            }
            "accept-topic" | "reject-topic" => {
                let (topic, article) = (self.need("topic", &word), self.article(&word));
                let (topic, article) = (topic?, article?);
                Some(match word.as_str() {
                    "accept-topic" => Action::AcceptTopic { topic, article },
                    _ => Action::RejectTopic { topic, article },
                })
            }
            "accept-quote" | "reject-quote" => self.fact(FactKind::Quote, &word),
            "accept-figure" | "reject-figure" => self.fact(FactKind::Figure, &word),
            "accept-role" | "reject-role" => self.fact(FactKind::Role, &word),
            other => {
                let message = format!("there is no action `{}`", shown(other));
                let help = nearest(other, WORDS)
                    .map_or_else(known, |near| format!("did you mean `{near}`?"));
                self.complain_at("action", message, &help);
                None
            }
        }
    }

    fn fact(&mut self, kind: FactKind, word: &str) -> Option<Action> {
        let (words, article) = (self.need(kind.word(), word), self.article(word));
        let mut only = |key, is_meant: bool| is_meant.then(|| self.reader.line(&[key])).flatten();
        let sentence = only("sentence", kind.has_sentence());
        let speaker = only("speaker", word == "accept-quote");
        let fact = FactName { kind, article: article?, words: words?, sentence };
        Some(match word {
            word if word.starts_with("accept") => Action::AcceptFact { fact, speaker },
            _ => Action::RejectFact { fact },
        })
    }

    /// Returns the value of a key that the action cannot do without.
    fn need(&mut self, key: &'static str, action: &str) -> Option<String> {
        let entry = self.reader.entry(&[key]);
        let value = entry.and_then(|entry| self.reader.reports.line(key, &entry.node));
        // One of another type is reported already.
        let is_text = entry.is_none_or(|entry| matches!(entry.node.value, Value::String(_)));
        if value.is_none() && is_text {
            let message = format!("the decision `{action}` has no `{key}`");
            self.complain(message, &format!("add a line `{key} = \"...\"`"));
        }
        value
    }

    /// Returns the kind, which may be left out; none when it is not known.
    #[expect(clippy::option_option, reason = "the outer one is whether it can be used")]
    fn kind(&mut self) -> Option<Option<EntityKind>> {
        match self.reader.line(&["kind"]) {
            Some(given) => self.kind_of(&given).map(Some),
            None => Some(None),
        }
    }

    fn kind_of(&mut self, given: &str) -> Option<EntityKind> {
        let kinds = &self.config.entities.kinds;
        let found = kinds.by_id(given);
        if found.is_none() {
            let known: Vec<String> =
                kinds.all().map(|kind| format!("`{}`", kinds.id(kind))).collect();
            let help = format!("the kinds are {}", known.join(", "));
            self.complain_at("kind", format!("unknown kind `{}`", shown(given)), &help);
        }
        found
    }

    fn article(&mut self, action: &str) -> Option<SitePath> {
        let text = self.need("article", action)?;
        let path = SitePath::parse(&text);
        if path.is_none() {
            let message = format!("`{}` is not the path of an article", shown(&text));
            let help = "write it as `content/articles/2024/talks.md`";
            self.complain_at("article", message, help);
        }
        path
    }

    fn complain(&mut self, message: impl Into<String>, help: &str) {
        let report = Diagnostic::new(Code::DecisionValue, message).help(help);
        self.reader.reports.add(report, self.item.span.as_ref());
    }

    fn complain_at(&mut self, key: &str, message: String, help: &str) {
        let span = self.reader.span(key).or_else(|| self.item.span.clone());
        let report = Diagnostic::new(Code::DecisionValue, message).help(help);
        self.reader.reports.add(report, span.as_ref());
    }
}

/// Returns the actions that there are, as help.
fn known() -> String {
    let words: Vec<String> = WORDS.iter().map(|word| format!("`{word}`")).collect();
    format!("the actions are {}", words.join(", "))
}
