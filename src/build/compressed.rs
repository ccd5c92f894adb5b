//! Compressed files beside those that are rendered, made when the file itself is, on whatever processor that is.
//!
//! A compressed file depends on the bytes of the file that it stands beside, and on nothing else. So the store keeps what each
//! content came to, and neither a page that stays nor one that is rendered anew with the same bytes is compressed again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Encoding;
use crate::diag::Error;
use crate::files::{Files, SitePath};
use crate::hosting::{Totals, compress, is_worth_while};
use crate::ids::{Fingerprint, Stamp};
use crate::plan::Plan;
use crate::render::Sink;
use crate::store::Store;

/// Length of a record: content, encoding, size and content of what came of it.
const RECORD: usize = 16 + 1 + 8 + 16;
/// Stands for the encoding in the record of a name that is taken by another output.
const TAKEN: u8 = u8::MAX;
/// Shards of what is counted, so that threads do not wait for each other.
const SHARDS: usize = 16;

/// What a file of this content was compressed to; nothing when that is no smaller.
type Known = FxHashMap<(Fingerprint, Encoding), Option<Stamp>>;

/// What the last build into one folder compressed.
pub(super) struct Compressed {
    table: String,
    bytes: Vec<u8>,
    known: Known,
    /// Names of outputs that end as compressed files do: these are not ours to write.
    taken: FxHashSet<Fingerprint>,
}

/// What a build compressed, or kept.
#[derive(Default)]
pub(super) struct Packed {
    known: Known,
    taken: FxHashSet<Fingerprint>,
    missing: Vec<SitePath>,
}

/// Compresses what is put into another sink.
pub(super) struct CompressingSink<'a> {
    inner: &'a dyn Sink,
    files: &'a dyn Files,
    encodings: &'a [Encoding],
    earlier: &'a Compressed,
    taken: FxHashSet<Fingerprint>,
    done: Vec<Mutex<Done>>,
}

#[derive(Default)]
struct Done {
    packed: Packed,
    totals: Totals,
}

impl Compressed {
    /// Reads what the last build into the folder `output` compressed.
    pub(super) fn read(store: &Store, output: &str) -> Self {
        let print = Fingerprint::of(output.as_bytes()).to_string();
        let table = format!("compressed-{}", &print[..8]);
        let bytes = store.table(&table).unwrap_or_default();
        let (known, taken) = decode(&bytes).unwrap_or_default();
        Self { table, bytes, known, taken }
    }

    /// Keeps what this build compressed, and drops the rest.
    pub(super) fn write(&self, store: &Store, packed: &Packed) {
        let bytes = encode(&packed.known, &packed.taken);
        if bytes != self.bytes {
            store.set_table(&self.table, &bytes);
        }
    }

    /// Keeps what a build compressed that made a part of the site.
    pub(super) fn add(self, store: &Store, packed: &Packed) {
        let Self { table, bytes, mut known, taken } = self;
        #[expect(clippy::iter_over_hash_type, reason = "the order does not matter to a table")]
        for (key, stamp) in &packed.known {
            known.insert(*key, *stamp);
        }
        let encoded = encode(&known, &taken);
        if encoded != bytes {
            store.set_table(&table, &encoded);
        }
    }
}

impl Packed {
    /// Returns the compressed files that were not made, because they would be no smaller.
    pub(super) fn missing(&self) -> impl Iterator<Item = &SitePath> {
        self.missing.iter()
    }
}

impl<'a> CompressingSink<'a> {
    /// Returns a sink for some outputs of the site whose last build was the earlier one.
    pub(super) fn new(
        inner: &'a dyn Sink,
        files: &'a dyn Files,
        encodings: &'a [Encoding],
        earlier: &'a Compressed,
    ) -> Self {
        let done = std::iter::repeat_with(Mutex::default).take(SHARDS).collect();
        Self { inner, files, encodings, earlier, taken: earlier.taken.clone(), done }
    }

