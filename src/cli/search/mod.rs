//! `pressmark search`: what a reader of the built site would find.

mod args;

use std::path::Path;

use pressmark::diag::Error;
use pressmark::files::SitePath;
use pressmark::search::{Failure as Unsearchable, Found, Results, search};
use serde_json::json;

pub(super) use self::args::SearchArgs;
use super::term::{one_line, safe_json};
use super::{Failure, Outcome, Session, site};

/// Prints what is found, best first.
pub(super) fn run(args: &SearchArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let folder = if let Some(folder) = &args.site {
        folder.clone()
    } else {
        site::require(&session.root)?;
        let output = site::settings(&session.root)?.map(|config| config.output_dir);
        session.root.join(output.unwrap_or_else(|_| "public".to_owned()))
    };
    let open = |path: &str| read(&folder, path);
    let results = search(&args.query.join(" "), args.limit, &open);
    let results = results.map_err(|failure| unsearchable(&failure))?;
    let text = if args.json { as_json(&results) } else { as_lines(&results) };
    session.out.write(text.as_bytes())?;
    Ok(if results.found.is_empty() { Outcome::Flawed } else { Outcome::Clean })
}

/// Reads a file below a folder; a name in an index that leads elsewhere is nobody's.
fn read(folder: &Path, path: &str) -> Option<Vec<u8>> {
    std::fs::read(SitePath::parse(path)?.on_disk(folder)).ok()
}

fn unsearchable(failure: &Unsearchable) -> Error {
    let help = match failure {
        Unsearchable::Missing(_) => {
            "build the site first, or name its folder with `--site`; `[search] enabled = false` makes no index"
        }
        Unsearchable::Damaged | Unsearchable::Version => "build the site anew",
    };
    Error::remote(failure.to_string()).help(help)
}

fn as_lines(results: &Results) -> String {
    let line = |found: &Found| {
        let Found { url, title, kind, date, detail, .. } = found;
        let date = if date.is_empty() { "-" } else { date };
        [kind, date, url, title, detail].map(one_line_of).join("\t").trim_end().to_owned() + "\n"
    };
    results.found.iter().map(line).collect()
}

fn one_line_of(text: impl AsRef<str>) -> String {
    one_line(text.as_ref())
}

fn as_json(results: &Results) -> String {
    let row = |found: &Found| {
        let Found { url, title, kind, date, detail, score } = found;
        json!({ "url": url, "title": title, "score": score, "kind": kind, "date": date, "detail": detail })
    };
    let rows: Vec<_> = results.found.iter().map(row).collect();
    safe_json(&format!("{:#}\n", json!({ "total": results.total, "results": rows })))
}
