//! `--links` of `pressmark check`: the file of answers, the progress, the summary.

use std::cell::Cell;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::{Args, ValueHint};
use pressmark::build::{BuildOptions, Inspection};
use pressmark::diag::{Diagnostic, Error};
use pressmark::files::DiskFiles;
use pressmark::links::{self, Asking, Cache, Counts, Link, LinkOptions, Witness, mask};

use serde_json::{Value, json};

use super::progress::Bar;
use super::report::Block;
use super::term::{count, one_line, shown};
use super::{Failure, Session};

/// Where answers are kept, below the site's root.
const CACHE: &str = ".pressmark/links.json";

/// A check that is stopped has lost at most the answers of so long.
const SAVE_EVERY: Duration = Duration::from_secs(15);

/// Reasons that the summary names.
const REASONS: usize = 4;

/// Options of the check of external links.
#[derive(Args, Debug)]
#[command(next_help_heading = "External links")]
#[expect(clippy::struct_excessive_bools, reason = "each one is an option of its own")]
pub(super) struct LinkArgs {
    /// Ask external links whether they still work
    ///
    /// One request at a time for each host, and only what `robots.txt` allows. Answers are kept in
    /// `.pressmark/links.json`. A broken link is a warning. What a program cannot tell (403, 429, `robots.txt`) is a
    /// note, and never fails the check.
    #[arg(id = "links", long = "links")]
    pub(super) on: bool,
    /// File that answers are kept in [default: `.pressmark/links.json` of the site]
    ///
    /// Relative to the current folder. It may be put under version control: one line for each address, sorted.
    #[arg(long = "links-cache", value_name = "FILE", requires = "links", value_hint = ValueHint::FilePath)]
    cache: Option<PathBuf>,
    /// Ask all links, also those whose last answer is recent
    #[arg(long = "links-fresh", requires = "links")]
    fresh: bool,
    /// Ask nothing, and report what is known
    #[arg(long = "links-offline", requires = "links", conflicts_with = "fresh")]
    offline: bool,
    /// Take over results of another checker: JSON lines, the JSON of lychee, or a file of `--links-cache`
    ///
    /// May be given more than once.
    #[arg(long = "links-import", value_name = "FILE", requires = "links", value_hint = ValueHint::FilePath)]
    import: Vec<PathBuf>,
    /// Days that a good answer holds
    #[arg(long = "links-good-days", value_name = "N", requires = "links", default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=3650))]
    good_days: u32,
    /// Days that any other answer holds
    #[arg(long = "links-broken-days", value_name = "N", requires = "links", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=3650))]
    broken_days: u32,
    /// Seconds between two requests to the same host
    #[arg(long = "links-pause", value_name = "SECONDS", requires = "links", default_value = "1", value_parser = seconds)]
    pause: Duration,
    /// Seconds that one request may take
    #[arg(long = "links-timeout", value_name = "SECONDS", requires = "links", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    /// Requests at the same time, to as many hosts
    #[arg(long = "links-hosts", value_name = "N", requires = "links", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    hosts: u16,
    /// Ask addresses of this machine and of private networks too
    ///
    /// Without it, an article cannot make the check look around in your network.
    #[arg(long, requires = "links")]
    allow_private: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.0..=3600.0).contains(seconds));
    let seconds: f64 = seconds.ok_or("it must be a number of seconds, 0 to 3600")?;
    Ok(Duration::from_secs_f64(seconds))
}

/// Asks the external links of a site, and returns what is reported and counted.
pub(super) fn run(
    args: &LinkArgs,
    inspection: &Inspection,
    options: &BuildOptions,
    session: &Session,
) -> Result<(Vec<Diagnostic>, Counts), Failure> {
    let path = args.cache.clone().unwrap_or_else(|| session.root.join(CACHE));
    let before = read(&path)?;
    let mut cache = match &before {
        None => Cache::default(),
        Some(text) => Cache::parse(text).map_err(|why| {
            Error::usage(format!("`{}` cannot be used: {why}", shown(&path))).help(
                "put it right, or delete it: then it is not known since when links are broken",
            )
        })?,
    };
    for file in &args.import {
        import(file, &mut cache, options)?;
    }
    let links = links::links(&inspection.site, &inspection.config);
    let how = how(args, options, &links)?;
    let witness = Teller { bar: Bar::new(session), path: &path, saved: Cell::new(Instant::now()) };
    let checked = links::check(&links, &mut cache, &how, &witness);
    witness.bar.clear();
    let checked = checked?;
    let text = cache.to_json();
    // A site without external links needs no file.
    if before.as_ref() != Some(&text) && (before.is_some() || !links.is_empty()) {
        replace(&path, &text)?;
    }
    let files = DiskFiles::new(&session.root);
    Ok((links::reports(&links, &checked, &files), Counts::of(&links, &checked)))
}

