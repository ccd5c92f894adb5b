//! What is found in texts of many languages. All texts were written for these tests.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod common;

use pressmark::build::build_in_memory;
use pressmark::digest::{Digest, Options, Row, digest};
use pressmark::files::{Files, MemFiles, SitePath};
use proptest::prelude::*;
use serde_json::Value;

fn alone(text: &str) -> Digest {
    let row = Row { id: "a".to_owned(), text: text.to_owned(), ..Row::default() };
    digest(&[row], Options { across: false, summary_ratio: None }).pop().unwrap()
}

/// Where a name stands, in code points, and its kind.
type Place = (usize, usize, String);

/// Takes the marks of names, `[kind name]`, out of a text.
fn marked(paragraph: &str) -> (String, Vec<Place>) {
    let (mut text, mut names, mut rest) = (String::new(), Vec::new(), paragraph);
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let (inner, behind) = after.split_once(']').unwrap();
        let (kind, name) = inner.split_once(' ').unwrap();
        let start = text.chars().count();
        text.push_str(name);
        let kind = if kind == "org" { "organization" } else { kind };
        names.push((start, text.chars().count(), kind.to_owned()));
        rest = behind;
    }
    text.push_str(rest);
    (text, names)
}

/// Names that are right in place, right in kind too, found, and there.
#[derive(Default)]
struct Count {
    placed: usize,
    right: usize,
    found: usize,
    there: usize,
    /// What is not right, for the reader of a failed test.
    wrong: Vec<String>,
}

impl Count {
    fn f1(right: usize, found: usize, there: usize) -> f64 {
        let real = |count: usize| f64::from(u32::try_from(count).unwrap());
        2.0 * real(right) / real(found + there)
    }
}

fn count(language: &str, annotated: &str) -> Count {
    let mut count = Count::default();
    let (text, names) = marked(annotated);
    let one = alone(&text);
    assert_eq!(one.language.as_deref(), Some(language));
    let points: Vec<char> = text.chars().collect();
    let mut places: Vec<Place> = Vec::new();
    for entity in &one.entities {
        let own = entity.mentions.iter().map(|[start, end]| (*start, *end, entity.kind.to_owned()));
        places.extend(own);
    }
    places.sort();
    let form = |place: &Place| {
        let form: String = points[place.0..place.1].iter().collect();
        format!("{} {form}", place.2)
    };
    let more = places.iter().filter(|place| !names.contains(place));
    let less = names.iter().filter(|name| !places.contains(name));
    count.wrong.extend(more.map(|place| format!("{language} found {}", form(place))));
    count.wrong.extend(less.map(|name| format!("{language} missed {}", form(name))));
    let same = |a: &Place, b: &Place| (a.0, a.1) == (b.0, b.1);
    count.placed = names.iter().filter(|name| places.iter().any(|place| same(name, place))).count();
    count.right = names.iter().filter(|name| places.contains(name)).count();
    (count.found, count.there) = (places.len(), names.len());
    count
}

/// A floor under what is found in languages with case; `docs/quality.md` has the figures.
#[test]
fn names_are_found_by_their_capitals() {
    for (language, text) in [
        ("es", include_str!("languages/es.txt")),
        ("fr", include_str!("languages/fr.txt")),
        ("de", include_str!("languages/de.txt")),
        ("pt", include_str!("languages/pt.txt")),
        ("tr", include_str!("languages/tr.txt")),
        ("pl", include_str!("languages/pl.txt")),
        ("ru", include_str!("languages/ru.txt")),
        ("uk", include_str!("languages/uk.txt")),
        ("el", include_str!("languages/el.txt")),
    ] {
        let one = count(language, text);
        let right = Count::f1(one.right, one.found, one.there);
        assert!(right > 0.9, "{language}: {right:.3} {:#?}", one.wrong);
    }
}

/// The same for texts that were written when the rules were made already.
#[test]
fn names_are_found_in_texts_that_no_rule_was_made_for() {
    let mut all = Count::default();
    let blocks = include_str!("languages/held.txt").split("\n\n");
    for (language, text) in blocks.map(|block| block.split_once('\n').unwrap()) {
        let one = count(language, text.trim_end());
        all.placed += one.placed;
        all.right += one.right;
        all.found += one.found;
        all.there += one.there;
        all.wrong.extend(one.wrong);
    }
    let placed = Count::f1(all.placed, all.found, all.there);
    let right = Count::f1(all.right, all.found, all.there);
    assert!(placed > 0.87 && right > 0.75, "{placed:.3} {right:.3} {:#?}", all.wrong);
}

