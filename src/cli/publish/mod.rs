//! `pressmark publish`.

mod after;
mod args;
mod owner;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use pressmark::build::{BuildOptions, build, inspect};
use pressmark::config::{PublishPlace, PublishTarget, Service, SiteConfig};
use pressmark::diag::Error;
use pressmark::publish::{Patience, Plan, PublishOptions, Release, Signer, Target, open};
use pressmark::review::gate;
use pressmark::write::keep_still;
use serde_json::{Value, json};

pub(in crate::cli) use self::args::PublishArgs;
use super::check::all_reports;
use super::progress::Bar;
use super::report::{Block, Tally, show};
use super::term::{GOOD, count, one_line, safe_json, shown, size, time};
use super::{Failure, Outcome, Session, Volume, site};

/// As many names are shown of each sort of files, unless more is asked for.
const SHOWN: usize = 5;

/// Builds the site, checks it, and puts it where its readers are.
pub(super) fn run(args: &PublishArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let mut options = site::options(&args.site, &session.root)?;
    let config = match site::settings(&session.root)? {
        Ok(config) => config,
        Err(problems) => {
            show(session, &problems, args.site.format, args.json)?;
            return Ok(Outcome::Flawed);
        }
    };
    let (name, target) = choose(&config, args.target.as_deref())?;
    if !target.after.is_empty() && !args.site.allow_command {
        let message = format!("`publish.{name}.after` runs a program, which needs to be allowed");
        return Err(Error::usage(message).help("allow it with `--allow-command`").into());
    }
    let output = session.root.join(&config.output_dir);
    options.output = Some(output.clone());
    let keeper = owner::Owner::of(&session.root, name)?;
    let publisher = PublishOptions {
        root: &session.root.clone(),
        name,
        prune: args.prune,
        force: args.force,
        break_lock: args.break_lock,
        owner: keeper.word.clone(),
        run: owner::word()?,
        who: format!("a publish that began at {}", options.now.strftime("%Y-%m-%d %H:%M:%S UTC")),
        patience: Patience::default(),
        env: std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        now: options.now,
    };
    if args.releases || args.rollback.is_some() {
        let release = Release::empty();
        let target = open(target, &release, &publisher)?;
        return keep(args, target, session);
    }
    // What is wrong with the key is told before a build.
    let signer = Signer::open(&publisher.env)?;
    if !args.no_build {
        match prepare(args, &options, session)? {
            Outcome::Clean => {}
            outcome => return Ok(outcome),
        }
    }
    // From here on, no build changes what is sent.
    let _still = keep_still(&output, &session.root)?;
    let release = Release::open(&output)?.signed(signer.as_ref(), Some(options.now))?;
    let url = target.url.clone().or_else(|| Some(config.base_url.as_ref()?.to_string()));
    let said = Said { name, target, url, start };
    let target = open(said.target, &release, &publisher)?;
    send(args, target, &release, &said, session)
}

/// What is told in the end.
struct Said<'a> {
    name: &'a str,
    target: &'a PublishTarget,
    url: Option<String>,
    start: Instant,
}

/// Returns the target of this name, or the only one.
fn choose<'a>(
    config: &'a SiteConfig,
    name: Option<&str>,
) -> Result<(&'a str, &'a PublishTarget), Error> {
    let names: Vec<String> =
        config.publish.keys().map(|name| format!("`{}`", one_line(name))).collect();
    let found = match name {
        Some(name) => config.publish.get_key_value(name),
        None if names.len() == 1 => config.publish.first_key_value(),
        None => None,
    };
    if let Some((name, target)) = found {
        return Ok((name, target));
    }
    let message = match name {
        Some(name) => format!("there is no target `{}`", one_line(name)),
        None => "it is not said where to publish".to_owned(),
    };
    let help = if names.is_empty() {
        "describe a target as a table `[publish.NAME]` of `site.toml`; `pressmark publish --help` has an example".to_owned()
    } else {
        format!("the targets of `site.toml` are {}", names.join(", "))
    };
    Err(Error::usage(message).help(help))
}

