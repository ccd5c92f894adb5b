//! Finds names in languages other than English, by their capitals.
//!
//! Where a script has case, most names are runs of words with capitals. A run that only stands at the beginning of a
//! sentence proves nothing, and in German a single word with a capital proves nothing anywhere: then the lists of
//! names, a title before it or the fuller name elsewhere in the text have to speak for it. What a name stands for is
//! told by the same lists, by the first word of the run and by the word before; where nothing tells, two words are a
//! person and one is an organization.

mod lists;
mod pieces;

use rustc_hash::FxHashSet;

use self::lists::{Use, has_use, is_forename, is_inflected, is_surname, known, stem};
use self::pieces::{Piece, pieces};
use super::classify::is_acronym;
use super::document::{Line, Name};
use super::gazetteer::Known;
use super::likes::Likes;
use super::tagger::NameClass;
use crate::config::EntityKind;
use crate::text::TextRange;

/// Name of the rule that finds them.
const RULE: &str = "name.capitals";

/// Returns whether the names of a text are found by capitals, and not by the model of English.
///
/// A short text, whose language nobody can tell, is taken for English if it is in Latin letters.
pub(super) fn reads(language: Option<&str>, text: &str) -> bool {
    let english = |code: &str| code.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("en"));
    language.map_or_else(|| !is_latin(text), |code| !english(code))
}

/// Returns the language of a code without region and script: `pt` of `pt-BR`.
fn primary(language: Option<&str>) -> String {
    let first = language.unwrap_or_default().split(['-', '_']).next();
    first.unwrap_or_default().to_ascii_lowercase()
}

/// Whether at least half of the letters at the beginning of a text are Latin.
fn is_latin(text: &str) -> bool {
    const ASKED: usize = 200;
    let (mut latin, mut all) = (0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()).take(ASKED) {
        all += 1;
        latin += usize::from(c < '\u{0250}' || matches!(c, '\u{1e00}'..='\u{1eff}'));
    }
    latin * 2 >= all
}

/// Returns whether a word in lower case only holds others together in a language.
pub(super) fn is_opener(language: &str, word: &str) -> bool {
    has_use(&primary(Some(language)), Use::Opener, word)
}

/// Returns the names of a text in the order of the text. Linear.
pub(super) fn names(text: &str, lines: &[Line], language: Option<&str>) -> Vec<Name> {
    let language = primary(language);
    let language = language.as_str();
    let lines: Vec<Vec<Piece<'_>>> =
        lines.iter().map(|line| pieces(text, line.range, language)).collect();
    let reader = Reader::new(language, &lines);
    let mut judged: Vec<Judged> = Vec::new();
    for (sentence, line) in lines.iter().enumerate() {
        for run in reader.runs(text, line) {
            judged.extend(reader.judge(text, line, run, sentence));
        }
    }
    let persons: FxHashSet<&str> = judged
        .iter()
        .filter(|one| one.class == Some(NameClass::Person) && one.words > 1)
        .flat_map(|one| one.range.slice(text).split(' ').skip(1).map(|word| reader.root(word)))
        .collect();
    let found = judged.into_iter().filter_map(|one| {
        let root = reader.root(one.range.slice(text));
        let again = one.words == 1 && one.main.is_none() && persons.contains(root);
        let class = if again { NameClass::Person } else { one.class.or(one.fallback)? };
        let Judged { range, sentence, main, .. } = one;
        Some(Name { range, sentence, class, main, likes: Likes::default(), rule: RULE })
    });
    found.collect()
}

/// A run of words, and what it is taken for.
struct Judged {
    range: TextRange,
    sentence: usize,
    words: usize,
    /// What the run itself tells.
    class: Option<NameClass>,
    /// What it is when nothing tells; none when it is nothing then.
    fallback: Option<NameClass>,
    main: Option<&'static str>,
}

/// What the whole text tells of its words.
struct Reader<'t> {
    language: &'t str,
    inflected: bool,
    /// Whether a single capital proves nothing.
    strict: bool,
    /// Words that stand in lower case.
    lower: FxHashSet<&'t str>,
    /// Words that stand with a capital within a sentence.
    inside: FxHashSet<&'t str>,
}

