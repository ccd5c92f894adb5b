//! What the preview itself shows: its script, what is behind a page, how the site stands; and decisions.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State as Shared};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::http::Server;
use super::inject::TOOLS;
use super::routes::{Route, route};
use crate::build::LiveReport;
use crate::config::EntityKind;
use crate::diag::{Code, Diagnostic, Format, Palette, render};
use crate::files::SitePath;
use crate::plan::view::escape;
use crate::plan::{PageKind, UrlPath};
use crate::resolve::{Article, SkipReason, Status};
use crate::review::{Known, Request, decide as answer_to};

const CLIENT: &str = include_str!("client/client.js");
const STYLE: &str = include_str!("client/client.css");
const DASHBOARD: &str = include_str!("client/dashboard.css");
/// Pages that a search lists.
const MOST_FOUND: usize = 50;

/// What is asked of a tool.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// Path of the page that it is about.
    #[serde(default)]
    path: String,
    /// Words that pages are looked for by.
    #[serde(default)]
    q: String,
}

/// Answers with one of the preview's own pages.
pub(super) async fn tool(
    Shared(server): Shared<Arc<Server>>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Response {
    let name = uri.path().strip_prefix(TOOLS).unwrap_or_default().to_owned();
    let text = |kind: &'static str, text: String| {
        ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
    };
    match name.as_str() {
        "client.js" => text("text/javascript; charset=utf-8", CLIENT.to_owned()),
        "client.css" => text("text/css; charset=utf-8", STYLE.to_owned()),
        "dashboard.css" => text("text/css; charset=utf-8", DASHBOARD.to_owned()),
        "about" | "" => {
            let made = tokio::task::spawn_blocking(move || {
                if name.is_empty() {
                    (true, dashboard(&server, &asked.q))
                } else {
                    (false, about(&server, &asked.path).to_string())
                }
            });
            match made.await {
                Ok((true, page)) => text("text/html; charset=utf-8", page),
                Ok((false, object)) => text("application/json", object),
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
        _ => (StatusCode::NOT_FOUND, "nothing is here\n").into_response(),
    }
}

/// Returns what is behind a page, and what is wrong with the site.
fn about(server: &Server, path: &str) -> Value {
    let report = server.live.report();
    let errors = report.diagnostics.iter().filter(|one| one.is_error());
    let errors: Vec<Value> = errors.map(|one| told(server, one)).collect();
    let at = |path: &SitePath| server.live.has(path);
    let page = match route(path, &server.base_path(), &at) {
        Route::Output(path) => server.live.page(&path),
        _ => None,
    };
    let of_page = page
        .and_then(|(page, _)| server.live.consult(|known| behind(server, known, page, &report)));
    let kinds = server.live.consult(|known| {
        let kinds = &known.config.entities.kinds;
        kinds.all().map(|kind| kinds.id(kind).to_owned()).collect::<Vec<_>>()
    });
    json!({ "errors": errors, "page": of_page.flatten(), "kinds": kinds.unwrap_or_default() })
}

/// Returns a report for the browser.
fn told(server: &Server, report: &Diagnostic) -> Value {
    let text = render(std::slice::from_ref(report), Format::Human, Palette::Plain);
    let place = report.place.as_ref();
    let span = place.and_then(|place| place.span.as_ref());
    let (line, column) = span.map_or((1, 1), |span| (span.line, span.column));
    json!({
        "text": text,
        "severity": report.severity,
        "file": place.map(|place| place.path.as_str()),
        "editor": place.and_then(|place| editor(server, &place.path, line, column)),
    })
}

/// Returns the address that opens a file in an editor.
fn editor(server: &Server, path: &SitePath, line: u32, column: u32) -> Option<String> {
    let url = server.options.editor_url.as_ref()?;
    let file = path.on_disk(&server.options.site.root);
    let file = std::path::absolute(&file).unwrap_or(file);
    Some(fill(url, &file, line, column))
}

/// Fills an address in; a path is encoded, so that it cannot become more than a path.
fn fill(url: &str, file: &Path, line: u32, column: u32) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEEP: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');
    let file = file.to_string_lossy();
    url.replace("{file}", &utf8_percent_encode(&file, KEEP).to_string())
        .replace("{line}", &line.to_string())
        .replace("{column}", &column.to_string())
}

/// Returns what a page is made from: its file, and what nobody has decided about.
fn behind(server: &Server, known: Known<'_>, page: PageKind, report: &LiveReport) -> Option<Value> {
    let site = known.site;
    let (file, facts) = match page {
        PageKind::Article(id) => {
            let article = &site.articles[id];
            (article.path.clone(), open(known, article, id))
        }
        PageKind::Standalone(number) => (site.pages[number].path.clone(), Vec::new()),
        PageKind::Entity(id, _) => {
            let entity = &site.entities[id];
            let kind = known.config.entities.kinds.id(entity.kind);
            let is_open = entity.status == Status::Suggested;
            let fact = is_open.then(|| fact("name", &entity.name, kind, &entity.name));
            let record = entity.record.as_ref().map(|record| record.path.clone());
            return Some(json!({
                "file": record.as_ref().map(SitePath::as_str),
                "editor": record.and_then(|path| editor(server, &path, 1, 1)),
                "badge": Value::Null, "links": [], "reports": [], "facts": fact.into_iter().collect::<Vec<_>>(),
            }));
        }
        _ => return None,
    };
    let badge =
        report.unpublished.iter().find(|one| one.path == file).map(|one| match one.reason {
            SkipReason::Draft => "draft",
            SkipReason::Future => "future",
            SkipReason::Expired => "expired",
            SkipReason::Removed => "removed",
        });
    let here = |one: &&Diagnostic| one.place.as_ref().is_some_and(|place| place.path == file);
    let here = report.diagnostics.iter().filter(here);
    let (links, reports): (Vec<&Diagnostic>, Vec<&Diagnostic>) = here.partition(|one| is_link(one));
    let told = |all: Vec<&Diagnostic>| all.iter().map(|one| told(server, one)).collect::<Vec<_>>();
    Some(json!({
        "file": file.as_str(),
        "editor": editor(server, &file, 1, 1),
        "badge": badge,
        "links": told(links),
        "reports": told(reports),
        "facts": facts,
    }))
}

/// Returns whether a report is about a link of this site that leads nowhere.
fn is_link(report: &Diagnostic) -> bool {
    matches!(report.code, Code::LinkBroken | Code::AnchorBroken)
}

/// Returns something that a rule found: what it is, what it is called in a decision, and words for people.
fn fact(what: &str, name: &str, kind: &str, label: &str) -> Value {
    json!({ "what": what, "name": name, "kind": kind, "label": label })
}

/// Lists what nobody has decided about in an article.
fn open(known: Known<'_>, article: &Article, id: crate::ids::ArticleId) -> Vec<Value> {
    let Known { site, config, part, .. } = known;
    let entities = article.entities.iter().map(|link| &site.entities[link.entity]);
    let entities = entities.filter(|entity| entity.status == Status::Suggested).map(|entity| {
        fact("name", &entity.name, config.entities.kinds.id(entity.kind), &entity.name)
    });
    let topics = article.topics.iter().filter(|link| link.rule.is_some()).map(|link| {
        let name = &site.topics[link.topic].name;
        fact("topic", name, "topic", name)
    });
    let words = |range| part(id, range).split_whitespace().collect::<Vec<_>>().join(" ");
    let is_open = |status: Status| status == Status::Suggested;
    let quotes =
        article.quotes.iter().filter(|one| is_open(one.status)).map(|one| {
            fact("fact", &one.key.id(&article.path), "quotation", &words(one.found.range))
        });
    let figures = article
        .figures
        .iter()
        .filter(|one| is_open(one.status))
        .map(|one| fact("fact", &one.key.id(&article.path), "figure", &words(one.found.range)));
    let roles = article.roles.iter().filter(|one| is_open(one.status)).map(|one| {
        fact("fact", &one.key.id(&article.path), "role", &words(one.found.with_person()))
    });
    let facts = quotes.chain(figures).chain(roles).filter(|_| article.may_repeat());
    entities.chain(topics).chain(facts).collect()
}

/// A person's word about something that was found.
#[derive(Debug, Deserialize)]
pub(super) struct Word {
    /// `name`, `topic` or `fact`.
    what: String,
    /// The name, the topic's name or the id.
    name: String,
    /// Whether it holds.
    holds: bool,
    /// The file of the article, for topics.
    #[serde(default)]
    article: String,
    /// What somebody or something is that was found, by the singular; none for what it was taken for.
    #[serde(default)]
    kind: Option<String>,
}

/// Writes a decision down.
pub(super) async fn decide(
    Shared(server): Shared<Arc<Server>>,
    headers: HeaderMap,
    Json(word): Json<Word>,
) -> Response {
    if !server.guard.trusts(&headers) {
        return (StatusCode::FORBIDDEN, "only a page of this preview may decide\n").into_response();
    }
    let done = tokio::task::spawn_blocking(move || write_down(&server, &word)).await;
    match done {
        Ok(Ok(said)) => Json(json!({ "said": said })).into_response(),
        Ok(Err(reason)) => (StatusCode::CONFLICT, Json(json!({ "error": reason }))).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn write_down(server: &Server, word: &Word) -> Result<String, String> {
    let Word { what, name, holds, article, kind } = word;
    let decided = server.live.consult(|known| {
        let request = match (what.as_str(), holds) {
            ("name", true) => Request::Accept { name, kind: kind_of(known, kind.as_deref())? },
            ("name", false) => Request::Reject { name },
            ("topic", holds) => Request::Topic { topic: name, article, holds: *holds },
            ("fact", holds) => Request::Fact { id: name, holds: *holds, speaker: None },
            _ => return Err(crate::diag::Error::usage("nothing of that sort can be decided")),
        };
        let answer = answer_to(request, known)?;
        Ok::<_, crate::diag::Error>((answer, known.config.clone()))
    });
    let tell = |error: crate::diag::Error| {
        let help = error.help_text().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{error}{help}")
    };
    let (answer, config) = decided.ok_or("there is nothing to show yet")?.map_err(tell)?;
    if let Some(action) = &answer.action {
        server.host.decide(std::slice::from_ref(action), &config).map_err(tell)?;
    }
    Ok(format!("{} {}", answer.label, answer.text))
}

/// Returns the kind with an id; none when nobody said one.
fn kind_of(known: Known<'_>, id: Option<&str>) -> Result<Option<EntityKind>, crate::diag::Error> {
    let Some(id) = id else { return Ok(None) };
    let kind = known.config.entities.kinds.by_id(id);
    kind.map(Some).ok_or_else(|| crate::diag::Error::usage("the site has no such kind"))
}

/// Returns the page that tells how the site stands.
fn dashboard(server: &Server, words: &str) -> String {
    let report = server.live.report();
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Preview</title>\n",
    );
    out += "<meta name=\"viewport\" content=\"width=device-width\">\n";
    let _ = write!(
        out,
        "<link rel=\"stylesheet\" href=\"{TOOLS}dashboard.css\">\n</head>\n<body>\n<main>\n<h1>Preview</h1>\n"
    );
    let _ = writeln!(out, "<p><a href=\"{}\">The site</a></p>", escape(&server.base_path()));
    search(server, words, &mut out);
    counts(&report, &mut out);
    reports(server, "Errors", &report, Diagnostic::is_error, &mut out);
    broken_links(server, &report, &mut out);
    // These have sections of their own.
    let is_listed = |one: &Diagnostic| one.code == Code::RecordUnused || is_link(one);
    reports(server, "Warnings", &report, |one| !one.is_error() && !is_listed(one), &mut out);
    orphans(server, &mut out);
    unpublished(&report, &mut out);
    timings(&report, &mut out);
    out + "</main>\n</body>\n</html>\n"
}

/// Appends a form that looks for pages, and what it found.
fn search(server: &Server, words: &str, out: &mut String) {
    let value = escape(words);
    let _ = writeln!(
        out,
        "<form role=\"search\"><label>Find a page <input type=\"search\" name=\"q\" value=\"{value}\"></label> <button>Find</button></form>"
    );
    if words.trim().is_empty() {
        return;
    }
    let found = server.live.find(words, MOST_FOUND);
    let item = |page: &(String, UrlPath)| format!("<li>{}</li>\n", link_to(server, page));
    let items: String = found.iter().map(item).collect();
    let none = if found.is_empty() { "<p>No page has these words.</p>\n" } else { "" };
    let _ = writeln!(out, "<ul>\n{items}</ul>\n{none}");
}

fn counts(report: &LiveReport, out: &mut String) {
    let counts = report.counts;
    let rows = [
        ("Pages", counts.pages),
        ("Articles", counts.articles),
        ("Topics", counts.topics),
        ("Names", counts.entities),
        ("Names that nobody has confirmed", counts.suggested),
        ("Sources", counts.sources),
    ];
    let row = |(name, number): (&str, usize)| {
        format!("<tr><th scope=\"row\">{name}</th><td>{number}</td></tr>\n")
    };
    let rows: String = rows.into_iter().map(row).collect();
    let _ = writeln!(out, "<h2>What there is</h2>\n<table>\n{rows}</table>");
}

fn reports(
    server: &Server,
    title: &str,
    report: &LiveReport,
    wanted: impl Fn(&Diagnostic) -> bool,
    out: &mut String,
) {
    let all: Vec<&Diagnostic> = report.diagnostics.iter().filter(|one| wanted(one)).collect();
    let _ = writeln!(out, "<h2>{title}: {}</h2>", all.len());
    for one in all {
        show(server, one, out);
    }
}

/// Appends a report.
fn show(server: &Server, report: &Diagnostic, out: &mut String) {
    let text = render(std::slice::from_ref(report), Format::Human, Palette::Plain);
    let place = report.place.as_ref();
    let span =
        place.and_then(|place| place.span.as_ref()).map_or((1, 1), |span| (span.line, span.column));
    let link = place.and_then(|place| editor(server, &place.path, span.0, span.1));
    let link = link.map(|url| format!("<a href=\"{}\">Open in the editor</a>", escape(&url)));
    let _ = writeln!(out, "<pre>{}</pre>\n{}", escape(&text), link.unwrap_or_default());
}

/// Appends the links that lead nowhere, below the pages that they are on.
fn broken_links(server: &Server, report: &LiveReport, out: &mut String) {
    let mut pages: BTreeMap<Option<&SitePath>, Vec<&Diagnostic>> = BTreeMap::new();
    for one in report.diagnostics.iter().filter(|one| is_link(one)) {
        pages.entry(one.place.as_ref().map(|place| &place.path)).or_default().push(one);
    }
    let count: usize = pages.values().map(Vec::len).sum();
    let _ = writeln!(out, "<h2>Broken links: {count}</h2>");
    for (file, links) in pages {
        // With errors, what is shown is older than the reports, and may not have the page yet.
        let page = file.and_then(|file| server.live.page_of(file));
        let page = page.map(|page| link_to(server, &page));
        let name = page.or_else(|| file.map(|file| escape(file.as_str())));
        let _ = writeln!(out, "<h3>{}</h3>", name.unwrap_or_default());
        for one in links {
            show(server, one, out);
        }
    }
}

/// Returns the link to a page of the site.
fn link_to(server: &Server, (name, url): &(String, UrlPath)) -> String {
    let base = server.base_path();
    let (base, url, name) = (escape(&base), escape(url.as_str()), escape(name));
    format!("<a href=\"{base}{url}\">{name}</a>")
}

/// Appends the records that no article uses.
fn orphans(server: &Server, out: &mut String) {
    let unused = server.live.consult(|known| crate::build::unused(known.site)).unwrap_or_default();
    let _ = writeln!(out, "<h2>Records that no article uses: {}</h2>\n<ul>", unused.len());
    for one in unused {
        let file = one.place.as_ref().map(|place| place.path.to_string()).unwrap_or_default();
        let _ = writeln!(out, "<li>{} ({})</li>", escape(&one.message), escape(&file));
    }
    out.push_str("</ul>\n");
}

fn unpublished(report: &LiveReport, out: &mut String) {
    let _ =
        writeln!(out, "<h2>Shown here, and not published: {}</h2>\n<ul>", report.unpublished.len());
    for one in &report.unpublished {
        let reason = match one.reason {
            SkipReason::Draft => "draft",
            SkipReason::Future => "in the future",
            SkipReason::Expired => "expired",
            SkipReason::Removed => "removed",
        };
        let _ = writeln!(out, "<li>{} ({reason})</li>", escape(one.path.as_str()));
    }
    out.push_str("</ul>\n");
}

fn timings(report: &LiveReport, out: &mut String) {
    let row = |(name, took): &(&str, std::time::Duration)| {
        format!(
            "<tr><th scope=\"row\">{name}</th><td>{:.1} ms</td></tr>\n",
            took.as_secs_f64() * 1000.0
        )
    };
    let rows: String = report.timings.iter().map(row).collect();
    let _ = writeln!(out, "<h2>When all was joined last</h2>\n<table>\n{rows}</table>");
    let store = report.store;
    let _ = writeln!(
        out,
        "<p>{} values were known from before, {} were found out.</p>",
        store.found, store.put
    );
}
