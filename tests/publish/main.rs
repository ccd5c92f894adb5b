//! Publishing to the real thing: each target by its own server on this machine, and what can go wrong with it.
//!
//! A server that is not installed is passed over, and the test says so; `.ci/run` installs all of them.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]
#![expect(clippy::print_stdout, reason = "a test that is passed over says so")]
#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "outputs are named by us")]

#[path = "../common/mod.rs"]
mod common;
mod desk;
mod faults;
mod folder;
mod git;
mod local;
mod relay;
mod servers;
mod signed;
mod targets;
