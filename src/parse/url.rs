//! Which addresses may stand in a page, and addresses in running text.

use std::borrow::Cow;
use std::fmt::Write;
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

/// Encodes the characters that a URL may not hold at their place (URL Standard, "URL code points").
///
/// Brackets may stand in a host only, `#` once, and `%` before two hexadecimal digits.
pub(super) fn encode(target: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() || " \\\"<>`{}|^[]#%".contains(c);
    let target = target.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if !target.contains(bad) {
        return target.into();
    }
    let host = target.find("://").map_or(0, |at| at + 3);
    let host_end = target[host..].find(['/', '?', '#']).map_or(target.len(), |at| host + at);
    let path = if host == 0 { 0 } else { host_end };
    let fragment = target.find('#');
    let mut out = String::with_capacity(target.len() + 16);
    for (at, c) in target.char_indices() {
        let encoded = match c {
            ' ' | '\\' | '"' | '<' | '>' | '`' | '{' | '}' | '|' | '^' => true,
            '[' | ']' => at >= path,
            '#' => fragment != Some(at),
            '%' => !is_encoded(target, at),
            c if c.is_control() => continue,
            _ => false,
        };
        if encoded {
            // All of these are ASCII; writing to a string cannot fail.
            let _ = write!(out, "%{:02X}", c as u32);
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// Whether two hexadecimal digits stand behind the `%` at `at`.
fn is_encoded(target: &str, at: usize) -> bool {
    let digits = target.as_bytes().get(at + 1..at + 3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_valid_afterwards_and_keep_their_meaning() {
        for (target, expected) in [
            ("https://a.example/x y", "https://a.example/x%20y"),
            ("https://a.example/?c=##r", "https://a.example/?c=#%23r"),
            ("https://a.example/?q=a[1]|{b}", "https://a.example/?q=a%5B1%5D%7C%7Bb%7D"),
            ("http://[::1]/", "http://[::1]/"),
            ("a%20b%zz", "a%20b%25zz"),
            ("../é.md#s1", "../é.md#s1"),
        ] {
            assert_eq!(encode(target), expected);
        }
    }
}
