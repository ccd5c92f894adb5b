//! Escaping for the XML outputs: feeds and site maps.
//!
//! In: any text. Out: text that stays text inside an element or a quoted attribute
//! of XML 1.0. Characters that XML 1.0 cannot hold at all (section 2.2, `Char`) or
//! that it advises against (the other control characters) are dropped, because no
//! reference can stand for them; one of them would make the whole file unreadable.
//!
//! Written by hand: a feed is a fixed frame with holes, and a writer of events
//! would say less clearly what comes out. The tests read everything back.

use std::borrow::Cow;

use crate::plan::MARK;

/// Escapes text that never holds an address: a title, a name, a sentence.
///
/// The mark [`MARK`] is dropped like any control character, so that no article's text can pass for an address.
pub(super) fn text(raw: &str) -> Cow<'_, str> {
    escape(raw, false)
}

/// Escapes an address, or HTML that holds addresses: the mark [`MARK`] stays as it is.
pub(super) fn address(raw: &str) -> Cow<'_, str> {
    escape(raw, true)
}

fn escape(raw: &str, keep_mark: bool) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut done, mut at) = (0, 0);
    let is_suspect = |byte: &u8| SUSPECT[usize::from(*byte)];
    while let Some(step) = raw.as_bytes()[at..].iter().position(is_suspect) {
        at += step;
        let Some(c) = raw[at..].chars().next() else { break };
        let end = at + c.len_utf8();
        if let Some(other) = replacement(c, keep_mark) {
            out.reserve(raw.len() - done + other.len());
            out.push_str(&raw[done..at]);
            out.push_str(other);
            done = end;
        }
        at = end;
    }
    if done == 0 {
        return Cow::Borrowed(raw);
    }
    out.push_str(&raw[done..]);
    Cow::Owned(out)
}

/// The bytes that a character with a replacement can begin with; most texts hold few.
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        // Control characters lie behind C2, noncharacters behind EF and, above U+FFFF, F0 to F4.
        table[byte] = matches!(byte, 0..0x20 | 0x7F | 0xC2 | 0xEF | 0xF0..=0xF4);
        byte += 1;
    }
    table[b'\n' as usize] = false;
    table[b'&' as usize] = true;
    table[b'<' as usize] = true;
    table[b'>' as usize] = true;
    table[b'"' as usize] = true;
    table
};

/// Returns what to write in place of a character; none when it can stay.
///
/// Readers turn a bare carriage return into a line feed, and white space in attributes into
/// blanks (XML 1.0, 2.11 and 3.3.3), so these are written as references.
fn replacement(c: char, keep_mark: bool) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\r' => Some("&#13;"),
        '\n' => None,
        MARK if keep_mark => None,
        _ if is_dropped(c) => Some(""),
        _ => None,
    }
}

/// Returns whether XML 1.0 forbids or discourages a character (section 2.2).
fn is_dropped(c: char) -> bool {
    let is_noncharacter =
        matches!(c, '\u{FDD0}'..='\u{FDEF}') || matches!(u32::from(c) & 0xFFFF, 0xFFFE | 0xFFFF);
    c.is_control() || is_noncharacter
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;

    #[test]
    fn every_character_that_is_replaced_begins_with_a_suspect_byte() {
        for c in '\0'..=char::MAX {
            let first = usize::from(c.to_string().as_bytes()[0]);
            assert!(SUSPECT[first] || replacement(c, false).is_none(), "{c:?}");
        }
    }

    /// What is left of a text after a trip through XML.
    pub(crate) fn kept(raw: &str) -> String {
        raw.chars().filter(|&c| matches!(c, '\t' | '\n' | '\r') || !is_dropped(c)).collect()
    }

    /// An element as a reader sees it: name, attributes, own text.
    #[derive(Debug, PartialEq, Eq)]
    pub(crate) struct Element {
        pub(crate) path: String,
        pub(crate) attributes: Vec<(String, String)>,
        pub(crate) text: String,
    }

    impl Element {
        pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
            self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
        }
    }

    /// Reads a document with a reader that is not ours; panics when it is not well-formed.
    pub(crate) fn read(document: &str) -> Vec<Element> {
        let illegal = document.chars().find(|&c| c != MARK && c != '\n' && is_dropped(c));
        assert_eq!(illegal, None, "XML cannot hold this");
        let mut reader = Reader::from_str(document);
        reader.config_mut().check_end_names = true;
        let (mut found, mut open) = (Vec::<Element>::new(), Vec::<usize>::new());
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(tag) => {
                    let element = element(&tag, &open, &found);
                    open.push(found.len());
                    found.push(element);
                }
                Event::Empty(tag) => {
                    let element = element(&tag, &open, &found);
                    found.push(element);
                }
                Event::End(_) => drop(open.pop().expect("an end has a start")),
                Event::Text(part) => {
                    let part: &str = &part;
                    match open.last() {
                        Some(&at) => found[at].text.push_str(part),
                        None => assert_eq!(part.trim(), "", "text outside of the root"),
                    }
                }
                Event::GeneralRef(name) => {
                    let at = *open.last().expect("a reference inside the root");
                    let name: &str = &name;
                    let whole =
                        quick_xml::escape::unescape(&format!("&{name};")).unwrap().into_owned();
                    found[at].text.push_str(&whole);
                }
                Event::Decl(_) => {}
                Event::Eof => break,
                other => panic!("nothing of ours writes {other:?}"),
            }
        }
        assert!(open.is_empty(), "an element is not closed");
        found
    }

    fn element(
        tag: &quick_xml::events::BytesStart<'_>,
        open: &[usize],
        found: &[Element],
    ) -> Element {
        let name = tag.name().as_ref().to_owned();
        let path = match open.last() {
            Some(&at) => format!("{}/{name}", found[at].path),
            None => name,
        };
        let attributes = tag
            .attributes()
            .map(|attribute| {
                let attribute = attribute.expect("a well-formed attribute");
                let raw: &str = &attribute.value;
                assert!(!raw.contains('<'), "`<` in an attribute");
                let value = quick_xml::escape::unescape(raw).unwrap().into_owned();
                (attribute.key.as_ref().to_owned(), value)
            })
            .collect();
        Element { path, attributes, text: String::new() }
    }

    #[test]
    fn text_without_marks_is_not_copied() {
        assert!(matches!(text("Ünlauter Wettbewerb's \u{1F600}"), Cow::Borrowed(_)));
    }

    #[test]
    fn forbidden_characters_are_dropped_and_the_mark_stays_in_addresses_only() {
        let raw = "\u{1}a\u{0}b\u{1b}[31m\u{7f}\u{85}\u{FFFE}\u{1FFFF}&\"'<>\r\n\t";
        assert_eq!(text(raw), "ab[31m&amp;&quot;'&lt;&gt;&#13;\n&#9;");
        assert_eq!(address(raw), "\u{1}ab[31m&amp;&quot;'&lt;&gt;&#13;\n&#9;");
    }

    proptest! {
        #[test]
        fn any_text_survives_in_an_element_and_an_attribute(raw in any::<String>()) {
            let single = raw.replace('\n', " ");
            let document = format!("<a b=\"{}\">{}</a>", text(&single), text(&raw));
            let read = read(&document);
            prop_assert_eq!(&read[0].text, &kept(&raw));
            prop_assert_eq!(read[0].attribute("b").unwrap(), kept(&single));
        }
    }
}
