//! Contexts that follow `docs/theme-contract.md`, one for each template: what [`check`](super::check()) and tests
//! hand to templates.

#![expect(clippy::too_many_lines, reason = "it is a table")]

use serde_json::{Value, json};

use super::Theme;

fn date(iso: &str, text: &str) -> Value {
    json!({"iso": iso, "text": text})
}

fn link(name: &str, count: u32, suggested: bool) -> Value {
    json!({"name": name, "url": format!("#{}", name.len()), "count": count, "suggested": suggested,
        "kind_name": "Organization", "last": date("2024-05-15", "15 May 2024"), "derived": false, "role": null, "role_url": null, "role_suggested": false})
}

/// Somebody whom an article names.
fn named(name: &str, has_role: bool) -> Value {
    let mut link = link(name, 1, true);
    if has_role {
        (link["role"], link["role_url"]) = (json!("chief engineer"), json!("#s1"));
        link["role_suggested"] = json!(true);
    }
    link
}

/// How many articles there are from each year.
fn coverage() -> Value {
    json!({"svg": "<svg class=\"bars\"></svg>", "from": "2 January 2023", "to": "15 May 2024",
        "rows": [{"name": "2023", "url": "#2023", "count": 3}, {"name": "2024", "url": "#2024", "count": 9}]})
}

/// The latest figures: one of something that was counted again, one that stands alone, one of nothing that has a name.
fn latest_figures() -> Value {
    let figures = voices(false)["items"].as_array().cloned().unwrap_or_default();
    let subjects = [
        json!({"name": "engineers dismissed", "url": "#d"}),
        json!({"name": "riyal", "url": null}),
        Value::Null,
    ];
    let rows = subjects.into_iter().zip(figures.iter().cycle());
    rows.map(|(subject, figure)| json!({"figure": figure, "subject": subject})).collect()
}

/// A role that was found, and one of a record.
fn roles() -> Value {
    json!([
        {"name": "chief engineer of Gulf Orbital", "from": null, "until": null, "first": date("2023-01-02", "2 January 2023"), "last": date("2024-05-15", "15 May 2024"),
         "count": 2, "url": "#s1", "suggested": true},
        {"name": "Minister", "from": date("1981", "1981"), "until": date("1989-01", "January 1989"), "first": null, "last": null, "count": null, "url": null,
         "suggested": false}])
}

/// A month of which one week is shown.
fn calendar() -> Value {
    let cell = |day: &str, count: u32| {
        let url = if count > 0 { json!("#d-2024-05-15") } else { Value::Null };
        json!({"day": day, "name": "15 May 2024", "url": url, "count": count, "level": count})
    };
    let week = json!([
        null,
        cell("13", 0),
        cell("14", 1),
        cell("15", 2),
        cell("16", 3),
        cell("17", 4),
        null
    ]);
    json!({"weekdays": [{"name": "Monday", "short": "Mo"}], "months": [{"name": "May 2024", "url": "#m", "weeks": [week]}],
        "rows": [{"name": "15 May 2024", "url": "#d-2024-05-15", "count": 2}]})
}

/// Topics within topics.
fn tree() -> Value {
    json!([{"name": "Science", "url": "#t", "count": 12, "children": [
        {"name": "Space", "url": "#s", "count": 7, "children": [{"name": "Solar observatories", "url": "#o", "count": 1, "children": []}]},
        {"name": "Sea", "url": "#e", "count": 3, "children": []}]}])
}

/// An issue in a list.
fn issue_link(picked: bool) -> Value {
    let from = if picked { Value::Null } else { date("2024-05-13", "13 May 2024") };
    let summary = if picked { json!("A week of storms.") } else { Value::Null };
    json!({"title": "Storms", "url": "#i", "date": date("2024-05-19", "19 May 2024"), "from": from,
        "count": 3, "summary": summary, "first_title": "Rail link opens"})
}

