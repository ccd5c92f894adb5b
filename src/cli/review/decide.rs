//! One run of `review` that decides: arguments become decisions, all of them or none.

use pressmark::build::{Inspection, inspect};
use pressmark::config::EntityKind;
use pressmark::diag::{Error, Severity, nearest};
use pressmark::files::SitePath;
use pressmark::load::{Action, Decision};
use pressmark::resolve::{Entity, Status, name_key};
use pressmark::review::{choices, other_forms};

use super::super::check::all_reports;
use super::super::clock::Clock;
use super::super::list::kind_of;
use super::super::report::show;
use super::super::term::one_line;
use super::super::{Failure, Outcome, Session, Volume, site};
use super::args::{DecideArgs, ReviewCommand};
use super::file;
use super::lookup::{article, entity, is_form, new_name, record_file, short, topic, unknown};

const REVIEWER: &str = "PRESSMARK_REVIEWER";

/// What a run came to: decisions to be written, and a line for each argument.
#[derive(Default)]
struct Outcomes {
    actions: Vec<Action>,
    lines: Vec<(&'static str, String)>,
}

impl Outcomes {
    fn add(&mut self, label: &'static str, text: String, action: Action) {
        self.lines.push((label, text));
        // An argument that stands there twice is one decision.
        if !self.actions.contains(&action) {
            self.actions.push(action);
        }
    }

