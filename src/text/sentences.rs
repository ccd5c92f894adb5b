//! Sentence borders.

use super::TextRange;

/// Abbreviations that a name or number follows: the full stop behind one never ends a sentence.
const BEFORE_NAME: &[&str] = &[
    "adm", "brig", "capt", "cmdr", "col", "cpl", "dr", "drs", "fig", "fr", "gen", "gov", "hon",
    "lt", "maj", "messrs", "mme", "mr", "mrs", "ms", "mt", "no", "nos", "pp", "pres", "prof",
    "rep", "reps", "rev", "sen", "sens", "sgt", "st", "supt", "vol", "vs",
];

/// Abbreviations that may end a sentence, but do not when a number or lower-case word follows.
const BEFORE_NUMBER: &[&str] = &[
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "art",
    "ch", "sec", "approx", "ca",
];

/// The same in languages other than English.
const BEFORE_NAME_ELSEWHERE: &[&str] = &[
    "doç",
    "dra",
    "im",
    "ing",
    "mlle",
    "płk",
    "sra",
    "srta",
    "ul",
    "św",
    "κ",
    "κα",
    "акад",
    "вул",
    "ген",
    "им",
    "ім",
    "проф",
    "просп",
    "см",
    "тов",
    "ул",
    "डॉ",
    "प्रो",
];

/// Months of German, where a full stop stands behind the day and nouns have capitals.
const MONTHS: &[&str] = &[
    "Januar",
    "Jänner",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
    "Jahrhundert",
    "Jahrhunderts",
];

/// Words that open a sentence often enough that an abbreviation before one of them ends the last.
const OPENERS: &[&str] = &[
    "A",
    "After",
    "All",
    "Also",
    "An",
    "And",
    "As",
    "At",
    "Both",
    "But",
    "By",
    "During",
    "Earlier",
    "For",
    "From",
    "He",
    "Her",
    "His",
    "However",
    "I",
    "If",
    "In",
    "It",
    "Its",
    "Last",
    "Meanwhile",
    "Most",
    "No",
    "On",
    "One",
    "Our",
    "She",
    "Since",
    "Some",
    "That",
    "The",
    "Their",
    "There",
    "These",
    "They",
    "This",
    "Those",
    "To",
    "Two",
    "We",
    "What",
    "When",
    "While",
    "With",
    "You",
];

/// Returns the sentences of one block of text, as ranges shifted by `offset`.
///
/// Knows the marks of the world's scripts and the abbreviations of English.
/// The ranges are trimmed of white space, in order, and hold everything that is
/// not white space.
///
/// # Examples
/// ```
/// use pressmark::text::sentences;
/// let text = "Dr. Salk spoke at 9 a.m. on Monday. \"It works!\" he said.";
/// let found: Vec<&str> = sentences(text, 0).into_iter().map(|range| range.slice(text)).collect();
/// assert_eq!(found, ["Dr. Salk spoke at 9 a.m. on Monday.", "\"It works!\" he said."]);
/// ```
pub fn sentences(text: &str, offset: u32) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some((at, mark)) = next_end(text, from) {
        let end = behind_marks(text, at);
        from = end;
        if ends_sentence(text, at, mark, end) {
            push(&mut found, text, start, end, offset);
            start = end;
        }
    }
    push(&mut found, text, start, text.len(), offset);
    found
}

/// Returns the next character that can end a sentence. Most bytes are letters and spaces, which need no look at characters.
fn next_end(text: &str, mut from: usize) -> Option<(usize, char)> {
    let may_end = |byte: &u8| matches!(byte, b'.' | b'!' | b'?') || !byte.is_ascii();
    loop {
        from += text.as_bytes().get(from..)?.iter().position(may_end)?;
        let c = text.get(from..)?.chars().next()?;
        if is_end(c) {
            return Some((from, c));
        }
        from += c.len_utf8();
    }
}

/// Whether a character can end a sentence.
fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…') || is_hard_end(c)
}

/// Marks that are used for nothing else, and need no space behind them.
fn is_hard_end(c: char) -> bool {
    matches!(
        c,
        '。' | '！'
            | '？'
            | '．'
            | '｡'
            | '।'
            | '॥'
            | '؟'
            | '۔'
            | '։'
            | '።'
            | '፧'
            | '፨'
            | '។'
            | '៕'
            | '။'
    )
}

/// Whether a character only says in which direction text runs.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character closes a quotation or bracket.
fn is_closer(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '}' | '」' | '』' | '）' | '】' | '》'
    )
}

