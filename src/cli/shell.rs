//! `pressmark completions` and `pressmark man`: what shells and readers of manuals need.

use clap::CommandFactory as _;
use pressmark::diag::{Error, nearest};

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::{Failure, Outcome, Session};

/// Prints the completion script of a shell.
pub(super) fn completions(
    args: &CompletionsArgs,
    session: &mut Session,
) -> Result<Outcome, Failure> {
    // The generator panics when its writer fails; memory does not.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "pressmark", &mut script);
    session.out.write(&script)?;
    Ok(Outcome::Clean)
}

/// Prints the manual page of the program or of a command.
pub(super) fn man(args: &ManArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let mut program = Cli::command();
    program.build();
    let page = match &args.command {
        None => program,
        Some(name) => {
            let found = program.get_subcommands().find(|command| command.get_name() == name);
            found.cloned().ok_or_else(|| unknown(name, &program))?
        }
    };
    let mut roff = Vec::new();
    clap_mangen::Man::new(page)
        .source(concat!("pressmark ", env!("CARGO_PKG_VERSION")))
        .manual("Pressmark")
        .render(&mut roff)?;
    session.out.write(&roff)?;
    Ok(Outcome::Clean)
}

fn unknown(name: &str, program: &clap::Command) -> Error {
    let names: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
    let help = nearest(name, names.iter().copied()).map_or_else(
        || format!("the commands are {}", names.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Error::usage(format!("there is no command `{name}`")).help(help)
}
