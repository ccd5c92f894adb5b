//! Key phrases: words and short runs of words that stand out by how often and how early they stand, and by their length.
//!
//! News is told by single words: it names its subjects over and over by one word, and its runs of words are sentences
//! in the making. A text about a matter is told by its terms, which are mostly longer. The two are told apart by what only
//! news is full of: proper names, and words for persons and what they say.

use std::collections::BTreeMap;

use super::KeyPhrase;
use super::offsets::real;
use super::terms::stem;
use crate::analyze::{is_common_word, is_function_word};

/// Longest phrase, in words.
const LONGEST: usize = 3;
/// Phrases of a text.
const MOST: usize = 15;

/// A phrase in the making.
#[derive(Default)]
struct Seen {
    count: usize,
    first: usize,
    /// Its spellings, with their counts.
    forms: BTreeMap<String, usize>,
    /// Whether it stood between function words or marks: then it is whole.
    whole: usize,
    words: usize,
}

impl Seen {
    /// Returns its most frequent spelling.
    fn form(&self) -> &str {
        let most = self
            .forms
            .iter()
            .max_by(|(a, times), (b, others)| times.cmp(others).then_with(|| b.cmp(a)));
        most.map_or("", |(form, _)| form)
    }
}

/// Returns the key phrases of a text, best first.
pub(super) fn phrases(title: Option<&str>, text: &str) -> Vec<KeyPhrase> {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut place = 0;
    let mut total = 0;
    for part in [title.unwrap_or_default(), text] {
        for run in runs(part) {
            total += run.len();
            for from in 0..run.len() {
                for to in from + 1..=run.len().min(from + LONGEST) {
                    let words = &run[from..to];
                    let key = words
                        .iter()
                        .map(|word| stem(&word.to_lowercase()).to_owned())
                        .collect::<Vec<_>>()
                        .join(" ");
                    let one = seen.entry(key).or_insert_with(|| Seen {
                        first: place,
                        words: words.len(),
                        ..Seen::default()
                    });
                    one.count += 1;
                    one.whole += usize::from(from == 0 && to == run.len());
                    *one.forms.entry(words.join(" ")).or_default() += 1;
                }
                place += 1;
            }
        }
    }
    let all = real(total.max(1));
    let news = is_news(text);
    let value = |key: &str, one: &Seen| {
        if news { in_news(one) } else { score(key, one, all, &seen) }
    };
    let mut scored: Vec<(f64, &String, &Seen)> =
        seen.iter().map(|(key, one)| (value(key, one), key, one)).collect();
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| a.2.first.cmp(&b.2.first)).then_with(|| a.1.cmp(b.1))
    });
    let most = scored.first().map_or(1.0, |best| best.0).max(f64::MIN_POSITIVE);
    let mut chosen: Vec<(&str, KeyPhrase)> = Vec::new();
    for (score, key, one) in scored {
        if chosen.len() == MOST || score <= 0.0 {
            break;
        }
        let text = one.form().to_owned();
        chosen.push((key, KeyPhrase { text, score: (score / most * 1000.0).round() / 1000.0 }));
    }
    chosen.into_iter().map(|(_, phrase)| phrase).collect()
}

/// Words for persons, and for saying, that reports are full of.
const REPORT: &[&str] =
    &["he", "she", "his", "her", "him", "who", "i", "you", "said", "says", "told"];

/// Whether a text reads like news or a talk about persons.
fn is_news(text: &str) -> bool {
    let (mut words, mut names, mut reports) = (0, 0, 0);
    let mut begins = true;
    for piece in text.split_whitespace() {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let mut letters = word.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        // A sentence begins with a capital whatever it is about, and abbreviations are as frequent elsewhere.
        names += usize::from(!begins && capital && letters.next().is_some_and(char::is_lowercase));
        reports += usize::from(REPORT.iter().any(|report| word.eq_ignore_ascii_case(report)));
        words += 1;
        begins = piece.ends_with(['.', '?', '!', ':', '"', '”']);
    }
    let share = |count: usize| real(count) / real(words.max(1));
    share(names) / NAMES + share(reports) / REPORTS >= 1.0
}

