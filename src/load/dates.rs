//! Dates of front matter.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

use super::When;

/// Reads a date with or without a time: the ISO 8601 forms, `2024/05/06`, and RFC 2822.
///
/// A time without offset is read in `zone`; the day is the one in the zone that was written.
pub(super) fn parse_when(text: &str, zone: &TimeZone) -> Option<When> {
    let text = text.trim();
    let Some((date, rest)) = leading_date(text) else {
        let zoned = jiff::fmt::rfc2822::parse(text).ok()?;
        return Some(When { date: zoned.date(), instant: Some(zoned.timestamp()) });
    };
    if rest.is_empty() {
        return Some(When { date, instant: None });
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
    let time_len =
        rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.').unwrap_or(rest.len());
    let (time, offset) = rest.split_at(time_len);
    if !time.contains(':') {
        return None;
    }
    let local: DateTime = format!("{date}T{time}").parse().ok()?;
    let instant = match offset.trim() {
        "" => local.to_zoned_datetime(zone.clone()).ok()?.timestamp(),
        offset => parse_offset(offset)?.to_timestamp(local).ok()?,
    };
    Some(When { date, instant: Some(instant) })
}

/// Reads `YYYY-MM-DD` or `YYYY/MM/DD` at the start; returns the rest too.
pub(super) fn leading_date(text: &str) -> Option<(Date, &str)> {
    let (head, rest) = text.split_at_checked(10)?;
    let mut parts = head.split(if head.contains('/') { '/' } else { '-' });
    let mut number = |len: usize| {
        let part = parts.next()?;
        (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i16>().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, rest))
}

/// Reads `Z`, `UTC`, `+03:30`, `+0330` or `+03`.
fn parse_offset(text: &str) -> Option<Offset> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some(Offset::UTC);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?.replacen(':', "", 1);
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(2);
    let minutes: i32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes * 60;
    (minutes < 60).then(|| Offset::from_seconds(sign * seconds).ok())?
}

/// Days as three numbers in formats for machines, and as text in others.
pub(super) mod compact_day {
    use jiff::civil::Date;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(in crate::load) fn serialize<S: Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            return date.serialize(to);
        }
        (date.year(), date.month(), date.day()).serialize(to)
    }

    pub(in crate::load) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Date, D::Error> {
        if from.is_human_readable() {
            return Date::deserialize(from);
        }
        let (year, month, day) = Deserialize::deserialize(from)?;
        Date::new(year, month, day).map_err(Error::custom)
    }
}

/// Instants as numbers of seconds and nanoseconds in formats for machines, and as text in others.
pub(super) mod compact_instant {
    use jiff::Timestamp;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::ref_option, reason = "serde gives a reference")]
    pub(in crate::load) fn serialize<S: Serializer>(
        instant: &Option<Timestamp>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            return instant.serialize(to);
        }
        instant.map(|instant| (instant.as_second(), instant.subsec_nanosecond())).serialize(to)
    }

    pub(in crate::load) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        if from.is_human_readable() {
            return Deserialize::deserialize(from);
        }
        let numbers: Option<(i64, i32)> = Deserialize::deserialize(from)?;
        let instant = numbers.map(|(second, nanosecond)| Timestamp::new(second, nanosecond));
        instant.transpose().map_err(Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_usual_forms() {
        let zone = TimeZone::get("Asia/Tehran").unwrap();
        for (text, date, instant) in [
            ("2024-05-06", "2024-05-06", None),
            ("2024/05/06", "2024-05-06", None),
            ("2024-05-06 07:08", "2024-05-06", Some("2024-05-06T03:38:00Z")),
            ("2024-05-06T07:08:09Z", "2024-05-06", Some("2024-05-06T07:08:09Z")),
            ("2024-05-06T01:08:09.5+03:30", "2024-05-06", Some("2024-05-05T21:38:09.5Z")),
            ("2024-05-06 07:08:09 -0500", "2024-05-06", Some("2024-05-06T12:08:09Z")),
            ("Mon, 06 May 2024 01:08:09 +0330", "2024-05-06", Some("2024-05-05T21:38:09Z")),
        ] {
            let when = parse_when(text, &zone).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (when.date.to_string().as_str(), when.instant),
                (date, instant.map(|i| i.parse().unwrap())),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-02-30",
            "2024-05-06T",
            "2024-05-06T25:00",
            "2024-05-06 07:08 Mars",
            "20240506",
            "2024-05-06T07:08+99:99",
            "é024-05-06",
            "07:08:00",
        ] {
            assert_eq!(parse_when(text, &TimeZone::UTC), None, "{text}");
        }
    }
}
