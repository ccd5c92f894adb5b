//! Footnotes: numbered by their first reference, written at the end.

use pulldown_cmark::CowStr;

use super::super::body::BlockKind;
use super::Renderer;

/// A footnote: its number and ids.
pub(super) struct Note {
    number: usize,
    id: String,
    back: String,
}

impl<'a> Renderer<'a> {
    /// Writes a reference; the first one to a note settles its number.
    pub(super) fn reference(&mut self, name: &CowStr<'a>) {
        let first = !self.notes.contains_key(name);
        self.number(name);
        let Some(note) = self.notes.get(name) else { return };
        let id = if first { format!(" id=\"{}\"", note.back) } else { String::new() };
        let link = format!(
            "<sup class=\"footnote-ref\"><a{id} href=\"#{}\">{}</a></sup>",
            note.id, note.number
        );
        self.out.raw(&link);
    }

    fn number(&mut self, name: &CowStr<'a>) {
        if !self.notes.contains_key(name) {
            let id = self.out.claim_anchor("fn-", name);
            let back = self.out.claim_anchor("fnref-", name);
            self.note_order.push(name.clone());
            self.notes.insert(name.clone(), Note { number: self.note_order.len(), id, back });
        }
    }

    /// Writes the notes in the order of their first references, those without any last.
    pub(super) fn footnotes(&mut self) {
        if self.definitions.is_empty() {
            return;
        }
        self.out.end_block();
        self.out.open("<div class=\"footnotes\">\n<ol>\n", None);
        let mut rest = std::mem::take(&mut self.definition_order).into_iter();
        let mut referenced = usize::MAX;
        let mut n = 0;
        loop {
            if n == self.note_order.len() {
                referenced = referenced.min(n);
                let Some(next) = rest.find(|name| !self.notes.contains_key(name)) else { break };
                self.number(&next);
            }
            let name = self.note_order[n].clone();
            self.footnote(&name, n < referenced);
            n += 1;
        }
        self.end_block("</ol>\n</div>\n");
    }

    fn footnote(&mut self, name: &CowStr<'a>, referenced: bool) {
        let (id, back) = self
            .notes
            .get(name)
            .map(|note| (note.id.clone(), note.back.clone()))
            .unwrap_or_default();
        self.block(&format!("<li id=\"{id}\">"), Some(BlockKind::Item));
        for (event, range) in self.definitions.remove(name).unwrap_or_default() {
            self.event(event, range);
        }
        self.out.end_block();
        if referenced {
            self.out.raw(&format!(
                "<a class=\"footnote-back\" href=\"#{back}\" aria-label=\"Back\">↩</a>"
            ));
        }
        self.end_block("</li>\n");
    }
}
