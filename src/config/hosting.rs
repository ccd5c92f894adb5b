//! `[hosting]`: what is made for the hosts that serve the site.

use serde::{Deserialize, Serialize};

use super::section::Section;

/// Pages run no script but files of the site, and load nothing from elsewhere, but an article may show an image that lies elsewhere.
const POLICY: &str = "default-src 'self'; img-src 'self' https:; object-src 'none'; base-uri 'self'; \
                      form-action 'self'; frame-ancestors 'none'";
/// What a policy in a page cannot say.
const HEADER_ONLY: [&str; 3] = ["frame-ancestors", "report-uri", "sandbox"];
/// Of the longest line that a host is known to read, the name of the header and more are left.
const MAX_POLICY: usize = 1900;

/// `[hosting]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostingSettings {
    /// Which hosts get files of their own beside the site's. Default none.
    pub files: Vec<HostFile>,
    /// How text is compressed beforehand. Default not at all.
    pub precompress: Vec<Encoding>,
    /// What browsers let pages load, as in the header `Content-Security-Policy`; empty for no such header.
    pub content_security_policy: String,
}

/// A host that reads files of the site to know how to serve it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HostFile {
    /// `_headers` and `_redirects`, as Netlify reads them.
    Netlify,
    /// `_headers` and `_redirects`, as Cloudflare Pages reads them.
    Cloudflare,
    /// `.htaccess`.
    Apache,
}

/// A compressed form of a file, as in the header `Content-Encoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// `.gz` (RFC 1952).
    Gzip,
    /// `.br` (RFC 7932).
    Brotli,
}

impl Encoding {
    /// Returns what is added to the name of the file.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Brotli => "br",
        }
    }
}

impl Default for HostingSettings {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            precompress: Vec::new(),
            content_security_policy: POLICY.to_owned(),
        }
    }
}

impl HostingSettings {
    /// Returns the policy as a page itself can state it: without what browsers heed in the header only; none when it is empty.
    pub fn policy_in_pages(&self) -> Option<String> {
        let is_for_header_only = |part: &&str| {
            let name = part.split_ascii_whitespace().next().unwrap_or_default();
            HEADER_ONLY.iter().any(|one| name.eq_ignore_ascii_case(one))
        };
        let parts = self.content_security_policy.split(';').map(str::trim);
        let parts = parts.filter(|part| !part.is_empty() && !is_for_header_only(part));
        Some(parts.collect::<Vec<_>>().join("; ")).filter(|policy| !policy.is_empty())
    }

    /// Returns whether a host gets files of its own.
    pub fn is_for(&self, host: HostFile) -> bool {
        self.files.contains(&host)
    }
}

pub(super) fn read_hosting(mut section: Section<'_>, hosting: &mut HostingSettings) {
    let hosts = [
        ("netlify", HostFile::Netlify),
        ("cloudflare", HostFile::Cloudflare),
        ("apache", HostFile::Apache),
    ];
    section.choices("files", &hosts, &mut hosting.files);
    let encodings = [("gzip", Encoding::Gzip), ("brotli", Encoding::Brotli)];
    section.choices("precompress", &encodings, &mut hosting.precompress);
    let shape = "a policy such as \"default-src 'self'\"";
    if let Some(given) = section.parsed("content_security_policy", shape, policy) {
        hosting.content_security_policy = given;
    }
    section.finish();
}

/// Checks that a policy is one line of a header, and means nothing else in the configuration of a server.
fn policy(text: &str) -> Result<String, String> {
    let text = text.trim();
    if let Some(c) = text.chars().find(|&c| !(' '..='~').contains(&c) || "\"\\${}`<>".contains(c)) {
        return Err(format!("a policy cannot hold `{}`", c.escape_debug()));
    }
    if text.len() > MAX_POLICY {
        return Err(format!("it is longer than {MAX_POLICY} characters"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SiteConfig;
    use crate::files::SitePath;

    fn read(text: &str) -> Result<HostingSettings, Vec<String>> {
        let path = SitePath::parse("site.toml").unwrap();
        let read = SiteConfig::parse(&format!("[hosting]\n{text}"), &path);
        read.map(|config| config.value.hosting)
            .map_err(|reports| reports.into_iter().map(|report| report.message).collect())
    }

    #[test]
    fn lists_hold_each_word_once() {
        let read = read("files = ['apache', 'netlify', 'apache']\nprecompress = ['gzip']").unwrap();
        assert_eq!(read.files, [HostFile::Apache, HostFile::Netlify]);
        assert_eq!(read.precompress, [Encoding::Gzip]);
        assert_eq!(read.content_security_policy, POLICY);
        assert!(read.is_for(HostFile::Apache) && !read.is_for(HostFile::Cloudflare));
    }

    #[test]
    fn what_is_no_choice_or_no_policy_is_reported() {
        let reports = read("files = ['iis', 3]\nprecompress = 'gzip'").unwrap_err();
        assert_eq!(reports.len(), 3, "{reports:?}");
        assert!(reports[0].contains("`iis`"), "{reports:?}");
        for bad in ["a\\nb", "\\\"", "$host", "é", "{x}"] {
            assert!(read(&format!("content_security_policy = \"{bad}\"")).is_err(), "{bad}");
        }
        assert!(read(&format!("content_security_policy = '{}'", "a".repeat(2000))).is_err());
        let none = read("content_security_policy = ''").unwrap();
        assert_eq!((none.content_security_policy.as_str(), none.policy_in_pages()), ("", None));
        let some =
            "content_security_policy = 'Frame-Ancestors x; img-src a b;; sandbox; font-src c'";
        assert_eq!(read(some).unwrap().policy_in_pages().unwrap(), "img-src a b; font-src c");
    }
}
