//! What can be typed behind `redact`.

use clap::Args;

use super::super::args::SiteArgs;

const REDACT_EXAMPLES: &str = "\
Examples:
  pressmark redact articles/2024/talks.md       an article, by its file
  pressmark redact --name \"Jane Doe\" --also Doe  a name, wherever it stands
  pressmark redact --undo articles/2024/talks.md
  pressmark redact --list
  pressmark publish                             afterwards: only then is it gone for readers

What was taken down stands in `content/redactions.toml`, which may be edited by hand. The
files of articles stay as they are. Copies elsewhere do not go: see docs/redaction.md.";

/// Arguments of `redact`.
#[derive(Args, Debug)]
#[command(after_long_help = REDACT_EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each one is an option of its own")]
pub(in crate::cli) struct RedactArgs {
    /// Files of articles or standalone pages, or their addresses
    ///
    /// A file is named from `content`, from the site's folder, or by its name alone where no other has it.
    #[arg(value_name = "ARTICLE", conflicts_with_all = ["name", "list"], required_unless_present_any = ["name", "list"])]
    pub(super) articles: Vec<String>,
    /// Name that is taken out of all texts
    ///
    /// Whole words, in any case, with or without accents; so are the names that a record or a decision gives
    /// the same person.
    #[arg(long, value_name = "NAME", conflicts_with = "list")]
    pub(super) name: Option<String>,
    /// Another name of the same person, such as the surname alone; may be given more than once
    #[arg(long, value_name = "NAME", requires = "name")]
    pub(super) also: Vec<String>,
    /// Take these words alone out of longer names too
    ///
    /// Without it, a name that stands nowhere but as a part of longer ones is refused, because the rest of
    /// them would stay.
    #[arg(long, requires = "name", conflicts_with = "undo")]
    pub(super) only_these_words: bool,
    /// Take it back: the articles or the name are shown again
    #[arg(long, conflicts_with_all = ["also", "list"])]
    pub(super) undo: bool,
    /// List what was taken down
    #[arg(long)]
    pub(super) list: bool,
    /// Say what would disappear, and write nothing
    #[arg(long, short = 'n', conflicts_with_all = ["undo", "list"])]
    pub(super) dry_run: bool,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}
