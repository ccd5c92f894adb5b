//! An address as it is asked, kept and printed: without fragment, name and password.

use std::fmt;
use std::ops::Range;

use url::{Host, Url};

/// Longest address that is asked; longer ones are no use to anybody and a burden to servers.
const MAX_LENGTH: usize = 4096;

/// Names of query parameters whose values let in whoever has them.
const SECRET_NAMES: [&str; 18] = [
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "authorization",
    "awsaccesskeyid",
    "client_secret",
    "key",
    "pass",
    "passwd",
    "password",
    "pwd",
    "secret",
    "session",
    "sig",
    "signature",
    "token",
    "x-amz-signature",
];

/// The address of a page elsewhere: `http` or `https`, without fragment, name and password.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(Url);

impl Address {
    /// Reads an address as it stands in an article; none when it is not one of the web.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > MAX_LENGTH {
            return None;
        }
        // Without a scheme it is that of the page; nowadays all have this one.
        let parsed = match text.strip_prefix("//") {
            Some(rest) => Url::parse(&format!("https://{rest}")),
            None => Url::parse(text),
        };
        Self::of(parsed.ok()?)
    }

    /// Takes an address of the web, and drops what is not sent.
    pub(super) fn of(mut url: Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") || url.as_str().len() > MAX_LENGTH {
            return None;
        }
        url.host()?;
        url.set_fragment(None);
        // These fail only for addresses without a host.
        url.set_username("").ok()?;
        url.set_password(None).ok()?;
        Some(Self(url))
    }

    /// Returns where a redirect leads: none for what is not of the web.
    pub(super) fn join(&self, target: &str) -> Option<Self> {
        Self::of(self.0.join(target).ok()?)
    }

    /// Returns the whole address, secrets included: for servers only.
    pub(super) fn url(&self) -> &Url {
        &self.0
    }

    /// Returns the host, in lower case.
    pub(super) fn host(&self) -> Host<&str> {
        self.0.host().unwrap_or(Host::Domain(""))
    }

    /// Returns the host by which requests take turns. A name with a dot at its end is the same one.
    pub(super) fn host_name(&self) -> String {
        self.host().to_string().trim_end_matches('.').to_owned()
    }

    /// Returns scheme, host and port: what a `robots.txt` is about.
    pub(super) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Returns whether the connection is to be encrypted.
    pub fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Returns whether the query holds something that must not be kept in a file that others read.
    pub fn has_secret(&self) -> bool {
        !secrets(self.0.as_str()).is_empty()
    }
}