/// A story in a list.
fn story_link() -> Value {
    json!({"title": "Rail bridge closes", "url": "#s", "count": 3, "summary": "It will be mended.",
        "first": date("2024-05-05", "5 May 2024"), "last": date("2024-05-15", "15 May 2024")})
}

/// Quotations or figures in a list.
fn voices(quotes: bool) -> Value {
    let article = json!({"title": "Solar observatory halted", "url": "#a", "date": date("2024-05-15", "15 May 2024")});
    let source = json!({"name": "Doha Evening Post", "url": "#s"});
    let items = if quotes {
        json!([
            {"text": "“We were nine months from the pad,”", "url": "#s4", "direct": true, "speaker": link("Maryam Al-Thani", 1, true), "said_by": null,
             "suggested": true, "article": article, "source": source},
            {"text": "that the work would stop", "url": "#s1", "direct": false, "speaker": null, "said_by": "a spokesman", "suggested": false,
             "article": article, "source": null}])
    } else {
        json!([
            {"text": "at least 120 engineers", "value": "120", "url": "#s2", "what": "dismissed", "as_of": "Tuesday", "speaker": link("Gulf Orbital", 2, false),
             "said_by": null, "suggested": true, "sentence": "At least 120 engineers were dismissed.", "article": article, "source": source},
            {"text": "90 engineers", "value": "90", "url": "#s3", "what": null, "as_of": null, "speaker": null, "said_by": null, "suggested": false,
             "sentence": "Some say 90 engineers.", "article": article, "source": null}])
    };
    json!({"items": items, "total": 12, "url": "quotes/"})
}

/// A card; `rich` decides whether the optional values are there.
pub(super) fn card(title: &str, rich: bool) -> Value {
    if !rich {
        return json!({"title": title, "url": "#a", "date": null, "summary": null, "summary_derived": false,
            "source": null, "topics": [], "main_names": [], "draft": false, "language": null, "dir": null, "heading": "h3"});
    }
    json!({
        "title": title, "url": "#a", "date": date("2024-05-15", "15 May 2024"),
        "summary": "The Advanced Space-based Solar Power Orbital Observatory has closed at 80% capacity after a series of missed payments left the consortium without a launch partner.",
        "summary_derived": true, "source": {"name": "Doha Evening Post", "url": "#s"},
        "topics": [link("Space", 3, false), link("Energy policy", 2, false)],
        "main_names": [link("Qatar", 12, false), link("Maryam Al-Thani", 1, true)], "draft": title.len().is_multiple_of(7),
        "language": "en", "dir": "ltr", "heading": "h3",
    })
}

const TITLES: &[&str] = &[
    "Qatar signs agreement on desalination with three neighbours",
    "Parliament debates the harbour law for a second night",
    "A quiet harvest: olive growers count their losses",
    "Central bank keeps rate and warns of slower growth",
    "Museum returns twelve bronzes to Benin City",
    "Rail link to the north opens two years late",
    "What the new census says about Oslo <and> its suburbs",
];

fn body() -> &'static str {
    "<p id=\"s1\">The consortium, led by <a href=\"#x\">Gulf Orbital</a>, told <a class=\"suggested\" href=\"#x\">Maryam Al-Thani</a><sup class=\"mark\">?</sup> on Tuesday that the work would stop. It had been in preparation since 2019, and four launches had been reserved.</p>\
<p><span id=\"s2\">Engineers in <a href=\"#x\">Doha</a> were asked to hand in their badges by noon.</span> Several said that they had expected it for months.</p>\
<h2 id=\"what\">What was planned</h2><p>Two mirrors, each a kilometre wide, would have sent power to a receiving station in the desert.</p>\
<blockquote><p>We were nine months from the pad.</p></blockquote>\
<table><thead><tr><th>Year</th><th>Stage</th><th>Budget in million riyal</th><th>Partner</th><th>State of the work at the end</th></tr></thead><tbody><tr><td>2019</td><td>Study</td><td>40</td><td>Gulf Orbital</td><td>Finished</td></tr></tbody></table>\
<pre><code>a very long line of code that must scroll inside its own box and never widen the page by any means whatever</code></pre>\
<ul><li>One</li><li>Two</li></ul>"
}

