//! Writes a collection of articles that nobody wrote, for measurements.
//!
//! `cargo run --release --example corpus -- DIR COUNT [--seed N] [--raw] [--short]`
//!
//! In: a folder, how many articles, and a seed. Out: `DIR/content/articles/YEAR/NAME.md`, each of
//! 300 to 900 words with front matter and links to earlier articles; with `--raw` texts without
//! any front matter, and with `--short` texts of 30 to 90 words. The same arguments make the same bytes on any machine, because figures
//! that are compared must come from the same input. Some names are
//! far commoner than others, as they are in the news.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: corpus DIR COUNT [--seed N] [--raw] [--short]";

/// What was asked for.
struct Order {
    folder: PathBuf,
    count: usize,
    seed: u64,
    form: Form,
    length: Length,
}

/// How long the articles are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Length {
    Usual,
    Short,
}

/// Whether the articles say what they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    FrontMatter,
    Raw,
}

fn main() -> ExitCode {
    let made = Order::parse(std::env::args().skip(1)).and_then(|order| write(&order));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(error.as_ref());
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::print_stderr, reason = "this is a program, which has nobody else to tell")]
fn report(error: &dyn Error) {
    eprintln!("corpus: {error}");
}

impl Order {
    fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let (mut plain, mut seed, mut form) = (Vec::new(), 1, Form::FrontMatter);
        let mut length = Length::Usual;
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--raw" => form = Form::Raw,
                "--short" => length = Length::Short,
                "--seed" => seed = args.next().ok_or(USAGE)?.parse()?,
                _ if arg.starts_with('-') => return Err(USAGE.into()),
                _ => plain.push(arg),
            }
        }
        let [folder, count] = plain.as_slice() else { return Err(USAGE.into()) };
        Ok(Self { folder: folder.into(), count: count.parse()?, seed, form, length })
    }
}

fn write(order: &Order) -> Result<(), Box<dyn Error>> {
    let mut random = Random(order.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let people = names(&mut random, 40 + order.count / 12);
    for number in 0..order.count {
        let (path, text) = article(&mut random, &people, number, order);
        let path = order.folder.join("content/articles").join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// Numbers that look random: the xorshift of Marsaglia, which is short and everywhere the same.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// Returns a number below `end`, which is above zero.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Picks one of the first more often: the place is the product of two even chances.
    fn pick_common<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let place = self.below(1000) * self.below(1000) / 1000;
        &of[place * of.len() / 1000]
    }
}

/// Returns names of people who do not exist, each once.
fn names(random: &mut Random, count: usize) -> Vec<String> {
    let mut made = Vec::with_capacity(count);
    let mut seen = std::collections::HashSet::new();
    while made.len() < count {
        let (first, start, end) =
            (random.pick(FIRST_NAMES), random.pick(LAST_STARTS), random.pick(LAST_ENDS));
        let mut name = format!("{first} {start}{end}");
        if !seen.insert(name.clone()) {
            let middle = char::from(b'A' + u8::try_from(random.below(26)).unwrap_or(0));
            name = format!("{first} {middle}. {start}{end}{}", random.pick(LAST_ENDS));
            if !seen.insert(name.clone()) {
                continue;
            }
        }
        made.push(name);
    }
    made
}

/// Who and what one article is about.
struct Cast<'a> {
    people: Vec<&'a str>,
    organizations: Vec<&'a str>,
    places: Vec<&'a str>,
    event: &'a str,
    topics: Vec<&'a str>,
}

impl<'a> Cast<'a> {
    fn choose(random: &mut Random, people: &'a [String]) -> Self {
        Self {
            people: (0..3).map(|_| random.pick_common(people).as_str()).collect(),
            organizations: (0..2).map(|_| *random.pick_common(ORGANIZATIONS)).collect(),
            places: (0..2).map(|_| *random.pick_common(PLACES)).collect(),
            event: *random.pick_common(EVENTS),
            topics: (0..2).map(|_| *random.pick_common(TOPICS)).collect(),
        }
    }
}