/// Whether a character opens a quotation or bracket, or stands before a list entry.
fn is_opener(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '“'
            | '„'
            | '‘'
            | '«'
            | '‹'
            | '('
            | '['
            | '{'
            | '「'
            | '『'
            | '（'
            | '¿'
            | '¡'
            | '-'
            | '–'
            | '—'
            | '•'
            | '*'
            | '$'
            | '£'
            | '€'
    )
}

/// Returns the offset behind the marks at `at` and the quotes and brackets that close with them.
fn behind_marks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let behind_ends = rest.trim_start_matches(is_end);
    // An apostrophe with a letter behind it belongs to the next word, not to this sentence.
    let closed = behind_ends.trim_start_matches(is_closer);
    let hard = text[..text.len() - behind_ends.len()].ends_with(is_hard_end);
    let word = closed.starts_with(char::is_alphanumeric) && !hard;
    let behind = if word { behind_ends } else { closed };
    text.len() - behind.len()
}

/// Decides on the marks that start at `at` with `mark` and end, closers and all, at `end`.
fn ends_sentence(text: &str, at: usize, mark: char, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    // Nobody sees the marks of direction between two sentences.
    let next = rest.trim_start_matches(|c: char| c.is_whitespace() || is_direction(c));
    let Some(first) = next.chars().next() else { return true };
    if is_hard_end(mark) {
        // In Japanese, と behind a quotation says whose words they are, and the sentence goes on.
        let quoted = text.get(..end).is_some_and(|part| part.ends_with(is_closer));
        return !(quoted && rest.starts_with(['と', 'っ']));
    }
    let gap = &rest[..rest.len() - next.len()];
    if !gap.contains(char::is_whitespace) || !starts_sentence(first) {
        return false;
    }
    // `"Stop!" he said` goes on; `"Stop!" "Why?"` does not; the first letter behind quotes decides.
    let letter = next.chars().find(|c| !is_opener(*c));
    if letter.is_some_and(char::is_lowercase) {
        return false;
    }
    let marks = text.get(at..end).unwrap_or_default();
    mark != '.' || marks != "." || !is_abbreviation(text.get(..at).unwrap_or_default(), next)
}

/// Whether a sentence may begin with `c`: anything but a lower-case letter or an inner mark.
fn starts_sentence(c: char) -> bool {
    is_opener(c) || (c.is_alphanumeric() && !c.is_lowercase())
}

/// Whether the full stop between `before` and `next` belongs to an abbreviation.
fn is_abbreviation(before: &str, next: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '\'' | '-' | '—'))
        .next();
    let Some(word) = word.filter(|word| !word.is_empty()) else { return false };
    let opener = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let opens = OPENERS.contains(&opener);
    let digit = next.starts_with(|c: char| c.is_numeric());
    let mut letters = word.chars();
    if let (Some(initial), None) = (letters.next(), letters.next()) {
        // `J. Kennedy` is a name; `vitamin C. The ...` ends, and so does `World War I. He ...`.
        return initial.is_uppercase() && !opens
            || is_title_letter(initial)
            || initial == 'г' && stands_before_town(before, next)
            || initial == 'κ'
            || initial.is_ascii_digit() && is_month(next);
    }
    if is_dotted(word) {
        return !opens;
    }
    if word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return is_month(next);
    }
    let key = word.to_lowercase();
    let listed = |list: &[&str]| list.contains(&key.as_str());
    match key.as_str() {
        // `No.` is a number sign only before a number: `He said no. They left.`
        "no" | "nos" | "fig" | "pp" | "vol" => {
            digit || next.strip_prefix('(').is_some_and(|next| next.starts_with(char::is_numeric))
        }
        "inc" | "corp" | "co" | "ltd" | "jr" | "sr" | "bros" => !opens && !digit,
        "st" => !opens,
        _ if listed(BEFORE_NAME) || listed(BEFORE_NAME_ELSEWHERE) => true,
        _ => listed(BEFORE_NUMBER) && (digit || key == "approx" || key == "ca"),
    }
}

/// Whether a letter is short for a title or a name in Arabic: `د. أحمد`.
fn is_title_letter(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{06d3}')
}

/// Whether `г.` is short for "town" and not, behind a number, for "year".
fn stands_before_town(before: &str, next: &str) -> bool {
    let year = before.trim_end_matches('г').trim_end().ends_with(|c: char| c.is_ascii_digit());
    !year && next.starts_with(char::is_uppercase)
}

