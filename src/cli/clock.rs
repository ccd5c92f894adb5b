//! What time it is: `--clock`, else `SOURCE_DATE_EPOCH`, else the system.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use pressmark::diag::Error;

/// A moment, or a day whose beginning depends on the site's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    Moment(Timestamp),
    Day(Date),
}

impl Clock {
    /// Reads `--clock`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.len() == "2024-05-06".len()
            && let Ok(day) = text.parse::<Date>()
        {
            return Ok(Self::Day(day));
        }
        text.parse().map(Self::Moment).map_err(|_| {
            "expected a day such as `2024-05-06`, or a time such as `2024-05-06T07:08:09Z`"
                .to_owned()
        })
    }

    /// Returns the clock that the arguments, the environment or the system give, in this order.
    pub(super) fn choose(argument: Option<Self>) -> Result<Self, Error> {
        match (argument, std::env::var_os("SOURCE_DATE_EPOCH").filter(|text| !text.is_empty())) {
            (Some(clock), _) => Ok(clock),
            (None, Some(text)) => epoch(&text.to_string_lossy()).map(Self::Moment),
            (None, None) => Ok(Self::Moment(Timestamp::now())),
        }
    }

    /// Returns the moment; a day is its first one.
    pub(super) fn moment(self, zone: &TimeZone) -> Result<Timestamp, Error> {
        match self {
            Self::Moment(moment) => Ok(moment),
            Self::Day(day) => day
                .to_zoned_datetime(zone.clone())
                .map(|zoned| zoned.timestamp())
                .map_err(|_| Error::usage(format!("`--clock {day}` is out of range"))),
        }
    }

    /// Returns the day in `zone`.
    pub(super) fn day(self, zone: &TimeZone) -> Date {
        match self {
            Self::Moment(moment) => moment.to_zoned_datetime(zone.clone()).date(),
            Self::Day(day) => day,
        }
    }
}

/// Reads `SOURCE_DATE_EPOCH`.
fn epoch(text: &str) -> Result<Timestamp, Error> {
    let seconds = text.trim().parse().ok();
    seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()).ok_or_else(|| {
        Error::usage(format!(
            "the environment variable `SOURCE_DATE_EPOCH` is not a number of seconds: `{text}`"
        ))
        .help("set it to the seconds since 1970, such as `1700000000`, or unset it")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_in_the_zone_of_the_site() {
        let zone = TimeZone::get("Asia/Tehran").unwrap();
        let clock = Clock::parse("2024-05-06").unwrap();
        assert_eq!(clock.moment(&zone).unwrap().to_string(), "2024-05-05T20:30:00Z");
        assert_eq!(clock.day(&zone).to_string(), "2024-05-06");
        let clock = Clock::parse("2024-05-06T22:00:00Z").unwrap();
        assert_eq!(clock.day(&zone).to_string(), "2024-05-07");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in ["", "today", "2024", "2024-02-30", "2024-05-06T07:08", "99999"] {
            assert!(Clock::parse(text).is_err(), "{text}");
        }
        assert!(epoch("soon").is_err() && epoch("99999999999999999").is_err());
        assert_eq!(epoch("0").unwrap(), Timestamp::UNIX_EPOCH);
    }
}
