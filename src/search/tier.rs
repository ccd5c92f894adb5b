//! A stretch of documents with its own lists, so that a new article changes few files.
//!
//! The first tier holds as many articles as go into whole blocks of 4,096, the second as many of the rest as go into whole
//! blocks of 256, the third what is left. A new article is put into the third, which is small; the second changes with every 256th.
//! This is the logarithmic method of Bentley and Saxe ("Decomposable searching problems", 1980), with three steps, and with
//! borders that the number of articles alone decides: so the files do not depend on what was built before.

use std::ops::Range;

use rayon::prelude::*;

use super::collect::{Document, FILTER, NAME, PAIR};
use super::documents::{Documents, Row};
use super::postings::{self, Growing, Postings};
use super::words::{BUCKETS, bucket, order, shared};
use crate::ids::{ArticleId, Id};
use crate::text::Interner;

/// Articles in the blocks of each tier but the last.
const BLOCKS: [usize; 2] = [4096, 256];
/// Articles that are read at once.
const BATCH: usize = 256;
/// Signs in a file of words and filters: as soon as it has the first number, it may end, and it ends when it has the second. Most queries
/// read one for each of their words.
const SIZES: (usize, usize) = (14_000, 28_000);
/// The same of a file of pairs, which only phrases need: they are half of all terms, and fewer files are published sooner.
const PAIR_SIZES: (usize, usize) = (60_000, 120_000);
/// One term out of so many may begin a file.
const BORDER: u16 = 16;
/// Rows in a file: of articles, and of what belongs to them, whose rows are short.
pub(super) const ROWS: [usize; 2] = [128, 512];

/// Returns the file in which a document of a tier of so many articles has its row, and its place there.
pub(super) fn row_place(document: usize, articles: usize) -> (usize, usize) {
    match document.checked_sub(articles) {
        None => (document / ROWS[0], document % ROWS[0]),
        Some(other) => (articles.div_ceil(ROWS[0]) + other / ROWS[1], other % ROWS[1]),
    }
}

/// Returns the articles of each tier. The last one, which also has what belongs to no article, may be empty.
pub(super) fn tiers(articles: usize) -> Vec<Range<usize>> {
    let mut from = 0;
    let mut all = Vec::new();
    for block in BLOCKS {
        let end = from + (articles - from) / block * block;
        if end > from {
            all.push(from..end);
        }
        from = end;
    }
    all.push(from..articles);
    all
}

/// The documents of a tier, by their terms. Articles are numbered first, what belongs to them behind: so lists of articles, which are
/// the long ones, have small distances.
#[derive(Debug)]
pub(super) struct Tier {
    pub(super) articles: Rows,
    pub(super) others: Rows,
    /// How many articles there will be.
    count: usize,
    terms: Interner,
    /// For each term its documents.
    lists: Vec<Vec<Packed>>,
    /// Of articles, and of others.
    pairs: Vec<[Growing; 2]>,
}

/// Rows of results, put into files as they come: no other part of the index needs them, and there may be millions.
#[derive(Debug)]
pub(super) struct Rows {
    /// How many make a file.
    size: usize,
    pub(super) count: usize,
    /// The number of the article that the first of those below belongs to.
    owner: u32,
    waiting: Vec<Row>,
    /// The same for each file, and the file.
    pub(super) files: Vec<(u32, String)>,
}

impl Rows {
    fn new(size: usize) -> Self {
        Self { size, count: 0, owner: 0, waiting: Vec::with_capacity(size), files: Vec::new() }
    }

    /// Adds a row of what belongs to an article; `put` takes a file of rows and returns its name.
    fn push<E>(
        &mut self,
        row: Row,
        owner: u32,
        put: &mut impl FnMut(&[Row]) -> Result<String, E>,
    ) -> Result<(), E> {
        if self.waiting.is_empty() {
            self.owner = owner;
        }
        self.waiting.push(row);
        self.count += 1;
        if self.waiting.len() == self.size { self.end(put) } else { Ok(()) }
    }

    /// Puts the rows that wait.
    fn end<E>(&mut self, put: &mut impl FnMut(&[Row]) -> Result<String, E>) -> Result<(), E> {
        if !self.waiting.is_empty() {
            self.files.push((self.owner, put(&self.waiting)?));
            self.waiting.clear();
        }
        Ok(())
    }
}

/// A document with its weight in the lowest five bits: there may be a hundred million of these.
type Packed = u32;

/// A part of the list of terms, as it is written.
#[derive(Debug)]
pub(super) struct Part {
    /// The first of its terms.
    pub(super) first: String,
    pub(super) text: String,
}

