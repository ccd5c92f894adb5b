//! Stories: what several articles report of one event, one after the other.

use rustc_hash::FxHashMap;
use tera::Value;

use super::page::Meta;
use super::value::object;
use super::{PageView, Views, direction};
use crate::ids::{ArticleId, SourceId};
use crate::plan::{FeedOf, PageKind, Pages};
use crate::resolve::Site;
use crate::text::{TextRange, fold};

/// Reports of a story that are compared with those before them, the latest.
const COMPARED: usize = 30;
/// Sentences of a report that the ones before it do not have, shown.
const NEWS: usize = 3;
/// Shorter sentences say too little to be news.
const LEAST_WORDS: usize = 6;
/// Of a hundred words that two sentences have together, so many are in both when they say the same.
const SAME: usize = 55;
/// Sources that did not report a story, shown.
const SILENT: usize = 20;

/// The words of a sentence, sorted.
type Words = Vec<u64>;

/// A sentence of a report.
struct Sentence {
    number: u32,
    range: TextRange,
    words: Words,
}

/// Returns the sources that reported anything between the first and the last of some articles, and how many of these
/// are theirs.
pub(crate) fn active_sources(site: &Site, reports: &[ArticleId]) -> Vec<(SourceId, usize)> {
    let (Some(first), Some(last)) = (reports.first(), reports.last()) else { return Vec::new() };
    let active = |(id, source): (SourceId, &crate::resolve::Source)| {
        let from = source.articles.partition_point(|article| article < first);
        let is_active = source.articles.get(from).is_some_and(|article| article <= last);
        let own = || reports.iter().filter(|one| source.articles.binary_search(one).is_ok());
        is_active.then(|| (id, own().count()))
    };
    site.sources.pairs().filter_map(active).collect()
}

