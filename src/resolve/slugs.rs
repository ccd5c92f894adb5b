//! Slugs: the last part of the URL, unique among those that share a folder.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::ids::Fingerprint;

/// Who asked for a slug: the stronger keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// A record, whose id names it for ever.
    Record,
    /// Front matter.
    Given,
    /// Only a text.
    Derived,
}

/// A wish for a slug.
#[derive(Clone, Debug)]
pub(super) struct Claim<'a, S> {
    /// Slugs are unique within it: the kind of an entity.
    pub(super) space: S,
    /// The wish.
    pub(super) slug: String,
    /// Key of the name.
    pub(super) key: &'a str,
    /// Who asks.
    pub(super) standing: Standing,
}

/// Two that want the same slug, where a person must decide; positions of the claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clash {
    /// Has the slug.
    pub(super) first: usize,
    /// Got another one.
    pub(super) second: usize,
}

/// Gives each claim a slug of its own. O(n log n).
///
/// Records come first, in their order, then front matter, then what texts name,
/// both by key; so the result does not depend on which article is older. What
/// comes too late gets a part of its key's fingerprint behind the slug; that is
/// a clash, unless only texts name it.
pub(super) fn assign<S: Copy + Eq + Hash>(claims: &[Claim<'_, S>]) -> (Vec<String>, Vec<Clash>) {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|at| {
        let claim = &claims[*at];
        let place = if claim.standing == Standing::Record { *at } else { 0 };
        (claim.standing, place, claim.key, *at)
    });
    let mut taken: FxHashMap<(S, String), usize> = FxHashMap::default();
    let mut slugs = vec![String::new(); claims.len()];
    let mut clashes = Vec::new();
    for at in order {
        let claim = &claims[at];
        let mut slug = claim.slug.clone();
        if let Some(first) = taken.get(&(claim.space, slug.clone())) {
            if claim.standing != Standing::Derived {
                clashes.push(Clash { first: *first, second: at });
            }
            slug = marked(claim, at, |slug| taken.contains_key(&(claim.space, slug.to_owned())));
        }
        taken.insert((claim.space, slug.clone()), at);
        slugs[at] = slug;
    }
    (slugs, clashes)
}

/// Returns the slug with as much of a fingerprint as makes it unique: 6 digits, save for a freak of chance.
fn marked<S>(claim: &Claim<'_, S>, at: usize, taken: impl Fn(&str) -> bool) -> String {
    let print = Fingerprint::of(claim.key.as_bytes()).to_string();
    let fits = [6, 12, 32].into_iter().map(|len| format!("{}-{}", claim.slug, &print[..len]));
    // Two records of one id and name have one fingerprint; the position parts them.
    let numbered = (at..).map(|n| format!("{}-{print}-{n}", claim.slug));
    fits.chain(numbered).find(|slug| !taken(slug)).unwrap_or(print)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(slug: &str, key: &'static str, standing: Standing) -> Claim<'static, u8> {
        Claim { space: 0, slug: slug.to_owned(), key, standing }
    }

    #[test]
    fn slugs_are_unique_and_the_stronger_keeps_its_own() {
        let derived = claim("c", "c plus", Standing::Derived);
        let other = Claim { space: 1, ..derived.clone() };
        let record = claim("c", "x", Standing::Record);
        let claims = [derived, claim("c", "c++", Standing::Given), record.clone(), other, record];
        let (slugs, clashes) = assign(&claims);
        assert_eq!(slugs[2], "c");
        assert_eq!(slugs[3], "c");
        assert_eq!(slugs[0], format!("c-{}", &Fingerprint::of(b"c plus").to_string()[..6]));
        assert_eq!(clashes, [Clash { first: 2, second: 4 }, Clash { first: 2, second: 1 }]);
        let distinct: std::collections::BTreeSet<_> =
            [0, 1, 2, 4].into_iter().map(|at| &slugs[at]).collect();
        assert_eq!(distinct.len(), 4);
    }
}
