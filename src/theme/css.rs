//! Style sheets, made smaller and led to the files that they name.
//!
//! Only white space and comments go: each token is copied as it was written, so nothing that a
//! browser of tomorrow understands can be lost.

use cssparser::{ParseError, Parser, Token};

/// Where white space may go on both sides.
const EITHER: [char; 4] = ['{', '}', ';', ','];
/// Where white space may go behind.
const AFTER: [char; 3] = ['(', '[', ':'];

/// Finds the new address for one that a style sheet names; none when it stays.
type Link<'a> = &'a mut dyn FnMut(&str) -> Option<String>;

/// Returns a style sheet without comments and needless white space, with new addresses.
pub(super) fn shrink(text: &str, link: Link<'_>) -> String {
    let out = String::with_capacity(text.len());
    let mut out = Writer { text: out, gap: Gap::None, is_whole: true };
    out.tokens(&mut Parser::new(text), Strings::Text, link);
    // Blocks in blocks in blocks without end are left to the browser.
    if out.is_whole { out.text } else { text.to_owned() }
}

/// What strings are where they stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    Text,
    Addresses,
}

/// What stood between the last token and the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Comment,
    Space,
}

struct Writer {
    text: String,
    gap: Gap,
    /// Whether all blocks could be read.
    is_whole: bool,
}

impl Writer {
    /// Copies the tokens up to the end of the block that `parser` is in.
    fn tokens(&mut self, parser: &mut Parser<'_>, strings: Strings, link: Link<'_>) {
        // The string behind `@import` is an address, up to the end of the rule.
        let mut import = false;
        loop {
            let start = parser.position();
            let Ok(token) = parser.next_including_whitespace_and_comments() else { return };
            let token = token.clone();
            let raw = parser.slice_from(start);
            let is_address = strings == Strings::Addresses || import;
            match &token {
                Token::WhiteSpace(_) => self.gap = Gap::Space,
                Token::Comment(_) if self.gap == Gap::None => self.gap = Gap::Comment,
                Token::Comment(_) => {}
                Token::UnquotedUrl(address) => match link(address) {
                    Some(new) => self.push(&format!("url({})", quoted(&new))),
                    None => self.push(raw),
                },
                Token::QuotedString(address) if is_address => match link(address) {
                    Some(new) => self.push(&quoted(&new)),
                    None => self.push(raw),
                },
                Token::Function(name) => {
                    let names = ["url", "src", "image-set", "-webkit-image-set"];
                    let is_link = names.iter().any(|one| name.eq_ignore_ascii_case(one));
                    let strings = if is_link { Strings::Addresses } else { strings };
                    self.block(parser, raw, ')', strings, link);
                }
                Token::ParenthesisBlock => self.block(parser, raw, ')', strings, link),
                Token::SquareBracketBlock => self.block(parser, raw, ']', Strings::Text, link),
                Token::CurlyBracketBlock => {
                    import = false;
                    self.block(parser, raw, '}', Strings::Text, link);
                }
                Token::AtKeyword(name) => {
                    import = name.eq_ignore_ascii_case("import");
                    self.push(raw);
                }
                Token::Semicolon => {
                    import = false;
                    self.push(raw);
                }
                _ => self.push(raw),
            }
        }
    }

    /// Copies a block.
    fn block(
        &mut self,
        parser: &mut Parser<'_>,
        open: &str,
        close: char,
        strings: Strings,
        link: Link<'_>,
    ) {
        self.push(open);
        let done: Result<(), ParseError<()>> = parser.parse_nested_block(|inner| {
            self.tokens(inner, strings, link);
            Ok(())
        });
        self.is_whole &= done.is_ok();
        self.gap = Gap::None;
        // The last declaration needs no end, unless it is an empty one.
        if close == '}' && self.text.ends_with(';') && !self.text.ends_with(":;") {
            self.text.pop();
        }
        self.text.push(close);
    }

    /// Adds a token, with the white space before it that means something.
    fn push(&mut self, token: &str) {
        let before = self.text.chars().next_back();
        let next = token.chars().next();
        let ends = before.is_none_or(|c| EITHER.contains(&c) || AFTER.contains(&c));
        let begins = next.is_none_or(|c| EITHER.contains(&c));
        match self.gap {
            Gap::Space if !ends && !begins => self.text.push(' '),
            // Without the comment, two tokens might become one.
            Gap::Comment if !ends && !begins => self.text.push_str("/**/"),
            _ => {}
        }
        self.gap = Gap::None;
        self.text.push_str(token);
    }
}

/// Returns an address as a string of CSS.
fn quoted(address: &str) -> String {
    let mut out = String::from("\"");
    for c in address.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\a "),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(text: &str) -> String {
        shrink(text, &mut |_| None)
    }

    #[test]
    fn white_space_that_means_nothing_goes() {
        let deep = "a { ".repeat(300);
        for (text, expected) in [
            ("/* a */\np , h1 {\n  color : red ;\n  margin: 0 ;\n}\n", "p,h1{color :red;margin:0}"),
            ("a :hover > b.c .d {}", "a :hover > b.c .d{}"),
            (
                "@media (min-width: 40rem) and (hover) { a { b: c } }",
                "@media (min-width:40rem) and (hover){a{b:c}}",
            ),
            ("a { width: calc( 1px + (2px - 3px) * 2 ); }", "a{width:calc(1px + (2px - 3px) * 2)}"),
            ("a { --x: ; --y:  a  b; }", "a{--x:;--y:a b}"),
            ("a/**/b{} a/* x */ b{} a:not(.b) c{}", "a/**/b{}a b{}a:not(.b) c{}"),
            ("a{content:\"  a  /* b */ ; }\"}", "a{content:\"  a  /* b */ ; }\"}"),
            ("a { & b { c: .50px } }", "a{& b{c:.50px}}"),
            (
                "a[ b = \"c\" ] { color: light-dark( #FFF , #000 ) }",
                "a[b = \"c\"]{color:light-dark(#FFF,#000)}",
            ),
            ("a { b: c", "a{b:c}"),
            ("", ""),
            (&deep, &deep),
        ] {
            assert_eq!(small(text), expected);
            assert_eq!(small(expected), expected, "a second time");
        }
    }

    #[test]
    fn addresses_are_led_to_their_files() {
        let mut seen = Vec::new();
        let mut link = |address: &str| {
            seen.push(address.to_owned());
            address.contains(".png").then(|| format!("new-{address}"))
        };
        let text = "@import \"a.css\" screen; @import url(b.css); .x { content: \"c.png\"; background: url( d.png ), url('e.png'), \
                    image-set(\"f.png\" 1x, url(g.png) 2x), url(data:x) }";
        let out = shrink(text, &mut link);
        assert_eq!(seen, ["a.css", "b.css", "d.png", "e.png", "f.png", "g.png", "data:x"]);
        assert!(out.contains("content:\"c.png\";background:url(\"new-d.png\"),url(\"new-e.png\"),image-set(\"new-f.png\" 1x,url(\"new-g.png\") 2x),url(data:x)}"), "{out}");
        assert_eq!(quoted("a\"b\\"), "\"a\\\"b\\\\\"");
    }
}
