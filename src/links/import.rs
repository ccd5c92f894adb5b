//! Results of other link checkers: JSON lines, the JSON of lychee, and our own file.

use jiff::Timestamp;
use serde_json::Value;

use super::address::Address;
use super::cache::{Answer, Cache, Known, Row, Verdict, tidy};

/// Reads results of any of the known shapes; what has no time counts as of `now`.
///
/// # Errors
/// With what is wrong with the file, in a few words.
pub fn read_results(text: &str, now: Timestamp) -> Result<Vec<(Address, Known)>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str::<Value>(text) {
        Ok(value) if value.get("links").is_some() => {
            let cache = Cache::parse(text)?;
            Ok(cache.iter().map(|(address, known)| (address.clone(), known.clone())).collect())
        }
        Ok(value) if value.get("url").is_none() => of_lychee(&value, now),
        _ => lines(text, now),
    }
}

/// Reads one object a line.
fn lines(text: &str, now: Timestamp) -> Result<Vec<(Address, Known)>, String> {
    let filled = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled
        .map(|(at, line)| {
            let row: Result<Row, _> = serde_json::from_str(line);
            let row = row.map_err(|error| tidy(&error.to_string()));
            row.and_then(|row| row.read(now)).map_err(|why| format!("line {}: {why}", at + 1))
        })
        .collect()
}

/// Reads what `lychee --format json` writes: maps of files to their links, one for each outcome.
fn of_lychee(value: &Value, now: Timestamp) -> Result<Vec<(Address, Known)>, String> {
    // The second name is that of older versions.
    let maps = ["error_map", "fail_map", "timeout_map", "redirect_map", "success_map"];
    let is_lychee = maps.iter().any(|map| value.get(map).is_some_and(Value::is_object));
    if !is_lychee {
        return Err(
            "it is neither JSON lines, nor the JSON of lychee, nor a file of `--links-cache`"
                .to_owned(),
        );
    }
    let mut out = Vec::new();
    for map in maps {
        let files = value.get(map).and_then(Value::as_object).into_iter().flatten();
        let links = files.flat_map(|(_, links)| links.as_array().into_iter().flatten());
        for link in links {
            // What is checked besides the web (files, mail) is none of ours.
            let Some(address) = link.get("url").and_then(Value::as_str).and_then(Address::parse)
            else {
                continue;
            };
            let answer = answer_of_lychee(map, link.get("status").unwrap_or(&Value::Null));
            let row = Row {
                verdict: Some(answer.verdict),
                status: answer.status,
                why: answer.why,
                url: address.url().as_str().to_owned(),
                ..Row::default()
            };
            out.push(row.read(now)?);
        }
    }
    Ok(out)
}

fn answer_of_lychee(map: &str, status: &Value) -> Answer {
    let code = status.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
    let text = status.get("text").or(Some(status)).and_then(Value::as_str).unwrap_or_default();
    match (map, code) {
        ("success_map" | "redirect_map", code) => Answer::new(Verdict::Good, code, ""),
        ("timeout_map", code) => Answer::new(Verdict::Broken, code, "no answer in time"),
        // A status that lychee was told to refuse is none that says that a page is gone.
        (_, Some(code)) if !(200..=299).contains(&code) => Answer::of_status(code),
        (_, code) => Answer::new(Verdict::Broken, code, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let now: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let line = |(address, known): (Address, Known)| {
            let Answer { verdict, status, why, moved_to, .. } = known.answer;
            let since = known.broken_since.map(|since| since.to_string());
            format!(
                "{address} {verdict:?} {status:?} {why:?} {moved_to:?} {} {since:?}",
                known.checked
            )
        };
        match read_results(text, now) {
            Ok(found) => found.into_iter().map(line).collect(),
            Err(why) => vec![why],
        }
    }

    #[test]
    fn lines_need_an_address_and_a_status_or_verdict() {
        let text = "\
{\"url\":\"https://a.example/#x\",\"status\":404,\"checked\":\"2026-02-01T00:00:00Z\"}

{\"url\":\"https://b.example\",\"verdict\":\"moved\",\"moved_to\":\"https://u:p@c.example/\"}
{\"url\":\"https://d.example/\",\"status\":403}
{\"url\":\"https://e.example/\",\"status\":302}
";
        assert_eq!(
            read(text),
            [
                "https://a.example/ Broken Some(404) \"the server answers 404\" None 2026-02-01T00:00:00Z Some(\"2026-02-01T00:00:00Z\")",
                "https://b.example/ Moved None \"\" Some(\"https://c.example/\") 2026-03-01T00:00:00Z None",
                "https://d.example/ Doubtful Some(403) \"the server answers 403\" None 2026-03-01T00:00:00Z None",
                "https://e.example/ Good Some(302) \"\" None 2026-03-01T00:00:00Z None",
            ]
        );
        assert_eq!(read("{\"url\":\"https://a.example\",\"status\":200}").len(), 1);
        assert_eq!(
            read("\n{\"url\":\"x\",\"status\":200}\n{}"),
            ["line 2: `x` is no address of the web"]
        );
        assert!(read("[1]")[0].contains("neither"));
        assert!(read("hello")[0].starts_with("line 1: "));
    }

    #[test]
    fn the_json_of_lychee_is_read() {
        let text = r#"{"total":4,"detailed_stats":true,
            "success_map":{"a.md":[{"url":"https://a.example/","status":{"text":"200 OK","code":200}}]},
            "error_map":{"a.md":[
                {"url":"https://b.example/","status":{"text":"Rejected status code: 404 Not Found","code":404}},
                {"url":"https://c.example/?token=x","status":{"text":"Network error","details":"no"}},
                {"url":"mailto:a@b.example","status":{"text":"x"}},
                {"url":"https://d.example/","status":{"text":"Rejected status code: 403 Forbidden","code":403}}],
              "b.md":[{"url":"https://e.example/","status":{"text":"Timeout","details":"Request timed out"}}]}}"#;
        let found = read(text);
        let verdicts: Vec<&str> = found.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(verdicts, ["Broken", "Broken", "Doubtful", "Broken", "Good"], "{found:#?}");
        assert!(
            found[1].contains("\"Network error\"") && found[1].contains("?token=* "),
            "{}",
            found[1]
        );
    }

    #[test]
    fn a_file_of_ours_is_read() {
        let mut cache = Cache::default();
        for (address, known) in
            read_results("{\"url\":\"https://a.example\",\"status\":410}", Timestamp::UNIX_EPOCH)
                .unwrap()
        {
            assert!(cache.import(address, known));
        }
        assert_eq!(
            read(&cache.to_json()),
            [
                "https://a.example/ Broken Some(410) \"the server answers 410\" None 1970-01-01T00:00:00Z Some(\"1970-01-01T00:00:00Z\")"
            ]
        );
    }
}
