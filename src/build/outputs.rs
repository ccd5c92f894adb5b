//! Remembers what each output was made from, so that the same need not be made again.

use rustc_hash::FxHashMap;

use super::compressed::Compressed;
use crate::ids::{Fingerprint, Stamp};
use crate::render::{Known, Made};
use crate::store::Store;

/// Length of a record: address, fingerprint, size and content.
const RECORD: usize = 16 + 16 + 8 + 16;

/// The outputs of the last build into one folder, by the fingerprint of their address.
pub(super) struct Outputs {
    /// The table's name: each output folder has its own.
    table: String,
    bytes: Vec<u8>,
    made: FxHashMap<Fingerprint, Made>,
    /// What they were compressed to.
    pub(super) compressed: Compressed,
}

impl Outputs {
    /// Reads what the last build into the folder `output` made.
    pub(super) fn read(store: &Store, output: &str) -> Self {
        let print = Fingerprint::of(output.as_bytes()).to_string();
        let table = format!("outputs-{}", &print[..8]);
        let bytes = store.table(&table).unwrap_or_default();
        let made = decode(&bytes).unwrap_or_default();
        Self { table, bytes, made, compressed: Compressed::read(store, output) }
    }

    /// Keeps what this build made.
    pub(super) fn write(&self, store: &Store, made: &[(Fingerprint, Made)]) {
        let mut bytes = Vec::with_capacity(made.len() * RECORD);
        for (url, made) in made {
            bytes.extend(url.as_bytes());
            bytes.extend(made.print.as_bytes());
            bytes.extend(made.stamp.size.to_le_bytes());
            bytes.extend(made.stamp.print.as_bytes());
        }
        if bytes != self.bytes {
            store.set_table(&self.table, &bytes);
        }
    }
}

impl Known for Outputs {
    fn made(&self, url: Fingerprint) -> Option<Made> {
        self.made.get(&url).copied()
    }
}

fn decode(bytes: &[u8]) -> Option<FxHashMap<Fingerprint, Made>> {
    if !bytes.len().is_multiple_of(RECORD) {
        return None;
    }
    let print = |bytes: &[u8]| Some(Fingerprint::from_bytes(bytes.try_into().ok()?));
    let record = |record: &[u8]| {
        let size = u64::from_le_bytes(record.get(32..40)?.try_into().ok()?);
        let stamp = Stamp { size, print: print(record.get(40..56)?)? };
        Some((print(record.get(..16)?)?, Made { print: print(record.get(16..32)?)?, stamp }))
    };
    bytes.chunks_exact(RECORD).map(record).collect()
}
