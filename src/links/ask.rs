//! One request: a name is looked up, its numbers are looked at, one of them is connected to, and the head of the
//! answer is read. Bodies are not, but for the beginning of a `robots.txt`.
//!
//! The connection goes to a number that was looked at just before, and not to the name again: a name that changes its
//! number in between leads nowhere else.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1;
use hyper::header::{
    ACCEPT, CONNECTION, HOST, HeaderMap, HeaderName, LOCATION, RETRY_AFTER, SET_COOKIE, USER_AGENT,
};
use hyper::rt::{Read, Write};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use jiff::fmt::rfc2822;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{self, CertificateError, ClientConfig, RootCertStore};
use url::Host;

use super::address::Address;
use super::private::is_public;
use crate::diag::Error;

/// What servers are told about us: no more than what asks, and why.
const AGENT: &str = concat!("pressmark/", env!("CARGO_PKG_VERSION"), " (link check)");

/// What is said of a name that could not be looked up, which is not one that is not there.
const NOT_LOOKED_UP: &str = "its name cannot be looked up just now";

/// What is said when there is more to say than people want to hear.
const NOT_SECURE: &str = "the secure connection fails";

/// Time to look a name up, and to connect to one number; a name may have several.
const CONNECT: Duration = Duration::from_secs(8);

/// Numbers of a name that are tried.
const NUMBERS: usize = 4;

/// Most bytes of an answer's head, and most fields in it.
const MAX_HEAD: usize = 64 * 1024;
const MAX_FIELDS: usize = 200;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// All numbers of the host belong to this machine or a private network.
    Private,
    /// The name has no number.
    NoHost,
    /// This machine does not reach the network, or its servers of names.
    Offline(String),
    /// Nobody listens there, or nobody lets us in.
    Unreachable(String),
    /// The certificate or the talk about it is wrong.
    Tls(String),
    /// The certificate is of an authority that this machine does not know; browsers may know it, or fetch what is missing.
    Issuer,
    /// The answer took too long.
    Late,
    /// The connection was cut before the answer.
    Cut,
    /// What came is no HTTP, or too much of it.
    Nonsense(String),
    /// The host asked to wait for longer than we do, and is not asked any more.
    Busy,
    /// The host did not answer in time again and again, and is not asked any more.
    Slow,
}

impl Failure {
    /// Whether it is about the whole host, so that its other pages need not be tried.
    pub(super) fn is_of_host(&self) -> bool {
        matches!(
            self,
            Self::Private
                | Self::NoHost
                | Self::Offline(_)
                | Self::Unreachable(_)
                | Self::Tls(_)
                | Self::Issuer
        )
    }
}

/// The head of an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Where a redirect leads, as written.
    pub(super) location: Option<String>,
    /// The wait that the server asks for.
    pub(super) retry_after: Option<Duration>,
    /// Whether it wants something remembered.
    pub(super) sets_cookie: bool,
    /// The beginning of the body, if it was wanted.
    pub(super) body: Vec<u8>,
}

/// Who knows the numbers of names.
#[derive(Clone)]
pub(super) enum Names {
    /// The system.
    System,
    /// A table, and which numbers are public, for tests; each look-up takes the next number, and the last one stays.
    #[cfg(test)]
    Table(
        Arc<std::sync::Mutex<std::collections::BTreeMap<String, Vec<SocketAddr>>>>,
        fn(IpAddr) -> bool,
    ),
}

impl Names {
    async fn find(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((name, port)).await?.collect()),
            #[cfg(test)]
            Self::Table(table, _) => {
                let mut table = table.lock().map_err(|_| ErrorKind::Other)?;
                let found = table.get_mut(name).ok_or(ErrorKind::NotFound)?;
                let next = if found.len() > 1 { found.remove(0) } else { found[0] };
                Ok(vec![next])
            }
        }
    }

    fn is_public(&self, number: IpAddr) -> bool {
        match self {
            Self::System => is_public(number),
            #[cfg(test)]
            Self::Table(_, is_public) => is_public(number),
        }
    }
}

/// Makes connections.
pub(super) struct Client {
    names: Names,
    tls: TlsConnector,
    timeout: Duration,
    allow_private: bool,
    /// Whether anything showed that there is a network.
    network: AtomicBool,
}

