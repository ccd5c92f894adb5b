//! What somebody wishes to decide becomes a decision that can be written down.
//!
//! A wish names things as people call them. It comes from the command line, or from whatever shows the site to an
//! editor; here it is held against what the site has. Nothing is written: see [`record`](super::record).

use std::fmt;

use super::lookup::{article, entity, is_form, new_name, record_file, short, topic, unknown};
use super::{choices, facts, other_forms};
use crate::config::{EntityKind, SiteConfig};
use crate::diag::{Error, nearest};
use crate::files::SitePath;
use crate::ids::ArticleId;
use crate::load::{Action, Decision};
use crate::resolve::{Entity, Site, Status, name_key};
use crate::text::{TextRange, one_line};

/// What a decision is held against.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The site, with all decisions so far.
    pub site: &'a Site,
    /// These decisions.
    pub decisions: &'a [Decision],
    /// The settings.
    pub config: &'a SiteConfig,
    /// Reads a part of an article's text.
    pub part: &'a dyn Fn(ArticleId, TextRange) -> String,
}

impl fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Known({} articles)", self.site.articles.len())
    }
}

/// What somebody wishes to decide. Names count in any spelling that differs in case or accents only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// A name is that of somebody or something.
    Accept {
        /// The name.
        name: &'a str,
        /// What it is, when it was taken for something else.
        kind: Option<EntityKind>,
    },
    /// A name is nobody's.
    Reject {
        /// The name.
        name: &'a str,
    },
    /// One name is another name of somebody.
    Merge {
        /// Whose it is.
        name: &'a str,
        /// The other name.
        other: &'a str,
    },
    /// A form that was taken for a name of somebody is somebody else's.
    Split {
        /// Whose it was taken for.
        name: &'a str,
        /// The form.
        form: &'a str,
        /// What the other one is, when it is something else.
        kind: Option<EntityKind>,
    },
    /// Somebody is called otherwise.
    Rename {
        /// The old name.
        name: &'a str,
        /// The new one.
        to: &'a str,
    },
    /// Somebody or something is of another kind.
    Kind {
        /// Whose.
        name: &'a str,
        /// The kind.
        kind: EntityKind,
    },
    /// An article has a topic, or does not have it.
    Topic {
        /// The topic.
        topic: &'a str,
        /// The article's file, below the site's root or below `content/articles`.
        article: &'a str,
        /// Whether it has it.
        holds: bool,
    },
    /// A quotation or figure is right, or is none.
    Fact {
        /// Its id, or the beginning of it.
        id: &'a str,
        /// Whether it is right.
        holds: bool,
        /// Who said it, when the text was misread.
        speaker: Option<&'a str>,
    },
}

/// What came of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was done, in a word: `accepted`; `kept` when it is so already.
    pub label: &'static str,
    /// What it was done to, on one line.
    pub text: String,
    /// What has to be written down; none when it is so already.
    pub action: Option<Action>,
}

impl Answer {
    pub(super) fn decided(label: &'static str, text: String, action: Action) -> Self {
        Self { label, text, action: Some(action) }
    }

    pub(super) fn kept(text: String) -> Self {
        Self { label: "kept", text, action: None }
    }
}

/// Makes a decision of a wish.
///
/// # Errors
/// When the site does not have what the wish names, or when something other than a decision would be needed, such as
/// another record. The error says what to do.
pub fn decide(request: Request<'_>, known: Known<'_>) -> Result<Answer, Error> {
    match request {
        Request::Accept { name, kind } => accept(known, name, kind),
        Request::Reject { name } => reject(known, name),
        Request::Merge { name, other } => merge(known, name, other),
        Request::Split { name, form, kind } => split(known, name, form, kind),
        Request::Rename { name, to } => rename(known, name, to),
        Request::Kind { name, kind } => set_kind(known, name, kind),
        Request::Topic { topic, article, holds } => choose(known, topic, article, holds),
        Request::Fact { id, holds, speaker } => facts::decide(known, id, holds, speaker),
    }
}

/// Returns a name and its kind, for people.
fn told(known: Known<'_>, name: &str, kind: EntityKind) -> String {
    format!("{} ({})", one_line(name), known.config.entities.kinds.id(kind))
}

fn accept(known: Known<'_>, name: &str, kind: Option<EntityKind>) -> Result<Answer, Error> {
    let found = entity(known, name)?;
    let as_kind = kind.unwrap_or(found.kind);
    let text = told(known, &found.name, as_kind);
    if found.status == Status::Suggested {
        let action = Action::Accept { name: found.name.clone(), kind: Some(as_kind) };
        return Ok(Answer::decided("accepted", text, action));
    }
    if as_kind != found.kind {
        let known = told(known, &found.name, found.kind);
        return Err(Error::usage(format!("{known} is confirmed already"))
            .help("`pressmark review kind` says what it is"));
    }
    Ok(Answer::kept(format!("{text}: confirmed already")))
}

fn reject(known: Known<'_>, name: &str) -> Result<Answer, Error> {
    let found = entity(known, name)?;
    if let Some(file) = record_file(found) {
        return Err(Error::usage(format!("`{}` has a record: `{file}`", short(&found.name)))
            .help("remove that file first"));
    }
    // A form that somebody else has stays with that one.
    let is_own = |form: &String| {
        let key = name_key(form);
        let mut others = known.site.entities.iter().filter(|one| !std::ptr::eq(*one, found));
        !others.any(|one| name_key(&one.name) == key || is_form(one, &key))
    };
    let mut forms = other_forms(found);
    forms.retain(is_own);
    let mut text = told(known, &found.name, found.kind);
    if !forms.is_empty() {
        text = format!("{text}, also as {}", short(&forms.join(", ")));
    }
    let action = Action::Reject { name: found.name.clone(), forms };
    Ok(Answer::decided("rejected", text, action))
}

