//! What the preview says on the terminal, where it listens, and the program that it starts.

use std::fs;
use std::net::{TcpListener, TcpStream};

use crate::common;
use crate::preview::{Preview, harbour, wait_until, write};
use crate::{FERRY, PAGE};

#[test]
fn the_next_port_is_used_when_one_is_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = common::temporary();
    write(&folder, FERRY, "The ferry left.\n");
    let preview = Preview::of(folder, &["--port", &port.to_string()]);
    assert!(!preview.address.ends_with(&format!(":{port}")));
    preview.wait_for(PAGE, "The ferry left.");
}

/// Another address of this machine: who listens to the usual one alone is not there.
#[cfg(target_os = "linux")]
#[test]
fn a_preview_for_the_network_says_so_and_still_turns_other_names_away() {
    let here = Preview::start(&[]);
    let elsewhere =
        |preview: &Preview| format!("127.0.0.2:{}", preview.address.rsplit(':').next().unwrap());
    assert!(TcpStream::connect(elsewhere(&here)).is_err());
    let mut open = Preview::start(&["--interface", "0.0.0.0"]);
    open.wait_until_said("warning: others in the network can see this preview, drafts too");
    assert!(open.address.starts_with("127.0.0.1:"), "{} is an address to go to", open.address);
    open.address = elsewhere(&open);
    assert_eq!(open.get(PAGE).status, 200);
    for (host, status) in [
        ("192.0.2.7:4400", 200),
        ("localhost", 200),
        ("evil.example", 403),
        ("127.0.0.2.evil.example", 403),
    ] {
        let answer = open.ask("GET", PAGE, &format!("Host: {host}\r\n"), "");
        assert_eq!(answer.status, status, "{host}");
    }
}

/// Makes a folder with the program that opens addresses, which writes down what it was asked to open.
#[cfg(unix)]
fn opener() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = common::temporary();
    let name = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let script = "#!/bin/sh\nfolder=${0%/*}\nprintf '%s|' \"$@\" >\"$folder/part\"\nmv \"$folder/part\" \"$folder/opened\"\n";
    write(&folder, name, script);
    fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[cfg(unix)]
#[test]
fn the_browser_is_opened_at_the_address_when_that_is_wanted() {
    let folder = opener();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.path().to_owned()).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).unwrap();
    let options = ["--open", "--base-path", "/news/"];
    let preview = Preview::with(harbour(), &options, |command| {
        command.env("PATH", path);
    });
    let opened = wait_until(|| {
        fs::read_to_string(folder.path().join("opened")).map_err(|error| error.to_string())
    });
    assert_eq!(opened, format!("http://{}/news/|", preview.address));
}

#[cfg(unix)]
#[test]
fn a_browser_that_cannot_be_opened_is_no_reason_to_stop() {
    let nothing = common::temporary();
    let preview = Preview::with(harbour(), &["--open"], |command| {
        command.env("PATH", nothing.path());
    });
    preview.wait_until_said("cannot start `");
    assert_eq!(preview.get(PAGE).status, 200);
}

#[test]
fn who_begins_an_article_is_told_where_it_is() {
    let preview = Preview::start(&[]);
    let said = format!("http://{}/articles/rain/\n", preview.address);
    let mut days = 0;
    wait_until(|| {
        // The first look at all files may already see it.
        days += 1;
        let text = format!("# Rain\n\nIt rained for {days} days.\n");
        preview.write("content/articles/2024-05-01-rain.md", &text);
        preview.has_said(&said)
    });
}
