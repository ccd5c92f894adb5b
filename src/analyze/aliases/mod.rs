//! Which names are one and the same: full names, surnames, abbreviations, other spellings.
//!
//! Two names are joined when one of these holds: they are equal but for case, dots and articles; everybody knows
//! that they are one (`U.S.`, `United States`); one is the abbreviation of the other, said to be so in brackets
//! or made of its initials; or one is a part of the other by which such names are shortened, and of no other name
//! that is there. A surname that two people share is nobody's.

mod heads;
mod parts;
mod pronouns;
mod roles;
mod spellings;
#[cfg(test)]
mod tests;
mod variants;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

pub use self::heads::Head;
pub(super) use self::heads::is_kind;
use self::pronouns::is_pronoun;
pub(super) use self::pronouns::{Gender, gender};
use self::spellings::{Spelling, attach, root, spell};
use super::classify::unshouted;
use super::gazetteer::{Classes, classes};
use super::lexicon::NameId;
use super::likes::{Likes, Vote};
use super::tagger::NameClass;
use crate::config::EntityKind;
use crate::text::{TextRange, fold};

/// How a form names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Naming {
    /// By a name: joined by all rules.
    Name,
    /// By words that describe, or several names: joined with its equals only.
    Words,
    /// By a pronoun: joined with what it is said to stand for.
    Pronoun,
}

/// A name at a place of a text.
#[derive(Clone, Copy, Debug)]
pub struct Form<'t> {
    /// As written.
    pub text: &'t str,
    /// What it stands for, as far as known.
    pub class: Option<NameClass>,
    /// The full name that it was said to abbreviate at its place, or that a pronoun stands for: number of the form.
    pub defined: Option<usize>,
    /// How it names.
    pub naming: Naming,
    /// How much each class is liked at its place.
    pub likes: Likes,
    /// Whose name it is in the words of editors: forms of one bearer are one, those of two never.
    pub known: Option<NameId>,
}

impl<'t> Form<'t> {
    /// Returns a form that stands for itself.
    pub fn new(text: &'t str, class: Option<NameClass>, naming: Naming) -> Self {
        Self { text, class, defined: None, naming, likes: Likes::default(), known: None }
    }
}

/// Names that are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// The fullest spelling.
    pub name: String,
    /// Other spellings, most frequent first.
    pub aliases: Vec<String>,
    /// What it stands for; none when nothing tells.
    pub class: Option<NameClass>,
    /// Numbers of the forms, ascending.
    pub forms: Vec<usize>,
    /// How the fullest spelling names.
    pub naming: Naming,
    /// What the places say together of what it stands for; nothing of what editors or everybody know.
    pub vote: Vote,
}

/// Words that do not count in initials, and that names do not begin or end with.
const SMALL: &[&str] =
    &["a", "an", "and", "at", "de", "for", "in", "la", "of", "on", "the", "to", "&"];

/// Titles that may stand in a form although the name is known without.
static TITLES: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    FxHashSet::from_iter([
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "sir",
        "lord",
        "lady",
        "president",
        "prime",
        "minister",
        "king",
        "queen",
        "prince",
        "princess",
        "pope",
        "sheikh",
        "senator",
        "sen",
        "gov",
        "governor",
        "general",
        "gen",
        "col",
        "prof",
        "professor",
        "judge",
        "justice",
        "chancellor",
        "secretary",
        "ambassador",
        "mayor",
        "former",
        "foreign",
        "late",
        "st",
        "saint",
        "uss",
        "hms",
        "ins",
        "hmas",
        "hmcs",
    ])
});

