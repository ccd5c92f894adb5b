//! Folding of names for comparison, and removal of control characters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::letters::one_form;

/// Returns the key under which two spellings of a name are the same name.
///
/// Case, accents, width variants, punctuation and the spacing of words do not
/// count, nor does the form of letters and digits that Persian and Arabic
/// keyboards type differently (`ي`/`ی`, `ك`/`ک`, `٤`/`۴`), a hamza above or below a letter, the
/// zero-width non-joiner, marks of direction or vowel marks. Two words stay two words.
///
/// # Examples
/// ```
/// use pressmark::text::fold;
/// assert_eq!(fold("  José  MARTÍ "), fold("Jose Marti"));
/// assert_eq!(fold("U.S."), "us");
/// assert_eq!(fold("Al-Aqsa"), "al aqsa");
/// ```
pub fn fold(name: &str) -> String {
    if name.is_ascii() {
        return fold_ascii(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.nfkd().filter(|c| !is_combining_mark(*c)) {
        if let Some(c) = one_form(c) {
            push_folded(&mut out, &mut gap, c);
        }
    }
    out
}

/// The same for the common case, without decomposition and look-ups in tables.
fn fold_ascii(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(char::from(byte.to_ascii_lowercase()));
        } else if !matches!(byte, b'.' | b'\'' | b'`') {
            gap = true;
        }
    }
    out
}

/// Appends one character: letters and digits count, dots and apostrophes vanish, all else parts words.
fn push_folded(out: &mut String, gap: &mut bool, c: char) {
    if c.is_alphanumeric() {
        if *gap && !out.is_empty() {
            out.push(' ');
        }
        *gap = false;
        out.extend(c.to_lowercase());
    } else if !matches!(c, '.' | '\'' | '’' | 'ʼ' | '`') {
        *gap = true;
    }
}

/// Returns `text` without control characters that a terminal would obey or that HTML forbids.
///
/// Line breaks and tabs stay. The scalars that reorder text (bidirectional
/// embeddings, overrides and isolates) stay too: a right-to-left article needs
/// them, and pages isolate names on their own.
pub fn strip_controls(text: &str) -> std::borrow::Cow<'_, str> {
    let bad = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    // Only these bytes can be part of such a character; a fold without an early end is one the compiler
    // turns into a few instructions for every 32 bytes.
    let suspect = |byte: u8| {
        (byte < 0x20 && byte != b'\n' && byte != b'\t') || matches!(byte, 0x7f | 0xc2 | 0xef)
    };
    if !text.bytes().fold(false, |found, byte| found | suspect(byte)) {
        return text.into();
    }
    if text.chars().any(bad) {
        text.chars().filter(|c| !bad(*c)).collect::<String>().into()
    } else {
        text.into()
    }
}

/// Returns `text` on one line, without what a terminal would obey.
pub fn one_line(text: &str) -> String {
    strip_controls(text).replace(['\n', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        for (a, b) in [
            ("Organization of Islamic Cooperation", "organization  of Islamic cooperation"),
            ("São Paulo", "Sao Paulo"),
            ("O’Neill", "O'Neill"),
            ("علي", "علی"),
            ("می‌خواهم", "میخواهم"),
            ("أحمد", "احمد"),
            ("ٱلقدس", "القدس"),
            ("غزة", "غزه"),
            ("مُحَمَّد", "محمد"),
            ("۱۹۷۹", "1979"),
            ("\u{200f}تهران", "تهران"),
            ("ＮＡＳＡ", "NASA"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} / {b}");
        }
        assert_ne!(fold("New York"), fold("Newyork"));
        assert_ne!(fold("上海"), fold("伤害"));
    }

    #[test]
    fn terminal_escapes_are_stripped() {
        assert_eq!(strip_controls("a\u{1b}[31mb\r\n"), "a[31mb\n");
    }
}
