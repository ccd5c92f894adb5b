//! Which recognizer a site wants: what is built in, a program of its own, or a model of its own.

use std::sync::Arc;

use super::BuildOptions;
use super::command::External;
use crate::analyze::{Embedded, Recognizer};
use crate::config::{DigestModel, Recognize, SiteConfig};
use crate::diag::{Code, Diagnostic, Place};
use crate::files::{Files, SitePath};
use crate::ids::Fingerprint;

/// What finds names in this build.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) recognizer: Arc<dyn Recognizer>,
    /// Of what it is made of besides the settings, so that its answers are not taken for those of another.
    pub(super) fingerprint: Option<Fingerprint>,
    /// How it is reported that it failed on a text.
    pub(super) failure: (Code, &'static str),
}

/// Makes the recognizer ready that the settings name.
///
/// # Errors
/// With the report, when that cannot be.
pub(super) fn choose(
    files: &dyn Files,
    config: &SiteConfig,
    options: &BuildOptions,
) -> Result<Chosen, Box<Diagnostic>> {
    let failure = (Code::DigestCommand, "the command that finds names failed");
    let command = &config.digest.command;
    let recognizer: Arc<dyn Recognizer> = match &config.digest.model {
        // A large model is not read for nothing.
        Some(model) if config.entities.recognize == Recognize::All => {
            return neural(files, model, options);
        }
        None if !command.is_empty() => Arc::new(External::new(command.clone(), &options.root)),
        _ => Arc::new(Embedded),
    };
    Ok(Chosen { recognizer, fingerprint: None, failure })
}

/// Returns the report on the settings that name a model.
fn report(code: Code, message: String, help: &str) -> Diagnostic {
    let mut report = Diagnostic::new(code, message).help(help);
    report.place = SitePath::parse("site.toml").map(|path| Place { path, span: None });
    report
}

#[cfg(not(feature = "ner-onnx"))]
fn neural(_: &dyn Files, model: &DigestModel, _: &BuildOptions) -> Result<Chosen, Box<Diagnostic>> {
    let message = format!("this program cannot run the model `{}`", model.network.as_str());
    let help = "build Pressmark with `cargo build --release --features ner-onnx`, or remove `digest.model`";
    Err(Box::new(report(Code::ModelUnsupported, message, help)))
}

#[cfg(feature = "ner-onnx")]
fn neural(
    files: &dyn Files,
    model: &DigestModel,
    options: &BuildOptions,
) -> Result<Chosen, Box<Diagnostic>> {
    use crate::analyze::{Gliner, Refused};

    let unusable = |what: String, why: &str, help: &str| {
        Box::new(report(Code::ModelUnusable, format!("{what} cannot be used: {why}"), help))
    };
    let named = |what: &str, path: &SitePath| format!("the {what} `{}`", path.as_str());
    let read = |what: &str, path: &SitePath| {
        files.read(path).map_err(|error| {
            // The cause alone: the full message names the folder on this machine.
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            let help = "put the file there; Pressmark brings no models";
            unusable(named(what, path), &cause.unwrap_or_default(), help)
        })
    };
    let network = read("model", &model.network)?;
    let tokenizer = read("tokenizer", &model.tokenizer)?;
    let fingerprint = Fingerprint::of_parts([network.as_slice(), &tokenizer]);
    let made = Gliner::new(&network, &tokenizer, options.onnx_runtime.as_deref());
    let made = made.map_err(|refused| match refused {
        Refused::Model(why) => {
            let help = "use a GLiNER model in span mode, exported to ONNX, with its weights in the one file";
            unusable(named("model", &model.network), &why, help)
        }
        Refused::Tokenizer(why) => {
            let help = "use the `tokenizer.json` that belongs to the model";
            unusable(named("tokenizer", &model.tokenizer), &why, help)
        }
        Refused::Runtime(why) => {
            let help = "install ONNX Runtime, and say where it is with the environment variable `ORT_DYLIB_PATH`";
            unusable("ONNX Runtime".to_owned(), &why, help)
        }
    })?;
    let failure = (Code::DigestModel, "the model that finds names failed");
    Ok(Chosen { recognizer: Arc::new(made), fingerprint: Some(fingerprint), failure })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::{Document, LexiconBuilder, Name, Unanswered};
    use crate::build::recall::Recall;
    use crate::files::{Found, MemFiles};
    use crate::store::Store;

    /// Answers nothing.
    #[derive(Debug)]
    struct Silent;

    impl Recognizer for Silent {
        fn names(&self, _: &Document<'_>, _: Option<&str>) -> Result<Vec<Name>, Unanswered> {
            Err(Unanswered("it is broken".to_owned()))
        }
    }

    #[test]
    fn a_model_that_fails_is_reported_at_the_article() {
        let path = SitePath::parse("content/articles/a.md").unwrap();
        let mut files = MemFiles::new();
        files.insert(path.clone(), "Ana Ferreira left.\n");
        let failure = (Code::DigestModel, "the model that finds names failed");
        let chosen = Chosen { recognizer: Arc::new(Silent), fingerprint: None, failure };
        let store = Store::in_memory();
        let recall = Recall::new(&store, &files, &SiteConfig::default(), chosen);
        let article = recall.article(&Found { path: path.clone(), size: 19, stamp: None }).value;
        let read = recall.reading(article.unwrap(), &LexiconBuilder::default().build());
        let report = read.diagnostics.iter().find(|report| report.code == Code::DigestModel);
        let report = report.unwrap();
        assert_eq!(report.message, "the model that finds names failed: it is broken");
        assert_eq!(report.place.as_ref().map(|place| &place.path), Some(&path));
    }
}
