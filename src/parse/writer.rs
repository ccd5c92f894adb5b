//! Writes HTML, plain text and the map between the two at once.

use rustc_hash::FxHashMap;

use super::body::{Block, BlockKind, Body, Heading, Run, Targets};
use super::{LinkRef, url};
use crate::text::{SlugMode, TextRange, slugify, strip_controls};

/// An open element.
struct Element {
    number: u32,
    /// The kind of the blocks that start in it; the innermost one counts.
    kind: Option<BlockKind>,
    /// Whether entity links may not stand in it.
    opaque: bool,
}

/// A heading whose level is settled at the end, when the smallest level is known.
struct Mark {
    open: usize,
    close: usize,
    level: u8,
}

/// Builds a [`Body`] and its links.
///
/// Blocks start by themselves with their first text and end with
/// [`Writer::end_block`], which callers call at every block-level border.
pub(super) struct Writer {
    pub(super) body: Body,
    targets: Targets,
    pub(super) links: Vec<LinkRef>,
    elements: Vec<Element>,
    next_element: u32,
    opaque: u32,
    block: Option<(BlockKind, usize)>,
    section: u32,
    marks: Vec<Mark>,
    heading: Option<(usize, usize)>,
    /// End of the last run in the HTML.
    run_end: usize,
    /// Ids in use, with the number to try next when the same is wanted again.
    ids: FxHashMap<String, usize>,
    slug_mode: SlugMode,
}

/// A finished text.
#[derive(Default)]
pub(super) struct Written {
    pub(super) body: Body,
    pub(super) targets: Targets,
    pub(super) links: Vec<LinkRef>,
}

/// Narrows an offset; files are bounded far below 4 GiB when they are loaded.
pub(super) fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Appends `text`, escaped for text and for quoted attributes.
pub(super) fn escape_into(out: &mut String, text: &str) {
    pieces(text, |plain, entity| {
        out.push_str(plain);
        out.push_str(entity);
    });
}

/// Returns how long `text` is once it is escaped.
pub(super) fn escaped_len(text: &str) -> usize {
    let mut len = 0;
    pieces(text, |plain, entity| len += plain.len() + entity.len());
    len
}

/// Hands over each piece of `text` that needs no escape, with what stands for the character behind it.
fn pieces(text: &str, mut take: impl FnMut(&str, &str)) {
    let mut rest = text;
    // Two searches of 32 bytes at a time are faster than one byte by byte.
    let next = |text: &str| {
        let bytes = text.as_bytes();
        let mark = memchr::memchr3(b'&', b'<', b'>', bytes);
        memchr::memchr(b'"', &bytes[..mark.unwrap_or(bytes.len())]).or(mark)
    };
    while let Some(at) = next(rest) {
        let entity = match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        };
        take(&rest[..at], entity);
        rest = &rest[at + 1..];
    }
    take(rest, "");
}

/// Characters that HTML forbids.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{fffe}' | '\u{ffff}')
}

impl Writer {
    /// Returns an empty writer for a text of about `size` bytes.
    pub(super) fn new(size: usize, slug_mode: SlugMode) -> Self {
        let body = Body {
            html: String::with_capacity(size + size / 8),
            text: String::with_capacity(size),
            ..Body::default()
        };
        Self {
            body,
            targets: Targets::default(),
            links: Vec::new(),
            elements: Vec::new(),
            next_element: 1,
            opaque: 0,
            block: None,
            section: 0,
            marks: Vec::new(),
            heading: None,
            run_end: 0,
            ids: FxHashMap::default(),
            slug_mode,
        }
    }

    /// Appends markup as it is.
    pub(super) fn raw(&mut self, html: &str) {
        self.body.html.push_str(html);
    }

    /// Appends the opening tag of an element; blocks that start in it are of `kind`.
    pub(super) fn open(&mut self, tag: &str, kind: Option<BlockKind>) {
        self.raw(tag);
        self.push(kind, matches!(kind, Some(BlockKind::Code | BlockKind::Heading)));
    }

