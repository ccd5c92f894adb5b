//! Caddy 2: a `Caddyfile` for the site.

use std::fmt::Write as _;

use super::{Hosted, file_of, headers};
use crate::config::{BaseUrl, Encoding};

/// Returns the file.
pub(super) fn configuration(site: &Hosted<'_>, folder: &str) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _infallible = add(site, folder, &mut out);
    out
}

fn add(site: &Hosted<'_>, folder: &str, out: &mut String) -> std::fmt::Result {
    let origin = site.config.base_url.as_ref().map(BaseUrl::origin).filter(|origin| {
        !origin.is_empty()
            && origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.:/[]".contains(&byte))
    });
    let base = site.base;
    writeln!(
        out,
        "# Caddy 2: a Caddyfile. With a name in place of `:80`, Caddy gets a certificate for it.\n"
    )?;
    writeln!(out, "{} {{", origin.unwrap_or(":80"))?;
    writeln!(out, "\troot * \"{folder}\"")?;
    if base != "/" {
        writeln!(out, "\tredir {} {base} 301", base.trim_end_matches('/'))?;
    }
    for redirect in &site.redirects {
        let from = redirect.from.as_str();
        // What Caddy would read as a pattern, or as the end of the quotation.
        let is_plain = |c: char| !c.is_control() && !"\"\\*{}%`".contains(c);
        if from.chars().all(is_plain) {
            let (to, status) = (site.encoded(&redirect.to), redirect.lasting.status());
            writeln!(out, "\tredir \"{base}{from}\" \"{to}\" {status}")?;
        }
    }
    for url in &site.gone {
        let (from, page) = (url.as_str(), file_of(url));
        let is_plain = |c: char| !c.is_control() && !"\"\\*{}%`".contains(c);
        if from.chars().all(is_plain) {
            writeln!(out, "\thandle \"{base}{from}\" {{\n\t\trewrite * \"/{page}\"")?;
            writeln!(out, "\t\tfile_server {{\n\t\t\tstatus 410\n\t\t}}\n\t}}")?;
        }
    }
    let [ask_again, for_ever] = headers::caching();
    writeln!(out, "\n\t@lasting path_regexp ^{}{}", base.replace('.', "\\."), headers::LASTING)?;
    writeln!(out, "\theader @lasting Cache-Control \"{for_ever}\"")?;
    writeln!(out, "\theader ?Cache-Control \"{ask_again}\"")?;
    for (name, value) in headers::security(site.config) {
        writeln!(out, "\theader {name} \"{value}\"")?;
    }
    writeln!(out, "\tencode gzip\n\n\thandle_path {base}* {{")?;
    writeln!(out, "\t\ttry_files {{path}} {{path}}.html")?;
    let mut encodings = site.config.hosting.precompress.clone();
    encodings.sort_unstable_by_key(|encoding| std::cmp::Reverse(*encoding));
    if encodings.is_empty() {
        writeln!(out, "\t\tfile_server")?;
    } else {
        let names = encodings.iter().map(|encoding| match encoding {
            Encoding::Gzip => " gzip",
            Encoding::Brotli => " br",
        });
        writeln!(
            out,
            "\t\tfile_server {{\n\t\t\tprecompressed{}\n\t\t}}",
            names.collect::<String>()
        )?;
    }
    writeln!(out, "\t}}\n\thandle {{\n\t\terror 404\n\t}}")?;
    writeln!(out, "\thandle_errors {{\n\t\t@missing expression `{{err.status_code}} == 404`")?;
    writeln!(
        out,
        "\t\thandle @missing {{\n\t\t\trewrite * /404.html\n\t\t\tfile_server\n\t\t}}\n\t}}\n}}"
    )
}
