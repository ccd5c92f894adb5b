//! What earlier checks found out: a file of one line for each address, sorted, so that a team may keep it under version
//! control and merge it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::address::{Address, mask};
use crate::text::one_line;

/// Says what the file is.
const FORMAT: &str = "pressmark-links";
const VERSION: u64 = 1;

/// An address that no article has any more is forgotten after so long: it may come back, and its history with it.
const FORGET: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Longest reason that is kept.
const MAX_WHY: usize = 200;

/// How it stands with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It answers.
    #[serde(rename = "ok")]
    Good,
    /// It answers at another address, for good.
    Moved,
    /// It does not answer, or says that there is nothing.
    Broken,
    /// A program cannot tell: the server wants people, a wait, or no programs.
    Doubtful,
}

/// What an address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it stands.
    pub verdict: Verdict,
    /// Status of the last HTTP answer, if there was one.
    pub status: Option<u16>,
    /// Why, in a few words; empty for a good answer.
    pub why: String,
    /// Where it is now; without secrets.
    pub moved_to: Option<String>,
    /// Whether it is worth keeping: not when it is about this machine or this run.
    pub lasts: bool,
}

impl Answer {
    /// Returns an answer that lasts.
    pub(super) fn new(verdict: Verdict, status: Option<u16>, why: impl Into<String>) -> Self {
        Self { verdict, status, why: tidy(&why.into()), moved_to: None, lasts: true }
    }

    /// Says what a status means that is not that of a redirect.
    pub(super) fn of_status(status: u16) -> Self {
        let why = || format!("the server answers {status}");
        match status {
            200..=299 => Self::new(Verdict::Good, Some(status), ""),
            404 | 410 => Self::new(Verdict::Broken, Some(status), why()),
            _ => Self::new(Verdict::Doubtful, Some(status), why()),
        }
    }

    /// Makes an answer one that is not kept.
    #[must_use]
    pub(super) fn for_now(mut self) -> Self {
        self.lasts = false;
        self
    }
}

/// Cleans what servers, files and other programs say.
pub(super) fn tidy(text: &str) -> String {
    let text = one_line(&mask(text));
    text.chars().take(MAX_WHY).collect()
}

/// An answer, and its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The last answer.
    pub answer: Answer,
    /// When it was given.
    pub checked: Timestamp,
    /// When the address was found broken first, without a good answer since.
    pub broken_since: Option<Timestamp>,
    /// When the address answered last.
    pub last_good: Option<Timestamp>,
}

/// A line of the file, and of results that are imported.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    pub(super) url: String,
    pub(super) verdict: Option<Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) moved_to: Option<String>,
    pub(super) checked: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) broken_since: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_good: Option<Timestamp>,
}

impl Row {
    /// Checks a row of a file, which anybody may have written. Without a time, it counts as of `now`.
    ///
    /// # Errors
    /// With what it lacks.
    pub(super) fn read(self, now: Timestamp) -> Result<(Address, Known), String> {
        let Some(address) = Address::parse(&self.url) else {
            return Err(format!("`{}` is no address of the web", tidy(&self.url)));
        };
        let mut answer = match (self.verdict, self.status) {
            (Some(verdict), status) => Answer::new(verdict, status, self.why.clone()),
            (None, Some(status @ (301 | 308))) => Answer::new(Verdict::Moved, Some(status), ""),
            (None, Some(status @ 300..=399)) => Answer::new(Verdict::Good, Some(status), ""),
            (None, Some(status)) => Answer::of_status(status),
            (None, None) => {
                return Err(format!("`{address}` has neither a `verdict` nor a `status`"));
            }
        };
        if !self.why.is_empty() {
            answer.why = tidy(&self.why);
        }
        if answer.verdict == Verdict::Broken && answer.why.is_empty() {
            "it is said to be broken".clone_into(&mut answer.why);
        }
        answer.moved_to =
            self.moved_to.as_deref().and_then(Address::parse).map(|to| to.to_string());
        let checked = seconds(self.checked.unwrap_or(now));
        let is_good = matches!(answer.verdict, Verdict::Good | Verdict::Moved);
        let is_broken = answer.verdict == Verdict::Broken;
        let known = Known {
            checked,
            broken_since: match self.broken_since.map(seconds) {
                _ if is_good => None,
                None if is_broken => Some(checked),
                given => given,
            },
            last_good: if is_good { Some(checked) } else { self.last_good.map(seconds) },
            answer,
        };
        Ok((address, known))
    }
}

