//! Roles of people in records: what somebody is or was, and from when until when.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::node::Value;
use super::reader::Reader;

/// What somebody is or was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// `name`: such as `foreign minister`.
    pub name: String,
    /// `from`: when it began.
    pub from: Option<Moment>,
    /// `until`: when it ended.
    pub until: Option<Moment>,
}

/// A year, month or day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The first day of it.
    pub first: Date,
    /// How much of it is known.
    pub precision: Precision,
}

/// How exactly a moment is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Precision {
    /// The year alone.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
}

impl Moment {
    /// Reads `1981`, `1981-01` or `1981-01-20`.
    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let is_number = |(part, len): (&&str, usize)| {
            part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if parts.len() > 3 || !parts.iter().zip([4, 2, 2]).all(is_number) {
            return None;
        }
        let number = |at: usize| parts.get(at).map_or(Some(1), |part| part.parse::<i8>().ok());
        let first = Date::new(parts.first()?.parse().ok()?, number(1)?, number(2)?).ok()?;
        let precision = match parts.len() {
            1 => Precision::Year,
            2 => Precision::Month,
            _ => Precision::Day,
        };
        Some(Self { first, precision })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.first.to_string();
        let len = match self.precision {
            Precision::Year => 4,
            Precision::Month => 7,
            Precision::Day => whole.len(),
        };
        f.write_str(whole.get(..len).unwrap_or(&whole))
    }
}

/// Reads the roles of a record: a name or table, or a list of such; none when the record says nothing of them.
pub(super) fn roles(reader: &mut Reader<'_, '_>) -> Option<Vec<Role>> {
    let entry = reader.entry(&["roles", "role"])?;
    let items = match &entry.node.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.node),
    };
    let mut roles = Vec::new();
    for item in items {
        let Value::Table(entries) = &item.value else {
            let name = reader.reports.line("roles", item);
            roles.extend(name.map(|name| Role { name, from: None, until: None }));
            continue;
        };
        let mut inner = Reader::new(entries, reader.reports);
        let name = inner.line(&["name", "role"]);
        let (from, until) = (moment(&mut inner, "from"), moment(&mut inner, "until"));
        inner.finish();
        let Some(name) = name else {
            reader.reports.bad_value(
                item,
                "a role needs a `name`".to_owned(),
                "write what it is called",
            );
            continue;
        };
        roles.push(Role { name, from, until });
    }
    Some(roles)
}

fn moment<'a>(reader: &mut Reader<'a, '_>, key: &'a str) -> Option<Moment> {
    let entry = reader.entry(&[key])?;
    let text = reader.reports.line(key, &entry.node)?;
    let moment = Moment::parse(&text);
    if moment.is_none() {
        let message = format!("`{key}` is no year, month or day: `{text}`");
        reader.reports.bad_value(
            &entry.node,
            message,
            "write it as `1981`, `1981-01` or `1981-01-20`",
        );
    }
    moment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_as_exact_as_they_were_written() {
        for text in ["1981", "1981-01", "1981-01-20"] {
            assert_eq!(Moment::parse(text).map(|moment| moment.to_string()).as_deref(), Some(text));
        }
        for text in ["", "81", "1981-1", "1981-13", "1981-02-30", "1981-01-20-1", "198a"] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
