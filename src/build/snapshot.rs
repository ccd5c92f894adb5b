//! A whole build, remembered: when nothing has changed, its report is all there is to do.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BuildOptions, BuildReport, Counts};
use crate::diag::Diagnostic;
use crate::files::{Record, Recorder, SitePath};
use crate::ids::Fingerprint;
use crate::resolve::Skipped;
use crate::store::Store;

/// The moments between which the same files are shown, in nanoseconds since 1970; without the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Valid {
    from: i128,
    until: i128,
}

/// What a build came to, and what it depended on.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Snapshot {
    /// All that was read.
    record: Record,
    /// When the same articles are shown.
    valid: Valid,
    /// Where the site was written.
    output: PathBuf,
    /// Fingerprint of the manifest of that site.
    manifest: Fingerprint,
    diagnostics: Vec<Diagnostic>,
    counts: Counts,
    skipped: Vec<Skipped>,
}

impl Snapshot {
    /// Returns the snapshot of a build that wrote the site with this manifest; none when the files
    /// that it read might have changed unseen.
    pub(super) fn new(
        report: &BuildReport,
        recorder: &Recorder,
        begun: i64,
        valid: Valid,
    ) -> Option<Self> {
        Some(Self {
            record: recorder.record(begun)?,
            valid,
            output: report.output.clone(),
            manifest: report.written?.manifest?,
            diagnostics: report.diagnostics.clone(),
            counts: report.counts,
            skipped: report.skipped.clone(),
        })
    }

    /// Reads the snapshot of the last build with the same options.
    pub(super) fn read(store: &Store, options: &BuildOptions) -> Option<Self> {
        let bytes = store.table(&table("site", options))?;
        let (snapshot, rest) = postcard::take_from_bytes::<Self>(&bytes).ok()?;
        rest.is_empty().then_some(snapshot)
    }

    /// Returns whether a build would read the same, and show the same articles.
    pub(super) fn is_current(&self, recorder: &Recorder, now: Timestamp) -> bool {
        let is_valid = self.valid.contains(now);
        // The walk is worth while even when the time has come: the build needs it.
        recorder.is_same(&self.record) && is_valid
    }

    pub(super) fn write(&self, store: &Store, options: &BuildOptions) {
        if let Ok(bytes) = postcard::to_stdvec(self) {
            store.set_table(&table("site", options), &bytes);
        }
    }

    /// Returns the snapshot of a build that changed the texts of a few articles and nothing else.
    pub(super) fn after(&self, record: Record, manifest: Fingerprint) -> Self {
        let Self { valid, output, diagnostics, counts, skipped, .. } = self;
        let (output, diagnostics) = (output.clone(), diagnostics.clone());
        let (valid, counts, skipped) = (*valid, *counts, skipped.clone());
        Self { record, valid, output, manifest, diagnostics, counts, skipped }
    }

    /// Returns whether a build at this moment would show the same articles.
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        self.valid.contains(now)
    }

    /// Borrows the record of all that was read.
    pub(super) fn record(&self) -> &Record {
        &self.record
    }

    /// Returns whether a report is about a file.
    pub(super) fn reports_on(&self, path: &SitePath) -> bool {
        let mut places = self.diagnostics.iter().filter_map(|report| report.place.as_ref());
        places.any(|place| place.path == *path)
    }

    /// Returns a fingerprint of all that the site depends on, besides the options.
    pub(super) fn fingerprint(&self) -> Option<Fingerprint> {
        Some(Fingerprint::of(&postcard::to_stdvec(&(&self.record, self.valid)).ok()?))
    }

    /// Returns where the site was written.
    pub(super) fn output(&self) -> &Path {
        &self.output
    }

    /// Returns the fingerprint of the manifest.
    pub(super) fn manifest(&self) -> Fingerprint {
        self.manifest
    }

    /// Tells the report of that build once more.
    pub(super) fn tell(self, report: &mut BuildReport) {
        report.diagnostics = self.diagnostics;
        report.counts = self.counts;
        report.skipped = self.skipped;
    }
}

/// Returns the name of a table for builds with these options.
pub(super) fn table(kind: &str, options: &BuildOptions) -> String {
    let BuildOptions { root, output, base_url, theme, drafts, future, expired, .. } = options;
    let options = format!("{:?}", (root, output, base_url, theme, drafts, future, expired));
    format!("{kind}-{}", &Fingerprint::of(options.as_bytes()).to_string()[..8])
}

impl Valid {
    /// From the beginning to the end of time.
    pub(super) const ALWAYS: Self = Self { from: i128::MIN, until: i128::MAX };

    /// Narrows the span around `now` to what a turning point allows.
    pub(super) fn narrow(self, now: Timestamp, turn: Timestamp) -> Self {
        let at = turn.as_nanosecond();
        if turn <= now {
            Self { from: self.from.max(at), ..self }
        } else {
            Self { until: self.until.min(at), ..self }
        }
    }

    /// Returns the moments that both spans have in common.
    pub(super) fn and(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }

    /// Returns whether a moment lies within.
    pub(super) fn contains(self, now: Timestamp) -> bool {
        (self.from..self.until).contains(&now.as_nanosecond())
    }
}