#[test]
fn ordinary_words_with_capitals_are_no_names() {
    for text in [
        "Die Regierung will die Steuern auf Benzin und Diesel senken. Der Beschluss soll noch im Herbst fallen, \
         und die Opposition hat Widerstand angekündigt.",
        "Ayer llovió en toda la costa. Los vecinos cerraron las ventanas y esperaron. Nadie salió de casa hasta el lunes.",
        "Вчера весь день шёл дождь. Жители закрыли окна и ждали. Никто не выходил из дома до понедельника.",
    ] {
        let one = alone(text);
        assert!(one.entities.is_empty(), "{:?}", one.entities);
    }
}

const RECORDS: &[(&str, &str)] = &[
    (
        "hafez",
        "name = \"Hafez\"\nkind = \"person\"\naliases = [\"حافظ شیرازی\", \"חאפז\", \"하페즈\", \"哈菲兹\"]\n",
    ),
    ("shiraz", "name = \"شیراز\"\nkind = \"place\"\n"),
    ("ibn-sina", "name = \"ابن‌سینا\"\nkind = \"person\"\naliases = [\"ابن سينا\"]\n"),
    (
        "baghdad",
        "name = \"بغداد\"\nkind = \"place\"\naliases = [\"バグダード\", \"แบกแดด\", \"बगदाद\"]\n",
    ),
    ("academy", "name = \"أكاديمية العلوم\"\nkind = \"organization\"\n"),
];

/// An article, its language, and the records that it names.
const ARTICLES: &[(&str, &str, &[&str])] = &[
    (
        "fa",
        "حافظ شيرازي در شيراز زندگی می‌کرد و آرامگاه او نیز در همین شهر است. شاعران بسیاری از او پیروی کرده‌اند. \
         آیا ابن‌سینا هم به شیراز رفت؟ نه، او در همدان درگذشت.",
        &["hafez", "shiraz", "ibn-sina"],
    ),
    (
        "ar",
        "وُلد ابن سينا قرب بخارى وتوفي في همدان. لم يصل إلى بغداد، لكن كتبه وصلت إليها وإلى مدن كثيرة. \
         وقد كرمته أكاديميّة العلوم، ونُشرت أعماله ببغداد.",
        &["ibn-sina", "baghdad", "academy"],
    ),
    (
        "he",
        "המשורר הפרסי חאפז חי במאה הארבע עשרה. שיריו של חאפז תורגמו לשפות רבות, ואנשים רבים קוראים בהם עד היום. לחאפז יש קבר ידוע.",
        &["hafez"],
    ),
    (
        "hi",
        "बगदाद इराक की राजधानी है और दजला नदी के किनारे बसा है। यह शहर आठवीं सदी में बसाया गया था। क्या आप बगदाद गए हैं? \
         वहाँ के लोग अरबी बोलते हैं और उनके पास बहुत सारी पुरानी किताबें भी थीं, लेकिन उनमें से कुछ ही बची हैं।",
        &["baghdad"],
    ),
    (
        "zh",
        "哈菲兹是波斯的一位诗人，他的诗在世界各地流传。许多人喜欢读哈菲兹的诗！他住在哪里？他一生都住在同一座城市，并且在那里去世，后来人们为他建了一座墓。",
        &["hafez"],
    ),
    (
        "ja",
        "バグダードはイラクの首都である。この町は八世紀に建てられた。人口はとても多い。川の近くにあり、古い本や学校で知られている。多くの人がバグダードを訪れた。",
        &["baghdad"],
    ),
    (
        "ko",
        "하페즈는 십사 세기에 살았던 시인이다. 많은 사람들이 하페즈의 시를 읽는다. 그의 무덤은 지금도 사람들이 찾아가는 곳이며 도시의 자랑이다.",
        &["hafez"],
    ),
    (
        "th",
        "แบกแดดเป็นเมืองหลวงของประเทศอิรัก เมืองนี้สร้างขึ้นในศตวรรษที่แปด และตั้งอยู่ริมแม่น้ำไทกริส ผู้คนจำนวนมากอาศัยอยู่ในแบกแดด",
        &["baghdad"],
    ),
];

