//! Reads clean HTML back into a [`Body`](super::Body): one scan, no tree.
//!
//! In: what `sanitise` returns. Out: the same HTML, written by the one writer
//! that all formats share, with its text, blocks and links.

use super::body::BlockKind;
use super::url;
use super::writer::{Writer, Written};
use crate::text::{SlugMode, fold};

/// Tags below this depth are dropped, so that every look at the open elements is short.
const MAX_DEPTH: usize = 256;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// `<name attributes>`.
    Open(&'a str, &'a str),
    /// `</name>`.
    Close(&'a str),
    /// Text, still escaped.
    Text(&'a str),
}

/// Returns the pieces of `html`; comments and doctypes are passed over.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let Some(tag) = rest.strip_prefix('<') else {
                let end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
                let (text, tail) = rest.split_at(end);
                rest = tail;
                return Some(Piece::Text(text));
            };
            if let Some(comment) = tag.strip_prefix("!--") {
                rest = comment.find("-->").map_or("", |at| &comment[at + 3..]);
                continue;
            }
            if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
                let end = memchr::memchr(b'<', tag.as_bytes()).map_or(rest.len(), |at| at + 1);
                let (text, tail) = rest.split_at(end);
                rest = tail;
                return Some(Piece::Text(text));
            }
            let end = tag_end(tag);
            let inner = &tag[..end];
            rest = tag.get(end + 1..).unwrap_or_default();
            if inner.starts_with(['!', '?']) {
                continue;
            }
            if let Some(name) = inner.strip_prefix('/') {
                return Some(Piece::Close(name.trim()));
            }
            let name_end =
                inner.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inner.len());
            return Some(Piece::Open(&inner[..name_end], &inner[name_end..]));
        }
    })
}

/// The place of the `>` that ends a tag, outside quotes.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.find('>').unwrap_or(tag.len())
}

/// Returns the attributes of a tag, with their values still escaped.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '/'))
            .unwrap_or(rest.len())
            .max(1);
        let end = (end..=rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        let Some(value) = tail.trim_start().strip_prefix('=') else {
            rest = tail;
            return Some((name, ""));
        };
        let value = value.trim_start();
        let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, tail) = match quoted {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        rest = tail;
        Some((name, value))
    })
}

/// Replaces the entities that a serialiser writes, and the few that people write by hand.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [
            ("&amp;", '&'),
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&quot;", '"'),
            ("&#39;", '\''),
            ("&nbsp;", '\u{a0}'),
        ];
        let (skip, c) = known
            .iter()
            .find(|(name, _)| rest.starts_with(name))
            .map_or((1, '&'), |(name, c)| (name.len(), *c));
        out.push(c);
        rest = &rest[skip..];
    }
    out.push_str(rest);
    out
}

/// What an element is, as far as nesting goes.
fn kind_of(name: &str) -> Option<BlockKind> {
    Some(match name {
        "blockquote" => BlockKind::Quote,
        "li" | "dt" | "dd" => BlockKind::Item,
        "td" | "th" => BlockKind::Cell,
        "pre" => BlockKind::Code,
        _ => return None,
    })
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "figure"
            | "figcaption"
            | "table"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "hr"
    )
}

/// Elements that may hold blocks; all others hold only running text.
fn holds_blocks(name: &str) -> bool {
    is_block(name) && !matches!(name, "p" | "pre" | "dt" | "caption" | "hr")
}

fn level_of(name: &str) -> Option<u8> {
    let digit = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&digit).then_some(digit)
}

/// An element of the clean HTML, and whether its tags were written.
struct Open<'a> {
    name: &'a str,
    written: bool,
}

struct Reader<'a> {
    out: Writer,
    stack: Vec<Open<'a>>,
    /// The file, and how far text has been found again in it.
    file: &'a str,
    at: usize,
    /// Title, folded: a first `h1` that repeats it is left out.
    skip_title: Option<String>,
}

