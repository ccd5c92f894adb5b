//! The file of decisions on the disk: read, and replaced in one step.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use pressmark::config::SiteConfig;
use pressmark::diag::{Diagnostic, Error, nearest};
use pressmark::files::SitePath;
use pressmark::load::{Action, DECISIONS, Reviewed, read_decisions};
use pressmark::review::{self, short};

use super::super::report::show;
use super::super::term::one_line;
use super::super::{Failure, Outcome, Session, Volume, site};

/// Adds decisions at the end.
pub(in crate::cli) fn record(
    root: &Path,
    actions: &[Action],
    who: &Reviewed,
    config: &SiteConfig,
) -> Result<(), Error> {
    let path = path(root)?;
    let before = read(&path)?;
    let text = review::record(before.as_deref().unwrap_or_default(), actions, who, config)?;
    replace(&path, before.as_deref(), &text)
}

/// Takes back the last decision, or the last one about a name, and says which.
pub(super) fn undo(name: Option<&str>, session: &mut Session) -> Result<Outcome, Failure> {
    site::require(&session.root)?;
    let path = path(&session.root)?;
    let before = read(&path)?;
    let text = before.as_deref().unwrap_or_default();
    let config = match site::settings(&session.root)? {
        Ok(config) => config,
        Err(diagnostics) => {
            show(session, &diagnostics, None, false)?;
            return Ok(Outcome::Flawed);
        }
    };
    let known = read_decisions(text, &config);
    if !unusable(&known.diagnostics).is_empty() {
        show(session, &known.diagnostics, None, false)?;
        return Ok(Outcome::Flawed);
    }
    let Some((text, undone)) = review::undo(text, name)? else {
        return Err(nothing_to_undo(name, text).into());
    };
    replace(&path, before.as_deref(), &text)?;
    if session.volume != Volume::Quiet {
        let names: Vec<String> = undone.names.iter().map(|name| one_line(name)).collect();
        let line = format!("undone    {} {}\n", one_line(&undone.action), names.join(", "));
        session.out.write(line.as_bytes())?;
    }
    Ok(Outcome::Clean)
}

/// Returns the reports that forbid to change the file.
pub(super) fn unusable(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let is_here = |one: &&Diagnostic| {
        one.is_error() && one.place.as_ref().is_some_and(|place| place.path.as_str() == DECISIONS)
    };
    diagnostics.iter().filter(is_here).cloned().collect()
}

fn nothing_to_undo(name: Option<&str>, text: &str) -> Error {
    let Some(name) = name else {
        return Error::usage("there is no decision to take back")
            .help(format!("decisions are in `{DECISIONS}`"));
    };
    let mut names = Vec::new();
    let mut rest = text.to_owned();
    while let Ok(Some((shorter, undone))) = review::undo(&rest, None) {
        names.extend(undone.names);
        rest = shorter;
    }
    let help = nearest(name, names.iter().map(String::as_str)).map_or_else(
        || format!("decisions are in `{DECISIONS}`"),
        |near| format!("did you mean `{}`?", one_line(near)),
    );
    Error::usage(format!("there is no decision about `{}`", short(name))).help(help)
}

fn path(root: &Path) -> Result<PathBuf, Error> {
    let path = SitePath::parse(DECISIONS)
        .ok_or_else(|| Error::internal("the decisions have no usable path"))?;
    let path = path.on_disk(root);
    let Ok(target) = fs::canonicalize(&path) else { return Ok(path) };
    let root = fs::canonicalize(root).map_err(|error| Error::io("find", root, error))?;
    if !target.starts_with(&root) {
        return Err(Error::usage(format!("`{DECISIONS}` is a link that leads out of the site"))
            .help("put the file itself there"));
    }
    // A link inside the site stays one; the file that it leads to is replaced.
    Ok(if fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink()) { target } else { path })
}

/// Reads the file; none when there is no such file.
fn read(path: &Path) -> Result<Option<String>, Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io("read", path, error)),
    };
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::io("read", path, ErrorKind::InvalidData.into()))?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

/// Puts `text` in the place of what was read before, in one step: a reader or a crash sees the one or the other.
fn replace(path: &Path, before: Option<&str>, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    }
    let new = path.with_file_name(format!(".decisions.{}.new", std::process::id()));
    let done = write(&new, path, text).and_then(|()| {
        // Somebody else may have decided in between.
        if read(path)?.as_deref() != before {
            return Err(Error::usage(format!("`{DECISIONS}` was changed by somebody else"))
                .help("run the command again"));
        }
        fs::rename(&new, path).map_err(|error| Error::io("replace", path, error))
    });
    if done.is_err() {
        // What is half written must not stay.
        let _gone = fs::remove_file(&new);
    }
    done
}

fn write(new: &Path, old: &Path, text: &str) -> Result<(), Error> {
    let trouble = |error| Error::io("write", new, error);
    // One of this name is left of a process that was killed.
    let _gone = fs::remove_file(new);
    let mut file = OpenOptions::new().write(true).create_new(true).open(new).map_err(trouble)?;
    file.write_all(text.as_bytes()).map_err(trouble)?;
    if let Ok(meta) = fs::metadata(old) {
        file.set_permissions(meta.permissions()).map_err(trouble)?;
    }
    file.sync_all().map_err(trouble)
}
