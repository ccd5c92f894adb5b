//! The site that scripts begin with, and the texts that edits put into it.

use crate::common::{self, Tree};

/// Names that texts say; some have records, some are in front matter only, some nowhere.
pub(crate) const NAMES: [&str; 8] = [
    "Ada Moreau",
    "Ben Okafor",
    "Chen Liu",
    "Dora Weiss",
    "Harbour Authority",
    "Lagos",
    "Vienna",
    "Oslo",
];
pub(crate) const TOPICS: [&str; 4] = ["Water", "Energy", "Rail", "Trade"];
/// What those among the names are called that editors know: of others, a word beside may change what they are taken for.
const ROLES: [&str; 4] = ["", "Minister ", "former director ", "Minister "];
const VERBS: [&str; 4] = ["met", "answered", "wrote to", "waited for"];
const THINGS: [&str; 4] = ["the dam on the river", "the railway", "a treaty", "the price of power"];

/// Returns the name, topic or word at a number.
pub(crate) fn pick<'a>(words: &[&'a str], n: usize) -> &'a str {
    words[n % words.len()]
}

/// Returns a text of two paragraphs and a section; other numbers, other texts.
pub(crate) fn body(n: usize) -> String {
    let sentence = |n: usize| {
        let (one, other) = (pick(&NAMES, n), pick(&NAMES, n * 3 + 1));
        let (verb, thing) = (pick(&VERBS, n), pick(&THINGS, n / 3));
        let role = if n % NAMES.len() < 3 { pick(&ROLES, n / 3) } else { "" };
        format!("{role}{one} {verb} {other} about {thing} in {}.", pick(&NAMES[5..], n / 2))
    };
    format!(
        "{} {}\n\n{}\n\n## Afterwards\n\n{}\n",
        sentence(n),
        sentence(n + 5),
        sentence(n * 2 + 3),
        sentence(n + 11)
    )
}

/// How an article is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Toml,
    Yaml,
    Text,
    Html,
    Bundle,
}

/// Returns the path below `content/articles` and the text of an article.
pub(crate) fn article(form: Form, name: &str, date: &str, n: usize) -> (String, String) {
    let (body, topic) = (body(n), pick(&TOPICS, n));
    let (one, place) = (pick(&NAMES[..4], n), pick(&NAMES[5..], n));
    match form {
        Form::Toml => (
            format!("{name}.md"),
            format!(
                "+++\ntitle = \"Report {n}\"\ndate = {date}\ntopics = [\"{topic}\"]\n\
                 people = [\"{one}\"]\nsource = \"Wire {}\"\n+++\n\n{body}",
                n % 3
            ),
        ),
        Form::Yaml => (
            format!("{name}.md"),
            format!(
                "---\ntitle: \"Letter {n}\"\ndate: {date}\nplaces: [\"{place}\"]\n---\n\n{body}\n\
                 See [another](a00.md) and [a third](deep/a03.md#afterwards).\n"
            ),
        ),
        Form::Text => {
            (format!("{name}.txt"), format!("{place} talks {n} resume\n\n{date}\n\n{body}"))
        }
        Form::Html => (
            format!("{name}.html"),
            format!(
                "<html><head><title>Page {n}</title></head><body><article><h1>Page {n}</h1>\
                 <p>{date}</p><p>{body}</p><b onclick=\"x()\">raw</b></article></body></html>\n"
            ),
        ),
        Form::Bundle => (
            format!("{name}/index.md"),
            format!("+++\ntitle = \"Bundle {n}\"\ndate = {date}\n+++\n\n![map](map.svg)\n\n{body}"),
        ),
    }
}

/// Returns the files of the site at the beginning of each script.
pub(crate) fn site() -> Tree {
    let forms = [Form::Toml, Form::Yaml, Form::Text, Form::Html, Form::Bundle];
    let mut tree = Tree::new();
    let mut add = |path: &str, text: &str| tree.insert(path.to_owned(), text.as_bytes().to_vec());
    for n in 0..15 {
        let folder = ["", "deep/", "deep/er/"][n / 3 % 3];
        let name = format!("{folder}a{n:02}");
        let (path, text) =
            article(forms[n % forms.len()], &name, &format!("2024-03-{:02}", 1 + n * 2 % 13), n);
        add(&format!("content/articles/{path}"), &text);
        if path.ends_with("index.md") {
            add(&format!("content/articles/{name}/map.svg"), &format!("<svg id=\"m{n:02}\"/>\n"));
        }
    }
    for (path, text) in RECORDS_AND_REST {
        add(path, text);
    }
    common::add_plain_theme(&mut tree);
    tree
}

const RECORDS_AND_REST: [(&str, &str); 11] = [
    ("site.toml", "title = \"Steps\"\ntheme = \"plain\"\npage_size = 3\n"),
    ("content/entities/lagos.toml", "kind = \"place\"\nname = \"Lagos\"\naliases = [\"Eko\"]\n"),
    (
        "content/entities/authority.toml",
        "kind = \"organization\"\nname = \"Harbour Authority\"\ndescription = \"Runs the port.\"\n",
    ),
    ("content/topics/water.toml", "name = \"Water\"\nkeywords = [\"river\"]\n"),
    ("content/topics/rail.md", "+++\nname = \"Rail\"\n+++\n\nTrains of all kinds.\n"),
    ("content/pages/about.md", "# About\n\nSee [one](../articles/a00.md).\n"),
    ("content/pages/help.md", "+++\ntitle = \"Help\"\n+++\n\nAda Moreau helps.\n"),
    ("templates/404.html", "{% extends \"theme/404.html\" %}\n"),
    ("static/robots.txt", "User-agent: *\n"),
    ("static/deep/logo.svg", "<svg/>\n"),
    ("i18n/en.toml", "latest = \"Just in\"\n"),
];

pub(crate) const REDACTIONS: &str = "content/redactions.toml";

/// Articles, names, and both; a name that has a record, and one that decisions are about; entries whose addresses the files
/// of the articles say, and one that wants no page.
pub(crate) const TAKEN_DOWN: [&str; 4] = [
    "[[redaction]]\narticle = \"articles/a00.md\"\nat = [\"articles/a00/\", \"old/place\"]\ndate = 2024-05-06\n\
     [[redaction]]\narticle = \"articles/deep/a04/index.md\"\nat = [\"articles/deep/a04/\"]\ndate = 2024-05-07\n",
    "[[redaction]]\nname = \"Lagos\"\ndate = 2024-05-06\n\n[[redaction]]\nname = \"Dora Weiss\"\ndate = 2024-05-06\n",
    "[[redaction]]\nname = \"Ada Moreau\"\nalso = [\"Moreau\"]\ndate = 2024-05-08\n\
     [[redaction]]\narticle = \"pages/help.md\"\nat = [\"pages/help/\"]\ndate = 2024-05-06\n",
    "[[redaction]]\narticle = \"articles/a01.md\"\ndate = 2029-05-06\n\
     [[redaction]]\narticle = \"articles/deep/a04/index.md\"\ndate = 2029-05-07\n\
     [[redaction]]\narticle = \"articles/a00.md\"\nat = []\ndate = 2029-05-07\n",
];
