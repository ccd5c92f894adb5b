//! The spellings that names are written in, and which of them were joined.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::super::classify::unshouted;
use super::super::gazetteer::lookup;
use super::super::lexicon::NameId;
use super::super::likes::Likes;
use super::super::tagger::NameClass;
use super::{Form, Naming, name_key, without_possessive};
use crate::text::single_spaced;

/// One spelling, in the making.
pub(super) struct Spelling {
    pub(super) key: String,
    pub(super) words: Vec<String>,
    pub(super) text: String,
    pub(super) count: usize,
    pub(super) classes: [usize; 6],
    /// What its places say together of what it stands for.
    pub(super) likes: Likes,
    pub(super) forms: Vec<usize>,
    pub(super) naming: Naming,
    /// The place of the spelling that it was joined to.
    pub(super) host: Option<usize>,
    /// Common name of all spellings that everybody knows.
    pub(super) main: Option<&'static str>,
    /// Whether it stood with a legal form: then it is nobody's short form.
    pub(super) company: bool,
    /// The bearer that editors named; of a spelling that others were joined to, theirs.
    pub(super) known: Option<NameId>,
}

impl Spelling {
    fn new(key: String, text: &str, naming: Naming) -> Self {
        let known = || lookup(text).or_else(|| lookup(&unshouted(text)?));
        let main = if naming == Naming::Name { known().map(|known| known.main) } else { None };
        Self {
            words: key.split(' ').map(str::to_owned).collect(),
            key,
            text: text.to_owned(),
            count: 0,
            classes: [0; 6],
            likes: Likes::default(),
            forms: Vec::new(),
            naming,
            host: None,
            main,
            company: false,
            known: None,
        }
    }

    pub(super) fn class(&self) -> Option<NameClass> {
        let best =
            (0..self.classes.len()).max_by_key(|at| (self.classes[*at], std::cmp::Reverse(*at)))?;
        (self.classes[best] > 0).then(|| NameClass::ALL[best])
    }

    pub(super) fn is_class(&self, class: NameClass) -> bool {
        self.class().is_none_or(|own| own == class)
    }

    pub(super) fn is_name(&self) -> bool {
        self.naming == Naming::Name
    }

    /// Whether editors or everybody know who bears it: then it is nobody's short form.
    pub(super) fn is_settled(&self) -> bool {
        self.main.is_some() || self.known.is_some()
    }
}

/// Words that are written in several ways.
const SAME: &[(&str, &str)] = &[
    ("mt", "mount"),
    ("st", "saint"),
    ("ft", "fort"),
    ("centre", "center"),
    ("ctr", "center"),
    ("ne", "northeast"),
    ("nw", "northwest"),
    ("se", "southeast"),
    ("sw", "southwest"),
];

/// Abbreviations that end the names of streets.
const STREETS: &[(&str, &str)] = &[
    ("st", "street"),
    ("ave", "avenue"),
    ("blvd", "boulevard"),
    ("rd", "road"),
    ("centre", "center"),
    ("ctr", "center"),
];

/// Legal forms behind the name of a company, which reports leave away.
const LEGAL: &[&str] = &["inc", "corp", "ltd", "llc", "plc", "co"];

/// Abbreviations of states that are no words.
const STATES: &[(&str, &str)] = &[
    ("Ariz.", "Arizona"),
    ("Calif.", "California"),
    ("Colo.", "Colorado"),
    ("Conn.", "Connecticut"),
    ("Fla.", "Florida"),
    ("Mass.", "Massachusetts"),
    ("Mich.", "Michigan"),
    ("Minn.", "Minnesota"),
    ("Okla.", "Oklahoma"),
    ("Tenn.", "Tennessee"),
    ("W. Va.", "West Virginia"),
];

/// Returns a name with what is left out: `@TheAcademy` is `The Academy`, `Calif.` is `California`.
fn written_out<'t>(text: &'t str, form: &Form<'_>) -> Cow<'t, str> {
    let joined = |name: &&str| name.starts_with(char::is_uppercase);
    let account = text.strip_prefix("The").filter(joined).map(|_| text);
    if let Some(name) = text.strip_prefix(['@', '#']).or(account) {
        let mut out = String::with_capacity(text.len() + 4);
        let mut small = false;
        for c in name.chars() {
            if small && c.is_uppercase() {
                out.push(' ');
            }
            small = c.is_lowercase();
            out.push(c);
        }
        return out.into();
    }
    let place = may_be_place(form);
    let state = STATES
        .iter()
        .find(|(short, _)| place && short.trim_end_matches('.') == text.trim_end_matches('.'));
    state.map_or(text, |(_, full)| full).into()
}

