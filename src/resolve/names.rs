//! The names that editors gave, and whose they are.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::key::key;
use super::topics;
use crate::analyze::{Lexicon, LexiconBuilder, NameId};
use crate::config::{EntityKind, Recognize, SiteConfig};
use crate::diag::{Code, Diagnostic};
use crate::load::{EntityRecord, TopicRecord};

/// Whose names editors gave, numbered as in the lexicon: the records in their order, then the
/// names of front matter by key and kind.
#[derive(Debug, Default)]
pub struct Names {
    bearers: Vec<Bearer>,
    /// Whose a name is, ascending.
    by_key: FxHashMap<String, Vec<u32>>,
    /// Keys of names that are never entities.
    rejected: FxHashSet<String>,
    /// Whose each spelling of front matter is, by kind: the same ones come up in article after article.
    given: Vec<FxHashMap<String, Option<u32>>>,
}

/// Who or what has a name.
#[derive(Debug)]
pub(super) struct Bearer {
    /// What it is.
    pub(super) kind: EntityKind,
    /// The record's name, else the most frequent spelling of front matter.
    pub(super) name: String,
    /// The name's key.
    pub(super) key: String,
    /// Position of the record.
    pub(super) record: Option<usize>,
    /// All spellings: name and aliases of the record, then those of front matter, most frequent first.
    pub(super) spellings: Vec<String>,
}

/// A spelling in front matter.
struct Spelling<'a> {
    key: String,
    kind: EntityKind,
    name: &'a str,
    count: u32,
    /// Number of the file, and place in its list.
    first: (usize, usize),
}

/// Counts of spellings, with the first place of each.
type Counts<'a> = FxHashMap<(EntityKind, &'a str), (u32, (usize, usize))>;

/// Returns what is looked for in the texts of a site that wants no names found; none for others.
///
/// This does not depend on what articles say, so no article has to wait for another.
pub fn lexicon_without_names(topics: &[TopicRecord], config: &SiteConfig) -> Option<Lexicon> {
    (config.entities.recognize == Recognize::None).then(|| {
        let mut builder = LexiconBuilder::default();
        builder.add_topics(topics::words(topics, config));
        builder.build()
    })
}

impl Names {
    /// Collects the names of all records, and those that the front matter of each file that is shown
    /// gives. Linear.
    pub fn new(
        records: &[EntityRecord],
        given: &[&[(EntityKind, String)]],
        config: &SiteConfig,
    ) -> Self {
        let rejected = config.entities.reject.iter().map(|name| key(name)).collect();
        let mut names = Self { rejected, ..Self::default() };
        for (at, record) in records.iter().enumerate() {
            names.add_record(at, record);
        }
        let mut spellings = front_spellings(given);
        spellings.retain(|spelling| !names.rejected.contains(&spelling.key));
        names.add_spellings(&spellings);
        for spelling in &spellings {
            let at = spelling.kind.index();
            if names.given.len() <= at {
                names.given.resize_with(at + 1, FxHashMap::default);
            }
            let bearer = names.find(spelling.kind, &spelling.key);
            names.given[at].insert(spelling.name.to_owned(), bearer);
        }
        names
    }

    /// Returns the names that are to be looked for in all texts, and the words of topics.
    ///
    /// [`NameId`]s number the bearers as they stand here.
    pub fn lexicon(&self, topics: &[TopicRecord], config: &SiteConfig) -> Lexicon {
        if let Some(lexicon) = lexicon_without_names(topics, config) {
            return lexicon;
        }
        let mut builder = LexiconBuilder::default();
        for spelling in self.bearers.iter().flat_map(|bearer| &bearer.spellings) {
            let key = key(spelling);
            if self.rejected.contains(&key) {
                continue;
            }
            // Each bearer of the key gets each spelling: then the lexicon links none that is shared.
            for id in self.by_key.get(&key).into_iter().flatten() {
                if let Some(bearer) = self.bearer(*id) {
                    builder.add(spelling, NameId(*id), bearer.kind);
                }
            }
        }
        builder.add_topics(topics::words(topics, config));
        builder.build()
    }

    fn add_record(&mut self, at: usize, record: &EntityRecord) {
        let mut spellings = Vec::with_capacity(1 + record.aliases.len());
        for name in std::iter::once(&record.name).chain(&record.aliases) {
            if !spellings.contains(name) {
                spellings.push(name.clone());
            }
        }
        let (kind, name) = (record.kind, record.name.clone());
        let key = key(&name);
        self.add(Bearer { kind, name, key, record: Some(at), spellings });
    }

    /// Adds a bearer, and its number to all its keys.
    fn add(&mut self, bearer: Bearer) {
        let Ok(id) = u32::try_from(self.bearers.len()) else { return };
        for spelling in &bearer.spellings {
            let ids = self.by_key.entry(key(spelling)).or_default();
            if ids.last() != Some(&id) {
                ids.push(id);
            }
        }
        self.bearers.push(bearer);
    }