/// Checks and builds the site; a site with errors, or with what nobody has reviewed, is not published.
fn prepare(
    args: &PublishArgs,
    options: &BuildOptions,
    session: &mut Session,
) -> Result<Outcome, Failure> {
    let (inspection, mut diagnostics) = all_reports(inspect(options, true)?);
    let unreviewed =
        inspection.as_ref().and_then(|found| gate(&found.site, &found.config).report());
    let outcome = match Tally::of(&diagnostics).outcome(args.strict.on) {
        Outcome::Clean if unreviewed.is_some() => Outcome::Unreviewed,
        outcome => outcome,
    };
    diagnostics.extend(unreviewed);
    if outcome != Outcome::Clean {
        show(session, &diagnostics, args.site.format, args.json)?;
        let tally = Tally::of(&diagnostics);
        let line = format!("{}; nothing was published\n", tally.text(&session.out));
        say(
            args,
            session,
            &line,
            &json!({ "command": "publish", "ok": false, "published": false }),
        )?;
        return Ok(outcome);
    }
    let bar = Bar::new(session);
    let built = build(options, &bar);
    bar.clear();
    let report = built?;
    show(session, &report.diagnostics, args.site.format, args.json)?;
    Ok(if report.written.is_some() { Outcome::Clean } else { Outcome::Flawed })
}

/// Shows what differs, and sends it.
fn send(
    args: &PublishArgs,
    mut target: Box<dyn Target + '_>,
    release: &Release,
    said: &Said<'_>,
    session: &mut Session,
) -> Result<Outcome, Failure> {
    let plan = target.look()?;
    if !args.json && session.volume != Volume::Quiet {
        let text = block(&plan, said, session).text(&session.out);
        session.out.write(text.as_bytes())?;
    }
    let mut object = to_json(&plan, said);
    let is_idle = plan.is_empty();
    if args.dry_run || is_idle {
        let line = if is_idle {
            "nothing to publish: it is there already\n"
        } else {
            "dry run; nothing was published\n"
        };
        object["published"] = false.into();
        say(args, session, line, &object)?;
        return Ok(Outcome::Clean);
    }
    if plan.foreign() > 0 && !args.yes {
        let files = count(plan.foreign(), "file", "files");
        let message =
            format!("{files} that Pressmark did not put there would be replaced or removed");
        return Err(Error::usage(message)
            .help("look at them with `--dry-run --verbose`; when they may go, use `--yes`")
            .into());
    }
    let paths = after::paths(&plan);
    let bar = Bar::new(session);
    let sent = target.send(plan, &bar);
    bar.clear();
    if let Some(more) = sent? {
        object["plan"] = to_json(&more, said)["plan"].clone();
        let line = "an earlier publish had not ended; what it left was put right\n";
        if !args.json && session.volume != Volume::Quiet {
            session.out.write(line.as_bytes())?;
        }
    }
    if !said.target.after.is_empty() {
        after::run(&said.target.after, &session.root, &paths)?;
    }
    object["published"] = true.into();
    object["print"] = release.print().to_string().into();
    let place = said.url.as_deref().map_or_else(|| describe(said.target), one_line);
    let mut block = Block::default();
    block.row(
        "published",
        format!("{} in {}", session.out.paint(GOOD, &place), time(said.start.elapsed())),
    );
    let text = block.text(&session.out);
    say(args, session, &text, &object)?;
    Ok(Outcome::Clean)
}

/// Lists releases, or goes back to one.
fn keep(
    args: &PublishArgs,
    mut target: Box<dyn Target + '_>,
    session: &mut Session,
) -> Result<Outcome, Failure> {
    if let Some(to) = &args.rollback {
        let name = target.roll_back(to.as_deref())?;
        let line = format!("readers see the release {name} now\n");
        say(args, session, &line, &json!({ "command": "publish", "ok": true, "release": name }))?;
        return Ok(Outcome::Clean);
    }
    let releases = target.releases()?;
    let lines = releases.iter().fold(String::new(), |lines, (name, is_live)| {
        lines + name + if *is_live { "\tlive" } else { "" } + "\n"
    });
    let list: Vec<Value> =
        releases.iter().map(|(name, is_live)| json!({ "name": name, "live": is_live })).collect();
    say(args, session, &lines, &json!({ "command": "publish", "ok": true, "releases": list }))?;
    Ok(Outcome::Clean)
}

