//! From arguments to the library's options.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use pressmark::build::{BuildOptions, StoreMode};
use pressmark::config::SiteConfig;
use pressmark::diag::{Diagnostic, Error};
use pressmark::files::{DiskFiles, Files, SitePath};
use pressmark::write::Force;

use super::args::SiteArgs;
use super::clock::Clock;
use super::term::shown;

const SETTINGS: &str = "site.toml";

/// Returns the options of a build without an output folder of its own.
pub(super) fn options(args: &SiteArgs, root: &Path) -> Result<BuildOptions, Error> {
    require(root)?;
    let now = match Clock::choose(args.clock.at)? {
        Clock::Moment(moment) => moment,
        // Settings with errors are reported by the build; until then any zone will do.
        day @ Clock::Day(_) => {
            day.moment(&settings(root)?.map_or(TimeZone::UTC, |config| config.time_zone))?
        }
    };
    Ok(BuildOptions {
        root: root.to_owned(),
        output: None,
        base_url: args.base_url.clone(),
        theme: args.theme.clone(),
        allow_command: args.allow_command,
        onnx_runtime: std::env::var_os("ORT_DYLIB_PATH")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from),
        drafts: args.shown.drafts,
        future: args.shown.future,
        expired: args.shown.expired,
        force: Force::Refuse,
        dry_run: false,
        store: StoreMode::Use,
        now,
    })
}

/// Refuses a folder that holds no site, which is most likely the wrong one.
pub(super) fn require(root: &Path) -> Result<(), Error> {
    if root.join(SETTINGS).exists() || root.join("content").is_dir() {
        return Ok(());
    }
    let folder = shown(root);
    if !root.is_dir() {
        return Err(Error::usage(format!("the folder `{folder}` does not exist"))
            .help("name the folder of the site with `--root`"));
    }
    Err(Error::usage(format!("the folder `{folder}` holds neither `{SETTINGS}` nor `content`"))
        .help("run `pressmark init` to start a site here, or name its folder with `--root`"))
}

/// Reads the settings; the defaults when there is no file.
///
/// # Errors
/// When the file cannot be read. The inner error holds the reports of a file with errors.
pub(super) fn settings(root: &Path) -> Result<Result<SiteConfig, Vec<Diagnostic>>, Error> {
    let path = SitePath::parse(SETTINGS)
        .ok_or_else(|| Error::internal("the settings have no usable path"))?;
    let bytes = match DiskFiles::new(root).read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.is_not_found() => return Ok(Ok(SiteConfig::default())),
        Err(error) => return Err(error),
    };
    let text = String::from_utf8_lossy(&bytes);
    Ok(SiteConfig::parse(text.strip_prefix('\u{feff}').unwrap_or(&text), &path)
        .map(|warned| warned.value))
}
