//! Slugs: the last part of a page's URL.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// How a name becomes a slug.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SlugMode {
    /// Everything is transliterated to `a-z`, `0-9` and `-`.
    #[default]
    Ascii,
    /// Letters and digits of every script stay.
    Unicode,
}

/// The longest slug, in bytes: file systems allow 255, and `.json` and the like must fit.
const MAX_BYTES: usize = 96;

/// Returns the slug of `name`: lower case, words joined by `-`, at most 96 bytes, cut between words.
///
/// The slug is never empty and never a name that an operating system reserves:
/// a name without a letter or digit becomes `x-` and its fingerprint.
///
/// # Examples
/// ```
/// use pressmark::text::{slugify, SlugMode};
/// assert_eq!(slugify("Côte d'Ivoire", SlugMode::Ascii), "cote-d-ivoire");
/// assert_eq!(slugify("تهران", SlugMode::Unicode), "تهران");
/// ```
pub fn slugify(name: &str, mode: SlugMode) -> String {
    if is_plain_slug(name) {
        return name.to_owned();
    }
    if name.bytes().all(|byte| (byte.is_ascii_graphic() || byte == b' ') && byte != b'.') {
        return finished(name, &joined(name));
    }
    let plain = match mode {
        SlugMode::Ascii => deunicode::deunicode_with_tofu(name, " "),
        SlugMode::Unicode => name.nfkc().collect(),
    };
    let mut slug = String::with_capacity(plain.len());
    for c in plain.chars() {
        let letter = c.is_alphanumeric() || (mode == SlugMode::Unicode && is_joined(c));
        if letter {
            slug.extend(c.to_lowercase());
        } else if c == '.' && slug.chars().next_back().is_some_and(char::is_alphanumeric) {
            // `U.S.` is one word and `example.org` two; a dot alone parts nothing.
            slug.push('.');
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    finished(name, &join_initials(&slug))
}

/// Returns the words of a name in ASCII without dots, in lower case and joined by `-`.
fn joined(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            slug.push(char::from(byte.to_ascii_lowercase()));
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug
}

/// Returns a slug that can be used, of a name's letters and digits.
fn finished(name: &str, slug: &str) -> String {
    let slug = cut(slug.trim_matches('-'));
    if slug.is_empty() || is_reserved(slug) {
        let print = crate::ids::Fingerprint::of(name.as_bytes()).to_string();
        let stem = if slug.is_empty() { "x" } else { slug };
        return format!("{stem}-{}", &print[..8]);
    }
    slug.to_owned()
}

/// Whether a name is a slug already, as the names of most files are.
fn is_plain_slug(name: &str) -> bool {
    let bytes = name.as_bytes();
    let fits = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-';
    !bytes.is_empty()
        && bytes.len() <= MAX_BYTES
        && bytes.iter().all(fits)
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
        && !is_reserved(name)
}

/// Marks that live inside words: combining marks and the joiners that Persian and Indic scripts need.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}') || unicode_normalization::char::is_combining_mark(c)
}

/// Drops the dots of initials (`u.s.` is `us`) and turns all others into `-`.
fn join_initials(slug: &str) -> String {
    let mut out = String::with_capacity(slug.len());
    for (n, word) in slug.split('-').enumerate() {
        if n > 0 {
            out.push('-');
        }
        let mut parts = word.split('.').filter(|part| !part.is_empty()).peekable();
        let initials = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 1);
        while let Some(part) = parts.next() {
            out.push_str(part);
            if !initials && parts.peek().is_some() {
                out.push('-');
            }
        }
    }
    let mut squeezed = String::with_capacity(out.len());
    for c in out.chars() {
        if c != '-' || !squeezed.ends_with('-') {
            squeezed.push(c);
        }
    }
    squeezed
}

/// Cuts at the last word that fits, or inside a word that is too long by itself.
fn cut(slug: &str) -> &str {
    if slug.len() <= MAX_BYTES {
        return slug;
    }
    let mut end = MAX_BYTES;
    while !slug.is_char_boundary(end) {
        end -= 1;
    }
    // One byte further than fits: a `-` there ends a word that fits whole.
    match slug.get(..=end).unwrap_or(&slug[..end]).rfind('-') {
        Some(at) if at > MAX_BYTES / 2 => &slug[..at],
        _ => slug[..end].trim_end_matches('-'),
    }
}

/// Names that Windows reserves for devices, in every folder.
pub(crate) fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_become_readable_slugs() {
        for (name, ascii) in [
            ("Ali Bagheri Kani", "ali-bagheri-kani"),
            ("U.S.", "us"),
            ("U.S. Department of State", "us-department-of-state"),
            ("example.org", "example-org"),
            ("Al-Aqsa Storm", "al-aqsa-storm"),
            ("  --Hello!!  ", "hello"),
            ("Москва", "moskva"),
            ("AT&T", "at-t"),
        ] {
            assert_eq!(slugify(name, SlugMode::Ascii), ascii);
        }
        assert!(slugify("con", SlugMode::Ascii).starts_with("con-"));
        assert_eq!(slugify("Řím", SlugMode::Unicode), "řím");
        assert!(slugify("!!!", SlugMode::Ascii).starts_with("x-"));
        assert_eq!(slugify(&"я".repeat(60), SlugMode::Unicode), "я".repeat(48));
    }

    proptest! {
        #[test]
        fn a_slug_is_its_own_slug(name in "[a-z0-9-]{0,110}", mode in prop::sample::select(vec![SlugMode::Ascii, SlugMode::Unicode])) {
            let slug = slugify(&name, mode);
            prop_assert_eq!(slugify(&slug, mode), slug.clone());
            // The short way and the long way agree.
            let long = slugify(&format!("{name} "), mode);
            prop_assert!(slug == long || is_reserved(&name) || name.trim_matches('-').is_empty());
        }

        #[test]
        fn slugs_are_always_usable_as_a_folder_name(name in "\\PC{0,200}", unicode in any::<bool>()) {
            let mode = if unicode { SlugMode::Unicode } else { SlugMode::Ascii };
            let slug = slugify(&name, mode);
            prop_assert!(!slug.is_empty() && slug.len() <= MAX_BYTES + 16);
            prop_assert!(!slug.starts_with('-') && !slug.starts_with('.') && !slug.contains(['/', '\\', '\0', ':']));
            if mode == SlugMode::Ascii {
                prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{}", slug);
            }
        }
    }
}
