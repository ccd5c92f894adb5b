//! The headers that go with every file of the site.

use crate::config::SiteConfig;
use crate::files::{SitePath, cache_control};

/// The name of a file that never changes, below the path of the site, as a regular expression.
pub(super) const LASTING: &str =
    r"assets/.+\.[a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]\.[0-9A-Za-z]+$";

/// Headers that are the same for every site. Strict-Transport-Security is not among them: it binds a whole host, for
/// other sites too and for as long as it says, and who cannot serve HTTPS any more is locked out.
const HEADERS: [(&str, &str); 4] = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    (
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];

/// Returns the headers of every answer, with their values, for security.
pub(super) fn security(config: &SiteConfig) -> Vec<(&'static str, &str)> {
    let policy = config.hosting.content_security_policy.as_str();
    let policy = (!policy.is_empty()).then_some(("Content-Security-Policy", policy));
    policy.into_iter().chain(HEADERS).collect()
}

/// Returns the value of `Cache-Control` for files that may change, and for those that do not.
pub(super) fn caching() -> [&'static str; 2] {
    let of = |path: &str| SitePath::parse(path).map_or("no-cache", |path| cache_control(&path));
    [of("index.html"), of("assets/style.a0000000.css")]
}

/// Returns whether a file never changes under its name.
pub(super) fn is_lasting(path: &SitePath) -> bool {
    cache_control(path) == caching()[1]
}
