//! Under what two spellings are one name, and small tools for single-line text.

use std::borrow::Cow;

use crate::text::fold;

/// Returns the key under which two spellings are one name: [`fold`], with the marks that tell `C`, `C++` and `C#` apart.
///
/// Never empty, unless the name is: a name of marks alone is its own key.
pub(super) fn key(name: &str) -> String {
    let name = name.trim();
    let mut key = fold(name);
    if key.is_empty() {
        return name.to_lowercase();
    }
    key.push_str(&name[name.trim_end_matches(['+', '#']).len()..]);
    key
}

/// Returns the text on one line, with single spaces.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The same for a form in a text, which mostly is on one line already.
pub(super) fn line(form: &str) -> Cow<'_, str> {
    let plain = !form.contains("  ") && !form.contains(|c: char| c.is_whitespace() && c != ' ');
    if plain { Cow::Borrowed(form) } else { Cow::Owned(one_line(form)) }
}

/// Returns the text on one line, cut between words to at most `limit` characters, with … behind.
pub(super) fn cut(text: &str, limit: usize) -> String {
    let line = one_line(text);
    if line.chars().count() <= limit {
        return line;
    }
    let fit = line.char_indices().nth(limit.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let whole = line[fit..].starts_with(' ');
    // A script without spaces is cut between characters.
    let at =
        if whole { fit } else { line[..fit].rfind(' ').filter(|at| *at > fit / 2).unwrap_or(fit) };
    let kept = line[..at]
        .trim_end_matches(|c: char| !c.is_alphanumeric() && !matches!(c, ')' | '"' | '”'));
    format!("{kept}…")
}

/// Whether a name is an abbreviation such as `OIC`, `G7` or `U.N.`: one word without lower-case letters, at least two
/// letters or digits long.
pub(super) fn is_abbreviation(name: &str) -> bool {
    let fits = |c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '&');
    name.chars().all(fits)
        && name.starts_with(char::is_uppercase)
        && name.chars().filter(|c| c.is_alphanumeric()).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_the_end_of_a_name_count() {
        assert_eq!(key("  Côte  d'Ivoire"), key("COTE D’IVOIRE"));
        assert_ne!(key("C"), key("C++"));
        assert_ne!(key("C#"), key("C++"));
        assert_eq!(key("!?"), "!?");
    }

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(cut("One two\nthree.", 20), "One two three.");
        assert_eq!(cut("One two, three", 10), "One two…");
        assert_eq!(cut("One two, three", 8), "One two…");
        assert_eq!(cut("一二三四五六", 4), "一二三…");
    }

    #[test]
    fn abbreviations_have_no_lower_case() {
        assert!(["OIC", "G7", "U.N.", "AT&T"].into_iter().all(is_abbreviation));
        assert!(!["Oic", "A", "7", "OIC II", "A."].into_iter().any(is_abbreviation));
    }
}
