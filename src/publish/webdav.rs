//! A folder of a WebDAV server (RFC 4918).
//!
//! A file is sent under another name and moved into its place, so that no reader gets half of it, whatever the server does while a
//! file arrives, and a disk that is full leaves no half of a lock. The lock is moved to where nothing may be (`Overwrite: F`), and what
//! is there afterwards is read again.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use quick_xml::Reader;
use quick_xml::events::Event;
use reqwest::header::{CONTENT_TYPE, ETAG};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use tokio::runtime::Runtime;

use super::net::{failed, provide_tls, runtime};
use super::remote::{Listed, Remote, Version};
use crate::diag::Error;
use crate::files::{SitePath, media_type};
use crate::ids::Fingerprint;

/// Requests that are under way at once.
const LANES: usize = 8;
/// How long a request may take, and how often it is tried.
const TIMEOUT: Duration = Duration::from_mins(2);
const TRIES: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// What servers answer when something is where nothing may be.
const TAKEN: [StatusCode; 2] = [StatusCode::PRECONDITION_FAILED, StatusCode::CONFLICT];
/// What the environment says about who publishes.
const USER: &str = "PRESSMARK_WEBDAV_USER";
const PASSWORD: &str = "PRESSMARK_WEBDAV_PASSWORD";

/// A folder of a server.
pub(super) struct WebDav {
    client: Client,
    base: Url,
    login: Option<(String, String)>,
    runtime: Runtime,
    /// Folders that are there.
    folders: Mutex<BTreeSet<String>>,
}

impl WebDav {
    /// Opens a folder of a server; `env` holds name and password.
    pub(super) fn open(address: &str, env: &[(String, String)]) -> Result<Self, Error> {
        provide_tls();
        let base = Url::parse(&format!("{}/", address.trim_end_matches('/')));
        let base = base.map_err(|error| failed("use", address, &error))?;
        let find =
            |name: &str| env.iter().find(|(each, _)| each == name).map(|(_, value)| value.clone());
        let login = find(USER).map(|user| (user, find(PASSWORD).unwrap_or_default()));
        let is_near = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if login.is_some() && base.scheme() != "https" && !is_near {
            return Err(Error::usage(format!(
                "`{address}` would send the password for all to read"
            ))
            .help("use an address that begins with `https://`"));
        }
        let client =
            Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build();
        let client = client.map_err(|error| failed("open", address, &error))?;
        Ok(Self { client, base, login, runtime: runtime()?, folders: Mutex::default() })
    }

    fn url(&self, path: &str) -> Result<Url, Error> {
        let mut url = self.base.clone();
        {
            let mut segments = url
                .path_segments_mut()
                .map_err(|()| Error::internal("an address without a path"))?;
            segments.pop_if_empty().extend(path.split('/').filter(|part| !part.is_empty()));
        }
        if path.ends_with('/') || path.is_empty() {
            url.set_path(&format!("{}/", url.path().trim_end_matches('/')));
        }
        Ok(url)
    }

    /// Sends a request, and again when the server is busy or the line breaks.
    fn ask(
        &self,
        (method, path): (&str, &str),
        change: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, Error> {
        let method =
            Method::from_bytes(method.as_bytes()).map_err(|error| failed("ask", path, &error))?;
        let url = self.url(path)?;
        let mut pause = FIRST_PAUSE;
        for attempt in 1.. {
            let request = change(self.client.request(method.clone(), url.clone()));
            let request = match &self.login {
                Some((user, password)) => request.basic_auth(user, Some(password)),
                None => request,
            };
            // A request starts its clock when it is sent, which needs the runtime.
            let answer = self.runtime.block_on(async { request.send().await });
            let is_passing = match &answer {
                Ok(answer) => matches!(answer.status().as_u16(), 423 | 429 | 500 | 502 | 503 | 504),
                Err(_) => true,
            };
            if !is_passing || attempt == TRIES {
                return answer.map_err(|error| failed("reach", path, &error));
            }
            std::thread::sleep(pause);
            pause *= 2;
        }
        Err(Error::internal("a request without an answer"))
    }

    fn bytes(&self, path: &str, answer: Response) -> Result<Vec<u8>, Error> {
        let bytes = self.runtime.block_on(answer.bytes());
        bytes.map(|bytes| bytes.to_vec()).map_err(|error| failed("read", path, &error))
    }

    /// Makes the folders on the way to a file.
    fn make_way(&self, path: &str) -> Result<(), Error> {
        let mut folder = String::new();
        let ways: Vec<&str> = path.split('/').collect();
        for part in std::iter::once("").chain(ways[..ways.len() - 1].iter().copied()) {
            if !part.is_empty() {
                folder = format!("{folder}{part}/");
            }
            let is_known = |folders: &BTreeSet<String>| folders.contains(&folder);
            if is_known(&self.folders.lock().unwrap_or_else(PoisonError::into_inner)) {
                continue;
            }
            let status = self.ask(("MKCOL", &folder), |request| request)?.status();
            // 405 says that it is there.
            if !status.is_success()
                && status != StatusCode::METHOD_NOT_ALLOWED
                && !folder.is_empty()
            {
                return Err(refused("make the folder", &folder, status));
            }
            self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.clone());
        }
        Ok(())
    }

