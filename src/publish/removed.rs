//! What a site tells of what was taken down, and whether an older one was made before that.

use serde_json::Value;

use super::release::Release;
use crate::diag::Error;
use crate::files::SitePath;

/// Where a site tells it.
pub(super) const REMOVED: &str = "removed.json";

/// Returns what a release tells; nothing when nothing was taken down.
pub(super) fn of(release: &Release) -> Result<Option<Vec<u8>>, Error> {
    let path = SitePath::parse(REMOVED);
    let path = path.filter(|path| release.manifest().find(path).is_some());
    path.map(|path| release.read(&path)).transpose()
}

/// Returns whether a site shows what another has taken down: each row of `now` must stand in `then`.
pub(super) fn is_before(then: Option<&[u8]>, now: Option<&[u8]>) -> bool {
    let Some(now) = now else { return false };
    let (Some(now), Some(then)) = (rows(now), then.and_then(rows)) else { return true };
    // Two that tell the same are two.
    let mut left = then;
    now.iter().any(|row| {
        let found = left.iter().position(|one| one == row);
        found.map(|at| left.swap_remove(at)).is_none()
    })
}

fn rows(bytes: &[u8]) -> Option<Vec<Value>> {
    serde_json::from_slice(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_older_when_it_lacks_a_row() {
        let (one, two) = (&b"[{\"a\":1}]"[..], &b"[{\"a\":1},{\"a\":1}]"[..]);
        for (then, now, before) in [
            (None, None, false),
            (Some(one), None, false),
            (None, Some(one), true),
            (Some(one), Some(one), false),
            (Some(two), Some(one), false),
            (Some(one), Some(two), true),
            (Some(b"what"), Some(one), true),
            (Some(one), Some(b"what"), true),
        ] {
            assert_eq!(is_before(then, now), before, "{then:?} {now:?}");
        }
    }
}