fn merge(known: Known<'_>, name: &str, other: &str) -> Result<Answer, Error> {
    let into = entity(known, name)?;
    let key = name_key(other);
    let text = format!("{} into {}", short(other), told(known, &into.name, into.kind));
    if name_key(&into.name) == key {
        return Err(Error::usage(format!("`{}` and `{}` are one name", short(name), short(other))));
    }
    let record = into.record.as_ref();
    if record.is_some_and(|one| one.aliases.iter().any(|alias| name_key(alias) == key)) {
        return Ok(Answer::kept(format!("{text}: merged already")));
    }
    let called = |one: &&Entity| name_key(&one.name) == key;
    let entities = || known.site.entities.iter();
    let source = entities().find(called);
    if let (Some(one), Some(two)) = (record_file(into), source.and_then(record_file)) {
        return Err(Error::usage(format!(
            "`{}` and `{}` have records: `{one}`, `{two}`",
            short(&into.name),
            short(other)
        ))
        .help("remove one of the files, and add its names to the `aliases` of the other"));
    }
    let form = || entities().flat_map(|one| &one.aliases).find(|one| name_key(&one.name) == key);
    let name = source.map(|one| &one.name).or_else(|| form().map(|alias| &alias.name));
    let name = name.ok_or_else(|| unknown(known, other))?.clone();
    let action = Action::Merge { name, into: into.name.clone(), kind: Some(into.kind) };
    Ok(Answer::decided("merged", text, action))
}

fn split(
    known: Known<'_>,
    name: &str,
    form: &str,
    kind: Option<EntityKind>,
) -> Result<Answer, Error> {
    let found = entity(known, name)?;
    let key = name_key(form);
    if !is_form(found, &key) || name_key(&found.name) == key {
        let aliases: Vec<&str> = found.aliases.iter().map(|alias| alias.name.as_str()).collect();
        let help = match nearest(form, aliases.iter().copied()) {
            Some(near) => format!("did you mean `{}`?", one_line(near)),
            None if aliases.is_empty() => "it has no other forms".to_owned(),
            None => format!("its other forms are: {}", short(&aliases.join(", "))),
        };
        let message = format!("`{}` is not another form of `{}`", short(form), short(&found.name));
        return Err(Error::usage(message).help(help));
    }
    let exact = found.aliases.iter().find(|alias| name_key(&alias.name) == key);
    let form = exact.map_or_else(|| form.to_owned(), |alias| alias.name.clone());
    let kind = kind.unwrap_or(found.kind);
    let text = format!("{} from {}", told(known, &form, kind), one_line(&found.name));
    let action = Action::Split { name: found.name.clone(), form, kind: Some(kind) };
    Ok(Answer::decided("split", text, action))
}

fn rename(known: Known<'_>, old: &str, new: &str) -> Result<Answer, Error> {
    let found = entity(known, old)?;
    let to = new_name(new)?;
    let other = known.site.entities.iter().find(|one| {
        name_key(&one.name) == name_key(&to) && name_key(&one.name) != name_key(&found.name)
    });
    if let Some(other) = other {
        return Err(Error::usage(format!("there is a `{}` already", short(&other.name)))
            .help("`pressmark review merge` says that two names are of the same one"));
    }
    let text = format!("{} to {}", one_line(&found.name), told(known, &to, found.kind));
    if to == found.name {
        return Ok(Answer::kept(format!("{text}: called so already")));
    }
    let action = Action::Rename { name: found.name.clone(), to, kind: Some(found.kind) };
    Ok(Answer::decided("renamed", text, action))
}

fn set_kind(known: Known<'_>, name: &str, kind: EntityKind) -> Result<Answer, Error> {
    let found = entity(known, name)?;
    let text = told(known, &found.name, kind);
    if found.kind == kind && found.status == Status::Confirmed {
        return Ok(Answer::kept(format!("{text}: confirmed already")));
    }
    Ok(Answer::decided("kind", text, Action::Kind { name: found.name.clone(), kind }))
}

/// Decides whether an article has a topic.
fn choose(known: Known<'_>, name: &str, file: &str, holds: bool) -> Result<Answer, Error> {
    let topic = topic(known.site, name)?;
    let article = article(known.site, file)?;
    let link = article.topics.iter().find(|link| known.site.topics[link.topic].slug == topic.slug);
    let text = format!("{}: {}", one_line(&topic.name), article.path);
    let is_stated = link.is_some_and(|link| link.rule.is_none());
    let (name, path) = (topic.name.clone(), article.path.clone());
    Ok(match (holds, link) {
        (true, Some(_)) if is_stated => Answer::kept(format!("{text}: stated already")),
        (true, _) => {
            Answer::decided("accepted", text, Action::AcceptTopic { topic: name, article: path })
        }
        (false, None) => Answer::kept(format!("{text}: not a topic of the article")),
        (false, Some(_)) if is_stated && !is_accepted(known, &name, &path) => {
            let message =
                format!("the front matter of `{path}` states the topic `{}`", short(&name));
            return Err(Error::usage(message).help("remove it there"));
        }
        (false, Some(_)) => {
            Answer::decided("rejected", text, Action::RejectTopic { topic: name, article: path })
        }
    })
}

/// Returns whether an article has a topic because somebody decided so.
fn is_accepted(known: Known<'_>, topic: &str, article: &SitePath) -> bool {
    let choices = choices(known.decisions);
    let mut of_article = choices.get(article).into_iter().flatten();
    of_article.any(|choice| choice.holds && name_key(&choice.topic) == name_key(topic))
}
