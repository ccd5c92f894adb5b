//! A recognizer that is a program of the site's owner: `[digest] command`.
//!
//! The program is started once for each thread, in the site's folder, and lives as long as the build. It reads one JSON
//! object a line from standard input and answers each with one line, in order:
//!
//! ```text
//! {"text":"Ann Lee spoke in Oslo.","language":"en"}
//! {"mentions":[[0,7,"person"],[17,21,"place"]]}
//! ```
//!
//! Offsets are Unicode code points, end exclusive. Its answers are kept like our own, under the words of the command.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::analyze::{Document, Name, NameClass, Recognizer, Unanswered};
use crate::text::TextRange;

/// Name of the rule that such names carry.
const RULE: &str = "name.command";

/// How long a program may think about one article.
const PATIENCE: Duration = Duration::from_mins(2);

/// How often, and how long apart, a program that says nothing more is looked at before it is stopped.
const LAST_LOOKS: u32 = 50;
const LAST_LOOK: Duration = Duration::from_millis(20);

/// Starts programs as they are needed, and asks them.
#[derive(Debug)]
pub(super) struct External {
    command: Vec<String>,
    /// Where it runs.
    root: PathBuf,
    /// Programs that wait for a question.
    idle: Mutex<Vec<Talk>>,
}

/// A program that runs.
#[derive(Debug)]
struct Talk {
    child: Child,
    questions: Option<ChildStdin>,
    answers: Receiver<std::io::Result<String>>,
}

#[derive(Serialize)]
struct Question<'a> {
    text: &'a str,
    language: Option<&'a str>,
}

#[derive(Deserialize)]
struct Answer {
    mentions: Vec<(usize, usize, String)>,
}

impl External {
    pub(super) fn new(command: Vec<String>, root: &Path) -> Self {
        Self { command, root: root.to_owned(), idle: Mutex::new(Vec::new()) }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Talk>> {
        // A list is whole whenever somebody panics.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the program.
    fn start(&self) -> Result<Talk, Unanswered> {
        let (program, arguments) =
            self.command.split_first().ok_or_else(|| Unanswered("it is empty".to_owned()))?;
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(&self.root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| Unanswered(format!("it cannot be started: {error}")))?;
        let questions = child.stdin.take();
        let (send, answers) = channel();
        if let Some(out) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(out).lines() {
                    // When nobody listens any more, the program is no longer needed.
                    if send.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Talk { child, questions, answers })
    }

    fn ask(&self, question: &Question<'_>) -> Result<Answer, Unanswered> {
        let waiting = self.idle().pop();
        let mut talk = waiting.map_or_else(|| self.start(), Ok)?;
        let answer = talk.ask(question)?;
        self.idle().push(talk);
        Ok(answer)
    }
}

impl Recognizer for External {
    fn names(
        &self,
        document: &Document<'_>,
        language: Option<&str>,
    ) -> Result<Vec<Name>, Unanswered> {
        let answer = self.ask(&Question { text: document.text(), language })?;
        let mut borders: Vec<usize> = document.text().char_indices().map(|(at, _)| at).collect();
        borders.push(document.text().len());
        let mut names = Vec::with_capacity(answer.mentions.len());
        for (start, end, kind) in answer.mentions {
            let class = NameClass::named(&kind)
                .ok_or_else(|| Unanswered(format!("it answered with the kind `{kind}`")))?;
            let range = borders.get(start).zip(borders.get(end)).filter(|(from, to)| from < to);
            let (from, to) = range.ok_or_else(|| {
                Unanswered(format!("it answered with the place {start} to {end}"))
            })?;
            // A name that goes over the end of a sentence is none of ours.
            names.extend(document.name(TextRange::of(*from..*to), class, RULE));
        }
        names.sort_by_key(|name| name.range);
        names.dedup_by(|later, first| later.range.overlaps(first.range));
        Ok(names)
    }
}

impl Talk {
    fn ask(&mut self, question: &Question<'_>) -> Result<Answer, Unanswered> {
        let failed = |what: &str, why: &dyn std::fmt::Display| Unanswered(format!("{what}: {why}"));
        let mut line =
            serde_json::to_vec(question).map_err(|error| failed("it cannot be asked", &error))?;
        line.push(b'\n');
        let questions = self.questions.as_mut();
        let asked = questions.map(|pipe| pipe.write_all(&line).and_then(|()| pipe.flush()));
        match asked {
            // It ended before it read the question: how, is told where the answer is missed.
            Some(Err(error)) if error.kind() == ErrorKind::BrokenPipe => {}
            Some(Err(error)) => return Err(failed("it does not listen", &error)),
            _ => {}
        }
        match self.answers.recv_timeout(PATIENCE) {
            Ok(Ok(line)) => serde_json::from_str(&line)
                .map_err(|error| failed("it did not answer with mentions", &error)),
            Ok(Err(error)) => Err(failed("its answer cannot be read", &error)),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
            Err(RecvTimeoutError::Timeout) => {
                Err(Unanswered(format!("it did not answer within {} seconds", PATIENCE.as_secs())))
            }
        }
    }

    /// Says how the program ended.
    fn ended(&mut self) -> Unanswered {
        self.questions = None;
        // It says nothing more, but may still be about to end.
        for _ in 0..LAST_LOOKS {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Unanswered(format!("it ended without an answer ({status})"));
            }
            std::thread::sleep(LAST_LOOK);
        }
        Unanswered("it closed its output without an answer".to_owned())
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        // It ends at the end of its input; one that does not is not waited for.
        self.questions = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
