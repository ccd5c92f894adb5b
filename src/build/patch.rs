//! Builds a site in which nothing but the texts of some articles has changed.
//!
//! Most edits are such: a sentence is added, a word is put right. Nothing that other pages say of the article
//! changes: title, date, topics, whom it names. So the joined site of the last build holds, and the article is put
//! into it; the few pages that show its text are rendered, and all other files stay. Cost: looking at the site's
//! files, and little else.
//!
//! Whatever is out of the ordinary (a report, a file that came or went, a name that is new) is left to the whole
//! build, which begins anew: nothing is written before all is known to be in order.

use std::sync::Arc;

use rayon::prelude::*;

use super::bodies::Texts;
use super::compressed::{Compressed, CompressingSink};
use super::joined::Joined;
use super::recall::{Kept, Recall};
use super::recognizer::choose;
use super::reread::{Before, Changed, Reread};
use super::sinks::FolderSink;
use super::stages::Stages;
use super::{BuildOptions, BuildReport, Opened, Progress, Snapshot, Step, known_relations, stages};
use crate::config::SiteConfig;
use crate::diag::Error;
use crate::files::{Found, Recorder};
use crate::ids::ArticleId;
use crate::parse::Body;
use crate::plan::view::Views;
use crate::plan::{Edited, Input, has_search, outputs_of};
use crate::relate::Relations;
use crate::render::patch_search;
use crate::resolve::Article;
use crate::search::Edit;
use crate::store::Store;
use crate::theme::{self, Theme};
use crate::write::{Output, WriteReport};

/// What came of it.
pub(super) enum Patched {
    /// The site is built.
    Done(Box<BuildReport>),
    /// The whole build has to do it. The output folder may be open still.
    Not(Option<Box<Opened>>),
}

/// The site of the last build with the changed texts in it.
struct Patch<'a> {
    recall: Recall<'a>,
    config: SiteConfig,
    theme: Theme,
    joined: Joined,
    relations: Relations,
    /// The articles as they were.
    before: Vec<(ArticleId, Article)>,
    /// When it was begun, by the clock of the store's disk.
    begun: i64,
}

/// Builds the site from the last build, if nothing but texts of articles has changed since.
///
/// # Errors
/// When the disk fails.
pub(super) fn patch(
    options: &BuildOptions,
    store: &Arc<Store>,
    files: &Recorder,
    mut opened: Box<Opened>,
    progress: &dyn Progress,
) -> Result<Patched, Error> {
    let Ok(folder) = &opened.folder else { return Ok(Patched::Not(Some(opened))) };
    let stages = stages(files, store, options, progress);
    let Some(patch) = prepare(stages, store, files, &opened.snapshot, folder) else {
        return Ok(Patched::Not(Some(opened)));
    };
    opened.look.lap("patch");
    let Some(reused) = render(&patch, folder, &opened.snapshot, (store, options), progress)? else {
        // The folder holds what was rendered, and has to be opened anew.
        return Ok(Patched::Not(None));
    };
    opened.look.lap("render");
    let Opened { snapshot, folder, look: mut clock } = *opened;
    progress.begin(Step::Commit, 0);
    let written = folder?.commit_into()?;
    clock.lap("commit");
    let Patch { joined, begun, .. } = patch;
    let mut report = BuildReport::new(snapshot.output().to_owned(), None);
    (report.written, report.reused) = (Some(written), reused);
    keep(&joined, &snapshot, (files, begun), &written, (store, options));
    snapshot.tell(&mut report);
    // What was asked for is a small part of what is known.
    store.keep_all();
    report.store = store.commit();
    clock.lap("store");
    report.timings = clock.timings;
    Ok(Patched::Done(Box::new(report)))
}

