//! Apache 2.4: `.htaccess`, or the same within `<Directory>`.
//!
//! Every part stands in `<IfModule>`, because a server without the module answers each request with an error otherwise.

use std::fmt::Write as _;

use super::{Hosted, headers};
use crate::config::Encoding;
use crate::plan::UrlPath;

/// Returns the configuration.
pub(super) fn configuration(site: &Hosted<'_>) -> String {
    let base = site.base;
    let mut out = format!(
        "# Apache 2.4, as `.htaccess` in the site's folder, or within `<Directory>`.\n\
         # It needs `AllowOverride FileInfo Indexes`, and mod_dir, mod_mime, mod_alias, mod_headers, mod_setenvif.\n\n\
         DirectoryIndex index.html\nErrorDocument 404 \"{base}404.html\"\n\
         AddCharset utf-8 .html .css .xml .json .txt .svg .js\n\n"
    );
    // Writing to a string cannot fail.
    let _infallible = add_headers(site, &mut out)
        .and_then(|()| add_redirects(site, &mut out))
        .and_then(|()| add_compressed(site, &mut out));
    out
}

fn add_headers(site: &Hosted<'_>, out: &mut String) -> std::fmt::Result {
    let base = escaped(site.base).unwrap_or_default();
    writeln!(out, "<IfModule mod_headers.c>")?;
    for (name, value) in headers::security(site.config) {
        writeln!(out, "    Header always set {name} \"{value}\"")?;
    }
    let [ask_again, for_ever] = headers::caching();
    writeln!(out, "    Header set Cache-Control \"{ask_again}\"")?;
    writeln!(out, "    <IfModule mod_setenvif.c>")?;
    writeln!(out, "        SetEnvIf Request_URI \"^{base}{}\" LASTING", headers::LASTING)?;
    writeln!(out, "        Header set Cache-Control \"{for_ever}\" env=LASTING")?;
    writeln!(out, "    </IfModule>\n</IfModule>\n")
}

fn add_redirects(site: &Hosted<'_>, out: &mut String) -> std::fmt::Result {
    let is_needed = !site.redirects.is_empty() || !site.gone.is_empty();
    if !is_needed || !site.is_plain() {
        return Ok(());
    }
    writeln!(out, "<IfModule mod_alias.c>")?;
    for url in &site.gone {
        // There is one page for the status and not one for each address; the page of the address is a file like all others.
        let Some(from) = escaped(url.as_str()) else { continue };
        let base = escaped(site.base).unwrap_or_default();
        writeln!(out, "    RedirectMatch 410 \"^{base}{from}$\"")?;
    }
    for redirect in &site.redirects {
        // The address is compared as it is, and the goal is encoded by Apache.
        let (Some(from), Some(to)) = (escaped(redirect.from.as_str()), target(&redirect.to)) else {
            continue;
        };
        let (base, status) = (escaped(site.base).unwrap_or_default(), redirect.lasting.status());
        writeln!(out, "    RedirectMatch {status} \"^{base}{from}$\" \"{}{to}\"", site.base)?;
    }
    writeln!(out, "</IfModule>\n")
}

/// Returns a path as a regular expression; none when the configuration cannot hold it.
fn escaped(path: &str) -> Option<String> {
    let mut out = String::with_capacity(path.len() + 8);
    for c in path.chars() {
        if c.is_control() || "\"\\%$".contains(c) {
            return None;
        }
        if "^.|?*+()[]{}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    Some(out)
}

/// Returns a path as the goal of a redirect; none when it would mean something else there.
fn target(url: &UrlPath) -> Option<&str> {
    let path = url.as_str();
    let is_plain = |c: char| !c.is_control() && !"\"\\$%?#&".contains(c);
    path.chars().all(is_plain).then_some(path)
}

fn add_compressed(site: &Hosted<'_>, out: &mut String) -> std::fmt::Result {
    // The first that the client takes is served: the smaller one.
    let mut encodings = site.config.hosting.precompress.clone();
    encodings.sort_unstable_by_key(|encoding| std::cmp::Reverse(*encoding));
    if encodings.is_empty() {
        return Ok(());
    }
    writeln!(out, "<IfModule mod_rewrite.c>\n    RewriteEngine On")?;
    for encoding in &encodings {
        let (ending, name) = (encoding.extension(), name(*encoding));
        // A folder is looked at as its page: what mod_dir asks for afterwards is not rewritten.
        for (pattern, page) in [("^(|.*/)$", "index.html"), ("^(.*[^/])$", "")] {
            writeln!(out, "    RewriteCond \"%{{HTTP:Accept-Encoding}}\" \"\\b{name}\\b\"")?;
            writeln!(out, "    RewriteCond \"%{{REQUEST_FILENAME}}{page}.{ending}\" -f")?;
            writeln!(
                out,
                "    RewriteRule \"{pattern}\" \"$1{page}.{ending}\" [E=no-gzip:1,E=no-brotli:1,L]"
            )?;
        }
    }
    writeln!(out, "</IfModule>\n<IfModule mod_mime.c>")?;
    for encoding in &encodings {
        let (ending, name) = (encoding.extension(), name(*encoding));
        // `.br` is the language of Brittany otherwise, and `.gz` a type of its own.
        writeln!(out, "    RemoveLanguage .{ending}\n    RemoveType .{ending}")?;
        writeln!(out, "    AddEncoding {name} .{ending}")?;
    }
    writeln!(out, "</IfModule>\n<IfModule mod_headers.c>")?;
    writeln!(out, "    Header append Vary Accept-Encoding\n</IfModule>")
}

fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Gzip => "gzip",
        Encoding::Brotli => "br",
    }
}
