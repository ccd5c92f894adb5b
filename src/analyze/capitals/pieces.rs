//! Words of a sentence in a language other than English.

use unicode_normalization::char::is_combining_mark;

use crate::text::TextRange;

/// A word of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    /// The word, without an ending behind an apostrophe.
    pub(super) word: &'t str,
    /// Offset of its first byte in the text.
    pub(super) start: usize,
    /// What stands behind an apostrophe, as in `Ankara'da`.
    pub(super) ending: &'t str,
    /// Whether only white space, or an apostrophe, parts it from the word before.
    pub(super) joined: bool,
    /// Whether it begins a sentence, or what is in quotation marks or brackets.
    pub(super) first: bool,
}

impl Piece<'_> {
    /// Returns the offset behind its last byte.
    pub(super) fn end(&self) -> usize {
        self.start + self.word.len()
    }

    /// Whether it is written with a capital.
    pub(super) fn is_capital(&self) -> bool {
        self.word.starts_with(char::is_uppercase)
    }
}

/// Letters before an apostrophe that are a word of their own in French, Italian and Catalan.
const ELIDED: &[&str] = &[
    "c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "all",
    "dall", "dell", "nell", "sull", "un", "quest", "com", "dov", "presqu", "aujourd",
];

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Returns the words of a sentence in order.
pub(super) fn pieces<'t>(text: &'t str, sentence: TextRange, language: &str) -> Vec<Piece<'t>> {
    let part = sentence.slice(text);
    let base = sentence.range().start;
    let mut found: Vec<Piece<'t>> = Vec::new();
    let mut behind = 0;
    while let Some(start) = part[behind..].find(char::is_alphanumeric).map(|at| behind + at) {
        let gap = &part[behind..start];
        let length = part[start..].find(|c: char| !is_inner(c)).unwrap_or(part.len() - start);
        let whole =
            part[start..start + length].trim_end_matches(|c: char| is_apostrophe(c) || is_dash(c));
        let elided = elided(whole, language);
        let word = &whole[elided..];
        let (word, ending) = if elided > 0 { (word, "") } else { without_ending(word, language) };
        if elided > 0 {
            let article = whole[..elided].trim_end_matches(is_apostrophe);
            found.push(piece(article, base + start, "", gap, found.is_empty()));
        }
        let gap = if elided > 0 { "'" } else { gap };
        found.push(piece(word, base + start + elided, ending, gap, found.is_empty()));
        behind = start + whole.len();
    }
    found
}

fn piece<'t>(word: &'t str, start: usize, ending: &'t str, gap: &str, opens: bool) -> Piece<'t> {
    let joined = !opens && (gap == "'" || gap.chars().all(char::is_whitespace));
    let first = opens
        || gap.contains([':', '«', '“', '„', '"', '(', '¿', '¡', '•', '—', '–'])
        || gap.contains(['.', '!', '?', '…']);
    Piece { word, start, ending, joined, first }
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c) || is_dash(c)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '‑')
}

/// Returns the length of an article or preposition that an apostrophe joins to the word behind it.
fn elided(word: &str, language: &str) -> usize {
    if !matches!(language, "fr" | "it" | "ca") {
        return 0;
    }
    let Some(at) = word.find(is_apostrophe) else { return 0 };
    let behind = word[at..].trim_start_matches(is_apostrophe);
    let known = ELIDED.contains(&word[..at].to_lowercase().as_str());
    if known && !behind.is_empty() { word.len() - behind.len() } else { 0 }
}

/// Parts a word from what an apostrophe joins to it, as Turkish does with names.
fn without_ending<'t>(word: &'t str, language: &str) -> (&'t str, &'t str) {
    let lower = |rest: &str| rest.chars().all(char::is_lowercase);
    let parted = word.char_indices().rfind(|(_, c)| is_apostrophe(*c));
    match parted {
        Some((at, c)) => {
            let ending = &word[at + c.len_utf8()..];
            let cut = language == "tr" || matches!(ending, "s" | "as" | "a" | "em" | "u");
            if cut && at > 0 && lower(ending) { (&word[..at], ending) } else { (word, "") }
        }
        None => (word, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, language: &str) -> Vec<String> {
        let found = pieces(text, TextRange::of(0..text.len()), language);
        found.iter().map(|piece| piece.word.to_owned()).collect()
    }

    #[test]
    fn apostrophes_part_words_where_a_language_does_so() {
        assert_eq!(split("L’Oréal, l'île d'Yeu", "fr"), ["L", "Oréal", "l", "île", "d", "Yeu"]);
        assert_eq!(split("Ankara'da O'Neill", "tr"), ["Ankara", "O'Neill"]);
        assert_eq!(split("Прем'єр-міністр Дем'янюк", "uk"), ["Прем'єр-міністр", "Дем'янюк"]);
    }
}
