//! Who may ask, and who may have something written.
//!
//! A page of somebody else's site can make a browser send requests to this machine. It cannot name this machine in them as
//! long as it uses a name of its own (DNS rebinding), and it does not know the word that pages of the preview carry.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::{HeaderMap, header};

use crate::ids::random_word;

/// The header of a request to write.
pub(super) const TOKEN: &str = "x-pressmark-token";

/// Decides about requests.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// Names of this machine.
    names: Vec<String>,
    /// Whether only this machine can ask.
    loopback: bool,
    token: String,
}

impl Guard {
    /// Returns a guard with a word that nobody can guess.
    pub(super) fn new(names: Vec<String>, address: IpAddr) -> Option<Self> {
        let token = random_word()?;
        Some(Self { names, loopback: address.is_loopback(), token })
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Returns whether a request names this machine.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        let mut hosts = headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
        host.to_str().is_ok_and(|host| self.is_ours(name_of(host)))
    }

    fn is_ours(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let number = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
        let ip = match number {
            Some(number) => number.parse::<Ipv6Addr>().ok().map(IpAddr::from),
            None => name.parse().ok(),
        };
        match ip {
            // Nobody can make a number point elsewhere.
            Some(ip) => ip.is_loopback() || !self.loopback,
            None => {
                name == "localhost" || name.ends_with(".localhost") || self.names.contains(&name)
            }
        }
    }

    /// Returns whether a request comes from a page of this preview, so that it may have something written.
    pub(super) fn trusts(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST.as_str()).unwrap_or_default();
        let same_origin = text(header::ORIGIN.as_str())
            .and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(|origin| origin.eq_ignore_ascii_case(host));
        self.admits(headers) && same_origin && text(TOKEN) == Some(self.token.as_str())
    }
}

/// Returns the name in front of the port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty() =>
        {
            // The last part of a bare IPv6 address is no port; in a request such an address stands in brackets.
            if name.contains(':') && !name.ends_with(']') { host } else { name }
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(address: &str) -> Guard {
        Guard::new(vec!["desk.example".to_owned()], address.parse().unwrap()).unwrap()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn requests_must_name_this_machine() {
        let (here, open) = (guard("127.0.0.1"), guard("0.0.0.0"));
        for (host, is_here, is_open) in [
            ("localhost:4400", true, true),
            ("LOCALHOST", true, true),
            ("site.localhost:4400", true, true),
            ("127.0.0.1:4400", true, true),
            ("[::1]:4400", true, true),
            ("desk.example:4400", true, true),
            ("192.168.1.7:4400", false, true),
            ("evil.example", false, false),
            ("localhost.evil.example:4400", false, false),
            ("127.0.0.1.evil.example", false, false),
            ("", false, false),
        ] {
            let headers = headers(&[("host", host)]);
            assert_eq!(
                (here.admits(&headers), open.admits(&headers)),
                (is_here, is_open),
                "{host}"
            );
        }
        assert!(!here.admits(&headers(&[])));
        assert!(!here.admits(&headers(&[("host", "localhost"), ("host", "evil.example")])));
    }

    #[test]
    fn only_pages_of_the_preview_may_write() {
        let guard = guard("127.0.0.1");
        let host = ("host", "localhost:4400");
        let origin = ("origin", "http://localhost:4400");
        let token = (TOKEN, guard.token());
        assert!(guard.trusts(&headers(&[host, origin, token])));
        for pairs in [
            vec![host, origin],
            vec![host, token],
            vec![origin, token],
            vec![host, origin, (TOKEN, "")],
            vec![host, ("origin", "http://evil.example"), token],
            vec![host, ("origin", "null"), token],
            vec![host, ("origin", "https://localhost:4400"), token],
        ] {
            assert!(!guard.trusts(&headers(&pairs)), "{pairs:?}");
        }
        assert_ne!(guard.token(), self::guard("127.0.0.1").token());
    }
}
