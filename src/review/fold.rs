//! Applies decisions, in their order, to the records of editors.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::config::{EntityKind, SiteConfig};
use crate::diag::{Code, Diagnostic};
use crate::files::SitePath;
use crate::load::{Action, DECISIONS, Decision, EntityRecord, Reviewed};
use crate::resolve::{FactChoice, TopicChoice, name_key};
use crate::text::slugify;

/// The records with all decisions.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// Those of files, in their order, then those that decisions made.
    pub records: Vec<EntityRecord>,
    /// Names that are nobody's, by key. They do not depend on the records of files.
    pub rejected: Vec<String>,
    /// About decisions that cannot be carried out.
    pub reports: Vec<Diagnostic>,
}

/// Applies `decisions` to the records of files. Linear in the names.
///
/// A name that a record covers stays with that record, which gains the other names, the kind or the new name
/// in memory.
pub fn fold(records: Vec<EntityRecord>, decisions: &[Decision], config: &SiteConfig) -> Folded {
    let Some(path) = SitePath::parse(DECISIONS).filter(|_| !decisions.is_empty()) else {
        return Folded { records, ..Folded::default() };
    };
    let mut fold = Fold::new(path, records);
    for decision in decisions {
        match fold.apply(&decision.action) {
            Ok(()) => fold.sign(decision),
            Err(report) => {
                let place = decision.place.clone();
                fold.reports.push(Diagnostic { place, ..*report });
            }
        }
    }
    fold.finish(config)
}

/// Returns the last word on each topic of each article.
pub fn choices(decisions: &[Decision]) -> BTreeMap<SitePath, Vec<TopicChoice>> {
    let mut all: BTreeMap<SitePath, Vec<TopicChoice>> = BTreeMap::new();
    for decision in decisions {
        let (topic, article, holds) = match &decision.action {
            Action::AcceptTopic { topic, article } => (topic, article, true),
            Action::RejectTopic { topic, article } => (topic, article, false),
            _ => continue,
        };
        let known = all.entry(article.clone()).or_default();
        known.retain(|choice| name_key(&choice.topic) != name_key(topic));
        let reviewed = Reviewed { by: decision.by.clone(), on: decision.on };
        known.push(TopicChoice { topic: topic.clone(), holds, reviewed });
    }
    all
}

/// Returns the last word on each quotation and figure of each article.
pub fn fact_choices(decisions: &[Decision]) -> BTreeMap<SitePath, Vec<FactChoice>> {
    let mut all: BTreeMap<SitePath, Vec<FactChoice>> = BTreeMap::new();
    for decision in decisions {
        let (fact, holds, speaker) = match &decision.action {
            Action::AcceptFact { fact, speaker } => (fact, true, speaker.clone()),
            Action::RejectFact { fact } => (fact, false, None),
            _ => continue,
        };
        let known = all.entry(fact.article.clone()).or_default();
        let key = fact.key();
        known.retain(|choice| choice.key != key);
        let reviewed = Reviewed { by: decision.by.clone(), on: decision.on };
        known.push(FactChoice { key, holds, speaker, reviewed, applies: false });
    }
    all
}

/// Records while decisions are applied.
struct Fold {
    path: SitePath,
    /// None in the place of one that is gone, so that the numbers of the others stay.
    records: Vec<Option<EntityRecord>>,
    /// How many of them have files.
    written: usize,
    /// Whose a name is, ascending.
    by_key: FxHashMap<String, Vec<usize>>,
    /// Keys of names that are nobody's, with a spelling and the key of the name that was rejected with them.
    rejected: BTreeMap<String, (String, String)>,
    reports: Vec<Diagnostic>,
}

/// Nothing, or the report about a decision that cannot be carried out.
type Done = Result<(), Box<Diagnostic>>;

impl Fold {
    fn new(path: SitePath, records: Vec<EntityRecord>) -> Self {
        let mut fold = Self {
            path,
            written: records.len(),
            records: Vec::with_capacity(records.len()),
            by_key: FxHashMap::default(),
            rejected: BTreeMap::new(),
            reports: Vec::new(),
        };
        for record in records {
            fold.add(record);
        }
        fold
    }

