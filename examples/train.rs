//! Learns to find names from annotated texts, and writes `src/analyze/data/names.model`.
//!
//! ```sh
//! cargo run --release --example train -- [--rounds N] [--least N] [--dropout PERCENT] [--models N] [--smallest SIXTEENTHS]
//!     [--test FILE]... -o MODEL TEXTS...
//! ```
//!
//! `TEXTS` are files of JSON lines, `{"id", "text", "spans": [[start, end, type], ...]}`, with offsets in
//! characters; of inline markup (`.txt`), one text to a paragraph, names as `[PER Ada Lovelace]`; or of
//! offsets alone (`.tsv`: id, start, end, type), for texts of files named before. Types are `PER`, `ORG`, `LOC`, `FAC` (a
//! place), `NORP`, `EVENT`, `WORK` and `MISC` (`WORK`, or `NORP` for an adjective of a nation); others are passed over.
//!
//! With `--test`, prints the F1 of exact ranges and classes on files of the same form.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that talks to a person")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use pressmark::analyze::{Annotated, NameClass, Outcome, Settings, evaluate, is_group, train};
use serde_json::Value;

type Texts = BTreeMap<String, Annotated>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let mut settings = Settings { rounds: 15, least: 2, dropout: 45, models: 10, smallest: 16 };
    let mut output = None;
    let (mut files, mut measured) = (Vec::new(), Vec::new());
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} wants a value"));
        match arg.as_str() {
            "--rounds" => settings.rounds = value()?.parse()?,
            "--least" => settings.least = value()?.parse()?,
            "--models" => settings.models = value()?.parse()?,
            "--smallest" => settings.smallest = value()?.parse()?,
            "--test" => measured.push(value()?),
            "--dropout" => settings.dropout = value()?.parse()?,
            "-o" => output = Some(value()?),
            _ => files.push(arg),
        }
    }
    let mut texts = Texts::new();
    let mut known = Texts::new();
    for file in &files {
        read(file, &mut texts, &mut known)?;
    }
    let texts: Vec<Annotated> = texts.into_values().collect();
    let names: usize = texts.iter().map(|text| text.names.len()).sum();
    println!("{} texts, {names} names", texts.len());
    let model = train(&texts, &settings);
    println!("{} bytes", model.len());
    for file in &measured {
        let mut texts = Texts::new();
        read(file, &mut texts, &mut known)?;
        let texts: Vec<Annotated> = texts.into_values().collect();
        let mut all = Outcome::default();
        print!("{file}:");
        for (class, outcome) in evaluate(&model, &texts) {
            if outcome.there > 0 {
                print!(" {class:?} {}", outcome.f1());
                all.there += outcome.there;
                all.found += outcome.found;
                all.right += outcome.right;
            }
        }
        println!(
            ", all 0.{:03}: {} of {} names, {} found",
            all.f1(),
            all.right,
            all.there,
            all.found
        );
    }
    match output {
        Some(path) => fs::write(path, model)?,
        None => eprintln!("nothing written, as there is no -o"),
    }
    Ok(())
}

/// Reads a file; texts without annotations are only known.
fn read(file: &str, texts: &mut Texts, known: &mut Texts) -> Result<(), Box<dyn Error>> {
    let content = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let ending = Path::new(file).extension().and_then(|ending| ending.to_str());
    if ending == Some("txt") {
        for (n, paragraph) in
            content.split("\n\n").filter(|text| !text.trim().is_empty()).enumerate()
        {
            texts.insert(
                format!("{file} {n:04}"),
                inline(paragraph).map_err(|e| format!("{file}: {e}"))?,
            );
        }
        return Ok(());
    }
    if ending == Some("tsv") {
        for line in content.lines() {
            let [id, start, end, kind] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(format!("{file}: {line}").into());
            };
            let source = known.get(id).ok_or(format!("{file}: no text {id}"))?;
            let text = texts
                .entry(id.to_owned())
                .or_insert_with(|| Annotated { text: source.text.clone(), names: Vec::new() });
            add(text, start.parse()?, end.parse()?, kind);
        }
        for text in texts.values_mut() {
            text.names.sort_unstable();
        }
        return Ok(());
    }
    for line in content.lines() {
        let row: Value = serde_json::from_str(line)?;
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let mut found = Annotated { text: text("text"), names: Vec::new() };
        let Some(spans) = row["spans"].as_array().filter(|_| !file.contains("texts")) else {
            known.insert(text("id"), found);
            continue;
        };
        for span in spans {
            let number = |at: usize| {
                span[at].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or_default()
            };
            add(&mut found, number(0), number(1), span[2].as_str().unwrap_or_default());
        }
        found.names.sort_unstable();
        texts.insert(text("id"), found);
    }
    Ok(())
}

/// Adds a name by offsets in characters.
fn add(text: &mut Annotated, start: usize, end: usize, kind: &str) {
    let byte = |at: usize| text.text.char_indices().nth(at).map_or(text.text.len(), |(at, _)| at);
    let (start, end) = (byte(start), byte(end));
    let class = match kind {
        "PER" => NameClass::Person,
        "ORG" => NameClass::Organization,
        "LOC" | "FAC" => NameClass::Place,
        "NORP" => NameClass::Group,
        "EVENT" => NameClass::Event,
        "MISC" if is_group(&text.text[start..end]) => NameClass::Group,
        "WORK" | "MISC" => NameClass::Work,
        _ => return,
    };
    text.names.push((start, end, class));
}

/// Reads `Then [PER Ada Lovelace] spoke.`
fn inline(marked: &str) -> Result<Annotated, String> {
    let mut found = Annotated::default();
    let mut rest = marked.trim();
    while let Some((before, after)) = rest.split_once('[') {
        found.text.push_str(before);
        let (name, behind) = after.split_once(']').ok_or(format!("no end: {after}"))?;
        let (kind, name) = name.split_once(' ').ok_or(format!("no type: {name}"))?;
        let start = found.text.chars().count();
        found.text.push_str(name);
        let end = found.text.chars().count();
        add(&mut found, start, end, kind);
        rest = behind;
    }
    found.text.push_str(rest);
    Ok(found)
}
