//! Reads `site.toml` into checked settings, with all its problems at once.

use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use toml::de::DeTable;

use super::BaseUrl;
use super::hosting::read_hosting;
use super::publish;
use super::section::{Section, Source};
use super::settings::{
    DigestModel, DigestSettings, EntitySettings, Every, FeedSettings, HtmlMode, Recognize,
    ReviewGate, Rights, SecuritySettings, SiteConfig, TopicSettings,
};
use super::theme::read_theme;
use super::verify::read_verify;
use crate::diag::{Code, Diagnostic, Warned};
use crate::files::SitePath;
use crate::text::SlugMode;
use crate::text::strip_controls;

impl SiteConfig {
    /// Reads the text of the configuration file `path`.
    ///
    /// # Errors
    /// Returns all problems of the file, in its order: one when it is not
    /// TOML, otherwise every unknown key, wrong type and invalid value.
    pub fn parse(text: &str, path: &SitePath) -> Result<Warned<Self>, Vec<Diagnostic>> {
        let table = DeTable::parse(text).map_err(|error| {
            let message = format!(
                "the configuration is not valid TOML: {}",
                error.message().replace('\n', ", ")
            );
            vec![Diagnostic::new(Code::ConfigSyntax, message).at(
                path,
                text,
                error.span().unwrap_or_default(),
            )]
        })?;
        let source = Source::new(path, text);
        let config = read(&source, table.get_ref());
        let problems = source.into_problems();
        if problems.is_empty() { Ok(Warned::clean(config)) } else { Err(problems) }
    }
}

/// Reads every setting; problems go to `source`.
fn read(source: &Source<'_>, table: &DeTable<'_>) -> SiteConfig {
    let mut config = SiteConfig::default();
    let mut root = Section::root(source, table);
    read_site(&mut root, &mut config);
    read_feeds(root.section("feeds"), &mut config.feeds);
    read_topics(root.section("topics"), &mut config.topics);
    read_entities(source, root.section("entities"), &mut config.entities);
    read_digest(source, root.section("digest"), &mut config.digest);
    read_security(root.section("security"), &mut config.security);
    read_hosting(root.section("hosting"), &mut config.hosting);
    read_small_tables(&mut root, &mut config);
    for (name, section) in root.tables("publish", "a table with `kind`") {
        let target = publish::read(section, name);
        config.publish.extend(target.map(|target| (name.get_ref().to_string(), target)));
    }
    read_verify(root.section("verify"), &mut config.verify);
    read_theme(source, &mut root, &mut config);
    config.extra = root.open("extra");
    root.finish();
    config
}

fn read_site(root: &mut Section<'_>, config: &mut SiteConfig) {
    config.base_url =
        root.parsed("base_url", "a URL such as \"https://example.org/news/\"", BaseUrl::parse);
    set(&mut config.title, root.parsed("title", "a string that is not empty", title));
    set(&mut config.description, root.text("description"));
    set(
        &mut config.language,
        root.parsed("language", "a language tag such as \"en\" or \"pt-BR\"", language),
    );
    let zone = "a time zone such as \"Europe/Paris\", or an offset such as \"+03:30\"";
    set(&mut config.time_zone, root.parsed("time_zone", zone, time_zone));
    let folder = "a folder below the site's root, such as \"public\"";
    set(&mut config.output_dir, root.parsed("output_dir", folder, output_dir));
    config.author = root.text("author");
    config.publisher = publisher(root);
    root.number("page_size", 1..=1000, &mut config.page_size);
    let pattern = "a pattern such as \"{year}/{month}/{slug}\"";
    config.article_url = root.parsed("article_url", pattern, article_url);
}

/// Reads `publisher = "Name"`, or `publisher.name`.
fn publisher(root: &mut Section<'_>) -> Option<String> {
    let value = root.raw("publisher")?;
    if let Some(name) = value.get_ref().as_str() {
        return Some(strip_controls(name).into_owned());
    }
    if !value.get_ref().is_table() {
        root.wrong_type("publisher", "a string, or a table with `name`", value);
        return None;
    }
    let mut section = root.section("publisher");
    let name = section.text("name");
    section.finish();
    name
}

