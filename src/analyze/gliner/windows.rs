//! A text cut for a model that reads so much at once: words, and windows of whole sentences.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::text::TextRange;

/// How much the model reads at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    /// Most words.
    pub(super) words: usize,
    /// Most parts of words.
    pub(super) parts: usize,
}

/// Returns the words of a sentence as the model was trained on them: letters and digits, hyphens between them, and
/// every other mark by itself.
pub(super) fn words(text: &str, sentence: TextRange) -> Vec<TextRange> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || is_combining_mark(c);
    let mut found: Vec<TextRange> = Vec::new();
    let mut chars = sentence.slice(text).char_indices().peekable();
    // Whether the last word may go on.
    let mut open = false;
    while let Some((at, c)) = chars.next() {
        let start = sentence.start as usize + at;
        let range = TextRange::of(start..start + c.len_utf8());
        let joins = c == '-' && chars.peek().is_some_and(|(_, next)| is_word(*next));
        if open && (is_word(c) || joins) {
            if let Some(last) = found.last_mut() {
                last.end = range.end;
            }
        } else if c.is_whitespace() {
            open = false;
        } else {
            open = is_word(c);
            found.push(range);
        }
    }
    found
}

/// Returns the numbers of the words of each window, in order: as many whole sentences as there is room for, and parts
/// of a sentence that is too long by itself.
///
/// `sentences` holds, for each sentence, the number of parts of each of its words.
pub(super) fn windows(sentences: &[Vec<usize>], room: Room) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut at, mut parts) = (0, 0, 0);
    for sentence in sentences {
        let fits = at - start + sentence.len() <= room.words
            && parts + sentence.iter().sum::<usize>() <= room.parts;
        if !fits && at > start {
            found.push(start..at);
            (start, parts) = (at, 0);
        }
        for more in sentence {
            if at > start && (at - start >= room.words || parts + more > room.parts) {
                found.push(start..at);
                (start, parts) = (at, 0);
            }
            at += 1;
            parts += more;
        }
    }
    if at > start {
        found.push(start..at);
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let all = TextRange::of(0..text.len());
        words(text, all).into_iter().map(|range| range.slice(text)).collect()
    }

    #[test]
    fn words_keep_their_hyphens_and_marks_stand_alone() {
        for (text, expected) in [
            ("Ana-Maria's 3.5", &["Ana-Maria", "'", "s", "3", ".", "5"][..]),
            ("a - b-", &["a", "-", "b", "-"]),
            ("-a _b", &["-", "a", "_b"]),
            ("e\u{301}té, हिन्दी", &["e\u{301}té", ",", "हिन्दी"]),
            ("東京 “x”", &["東京", "“", "x", "”"]),
            ("", &[]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn places_are_those_of_the_whole_text() {
        let text = "Él no. Ana sí.";
        let found = words(text, TextRange::of(8..text.len()));
        let found: Vec<&str> = found.into_iter().map(|range| range.slice(text)).collect();
        assert_eq!(found, ["Ana", "sí", "."]);
    }

    #[test]
    fn windows_end_where_sentences_do() {
        let room = Room { words: 4, parts: 6 };
        let cut = |sentences: &[Vec<usize>]| windows(sentences, room);
        assert_eq!(cut(&[vec![1; 2], vec![1; 2], vec![1; 2]]), [0..4, 4..6]);
        assert_eq!(cut(&[vec![1; 3], vec![1; 2]]), [0..3, 3..5]);
        // Parts fill the room as words do.
        assert_eq!(cut(&[vec![3, 2], vec![2]]), [0..2, 2..3]);
        // Too long by itself, by words and by parts.
        assert_eq!(cut(&[vec![1], vec![1; 5]]), [0..1, 1..5, 5..6]);
        assert_eq!(cut(&[vec![5, 5, 1]]), [0..1, 1..3]);
        assert_eq!(cut(&[vec![9], vec![1]]), [0..1, 1..2]);
        assert!(cut(&[]).is_empty() && cut(&[vec![]]).is_empty());
    }

    proptest! {
        #[test]
        fn every_word_is_in_one_window_that_has_room(
            sentences in prop::collection::vec(prop::collection::vec(1..9_usize, 0..12), 0..12),
            words in 1..9_usize, parts in 9..20_usize,
        ) {
            let room = Room { words, parts };
            let all = sentences.concat();
            let mut at = 0;
            for window in windows(&sentences, room) {
                prop_assert!(window.start == at && window.end > at && window.len() <= room.words);
                prop_assert!(all[window.clone()].iter().sum::<usize>() <= room.parts);
                at = window.end;
            }
            prop_assert_eq!(at, all.len());
        }

        #[test]
        fn all_but_space_is_in_a_word(text in "(\\PC|[a-z _-]){0,40}") {
            let kept: String = split(&text).concat();
            let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(kept, expected);
        }
    }
}
