//! "Did you mean": the nearest of a set of names.

/// Returns the candidate nearest to `found`, if one is near enough to be meant.
///
/// Near means an optimal string alignment distance (edits and swaps of
/// neighbours) of at most a third of the longer name. Ties go to the first.
///
/// A comparison ends as soon as it cannot win, because a site with many broken
/// links compares each of them with the names of all its articles.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = found.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().collect();
        let near = wanted.len().max(letters.len()) / 3;
        let most = match best {
            Some((0, _)) => break,
            Some((least, _)) => near.min(least - 1),
            None => near,
        };
        if let Some(distance) = alignment_distance(&wanted, &letters, most) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// Returns the optimal string alignment distance of two words if it is at most `most`, in O(n·m) time.
fn alignment_distance(a: &[char], b: &[char], most: usize) -> Option<usize> {
    // Each letter that only one of them has costs an edit.
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replace = above[j] + usize::from(x != y);
            let mut cost = replace.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        // What comes builds on the last two rows and never costs less.
        if above.iter().chain(&row).all(|cost| *cost > most) {
            return None;
        }
        before = std::mem::replace(&mut above, row);
    }
    Some(above[b.len()]).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ending_early_changes_nothing(a in "[ab]{0,9}", b in "[abc]{0,9}", most in 0_usize..10) {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            let whole = alignment_distance(&a, &b, usize::MAX);
            prop_assert_eq!(alignment_distance(&a, &b, most), whole.filter(|distance| *distance <= most));
        }

        #[test]
        fn the_nearest_is_the_first_of_the_least(found in "[ab]{0,6}", names in prop::collection::vec("[abc]{0,7}", 0..6)) {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let near = names.iter().filter_map(|name| {
                let distance = alignment_distance(&letters(&found), &letters(name), usize::MAX)?;
                (distance * 3 <= name.len().max(found.len())).then_some((distance, name.as_str()))
            });
            let expected = near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name);
            prop_assert_eq!(nearest(&found, names.iter().map(String::as_str)), expected);
        }
    }

    #[test]
    fn finds_typos_and_swaps_but_not_strangers() {
        let keys = ["title", "topics", "people"];
        assert_eq!(nearest("topcis", keys), Some("topics"));
        assert_eq!(nearest("Titel", keys), Some("title"));
        assert_eq!(nearest("weather", keys), None);
    }
}
