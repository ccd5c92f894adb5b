//! Stands between a publisher and a server, and does what networks do.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What happens to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// All goes through.
    Pass,
    /// Each connection is cut after so many bytes have been sent to the server.
    Cut(usize),
    /// So many requests in a row are answered with this status.
    Answer(u16, usize),
    /// At most so many bytes go through in a hundredth of a second.
    Slow(usize),
}

pub(crate) struct Relay {
    pub(crate) port: u16,
    mode: Arc<Mutex<Mode>>,
}

impl Relay {
    pub(crate) fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mode = Arc::new(Mutex::new(Mode::Pass));
        let shared = Arc::clone(&mode);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let mode = Arc::clone(&shared);
                std::thread::spawn(move || serve(&client, server, &mode));
            }
        });
        Self { port, mode }
    }

    pub(crate) fn set(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
    }
}

/// Carries one connection; an end on one side ends the other.
fn serve(client: &TcpStream, server: u16, mode: &Mutex<Mode>) -> Option<()> {
    {
        let mut mode = mode.lock().unwrap();
        if let Mode::Answer(status, left) = *mode {
            *mode = if left > 1 { Mode::Answer(status, left - 1) } else { Mode::Pass };
            drop(mode);
            return refuse(client, status);
        }
    }
    let server = TcpStream::connect(("127.0.0.1", server)).ok()?;
    let back = (server.try_clone().ok()?, client.try_clone().ok()?);
    std::thread::spawn(move || {
        let (mut from, mut to) = back;
        let _ended = std::io::copy(&mut from, &mut to);
        let _gone = to.shutdown(Shutdown::Both);
    });
    let (mut from, mut to) = (client.try_clone().ok()?, server.try_clone().ok()?);
    let mut sent = 0;
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let now = *mode.lock().unwrap();
        let most = match now {
            Mode::Slow(most) => most.min(bytes.len()),
            _ => bytes.len(),
        };
        let read = from.read(&mut bytes[..most]).ok().filter(|read| *read > 0);
        let Some(read) = read else { break };
        if matches!(now, Mode::Slow(_)) {
            std::thread::sleep(Duration::from_millis(10));
        }
        if let Mode::Cut(most) = now
            && sent + read > most
        {
            let _half = to.write_all(&bytes[..most.saturating_sub(sent)]);
            break;
        }
        sent += read;
        to.write_all(&bytes[..read]).ok()?;
    }
    let _gone = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
    Some(())
}

/// Reads a request, answers it with a status, and closes.
fn refuse(mut client: &TcpStream, status: u16) -> Option<()> {
    let mut head = Vec::new();
    let mut bytes = [0; 4096];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let read = client.read(&mut bytes).ok().filter(|read| *read > 0)?;
        head.extend_from_slice(&bytes[..read]);
    }
    let answer = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    client.write_all(answer.as_bytes()).ok()?;
    client.shutdown(Shutdown::Write).ok()?;
    // What is still sent is read, so that the answer is not lost to a reset.
    while client.read(&mut bytes).is_ok_and(|read| read > 0) {}
    Some(())
}
