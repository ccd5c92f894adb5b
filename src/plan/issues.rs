//! Issues: articles of a stretch of time, or those that somebody has picked, with a note of the editors.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::outputs::List;
use super::{FeedFormat, FeedOf, Input, Output, PageKind, UrlPath, Urls};
use crate::config::{Every, SiteConfig};
use crate::diag::{Code, Diagnostic};
use crate::ids::ArticleId;
use crate::load::ISSUES;
use crate::resolve::{Site, StandalonePage};
use crate::theme::Theme;

/// Template of the pages of issues.
pub(crate) const ISSUE: &str = "issue.html";
/// Template of the pages that list issues.
const ALL: &str = "issues.html";

/// An issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// As somebody wrote it; empty when it is made of the stretch of time.
    pub title: String,
    /// Where its page is.
    pub url: UrlPath,
    /// The last day of it.
    pub date: Option<Date>,
    /// The first day, when it is made of a stretch of time.
    pub from: Option<Date>,
    /// What its note says in short.
    pub summary: Option<String>,
    /// The note: a standalone page.
    pub note: Option<usize>,
    /// Its articles: the latest first, or as somebody put them.
    pub articles: Vec<ArticleId>,
}

/// Returns whether a page is an issue.
pub(crate) fn is_issue(page: &StandalonePage) -> bool {
    page.path.as_str().strip_prefix(ISSUES).is_some_and(|rest| rest.starts_with('/'))
}

/// Returns whether a site has issues; of a site that is known from an earlier build, too.
pub(crate) fn has_issues(site: &Site, config: &SiteConfig, theme: &Theme) -> bool {
    let is_made = config.issues != Every::Never && !site.articles.is_empty();
    let has_templates = [ISSUE, ALL].iter().all(|name| theme.template(name).is_some());
    has_templates && (is_made || site.pages.iter().any(is_issue))
}

/// Puts all issues together, oldest first. Linear in articles.
pub(super) fn issues(input: Input<'_>, urls: &Urls, reports: &mut Vec<Diagnostic>) -> Vec<Issue> {
    let Input { site, config, theme, .. } = input;
    if !has_issues(site, config, theme) {
        return Vec::new();
    }
    let mut all = of_time(site, config.issues);
    let addresses = addresses(site, urls);
    for (number, page) in site.pages.iter().enumerate().filter(|(_, page)| is_issue(page)) {
        all.push(picked(page, number, urls, &addresses, reports));
    }
    all.sort_by(|a, b| (a.date, &a.url).cmp(&(b.date, &b.url)));
    all
}

/// Returns the articles by what an issue may call them.
fn addresses(site: &Site, urls: &Urls) -> FxHashMap<String, ArticleId> {
    let mut all = FxHashMap::default();
    if site.pages.iter().any(|page| is_issue(page) && !page.front.articles.is_empty()) {
        for (id, article) in site.articles.pairs() {
            let path = article.path.as_str();
            let below = path.strip_prefix("content/").unwrap_or(path);
            let address = urls.articles[id].as_str().trim_end_matches('/');
            all.extend([path, below, address].map(|name| (name.to_owned(), id)));
        }
    }
    all
}

/// Returns an issue that somebody has put together, and reports what it names that is no article.
fn picked(
    page: &StandalonePage,
    number: usize,
    urls: &Urls,
    addresses: &FxHashMap<String, ArticleId>,
    reports: &mut Vec<Diagnostic>,
) -> Issue {
    let mut articles = Vec::new();
    for name in &page.front.articles {
        let wanted = name.trim_matches('/');
        match addresses.get(wanted) {
            Some(id) if articles.contains(id) => {}
            Some(id) => articles.push(*id),
            None => {
                let message =
                    format!("the issue names `{}`, which is no article", name.escape_debug());
                let report = Diagnostic::new(Code::LinkBroken, message);
                let help = "name the file below `content/`, such as `articles/2024/talks.md`, or the address of its page";
                let mut known: Vec<&str> = addresses.keys().map(String::as_str).collect();
                known.sort_unstable();
                reports.push(report.help(help).did_you_mean(wanted, known).in_file(&page.path));
            }
        }
    }
    Issue {
        title: page.title.value.clone(),
        url: urls.pages[number].clone(),
        date: page.front.date.map(|when| when.date).or(page.name.date),
        from: None,
        summary: page.front.summary.clone(),
        note: Some(number),
        articles,
    }
}

/// Returns an issue for each stretch of time that has articles.
fn of_time(site: &Site, every: Every) -> Vec<Issue> {
    let mut all: BTreeMap<(Date, Date), (String, Vec<ArticleId>)> = BTreeMap::new();
    for (id, article) in site.articles.pairs().rev() {
        let Some(date) = article.date.as_ref().map(|date| date.value.date) else { continue };
        let Some((from, to, slug)) = stretch(date, every) else { continue };
        all.entry((from, to)).or_insert_with(|| (slug, Vec::new())).1.push(id);
    }
    let issue = |((from, to), (slug, articles)): ((Date, Date), (String, Vec<ArticleId>))| Issue {
        title: String::new(),
        url: UrlPath::page("issues").child(&slug),
        date: Some(to),
        from: Some(from),
        summary: None,
        note: None,
        articles,
    };
    all.into_iter().map(issue).collect()
}

/// Returns the first and last day of the stretch of time that a day is in, and the last part of its address.
fn stretch(date: Date, every: Every) -> Option<(Date, Date, String)> {
    match every {
        Every::Never => None,
        Every::Day => Some((date, date, date.to_string())),
        Every::Week => {
            let week = date.iso_week_date();
            let from =
                date.checked_sub(i64::from(week.weekday().to_monday_zero_offset()).days()).ok()?;
            let slug = format!("{:04}-w{:02}", week.year(), week.week());
            Some((from, from.checked_add(6.days()).ok()?, slug))
        }
        Every::Month => {
            let slug = format!("{:04}-{:02}", date.year(), date.month());
            Some((date.first_of_month(), date.last_of_month(), slug))
        }
    }
}

impl List<'_> {
    /// Adds the pages of issues, and their feed.
    pub(super) fn issues(&mut self, total: usize) {
        let Input { site, config, theme, .. } = self.input;
        if !has_issues(site, config, theme) {
            return;
        }
        self.list(total, PageKind::Issues);
        for number in 0..total {
            self.page(PageKind::Issue(number));
        }
        let format = FeedFormat::Atom;
        let url = UrlPath::page("issues").beside(format.file_name());
        self.add(url, Output::Feed(FeedOf::Issues, format));
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_may_belong_to_the_year_before() {
        let week = stretch(date(2027, 1, 2), Every::Week).expect("a date");
        assert_eq!(week, (date(2026, 12, 28), date(2027, 1, 3), "2026-w53".to_owned()));
        let month = stretch(date(2024, 2, 29), Every::Month).expect("a date");
        assert_eq!(month, (date(2024, 2, 1), date(2024, 2, 29), "2024-02".to_owned()));
        assert_eq!(stretch(date(2024, 2, 29), Every::Never), None);
    }
}
