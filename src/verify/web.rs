//! A live site, held against a list: each file is asked for once, and read as far as the list says and one byte more.
//!
//! A server is asked for the bytes as they are; what it sends compressed all the same is not undone, because the list has the prints of files.
//! Redirects are not followed, but for those by which hosts shorten addresses of pages: from `a/index.html` to `a/`, and from `a.html` to `a`.
//! What is read there is compared as well, so nobody is misled by it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, LOCATION, RETRY_AFTER};
use reqwest::{Client, Response, Url};

use super::{Difference, List, Pace, Progress, Report, Top, VerifyOptions};
use crate::diag::Error;
use crate::files::SitePath;
use crate::ids::{Fingerprint, Stamp};
use crate::publish::{SIGNATURE, provide_tls, reason, runtime};
use crate::write::MANIFEST;

/// The largest list and signature that are read, in bytes; a list of a million files has half as much.
const MOST_LIST: u64 = 256 << 20;
const MOST_SIGNATURE: u64 = 64 << 10;
/// How long a server may take to answer, and to go on after each piece.
const CONNECT: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(30);
/// A file may take as long as this, and as it takes at the slowest speed that is borne; an hour at most.
const GRACE: u64 = 60;
const SLOWEST: u64 = 16 << 10;
const LONGEST: u64 = 3600;
/// The longest pause that a server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// After so many failures of the line in a row, nothing is tried again: the server is gone.
const GONE: u32 = 40;
/// Files that hosts read themselves and show nobody.
const FOR_HOSTS: [&str; 3] = ["_headers", "_redirects", ".htaccess"];
/// The page that a host shows, with this status, where there is none.
const NOT_FOUND_PAGE: &str = "404.html";
const NOT_FOUND: u16 = 404;

/// A server that is asked.
struct Server {
    client: Client,
    base: Url,
    pace: Pace,
    /// Failures of the line in a row.
    broken: AtomicU32,
}

/// What becomes of the bytes that arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    Bytes,
    Print,
}

/// What a server answered in the end.
enum Answer {
    Body(Body),
    Moved(String),
    Status(u16),
    Failed(String),
}

/// A body, of which no more was read than what was allowed and one byte.
struct Body {
    stamp: Stamp,
    bytes: Vec<u8>,
    is_longer: bool,
    coding: Option<String>,
}

/// Why a request may be tried again.
struct Again {
    answer: Answer,
    pause: Option<Duration>,
}

/// Asks for every file of the list.
pub(super) fn verify(
    address: &str,
    truth: Option<List>,
    options: &VerifyOptions<'_>,
    progress: &dyn Progress,
) -> Result<Report, Error> {
    let server = Server::open(address, options.pace)?;
    runtime()?.block_on(async {
        let list = server.get(MANIFEST, MOST_LIST, Keep::Bytes).await?;
        if let (None, Answer::Moved(to)) = (&truth, &list) {
            let message = format!("`{MANIFEST}` of `{}` leads to `{to}`", server.base);
            return Err(Error::remote(message).help("verify the site at that address"));
        }
        let signature = match server.get(SIGNATURE, MOST_SIGNATURE, Keep::Bytes).await? {
            Answer::Status(NOT_FOUND | 403 | 410) => Ok(None),
            // Some hosts send a page where there is nothing, with the status of success.
            answer => whole(answer)
                .map(|bytes| Some(bytes).filter(|bytes| bytes.starts_with(b"untrusted comment:")))
                .map_err(|what| what.to_string()),
        };
        let top = Top { list: whole(list), signature };
        let (manifest, mut report) = top.begin(truth, server.base.as_str(), options.key)?;
        progress.begin(manifest.files.len());
        let look = |(at, (path, stamp)): (usize, &(SitePath, Stamp))| {
            let (server, stamp) = (&server, *stamp);
            let path = path.clone();
            async move {
                let answer = server.get(path.as_str(), stamp.size, Keep::Print).await;
                progress.advance();
                answer.map(|answer| (at, path, stamp, answer))
            }
        };
        let files = futures_util::stream::iter(manifest.files.iter().enumerate());
        let found = files.map(look).buffer_unordered(server.pace.lanes.max(1));
        let mut found: Vec<_> =
            found.collect::<Vec<_>>().await.into_iter().collect::<Result<_, _>>()?;
        found.sort_by_key(|(at, ..)| *at);
        for (_, path, stamp, answer) in found {
            let is_for_hosts = FOR_HOSTS.contains(&path.as_str());
            if is_for_hosts && matches!(answer, Answer::Status(NOT_FOUND | 403)) {
                report.withheld.push(path);
                continue;
            }
            report.add(&path, stamp.size, answer.differs(stamp));
        }
        Ok(report)
    })
}

