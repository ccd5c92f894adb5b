//! `pressmark list`: what a site is about, for people and for other programs.

mod args;

use pressmark::build::{Inspection, inspect};
use pressmark::config::{EntityKind, Kinds};
use pressmark::diag::{Error, Severity, nearest};
use pressmark::resolve::{Article, Entity, Stated, Status, Topic};
use serde_json::{Value, json};

pub(super) use self::args::ListArgs;
use self::args::What;
use super::check::all_reports;
use super::report::{Tally, show};
use super::term::{one_line, safe_json};
use super::{Failure, Outcome, Session, site};

/// Prints the list. Errors are shown; warnings are for `build` and `check`.
pub(super) fn run(args: &ListArgs, session: &mut Session) -> Result<Outcome, Failure> {
    if args.kind.is_some() && args.what != What::Entities {
        return Err(Error::usage("`--kind` is only of use with `list entities`").into());
    }
    let options = site::options(&args.site, &session.root)?;
    let (inspection, mut diagnostics) = all_reports(inspect(&options, false)?);
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    show(session, &diagnostics, args.site.format, false)?;
    if let Some(inspection) = &inspection {
        let rows = match args.what {
            What::Articles => articles(inspection),
            What::Topics => topics(inspection),
            What::Entities => entities(inspection, args.kind.as_deref())?,
        };
        session.out.write(text(rows, args.json).as_bytes())?;
    }
    Ok(Tally::of(&diagnostics).outcome(false))
}

/// A row of a list.
struct Row {
    columns: Vec<String>,
    object: Value,
}

fn text(rows: Vec<Row>, json: bool) -> String {
    if json {
        let objects: Vec<Value> = rows.into_iter().map(|row| row.object).collect();
        return safe_json(&format!("{:#}\n", Value::Array(objects)));
    }
    let line = |row: Row| {
        let columns: Vec<String> = row.columns.iter().map(|column| one_line(column)).collect();
        columns.join("\t") + "\n"
    };
    rows.into_iter().map(line).collect()
}

/// Articles, newest first.
fn articles(inspection: &Inspection) -> Vec<Row> {
    let site = &inspection.site;
    let row = |(article, url): (&Article, &String)| {
        let date = article.date.as_ref().map(|date| date.value.date.to_string());
        let topics: Vec<&str> =
            article.topics.iter().map(|link| site.topics[link.topic].name.as_str()).collect();
        let source = article.origin.as_ref().and_then(|origin| origin.source);
        let guessed: Vec<&str> = [
            ("title", article.title.is_derived()),
            ("date", article.date.as_ref().is_some_and(Stated::is_derived)),
        ]
        .into_iter()
        .filter_map(|(field, guessed)| guessed.then_some(field))
        .collect();
        Row {
            columns: vec![
                date.clone().unwrap_or_else(|| "-".to_owned()),
                url.clone(),
                article.title.value.clone(),
            ],
            object: json!({
                "date": date,
                "url": url,
                "title": article.title.value,
                "path": article.path.as_str(),
                "draft": article.draft,
                "language": article.language,
                "source": source.map(|source| site.sources[source].name.as_str()),
                "topics": topics,
                "guessed": guessed,
            }),
        }
    };
    site.articles.iter().zip(&inspection.urls.articles).rev().map(row).collect()
}

fn topics(inspection: &Inspection) -> Vec<Row> {
    let site = &inspection.site;
    let row = |(topic, url): (&Topic, &String)| Row {
        columns: vec![topic.articles.len().to_string(), url.clone(), topic.name.clone()],
        object: json!({
            "articles": topic.articles.len(),
            "url": url,
            "name": topic.name,
            "parent": topic.parent.map(|parent| site.topics[parent].name.as_str()),
            "record": topic.record.as_ref().map(|record| record.path.as_str()),
        }),
    };
    site.topics.iter().zip(&inspection.urls.topics).map(row).collect()
}

fn entities(inspection: &Inspection, kind: Option<&str>) -> Result<Vec<Row>, Error> {
    let kinds = &inspection.config.entities.kinds;
    let wanted = kind.map(|name| kind_of(name, kinds)).transpose()?;
    let row = |(entity, url): (&Entity, &String)| {
        let kind = kinds.id(entity.kind);
        let status = match entity.status {
            Status::Suggested => "suggested",
            Status::Confirmed => "confirmed",
        };
        let aliases: Vec<&str> = entity.aliases.iter().map(|alias| alias.name.as_str()).collect();
        Row {
            columns: vec![
                kind.to_owned(),
                entity.articles.len().to_string(),
                status.to_owned(),
                url.clone(),
                entity.name.clone(),
            ],
            object: json!({
                "kind": kind,
                "articles": entity.articles.len(),
                "status": status,
                "url": url,
                "name": entity.name,
                "mentions": entity.mentions,
                "aliases": aliases,
                "record": entity.record.as_ref().map(|record| record.path.as_str()),
            }),
        }
    };
    let pairs = inspection.site.entities.iter().zip(&inspection.urls.entities);
    Ok(pairs.filter(|(entity, _)| wanted.is_none_or(|kind| entity.kind == kind)).map(row).collect())
}

/// Finds a kind by its name or its plural.
pub(super) fn kind_of(name: &str, kinds: &Kinds) -> Result<EntityKind, Error> {
    let known = kinds.by_id(name).or_else(|| kinds.by_plural(name));
    known.ok_or_else(|| {
        let ids: Vec<&str> = kinds.all().map(|kind| kinds.id(kind)).collect();
        let help = nearest(name, ids.iter().copied()).map_or_else(
            || format!("the kinds are {}", ids.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Error::usage(format!("there is no kind of entity `{name}`")).help(help)
    })
}
