use proptest::prelude::*;

use super::*;
use crate::files::MemFiles;
use crate::load::read_redactions;

fn path(text: &str) -> SitePath {
    SitePath::parse(text).unwrap()
}

fn settled(text: &str, files: &MemFiles) -> (Redactions, Vec<String>) {
    let config = SiteConfig::default();
    let mut reports = Vec::new();
    let entries = read_redactions(text, &config).drain_into(&mut reports);
    let was = |path: &SitePath, _| match path.stem() {
        "draft" => Was::Unpublished,
        "torn" => Was::Unknown,
        stem => Was::At(vec![format!("articles/{stem}"), "old".to_owned()]),
    };
    let known = Known { records: &[], decisions: &[], marker: "[name removed]", was: &was };
    let redactions = settle(&entries, known, files, &config).drain_into(&mut reports);
    (
        redactions,
        reports.iter().map(|report| format!("{} {}", report.code, report.message)).collect(),
    )
}

#[test]
fn an_article_without_address_must_be_there() {
    let mut files = MemFiles::new();
    files.insert(path("content/articles/a.md"), b"A".to_vec());
    let entry =
        |article: &str| format!("[[redaction]]\narticle = \"{article}\"\ndate = 2024-05-06\n");
    let (redactions, reports) = settled(&entry("articles/a.md"), &files);
    assert_eq!(reports, Vec::<String>::new());
    assert!(redactions.hides(&path("content/articles/a.md")));
    assert_eq!((redactions.places.len(), redactions.told[0].pages), (2, 2));
    assert_eq!(redactions.places[0].files, [path("content/articles/a.md")]);
    let (_, reports) = settled(&entry("content/articles/b.md"), &files);
    assert_eq!(reports, ["E0422 there is no file `content/articles/b.md`"]);
    let gone = entry("articles/b.md") + "at = [\"/articles/b/\", \"old\"]\n";
    let (redactions, reports) = settled(&gone, &files);
    assert_eq!((reports.len(), redactions.places.len(), redactions.told[0].pages), (0, 2, 2));
}

#[test]
fn an_address_is_told_when_it_is_known_and_wanted() {
    let mut files = MemFiles::new();
    for name in ["a", "draft", "torn"] {
        files.insert(path(&format!("content/articles/{name}.md")), b"A".to_vec());
    }
    let entry = |name: &str, more: &str| {
        format!("[[redaction]]\narticle = \"articles/{name}.md\"\ndate = 2024-05-06\n{more}\n")
    };
    let unknown = "W0423 the old address of `content/articles/torn.md` is not known, so nothing there says that it was removed";
    for (name, more, pages, silent, report) in [
        ("a", "", 2, 0, None),
        ("a", "at = []", 0, 2, None),
        ("a", "at = [\"x\"]", 1, 0, None),
        ("draft", "", 0, 0, None),
        ("draft", "at = [\"x\"]", 1, 0, None),
        ("torn", "", 0, 0, Some(unknown)),
        ("torn", "at = []", 0, 0, None),
    ] {
        let (redactions, reports) = settled(&entry(name, more), &files);
        assert_eq!(reports, report.into_iter().collect::<Vec<_>>(), "{name} {more}");
        let told = (redactions.places.len(), redactions.silent.len(), redactions.told[0].pages);
        assert_eq!(told, (pages, silent, pages), "{name} {more}");
    }
    // An address that holds a name says nothing either.
    let named = entry("a", "") + "[[redaction]]\nname = \"Old\"\ndate = 2024-05-06\n";
    let (redactions, _) = settled(&named, &files);
    assert_eq!((redactions.places.len(), redactions.silent), (1, vec!["old".to_owned()]));
}

