//! Which addresses may stand in a page, and addresses in running text.

use std::borrow::Cow;
use std::ops::Range;

/// Schemes that cannot run code.
const SAFE_SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "ftp"];

/// Returns whether an address is relative or has a safe scheme.
///
/// Browsers pass over spaces and control characters in front of and inside a
/// scheme, so they do not count here either.
pub(super) fn is_safe(target: &str) -> bool {
    let mut scheme = String::new();
    for c in target.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
        match c {
            ':' => return SAFE_SCHEMES.contains(&scheme.as_str()),
            '/' | '?' | '#' => return true,
            other => scheme.push(other.to_ascii_lowercase()),
        }
    }
    true
}

/// Encodes the characters that an attribute's URL may not hold.
pub(super) fn encode(target: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() || matches!(c, ' ' | '\\');
    let target = target.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if !target.contains(bad) {
        return target.into();
    }
    let mut out = String::with_capacity(target.len() + 8);
    for c in target.chars() {
        match c {
            ' ' => out.push_str("%20"),
            '\\' => out.push_str("%5C"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.into()
}

/// Returns the places of `http` and `https` addresses in running text.
pub(super) fn bare(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + memchr::memmem::find(&text.as_bytes()[from..], b"http")?;
            from = at + 4;
            if text[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
                continue;
            }
            if let Some(end) = end_of(text, at) {
                from = end;
                return Some(at..end);
            }
        }
    })
}

/// The end of the address that starts at `at`, without punctuation that belongs to the sentence.
fn end_of(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let host = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://"))?;
    if !host.starts_with(char::is_alphanumeric) {
        return None;
    }
    let stop = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '”' | '“' | '»' | '«')
    };
    let mut url = &rest[..rest.find(stop).unwrap_or(rest.len())];
    loop {
        let shorter = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', '*', '_']);
        let open = shorter.ends_with(')') && !shorter.contains('(')
            || shorter.ends_with(']') && !shorter.contains('[');
        let shorter = if open { &shorter[..shorter.len() - 1] } else { shorter };
        if shorter.len() == url.len() {
            return Some(at + url.len());
        }
        url = shorter;
    }
}

/// Returns the address if the line is nothing but an `http` or `https` address.
pub(super) fn only(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches('<').trim_end_matches('>');
    let host = line.strip_prefix("https://").or_else(|| line.strip_prefix("http://"))?;
    let plain = !line.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'));
    (plain && host.starts_with(char::is_alphanumeric)).then_some(line)
}
