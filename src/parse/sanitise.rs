//! HTML files, and the cleaning of raw HTML: an allow-list, nothing else passes.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::html::{Piece, attributes, body_from_html, pieces, unescape};
use super::writer::Written;
use super::{Draft, Found, dates, url};
use crate::config::SiteConfig;
use crate::diag::{Code, Diagnostic};
use crate::load::{SourceFile, SourceRef};
use crate::text::SlugMode;

/// The elements that may stand in an article.
const TAGS: [&str; 53] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "var",
];

/// Elements that go with all they hold.
const EMPTIED: [&str; 11] = [
    "script", "style", "svg", "math", "form", "iframe", "object", "noscript", "template", "nav",
    "button",
];

/// The cleaner; built once, never changed.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let set = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    let attributes: HashMap<_, _> = [
        ("a", set(&["href", "title", "id", "class", "aria-label"])),
        ("abbr", set(&["title"])),
        ("code", set(&["class"])),
        ("img", set(&["src", "alt", "title", "width", "height"])),
        ("input", set(&["type"])),
        ("li", set(&["id"])),
        ("ol", set(&["start"])),
        ("section", set(&["class"])),
        ("sup", set(&["class"])),
        ("td", set(&["colspan", "rowspan", "class"])),
        ("th", set(&["colspan", "rowspan", "scope", "class"])),
    ]
    .into();
    let mut builder = Builder::empty();
    builder
        .tags(set(&TAGS))
        .clean_content_tags(set(&EMPTIED))
        .tag_attributes(attributes)
        .generic_attributes(set(&["lang", "dir"]))
        .url_schemes(set(&["http", "https", "mailto", "tel", "ftp"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(keep_attribute);
    builder
});

/// Lets only those classes and ids through that the Markdown writer itself makes.
fn keep_attribute<'v>(_element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let word = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_+#.".contains(&b))
    };
    let number = || {
        value.len() <= 4
            && !value.is_empty()
            && value.bytes().all(|b| b.is_ascii_digit())
            && value != "0"
    };
    let keep = match name {
        "id" => ["fn-", "fnref-"].iter().any(|prefix| value.strip_prefix(prefix).is_some_and(word)),
        "class" => {
            matches!(
                value,
                "align-left"
                    | "align-center"
                    | "align-right"
                    | "footnotes"
                    | "footnote-ref"
                    | "footnote-back"
            ) || value.strip_prefix("language-").is_some_and(word)
        }
        "colspan" | "rowspan" | "start" | "width" | "height" => number(),
        "dir" => matches!(value, "ltr" | "rtl" | "auto"),
        "lang" => value.len() <= 35 && word(value),
        "scope" => matches!(value, "row" | "col" | "rowgroup" | "colgroup"),
        _ => true,
    };
    keep.then_some(Cow::Borrowed(value))
}

/// HTML, cleaned and read back.
pub(super) struct Cleaned {
    pub(super) written: Written,
    /// Whether elements or attributes were dropped.
    pub(super) removed: bool,
}

/// Cleans HTML and reads it back; `base` is where its text starts in `file`.
pub(super) fn clean_body(html: &str, file: &str, base: usize, mode: SlugMode) -> Cleaned {
    let clean = CLEANER.clean(html).to_string();
    let written = body_from_html(&clean, file, base, mode, None);
    Cleaned { written, removed: is_unsafe(html) }
}

/// The report about HTML that was dropped from a file.
pub(super) fn removed_report(file: &SourceFile) -> Diagnostic {
    Diagnostic::new(Code::HtmlRemoved, "HTML that is not allowed in articles was removed")
        .in_file(&file.path)
}

/// Whether cleaning drops more than comments and harmless attributes.
fn is_unsafe(html: &str) -> bool {
    pieces(html).any(|piece| {
        let Piece::Open(name, text) = piece else { return false };
        let name = name.to_ascii_lowercase();
        let harmless = matches!(
            name.as_str(),
            "html" | "head" | "body" | "article" | "main" | "span" | "wbr" | "time"
        );
        !(harmless || TAGS.contains(&name.as_str()))
            || attributes(text).any(|(key, value)| {
                let key = key.to_ascii_lowercase();
                key.starts_with("on")
                    || key == "style"
                    || (matches!(key.as_str(), "href" | "src") && !url::is_safe(&unescape(value)))
            })
    })
}

/// What the head of an HTML file says.
#[derive(Default)]
struct Head {
    title: Option<Found<String>>,
    author: Option<String>,
    date: Option<String>,
    canonical: Option<String>,
}

