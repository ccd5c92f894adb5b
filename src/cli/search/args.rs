//! What can be typed behind `search`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

const SEARCH_EXAMPLES: &str = "\
Examples:
  pressmark search lunar module              in the output folder of the site
  pressmark search '\"soft landing\" year:1966 -probe'
  pressmark search 'who spoke about Apollo in 1969' --json
  pressmark search kennedy --site public --limit 3

Exit status: 0 something was found; 1 nothing was found, or the index is missing or
damaged; 2 the program was called in a wrong way.";

/// Arguments of `search`.
#[derive(Args, Debug)]
#[command(after_long_help = SEARCH_EXAMPLES)]
pub(in crate::cli) struct SearchArgs {
    /// What to look for: words, a \"phrase\", -without; with person:, place:, topic:, source:, year:, kind:
    #[arg(required = true, value_name = "QUERY")]
    pub(super) query: Vec<String>,
    /// Folder of the built site [default: the output folder]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) site: Option<PathBuf>,
    /// Most results
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(super) limit: usize,
    /// Print one JSON object instead of lines
    #[arg(long)]
    pub(super) json: bool,
}
