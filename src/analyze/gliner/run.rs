//! The model itself: read, asked, and its answers put in their places.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use ort::environment::Environment;
use ort::session::Session;
use ort::value::Tensor;
use tokenizers::Tokenizer;

use super::spans::{self, Question, WIDTH};
use super::windows::{Room, windows, words};
use crate::analyze::{Document, Name, NameClass, Recognizer, Unanswered};
use crate::text::TextRange;

/// Name of the rule that such names carry.
const RULE: &str = "name.onnx";

/// What the model is asked for.
const LABELS: [(&str, NameClass); 6] = [
    ("person", NameClass::Person),
    ("organization", NameClass::Organization),
    ("location", NameClass::Place),
    ("nationality, religious or political group", NameClass::Group),
    ("event", NameClass::Event),
    ("work of art, law or product", NameClass::Work),
];

/// What all models in span mode take.
const INPUTS: [&str; 6] =
    ["input_ids", "attention_mask", "words_mask", "text_lengths", "span_idx", "span_mask"];

/// How much is asked at once, besides the labels. Models are trained on up to 384 words.
const ROOM: Room = Room { words: 256, parts: 400 };

/// Parts of one word that are looked at: no name needs more.
const PARTS: usize = 32;

/// Why a model cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The file of the model is none, or another kind of model.
    Model(String),
    /// The file of the tokenizer is none, or that of another kind of model.
    Tokenizer(String),
    /// The library that runs models cannot be loaded.
    Runtime(String),
}

/// A model that is ready to be asked.
#[derive(Debug)]
pub struct Gliner {
    tokenizer: Tokenizer,
    /// A run changes the session, and uses all processors by itself.
    session: Mutex<Session>,
    /// What stands before the text: the begin, the labels and their marks.
    prompt: Vec<i64>,
    /// What stands behind it.
    end: i64,
}

/// The library's own state. It allows one for each process, which is why this is the one thing that no caller hands in.
static ENVIRONMENT: OnceLock<Result<Environment, String>> = OnceLock::new();

/// Loads the library, once.
fn environment(runtime: Option<&Path>) -> Result<&'static Environment, Refused> {
    let load = || {
        let path = runtime.map_or_else(usual_library, Path::to_path_buf);
        let loaded = ort::init_from(path).map_err(|error| error.to_string())?;
        loaded.with_telemetry(false).build().map_err(|error| error.to_string())
    };
    ENVIRONMENT.get_or_init(load).as_ref().map_err(|why| Refused::Runtime(why.clone()))
}

/// Returns the name by which the system finds the library where it is installed.
fn usual_library() -> PathBuf {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    format!("{DLL_PREFIX}onnxruntime{DLL_SUFFIX}").into()
}

impl Gliner {
    /// Reads a model. `runtime` is where the library is; without, it is looked for where the system looks for libraries.
    /// The first library that could be loaded, or could not, stays the one of the process.
    ///
    /// # Errors
    /// With what is to blame, and why.
    pub fn new(model: &[u8], tokenizer: &[u8], runtime: Option<&Path>) -> Result<Self, Refused> {
        // From the cheapest to the dearest.
        let tokenizer = Tokenizer::from_bytes(tokenizer)
            .map_err(|error| Refused::Tokenizer(error.to_string()))?;
        let (prompt, end) = prompt(&tokenizer)?;
        let environment = environment(runtime)?;
        let session =
            session(environment, model).map_err(|error| Refused::Model(error.to_string()))?;
        let takes = |name: &&str| session.inputs().iter().any(|input| input.name() == *name);
        if let Some(missing) = INPUTS.iter().find(|name| !takes(name)) {
            let why = format!("it has no input `{missing}`, as GLiNER models in span mode have");
            return Err(Refused::Model(why));
        }
        Ok(Self { tokenizer, session: Mutex::new(session), prompt, end })
    }

    /// Asks for the names among some words.
    fn ask(
        &self,
        words: &[(TextRange, Vec<i64>)],
    ) -> Result<Vec<(Range<usize>, usize)>, Unanswered> {
        let parts = words.iter().map(|(_, parts)| parts.as_slice());
        let question = Question::new(&self.prompt, parts, self.end);
        let count = question.words;
        // A list is whole whenever somebody panics, and so is a session.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let scores = scores(&mut session, question)
            .map_err(|error| Unanswered(format!("it cannot be asked: {error}")))?;
        spans::names(&scores, count, LABELS.len()).ok_or_else(|| {
            let expected = count * WIDTH * LABELS.len();
            Unanswered(format!("it answered with {} numbers, not {expected}", scores.len()))
        })
    }
}

