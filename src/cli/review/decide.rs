//! One run of `review` that decides: arguments become decisions, all of them or none.

use pressmark::build::consult;
use pressmark::config::SiteConfig;
use pressmark::diag::{Error, Severity};
use pressmark::load::{Action, Reviewed, is_fact_id};
use pressmark::review::{Answer, Known, Request, open_facts};

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
    let (decided, diagnostics) = consult(&options, |known, reports| {
        if !file::unusable(reports).is_empty() {
            return Ok(None);
        }
        Ok(Some((decide(command, known)?, known.config.clone())))
    })?;
    let Some((answers, config)) = decided.flatten() else {
        let unusable = file::unusable(&diagnostics);
        let mut errors = if unusable.is_empty() { diagnostics } else { unusable };
        errors.retain(|diagnostic| diagnostic.severity == Severity::Error);
        show(session, &errors, args.site.format, false)?;
        return Ok(Outcome::Flawed);
    };
    write(&answers, &config, args, session)?;
    if session.volume != Volume::Quiet {
        let lines = answers.iter();
        let lines: Vec<String> =
            lines.map(|Answer { label, text, .. }| format!("{label:8}  {text}\n")).collect();
        let text = lines.concat();
        session.out.write(text.as_bytes())?;
    }
    Ok(Outcome::Clean)
}

/// Writes down what has to be.
fn write(
    answers: &[Answer],
    config: &SiteConfig,
    args: &DecideArgs,
    session: &Session,
) -> Result<(), Error> {
    let mut actions: Vec<Action> = Vec::new();
    for action in answers.iter().filter_map(|answer| answer.action.as_ref()) {
        // An argument that stands there twice is one decision.
        if !actions.contains(action) {
            actions.push(action.clone());
        }
    }
    if actions.is_empty() {
        return Ok(());
    }
    let on = Some(Clock::choose(args.site.clock.at)?.day(&config.time_zone));
    let who = Reviewed { by: reviewer(args.by.as_ref()), on };
    file::record(&session.root, &actions, &who, config)
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
pub(in crate::cli) fn reviewer(by: Option<&String>) -> Option<String> {
    let variable = || std::env::var_os(REVIEWER).map(|name| name.to_string_lossy().into_owned());
    let name = by.cloned().or_else(variable)?;
    let name = one_line(&name).trim().to_owned();
    (!name.is_empty()).then_some(name)
}

/// Decides about each argument.
fn decide(command: &ReviewCommand, known: Known<'_>) -> Result<Vec<Answer>, Error> {
    let (articles, holds) = match command {
        ReviewCommand::Accept(args) if args.facts => (args.names.as_slice(), true),
        ReviewCommand::Reject(args) if args.facts => (args.names.as_slice(), false),
        _ => {
            let requests = requests(command, known)?;
            return requests.into_iter().map(|one| pressmark::review::decide(one, known)).collect();
        }
    };
    let mut answers = Vec::new();
    for article in articles {
        for id in open_facts(known, article)? {
            let request = Request::Fact { id: &id, holds, speaker: None };
            answers.push(pressmark::review::decide(request, known)?);
        }
    }
    Ok(answers)
}

/// Returns what each argument of a command asks for.
fn requests<'a>(command: &'a ReviewCommand, known: Known<'_>) -> Result<Vec<Request<'a>>, Error> {
    let kinds = &known.config.entities.kinds;
    let kind = |name: &Option<String>| name.as_deref().map(|name| kind_of(name, kinds)).transpose();
    Ok(match command {
        ReviewCommand::Accept(args) => {
            let kind = kind(&args.kind)?;
            let speaker = args.speaker.as_deref();
            let request = |name: &'a String| match &args.topic {
                Some(topic) => Request::Topic { topic, article: name, holds: true },
                None if speaker.is_some() || is_fact_id(name) => {
                    Request::Fact { id: name, holds: true, speaker }
                }
                None => Request::Accept { name, kind },
            };
            args.names.iter().map(request).collect()
        }
        ReviewCommand::Reject(args) => {
            let request = |name: &'a String| match &args.topic {
                Some(topic) => Request::Topic { topic, article: name, holds: false },
                None if is_fact_id(name) => Request::Fact { id: name, holds: false, speaker: None },
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
