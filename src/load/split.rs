//! Finds the front matter of a text.
//!
//! A fence counts on the very first line only. A first line `---` is also how
//! Markdown draws a rule, so a YAML block must hold a line that looks like `key:`.

use std::ops::Range;

use serde_json::Value;

/// The format of a front matter block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Between two `+++` lines.
    Toml,
    /// Between `---` and `---` or `...`.
    Yaml,
    /// One object that starts the file.
    Json,
}

/// Where front matter and text are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// The block without its fences; none when the file has no front matter.
    pub(super) head: Option<(Syntax, Range<usize>)>,
    /// The text behind it.
    pub(super) body: Range<usize>,
    /// Whether the closing fence is missing; the whole rest is `body` then.
    pub(super) unclosed: bool,
}

impl Split {
    fn whole(text: &str) -> Self {
        Self { head: None, body: 0..text.len(), unclosed: false }
    }

    fn unclosed(text: &str) -> Self {
        Self { unclosed: true, ..Self::whole(text) }
    }

    fn at(syntax: Syntax, head: Range<usize>, body_start: usize, text: &str) -> Self {
        Self { head: Some((syntax, head)), body: body_start..text.len(), unclosed: false }
    }
}

/// Splits a text; `plain` texts (`.txt`) are less readily taken to have an unclosed block.
pub(super) fn split(text: &str, plain: bool) -> Split {
    let first = text.lines().next().unwrap_or_default();
    match first.trim_end() {
        "+++" => fenced(text, Syntax::Toml, plain),
        "---" => fenced(text, Syntax::Yaml, plain),
        line if line.starts_with('{') => json(text, line),
        _ => Split::whole(text),
    }
}

/// Splits at the closing fence line.
fn fenced(text: &str, syntax: Syntax, plain: bool) -> Split {
    let start = text.find('\n').map_or(text.len(), |at| at + 1);
    let closes = |line: &str| match syntax {
        Syntax::Toml => line == "+++",
        Syntax::Yaml | Syntax::Json => matches!(line, "---" | "..."),
    };
    let is_key = |line: &str| match syntax {
        Syntax::Toml => line.trim_start().starts_with('[') || is_key_line(line, '='),
        Syntax::Yaml | Syntax::Json => line.starts_with(['{', '?']) || is_key_line(line, ':'),
    };
    let significant = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if closes(line.trim_end()) {
            let block = &text[start..at];
            let blank = !block.lines().any(|line| significant(&line));
            // A rule, a paragraph and another rule are no front matter.
            if syntax == Syntax::Yaml && !blank && !block.lines().any(is_key) {
                return Split::whole(text);
            }
            return Split::at(syntax, start..at, at + line.len(), text);
        }
        at += line.len();
    }
    // Without a closing fence, only the first line tells a block from a rule above a text.
    let keyed = text[start..].lines().find(significant).is_some_and(is_key);
    if keyed || (syntax == Syntax::Toml && !plain) {
        Split::unclosed(text)
    } else {
        Split::whole(text)
    }
}

/// Returns whether a line starts with a word or quoted word and `sign`.
fn is_key_line(line: &str, sign: char) -> bool {
    let Some((key, rest)) = line.split_once(sign) else { return false };
    let key = key.trim().trim_matches(['"', '\'']);
    let word =
        !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    // `https://example.org` is not a key.
    word && (sign == '=' || rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// Splits behind the object that starts the text, if there is one.
fn json(text: &str, first: &str) -> Split {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match stream.next() {
        Some(Ok(Value::Object(_))) => {
            let end = stream.byte_offset();
            let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
            if text[end..line_end].trim().is_empty() {
                Split::at(Syntax::Json, 0..end, line_end, text)
            } else {
                Split::whole(text)
            }
        }
        // A text may start with a brace; a lone brace on the first line announces an object.
        Some(Err(error)) if first == "{" && error.is_eof() => Split::unclosed(text),
        Some(Err(_)) if first == "{" => {
            let end = text.find("\n}").map_or(text.len(), |at| at + 2);
            Split::at(Syntax::Json, 0..end, end, text)
        }
        _ => Split::whole(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blocks_are_told_from_text() {
        for (text, plain, syntax, body) in [
            ("+++\ntitle = 'x'\n+++\nbody", false, Some(Syntax::Toml), "body"),
            ("---\ntitle: x\n---\nbody", false, Some(Syntax::Yaml), "body"),
            ("---\ntitle: x\n...\nbody", false, Some(Syntax::Yaml), "body"),
            ("---\n  title: x\n---\nbody", false, Some(Syntax::Yaml), "body"),
            ("---\n---\nbody", false, Some(Syntax::Yaml), "body"),
            ("---", true, None, "---"),
            ("---\nA rule above.\n", true, None, "---\nA rule above.\n"),
            (
                "---\nA rule.\n\n---\nhttps://x.org\n",
                false,
                None,
                "---\nA rule.\n\n---\nhttps://x.org\n",
            ),
            ("{\"title\": \"}\"}\nbody", false, Some(Syntax::Json), "body"),
            ("{\n \"title\": 1\n}", false, Some(Syntax::Json), ""),
            ("{braces} open this text", true, None, "{braces} open this text"),
            ("{\n oops\n}\nbody", false, Some(Syntax::Json), "\nbody"),
            ("\n+++\nx\n+++", false, None, "\n+++\nx\n+++"),
            ("+++\nplain text", true, None, "+++\nplain text"),
        ] {
            let split = split(text, plain);
            assert_eq!(
                (split.head.map(|(s, _)| s), &text[split.body], split.unclosed),
                (syntax, body, false),
                "{text}"
            );
        }
    }

    #[test]
    fn a_missing_fence_is_noticed() {
        for text in ["+++\ntitle = 1", "---\ntitle: x\nbody", "{\n \"title\": 1,\n"] {
            assert!(split(text, false).unclosed, "{text}");
        }
    }

    proptest! {
        #[test]
        fn splitting_never_panics(
            fence in prop::sample::select(vec!["", "+++", "---", "{", "{\n", "---\n", "+++\n"]),
            text in "[\\PC\n]{0,80}",
            close in prop::sample::select(vec!["", "\n+++\n", "\n---\n", "}", "\n..."]),
            rest in "[\\PC\n]{0,20}",
            plain in any::<bool>(),
        ) {
            let text = format!("{fence}{text}{close}{rest}");
            let split = split(&text, plain);
            prop_assert!(text.get(split.body.clone()).is_some());
            if let Some((_, head)) = split.head {
                prop_assert!(text.get(head.clone()).is_some() && head.end <= split.body.start);
            }
        }
    }
}