/// Reads clean HTML; `file` and `base` serve to find the text again in the file.
pub(super) fn body_from_html(
    clean: &str,
    file: &str,
    base: usize,
    mode: SlugMode,
    title: Option<&str>,
) -> Written {
    let clean = clean.replace('\r', "");
    let out = Writer::new(clean.len(), mode);
    let mut reader = Reader { out, stack: Vec::new(), file, at: base, skip_title: title.map(fold) };
    let mut all = pieces(&clean);
    while let Some(piece) = all.next() {
        match piece {
            Piece::Open("h1", _) if reader.skip_title.is_some() => {
                let inner: Vec<_> =
                    all.by_ref().take_while(|piece| *piece != Piece::Close("h1")).collect();
                reader.first_heading(&inner);
            }
            piece => reader.piece(&piece),
        }
    }
    while let Some(open) = reader.stack.last() {
        let name = open.name;
        reader.close(name);
    }
    reader.out.finish()
}

impl<'a> Reader<'a> {
    fn first_heading(&mut self, inner: &[Piece<'a>]) {
        let text: String = inner
            .iter()
            .filter_map(|piece| if let Piece::Text(text) = piece { Some(*text) } else { None })
            .collect();
        if self.skip_title.take().is_some_and(|title| title == fold(&unescape(&text))) {
            return;
        }
        self.piece(&Piece::Open("h1", ""));
        for piece in inner {
            self.piece(piece);
        }
        self.piece(&Piece::Close("h1"));
    }

    fn piece(&mut self, piece: &Piece<'a>) {
        match *piece {
            Piece::Open(name, attributes) => self.open(name, attributes),
            Piece::Close(name) => self.close(name),
            Piece::Text(text) => self.text(text),
        }
    }

    /// The elements that can have been written.
    fn shallow(&self) -> &[Open<'a>] {
        &self.stack[..self.stack.len().min(MAX_DEPTH)]
    }

    /// Whether a block may stand here: not in a paragraph, heading or inline element.
    fn takes_blocks(&self) -> bool {
        self.shallow().iter().all(|open| !open.written || holds_blocks(open.name))
    }

    fn parent(&self) -> &str {
        self.shallow().iter().rev().find(|open| open.written).map_or("", |open| open.name)
    }

    /// Whether the element may stand in its parent.
    fn fits(&self, name: &str) -> bool {
        let parent = self.parent();
        match name {
            "li" => matches!(parent, "ul" | "ol"),
            "dt" | "dd" => parent == "dl",
            "figcaption" => parent == "figure",
            "caption" | "thead" | "tbody" | "tfoot" => parent == "table",
            "tr" => matches!(parent, "thead" | "tbody" | "tfoot"),
            "td" | "th" => parent == "tr",
            "a" => !self.shallow().iter().any(|open| open.written && open.name == "a"),
            _ => {
                !matches!(parent, "ul" | "ol" | "dl" | "table" | "thead" | "tbody" | "tfoot" | "tr")
            }
        }
    }

    fn open(&mut self, name: &'a str, attributes: &'a str) {
        let block = is_block(name) || level_of(name).is_some();
        if block {
            self.out.end_block();
        }
        let fits =
            self.stack.len() < MAX_DEPTH && self.fits(name) && (!block || self.takes_blocks());
        match name {
            "br" if fits => self.out.gap("<br>"),
            "hr" if fits => self.out.raw("<hr>\n"),
            "img" if fits => self.image(attributes),
            "input" if fits => self.out.raw("<input type=\"checkbox\" disabled> "),
            "br" | "hr" | "img" | "input" | "wbr" | "col" => {}
            _ => {
                let written = fits && self.element(name, attributes);
                self.stack.push(Open { name, written });
            }
        }
    }

    /// Writes an opening tag; returns whether it did.
    fn element(&mut self, name: &str, text: &str) -> bool {
        if let Some(level) = level_of(name) {
            self.out.open_heading(level);
            return true;
        }
        let mut target = None;
        let mut others = Vec::new();
        for (key, value) in attributes(text) {
            match key {
                "href" => target = Some(unescape(value)).filter(|target| url::is_safe(target)),
                "id" if self.out.claim_exact(value).is_none() => {}
                _ => others.push((key, unescape(value))),
            }
        }
        if name == "a" && target.is_none() && others.is_empty() {
            return false;
        }
        self.out.raw("<");
        self.out.raw(name);
        if let Some(target) = target {
            let place = self.place();
            self.out.address("href", &target, place, false);
        }
        for (key, value) in others {
            self.out.attribute(key, &value);
        }
        self.out.raw(">");
        self.out.push(kind_of(name), matches!(name, "a" | "pre" | "code" | "kbd" | "samp"));
        true
    }

    fn image(&mut self, text: &str) {
        let find = |wanted: &str| {
            attributes(text).find(|(key, _)| *key == wanted).map(|(_, value)| unescape(value))
        };
        let Some(target) = find("src").filter(|target| !target.is_empty() && url::is_safe(target))
        else {
            return;
        };
        let place = self.place();
        self.out.raw("<img");
        self.out.address("src", &target, place, true);
        self.out.attribute("alt", &find("alt").unwrap_or_default());
        if let Some(title) = find("title") {
            self.out.attribute("title", &title);
        }
        for side in ["width", "height"] {
            if let Some(given) = find(side) {
                self.out.attribute(side, &given);
            }
        }
        self.out.raw(" loading=\"lazy\" decoding=\"async\">");
    }

    fn close(&mut self, name: &str) {
        let Some(depth) = self.stack.iter().rposition(|open| open.name == name) else { return };
        // Clean HTML closes in order; anything left open inside is closed with it.
        for open in self.stack.split_off(depth).into_iter().rev() {
            if is_block(open.name) {
                self.out.end_block();
            }
            match (open.written, level_of(open.name)) {
                (false, _) => {}
                (true, Some(_)) => self.out.close_heading(None),
                (true, None) => {
                    let tail = if is_block(open.name) { ">\n" } else { ">" };
                    self.out.close(&format!("</{}{tail}", open.name));
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        if !self.fits("#text") {
            return;
        }
        let text = unescape(text);
        if self.shallow().iter().any(|open| open.written && open.name == "pre") {
            let source = self.find(&text);
            return self.out.text(&text, source);
        }
        let mut from = 0;
        while from < text.len() {
            let rest = &text[from..];
            let space = rest.len() - rest.trim_start_matches([' ', '\n', '\t', '\u{c}']).len();
            if space > 0 {
                let line = rest[..space].contains('\n');
                self.out.gap(if line { "\n" } else { " " });
                from += space;
                continue;
            }
            let end = run_end(rest);
            let source = self.find(&rest[..end]);
            self.out.text(&rest[..end], source);
            from += end;
        }
    }

    /// Finds a stretch of text in the file, forward from the last one.
    fn find(&mut self, text: &str) -> usize {
        // Bounded, so that text which entities hide in the file costs no scan of the whole.
        let end = (self.at + 4096 + text.len()).min(self.file.len());
        let window = self.file.as_bytes().get(self.at..end).unwrap_or_default();
        if let Some(at) = memchr::memmem::find(window, text.as_bytes()) {
            self.at += at + text.len();
            return self.at - text.len();
        }
        self.at
    }

    fn place(&self) -> (usize, usize) {
        (self.at, self.at)
    }
}

/// The end of a stretch of text whose only white space is single spaces inside.
fn run_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let space = |at: usize| bytes.get(at).is_none_or(|b| matches!(b, b' ' | b'\n' | b'\t' | 0x0c));
    (0..bytes.len())
        .find(|at| space(*at) && (bytes[*at] != b' ' || space(at + 1)))
        .unwrap_or(bytes.len())
}
