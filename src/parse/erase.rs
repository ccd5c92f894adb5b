//! Names that were taken down, taken out of a finished text.
//!
//! In: a draft whatever it was written in, and the names. Out: the same draft without them, in HTML, plain text, attributes, addresses and
//! ids. It is done here and not to the file's text, because `Jane **Doe**` and `Jane&nbsp;Doe` are the name too, and because
//! what stands in its place must not be read as Markdown.
//!
//! **Invariant:** what holds of bodies (see [`parse`](super)) holds of what comes out. Cost: linear.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::body::{Block, Body, Run};
use super::html::unescape;
use super::writer::{escape_into, escaped_len, narrow};
use super::{Draft, Found};
use crate::text::{Eraser, TextRange};

/// Takes the names out of a draft.
pub(super) fn erase(draft: &mut Draft, names: &Eraser) {
    if names.is_empty() {
        return;
    }
    let ids = Ids::new(draft, names);
    let body = std::mem::take(&mut draft.body);
    let edits = Edits::new(&body, names);
    let mut html = Html { names, ids: &ids, out: String::new(), moved: FxHashMap::default() };
    draft.body = rebuild(&body, &edits, &mut html);
    let Html { moved, .. } = html;
    draft.links.retain_mut(|link| {
        let Some(place) = moved.get(&link.html.0) else { return false };
        link.html = *place;
        if let Some(id) = link.target.strip_prefix('#') {
            link.target = format!("#{}", ids.now(id));
        }
        true
    });
    draft.more = draft.more.map(|at| edits.map(at));
    for heading in &mut draft.targets.headings {
        heading.id = ids.now(&heading.id);
        heading.text = names.erase(&heading.text).into_owned();
    }
    for anchor in &mut draft.targets.anchors {
        *anchor = ids.now(anchor);
    }
    // Who wrote it is nobody then.
    draft.author.take_if(|author| names.is_name(&author.value));
    let lines = [&mut draft.title, &mut draft.author].into_iter().flatten();
    for Found { value, .. } in lines.chain(&mut draft.boilerplate) {
        *value = names.erase(value).into_owned();
    }
    if let Some(source) = &mut draft.source {
        source.value.erase(names);
    }
}

/// Takes the names out of the HTML of a body of which nothing else is wanted.
pub(super) fn erase_html(body: Body, names: &Eraser) -> String {
    let mut draft = Draft { body, ..Draft::default() };
    erase(&mut draft, names);
    draft.body.html
}

/// Parts of the plain text that give way to others, in order.
struct Edits<'n>(Vec<Edit<'n>>);

struct Edit<'n> {
    range: TextRange,
    by: &'n str,
    /// Where it begins afterwards.
    to: u32,
}

impl<'n> Edits<'n> {
    /// Returns what has to be changed.
    ///
    /// A name may go through several elements and blocks. The marker stands where it begins; the text of the
    /// others goes, and what parts them stays.
    fn new(body: &Body, names: &'n Eraser) -> Self {
        let mut edits = Self(Vec::new());
        for found in names.find(&body.text).into_iter().map(TextRange::of) {
            let first = body.runs.partition_point(|run| run.text.end <= found.start);
            let runs = body.runs[first..].iter().take_while(|run| run.text.start < found.end);
            let mut by = names.marker();
            for run in runs {
                let (start, end) = (run.text.start.max(found.start), run.text.end.min(found.end));
                edits.push(TextRange::new(start, end), by);
                by = "";
            }
            if !by.is_empty() {
                // It stands in no element; other stages look at the text all the same.
                edits.push(found, by);
            }
        }
        edits
    }

    fn push(&mut self, range: TextRange, by: &'n str) {
        let to = self.map(range.start);
        self.0.push(Edit { range, by, to });
    }

    /// Returns where a place in the plain text is afterwards.
    fn map(&self, at: u32) -> u32 {
        let before = self.0.partition_point(|edit| edit.range.start < at);
        before.checked_sub(1).map_or(at, |last| {
            let Edit { range, by, to } = &self.0[last];
            to + narrow(by.len()) + at.saturating_sub(range.end)
        })
    }

    fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for Edit { range, by, .. } in &self.0 {
            out.push_str(&text[at..range.start as usize]);
            out.push_str(by);
            at = range.end as usize;
        }
        out + &text[at..]
    }

    /// Returns the pieces of a stretch of text, with their places afterwards; and whether each is as it was.
    fn pieces(&self, of: TextRange) -> impl Iterator<Item = (TextRange, TextRange, bool)> {
        let first = self.0.partition_point(|edit| edit.range.end <= of.start);
        let inside = self.0[first..].iter().take_while(move |edit| edit.range.start < of.end);
        let mut from = of.start;
        let stays = |start, end| {
            let to = self.map(start);
            (TextRange::new(start, end), TextRange::new(to, to + (end - start)), true)
        };
        let mut pieces = Vec::new();
        for Edit { range, by, to } in inside {
            pieces.push(stays(from, range.start));
            pieces.push((*range, TextRange::new(*to, to + narrow(by.len())), false));
            from = range.end;
        }
        pieces.push(stays(from, of.end));
        pieces.into_iter().filter(|(_, to, _)| !to.is_empty())
    }
}

/// Makes the body anew, with its changed text.
fn rebuild(body: &Body, edits: &Edits<'_>, html: &mut Html<'_>) -> Body {
    let text = edits.apply(&body.text);
    let mut runs = Vec::with_capacity(body.runs.len());
    let mut at = 0;
    for run in &body.runs {
        html.markup(&body.html, at..run.html as usize);
        at = run.html as usize + escaped_len(run.text.slice(&body.text));
        for (from, to, is_same) in edits.pieces(run.text) {
            runs.push(Run {
                html: narrow(html.out.len()),
                text: to,
                source: run.source + (from.start - run.text.start),
                linkable: run.linkable && is_same,
                ..*run
            });
            escape_into(&mut html.out, to.slice(&text));
        }
    }
    html.markup(&body.html, at..body.html.len());
    let block = |block: &Block| {
        let (start, end) = (edits.map(block.text.start), edits.map(block.text.end));
        Block { text: TextRange::new(start, end), ..*block }
    };
    let blocks = body.blocks.iter().map(block).filter(|block| !block.text.is_empty()).collect();
    Body { html: std::mem::take(&mut html.out), text, runs, blocks }
}

/// What the ids of a body are called afterwards.
struct Ids<'a> {
    names: &'a Eraser,
    renamed: FxHashMap<String, String>,
}

impl<'a> Ids<'a> {
    fn new(draft: &Draft, names: &'a Eraser) -> Self {
        let headings = draft.targets.headings.iter().map(|heading| &heading.id);
        let all: Vec<&String> = headings.chain(&draft.targets.anchors).collect();
        let mut taken: FxHashSet<String> = all.iter().map(|id| (*id).clone()).collect();
        let mut renamed = FxHashMap::default();
        for id in all {
            if let Cow::Owned(stem) = names.erase_slug(id) {
                let mut new = stem.clone();
                let mut number = 2;
                while !taken.insert(new.clone()) {
                    new = format!("{stem}-{number}");
                    number += 1;
                }
                renamed.insert(id.clone(), new);
            }
        }
        Self { names, renamed }
    }

    fn now(&self, id: &str) -> String {
        let renamed = self.renamed.get(id).cloned();
        renamed.unwrap_or_else(|| self.names.erase_slug(id).into_owned())
    }
}

/// HTML that is written anew.
struct Html<'a> {
    names: &'a Eraser,
    ids: &'a Ids<'a>,
    out: String,
    /// Where the values of attributes are now, by where they were.
    moved: FxHashMap<u32, (u32, u32)>,
}