/// What is known of addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cache {
    known: BTreeMap<Address, Known>,
}

impl Cache {
    /// Returns what is known of an address.
    pub fn get(&self, address: &Address) -> Option<&Known> {
        self.known.get(address)
    }

    /// Adds an answer, and returns it with its history. One that does not last leaves the file as it is.
    pub(super) fn put(&mut self, address: &Address, answer: Answer, now: Timestamp) -> Known {
        let now = seconds(now);
        let before = self.known.get(address);
        let is_good = matches!(answer.verdict, Verdict::Good | Verdict::Moved);
        // A server that is busy in between does not make a broken link a new one.
        let since = before.and_then(|known| known.broken_since).filter(|_| !is_good);
        let since = since.or_else(|| (answer.verdict == Verdict::Broken).then_some(now));
        let last_good = if is_good { Some(now) } else { before.and_then(|known| known.last_good) };
        let known = Known { answer, checked: now, broken_since: since, last_good };
        if known.answer.lasts && !address.has_secret() {
            self.known.insert(address.clone(), known.clone());
        }
        known
    }

    /// Adds what another program found out, unless something newer is known. Returns whether it was added.
    pub fn import(&mut self, address: Address, mut known: Known) -> bool {
        let before = self.known.get(&address);
        if address.has_secret() || before.is_some_and(|before| before.checked > known.checked) {
            return false;
        }
        if let Some(before) = before {
            if known.broken_since.is_some() && before.broken_since.is_some() {
                known.broken_since = known.broken_since.min(before.broken_since);
            }
            known.last_good = known.last_good.max(before.last_good);
        }
        self.known.insert(address, known);
        true
    }

    /// Forgets addresses that no longer stand anywhere and were not asked for long.
    pub(super) fn forget_others<'a>(
        &mut self,
        used: impl Iterator<Item = &'a Address>,
        now: Timestamp,
    ) {
        let used: std::collections::BTreeSet<&Address> = used.collect();
        let is_old = |known: &Known| now.duration_since(known.checked) > FORGET;
        self.known.retain(|address, known| used.contains(address) || !is_old(known));
    }

    /// Reads the file.
    ///
    /// # Errors
    /// With what is wrong with it, in a few words.
    pub fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct File {
            format: String,
            version: u64,
            links: Vec<Row>,
        }
        let file: File = serde_json::from_str(text).map_err(|error| tidy(&error.to_string()))?;
        if file.format != FORMAT || file.version != VERSION {
            return Err(format!("it is not of the format `{FORMAT}`, version {VERSION}"));
        }
        let mut cache = Self::default();
        for row in file.links {
            // Without a time, an answer is too old to be used.
            let (address, known) = row.read(Timestamp::UNIX_EPOCH)?;
            if !address.has_secret() {
                cache.known.insert(address, known);
            }
        }
        Ok(cache)
    }

    /// Returns the addresses and what is known of them, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&Address, &Known)> {
        self.known.iter()
    }

    /// Writes the file.
    pub fn to_json(&self) -> String {
        let mut out =
            format!("{{\n\"format\": \"{FORMAT}\",\n\"version\": {VERSION},\n\"links\": [");
        for (number, (address, known)) in self.known.iter().enumerate() {
            let row = Row {
                url: address.to_string(),
                verdict: Some(known.answer.verdict),
                status: known.answer.status,
                why: known.answer.why.clone(),
                moved_to: known.answer.moved_to.clone(),
                checked: Some(known.checked),
                broken_since: known.broken_since,
                last_good: known.last_good,
            };
            let comma = if number == 0 { "" } else { "," };
            let line = serde_json::to_string(&row).unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = write!(out, "{comma}\n{line}");
        }
        out.push_str("\n]\n}\n");
        out
    }
}

