//! A folder of a machine that is reached by SFTP: no shell, no rsync. The system's own `sftp` reads a list of commands.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use super::program::{Program, failed};
use super::release::Release;
use super::remote::{Listed, Remote, Version};
use super::ssh::{Machine, pause};
use super::turns::{self, Links};
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::Fingerprint;

/// How often commands are tried when the line breaks.
const TRIES: u32 = 4;
/// Files that are sent over one connection; after a break, only these are sent again.
const BATCH: usize = 500;
/// Ends the name of a file that is still arriving.
const PART: &str = ".pressmark-part";

/// What is done there by commands of SFTP.
pub(super) struct Sftp {
    machine: Machine,
    /// Where files lie that are not in the output folder.
    scratch: PathBuf,
}

impl Sftp {
    pub(super) fn new(machine: Machine) -> Result<Self, Error> {
        let scratch = machine.scratch.clone();
        fs::create_dir_all(&scratch).map_err(|error| Error::io("create", &scratch, error))?;
        Ok(Self { machine, scratch })
    }

    /// Runs commands in the folder, which is made when it is not there.
    fn run(&self, commands: &str) -> Result<Output, Error> {
        let mut script = String::new();
        let folder = self.machine.path.trim_end_matches('/');
        for (at, _) in
            folder.match_indices('/').skip_while(|(at, _)| *at == 0).chain([(folder.len(), "")])
        {
            line(&mut script, &format!("-mkdir {}", quoted(&folder[..at])));
        }
        line(&mut script, &format!("cd {}", quoted(folder)));
        script.push_str(commands);
        for attempt in 1.. {
            let sftp = Program::new("sftp").args(self.machine.words()).args([
                "-b",
                "-",
                "--",
                &self.machine.host,
            ]);
            let output = sftp.output(|out| {
                // When it fails, `sftp` says why.
                let _unread = out.write_all(script.as_bytes());
                Ok(())
            })?;
            if output.status.code() != Some(255) || attempt == TRIES {
                return Ok(output);
            }
            pause(attempt);
        }
        Err(Error::internal("commands without an answer"))
    }

    /// Runs commands that have to succeed.
    fn must(&self, commands: &str) -> Result<Vec<u8>, Error> {
        let output = self.run(commands)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(failed("sftp", &output.stderr))
        }
    }

    /// Lays bytes down so that they can be sent, and returns where.
    fn lay(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
        let path = self.scratch.join(name);
        fs::write(&path, bytes).map_err(|error| Error::io("write", &path, error))?;
        Ok(path)
    }

    fn list_folder(&self, folder: &str) -> Result<Vec<(String, Option<u64>)>, Error> {
        let name = if folder.is_empty() { ".".to_owned() } else { format!("./{folder}") };
        let printed = self.must(&format!("ls -lan {}\n", quoted(&name)))?;
        Ok(String::from_utf8_lossy(&printed).lines().filter_map(listed).collect())
    }
}

impl Remote for Sftp {
    fn read(&self, path: &SitePath) -> Result<Option<(Vec<u8>, Version)>, Error> {
        let to = self.scratch.join("read");
        let get = format!("get {} {}\n", quoted(path.as_str()), quoted(&to.to_string_lossy()));
        let output = self.run(&get)?;
        if !output.status.success() {
            let is_missing = says(&output, "not found") || says(&output, "No such file");
            return if is_missing { Ok(None) } else { Err(failed("sftp", &output.stderr)) };
        }
        let bytes = fs::read(&to).map_err(|error| Error::io("read", &to, error))?;
        let version = Version::of(&bytes);
        Ok(Some((bytes, version)))
    }

    fn list(&self) -> Result<Vec<Listed>, Error> {
        let mut files = Vec::new();
        let mut open = vec![String::new()];
        while let Some(folder) = open.pop() {
            for (name, size) in self.list_folder(&folder)? {
                let below = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                let Some(path) = SitePath::parse(&below).filter(|path| path.as_str() == below)
                else {
                    continue;
                };
                match size {
                    None => open.push(below),
                    size => files.push(Listed { path, size, md5: None }),
                }
            }
        }
        Ok(files)
    }

    fn write(&self, path: &SitePath, bytes: Vec<u8>) -> Result<(), Error> {
        let from = self.lay("file", &bytes)?;
        let mut script = folders([path]);
        put(&mut script, &from, path);
        self.must(&script).map(|_| ())
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
        for paths in paths.chunks(BATCH) {
            let mut script = folders(paths.iter().copied());
            for path in paths {
                // Nothing damaged is sent.
                release.read(path)?;
                let from = release
                    .place(path)
                    .ok_or_else(|| Error::internal("a release without a folder"))?;
                let from =
                    std::path::absolute(&from).map_err(|error| Error::io("find", &from, error))?;
                put(&mut script, &from, path);
            }
            self.must(&script)?;
            for _ in paths {
                done(0);
            }
        }
        Ok(())
    }

