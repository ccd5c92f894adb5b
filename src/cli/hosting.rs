//! `pressmark hosting`.

use pressmark::build::server_snippet;
use pressmark::diag::{Diagnostic, Severity};

use super::args::HostingArgs;
use super::report::show;
use super::{Failure, Outcome, Session, site};

/// Prints what belongs into the configuration of a server.
pub(super) fn run(args: &HostingArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let options = site::options(&args.site, &session.root)?;
    let (text, mut reports) = server_snippet(&options, args.server.into(), &args.folder)?;
    // Warnings are told by a build; whoever wants a snippet has no use for them.
    reports.retain(|report: &Diagnostic| report.severity == Severity::Error);
    show(session, &reports, args.site.format, false)?;
    let Some(text) = text else { return Ok(Outcome::Flawed) };
    session.out.write(text.as_bytes())?;
    Ok(Outcome::Clean)
}