impl Views<'_> {
    /// Returns a page of the list of stories, the latest first.
    pub(super) fn stories(&self, number: Option<usize>) -> PageView {
        let name = self.strings.get("stories");
        let feed = Some(FeedOf::Stories);
        let meta = Meta { title: name.into(), nav_id: Some("stories"), feed, ..Meta::default() };
        let all = self.relations.told_stories();
        let cut = Pages::new(all.len(), self.config.page_size);
        let page = PageKind::Stories(number);
        let bare = self.plan.url(page.newest(), self.config);
        let mut shown: Vec<ArticleId> = all[cut.items(number)].to_vec();
        shown
            .sort_by_key(|first| std::cmp::Reverse(self.relations.reports[*first].last().copied()));
        let items: Vec<Value> = shown.into_iter().map(|first| self.story_link(first)).collect();
        let value = object! { self.words; "name" => name, "count" => all.len(), "items" => items };
        PageView {
            template: crate::plan::STORIES.into(),
            values: vec![
                ("page", self.page(page, "stories", meta)),
                ("pager", self.pager(&bare, cut, number)),
                ("stories", value),
            ],
        }
    }

    /// Returns the link to a story: its latest headline and how many reports it has.
    pub(super) fn story_link(&self, first: ArticleId) -> Value {
        let reports = &self.relations.reports[first];
        let latest = reports.last().copied().unwrap_or(first);
        let card = self.site.articles[latest].summary.as_ref();
        object! { self.words;
            "title" => self.named(latest).title.clone(),
            "url" => self.page_href(PageKind::Story(first)),
            "count" => reports.len(),
            "summary" => super::value::optional(card.map(|summary| summary.value.as_str())),
            "first" => self.named(first).date.clone(),
            "last" => self.named(latest).date.clone(),
        }
    }

    /// Returns the page of a story: its reports, oldest first, with what is new in each.
    pub(super) fn story_page(&self, first: ArticleId) -> PageView {
        let reports = &self.relations.reports[first];
        let latest = reports.last().copied().unwrap_or(first);
        let summary = self.site.articles[latest].summary.as_ref();
        let title =
            self.strings.fill("story_title", "name", &self.site.articles[latest].title.value);
        let meta = Meta {
            title: title.into(),
            description: summary.map(|summary| summary.value.as_str()),
            nav_id: Some("stories"),
            trail: self.trail(|| (self.strings.get("stories").into(), PageKind::Stories(None))),
            ..Meta::default()
        };
        let (carried, silent): (Vec<_>, Vec<_>) =
            active_sources(self.site, reports).into_iter().partition(|(_, reports)| *reports > 0);
        let carried = carried.into_iter().map(|(id, count)| {
            let source = &self.site.sources[id];
            object! { self.words; "name" => source.name.as_str(), "url" => self.href(&self.plan.urls.sources[id]), "count" => count }
        });
        let silent_more = silent.len().saturating_sub(SILENT);
        let silent = silent.into_iter().take(SILENT).map(|(id, _)| self.source_name(id));
        let value = object! { self.words;
            "title" => self.named(latest).title.clone(),
            "count" => reports.len(),
            "first" => self.named(first).date.clone(),
            "last" => self.named(latest).date.clone(),
            "reports" => self.reports(reports),
            "carried" => carried.collect::<Vec<Value>>(),
            "silent" => silent.collect::<Vec<Value>>(),
            "silent_more" => silent_more,
        };
        PageView {
            template: crate::plan::STORY.into(),
            values: vec![
                ("page", self.page(PageKind::Story(first), "story", meta)),
                ("pager", Value::none()),
                ("story", value),
            ],
        }
    }

    /// Returns the reports of a story with what each says that none before it did.
    fn reports(&self, reports: &[ArticleId]) -> Value {
        let mut known = Known::default();
        let from = reports.len().saturating_sub(COMPARED);
        let rows = reports.iter().enumerate().map(|(at, id)| {
            let told = self.relations.stories[*id].as_ref();
            let copy = told.and_then(|told| told.copy_of);
            let sentences =
                if at >= from && self.words.has("news") { self.sentences(*id) } else { Vec::new() };
            let mut news: Vec<&Sentence> = Vec::new();
            if at > from && copy.is_none() {
                news.extend(
                    sentences
                        .iter()
                        .filter(|one| one.words.len() >= LEAST_WORDS && !known.says(&one.words)),
                );
            }
            let more = news.len().saturating_sub(NEWS);
            let shown: Vec<Value> = news.iter().take(NEWS).map(|one| self.news(*id, one)).collect();
            for one in sentences {
                known.add(one.words);
            }
            self.report(*id, copy, shown, more)
        });
        rows.collect::<Vec<Value>>().into()
    }

    fn report(
        &self,
        id: ArticleId,
        copy: Option<ArticleId>,
        news: Vec<Value>,
        more: usize,
    ) -> Value {
        let article = &self.site.articles[id];
        let sketch = |id: ArticleId| self.site.articles[id].sketch;
        let likeness = copy.and_then(|copy| Some(sketch(id)?.likeness(&sketch(copy)?)));
        let language = self.foreign(article);
        let source = article.origin.as_ref().and_then(|origin| origin.source);
        object! { self.words;
            "title" => self.named(id).title.clone(),
            "url" => self.named(id).url.clone(),
            "date" => self.named(id).date.clone(),
            "source" => source.map_or_else(Value::none, |id| self.source_name(id)),
            "summary" => super::value::optional(article.summary.as_ref().map(|one| one.value.as_str())),
            "copy_of" => copy.map_or_else(Value::none, |copy| self.article_link(copy)),
            "likeness" => likeness.map_or_else(Value::none, Value::from),
            "news" => news,
            "more" => more,
            "language" => super::value::optional(language),
            "dir" => super::value::optional(language.map(direction)),
        }
    }

    fn news(&self, id: ArticleId, sentence: &Sentence) -> Value {
        let text = self.bodies.part(id, sentence.range);
        object! { self.words;
            "text" => text.as_str(),
            "url" => self.sentence_url(id, sentence.number),
        }
    }

    /// Returns the sentences of an article, as far as its text may be repeated.
    fn sentences(&self, id: ArticleId) -> Vec<Sentence> {
        let article = &self.site.articles[id];
        if !article.may_repeat() {
            return Vec::new();
        }
        let text = self.bodies.text(id);
        let numbered = (0..).zip(&article.sentences);
        let sentence = |(number, range): (u32, &TextRange)| Sentence {
            number,
            range: *range,
            words: words(range.slice(&text)),
        };
        numbered.map(sentence).collect()
    }
}

