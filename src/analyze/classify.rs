//! What a run of capitalised words names.

use std::ops::Range;

use super::gazetteer::{Classes, lookup};
use super::lexicon::NameId;
use super::spot::Line;
use crate::config::EntityKind;
use crate::text::TextRange;

/// A place where something is named, before the article's names are joined.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Where.
    pub(super) range: TextRange,
    /// Number of the sentence.
    pub(super) sentence: u32,
    /// What it names; none while only other places of the article can tell.
    pub(super) kind: Option<EntityKind>,
    /// The bearer in the lexicon.
    pub(super) known: Option<NameId>,
    /// The common name of all spellings in the gazetteer.
    pub(super) main: Option<&'static str>,
    /// Whether `the` stands before it.
    pub(super) the: bool,
    /// The rule that found it.
    pub(super) rule: &'static str,
}

/// Sorts the runs of one sentence into candidates.
pub(super) struct Classifier<'a, 'b> {
    pub(super) line: &'b Line<'a>,
    pub(super) sentence: u32,
    pub(super) found: &'b mut Vec<Candidate>,
}

impl Classifier<'_, '_> {
    /// Finds what `run` names.
    pub(super) fn run(&mut self, run: Range<usize>) {
        let run = self.trim(run);
        if run.is_empty() || self.gazetteer(&run) {
            return;
        }
        if let Some(title) = self.last_title(&run) {
            self.run(run.start..self.before_titles(&run, title));
            let name = title + 1..run.end;
            if self.is_personal(&name) {
                self.push(&name, Some(EntityKind::PERSON), "name.title");
            } else {
                self.run(name);
            }
            return;
        }
        if let Some(kind) = self.head(&run) {
            self.push(&run, Some(kind), "name.head");
        } else if run.len() == 1 {
            self.single(&run);
        } else {
            self.several(&run);
        }
    }

    /// Cuts adjectives of nations and lone titles off, unless an organization's head makes them part of its name.
    fn trim(&self, mut run: Range<usize>) -> Range<usize> {
        while run.end > run.start && self.line.has(run.end - 1, Classes::DEMONYM | Classes::STOP) {
            run.end -= 1;
        }
        let headed = run.len() > 1 && self.head(&run).is_some() && self.last_title(&run).is_none();
        while !headed
            && run.start < run.end
            && self.line.has(run.start, Classes::DEMONYM)
            && !self.is_known(&run)
        {
            run.start += 1;
        }
        run
    }

    fn is_known(&self, run: &Range<usize>) -> bool {
        lookup(self.line.slice(run)).is_some()
    }

    /// Takes a run that is, as a whole, a well-known name.
    fn gazetteer(&mut self, run: &Range<usize>) -> bool {
        let name = self.line.slice(run);
        let Some(known) = lookup(name).or_else(|| lookup(&unshouted(name)?)) else { return false };
        self.push(run, Some(known.kind), "name.gazetteer");
        if let Some(last) = self.found.last_mut() {
            last.main = Some(known.main);
        }
        true
    }

    /// Returns the last title of a run, unless a title is all there is or the run ends as an organization does.
    fn last_title(&self, run: &Range<usize>) -> Option<usize> {
        let ends_as_name = self.line.has(run.end.wrapping_sub(1), Classes::HEAD) && run.len() > 1;
        let title = run.clone().rev().find(|at| self.line.has(*at, Classes::TITLE))?;
        let before_head = ends_as_name && !self.line.has(run.end - 1, Classes::TITLE);
        let of_head = self.line.word(title + 1) == "of"
            && title + 1 < run.end
            && self.line.word(title + 2) != "State";
        (!before_head && !of_head).then_some(title)
    }

    /// Returns where the titles that end at `title` begin.
    fn before_titles(&self, run: &Range<usize>, title: usize) -> usize {
        let mut at = title;
        while at > run.start
            && (self.line.has(at - 1, Classes::TITLE | Classes::TITLE_PART | Classes::DEMONYM)
                || self.line.word(at - 1) == "of")
        {
            at -= 1;
        }
        at
    }

    /// Whether a run can be a person's name: one to five words of letters.
    fn is_personal(&self, run: &Range<usize>) -> bool {
        let plain = |at: usize| {
            let word = self.line.word(at);
            word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'))
                && !self.line.has(at, Classes::ORGANIZATION | Classes::DEMONYM | Classes::STOP)
        };
        let shouted = run.len() == 1 && is_acronym(self.line.slice(run));
        (1..=5).contains(&run.len())
            && run.clone().all(plain)
            && !shouted
            && lookup(self.line.slice(run)).is_none()
    }

