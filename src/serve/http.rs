//! Requests and answers.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::watch::Sender;

use super::guard::Guard;
use super::inject::{Script, TOOLS, bare_page};
use super::range::{Part, part};
use super::routes::{Route, route};
use super::{Host, ServeOptions, State, tools};
use crate::build::{Answer, Live};
use crate::diag::{Diagnostic, Error, Format, Palette, render};
use crate::files::{SitePath, media_type};
use crate::plan::PageKind;

/// Bytes of a request's body: a decision is short.
const MAX_BODY: usize = 16 * 1024;
/// So that both ends notice when the other one is gone.
const BEAT: Duration = Duration::from_secs(15);

/// All that requests need.
pub(super) struct Server {
    pub(super) live: Arc<Live>,
    pub(super) options: ServeOptions,
    pub(super) host: Arc<dyn Host>,
    pub(super) guard: Guard,
    state: Sender<State>,
}

/// What a page is answered with.
struct Page {
    status: StatusCode,
    path: SitePath,
    bytes: Vec<u8>,
}

impl Server {
    pub(super) fn new(
        live: Arc<Live>,
        state: Sender<State>,
        options: ServeOptions,
        host: Arc<dyn Host>,
        address: SocketAddr,
    ) -> Result<Self, Error> {
        let guard = Guard::new(options.names.clone(), address.ip())
            .ok_or_else(|| Error::internal("the system gives no random numbers"))?;
        Ok(Self { live, options, host, guard, state })
    }

    /// Waits until there is something to show, or a report why there is nothing.
    async fn ready(&self) -> State {
        let mut state = self.state.subscribe();
        let ready = state.wait_for(|state| state.generation > 0).await;
        ready.map(|state| *state).unwrap_or_default()
    }

    /// Returns the path that the site is served under; the settings may have changed since the start.
    pub(super) fn base_path(&self) -> String {
        self.live.base_path().unwrap_or_else(|| self.options.base_path.clone())
    }

    /// Returns the output that a path stands for.
    fn look_up(&self, path: &str) -> Route {
        route(path, &self.base_path(), &|path| self.live.has(path))
    }

    /// Makes an output; with the missing page in its place when there is none.
    fn page(&self, route: Route) -> Result<Page, Error> {
        let (path, status) = if let Route::Output(path) = route {
            (path, StatusCode::OK)
        } else {
            let path = SitePath::parse("404.html");
            (path.ok_or_else(|| Error::internal("a name is no path"))?, StatusCode::NOT_FOUND)
        };
        match self.live.answer(&path)? {
            Answer::Bytes(bytes) => {
                let is_gone = matches!(self.live.page(&path), Some((PageKind::Removed(_), _)));
                let status = if is_gone { StatusCode::GONE } else { status };
                Ok(Page { status, path, bytes })
            }
            Answer::Failed(report) => {
                let text = render(&[*report], Format::Human, Palette::Plain);
                let bytes = bare_page("This page cannot be shown", &text);
                Ok(Page { status: StatusCode::INTERNAL_SERVER_ERROR, path: html()?, bytes })
            }
            Answer::Missing if !self.live.is_shown() => {
                let errors: Vec<Diagnostic> = self.live.report().diagnostics.clone();
                let text = render(&errors, Format::Human, Palette::Plain);
                let bytes = bare_page("The site cannot be shown yet", &text);
                Ok(Page { status: StatusCode::SERVICE_UNAVAILABLE, path: html()?, bytes })
            }
            Answer::Missing => {
                let bytes = bare_page("Nothing is here", "");
                Ok(Page { status: StatusCode::NOT_FOUND, path: html()?, bytes })
            }
        }
    }
}

fn html() -> Result<SitePath, Error> {
    SitePath::parse("index.html").ok_or_else(|| Error::internal("a name is no path"))
}

