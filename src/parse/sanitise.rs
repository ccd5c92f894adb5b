//! Stub.
use super::Draft;
use crate::config::SiteConfig;
use crate::diag::Diagnostic;
use crate::load::SourceFile;

pub(super) fn parse(
    _file: &SourceFile,
    _config: &SiteConfig,
    _diagnostics: &mut Vec<Diagnostic>,
) -> Draft {
    Draft {
        body: super::Body::default(),
        links: vec![],
        title: None,
        date: None,
        source: None,
        author: None,
        more: None,
        boilerplate: vec![],
    }
}
