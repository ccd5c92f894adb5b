//! Key phrases: words and short runs of words that stand out by how often and how early they stand, and by their length.
//!
//! News is told by single words: it names its subjects over and over by one word, and its runs of words are sentences
//! in the making. A text about a matter is told by its terms, which are mostly longer. The two are told apart by what only
//! news is full of: proper names, and words for persons and what they say.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::KeyPhrase;
use crate::analyze::{Glossary, Spelled, is_common_word};
use crate::text::{real, spaced};

/// Longest phrase, in words.
const LONGEST: usize = 3;
/// Phrases of a text.
const MOST: usize = 15;

/// The stems of a phrase; no stem has the number behind the last one.
type Key = [u32; LONGEST];

/// A place of a key that has fewer words.
const NO_STEM: u32 = u32::MAX;

/// A phrase in the making.
struct Seen {
    key: Key,
    count: usize,
    /// Where it stands first.
    first: usize,
    /// Other spellings than that at the first place: where each stands first, and how often it stands.
    others: Vec<(usize, usize)>,
    /// Whether it stood between function words or marks: then it is whole.
    whole: usize,
    words: usize,
}

/// The phrases of a text.
struct Phrases<'t> {
    /// The words of all runs, one after the other.
    words: Vec<(&'t str, Spelled)>,
    places: FxHashMap<Key, usize>,
    all: Vec<Seen>,
}

impl Phrases<'_> {
    /// Counts the phrases of at most `longest` words in runs of words.
    fn count(&mut self, runs: &[Range<usize>], longest: usize) {
        for run in runs {
            for from in run.clone() {
                let mut key = [NO_STEM; LONGEST];
                for to in from + 1..=run.end.min(from + longest) {
                    key[to - from - 1] = self.words[to - 1].1.stem;
                    let whole = from == run.start && to == run.end;
                    self.add(key, from..to, whole);
                }
            }
        }
    }

    fn add(&mut self, key: Key, place: Range<usize>, whole: bool) {
        let at = *self.places.entry(key).or_insert(self.all.len());
        if at == self.all.len() {
            let (first, words) = (place.start, place.len());
            self.all.push(Seen { key, count: 0, first, others: Vec::new(), whole: 0, words });
        }
        let one = &mut self.all[at];
        one.count += 1;
        one.whole += usize::from(whole);
        let same = |from: usize| {
            let spelled = |at: usize| self.words[at].1.number;
            place.clone().enumerate().all(|(n, at)| spelled(from + n) == spelled(at))
        };
        if same(one.first) {
            return;
        }
        match one.others.iter_mut().find(|(from, _)| same(*from)) {
            Some((_, times)) => *times += 1,
            None => one.others.push((place.start, 1)),
        }
    }

    /// Returns the most frequent spelling of a phrase; of two as frequent, the first by the alphabet.
    fn form(&self, one: &Seen) -> String {
        let spelled = |from: usize| self.spelled(from..from + one.words);
        let others: usize = one.others.iter().map(|(_, times)| times).sum();
        let mut best = (one.count - others, spelled(one.first));
        for (from, times) in one.others.iter().filter(|(_, times)| *times >= one.count - others) {
            let form = spelled(*from);
            if *times > best.0 || *times == best.0 && form < best.1 {
                best = (*times, form);
            }
        }
        best.1
    }

    /// Returns words with a space between.
    fn spelled(&self, place: Range<usize>) -> String {
        let words: Vec<&str> = self.words[place].iter().map(|(word, _)| *word).collect();
        words.join(" ")
    }

    /// Returns how often a word stands in the phrases.
    fn count_of(&self, stem: u32) -> f64 {
        let mut key = [NO_STEM; LONGEST];
        key[0] = stem;
        self.places.get(&key).map_or(1.0, |at| real(self.all[*at].count))
    }
}

/// Returns the stems of a phrase with a space between.
fn stems(one: &Seen, glossary: &Glossary) -> String {
    let stems: Vec<&str> = one.key[..one.words].iter().map(|stem| glossary.stem(*stem)).collect();
    stems.join(" ")
}

