//! The command line: arguments become typed options, the library is called, its report is shown.
//!
//! Results go to standard output; problems and progress go to standard error.
//! Exit status: 0 all is well; 1 the site has errors (or warnings with
//! `--strict`), or the disk failed; 2 wrong usage; 3 something is not reviewed
//! and `[review] gate` blocks that.
//!
//! Everything that may come from an article is cleaned of control characters
//! before a terminal sees it.

mod args;
mod build;
mod check;
mod clock;
mod digest;
mod edited;
mod hosting;
mod init;
#[cfg(feature = "network")]
mod links;
mod list;
mod new;
mod progress;
mod publish;
mod redact;
mod report;
mod review;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod shell;
mod site;
mod term;
mod theme;
mod verify;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory, FromArgMatches};
use pressmark::diag::Error;

use self::args::{Cli, Command, Global, When};
use self::term::{ERROR, HELP, Stream, one_line};

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// All is well.
    Clean,
    /// The site has errors, or warnings that count as such.
    Flawed,
    /// There is something that nobody has reviewed, and the settings forbid that.
    Unreviewed,
}

/// Why a command did not do its work.
#[derive(Debug)]
enum Failure {
    /// The library's reason.
    Program(Error),
    /// Standard output or standard error failed.
    Stream(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Program(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Volume {
    /// Errors and warnings.
    Quiet,
    /// A summary too.
    Normal,
    /// Names and times too.
    Verbose,
}

/// What all commands work with.
struct Session {
    root: PathBuf,
    volume: Volume,
    out: Stream,
    err: Stream,
}

impl Session {
    fn new(global: &Global) -> Self {
        let volume = match (global.quiet, global.verbose) {
            (true, _) => Volume::Quiet,
            (false, true) => Volume::Verbose,
            (false, false) => Volume::Normal,
        };
        Self {
            root: global.root.clone(),
            volume,
            out: Stream::stdout(global.color),
            err: Stream::stderr(global.color),
        }
    }

    /// Shows what stopped a command, and returns the exit status.
    fn fail(&mut self, failure: Failure) -> ExitCode {
        let (message, help, code) = match failure {
            Failure::Program(error) => {
                let help = error.help_text().map(one_line);
                (one_line(&error.to_string()), help, if error.is_usage() { 2 } else { 1 })
            }
            Failure::Stream(error) => (format!("cannot write the result: {error}"), None, 1),
        };
        let help = help.map(|help| format!("{}: {help}\n", self.err.paint(HELP, "help")));
        let label = self.err.paint(ERROR, "error");
        let text = format!("{label}: {message}\n{}", help.unwrap_or_default());
        // When standard error fails too, nobody is left to be told.
        let _unheard = self.err.write(text.as_bytes());
        ExitCode::from(code)
    }
}

/// Runs the command that the arguments name.
pub(crate) fn main() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let command = Cli::command().color(early_color(&args));
    let parsed = command.try_get_matches_from(args).and_then(|m| Cli::from_arg_matches(&m));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come as errors too; a closed pipe is none.
            let heard = match error.print() {
                Err(error) => error.kind() == io::ErrorKind::BrokenPipe,
                Ok(()) => true,
            };
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return ExitCode::from(if heard { code } else { code.max(1) });
        }
    };
    let mut session = Session::new(&cli.global);
    match run(cli, &mut session) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Flawed) => ExitCode::from(1),
        Ok(Outcome::Unreviewed) => ExitCode::from(3),
        Err(failure) => session.fail(failure),
    }
}

fn run(cli: Cli, session: &mut Session) -> Result<Outcome, Failure> {
    if let Some(jobs) = cli.global.jobs {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
        pool.map_err(|error| Error::usage(format!("cannot start {jobs} threads: {error}")))?;
    }
    match cli.command {
        Command::Init(args) => init::run(&args, session),
        Command::New(args) => new::run(&args, session),
        Command::Build(args) => build::run(args, session),
        #[cfg(feature = "serve")]
        Command::Serve(args) => {
            // It talks from several threads, as long as the program lives.
            serve::run(args, std::mem::replace(session, Session::new(&cli.global)))
        }
        Command::Check(args) => check::run(&args, session),
        Command::Publish(args) => publish::run(&args, session),
        Command::Verify(args) => verify::run(&args, session),
        Command::List(args) => list::run(&args, session),
        Command::Search(args) => search::run(&args, session),
        Command::Hosting(args) => hosting::run(&args, session),
        Command::Review(args) => review::run(&args, session),
        Command::Redact(args) => redact::run(&args, session),
        Command::Theme(args) => theme::run(&args, session),
        Command::Digest(args) => digest::run(&args, session),
        Command::Completions(args) => shell::completions(&args, session),
        Command::Man(args) => shell::man(&args, session),
    }
}

/// Finds `--color` before the arguments are read: the reports of wrong usage obey it as well.
fn early_color(args: &[OsString]) -> ColorChoice {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let value = texts.iter().enumerate().find_map(|(at, arg)| {
        let spaced = || (*arg == "--color").then(|| texts.get(at + 1).copied()).flatten();
        arg.strip_prefix("--color=").or_else(spaced)
    });
    match value.and_then(|value| <When as clap::ValueEnum>::from_str(value, false).ok()) {
        Some(When::Always) => ColorChoice::Always,
        Some(When::Never) => ColorChoice::Never,
        Some(When::Auto) | None => ColorChoice::Auto,
    }
}