/// Returns the path and the text of an article.
fn article(
    random: &mut Random,
    people: &[String],
    number: usize,
    order: &Order,
) -> (PathBuf, String) {
    let form = order.form;
    let cast = Cast::choose(random, people);
    let (date, title) = (date(number, order.count), title(random, &cast));
    let year = &date[..4];
    let mut text = String::with_capacity(8192);
    if form == Form::FrontMatter {
        front_matter(random, &mut text, &cast, &title, &date, people);
    } else {
        let _ = writeln!(text, "{title}\n\n{date}\n");
    }
    body(random, &mut text, &cast, number, order);
    let ending = if form == Form::Raw { "txt" } else { "md" };
    (PathBuf::from(year).join(format!("{}.{ending}", file_stem(number))), text)
}

fn file_stem(number: usize) -> String {
    format!("report-{number:06}")
}

/// Returns the day of an article: from 2015 on, in months of 28 days; five a day, or more when they
/// would not fit into ten years.
fn date(number: usize, count: usize) -> String {
    let day = number / (count / 3360 + 1).max(5);
    format!("{}-{:02}-{:02}", 2015 + day / 336, day / 28 % 12 + 1, day % 28 + 1)
}

fn title(random: &mut Random, cast: &Cast<'_>) -> String {
    let (verb, thing) = (random.pick(HEADLINE_VERBS), random.pick(THINGS));
    format!("{} {verb} {thing} in {}", cast.organizations[0], cast.places[0])
}

fn front_matter(
    random: &mut Random,
    text: &mut String,
    cast: &Cast<'_>,
    title: &str,
    date: &str,
    people: &[String],
) {
    let list = |names: &[&str]| {
        let mut quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        quoted.dedup();
        quoted.join(", ")
    };
    let (thing, verb) = (random.pick(THINGS), random.pick(VERBS));
    let summary = format!("{} {verb} {thing} in {}.", cast.people[0], cast.places[0]);
    let author = random.pick_common(&people[people.len() / 2..]);
    let source = random.pick_common(SOURCES);
    let _ = write!(
        text,
        "+++\ntitle = \"{title}\"\ndate = {date}\nsummary = \"{summary}\"\n\
         authors = [\"{author}\"]\ntopics = [{}]\npeople = [{}]\norganizations = [{}]\n\
         places = [{}]\nevents = [\"{}\"]\nsource = \"{source}\"\n+++\n\n",
        list(&cast.topics),
        list(&cast.people),
        list(&cast.organizations),
        list(&cast.places),
        cast.event,
    );
}

/// Writes paragraphs until there are enough words.
fn body(random: &mut Random, text: &mut String, cast: &Cast<'_>, number: usize, order: &Order) {
    let form = order.form;
    let wanted = match order.length {
        Length::Usual => 300 + random.below(600),
        Length::Short => 30 + random.below(60),
    };
    let (mut words, mut paragraphs) = (0, 0);
    while words < wanted {
        if form == Form::FrontMatter && paragraphs % 4 == 3 {
            let _ = writeln!(text, "## {} and {}\n", random.pick(TOPICS), random.pick(THINGS));
        }
        for _ in 0..3 + random.below(3) {
            let sentence = sentence(random, cast);
            words += sentence.split(' ').count();
            text.push_str(&sentence);
            text.push(' ');
        }
        if form == Form::FrontMatter && number > 0 && paragraphs % 5 == 1 {
            let other = number - 1 - random.below(number.min(200));
            let (year, stem) = (&date(other, order.count)[..4], file_stem(other));
            let _ = write!(text, "An [earlier report](../{year}/{stem}.md) has the details.");
        }
        text.push_str("\n\n");
        paragraphs += 1;
    }
}

fn sentence(random: &mut Random, cast: &Cast<'_>) -> String {
    let person = *random.pick(&cast.people);
    let last = person.rsplit(' ').next().unwrap_or(person);
    let organization = *random.pick(&cast.organizations);
    let place = *random.pick(&cast.places);
    let (verb, thing, other) = (random.pick(VERBS), random.pick(THINGS), random.pick(THINGS));
    let (when, why) = (random.pick(WHEN), random.pick(WHY));
    match random.below(8) {
        0 => format!("{person} of the {organization} {verb} {thing} in {place} {when}."),
        1 => format!("\"We looked at {thing} and found {other},\" {last} said {when}."),
        2 => format!("The {organization} {verb} {thing}, {why}."),
        3 => format!("In {place}, people who know {thing} had waited for {other} {why}."),
        4 => format!("Nobody {verb} {thing} {when}, and few had expected {other}."),
        5 => format!("Before the {}, {thing} was worth less than {other}, {why}.", cast.event),
        6 => format!("About {} in a hundred readers asked for {thing}.", 3 + random.below(90)),
        _ => format!("It was {when} that {other} came up, {why}, and {thing} followed."),
    }
}

