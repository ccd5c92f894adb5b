//! Paths inside the site.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

/// A relative path inside the site's root, with `/` between parts.
///
/// **Invariant:** no part is empty, `.` or `..`, and none holds a control
/// character or a backslash, so joining it to a root never leaves the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SitePath(String);

impl SitePath {
    /// Reads a path; `./` in front and `/` at the end are dropped.
    ///
    /// Returns `None` when the path is empty, absolute, climbs with `..`, or
    /// holds a control character or backslash.
    ///
    /// # Examples
    /// ```
    /// use pressmark::files::SitePath;
    /// assert_eq!(SitePath::parse("./content/a.txt").unwrap().as_str(), "content/a.txt");
    /// assert!(SitePath::parse("../secret").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("./").unwrap_or(text);
        let text = text.strip_suffix('/').unwrap_or(text);
        Self::is_path(text).then(|| Self(text.to_owned()))
    }

    /// Reads a path of the operating system that is relative to the root.
    pub fn from_relative(path: &Path) -> Option<Self> {
        let mut parts = Vec::new();
        for component in path.components() {
            match component {
                Component::Normal(part) => parts.push(part.to_str()?),
                Component::CurDir => {}
                _ => return None,
            }
        }
        Self::parse(&parts.join("/"))
    }

    /// Returns the path of an entry of this folder, if its name is one that a path may hold.
    pub(super) fn entry(&self, name: &str) -> Option<Self> {
        (!name.contains('/') && Self::is_part(name)).then(|| {
            let mut path = String::with_capacity(self.0.len() + 1 + name.len());
            path.push_str(&self.0);
            path.push('/');
            path.push_str(name);
            Self(path)
        })
    }

    fn is_path(text: &str) -> bool {
        // A common path is judged by its bytes: no part of it is empty or begins with a dot.
        let mut is_plain = true;
        let mut last = b'/';
        for &byte in text.as_bytes() {
            is_plain &= (b' '..0x7f).contains(&byte) && byte != b'\\';
            is_plain &= last != b'/' || !matches!(byte, b'/' | b'.');
            last = byte;
        }
        is_plain && last != b'/' || text.split('/').all(Self::is_part)
    }

    fn is_part(part: &str) -> bool {
        let allowed = |c: char| !c.is_control() && c != '\\';
        // A common name is judged by its bytes.
        let plain = |byte: &u8| (b' '..0x7f).contains(byte) && *byte != b'\\';
        !part.is_empty()
            && part != "."
            && part != ".."
            && (part.as_bytes().iter().all(plain) || part.chars().all(allowed))
    }

    /// Borrows the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path below `root` on the disk.
    pub fn on_disk(&self, root: &Path) -> PathBuf {
        // On Unix, and this program runs on nothing else, the separator is the same.
        root.join(&self.0)
    }

    /// Returns the last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Returns the last part without its extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        match name.rfind('.') {
            Some(at) if at > 0 => &name[..at],
            _ => name,
        }
    }

    /// Returns the extension of the last part, as written, without the dot.
    pub fn extension(&self) -> Option<&str> {
        let name = self.file_name();
        name.rfind('.').filter(|at| *at > 0).map(|at| &name[at + 1..])
    }

    /// Returns the folder that holds this path, or `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|at| Self(self.0[..at].to_owned()))
    }

    /// Appends a relative path; `.` and `..` in it are resolved.
    ///
    /// Returns `None` when the result would leave the root or be the root, or when a part is invalid.
    pub fn join(&self, relative: &str) -> Option<Self> {
        let mut path = String::with_capacity(self.0.len() + 1 + relative.len());
        path.push_str(&self.0);
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." if path.is_empty() => return None,
                ".." => path.truncate(path.rfind('/').unwrap_or(0)),
                other if Self::is_part(other) => {
                    if !path.is_empty() {
                        path.push('/');
                    }
                    path.push_str(other);
                }
                _ => return None,
            }
        }
        (!path.is_empty()).then_some(Self(path))
    }

    /// Returns the rest of the path below `folder`.
    pub fn below(&self, folder: &Self) -> Option<&str> {
        self.0.strip_prefix(folder.as_str())?.strip_prefix('/')
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SitePath {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if Self::is_path(&text) {
            return Ok(Self(text));
        }
        Self::parse(&text)
            .ok_or_else(|| format!("`{}` is not a path inside the site", text.escape_debug()))
    }
}

impl From<SitePath> for String {
    fn from(path: SitePath) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_never_leave_the_root() {
        for bad in ["", "/", "/etc", "..", "a/../b", "a//b", "a\\b", "a\0b", "."] {
            assert_eq!(SitePath::parse(bad), None, "{bad:?}");
        }
        let path = SitePath::parse("content/articles/a.md").unwrap();
        assert_eq!(path.join("../../../x"), SitePath::parse("x"));
        assert_eq!(path.join("../../../../x"), None);
        assert_eq!(
            path.parent().unwrap().join("../pages/b.md").unwrap().as_str(),
            "content/pages/b.md"
        );
    }

    #[test]
    fn parts_of_a_path() {
        let path = SitePath::parse("a/b.tar.gz").unwrap();
        assert_eq!(
            (path.stem(), path.extension(), path.file_name()),
            ("b.tar", Some("gz"), "b.tar.gz")
        );
        assert_eq!(SitePath::parse("a/.hidden").unwrap().extension(), None);
        assert_eq!(path.below(&SitePath::parse("a").unwrap()), Some("b.tar.gz"));
        assert_eq!(path.below(&SitePath::parse("a/b").unwrap()), None);
    }
}
