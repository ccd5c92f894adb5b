//! `robots.txt`: what a host lets programs ask for (RFC 9309).

/// The name that a host's rules know this program by.
pub(super) const AGENT: &str = "pressmark";

/// The rules of a host that are about this program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rules {
    /// Pattern, and whether it allows.
    rules: Vec<(String, bool)>,
}

impl Rules {
    /// Reads the groups for this program, else those for all.
    pub(super) fn parse(text: &str) -> Self {
        let (mut own, mut all) = (Vec::new(), Vec::new());
        let (mut has_own, mut is_head) = (false, false);
        let (mut for_own, mut for_all) = (false, false);
        for line in text.trim_start_matches('\u{feff}').split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    // Several in a row begin one group.
                    if !is_head {
                        (for_own, for_all) = (false, false);
                    }
                    is_head = true;
                    let product = value.split(['/', ' ']).next().unwrap_or_default();
                    for_own |= product.eq_ignore_ascii_case(AGENT);
                    for_all |= value == "*";
                    has_own |= for_own;
                }
                key @ ("allow" | "disallow") => {
                    is_head = false;
                    let rule = (value.to_owned(), key == "allow");
                    // An empty pattern is about nothing.
                    if !value.is_empty() {
                        own.extend(for_own.then(|| rule.clone()));
                        all.extend(for_all.then_some(rule));
                    }
                }
                _ => {}
            }
        }
        Self { rules: if has_own { own } else { all } }
    }

    /// Returns whether a path with its query may be asked for: the longest pattern decides.
    pub(super) fn allow(&self, path: &str) -> bool {
        let matching = self.rules.iter().filter(|(pattern, _)| matches(pattern, path));
        matching
            .max_by_key(|(pattern, allows)| (pattern.len(), *allows))
            .is_none_or(|(_, allows)| *allows)
    }
}

/// Returns whether a pattern fits the beginning of a path: `*` stands for anything, `$` for the end.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !whole || rest.is_empty();
    }
    // The earliest place for each part leaves most for the next; so no place is tried twice.
    while let Some(part) = parts.next() {
        if whole && parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_for_this_program_goes_before_that_for_all() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-Agent: Pressmark/1.0\nDisallow: /no # not\nAllow: /no/but\n";
        let rules = Rules::parse(text);
        assert!(rules.allow("/yes") && rules.allow("/no/but/this"));
        assert!(!rules.allow("/no/x"));
        let rules = Rules::parse("user-agent: other\ndisallow: /\n");
        assert!(rules.allow("/x"));
        let rules = Rules::parse("User-agent: *\nDisallow: /x\nUser-agent: pressmark\nDisallow:\n");
        assert!(rules.allow("/x"));
    }

    #[test]
    fn the_longest_pattern_decides_and_ties_allow() {
        let rules = Rules::parse(
            "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nAllow: /a/b/c\n",
        );
        assert!(!rules.allow("/a") && rules.allow("/a/b") && rules.allow("/a/b/c"));
    }

    #[test]
    fn stars_and_the_end_are_patterns() {
        for (pattern, path, fits) in [
            ("/*.pdf$", "/a/b.pdf", true),
            ("/*.pdf$", "/a/b.pdf?x", false),
            ("/*.pdf", "/a/b.pdf?x", true),
            ("/a*b*c", "/axbxxc/d", true),
            ("/a*b*c", "/acb", false),
            ("/a$", "/a", true),
            ("/a$", "/ab", false),
            ("*/x", "/y/x", true),
            ("/a*a$", "/a", false),
        ] {
            assert_eq!(matches(pattern, path), fits, "{pattern} {path}");
        }
        // Patterns are written by others; many stars must not take long.
        assert!(!matches(&format!("/{}b", "*a".repeat(2000)), &format!("/{}", "a".repeat(4000))));
    }
}
