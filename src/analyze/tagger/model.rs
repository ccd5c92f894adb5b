//! The weights, and their file.
//!
//! Layout, all numbers little-endian: `PMNAMES1`; the weights of pairs of tags, 13 rows of 13 `i16`; the number of
//! features (`u32`); then, ascending by hash, for each the hash (`u32`), which tags have a weight (`u16`, a bit for
//! each), and these weights (`i8`).

use super::{LANES, Lanes, TAGS, possible};

const MAGIC: &[u8; 8] = b"PMNAMES1";

/// The weights of a feature, one for each tag.
type Row = [i8; LANES];

/// A sum of rows: a few dozen stay far below the limits of the type.
pub(super) type Sum = [i16; LANES];

/// What has been learned.
#[derive(Clone, Debug)]
pub(super) struct Model {
    /// For each tag what it adds when another one follows.
    pub(super) pairs: [Lanes; TAGS],
    /// Hashes of features, each at its lower bits or at the next free place behind, with the numbers of their rows. 0 is
    /// free, and has the first row.
    places: Vec<(u32, u32)>,
    /// Close together, so that most of them stay in the processor's cache; the first is all zeros.
    rows: Vec<Row>,
}

impl Model {
    /// Makes a model of features with their weights.
    pub(super) fn new(pairs: &[Lanes; TAGS], weights: &[(u32, Row)]) -> Self {
        // Half of the places stay free, so that a search ends soon.
        let size = (2 * weights.len()).next_power_of_two().max(2);
        let mut rows = Vec::with_capacity(weights.len() + 1);
        rows.push([0; LANES]);
        let mut model = Self { pairs: possible(pairs), places: vec![(0, 0); size], rows };
        for (key, row) in weights.iter().filter(|(key, _)| *key != 0) {
            let at = model.place(*key);
            model.places[at] = (*key, u32::try_from(model.rows.len()).unwrap_or_default());
            model.rows.push(*row);
        }
        model
    }

    /// Returns where a key is, or would be.
    fn place(&self, key: u32) -> usize {
        let mask = self.places.len() - 1;
        let mut at = key as usize & mask;
        while self.places[at].0 != key && self.places[at].0 != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// Adds up the weights of features.
    pub(super) fn sum(&self, features: &[u32]) -> Sum {
        let mut sum = Sum::default();
        for feature in features {
            let row = &self.rows[self.places[self.place(*feature)].1 as usize];
            for lane in 0..LANES {
                sum[lane] = sum[lane].wrapping_add(i16::from(row[lane]));
            }
        }
        sum
    }

    /// Reads a model; an empty one, which finds nothing, when the bytes are damaged.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        Self::read(bytes).unwrap_or_else(|| Self::new(&[[0; LANES]; TAGS], &[]))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut take = |len: usize| {
            let (part, others) = rest.split_at_checked(len)?;
            rest = others;
            Some(part)
        };
        let mut pairs = [[0; LANES]; TAGS];
        for row in &mut pairs {
            for weight in &mut row[..TAGS] {
                *weight = i32::from(i16::from_le_bytes(take(2)?.try_into().ok()?));
            }
        }
        let count = u32::from_le_bytes(take(4)?.try_into().ok()?);
        let mut weights = Vec::new();
        for _ in 0..count {
            let (hash, mask) = take(6)?.split_at(4);
            let hash = u32::from_le_bytes(hash.try_into().ok()?);
            let mut mask = u16::from_le_bytes(mask.try_into().ok()?);
            let mut row = [0; LANES];
            for weight in take(mask.count_ones() as usize)? {
                row[mask.trailing_zeros() as usize] = i8::from_le_bytes([*weight]);
                mask &= mask - 1;
            }
            weights.push((hash, row));
        }
        Some(Self::new(&pairs, &weights))
    }

    /// Returns the model as bytes.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for row in &self.pairs {
            for weight in &row[..TAGS] {
                bytes.extend(i16::try_from(*weight).unwrap_or_default().to_le_bytes());
            }
        }
        let all = self.places.iter().filter(|(key, _)| *key != 0);
        let mut weights: Vec<(u32, &Row)> =
            all.map(|(key, row)| (*key, &self.rows[*row as usize])).collect();
        weights.sort_unstable();
        bytes.extend(u32::try_from(weights.len()).unwrap_or(u32::MAX).to_le_bytes());
        for (hash, row) in weights {
            let set = |(tag, weight): (usize, &i8)| u16::from(*weight != 0) << tag;
            let mask = row.iter().enumerate().map(set).fold(0, |mask, bit| mask | bit);
            bytes.extend(hash.to_le_bytes());
            bytes.extend(mask.to_le_bytes());
            let weights = row.iter().filter(|weight| **weight != 0);
            bytes.extend(weights.map(|weight| weight.to_le_bytes()[0]));
        }
        bytes
    }
}
