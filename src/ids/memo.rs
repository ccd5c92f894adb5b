//! Tables of values that are made when somebody asks for them.

use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

use super::Id;

/// Rows that get their memory together.
const CHUNK: usize = 256;

/// The rows of a chunk.
type Chunk<T> = Box<[OnceLock<T>]>;

/// A table that runs parallel to another one, filled as it is used. Rows that nobody asks for take next to no memory and
/// no time, so that one page of a large site is cheap to render.
pub struct Memo<I, T> {
    chunks: Box<[OnceLock<Chunk<T>>]>,
    id: PhantomData<fn(I)>,
}

impl<I: Id, T> Memo<I, T> {
    /// Returns an empty table with room for `len` rows.
    pub fn new(len: usize) -> Self {
        let chunks = (0..len.div_ceil(CHUNK)).map(|_| OnceLock::new()).collect();
        Self { chunks, id: PhantomData }
    }

    /// Borrows a row; `make` makes it the first time. Called from many threads.
    ///
    /// # Panics
    /// When there are fewer rows.
    pub fn get(&self, id: I, make: impl FnOnce() -> T) -> &T {
        let (chunk, at) = (id.index() / CHUNK, id.index() % CHUNK);
        let rows = self.chunks[chunk].get_or_init(|| (0..CHUNK).map(|_| OnceLock::new()).collect());
        rows[at].get_or_init(make)
    }

    /// Iterates over the rows that were made.
    pub fn into_made(self) -> impl Iterator<Item = T> {
        let chunks = self.chunks.into_iter().filter_map(OnceLock::into_inner);
        chunks.flatten().filter_map(OnceLock::into_inner)
    }
}

impl<I, T> fmt::Debug for Memo<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memo({})", self.chunks.len() * CHUNK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ArticleId;

    #[test]
    fn a_row_is_made_once() {
        let table: Memo<ArticleId, usize> = Memo::new(CHUNK + 1);
        let id = ArticleId::from_index;
        assert_eq!((*table.get(id(CHUNK), || 7), *table.get(id(CHUNK), || 8)), (7, 7));
        assert_eq!(*table.get(id(3), || 1), 1);
        assert_eq!(table.into_made().collect::<Vec<_>>(), [1, 7]);
    }
}
