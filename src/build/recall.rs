//! What single files say, read once and remembered.
//!
//! A file's answers are kept under fingerprints of all that they depend on: its
//! path and bytes, the settings that matter, the names that are looked for. A file
//! whose stamp is the one of the last build is not even opened.
//!
//! Reports are kept with the values and come up again with them.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::recognizer::Chosen;
use crate::analyze::{Analysis, Lexicon, Missing, Unanswered, analyze};
use crate::config::{EntityKind, Redactions, SiteConfig};
use crate::diag::{Diagnostic, Warned};
use crate::files::{FileStamp, Files, Found, SitePath};
use crate::ids::Fingerprint;
use crate::load::{self, FileName, Format, FrontMatter, SourceFile, When};
use crate::parse::{Body, parse};
use crate::resolve::{self, Reading};
use crate::store::Store;

/// The table of the stamps that the last build saw.
const TABLE: &str = "files";

/// Finds out what files say, and remembers it.
pub(super) struct Recall<'a> {
    pub(super) store: &'a Store,
    pub(super) files: &'a dyn Files,
    config: SiteConfig,
    chosen: Chosen,
    /// Fingerprint of the settings that decide how a file is read.
    settings: Fingerprint,
    /// Stamps and contents of files, read when they are asked for.
    known: OnceLock<FxHashMap<SitePath, (FileStamp, Fingerprint)>>,
}

/// What all articles must tell before the text of any is read. It is kept in front of the reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Front {
    entities: Vec<(EntityKind, String)>,
    draft: bool,
    date: Option<When>,
    publish: Option<When>,
    expiry: Option<When>,
    name: FileName,
    bundle: bool,
    reports: Vec<Diagnostic>,
}

/// All that was kept of an article.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) front: Front,
    pub(super) reading: Reading,
    /// On its text; those on its front matter are in front.
    pub(super) reports: Vec<Diagnostic>,
}

/// An article that is known as far as others depend on it.
pub(super) enum Article {
    /// With its text, and the reports on its front matter.
    Read(SourceFile, Vec<Diagnostic>),
    /// As it was in an earlier build: the front matter is not whole, and there is no text, but the
    /// bytes of the reading, behind the fingerprint of the lexicon it was made with.
    Known(SourceFile, Vec<u8>),
}

impl Article {
    /// Borrows the file.
    pub(super) fn file(&self) -> &SourceFile {
        match self {
            Self::Read(file, _) | Self::Known(file, _) => file,
        }
    }
}

impl<'a> Recall<'a> {
    pub(super) fn new(
        store: &'a Store,
        files: &'a dyn Files,
        config: &SiteConfig,
        chosen: Chosen,
    ) -> Self {
        let (config, settings) = (config.clone(), settings(config, chosen.fingerprint));
        Self { store, files, config, chosen, settings, known: OnceLock::new() }
    }

    /// Returns what finds names.
    pub(super) fn into_chosen(self) -> Chosen {
        self.chosen
    }

    fn known(&self) -> &FxHashMap<SitePath, (FileStamp, Fingerprint)> {
        self.known.get_or_init(|| {
            let rows: Vec<(SitePath, FileStamp, Fingerprint)> =
                self.store.table(TABLE).and_then(|bytes| decode(&bytes)).unwrap_or_default();
            rows.into_iter().map(|(path, stamp, print)| (path, (stamp, print))).collect()
        })
    }

    /// Reads an article as far as others depend on it.
    pub(super) fn article(&self, found: &Found) -> Warned<Option<Article>> {
        if let Some(kept) = self.unchanged(found).and_then(|print| self.known_article(found, print))
        {
            return kept;
        }
        let anew = self.article_anew(found);
        // A file may have another stamp and the bytes that it had: then what it says is known all the same.
        let print = anew.value.as_ref().map(|article| article.file().fingerprint);
        print.and_then(|print| self.known_article(found, print)).unwrap_or(anew)
    }

    /// Reads an article as far as others depend on it, whatever is known of it.
    pub(super) fn article_anew(&self, found: &Found) -> Warned<Option<Article>> {
        let Warned { value, diagnostics } = load::article(self.files, found, &self.config);
        let kept = if self.store.is_kept() { diagnostics.clone() } else { Vec::new() };
        Warned { value: value.map(|file| Article::Read(file, kept)), diagnostics }
    }

