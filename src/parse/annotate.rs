//! Puts sentence anchors and links into finished HTML, by offsets of the plain text.

use std::borrow::Cow;

use super::body::{Address, Annotation, Body, Run};
use crate::text::TextRange;

/// The order of insertions at one place: what ends there comes before what starts there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    LinkEnd,
    AnchorEnd,
    Marker,
    AnchorStart,
    LinkStart,
    Address,
    Size,
}

/// A piece of markup to insert.
struct Insertion<'a> {
    at: usize,
    rank: Rank,
    text: Cow<'a, str>,
    /// Offset behind what the piece replaces; `at` when it replaces nothing.
    until: usize,
}

impl<'a> Insertion<'a> {
    fn new(at: usize, rank: Rank, text: impl Into<Cow<'a, str>>) -> Self {
        Self { at, rank, text: text.into(), until: at }
    }
}

/// A place of the plain text, found again in the HTML.
#[derive(Clone, Copy, Default)]
struct Place {
    html: usize,
    run: usize,
}

/// Both ends of a range, or nothing when no run lies in it.
type Places = Option<(Place, Place)>;

/// See [`Body::annotate`].
pub(super) fn annotate(body: &Body, annotations: &[Annotation], addresses: &[Address]) -> String {
    let mut order: Vec<usize> = (0..annotations.len()).collect();
    order.sort_by_key(|n| {
        (range_of(&annotations[*n]).start, std::cmp::Reverse(range_of(&annotations[*n]).end))
    });
    let places = locate(body, annotations);
    let mut insertions = Vec::with_capacity(annotations.len() * 2);
    let wrapped = plan_anchors(body, annotations, &order, &places, &mut insertions);
    plan_links(body, annotations, &order, &places, &wrapped, &mut insertions);
    insertions.extend(addresses.iter().map(|one| address(&body.html, one)));
    insertions.extend(addresses.iter().filter_map(|one| size(&body.html, one)));
    // A stable sort: markers at one place keep the order of the text.
    insertions.sort_by_key(|one| (one.at, one.rank));
    splice(&body.html, &insertions)
}

/// Returns what stands in the place of an address. Tags are of our own writing: no `<` or `>` but their own, and all values are quoted.
fn address<'a>(html: &str, one: &'a Address) -> Insertion<'a> {
    let (start, end) = (one.html.0 as usize, one.html.1 as usize);
    if let Some(url) = &one.url {
        return Insertion { until: end, ..Insertion::new(start, Rank::Address, url.as_str()) };
    }
    let (before, behind) =
        (html.get(..start).unwrap_or_default(), html.get(end..).unwrap_or_default());
    let tag = before.rfind('<').unwrap_or(start);
    let (from, until) = if before[tag..].starts_with("<img") {
        (tag, behind.find('>').map_or(end, |at| end + at + 1))
    } else {
        (before.rfind(' ').unwrap_or(start), behind.find('"').map_or(end, |at| end + at + 1))
    };
    Insertion { until, ..Insertion::new(from, Rank::Address, "") }
}

/// Returns the size of a picture, to be put behind its address. Quotes inside of values are escaped, so what looks like an
/// attribute is one.
fn size<'a>(html: &str, one: &Address) -> Option<Insertion<'a>> {
    let (width, height) = one.size.filter(|_| one.url.is_some())?;
    let (start, end) = (one.html.0 as usize, one.html.1 as usize);
    let tag = &html[html.get(..start)?.rfind('<')?..];
    let tag = &tag[..tag.find('>')?];
    let is_given = [" width=\"", " height=\""].iter().any(|attribute| tag.contains(attribute));
    let text = format!(" width=\"{width}\" height=\"{height}\"");
    (tag.starts_with("<img") && !is_given).then(|| Insertion::new(end + 1, Rank::Size, text))
}

fn range_of(annotation: &Annotation) -> TextRange {
    match annotation {
        Annotation::Anchor { range, .. } | Annotation::Link { range, .. } => *range,
    }
}

/// Finds the HTML places of all annotations in one walk over the runs.
fn locate(body: &Body, annotations: &[Annotation]) -> Vec<Places> {
    let mut wanted: Vec<(u32, bool, usize)> = Vec::with_capacity(annotations.len() * 2);
    for (n, annotation) in annotations.iter().enumerate() {
        let range = range_of(annotation);
        wanted.push((range.start, false, n));
        wanted.push((range.end.max(range.start), true, n));
    }
    wanted.sort_unstable();
    let mut found = vec![(None, None); annotations.len()];
    let mut walk = Walk::new(body);
    for (offset, is_end, n) in wanted {
        let slot = &mut found[n];
        if is_end { slot.1 = walk.end(offset) } else { slot.0 = walk.start(offset) }
    }
    found.into_iter().map(|(start, end)| start.zip(end).filter(|(a, b)| a.html <= b.html)).collect()
}

/// A position that moves forward through text and HTML together.
struct Walk<'a> {
    body: &'a Body,
    run: usize,
    text: usize,
    html: usize,
}

impl<'a> Walk<'a> {
    fn new(body: &'a Body) -> Self {
        let mut walk = Self { body, run: 0, text: 0, html: 0 };
        walk.enter(0);
        walk
    }

    fn enter(&mut self, run: usize) {
        self.run = run;
        if let Some(run) = self.body.runs.get(run) {
            self.text = run.text.start as usize;
            self.html = run.html as usize;
        }
    }

    /// The place of the first byte at or behind `offset` that stands in a run.
    fn start(&mut self, offset: u32) -> Option<Place> {
        while self.body.runs.get(self.run)?.text.end <= offset {
            self.enter(self.run + 1);
        }
        self.advance(offset as usize);
        Some(Place { html: self.html, run: self.run })
    }

