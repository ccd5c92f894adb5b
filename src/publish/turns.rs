//! Files that one of several makes or replaces, on machines that know no conditions: who gives a file a name by a hard link is the
//! one. A link is made in one step, and never over another file.

use super::remote::{Remote, Version};
use crate::diag::Error;
use crate::files::SitePath;

/// A target on which files get names by hard links.
pub(super) trait Links: Remote {
    /// Sends a file and gives it a name that no other file has; `false` when one has it. Then, if there is a `to`, the file is
    /// called so instead, over another one. No other name of it is left.
    fn link(&self, bytes: &[u8], name: &str, to: Option<&SitePath>) -> Result<bool, Error>;
}

/// Writes a file unless there is one; see [`Remote::create`].
pub(super) fn create(
    machine: &impl Links,
    path: &SitePath,
    bytes: &[u8],
) -> Result<Option<Version>, Error> {
    let made = machine.link(bytes, path.as_str(), None)?;
    Ok(made.then(|| Version::of(bytes)))
}

/// Writes a file in the place of a version of it; see [`Remote::replace`].
pub(super) fn replace(
    machine: &impl Links,
    path: &SitePath,
    bytes: &[u8],
    old: &Version,
) -> Result<Option<Version>, Error> {
    if !machine.is_still(path, old)? {
        return Ok(None);
    }
    // Of two who replace the same version, the one who makes this link does.
    let turn = format!("{path}.after-{}", old.0);
    let made = machine.link(bytes, &turn, Some(path))?;
    Ok(made.then(|| Version::of(bytes)))
}
