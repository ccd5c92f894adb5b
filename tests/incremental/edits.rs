//! What people do to a site between two builds: steps of a script, and how they are carried out.
//!
//! A step names files by a number that is taken modulo what there is, so that any script can be
//! carried out and proptest may leave steps out when it looks for the shortest that fails.

use proptest::prelude::*;

use crate::site::{self, Form};

/// One thing that is done to a site, its output or its store.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Nothing,
    Add {
        form: Form,
        date: &'static str,
        text: usize,
    },
    Body {
        article: usize,
        change: Change,
    },
    Front {
        article: usize,
        key: &'static str,
        value: Option<&'static str>,
    },
    Link {
        from: usize,
        to: usize,
    },
    Rename {
        article: usize,
    },
    Move {
        article: usize,
        folder: &'static str,
    },
    Delete {
        article: usize,
    },
    DeleteFolder(&'static str),
    Swap {
        one: usize,
        other: usize,
    },
    Touch {
        article: usize,
    },
    /// Other bytes of the same number, and the time of the last change put back.
    Unnoticed {
        article: usize,
    },
    /// Another file is moved over the article.
    Replace {
        article: usize,
        text: usize,
    },
    /// A file that is written, or removed when there is no text.
    File {
        path: &'static str,
        text: Option<&'static str>,
    },
    Setting {
        table: &'static str,
        line: &'static str,
    },
    Options(Switch),
    Break {
        path: &'static str,
        text: &'static str,
    },
    BreakArticle {
        article: usize,
    },
    Repair,
    Output(Tamper, usize),
    Store(Tamper, usize),
}

/// What becomes of an article's text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    Word,
    Name(usize),
    Whole(usize),
    SameLength,
    End(&'static str),
    /// A text in front of the last paragraph, so that the names in that have other places.
    Before(&'static str),
    /// The last sentence goes.
    Cut,
    /// The last paragraph comes first.
    Turn,
}

/// Options of a build that stay as they are set.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Switch {
    Drafts(bool),
    Future(bool),
    Expired(bool),
    Now(&'static str),
    BaseUrl(Option<&'static str>),
    Theme(Option<&'static str>),
}

/// What is done to files that the program wrote.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tamper {
    DeleteAll,
    DeleteFile,
    Append,
    Empty,
    Halve,
    FlipByte,
    Garbage,
    AddForeign,
    FileForFolder,
    FolderForFile,
    DanglingLink,
}

/// Returns any script of a few steps, each with one to three edits before the next build.
pub(crate) fn scripts() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    prop::collection::vec(prop::collection::vec(edit(), 1..=3), 3..=8)
}

/// Returns any script in which hardly anything but texts changes, under any settings.
pub(crate) fn scripts_of_texts() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let setting =
        prop::sample::select(SETTINGS).prop_map(|(table, line)| Edit::Setting { table, line });
    let facts = prop::sample::select(&[OF_FACTS, OF_OTHER_FACTS][..])
        .prop_map(|text| Edit::File { path: DECISIONS, text: Some(text) });
    let settings = prop::collection::vec(prop_oneof![2 => setting, 1 => facts], 0..=3);
    let text =
        (any_article(), text_change()).prop_map(|(article, change)| Edit::Body { article, change });
    let harm = (prop::sample::select(STORE_TAMPERS), 0..400_usize)
        .prop_map(|(tamper, at)| Edit::Store(tamper, at));
    let other = prop_oneof![4 => harm, 1 => unnoticed(), 1 => edit()];
    let step = (prop::collection::vec(text, 1..=2), prop::option::weighted(0.2, other))
        .prop_map(|(texts, other)| texts.into_iter().chain(other).collect::<Vec<Edit>>());
    (settings, prop::collection::vec(step, 4..=10)).prop_map(|(settings, steps)| {
        std::iter::once(settings).filter(|settings| !settings.is_empty()).chain(steps).collect()
    })
}

