//! Follows one address to its end: `robots.txt`, HEAD, GET where HEAD is refused, redirects; and says what came of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::Method;
use tokio::sync::OnceCell;

use super::address::Address;
use super::ask::{Client, Failure, Reply};
use super::cache::{Answer, Verdict};
use super::gates::Gates;
use super::robots::Rules;

/// Redirects that are followed, as many as browsers do at least (the Fetch Standard has 20; nobody needs them).
const MAX_REDIRECTS: usize = 10;

/// Bytes of a `robots.txt` that are read: what RFC 9309 asks for at least.
const MAX_ROBOTS: usize = 500 * 1024;

/// What is said of addresses that are not asked.
pub(super) const NOT_ASKED: &str =
    "it belongs to this machine or a private network, and is not asked";

/// What all visits share.
pub(super) struct Visitor {
    client: Client,
    gates: Gates,
    pause: Duration,
    longest_wait: Duration,
    /// What each origin lets us ask for, found out once.
    permissions: Mutex<BTreeMap<String, Arc<OnceCell<Permission>>>>,
}

/// What an origin lets us ask for.
#[derive(Clone, Debug)]
enum Permission {
    /// What its rules allow.
    Rules(Rules),
    /// Nothing just now, because its rules cannot be read.
    Unknown(u16),
    /// There is nobody to ask.
    Nobody(Failure),
}

/// How one step went.
enum Step {
    /// The address redirects: where to, whether for good, whether it wants something remembered.
    Redirect { to: String, lasting: bool, sets_cookie: bool },
    /// It answered.
    End(Answer),
}

impl Visitor {
    pub(super) fn new(
        client: Client,
        hosts: usize,
        pause: Duration,
        longest_wait: Duration,
    ) -> Self {
        Self {
            client,
            gates: Gates::new(hosts),
            pause,
            longest_wait,
            permissions: Mutex::default(),
        }
    }

    /// Returns whether anything showed that this machine is on the network.
    pub(super) fn has_network(&self) -> bool {
        self.client.has_network()
    }

    /// Finds out how it stands with an address.
    pub(super) async fn visit(&self, address: &Address) -> Answer {
        let mut at = address.clone();
        let mut seen = BTreeSet::from([at.clone()]);
        // How far redirects lead that hold for good.
        let mut moved: Option<Address> = None;
        let (mut lasting_so_far, mut wants_cookies) = (true, false);
        for _ in 0..=MAX_REDIRECTS {
            let (to, lasting, sets_cookie) = match self.step(&at).await {
                Step::End(mut answer) => {
                    if answer.verdict == Verdict::Good
                        && let Some(moved) = moved
                    {
                        answer.verdict = Verdict::Moved;
                        answer.moved_to = Some(moved.to_string());
                    }
                    return answer;
                }
                Step::Redirect { to, lasting, sets_cookie } => (to, lasting, sets_cookie),
            };
            let Some(next) = at.join(&to) else {
                return Answer::new(
                    Verdict::Doubtful,
                    None,
                    "it leads to something that is not of the web",
                );
            };
            wants_cookies |= sets_cookie;
            lasting_so_far &= lasting;
            if lasting_so_far {
                moved = Some(next.clone());
            }
            if !seen.insert(next.clone()) {
                // Some sites send visitors in a circle until they carry a cookie; browsers get in.
                return if wants_cookies {
                    Answer::new(Verdict::Doubtful, None, "it wants cookies")
                } else {
                    Answer::new(Verdict::Broken, None, "its redirects go in a circle")
                };
            }
            at = next;
        }
        Answer::new(Verdict::Broken, None, format!("it redirects more than {MAX_REDIRECTS} times"))
    }

    async fn step(&self, at: &Address) -> Step {
        match self.permission(at).await {
            Permission::Rules(rules) => {
                let url = at.url();
                if !rules.allow(&url[url::Position::BeforePath..url::Position::AfterQuery]) {
                    return Step::End(Answer::new(
                        Verdict::Doubtful,
                        None,
                        "`robots.txt` forbids programs to ask",
                    ));
                }
            }
            Permission::Unknown(status) => {
                let why = format!("`robots.txt` cannot be read (status {status})");
                return Step::End(Answer::new(Verdict::Doubtful, Some(status), why));
            }
            Permission::Nobody(failure) => return Step::End(of_failure(failure)),
        }
        match self.page(at).await {
            Ok(Reply {
                status: status @ (301 | 302 | 303 | 307 | 308),
                location: Some(to),
                sets_cookie,
                ..
            }) => Step::Redirect { to, lasting: matches!(status, 301 | 308), sets_cookie },
            Ok(reply) => Step::End(Answer::of_status(reply.status)),
            Err(failure) => Step::End(of_failure(failure)),
        }
    }

