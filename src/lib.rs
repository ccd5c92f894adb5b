//! Pressmark turns a folder of articles into a themed, cross-linked static website.
//!
//! The data flow is the module list: `config` → `load` → `parse` → `analyze` →
//! `resolve` → `relate` → `plan` → `render` → `write`. `build` runs the stages.
//! ARCHITECTURE.md has the picture and the invariants.

pub mod analyze;
pub mod build;
pub mod config;
pub mod diag;
pub mod digest;
pub mod files;
pub mod hosting;
pub mod ids;
#[cfg(feature = "network")]
pub mod links;
pub mod load;
pub mod parse;
pub mod plan;
pub mod publish;
pub mod redact;
pub mod relate;
pub mod render;
pub mod resolve;
pub mod review;
pub mod search;
#[cfg(feature = "serve")]
pub mod serve;
pub mod store;
pub mod text;
pub mod theme;
pub mod verify;
pub mod write;
