//! A folder of a machine that is reached by SSH, with a shell: files go by rsync, all else by small scripts.
//!
//! `ssh` and `rsync` are the system's own, with the user's settings, keys and agent. They are told to ask nothing.
//! Names of files go by standard input, never into a command line.

use std::fs::DirBuilder;
use std::io::{Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::program::{Program, failed};
use super::release::Release;
use super::remote::{Listed, Remote, Version};
use super::turns::{self, Links};
use crate::config::Transfer;
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;

/// How often a command is tried when the line breaks; `ssh` ends with 255 then, `rsync` with one of these.
const TRIES: u32 = 4;
const BROKEN: [i32; 6] = [255, 10, 12, 30, 32, 35];
/// What a script ends with when something is not as it should be.
const NO: i32 = 44;

/// A machine and a folder there.
pub(super) struct Machine {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) path: String,
    /// More words for `ssh`, such as another file of settings.
    pub(super) options: Vec<String>,
    /// A folder for files on their way.
    pub(super) scratch: PathBuf,
}

impl Machine {
    /// Returns how a transfer by shell is possible: whether there is a shell, and rsync at both ends.
    pub(super) fn has_rsync(&self) -> Result<bool, Error> {
        let here = match Program::new("rsync").arg("--version").output(|_| Ok(())) {
            Ok(output) => output.status.success(),
            Err(_) => false,
        };
        if !here {
            return Ok(false);
        }
        let asked = self.ssh("command -v rsync >/dev/null").output(|_| Ok(()))?;
        match asked.status.code() {
            Some(255) => Err(failed("ssh", &asked.stderr)),
            code => Ok(code == Some(0)),
        }
    }

    /// Returns words that `ssh`, `sftp` and `rsync` share.
    pub(super) fn words(&self) -> Vec<String> {
        // Of two that contradict each other, `ssh` takes the first.
        let mut words = self.options.clone();
        words.extend(self.port.map(|port| format!("-oPort={port}")));
        let ours = ["BatchMode=yes", "ConnectTimeout=20", "ServerAliveInterval=15"];
        words.extend(ours.map(|option| format!("-o{option}")));
        words
    }

    fn ssh(&self, script: &str) -> Program {
        Program::new("ssh").args(self.words()).args(["-T", "--", &self.host, script])
    }
}

/// A connection that all others go through, so that keys are exchanged once.
struct Line {
    child: Child,
    folder: PathBuf,
}