    /// Sends a file under a name of its own, and gives it its own in one step; returns the status of what came last.
    ///
    /// `overwrite` is `T` or `F`: whether another file may be in its place (RFC 4918, 10.6).
    fn place(&self, path: &SitePath, bytes: &[u8], overwrite: &str) -> Result<StatusCode, Error> {
        self.make_way(path.as_str())?;
        let part = format!("{path}.{}.pressmark-part", Fingerprint::of(bytes));
        let media = media_type(path);
        let sent = self.ask(("PUT", &part), |request| {
            request.header(CONTENT_TYPE, &media).body(bytes.to_vec())
        })?;
        let mut status = sent.status();
        if status.is_success() {
            let to = self.url(path.as_str())?;
            let moved = self.ask(("MOVE", &part), |request| {
                request.header("Destination", to.as_str()).header("Overwrite", overwrite)
            })?;
            status = moved.status();
        }
        if !status.is_success() {
            // What is left of it does no harm, so this may fail too.
            let _left = self.ask(("DELETE", &part), |request| request);
        }
        Ok(status)
    }

    /// Returns the version of a file that holds these bytes by now; nothing when it holds others.
    fn held(&self, path: &SitePath, bytes: &[u8]) -> Result<Option<Version>, Error> {
        Ok(self.read(path)?.filter(|(there, _)| there == bytes).map(|(_, version)| version))
    }

    /// Lists one folder: its files, and the folders in it.
    fn list_folder(&self, folder: &str) -> Result<(Vec<Listed>, Vec<String>), Error> {
        const WANTED: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
            <propfind xmlns=\"DAV:\"><prop><resourcetype/><getcontentlength/></prop></propfind>";
        let answer = self.ask(("PROPFIND", folder), |request| {
            request.header("Depth", "1").header(CONTENT_TYPE, "application/xml").body(WANTED)
        })?;
        match answer.status() {
            StatusCode::NOT_FOUND => return Ok((Vec::new(), Vec::new())),
            status if !status.is_success() => return Err(refused("list", folder, status)),
            _ => {}
        }
        let text = self.bytes(folder, answer)?;
        let top = self.url("")?;
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for Entry { href, size, is_folder } in entries(&text) {
            let Some(below) = below(&top, &href) else { continue };
            let Some(path) = SitePath::parse(&below) else { continue };
            if is_folder {
                let name = format!("{path}/");
                if name != folder {
                    folders.push(name);
                }
            } else {
                files.push(Listed { path, size, md5: None });
            }
        }
        Ok((files, folders))
    }
}

impl Remote for WebDav {
    fn read(&self, path: &SitePath) -> Result<Option<(Vec<u8>, Version)>, Error> {
        let answer = self.ask(("GET", path.as_str()), |request| request)?;
        match answer.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::CONFLICT => return Ok(None),
            status => return Err(refused("read", path.as_str(), status)),
        }
        let tag = answer
            .headers()
            .get(ETAG)
            .and_then(|tag| tag.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes = self.bytes(path.as_str(), answer)?;
        let version = format!("{}\n{tag}", Fingerprint::of(&bytes));
        Ok(Some((bytes, Version(version))))
    }

    fn list(&self) -> Result<Vec<Listed>, Error> {
        let mut files = Vec::new();
        let mut open = vec![String::new()];
        while let Some(folder) = open.pop() {
            let (more, folders) = self.list_folder(&folder)?;
            files.extend(more);
            open.extend(folders);
        }
        Ok(files)
    }

    fn write(&self, path: &SitePath, bytes: Vec<u8>) -> Result<(), Error> {
        match self.place(path, &bytes, "T")? {
            status if status.is_success() => Ok(()),
            // An answer that was lost has us ask twice; then it is in its place already.
            StatusCode::NOT_FOUND if self.held(path, &bytes)?.is_some() => Ok(()),
            status => Err(refused("write", path.as_str(), status)),
        }
    }