/// Parses an HTML file.
pub(super) fn parse(
    file: &SourceFile,
    config: &SiteConfig,
    diagnostics: &mut Vec<Diagnostic>,
) -> Draft {
    let text = file.text.get(file.body.clone()).unwrap_or_default();
    let head = read_head(text);
    let content = content(text);
    let inner = text.get(content.clone()).unwrap_or_default();
    let clean = CLEANER.clean(inner).to_string();
    let title =
        file.front.title.as_deref().or(head.title.as_ref().map(|found| found.value.as_str()));
    let base = file.body.start + content.start;
    let Written { body, targets, links } =
        body_from_html(&clean, &file.text, base, config.slug_mode, title);
    if is_unsafe(inner) {
        diagnostics.push(removed_report(file));
    }
    let date = head.date.as_deref().and_then(dates::iso_prefix);
    Draft {
        body,
        targets,
        links,
        title: head.title,
        date: date.map(|date| Found { value: dates::day(date), rule: "date.html" }),
        source: head.canonical.map(|url| Found {
            value: SourceRef { url: Some(url), ..SourceRef::default() },
            rule: "source.canonical",
        }),
        author: head.author.map(|value| Found { value, rule: "author.html" }),
        more: None,
        boilerplate: Vec::new(),
    }
}

/// Reads title, date, author and address; the first of each counts, `h1` before `title`.
fn read_head(html: &str) -> Head {
    let mut head = Head::default();
    let mut heading = None;
    let mut title = None;
    let mut inside: Option<(&str, String)> = None;
    for piece in pieces(html) {
        match piece {
            Piece::Open(name, text) => {
                let wanted =
                    ["title", "h1"].into_iter().find(|wanted| name.eq_ignore_ascii_case(wanted));
                if let Some(wanted) = wanted.filter(|_| inside.is_none()) {
                    inside = Some((wanted, String::new()));
                }
                read_tag(&mut head, &name.to_ascii_lowercase(), text);
            }
            Piece::Text(text) => {
                if let Some((_, found)) = &mut inside {
                    found.push_str(text);
                }
            }
            Piece::Close(name) => {
                if let Some((element, found)) =
                    inside.take_if(|(element, _)| name.eq_ignore_ascii_case(element))
                {
                    let found = unescape(&found).split_whitespace().collect::<Vec<_>>().join(" ");
                    let slot = if element == "h1" { &mut heading } else { &mut title };
                    slot.get_or_insert(found);
                }
            }
        }
    }
    let some = |text: Option<String>, rule| {
        text.filter(|text| !text.is_empty()).map(|value| Found { value, rule })
    };
    head.title = some(heading, "title.heading").or_else(|| some(title, "title.html"));
    head
}

fn read_tag(head: &mut Head, name: &str, text: &str) {
    let get = |wanted: &str| {
        attributes(text)
            .find(|(key, _)| key.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| unescape(value).trim().to_owned())
    };
    match name {
        "meta" => {
            let key =
                get("name").or_else(|| get("property")).unwrap_or_default().to_ascii_lowercase();
            let Some(content) = get("content").filter(|content| !content.is_empty()) else {
                return;
            };
            match key.as_str() {
                "date" | "article:published_time" | "dc.date" => head.date.get_or_insert(content),
                "author" | "dc.creator" => head.author.get_or_insert(content),
                _ => return,
            };
        }
        "time" if head.date.is_none() => head.date = get("datetime"),
        "link" if get("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
            let address = get("href").filter(|href| url::only(href).is_some());
            head.canonical = head.canonical.take().or(address);
        }
        _ => {}
    }
}

/// The range of the article in the file: `article`, else `main`, else `body`, else all.
fn content(html: &str) -> std::ops::Range<usize> {
    let lower = html.to_ascii_lowercase();
    for name in ["article", "main", "body"] {
        let found = lower.match_indices(&format!("<{name}")).find(|(at, tag)| {
            lower
                .as_bytes()
                .get(at + tag.len())
                .is_some_and(|b| b.is_ascii_whitespace() || *b == b'>')
        });
        let Some((start, _)) = found else { continue };
        let Some(inner) = lower[start..].find('>').map(|at| start + at + 1) else { continue };
        let end = lower[inner..].rfind(&format!("</{name}")).map_or(lower.len(), |at| inner + at);
        return inner..end;
    }
    0..html.len()
}
