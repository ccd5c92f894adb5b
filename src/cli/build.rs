//! `pressmark build`.

use std::time::{Duration, Instant};

use pressmark::build::{BuildReport, StoreMode, StoreReport, build};
use pressmark::write::{Force, WriteReport};
use serde_json::{Value, json};

use super::args::BuildArgs;
use super::progress::Bar;
use super::report::{Block, Tally, show, skipped_json, to_json};
use super::term::{ERROR, GOOD, Stream, count, safe_json, shown, size, time};
use super::{Failure, Outcome, Session, Volume, site};

/// Builds the site, shows its problems, then what was done.
pub(super) fn run(args: BuildArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let mut options = site::options(&args.site, &session.root)?;
    options.output = args.output;
    options.force = if args.force { Force::Overwrite } else { Force::Refuse };
    options.dry_run = args.dry_run;
    options.store = if args.no_cache { StoreMode::Ignore } else { StoreMode::Use };
    let start = Instant::now();
    let bar = Bar::new(session);
    let built = build(&options, &bar);
    bar.clear();
    let report = built?;
    let took = start.elapsed();

    show(session, &report.diagnostics, args.site.format, args.json)?;
    let tally = Tally::of(&report.diagnostics);
    let outcome = tally.outcome(args.strict.on);
    if args.json {
        let object = object(&report, tally, outcome, took);
        session.out.write(safe_json(&format!("{object}\n")).as_bytes())?;
    } else if session.volume != Volume::Quiet {
        let text = match &report.written {
            None => failed(&report, tally, &session.out),
            Some(written) => {
                let mut block = summary(&report, tally, written, session.volume, &session.out);
                if tally.errors == 0 && outcome == Outcome::Flawed {
                    block.row("strict", "the site was written, and warnings count as errors");
                }
                if args.dry_run {
                    block.row("dry run", format!("nothing was written, in {}", time(took)));
                } else {
                    let place = session.out.paint(GOOD, shown(&report.output.join("index.html")));
                    block.row("built", format!("{place} in {}", time(took)));
                }
                block.text(&session.out)
            }
        };
        session.out.write(text.as_bytes())?;
        if args.timings {
            session.out.write(timings(&report.timings, took).text(&session.out).as_bytes())?;
        }
    }
    Ok(outcome)
}

