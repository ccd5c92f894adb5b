//! The spellings that names are written in, and which of them were joined.

use rustc_hash::FxHashMap;

use super::super::classify::unshouted;
use super::super::gazetteer::lookup;
use super::super::lexicon::NameId;
use super::super::likes::Likes;
use super::super::tagger::NameClass;
use super::{Form, Naming, name_key, without_possessive};

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
fn written_out(text: &str, form: &Form<'_>) -> String {
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
        return out;
    }
    let place = form.class.is_none_or(|class| class == NameClass::Place);
    let state = STATES
        .iter()
        .find(|(short, _)| place && short.trim_end_matches('.') == text.trim_end_matches('.'));
    state.map_or_else(|| text.to_owned(), |(_, full)| (*full).to_owned())
}

/// Returns the key of a form.
fn key_of(text: &str, naming: Naming) -> String {
    let key = name_key(text);
    if naming != Naming::Name || !key.contains(' ') {
        return key;
    }
    let in_list = |list: &[(&'static str, &'static str)], word: &str| {
        list.iter().find(|(short, _)| *short == word).map(|(_, full)| *full)
    };
    let mut words: Vec<&str> = key.split(' ').collect();
    if is_company(&words) {
        words.pop();
    }
    // `St. John's`, but `Main St.`
    if let Some((last, before)) = words.split_last_mut() {
        *last = in_list(STREETS, last).unwrap_or(last);
        for word in before {
            *word = in_list(SAME, word).unwrap_or(word);
        }
    }
    words.join(" ")
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

pub(super) fn spell(forms: &[Form<'_>]) -> (Vec<Spelling>, Vec<usize>) {
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut spellings: Vec<Spelling> = Vec::new();
    let mut of_form = Vec::with_capacity(forms.len());
    for (number, form) in forms.iter().enumerate() {
        let text =
            without_possessive(form.text.trim()).split_whitespace().collect::<Vec<_>>().join(" ");
        let key = key_of(&written_out(&text, form), form.naming);
        // Each pronoun that stands for somebody is one by itself.
        let place = match (form.naming, form.defined) {
            (Naming::Pronoun, Some(_)) => format!("{key}\u{1}{number}"),
            (Naming::Words, _) => format!("{key}\u{1}"),
            _ => key.clone(),
        };
        let at = *places.entry(place).or_insert_with(|| {
            let words = key.split(' ').map(str::to_owned).collect();
            let known = || lookup(&text).or_else(|| lookup(&unshouted(&text)?));
            let main = Some(form.naming)
                .filter(|naming| *naming == Naming::Name)
                .and_then(|_| known())
                .map(|known| known.main);
            spellings.push(Spelling {
                key,
                words,
                text: text.clone(),
                count: 0,
                classes: [0; 6],
                likes: Likes::default(),
                forms: Vec::new(),
                naming: form.naming,
                host: None,
                main,
                company: false,
                known: None,
            });
            spellings.len() - 1
        });
        let spelling = &mut spellings[at];
        spelling.count += 1;
        spelling.company |= form.naming == Naming::Name && ends_as_company(&text);
        spelling.known = spelling.known.or(form.known);
        spelling.forms.push(number);
        spelling.likes.add(form.likes);
        if let Some(class) = form.class {
            spelling.classes[class as usize] += 1;
        }
        // `OTTAWA` is `Ottawa` where that is written.
        if unshouted(&spelling.text).is_some() && unshouted(&text).is_none() {
            spelling.text = text;
        }
        of_form.push(at);
    }
    (spellings, of_form)
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