fn may_be_place(form: &Form<'_>) -> bool {
    form.class.is_none_or(|class| class == NameClass::Place)
}

/// Returns the key of a form.
fn key_of(text: &str, naming: Naming) -> String {
    let key = name_key(text);
    if naming != Naming::Name || !key.contains(' ') {
        return key;
    }
    let words: Vec<&str> = key.split(' ').collect();
    let kept = words.len() - usize::from(is_company(&words));
    let mut full = words[..kept].to_vec();
    for (at, word) in full.iter_mut().enumerate() {
        // `St. John's`, but `Main St.`
        let list = if at + 1 == kept { STREETS } else { SAME };
        *word = list.iter().find(|(short, _)| short == word).map_or(*word, |(_, full)| full);
    }
    if full == words { key } else { full.join(" ") }
}

/// Whether words are the full name of a company.
fn is_company(words: &[&str]) -> bool {
    words.len() > 2 && words.last().is_some_and(|last| LEGAL.contains(last))
}

/// The same for a name as it is written.
fn ends_as_company(text: &str) -> bool {
    let last = text.rsplit(' ').next().unwrap_or_default().trim_end_matches('.');
    LEGAL.iter().any(|form| last.eq_ignore_ascii_case(form))
        && is_company(&name_key(text).split(' ').collect::<Vec<_>>())
}

/// Returns the spellings of forms, and for each form the number of its spelling.
pub(super) fn spell(forms: &[Form<'_>]) -> (Vec<Spelling>, Vec<usize>) {
    let mut all = Spellings::default();
    // Texts name the same ones in the same words over and over.
    let mut written: FxHashMap<(&str, Naming, bool), usize> = FxHashMap::default();
    let mut of_form = Vec::with_capacity(forms.len());
    for (number, form) in forms.iter().enumerate() {
        let at = if form.naming == Naming::Pronoun {
            all.place(number, form)
        } else {
            let same = (form.text, form.naming, may_be_place(form));
            *written.entry(same).or_insert_with(|| all.place(number, form))
        };
        let spelling = &mut all.spellings[at];
        spelling.count += 1;
        spelling.known = spelling.known.or(form.known);
        spelling.forms.push(number);
        spelling.likes.add(form.likes);
        if let Some(class) = form.class {
            spelling.classes[class as usize] += 1;
        }
        of_form.push(at);
    }
    (all.spellings, of_form)
}

/// Spellings in the making.
#[derive(Default)]
struct Spellings {
    places: FxHashMap<String, usize>,
    spellings: Vec<Spelling>,
}

impl Spellings {
    /// Returns the number of a form's spelling.
    fn place(&mut self, number: usize, form: &Form<'_>) -> usize {
        let text = single_spaced(without_possessive(form.text.trim()));
        let key = key_of(&written_out(&text, form), form.naming);
        // Each pronoun that stands for somebody is one by itself.
        let place = match (form.naming, form.defined) {
            (Naming::Pronoun, Some(_)) => format!("{key}\u{1}{number}"),
            (Naming::Words, _) => format!("{key}\u{1}"),
            _ => key.clone(),
        };
        let at = *self.places.entry(place).or_insert(self.spellings.len());
        if at == self.spellings.len() {
            self.spellings.push(Spelling::new(key, &text, form.naming));
        }
        let spelling = &mut self.spellings[at];
        spelling.company |= form.naming == Naming::Name && ends_as_company(&text);
        // `OTTAWA` is `Ottawa` where that is written.
        if unshouted(&spelling.text).is_some() && unshouted(&text).is_none() {
            spelling.text = text.into_owned();
        }
        at
    }
}

pub(super) fn root(spellings: &[Spelling], mut at: usize) -> usize {
    while let Some(host) = spellings[at].host {
        at = host;
    }
    at
}

/// Joins two spellings and all that were joined to them, unless editors know two bearers.
pub(super) fn attach(spellings: &mut [Spelling], from: usize, to: usize) {
    let (from, to) = (root(spellings, from), root(spellings, to));
    let bearers = (spellings[from].known, spellings[to].known);
    if from != to && !matches!(bearers, (Some(a), Some(b)) if a != b) {
        spellings[from].host = Some(to);
        spellings[to].known = bearers.0.or(bearers.1);
    }
}
