//! What a name stands for, by all places where it stands: in a text, and in a collection of texts.
//!
//! The model tells the class of each place by itself, and how much it likes the other classes there. A place where a
//! title stands before the name, or a verb of saying behind it, is clear; one in a list is not, and what is told of it is
//! little better than a guess. So places are not counted: what they say is added up, and the class that is best in sum
//! is taken. A text adds up its own places; each text of a collection has a [`Vote`] then, which is coarse and
//! bounded, so that no text outvotes all others, and that an edit that changes little leaves it as it was.

use serde::{Deserialize, Serialize};

use super::tagger::NameClass;

/// Number of classes.
const CLASSES: usize = NameClass::ALL.len();

/// By how much another class must be liked better than the one with most places. In world newswire (`docs/quality.md`), it
/// put 43 kinds right and 8 wrong; 300 put 56 right and 17 wrong.
const SURE: i32 = 500;

/// Likes that make a step of a vote.
const STEP: i32 = 500;

/// Steps against a class from which on a text is clear.
const CLEAR: u8 = 4;

/// Steps by which another class must lead in a ballot. There, two put 20 kinds right and 3 wrong; one put 39 right and 24
/// wrong.
const LEAD: i32 = 2;

/// Most steps that a text speaks against a class.
const MOST: u8 = 5;

/// How much less than the best class each is liked, in the order of [`NameClass::ALL`]; all 0 when nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Likes([i32; CLASSES]);

impl Likes {
    /// Takes scores of classes, of which larger ones are better.
    pub(super) fn new(scores: [i32; CLASSES]) -> Self {
        let best = scores.into_iter().max().unwrap_or_default();
        Self(scores.map(|score| score.saturating_sub(best)))
    }

    /// Adds what is known of another place.
    pub(super) fn add(&mut self, other: Self) {
        for (sum, one) in self.0.iter_mut().zip(other.0) {
            *sum = sum.saturating_add(one);
        }
    }

    /// Returns the class that is liked so much better than a class that it is meant instead.
    pub(super) fn instead_of(self, class: NameClass) -> Option<NameClass> {
        let best = best(self.0)?;
        let lead = self.0[best as usize].saturating_sub(self.0[class as usize]);
        (best != class && lead >= SURE).then_some(best)
    }

    /// Returns what the text says to others.
    pub fn vote(self) -> Vote {
        let best = self.0.into_iter().max().unwrap_or_default();
        let steps = |like: i32| u8::try_from(best.saturating_sub(like) / STEP).unwrap_or(MOST);
        Vote(self.0.map(|like| steps(like).min(MOST)))
    }
}

/// What a text says of a name: steps against each class, in the order of [`NameClass::ALL`]; all 0 when it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote([u8; CLASSES]);

impl Vote {
    /// Whether the text is clear that the name does not stand for a class there, whatever others say.
    pub fn denies(self, class: NameClass) -> bool {
        self.0[class as usize] >= CLEAR
    }
}

/// The votes of texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ballot([i32; CLASSES]);

impl Ballot {
    /// Counts a vote.
    pub fn add(&mut self, vote: Vote) {
        for (sum, steps) in self.0.iter_mut().zip(vote.0) {
            *sum = sum.saturating_sub(i32::from(steps));
        }
    }

    /// Returns what the name stands for when it was taken for a class: another class only if clearly less speaks against
    /// it.
    pub fn class(self, taken: NameClass) -> NameClass {
        let lead = |best: &NameClass| self.0[*best as usize] - self.0[taken as usize];
        best(self.0).filter(|best| lead(best) >= LEAD).unwrap_or(taken)
    }
}

/// Returns the class with the largest sum that an entity may have; of equal ones the first.
fn best(sums: [i32; CLASSES]) -> Option<NameClass> {
    let may = |class: &NameClass| *class != NameClass::Group;
    let all = NameClass::ALL.into_iter().filter(may);
    all.max_by_key(|class| (sums[*class as usize], std::cmp::Reverse(*class)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use NameClass::{Organization, Person, Place};

    /// Likes of a person, organization and place.
    fn likes(person: i32, organization: i32, place: i32) -> Likes {
        Likes::new([person, organization, place, -9_000, -9_000, -9_000])
    }

    #[test]
    fn one_clear_place_goes_before_several_that_are_guessed() {
        let mut sum = Likes::default();
        for one in [likes(110, 90, 0), likes(120, 100, 0), likes(-900, 700, 0)] {
            sum.add(one);
        }
        assert_eq!(sum.instead_of(Person), Some(Organization));
        assert_eq!(sum.instead_of(Organization), None);
        assert_eq!(likes(110, 90, 0).instead_of(Organization), None, "it is too little");
        assert_eq!(Likes::default().instead_of(Place), None, "nothing is known");
    }

    #[test]
    fn a_people_is_nobody_s_class() {
        let group = Likes::new([-800, -900, 0, 4_000, -900, -900]);
        assert_eq!(group.instead_of(Person), Some(Place));
    }

    #[test]
    fn clear_texts_outvote_an_unclear_one_and_no_text_all_others() {
        let mut ballot = Ballot::default();
        assert_eq!(ballot.class(Place), Place, "nobody voted");
        ballot.add(likes(300, 200, 100).vote());
        assert_eq!(ballot.class(Place), Place, "a vote without a step says nothing");
        ballot.add(likes(-2_000, 1_000, -1_000).vote());
        assert_eq!(ballot.class(Person), Organization);
        let (clear, unclear) = (likes(2_000, 0, 0).vote(), likes(1_900, 0, 0).vote());
        assert!(clear.denies(Organization) && !unclear.denies(Organization));
        for _ in 0..3 {
            ballot.add(likes(900, -900, 0).vote());
        }
        assert_eq!(ballot.class(Organization), Person);
        let mut long = Likes::default();
        for _ in 0..500 {
            long.add(likes(-2_000, 1_000, -1_000));
        }
        ballot.add(long.vote());
        assert_eq!(ballot.class(Person), Person, "however often it names it");
    }
}
