//! A small HTTP server on this machine, and the means to ask it by names.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;

use crate::files::SitePath;
use crate::links::ask::Names;
use crate::links::private::is_public;
use crate::links::{Address, Cache, Checked, Known, Link, LinkOptions, Use, Witness, check_with};

/// What the server does with one request: its method and its path.
type Handler = dyn Fn(&str, &str, &mut Conn) + Send + Sync;

/// A connection whose request counts as there until the first byte of the answer: then the other side may go on.
pub(super) struct Conn {
    stream: TcpStream,
    waiting: Option<Arc<AtomicUsize>>,
}

impl Conn {
    fn answered(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            waiting.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Write for Conn {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.answered();
        self.stream.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Read for Conn {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.read(bytes)
    }
}

impl Drop for Conn {
    fn drop(&mut self) {
        self.answered();
    }
}

/// A server that writes down what it was asked.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
    heads: Arc<Mutex<Vec<String>>>,
    most: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server that answers each `METHOD /path` by the table, and everything else with 404.
    pub(super) fn of(table: &[(&'static str, &'static str)]) -> Self {
        let table: BTreeMap<_, _> = table.iter().copied().collect();
        Self::with(move |method, path, stream| {
            let answer = table.get(format!("{method} {path}").as_str());
            let answer = answer.or_else(|| table.get(path)).copied();
            let _gone = stream.write_all(reply(answer.unwrap_or("404 Not Found")).as_bytes());
        })
    }

    pub(super) fn with(handler: impl Fn(&str, &str, &mut Conn) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (log, heads) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let handler: Arc<Handler> = Arc::new(handler);
        let server = Self {
            address,
            log: Arc::clone(&log),
            heads: Arc::clone(&heads),
            most: Arc::clone(&most),
        };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let (log, heads, now, most) =
                    (Arc::clone(&log), Arc::clone(&heads), Arc::clone(&now), Arc::clone(&most));
                let handler = Arc::clone(&handler);
                thread::spawn(move || {
                    let Some(head) = head(&mut stream) else { return };
                    let mut words = head.split(' ');
                    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
                    log.lock().unwrap().push(format!("{method} {path}"));
                    heads.lock().unwrap().push(head.clone());
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    handler(method, path, &mut Conn { stream, waiting: Some(now) });
                });
            }
        });
        server
    }

    /// Returns what was asked, without `robots.txt`.
    pub(super) fn asked(&self) -> Vec<String> {
        let log = self.log.lock().unwrap();
        log.iter().filter(|line| !line.ends_with(" /robots.txt")).cloned().collect()
    }

    /// Returns all that was asked.
    pub(super) fn all(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Waits until so many requests were read, which may be after the other side gave them up.
    pub(super) fn wait_for(&self, number: usize) {
        while self.all().len() < number {
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub(super) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }

    /// Returns how many requests there were at the same time, at most.
    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

/// Reads the head of a request.
fn head(stream: &mut TcpStream) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// Returns an answer of `200 OK`, then header lines, then behind an empty line the body.
pub(super) fn reply(text: &str) -> String {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let head = head.replace('\n', "\r\n");
    format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// Names, and where they lead.
pub(super) fn names(table: &[(&str, &[SocketAddr])]) -> Names {
    let table = table.iter().map(|(name, all)| ((*name).to_owned(), all.to_vec())).collect();
    Names::Table(Arc::new(Mutex::new(table)), is_public)
}

/// The same, where this machine is the open network, and its neighbour `127.0.0.2` is private.
pub(super) fn open_names(table: &[(&str, &[SocketAddr])]) -> Names {
    match names(table) {
        Names::Table(table, _) => Names::Table(table, |number| number == Ipv4Addr::LOCALHOST),
        Names::System => Names::System,
    }
}

/// Options for servers on this machine, which need no rest.
pub(super) fn options() -> LinkOptions {
    let mut options = LinkOptions::new(at("2026-03-10T12:00:00Z"));
    options.pause = Duration::ZERO;
    options.timeout = Duration::from_secs(30);
    options.allow_private = true;
    options
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn link(address: &str) -> Link {
    let one = Use {
        path: SitePath::parse("content/articles/a.md").unwrap(),
        range: None,
        written: address.to_owned(),
        what: "link",
        archive: None,
        date: None,
    };
    Link { address: Address::parse(address).unwrap(), uses: vec![one] }
}

/// Counts what it hears.
#[derive(Default)]
pub(super) struct Ear {
    pub(super) total: AtomicUsize,
    pub(super) done: AtomicUsize,
}

impl Witness for Ear {
    fn begin(&self, total: usize) {
        self.total.store(total, Ordering::SeqCst);
    }
    fn advance(&self, _: &Cache) {
        self.done.fetch_add(1, Ordering::SeqCst);
    }
}

/// Asks addresses with a cache.
pub(super) fn ask_with(
    addresses: &[&str],
    names: Names,
    options: &LinkOptions,
    cache: &mut Cache,
) -> Checked {
    let links: Vec<Link> = addresses.iter().map(|address| link(address)).collect();
    let ear = Ear::default();
    let checked = check_with(&links, cache, options, &ear, names).unwrap();
    assert_eq!(ear.total.load(Ordering::SeqCst), checked.asked);
    assert_eq!(ear.done.load(Ordering::SeqCst), checked.asked);
    checked
}

/// Asks one address, and returns what came of it.
pub(super) fn ask(address: &str, server: &Server, options: &LinkOptions) -> Known {
    let names = names(&[("a.test", &[server.address]), ("b.test", &[server.address])]);
    let checked = ask_with(&[address], names, options, &mut Cache::default());
    checked.answers.into_values().next().unwrap()
}

/// Returns an answer in one line.
pub(super) fn told(known: &Known) -> String {
    let answer = &known.answer;
    let to = answer.moved_to.as_deref().map(|to| format!(" -> {to}")).unwrap_or_default();
    format!(
        "{:?} {}{}{to}",
        answer.verdict,
        answer.status.unwrap_or_default(),
        if answer.why.is_empty() { String::new() } else { format!(" {}", answer.why) }
    )
}
