//! What a file of the finished site is to those who fetch it: its media type, and how long they may keep it.
//!
//! The preview, the files for hosts and the publisher say the same, because they ask here.

use super::SitePath;

/// A file that never changes under its name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// A file that may change with the next build. Asking again costs little when it has not: the answer is short then.
const ASK_AGAIN: &str = "public, max-age=0, must-revalidate";

/// Returns the value of `Cache-Control` for an output, by its path below the output folder.
///
/// The theme's files have a fingerprint in their names, so they may be kept for a year. Everything else keeps its address
/// when it changes, and a reader may have it only as long as the server says that it is the same.
///
/// # Examples
/// ```
/// use pressmark::files::{SitePath, cache_control};
/// let of = |path: &str| cache_control(&SitePath::parse(path).unwrap());
/// assert_eq!(of("assets/style.a123abcd.css"), "public, max-age=31536000, immutable");
/// assert_eq!(of("index.html"), "public, max-age=0, must-revalidate");
/// ```
pub fn cache_control(path: &SitePath) -> &'static str {
    let name = path.as_str().strip_prefix("assets/").unwrap_or_default();
    let name = [".gz", ".br"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let is_ending =
        |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match name.rsplit_once('.') {
        Some((rest, end)) if is_ending(end) && ends_with_print(rest) => FOR_EVER,
        _ => ASK_AGAIN,
    }
}

/// Returns whether a name without its extension ends with a fingerprint: a letter and seven more hexadecimal digits.
/// A date has no letter.
fn ends_with_print(name: &str) -> bool {
    let print = name.rsplit_once('.').map_or("", |(_, print)| print);
    let is_letter = |byte: u8| (b'a'..=b'f').contains(&byte);
    print.len() == 8
        && is_letter(print.as_bytes()[0])
        && print.bytes().all(|byte| byte.is_ascii_digit() || is_letter(byte))
}

/// Returns the media type of an output, with `charset=utf-8` where it is text.
pub fn media_type(path: &SitePath) -> String {
    let name = path.file_name();
    for (feed, media) in [("feed.xml", "application/atom+xml"), ("rss.xml", "application/rss+xml")]
    {
        if name.ends_with(feed) {
            return format!("{media}; charset=utf-8");
        }
    }
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let is_text = guess.type_() == "text"
        || matches!(
            guess.subtype().as_str(),
            "json" | "javascript" | "xml" | "svg" | "manifest+json"
        );
    if is_text { format!("{guess}; charset=utf-8") } else { guess.to_string() }
}

/// Returns whether compression makes a file of this kind smaller: text, and what is like it. Images, sound and
/// most fonts are compressed already.
pub fn is_compressible(path: &SitePath) -> bool {
    let media = media_type(path);
    let media = media.split(';').next().unwrap_or_default();
    media.starts_with("text/")
        || media.ends_with("+xml")
        || media.ends_with("+json")
        || matches!(
            media,
            "application/json"
                | "application/javascript"
                | "application/xml"
                | "application/wasm"
                | "application/rtf"
                | "font/ttf"
                | "font/otf"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> SitePath {
        SitePath::parse(text).unwrap()
    }

    #[test]
    fn media_types_are_those_of_hosts() {
        let of = |text: &str| media_type(&path(text));
        assert_eq!(of("a/index.html"), "text/html; charset=utf-8");
        assert_eq!(of("a/index.json"), "application/json; charset=utf-8");
        assert_eq!(of("feed.xml"), "application/atom+xml; charset=utf-8");
        assert_eq!(of("rss.xml"), "application/rss+xml; charset=utf-8");
        assert_eq!(of("sitemap.xml"), "text/xml; charset=utf-8");
        assert_eq!(of("x.svg"), "image/svg+xml; charset=utf-8");
        assert_eq!(
            (of("x.png").as_str(), of("x").as_str()),
            ("image/png", "application/octet-stream")
        );
    }

    #[test]
    fn only_names_with_a_fingerprint_are_kept_without_asking() {
        for text in ["assets/style.a0ff00ff.css", "assets/style.a0ff00ff.css.gz"] {
            assert_eq!(cache_control(&path(text)), FOR_EVER, "{text}");
        }
        for text in [
            "index.html",
            "feed.xml",
            "assets/style.css",
            "assets/style.a0ff00f.css",
            "assets/style.A0FF00FF.css",
            "style.a0ff00ff.css",
            "a/assets/style.a0ff00ff.css",
            "assets/style.a0ff00ff.css.html",
            "assets/photo.20240506.jpg",
        ] {
            assert_eq!(cache_control(&path(text)), ASK_AGAIN, "{text}");
        }
    }

    #[test]
    fn text_is_worth_compressing_and_images_are_not() {
        for text in ["index.html", "a.css", "feed.xml", "a.json", "a.svg", "a.js", "a.txt", "a.ttf"]
        {
            assert!(is_compressible(&path(text)), "{text}");
        }
        for text in ["a.png", "a.jpg", "a.woff2", "a.zip", "a.html.gz", "a.html.br", "a"] {
            assert!(!is_compressible(&path(text)), "{text}");
        }
    }
}
