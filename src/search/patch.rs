//! Changes an index in which the texts of a few articles are other ones, and nothing else.
//!
//! The files that hold words which came or went are read, changed and written; all others stay. What comes out is what [`super::write`] would make, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::collect::Document;
use super::documents::{Documents, Row, shown};
use super::files::{self, Root, RootTier, VERSION};
use super::postings::{self, Postings};
use super::reader::{Lists, lists, spellings_of};
use super::tier::{Part, Parts, ROWS, is_common, pair_term, row_place, spelled, spellings, tiers};
use super::words::order;
use super::{INDEX, Shelf, path_of, put, put_rows};
use crate::ids::{ArticleId, Id};
use crate::parse::Body;
use crate::plan::view::Views;
use crate::resolve::Article;

/// An article whose text is another one.
#[derive(Debug)]
pub struct Edit<'a> {
    /// Which.
    pub id: ArticleId,
    /// As it was before.
    pub before: &'a Article,
    /// Its text before.
    pub body: Body,
}

/// What became of documents that have a term: their numbers, with the weight that it has in them now.
type Changes = BTreeMap<u32, Option<u8>>;

/// Changes the index; `views` has the texts as they are now, `read` the files of the index as they were. Returns the files that are no part of it any more;
/// nothing when the index has to be made anew.
///
/// # Errors
/// Those of the target.
pub fn patch<S: Shelf>(
    edits: Vec<Edit<'_>>,
    views: &Views<'_>,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
    target: &mut S,
) -> Result<Option<Vec<String>>, S::Error> {
    let Some(mut root) = read(INDEX).and_then(|bytes| files::read::<Root>("index", &bytes)) else {
        return Ok(None);
    };
    let ranges = tiers(views.site.articles.len());
    if root.version != VERSION || root.tiers.len() != ranges.len() {
        return Ok(None);
    }
    let documents = Documents::new(views, false);
    let names = |root: &Root| -> BTreeSet<String> {
        root.tiers.iter().flat_map(RootTier::files).map(str::to_owned).collect()
    };
    let before = names(&root);
    let mut of_tiers: Vec<Vec<Edit<'_>>> = ranges.iter().map(|_| Vec::new()).collect();
    for edit in edits {
        let Some(tier) = ranges.iter().position(|range| range.contains(&edit.id.index())) else {
            return Ok(None);
        };
        of_tiers[tier].push(edit);
    }
    for ((edits, range), tier) in of_tiers.into_iter().zip(&ranges).zip(&mut root.tiers) {
        if edits.is_empty() {
            continue;
        }
        let mut change = Change { tier, articles: range.len(), read, terms: BTreeMap::new() };
        let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
        for edit in edits {
            if change.note(edit, range.start, &documents, &mut rows).is_none() {
                return Ok(None);
            }
        }
        if !change.put_rows(rows, target)? || !change.put_terms(target)? {
            return Ok(None);
        }
    }
    let after = names(&root);
    target.put(INDEX, &files::root(&root))?;
    Ok(Some(before.difference(&after).map(|name| path_of(name)).collect()))
}

/// A tier that is being changed.
struct Change<'a> {
    tier: &'a mut RootTier,
    articles: usize,
    read: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    terms: BTreeMap<String, Changes>,
}

