//! `pressmark theme`: which themes there are, what is wrong with one, and a copy to start from.

mod args;

use std::fs;
use std::io::ErrorKind;

use pressmark::config::SiteConfig;
use pressmark::diag::{Error, nearest};
use pressmark::files::{DiskFiles, SitePath};
use pressmark::theme::{self, Origin};
use serde_json::{Value, json};

use self::args::{CheckArgs, EjectArgs, ListArgs, What};
use super::report::{Tally, show};
use super::term::{one_line, safe_json, shown};
use super::{Failure, Outcome, Session, Volume, site};

pub(super) use self::args::ThemeArgs;

pub(super) fn run(args: &ThemeArgs, session: &mut Session) -> Result<Outcome, Failure> {
    match &args.what {
        What::List(args) => list(args, session),
        What::Check(args) => check(args, session),
        What::Eject(args) => eject(args, session),
    }
}

/// Prints one line for each theme.
fn list(args: &ListArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let config = match site::settings(&session.root)? {
        Ok(config) => config,
        Err(reports) => {
            show(session, &reports, None, false)?;
            return Ok(Outcome::Flawed);
        }
    };
    let themes = theme::all(&DiskFiles::new(&session.root));
    let origin = |origin| match origin {
        Origin::Program => "built in",
        Origin::Site => "site",
        Origin::Both => "changed",
    };
    let text = if args.json {
        let row = |one: &theme::Listed| {
            json!({
                "name": one.name,
                "origin": origin(one.origin),
                "used": one.name == config.theme,
                "description": one.manifest.description,
                "options": one.manifest.options.iter().map(|spec| spec.name.as_str()).collect::<Vec<_>>(),
            })
        };
        safe_json(&format!("{:#}\n", themes.iter().map(row).collect::<Value>()))
    } else {
        let row = |one: &theme::Listed| {
            let mark = if one.name == config.theme { "*" } else { "-" };
            let columns = [mark, &one.name, origin(one.origin), &one.manifest.description];
            columns.map(one_line).join("\t") + "\n"
        };
        themes.iter().map(row).collect()
    };
    session.out.write(text.as_bytes())?;
    Ok(Outcome::Clean)
}

/// Shows what is wrong with a theme.
fn check(args: &CheckArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let mut config = match site::settings(&session.root)? {
        Ok(config) => config,
        Err(reports) => {
            show(session, &reports, args.format, false)?;
            return Ok(Outcome::Flawed);
        }
    };
    if let Some(name) = args.name.as_ref().filter(|name| **name != config.theme) {
        config = SiteConfig { theme: name.clone(), theme_options: Vec::new(), ..config };
    }
    let reports = theme::check(&DiskFiles::new(&session.root), &config);
    show(session, &reports, args.format, false)?;
    let tally = Tally::of(&reports);
    if session.volume != Volume::Quiet {
        let line =
            format!("{} in the theme {}\n", tally.text(&session.out), one_line(&config.theme));
        session.out.write(line.as_bytes())?;
    }
    Ok(tally.outcome(args.strict.on))
}

/// Copies a built-in theme to where the site's themes are.
fn eject(args: &EjectArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let Some(files) = theme::files_of(&args.name) else {
        let known: Vec<String> = theme::built_in().into_iter().map(|(name, _)| name).collect();
        let help = nearest(&args.name, known.iter().map(String::as_str)).map_or_else(
            || format!("the themes inside the program are {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("there is no theme `{}` inside the program", one_line(&args.name));
        return Err(Error::usage(message).help(help).into());
    };
    let name = args.to.as_ref().unwrap_or(&args.name);
    let path = SitePath::parse("themes").and_then(|themes| themes.join(name));
    let is_name = |path: &SitePath| path.file_name() == name && !name.contains(['/', ':']);
    let Some(path) = path.filter(is_name).filter(|_| theme::may_be_named(name)) else {
        let message = format!("`{}` cannot be the name of a theme", one_line(name));
        return Err(Error::usage(message).into());
    };
    let folder = path.on_disk(&session.root);
    if let Some(above) = folder.parent() {
        fs::create_dir_all(above).map_err(|error| Error::io("create", above, error))?;
    }
    // Creating and looking in one step: what somebody made in between is safe too.
    match fs::create_dir(&folder) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let message = format!("`{}` is there already", shown(&folder));
            let help = "name the copy with `--to NAME`, or remove the folder";
            return Err(Error::usage(message).help(help).into());
        }
        Err(error) => return Err(Error::io("create", &folder, error).into()),
    }
    for (inside, bytes) in files {
        let Some(file) = path.join(&inside) else { continue };
        let file = file.on_disk(&session.root);
        if let Some(above) = file.parent() {
            fs::create_dir_all(above).map_err(|error| Error::io("create", above, error))?;
        }
        fs::write(&file, bytes).map_err(|error| Error::io("write", &file, error))?;
    }
    if session.volume != Volume::Quiet {
        let next = format!("next: write `theme = \"{name}\"` into site.toml");
        let text = format!("made  {}\n{next}\n", shown(&folder));
        session.out.write(text.as_bytes())?;
    }
    Ok(Outcome::Clean)
}
