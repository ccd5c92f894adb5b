//! One form for letters that are typed differently, with the way back to the text as it was.
//!
//! Arabic and Persian keyboards have different letters for the same sound, vowel marks may be written or not, and
//! invisible characters stand between the letters. Names are looked for in the one form, and shown as they stand.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// The zero-width non-joiner, which parts the pieces of a Persian word.
pub(crate) const NON_JOINER: char = '\u{200c}';

/// Which bytes are letters and digits of ASCII.
const ALPHANUMERIC: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Whether a byte is a letter or digit of ASCII. Loops over all bytes of a text ask this, and a table answers sooner than three comparisons.
#[inline]
pub(crate) fn is_alphanumeric(byte: u8) -> bool {
    ALPHANUMERIC[usize::from(byte)]
}

/// A text with one form for each letter. Latin, Cyrillic and most other texts are their own form.
#[derive(Clone, Debug)]
pub struct Unified<'t> {
    original: &'t str,
    text: Cow<'t, str>,
    /// For each byte of `text`, the character of the original that it came from, with the marks behind it; empty
    /// when the text is its own form.
    places: Vec<(usize, usize)>,
}

impl<'t> Unified<'t> {
    /// Brings a text into the one form. Linear.
    pub fn new(original: &'t str) -> Self {
        if original.is_ascii() || original.chars().all(|c| !is_variant(c)) {
            return Self { original, text: Cow::Borrowed(original), places: Vec::new() };
        }
        let mut text = String::with_capacity(original.len());
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(original.len());
        for (at, c) in original.char_indices() {
            let end = at + c.len_utf8();
            if is_vowel_mark(c) {
                // A mark belongs to the letter before it.
                if let Some((_, last)) = places.last().copied().filter(|(_, last)| *last == at) {
                    for (_, behind) in places.iter_mut().rev().take_while(|(_, one)| *one == last) {
                        *behind = end;
                    }
                }
                continue;
            }
            let from = text.len();
            push(&mut text, c);
            places.resize(places.len() + text.len() - from, (at, end));
        }
        Self { original, text: Cow::Owned(text), places }
    }

    /// Borrows the text in the one form.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the place in the original of a range of [`Self::text`], on borders of characters.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        if self.places.is_empty() || range.is_empty() {
            return range;
        }
        let start = self.places.get(range.start).map_or(self.original.len(), |place| place.0);
        let end = self.places.get(range.end - 1).map_or(self.original.len(), |place| place.1);
        start..end
    }

    /// Returns what the original has between the character before `at` and the one behind it; mostly nothing.
    pub(crate) fn hidden(&self, at: usize) -> &'t str {
        let behind = self.places.get(at).map_or(self.original.len(), |place| place.0);
        let before = at.checked_sub(1).and_then(|at| self.places.get(at)).map(|place| place.1);
        before.and_then(|before| self.original.get(before..behind)).unwrap_or_default()
    }

    /// Borrows the part of the original that a range stands for.
    pub(crate) fn slice(&self, range: Range<usize>) -> &'t str {
        self.original.get(self.original(range)).unwrap_or_default()
    }
}

/// Returns the one form of a name or word.
pub fn unify(text: &str) -> Cow<'_, str> {
    Unified::new(text).text
}

/// Whether the one form of a character is not the character.
fn is_variant(c: char) -> bool {
    is_vowel_mark(c) || is_presentation(c) || one_form(c) != Some(c)
}

fn push(text: &mut String, c: char) {
    if is_presentation(c) {
        let letters = std::iter::once(c).nfkd().filter(|c| !is_vowel_mark(*c));
        text.extend(letters.filter_map(one_form));
    } else {
        text.extend(one_form(c));
    }
}

/// Letters in the shape that they have at a place in the word, as old programs wrote them.
fn is_presentation(c: char) -> bool {
    matches!(c, '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Vowel signs of Arabic and Hebrew, which may be left out.
pub(crate) fn is_vowel_mark(c: char) -> bool {
    matches!(c,
        '\u{0591}'..='\u{05bd}' | '\u{05bf}' | '\u{05c1}' | '\u{05c2}' | '\u{05c4}' | '\u{05c5}' | '\u{05c7}'
        | '\u{0610}'..='\u{061a}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06dc}'
        | '\u{06df}'..='\u{06e4}' | '\u{06e7}' | '\u{06e8}' | '\u{06ea}'..='\u{06ed}')
}

/// Returns the form of a letter or digit that stands for all its forms; none for characters that nobody sees.
pub(crate) fn one_form(c: char) -> Option<char> {
    Some(match c {
        // Joiners, soft hyphen, the long stroke of Arabic, marks of direction.
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{00ad}'
        | '\u{061c}'
        | '\u{0640}'
        | '\u{feff}' => return None,
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ؤ' => 'و',
        'ي' | 'ى' | 'ئ' => 'ی',
        'ك' => 'ک',
        'ة' | 'ۀ' | 'ە' | 'ہ' | 'ۂ' | 'ھ' => 'ه',
        '\u{0660}'..='\u{0669}' => digit(c, '\u{0660}'),
        '\u{06f0}'..='\u{06f9}' => digit(c, '\u{06f0}'),
        other => other,
    })
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_have_one_form() {
        for (a, b) in [
            ("إيران", "ایران"),
            ("مُحَمَّد", "محمد"),
            ("غزة", "غزه"),
            ("طهـــران", "طهران"),
            ("رئیس", "رییس"),
            ("كيهان", "کیهان"),
            ("مسئول", "مسیول"),
            ("۱۴۰۳", "١٤٠٣"),
            ("می\u{200c}رود", "میرود"),
            ("\u{200f}تهران\u{200e}", "تهران"),
            ("ﻃﻬﺮﺍﻥ", "طهران"),
            ("שָׁלוֹם", "שלום"),
        ] {
            assert_eq!(unify(a), unify(b), "{a} / {b}");
        }
        for same in ["São Paulo", "Москва", "北京", "ไทย", "क्या", "plain"] {
            assert!(matches!(unify(same), Cow::Borrowed(text) if text == same));
        }
        assert_ne!(unify("علم"), unify("عالم"));
    }

    #[test]
    fn ranges_lead_back_with_the_marks_of_the_last_letter() {
        let text = "قال مُحَمَّدٌ ذلك";
        let unified = Unified::new(text);
        let at = unified.text().find("محمد").unwrap();
        assert_eq!(&text[unified.original(at..at + "محمد".len())], "مُحَمَّدٌ");
        let text = "ایران\u{200c}ها";
        let unified = Unified::new(text);
        assert_eq!(&text[unified.original(0.."ایران".len())], "ایران");
        assert_eq!(unified.hidden("ایران".len()), "\u{200c}");
    }

    proptest! {
        #[test]
        fn every_range_lies_on_borders_of_characters(text in "(\\PC|[ا-ی\u{64b}-\u{655}\u{200c}\u{200f}ﻃﷲ a]){0,40}") {
            let unified = Unified::new(&text);
            let borders: Vec<usize> = unified.text().char_indices().map(|(at, _)| at).chain([unified.text().len()]).collect();
            for pair in borders.windows(2) {
                prop_assert!(text.get(unified.original(pair[0]..pair[1])).is_some_and(|part| !part.is_empty()));
                prop_assert!(text.is_char_boundary(unified.original(0..pair[1]).end));
            }
            prop_assert_eq!(unify(unified.text()), unified.text());
        }
    }
}
