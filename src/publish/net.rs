//! What all targets on the network share: a runtime, and failures without secrets.

use tokio::runtime::{Builder, Runtime};

use super::program::without_passwords;
use crate::diag::Error;

/// Threads that wait for the network.
const WORKERS: usize = 2;

/// Starts a runtime.
///
/// # Errors
/// When the system has no threads left.
pub(crate) fn runtime() -> Result<Runtime, Error> {
    let runtime = Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    runtime.map_err(|error| Error::network("start the network", error))
}

/// Has TLS use the cryptography that is compiled in. Asking twice does no harm.
pub(crate) fn provide_tls() {
    let _already = rustls::crypto::ring::default_provider().install_default();
}

/// Returns the failure of a request, without what might be secret in addresses.
pub(super) fn failed(doing: &str, path: &str, error: &dyn std::error::Error) -> Error {
    Error::remote(format!("cannot {doing} `{path}`: {}", reason(error)))
}

/// Returns why a request failed, without what might be secret in addresses.
pub(crate) fn reason(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        source = error.source();
    }
    let text: String = text.split_whitespace().map(without_query).collect::<Vec<_>>().join(" ");
    without_passwords(&text)
}

/// Signatures and tokens are behind the question mark of an address.
fn without_query(word: &str) -> &str {
    match (word.contains("://"), word.find('?')) {
        (true, Some(at)) => &word[..at],
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_no_secret() {
        let error = std::io::Error::other("at https://me:pw@h.example/c/f?sig=abc&x=1 something");
        let text = failed("write", "a", &error).to_string();
        assert_eq!(text, "cannot write `a`: at https://***@h.example/c/f something");
    }
}