impl Answer {
    /// Returns how an answer differs from a file.
    fn differs(self, expected: Stamp) -> Option<Difference> {
        match self {
            Self::Body(body) => {
                let what = if body.is_longer {
                    Some(Difference::Longer(None))
                } else {
                    Difference::between(expected, body.stamp)
                };
                // Some servers name the coding of a file that is meant to be compressed; that is no harm.
                what.map(|what| body.coding.map_or(what, Difference::Encoded))
            }
            Self::Status(NOT_FOUND | 410) => Some(Difference::Missing),
            Self::Status(status) => Some(Difference::Status(status)),
            Self::Moved(to) => Some(Difference::Moved(to)),
            Self::Failed(why) => Some(Difference::Unreadable(why)),
        }
    }
}

/// Returns the bytes of a file of which nothing is known beforehand.
fn whole(answer: Answer) -> Result<Vec<u8>, Difference> {
    match answer {
        Answer::Body(body) if body.is_longer => Err(Difference::Longer(None)),
        Answer::Body(Body { coding: Some(coding), .. }) => Err(Difference::Encoded(coding)),
        Answer::Body(body) => Ok(body.bytes),
        answer => Err(answer.differs(Stamp::of(b"")).unwrap_or(Difference::Missing)),
    }
}

impl Server {
    fn open(address: &str, pace: Pace) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Error::usage(format!("the address of the site {why}"))
                .help("give it as readers do, such as `https://example.org/news/`")
        };
        let mut base = Url::parse(address).map_err(|_| refuse("is none of the web"))?;
        // Neither is shown: one of them may be a secret.
        if !base.username().is_empty() || base.password().is_some() {
            return Err(refuse("holds a name or a password"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(refuse("holds `?` or `#`"));
        }
        let folder = format!("{}/", base.path().trim_end_matches('/'));
        base.set_path(&folder);
        provide_tls();
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("pressmark/", env!("CARGO_PKG_VERSION")))
            .build();
        let client = client.map_err(|error| Error::remote(reason(&error)))?;
        Ok(Self { client, base, pace, broken: AtomicU32::new(0) })
    }

    /// Returns the address of a file, each part of its path encoded by itself.
    fn url(&self, path: &str) -> Result<Url, Error> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Error::internal("an address without a path"))?
            .pop_if_empty()
            .extend(path.split('/'));
        Ok(url)
    }

    /// Asks for a file, and once more where the server has a shorter address for a page.
    async fn get(&self, path: &str, most: u64, keep: Keep) -> Result<Answer, Error> {
        let url = self.url(path)?;
        let answer = self.ask(&url, path, most, keep).await;
        let Answer::Moved(to) = &answer else { return Ok(answer) };
        match shorter(&url) {
            Some(shorter) if shorter.as_str() == to => {
                Ok(self.ask(&shorter, path, most, keep).await)
            }
            _ => Ok(answer),
        }
    }

    /// Sends a request, and again when the server is busy or the line breaks.
    async fn ask(&self, url: &Url, path: &str, most: u64, keep: Keep) -> Answer {
        let mut pause = self.pace.pause;
        let mut attempt = 1;
        loop {
            let again = match self.ask_once(url, path, most, keep).await {
                Ok(answer) => {
                    self.broken.store(0, Ordering::Relaxed);
                    return answer;
                }
                Err(again) => again,
            };
            let is_gone = match again.answer {
                Answer::Failed(_) => self.broken.fetch_add(1, Ordering::Relaxed) >= GONE,
                _ => false,
            };
            if attempt >= self.pace.tries || is_gone {
                return again.answer;
            }
            tokio::time::sleep(again.pause.map_or(pause, |asked| asked.max(pause))).await;
            attempt += 1;
            pause = pause.saturating_mul(2);
        }
    }

    async fn ask_once(
        &self,
        url: &Url,
        path: &str,
        most: u64,
        keep: Keep,
    ) -> Result<Answer, Again> {
        let time = Duration::from_secs(GRACE.saturating_add(most / SLOWEST).min(LONGEST));
        let request =
            self.client.get(url.clone()).header(ACCEPT_ENCODING, "identity").timeout(time);
        let answer = request.send().await.map_err(|error| failed(&error))?;
        let status = answer.status().as_u16();
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        match status {
            200 => body(answer, most, keep).await,
            NOT_FOUND if path == NOT_FOUND_PAGE => body(answer, most, keep).await,
            301 | 302 | 303 | 307 | 308 => {
                let to = header(LOCATION).and_then(|to| url.join(to).ok());
                Ok(to.map_or(Answer::Status(status), |to| Answer::Moved(to.into())))
            }
            429 | 500 | 502 | 503 | 504 => {
                let seconds = header(RETRY_AFTER).and_then(|text| text.trim().parse().ok());
                let pause = seconds.map(|seconds| Duration::from_secs(seconds).min(LONGEST_PAUSE));
                Err(Again { answer: Answer::Status(status), pause })
            }
            status => Ok(Answer::Status(status)),
        }
    }
}

