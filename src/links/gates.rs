//! Turns: who may ask a host, and when.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The gates of all hosts, and the seats for requests at the same time.
pub(super) struct Gates {
    hosts: Mutex<BTreeMap<String, Arc<Gate>>>,
    seats: Arc<Semaphore>,
}

struct Gate {
    turn: Arc<Semaphore>,
    closed: AtomicBool,
}

/// The right to ask a host once.
pub(super) struct Turn {
    gate: Arc<Gate>,
    permit: OwnedSemaphorePermit,
    seat: OwnedSemaphorePermit,
}

impl Gates {
    pub(super) fn new(seats: usize) -> Self {
        Self { hosts: Mutex::default(), seats: Arc::new(Semaphore::new(seats.max(1))) }
    }

    fn gate(&self, host: &str) -> Arc<Gate> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let new =
            || Arc::new(Gate { turn: Arc::new(Semaphore::new(1)), closed: AtomicBool::new(false) });
        Arc::clone(hosts.entry(host.to_owned()).or_insert_with(new))
    }

    /// Waits until the host may be asked; none when it must not be asked any more.
    ///
    /// The host's turn comes first: who waits for a slow host must not keep a seat from others.
    pub(super) async fn turn(&self, host: &str) -> Option<Turn> {
        let gate = self.gate(host);
        let permit = Arc::clone(&gate.turn).acquire_owned().await.ok()?;
        if gate.closed.load(Ordering::Relaxed) {
            return None;
        }
        let seat = Arc::clone(&self.seats).acquire_owned().await.ok()?;
        Some(Turn { gate, permit, seat })
    }
}

impl Turn {
    /// Ends the turn; the next one at this host begins after `pause`. Others take the seat at once.
    pub(super) fn end(self, pause: Duration) {
        let Self { permit, seat, .. } = self;
        drop(seat);
        if pause.is_zero() {
            return;
        }
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            drop(permit);
        });
    }

    /// Ends the turn, and all later ones at this host.
    pub(super) fn close(self) {
        self.gate.closed.store(true, Ordering::Relaxed);
    }
}