/// A run: numbers of its pieces, end exclusive, and whether a title stands before it.
#[derive(Clone, Copy, Debug)]
struct Run {
    from: usize,
    to: usize,
    titled: bool,
}

impl<'t> Reader<'t> {
    fn new(language: &'t str, lines: &[Vec<Piece<'t>>]) -> Self {
        let (mut lower, mut inside) = (FxHashSet::default(), FxHashSet::default());
        for piece in lines.iter().flatten() {
            if !piece.is_capital() {
                lower.insert(piece.word);
            } else if !piece.first {
                inside.insert(piece.word);
            }
        }
        let strict = matches!(
            language,
            "de" | "ar"
                | "fa"
                | "ur"
                | "he"
                | "yi"
                | "hi"
                | "bn"
                | "zh"
                | "ja"
                | "ko"
                | "th"
                | "km"
                | "my"
        );
        Self { language, inflected: is_inflected(language), strict, lower, inside }
    }

    fn has(&self, kind: Use, word: &str) -> bool {
        has_use(self.language, kind, &word.to_lowercase())
    }

    /// Returns what is the same in all cases of a word.
    fn root<'w>(&self, word: &'w str) -> &'w str {
        if self.inflected { stem(word) } else { word }
    }

    fn known(&self, text: &str) -> Option<Known> {
        known(text, self.inflected)
    }

    /// Whether the word that begins a sentence may be there for the sentence only.
    fn is_plain_opener(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        has_use(self.language, Use::Opener, &lower) || self.lower.contains(lower.as_str())
    }

    /// Returns the runs of a sentence.
    fn runs(&self, text: &str, line: &[Piece<'_>]) -> Vec<Run> {
        let shouted =
            line.len() > 2 && line.iter().all(|piece| !piece.word.contains(char::is_lowercase));
        let mut found = Vec::new();
        let mut at = 0;
        while at < line.len() && !shouted {
            if !line[at].is_capital() {
                at += 1;
                continue;
            }
            let to = self.end_of_run(text, line, at);
            let run = Run { from: at, to, titled: false };
            let whole = text.get(line[at].start..line[to - 1].end()).unwrap_or_default();
            if self.known(whole).is_some() {
                found.push(run);
            } else {
                self.split(line, run, &mut found);
            }
            at = to;
        }
        found
    }

    /// Returns where the run ends that begins at a piece.
    fn end_of_run(&self, text: &str, line: &[Piece<'_>], from: usize) -> usize {
        let mut to = from + 1;
        while let Some(piece) =
            line.get(to).filter(|piece| piece.joined && line[to - 1].ending.is_empty())
        {
            if piece.is_capital() {
                to += 1;
                continue;
            }
            let head = self.has(Use::Organization, line[from].word);
            let links = line[to..]
                .iter()
                .take_while(|piece| piece.joined && self.is_link(piece.word, head))
                .count();
            let next = line.get(to + links).filter(|next| next.joined && next.is_capital());
            let whole = |to: usize| text.get(line[from].start..line[to].end()).unwrap_or_default();
            let Some(next) = next.filter(|_| (1..=3).contains(&links)) else { break };
            let parted =
                self.known(whole(to - 1)).is_some() && self.known(whole(to + links)).is_none();
            let person =
                is_forename(line[from].word, self.inflected) && self.known(next.word).is_some();
            let noun = self.is_noun(line, from, to);
            if parted && !head || person || noun || is_acronym(line[to - 1].word) {
                break;
            }
            to += links + 1;
        }
        to
    }

    /// Whether a run may be a noun of German with what it is about behind it: `Stimmen von ...`.
    fn is_noun(&self, line: &[Piece<'_>], from: usize, to: usize) -> bool {
        let first = line[from].word;
        let named = is_forename(first, self.inflected) || self.has(Use::Organization, first);
        self.strict && to == from + 1 && !named
    }

    /// Whether a word in lower case may stand inside a name.
    fn is_link(&self, word: &str, organization: bool) -> bool {
        let always = matches!(
            word,
            "van" | "von" | "der" | "den" | "ter" | "bin" | "ibn" | "ben" | "al" | "el" | "af"
        );
        match self.language {
            "es" | "gl" => {
                matches!(word, "de" | "del" | "la" | "las" | "los")
                    || organization && matches!(word, "y" | "e" | "para")
            }
            "pt" => {
                matches!(word, "de" | "da" | "do" | "das" | "dos")
                    || organization && matches!(word, "e" | "para")
            }
            "fr" => {
                matches!(word, "de" | "du" | "des" | "d" | "la" | "le" | "les" | "l")
                    || organization && matches!(word, "et" | "pour")
            }
            "it" | "ca" => {
                matches!(
                    word,
                    "di" | "de"
                        | "del"
                        | "della"
                        | "dei"
                        | "delle"
                        | "dell"
                        | "degli"
                        | "d"
                        | "dels"
                        | "i"
                ) && (organization || word != "i")
            }
            "de" => {
                matches!(word, "van" | "von" | "zu")
                    || organization && matches!(word, "der" | "für" | "und")
            }
            "el" => organization && matches!(word, "της" | "του" | "των" | "και"),
            "tr" => word == "ve" && organization,
            _ => always,
        }
    }

    /// Cuts a run at days and months, and titles off its beginning.
    fn split(&self, line: &[Piece<'_>], run: Run, found: &mut Vec<Run>) {
        let mut from = run.from;
        for at in run.from..=run.to {
            let end = at == run.to;
            // `Pamuk İstanbul'da`: the ending shows that the last word is a name of its own.
            let parted = !end && !line[at].ending.is_empty() && self.is_place(line[at].word);
            let cut = end || parted || self.has(Use::Calendar, line[at].word);
            if cut {
                if from < at {
                    found.extend(self.trimmed(line, Run { from, to: at, titled: false }));
                }
                from = if parted { at } else { at + 1 };
            }
        }
    }

    fn is_place(&self, word: &str) -> bool {
        self.known(word).is_some_and(|known| known.kind == EntityKind::PLACE)
    }

    /// Cuts off what stands before the name: an opener, titles, what a person is.
    fn trimmed(&self, line: &[Piece<'_>], run: Run) -> Option<Run> {
        let Run { mut from, mut to, .. } = run;
        while to > from && !line[to - 1].is_capital() {
            to -= 1;
        }
        let mut titled = from > 0 && line[from].joined && self.has(Use::Title, line[from - 1].word);
        while from < to {
            let piece = &line[from];
            let opens = (piece.first || !piece.is_capital()) && self.is_plain_opener(piece.word);
            let title = self.has(Use::Title, piece.word);
            if !(opens || title || !piece.is_capital())
                || opens && self.keeps_opener(line, from, to)
            {
                break;
            }
            titled = title || titled && !piece.is_capital();
            from += 1;
        }
        // `Physikerin Lise Meitner`: what a person is, before the name.
        if self.strict || line.get(from).is_some_and(|piece| piece.first) {
            let heads = [Use::Organization, Use::Place];
            let name = |at: &usize| is_forename(line[*at].word, false) && *at + 1 < to;
            let plain = from < to
                && !name(&from)
                && !heads.iter().any(|kind| self.has(*kind, line[from].word));
            if let Some(at) = (from + 1..to).find(name).filter(|_| plain) {
                (from, titled) = (at, true);
            }
        }
        if self.is_unproven(line, from, to) {
            from +=
                line[from..to].iter().skip(1).take_while(|piece| !piece.is_capital()).count() + 1;
        }
        (from < to).then_some(Run { from, to, titled })
    }

    /// Whether the first word of a run has its capital from the sentence only, and a preposition joins it to the name:
    /// `Partie de Saint-Malo`.
    fn is_unproven(&self, line: &[Piece<'_>], from: usize, to: usize) -> bool {
        let linked = line[..to].get(from + 1).is_some_and(|piece| !piece.is_capital());
        linked && line[from].first && {
            let word = line[from].word;
            let named = self.inside.contains(word) || is_forename(word, self.inflected);
            !named && !self.is_head(word) && self.known(word).is_none()
        }
    }

    /// Whether a run that begins with an opener is known with it: `El Salvador`.
    fn keeps_opener(&self, line: &[Piece<'_>], from: usize, to: usize) -> bool {
        let words: Vec<&str> = line[from..to].iter().map(|piece| piece.word).collect();
        words.len() > 1 && self.known(&words.join(" ")).is_some()
    }

    /// Decides on a run.
    fn judge(&self, text: &str, line: &[Piece<'_>], run: Run, sentence: usize) -> Option<Judged> {
        let pieces = &line[run.from..run.to];
        let (first, last) = (pieces.first()?, pieces.last()?);
        let range = TextRange::of(first.start..last.end());
        let whole = range.slice(text);
        let known = self.known(whole).filter(|_| !run.titled);
        let class = match known {
            Some(known) => class_of(known.kind),
            None => self.class(line, run),
        };
        let words = pieces.len();
        let generic = words == 1 && known.is_none() && !run.titled && self.is_head(first.word);
        let numeral = words == 1 && whole.chars().all(|c| "IVXLCDM".contains(c));
        if generic || numeral || whole.chars().nth(1).is_none() {
            return None;
        }
        let judged = Judged {
            range,
            sentence,
            words,
            class,
            fallback: self.fallback(line, run),
            main: known.map(|known| known.main),
        };
        Some(judged)
    }

    fn is_head(&self, word: &str) -> bool {
        [Use::Organization, Use::Place, Use::Event, Use::Work, Use::Tail]
            .into_iter()
            .any(|kind| self.has(kind, word))
    }

    /// Returns what the words of a run tell.
    fn class(&self, line: &[Piece<'_>], run: Run) -> Option<NameClass> {
        let pieces = &line[run.from..run.to];
        let (first, last) = (pieces.first()?, pieces.last()?);
        let several = pieces.len() > 1;
        if several && (self.has(Use::Organization, first.word) || self.has(Use::Tail, last.word)) {
            return Some(NameClass::Organization);
        }
        if run.titled {
            return Some(NameClass::Person);
        }
        for (kind, class) in [
            (Use::Place, NameClass::Place),
            (Use::Event, NameClass::Event),
            (Use::Work, NameClass::Work),
        ] {
            if several && self.has(kind, first.word) {
                return Some(class);
            }
        }
        if is_acronym(first.word) && !several {
            return Some(NameClass::Organization);
        }
        let linked = pieces.iter().any(|piece| !piece.is_capital());
        let personal =
            pieces.iter().any(|piece| matches!(piece.word, "van" | "von" | "bin" | "ibn"));
        let named = is_forename(first.word, self.inflected);
        let proven = !first.first || self.inside.contains(first.word);
        let behind = run.from > 0 && first.joined && self.has(Use::In, line[run.from - 1].word)
            || matches!(last.ending, "da" | "de" | "ta" | "te" | "dan" | "den" | "tan" | "ten");
        let located = behind && proven && !self.strict;
        let surname = !linked && is_surname(last.word) && !self.strict;
        // In a language with cases, many words sound like some form of some first name.
        if several && !(self.inflected && located) && (named || personal || surname) {
            return Some(NameClass::Person);
        }
        located.then_some(NameClass::Place)
    }

    /// Returns what a run is of which nothing is known.
    fn fallback(&self, line: &[Piece<'_>], run: Run) -> Option<NameClass> {
        let pieces = &line[run.from..run.to];
        let first = pieces.first()?;
        if pieces.len() > 1 {
            let linked = pieces.iter().any(|piece| !piece.is_capital());
            return Some(if linked { NameClass::Organization } else { NameClass::Person });
        }
        let proven = !first.first || self.inside.contains(first.word);
        if self.strict || !proven {
            return None;
        }
        let named = is_forename(first.word, self.inflected);
        Some(if named { NameClass::Person } else { NameClass::Organization })
    }
}

fn class_of(kind: EntityKind) -> Option<NameClass> {
    match kind {
        EntityKind::PERSON => Some(NameClass::Person),
        EntityKind::ORGANIZATION => Some(NameClass::Organization),
        EntityKind::PLACE => Some(NameClass::Place),
        EntityKind::EVENT => Some(NameClass::Event),
        EntityKind::WORK => Some(NameClass::Work),
        _ => None,
    }
}