    /// Adds the spellings of front matter: to the record that has the name, else as bearers of their own.
    fn add_spellings(&mut self, spellings: &[Spelling<'_>]) {
        let records = self.bearers.len();
        for group in spellings.chunk_by(|a, b| (&a.key, a.kind) == (&b.key, b.kind)) {
            let Some(first) = group.first() else { continue };
            let covering = self.find(first.kind, &first.key).map(|id| id as usize);
            if let Some(record) = covering.filter(|id| *id < records) {
                let known = &mut self.bearers[record].spellings;
                for spelling in group {
                    if !known.iter().any(|name| name == spelling.name) {
                        known.push(spelling.name.to_owned());
                    }
                }
                continue;
            }
            let mut group: Vec<&Spelling<'_>> = group.iter().collect();
            group.sort_by_key(|spelling| (std::cmp::Reverse(spelling.count), spelling.first));
            self.add(Bearer {
                kind: first.kind,
                name: group.first().map_or_else(String::new, |best| best.name.to_owned()),
                key: first.key.clone(),
                record: None,
                spellings: group.iter().map(|spelling| spelling.name.to_owned()).collect(),
            });
        }
    }

    /// Borrows a bearer.
    pub(super) fn bearer(&self, id: u32) -> Option<&Bearer> {
        self.bearers.get(id as usize)
    }

    /// Borrows all bearers.
    pub(super) fn bearers(&self) -> &[Bearer] {
        &self.bearers
    }

    /// Returns whose a name of front matter is; none when it is rejected.
    ///
    /// What a record covers has no bearer in front matter. A record of the kind
    /// goes before others, and one with the name before one with the alias.
    pub(super) fn given(&self, kind: EntityKind, name: &str) -> Option<u32> {
        *self.given.get(kind.index())?.get(name)?
    }

    /// Finds whose the key of a name of front matter is.
    fn find(&self, kind: EntityKind, key: &str) -> Option<u32> {
        let ids = self.by_key.get(key).filter(|_| !self.rejected.contains(key))?;
        let rank = |id: &u32| {
            let bearer = self.bearer(*id)?;
            let fits = bearer.record.is_some() || bearer.kind == kind;
            let alias = bearer.key != key;
            fits.then_some((bearer.kind != kind, alias, *id))
        };
        ids.iter().filter_map(rank).min().map(|(.., id)| id)
    }

    /// Returns whose the key of a name is, if it is nobody else's.
    pub(super) fn unique(&self, key: &str) -> Option<u32> {
        match self.by_key.get(key)?.as_slice() {
            [id] => Some(*id),
            _ => None,
        }
    }

    /// Reports names that stand in two records.
    pub(super) fn shared(&self, records: &[EntityRecord]) -> Vec<Diagnostic> {
        let mut reports = Vec::new();
        for (id, bearer) in (0u32..).zip(&self.bearers) {
            let Some(record) = bearer.record.and_then(|at| records.get(at)) else { continue };
            let mut told = Vec::new();
            for name in std::iter::once(&record.name).chain(&record.aliases) {
                let key = key(name);
                let ids = self.by_key.get(&key).map(Vec::as_slice).unwrap_or_default();
                let first =
                    ids.first().copied().filter(|first| *first < id && !told.contains(&key));
                let other = first.and_then(|first| records.get(self.bearer(first)?.record?));
                if let Some(other) = other {
                    reports.push(shared_name(name, &other.id, &record.id).in_file(&record.path));
                    told.push(key);
                }
            }
        }
        reports
    }
}

/// Returns the report about a name that stands in two records.
pub(super) fn shared_name(name: &str, first: &str, second: &str) -> Diagnostic {
    let message = format!("`{name}` is a name of the records `{first}` and `{second}`");
    Diagnostic::new(Code::RecordName, message).help("remove it from one of them")
}

/// Counts the spellings of names in front matter; by key, then kind, then spelling.
fn front_spellings<'a>(given: &[&'a [(EntityKind, String)]]) -> Vec<Spelling<'a>> {
    let counts = given
        .par_iter()
        .enumerate()
        .fold(Counts::default, |mut counts, (number, names)| {
            for (place, (kind, name)) in names.iter().enumerate() {
                let count = counts.entry((*kind, name.as_str())).or_insert((0, (number, place)));
                count.0 += 1;
            }
            counts
        })
        .reduce(Counts::default, add_counts);
    let mut spellings: Vec<Spelling<'a>> = counts
        .into_par_iter()
        .map(|((kind, name), (count, first))| Spelling { key: key(name), kind, name, count, first })
        .filter(|spelling| !spelling.key.is_empty())
        .collect();
    spellings.par_sort_unstable_by(|a, b| (&a.key, a.kind, a.name).cmp(&(&b.key, b.kind, b.name)));
    spellings
}

/// Adds the smaller table to the larger.
fn add_counts<'a>(a: Counts<'a>, b: Counts<'a>) -> Counts<'a> {
    let (mut more, fewer) = if a.len() < b.len() { (b, a) } else { (a, b) };
    #[expect(
        clippy::iter_over_hash_type,
        reason = "sum and minimum come out the same in any order"
    )]
    for (name, (count, first)) in fewer {
        let known = more.entry(name).or_insert((0, first));
        *known = (known.0 + count, known.1.min(first));
    }
    more
}
