//! `_headers` and `_redirects`, which Netlify and Cloudflare Pages read.
//!
//! Both hosts read the same form, with two differences that matter:
//!
//! - Netlify shows a file where there is one, and follows a redirect only where there is none, unless its status ends with
//!   `!`. Cloudflare follows it in any case, and takes a line with `!` for a mistake. A site that is for both
//!   goes without: on Netlify, the page that sends visitors on is shown then.
//! - Cloudflare reads 2,000 redirects of at most 1,000 characters, and 100 rules of headers.
//!
//! A header that two rules set for one address is joined with a comma by both. So no two rules set the same, and pages
//! have the hosts' own `Cache-Control`, which is the one that they would get: ask again each time.

use super::{Hosted, headers};
use crate::config::HostFile;

/// Redirects that Cloudflare reads.
const MOST: usize = 2000;
/// Characters of a line that Cloudflare reads.
const LONGEST: usize = 1000;

/// Returns `_headers`.
pub(super) fn headers(site: &Hosted<'_>) -> String {
    let base = site.encoded(&crate::plan::UrlPath::home());
    let security = headers::security(site.config);
    let security = security.iter().map(|(name, value)| format!("  {name}: {value}\n"));
    let [_, for_ever] = headers::caching();
    let lasting = site.lasting.iter();
    let lasting = lasting.map(|path| format!("{base}{path}\n  Cache-Control: {for_ever}\n"));
    std::iter::once(format!("{base}*\n")).chain(security).chain(lasting).collect()
}

/// Returns `_redirects`.
pub(super) fn redirects(site: &Hosted<'_>) -> String {
    let for_cloudflare = site.is_for(HostFile::Cloudflare);
    let force = if for_cloudflare { "" } else { "!" };
    let line = |redirect: &super::Redirect| {
        let (from, to) = (site.encoded(&redirect.from), site.encoded(&redirect.to));
        format!("{from} {to} {}{force}\n", redirect.lasting.status())
    };
    let lines = site.redirects.iter().map(line).filter(|line| line.len() <= LONGEST);
    lines.take(if for_cloudflare { MOST } else { usize::MAX }).collect()
}
