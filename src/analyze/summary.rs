//! Headline and summary from the lead.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

use super::classify::unshouted;
use super::gazetteer::{Classes, classes, lookup};
use super::{headline, when};
use crate::config::EntityKind;
use crate::parse::Found;
use crate::text::{TextRange, capitalised, spaced};

/// Words that open a clause which a headline can do without.
const CLAUSES: &[&str] = &[
    "after",
    "although",
    "amid",
    "as",
    "because",
    "before",
    "despite",
    "following",
    "if",
    "since",
    "that",
    "though",
    "to",
    "unless",
    "until",
    "when",
    "where",
    "whereas",
    "which",
    "while",
    "who",
    "whose",
    "according",
    "and",
    "but",
];

/// Words that a headline must not end on.
const DANGLING: &[&str] = &[
    "a",
    "about",
    "after",
    "against",
    "all",
    "along",
    "also",
    "although",
    "amid",
    "among",
    "an",
    "and",
    "are",
    "around",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "between",
    "both",
    "but",
    "by",
    "can",
    "could",
    "despite",
    "did",
    "do",
    "does",
    "during",
    "each",
    "every",
    "following",
    "for",
    "from",
    "had",
    "has",
    "have",
    "her",
    "his",
    "if",
    "in",
    "including",
    "into",
    "is",
    "its",
    "just",
    "like",
    "may",
    "might",
    "more",
    "most",
    "must",
    "near",
    "new",
    "no",
    "nor",
    "not",
    "of",
    "off",
    "on",
    "only",
    "or",
    "our",
    "out",
    "over",
    "own",
    "per",
    "should",
    "since",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "these",
    "they",
    "this",
    "those",
    "though",
    "through",
    "to",
    "toward",
    "towards",
    "under",
    "unless",
    "until",
    "upon",
    "very",
    "via",
    "was",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whose",
    "will",
    "with",
    "within",
    "without",
    "would",
    "your",
    "my",
    "he",
    "she",
    "it",
    "we",
    "said",
    "says",
];

/// Cuts a headline of at most `limit` characters from the lead sentence.
pub(super) fn headline(
    text: &str,
    lead: &[TextRange],
    limit: usize,
    english: bool,
) -> Option<Found<String>> {
    let sentence = squeeze(lead.first()?.slice(text));
    let sentence = without_dateline(&sentence);
    let value = if english {
        let plain = without_attribution(sentence);
        let long = plain.chars().count() > limit;
        let told = if long { headline::reported(plain) } else { None };
        cut_headline(&told.map_or_else(|| main_clause(plain, limit), Cow::Owned), limit)
    } else {
        ellipsis(trim_end_mark(sentence), limit)
    };
    (!value.is_empty()).then_some(Found { value, rule: "title.lead" })
}

/// Takes as many whole lead sentences as fit `limit` characters, or part of the first.
pub(super) fn summary(text: &str, lead: &[TextRange], limit: usize) -> Option<Found<String>> {
    let mut value = String::new();
    let mut chars = 0;
    for (n, range) in lead.iter().enumerate() {
        let sentence = squeeze(range.slice(text));
        let sentence = if n == 0 { without_dateline(&sentence) } else { &sentence };
        // Chinese and Japanese have no space between sentences.
        let gap = n > 0 && !value.ends_with(['。', '！', '？', '」', '』']);
        let length = sentence.chars().count() + usize::from(gap);
        if chars + length > limit {
            break;
        }
        if gap {
            value.push(' ');
        }
        value.push_str(sentence);
        chars += length;
    }
    if value.is_empty() {
        let sentence = squeeze(lead.first()?.slice(text));
        value = ellipsis(without_dateline(&sentence), limit);
    }
    (!value.is_empty()).then_some(Found { value, rule: "summary.lead" })
}

/// See [`super::shortened`].
pub(super) fn shortened(sentence: &str, limit: usize) -> String {
    let sentence = without_dateline(sentence);
    if sentence.chars().count() <= limit {
        sentence.to_owned()
    } else {
        cut_headline(sentence, limit)
    }
}

/// Joins the words of a text by single spaces.
fn squeeze(text: &str) -> String {
    spaced(text).collect::<Vec<_>>().join(" ")
}

