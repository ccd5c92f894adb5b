//! The data files hold what `docs/data.md` and `docs/catalog.schema.json` say.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod common;

use std::path::Path;

use common::twin::assert_places;
use pressmark::build::{BuildOptions, build_in_memory};
use pressmark::files::{DiskFiles, Files, MemFiles, SitePath};
use pressmark::write::Force;
use serde_json::Value;

/// A site with each field filled somewhere and empty elsewhere, and letters of several bytes.
const ODD: &[(&str, &str)] = &[
    ("site.toml", "language = \"de\"\npage_size = 1\n[entities.kinds]\nvessel = \"vessels\"\n"),
    (
        "content/articles/2024-05-06-müll.md",
        "+++\ntitle = \"Müll – “überall”\"\ndate = 2024-05-06T07:08:09+02:00\nupdated = 2024-05-07\n\
         people = [\"Jürgen Groß\"]\ntopics = [\"Straße\"]\nsource = \"https://www.example.org/a?b=1&c\"\n+++\n\
         „Größe“ – sagte Jürgen Groß 🚀 in Zürich. Groß **blieb** in Zürich.\n\nJürgen Groß: “Ciao”.\n",
    ),
    ("content/articles/bare.txt", "A bare line\n\nZürich & Genève met Jürgen Groß there.\n"),
    (
        "content/articles/said.txt",
        "A toll in Zürich\n\n“Über 30 houses — gone,” said Jürgen Groß. He said that 12 people were missing on Monday.\n",
    ),
    (
        "content/articles/cut.md",
        "+++\nrights = \"excerpt\"\ndate = 1999-12-31\n+++\nJürgen Groß came.\n\nAnd went.\n",
    ),
    (
        "content/entities/zurich.toml",
        "name = \"Zürich\"\nkind = \"place\"\naliases = [\"Zuerich\"]\nparent = \"swiss\"\nwikidata = \"Q72\"\n\
         wikipedia = \"https://de.wikipedia.org/wiki/Z%C3%BCrich\"\nwebsite = \"https://stadt-zuerich.ch/\"\n\
         description = \"A city.\"\n",
    ),
    ("content/entities/swiss.toml", "name = \"Switzerland\"\nkind = \"place\"\n"),
    (
        "content/topics/strasse.toml",
        "name = \"Straße\"\nparent = \"verkehr\"\ndescription = \"Roads.\"\n",
    ),
    ("content/topics/verkehr.toml", "name = \"Verkehr\"\nkeywords = [\"Genève\"]\n"),
];

/// Builds a site and returns all that was written.
fn built(files: &dyn Files) -> MemFiles {
    let options = BuildOptions {
        root: ".".into(),
        output: None,
        base_url: None,
        theme: None,
        allow_command: false,
        onnx_runtime: None,
        drafts: false,
        future: true,
        expired: true,
        force: Force::Refuse,
        dry_run: false,
        store: pressmark::build::StoreMode::Ignore,
        now: "2026-01-01T00:00:00Z".parse().unwrap(),
    };
    let (made, reports) = build_in_memory(files, &options).unwrap();
    made.unwrap_or_else(|| panic!("{reports:#?}"))
}

fn odd() -> MemFiles {
    let mut files = MemFiles::new();
    for (path, text) in ODD {
        files.insert(SitePath::parse(path).unwrap(), text.as_bytes());
    }
    built(&files)
}

fn example() -> MemFiles {
    built(&DiskFiles::new(Path::new(env!("CARGO_MANIFEST_DIR"))))
}

fn read(files: &MemFiles, path: &str) -> Value {
    let path = SitePath::parse(path).unwrap();
    serde_json::from_slice(&files.read(&path).unwrap()).unwrap()
}

/// Checks a value against the part of JSON Schema that ours uses, patterns left out.
fn check(root: &Value, schema: &Value, value: &Value, at: &str, bad: &mut Vec<String>) {
    for (key, rule) in schema.as_object().unwrap() {
        let fits = match key.as_str() {
            "$schema" | "$defs" | "title" | "description" | "pattern" => true,
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                check(root, &root["$defs"][name], value, at, bad);
                true
            }
            "type" => match rule {
                Value::Array(names) => names.iter().any(|name| is_of(value, name)),
                name => is_of(value, name),
            },
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "anyOf" => rule.as_array().unwrap().iter().any(|one| {
                let mut inner = Vec::new();
                check(root, one, value, at, &mut inner);
                inner.is_empty()
            }),
            "minLength" => {
                value.as_str().is_none_or(|text| text.len() as u64 >= rule.as_u64().unwrap())
            }
            "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
            "uniqueItems" => value
                .as_array()
                .is_none_or(|all| (1..all.len()).all(|n| !all[..n].contains(&all[n]))),
            "items" => {
                for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, item, &format!("{at}/{number}"), bad);
                }
                true
            }
            "required" => value.as_object().is_none_or(|map| {
                rule.as_array().unwrap().iter().all(|name| map.contains_key(name.as_str().unwrap()))
            }),
            "properties" => {
                for (name, inner) in value.as_object().into_iter().flatten() {
                    if let Some(rule) = rule.get(name) {
                        check(root, rule, inner, &format!("{at}/{name}"), bad);
                    }
                }
                true
            }
            "additionalProperties" => value
                .as_object()
                .is_none_or(|map| map.keys().all(|name| schema["properties"].get(name).is_some())),
            other => panic!("this test does not know `{other}`"),
        };
        if !fits {
            bad.push(format!("{at}: `{key}` is {rule}, the value {value}"));
        }
    }
}