/// Prints a text for people, or an object for programs.
fn say(
    args: &PublishArgs,
    session: &mut Session,
    text: &str,
    object: &Value,
) -> Result<(), Failure> {
    if args.json {
        session.out.write(safe_json(&format!("{object}\n")).as_bytes())?;
    } else if session.volume != Volume::Quiet {
        session.out.write(text.as_bytes())?;
    }
    Ok(())
}

/// Returns lines about what would be changed.
fn block(plan: &Plan, said: &Said<'_>, session: &Session) -> Block {
    let mut block = Block::default();
    block.row("target", format!("{}: {}", one_line(said.name), describe(said.target)));
    let most = if session.volume == Volume::Verbose { usize::MAX } else { SHOWN };
    for (label, paths) in lists(plan) {
        if paths.is_empty() {
            continue;
        }
        let mut names: Vec<String> =
            paths.iter().take(most).map(|path| one_line(path.as_str())).collect();
        if paths.len() > most {
            names.push(format!("and {} more", paths.len() - most));
        }
        block.row(label, format!("{}: {}", count(paths.len(), "file", "files"), names.join(", ")));
    }
    block.row(
        "to send",
        format!(
            "{}; {} stay as they are",
            size(plan.bytes),
            count(plan.unchanged, "file", "files")
        ),
    );
    if plan.is_interrupted {
        block.row("note", "an earlier publish did not end; it is finished by this one");
    }
    block
}

fn lists(plan: &Plan) -> [(&'static str, &[pressmark::files::SitePath]); 5] {
    [
        ("added", &plan.added),
        ("changed", &plan.changed),
        ("removed", &plan.removed),
        ("replaced, not ours", &plan.replaced),
        ("removed, not ours", &plan.pruned),
    ]
}

fn to_json(plan: &Plan, said: &Said<'_>) -> Value {
    json!({
        "command": "publish",
        "ok": true,
        "target": said.name,
        "url": said.url,
        "plan": {
            "added": plan.added.len(),
            "changed": plan.changed.len(),
            "removed": plan.removed.len(),
            "replaced": plan.replaced.len(),
            "pruned": plan.pruned.len(),
            "unchanged": plan.unchanged,
            "bytes": plan.bytes,
            "interrupted": plan.is_interrupted,
        },
    })
}

/// Returns what a target is, in a few words.
fn describe(target: &PublishTarget) -> String {
    let text = match &target.place {
        PublishPlace::Folder { path, .. } => format!("the folder {}", shown(&PathBuf::from(path))),
        PublishPlace::Archive { path } => format!("the archive {}", shown(&PathBuf::from(path))),
        PublishPlace::Git { remote, branch, .. } => format!("the branch {branch} of {remote}"),
        PublishPlace::Bucket(bucket) => {
            let service = match bucket.service {
                Service::S3 => "S3",
                Service::Gcs => "Google Cloud Storage",
                Service::Azure => "Azure Blob Storage",
            };
            format!(
                "{service}, {}",
                [bucket.name.as_str(), bucket.prefix.as_str()].join("/").trim_end_matches('/')
            )
        }
        PublishPlace::WebDav { address } => format!("WebDAV, {address}"),
        PublishPlace::Ssh { host, path, .. } => format!("{host}:{path}"),
    };
    one_line(&text)
}

/// Time without a sign of life is told in help and documentation as two and a half minutes.
const _: () = {
    let Patience { look, silent, .. } = Patience::DEFAULT;
    assert!(look.as_secs() * silent as u64 == Duration::from_secs(150).as_secs());
};