impl fmt::Display for Address {
    /// Writes the address as it may be printed: values that look like secrets are masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(self.0.as_str()))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// Returns `text` with `*` in place of each byte of a name and password in an address, and of values of query
/// parameters that look like secrets. The length stays, so that marks in excerpts do too.
pub fn mask(text: &str) -> String {
    let mut ranges = credentials(text);
    ranges.extend(secrets(text));
    ranges.sort_by_key(|range| range.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        if range.end <= at {
            continue;
        }
        let start = range.start.max(at);
        out.push_str(&text[at..start]);
        out.extend(std::iter::repeat_n('*', range.end - start));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// Returns the places of names and passwords in front of hosts.
///
/// Looks at each byte a few times only: the text may be one long line that somebody made for us.
fn credentials(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for part in text.split_inclusive(|c| is_end(c) || "/\\?#".contains(c)) {
        if let Some(sign) = part.rfind('@').filter(|sign| *sign > 0) {
            let first = host_start(&text[..start], part).filter(|first| *first < sign);
            out.extend(first.map(|first| start + first..start + sign));
        }
        start += part.len();
    }
    out
}

/// Returns where in `part` a host may begin, if there is one: behind two slashes, or behind the scheme of a web
/// address with any number of slashes and backslashes, as browsers take them.
fn host_start(before: &str, part: &str) -> Option<usize> {
    let is_slash = |c| matches!(c, '/' | '\\');
    let scheme = before.strip_suffix(is_slash);
    if scheme.is_some_and(|rest| rest.ends_with(is_slash) || ends_with_scheme(rest)) {
        return Some(0);
    }
    let colons = part.match_indices(':').map(|(at, colon)| at + colon.len());
    colons.into_iter().find(|at| ends_with_scheme(&part[..*at]))
}

fn ends_with_scheme(text: &str) -> bool {
    let ends = |scheme: &&str| {
        let start = text.len().checked_sub(scheme.len());
        start.and_then(|at| text.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(scheme))
    };
    ["http:", "https:", "ftp:"].iter().any(ends)
}

/// Returns the places of values of query parameters that look like secrets.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices(['?', '&', ';']) {
        if out.last().is_some_and(|last| at < last.end) {
            continue;
        }
        let name_end = end_of(text, at + 1, "=?&;#");
        if text[name_end..].starts_with('=') {
            let name = text[at + 1..name_end].to_ascii_lowercase();
            if SECRET_NAMES.contains(&name.as_str()) {
                let end = end_of(text, name_end + 1, "&;#");
                out.extend((end > name_end + 1).then_some(name_end + 1..end));
            }
        }
    }
    out
}

/// Returns where a part of an address ends, in running text.
fn end_of(text: &str, start: usize, stops: &str) -> usize {
    let stop = text[start..].find(|c| is_end(c) || stops.contains(c));
    stop.map_or(text.len(), |at| start + at)
}

/// Whether a character ends an address in running text.
fn is_end(c: char) -> bool {
    c.is_whitespace() || "<>\"'`()".contains(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_asked_has_neither_fragment_nor_password() {
        for (text, expected) in [
            ("https://Ann:s3cret@Example.org/a?b#c", Some("https://example.org/a?b")),
            ("//example.org/x", Some("https://example.org/x")),
            ("http://2130706433/", Some("http://127.0.0.1/")),
            (" http://example.org ", Some("http://example.org/")),
            ("https:ann:pw@example.org", Some("https://example.org/")),
            ("mailto:ann@example.org", None),
            ("ftp://example.org/", None),
            ("articles/a.md", None),
            ("https://", None),
        ] {
            let address = Address::parse(text);
            assert_eq!(address.as_ref().map(|one| one.url().as_str()), expected, "{text}");
        }
        assert!(Address::parse(&format!("https://a.example/{}", "x".repeat(5000))).is_none());
    }

    #[test]
    fn secrets_are_masked_at_their_places() {
        for (text, expected) in [
            ("see <https://ann:pw@a.example/x> now", "see <https://******@a.example/x> now"),
            ("[a](http:\\\\ann@a.example)", "[a](http:\\\\***@a.example)"),
            ("HTTPS:u:é@a.example", "HTTPS:****@a.example"),
            (
                "//u:p@a.example and https://b.example/@c",
                "//***@a.example and https://b.example/@c",
            ),
            ("https://a.example/?q=1&token=abc#x", "https://a.example/?q=1&token=***#x"),
            ("https://a.example/?API_KEY=k&keyword=x", "https://a.example/?API_KEY=*&keyword=x"),
            ("https://u:p@w@a.example", "https://*****@a.example"),
            ("see http:ann:http:x@a.example", "see http:**********@a.example"),
            ("?key=a?key=b&c", "?key=*******&c"),
            ("https://a.example/@ann/b@c", "https://a.example/@ann/b@c"),
            ("write to ann@a.example: 1/2", "write to ann@a.example: 1/2"),
        ] {
            assert_eq!(mask(text), expected);
            assert_eq!(mask(text).len(), text.len());
        }
    }

    proptest! {
        #[test]
        fn masks_keep_the_length_and_all_else(text in "([a-zé@:/?&=#;\\\\ ]|https:|//|token=|key=){0,40}") {
            let masked = mask(&text);
            prop_assert_eq!(masked.len(), text.len());
            let is_kept = |(new, old): (u8, u8)| new == old || new == b'*';
            prop_assert!(masked.bytes().zip(text.bytes()).all(is_kept));
        }
    }

    #[test]
    fn a_long_line_does_not_take_long() {
        for part in ["http:", "/", "?", "?key=", "@", "//a@", "&", "http:a@"] {
            assert_eq!(mask(&part.repeat(200_000)).len(), part.len() * 200_000);
        }
    }

    #[test]
    fn an_address_prints_without_its_secrets() {
        let address = Address::parse("https://a.example/?sig=abc").unwrap();
        assert!(address.has_secret());
        assert_eq!(
            format!("{address} {address:?}"),
            "https://a.example/?sig=*** Address(https://a.example/?sig=***)"
        );
        assert!(!Address::parse("https://a.example/?q=sig").unwrap().has_secret());
    }
}