/// Makes the model ready. Its answers are kept, so they must not depend on how work is shared out.
fn session(environment: &Environment, model: &[u8]) -> ort::Result<Session> {
    let builder = Session::builder(environment)?;
    let mut builder = builder.with_deterministic_compute(true)?;
    builder.commit_from_memory(model)
}

/// Runs the model on one question.
fn scores(session: &mut Session, question: Question) -> ort::Result<Vec<f32>> {
    let (places, marks) = question.stretches();
    let Question { parts, starts, words } = question;
    let (parts_len, stretches) = (parts.len(), marks.len());
    let inputs = ort::inputs! {
        INPUTS[0] => Tensor::from_array(([1, parts_len], parts))?,
        INPUTS[1] => Tensor::from_array(([1, parts_len], vec![1_i64; parts_len]))?,
        INPUTS[2] => Tensor::from_array(([1, parts_len], starts))?,
        INPUTS[3] => Tensor::from_array(([1_usize, 1], vec![number(words)]))?,
        INPUTS[4] => Tensor::from_array(([1, stretches, 2], places))?,
        INPUTS[5] => Tensor::from_array(([1, stretches], marks))?,
    };
    let outputs = session.run(inputs)?;
    let first = outputs.iter().next();
    let (_, output) = first.ok_or_else(|| ort::Error::new("there is no output"))?;
    let (_, scores) = output.try_extract_tensor::<f32>()?;
    Ok(scores.to_vec())
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Returns what stands before a text, and the mark behind it.
fn prompt(tokenizer: &Tokenizer) -> Result<(Vec<i64>, i64), Refused> {
    let mark = |names: &[&str]| {
        let found = names.iter().find_map(|name| tokenizer.token_to_id(name));
        found.map(i64::from).ok_or_else(|| {
            let why = format!("it does not know `{}`, as that of a GLiNER model does", names[0]);
            Refused::Tokenizer(why)
        })
    };
    let (label_mark, text_mark) = (mark(&["<<ENT>>"])?, mark(&["<<SEP>>"])?);
    let mut prompt = vec![mark(&["[CLS]", "<s>"])?];
    for (label, _) in LABELS {
        prompt.push(label_mark);
        prompt.extend(parts(tokenizer, label).map_err(Refused::Tokenizer)?);
    }
    prompt.push(text_mark);
    Ok((prompt, mark(&["[SEP]", "</s>"])?))
}

/// Returns the numbers of the parts of a word.
fn parts(tokenizer: &Tokenizer, word: &str) -> Result<Vec<i64>, String> {
    let encoding = tokenizer.encode_fast(word, false).map_err(|error| error.to_string())?;
    Ok(encoding.get_ids().iter().map(|id| i64::from(*id)).collect())
}

impl Recognizer for Gliner {
    fn names(
        &self,
        document: &Document<'_>,
        _language: Option<&str>,
    ) -> Result<Vec<Name>, Unanswered> {
        let text = document.text();
        let mut all: Vec<(TextRange, Vec<i64>)> = Vec::new();
        let mut sentences: Vec<Vec<usize>> = Vec::new();
        for sentence in document.sentences() {
            let mut counts = Vec::new();
            for range in words(text, sentence) {
                let mut parts = parts(&self.tokenizer, range.slice(text))
                    .map_err(|why| Unanswered(format!("its tokenizer failed: {why}")))?;
                parts.truncate(PARTS);
                // What the tokenizer drops, such as a mark that nobody sees, is not there for the model.
                if !parts.is_empty() {
                    counts.push(parts.len());
                    all.push((range, parts));
                }
            }
            sentences.push(counts);
        }
        let mut names = Vec::new();
        for window in windows(&sentences, ROOM) {
            let words = &all[window];
            for (range, label) in self.ask(words)? {
                let place = TextRange::new(words[range.start].0.start, words[range.end - 1].0.end);
                // A name that goes over the end of a sentence is none of ours.
                names.extend(document.name(place, LABELS[label].1, RULE));
            }
        }
        Ok(names)
    }
}
