//! The file of decisions on the disk.

use std::path::Path;

use pressmark::config::SiteConfig;
use pressmark::diag::{Diagnostic, Error, nearest};
use pressmark::load::{Action, DECISIONS, Reviewed, read_decisions};
use pressmark::review::{self, short};

use super::super::edited::{path, read, replace};
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
    let path = path(root, DECISIONS)?;
    let before = read(&path)?;
    let text = review::record(before.as_deref().unwrap_or_default(), actions, who, config)?;
    replace(&path, before.as_deref(), &text)
}

/// Takes back the last decision, or the last one about a name, and says which.
pub(super) fn undo(name: Option<&str>, session: &mut Session) -> Result<Outcome, Failure> {
    site::require(&session.root)?;
    let path = path(&session.root, DECISIONS)?;
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
