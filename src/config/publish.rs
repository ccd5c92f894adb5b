//! `[publish.NAME]`: where a site can be published.
//!
//! Passwords and keys have no place here: a target with a key that would hold one is refused. They come
//! from the environment, or from what the programs that transfer files keep themselves.

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::section::Section;
use crate::diag::{Code, Diagnostic};

/// Releases that a folder keeps when the settings do not say.
const KEEP: usize = 5;

/// A place to publish to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishTarget {
    /// Address that readers use, to be shown; without it that of the site is.
    pub url: Option<String>,
    /// Program and arguments to run after something was published, such as one that empties a CDN's cache.
    pub after: Vec<String>,
    /// What kind of place it is.
    pub place: PublishPlace,
}

/// What kind of place, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublishPlace {
    /// A folder of this machine, as a link to the newest of a few releases.
    Folder {
        /// Where the live site is. Relative to the site's root.
        path: String,
        /// How many releases stay. 1 to 1,000; default 5.
        keep: usize,
    },
    /// A branch of a Git repository.
    Git {
        /// Name of a remote of the site's repository, address or path.
        remote: String,
        /// Name of the branch. Default `gh-pages`.
        branch: String,
        /// Keep the branch's history instead of a single commit. Default true.
        history: bool,
        /// The host name for a `CNAME` file.
        cname: Option<String>,
    },
    /// An archive, `.tar.gz` or `.zip` by its name.
    Archive {
        /// Where it is written. Relative to the site's root.
        path: String,
    },
    /// An object store.
    Bucket(Bucket),
    /// A folder of a WebDAV server.
    WebDav {
        /// Its address.
        address: String,
    },
    /// A folder of a machine that is reached by SSH.
    Ssh {
        /// `host` or `user@host`, or a name of the user's SSH settings.
        host: String,
        /// The port; without it, what the SSH settings say.
        port: Option<u16>,
        /// The folder there.
        path: String,
        /// How files get there.
        transfer: Transfer,
    },
}

/// A bucket or container of an object store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Whose interface it has.
    pub service: Service,
    /// Its name; for Azure, that of the container.
    pub name: String,
    /// Folder within it; empty for the top.
    pub prefix: String,
    /// Address of the service, when it is not that of the service's owner.
    pub endpoint: Option<String>,
    /// Region, for S3.
    pub region: Option<String>,
    /// Account, for Azure.
    pub account: Option<String>,
    /// Whether it writes on conditions (`If-Match`, `If-None-Match`); needed to keep two publishes apart. Default true.
    pub conditional: bool,
}

/// The interface of an object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Service {
    /// Amazon S3, and those that are compatible with it.
    S3,
    /// Google Cloud Storage.
    Gcs,
    /// Azure Blob Storage.
    Azure,
}

/// How files get to a machine that is reached by SSH.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transfer {
    /// By rsync when both ends have it, else by SFTP.
    #[default]
    Auto,
    /// By rsync.
    Rsync,
    /// By SFTP.
    Sftp,
}

/// Reads one target; nothing when it cannot be used, which has been reported.
pub(super) fn read<'a>(mut section: Section<'a>, name: &Name<'a>) -> Option<PublishTarget> {
    if holds_secrets(&section) {
        return None;
    }
    let Some(kind) = read_kind(&mut section, name) else {
        // Which keys belong here depends on the kind.
        return None;
    };
    let place = read_place(&mut Reader { section: &mut section, name }, kind);
    let url = section.parsed("url", "an address such as `https://example.org/`", web_address);
    let mut after = Vec::new();
    section.names("after", &mut after);
    section.finish();
    place.map(|place| PublishTarget { url, after, place })
}

/// The name of a target, with its place in the file.
type Name<'a> = Spanned<std::borrow::Cow<'a, str>>;

fn read_kind(section: &mut Section<'_>, name: &Name<'_>) -> Option<Kind> {
    const KINDS: [(&str, Kind); 8] = [
        ("folder", Kind::Folder),
        ("git", Kind::Git),
        ("archive", Kind::Archive),
        ("s3", Kind::Bucket(Service::S3)),
        ("gcs", Kind::Bucket(Service::Gcs)),
        ("azure", Kind::Bucket(Service::Azure)),
        ("webdav", Kind::WebDav),
        ("ssh", Kind::Ssh),
    ];
    if section.raw("kind").is_none() {
        section.missing(name, "kind", "add a line such as `kind = \"folder\"`");
    }
    let mut kind = None;
    section.choice("kind", &KINDS.map(|(word, kind)| (word, Some(kind))), &mut kind);
    kind
}

