//! The weights, and their file.
//!
//! Layout, all numbers little-endian: `PMNAMES1`; the weights of pairs of tags, 13 rows of 13 `i16`; the number of
//! features (`u32`); then, ascending by hash, for each the hash (`u32`), which tags have a weight (`u16`, a bit for
//! each), and these weights (`i8`).

use rustc_hash::FxHashMap;

use super::{LANES, Lanes, TAGS};

const MAGIC: &[u8; 8] = b"PMNAMES1";

/// What has been learned.
#[derive(Clone, Debug)]
pub(super) struct Model {
    /// For each tag what it adds when another one follows.
    pub(super) pairs: [Lanes; TAGS],
    weights: FxHashMap<u32, [i8; LANES]>,
}

impl Model {
    pub(super) fn new(pairs: &[Lanes; TAGS], weights: FxHashMap<u32, [i8; LANES]>) -> Self {
        Self { pairs: *pairs, weights }
    }

    /// Adds up the weights of features.
    pub(super) fn score(&self, features: &[u32]) -> Lanes {
        let mut sum = [0; LANES];
        for feature in features {
            if let Some(weights) = self.weights.get(feature) {
                for (sum, weight) in sum.iter_mut().zip(weights) {
                    *sum += i32::from(*weight);
                }
            }
        }
        sum
    }

    /// Reads a model; an empty one, which finds nothing, when the bytes are damaged.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        Self::read(bytes).unwrap_or_else(|| Self::new(&[[0; LANES]; TAGS], FxHashMap::default()))
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
        let count = u32::from_le_bytes(take(4)?.try_into().ok()?) as usize;
        let mut weights = FxHashMap::with_capacity_and_hasher(count, rustc_hash::FxBuildHasher);
        for _ in 0..count {
            let hash = u32::from_le_bytes(take(4)?.try_into().ok()?);
            let mask = u16::from_le_bytes(take(2)?.try_into().ok()?);
            let mut row = [0; LANES];
            for (tag, weight) in row.iter_mut().enumerate().filter(|(tag, _)| mask >> tag & 1 == 1)
            {
                debug_assert!(tag < TAGS, "a weight of a tag that does not exist");
                *weight = i8::from_le_bytes(take(1)?.try_into().ok()?);
            }
            weights.insert(hash, row);
        }
        Some(Self { pairs, weights })
    }

    /// Returns the model as bytes.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for row in &self.pairs {
            for weight in &row[..TAGS] {
                bytes.extend(i16::try_from(*weight).unwrap_or(i16::MAX).to_le_bytes());
            }
        }
        let mut weights: Vec<(&u32, &[i8; LANES])> = self.weights.iter().collect();
        weights.sort_unstable();
        bytes.extend(u32::try_from(weights.len()).unwrap_or(u32::MAX).to_le_bytes());
        for (hash, row) in weights {
            let mask = row
                .iter()
                .enumerate()
                .fold(0u16, |mask, (tag, weight)| mask | u16::from(*weight != 0) << tag);
            bytes.extend(hash.to_le_bytes());
            bytes.extend(mask.to_le_bytes());
            bytes.extend(
                row.iter().filter(|weight| **weight != 0).map(|weight| weight.to_le_bytes()[0]),
            );
        }
        bytes
    }
}