/// Returns everything that the preview answers to.
pub(super) fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route(&format!("{TOOLS}events"), get(events))
        .route(&format!("{TOOLS}decide"), post(tools::decide))
        .route(&format!("{TOOLS}{{*rest}}"), get(tools::tool))
        .route(TOOLS, get(tools::tool))
        .fallback(site)
        .layer(middleware::from_fn_with_state(Arc::clone(&server), admit))
        .layer(axum::extract::DefaultBodyLimit::max(MAX_BODY))
        .with_state(server)
}

/// Turns away who does not name this machine, and marks all answers as for this origin alone.
async fn admit(Shared(server): Shared<Arc<Server>>, request: Request, next: Next) -> Response {
    if !server.guard.admits(request.headers()) {
        let text = "This preview answers to `localhost` and to the number of this machine only; \
                    see `pressmark serve --help` for other names.\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("x-frame-options", "SAMEORIGIN"),
        ("referrer-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Answers with an output of the site.
async fn site(
    Shared(server): Shared<Arc<Server>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let state = server.ready().await;
    let worker = Arc::clone(&server);
    let path = uri.path().to_owned();
    let made = tokio::task::spawn_blocking(move || {
        let route = worker.look_up(&path);
        if let Route::Elsewhere(to) = route {
            return Ok(Err(to));
        }
        worker.page(route).map(Ok)
    });
    match made.await {
        Ok(Ok(Ok(page))) => answer(&server, page, state, &method, &headers),
        Ok(Ok(Err(to))) => {
            let to = uri.query().map_or(to.clone(), |query| format!("{to}?{query}"));
            (
                StatusCode::MOVED_PERMANENTLY,
                [(header::LOCATION, to), (header::CACHE_CONTROL, "no-cache".to_owned())],
            )
                .into_response()
        }
        Ok(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
        Err(_) => (StatusCode::INTERNAL_SERVER_ERROR, "a page could not be made\n").into_response(),
    }
}

/// Returns the answer that holds a page or a part of it, unless the client has it.
fn answer(
    server: &Server,
    page: Page,
    state: State,
    method: &Method,
    headers: &HeaderMap,
) -> Response {
    let Page { status, path, mut bytes } = page;
    // Of the page itself: the script's own words are no reason to load it again.
    let mut tag = format!("\"{:016x}\"", twox_hash::XxHash3_64::oneshot(&bytes));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| {
        known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag || one.trim() == "*")
    });
    let media = media_type(&path);
    let is_page = media.starts_with("text/html");
    if is_page {
        // Its bytes are others from state to state, so that parts of two answers may not be put together.
        tag.insert_str(0, "W/");
    }
    let common = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::ETAG, tag.clone()),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
    ];
    if is_known && status == StatusCode::OK {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    if is_page {
        let script = Script { token: server.guard.token(), generation: state.generation };
        bytes = script.add(&bytes);
    }
    let bytes = Bytes::from(bytes);
    let is_part = method == Method::GET && status == StatusCode::OK;
    let length = bytes.len();
    match if is_part { part(headers, &tag, length) } else { Part::Whole } {
        Part::Whole => (status, common, Body::from(bytes)).into_response(),
        Part::Bytes(range) => {
            let place = format!("bytes {}-{}/{length}", range.start, range.end - 1);
            let place = [(header::CONTENT_RANGE, place)];
            let part = Body::from(bytes.slice(range));
            (StatusCode::PARTIAL_CONTENT, common, place, part).into_response()
        }
        Part::Nothing => {
            let place = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, place).into_response()
        }
    }
}

/// Tells a browser how it stands, and of each change. One that does not listen misses states in between, and nothing piles up.
async fn events(Shared(server): Shared<Arc<Server>>) -> impl IntoResponse {
    // The first state is news too: the page may be older than the connection.
    let begin = (server.state.subscribe(), 0);
    let stream = futures_util::stream::unfold(begin, |(mut told, last)| async move {
        let state = *told.wait_for(|state| state.generation > last).await.ok()?;
        let State { generation, errors } = state;
        let text = format!("{{\"generation\":{generation},\"errors\":{errors}}}");
        Some((Ok::<Event, Infallible>(Event::default().data(text)), (told, generation)))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(BEAT))
}
