//! Key phrases in languages other than English: what comes again, and early.
//!
//! Words that hold others together are known of some languages; of the others, short words are left out. Scripts that
//! do not part words by spaces have no words here, but runs of characters that come again.

use std::collections::BTreeMap;

use unicode_segmentation::UnicodeSegmentation;

use super::KeyPhrase;
use crate::analyze::{is_function_word_of, is_unspaced};
use crate::text::{real, spaced, unify};

/// Longest phrase, in words.
const LONGEST: usize = 3;
/// Longest run of characters of a script without spaces.
const LONGEST_RUN: usize = 8;
/// Phrases of a text.
const MOST: usize = 15;

/// Characters of Chinese that hold others together.
const HOLDING: &str = "的了在是和有与與也不为為他她它们們这這那个個就都而及从從到将將被对對说說上下中后後前年月日等把之其以于於并並但或";

/// A phrase in the making.
#[derive(Default)]
struct Seen {
    count: usize,
    first: usize,
    /// Its spellings, with their counts.
    forms: BTreeMap<String, usize>,
    /// Number of its words, or characters.
    words: usize,
}

/// Returns the key phrases of a text, best first.
pub(super) fn keywords(title: Option<&str>, text: &str, language: &str) -> Vec<KeyPhrase> {
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    let mut place = 0;
    for part in [title.unwrap_or_default(), text] {
        for run in runs(part, language) {
            place = add(&run, place, &mut seen);
        }
    }
    let all = real(place.max(1));
    let score = |one: &Seen| {
        let early = 1.0 + 1.0 / (1.0 + 6.0 * real(one.first) / all);
        // A phrase that stands once says little more than its words.
        let long = if one.count > 1 { 1.0 + 0.4 * real(one.words - 1) } else { 0.8 };
        real(one.count) * early * long
    };
    let mut scored: Vec<(f64, &String, &Seen)> =
        seen.iter().map(|(key, one)| (score(one), key, one)).collect();
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then_with(|| a.2.first.cmp(&b.2.first)).then_with(|| a.1.cmp(b.1))
    });
    let most = scored.first().map_or(1.0, |best| best.0).max(f64::MIN_POSITIVE);
    let mut chosen: Vec<(&str, usize, KeyPhrase)> = Vec::new();
    for (score, key, one) in scored {
        if chosen.len() == MOST {
            break;
        }
        // A part of a phrase that stands nowhere else.
        let inner = |(longer, count, _): &(&str, usize, KeyPhrase)| {
            *count >= one.count && (longer.contains(key.as_str()) || key.contains(longer))
        };
        let form = one.forms.iter().max_by_key(|(form, count)| (**count, std::cmp::Reverse(*form)));
        let Some((form, _)) = form.filter(|_| !chosen.iter().any(inner)) else { continue };
        let score = (score / most * 1000.0).round() / 1000.0;
        chosen.push((key, one.count, KeyPhrase { text: form.clone(), score }));
    }
    chosen.into_iter().map(|(.., phrase)| phrase).collect()
}

/// What stands between two words or marks that are left out.
enum Run<'t> {
    Words(Vec<&'t str>),
    /// Characters of a script without spaces.
    Characters(Vec<&'t str>),
}

/// Counts the phrases of a run; returns the place of the next.
fn add(run: &Run<'_>, mut place: usize, seen: &mut BTreeMap<String, Seen>) -> usize {
    let (parts, shortest, longest, gap) = match run {
        Run::Words(words) => (words, 1, LONGEST, " "),
        Run::Characters(characters) => (characters, 2, LONGEST_RUN, ""),
    };
    for from in 0..parts.len() {
        for to in from + shortest..=parts.len().min(from + longest) {
            let form = parts[from..to].join(gap);
            let key = unify(&form).to_lowercase();
            let words = to - from;
            let one =
                seen.entry(key).or_insert_with(|| Seen { first: place, words, ..Seen::default() });
            one.count += 1;
            *one.forms.entry(form).or_default() += 1;
        }
        place += 1;
    }
    place
}

/// Returns the runs of a text.
fn runs<'t>(text: &'t str, language: &str) -> Vec<Run<'t>> {
    let mut found = Vec::new();
    let mut words: Vec<&'t str> = Vec::new();
    for piece in spaced(text) {
        if piece.contains(is_unspaced) {
            end(&mut words, &mut found);
            characters(piece, &mut found);
            continue;
        }
        let is_edge =
            |c: char| !c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c);
        let word = piece.trim_matches(is_edge);
        if piece.starts_with(is_edge) {
            end(&mut words, &mut found);
        }
        if is_left_out(word, language) {
            end(&mut words, &mut found);
            continue;
        }
        words.push(word);
        if piece.ends_with(is_edge) {
            end(&mut words, &mut found);
        }
    }
    end(&mut words, &mut found);
    found
}

