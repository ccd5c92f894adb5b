//! The rules of ARCHITECTURE.md that the compiler does not know.
//!
//! The source is read as text. That is crude, and enough: the rules are about names
//! that stand in the source as they are, and a rule that cries wolf is noticed.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pressmark::diag::Code;

const FOUNDATION: [&str; 5] = ["diag", "files", "ids", "store", "text"];

/// What each module imports besides the foundation and itself; ARCHITECTURE.md has the same table.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("config", &[]),
    ("load", &["config"]),
    ("redact", &["config", "load"]),
    ("parse", &["config", "load"]),
    ("analyze", &["config", "parse"]),
    ("digest", &["parse", "analyze"]),
    ("resolve", &["config", "load", "parse", "analyze"]),
    ("review", &["config", "load", "resolve"]),
    ("relate", &["config", "analyze", "resolve"]),
    ("theme", &["config"]),
    ("plan", &["config", "load", "parse", "resolve", "relate", "theme"]),
    ("hosting", &["config", "plan"]),
    ("search", &["config", "parse", "analyze", "resolve", "plan"]),
    (
        "render",
        &["config", "load", "redact", "resolve", "relate", "theme", "plan", "hosting", "search"],
    ),
    ("write", &[]),
    (
        "build",
        &[
            "config", "load", "redact", "parse", "analyze", "resolve", "review", "relate", "theme",
            "plan", "hosting", "search", "render", "write",
        ],
    ),
    ("links", &["config", "load", "parse", "resolve"]),
    ("publish", &["config", "write"]),
    ("verify", &["config", "publish", "write"]),
    ("serve", &["config", "load", "plan", "resolve", "review", "build"]),
];

/// Names that only some modules may say outside of tests, with the reason.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    (
        "std::fs",
        &["files", "store", "write", "publish", "cli"],
        "the file system is touched in few places",
    ),
    (
        "fs::",
        &["files", "store", "write", "publish", "cli"],
        "the file system is touched in few places",
    ),
    (
        "File::open",
        &["files", "store", "write", "publish", "cli"],
        "the file system is touched in few places",
    ),
    ("SystemTime::now", &["cli"], "the same input makes the same site at any time"),
    ("Timestamp::now", &["cli"], "the same input makes the same site at any time"),
    ("DateTime::now", &["cli"], "the same input makes the same site at any time"),
    ("Zoned::now", &["cli"], "the same input makes the same site at any time"),
    ("Instant::now", &["build", "cli", "serve"], "only the conductor and the preview measure time"),
    ("env::var", &["cli"], "the library depends on its arguments alone"),
    ("env::args", &["cli"], "the library depends on its arguments alone"),
    ("env::current_dir", &["cli"], "the library depends on its arguments alone"),
    (
        "thread::spawn",
        &["build", "serve"],
        "threads are the pool's; one more listens to a program or to the network",
    ),
    ("process::Command", &["build", "publish", "cli"], "few places start programs"),
    ("Command::new", &["build", "publish", "cli"], "few places start programs"),
    ("process::exit", &[], "the library never ends the program"),
    ("TcpListener", &["serve", "cli"], "nothing else uses the network"),
    ("TcpStream", &["links"], "nothing else asks other machines"),
    ("rustls", &["links", "publish"], "nothing else asks other machines"),
    ("rustls_native_certs", &["cli"], "the library is handed what it trusts"),
    ("notify::", &["serve"], "builds look at the files themselves"),
    ("tokio", &["links", "publish", "serve", "verify"], "the core is synchronous"),
    ("reqwest", &["publish", "verify"], "nothing else uses the network"),
    ("object_store", &["publish"], "nothing else uses the network"),
    ("minisign::", &["config", "publish"], "secret keys are held in one place"),
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

/// Returns the modules that each module of the library names in its code.
fn imports() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut out: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    // The binary is a crate of its own and sees only what is public.
    for file in rust_files("src").iter().filter(|file| !["cli", "lib"].contains(&&*file.module)) {
        let imports = out.entry(file.module.clone()).or_default();
        let lines = file.text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = lines.fold(String::new(), |code, line| code + line + "\n");
        for name in crate_paths(&code) {
            imports.entry(name).or_insert_with(|| file.path.clone());
        }
    }
    out
}