/// Whether a text begins with a month as German writes it.
fn is_month(text: &str) -> bool {
    MONTHS.contains(&text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default())
}

/// Whether a word is single letters with dots between: `U.S`, `a.m`, `e.g`.
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word
            .split('.')
            .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic))
}

/// Adds `start..end` without the white space round it, unless nothing is left.
fn push(found: &mut Vec<TextRange>, text: &str, start: usize, end: usize, offset: u32) {
    let Some(part) = text.get(start..end) else { return };
    let trimmed = part.trim_start();
    let start = start + part.len() - trimmed.len();
    let trimmed = trimmed.trim_end();
    if !trimmed.is_empty() {
        let range = TextRange::of(start..start + trimmed.len());
        found.push(TextRange::new(
            range.start.saturating_add(offset),
            range.end.saturating_add(offset),
        ));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text, 0).into_iter().map(|range| range.slice(text)).collect()
    }

    #[test]
    fn full_stops_of_abbreviations_do_not_end_sentences() {
        for text in [
            "Mr. Ford met Gen. Marshall in St. Louis on Nov. 3, 1942.",
            "The U.S. Senate sat until 3.5 hours past 9 a.m. Friday.",
            "J. F. Kennedy and George W. Bush studied there.",
            "It was No. 5 vs. No. 7.",
            "Acme Inc. Chief Jane Roe left.",
            "\"Stop!\" he said, and waited ... for an answer.",
            "Am 3. Oktober 1990 und am 12. März 1991 wurde gefeiert.",
            "Il a rencontré M. Dupont et Mlle. Durand.",
            "La Sra. Pérez habló.",
            "Он живёт в г. Москва на ул. Арбат.",
            "Ο κ. Παπαδόπουλος μίλησε.",
            "قال د. أحمد إن الاجتماع انتهى.",
            "डॉ. राजेंद्र प्रसाद राष्ट्रपति थे।",
            "田中さんは「行きます。」と言った。",
        ] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn sentences_end_at_marks_of_many_scripts() {
        for (text, count) in [
            ("One. Two! Three? Four… Five.", 5),
            ("He said: \"Go.\" She went.", 2),
            ("They flew to the U.S. The trip was long.", 2),
            ("He said no. They left.", 2),
            ("今天下雨。明天晴！", 2),
            ("این یک جمله است. آیا دومی است؟ بله.", 3),
            ("یہ پہلا جملہ ہے۔یہ دوسرا ہے۔", 2),
            ("هل وصل الوفد؟ نعم، وصل.\u{200f} \u{200f}ثم غادر.", 3),
            ("यह एक वाक्य है। यह दूसरा है।", 2),
            ("Սա առաջինն է։ Սա երկրորդն է։", 2),
            ("ይህ አንድ ነው። ይህ ሁለት ነው።", 2),
            ("នេះជាមួយ។ នេះជាពីរ។", 2),
            ("ဒါကတစ်။ ဒါကနှစ်။", 2),
            ("กรุงเทพเป็นเมืองหลวง ฝนตกทุกวัน", 1),
            ("서울은 수도이다. 부산은 항구이다.", 2),
            ("В 1990 г. Он уехал.", 2),
            ("Es waren 3. Alle kamen.", 2),
            ("(It rained.) Then it cleared.", 2),
            ("", 0),
            (" \n ", 0),
        ] {
            assert_eq!(split(text).len(), count, "{text}: {:?}", split(text));
        }
    }

    #[test]
    fn ranges_are_shifted() {
        assert_eq!(sentences(" A. B. ", 10), [TextRange::new(11, 16)]);
        assert_eq!(sentences("Yes. Well.", 10), [TextRange::new(10, 14), TextRange::new(15, 20)]);
    }

    proptest! {
        #[test]
        fn sentences_hold_all_that_is_not_space(text in "(\\PC|[.!?\"' \nA-Da-d。]){0,80}") {
            let mut at = 0;
            for range in sentences(&text, 0) {
                let range = range.range();
                prop_assert!(range.start >= at && range.end > range.start);
                prop_assert!(text.get(at..range.start).is_some_and(|gap| gap.trim().is_empty()));
                prop_assert!(text.get(range.clone()).is_some_and(|part| part.trim() == part));
                at = range.end;
            }
            prop_assert!(text.get(at..).is_some_and(|gap| gap.trim().is_empty()));
        }
    }
}
