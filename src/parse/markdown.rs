//! Markdown: one pass over the events of `pulldown-cmark`.

mod footnotes;

use std::ops::Range;

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
};
use rustc_hash::FxHashMap;

use self::footnotes::Note;
use super::body::BlockKind;
use super::writer::{Writer, Written, narrow};
use super::{Body, Draft, Found, LinkRef, infer, sanitise, url};
use crate::config::{HtmlMode, SiteConfig};
use crate::diag::{Code, Diagnostic};
use crate::load::SourceFile;
use crate::text::fold;

/// Parses a Markdown file.
pub(super) fn parse(
    file: &SourceFile,
    config: &SiteConfig,
    diagnostics: &mut Vec<Diagnostic>,
) -> Draft {
    let found = infer::infer(file, config);
    let text = file.text.get(found.body.clone()).unwrap_or_default();
    let mut renderer = Renderer::new(text, found.body.start, config);
    renderer.title = match (&found.title, &file.front.title) {
        (Some(_), _) => Title::Keep,
        (None, Some(title)) => Title::Repeats(fold(title)),
        (None, None) => Title::Wanted,
    };
    renderer.run(text);
    let result = renderer.finish(&file.text);
    for range in result.unsafe_urls {
        let report = Diagnostic::new(Code::UrlRemoved, "an unsafe address was removed");
        diagnostics.push(report.at(&file.path, &file.text, range));
    }
    if result.html_removed {
        diagnostics.push(sanitise::removed_report(file));
    }
    let heading = result.title.map(|value| Found { value, rule: "title.heading" });
    found.into_draft(result.written, heading, result.more)
}

/// Renders a short text that is not an article of its own.
pub(super) fn fragment(text: &str, config: &SiteConfig) -> Body {
    let mut renderer = Renderer::new(text, 0, config);
    renderer.run(text);
    renderer.finish(text).written.body
}

/// Returns the links of such a text.
pub(super) fn fragment_links(text: &str, config: &SiteConfig) -> Vec<LinkRef> {
    let mut renderer = Renderer::new(text, 0, config);
    renderer.run(text);
    renderer.finish(text).written.links
}

/// What happens to a level-one heading that stands first.
enum Title {
    /// It becomes the title.
    Wanted,
    /// It is left out if it says the same as the front matter.
    Repeats(String),
    /// It stays, as does every later one.
    Keep,
}

/// A piece of Markdown, result.
struct Rendered {
    written: Written,
    title: Option<String>,
    more: Option<u32>,
    unsafe_urls: Vec<Range<usize>>,
    html_removed: bool,
}

/// An image whose alternative text is being collected.
struct Image<'a> {
    target: CowStr<'a>,
    title: CowStr<'a>,
    alt: String,
    source: (usize, usize),
    depth: usize,
}

type Events<'a> = Vec<(Event<'a>, Range<usize>)>;

struct Renderer<'a> {
    out: Writer,
    config: &'a SiteConfig,
    /// Offset of the text in the file.
    base: usize,
    title: Title,
    found_title: Option<String>,
    more: Option<u32>,
    unsafe_urls: Vec<Range<usize>>,
    /// Whether raw HTML was written, so that the whole must be cleaned.
    raw: bool,
    /// The lines of an HTML block, with the offset of the first.
    html_block: Option<(String, usize)>,
    image: Option<Image<'a>>,
    /// Whether each open link was written.
    links: Vec<bool>,
    heading_id: Option<CowStr<'a>>,
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    has_rows: bool,
    definitions: FxHashMap<CowStr<'a>, Events<'a>>,
    definition_order: Vec<CowStr<'a>>,
    notes: FxHashMap<CowStr<'a>, Note>,
    note_order: Vec<CowStr<'a>>,
}

/// The dialect: GitHub's, without typographic changes to the writer's marks.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
}

impl<'a> Renderer<'a> {
    fn new(text: &str, base: usize, config: &'a SiteConfig) -> Self {
        Self {
            out: Writer::new(text.len(), config.slug_mode),
            config,
            base,
            title: Title::Keep,
            found_title: None,
            more: None,
            unsafe_urls: Vec::new(),
            raw: false,
            html_block: None,
            image: None,
            links: Vec::new(),
            heading_id: None,
            columns: Vec::new(),
            column: 0,
            in_head: false,
            has_rows: false,
            definitions: FxHashMap::default(),
            definition_order: Vec::new(),
            notes: FxHashMap::default(),
            note_order: Vec::new(),
        }
    }

    fn run(&mut self, text: &'a str) {
        let mut events = Parser::new_ext(text, options()).into_offset_iter();
        let mut first = true;
        while let Some((event, range)) = events.next() {
            match event {
                Event::Start(Tag::Heading { level: HeadingLevel::H1, .. })
                    if first && !matches!(self.title, Title::Keep) =>
                {
                    self.first_heading(event, range, &mut events);
                }
                Event::Start(Tag::FootnoteDefinition(name)) => {
                    let inner = events
                        .by_ref()
                        .take_while(|(e, _)| !matches!(e, Event::End(TagEnd::FootnoteDefinition)));
                    let inner: Events<'a> = inner.collect();
                    if !self.definitions.contains_key(&name) {
                        self.definition_order.push(name.clone());
                        self.definitions.insert(name, inner);
                    }
                }
                event => self.event(event, range),
            }
            first = false;
        }
        self.footnotes();
    }

