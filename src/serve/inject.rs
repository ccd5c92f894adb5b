//! Adds the script of the preview to pages.

use crate::plan::view::escape;

/// Where the preview's own pages are, below the root of the machine.
pub(super) const TOOLS: &str = "/__pressmark/";

/// What the script has to know.
pub(super) struct Script<'a> {
    /// The word that lets a page have decisions written.
    pub(super) token: &'a str,
    /// The state that the page shows.
    pub(super) generation: u64,
}

impl Script<'_> {
    /// Returns the page with the script at its end.
    pub(super) fn add(&self, page: &[u8]) -> Vec<u8> {
        let tag = format!(
            "<script src=\"{TOOLS}client.js\" data-token=\"{}\" data-generation=\"{}\" defer></script>\n",
            self.token, self.generation
        );
        let at = memchr::memmem::rfind(page, b"</body>").unwrap_or(page.len());
        [&page[..at], tag.as_bytes(), &page[at..]].concat()
    }
}

/// Returns a page of the preview itself, for where there is none of the site.
pub(super) fn bare_page(title: &str, text: &str) -> Vec<u8> {
    let (title, text) = (escape(title), escape(text));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n<pre>{text}</pre>\n</main>\n</body>\n</html>\n"
    )
    .into_bytes()
}
