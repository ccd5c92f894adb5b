//! Tables whose rows are made when somebody looks at them.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Index;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Id;

/// Length of a number in the packed form.
const NUMBER: usize = 4;

/// Makes the rows of a table that was kept from an earlier build. Called from many threads.
pub trait MakeRow<T>: Send + Sync {
    /// Makes a row. When what was kept of it is damaged, the row is a blank one, and
    /// [`is_whole`](Self::is_whole) tells so from then on.
    fn make(&self, at: usize) -> T;

    /// Returns whether no row was lost so far.
    fn is_whole(&self) -> bool;

    /// Returns the bytes that [`Rows::pack`] would write for a row, if the maker has them.
    fn packed(&self, _at: usize) -> Option<&[u8]> {
        None
    }
}

/// A table that is indexed by one kind of id only. Its rows are there, or are made one by one when
/// they are looked at: a build that renders a single page needs a dozen of ten thousand.
pub struct Rows<I, T> {
    cells: Cells<T>,
    id: PhantomData<fn(I)>,
}

enum Cells<T> {
    Made(Vec<T>),
    Late { cells: Vec<OnceLock<Box<T>>>, maker: Arc<dyn MakeRow<T>> },
}

impl<I: Id, T> Rows<I, T> {
    /// Returns a table of `len` rows that are made on demand.
    pub fn late(len: usize, maker: Arc<dyn MakeRow<T>>) -> Self {
        let mut cells = Vec::new();
        cells.resize_with(len, OnceLock::new);
        Self { cells: Cells::Late { cells, maker }, id: PhantomData }
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Made(rows) => rows.len(),
            Cells::Late { cells, .. } => cells.len(),
        }
    }

    /// Returns whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether each row that was looked at was what had been kept.
    pub fn is_whole(&self) -> bool {
        match &self.cells {
            Cells::Made(_) => true,
            Cells::Late { maker, .. } => maker.is_whole(),
        }
    }

    /// Puts another row in the place of one.
    pub fn replace(&mut self, id: I, row: T) {
        match &mut self.cells {
            Cells::Made(rows) => rows[id.index()] = row,
            Cells::Late { cells, .. } => cells[id.index()] = OnceLock::from(Box::new(row)),
        }
    }

    /// Borrows a row; none when there are fewer.
    pub fn get(&self, id: I) -> Option<&T> {
        (id.index() < self.len()).then(|| self.at(id.index()))
    }

    /// Iterates over the rows in id order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator + Clone {
        (0..self.len()).map(|at| self.at(at))
    }

    /// Iterates over the rows from many threads.
    pub fn par_iter(&self) -> impl IndexedParallelIterator<Item = &T>
    where
        T: Send + Sync,
    {
        (0..self.len()).into_par_iter().map(|at| self.at(at))
    }

    /// Iterates over the ids, ascending.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.len()).map(I::from_index)
    }

    /// Iterates over ids and rows, in id order.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        (0..self.len()).map(|at| (I::from_index(at), self.at(at)))
    }

    /// Returns the position of the first row for which `is_before` does not hold, which must hold for
    /// all rows up to some point and for none behind.
    pub fn partition_point(&self, is_before: impl Fn(&T) -> bool) -> usize {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            if is_before(self.at(middle)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// Returns the bytes of a row that nobody has looked at.
    fn untouched(&self, at: usize) -> Option<&[u8]> {
        match &self.cells {
            Cells::Late { cells, maker } if cells[at].get().is_none() => maker.packed(at),
            _ => None,
        }
    }

    fn at(&self, at: usize) -> &T {
        match &self.cells {
            Cells::Made(rows) => &rows[at],
            Cells::Late { cells, maker } => cells[at].get_or_init(|| Box::new(maker.make(at))),
        }
    }
}

impl<I: Id, T: Serialize> Rows<I, T> {
    /// Appends the table in its packed form: the number of rows, where each ends, and their bytes.
    /// All numbers have 32 bits, the least byte first; rows are in the form of postcard.
    ///
    /// # Panics
    /// When a row is of a kind that postcard cannot write, such as a list of unknown length.
    pub fn pack(&self, out: &mut Vec<u8>) {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
        out.extend(number(self.len()));
        let ends = out.len();
        out.resize(ends + self.len() * NUMBER, 0);
        let begin = out.len();
        for at in 0..self.len() {
            if let Some(bytes) = self.untouched(at) {
                out.extend_from_slice(bytes);
            } else {
                *out = postcard::to_extend(self.at(at), std::mem::take(out))
                    .expect("our own structs can be written, and memory takes all bytes");
            }
            let place = ends + at * NUMBER;
            let end = number(out.len() - begin);
            out[place..place + NUMBER].copy_from_slice(&end);
        }
    }
}

impl<I: Id, T: DeserializeOwned + Default + 'static> Rows<I, T> {
    /// Reads a packed table that begins at `at`, and moves `at` behind it; none when it is cut short.
    /// Rows are only read when they are looked at.
    pub fn unpack(bytes: &Arc<[u8]>, at: &mut usize) -> Option<Self> {
        let count = number_at(bytes, *at)?;
        let ends = *at + NUMBER;
        let begin = ends.checked_add(count.checked_mul(NUMBER)?)?;
        let last = if count == 0 { 0 } else { number_at(bytes, begin - NUMBER)? };
        let end = begin.checked_add(last)?;
        bytes.get(begin..end)?;
        *at = end;
        let packed =
            Packed { bytes: Arc::clone(bytes), ends, begin, is_whole: AtomicBool::new(true) };
        Some(Self::late(count, Arc::new(packed)))
    }
}