#[test]
fn two_files_at_one_address_share_its_page() {
    let entry = |name: &str| {
        format!(
            "[[redaction]]\narticle = \"articles/{name}.md\"\nat = [\"articles/same/\"]\ndate = 2024-05-06\n"
        )
    };
    let (redactions, reports) = settled(&(entry("b") + &entry("a")), &MemFiles::new());
    assert_eq!(reports, Vec::<String>::new());
    assert_eq!(redactions.places.len(), 1);
    let files = [path("content/articles/b.md"), path("content/articles/a.md")];
    assert_eq!(redactions.places[0].files, files);
    assert_eq!(redactions.told.iter().map(|told| told.pages).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn hostile_files_are_reported_and_never_passed_over() {
    for (text, report) in [
        ("[[redaction", "E0421"),
        ("redaction = 1", "E0421"),
        ("redactions = []", "E0421"),
        ("redaction = [1]", "E0422"),
        ("[[redaction]]\ndate = 2024-05-06", "E0422"),
        ("[[redaction]]\nname = \"Jane Doe\"", "E0422"),
        ("[[redaction]]\nname = \"J.\"\ndate = 2024-05-06", "E0422"),
        ("[[redaction]]\nname = \"Jane\"\ndate = \"soon\"", "E0214"),
        ("[[redaction]]\nname = \"Jane\"\narticle = \"articles/a.md\"\ndate = 2024-05-06", "E0422"),
        ("[[redaction]]\nnane = \"Jane\"\nname = \"Jane\"\ndate = 2024-05-06", "E0422"),
        ("[[redaction]]\nname = [\"Jane\"]\ndate = 2024-05-06", "E0213"),
        ("[[redaction]]\narticle = \"../a.md\"\ndate = 2024-05-06", "E0422"),
        ("[[redaction]]\narticle = \"articles/a.png\"\ndate = 2024-05-06", "E0422"),
        ("[[redaction]]\nname = \"Jane\"\nat = []\ndate = 2024-05-06", "E0422"),
        ("[[redaction]]\narticle = \"entities/a.toml\"\ndate = 2024-05-06", "E0422"),
        (
            "[[redaction]]\narticle = \"articles/a.md\"\nat = [\"a/../../b\"]\ndate = 2024-05-06",
            "E0422",
        ),
        ("[[redaction]]\nname = \"Jane\"\nid = \"<b>\"\ndate = 2024-05-06", "E0422"),
    ] {
        let (redactions, reports) = settled(text, &MemFiles::new());
        assert!(reports.iter().any(|one| one.starts_with(report)), "{text}: {reports:?}");
        assert!(redactions.is_empty(), "{text}");
    }
}

#[test]
fn an_entry_is_added_and_taken_back_and_what_people_wrote_stays() {
    let config = SiteConfig::default();
    let text = "# Ours.\n\n[[redaction]]\nname = \"Ann Roe\" # see letter\ndate = 2024-01-02\n\n# Next.\n[[redaction]]\n\
                name = \"Max Moe\"\ndate = 2024-01-03\n# The end.\n";
    let taken = Taken::Article {
        path: path("content/articles/a.md"),
        at: Some(vec!["articles/a".to_owned()]),
    };
    let date = jiff::civil::date(2024, 5, 6);
    let entry = Entry { taken: taken.clone(), date, id: "1f3a".to_owned() };
    let with = record(text, std::slice::from_ref(&entry), &config).unwrap();
    let expected = format!(
        "{text}\n[[redaction]]\narticle = \"articles/a.md\"\nat = [\"articles/a\"]\ndate = 2024-05-06\nid = \"1f3a\"\n"
    );
    assert_eq!(with, expected);
    let (without, number) = undo(&with, &taken).unwrap();
    assert_eq!(number, 1);
    assert!(without.contains("# The end."), "{without}");
    let both = |text: &str| read_redactions(text, &config).value.len();
    assert_eq!((both(&with), both(&without)), (3, 2));
    let name = |name: &str| Taken::Name { name: name.to_owned(), also: Vec::new() };
    let (without, number) = undo(text, &name("ANN ROE")).unwrap();
    assert_eq!(number, 1);
    assert_eq!(
        without,
        "# Ours.\n\n# Next.\n[[redaction]]\nname = \"Max Moe\"\ndate = 2024-01-03\n# The end.\n"
    );
    assert_eq!(undo(text, &name("Ann")).unwrap(), (text.to_owned(), 0));
    let first = record("", &[entry], &config).unwrap();
    assert_eq!(undo(&first, &taken).unwrap(), (String::new(), 1));
    assert!(record("redaction = 1", &[], &config).is_err());
}

#[test]
fn one_is_called_what_records_and_decisions_say() {
    let entries = read_redactions(
        "[[redaction]]\nname = \"Jane Doe\"\nalso = [\"JD\"]\ndate = 2024-05-06\n",
        &SiteConfig::default(),
    );
    let merge = |name: &str, into: &str| Decision {
        action: Action::Merge { name: name.to_owned(), into: into.to_owned(), kind: None },
        on: None,
        by: None,
        place: None,
    };
    let all =
        [merge("The Mayor", "Madam Mayor"), merge("jane doe", "The Mayor"), merge("A B", "B C")];
    let was = |_: &SitePath, _| Was::Unknown;
    let known = Known { records: &[], decisions: &all, marker: "[x]", was: &was };
    let config = SiteConfig::default();
    let redactions = settle(&entries.value, known, &MemFiles::new(), &config).value;
    for name in ["Jane Doe", "JD", "the mayor", "Madam Mayor"] {
        assert!(redactions.names.is_name(name), "{name}");
    }
    assert!(!redactions.names.holds("A B, B C"));
    assert_eq!(decisions(all.to_vec(), &redactions), [all[2].clone()]);
    assert_eq!(redactions.told[0].names, 2);
}

proptest! {
    #[test]
    fn any_text_is_read_and_what_is_added_can_be_taken_back(
        text in "(\\[\\[redaction\\]\\]\n|redaction|name = |article = |\"|at = |date = 2024-01-01\n|\\[|\\]|x|#|\n|articles/a.md|=|\u{0}){0,12}",
        good in prop::sample::select(vec!["", "# one\n", "[[redaction]]\nname = \"Ann Roe\"\ndate = 2024-01-01\n\n# end"]),
    ) {
        let config = SiteConfig::default();
        let _reports = settled(&text, &MemFiles::new());
        let taken = Taken::Name { name: "Max Moe".to_owned(), also: vec!["Moe".to_owned()] };
        let entry = Entry { taken: taken.clone(), date: jiff::civil::date(2024, 5, 6), id: "1f".to_owned() };
        let _refused = record(&text, std::slice::from_ref(&entry), &config);
        let _refused = undo(&text, &taken);
        let with = record(good, &[entry], &config).unwrap();
        let known = read_redactions(&with, &config);
        prop_assert!(known.diagnostics.is_empty() && known.value.last().unwrap().taken == taken);
        let (without, number) = undo(&with, &taken).unwrap();
        prop_assert_eq!(number, 1);
        prop_assert_eq!(read_redactions(&without, &config).value, read_redactions(good, &config).value);
    }
}