    fn remove(&self, path: &SitePath) -> Result<(), Error> {
        match self.ask(("DELETE", path.as_str()), |request| request)?.status() {
            status if status.is_success() || status == StatusCode::NOT_FOUND => Ok(()),
            status => Err(refused("remove", path.as_str(), status)),
        }
    }

    fn create(&self, path: &SitePath, bytes: &[u8]) -> Result<Option<Version>, Error> {
        match self.place(path, bytes, "F")? {
            // When it is there already, it may be by a request of ours whose answer was lost.
            status if status.is_success() || TAKEN.contains(&status) => self.held(path, bytes),
            status => Err(refused("write", path.as_str(), status)),
        }
    }

    fn replace(
        &self,
        path: &SitePath,
        bytes: &[u8],
        old: &Version,
    ) -> Result<Option<Version>, Error> {
        if !self.is_still(path, old)? {
            return Ok(None);
        }
        match self.place(path, bytes, "T")? {
            status if status.is_success() || status == StatusCode::NOT_FOUND => {
                self.held(path, bytes)
            }
            status => Err(refused("write", path.as_str(), status)),
        }
    }

    fn lanes(&self) -> usize {
        LANES
    }
}

fn refused(doing: &str, path: &str, status: StatusCode) -> Error {
    let error = Error::remote(format!("cannot {doing} `{path}`: the server answers {status}"));
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return error.help(format!("set `{USER}` and `{PASSWORD}` in the environment"));
    }
    error
}

/// What a server says of a file or folder.
#[derive(Default)]
struct Entry {
    href: String,
    size: Option<u64>,
    is_folder: bool,
}

/// Reads an answer to `PROPFIND`; what is not understood is passed over.
fn entries(xml: &[u8]) -> Vec<Entry> {
    let text = String::from_utf8_lossy(xml);
    let mut reader = Reader::from_str(&text);
    let (mut out, mut entry, mut inside) = (Vec::new(), Entry::default(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                tag.local_name().as_ref().clone_into(&mut inside);
                match inside.as_str() {
                    "response" => entry = Entry::default(),
                    "collection" => entry.is_folder = true,
                    _ => {}
                }
            }
            Ok(Event::Empty(tag)) => entry.is_folder |= tag.local_name().as_ref() == "collection",
            Ok(Event::Text(text)) => {
                let text: &str = &text;
                match inside.as_str() {
                    "href" => entry.href.push_str(text.trim()),
                    "getcontentlength" => entry.size = text.trim().parse().ok(),
                    _ => {}
                }
            }
            Ok(Event::GeneralRef(name)) if inside == "href" && *name == *"amp" => {
                entry.href.push('&');
            }
            Ok(Event::End(tag)) => {
                inside.clear();
                if tag.local_name().as_ref() == "response" {
                    out.push(std::mem::take(&mut entry));
                }
            }
            Ok(Event::Eof) | Err(_) => return out,
            Ok(_) => {}
        }
    }
}

/// Returns a path below the top of an address, decoded.
fn below(top: &Url, href: &str) -> Option<String> {
    let url = top.join(href).ok()?;
    let decode = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .ok()
            .map(std::borrow::Cow::into_owned)
    };
    let (path, top) = (decode(url.path())?, decode(top.path())?);
    let below = path.strip_prefix(&top)?.trim_end_matches('/').to_owned();
    (!below.is_empty()).then_some(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_with_any_prefix_is_read() {
        let xml = br#"<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">
            <D:response><D:href>/s/</D:href><D:propstat><D:prop><D:resourcetype><D:collection/></D:resourcetype></D:prop></D:propstat></D:response>
            <D:response><D:href>/s/a%20b&amp;c.html</D:href><D:propstat><D:prop><D:resourcetype/><D:getcontentlength>12</D:getcontentlength></D:prop></D:propstat></D:response>
            </D:multistatus>"#;
        let found = entries(xml);
        assert_eq!(found.len(), 2);
        let top = Url::parse("http://h.example/s/").unwrap();
        assert!(found[0].is_folder && below(&top, &found[0].href).is_none());
        assert_eq!(below(&top, &found[1].href).as_deref(), Some("a b&c.html"));
        assert_eq!(found[1].size, Some(12));
        assert!(entries(b"<a><b").is_empty());
        assert_eq!(below(&top, "http://other.example/s/x").as_deref(), Some("x"));
    }

    #[test]
    fn a_password_is_not_sent_in_the_clear() {
        let env = [(USER.to_owned(), "me".to_owned())];
        assert!(WebDav::open("http://dav.example.org/s", &env).is_err());
        assert!(WebDav::open("http://127.0.0.1:1/s", &env).is_ok());
        assert!(WebDav::open("https://dav.example.org/s", &env).is_ok());
    }
}