    /// Takes the first heading out as the title, or writes it when it is not one.
    fn first_heading(
        &mut self,
        start: Event<'a>,
        range: Range<usize>,
        events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
    ) {
        let mut inner: Events<'a> = vec![(start, range)];
        let mut text = String::new();
        for (event, range) in events {
            match &event {
                Event::Text(piece) | Event::Code(piece) => text.push_str(piece),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
            let end = matches!(event, Event::End(TagEnd::Heading(_)));
            inner.push((event, range));
            if end {
                break;
            }
        }
        let text = text.trim();
        match &self.title {
            Title::Wanted if !text.is_empty() => self.found_title = Some(text.to_owned()),
            Title::Repeats(title) if fold(text) == *title => {}
            _ => inner.into_iter().for_each(|(event, range)| self.event(event, range)),
        }
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        if self.image.is_some() {
            return self.inside_image(&event);
        }
        let source = self.base + range.start;
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.out.text(&text, source),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.out.raw("<code>");
                self.out.push(None, true);
                self.out.text(&text, source);
                self.out.close("</code>");
            }
            Event::Html(html) => match &mut self.html_block {
                Some((block, _)) => block.push_str(&html),
                None => self.html(&html, source),
            },
            Event::InlineHtml(html) => self.html(&html, source),
            Event::FootnoteReference(name) => self.reference(&name),
            Event::SoftBreak => self.out.gap("\n"),
            Event::HardBreak => self.out.gap("<br>\n"),
            Event::Rule => {
                self.out.end_block();
                self.out.raw("<hr>\n");
            }
            Event::TaskListMarker(done) => {
                self.out.raw(if done {
                    "<input type=\"checkbox\" checked disabled> "
                } else {
                    "<input type=\"checkbox\" disabled> "
                });
            }
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        let out = &mut self.out;
        match tag {
            Tag::Paragraph => self.block("<p>", None),
            Tag::Heading { level, id, .. } => {
                self.heading_id = id;
                out.open_heading(level as u8);
            }
            Tag::BlockQuote(_) => self.block("<blockquote>\n", Some(BlockKind::Quote)),
            Tag::CodeBlock(kind) => self.code_block(&kind),
            Tag::HtmlBlock => self.html_block = Some((String::new(), self.base + range.start)),
            Tag::List(None) => self.block("<ul>\n", None),
            Tag::List(Some(1)) => self.block("<ol>\n", None),
            Tag::List(Some(first)) => self.block(&format!("<ol start=\"{first}\">\n"), None),
            Tag::Item => self.block("<li>", Some(BlockKind::Item)),
            Tag::Table(columns) => {
                self.columns = columns;
                self.has_rows = false;
                self.block("<table>\n", None);
            }
            Tag::TableHead => {
                (self.in_head, self.column) = (true, 0);
                self.block("<thead>\n<tr>", None);
            }
            Tag::TableRow => {
                self.column = 0;
                let open = if self.has_rows { "<tr>" } else { "<tbody>\n<tr>" };
                self.has_rows = true;
                self.block(open, None);
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis => out.open("<em>", None),
            Tag::Strong => out.open("<strong>", None),
            Tag::Strikethrough => out.open("<del>", None),
            Tag::Superscript => out.open("<sup>", None),
            Tag::Subscript => out.open("<sub>", None),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.link(link_type, &dest_url, &title, range);
            }
            Tag::Image { dest_url, title, .. } => {
                let source = (self.base + range.start, self.base + range.end);
                self.image =
                    Some(Image { target: dest_url, title, alt: String::new(), source, depth: 0 });
            }
            // Options that are off.
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => self.block("<div>", None),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                let id = self.heading_id.take();
                self.out.close_heading(id.as_deref());
            }
            TagEnd::Paragraph => self.end_block("</p>\n"),
            TagEnd::BlockQuote(_) => self.end_block("</blockquote>\n"),
            TagEnd::CodeBlock => self.end_block("</code></pre>\n"),
            TagEnd::HtmlBlock => {
                if let Some((html, source)) = self.html_block.take() {
                    self.raw_block(&html, source);
                }
            }
            TagEnd::List(ordered) => self.end_block(if ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => self.end_block("</li>\n"),
            TagEnd::Table => {
                self.end_block(if self.has_rows { "</tbody>\n</table>\n" } else { "</table>\n" });
            }
            TagEnd::TableHead => {
                self.in_head = false;
                self.end_block("</tr>\n</thead>\n");
            }
            TagEnd::TableRow => self.end_block("</tr>\n"),
            TagEnd::TableCell => self.end_block(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.out.close("</em>"),
            TagEnd::Strong => self.out.close("</strong>"),
            TagEnd::Strikethrough => self.out.close("</del>"),
            TagEnd::Superscript => self.out.close("</sup>"),
            TagEnd::Subscript => self.out.close("</sub>"),
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    self.out.close("</a>");
                }
            }
            TagEnd::Image => {}
            TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => self.end_block("</div>\n"),
        }
    }

    fn block(&mut self, tag: &str, kind: Option<BlockKind>) {
        self.out.end_block();
        self.out.open(tag, kind);
    }

    fn end_block(&mut self, tag: &str) {
        self.out.end_block();
        self.out.close(tag);
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'_>) {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        self.out.end_block();
        self.out.raw("<pre><code");
        if !language.is_empty() {
            self.out.attribute("class", &format!("language-{language}"));
        }
        self.out.open(">", Some(BlockKind::Code));
    }

    fn cell(&mut self) {
        let class = match self.columns.get(self.column) {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::None) | None => "",
        };
        self.column += 1;
        let name = if self.in_head { "th" } else { "td" };
        self.block(&format!("<{name}{class}>"), Some(BlockKind::Cell));
    }

    fn link(&mut self, kind: LinkType, target: &str, title: &str, range: Range<usize>) {
        let source = (self.base + range.start, self.base + range.end);
        let mail = (kind == LinkType::Email).then(|| format!("mailto:{target}"));
        let target = mail.as_deref().unwrap_or(target);
        let safe = url::is_safe(target);
        self.links.push(safe);
        if !safe {
            self.unsafe_urls.push(source.0..source.1);
            return;
        }
        self.out.raw("<a");
        self.out.address("href", target, source, false);
        if !title.is_empty() {
            self.out.attribute("title", title);
        }
        self.out.raw(">");
        self.out.push(None, true);
    }

    /// Collects the alternative text of an image, and writes the image at its end.
    fn inside_image(&mut self, event: &Event<'a>) {
        let Some(image) = &mut self.image else { return };
        match event {
            Event::Text(text) | Event::Code(text) => image.alt.push_str(text),
            Event::SoftBreak | Event::HardBreak => image.alt.push(' '),
            Event::Start(Tag::Image { .. }) => image.depth += 1,
            Event::End(TagEnd::Image) if image.depth > 0 => image.depth -= 1,
            Event::End(TagEnd::Image) => {
                if let Some(image) = self.image.take() {
                    self.write_image(&image);
                }
            }
            _ => {}
        }
    }

    fn write_image(&mut self, image: &Image<'a>) {
        if image.target.is_empty() || !url::is_safe(&image.target) {
            self.unsafe_urls.push(image.source.0..image.source.1);
            self.out.text(&image.alt, image.source.0);
            return;
        }
        self.out.raw("<img");
        self.out.address("src", &image.target, image.source, true);
        self.out.attribute("alt", &image.alt);
        if !image.title.is_empty() {
            self.out.attribute("title", &image.title);
        }
        self.out.raw(" loading=\"lazy\" decoding=\"async\">");
    }

    /// A block of HTML: in a paragraph of its own when it is shown as text.
    fn raw_block(&mut self, html: &str, source: usize) {
        self.out.end_block();
        if self.config.security.html == HtmlMode::Escape && comment(html).is_none() {
            self.out.open("<p>", None);
            self.html(html.trim_end(), source);
            self.end_block("</p>\n");
        } else {
            self.html(html, source);
        }
    }

    fn html(&mut self, html: &str, source: usize) {
        if let Some(comment) = comment(html) {
            if comment.trim() == "more" && self.more.is_none() {
                self.more = Some(narrow(self.out.body.text.len()));
            }
            return;
        }
        match self.config.security.html {
            HtmlMode::Escape => {
                let mut at = source;
                for (n, line) in html.split('\n').enumerate() {
                    if n > 0 {
                        self.out.gap("\n");
                    }
                    self.out.text(line, at);
                    at += line.len() + 1;
                }
            }
            HtmlMode::Sanitise => {
                self.raw = true;
                self.out.raw(html);
            }
        }
    }

    fn finish(self, file: &str) -> Rendered {
        let (title, more, unsafe_urls) = (self.found_title, self.more, self.unsafe_urls);
        let written = self.out.finish();
        if !self.raw {
            return Rendered { written, title, more, unsafe_urls, html_removed: false };
        }
        let html = &written.body.html;
        let cleaned = sanitise::clean_body(html, file, self.base, self.config.slug_mode);
        let more = more.map(|at| at.min(narrow(cleaned.written.body.text.len())));
        let html_removed = cleaned.removed;
        Rendered { written: cleaned.written, title, more, unsafe_urls, html_removed }
    }
}

/// Returns what a comment says, if the HTML is nothing else.
fn comment(html: &str) -> Option<&str> {
    let inner = html.trim().strip_prefix("<!--")?.strip_suffix("-->")?;
    (!inner.contains("-->")).then_some(inner)
}
