use proptest::prelude::*;

use super::*;
use crate::config::Encoding;
use crate::files::SitePath;
use crate::plan::{Addresses, Planned, UrlPath, Urls};

/// Returns a plan of redirects and of a style sheet.
fn plan(redirects: &[(UrlPath, UrlPath)]) -> Plan {
    let planned = |url: UrlPath, output| Planned { path: url.output(), url, output };
    let style = planned(UrlPath::file("assets/style.a123abcd.css"), Output::Asset(0));
    let redirects = redirects.iter();
    let redirects = redirects.map(|(from, to)| planned(from.clone(), Output::Redirect(to.clone())));
    Plan {
        issues: Vec::new(),
        outputs: std::iter::once(style).chain(redirects).collect(),
        urls: Urls::default(),
        addresses: Addresses::new(None),
        has_about: false,
        article_links: Vec::new().into(),
        page_links: Vec::new(),
    }
}

fn config(base: Option<&str>, files: &[HostFile]) -> SiteConfig {
    let base_url = base.map(|base| BaseUrl::parse(base).unwrap());
    let mut config = SiteConfig { base_url, ..SiteConfig::default() };
    config.hosting.files = files.to_vec();
    config.hosting.precompress = vec![Encoding::Gzip, Encoding::Brotli];
    config
}

fn old_and_next() -> Plan {
    let list = UrlPath::page("topics/water");
    plan(&[
        (UrlPath::page("topics/water/page/3"), list),
        (UrlPath::page("old/a b"), UrlPath::page("articles/é")),
        (UrlPath::file("old.html"), UrlPath::page("articles/x")),
    ])
}

#[test]
fn old_addresses_are_gone_for_ever_and_next_pages_for_now() {
    let (plan, site) = (old_and_next(), Some("https://example.org/news/"));
    let text = |files: &[HostFile]| host_file(HostOutput::Redirects, &plan, &config(site, files));
    let netlify = "\
/news/old/a%20b/ /news/articles/%C3%A9/ 301!
/news/old.html /news/articles/x/ 301!
/news/topics/water/page/3/ /news/topics/water/ 302!
";
    assert_eq!(text(&[HostFile::Netlify]), netlify);
    // Cloudflare takes `!` for a mistake.
    let unforced = netlify.replace('!', "");
    assert_eq!(text(&[HostFile::Cloudflare]), unforced);
    assert_eq!(text(&[HostFile::Netlify, HostFile::Cloudflare]), unforced);
}

#[test]
fn what_was_removed_is_gone_where_a_host_can_say_so() {
    let urls = ["articles/x", "a b/é", "a\"b", "a$b", "a{b}", "a%b"].map(UrlPath::page);
    let mut plan = plan(&[]);
    plan.outputs.extend(urls.into_iter().enumerate().map(|(number, url)| Planned {
        path: url.output(),
        url,
        output: Output::Page(PageKind::Removed(number)),
    }));
    let settings =
        config(Some("https://example.org/news/"), &[HostFile::Apache, HostFile::Netlify]);
    let text = snippet(Server::Nginx, FOLDER, &plan, &settings).unwrap();
    let lines = |mark: &str| text.lines().filter(|line| line.contains(mark)).collect::<Vec<_>>();
    let expected = "location = \"/news/articles/x/\" { error_page 410 \"/news/articles/x/index.html\"; return 410; }";
    assert_eq!(lines("return 410")[0], expected);
    assert_eq!(lines("return 410").len(), 4, "the others cannot be said: {text}");
    let text = host_file(HostOutput::Apache, &plan, &settings);
    assert!(text.contains("RedirectMatch 410 \"^/news/articles/x/$\""), "{text}");
    assert_eq!(text.matches("RedirectMatch").count(), 3, "{text}");
    let text = snippet(Server::Caddy, FOLDER, &plan, &settings).unwrap();
    assert!(
        text.contains("\thandle \"/news/articles/x/\" {\n\t\trewrite * \"/articles/x/index.html\""),
        "{text}"
    );
    assert_eq!(text.matches("status 410").count(), 3, "{text}");
    assert!(!host_file(HostOutput::Redirects, &plan, &settings).contains("410"));
}

#[test]
fn cloudflare_gets_as_many_redirects_as_it_reads_and_the_lasting_ones_first() {
    let list = UrlPath::home();
    let next = (UrlPath::page("page/2"), list);
    let old = (0..2500).map(|n| (UrlPath::page(&format!("old/{n}")), UrlPath::page("new")));
    let all: Vec<_> = std::iter::once(next).chain(old).collect();
    let lines = |files: &[HostFile]| {
        let text = host_file(HostOutput::Redirects, &plan(&all), &config(None, files));
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(&[HostFile::Netlify]).len(), 2501);
    let read = lines(&[HostFile::Cloudflare]);
    assert_eq!((read.len(), read[0].as_str()), (2000, "/old/0/ /new/ 301"));
}

