//! The table of settings, from which `docs/settings.md` is generated.
//!
//! Tests hold it to the reader: every default of the table must be accepted by
//! [`SiteConfig::parse`](super::SiteConfig::parse), and every setting of the
//! complete example must stand in the table.

use std::fmt::Write as _;

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Dotted name, such as `feeds.limit`; capitals stand for a name that the user chooses.
    pub name: &'static str,
    /// Expected shape, with range or choices.
    pub shape: &'static str,
    /// Default as TOML; empty when the setting is absent by default.
    pub default: &'static str,
    /// What it does.
    pub doc: &'static str,
}

const fn row(
    name: &'static str,
    shape: &'static str,
    default: &'static str,
    doc: &'static str,
) -> Setting {
    Setting { name, shape, default, doc }
}

/// Every setting, in the order of the documentation.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    row("base_url", "URL or path", "", "Where the site is published; without it every link is relative."),
    row("title", "string", "\"Pressmark\"", "Name of the site."),
    row("description", "string", "\"\"", "One or two sentences about the site."),
    row("language", "language tag", "\"en\"", "Language of the site."),
    row("time_zone", "IANA name or offset", "\"UTC\"", "Zone in which dates without one are read."),
    row("theme", "name, or table with `name`", "\"broadsheet\"", "Theme: a folder under `themes/`, or a built-in one. As a table, it holds the theme's options too; [themes](themes.md) lists those of the built-in ones."),
    row("output_dir", "folder", "\"public\"", "Folder that the site is written to, below the site's root."),
    row("author", "string", "", "Name of the site's author or editors."),
    row("publisher", "string, or table with `name`", "", "Name of the publisher."),
    row("page_size", "1 to 1000", "20", "Articles on a page of a list; the newest page holds up to twice this less one."),
    row("article_url", "pattern", "", "URL of articles, with `{path}`, `{slug}`, `{year}`, `{month}`, `{day}`; without it, the path under `content/`."),
    row("slug.mode", "`ascii` or `unicode`", "\"ascii\"", "How names become the last part of a URL."),
    row("feeds.limit", "1 to 1000", "20", "Entries in a feed."),
    row("feeds.full_text", "boolean", "false", "Whole text instead of the summary, where the rights allow it."),
    row("feeds.topics", "boolean", "true", "Atom feeds for topics."),
    row("feeds.entities", "boolean", "true", "Atom feeds for entities."),
    row("feeds.sources", "boolean", "true", "Atom feeds for sources."),
    row("feeds.extra_formats", "boolean", "true", "RSS and JSON Feed for the site."),
    row("topics.on_home", "0 to 100", "12", "Topics shown on the home page."),
    row("topics.learn", "boolean", "true", "Give articles without topics those of articles that say alike."),
    row("topics.discover", "boolean", "true", "Make topics of words that come again in several articles, for articles that have none."),
    row("topics.from_text", "boolean", "true", "Assign topics whose name, alias or keyword the text holds."),
    row("entities.autolink", "boolean", "true", "Link the first mention of an entity in each section."),
    row("entities.recognize", "`all`, `given` or `none`", "\"all\"", "Names looked for in texts: all, those of records and front matter, or none."),
    row("entities.min_length", "1 to 100", "2", "Shortest name that is looked for, in characters."),
    row("entities.reject", "list of strings", "[]", "Names that are never entities."),
    row("entities.on_home", "0 to 100", "8", "Entities shown on the home page, for each kind."),
    row("entities.kinds.KIND", "string", "", "Declares a kind of entity; the value is its plural."),
    row("digest.command", "list of strings", "[]", "Program and arguments that find names, in place of what is built in; see [commands](commands.md#a-recognizer-of-your-own)."),
    row("digest.model", "path", "", "Model in ONNX that finds names, in place of what is built in; see [commands](commands.md#a-model-of-your-own)."),
    row("digest.tokenizer", "path", "", "The `tokenizer.json` of the model."),
    row("digest.summary_length", "80 to 2000", "280", "Longest derived summary, in characters."),
    row("digest.title_length", "30 to 200", "90", "Longest derived headline, in characters."),
    row("digest.related", "0 to 50", "5", "Related articles on an article's page."),
    row("digest.stories", "0 to 50", "5", "Earlier reports on the same event on an article's page."),
    row("digest.boilerplate", "boolean", "true", "Set boilerplate and disclaimers apart."),
    row("digest.detect_language", "boolean", "true", "Tell the language of articles that do not name theirs; otherwise it is the site's."),
    row("links.skip_prefixes", "list of strings", "[]", "URL prefixes that link checks pass over."),
    row("rights.default", "`full`, `own`, `excerpt` or `link-only`", "\"full\"", "What may be republished when an article does not say."),
    row("review.gate", "`label` or `block`", "\"label\"", "What becomes of suggested entities, derived topics, quotations, figures and roles: shown and marked, or `check` fails until somebody has decided about them."),
    row("security.html", "`sanitise` or `escape`", "\"sanitise\"", "What happens to raw HTML in articles."),
    row("security.max_file_size", "1024 to 1073741824", "8388608", "Largest article, page or record, in bytes."),
    row("data.enabled", "boolean", "true", "Write `index.json` beside index pages, and `catalog.json`."),
    row("search.enabled", "boolean", "true", "Make a page to [search](search.md) the site, with its index."),
    row("issues.every", "`never`, `day`, `week` or `month`", "\"never\"", "Puts an issue together from the articles of each day, week (ISO 8601) or month; those in `content/issues` are there in any case."),
    row("hosting.files", "list of `netlify`, `cloudflare`, `apache`", "[]", "Files for hosts that are written with the site: `_headers` and `_redirects` for the first two, `.htaccess` for Apache; see [hosting](hosting.md)."),
    row("hosting.precompress", "list of `gzip`, `brotli`", "[]", "Compressed files, `.gz` and `.br`, beside text of 1 kB and more."),
    row("hosting.content_security_policy", "policy, or empty for none", "\"default-src 'self'; img-src 'self' https:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'\"", "What browsers let pages load, in the files and snippets for hosts."),
    row("theme.name", "name", "", "Theme, when `theme` is a table."),
    row("theme.OPTION", "as the theme says", "", "Options of the theme, passed to templates as `theme`."),
    row("publish.NAME.kind", "`folder`, `git`, `archive`, `s3`, `gcs`, `azure`, `webdav` or `ssh`", "", "Kind of a place to publish to; [publishing](publishing.md) has a page for each."),
    row("publish.NAME.url", "address", "", "Address that readers use, shown after publishing; without it, `base_url`."),
    row("publish.NAME.after", "list of strings", "[]", "Program and arguments to run after something was published, with `--allow-command`."),
    row("publish.NAME.path", "path", "", "For `folder`, `archive` and `ssh`: where the site, or the archive, goes."),
    row("publish.NAME.keep", "1 to 1000", "5", "For `folder`: how many releases stay."),
    row("publish.NAME.remote", "remote, address or path", "", "For `git`: the repository."),
    row("publish.NAME.branch", "name of a branch", "\"gh-pages\"", "For `git`: the branch."),
    row("publish.NAME.history", "boolean", "true", "For `git`: keep the branch's history, or hold one commit only."),
    row("publish.NAME.cname", "host name", "", "For `git`: what the file `CNAME` says."),
    row("publish.NAME.bucket", "string", "", "For `s3` and `gcs`: the bucket."),
    row("publish.NAME.container", "string", "", "For `azure`: the container."),
    row("publish.NAME.account", "string", "", "For `azure`: the storage account."),
    row("publish.NAME.prefix", "path", "\"\"", "For `s3`, `gcs` and `azure`: folder in the bucket."),
    row("publish.NAME.endpoint", "address", "", "For `s3`, `gcs` and `azure`: address of the service, when it is not the owner's."),
    row("publish.NAME.region", "string", "", "For `s3`: the region."),
    row("publish.NAME.conditional", "boolean", "true", "For `s3`: the service writes on conditions, which keeps two publishes apart."),
    row("publish.NAME.address", "address", "", "For `webdav`: the folder's address."),
    row("publish.NAME.host", "`host` or `user@host`", "", "For `ssh`: the machine."),
    row("publish.NAME.port", "1 to 65535", "", "For `ssh`: the port."),
    row("publish.NAME.transfer", "`auto`, `rsync` or `sftp`", "\"auto\"", "For `ssh`: how files get there."),
    row("verify.public_key", "public key of minisign", "", "Key that `pressmark verify` wants the list of files to be signed by; see [verifying](verify.md)."),
    row("extra.NAME", "any", "", "Values of your own, passed to templates as `site.extra`."),
];

