//! Checked settings: every field holds a valid value.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{
    BaseUrl, HostingSettings, Kinds, PublishTarget, Redactions, ThemeOption, VerifySettings,
};
use crate::files::SitePath;
use crate::text::SlugMode;

/// The settings of a site.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// Where the site is published; none when every link is to be relative.
    pub base_url: Option<BaseUrl>,
    /// Name of the site. Default "Pressmark".
    pub title: String,
    /// One or two sentences about the site; empty by default.
    pub description: String,
    /// BCP 47 tag of the site's language. Default `en`.
    pub language: String,
    /// Zone in which dates without one are read. Default UTC.
    pub time_zone: TimeZone,
    /// Name of the theme. Default `broadsheet`.
    pub theme: String,
    /// Folder that the site is written to, relative to the root. Default `public`.
    pub output_dir: String,
    /// Name of the site's author or editors, if given.
    pub author: Option<String>,
    /// Name of the publisher, if given.
    pub publisher: Option<String>,
    /// Articles on the newest page of a list are between this and twice this less one. 1 to 1,000; default 20.
    pub page_size: usize,
    /// How names become slugs. Default ASCII.
    pub slug_mode: SlugMode,
    /// Pattern of article URLs with `{path}`, `{slug}`, `{year}`, `{month}`, `{day}`; none: the path under `content/`.
    pub article_url: Option<String>,
    /// Feeds.
    pub feeds: FeedSettings,
    /// Topics.
    pub topics: TopicSettings,
    /// Entities.
    pub entities: EntitySettings,
    /// The digest: what is derived from the text.
    pub digest: DigestSettings,
    /// Links.
    pub links: LinkSettings,
    /// What may be republished when an article does not say.
    pub rights: Rights,
    /// What becomes of what no person vouches for.
    pub review: ReviewSettings,
    /// Bounds and treatment of untrusted text.
    pub security: SecuritySettings,
    /// Write `index.json` beside index pages, and `catalog.json`. Default true.
    pub data: bool,
    /// Make a page to search the site, with its index. Default true.
    pub search: bool,
    /// What is made for hosts.
    pub hosting: HostingSettings,
    /// How often an issue is put together from the articles of a stretch of time. Default [`Every::Never`].
    pub issues: Every,
    /// Options of the theme as the site gives them, in the order of the file.
    pub theme_options: Vec<ThemeOption>,
    /// Publish targets by name; read by `publish`.
    pub publish: BTreeMap<String, PublishTarget>,
    /// What `verify` asks of a published site.
    pub verify: VerifySettings,
    /// Values of the site's own, passed to templates as `site.extra`.
    pub extra: serde_json::Map<String, serde_json::Value>,
    /// What was taken down; from `content/redactions.toml`, and never from `site.toml`.
    pub redactions: Redactions,
}

/// `[feeds]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each one is a setting of its own in `site.toml`"
)]
pub struct FeedSettings {
    /// Entries in a feed. 1 to 1,000; default 20.
    pub limit: usize,
    /// Whole text instead of the summary, where `rights` allow it. Default false.
    pub full_text: bool,
    /// Atom feeds for topics. Default true.
    pub topics: bool,
    /// Atom feeds for entities. Default true.
    pub entities: bool,
    /// Atom feeds for sources. Default true.
    pub sources: bool,
    /// RSS and JSON Feed for the site. Default true.
    pub extra_formats: bool,
}

/// `[topics]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicSettings {
    /// Topics shown on the home page. 0 to 100; default 12.
    pub on_home: usize,
    /// Assign topics whose record's name, aliases or keywords the text holds. Default true.
    pub from_text: bool,
    /// Make topics of words that come again in several articles, for articles without any. Default true.
    pub discover: bool,
    /// Give articles that have no topics those that others teach.
    pub learn: bool,
}

/// `[entities]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitySettings {
    /// Built-in and declared kinds (`[entities.kinds] vessel = "vessels"`).
    pub kinds: Kinds,
    /// Link the first mention of an entity in each section to its page. Default true.
    pub autolink: bool,
    /// Which names are looked for in the text of articles. Default all.
    pub recognize: Recognize,
    /// Shortest name that is looked for in texts, in characters. 1 to 100; default 2.
    pub min_length: usize,
    /// Names that are never entities.
    pub reject: Vec<String>,
    /// Entities shown on the home page, for each kind. 0 to 100; default 8.
    pub on_home: usize,
}

/// Which names are looked for in texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Recognize {
    /// Those that editors gave, and whatever else looks like a name.
    #[default]
    All,
    /// Those that editors gave in records and front matter.
    Given,
    /// None: an article names what its front matter lists, and nothing else. Sentences have no anchors then.
    None,
}

/// `[digest]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestSettings {
    /// Longest derived summary, in characters. 80 to 2,000; default 280.
    pub summary_length: usize,
    /// Longest derived headline, in characters. 30 to 200; default 90.
    pub title_length: usize,
    /// Related articles on an article's page. 0 to 50; default 5.
    pub related: usize,
    /// Earlier reports on the same event that an article's page lists; 0 for none.
    pub stories: usize,
    /// Set boilerplate and disclaimers apart. Default true.
    pub boilerplate: bool,
    /// Program and arguments that find names in place of what is built in; empty for none.
    pub command: Vec<String>,
    /// Model that finds names in place of what is built in.
    pub model: Option<DigestModel>,
    /// Tell the language of a text that does not name one. Default true; else it is the site's.
    pub detect_language: bool,
}

/// A model of the site, by its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestModel {
    /// The network, in ONNX: `[digest] model`.
    pub network: SitePath,
    /// What cuts words into parts: `[digest] tokenizer`.
    pub tokenizer: SitePath,
}

/// `[links]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSettings {
    /// URL prefixes that link checks pass over.
    pub skip_prefixes: Vec<String>,
}

/// `[review]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewSettings {
    /// What becomes of what no person vouches for. Default `label`.
    pub gate: ReviewGate,
}

/// What becomes of suggested entities, derived topics, quotations, figures and roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReviewGate {
    /// They are shown, and marked as suggested.
    #[default]
    Label,
    /// `check` fails until a person has decided about them.
    Block,
}

/// `[security]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecuritySettings {
    /// What happens to raw HTML in articles. Default `sanitise`.
    pub html: HtmlMode,
    /// Largest article, page or record, in bytes. 1 KiB to 1 GiB; default 8 MiB.
    pub max_file_size: u64,
}

/// What happens to raw HTML in articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HtmlMode {
    /// Shown as text.
    Escape,
    /// Safe elements stay, the rest goes.
    #[default]
    Sanitise,
}

/// How much of an article may be republished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rights {
    /// The whole text. The page's canonical address is that of the original, if there is one.
    #[default]
    Full,
    /// The whole text, which is the site's own, such as a digest of the source. The page is its own canonical address.
    Own,
    /// The summary and the first paragraph.
    Excerpt,
    /// Title, summary and the link to the source.
    LinkOnly,
}

/// How often something is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// Not at all.
    #[default]
    Never,
    /// For each day.
    Day,
    /// For each week, by ISO 8601.
    Week,
    /// For each month.
    Month,
}