/// Changes the site of the last build; nothing when that is not all there is to do.
fn prepare<'a>(
    mut stages: Stages<'a>,
    store: &'a Arc<Store>,
    files: &'a Recorder,
    snapshot: &Snapshot,
    folder: &Output,
) -> Option<Patch<'a>> {
    let options = stages.options;
    if !store.is_kept() || !snapshot.is_valid(options.now) {
        return None;
    }
    folder.is_whole(snapshot.manifest())?;
    let config = stages.config()?;
    let mut joined = Joined::read(store, snapshot.fingerprint()?, &config, options)?;
    let found = files.changed(snapshot.record(), |path| Some(joined.file(path)?.stamp))?;
    let chosen = choose(files, &config, options).ok()?;
    let recall = Recall::new(store, files, &config, chosen);
    stages.progress.begin(Step::Read, found.len());
    let changed = found.par_iter().map(|found| {
        stages.progress.advance();
        if snapshot.reports_on(&found.path) { None } else { changed(found, &joined, &recall) }
    });
    let changed: Vec<Changed> = changed.collect::<Option<_>>()?;
    let (mut edited, mut resketched, mut olds) = (Vec::new(), Vec::new(), Vec::new());
    for (found, Changed { key, article }) in found.iter().zip(changed) {
        joined.touch(&found.path, found.stamp?, key);
        let Some(Reread { id, article, before, links, moved, resketched: other, .. }) = article
        else {
            continue;
        };
        resketched.extend(other.then_some(id));
        joined.site.articles.replace(id, article);
        joined.plan.article_links.replace(id, links);
        edited.push(Edited { article: id, moved });
        olds.push((id, before));
    }
    let theme = theme::load(files, &config).ok()?.value;
    let relations = known_relations(store, joined.relations)?;
    if !resketched.into_iter().all(|id| relations.copies_hold(&joined.site, id)) {
        return None;
    }
    let (site, relations_now) = (&joined.site, &relations);
    let input =
        Input { site, relations: relations_now, config: &config, theme: &theme, assets: &[] };
    let mut outputs = outputs_of(&edited, &joined.plan, input);
    outputs.retain(|planned| planned.path.as_ref().is_some_and(|path| folder.has(path)));
    joined.plan.outputs = outputs;
    Some(Patch { recall, config, theme, joined, relations, before: olds, begun: stages.begun? })
}

/// Reads a changed file; nothing when it changes more than the article's own text.
fn changed(found: &Found, joined: &Joined, recall: &Recall<'_>) -> Option<Changed> {
    let id = joined.file(&found.path)?.id;
    let key = joined.key(id)?;
    let before = Before {
        id,
        key,
        join: joined.join(id)?,
        links: joined.plan.article_links.get(id)?,
        lexicon: &joined.lexicon,
        points_at_sentences: joined.points_at_sentences,
    };
    let changed = before.reread(found, recall, || Kept::read(recall.store, key))?;
    changed.article.as_ref().is_none_or(|article| !article.retitled).then_some(changed)
}

/// Renders what shows the changed texts, and returns how many outputs stay; nothing when the whole build has to do it.
fn render(
    patch: &Patch<'_>,
    folder: &Output,
    snapshot: &Snapshot,
    (store, options): (&Store, &BuildOptions),
    progress: &dyn Progress,
) -> Result<Option<usize>, Error> {
    let Patch { recall, config, theme, joined, relations, before, .. } = patch;
    let Ok(mut templates) = theme.compile() else { return Ok(None) };
    let Joined { site, plan, .. } = joined;
    progress.begin(Step::Render, plan.outputs.len());
    let texts = Texts::new(recall.store, recall.files, config, site);
    let views = Views::new(site, relations, plan, config, theme, &texts);
    let sink = FolderSink { output: folder, root: &options.root };
    let done = || progress.advance();
    let known = Compressed::read(store, &snapshot.output().to_string_lossy());
    let packing = CompressingSink::new(&sink, recall.files, &config.hosting.precompress, &known);
    let rendered = crate::render::render(&views, &mut templates, theme, None, &packing, &done)?;
    let is_found = !has_search(config, theme) || before.is_empty() || {
        let edit = |(id, before): &'_ (ArticleId, Article)| {
            let bytes = recall.store.read(before.text?)?;
            Some((*id, Body::unpack(&bytes)?))
        };
        match before.iter().map(edit).collect::<Option<Vec<_>>>() {
            Some(bodies) => {
                let pairs = before.iter().zip(bodies);
                let edits = pairs.map(|((_, before), (id, body))| Edit { id, before, body });
                patch_search(&views, edits.collect(), &packing)?
            }
            None => false,
        }
    };
    let (packed, _) = packing.into_done();
    // A compressed file that is not made any more would stay beside the new text.
    let is_even = packed.missing().all(|path| !folder.has(path));
    let is_whole = is_found
        && is_even
        && rendered.reports.is_empty()
        && joined.is_whole()
        && relations.is_whole();
    known.add(store, &packed);
    Ok(is_whole.then(|| folder.files().saturating_sub(plan.outputs.len())))
}

/// Keeps the site for the next build, unless a file might have changed unseen.
fn keep(
    joined: &Joined,
    snapshot: &Snapshot,
    (files, begun): (&Recorder, i64),
    written: &WriteReport,
    (store, options): (&Store, &BuildOptions),
) {
    let Some((record, manifest)) = files.record(begun).zip(written.manifest) else { return };
    let snapshot = snapshot.after(record.and(snapshot.record()), manifest);
    if let Some(build) = snapshot.fingerprint() {
        joined.write(store, build, options);
        snapshot.write(store, options);
    }
}