impl Client {
    pub(super) fn new(
        names: Names,
        roots: &[Vec<u8>],
        timeout: Duration,
        allow_private: bool,
    ) -> Result<Self, Error> {
        let mut store = RootCertStore::empty();
        // One that this library cannot read is of no use to it; others are.
        store
            .add_parsable_certificates(roots.iter().map(|root| CertificateDer::from(root.clone())));
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::internal(format!("TLS cannot be set up: {error}")))?;
        let mut config = config.with_root_certificates(store).with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let tls = TlsConnector::from(Arc::new(config));
        Ok(Self { names, tls, timeout, allow_private, network: AtomicBool::new(false) })
    }

    /// Returns whether anything showed that this machine is on the network.
    pub(super) fn has_network(&self) -> bool {
        self.network.load(Ordering::Relaxed)
    }

    /// Asks once; at most so many bytes of the body are read.
    pub(super) async fn ask(
        &self,
        method: Method,
        address: &Address,
        body: usize,
    ) -> Result<Reply, Failure> {
        timeout(self.timeout, self.ask_at_leisure(method, address, body))
            .await
            .unwrap_or(Err(Failure::Late))
    }

    async fn ask_at_leisure(
        &self,
        method: Method,
        address: &Address,
        body: usize,
    ) -> Result<Reply, Failure> {
        let url = address.url();
        let port = url.port_or_known_default().unwrap_or(80);
        let stream = self.connect(&self.numbers(address, port).await?).await?;
        let request = request(method, address)?;
        if url.scheme() == "http" {
            return exchange(TokioIo::new(stream), request, body).await;
        }
        let name = match address.host() {
            Host::Domain(name) => ServerName::try_from(name.to_owned())
                .map_err(|_| Failure::Tls(NOT_SECURE.to_owned()))?,
            Host::Ipv4(number) => ServerName::from(IpAddr::from(number)),
            Host::Ipv6(number) => ServerName::from(IpAddr::from(number)),
        };
        let stream = self.tls.connect(name, stream).await.map_err(|error| of_tls(&error))?;
        exchange(TokioIo::new(stream), request, body).await
    }

    /// Returns the numbers that may be connected to.
    async fn numbers(&self, address: &Address, port: u16) -> Result<Vec<SocketAddr>, Failure> {
        let found = match address.host() {
            Host::Domain(name) => {
                let found = timeout(CONNECT.min(self.timeout), self.names.find(name, port)).await;
                let found = found.map_err(|_| Failure::Offline(NOT_LOOKED_UP.to_owned()))?;
                found.map_err(|error| of_name(&error))?
            }
            Host::Ipv4(number) => vec![SocketAddr::from((number, port))],
            Host::Ipv6(number) => vec![SocketAddr::from((number, port))],
        };
        if found.is_empty() {
            return Err(Failure::NoHost);
        }
        let may = |one: &SocketAddr| self.allow_private || self.names.is_public(one.ip());
        let found: Vec<SocketAddr> = found.into_iter().filter(may).take(NUMBERS).collect();
        if found.is_empty() {
            // What was not tried says nothing against the network.
            self.network.store(true, Ordering::Relaxed);
            return Err(Failure::Private);
        }
        Ok(found)
    }

    /// Connects to the first number that answers.
    async fn connect(&self, numbers: &[SocketAddr]) -> Result<TcpStream, Failure> {
        let mut last = Failure::NoHost;
        for number in numbers {
            match timeout(CONNECT.min(self.timeout), TcpStream::connect(number)).await {
                Ok(Ok(stream)) => {
                    self.network.store(true, Ordering::Relaxed);
                    return Ok(stream);
                }
                Ok(Err(error)) => {
                    if error.kind() == ErrorKind::ConnectionRefused {
                        self.network.store(true, Ordering::Relaxed);
                    }
                    last = of_connect(&error);
                }
                Err(_) => last = Failure::Unreachable("nobody answers at its address".to_owned()),
            }
        }
        Err(last)
    }
}

fn request(method: Method, address: &Address) -> Result<Request<String>, Failure> {
    let url = address.url();
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, host)
        .header(USER_AGENT, AGENT)
        .header(ACCEPT, "*/*")
        .header(CONNECTION, "close");
    request.body(String::new()).map_err(|error| Failure::Nonsense(error.to_string()))
}