impl Change<'_> {
    fn file<T: for<'d> serde::Deserialize<'d>>(&self, name: &str) -> Option<T> {
        files::read(name, &(self.read)(&path_of(name))?)
    }

    fn rows(&self, file: usize) -> Option<Vec<Row>> {
        let rows: Vec<serde_json::Value> = self.file(&self.tier.rows.get(file)?.1)?;
        rows.iter().map(files::unpack).collect()
    }

    /// Notes what is another one in an article; none when its documents are not as many as before. `first` is the number of the tier's first article.
    fn note(
        &mut self,
        edit: Edit<'_>,
        first: usize,
        documents: &Documents<'_>,
        rows: &mut BTreeMap<usize, Row>,
    ) -> Option<()> {
        let Edit { id, before, body } = edit;
        let views = documents.views();
        let old = documents.of_text(id, before, shown(before, &body));
        let article = &views.site.articles[id];
        let new = documents.of_text(id, article, shown(article, &views.bodies.body(id)));
        if old.len() != new.len() {
            return None;
        }
        let number = u32::try_from(id.index() - first).ok()?;
        let places = self.places(number, old.len() - 1)?;
        for (place, (mut old, mut new)) in places.into_iter().zip(old.into_iter().zip(new)) {
            old.row.belongs_to(number);
            new.row.belongs_to(number);
            if old.row != new.row {
                rows.insert(place, new.row.clone());
            }
            self.compare(u32::try_from(place).ok()?, old, new);
        }
        Some(())
    }

    /// Returns the numbers of an article and of its quotations, if these are as many as they should be.
    fn places(&self, article: u32, quotes: usize) -> Option<Vec<usize>> {
        let mut places = vec![article as usize];
        let rows = &self.tier.rows;
        // Behind the files of articles; what belongs to one may begin in the file before the one that begins with it.
        let mut place = self.tier.articles as usize;
        let (first, _) = row_place(place, place);
        let others = rows.get(first..).unwrap_or_default();
        let from = others.partition_point(|(owner, _)| *owner < article).saturating_sub(1);
        let end = others.partition_point(|(owner, _)| *owner <= article);
        place += from * ROWS[1];
        for file in from..end {
            let found = self.rows(first + file)?;
            let is_its = |(_, row): &(usize, &Row)| row.is_quote() && row.article == Some(article);
            places.extend(found.iter().enumerate().filter(is_its).map(|(at, _)| place + at));
            place += found.len();
        }
        (places.len() == quotes + 1).then_some(places)
    }

    /// Notes the terms that a document has gained, lost, or has with another weight.
    fn compare(&mut self, number: u32, old: Document, new: Document) {
        let all = |document: Document| -> FxHashMap<String, u8> {
            let terms = document.terms().map(|(term, weight)| (term.to_owned(), weight));
            let pairs = document.pairs.iter().map(|pair| (pair_term(usize::from(*pair)), 0));
            terms.chain(pairs).collect()
        };
        let (mut old, new) = (all(old), all(new));
        #[expect(clippy::iter_over_hash_type, reason = "the changes are sorted")]
        for (term, weight) in new {
            if old.remove(&term) != Some(weight) {
                self.terms.entry(term).or_default().insert(number, Some(weight));
            }
        }
        for term in old.into_keys() {
            self.terms.entry(term).or_default().insert(number, None);
        }
    }

    /// Puts the files of rows that are other ones.
    fn put_rows<S: Shelf>(
        &mut self,
        rows: BTreeMap<usize, Row>,
        target: &mut S,
    ) -> Result<bool, S::Error> {
        let mut files: BTreeMap<usize, Vec<(usize, Row)>> = BTreeMap::new();
        for (place, row) in rows {
            let (file, at) = row_place(place, self.tier.articles as usize);
            files.entry(file).or_default().push((at, row));
        }
        for (file, changed) in files {
            let Some(mut rows) = self.rows(file) else { return Ok(false) };
            for (place, row) in changed {
                let Some(old) = rows.get_mut(place) else { return Ok(false) };
                *old = row;
            }
            self.tier.rows[file].1 = put_rows(&rows, target)?;
        }
        Ok(true)
    }

    /// Puts the parts that are other ones; `false` when one cannot be read.
    fn put_terms<S: Shelf>(&mut self, target: &mut S) -> Result<bool, S::Error> {
        let mut dirty: BTreeMap<usize, Vec<(String, Changes)>> = BTreeMap::new();
        for (term, changes) in std::mem::take(&mut self.terms) {
            let behind = self.tier.terms.partition_point(|(first, _)| order(first, &term).is_le());
            dirty.entry(behind.saturating_sub(1)).or_default().push((term, changes));
        }
        let mut counts = Vec::new();
        let Some(all) = self.cut(&dirty, &mut counts) else { return Ok(false) };
        let mut terms = Vec::with_capacity(all.len());
        for part in all {
            terms.push(match part {
                Cut::Same(first, name) => (first, name),
                Cut::New(part) => {
                    let name = put(target, 't', &part.text)?;
                    (part.first, name)
                }
            });
        }
        self.tier.terms = terms;
        self.recount(&counts, target)
    }

    /// Puts changed terms into their parts and cuts these anew, as far as their borders move; none when one cannot be read.
    fn cut(
        &self,
        dirty: &BTreeMap<usize, Vec<(String, Changes)>>,
        counts: &mut Vec<Count>,
    ) -> Option<Vec<Cut>> {
        let entries = |name: &str| lists(&self.file::<String>(name)?);
        let mut out: Vec<Cut> = Vec::new();
        // What is being cut: empty as long as all is as it was.
        let mut parts = Parts::default();
        for (number, (first, name)) in self.tier.terms.iter().enumerate() {
            let changes = dirty.get(&number);
            if changes.is_none() && parts.ends_before(first) {
                out.extend(std::mem::take(&mut parts).done.into_iter().map(Cut::New));
                out.push(Cut::Same(first.clone(), name.clone()));
                continue;
            }
            let mut found = entries(name)?;
            for (term, changes) in changes.into_iter().flatten() {
                counts.push(apply(&mut found, term, changes)?);
            }
            // Where a part begins, the one before it ends.
            if parts.done.is_empty() && found.first().is_none_or(|(term, _)| term != first) {
                let before = match out.pop() {
                    Some(Cut::Same(_, name)) => entries(&name)?,
                    Some(Cut::New(part)) => lists(&part.text)?,
                    None => Vec::new(),
                };
                for (term, list) in before {
                    parts.push(term, &list);
                }
            }
            for (term, list) in found {
                parts.push(term, &list);
            }
        }
        out.extend(parts.done.into_iter().map(Cut::New));
        Some(out)
    }

    /// Puts the words that may be meant and those that tell nothing, if they are other ones.
    fn recount<S: Shelf>(&mut self, counts: &[Count], target: &mut S) -> Result<bool, S::Error> {
        let articles = self.articles;
        let rank = |term: &str, count| spelled(term, count, articles);
        let moved: Vec<&Count> = counts
            .iter()
            .filter(|one| rank(&one.term, one.before) != rank(&one.term, one.after))
            .collect();
        if !moved.is_empty() {
            let Some(all) =
                self.file::<String>(&self.tier.spelling).and_then(|text| spellings_of(&text))
            else {
                return Ok(false);
            };
            let mut all: Vec<(String, usize)> = all
                .into_iter()
                .filter(|(word, _)| moved.iter().all(|one| one.term != *word))
                .collect();
            all.extend(
                moved
                    .iter()
                    .filter_map(|one| Some((one.term.clone(), rank(&one.term, one.after)?))),
            );
            all.sort_unstable_by(|(a, _), (b, _)| order(a, b));
            let text = spellings(all.iter().map(|(word, rank)| (word.as_str(), *rank)));
            self.tier.spelling = put(target, 's', &text)?;
        }
        let common = &mut self.tier.common;
        common.retain(|word| counts.iter().all(|one| one.term != *word));
        common.extend(
            counts
                .iter()
                .filter(|one| is_common(&one.term, one.after, articles))
                .map(|one| one.term.clone()),
        );
        // A word may have been common before and changed nothing.
        common.sort_unstable_by(|a, b| order(a, b));
        Ok(true)
    }
}

