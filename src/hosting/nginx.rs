//! nginx: what belongs into a `server` block.

use std::fmt::Write as _;

use super::{Hosted, file_of, headers};
use crate::config::Encoding;

/// Bytes of one word that nginx surely reads.
const LONGEST: usize = 2000;

/// Returns the snippet.
pub(super) fn configuration(site: &Hosted<'_>, folder: &str) -> String {
    let mut out = String::from(
        "# nginx: put this into a file, and `include` that in the `server` block of the site.\n\n\
         # Redirects name the path only, so that they hold behind another server too.\nabsolute_redirect off;\n\n",
    );
    // Writing to a string cannot fail.
    let _infallible =
        add_redirects(site, &mut out).and_then(|()| add_location(site, folder, &mut out));
    out
}

fn add_redirects(site: &Hosted<'_>, out: &mut String) -> std::fmt::Result {
    if site.base != "/" {
        let base = site.base;
        writeln!(
            out,
            "location = \"{}\" {{ return 301 \"{base}\"; }}",
            base.trim_end_matches('/')
        )?;
    }
    for redirect in &site.redirects {
        // The address is compared as it is, and the goal is sent as it stands.
        let from = redirect.from.as_str();
        let to = site.encoded(&redirect.to);
        let is_plain = |c: char| !c.is_control() && !"\"\\".contains(c);
        if from.chars().all(is_plain) && from.len() < LONGEST && to.len() < LONGEST {
            let (base, status) = (site.base, redirect.lasting.status());
            writeln!(
                out,
                "location = \"{base}{from}\" {{ return {status} \"{to}$is_args$args\"; }}"
            )?;
        }
    }
    // The page of a file's address would be asked for at that address again, and would be gone too.
    for url in site.gone.iter().filter(|url| url.is_page()) {
        let (base, from, page) = (site.base, url.as_str(), file_of(url));
        let is_plain = |c: char| !c.is_control() && !"\"\\$?#".contains(c);
        if from.chars().all(is_plain) && page.len() < LONGEST {
            writeln!(
                out,
                "location = \"{base}{from}\" {{ error_page 410 \"{base}{page}\"; return 410; }}"
            )?;
        }
    }
    writeln!(out)
}

fn add_location(site: &Hosted<'_>, folder: &str, out: &mut String) -> std::fmt::Result {
    let base = site.base;
    let [ask_again, for_ever] = headers::caching();
    let pattern = base.replace('.', "\\.");
    writeln!(out, "set $pressmark_cache \"{ask_again}\";")?;
    writeln!(out, "if ($uri ~ \"^{pattern}{}\") {{", headers::LASTING)?;
    writeln!(out, "    set $pressmark_cache \"{for_ever}\";\n}}\n")?;
    writeln!(out, "location \"{base}\" {{\n    alias \"{folder}/\";\n    index index.html;")?;
    writeln!(out, "    try_files $uri $uri/ $uri.html =404;")?;
    writeln!(out, "    # A folder without a page is a missing page too.")?;
    writeln!(out, "    error_page 403 404 =404 \"{base}404.html\";\n")?;
    writeln!(out, "    charset utf-8;")?;
    writeln!(
        out,
        "    charset_types text/css text/plain text/xml application/json application/javascript \
         application/xml image/svg+xml;"
    )?;
    let encodings = &site.config.hosting.precompress;
    if encodings.contains(&Encoding::Gzip) {
        writeln!(out, "    gzip_static on;")?;
    }
    if encodings.contains(&Encoding::Brotli) {
        writeln!(
            out,
            "    # Needs the module ngx_brotli, in Debian libnginx-mod-http-brotli-static:"
        )?;
        writeln!(out, "    # brotli_static on;")?;
    }
    writeln!(out, "    gzip on;\n    gzip_vary on;")?;
    writeln!(
        out,
        "    gzip_types text/css text/plain text/xml application/json application/javascript application/xml \
         application/atom+xml application/rss+xml image/svg+xml;\n"
    )?;
    writeln!(out, "    add_header Cache-Control $pressmark_cache;")?;
    for (name, value) in headers::security(site.config) {
        writeln!(out, "    add_header {name} \"{value}\" always;")?;
    }
    writeln!(out, "}}")
}