/// Returns the key phrases of a text, best first.
pub(super) fn phrases<'t>(
    title: Option<&'t str>,
    text: &'t str,
    glossary: &mut Glossary,
) -> Vec<KeyPhrase> {
    let mut all = Phrases { words: Vec::new(), places: FxHashMap::default(), all: Vec::new() };
    let mut runs = Vec::new();
    collect(&pieces(title.unwrap_or_default()), glossary, &mut all.words, &mut runs);
    let pieces = pieces(text);
    collect(&pieces, glossary, &mut all.words, &mut runs);
    let news = is_news(&pieces);
    // News has single words only.
    all.places.reserve(all.words.len());
    all.count(&runs, if news { 1 } else { LONGEST });
    let total = real(all.words.len().max(1));
    let value =
        |one: &Seen| if news { all.in_news(one, total) } else { score(one, total, &all, glossary) };
    let mut scored: Vec<(f64, &Seen)> = all.all.iter().map(|one| (value(one), one)).collect();
    let order = |a: &(f64, &Seen), b: &(f64, &Seen)| {
        let by_stems = || stems(a.1, glossary).cmp(&stems(b.1, glossary));
        b.0.total_cmp(&a.0).then_with(|| a.1.first.cmp(&b.1.first)).then_with(by_stems)
    };
    if scored.len() > MOST {
        scored.select_nth_unstable_by(MOST - 1, order);
        scored.truncate(MOST);
    }
    scored.sort_by(order);
    let most = scored.first().map_or(1.0, |best| best.0).max(f64::MIN_POSITIVE);
    let best = scored.iter().take_while(|(score, _)| *score > 0.0);
    let phrase = |(score, one): &(f64, &Seen)| KeyPhrase {
        text: all.form(one),
        score: (score / most * 1000.0).round() / 1000.0,
    };
    best.map(phrase).collect()
}

/// What stands between two spaces.
struct Piece<'t> {
    /// Without marks at its ends.
    word: &'t str,
    /// Whether a mark stands before it.
    opens: bool,
    /// The last character.
    last: Option<char>,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::with_capacity(text.len() / 6);
    for piece in spaced(text) {
        let bytes = piece.as_bytes();
        let (first, last) = (bytes.first(), bytes.last());
        let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        found.push(if plain(first) && plain(last) {
            Piece { word: piece, opens: false, last: last.map(|byte| char::from(*byte)) }
        } else {
            let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
            let opens = piece.starts_with(|c: char| !c.is_alphanumeric());
            Piece { word, opens, last: piece.chars().next_back() }
        });
    }
    found
}

/// Whether a word is one for persons, or for saying, that reports are full of, whatever its case.
fn is_of_reports(word: &str) -> bool {
    let mut small = [0; 4];
    let Some(letters) = small.get_mut(..word.len()) else { return false };
    letters.copy_from_slice(word.as_bytes());
    letters.make_ascii_lowercase();
    matches!(
        &*letters,
        b"he"
            | b"she"
            | b"his"
            | b"her"
            | b"him"
            | b"who"
            | b"i"
            | b"you"
            | b"said"
            | b"says"
            | b"told"
    )
}

/// Whether a text reads like news or a talk about persons.
fn is_news(pieces: &[Piece<'_>]) -> bool {
    let (mut names, mut reports) = (0, 0);
    let mut begins = true;
    for piece in pieces {
        let mut letters = piece.word.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        // A sentence begins with a capital whatever it is about, and abbreviations are as frequent elsewhere.
        names += usize::from(!begins && capital && letters.next().is_some_and(char::is_lowercase));
        reports += usize::from(is_of_reports(piece.word));
        begins = piece.last.is_some_and(|last| matches!(last, '.' | '?' | '!' | ':' | '"' | '”'));
    }
    let share = |count: usize| real(count) / real(pieces.len().max(1));
    pieces.len() < HEADLINE || share(names) / NAMES + share(reports) / REPORTS >= 1.0
}

/// Shares of words that make a text news by themselves: names, and words of reports.
const NAMES: f64 = 0.1;
const REPORTS: f64 = 0.02;

/// Shorter texts are headlines, and not told by terms.
const HEADLINE: usize = 12;

/// How much more a word tells by its ending: most of all nouns for what happens, and for what there is to it, then those for
/// who does it.
fn by_ending(form: &str) -> f64 {
    match form.as_bytes() {
        [.., b't' | b's', b'i', b'o', b'n']
        | [.., b'm', b'e', b'n', b't']
        | [.., b'i', b't', b'y']
        | [.., b'n', b'e', b's', b's']
        | [.., b'a' | b'e', b'n', b'c', b'e']
        | [.., b's', b'h', b'i', b'p']
        | [.., b'i', b's', b'm']
        | [.., b'i', b'n', b'g']
        | [.., b'e', b'd'] => 1.3,
        [.., b'e', b'r'] | [.., b'e', b'r', b's'] => 1.2,
        [.., b'i', b'e', b's'] => 1.15,
        [.., b'l', b'y'] => 0.7,
        _ => 1.0,
    }
}

/// Letters that count for how long a word is.
const LETTERS: usize = 10;

/// How much longer words tell more, by their letters.
static LONGER: LazyLock<[f64; LETTERS + 1]> =
    LazyLock::new(|| std::array::from_fn(|letters| (0.12 * real(letters)).exp()));

impl Phrases<'_> {
    /// How much a word tells of the news: more the longer it is, as short words mean little by themselves.
    fn in_news(&self, one: &Seen, total: f64) -> f64 {
        let form = if one.others.is_empty() { self.words[one.first].0 } else { &self.form(one) };
        let letters = if form.is_ascii() { form.len() } else { form.chars().count() };
        let longer = LONGER[letters.min(LETTERS)];
        let short = if letters < 4 { 0.6 } else { 1.0 };
        // What is spoken of in several forms, as `migrant` and `migrants`.
        let varied = if one.others.is_empty() { 1.0 } else { 1.15 };
        // What a text is about is more often a matter than a bearer of a name.
        let name = if form.starts_with(char::is_uppercase) { 0.85 } else { 1.0 };
        // Most are adjectives: `two-year`, `so-called`.
        let compound = if form.contains('-') { 0.4 } else { 1.0 };
        let early = 1.0 + 1.1 * (1.0 - real(one.first) / total);
        let often = if one.count == 1 { 1.0 } else { real(one.count).powf(0.6) };
        often * early * longer * short * by_ending(form) * varied * name * compound
    }
}