#[test]
fn headers_are_set_once_for_each_address() {
    let text =
        host_file(HostOutput::Headers, &plan(&[]), &config(Some("/news"), &[HostFile::Netlify]));
    let rules: Vec<&str> = text.lines().filter(|line| !line.starts_with("  ")).collect();
    assert_eq!(rules, ["/news/*", "/news/assets/style.a123abcd.css"]);
    let names = text.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(": "));
    let mut names: Vec<&str> = names.map(|(name, _)| name).collect();
    assert_eq!(names.len(), 6);
    names.dedup();
    assert_eq!(names.len(), 6, "{text}");
    assert!(text.contains("frame-ancestors 'none'") && !text.contains("Strict-Transport"));
    let mut config = config(None, &[HostFile::Netlify]);
    config.hosting.content_security_policy.clear();
    let text = host_file(HostOutput::Headers, &plan(&[]), &config);
    assert!(!text.contains("Content-Security-Policy") && text.contains("nosniff"));
}

#[test]
fn names_that_a_configuration_cannot_hold_are_refused() {
    let plan = plan(&[]);
    for folder in ["/srv/a\"b", "/srv/$x", "/srv/a;b", "/srv/\n", ""] {
        for server in [Server::Nginx, Server::Caddy, Server::Apache] {
            let refused = snippet(server, folder, &plan, &config(None, &[])).unwrap_err();
            assert!(refused.is_usage(), "{folder}");
        }
    }
    let odd = config(Some("/a$b/"), &[]);
    assert!(snippet(Server::Nginx, FOLDER, &plan, &odd).is_err());
    // A file of the site says what it can.
    assert!(!host_file(HostOutput::Apache, &old_and_next(), &odd).contains("RedirectMatch"));
    let headers = host_file(HostOutput::Headers, &plan, &odd);
    assert!(headers.starts_with("/a%24b/*\n"), "{headers}");
}

#[test]
fn compressed_files_are_smaller_and_the_same_anywhere() {
    let text = "All work and no play. ".repeat(200);
    for encoding in [Encoding::Gzip, Encoding::Brotli] {
        let made = compress(encoding, text.as_bytes()).unwrap();
        assert_eq!(Some(&made), compress(encoding, text.as_bytes()).as_ref());
        assert!(made.len() * 10 < text.len(), "{encoding:?}: {}", made.len());
        assert_eq!(compress(encoding, b"x"), None);
        let mut read = Vec::new();
        match encoding {
            Encoding::Gzip => {
                // No flags, so no name; no time; a system that nobody knows.
                assert_eq!(made[3..8], [0; 5]);
                assert_eq!(made[9], 255);
                let mut decoder = flate2::read::GzDecoder::new(made.as_slice());
                std::io::Read::read_to_end(&mut decoder, &mut read).unwrap();
            }
            Encoding::Brotli => {
                brotli::BrotliDecompress(&mut made.as_slice(), &mut read).unwrap();
            }
        }
        assert_eq!(read, text.as_bytes());
    }
    let path = |text: &str| SitePath::parse(text).unwrap();
    assert!(is_worth_while(&path("a.html"), 1024) && !is_worth_while(&path("a.html"), 1023));
    assert!(!is_worth_while(&path("a.png"), 5000) && !is_worth_while(&path("a.csv"), 1 << 40));
}

#[test]
fn what_a_host_cannot_hold_is_reported() {
    let codes = |host, files, bytes, largest| {
        let totals = Totals { files, bytes, largest: Some((largest, "a.zip".to_owned())) };
        limits(host, &totals).into_iter().map(|report| report.message).collect::<Vec<_>>()
    };
    assert!(codes(Host::GitHubPages, 1_000_000, 1_000_000_000, 1_000_000_000).is_empty());
    let over = codes(Host::GitHubPages, 1, 1_000_000_001, 1);
    assert_eq!(over, ["the site has 1001 MB, and GitHub Pages holds 1000 MB"]);
    assert!(codes(Host::CloudflarePages, 20_000, 1 << 40, 25 << 20).is_empty());
    assert_eq!(codes(Host::CloudflarePages, 20_001, 1, (25 << 20) + 1).len(), 2);
    assert_eq!(codes(Host::GitLabPages, 200_001, 1, 1).len(), 1);
}

#[test]
fn the_settings_tell_which_hosts_a_site_is_for() {
    let of = |base, files: &[HostFile]| Host::of(&config(base, files));
    assert_eq!(of(None, &[HostFile::Netlify]), []);
    assert_eq!(of(Some("https://you.GitHub.io/x/"), &[]), [Host::GitHubPages]);
    assert_eq!(of(Some("https://github.io.example.org/"), &[]), []);
    assert_eq!(of(Some("https://you.gitlab.io/"), &[]), [Host::GitLabPages]);
    assert_eq!(of(None, &[HostFile::Cloudflare]), [Host::CloudflarePages]);
}

