//! How large a picture is, by the first bytes of its file.
//!
//! Browsers leave room for a picture whose size they know before it is there, so that nothing moves while a page loads.

use super::{Files, SitePath, media_type};

/// Bytes that are read of a picture, one number after the other: cameras put previews before the size.
const HEADS: [usize; 3] = [1 << 12, 1 << 16, 1 << 20];

/// No picture of a page is larger than this on a side; a file that says so is damaged.
const MOST: usize = 100_000;

/// Returns width and height of a picture in pixels, as browsers show it; none when the file is no picture whose size is known.
pub fn picture_size(files: &dyn Files, path: &SitePath) -> Option<(u32, u32)> {
    let media = media_type(path);
    if !media.starts_with("image/") {
        return None;
    }
    let is_drawing = media.starts_with("image/svg+xml");
    for most in HEADS {
        let head = files.head(path, most).ok()?;
        let found = if is_drawing { of_svg(&head) } else { of_pixels(&head) };
        if found.is_some() || head.len() < most {
            return found;
        }
    }
    None
}

fn of_pixels(head: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(head).ok()?;
    let is_real = |side: usize| (1..=MOST).contains(&side);
    if !is_real(size.width) || !is_real(size.height) {
        return None;
    }
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    Some(if is_turned(head) { (height, width) } else { (width, height) })
}

/// Returns whether a camera was held upright while it wrote its lines across (EXIF, orientation 5 to 8); browsers turn such
/// a picture.
fn is_turned(head: &[u8]) -> bool {
    orientation(head).is_some_and(|orientation| (5..=8).contains(&orientation))
}

