//! The rules of ARCHITECTURE.md that the compiler does not know.
//!
//! The source is read as text. That is crude, and enough: the rules are about names
//! that stand in the source as they are, and a rule that cries wolf is noticed.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pressmark::diag::Code;

const FOUNDATION: [&str; 4] = ["diag", "files", "ids", "text"];

/// What each module may import besides the foundation and itself.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("load", &["config"]),
    ("parse", &["config", "load"]),
    ("analyze", &["config", "load", "parse"]),
    ("resolve", &["config", "load", "parse", "analyze"]),
    ("relate", &["config", "load", "parse", "analyze", "resolve"]),
    ("theme", &["config"]),
    ("plan", &["config", "load", "parse", "analyze", "resolve", "relate", "theme"]),
    ("render", &["config", "load", "parse", "analyze", "resolve", "relate", "theme", "plan"]),
    ("write", &[]),
    (
        "build",
        &[
            "config", "load", "parse", "analyze", "resolve", "relate", "theme", "plan", "render",
            "write",
        ],
    ),
];

/// Names that only some modules may say outside of tests, with the reason.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("std::fs", &["files", "write", "cli"], "the file system is touched in few places"),
    ("fs::", &["files", "write", "cli"], "the file system is touched in few places"),
    ("File::open", &["files", "write", "cli"], "the file system is touched in few places"),
    ("SystemTime::now", &["cli"], "the same input makes the same site at any time"),
    ("Timestamp::now", &["cli"], "the same input makes the same site at any time"),
    ("DateTime::now", &["cli"], "the same input makes the same site at any time"),
    ("Zoned::now", &["cli"], "the same input makes the same site at any time"),
    ("Instant::now", &["build", "cli"], "only the conductor measures time"),
    ("env::var", &["cli"], "the library depends on its arguments alone"),
    ("env::args", &["cli"], "the library depends on its arguments alone"),
    ("current_dir", &["cli"], "the library depends on its arguments alone"),
    ("thread::spawn", &[], "threads are the pool's"),
    ("process::exit", &[], "the library never ends the program"),
    ("clap", &["cli"], "the library knows nothing of the command line"),
    ("indicatif", &["cli"], "the library never shows anything"),
    ("anyhow", &["cli"], "the library's failures have one type"),
];

/// A file of the repository.
struct File {
    /// Path below the repository, with `/`.
    path: String,
    /// Folder or file directly below `src`; `cli` for the binary.
    module: String,
    text: String,
}

impl File {
    /// Returns the numbered lines of code that are not part of tests, without comments.
    fn code(&self) -> Vec<(usize, &str)> {
        if self.is_test() {
            return Vec::new();
        }
        let lines: Vec<&str> = self.text.lines().collect();
        let mut out = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            // A module of tests ends its file; other items for tests only are rare and short.
            let is_tests = lines[at].trim() == "#[cfg(test)]"
                && lines
                    .get(at + 1)
                    .is_some_and(|next| next.contains("mod ") && next.ends_with('{'));
            if is_tests {
                break;
            }
            if !lines[at].trim_start().starts_with("//") {
                out.push((at + 1, lines[at]));
            }
            at += 1;
        }
        out
    }

    fn is_test(&self) -> bool {
        self.path.starts_with("tests/")
            || self.path.ends_with("/tests.rs")
            || self.path.contains("/tests/")
    }
}

