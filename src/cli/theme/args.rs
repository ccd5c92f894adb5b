//! What can be typed behind `theme`.

use crate::cli::args::{FormatArg, StrictArg};
use clap::{Args, Subcommand};

const THEME_EXAMPLES: &str = "\
Examples:
  pressmark theme list
  pressmark theme check --strict              the theme of the site, with its changes
  pressmark theme eject broadsheet --to mine  a copy in themes/mine to start from";

/// Arguments of `theme`.
#[derive(Args, Debug)]
#[command(after_long_help = THEME_EXAMPLES)]
pub(in crate::cli) struct ThemeArgs {
    #[command(subcommand)]
    pub(super) what: What,
}

/// What to do with themes.
#[derive(Debug, Subcommand)]
pub(super) enum What {
    /// Lists the themes: name, where it is, what it is like
    List(ListArgs),
    /// Looks for what is wrong with a theme
    ///
    /// Values that no page has, text that is shown without escapes, scripts and styles inside of pages, files of other
    /// hosts, strings that a language lacks. Each page is rendered with every value, and with as few as there may be.
    Check(CheckArgs),
    /// Copies a built-in theme into the site's `themes` folder
    ///
    /// Nothing that exists is changed.
    Eject(EjectArgs),
}

/// Arguments of `theme list`.
#[derive(Args, Debug)]
pub(super) struct ListArgs {
    /// Print a JSON array instead of lines with tabs
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `theme check`.
#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// Name of the theme [default: that of the settings]
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) strict: StrictArg,
    /// How problems are shown [default: human]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(super) format: Option<FormatArg>,
}

/// Arguments of `theme eject`.
#[derive(Args, Debug)]
pub(super) struct EjectArgs {
    /// Name of the built-in theme
    #[arg(default_value = "broadsheet")]
    pub(super) name: String,
    /// Name of the copy [default: the same]
    #[arg(long, value_name = "NAME")]
    pub(super) to: Option<String>,
}
