//! One run of `review` that decides: arguments become decisions, all of them or none.

use pressmark::build::{Inspection, inspect};
use pressmark::diag::{Error, Severity};
use pressmark::load::{Action, Reviewed};
use pressmark::review::{Answer, Known, Request};

use super::super::check::all_reports;
use super::super::clock::Clock;
use super::super::list::kind_of;
use super::super::report::show;
use super::super::term::one_line;
use super::super::{Failure, Outcome, Session, Volume, site};
use super::args::{DecideArgs, ReviewCommand};
use super::file;

const REVIEWER: &str = "PRESSMARK_REVIEWER";

/// Reads the site, decides, and writes the decisions down.
pub(super) fn run(command: &ReviewCommand, session: &mut Session) -> Result<Outcome, Failure> {
    let Some(args) = decide_args(command) else {
        return Err(Error::internal("a command that decides nothing").into());
    };
    let options = site::options(&args.site, &session.root)?;
    let (inspection, diagnostics) = all_reports(inspect(&options, false)?);
    let unusable = file::unusable(&diagnostics);
    let Some(inspection) = inspection.filter(|_| unusable.is_empty()) else {
        let mut errors = if unusable.is_empty() { diagnostics } else { unusable };
        errors.retain(|diagnostic| diagnostic.severity == Severity::Error);
        show(session, &errors, args.site.format, false)?;
        return Ok(Outcome::Flawed);
    };
    let answers = decide(command, &inspection)?;
    let mut actions: Vec<Action> = Vec::new();
    for action in answers.iter().filter_map(|answer| answer.action.as_ref()) {
        // An argument that stands there twice is one decision.
        if !actions.contains(action) {
            actions.push(action.clone());
        }
    }
    if !actions.is_empty() {
        let zone = &inspection.config.time_zone;
        let on = Some(Clock::choose(args.site.clock.at)?.day(zone));
        let who = Reviewed { by: reviewer(args), on };
        file::record(&session.root, &actions, &who, &inspection.config)?;
    }
    if session.volume != Volume::Quiet {
        let lines = answers.iter();
        let lines: Vec<String> =
            lines.map(|Answer { label, text, .. }| format!("{label:8}  {text}\n")).collect();
        let text = lines.concat();
        session.out.write(text.as_bytes())?;
    }
    Ok(Outcome::Clean)
}

fn decide_args(command: &ReviewCommand) -> Option<&DecideArgs> {
    match command {
        ReviewCommand::Accept(args) => Some(&args.decide),
        ReviewCommand::Reject(args) => Some(&args.decide),
        ReviewCommand::Merge(args) => Some(&args.decide),
        ReviewCommand::Split(args) => Some(&args.decide),
        ReviewCommand::Rename(args) => Some(&args.decide),
        ReviewCommand::Kind(args) => Some(&args.decide),
        ReviewCommand::List(_) | ReviewCommand::Undo(_) => None,
    }
}

/// Returns who decides.
fn reviewer(args: &DecideArgs) -> Option<String> {
    let variable = || std::env::var_os(REVIEWER).map(|name| name.to_string_lossy().into_owned());
    let name = args.by.clone().or_else(variable)?;
    let name = one_line(&name).trim().to_owned();
    (!name.is_empty()).then_some(name)
}

/// Decides about each argument.
fn decide(command: &ReviewCommand, inspection: &Inspection) -> Result<Vec<Answer>, Error> {
    let Inspection { site, decisions, config, .. } = inspection;
    let requests = requests(command, inspection)?;
    let known = Known { site, decisions, config };
    requests.into_iter().map(|request| pressmark::review::decide(request, known)).collect()
}

/// Returns what each argument of a command asks for.
fn requests<'a>(
    command: &'a ReviewCommand,
    inspection: &Inspection,
) -> Result<Vec<Request<'a>>, Error> {
    let kinds = &inspection.config.entities.kinds;
    let kind = |name: &Option<String>| name.as_deref().map(|name| kind_of(name, kinds)).transpose();
    Ok(match command {
        ReviewCommand::Accept(args) => {
            let kind = kind(&args.kind)?;
            let request = |name: &'a String| match &args.topic {
                Some(topic) => Request::Topic { topic, article: name, holds: true },
                None => Request::Accept { name, kind },
            };
            args.names.iter().map(request).collect()
        }
        ReviewCommand::Reject(args) => {
            let request = |name: &'a String| match &args.topic {
                Some(topic) => Request::Topic { topic, article: name, holds: false },
                None => Request::Reject { name },
            };
            args.names.iter().map(request).collect()
        }
        ReviewCommand::Merge(args) => {
            let name = args.name.as_str();
            args.others.iter().map(|other| Request::Merge { name, other }).collect()
        }
        ReviewCommand::Split(args) => {
            vec![Request::Split { name: &args.name, form: &args.form, kind: kind(&args.kind)? }]
        }
        ReviewCommand::Rename(args) => vec![Request::Rename { name: &args.old, to: &args.new }],
        ReviewCommand::Kind(args) => {
            vec![Request::Kind { name: &args.name, kind: kind_of(&args.kind, kinds)? }]
        }
        ReviewCommand::List(_) | ReviewCommand::Undo(_) => Vec::new(),
    })
}
