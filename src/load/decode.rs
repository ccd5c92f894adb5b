//! Bytes to text.

use crate::text::strip_controls;

/// Turns the bytes of a file into clean text: no byte order mark, `\n` as the
/// only line break, no other control character than the tab.
///
/// # Errors
/// Returns the offset of the first byte that is not UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, usize> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.contains('\r') {
        return Ok(strip_controls(text).into_owned());
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(strip_controls(&text).into_owned())
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
            assert_eq!(decode(bytes).as_deref(), expected.as_ref().map(|text: &&str| *text));
        }
    }
}
