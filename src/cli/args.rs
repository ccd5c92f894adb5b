//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use pressmark::config::BaseUrl;
use pressmark::diag::Format;
use pressmark::hosting::Server;

use super::clock::Clock;
use super::list::ListArgs;
use super::publish::PublishArgs;
use super::redact::RedactArgs;
use super::review::ReviewArgs;
use super::search::SearchArgs;
use super::theme::ThemeArgs;
use super::verify::VerifyArgs;

const EXAMPLES: &str = "\
Examples:
  pressmark init digest                 start a site in the folder `digest`
  pressmark new -r digest \"A title\"     add an article to it
  pressmark build -r digest             build it into `digest/public`
  pressmark check -r digest --strict    look for problems, write nothing

Exit status: 0 all is well; 1 the site has errors, or warnings with --strict, or
a file could not be read or written; 2 the program was called in a wrong way;
3 `check` found what nobody has reviewed, and `[review] gate` is `block`.";

const BUILD_EXAMPLES: &str = "\
Examples:
  pressmark build
  pressmark build --output /srv/www/digest --base-url https://example.org/digest/
  pressmark build --strict --format github      in a GitHub workflow
  SOURCE_DATE_EPOCH=1700000000 pressmark build  the same result on any day

When the site has an error, nothing is written and the last good site stays.";

#[cfg(feature = "serve")]
const SERVE_EXAMPLES: &str = "\
Examples:
  pressmark serve --open
  pressmark serve --port 0 --base-path /digest/
  pressmark serve --editor-url 'vscode://file/{file}:{line}:{column}'
  pressmark serve --as-published                what a build would publish
  pressmark serve --poll                        files on a network drive

Drafts and articles of the future are shown, with a badge. Errors are shown over
the last good page. http://localhost:4400/__pressmark/ tells how the site stands.
Nothing is written but `.pressmark`, and decisions that you make in the browser.";

const CHECK_EXAMPLES: &str = "\
Examples:
  pressmark check
  pressmark check --strict --format github
  pressmark check --links                       ask external links, too

With `gate = \"block\"` under `[review]` in `site.toml`, the exit status is 3 when
there are suggested entities or derived topics: `pressmark review` lists them.";

const INIT_EXAMPLES: &str = "\
Examples:
  pressmark init digest
  pressmark init --ci github                  a workflow for the site in this folder";

const HOSTING_EXAMPLES: &str = "\
Examples:
  pressmark hosting nginx --folder /srv/digest > /etc/nginx/snippets/digest.conf
  pressmark hosting caddy > /etc/caddy/Caddyfile
  pressmark hosting apache > public/.htaccess";

const NEW_EXAMPLES: &str = "\
Examples:
  pressmark new \"Talks resume in Geneva\"
  pressmark new 2024/summit.md";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  pressmark completions bash > ~/.local/share/bash-completion/completions/pressmark
  pressmark completions fish > ~/.config/fish/completions/pressmark.fish";

/// Turns a folder of articles into a cross-linked website
#[derive(Debug, Parser)]
#[command(
    name = "pressmark",
    version,
    after_long_help = EXAMPLES,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) global: Global,
}

/// Options of every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Everywhere")]
pub(super) struct Global {
    /// Folder of the site
    ///
    /// The folder that holds `site.toml` and `content`. It is used as given; folders above it are
    /// not searched.
    #[arg(long, short, global = true, value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) root: PathBuf,
    /// Show errors and warnings only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Name skipped files and show the time of each step
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
    /// Use colours
    ///
    /// `auto` uses them on a terminal, unless `NO_COLOR` is set or `CLICOLOR` is 0;
    /// `CLICOLOR_FORCE` uses them everywhere.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,
    /// Number of threads
    ///
    /// Without it, one for each processor. The result does not depend on it.
    #[arg(long, short, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
}

/// When colours are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Starts a site; existing files are kept
    Init(InitArgs),
    /// Adds an article and prints its path
    New(NewArgs),
    /// Builds the site
    Build(BuildArgs),
    /// Shows the site in a browser, and each change as soon as it is saved
    #[cfg(feature = "serve")]
    Serve(ServeArgs),
    /// Looks for problems and writes nothing
    Check(CheckArgs),
    /// Builds the site, checks it, and puts it where its readers are
    Publish(Box<PublishArgs>),
    /// Looks whether a published site is as it was built
    Verify(VerifyArgs),
    /// Lists articles, topics or entities
    List(ListArgs),
    /// Looks for something in the site that was built, as its search page does
    Search(SearchArgs),
    /// Prints what a web server's configuration needs to serve the site
    Hosting(HostingArgs),
    /// Lists what the program found, and takes a person's decisions about it
    Review(Box<ReviewArgs>),
    /// Takes articles and people's names down: pages, feeds and data say no more than that something was removed
    Redact(Box<RedactArgs>),
    /// Lists themes, looks what is wrong with one, copies one to start from
    Theme(ThemeArgs),
    /// Prints what texts say: names, quotes, figures, key sentences
    Digest(DigestArgs),
    /// Prints the completion script of a shell
    Completions(CompletionsArgs),
    /// Prints the manual page
    Man(ManArgs),
}

