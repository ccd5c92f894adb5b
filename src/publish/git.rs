//! A branch of a Git repository, such as those that hosts of code show as a site.
//!
//! The commit is made by `git fast-import` in a repository of its own below `.pressmark`, so neither the work tree nor the index
//! of the site's repository is touched, and files that are in the branch already are not sent again. Only what differs is in the
//! stream. The push names the commit that was looked at; if the branch has moved since, it is refused.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::plan::Plan;
use super::program::{Program, failed, without_passwords};
use super::release::Release;
use super::removed;
use super::sign::{Change, SIGNATURE};
use super::{Progress, Step, Target};
use crate::diag::Error;
use crate::files::SitePath;
use crate::write::{MANIFEST, Manifest};

/// Tells hosts to show the files as they are.
const NO_JEKYLL: &str = ".nojekyll";
/// Tells hosts under which name they show the site.
const CNAME: &str = "CNAME";
/// Where the branch is kept in our own repository.
const SEEN: &str = "refs/pressmark/seen";
const MADE: &str = "refs/pressmark/made";

/// What is published, where.
pub(super) struct GitOptions<'a> {
    /// The folder of the site.
    pub(super) root: &'a Path,
    /// The repository that commits are made in.
    pub(super) own: PathBuf,
    pub(super) remote: &'a str,
    pub(super) branch: &'a str,
    pub(super) history: bool,
    pub(super) cname: Option<&'a str>,
    pub(super) prune: bool,
    /// Replace a branch that Pressmark did not write.
    pub(super) force: bool,
    pub(super) now: Timestamp,
}

/// A branch that is published to.
pub(super) struct Branch<'a> {
    release: &'a Release,
    options: GitOptions<'a>,
    /// The remote's address.
    address: String,
    /// The commit that is there.
    tip: Option<String>,
    /// The files that are there.
    there: BTreeSet<String>,
    /// Small files of ours that are missing or differ.
    extras: Vec<(&'static str, String)>,
    signature: Change,
    /// Whether the commits before stay in the branch.
    history: bool,
}

impl<'a> Branch<'a> {
    pub(super) fn new(release: &'a Release, options: GitOptions<'a>) -> Result<Self, Error> {
        let address = address(options.root, options.remote)?;
        let history = options.history;
        Ok(Self {
            release,
            history,
            options,
            address,
            tip: None,
            there: BTreeSet::new(),
            extras: Vec::new(),
            signature: Change::Keep,
        })
    }

    fn git(&self) -> Program {
        git().arg("--git-dir").arg(&self.options.own)
    }

    fn full(&self) -> String {
        format!("refs/heads/{}", self.options.branch)
    }

    /// Fetches the branch; returns its commit, or nothing when there is no such branch.
    fn fetch(&self) -> Result<Option<String>, Error> {
        let full = self.full();
        let listed = text(&self.git().args(["ls-remote", "--", &self.address, &full]).run()?);
        let Some(tip) = listed.split_whitespace().next() else { return Ok(None) };
        let known =
            self.git().args(["rev-parse", "--verify", "--quiet", SEEN]).output(|_| Ok(()))?;
        if text(&known.stdout).trim() != tip {
            let refs = format!("+{full}:{SEEN}");
            let depth = ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head"];
            self.git().args(depth).args(["--", &self.address, &refs]).run()?;
        }
        Ok(Some(tip.to_owned()))
    }