fn failed(error: &reqwest::Error) -> Again {
    Again { answer: Answer::Failed(reason(error)), pause: None }
}

/// Reads a body, and no more of it than is allowed and one byte.
async fn body(mut answer: Response, most: u64, keep: Keep) -> Result<Answer, Again> {
    let coding = answer.headers().get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let coding = coding.map(str::trim).filter(|coding| !coding.eq_ignore_ascii_case("identity"));
    let coding = coding.filter(|coding| !coding.is_empty()).map(str::to_owned);
    let (mut hasher, mut size, mut bytes) = (blake3::Hasher::new(), 0_u64, Vec::new());
    let mut is_longer = false;
    while let Some(piece) = answer.chunk().await.map_err(|error| failed(&error))? {
        size += piece.len() as u64;
        if size > most {
            is_longer = true;
            break;
        }
        hasher.update(&piece);
        if keep == Keep::Bytes {
            bytes.extend_from_slice(&piece);
        }
    }
    let stamp = Stamp { size, print: Fingerprint::from_hash(hasher.finalize()) };
    Ok(Answer::Body(Body { stamp, bytes, is_longer, coding }))
}

/// Returns the address that a host may show a page at in place of its own.
fn shorter(url: &Url) -> Option<Url> {
    let path = url.path();
    let short = match path.strip_suffix("/index.html") {
        Some(folder) => format!("{folder}/"),
        None => path.strip_suffix(".html")?.to_owned(),
    };
    let mut url = url.clone();
    url.set_path(&short);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_encoded_part_by_part() {
        let server = Server::open("http://127.0.0.1:1/a b", Pace::default()).unwrap();
        let url = server.url("c d/é%20?x#y/index.html").unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:1/a%20b/c%20d/%C3%A9%2520%3Fx%23y/index.html");
        let top = Server::open("https://h.example", Pace::default()).unwrap();
        assert_eq!(top.url("x").unwrap().as_str(), "https://h.example/x");
    }

    #[test]
    fn an_address_that_hides_something_is_refused_and_not_shown() {
        for bad in [
            "http://me:hunter2@h.example/",
            "http://hunter2@h.example",
            "https://h.example/?t=hunter2",
            "http://",
            "https://h.example/#x",
        ] {
            let error = Server::open(bad, Pace::default()).map(|_| ()).unwrap_err();
            assert!(error.is_usage() && !error.to_string().contains("hunter2"), "{bad}: {error}");
        }
    }

    #[test]
    fn a_page_may_have_a_shorter_address() {
        let short = |path: &str| {
            let url = Url::parse(&format!("http://h.example{path}")).unwrap();
            shorter(&url).map(|url| url.path().to_owned())
        };
        assert_eq!(short("/index.html").as_deref(), Some("/"));
        assert_eq!(short("/a/index.html").as_deref(), Some("/a/"));
        assert_eq!(short("/404.html").as_deref(), Some("/404"));
        assert_eq!(short("/a/style.css"), None);
    }
}
