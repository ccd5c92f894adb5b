//! What can be typed behind `list`.

use clap::{Args, ValueEnum};

use crate::cli::args::SiteArgs;

const LIST_EXAMPLES: &str = "\
Examples:
  pressmark list                              articles: date, URL, title
  pressmark list topics | sort -rn            topics: count, URL, name
  pressmark list entities --kind person       kind, count, status, URL, name
  pressmark list articles --json";

/// Arguments of `list`.
#[derive(Args, Debug)]
#[command(after_long_help = LIST_EXAMPLES)]
pub(in crate::cli) struct ListArgs {
    /// What to list
    #[arg(default_value = "articles")]
    pub(super) what: What,
    /// Entities of one kind only, such as `person`
    #[arg(long, value_name = "KIND")]
    pub(super) kind: Option<String>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    /// Print a JSON array instead of lines with tabs
    #[arg(long)]
    pub(super) json: bool,
}

/// What `list` lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum What {
    /// Newest first: date, URL, title
    Articles,
    /// By URL: number of articles, URL, name
    Topics,
    /// By kind and name: kind, number of articles, status, URL, name
    Entities,
}