/// Changes of a text that mostly touch nothing but the text.
fn text_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => prop::sample::select(&["\nThe talks went on.\n", "\nIt rained for days. Nobody came.\n", SAID][..])
            .prop_map(Change::End),
        3 => prop::sample::select(&["Nobody had expected this to happen so soon."][..])
            .prop_map(Change::Before),
        3 => Just(Change::Cut),
        2 => Just(Change::Turn),
        2 => change(),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        1 => Just(Edit::Nothing),
        3 => (form(), date(), 0..40_usize)
            .prop_map(|(form, date, text)| Edit::Add { form, date, text }),
        5 => (any_article(), change()).prop_map(|(article, change)| Edit::Body { article, change }),
        8 => (any_article(), prop::sample::select(FRONT))
            .prop_map(|(article, (key, value))| Edit::Front { article, key, value }),
        2 => (any_article(), any_article()).prop_map(|(from, to)| Edit::Link { from, to }),
        4 => moved(),
        3 => unnoticed(),
        8 => prop::sample::select(FILES).prop_map(|(path, text)| Edit::File { path, text }),
        6 => prop::sample::select(SETTINGS).prop_map(|(table, line)| Edit::Setting { table, line }),
        4 => prop::sample::select(SWITCHES).prop_map(Edit::Options),
        1 => prop::sample::select(BROKEN).prop_map(|(path, text)| Edit::Break { path, text }),
        1 => any_article().prop_map(|article| Edit::BreakArticle { article }),
        4 => Just(Edit::Repair),
        2 => (prop::sample::select(OUTPUT_TAMPERS), 0..400_usize)
            .prop_map(|(tamper, at)| Edit::Output(tamper, at)),
        5 => (prop::sample::select(STORE_TAMPERS), 0..400_usize)
            .prop_map(|(tamper, at)| Edit::Store(tamper, at)),
    ]
}

fn any_article() -> std::ops::Range<usize> {
    0..24
}

fn moved() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any_article().prop_map(|article| Edit::Rename { article }),
        (any_article(), prop::sample::select(&["", "deep", "new/folder"][..]))
            .prop_map(|(article, folder)| Edit::Move { article, folder }),
        any_article().prop_map(|article| Edit::Delete { article }),
        prop::sample::select(&["deep/er", "new", "a04"][..]).prop_map(Edit::DeleteFolder),
    ]
}

fn unnoticed() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (any_article(), any_article()).prop_map(|(one, other)| Edit::Swap { one, other }),
        any_article().prop_map(|article| Edit::Touch { article }),
        any_article().prop_map(|article| Edit::Unnoticed { article }),
        (any_article(), 0..40_usize).prop_map(|(article, text)| Edit::Replace { article, text }),
    ]
}

fn form() -> impl Strategy<Value = Form> {
    prop::sample::select(&[Form::Toml, Form::Yaml, Form::Text, Form::Html, Form::Bundle][..])
}

/// Newer than all, older than all, of one day with others, and not come yet.
fn date() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["2024-05-01", "2019-01-01", "2024-03-05", "2024-09-09"][..])
}

fn change() -> impl Strategy<Value = Change> {
    let ends = &[
        "\nHe came from Eko.\n",
        "\nTrade and energy.\n",
        "\n<script>x</script><b>raw</b>\n",
        "\n[gone](nowhere.md)\n",
    ];
    prop_oneof![
        Just(Change::Word),
        (0..8_usize).prop_map(Change::Name),
        (0..40_usize).prop_map(Change::Whole),
        Just(Change::SameLength),
        prop::sample::select(&ends[..]).prop_map(Change::End),
    ]
}

type Pair = (&'static str, Option<&'static str>);

