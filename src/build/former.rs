//! Where articles were that have been taken down, found out from their files: their texts are looked at for that, and dropped.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::analyze::Analysis;
use crate::config::SiteConfig;
use crate::diag::{Diagnostic, Warned};
use crate::files::{Files, Found, SitePath};
use crate::load::{self, SourceFile};
use crate::parse::parse;
use crate::plan::{UrlPath, article_address, page_address};
use crate::redact::Was;
use crate::resolve::{self, Visibility, visible};

/// Returns where an article or page was on the day on which it was taken down. The settings are those without redactions.
pub(super) fn was(files: &dyn Files, path: &SitePath, date: Date, config: &SiteConfig) -> Was {
    let found = Found { path: path.clone(), size: 0, stamp: None };
    let is_page = path.as_str().starts_with("content/pages/");
    let read = if is_page { load::page } else { load::article };
    let Warned { value, diagnostics } = read(files, &found, config);
    // What is wrong may be the address, or the date that it is made of.
    let Some(file) = value.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)) else {
        return Was::Unknown;
    };
    let Some(now) = end_of(date, config) else { return Was::Unknown };
    let public = Visibility { drafts: false, future: false, expired: true, now };
    if visible(&file.front, &file.name, public, config).is_err() {
        return Was::Unpublished;
    }
    let aliases = file.front.aliases.clone();
    let own = if is_page { page_address(&file, config) } else { of_article(file, config) };
    let mut at = vec![own.as_str().trim_matches('/').to_owned()];
    at.extend(aliases);
    Was::At(at)
}

/// Returns the address that an article would have; it may be made of a date that stands in the text.
fn of_article(file: SourceFile, config: &SiteConfig) -> UrlPath {
    let draft = parse(&file, config).value;
    let reading = resolve::read(file, draft, Analysis::default(), config).value;
    article_address(reading.article(), config)
}

/// Returns the last moment of a day.
fn end_of(date: Date, config: &SiteConfig) -> Option<Timestamp> {
    let next = date.checked_add(1.day()).ok()?.at(0, 0, 0, 0);
    let next = next.to_zoned_datetime(config.time_zone.clone()).ok()?.timestamp();
    next.checked_sub(1.nanosecond()).ok()
}