    fn known_article(
        &self,
        found: &Found,
        fingerprint: Fingerprint,
    ) -> Option<Warned<Option<Article>>> {
        let key = self.key(&found.path, fingerprint);
        let mut bytes = self.store.read(self.store.find(key)?)?;
        let (kept, rest) = postcard::take_from_bytes::<Front>(&bytes).ok()?;
        let begin = bytes.len() - rest.len();
        bytes.drain(..begin);
        let Front { entities, draft, date, publish, expiry, name, bundle, reports } = kept;
        let front =
            FrontMatter { date, publish, expiry, draft, entities, ..FrontMatter::default() };
        let path = found.path.clone();
        let format = Format::of(&path).unwrap_or(Format::PlainText);
        let (text, body) = (String::new(), 0..0);
        let file = SourceFile { path, format, text, body, front, name, bundle, fingerprint };
        Some(Warned { value: Some(Article::Known(file, bytes)), diagnostics: reports })
    }

    /// Returns the fingerprint of a file whose stamp is that of the last build.
    fn unchanged(&self, found: &Found) -> Option<Fingerprint> {
        let (stamp, print) = self.known().get(&found.path)?;
        (found.stamp? == *stamp).then_some(*print)
    }

    /// Finds out what an article says.
    pub(super) fn reading(&self, article: Article, lexicon: &Lexicon) -> Warned<Reading> {
        let (path, print) = (&article.file().path, article.file().fingerprint);
        let key = self.key(path, print);
        let body_key = key.complement();
        let body = self.store.find(body_key);
        let (file, front_reports) = match article {
            Article::Read(file, reports) => (file, reports),
            Article::Known(file, bytes) => {
                if let Some((body, reading)) = body.zip(known_reading(&bytes, lexicon)) {
                    let (mut reading, diagnostics) = reading;
                    reading.set_text(body);
                    return Warned { value: reading, diagnostics };
                }
                // When it was changed a moment ago, the next build sees the new stamp.
                read_again(self.files, &self.config, &file.path).unwrap_or((file, Vec::new()))
            }
        };
        let front = self.store.is_kept().then(|| Front::of(&file, front_reports));
        let Warned { value: draft, mut diagnostics } = parse(&file, &self.config);
        let given =
            |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        let missing = Missing {
            title: !given(&file.front.title),
            summary: !given(&file.front.summary),
            topics: file.front.topics.iter().all(|name| name.trim().is_empty()),
        };
        let recognizer = self.chosen.recognizer.as_ref();
        let analysis = analyze(&draft.body, lexicon, recognizer, missing, &self.config);
        let (analysis, failed) = match analysis {
            Ok(analysis) => (analysis, None),
            Err(Unanswered(reason)) => {
                let (code, what) = self.chosen.failure;
                let report = Diagnostic::new(code, format!("{what}: {reason}"));
                (Analysis::default(), Some(report.in_file(&file.path)))
            }
        };
        let blob = self.store.put(body_key, draft.body.pack());
        let mut reading =
            resolve::read(file, draft, analysis, &self.config).drain_into(&mut diagnostics);
        // What failed is tried again.
        if let Some(front) = front.filter(|_| failed.is_none()) {
            self.keep(key, &(front, lexicon.fingerprint(), &reading, &diagnostics));
        }
        reading.set_text(blob);
        diagnostics.extend(failed);
        Warned { value: reading, diagnostics }
    }

    /// Remembers which files have which stamps: those that no write could have changed since, unseen.
    pub(super) fn remember(&self, articles: &[(&Found, Fingerprint)], begun: i64) {
        let rows: Vec<(&SitePath, FileStamp, Fingerprint)> = articles
            .iter()
            .filter_map(|(found, print)| {
                let stamp = found.stamp.filter(|stamp| stamp.changed < begun)?;
                Some((&found.path, stamp, *print))
            })
            .collect();
        let same = rows.len() == self.known().len()
            && rows.iter().all(|(path, stamp, print)| {
                self.known().get(*path).is_some_and(|known| *known == (*stamp, *print))
            });
        if !same && let Ok(bytes) = postcard::to_stdvec(&rows) {
            self.store.set_table(TABLE, &bytes);
        }
    }