/// Joins the names of a text or of texts about one event, in the order of first mention. O(n log n).
pub fn join(forms: &[Form<'_>]) -> Vec<Alike> {
    join_by(forms, true)
}

/// Joins names of texts that have nothing else in common: `Mark Jones` and `Marc Jones` may be two.
pub fn join_distant(forms: &[Form<'_>]) -> Vec<Alike> {
    join_by(forms, false)
}

fn join_by(forms: &[Form<'_>], near: bool) -> Vec<Alike> {
    let (mut spellings, of_form) = spell(forms);
    promote(&mut spellings);
    join_known(&mut spellings);
    join_defined(forms, &of_form, &mut spellings);
    if near {
        variants::join(&mut spellings);
    }
    let abbreviated = abbreviated(&spellings);
    join_initials(&mut spellings, &abbreviated);
    parts::join(&mut spellings);
    // Names that were two before their parts were joined may be one that is abbreviated.
    join_initials(&mut spellings, &abbreviated);
    gather(&spellings, forms)
}

/// Returns for each name in brackets the number of the name right before it: `Organization of Islamic Cooperation (OIC)`.
pub fn defined(text: &str, names: &[TextRange]) -> Vec<Option<usize>> {
    // Where each name ends, the shortest of those that end together.
    let mut ends: FxHashMap<usize, usize> = FxHashMap::default();
    for (number, range) in names.iter().enumerate() {
        let known = ends.entry(range.end as usize).or_insert(number);
        if names[*known].start < range.start {
            *known = number;
        }
    }
    let full = |name: &TextRange| {
        let before = text.get(..name.start as usize)?.strip_suffix('(')?.trim_end();
        let closed = text.get(name.end as usize..)?.starts_with(')');
        ends.get(&before.len()).copied().filter(|_| closed)
    };
    names.iter().map(full).collect()
}

/// Returns the key of a name: what is the same in all its spellings.
pub fn name_key(name: &str) -> String {
    // Words with one space between, without marks.
    let mut key = fold(name);
    if let Some(article) = ["the ", "a ", "an "].iter().find(|it| key.starts_with(**it)) {
        key.drain(..article.len());
    }
    key
}

/// Returns a name without what may stand behind it: `'s`, `himself`, `(born in 1978)`.
fn without_possessive(text: &str) -> &str {
    // Not of `Kimani (Kiki) Gray`, which goes on.
    let text = Some(text)
        .filter(|text| text.as_bytes().contains(&b'('))
        .and_then(|text| text.split_once(" ("))
        .filter(|(_, rest)| rest.find(')').is_none_or(|end| end + 1 == rest.len()))
        .map_or(text, |(name, _)| name);
    let selves = [" himself", " herself", " itself", " themselves"];
    let text = selves.iter().find_map(|own| text.strip_suffix(own)).unwrap_or(text);
    let text = text.trim_matches(['"', '“', '”', '‘', ',']);
    text.strip_suffix("'s").or_else(|| text.strip_suffix("’s")).unwrap_or(text)
}

/// Takes words that end the name of a person for a name: `Shields` is one where there is a `Jerry Shields`. Words that are
/// written like a name are that one: `People` and `People magazine`.
fn promote(spellings: &mut [Spelling]) {
    let mut ends: FxHashSet<String> = FxHashSet::default();
    let mut names: FxHashMap<String, usize> = FxHashMap::default();
    for (at, one) in spellings.iter().enumerate().filter(|(_, one)| one.is_name()) {
        names.insert(one.key.clone(), at);
        // `People` of `People Magazine`.
        if let [first, rest @ ..] = &one.words[..]
            && !rest.is_empty()
            && !classes(first).has(Classes::FUNCTION)
            && rest.iter().all(|word| is_kind(word))
        {
            names.entry(first.clone()).or_insert(at);
        }
        let person = matches!(one.class(), Some(NameClass::Person | NameClass::Work))
            || parts::is_personal(one);
        if person && one.words.len() > 1 {
            let words = bare(&one.words);
            for from in 1..words.len() {
                ends.insert(words[from..].join(" "));
            }
        }
    }
    for at in 0..spellings.len() {
        let one = &spellings[at];
        if one.naming != Naming::Words || !one.text.contains(char::is_uppercase) {
            continue;
        }
        if let Some(name) = names.get(&one.key) {
            attach(spellings, at, *name);
        } else if ends.contains(&one.key) {
            spellings[at].naming = Naming::Name;
        }
    }
}

/// Whether the shorter of two names shortens the other as names of people are shortened.
fn is_same_person(a: &str, b: &str) -> bool {
    let keys = [a, b].map(|name| name_key(without_possessive(name)));
    let [a, b] = keys.each_ref().map(|key| key.split(' ').map(str::to_owned).collect::<Vec<_>>());
    let (a, b) = (bare(&a), bare(&b));
    a.ends_with(b) || b.ends_with(a)
}

/// Joins what editors or everybody know to be one.
fn join_known(spellings: &mut [Spelling]) {
    let mut bearers: BTreeMap<NameId, usize> = BTreeMap::new();
    for at in 0..spellings.len() {
        let Some(known) = spellings[at].known else { continue };
        let first = *bearers.entry(known).or_insert(at);
        attach(spellings, at, first);
    }
    let mut mains: BTreeMap<&'static str, usize> = BTreeMap::new();
    for at in 0..spellings.len() {
        let Some(main) = spellings[at].main else { continue };
        let first = *mains.entry(main).or_insert(at);
        attach(spellings, at, first);
    }
}

/// Joins `(OIC)` to the name before it.
fn join_defined(forms: &[Form<'_>], of_form: &[usize], spellings: &mut [Spelling]) {
    for (number, form) in forms.iter().enumerate() {
        let Some(full) = form.defined else { continue };
        let (short, full) = (of_form[number], of_form[full]);
        // `Geneva (Reuters)` says where who reports is.
        let classes = (form.naming == Naming::Name)
            .then(|| spellings[short].class().zip(spellings[full].class()))
            .flatten();
        let other = classes.is_some_and(|(short, full)| {
            short != full && (short == NameClass::Place || full == NameClass::Place)
        });
        // Whom everybody knows has no abbreviation that others could not spell: of `the Democratic People's Republic of
        // Korea (DPRK)`, the last words alone are another country.
        let known = form.naming == Naming::Name && spellings[full].main.is_some();
        if !(other || known) || spellings[short].key == initials(&spellings[full].words) {
            attach(spellings, short, full);
        }
    }
}

/// Returns the initials of a name's larger words.
fn initials(words: &[String]) -> String {
    words
        .iter()
        .filter(|word| !SMALL.contains(&word.as_str()))
        .filter_map(|word| word.chars().next())
        .collect()
}

/// Returns the numbers of the abbreviations among spellings, each with those of the names that it may abbreviate.
fn abbreviated(spellings: &[Spelling]) -> Vec<(usize, Vec<usize>)> {
    let short: Vec<usize> =
        (0..spellings.len()).filter(|at| is_abbreviation(&spellings[*at])).collect();
    if short.is_empty() {
        return Vec::new();
    }
    let mut hosts: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (at, spelling) in
        spellings.iter().enumerate().filter(|(_, one)| one.is_name() && one.words.len() > 1)
    {
        hosts.entry(initials(&spelling.words)).or_default().push(at);
        let all: String = spelling.words.iter().filter_map(|word| word.chars().next()).collect();
        hosts.entry(all).or_default().push(at);
    }
    let of = |at: usize| {
        let key = &spellings[at].key;
        // `THR` is `The Hollywood Reporter`.
        let bare = key.strip_prefix('t').filter(|rest| rest.len() > 1);
        hosts.get(key).or_else(|| hosts.get(bare?)).cloned().unwrap_or_default()
    };
    short.into_iter().map(|at| (at, of(at))).collect()
}

/// Whether a name is short, and mostly capital letters.
fn is_abbreviation(spelling: &Spelling) -> bool {
    if spelling.words.len() > 1 || !spelling.is_name() {
        return false;
    }
    let letters = || spelling.text.chars().filter(|c| *c != '.');
    let length: usize = letters().map(char::len_utf8).sum();
    (2..=8).contains(&length)
        && letters().filter(|c| c.is_uppercase()).count() * 3 >= letters().count() * 2
}

/// Joins abbreviations to the one name with these initials.
fn join_initials(spellings: &mut [Spelling], abbreviated: &[(usize, Vec<usize>)]) {
    for (at, hosts) in abbreviated {
        let spelling = &spellings[*at];
        if !spelling.is_name() || spelling.host.is_some() || spelling.is_settled() {
            continue;
        }
        let mut found: Vec<usize> = hosts.iter().map(|host| root(spellings, *host)).collect();
        found.sort_unstable();
        found.dedup();
        if let [host] = found[..] {
            attach(spellings, *at, host);
        }
    }
}

/// Words behind a person's name that tell father and son apart, and honours; short forms go without.
const SUFFIXES: &[&str] = &[
    "jr", "sr", "ii", "iii", "iv", "cbe", "dbe", "frs", "kbe", "kc", "mbe", "md", "mp", "obe",
    "phd", "qc", "ra",
];

/// Returns the words without titles before them and without suffixes.
fn bare(words: &[String]) -> &[String] {
    let titles = words.iter().take_while(|word| TITLES.contains(word.as_str())).count();
    let words = if titles < words.len() { &words[titles..] } else { words };
    if words.len() < 3 {
        return words;
    }
    let behind = words.iter().rev().take_while(|word| SUFFIXES.contains(&word.as_str())).count();
    &words[..(words.len() - behind).max(2)]
}

fn gather(spellings: &[Spelling], forms: &[Form<'_>]) -> Vec<Alike> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..spellings.len() {
        groups.entry(root(spellings, at)).or_default().push(at);
    }
    let mut all: Vec<Alike> =
        groups.into_values().map(|members| alike(spellings, &members)).collect();
    debug_assert!(
        all.iter().map(|one| one.forms.len()).sum::<usize>() == forms.len(),
        "each form is somebody's"
    );
    all.sort_by_key(|one| one.forms.first().copied());
    all
}

fn alike(spellings: &[Spelling], members: &[usize]) -> Alike {
    let members: Vec<&Spelling> = members.iter().map(|at| &spellings[*at]).collect();
    let naming = |one: &Spelling| match one.naming {
        Naming::Name => 2,
        Naming::Words => 1,
        Naming::Pronoun => 0,
    };
    let abbreviated = |one: &Spelling| one.text.chars().all(|c| !c.is_lowercase());
    let rank = |one: &&Spelling| {
        (naming(one), !abbreviated(one), bare(&one.words).len(), one.count, one.text.len())
    };
    let mut classes = [0; 6];
    for one in &members {
        // A fuller name says more about what it stands for.
        let weight = if one.words.len() > 1 { 3 } else { 1 };
        for (sum, count) in classes.iter_mut().zip(one.classes) {
            *sum += weight * count;
        }
    }
    let best = (0..classes.len())
        .max_by_key(|at| (classes[*at], std::cmp::Reverse(*at)))
        .filter(|at| classes[*at] > 0)
        .map(|at| NameClass::ALL[at]);
    let mut likes = Likes::default();
    if !members.iter().any(|one| one.is_settled()) {
        for one in &members {
            likes.add(one.likes);
        }
    }
    let class = best.map(|class| likes.instead_of(class).unwrap_or(class));
    let mut forms: Vec<usize> = members.iter().flat_map(|one| one.forms.iter().copied()).collect();
    forms.sort_unstable();
    let mut others: Vec<&Spelling> = members.clone();
    others.sort_by_key(|one| (std::cmp::Reverse(one.count), one.forms.first().copied()));
    let name = members.iter().copied().max_by_key(rank).map_or_else(String::new, |one| {
        // `AMMAN` stands so in datelines only.
        let shouted = one.main.is_some() && unshouted(&one.text).is_some();
        if shouted { one.main.unwrap_or_default().to_owned() } else { one.text.clone() }
    });
    let aliases = others
        .into_iter()
        .filter(|one| one.naming != Naming::Pronoun)
        .map(|one| one.text.clone())
        .filter(|text| *text != name)
        .collect();
    let best_naming = members.iter().map(|one| (naming(one), one.naming)).max_by_key(|it| it.0);
    let naming = best_naming.map_or(Naming::Words, |it| it.1);
    Alike { name, aliases, naming, class, vote: likes.vote(), forms }
}

/// Returns the class of names of a kind of entity; none for kinds of a site's own.
pub fn class_of(kind: EntityKind) -> Option<NameClass> {
    NameClass::ALL.into_iter().find(|class| kind_of(*class) == Some(kind))
}

/// Returns the kind of entity of a class of names; none for groups of people.
pub fn kind_of(class: NameClass) -> Option<EntityKind> {
    match class {
        NameClass::Person => Some(EntityKind::PERSON),
        NameClass::Organization => Some(EntityKind::ORGANIZATION),
        NameClass::Place => Some(EntityKind::PLACE),
        NameClass::Event => Some(EntityKind::EVENT),
        NameClass::Work => Some(EntityKind::WORK),
        NameClass::Group => None,
    }
}