    /// The place behind the last byte before `offset` that stands in a run.
    fn end(&mut self, offset: u32) -> Option<Place> {
        let runs = &self.body.runs;
        while runs.get(self.run + 1).is_some_and(|next| next.text.start < offset) {
            self.enter(self.run + 1);
        }
        // A start may have moved on to the next run already.
        if runs.get(self.run).is_none_or(|run| run.text.start >= offset) {
            let run = self.run.checked_sub(1)?;
            return Some(Place { html: self.run_end(run), run });
        }
        let last = runs.get(self.run)?.text.end.min(offset);
        self.advance(last as usize);
        Some(Place { html: self.html, run: self.run })
    }

    /// The end of a run in the HTML, found from its start; used at most once per range.
    fn run_end(&self, run: usize) -> usize {
        let mut walk = Walk { body: self.body, run, text: 0, html: 0 };
        walk.enter(run);
        walk.advance(self.body.runs.get(run).map_or(0, |run| run.text.end as usize));
        walk.html
    }

    /// Moves to the text offset `to` inside the run.
    fn advance(&mut self, to: usize) {
        let html = self.body.html.as_bytes();
        while self.text < to && self.html < html.len() {
            if html[self.html] == b'&' {
                let rest = &html[self.html..];
                self.html += rest.iter().position(|b| *b == b';').map_or(1, |at| at + 1);
                let escaped = self.body.text.get(self.text..).and_then(|text| text.chars().next());
                self.text += escaped.map_or(1, char::len_utf8);
            } else {
                self.html += 1;
                self.text += 1;
            }
        }
    }
}

/// Plans the anchors; returns the ranges that a span wraps, in order.
fn plan_anchors<'a>(
    body: &Body,
    annotations: &'a [Annotation],
    order: &[usize],
    places: &[Places],
    out: &mut Vec<Insertion<'a>>,
) -> Vec<(usize, usize)> {
    let mut wrapped: Vec<(usize, usize)> = Vec::new();
    for n in order {
        let Annotation::Anchor { range, id } = &annotations[*n] else { continue };
        let last = wrapped.last().map_or(0, |span| span.1);
        match places[*n] {
            Some((start, end)) if start.html >= last && can_wrap(body, *range, start, end) => {
                wrapped.push((start.html, end.html));
                out.push(Insertion::new(start.html, Rank::AnchorStart, id.as_str()));
                out.push(Insertion::new(end.html, Rank::AnchorEnd, "</span>"));
            }
            Some((start, _)) => {
                out.push(Insertion::new(start.html, Rank::Marker, id.as_str()));
            }
            None => {
                let run = body.runs.iter().rposition(|run| run.text.start <= range.start);
                let at = run.map_or(0, |run| body.runs[run].html as usize);
                out.push(Insertion::new(at, Rank::Marker, id.as_str()));
            }
        }
    }
    wrapped
}

/// Whether a span round the range keeps the HTML valid: between two runs of one
/// element all is balanced, and without a line break there is no block in between.
fn can_wrap(body: &Body, range: TextRange, start: Place, end: Place) -> bool {
    let element = |place: Place| body.runs.get(place.run).map(|run| run.element);
    start.html < end.html
        && element(start) == element(end)
        && !range.slice(&body.text).contains('\n')
}

/// Plans the links that lie in one linkable run and cross no anchor.
fn plan_links<'a>(
    body: &Body,
    annotations: &'a [Annotation],
    order: &[usize],
    places: &[Places],
    wrapped: &[(usize, usize)],
    out: &mut Vec<Insertion<'a>>,
) {
    let mut free_from = 0;
    for n in order {
        let Annotation::Link { range, open } = &annotations[*n] else { continue };
        let Some((start, end)) = places[*n] else { continue };
        let fits = |run: &Run| run.linkable && run.text.contains(*range) && !range.is_empty();
        if start.run != end.run
            || start.html < free_from
            || !body.runs.get(start.run).is_some_and(fits)
        {
            continue;
        }
        let next = wrapped.partition_point(|span| span.1 <= start.html);
        let crosses = wrapped
            .get(next)
            .is_some_and(|span| span.0 < end.html && !(span.0 <= start.html && end.html <= span.1));
        if !crosses {
            free_from = end.html;
            out.push(Insertion::new(start.html, Rank::LinkStart, open.as_str()));
            out.push(Insertion::new(end.html, Rank::LinkEnd, "</a>"));
        }
    }
}

fn splice(html: &str, insertions: &[Insertion<'_>]) -> String {
    let extra: usize = insertions.iter().map(|one| one.text.len() + 24).sum();
    let mut out = String::with_capacity(html.len() + extra);
    let mut from = 0;
    for one in insertions {
        out.push_str(html.get(from..one.at).unwrap_or_default());
        from = one.until.max(from);
        match one.rank {
            Rank::AnchorStart | Rank::Marker => {
                out.push_str("<span id=\"");
                super::writer::escape_into(&mut out, &one.text);
                out.push_str(if one.rank == Rank::Marker {
                    "\" class=\"s\"></span>"
                } else {
                    "\" class=\"s\">"
                });
            }
            Rank::Address => super::writer::escape_into(&mut out, &one.text),
            Rank::AnchorEnd | Rank::LinkEnd | Rank::LinkStart | Rank::Size => {
                out.push_str(&one.text);
            }
        }
    }
    out.push_str(html.get(from..).unwrap_or_default());
    out
}
