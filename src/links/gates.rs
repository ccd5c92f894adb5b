//! Turns: who may ask a host, and when.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::ask::Failure;

/// Requests one after the other that a host may leave unanswered: three pages, each by HEAD and GET.
const PATIENCE: usize = 6;

/// The gates of all hosts, and the seats for requests at the same time.
pub(super) struct Gates {
    hosts: Mutex<BTreeMap<String, Arc<Gate>>>,
    seats: Arc<Semaphore>,
}

struct Gate {
    turn: Arc<Semaphore>,
    /// Why it must not be asked any more.
    closed: OnceLock<Failure>,
    /// Requests one after the other that were not answered in time.
    late: AtomicUsize,
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
        let new = || {
            let turn = Arc::new(Semaphore::new(1));
            Arc::new(Gate { turn, closed: OnceLock::new(), late: AtomicUsize::new(0) })
        };
        Arc::clone(hosts.entry(host.to_owned()).or_insert_with(new))
    }

    /// Waits until the host may be asked.
    ///
    /// The host's turn comes first: who waits for a slow host must not keep a seat from others.
    ///
    /// # Errors
    /// With the reason why it must not be asked any more.
    pub(super) async fn turn(&self, host: &str) -> Result<Turn, Failure> {
        let gate = self.gate(host);
        // Neither of the two is ever closed.
        let permit = Arc::clone(&gate.turn).acquire_owned().await.map_err(|_| Failure::Busy)?;
        if let Some(why) = gate.closed.get() {
            return Err(why.clone());
        }
        let seat = Arc::clone(&self.seats).acquire_owned().await.map_err(|_| Failure::Busy)?;
        Ok(Turn { gate, permit, seat })
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
    pub(super) fn close(self, why: Failure) {
        self.gate.closed.get_or_init(|| why);
    }

    /// Notes whether the host answered in time. One that never does would take all day.
    pub(super) fn note(&self, was_late: bool) {
        if !was_late {
            self.gate.late.store(0, Ordering::Relaxed);
        } else if self.gate.late.fetch_add(1, Ordering::Relaxed) + 1 >= PATIENCE {
            self.gate.closed.get_or_init(|| Failure::Slow);
        }
    }
}
