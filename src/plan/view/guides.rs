//! What was corrected, and where names are.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tera::Value;

use super::lists::{letter, letter_id};
use super::page::Meta;
use super::value::{object, optional};
use super::{PageView, Views};
use crate::plan::{CORRECTIONS, MARK, NAMES, PageKind, SEARCH, SEARCH_INDEX, UrlPath};

/// The names of a letter: of which index, where they are there, how many.
type Places = Vec<(String, String, usize)>;

impl Views<'_> {
    /// Returns the page of what was corrected, the latest first.
    pub(super) fn corrections(&self) -> PageView {
        let name = self.strings.get("corrections");
        let meta = Meta { title: name.into(), ..Meta::default() };
        let articles = self.site.articles.pairs().rev();
        let mut all: Vec<_> = articles
            .flat_map(|(id, article)| article.corrections.iter().map(move |one| (id, one)))
            .collect();
        all.sort_by_key(|(id, one)| (Reverse(one.date), Reverse(*id)));
        let rows = all.into_iter().map(|(id, one)| {
            object! { self.words;
                "date" => self.day(one.date),
                "text" => one.text.as_str(),
                "article" => self.article_link(id),
            }
        });
        let rows: Vec<Value> = rows.collect();
        PageView {
            template: CORRECTIONS.into(),
            values: vec![
                ("page", self.page(PageKind::Corrections, "corrections", meta)),
                ("pager", Value::none()),
                ("corrections", rows.into()),
            ],
        }
    }

    /// Returns the page that leads to each letter of each index.
    pub(super) fn names(&self) -> PageView {
        let name = self.strings.get("names_page");
        let meta = Meta { title: name.into(), nav_id: Some("names"), ..Meta::default() };
        let mut letters: BTreeMap<(bool, String), Places> = BTreeMap::new();
        let kinds = &self.config.entities.kinds;
        for kind in kinds.all() {
            let names = self.site.of_kind(kind).map(|id| self.site.entities[id].name.as_str());
            let title = self.strings.kind(kinds.plural(kind));
            self.count(&mut letters, PageKind::Kind(kind), &title, names);
        }
        let topics = self.site.topics.iter().map(|topic| topic.name.as_str());
        self.count(&mut letters, PageKind::Topics, self.strings.get("topics"), topics);
        let sources = self.site.sources.iter().map(|source| source.name.as_str());
        self.count(&mut letters, PageKind::Sources, self.strings.get("sources"), sources);
        let groups = letters.into_iter().map(|((is_other, letter), places)| {
            let items = places.into_iter().map(|(name, url, count)| {
                object! { self.words; "name" => name.as_str(), "url" => url.as_str(), "count" => count }
            });
            object! { self.words;
                "letter" => if is_other { "#" } else { letter.as_str() },
                "items" => items.collect::<Vec<Value>>(),
            }
        });
        let groups: Vec<Value> = groups.collect();
        PageView {
            template: NAMES.into(),
            values: vec![
                ("page", self.page(PageKind::Names, "names", meta)),
                ("pager", Value::none()),
                ("groups", groups.into()),
            ],
        }
    }

    /// Returns the page where readers look for something. All that changes is in the index.
    pub(super) fn search(&self) -> PageView {
        let name = self.strings.get("search");
        let meta = Meta { title: name.into(), nav_id: Some("search"), ..Meta::default() };
        let kinds = &self.config.entities.kinds;
        let own = kinds.all().map(|kind| (kinds.id(kind), self.strings.kind(kinds.plural(kind))));
        let kinds: Vec<Value> = own
            .map(|(id, name)| object! { self.words; "id" => id, "name" => name.as_str() })
            .collect();
        let search = object! { self.words;
            "index" => self.href(&UrlPath::file(SEARCH_INDEX)),
            "base" => MARK.to_string(),
            "elsewhere" => optional(self.search_elsewhere().as_deref()),
            "kinds" => kinds,
        };
        PageView {
            template: SEARCH.into(),
            values: vec![
                ("page", self.page(PageKind::Search, "search", meta)),
                ("pager", Value::none()),
                ("search", search),
            ],
        }
    }

    /// Returns where a search engine looks through this site only, when the site's address is known.
    fn search_elsewhere(&self) -> Option<String> {
        let home = self.plan.addresses.absolute(&UrlPath::home())?;
        let (_, site) = home.split_once("://")?;
        Some(format!("https://duckduckgo.com/?q=site%3A{}", site.trim_end_matches('/')))
    }

    /// Counts the names of an index by their letters, which are anchors of its page.
    fn count<'n>(
        &self,
        letters: &mut BTreeMap<(bool, String), Places>,
        page: PageKind,
        name: &str,
        names: impl Iterator<Item = &'n str>,
    ) {
        let mut counts: BTreeMap<(bool, String), usize> = BTreeMap::new();
        names.for_each(|name| *counts.entry(letter(name)).or_default() += 1);
        for (number, (place, count)) in (1..).zip(counts) {
            let id = letter_id(&place, number);
            let url = format!("{}#{id}", self.page_href(page));
            letters.entry(place).or_default().push((name.to_owned(), url, count));
        }
    }
}
