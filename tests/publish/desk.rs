//! A site in a folder of its own, and the program that publishes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// Files by path.
pub(crate) type Tree = BTreeMap<String, Vec<u8>>;

/// Who publishes.
pub(crate) struct Desk {
    pub(crate) dir: TempDir,
    env: Vec<(String, String)>,
}

impl Desk {
    /// A site with a few articles and one target, `t`.
    pub(crate) fn new(target: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let desk = Self { dir, env: Vec::new() };
        desk.write("site.toml", &format!("title = \"Harbour News\"\n[publish.t]\n{target}\n"));
        for (name, text) in [
            (
                "ferry",
                "The ferry leaves at noon, Ada Moreau said on Monday. It crosses the sound in an hour.\n",
            ),
            (
                "storm",
                "A storm is on its way to Port Lorne, the weather service said. Boats stay in the harbour.\n",
            ),
            ("gull", "A gull was seen on the pier. Ada Moreau fed it.\n"),
        ] {
            desk.write(&format!("content/articles/{name}.txt"), text);
        }
        desk
    }

    pub(crate) fn with(mut self, env: &[(&str, &str)]) -> Self {
        self.env.extend(env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("site")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Adds, changes and removes articles.
    pub(crate) fn edit(&self, round: usize) {
        self.write(
            "content/articles/ferry.txt",
            &format!("The ferry leaves at {round} o'clock, Ada Moreau said.\n"),
        );
        self.write(
            &format!("content/articles/new-{round}.txt"),
            &format!("Report number {round} came in. Nobody read it.\n"),
        );
        let _unless_first = fs::remove_file(
            self.path(&format!("content/articles/new-{}.txt", round.saturating_sub(1))),
        );
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressmark"));
        command.args(["publish", "--clock", "2024-05-06"]).args(args).current_dir(self.root());
        for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AZURE_STORAGE_KEY"] {
            command.env_remove(name);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Publishes, which has to succeed; returns what was said.
    pub(crate) fn publish(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.status.success(), "{args:?}: {said}");
        said
    }

    /// Publishes, which has to fail with this status; returns what was said.
    pub(crate) fn fail(&self, status: i32, args: &[&str]) -> String {
        let output = self.run(args);
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.code(), Some(status), "{args:?}: {said}");
        said
    }

    pub(crate) fn start(&self) -> Child {
        self.command(&[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The site as it was built last.
    pub(crate) fn built(&self) -> Tree {
        tree(&self.path("public"))
    }
}

/// Reads all files of a folder.
pub(crate) fn tree(folder: &Path) -> Tree {
    fn visit(top: &Path, folder: &Path, out: &mut Tree) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(top, &path, out);
            } else {
                let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
                out.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut out = Tree::new();
    if folder.is_dir() {
        visit(folder, folder, &mut out);
    }
    out
}

/// Fails with the names of files that differ, instead of their bytes.
pub(crate) fn assert_same(there: &Tree, built: &Tree) {
    let differ = |name: &&String| there.get(*name) != built.get(*name);
    let names: Vec<&String> = there.keys().chain(built.keys()).filter(differ).collect();
    assert!(names.is_empty(), "{names:?}");
}

/// Fails when a page that can be reached from the start page leads to a file that is not there.
pub(crate) fn assert_whole(there: &Tree) {
    let mut open = vec!["index.html".to_owned()];
    let mut seen: Vec<String> = Vec::new();
    while let Some(page) = open.pop() {
        let Some(bytes) = there.get(&page) else {
            assert!(seen.is_empty(), "`{page}` is missing");
            return;
        };
        let text = String::from_utf8_lossy(bytes).into_owned();
        for part in text.split("href=\"").skip(1).chain(text.split("src=\"").skip(1)) {
            let link = part.split('"').next().unwrap().split(['#', '?']).next().unwrap();
            if link.is_empty() || link.contains(':') || !page.ends_with(".html") {
                continue;
            }
            let mut parts: Vec<&str> = page.split('/').collect();
            parts.pop();
            for part in link.split('/') {
                match part {
                    "." => {}
                    ".." => drop(parts.pop()),
                    part => parts.push(part),
                }
            }
            let name = parts.join("/");
            assert!(there.contains_key(&name), "`{page}` leads to `{name}`, which is missing");
            if !seen.contains(&name) {
                seen.push(name.clone());
                open.push(name);
            }
        }
    }
}
