//! A server on this machine that does what servers do.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How a path is answered.
#[derive(Clone, Debug)]
pub(crate) enum Way {
    /// With these bytes.
    Bytes(Vec<u8>),
    /// With these bytes, in many pieces.
    Slow(Vec<u8>),
    /// With bytes that never end.
    Endless,
    /// With a status, without a body.
    Status(u16),
    /// With a status and a page.
    Page(u16, Vec<u8>),
    /// With a redirect.
    To(String),
    /// With these bytes, and a header that says that they are in this coding.
    Coded(&'static str, Vec<u8>),
    /// With a status or half of the bytes so many times, then as it should be.
    Busy(u16, usize, Vec<u8>),
    Broken(usize, Vec<u8>),
}

#[derive(Default)]
struct Shared {
    ways: BTreeMap<String, Way>,
    /// The paths that were asked for.
    asked: Vec<String>,
    /// Heads of requests.
    heads: String,
    /// Requests that are under way, and the most there were.
    open: (usize, usize),
}

/// The server.
pub(crate) struct Server {
    pub(crate) port: u16,
    shared: Arc<Mutex<Shared>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Mutex::new(Shared::default()));
        let inner = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&inner);
                std::thread::spawn(move || {
                    let _gone = answer(&client, &shared);
                });
            }
        });
        Self { port, shared }
    }

    pub(crate) fn set(&self, path: &str, way: Way) {
        self.shared.lock().unwrap().ways.insert(path.to_owned(), way);
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        self.shared.lock().unwrap().asked.iter().filter(|asked| *asked == path).count()
    }

    pub(crate) fn heads(&self) -> String {
        self.shared.lock().unwrap().heads.clone()
    }

    /// The most requests that were under way at once.
    pub(crate) fn most(&self) -> usize {
        self.shared.lock().unwrap().open.1
    }
}

fn answer(client: &TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut lines = BufReader::new(client);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if lines.read_line(&mut head)? == 0 {
            return Ok(());
        }
    }
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let way = {
        let mut shared = shared.lock().unwrap();
        shared.asked.push(path.clone());
        shared.heads += &head;
        shared.open.0 += 1;
        shared.open.1 = shared.open.1.max(shared.open.0);
        let way = shared.ways.get_mut(&path);
        let given = way.as_deref().cloned();
        if let Some(Way::Busy(_, times, _) | Way::Broken(times, _)) = way {
            *times = times.saturating_sub(1);
        }
        given.unwrap_or(Way::Status(404))
    };
    // Before the last byte goes out, so that the next request does not count beside this one.
    let end = || shared.lock().unwrap().open.0 -= 1;
    let mut out = client;
    match way {
        Way::Bytes(bytes) | Way::Busy(_, 0, bytes) | Way::Broken(0, bytes) => {
            end();
            send(out, 200, "", &bytes)
        }
        Way::Status(status) | Way::Busy(status, ..) => {
            end();
            send(out, status, "", b"")
        }
        Way::Page(status, bytes) => {
            end();
            send(out, status, "", &bytes)
        }
        Way::To(to) => {
            end();
            send(out, 308, &format!("Location: {to}\r\n"), b"")
        }
        Way::Coded(coding, bytes) => {
            end();
            send(out, 200, &format!("Content-Encoding: {coding}\r\n"), &bytes)
        }
        Way::Slow(bytes) => {
            out.write_all(&begin(200, "", Some(bytes.len())))?;
            let (last, first) = bytes.split_last().unwrap();
            for piece in first.chunks(100) {
                std::thread::sleep(Duration::from_millis(5));
                out.write_all(piece)?;
            }
            end();
            out.write_all(&[*last])
        }
        Way::Endless => {
            out.write_all(&begin(200, "", None))?;
            let ended = loop {
                if let Err(error) = out.write_all(&[b'x'; 4096]) {
                    break error;
                }
            };
            end();
            Err(ended)
        }
        Way::Broken(_, bytes) => {
            end();
            out.write_all(&begin(200, "", Some(bytes.len())))?;
            out.write_all(&bytes[..bytes.len() / 2])
        }
    }
}

fn begin(status: u16, more: &str, length: Option<usize>) -> Vec<u8> {
    let length = length.map_or_else(String::new, |length| format!("Content-Length: {length}\r\n"));
    format!("HTTP/1.1 {status} x\r\nConnection: close\r\n{more}{length}\r\n").into_bytes()
}

fn send(mut out: &TcpStream, status: u16, more: &str, bytes: &[u8]) -> std::io::Result<()> {
    out.write_all(&[&begin(status, more, Some(bytes.len())), bytes].concat())
}