    /// Returns the key of what a file says; that of its body is the complement.
    pub(super) fn key(&self, path: &SitePath, print: Fingerprint) -> Fingerprint {
        // Only the last part has no fixed length, so no two files have the same bytes here.
        let parts = [self.settings.as_bytes(), print.as_bytes(), path.as_str().as_bytes()];
        Fingerprint::of(&parts.concat())
    }

    fn keep<T: Serialize>(&self, key: Fingerprint, value: &T) {
        // A value that cannot be written is found out again.
        if let Ok(bytes) = postcard::to_stdvec(value) {
            self.store.put(key, bytes);
        }
    }
}

/// Reads a file that was listed before. Its front matter has been reported on already.
fn read_again(
    files: &dyn Files,
    config: &SiteConfig,
    path: &SitePath,
) -> Option<(SourceFile, Vec<Diagnostic>)> {
    let found = Found { path: path.clone(), size: 0, stamp: None };
    let Warned { value, diagnostics } = load::article(files, &found, config);
    value.map(|file| (file, diagnostics))
}

/// Reads the text of an article once more, when what was kept of it is damaged.
pub(super) fn body_again(files: &dyn Files, config: &SiteConfig, path: &SitePath) -> Body {
    let file = read_again(files, config, path);
    file.map(|(file, _)| parse(&file, config).value.body).unwrap_or_default()
}

impl Front {
    /// Returns what all articles must tell; `reports` are those on the front matter.
    pub(super) fn of(file: &SourceFile, reports: Vec<Diagnostic>) -> Self {
        let FrontMatter { entities, draft, date, publish, expiry, .. } = &file.front;
        let (entities, name) = (entities.clone(), file.name.clone());
        let (draft, date, publish, expiry) = (*draft, *date, *publish, *expiry);
        Self { entities, draft, date, publish, expiry, name, bundle: file.bundle, reports }
    }
}

impl Kept {
    /// Returns what was kept under a key, whatever names were looked for; none when it is damaged.
    pub(super) fn read(store: &Store, key: Fingerprint) -> Option<Self> {
        let bytes = store.read(store.find(key)?)?;
        let (front, rest) = postcard::take_from_bytes::<Front>(&bytes).ok()?;
        let (_, rest) = postcard::take_from_bytes::<Fingerprint>(rest).ok()?;
        let (mut reading, reports): (Reading, Vec<Diagnostic>) = decode(rest)?;
        reading.set_text(store.find(key.complement())?);
        Some(Self { front, reading, reports })
    }
}

/// Reads a reading and its reports; none when it was made with another lexicon.
fn known_reading(bytes: &[u8], lexicon: &Lexicon) -> Option<(Reading, Vec<Diagnostic>)> {
    let (print, rest) = postcard::take_from_bytes::<Fingerprint>(bytes).ok()?;
    (print == lexicon.fingerprint()).then(|| decode(rest)).flatten()
}

/// Reads a value; none when bytes are left over or missing.
fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::take_from_bytes(bytes).ok().and_then(|(value, rest)| rest.is_empty().then_some(value))
}

/// Returns the fingerprint of the settings that decide what a file says.
fn settings(config: &SiteConfig, recognizer: Option<Fingerprint>) -> Fingerprint {
    let default = SiteConfig::default();
    let read = SiteConfig {
        base_url: None,
        title: String::new(),
        description: String::new(),
        theme: String::new(),
        output_dir: String::new(),
        author: None,
        publisher: None,
        page_size: default.page_size,
        article_url: None,
        feeds: default.feeds,
        links: default.links,
        review: default.review,
        data: default.data,
        search: default.search,
        theme_options: Vec::new(),
        publish: std::collections::BTreeMap::new(),
        extra: serde_json::Map::new(),
        redactions: Redactions { names: config.redactions.names.clone(), ..Redactions::default() },
        ..config.clone()
    };
    let recognizer = recognizer.map(|print| print.to_string()).unwrap_or_default();
    Fingerprint::of(format!("{read:?}{recognizer}").as_bytes())
}
