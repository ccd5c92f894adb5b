//! Compressed files.
//!
//! Everything about them is set, so that the same bytes give the same file anywhere: no time, no name and no
//! system stands in the head of a `.gz`, and how hard is tried depends on the size alone.

use std::io::Write as _;

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, GzBuilder};

use crate::config::Encoding;
use crate::files::{SitePath, is_compressible};

/// Below this size, a file fits into one packet of the network with or without compression.
const LEAST: u64 = 1024;
/// Larger files are not held in memory for this.
const MOST: u64 = 64 << 20;
/// Up to this size, Brotli tries as hard as it can, which takes many times as long; a whole
/// build would wait for one large file otherwise.
const HARD: usize = 128 << 10;

/// Returns whether a file of this kind and size is compressed.
pub fn is_worth_while(path: &SitePath, size: u64) -> bool {
    (LEAST..=MOST).contains(&size) && is_compressible(path)
}

/// Compresses; none when that makes nothing smaller.
pub fn compress(encoding: Encoding, bytes: &[u8]) -> Option<Vec<u8>> {
    let out = match encoding {
        Encoding::Gzip => gzip(bytes),
        Encoding::Brotli => brotli(bytes),
    };
    out.filter(|out| out.len() < bytes.len())
}

/// Memory takes all that is written, so neither fails.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    // 255: from a system that is not known.
    let builder = GzBuilder::new().mtime(0).operating_system(255);
    let mut encoder = builder.write(Vec::with_capacity(bytes.len() / 3), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: if bytes.len() <= HARD { 11 } else { 9 },
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 3);
    brotli::BrotliCompress(&mut &*bytes, &mut out, &params).ok()?;
    Some(out)
}