    /// Asks for a page: HEAD, then GET where the server does not like that; once more after a cut, or a wait.
    async fn page(&self, at: &Address) -> Result<Reply, Failure> {
        let mut method = Method::HEAD;
        let (mut was_cut, mut has_waited) = (false, false);
        loop {
            let is_head = method == Method::HEAD;
            match self.once(method.clone(), at, 0, has_waited).await {
                Err(Failure::Cut) if !was_cut => was_cut = true,
                // Servers that do not know HEAD do all kinds of things.
                Err(Failure::Cut | Failure::Late | Failure::Nonsense(_)) if is_head => {
                    method = Method::GET;
                }
                Ok(reply) if wants_wait(&reply) => {
                    if has_waited || reply.retry_after.is_none_or(|wait| wait > self.longest_wait) {
                        return Ok(reply);
                    }
                    has_waited = true;
                }
                Ok(reply) if is_head && is_refusal(reply.status) => method = Method::GET,
                result => return result,
            }
        }
    }

    /// Asks once, when it is the host's turn.
    async fn once(
        &self,
        method: Method,
        at: &Address,
        body: usize,
        has_waited: bool,
    ) -> Result<Reply, Failure> {
        let turn = self.gates.turn(&at.host_name()).await?;
        let result = self.client.ask(method, at, body).await;
        turn.note(matches!(result, Err(Failure::Late)));
        match &result {
            // Nobody was asked.
            Err(Failure::Private | Failure::NoHost) => turn.end(Duration::ZERO),
            Ok(reply) if wants_wait(reply) => match reply.retry_after {
                Some(wait) if wait <= self.longest_wait && !has_waited => {
                    turn.end(wait.max(self.pause));
                }
                // It does not want to be asked; its other pages are not either.
                _ if reply.status == 429 || reply.retry_after.is_some() => {
                    turn.close(Failure::Busy);
                }
                _ => turn.end(self.pause),
            },
            _ => turn.end(self.pause),
        }
        result
    }

    /// Returns what the origin of an address lets us ask for.
    async fn permission(&self, at: &Address) -> Permission {
        let cell = {
            let mut known = self.permissions.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry(at.origin()).or_default())
        };
        cell.get_or_init(|| self.find_permission(at)).await.clone()
    }

    async fn find_permission(&self, at: &Address) -> Permission {
        let everything = Permission::Rules(Rules::default());
        let Some(mut file) = at.join("/robots.txt") else { return everything };
        let (mut was_cut, mut has_waited) = (false, false);
        for _ in 0..MAX_REDIRECTS {
            match self.once(Method::GET, &file, MAX_ROBOTS, has_waited).await {
                Ok(reply) if reply.status == 429 || reply.status >= 500 => {
                    if has_waited || reply.retry_after.is_none_or(|wait| wait > self.longest_wait) {
                        return Permission::Unknown(reply.status);
                    }
                    has_waited = true;
                }
                Ok(Reply { status: 300..=399, location: Some(to), .. }) => match file.join(&to) {
                    Some(next) => file = next,
                    None => return everything,
                },
                Ok(Reply { status: 200..=299, body, .. }) => {
                    // Where it is cut off, the last line may say more than is there.
                    let whole = if body.len() < MAX_ROBOTS { body.len() } else { last_line(&body) };
                    let text = String::from_utf8_lossy(&body[..whole]);
                    return Permission::Rules(Rules::parse(&text));
                }
                Err(Failure::Cut) if !was_cut => was_cut = true,
                // Trouble of a host that the file was moved to says nothing about this one.
                Err(failure) if failure.is_of_host() && file.origin() == at.origin() => {
                    return Permission::Nobody(failure);
                }
                Err(failure @ (Failure::Busy | Failure::Slow)) => {
                    return Permission::Nobody(failure);
                }
                // No such file: no rules. With other trouble, the page itself tells what is wrong.
                Ok(_) | Err(_) => return everything,
            }
        }
        everything
    }
}

/// Returns where the last line begins.
fn last_line(text: &[u8]) -> usize {
    memchr::memrchr(b'\n', text).map_or(0, |at| at + 1)
}

/// Whether a status asks for patience.
fn wants_wait(reply: &Reply) -> bool {
    reply.status == 429 || (reply.status == 503 && reply.retry_after.is_some())
}

/// Whether a status may come of the method alone. What is gone, closed by law or busy is so for any method.
fn is_refusal(status: u16) -> bool {
    status >= 400 && !matches!(status, 410 | 429 | 451)
}

fn of_failure(failure: Failure) -> Answer {
    let answer = |verdict, why: &str| Answer::new(verdict, None, why);
    match failure {
        Failure::Private => answer(Verdict::Doubtful, NOT_ASKED).for_now(),
        Failure::Busy => answer(Verdict::Doubtful, "its host asks for a longer wait").for_now(),
        Failure::Slow => {
            answer(Verdict::Doubtful, "its host has not answered in time again and again").for_now()
        }
        Failure::Offline(why) => answer(Verdict::Doubtful, &why).for_now(),
        Failure::Issuer => {
            answer(Verdict::Doubtful, "its certificate is of an authority that is not known here")
        }
        Failure::NoHost => answer(Verdict::Broken, "there is no such host"),
        Failure::Unreachable(why) | Failure::Tls(why) | Failure::Nonsense(why) => {
            answer(Verdict::Broken, &why)
        }
        Failure::Late => answer(Verdict::Broken, "it does not answer in time"),
        Failure::Cut => answer(Verdict::Broken, "it cuts the connection"),
    }
}