/// Returns the sentence without `GENEVA, Sept 3 -` before it.
pub(super) fn without_dateline(sentence: &str) -> &str {
    let marks = [" - ", " -- ", " – ", " — ", ": "];
    let border =
        marks.iter().filter_map(|mark| sentence.find(mark).map(|at| (at, mark.len()))).min();
    let Some((at, len)) = border else { return sentence };
    let (place, rest) = (&sentence[..at], &sentence[at + len..]);
    let first = place.split([' ', ',', '(']).next().unwrap_or_default();
    let shouted = first.chars().count() > 2 && first.chars().all(|c| c.is_uppercase() || c == '.');
    let dated = place.ends_with(')')
        || place.ends_with(|c: char| c.is_ascii_digit())
        || place.rsplit(' ').next().is_some_and(when::is_month);
    let colon = sentence[at..].starts_with(':');
    let short = at <= 60 && !rest.is_empty();
    let known = lookup(place).or_else(|| lookup(&unshouted(place)?));
    // `Sambalpur, India - ...`: a town that nobody lists, in a country that everybody does.
    let country = place.rsplit_once(", ").and_then(|(_, last)| lookup(last)).filter(|_| {
        !colon
            && place.split(' ').count() <= 4
            && place.split(' ').all(|word| word.starts_with(char::is_uppercase))
    });
    let known = known.or(country);
    if short && (known.is_some_and(|known| known.kind == EntityKind::PLACE) || is_day(place)) {
        return without_dateline(rest.trim_start());
    }
    if short
        && ((shouted && (!colon || place.contains(',')))
            || (dated && place.contains(',') && at <= 40 && !colon))
    {
        rest.trim_start()
    } else {
        sentence
    }
}

/// Whether a text is a day and nothing else: `25 July 2022`, `July 25, 2022`.
fn is_day(text: &str) -> bool {
    let words = || text.split([' ', ',']).filter(|word| !word.is_empty());
    let number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let year = words().any(|word| word.len() == 4 && number(word));
    let month = words().filter(|word| !number(word)).count() == 1;
    words().count() == 3
        && year
        && month
        && words().all(|word| !word.starts_with(char::is_lowercase))
}

/// Returns the sentence without `, he said` and the like behind it, and without its full stop.
fn without_attribution(sentence: &str) -> &str {
    let plain = trim_marks(sentence);
    let Some((main, tail)) = plain.rsplit_once(", ") else { return plain };
    let says = tail.split(' ').any(|word| {
        matches!(word, "said" | "says" | "reported" | "reports" | "announced" | "told")
    });
    let short = tail.split(' ').count() <= 8 && main.split(' ').count() >= 4;
    if says && short { trim_marks(main) } else { plain }
}

/// Returns the sentence without a subordinate clause before the main one, when it is longer than `limit`.
fn main_clause(sentence: &str, limit: usize) -> Cow<'_, str> {
    let first = sentence.split(' ').next().unwrap_or_default().to_lowercase();
    // Without its condition, a sentence says something else.
    let condition = matches!(first.as_str(), "if" | "unless");
    let opened = !condition && CLAUSES.contains(&first.as_str())
        || matches!(first.as_str(), "with" | "during" | "under" | "in");
    let rest = sentence.split_once(", ").map_or("", |(_, rest)| rest);
    let long = sentence.chars().count() > limit && rest.chars().count() > limit / 2;
    if opened && long && rest.starts_with(char::is_alphabetic) {
        Cow::Owned(capitalised(rest))
    } else {
        Cow::Borrowed(sentence)
    }
}

/// Cuts at the end of a clause, or else at a word.
fn cut_headline(sentence: &str, limit: usize) -> String {
    let chars = sentence.chars().count();
    if chars <= limit {
        return balanced(sentence).to_owned();
    }
    let fit = sentence.char_indices().nth(limit).map_or(sentence.len(), |(at, _)| at);
    let least = fit / 3;
    let borders =
        sentence.match_indices(' ').map(|(at, _)| at).filter(|at| (least..=fit).contains(at));
    // What is seldom so is asked first.
    let clause = borders.rev().find_map(|at| {
        let next =
            sentence[at + 1..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let marked = sentence[..at].ends_with([',', ';', '–', '—', '-', ':']);
        if !(marked || CLAUSES.contains(&next)) {
            return None;
        }
        // `London, Moscow and Washington` is one list.
        let listed = next.starts_with(char::is_uppercase) && sentence[..at].ends_with(',');
        let after_next = sentence[at + 1..].split(' ').nth(1).unwrap_or_default();
        // So is `an economist and libertarian`; `and` goes on with a clause where a verb or a small word follows.
        let clause = classes(after_next).has(Classes::FUNCTION)
            || headline::is_verb(after_next)
            || after_next.ends_with("ed");
        let joined = next == "and" && !clause;
        let kept = trim_dangling(&sentence[..at]);
        let ends = kept.len() >= least && !listed && !joined && (marked || !ends_in_verb(kept));
        (ends && headline::has_verb(kept)).then_some(kept)
    });
    let kept = match clause {
        Some(kept) => balanced(kept).to_owned(),
        None => return ellipsis(sentence, limit),
    };
    if kept.is_empty() { ellipsis(sentence, limit) } else { kept }
}

/// Whether a clause ends on a verb that wants more: `he warned that ...`, `plans to ...`.
fn ends_in_verb(clause: &str) -> bool {
    let last = clause.rsplit(' ').next().unwrap_or_default();
    last.ends_with("ed")
        || last.ends_with("ing")
        || matches!(
            last,
            "said"
                | "says"
                | "plans"
                | "wants"
                | "set"
                | "able"
                | "going"
                | "due"
                | "ready"
                | "likely"
                | "such"
                | "as"
                | "agrees"
                | "vows"
                | "seeks"
                | "hopes"
                | "tries"
                | "found"
                | "told"
        )
}

/// Cuts marks and words off that a headline must not end on.
fn trim_dangling(text: &str) -> &str {
    let mut text = trim_marks(text);
    while let Some((before, last)) = text.rsplit_once(' ') {
        if !DANGLING.contains(&last.to_lowercase().as_str()) {
            break;
        }
        text = trim_marks(before);
    }
    text
}

/// Cuts closing marks off; the full stop of `U.S.` stays.
fn trim_marks(text: &str) -> &str {
    let trimmed = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '—' | '!' | '…' | '。' | '،')
    });
    let last = trimmed.rsplit(' ').next().unwrap_or_default();
    let dotted = last.matches('.').count() > 1;
    if dotted { trimmed } else { trimmed.trim_end_matches('.') }
}

