//! A `.tar.gz` or `.zip` with the whole site; the same site makes the same bytes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::plan::Plan;
use super::release::Release;
use super::sign::{Change, SIGNATURE};
use super::{Progress, Step, Target};
use crate::diag::Error;
use crate::files::SitePath;
use crate::write::MANIFEST;

/// Takes a name and bytes.
type Put<'a> = dyn FnMut(&str, &[u8]) -> Result<(), Error> + 'a;

/// An archive that is written anew.
pub(super) struct Archive<'a> {
    pub(super) release: &'a Release,
    pub(super) path: PathBuf,
}

impl Target for Archive<'_> {
    fn look(&mut self) -> Result<Plan, Error> {
        let mut plan = Plan::between(None, self.release);
        plan.note(&self.release.signature(None, false), false)?;
        Ok(plan)
    }

    fn send(&mut self, _: Plan, progress: &dyn Progress) -> Result<Option<Plan>, Error> {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = self.path.with_file_name(name);
        let trouble = |error| Error::io("write", &part, error);
        if let Some(parent) = self.path.parent() {
            fs::create_dir_all(parent).map_err(|error| Error::io("create", parent, error))?;
        }
        progress.begin(Step::Send, self.release.files().len() + 1);
        let file = BufWriter::new(File::create(&part).map_err(trouble)?);
        let is_zip = self.path.extension().is_some_and(|ending| ending == "zip");
        let written =
            if is_zip { self.zip(file, &part, progress) } else { self.tar(file, &part, progress) };
        let file = written.inspect_err(|_| drop(fs::remove_file(&part)))?;
        file.sync_all().map_err(trouble)?;
        fs::rename(&part, &self.path)
            .map_err(|error| Error::io("put in place", &self.path, error))?;
        Ok(None)
    }
}

impl Archive<'_> {
    /// Hands over each file, sorted by path.
    fn each(&self, progress: &dyn Progress, put: &mut Put<'_>) -> Result<(), Error> {
        let manifest = SitePath::parse(MANIFEST);
        let mut paths: Vec<&SitePath> =
            self.release.files().iter().map(|(path, _)| path).chain(&manifest).collect();
        paths.sort_unstable();
        for path in paths {
            if path.as_str() == MANIFEST
                && let Change::Write(signature) = self.release.signature(None, false)
            {
                put(SIGNATURE, &signature)?;
            }
            let bytes = self.release.read(path)?;
            put(path.as_str(), &bytes)?;
            progress.advance(bytes.len() as u64);
        }
        Ok(())
    }

    fn tar(
        &self,
        file: BufWriter<File>,
        part: &Path,
        progress: &dyn Progress,
    ) -> Result<File, Error> {
        let trouble = |error| Error::io("write", part, error);
        let mut tar =
            tar::Builder::new(GzBuilder::new().mtime(0).write(file, Compression::default()));
        self.each(progress, &mut |name, bytes| {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(0);
            tar.append_data(&mut header, name, bytes).map_err(trouble)
        })?;
        let file = tar.into_inner().and_then(flate2::write::GzEncoder::finish).map_err(trouble)?;
        whole(file).map_err(trouble)
    }

    fn zip(
        &self,
        file: BufWriter<File>,
        part: &Path,
        progress: &dyn Progress,
    ) -> Result<File, Error> {
        let trouble = |error: zip::result::ZipError| Error::io("write", part, error.into());
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        let mut zip = ZipWriter::new(file);
        self.each(progress, &mut |name, bytes| {
            zip.start_file(name, options.large_file(bytes.len() as u64 >= u64::from(u32::MAX)))
                .map_err(trouble)?;
            zip.write_all(bytes).map_err(|error| Error::io("write", part, error))
        })?;
        whole(zip.finish().map_err(trouble)?).map_err(|error| Error::io("write", part, error))
    }
}

fn whole(file: BufWriter<File>) -> io::Result<File> {
    file.into_inner().map_err(io::IntoInnerError::into_error)
}