fn score(one: &Seen, total: f64, all: &Phrases<'_>, glossary: &Glossary) -> f64 {
    let count = real(one.count);
    let early = 1.0 + 1.0 / (1.0 + 6.0 * real(one.first) / total);
    if one.words == 1 {
        // Short texts are told by phrases, long ones by the words that come again and again.
        let rare = if is_common_word(glossary.stem(one.key[0])) { 0.75 } else { 1.25 };
        return count.powf(1.1) * early * rare * (total / 130.0).powf(1.5).clamp(0.25, 3.0);
    }
    let parts: f64 = one.key[..one.words].iter().map(|stem| all.count_of(*stem)).sum();
    let mean = parts / real(one.words);
    // Words that mostly stand together are one phrase.
    let bound = count / mean.max(1.0);
    let whole = 0.5 + real(one.whole) / count;
    count.powf(0.9) * early * whole * (0.4 + bound) * (1.0 + 0.25 * real(one.words))
}

/// Adds the words of a text, and its runs of words that no function word, number or mark breaks.
fn collect<'t>(
    pieces: &[Piece<'t>],
    glossary: &mut Glossary,
    words: &mut Vec<(&'t str, Spelled)>,
    runs: &mut Vec<Range<usize>>,
) {
    let mut start = words.len();
    let mut end = |start: &mut usize, at: usize| {
        if *start < at {
            runs.push(*start..at);
            *start = at;
        }
    };
    for piece in pieces {
        let word = piece.word;
        let owned = || word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
        let word = Some(word).filter(|it| it.ends_with('s')).and_then(|_| owned()).unwrap_or(word);
        if piece.opens {
            end(&mut start, words.len());
        }
        let counts = if word.is_ascii() {
            word.len() > 1 && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        } else {
            word.chars().nth(1).is_some() && word.chars().any(char::is_alphabetic)
        };
        let known = counts.then(|| glossary.word(word));
        let Some(known) = known.filter(|known| !known.function) else {
            end(&mut start, words.len());
            continue;
        };
        words.push((word, known));
        if piece.last.is_some_and(|last| !last.is_alphanumeric() && last != '\'') {
            end(&mut start, words.len());
        }
    }
    end(&mut start, words.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        phrases(None, text, &mut Glossary::default())
            .into_iter()
            .map(|phrase| phrase.text)
            .collect()
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
    fn compounds_tell_less_than_words() {
        let text = "Lawmakers in Paris said the long-running negotiations with Anne Dubois, who led the long-running \
                    negotiations, had ended.";
        assert_eq!(found(text).first().map(String::as_str), Some("negotiations"));
    }

    #[test]
    fn who_does_it_and_what_comes_in_several_forms_tells_more() {
        let text = "The village near Paris was good to the teacher, said Anne Dubois. She told her of the carpet and the \
                    ticket, and who paid for the carpet and the tickets.";
        let phrases = found(text);
        let place = |word: &str| phrases.iter().position(|phrase| phrase == word);
        assert!(place("teacher").is_some() && place("teacher") < place("village"), "{phrases:?}");
        assert!(place("ticket").or(place("tickets")) < place("carpet"), "{phrases:?}");
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
        assert!(!is_news(&pieces(
            "Graphs are drawn. Trees are cut. Nodes are moved. Edges are bent."
        )));
        assert!(is_news(&pieces("It was cut by Ann in Rome.")));
    }
}
