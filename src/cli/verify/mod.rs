//! `pressmark verify`.

mod args;

use std::fs;
use std::path::Path;
use std::time::Instant;

use pressmark::config::PublicKey;
use pressmark::diag::Error;
use pressmark::publish::SIGNATURE;
use pressmark::verify::{Difference, Report, Signature, Site, VerifyOptions, verify};
use serde_json::{Value, json};

pub(in crate::cli) use self::args::VerifyArgs;
use super::progress::Bar;
use super::report::{Block, show};
use super::term::{ERROR, GOOD, WARNING, count, one_line, safe_json, shown, size, time};
use super::{Failure, Outcome, Session, Volume, site};

/// As many names are shown of each sort of files, unless more is asked for.
const SHOWN: usize = 10;

/// Holds a site against the list of its files.
pub(super) fn run(args: &VerifyArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let start = Instant::now();
    if args.site.is_none() {
        site::require(&session.root)?;
    }
    let config = match site::settings(&session.root)? {
        Ok(config) => config,
        Err(problems) => {
            show(session, &problems, None, args.json)?;
            return Ok(Outcome::Flawed);
        }
    };
    let place = match &args.site {
        Some(text) => Site::of(text),
        None => Site::Folder(session.root.join(&config.output_dir)),
    };
    let key = args.key.as_deref().map(key).transpose()?.or(config.verify.public_key);
    let options = VerifyOptions {
        against: args.against.as_deref(),
        key: key.as_ref(),
        ..VerifyOptions::default()
    };
    let bar = Bar::new(session);
    let report = verify(&place, &options, &bar);
    bar.clear();
    let report = report?;
    if args.json {
        let text = format!("{}\n", to_json(&report, &place, key.as_ref()));
        session.out.write(safe_json(&text).as_bytes())?;
    } else {
        let mut text = block(&report, &place, session).text(&session.out);
        if session.volume != Volume::Quiet {
            text += &summary(&report, session, &time(start.elapsed()));
        }
        session.out.write(text.as_bytes())?;
    }
    Ok(if report.is_right() { Outcome::Clean } else { Outcome::Flawed })
}

/// Reads a public key: as it was typed, or from the file that was named.
fn key(text: &str) -> Result<PublicKey, Error> {
    let problem = match PublicKey::parse(text) {
        Ok(key) => return Ok(key),
        Err(why) => why,
    };
    let path = Path::new(text);
    let problem = match fs::read_to_string(path) {
        Ok(text) => match PublicKey::parse(&text) {
            Ok(key) => return Ok(key),
            Err(why) => why,
        },
        // What was typed is not shown: it may be the other key.
        Err(_) => format!("{problem}, nor a file that can be read"),
    };
    Err(Error::usage(format!("`--key` is no public key of minisign: {problem}"))
        .help("name the file that ends in `.pub`, or give its second line"))
}

fn describe(place: &Site) -> String {
    match place {
        Site::Folder(dir) => shown(dir),
        Site::Web(address) => one_line(address),
    }
}

/// Returns lines about what is not as it should be, and what is worth knowing.
fn block(report: &Report, place: &Site, session: &Session) -> Block {
    let mut block = Block::default();
    let is_quiet = session.volume == Volume::Quiet;
    let most = if session.volume == Volume::Verbose { usize::MAX } else { SHOWN };
    if !is_quiet {
        block.row("site", describe(place));
    }
    for (at, problem) in report.problems.iter().take(most).enumerate() {
        let what = session.out.paint(ERROR, one_line(&problem.what.to_string()));
        let label = if at == 0 { "differs" } else { "" };
        block.row(label, format!("{}: {what}", one_line(problem.path.as_str())));
    }
    if report.problems.len() > most {
        let more = report.problems.len() - most;
        block.row("", format!("and {more} more (--verbose)"));
    }
    if !is_quiet {
        let names = report.foreign.iter().map(|path| shown(path)).collect();
        list(&mut block, "foreign", names, most);
        let names = report.withheld.iter().map(|path| one_line(path.as_str())).collect();
        list(&mut block, "kept back", names, most);
    }
    let (word, style) = match &report.signature {
        Signature::None => return block,
        Signature::Unchecked => ("not checked: no key was given".to_owned(), WARNING),
        Signature::Right(comment) => (format!("right ({})", one_line(comment)), GOOD),
        Signature::Missing => (format!("there is no `{SIGNATURE}`"), ERROR),
        Signature::Wrong(why) => (format!("wrong: {why}"), ERROR),
        Signature::Unreadable(why) => (format!("cannot be read: {}", one_line(why)), ERROR),
    };
    if !is_quiet || !report.signature.is_good() {
        block.row("signature", session.out.paint(style, word));
    }
    block
}

fn list(block: &mut Block, label: &'static str, mut names: Vec<String>, most: usize) {
    let all = names.len();
    if all == 0 {
        return;
    }
    names.truncate(most);
    if all > most {
        names.push(format!("and {} more", all - most));
    }
    block.row(label, format!("{}: {}", count(all, "file", "files"), names.join(", ")));
}

fn summary(report: &Report, session: &Session, took: &str) -> String {
    let (intact, bytes) = report.intact;
    let verdict = if report.is_right() {
        session.out.paint(GOOD, "as it was built")
    } else {
        session.out.paint(ERROR, "not as it was built")
    };
    let differ = match report.problems.len() {
        0 => String::new(),
        problems => format!(", {problems} not"),
    };
    let files = count(report.files, "file", "files");
    format!("{verdict}: {intact} of {files} right ({}){differ}, in {took}\n", size(bytes))
}

fn to_json(report: &Report, place: &Site, key: Option<&PublicKey>) -> Value {
    let problems: Vec<Value> = report
        .problems
        .iter()
        .map(|problem| {
            let (bytes, status) = match &problem.what {
                Difference::Shorter(bytes) => (Some(*bytes), None),
                Difference::Longer(bytes) => (*bytes, None),
                Difference::Status(status) => (None, Some(*status)),
                _ => (None, None),
            };
            json!({
                "path": problem.path.as_str(),
                "what": problem.what.word(),
                "bytes": bytes,
                "status": status,
                "message": problem.what.to_string(),
            })
        })
        .collect();
    let (state, comment) = match &report.signature {
        Signature::None => ("none", None),
        Signature::Unchecked => ("unchecked", None),
        Signature::Right(comment) => ("right", Some(comment.clone())),
        Signature::Missing => ("missing", None),
        Signature::Wrong(why) => ("wrong", Some(why.to_string())),
        Signature::Unreadable(why) => ("unreadable", Some(why.clone())),
    };
    json!({
        "command": "verify",
        "ok": report.is_right(),
        "site": describe(place),
        "print": report.print.to_string(),
        "files": report.files,
        "intact": report.intact.0,
        "bytes": report.intact.1,
        "problems": problems,
        "foreign": report.foreign.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>(),
        "withheld": report.withheld.iter().map(pressmark::files::SitePath::as_str).collect::<Vec<_>>(),
        "signature": {
            "state": state,
            "comment": comment,
            "key": key.map(ToString::to_string),
        },
    })
}