/// Reads all files with the ending `.rs` below a folder, sorted.
fn rust_files(folder: &str) -> Vec<File> {
    fn visit(root: &Path, folder: &Path, out: &mut Vec<File>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(root, &path, out);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let below = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                let module = below.split('/').nth(1).unwrap().trim_end_matches(".rs");
                let module = if module == "main" { "cli" } else { module }.to_owned();
                out.push(File { module, text: fs::read_to_string(&path).unwrap(), path: below });
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut out = Vec::new();
    visit(root, &root.join(folder), &mut out);
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

fn fail_if_any(rule: &str, found: &[String]) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

/// Returns the first segments of all paths that start with `crate::`, groups in braces included.
fn crate_paths(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => out.push(identifier(rest)),
            Some(group) => {
                let mut depth = 0_usize;
                let mut is_start = true;
                for (at, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => is_start = true,
                        _ if is_start && !c.is_whitespace() => {
                            out.push(identifier(&group[at..]));
                            is_start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    out
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|&c| c.is_alphanumeric() || c == '_').collect()
}

/// Returns whether a line says a name as a whole word.
fn says(line: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let ends_open = name.ends_with(is_word);
        let before = line[..at].chars().next_back();
        let after = line[at + name.len()..].chars().next();
        // `env::var` stands for `env::var_os` and `env::vars` too.
        let is_after = !ends_open || name.contains("::") || !after.is_some_and(is_word);
        !before.is_some_and(is_word) && is_after
    })
}

#[test]
fn stages_import_only_what_comes_before_them() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut found = Vec::new();
    for file in rust_files("src") {
        let module = file.module.as_str();
        // The binary is a crate of its own and sees only what is public.
        if module == "cli" || module == "lib" {
            continue;
        }
        let may: &[&str] = match allowed.get(module) {
            Some(may) => may,
            None if FOUNDATION.contains(&module) => &[],
            None => {
                found.push(format!("{}: `{module}` has no place in MAY_IMPORT", file.path));
                continue;
            }
        };
        let code: String = file
            .text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .fold(String::new(), |code, line| code + line + "\n");
        let imports: BTreeSet<String> = crate_paths(&code).into_iter().collect();
        for import in imports {
            let name = import.as_str();
            if name != module && !FOUNDATION.contains(&name) && !may.contains(&name) {
                found.push(format!("{}: `{module}` may not import `crate::{name}`", file.path));
            }
        }
    }
    fail_if_any("imports against the flow of data", &found);
}

#[test]
fn no_path_climbs_to_the_root_of_the_crate() {
    // `super::super::x` would pass by the rule on imports.
    let mut found = Vec::new();
    for file in rust_files("src") {
        let segments = file.path.split('/').count() - 1;
        let depth = if file.path.ends_with("/mod.rs") { segments - 1 } else { segments };
        for (number, line) in file.code() {
            if depth > 0 && line.contains(&"super::".repeat(depth)) {
                found.push(format!("{}:{number}", file.path));
            }
        }
    }
    fail_if_any("paths to the root by `super::`; write `crate::`", &found);
}

#[test]
fn disk_clock_and_environment_are_used_where_they_may_be() {
    let mut found = Vec::new();
    for file in rust_files("src") {
        for (number, line) in file.code() {
            for (name, modules, reason) in ONLY_IN {
                if says(line, name) && !modules.contains(&file.module.as_str()) {
                    found.push(format!("{}:{number}: `{name}` ({reason})", file.path));
                }
            }
        }
    }
    fail_if_any("names in modules that may not use them", &found);
}

#[test]
fn files_are_short_and_begin_with_what_they_are_for() {
    let mut found = Vec::new();
    for file in rust_files("src").into_iter().chain(rust_files("tests")) {
        let lines = file.text.lines().count();
        if lines > 500 {
            found.push(format!("{}: {lines} lines; 500 are allowed", file.path));
        }
        if !file.path.ends_with("/tests.rs") && !file.text.starts_with("//! ") {
            found.push(format!("{}: no module documentation", file.path));
        }
    }
    fail_if_any("files that are hard to read", &found);
}

#[test]
fn no_test_is_switched_off() {
    let marks = [concat!("#[", "ignore"), concat!("#[", "should_panic")];
    let mut found = Vec::new();
    for file in rust_files("src").into_iter().chain(rust_files("tests")) {
        for (at, line) in file.text.lines().enumerate() {
            if marks.iter().any(|mark| line.trim_start().starts_with(mark)) {
                found.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    fail_if_any("tests that do not run, or pass for any failure", &found);
}

#[test]
fn every_code_of_a_report_is_reported_somewhere() {
    let files = rust_files("src");
    let code = files.iter().filter(|file| file.path != "src/diag/codes.rs").flat_map(File::code);
    let used: BTreeSet<String> = code
        .flat_map(|(_, line)| {
            let places = line.match_indices("Code::");
            places.map(|(at, mark)| identifier(&line[at + mark.len()..])).collect::<Vec<_>>()
        })
        .collect();
    let unused: Vec<String> = Code::ALL
        .iter()
        .filter(|code| !used.contains(&format!("{code:?}")))
        .map(|code| format!("{code} {code:?}"))
        .collect();
    fail_if_any("codes that no part of the program reports", &unused);
}

#[test]
fn the_rules_see_what_they_should() {
    assert_eq!(crate_paths("use crate::{a::{B, c}, d, e::F}; crate::g::h()"), ["a", "d", "e", "g"]);
    assert!(says("let t = Timestamp::now();", "Timestamp::now"));
    assert!(says("env::var_os(\"X\")", "env::var"));
    assert!(says("use std::fs;", "std::fs"));
    assert!(!says("use crate::prefs::X;", "fs::"));
    assert!(!says("clapping", "clap"));
    let file = File {
        path: "src/x.rs".to_owned(),
        module: "x".to_owned(),
        text: "a\n// b\n#[cfg(test)]\nmod tests {\nc\n}\n".to_owned(),
    };
    assert_eq!(file.code(), [(1, "a")]);
}
