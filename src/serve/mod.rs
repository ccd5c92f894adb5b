//! The preview: a site that follows its files, shown to browsers on this machine.
//!
//! In: a [`Live`] site, an open port, and a [`Host`], which reads the clock, says what happens and writes decisions down. Out:
//! pages over HTTP, made when they are asked for, and an event for each change. Nothing is written into the output folder.
//!
//! ```text
//!  watcher ─► changes ─► Live::refresh ─► event ─► browsers ask for their page again
//!                             │
//!  browser ─► guard ─► route ─► Live::answer ─► page, with the script of the preview
//! ```
//!
//! **Invariants:** only requests that name this machine are answered; only pages of this preview, with a word that they
//! alone know, may have a decision written. Readers never wait for a change to be worked in: they see the last good state.

mod connections;
mod guard;
mod http;
mod inject;
mod range;
mod routes;
mod tools;
mod watch;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch as news;

use self::http::Server;
use self::watch::Watch;
use crate::build::{BuildOptions, Live, Refreshed, Touched};
use crate::config::{BaseUrl, SiteConfig};
use crate::diag::Error;
use crate::load::Action;
use crate::plan::UrlPath;

/// What is served, and to whom.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The site. Of these options, those about output are not looked at.
    pub site: BuildOptions,
    /// Path that the site is served under, with `/` at both ends.
    pub base_path: String,
    /// Names that requests may use for this machine, besides `localhost` and numbers.
    pub names: Vec<String>,
    /// Opens a file in an editor: an address with `{file}`, `{line}` and `{column}`.
    pub editor_url: Option<String>,
    /// Look at the files again and again, instead of being told by the system.
    pub poll: bool,
}

/// What happens.
#[derive(Debug)]
pub enum News<'a> {
    /// The preview can be looked at.
    Started {
        /// Its address.
        url: &'a str,
    },
    /// Something has changed, and was worked in.
    Refreshed {
        /// What it came to.
        what: &'a Refreshed,
        /// The addresses of the pages that are made of what was saved, where that is known.
        pages: &'a [String],
        /// How long it took.
        took: Duration,
    },
    /// Something that people should know.
    Warning(&'a str),
}

/// What the preview leaves to whoever runs it. Called from many threads.
pub trait Host: Send + Sync {
    /// Returns the present moment.
    fn now(&self) -> Timestamp;
    /// Hears what happens.
    fn hear(&self, news: &News<'_>);
    /// Writes decisions down.
    ///
    /// # Errors
    /// When that cannot be done.
    fn decide(&self, actions: &[Action], config: &SiteConfig) -> Result<(), Error>;
}

/// What browsers are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    /// Grows with each change; 0 until there is anything to show.
    generation: u64,
    /// Reports that are errors.
    errors: usize,
}

/// Serves the site on an open port until the process ends.
///
/// # Errors
/// When the network fails from the start.
pub fn serve(
    listener: TcpListener,
    options: ServeOptions,
    host: &Arc<dyn Host>,
) -> Result<(), Error> {
    let address = listener.local_addr().map_err(|error| Error::network("use the port", error))?;
    let live = Arc::new(Live::new(options.site.clone()));
    let (tell, _) = news::channel(State::default());
    let (root, poll) = (options.site.root.clone(), options.poll);
    // A preview on all interfaces is on this one too, and browsers do not go to `0.0.0.0`.
    let shown = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => {
            SocketAddr::from((Ipv4Addr::LOCALHOST, address.port()))
        }
        IpAddr::V6(ip) if ip.is_unspecified() => {
            SocketAddr::from((Ipv6Addr::LOCALHOST, address.port()))
        }
        IpAddr::V4(_) | IpAddr::V6(_) => address,
    };
    let url = format!("http://{shown}{}", options.base_path);
    let server = Server::new(Arc::clone(&live), tell.clone(), options, Arc::clone(host), address)?;
    connections::start(listener, server)?;
    host.hear(&News::Started { url: &url });
    let mut generation = 0;
    let mut refresh = |touched: &Touched| {
        let start = Instant::now();
        let what = live.refresh(touched, host.now());
        if matches!(what, Refreshed::Same) {
            return;
        }
        generation += 1;
        let report = live.report();
        let errors = report.diagnostics.iter().filter(|one| one.is_error()).count();
        tell.send_replace(State { generation, errors });
        let took = start.elapsed();
        let pages = match touched {
            Touched::Paths(paths) => paths.iter().filter_map(|path| live.page_of(path)).collect(),
            Touched::Everything => Vec::new(),
        };
        let page = |(_, path): (String, UrlPath)| format!("{url}{}", path.encoded());
        let pages: Vec<String> = pages.into_iter().map(page).collect();
        host.hear(&News::Refreshed { what: &what, pages: &pages, took });
    };
    // Both take a while in a large site.
    let root = &root;
    let mut watch = std::thread::scope(|scope| {
        let watch = scope.spawn(move || Watch::new(root, poll));
        refresh(&Touched::Everything);
        watch.join().map_err(|_| Error::internal("the watcher panicked"))
    })?;
    // From now on nothing is missed, and this is what was.
    let mut touched = Touched::Everything;
    loop {
        if let Some(reason) = watch.trouble() {
            let text = format!(
                "the system cannot tell of changes ({reason}): files are looked at again and again"
            );
            host.hear(&News::Warning(&text));
        }
        refresh(&touched);
        touched = watch.next();
    }
}

/// Returns the path that a site is served under: that of its address.
pub fn base_path(base: Option<&BaseUrl>) -> String {
    base.map_or_else(|| "/".to_owned(), |base| base.path().to_owned())
}