fn read_feeds(mut section: Section<'_>, feeds: &mut FeedSettings) {
    section.number("limit", 1..=1000, &mut feeds.limit);
    section.flag("full_text", &mut feeds.full_text);
    section.flag("topics", &mut feeds.topics);
    section.flag("entities", &mut feeds.entities);
    section.flag("sources", &mut feeds.sources);
    section.flag("extra_formats", &mut feeds.extra_formats);
    section.finish();
}

fn read_topics(mut section: Section<'_>, topics: &mut TopicSettings) {
    section.number("on_home", 0..=100, &mut topics.on_home);
    section.flag("from_text", &mut topics.from_text);
    section.flag("discover", &mut topics.discover);
    section.flag("learn", &mut topics.learn);
    section.finish();
}

fn read_entities(source: &Source<'_>, mut section: Section<'_>, entities: &mut EntitySettings) {
    section.flag("autolink", &mut entities.autolink);
    section.choice(
        "recognize",
        &[("all", Recognize::All), ("given", Recognize::Given), ("none", Recognize::None)],
        &mut entities.recognize,
    );
    section.number("min_length", 1..=100, &mut entities.min_length);
    section.names("reject", &mut entities.reject);
    section.number("on_home", 0..=100, &mut entities.on_home);
    for (key, value) in section.entries("kinds") {
        let id = key.get_ref();
        let Some(plural) = value.get_ref().as_str() else {
            section.wrong_type(
                &format!("kinds.{id}"),
                "the plural of the kind, as a string",
                value,
            );
            continue;
        };
        if let Err(why) = entities.kinds.declare(id, plural) {
            let help = "expected a new kind and its plural, such as `vessel = \"vessels\"`";
            source.report(Diagnostic::new(Code::ConfigValue, why).help(help), value.span());
        }
    }
    section.finish();
}

fn read_digest(source: &Source<'_>, mut section: Section<'_>, digest: &mut DigestSettings) {
    section.names("command", &mut digest.command);
    digest.model = model(source, &mut section, !digest.command.is_empty());
    section.number("summary_length", 80..=2000, &mut digest.summary_length);
    section.number("title_length", 30..=200, &mut digest.title_length);
    section.number("related", 0..=50, &mut digest.related);
    section.number("stories", 0..=50, &mut digest.stories);
    section.flag("boilerplate", &mut digest.boilerplate);
    section.flag("detect_language", &mut digest.detect_language);
    section.finish();
}

/// Reads `model` and `tokenizer`, which need each other.
fn model(source: &Source<'_>, section: &mut Section<'_>, has_command: bool) -> Option<DigestModel> {
    let path = |text: &str| {
        SitePath::parse(text).ok_or_else(|| "it is not a path inside the site".to_owned())
    };
    let (network, tokenizer) = (section.raw("model"), section.raw("tokenizer"));
    let place = network.or(tokenizer)?.span();
    let read = (
        section.parsed("model", "a file of the site such as \"models/names.onnx\"", path),
        section.parsed("tokenizer", "a file of the site such as \"models/tokenizer.json\"", path),
    );
    let wrong = match (network, tokenizer) {
        (Some(_), None) => Some((
            "`digest.model` has no tokenizer",
            "set `tokenizer` to the `tokenizer.json` that belongs to the model",
        )),
        (None, Some(_)) => {
            Some(("`digest.tokenizer` has no model", "set `model` to the model in ONNX"))
        }
        _ if has_command => Some((
            "`digest.command` and `digest.model` cannot both find the names",
            "remove one of them",
        )),
        _ => None,
    };
    if let Some((message, help)) = wrong {
        source.report(Diagnostic::new(Code::ConfigValue, message).help(help), place);
        return None;
    }
    Some(DigestModel { network: read.0?, tokenizer: read.1? })
}

fn read_security(mut section: Section<'_>, security: &mut SecuritySettings) {
    section.choice(
        "html",
        &[("sanitise", HtmlMode::Sanitise), ("escape", HtmlMode::Escape)],
        &mut security.html,
    );
    section.number("max_file_size", 1 << 10..=1 << 30, &mut security.max_file_size);
    section.finish();
}

