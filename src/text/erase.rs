//! Names taken out of texts.
//!
//! In: names, and any text. Out: the text with something else in the place of each of them. Names are compared as
//! [`fold`](super::fold) compares them, so case, accents, punctuation between words and forms of letters do not count; and
//! as whole words, so that a short name does not take a part of a longer one away. In scripts without spaces there are no such words, and a name is
//! found wherever it stands. It is better to take away too much than too little.
//!
//! **Invariant:** what is left holds none of the names. Cost: linear in the text.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::letters::one_form;
use super::{SlugMode, fold, slugify};

/// Fewest letters of a name of several words that is looked for without the spaces between them too, as in `@janedoe`.
const JOINED: usize = 6;

/// Takes names out of texts.
#[derive(Clone, Default)]
pub struct Eraser {
    /// The names, folded, sorted.
    keys: Vec<String>,
    /// What stands in their place in texts.
    marker: String,
    /// What stands in their place in addresses.
    slug: String,
    finder: Option<Arc<AhoCorasick>>,
}

impl Eraser {
    /// Returns what takes `names` away and puts `marker` into their place. A marker that holds a name is not used.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>, marker: &str, mode: SlugMode) -> Self {
        let mut keys: Vec<String> = Vec::new();
        let mut patterns: Vec<String> = Vec::new();
        for name in names {
            keys.push(fold(name));
            // As it stands in addresses, which may have other letters.
            patterns.extend([fold(name), fold(&slugify(name, SlugMode::Ascii))]);
        }
        keys.sort();
        keys.dedup();
        keys.retain(|key| !key.is_empty());
        let joined = patterns.iter().filter(|key| key.contains(' '));
        let joined = joined.map(|key| key.replace(' ', ""));
        let joined: Vec<String> = joined.filter(|key| key.chars().count() >= JOINED).collect();
        patterns.extend(joined);
        patterns.retain(|key| key.chars().nth(1).is_some());
        patterns.sort();
        patterns.dedup();
        // Too many names for a table are no reason to publish them; there is no such bound in practice.
        let finder = AhoCorasick::new(&patterns).ok().filter(|_| !keys.is_empty());
        let mut eraser =
            Self { keys, finder: finder.map(Arc::new), marker: String::new(), slug: String::new() };
        for marker in [marker, "…"] {
            if !eraser.holds(marker) {
                marker.clone_into(&mut eraser.marker);
                break;
            }
        }
        let slug = slugify(marker, mode);
        for slug in [slug.as_str(), "removed", "x"] {
            if !eraser.holds(slug) {
                slug.clone_into(&mut eraser.slug);
                break;
            }
        }
        eraser
    }

    /// Returns whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns what stands in the place of names.
    pub fn marker(&self) -> &str {
        &self.marker
    }

    /// Returns where names stand, in order; the ranges do not overlap.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        let Some(finder) = &self.finder else { return Vec::new() };
        let (folded, places) = unfold(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for one in finder.find_overlapping_iter(&folded) {
            let range = places[one.start()].0..places[one.end() - 1].1;
            if is_word(text, &range) {
                found.push(range);
            }
        }
        found.sort_by_key(|range| (range.start, range.end));
        let mut whole: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match whole.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => whole.push(range),
            }
        }
        whole
    }

    /// Returns whether a text holds a name.
    pub fn holds(&self, text: &str) -> bool {
        !self.find(text).is_empty()
    }

    /// Returns whether an address holds a name, encoded or not.
    pub fn holds_address(&self, address: &str) -> bool {
        !self.is_empty() && (self.holds(address) || self.holds(&decoded(address)))
    }

    /// Returns whether a text is a name and nothing else.
    pub fn is_name(&self, text: &str) -> bool {
        !self.is_empty() && self.keys.binary_search(&fold(text)).is_ok()
    }

    /// Returns the text without the names.
    pub fn erase<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replace(text, &self.marker)
    }

    /// Returns a part of an address without the names.
    pub fn erase_slug<'t>(&self, slug: &'t str) -> Cow<'t, str> {
        self.replace(slug, &self.slug)
    }

    fn replace<'t>(&self, text: &'t str, by: &str) -> Cow<'t, str> {
        let found = self.find(text);
        if found.is_empty() {
            return text.into();
        }
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for range in found {
            out.push_str(&text[at..range.start]);
            out.push_str(by);
            at = range.end;
        }
        out.push_str(&text[at..]);
        out.into()
    }
}

impl fmt::Debug for Eraser {
    /// The names and what stands for them: the table follows from these.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Eraser").field(&self.keys).field(&self.marker).field(&self.slug).finish()
    }
}

impl PartialEq for Eraser {
    fn eq(&self, other: &Self) -> bool {
        (&self.keys, &self.marker, &self.slug) == (&other.keys, &other.marker, &other.slug)
    }
}