/// Cuts a time to whole seconds, which is what people read.
fn seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn the_file_is_sorted_has_one_line_for_each_address_and_reads_back() {
        let mut cache = Cache::default();
        let now = at("2026-03-01T10:00:00.5Z");
        cache.put(&address("https://b.example/"), Answer::of_status(404), now);
        let moved = Answer {
            moved_to: Some("https://c.example/".to_owned()),
            ..Answer::new(Verdict::Moved, Some(200), "")
        };
        cache.put(&address("https://a.example/"), moved, now);
        cache.put(&address("https://a.example/?token=x"), Answer::of_status(200), now);
        let text = cache.to_json();
        assert_eq!(
            text,
            "\
{
\"format\": \"pressmark-links\",
\"version\": 1,
\"links\": [
{\"url\":\"https://a.example/\",\"verdict\":\"moved\",\"status\":200,\"moved_to\":\"https://c.example/\",\"checked\":\"2026-03-01T10:00:00Z\",\"last_good\":\"2026-03-01T10:00:00Z\"},
{\"url\":\"https://b.example/\",\"verdict\":\"broken\",\"status\":404,\"why\":\"the server answers 404\",\"checked\":\"2026-03-01T10:00:00Z\",\"broken_since\":\"2026-03-01T10:00:00Z\"}
]
}
"
        );
        assert_eq!(Cache::parse(&text).unwrap(), cache);
        assert_eq!(Cache::parse(&Cache::default().to_json()).unwrap(), Cache::default());
    }

    #[test]
    fn broken_since_stays_until_a_good_answer() {
        let mut cache = Cache::default();
        let link = address("https://a.example/");
        let mut put = |status, day: &str| cache.put(&link, Answer::of_status(status), at(day));
        let (first, second, third) =
            ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
        assert_eq!(put(200, first).last_good, Some(at(first)));
        assert_eq!(put(404, second).broken_since, Some(at(second)));
        assert_eq!(put(503, third).broken_since, Some(at(second)));
        let again = put(404, third);
        assert_eq!((again.broken_since, again.last_good), (Some(at(second)), Some(at(first))));
        assert_eq!(put(204, third).broken_since, None);
        assert_eq!(put(503, third).broken_since, None);
    }

    #[test]
    fn what_no_article_has_is_forgotten_after_a_while() {
        let mut cache = Cache::default();
        let (old, used) = (address("https://a.example/old"), address("https://a.example/used"));
        for link in [&old, &used] {
            cache.put(link, Answer::of_status(200), at("2026-03-01T00:00:00Z"));
        }
        cache.forget_others([&used].into_iter(), at("2026-05-01T00:00:00Z"));
        assert!(cache.get(&old).is_some());
        cache.forget_others([&used].into_iter(), at("2026-07-01T00:00:00Z"));
        assert!(cache.get(&old).is_none() && cache.get(&used).is_some());
    }

    #[test]
    fn a_damaged_file_is_refused_with_a_reason() {
        for (text, part) in [
            ("", "EOF"),
            ("{\"format\":\"x\",\"version\":1,\"links\":[]}", "not of the format"),
            (
                "{\"format\":\"pressmark-links\",\"version\":1,\"links\":[{\"url\":\"a\",\"status\":200}]}",
                "`a`",
            ),
            (
                "{\"format\":\"pressmark-links\",\"version\":1,\"links\":[{\"url\":\"https://a.example\"}]}",
                "neither",
            ),
        ] {
            let reason = Cache::parse(text).unwrap_err();
            assert!(reason.contains(part), "{reason}");
        }
    }
}
