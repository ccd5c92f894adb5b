//! "Did you mean": the nearest of a set of names.

/// Returns the candidate nearest to `found`, if one is near enough to be meant.
///
/// Near means an optimal string alignment distance (edits and swaps of
/// neighbours) of at most a third of the longer name. Ties go to the first.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = found.to_lowercase().chars().collect();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().collect();
        let distance = alignment_distance(&wanted, &letters);
        let near = distance * 3 <= wanted.len().max(letters.len());
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// Returns the optimal string alignment distance of two words, in O(n·m) time.
fn alignment_distance(a: &[char], b: &[char]) -> usize {
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
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typos_and_swaps_but_not_strangers() {
        let keys = ["title", "topics", "people"];
        assert_eq!(nearest("topcis", keys), Some("topics"));
        assert_eq!(nearest("Titel", keys), Some("title"));
        assert_eq!(nearest("weather", keys), None);
    }
}
