//! Stub.
use super::{Analysis, Lexicon};
use crate::config::SiteConfig;
use crate::parse::Body;

pub(super) fn analyze(_body: &Body, _lexicon: &Lexicon, _config: &SiteConfig) -> Analysis {
    Analysis::default()
}