    /// Returns the kind that a head word gives: the word before `of`, or the last.
    fn head(&self, run: &Range<usize>) -> Option<EntityKind> {
        if run.len() < 2 {
            return None;
        }
        let link = run.clone().find(|at| matches!(self.line.word(*at), "of" | "for" | "on"));
        let numbered = self.line.word(run.end - 1).starts_with(|c: char| c.is_ascii_digit());
        let at = link
            .unwrap_or(run.end - usize::from(numbered))
            .checked_sub(1)
            .filter(|at| *at >= run.start)?;
        let first = run.start;
        if self.line.word(first) == "Operation" || numbered {
            return Some(EntityKind::EVENT);
        }
        let kinds = [
            (Classes::WORK, EntityKind::WORK),
            (Classes::EVENT, EntityKind::EVENT),
            (Classes::PLACE, EntityKind::PLACE),
            (Classes::ORGANIZATION, EntityKind::ORGANIZATION),
        ];
        let kind =
            |at| kinds.iter().find(|(class, _)| self.line.has(at, *class)).map(|(_, kind)| *kind);
        let leading = matches!(self.line.word(first), "Lake" | "Mount" | "Mt." | "Fort" | "Camp")
            .then_some(EntityKind::PLACE);
        kind(at).or(leading)
    }

    /// Judges a single unknown word.
    fn single(&mut self, run: &Range<usize>) {
        let at = run.start;
        let word = self.line.slice(run);
        if self
            .line
            .has(at, Classes::HEAD | Classes::TITLE | Classes::TITLE_PART | Classes::NOT_NAME)
        {
            return;
        }
        if self.introduced(at, Classes::APPOSITIVE) {
            self.push(run, Some(EntityKind::ORGANIZATION), "name.apposition");
        } else if is_acronym(word) {
            self.push(run, Some(EntityKind::ORGANIZATION), "name.acronym");
        } else if word.chars().count() > 1 && word.chars().any(char::is_lowercase) {
            self.push(run, None, "name.short");
        }
    }

    /// Judges several words without head or title.
    fn several(&mut self, run: &Range<usize>) {
        let personal = run.len() <= 5 && self.is_personal(run);
        let first = run.start;
        let evidence = if personal && self.line.has(first, Classes::FORENAME) {
            "name.forename"
        } else if personal && (self.introduced(first, Classes::ROLE) || self.has_age(run)) {
            "name.apposition"
        } else if personal
            && (self.quoted(first)
                || (self.line.joined(run.end) && self.line.has(run.end, Classes::SAY)))
        {
            "name.verb"
        } else if personal
            && self.line.any(first + 1..run.end, Classes::PARTICLE | Classes::FORENAME)
        {
            "name.forename"
        } else {
            ""
        };
        if !evidence.is_empty() {
            self.push(run, Some(EntityKind::PERSON), evidence);
        } else if self.introduced(first, Classes::APPOSITIVE) {
            self.push(run, Some(EntityKind::ORGANIZATION), "name.apposition");
        } else if !self.parts(run) {
            self.push(run, None, "name.repeated");
        }
    }

    /// Takes the well-known names inside a run, longest first; returns whether there are any.
    pub(super) fn parts(&mut self, run: &Range<usize>) -> bool {
        let mut any = false;
        let mut at = run.start;
        while at < run.end {
            let end = (at + 1..=run.end.min(at + 8)).rev().find(|end| self.gazetteer(&(at..*end)));
            any |= end.is_some();
            at = end.unwrap_or(at + 1);
        }
        any
    }

    /// Whether the lower-case word before `at` tells what is named.
    fn introduced(&self, at: usize, class: Classes) -> bool {
        self.line.joined(at) && at.checked_sub(1).is_some_and(|last| self.line.has(last, class))
    }

    /// Whether `said` stands before `at`: `"...", said Jane Doe`.
    fn quoted(&self, at: usize) -> bool {
        let said = |last: usize| matches!(self.line.word(last), "said" | "says");
        self.line.joined(at) && at.checked_sub(1).is_some_and(said)
    }

    /// Whether `, 45,` follows.
    fn has_age(&self, run: &Range<usize>) -> bool {
        let behind = self
            .line
            .words
            .get(run.end.wrapping_sub(1))
            .and_then(|word| self.line.text.get(word.end..));
        let Some(rest) = behind.and_then(|rest| rest.strip_prefix(", ")) else { return false };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        (1..=3).contains(&digits) && rest[digits..].starts_with([',', '.'])
    }

    fn push(&mut self, run: &Range<usize>, kind: Option<EntityKind>, rule: &'static str) {
        let Some((first, last)) =
            self.line.words.get(run.start).zip(self.line.words.get(run.end.wrapping_sub(1)))
        else {
            return;
        };
        let the =
            run.start.checked_sub(1).is_some_and(|at| matches!(self.line.word(at), "the" | "The"));
        self.found.push(Candidate {
            range: TextRange::of(first.start..last.end),
            sentence: self.sentence,
            kind,
            known: None,
            main: None,
            the,
            rule,
        });
    }
}

/// Returns a name that is written in capitals as it is written elsewhere: `OTTAWA` is `Ottawa`.
///
/// Datelines and headlines shout; three letters and fewer are as good as always an abbreviation.
pub(super) fn unshouted(name: &str) -> Option<String> {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    if letters().count() < 4 || !letters().all(char::is_uppercase) {
        return None;
    }
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if out.ends_with(char::is_alphabetic) {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
    }
    Some(out)
}

/// Whether a word is 2 to 6 capital letters (dots aside) and no Roman numeral.
pub(super) fn is_acronym(word: &str) -> bool {
    let letters = || word.chars().filter(|c| *c != '.');
    (2..=6).contains(&letters().count())
        && letters().all(char::is_uppercase)
        && !letters().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'M'))
}