    fn apply(&mut self, action: &Action) -> Done {
        match action {
            Action::Accept { name, kind } => {
                let at = self.bearer(name, *kind)?;
                // The word of a file on its kind is not for this decision to change.
                if let (Some(kind), true) = (kind, at >= self.written && self.is_main(at, name)) {
                    self.set_kind(at, *kind);
                }
                Ok(())
            }
            Action::Reject { name, forms } => {
                self.reject(name, forms);
                Ok(())
            }
            Action::Merge { name, into, kind } => self.merge(name, into, *kind),
            Action::Split { name, form, kind } => self.split(name, form, *kind),
            Action::Rename { name, to, kind } => {
                let at = self.bearer(name, *kind)?;
                self.take_over(at, to)?;
                self.rename(at, to);
                Ok(())
            }
            Action::Kind { name, kind } => {
                let at = self.bearer(name, Some(*kind))?;
                self.set_kind(at, *kind);
                Ok(())
            }
            // These are about articles: see `choices` and `fact_choices`.
            Action::AcceptTopic { .. }
            | Action::RejectTopic { .. }
            | Action::AcceptFact { .. }
            | Action::RejectFact { .. } => Ok(()),
        }
    }

    /// Notes on the record that a decision was about who made it.
    fn sign(&mut self, decision: &Decision) {
        let name = match &decision.action {
            Action::Accept { name, .. } | Action::Kind { name, .. } => name,
            Action::Merge { into, .. } => into,
            Action::Split { form, .. } => form,
            Action::Rename { to, .. } => to,
            Action::Reject { .. }
            | Action::AcceptTopic { .. }
            | Action::RejectTopic { .. }
            | Action::AcceptFact { .. }
            | Action::RejectFact { .. } => return,
        };
        let record = self.find(name).and_then(|at| self.records[at].as_mut());
        if let Some(record) = record {
            record.reviewed = Some(Reviewed { by: decision.by.clone(), on: decision.on });
        }
    }

    /// Returns whose a name is: of several first the one that is called so.
    fn find(&self, name: &str) -> Option<usize> {
        let key = name_key(name);
        let rank = |at: &usize| (!self.is_main_key(*at, &key), *at);
        self.by_key.get(&key)?.iter().copied().min_by_key(rank)
    }

    /// Returns whose a name is, which is somebody's from now on.
    fn bearer(&mut self, name: &str, kind: Option<EntityKind>) -> Result<usize, Box<Diagnostic>> {
        self.allow(&name_key(name));
        if let Some(at) = self.find(name) {
            return Ok(at);
        }
        let Some(kind) = kind else {
            let message = format!("no record says what `{}` is", name.escape_debug());
            let report = Diagnostic::new(Code::DecisionValue, message);
            return Err(Box::new(report.help("add a line such as `kind = \"person\"`")));
        };
        self.add(EntityRecord {
            path: self.path.clone(),
            id: String::new(),
            name: name.to_owned(),
            kind,
            aliases: Vec::new(),
            description: None,
            parent: None,
            wikidata: None,
            wikipedia: None,
            website: None,
            roles: None,
            body: String::new(),
            reviewed: None,
        });
        Ok(self.records.len() - 1)
    }

    fn reject(&mut self, name: &str, forms: &[String]) {
        let whose = name_key(name);
        for name in std::iter::once(name).chain(forms.iter().map(String::as_str)) {
            let key = name_key(name);
            for at in self.by_key.get(&key).cloned().unwrap_or_default() {
                if at >= self.written && self.is_main_key(at, &key) {
                    // What was taken for other names of nobody is nobody's either.
                    for name in self.remove(at).iter().flat_map(spellings) {
                        let of_name = (name.to_owned(), whose.clone());
                        self.rejected.insert(name_key(name), of_name);
                    }
                } else {
                    self.drop_alias(at, &key);
                }
            }
            self.rejected.insert(key, (name.to_owned(), whose.clone()));
        }
    }

    /// Takes back that a name is nobody's, and its forms with it.
    fn allow(&mut self, key: &str) {
        if self.rejected.remove(key).is_some() {
            self.rejected.retain(|_, (_, whose)| whose != key);
        }
    }

    fn merge(&mut self, name: &str, into: &str, kind: Option<EntityKind>) -> Done {
        let mut into = self.bearer(into, kind)?;
        if let Some(other) = self.find(name).filter(|other| self.is_main(*other, name))
            && other < self.written
            && other != into
            && into >= self.written
        {
            // The record that has a file stays, under the name that was chosen.
            if let Some(gone) = self.remove(into) {
                self.rename(other, &gone.name);
                gone.aliases.iter().for_each(|alias| self.add_alias(other, alias));
            }
            into = other;
        }
        self.take_over(into, name)
    }

    fn split(&mut self, name: &str, form: &str, kind: Option<EntityKind>) -> Done {
        let key = name_key(form);
        let mut of_old = None;
        if let Some(old) = self.find(name).filter(|old| !self.is_main_key(*old, &key)) {
            of_old = self.records[old].as_ref().map(|record| record.kind);
            self.drop_alias(old, &key);
        }
        self.bearer(form, kind.or(of_old)).map(|_| ())
    }

