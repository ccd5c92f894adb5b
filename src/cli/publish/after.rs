//! The program that runs after something was published, such as one that empties a CDN's cache.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use pressmark::diag::Error;
use pressmark::files::SitePath;
use pressmark::publish::Plan;
use pressmark::write::MANIFEST;

/// Returns what readers may have in their caches: paths of files that were changed or removed, and with them the list of files.
pub(super) fn paths(plan: &Plan) -> Vec<SitePath> {
    let lists = [&plan.changed, &plan.removed, &plan.replaced, &plan.pruned];
    let mut paths: Vec<SitePath> = lists.into_iter().flatten().cloned().collect();
    // Whoever holds the site against an old list would find all of it wrong.
    let was_published = plan.unchanged + plan.changed.len() + plan.removed.len() > 0;
    paths.extend(SitePath::parse(MANIFEST).filter(|_| was_published));
    paths
}

/// Runs the program in the site's folder; it reads the paths from standard input, one a line.
///
/// # Errors
/// When the program is not there or fails. The site is published nevertheless.
pub(super) fn run(command: &[String], root: &Path, paths: &[SitePath]) -> Result<(), Error> {
    let Some((name, arguments)) = command.split_first() else { return Ok(()) };
    let trouble = |error| Error::io("run", Path::new(name), error);
    let mut child = Command::new(name)
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(trouble)?;
    if let Some(mut input) = child.stdin.take() {
        let lines =
            paths.iter().fold(String::new(), |lines, path| lines + "/" + path.as_str() + "\n");
        // Who does not read them does not need them.
        let _unread = input.write_all(lines.as_bytes());
    }
    let status = child.wait().map_err(trouble)?;
    if status.success() {
        return Ok(());
    }
    Err(Error::remote(format!("the site is published, but `{name}` failed ({status})"))
        .help("run it again by hand; `pressmark publish` does not, as nothing differs any more"))
}