#[test]
fn totals_do_not_depend_on_the_order() {
    let count = |files: &[(&str, u64)]| {
        let mut totals = Totals::default();
        for (path, size) in files {
            totals.add(path, *size);
        }
        totals
    };
    let all = count(&[("a", 3), ("b", 5), ("c", 5)]);
    assert_eq!(all.largest, Some((5, "b".to_owned())));
    let mut parts = count(&[("c", 5)]);
    parts.merge(&count(&[("b", 5), ("a", 3)]));
    assert_eq!(parts, all);
}

/// Reads a quoted word, and returns it with what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let rest = text.strip_prefix('"')?;
    let mut word = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((word, &rest[at + 1..])),
            '\\' => word.push(chars.next()?.1),
            c => word.push(c),
        }
    }
    None
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            let digits = std::str::from_utf8(&digits).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Characters that mean something somewhere, and a few that do not.
const HOSTILE: &str = "[-a-c \"'$%&*+,.:;<=>?@#!^_`{|}()\\[\\]~é漢/]{1,24}";

proptest! {
    #[test]
    fn each_line_is_well_formed_whatever_the_names(
        names in prop::collection::vec((HOSTILE, HOSTILE), 1..6),
        base in prop::sample::select(vec!["/", "/news/", "https://example.org/a.b/"]),
    ) {
        let pairs: Vec<(UrlPath, UrlPath)> =
            names.iter().map(|(from, to)| (UrlPath::page(from), UrlPath::page(to))).collect();
        let plan = plan(&pairs);
        let usable: Vec<(String, String)> = pairs
            .iter()
            .filter(|(from, _)| from.output().is_some())
            .map(|(from, to)| (from.as_str().to_owned(), to.as_str().to_owned()))
            .collect();
        let base_path = BaseUrl::parse(base).unwrap().path().to_owned();
        let is_known = |from: &str, to: &str| {
            let below = |path: &str| path.strip_prefix(base_path.as_str()).map(str::to_owned);
            below(from).zip(below(to)).is_some_and(|pair| usable.contains(&pair))
        };

        let settings = config(Some(base), &[HostFile::Netlify]);
        let text = host_file(HostOutput::Redirects, &plan, &settings);
        prop_assert_eq!(text.lines().count(), usable.len());
        for line in text.lines() {
            let fields: Vec<&str> = line.split(' ').collect();
            prop_assert!(matches!(fields[..], [_, _, "301!" | "302!"]), "{}", line);
            prop_assert!(line.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '));
            prop_assert!(!line.contains(['*', ':', '?', '#']), "{}", line);
            prop_assert!(is_known(&decoded(fields[0]), &decoded(fields[1])), "{}", line);
        }

        let text = snippet(Server::Nginx, FOLDER, &plan, &settings).unwrap();
        for line in text.lines().filter(|line| line.starts_with("location = ")) {
            let (from, rest) = quoted(line.strip_prefix("location = ").unwrap()).unwrap();
            let rest = rest.strip_prefix(" { return 30").unwrap();
            let (to, end) = quoted(&rest[2..]).unwrap();
            prop_assert_eq!(end, "; }");
            if let Some(to) = to.strip_suffix("$is_args$args") {
                prop_assert!(to.is_ascii() && !to.contains('$'), "{}", line);
                prop_assert!(is_known(&from, &decoded(to)), "{}", line);
            } else {
                prop_assert_eq!(&to, &base_path);
            }
        }

        let text = snippet(Server::Caddy, FOLDER, &plan, &settings).unwrap();
        for line in text.lines().filter(|line| line.starts_with("\tredir \"")) {
            let (from, rest) = quoted(line.strip_prefix("\tredir ").unwrap()).unwrap();
            let (to, end) = quoted(rest.strip_prefix(' ').unwrap()).unwrap();
            prop_assert!(matches!(end, " 301" | " 302"), "{}", line);
            prop_assert!(!from.contains(['*', '{', '%']) && !to.contains('{'), "{}", line);
            prop_assert!(is_known(&from, &decoded(&to)), "{}", line);
        }

        let text = host_file(HostOutput::Apache, &plan, &settings);
        for line in text.lines().filter(|line| line.contains("RedirectMatch")) {
            let (_, rest) = line.split_once(" 30").unwrap();
            let rest = &rest[2..];
            // The pattern matches its own address: a backslash, which Apache leaves to the pattern, and a character.
            let end = rest[1..].find("$\" \"").unwrap();
            let pattern = rest[1..=end].strip_prefix('^').unwrap().replace('\\', "");
            let (to, end) = quoted(&rest[end + 4..]).unwrap();
            prop_assert_eq!(end, "");
            prop_assert!(!to.contains(['$', '%', '?', '#']), "{}", line);
            prop_assert!(is_known(&pattern, &to), "{}", line);
        }
    }
}