fn read(files: &MemFiles, path: &str) -> String {
    let bytes = files.read(&SitePath::parse(path).unwrap()).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn records_are_found_in_scripts_without_case_and_list_their_articles() {
    let mut tree = common::Tree::new();
    tree.insert("site.toml".to_owned(), b"title = \"T\"\n".to_vec());
    for (id, record) in RECORDS {
        tree.insert(format!("content/entities/{id}.toml"), record.as_bytes().to_vec());
    }
    for (language, text, _) in ARTICLES {
        let article =
            format!("+++\ntitle = \"Title in {language}\"\ndate = 2024-05-06\n+++\n{text}\n");
        tree.insert(format!("content/articles/{language}.md"), article.into_bytes());
    }
    let (made, reports) =
        build_in_memory(&common::site(&tree), &common::options(".".as_ref())).unwrap();
    let made = made.unwrap_or_else(|| panic!("{reports:#?}"));
    let catalog: Value = serde_json::from_str(&read(&made, "catalog.json")).unwrap();
    for (language, _, named) in ARTICLES {
        let title = format!("Title in {language}");
        let articles = catalog["articles"].as_array().unwrap();
        let article = articles.iter().find(|article| article["title"] == *title).unwrap();
        let ids: Vec<&str> = article["entities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entity| entity["entity"].as_str().unwrap())
            .collect();
        for name in *named {
            let id = ids.iter().find(|id| id.ends_with(&format!("/{name}")));
            let id = id.unwrap_or_else(|| panic!("{language}: no {name} in {ids:?}"));
            assert!(read(&made, &format!("{id}/index.html")).contains(&title), "{id}");
        }
    }
}

#[test]
fn languages_are_told_and_sentences_counted() {
    let counts =
        [("fa", 4), ("ar", 3), ("he", 3), ("hi", 4), ("zh", 4), ("ja", 5), ("ko", 3), ("th", 1)];
    for ((language, text, _), (same, count)) in ARTICLES.iter().zip(counts) {
        assert_eq!(*language, same);
        let one = alone(text);
        assert_eq!(one.language.as_deref(), Some(same));
        let found = pressmark::text::sentences(text, 0);
        assert_eq!(found.len(), count, "{text}");
        assert!(!one.summary.is_empty() && one.line.is_some() && one.title.is_some());
        assert!(!one.keyphrases.is_empty(), "{language}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn names_and_sentences_of_mixed_scripts_lie_in_the_text(
        text in "([A-Zа-яА-ЯΑ-ω][a-zа-яα-ω'’-]{0,5}|[ا-ی\u{64b}-\u{650}\u{200c}\u{200f}]{1,5}|[א-ת]{1,4}|[一-十あ-おア-オ가-각ก-ค]{1,4}|de|van|[ .!?。؟।«»\"(:\n]{1,2}| ){0,60}",
        language in prop::sample::select(vec!["de", "es", "fr", "tr", "pl", "ru", "el", "fa", "zh", "pt-BR", "x"]),
    ) {
        let row = Row { id: "a".to_owned(), text: text.clone(), language: Some(language.to_owned()), ..Row::default() };
        let one = digest(&[row], Options { across: false, summary_ratio: Some(1.0) }).pop().unwrap();
        let points: Vec<char> = text.chars().collect();
        for part in &one.summary {
            prop_assert_eq!(points[part.start..part.end].iter().collect::<String>(), part.text.as_str());
        }
        for [start, end] in one.entities.iter().flat_map(|entity| &entity.mentions) {
            prop_assert!(start < end && *end <= points.len());
            // All sentences are key sentences here, unless they stand in boilerplate.
            let inside = one.summary.iter().any(|part| part.start <= *start && *end <= part.end);
            let apart = one.boilerplate.iter().any(|part| part.start <= *start && *end <= part.end);
            prop_assert!(inside || apart, "{:?} in {text}", points[*start..*end].iter().collect::<String>());
        }
    }
}