/// Returns a text as names are compared, and for each byte of it the character that it came from, with the marks behind it.
fn unfold(text: &str) -> (String, Vec<(usize, usize)>) {
    let mut folded = String::with_capacity(text.len());
    let mut places: Vec<(usize, usize)> = Vec::with_capacity(text.len());
    let mut gap = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        for c in std::iter::once(c).nfkd() {
            if is_combining_mark(c) {
                for (_, last) in places.iter_mut().rev().take_while(|place| place.1 == at) {
                    *last = end;
                }
                continue;
            }
            let Some(c) = one_form(c) else { continue };
            if c.is_alphanumeric() {
                if let Some(gap) = gap.take().filter(|_| !folded.is_empty()) {
                    folded.push(' ');
                    places.push(gap);
                }
                let from = folded.len();
                folded.extend(c.to_lowercase());
                places.resize(places.len() + folded.len() - from, (at, end));
            } else if !matches!(c, '.' | '\'' | '’' | 'ʼ' | '`') {
                gap = Some((at, end));
            }
        }
    }
    (folded, places)
}

/// Returns whether a range begins and ends where words do.
fn is_word(text: &str, range: &Range<usize>) -> bool {
    let is_letter = |c: &char| !is_combining_mark(*c);
    let inside = &text[range.clone()];
    let parts = |before: Option<char>, after: Option<char>| match (before, after) {
        (Some(before), Some(after)) => {
            !before.is_alphanumeric()
                || !after.is_alphanumeric()
                || is_unspaced(before)
                || is_unspaced(after)
        }
        _ => true,
    };
    parts(text[..range.start].chars().rev().find(is_letter), inside.chars().find(is_letter))
        && parts(inside.chars().rev().find(is_letter), text[range.end..].chars().find(is_letter))
}

/// Whether a character is of a script that has no spaces between words.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{0f00}'..='\u{0fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{323af}')
}

/// Undoes percent-encoding, once; bytes that are no UTF-8 then are replaced.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eraser(names: &[&str]) -> Eraser {
        Eraser::new(names.iter().copied(), "[name removed]", SlugMode::Ascii)
    }

    #[test]
    fn names_are_taken_away_however_they_are_written() {
        for (name, text, expected) in [
            ("Jane Doe", "Then Jane Doe’s lawyer spoke.", "Then [name removed]’s lawyer spoke."),
            ("Jane Doe", "JANE\nDOE", "[name removed]"),
            ("Jane Doe", "jane-doe, @JaneDoe", "[name removed], @[name removed]"),
            (
                "José Martí",
                "Jose\u{301} Marti\u{301}, JOSE MARTI",
                "[name removed], [name removed]",
            ),
            ("Doe", "Doering, Doe2, Fordoe and Doe.", "Doering, Doe2, Fordoe and [name removed]."),
            ("Alice Roe", "d’Alice Roe", "d’[name removed]"),
            ("O’Neill", "O'Neill and oneill", "[name removed] and [name removed]"),
            ("王小明", "昨天王小明说", "昨天[name removed]说"),
            ("علي رضا", "قال علی رضا ذلك", "قال [name removed] ذلك"),
            ("Jan Große", "JAN GROSSE, Jan Große", "[name removed], [name removed]"),
            ("Jane Doe", "Mary Jane does not", "Mary Jane does not"),
        ] {
            assert_eq!(eraser(&[name]).erase(text), expected, "{name}");
        }
    }

    #[test]
    fn addresses_are_read_as_browsers_read_them() {
        let eraser = eraser(&["Jane Döe"]);
        assert!(eraser.holds_address("https://example.org/jane-d%C3%B6e/"));
        assert!(eraser.holds_address("mailto:jane.doe@example.org"));
        assert!(!eraser.holds_address("https://example.org/%zz%"));
        assert_eq!(eraser.erase_slug("jane-doe-resigns"), "name-removed-resigns");
        assert!(eraser.is_name("JANE DOE") && !eraser.is_name("Jane Doe Jr"));
    }

    #[test]
    fn a_marker_that_is_a_name_is_not_put_into_its_place() {
        let eraser = eraser(&["name", "removed"]);
        assert_eq!(eraser.erase("The name."), "The ….");
        assert!(!eraser.holds(&eraser.erase_slug("name")));
    }

    proptest! {
        #[test]
        fn what_is_left_holds_no_name(
            names in prop::collection::vec("[a-cA-Cé .'-]{1,6}|[ا-ج]{2,4}|[一-三]{2}", 1..4),
            text in "([a-cA-Cé .'\n_-]|[ا-ج]|[一-三]|\u{301}|\u{200c}|ﬁ){0,40}",
        ) {
            let eraser = Eraser::new(names.iter().map(String::as_str), "[x]", SlugMode::Ascii);
            for text in [eraser.erase(&text), eraser.erase_slug(&text)] {
                prop_assert!(!eraser.holds(&text), "{names:?}: {text:?}");
            }
        }
    }
}
