//! How to cite an article: BibTeX, RIS and CSL-JSON, as reference managers read them.

use std::fmt::Write as _;

use serde_json::json;
use tera::Value;

use super::Views;
use super::value::object;
use crate::ids::ArticleId;
use crate::plan::json::to_json;
use crate::resolve::Article;

/// What is said of an article in each form.
struct Cited<'a> {
    key: String,
    title: &'a str,
    authors: Vec<&'a str>,
    date: Option<jiff::civil::Date>,
    /// Where it was published.
    container: &'a str,
    url: Option<String>,
    accessed: Option<jiff::civil::Date>,
    language: &'a str,
}

impl Views<'_> {
    /// Returns the three forms.
    pub(super) fn cite(&self, id: ArticleId, article: &Article) -> Value {
        let origin = article.origin.as_ref();
        let source = origin.and_then(|origin| origin.source).map(|id| &self.site.sources[id]);
        let original = origin.and_then(|origin| origin.url.clone());
        let own = || self.plan.addresses.absolute(&self.plan.urls.articles[id]);
        let date = article.date.as_ref().map(|date| date.value.date);
        let address = self.plan.urls.articles[id].as_str().trim_end_matches('/');
        let slug = address.rsplit('/').next().unwrap_or_default();
        let year = date.map(|date| date.year().to_string()).unwrap_or_default();
        let cited = Cited {
            key: format!("{slug}{year}"),
            title: &article.title.value,
            authors: article.authors.iter().map(|author| author.value.as_str()).collect(),
            date,
            container: source.map_or(self.config.title.as_str(), |source| source.name.as_str()),
            url: original.or_else(own),
            accessed: origin.and_then(|origin| origin.retrieved),
            language: article.language.as_deref().unwrap_or(&self.config.language),
        };
        object! { self.words;
            "bibtex" => cited.bibtex(),
            "ris" => cited.ris(),
            "csl" => cited.csl(),
        }
    }
}

impl Cited<'_> {
    /// Returns the entry of the [BibTeX](https://ctan.org/pkg/bibtex) type for what has no type of its own.
    fn bibtex(&self) -> String {
        let mut out = format!("@misc{{{},\n", plain_key(&self.key));
        let mut field = |name: &str, value: &str| {
            let _ = writeln!(out, "  {name} = {{{value}}},");
        };
        field("title", &escaped(self.title));
        if !self.authors.is_empty() {
            // Braces keep a name that is a body's in one piece.
            let names = self.authors.iter().map(|name| format!("{{{}}}", escaped(name)));
            field("author", &names.collect::<Vec<_>>().join(" and "));
        }
        if let Some(date) = self.date {
            field("year", &date.year().to_string());
            field("month", &date.month().to_string());
            field("day", &date.day().to_string());
        }
        field("howpublished", &escaped(self.container));
        if let Some(url) = &self.url {
            field("url", &url.replace(['{', '}', '\\'], ""));
        }
        if let Some(day) = self.accessed {
            field("urldate", &day.to_string());
        }
        field("langid", &escaped(self.language));
        out.push('}');
        out
    }

    /// Returns the record in RIS, as Reference Manager defined it; each line is a tag, two spaces, a hyphen and a space.
    fn ris(&self) -> String {
        let mut out = String::from("TY  - NEWS\n");
        let mut line = |tag: &str, value: &str| {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(out, "{tag}  - {value}");
        };
        line("TI", self.title);
        for author in &self.authors {
            line("AU", author);
        }
        if let Some(date) = self.date {
            line("PY", &date.year().to_string());
            line("DA", &format!("{:04}/{:02}/{:02}/", date.year(), date.month(), date.day()));
        }
        line("T2", self.container);
        if let Some(url) = &self.url {
            line("UR", url);
        }
        if let Some(day) = self.accessed {
            line("Y2", &format!("{:04}/{:02}/{:02}/", day.year(), day.month(), day.day()));
        }
        line("LA", self.language);
        out.push_str("ER  - ");
        out
    }

    /// Returns the item in [CSL-JSON](https://docs.citationstyles.org/en/stable/specification.html).
    fn csl(&self) -> String {
        let parts = |date: jiff::civil::Date| json!({"date-parts": [[date.year(), date.month(), date.day()]]});
        let mut item = json!({
            "id": self.key,
            "type": "article-newspaper",
            "title": self.title,
            "container-title": self.container,
            "language": self.language,
        });
        if !self.authors.is_empty() {
            let names = self.authors.iter().map(|name| json!({"literal": name}));
            item["author"] = names.collect::<Vec<_>>().into();
        }
        if let Some(date) = self.date {
            item["issued"] = parts(date);
        }
        if let Some(url) = &self.url {
            item["URL"] = url.as_str().into();
        }
        if let Some(day) = self.accessed {
            item["accessed"] = parts(day);
        }
        String::from_utf8(to_json(&serde_json::Value::from(vec![item]), false)).unwrap_or_default()
    }
}

/// Returns a key without what BibTeX would read as its end.
fn plain_key(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// Returns a text with what means something to TeX taken as it stands.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '{' | '}' | '%' | '&' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited() -> Cited<'static> {
        Cited {
            key: "harbour-law}2024".to_owned(),
            title: "A 5 % rise {at} R&D_Labs\nfor ~ 3 \\ 4",
            authors: vec!["Ann Lee", "Port of Rotterdam Authority"],
            date: Some(jiff::civil::date(2024, 5, 6)),
            container: "The Gazette",
            url: Some("https://example.org/a_b?x=1&y=%20".to_owned()),
            accessed: None,
            language: "en",
        }
    }

    #[test]
    fn what_means_something_to_tex_is_taken_as_it_stands() {
        let bibtex = cited().bibtex();
        assert!(bibtex.starts_with("@misc{harbour-law2024,\n"), "{bibtex}");
        assert!(bibtex.contains("  title = {A 5 \\% rise \\{at\\} R\\&D\\_Labs for \\textasciitilde{} 3 \\textbackslash{} 4},\n"), "{bibtex}");
        assert!(
            bibtex.contains("author = {{Ann Lee} and {Port of Rotterdam Authority}}"),
            "{bibtex}"
        );
        assert!(bibtex.contains("url = {https://example.org/a_b?x=1&y=%20}"), "{bibtex}");
        assert_eq!(
            bibtex.matches('{').count() - bibtex.matches("\\{").count(),
            bibtex.matches('}').count() - bibtex.matches("\\}").count()
        );
    }

    #[test]
    fn each_line_of_ris_has_a_tag() {
        let ris = cited().ris();
        assert!(ris.lines().all(|line| line.len() >= 6 && line[2..].starts_with("  - ")), "{ris}");
        assert!(ris.starts_with("TY  - NEWS\n") && ris.ends_with("\nER  - "), "{ris}");
        assert!(ris.contains("\nDA  - 2024/05/06/\n"), "{ris}");
    }

    #[test]
    fn csl_is_json() {
        let csl: serde_json::Value = serde_json::from_str(&cited().csl()).expect("JSON");
        assert_eq!(csl[0]["issued"]["date-parts"][0], serde_json::json!([2024, 5, 6]));
        assert_eq!(csl[0]["author"][1]["literal"], "Port of Rotterdam Authority");
    }
}
