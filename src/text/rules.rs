//! The names of the rules that derive what pages show, so that they may be kept and read again.
//!
//! For serde's `with`: a rule is written as its place in [`ALL`].

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The stable name of a rule. Behind this name, because serde would take a plain `&'static str` for
/// borrowed from what is read.
pub type Rule = &'static str;

/// All rules, in no order that matters.
pub const ALL: &[&str] = &[
    "author.byline",
    "author.html",
    "boilerplate.credit",
    "boilerplate.disclaimer",
    "boilerplate.navigation",
    "date.dateline",
    "date.file-name",
    "date.first-lines",
    "date.html",
    "date.path",
    "figure.number",
    "name.capitals",
    "name.command",
    "name.known",
    "name.lexicon",
    "name.model",
    "name.onnx",
    "quote.marks",
    "quote.reported",
    "role.apposition",
    "role.title",
    "source.canonical",
    "source.first-line",
    "source.line",
    "summary.lead",
    "summary.more",
    "title.file-name",
    "title.first-line",
    "title.heading",
    "title.html",
    "title.lead",
    "topic.keyword",
    "topic.subject",
    "topic.taught",
];

fn number<E: serde::ser::Error>(rule: &str) -> Result<u8, E> {
    let at = ALL.iter().position(|known| *known == rule);
    at.and_then(|at| u8::try_from(at).ok()).ok_or_else(|| E::custom("a rule that is not listed"))
}

fn name<E: serde::de::Error>(number: u8) -> Result<&'static str, E> {
    ALL.get(usize::from(number)).copied().ok_or_else(|| E::custom("a rule that is not known"))
}

pub(crate) fn serialize<S: Serializer>(rule: &'static str, to: S) -> Result<S::Ok, S::Error> {
    number::<S::Error>(rule)?.serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
    name(u8::deserialize(from)?)
}

/// The same for a rule that may be missing.
pub(crate) mod optional {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{name, number};

    #[expect(clippy::ref_option_ref, reason = "the signature is serde's")]
    pub(crate) fn serialize<S: Serializer>(
        rule: &Option<&'static str>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        rule.map(number::<S::Error>).transpose()?.serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<&'static str>, D::Error> {
        Option::<u8>::deserialize(from)?.map(name).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_listed_once_and_found_again() {
        for rule in ALL {
            let number = number::<serde_json::Error>(rule).unwrap();
            assert_eq!(name::<serde_json::Error>(number).unwrap(), *rule);
        }
        assert!(super::number::<serde_json::Error>("rule.none").is_err());
        assert!(name::<serde_json::Error>(255).is_err());
    }
}
