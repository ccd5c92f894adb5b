//! A headline for a lead sentence that reports what somebody said.
//!
//! Cut where its clause ends, `Minister Ann Lee told reporters on Tuesday that the port would close` would say that
//! somebody spoke, and not what. So it becomes `Ann Lee: The port would close`, as wire services write it.

use super::gazetteer::{Classes, classes};
use crate::text::capitalised;

/// Longest subject that is shown as it stands, in characters.
const SUBJECT: usize = 40;
/// Words that may stand between the verb of saying and `that`, at most.
const BETWEEN: usize = 6;
/// Names have so many words at most; more are a title and a name.
const LONGEST: usize = 3;
/// The verb of saying ends within so many words.
const FIRST: usize = 24;

/// Verbs of saying that go with whom somebody speaks to.
const TOLD: &[&str] = &["assured", "informed", "told", "tells"];

/// Verbs that cannot be participles, nor anything else.
const FINITE: &[&str] = &[
    "are", "be", "became", "began", "came", "can", "could", "did", "does", "fell", "gave", "goes",
    "got", "grew", "had", "has", "have", "held", "hit", "is", "kept", "killed", "led", "left",
    "lost", "made", "may", "met", "might", "must", "paid", "ran", "rose", "said", "saw", "says",
    "sent", "should", "signed", "spoke", "stood", "struck", "took", "visited", "was", "went",
    "were", "will", "won", "would", "wrote",
];

/// Verbs whose third person is no plural of a noun that news often uses.
const THIRD: &[&str] = &[
    "accuses",
    "agrees",
    "approves",
    "begins",
    "comes",
    "continues",
    "denies",
    "faces",
    "gets",
    "holds",
    "insists",
    "keeps",
    "launches",
    "leaves",
    "loses",
    "makes",
    "meets",
    "opens",
    "rejects",
    "remains",
    "seeks",
    "sends",
    "signs",
    "takes",
    "tells",
    "urges",
    "vows",
    "wants",
    "warns",
    "wins",
];

/// Whether a word can be nothing but a verb that a subject has.
pub(super) fn is_verb(word: &str) -> bool {
    FINITE.contains(&word) || THIRD.contains(&word)
}

/// Whether a cut sentence still has a verb: without one it names somebody and says nothing.
pub(super) fn has_verb(kept: &str) -> bool {
    let words: Vec<&str> = kept.split(' ').collect();
    words.iter().enumerate().skip(1).any(|(at, word)| {
        let next = words.get(at + 1).copied().unwrap_or_default();
        // `a report published by the bank`
        let past = word.ends_with("ed") && word.len() > 3 && !matches!(next, "by" | "");
        let before = words[at - 1].to_lowercase();
        // `the leaked report`
        let held = matches!(before.as_str(), "the" | "a" | "an" | "its" | "his" | "her" | "their")
            || before.ends_with("ly");
        is_verb(word) && !next.is_empty() || past && !held
    })
}

/// Returns a headline for a sentence of the form `SUBJECT said (when, to whom) that CLAUSE`, before it is cut to length.
pub(super) fn reported(sentence: &str) -> Option<String> {
    let (head, clause) = sentence.split_once(" that ").or_else(|| plainly(sentence))?;
    let words: Vec<&str> = head.split(' ').collect();
    let says =
        |word: &&str| classes(word).has(Classes::SAYING | Classes::TELLING) || TOLD.contains(word);
    let verb = words.iter().rposition(says).filter(|at| *at > 0 && *at <= FIRST)?;
    let between = &words[verb + 1..];
    // `said the port that she leads` says something else.
    let when = between.first().is_none_or(|word| {
        matches!(
            *word,
            "on" | "in" | "at" | "during" | "late" | "early" | "earlier" | "today" | "yesterday"
        ) || classes(word).has(Classes::CALENDAR)
    });
    let told = TOLD.contains(&words[verb]);
    if between.len() > BETWEEN || !(when || told) || head.contains(['"', '“']) {
        return None;
    }
    let pronoun = clause.split(' ').next().is_some_and(|word| {
        matches!(
            word,
            "he" | "she" | "it" | "they" | "we" | "I" | "his" | "her" | "its" | "their" | "this"
        )
    });
    if pronoun {
        return None;
    }
    let speaker = speaker(&words[..verb])?;
    let begins = clause.starts_with(char::is_alphanumeric);
    begins.then(|| format!("{speaker}: {}", capitalised(clause)))
}