/// Ends a task when its owner is done, however that comes about.
struct EndOnDrop(tokio::task::JoinHandle<()>);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends a request and reads the answer; drops the connection then, and with it whatever else would come.
async fn exchange<T: Read + Write + Unpin + Send + 'static>(
    stream: T,
    request: Request<String>,
    body: usize,
) -> Result<Reply, Failure> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(MAX_HEAD).max_headers(MAX_FIELDS);
    let (mut sender, connection) =
        builder.handshake(stream).await.map_err(|error| of_http(&error))?;
    let _driver = EndOnDrop(tokio::spawn(async move {
        // The sender is told of the same trouble.
        let _known = connection.await;
    }));
    let response = sender.send_request(request).await.map_err(|error| of_http(&error))?;
    let mut reply = head(&response);
    if body > 0 {
        reply.body = read(response.into_body(), body).await?;
    }
    Ok(reply)
}

/// Reads a body up to a bound.
async fn read(mut body: Incoming, most: usize) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|error| of_http(&error))?;
        if let Some(data) = frame.data_ref() {
            out.extend_from_slice(&data[..data.len().min(most - out.len())]);
        }
        if out.len() == most {
            break;
        }
    }
    Ok(out)
}

fn head<B>(response: &Response<B>) -> Reply {
    let headers = response.headers();
    let text = |name: HeaderName| {
        headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
    };
    Reply {
        status: response.status().as_u16(),
        location: text(LOCATION),
        retry_after: text(RETRY_AFTER).and_then(|value| wait(&value, headers)),
        sets_cookie: headers.contains_key(SET_COOKIE),
        body: Vec::new(),
    }
}

/// Reads `Retry-After`: seconds, or a date, which counts from the date of the answer; so no clock is needed.
fn wait(value: &str, headers: &HeaderMap) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    let sent = headers.get(hyper::header::DATE).and_then(|value| value.to_str().ok());
    let wait = date(value)?.duration_since(date(sent?)?);
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

fn of_name(error: &io::Error) -> Failure {
    let text = error.to_string().to_ascii_lowercase();
    // The system tells what it could not find out from what is not there by its words alone.
    if ["temporary failure", "try again", "non-recoverable"].iter().any(|part| text.contains(part))
    {
        return Failure::Offline(NOT_LOOKED_UP.to_owned());
    }
    Failure::NoHost
}

fn of_connect(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown | ErrorKind::AddrNotAvailable => {
            Failure::Offline("this machine has no way to its network".to_owned())
        }
        ErrorKind::ConnectionRefused => {
            Failure::Unreachable("the connection is refused".to_owned())
        }
        ErrorKind::TimedOut => Failure::Unreachable("nobody answers at its address".to_owned()),
        _ => Failure::Unreachable("nothing can be reached at its address".to_owned()),
    }
}

fn of_tls(error: &io::Error) -> Failure {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(inner) = inner else {
        return match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                Failure::Cut
            }
            _ => Failure::Tls(NOT_SECURE.to_owned()),
        };
    };
    Failure::Tls(match inner {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            return Failure::Issuer;
        }
        rustls::Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "its certificate has expired".to_owned(),
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "its certificate is for another name".to_owned(),
        rustls::Error::InvalidCertificate(_) => "its certificate is not valid".to_owned(),
        rustls::Error::AlertReceived(_) => "it refuses the secure connection".to_owned(),
        _ => NOT_SECURE.to_owned(),
    })
}

fn of_http(error: &hyper::Error) -> Failure {
    if error.is_parse() {
        return Failure::Nonsense("its answer is no HTTP that can be read".to_owned());
    }
    Failure::Cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_seconds_or_a_date_after_that_of_the_answer() {
        let mut headers = HeaderMap::new();
        assert_eq!(wait("120", &headers), Some(Duration::from_mins(2)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT", &headers), None);
        headers.insert(hyper::header::DATE, "Sun, 06 Nov 1994 08:49:07 GMT".parse().unwrap());
        assert_eq!(wait("Sun, 06 Nov 1994 08:49:37 GMT", &headers), Some(Duration::from_secs(30)));
        assert_eq!(wait("Sun, 06 Nov 1994 08:00:00 GMT", &headers), Some(Duration::ZERO));
        assert_eq!(wait("soon", &headers), None);
    }

    #[test]
    fn what_cannot_be_looked_up_just_now_is_not_gone() {
        let error = |text: &str| of_name(&io::Error::other(text.to_owned()));
        let prefix = "failed to lookup address information: ";
        assert_eq!(error(&format!("{prefix}Name or service not known")), Failure::NoHost);
        assert!(matches!(
            error(&format!("{prefix}Temporary failure in name resolution")),
            Failure::Offline(_)
        ));
    }
}