fn how(args: &LinkArgs, options: &BuildOptions, links: &[Link]) -> Result<LinkOptions, Error> {
    const DAY: Duration = Duration::from_hours(24);
    let mut how = LinkOptions::new(options.now);
    how.asking = match (args.fresh, args.offline) {
        (_, true) => Asking::None,
        (true, false) => Asking::All,
        (false, false) => Asking::Due,
    };
    how.keep_good = DAY * args.good_days;
    how.keep_bad = DAY * args.broken_days;
    how.pause = args.pause;
    how.timeout = Duration::from_secs(args.timeout);
    how.hosts = args.hosts.into();
    how.allow_private = args.allow_private;
    if how.asking != Asking::None && links.iter().any(|link| link.address.is_secure()) {
        let found = rustls_native_certs::load_native_certs().certs;
        how.roots = found.iter().map(|one| one.as_ref().to_vec()).collect();
        if how.roots.is_empty() {
            return Err(Error::usage("this machine knows no authorities, so no secure link can be checked")
                .help("install your system's certificates (the package `ca-certificates`), or name their file in the environment variable `SSL_CERT_FILE`"));
        }
    }
    Ok(how)
}

/// Adds the results of another checker.
fn import(file: &Path, cache: &mut Cache, options: &BuildOptions) -> Result<(), Error> {
    let text = fs::read_to_string(file).map_err(|error| Error::io("read", file, error))?;
    let found = links::read_results(&text, options.now).map_err(|why| {
        Error::usage(format!("`{}` cannot be imported: {why}", shown(file)))
            .help("docs/links.md describes the shapes that are read")
    })?;
    for (address, known) in found {
        cache.import(address, known);
    }
    Ok(())
}

/// Shows the progress, and saves answers now and then.
struct Teller<'a> {
    bar: Bar,
    path: &'a Path,
    saved: Cell<Instant>,
}

impl Witness for Teller<'_> {
    fn begin(&self, total: usize) {
        self.bar.start("asking links", total);
    }

    fn advance(&self, so_far: &Cache) {
        self.bar.step();
        if self.saved.get().elapsed() >= SAVE_EVERY {
            self.saved.set(Instant::now());
            // What fails now fails at the end too, and is told then.
            let _later = replace(self.path, &so_far.to_json());
        }
    }
}

/// Reads the file of answers; none when there is no such file.
fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path, error)),
    }
}

/// Puts a text in the place of the file, in one step.
fn replace(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
    }
    let new = path.with_file_name(format!(".links.{}.new", std::process::id()));
    let done = fs::write(&new, text)
        .map_err(|error| Error::io("write", &new, error))
        .and_then(|()| fs::rename(&new, path).map_err(|error| Error::io("replace", path, error)));
    if done.is_err() {
        // What is half written must not stay.
        let _gone = fs::remove_file(&new);
    }
    done
}

/// Adds a line for each class to the summary.
pub(super) fn rows(block: &mut Block, counts: &Counts) {
    let addresses = count(counts.addresses, "external address", "external addresses");
    let known = counts.addresses - counts.asked - counts.unknown;
    block.row(
        "links",
        format!("{addresses}: {} asked now, {known} known from before", counts.asked),
    );
    let because = |number: usize, reasons: &[(String, usize)]| {
        let mut parts: Vec<String> = reasons
            .iter()
            .take(REASONS)
            .map(|(why, number)| format!("{} ({number})", one_line(why)))
            .collect();
        let rest: usize = reasons.iter().skip(REASONS).map(|(_, number)| number).sum();
        if rest > 0 {
            parts.push(format!("others ({rest})"));
        }
        format!("{number}: {}", parts.join(", "))
    };
    if counts.ok > 0 {
        block.row("ok", counts.ok.to_string());
    }
    if counts.moved > 0 {
        block.row("moved", format!("{} for good", counts.moved));
    }
    if counts.broken > 0 {
        block.row("broken", because(counts.broken, &counts.broken_because));
    }
    if counts.doubtful > 0 {
        block.row("doubtful", because(counts.doubtful, &counts.doubtful_because));
    }
    if counts.unknown > 0 {
        block.row("unknown", format!("{}, because nothing was asked", counts.unknown));
    }
}

/// Adds the counts to what `--json` prints.
pub(super) fn add_to_json(mut object: Value, counts: Option<&Counts>) -> Value {
    if let Some(object) = object.as_object_mut() {
        object.insert("links".to_owned(), json!(counts));
    }
    object
}

/// Masks secrets in what other parts of the check quote of the same lines.
pub(super) fn mask_all(diagnostics: &mut [Diagnostic]) {
    for report in diagnostics {
        report.message = mask(&report.message);
        report.help = report.help.as_deref().map(mask);
        if let Some(span) = report.place.as_mut().and_then(|place| place.span.as_mut()) {
            span.excerpt = mask(&span.excerpt);
        }
    }
}
