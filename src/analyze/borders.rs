//! Whether a name that was found in a text is a word there, and not a part of one, in any script.
//!
//! Most scripts part words by spaces. Chinese, Japanese, Thai and their neighbours do not, and a name may stand
//! anywhere. Arabic and Hebrew write short words such as "and" or "in" before a name as a part of it, Korean its
//! particles behind it, and Persian endings behind a sign that nobody sees.

use crate::text::{NON_JOINER, Unified};

/// Words that Arabic writes together with the next one.
const ARABIC_PREFIXES: &[&str] = &[
    "و", "ف", "ب", "ل", "ک", "وب", "ول", "وک", "فب", "فل", "ال", "وال", "بال", "لل", "فال", "کال",
    "وبال", "ولل",
];

/// Shorter Arabic names are too often the end of another word.
const ARABIC_LEAST: usize = 4;

/// Words that Hebrew writes together with the next one.
const HEBREW_PREFIXES: &[&str] = &[
    "ה", "ו", "ב", "ל", "מ", "ש", "כ", "וה", "וב", "ול", "ומ", "וש", "וכ", "שה", "שב", "של", "שמ",
    "מה", "כש", "לכש",
];

/// Shorter Hebrew names are too often the end of another word.
const HEBREW_LEAST: usize = 3;

/// Endings that Persian writes behind a non-joiner.
const PERSIAN_ENDINGS: &[&str] = &[
    "ها", "های", "هایی", "هایش", "ای", "ی", "یی", "ام", "ات", "اش", "مان", "تان", "شان", "را",
    "است", "اند", "تر", "ترین",
];

/// Particles that Korean writes behind a name.
const KOREAN_PARTICLES: &[&str] = &[
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "도",
    "와",
    "과",
    "로",
    "으로",
    "만",
    "에서",
    "에게",
    "에는",
    "에서는",
    "에도",
    "부터",
    "까지",
    "보다",
    "처럼",
    "이나",
    "나",
    "이라고",
    "라고",
    "이며",
    "이다",
    "입니다",
    "씨",
    "씨가",
    "씨는",
    "측",
    "측은",
    "으로부터",
    "로부터",
    "에선",
    "이란",
    "란",
    "와의",
    "과의",
];

/// Whether no word goes on across the ends of `start..end`.
pub(super) fn stands_alone(text: &Unified<'_>, start: usize, end: usize) -> bool {
    starts_alone(text, start, end) && ends_alone(text, end)
}

fn starts_alone(text: &Unified<'_>, start: usize, end: usize) -> bool {
    let (before, behind) = text.text().split_at(start);
    if !goes_on(before, behind) {
        return true;
    }
    if text.hidden(start).contains(NON_JOINER) {
        return false;
    }
    let prefix = &before[before.trim_end_matches(joins).len()..];
    let name = &behind[..end - start];
    let letters = || name.chars().filter(|c| c.is_alphabetic()).count();
    match name.chars().next() {
        Some(c) if is_arabic(c) => {
            let and = prefix == "و" && letters() + 1 >= ARABIC_LEAST;
            and || ARABIC_PREFIXES.contains(&prefix) && letters() >= ARABIC_LEAST
        }
        Some(c) if is_hebrew(c) => HEBREW_PREFIXES.contains(&prefix) && letters() >= HEBREW_LEAST,
        _ => false,
    }
}

fn ends_alone(text: &Unified<'_>, end: usize) -> bool {
    let (before, behind) = text.text().split_at(end);
    if !goes_on(before, behind) {
        return true;
    }
    let ending = &behind[..behind.len() - behind.trim_start_matches(joins).len()];
    if text.hidden(end).contains(NON_JOINER) {
        return PERSIAN_ENDINGS.contains(&ending);
    }
    before.ends_with(is_hangul) && KOREAN_PARTICLES.contains(&ending)
}

/// Whether a word may go on from one part of a text to the next.
fn goes_on(before: &str, behind: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), behind.chars().next()) else {
        return false;
    };
    if !joins(last) || !joins(first) {
        return false;
    }
    // Foreign words in Japanese have a script of their own, in which India is not a part of Indonesia.
    let foreign = is_katakana(last) && is_katakana(first);
    foreign || !is_unspaced(last) && !is_unspaced(first)
}

/// Whether a character is part of a word.
fn joins(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || unicode_normalization::char::is_combining_mark(c)
}

/// Whether a character is of a script that writes words without spaces between.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{06ff}' | '\u{0750}'..='\u{077f}')
}

fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{05d0}'..='\u{05ea}')
}
