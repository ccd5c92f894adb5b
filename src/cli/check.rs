//! `pressmark check`.

use pressmark::build::{Inspection, inspect};
use pressmark::config::{ReviewGate, SiteConfig};
use pressmark::diag::{Diagnostic, sort};
use pressmark::resolve::Status;
use pressmark::review::{Unreviewed, gate};
use serde_json::{Value, json};

use super::args::CheckArgs;
use super::report::{Block, Tally, show, skipped_json, to_json};
use super::term::{ERROR, HELP, count, safe_json};
use super::{Failure, Outcome, Session, Volume, site};

/// Reads and joins the site, and shows its problems.
pub(super) fn run(args: &CheckArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let options = site::options(&args.site, &session.root)?;
    let (inspection, diagnostics) = all_reports(inspect(&options, true)?);
    show(session, &diagnostics, args.site.format, args.json)?;
    let tally = Tally::of(&diagnostics);
    let unreviewed = inspection.as_ref().map(|found| gate(&found.site, &found.config));
    let outcome = match tally.outcome(args.strict.on) {
        Outcome::Clean if unreviewed.is_some_and(|found| found.blocks) => Outcome::Unreviewed,
        outcome => outcome,
    };
    if args.json {
        let object = object(inspection.as_ref(), &diagnostics, tally, outcome);
        session.out.write(safe_json(&format!("{object}\n")).as_bytes())?;
        return Ok(outcome);
    }
    if let Some(found) = unreviewed.filter(|found| found.blocks) {
        blocked(session, found)?;
    }
    if session.volume != Volume::Quiet {
        let mut line = tally.text(&session.out);
        let mut block = Block::default();
        if let Some(inspection) = &inspection {
            let articles = inspection.site.articles.len();
            line += " in ";
            line += &count(articles, "article", "articles");
            block.skipped(&inspection.site.skipped, session.volume);
        }
        let text = format!("{line}\n{}", block.text(&session.out));
        session.out.write(text.as_bytes())?;
    }
    Ok(outcome)
}

/// Says that the gate is shut, and how it is opened.
fn blocked(session: &mut Session, found: Unreviewed) -> Result<(), Failure> {
    let label = session.err.paint(ERROR, "not reviewed");
    let help = session.err.paint(HELP, "help");
    let text = format!(
        "{label}: {}, and `[review] gate` is `block`\n{help}: `pressmark review` lists them; decide with \
         `pressmark review accept` and `reject`\n",
        unreviewed_text(found)
    );
    session.err.write(text.as_bytes())?;
    Ok(())
}

/// Returns `2 suggested entities, 1 derived topic`.
pub(super) fn unreviewed_text(found: Unreviewed) -> String {
    let entities = count(found.entities, "suggested entity", "suggested entities");
    let topics = count(found.topics, "derived topic", "derived topics");
    match (found.entities, found.topics) {
        (0, 0) => "nothing".to_owned(),
        (_, 0) => entities,
        (0, _) => topics,
        _ => format!("{entities}, {topics}"),
    }
}

/// Returns what is not reviewed, for programs.
pub(super) fn unreviewed_json(found: Unreviewed, config: &SiteConfig) -> Value {
    json!({
        "gate": match config.review.gate {
            ReviewGate::Label => "label",
            ReviewGate::Block => "block",
        },
        "entities": found.entities,
        "topics": found.topics,
        "blocks": found.blocks,
        "help": found.blocks.then_some("`pressmark review` lists them"),
    })
}

/// Joins the reports of an inspection with those that came beside it.
pub(super) fn all_reports(
    (inspection, mut diagnostics): (Option<Inspection>, Vec<Diagnostic>),
) -> (Option<Inspection>, Vec<Diagnostic>) {
    if let Some(inspection) = &inspection {
        diagnostics.extend(inspection.diagnostics.iter().cloned());
        sort(&mut diagnostics);
    }
    (inspection, diagnostics)
}

fn object(
    inspection: Option<&Inspection>,
    diagnostics: &[Diagnostic],
    tally: Tally,
    outcome: Outcome,
) -> Value {
    let mut counts = serde_json::Map::new();
    if let Some(Inspection { site, .. }) = inspection {
        let suggested = site.entities.iter().filter(|e| e.status == Status::Suggested).count();
        for (name, number) in [
            ("articles", site.articles.len()),
            ("topics", site.topics.len()),
            ("entities", site.entities.len()),
            ("suggested", suggested),
            ("sources", site.sources.len()),
            ("skipped", site.skipped.len()),
        ] {
            counts.insert(name.to_owned(), number.into());
        }
    }
    counts.insert("errors".to_owned(), tally.errors.into());
    counts.insert("warnings".to_owned(), tally.warnings.into());
    counts.insert("notes".to_owned(), tally.notes.into());
    json!({
        "command": "check",
        "ok": outcome == Outcome::Clean,
        "counts": counts,
        "review": inspection.map(|found| unreviewed_json(gate(&found.site, &found.config), &found.config)),
        "skipped": skipped_json(inspection.map_or(&[], |found| &found.site.skipped)),
        "diagnostics": to_json(diagnostics),
    })
}