    /// Returns the sink for all outputs of a plan.
    #[must_use]
    pub(super) fn for_all(mut self, plan: &Plan) -> Self {
        self.taken.clear();
        if self.encodings.is_empty() {
            return self;
        }
        for path in plan.outputs.iter().filter_map(|planned| planned.path.as_ref()) {
            // A folder takes a name as a file does.
            let path = path.as_str();
            let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
            for name in ends.map(|end| &path[..end]) {
                let ending = name.rsplit_once('.').map(|(_, ending)| ending);
                if ending.is_some_and(|ending| {
                    ["gz", "br"].iter().any(|one| ending.eq_ignore_ascii_case(one))
                }) {
                    self.taken.insert(name_of(name));
                }
            }
        }
        self
    }

    /// Returns what was compressed, and how large the site is.
    pub(super) fn into_done(self) -> (Packed, Totals) {
        let (mut packed, mut totals) = (Packed::default(), Totals::default());
        for one in self.done {
            let one = one.into_inner().unwrap_or_else(PoisonError::into_inner);
            packed.known.extend(one.packed.known);
            packed.missing.extend(one.packed.missing);
            totals.merge(&one.totals);
        }
        packed.taken = self.taken;
        (packed, totals)
    }

    /// Returns how a file is compressed, with the names of what comes of it.
    fn wanted(&self, path: &SitePath, size: u64) -> Vec<(Encoding, SitePath)> {
        if is_worth_while(path, size) { self.beside(path) } else { Vec::new() }
    }

    /// Returns the names that the compressed forms of a file have.
    fn beside(&self, path: &SitePath) -> Vec<(Encoding, SitePath)> {
        let beside = |encoding: &Encoding| {
            let name = format!("{path}.{}", encoding.extension());
            let is_taken = self.taken.contains(&name_of(&name));
            Some((*encoding, SitePath::parse(&name).filter(|_| !is_taken)?))
        };
        self.encodings.iter().filter_map(beside).collect()
    }

    /// Counts a file; and what it was compressed to.
    fn note(&self, path: &SitePath, stamp: Stamp, packed: Option<(Fingerprint, Encoding)>) {
        let mut done = self.lock(stamp);
        done.totals.add(path.as_str(), stamp.size);
        if let Some(key) = packed {
            done.packed.known.insert(key, Some(stamp));
        }
    }

    fn lock(&self, stamp: Stamp) -> MutexGuard<'_, Done> {
        let shard = usize::from(stamp.print.as_bytes()[0]) % self.done.len();
        self.done[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts or keeps the compressed forms of a file that was put.
    fn pack(&self, path: &SitePath, stamp: Stamp, bytes: &[u8]) -> Result<(), Error> {
        for (encoding, beside) in self.beside(path) {
            let key = (stamp.print, encoding);
            if !is_worth_while(path, stamp.size) {
                self.lock(stamp).packed.missing.push(beside);
                continue;
            }
            let made = match self.earlier.known.get(&key) {
                Some(None) => None,
                Some(Some(made)) if self.inner.keep(&beside, *made) => Some(*made),
                _ => match compress(encoding, bytes) {
                    Some(packed) => Some(self.inner.put(&beside, &packed)?),
                    None => None,
                },
            };
            self.noted(key, beside, made);
        }
        Ok(())
    }

    fn noted(&self, key: (Fingerprint, Encoding), beside: SitePath, made: Option<Stamp>) {
        if let Some(made) = made {
            self.note(&beside, made, Some(key));
        } else {
            let mut done = self.lock(Stamp { size: 0, print: key.0 });
            done.packed.known.insert(key, None);
            done.packed.missing.push(beside);
        }
    }
}

impl Sink for CompressingSink<'_> {
    fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Stamp, Error> {
        let stamp = self.inner.put(path, bytes)?;
        self.note(path, stamp, None);
        self.pack(path, stamp, bytes)?;
        Ok(stamp)
    }