/// Returns a line for each step with its time and its share of the whole; what lies between and
/// around the steps is a line too, so that the shares make up the whole.
fn timings(steps: &[(&'static str, Duration)], whole: Duration) -> Block {
    let known: Duration = steps.iter().map(|(_, took)| *took).sum();
    let mut block = Block::default();
    for (step, took) in steps.iter().copied().chain([("other", whole.saturating_sub(known))]) {
        let part = 100.0 * took.as_secs_f64() / whole.as_secs_f64().max(f64::MIN_POSITIVE);
        block.row(step, format!("{:>9.1} ms  {part:>5.1} %", millis(took)));
    }
    block.row("all", format!("{:>9.1} ms", millis(whole)));
    block
}

/// Returns the line about a build that wrote nothing.
fn failed(report: &BuildReport, tally: Tally, stream: &Stream) -> String {
    let kept = if report.output.join("index.html").is_file() {
        "nothing was written; the last good site is unchanged"
    } else {
        "nothing was written"
    };
    format!("{}  {}; {kept}\n", stream.paint(ERROR, "failed"), tally.text(stream))
}

fn summary(
    report: &BuildReport,
    tally: Tally,
    written: &WriteReport,
    volume: Volume,
    stream: &Stream,
) -> Block {
    let counts = &report.counts;
    let mut block = Block::default();
    let entities = count(counts.entities, "entity", "entities");
    let suggested = match counts.suggested {
        0 => String::new(),
        suggested => format!(" ({suggested} suggested)"),
    };
    block.row(
        "site",
        format!(
            "{}: {}, {}, {entities}{suggested}, {}",
            count(counts.pages, "page", "pages"),
            count(counts.articles, "article", "articles"),
            count(counts.topics, "topic", "topics"),
            count(counts.sources, "source", "sources"),
        ),
    );
    if counts.guessed > 0 {
        let fields = count(counts.guessed, "field", "fields");
        block.row("guessed", format!("{fields} (titles, dates, summaries, authors, sources)"));
    }
    block.skipped(&report.skipped, volume);
    block.row("problems", tally.text(stream));
    block.row("files", files(written));
    if volume == Volume::Verbose {
        let StoreReport { found, put } = report.store;
        block.row("store", format!("{found} values found, {put} kept"));
        let steps: Vec<String> =
            report.timings.iter().map(|(step, took)| format!("{step} {}", time(*took))).collect();
        block.row("time", steps.join(", "));
    }
    block
}

/// Returns what became of the files of the output folder.
fn files(report: &WriteReport) -> String {
    let written = match report.bytes_written {
        0 => String::new(),
        bytes => format!(" ({})", size(bytes)),
    };
    let mut parts = vec![
        format!("{} written{written}", report.written),
        format!("{} unchanged", report.unchanged),
    ];
    for (number, what) in [(report.removed, "removed"), (report.kept, "foreign kept")] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    parts.join(", ")
}

fn object(report: &BuildReport, tally: Tally, outcome: Outcome, took: Duration) -> Value {
    let counts = &report.counts;
    json!({
        "command": "build",
        "ok": outcome == Outcome::Clean,
        "output": report.output.strip_prefix(".").unwrap_or(&report.output).to_string_lossy(),
        "counts": {
            "pages": counts.pages,
            "articles": counts.articles,
            "topics": counts.topics,
            "entities": counts.entities,
            "suggested": counts.suggested,
            "sources": counts.sources,
            "guessed": counts.guessed,
            "skipped": report.skipped.len(),
            "errors": tally.errors,
            "warnings": tally.warnings,
            "notes": tally.notes,
        },
        "written": report.written.map(|written| json!({
            "written": written.written,
            "unchanged": written.unchanged,
            "removed": written.removed,
            "kept": written.kept,
            "bytes_written": written.bytes_written,
        })),
        "reused": report.reused,
        "store": { "found": report.store.found, "put": report.store.put },
        "skipped": skipped_json(&report.skipped),
        "diagnostics": to_json(&report.diagnostics),
        "timings": report.timings.iter()
            .map(|(step, took)| json!({ "step": step, "ms": millis(*took) }))
            .collect::<Vec<_>>(),
        "ms": millis(took),
    })
}

/// Returns milliseconds, rounded to tenths.
fn millis(took: Duration) -> f64 {
    (took.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use pressmark::build::Counts;

    use super::*;
    use crate::cli::args::When;

    fn report(written: Option<WriteReport>) -> BuildReport {
        let counts = Counts {
            pages: 204,
            articles: 61,
            topics: 1,
            entities: 120,
            suggested: 84,
            sources: 12,
            guessed: 34,
        };
        BuildReport {
            diagnostics: Vec::new(),
            counts,
            skipped: Vec::new(),
            written,
            output: PathBuf::from("nowhere/public"),
            reused: 0,
            store: StoreReport { found: 120, put: 2 },
            timings: vec![("load", Duration::from_millis(12))],
        }
    }

    #[test]
    fn a_summary_is_a_few_aligned_lines() {
        let written = WriteReport {
            written: 180,
            unchanged: 24,
            removed: 3,
            kept: 1,
            bytes_written: 1_234_567,
            manifest: None,
        };
        let stream = Stream::stdout(When::Never);
        let block =
            summary(&report(Some(written)), Tally::default(), &written, Volume::Verbose, &stream);
        assert_eq!(
            block.text(&stream),
            "\
site      204 pages: 61 articles, 1 topic, 120 entities (84 suggested), 12 sources
guessed   34 fields (titles, dates, summaries, authors, sources)
problems  no problems
files     180 written (1.2 MB), 24 unchanged, 3 removed, 1 foreign kept
store     120 values found, 2 kept
time      load 12 ms
"
        );
    }

    #[test]
    fn a_build_with_errors_says_that_nothing_changed() {
        let tally = Tally { errors: 2, ..Tally::default() };
        let text = failed(&report(None), tally, &Stream::stdout(When::Never));
        assert_eq!(text, "failed  2 errors; nothing was written\n");
    }

    #[test]
    fn timings_are_aligned_and_make_up_the_whole() {
        let steps =
            [("settings", Duration::from_micros(40)), ("render", Duration::from_millis(1500))];
        let stream = Stream::stdout(When::Never);
        assert_eq!(
            timings(&steps, Duration::from_secs(2)).text(&stream),
            "\
settings        0.0 ms    0.0 %
render       1500.0 ms   75.0 %
other         500.0 ms   25.0 %
all          2000.0 ms
"
        );
    }

    #[test]
    fn times_and_sizes_are_short() {
        assert_eq!(time(Duration::from_micros(12_345)), "12 ms");
        assert_eq!(time(Duration::from_millis(1240)), "1.24 s");
        assert_eq!(
            (size(999), size(1000), size(1_950_000)),
            ("999 B".into(), "1 kB".into(), "1.9 MB".into())
        );
    }
}
