//! Where outputs are, and how pages point at each other.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

use crate::config::BaseUrl;
use crate::files::SitePath;

/// Stands before every address inside the site until the page that holds it is written.
///
/// A page may stand at any depth, and most of what it shows is shared with pages
/// at other depths; so what is shared is made once with this mark, and one pass
/// over the finished bytes puts the page's own prefix in its place. Input cannot
/// hold it: control characters are stripped when files are read.
pub const MARK: char = '\u{1}';

/// The path of an output below the site's address, without `/` in front.
///
/// A page's ends with `/` (or is empty: the home page); a file's does not.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UrlPath(String);

impl UrlPath {
    /// Returns the home page's.
    pub fn home() -> Self {
        Self::default()
    }

    /// Returns the path of a page: `people/neil-armstrong` is `people/neil-armstrong/`.
    pub fn page(path: &str) -> Self {
        let path = path.trim_matches('/');
        if path.is_empty() { Self::home() } else { Self([path, "/"].concat()) }
    }

    /// Returns the path of a file.
    pub fn file(path: &str) -> Self {
        Self(path.trim_matches('/').to_owned())
    }

    /// Returns the page below this one.
    #[must_use]
    pub fn child(&self, part: &str) -> Self {
        Self([self.as_str(), part, "/"].concat())
    }

    /// Returns the file beside this page.
    #[must_use]
    pub fn beside(&self, name: &str) -> Self {
        Self([self.as_str(), name].concat())
    }

    /// Borrows the path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether this is a page's path, not a file's.
    pub fn is_page(&self) -> bool {
        self.0.is_empty() || self.0.ends_with('/')
    }

    /// Returns the file that holds the output; none when the path cannot be one.
    pub fn output(&self) -> Option<SitePath> {
        if self.is_page() {
            SitePath::parse(&[self.as_str(), "index.html"].concat())
        } else {
            SitePath::parse(&self.0)
        }
    }

    /// Returns the path with all but unreserved characters percent-encoded (RFC 3986).
    pub fn encoded(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        self.encode_into(&mut out);
        out
    }

    /// Appends the path with all but unreserved characters percent-encoded (RFC 3986).
    fn encode_into(&self, out: &mut String) {
        let mut rest = self.0.as_str();
        while let Some(at) = rest.bytes().position(|byte| !PLAIN[usize::from(byte)]) {
            out.push_str(&rest[..at]);
            let end = rest[at..].chars().next().map_or(rest.len(), |c| at + c.len_utf8());
            for byte in rest[at..end].bytes() {
                // Writing to a string cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
            rest = &rest[end..];
        }
        out.push_str(rest);
    }
}

/// The bytes that stand for themselves in the path of an address.
const PLAIN: [bool; 256] = {
    let plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$()*+,;=@";
    let mut table = [false; 256];
    let mut at = 0;
    while at < plain.len() {
        table[plain[at] as usize] = true;
        at += 1;
    }
    table
};

impl fmt::Display for UrlPath {
    /// As people say it: `/people/neil-armstrong/`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.0)
    }
}

/// How pages point at each other, decided by the site's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// The path in front of all links; none when links are relative to the page.
    rooted: Option<String>,
    /// The whole address, when absolute URLs can be made.
    absolute: Option<String>,
}

impl Addresses {
    /// Returns the addresses of a site that is published at `base`.
    pub fn new(base: Option<&BaseUrl>) -> Self {
        Self {
            rooted: base.map(|base| base.path().to_owned()),
            absolute: base.filter(|base| base.is_absolute()).map(ToString::to_string),
        }
    }

    /// Returns the marked address of an output, for templates.
    ///
    /// Without a base address, a page's ends with `index.html`: a browser that opens files shows folders as listings.
    pub fn href(&self, url: &UrlPath) -> String {
        let mut href = String::with_capacity(url.0.len() + 12);
        href.push(MARK);
        url.encode_into(&mut href);
        if self.rooted.is_none() && url.is_page() {
            href.push_str("index.html");
        }
        href
    }

    /// Returns the absolute URL of an output, if the site's address is known.
    pub fn absolute(&self, url: &UrlPath) -> Option<String> {
        let mut full = self.absolute.clone()?;
        url.encode_into(&mut full);
        Some(full)
    }

    /// Returns the absolute URL if there is one, else the marked address.
    pub fn best(&self, url: &UrlPath) -> String {
        self.absolute(url).unwrap_or_else(|| self.href(url))
    }

    /// Returns whether the site has an address; without, links work from the disk.
    pub fn has_base(&self) -> bool {
        self.rooted.is_some()
    }

    /// Returns whether absolute URLs can be made.
    pub fn is_absolute(&self) -> bool {
        self.absolute.is_some()
    }

    /// Returns what takes the mark's place in the output `from`.
    pub fn prefix(&self, from: &UrlPath) -> String {
        match &self.rooted {
            Some(path) => path.clone(),
            // A missing page is shown at whatever address was asked for.
            None if from.as_str() == "404.html" => "/".to_owned(),
            None => "../".repeat(from.0.bytes().filter(|byte| *byte == b'/').count()),
        }
    }
}

/// Puts `prefix` in the place of every mark.
pub fn place(marked: &[u8], prefix: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(marked.len() + marked.len() / 16);
    place_into(marked, prefix, &mut out);
    out
}

/// Appends `marked` to `out`, with `prefix` in the place of every mark.
pub fn place_into(marked: &[u8], prefix: &str, out: &mut Vec<u8>) {
    let mut from = 0;
    for at in memchr::memchr_iter(MARK as u8, marked) {
        out.extend_from_slice(&marked[from..at]);
        out.extend_from_slice(prefix.as_bytes());
        from = at + 1;
    }
    out.extend_from_slice(&marked[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_suit_the_place_they_are_used_in() {
        let person = UrlPath::page("people/josé");
        let relative = Addresses::new(None);
        let href = relative.href(&person);
        assert_eq!(href, "\u{1}people/jos%C3%A9/index.html");
        let shown = |addresses: &Addresses, from: &UrlPath| {
            String::from_utf8(place(addresses.href(&person).as_bytes(), &addresses.prefix(from)))
        };
        assert_eq!(shown(&relative, &UrlPath::home()).unwrap(), "people/jos%C3%A9/index.html");
        let from = UrlPath::page("articles/2024/x");
        assert_eq!(shown(&relative, &from).unwrap(), "../../../people/jos%C3%A9/index.html");
        let rooted = Addresses::new(BaseUrl::parse("https://example.org/news").ok().as_ref());
        assert_eq!(shown(&rooted, &from).unwrap(), "/news/people/jos%C3%A9/");
        assert_eq!(rooted.absolute(&person).unwrap(), "https://example.org/news/people/jos%C3%A9/");
        assert_eq!(Addresses::new(BaseUrl::parse("/x").ok().as_ref()).absolute(&person), None);
    }

    #[test]
    fn a_page_is_a_folder_and_a_file_is_not() {
        let output = |url: UrlPath| url.output().map(|path| path.as_str().to_owned());
        assert_eq!(output(UrlPath::home()).unwrap(), "index.html");
        assert_eq!(output(UrlPath::page("/a/b/")).unwrap(), "a/b/index.html");
        assert_eq!(output(UrlPath::page("a").beside("feed.xml")).unwrap(), "a/feed.xml");
        assert_eq!(output(UrlPath::page("../x")), None);
    }
}
