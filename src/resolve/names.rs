//! Stub.
use super::*;
pub(super) fn lexicon(_set: &SourceSet, _config: &SiteConfig) -> Lexicon {
    Lexicon::default()
}
pub(super) fn visible(
    _f: &FrontMatter,
    _n: &FileName,
    _v: Visibility,
    _c: &SiteConfig,
) -> Result<(), SkipReason> {
    Ok(())
}
pub(super) fn resolve(
    _set: SourceSet,
    _a: Vec<Option<Parsed>>,
    _p: Vec<Option<Draft>>,
    _v: Visibility,
    _c: &SiteConfig,
) -> Warned<Site> {
    Warned::clean(Site::default())
}
