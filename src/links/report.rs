//! What is said about the answers: a warning at each place of a broken address, a note at the first place of any
//! other that is not good.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::address::mask;
use super::cache::{Known, Verdict};
use super::find::{Link, Use};
use super::visit::NOT_ASKED;
use super::{Address, Checked};
use crate::diag::{Code, Diagnostic};
use crate::files::{Files, SitePath};

/// How far from its place in raw HTML an address is looked for.
const NEAR: usize = 1000;

/// How many addresses there are of each verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Addresses of other sites.
    pub addresses: usize,
    /// Those that were asked in this run.
    pub asked: usize,
    /// Those that answer.
    pub ok: usize,
    /// Those that have moved for good.
    pub moved: usize,
    /// Those that are broken.
    pub broken: usize,
    /// Those of which a program cannot tell.
    pub doubtful: usize,
    /// Those that were not asked, and of which nothing is known.
    pub unknown: usize,
    /// Why addresses are broken, most frequent first.
    #[serde(skip)]
    pub broken_because: Vec<(String, usize)>,
    /// Why addresses are doubtful, most frequent first.
    #[serde(skip)]
    pub doubtful_because: Vec<(String, usize)>,
}

impl Counts {
    /// Counts.
    pub fn of(links: &[Link], checked: &Checked) -> Self {
        let mut counts = Self { addresses: links.len(), asked: checked.asked, ..Self::default() };
        let (mut broken, mut doubtful) = (BTreeMap::new(), BTreeMap::new());
        for link in links {
            let Some(known) = checked.answers.get(&link.address) else {
                counts.unknown += 1;
                continue;
            };
            let why = || known.answer.why.clone();
            match known.answer.verdict {
                Verdict::Good => counts.ok += 1,
                Verdict::Moved => counts.moved += 1,
                Verdict::Broken => {
                    counts.broken += 1;
                    *broken.entry(why()).or_default() += 1;
                }
                Verdict::Doubtful => {
                    counts.doubtful += 1;
                    *doubtful.entry(why()).or_default() += 1;
                }
            }
        }
        counts.broken_because = by_number(broken);
        counts.doubtful_because = by_number(doubtful);
        counts
    }
}

fn by_number(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    counts
}

/// Reports what is not good, with places in the files of the site.
pub fn reports(links: &[Link], checked: &Checked, files: &dyn Files) -> Vec<Diagnostic> {
    let mut told: BTreeMap<&SitePath, Vec<(&Use, Diagnostic)>> = BTreeMap::new();
    for link in links {
        let Some(known) = checked.answers.get(&link.address) else { continue };
        // A broken address has to be mended everywhere; of the others it is enough to know.
        let places = match known.answer.verdict {
            Verdict::Good => 0,
            Verdict::Broken => link.uses.len(),
            Verdict::Moved | Verdict::Doubtful => 1,
        };
        for one in link.uses.iter().take(places) {
            let mut report = report(&link.address, known, one, checked);
            if places < link.uses.len() {
                let more = link.uses.len() - places;
                let noun = if more == 1 { "place" } else { "places" };
                report.message = format!("{} (and {more} more {noun})", report.message);
            }
            told.entry(&one.path).or_default().push((one, report));
        }
    }
    let mut out = Vec::new();
    // Each file is read once, and forgotten before the next.
    for (path, reports) in told {
        let text = files.read(path).ok().and_then(|bytes| crate::load::decode(bytes).ok());
        let text = text.unwrap_or_default();
        out.extend(reports.into_iter().map(|(one, report)| placed(report, one, &text)));
    }
    out
}

