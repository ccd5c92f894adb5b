//! Problems in sites and the reports about them: the cases of `tests/corpus/*.md`.
//!
//! A case is `--- name ---`, then files (`== path`, then their lines), then `==>` and the reports
//! that are expected, one a line: weight, code, place, message, and the help behind ` | `.
//! `--- name check ---` is read as by `pressmark check`. Behind a path, `latin1` writes the
//! file in that encoding, and `times=N` repeats its lines.
//! `UPDATE_CORPUS=1 cargo test --test corpus` writes what is expected.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use common::Tree;
use pressmark::build::inspect;
use pressmark::diag::Code;

/// Codes that files in memory cannot bring about, with the test that covers each.
const ELSEWHERE: &[(Code, &str, &str)] = &[
    (
        Code::FileLink,
        "src/files/disk.rs",
        "links_that_leave_the_folder_are_reported_and_not_followed",
    ),
    (Code::NotReviewed, "tests/cli/review.rs", "the_gate_is_shut_until_all_is_decided"),
    (Code::ExternalBroken, "tests/cli/links.rs", "links_are_found_asked_reported_and_remembered"),
    (Code::ExternalMoved, "tests/cli/links.rs", "links_are_found_asked_reported_and_remembered"),
    (Code::ExternalDoubtful, "tests/cli/links.rs", "links_are_found_asked_reported_and_remembered"),
    (
        Code::RedactionPart,
        "tests/cli/redact.rs",
        "a_part_of_a_longer_name_is_refused_unless_it_is_meant_so",
    ),
    (Code::HostLimit, "tests/cli/hosting.rs", "a_build_warns_when_its_host_holds_less"),
    (Code::FileUnreadable, "tests/corpus.rs", "what_is_no_file_is_reported"),
    (Code::FileName, "tests/corpus.rs", "names_that_are_not_utf_8_are_reported"),
    (Code::CommandNotAllowed, "tests/cli/recognizer.rs", "no_site_runs_a_program_unasked"),
    (
        Code::DigestCommand,
        "tests/cli/recognizer.rs",
        "a_program_that_fails_stops_the_build_and_says_why",
    ),
    (
        Code::ModelUnsupported,
        "tests/cli/recognizer.rs",
        "a_program_without_models_says_how_to_build_one_with",
    ),
    (
        Code::ModelUnusable,
        "tests/cli/recognizer.rs",
        "a_model_that_cannot_be_used_is_reported_with_what_is_to_blame",
    ),
    (Code::DigestModel, "src/build/recognizer.rs", "a_model_that_fails_is_reported_at_the_article"),
    (Code::ThemeValue, "tests/cli/themes.rs", "what_is_wrong_with_a_theme_is_told_with_its_place"),
    (Code::ThemeUnsafe, "tests/cli/themes.rs", "what_is_wrong_with_a_theme_is_told_with_its_place"),
    (Code::ThemeString, "src/theme/check/tests.rs", "strings_that_a_language_lacks_are_found"),
];

struct Case {
    name: String,
    check: bool,
    files: Tree,
    expected: Vec<String>,
}

/// A file of cases: the lines before and between the expected ones, and the cases.
struct Corpus {
    path: PathBuf,
    /// For each case, everything up to and with its `==>`.
    texts: Vec<String>,
    cases: Vec<Case>,
}

fn head(line: &str) -> Option<(String, bool)> {
    let inside = line.strip_prefix("--- ")?.strip_suffix(" ---")?;
    let (name, check) = inside.strip_suffix(" check").map_or((inside, false), |name| (name, true));
    Some((name.to_owned(), check))
}

/// Returns the path and the bytes of a file with its lines.
fn file(spec: &str, text: &str) -> (String, Vec<u8>) {
    if let Some(path) = spec.strip_suffix(" latin1") {
        let bytes = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        return (path.to_owned(), bytes);
    }
    match spec.split_once(" times=") {
        Some((path, times)) => (path.to_owned(), text.repeat(times.parse().unwrap()).into()),
        None => (spec.to_owned(), text.into()),
    }
}

fn read(path: PathBuf) -> Corpus {
    let text = fs::read_to_string(&path).unwrap();
    let mut corpus = Corpus { path, texts: vec![String::new()], cases: Vec::new() };
    let mut current: Option<(String, String)> = None;
    let mut in_reports = false;
    for line in text.lines() {
        let ends = head(line).is_some() || line.starts_with("== ") || line == "==>";
        if let Some((spec, text)) = current.take_if(|_| ends) {
            let (path, bytes) = file(&spec, &text);
            corpus.cases.last_mut().unwrap().files.insert(path, bytes);
        }
        if let Some((name, check)) = head(line) {
            in_reports = false;
            let (files, expected) = (Tree::new(), Vec::new());
            corpus.cases.push(Case { name, check, files, expected });
            if corpus.cases.len() > 1 {
                corpus.texts.push(String::new());
            }
        } else if let Some(spec) = line.strip_prefix("== ") {
            current = Some((spec.to_owned(), String::new()));
        } else if let Some((_, text)) = &mut current {
            text.push_str(line);
            text.push('\n');
        } else if in_reports {
            if !line.is_empty() {
                corpus.cases.last_mut().unwrap().expected.push(line.to_owned());
            }
            continue;
        }
        in_reports |= line == "==>";
        writeln!(corpus.texts.last_mut().unwrap(), "{line}").unwrap();
    }
    assert!(current.is_none(), "{}: the last case has no `==>`", corpus.path.display());
    corpus
}

