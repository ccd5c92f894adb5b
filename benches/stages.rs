//! Times each stage of a build by itself, over a site held in memory.
//!
//! `cargo bench --bench stages` takes the repository's own site; with `PRESSMARK_BENCH_SITE=DIR` it is
//! another one, such as `cargo run --release --example corpus -- DIR 1000` makes. Rates are articles a second.

use std::hint::black_box;
use std::path::Path;

use criterion::{
    BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main,
};
use pressmark::analyze::{Analysis, Embedded, Lexicon, Missing, analyze};
use pressmark::build::{BuildOptions, StoreMode, build_in_memory};
use pressmark::config::SiteConfig;
use pressmark::diag::Error;
use pressmark::files::{DiskFiles, Files, MemFiles, SitePath};
use pressmark::load::{self, SourceSet};
use pressmark::parse::{Draft, parse};
use pressmark::plan::{Input, Look, plan};
use pressmark::relate::{Wanted, relate};
use pressmark::resolve::{Gathered, Names, Site, read, resolve};
use pressmark::theme;
use pressmark::write::{Force, Output, WriteOptions};
use rayon::prelude::*;
use tempfile::TempDir;

type Group<'a> = BenchmarkGroup<'a, criterion::measurement::WallTime>;

/// A site as far as each stage has it from the one before.
struct Stages {
    files: MemFiles,
    config: SiteConfig,
    set: SourceSet,
    drafts: Vec<Draft>,
    names: Names,
    lexicon: Lexicon,
    analyses: Vec<Analysis>,
    site: Site,
}

impl Stages {
    fn of(folder: &Path) -> Self {
        let files = in_memory(folder);
        let config = config(&files);
        let set = load::load(&files, &config).value;
        let given: Vec<_> = set.articles.iter().map(|file| &file.front.entities[..]).collect();
        let names = Names::new(&set.entities, &given, &config);
        let lexicon = names.lexicon(&set.topics, &config);
        let drafts: Vec<Draft> =
            set.articles.iter().map(|file| parse(file, &config).value).collect();
        let analyses: Vec<Analysis> = drafts
            .iter()
            .map(|draft| {
                analyze(&draft.body, &lexicon, &Embedded, Missing::ALL, &config).unwrap_or_default()
            })
            .collect();
        let gathered = gathered(&set, &drafts, &analyses, &config);
        let site = resolve(gathered, &names, &config).value;
        Self { files, config, set, drafts, names, lexicon, analyses, site }
    }
}

/// Copies a site into memory, so that no stage waits for a disk.
fn in_memory(folder: &Path) -> MemFiles {
    let disk = DiskFiles::new(folder);
    let mut files = MemFiles::new();
    let mut copy = |path: &SitePath| {
        if let Ok(bytes) = disk.read(path) {
            files.insert(path.clone(), bytes);
        }
    };
    SitePath::parse("site.toml").iter().for_each(&mut copy);
    for top in ["content", "themes"].into_iter().filter_map(SitePath::parse) {
        disk.walk(&top).files.iter().for_each(|found| copy(&found.path));
    }
    files
}

fn config(files: &MemFiles) -> SiteConfig {
    let read = SitePath::parse("site.toml").and_then(|path| {
        let text = String::from_utf8(files.read(&path).ok()?).ok()?;
        SiteConfig::parse(&text, &path).ok()
    });
    read.map(|warned| warned.value).unwrap_or_default()
}

/// Joins what is known of each article; drafts and articles of the future too.
fn gathered(
    set: &SourceSet,
    drafts: &[Draft],
    analyses: &[Analysis],
    config: &SiteConfig,
) -> Gathered {
    let all = set.articles.iter().zip(drafts).zip(analyses);
    let readings = all.map(|((file, draft), analysis)| {
        read(file.clone(), draft.clone(), analysis.clone(), config).value
    });
    let pages = set.pages.iter().map(|file| (file.clone(), parse(file, config).value));
    Gathered {
        sources: Vec::new(),
        readings: readings.collect(),
        pages: pages.collect(),
        skipped: Vec::new(),
        topics: set.topics.clone(),
        entities: set.entities.clone(),
        choices: std::collections::BTreeMap::new(),
        facts: std::collections::BTreeMap::new(),
    }
}