/// Returns the table of settings as Markdown.
pub fn reference() -> String {
    let mut out =
        String::from("| Setting | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
    for Setting { name, shape, default, doc } in SETTINGS {
        let default = if default.is_empty() { "none".to_owned() } else { format!("`{default}`") };
        // Writing to a string cannot fail.
        let _infallible = writeln!(out, "| `{name}` | {shape} | {default} | {doc} |");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SiteConfig;
    use crate::files::SitePath;

    #[test]
    fn the_defaults_of_the_table_are_the_defaults_of_the_reader() {
        // Those of a target have nothing to be read into without one.
        let stated = SETTINGS
            .iter()
            .filter(|setting| !setting.default.is_empty() && !setting.name.starts_with("publish."));
        let lines = stated.fold(String::new(), |lines, setting| {
            lines + setting.name + " = " + setting.default + "\n"
        });
        let read = SiteConfig::parse(&lines, &SitePath::parse("site.toml").unwrap()).unwrap().value;
        assert_eq!(format!("{read:?}"), format!("{:?}", SiteConfig::default()));
    }

    #[test]
    fn every_setting_of_the_complete_example_is_documented() {
        let table: toml::Table = include_str!("load/full.toml").parse().unwrap();
        for (key, value) in &table {
            let names: Vec<String> = match value.as_table() {
                Some(inner) if key != "publisher" => {
                    inner.keys().map(|name| format!("{key}.{name}")).collect()
                }
                _ => vec![key.clone()],
            };
            for name in names {
                let open = format!("{}.", name.split('.').next().unwrap());
                let known = |row: &Setting| {
                    row.name == name
                        || row.name.strip_suffix(".KIND") == Some(name.as_str())
                        || (row.name.contains(".OPTION") && row.name.starts_with(&open))
                        || (row.name.contains(".NAME") && row.name.starts_with(&open))
                };
                assert!(SETTINGS.iter().any(known), "{name}");
            }
        }
    }
}
