use super::*;
use crate::files::{MemFiles, SitePath};

fn found(list: &[(&str, &str)]) -> Vec<String> {
    found_with(list, &SiteConfig::default())
}

fn found_with(list: &[(&str, &str)], config: &SiteConfig) -> Vec<String> {
    let mut files = MemFiles::new();
    for (path, text) in list {
        files.insert(SitePath::parse(path).unwrap(), text.as_bytes());
    }
    let line = |report: Diagnostic| {
        let place =
            place(&report).map_or_else(String::new, |(path, line)| format!("{path}:{line} "));
        format!("{place}{} {}", report.code, report.message)
    };
    check(&files, config).into_iter().map(line).collect()
}

fn one(text: &str) -> Vec<String> {
    let page = format!(
        "{{% extends \"theme/article.html\" %}}\n{{% block main %}}{text}{{% endblock main %}}"
    );
    let found = found(&[("templates/article.html", &page)]);
    found.iter().map(|line| line.replace("templates/article.html:2 ", "")).collect()
}

#[test]
fn the_built_in_themes_keep_the_contract() {
    for theme in layers::built_in() {
        let config = SiteConfig { theme, ..SiteConfig::default() };
        assert_eq!(found_with(&[], &config), Vec::<String>::new(), "{}", config.theme);
    }
}

#[test]
fn values_that_nobody_hands_over_are_found_where_they_stand() {
    for (text, expected) in [
        ("{{ article.titel }}", "E0711 `article` has no value `titel`"),
        ("{% if entity %}{% endif %}", "E0711 no value `entity` is handed to this template"),
        (
            "{% if false %}{{ artikle.title }}{% endif %}",
            "E0711 no value `artikle` is handed to this template",
        ),
        (
            "{% for t in article.topics %}{{ t.nam }}{% endfor %}",
            "E0711 `article.topics[]` has no value `nam`",
        ),
        (
            "{% set x = article.source %}{% if x %}{{ x.hots }}{% endif %}",
            "E0711 `article.source` has no value `hots`",
        ),
        ("{% if false %}{{ ui.lastest }}{% endif %}", "E0711 there is no string `lastest`"),
        ("{% if theme.acent %}{% endif %}", "E0711 the theme has no option `acent`"),
        (
            "{% if false %}{{ site.assets[\"x.js\"] }}{% endif %}",
            "E0711 the theme has no file `static/x.js`",
        ),
        (
            "{% if article.title.x %}{% endif %}",
            "E0711 `article.title` is a single value, and has no value `x`",
        ),
        (
            "{% if article.topics.x %}{% endif %}",
            "E0711 `article.topics` is a list, and has no value `x`",
        ),
    ] {
        assert_eq!(one(text), [expected], "{text}");
    }
    for good in [
        "{% for t in article.topics %}{{ t.url if t.derived else t.name }}{{ loop.index }}{{ t.name | upper }}{% endfor %}",
        "{{ article.quotes | length }} {{ article.extra.mine or 1 }} {{ [t.name for t in article.topics] | join(sep=\",\") }}",
        "{# {{ nothing }} #}{% set n = {\"a\": 1} %}{{ n.b or 2 }}",
        "{% if article.date %}{{ <date value={article.date} /> }} {{ article.topics[0].name }}{% endif %} {{ article[\"title\"] }}",
    ] {
        assert_eq!(one(good), Vec::<String>::new(), "{good}");
    }
}

#[test]
fn what_a_page_must_not_hold_is_found() {
    for (text, expected) in [
        (
            "{{ article.title | safe }}",
            "W0712 `article.title` is text, and `safe` shows it without escapes",
        ),
        ("<script>alert(1)</script>", "W0712 a script stands inside of the page"),
        ("<style>p{}</style>", "W0712 a style stands inside of the page"),
        ("<p style=\"color: red\">", "W0712 a style stands inside of the page"),
        ("<a onclick=\"x()\">", "W0712 `onclick` runs a script inside of the page"),
        ("<a href=\"javascript:x()\">", "W0712 the address runs a script"),
        (
            "<img src=\"https://example.org/x.png\">",
            "W0712 article.html asks another host for a file",
        ),
        (
            "<link rel=\"stylesheet\" href=\"//example.org/x.css\">",
            "W0712 article.html asks another host for a file",
        ),
    ] {
        assert_eq!(one(text), [expected], "{text}");
    }
    for good in [
        "{{ article.body | safe }}<a href=\"https://example.org/\" rel=\"external\">x</a>",
        "<script type=\"application/json\">{}</script><script src=\"{{ site.assets[\"theme.js\"] }}\"></script>",
        "<link rel=\"license\" href=\"https://example.org/\"><p class=\"on\" data-on=\"1\">",
    ] {
        assert_eq!(one(good), Vec::<String>::new(), "{good}");
    }
    let css = "@import \"https://example.org/x.css\"; a { b: url(data:x); c: url(y.png) }";
    let reports = found(&[("themes/broadsheet/static/style.css", css)]);
    assert_eq!(reports.len(), 2, "{reports:?}");
}

#[test]
fn strings_that_a_language_lacks_are_found() {
    let reports = found(&[
        ("themes/broadsheet/i18n/en.toml", "mine = 'Mine'\nlatest = 'New'"),
        ("themes/broadsheet/i18n/de.toml", "other = 'x'"),
        ("themes/broadsheet/i18n/de-AT.toml", "other = 'x'"),
    ]);
    assert_eq!(reports, ["W0713 the string `mine` is missing in `de`"]);
}

#[test]
fn what_only_rendering_shows_is_found() {
    let reports = one("{{ article.topics | fill(name=1) }}");
    assert_eq!(reports.len(), 1, "{reports:?}");
    assert!(reports[0].starts_with("E0702"), "{reports:?}");
    let base = "{% extends \"theme/base.html\" %}{% block footer %}{{ site.author | number }}{% endblock footer %}";
    let reports = found(&[("templates/base.html", base)]);
    assert_eq!(reports.len(), 1, "once, not for every page: {reports:?}");
}
