//! Finds names by their shape and surroundings: a linear-chain model over the words that may be part of a name.
//!
//! Every word gets a *tag*: outside, or the begin or inside of a name of some class. The model adds up weights of
//! features (see [`features`]) and of pairs of neighbouring tags, and the best sequence is found by Viterbi's
//! algorithm. The weights come from an averaged perceptron, as in Collins, "Discriminative training methods for
//! hidden Markov models" (2002); see [`train`]. Only words in capitals, and short words between them, may be part of a
//! name; all others are outside and cost nothing.
//!
//! Integers only, so that the same text has the same names on every machine.

mod adder;
mod features;
mod model;
mod own;
pub(super) mod train;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::LazyLock;

use self::features::{DocumentWords, Sentence};
use self::model::Model;
use self::own::OwnScores;
use super::document::{Line, Name};
use super::gazetteer::{Classes, classes, lookup};
use super::likes::Likes;
use super::words::Word;
use crate::text::TextRange;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameClass {
    /// A person, without titles.
    Person,
    /// An organization.
    Organization,
    /// A place or building.
    Place,
    /// Members of a nation, people, faith or party; never an entity, but it has to be told from places.
    Group,
    /// An event.
    Event,
    /// A work, law, treaty, ship or product.
    Work,
}

impl NameClass {
    /// All of them, in the order of the tags.
    pub const ALL: [Self; 6] =
        [Self::Person, Self::Organization, Self::Place, Self::Group, Self::Event, Self::Work];

    /// Returns the word for it in JSON: `person`, `organization`, `place`, `group`, `event` or `work`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organization => "organization",
            Self::Place => "place",
            Self::Group => "group",
            Self::Event => "event",
            Self::Work => "work",
        }
    }

    /// Returns the class that a word of JSON stands for.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }
}

/// Number of tags: outside, and begin and inside of each class.
const TAGS: usize = 1 + 2 * NameClass::ALL.len();
/// Tags are scored sixteen at a time.
const LANES: usize = 16;

/// A row of scores or weights, one for each tag.
type Lanes = [i32; LANES];

/// Number of a tag: 0 outside, then begin and inside of each class.
type Tag = u8;

const OUTSIDE: Tag = 0;

fn begin(class: usize) -> Tag {
    u8::try_from(1 + 2 * class).unwrap_or(OUTSIDE)
}

fn is_begin(tag: Tag) -> bool {
    tag % 2 == 1
}

fn class_of(tag: Tag) -> Option<NameClass> {
    NameClass::ALL.get(usize::from(tag).checked_sub(1)? / 2).copied()
}

/// A name in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tagged {
    /// Numbers of its words.
    pub(super) words: Range<usize>,
    pub(super) class: NameClass,
}

/// Words in capitals that stand for a name and name nobody by themselves.
const GENERIC: &[&str] = &[
    "Attorney",
    "Board",
    "CEO",
    "Church",
    "City",
    "Council",
    "Crown",
    "God",
    "HH",
    "Her Majesty",
    "His Excellency",
    "His Highness",
    "His Majesty",
    "IGP",
    "Imam",
    "Islamic Republic",
    "Kingdom",
    "MOU",
    "MP",
    "MPs",
    "Manager",
    "MoU",
    "NGO",
    "NGOs",
    "North",
    "Officer",
    "Party",
    "People",
    "Republic",
    "South",
    "State",
    "Strip",
    "TV",
];

/// Diseases in capitals, which are no places, whatever stands before them.
const DISEASES: &[&str] = &[
    "AIDS",
    "COVID",
    "COVID-19",
    "EBOLA",
    "HIV",
    "HIV/AIDS",
    "MERS",
    "SARS",
    "SARS-COV-2",
    "ZIKA",
];

static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::decode(include_bytes!("../data/names.model")));

