//! Lists of documents as text: what a script can read on any site, also one that is opened from the disk.
//!
//! A number is one to four signs out of 92 that JSON leaves as they are. A list is cut into groups of equal weight, the
//! heaviest first: the weight and the length of the group in one number, then its documents, each as its distance from the
//! one before. Weights are ranks of [`super::weigh`], so a list is also in the order of what it adds to a score (impact-ordered postings:
//! Anh and Moffat, "Simplified similarity scoring using term ranks", SIGIR 2005).

use std::cmp::Reverse;

/// All signs: those that end a number, then those behind which it goes on.
const SIGNS: &[u8; 92] =
    b"!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";
/// How many signs end a number.
const LAST: u32 = 62;
/// How many do not.
const MORE: u32 = 30;
/// Weights are below this.
pub(super) const WEIGHTS: u32 = 32;

/// The documents of a term, ascending, each with a weight below [`WEIGHTS`].
pub(super) type Postings = Vec<(u32, u8)>;

/// Appends a number.
fn push(out: &mut String, mut number: u32) {
    while number >= LAST {
        number -= LAST;
        out.push(char::from(SIGNS[(LAST + number % MORE) as usize]));
        number /= MORE;
    }
    out.push(char::from(SIGNS[number as usize]));
}

/// Returns the sign of a small number.
pub(super) fn sign(number: usize) -> char {
    char::from(SIGNS[number.min(SIGNS.len() - 1)])
}

/// Returns the number of a sign.
pub(super) fn number(sign: char) -> Option<usize> {
    value_of(u8::try_from(sign).ok()?)
}

/// Takes a number from the front of a list.
fn take(signs: &mut &[u8]) -> Option<u32> {
    let (mut number, mut unit) = (0u32, 1u32);
    loop {
        let (first, rest) = signs.split_first()?;
        *signs = rest;
        let sign = u32::try_from(value_of(*first)?).ok()?;
        if sign < LAST {
            return number.checked_add(sign.checked_mul(unit)?);
        }
        number = number.checked_add(sign.checked_mul(unit)?)?;
        unit = unit.checked_mul(MORE)?;
    }
}

/// Returns the number of a sign; the signs are in the order of ASCII, without `"` and `\`.
fn value_of(sign: u8) -> Option<usize> {
    match sign {
        b'!' => Some(0),
        b'#'..=b'[' => Some(usize::from(sign) - 0x22),
        b']'..=b'~' => Some(usize::from(sign) - 0x23),
        _ => None,
    }
}

/// Appends the list of a term, after putting it into the order in which it is written.
pub(super) fn encode(postings: &mut Postings, out: &mut String) {
    postings.sort_unstable_by_key(|(document, weight)| (Reverse(*weight), *document));
    for group in postings.chunk_by(|(_, one), (_, other)| one == other) {
        let (weight, count) = (u32::from(group[0].1), u32::try_from(group.len()).unwrap_or(1));
        push(out, weight + WEIGHTS * (count - 1));
        let mut next = 0;
        for (document, _) in group {
            push(out, document - next);
            next = document + 1;
        }
    }
}

/// A list that grows at its end, of documents of one weight: as it is written, but for the first number.
#[derive(Debug, Default)]
pub(super) struct Growing {
    signs: String,
    count: u32,
    first: u32,
    next: u32,
}

impl Growing {
    /// Adds a document behind all others.
    pub(super) fn push(&mut self, document: u32) {
        if self.count == 0 {
            self.first = document;
        } else {
            push(&mut self.signs, document - self.next);
        }
        self.count += 1;
        self.next = document + 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Appends the list, with those of another behind it whose documents are behind these.
    pub(super) fn encode(&self, behind: &Self, out: &mut String) {
        let count = self.count + behind.count;
        if count == 0 {
            return;
        }
        push(out, WEIGHTS * (count - 1));
        let mut next = 0;
        for list in [self, behind].into_iter().filter(|list| !list.is_empty()) {
            push(out, list.first - next);
            out.push_str(&list.signs);
            next = list.next;
        }
    }
}

/// Reads the list of a term, in the order in which it is written; none when it is damaged.
pub(super) fn decode(list: &str) -> Option<Postings> {
    let mut signs = list.as_bytes();
    let mut postings = Vec::with_capacity(signs.len());
    while !signs.is_empty() {
        let head = take(&mut signs)?;
        let weight = u8::try_from(head % WEIGHTS).ok()?;
        let mut next = 0u32;
        for _ in 0..=head / WEIGHTS {
            let document = next.checked_add(take(&mut signs)?)?;
            postings.push((document, weight));
            next = document.checked_add(1)?;
        }
    }
    Some(postings)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_numbers_are_one_sign() {
        for (number, signs) in
            [(0, 1), (61, 1), (62, 2), (1921, 2), (1922, 3), (57_721, 3), (57_722, 4)]
        {
            let mut out = String::new();
            push(&mut out, number);
            assert_eq!(out.len(), signs, "{number}");
        }
        assert!(SIGNS.iter().enumerate().all(|(at, sign)| value_of(*sign) == Some(at)));
    }

    #[test]
    fn damaged_lists_are_none() {
        for list in ["\u{7f}", "\"", "~", "!~~~~~~~~~~~~", "ab\\", "é"] {
            assert_eq!(decode(list), None, "{list}");
        }
    }

    #[test]
    fn lists_that_grow_are_written_alike() {
        for (some, others) in
            [(vec![0, 5, 900], vec![1000, 1001]), (vec![], vec![7]), (vec![3], vec![])]
        {
            let mut lists = [Growing::default(), Growing::default()];
            for (list, all) in lists.iter_mut().zip([&some, &others]) {
                for one in all {
                    list.push(*one);
                }
            }
            let (mut grown, mut whole) = (String::new(), String::new());
            lists[0].encode(&lists[1], &mut grown);
            let mut postings: Postings = some.iter().chain(&others).map(|one| (*one, 0)).collect();
            encode(&mut postings, &mut whole);
            assert_eq!(grown, whole);
        }
    }

    proptest! {
        #[test]
        fn lists_come_back(documents in prop::collection::btree_map(0..2_000_000u32, 0..32u8, 0..60)) {
            let mut postings: Postings = documents.into_iter().collect();
            let mut list = String::new();
            encode(&mut postings, &mut list);
            postings.sort_unstable();
            let mut back = decode(&list).unwrap();
            prop_assert!(back.windows(2).all(|two| two[0].1 >= two[1].1));
            back.sort_unstable();
            prop_assert_eq!(back, postings);
        }
    }
}
