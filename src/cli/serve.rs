//! `pressmark serve`.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use pressmark::build::{LiveReport, Refreshed};
use pressmark::config::{BaseUrl, SiteConfig};
use pressmark::diag::Error;
use pressmark::load::{Action, Reviewed};
use pressmark::serve::{Host, News, ServeOptions, base_path, serve};

use super::args::{FormatArg, ServeArgs};
use super::clock::Clock;
use super::report::{Tally, show};
use super::review::{record, reviewer};
use super::term::{GOOD, WARNING, count, one_line};
use super::{Failure, Outcome, Session, Volume, site};

/// Ports that are tried after one that is taken.
const NEXT_PORTS: u16 = 64;

/// Shows the site in a browser, and follows its files, until the process ends.
pub(super) fn run(args: ServeArgs, session: Session) -> Result<Outcome, Failure> {
    let mut options = site::options(&args.site, &session.root)?;
    if !args.as_published {
        (options.drafts, options.future, options.expired) = (true, true, true);
    }
    if let Some(path) = &args.base_path {
        let path = format!("/{}/", path.trim_matches('/')).replace("//", "/");
        let base = BaseUrl::parse(&path).map_err(|reason| {
            Error::usage(format!("`--base-path {}`: {reason}", one_line(&path)))
        })?;
        options.base_url = Some(base);
    }
    let settings = site::settings(&session.root)?.ok();
    let base = options.base_url.clone().or_else(|| settings?.base_url);
    let listener = open(args.interface, args.port)?;
    let options = ServeOptions {
        base_path: base_path(base.as_ref()),
        names: args.host_name.iter().map(|name| name.to_ascii_lowercase()).collect(),
        editor_url: args.editor_url,
        poll: args.poll,
        site: options,
    };
    let host = Terminal {
        root: session.root.clone(),
        clock: args.site.clock.at,
        open: args.open,
        wanted: args.port,
        everywhere: !args.interface.is_loopback(),
        format: args.site.format,
        session: Mutex::new(session),
    };
    let host: Arc<dyn Host> = Arc::new(host);
    serve(listener, options, &host)?;
    Ok(Outcome::Clean)
}

/// Opens a port, or the next one that is free; 0 is any.
fn open(interface: IpAddr, port: u16) -> Result<TcpListener, Error> {
    let mut taken = None;
    for port in port..=port.saturating_add(if port == 0 { 0 } else { NEXT_PORTS }) {
        match TcpListener::bind(SocketAddr::new(interface, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == ErrorKind::AddrInUse => taken = Some(error),
            Err(error) => return Err(Error::network("open the port", error)),
        }
    }
    let taken = taken.unwrap_or_else(|| ErrorKind::AddrInUse.into());
    Err(Error::network("open a port", taken))
}

/// Reads the clock, says what happens, writes decisions.
struct Terminal {
    root: PathBuf,
    clock: Option<Clock>,
    open: bool,
    wanted: u16,
    everywhere: bool,
    format: Option<FormatArg>,
    session: Mutex<Session>,
}

impl Host for Terminal {
    fn now(&self) -> Timestamp {
        let clock = Clock::choose(self.clock).ok();
        let zone = || match site::settings(&self.root) {
            Ok(Ok(config)) => config.time_zone,
            _ => jiff::tz::TimeZone::UTC,
        };
        let moment = clock.and_then(|clock| match clock {
            Clock::Moment(moment) => Some(moment),
            day @ Clock::Day(_) => day.moment(&zone()).ok(),
        });
        moment.unwrap_or_else(Timestamp::now)
    }

    fn hear(&self, news: &News<'_>) {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let session = &mut *session;
        // When the terminal is gone, the preview goes on.
        let _unheard = match news {
            News::Started { url } => self.started(session, url),
            News::Refreshed { what, pages, took } => self.refreshed(session, what, pages, *took),
            News::Warning(text) => {
                let label = session.err.paint(WARNING, "warning");
                session.err.write(format!("{label}: {text}\n").as_bytes()).map_err(Failure::from)
            }
        };
    }

    fn decide(&self, actions: &[Action], config: &SiteConfig) -> Result<(), Error> {
        let on = Some(Clock::choose(self.clock)?.day(&config.time_zone));
        let who = Reviewed { by: reviewer(None), on };
        record(&self.root, actions, &who, config)
    }
}

impl Terminal {
    fn started(&self, session: &mut Session, url: &str) -> Result<(), Failure> {
        let port = format!(":{}/", self.wanted);
        if self.wanted != 0 && !url.contains(&port) {
            let text = format!("port {} is taken; the next free one is used\n", self.wanted);
            session.err.write(text.as_bytes())?;
        }
        if self.everywhere {
            let label = session.err.paint(WARNING, "warning");
            let text = "others in the network can see this preview, drafts too";
            session.err.write(format!("{label}: {text}\n").as_bytes())?;
        }
        let shown = session.out.paint(GOOD, url);
        session.out.write(format!("preview  {shown} (stop with Ctrl-C)\n").as_bytes())?;
        if self.open {
            let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
            let quiet =
                Command::new(program).arg(url).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            if let Err(error) = quiet {
                session.err.write(format!("cannot start `{program}`: {error}\n").as_bytes())?;
            }
        }
        Ok(())
    }

    fn refreshed(
        &self,
        session: &mut Session,
        what: &Refreshed,
        pages: &[String],
        took: Duration,
    ) -> Result<(), Failure> {
        let line = match what {
            Refreshed::Same => return Ok(()),
            Refreshed::Articles(paths) if session.volume == Volume::Quiet || paths.is_empty() => {
                return Ok(());
            }
            Refreshed::Articles(paths) => {
                let more = paths.len() - 1;
                let more = if more > 0 {
                    format!(" and {}", count(more, "other", "others"))
                } else {
                    String::new()
                };
                format!("{}{more}", one_line(paths[0].as_str()))
            }
            Refreshed::Whole(report) => {
                show(session, &report.diagnostics, self.format, false)?;
                if session.volume == Volume::Quiet {
                    return Ok(());
                }
                whole(report, session)
            }
        };
        let took = format!("{:.0} ms", took.as_secs_f64() * 1000.0);
        // Who has begun an article cannot know yet where it is.
        let place = match pages {
            [page] => format!("\n         {}", session.out.paint(GOOD, page)),
            _ => String::new(),
        };
        session.out.write(format!("shown    {line} in {took}{place}\n").as_bytes())?;
        Ok(())
    }
}

/// Returns how it stands with the site.
fn whole(report: &LiveReport, session: &Session) -> String {
    let tally = Tally::of(&report.diagnostics);
    let articles = count(report.counts.articles, "article", "articles");
    format!("{articles}, {}", tally.text(&session.out))
}