#[test]
fn stages_import_only_what_comes_before_them() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_IMPORT.iter().copied().collect();
    let mut found = Vec::new();
    for (module, imports) in imports() {
        let may: &[&str] = match allowed.get(module.as_str()) {
            Some(may) => may,
            None if FOUNDATION.contains(&module.as_str()) => &[],
            None => {
                found.push(format!("`{module}` has no place in MAY_IMPORT"));
                continue;
            }
        };
        for (name, file) in &imports {
            let name = name.as_str();
            if name != module && !FOUNDATION.contains(&name) && !may.contains(&name) {
                found.push(format!("{file}: `{module}` may not import `crate::{name}`"));
            }
        }
        let unused = may.iter().filter(|name| !imports.contains_key(**name));
        found.extend(unused.map(|name| format!("`{module}` does not import `{name}` any more")));
    }
    fail_if_any("imports against the flow of data", &found);
}

#[test]
fn no_two_stages_import_each_other() {
    let place: BTreeMap<&str, usize> =
        MAY_IMPORT.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
    for (name, imports) in MAY_IMPORT {
        for import in *imports {
            assert!(place[import] < place[name], "`{import}` stands below `{name}` in MAY_IMPORT");
        }
    }
}

#[test]
fn the_page_of_the_architecture_tells_the_truth() {
    let page = include_str!("../ARCHITECTURE.md");
    let rows: BTreeMap<&str, Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>())
        .filter(|cells| cells.len() == 4)
        .map(|cells| (cells[0].trim_matches('`'), cells))
        .collect();
    let quoted =
        |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let files = rust_files("src");
    let mut found = Vec::new();
    let foundation = FOUNDATION.iter().map(|name| (*name, &[][..]));
    for (module, may) in MAY_IMPORT.iter().copied().chain(foundation) {
        let Some(cells) = rows.get(module) else {
            found.push(format!("no row for `{module}`"));
            continue;
        };
        if quoted(cells[2]) != may {
            found.push(format!("`{module}` may import {may:?}, the page says {}", cells[2]));
        }
        let code: String =
            files.iter().filter(|file| file.module == module).map(|file| &*file.text).collect();
        for name in quoted(cells[3]) {
            let is_there = ["struct", "enum", "trait"]
                .iter()
                .any(|what| code.contains(&format!("{what} {name}")))
                // Ids are made by a macro.
                || (module == "ids" && code.contains(&format!("    {name},\n")));
            if !is_there {
                found.push(format!("`{module}` has no type `{name}`"));
            }
        }
    }
    let known = |name: &&str| MAY_IMPORT.iter().any(|(module, _)| module == name);
    let gone = rows.keys().filter(|name| !known(name) && !FOUNDATION.contains(name));
    found.extend(gone.map(|name| format!("there is no module `{name}`")));
    for file in rust_files("tests").iter().filter(|file| file.path.matches('/').count() == 1) {
        if !page.contains(&format!("| `{}` |", file.path)) {
            found.push(format!("no row for `{}`", file.path));
        }
    }
    fail_if_any("ARCHITECTURE.md", &found);
}

#[test]
fn every_dependency_is_accounted_for() {
    let page = include_str!("../ARCHITECTURE.md");
    let manifest: toml::Table = include_str!("../Cargo.toml").parse().unwrap();
    let section = page.split("## Dependencies").nth(1).unwrap().split("\n## ").next().unwrap();
    let listed: BTreeSet<&str> = section
        .lines()
        .filter(|line| {
            line.starts_with("| ") && !line.starts_with("| Crate") && !line.starts_with("| -")
        })
        .flat_map(|line| line.split('|').nth(1).unwrap().split(','))
        .map(|name| name.trim().trim_matches('*'))
        .collect();
    let direct: BTreeSet<&str> = ["dependencies", "dev-dependencies"]
        .iter()
        .flat_map(|section| manifest[*section].as_table().unwrap().keys().map(String::as_str))
        .collect();
    assert_eq!(listed, direct, "the table of ARCHITECTURE.md, and Cargo.toml");
}

#[test]
fn every_dependency_is_used() {
    let manifest: toml::Table = include_str!("../Cargo.toml").parse().unwrap();
    let source = rust_files("src");
    let mut tests = rust_files("tests");
    tests.extend(rust_files("benches"));
    let mut found = Vec::new();
    for (section, with_tests) in [("dependencies", false), ("dev-dependencies", true)] {
        for name in manifest[section].as_table().unwrap().keys() {
            let name = name.replace('-', "_");
            let tests = tests.iter().filter(|_| with_tests);
            let in_tests = source.iter().filter(|_| with_tests).chain(tests);
            let is_used = source.iter().flat_map(File::code).any(|(_, line)| says(line, &name))
                || in_tests.flat_map(|file| file.text.lines()).any(|line| says(line, &name));
            if !is_used {
                found.push(format!("`{name}` of [{section}]"));
            }
        }
    }
    fail_if_any("dependencies that no code names", &found);
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
