//! Bytes to code points, and back.

use crate::text::TextRange;

/// Bytes between two marks.
const STEP: usize = 64;

/// Counts the code points of a text.
#[derive(Debug)]
pub(super) struct CodePoints<'t> {
    text: &'t str,
    /// Code points before each [`STEP`]th byte; none when all are one byte long.
    marks: Option<Vec<usize>>,
}

impl<'t> CodePoints<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let marks = (!text.is_ascii()).then(|| {
            let mut count = 0;
            let chunks = text.as_bytes().chunks(STEP);
            chunks
                .map(|chunk| {
                    let before = count;
                    count += starts(chunk);
                    before
                })
                .collect()
        });
        Self { text, marks }
    }

    /// Returns the number of code points before a byte.
    pub(super) fn at(&self, byte: usize) -> usize {
        let Some(marks) = &self.marks else { return byte };
        let chunk = (byte / STEP).min(marks.len().saturating_sub(1));
        marks
            .get(chunk)
            .map_or(0, |before| before + starts(&self.text.as_bytes()[chunk * STEP..byte]))
    }

    pub(super) fn range(&self, range: TextRange) -> [usize; 2] {
        [self.at(range.start as usize), self.at(range.end as usize)]
    }

    /// Returns the byte at which a code point begins; the end when there are fewer.
    pub(super) fn byte(&self, point: usize) -> usize {
        let Some(marks) = &self.marks else { return point.min(self.text.len()) };
        let chunk = marks.partition_point(|before| *before <= point).saturating_sub(1);
        let mut left = point - marks.get(chunk).copied().unwrap_or_default();
        let bytes = self.text.as_bytes();
        let mut byte = chunk * STEP;
        while byte < bytes.len() {
            if is_start(bytes[byte]) {
                if left == 0 {
                    break;
                }
                left -= 1;
            }
            byte += 1;
        }
        byte
    }
}

fn is_start(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| is_start(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_code_points_go_together() {
        for text in [
            "",
            "plain",
            "déjà vu, «naïve» – 東京 and so on, until the text is longer than a step: ہے اور نہیں",
        ] {
            let points = CodePoints::new(text);
            for (count, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!((points.at(byte), points.byte(count)), (count, byte), "{text}");
            }
            let all = text.chars().count();
            assert_eq!(
                (points.at(text.len()), points.byte(all), points.byte(all + 9)),
                (all, text.len(), text.len())
            );
        }
    }
}