    /// Counts an element whose opening tag is written already.
    pub(super) fn push(&mut self, kind: Option<BlockKind>, opaque: bool) {
        self.elements.push(Element { number: self.next_element, kind, opaque });
        self.next_element += 1;
        self.opaque += u32::from(opaque);
    }

    /// Appends the closing tag of the innermost element.
    pub(super) fn close(&mut self, tag: &str) {
        self.raw(tag);
        if let Some(element) = self.elements.pop() {
            self.opaque -= u32::from(element.opaque);
        }
    }

    /// Appends text that starts at `source` in the file.
    pub(super) fn text(&mut self, text: &str, source: usize) {
        let suspicious =
            |b: u8| (b < 0x20 && b != b'\n' && b != b'\t') || matches!(b, 0x7f | 0xc2 | 0xef);
        // Without an early end, the compiler looks at 32 bytes at once.
        if !text.bytes().fold(false, |found, byte| found | suspicious(byte)) {
            return self.clean_text(text, source);
        }
        let mut at = 0;
        for piece in text.split(is_forbidden) {
            self.clean_text(piece, source + at);
            at += piece.len() + text[at + piece.len()..].chars().next().map_or(0, char::len_utf8);
        }
    }

    fn clean_text(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        self.begin_block();
        let html = narrow(self.body.html.len());
        let start = self.body.text.len();
        let old_html_end = self.body.html.len();
        escape_into(&mut self.body.html, text);
        self.body.text.push_str(text);
        let range = TextRange::of(start..self.body.text.len());
        let element = self.elements.last().map_or(0, |element| element.number);
        let source = narrow(source);
        if let Some(last) = self.body.runs.last_mut() {
            let touches = last.text.end == range.start && self.run_end == old_html_end;
            let same = last.element == element && last.source + last.text.len() == source;
            if touches && same {
                last.text.end = range.end;
                self.run_end = self.body.html.len();
                return;
            }
        }
        self.run_end = self.body.html.len();
        self.body.runs.push(Run { html, text: range, source, element, linkable: self.opaque == 0 });
    }

    /// Appends a space to the plain text, where the HTML has `markup`.
    pub(super) fn gap(&mut self, markup: &str) {
        self.raw(markup);
        if self.block.is_some_and(|(_, start)| self.body.text.len() > start)
            && !self.body.text.ends_with(' ')
        {
            self.body.text.push(' ');
        }
    }

    fn begin_block(&mut self) {
        if self.block.is_some() {
            return;
        }
        if !self.body.text.is_empty() {
            self.body.text.push('\n');
        }
        let kind = self
            .elements
            .iter()
            .rev()
            .find_map(|element| element.kind)
            .unwrap_or(BlockKind::Paragraph);
        self.block = Some((kind, self.body.text.len()));
    }

    /// Ends the block of text, if one is open.
    pub(super) fn end_block(&mut self) {
        let Some((kind, start)) = self.block.take() else { return };
        let kept = start + self.body.text[start..].trim_end_matches([' ', '\n', '\t']).len();
        self.body.text.truncate(kept);
        while let Some(last) = self.body.runs.last_mut().filter(|run| run.text.end as usize > kept)
        {
            last.text.end = narrow(kept);
            if !last.text.is_empty() {
                break;
            }
            self.body.runs.pop();
        }
        if kept == start {
            self.body.text.truncate(start.saturating_sub(1));
        } else {
            self.body.blocks.push(Block {
                kind,
                text: TextRange::of(start..kept),
                section: self.section,
            });
        }
    }

    /// Starts a heading of the level as written.
    pub(super) fn open_heading(&mut self, level: u8) {
        self.end_block();
        self.section += 1;
        let open = self.body.html.len();
        self.heading = Some((open, self.body.text.len()));
        self.marks.push(Mark { open: open + 2, close: 0, level });
        self.open("<h2>", Some(BlockKind::Heading));
    }

