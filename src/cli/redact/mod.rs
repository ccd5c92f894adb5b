//! `pressmark redact`: takes articles and names down, by an entry in `content/redactions.toml`.

mod args;
mod name;

use std::fs;

use pressmark::build::{Inspection, inspect};
use pressmark::config::SiteConfig;
use pressmark::diag::{Diagnostic, Error, nearest};
use pressmark::files::SitePath;
use pressmark::load::{REDACTIONS, Redaction, Taken, read_redactions};
use pressmark::redact::{self, Entry};
use pressmark::text::fold;

pub(super) use self::args::RedactArgs;
use self::name::Asked;
use super::clock::Clock;
use super::edited::{path, read, replace};
use super::report::show;
use super::term::{count, one_line};
use super::{Failure, Outcome, Session, Volume, site};

/// Lists, writes an entry, or takes one back.
pub(super) fn run(args: &RedactArgs, session: &mut Session) -> Result<Outcome, Failure> {
    site::require(&session.root)?;
    let config = match site::settings(&session.root)? {
        Ok(config) => config,
        Err(diagnostics) => {
            show(session, &diagnostics, args.site.format, false)?;
            return Ok(Outcome::Flawed);
        }
    };
    let path = path(&session.root, REDACTIONS)?;
    let before = read(&path)?;
    let text = before.as_deref().unwrap_or_default();
    let known = read_redactions(text, &config);
    if known.diagnostics.iter().any(Diagnostic::is_error) {
        show(session, &known.diagnostics, args.site.format, false)?;
        return Ok(Outcome::Flawed);
    }
    if args.list {
        let lines: String = known.value.iter().map(line).collect();
        session.out.write(lines.as_bytes())?;
        return Ok(Outcome::Clean);
    }
    let done = if args.undo {
        undo(args, text, &known.value)?
    } else {
        match take_down(args, text, &known.value, &config, session)? {
            Some(done) => done,
            None => return Ok(Outcome::Flawed),
        }
    };
    if !args.dry_run && done.text != text {
        if done.text.trim().is_empty() {
            // An empty file is taken for one that was cut off.
            fs::remove_file(&path).map_err(|error| Error::io("remove", &path, error))?;
        } else {
            replace(&path, before.as_deref(), &done.text)?;
        }
        pressmark::store::forget(&session.root)?;
    }
    if session.volume != Volume::Quiet {
        let next = if args.dry_run {
            "dry run; nothing was written\n"
        } else if done.text == text {
            "nothing has changed\n"
        } else if args.undo {
            "next      readers see it again when the site is published: pressmark publish\n"
        } else {
            "next      readers see it until the site is published: pressmark publish\n"
        };
        session.out.write((done.said + next).as_bytes())?;
    }
    Ok(Outcome::Clean)
}

/// The text of the file afterwards, and what is said about it.
struct Done {
    text: String,
    said: String,
}

fn line(one: &Redaction) -> String {
    match &one.taken {
        Taken::Article { path, .. } => {
            let path = path.as_str().trim_start_matches("content/");
            format!("{}\tarticle\t{}\n", one.date, one_line(path))
        }
        Taken::Name { name, also } => {
            let names: Vec<String> =
                std::iter::once(name).chain(also).map(|name| one_line(name)).collect();
            format!("{}\tname\t{}\n", one.date, names.join(", "))
        }
    }
}

/// Takes entries back.
fn undo(args: &RedactArgs, text: &str, known: &[Redaction]) -> Result<Done, Error> {
    let mut done = Done { text: text.to_owned(), said: String::new() };
    let all = args.articles.iter().map(String::as_str).chain(args.name.as_deref());
    for asked in all {
        let is_asked = |taken: &Taken| match taken {
            Taken::Article { path, at } => {
                args.name.is_none()
                    && (names_file(asked, path) || names_address(asked, at.as_deref()))
            }
            Taken::Name { name, .. } => args.name.is_some() && fold(name) == fold(asked),
        };
        let Some(found) = known.iter().find(|one| is_asked(&one.taken)) else {
            return Err(Error::usage(format!("`{}` was not taken down", one_line(asked)))
                .help("list what was with `pressmark redact --list`"));
        };
        let (shorter, _) = redact::undo(&done.text, &found.taken)?;
        done.text = shorter;
        done.said += &["undone    ", &one_line(asked), "\n"].concat();
    }
    Ok(done)
}

