//! Where each blob is: fixed records, sorted by key.

use super::blobs::Blob;
use crate::ids::Fingerprint;

/// The name of the table that holds the index.
pub(super) const NAME: &str = "index";
/// Length of a record: key, segment, length, offset, check sum.
const RECORD: usize = 16 + 4 + 4 + 8 + 8;

/// Returns the index as bytes.
pub(super) fn encode(entries: &[(Fingerprint, Blob)]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entries.len() * RECORD);
    for (key, blob) in entries {
        bytes.extend_from_slice(key.as_bytes());
        bytes.extend_from_slice(&blob.segment.to_le_bytes());
        bytes.extend_from_slice(&blob.len.to_le_bytes());
        bytes.extend_from_slice(&blob.offset.to_le_bytes());
        bytes.extend_from_slice(&blob.check.to_le_bytes());
    }
    bytes
}

/// Reads an index; none when its length is wrong.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<(Fingerprint, Blob)>> {
    if !bytes.len().is_multiple_of(RECORD) {
        return None;
    }
    let record = |record: &[u8]| {
        let word = |at: usize| Some(u32::from_le_bytes(record.get(at..at + 4)?.try_into().ok()?));
        let long = |at: usize| Some(u64::from_le_bytes(record.get(at..at + 8)?.try_into().ok()?));
        let key = Fingerprint::from_bytes(record.get(..16)?.try_into().ok()?);
        let (segment, len, offset, check) = (word(16)?, word(20)?, long(24)?, long(32)?);
        Some((key, Blob { segment, len, offset, check }))
    };
    bytes.chunks_exact(RECORD).map(record).collect()
}