    fn keep(&self, path: &SitePath, stamp: Stamp) -> bool {
        // All or nothing: a file whose compressed form is gone has to be made anew, because its bytes are not at hand.
        let wanted = self.wanted(path, stamp.size);
        let known = wanted.iter().map(|(encoding, beside)| {
            let made = *self.earlier.known.get(&(stamp.print, *encoding))?;
            made.is_none_or(|made| self.inner.holds(beside, made)).then_some(made)
        });
        let Some(known) = known.collect::<Option<Vec<Option<Stamp>>>>() else { return false };
        if !self.inner.keep(path, stamp) {
            return false;
        }
        self.note(path, stamp, None);
        for ((encoding, beside), made) in wanted.into_iter().zip(known) {
            // It was there a moment ago; the folder is looked at once, when it is opened.
            let made = made.filter(|made| self.inner.keep(&beside, *made));
            self.noted((stamp.print, encoding), beside, made);
        }
        true
    }

    fn holds(&self, path: &SitePath, stamp: Stamp) -> bool {
        self.inner.holds(path, stamp)
    }

    fn left(&self, path: &SitePath) -> Option<Stamp> {
        self.inner.left(path)
    }

    fn read(&self, path: &SitePath) -> Option<Vec<u8>> {
        self.inner.read(path)
    }

    fn drop(&self, path: &SitePath) {
        self.inner.drop(path);
        self.beside(path).iter().for_each(|(_, beside)| self.inner.drop(beside));
    }

    fn copy(&self, path: &SitePath, source: &SitePath) -> Result<Stamp, Error> {
        let size = self.files.stamp(source).map(|stamp| stamp.size);
        // In memory, files have no stamp, and are at hand.
        if size.is_some_and(|size| self.wanted(path, size).is_empty()) || self.encodings.is_empty()
        {
            let stamp = self.inner.copy(path, source)?;
            self.note(path, stamp, None);
            return Ok(stamp);
        }
        // Read once, so that the file and its compressed forms are of the same moment.
        self.put(path, &self.files.read(source)?)
    }
}

/// Returns what a name is known by; upper and lower case are the same on some disks.
fn name_of(path: &str) -> Fingerprint {
    Fingerprint::of(path.to_lowercase().as_bytes())
}

fn number_of(encoding: Encoding) -> u8 {
    match encoding {
        Encoding::Gzip => 0,
        Encoding::Brotli => 1,
    }
}

fn encode(known: &Known, taken: &FxHashSet<Fingerprint>) -> Vec<u8> {
    let none = Stamp { size: 0, print: Fingerprint::from_bytes([0; 16]) };
    let known = known
        .iter()
        .map(|((print, encoding), made)| (*print, number_of(*encoding), made.unwrap_or(none)));
    let taken = taken.iter().map(|print| (*print, TAKEN, none));
    let mut records: Vec<[u8; RECORD]> = known
        .chain(taken)
        .map(|(print, kind, made)| {
            let mut record = [0; RECORD];
            record[..16].copy_from_slice(print.as_bytes());
            record[16] = kind;
            record[17..25].copy_from_slice(&made.size.to_le_bytes());
            record[25..].copy_from_slice(made.print.as_bytes());
            record
        })
        .collect();
    records.sort_unstable();
    records.concat()
}