/// Shares of words that make a text news by themselves: names, and words of reports.
const NAMES: f64 = 0.08;
const REPORTS: f64 = 0.03;

/// Endings of nouns for what happens, and for what there is to it.
const NOUNS: &[&str] =
    &["tion", "sion", "ment", "ity", "ness", "ance", "ence", "ship", "ism", "ies", "ing", "ed"];

/// How much a word tells of the news: more the longer it is, as short words mean little by themselves.
fn in_news(one: &Seen) -> f64 {
    if one.words > 1 {
        return 0.0;
    }
    let form = one.form();
    let letters = form.chars().count();
    let longer = (0.12 * real(letters.min(10))).exp();
    let short = if letters < 4 { 0.6 } else { 1.0 };
    let noun = if NOUNS.iter().any(|ending| form.ends_with(ending)) { 1.3 } else { 1.0 };
    let adverb = if form.ends_with("ly") { 0.7 } else { 1.0 };
    // What a text is about is more often a matter than a bearer of a name.
    let name = if form.starts_with(char::is_uppercase) { 0.85 } else { 1.0 };
    real(one.count).powf(0.6) * longer * short * noun * adverb * name
}

fn score(key: &str, one: &Seen, all: f64, seen: &BTreeMap<String, Seen>) -> f64 {
    let count = real(one.count);
    let early = 1.0 + 1.0 / (1.0 + 6.0 * real(one.first) / all);
    if one.words == 1 {
        // Short texts are told by phrases, long ones by the words that come again and again.
        let rare = if is_common_word(key) { 0.75 } else { 1.25 };
        return count.powf(1.1) * early * rare * (all / 130.0).powf(1.5).clamp(0.25, 3.0);
    }
    let parts: f64 =
        key.split(' ').map(|word| seen.get(word).map_or(1.0, |part| real(part.count))).sum::<f64>();
    let mean = parts / real(one.words);
    // Words that mostly stand together are one phrase.
    let bound = count / mean.max(1.0);
    let whole = 0.5 + real(one.whole) / count;
    count.powf(0.9) * early * whole * (0.4 + bound) * (1.0 + 0.25 * real(one.words))
}

/// Returns the runs of words that no function word, number or mark breaks.
fn runs(text: &str) -> Vec<Vec<&str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for piece in text.split_whitespace() {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
        let opens = piece.starts_with(|c: char| !c.is_alphanumeric());
        let closes = piece.ends_with(|c: char| !c.is_alphanumeric() && c != '\'');
        if opens {
            end(&mut run, &mut found);
        }
        let letters = word.chars().any(char::is_alphabetic);
        if !letters || word.chars().count() < 2 || is_function_word(&word.to_lowercase()) {
            end(&mut run, &mut found);
            continue;
        }
        run.push(word);
        if closes {
            end(&mut run, &mut found);
        }
    }
    end(&mut run, &mut found);
    found
}

/// Keeps a run, and begins another.
fn end<'t>(run: &mut Vec<&'t str>, found: &mut Vec<Vec<&'t str>>) {
    if !run.is_empty() {
        found.push(std::mem::take(run));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        phrases(None, text).into_iter().map(|phrase| phrase.text).collect()
    }

    #[test]
    fn news_is_told_by_words() {
        let text = "The mayor of Lyon, Anne Dubois, said the negotiations had failed. She told reporters in \
                    Paris that negotiations would go on in May.";
        let phrases = found(text);
        assert_eq!(phrases.first().map(String::as_str), Some("negotiations"));
        assert!(phrases.iter().all(|phrase| !phrase.contains(' ')), "{phrases:?}");
    }

    #[test]
    fn a_matter_is_told_by_its_terms() {
        let text = "A method for parallel sorting networks is given. The depth of sorting networks grows slowly, and \
                    parallel sorting networks need few comparators.";
        let phrases = found(text);
        assert!(
            phrases.iter().take(2).any(|phrase| phrase.contains("sorting networks")),
            "{phrases:?}"
        );
    }

    #[test]
    fn capitals_at_the_beginning_of_sentences_are_no_names() {
        assert!(!is_news("Graphs are drawn. Trees are cut. Nodes are moved. Edges are bent."));
        assert!(is_news("It was cut by Ann in Rome."));
    }
}