fn read_place(reader: &mut Reader<'_, '_>, kind: Kind) -> Option<PublishPlace> {
    match kind {
        Kind::Folder => {
            let mut keep = KEEP;
            reader.section.number("keep", 1..=1000, &mut keep);
            let path = reader.needs("path", "a path", "/srv/www/site", not_empty)?;
            Some(PublishPlace::Folder { path, keep })
        }
        Kind::Git => {
            let mut history = true;
            reader.section.flag("history", &mut history);
            let named = reader.section.parsed("branch", "the name of a branch", branch);
            let branch = named.unwrap_or_else(|| "gh-pages".to_owned());
            let cname = reader.section.parsed("cname", "a host name", host_name);
            let shape = "the name of a remote, an address or a path";
            let remote = reader.needs("remote", shape, "origin", remote)?;
            Some(PublishPlace::Git { remote, branch, history, cname })
        }
        Kind::Archive => {
            let shape = "a path that ends in `.tar.gz`, `.tgz` or `.zip`";
            let path = reader.needs("path", shape, "site.tar.gz", archive)?;
            Some(PublishPlace::Archive { path })
        }
        Kind::Bucket(service) => read_bucket(reader, service).map(PublishPlace::Bucket),
        Kind::WebDav => {
            let example = "https://dav.example.org/site/";
            let address = reader.needs("address", "an address of the web", example, web_address)?;
            Some(PublishPlace::WebDav { address })
        }
        Kind::Ssh => read_ssh(reader),
    }
}

fn read_bucket(reader: &mut Reader<'_, '_>, service: Service) -> Option<Bucket> {
    let is_azure = service == Service::Azure;
    let key = if is_azure { "container" } else { "bucket" };
    let name = reader.needs(key, "a name", "my-site", plain_name);
    let account = if is_azure {
        Some(reader.needs("account", "a name", "mysite", plain_name)?)
    } else {
        None
    };
    let Reader { section, .. } = reader;
    let region = if service == Service::S3 { section.text("region") } else { None };
    let prefix = section.parsed("prefix", "a path without `..`", prefix).unwrap_or_default();
    let endpoint = section.parsed("endpoint", "an address of the web", web_address);
    let mut conditional = true;
    if service == Service::S3 {
        section.flag("conditional", &mut conditional);
    }
    Some(Bucket { service, name: name?, prefix, endpoint, region, account, conditional })
}

fn read_ssh(reader: &mut Reader<'_, '_>) -> Option<PublishPlace> {
    const WAYS: [(&str, Transfer); 3] =
        [("auto", Transfer::Auto), ("rsync", Transfer::Rsync), ("sftp", Transfer::Sftp)];
    let mut transfer = Transfer::Auto;
    reader.section.choice("transfer", &WAYS, &mut transfer);
    let mut port: u16 = 0;
    reader.section.number("port", 1..=65_535, &mut port);
    let port = (port != 0).then_some(port);
    let path = reader.needs("path", "a path", "/var/www/site", not_empty);
    let host = reader.needs("host", "a host, as `ssh` takes it", "me@example.org", ssh_host)?;
    Some(PublishPlace::Ssh { host, port, path: path?, transfer })
}

/// Reads the keys of one target.
struct Reader<'s, 'a> {
    section: &'s mut Section<'a>,
    name: &'s Name<'a>,
}