impl Html<'_> {
    /// Appends what stands between texts. It is of our own writing: no `<` or `>` but those of tags, and all values are quoted.
    fn markup(&mut self, html: &str, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = &html[at..range.end];
            let Some(tag) = rest.find('<') else { return self.text(rest) };
            self.text(&rest[..tag]);
            let end = rest[tag..].find('>').map_or(rest.len(), |end| tag + end + 1);
            self.tag(&rest[tag..end], at + tag);
            at += end;
        }
    }

    fn text(&mut self, html: &str) {
        match self.names.erase(&unescape(html)) {
            Cow::Owned(text) => escape_into(&mut self.out, &text),
            Cow::Borrowed(_) => self.out.push_str(html),
        }
    }

    /// Appends a tag that stands at `place`. A picture whose address holds a name is left out.
    fn tag(&mut self, tag: &str, place: usize) {
        let begin = self.out.len();
        let mut at = 0;
        while let Some((name, value)) = next_attribute(tag, at) {
            let written = self.value(&tag[name.clone()], &tag[value.clone()]);
            match written {
                Some(written) => {
                    self.out.push_str(&tag[at..value.start]);
                    let from = self.out.len();
                    self.out.push_str(&written);
                    let now = (narrow(from), narrow(self.out.len()));
                    self.moved.insert(narrow(place + value.start), now);
                    self.out.push('"');
                }
                None if tag.starts_with("<img") => {
                    self.out.truncate(begin);
                    return;
                }
                None => self.out.push_str(tag[at..name.start].trim_end()),
            }
            at = value.end + 1;
        }
        self.out.push_str(&tag[at..]);
    }

    /// Returns the value of an attribute, escaped; none when it has to go.
    fn value<'v>(&self, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
        let plain = unescape(value);
        let new: Cow<'_, str> = match name {
            "id" | "for" | "name" | "headers" | "aria-labelledby" | "aria-describedby" => {
                self.ids.now(&plain).into()
            }
            "href" if plain.starts_with('#') => format!("#{}", self.ids.now(&plain[1..])).into(),
            "href" | "src" | "srcset" | "cite" if self.names.holds_address(&plain) => return None,
            "href" | "src" | "srcset" | "cite" => return Some(value.into()),
            _ => match self.names.erase(&plain) {
                // The words of a picture may hold an address, with the name encoded.
                words if self.names.holds_address(&words) => self.names.marker().into(),
                words => words,
            },
        };
        if *new == *plain {
            return Some(value.into());
        }
        let mut escaped = String::with_capacity(new.len());
        escape_into(&mut escaped, &new);
        Some(escaped.into())
    }
}