/// Keys of front matter, with values that TOML and YAML write alike.
const FRONT: &[Pair] = &[
    ("title", Some("\"Quite another title\"")),
    ("title", None),
    ("date", Some("2024-03-05")),
    ("date", Some("2018-01-01")),
    ("updated", Some("2024-04-01")),
    ("summary", Some("\"Dora Weiss in two words.\"")),
    ("topics", Some("[\"Trade\", \"Water\"]")),
    ("topics", Some("[\"Brand New\"]")),
    ("topics", None),
    ("people", Some("[\"Dora Weiss\", \"A. Moreau\"]")),
    ("people", Some("[\"Eko\"]")),
    ("people", None),
    ("places", Some("[\"Oslo\", \"Vienna\"]")),
    ("organizations", Some("[\"Railway Board\"]")),
    ("source", Some("\"Wire 1\"")),
    ("source", Some("\"The Gazette\"")),
    ("authors", Some("[\"Chen Liu\"]")),
    ("draft", Some("true")),
    ("draft", None),
    ("publish_date", Some("2024-06-15")),
    ("expiry", Some("2024-05-20")),
    ("expiry", None),
    ("aliases", Some("[\"old/place\"]")),
    ("slug", Some("\"other-slug\"")),
    ("corrections", Some("[\"The river is longer.\"]")),
    ("rights", Some("\"link-only\"")),
    ("language", Some("\"de\"")),
    ("nonsense", Some("\"of no use\"")),
];

/// Records, templates, strings, styles, assets and pages.
const FILES: &[Pair] = &[
    (
        "content/entities/moreau.toml",
        Some("kind = \"person\"\nname = \"Ada Moreau\"\naliases = [\"Dora Weiss\"]\n"),
    ),
    (
        "content/entities/moreau.toml",
        Some("kind = \"person\"\nname = \"Ada Moreau-Weiss\"\naliases = [\"Ada Moreau\"]\n"),
    ),
    ("content/entities/moreau.toml", None),
    ("content/entities/lagos.toml", Some("kind = \"place\"\nname = \"Lagos City\"\n")),
    (
        "content/entities/lagos.toml",
        Some("kind = \"place\"\nname = \"Eko\"\naliases = [\"Lagos\"]\n"),
    ),
    ("content/entities/lagos.toml", None),
    (
        "content/entities/oslo.toml",
        Some("kind = \"place\"\nname = \"Oslo\"\nparent = \"vienna\"\n"),
    ),
    ("content/entities/vienna.toml", Some("kind = \"place\"\nname = \"Vienna\"\n")),
    (DECISIONS, Some(ACCEPTED)),
    (DECISIONS, Some(REJECTED)),
    (DECISIONS, Some(OF_TOPICS)),
    (DECISIONS, Some(OF_FACTS)),
    (DECISIONS, Some(OF_OTHER_FACTS)),
    (DECISIONS, None),
    (site::REDACTIONS, Some(site::TAKEN_DOWN[0])),
    (site::REDACTIONS, Some(site::TAKEN_DOWN[1])),
    (site::REDACTIONS, Some(site::TAKEN_DOWN[2])),
    (site::REDACTIONS, Some(site::TAKEN_DOWN[3])),
    (site::REDACTIONS, None),
    (
        "content/topics/water.toml",
        Some("name = \"Water\"\nkeywords = [\"treaty\", \"dam\"]\nparent = \"energy\"\n"),
    ),
    ("content/topics/water.toml", Some("name = \"Rivers\"\naliases = [\"Water\"]\n")),
    ("content/topics/water.toml", None),
    ("content/topics/energy.toml", Some("name = \"Energy\"\nkeywords = [\"power\"]\n")),
    ("content/topics/rail.md", Some("+++\nname = \"Rail\"\n+++\n\nOther words.\n")),
    ("content/pages/about.md", Some("# About us\n\nSee [two](../articles/deep/a03.md).\n")),
    ("content/pages/help.md", None),
    ("content/pages/new.md", Some("# New\n\nVienna and Oslo.\n")),
    ("templates/404.html", Some("{% extends \"theme/404.html\" %}\n{# other #}\n")),
    ("templates/404.html", None),
    ("templates/source.html", Some("<p>{{ site.title }}</p>\n")),
    ("templates/source.html", None),
    ("themes/plain/static/style.css", Some("a { color: initial }\n")),
    ("themes/plain/templates/404.html", Some("<p>{{ site.title }}: none</p>\n")),
    ("i18n/en.toml", Some("latest = \"Newest\"\n")),
    ("i18n/en.toml", None),
    ("static/robots.txt", Some("User-agent: x\n")),
    ("static/robots.txt", None),
    ("static/extra.txt", Some("extra\n")),
    ("static/style.css", Some("b { color: red }\n")),
    ("content/articles/deep/a04/map.svg", Some("<svg id=\"x04\"/>\n")),
    ("content/articles/deep/a04/map.svg", Some("<svg viewBox=\"0 0 4 3\"/>\n")),
    ("content/articles/a09/map.svg", Some("<svg id=\"x09\"/>\n")),
    ("content/articles/a09/map.svg", Some("<svg width=\"30\" height=\"40\"/>\n")),
];