/// The sentences of the reports so far.
///
/// Two sets of words that are the same to a given degree share one of the first words of each, in any fixed order: so only
/// sentences with such a word have to be looked at (prefix filtering: Bayardo, Ma and Srikant, "Scaling up all pairs
/// similarity search", 2007).
#[derive(Default)]
struct Known {
    all: Vec<Words>,
    /// For each word the sentences that have it among their first.
    first: FxHashMap<u64, Vec<u32>>,
    /// Which sentence each was compared with last.
    compared: Vec<u32>,
    sentences: u32,
}

impl Known {
    /// Returns the words of which one is shared with any set that is the same.
    fn prefix(words: &Words) -> &[u64] {
        let least = (words.len() * SAME).div_ceil(100);
        &words[..(words.len() - least + 1).min(words.len())]
    }

    fn add(&mut self, words: Words) {
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        for word in Self::prefix(&words) {
            self.first.entry(*word).or_default().push(number);
        }
        self.all.push(words);
        self.compared.push(0);
    }

    /// Returns whether a sentence was said before.
    fn says(&mut self, words: &Words) -> bool {
        self.sentences += 1;
        let Self { all, first, compared, sentences } = self;
        let known = Self::prefix(words).iter().filter_map(|word| first.get(word)).flatten();
        known.map(|number| *number as usize).any(|number| {
            let other = &all[number];
            let (short, long) = (words.len().min(other.len()), words.len().max(other.len()));
            // Two sentences may share several of their first words.
            let is_new = std::mem::replace(&mut compared[number], *sentences) != *sentences;
            is_new && short * 100 >= long * SAME && says_the_same(words, other)
        })
    }
}

/// Returns the words of a sentence as numbers, the longest first.
fn words(sentence: &str) -> Words {
    use std::hash::{Hash as _, Hasher as _};
    let folded = fold(sentence);
    let number = |word: &str| {
        let mut hasher = rustc_hash::FxHasher::default();
        word.hash(&mut hasher);
        // Longer words are rarer, and come first: so few other sentences share one of the first.
        let short = 63_u64.saturating_sub(word.len() as u64);
        short << 58 | hasher.finish() >> 6
    };
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut numbers: Words = words.map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Returns whether most words of two sentences are the same (Jaccard).
fn says_the_same(one: &Words, other: &Words) -> bool {
    let (mut a, mut b, mut same) = (0, 0, 0);
    // Of x and y words, n are the same in both when n / (x + y - n) is the degree.
    let least = ((one.len() + other.len()) * SAME).div_ceil(100 + SAME);
    while a < one.len() && b < other.len() {
        if same + (one.len() - a).min(other.len() - b) < least {
            return false;
        }
        match one[a].cmp(&other[b]) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => {
                same += 1;
                a += 1;
                b += 1;
            }
        }
    }
    let all = one.len() + other.len() - same;
    all > 0 && same * 100 >= all * SAME
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_is_looked_at_leaves_nothing_out(
            all in proptest::collection::vec(proptest::collection::btree_set(0..12_u64, 0..9), 1..12),
            one in proptest::collection::btree_set(0..12_u64, 0..9),
        ) {
            let words = |set: std::collections::BTreeSet<u64>| -> Words { set.into_iter().collect() };
            let (all, one): (Vec<Words>, Words) = (all.into_iter().map(words).collect(), words(one));
            let mut known = Known::default();
            all.iter().cloned().for_each(|words| known.add(words));
            let expected = all.iter().any(|other| says_the_same(&one, other));
            proptest::prop_assert_eq!(known.says(&one), expected);
        }
    }

    #[test]
    fn sentences_are_the_same_when_most_words_are() {
        let same = |one: &str, other: &str| says_the_same(&words(one), &words(other));
        let first = "The port was closed on Monday after a storm, the mayor said.";
        assert!(same(first, "The port was closed on Monday after the storm, said the mayor."));
        assert!(!same(first, "The port will open again on Thursday, the mayor said."));
        assert!(!same("", ""));
    }
}
