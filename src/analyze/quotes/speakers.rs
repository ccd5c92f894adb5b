//! Who stands beside a verb of saying.

use std::ops::Range;

use super::super::aliases::{Gender, gender, is_kind};
use super::super::document::{Document, Line, Name};
use super::super::gazetteer::{Classes, classes};
use super::super::tagger::NameClass;
use super::Speaker;
use crate::text::TextRange;

/// Pronouns that tell nothing of who speaks.
const ANYBODY: &[&str] = &[
    "everybody",
    "everyone",
    "i",
    "it",
    "nobody",
    "one",
    "others",
    "somebody",
    "someone",
    "that",
    "there",
    "they",
    "this",
    "we",
    "what",
    "which",
    "who",
    "you",
];

/// Words after which a name is not the subject of its clause.
pub(super) const PREPOSITIONS: &[&str] = &[
    "about", "after", "against", "among", "at", "before", "behind", "between", "by", "for", "from",
    "in", "into", "of", "on", "over", "than", "to", "toward", "towards", "under", "via", "with",
    "without",
];

/// Words that may stand between a preposition and the name that it holds.
const ARTICLES: &[&str] = &["a", "an", "her", "his", "its", "our", "that", "the", "their", "this"];

/// Words before a noun: what follows is no verb.
const NOUN_NEXT: &[&str] = &[
    "a", "an", "another", "any", "each", "every", "her", "his", "in", "its", "my", "no", "of",
    "our", "recent", "some", "the", "their", "these", "this", "your",
];

/// Words before a participle: who is asked says nothing.
const PASSIVE: &[&str] =
    &["are", "as", "be", "been", "being", "if", "is", "was", "were", "when", "while"];

/// Words that begin a clause in which somebody else may speak.
pub(super) const JOINING: &[&str] = &[
    "although", "and", "as", "because", "but", "if", "or", "since", "so", "that", "though", "when",
    "which", "while", "who", "whose", "yet",
];

/// Words behind which a clause has a subject of its own.
const OWN_SUBJECT: &[&str] = &["although", "because", "but", "if", "though", "when", "while"];

/// Longest stretch between a quotation and its verb of saying, in words.
pub(super) const NEAR: usize = 14;

/// Most words of a speaker without a name.
const LONGEST: usize = 8;

/// Finds speakers in a text whose quotations are known: names inside of them speak to nobody.
pub(super) struct Speakers<'d, 't> {
    pub(super) document: &'d Document<'t>,
    /// What stands in quotation marks, ascending.
    marked: &'d [TextRange],
}

impl<'d, 't> Speakers<'d, 't> {
    pub(super) fn new(document: &'d Document<'t>, marked: &'d [TextRange]) -> Self {
        Self { document, marked }
    }

