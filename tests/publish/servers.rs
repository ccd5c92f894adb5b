//! The servers, each on a port of its own, for as long as a test needs it.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::desk::{Desk, Tree, tree};
use crate::relay::Relay;

/// A program that runs until it is dropped.
pub(crate) struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _dead = (self.0.kill(), self.0.wait());
    }
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Returns whether a program is installed, in the folders for administrators too.
pub(crate) fn has(program: &str) -> bool {
    which(program).is_some()
}

fn which(program: &str) -> Option<PathBuf> {
    let folders = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    folders.split(':').map(|folder| Path::new(folder).join(program)).find(|path| path.is_file())
}

impl Server {
    /// Starts a program and waits until its port answers.
    fn start(program: &str, port: u16, args: &[&str]) -> Self {
        let mut command = Command::new(which(program).unwrap());
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self(command.spawn().unwrap());
        for _ in 0..1200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            assert!(server.0.try_wait().unwrap().is_none(), "`{program}` ended");
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("`{program}` does not answer");
    }

    /// nginx with a folder as its site.
    pub(crate) fn nginx(dir: &Path, port: u16, root: &Path) -> Self {
        let (at, root) = (dir.display(), root.display());
        let settings = format!(
            "daemon off; worker_processes 2; pid {at}/nginx.pid; error_log {at}/nginx.log;\n\
             events {{ worker_connections 256; }}\n\
             http {{ access_log off; keepalive_requests 1000000;\n\
             client_body_temp_path {at}/n1; proxy_temp_path {at}/n2; fastcgi_temp_path {at}/n3; uwsgi_temp_path {at}/n4; scgi_temp_path {at}/n5;\n\
             server {{ listen 127.0.0.1:{port}; root {root}; }} }}\n"
        );
        let path = dir.join("nginx.conf");
        fs::write(&path, settings).unwrap();
        // So that its workers may read what a test has made.
        fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).unwrap();
        Self::start(
            "nginx",
            port,
            &["-c", path.to_str().unwrap(), "-e", dir.join("nginx.log").to_str().unwrap()],
        )
    }
}

/// A target with its server, seen from both sides.
pub(crate) struct World {
    pub(crate) name: &'static str,
    pub(crate) desk: Desk,
    pub(crate) relay: Relay,
    /// Whether it speaks HTTP, so that the relay can answer in its place.
    pub(crate) is_http: bool,
    /// The folder of the server's files, where it keeps them as they are.
    pub(crate) place: Option<PathBuf>,
    server: Option<Server>,
    start: Box<dyn Fn() -> Server>,
    there: Box<dyn Fn() -> Tree>,
    // Last, so that it is removed last.
    _dir: tempfile::TempDir,
}

impl World {
    /// Returns the files at the target, without what is on its way or is the lock.
    pub(crate) fn there(&self) -> Tree {
        let mut tree = self.all();
        tree.retain(|name, _| !name.contains(".pressmark-"));
        tree
    }

    /// Returns all files at the target.
    pub(crate) fn all(&self) -> Tree {
        (self.there)()
    }

    /// Returns the names of all files at the target.
    pub(crate) fn names(&self) -> Vec<String> {
        self.all().into_keys().collect()
    }

    pub(crate) fn kill_server(&mut self) {
        self.server = None;
    }

    pub(crate) fn start_server(&mut self) {
        self.server = Some((self.start)());
    }
}

/// Sends a request without a body, and returns status and body.
fn ask(port: u16, method: &str, path: &str) -> (u16, Vec<u8>) {
    let mut line = TcpStream::connect(("127.0.0.1", port)).unwrap();
    // The emulator of S3 wants a signature, and does not look at it. That of Azure does look, and needs none.
    let more = if path.starts_with("/site") {
        "Authorization: AWS4-HMAC-SHA256 Credential=test/20240506/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0\r\n"
    } else {
        ""
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: 0\r\n{more}\r\n"
    );
    line.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).unwrap();
    let at = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..at]).to_ascii_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut body = answer.split_off(at + 4);
    if head.contains("transfer-encoding: chunked") {
        body = unchunk(&body);
    }
    (status, body)
}

fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let at = body.windows(2).position(|window| window == b"\r\n").unwrap();
        let size =
            usize::from_str_radix(std::str::from_utf8(&body[..at]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            return out;
        }
        out.extend_from_slice(&body[at + 2..at + 2 + size]);
        body = &body[at + 4 + size..];
    }
}

