//! Tells an article's text from what an outlet puts round it, by word lists.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};

/// Phrases of disclaimers.
const DISCLAIMERS: [&str; 23] = [
    "responsibility of the",
    "views expressed",
    "opinions expressed",
    "not necessarily reflect",
    "not necessarily represent",
    "does not reflect",
    "do not reflect",
    "does not represent",
    "not mean approval",
    "not imply endorsement",
    "not responsible for",
    "for demonstration",
    "own and do not",
    "no reflejan necesariamente",
    "no se hace responsable",
    "não refletem necessariamente",
    "n'engagent que",
    "n’engagent que",
    "ne reflètent pas nécessairement",
    "nicht unbedingt die meinung",
    "لا تعبر بالضرورة",
    "لا يعبر بالضرورة",
    "لزوما بیانگر",
];

/// What disclaimers are headed by.
const LABELS: [&str; 12] = [
    "disclaimer",
    "disclosure",
    "legal notice",
    "descargo de responsabilidad",
    "aviso legal",
    "avertissement",
    "clause de non-responsabilité",
    "haftungsausschluss",
    "إخلاء مسؤولية",
    "إخلاء المسؤولية",
    "سلب مسئولیت",
    "رفع مسئولیت",
];

/// Phrases of credits and of invitations.
const CREDITS: [&str; 28] = [
    "all rights reserved",
    "copyright",
    "©",
    "this article was originally",
    "this article was first",
    "this article was published",
    "this article was compiled",
    "this story was originally",
    "this story was first",
    "reproduced with permission",
    "republished with permission",
    "reporting by",
    "editing by",
    "writing by",
    "follow us on",
    "subscribe to",
    "read more",
    "click here",
    "contact the editor",
    "sign up for",
    "todos los derechos reservados",
    "todos os direitos reservados",
    "tous droits réservés",
    "alle rechte vorbehalten",
    "tutti i diritti riservati",
    "все права защищены",
    "جميع الحقوق محفوظة",
    "حقوق محفوظ است",
];

/// Lines that pages have round their articles.
const NAVIGATION: [&str; 12] = [
    "share",
    "tweet",
    "print",
    "advertisement",
    "email",
    "share this",
    "share this article",
    "listen",
    "save",
    "home",
    "facebook",
    "twitter",
];

/// Longer paragraphs are boilerplate only if two phrases say so.
const LONG: usize = 600;

/// Returns the rule by which a paragraph at the end is boilerplate, if it is.
pub(super) fn rule_of(paragraph: &str) -> Option<&'static str> {
    if is_labelled(paragraph) {
        return Some("boilerplate.disclaimer");
    }
    let (disclaimers, credits) = hits(paragraph)?;
    // These are common in reports too; as boilerplate they come at the start or in a short note.
    let weak =
        credits == 1 && disclaimers == 0 && !starts_as_credit(paragraph) && paragraph.len() > 160;
    let needed = if paragraph.len() > LONG { 2 } else { 1 };
    if disclaimers + credits < needed || weak || is_quoted(paragraph) {
        return None;
    }
    Some(if disclaimers > 0 { "boilerplate.disclaimer" } else { "boilerplate.credit" })
}

/// Finds them all in one pass, in lower case: to make it for both cases would take three times as long, and it is made when one text is
/// read as when a thousand are.
static PHRASES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasickBuilder::new();
    builder.kind(Some(AhoCorasickKind::DFA)).build(DISCLAIMERS.iter().chain(&CREDITS)).ok()
});

/// Returns how many phrases of disclaimers and of credits stand in a paragraph; none when there is none.
fn hits(paragraph: &str) -> Option<(usize, usize)> {
    let phrases = PHRASES.as_ref()?;
    let lower = paragraph.to_lowercase();
    let mut found = [false; DISCLAIMERS.len() + CREDITS.len()];
    for hit in phrases.find_overlapping_iter(&lower) {
        found[hit.pattern().as_usize()] = true;
    }
    let (disclaimers, credits) = found.split_at(DISCLAIMERS.len());
    let count = |found: &[bool]| found.iter().filter(|found| **found).count();
    Some((count(disclaimers), count(credits))).filter(|(one, other)| one + other > 0)
}

/// Whether a paragraph says of itself that it is a disclaimer: by a label with a colon or a dash, or that stands alone.
fn is_labelled(paragraph: &str) -> bool {
    let start = paragraph.trim_start_matches(|c: char| !c.is_alphanumeric());
    let behind = LABELS.iter().find_map(|label| behind(start, label));
    let is_label = |rest: &str| {
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with([':', '：', '–', '—', '-'])
    };
    behind.is_some_and(is_label)
}

/// Returns what stands behind words in lower case that a text begins with, whatever its case.
fn behind<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let mut left = words.chars();
    for (at, c) in text.char_indices() {
        if left.as_str().is_empty() {
            return text.get(at..);
        }
        if !c.to_lowercase().all(|c| left.next() == Some(c)) {
            return None;
        }
    }
    left.as_str().is_empty().then_some("")
}

fn starts_as_credit(paragraph: &str) -> bool {
    let start = paragraph.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©');
    CREDITS.iter().any(|phrase| behind(start, phrase).is_some())
}

/// Direct speech is the article's own.
fn is_quoted(paragraph: &str) -> bool {
    paragraph.starts_with(['"', '“', '«'])
}

/// Whether a line is a button or label of the page that the text was copied from.
pub(super) fn is_navigation(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    NAVIGATION.contains(&line.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disclaimers_and_credits_are_told_from_reports() {
        for (text, rule) in [
            ("The views expressed here are the author's own.", Some("boilerplate.disclaimer")),
            ("© 2021 Example Agency", Some("boilerplate.credit")),
            ("(Reporting by A. Writer; editing by B. Editor)", Some("boilerplate.credit")),
            ("Disclaimer: This text is made up.", Some("boilerplate.disclaimer")),
            ("Disclaimer", Some("boilerplate.disclaimer")),
            ("DISCLAIMER: nobody knows.", Some("boilerplate.disclaimer")),
            ("Все Права Защищены", Some("boilerplate.credit")),
            ("Disclosures in court surprised the judge.", None),
            ("Aviso legal – no es un consejo.", Some("boilerplate.disclaimer")),
            ("إخلاء مسؤولية: هذا النص مثال.", Some("boilerplate.disclaimer")),
            ("Tous droits réservés.", Some("boilerplate.credit")),
            ("\"The views expressed by him are not ours,\" she said.", None),
            ("The river rose by two metres.", None),
        ] {
            assert_eq!(rule_of(text), rule, "{text}");
        }
    }
}
