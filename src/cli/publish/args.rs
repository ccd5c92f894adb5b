//! What can be typed behind `publish`.

use clap::Args;

use super::super::args::{SiteArgs, StrictArg};

const PUBLISH_EXAMPLES: &str = "\
Examples:
  pressmark publish                    to the only target of `site.toml`
  pressmark publish web --dry-run      what would be added, changed and removed
  pressmark publish web --rollback     back to the release before
  pressmark publish web --releases     which releases there are

A target is a table of `site.toml`:

  [publish.web]
  kind = \"folder\"
  path = \"/srv/www/digest\"

Passwords and keys are never in `site.toml`: docs/publishing.md says where.";

/// Arguments of `publish`.
#[derive(Args, Debug)]
#[command(after_long_help = PUBLISH_EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each one is an option of its own")]
pub(in crate::cli) struct PublishArgs {
    /// Name of a `[publish.NAME]` table; not needed when there is one only
    #[arg(value_name = "TARGET")]
    pub(super) target: Option<String>,
    /// Show what would be done, and do nothing
    ///
    /// The site is built, and the target is looked at.
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,
    /// Replace and remove files that Pressmark did not put there, where that is needed
    #[arg(long, short)]
    pub(super) yes: bool,
    /// Remove all files from the target that are not part of the site
    ///
    /// Without it, files that Pressmark did not put there stay. Needs `--yes` when there are any.
    #[arg(long)]
    pub(super) prune: bool,
    /// Replace a Git branch that Pressmark did not write, or one with older commits of what was taken down
    ///
    /// The commits before are no part of the branch any more.
    #[arg(long)]
    pub(super) force: bool,
    /// Take over the lock of another publish at once
    ///
    /// A publish that gives no sign of life for two and a half minutes counts as dead anyway.
    #[arg(long)]
    pub(super) break_lock: bool,
    /// Publish the output folder as it is, without a build
    #[arg(long, conflicts_with_all = ["drafts", "future", "expired", "theme", "base_url"])]
    pub(super) no_build: bool,
    /// Show an earlier release to readers: the one before, or the one that is named
    #[expect(clippy::option_option, reason = "the option, and its value, which may be left out")]
    #[arg(long, value_name = "RELEASE", num_args = 0..=1, conflicts_with_all = ["dry_run", "releases"])]
    pub(super) rollback: Option<Option<String>>,
    /// List the releases that the target keeps
    #[arg(long)]
    pub(super) releases: bool,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    #[command(flatten)]
    pub(super) strict: StrictArg,
    /// Print one JSON object instead of the summary
    #[arg(long)]
    pub(super) json: bool,
}