/// Returns the texts of all elements of a name.
fn texts(xml: &[u8], name: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(xml).into_owned();
    let open = format!("<{name}>");
    text.split(&open).skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

/// Reads a bucket that anybody may read.
fn bucket(port: u16, base: &str, list: &str, element: &str, prefix: &str) -> Tree {
    let (status, xml) = ask(port, "GET", &format!("{base}{list}"));
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&xml));
    let names = texts(&xml, element).into_iter();
    names
        .map(|name| {
            let (status, body) = ask(port, "GET", &format!("{base}/{name}"));
            assert_eq!(status, 200, "{name}");
            (name.strip_prefix(prefix).unwrap().to_owned(), body)
        })
        .collect()
}

fn s3() -> Option<World> {
    let dir = tempfile::tempdir().unwrap();
    has("moto_server").then_some(())?;
    let port = free_port();
    let start =
        move || Server::start("moto_server", port, &["-H", "127.0.0.1", "-p", &port.to_string()]);
    let server = start();
    assert_eq!(ask(port, "PUT", "/site").0, 200);
    let relay = Relay::to(port);
    let target = format!(
        "kind = 's3'\nbucket = 'site'\nprefix = 'news'\nregion = 'us-east-1'\nendpoint = 'http://127.0.0.1:{}'",
        relay.port
    );
    let desk = Desk::new(&target)
        .with(&[("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")]);
    let there = move || bucket(port, "/site", "?list-type=2&prefix=news/", "Key", "news/");
    Some(World {
        name: "S3",
        desk,
        relay,
        is_http: true,
        place: None,
        server: Some(server),
        start: Box::new(start),
        there: Box::new(there),
        _dir: dir,
    })
}

