//! The address that the site is published at.

use std::fmt;

/// An `http` or `https` URL, or a bare path, without query or fragment; its path ends with `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    /// `https://example.org`, or empty for a bare path.
    origin: String,
    /// `/` or `/sub/path/`.
    path: String,
}

impl BaseUrl {
    /// Reads `https://example.org/sub` or `/sub`; a missing last `/` is added.
    ///
    /// # Errors
    /// Says what is wrong: another scheme, no host, a query, a fragment, a space.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\'))
        {
            return Err("it holds a space or a character that URLs may not hold".to_owned());
        }
        if text.contains(['?', '#']) {
            return Err("it may not have a query or fragment".to_owned());
        }
        let (origin, path) = if text.starts_with('/') {
            ("", text)
        } else {
            let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
            let rest = rest.ok_or("it must start with `https://`, `http://` or `/`")?;
            let host_len = rest.find('/').unwrap_or(rest.len());
            if host_len == 0 || rest[..host_len].contains('@') {
                return Err("it must name a host, without a user name".to_owned());
            }
            text.split_at(text.len() - rest.len() + host_len)
        };
        if path.contains("//") || path.split('/').any(|part| matches!(part, "." | "..")) {
            return Err("its path may not hold `//`, `.` or `..`".to_owned());
        }
        let mut path = path.to_owned();
        if !path.ends_with('/') {
            path.push('/');
        }
        Ok(Self { origin: origin.trim_end_matches('/').to_owned(), path })
    }

    /// Returns scheme and host, empty for a bare path.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the path, which starts and ends with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns whether absolute URLs can be made.
    pub fn is_absolute(&self) -> bool {
        !self.origin.is_empty()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_normalised_or_refused_with_a_reason() {
        let parts =
            |text: &str| BaseUrl::parse(text).map(|url| (url.origin.clone(), url.path.clone()));
        assert_eq!(parts("https://example.org"), Ok(("https://example.org".into(), "/".into())));
        assert_eq!(
            parts("https://example.org/a/b"),
            Ok(("https://example.org".into(), "/a/b/".into()))
        );
        assert_eq!(parts("/news"), Ok((String::new(), "/news/".into())));
        for bad in [
            "example.org",
            "ftp://x/",
            "https://",
            "https:///a",
            "https://u@h/",
            "https://h/?q",
            "https://h/a b",
            "/../x",
            "//evil",
        ] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
