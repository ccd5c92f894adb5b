//! `site.toml`: raw settings with their places, then checked settings.
//!
//! In: the text of `site.toml`. Out: a [`SiteConfig`] whose fields can only hold
//! valid values. All problems of the file are reported at once; an unknown key
//! is an error that names the nearest known one.
//!
//! Precedence, lowest first: defaults, the theme's defaults, `site.toml`,
//! command-line flags.

mod base_url;
mod defaults;
mod hosting;
mod kinds;
mod load;
mod publish;
mod redactions;
mod reference;
mod section;
mod settings;
mod theme;
mod verify;

pub use self::base_url::BaseUrl;
pub use self::hosting::{Encoding, HostFile, HostingSettings};
pub use self::kinds::{EntityKind, Kinds};
pub use self::publish::{Bucket, PublishPlace, PublishTarget, Service, Transfer};
pub use self::redactions::{Redactions, Removal, RemovedPlace};
pub use self::reference::{SETTINGS, Setting, reference};
pub use self::settings::{
    DigestModel, DigestSettings, EntitySettings, Every, FeedSettings, HtmlMode, LinkSettings,
    Recognize, ReviewGate, ReviewSettings, Rights, SecuritySettings, SiteConfig, TopicSettings,
};
pub use self::theme::ThemeOption;
pub use self::verify::{PublicKey, VerifySettings};
