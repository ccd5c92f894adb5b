//! Writes the site map for search engines (sitemaps.org protocol 0.9).
//!
//! In: absolute addresses. Out: `sitemap.xml`, and above the bounds of the protocol
//! `sitemap-1.xml`, `sitemap-2.xml` and so on, with an index of them at `sitemap.xml`.
//! Cost: O(total length of the addresses).

use super::xml;
use crate::plan::UrlPath;

const SPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
/// An address must be shorter than this, in characters.
const MAX_ADDRESS: usize = 2048;

/// How much a file may hold.
#[derive(Clone, Copy)]
struct Bounds {
    addresses: usize,
    bytes: usize,
}

/// The protocol's own bounds: 50,000 addresses and 50 MiB.
const BOUNDS: Bounds = Bounds { addresses: 50_000, bytes: 50 * 1024 * 1024 };

/// Returns the files of the site map: name and content, `sitemap.xml` first.
///
/// `base` is the absolute address of the site, which the index needs to name its parts. `urls` holds
/// absolute addresses, each with the time of its last change (a W3C date, such as `2024-05-01` or RFC
/// 3339). Addresses of 2,048 characters and more are not allowed by the protocol and left out.
pub(crate) fn sitemap(base: &str, urls: &[(String, Option<String>)]) -> Vec<(String, String)> {
    split(base, urls, BOUNDS)
}

/// Returns the address of part `number` of a site map, from 1.
pub(crate) fn part(number: usize) -> UrlPath {
    UrlPath::file(&part_name(number))
}

fn part_name(number: usize) -> String {
    format!("sitemap-{number}.xml")
}

fn split(base: &str, urls: &[(String, Option<String>)], bounds: Bounds) -> Vec<(String, String)> {
    let open = format!("{HEAD}<urlset xmlns=\"{SPACE}\">\n");
    let close = "</urlset>\n";
    let (mut parts, mut part, mut count) = (Vec::new(), open.clone(), 0);
    for (url, changed) in urls.iter().filter(|(url, _)| url.chars().count() < MAX_ADDRESS) {
        let row = row("url", url, changed.as_deref());
        let is_full = count == bounds.addresses
            || part.len() + row.len() + close.len() > bounds.bytes && count > 0;
        if is_full {
            part.push_str(close);
            parts.push(std::mem::replace(&mut part, open.clone()));
            count = 0;
        }
        part.push_str(&row);
        count += 1;
    }
    part.push_str(close);
    parts.push(part);
    if parts.len() == 1 {
        return parts.into_iter().map(|part| ("sitemap.xml".to_owned(), part)).collect();
    }
    let base = base.strip_suffix('/').unwrap_or(base);
    let mut index = format!("{HEAD}<sitemapindex xmlns=\"{SPACE}\">\n");
    let mut files = Vec::with_capacity(parts.len() + 1);
    for (at, part) in parts.into_iter().enumerate() {
        let name = part_name(at + 1);
        index.push_str(&row("sitemap", &format!("{base}/{name}"), None));
        files.push((name, part));
    }
    index.push_str("</sitemapindex>\n");
    files.insert(0, ("sitemap.xml".to_owned(), index));
    files
}

fn row(element: &str, url: &str, changed: Option<&str>) -> String {
    let url = xml::address(url);
    let changed =
        changed.map(|time| format!("<lastmod>{}</lastmod>", xml::text(time))).unwrap_or_default();
    format!("<{element}><loc>{url}</loc>{changed}</{element}>\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::xml::tests::{kept, read};
    use super::*;

    fn numbered(count: usize) -> Vec<(String, Option<String>)> {
        (0..count).map(|at| (format!("https://example.org/{at}/"), None)).collect()
    }

    fn locations(document: &str) -> Vec<String> {
        let elements = read(document).into_iter();
        elements.filter(|one| one.path.ends_with("/loc")).map(|one| one.text).collect()
    }

    #[test]
    fn one_file_holds_a_small_site() {
        let urls = [
            ("https://example.org/a?b&c".to_owned(), Some("2024-05-01".to_owned())),
            ("https://example.org/d/".to_owned(), None),
        ];
        let files = sitemap("https://example.org", &urls);
        insta::assert_snapshot!(files[0].1, @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <url><loc>https://example.org/a?b&amp;c</loc><lastmod>2024-05-01</lastmod></url>
        <url><loc>https://example.org/d/</loc></url>
        </urlset>
        "#);
        assert_eq!((files.len(), files[0].0.as_str()), (1, "sitemap.xml"));
    }

    #[test]
    fn an_empty_site_has_a_well_formed_map() {
        let files = sitemap("https://example.org", &[]);
        assert_eq!(read(&files[0].1).len(), 1);
    }

    #[test]
    fn more_addresses_than_a_file_may_hold_get_an_index() {
        assert_eq!(sitemap("https://example.org/", &numbered(50_000)).len(), 1);
        let files = sitemap("https://example.org/news/", &numbered(50_001));
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]);
        assert_eq!(
            locations(&files[0].1),
            ["https://example.org/news/sitemap-1.xml", "https://example.org/news/sitemap-2.xml"]
        );
        assert_eq!(locations(&files[1].1).len(), 50_000);
        assert_eq!(locations(&files[2].1), ["https://example.org/50000/"]);
    }

    #[test]
    fn no_file_is_larger_than_allowed_and_no_address_is_lost() {
        let bounds = Bounds { addresses: 1000, bytes: 400 };
        let urls = numbered(100);
        let files = split("https://example.org", &urls, bounds);
        assert!(files.len() > 3);
        assert!(files[1..].iter().all(|(_, part)| part.len() <= bounds.bytes));
        let all: Vec<String> = files[1..].iter().flat_map(|(_, part)| locations(part)).collect();
        assert_eq!(all, urls.into_iter().map(|(url, _)| url).collect::<Vec<_>>());
    }

    #[test]
    fn addresses_that_are_too_long_are_left_out() {
        let long = format!("https://example.org/{}", "ü".repeat(2028));
        let files = sitemap("https://example.org", &[(long, None)]);
        assert_eq!(locations(&files[0].1), [] as [&str; 0]);
    }

    proptest! {
        #[test]
        fn any_address_is_read_back(
            urls in proptest::collection::vec((any::<String>(), any::<Option<String>>()), 0..5),
        ) {
            let files = sitemap("https://example.org/<&>", &urls);
            prop_assume!(urls.iter().all(|(url, _)| !url.contains(crate::plan::MARK)));
            let expected: Vec<String> = urls.iter().map(|(url, _)| kept(url)).collect();
            prop_assert_eq!(locations(&files[0].1), expected);
        }
    }
}
