//! Where addresses of other sites stand: bodies of articles and pages, front matter, records.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::address::Address;
use crate::config::SiteConfig;
use crate::files::SitePath;
use crate::parse::{LinkRef, markdown_links};
use crate::resolve::{Article, Site};

/// An address, and where it stands.
#[derive(Clone, Debug)]
pub struct Link {
    /// The address.
    pub address: Address,
    /// Its places, by file and then in the file's order; at least one.
    pub uses: Vec<Use>,
}

/// A place of an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// The file.
    pub path: SitePath,
    /// Byte range in the file; none for values of front matter and records, which are looked for in it.
    pub range: Option<(u32, u32)>,
    /// The address as written.
    pub written: String,
    /// What it is there, in a word or two: `link`, `image`, `source`, `archived copy`, `website`.
    pub what: &'static str,
    /// An archived copy of it that the front matter names.
    pub archive: Option<String>,
    /// When the article was published: a copy of that time says what the author read.
    pub date: Option<Date>,
}

/// Finds the addresses of a site that lead elsewhere, sorted.
///
/// Left out are those that `links.skip_prefixes` names, and those of the site itself.
pub fn links(site: &Site, config: &SiteConfig) -> Vec<Link> {
    let own = config.base_url.as_ref().and_then(|base| Address::parse(&base.to_string()));
    let mut finder = Finder { config, own, found: BTreeMap::new() };
    for article in site.articles.iter() {
        finder.article(article);
    }
    for page in &site.pages {
        let date = page.front.date.map(|date| date.date);
        finder.body(&page.path, &page.links, date);
        if let Some(source) = &page.front.source {
            let archive = source.archive_url.as_deref();
            finder.value(&page.path, "source", source.url.as_deref(), archive, date);
            finder.value(&page.path, "archived copy", archive, None, date);
        }
    }
    for record in site.entities.iter().filter_map(|entity| entity.record.as_ref()) {
        finder.value(&record.path, "encyclopedia entry", record.wikipedia.as_deref(), None, None);
        finder.value(&record.path, "website", record.website.as_deref(), None, None);
        finder.text(&record.path, &record.body);
    }
    for record in site.topics.iter().filter_map(|topic| topic.record.as_ref()) {
        finder.text(&record.path, &record.body);
    }
    let link = |(address, mut uses): (Address, Vec<Use>)| {
        uses.sort();
        uses.dedup();
        Link { address, uses }
    };
    finder.found.into_iter().map(link).collect()
}

struct Finder<'a> {
    config: &'a SiteConfig,
    /// The address of the site.
    own: Option<Address>,
    found: BTreeMap<Address, Vec<Use>>,
}

impl Finder<'_> {
    fn article(&mut self, article: &Article) {
        let date = article.date.as_ref().map(|date| date.value.date);
        self.body(&article.path, &article.links, date);
        let Some(origin) = &article.origin else { return };
        let archive = origin.archive_url.as_deref();
        // What was found in the text may be a link there, too: then it is told of once.
        let is_linked = |url: &str| article.links.iter().any(|link| link.target == url);
        let url = origin.url.as_deref().filter(|url| origin.rule.is_none() || !is_linked(url));
        self.value(&article.path, "source", url, archive, date);
        self.value(&article.path, "archived copy", archive, None, date);
    }

    fn body(&mut self, path: &SitePath, links: &[LinkRef], date: Option<Date>) {
        for LinkRef { target, source, image, .. } in links {
            self.put(Use {
                path: path.clone(),
                range: Some(*source),
                written: target.clone(),
                what: if *image { "image" } else { "link" },
                archive: None,
                date,
            });
        }
    }

    fn value(
        &mut self,
        path: &SitePath,
        what: &'static str,
        url: Option<&str>,
        archive: Option<&str>,
        date: Option<Date>,
    ) {
        if let Some(url) = url {
            let archive = archive.map(str::to_owned);
            self.put(Use {
                path: path.clone(),
                range: None,
                written: url.to_owned(),
                what,
                archive,
                date,
            });
        }
    }

    /// Adds the links of a record's body, whose place in its file is not known.
    fn text(&mut self, path: &SitePath, body: &str) {
        for link in markdown_links(body, self.config) {
            let what = if link.image { "image" } else { "link" };
            self.value(path, what, Some(&link.target), None, None);
        }
    }

    fn put(&mut self, one: Use) {
        let is_skipped = |prefix: &String| one.written.starts_with(prefix.as_str());
        if self.config.links.skip_prefixes.iter().any(is_skipped) {
            return;
        }
        let Some(address) = Address::parse(&one.written) else { return };
        // Pages of the site itself are checked without the network; new ones are not there yet.
        if self
            .own
            .as_ref()
            .is_some_and(|own| address.url().as_str().starts_with(own.url().as_str()))
        {
            return;
        }
        self.found.entry(address).or_default().push(one);
    }
}