/// Parts a sentence behind `says` or `said` where a clause follows without `that`: `Ann Lee says the port will close`.
fn plainly(sentence: &str) -> Option<(&str, &str)> {
    let (at, verb) = [" says ", " said "]
        .into_iter()
        .filter_map(|verb| sentence.find(verb).map(|at| (at, verb)))
        .min()?;
    let head = &sentence[..at + verb.len() - 1];
    let clause = &sentence[at + verb.len()..];
    let first = clause.split(' ').next()?;
    let opens = first.starts_with(char::is_uppercase) && !classes(first).has(Classes::CALENDAR)
        || matches!(first, "the" | "a" | "an" | "no" | "all" | "two" | "more");
    (opens && has_verb(clause)).then_some((head, clause))
}

/// Returns the words for who speaks, of the words before the verb.
fn speaker(before: &[&str]) -> Option<String> {
    // `has said`, `also said`
    let helps =
        |word: &&&str| matches!(**word, "has" | "had" | "have" | "also" | "later" | "again");
    let helping = before.iter().rev().take_while(helps).count();
    let mut subject = &before[..before.len() - helping];
    // `Lee, who leads the port, said`
    if let Some(comma) = subject.iter().position(|word| word.ends_with(',')) {
        subject = &subject[..=comma];
    }
    if subject.first().is_some_and(|word| matches!(*word, "The" | "A" | "An")) {
        subject = &subject[1..];
    }
    // `On Wednesday`, `It's`
    let small = subject.first()?.to_lowercase();
    let small = small.split(['\'', '’']).next().unwrap_or_default();
    if classes(small).has(Classes::FUNCTION) {
        return None;
    }
    let opens = |word: &&str| word.starts_with(char::is_uppercase);
    let name = subject.iter().rev().take_while(|word| opens(word)).count();
    let (title, name) = subject.split_at(subject.len() - name);
    let whole = subject.join(" ");
    let whole = whole.trim_end_matches(',');
    if whole.chars().count() <= SUBJECT && subject.first().is_some_and(opens) {
        return Some(whole.to_owned());
    }
    // `minister for ports Ann Lee`, but not `the embassy in Sudan`
    if name.len() > LONGEST {
        // `Minister of Ports and Foreign Trade Ann Lee`
        let three = classes(name[name.len() - 3]).has(Classes::FORENAME);
        let last = &name[name.len() - if three { 3 } else { 2 }..];
        return Some(last.join(" ").trim_end_matches(',').to_owned());
    }
    let held = title.last().is_some_and(|word| {
        matches!(*word, "in" | "of" | "for" | "at" | "from" | "to" | "and" | "on" | "with" | "by")
    });
    let name = name.join(" ");
    let name = name.trim_end_matches(',');
    let short = (1..=SUBJECT).contains(&name.chars().count());
    (short && !held).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_sentence_needs_a_verb() {
        for (kept, has) in [
            ("The port closed on Tuesday", true),
            ("A report recently published by the bank", false),
            ("Crown Prince Ann Lee, deputy premier", false),
            ("The leaked papers", false),
            ("Ann Lee remains in the port", true),
        ] {
            assert_eq!(has_verb(kept), has, "{kept}");
        }
    }

    #[test]
    fn what_was_said_goes_before_that_somebody_spoke() {
        for (sentence, headline) in [
            (
                "Ann Lee told reporters on Tuesday that the port would close",
                Some("Ann Lee: The port would close"),
            ),
            ("The embassy of Norway in Lisbon announced Monday that four ships had left", None),
            (
                "The Norwegian Embassy in Lisbon announced Monday that four ships had left",
                Some("Norwegian Embassy in Lisbon: Four ships had left"),
            ),
            (
                "Deputy under-secretary for harbours and coastal waters Ann Lee has said that ships were late",
                Some("Ann Lee: Ships were late"),
            ),
            (
                "Ann Lee, who leads the port, said that docks would close",
                Some("Ann Lee: Docks would close"),
            ),
            ("Ann Lee said that she would leave", None),
            ("Ships that are late wait in the bay", None),
            (
                "Ann Lee said the port and its docks would close",
                Some("Ann Lee: The port and its docks would close"),
            ),
            ("Ann Lee said Monday the port would close", None),
            ("On Wednesday the port said that docks were late", None),
            (
                "Iran's Interim Foreign Minister Ali Bagheri Kani says Tehran is ready",
                Some("Ali Bagheri Kani: Tehran is ready"),
            ),
        ] {
            assert_eq!(reported(sentence).as_deref(), headline, "{sentence}");
        }
    }
}
