//! Bodies as bytes, with their text only once.
//!
//! A body's HTML is its text, escaped, and the markup between the runs; so only
//! the text and that markup are written: about half of the whole. The text comes
//! first, so that a part of it is found without reading the rest.
//!
//! Layout: length of the text (`u32`, little-endian), the text, and in postcard's
//! format the markup, the runs and the blocks.

use super::body::{Block, Body, Run};
use super::writer::{escape_into, escaped_len};

/// Offset of the plain text in a packed body.
pub const TEXT: u32 = 4;

impl Body {
    /// Returns the body as bytes. O(html).
    pub fn pack(&self) -> Vec<u8> {
        let spare = self.html.len().saturating_sub(self.text.len());
        let mut bytes = Vec::with_capacity(self.text.len() + spare + 16 * self.runs.len() + 64);
        bytes.extend(u32::try_from(self.text.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(self.text.as_bytes());
        let mut markup = String::with_capacity(spare);
        let mut at = 0;
        for run in &self.runs {
            markup.push_str(self.html.get(at..run.html as usize).unwrap_or_default());
            at = run.html as usize + escaped_len(run.text.slice(&self.text));
        }
        markup.push_str(self.html.get(at..).unwrap_or_default());
        postcard::to_extend(&(markup, &self.runs, &self.blocks), bytes).unwrap_or_default()
    }

    /// Returns the plain text of the body that was packed; none when the bytes are damaged. O(text).
    pub fn unpack_text(bytes: &[u8]) -> Option<String> {
        Some(split(bytes)?.0.to_owned())
    }

    /// Returns the body that was packed; none when the bytes are damaged. O(html).
    pub fn unpack(bytes: &[u8]) -> Option<Self> {
        let (text, rest) = split(bytes)?;
        let text = text.to_owned();
        let ((mut markup, runs, blocks), rest) =
            postcard::take_from_bytes::<(&str, Vec<Run>, Vec<Block>)>(rest).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let mut html = String::with_capacity(markup.len() + text.len() + text.len() / 32);
        for run in &runs {
            let before = (run.html as usize).checked_sub(html.len())?;
            let (piece, others) = markup.split_at_checked(before)?;
            html.push_str(piece);
            markup = others;
            escape_into(&mut html, text.get(run.text.start as usize..run.text.end as usize)?);
        }
        html.push_str(markup);
        Some(Self { html, text, runs, blocks })
    }
}

/// Parts a packed body into its plain text and what is behind it.
fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
    Some((std::str::from_utf8(text).ok()?, rest))
}
