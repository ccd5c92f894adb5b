//! Bytes to text.

use std::borrow::Cow;

use crate::text::strip_controls;

/// Turns the bytes of a file into clean text: no byte order mark, `\n` as the
/// only line break, no other control character than the tab.
///
/// # Errors
/// Returns the offset of the first byte that is not UTF-8.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<String, usize> {
    let mut text = String::from_utf8(bytes).map_err(|error| error.utf8_error().valid_up_to())?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    if memchr::memchr(b'\r', text.as_bytes()).is_some() {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    // Nearly all files are clean, and are not copied.
    if let Cow::Owned(clean) = strip_controls(&text) {
        text = clean;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cleaned_and_other_encodings_are_refused() {
        for (bytes, expected) in [
            (&b"a\r\nb\rc\n"[..], Ok("a\nb\nc\n")),
            (b"\xef\xbb\xbfa\tb", Ok("a\tb")),
            (b"a\x01\x1b[0m\0b", Ok("a[0mb")),
            (b"caf\xe9", Err(3)),
        ] {
            assert_eq!(
                decode(bytes.to_vec()).as_deref(),
                expected.as_ref().map(|text: &&str| *text)
            );
        }
    }
}
