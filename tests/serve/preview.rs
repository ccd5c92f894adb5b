//! A preview that runs, and what it answers.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common;

/// Nothing is decided by time: a change that is not shown until then never is.
pub(crate) const LONGEST: Duration = Duration::from_mins(1);

/// A preview of a site in a folder of its own.
pub(crate) struct Preview {
    pub(crate) folder: TempDir,
    child: Child,
    /// What it has said on standard error.
    said: Arc<Mutex<String>>,
    /// `127.0.0.1:4401`.
    pub(crate) address: String,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Preview {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::of(harbour(), options)
    }

    pub(crate) fn of(folder: TempDir, options: &[&str]) -> Self {
        Self::with(folder, options, |_| ())
    }

    /// Starts a preview by a command that was made ready.
    pub(crate) fn with(
        folder: TempDir,
        options: &[&str],
        ready: impl FnOnce(&mut Command),
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressmark"));
        command
            .arg("serve")
            .current_dir(folder.path())
            .args(if options.contains(&"--port") { &[][..] } else { &["--port", "0"] })
            .args(options)
            .env_remove("SOURCE_DATE_EPOCH")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        ready(&mut command);
        let mut child = command.spawn().unwrap();
        let said = Arc::<Mutex<String>>::default();
        let listen = |lines: Box<dyn BufRead + Send>| {
            let heard = Arc::clone(&said);
            std::thread::spawn(move || {
                for line in lines.lines().map_while(Result::ok) {
                    *heard.lock().unwrap() += &(line + "\n");
                }
            });
        };
        listen(Box::new(BufReader::new(child.stderr.take().unwrap())));
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        let url = line.split_whitespace().find_map(|word| word.strip_prefix("http://")).unwrap();
        let address = url.split('/').next().unwrap().to_owned();
        listen(Box::new(lines));
        Self { folder, child, said, address }
    }

    /// Waits until it has said something on the terminal.
    #[track_caller]
    pub(crate) fn wait_until_said(&self, text: &str) {
        wait_until(|| self.has_said(text));
    }

    /// Looks whether it has said something; what it said instead, if not.
    pub(crate) fn has_said(&self, text: &str) -> Result<(), String> {
        let said = self.said.lock().unwrap();
        if said.contains(text) { Ok(()) } else { Err(said.clone()) }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        write(&self.folder, path, text);
    }

    pub(crate) fn change(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(from), "{text}");
        self.write(path, &text.replace(from, to));
    }

    /// Sends bytes and returns the answer; none when the connection ends without one.
    pub(crate) fn send(&self, request: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LONGEST)).unwrap();
        stream.write_all(request.as_bytes()).ok()?;
        let mut bytes = Vec::new();
        // A connection that is reset has said all that it will.
        let _reset = stream.read_to_end(&mut bytes);
        Answer::read(&String::from_utf8_lossy(&bytes))
    }

    pub(crate) fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let address = &self.address;
        let length = if body.is_empty() {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        let host =
            if headers.contains("Host:") { String::new() } else { format!("Host: {address}\r\n") };
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\n{host}Connection: close\r\n{headers}{length}\r\n{body}"
        ))
        .unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "", "")
    }

    /// Waits until a page is answered as it should be.
    #[track_caller]
    pub(crate) fn wait(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        wait_until(|| {
            let answer = self.get(path);
            if wanted(&answer) {
                Ok(answer)
            } else {
                Err(format!("{path}: {} {}", answer.status, answer.body))
            }
        })
    }

    #[track_caller]
    pub(crate) fn wait_for_status(&self, path: &str, status: u16) {
        self.wait(path, |answer| answer.status == status);
    }

    #[track_caller]
    pub(crate) fn wait_for(&self, path: &str, text: &str) -> Answer {
        self.wait(path, |answer| answer.body.contains(text))
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

impl Answer {
    fn read(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let pairs = lines.filter_map(|line| line.split_once(": "));
        let headers = pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Some(Self { status, headers, body: body.to_owned() })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Tries until there is something; what was there instead is shown when it never comes.
#[track_caller]
pub(crate) fn wait_until<T>(mut attempt: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match attempt() {
            Ok(found) => return found,
            Err(instead) => assert!(start.elapsed() < LONGEST, "{instead}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Returns a site with two articles.
pub(crate) fn harbour() -> TempDir {
    let folder = common::temporary();
    let files = [
        ("site.toml", "title = \"Harbour News\"\n"),
        (
            "content/articles/ferry.md",
            "+++\ntitle = \"Ferry leaves\"\ndate = 2024-05-01\ntopics = [\"Ships\"]\npeople = [\"Ada Moreau\"]\n+++\n\nAda Moreau saw the ferry leave.\n",
        ),
        (
            "content/articles/storm.md",
            "+++\ntitle = \"Storm ahead\"\ndate = 2024-05-02\ntopics = [\"Weather\"]\n+++\n\nThe storm came at noon.\n",
        ),
        ("static/extra.css", "body { color: black }\n"),
    ];
    for (path, text) in files {
        write(&folder, path, text);
    }
    folder
}

pub(crate) fn write(folder: &TempDir, path: &str, text: &str) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
