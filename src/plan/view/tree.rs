//! Topics within topics.

use tera::Value;

use super::Views;
use super::value::object;
use crate::ids::TopicId;
use crate::resolve::Site;

/// Levels that a tree shows: whoever wants more opens a topic. It bounds how often a topic is shown, however deep records
/// put one below the other.
const DEPTH: usize = 6;

/// Returns the topics that the tree below a topic shows, each before those below it.
pub(crate) fn shown_below(site: &Site, id: TopicId) -> Vec<TopicId> {
    let mut all = Vec::new();
    below(site, id, DEPTH, &mut all);
    all
}

fn below(site: &Site, id: TopicId, levels: usize, all: &mut Vec<TopicId>) {
    for child in site.topics[id].children.iter().filter(|_| levels > 0) {
        all.push(*child);
        below(site, *child, levels - 1, all);
    }
}

impl Views<'_> {
    /// Returns the tree below a topic.
    pub(super) fn topics_below(&self, id: TopicId) -> Value {
        if self.words.has("tree") {
            self.branches(&self.site.topics[id].children, DEPTH)
        } else {
            Value::none()
        }
    }

    /// Returns the trees of a site: the topics that have others below and none above.
    pub(super) fn topic_trees(&self) -> Value {
        if !self.words.has("tree") {
            return Value::none();
        }
        let is_root = |id: &TopicId| {
            let topic = &self.site.topics[*id];
            topic.parent.is_none() && !topic.children.is_empty()
        };
        let roots: Vec<TopicId> = self.site.topics.ids().filter(is_root).collect();
        self.branches(&roots, DEPTH)
    }

    fn branches(&self, ids: &[TopicId], levels: usize) -> Value {
        let Some(below) = levels.checked_sub(1) else { return Vec::<Value>::new().into() };
        let branch = |id: &TopicId| {
            let topic = &self.site.topics[*id];
            object! { self.words;
                "name" => topic.name.as_str(),
                "url" => self.href(&self.plan.urls.topics[*id]),
                "count" => topic.articles.len(),
                "children" => self.branches(&topic.children, below),
            }
        };
        ids.iter().map(branch).collect::<Vec<Value>>().into()
    }
}
