//! `pressmark digest`: what texts say.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead};
use std::path::Path;

use pressmark::config::SiteConfig;
use pressmark::diag::Error;
use pressmark::digest::{Digest, Options, Row, digest};
use pressmark::files::{Found, MemFiles, SitePath};
use pressmark::load::{Format, article};
use pressmark::parse::parse;

use super::args::DigestArgs;
use super::term::{LABEL, one_line};
use super::{Failure, Outcome, Session};

/// Rows that are read before the first answers are written.
const CHUNK: usize = 256;

/// Digests files, or rows of standard input.
pub(super) fn run(args: &DigestArgs, session: &mut Session) -> Result<Outcome, Failure> {
    let options = Options { across: args.across, summary_ratio: args.summary_ratio };
    if options.summary_ratio.is_some_and(|share| !(share > 0.0 && share <= 1.0)) {
        return Err(Error::usage("`--summary-ratio` is more than 0 and at most 1").into());
    }
    if args.jsonl {
        return lines(options, session);
    }
    if args.files.is_empty() {
        return Err(Error::usage("there is no file to digest")
            .help("name a file, or use `--jsonl`")
            .into());
    }
    let rows = args.files.iter().map(|file| read(file)).collect::<Result<Vec<Row>, Error>>()?;
    let all = digest(&rows, options);
    if args.json {
        write(&all, session)?;
    } else {
        for (one, row) in all.iter().zip(&rows) {
            let text = told(one, &row.text, session);
            session.out.write(text.as_bytes())?;
        }
    }
    Ok(Outcome::Clean)
}

fn lines(options: Options, session: &mut Session) -> Result<Outcome, Failure> {
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(io::stdin().lock().lines()) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let row = Row::parse(&line)
            .map_err(|error| Error::usage(format!("line {number} of standard input: {error}")))?;
        rows.push(row);
        if !options.across && rows.len() == CHUNK {
            write(&digest(&rows, options), session)?;
            rows.clear();
        }
    }
    write(&digest(&rows, options), session)?;
    Ok(Outcome::Clean)
}

fn write(all: &[Digest], session: &mut Session) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    for one in all {
        serde_json::to_writer(&mut bytes, one).map_err(io::Error::from)?;
        bytes.push(b'\n');
    }
    session.out.write(&bytes)?;
    Ok(())
}

/// Reads an article the way a build does.
fn read(path: &Path) -> Result<Row, Error> {
    let bytes = fs::read(path).map_err(|error| Error::io("read", path, error))?;
    let size = bytes.len() as u64;
    let id = path.to_string_lossy().into_owned();
    let kind = path.extension().and_then(|ending| ending.to_str()).unwrap_or("txt");
    let place = format!("content/articles/article.{}", kind.to_ascii_lowercase());
    let unreadable = || {
        Error::usage(format!("`{}` is not an article that can be read", one_line(&id))).help(
            "an article is a file in Markdown (.md), HTML (.html) or plain text (.txt), in UTF-8",
        )
    };
    let place = SitePath::parse(&place).filter(|place| Format::of(place).is_some());
    let place = place.ok_or_else(unreadable)?;
    let mut files = MemFiles::new();
    files.insert(place.clone(), bytes);
    let config = SiteConfig::default();
    let found = Found { path: place, size, stamp: None };
    let file = article(&files, &found, &config).value.ok_or_else(unreadable)?;
    let draft = parse(&file, &config).value;
    let title = file.front.title.clone().or_else(|| draft.title.map(|title| title.value));
    let language = file.front.language.clone();
    Ok(Row { id, text: draft.body.text, title, language, ..Row::default() })
}

/// Returns a digest of a text for people.
fn told(one: &Digest, text: &str, session: &Session) -> String {
    let label = |text: &str| session.out.paint(LABEL, text);
    let mut out = format!("{}\n", label(&one_line(one.title.as_deref().unwrap_or(&one.id))));
    if let Some(line) = &one.line {
        let _ = writeln!(out, "{}", one_line(line));
    }
    let mut list = |name: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{}", label(name));
            for line in lines {
                let _ = writeln!(out, "  {}", one_line(&line));
            }
        }
    };
    list("Key sentences", one.summary.iter().map(|part| part.text.clone()).collect());
    for (kind, name) in [
        ("person", "People"),
        ("organization", "Organizations"),
        ("place", "Places"),
        ("event", "Events"),
        ("work", "Works"),
    ] {
        let of_kind = one.entities.iter().filter(|entity| entity.kind == kind);
        let line = |entity: &pressmark::digest::Entity| {
            let names = std::iter::once(&entity.name).chain(&entity.aliases);
            let names: Vec<&str> = names.map(String::as_str).collect();
            format!("{} ({})", names.join(", "), entity.mentions.len())
        };
        list(name, of_kind.map(line).collect());
    }
    let country = |country: &pressmark::digest::Country| {
        // A country that the text does not name is shown with what tells it.
        let from =
            if country.named { String::new() } else { format!(" ({})", country.from.join(", ")) };
        format!("{}{from}", country.name)
    };
    list("Countries", one.countries.iter().map(country).collect());
    let quote = |quote: &pressmark::digest::Quote| {
        format!("{}: {}", quote.speaker.as_deref().unwrap_or("unresolved"), quote.text)
    };
    list("Quotes", one.quotes.iter().map(quote).collect());
    let figure = |figure: &pressmark::digest::Figure| {
        // As the text has it, with the words that say how sure it is.
        let range = figure.start..figure.end;
        let words: String = text.chars().skip(range.start).take(range.len()).collect();
        let what = figure.what.as_deref().filter(|what| !words.contains(what));
        let by = figure.by.as_ref().map(|by| format!("({by})"));
        let parts = [Some(words.as_str()), what, by.as_deref()];
        parts.into_iter().flatten().collect::<Vec<&str>>().join(" ")
    };
    list("Figures", one.figures.iter().map(figure).collect());
    list("Key phrases", one.keyphrases.iter().map(|phrase| phrase.text.clone()).collect());
    out.push('\n');
    out
}