fn base(theme: &Theme, kind: &str, title: &str) -> Value {
    let nav = [
        ("Latest", "home"),
        ("Topics", "topics"),
        ("People", "people"),
        ("Organizations", "organizations"),
        ("Places", "places"),
        ("Archive", "archive"),
    ];
    let assets = theme.paths.iter().map(|(name, path)| (name.clone(), path.as_str().into()));
    let images = theme.images().map(|path| (path.to_owned(), path[1..].into()));
    let assets: serde_json::Map<String, Value> = assets.chain(images).collect();
    let nav: Vec<Value> =
        nav.iter().map(|(name, id)| json!({"name": name, "url": "#n", "id": id})).collect();
    json!({
        "site": {"title": "The Harbour Digest", "description": "A daily digest of what was written about the Gulf, with every name in its place.",
            "language": "en", "dir": "ltr", "url": "home.html", "author": "The editors", "style": theme.style.as_str(), "assets": assets, "icon": "favicon.svg", "policy": "default-src 'self'",
            "nav": nav, "topics_url": "#t", "names_url": "#z", "search_url": "#q", "archive_url": "archive.html", "about_url": "#about", "extra": {}},
        "theme": theme.options, "ui": theme.strings,
        "page": {"kind": kind, "title": title, "description": "A \"short\" <description>", "url": "#", "canonical": "https://example.org/x/",
            "robots": null, "feeds": [{"title": "Atom feed", "url": "feed.xml", "type": "application/atom+xml"}],
            "json_ld": "<script type=\"application/ld+json\">{}</script>",
            "og": {"type": "article", "title": title, "description": "d", "url": "https://example.org/x/", "published": "2024-05-15"},
            "nav_id": "people", "breadcrumbs": if kind == "home" { json!([]) } else { json!([{"name": "Home", "url": "#"}, {"name": "People", "url": "#"}]) },
            "language": "en", "dir": "ltr", "data_url": "index.json",
            "removed": "Something was removed here on 16 May 2024."},
        "pager": {"newer": "#1", "older": "#2", "newest": "#0", "number": 2, "range": "21–40",
            "pages": [{"number": null, "url": "#0", "current": false}, {"number": 2, "url": "#2", "current": true}, {"number": 1, "url": "#1", "current": false}]},
    })
}