    /// Returns a file of the branch.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        if !self.there.contains(name) {
            return Ok(None);
        }
        self.git().args(["cat-file", "blob", &format!("{SEEN}:{name}")]).run().map(Some)
    }

    /// Writes the stream that `git fast-import` makes a commit of.
    fn stream(
        &self,
        plan: &Plan,
        progress: &dyn Progress,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let put = |out: &mut dyn Write, bytes: &[u8]| {
            out.write_all(bytes)
                .map_err(|error| Error::io("write to", Path::new("git fast-import"), error))
        };
        let message = "Publish the site\n";
        let head = format!(
            "commit {MADE}\ncommitter {} {} +0000\ndata {}\n{message}",
            self.identity()?,
            self.options.now.as_second(),
            message.len(),
        );
        put(out, head.as_bytes())?;
        if self.tip.is_some() && self.history {
            put(out, format!("from {SEEN}^0\n").as_bytes())?;
        } else if self.tip.is_some() {
            // A commit without parents, with the files of the one before.
            let tree = self.git().args(["rev-parse", &format!("{SEEN}^{{tree}}")]).run()?;
            put(out, format!("M 040000 {} \"\"\n", text(&tree).trim()).as_bytes())?;
        }
        for path in plan.removed.iter().chain(&plan.pruned) {
            put(out, format!("D {}\n", quoted(path.as_str())).as_bytes())?;
        }
        let mut file = |name: &str, bytes: &[u8]| {
            put(
                out,
                format!("M 100644 inline {}\ndata {}\n", quoted(name), bytes.len()).as_bytes(),
            )?;
            put(out, bytes)?;
            put(out, b"\n")
        };
        progress.begin(Step::Send, plan.added.len() + plan.changed.len());
        let is_extra = |path: &&SitePath| {
            path.as_str() == SIGNATURE || self.extras.iter().any(|(name, _)| *name == path.as_str())
        };
        for path in plan.added.iter().chain(&plan.changed).filter(|path| !is_extra(path)) {
            let bytes = self.release.read(path)?;
            file(path.as_str(), &bytes)?;
            progress.advance(bytes.len() as u64);
        }
        for (name, text) in &self.extras {
            file(name, text.as_bytes())?;
        }
        if let Change::Write(bytes) = &self.signature {
            file(SIGNATURE, bytes)?;
        }
        file(MANIFEST, self.release.manifest_bytes())?;
        put(out, b"\ndone\n")
    }

    /// Returns name and address for the commit: what the site's repository says, or ours.
    fn identity(&self) -> Result<String, Error> {
        let ask = |key: &str| -> Result<Option<String>, Error> {
            let output =
                git().within(self.options.root).args(["config", key]).output(|_| Ok(()))?;
            let value: String = text(&output.stdout)
                .trim()
                .chars()
                .filter(|c| !"<>".contains(*c) && !c.is_control())
                .collect();
            Ok(Some(value).filter(|value| !value.is_empty()))
        };
        let name = ask("user.name")?.unwrap_or_else(|| "Pressmark".to_owned());
        let mail = ask("user.email")?.unwrap_or_else(|| "pressmark@localhost".to_owned());
        Ok(format!("{name} <{mail}>"))
    }
}

