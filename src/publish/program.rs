//! Runs the programs that a target needs: `git`, `ssh`, `rsync`, `sftp`.

use std::ffi::OsStr;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::diag::Error;

/// A program that is about to be run.
#[derive(Debug)]
pub(super) struct Program {
    name: &'static str,
    command: Command,
}

impl Program {
    /// Returns a program without arguments. It asks nothing: a question would never be answered where nobody sits.
    pub(super) fn new(name: &'static str) -> Self {
        let mut command = Command::new(name);
        command.stdin(Stdio::null()).env("LC_ALL", "C");
        Self { name, command }
    }

    pub(super) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(super) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    pub(super) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs the program and returns what it printed.
    ///
    /// # Errors
    /// When it is not there, or fails; then its last words are in the message.
    pub(super) fn run(self) -> Result<Vec<u8>, Error> {
        let name = self.name;
        let output = self.output(|_| Ok(()))?;
        if output.status.success() { Ok(output.stdout) } else { Err(failed(name, &output.stderr)) }
    }

    /// Runs the program, hands it its input, and returns what it printed.
    pub(super) fn run_with(
        self,
        feed: impl FnOnce(&mut dyn Write) -> Result<(), Error> + Send,
    ) -> Result<Vec<u8>, Error> {
        let name = self.name;
        let output = self.output(feed)?;
        if output.status.success() { Ok(output.stdout) } else { Err(failed(name, &output.stderr)) }
    }

    /// Runs the program and returns how it ended, with what it printed.
    ///
    /// # Errors
    /// When it is not there, or its input cannot be made.
    pub(super) fn output(
        mut self,
        feed: impl FnOnce(&mut dyn Write) -> Result<(), Error> + Send,
    ) -> Result<Output, Error> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                Error::usage(format!("the program `{}` is not installed", self.name))
                    .help("install it, or choose another kind of target")
            }
            _ => Error::io("run", Path::new(self.name), error),
        })?;
        let input = child.stdin.take();
        // It may print while it reads, so both are done at once.
        std::thread::scope(|scope| {
            let written = scope.spawn(move || input.map_or(Ok(()), |mut input| feed(&mut input)));
            let output = child
                .wait_with_output()
                .map_err(|error| Error::io("run", Path::new(self.name), error))?;
            let written = written
                .join()
                .unwrap_or_else(|_| Err(Error::internal("the input of a program broke off")));
            // When the program failed, it knows better why than a pipe that is gone.
            if output.status.success() { written.map(|()| output) } else { Ok(output) }
        })
    }
}

/// Returns the failure of a program, with its last words.
pub(super) fn failed(name: &str, stderr: &[u8]) -> Error {
    let text = String::from_utf8_lossy(stderr);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(5)..];
    let said = if last.is_empty() {
        "it said nothing".to_owned()
    } else {
        without_passwords(&last.join("; "))
    };
    Error::remote(format!("`{name}` failed: {said}"))
}

/// Takes passwords out of addresses.
pub(super) fn without_passwords(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after
            .find(|c: char| c == '/' || c.is_whitespace() || c == '\'' || c == '"')
            .unwrap_or(after.len());
        match after[..end].rfind('@') {
            Some(at) => {
                out.push_str("***");
                rest = &after[at..];
            }
            None => rest = after,
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_of_a_program_are_told_without_passwords() {
        let error = Program::new("sh")
            .args(["-c", "echo at https://me:pw@example.org/x >&2; exit 3"])
            .run();
        let said = error.unwrap_err().to_string();
        assert_eq!(said, "`sh` failed: at https://***@example.org/x");
        let missing = Program::new("pressmark-no-such-program").run().unwrap_err();
        assert!(missing.is_usage() && missing.to_string().contains("not installed"));
        assert_eq!(without_passwords("a://b/c@d e://f@g"), "a://b/c@d e://***@g");
    }

    #[test]
    fn input_and_output_larger_than_a_pipe_do_not_block() {
        let feed = |input: &mut dyn Write| {
            let _ended = input.write_all(&vec![b'x'; 1 << 20]);
            Ok(())
        };
        assert_eq!(Program::new("cat").run_with(feed).unwrap().len(), 1 << 20);
        assert!(Program::new("true").run_with(feed).unwrap().is_empty());
    }
}
