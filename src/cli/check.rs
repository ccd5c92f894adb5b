//! `pressmark check`.

use pressmark::build::{Inspection, inspect};
use pressmark::config::{ReviewGate, SiteConfig};
use pressmark::diag::{Diagnostic, sort};
use pressmark::resolve::Status;
use pressmark::review::{Unreviewed, gate};
use serde_json::{Value, json};

use super::args::CheckArgs;
#[cfg(feature = "network")]
use super::links;
use super::report::{Block, Tally, show, skipped_json, to_json};
use super::term::{count, safe_json};
use super::{Failure, Outcome, Session, Volume, site};

/// Reads and joins the site, and shows its problems.
pub(super) fn run(args: &CheckArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let options = site::options(&args.site, &session.root)?;
    let (inspection, mut diagnostics) = all_reports(inspect(&options, true)?);
    #[cfg(feature = "network")]
    let links = match &inspection {
        Some(inspection) if args.links.on => {
            let (reports, counts) = links::run(&args.links, inspection, &options, session)?;
            diagnostics.extend(reports);
            links::mask_all(&mut diagnostics);
            Some(counts)
        }
        _ => None,
    };
    let outcome = Tally::of(&diagnostics).outcome(args.strict.on);
    let unreviewed = inspection.as_ref().map(|found| gate(&found.site, &found.config));
    let report = unreviewed.and_then(Unreviewed::report);
    let outcome = match outcome {
        Outcome::Clean if report.is_some() => Outcome::Unreviewed,
        outcome => outcome,
    };
    diagnostics.extend(report);
    sort(&mut diagnostics);
    show(session, &diagnostics, args.site.format, args.json)?;
    let tally = Tally::of(&diagnostics);
    if args.json {
        let object = object(inspection.as_ref(), &diagnostics, tally, outcome);
        #[cfg(feature = "network")]
        let object =
            if args.links.on { links::add_to_json(object, links.as_ref()) } else { object };
        session.out.write(safe_json(&format!("{object}\n")).as_bytes())?;
        return Ok(outcome);
    }
    if session.volume != Volume::Quiet {
        let mut line = tally.text(&session.out);
        let mut block = Block::default();
        if let Some(inspection) = &inspection {
            let articles = inspection.site.articles.len();
            line += " in ";
            line += &count(articles, "article", "articles");
            block.skipped(&inspection.site.skipped, session.volume);
            #[cfg(feature = "network")]
            if let Some(counts) = &links {
                links::rows(&mut block, counts);
            }
        }
        let text = format!("{line}\n{}", block.text(&session.out));
        session.out.write(text.as_bytes())?;
    }
    Ok(outcome)
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
        "quotes": found.quotes,
        "figures": found.figures,
        "roles": found.roles,
        "blocks": found.blocks,
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