/// Keeps a run of words, and begins another.
fn end<'t>(words: &mut Vec<&'t str>, found: &mut Vec<Run<'t>>) {
    if !words.is_empty() {
        found.push(Run::Words(std::mem::take(words)));
    }
}

/// Whether a word holds others together, or may do so.
fn is_left_out(word: &str, language: &str) -> bool {
    let lower = word.to_lowercase();
    let cased = word.chars().any(|c| c.is_uppercase() || c.is_lowercase());
    let least = if !cased {
        2
    } else if word.starts_with(char::is_lowercase) {
        4
    } else {
        3
    };
    word.chars().nth(least - 1).is_none()
        || !word.chars().any(char::is_alphabetic)
        || is_function_word_of(language, &lower)
}

/// Adds the runs of a piece of a script without spaces: a mark, a number and what holds others together end one.
fn characters<'t>(piece: &'t str, found: &mut Vec<Run<'t>>) {
    let mut run: Vec<&'t str> = Vec::new();
    let mut last = None;
    for character in piece.graphemes(true) {
        let kind = kind_of(character);
        if kind != last && !run.is_empty() {
            found.push(Run::Characters(std::mem::take(&mut run)));
        }
        if kind.is_some() {
            run.push(character);
        }
        last = kind;
    }
    if !run.is_empty() {
        found.push(Run::Characters(run));
    }
}

/// The scripts of Japanese, which change where words do; none for what is left out.
fn kind_of(character: &str) -> Option<u8> {
    let c = character.chars().next()?;
    match c {
        _ if !c.is_alphabetic() || HOLDING.contains(c) => None,
        '\u{3040}'..='\u{309f}' => None,
        '\u{30a0}'..='\u{30ff}' => Some(1),
        _ if is_unspaced(c) => Some(2),
        // Words of other scripts in between have no pieces.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(text: &str, language: &str, count: usize) -> Vec<String> {
        keywords(None, text, language).into_iter().take(count).map(|phrase| phrase.text).collect()
    }

    #[test]
    fn what_comes_again_is_a_key_phrase_in_any_script() {
        for (language, text, expected) in [
            (
                "es",
                "El canal de Panamá une dos océanos. Por el canal de Panamá pasan barcos, y el canal cobra peaje.",
                "canal",
            ),
            (
                "ru",
                "Озеро Байкал глубокое. Вода в озеро Байкал течёт из рек, и Байкал холодный.",
                "Озеро Байкал",
            ),
            (
                "fa",
                "دریاچه ارومیه شور است. آب دریاچه ارومیه کم شد و دریاچه ارومیه خشک است.",
                "دریاچه ارومیه",
            ),
            ("hi", "गंगा नदी भारत में है। गंगा नदी का पानी समुद्र में जाता है।", "गंगा नदी"),
            ("zh", "长江大桥在武汉。长江大桥是第一座桥，长江大桥很长。", "长江大桥"),
            ("ja", "東京タワーは高い。東京タワーに人が来る。タワーは赤い。", "タワー"),
            ("th", "แม่น้ำโขงยาวมาก คนรักแม่น้ำโขง", "แม่น้ำโขง"),
        ] {
            assert_eq!(best(text, language, 1), [expected], "{language}");
        }
    }

    #[test]
    fn words_that_hold_others_together_are_no_phrases() {
        let found = keywords(None, "وهو في المدينة، وهي في المدينة، في في في", "ar");
        assert!(found.iter().all(|phrase| phrase.text != "في"), "{found:?}");
        assert!(keywords(None, "。、 … 12", "ja").is_empty());
    }
}
