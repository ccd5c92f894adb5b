//! What can be typed behind `verify`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

const VERIFY_EXAMPLES: &str = "\
Examples:
  pressmark verify                                      the output folder
  pressmark verify https://example.org/news/            a live site, by its own list
  pressmark verify https://example.org/ --against public   by the list of a build
  pressmark verify https://example.org/ --key minisign.pub

Exit status: 0 all is as it was built; 1 something differs, or the signature is not
right; 2 the program was called in a wrong way.";

/// Arguments of `verify`.
#[derive(Args, Debug)]
#[command(after_long_help = VERIFY_EXAMPLES)]
pub(in crate::cli) struct VerifyArgs {
    /// Address or folder of the site [default: the output folder]
    #[arg(value_name = "URL|DIR", value_hint = ValueHint::AnyPath)]
    pub(super) site: Option<String>,
    /// Output folder of a build, whose `manifest.json` is the truth
    ///
    /// Without it, that of the site itself is. Who changes a whole site can change that too.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) against: Option<PathBuf>,
    /// Public key of minisign, or its file [default: `public_key` under `[verify]`]
    ///
    /// With a key, the signature `manifest.json.minisig` has to be there and right.
    #[arg(long, value_name = "KEY|FILE", value_hint = ValueHint::FilePath)]
    pub(super) key: Option<String>,
    /// Print one JSON object instead of the summary
    #[arg(long)]
    pub(super) json: bool,
}
