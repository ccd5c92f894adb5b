//! Quotation marks.

use crate::text::TextRange;

/// Returns what stands in quotation marks in a paragraph, marks included.
///
/// A quotation that is not closed goes on to the end of the paragraph where the next one takes it up.
pub(super) fn quoted(text: &str, block: TextRange) -> Vec<TextRange> {
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
    for (at, c) in part.char_indices() {
        let rest = &part[at..];
        match (open, c) {
            // The value of an attribute of markup: `date="May 6"`.
            (None, '"') if part[..at].ends_with('=') => open = Some((at, '=')),
            (None, '"' | '“' | '«' | '„' | '＂' | '‹') => open = Some((at, c)),
            (Some((_, '=')), '"') => open = None,
            (None, '”') if !found.is_empty() || at > 0 => {}
            (Some((_, '“')), '"') if inner || opens(&part[..at], rest) => inner = !inner,
            (Some((start, mark)), _) => {
                let Some(length) = closing(mark, rest) else { continue };
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

/// Whether the straight mark that `rest` begins with opens something rather than closes it.
fn opens(before: &str, rest: &str) -> bool {
    before.ends_with(|c: char| c.is_whitespace() || c == '(')
        && rest.chars().nth(1).is_some_and(char::is_alphanumeric)
}

/// Returns the length of the mark that closes what `open` opened, where `rest` begins with it.
fn closing(open: char, rest: &str) -> Option<usize> {
    let first = rest.chars().next()?;
    let closes = match open {
        '"' | '“' | '＂' => matches!(first, '"' | '”' | '＂'),
        '«' => first == '»',
        '‹' => first == '›',
        '„' => matches!(first, '“' | '”'),
        _ => false,
    };
    let pair = matches!(open, '“' | '"') && rest.starts_with("’’");
    // `‹‹...››`
    let double = open == '‹' && rest.starts_with("››");
    (closes || pair).then_some(first.len_utf8() << u32::from(pair || double))
}