/// The stages that take one article at a time, on one thread but for `load`.
fn each_article(group: &mut Group<'_>, stages: &Stages) {
    let Stages { files, config, set, drafts, lexicon, .. } = stages;
    group.bench_function("load", |b| b.iter(|| load::load(files, config)));
    group.bench_function("parse", |b| {
        b.iter(|| {
            for file in &set.articles {
                black_box(parse(file, config));
            }
        });
    });
    group.bench_function("analyze", |b| {
        b.iter(|| {
            for draft in drafts {
                let _ = black_box(analyze(&draft.body, lexicon, &Embedded, Missing::ALL, config));
            }
        });
    });
}

/// The stages that see all articles at once, and the whole.
fn all_articles(group: &mut Group<'_>, stages: &Stages) {
    let Stages { files, config, set, drafts, names, analyses, site, .. } = stages;
    group.bench_function("resolve", |b| {
        let make = || gathered(set, drafts, analyses, config);
        b.iter_batched(make, |gathered| resolve(gathered, names, config), BatchSize::LargeInput);
    });
    let wanted = Wanted { together: true, often: true, stories: true, ledger: true };
    group.bench_function("relate", |b| b.iter(|| relate(site, config, wanted)));
    let relations = relate(site, config, wanted);
    if let Ok(theme) = theme::load(files, config) {
        group.bench_function("plan", |b| {
            let (relations, theme, assets) = (&relations, &theme.value, &set.assets);
            b.iter(|| {
                plan(
                    Input { site, relations, config, theme, assets },
                    Look { text_of: &|_| None, size_of: &|_| None },
                )
            });
        });
    }
    let options = options();
    group.bench_function("build", |b| b.iter(|| build_in_memory(files, &options)));
}

/// What it costs to write a site so that no reader ever sees half of it, beside just writing it.
fn writing(group: &mut Group<'_>, stages: &Stages) {
    let Ok((Some(made), _)) = build_in_memory(&stages.files, &options()) else { return };
    let files: Vec<(&SitePath, &[u8])> = made.iter().collect();
    let folder = || tempfile::tempdir().expect("a folder for temporary files");
    group.bench_function("write", |b| {
        let write = |folder: TempDir| {
            let output =
                Output::open(&folder.path().join("out"), folder.path(), WriteOptions::default())?;
            let put = |(path, bytes): &(&SitePath, &[u8])| output.put(path, bytes).map(drop);
            files.par_iter().try_for_each(put)?;
            output.commit()?;
            Ok::<TempDir, Error>(folder)
        };
        b.iter_batched(folder, write, BatchSize::PerIteration);
    });
    group.bench_function("write, unsafely", |b| {
        let write = |folder: TempDir| {
            files.par_iter().for_each(|(path, bytes)| {
                let path = path.on_disk(folder.path());
                path.parent().map(std::fs::create_dir_all).transpose().expect("a folder");
                std::fs::write(path, bytes).expect("a file");
            });
            folder
        };
        b.iter_batched(folder, write, BatchSize::PerIteration);
    });
}

fn options() -> BuildOptions {
    BuildOptions {
        root: ".".into(),
        output: None,
        base_url: None,
        theme: None,
        allow_command: false,
        onnx_runtime: None,
        drafts: true,
        future: true,
        expired: true,
        force: Force::Refuse,
        dry_run: false,
        store: StoreMode::Ignore,
        now: jiff::Timestamp::UNIX_EPOCH,
    }
}

fn stages(criterion: &mut Criterion) {
    let own = env!("CARGO_MANIFEST_DIR").into();
    let folder = std::env::var_os("PRESSMARK_BENCH_SITE").unwrap_or(own);
    let stages = Stages::of(Path::new(&folder));
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Elements(stages.set.articles.len() as u64));
    group.sample_size(20);
    each_article(&mut group, &stages);
    all_articles(&mut group, &stages);
    writing(&mut group, &stages);
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
