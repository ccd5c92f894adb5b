//! Writes JSON (RFC 8259) straight into memory, key by key.
//!
//! Twins repeat the same records on many pages; a tree of values for each would
//! cost more than the bytes. The mark of site addresses stays a bare byte, as in
//! `plan::json`.

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

    /// Writes a key; the value is to be written next.
    pub(super) fn key(&mut self, key: &str) -> &mut Vec<u8> {
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
        string(self.out, key);
        self.out.push(b':');
        self.out
    }

    pub(super) fn text(&mut self, key: &str, text: &str) {
        string(self.key(key), text);
    }

    /// Writes a text or null.
    pub(super) fn optional(&mut self, key: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(key, text),
            None => self.key(key).extend(b"null"),
        }
    }

    pub(super) fn number(&mut self, key: &str, number: impl std::fmt::Display) {
        let text = number.to_string();
        self.key(key).extend(text.as_bytes());
    }

    pub(super) fn flag(&mut self, key: &str, flag: bool) {
        self.key(key).extend(if flag { &b"true"[..] } else { b"false" });
    }

    /// Writes a list; `item` writes one of its items.
    pub(super) fn list<T>(
        &mut self,
        key: &str,
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

/// Writes a string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' || byte == MARK as u8 {
            continue;
        }
        out.extend(&text.as_bytes()[from..at]);
        escape(out, byte);
        from = at + 1;
    }
    out.extend(&text.as_bytes()[from..]);
    out.push(b'"');
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
            out.extend(format!("\\u{other:04x}").as_bytes());
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
        object.list("list", [1, 2], |out, n| out.extend(n.to_string().as_bytes()));
        object.end();
        out
    }

    proptest! {
        #[test]
        fn it_writes_what_the_library_writes(text in any::<String>()) {
            let value = serde_json::json!({"text": text, "none": null, "list": [1, 2]});
            prop_assert_eq!(written(&text), crate::plan::json::to_json(&value, false));
        }
    }
}