impl Target for Branch<'_> {
    fn look(&mut self) -> Result<Plan, Error> {
        if !self.options.own.join("HEAD").is_file() {
            git().args(["init", "--quiet", "--bare", "--"]).arg(&self.options.own).run()?;
        }
        self.tip = self.fetch()?;
        self.there = BTreeSet::new();
        if self.tip.is_some() {
            let listed = self.git().args(["ls-tree", "-r", "-z", "--name-only", SEEN]).run()?;
            let names = listed.split(|byte| *byte == 0).filter(|name| !name.is_empty());
            self.there.extend(names.map(|name| String::from_utf8_lossy(name).into_owned()));
        }
        let base = self.read(MANIFEST)?;
        let is_same = base.as_deref() == Some(self.release.manifest_bytes());
        let base = base.and_then(|bytes| Manifest::parse(&bytes));
        let signature = self.read(SIGNATURE)?;
        self.signature = self.release.signature(signature.as_deref(), is_same);
        let mut plan = Plan::between(base.as_ref(), self.release);
        self.extras.clear();
        for (name, text) in [
            (NO_JEKYLL, Some(String::new())),
            (CNAME, self.options.cname.map(|name| format!("{name}\n"))),
        ] {
            let is_own = SitePath::parse(name)
                .is_some_and(|path| self.release.manifest().find(&path).is_some());
            let Some(text) = text.filter(|_| !is_own) else { continue };
            if self.read(name)?.as_deref() != Some(text.as_bytes()) {
                self.extras.push((name, text));
            }
        }
        let missing = |path: &SitePath| base.is_some() && !self.there.contains(path.as_str());
        // What somebody took out of the branch by hand comes back.
        let lost: Vec<SitePath> = self
            .release
            .files()
            .iter()
            .map(|(path, _)| path)
            .filter(|path| missing(path))
            .cloned()
            .collect();
        for path in lost {
            if !plan.added.contains(&path) && !plan.changed.contains(&path) {
                plan.unchanged -= 1;
                plan.added.push(path);
            }
        }
        plan.removed.retain(|path| self.there.contains(path.as_str()));
        for path in self.there.iter().filter_map(|name| SitePath::parse(name)) {
            let is_ours = [MANIFEST, SIGNATURE, NO_JEKYLL, CNAME].contains(&path.as_str())
                || base.as_ref().is_some_and(|base| base.find(&path).is_some());
            if is_ours {
            } else if self.release.manifest().find(&path).is_some() {
                plan.replaced.push(path);
            } else if self.options.prune {
                plan.pruned.push(path);
            }
        }
        plan.note(&self.signature, signature.is_some())?;
        plan.added.extend(self.extras.iter().filter_map(|(name, _)| SitePath::parse(name)));
        if base.is_none() && self.tip.is_some() && !self.options.history && !self.options.force {
            let message = format!(
                "the branch `{}` holds what Pressmark did not publish, and its history would be lost",
                self.options.branch
            );
            return Err(Error::usage(message)
                .help("choose another branch, set `history = true`, or use `--force`"));
        }
        self.history = self.options.history;
        let now = removed::of(self.release)?;
        let then = self.read(removed::REMOVED)?;
        if self.history && self.tip.is_some() && removed::is_before(then.as_deref(), now.as_deref())
        {
            if !self.options.force {
                let message = format!(
                    "something was taken down, and the older commits of the branch `{}` would still hold it",
                    self.options.branch
                );
                return Err(Error::usage(message).help(
                    "use `--force` to put one commit without history in their place, once; or set `history = false`",
                ));
            }
            self.history = false;
        }
        Ok(plan)
    }

    fn send(&mut self, plan: Plan, progress: &dyn Progress) -> Result<Option<Plan>, Error> {
        let import =
            self.git().args(["fast-import", "--quiet", "--done", "--force", "--date-format=raw"]);
        import.run_with(|out| self.stream(&plan, progress, out))?;
        let full = self.full();
        // Whether the branch has moved since it was looked at is decided there, in the same step as the push.
        let lease =
            format!("--force-with-lease={full}:{}", self.tip.as_deref().unwrap_or_default());
        let refs = format!("{MADE}:{full}");
        let mut push = self.git().args(["push", "--quiet", "--porcelain"]);
        if !self.history || self.tip.is_none() {
            push = push.arg(&lease);
        }
        let pushed = push.args(["--", &self.address, &refs]).output(|_| Ok(()))?;
        if !pushed.status.success() {
            let said = text(&pushed.stderr) + &text(&pushed.stdout);
            if ["stale info", "non-fast-forward", "fetch first"]
                .iter()
                .any(|word| said.contains(word))
            {
                return Err(Error::usage("somebody else has pushed to the branch in the meantime")
                    .help("publish again, to see what differs from that"));
            }
            return Err(failed("git push", &pushed.stderr));
        }
        self.git().args(["update-ref", SEEN, MADE]).run()?;
        if self.options.history && !self.history {
            // What was taken down is not to stay in our copy either; the site is published all the same when this fails.
            let _kept = self.git().args(["gc", "--quiet", "--prune=now"]).run();
        }
        Ok(None)
    }
}

/// Returns a `git` that neither asks nor takes its repository from the environment, as it would in a hook.
fn git() -> Program {
    const SET_BY_GIT: [&str; 6] = [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_NAMESPACE",
    ];
    let git = Program::new("git").env("GIT_TERMINAL_PROMPT", "0");
    SET_BY_GIT.iter().fold(git, |git, name| git.without(name))
}

/// Returns the address of a remote of the site's repository, or what is one itself.
fn address(root: &Path, remote: &str) -> Result<String, Error> {
    let known = git().within(root).args(["remote", "get-url", "--", remote]).output(|_| Ok(()))?;
    if known.status.success() {
        return Ok(text(&known.stdout).trim().to_owned());
    }
    let is_address = remote.contains(':') || remote.contains('/') || root.join(remote).exists();
    if !is_address {
        return Err(Error::usage(format!(
            "the site's repository has no remote `{}`",
            without_passwords(remote)
        ))
        .help("name one of `git remote`, an address or a path as `remote`"));
    }
    // A path is meant from the site's folder.
    let is_path = !remote.contains("://")
        && !remote.split('/').next().is_some_and(|first| first.contains(':'));
    Ok(if is_path { root.join(remote).to_string_lossy().into_owned() } else { remote.to_owned() })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns a path as `git fast-import` reads it.
fn quoted(path: &str) -> String {
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}
