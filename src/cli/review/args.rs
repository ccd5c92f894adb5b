//! What can be typed behind `review`.

use clap::{Args, Subcommand};

use super::super::args::{ShownArgs, SiteArgs};

const REVIEW_EXAMPLES: &str = "\
Examples:
  pressmark review                                 what nobody has decided about
  pressmark review accept \"Jane Doe\" Geneva
  pressmark review reject \"Monday Talks\"
  pressmark review merge \"Jane Doe\" \"J. Doe\"     the second is a name of the first
  pressmark review split \"Jane Doe\" Doe           `Doe` is somebody else
  pressmark review reject --topic Water content/articles/talks.txt
  pressmark review accept quote:1f3a5b7c9d0e       a quotation, by the id that the list shows
  pressmark review accept --facts talks.txt        all quotations, figures and roles of an article
  pressmark review undo

Decisions are kept in `content/decisions.toml`, which may be edited by hand. Every
build applies them; of two that contradict each other the later holds.";

/// Arguments of `review`.
#[derive(Args, Debug)]
#[command(
    after_long_help = REVIEW_EXAMPLES,
    disable_help_subcommand = true
)]
pub(in crate::cli) struct ReviewArgs {
    #[command(subcommand)]
    pub(in crate::cli) command: Option<ReviewCommand>,
    #[command(flatten)]
    pub(in crate::cli) list: ReviewListArgs,
}

impl ReviewArgs {
    /// Returns an option of the list that stands in front of another command, where it says nothing.
    pub(in crate::cli) fn stray(&self) -> Option<&'static str> {
        let ReviewListArgs { kind, limit, site, json } = &self.list;
        let SiteArgs { base_url, theme, allow_command, shown, clock, format } = site;
        let ShownArgs { drafts, future, expired } = shown;
        let given = [
            ("--kind", kind.is_some()),
            ("--limit", limit.is_some()),
            ("--json", *json),
            ("--base-url", base_url.is_some()),
            ("--theme", theme.is_some()),
            ("--allow-command", *allow_command),
            ("--drafts", *drafts),
            ("--future", *future),
            ("--expired", *expired),
            ("--clock", clock.at.is_some()),
            ("--format", format.is_some()),
        ];
        given.iter().find(|(_, is_given)| *is_given).map(|(name, _)| *name)
    }
}

/// The commands of `review`.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ReviewCommand {
    /// Lists what nobody has decided about; the same as `review` alone
    List(ReviewListArgs),
    /// Vouches for names, quotations, figures and roles, or for a topic of articles
    Accept(ReviewAcceptArgs),
    /// Says that names are nobody's, that quotations, figures and roles are none, or that articles do not have a topic
    Reject(ReviewRejectArgs),
    /// Says that names are other names of somebody
    Merge(ReviewMergeArgs),
    /// Says that a form of a name is somebody else's
    Split(ReviewSplitArgs),
    /// Gives somebody another name; the old one stays as another name
    Rename(ReviewRenameArgs),
    /// Says what somebody or something is
    Kind(ReviewKindArgs),
    /// Takes back the last decision, or the last one about a name, a quotation or a figure
    Undo(ReviewUndoArgs),
}

/// Arguments of `review list`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReviewListArgs {
    /// Entities of one kind only, such as `person`, and nothing else
    #[arg(long, value_name = "KIND")]
    pub(in crate::cli) kind: Option<String>,
    /// At most so many entities, topics, and quotations, figures and roles; 0 for all [default: 20, or all with --json]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) limit: Option<usize>,
    #[command(flatten)]
    pub(in crate::cli) site: SiteArgs,
    /// Print one JSON object instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

/// Options of every decision.
#[derive(Args, Debug)]
pub(in crate::cli) struct DecideArgs {
    /// Who decides [default: the environment variable `PRESSMARK_REVIEWER`, if it is set]
    #[arg(long, value_name = "WHO")]
    pub(in crate::cli) by: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) site: SiteArgs,
}

/// Arguments of `review accept`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReviewAcceptArgs {
    /// Names, or ids such as `quote:1f3a5b7c9d0e`; with `--topic` or `--facts`, the files of articles
    #[arg(value_name = "NAME", required = true)]
    pub(in crate::cli) names: Vec<String>,
    /// What they are, when they were taken for something else
    #[arg(long, value_name = "KIND")]
    pub(in crate::cli) kind: Option<String>,
    /// The arguments are articles, and have this topic
    #[arg(long, value_name = "TOPIC", conflicts_with = "kind")]
    pub(in crate::cli) topic: Option<String>,
    /// Who said the quotation, when the text was misread
    #[arg(long, value_name = "NAME", conflicts_with_all = ["kind", "topic"])]
    pub(in crate::cli) speaker: Option<String>,
    /// The arguments are articles: all of their quotations, figures and roles that nobody has decided about are right
    #[arg(long, conflicts_with_all = ["kind", "topic", "speaker"])]
    pub(in crate::cli) facts: bool,
    #[command(flatten)]
    pub(in crate::cli) decide: DecideArgs,
}

/// Arguments of `review reject`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReviewRejectArgs {
    /// Names, or ids such as `quote:1f3a5b7c9d0e`; with `--topic` or `--facts`, the files of articles
    #[arg(value_name = "NAME", required = true)]
    pub(in crate::cli) names: Vec<String>,
    /// The arguments are articles, and do not have this topic
    #[arg(long, value_name = "TOPIC")]
    pub(in crate::cli) topic: Option<String>,
    /// The arguments are articles: all of their quotations, figures and roles that nobody has decided about are none
    #[arg(long, conflicts_with = "topic")]
    pub(in crate::cli) facts: bool,
    #[command(flatten)]
    pub(in crate::cli) decide: DecideArgs,
}

/// Arguments of `review merge`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReviewMergeArgs {
    /// The name that stays
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
    /// Its other names
    #[arg(value_name = "OTHER", required = true)]
    pub(in crate::cli) others: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) decide: DecideArgs,
}

/// Arguments of `review split`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReviewSplitArgs {
    /// Whose the form was taken for
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
    /// The form
    #[arg(value_name = "FORM")]
    pub(in crate::cli) form: String,
    /// What the other one is, when it is something else
    #[arg(long, value_name = "KIND")]
    pub(in crate::cli) kind: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) decide: DecideArgs,
}

/// Arguments of `review rename`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReviewRenameArgs {
    /// The old name
    #[arg(value_name = "OLD")]
    pub(in crate::cli) old: String,
    /// The new one
    #[arg(value_name = "NEW")]
    pub(in crate::cli) new: String,
    #[command(flatten)]
    pub(in crate::cli) decide: DecideArgs,
}

/// Arguments of `review kind`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReviewKindArgs {
    /// The name
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: String,
    /// What it is, such as `person`
    #[arg(value_name = "KIND")]
    pub(in crate::cli) kind: String,
    #[command(flatten)]
    pub(in crate::cli) decide: DecideArgs,
}

/// Arguments of `review undo`.
#[derive(Args, Debug)]
pub(in crate::cli) struct ReviewUndoArgs {
    /// A name of the decision, or the id of the quotation, figure or role
    #[arg(value_name = "NAME")]
    pub(in crate::cli) name: Option<String>,
}
