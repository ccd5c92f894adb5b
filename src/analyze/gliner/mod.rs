//! Names by a `GLiNER` model that the site brings: `[digest] model`.
//!
//! A model of this kind is asked for names by the words for their classes, so one model serves all of ours. It runs in
//! ONNX Runtime, a library that the person who builds has installed: it is loaded when it is needed, and no build of
//! Pressmark contains it. Texts are cut into windows of whole sentences ([`windows`]); what the model is asked and what
//! it answers are plain numbers ([`spans`]), checked before they are used.

#[cfg(feature = "ner-onnx")]
mod run;
mod spans;
mod windows;

#[cfg(feature = "ner-onnx")]
pub use self::run::{Gliner, Refused};