fn azure() -> Option<World> {
    /// The key of the emulator, which all of the world knows.
    const KEY: &str =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    const MAKE: &str = "import sys\nfrom azure.storage.blob import BlobServiceClient\n\
        service = BlobServiceClient(sys.argv[1], credential={'account_name': 'devstoreaccount1', 'account_key': sys.argv[2]})\n\
        service.create_container('site', public_access='container')";
    has("azurite-blob").then_some(())?;
    let dir = tempfile::tempdir().unwrap();
    let (port, data) = (free_port(), dir.path().to_str().unwrap().to_owned());
    let start = move || {
        let port_ = port.to_string();
        Server::start(
            "azurite-blob",
            port,
            &[
                "--silent",
                "--disableTelemetry",
                "--skipApiVersionCheck",
                "--location",
                &data,
                "--blobPort",
                &port_,
            ],
        )
    };
    let server = start();
    let address = format!("http://127.0.0.1:{port}/devstoreaccount1");
    let python = std::env::var("PRESSMARK_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let made = Command::new(python).args(["-c", MAKE, &address, KEY]).output().unwrap();
    if !made.status.success() {
        return None;
    }
    let relay = Relay::to(port);
    let target = format!(
        "kind = 'azure'\naccount = 'devstoreaccount1'\ncontainer = 'site'\nprefix = 'news'\nendpoint = 'http://127.0.0.1:{}/devstoreaccount1'",
        relay.port
    );
    let desk = Desk::new(&target).with(&[("AZURE_STORAGE_ACCOUNT_KEY", KEY)]);
    let there = move || {
        bucket(
            port,
            "/devstoreaccount1/site",
            "?restype=container&comp=list&prefix=news/",
            "Name",
            "news/",
        )
    };
    Some(World {
        name: "Azure",
        desk,
        relay,
        is_http: true,
        place: None,
        server: Some(server),
        start: Box::new(start),
        there: Box::new(there),
        _dir: dir,
    })
}

fn webdav() -> Option<World> {
    has("wsgidav").then_some(())?;
    let dir = tempfile::tempdir().unwrap();
    let (port, files) = (free_port(), dir.path().join("files"));
    fs::create_dir_all(&files).unwrap();
    let settings = dir.path().join("wsgidav.yaml");
    let text = format!(
        "host: 127.0.0.1\nport: {port}\nprovider_mapping:\n  \"/\": {}\nsimple_dc:\n  user_mapping:\n    \"*\":\n      me:\n        password: \"pw\"\n",
        files.display()
    );
    fs::write(&settings, text).unwrap();
    let settings = settings.to_str().unwrap().to_owned();
    let start = move || Server::start("wsgidav", port, &["--config", &settings]);
    let server = start();
    let relay = Relay::to(port);
    let target = format!("kind = 'webdav'\naddress = 'http://127.0.0.1:{}/site'", relay.port);
    let desk = Desk::new(&target)
        .with(&[("PRESSMARK_WEBDAV_USER", "me"), ("PRESSMARK_WEBDAV_PASSWORD", "pw")]);
    let place = files.clone();
    let there = move || tree(&files.join("site"));
    Some(World {
        name: "WebDAV",
        desk,
        relay,
        is_http: true,
        place: Some(place),
        server: Some(server),
        start: Box::new(start),
        there: Box::new(there),
        _dir: dir,
    })
}

fn ssh(name: &'static str, transfer: &str) -> Option<World> {
    for program in ["sshd", "ssh", "sftp", "ssh-keygen", "rsync"] {
        has(program).then_some(())?;
    }
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    for key in ["host", "key"] {
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f", &at(key)])
            .status();
        assert!(made.unwrap().success());
    }
    let port = free_port();
    // The server wants it, and only an administrator can make it.
    let _there_already = fs::create_dir("/run/sshd");
    let only = if transfer == "sftp" { "ForceCommand internal-sftp\n" } else { "" };
    let settings = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\nPidFile none\nUsePAM no\n\
         PasswordAuthentication no\nMaxStartups 100\nSubsystem sftp internal-sftp\n{only}",
        at("host"),
        at("key.pub"),
    );
    fs::write(at("sshd.conf"), settings).unwrap();
    let conf = at("sshd.conf");
    let start = move || Server::start("sshd", port, &["-D", "-f", &conf]);
    let server = start();
    let relay = Relay::to(port);
    let user = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
    let place = dir.path().join("live");
    fs::create_dir(&place).unwrap();
    let site = place.join("it's a site");
    let target = format!(
        "kind = 'ssh'\nhost = '{}@127.0.0.1'\nport = {}\npath = \"{}\"\ntransfer = '{transfer}'",
        user.trim(),
        relay.port,
        site.display()
    );
    let options = format!(
        "-i {} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -F none",
        at("key")
    );
    let desk = Desk::new(&target).with(&[("PRESSMARK_SSH_OPTIONS", &options)]);
    let world = World {
        name,
        desk,
        relay,
        is_http: false,
        place: Some(place),
        server: Some(server),
        start: Box::new(start),
        there: Box::new(move || tree(&site)),
        _dir: dir,
    };
    // Where sshd may not start a session, as in some containers, this is no test of ours.
    let output = world.desk.run(&["--dry-run"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() && said.contains("Permission denied") {
        println!("skipped: sshd lets nobody in: {said}");
        return None;
    }
    Some(world)
}

/// A small disk in the place of a folder, which can be filled.
pub(crate) struct Disk(PathBuf);

impl Disk {
    /// Mounts it; nothing where that is not allowed.
    pub(crate) fn mount(place: &Path, bytes: usize) -> Option<Self> {
        let size = format!("size={bytes}");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(place).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(place.to_owned()))
    }

    /// Writes until there is no room, and makes some again.
    pub(crate) fn fill(&self) {
        let mut file = fs::File::create(self.0.join("filler.pressmark-")).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
    }

    pub(crate) fn empty(&self) {
        fs::remove_file(self.0.join("filler.pressmark-")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// Does something with each target whose server is installed.
pub(crate) fn each(what: &[&str], work: impl Fn(World)) {
    type Make = fn() -> Option<World>;
    let makes: [(&str, Make); 5] = [
        ("S3", s3),
        ("Azure", azure),
        ("WebDAV", webdav),
        ("rsync", || ssh("rsync", "rsync")),
        ("SFTP", || ssh("SFTP", "sftp")),
    ];
    for (name, make) in makes.iter().filter(|(name, _)| what.contains(name)) {
        let Some(world) = make() else {
            let must = std::env::var_os("PRESSMARK_TEST_SERVERS").is_some();
            assert!(!must, "{name}: its server has to be there");
            println!("skipped: {name}: its server is not installed");
            continue;
        };
        println!("{name}");
        work(world);
    }
}
