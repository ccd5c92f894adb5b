//! The files of a theme: those inside the program below those of the site.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Code, Diagnostic};
use crate::files::{Files, SitePath};

/// The folder of what all themes share; no theme has this name.
const SHARED: &str = "base";

/// The themes inside the program; the path of a file starts with the theme's name.
#[derive(rust_embed::RustEmbed)]
#[folder = "themes"]
struct Embedded;

/// A file of a theme: where it is for reports, and its bytes.
pub(super) struct Layered {
    /// `themes/NAME/...`.
    pub(super) path: SitePath,
    /// What it holds.
    pub(super) bytes: Vec<u8>,
}

/// Returns the names of the themes inside the program.
pub(super) fn built_in() -> BTreeSet<String> {
    Embedded::iter()
        .filter_map(|path| path.split_once('/').map(|(name, _)| name.to_owned()))
        .filter(|name| name != SHARED)
        .collect()
}

/// Returns the names of the themes in the site's `themes/` folder.
pub(super) fn of_site(files: &dyn Files) -> BTreeSet<String> {
    let Some(folder) = SitePath::parse("themes") else { return BTreeSet::new() };
    let walk = files.walk(&folder);
    let name =
        |path: &SitePath| path.below(&folder)?.split_once('/').map(|(name, _)| name.to_owned());
    walk.files.iter().filter_map(|found| name(&found.path)).collect()
}

/// Returns the files of the theme `name` by their path inside the theme; none when there is no such theme.
pub(super) fn collect(
    files: &dyn Files,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<BTreeMap<String, Layered>> {
    // A name is one part of a path: neither nested nor climbing.
    let folder = SitePath::parse("themes")?
        .join(name)
        .filter(|folder| !name.contains('/') && folder.file_name() == name && name != SHARED)?;
    let mut out = embedded(name);
    let walk = files.walk(&folder);
    diagnostics.extend(walk.skipped);
    for found in walk.files {
        let Some(inside) = found.path.below(&folder) else { continue };
        if let Some(bytes) = read(files, &found.path, diagnostics) {
            out.insert(inside.to_owned(), Layered { path: found.path.clone(), bytes });
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Returns the files that all themes share, by their path inside of the base layer.
pub(super) fn base() -> BTreeMap<String, Layered> {
    embedded(SHARED)
}

/// Returns a file that all themes share.
pub(super) fn of_base(inside: &str) -> Option<Layered> {
    file(&format!("{SHARED}/{inside}"))
}

/// Returns the files of a theme inside the program, by their path inside of it; none when there is no such theme.
pub(super) fn embedded(name: &str) -> BTreeMap<String, Layered> {
    let inside = |path: &str| Some(path.strip_prefix(name)?.strip_prefix('/')?.to_owned());
    Embedded::iter().filter_map(|path| Some((inside(&path)?, file(&path)?))).collect()
}

/// Returns the files of a theme inside the program, by their path inside of it; none when there is no such theme.
pub fn files_of(name: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let files = embedded(name).into_iter().map(|(inside, file)| (inside, file.bytes));
    built_in().contains(name).then(|| files.collect())
}

/// Returns whether a theme may have a name: that of what all themes share is taken.
pub fn may_be_named(name: &str) -> bool {
    !name.is_empty() && name != SHARED
}

/// Returns a file inside the program.
fn file(path: &str) -> Option<Layered> {
    let bytes = Embedded::get(path)?.data.into_owned();
    Some(Layered { path: SitePath::parse("themes")?.join(path)?, bytes })
}

/// Reads a file; a failure becomes a report.
pub(super) fn read(
    files: &dyn Files,
    path: &SitePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<u8>> {
    match files.read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            diagnostics.push(Diagnostic::new(Code::ThemeFile, error.to_string()).in_file(path));
            None
        }
    }
}

/// Reads bytes as UTF-8, without a byte order mark; a failure becomes a report.
pub(super) fn text(
    path: &SitePath,
    bytes: Vec<u8>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    match String::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let report =
                Diagnostic::new(Code::ThemeFile, format!("the file is not UTF-8 (byte {at})"));
            diagnostics.push(report.in_file(path));
            None
        }
    }
}
