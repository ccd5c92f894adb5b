//! The roles of somebody over time: those of the record, else those in which articles name it.

use tera::Value;

use super::Views;
use super::evidence::anchor;
use super::value::object;
use crate::ids::EntityId;
use crate::load::{Moment, Precision, Role};
use crate::relate::Held;
use crate::resolve::{Article, EntityLink, Status};

/// Roles on a page: those that most articles have.
const ROLES: usize = 12;

/// Returns the roles that a page shows of those that were found, in the order of their first reports.
fn shown_roles(held: &[Held]) -> Vec<&Held> {
    let mut shown: Vec<&Held> = held.iter().collect();
    shown.sort_by_key(|one| (std::cmp::Reverse(one.articles), one.first));
    shown.truncate(ROLES);
    shown.sort_by_key(|one| one.first);
    shown
}

impl Views<'_> {
    /// Returns the roles of somebody.
    pub(super) fn roles(&self, id: EntityId) -> Value {
        let record = self.site.entities[id].record.as_ref();
        if let Some(given) = record.and_then(|record| record.roles.as_ref()) {
            return given.iter().map(|role| self.given_role(role)).collect::<Vec<Value>>().into();
        }
        let found = self.relations.ledger.roles.get(id).map(Vec::as_slice).unwrap_or_default();
        let found = shown_roles(found).into_iter();
        found.map(|held| self.found_role(held)).collect::<Vec<Value>>().into()
    }

    fn given_role(&self, role: &Role) -> Value {
        let moment =
            |moment: Option<Moment>| moment.map_or_else(Value::none, |one| self.moment(one));
        object! { self.words;
            "name" => role.name.as_str(),
            "from" => moment(role.from),
            "until" => moment(role.until),
            "first" => Value::none(),
            "last" => Value::none(),
            "count" => Value::none(),
            "url" => Value::none(),
            "suggested" => false,
        }
    }

    fn found_role(&self, held: &Held) -> Value {
        let role = self.site.articles[held.first.article].roles.get(held.first.number as usize);
        let sentence = role.map_or(0, |role| role.found.sentence);
        object! { self.words;
            "name" => held.name.as_str(),
            "from" => Value::none(),
            "until" => Value::none(),
            "first" => self.named(held.first.article).date.clone(),
            "last" => self.named(held.last).date.clone(),
            "count" => held.articles,
            "url" => self.sentence_url(held.first.article, sentence),
            "suggested" => !held.confirmed,
        }
    }

    /// Returns a year, month or day as a date is.
    fn moment(&self, moment: Moment) -> Value {
        let day = moment.first;
        let text = match moment.precision {
            Precision::Year => self.strings.year(day.year()),
            Precision::Month => self.strings.month_year(day.month(), day.year()),
            Precision::Day => self.strings.date(day),
        };
        object! { self.words; "iso" => moment.to_string(), "text" => text }
    }

    /// Returns the link to somebody whom an article names, with the first role in which it does; the role leads to a sentence of
    /// the same page.
    pub(super) fn name_with_role(&self, article: &Article, link: &EntityLink) -> Value {
        let is_of = |place| article.named_at(place).is_some_and(|one| one.entity == link.entity);
        let mut roles = article.roles.iter().filter(|_| article.may_repeat());
        let Some(role) = roles.find(|role| is_of(role.found.person)) else {
            return self.entity_name(link.entity);
        };
        let entity = &self.site.entities[link.entity];
        object! { self.words;
            "name" => entity.name.as_str(),
            "url" => self.href(&self.plan.urls.entities[link.entity]),
            "suggested" => entity.status == Status::Suggested,
            "role" => role.found.name.as_str(),
            "role_url" => anchor("", role.found.sentence),
            "role_suggested" => role.status == Status::Suggested,
        }
    }
}
