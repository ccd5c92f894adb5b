//! The tags of a template, as words. Tera keeps its own parser to itself; what is needed here is little of it.

use std::ops::Range;

/// A tag of a template: `{{ … }}` or `{% … %}`.
pub(super) struct Tag {
    /// Whether it prints a value.
    pub(super) prints: bool,
    /// Its words.
    pub(super) tokens: Vec<Token>,
}

/// A word of a tag.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// What it says; of a string, what is inside.
    pub(super) text: String,
    /// Where it stands in the template.
    pub(super) range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Text,
    Number,
    Mark,
}

impl Token {
    /// Returns whether this is the mark `text`.
    pub(super) fn is(&self, text: &str) -> bool {
        self.kind == Kind::Mark && self.text == text
    }
}

/// Returns the tags of a template that compiles.
pub(super) fn tags(text: &str) -> Vec<Tag> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        let close = match text.as_bytes().get(start + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => {
                at = text[start..].find("#}").map_or(text.len(), |end| start + end + 2);
                continue;
            }
            _ => {
                at = start + 1;
                continue;
            }
        };
        let (tokens, end) = words(text, start + 2, close);
        at = end;
        if tokens.first().is_some_and(|first| first.text == "raw") {
            at = text[at..].find("endraw").map_or(text.len(), |end| at + end);
        }
        out.push(Tag { prints: close == "}}", tokens });
    }
    out
}

/// Returns the words up to the end of a tag, and where that is.
fn words(text: &str, start: usize, close: &str) -> (Vec<Token>, usize) {
    let mut out: Vec<Token> = Vec::new();
    // A dash takes the white space before the tag away.
    let mut at = start + usize::from(text[start..].starts_with('-'));
    // A map in braces may end where the tag seems to.
    let mut depth = 0_usize;
    while let Some(c) = text[at..].chars().next() {
        if depth == 0 && text[at..].trim_start_matches('-').starts_with(close) {
            let dashes = text[at..].len() - text[at..].trim_start_matches('-').len();
            return (out, at + dashes + close.len());
        }
        let begin = at;
        at += c.len_utf8();
        let kind = match c {
            _ if c.is_whitespace() => continue,
            '"' | '\'' | '`' => {
                let end = text[at..].find(c).map_or(text.len(), |end| at + end);
                let inside = text[at..end].to_owned();
                at = (end + 1).min(text.len());
                out.push(Token { kind: Kind::Text, text: inside, range: begin..at });
                continue;
            }
            _ if c.is_alphabetic() || c == '_' => {
                at += run(&text[at..], |c| c.is_alphanumeric() || c == '_');
                Kind::Name
            }
            _ if c.is_ascii_digit() => {
                at += run(&text[at..], |c| c.is_ascii_digit());
                Kind::Number
            }
            '{' => {
                depth += 1;
                Kind::Mark
            }
            '}' => {
                depth = depth.saturating_sub(1);
                Kind::Mark
            }
            '=' | '!' | '<' | '>' if text[at..].starts_with('=') => {
                at += 1;
                Kind::Mark
            }
            _ => Kind::Mark,
        };
        out.push(Token { kind, text: text[begin..at].to_owned(), range: begin..at });
    }
    (out, text.len())
}

fn run(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}