impl Tier {
    /// Collects the documents of some articles, and with `rest` those that belong to none. `put` takes files of rows, and returns their
    /// names.
    ///
    /// # Errors
    /// Those of `put`.
    pub(super) fn collect<E>(
        documents: &Documents<'_>,
        articles: Range<usize>,
        rest: bool,
        put: &mut impl FnMut(&[Row]) -> Result<String, E>,
    ) -> Result<Self, E> {
        let mut tier = Self {
            articles: Rows::new(ROWS[0]),
            others: Rows::new(ROWS[1]),
            count: articles.len(),
            terms: Interner::default(),
            lists: Vec::new(),
            pairs: std::iter::repeat_with(Default::default).take(BUCKETS).collect(),
        };
        let mut from = articles.start;
        while from < articles.end {
            let end = (from + BATCH).min(articles.end);
            let batch: Vec<Vec<Document>> = (from..end)
                .into_par_iter()
                .map(|at| documents.of_article(ArticleId::from_index(at)))
                .collect();
            batch.into_iter().flatten().try_for_each(|document| tier.add(document, put))?;
            from = end;
        }
        if rest {
            documents.others().into_iter().try_for_each(|document| tier.add(document, put))?;
        }
        tier.articles.end(put)?;
        tier.others.end(put)?;
        Ok(tier)
    }

    fn add<E>(
        &mut self,
        document: Document,
        put: &mut impl FnMut(&[Row]) -> Result<String, E>,
    ) -> Result<(), E> {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let is_article = document.row.is_article();
        let place =
            number(if is_article { self.articles.count } else { self.count + self.others.count });
        for (term, weight) in document.terms() {
            let packed = place << 5 | u32::from(weight);
            let term = self.terms.number(term) as usize;
            if term == self.lists.len() {
                self.lists.push(Vec::new());
            }
            self.lists[term].push(packed);
        }
        let Document { mut row, pairs, .. } = document;
        for pair in pairs {
            self.pairs[usize::from(pair)][usize::from(!is_article)].push(place);
        }
        if is_article {
            return self.articles.push(row, place, put);
        }
        let owner = number(self.articles.count.saturating_sub(1));
        row.belongs_to(owner);
        self.others.push(row, owner, put)
    }

    /// Returns the words that more than a quarter of all articles have, when there are many: they tell nothing.
    pub(super) fn common(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self
            .counts()
            .filter_map(|(term, count)| is_common(term, count, self.count).then_some(term))
            .collect();
        words.sort_unstable_by(|a, b| order(a, b));
        words
    }

    /// Returns the words that several documents have, to find what was meant by one that is misspelled: of each its length in
    /// common with the one before, how many documents it is in (the binary logarithm), and the rest of it.
    pub(super) fn spelling(&self) -> String {
        let mut words: Vec<(&str, usize)> = self
            .counts()
            .filter_map(|(term, count)| Some((term, spelled(term, count, self.count)?)))
            .collect();
        words.sort_unstable_by(|(a, _), (b, _)| order(a, b));
        spellings(words)
    }

    /// Returns all terms, with how many documents have each.
    fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.terms.iter().zip(self.lists.iter().map(Vec::len))
    }

    /// Returns all terms with their lists, cut into parts.
    ///
    /// Where a part may end is decided by the term behind it: so a list that grows moves few of the borders.
    pub(super) fn invert(self) -> Vec<Part> {
        let Self { terms, lists, pairs, .. } = self;
        let mut parts = Parts::default();
        // The mark of pairs goes before all letters and other marks, so they come first and none is kept twice.
        for (number, [articles, others]) in pairs.into_iter().enumerate() {
            let mut text = String::new();
            articles.encode(&others, &mut text);
            if !text.is_empty() {
                parts.push(pair_term(number), &text);
            }
        }
        let numbered = (0..u32::MAX).into_par_iter().zip(lists);
        let encoded = numbered.map(|(number, list)| {
            let unpacked = |packed: u32| (packed >> 5, u8::try_from(packed & 31).unwrap_or(0));
            let mut list: Postings = list.into_iter().map(unpacked).collect();
            let mut text = String::new();
            postings::encode(&mut list, &mut text);
            (terms.get(number).to_owned(), text)
        });
        let mut lists: Vec<(String, String)> = encoded.collect();
        lists.par_sort_unstable_by(|(a, _), (b, _)| order(a, b));
        debug_assert!(lists.iter().all(|(term, _)| *term > parts.last), "terms come in order");
        for (term, list) in lists {
            parts.push(term, &list);
        }
        parts.done
    }
}

/// Terms in order, cut into parts.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) done: Vec<Part>,
    last: String,
}