/// Writes entries; nothing when the site has errors, which were shown.
fn take_down(
    args: &RedactArgs,
    text: &str,
    known: &[Redaction],
    config: &SiteConfig,
    session: &mut Session,
) -> Result<Option<Done>, Failure> {
    let date = Clock::choose(args.site.clock.at)?.day(&config.time_zone);
    let mut said = String::new();
    let mut taken = Vec::new();
    let options = site::options(&args.site, &session.root)?;
    let named = args.name.as_ref().map(|name| names(name, &args.also)).transpose()?;
    let (inspection, diagnostics) = inspect(&options, false)?;
    let Some(inspection) = inspection else {
        show(session, &diagnostics, args.site.format, false)?;
        return Ok(None);
    };
    if let Some((name, also)) = named {
        let asked = Asked { name: &name, also: &also };
        let found = asked.find(&session.root, &inspection);
        if let Some(report) = found.refusal(&asked).filter(|_| !args.only_these_words) {
            show(session, &[report], args.site.format, false)?;
            return Ok(None);
        }
        said += &found.said(&asked);
        taken.push(Taken::Name { name, also });
    }
    for asked in &args.articles {
        let one = article(asked, &inspection, known)?;
        if let Taken::Article { path, at } = &one {
            let path = one_line(path.as_str());
            let pages = at.as_ref().map(|at| count(at.len(), "address", "addresses"));
            let pages = pages.map(|pages| format!(" ({pages})")).unwrap_or_default();
            said += &["redacted  ", &path, &pages, "\n"].concat();
        }
        taken.push(one);
    }
    let is_new = |one: &Taken| !known.iter().any(|known| known.taken == *one);
    let mut entries: Vec<Entry> = Vec::new();
    for taken in taken.into_iter().filter(is_new) {
        if !entries.iter().any(|entry| entry.taken == taken) {
            let id = pressmark::ids::random_word()
                .ok_or_else(|| Error::internal("the system has no random numbers"))?;
            entries.push(Entry { taken, date, id });
        }
    }
    let text = redact::record(text, &entries, config)?;
    Ok(Some(Done { text, said }))
}

/// Returns a name and the others of the same as they are looked for; none may be so short that it takes every text apart.
fn names(name: &str, also: &[String]) -> Result<(String, Vec<String>), Error> {
    let clean = |name: &str| {
        let name = one_line(name).trim().to_owned();
        let is_long = fold(&name).chars().nth(1).is_some();
        if is_long {
            Ok(name)
        } else {
            Err(Error::usage(format!("`{name}` is too short for a name")))
        }
    };
    Ok((clean(name)?, also.iter().map(|name| clean(name)).collect::<Result<_, _>>()?))
}

/// Finds an article or page that somebody names.
fn article(asked: &str, site: &Inspection, known: &[Redaction]) -> Result<Taken, Error> {
    let Inspection { site, urls, .. } = site;
    let articles = site.articles.iter().zip(&urls.articles);
    let articles = articles.map(|(one, url)| (&one.path, url, &one.aliases));
    let pages = site.pages.iter().zip(&urls.pages);
    let pages = pages.map(|(one, url)| (&one.path, url, &one.front.aliases));
    let all: Vec<(&SitePath, &String, &Vec<String>)> = articles.chain(pages).collect();
    let is_asked = |path: &SitePath, url: &String| {
        names_file(asked, path) || names_address(asked, Some(std::slice::from_ref(url)))
    };
    let found: Vec<_> = all.iter().filter(|(path, url, _)| is_asked(path, url)).collect();
    match found[..] {
        [(path, url, aliases)] => {
            let at = std::iter::once(*url).chain(*aliases).cloned().collect();
            Ok(Taken::Article { path: (*path).clone(), at: Some(at) })
        }
        [_, _, ..] => {
            let paths: Vec<&str> = found.iter().map(|(path, ..)| path.as_str()).collect();
            Err(Error::usage(format!("`{}` is the name of several files", one_line(asked)))
                .help(format!("name one of them: {}", one_line(&paths.join(", ")))))
        }
        [] => {
            let before = known.iter().map(|one| &one.taken).find(|taken| match taken {
                Taken::Article { path, at } => {
                    names_file(asked, path) || names_address(asked, at.as_deref())
                }
                Taken::Name { .. } => false,
            });
            if let Some(taken) = before {
                return Ok(taken.clone());
            }
            if let Some(hidden) = site.skipped.iter().find(|one| names_file(asked, &one.path)) {
                // It has no page now, and may have had one: builds find out.
                return Ok(Taken::Article { path: hidden.path.clone(), at: None });
            }
            let names = all.iter().map(|(path, ..)| path.as_str().trim_start_matches("content/"));
            let help = nearest(asked, names).map_or_else(
                || "name its file, such as `articles/2024/talks.md`".to_owned(),
                |near| format!("did you mean `{}`?", one_line(near)),
            );
            Err(Error::usage(format!("there is no article `{}`", one_line(asked))).help(help))
        }
    }
}

/// Returns whether somebody means a file: from the site's folder, from `content`, or by its name alone.
fn names_file(asked: &str, path: &SitePath) -> bool {
    let asked = asked.strip_prefix("./").unwrap_or(asked);
    let path = path.as_str();
    let below = path.strip_prefix("content/").unwrap_or(path);
    let is_end = |end: &str| end.is_empty() || end.ends_with('/');
    asked == path || below.strip_suffix(asked).is_some_and(is_end)
}

fn names_address(asked: &str, addresses: Option<&[String]>) -> bool {
    let asked = asked.trim_matches('/');
    addresses.and_then(<[String]>::first).is_some_and(|address| address.trim_matches('/') == asked)
}