/// Returns the places of the next attribute's name and value, behind `at`.
fn next_attribute(tag: &str, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    let equals = at + tag.get(at..)?.find("=\"")?;
    let name = tag[..equals].rfind(char::is_whitespace)? + 1;
    let value = equals + 2;
    let end = value + tag[value..].find('"')?;
    Some((name..equals, value..end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse;
    use super::*;
    use crate::config::SiteConfig;
    use crate::files::{Found as Listed, MemFiles, SitePath};
    use crate::load::article;
    use crate::text::SlugMode;

    fn config(names: &[&str]) -> SiteConfig {
        let mut config = SiteConfig::default();
        config.redactions.names =
            Eraser::new(names.iter().copied(), "[name removed]", SlugMode::Ascii);
        config
    }

    /// Parses a text, and checks what holds of every draft.
    fn draft(name: &str, text: &str, config: &SiteConfig) -> Draft {
        let path = SitePath::parse(&format!("content/articles/{name}")).unwrap();
        let mut files = MemFiles::default();
        files.insert(path.clone(), text.as_bytes().to_vec());
        let found = Listed { path, size: 0, stamp: None };
        let file = article(&files, &found, config).value.unwrap();
        let draft = parse(&file, config).value;
        let body = &draft.body;
        let mut end = 0;
        for run in &body.runs {
            assert!(run.html as usize >= end);
            let mut escaped = String::new();
            escape_into(&mut escaped, run.text.slice(&body.text));
            end = run.html as usize + escaped.len();
            assert_eq!(body.html.get(run.html as usize..end), Some(&*escaped), "{}", body.html);
        }
        for link in &draft.links {
            let shown = &body.html[link.html.0 as usize..link.html.1 as usize];
            assert!(!shown.contains('"') && body.html[..link.html.0 as usize].ends_with("=\""));
        }
        assert!(body.blocks.iter().all(|block| body.text.get(block.text.range()).is_some()));
        assert_eq!(Body::unpack(&body.pack()).as_ref(), Some(body));
        draft
    }

    #[test]
    fn a_name_is_taken_out_whatever_stands_in_it() {
        let config = config(&["Jane Doe"]);
        for (text, expected) in [
            ("Then Jane Doe: yes.", "<p>Then [name removed]: yes.</p>"),
            ("So Jane **Doe**’s.", "<p>So [name removed]<strong></strong>’s.</p>"),
            ("So Jane&nbsp;D&#111;e.", "<p>So [name removed].</p>"),
            (
                "So [Jane Doe](https://example.org/jane-doe), [x](https://example.org/#y).",
                "<p>So <a>[name removed]</a>, <a href=\"https://example.org/#y\">x</a>.</p>",
            ),
            (
                "Now ![Jane Doe](a.png \"Jane Doe\") ![x](jane_doe.png)",
                "<p>Now <img src=\"a.png\" alt=\"[name removed]\" title=\"[name removed]\" loading=\"lazy\" decoding=\"async\"> </p>",
            ),
            (
                "Jane\n\nA\n\n## Jane Doe\n\n[here](#jane-doe)",
                "<p>A</p>\n<h2 id=\"name-removed\">[name removed]</h2>\n<p><a href=\"#name-removed\">here</a></p>",
            ),
        ] {
            let html = draft("a.md", text, &config).body.html;
            assert_eq!(html.trim().replace(" rel=\"external\"", ""), expected, "{text}");
        }
    }

    #[test]
    fn what_a_text_says_about_itself_goes_with_it() {
        let config = config(&["Jane Doe"]);
        let text = "Jane Doe resigns\n\nBy Jane Doe\n\nThe mayor left the office on Monday.\n\nSource: https://example.org/jane-doe\n";
        let draft = draft("a.txt", text, &config);
        assert_eq!(draft.title.unwrap().value, "[name removed] resigns");
        assert_eq!(draft.author, None);
        assert!(draft.source.is_none_or(|source| source.value.url.is_none()));
    }

    #[test]
    fn an_address_with_a_mark_in_it_is_looked_at() {
        let config = config(&["Jane Doe"]);
        let draft = draft("a.md", "![`](jane%20doe.png)`](x.md)", &config);
        assert!(!draft.body.html.contains("jane%20doe"), "{}", draft.body.html);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

        #[test]
        fn no_part_of_a_draft_holds_a_name(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "Jane", " Doe", "-Doe", "Jane Doe", "**", "_", "`", "[", "](x.md)", "](jane-doe.md)", "\n", "\n\n", "# ",
                " ", "é", "<b>", "</b>", "&nbsp;", "<a href=\"#jane-doe\">", "</a>", "![", "](jane%20doe.png)", "> ", "- ", "|",
                "<img alt='Jane Doe' src='a.png'>", "[^1]", "\n[^1]: ", "A.", "said ", "\u{301}", "<!-- more -->", "JANE",
            ]), 0..24),
            name in prop::sample::select(vec!["a.md", "a.txt", "a.html"]),
        ) {
            let config = config(&["Jane Doe"]);
            let text = pieces.concat();
            let draft = draft(name, &text, &config);
            let names = &config.redactions.names;
            prop_assert!(!names.holds(&draft.body.text), "{text:?}: {:?}", draft.body.text);
            let said = draft.title.into_iter().chain(draft.author).map(|found| found.value);
            let headings = draft.targets.headings.into_iter().flat_map(|one| [one.id, one.text]);
            for said in said.chain(headings).chain(draft.targets.anchors) {
                prop_assert!(!names.holds(&said), "{text:?}: {said}");
            }
            prop_assert!(draft.links.iter().all(|link| !names.holds_address(&link.target)));
            let attributes = draft.body.html.split('"').skip(1).step_by(2);
            for value in attributes {
                prop_assert!(!names.holds_address(value), "{text:?}: {value}");
            }
        }
    }
}