/// Reads the orientation from the EXIF segment of a JPEG file (EXIF 2.3, 4.6).
fn orientation(head: &[u8]) -> Option<u16> {
    const MARK: &[u8] = b"Exif\0\0";
    if !head.starts_with(b"\xff\xd8") {
        return None;
    }
    let tiff = head.get(memchr::memmem::find(head, MARK)? + MARK.len()..)?;
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let four = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk::<4>()?;
        Some(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let first = usize::try_from(four(4)?).ok()?;
    let entries = usize::from(two(first)?);
    let mut fields = (0..entries).map(|n| first + 2 + 12 * n);
    let field = fields.find(|at| two(*at) == Some(0x0112))?;
    two(field + 8)
}

/// Reads `width` and `height` of a drawing, or the sides of its `viewBox` where it has none.
fn of_svg(head: &[u8]) -> Option<(u32, u32)> {
    // A head may end inside a character.
    let text = String::from_utf8_lossy(head);
    let start = text.match_indices("<svg").map(|(at, name)| at + name.len());
    let mut starts = start.filter(|at| text[*at..].starts_with(|c: char| c.is_whitespace()));
    let inside = &text[starts.next()?..];
    let inside = &inside[..inside.find('>')?];
    let value = |name: &str| {
        let found = inside.match_indices(name).find_map(|(at, _)| {
            let is_whole = inside[..at].ends_with(|c: char| c.is_whitespace());
            let rest = inside[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
            let quote = rest.chars().next().filter(|c| is_whole && matches!(c, '"' | '\''))?;
            rest[1..].split(quote).next()
        });
        found.map(str::trim)
    };
    let pixels = |text: &str| side(text.strip_suffix("px").unwrap_or(text));
    let given = value("width").and_then(pixels).zip(value("height").and_then(pixels));
    given.or_else(|| {
        let numbers = value("viewBox")?.split(|c: char| c.is_whitespace() || c == ',');
        let sides: Vec<&str> = numbers.filter(|part| !part.is_empty()).skip(2).collect();
        match sides.as_slice() {
            [width, height] => side(width).zip(side(height)),
            _ => None,
        }
    })
}

/// Reads a length in pixels, rounded; percentages and other units are none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the number was just seen to fit"
)]
fn side(text: &str) -> Option<u32> {
    let number: f64 = text.parse().ok()?;
    (number >= 0.5 && number <= MOST as f64).then(|| number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::MemFiles;

    fn size(name: &str, bytes: &[u8]) -> Option<(u32, u32)> {
        let path = SitePath::parse(name).unwrap();
        let mut files = MemFiles::new();
        files.insert(path.clone(), bytes);
        picture_size(&files, &path)
    }

    /// Returns the beginning of a JPEG file of 640 by 480 points, whose camera was held in some way; `before` bytes of a
    /// preview stand in front of the size.
    fn jpeg(orientation: u16, before: usize) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x0f\0\x03\0\0\0\x01\0\0\0\0\x01\x12\0\x03\0\0\0\x01".to_vec();
        exif.extend(orientation.to_be_bytes());
        exif.extend([0; 6]);
        let mut out = b"\xff\xd8\xff\xe1".to_vec();
        out.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        out.extend(exif);
        for _ in 0..before / 60_000 {
            out.extend(b"\xff\xe2");
            out.extend(60_002_u16.to_be_bytes());
            out.extend(vec![0; 60_000]);
        }
        out.extend(b"\xff\xc0\0\x11\x08\x01\xe0\x02\x80\x03");
        out.extend([0; 64]);
        out
    }

    #[test]
    fn pictures_tell_their_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0";
        let gif = b"GIF89a\x80\x02\xe0\x01\0\0\0";
        let webp = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0\0\0\0\0";
        for (name, bytes) in [("a.png", png.as_slice()), ("a.gif", gif), ("a.webp", webp)] {
            assert_eq!(size(name, bytes), Some((640, 480)), "{name}");
        }
        assert_eq!(size("a.jpg", &jpeg(1, 0)), Some((640, 480)));
        assert_eq!(size("a.jpg", &jpeg(6, 0)), Some((480, 640)), "browsers turn it");
        assert_eq!(size("a.jpeg", &jpeg(3, 240_000)), Some((640, 480)), "behind a preview");
        // What it is called does not matter among pictures; a text is none.
        assert_eq!(size("a.jpg", png), Some((640, 480)));
        assert_eq!(size("a.txt", png), None);
        assert_eq!(size("a.png", b"\x89PNG\r\n"), None);
        assert_eq!(size("a.png", b""), None);
    }

    #[test]
    fn drawings_tell_their_size_or_its_proportions() {
        for (head, expected) in [
            ("<svg viewBox=\"0 0 64 32\">", Some((64, 32))),
            (
                "<?xml version='1.0'?>\n<!-- x -->\n<svg\n xmlns='s' viewBox='-1,-1, 10.4 , 20.5'>",
                Some((10, 21)),
            ),
            ("<svg width=\"120px\" height='80' viewBox=\"0 0 3 2\">", Some((120, 80))),
            ("<svg width=\"100%\" height=\"50%\" viewBox=\"0 0 3 2\">", Some((3, 2))),
            ("<svg stroke-width=\"9\" height=\"8\">", None),
            ("<svg width=\"1e9\" height=\"1\">", None),
            ("<svg viewBox=\"0 0 64\">", None),
            ("<svgs viewBox=\"0 0 64 32\">", None),
            ("<svg viewBox=\"0 0 64 32\"", None),
        ] {
            assert_eq!(size("a.svg", head.as_bytes()), expected, "{head}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_file_stops_the_program(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            for (name, start) in [
                ("a.jpg", b"\xff\xd8\xff\xe1\0\x20Exif\0\0II*\0".as_slice()),
                ("a.avif", b"\0\0\0\x1cftypavif"),
                ("a.webp", b"RIFF\0\0\0\0WEBP"),
                ("a.svg", b"<svg "),
                ("a.png", b""),
            ] {
                let whole = [start, bytes.as_slice()].concat();
                if let Some((width, height)) = size(name, &whole) {
                    proptest::prop_assert!(width > 0 && height > 0);
                }
            }
        }
    }
}