const DECISIONS: &str = "content/decisions.toml";

/// Names that texts and front matter have, one of which has a record at times.
const ACCEPTED: &str = "\
[[decision]]
action = \"accept\"
name = \"Dora Weiss\"
kind = \"person\"

[[decision]]
action = \"merge\"
name = \"Ben Okafor\"
into = \"Dora Weiss\"

[[decision]]
action = \"rename\"
name = \"Lagos\"
to = \"Lagos Harbour\"
kind = \"place\"
on = 2024-05-01

[[decision]]
action = \"kind\"
name = \"Chen Liu\"
kind = \"organization\"
";

const REJECTED: &str = "\
[[decision]]
action = \"reject\"
name = \"Oslo\"

[[decision]]
action = \"reject\"
name = \"Ada Moreau\"
forms = [\"Moreau\"]

[[decision]]
action = \"accept\"
name = \"Oslo\"
kind = \"place\"

[[decision]]
action = \"split\"
name = \"Lagos\"
form = \"Eko\"
kind = \"place\"
";

const OF_TOPICS: &str = "\
[[decision]]
action = \"reject-topic\"
topic = \"Water\"
article = \"content/articles/a01.md\"

[[decision]]
action = \"accept-topic\"
topic = \"Brand New\"
article = \"content/articles/a02.txt\"

[[decision]]
action = \"reject-topic\"
topic = \"Rail\"
article = \"content/articles/deep/a03.html\"
";

/// A quotation and a figure that any article may get.
pub(crate) const SAID: &str = "\n“The dam will hold,” a spokesman said. At least 120 engineers were dismissed. Minister Ben Okafor waited.\n";

/// Writes the same decisions down for each of some articles.
macro_rules! facts {
    ($quote:literal, $figure:literal, $role:literal: $($article:literal)+) => { concat!($(
        "[[decision]]\naction = \"", $quote, "\"\nquote = \"“The dam will hold,”\"\narticle = \"content/articles/", $article, "\"\n",
        "[[decision]]\naction = \"", $figure, "\"\nfigure = \"At least 120 engineers\"\narticle = \"content/articles/", $article, "\"\n",
        "[[decision]]\naction = \"", $role, "\"\nrole = \"Minister Ben Okafor\"\narticle = \"content/articles/", $article, "\"\n",
    )+) };
}

/// Somebody whom some of the articles name said it; the speaker goes with the last quotation.
pub(crate) const OF_FACTS: &str = concat!(
    facts!("reject-quote", "accept-figure", "reject-role": "a00.md" "a01.md" "a02.txt" "deep/a03.html" "deep/a04/index.md"),
    facts!("accept-quote", "reject-figure", "accept-role": "deep/a05.md" "deep/er/a06.md" "deep/er/a07.txt" "a09/index.md" "a10.md"),
    "[[decision]]\naction = \"accept-quote\"\nquote = \"“The dam will hold,”\"\narticle = \"content/articles/deep/a05.md\"\nspeaker = \"Chen Liu\"\nby = \"Ann\"\n"
);

const OF_OTHER_FACTS: &str = concat!(
    facts!("accept-quote", "reject-figure", "accept-role": "a00.md" "a02.txt" "deep/er/a08.html" "a11.md" "a12.txt"),
    "[[decision]]\naction = \"accept-quote\"\nquote = \"“The dam will hold,”\"\narticle = \"content/articles/a00.md\"\nspeaker = \"Eko\"\n"
);

/// A table of `site.toml` (none at the top) and the line that takes the place of its key's.
const SETTINGS: &[(&str, &str)] = &[
    ("", "title = \"Other steps\""),
    ("", "base_url = \"https://example.org/sub/\""),
    ("", "page_size = 2"),
    ("", "page_size = 5"),
    ("", "theme = \"broadsheet\""),
    ("", "theme = \"wire\""),
    ("", "theme = \"plain\""),
    ("", "time_zone = \"Asia/Tokyo\""),
    ("", "article_url = \"{year}/{slug}\""),
    ("", "article_url = \"{path}\""),
    ("data", "enabled = false"),
    ("data", "enabled = true"),
    ("feeds", "limit = 2"),
    ("feeds", "full_text = true"),
    ("feeds", "entities = false"),
    ("feeds", "topics = false"),
    ("digest", "related = 1"),
    ("digest", "related = 0"),
    ("digest", "summary_length = 100"),
    ("digest", "boilerplate = false"),
    ("entities", "recognize = \"given\""),
    ("entities", "recognize = \"none\""),
    ("entities", "autolink = false"),
    ("entities", "autolink = true"),
    ("entities", "reject = [\"Lagos\", \"Chen Liu\"]"),
    ("entities", "reject = []"),
    ("topics", "from_text = false"),
    ("rights", "default = \"excerpt\""),
    ("security", "html = \"escape\""),
    ("hosting", "precompress = [\"gzip\"]"),
    ("hosting", "precompress = []"),
    ("hosting", "files = [\"netlify\", \"apache\"]"),
    ("extra", "motto = \"on\""),
];

const SWITCHES: &[Switch] = &[
    Switch::Drafts(true),
    Switch::Drafts(false),
    Switch::Future(true),
    Switch::Future(false),
    Switch::Expired(true),
    Switch::Expired(false),
    Switch::Now("2024-03-06T00:00:00Z"),
    Switch::Now("2024-12-01T00:00:00Z"),
    Switch::BaseUrl(Some("https://example.com/")),
    Switch::BaseUrl(None),
    Switch::Theme(Some("broadsheet")),
    Switch::Theme(Some("wire")),
    Switch::Theme(None),
];

const BROKEN: &[(&str, &str)] = &[
    ("site.toml", "title = \n"),
    ("site.toml", "titel = \"Steps\"\n"),
    ("templates/404.html", "{% if %}\n"),
    ("templates/article.html", "{{ nothing.there }}\n"),
    ("content/entities/lagos.toml", "kind = \"plaice\"\n"),
    ("content/topics/water.toml", "parent = \"nobody\"\n"),
    (DECISIONS, "[[decision]]\naction = \"acept\"\n"),
    ("i18n/en.toml", "latest = \n"),
];

const OUTPUT_TAMPERS: &[Tamper] =
    &[Tamper::DeleteFile, Tamper::Append, Tamper::AddForeign, Tamper::DeleteAll];

const STORE_TAMPERS: &[Tamper] = &[
    Tamper::DeleteAll,
    Tamper::DeleteFile,
    Tamper::Append,
    Tamper::Empty,
    Tamper::Halve,
    Tamper::FlipByte,
    Tamper::Garbage,
    Tamper::AddForeign,
    Tamper::FileForFolder,
    Tamper::FolderForFile,
    Tamper::DanglingLink,
];