fn decode(bytes: &[u8]) -> Option<(Known, FxHashSet<Fingerprint>)> {
    if !bytes.len().is_multiple_of(RECORD) {
        return None;
    }
    let (mut known, mut taken) = (Known::default(), FxHashSet::default());
    for record in bytes.chunks_exact(RECORD) {
        let print = Fingerprint::from_bytes(record[..16].try_into().ok()?);
        let size = u64::from_le_bytes(record[17..25].try_into().ok()?);
        let made = Stamp { size, print: Fingerprint::from_bytes(record[25..].try_into().ok()?) };
        let encoding = match record[16] {
            0 => Encoding::Gzip,
            1 => Encoding::Brotli,
            TAKEN => {
                taken.insert(print);
                continue;
            }
            _ => return None,
        };
        // A compressed file is never empty.
        known.insert((print, encoding), (size > 0).then_some(made));
    }
    Some((known, taken))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::MemFiles;

    /// A folder that holds whatever it is asked for.
    #[derive(Default)]
    struct Held {
        put: Mutex<Vec<String>>,
        kept: Mutex<Vec<(String, Stamp)>>,
    }

    impl Sink for Held {
        fn put(&self, path: &SitePath, bytes: &[u8]) -> Result<Stamp, Error> {
            self.put.lock().unwrap().push(path.to_string());
            Ok(Stamp::of(bytes))
        }

        fn keep(&self, path: &SitePath, stamp: Stamp) -> bool {
            self.kept.lock().unwrap().push((path.to_string(), stamp));
            true
        }

        fn holds(&self, path: &SitePath, _: Stamp) -> bool {
            path.as_str() != "gone.html.gz"
        }

        fn copy(&self, path: &SitePath, _: &SitePath) -> Result<Stamp, Error> {
            self.put(path, b"")
        }
    }

    fn path(text: &str) -> SitePath {
        SitePath::parse(text).unwrap()
    }

    fn none() -> Compressed {
        Compressed::read(&Store::in_memory(), "")
    }

    #[test]
    fn a_content_that_was_compressed_is_not_compressed_again() {
        let (held, files) = (Held::default(), MemFiles::new());
        let text = "water ".repeat(400);
        let mut earlier = none();
        // No compressor makes this, so it can only have been kept.
        let made = Stamp { size: 7, print: Fingerprint::of(b"of the last build") };
        let content = Stamp::of(text.as_bytes());
        earlier.known.insert((content.print, Encoding::Gzip), Some(made));
        let sink = CompressingSink::new(&held, &files, &[Encoding::Gzip], &earlier);
        sink.put(&path("a.html"), text.as_bytes()).unwrap();
        assert!(sink.keep(&path("b.html"), content));
        assert!(!sink.keep(&path("gone.html"), content), "its compressed form is gone");
        let other = Stamp { size: 5000, print: Fingerprint::of(b"x") };
        assert!(!sink.keep(&path("c.html"), other), "nobody knows what it was compressed to");
        assert!(sink.keep(&path("c.png"), other));
        assert_eq!(*held.put.lock().unwrap(), ["a.html"]);
        let kept: Vec<String> =
            held.kept.lock().unwrap().iter().map(|(path, _)| path.clone()).collect();
        assert_eq!(kept, ["a.html.gz", "b.html", "b.html.gz", "c.png"]);
        let (packed, totals) = sink.into_done();
        assert_eq!(packed.known[&(content.print, Encoding::Gzip)], Some(made));
        assert_eq!((totals.files, totals.bytes), (5, 2 * content.size + 2 * 7 + 5000));
    }

    #[test]
    fn names_of_other_outputs_are_left_to_them() {
        let (held, files) = (Held::default(), MemFiles::new());
        let mut earlier = none();
        earlier.taken.insert(name_of("a.html.gz"));
        let sink = CompressingSink::new(&held, &files, &[Encoding::Gzip], &earlier);
        let text = "water ".repeat(400);
        for name in ["a.html", "A.html", "b.html"] {
            sink.put(&path(name), text.as_bytes()).unwrap();
        }
        assert_eq!(*held.put.lock().unwrap(), ["a.html", "A.html", "b.html", "b.html.gz"]);
    }

    #[test]
    fn what_is_too_small_is_told() {
        let (held, files, earlier) = (Held::default(), MemFiles::new(), none());
        let sink = CompressingSink::new(&held, &files, &[Encoding::Gzip], &earlier);
        sink.put(&path("a.html"), b"short").unwrap();
        let (packed, _) = sink.into_done();
        assert_eq!(packed.missing().map(SitePath::as_str).collect::<Vec<_>>(), ["a.html.gz"]);
    }

    #[test]
    fn a_table_is_read_as_it_was_written() {
        let stamp = Stamp { size: 9, print: Fingerprint::of(b"b") };
        let known = Known::from_iter([
            ((Fingerprint::of(b"a"), Encoding::Gzip), Some(stamp)),
            ((Fingerprint::of(b"a"), Encoding::Brotli), None),
        ]);
        let taken = FxHashSet::from_iter([Fingerprint::of(b"c")]);
        let bytes = encode(&known, &taken);
        assert_eq!(decode(&bytes), Some((known, taken)));
        assert_eq!(decode(&bytes[1..]), None);
        assert_eq!(decode(&[9; RECORD]), None);
    }
}
