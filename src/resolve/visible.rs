//! Which files are shown.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{SkipReason, Visibility};
use crate::config::SiteConfig;
use crate::load::{FileName, FrontMatter, When};

/// Tells whether a file is shown; see [`super::visible()`].
pub(super) fn visible(
    front: &FrontMatter,
    name: &FileName,
    visibility: Visibility,
    config: &SiteConfig,
) -> Result<(), SkipReason> {
    let now = visibility.now;
    let instant = |when: When| begin(when, &config.time_zone);
    let ahead = |from: Option<Timestamp>| from.is_some_and(|from| from > now);
    let dated = front
        .date
        .map_or_else(|| name.date.and_then(|date| midnight(date, &config.time_zone)), instant);
    if front.draft && !visibility.drafts {
        Err(SkipReason::Draft)
    } else if !visibility.future && (ahead(dated) || ahead(front.publish.and_then(instant))) {
        Err(SkipReason::Future)
    } else if !visibility.expired && front.expiry.and_then(instant).is_some_and(|end| end <= now) {
        Err(SkipReason::Expired)
    } else {
        Ok(())
    }
}

/// Returns the moments at which a file begins or ceases to be shown.
pub(super) fn turns(
    front: &FrontMatter,
    name: &FileName,
    config: &SiteConfig,
) -> impl Iterator<Item = Timestamp> {
    let zone = &config.time_zone;
    let of_name = || name.date.and_then(|date| midnight(date, zone));
    let dated = front.date.map_or_else(of_name, |when| begin(when, zone));
    let others = [front.publish, front.expiry].map(|when| when.and_then(|when| begin(when, zone)));
    dated.into_iter().chain(others.into_iter().flatten())
}

/// Returns when a date begins: at its time of day, else at midnight.
fn begin(when: When, zone: &TimeZone) -> Option<Timestamp> {
    when.instant.or_else(|| midnight(when.date, zone))
}

/// Returns the first moment of a day; none at the very end of the calendar.
fn midnight(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.at(0, 0, 0, 0).to_zoned_datetime(zone.clone()).ok().map(|start| start.timestamp())
}