thread_local! {
    /// What is known of words outlives a text. It changes nothing but time.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Finds the names of a text, in order.
pub(super) fn tag(text: &str, sentences: &[Line]) -> Vec<Name> {
    SCRATCH.with_borrow_mut(|scratch| tag_with(text, sentences, scratch))
}

fn tag_with(text: &str, sentences: &[Line], scratch: &mut Scratch) -> Vec<Name> {
    let seen = DocumentWords::new(text, sentences.iter().map(|line| line.words.as_slice()));
    let mut first = 0;
    let mut found: Vec<Name> = Vec::new();
    for (number, line) in sentences.iter().enumerate() {
        let words = &line.words;
        let sentence = Sentence::new(text, line.range, words, &seen, first);
        first += words.len();
        let tags = decode(&MODEL, &sentence, scratch);
        for name in names(&tags) {
            let likes = liked(&MODEL.pairs, &scratch.scores, &tags, &name.words);
            let name = repaired(name, words, text);
            let (begin, end) = (words[name.words.start], words[name.words.end - 1]);
            let range = TextRange::of(begin.start..end.end);
            let alone = name.words.len() == 1 && name.class == NameClass::Person;
            let form = range.slice(text);
            // `RM177mil` and `22.6degC` are amounts.
            let amount = alone && form.bytes().any(|byte| byte.is_ascii_digit());
            let nobody = amount || GENERIC.contains(&form) || is_disease(form);
            if name.class == NameClass::Person
                && let Some(first) = nicknamed(&found, number, range, text)
            {
                found.truncate(first + 1);
                found[first].range.end = range.end;
                continue;
            }
            if let Some(last) = found.last_mut()
                && let Some(whole) = whole(last.range, range, text)
            {
                (last.range, last.class, last.likes) = (whole, name.class, likes);
                continue;
            }
            // `US$5 billion`
            let money = text[end.end..].starts_with(['$', '€', '£']);
            if !(nobody || money || alone && is_plain(begin, text)) {
                found.push(Name {
                    range,
                    sentence: number,
                    class: name.class,
                    main: None,
                    likes,
                    rule: RULE,
                });
            }
        }
    }
    found
}

fn is_disease(form: &str) -> bool {
    if form.is_ascii() {
        return DISEASES.iter().any(|disease| disease.eq_ignore_ascii_case(form));
    }
    DISEASES.contains(&form.to_uppercase().as_str())
}

/// Returns both names as one where everybody knows that: `Democratic People` and `Republic of Korea`.
fn whole(last: TextRange, next: TextRange, text: &str) -> Option<TextRange> {
    let gap = text.get(last.end as usize..next.start as usize)?;
    let whole = TextRange { start: last.start, end: next.end };
    let known = || lookup(&whole.slice(text).replace('’', "'")).is_some();
    (matches!(gap, "'s " | "’s ") && known()).then_some(whole)
}

/// Returns where the name begins that goes on behind a nickname: `Charles "Pete"` before `Conrad`.
fn nicknamed(found: &[Name], sentence: usize, next: TextRange, text: &str) -> Option<usize> {
    const LONGEST: usize = 20;
    let is_nickname = |gap: &str| {
        let inner = gap.trim_matches(' ');
        let quoted = [('"', '"'), ('“', '”'), ('\'', '\''), ('‘', '’')]
            .iter()
            .find_map(|(open, close)| inner.strip_prefix(*open)?.strip_suffix(*close));
        gap.len() == inner.len() + 2
            && quoted.is_some_and(|name| {
                name.len() <= LONGEST
                    && name.chars().next().is_some_and(char::is_uppercase)
                    && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
            })
    };
    let latest = found.iter().enumerate().rev().take(2);
    let before =
        latest.filter(|(_, name)| name.sentence == sentence && name.class == NameClass::Person);
    before
        .filter(|(_, name)| {
            text.get(name.range.end as usize..next.start as usize).is_some_and(is_nickname)
        })
        .map(|(at, _)| at)
        .next()
}

/// Returns a name without letters before it that stand for a body, as `ILO Ann Lee` is Ann Lee of the ILO, and without the number
/// behind a person's: `Ann Lee 3.2` stands in tables.
fn repaired(mut name: Tagged, words: &[Word], text: &str) -> Tagged {
    let form = |at: usize| words[at].of(text);
    let capitals = |word: &str| word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase());
    let person = name.class == NameClass::Person && name.words.len() > 2;
    if person && capitals(form(name.words.start)) && !capitals(form(name.words.start + 1)) {
        name.words.start += 1;
    }
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let person = name.class == NameClass::Person;
    while person && name.words.len() > 1 && is_number(form(name.words.end - 1)) {
        name.words.end -= 1;
    }
    name
}

/// Name of the rule that finds them.
const RULE: &str = "name.model";

/// Whether a word in capitals is a common one, or a Roman numeral, and nobody's name.
fn is_plain(word: Word, text: &str) -> bool {
    let form = word.of(text);
    let named = word.classes.has(Classes::FORENAME | Classes::SURNAME);
    let numeral = form.len() < 5 && form.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
    numeral || !named && classes(&form.to_lowercase()).has(Classes::COMMON)
}

/// Memory that is used for one word after the other, with one model.
#[derive(Default)]
struct Scratch {
    row: Vec<u32>,
    own: OwnScores,
    /// Scores of the words of the sentence that was decoded last; zeros outside of runs.
    scores: Vec<Lanes>,
}

