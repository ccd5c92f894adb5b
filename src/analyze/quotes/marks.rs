//! Quotation marks.

use crate::text::TextRange;

/// Returns what stands in quotation marks in a paragraph, marks included.
///
/// A quotation that is not closed goes on to the end of the paragraph where the next one takes it up. In `single` marks stands
/// speech in texts that have no others; elsewhere, they hold words at a distance.
pub(super) fn quoted(text: &str, block: TextRange, single: bool) -> Vec<TextRange> {
    let part = block.slice(text);
    let base = block.start as usize;
    let mut found = Vec::new();
    // Most paragraphs have no quotation marks.
    if part.is_ascii() && !part.contains('"') {
        return found;
    }
    let mut open: Option<(usize, char)> = None;
    // Whether straight marks hold something inside of curved ones.
    let mut inner = false;
    for (at, c) in signs(part) {
        let rest = &part[at..];
        match (open, c) {
            // The value of an attribute of markup: `date="May 6"`.
            (None, '"') if part[..at].ends_with('=') => open = Some((at, '=')),
            (None, '"' | '“' | '«' | '„' | '＂' | '‹') => open = Some((at, c)),
            (None, '‘') if single && opens_single(&part[..at], rest) => open = Some((at, c)),
            (Some((_, '=')), '"') => open = None,
            (None, '”') if !found.is_empty() || at > 0 => {}
            (Some((_, '“')), '"') if inner || opens(&part[..at], rest) => inner = !inner,
            (Some((start, mark)), _) => {
                let ends = part[..at].ends_with(ENDS);
                let Some(length) = closing(mark, rest, ends) else { continue };
                found.push(TextRange::of(base + start..base + at + length));
                (open, inner) = (None, false);
            }
            _ => {}
        }
    }
    // Where a quotation ends that nothing closes is not told, unless the next paragraph takes it up.
    let goes_on = text[block.end as usize..].trim_start().starts_with(['"', '“', '«', '„']);
    if let Some((start, mark)) = open
        && part.len() - start > 20
        && mark != '='
        && goes_on
    {
        found.push(TextRange::of(base + start..block.end as usize));
    }
    found
}

/// Returns all characters of a text that may be quotation marks, and few others, with their offsets.
fn signs(text: &str) -> impl Iterator<Item = (usize, char)> {
    // How those begin that are not of ASCII: no other byte of a character is one of these.
    let may_begin = |byte: u8| matches!(byte, b'"' | 0xc2 | 0xe2 | 0xef);
    let places = text.bytes().enumerate().filter(move |(_, byte)| may_begin(*byte));
    places.filter_map(|(at, _)| Some((at, text.get(at..)?.chars().next()?)))
}

/// Whether the straight mark that `rest` begins with opens something rather than closes it.
fn opens(before: &str, rest: &str) -> bool {
    before.ends_with(|c: char| c.is_whitespace() || c == '(')
        && rest.chars().nth(1).is_some_and(char::is_alphanumeric)
}

/// Whether a text has no marks of speech but single ones.
pub(super) fn has_single_only(text: &str) -> bool {
    !signs(text).any(|(_, c)| matches!(c, '"' | '“' | '«' | '„' | '＂' | '‹'))
}

/// What speech in single marks ends with before the mark that closes it, so that it is no apostrophe.
const ENDS: [char; 5] = [',', '.', '?', '!', '…'];

/// Whether the single mark that `rest` begins with opens speech: at the start of a clause, and closed behind the end of one before
/// any double mark. Straight single marks are apostrophes too often.
fn opens_single(before: &str, rest: &str) -> bool {
    let clause = before.trim_end();
    let starts = clause.is_empty()
        || clause.len() < before.len()
            && clause.ends_with([',', ':', '.', '?', '!', '-', '–', '—']);
    if !starts || !rest.chars().nth(1).is_some_and(char::is_alphanumeric) {
        return false;
    }
    let inner = rest.split(['"', '“', '”', '«']).next().unwrap_or_default();
    inner
        .match_indices('’')
        .any(|(at, _)| inner[..at].ends_with(ENDS) && closes_single(&inner[at..]))
}

/// Whether no word goes on behind the single mark that a text begins with.
fn closes_single(rest: &str) -> bool {
    !rest.chars().nth(1).is_some_and(char::is_alphanumeric)
}

/// Returns the length of the mark that closes what `open` opened, where `rest` begins with it; `ends` tells whether a
/// clause ends before it.
fn closing(open: char, rest: &str, ends: bool) -> Option<usize> {
    let first = rest.chars().next()?;
    let closes = match open {
        '"' | '“' | '＂' => matches!(first, '"' | '”' | '＂'),
        '«' => first == '»',
        '‹' => first == '›',
        '„' => matches!(first, '“' | '”'),
        '‘' => first == '’' && ends && closes_single(rest),
        _ => false,
    };
    let pair = matches!(open, '“' | '"') && rest.starts_with("’’");
    // `‹‹...››`
    let double = open == '‹' && rest.starts_with("››");
    (closes || pair).then_some(first.len_utf8() << u32::from(pair || double))
}