fn report(address: &Address, known: &Known, one: &Use, checked: &Checked) -> Diagnostic {
    let what = one.what;
    let answer = &known.answer;
    match answer.verdict {
        Verdict::Broken => {
            let since = known.broken_since.filter(|since| *since < known.checked);
            let since = since.map_or(String::new(), |since| format!(", since {}", day(since)));
            let message = format!("the {what} `{address}` is broken: {}{since}", answer.why);
            Diagnostic::new(Code::ExternalBroken, message).help(copy(address, one, checked))
        }
        Verdict::Moved => {
            let message = format!("the {what} `{address}` has moved for good");
            let report = Diagnostic::new(Code::ExternalMoved, message);
            match &answer.moved_to {
                Some(to) => report.help(format!("write `{to}`")),
                None => report,
            }
        }
        Verdict::Good | Verdict::Doubtful => {
            let message = format!("the {what} `{address}` cannot be checked: {}", answer.why);
            let help = if answer.why == NOT_ASKED {
                "`--allow-private` has it asked; `links.skip_prefixes` in `site.toml` passes over such addresses"
            } else {
                "look at it in a browser; `links.skip_prefixes` in `site.toml` passes over such addresses"
            };
            Diagnostic::new(Code::ExternalDoubtful, message).help(help)
        }
    }
}

/// Says where a copy is, or may be.
fn copy(address: &Address, one: &Use, checked: &Checked) -> String {
    const ARCHIVE: &str = "https://web.archive.org/web/";
    if let Some(archive) = &one.archive {
        let known = Address::parse(archive).and_then(|archive| checked.answers.get(&archive));
        if known.is_none_or(|known| known.answer.verdict != Verdict::Broken) {
            return format!("`archive_url` names a copy of it: `{}`", mask(archive));
        }
    }
    if one.what == "archived copy" {
        return "name another copy in `archive_url`, or remove it".to_owned();
    }
    if address.has_secret() || address.to_string().starts_with(ARCHIVE) {
        return "write its new address, or remove it".to_owned();
    }
    // Archives take the copy that is nearest to a day; without one, the newest.
    let day = one.date.map_or(String::new(), |date| date.strftime("%Y%m%d/").to_string());
    let copy = format!("{ARCHIVE}{day}{address}");
    if one.what == "source" {
        format!("write its new address, or, if there is a copy, `archive_url = \"{copy}\"`")
    } else {
        format!("write its new address, or that of a copy, which may be at `{copy}`")
    }
}

/// Puts a report at its place, without the secrets that may stand there.
fn placed(report: Diagnostic, one: &Use, text: &str) -> Diagnostic {
    // In raw HTML it is only known about where an address stands.
    let around = one.range.map(|(start, end)| start as usize..end as usize);
    let exact = around.clone().filter(|range| {
        text.get(range.clone()).is_some_and(|part| part.contains(one.written.as_str()))
    });
    let near = || {
        let Range { start, end } = around.clone()?;
        let far = text.floor_char_boundary(start.saturating_sub(NEAR));
        let start = far + text.get(far..start)?.rfind('\n').map_or(0, |at| at + 1);
        let end = text.floor_char_boundary(end.saturating_add(NEAR));
        find(text.get(..end)?, start, &one.written)
    };
    let range = match around.clone() {
        Some(around) => exact.or_else(near).or(Some(around)),
        None => find(text, 0, &one.written),
    };
    match range {
        Some(range) if !text.is_empty() => {
            let mut report = report.at(&one.path, text, range);
            if let Some(span) = report.place.as_mut().and_then(|place| place.span.as_mut()) {
                span.excerpt = mask(&span.excerpt);
            }
            report
        }
        _ => report.in_file(&one.path),
    }
}

/// Finds an address from an offset on, not as the beginning of a longer one.
fn find(text: &str, start: usize, written: &str) -> Option<Range<usize>> {
    let goes_on = |c: char| c.is_alphanumeric() || "/?#=&%+~_-".contains(c);
    let places = text[start..].match_indices(written).map(|(at, found)| start + at + found.len());
    let end = places.into_iter().find(|end| !text[*end..].starts_with(goes_on))?;
    Some(end - written.len()..end)
}

fn day(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}