/// Returns the context for a template: `rich` with every value, poor with null and empty wherever that is allowed.
pub(super) fn context(theme: &Theme, template: &str, rich: bool, entries: &[String]) -> Value {
    let kind = template.trim_end_matches(".html");
    let mut value = base(theme, kind, "Solar observatory halted");
    let links = json!([
        link("Qatar", 12, false),
        link("Maryam Al-Thani", 1, true),
        link("International Organization for Standardization", 7, false)
    ]);
    let subject = match kind {
        "home" => {
            json!({"lead": card("Solar observatory over the Gulf is halted after partners fall behind on payments", true), "entries": entries,
            "days": [{"date": date("2024-05-15", "15 May 2024"), "entries": entries}, {"date": null, "entries": entries}],
            "stories": [story_link()], "since": date("2024-04-16", "16 April 2024"),
            "topics": links, "kinds": [{"id": "person", "name": "People", "url": "#p", "items": links}, {"id": "place", "name": "Places", "url": "#p", "items": links}],
            "counts": {"articles": 59, "topics": 1, "entities": 412, "sources": 9}})
        }
        "article" => json!({"article": {
            "title": "Solar observatory over the Gulf is halted after partners fall behind on payments", "title_derived": true,
            "summary": "The Advanced Space-based Solar Power Orbital Observatory has closed.", "summary_derived": true,
            "date": date("2024-05-15", "15 May 2024"), "date_derived": false, "updated": date("2024-05-16", "16 May 2024"),
            "authors": ["Hala Nasser", "Jon Li"], "body": body(), "draft": true,
            "source": {"name": "Doha Evening Post", "url": "#s", "original": "https://example.org/2024/solar?x=1&y=2", "retrieved": date("2024-05-15", "15 May 2024"),
                "archive": "https://archive.example/1", "disclaimer": "The views in this article are those of its author.", "host": "example.org"},
            "boilerplate": [{"text": "Subscribe to our newsletter.", "rule": "call to subscribe"}],
            "topics": [link("Space", 1, false)], "kinds": [{"id": "person", "name": "People", "items": [named("Maryam Al-Thani", true), named("Jon Li", false)]}, {"id": "place", "name": "Places", "items": links}],
            "story": [{"title": "Rail bridge closes", "url": "#s", "date": date("2024-05-05", "5 May 2024"), "same_text": true}],
            "related": [{"title": "Rail link opens", "url": "#r", "date": date("2024-05-01", "1 May 2024"), "reason": "Qatar, Doha"}],
            "corrections_url": "corrections/", "key_points": [{"text": "The work would stop.", "url": "#s1"}, {"text": "Engineers were asked to hand in their badges by noon.", "url": "#s2"}],
            "in_topics": [{"name": "Space", "url": "#t", "newer": {"title": "A newer one", "url": "#n"}, "older": {"title": "An older one", "url": "#o"}}],
            "cite": {"bibtex": "@misc{solar2024}", "ris": "TY  - NEWS\nER  - ", "csl": "[{\"id\":\"solar2024\"}]"},
            "story_url": "stories/x/", "newer": {"title": "A newer one", "url": "#n"}, "older": {"title": "An older one", "url": "#o"}, "rights": "excerpt",
            "corrections": [{"date": date("2024-05-16", "16 May 2024"), "text": "The sum was corrected."}],
            "quotes": [
                {"id": "quote:1f3a5b7c9d0e", "text": "“We were nine months from the pad,”", "url": "#s4", "direct": true, "speaker": link("Maryam Al-Thani", 1, true), "said_by": "Al-Thani", "suggested": true},
                {"id": "quote:1f3a5b7c9d0e", "text": "that the work would stop", "url": "#s1", "direct": false, "speaker": null, "said_by": "a spokesman", "suggested": false},
                {"id": "quote:1f3a5b7c9d0e", "text": "“No comment.”", "url": "#s2", "direct": true, "speaker": null, "said_by": null, "suggested": true}],
            "figures": [
                {"id": "figure:2a4b6c8d0e1f", "text": "at least 120 engineers", "url": "#s2", "what": "dismissed", "as_of": "Tuesday", "speaker": link("Gulf Orbital", 2, false), "said_by": "the consortium", "suggested": true},
                {"id": "figure:3b5c7d9e0f2a", "text": "40 million riyal", "url": "#s3", "what": null, "as_of": null, "speaker": null, "said_by": null, "suggested": false}],
            "reviewed": [{"by": "Ann Lee", "on": date("2024-05-07", "7 May 2024")}],
            "made_from": {"file": "content/articles/solar.txt", "fingerprint": "0123456789abcdef0123456789abcdef", "program": "Pressmark 0.1.0"},
            "made": [{"field": "Headline", "rule": "the first sentence of the text, cut at 90 characters"}], "extra": {}}}),
        "entity" => {
            json!({"entity": {"name": "Maryam Al-Thani", "kind": "person", "kind_name": "People", "kind_url": "#k", "suggested": true,
                "description": "Engineer and minister.", "body": "<p>A life in brief.</p>", "aliases": [{"name": "M. Al-Thani", "count": 3}],
                "external": [{"name": "Wikidata", "url": "https://www.wikidata.org/wiki/Q1"}], "articles": 2, "mentions": 9,
                "first": date("2023-01-02", "2 January 2023"), "last": date("2024-05-15", "15 May 2024"), "first_url": "#a1", "last_url": "#a2", "parent": {"name": "Gulf Orbital", "url": "#"},
                "children": links, "candidates": links, "together": links,
                "graph": "<svg class=\"graph\"></svg>", "coverage": coverage(),
                "said": voices(true), "spoken_of": voices(true), "counted": voices(false), "roles": roles()},
            "sections": entries.iter().map(|entry| json!({"entry": entry, "more": 2,
                "sentences": [{"html": "The work would stop, <mark>Maryam Al-Thani</mark> was told.", "url": "#s1"}]})).collect::<Vec<_>>()})
        }
        "voices" => {
            let items = voices(true)["items"].clone();
            json!({"voices": {"name": "Quotations: Maryam Al-Thani", "of": link("Maryam Al-Thani", 1, true), "way": "spoken_of", "items": items}})
        }
        "speakers" => json!({"index": {"name": "Quotes", "total": 6, "groups": [
            {"letter": "A", "id": "letter-a", "items": links}]}, "latest": voices(true)["items"]}),
        "subjects" => json!({"index": {"name": "Figures", "total": 6, "groups": [
            {"letter": "A", "id": "letter-a", "items": links}]}, "latest": latest_figures()}),
        "subject" => {
            let items = voices(false)["items"].as_array().cloned().unwrap_or_default();
            let rows: Vec<Value> =
                items.iter().map(|figure| json!({"figure": figure, "differs": true})).collect();
            json!({"subject": {"name": "engineers dismissed", "total": 2, "rows": rows, "plot": "<svg class=\"plot\"></svg>"}})
        }
        "stories" => json!({"stories": {"name": "Stories", "count": 1, "items": [story_link()]}}),
        "story" => json!({"story": {"title": "Rail bridge closes", "count": 2,
            "first": date("2024-05-05", "5 May 2024"), "last": date("2024-05-15", "15 May 2024"),
            "reports": [
                {"title": "Rail bridge closes", "url": "#a", "date": date("2024-05-05", "5 May 2024"), "source": {"name": "Doha Evening Post", "url": "#s"},
                 "summary": "It will be mended.", "copy_of": null, "likeness": null, "news": [], "more": 0, "language": null, "dir": null},
                {"title": "Bridge to open", "url": "#b", "date": date("2024-05-15", "15 May 2024"), "source": null, "summary": null,
                 "copy_of": {"title": "Rail bridge closes", "url": "#a", "date": null}, "likeness": 87,
                 "news": [{"text": "It opens on Friday.", "url": "#s3"}], "more": 2, "language": "fa", "dir": "rtl"}],
            "carried": links, "silent": links, "silent_more": 3}}),
        "issues" => {
            json!({"issues": {"name": "Issues", "count": 2, "items": [issue_link(true), issue_link(false)]}})
        }
        "issue" => {
            json!({"issue": {"title": "Week 20, 2024", "date": date("2024-05-19", "19 May 2024"), "from": date("2024-05-13", "13 May 2024"),
            "count": 3, "body": "<p>A week of storms.</p>", "newer": issue_link(true), "older": issue_link(false)}, "entries": entries})
        }
        "corrections" => json!({"corrections": [
            {"date": date("2024-05-16", "16 May 2024"), "text": "The sum was corrected.", "article": {"title": "Rail link opens", "url": "#r", "date": null}}]}),
        "search" => {
            json!({"search": {"index": "index.js", "base": "../", "elsewhere": "#e", "kinds": [{"id": "person", "name": "<b>People"}]}})
        }
        "about" => {
            json!({"about": {"articles": 59, "first": date("2023-01-02", "2 January 2023"), "last": date("2024-05-15", "15 May 2024"),
            "rows": [{"name": "Articles", "url": "#a", "count": 59, "confirmed": null, "suggested": null},
                {"name": "People", "url": "#p", "count": 12, "confirmed": 5, "suggested": 7}, {"name": "Stories", "url": null, "count": 0, "confirmed": null, "suggested": null}],
            "methods": [{"field": "Headline", "rules": [{"rule": "written by a person", "derived": false, "count": 40}, {"rule": "the first line of the text", "derived": true, "count": 19}]}],
            "corrections_url": "#c", "catalog_url": "catalog.json", "feeds": [{"title": "Atom feed", "url": "feed.xml", "type": "application/atom+xml"}]}})
        }
        "names" => json!({"groups": [{"letter": "A", "items": links}]}),
        "topic" => {
            json!({"topic": {"name": "Space", "description": "Rockets and mirrors.", "body": "<p>About it.</p>", "parent": {"name": "Science", "url": "#"},
            "children": links, "tree": tree(), "entities": links, "coverage": coverage(), "articles": 12}, "entries": entries})
        }
        "source" => {
            json!({"source": {"name": "Doha Evening Post", "host": "example.org", "description": "A daily.", "owner": "Doha Press", "country": "Qatar",
                "website": "https://example.org/", "ratings": [{"says": "mostly accurate", "by": "Press Council", "on": date("2024-01-02", "2 January 2024"), "url": "https://example.org/r"}],
                "body": "<p>About it.</p>", "coverage": coverage(), "articles": 4, "first": date("2023-01-02", "2 January 2023"),
            "last": date("2024-05-15", "15 May 2024")}, "entries": entries})
        }
        "index" => json!({"index": {"name": "People", "total": 6, "tree": tree(), "groups": [
            {"letter": "A", "id": "letter-a", "items": links}, {"letter": "Q", "id": "letter-q", "items": links}]}}),
        "archive" => {
            json!({"heat": [{"name": "2024", "cells": [{"name": "January", "url": null, "count": 0, "level": 0}, {"name": "May", "url": "#m", "count": 12, "level": 4}]}],
                "years": [{"name": "2024", "url": "#y", "count": 40, "months": [{"name": "May", "url": "#m", "count": 12}, {"name": "April", "url": "#m", "count": 28}]}]})
        }
        "list" => {
            json!({"list": {"name": "May 2024", "count": 12}, "entries": entries, "calendar": calendar(),
            "days": [{"id": "d-2024-05-15", "date": date("2024-05-15", "15 May 2024"), "entries": entries}]})
        }
        "page" => {
            json!({"content": {"title": "About this digest", "body": body(), "updated": date("2024-05-16", "16 May 2024")}})
        }
        _ => json!({}),
    };
    let keep = [
        "ui",
        "theme",
        "options",
        "kind",
        "kind_name",
        "kind_url",
        "title",
        "name",
        "url",
        "body",
        "language",
        "dir",
        "style",
        "assets",
        "counts",
        "kinds",
        "type",
        "rights",
        "id",
        "letter",
        "rule",
        "field",
        "of",
        "way",
    ];
    for (key, mut part) in subject.as_object().cloned().unwrap_or_default() {
        if !rich {
            strip(&mut part, &keep);
        }
        value[key] = part;
    }
    if !rich {
        for part in ["site", "page", "pager"] {
            strip(&mut value[part], &keep);
        }
        value["pager"] = Value::Null;
        if kind == "home" {
            value["lead"] = Value::Null;
        }
    }
    value
}

/// Makes every list empty and every value null that a page may lack.
fn strip(value: &mut Value, keep: &[&str]) {
    match value {
        Value::Array(items) => items.clear(),
        Value::Object(map) => {
            for (key, part) in map.iter_mut() {
                match part {
                    Value::Array(items) => items.clear(),
                    Value::Object(_) if key == "counts" => {}
                    // It is always there, with a type and a title.
                    Value::Object(_) if key == "og" => strip(part, keep),
                    Value::Object(_) | Value::String(_) if !keep.contains(&key.as_str()) => {
                        *part = Value::Null;
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Renders the sample's entries.
pub(super) fn entries(theme: &Theme, tera: &tera::Tera) -> tera::TeraResult<Vec<String>> {
    let render = |(at, title): (usize, &&str)| {
        let mut values = base(theme, "home", title);
        values["card"] = card(title, at != 3);
        tera.render("entry.html", &tera::Context::from_serialize(&values)?)
    };
    TITLES.iter().enumerate().map(render).collect()
}