/// How many documents have a term, before and after.
struct Count {
    term: String,
    before: usize,
    after: usize,
}

/// A part of a changed list of terms.
enum Cut {
    /// As it was: its first term and its file.
    Same(String, String),
    New(Part),
}

/// Puts what became of a term into the terms of its part.
fn apply(entries: &mut Lists, term: &str, changes: &Changes) -> Option<Count> {
    let found = entries.binary_search_by(|(one, _)| order(one, term));
    let mut weights: BTreeMap<u32, u8> = match found {
        Ok(at) => postings::decode(&entries[at].1)?.into_iter().collect(),
        Err(_) => BTreeMap::new(),
    };
    let before = weights.len();
    for (document, weight) in changes {
        match weight {
            Some(weight) => weights.insert(*document, *weight),
            None => weights.remove(document),
        };
    }
    let count = Count { term: term.to_owned(), before, after: weights.len() };
    let mut list = String::new();
    let mut postings: Postings = weights.into_iter().collect();
    postings::encode(&mut postings, &mut list);
    match (found, postings.is_empty()) {
        (Ok(at), true) => {
            entries.remove(at);
        }
        (Ok(at), false) => entries[at].1 = list,
        (Err(at), false) => entries.insert(at, (term.to_owned(), list)),
        (Err(_), true) => return None,
    }
    Some(count)
}
