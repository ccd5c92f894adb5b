//! Which country a name belongs to: towns and parts of countries, and peoples.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::gazetteer::{COUNTRIES, lookup};

/// Countries by their own names, and by those of `homes.txt`, which `training/homes.py` writes.
static HOMES: LazyLock<FxHashMap<&'static str, Home>> = LazyLock::new(|| {
    let mut homes = FxHashMap::default();
    for (list, itself) in [(COUNTRIES, true), (include_str!("data/homes.txt"), false)] {
        for line in list.lines() {
            let mut names = line.split('\t');
            let Some(country) = names.next() else { continue };
            for name in std::iter::once(country).chain(names) {
                homes.entry(name).or_insert(Home { country, itself });
            }
        }
    }
    homes
});

/// The country that a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// Its name.
    pub country: &'static str,
    /// Whether the name is the country's own.
    pub itself: bool,
}

/// Returns the country that a name stands for, or in which everybody looks for a town or a people of that name.
pub fn home_of(name: &str) -> Option<Home> {
    let home = |name: &str| HOMES.get(name).copied();
    home(name).or_else(|| home(lookup(name)?.main))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_parts_and_peoples_have_a_country() {
        for (name, country) in [
            ("Riyadh", Some("Saudi Arabia")),
            ("South Korean", Some("South Korea")),
            ("Germans", Some("Germany")),
            ("Bavaria", Some("Germany")),
            ("Texas", Some("United States")),
            ("U.S.", Some("United States")),
            // Two countries, none, and many.
            ("Korean", None),
            ("Mars", None),
            ("Europe", None),
        ] {
            assert_eq!(home_of(name).map(|home| home.country), country, "{name}");
        }
    }

    #[test]
    fn homes_are_countries() {
        let countries: Vec<&str> =
            COUNTRIES.lines().filter_map(|line| line.split('\t').next()).collect();
        for line in include_str!("data/homes.txt").lines() {
            let country = line.split('\t').next();
            assert!(country.is_some_and(|name| countries.contains(&name)), "{country:?}");
        }
    }
}
