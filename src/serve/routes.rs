//! Which output an address stands for, as on the static hosts that people use.
//!
//! A folder's address ends with `/` and shows its `index.html`; without the `/` its visitor is sent there. `/x` shows `x.html`
//! where there is neither. Anything else is missing, and `404.html` says so.

use percent_encoding::percent_decode_str;

use crate::files::SitePath;

/// What an address stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// An output.
    Output(SitePath),
    /// Another address, as a path.
    Elsewhere(String),
    /// Nothing.
    Missing,
}

/// Returns what the path of an address stands for, in a site that is served under `base`.
pub(super) fn route(path: &str, base: &str, has: &dyn Fn(&SitePath) -> bool) -> Route {
    let Some(below) = path.strip_prefix(base) else {
        // `/digest` for `/digest/`, and the root of the machine, where nothing else is.
        let is_base = path == "/" || format!("{path}/") == base;
        return if is_base { Route::Elsewhere(base.to_owned()) } else { Route::Missing };
    };
    let Ok(name) = percent_decode_str(below).decode_utf8() else { return Route::Missing };
    let output = |name: &str| SitePath::parse(name).filter(|path| has(path));
    if name.is_empty() || name.ends_with('/') {
        let index = format!("{name}index.html");
        return output(&index).map_or(Route::Missing, Route::Output);
    }
    if let Some(path) = output(&name) {
        return Route::Output(path);
    }
    if output(&format!("{name}/index.html")).is_some() {
        return Route::Elsewhere(format!("{path}/"));
    }
    output(&format!("{name}.html")).map_or(Route::Missing, Route::Output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str, base: &str) -> Route {
        let all = ["index.html", "a/index.html", "b.html", "c.css", "é/index.html", "404.html"];
        route(path, base, &|path| all.contains(&path.as_str()))
    }

    fn output(path: &str) -> Route {
        Route::Output(SitePath::parse(path).unwrap())
    }

    #[test]
    fn addresses_are_read_as_on_static_hosts() {
        for (path, route) in [
            ("/", output("index.html")),
            ("/index.html", output("index.html")),
            ("/a/", output("a/index.html")),
            ("/a", Route::Elsewhere("/a/".to_owned())),
            ("/b", output("b.html")),
            ("/c.css", output("c.css")),
            ("/%C3%A9/", output("é/index.html")),
            ("/%C3%A9", Route::Elsewhere("/%C3%A9/".to_owned())),
            ("/c.css/", Route::Missing),
            ("/d", Route::Missing),
        ] {
            assert_eq!(at(path, "/"), route, "{path}");
        }
        assert_eq!(at("/news/a/", "/news/"), output("a/index.html"));
        assert_eq!(at("/news/", "/news/"), output("index.html"));
        for path in ["/", "/news"] {
            assert_eq!(at(path, "/news/"), Route::Elsewhere("/news/".to_owned()));
        }
        assert_eq!(at("/newsletter/", "/news/"), Route::Missing);
    }

    #[test]
    fn no_address_leads_out_of_the_site() {
        for path in [
            "/../c.css",
            "/a/../c.css",
            "/%2e%2e/c.css",
            "//c.css",
            "/a//",
            "/%ff",
            "/%00",
            "/a/%2e%2e/c.css",
            "/..%2fc.css",
            "/a\\..\\c.css",
            "c.css",
        ] {
            assert_eq!(at(path, "/"), Route::Missing, "{path}");
        }
    }
}
