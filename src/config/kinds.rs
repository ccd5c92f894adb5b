//! The kinds of entities, built in and declared.

use serde::{Deserialize, Serialize};

/// A kind of entity: its place in the site's table of kinds.
///
/// The built-in kinds always have the same number; kinds declared in
/// `site.toml` follow in the order of their declaration.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct EntityKind(u8);

impl EntityKind {
    /// A human being.
    pub const PERSON: Self = Self(0);
    /// A company, institution, party, armed group, team.
    pub const ORGANIZATION: Self = Self(1);
    /// A country, city, region, building, river, celestial body.
    pub const PLACE: Self = Self(2);
    /// Something that happened or recurs: a war, a summit, a launch.
    pub const EVENT: Self = Self(3);
    /// A treaty, book, film, report, law.
    pub const WORK: Self = Self(4);

    /// Returns the position in the table of kinds.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One row of the table of kinds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct KindRow {
    /// Singular, as in `kind = "person"`.
    id: String,
    /// Plural: the front-matter key, and the first part of the URL (`people`).
    plural: String,
}

/// The table of kinds of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    rows: Vec<KindRow>,
}

impl Default for Kinds {
    fn default() -> Self {
        let row = |id: &str, plural: &str| KindRow { id: id.to_owned(), plural: plural.to_owned() };
        Self {
            rows: vec![
                row("person", "people"),
                row("organization", "organizations"),
                row("place", "places"),
                row("event", "events"),
                row("work", "works"),
            ],
        }
    }
}

impl Kinds {
    /// Declares a kind.
    ///
    /// # Errors
    /// When the id or plural is taken, is not a slug of `a-z`, `0-9`, `-`, or the table is full (255 kinds).
    pub fn declare(&mut self, id: &str, plural: &str) -> Result<EntityKind, String> {
        let slug = |s: &str| {
            !s.is_empty()
                && s.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        };
        if !slug(id) || !slug(plural) {
            return Err(format!(
                "kind `{id}` and plural `{plural}` must be made of `a-z`, `0-9`, `-` and `_`"
            ));
        }
        if self.rows.iter().any(|row| row.id == id || row.plural == plural) {
            return Err(format!("the kind `{id}` or its plural `{plural}` is already there"));
        }
        let number =
            u8::try_from(self.rows.len()).map_err(|_| "a site has at most 256 kinds".to_owned())?;
        self.rows.push(KindRow { id: id.to_owned(), plural: plural.to_owned() });
        Ok(EntityKind(number))
    }

    /// Returns the kind whose singular is `id`.
    pub fn by_id(&self, id: &str) -> Option<EntityKind> {
        self.position(|row| row.id == id)
    }

    /// Returns the kind whose plural is `plural`.
    pub fn by_plural(&self, plural: &str) -> Option<EntityKind> {
        self.position(|row| row.plural == plural)
    }

    fn position(&self, wanted: impl Fn(&KindRow) -> bool) -> Option<EntityKind> {
        self.rows.iter().position(wanted).and_then(|at| u8::try_from(at).ok()).map(EntityKind)
    }

    /// Iterates over the kinds in order.
    pub fn all(&self) -> impl Iterator<Item = EntityKind> {
        (0..=u8::MAX).take(self.rows.len()).map(EntityKind)
    }

    /// Returns the singular of a kind.
    pub fn id(&self, kind: EntityKind) -> &str {
        &self.rows[kind.index()].id
    }

    /// Returns the plural of a kind, which is also its folder in the URL.
    pub fn plural(&self, kind: EntityKind) -> &str {
        &self.rows[kind.index()].plural
    }
}
