//! Which part of a file a request wants: RFC 9110, section 14.

use std::ops::Range;

use axum::http::{HeaderMap, header};

/// What is sent of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: no part was asked for, or one that need not be understood.
    Whole,
    /// These bytes, at least one.
    Bytes(Range<usize>),
    /// Nothing: what was asked for lies behind the end.
    Nothing,
}

/// Returns what a request wants of `length` bytes that have the tag `tag`.
///
/// Several ranges at once are a way to make a server work, and players of sound and film ask for one.
pub(super) fn part(headers: &HeaderMap, tag: &str, length: usize) -> Part {
    let mut ranges = headers.get_all(header::RANGE).iter();
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return Part::Whole };
    // A weak tag does not promise the same bytes, and a date is none of ours.
    let is_same = |known: &[u8]| tag.starts_with('"') && known == tag.as_bytes();
    if headers.get(header::IF_RANGE).is_some_and(|known| !is_same(known.as_bytes())) {
        return Part::Whole;
    }
    range.to_str().ok().and_then(|range| read(range, length)).unwrap_or(Part::Whole)
}

/// Reads `bytes=first-last`, `bytes=first-` or `bytes=-count`; nothing when it is none of these.
fn read(range: &str, length: usize) -> Option<Part> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim_matches([' ', '\t']).split_once('-')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let part = match (first, last) {
        ("", count) => match number(count)? {
            0 => Part::Nothing,
            // No range can say that it is empty.
            _ if length == 0 => Part::Whole,
            count => Part::Bytes(length.saturating_sub(count)..length),
        },
        (first, last) => {
            let first = number(first)?;
            let last = if last.is_empty() { usize::MAX } else { number(last)? };
            match () {
                () if last < first => return None,
                () if first >= length => Part::Nothing,
                () => Part::Bytes(first..last.saturating_add(1).min(length)),
            }
        }
    };
    Some(part)
}

/// Reads a number of any length: what no file has is as good as any other such number.
fn number(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&'static str, &str)], tag: &str, length: usize) -> Part {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        part(&headers, tag, length)
    }

    #[test]
    fn one_range_is_a_part() {
        for (range, part) in [
            ("bytes=0-0", 0..1),
            ("bytes=2-4", 2..5),
            ("Bytes= 2-4 ", 2..5),
            ("bytes=2-", 2..10),
            ("bytes=2-99", 2..10),
            ("bytes=0-99999999999999999999999999", 0..10),
            ("bytes=-3", 7..10),
            ("bytes=-99", 0..10),
        ] {
            assert_eq!(of(&[("range", range)], "\"x\"", 10), Part::Bytes(part), "{range}");
        }
        for range in ["bytes=10-", "bytes=10-12", "bytes=99999999999999999999999999-", "bytes=-0"] {
            assert_eq!(of(&[("range", range)], "\"x\"", 10), Part::Nothing, "{range}");
        }
        assert_eq!(of(&[("range", "bytes=0-")], "\"x\"", 0), Part::Nothing);
    }

    #[test]
    fn what_is_no_single_range_is_answered_whole() {
        for range in [
            "bytes=0-1,4-5",
            "bytes=",
            "bytes=-",
            "bytes=4-2",
            "bytes=a-b",
            "bytes=0x0-1",
            "bytes=+1-2",
            "bytes=1 - 2",
            "bytes",
            "0-1",
            "lines=0-1",
            "bytes=--1",
            "bytes=1-2-3",
            "",
        ] {
            assert_eq!(of(&[("range", range)], "\"x\"", 10), Part::Whole, "{range}");
        }
        assert_eq!(of(&[], "\"x\"", 10), Part::Whole);
        assert_eq!(of(&[("range", "bytes=0-1"), ("range", "bytes=0-1")], "\"x\"", 10), Part::Whole);
        assert_eq!(of(&[("range", "bytes=-5")], "\"x\"", 0), Part::Whole);
    }

    #[test]
    fn a_part_of_another_state_is_answered_whole() {
        let range = ("range", "bytes=0-1");
        let with = |known: &str, tag: &str| of(&[range, ("if-range", known)], tag, 10);
        assert_eq!(with("\"x\"", "\"x\""), Part::Bytes(0..2));
        for (known, tag) in [
            ("\"y\"", "\"x\""),
            ("W/\"x\"", "\"x\""),
            ("W/\"x\"", "W/\"x\""),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "\"x\""),
        ] {
            assert_eq!(with(known, tag), Part::Whole, "{known}");
        }
    }
}
