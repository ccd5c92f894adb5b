//! `pressmark review`: what the program found, shown to a person who decides about it.

mod args;
mod decide;
mod file;

use std::fmt::Write as _;

use pressmark::build::{Review, pending};
use pressmark::config::SiteConfig;
use pressmark::diag::{Diagnostic, Error, Severity};
use pressmark::review::{Pending, Wish};
use serde_json::{Value, json};

pub(super) use self::args::ReviewArgs;
use self::args::{ReviewCommand, ReviewListArgs};
#[cfg(feature = "serve")]
pub(super) use self::decide::reviewer;
#[cfg(feature = "serve")]
pub(super) use self::file::record;
use super::check::unreviewed_json;
use super::list::kind_of;
use super::report::{Tally, show, to_json};
use super::term::{LABEL, count, one_line, safe_json};
use super::{Failure, Outcome, Session, Volume, site};

/// Entities that are shown when nobody asks for more.
const LIMIT: usize = 20;

/// Lists, or writes a decision down.
pub(super) fn run(args: &ReviewArgs, session: &mut Session) -> Result<Outcome, Failure> {
    if let Some(option) = args.stray().filter(|_| args.command.is_some()) {
        let message = format!("`{option}` stands in front of the command of `review`");
        return Err(Error::usage(message).help("put it behind").into());
    }
    match &args.command {
        None => list(&args.list, session),
        Some(ReviewCommand::List(args)) => list(args, session),
        Some(ReviewCommand::Undo(args)) => file::undo(args.name.as_deref(), session),
        Some(command) => decide::run(command, session),
    }
}

/// Lists what nobody has decided about. Only errors are shown beside it.
fn list(args: &ReviewListArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let options = site::options(&args.site, &session.root)?;
    let limit = match args.limit {
        Some(0) => None,
        None if args.json => None,
        limit => limit.or(Some(LIMIT)),
    };
    let wish = |config: &SiteConfig| -> Result<Wish, Error> {
        let kind = args.kind.as_deref();
        let kind = kind.map(|name| kind_of(name, &config.entities.kinds)).transpose()?;
        Ok(Wish { kind, limit })
    };
    let (found, mut diagnostics) = pending(&options, wish)?;
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    show(session, &diagnostics, args.site.format, args.json)?;
    let outcome = Tally::of(&diagnostics).outcome(false);
    if args.json {
        let object = object(found.as_ref(), &diagnostics, outcome);
        session.out.write(safe_json(&format!("{object:#}\n")).as_bytes())?;
    } else if let Some(Review { pending, config }) = &found {
        let text = text(pending, config, session);
        session.out.write(text.as_bytes())?;
    }
    Ok(outcome)
}

fn text(pending: &Pending, config: &SiteConfig, session: &Session) -> String {
    let kinds = &config.entities.kinds;
    let mut out = String::new();
    for entity in &pending.entities {
        let name = session.out.paint(LABEL, one_line(&entity.name));
        let articles = count(entity.articles, "article", "articles");
        let mentions = entity.mentions as usize;
        let mentions = count(mentions, "mention", "mentions");
        line(&mut out, format_args!("{name}  {}, {mentions} in {articles}", kinds.id(entity.kind)));
        if !entity.forms.is_empty() {
            line(&mut out, format_args!("  also: {}", one_line(&entity.forms.join(", "))));
        }
        for quote in &entity.quotes {
            line(&mut out, format_args!("  {}: {}", quote.article, one_line(&quote.text)));
        }
        out.push('\n');
    }
    let more = pending.all_entities - pending.entities.len();
    if more > 0 {
        line(&mut out, format_args!("and {more} more (--limit 0)\n"));
    }
    if !pending.topics.is_empty() {
        line(&mut out, format_args!("{}", session.out.paint(LABEL, "Topics")));
    }
    for topic in &pending.topics {
        let (name, title) = (one_line(&topic.topic), one_line(&topic.title));
        line(&mut out, format_args!("  {name}  {}: {title}", topic.article));
    }
    let more = pending.all_topics - pending.topics.len();
    if more > 0 {
        line(&mut out, format_args!("  and {more} more (--limit 0)"));
    }
    if !pending.topics.is_empty() {
        out.push('\n');
    }
    facts(&mut out, pending, session);
    if session.volume != Volume::Quiet {
        let waiting = pending.unreviewed;
        let next = if waiting.any() {
            "; decide with `pressmark review accept`, `reject` or `merge`"
        } else {
            ""
        };
        line(&mut out, format_args!("{waiting} to review{next}"));
    }
    out
}

/// Adds quotations, figures and roles, each with its id in front and its sentence below.
fn facts(out: &mut String, pending: &Pending, session: &Session) {
    if pending.facts.is_empty() {
        return;
    }
    line(out, format_args!("{}", session.out.paint(LABEL, "Quotations, figures and roles")));
    for fact in &pending.facts {
        let said_by = fact.speaker.as_deref().map(|name| format!(" — {}", one_line(name)));
        let (text, said_by) = (one_line(&fact.text), said_by.unwrap_or_default());
        line(out, format_args!("  {}  {}: {text}{said_by}", fact.id, fact.article));
        if fact.sentence != fact.text {
            line(out, format_args!("    {}", one_line(&fact.sentence)));
        }
    }
    let more = pending.all_facts - pending.facts.len();
    if more > 0 {
        line(out, format_args!("  and {more} more (--limit 0)"));
    }
    out.push('\n');
}

/// Adds a line. Writing to a string cannot fail.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _infallible = writeln!(out, "{text}");
}

fn object(found: Option<&Review>, diagnostics: &[Diagnostic], outcome: Outcome) -> Value {
    let mut object = json!({ "command": "review", "ok": outcome == Outcome::Clean });
    if let Some(Review { pending, config }) = found {
        let kinds = &config.entities.kinds;
        let entities = pending.entities.iter().map(|entity| {
            let quotes = entity.quotes.iter();
            let quotes: Vec<Value> = quotes
                .map(|quote| json!({ "article": quote.article.as_str(), "text": quote.text }))
                .collect();
            json!({
                "name": entity.name,
                "kind": kinds.id(entity.kind),
                "articles": entity.articles,
                "mentions": entity.mentions,
                "forms": entity.forms,
                "sentences": quotes,
            })
        });
        object["entities"] = entities.collect();
        let topics = pending.topics.iter().map(|topic| {
            json!({
                "topic": topic.topic,
                "article": topic.article.as_str(),
                "title": topic.title,
                "rule": topic.rule,
            })
        });
        object["topics"] = topics.collect();
        let facts = pending.facts.iter().map(|fact| {
            json!({
                "id": fact.id,
                "kind": fact.kind.word(),
                "article": fact.article.as_str(),
                "text": fact.text,
                "sentence": fact.sentence,
                "speaker": fact.speaker,
                "rule": fact.rule,
            })
        });
        object["facts"] = facts.collect();
        object["review"] = unreviewed_json(pending.unreviewed, config);
    }
    object["diagnostics"] = to_json(diagnostics).into();
    object
}