    fn known(&mut self, text: String) {
        self.lines.push(("kept", text));
    }
}

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
    let outcomes = decide(command, &inspection)?;
    let zone = &inspection.config.time_zone;
    let on = Some(Clock::choose(args.site.clock.at)?.day(zone));
    let by = reviewer(args);
    let decision = |action| Decision { action, on, by: by.clone(), place: None };
    let decisions: Vec<Decision> = outcomes.actions.into_iter().map(decision).collect();
    if !decisions.is_empty() {
        file::append(&session.root, &decisions, &inspection.config.entities.kinds)?;
    }
    if session.volume != Volume::Quiet {
        let lines = outcomes.lines.iter();
        let lines: Vec<String> =
            lines.map(|(label, text)| format!("{label:8}  {text}\n")).collect();
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

fn decide(command: &ReviewCommand, inspection: &Inspection) -> Result<Outcomes, Error> {
    let mut out = Outcomes::default();
    let kinds = &inspection.config.entities.kinds;
    let kind = |name: &Option<String>| name.as_deref().map(|name| kind_of(name, kinds)).transpose();
    match command {
        ReviewCommand::Accept(args) => {
            let kind = kind(&args.kind)?;
            for name in &args.names {
                match &args.topic {
                    Some(topic) => choose(inspection, topic, name, true, &mut out)?,
                    None => accept(inspection, name, kind, &mut out)?,
                }
            }
        }
        ReviewCommand::Reject(args) => {
            for name in &args.names {
                match &args.topic {
                    Some(topic) => choose(inspection, topic, name, false, &mut out)?,
                    None => reject(inspection, name, &mut out)?,
                }
            }
        }
        ReviewCommand::Merge(args) => {
            for other in &args.others {
                merge(inspection, &args.name, other, &mut out)?;
            }
        }
        ReviewCommand::Split(args) => {
            let kind = kind(&args.kind)?;
            split(inspection, &args.name, &args.form, kind, &mut out)?;
        }
        ReviewCommand::Rename(args) => rename(inspection, &args.old, &args.new, &mut out)?,
        ReviewCommand::Kind(args) => {
            let kind = kind_of(&args.kind, kinds)?;
            set_kind(inspection, &args.name, kind, &mut out)?;
        }
        ReviewCommand::List(_) | ReviewCommand::Undo(_) => {}
    }
    Ok(out)
}

/// Returns a name and its kind, for people.
fn told(inspection: &Inspection, name: &str, kind: EntityKind) -> String {
    format!("{} ({})", one_line(name), inspection.config.entities.kinds.id(kind))
}

fn accept(
    inspection: &Inspection,
    name: &str,
    kind: Option<EntityKind>,
    out: &mut Outcomes,
) -> Result<(), Error> {
    let found = entity(inspection, name)?;
    let as_kind = kind.unwrap_or(found.kind);
    let text = told(inspection, &found.name, as_kind);
    if found.status == Status::Suggested {
        let action = Action::Accept { name: found.name.clone(), kind: Some(as_kind) };
        out.add("accepted", text, action);
        return Ok(());
    }
    if as_kind != found.kind {
        let known = told(inspection, &found.name, found.kind);
        return Err(Error::usage(format!("{known} is confirmed already"))
            .help("`pressmark review kind` says what it is"));
    }
    out.known(format!("{text}: confirmed already"));
    Ok(())
}

fn reject(inspection: &Inspection, name: &str, out: &mut Outcomes) -> Result<(), Error> {
    let found = entity(inspection, name)?;
    if let Some(file) = record_file(found) {
        return Err(Error::usage(format!("`{}` has a record: `{file}`", short(&found.name)))
            .help("remove that file first"));
    }
    // A form that somebody else has stays with that one.
    let is_own = |form: &String| {
        let key = name_key(form);
        let mut others = inspection.site.entities.iter().filter(|one| !std::ptr::eq(*one, found));
        !others.any(|one| name_key(&one.name) == key || is_form(one, &key))
    };
    let mut forms = other_forms(found);
    forms.retain(is_own);
    let mut text = told(inspection, &found.name, found.kind);
    if !forms.is_empty() {
        text = format!("{text}, also as {}", short(&forms.join(", ")));
    }
    out.add("rejected", text, Action::Reject { name: found.name.clone(), forms });
    Ok(())
}

fn merge(
    inspection: &Inspection,
    name: &str,
    other: &str,
    out: &mut Outcomes,
) -> Result<(), Error> {
    let into = entity(inspection, name)?;
    let key = name_key(other);
    let text = format!("{} into {}", short(other), told(inspection, &into.name, into.kind));
    if name_key(&into.name) == key {
        return Err(Error::usage(format!("`{}` and `{}` are one name", short(name), short(other))));
    }
    let record = into.record.as_ref();
    if record.is_some_and(|one| one.aliases.iter().any(|alias| name_key(alias) == key)) {
        out.known(format!("{text}: merged already"));
        return Ok(());
    }
    let called = |one: &&Entity| name_key(&one.name) == key;
    let entities = || inspection.site.entities.iter();
    let source = entities().find(called);
    if let (Some(one), Some(two)) = (record_file(into), source.and_then(record_file)) {
        return Err(Error::usage(format!(
            "`{}` and `{}` have records: `{one}`, `{two}`",
            short(&into.name),
            short(other)
        ))
        .help("remove one of the files, and add its names to the `aliases` of the other"));
    }
    let form = || entities().flat_map(|one| &one.aliases).find(|one| name_key(&one.name) == key);
    let name = source.map(|one| &one.name).or_else(|| form().map(|alias| &alias.name));
    let name = name.ok_or_else(|| unknown(inspection, other))?.clone();
    let action = Action::Merge { name, into: into.name.clone(), kind: Some(into.kind) };
    out.add("merged", text, action);
    Ok(())
}

fn split(
    inspection: &Inspection,
    name: &str,
    form: &str,
    kind: Option<EntityKind>,
    out: &mut Outcomes,
) -> Result<(), Error> {
    let found = entity(inspection, name)?;
    let key = name_key(form);
    if !is_form(found, &key) || name_key(&found.name) == key {
        let aliases: Vec<&str> = found.aliases.iter().map(|alias| alias.name.as_str()).collect();
        let help = match nearest(form, aliases.iter().copied()) {
            Some(near) => format!("did you mean `{}`?", one_line(near)),
            None if aliases.is_empty() => "it has no other forms".to_owned(),
            None => format!("its other forms are: {}", short(&aliases.join(", "))),
        };
        let message = format!("`{}` is not another form of `{}`", short(form), short(&found.name));
        return Err(Error::usage(message).help(help));
    }
    let exact = found.aliases.iter().find(|alias| name_key(&alias.name) == key);
    let form = exact.map_or_else(|| form.to_owned(), |alias| alias.name.clone());
    let kind = kind.unwrap_or(found.kind);
    let text = format!("{} from {}", told(inspection, &form, kind), one_line(&found.name));
    out.add("split", text, Action::Split { name: found.name.clone(), form, kind: Some(kind) });
    Ok(())
}

fn rename(inspection: &Inspection, old: &str, new: &str, out: &mut Outcomes) -> Result<(), Error> {
    let found = entity(inspection, old)?;
    let to = new_name(new)?;
    let other = inspection.site.entities.iter().find(|one| {
        name_key(&one.name) == name_key(&to) && name_key(&one.name) != name_key(&found.name)
    });
    if let Some(other) = other {
        return Err(Error::usage(format!("there is a `{}` already", short(&other.name)))
            .help("`pressmark review merge` says that two names are of the same one"));
    }
    let text = format!("{} to {}", one_line(&found.name), told(inspection, &to, found.kind));
    if to == found.name {
        out.known(format!("{text}: called so already"));
        return Ok(());
    }
    let action = Action::Rename { name: found.name.clone(), to, kind: Some(found.kind) };
    out.add("renamed", text, action);
    Ok(())
}

fn set_kind(
    inspection: &Inspection,
    name: &str,
    kind: EntityKind,
    out: &mut Outcomes,
) -> Result<(), Error> {
    let found = entity(inspection, name)?;
    let text = told(inspection, &found.name, kind);
    if found.kind == kind && found.status == Status::Confirmed {
        out.known(format!("{text}: confirmed already"));
    } else {
        out.add("kind", text, Action::Kind { name: found.name.clone(), kind });
    }
    Ok(())
}

/// Decides whether an article has a topic.
fn choose(
    inspection: &Inspection,
    name: &str,
    file: &str,
    holds: bool,
    out: &mut Outcomes,
) -> Result<(), Error> {
    let topic = topic(&inspection.site, name)?;
    let article = article(&inspection.site, file)?;
    let link =
        article.topics.iter().find(|link| inspection.site.topics[link.topic].slug == topic.slug);
    let text = format!("{}: {}", one_line(&topic.name), article.path);
    let is_stated = link.is_some_and(|link| link.rule.is_none());
    let (name, path) = (topic.name.clone(), article.path.clone());
    match (holds, link) {
        (true, Some(_)) if is_stated => out.known(format!("{text}: stated already")),
        (true, _) => out.add("accepted", text, Action::AcceptTopic { topic: name, article: path }),
        (false, None) => out.known(format!("{text}: not a topic of the article")),
        (false, Some(_)) if is_stated && !is_accepted(inspection, &name, &path) => {
            let message =
                format!("the front matter of `{path}` states the topic `{}`", short(&name));
            return Err(Error::usage(message).help("remove it there"));
        }
        (false, Some(_)) => {
            out.add("rejected", text, Action::RejectTopic { topic: name, article: path });
        }
    }
    Ok(())
}

/// Returns whether an article has a topic because somebody decided so.
fn is_accepted(inspection: &Inspection, topic: &str, article: &SitePath) -> bool {
    let choices = choices(&inspection.decisions);
    let mut of_article = choices.get(article).into_iter().flatten();
    of_article.any(|choice| choice.holds && name_key(&choice.topic) == name_key(topic))
}