    /// Makes `name` another name of a record, and all other names of who has had it.
    fn take_over(&mut self, at: usize, name: &str) -> Done {
        let key = name_key(name);
        self.allow(&key);
        for other in self.by_key.get(&key).cloned().unwrap_or_default() {
            if other == at {
                continue;
            }
            if !self.is_main_key(other, &key) {
                self.drop_alias(other, &key);
            } else if other >= self.written {
                for alias in self.remove(other).iter().flat_map(spellings) {
                    self.add_alias(at, alias);
                }
            } else {
                return self.two_files(at, other);
            }
        }
        self.add_alias(at, name);
        Ok(())
    }

    /// Returns the report about two names that cannot be joined, as both have a record.
    fn two_files(&self, one: usize, other: usize) -> Done {
        let name = |at: usize| self.records[at].as_ref().map_or("", |record| record.name.as_str());
        let message = format!(
            "`{}` and `{}` have records of their own",
            name(one).escape_debug(),
            name(other).escape_debug()
        );
        let help = "remove the file of one of them, and add its names to the other's `aliases`";
        Err(Box::new(Diagnostic::new(Code::DecisionIdle, message).help(help)))
    }

    fn is_main(&self, at: usize, name: &str) -> bool {
        self.is_main_key(at, &name_key(name))
    }

    fn is_main_key(&self, at: usize, key: &str) -> bool {
        self.records[at].as_ref().is_some_and(|record| name_key(&record.name) == key)
    }

    fn set_kind(&mut self, at: usize, kind: EntityKind) {
        if let Some(record) = &mut self.records[at] {
            record.kind = kind;
        }
    }

    fn add(&mut self, record: EntityRecord) {
        let at = self.records.len();
        for name in spellings(&record) {
            self.index(at, name);
        }
        self.records.push(Some(record));
    }

    fn index(&mut self, at: usize, name: &str) {
        let known = self.by_key.entry(name_key(name)).or_default();
        if let Err(place) = known.binary_search(&at) {
            known.insert(place, at);
        }
    }

    fn forget(&mut self, at: usize, key: &str) {
        if let Some(known) = self.by_key.get_mut(key) {
            known.retain(|other| *other != at);
        }
    }

    fn add_alias(&mut self, at: usize, name: &str) {
        let Some(record) = &mut self.records[at] else { return };
        if record.name != name && !record.aliases.iter().any(|alias| alias == name) {
            record.aliases.push(name.to_owned());
        }
        self.index(at, name);
    }

    /// Takes another name away; the name itself stays.
    fn drop_alias(&mut self, at: usize, key: &str) {
        let Some(record) = &mut self.records[at] else { return };
        record.aliases.retain(|alias| name_key(alias) != key);
        if !self.is_main_key(at, key) {
            self.forget(at, key);
        }
    }

    /// Gives a record another name; the old one stays as an alias.
    fn rename(&mut self, at: usize, to: &str) {
        let Some(record) = &mut self.records[at] else { return };
        let old = std::mem::replace(&mut record.name, to.to_owned());
        record.aliases.retain(|alias| alias != to);
        self.index(at, to);
        self.add_alias(at, &old);
    }

    fn remove(&mut self, at: usize) -> Option<EntityRecord> {
        let record = self.records[at].take()?;
        for name in spellings(&record) {
            self.forget(at, &name_key(name));
        }
        Some(record)
    }

    /// Gives the records of decisions their ids, which are unique within their kind.
    fn finish(self, config: &SiteConfig) -> Folded {
        let mut records: Vec<EntityRecord> = Vec::with_capacity(self.records.len());
        let of_files = self.records.iter().take(self.written).flatten();
        let mut taken: BTreeSet<(EntityKind, String)> =
            of_files.map(|record| (record.kind, record.id.clone())).collect();
        for (at, record) in self.records.into_iter().enumerate() {
            let Some(mut record) = record else { continue };
            if at >= self.written {
                let slug = slugify(&record.name, config.slug_mode);
                let numbered = (2_usize..).map(|number| format!("{slug}-{number}"));
                let mut ids = std::iter::once(slug.clone()).chain(numbered);
                let free = |id: &String| !taken.contains(&(record.kind, id.clone()));
                record.id = ids.find(free).unwrap_or(slug);
                taken.insert((record.kind, record.id.clone()));
            }
            records.push(record);
        }
        let rejected = self.rejected.into_values().map(|(name, _)| name).collect();
        Folded { records, rejected, reports: self.reports }
    }
}

/// Returns all names of a record.
fn spellings(record: &EntityRecord) -> impl Iterator<Item = &str> {
    std::iter::once(record.name.as_str()).chain(record.aliases.iter().map(String::as_str))
}
