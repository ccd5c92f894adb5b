//! What hosts are told about the site: redirects, headers, compressed files, and what a host can hold.
//!
//! In: the settings and the plan. Out: the text of `_headers`, `_redirects` and `.htaccess`, snippets for the
//! configuration of nginx, Caddy and Apache, and warnings about the limits of hosts. Nothing is read or written.
//!
//! The site works without any of this: a redirect is a page that sends its visitors on, and a file may be
//! served with whatever headers. So what cannot be said in the language of a host (a name with a quotation mark in it)
//! is left out, and never guessed at.
//!
//! **Invariants:** each redirect and each header is one line; no part of an address ends the quotation that it
//! stands in, or means anything but itself in the language of the host. Cost: linear in the number of redirects.

mod apache;
mod caddy;
mod compress;
mod headers;
mod limits;
mod nginx;
mod redirects;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

pub use self::compress::{compress, is_worth_while};
pub use self::limits::{Host, Totals, limits};
pub use self::redirects::{Lasting, Redirect, redirects};
use crate::config::{BaseUrl, HostFile, SiteConfig};
use crate::diag::Error;
use crate::plan::{HostOutput, Output, PageKind, Plan, UrlPath};

/// A server that is told by its own configuration how to serve the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// nginx.
    Nginx,
    /// Caddy, version 2.
    Caddy,
    /// Apache, version 2.4.
    Apache,
}

/// Where the files of the site are when nobody says where: where Linux keeps what it serves.
pub const FOLDER: &str = "/srv/www";

/// Returns the text of a file for hosts, which is one of the site's outputs.
pub fn host_file(output: HostOutput, plan: &Plan, config: &SiteConfig) -> String {
    let site = Hosted::new(plan, config);
    match output {
        HostOutput::Headers => rules::headers(&site),
        HostOutput::Redirects => rules::redirects(&site),
        HostOutput::Apache => apache::configuration(&site),
    }
}

/// Returns what belongs into the configuration of a server whose files of the site are in `folder`.
///
/// # Errors
/// When the folder or the path of `base_url` holds a character that means something in such a configuration.
pub fn snippet(
    server: Server,
    folder: &str,
    plan: &Plan,
    config: &SiteConfig,
) -> Result<String, Error> {
    let site = Hosted::new(plan, config);
    if !site.is_plain() {
        let message =
            format!("the path of `{}` cannot stand in a server's configuration", site.base);
        return Err(Error::usage(message).help("use letters, digits, `-`, `_`, `.` and `/`"));
    }
    if folder.is_empty() || folder.chars().any(|c| c.is_control() || "\"'\\$`{};#".contains(c)) {
        let message = "the folder's name cannot stand in a server's configuration";
        return Err(
            Error::usage(message).help("use a name without quotation marks, `$` and the like")
        );
    }
    let folder = folder.trim_end_matches('/');
    Ok(match server {
        Server::Nginx => nginx::configuration(&site, folder),
        Server::Caddy => caddy::configuration(&site, folder),
        Server::Apache => apache::configuration(&site),
    })
}

/// Returns the path of the file that holds a page.
fn file_of(url: &UrlPath) -> String {
    url.output().map_or_else(|| url.as_str().to_owned(), String::from)
}

/// A site as hosts see it.
struct Hosted<'a> {
    config: &'a SiteConfig,
    /// Path that the site is served under, with `/` at both ends.
    base: &'a str,
    redirects: Vec<Redirect>,
    /// Addresses at which something was removed: their pages have status 410.
    gone: Vec<UrlPath>,
    /// The path below `base` of each file that never changes.
    lasting: Vec<String>,
}

impl<'a> Hosted<'a> {
    fn new(plan: &Plan, config: &'a SiteConfig) -> Self {
        let is_lasting = |planned: &&crate::plan::Planned| {
            matches!(planned.output, Output::Asset(_))
                && planned.path.as_ref().is_some_and(headers::is_lasting)
        };
        let is_gone = |planned: &&crate::plan::Planned| {
            matches!(planned.output, Output::Page(PageKind::Removed(_)))
        };
        let lasting = plan.outputs.iter().filter(is_lasting);
        Self {
            config,
            base: config.base_url.as_ref().map_or("/", BaseUrl::path),
            redirects: redirects(plan),
            gone: plan.outputs.iter().filter(is_gone).map(|planned| planned.url.clone()).collect(),
            lasting: lasting.map(|planned| planned.url.encoded()).collect(),
        }
    }

    /// Returns whether the path of the site stands for itself in every configuration.
    fn is_plain(&self) -> bool {
        self.base.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./~".contains(&byte))
    }

    fn is_for(&self, host: HostFile) -> bool {
        self.config.hosting.is_for(host)
    }

    /// Returns an address below the site, as it stands in a request.
    fn encoded(&self, url: &UrlPath) -> String {
        // Both mean something of their own to hosts, in one place or another.
        let below = url.encoded().replace('*', "%2A").replace('$', "%24");
        let mut base = String::with_capacity(self.base.len() + below.len());
        for byte in self.base.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_./~%".contains(&byte) {
                base.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _infallible = write!(base, "%{byte:02X}");
            }
        }
        base + &below
    }
}