/// Arguments of `init`.
#[derive(Args, Debug)]
#[command(after_long_help = INIT_EXAMPLES)]
pub(super) struct InitArgs {
    /// Folder to start the site in, below the root
    ///
    /// It is created when it does not exist. Existing files are never changed.
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) dir: Option<PathBuf>,
    /// Write a workflow too, which builds and publishes the site after each push
    ///
    /// For a site that is there already, the workflow is all that is written. The file says what is to be set up.
    #[arg(long, value_name = "HOST")]
    pub(super) ci: Option<Forge>,
}

/// Where workflows run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Forge {
    /// GitHub Actions and GitHub Pages
    Github,
    /// GitLab CI and GitLab Pages
    Gitlab,
    /// Forgejo Actions, such as those of Codeberg, and a branch `pages`
    Forgejo,
}

/// Arguments of `new`.
#[derive(Args, Debug)]
#[command(after_long_help = NEW_EXAMPLES)]
pub(super) struct NewArgs {
    /// Title, or path below `content/articles` that ends in `.md`
    ///
    /// A title makes `content/articles/YYYY/YYYY-MM-DD-slug.md` with today's date. The article is
    /// a draft until its line `draft = true` is removed.
    #[arg(value_name = "TITLE|PATH")]
    pub(super) title: String,
    #[command(flatten)]
    pub(super) clock: ClockArg,
}

/// Arguments of `build`.
#[derive(Args, Debug)]
#[command(after_long_help = BUILD_EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each one is an option of its own")]
pub(super) struct BuildArgs {
    /// Folder that the site is written to [default: `output_dir` of `site.toml`, else `public`]
    ///
    /// Relative to the current folder. A folder with files that Pressmark did not write is
    /// refused, unless `--force` is given.
    #[arg(long, short, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) output: Option<PathBuf>,
    /// Use an output folder that holds other files
    ///
    /// Files in the way of the site's are replaced; all others are kept.
    #[arg(long)]
    pub(super) force: bool,
    /// Render everything and write nothing
    ///
    /// Shows the problems, and how much would be written into an empty folder.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Do everything anew
    ///
    /// What earlier builds found out is in the folder `.pressmark` of the site. With this option it
    /// is neither used nor changed. The result is the same.
    #[arg(long)]
    pub(super) no_cache: bool,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    #[command(flatten)]
    pub(super) strict: StrictArg,
    /// Show the time of each step after the summary
    ///
    /// One line a step, with its share of the whole. With `--json`, the times are there anyway.
    #[arg(long)]
    pub(super) timings: bool,
    /// Print one JSON object instead of the summary
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `serve`.
#[cfg(feature = "serve")]
#[derive(Args, Debug)]
#[command(after_long_help = SERVE_EXAMPLES)]
pub(super) struct ServeArgs {
    /// Port; the next free one when it is taken, any free one for 0
    #[arg(long, short, value_name = "PORT", default_value_t = 4400)]
    pub(super) port: u16,
    /// Number of the network interface
    ///
    /// With another one than `127.0.0.1` or `::1`, others in the network can see the preview.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(super) interface: std::net::IpAddr,
    /// Name that this machine may be called by, besides `localhost` and its numbers
    ///
    /// May be given more than once. Requests by any other name are turned away, because a page of somebody
    /// else's site could have made them.
    #[arg(long, value_name = "NAME")]
    pub(super) host_name: Vec<String>,
    /// Path that the site is served under [default: that of `base_url`]
    #[arg(long, value_name = "PATH")]
    pub(super) base_path: Option<String>,
    /// Open the site in the browser
    #[arg(long)]
    pub(super) open: bool,
    /// Look at the files again and again, for network drives
    #[arg(long)]
    pub(super) poll: bool,
    /// Show what a build would publish: no drafts, nothing of the future, nothing expired
    #[arg(long)]
    pub(super) as_published: bool,
    /// Address that opens a file in an editor, with `{file}`, `{line}` and `{column}`
    ///
    /// Such as `vscode://file/{file}:{line}:{column}`. Reports and pages then have a link.
    #[arg(long, value_name = "URL")]
    pub(super) editor_url: Option<String>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
#[command(after_long_help = CHECK_EXAMPLES)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) site: SiteArgs,
    #[command(flatten)]
    pub(super) strict: StrictArg,
    #[cfg(feature = "network")]
    #[command(flatten)]
    pub(super) links: super::links::LinkArgs,
    /// Print one JSON object instead of the summary
    #[arg(long)]
    pub(super) json: bool,
}

/// Arguments of `hosting`.
#[derive(Args, Debug)]
#[command(after_long_help = HOSTING_EXAMPLES)]
pub(super) struct HostingArgs {
    /// The web server
    pub(super) server: ServerArg,
    /// Folder that holds the site's files on the server
    #[arg(long, value_name = "DIR", default_value = pressmark::hosting::FOLDER)]
    pub(super) folder: String,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

/// A web server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ServerArg {
    /// What belongs into a `server` block
    Nginx,
    /// A Caddyfile
    Caddy,
    /// What belongs into `.htaccess`; `files = ["apache"]` under `[hosting]` writes it with the site
    Apache,
}

impl From<ServerArg> for Server {
    fn from(server: ServerArg) -> Self {
        match server {
            ServerArg::Nginx => Self::Nginx,
            ServerArg::Caddy => Self::Caddy,
            ServerArg::Apache => Self::Apache,
        }
    }
}

/// Arguments of `digest`.
#[derive(Args, Debug)]
pub(super) struct DigestArgs {
    /// Texts, as files
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) files: Vec<PathBuf>,
    /// Read rows of JSON from standard input, and write one for each
    ///
    /// A row is an object with `id` and `text`, and perhaps `title`, `date`, `language`, `topics` and
    /// `mentions`. The answers come in the same order.
    #[arg(long, conflicts_with = "files")]
    pub(super) jsonl: bool,
    /// Print JSON instead of text
    #[arg(long)]
    pub(super) json: bool,
    /// Take all texts for one collection
    ///
    /// The same name is then the same one in all texts, texts with topics teach those without, and
    /// texts about the same event form a story.
    #[arg(long)]
    pub(super) across: bool,
    /// Share of the text that the key sentences make up, instead of three sentences
    #[arg(long, value_name = "SHARE")]
    pub(super) summary_ratio: Option<f64>,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
#[command(after_long_help = COMPLETIONS_EXAMPLES)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: Shell,
}