impl Reader<'_, '_> {
    /// Reads a key that must be there.
    fn needs<T>(
        &mut self,
        key: &'static str,
        shape: &str,
        example: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if self.section.raw(key).is_none() {
            let help = format!("add a line such as `{key} = \"{example}\"`");
            self.section.missing(self.name, key, &help);
        }
        self.section.parsed(key, shape, parse)
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Folder,
    Git,
    Archive,
    Bucket(Service),
    WebDav,
    Ssh,
}

/// Reports keys that would hold a secret, and addresses that do; the reports show nothing of it.
fn holds_secrets(section: &Section<'_>) -> bool {
    const WORDS: [&str; 7] =
        ["password", "passphrase", "secret", "token", "credential", "access_key", "private_key"];
    let mut found = false;
    for (key, range, value) in section.texts() {
        let name = key.to_lowercase().replace('-', "_");
        let message = if WORDS.iter().any(|word| name.contains(word)) {
            format!("`{key}` has no place in the settings")
        } else if value.is_some_and(has_password) {
            format!("the password in `{key}` has no place in the settings")
        } else {
            continue;
        };
        let problem = Diagnostic::new(Code::ConfigKey, message)
            .help("who may publish is said by the environment, or by the settings of the programs that transfer files");
        section.report_hidden(problem, range);
        found = true;
    }
    found
}

/// Returns whether an address, or a host as `ssh` takes it, holds more than a user's name before its `@`.
fn has_password(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
}

fn not_empty(text: &str) -> Result<String, String> {
    let is_clean = !text.contains(char::is_control);
    if text.trim().is_empty() || !is_clean {
        Err("it is empty".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// A remote that `git` cannot take for an option.
fn remote(text: &str) -> Result<String, String> {
    let text = not_empty(text)?;
    if text.starts_with('-') { Err("it begins like an option".to_owned()) } else { Ok(text) }
}

fn archive(text: &str) -> Result<String, String> {
    let is_known = [".tar.gz", ".tgz", ".zip"].iter().any(|ending| text.ends_with(ending));
    if is_known { not_empty(text) } else { Err("its ending is none of these".to_owned()) }
}

fn plain_name(text: &str) -> Result<String, String> {
    let is_plain =
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-$".contains(c));
    if is_plain { Ok(text.to_owned()) } else { Err("it is not a plain name".to_owned()) }
}

fn web_address(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_address = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '?' || c == '#');
    let authority = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    if is_address && !authority.contains('@') {
        Ok(text.to_owned())
    } else {
        Err("it is not an address of the web".to_owned())
    }
}

fn prefix(text: &str) -> Result<String, String> {
    let trimmed = text.trim_matches('/');
    let is_plain = trimmed.is_empty()
        || trimmed
            .split('/')
            .all(|part| !matches!(part, "" | "." | "..") && !part.contains(char::is_control));
    if is_plain { Ok(trimmed.to_owned()) } else { Err("it is not a path".to_owned()) }
}

/// The rules of `git check-ref-format` that matter, so that a name can neither be an option nor leave its place.
fn branch(text: &str) -> Result<String, String> {
    let is_bad_part = |part: &str| {
        part.is_empty()
            || part.starts_with('.')
            || part.rsplit('.').next() == Some("lock")
            || part.ends_with('.')
    };
    let is_bad = text.starts_with('-')
        || text.split('/').any(is_bad_part)
        || text.contains("..")
        || text.contains("@{")
        || text.contains(|c: char| c.is_whitespace() || c.is_control() || "~^:?*[\\".contains(c));
    if is_bad { Err("it is not the name of a branch".to_owned()) } else { Ok(text.to_owned()) }
}

fn host_name(text: &str) -> Result<String, String> {
    let is_part = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if text.split('.').all(is_part) {
        Ok(text.to_owned())
    } else {
        Err("it is not a host name".to_owned())
    }
}

/// A host that cannot be taken for an option or hold a password.
fn ssh_host(text: &str) -> Result<String, String> {
    let is_part = |c: char| c.is_alphanumeric() || "._-:[]@%".contains(c);
    if text.is_empty() || text.starts_with('-') || !text.chars().all(is_part) {
        return Err("it is not `host` or `user@host`".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SiteConfig;
    use crate::files::SitePath;

    fn parse(text: &str) -> Result<SiteConfig, Vec<String>> {
        let parsed = SiteConfig::parse(text, &SitePath::parse("site.toml").unwrap());
        parsed
            .map(|warned| warned.value)
            .map_err(|problems| problems.iter().map(|problem| format!("{problem:?}")).collect())
    }

    #[test]
    fn every_kind_is_read() {
        let text = "[publish.a]\nkind = 'folder'\npath = '../live'\n\
            [publish.b]\nkind = 'git'\nremote = 'git@example.org:me/site.git'\ncname = 'example.org'\n\
            [publish.c]\nkind = 'archive'\npath = 'site.zip'\nurl = 'https://example.org/'\n\
            [publish.d]\nkind = 's3'\nbucket = 'b'\nprefix = '/x/y/'\nregion = 'r'\nafter = ['cdn', 'purge']\n\
            [publish.e]\nkind = 'azure'\ncontainer = 'c'\naccount = 'a'\n\
            [publish.f]\nkind = 'webdav'\naddress = 'https://dav.example.org/s/'\n\
            [publish.g]\nkind = 'ssh'\nhost = 'me@[::1]'\nport = 2222\npath = '/w'\ntransfer = 'sftp'\n\
            [publish.h]\nkind = 'gcs'\nbucket = 'b'\n";
        let config = parse(text).unwrap();
        assert_eq!(config.publish.len(), 8);
        let PublishPlace::Bucket(bucket) = &config.publish["d"].place else { panic!() };
        assert_eq!((bucket.prefix.as_str(), bucket.service), ("x/y", Service::S3));
        assert_eq!(config.publish["d"].after, ["cdn", "purge"]);
        let folder = PublishPlace::Folder { path: "../live".to_owned(), keep: KEEP };
        assert_eq!(config.publish["a"].place, folder);
    }

    #[test]
    fn what_is_wrong_with_a_target_is_said_at_once() {
        for (text, says) in [
            ("kind = 'ftp'", "there is no such choice"),
            ("path = 'x'", "does not say its kind"),
            ("kind = 'folder'", "add a line such as `path"),
            ("kind = 'folder'\npath = 'x'\nbucket = 'y'", "unknown setting `publish.t.bucket`"),
            ("kind = 's3'\nbucket = 'b'\nsecret_access_key = 'x'", "has no place in the settings"),
            ("kind = 'webdav'\naddress = 'https://me:pw@example.org/'", "password"),
            ("kind = 'git'\nremote = 'https://me:pw@example.org/'", "password"),
            ("kind = 'git'\nremote = 'o'\nbranch = '--all'", "not the name of a branch"),
            ("kind = 'ssh'\npath = 'x'\nhost = '-oProxyCommand=x'", "not `host`"),
            ("kind = 'archive'\npath = 'site.rar'", "none of these"),
            ("kind = 's3'\nbucket = 'b'\nprefix = 'a/../b'", "not a path"),
        ] {
            let problems = parse(&format!("[publish.t]\n{text}\n")).unwrap_err();
            assert!(problems.iter().any(|problem| problem.contains(says)), "{text}: {problems:?}");
            assert!(!problems.iter().any(|problem| problem.contains("pw")), "{text}: {problems:?}");
        }
    }
}