    fn text(&self) -> &'t str {
        self.document.text
    }

    pub(super) fn line(&self, number: usize) -> &'d Line {
        &self.document.lines[number]
    }

    pub(super) fn word(&self, line: &Line, at: usize) -> &'t str {
        line.words.get(at).map_or("", |word| word.of(self.document.text))
    }

    /// Whether a place is part of what stands in quotation marks.
    pub(super) fn is_marked(&self, range: TextRange) -> bool {
        let at = self.marked.partition_point(|mark| mark.end <= range.start);
        self.marked.get(at).is_some_and(|mark| mark.start <= range.start && range.end <= mark.end)
    }

    pub(super) fn is_outside(&self, line: &Line, at: usize) -> bool {
        !self.is_marked(word_range(line, at))
    }

    /// Whether a word is a verb of saying with a subject: not the noun (`in another tweet`), nor a participle (`when
    /// asked`, `he was asked`, `at said meeting`).
    pub(super) fn is_saying(&self, line: &Line, at: usize) -> bool {
        let Some(word) = line.words.get(at) else { return false };
        let verbs = Classes::SAYING | Classes::TELLING;
        // `Continued Stone: "..."`
        let first = at == 0 && classes(&word.of(self.text()).to_lowercase()).has(verbs);
        if !first && !word.classes.has(verbs) {
            return false;
        }
        let before = at.checked_sub(1).filter(|_| word.joined).map_or("", |at| self.word(line, at));
        let before = before.to_lowercase();
        // `declined to say`, `promised to tell`, but `went on to say`
        let on = at > 1 && self.word(line, at - 2) == "on";
        let open = before == "to" && !on;
        !open && !NOUN_NEXT.contains(&before.as_str()) && !PASSIVE.contains(&before.as_str())
    }

    /// Returns the names of a sentence with their numbers, but those in quotation marks.
    pub(super) fn names_of(
        &self,
        line: usize,
    ) -> impl DoubleEndedIterator<Item = (usize, Name)> + '_ {
        let names = &self.document.names;
        let first = names.partition_point(|name| name.sentence < line);
        let end = names.partition_point(|name| name.sentence <= line);
        (first..end)
            .map(|number| (number, names[number]))
            .filter(|(_, name)| !self.is_marked(name.range))
    }

    /// Whether a name begins at a word.
    pub(super) fn is_named(&self, line: usize, word: usize) -> bool {
        let start = self.line(line).words.get(word).map(|word| word.start);
        self.names_of(line).any(|(_, name)| Some(name.range.start as usize) == start)
    }

    /// Returns the first person of a sentence that stands before a quotation: its subject, as a rule.
    pub(super) fn subject_of(&self, line: usize, range: TextRange) -> Option<Speaker> {
        let here = self.line(line);
        let before = |name: &Name| name.range.end <= range.start;
        let free = |name: &Name| self.is_free(here, name);
        let mut names = self.names_of(line).filter(|(_, name)| before(name) && free(name));
        if let Some((number, name)) = names.find(|(_, name)| name.class == NameClass::Person) {
            return Some(self.headed(here, (number, &name), here.words.len()));
        }
        self.person_meant(here, 0)
    }

    /// Whether no preposition and no bracket makes a name a part of something else: `of the Elderly Commission`.
    fn is_free(&self, line: &Line, name: &Name) -> bool {
        let start = name.range.start as usize;
        let behind = &self.text()[name.range.end as usize..];
        // `(HKU)`
        if self.text()[..start].ends_with('(') && behind.starts_with(')') {
            return false;
        }
        let mut before = line.words.iter().take_while(|word| word.end <= start).count();
        let lower = |at: usize| self.word(line, at).to_lowercase();
        if before > 1 && ARTICLES.contains(&lower(before - 1).as_str()) {
            before -= 1;
        }
        let word = before.checked_sub(1).map(lower).unwrap_or_default();
        !PREPOSITIONS.contains(&word.as_str())
    }

    /// Whether a name only says whose somebody is: `Lee's spokesman`.
    fn is_owner(&self, name: &Name) -> bool {
        let behind = self.text().get(name.range.end as usize..).unwrap_or_default();
        let own = name.range.slice(self.text()).ends_with(['\'', '’']);
        own || behind.starts_with("'s ") || behind.starts_with("’s ") || behind.starts_with("' ")
    }

    /// Returns the place behind the last word of a phrase that a name begins, where somebody else heads it:
    /// `Lee's spokesman`, `the UN agency`.
    fn head_behind(&self, line: &Line, name: &Name, end: usize) -> Option<usize> {
        let next = line.words.iter().position(|word| word.start >= name.range.end as usize)?;
        let owner = self.is_owner(name);
        if next >= end || !owner && !line.words[next].joined {
            return None;
        }
        let word = self.word(line, next);
        let role = classes(word).has(Classes::ROLE | Classes::APPOSITIVE) || is_kind(word);
        if !owner && !role {
            return None;
        }
        let longer = (next + 1..end).take_while(|at| line.words[*at].joined && *at < next + 3);
        let is_noun = |at: &usize| {
            let word = self.word(line, *at);
            !classes(word).has(Classes::FUNCTION) && !word.ends_with("ly")
        };
        Some(line.words[longer.take_while(is_noun).last().unwrap_or(next)].end)
    }

    /// Returns who stands behind a verb of saying.
    pub(super) fn subject_behind(&self, line: usize, from: usize) -> Option<Speaker> {
        let here = self.line(line);
        let start = here.words.get(from)?.start;
        if let Some(person) = self.person_meant(here, from) {
            return Some(person);
        }
        let limit = here.words.get(from + NEAR).map_or(here.range.end as usize, |word| word.start);
        let near = self
            .names_of(line)
            .filter(|(_, name)| (start..limit).contains(&(name.range.start as usize)))
            .filter(|(_, name)| !self.is_owner(name));
        let mut near: Vec<(usize, Name)> = near.collect();
        near.sort_by_key(|(_, name)| (name.class != NameClass::Person, name.range.start));
        match near.first() {
            // `said a spokesman for the UN` is not said by the UN itself, but that is who can be named.
            Some((number, name))
                if name.class == NameClass::Person || name.range.start as usize == start =>
            {
                Some(Speaker::Name(*number))
            }
            _ => self.words_at(here, from),
        }
    }

    /// Returns the subject of the clause that ends before a verb of saying.
    pub(super) fn subject_before(&self, line: usize, words: Range<usize>) -> Option<Speaker> {
        let here = self.line(line);
        let marked = words.clone().rev().find(|at| !self.is_outside(here, *at));
        let words = marked.map_or(words.start, |at| at + 1)..words.end;
        let last = words.end.checked_sub(1).filter(|last| words.contains(last))?;
        // `he said`, `he also said`
        let mut near = (words.start..words.end).rev().take(3);
        if let Some(person) = near.find_map(|at| self.person_meant(here, at)) {
            return Some(person);
        }
        let own = self.own_clause(here, words.clone());
        let span = here.words[own].start..here.words[last].end;
        let names: Vec<(usize, Name)> = self
            .names_of(line)
            .filter(|(_, name)| span.contains(&(name.range.start as usize)))
            .filter(|(_, name)| {
                matches!(name.class, NameClass::Person | NameClass::Organization | NameClass::Place)
            })
            .collect();
        let best = |class: NameClass| {
            names.iter().rev().find(|(_, name)| name.class == class && self.is_free(here, name))
        };
        let found = best(NameClass::Person)
            .or_else(|| best(NameClass::Organization))
            .or_else(|| best(NameClass::Place));
        let Some((number, name)) = found else {
            return Some(self.words_before(here, own, last));
        };
        Some(self.headed(here, (*number, name), words.end))
    }

    /// Returns a name as the speaker, or the words that it begins.
    fn headed(&self, line: &Line, (number, name): (usize, &Name), end: usize) -> Speaker {
        let head = self.head_behind(line, name, end);
        let start = name.range.start as usize;
        head.map_or(Speaker::Name(number), |end| Speaker::Words(TextRange::of(start..end)))
    }

    /// Returns the first word of the clause that ends before a verb: `..., while the minister has said`.
    fn own_clause(&self, line: &Line, words: Range<usize>) -> usize {
        let mut at = words.end;
        let mut article = false;
        while at > words.start + 1 && line.words.get(at).is_none_or(|word| word.joined) {
            at -= 1;
            // `used to support it, but now said`: the same one goes on.
            if article && OWN_SUBJECT.contains(&self.word(line, at - 1)) {
                return at;
            }
            article |= ARTICLES.contains(&self.word(line, at));
        }
        words.start
    }

    /// Returns whom a word means that is a pronoun for one person: of those of its gender, the one named last before it, in its
    /// sentence or the three before; the subject of a sentence rather than who is somebody's or something's part there.
    fn person_meant(&self, line: &Line, at: usize) -> Option<Speaker> {
        let pronoun = line.words.get(at)?;
        let gender = match self.word(line, at).to_lowercase().as_str() {
            "he" => Gender::Male,
            "she" => Gender::Female,
            _ => return None,
        };
        let place = TextRange::of(pronoun.start..pronoun.end).start;
        let here = self.document.line_at(place)?;
        let names = &self.document.names;
        let end = names.partition_point(|name| name.range.start < place);
        let near = |name: &Name| {
            name.class == NameClass::Person
                && name.sentence + 3 >= here
                && !self.is_marked(name.range)
                && self.gender_of(name).is_none_or(|own| own == gender)
        };
        let free = |name: &Name| {
            !self.is_owner(name)
                && self
                    .document
                    .lines
                    .get(name.sentence)
                    .is_some_and(|line| self.is_free(line, name))
        };
        let found = (0..end).rev().find(|number| near(&names[*number]) && free(&names[*number]));
        let found = found.or_else(|| (0..end).rev().find(|number| near(&names[*number])));
        Some(found.map_or(Speaker::Unresolved, Speaker::Name))
    }

    /// Returns the gender of a person, as far as their title or forename tells; of a name of one word those of a fuller one that ends with
    /// it, where the text has one: `Kelly` may be anybody's surname.
    fn gender_of(&self, name: &Name) -> Option<Gender> {
        let own = name.range.slice(self.text());
        let people = self.document.names.iter().filter(|one| one.class == NameClass::Person);
        let mut fuller = people
            .map(|one| one.range.slice(self.text()))
            .filter(|full| full.strip_suffix(own).is_some_and(|before| before.ends_with(' ')));
        fuller.next().map_or_else(|| gender(own), gender)
    }

    /// Returns a few plain words as who said it: `police`, `the ministry`.
    fn words_at(&self, line: &Line, from: usize) -> Option<Speaker> {
        let first = line.words.get(from)?;
        let end = (from + 1..line.words.len().min(from + 6))
            .take_while(|at| line.words[*at].joined)
            .last()
            .unwrap_or(from);
        if self.tells_nobody(line, from, end) {
            return None;
        }
        Some(Speaker::Words(TextRange::of(first.start..line.words[end].end)))
    }

    /// Returns the words right before a verb as who said it; nobody where they do not begin a phrase.
    fn words_before(&self, line: &Line, begin: usize, last: usize) -> Speaker {
        let mut first = last;
        while first > begin
            && last - first < LONGEST
            && line.words[first].joined
            && !JOINING.contains(&self.word(line, first - 1))
        {
            first -= 1;
        }
        // Of a phrase that is too long, what its last article begins.
        if last - first == LONGEST && first > begin && line.words[first].joined {
            let article = |at: &usize| ARTICLES.contains(&self.word(line, *at));
            first = (first..last).rev().find(article).unwrap_or(first);
        }
        if self.tells_nobody(line, first, last) {
            return Speaker::Unresolved;
        }
        Speaker::Words(TextRange::of(line.words[first].start..line.words[last].end))
    }
}

impl Speakers<'_, '_> {
    /// Whether words are no phrase of a speaker: `they`, `in Geneva on Monday`.
    fn tells_nobody(&self, line: &Line, first: usize, last: usize) -> bool {
        let opening = self.word(line, first).to_lowercase();
        let at_least = matches!(self.word(line, first + 1), "least" | "most");
        first == last && ANYBODY.contains(&opening.as_str())
            || matches!(opening.as_str(), "i" | "it" | "they" | "we" | "you" | "there")
            || PREPOSITIONS.contains(&opening.as_str()) && !at_least
    }
}

pub(super) fn word_range(line: &Line, at: usize) -> TextRange {
    TextRange::of(line.words[at].start..line.words[at].end)
}
