//! What hosts are known to hold.
//!
//! The figures are those of the hosts' own pages, as of November 2026: "GitHub Pages limits" and
//! "Repository limits" of GitHub's documentation, "Limits" and "Redirects" of that of Cloudflare Pages, and GitLab's "GitLab.com
//! settings". Netlify names no limit.

use crate::config::{BaseUrl, HostFile, SiteConfig};
use crate::diag::{Code, Diagnostic};

/// A host with limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    /// GitHub Pages: 1 GB in all.
    GitHubPages,
    /// GitLab Pages at gitlab.com: 1 GB in all, 200,000 files.
    GitLabPages,
    /// Cloudflare Pages: 20,000 files (100,000 where it is paid for) of at most 25 MiB.
    CloudflarePages,
}

/// How large a site is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Number of files.
    pub files: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Size and path of the largest file.
    pub largest: Option<(u64, String)>,
}

impl Totals {
    /// Counts a file.
    pub fn add(&mut self, path: &str, size: u64) {
        self.files += 1;
        self.bytes += size;
        // Of files that are equally large, the first by name, whatever the order in which they come.
        let is_larger = self.largest.as_ref().is_none_or(|(largest, name)| {
            size > *largest || size == *largest && path < name.as_str()
        });
        if is_larger {
            self.largest = Some((size, path.to_owned()));
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        let (files, bytes) = (self.files + other.files, self.bytes + other.bytes);
        if let Some((size, path)) = &other.largest {
            self.add(path, *size);
        }
        (self.files, self.bytes) = (files, bytes);
    }
}

impl Host {
    /// Returns the hosts that a site is built for, as far as its settings tell.
    pub fn of(config: &SiteConfig) -> Vec<Self> {
        let origin = config.base_url.as_ref().map_or("", BaseUrl::origin).to_ascii_lowercase();
        let is_at = |domain: &str| origin.ends_with(domain);
        let mut hosts = Vec::new();
        hosts.extend(is_at(".github.io").then_some(Self::GitHubPages));
        hosts.extend(is_at(".gitlab.io").then_some(Self::GitLabPages));
        let is_cloudflare = is_at(".pages.dev") || config.hosting.is_for(HostFile::Cloudflare);
        hosts.extend(is_cloudflare.then_some(Self::CloudflarePages));
        hosts
    }

    fn name(self) -> &'static str {
        match self {
            Self::GitHubPages => "GitHub Pages",
            Self::GitLabPages => "GitLab Pages",
            Self::CloudflarePages => "Cloudflare Pages",
        }
    }

    /// Bytes of all files.
    fn most_bytes(self) -> Option<u64> {
        match self {
            Self::GitHubPages | Self::GitLabPages => Some(1_000_000_000),
            Self::CloudflarePages => None,
        }
    }

    /// Number of files.
    fn most_files(self) -> Option<u64> {
        match self {
            Self::GitHubPages => None,
            Self::GitLabPages => Some(200_000),
            Self::CloudflarePages => Some(20_000),
        }
    }

    /// Bytes of one file.
    fn most_of_one(self) -> Option<u64> {
        match self {
            Self::GitHubPages | Self::GitLabPages => None,
            Self::CloudflarePages => Some(25 << 20),
        }
    }
}

/// Reports what a host is known not to hold.
pub fn limits(host: Host, totals: &Totals) -> Vec<Diagnostic> {
    let name = host.name();
    let report = |message: String, help: &str| {
        Diagnostic::new(Code::HostLimit, message).help(help.to_owned())
    };
    let mut reports = Vec::new();
    if let Some(most) = host.most_bytes().filter(|most| totals.bytes > *most) {
        let message =
            format!("the site has {} MB, and {name} holds {} MB", mega(totals.bytes), mega(most));
        reports.push(report(message, "make images smaller, or publish elsewhere"));
    }
    if let Some(most) = host.most_files().filter(|most| totals.files > *most) {
        let message = format!("the site has {} files, and {name} holds {most}", totals.files);
        let help = "`enabled = false` under `[data]` leaves the JSON files out, and an empty `precompress` the compressed ones; \
                    or publish elsewhere";
        reports.push(report(message, help));
    }
    if let (Some(most), Some((size, path))) = (host.most_of_one(), &totals.largest)
        && *size > most
    {
        let message = format!(
            "`{}` has {} MB, and {name} holds {} MB a file",
            path.escape_debug(),
            mega(*size),
            mega(most)
        );
        reports.push(report(message, "make it smaller, or keep it elsewhere and link to it"));
    }
    reports
}

/// Returns millions of bytes, rounded up: what is over a limit must not look as if it were at it.
fn mega(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}
