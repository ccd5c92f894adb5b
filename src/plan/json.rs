//! JSON that may hold marked addresses.

use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};

use super::MARK;

/// Writes JSON, with [`MARK`] as the byte it is, so that [`place`](super::place) finds it.
///
/// Every other control character is escaped, as RFC 8259 demands; once the mark
/// is replaced, so is all of it.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Marked(CompactFormatter));
    // Writing to memory cannot fail, and the values have string keys only.
    let _ = value.serialize(&mut serializer);
    out
}

struct Marked(CompactFormatter);

impl Formatter for Marked {
    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        match escape {
            CharEscape::AsciiControl(byte) if char::from(byte) == MARK => writer.write_all(&[byte]),
            other => self.0.write_char_escape(writer, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_mark_stays_raw() {
        assert_eq!(to_json("\u{1}a\u{2}\"\\u0001"), b"\"\x01a\\u0002\\\"\\\\u0001\"");
    }
}