impl Parts {
    /// Adds the term that comes next.
    pub(super) fn push(&mut self, term: String, list: &str) {
        if self.ends_before(&term) {
            self.done.push(Part { first: term.clone(), text: String::new() });
            self.last.clear();
        }
        let Some(part) = self.done.last_mut() else { return };
        let rest = front(&mut part.text, &self.last, &term);
        part.text.push_str(rest);
        part.text.push(' ');
        part.text.push_str(list);
        self.last = term;
    }

    /// Returns whether a term begins a part.
    pub(super) fn ends_before(&self, term: &str) -> bool {
        let Some(part) = self.done.last() else { return true };
        let is_pair = self.last.starts_with(PAIR);
        let (least, most) = if is_pair { PAIR_SIZES } else { SIZES };
        let size = part.text.len();
        is_pair != term.starts_with(PAIR)
            || size >= most
            || size >= least && bucket(term, "").is_multiple_of(BORDER)
    }
}

/// Appends how much of a term is that of the one before, and returns the rest of it.
fn front<'t>(text: &mut String, last: &str, term: &'t str) -> &'t str {
    if !text.is_empty() {
        text.push(' ');
    }
    let (units, bytes) = shared(last, term);
    let (units, bytes) = if units < 60 { (units, bytes) } else { (0, 0) };
    text.push(postings::sign(units));
    &term[bytes..]
}

/// Returns the term of a pair of words: three digits to the base of 36.
pub(super) fn pair_term(number: usize) -> String {
    let digit = |at: usize| char::from(b"0123456789abcdefghijklmnopqrstuvwxyz"[at % 36]);
    [PAIR, digit(number / 1296), digit(number / 36), digit(number)].iter().collect()
}

/// Returns whether a term that `count` documents of a tier have tells nothing.
pub(super) fn is_common(term: &str, count: usize, articles: usize) -> bool {
    articles >= 100 && count > articles / 4 && is_word(term)
}

/// Returns the binary logarithm of the documents that have a term, if it may be meant by one that is misspelled.
pub(super) fn spelled(term: &str, count: usize, articles: usize) -> Option<usize> {
    let is_meant = count >= (articles / 5000).max(2) && is_word(term) && has_letter(term);
    is_meant.then(|| count.ilog2() as usize)
}

/// Returns words with their logarithms as a text.
pub(super) fn spellings<'w>(words: impl IntoIterator<Item = (&'w str, usize)>) -> String {
    let (mut text, mut last) = (String::new(), "");
    for (word, rank) in words {
        let rest = front(&mut text, last, word);
        text.push(postings::sign(rank));
        text.push_str(rest);
        last = word;
    }
    text
}

fn is_word(term: &str) -> bool {
    !term.starts_with([PAIR, FILTER, NAME])
}

fn has_letter(term: &str) -> bool {
    term.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    #[test]
    fn a_new_article_is_in_the_last_tier() {
        let borders = |articles: usize| -> Vec<(usize, usize)> {
            tiers(articles).into_iter().map(|range| (range.start, range.end)).collect()
        };
        assert_eq!(borders(0), [(0, 0)]);
        assert_eq!(borders(255), [(0, 255)]);
        assert_eq!(borders(256), [(0, 256), (256, 256)]);
        assert_eq!(borders(10_000), [(0, 8192), (8192, 9984), (9984, 10_000)]);
        assert_eq!(tiers(10_001)[..2], tiers(10_000)[..2]);
    }

    #[test]
    fn rows_have_places() {
        let articles = 130;
        assert_eq!([0, 128, 129].map(|at| row_place(at, articles)), [(0, 0), (1, 0), (1, 1)]);
        assert_eq!([130, 641, 642].map(|at| row_place(at, articles)), [(2, 0), (2, 511), (3, 0)]);
        let row = |title: usize| Row { title: title.to_string(), ..Row::default() };
        let mut files: Vec<Vec<Row>> = Vec::new();
        let mut put = |rows: &[Row]| -> Result<String, Infallible> {
            files.push(rows.to_vec());
            Ok(files.len().to_string())
        };
        let all = [(0..articles, ROWS[0]), (articles..articles + 600, ROWS[1])];
        let mut owners: Vec<u32> = Vec::new();
        for (documents, size) in all {
            let mut rows = Rows::new(size);
            for document in documents {
                let owner = if document < articles { document.try_into().unwrap() } else { 7 };
                rows.push(row(document), owner, &mut put).unwrap();
            }
            rows.end(&mut put).unwrap();
            owners.extend(rows.files.iter().map(|(owner, _)| *owner));
        }
        assert_eq!(owners, [0, 128, 7, 7]);
        for document in 0..articles + 600 {
            let (file, at) = row_place(document, articles);
            assert_eq!(files[file][at].title, document.to_string());
        }
    }

    #[test]
    fn pairs_have_terms() {
        assert_eq!((pair_term(0), pair_term(16_383)), ("#000".into(), "#cn3".into()));
    }
}