/// Reads the tables that hold a single setting.
fn read_small_tables(root: &mut Section<'_>, config: &mut SiteConfig) {
    const RIGHTS: [(&str, Rights); 4] = [
        ("full", Rights::Full),
        ("own", Rights::Own),
        ("excerpt", Rights::Excerpt),
        ("link-only", Rights::LinkOnly),
    ];
    let mut slug = root.section("slug");
    slug.choice(
        "mode",
        &[("ascii", SlugMode::Ascii), ("unicode", SlugMode::Unicode)],
        &mut config.slug_mode,
    );
    slug.finish();
    let mut links = root.section("links");
    links.names("skip_prefixes", &mut config.links.skip_prefixes);
    links.finish();
    let mut rights = root.section("rights");
    rights.choice("default", &RIGHTS, &mut config.rights);
    rights.finish();
    let mut issues = root.section("issues");
    let every = [
        ("never", Every::Never),
        ("day", Every::Day),
        ("week", Every::Week),
        ("month", Every::Month),
    ];
    issues.choice("every", &every, &mut config.issues);
    issues.finish();
    let mut review = root.section("review");
    let gates = [("label", ReviewGate::Label), ("block", ReviewGate::Block)];
    review.choice("gate", &gates, &mut config.review.gate);
    review.finish();
    let mut data = root.section("data");
    data.flag("enabled", &mut config.data);
    data.finish();
    let mut search = root.section("search");
    search.flag("enabled", &mut config.search);
    search.finish();
}

/// Replaces a default when there is a value.
fn set<T>(target: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *target = value;
    }
}

fn title(text: &str) -> Result<String, String> {
    let text = strip_controls(text.trim());
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(text.into_owned()) }
}

/// Checks the form of a BCP 47 tag, not whether its parts are registered.
fn language(tag: &str) -> Result<String, String> {
    let part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let first = tag.split('-').next().unwrap_or_default();
    if tag.split('-').all(part)
        && first.len() >= 2
        && first.bytes().all(|b| b.is_ascii_alphabetic())
    {
        Ok(tag.to_owned())
    } else {
        Err("it is not a language tag".to_owned())
    }
}

/// Reads a zone from the bundled database, so that a build does not depend on the machine.
fn time_zone(name: &str) -> Result<TimeZone, String> {
    let zone = DateTimeParser::new().parse_time_zone_with(&TimeZoneDatabase::bundled(), name);
    let usable = |zone: &TimeZone| {
        !zone.is_unknown() && (zone.iana_name().is_some() || zone.to_fixed_offset().is_ok())
    };
    zone.ok().filter(usable).ok_or_else(|| "there is no such time zone".to_owned())
}

/// Refuses folders that hold the user's own files, because a build replaces what is in the output folder.
fn output_dir(text: &str) -> Result<String, String> {
    let path = SitePath::parse(text).filter(|path| !path.as_str().contains(':'));
    let path = path.ok_or("it leaves the site's root or is not a path")?;
    let first = path.as_str().split('/').next().unwrap_or_default();
    if ["content", "themes", "site.toml"].iter().any(|own| own.eq_ignore_ascii_case(first))
        || first.starts_with('.')
    {
        return Err("the folder holds files that a build may not replace".to_owned());
    }
    Ok(path.as_str().to_owned())
}

fn article_url(pattern: &str) -> Result<String, String> {
    const KNOWN: [&str; 5] = ["path", "slug", "year", "month", "day"];
    let mut rest = pattern;
    let mut named = false;
    while let Some(at) = rest.find(['{', '}']) {
        let inner = rest[at..].strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (name, after) = inner.ok_or("its braces do not match")?;
        if !KNOWN.contains(&name) {
            return Err(format!(
                "`{{{name}}}` is none of {{path}}, {{slug}}, {{year}}, {{month}}, {{day}}"
            ));
        }
        named |= matches!(name, "path" | "slug");
        rest = after;
    }
    if !named {
        return Err("without `{slug}` or `{path}`, articles would share a URL".to_owned());
    }
    let inside = SitePath::parse(pattern.strip_prefix('/').unwrap_or(pattern));
    if inside.is_none() || pattern.contains(['?', '#', '%', ':', ' ']) {
        return Err("it is not a path".to_owned());
    }
    Ok(pattern.to_owned())
}

#[cfg(test)]
mod tests;