fn is_of(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type `{other}`"),
    }
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../docs/catalog.schema.json")).unwrap()
}

#[test]
fn the_catalog_fits_its_schema() {
    let schema = schema();
    for files in [odd(), example()] {
        let catalog = read(&files, "catalog.json");
        let mut bad = Vec::new();
        check(&schema, &schema, &catalog, "", &mut bad);
        assert!(bad.is_empty(), "{bad:#?}");
    }
}

#[test]
fn the_schema_is_strict_and_complete() {
    fn visit(value: &Value, at: &str) {
        let Some(map) = value.as_object() else { return };
        if let Some(properties) = map.get("properties") {
            assert_eq!(map["additionalProperties"], false, "{at}");
            let names: Vec<&str> =
                properties.as_object().unwrap().keys().map(String::as_str).collect();
            let required: Vec<&str> = map["required"]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap())
                .collect();
            // Only what was derived is left out where there is nothing to say.
            assert!(required == names || at.ends_with("/derived"), "{at}: {required:?} {names:?}");
        }
        for (name, inner) in map {
            visit(inner, &format!("{at}/{name}"));
        }
    }
    let schema = schema();
    visit(&schema, "");
    // The check sees what it should.
    let mut bad = Vec::new();
    let broken =
        serde_json::json!({"version": 2, "site": {}, "articles": [{"id": 1}], "more": null});
    check(&schema, &schema, &broken, "", &mut bad);
    assert!(bad.len() > 5, "{bad:#?}");
}

#[test]
fn references_in_the_catalog_lead_to_records() {
    for files in [odd(), example()] {
        let catalog = read(&files, "catalog.json");
        let ids = |list: &str| -> Vec<&str> {
            let records = catalog[list].as_array().unwrap().iter();
            records.map(|record| record["id"].as_str().unwrap()).collect()
        };
        let (entities, topics, sources) = (ids("entities"), ids("topics"), ids("sources"));
        let known = |ids: &[&str], id: &Value| id.is_null() || ids.contains(&id.as_str().unwrap());
        for article in catalog["articles"].as_array().unwrap() {
            let links = article["entities"].as_array().unwrap();
            assert!(links.iter().all(|link| known(&entities, &link["entity"])), "{article}");
            assert!(article["topics"].as_array().unwrap().iter().all(|id| known(&topics, id)));
            assert!(known(&sources, &article["source"]), "{article}");
        }
        for (list, ids) in [("entities", &entities), ("topics", &topics)] {
            for record in catalog[list].as_array().unwrap() {
                assert!(known(ids, &record["parent"]), "{record}");
            }
        }
    }
}

#[test]
fn every_key_of_a_twin_is_documented() {
    let manual = include_str!("../docs/data.md");
    let schema = schema();
    let records = ["article", "entity", "topic", "source"];
    for files in [odd(), example()] {
        for (path, bytes) in files.iter().filter(|(path, _)| path.as_str().ends_with("index.json"))
        {
            let twin: Value = serde_json::from_slice(bytes).unwrap();
            let kind = twin["type"].as_str().unwrap();
            let row = manual.lines().find(|line| {
                line.starts_with("| `")
                    && line.split('|').nth(1).unwrap().contains(&format!("`{kind}`"))
            });
            let row = row.unwrap_or_else(|| panic!("docs/data.md has no row for `{kind}`"));
            for key in twin.as_object().unwrap().keys() {
                let inherited = records.contains(&kind)
                    && schema["$defs"][kind]["properties"].get(key).is_some();
                let is_list = row.contains("a list of articles")
                    && ["articles", "page", "older"].contains(&key.as_str());
                let is_common = ["version", "type"].contains(&key.as_str());
                let known = inherited || is_list || is_common || row.contains(&format!("`{key}`"));
                assert!(known, "docs/data.md does not describe `{key}` of `{kind}` ({path})");
            }
        }
    }
}

#[test]
fn mentions_say_where_they_are() {
    for files in [odd(), example()] {
        let (mut articles, mut mentions, mut facts) = (0, 0, 0);
        for (path, bytes) in files.iter() {
            if !path.as_str().ends_with("index.json") {
                continue;
            }
            let twin: Value = serde_json::from_slice(bytes).unwrap();
            let (true, Some(text)) = (twin["type"] == "article", twin["text"].as_str()) else {
                continue;
            };
            articles += 1;
            let found = assert_places(path.as_str(), &twin, text);
            mentions += found.0;
            facts += found.1;
        }
        assert!(facts >= 4, "{facts} quotations and figures");
        assert!(articles >= 2 && mentions >= 4, "{articles} articles, {mentions} mentions");
    }
}

#[test]
fn texts_that_may_not_be_republished_are_not_in_the_data() {
    let files = odd();
    let catalog = read(&files, "catalog.json");
    let cut = catalog["articles"]
        .as_array()
        .unwrap()
        .iter()
        .find(|article| article["date"] == "1999-12-31");
    let twin = read(&files, &format!("{}/index.json", cut.unwrap()["id"].as_str().unwrap()));
    for key in ["text", "sentences", "quotes", "figures"] {
        assert!(twin.get(key).is_none(), "{key}: {twin}");
    }
    assert!(!twin.to_string().contains("And went"), "{twin}");
}
