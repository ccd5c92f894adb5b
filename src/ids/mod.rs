//! Dense typed ids, vectors indexed by them, and content fingerprints.
//!
//! A record of the resolved site is named by its position. The newtypes keep an
//! article's number from being used where an entity's is meant; [`IdVec`] is the
//! only way to look one up, or [`Rows`], whose rows may be made when they are looked at; [`Memo`] holds
//! what is made of records when somebody asks.

mod memo;
mod rows;

use std::fmt::{self, Write};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

use serde::{Deserialize, Serialize};

pub use self::memo::Memo;
pub use self::rows::{MakeRow, Rows};

/// A number that names one record of a kind: its position in an [`IdVec`].
pub trait Id: Copy {
    /// Returns the id of position `index`.
    fn from_index(index: usize) -> Self;
    /// Returns the position that this id names.
    fn index(self) -> usize;
}

macro_rules! define_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(u32);

        impl Id for $name {
            fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("a site holds fewer than 2^32 records of a kind"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

define_id! {
    /// Names an article of the site, in date order, oldest first.
    ArticleId,
    /// Names an entity of the site, in order of kind, then name.
    EntityId,
    /// Names a topic of the site, in order of its slug.
    TopicId,
    /// Names a source (the outlet or institution that an article comes from), in order of its slug.
    SourceId,
    /// Names what figures are about, such as `people killed`, in order of its slug.
    SubjectId,
}

/// A vector that is indexed by one kind of id only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    #[serde(skip)]
    id: PhantomData<fn(I)>,
}

impl<I: Id, T> IdVec<I, T> {
    /// Returns an empty vector.
    pub fn new() -> Self {
        Self { items: Vec::new(), id: PhantomData }
    }

    /// Appends a record and returns its id.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::from_index(self.items.len() - 1)
    }

    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Iterates over the records in id order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Iterates mutably over the records in id order.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// Iterates over the ids, ascending.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::from_index)
    }

    /// Iterates over ids and records, in id order.
    pub fn pairs(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(index, item)| (I::from_index(index), item))
    }

    /// Borrows the records as a slice, in id order.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }
}

impl<'a, I: Id, T> IntoIterator for &'a IdVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, I: Id, T> IntoIterator for &'a mut IdVec<I, T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<I: Id, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Id, T> From<Vec<T>> for IdVec<I, T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, id: PhantomData }
    }
}

impl<I, T> From<IdVec<I, T>> for Vec<T> {
    fn from(table: IdVec<I, T>) -> Self {
        table.items
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

/// A 128-bit content fingerprint: the first half of a BLAKE3 hash.
///
/// 128 bits keep the chance of a chance collision among 2^32 inputs below 2^-64.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Returns the fingerprint of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_hash(blake3::hash(bytes))
    }

    /// Returns the fingerprint of several byte strings; their borders count.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self::from_hash(hasher.finalize())
    }

    /// Returns the bitwise complement: a second key for the same thing, without another hash.
    #[must_use]
    pub fn complement(self) -> Self {
        Self(self.0.map(|byte| !byte))
    }

    /// Shortens a finished hash, for callers that hash a stream.
    pub(crate) fn from_hash(hash: blake3::Hash) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        Self(half)
    }

    /// Reads the 32 lower-case hexadecimal digits that [`Display`](fmt::Display) writes.
    pub fn parse(hex: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        if pairs.len() != 16 || !rest.is_empty() {
            return None;
        }
        let mut out = [0; 16];
        for (byte, [high, low]) in out.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(out))
    }

    /// Returns the fingerprint with these raw bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Borrows the raw bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.0.iter().try_for_each(|byte| {
            f.write_char(char::from(DIGITS[usize::from(byte >> 4)]))?;
            f.write_char(char::from(DIGITS[usize::from(byte & 15)]))
        })
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// The size and content of a file that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its size in bytes.
    pub size: u64,
    /// Fingerprint of its bytes.
    pub print: Fingerprint,
}

impl Stamp {
    /// Returns the stamp of a file that holds `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self { size: bytes.len() as u64, print: Fingerprint::of(bytes) }
    }
}

/// Returns a word of 32 hexadecimal digits that nobody can guess; nothing when the system has no random numbers.
pub fn random_word() -> Option<String> {
    let mut word = [0_u8; 16];
    let filled = rustix::rand::getrandom(&mut word, rustix::rand::GetRandomFlags::empty());
    (filled == Ok(word.len())).then(|| format!("{:032x}", u128::from_le_bytes(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_survive_a_round_trip_through_text() {
        let print = Fingerprint::of(b"Qatar");
        assert_eq!(Fingerprint::parse(&print.to_string()), Some(print));
        assert_eq!(Fingerprint::parse("xyz"), None);
    }

    #[test]
    fn borders_of_parts_count() {
        let ab_c = Fingerprint::of_parts([&b"ab"[..], b"c"]);
        let a_bc = Fingerprint::of_parts([&b"a"[..], b"bc"]);
        assert_ne!(ab_c, a_bc);
    }
}