    /// Ends a heading; its id is `wanted` if that can be had, else made from its text.
    pub(super) fn close_heading(&mut self, wanted: Option<&str>) {
        self.end_block();
        let Some((open, text_start)) = self.heading.take() else { return };
        let text = self.body.text[text_start.min(self.body.text.len())..].trim().to_owned();
        let id = self.claim_id(wanted.unwrap_or(&text));
        self.insert(open + 3, &format!(" id=\"{id}\""));
        if let Some(mark) = self.marks.last_mut() {
            mark.close = self.body.html.len() + 3;
        }
        self.close("</h2>");
        self.raw("\n");
        self.targets.headings.push(Heading { level: 2, id, text });
    }

    /// Inserts markup near the end, and moves what stands behind it.
    fn insert(&mut self, at: usize, markup: &str) {
        self.body.html.insert_str(at, markup);
        let by = narrow(markup.len());
        for run in self.body.runs.iter_mut().rev().take_while(|run| run.html as usize >= at) {
            run.html += by;
        }
        for link in self.links.iter_mut().rev().take_while(|link| link.html.0 as usize >= at) {
            link.html = (link.html.0 + by, link.html.1 + by);
        }
    }

    /// Returns an unused id near `wanted` that no sentence (`s12`) or footnote can have.
    fn claim_id(&mut self, wanted: &str) -> String {
        let slug = slugify(wanted, self.slug_mode);
        let sentence =
            slug.strip_prefix('s').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
        let taken = sentence || slug.starts_with("fn-") || slug.starts_with("fnref-");
        if taken { self.unique(&format!("h-{slug}")) } else { self.unique(&slug) }
    }

    fn unique(&mut self, stem: &str) -> String {
        let mut id = stem.to_owned();
        let mut n = self.ids.get(stem).copied().unwrap_or(2);
        while self.ids.contains_key(&id) {
            id = format!("{stem}-{n}");
            n += 1;
        }
        self.ids.insert(id.clone(), 2);
        self.ids.insert(stem.to_owned(), n);
        id
    }

    /// Claims an id of a footnote; it becomes one of the body's anchors.
    pub(super) fn claim_anchor(&mut self, prefix: &str, name: &str) -> String {
        let id = self.unique(&format!("{prefix}{}", slugify(name, self.slug_mode)));
        self.targets.anchors.push(id.clone());
        id
    }

    /// Claims an id as it is; `None` when it is taken.
    pub(super) fn claim_exact(&mut self, id: &str) -> Option<()> {
        self.ids
            .insert(id.to_owned(), 2)
            .is_none()
            .then(|| self.targets.anchors.push(id.to_owned()))
    }

    /// Appends the attribute `name` with an address and records the link.
    pub(super) fn address(
        &mut self,
        name: &str,
        target: &str,
        source: (usize, usize),
        image: bool,
    ) {
        self.raw(" ");
        self.raw(name);
        self.raw("=\"");
        let start = narrow(self.body.html.len());
        escape_into(&mut self.body.html, &url::encode(target));
        let html = (start, narrow(self.body.html.len()));
        self.raw("\"");
        let source = (narrow(source.0), narrow(source.1));
        self.links.push(LinkRef { target: target.to_owned(), html, source, image });
    }

    /// Appends an attribute.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.raw(" ");
        self.raw(name);
        self.raw("=\"");
        // A character reference may stand for any of them.
        escape_into(&mut self.body.html, &strip_controls(value));
        self.raw("\"");
    }

    /// Ends the text: settles the levels of the headings.
    ///
    /// The page's title is the first level, so a text's begin at 2; none is more than one deeper than the
    /// one it stands under, because readers who jump from heading to heading would miss a level.
    pub(super) fn finish(mut self) -> Written {
        self.end_block();
        let mut above: Vec<u8> = Vec::new();
        for (mark, heading) in self.marks.iter().zip(&mut self.targets.headings) {
            while above.last().is_some_and(|level| *level >= mark.level) {
                above.pop();
            }
            above.push(mark.level);
            heading.level = u8::try_from(above.len() + 1).map_or(6, |level| level.min(6));
            let digit = char::from(b'0' + heading.level).to_string();
            for at in [mark.open, mark.close] {
                self.body.html.replace_range(at..=at, &digit);
            }
        }
        Written { body: self.body, targets: self.targets, links: self.links }
    }
}