    fn discard(&self, paths: &[&SitePath]) -> Result<(), Error> {
        for paths in paths.chunks(BATCH) {
            let mut script = String::new();
            let mut parents = BTreeSet::new();
            for path in paths {
                line(&mut script, &format!("-rm {}", quoted(path.as_str())));
                parents
                    .extend(Path::new(path.as_str()).ancestors().skip(1).filter_map(Path::to_str));
            }
            // Folders that are empty then go too, the lower ones first; others refuse.
            for folder in parents.iter().rev().filter(|folder| !folder.is_empty()) {
                line(&mut script, &format!("-rmdir {}", quoted(folder)));
            }
            self.must(&script)?;
        }
        Ok(())
    }
}

impl Links for Sftp {
    fn link(&self, bytes: &[u8], name: &str, to: Option<&SitePath>) -> Result<bool, Error> {
        let part = format!("{name}.{}{PART}", Fingerprint::of(bytes));
        let from = self.lay("lock", bytes)?;
        let put = format!("put {} {}\n", quoted(&from.to_string_lossy()), quoted(&part));
        let (from, name) = (quoted(&part), quoted(name));
        let then = to.map(|to| format!("rename {name} {}\n", quoted(to.as_str())));
        let rest = format!("{}-rm {from}\n", then.unwrap_or_default());
        let mut output = self.run(&format!("{put}ln {from} {name}\n{rest}"))?;
        if says(&output, "not support") {
            // A plain rename must not replace a file either (draft-ietf-secsh-filexfer-02, 6.5).
            output = self.run(&format!("{put}rename -l {from} {name}\n{rest}"))?;
        }
        if output.status.success() {
            return Ok(true);
        }
        let is_there = self.run(&format!("ls {name}\n"))?.status.success();
        self.must(&format!("-rm {from}\n"))?;
        if is_there { Ok(false) } else { Err(failed("sftp", &output.stderr)) }
    }
}

fn line(script: &mut String, command: &str) {
    // Writing to a string cannot fail.
    let _infallible = writeln!(script, "{command}");
}

/// Returns commands that make the folders of files.
fn folders<'a>(paths: impl IntoIterator<Item = &'a SitePath>) -> String {
    let parents = paths
        .into_iter()
        .flat_map(|path| Path::new(path.as_str()).ancestors().skip(1).filter_map(Path::to_str));
    let parents: BTreeSet<&str> = parents.filter(|folder| !folder.is_empty()).collect();
    parents.iter().fold(String::new(), |mut script, folder| {
        line(&mut script, &format!("-mkdir {}", quoted(folder)));
        script
    })
}

/// Sends a file under another name, and gives it its own in one step.
fn put(script: &mut String, from: &Path, to: &SitePath) {
    let part = quoted(&format!("{to}{PART}"));
    line(script, &format!("put {} {part}", quoted(&from.to_string_lossy())));
    line(script, &format!("rename {part} {}", quoted(to.as_str())));
}

/// Returns a name as `sftp` reads one; within quotes, it does not look for patterns.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn says(output: &Output, words: &str) -> bool {
    String::from_utf8_lossy(&output.stderr).contains(words)
}

/// Reads a line of `ls -lan`: the name, and the size of a file.
fn listed(line: &str) -> Option<(String, Option<u64>)> {
    let (kind, mut rest) = (line.chars().next()?, line);
    for _ in 0..8 {
        rest = rest.trim_start();
        rest = &rest[rest.find(char::is_whitespace)?..];
    }
    let size = line.split_whitespace().nth(4)?.parse().ok();
    let name = rest.trim_start().rsplit('/').next()?.to_owned();
    match kind {
        _ if matches!(name.as_str(), "." | "..") => None,
        '-' => Some((name, Some(size?))),
        'd' => Some((name, None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_a_server_are_read() {
        let file = "-rw-r--r--    1 1000     1000        34596 Nov 29 09:00 ./a b.html";
        assert_eq!(listed(file), Some(("a b.html".to_owned(), Some(34_596))));
        let folder = "drwxr-xr-x    ? 0        0             4096 Nov 29 09:00 topics";
        assert_eq!(listed(folder), Some(("topics".to_owned(), None)));
        assert_eq!(listed("drwxr-xr-x    2 0        0             4096 Nov 29 09:00 ./.."), None);
        assert_eq!(listed("sftp> ls -lan \".\""), None);
    }

    #[test]
    fn names_cannot_become_commands() {
        assert_eq!(quoted("a\"b\\c*"), "\"a\\\"b\\\\c*\"");
        let path = SitePath::parse("a/b/c.html").unwrap();
        assert_eq!(folders([&path]), "-mkdir \"a\"\n-mkdir \"a/b\"\n");
    }
}
