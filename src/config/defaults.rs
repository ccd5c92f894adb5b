//! The settings of a site whose `site.toml` is empty; the values are documented at the fields.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::settings::{
    DigestSettings, EntitySettings, Every, FeedSettings, HtmlMode, LinkSettings, Recognize,
    ReviewSettings, Rights, SecuritySettings, SiteConfig, TopicSettings,
};
use super::{HostingSettings, Kinds, Redactions, VerifySettings};
use crate::text::SlugMode;

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            base_url: None,
            title: "Pressmark".to_owned(),
            description: String::new(),
            language: "en".to_owned(),
            time_zone: TimeZone::UTC,
            theme: "broadsheet".to_owned(),
            output_dir: "public".to_owned(),
            author: None,
            publisher: None,
            page_size: 20,
            slug_mode: SlugMode::default(),
            article_url: None,
            feeds: FeedSettings::default(),
            topics: TopicSettings::default(),
            entities: EntitySettings::default(),
            digest: DigestSettings::default(),
            links: LinkSettings { skip_prefixes: Vec::new() },
            rights: Rights::default(),
            review: ReviewSettings::default(),
            security: SecuritySettings { html: HtmlMode::default(), max_file_size: 8 << 20 },
            data: true,
            search: true,
            hosting: HostingSettings::default(),
            issues: Every::Never,
            theme_options: Vec::new(),
            publish: BTreeMap::new(),
            verify: VerifySettings::default(),
            extra: serde_json::Map::new(),
            redactions: Redactions::default(),
        }
    }
}

impl Default for FeedSettings {
    fn default() -> Self {
        Self {
            limit: 20,
            full_text: false,
            topics: true,
            entities: true,
            sources: true,
            extra_formats: true,
        }
    }
}

impl Default for TopicSettings {
    fn default() -> Self {
        Self { on_home: 12, from_text: true, discover: true, learn: true }
    }
}

impl Default for EntitySettings {
    fn default() -> Self {
        Self {
            kinds: Kinds::default(),
            autolink: true,
            recognize: Recognize::All,
            min_length: 2,
            reject: Vec::new(),
            on_home: 8,
        }
    }
}

impl Default for DigestSettings {
    fn default() -> Self {
        Self {
            summary_length: 280,
            title_length: 90,
            related: 5,
            stories: 5,
            boilerplate: true,
            command: Vec::new(),
            model: None,
            detect_language: true,
        }
    }
}
