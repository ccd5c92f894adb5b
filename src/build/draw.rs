//! Renders a site that is joined, with what earlier builds know about it.

use super::bodies::Texts;
use super::compressed::{CompressingSink, Packed};
use super::sinks::CountingSink;
use super::stages::{Ready, Stages};
use super::{Outputs, Step};
use crate::config::SiteConfig;
use crate::diag::Error;
use crate::hosting::{Host, limits};
use crate::ids::Fingerprint;
use crate::plan::print::Prints;
use crate::plan::view::Views;
use crate::relate::{self, Relations, Wanted};
use crate::render::{Known, Rendered, Sink};
use crate::resolve::Site;
use crate::store::Store;
use crate::theme::{Theme, Words};

/// What rendering a whole site came to.
pub(super) struct Drawn {
    pub(super) rendered: Rendered,
    /// Fingerprint of its cross-links.
    pub(super) print: Fingerprint,
    /// What files were compressed to.
    pub(super) compressed: Packed,
}

/// Renders all outputs; returns nothing when the site is not whole.
pub(super) fn render(
    ready: &Ready<'_>,
    stages: &mut Stages<'_>,
    outputs: &Outputs,
    sink: &dyn Sink,
) -> Result<Option<Drawn>, Error> {
    let Ready { recall, config, theme, site, plan, relations, .. } = ready;
    let mut templates = match theme.compile() {
        Ok(templates) => templates,
        Err(reports) => {
            stages.reports.extend(reports);
            return Ok(None);
        }
    };
    stages.clock.lap("compile");
    let prints = Prints::new(site, relations, plan, config, theme);
    stages.clock.lap("compare");
    let draw = |theme: &Theme, templates: &mut _, sink: &dyn Sink, done: &(dyn Fn() + Sync)| {
        let texts = Texts::new(recall.store, recall.files, config, site);
        let views = Views::new(site, relations, plan, config, theme, &texts);
        let known = Some((&prints, outputs as &dyn Known));
        crate::render::render(&views, templates, theme, known, sink, done)
    };
    let progress = stages.progress;
    progress.begin(Step::Render, plan.outputs.len());
    let encodings = &config.hosting.precompress;
    let sink = CompressingSink::new(sink, stages.files, encodings, &outputs.compressed);
    let sink = sink.for_all(plan);
    let rendered = draw(theme, &mut templates, &sink, &|| progress.advance())?;
    stages.clock.lap("render");
    if rendered.reports.is_empty() {
        let (compressed, totals) = sink.into_done();
        stages.reports.extend(Host::of(config).into_iter().flat_map(|host| limits(host, &totals)));
        return Ok(Some(Drawn { rendered, print: ready.related, compressed }));
    }
    // What no template names was not made, but the report of one that failed tells all that there is.
    let theme = Theme { words: Words::all(), ..theme.clone() };
    let told = match theme.compile() {
        Ok(mut templates) => draw(&theme, &mut templates, &CountingSink::default(), &|| {})?,
        Err(_) => rendered,
    };
    stages.reports.extend(told.reports);
    Ok(None)
}

/// Returns which cross-links a site shows.
pub(super) fn wanted(config: &SiteConfig, words: &Words) -> Wanted {
    Wanted {
        together: config.data || words.has("together"),
        often: config.data || words.has("entities"),
        stories: config.digest.stories > 0 && (config.data || words.has("story")),
        ledger: ["said", "spoken_of", "counted", "roles", "subjects", "figure"]
            .iter()
            .any(|word| words.has(word)),
    }
}

/// The table of cross-links: their fingerprint, and what [`Relations::to_bytes`] makes.
const RELATIONS: &str = "relations";

/// Finds the cross-links of a site, or those that were found before; returns their fingerprint too.
pub(super) fn relations(
    store: &Store,
    site: &Site,
    config: &SiteConfig,
    wanted: Wanted,
) -> (Relations, Fingerprint) {
    let print = relate::fingerprint(site, config, wanted);
    let found = known_relations(store, print).unwrap_or_else(|| {
        let found = relate::relate(site, config, wanted);
        if store.is_kept() {
            store.set_table(RELATIONS, &[print.as_bytes(), found.to_bytes().as_slice()].concat());
        }
        found
    });
    (found, print)
}

/// Reads the cross-links with this fingerprint.
pub(super) fn known_relations(store: &Store, print: Fingerprint) -> Option<Relations> {
    let bytes = store.table(RELATIONS).filter(|bytes| bytes.starts_with(print.as_bytes()))?;
    Relations::from_bytes(&bytes.into(), print.as_bytes().len())
}
