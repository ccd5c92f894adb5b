//! The body of an article: HTML, plain text, and the map between them.

use serde::{Deserialize, Serialize};

use super::annotate;
use crate::text::TextRange;

/// A stretch of text that stands unbroken in the HTML (one text node, or part of one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Offset of its first byte in the HTML.
    pub html: u32,
    /// Its range in the plain text.
    pub text: TextRange,
    /// Offset of its first byte in the file.
    pub source: u32,
    /// Number of the innermost element it stands in; runs of the same element share it.
    pub element: u32,
    /// Whether an entity link may stand in it: not in a link, heading or code.
    pub linkable: bool,
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BlockKind {
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading,
    /// An item of a list (its own text).
    Item,
    /// A paragraph inside a quotation.
    Quote,
    /// A table cell.
    Cell,
    /// Code; not analysed.
    Code,
}

/// A block of the plain text. Blocks do not overlap, and are parted by `\n` in the plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its range in the plain text.
    pub text: TextRange,
    /// Number of the section it is in: 0 before the first heading, then counted up.
    pub section: u32,
}

/// A heading with its anchor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 2 to 6: the body's headings start below the page's title.
    pub level: u8,
    /// The anchor's id, unique in the body.
    pub id: String,
    /// The text.
    pub text: String,
}

/// The text of an article or page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Clean HTML.
    pub html: String,
    /// Plain text; blocks parted by one `\n`.
    pub text: String,
    /// The map between the two, in order; runs do not overlap.
    pub runs: Vec<Run>,
    /// The blocks, in order.
    pub blocks: Vec<Block>,
}

/// What of a body can be pointed at by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Targets {
    /// The headings, in order.
    pub headings: Vec<Heading>,
    /// Other ids that the HTML defines (footnotes, the writer's own anchors).
    pub anchors: Vec<String>,
}

impl Targets {
    /// Returns whether the HTML defines an id.
    pub fn has(&self, id: &str) -> bool {
        self.headings.iter().any(|heading| heading.id == id)
            || self.anchors.iter().any(|anchor| anchor == id)
    }
}

/// Something to put into the HTML at a place of the plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Annotation {
    /// `<span id="ID" class="s">...</span>` round the range (an empty one before it when the range
    /// crosses an element's border).
    Anchor {
        /// The range of a sentence.
        range: TextRange,
        /// The id, such as `s12`.
        id: String,
    },
    /// An opening tag, given whole, and `</a>` round the range; only where the range lies in one linkable run.
    Link {
        /// The range of a mention.
        range: TextRange,
        /// The opening tag, such as `<a class="entity" href="...">`.
        open: String,
    },
}

/// A new address for a link or image, or none at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Byte range of the old one in [`Body::html`]; see [`LinkRef::html`](super::LinkRef::html).
    pub html: (u32, u32),
    /// The new one, not escaped; none where no address may stand: a link is plain text then, and a picture goes.
    pub url: Option<String>,
    /// Width and height of a picture of the site, in pixels; put in where the writer gave neither.
    pub size: Option<(u32, u32)>,
}

impl Body {
    /// Returns the HTML with the annotations put in and the addresses replaced.
    ///
    /// Annotations that do not fit (a link that crosses elements, or stands in a
    /// heading, link or code; overlapping links) are left out; anchors always
    /// get their id somewhere. O(html + annotations), besides sorting the latter.
    pub fn annotate(&self, annotations: &[Annotation], addresses: &[Address]) -> String {
        annotate::annotate(self, annotations, addresses)
    }
}