const FIRST_NAMES: &[&str] = &[
    "Alma", "Bruno", "Carla", "Dimitri", "Elsa", "Farid", "Greta", "Hugo", "Ines", "Jonas",
    "Karin", "Leon", "Mira", "Nadia", "Otto", "Petra", "Rafael", "Selma", "Tomas", "Ursula",
    "Viktor", "Wanda", "Yusuf", "Zora",
];
const LAST_STARTS: &[&str] = &[
    "Alder", "Birken", "Corvi", "Dorn", "Elster", "Falken", "Garde", "Hasel", "Ilmen", "Jarro",
    "Kester", "Linden", "Marlo", "Norde", "Osten", "Pavli", "Quint", "Rosen", "Sander", "Tarne",
    "Ulmer", "Varga", "Westen", "Zander",
];
const LAST_ENDS: &[&str] = &["berg", "dal", "ez", "feld", "ic", "man", "na", "os", "sen", "vik"];
const ORGANIZATIONS: &[&str] = &[
    "Harbour Council",
    "River Commission",
    "Northern Railway",
    "Institute of Tides",
    "Mill Workers Union",
    "Bank of the Coast",
    "Weather Office",
    "Academy of Maps",
    "Orchard Society",
    "Bridge Authority",
    "Lantern Foundation",
    "Salt Company",
    "Museum of Clocks",
    "Southern Telegraph",
    "Forest Ministry",
    "Glass Guild",
];
const PLACES: &[&str] = &[
    "Lisbon",
    "Geneva",
    "Nairobi",
    "Oslo",
    "Lima",
    "Vienna",
    "Lagos",
    "Hanoi",
    "Riga",
    "Quito",
    "Tallinn",
    "Accra",
    "Montevideo",
    "Bergen",
    "Porto",
    "Tunis",
];
const EVENTS: &[&str] = &[
    "Flood of 1998",
    "Harbour Conference",
    "Spring Census",
    "Long Strike",
    "Congress of Rivers",
    "Night of the Lanterns",
    "Second Survey",
    "Railway Jubilee",
];
const TOPICS: &[&str] = &[
    "Water",
    "Energy",
    "Rail",
    "Trade",
    "Harvest",
    "Housing",
    "Health",
    "Schools",
    "Climate",
    "Fisheries",
    "Courts",
    "Science",
    "Music",
    "Elections",
];
const SOURCES: &[&str] = &[
    "The Coast Gazette",
    "Evening Ledger",
    "Wire of the North",
    "The Almanac",
    "River Post",
    "Public Notes",
];
const HEADLINE_VERBS: &[&str] = &["weighs", "opens", "delays", "defends", "measures", "rejects"];
const VERBS: &[&str] = &[
    "described",
    "measured",
    "postponed",
    "defended",
    "repaired",
    "questioned",
    "opened",
    "explained",
    "counted",
    "rejected",
];
const THINGS: &[&str] = &[
    "the new timetable",
    "a smaller budget",
    "the old lighthouse",
    "the price of grain",
    "a second bridge",
    "the winter supply",
    "the report on wells",
    "a plan for the quay",
    "the missing ledgers",
    "the last ferry",
    "an open tender",
    "the survey of roofs",
    "a warning to ships",
    "the school garden",
    "the night shift",
    "a quiet majority",
];
const WHEN: &[&str] = &[
    "on Monday",
    "last week",
    "in the spring",
    "after the meeting",
    "before noon",
    "for a month",
    "in the end",
    "without notice",
];
const WHY: &[&str] = &[
    "because the river had risen",
    "as the figures show",
    "though not everybody agreed",
    "since no other offer had come",
    "which surprised the council",
    "as it had been for years",
];
