//! Writes JSON (RFC 8259) straight into memory, key by key.
//!
//! Twins repeat the same records on many pages; a tree of values for each would
//! cost more than the bytes. The mark of site addresses stays a bare byte, as in
//! `plan::json`.

use std::io::Write as _;

use crate::plan::MARK;

/// An object that is being written; [`Object::end`] closes it.
pub(super) struct Object<'a> {
    pub(super) out: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    /// Begins an object.
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, is_empty: true }
    }

    /// Goes on with an object that has keys already and is not closed.
    pub(super) fn resume(out: &'a mut Vec<u8>) -> Self {
        Self { out, is_empty: false }
    }

    /// Writes a key, a name without anything to be escaped; the value is to be written next.
    pub(super) fn key(&mut self, key: &'static str) -> &mut Vec<u8> {
        debug_assert!(!has_special(key.as_bytes()), "`{key}` is a name");
        self.out.extend(if self.is_empty { &b"\""[..] } else { b",\"" });
        self.is_empty = false;
        self.out.extend(key.as_bytes());
        self.out.extend(b"\":");
        self.out
    }

    pub(super) fn text(&mut self, key: &'static str, text: &str) {
        string(self.key(key), text);
    }

    /// Writes a text or null.
    pub(super) fn optional(&mut self, key: &'static str, text: Option<&str>) {
        match text {
            Some(text) => self.text(key, text),
            None => self.key(key).extend(b"null"),
        }
    }

    pub(super) fn number(&mut self, key: &'static str, number: impl std::fmt::Display) {
        // Writing to memory cannot fail.
        let _ = write!(self.key(key), "{number}");
    }

    /// Writes a number that has no sign and no fraction, which is far cheaper.
    pub(super) fn count(&mut self, key: &'static str, count: usize) {
        decimal(self.key(key), count);
    }

    pub(super) fn flag(&mut self, key: &'static str, flag: bool) {
        self.key(key).extend(if flag { &b"true"[..] } else { b"false" });
    }

    /// Writes a list; `item` writes one of its items.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        items: impl IntoIterator<Item = T>,
        mut item: impl FnMut(&mut Vec<u8>, T),
    ) {
        let out = self.key(key);
        out.push(b'[');
        for (number, one) in items.into_iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            item(out, one);
        }
        out.push(b']');
    }

    /// Writes keys with their values that were written before, without the braces.
    pub(super) fn key_list(&mut self, keys: &[u8]) {
        if !self.is_empty && !keys.is_empty() {
            self.out.push(b',');
        }
        self.is_empty &= keys.is_empty();
        self.out.extend(keys);
    }

    pub(super) fn end(self) {
        self.out.push(b'}');
    }
}

/// Writes a number.
pub(super) fn decimal(out: &mut Vec<u8>, number: usize) {
    // The longest number has twenty digits.
    let mut digits = [b'0'; 20];
    let (mut at, mut rest) = (digits.len(), number);
    loop {
        at -= 1;
        digits[at] += u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend(&digits[at..]);
}

/// Writes a string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    for part in text.as_bytes().chunks(CHUNK) {
        if !has_special(part) {
            out.extend(part);
            continue;
        }
        for byte in part {
            if is_special(*byte) {
                escape(out, *byte);
            } else {
                out.push(*byte);
            }
        }
    }
    out.push(b'"');
}

/// Bytes that are looked at together.
const CHUNK: usize = 32;

/// Whether a byte cannot stand in a string as it is.
fn is_special(byte: u8) -> bool {
    (byte < b' ' || byte == b'"' || byte == b'\\') && byte != MARK as u8
}

/// Whether any byte cannot stand in a string as it is. Without an early end, the compiler looks at many bytes at once.
fn has_special(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |found, byte| found | is_special(*byte))
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0c => b'f',
        b'\r' => b'r',
        other => {
            // Writing to memory cannot fail.
            let _ = write!(out, "\\u{other:04x}");
            return;
        }
    };
    out.extend([b'\\', short]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        let mut object = Object::new(&mut out);
        object.text("text", text);
        object.optional("none", None);
        object.list("list", [1, 2], decimal);
        object.end();
        out
    }

    proptest! {
        #[test]
        fn numbers_are_written_as_usual(number in any::<usize>(), small in 0..2_000_usize) {
            for number in [number, small, usize::MAX] {
                let mut out = Vec::new();
                decimal(&mut out, number);
                prop_assert_eq!(out, number.to_string().into_bytes());
            }
        }

        #[test]
        fn it_writes_what_the_library_writes(text in any::<String>()) {
            let value = serde_json::json!({"text": text, "none": null, "list": [1, 2]});
            prop_assert_eq!(written(&text), crate::plan::json::to_json(&value, false));
        }
    }
}