/// Arguments of `man`.
#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// Command whose page is printed, instead of the program's
    pub(super) command: Option<String>,
}

/// Options that take the place of settings, or choose articles.
#[derive(Args, Debug)]
pub(super) struct SiteArgs {
    /// Address that the site is published at
    ///
    /// An `http` or `https` URL, or a path such as `/digest/`. Without it, and without `base_url`
    /// in `site.toml`, all links are relative.
    #[arg(long, short = 'u', value_name = "URL", value_parser = BaseUrl::parse, value_hint = ValueHint::Url)]
    pub(super) base_url: Option<BaseUrl>,
    /// Theme, in place of `theme` of `site.toml`
    #[arg(long, short, value_name = "NAME")]
    pub(super) theme: Option<String>,
    /// Let the site run the program that `[digest] command` names
    #[arg(long)]
    pub(super) allow_command: bool,
    #[command(flatten)]
    pub(super) shown: ShownArgs,
    #[command(flatten)]
    pub(super) clock: ClockArg,
    /// How problems are shown [default: human, or none with --json]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub(super) format: Option<FormatArg>,
}

/// Which articles are shown that otherwise are not.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct ShownArgs {
    /// Show drafts
    #[arg(long)]
    pub(super) drafts: bool,
    /// Show articles whose time has not come
    #[arg(long)]
    pub(super) future: bool,
    /// Show articles whose time has passed
    #[arg(long)]
    pub(super) expired: bool,
}

/// The present moment.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct ClockArg {
    /// Moment that is taken for now, such as 2024-05-06
    ///
    /// A day, or a time as in RFC 3339. It decides which articles are in the future or expired,
    /// and the date that `new` and `review` write. Without it, the environment variable
    /// `SOURCE_DATE_EPOCH` (in seconds) is used, else the system's clock.
    #[arg(long = "clock", value_name = "WHEN", value_parser = Clock::parse)]
    pub(super) at: Option<Clock>,
}

/// Whether warnings count as errors.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct StrictArg {
    /// Exit with status 1 when there are warnings
    #[arg(long = "strict")]
    pub(super) on: bool,
}

/// How problems are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// With the lines they are about
    Human,
    /// One JSON object a line
    Json,
    /// Workflow commands, which GitHub shows beside the changed lines
    Github,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Human => Self::Human,
            FormatArg::Json => Self::Json,
            FormatArg::Github => Self::Github,
        }
    }
}
