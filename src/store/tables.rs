//! Large values, each in a file of its own.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::ids::Fingerprint;

/// The first bytes of each file.
const MAGIC: &[u8; 16] = b"pressmark-table\x01";
/// Length of what stands before the value: magic, engine, check sum.
const HEAD: usize = 48;

/// Returns the value of a table; none when the file is missing, damaged or another program's.
pub(super) fn read(dir: &Path, engine: Fingerprint, name: &str) -> Option<Vec<u8>> {
    let mut bytes = fs::read(dir.join(name)).ok()?;
    let head = bytes.get(..HEAD)?;
    let fits = head.starts_with(MAGIC)
        && head[16..32] == *engine.as_bytes()
        && head[32..48] == *Fingerprint::of(bytes.get(HEAD..)?).as_bytes();
    if !fits {
        return None;
    }
    bytes.drain(..HEAD);
    Some(bytes)
}

/// Writes a table in one step; failures leave the old one or none.
pub(super) fn write(dir: &Path, engine: Fingerprint, name: &str, bytes: &[u8]) {
    let (path, new) = (dir.join(name), dir.join(format!("{name}.new")));
    let whole = fs::File::create(&new).and_then(|mut file| {
        let mut head = Vec::with_capacity(HEAD);
        head.extend_from_slice(MAGIC);
        head.extend_from_slice(engine.as_bytes());
        head.extend_from_slice(Fingerprint::of(bytes).as_bytes());
        file.write_all(&head)?;
        file.write_all(bytes)
    });
    let done = whole.and_then(|()| fs::rename(&new, &path));
    if done.is_err() {
        // What is half written must not stay; an old table would be out of date.
        let _ = fs::remove_file(&new);
        let _ = fs::remove_file(&path);
    }
}
