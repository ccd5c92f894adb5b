//! Reads the files of an index, each once.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::documents::Row;
use super::files::{self, FOLDER, Names, Root, RootTier, VERSION};
use super::tier::row_place;
use super::words::order;
use super::{Failure, postings};
use crate::plan::SEARCH_INDEX as INDEX;

/// Returns the bytes of a file of a site; none when it is not there.
pub type Open<'o> = dyn Fn(&str) -> Option<Vec<u8>> + 'o;

/// Terms with their lists, in order.
pub(super) type Lists = Vec<(String, String)>;

/// A reader of the index of a site.
pub(super) struct Reader<'o> {
    open: &'o Open<'o>,
    root: Root,
    parts: RefCell<FxHashMap<String, Rc<Lists>>>,
}

impl<'o> Reader<'o> {
    /// Reads the first file.
    pub(super) fn new(open: &'o Open<'o>) -> Result<Self, Failure> {
        let bytes = open(INDEX).ok_or(Failure::Missing(INDEX.to_owned()))?;
        let value: serde_json::Value = files::read("index", &bytes).ok_or(Failure::Damaged)?;
        if value["version"] != VERSION {
            return Err(Failure::Version);
        }
        let root: Root = serde_json::from_value(value).map_err(|_| Failure::Damaged)?;
        if root.tiers.is_empty() {
            return Err(Failure::Damaged);
        }
        Ok(Self { open, root, parts: RefCell::default() })
    }

    pub(super) fn root(&self) -> &Root {
        &self.root
    }

    fn file<T: for<'d> serde::Deserialize<'d>>(&self, name: &str) -> Result<T, Failure> {
        let path = format!("{FOLDER}{name}.js");
        let bytes = (self.open)(&path).ok_or(Failure::Missing(path))?;
        files::read(name, &bytes).ok_or(Failure::Damaged)
    }

    /// Returns the terms of a part.
    fn part(&self, name: &str) -> Result<Rc<Lists>, Failure> {
        if let Some(part) = self.parts.borrow().get(name) {
            return Ok(Rc::clone(part));
        }
        let text: String = self.file(name)?;
        let part = Rc::new(lists(&text).ok_or(Failure::Damaged)?);
        self.parts.borrow_mut().insert(name.to_owned(), Rc::clone(&part));
        Ok(part)
    }

    /// Returns the list of a term in a tier.
    pub(super) fn list(&self, tier: &RootTier, term: &str) -> Result<Option<String>, Failure> {
        let behind = tier.terms.partition_point(|(first, _)| order(first, term).is_le());
        let Some((_, name)) = behind.checked_sub(1).and_then(|at| tier.terms.get(at)) else {
            return Ok(None);
        };
        let part = self.part(name)?;
        let found = part.binary_search_by(|(one, _)| order(one, term)).ok();
        Ok(found.and_then(|at| part.get(at)).map(|(_, list)| list.clone()))
    }

    /// Returns the terms of all parts that may hold one with this beginning; none when these are more than `most`.
    pub(super) fn beginning(
        &self,
        tier: &RootTier,
        begun: &str,
        most: usize,
    ) -> Result<Lists, Failure> {
        let first = tier.terms.partition_point(|(first, _)| order(first, begun).is_le());
        let behind = tier
            .terms
            .partition_point(|(first, _)| order(first, begun).is_le() || first.starts_with(begun));
        let parts = &tier.terms[first.saturating_sub(1)..behind];
        if parts.len() > most {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for (_, name) in parts {
            all.extend(self.part(name)?.iter().cloned());
        }
        Ok(all)
    }

    /// Returns the words that may be meant in a tier, with the logarithm of how many documents have them.
    pub(super) fn spelling(&self, tier: &RootTier) -> Result<Vec<(String, usize)>, Failure> {
        let text: String = self.file(&tier.spelling)?;
        spellings_of(&text).ok_or(Failure::Damaged)
    }

    /// Returns the names of topics and sources.
    pub(super) fn names(&self) -> Result<Names, Failure> {
        self.file(&self.root.names)
    }

    /// Returns the row of a document, and of a quotation that of its article.
    pub(super) fn row(&self, tier: usize, document: usize) -> Result<(Row, Option<Row>), Failure> {
        let row = self.one_row(tier, document)?;
        let article = row.article.map(|at| self.one_row(tier, at as usize)).transpose()?;
        Ok((row, article))
    }

    fn one_row(&self, tier: usize, document: usize) -> Result<Row, Failure> {
        let tier = self.root.tiers.get(tier).ok_or(Failure::Damaged)?;
        let (file, at) = row_place(document, tier.articles as usize);
        let (_, name) = tier.rows.get(file).ok_or(Failure::Damaged)?;
        let rows: Vec<serde_json::Value> = self.file(name)?;
        rows.get(at).and_then(files::unpack).ok_or(Failure::Damaged)
    }
}

/// Reads words that may be meant; none when they are damaged.
pub(super) fn spellings_of(text: &str) -> Option<Vec<(String, usize)>> {
    let mut last = String::new();
    let mut all = Vec::new();
    for token in text.split(' ').filter(|token| !token.is_empty()) {
        let mut signs = token.chars();
        let share = signs.next().and_then(postings::number)?;
        let rank = signs.next().and_then(postings::number)?;
        last = joined(&last, share, signs.as_str())?;
        all.push((last.clone(), rank));
    }
    Some(all)
}

/// Reads a part; none when it is damaged.
pub(super) fn lists(text: &str) -> Option<Lists> {
    let mut tokens = text.split(' ');
    let mut all: Lists = Vec::new();
    let mut last = String::new();
    while let Some(token) = tokens.next().filter(|token| !token.is_empty()) {
        let mut signs = token.chars();
        let share = signs.next().and_then(postings::number)?;
        last = joined(&last, share, signs.as_str())?;
        all.push((last.clone(), tokens.next()?.to_owned()));
    }
    Some(all)
}

/// Returns a term that has its first UTF-16 units in common with the one before.
fn joined(last: &str, share: usize, rest: &str) -> Option<String> {
    let mut units = 0;
    for (at, c) in last.char_indices() {
        if units >= share {
            return Some([&last[..at], rest].concat());
        }
        units += c.len_utf16();
    }
    (units == share).then(|| [last, rest].concat())
}