/// Cuts a bracket or quotation off that was opened but not closed.
fn balanced(text: &str) -> &str {
    for (open, close) in [('(', ')'), ('[', ']'), ('“', '”')] {
        if let Some(at) = text.rfind(open).filter(|at| !text[*at..].contains(close)) {
            return trim_dangling(&text[..at]);
        }
    }
    match text.rfind('"').filter(|_| text.matches('"').count() % 2 == 1) {
        Some(at) if at > text.len() / 3 => trim_dangling(&text[..at]),
        Some(0) => &text[1..],
        _ => text,
    }
}

/// Cuts the full stop off that a headline has not, in any script.
fn trim_end_mark(sentence: &str) -> &str {
    match sentence.strip_suffix(['。', '．', '।', '۔', '։', '።', '។', '။']) {
        Some(rest) => rest,
        None if sentence.ends_with("..") => sentence,
        None => sentence.strip_suffix('.').unwrap_or(sentence),
    }
}

/// Cuts between words, with … behind; a text without spaces is cut between characters, and not before the marks of one.
fn ellipsis(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let fit = text.char_indices().nth(limit.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    let at = text[..fit].rfind(' ').filter(|at| *at > fit / 2).unwrap_or(fit);
    let at = if text[fit..].starts_with(' ') { fit } else { at };
    format!("{}…", trim_dangling(whole_characters(text, at)))
}

/// Returns the text before `at`, without a last character whose marks stand behind `at`.
fn whole_characters(text: &str, at: usize) -> &str {
    let (before, behind) = text.split_at(at);
    // Thai and Hindi write vowels as such marks.
    let marked =
        behind.starts_with(|c: char| is_combining_mark(c) || c == '\u{200c}' || c == '\u{200d}');
    match before.char_indices().rfind(|(_, c)| marked && !is_combining_mark(*c)) {
        Some((last, _)) if last > 0 => &before[..last],
        _ => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sentences;

    fn lead(text: &str, title: usize, length: usize) -> (String, String) {
        let lead = sentences(text, 0);
        let headline = headline(text, &lead, title, false).map(|found| found.value);
        let summary = summary(text, &lead, length).map(|found| found.value);
        (headline.unwrap_or_default(), summary.unwrap_or_default())
    }

    #[test]
    fn leads_of_any_script_make_headlines_and_summaries() {
        for (text, title, summary) in [
            ("今天下雨。明天晴！后天的天气怎么样？", "今天下雨", "今天下雨。明天晴！"),
            ("باران بارید. فردا آفتابی است.", "باران بارید", "باران بارید."),
            ("बारिश हुई। कल धूप होगी, सब जगह।", "बारिश हुई", "बारिश हुई।"),
            ("Дождь шёл. Завтра будет солнце.", "Дождь шёл", "Дождь шёл."),
        ] {
            assert_eq!(lead(text, 20, 14), (title.to_owned(), summary.to_owned()));
        }
    }

    #[test]
    fn characters_keep_their_marks_where_a_text_is_cut() {
        assert_eq!(lead("กรที่นี่มีฝนตกหนัก", 4, 100).0, "กร…");
        assert_eq!(lead("กรที่นี่มีฝนตกหนัก", 6, 100).0, "กรที่…");
    }

    #[test]
    fn a_sentence_keeps_its_condition_and_its_lists() {
        let cut = |text: &str| headline(text, &sentences(text, 0), 60, true).unwrap().value;
        let text = "If there were no embargo, the island could be producing three hundred thousand tons of milk a year.";
        assert!(cut(text).starts_with("If there were no embargo"), "{}", cut(text));
        let text = "Lee leads the five candidates so far, and the economist and libertarian has skipped the first debate of all.";
        assert!(!cut(text).ends_with("economist"), "{}", cut(text));
    }
}
