//! Which texts are values of CSS: what an option says goes into the style sheet as it is.

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{BasicParseError, ParseError, Parser, Token};

/// Functions that make a colour out of numbers.
const COLORS: [&str; 10] =
    ["rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "color"];

/// Returns whether a text is a colour of CSS.
pub(super) fn is_color(text: &str) -> bool {
    whole(text, |parser| match parser.next()?.clone() {
        Token::Hash(digits) | Token::IDHash(digits) => {
            Ok(parse_hash_color(digits.as_bytes()).is_ok())
        }
        Token::Ident(name) => Ok(parse_named_color(&name).is_ok()),
        Token::Function(name) => {
            let known = COLORS.iter().any(|one| name.eq_ignore_ascii_case(one));
            let inner = parser.parse_nested_block(|inner| {
                while let Ok(token) = inner.next() {
                    let is_part = matches!(
                        token,
                        Token::Number { .. }
                            | Token::Percentage { .. }
                            | Token::Dimension { .. }
                            | Token::Ident(_)
                            | Token::Comma
                            | Token::Delim('/')
                    );
                    if !is_part {
                        return Err(ParseError::<()>::unexpected_token());
                    }
                }
                Ok(())
            });
            Ok(known && inner.is_ok())
        }
        _ => Ok(false),
    })
}

/// Returns whether a text is a list of families of fonts.
pub(super) fn is_fonts(text: &str) -> bool {
    whole(text, |parser| {
        loop {
            let mut token = parser.next()?.clone();
            if !matches!(token, Token::QuotedString(_) | Token::Ident(_)) {
                return Ok(false);
            }
            let is_quoted = matches!(token, Token::QuotedString(_));
            loop {
                if parser.is_exhausted() {
                    return Ok(true);
                }
                token = parser.next()?.clone();
                match token {
                    Token::Comma => break,
                    // A name of several words.
                    Token::Ident(_) if !is_quoted => {}
                    _ => return Ok(false),
                }
            }
        }
    })
}

/// Returns whether `is` holds for a text, to its end.
fn whole(text: &str, is: impl FnOnce(&mut Parser<'_>) -> Result<bool, BasicParseError>) -> bool {
    let found: Result<bool, ParseError<()>> =
        Parser::new(text).parse_entirely(|parser| is(parser).map_err(Into::into));
    // What the parser mends, such as a string without an end, would spoil what follows it.
    found == Ok(true) && !text.contains(['\n', '\\', '{', '}', ';', '<']) && is_closed(text)
}

fn is_closed(text: &str) -> bool {
    let count = |c: char| text.matches(c).count();
    count('"').is_multiple_of(2)
        && count('\'').is_multiple_of(2)
        && count('(') == count(')')
        && !text.contains("/*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_told_from_other_texts() {
        for good in [
            "#fff",
            "#8a1c1c",
            "#8a1c1c80",
            "teal",
            "Red",
            "rgb(1, 2, 3)",
            "rgb(1 2 3 / 50%)",
            "oklch(45% 0.2 25deg)",
            "hsl(120 50% 50%)",
            "color(display-p3 1 0 0)",
        ] {
            assert!(is_color(good), "{good}");
        }
        for bad in [
            "",
            "#ff",
            "#ggg",
            "tael",
            "rgb(1",
            "red; } body { color: blue",
            "url(x)",
            "red blue",
            "rgb(url(x))",
            "var(--x)",
            "red/*",
            "rgb(1;2)",
            "expression(1)",
        ] {
            assert!(!is_color(bad), "{bad}");
        }
    }

    #[test]
    fn fonts_are_told_from_other_texts() {
        for good in ["serif", "\"Source Serif 4\", Georgia, serif", "Times New Roman, 'A b'"] {
            assert!(is_fonts(good), "{good}");
        }
        for bad in
            ["", "serif,", "a; b", "\"open", "url(x)", "12px serif", "'a' b", "a, , b", "a }"]
        {
            assert!(!is_fonts(bad), "{bad}");
        }
    }
}