fn corpora() -> Vec<Corpus> {
    let folder = fs::read_dir(common::repository("tests/corpus")).unwrap();
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(read).collect()
}

fn reports(case: &Case) -> Vec<String> {
    let reports = if case.check {
        let folder = tempfile::tempdir().unwrap();
        common::write_tree(folder.path(), &case.files);
        inspect(&common::options(folder.path()), true).unwrap().1
    } else {
        let (made, reports) = common::build(&case.files);
        let failed = reports.iter().any(pressmark::diag::Diagnostic::is_error);
        assert_eq!(made.is_none(), failed, "{}: errors and nothing else keep a site", case.name);
        reports
    };
    reports.iter().map(common::line).collect()
}

#[test]
fn problems_are_reported_as_expected() {
    let update = std::env::var_os("UPDATE_CORPUS").is_some();
    let mut failures = String::new();
    for corpus in corpora() {
        let mut text = String::new();
        for (case, before) in corpus.cases.iter().zip(&corpus.texts) {
            let made = reports(case);
            if made != case.expected {
                let name = corpus.path.file_name().unwrap().to_str().unwrap();
                writeln!(failures, "{name}: {}", case.name).unwrap();
                for line in case.expected.iter().filter(|line| !made.contains(line)) {
                    writeln!(failures, "  - {line}").unwrap();
                }
                for line in made.iter().filter(|line| !case.expected.contains(line)) {
                    writeln!(failures, "  + {line}").unwrap();
                }
            }
            text.push_str(before);
            for line in &made {
                writeln!(text, "{line}").unwrap();
            }
            text.push('\n');
        }
        if update {
            fs::write(&corpus.path, text.trim_end().to_owned() + "\n").unwrap();
        }
    }
    assert!(update || failures.is_empty(), "`-` is expected, `+` was reported:\n{failures}");
}

#[test]
fn every_code_is_covered() {
    let corpora = corpora();
    let lines = corpora.iter().flat_map(|corpus| &corpus.cases).flat_map(|case| &case.expected);
    let covered: BTreeSet<&str> =
        lines.filter_map(|line| line.split_once('[')?.1.split(']').next()).collect();
    for code in Code::ALL {
        let elsewhere = ELSEWHERE.iter().find(|(one, ..)| one == code);
        match elsewhere {
            None => assert!(covered.contains(code.as_str()), "no case expects {code}"),
            Some((_, path, name)) => {
                assert!(!covered.contains(code.as_str()), "{code} has a case; strike it out");
                let text = fs::read_to_string(common::repository(path)).unwrap();
                assert!(text.contains(&format!("fn {name}()")), "{path} has no test `{name}`");
            }
        }
    }
}

#[test]
fn names_of_cases_are_unique() {
    let mut seen = BTreeSet::new();
    for case in corpora().into_iter().flat_map(|corpus| corpus.cases) {
        assert!(seen.insert(case.name.clone()), "two cases are called `{}`", case.name);
    }
    assert!(seen.len() > 40, "{} cases", seen.len());
}

/// Returns the reports about a folder with one good article and what `add` adds to `content/articles`.
#[cfg(unix)]
fn reports_on_disk(add: impl FnOnce(&std::path::Path)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let articles = folder.path().join("content/articles");
    fs::create_dir_all(&articles).unwrap();
    fs::write(articles.join("good.txt"), "A headline\n\nA good text.\n").unwrap();
    add(&articles);
    let (inspection, reports) = inspect(&common::options(folder.path()), false).unwrap();
    assert_eq!(inspection.unwrap().site.articles.len(), 1);
    reports.iter().map(common::line).collect()
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_reported() {
    let mut listener = None;
    let lines = reports_on_disk(|folder| {
        listener = Some(std::os::unix::net::UnixListener::bind(folder.join("socket.md")).unwrap());
    });
    let expected = "warning[W0204] content/articles/socket.md this is neither a file nor a folder";
    assert_eq!(lines, [expected]);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf_8_are_reported() {
    use std::os::unix::ffi::OsStrExt;
    let lines = reports_on_disk(|folder| {
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
        fs::write(folder.join(name), "Text.\n").unwrap();
    });
    let expected = "warning[W0205] content/articles the name `content/articles/caf\u{fffd}.md` \
                    cannot be used in a URL";
    assert_eq!(lines, [expected]);
}
