//! Takes connections, as many at once as the machine bears, and gives up those that do not get on.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use super::http::{self, Server};
use crate::diag::Error;

/// Connections at once. Systems allow a process a thousand files or so.
const MOST: usize = 400;
/// For the head of a request.
const HEAD: Duration = Duration::from_secs(5);
/// The same from when hardly any place is left until as long after: thousands that say nothing must not keep one that asks waiting.
const HURRIED_HEAD: Duration = Duration::from_secs(1);
/// Places that are left then.
const HARDLY_ANY: usize = 40;
/// For a client to take something of what it has asked for.
const WRITE: Duration = Duration::from_secs(30);
/// Bytes of a request's head.
const MAX_HEAD: usize = 16 * 1024;
/// How long is waited when the system has no more files to give.
const PAUSE: Duration = Duration::from_millis(50);

/// Answers in the background.
///
/// # Errors
/// When the system gives no threads, or the port cannot be used.
pub(super) fn start(listener: TcpListener, server: Server) -> Result<(), Error> {
    let trouble = |error| Error::network("serve", error);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .thread_name("preview")
        .enable_all()
        .build()
        .map_err(trouble)?;
    listener.set_nonblocking(true).map_err(trouble)?;
    let router = http::router(Arc::new(server));
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener).map_err(trouble)?
    };
    std::thread::spawn(move || runtime.block_on(accept(listener, router)));
    Ok(())
}

async fn accept(listener: tokio::net::TcpListener, router: Router) {
    let places = Arc::new(Semaphore::new(MOST));
    let mut last_full = None::<Instant>;
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Small answers go out at once.
        let _slower = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE));
        if places.available_permits() < HARDLY_ANY {
            last_full = Some(Instant::now());
        }
        let hurries = last_full.is_some_and(|then| then.elapsed() < HEAD);
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let stream = Box::pin(stream);
            let _ended = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(if hurries { HURRIED_HEAD } else { HEAD })
                .max_buf_size(MAX_HEAD)
                .serve_connection(TokioIo::new(stream), service)
                .await;
            drop(place);
        });
    }
}
