//! `pressmark new`: one more article.

use jiff::civil::Date;
use pressmark::diag::Error;
use pressmark::files::SitePath;
use pressmark::text::{SlugMode, slugify};
use toml::Value;

use super::args::NewArgs;
use super::clock::Clock;
use super::report::show;
use super::term::{one_line, shown};
use super::{Failure, Outcome, Session, init, site};

const FOLDER: &str = "content/articles/";

/// Writes a draft and prints its path.
pub(super) fn run(args: &NewArgs, session: &mut Session) -> Result<Outcome, Failure> {
    site::require(&session.root)?;
    let config = match site::settings(&session.root)? {
        Ok(config) => config,
        Err(diagnostics) => {
            show(session, &diagnostics, None, false)?;
            return Ok(Outcome::Flawed);
        }
    };
    let today = Clock::choose(args.clock.at)?.day(&config.time_zone);
    let article = if args.title.to_lowercase().ends_with(".md") {
        named(&args.title, today)?
    } else {
        titled(&args.title, today, config.slug_mode)?
    };
    let path = article.path.on_disk(&session.root);
    let front = format!(
        "+++\ntitle = {}\ndate = {}\ndraft = true\n+++\n\n",
        Value::from(article.title),
        article.date
    );
    if !init::create(&path, &front)? {
        let error = Error::usage(format!("the file `{}` exists already", shown(&path)));
        return Err(error.help("edit it, or choose another title").into());
    }
    session.out.write(format!("{}\n", shown(&path)).as_bytes())?;
    Ok(Outcome::Clean)
}

/// An article to be written.
#[derive(Debug, PartialEq, Eq)]
struct NewArticle {
    path: SitePath,
    title: String,
    date: Date,
}

/// Returns the article of a title.
fn titled(title: &str, today: Date, mode: SlugMode) -> Result<NewArticle, Error> {
    let title = one_line(title).trim().to_owned();
    if title.is_empty() {
        return Err(Error::usage("the title is empty"));
    }
    let name = format!("{FOLDER}{:04}/{today}-{}.md", today.year(), slugify(&title, mode));
    let path = SitePath::parse(&name)
        .ok_or_else(|| Error::internal(format!("`{name}` is no usable path")))?;
    Ok(NewArticle { path, title, date: today })
}

/// Returns the article of a path, whose title is made from the file's name.
fn named(text: &str, today: Date) -> Result<NewArticle, Error> {
    let inside = text.strip_prefix("./").unwrap_or(text);
    let inside = inside.strip_prefix(FOLDER).unwrap_or(inside);
    let refuse = |why: &str| {
        Error::usage(format!("`{}` cannot be the path of an article: {why}", one_line(text)))
            .help("give a path below `content/articles`, such as `2024/summit.md`")
    };
    let path = SitePath::parse(inside)
        .and_then(|inside| SitePath::parse(&format!("{FOLDER}{inside}")))
        .ok_or_else(|| refuse("it is absolute, climbs with `..`, or holds `\\`"))?;
    if inside.split('/').any(|part| part.starts_with(['.', '#'])) {
        return Err(refuse("names that start with `.` or `#` are not read"));
    }
    let stem = path.stem();
    let dated = stem.split_at_checked(10).and_then(|(date, rest)| Some((date.parse().ok()?, rest)));
    let (date, name) = match dated {
        Some((date, rest)) if rest.len() > 1 && rest.starts_with(['-', '_']) => (date, &rest[1..]),
        Some((date, "")) => (date, stem),
        _ => (today, stem),
    };
    let mut title: String = name.replace(['-', '_'], " ").trim().to_owned();
    if let Some(first) = title.chars().next() {
        let upper: String = first.to_uppercase().collect();
        title.replace_range(..first.len_utf8(), &upper);
    }
    let title = if title.is_empty() { stem.to_owned() } else { title };
    Ok(NewArticle { path, title, date })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2024, 5, 6);

    #[test]
    fn a_path_gives_title_and_date() {
        for (text, path, title, day) in [
            ("2024/summit-in-geneva.md", "2024/summit-in-geneva.md", "Summit in geneva", TODAY),
            ("content/articles/x.md", "x.md", "X", TODAY),
            ("./2001-02-03_é.MD", "2001-02-03_é.MD", "É", date(2001, 2, 3)),
            ("2001-02-03.md", "2001-02-03.md", "2001 02 03", date(2001, 2, 3)),
            ("---.md", "---.md", "---", TODAY),
        ] {
            let article = named(text, TODAY).unwrap();
            let path = SitePath::parse(&format!("{FOLDER}{path}")).unwrap();
            assert_eq!(article, NewArticle { path, title: title.to_owned(), date: day }, "{text}");
        }
    }

    #[test]
    fn a_path_stays_below_the_articles_and_is_read_by_a_build() {
        for text in ["../x.md", "/x.md", "a/../../x.md", "a//x.md", ".md", "a/.x.md", "a\\x.md"] {
            assert!(named(text, TODAY).is_err(), "{text}");
        }
    }

    #[test]
    fn a_title_gives_the_path() {
        let article = titled(" Talks:\n\"resume\" ", TODAY, SlugMode::Ascii).unwrap();
        assert_eq!(article.path.as_str(), "content/articles/2024/2024-05-06-talks-resume.md");
        assert_eq!(article.title, "Talks: \"resume\"");
        assert!(titled(" \u{1b} ", TODAY, SlugMode::Ascii).is_err());
    }
}