/// A table in its packed form.
struct Packed {
    bytes: Arc<[u8]>,
    /// Where the list of ends begins.
    ends: usize,
    /// Where the first row begins.
    begin: usize,
    is_whole: AtomicBool,
}

impl Packed {
    fn row(&self, at: usize) -> Option<&[u8]> {
        let end = |at: usize| number_at(&self.bytes, self.ends + at * NUMBER);
        let from = if at == 0 { 0 } else { end(at - 1)? };
        self.bytes.get(self.begin + from..self.begin + end(at)?)
    }
}

impl<T: DeserializeOwned + Default> MakeRow<T> for Packed {
    fn make(&self, at: usize) -> T {
        let row = self.row(at).and_then(|row| postcard::from_bytes(row).ok());
        row.unwrap_or_else(|| {
            self.is_whole.store(false, Ordering::Relaxed);
            T::default()
        })
    }

    fn is_whole(&self) -> bool {
        self.is_whole.load(Ordering::Relaxed)
    }

    fn packed(&self, at: usize) -> Option<&[u8]> {
        self.row(at)
    }
}

fn number_at(bytes: &[u8], at: usize) -> Option<usize> {
    let number = bytes.get(at..)?.first_chunk::<NUMBER>()?;
    usize::try_from(u32::from_le_bytes(*number)).ok()
}

impl<I: Id, T> Index<I> for Rows<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        self.at(id.index())
    }
}

impl<I: Id, T> From<Vec<T>> for Rows<I, T> {
    fn from(rows: Vec<T>) -> Self {
        Self { cells: Cells::Made(rows), id: PhantomData }
    }
}

impl<I: Id, T> FromIterator<T> for Rows<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(rows: A) -> Self {
        rows.into_iter().collect::<Vec<T>>().into()
    }
}

impl<I: Id, T> Default for Rows<I, T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<I: Id, T: Clone> Clone for Rows<I, T> {
    fn clone(&self) -> Self {
        self.iter().cloned().collect()
    }
}

impl<I: Id, T: fmt::Debug> fmt::Debug for Rows<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ArticleId;

    type Table = Rows<ArticleId, Vec<String>>;

    fn id(at: usize) -> ArticleId {
        ArticleId::from_index(at)
    }

    fn packed(rows: &[&[&str]]) -> Vec<u8> {
        let rows: Table =
            rows.iter().map(|row| row.iter().map(|text| (*text).to_owned()).collect()).collect();
        let mut bytes = vec![7];
        rows.pack(&mut bytes);
        bytes
    }

    #[test]
    fn packed_rows_are_the_same_when_they_are_looked_at() {
        let bytes = Arc::from(packed(&[&["a", "bc"], &[], &["d"]]));
        let mut at = 1;
        let mut rows = Table::unpack(&bytes, &mut at).unwrap();
        assert_eq!((at, rows.len()), (bytes.len(), 3));
        assert_eq!(
            (&rows[id(2)], rows[id(0)].len(), rows.get(id(3))),
            (&vec!["d".into()], 2, None)
        );
        rows.replace(id(1), vec!["new".to_owned()]);
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
        assert!(rows.is_whole());
        let mut again = vec![7];
        rows.pack(&mut again);
        assert_eq!(again, packed(&[&["a", "bc"], &["new"], &["d"]]));
        assert_eq!(rows.partition_point(|row| row.len() > 1), 1);
        let mut at = 1;
        let none = Arc::from(packed(&[]));
        assert!(Table::unpack(&none, &mut at).unwrap().is_empty() && at == none.len());
    }

    #[test]
    fn damage_is_told() {
        let bytes = packed(&[&["a", "bc"], &["d"]]);
        for len in 0..bytes.len() {
            let short = Arc::from(&bytes[..len]);
            assert!(Table::unpack(&short, &mut 1).is_none(), "{len}");
        }
        // The length of the first text, so that it ends behind the row.
        let mut spoilt = bytes;
        let at = spoilt.iter().position(|byte| *byte == b'a').unwrap();
        spoilt[at - 1] = 99;
        let rows = Table::unpack(&Arc::from(spoilt), &mut 1).unwrap();
        assert_eq!((rows[id(1)].len(), rows.is_whole()), (1, true));
        assert_eq!((rows[id(0)].len(), rows.is_whole()), (0, false));
    }
}