impl Line {
    /// Opens it; nothing when that is not possible, and then each command connects by itself.
    ///
    /// It ends with its standard input, so also when this program is killed.
    fn open(machine: &Machine) -> Option<Self> {
        let word = crate::ids::random_word()?;
        // The path of a socket has about a hundred bytes, which a folder of the site may have used up.
        let folder = std::env::temp_dir().join(format!("pressmark-{}", &word[..8]));
        DirBuilder::new().mode(0o700).create(&folder).ok()?;
        let child = Command::new("ssh")
            .args(machine.words())
            .arg(format!("-oControlPath={}", folder.join("%C").display()))
            .args(["-oControlMaster=yes", "-T", "--", &machine.host, "echo; exec cat >/dev/null"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(child) = child else {
            let _gone = std::fs::remove_dir_all(&folder);
            return None;
        };
        let mut line = Self { child, folder };
        let mut ready = [0];
        let is_open = line
            .child
            .stdout
            .as_mut()
            .is_some_and(|out| out.read(&mut ready).is_ok_and(|bytes| bytes == 1));
        is_open.then_some(line)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _ended = (self.child.kill(), self.child.wait());
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

/// What is done there by scripts.
pub(super) struct Shell {
    machine: Machine,
    _line: Option<Line>,
}

impl Shell {
    fn new(mut machine: Machine) -> Self {
        let line = Line::open(&machine);
        if let Some(line) = &line {
            machine.options.push(format!("-oControlPath={}", line.folder.join("%C").display()));
        }
        Self { machine, _line: line }
    }

    /// Runs a script in the folder; returns what it printed, or nothing when it ended with a no.
    fn run(&self, script: &str, input: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let folder = quoted(&self.machine.path);
        let script = format!("set -e; umask 022; mkdir -p -- {folder}; cd -- {folder}; {script}");
        // Whatever shell the user has, a plain one reads this.
        let line = format!("exec sh -c {}", quoted(&script));
        let feed = |out: &mut dyn Write| {
            // When it fails, the script says why.
            let _unread = out.write_all(input);
            Ok(())
        };
        for attempt in 1.. {
            let output = self.machine.ssh(&line).output(feed)?;
            match output.status.code() {
                Some(0) => return Ok(Some(output.stdout)),
                Some(NO) => return Ok(None),
                Some(255) if attempt < TRIES => pause(attempt),
                _ => return Err(failed("ssh", &output.stderr)),
            }
        }
        Ok(None)
    }
}

impl Remote for Shell {
    fn read(&self, path: &SitePath) -> Result<Option<(Vec<u8>, Version)>, Error> {
        let name = quoted(path.as_str());
        let read = self.run(&format!("test -f {name} || exit {NO}; cat -- {name}"), b"")?;
        Ok(read.map(|bytes| {
            let version = Version::of(&bytes);
            (bytes, version)
        }))
    }

    fn list(&self) -> Result<Vec<Listed>, Error> {
        // Sums where there is a program for them, else names.
        let script = "if command -v md5sum >/dev/null; then find . -type f -exec md5sum -- {} +; else find . -type f; fi";
        let printed = self.run(script, b"")?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&printed).lines().filter_map(listed).collect())
    }

    fn write(&self, path: &SitePath, bytes: Vec<u8>) -> Result<(), Error> {
        let (name, part) = (quoted(path.as_str()), quoted(&format!("{path}.pressmark-part")));
        let script =
            format!("mkdir -p -- \"$(dirname -- {name})\"; cat > {part}; mv -f -- {part} {name}");
        self.run(&script, &bytes).map(|_| ())
    }

    fn remove(&self, path: &SitePath) -> Result<(), Error> {
        self.discard(&[path])
    }

    fn create(&self, path: &SitePath, bytes: &[u8]) -> Result<Option<Version>, Error> {
        turns::create(self, path, bytes)
    }

    fn replace(
        &self,
        path: &SitePath,
        bytes: &[u8],
        old: &Version,
    ) -> Result<Option<Version>, Error> {
        turns::replace(self, path, bytes, old)
    }

    fn lanes(&self) -> usize {
        1
    }

    fn send(
        &self,
        release: &Release,
        paths: &[&SitePath],
        done: &(dyn Fn(u64) + Sync),
    ) -> Result<(), Error> {
        if paths.is_empty() {
            return Ok(());
        }
        let mut names = Vec::new();
        for path in paths {
            // Nothing damaged is sent.
            release.read(path)?;
            names.extend_from_slice(path.as_str().as_bytes());
            names.push(0);
        }
        self.run("true", b"")?;
        let folder =
            release.folder().ok_or_else(|| Error::internal("a release without a folder"))?;
        let mut shell = vec!["ssh".to_owned()];
        shell.extend(self.machine.words());
        let to = format!(
            "{}:{}/",
            bracketed(&self.machine.host),
            self.machine.path.trim_end_matches('/')
        );
        for attempt in 1.. {
            let rsync = Program::new("rsync")
                .args([
                    "--recursive",
                    "--ignore-times",
                    "--from0",
                    "--files-from=-",
                    "--chmod=D755,F644",
                    "--protect-args",
                ])
                .arg("--rsh")
                .arg(shell.join(" "))
                .arg("--")
                .arg(slashed(folder))
                .arg(&to);
            let output = rsync.output(|out| {
                let _unread = out.write_all(&names);
                Ok(())
            })?;
            match output.status.code() {
                Some(0) => break,
                Some(code) if BROKEN.contains(&code) && attempt < TRIES => pause(attempt),
                _ => return Err(failed("rsync", &output.stderr)),
            }
        }
        for _ in paths {
            done(0);
        }
        Ok(())
    }

    fn discard(&self, paths: &[&SitePath]) -> Result<(), Error> {
        let names: Vec<u8> = paths
            .iter()
            .flat_map(|path| [b"./", path.as_str().as_bytes(), b"\0"].concat())
            .collect();
        // Folders that are empty then go too; the others refuse, and that is no failure.
        let script = "t=$(mktemp); trap 'rm -f \"$t\"' EXIT; cat > \"$t\"; xargs -0 rm -f -- < \"$t\"; \
                      xargs -0 -n 50 dirname -- < \"$t\" | sort -ru | while IFS= read -r d; do \
                      while test \"$d\" != . && rmdir -- \"$d\" 2>/dev/null; do d=$(dirname -- \"$d\"); done; done";
        self.run(script, &names).map(|_| ())
    }
}

impl Links for Shell {
    fn link(&self, bytes: &[u8], name: &str, to: Option<&SitePath>) -> Result<bool, Error> {
        let part = quoted(&format!("{name}.{}", Fingerprint::of(bytes)));
        let name = quoted(name);
        // A link that is left over of another one's turn gives way.
        let before = "find . -maxdepth 1 -name '.*.after-*' -mmin +10 -exec rm -f -- {} +; ";
        let before = if to.is_some() { before } else { "" };
        let then =
            to.map(|to| format!("mv -f -- {part} {}; rm -f -- {name}; ", quoted(to.as_str())));
        let then = then.unwrap_or_default();
        let script = format!(
            "{before}cat > {part}; if ln -- {part} {name} 2>/dev/null; then {then}rm -f -- {part}; else rm -f -- {part}; exit {NO}; fi"
        );
        Ok(self.run(&script, bytes)?.is_some())
    }
}

/// Waits before something is tried again.
pub(super) fn pause(attempt: u32) {
    std::thread::sleep(std::time::Duration::from_millis(300) * 2_u32.pow(attempt));
}

/// Returns a word as a shell reads it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Returns a folder as rsync reads one whose content is meant.
fn slashed(folder: &Path) -> std::ffi::OsString {
    let mut out = folder.as_os_str().to_owned();
    out.push("/");
    out
}

/// rsync takes a number of IPv6 in brackets only.
fn bracketed(host: &str) -> String {
    let (user, name) = host.rsplit_once('@').map_or(("", host), |(user, name)| (user, name));
    let at = if user.is_empty() { "" } else { "@" };
    if name.contains(':') && !name.starts_with('[') {
        format!("{user}{at}[{name}]")
    } else {
        host.to_owned()
    }
}

/// Reads a line that `md5sum` or `find` printed.
fn listed(line: &str) -> Option<Listed> {
    let sum = line.get(..32).and_then(|digits| u128::from_str_radix(digits, 16).ok());
    let (name, md5) = match (sum, line.get(32..).and_then(|rest| rest.strip_prefix("  "))) {
        (Some(sum), Some(name)) => (name, Some(sum.to_be_bytes())),
        _ => (line, None),
    };
    let below = name.strip_prefix("./")?;
    let path = SitePath::parse(below).filter(|path| path.as_str() == below)?;
    Some(Listed { path, size: None, md5 })
}

/// Returns what does the work on a machine.
pub(super) fn open(machine: Machine, transfer: Transfer) -> Result<Box<dyn Remote>, Error> {
    let by_rsync = match transfer {
        Transfer::Rsync => true,
        Transfer::Sftp => false,
        Transfer::Auto => machine.has_rsync()?,
    };
    Ok(if by_rsync {
        Box::new(Shell::new(machine))
    } else {
        Box::new(super::sftp::Sftp::new(machine)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cannot_break_out() {
        assert_eq!(quoted("a'; rm -rf /; '"), "'a'\\''; rm -rf /; '\\'''");
        assert_eq!(bracketed("me@::1"), "me@[::1]");
        assert_eq!(bracketed("example.org"), "example.org");
    }

    #[test]
    fn lists_are_read_with_sums_and_without() {
        let line = "d41d8cd98f00b204e9800998ecf8427e  ./a b.html";
        let file = listed(line).unwrap();
        assert_eq!((file.path.as_str(), file.md5.is_some()), ("a b.html", true));
        assert_eq!(listed("./x/y").unwrap().path.as_str(), "x/y");
        assert_eq!(listed("../x"), None);
    }
}
