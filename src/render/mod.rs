//! Turns what was planned into bytes.

#![cfg_attr(
    not(test),
    expect(dead_code, unused_imports, reason = "the stage is not wired to a plan yet")
)]

pub(crate) mod feed;
pub(crate) mod json;
pub(crate) mod sitemap;
mod xml;
