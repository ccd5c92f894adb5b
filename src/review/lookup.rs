//! Whom and what a wish to decide means.

use super::Known;
use crate::diag::{Error, nearest};
use crate::files::SitePath;
use crate::load::{Action, DECISIONS};
use crate::resolve::{Article, Entity, Site, Status, Topic, name_key};
use crate::text::one_line;

/// Most characters of a new name.
const MAX_NAME: usize = 200;
/// Most characters of a name in a message.
const SHOWN: usize = 80;

/// Finds the entity that is called `name`.
pub(super) fn entity<'s>(known: Known<'s>, name: &str) -> Result<&'s Entity, Error> {
    let site = &known.site;
    let key = name_key(name);
    // Of several kinds of one name, what nobody has decided about yet, then what is named most.
    let rank =
        |entity: &&Entity| (entity.status != Status::Suggested, std::cmp::Reverse(entity.mentions));
    let called = site.entities.iter().filter(|entity| name_key(&entity.name) == key);
    if let Some(entity) = called.min_by_key(rank) {
        return Ok(entity);
    }
    let other = site.entities.iter().find(|entity| is_form(entity, &key));
    if let Some(entity) = other {
        let (form, name) = (short(name), short(&entity.name));
        return Err(Error::usage(format!("`{form}` is another form of `{name}`")).help(format!(
            "decide about `{name}`; if `{form}` is somebody else, use `pressmark review split`"
        )));
    }
    Err(unknown(known, name))
}

/// Returns whether a key is that of another form of an entity's name.
pub(super) fn is_form(entity: &Entity, key: &str) -> bool {
    entity.aliases.iter().any(|alias| name_key(&alias.name) == key)
}

/// Returns the report about a name that the site does not know.
pub(super) fn unknown(known: Known<'_>, name: &str) -> Error {
    let key = name_key(name);
    let is_rejected = known.decisions.iter().any(|decision| match &decision.action {
        Action::Reject { name, .. } => name_key(name) == key,
        _ => false,
    });
    if is_rejected {
        return Error::usage(format!("`{}` was rejected", short(name)))
            .help("`pressmark review undo` and the name take that back");
    }
    let names = known.site.entities.iter().map(|entity| entity.name.as_str());
    let help = nearest(name, names).map_or_else(
        || "`pressmark review` and `pressmark list entities` list the names".to_owned(),
        |near| format!("did you mean `{}`?", one_line(near)),
    );
    Error::usage(format!("no article names `{}`", short(name))).help(help)
}

/// Finds a topic by its name, another name of its record, or its id.
pub(super) fn topic<'s>(site: &'s Site, name: &str) -> Result<&'s Topic, Error> {
    let key = name_key(name);
    let is_called = |topic: &&Topic| {
        let record = topic.record.as_ref();
        name_key(&topic.name) == key
            || topic.slug == name
            || record.is_some_and(|one| one.aliases.iter().any(|alias| name_key(alias) == key))
    };
    site.topics.iter().find(is_called).ok_or_else(|| {
        let near = nearest(name, site.topics.iter().map(|topic| topic.name.as_str()));
        let help = near.map_or_else(
            || "`pressmark list topics` lists them".to_owned(),
            |near| format!("did you mean `{}`?", one_line(near)),
        );
        Error::usage(format!("there is no topic `{}`", short(name))).help(help)
    })
}

/// Finds an article by its file, below the site's root or below `content/articles`.
pub(super) fn article<'s>(site: &'s Site, name: &str) -> Result<&'s Article, Error> {
    let given = SitePath::parse(name);
    let below = SitePath::parse(&format!("content/articles/{name}"));
    let is_it = |article: &&Article| {
        [&given, &below].into_iter().flatten().any(|path| article.path == *path)
    };
    site.articles.iter().find(is_it).ok_or_else(|| {
        let near = nearest(name, site.articles.iter().map(|article| article.path.as_str()));
        let help = near.map_or_else(
            || "name it as `pressmark review` does: `content/articles/talks.txt`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Error::usage(format!("no article that is shown has the file `{}`", short(name))).help(help)
    })
}

/// Returns a new name on one line.
pub(super) fn new_name(text: &str) -> Result<String, Error> {
    let words: Vec<String> = text.split_whitespace().map(one_line).collect();
    let name = words.join(" ");
    let name = name.trim();
    if name.is_empty() || name_key(name).is_empty() {
        return Err(Error::usage("the new name is empty"));
    }
    if name.chars().count() > MAX_NAME {
        let message = format!("the new name `{}` is too long", short(name));
        return Err(Error::usage(message).help(format!("use at most {MAX_NAME} characters")));
    }
    Ok(name.to_owned())
}

/// Returns a name for a message: on one line, and not endless.
pub fn short(name: &str) -> String {
    let line = one_line(name);
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// Returns the file of the record that people wrote about an entity.
pub(super) fn record_file(entity: &Entity) -> Option<&SitePath> {
    let record = entity.record.as_ref()?;
    (record.path.as_str() != DECISIONS).then_some(&record.path)
}
