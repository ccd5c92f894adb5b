//! nginx with a configuration of its own, on a socket in a folder.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Where Debian keeps modules that are packages of their own.
const BROTLI: &str = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so";
/// A server that has not opened its socket by then never will. It is asked every few milliseconds.
const ROUNDS: u32 = 2000;

/// A server that ends with the test.
pub(crate) struct Nginx {
    child: Child,
    socket: PathBuf,
    pub(crate) has_gzip: bool,
    pub(crate) has_brotli: bool,
}

/// What the server answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Returns the value of a header, by its name in small letters.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Nginx {
    /// Starts a server whose only block holds `snippet`; says why when there is no nginx.
    pub(crate) fn start(folder: &Path, snippet: &str) -> Result<Self, String> {
        let program = ["nginx", "/usr/sbin/nginx"].into_iter().find_map(|program| {
            let told = Command::new(program).arg("-V").output().ok()?;
            Some((program, String::from_utf8_lossy(&told.stderr).into_owned()))
        });
        let (program, built) = program.ok_or("there is no nginx on this machine")?;
        let has_gzip = built.contains("http_gzip_static_module");
        let has_brotli = Path::new(BROTLI).is_file();
        let mut snippet = snippet.to_owned();
        if !has_gzip {
            snippet = snippet.replace("gzip_static on;", "");
        }
        let mut load = String::new();
        if has_brotli {
            snippet = snippet.replace("# brotli_static on;", "brotli_static on;");
            load = format!("load_module {BROTLI};\n");
        }
        let at = folder.display();
        let types = "types { text/html html; text/css css; image/svg+xml svg; text/xml xml; \
                     application/json json; }";
        // One process, which stays who it is: another user might not be let into the folder.
        let configuration = format!(
            "{load}daemon off; master_process off; pid {at}/pid; error_log {at}/errors;\n\
             events {{}}\nhttp {{ {types} access_log off;\n\
             client_body_temp_path {at}/t1; proxy_temp_path {at}/t2; fastcgi_temp_path {at}/t3;\n\
             uwsgi_temp_path {at}/t4; scgi_temp_path {at}/t5;\n\
             server {{ listen unix:{at}/socket;\n{snippet}\n}} }}\n"
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration).unwrap();
        let mut command = Command::new(program);
        command.arg("-c").arg(&file).arg("-p").arg(folder).arg("-e").arg(folder.join("errors"));
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let socket = folder.join("socket");
        let mut nginx = Self { child, socket, has_gzip, has_brotli };
        for _ in 0..ROUNDS {
            if UnixStream::connect(&nginx.socket).is_ok() {
                return Ok(nginx);
            }
            if let Some(status) = nginx.child.try_wait().unwrap() {
                let errors = fs::read_to_string(folder.join("errors")).unwrap_or_default();
                panic!("nginx ended with {status}: {errors}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("nginx does not listen");
    }

    /// Asks for a path; `headers` are whole lines.
    pub(crate) fn get(&self, path: &str, headers: &str) -> Answer {
        let mut stream = UnixStream::connect(&self.socket).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Answer { status, headers: lines.map(header).collect(), body: answer[end + 4..].to_vec() }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
