//! Writes JSON in which the mark of site addresses stays a bare byte.
//!
//! In: plain structs. Out: bytes for the last pass, which puts the base address in
//! place of the mark [`MARK`](super::MARK). That pass works on bytes and looks
//! for the byte 0x01; RFC 8259, section 7, would have it written as `\u0001`. All
//! other characters are written as the standard wants, so what leaves the last pass
//! is plain JSON again.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, PrettyFormatter, Serializer};

/// Returns a value as JSON: on one line, or indented by two blanks and ended by a line feed.
///
/// # Panics
/// When a value cannot be JSON at all (a map whose keys are not text). The outputs are our own
/// structs, so that would be a defect of the program and never of an article.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T, pretty: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    let written = if pretty {
        value.serialize(&mut Serializer::with_formatter(&mut out, Marked(PrettyFormatter::new())))
    } else {
        value.serialize(&mut Serializer::with_formatter(&mut out, Marked(CompactFormatter)))
    };
    written.expect("our structs have text for keys, and memory takes all bytes");
    if pretty {
        out.push(b'\n');
    }
    out
}

/// Another formatter, except that U+0001 is not escaped.
struct Marked<F>(F);

/// Hands calls through to the inner formatter.
macro_rules! as_inside {
    ($($name:ident($($arg:ident: $kind:ty),*);)+) => {$(
        fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $arg: $kind)*) -> io::Result<()> {
            self.0.$name(writer $(, $arg)*)
        }
    )+};
}

impl<F: Formatter> Formatter for Marked<F> {
    as_inside! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        end_object_key();
        begin_object_value();
        end_object_value();
    }

    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        match escape {
            CharEscape::AsciiControl(1) => writer.write_all(&[1]),
            other => self.0.write_char_escape(writer, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn only_the_mark_stays_bare() {
        let value = json!({"url": "\u{1}a/\"\u{0}\u{2}\u{1f}\n", "n": [1, {}, []]});
        let plain = String::from_utf8(to_json(&value, false)).unwrap();
        assert_eq!(plain, "{\"url\":\"\u{1}a/\\\"\\u0000\\u0002\\u001f\\n\",\"n\":[1,{},[]]}");
        let pretty = String::from_utf8(to_json(&value, true)).unwrap();
        assert!(pretty.starts_with("{\n  \"url\": \"\u{1}a/"), "{pretty}");
        assert!(pretty.ends_with("}\n"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(key in any::<String>(), text in any::<String>(), pretty: bool) {
            let value = json!({key: [text]});
            let bytes = to_json(&value, pretty);
            let filled = String::from_utf8(bytes).unwrap().replace('\u{1}', "\\u0001");
            prop_assert_eq!(serde_json::from_str::<Value>(&filled).unwrap(), value);
        }
    }
}
