//! What people decide about what was found.
//!
//! In: the decisions that `load` read, and the records of editors. Out: the records as they are
//! with all decisions, which `resolve` takes as if editors had written them; the list of what
//! nobody has decided about yet; what somebody wishes to decide, as a decision; and the text of the file of
//! decisions with one more or one less. Whoever calls reads and writes that file: the command line, or a server.
//!
//! **Invariants:** a record's file is never changed. Of two decisions that contradict each other
//! the later holds. What is decided about names depends on the decisions and records alone, never on articles:
//! the names are looked for in all texts before any is read. What is decided about the topics, quotations, figures
//! and roles of one article is handed to `resolve`, which knows what the article says.

mod decide;
mod edit;
mod facts;
mod fold;
mod lookup;
mod pending;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

use rustc_hash::FxHashMap;

pub use self::decide::{Answer, Known, Request, decide};
pub use self::edit::{Undone, record, undo};
pub use self::facts::open_facts;
pub use self::fold::{Folded, choices, fact_choices, fold};
pub use self::lookup::short;
pub use self::pending::{
    Pending, PendingEntity, PendingFact, PendingTopic, Quote, Wish, other_forms, pending,
};
use crate::config::{ReviewGate, SiteConfig};
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;
use crate::load::{Action, DECISIONS, Decision, FactKind};
use crate::resolve::{Article, Site, Status, name_key};

/// How much nobody has decided about, and what that means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unreviewed {
    /// Suggested entities.
    pub entities: usize,
    /// Derived topics of articles.
    pub topics: usize,
    /// Quotations that pages show and nobody vouches for.
    pub quotes: usize,
    /// Figures of the same sort.
    pub figures: usize,
    /// Roles of the same sort.
    pub roles: usize,
    /// Whether the site may not be published like this: `[review] gate = "block"`.
    pub blocks: bool,
}

impl Unreviewed {
    /// Returns whether there is anything.
    pub fn any(self) -> bool {
        self.entities + self.topics + self.quotes + self.figures + self.roles > 0
    }

    /// Returns the report that the site may not be published like this; none when it may.
    pub fn report(self) -> Option<Diagnostic> {
        let message = format!("nobody has reviewed {self}, and `[review] gate` is `block`");
        let help =
            "`pressmark review` lists them; decide with `pressmark review accept` and `reject`";
        self.blocks.then(|| Diagnostic::new(Code::NotReviewed, message).help(help))
    }
}

impl fmt::Display for Unreviewed {
    /// Writes `2 suggested entities, 1 derived topic`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: usize, one: &str, many: &str| {
            format!("{number} {}", if number == 1 { one } else { many })
        };
        let parts = [
            (self.entities, "suggested entity", "suggested entities"),
            (self.topics, "derived topic", "derived topics"),
            (self.quotes, "quotation", "quotations"),
            (self.figures, "figure", "figures"),
            (self.roles, "role", "roles"),
        ];
        let parts = parts.iter().filter(|(number, ..)| *number > 0);
        let parts: Vec<String> =
            parts.map(|(number, one, many)| count(*number, one, many)).collect();
        f.write_str(if parts.is_empty() { "nothing" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}

/// Counts what no person vouches for, and tells whether the settings let it pass.
pub fn gate(site: &Site, config: &SiteConfig) -> Unreviewed {
    let entities = site.entities.iter().filter(|one| one.status == Status::Suggested).count();
    let links = site.articles.iter().flat_map(|article| &article.topics);
    let topics = links.filter(|link| link.rule.is_some()).count();
    let open = facts::all(site).filter(|fact| fact.status == Status::Suggested);
    let (mut quotes, mut figures, mut roles) = (0, 0, 0);
    for fact in open {
        match fact.key.kind {
            FactKind::Quote => quotes += 1,
            FactKind::Figure => figures += 1,
            FactKind::Role => roles += 1,
        }
    }
    let found = Unreviewed { entities, topics, quotes, figures, roles, blocks: false };
    Unreviewed { blocks: config.review.gate == ReviewGate::Block && found.any(), ..found }
}

/// Reports decisions about what no article holds. Only the last word on a name is looked at.
pub fn idle(decisions: &[Decision], site: &Site) -> Vec<Diagnostic> {
    let mut named: BTreeSet<String> = BTreeSet::new();
    for entity in site.entities.iter().filter(|entity| !entity.articles.is_empty()) {
        let aliases = entity.aliases.iter().map(|alias| alias.name.as_str());
        named.extend(std::iter::once(entity.name.as_str()).chain(aliases).map(name_key));
    }
    let articles = site.articles.iter().map(|article| &article.path);
    let articles: BTreeSet<&SitePath> =
        articles.chain(site.skipped.iter().map(|skipped| &skipped.path)).collect();
    let shown: FxHashMap<&SitePath, &Article> =
        site.articles.iter().map(|article| (&article.path, article)).collect();
    let mut reports = Vec::new();
    let mut decided: BTreeSet<String> = BTreeSet::new();
    for decision in decisions.iter().rev() {
        let (name, others): (&str, Vec<&str>) = match &decision.action {
            Action::Accept { name, .. } | Action::Kind { name, .. } => (name, Vec::new()),
            Action::Merge { name, into, .. } => (into, vec![name]),
            Action::Split { name, form, .. } => (form, vec![name]),
            Action::Rename { name, to, .. } => (to, vec![name]),
            Action::Reject { name, .. } => {
                decided.insert(name_key(name));
                continue;
            }
            Action::AcceptTopic { article, .. } | Action::RejectTopic { article, .. } => {
                if !articles.contains(article) {
                    reports.push(report(decision, format!("there is no article `{article}`")));
                }
                continue;
            }
            Action::AcceptFact { fact, .. } | Action::RejectFact { fact } => {
                let message = match shown.get(&fact.article) {
                    Some(article) => facts::idle(fact, article),
                    None if articles.contains(&fact.article) => None,
                    None => Some(format!("there is no article `{}`", fact.article)),
                };
                reports.extend(message.map(|message| report(decision, message)));
                continue;
            }
        };
        let key = name_key(name);
        if !named.contains(&key) && !decided.contains(&key) {
            reports.push(report(decision, format!("no article names `{}`", name.escape_debug())));
        }
        decided.insert(key);
        decided.extend(others.into_iter().map(name_key));
    }
    reports
}

fn report(decision: &Decision, message: String) -> Diagnostic {
    let report = Diagnostic::new(Code::DecisionIdle, message);
    Diagnostic { place: decision.place.clone(), ..report }
}

/// Returns whether an entity's record was made by decisions.
pub fn is_decided(record: &crate::load::EntityRecord) -> bool {
    record.path.as_str() == DECISIONS
}
