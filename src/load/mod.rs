//! Walks `content/`, splits front matter from text, and reads records.
//!
//! In: [`Files`](crate::files::Files) and the settings. Out: a [`SourceSet`]: every article, page and
//! record with its checked front matter, every asset by name, and a report for
//! each file that was passed over.
//!
//! **Invariants:** texts are valid UTF-8 without a byte order mark and without
//! `\r\n`; body ranges lie inside the text; nothing from front matter can name a
//! path outside the output.

mod dates;
mod decisions;
mod decode;
mod erase;
mod facts;
mod front;
mod front_matter;
pub(crate) mod json_text;
mod node;
mod outlets;
mod reader;
mod records;
mod redactions;
mod roles;
mod safe_path;
mod source;
mod split;
#[cfg(test)]
mod tests;

pub use self::decisions::{Action, DECISIONS, Decision, decisions, read_decisions};
pub(crate) use self::decode::decode;
pub use self::facts::{FactKey, FactKind, FactName, is_fact_id};
pub use self::front_matter::{Correction, FrontMatter, NoAutolink, SourceRef, When};
pub use self::outlets::{Rating, SourceRecord};
pub use self::records::{EntityRecord, Reviewed, TopicRecord};
pub use self::redactions::{REDACTIONS, Redaction, Taken, read_redactions, redactions};
pub use self::roles::{Moment, Precision, Role};
pub(crate) use self::source::ISSUES;
pub use self::source::{
    AssetFile, FileName, Format, Listing, SourceFile, SourceSet, article, entities,
    entities_as_written, list, load, outlets, page, topics,
};