/// Returns how much the model likes each class for a name at its place, all other names being what they are.
fn liked(pairs: &[Lanes; TAGS], scores: &[Lanes], tags: &[Tag], words: &Range<usize>) -> Likes {
    let before = words.start.checked_sub(1).map_or(OUTSIDE, |at| tags[at]);
    let sum = |first: Tag, others: Tag| {
        let mut last = usize::from(before);
        let mut sum = 0;
        for at in words.clone() {
            let tag = usize::from(if at == words.start { first } else { others });
            sum += pairs[last][tag] + scores[at][tag];
            last = tag;
        }
        let next = tags.get(words.end).map_or(0, |tag| usize::from(*tag));
        sum + if may_follow(last, next) { pairs[last][next] } else { 0 }
    };
    Likes::new(std::array::from_fn(|class| sum(begin(class), begin(class) + 1)))
}

/// Returns the best tags of a sentence.
fn decode(model: &Model, sentence: &Sentence<'_>, scratch: &mut Scratch) -> Vec<Tag> {
    let Scratch { row, own: known, scores: all } = scratch;
    all.clear();
    all.resize(sentence.len(), [0; LANES]);
    let mut tags = vec![OUTSIDE; sentence.len()];
    for run in sentence.runs() {
        let scores: Vec<Lanes> = run
            .clone()
            .map(|at| {
                row.clear();
                let own = sentence.own(at, known, model);
                sentence.features(at, own, row);
                let (mut sum, others) = (own.sum, model.sum(row));
                for (sum, other) in sum.iter_mut().zip(others) {
                    *sum = sum.wrapping_add(other);
                }
                sum.map(i32::from)
            })
            .collect();
        viterbi(&scores, &model.pairs, &mut tags[run.clone()]);
        all[run.clone()].copy_from_slice(&scores);
        for at in run {
            let inside = tags[at] != OUTSIDE && !is_begin(tags[at]);
            // `Harriman, Gromyko` are two; a body's name may have commas.
            let listed =
                sentence.is_listed(at) && class_of(tags[at]) != Some(NameClass::Organization);
            if inside && (sentence.is_parted(at) || listed) {
                tags[at] -= 1;
            }
        }
    }
    tags
}

/// Finds the best sequence of tags for a run of words that stands between words outside of names.
///
/// All tags of a word are looked at together: without branches, the compiler does four at once.
fn viterbi(scores: &[Lanes], pairs: &[Lanes; TAGS], best: &mut [Tag]) {
    let Some((first, others)) = scores.split_first() else { return };
    // What stands before the first word is outside of names.
    let mut sums = pairs[usize::from(OUTSIDE)];
    for (sum, score) in sums.iter_mut().zip(first) {
        *sum = (*sum + score).max(2 * NEVER);
    }
    let mut from: Vec<Lanes> = Vec::with_capacity(scores.len());
    from.push([i32::from(OUTSIDE); LANES]);
    for score in others {
        let mut next = [2 * NEVER; LANES];
        let mut back: Lanes = [0; LANES];
        for ((last, sum), pair) in (0..).zip(sums).zip(pairs) {
            for lane in 0..LANES {
                let found = sum + pair[lane];
                let better = found > next[lane];
                next[lane] = if better { found } else { next[lane] };
                back[lane] = if better { last } else { back[lane] };
            }
        }
        for (next, score) in next.iter_mut().zip(score) {
            *next = (*next + score).max(2 * NEVER);
        }
        sums = next;
        from.push(back);
    }
    let mut tag = (0..TAGS).max_by_key(|tag| (sums[*tag], std::cmp::Reverse(*tag))).unwrap_or(0);
    for (place, back) in best.iter_mut().zip(&from).rev() {
        *place = u8::try_from(tag).unwrap_or(OUTSIDE);
        tag = usize::try_from(back[tag]).unwrap_or(0);
    }
}

/// A sum that no sequence has.
const NEVER: i32 = -(1 << 24);

/// Returns the weights of pairs of tags, with those that cannot be made impossible.
fn possible(pairs: &[Lanes; TAGS]) -> [Lanes; TAGS] {
    let mut table = *pairs;
    for (last, row) in table.iter_mut().enumerate() {
        for (tag, weight) in row.iter_mut().enumerate() {
            if tag >= TAGS || !may_follow(last, tag) {
                *weight = NEVER;
            }
        }
    }
    table
}

/// Whether a name may go on: an inside follows the begin or inside of its own class only.
fn may_follow(last: usize, tag: usize) -> bool {
    let inside = tag != 0 && tag.is_multiple_of(2);
    !inside || last == tag || last + 1 == tag
}

/// Returns the names that tags stand for.
fn names(tags: &[Tag]) -> Vec<Tagged> {
    let mut found: Vec<Tagged> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let Some(class) = class_of(*tag) else { continue };
        match found.last_mut() {
            Some(last) if !is_begin(*tag) && last.words.end == at => last.words.end = at + 1,
            _ => found.push(Tagged { words: at..at + 1, class }),
        }
    }
    found
}
