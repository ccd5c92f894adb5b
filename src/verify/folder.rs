//! A folder of this machine, held against a list.

use std::path::Path;

use rayon::prelude::*;

use super::{Difference, List, Progress, Report, Top, VerifyOptions};
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Stamp;
use crate::publish::{SIGNATURE, signature_of};
use crate::write::{Found, MANIFEST, Manifest, find, foreign_files};

/// Reads every file that the list names, on all processors.
pub(super) fn verify(
    dir: &Path,
    truth: Option<List>,
    options: &VerifyOptions<'_>,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let list = match Manifest::read(dir)? {
        Some((_, bytes)) => Ok(bytes),
        None if find(&dir.join(MANIFEST), 0)? != Found::Nothing => Err(Difference::Other),
        // Without another list, this is not the folder that was meant.
        None if truth.is_none() => return Err(List::missing(dir)),
        None => Err(Difference::Missing),
    };
    let signature = signature_of(dir).map_err(|error| error.to_string());
    let shown = dir.display().to_string();
    let (manifest, mut report) = Top { list, signature }.begin(truth, &shown, options.key)?;
    progress.begin(manifest.files.len());
    let look = |(path, stamp): &(SitePath, Stamp)| {
        let what = look_at(&path.on_disk(dir), *stamp);
        progress.advance();
        what
    };
    let found: Vec<Option<Difference>> = manifest.files.par_iter().map(look).collect();
    for ((path, stamp), what) in manifest.files.iter().zip(found) {
        report.add(path, stamp.size, what);
    }
    report.foreign = foreign_files(dir, &manifest)?;
    report.foreign.retain(|path| path.as_os_str() != SIGNATURE);
    Ok(report)
}

fn look_at(file: &Path, expected: Stamp) -> Option<Difference> {
    match find(file, expected.size) {
        Ok(Found::File(found)) => Difference::between(expected, found),
        Ok(Found::Size(size)) => Some(Difference::of_size(expected.size, size)),
        Ok(Found::Nothing) => Some(Difference::Missing),
        Ok(Found::NoFile) => Some(Difference::Unreadable("it is no file".to_owned())),
        Err(error) => Some(Difference::Unreadable(error.to_string())),
    }
}
